-- What the planner is told of finders: how many rows they return, and that estimating a call raises nothing.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

-- the rows that the planner expects of the part of a query that calls a finder
CREATE FUNCTION pg_temp.expected(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
CREATE FUNCTION pg_temp.cost(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  plan json;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
  RETURN plan -> 0 -> 'Plan' ->> 'Total Cost';
END $$;

CREATE TABLE es_items (id integer PRIMARY KEY, kind integer, name text);
INSERT INTO es_items SELECT i, i % 4, 'n' || i FROM generate_series(1, 4000) i;
ANALYZE es_items;
SELECT json_typeof(studentdir.define('EsItem', '{"kind":"INTEGER","name":"TEXT"}', '{"timestamps":false,"tableName":"es_items"}'));
SELECT count(*) > 0 FROM studentdir.expose('EsItem') AS f;

-- by the limit, by the key, by the plan of the statement
SELECT pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":10}')$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":2000}')$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all()$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":5000}')$$),
       pg_temp.expected($$SELECT * FROM es_item_find_by_pk(5)$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"where":{"id":5}}')$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all('{"where":{"kind":1}}')$$) BETWEEN 900 AND 1100 AS a_quarter;
SELECT pg_temp.expected($$SELECT * FROM studentdir.find_all('EsItem', '{"limit":10}')$$), pg_temp.expected($$SELECT * FROM studentdir.rows(NULL::es_items, '{"limit":10}')$$),
       pg_temp.expected($$SELECT * FROM studentdir.rows(NULL::es_items)$$), pg_temp.expected($$SELECT (SELECT 1), studentdir.find_all('EsItem', '{"limit":0}') FROM (VALUES (1), (2)) v$$);
-- a call by itself is not looked at: nothing depends on it
SELECT pg_temp.expected($$SELECT es_items_find_all()$$), pg_temp.expected($$SELECT studentdir.find_all('EsItem', '{"where":{"kind":1}}')$$);
-- the cost is that of the statement
SELECT pg_temp.cost($$SELECT * FROM es_items_find_all('{"where":{"id":5}}')$$) < 10, pg_temp.cost($$SELECT * FROM es_items_find_all('{"order":["name"]}')$$) > 300;
-- so a join is planned for what comes
EXPLAIN (COSTS off) SELECT i.* FROM es_items i JOIN studentdir.rows(NULL::es_items, '{"limit":3}') r USING (id);
EXPLAIN (COSTS off) SELECT i.* FROM es_items i JOIN studentdir.rows(NULL::es_items) r USING (id);

-- parameters: their values where they are constants, else what is known without them
SELECT pg_temp.expected($$SELECT * FROM es_items_find_all('{"where":{"id":{"$param":"id"}}}', '{"id":7}')$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":7,"where":{"kind":{"$param":"k"}}}', jsonb_build_object('k', now()))$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":700,"where":{"name":{"$param":"k"}}}', jsonb_build_object('k', now()))$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all(jsonb_build_object('limit', now()))$$) AS unknown;

-- what is wrong with a call is said when it is made
SELECT pg_temp.expected($$SELECT * FROM es_items_find_all('{"nothing":1}')$$), pg_temp.expected($$SELECT * FROM es_items_find_all('[]')$$), pg_temp.expected($$SELECT * FROM es_items_find_all(NULL)$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":-3}')$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":"9"}')$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"limit":1e30}')$$),
       pg_temp.expected($$SELECT * FROM studentdir.find_all('Nothing')$$), pg_temp.expected($$SELECT * FROM studentdir.find_all(NULL)$$),
       pg_temp.expected($$SELECT * FROM es_items_find_all('{"where":{"id":{"$param":"id"}}}', '{}')$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"where":{"id":{"$param":"id"}}}', '[]')$$);
SELECT pg_temp.err($$SELECT * FROM es_items_find_all('{"nothing":1}')$$);
PREPARE wrong AS SELECT * FROM es_items_find_all('{"nothing":1}');
EXECUTE wrong;
-- nothing is locked or read to estimate
BEGIN;
SELECT pg_temp.expected($$SELECT * FROM es_items_find_all('{"lock":"UPDATE"}')$$), pg_temp.expected($$SELECT * FROM es_items_find_all('{"order":["name"],"after":-1}')$$);
SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing_locked;
SELECT DISTINCT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'es_items'::regclass;
ROLLBACK;
-- inside of what rolls back, and in a subtransaction of its own
DO $$
BEGIN
  BEGIN
    PERFORM pg_temp.expected('SELECT * FROM es_items_find_all()');
    RAISE division_by_zero;
  EXCEPTION WHEN division_by_zero THEN
    RAISE WARNING '%', pg_temp.expected('SELECT * FROM es_items_find_all()');
  END;
END $$;

-- catalogs are read by a snapshot of their own, which a parallel worker cannot take: only what reads none runs in one
SELECT p.oid::regprocedure AS "function", p.proparallel, p.provolatile FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.proparallel <> 'u' AND (p.pronamespace = 'studentdir'::regnamespace OR p.proname ~ '^(es_|students?_|users?_|posts?_)')
ORDER BY 1;

SELECT studentdir.undefine('EsItem');
DROP TABLE es_items;
