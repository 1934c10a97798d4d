-- Migrations: register, apply, undo, refuse.
-- The progress messages tell times; a TAP test looks at those.
SET client_min_messages = warning;
\set SHOW_CONTEXT errors

CREATE VIEW pg_temp.ledger AS
SELECT status, name, applied_by IS NOT NULL AS "by", duration_ms >= 0 AS timed, changed
FROM studentdir.migration_status() WHERE name NOT LIKE '0000%';

-- names
SELECT studentdir.migration_create('20260101000000-create-a', 'CREATE TABLE a (i integer); INSERT INTO a VALUES (1); CREATE INDEX a_i ON a (i)', 'DROP TABLE a');
SELECT studentdir.migration_create('create-b', 'SELECT 1') ~ '^\d{14}-create-b$' AS stamped;
-- the order in which they are registered is kept within a second
SELECT studentdir.migration_create('zz', 'SELECT 1') < studentdir.migration_create('aa', 'SELECT 1') AS in_order;
DELETE FROM studentdir.migration WHERE applied_at IS NULL AND name !~ '-create-a$';
SELECT studentdir.migration_create('20260101000000-create-a', 'SELECT 1');
\echo :SQLSTATE
SELECT studentdir.migration_create('00000000000001-create-students', 'SELECT 1');
\echo :SQLSTATE
SELECT studentdir.migration_create('', 'SELECT 1');
\echo :SQLSTATE
SELECT studentdir.migration_create(NULL, 'SELECT 1');
\echo :SQLSTATE
SELECT studentdir.migration_create(E'a\nb', 'SELECT 1');
SELECT studentdir.migration_create('../a', 'SELECT 1');
SELECT studentdir.migration_create(repeat('x', 201), 'SELECT 1');
SELECT studentdir.migration_create('x', E' \n\t');
\echo :SQLSTATE
SELECT studentdir.migration_create('x', NULL);
\echo :SQLSTATE
SELECT studentdir.migration_create('x', 'SELECT 1', '');
\echo :SQLSTATE

-- checksums can be computed in SQL
SELECT name, checksum = encode(sha256(convert_to(up, 'UTF8') || '\x00' || convert_to(down, 'UTF8')), 'hex') AS fits
FROM studentdir.migration WHERE down IS NOT NULL ORDER BY name;

-- apply and undo
SELECT studentdir.migration_create('20260102000000-b', 'ALTER TABLE a ADD COLUMN b text', 'ALTER TABLE a DROP COLUMN b');
SELECT studentdir.migration_create('20260103000000-c', 'CREATE TABLE c ()', 'DROP TABLE c');
SELECT * FROM pg_temp.ledger;
SELECT * FROM studentdir.migrate(dry_run => true);
SELECT * FROM studentdir.migrate(dry_run => true, upto => '20260102000000-b');
SELECT name, action, duration_ms > 0 AS timed FROM studentdir.migrate(steps => 1);
SELECT name, action FROM studentdir.migrate('20260102000000-b');
SELECT name, action FROM studentdir.migrate('20260101000000-create-a');
SELECT name, action FROM studentdir.migrate();
SELECT name, action FROM studentdir.migrate();
SELECT * FROM a;
SELECT * FROM pg_temp.ledger;
SELECT * FROM studentdir.migrate_undo(dry_run => true);
SELECT name, action, duration_ms > 0 AS timed FROM studentdir.migrate_undo();
SELECT * FROM pg_temp.ledger;
SELECT name, action FROM studentdir.migrate_redo();
SELECT attname, attnum > 2 AS made_anew FROM pg_attribute WHERE attrelid = 'a'::regclass AND attname = 'b';
SELECT * FROM studentdir.migration_show('20260102000000-b');
SELECT * FROM studentdir.migration_show('20260102000000');
\echo :SQLSTATE
SELECT name, action FROM studentdir.migrate_undo(upto => '20260101000000-create-a');
SELECT to_regclass('a'), to_regclass('c');
SELECT name, action FROM studentdir.migrate();

-- arguments that exclude each other, or make no sense
SELECT * FROM studentdir.migrate('20260101000000-create-a', 1);
\echo :SQLSTATE
SELECT * FROM studentdir.migrate_undo('20260101000000-create-a', 1);
\echo :SQLSTATE
SELECT * FROM studentdir.migrate(steps => 0);
\echo :SQLSTATE
SELECT * FROM studentdir.migrate('20260101');
\echo :SQLSTATE
SELECT * FROM studentdir.migrate_undo('20260101');
\echo :SQLSTATE
SELECT studentdir.migration_repair('20260101');
\echo :SQLSTATE

-- all or nothing, and the error says where
SELECT studentdir.migration_create('20260104000000-d', 'CREATE TABLE d (i integer)');
SELECT studentdir.migration_create('20260105000000-e', 'CREATE TABLE e (i integer); INSERT INTO e SELECT 1 / 0');
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
SELECT to_regclass('d'), to_regclass('e');
SELECT * FROM pg_temp.ledger;

-- what a function can never run is explained (in a block of PL/pgSQL every version says it in the same words)
CREATE FUNCTION pg_temp.refused() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
  context text;
BEGIN
  PERFORM FROM studentdir.migrate();
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
  RETURN concat_ws(E'\n', SQLSTATE, SQLERRM, hint, regexp_replace(context, E'\nSQL statement.*', ''));
END $$;
DELETE FROM studentdir.migration WHERE name ~ '^2026010[45]';
SELECT studentdir.migration_create('20260104000000-d', 'CREATE INDEX CONCURRENTLY ON a (i)');
SELECT pg_temp.refused();
UPDATE studentdir.migration SET up = 'VACUUM a' WHERE name LIKE '20260104%';
SELECT pg_temp.refused();
UPDATE studentdir.migration SET up = $$ DO 'BEGIN COMMIT; END' $$ WHERE name LIKE '20260104%';
SELECT pg_temp.refused();
UPDATE studentdir.migration SET up = 'CREATE TABLE d (); COMMIT' WHERE name LIKE '20260104%';
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
UPDATE studentdir.migration SET up = 'COPY a FROM STDIN' WHERE name LIKE '20260104%';
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
UPDATE studentdir.migration SET up = 'SELECT * FROM studentdir.migrate()' WHERE name LIKE '20260104%';
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
UPDATE studentdir.migration SET up = 'DELETE FROM studentdir.migration' WHERE name LIKE '20260104%';
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE

-- settings and roles that a migration changes end with it
CREATE SCHEMA aside;
CREATE ROLE regress_sd_mig;
UPDATE studentdir.migration SET up = 'SET search_path = aside; SET ROLE regress_sd_mig' WHERE name LIKE '20260104%';
SELECT studentdir.migration_create('20260105000000-e', 'CREATE TABLE e (i integer)');
SELECT name, action FROM studentdir.migrate();
SELECT to_regclass('e') AS e, current_user = session_user AS same_role, current_setting('search_path') AS path;
DROP SCHEMA aside;

-- a migration without down cannot be undone, and then none is
SELECT studentdir.migration_create('20260106000000-f', 'CREATE TABLE f ()', 'DROP TABLE f');
SELECT name, action FROM studentdir.migrate();
SELECT * FROM studentdir.migrate_undo(steps => 2);
\echo :SQLSTATE
SELECT * FROM pg_temp.ledger WHERE name > '20260105';

-- the text of an applied migration
UPDATE studentdir.migration SET up = up || ' -- edited' WHERE name LIKE '20260102%';
SELECT name FROM pg_temp.ledger WHERE changed;
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
SELECT * FROM studentdir.migrate_undo('20260102000000-b');
\echo :SQLSTATE
SELECT studentdir.migration_repair('20260102000000-b');
SELECT name FROM pg_temp.ledger WHERE changed;
SELECT name, action FROM studentdir.migrate();

-- one that is registered late runs in its place
SELECT studentdir.migration_create('20260101120000-late', 'CREATE TABLE late ()', 'DROP TABLE late');
SELECT studentdir.migration_create('20260107000000-g', 'CREATE TABLE g ()', 'DROP TABLE g');
SET client_min_messages = notice;
SELECT name, action FROM studentdir.migrate(dry_run => true);
SET client_min_messages = warning;
SELECT name, action FROM studentdir.migrate();
SET client_min_messages = notice;
SELECT name, action FROM studentdir.migrate();
SET client_min_messages = warning;

-- everybody reads the ledger, but for its texts
SET ROLE regress_sd_mig;
SELECT name, status, changed FROM studentdir.migration_status() WHERE name ~ '^2026010[67]';
SELECT studentdir.migration_show('20260106000000-f');
\echo :SQLSTATE
RESET ROLE;

-- another role's
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO regress_sd_mig;
SET ROLE regress_sd_mig;
SELECT studentdir.migration_create('20260108000000-h', 'CREATE TABLE h ()', 'DROP TABLE h');
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
RESET ROLE;
CREATE ROLE regress_sd_boss SUPERUSER;
SET ROLE regress_sd_boss;
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
RESET ROLE;
SELECT to_regclass('h');
GRANT regress_sd_mig TO CURRENT_USER;
SELECT name, action FROM studentdir.migrate();
REVOKE regress_sd_mig FROM CURRENT_USER;
SET ROLE regress_sd_boss;
SELECT * FROM studentdir.migrate_undo();
\echo :SQLSTATE
RESET ROLE;
SELECT studentdir.migration_repair('20260108000000-h');
SELECT name, action FROM studentdir.migrate_undo();
ALTER ROLE regress_sd_mig RENAME TO regress_sd_renamed;
UPDATE studentdir.migration SET registered_by = 'regress_sd_mig' WHERE name = '20260108000000-h';
SET ROLE regress_sd_boss;
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_sd_boss;
DELETE FROM studentdir.migration WHERE name = '20260108000000-h';

-- a role that may run it but not write the ledger; a transaction that may not write at all
REVOKE ALL ON ALL TABLES IN SCHEMA studentdir FROM regress_sd_renamed;
GRANT EXECUTE ON FUNCTION studentdir.migrate TO regress_sd_renamed;
SET ROLE regress_sd_renamed;
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
SELECT studentdir.migration_create('x', 'SELECT 1');
\echo :SQLSTATE
SELECT count(*) > 0 AS readable FROM studentdir.migration_status();
RESET ROLE;
BEGIN READ ONLY;
SELECT * FROM studentdir.migrate(dry_run => true);
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
ROLLBACK;

-- the caller's search_path is the migration's, and not the library's
CREATE SCHEMA aside;
CREATE TABLE aside.migration (name text);
CREATE FUNCTION aside.now() RETURNS timestamptz LANGUAGE sql RETURN 'epoch'::timestamptz;
CREATE FUNCTION aside.eq(text, text) RETURNS boolean LANGUAGE sql RETURN true;
CREATE OPERATOR aside.= (LEFTARG = text, RIGHTARG = text, FUNCTION = aside.eq);
SET search_path = aside, pg_catalog, studentdir;
SELECT studentdir.migration_create('20260109000000-i', 'CREATE TABLE i ()', 'DROP TABLE i');
SELECT name, action FROM studentdir.migrate();
RESET search_path;
SELECT to_regclass('aside.i');
SELECT name, action FROM studentdir.migrate_undo();
SET search_path = aside;
SELECT name, action FROM studentdir.migrate();
SELECT name, action FROM studentdir.migrate_undo();
RESET search_path;
DELETE FROM studentdir.migration WHERE name LIKE '20260109%';
DROP SCHEMA aside CASCADE;

-- everything back, down to the built-in ones, which keep rows unless told otherwise
UPDATE studentdir.migration SET down = 'DROP TABLE IF EXISTS d, e', checksum = checksum WHERE down IS NULL;
SELECT studentdir.migration_repair(name) FROM studentdir.migration WHERE name ~ '^2026010[45]';
SELECT name, action FROM studentdir.migrate_undo('20260101000000-create-a');
INSERT INTO students (name) VALUES ('Ada');
SELECT name, action FROM studentdir.migrate_undo(steps => 2);
SELECT * FROM studentdir.migrate_undo();
\echo :SQLSTATE
SELECT * FROM studentdir.migrate_redo();
\echo :SQLSTATE
SELECT * FROM studentdir.migrate_undo_all();
\echo :SQLSTATE
SELECT name, action FROM studentdir.migrate_undo(dry_run => true, force => true);
SELECT name, action FROM studentdir.migrate_undo_all(force => true);
SELECT to_regclass('students'), to_regclass('users'), to_regclass('posts');
SELECT name FROM studentdir.model ORDER BY 1;
SET client_min_messages = notice;
SELECT * FROM studentdir.migrate_undo();
SET client_min_messages = warning;
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
SELECT name, action FROM studentdir.migrate();
-- a built-in table that is gone is no obstacle
DROP TABLE posts;
SELECT name, action FROM studentdir.migrate_undo();
SELECT name, action FROM studentdir.migrate();
SELECT count(*) FROM posts;

DROP OWNED BY regress_sd_renamed;
DROP ROLE regress_sd_renamed;
