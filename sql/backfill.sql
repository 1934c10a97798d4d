-- backfill: updates in batches that are committed one by one.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\pset tuples_only on
\pset format unaligned
CREATE TABLE bf_goods (id integer PRIMARY KEY, name text, slug text, price integer, deleted_at timestamptz, updated_at timestamptz, version integer NOT NULL DEFAULT 0);
INSERT INTO bf_goods (id, name, price, deleted_at) SELECT i, 'Name ' || i, i, CASE WHEN i % 10 = 0 THEN now() END FROM generate_series(1, 25) AS i;
SELECT studentdir.define('BfGood', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","slug":"TEXT","price":"INTEGER"}',
  '{"tableName":"bf_goods","underscored":true,"timestamps":true,"createdAt":false,"paranoid":true,"version":true,"defaultScope":{"where":{"price":{"$lt":20}}}}') IS NOT NULL;
CREATE FUNCTION bf() RETURNS TABLE (set jsonb, condition jsonb, last_key text[], rows bigint, finished boolean) LANGUAGE sql AS
$$ SELECT set, condition, last_key, rows, finished_at IS NOT NULL FROM studentdir.backfill ORDER BY started_at $$;

-- all rows, deleted ones and those of another scope too; times and versions move as in an update
CALL studentdir.backfill('BfGood', '{"slug":{"$fn":["lower",{"$col":"name"}]}}', batch => 10);
SELECT count(*), count(slug), min(slug), max(version), count(DISTINCT xmin::text), count(updated_at) FROM bf_goods;
SELECT * FROM bf();
-- called again it goes on behind the last key, and does no row twice
INSERT INTO bf_goods (id, name, price) VALUES (26, 'Name 26', 26), (0, 'Name 0', 0);
SET client_min_messages = notice;
CALL studentdir.backfill('BfGood', '{"slug":{"$fn":["lower",{"$col":"name"}]}}', batch => 10);
SELECT id, slug, version FROM bf_goods WHERE id IN (0, 1, 25, 26) ORDER BY id;
-- an error keeps the batches before it, and the next call goes on
ALTER TABLE bf_goods ADD CHECK (price <> 107);
\set VERBOSITY terse
CALL studentdir.backfill('BfGood', '{"price":{"$add":[{"$col":"price"},100]}}', '{"id":{"$lte":12}}', 3);
\set VERBOSITY default
SELECT count(*) FILTER (WHERE price > 100), min(price) FROM bf_goods;
ALTER TABLE bf_goods DROP CONSTRAINT bf_goods_price_check;
CALL studentdir.backfill('BfGood', '{"price":{"$add":[{"$col":"price"},100]}}', '{"id":{"$lte":12}}', 5);
SELECT string_agg(price::text, ' ' ORDER BY id) FROM bf_goods;
SELECT * FROM bf();
-- a condition that the update itself ends
CALL studentdir.backfill('BfGood', '{"slug":null}', '{"slug":{"$ne":null}}', 7);
SELECT count(slug) FROM bf_goods;
-- values, in batches of one; nothing to do
CALL studentdir.backfill('BfGood', '{"name":"x","price":7}', '{"id":[3,4]}', 1, '1 millisecond');
CALL studentdir.backfill('BfGood', '{"name":"y"}', '{"id":-1}');
SELECT id, name, price FROM bf_goods WHERE name IN ('x', 'y');
SELECT rows, finished FROM bf();

-- a key of several attributes, one of them a time with microseconds
CREATE TABLE bf_logs (shop text COLLATE "C", at timestamptz, n integer, PRIMARY KEY (shop, at));
INSERT INTO bf_logs SELECT s, '2026-01-01 00:00:00.123456+00'::timestamptz + i * interval '1 microsecond', 0 FROM unnest(ARRAY['a,b', 'c"', 'ä']) AS s, generate_series(1, 7) AS i;
SELECT studentdir.define('BfLog', '{"shop":{"type":"TEXT","primaryKey":true},"at":{"type":"DATE","primaryKey":true},"n":"INTEGER"}', '{"tableName":"bf_logs","timestamps":false}') IS NOT NULL;
SET DateStyle = 'German'; SET TimeZone = 'Asia/Kolkata';
CALL studentdir.backfill('BfLog', '{"n":{"$add":[{"$col":"n"},1]}}', batch => 4);
SELECT n, count(*), count(DISTINCT xmin::text) FROM bf_logs GROUP BY n ORDER BY n;
SELECT last_key, rows FROM studentdir.backfill WHERE model = 'BfLog';
CALL studentdir.backfill('BfLog', '{"n":{"$add":[{"$col":"n"},1]}}', batch => 4);
SELECT n, count(*) FROM bf_logs GROUP BY n ORDER BY n;
RESET DateStyle; RESET TimeZone;

-- errors
CALL studentdir.backfill('BfGood', '{"slag":1}');
CALL studentdir.backfill('BfGood', '{"id":1}', '{"id":-1}');
CALL studentdir.backfill('BfGood', '{"slug":1}', '{"price":{"$no":1}}');
CALL studentdir.backfill('BfGood', '[]');
CALL studentdir.backfill('BfGood', '{}');
CALL studentdir.backfill('BfGood', NULL);
CALL studentdir.backfill('BfGood', '{"slug":"x"}', NULL);
CALL studentdir.backfill('BfGood', '{"slug":"x"}', batch => 0);
CALL studentdir.backfill('BfGood', '{"slug":"x"}', pause => '-1 s');
CALL studentdir.backfill('BfNone', '{"slug":"x"}');
CALL studentdir.backfill(NULL, '{"slug":"x"}');
BEGIN;
CALL studentdir.backfill('BfGood', '{"slug":"x"}');
ROLLBACK;
DO $$ BEGIN CALL studentdir.backfill('BfGood', '{"slug":"in a block"}', '{"id":1}'); END $$;
SELECT slug FROM bf_goods WHERE id = 1;
SET default_transaction_read_only = on;
CALL studentdir.backfill('BfGood', '{"slug":"x"}');
RESET default_transaction_read_only;
-- the key is another one than when it was begun
ALTER TABLE bf_logs DROP CONSTRAINT bf_logs_pkey;
ALTER TABLE bf_logs ADD COLUMN id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY;
SELECT studentdir.define('BfLog', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER"}', '{"tableName":"bf_logs","timestamps":false}') IS NOT NULL;
CALL studentdir.backfill('BfLog', '{"n":{"$add":[{"$col":"n"},1]}}');
SELECT studentdir.define('BfLog', '{"n":"INTEGER"}', '{"tableName":"bf_logs","timestamps":false,"primaryKey":false}') IS NOT NULL;
CALL studentdir.backfill('BfLog', '{"n":5}');
-- privileges: those of an update, and to write studentdir.backfill
CREATE ROLE regress_sd_backfill;
GRANT SELECT, UPDATE ON bf_goods TO regress_sd_backfill;
SET ROLE regress_sd_backfill;
CALL studentdir.backfill('BfGood', '{"slug":"mine"}', '{"id":2}');
SELECT count(*) > 0 FROM (SELECT model, rows, finished_at FROM studentdir.backfill) AS b;
RESET ROLE;
GRANT SELECT, INSERT, UPDATE ON studentdir.backfill TO regress_sd_backfill;
SET ROLE regress_sd_backfill;
CALL studentdir.backfill('BfGood', '{"slug":"mine"}', '{"id":2}');
RESET ROLE;
SELECT slug FROM bf_goods WHERE id = 2;

-- a row without a key, which no constraint forbids here; what is read only in data is filled
CREATE TABLE bf_keyless (a text, b int);
INSERT INTO bf_keyless VALUES ('x', 1), (NULL, 1), ('y', 1);
SELECT studentdir.define('BfKeyless', '{"a":{"type":"TEXT","primaryKey":true},"b":{"type":"INTEGER","readOnly":true}}', '{"timestamps":false,"tableName":"bf_keyless"}') IS NOT NULL AS defined;
CALL studentdir.backfill('BfKeyless', '{"b":2}', '{}');
SELECT a, b FROM bf_keyless ORDER BY a;
SELECT studentdir.undefine('BfKeyless');
DROP TABLE bf_keyless;

DELETE FROM studentdir.backfill;
SELECT studentdir.undefine('BfGood'), studentdir.undefine('BfLog');
DROP TABLE bf_goods, bf_logs;
DROP FUNCTION bf;
REVOKE ALL ON studentdir.backfill FROM regress_sd_backfill;
DROP ROLE regress_sd_backfill;
