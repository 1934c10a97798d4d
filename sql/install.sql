-- What CREATE EXTENSION makes, for whom, and where.  The database comes with the extension installed.
\set SHOW_CONTEXT never
SELECT current_schema() AS target \gset

-- the tables are the installing role's, and no members
SELECT c.relname, c.relowner = e.extowner AS owned, d.objid IS NOT NULL AS member
FROM pg_extension e
JOIN pg_class c ON c.relnamespace = e.extnamespace AND c.relname IN ('students', 'users', 'posts')
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
WHERE e.extname = 'studentdir'
ORDER BY 1;

SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS "not null",
       a.attidentity AS identity, pg_get_expr(d.adbin, d.adrelid) AS "default"
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relname IN ('students', 'users', 'posts') AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname, a.attnum;

SELECT conrelid::regclass AS "table", conname, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE conrelid IN ('students'::regclass, 'users'::regclass, 'posts'::regclass) AND contype <> 'n'
ORDER BY 1::text, 2;
SELECT indexname FROM pg_indexes WHERE tablename = 'posts' AND schemaname = current_schema() ORDER BY 1;

-- the catalogs
SELECT name, singular, plural, schema_name, table_name, options FROM studentdir.model ORDER BY name;
SELECT m.name, a.value ->> 'name' AS attribute, a.value - 'name' AS definition
FROM studentdir.model m, jsonb_array_elements(m.attributes) WITH ORDINALITY a (value, n)
ORDER BY m.name, a.n;
SELECT model, alias, kind, target, source_key, target_key, foreign_key FROM studentdir.association ORDER BY 1, 2;
SELECT status, name, applied_by = current_user AS by_us, duration_ms >= 0 AS timed, changed FROM studentdir.migration_status();

-- who may do what
SELECT c.relname,
       has_table_privilege('public', c.oid, 'SELECT') AS "select",
       has_table_privilege('public', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS other
FROM pg_class c WHERE c.relnamespace = 'studentdir'::regnamespace AND c.relkind = 'r' ORDER BY 1;
SELECT attrelid::regclass, attname FROM pg_attribute WHERE attrelid IN ('studentdir.migration'::regclass, 'studentdir.seed'::regclass) AND attnum > 0
  AND NOT has_column_privilege('public', attrelid, attnum, 'SELECT') ORDER BY 1, 2;
SELECT p.proname FROM pg_proc p
WHERE p.pronamespace = 'studentdir'::regnamespace AND NOT has_function_privilege('public', p.oid, 'EXECUTE') ORDER BY 1;
SELECT proname FROM pg_proc WHERE pronamespace = 'studentdir'::regnamespace AND prosecdef;

-- a step of CREATE EXTENSION is nothing to call
SELECT studentdir.install();
\echo :SQLSTATE

-- DROP EXTENSION leaves tables and rows, CREATE EXTENSION adopts them with what was added to them
INSERT INTO students (name) VALUES ('Ada');
ALTER TABLE students ADD COLUMN phone text NOT NULL DEFAULT '';
ALTER TABLE students ALTER COLUMN name TYPE text;
DROP EXTENSION studentdir;
SELECT name, phone FROM students;
CREATE EXTENSION studentdir;
SELECT name, phone FROM students;
SELECT status, name, changed FROM studentdir.migration_status();

-- a table that does not fit is left alone, and all that is wrong with it is said
DROP EXTENSION studentdir;
ALTER TABLE students ALTER COLUMN id DROP IDENTITY, ALTER COLUMN name TYPE varchar(100), DROP COLUMN cohort,
  ALTER COLUMN created_at TYPE timestamptz(0);
CREATE EXTENSION studentdir;
\echo :SQLSTATE
DROP TABLE students;
CREATE VIEW students AS SELECT 1 AS id;
CREATE EXTENSION studentdir;
\echo :SQLSTATE
DROP VIEW students;
CREATE TABLE students (id text, name integer);
CREATE EXTENSION studentdir;
SELECT count(*) FROM pg_namespace WHERE nspname = 'studentdir';

-- nor is another role's
CREATE ROLE regress_sd_other;
CREATE ROLE regress_sd_boss SUPERUSER;
DROP TABLE students;
ALTER TABLE users OWNER TO regress_sd_other;
SET ROLE regress_sd_boss;
CREATE EXTENSION studentdir;
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_sd_boss;
DROP TABLE posts, users;

-- a schema of the engine's name is somebody else's
CREATE SCHEMA studentdir;
CREATE EXTENSION studentdir;
\echo :SQLSTATE
DROP SCHEMA studentdir;

-- a role that may not create anything in the target schema
GRANT CREATE ON DATABASE :"DBNAME" TO regress_sd_other;
REVOKE CREATE ON SCHEMA :"target" FROM PUBLIC;
SET ROLE regress_sd_other;
CREATE EXTENSION studentdir;
\echo :SQLSTATE

-- nor into a schema that it only may use
CREATE EXTENSION studentdir SCHEMA pg_catalog;
\echo :SQLSTATE

-- any role, any schema
RESET ROLE;
CREATE ROLE "regress_sd_O'Neil""x";
GRANT CREATE ON DATABASE :"DBNAME" TO "regress_sd_O'Neil""x";
SET ROLE "regress_sd_O'Neil""x";
CREATE SCHEMA "we""ird Sch'ema @";
SET search_path = nowhere;
CREATE EXTENSION studentdir SCHEMA "we""ird Sch'ema @";
SELECT n.nspname, c.relname, c.relkind, c.relowner::regrole FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname LIKE 'we%' AND c.relkind IN ('r', 'S') ORDER BY 2;
SELECT name, schema_name, table_name FROM studentdir.model ORDER BY 1;
SELECT name, registered_by, applied_by FROM studentdir.migration ORDER BY 1;
SELECT extowner::regrole, extnamespace::regnamespace FROM pg_extension WHERE extname = 'studentdir';

-- it may define and migrate, and let others do so; it does not own the catalogs
SELECT p.proname, has_function_privilege(p.oid, 'EXECUTE WITH GRANT OPTION') AS may FROM pg_proc p
WHERE p.pronamespace = 'studentdir'::regnamespace AND NOT has_function_privilege('public', p.oid, 'EXECUTE') ORDER BY 1;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO regress_sd_other;
GRANT EXECUTE ON FUNCTION studentdir.migrate, studentdir.migrate_undo TO regress_sd_other;
SELECT has_table_privilege('regress_sd_other', 'studentdir.model', 'INSERT') AS granted;
ALTER TABLE studentdir.model ADD COLUMN x integer;
TRUNCATE studentdir.model;

-- what it could not do is not done by the library: no SQL under another role's name
RESET ROLE;
SELECT studentdir.migration_create('20260101000000-ours', 'SELECT 1');
SET ROLE regress_sd_other;
INSERT INTO studentdir.migration (name, up, checksum, registered_by)
  VALUES ('20260101000001-forged', 'SELECT 2', '', 'regress_sd_O''Neil"x');
UPDATE studentdir.migration SET up = 'SELECT 3' WHERE name = '20260101000000-ours';
UPDATE studentdir.migration SET registered_by = 'nobody', up = 'SELECT 3' WHERE name = '00000000000003-create-posts';
UPDATE studentdir.migration SET duration_ms = 0 WHERE name = '00000000000001-create-students';
RESET ROLE;
SELECT name, registered_by FROM studentdir.migration ORDER BY 1;
RESET search_path;
CREATE TABLE other (registered_by integer);
CREATE TRIGGER t BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION studentdir.registered_by();
INSERT INTO other VALUES (1);
\echo :SQLSTATE
DROP TABLE other;
DROP EXTENSION studentdir;
DROP OWNED BY "regress_sd_O'Neil""x", regress_sd_other CASCADE;

-- a dump brings tables, models and ledger itself
SET row_security = off;
CREATE EXTENSION studentdir;
SELECT to_regclass('students'), count(m), count(l) FROM (VALUES (1)) v LEFT JOIN studentdir.model m ON true LEFT JOIN studentdir.migration l ON true;
DROP EXTENSION studentdir;
SET studentdir.create_tables = on;
CREATE EXTENSION studentdir;
SELECT to_regclass('students');
DROP EXTENSION studentdir;
DROP TABLE students, users, posts;
RESET row_security;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
SELECT to_regclass('students'), to_regproc('students_list');
-- and where nobody wanted samples, migrate() brings none
SELECT name, action FROM studentdir.migrate(dry_run => true);
SELECT name, action FROM studentdir.migrate();
SELECT to_regclass('students'), count(m), count(l) FROM (VALUES (1)) v LEFT JOIN studentdir.model m ON true LEFT JOIN studentdir.migration l ON true;
SELECT to_regproc('students_list') IS NULL AS gone;
SELECT studentdir.list('Student');
DROP EXTENSION studentdir;
RESET studentdir.create_tables;
CREATE EXTENSION studentdir;

-- what was deleted by hand of those that are wanted comes back
DELETE FROM studentdir.model WHERE name <> 'User';
DELETE FROM studentdir.association;
DELETE FROM studentdir.migration WHERE name LIKE '%2-create-users';
SELECT name, action FROM studentdir.migrate(dry_run => true);
SET client_min_messages = warning;
SELECT name, action FROM studentdir.migrate();
SELECT name FROM studentdir.model ORDER BY 1;
SELECT model, alias FROM studentdir.association ORDER BY 1, 2;

-- leave things as they were
RESET ALL;
DROP EXTENSION studentdir;
DROP TABLE students, users, posts;
CREATE EXTENSION studentdir;
DROP ROLE regress_sd_other, "regress_sd_O'Neil""x";
