-- migration_generate with "online": the same change in forms that let readers and writers go on.
\set SHOW_CONTEXT never
SELECT current_database() AS database \gset
CREATE DATABASE sd_online;
\c sd_online
SET client_min_messages = warning;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION texts() RETURNS TABLE (name text, up text, down text) LANGUAGE sql AS
$$ SELECT name, up, down FROM studentdir.migration WHERE applied_at IS NULL ORDER BY name $$;
CREATE FUNCTION state() RETURNS SETOF text LANGUAGE sql AS
$$ SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
   UNION ALL SELECT pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END FROM pg_index
     WHERE indrelid::regclass::text NOT LIKE 'pg_%' AND indrelid::regclass::text NOT LIKE 'studentdir.%'
   UNION ALL SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attnotnull AND attnum > 0
     AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p'))
   ORDER BY 1 $$;
CREATE TABLE shops (id bigint, name text);
CREATE TABLE goods (id bigint NOT NULL, shop_id bigint, name varchar(20), price numeric(8,2), note text);
CREATE INDEX goods_note ON goods (note);
INSERT INTO goods VALUES (1, 1, 'ball', NULL, 'n');
INSERT INTO shops VALUES (1, 'corner');
CREATE TABLE before AS SELECT state();
SELECT studentdir.define('Shop', '{"id":{"type":"BIGINT","primaryKey":true},"name":{"type":"TEXT","allowNull":false}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Good', '{"id":{"type":"BIGINT","primaryKey":true},"shopId":{"type":"BIGINT","references":"Shop"},"name":{"type":"STRING(40)","unique":true},
  "price":{"type":"DECIMAL(8,2)","allowNull":false,"defaultValue":1},"note":{"type":"TEXT"},"seen":{"type":"DATE","defaultValue":"NOW"},"token":{"type":"UUID","defaultValue":"UUIDV4"},
  "label":{"type":"TEXT","allowNull":false}}', '{"timestamps":false,"indexes":[{"name":"goods_note","fields":["note","id"]},{"fields":["shopId"]}]}') IS NOT NULL;
SET client_min_messages = notice;
-- what blocks is listed
SELECT studentdir.migration_generate('20260101000000-goods', '{"online":true,"models":["Good","Shop"]}');
SET client_min_messages = warning;
DELETE FROM goods;
SELECT format(E'== %s\n%s-- down\n%s', name, up, down) FROM texts();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff();
SELECT * FROM state();
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before;
SELECT * FROM before EXCEPT SELECT * FROM state();
-- interrupted, and undone from there
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 6) \gexec
\set ECHO all
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before;
DELETE FROM studentdir.migration;
-- only what is in a transaction: stepwise; one migration has the name as it is
SELECT studentdir.define('Shop', '{"id":"BIGINT","name":{"type":"TEXT","allowNull":false}}', '{"timestamps":false,"primaryKey":false}') IS NOT NULL;
SELECT studentdir.undefine('Good');
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260102000000-shops', '{"online":true}');
SET client_min_messages = warning;
DELETE FROM studentdir.migration;
SELECT studentdir.define('Shop', '{"id":"BIGINT","city":"TEXT"}', '{"timestamps":false,"primaryKey":false}') IS NOT NULL;
SELECT studentdir.migration_generate('20260102000000-shops', '{"online":true}');
SELECT name, up, down FROM texts();
DELETE FROM studentdir.migration;
SELECT studentdir.undefine('Shop');
DROP TABLE goods, shops;

-- rows without a value get the default in batches, and once more when it was undone
CREATE TABLE prices (id integer PRIMARY KEY, price integer, meta jsonb, at timestamptz, token uuid);
INSERT INTO prices (id) VALUES (1), (2);
INSERT INTO prices VALUES (3, 3, '[]', now(), gen_random_uuid());
SELECT studentdir.define('Price', '{"id":{"type":"INTEGER","primaryKey":true},"price":{"type":"INTEGER","allowNull":false,"defaultValue":7},"meta":{"type":"JSONB","allowNull":false,"defaultValue":{"a":["x''y"]}},
  "at":{"type":"DATE","allowNull":false,"defaultValue":"NOW"},"token":{"type":"UUID","allowNull":false,"defaultValue":"UUIDV4"}}', '{"timestamps":false}') IS NOT NULL;
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260102000000-prices', '{"online":true}');
SET client_min_messages = warning;
SELECT up FROM texts() LIMIT 3;
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT id, price, meta, count(at), count(token) FROM prices GROUP BY id ORDER BY id;
SELECT rows, condition FROM studentdir.backfill ORDER BY started_at;
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT rows FROM studentdir.backfill;
UPDATE prices SET price = NULL WHERE id = 1;
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT id, price FROM prices ORDER BY id;
DELETE FROM studentdir.migration;
SELECT studentdir.undefine('Price');
DROP TABLE prices;

-- a column with numbers, or another value for each row: without values first, and then in batches
CREATE TABLE "Parts List" (id uuid PRIMARY KEY, name text);
INSERT INTO "Parts List" SELECT gen_random_uuid(), 'p' || i FROM generate_series(1, 2500) AS i;
CREATE TABLE loose (name text);
INSERT INTO loose VALUES ('a'), ('b');
TRUNCATE before; INSERT INTO before SELECT state();
SELECT studentdir.define('Part', '{"id":{"type":"UUID","primaryKey":true},"name":"TEXT","partNo":{"type":"BIGINT","autoIncrement":true,"unique":true,"field":"Part No"},"token":{"type":"UUID","defaultValue":"UUIDV4","allowNull":false},"code":{"type":"STRING(40)","defaultValue":"UUIDV4"}}', '{"timestamps":false,"tableName":"Parts List"}') IS NOT NULL;
SELECT studentdir.define('Loose', '{"id":"INTEGER","name":"TEXT","key":{"type":"INTEGER","primaryKey":true,"autoIncrement":true}}', '{"timestamps":false,"tableName":"loose"}') IS NOT NULL;
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260102000000-parts', '{"online":true}');
SET client_min_messages = warning;
SELECT format(E'== %s\n%s-- down\n%s', name, up, down) FROM texts();
SELECT rule, message FROM studentdir.lint();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff();
SELECT count(DISTINCT "Part No"), min("Part No"), max("Part No"), count(DISTINCT token), count(DISTINCT code) FROM "Parts List";
SELECT studentdir.create('Part', jsonb_build_object('id', gen_random_uuid())) ->> 'partNo';
SELECT key, name FROM loose ORDER BY key;
SELECT * FROM state() EXCEPT SELECT * FROM before ORDER BY 1;
SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relname ~ '_new$';
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM state());
-- numbered by its sequence only, and undone from there; made an identity, and a sequence again
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 5) \gexec
\set ECHO all
SELECT count("Part No"), pg_get_serial_sequence('"Parts List"', 'Part No') FROM "Parts List";
SELECT count(*) FROM studentdir.migrate_undo_all();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT count(*) FROM studentdir.migrate_undo(steps => 4);
SELECT attidentity, pg_get_serial_sequence('"Parts List"', 'Part No') FROM pg_attribute WHERE attrelid = '"Parts List"'::regclass AND attname = 'Part No';
INSERT INTO "Parts List" (id) VALUES (gen_random_uuid()) RETURNING "Part No";
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
INSERT INTO "Parts List" (id) VALUES (gen_random_uuid()) RETURNING "Part No";
SELECT * FROM studentdir.diff();
DELETE FROM studentdir.migration;
-- a table that is made, with a foreign key: nothing is found in what is left after each step
SELECT studentdir.define('Maker', '{"id":{"type":"UUID","primaryKey":true},"partId":{"type":"UUID","references":"Part","index":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('20260102000000-makers', '{"online":true,"models":["Maker"]}');
SELECT name, up FROM texts();
SELECT count(*) FROM studentdir.migrate(steps => 1);
SELECT rule, message FROM studentdir.lint();
SELECT count(*) FROM studentdir.migrate(steps => 1);
SELECT rule, message FROM studentdir.lint();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff();
DELETE FROM studentdir.migration;
SELECT studentdir.undefine(m) FROM unnest('{Maker,Part,Loose}'::text[]) AS m;
DROP TABLE makers, "Parts List", loose;

-- a sequence that the column still has, and that does not count: of two the server would name either
CREATE TABLE counted (id serial PRIMARY KEY);
INSERT INTO counted DEFAULT VALUES;
ALTER TABLE counted ALTER COLUMN id DROP DEFAULT;
INSERT INTO counted VALUES (9);
SELECT studentdir.define('Counted', '{"id":{"type":"INTEGER","primaryKey":true,"autoIncrement":true}}', '{"timestamps":false,"tableName":"counted"}') IS NOT NULL;
SELECT studentdir.migration_generate('20260102000000-counted');
SELECT up, down FROM texts();
SELECT count(*) FROM studentdir.migrate();
INSERT INTO counted DEFAULT VALUES RETURNING id;
SELECT count(*) FROM studentdir.migrate_undo();
SELECT pg_get_serial_sequence('counted', 'id');
SELECT count(*) FROM studentdir.migrate();
INSERT INTO counted DEFAULT VALUES RETURNING id;
DELETE FROM studentdir.migration;
DROP TABLE counted;
-- the highest number is looked for by an index that is there by then
CREATE TABLE counted (id integer);
INSERT INTO counted VALUES (1), (7);
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260102000000-counted', '{"online":true}');
SET client_min_messages = warning;
SELECT name, up FROM texts() WHERE name > '20260102000000-counted-3';
SELECT rule FROM studentdir.lint();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
INSERT INTO counted DEFAULT VALUES RETURNING id;
SELECT * FROM studentdir.diff();
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT string_agg(concat(attname, attnotnull, attidentity), ' ') FROM pg_attribute WHERE attrelid = 'counted'::regclass AND attnum > 0;
DELETE FROM studentdir.migration;
SELECT studentdir.undefine('Counted');
DROP TABLE counted;

-- a column of type json, which the model asks for: lint does not ask for another one
CREATE TABLE notes (id integer PRIMARY KEY);
SELECT studentdir.define('Note', '{"id":{"type":"INTEGER","primaryKey":true},"a":"JSON","b":{"type":"JSON","allowNull":false}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('20260102000000-notes', '{"online":true}');
SELECT replace(up, 'pg_catalog.json', 'json') FROM texts();
SELECT rule, message FROM studentdir.lint();
DELETE FROM studentdir.migration;
SELECT studentdir.undefine('Note');
DROP TABLE notes;

-- a partitioned table: the index of each partition first
CREATE TABLE logs (at date NOT NULL, id bigint NOT NULL, line text) PARTITION BY RANGE (at);
CREATE TABLE logs_a PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE logs_b PARTITION OF logs FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY LIST (id);
CREATE TABLE "logs b1" PARTITION OF logs_b FOR VALUES IN (1);
TRUNCATE before; INSERT INTO before SELECT state();
SELECT studentdir.define('Log', '{"at":{"type":"DATEONLY","primaryKey":true},"id":{"type":"BIGINT","primaryKey":true},"line":{"type":"TEXT","index":true,"allowNull":false}}', '{"timestamps":false}') IS NOT NULL;
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260103000000-logs', '{"online":true}');
SET client_min_messages = warning;
SELECT format(E'== %s\n%s-- down\n%s', name, up, down) FROM texts();
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff();
SELECT * FROM state();
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before;
SELECT * FROM before EXCEPT SELECT * FROM state();
-- undone in the middle
\set ECHO none
SELECT sql FROM studentdir.migrate_script(steps => 7) \gexec
\set ECHO all
SELECT count(*) FROM studentdir.migrate_undo_all();
SELECT * FROM state() EXCEPT SELECT * FROM before;
-- its foreign key, which before 18 has no such form
DELETE FROM studentdir.migration;
CREATE TABLE other (id bigint PRIMARY KEY);
SELECT studentdir.define('Other', '{"id":{"type":"BIGINT","primaryKey":true}}', '{"timestamps":false,"tableName":"other"}') IS NOT NULL;
SELECT studentdir.define('Log', '{"at":"DATEONLY","id":{"type":"BIGINT","references":"Other"}}', '{"timestamps":false,"primaryKey":false}') IS NOT NULL;
SELECT studentdir.migration_generate('20260104000000-key', '{"online":true}') IS NOT NULL;
SELECT current_setting('server_version_num')::int >= 180000 AS valid_later \gset
SELECT count(*) = CASE WHEN :'valid_later' THEN 0 ELSE 1 END FROM studentdir.lint() WHERE rule = 'adding-foreign-key-constraint';
\set ECHO none
SELECT sql FROM studentdir.migrate_script() \gexec
\set ECHO all
SELECT * FROM studentdir.diff();
-- options
SELECT studentdir.migration_generate('x', '{"online":1}');

\c :database
DROP DATABASE sd_online;
