-- Pages that an index has together and in order are planned once, for their limit; others for their values.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE pp_notes (id integer PRIMARY KEY, topic integer NOT NULL, n integer NOT NULL, word text);
INSERT INTO pp_notes SELECT i, i % 50, i * 7919 % 20011, 'w' || i FROM generate_series(1, 20000) i;
CREATE INDEX pp_notes_topic_n ON pp_notes (topic, n, id);
ANALYZE pp_notes;
SELECT json_typeof(studentdir.define('PpNote', '{"topic":"INTEGER","n":"INTEGER","word":"TEXT"}', '{"timestamps":false,"tableName":"pp_notes"}'));
SELECT studentdir.has_many('PpNote', 'PpNote', '{"as":"Same","foreignKey":"topic","sourceKey":"topic","constraints":false}') ->> 'as';
CREATE FUNCTION pg_temp.ask(options jsonb) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(r) FROM generate_series(1, 8) i, LATERAL studentdir.find_all('PpNote', options || jsonb_build_object('where', options -> 'where' || jsonb_build_object('topic', i))) AS r $$;
CREATE FUNCTION pg_temp.plans() RETURNS TABLE (shape text, calls bigint, generic boolean) LANGUAGE sql AS $$
  SELECT substring(shape FROM 'WHERE .*'), calls, generic FROM studentdir.plan_cache() WHERE shape ~ 'pp_notes AS t WHERE' ORDER BY 1, 2 $$;

-- by the topic in the order of the index, in both directions, after a row, and without an order
SELECT pg_temp.ask('{"where":{},"order":["n"],"limit":10}'), pg_temp.ask('{"where":{},"order":[["n","DESC"]],"limit":10}'), pg_temp.ask('{"where":{},"order":["n"],"limit":10,"after":{"n":9000,"id":1}}'), pg_temp.ask('{"where":{"n":{"$gt":19000}},"order":["n"],"limit":10}'), pg_temp.ask('{"where":{},"limit":10}');
SELECT * FROM pg_temp.plans();
SELECT studentdir.explain('PpNote', '{"where":{"topic":7},"order":["n"],"limit":10}') ~ 'Sort' AS sorts;
-- limits of as many digits share a plan
SELECT pg_temp.ask('{"where":{},"order":["n"],"limit":99}'), pg_temp.ask('{"where":{},"order":["n"],"limit":100}');
SELECT * FROM pg_temp.plans() WHERE shape ~ 't.n, t.id LIMIT' AND shape !~ 't.n[^,]* \$';
-- very many rows, an offset, another order and other conditions are planned for their values, at first at least
SELECT count(studentdir.list('PpNote', options::jsonb)) FROM unnest(ARRAY['{"where":{"topic":1},"order":["n"],"limit":1000}', '{"where":{"topic":1},"order":["n"],"limit":10,"offset":5}', '{"where":{"topic":1},"order":["word"],"limit":10}', '{"where":{"topic":1,"word":{"$gt":"w9"}},"order":["n"],"limit":10}']) AS options;
SELECT * FROM pg_temp.plans() WHERE NOT generic;
-- the limit may be a parameter
SELECT count(studentdir.list('PpNote', '{"where":{"topic":{"$param":"t"}},"order":["n"],"limit":{"$param":"l"}}', jsonb_build_object('t', i, 'l', CASE WHEN i < 5 THEN 3 ELSE 300 END))) FROM generate_series(1, 9) AS i;
SELECT calls, generic FROM pg_temp.plans() WHERE shape ~ 't.n, t.id LIMIT \$2$' AND calls IN (4, 5);
-- what a plan was made for is no more than an estimate
SELECT json_array_length(studentdir.list('PpNote', '{"where":{"topic":7},"order":["n"],"limit":33}')), json_array_length(studentdir.list('PpNote', '{"where":{"topic":8},"order":["n"],"limit":11}')), json_array_length(studentdir.list('PpNote', '{"where":{"topic":8},"order":["n"],"limit":0}'));
-- included records of one parent
SELECT substring(line FROM 'Index Scan using \w+|Sort'), substring(line FROM 'actual time=\S+ rows=(\d+)') AS rows FROM studentdir.explain('PpNote', '{"where":{"id":1},"include":{"association":"Same","order":["n"],"limit":3}}', true) AS line WHERE line ~ 'Index Scan|Sort';

SELECT studentdir.undefine('PpNote');
DROP TABLE pp_notes;
