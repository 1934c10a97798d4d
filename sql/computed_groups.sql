-- Counts and their like over many parents: read for all at once where that is cheaper, and for each batch where it does not fit
\pset format unaligned
\pset tuples_only on
CREATE TABLE cg_parents (a bigint, b text, name text, PRIMARY KEY (a, b));
CREATE TABLE cg_children (id int PRIMARY KEY, parent_a int, parent_b text, likes int, word text);
CREATE TABLE cg_grand (id int PRIMARY KEY, child_id int, n numeric);
INSERT INTO cg_parents SELECT i, 'b' || i % 3, 'p' || i FROM generate_series(1, 1200) AS i;
INSERT INTO cg_children SELECT i, CASE WHEN i % 50 > 0 THEN i % 1000 + 1 END, CASE WHEN i % 70 > 0 THEN 'b' || (i % 1000 + 1) % 3 END, i % 9, 'w' || i FROM generate_series(1, 3000) AS i;
INSERT INTO cg_grand SELECT i, i % 2800 + 1, i / 4.0 FROM generate_series(1, 4000) AS i;
CREATE TABLE cg_tags (id int PRIMARY KEY, child_word text);
INSERT INTO cg_tags SELECT i, CASE WHEN i % 50 > 0 THEN 'w' || i * i % 3300 END FROM generate_series(1, 3000) AS i;
CREATE INDEX ON cg_tags (child_word);
-- a key that no parent can have
CREATE TABLE cg_far (id int PRIMARY KEY, child_id bigint);
INSERT INTO cg_far SELECT i, CASE WHEN i = 50 THEN 1000000000000 ELSE i % 2000 END FROM generate_series(1, 3000) AS i;
CREATE INDEX ON cg_far (child_id);
CREATE INDEX ON cg_children (parent_a, parent_b); CREATE INDEX ON cg_children (parent_a); CREATE INDEX ON cg_grand (child_id);
ANALYZE cg_parents, cg_children, cg_grand, cg_tags, cg_far;
SELECT studentdir.define('CgParent', '{"a":{"type":"BIGINT","primaryKey":true},"b":{"type":"TEXT","primaryKey":true},"name":"TEXT"}', '{"tableName":"cg_parents","timestamps":false}') IS NOT NULL,
  studentdir.define('CgChild', '{"id":{"type":"INTEGER","primaryKey":true},"parentA":{"type":"INTEGER","field":"parent_a"},"parentB":{"type":"TEXT","field":"parent_b"},"likes":"INTEGER","word":"TEXT"}', '{"tableName":"cg_children","timestamps":false}') IS NOT NULL,
  studentdir.define('CgGrand', '{"id":{"type":"INTEGER","primaryKey":true},"childId":{"type":"INTEGER","field":"child_id"},"n":"DECIMAL"}', '{"tableName":"cg_grand","timestamps":false}') IS NOT NULL,
  studentdir.define('CgTag', '{"id":{"type":"INTEGER","primaryKey":true},"childWord":{"type":"TEXT","field":"child_word"}}', '{"tableName":"cg_tags","timestamps":false}') IS NOT NULL,
  studentdir.define('CgFar', '{"id":{"type":"INTEGER","primaryKey":true},"childId":{"type":"BIGINT","field":"child_id"}}', '{"tableName":"cg_far","timestamps":false}') IS NOT NULL,
  studentdir.has_many('CgChild', 'CgFar', '{"as":"far","foreignKey":"childId"}') IS NOT NULL,
  studentdir.has_many('CgChild', 'CgTag', '{"as":"tags","foreignKey":"childWord","sourceKey":"word"}') IS NOT NULL,
  studentdir.has_many('CgParent', 'CgChild', '{"as":"children","foreignKey":["parentA","parentB"]}') IS NOT NULL,
  studentdir.has_many('CgChild', 'CgGrand', '{"as":"grand","foreignKey":"childId"}') IS NOT NULL,
  studentdir.belongs_to('CgChild', 'CgParent', '{"as":"parent","foreignKey":["parentA","parentB"]}') IS NOT NULL;
-- the same rows as by hand, and whether a statement read all groups
CREATE FUNCTION pg_temp.same(model text, attributes text, query text, params jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE want text; got text;
BEGIN
  EXECUTE format('SELECT md5(string_agg(to_jsonb(x)::text, '','' ORDER BY to_jsonb(x)::text)), count(*) FROM (%s) AS x', query) INTO want;
  SELECT md5(string_agg(r::jsonb::text, ',' ORDER BY r::jsonb::text)) INTO got FROM studentdir.find_all(model, format('{"attributes":%s}', attributes)::jsonb, params) AS f (r);
  RETURN CASE WHEN got = want THEN 'same' ELSE 'other' END;
END $$;
CREATE FUNCTION pg_temp.all_read() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(calls) FROM studentdir.plan_cache() WHERE shape ~ 'GROUP BY|^SELECT t\.(child|parent)' AND shape !~ 'ANY|unnest|\[2\]' $$;
CREATE TABLE cg_asked (model text, attributes text, query text, params jsonb);
INSERT INTO cg_asked VALUES
  ('CgChild', '["id",[{"$count":"grand"},"c"],[{"$sum":"grand.n"},"s"]]', 'SELECT t.id, (SELECT count(*) FROM cg_grand WHERE child_id = t.id) AS c, (SELECT sum(n)::text FROM cg_grand WHERE child_id = t.id) AS s FROM cg_children t', NULL),
  ('CgChild', '["id",[{"$count":{"association":"grand","where":{"n":{"$gt":{"$param":"n"}}}}},"c"]]', 'SELECT t.id, (SELECT count(*) FROM cg_grand WHERE child_id = t.id AND n > 500) AS c FROM cg_children t', '{"n":500}'),
  ('CgChild', '["id",[{"$count":"far"},"c"]]', 'SELECT id, (SELECT count(*) FROM cg_far WHERE child_id = t.id) AS c FROM cg_children t', NULL),
  ('CgChild', '["id",[{"$count":"tags"},"c"]]', 'SELECT id, (SELECT count(*) FROM cg_tags WHERE child_word = t.word) AS c FROM cg_children t', NULL),
  ('CgParent', '["name",[{"$count":"children"},"c"],[{"$max":"children.word"},"m"]]', 'SELECT name, (SELECT count(*) FROM cg_children c WHERE c.parent_a = t.a AND c.parent_b = t.b) AS c, (SELECT max(word) FROM cg_children c WHERE c.parent_a = t.a AND c.parent_b = t.b) AS m FROM cg_parents t', NULL),
  ('CgParent', '["name",[{"$list":{"association":"children","attribute":"word","order":[["id","DESC"]]}},"l"],[{"$count":"children.grand"},"g"]]', 'SELECT name, coalesce((SELECT jsonb_agg(word ORDER BY id DESC) FROM cg_children c WHERE c.parent_a = t.a AND c.parent_b = t.b), ''[]'') AS l, (SELECT count(*) FROM cg_children c JOIN cg_grand g ON g.child_id = c.id WHERE c.parent_a = t.a AND c.parent_b = t.b) AS g FROM cg_parents t', NULL);
SELECT attributes, pg_temp.same(model, attributes, query, params) FROM cg_asked;
SELECT pg_temp.all_read();
-- with the options and the plans in their caches; where it does not fit, and turns out not to; where the parents turn out to be few
SELECT count(*) FILTER (WHERE pg_temp.same(model, attributes, query, params) = 'same') FROM cg_asked, generate_series(1, 2);
SET work_mem = 64; SET hash_mem_multiplier = 1;
SELECT count(*) FILTER (WHERE pg_temp.same(model, attributes, query, params) = 'same') FROM cg_asked;
ALTER TABLE cg_grand ALTER child_id SET (n_distinct = 50);
ANALYZE cg_grand;
SELECT pg_temp.same(model, attributes, query, params) FROM cg_asked LIMIT 1;
-- what was read of it is given back at once, and what fits is kept as long as the call
CREATE FUNCTION pg_temp.kept_in_call() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  c CURSOR FOR SELECT r FROM (SELECT studentdir.find_all('CgChild', '{"attributes":["id",[{"$count":"grand"},"c"]],"order":["id"]}') AS r) AS x;
  n bigint;
BEGIN
  OPEN c; MOVE 1000 IN c;
  SELECT count(*) INTO n FROM pg_backend_memory_contexts WHERE name = 'studentdir groups';
  CLOSE c;
  RETURN n;
END $$;
SELECT pg_temp.kept_in_call();
RESET work_mem; RESET hash_mem_multiplier;
SELECT pg_temp.all_read();
SELECT pg_temp.kept_in_call();
SELECT count(r), sum((r ->> 'c')::int) FROM studentdir.find_all('CgChild', '{"attributes":["id",[{"$count":"grand"},"c"]],"limit":20,"order":["id"]}') AS f (r);
SELECT pg_temp.all_read();
-- in the midst of a cursor, and over a limit on rows, which are those of the answer
SET studentdir.max_rows = 3000;
SELECT count(r) FROM studentdir.find_all('CgChild', '{"attributes":["id",[{"$count":"grand"},"c"]]}') AS f (r);
RESET studentdir.max_rows;
BEGIN;
DECLARE c CURSOR FOR SELECT r FROM (SELECT studentdir.find_all('CgChild', '{"attributes":["id",[{"$count":"grand"},"c"]],"order":["id"]}') AS r) AS x;
MOVE 1000 IN c;
DELETE FROM cg_grand;
FETCH 2 FROM c;
MOVE 1500 IN c;
FETCH 2 FROM c;
ROLLBACK;
-- numbers of records are counted as rows are read, but where the server has workers count them
CREATE FUNCTION pg_temp.grouped() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(calls) FROM studentdir.plan_cache() WHERE shape ~ '^SELECT CAST.pg_catalog.count[^,]*, t.child_id FROM public.cg_grand AS t GROUP BY' $$;
DISCARD PLANS;
SELECT pg_temp.same(model, '["id",[{"$count":"grand"},"c"]]', 'SELECT t.id, (SELECT count(*) FROM cg_grand WHERE child_id = t.id) AS c FROM cg_children t', NULL), pg_temp.grouped() FROM cg_asked LIMIT 1;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0; SET max_parallel_workers_per_gather = 2;
DISCARD PLANS;
SELECT pg_temp.same(model, '["id",[{"$count":"grand"},"c"]]', 'SELECT t.id, (SELECT count(*) FROM cg_grand WHERE child_id = t.id) AS c FROM cg_children t', NULL), pg_temp.grouped() FROM cg_asked LIMIT 1;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET min_parallel_index_scan_size; RESET max_parallel_workers_per_gather;
-- keys that follow each other are read from the first to the last: not those in the gaps, nor what lies between two integers
CREATE TABLE cg_wide (id bigint PRIMARY KEY);
INSERT INTO cg_wide SELECT i FROM generate_series(-5, 250) AS i WHERE i NOT IN (50, 160, 161) UNION ALL SELECT (CASE j WHEN 1 THEN 9223372036854775807 ELSE -9223372036854775808 END)::bigint FROM generate_series(1, 2) AS j;
CREATE TABLE cg_leaves (id int PRIMARY KEY, wide_id bigint, small smallint, amount numeric, word text);
INSERT INTO cg_leaves SELECT i, i % 270 - 10, i % 270 - 10, i % 270 - 10 + i % 2 * 0.25, i % 270 FROM generate_series(1, 2000) AS i;
INSERT INTO cg_leaves SELECT 3000 + j, (CASE j WHEN 1 THEN 9223372036854775807 ELSE -9223372036854775808 END)::bigint FROM generate_series(1, 2) AS j;
CREATE INDEX ON cg_leaves (wide_id); CREATE INDEX ON cg_leaves (small); CREATE INDEX ON cg_leaves (amount);
ANALYZE cg_wide, cg_leaves;
SELECT studentdir.define('CgWide', '{"id":{"type":"BIGINT","primaryKey":true}}', '{"tableName":"cg_wide","timestamps":false}') IS NOT NULL,
  studentdir.define('CgLeaf', '{"id":{"type":"INTEGER","primaryKey":true},"wideId":{"type":"BIGINT","field":"wide_id"},"small":"SMALLINT","amount":"DECIMAL","word":"TEXT"}', '{"tableName":"cg_leaves","timestamps":false}') IS NOT NULL,
  studentdir.has_many('CgWide', 'CgLeaf', '{"as":"leaves","foreignKey":"wideId"}') IS NOT NULL,
  studentdir.has_many('CgWide', 'CgLeaf', '{"as":"smalls","foreignKey":"small"}') IS NOT NULL,
  studentdir.has_many('CgWide', 'CgLeaf', '{"as":"amounts","foreignKey":"amount"}') IS NOT NULL;
CREATE FUNCTION pg_temp.runs() RETURNS bigint LANGUAGE sql AS $$ SELECT coalesce(sum(calls), 0) FROM studentdir.plan_cache() WHERE shape LIKE '%)[2]' $$;
DISCARD PLANS;
-- twice: the first call of each statement is the server's own
SELECT turn, condition, count(r), count(r) FILTER (WHERE (r ->> 'c')::int = (SELECT count(*) FROM cg_leaves WHERE wide_id = (r ->> 'id')::bigint)
    AND (r ->> 's')::int = (SELECT count(*) FROM cg_leaves WHERE small = (r ->> 'id')::bigint) AND (r ->> 'a')::int = (SELECT count(*) FROM cg_leaves WHERE amount = (r ->> 'id')::bigint)
    AND (r ->> 'w')::int = (SELECT count(*) FROM cg_leaves WHERE wide_id = (r ->> 'id')::bigint AND word > '3')) AS same
  FROM generate_series(1, 2) AS turn,
    unnest('{"{}", "{\"id\":{\"$between\":[-5,250]}}", "{\"id\":{\"$between\":[-5,45]}}", "{\"id\":{\"$notBetween\":[0,249]}}", "{\"id\":[3,4,5,6,8]}"}'::text[]) AS condition,
    studentdir.find_all('CgWide', jsonb_build_object('attributes', '["id",[{"$count":"leaves"},"c"],[{"$count":"smalls"},"s"],[{"$count":"amounts"},"a"],[{"$count":{"association":"leaves","where":{"word":{"$gt":"3"}}}},"w"]]'::jsonb,
      'where', condition::jsonb, 'order', '[["id","DESC"]]'::jsonb)) AS f (r) GROUP BY 1, 2 ORDER BY 1, 2;
-- an index that does not sort is searched for each key
DROP INDEX cg_leaves_wide_id_idx; CREATE INDEX ON cg_leaves USING hash (wide_id);
DISCARD PLANS;
SELECT pg_temp.runs() AS before \gset
SELECT turn, sum((r ->> 'c')::int), pg_temp.runs() > :before AS runs FROM generate_series(1, 2) AS turn, studentdir.find_all('CgWide', '{"attributes":["id",[{"$count":"leaves"},"c"]],"where":{"id":{"$gt":0}}}') AS f (r) GROUP BY turn ORDER BY turn;
SELECT turn, sum((r ->> 's')::int), pg_temp.runs() > :before AS runs FROM generate_series(1, 2) AS turn, studentdir.find_all('CgWide', '{"attributes":["id",[{"$count":"smalls"},"s"]],"where":{"id":{"$gt":0}}}') AS f (r) GROUP BY turn ORDER BY turn;
-- and so it is where statements are refused by their cost: what a run costs is estimated without its ends
SELECT pg_temp.runs() AS before \gset
SET studentdir.max_cost = 100000;
SELECT turn, sum((r ->> 's')::int), pg_temp.runs() > :before AS runs FROM generate_series(1, 2) AS turn, studentdir.find_all('CgWide', '{"attributes":["id",[{"$count":"smalls"},"s"]],"where":{"id":{"$gt":0}}}') AS f (r) GROUP BY turn ORDER BY turn;
RESET studentdir.max_cost;
SELECT pg_temp.runs() > 0, count(*) FROM studentdir.plan_cache() WHERE shape ~ 't.amount .*\)\[2\]';
SELECT studentdir.undefine(m) FROM unnest('{CgLeaf,CgWide}'::text[]) AS m;
DROP TABLE cg_wide, cg_leaves;
SELECT studentdir.undefine(m) FROM unnest('{CgGrand,CgChild,CgTag,CgFar,CgParent}'::text[]) AS m;
DROP TABLE cg_grand, cg_children, cg_tags, cg_far, cg_parents, cg_asked;
