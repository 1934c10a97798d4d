-- rows(): the rows of a table as rows of its own type, by the options of finders
\pset format unaligned
\pset tuples_only on
CREATE TABLE ro_items (id int PRIMARY KEY, "Name" text, price numeric, tags text[], gone int, deleted_at timestamptz);
ALTER TABLE ro_items DROP COLUMN gone;
INSERT INTO ro_items VALUES (1, 'a', 1.5, '{x}', NULL), (2, NULL, NULL, NULL, NULL), (3, repeat('c', 20), 3, '{y,z}', NULL), (4, 'd', 4, '{}', '2026-01-01Z');
SELECT studentdir.define('RoItem', '{"id":{"type":"INTEGER","primaryKey":true},"name":{"type":"TEXT","field":"Name"}}', '{"tableName":"ro_items","paranoid":true,"createdAt":false,"updatedAt":false,"deletedAt":"deleted_at","scopes":{"named":{"where":{"name":{"$ne":null}}}}}') IS NOT NULL;
SELECT * FROM studentdir.rows(NULL::ro_items, '{"order":["id"]}');
SELECT id, price * 2 FROM studentdir.rows(NULL::ro_items, '{"where":{"name":{"$param":"n"}}}', '{"n":"a"}');
SELECT id FROM studentdir.rows(NULL::ro_items, '{"paranoid":false,"order":[["id","DESC"]],"limit":2,"offset":1}');
SELECT id FROM studentdir.rows(NULL::ro_items, '{"scope":"named","order":["id"],"after":1}');
SELECT id FROM studentdir.rows(NULL::ro_items, '{"order":["id"],"before":3,"limit":1}');
SELECT id FROM studentdir.rows(NULL::ro_items, '{"where":{"$expr":[{"$fn":["length",{"$col":"name"}]},"$gt",5]}}');
SELECT count(*), count(r) FROM studentdir.rows(NULL::ro_items) AS r;
-- in joins, LATERAL, PL/pgSQL, views
SELECT a.id, b.id FROM studentdir.rows(NULL::ro_items, '{"order":["id"]}') AS a JOIN ro_items AS b ON b.id = a.id + 1 ORDER BY 1;
SELECT g, r.id FROM generate_series(1, 3) AS g, LATERAL studentdir.rows(NULL::ro_items, '{"where":{"id":{"$param":"i"}}}', jsonb_build_object('i', g)) AS r;
DO $$ DECLARE r ro_items; n int := 0; BEGIN FOR r IN SELECT * FROM studentdir.rows(NULL::ro_items, '{"where":{"id":[1,3]}}') LOOP n := n + r.id; END LOOP; RAISE NOTICE '%', n; END $$;
CREATE VIEW ro_view AS SELECT id, "Name" FROM studentdir.rows(NULL::ro_items, '{"where":{"id":{"$gt":1}}}');
SELECT * FROM ro_view ORDER BY id;
-- it streams: a limit above it reads no more than it needs, and it is not materialized
EXPLAIN (COSTS OFF) SELECT * FROM studentdir.rows(NULL::ro_items, '{"order":["id"]}') LIMIT 1;
INSERT INTO ro_items SELECT i FROM generate_series(10, 5000) AS i;
SELECT count(*), sum(id) FROM studentdir.rows(NULL::ro_items);
SELECT sum(id) FROM (SELECT id FROM studentdir.rows(NULL::ro_items, '{"order":["id"]}') LIMIT 20) AS s;
BEGIN; DECLARE c CURSOR FOR SELECT id FROM studentdir.rows(NULL::ro_items, '{"order":["id"]}'); FETCH 2 FROM c; ALTER TABLE ro_items ADD x int; FETCH 2 FROM c; ROLLBACK;
-- rows as they are stored: without columns that were dropped, with values stored elsewhere, columns added since, and partitions whose columns stand otherwise
CREATE TABLE ro_plain (id int PRIMARY KEY, "big" text, n numeric);
ALTER TABLE ro_plain ALTER big SET STORAGE EXTERNAL;
INSERT INTO ro_plain SELECT i, repeat(md5(i::text), 200), i FROM generate_series(1, 40) AS i;
ALTER TABLE ro_plain ADD late int DEFAULT 7;
INSERT INTO ro_plain VALUES (41, NULL, NULL, NULL), (42, 'x', 0.5, 8);
CREATE TABLE ro_parts (id int, k int, t text) PARTITION BY LIST (k);
CREATE TABLE ro_part1 (gone int, t text, k int, id int);
ALTER TABLE ro_part1 DROP COLUMN gone;
ALTER TABLE ro_parts ATTACH PARTITION ro_part1 FOR VALUES IN (1);
CREATE TABLE ro_part2 PARTITION OF ro_parts FOR VALUES IN (2);
INSERT INTO ro_parts SELECT i, i % 2 + 1, 't' || i FROM generate_series(1, 30) AS i;
CREATE VIEW ro_seen AS SELECT id, upper(t) AS t FROM ro_parts;
SELECT studentdir.define(m, '{"id":{"type":"INTEGER","primaryKey":true}}', jsonb_build_object('tableName', t, 'timestamps', false)) IS NOT NULL FROM (VALUES ('RoPlain', 'ro_plain'), ('RoPart', 'ro_parts'), ('RoSeen', 'ro_seen')) AS x (m, t);
SELECT o, (SELECT count(*) FROM (SELECT * FROM studentdir.rows(NULL::ro_plain, o::jsonb) INTERSECT TABLE ro_plain) AS x), (SELECT count(*) FROM (SELECT * FROM studentdir.rows(NULL::ro_parts, o::jsonb) INTERSECT TABLE ro_parts) AS x), (SELECT count(*) FROM (SELECT * FROM studentdir.rows(NULL::ro_seen, o::jsonb) INTERSECT TABLE ro_seen) AS x)
  FROM (VALUES ('{}'), ('{"order":[["id","DESC"]]}'), ('{"order":[[{"$fn":["abs",{"$col":"id"}]},"DESC"]]}'), ('{"order":["id"],"limit":5,"offset":20}'), ('{"order":["id"],"before":{"id":30},"limit":3}'), ('{"where":{"id":{"$gt":25}},"lock":"UPDATE","order":["id"]}')) AS t (o);
BEGIN;
CREATE TEMP TABLE ro_kept AS SELECT r.*::ro_plain AS whole, r.big FROM studentdir.rows(NULL::ro_plain) AS r;
TRUNCATE ro_plain;
SELECT count(*), sum((whole).n), sum((whole).late), count(*) FILTER (WHERE (whole).big = repeat(md5((whole).id::text), 200)) FROM ro_kept;
ROLLBACK;
DROP VIEW ro_seen;
SELECT studentdir.undefine(m) FROM unnest('{RoPlain,RoPart,RoSeen}'::text[]) AS m;
DROP TABLE ro_plain, ro_parts;
-- two models of one table
SELECT studentdir.define('RoOther', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"ro_items","timestamps":false}') IS NOT NULL;
CREATE FUNCTION pg_temp.err(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ': ' || SQLERRM || CASE WHEN h <> '' THEN E'\n  HINT: ' || h ELSE '' END;
END $$;
SELECT pg_temp.err('SELECT * FROM studentdir.rows(NULL::ro_items)');
-- in the order of the names, wherever their rows are
UPDATE studentdir.model SET singular = singular WHERE name = 'RoItem';
SELECT pg_temp.err('SELECT * FROM studentdir.rows(NULL::ro_items)');
SELECT count(*) FROM studentdir.rows(NULL::ro_items, '{"model":"RoOther","where":{"id":[3,4]}}');
SELECT q, pg_temp.err('SELECT * FROM ' || q) FROM (VALUES ('studentdir.rows(NULL::ro_items, ''{"model":"Student"}'')'), ('studentdir.rows(NULL::ro_items, ''{"model":"Nope"}'')'), ('studentdir.rows(NULL::ro_items, ''{"model":5}'')'), ('studentdir.rows(NULL::pg_class)'), ('studentdir.rows(5)'), ('studentdir.rows(NULL::ro_items, ''{"model":"RoItem","attributes":["id"]}'')'),
  ('studentdir.rows(NULL::ro_items, ''{"model":"RoItem","include":"x"}'')'), ('studentdir.rows(NULL::ro_items, ''{"model":"RoItem","group":["id"]}'')'), ('studentdir.rows(NULL::ro_items, ''{"model":"RoItem","where":{"nope":1}}'')'), ('studentdir.rows(NULL::ro_items, ''[]'')')) AS t (q);
-- distinct: the first row of each value, or rows that differ; hand-written SQL gives the same
CREATE TABLE ro_twice (id int, k text, v int, doc jsonb);
INSERT INTO ro_twice VALUES (1, 'a', 1, '{}'), (2, 'a', 3, '{}'), (3, 'b', 2, NULL), (3, 'b', 2, NULL), (4, NULL, 5, '[]');
SELECT studentdir.define('RoTwice', '{"id":{"type":"INTEGER"},"k":{"type":"TEXT"},"v":{"type":"INTEGER"},"next":{"type":"VIRTUAL","as":{"$add":[{"$col":"v"},1]}}}', '{"tableName":"ro_twice","primaryKey":false,"timestamps":false,"scopes":{"first":{"distinct":["k"]}}}') IS NOT NULL;
SELECT * FROM studentdir.rows(NULL::ro_twice, '{"distinct":["k"],"order":["k",["v","DESC"]]}');
SELECT DISTINCT ON (k) * FROM ro_twice ORDER BY k, v DESC;
SELECT k FROM studentdir.rows(NULL::ro_twice, '{"distinct":["k"],"limit":2}');
SELECT count(*) FROM studentdir.rows(NULL::ro_twice, '{"scope":"first"}');
SELECT * FROM studentdir.rows(NULL::ro_twice, '{"distinct":true,"order":["id"]}');
SELECT id FROM studentdir.rows(NULL::ro_twice, '{"distinct":true,"order":[["id","DESC"]],"limit":2,"offset":1}');
SELECT o, pg_temp.err(format('SELECT * FROM studentdir.rows(NULL::ro_twice, %L)', o)) FROM (VALUES ('{"distinct":["k"],"order":["v"]}'), ('{"distinct":["k"],"order":["k"],"lock":"UPDATE"}'), ('{"distinct":true,"order":["next"]}'), ('{"distinct":["nope"]}')) AS t (o);
ALTER TABLE ro_twice ADD raw json;
SELECT pg_temp.err('SELECT * FROM studentdir.rows(NULL::ro_twice, ''{"distinct":true}'')');
SELECT count(*) FROM studentdir.rows(NULL::ro_twice, '{"distinct":["k"]}');
SELECT studentdir.undefine('RoTwice');
DROP TABLE ro_twice;
DROP VIEW ro_view;
SELECT studentdir.undefine('RoItem'), studentdir.undefine('RoOther');
DROP TABLE ro_items;
-- a table that goes into another schema, while one of its name takes its place
CREATE SCHEMA ro_a;
CREATE SCHEMA ro_b;
CREATE TABLE ro_a.ro_moved (id int PRIMARY KEY, v text);
INSERT INTO ro_a.ro_moved VALUES (1, 'first');
SELECT studentdir.define('RoMoved', '{"v":"TEXT"}', '{"schema":"ro_a","tableName":"ro_moved","timestamps":false}') IS NOT NULL;
SELECT * FROM studentdir.rows(NULL::ro_a.ro_moved);
ALTER TABLE ro_a.ro_moved SET SCHEMA ro_b;
CREATE TABLE ro_a.ro_moved (id int PRIMARY KEY, v text);
INSERT INTO ro_a.ro_moved VALUES (2, 'second');
SELECT * FROM studentdir.rows(NULL::ro_b.ro_moved);
SELECT * FROM studentdir.rows(NULL::ro_a.ro_moved);
SELECT studentdir.undefine('RoMoved');
DROP TABLE ro_a.ro_moved, ro_b.ro_moved;
DROP SCHEMA ro_a, ro_b;
