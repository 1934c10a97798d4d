-- A column with one value on half of the rows: each value gets the plan that it deserves, however often others were asked for.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE sk_orders (id integer PRIMARY KEY, state integer, customer integer, note integer, label text, flags bit(16)) WITH (autovacuum_enabled = false);
INSERT INTO sk_orders SELECT i, CASE WHEN i % 2 = 0 THEN 0 ELSE i END, i % 5000, i, CASE i % 3 WHEN 0 THEN repeat('m', 700) WHEN 1 THEN repeat('n', 700) ELSE 'label ' || i END, CASE WHEN i % 2 = 0 THEN 0 ELSE i % 5000 END::bit(16) FROM generate_series(1, 30000) i;
CREATE INDEX sk_orders_state ON sk_orders (state);
CREATE INDEX sk_orders_customer ON sk_orders (customer);
ANALYZE sk_orders;
SELECT json_typeof(studentdir.define('SkOrder', '{"state":"INTEGER","customer":"INTEGER","note":"INTEGER","label":"TEXT","flags":"bit(16)"}', '{"timestamps":false,"tableName":"sk_orders"}'));
SET enable_bitmapscan = off; SET max_parallel_workers_per_gather = 0;

CREATE FUNCTION pg_temp.ask(options text, n integer) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(r) FROM generate_series(1, n) i, LATERAL studentdir.find_all('SkOrder', replace(options, '?', (2 * i + 1)::text)::jsonb) AS r $$;
CREATE FUNCTION pg_temp.scan(options jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT substring(line FROM '(Seq Scan|Index \w*\s*Scan)') FROM studentdir.explain('SkOrder', options) AS line WHERE line ~ 'Scan' $$;
CREATE FUNCTION pg_temp.generic(condition text) RETURNS boolean LANGUAGE sql AS $$
  SELECT bool_or(generic) FROM studentdir.plan_cache() WHERE shape LIKE condition $$;

-- ten rare values, then the common one, and back
SELECT pg_temp.ask('{"where":{"state":?}}', 10);
SELECT pg_temp.scan('{"where":{"state":0}}'), pg_temp.scan('{"where":{"state":77}}');
SELECT pg_temp.ask('{"where":{"state":{"$in":[?]}}}', 10);
SELECT pg_temp.scan('{"where":{"state":{"$in":[0]}}}'), pg_temp.scan('{"where":{"state":{"$in":[77]}}}');
-- rare values share a plan, which a common one, or a list that has one, never gets
CREATE FUNCTION pg_temp.kept(condition text) RETURNS TABLE (generic boolean, calls bigint) LANGUAGE sql AS $$
  SELECT generic, calls FROM studentdir.plan_cache() WHERE shape LIKE condition ORDER BY generic, calls $$;
SELECT sum(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('state', 2 * i + 1)))) FROM generate_series(1, 10) i;
SELECT * FROM pg_temp.kept('%count(*)%(t.state OPERATOR(pg_catalog.=) $1)');
SELECT studentdir.count('SkOrder', '{"where":{"state":0}}') FROM generate_series(1, 3);
SELECT studentdir.count('SkOrder', '{"where":{"state":{"$param":"s"}}}', params) FROM unnest(ARRAY['{"s":null}', '{"s":0}', '{"s":79}', '{"s":-1}']::jsonb[]) AS params;
SELECT * FROM pg_temp.kept('%count(*)%(t.state OPERATOR(pg_catalog.=) $1)');
SELECT studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('state', jsonb_build_object('$in', list)))) FROM unnest(ARRAY['[77]', '[79,81,null]', '[77,0]', '[]', '[1,3,5,7,9,11,13,15,17,19,21]', '[83,85]']::jsonb[]) AS list;
SELECT * FROM pg_temp.kept('%count(*)%t.state%ANY%');
-- beside it stands what no index serves, or how many rows have it is the same for all; not where some of the rows are read
SELECT sum(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('state', 2 * i + 1, 'note', '{"$gte":0}'::jsonb, 'customer', 2 * i + 1, 'label', NULL)))) FROM generate_series(1, 3) i;
SELECT * FROM pg_temp.kept('%count(*)%t.note%t.label%t.state%');
SELECT sum(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('state', 2 * i + 1, 'id', '{"$gte":0}'::jsonb)))) FROM generate_series(1, 3) i;
SELECT * FROM pg_temp.kept('%count(*)%t.id%t.state%');
SELECT count(studentdir.list('SkOrder', jsonb_build_object('where', jsonb_build_object('state', 2 * i + 1, 'note', '{"$gte":0}'::jsonb), 'limit', 2))) FROM generate_series(1, 3) i;
SELECT * FROM pg_temp.kept('%t.note%t.state%LIMIT%');
SELECT count(studentdir.list('SkOrder', jsonb_build_object('where', jsonb_build_object('state', 2 * i + 1), 'order', '["id"]'::jsonb, 'limit', 2))) FROM generate_series(1, 3) i;
SELECT * FROM pg_temp.kept('%(t.state OPERATOR(pg_catalog.=) $1)%ORDER BY%LIMIT%');
-- an index of some of the rows is seen to have them only by a plan that knows the value
CREATE INDEX sk_orders_some ON sk_orders (state) WHERE state <> 0; DROP INDEX sk_orders_state;
SELECT sum(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('state', 2 * i + 1)))) FROM generate_series(1, 10) i;
SELECT pg_temp.scan('{"where":{"state":77}}');
SELECT * FROM pg_temp.kept('%count(*)%(t.state OPERATOR(pg_catalog.=) $1)');
CREATE INDEX sk_orders_state ON sk_orders (state); DROP INDEX sk_orders_some;
-- long values; a type that cannot be hashed
SELECT count(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('label', label)))) FROM unnest(ARRAY[repeat('m', 700), 'a', 'b', 'c', repeat('m', 700)]) AS label;
SELECT * FROM pg_temp.kept('%count(*)%(t.label OPERATOR(pg_catalog.=) $1)');
SELECT count(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('flags', i::bit(16)::text)))) FROM generate_series(0, 3) i;
SELECT * FROM pg_temp.kept('%count(*)%t.flags%');
-- where the values are even, or the key is given, planning stops
SELECT pg_temp.ask('{"where":{"customer":?}}', 10), pg_temp.generic('%sk_orders%(t.customer OPERATOR(pg_catalog.=) $1)');
SELECT pg_temp.ask('{"where":{"id":?,"state":0}}', 10), pg_temp.generic('%sk_orders%t.id%AND%state%');
-- what ANALYZE finds is looked at again
UPDATE sk_orders SET customer = 0 WHERE id % 2 = 0;
ANALYZE sk_orders;
SELECT pg_temp.ask('{"where":{"customer":?}}', 10);
SELECT pg_temp.scan('{"where":{"customer":0}}'), pg_temp.scan('{"where":{"customer":77}}');

-- and which values are rare
SELECT sum(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('state', i)))) FROM generate_series(77, 81, 2) i;
UPDATE sk_orders SET state = 77 WHERE id % 2 = 1;
ANALYZE sk_orders;
SELECT studentdir.count('SkOrder', '{"where":{"state":77}}'), pg_temp.scan('{"where":{"state":77}}'), pg_temp.scan('{"where":{"state":79}}');

-- a long list: a plan that does not know it would compare each row with all of it
CREATE FUNCTION pg_temp.long(n integer) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_agg(2 * g) FROM generate_series(1, n) AS g $$;
-- what is taken for a short one, the ninth call and those after it, is PostgreSQL's choice
CREATE FUNCTION pg_temp.plans(condition text) RETURNS TABLE (calls bigint, generic boolean) LANGUAGE sql AS $$
  SELECT calls, CASE calls WHEN 8 THEN generic END FROM studentdir.plan_cache() WHERE shape LIKE condition ORDER BY calls $$;
SELECT count(studentdir.count('SkOrder', jsonb_build_object('where', jsonb_build_object('customer', jsonb_build_object('$notIn', pg_temp.long(CASE WHEN i < 9 THEN 1000 ELSE 999 END)))))) FROM generate_series(1, 17) AS i;
SELECT * FROM pg_temp.plans('%count(*)%WHERE (t.customer%ALL%');
SELECT sum(studentdir.count('SkOrder', '{"where":{"id":{"$lte":3000},"customer":{"$notIn":{"$param":"list"}}}}', jsonb_build_object('list', pg_temp.long(CASE WHEN i < 9 THEN 1001 ELSE 3 END)))) =
  sum((SELECT count(*) FROM sk_orders WHERE id <= 3000 AND customer NOT IN (SELECT 2 * g FROM generate_series(1, CASE WHEN i < 9 THEN 1001 ELSE 3 END) AS g))) FROM generate_series(1, 17) AS i;
SELECT * FROM pg_temp.plans('%count(*)%t.id%<=%customer%ALL%');

SELECT studentdir.undefine('SkOrder');
DROP TABLE sk_orders;
