-- Rows of the catalogs that plain DML wrote: every function says what is wrong with them.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

-- what an attribute lacks or has otherwise, one after another; every function that reads the row says the same
BEGIN;
CREATE TABLE cr_bads (id integer PRIMARY KEY, name text, at timestamptz);
SELECT studentdir.define('CrGood', '{"name":"TEXT"}', '{"timestamps":false,"tableName":"cr_bads"}') IS NOT NULL;
INSERT INTO studentdir.model VALUES ('CrBad', 'CrBad', 'CrBads', 'public', 'cr_bads', '[{"name":"id","type":"INTEGER","field":"id","primaryKey":true}]', '{}', false);
CREATE FUNCTION pg_temp.says(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  EXECUTE call;
  RETURN 'no error';
EXCEPTION WHEN object_not_in_prerequisite_state THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN detail;
WHEN OTHERS THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
CREATE FUNCTION pg_temp.all_say() RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(DISTINCT pg_temp.says(call), ' | ') FROM (VALUES
    ($c$SELECT studentdir.find_all('CrBad')$c$), ($c$SELECT studentdir.create('CrBad', '{}')$c$),
    ($c$SELECT studentdir.describe('CrBad')$c$), ($c$SELECT studentdir.expose('CrBad')$c$),
    ($c$SELECT * FROM studentdir.diff()$c$), ($c$SELECT studentdir.create_table_sql('CrBad')$c$),
    ($c$SELECT studentdir.has_many('CrBad', 'User')$c$), ($c$SELECT studentdir.belongs_to('User', 'CrBad')$c$),
    ($c$SELECT studentdir.belongs_to_many('CrBad', 'User', '{"through":"CrBadUser"}')$c$)) AS t (call) $$;
CREATE FUNCTION pg_temp.attributes(v text) RETURNS text LANGUAGE sql AS $$
  UPDATE studentdir.model SET attributes = v::jsonb WHERE name = 'CrBad'; SELECT v || E'\n  ' || pg_temp.all_say() $$;
CREATE FUNCTION pg_temp.options(v text) RETURNS text LANGUAGE sql AS $$
  UPDATE studentdir.model SET options = v::jsonb WHERE name = 'CrBad'; SELECT v || E'\n  ' || pg_temp.all_say() $$;
CREATE FUNCTION pg_temp.association(v text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM studentdir.association WHERE model = 'CrGood';
  INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key) VALUES ('CrGood', 'Bads', 'has_many', 'CrGood', '{id}', '{id}');
  EXECUTE 'UPDATE studentdir.association SET ' || v || ' WHERE model = ''CrGood''';
  RETURN v || E'\n  ' || (SELECT string_agg(DISTINCT pg_temp.says(call), ' | ') FROM (VALUES
    ($c$SELECT studentdir.find_all('CrGood')$c$), ($c$SELECT studentdir.describe('CrGood')$c$), ($c$SELECT studentdir.expose('CrGood')$c$),
    ($c$SELECT * FROM studentdir.diff()$c$), ($c$SELECT studentdir.define('CrGood', '{"name":"TEXT"}', '{"timestamps":false,"tableName":"cr_bads"}')$c$)) AS t (call));
END $$;
SELECT pg_temp.attributes(v) FROM (VALUES ('[]'), ('["x"]'), ('[{"name":"id","type":"INTEGER","field":"id","primaryKey":true},"x"]'), ('[null]'), ('[[]]'), ('[{}]'),
  ('[{"name":"id","primaryKey":true}]'), ('[{"name":7,"type":"INTEGER","field":"id"}]'), ('[{"name":"","type":"INTEGER","field":"id"}]'),
  ('[{"name":"id","type":["INTEGER"],"field":"id"}]'), ('[{"name":"id","type":"INTEGER"}]'), ('[{"name":"id","type":"INTEGER","field":""}]'),
  ('[{"name":"id","type":"VIRTUAL","field":"id"}]'), ('[{"name":"id","type":"VIRTUAL","primaryKey":true}]'), ('[{"name":"id","type":"VIRTUAL(INTEGER)","field":"id"}]'), ('[{"name":"id","type":" VIRTUAL","field":"id"}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","primaryKey":"true"}]'), ('[{"name":"id","type":"INTEGER","field":"id","allowNull":0}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","autoIncrement":null}]'), ('[{"name":"id","type":"INTEGER","field":"id","nullable":true}]'),
  ('[{"name":"id","type":"INTEGER","field":"id"},{"name":"id","type":"INTEGER","field":"id"}]'), ('[{"name":"id","type":"INTEGER","field":"id"},{"name":"at","type":"DATE","field":"id"}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","defaultFunction":"DROP"}]'), ('[{"name":"id","type":"INTEGER","field":"id","defaultFunction":"NOW","defaultValue":1}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","unique":7}]'), ('[{"name":"id","type":"INTEGER","field":"id","index":""}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","references":"User"}]'), ('[{"name":"id","type":"INTEGER","field":"id","references":{}}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","references":{"model":"User","key":{}}}]'), ('[{"name":"id","type":"INTEGER","field":"id","onDelete":"; DROP TABLE users"}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","validate":{}}]'), ('[{"name":"id","type":"INTEGER","field":"id","validate":[1]}]'),
  ('[{"name":"id","type":"INTEGER","field":"id","validate":[{"args":1}]}]'), ('[{"name":"id","type":"INTEGER","field":"id","comment":{}}]')) AS t (v);
SELECT length(pg_temp.attributes((SELECT jsonb_agg(jsonb_build_object('name', 'a' || i, 'type', 'VIRTUAL')) FROM generate_series(1, 2000) AS i)::text)), right(pg_temp.all_say(), 60);
UPDATE studentdir.model SET attributes = '[{"name":"id","type":"INTEGER","field":"id","primaryKey":true},{"name":"v","type":"VIRTUAL"},{"name":"at","type":"DATE","field":"at"}]' WHERE name = 'CrBad';
SELECT pg_temp.options(v) FROM (VALUES ('5'), ('null'), ('[]'), ('"x"'), ('{"updatedAt":"v"}'), ('{"createdAt":"v"}'), ('{"createdAt":"nope"}'), ('{"updatedAt":true}'), ('{"version":"v"}'),
  ('{"paranoid":true}'), ('{"paranoid":true,"deletedAt":"v"}'), ('{"paranoid":"yes"}'), ('{"timestamps":1}'), ('{"underscored":"x"}'), ('{"freezeTableName":[]}'),
  ('{"indexes":{}}'), ('{"indexes":["x"]}'), ('{"indexes":[{}]}'), ('{"indexes":[{"fields":[]}]}'), ('{"indexes":[{"fields":["v"]}]}'), ('{"indexes":[{"fields":[{}]}]}'), ('{"indexes":[{"fields":["id"],"unique":"x"}]}'),
  ('{"indexes":[{"fields":["id"],"where":7}]}'), ('{"indexes":[{"fields":[{"attribute":"id","order":"; --"}]}]}'), ('{"indexes":[{"fields":["id"],"using":""}]}'), ('{"indexes":[{"fields":["id"],"concurrently":true}]}'),
  ('{"defaultScope":7}'), ('{"scopes":[]}'), ('{"validate":[]}'), ('{"validate":{"a":1}}'), ('{"validate":{"a":{}}}'), ('{"validate":{"a":{"where":"x"}}}'), ('{"validate":{"a":{"where":{},"msg":1}}}'),
  ('{"comment":1}'), ('{"expose":7}'), ('{"builtin":"x"}'), ('{"tableName":"x"}')) AS t (v);
UPDATE studentdir.model SET options = '{}', singular = '' WHERE name = 'CrBad';
SELECT pg_temp.all_say();
UPDATE studentdir.model SET singular = 'CrBad', table_name = '' WHERE name = 'CrBad';
SELECT pg_temp.all_say();
UPDATE studentdir.model SET table_name = repeat('x', 64) WHERE name = 'CrBad';
SELECT pg_temp.all_say();
UPDATE studentdir.model SET table_name = 'cr_bads' WHERE name = 'CrBad';
SELECT pg_temp.all_say();

-- a bad row can be defined anew, and forgotten
SET LOCAL client_min_messages = error;
UPDATE studentdir.model SET attributes = '["x"]', options = '5' WHERE name = 'CrBad';
SELECT pg_temp.says($$SELECT studentdir.define('CrBad', '{"name":"TEXT"}', '{"timestamps":false}')$$), pg_temp.all_say();
UPDATE studentdir.model SET attributes = '["x"]', options = '5' WHERE name = 'CrBad';
SELECT studentdir.undefine('CrBad');

-- the rows of associations
SELECT pg_temp.association(v) FROM (VALUES ($$options = '5'$$), ($$options = '[]'$$), ($$options = '{"scope":5}'$$), ($$options = '{"scope":{"name":[[]]}}'$$), ($$options = '{"throughScope":{}}'$$),
  ($$options = '{"onDelete":"x"}'$$), ($$options = '{"onUpdate":5}'$$), ($$options = '{"constraints":"no"}'$$), ($$options = '{"allowNull":null}'$$), ($$options = '{"as":"x"}'$$),
  ($$source_key = '{}'$$), ($$source_key = '{NULL}'$$), ($$source_key = '{""}'$$), ($$source_key = '{id,name}'$$), ($$target_key = '{id,id}', source_key = '{id,name}'$$),
  ($$target_key = '{{id},{name}}'$$), ($$target_key = array_fill('x'::text, '{33}')$$), ($$foreign_key = '{name}'$$), ($$through = 'User'$$), ($$kind = 'belongs_to_many'$$),
  ($$kind = 'belongs_to_many', through = 'User', foreign_key = '{a,b}', other_key = '{c}'$$), ($$kind = 'belongs_to_many', through = 'User', foreign_key = '{a}', other_key = '{b,c}'$$),
  ($$kind = 'belongs_to', foreign_key = '{name}'$$), ($$alias = repeat('x', 64)$$), ($$source_key = '{nope}'$$), ($$target = repeat('x', 100)$$)) AS t (v);
-- it can be defined anew, too
SELECT studentdir.has_many('CrGood', 'CrGood', '{"as":"Bads","foreignKey":"name"}') IS NOT NULL, pg_temp.says($$SELECT studentdir.find_all('CrGood')$$);
ROLLBACK;

-- define() keeps to the same: what it writes is read
SELECT pg_temp.err(format('SELECT studentdir.define(''CrVirtual'', ''{"v":"VIRTUAL"}'', %L)', o)) FROM (VALUES ('{"updatedAt":"v"}'), ('{"createdAt":"v"}'), ('{"version":"v"}'), ('{"paranoid":true,"deletedAt":"v"}')) AS t (o);
SELECT pg_temp.err($$SELECT studentdir.has_many('User', 'Post', '{"as":"Twice","foreignKey":["userId","userId"]}')$$);
SELECT pg_temp.err(format('SELECT studentdir.define(''CrMany'', %L)', (SELECT jsonb_object_agg('a' || i, 'VIRTUAL') FROM generate_series(1, 2000) AS i)));

-- define() says which model has the table already, and where the table is that it means
BEGIN;
SET LOCAL client_min_messages = notice;
CREATE SCHEMA cr_app;
CREATE TABLE cr_app.cr_books (id integer PRIMARY KEY);
SELECT json_typeof(studentdir.define('CrPupil', '{"name":"STRING"}', '{"tableName":"students"}'));
SELECT json_typeof(studentdir.define('CrBook', '{}', '{"timestamps":false}'));
SELECT pg_temp.err($$SELECT studentdir.find_all('CrBook')$$);
SELECT json_typeof(studentdir.define('CrBook', '{}', '{"timestamps":false,"schema":"cr_app"}'));
SELECT studentdir.count('CrBook');
ROLLBACK;
