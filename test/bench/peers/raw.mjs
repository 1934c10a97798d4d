// The driver with hand-written SQL, prepared by name: rows as objects, children put together in the client.
export const name = 'pg';

const CUSTOMER = 'id, created_at AS "createdAt", name, email, is_active AS "isActive"';
const ORDER = 'id, created_at AS "createdAt", date, total_amount AS "totalAmount", customer_id AS "customerId"';

export async function open(pg) {
  const client = new pg.Client();
  await client.connect();
  async function rows(label, text, values) {
    return (await client.query({ name: label, text, values })).rows;
  }
  async function withOrders(customers) {
    const orders = await rows('orders', `SELECT ${ORDER} FROM orders WHERE customer_id = ANY ($1)`, [customers.map(({ id }) => id)]);
    const byCustomer = new Map(customers.map((customer) => [customer.id, (customer.orders = [])]));
    for (const order of orders) byCustomer.get(order.customerId).push(order);
    return customers;
  }
  async function inTransaction(run) {
    await client.query('BEGIN');
    const result = await run();
    await client.query('COMMIT');
    return result;
  }
  const insert = (q) => rows('create', `INSERT INTO customers (name, email, is_active) VALUES ($1, $2, $3) RETURNING ${CUSTOMER}`,
    [q.customer.name, q.customer.email, q.customer.isActive]);
  const change = (q) => rows('update', `UPDATE customers SET name = $2 WHERE id = $1 RETURNING ${CUSTOMER}`, [q.id, q.name]);
  const save = (q) => rows('upsert', `INSERT INTO customers (id, email, name) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING ${CUSTOMER}`, [q.id, q.email, q.name]);
  return {
    close: () => client.end(),
    findMany: () => rows('all', `SELECT ${CUSTOMER} FROM customers ORDER BY id`),
    findManyPage: () => rows('page', `SELECT ${CUSTOMER} FROM customers WHERE is_active ORDER BY created_at DESC LIMIT 10`),
    findManyNested: async () => withOrders(await rows('all', `SELECT ${CUSTOMER} FROM customers ORDER BY id`)),
    findFirst: async () => (await rows('first', `SELECT ${CUSTOMER} FROM customers WHERE is_active ORDER BY id LIMIT 1`))[0],
    findFirstNested: async () => (await withOrders(await rows('first', `SELECT ${CUSTOMER} FROM customers WHERE is_active ORDER BY id LIMIT 1`)))[0],
    findUnique: async (q) => (await rows('unique', `SELECT ${CUSTOMER} FROM customers WHERE id = $1`, [q.id]))[0],
    findUniqueNested: async (q) => (await withOrders(await rows('unique', `SELECT ${CUSTOMER} FROM customers WHERE id = $1`, [q.id])))[0],
    create: async (q) => (await insert(q))[0],
    createNested: (q) => inTransaction(async () => {
      const [customer] = await insert(q);
      customer.orders = await rows('order', `INSERT INTO orders (date, total_amount, customer_id) VALUES ($1, $2, $3) RETURNING ${ORDER}`,
        [q.order.date, q.order.totalAmount, customer.id]);
      return customer;
    }),
    update: async (q) => (await change(q))[0],
    updateNested: (q) => inTransaction(async () => {
      const [customer] = await change(q);
      customer.orders = await rows('reorder', `UPDATE orders SET total_amount = $2 WHERE id = $1 RETURNING ${ORDER}`, [q.orderId, q.amount]);
      return customer;
    }),
    upsert: async (q) => (await save(q))[0],
    upsertNested: (q) => inTransaction(async () => {
      const [customer] = await save(q);
      customer.orders = await rows('upsertOrder', `INSERT INTO orders (id, date, total_amount, customer_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (id) DO UPDATE SET total_amount = excluded.total_amount RETURNING ${ORDER}`, [q.orderId, q.order.date, q.amount, q.id]);
      return customer;
    }),
    delete: async (q) => (await rows('delete', `DELETE FROM customers WHERE id = $1 RETURNING ${CUSTOMER}`, [q.newId]))[0],
  };
}
