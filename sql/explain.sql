-- The plans that run: of every step, with workers where SELECT would have them; what they may cost.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

-- what changes from run to run is taken out
CREATE FUNCTION pg_temp.plan(model text, options jsonb, analyzed boolean DEFAULT false, params jsonb DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT regexp_replace(regexp_replace(regexp_replace(line, '  \(cost=\S+ rows=(\d+) \S+\)', ' (\1)'),
                                       '\(actual time=\S+ rows=(\d+)\S* loops=(\d+)\)', 'actual \1 × \2'), '[0-9.]+ ms', '… ms', 'g')
  FROM studentdir.explain(model, options, analyzed, params) AS line WHERE line !~ 'Buffers|Memory|Sort Method|Run Condition|Window:|Index Searches' $$;

CREATE TABLE ex_parents (id integer PRIMARY KEY, name text);
CREATE TABLE ex_children (id integer PRIMARY KEY, parent_id integer, kind integer);
SELECT json_typeof(studentdir.define('ExParent', '{"name":"TEXT"}', '{"timestamps":false,"tableName":"ex_parents"}'));
SELECT json_typeof(studentdir.define('ExChild', '{"kind":"INTEGER"}', '{"timestamps":false,"tableName":"ex_children"}'));
SELECT studentdir.has_many('ExParent', 'ExChild', '{"foreignKey":"parentId","as":"Children"}') ->> 'as',
       studentdir.belongs_to('ExChild', 'ExParent', '{"foreignKey":"parentId","as":"Parent"}') ->> 'as';
INSERT INTO ex_parents SELECT i, 'p' || i FROM generate_series(1, 300) i;
INSERT INTO ex_children SELECT i, i % 300 + 1, i % 2 FROM generate_series(1, 3000) i;
CREATE INDEX ex_children_parent ON ex_children (parent_id);
ANALYZE ex_parents, ex_children;
SET enable_bitmapscan = off;

-- one statement has no title; several are numbered as by to_sql
SELECT pg_temp.plan('ExParent', '{"where":{"id":1}}');
SELECT pg_temp.plan('ExParent', '{"where":{"id":{"$param":"id"}}}', false, '{"id":7}');
-- versions weigh the two kinds of scan differently
SET enable_seqscan = off;
SELECT pg_temp.plan('ExParent', '{"where":{"id":1},"include":[{"association":"Children","include":"Parent"}]}');
SELECT count(*) FROM studentdir.to_sql('ExParent', '{"where":{"id":1},"include":[{"association":"Children","include":"Parent"}]}');
-- a count of associated records is a step of its own where it is one
SELECT pg_temp.plan('ExParent', '{"order":["id"],"limit":70,"attributes":["id",[{"$count":"Children"},"n"]]}') AS line;
RESET enable_seqscan;
-- with analyze they run, and what was not needed did not
SELECT line FROM pg_temp.plan('ExParent', '{"order":["id"],"limit":60,"include":"Children"}', true) AS line WHERE line !~ 'Index Cond|Filter';
SELECT line FROM pg_temp.plan('ExParent', '{"order":["id"],"limit":70,"include":"Children"}', true) AS line WHERE line ~ '^Step';
SELECT pg_temp.plan('ExParent', '{"where":{"id":-1},"include":"Children"}', true);
-- a page behind a key reads the key's row first
SELECT pg_temp.plan('ExParent', '{"order":["name"],"after":5,"limit":1}', true);
SELECT pg_temp.err($$SELECT studentdir.explain('ExParent', '{"order":["name"],"after":1000}', true)$$);
-- what fails while it is watched leaves nothing behind
SELECT pg_temp.err($$SELECT studentdir.explain('ExParent', '{"where":{"$expr":[{"$div":[1,{"$sub":[{"$col":"id"},5]}]},"$gt",0]}}', true)$$);
SELECT studentdir.count('ExParent');
-- locks are taken with analyze only
BEGIN;
SELECT pg_temp.plan('ExParent', '{"where":{"id":1},"lock":"UPDATE"}');
SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing_locked;
ROLLBACK;

-- workers: where a statement is run to its end in one go
-- this says of a row whether a worker has read it
CREATE FUNCTION ex_in_worker(integer) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM pg_catalog.pg_stat_activity WHERE pid = pg_catalog.pg_backend_pid() AND leader_pid IS NOT NULL);
END $$;
SET studentdir.allowed_functions = 'public.ex_in_worker';
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET parallel_leader_participation = off; SET max_parallel_workers_per_gather = 2; SET enable_indexscan = off;
CREATE FUNCTION pg_temp.options(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT '{"where":{"$expr":{"$fn":["public.ex_in_worker",{"$col":"id"}]}}}'::jsonb || more $$;
SELECT studentdir.count('ExChild', pg_temp.options('{}')) AS count,
       studentdir.aggregate('ExChild', 'max', 'id', pg_temp.options('{}')) AS aggregate,
       json_array_length(studentdir.list('ExChild', pg_temp.options('{}'))) AS list,
       (SELECT sum((studentdir.find_and_count_all('ExChild', pg_temp.options('{"order":["id"],"limit":1}')) ->> 'count')::int)) AS find_and_count_all;
-- included records and counts of them, for more parents than a generic plan is for
SELECT count(*) FROM studentdir.find_all('ExParent', '{"include":{"association":"Children","attributes":[[{"$fn":["public.ex_in_worker",{"$col":"id"}]},"worker"]]},"limit":20}') AS r WHERE r ->> 'Children' ~ 'true';
SELECT bool_or(line ~ 'Workers Launched: [12]') FROM studentdir.explain('ExParent', '{"limit":20,"attributes":["id",[{"$count":"Children"},"n"]]}', true) AS line;
-- not where rows are asked for one after the other, nor where they are locked
SELECT count(*) FROM studentdir.find_all('ExChild', pg_temp.options('{}'));
SELECT bool_or(line ~ 'Gather') FROM studentdir.explain('ExChild') AS line;
SELECT count(*) FROM studentdir.find_all('ExChild', pg_temp.options('{"lock":"UPDATE"}'));
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET parallel_leader_participation; RESET max_parallel_workers_per_gather; RESET enable_indexscan;
RESET studentdir.allowed_functions;

-- what statements may cost: refused before they run
SET studentdir.max_cost = 20;
SELECT studentdir.find_by_pk('ExParent', 1);
SELECT regexp_replace(pg_temp.err($$SELECT studentdir.list('ExChild', '{"order":["kind"]}')$$), 'cost \d+', 'cost …');
SELECT regexp_replace(pg_temp.err($$SELECT studentdir.find_all('ExParent', '{"where":{"id":{"$lt":4}},"include":[{"association":"Children","where":{"kind":{"$ne":7}}}]}')$$), 'cost \d+', 'cost …');
SELECT regexp_replace(pg_temp.err($$SELECT studentdir.update('ExChild', '{"kind":2}', '{"where":{"kind":1}}')$$), 'cost \d+', 'cost …');
SELECT regexp_replace(pg_temp.err($$SELECT studentdir.bulk_update('ExChild', (SELECT jsonb_agg(jsonb_build_object('id', i, 'kind', 1)) FROM generate_series(1, 1000) i))$$), 'cost \d+', 'cost …');
SELECT studentdir.create('ExChild', '{"id":3001,"kind":1}');
SELECT studentdir.destroy_by_pk('ExChild', 3001);
-- explain shows what is refused
SELECT count(*) FROM studentdir.explain('ExChild', '{"order":["kind"]}');
SET studentdir.max_cost = -1;
RESET studentdir.max_cost;
SELECT json_array_length(studentdir.list('ExChild', '{"order":["kind"]}'));

SELECT studentdir.undefine(name) FROM unnest('{ExChild,ExParent}'::text[]) AS name;
DROP TABLE ex_parents, ex_children;
DROP FUNCTION ex_in_worker;
