-- What migration_create says of a text: errors where it does not parse, NOTICEs where it may hurt.
\set SHOW_CONTEXT errors

-- a text that does not parse
SELECT studentdir.migration_create('x', E'CREATE TABLE a ();\n\n-- and\nCREATE TABEL b ();');
\echo :SQLSTATE
SELECT studentdir.migration_create('x', 'CREATE TABLE a ()', 'DROP TABLE');
SELECT studentdir.migration_create('x', $$SELECT 'äöü', 'not closed$$);
SELECT studentdir.seed_create('x', 'INSERT INTO users VALUE (1)');
SELECT studentdir.migration_create('20260101000000-quiet', $$
CREATE FUNCTION two() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END;
CREATE FUNCTION three() RETURNS integer LANGUAGE plpgsql AS 'BEGIN; RETURN 3; END';
-- nothing but a comment at the end; DROP TABLE students
$$, 'DROP TABLE students');

CREATE SCHEMA "lint""s";
CREATE TABLE "lint""s".small (a integer, v varchar(10), n numeric(10,2), t timestamptz(3), c text, b bpchar(3));
CREATE TABLE large (a integer, b text);
INSERT INTO large SELECT i FROM generate_series(1, 100000) AS i;
ANALYZE large;

CREATE FUNCTION pg_temp.lint(up text) RETURNS void LANGUAGE sql AS
$$ SELECT studentdir.migration_create('20260102000000-lint', up);
   DELETE FROM studentdir.migration WHERE name = '20260102000000-lint' $$;

-- columns
SELECT pg_temp.lint('ALTER TABLE "lint""s".small ADD COLUMN x integer NOT NULL');
SELECT pg_temp.lint('ALTER TABLE "lint""s".small ADD COLUMN x integer PRIMARY KEY, ADD COLUMN y integer, ADD COLUMN z integer NOT NULL DEFAULT 0,
  ADD COLUMN s serial NOT NULL, ADD COLUMN i integer NOT NULL GENERATED ALWAYS AS IDENTITY, ADD COLUMN g integer NOT NULL GENERATED ALWAYS AS (a + 1) STORED');
SELECT pg_temp.lint('ALTER TABLE large ADD COLUMN s bigserial, ADD COLUMN g integer GENERATED ALWAYS AS (a + 1) STORED, ADD COLUMN d integer DEFAULT 0');
SELECT pg_temp.lint('ALTER TABLE large ALTER COLUMN a SET NOT NULL; ALTER TABLE "lint""s".small ALTER COLUMN a SET NOT NULL');
SELECT pg_temp.lint('ALTER TABLE large DROP COLUMN b');
-- types
SELECT pg_temp.lint(format('ALTER TABLE "lint""s".small ALTER COLUMN %s', change))
FROM unnest(ARRAY['v TYPE varchar(20)', 'v TYPE varchar', 'v TYPE text', 'n TYPE numeric(12,2)', 'n TYPE numeric', 't TYPE timestamptz', 't TYPE timestamptz(6)',
  'c TYPE varchar', 'a TYPE integer', 'b TYPE char(3)']) AS change;
SELECT pg_temp.lint(format('ALTER TABLE "lint""s".small ALTER COLUMN %s', change))
FROM unnest(ARRAY['v TYPE varchar(5)', 'n TYPE numeric(12,3)', 'n TYPE numeric(9,2)', 't TYPE timestamp(3)', 'a TYPE bigint', 'c TYPE varchar(10)', 'c TYPE text USING a::text',
  'a TYPE integer[]', 'a TYPE "lint""s".not_yet', 'no_such TYPE text', 'a TYPE no_such']) AS change;
-- constraints
SELECT pg_temp.lint('ALTER TABLE "lint""s".small ADD FOREIGN KEY (a) REFERENCES students');
SELECT pg_temp.lint('ALTER TABLE "lint""s".small ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES students NOT VALID; ALTER TABLE "lint""s".small ADD CHECK (a > 0), ADD UNIQUE (a)');
SELECT pg_temp.lint('ALTER TABLE large ADD CHECK (a > 0), ADD CHECK (a < 10) NOT VALID, ADD UNIQUE (a)');
-- indexes
SELECT pg_temp.lint('CREATE INDEX ON large (a)');
SELECT pg_temp.lint('CREATE INDEX ON "lint""s".small (a); CREATE TABLE fresh (a integer); CREATE INDEX ON fresh (a)');
SELECT pg_temp.lint('CREATE INDEX CONCURRENTLY ON large (a)');
-- tables
SELECT pg_temp.lint('DROP TABLE large, "lint""s".small, no_such.table_at_all; DROP VIEW IF EXISTS v');
SELECT pg_temp.lint('ALTER TABLE large RENAME TO huge; ALTER TABLE large RENAME COLUMN a TO b; ALTER INDEX no_such RENAME TO i; ALTER TABLE fresh RENAME TO f');
-- what no transaction can do, and what no function can
SELECT pg_temp.lint('VACUUM; REINDEX (CONCURRENTLY) TABLE large; REINDEX TABLE large; DROP INDEX CONCURRENTLY i; CREATE DATABASE x; ALTER SYSTEM RESET ALL; ANALYZE large');
SELECT pg_temp.lint('BEGIN; SELECT 1; COMMIT');
SELECT pg_temp.lint('DO ''BEGIN END''; CALL p()');
-- under a role that may not look into the schema
CREATE ROLE regress_sd_lint;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO regress_sd_lint;
SET ROLE regress_sd_lint;
SELECT studentdir.migration_create('20260102000000-lint', 'ALTER TABLE "lint""s".small ADD COLUMN x "lint""s".small NOT NULL, ALTER COLUMN a TYPE "lint""s".small');
RESET ROLE;

-- a text that does not parse is told from those that do
UPDATE studentdir.migration SET up = 'CREATE TABEL a ()' WHERE name = '20260102000000-lint';
\set SHOW_CONTEXT errors
SELECT studentdir.migration_create('20260103000000-lint', 'SELECT 1');
SELECT * FROM studentdir.lint();
SELECT studentdir.migration_repair('20260102000000-lint');
SELECT * FROM studentdir.migrate_script();

DELETE FROM studentdir.migration WHERE name LIKE '2026%';
DROP OWNED BY regress_sd_lint;
DROP ROLE regress_sd_lint;
SET client_min_messages = warning;
DROP SCHEMA "lint""s" CASCADE;
DROP TABLE large;
