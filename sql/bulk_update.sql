-- bulk_update: many records, each in its own way.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE bu_items (id integer PRIMARY KEY, name varchar(20) NOT NULL, qty smallint, tags text[], doc jsonb, raw json, seen boolean, twice integer GENERATED ALWAYS AS (qty * 2) STORED, owner integer REFERENCES bu_items,
  created_at timestamptz(3) NOT NULL DEFAULT '2026-01-01', updated_at timestamptz(3) NOT NULL DEFAULT '2026-01-01', deleted_at timestamptz(3));
SELECT studentdir.define('BuItem', '{"id":{"type":"INTEGER","primaryKey":true},"name":{"type":"STRING(20)","allowNull":false,"validate":{"notEmpty":true}},"qty":{"type":"SMALLINT","validate":{"max":100}},"tags":"ARRAY(TEXT)","doc":"JSONB","raw":"JSON","seen":"BOOLEAN","twice":"INTEGER","owner":"INTEGER","word":{"type":"VIRTUAL","validate":{"isInt":true}}}',
  '{"paranoid":true,"tableName":"bu_items","scopes":{"small":{"where":{"qty":{"$lt":10}},"limit":1}}}') IS NOT NULL;
INSERT INTO bu_items (id, name, qty) SELECT n, 'item' || n, n FROM generate_series(1, 8) AS n;
CREATE FUNCTION pg_temp.bu(data text, options text DEFAULT '{}') RETURNS SETOF text LANGUAGE sql AS
  $$ SELECT (record::jsonb - '{createdAt,updatedAt,deletedAt}'::text[])::text FROM studentdir.bulk_update('BuItem', data::jsonb, options::jsonb) $$;
CREATE FUNCTION pg_temp.buerr(data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.bulk_update(''BuItem'', %L, %L)', data, options)) $$;

-- in the order of the input; what a row does not give it keeps, what it gives as null is null
SELECT pg_temp.bu('[{"id":3,"name":"three"},{"id":1,"qty":50},{"id":2,"name":"two","qty":null,"tags":["a",null],"doc":{"k":[1]},"raw":[1],"seen":true,"owner":1}]');
SELECT pg_temp.bu('[{"id":2,"tags":null},{"id":"1","name":"one","tags":[]}]');
SELECT id, name, qty, created_at = '2026-01-01', updated_at > '2026-01-02' FROM bu_items WHERE id <= 4 ORDER BY id;
SELECT count(DISTINCT updated_at) FROM bu_items WHERE id <= 2;
SELECT pg_temp.bu('[]'), 'none';
-- a row with its key alone counts as changed
SELECT pg_temp.bu('[{"id":4}]');
SELECT updated_at > '2026-01-02' FROM bu_items WHERE id = 4;
-- all or none; what is not there, is there twice, is deleted
UPDATE bu_items SET deleted_at = now() WHERE id = 8;
SELECT d, pg_temp.buerr(d) FROM (VALUES ('[{"id":5,"qty":1},{"id":99,"qty":1}]'), ('[{"id":98,"qty":1},{"id":99,"qty":1}]'), ('[{"id":5,"qty":1},{"id":6,"qty":1},{"id":5,"qty":2}]'), ('[{"id":5},{"id":"5"}]'), ('[{"id":99},{"id":5},{"id":5}]'), ('[{"id":8,"qty":1}]')) AS t (d);
SELECT count(*) FROM bu_items WHERE id IN (5, 6) AND qty = id;
SELECT pg_temp.bu('[{"id":99,"qty":1},{"id":5,"qty":7},{"id":98,"name":"x"}]', '{"ignoreMissing":true}');
SELECT pg_temp.buerr('[{"id":99,"qty":1},{"id":5,"qty":7},{"id":5,"name":"x"}]', '{"ignoreMissing":true}');
-- what is not there is looked up by one statement for a thousand rows
CREATE FUNCTION pg_temp.statements(n integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE before bigint;
BEGIN
  SELECT sum(calls) INTO before FROM studentdir.plan_cache();
  PERFORM studentdir.bulk_update('BuItem', (SELECT jsonb_agg(jsonb_build_object('id', 1000 + i, 'qty', 1)) FROM generate_series(1, n) AS i), '{"ignoreMissing":true}');
  RETURN (SELECT sum(calls) FROM studentdir.plan_cache()) - before;
END $$;
SELECT pg_temp.statements(2) AS few, pg_temp.statements(900) AS more, pg_temp.statements(1001) AS most;
SELECT pg_temp.bu('[{"id":8,"qty":9}]', '{"paranoid":false}');
SELECT pg_temp.bu('[{"id":6,"qty":11}]', '{"scope":"small"}'), pg_temp.buerr('[{"id":6,"qty":12}]', '{"scope":"small"}'), pg_temp.buerr('[{"id":6,"qty":12}]', '{"where":{"name":"x"}}');
-- every failure of every row
SELECT pg_temp.buerr('[{"id":1,"name":""},{"id":2,"qty":101},{"id":3,"name":null,"word":"x"},{"id":99}]');
SELECT pg_temp.bu('[{"id":3,"qty":101}]', '{"validate":false}');
-- values that do not fit
SELECT d, pg_temp.buerr(d) FROM (VALUES ('[{"id":1,"qty":"x"}]'), ('[{"id":1},{"id":2,"qty":70000}]'), ('[{"id":1,"tags":1}]'), ('[{"id":"x"}]'), ('[{"id":1,"owner":77}]'), ('[{"id":1,"twice":1}]'), ('[{"id":1,"name":[]}]')) AS t (d);
-- what is no row
SELECT d, pg_temp.buerr(d) FROM (VALUES ('{}'), ('null'), ('[1]'), ('[[]]'), ('[{}]'), ('[{"name":"x"}]'), ('[{"id":null}]'), ('[{"id":1,"nope":1}]'), ('[{"id":1,"createdAt":"2026-01-01"}]'), ('[{"id":1,"updatedAt":"2026-01-01"}]'), ('[{"id":1},{"id":2,"doc.k":1}]')) AS t (d);
SELECT o, pg_temp.buerr('[{"id":1,"name":"x"}]', o) FROM (VALUES ('{"fields":["qty"]}'), ('{"fields":["name"]}'), ('{"limit":1}'), ('{"all":true}'), ('{"ignoreMissing":1}')) AS t (o);
SELECT pg_temp.bu('[{"id":4,"qty":4,"nope":1}]', '{"ignoreUnknown":true}');

-- keys of several attributes, of a partitioned table: rows move
CREATE TABLE bu_parts (a integer, b text, x integer, y text, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
CREATE TABLE bu_parts1 PARTITION OF bu_parts FOR VALUES IN (1);
CREATE TABLE bu_parts2 PARTITION OF bu_parts FOR VALUES IN (2);
INSERT INTO bu_parts VALUES (1, 'k', 1), (1, 'l', 2), (2, 'k', 3);
SELECT pg_temp.define('BuPart', 'bu_parts', '*a:INTEGER *b:TEXT x:INTEGER y:TEXT');
SELECT record FROM studentdir.bulk_update('BuPart', '[{"a":2,"b":"k","x":30},{"a":1,"b":"k","y":"w"}]');
SELECT pg_temp.err('SELECT studentdir.bulk_update(''BuPart'', ''[{"a":2,"x":30}]'')'), pg_temp.err('SELECT studentdir.bulk_update(''BuPart'', ''[{"a":2,"b":"l","x":30}]'')'), pg_temp.err('SELECT studentdir.bulk_update(''BuPart'', ''[{"a":2,"b":"k"}]'')');
-- versions
ALTER TABLE bu_parts ADD v integer NOT NULL DEFAULT 0;
SELECT pg_temp.define('BuVersion', 'bu_parts', '*a:INTEGER *b:TEXT x:INTEGER v:INTEGER', '{"version":"v"}');
SELECT record FROM studentdir.bulk_update('BuVersion', '[{"a":2,"b":"k","x":31,"v":0},{"a":1,"b":"k","x":0}]');
SELECT record FROM studentdir.bulk_update('BuVersion', '[{"a":1,"b":"l"},{"a":2,"b":"k","v":1}]', '{"fields":["x"]}');
SELECT pg_temp.err('SELECT studentdir.bulk_update(''BuVersion'', ''[{"a":1,"b":"k","v":1},{"a":2,"b":"k","x":31,"v":0}]'')'), pg_temp.err('SELECT studentdir.bulk_update(''BuVersion'', ''[{"a":2,"b":"k","x":31,"v":0}]'', ''{"ignoreMissing":true}'')'), pg_temp.err('SELECT studentdir.bulk_update(''BuVersion'', ''[{"a":2,"b":"zz","x":31,"v":0}]'')');
SELECT pg_temp.err('SELECT studentdir.bulk_update(''BuVersion'', ''[{"a":7,"b":"k","v":0},{"a":1,"b":"l","v":70},{"a":2,"b":"k","v":0}]'', ''{"ignoreMissing":true}'')');
SELECT a, b, x, v FROM bu_parts ORDER BY 1, 2;
-- no key
SELECT pg_temp.define('BuNoKey', 'bu_parts', 'a:INTEGER x:INTEGER');
SELECT pg_temp.err('SELECT studentdir.bulk_update(''BuNoKey'', ''[{"a":1}]'')');
-- a trigger that leaves rows out
CREATE FUNCTION bu_skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER skip BEFORE UPDATE ON bu_items FOR EACH ROW WHEN (NEW.name = 'skip') EXECUTE FUNCTION bu_skip();
SELECT pg_temp.buerr('[{"id":1,"name":"ok"},{"id":2,"name":"skip"}]');
-- many: more than fits into the memory of a sort
INSERT INTO bu_items (id, name, qty) SELECT n, 'n', 1 FROM generate_series(1001, 4000) AS n;
SET work_mem = '64kB';
SELECT count(*), bool_and(record->>'name' = 'm' || (record->>'id')), bool_and((record->>'id')::int = 5001 - n) FROM studentdir.bulk_update('BuItem', (SELECT jsonb_agg(jsonb_build_object('id', 5001 - n, 'name', 'm' || (5001 - n))) FROM generate_series(1001, 4000) AS n)) WITH ORDINALITY AS f (record, n0), LATERAL (SELECT n0 + 1000 AS n) AS o;
RESET work_mem;
-- in no order, with records that are read afterwards, and with rows that set nothing
SELECT string_agg((record->>'id')::int - 1000 || ':' || (record->>'name'), ' ' ORDER BY o) FROM studentdir.bulk_update('BuItem', '[{"id":1003,"name":"c"},{"id":1001,"name":"a"},{"id":1005},{"id":1002,"name":"b"},{"id":1004}]', '{"returning":{"attributes":["id","name"]}}') WITH ORDINALITY AS f (record, o);
SELECT string_agg((record->>'id')::int - 1000 || ':' || (record->>'name'), ' ' ORDER BY o) FROM studentdir.bulk_update('BuItem', '[{"id":1005},{"id":1003,"name":"C"},{"id":1004},{"id":1001,"name":"A"}]') WITH ORDINALITY AS f (record, o);
-- a key that the table has several times brings back each of its records
CREATE TABLE bu_several (id integer, name text, row integer);
INSERT INTO bu_several VALUES (1, 'x', 1), (2, 'x', 2), (1, 'x', 3), (3, 'x', 4);
SELECT pg_temp.define('BuSeveral', 'bu_several', '*id:INTEGER name:TEXT row:INTEGER');
SELECT record->>'id', record->>'name' FROM studentdir.bulk_update('BuSeveral', '[{"id":3,"name":"three"},{"id":1,"name":"one"},{"id":2,"name":"two"}]');
SELECT record->>'id', record->>'name' FROM studentdir.bulk_update('BuSeveral', '[{"id":3,"name":"3"},{"id":1,"name":"1"},{"id":2,"name":"2"}]', '{"returning":{"attributes":["id","name"]}}');
SELECT pg_temp.err($$ SELECT studentdir.bulk_update('BuSeveral', '[{"id":3,"name":"3"},{"id":1,"name":"1"},{"id":4,"name":"2"}]') $$);
DELETE FROM studentdir.model WHERE name = 'BuSeveral';
DROP TABLE bu_several;

-- typed
INSERT INTO students (id, name, email) VALUES (9001, 'Ann', 'ann@bu.org'), (9002, 'Bob', 'bob@bu.org');
SELECT record->>'name', record->>'email' FROM students_bulk_update('[{"id":9002,"name":"Ben"},{"id":9001,"email":"amy@bu.org"}]');
DELETE FROM students WHERE id > 9000;

-- records are locked in the order of their keys, unless nobody else can lock any: the table is locked, or new
\setenv PGDATABASE :DBNAME
\! psql -Xqc "SET studentdir.log_sql = notice; BEGIN; LOCK bu_items IN SHARE ROW EXCLUSIVE MODE; SELECT FROM studentdir.bulk_update('BuItem', '[{\"id\":2,\"qty\":5},{\"id\":1,\"qty\":6}]'); ROLLBACK" 2>&1 | grep -oE 'ERROR.*|FOR NO KEY UPDATE|UPDATE public[^ ]*'
\! psql -Xqc "SET studentdir.log_sql = notice; BEGIN; LOCK bu_items IN EXCLUSIVE MODE; SELECT FROM studentdir.bulk_update('BuItem', '[{\"id\":2,\"qty\":5},{\"id\":1,\"qty\":6}]'); ROLLBACK" 2>&1 | grep -oE 'ERROR.*|FOR NO KEY UPDATE|UPDATE public[^ ]*'
BEGIN;
LOCK bu_items IN EXCLUSIVE MODE;
SELECT pg_temp.bu('[{"id":2,"qty":5},{"id":1,"qty":6}]');
ROLLBACK;
SELECT pg_temp.bu('[{"id":2,"qty":5},{"id":1,"qty":6}]');
DROP TABLE bu_items, bu_parts;
DROP FUNCTION bu_skip;
DELETE FROM studentdir.model WHERE name LIKE 'Bu%';
