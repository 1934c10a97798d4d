-- The option "set" of updates: values from expressions over the row as it was.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE so_items (id integer PRIMARY KEY, name text, slug varchar(12), stock integer NOT NULL DEFAULT 0 CHECK (stock >= 0), price numeric(10,2), meta jsonb, tags text[], due timestamptz(3), twice integer GENERATED ALWAYS AS (stock * 2) STORED, secret text, version integer NOT NULL DEFAULT 0, "createdAt" timestamptz(3) DEFAULT '2026-01-01', "updatedAt" timestamptz(3) DEFAULT '2026-01-01');
CREATE TABLE so_sales (id integer PRIMARY KEY, item_id integer, n integer);
SELECT studentdir.define('SoItem', '{"id":{"type":"INTEGER","primaryKey":true},"name":{"type":"TEXT","validate":{"len":[2,20]}},"slug":"STRING(12)","stock":"INTEGER","price":"DECIMAL(10,2)","meta":"JSONB","tags":"ARRAY(TEXT)","due":"DATE","twice":"INTEGER","secret":{"type":"TEXT","readOnly":true},"sold":{"type":"VIRTUAL","as":{"$sum":"Sales.n"}}}', '{"tableName":"so_items","version":true,"underscored":false,"validate":{"dear":{"where":{"$or":[{"price":null},{"price":{"$lte":1000}}]}}}}') IS NOT NULL,
  pg_temp.define('SoSale', 'so_sales', '*id:INTEGER itemId:INTEGER:item_id n:INTEGER');
DO $$ BEGIN PERFORM studentdir.has_many('SoItem', 'SoSale', '{"as":"Sales","foreignKey":"itemId"}'); END $$;
INSERT INTO so_items (id, name, stock, price, meta) VALUES (1, 'Red Pen', 5, 10, '{"a":1}'), (2, 'Ink', 0, 20.5, NULL), (3, NULL, 2, NULL, NULL);
INSERT INTO so_sales VALUES (1, 1, 2), (2, 1, 3), (3, 2, 4);
CREATE FUNCTION pg_temp.serr(data text, options text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.update_by_pk(''SoItem'', 1::bigint, %L, %L)', data, options)) $$;

-- one row, rows by condition, many rows each in its own way
SELECT studentdir.update_by_pk('SoItem', 1::bigint, '{}', '{"set":{"slug":{"$fn":["lower",{"$col":"name"}]},"stock":{"$sub":[{"$col":"stock"},1]}},"returning":["slug","stock","twice","version"]}');
SELECT studentdir.update('SoItem', '{"name":"Bulk"}', '{"where":{"id":[1,2]},"set":{"slug":{"$concat":[{"$col":"name"},"-",{"$col":"id"}]},"price":{"$mul":[{"$col":"price"},2]}}}');
SELECT id, name, slug, price, version, "updatedAt" > '2026-02-01' AS touched FROM so_items ORDER BY id;
SELECT studentdir.bulk_update('SoItem', '[{"id":3,"name":"Cap"},{"id":1},{"id":2,"name":"Ink"}]', '{"set":{"stock":{"$add":[{"$col":"stock"},10]}},"returning":["id","name","stock"]}');
SELECT studentdir.bulk_update('SoItem', '[{"id":3},{"id":1}]', '{"set":{"stock":{"$case":[[{"stock":{"$gt":13}},{"$sub":[{"$col":"stock"},1]}],{"$else":{"$col":"stock"}}]}},"returning":["id","stock","version"]}');
-- of associated records, computed attributes, parameters, plain values, NULL, other types
SELECT r FROM studentdir.update_returning('SoItem', '{}', '{"all":true,"set":{"stock":{"$count":"Sales"},"price":{"$col":"sold"}},"returning":["id","stock","price"]}') AS f (r) ORDER BY r ->> 'id';
SELECT studentdir.update_by_pk('SoItem', 1::bigint, '{}', '{"set":{"stock":{"$add":[{"$col":"stock"},{"$param":"n"}]},"name":{"$param":"name"}},"returning":["stock","name"]}', '{"n":7,"name":"Pen"}');
SELECT studentdir.update_by_pk('SoItem', 1::bigint, '{}', '{"set":{"meta":{"a":{"b":1}},"tags":["x","y"],"slug":null,"due":"2026-05-05T00:00:00Z","price":5},"returning":["meta","tags","slug","due","price"]}');
SELECT studentdir.update_by_pk('SoItem', 1::bigint, '{"meta.a.b":2}', '{"set":{"due":{"$add":[{"$col":"due"},{"$cast":["1 day","interval"]}]},"stock":{"$mul":[{"$col":"price"},1.5]}},"returning":["meta","due","stock"]}');
SELECT studentdir.update_by_pk('SoItem', 1::bigint, '{}', '{"fields":["secret"],"set":{"secret":{"$fn":["upper",{"$col":"name"}]}},"returning":["secret"]}');
-- the column's default, for each row
CREATE SEQUENCE so_numbers;
ALTER TABLE so_items ALTER COLUMN slug SET DEFAULT 'n' || nextval('so_numbers');
SELECT r FROM studentdir.update_returning('SoItem', '{}', '{"all":true,"set":{"slug":{"$default":true},"due":{"$default":true}},"returning":["id","slug","due"]}') AS f (r) ORDER BY r ->> 'id';
SELECT studentdir.bulk_update('SoItem', '[{"id":3},{"id":1,"name":"Penny"}]', '{"set":{"slug":{"$default":true}},"returning":["id","name","slug"]}');
SELECT s, pg_temp.serr('{}', '{"set":{"slug":' || s || '}}') FROM (VALUES ('{"$default":false}'), ('{"$default":1}'), ('{"$default":true,"a":1}'), ('{"$fn":["lower",{"$default":true}]}')) AS t (s);
ALTER TABLE so_items ALTER COLUMN slug DROP DEFAULT;
-- nothing to set is nothing; a version that is expected still has to be there
SELECT studentdir.update('SoItem', '{}', '{"where":{"id":1},"set":{}}');
SELECT pg_temp.serr('{"version":0}', '{"set":{"stock":1}}');
-- what cannot be set so
SELECT s, pg_temp.serr('{}', '{"set":' || s || '}') FROM (VALUES ('{"id":{"$add":[{"$col":"id"},1]}}'), ('{"version":1}'), ('{"updatedAt":{"$fn":["now"]}}'), ('{"createdAt":null}'), ('{"twice":1}'), ('{"sold":1}'), ('{"secret":"x"}'), ('{"nope":1}'), ('{"meta.a":1}'), ('{"stock":{"$col":"nope"}}'), ('{"stock":{"$col":"name"}}'), ('{"stock":{"$ad":[1,2]}}'), ('{"meta":{"$ad":[1,2]}}'), ('{"stock":{"$fn":["sum",{"$col":"stock"}]}}'), ('{"stock":{"$over":[{"$fn":["row_number"]},{}]}}'), ('{"stock":"x"}'), ('{"stock":{"$param":"n"}}'), ('[]'), ('null'), ('1')) AS t (s);
SELECT pg_temp.serr('{"stock":1}', '{"set":{"stock":2}}'), pg_temp.serr('{"meta.a":1}', '{"set":{"meta":null}}'), pg_temp.serr('{}', '{"fields":["name"],"set":{"stock":2}}'), pg_temp.serr('{"stock":{"$add":[1,2]}}', '{}');
SELECT pg_temp.err($$ SELECT studentdir.bulk_update('SoItem', '[{"id":1},{"id":2,"stock":1}]', '{"set":{"stock":2}}') $$), pg_temp.err($$ SELECT studentdir.update('SoItem', '{}', '{"set":{"stock":2}}') $$), pg_temp.err($$ SELECT studentdir.create('SoItem', '{"id":9}', '{"set":{"stock":2}}') $$);
-- the row as it ends up: constraints, validators of the model, too long, division by zero; nothing is written
SELECT s, split_part(pg_temp.serr(d, '{"set":' || s || '}'), chr(10), 1) FROM (VALUES ('{}', '{"stock":{"$sub":[{"$col":"stock"},1000]}}'), ('{}', '{"price":{"$add":[{"$col":"price"},5000]}}'), ('{"name":"x"}', '{"stock":1}'), ('{}', '{"slug":"much too long for it"}'), ('{}', '{"stock":null}')) AS t (d, s);
SELECT pg_temp.err($$ SELECT studentdir.update('SoItem', '{}', '{"all":true,"set":{"stock":{"$div":[10,{"$sub":[3,{"$col":"id"}]}]}}}') $$);
SELECT id, stock, price FROM so_items ORDER BY id;

DO $$ BEGIN PERFORM studentdir.undefine(m) FROM unnest('{SoSale,SoItem}'::text[]) AS m; END $$;
DELETE FROM studentdir.association WHERE model LIKE 'So%';
DROP TABLE so_items, so_sales;
DROP SEQUENCE so_numbers;
