-- Customers with orders, as in Prisma's public benchmark of ORMs, and models over them.  Every peer works on these tables.
CREATE TABLE customers (
  id serial PRIMARY KEY, created_at timestamptz(3) NOT NULL DEFAULT now(), name text, email text NOT NULL UNIQUE,
  is_active boolean NOT NULL DEFAULT false);
CREATE TABLE orders (
  id serial PRIMARY KEY, created_at timestamptz(3) NOT NULL DEFAULT now(), date timestamptz(3) NOT NULL, total_amount numeric NOT NULL,
  customer_id integer NOT NULL REFERENCES customers ON DELETE CASCADE);
CREATE INDEX ON orders (customer_id);
SELECT studentdir.define('Customer', '{"createdAt":"DATE","name":"TEXT","email":{"type":"TEXT","unique":true},"isActive":{"type":"BOOLEAN","defaultValue":false}}', '{"updatedAt":false,"tableName":"customers"}');
SELECT studentdir.define('Order', '{"createdAt":"DATE","date":"DATE","totalAmount":"DECIMAL"}', '{"updatedAt":false,"tableName":"orders"}');
SELECT studentdir.has_many('Customer', 'Order', '{"as":"orders","foreignKey":"customerId"}'), studentdir.belongs_to('Order', 'Customer', '{"as":"customer","foreignKey":"customerId"}');
