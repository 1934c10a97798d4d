-- Associations in one call.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO users (name, email, created_at, updated_at)
  SELECT name, lower(name) || '@example.org', '2026-01-01 10:00:00+00', '2026-01-01 10:00:00+00' FROM unnest('{Ann,Bob,Cid}'::text[]) AS name;
INSERT INTO posts (title, body, user_id, created_at, updated_at) VALUES
  ('b', 'x', 1, '2026-02-01 10:00:00+00', '2026-02-01 10:00:00+00'), ('a', NULL, 1, '2026-02-02 10:00:00+00', '2026-02-02 10:00:00+00'),
  ('c', '', 2, '2026-02-03 10:00:00+00', '2026-02-03 10:00:00+00');
CREATE FUNCTION pg_temp.serr(options text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.err(format('SELECT users_list(%L)', options)) $$;

-- the typed forms
SELECT user_with_posts(1);
SELECT user_with_posts(3);
SELECT user_with_posts(9);
SELECT user_with_posts(NULL);
SELECT users_with_posts('{"order":["id"],"attributes":["name"]}');
SELECT users_with_posts('{"order":["id"],"attributes":["id"],"where":{"id":[1,3]},"include":[{"association":"Posts","attributes":["id"]}]}');
SELECT post_with_user(3);
SELECT posts_with_user('{"order":["title"],"attributes":["title"]}');

-- by name, by target model, with options
SELECT users_list('{"order":["id"],"attributes":["id"],"include":"Posts"}')::jsonb = users_list('{"order":["id"],"attributes":["id"],"include":["Post"]}')::jsonb;
SELECT users_list('{"order":["id"],"attributes":["id"],"include":{"association":"Posts","attributes":["title"]}}');
SELECT users_list('{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["title"],"order":["title"]}]}');
SELECT users_list('{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["title"],"order":[["id","DESC"]]}]}');
SELECT users_list('{"order":["id"],"attributes":[],"include":[{"association":"Posts","attributes":[["title","t"]],"order":["id"]}]}');
SELECT users_list('{"order":["id"],"attributes":[],"include":[{"association":"Posts","attributes":[]}]}');
SELECT users_list('{"order":["id"],"attributes":["id"],"include":[]}');
SELECT users_list('{"order":["id"],"limit":1,"offset":1,"attributes":["id"],"include":[{"association":"Posts","attributes":["id"]}]}');
SELECT user_find_one('{"order":[["id","DESC"]],"attributes":["id"],"include":"Posts"}');
SELECT user_find_by_pk(2, '{"attributes":["name"],"include":[{"association":"Posts","attributes":["body"]}]}');
-- a key that is renamed, or shown twice, still matches
SELECT users_list('{"order":["id"],"attributes":[["id","a"],["id","b"]],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}');

-- nested
SELECT users_list('{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["id"],"order":["id"],"include":[{"association":"User","attributes":["name"],"include":[{"association":"Posts","attributes":["title"],"order":["title"]}]}]}]}');
SELECT posts_list('{"order":["id"],"attributes":["id"],"include":[{"association":"User","attributes":[],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}]}');

-- what is not understood
SELECT o, pg_temp.serr('{"include":' || o || '}') FROM (VALUES ('null'), ('1'), ('[1]'), ('[[]]'), ('{}'), ('"Post s"'), ('"posts"'), ('["Posts","Posts"]'), ('["Posts","Post"]'), ('{"association":1}'), ('{"association":null}'), ('{"association":"x"}'), ('{"model":"Post"}'),
  ('{"association":"Posts","offsets":1}'), ('{"association":"Posts","attributes":["nope"]}'), ('{"association":"Posts","order":["nope"]}'), ('{"association":"Posts","include":"Users"}'), ('[{"association":"Posts","include":[{"association":"User","attributes":"x"}]}]')) AS t (o);
SELECT pg_temp.serr('{"attributes":[["name","Posts"]],"include":"Posts"}');
SELECT pg_temp.err('SELECT students_list(''{"include":"Posts"}'')');
-- the include of such a function is one like any other: what does not go with an include is refused
SELECT pg_temp.err($$SELECT users_with_posts('{"distinct":true}')$$);
SELECT pg_temp.err($$SELECT users_with_posts('{"attributes":["name"],"group":["name"]}')$$);
SELECT pg_temp.err($$SELECT users_with_posts('{"attributes":[[{"$fn":["count",{"$col":"id"}]},"n"]]}')$$);
SELECT pg_temp.err($$SELECT users_with_posts('{"attributes":["id",["name","Posts"]]}')$$);
SELECT pg_temp.err($$SELECT posts_with_user('{"distinct":true}')$$);
SELECT users_with_posts('{"order":["id"],"attributes":["id"],"include":{"association":"Posts","attributes":["id"],"where":{"id":{"$gt":1}},"required":true}}');
SELECT pg_temp.err('SELECT studentdir.find_all_with(''User'', ''Nope'')'), pg_temp.err('SELECT studentdir.find_all_with(''User'', NULL)'), pg_temp.err('SELECT studentdir.find_all_with(NULL, ''Posts'')');
SELECT pg_temp.err('SELECT students_count(''{"include":[]}'')');

-- depth
SELECT pg_temp.err(format('SELECT posts_count() WHERE users_list(%L) IS NOT NULL', '{"include":' || repeat('{"association":"Posts","include":{"association":"User","include":', n) || '"Posts"' || repeat('}}', n) || '}')) FROM (VALUES (4), (5)) AS t (n);
SET studentdir.max_include_depth = 0;
SELECT pg_temp.serr('{"include":"Posts"}');
RESET studentdir.max_include_depth;

-- keys of every kind, and of different types on the two sides
CREATE TABLE in_parent (id integer PRIMARY KEY, i2 smallint, i8 bigint, t text, c char(6), v varchar(6), u uuid, n numeric, d date, b bytea, k bigint);
CREATE TABLE in_child (id integer PRIMARY KEY, i2 integer, i8 smallint, t varchar, c text, v char(6), u uuid, n numeric, d date, b bytea, k integer);
INSERT INTO in_parent VALUES
  (1, 1, 10, 'x', 'x', 'x', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1.0, '2000-01-01', '\x00', 1),
  (2, 2, 20, 'y', 'y', 'y', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 2.50, '2000-01-02', '\x01', 2),
  (3, 2, 20, 'y', 'y', 'y', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 2.50, '2000-01-02', '\x01', 5000000000),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO in_child VALUES
  (1, 1, 10, 'x', 'x', 'x', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 1.00, '2000-01-01', '\x00', 1),
  (2, 2, 20, 'y', 'y', 'y', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 2.5, '2000-01-02', '\x01', 2),
  (3, 2, 20, 'y', 'y', 'y', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 2.5, '2000-01-02', '\x01', 2),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT pg_temp.define('InParent', 'in_parent', '*id:INTEGER i2:SMALLINT i8:BIGINT t:TEXT c:CHAR(6) v:STRING(6) u:UUID n:DECIMAL d:DATEONLY b:BLOB k:BIGINT');
SELECT pg_temp.define('InChild', 'in_child', '*id:INTEGER i2:INTEGER i8:SMALLINT t:STRING c:TEXT v:CHAR(6) u:UUID n:DECIMAL d:DATEONLY b:BLOB k:INTEGER');
INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key)
  SELECT 'InParent', 'by_' || a, 'has_many', 'InChild', ARRAY[a], ARRAY[a] FROM unnest('{i2,i8,t,c,v,u,n,d,b,k}'::text[]) AS a;
INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key)
  SELECT 'InChild', 'one_' || a, 'belongs_to', 'InParent', ARRAY[a], ARRAY[a] FROM unnest('{i2,i8,t,c,v,u,n,d,b}'::text[]) AS a;
INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key) VALUES
  ('InParent', 'first', 'has_one', 'InChild', '{i2}', '{i2}'),
  ('InParent', 'lost', 'has_many', 'Nobody', '{i2}', '{t}'), ('InParent', 'wrong', 'has_many', 'InChild', '{i2}', '{nope}');
SELECT a, studentdir.list('InParent', jsonb_build_object('order', '["id"]'::jsonb, 'attributes', '["id"]'::jsonb, 'include',
  jsonb_build_object('association', 'by_' || a, 'attributes', '["id"]'::jsonb, 'order', '["id"]'::jsonb))) FROM unnest('{i2,i8,t,c,v,u,n,d,b,k}'::text[]) AS a;
SELECT a, studentdir.list('InChild', jsonb_build_object('order', '["id"]'::jsonb, 'attributes', '["id"]'::jsonb, 'where', '{"id":[1,4]}'::jsonb, 'include',
  jsonb_build_object('association', 'one_' || a, 'attributes', '["id"]'::jsonb))) FROM unnest('{i2,i8,t,c,v,u,n,d,b}'::text[]) AS a;
SELECT studentdir.list('InParent', '{"order":["id"],"attributes":["id"],"include":[{"association":"by_i2","attributes":["id"],"order":["id"]},{"association":"first","attributes":["i2"]},{"association":"by_t","attributes":["t"],"order":["id"]}]}');
SELECT pg_temp.err(format('SELECT studentdir.list(''InParent'', %L)', jsonb_build_object('include', a))) FROM (VALUES ('lost'), ('wrong'), ('InChild')) AS t (a);

-- many parents: every batch gets its own children, in order
CREATE TABLE in_many (id integer PRIMARY KEY, parent integer);
INSERT INTO in_many SELECT i, i / 3 FROM generate_series(1, 6000) AS i;
SELECT pg_temp.define('InMany', 'in_many', '*id:INTEGER parent:INTEGER');
INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key) VALUES
  ('InMany', 'children', 'has_many', 'InMany', '{id}', '{parent}'), ('InMany', 'up', 'belongs_to', 'InMany', '{parent}', '{id}');
SELECT count(*), sum(json_array_length(record->'children')), count(*) FILTER (WHERE json_array_length(record->'children') = 3),
       bool_and(json_array_length(record->'children') = 0 OR record#>>'{children,0,id}' = ((record->>'id')::integer * 3)::text), count(record#>>'{up,id}'),
       bool_and(record#>>'{up,id}' IS NULL OR record#>>'{up,id}' = record->>'parent')
FROM studentdir.find_all('InMany', '{"include":[{"association":"children","order":["id"]},"up"]}');
SELECT studentdir.find_by_pk('InMany', 200, '{"include":[{"association":"children","order":["id"],"include":[{"association":"up","attributes":["id"]}]}]}');

DELETE FROM studentdir.association WHERE model LIKE 'In%';
DELETE FROM studentdir.model WHERE name LIKE 'In%';
DROP TABLE in_parent, in_child, in_many;
TRUNCATE students, users, posts RESTART IDENTITY;
-- what "all" includes leaves out an association that has the join row's key
CREATE TABLE in_people (id integer PRIMARY KEY);
CREATE TABLE in_roles (id integer PRIMARY KEY);
CREATE TABLE in_people_roles (person integer, role integer, PRIMARY KEY (person, role));
INSERT INTO in_people VALUES (1);
INSERT INTO in_roles VALUES (2);
INSERT INTO in_people_roles VALUES (1, 2);
SELECT count(studentdir.define(m, d, jsonb_build_object('timestamps', false, 'tableName', t))::text) FROM (VALUES
  ('InPerson', '{"id":{"type":"INTEGER","primaryKey":true}}'::json, 'in_people'), ('InRole', '{"id":{"type":"INTEGER","primaryKey":true}}', 'in_roles'),
  ('in_people_roles', '{"person":{"type":"INTEGER","primaryKey":true},"role":{"type":"INTEGER","primaryKey":true}}', 'in_people_roles')) AS v (m, d, t);
SELECT count(studentdir.belongs_to_many('InPerson', 'InRole', '{"as":"Roles","through":"in_people_roles","foreignKey":"person","otherKey":"role"}')::text),
  count(studentdir.has_many('InRole', 'in_people_roles', '{"foreignKey":"role"}')::text);
SELECT studentdir.list('InPerson', '{"include":{"all":true,"nested":true}}');
SELECT studentdir.list('InPerson', '{"include":{"association":"Roles","include":"in_people_roles"}}');
DO $$ BEGIN PERFORM studentdir.undefine(m) FROM unnest('{InPerson,InRole,in_people_roles}'::text[]) AS m; END $$;
DROP TABLE in_people, in_roles, in_people_roles;
