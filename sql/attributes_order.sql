-- Which attributes, under which keys, in which order.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, cohort, email, created_at, updated_at) VALUES
  ('Ann', 'Spring', 'ann@example.org', '2026-01-01 10:00:00.123+00', '2026-01-01 10:00:00.123+00'),
  ('Bob', NULL, NULL, '2026-01-02 10:00:00+00', '2026-01-03 10:00:00+00'),
  ('Cid', 'Fall', 'cid@example.org', '2026-01-03 10:00:00+00', '2026-01-03 10:00:00+00'),
  ('Dot', 'Fall', 'dot@example.org', '2026-01-04 10:00:00+00', '2026-01-05 10:00:00+00');
CREATE FUNCTION pg_temp.s(options text) RETURNS text LANGUAGE sql AS
  $$ SELECT students_list(options::jsonb || '{"limit":2}' || CASE WHEN options::jsonb ? 'order' THEN '{}' ELSE '{"order":["id"]}' END::jsonb)::text $$;
CREATE FUNCTION pg_temp.o(terms text) RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(record->>'id', ' ') FROM students_find_all(jsonb_build_object('order', terms::jsonb)) $$;
CREATE FUNCTION pg_temp.serr(options text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.err(format('SELECT students_list(%L)', options)) $$;

-- attributes
SELECT o, pg_temp.s(o) FROM (VALUES ('{}'), ('{"attributes":["name","id"]}'), ('{"attributes":[]}'), ('{"attributes":["id","id"]}'), ('{"attributes":["id",["name","label"]]}'),
  ('{"attributes":[["id","a"],["id","b"]]}'), ('{"attributes":[["name","id"]]}'), ('{"attributes":[["id",""]]}'), ('{"attributes":[["id","\"quoted\" \\ \u00e9\n"]]}'), ('{"attributes":[["id","id\" FROM students; --"]]}'),
  ('{"attributes":{}}'), ('{"attributes":{"exclude":["email","createdAt","updatedAt"]}}'), ('{"attributes":{"exclude":["id","name","cohort","email","createdAt","updatedAt"]}}'), ('{"attributes":{"exclude":["id"],"include":["id"]}}'),
  ('{"attributes":{"exclude":["createdAt","updatedAt"],"include":[["name","label"]]}}'), ('{"attributes":{"include":["name"],"exclude":["createdAt","updatedAt","email"]}}'), ('{"attributes":{"exclude":[]}}'), ('{"attributes":["updatedAt","createdAt"]}')) AS t (o);
-- a test that is the same for all rows is no number of a column
SELECT students_list('{"attributes":["id"],"order":[[{"$test":{"$or":[]}},"DESC"],"id"]}'), students_list('{"attributes":[[{"$test":{"id":[]}},"none"],[{"$fn":["count"]},"n"]],"group":[{"$test":{"id":[]}}]}');
-- rows that differ, with nothing of them
SELECT students_list('{"attributes":[],"distinct":true}'), students_list('{"attributes":[],"distinct":["cohort"]}'), students_list('{"attributes":[],"distinct":["cohort"],"order":["cohort",["id","DESC"]],"limit":1}');
SELECT o, pg_temp.serr(o) FROM (VALUES ('{"attributes":"id"}'), ('{"attributes":null}'), ('{"attributes":1}'), ('{"attributes":["nam"]}'), ('{"attributes":[1]}'), ('{"attributes":[null]}'), ('{"attributes":[["id"]]}'), ('{"attributes":[["id","a","b"]]}'), ('{"attributes":[[]]}'),
  ('{"attributes":[["nam","a"]]}'), ('{"attributes":[["id",1]]}'), ('{"attributes":[["id",null]]}'), ('{"attributes":["id",["name","id"]]}'), ('{"attributes":["*"]}'), ('{"attributes":["name\" FROM students; --"]}'), ('{"attributes":["created_at"]}'),
  ('{"attributes":{"exclude":"id"}}'), ('{"attributes":{"exclude":["nam"]}}'), ('{"attributes":{"include":[["name","id"]]}}'), ('{"attributes":{"only":[]}}'), ('{"attributes":{"exclude":[["id","a"]]}}')) AS t (o);

-- a path to an associated record stands under its own name, as one into JSON does
INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.org'), ('Eve', NULL);
INSERT INTO posts (title, user_id) VALUES ('one', 1), ('two', 2), ('three', 2);
SELECT o, studentdir.list('Post', o::jsonb) FROM (VALUES ('{"attributes":["id","User.name"],"order":["id"]}'), ('{"attributes":["$User.name$"],"order":["id"],"limit":1}'), ('{"attributes":{"exclude":["body","userId","createdAt","updatedAt"],"include":["User.email"]},"order":["id"],"limit":1}'),
  ('{"attributes":["User.name",[{"$fn":["count"]},"n"]],"group":["User.name"],"order":["User.name"]}'), ('{"distinct":true,"attributes":["User.name"],"order":["User.name"]}')) AS t (o);
SELECT studentdir.update_by_pk('Post', to_jsonb(1), '{"userId":2}', '{"returning":["id","User.name"]}');
SELECT o, pg_temp.err(format('SELECT studentdir.list(%L, %L)', m, o)) FROM (VALUES ('Post', '{"attributes":["User.nam"]}'), ('Post', '{"attributes":["Usr.name"]}'), ('Post', '{"attributes":["User.name",["title","User.name"]]}'), ('User', '{"attributes":["Posts.title"]}')) AS t (m, o);
TRUNCATE users, posts RESTART IDENTITY;

-- order
SELECT o, pg_temp.o(o) FROM (VALUES ('"name"'), ('["name"]'), ('[["name"]]'), ('[["name","DESC"]]'), ('[["name","desc"]]'), ('[["cohort","ASC"],["id","DESC"]]'), ('[["cohort","DESC"],"id"]'), ('[["cohort","ASC NULLS FIRST"],"id"]'), ('[["cohort","DESC NULLS LAST"],"id"]'),
  ('[["cohort","NULLS FIRST"],"id"]'), ('[["cohort","nulls last"],"id"]'), ('[["cohort","ASC NULLS LAST"],["name","DESC"]]'), ('["cohort",["updatedAt","DESC"]]'), ('[["updatedAt"],["id","DESC"]]'), ('[["id","DESC"],["id","ASC"]]')) AS t (o);
SELECT pg_temp.o('[]') IS NOT NULL;
SELECT o, pg_temp.serr('{"order":' || o || '}') FROM (VALUES ('null'), ('1'), ('{}'), ('{"name":"ASC"}'), ('"nam"'), ('["nam"]'), ('[1]'), ('[null]'), ('[[]]'), ('[["id","UP"]]'), ('[["id","ASC; DROP TABLE students"]]'), ('[["id","ASC","x"]]'), ('[["id",1]]'), ('[["id",null]]'),
  ('[["id","ASC  NULLS LAST"]]'), ('["id DESC"]'), ('["id",["name","DESC","NULLS LAST"]]')) AS t (o);
-- an order goes with attributes that are not shown
SELECT students_list('{"attributes":["name"],"order":[["updatedAt","DESC"],"id"]}');
-- types without an order
CREATE TABLE ao_place (id integer PRIMARY KEY, place point, raw json, doc jsonb, code char(3));
INSERT INTO ao_place VALUES (1, '(1,2)', '{}', '[2]', 'b'), (2, '(0,0)', '{}', '[1]', 'a');
SELECT pg_temp.define('AoPlace', 'ao_place', '*id:INTEGER place:point raw:JSON doc:JSONB code:CHAR(3)');
SELECT pg_temp.err(format('SELECT studentdir.list(''AoPlace'', %L)', '{"order":["' || a || '"]}')) FROM unnest('{place,raw}'::text[]) AS a;
SELECT studentdir.list('AoPlace', '{"order":["doc"],"attributes":["id"]}'), studentdir.list('AoPlace', '{"order":[["code","ASC"]],"attributes":["code"]}');

DELETE FROM studentdir.model WHERE name = 'AoPlace';
DROP TABLE ao_place;
TRUNCATE students, users, posts RESTART IDENTITY;
