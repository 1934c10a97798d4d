-- increment, decrement.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE counters (id integer PRIMARY KEY, s smallint, i integer, b bigint, n numeric(10,2), r real, d double precision, t text, day date, total integer GENERATED ALWAYS AS (i * 2) STORED, updated_at timestamptz(3) NOT NULL DEFAULT '2026-01-01', v integer NOT NULL DEFAULT 0, deleted_at timestamptz, pos integer CHECK (pos >= 0));
INSERT INTO counters (id, s, i, b, n, r, d, t, day, pos) VALUES (1, 1, 1, 9007199254740993, 1.25, 1.5, 2.5, 'x', '2026-01-01', 5), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO counters (id, s, i, deleted_at) VALUES (3, 1, 1, '2026-01-01');
SELECT studentdir.define('Counter', '{"id":{"type":"INTEGER","primaryKey":true},"s":"SMALLINT","i":{"type":"INTEGER","validate":{"max":10}},"b":"BIGINT","n":"DECIMAL(10,2)","r":"REAL","d":"DOUBLE","t":"TEXT","day":"DATEONLY","total":"INTEGER","pos":"INTEGER","word":"VIRTUAL"}',
  '{"tableName":"counters","createdAt":false,"version":"v","paranoid":true,"scopes":{"few":{"where":{"id":2},"limit":1}}}') IS NOT NULL;
CREATE FUNCTION pg_temp.inc(id bigint, amounts text, options text DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS
  $$ SELECT record::jsonb - '{updatedAt,deletedAt,t,day}'::text[] FROM studentdir.increment('Counter', id, amounts::jsonb, options::jsonb) $$;
CREATE FUNCTION pg_temp.ierr(amounts text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.increment(''Counter'', 1, %L, %L)', amounts, options)) $$;

-- several attributes with steps of their own, of every numeric type
SELECT pg_temp.inc(1, '{"s":2,"i":-3,"b":"9007199254740993","n":0.25,"r":0.25,"d":-0.5}');
SELECT record::jsonb - 'updatedAt', (record->>'updatedAt')::timestamptz > '2026-01-02' FROM studentdir.decrement('Counter', 1, '{"s":-1,"n":"10.50"}');
-- null stays null, and the row still counts as changed
SELECT pg_temp.inc(2, '{"s":2,"i":-3,"b":1,"n":0.25,"r":0.25,"d":-0.5}');
-- the other forms
SELECT pg_temp.inc(1, '"i"'), pg_temp.inc(1, '["i","s"]'), pg_temp.inc(1, '["i","s"]', '{"by":5}'), pg_temp.inc(1, '"i"', '{"by":-8}');
-- keys of every kind
SELECT record->>'i' FROM studentdir.increment('Counter', '1', '{"i":1}');
SELECT record->>'i' FROM studentdir.decrement('Counter', '{"id":1}'::jsonb, '{"i":1}');
SELECT studentdir.increment('Counter', 99, '{"i":1}'), studentdir.increment('Counter', NULL::bigint, '{"i":1}');
-- deleted rows, conditions and scopes
SELECT pg_temp.inc(3, '{"i":1}');
SELECT pg_temp.inc(3, '{"i":1}', '{"paranoid":false}');
SELECT pg_temp.inc(1, '{"i":1}', '{"where":{"t":"y"}}'), pg_temp.inc(1, '{"i":1}', '{"scope":"few"}');
-- a sum may need no more room than the attribute has, the amount may
SELECT pg_temp.inc(2, '{"s":40000}');
UPDATE counters SET s = -32768 WHERE id = 1;
SELECT record->>'s' FROM studentdir.increment('Counter', 1, '{"s":65535}');
SELECT pg_temp.ierr('{"s":1}'), pg_temp.ierr('{"b":"9223372036854775807","n":1}'), pg_temp.ierr('{"n":99999999}'), pg_temp.ierr('{"b":9223372036854775808}');
SELECT left(pg_temp.ierr('{"pos":-100}'), 80);
-- what is no amount, and what is not counted
SELECT a, pg_temp.ierr(a) FROM (VALUES ('{}'), ('[]'), ('null'), ('1'), ('true'), ('{"i":"x"}'), ('{"i":""}'), ('{"i":null}'), ('{"i":true}'), ('{"i":[1]}'), ('{"i":"NaN"}'), ('{"n":"Infinity"}'), ('{"i":0.5}'), ('{"i":"--1"}'),
  ('{"t":1}'), ('{"day":1}'), ('{"id":1}'), ('{"v":1}'), ('{"nope":1}'), ('{"word":1}'), ('{"updatedAt":1}'), ('"ii"'), ('["i","i"]'), ('["i",1]'), ('[["i",1]]'), ('{"total":1}'), ('{"i.a":1}')) AS t (a);
SELECT a, o, pg_temp.ierr(a, o) FROM (VALUES ('{"i":1}', '{"by":2}'), ('"i"', '{"by":"x"}'), ('"i"', '{"by":null}'), ('"i"', '{"limit":1}'), ('"i"', '{"fields":["s"]}')) AS t (a, o);
SELECT pg_temp.err('SELECT studentdir.increment(''Counter'', 1, NULL)');
SELECT pg_temp.err('SELECT studentdir.increment(''Counter'', 9999999999999999999::numeric::text, ''"i"'')');

-- by condition: how many; scopes, paranoid rows, limits and versions as in update
CREATE FUNCTION pg_temp.werr(amounts text, options text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.err(format('SELECT studentdir.increment_where(''Counter'', %L, %L)', amounts, options)) $$;
SELECT id, i, v FROM counters ORDER BY id;
SELECT studentdir.increment_where('Counter', '{"i":10}', '{"where":{"id":[1,2,3]}}'), studentdir.decrement_where('Counter', '"i"', '{"all":true,"by":3}'), studentdir.increment_where('Counter', '{"i":1}', '{"where":{"id":99}}');
SELECT id, i, v FROM counters ORDER BY id;
SELECT studentdir.increment_where('Counter', '["i"]', '{"all":true,"paranoid":false,"order":[["id","DESC"]],"limit":1}'), studentdir.increment_where('Counter', '["i"]', '{"where":{"id":{"$lt":{"$param":"n"}}}}', '{"n":2}');
SELECT id, i, v FROM counters ORDER BY id;
SELECT a, o, pg_temp.werr(a, o) FROM (VALUES ('{"i":1}', '{}'), ('{"i":1}', '{"where":{}}'), ('{}', '{"all":true}'), ('{"id":1}', '{"all":true}'), ('{"i":1}', '{"all":true,"returning":["i"]}'), ('{"i":1}', '{"all":true,"set":{"i":1}}'), ('{"i":1}', '{"all":true,"by":1}'), ('{"s":40000}', '{"all":true}')) AS t (a, o);

-- typed
INSERT INTO users (id, name) VALUES (7001, 'Ann');
SELECT pg_temp.err('SELECT user_increment(7001, ''{"name":1}'')'), pg_temp.err('SELECT student_decrement(1, ''{"id":1}'')'), pg_temp.err('SELECT post_increment(1, ''{"userId":"x"}'')');
DELETE FROM users WHERE id = 7001;
SELECT studentdir.undefine('Counter') IS NOT NULL;
DROP TABLE counters;
