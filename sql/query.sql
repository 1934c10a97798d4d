-- The query language: what has no vector in test/conformance.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE q_thing (id integer PRIMARY KEY, name varchar(50) COLLATE "C", n integer, tags text[], span int4range, doc jsonb, born date);
INSERT INTO q_thing
  SELECT i, 'name ' || lpad((i * 7 % 1000)::text, 4, '0'), CASE WHEN i % 5 > 0 THEN i % 3 END, ARRAY['t' || i % 10],
         int4range(i, i + 10), jsonb_build_object('k', i % 10, 's', 's' || i % 4), '2026-01-01'::date + i % 28
  FROM generate_series(1, 1000) i;
CREATE INDEX q_thing_name ON q_thing (name text_pattern_ops);
CREATE INDEX q_thing_n ON q_thing (n);
CREATE INDEX q_thing_tags ON q_thing USING gin (tags);
CREATE INDEX q_thing_span ON q_thing USING gist (span);
CREATE INDEX q_thing_doc ON q_thing USING gin (doc);
ANALYZE q_thing;
SELECT pg_temp.define('QThing', 'q_thing', '*id:INTEGER name:STRING n:INTEGER tags:ARRAY(TEXT) span:RANGE(INTEGER) doc:JSONB born:DATEONLY');

-- conditions use the columns' indexes, in plans that do not look at the values too
CREATE FUNCTION pg_temp.index_of(options jsonb, mode text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('plan_cache_mode', mode, true), set_config('enable_seqscan', 'off', true);
  RETURN (SELECT string_agg(DISTINCT m[1], ', ') FROM studentdir.explain('QThing', options) AS line, regexp_matches(line, '(?:using|on) (q_thing_\w+)') AS m);
END $$;
BEGIN;
SELECT o, pg_temp.index_of(o, 'force_custom_plan'), pg_temp.index_of(o, 'force_generic_plan')
FROM unnest(ARRAY[
  '{"where":{"id":5}}', '{"where":{"id":[1,2,3]}}', '{"where":{"id":{"$gt":990}}}', '{"where":{"id":{"$between":[5,7]}}}',
  '{"where":{"n":null}}', '{"where":{"name":{"$startsWith":"name 01"}}}', '{"where":{"tags":{"$contains":["t3"]}}}',
  '{"where":{"tags":{"$overlap":["t3","t4"]}}}', '{"where":{"span":{"$contains":500}}}', '{"where":{"span":{"$overlap":[3,9]}}}',
  '{"where":{"doc":{"$contains":{"k":3}}}}', '{"where":{"doc":{"$anyKeyExists":["k"]}}}',
  '{"order":["id"],"after":{"id":500},"limit":3}'
]::jsonb[]) AS o;
ROLLBACK;

-- what startsWith finds is what begins with the text, whatever characters it has
INSERT INTO q_thing (id, name) VALUES (2001, 'a%b'), (2002, 'a%'), (2003, 'a%' || chr(1114111)), (2004, 'a&'), (2005, chr(1114111) || 'z'), (2006, U&'\D7FF'), (2007, U&'\E000'), (2008, 'a\'), (2009, 'a\b'), (2010, '');
SELECT p, studentdir.list('QThing', jsonb_build_object('where', jsonb_build_object('id', '{"$gt":2000}'::jsonb, 'name', jsonb_build_object('$startsWith', p)), 'attributes', '["id"]'::jsonb, 'order', '["id"]'::jsonb))
FROM unnest(ARRAY['a%', 'a', 'a\', chr(1114111), U&'\D7FF', '', 'a%b']) AS p;
DELETE FROM q_thing WHERE id > 2000;

-- an IN list of one value or of many is one shape, one of 1,000 or more another; so are two values of a comparison
SET studentdir.plan_cache_size = 1;
SELECT studentdir.count('QThing', '{"where":{"id":[1]}}');
RESET studentdir.plan_cache_size;
SELECT studentdir.count('QThing', jsonb_build_object('where', jsonb_build_object('id', (SELECT jsonb_agg(i) FROM generate_series(1, 999) i))));
SELECT studentdir.count('QThing', jsonb_build_object('where', jsonb_build_object('id', (SELECT jsonb_agg(i) FROM generate_series(1, 10000) i))));
SELECT studentdir.count('QThing', '{"where":{"id":{"$in":[]}}}');
SELECT shape, calls, hits, total_ms > 0 AS timed, bytes > 5000 AS measured, generic FROM studentdir.plan_cache() WHERE shape LIKE '%q_thing%';
SELECT studentdir.count('QThing', '{"where":{"id":{"$notIn":[1,2]}}}');
SELECT count(*) FROM studentdir.plan_cache() WHERE shape LIKE '%q_thing%';
SET compute_query_id = on;
SELECT studentdir.count('QThing', '{"where":{"id":{"$gt":0},"name":"x"}}');
SELECT count(queryid), count(*) FROM studentdir.plan_cache() WHERE shape LIKE '%q_thing%';
RESET compute_query_id;

-- keyset pages over nulls, in every direction: page by page they give what one query gives
CREATE FUNCTION pg_temp.pages(sort jsonb, page integer, by_value boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  whole text[];
  seen text[] := '{}';
  back text[] := '{}';
  rows jsonb;
  edge jsonb;
  opts jsonb := jsonb_build_object('order', sort, 'attributes', '["id","n","name"]'::jsonb, 'limit', page, 'where', '{"id":{"$lte":60}}'::jsonb);
BEGIN
  SELECT array_agg(r ->> 'id') INTO whole FROM jsonb_array_elements(studentdir.list('QThing', (opts - 'limit') || CASE WHEN sort @> '["id"]' OR sort::text LIKE '%"id"%' THEN '{}' ELSE jsonb_build_object('order', sort || CASE WHEN sort -> -1 ->> 1 LIKE 'DESC%' THEN '[["id","DESC"]]' ELSE '["id"]' END::jsonb) END)::jsonb) r;
  LOOP
    rows := studentdir.list('QThing', opts || CASE WHEN edge IS NULL THEN jsonb_build_object('order', sort || CASE WHEN sort::text LIKE '%"id"%' THEN '[]' WHEN sort -> -1 ->> 1 LIKE 'DESC%' THEN '[["id","DESC"]]' ELSE '["id"]' END::jsonb) ELSE jsonb_build_object('after', edge) END);
    EXIT WHEN rows = '[]';
    seen := seen || ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(rows) r);
    edge := CASE WHEN by_value THEN (rows -> -1) - CASE WHEN sort::text LIKE '%name%' THEN '' ELSE 'name' END - CASE WHEN sort::text LIKE '%"n"%' THEN '' ELSE 'n' END ELSE rows -> -1 -> 'id' END;
  END LOOP;
  edge := to_jsonb(whole[array_length(whole, 1)]::integer);
  LOOP
    rows := studentdir.list('QThing', opts || jsonb_build_object('before', edge));
    EXIT WHEN rows = '[]';
    back := ARRAY(SELECT r ->> 'id' FROM jsonb_array_elements(rows) r) || back;
    edge := rows -> 0 -> 'id';
  END LOOP;
  RETURN concat(array_length(whole, 1), ' ', seen = whole, ' ', back = whole[1:array_length(whole, 1) - 1]);
END $$;
SELECT sort, size, pg_temp.pages(sort, size, false), pg_temp.pages(sort, size, true)
FROM unnest(ARRAY['["n"]', '[["n","DESC"]]', '[["n","ASC NULLS FIRST"]]', '[["n","DESC NULLS LAST"]]', '["n",["name","DESC"]]', '[["n","DESC"],"id"]', '[["n","NULLS FIRST"],["id","DESC"]]', '["id"]']::jsonb[]) AS sort,
     unnest('{1,7,100}'::integer[]) AS size;
SELECT o, pg_temp.err(format('SELECT studentdir.list(''QThing'', %L)', o)) FROM unnest(ARRAY[
  '{"after":5000}', '{"after":null}', '{"after":[1]}', '{"after":{"id":1},"before":{"id":2}}', '{"after":{"n":1},"order":["n"]}', '{"after":{"id":1,"name":"x"}}',
  '{"after":{"nope":1}}', '{"after":"x"}', '{"after":{"id":"x"}}', '{"after":1,"order":[[{"$fn":["lower",{"$col":"name"}]}]]}', '{"after":1,"distinct":true,"attributes":["id"]}'
]) AS o;

-- expressions
SELECT studentdir.list('QThing', '{"attributes":["n",[{"$fn":["count",{"$col":"id"}]},"c"],[{"$fn":["max",{"$fn":["char_length",{"$col":"name"}]}]},"m"]],"group":["n"],"order":["n"],"having":{"c":{"$gt":200}}}');
SELECT studentdir.list('QThing', '{"attributes":[[{"$fn":["date_trunc","month",{"$cast":[{"$col":"born"},"timestamp"]}]},"month"],[{"$fn":["count","*"]},"c"]],"group":[{"$fn":["date_trunc","month",{"$cast":[{"$col":"born"},"timestamp"]}]}],"order":[[{"$fn":["date_trunc","month",{"$cast":[{"$col":"born"},"timestamp"]}]},"DESC"]]}');
SELECT studentdir.list('QThing', '{"attributes":["n"],"distinct":true,"order":["n"]}');
SELECT studentdir.list('QThing', '{"attributes":["id",[{"$fn":["round",{"$cast":["3.14159","numeric"]},2]},"pi"],[{"$fn":["coalesce",{"$col":"n"},-1]},"n0"],[{"$cast":["12","integer"]},"twelve"]],"where":{"id":{"$in":[4,5]}},"order":["id"]}');
SELECT studentdir.find_and_count_all('QThing', '{"where":{"n":1},"attributes":["id"],"order":["id"],"limit":2,"offset":1}');
-- under other names
SELECT studentdir.find_and_count_all('QThing', '{"where":{"n":1},"attributes":["id"],"order":["id"],"limit":1,"names":{"count":"things \"of\" n","rows":"things"}}'), studentdir.find_and_count_all('QThing', '{"where":{"id":[1,2]},"attributes":["id"],"order":["id"],"names":{"rows":"things"}}'), studentdir.find_and_count_all('QThing', '{"where":{"n":[1,2]},"attributes":["n"],"group":["n"],"order":["n"],"names":{"count":"groups"}}'), studentdir.find_and_count_all('QThing', '{"limit":0,"names":{}}');
SELECT o, pg_temp.err(format('SELECT studentdir.find_and_count_all(''QThing'', %L)', o)) FROM unnest(ARRAY['{"names":"things"}', '{"names":{"row":"things"}}', '{"names":{"rows":1}}', '{"names":{"rows":{"$param":"x"}}}', '{"names":{"rows":"count"}}', '{"names":null}']) AS o;
SELECT pg_temp.err('SELECT studentdir.list(''QThing'', ''{"names":{}}'')');
SELECT studentdir.count('QThing', '{"distinct":true}'), studentdir.aggregate('QThing', 'sum', 'n'), studentdir.aggregate('QThing', 'avg', 'n'), studentdir.aggregate('QThing', 'max', 'name'), studentdir.aggregate('QThing', 'min', 'born'), studentdir.aggregate('QThing', 'count', 'n', '{"where":{"n":null}}'), studentdir.aggregate('QThing', 'sum', 'n', '{"where":{"id":0}}');
SELECT o, pg_temp.err(format('SELECT studentdir.list(''QThing'', %L)', o)) FROM unnest(ARRAY[
  '{"attributes":[[{"$fn":["pg_sleep",1]},"x"]]}', '{"attributes":[[{"$fn":["set_config","a","b",true]},"x"]]}', '{"attributes":[[{"$fn":["lower",{"$col":"id"}]},"x"]]}',
  '{"attributes":[[{"$fn":["lower"]},"x"]]}', '{"attributes":[[{"$fn":[]},"x"]]}', '{"attributes":[[{"$fn":[5]},"x"]]}', '{"attributes":[[{"$fn":["sum",{"$fn":["sum",{"$col":"n"}]}]},"x"]]}',
  '{"attributes":[[{"$cast":[{"$col":"id"},"regclass"]},"x"]]}', '{"attributes":[[{"$cast":[{"$col":"span"},"integer"]},"x"]]}', '{"attributes":[[{"$cast":[1]},"x"]]}', '{"attributes":[[{"$col":5},"x"]]}', '{"attributes":[[{"$col":"nope"},"x"]]}',
  '{"attributes":[[{"$fn":["coalesce",{"$col":"n"},"x"]},"x"]]}', '{"attributes":[[{"$fn":["coalesce",{"$col":"n"},{"$col":"name"}]},"x"]]}',
  '{"attributes":["id",[{"$fn":["count","*"]},"c"]]}', '{"attributes":["name"],"group":["n"]}', '{"group":["n"]}', '{"attributes":["n"],"group":["n"],"order":["id"]}', '{"having":{"n":1}}', '{"attributes":["n"],"group":["n"],"having":{"x":1}}',
  '{"where":{"$expr":[{"$fn":["count","*"]},"$gt",1]}}', '{"where":{"$expr":[{"$col":"id"},"$eq"]}}', '{"where":{"$expr":[{"$col":"id"},"$gt",{"$col":"name"}]}}', '{"where":{"id":{"$gt":{"$col":"name"}}}}',
  '{"attributes":["n"],"distinct":true,"order":["id"]}', '{"attributes":["n"],"group":["n"],"lock":"UPDATE"}', '{"distinct":true,"lock":"UPDATE"}', '{"lock":"EXCLUSIVE"}', '{"skipLocked":true}', '{"lock":"SHARE","skipLocked":true,"noWait":true}',
  '{"where":{"name":{"$match":5}}}', '{"where":{"name":{"$match":{"query":"x","config":"no; such"}}}}', '{"where":{"n":{"$like":"x"}}}', '{"where":{"n":{"$contains":1}}}', '{"where":{"name":{"$anyKeyExists":["x"]}}}', '{"where":{"tags":{"$adjacent":[1,2]}}}', '{"where":{"$gt":1}}'
]) AS o;
SELECT pg_temp.err('SELECT studentdir.count(''QThing'', ''{"group":["n"]}'')');
SELECT pg_temp.err(format('SELECT studentdir.aggregate(''QThing'', %L, %L)', f, a)) FROM (VALUES ('median', 'n'), ('sum', 'name'), ('sum', 'nope'), ('count(*); --', 'n'), (NULL, 'n')) AS t (f, a);

-- a superuser may allow more functions
SET studentdir.allowed_functions = 'repeat, q_schema.f, "Odd Name"';
SELECT studentdir.list('QThing', '{"attributes":[[{"$fn":["repeat","ab",2]},"x"]],"where":{"id":1}}');
SELECT pg_temp.err('SELECT studentdir.list(''QThing'', ''{"attributes":[[{"$fn":["q_schema.f",2]},"x"]]}'')');
RESET studentdir.allowed_functions;

-- each class of hole that other ORMs had: keys, casts, aliases, functions, ORDER BY, JSON paths, LIMIT
SELECT o, pg_temp.err(format('SELECT studentdir.list(''QThing'', %L)', o)) FROM unnest(ARRAY[
  '{"where":{"id) OR 1=1 --":1}}',
  '{"where":{"doc.k'' OR 1=1 --":1}}',
  '{"where":{"doc":{"k'') OR 1=1 --":"x"}}}',
  '{"where":{"doc":{"k\"}'' = ''x'' OR 1=1 --":1}}}',
  '{"where":{"doc.a::text) = ''x'' OR (1=1":1}}',
  '{"attributes":[["id","x\" , (SELECT 1) AS \"y"]]}',
  '{"attributes":["id; DROP TABLE q_thing"]}',
  '{"attributes":[[{"$fn":["lower(name)) --",{"$col":"name"}]},"x"]]}',
  '{"attributes":[[{"$cast":[{"$col":"id"},"integer); DROP TABLE q_thing; --"]},"x"]]}',
  '{"order":[["id","ASC, (SELECT pg_sleep(9))"]]}', '{"order":["id DESC; SELECT 1"]}', '{"order":[["id","ASC NULLS LAST; --"]]}',
  '{"limit":"1; DROP TABLE q_thing"}', '{"offset":{"$gt":0}}', '{"group":["n) --"]}',
  '{"where":{"name":{"$like":"x'' OR ''1''=''1"}}}', '{"where":{"name":{"$substring":"%'' OR 1=1 --"}}}', '{"where":{"name":{"$regexp":"'' OR 1=1 --"}}}',
  '{"where":{"tags":{"$contains":["''}'' OR 1=1 --"]}}}', '{"where":{"name":"\\'' OR 1=1 --"}}',
  '{"include":"Posts; DROP TABLE posts"}', '{"where":{"$Posts; --.id$":1}}', '{"lock":"UPDATE; --"}', '{"after":{"id) OR 1=1 --":1}}'
]) AS o;
SELECT studentdir.count('QThing'), studentdir.count('QThing', '{"where":{"doc":{"k'') OR 1=1 --":"x"}}}');
SELECT studentdir.list('QThing', '{"attributes":[["id","x\" , (SELECT 1) AS \"y"]],"where":{"id":1}}');

-- what is run
SELECT step, sql, params FROM studentdir.to_sql('User', '{"attributes":["id"],"where":{"name":{"$startsWith":"A"},"$Posts.title$":"x"},"include":[{"association":"Posts","attributes":["title"],"where":{"id":{"$gt":3}},"order":[["id","DESC"]],"limit":2}],"order":["name"],"after":7,"limit":5}');
\setenv PGDATABASE :DBNAME
\! psql -Xqc "SET studentdir.log_sql = notice; SELECT FROM users_with_posts('{\"attributes\":[\"id\"],\"where\":{\"name\":[\"a\",\"b\"]}}'); SELECT FROM user_create('{\"name\":\"Logged\",\"createdAt\":\"2026-01-01T00:00:00Z\",\"updatedAt\":\"2026-01-01T00:00:00Z\"}'); SELECT users_destroy('{\"where\":{\"name\":\"Logged\"}}'); SET studentdir.log_sql = off; SELECT FROM users_find_all()" 2>&1 | sed 's/in [0-9.]* ms/in … ms/'
SELECT line ~ 'Index|Seq|Bitmap' AS plan FROM studentdir.explain('QThing', '{"where":{"id":5}}', true) AS line LIMIT 1;

-- the page's own plan, not that of the edge's row
SELECT bool_or(line ~ 'Limit') AS page, bool_or(line ~ 'id = 500') AS edge FROM studentdir.explain('QThing', '{"order":["n"],"after":500,"limit":3}') AS line;
SELECT pg_temp.err('SELECT studentdir.explain(''QThing'', ''{"after":5000}'')');

DELETE FROM studentdir.model WHERE name = 'QThing';
DROP TABLE q_thing;
