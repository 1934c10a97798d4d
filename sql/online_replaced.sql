-- migration_generate with "online" and "drop": what takes the place of a key or a constraint is built before that goes.
SET client_min_messages = warning;
SELECT current_database() AS database \gset
CREATE DATABASE sd_replaced;
\c sd_replaced
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION texts() RETURNS TABLE (name text, up text, down text) LANGUAGE sql AS
$$ SELECT name, up, down FROM studentdir.migration WHERE applied_at IS NULL ORDER BY name $$;
CREATE TABLE before (x text);
CREATE TABLE shops (id int PRIMARY KEY);
CREATE TABLE pets (id int PRIMARY KEY, code uuid NOT NULL DEFAULT gen_random_uuid(), a int, b int, c int, shop_id int REFERENCES shops ON DELETE CASCADE,
  CONSTRAINT pets_u UNIQUE (a));
CREATE INDEX pets_x ON pets (b, c);
CREATE INDEX pets_s ON pets (shop_id);
CREATE UNIQUE INDEX pets_v ON pets (a, c);
CREATE FUNCTION state() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull) FROM pg_attribute
  WHERE attrelid IN ('pets'::regclass, 'shops'::regclass) AND attnum > 0 AND NOT attisdropped ORDER BY 1 $$;
-- what keeps the rows of pets apart and to their shops
CREATE FUNCTION kept() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(contype::text || ' ' || conname, ', ' ORDER BY contype, conname) FROM pg_constraint WHERE conrelid = 'pets'::regclass AND contype <> 'n' $$;
INSERT INTO shops VALUES (1);
INSERT INTO pets (id, code, a, b, c, shop_id) SELECT i, gen_random_uuid(), i, i, i, 1 FROM generate_series(1, 5) i;
INSERT INTO before SELECT state();
SELECT studentdir.define('Shop', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Pet', '{"code":{"type":"UUID","primaryKey":true,"defaultValue":"UUIDV4"},"a":{"type":"INTEGER","unique":"pets_u"},"b":{"type":"INTEGER","unique":"pets_u"},"shop_id":{"type":"INTEGER","references":"Shop","onDelete":"SET NULL"}}',
  '{"timestamps":false,"indexes":[{"name":"pets_x","fields":["b"]},{"name":"pets_s","fields":["shop_id"]},{"name":"pets_v","unique":true,"fields":["a","b"]}]}') IS NOT NULL;
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260101000000-key', '{"online":true,"drop":true}');
SET client_min_messages = warning;
SELECT format(E'== %s\n%s-- down\n%s', name, up, down) FROM texts();
UPDATE pg_class SET reltuples = 1e6 WHERE relname = 'pets';
SELECT rule, message FROM studentdir.lint() WHERE rule <> 'ban-drop-column';
-- after each transaction there is a primary key, a unique key of that name and a foreign key
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 1) \gexec
\set ECHO all
SELECT kept();
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 1) \gexec
\set ECHO all
SELECT kept();
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 1) \gexec
\set ECHO all
SELECT kept();
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 1) \gexec
\set ECHO all
SELECT kept();
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 1) \gexec
\set ECHO all
SELECT kept();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT kept();
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT state();
-- undone from the end, where the rows that are there let it, and from each place in between
DELETE FROM pets;
SELECT count(*) > 0 FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM state());
INSERT INTO pets (id, code, a, b, c, shop_id) SELECT i, gen_random_uuid(), i, i, i, 1 FROM generate_series(1, 5) i;
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 3) \gexec
\set ECHO all
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM state());
-- a foreign key that is not valid takes its place as such
DELETE FROM studentdir.migration;
ALTER TABLE pets DROP CONSTRAINT pets_shop_id_fkey;
ALTER TABLE pets ADD CONSTRAINT pets_shop_id_fkey FOREIGN KEY (shop_id) REFERENCES shops ON DELETE CASCADE NOT VALID;
SELECT studentdir.migration_generate('20260101000000-key', '{"online":true,"models":["Pet"]}') IS NOT NULL;
SELECT up, down FROM texts() WHERE up ~ 'FOREIGN';
-- one that would go with its column, or without the unique key that it refers to, makes room first
DELETE FROM studentdir.migration;
SELECT count(studentdir.undefine(m)::text) FROM unnest(ARRAY['Pet', 'Shop']) m;
DROP TABLE pets, shops;
CREATE TABLE shops (id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE stores (id int PRIMARY KEY, code int UNIQUE);
CREATE TABLE pets (id int PRIMARY KEY, shop_id int REFERENCES shops, store_id int REFERENCES stores (code));
ALTER TABLE pets RENAME shop_id TO old;
TRUNCATE before;
CREATE OR REPLACE FUNCTION state() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' $$;
INSERT INTO before SELECT state();
SELECT studentdir.define('Shop', '{"id":{"type":"INTEGER","primaryKey":true},"code":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Store', '{"id":{"type":"INTEGER","primaryKey":true},"code":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Pet', '{"id":{"type":"INTEGER","primaryKey":true},"shop_id":{"type":"INTEGER","references":"Shop"},"store_id":{"type":"INTEGER","references":"Shop"}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('20260101000000-key', '{"online":true,"drop":true}') IS NOT NULL;
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM state());
-- and a primary key whose name another index gets
DELETE FROM studentdir.migration;
SELECT count(studentdir.undefine(m)::text) FROM unnest(ARRAY['Pet', 'Shop', 'Store']) m;
DROP TABLE pets, shops, stores;
CREATE TABLE pets (a int CONSTRAINT pets_a PRIMARY KEY, code int NOT NULL);
TRUNCATE before;
INSERT INTO before SELECT state();
SELECT studentdir.define('Pet', '{"code":{"type":"INTEGER","primaryKey":true},"a":{"type":"INTEGER","index":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('20260101000000-key', '{"online":true,"drop":true}') IS NOT NULL;
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM state());

\c :database
DROP DATABASE sd_replaced;
