-- Options with 100,000 elements: an answer or a clear error, in time that grows with their number and not with its
-- square, which would take minutes, and no crash.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE me_parents (id int PRIMARY KEY, name text, meta jsonb);
CREATE TABLE me_children (id int PRIMARY KEY, n int, parent_id int REFERENCES me_parents);
SELECT studentdir.define('MeParent', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","meta":"JSONB"}', '{"timestamps":false,"tableName":"me_parents","scopes":{"unnamed":{"where":{"name":null}},"first":{"order":["id"],"limit":1},"slim":{"attributes":["id"]}}}') IS NOT NULL;
SELECT studentdir.define('MeChild', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER","parentId":"INTEGER"}', '{"timestamps":false,"tableName":"me_children"}') IS NOT NULL;
SELECT count(studentdir.has_many('MeParent', 'MeChild', '{"as":"Children","foreignKey":"parentId"}')), count(studentdir.belongs_to('MeChild', 'MeParent', '{"as":"Parent","foreignKey":"parentId"}'));
INSERT INTO me_parents VALUES (1, 'a', '{}');
INSERT INTO me_children VALUES (1, 1, 1);

-- the error of a call, or that there is none
CREATE FUNCTION pg_temp.many(call text, form text, element text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  document text := replace(form, '@', (SELECT string_agg(replace(element, '#', i::text), ',') FROM generate_series(1, 100000) AS i));
BEGIN
  EXECUTE format('SELECT studentdir.' || call, document);
  RETURN 'an answer';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || left(SQLERRM, 100);
END $$;
-- a server with assertions appends to a list by copying it: there the square is its own
SELECT set_config('statement_timeout', CASE WHEN current_setting('debug_assertions')::boolean THEN '10min' ELSE '30s' END, false) <> '0' AS limited;
\set ECHO none
\echo -- lists of the finders
SELECT format('SELECT %L, %L, pg_temp.many(%L, %L, %L)', form, element, 'list(''MeParent'', %L)', form, element) FROM (VALUES
  ('{"scope":[@]}', '"unnamed"'), ('{"scope":[@]}', '"first"'), ('{"scope":[@]}', '"slim"'), ('{"scope":[@]}', '{"where":{"id":#}}'), ('{"scope":{@}}', '"s#":[]'),
  ('{"where":[@]}', '{"id":#}'), ('{"where":[@]}', '{"name":null}'), ('{"where":{"$or":[@]}}', '{"name":null}'), ('{"where":{"$not":[@]}}', '{"name":null}'), ('{"where":{"id":[@]}}', '#'), ('{"where":{"id":{"$notIn":[@]}}}', '#'), ('{"where":{"id":{"$any":[@]}}}', '#'), ('{"where":{"id":{"$or":[@]}}}', '{"$gt":#}'), ('{"where":{"name":{"$like":{"$any":[@]}}}}', '"#"'),
  ('{"where":{@}}', '"meta.a#":null'), ('{"where":{"meta":{@}}}', '"a#":null'), ('{"where":{"$or":[@]}}', '{"meta.a":#}'), ('{"where":{"$or":[@]}}', '{"$expr":[{"$fn":["nullif",{"$col":"id"},{"$col":"id"}]},"$gt",{"$col":"id"}]}'), ('{"where":{"$or":[@]}}', '{"name":{"$substring":{"$col":"name"}}}'), ('{"where":{"$or":[@]}}', '{"name":{"$match":{"query":{"$col":"name"},"config":"simple"}}}'), ('{"where":{"$expr":[{"$fn":["coalesce",@]},"$gt",1]}}', '{"$col":"meta.a#"}'), ('{"where":{@}}', '"$Children.n$#":null'), ('{"where":{@}}', '"nope#":1'), ('{"where":{"$expr":[{"$add":[@]},"$gt",1]}}', '{"$col":"id"}'), ('{"where":{"$expr":[{"$fn":["coalesce",@]},"$gt",1]}}', '{"$col":"id"}'), ('{"where":{"meta":{"$contains":{@}}}}', '"a#":1'),
  ('{"attributes":[@]}', '"id"'), ('{"attributes":[@]}', '["id","a#"]'), ('{"attributes":{"exclude":[@]}}', '"id"'), ('{"attributes":{"include":[@]}}', '["id","a#"]'), ('{"include":[@]}', '"Children"'), ('{"include":[@]}', '"a#"'), ('{"include":{"association":"Children","attributes":[@]}}', '["id","a#"]'), ('{"include":{"association":"Children","scope":[@]}}', '"a#"'), ('{"include":{"association":"Children","where":[@]}}', '{"n":null}'),
  ('{"order":[@]}', '"id"'), ('{"order":[@]}', '"meta.a#"'), ('{"order":[[@]]}', '"Children"'), ('{"group":[@]}', '"id"'), ('{"group":[@]}', '"meta.a#"'), ('{"attributes":["id"],"group":["id"],"having":[@]}', '{"id":null}'), ('{"distinct":[@]}', '"id"'), ('{"limit":1,"order":["id"],"after":{@}}', '"a#":1'), ('{"limit":1,"order":["id"],"after":[@]}', '#'), ('{@}', '"nope#":1'), ('{"lock":{"level":"UPDATE","of":[@]}}', '"MeParent"')) AS t (form, element) \gexec
\echo -- those of the writers
SELECT format('SELECT %L, %L, %L, pg_temp.many(%L, %L, %L)', call, form, element, call, form, element) FROM (VALUES
  ('create(''MeParent'', ''{"id":2}'', %L)', '{"fields":[@]}', '"id"'), ('create(''MeParent'', ''{"id":3}'', %L)', '{"returning":[@]}', '"id"'), ('create(''MeParent'', ''{"id":4}'', %L)', '{"include":[@]}', '"Children"'), ('upsert(''MeParent'', ''{"id":1}'', %L)', '{"conflictAttributes":[@]}', '"id"'), ('upsert(''MeParent'', ''{"id":1}'', %L)', '{"updateOnDuplicate":[@]}', '"name"'),
  ('update(''MeParent'', ''{"name":"a"}'', %L)', '{"where":[@]}', '{"name":null}'), ('destroy(''MeParent'', %L)', '{"where":[@]}', '{"name":null}'), ('find_or_create(''MeParent'', %L)', '{"where":{"id":1},"defaults":{@}}', '"a#":1'), ('create(''MeParent'', %L)', '{@}', '"a#":1'), ('update(''MeParent'', %L, ''{"where":{"id":1}}'')', '{@}', '"meta.a#":1'),
  ('create(''MeParent'', %L, ''{"include":["Children"]}'')', '{"id":5,"Children":[@]}', '{"id":"x"}'), ('find_all(''MeParent'', ''{"where":{"id":{"$param":"a1"}}}'', %L)', '{@}', '"a#":1')) AS t (call, form, element) \gexec
\echo -- those of what defines
SELECT format('SELECT %L, %L, %L, pg_temp.many(%L, %L, %L)', call, form, element, call, form, element) FROM (VALUES
  ('define(''MeMany'', %L)', '{@}', '"a#":"TEXT"'), ('define(''MeMany'', %L)', '{"a":{@}}', '"a#":1'), ('define(''MeMany'', %L)', '{"a":{"type":"TEXT","validate":{@}}}', '"v#":1'), ('define(''MeMany'', ''{"a":"TEXT"}'', %L)', '{"indexes":[{"fields":[@]}]}', '"a"')) AS t (call, form, element) \gexec
\echo -- as many parameters
SELECT count(studentdir.list('MeParent', options, params)) FROM (SELECT jsonb_build_object('where', jsonb_build_object('meta', jsonb_build_object('$contains', jsonb_agg(jsonb_build_object('$param', 'p' || i))))) AS options, jsonb_object_agg('p' || i, i) AS params FROM generate_series(1, 100000) AS i) AS t;
\set ECHO all
RESET statement_timeout;

SELECT studentdir.undefine(name) FROM studentdir.model WHERE name LIKE 'Me%' ORDER BY name;
DROP TABLE me_children, me_parents;
