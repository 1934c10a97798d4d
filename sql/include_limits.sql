-- Includes at their limits: deep, wide, everything at once; errors and a cancel in the middle of one.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE nodes (id integer PRIMARY KEY, next_id integer);
INSERT INTO nodes SELECT i, i + 1 FROM generate_series(1, 100) i;
SELECT json_typeof(studentdir.define('Node', '{"nextId":"INTEGER"}', '{"timestamps":false}'));
SELECT studentdir.belongs_to('Node', 'Node', '{"as":"next","foreignKey":"nextId"}') ->> 'as', studentdir.has_many('Node', 'Node', '{"as":"before","foreignKey":"nextId"}') ->> 'as';
CREATE FUNCTION pg_temp.chain(name text, n integer) RETURNS jsonb LANGUAGE sql AS
$$ SELECT ('{"where":{"id":50},"attributes":[],"include":' || repeat(format('{"association":"%s","attributes":["id"],"include":', name), n - 1) || format('"%s"', name) || repeat('}', n - 1) || '}')::jsonb $$;

-- deep
SELECT studentdir.find_all('Node', pg_temp.chain('next', 10));
SELECT studentdir.find_all('Node', pg_temp.chain('before', 10));
SELECT pg_temp.err($$SELECT studentdir.find_all('Node', pg_temp.chain('next', 11))$$);
SET studentdir.max_include_depth = 60;
SELECT length(r::text) FROM studentdir.find_all('Node', pg_temp.chain('next', 50)) AS f (r);
SELECT count(*) FROM studentdir.to_sql('Node', pg_temp.chain('before', 50));
SELECT pg_temp.err($$SELECT studentdir.find_all('Node', pg_temp.chain('next', 61))$$);
RESET studentdir.max_include_depth;

-- wide
SELECT count(studentdir.has_many('Node', 'Node', format('{"as":"a%s","foreignKey":"nextId"}', i)::jsonb)::text) FROM generate_series(1, 300) i;
SELECT count(k) FROM studentdir.find_all('Node', jsonb_build_object('where', '{"id":50}'::jsonb, 'attributes', '[]'::jsonb, 'include',
  (SELECT jsonb_agg(jsonb_build_object('association', 'a' || i, 'attributes', '["id"]'::jsonb)) FROM generate_series(1, 300) i))) AS f (r), json_each(r) AS e (k, v) WHERE v::text = '[{"id":49}]';
SELECT count(*) FROM studentdir.find_all('Node', '{"where":{"id":50},"include":{"all":true}}') AS f (r), json_object_keys(r);

-- more than can be meant: ten models, each with all others
SELECT count(studentdir.define('N' || i, '{"nextId":"INTEGER"}', '{"timestamps":false,"tableName":"nodes"}')::text) FROM generate_series(1, 10) i;
SELECT count(studentdir.belongs_to('N' || i, 'N' || j, format('{"as":"to%s","foreignKey":"nextId"}', j)::jsonb)::text) FROM generate_series(1, 10) i, generate_series(1, 10) j WHERE i <> j;
SELECT pg_temp.err($$SELECT studentdir.find_all('N1', '{"include":{"all":true,"nested":true}}')$$);
SELECT pg_temp.err($$SELECT studentdir.to_sql('N1', '{"include":["to2",{"association":"to3","include":[{"all":true,"nested":true}]}]}')$$);
SELECT count(*) FROM studentdir.to_sql('N1', '{"include":{"all":true}}');

-- as many values as may be bound, in an include too
CREATE FUNCTION pg_temp.alternatives(n integer) RETURNS jsonb LANGUAGE sql AS
$$ SELECT jsonb_build_object('include', jsonb_build_object('association', 'next', 'required', false, 'where', jsonb_build_object('$or', jsonb_agg(jsonb_build_object('id', i))))) FROM generate_series(1, n) i $$;
SELECT count(*) FROM studentdir.find_all('Node', pg_temp.alternatives(100));
SELECT pg_temp.err($$SELECT studentdir.find_all('Node', pg_temp.alternatives(10001))$$);

-- an error, and a cancel, while included rows are read; the next call is not touched by it
CREATE VIEW slow_nodes AS SELECT id, next_id, CASE WHEN id = 30 THEN 1 / (id - 30) WHEN id = 60 THEN length(pg_sleep(60)::text) ELSE 0 END AS cost FROM nodes;
SELECT json_typeof(studentdir.define('Slow', '{"id":{"type":"INTEGER","primaryKey":true},"nextId":"INTEGER","cost":"INTEGER"}', '{"timestamps":false,"tableName":"slow_nodes"}'));
SELECT studentdir.belongs_to('Node', 'Slow', '{"foreignKey":"nextId","constraints":false}') ->> 'as', studentdir.has_many('Slow', 'Node', '{"foreignKey":"nextId","constraints":false}') ->> 'as';
CREATE FUNCTION pg_temp.read(low integer, high integer) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.err(format('SELECT studentdir.find_all(%L, %L)', 'Node', jsonb_build_object('where', jsonb_build_object('id', jsonb_build_object('$between', jsonb_build_array(low, high))), 'include', '{"association":"Slow","include":"Nodes"}'::jsonb))) $$;
SELECT pg_temp.read(1, 20), pg_temp.read(1, 40), pg_temp.read(31, 58), pg_temp.read(29, 29), pg_temp.read(1, 20);
SET statement_timeout = '300ms';
SELECT studentdir.find_all('Node', '{"where":{"id":{"$between":[31,70]}},"include":{"association":"Slow","include":"Nodes"}}');
SELECT studentdir.list('Node', '{"where":{"id":59},"include":{"association":"Slow","include":"Nodes"}}');
RESET statement_timeout;
SELECT pg_temp.read(31, 58);
-- of a cursor that is not read to its end
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('Node', '{"order":["id"],"attributes":["id"],"include":{"association":"Slow","attributes":["cost"]},"where":{"id":{"$lt":29}}}');
FETCH 2 FROM c;
SAVEPOINT s;
SELECT studentdir.find_all('Node', '{"where":{"id":29},"include":"Slow"}');
ROLLBACK TO s;
FETCH 1 FROM c;
COMMIT;

-- as it was
SELECT count(studentdir.undefine(name)::text) FROM studentdir.model WHERE NOT options ? 'builtin';
DROP VIEW slow_nodes;
DROP TABLE nodes;
