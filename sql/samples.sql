-- The samples can be left out, and taken away for good; the tables of a database of one's own are left alone.
\set SHOW_CONTEXT never
\set VERBOSITY default
SELECT current_database() AS database \gset
SET client_min_messages = warning;
CREATE DATABASE sd_samples;
\c sd_samples
SET client_min_messages = warning;
\pset tuples_only on
\pset format unaligned

-- a database with a users table of its own: the error names the setting
CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), login text NOT NULL);
INSERT INTO users (login) VALUES ('ann');
CREATE EXTENSION studentdir;
\echo :SQLSTATE
-- set for the database
ALTER DATABASE sd_samples SET studentdir.create_tables = off;
\c
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS
$$ SELECT 'tables ' || coalesce((SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relname IN ('students', 'users', 'posts') AND relkind = 'r'), '')
   || ', models ' || coalesce((SELECT string_agg(name, ',' ORDER BY name) FROM studentdir.model), '')
   || ', exposed ' || coalesce((SELECT string_agg(name, ',' ORDER BY name) FROM studentdir.model WHERE exposed), '')
   || ', migrations ' || (SELECT count(*) FROM studentdir.migration)
   || ', functions ' || (SELECT count(*) FROM pg_proc WHERE proname ~ '^(student|user|post)s?_')
   || ', associations ' || (SELECT count(*) FROM studentdir.association) $$;
SELECT pg_temp.state();
SELECT count(*) FROM studentdir.migrate(), studentdir.migrate_script();
SELECT pg_temp.state();
SELECT status FROM studentdir.request('GET', '/students');
SELECT count(*) FROM studentdir.diff();
-- one's own User, exposed; forgotten it stays forgotten
SELECT studentdir.define('User', '{"id":{"type":"UUID","primaryKey":true,"defaultValue":"UUIDV4"},"login":{"type":"TEXT","allowNull":false}}', '{"timestamps":false,"expose":true}') IS NOT NULL;
SELECT user_find_one('{"where":{"login":"ann"},"attributes":["login"]}');
SELECT oid::regprocedure FROM pg_proc WHERE proname = 'user_find_by_pk';
SELECT change FROM studentdir.diff();
SELECT * FROM studentdir.remove_samples();
SELECT pg_temp.state();
SELECT studentdir.undefine('User');
SELECT count(*) FROM studentdir.migrate();
SELECT pg_temp.state();
DROP EXTENSION studentdir;
DROP TABLE users;
ALTER DATABASE sd_samples RESET studentdir.create_tables;
\c
SET client_min_messages = warning;

-- with samples: undefine is for good
CREATE EXTENSION studentdir;
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE sql AS
$$ SELECT 'tables ' || coalesce((SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relname IN ('students', 'users', 'posts') AND relkind = 'r'), '')
   || ', models ' || coalesce((SELECT string_agg(name, ',' ORDER BY name) FROM studentdir.model), '')
   || ', exposed ' || coalesce((SELECT string_agg(name, ',' ORDER BY name) FROM studentdir.model WHERE exposed), '')
   || ', migrations ' || (SELECT count(*) FROM studentdir.migration)
   || ', functions ' || (SELECT count(*) FROM pg_proc WHERE proname ~ '^(student|user|post)s?_')
   || ', associations ' || (SELECT count(*) FROM studentdir.association) $$;
SELECT pg_temp.state();
SELECT studentdir.undefine('Student');
SELECT count(*) FROM studentdir.migrate();
SELECT pg_temp.state();
SELECT status FROM studentdir.request('GET', '/students');
BEGIN;
-- a sample that is undone and undefined has no migration left to apply
SELECT name FROM studentdir.migrate_undo_all();
SELECT studentdir.undefine('User'), studentdir.undefine('Post');
SELECT count(*) FROM studentdir.migrate();
SELECT pg_temp.state();
ROLLBACK;

-- what remove_samples takes
SELECT * FROM studentdir.remove_samples(ARRAY['Student']);
BEGIN;
SELECT * FROM studentdir.remove_samples();
SELECT count(*) FROM studentdir.migrate();
SELECT pg_temp.state();
SELECT * FROM studentdir.remove_samples();
ROLLBACK;
INSERT INTO users (name) VALUES ('Ann');
SELECT * FROM studentdir.remove_samples(options => '{"tables":true}');
\echo :SQLSTATE
SELECT pg_temp.state();
SELECT * FROM studentdir.remove_samples(ARRAY['User'], '{"tables":true,"force":true}');
\echo :SQLSTATE
BEGIN;
SELECT * FROM studentdir.remove_samples(NULL, '{"tables":true,"force":true}');
SELECT pg_temp.state();
ROLLBACK;
DELETE FROM users;
BEGIN;
SELECT studentdir.define('Author', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"users"}') IS NOT NULL;
SELECT * FROM studentdir.remove_samples(NULL, '{"tables":true}');
ROLLBACK;
BEGIN;
SELECT studentdir.define('User', '{"id":{"type":"INTEGER","primaryKey":true}}') IS NOT NULL;
SELECT * FROM studentdir.remove_samples(NULL, '{"tables":true}');
SELECT pg_temp.state();
ROLLBACK;
SELECT * FROM studentdir.remove_samples(NULL, '{"tables":true}');
SELECT pg_temp.state();

-- wrong calls
SELECT * FROM studentdir.remove_samples(ARRAY['Book']);
SELECT * FROM studentdir.remove_samples(ARRAY[NULL]);
SELECT * FROM studentdir.remove_samples(NULL, '{"force":true}');
SELECT * FROM studentdir.remove_samples(NULL, '{"table":true}');
SELECT * FROM studentdir.remove_samples(NULL, '{"tables":1}');
BEGIN READ ONLY;
SELECT * FROM studentdir.remove_samples();
ROLLBACK;
\c :database
DROP DATABASE sd_samples;
