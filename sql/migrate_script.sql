-- migrate_script(): the statements of pending migrations, one by one.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on

CREATE VIEW pg_temp.ledger AS
SELECT name, applied_at IS NOT NULL AS applied, done_statements FROM studentdir.migration WHERE name LIKE '2026%' ORDER BY 1;
-- the script without its checksums
CREATE VIEW pg_temp.script AS
SELECT regexp_replace(sql, '[0-9a-f]{64}', 'SUM', 'g') FROM studentdir.migrate_script();

SET client_min_messages = warning;
SELECT studentdir.migration_create('20260101000000-a', $$
-- the table
CREATE TABLE a (i integer, t text DEFAULT 'a;b');
INSERT INTO a VALUES (1), (2) -- no semicolon; to be seen here
; /* DROP TABLE a; */
CREATE INDEX CONCURRENTLY a_i ON a (i);
$$, 'DROP TABLE a');
SELECT studentdir.migration_create('20260102000000-b', 'VACUUM a; CREATE TABLE b (); DROP INDEX CONCURRENTLY a_i');
SELECT studentdir.migration_create('20260103000000-nothing', '-- nothing');
SET client_min_messages = notice;
SELECT * FROM pg_temp.script;
SELECT sql FROM studentdir.migrate_script() \gexec
SELECT * FROM pg_temp.ledger;
SELECT i, t FROM a ORDER BY i;
SELECT to_regclass('a_i'), to_regclass('b');
SELECT status, name, applied_by = current_user, duration_ms, changed FROM studentdir.migration_status() WHERE name LIKE '2026%';
SELECT sql FROM studentdir.migrate_script() \gexec
SET client_min_messages = warning;
SELECT name, action FROM studentdir.migrate_undo('20260102000000-b');
\echo :SQLSTATE
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
DROP TABLE a, b;

-- an error in the middle, without ON_ERROR_STOP: nothing after it is done, alone or not
CREATE TABLE t (i integer);
INSERT INTO t VALUES (1), (1);
SELECT studentdir.migration_create('20260101000000-unique', 'INSERT INTO t VALUES (2); CREATE UNIQUE INDEX CONCURRENTLY t_i ON t (i); INSERT INTO t VALUES (3); CREATE INDEX CONCURRENTLY t_after ON t (i); DROP INDEX CONCURRENTLY IF EXISTS t_i');
SELECT studentdir.migration_create('20260102000000-next', 'CREATE INDEX CONCURRENTLY t_next ON t (i)');
SELECT sql FROM studentdir.migrate_script() \gexec
SELECT * FROM pg_temp.ledger;
SELECT count(*) FILTER (WHERE i = 2) AS two, count(*) FILTER (WHERE i = 3) AS three FROM t;
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass;
-- other statements of the session are not held up
VACUUM t;
DO 'BEGIN END';
-- undoing others says that it stays
SET client_min_messages = notice;
SELECT name FROM studentdir.migrate_undo(dry_run => true);
SET client_min_messages = warning;
-- it cannot be run as if it were new
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
SELECT name FROM studentdir.migrate(dry_run => true);
\echo :SQLSTATE
CALL studentdir.migrate_stepwise();
\echo :SQLSTATE
-- nor with another text
UPDATE studentdir.migration SET up = up || ' ' WHERE name LIKE '20260101%';
SELECT sql FROM studentdir.migrate_script();
\echo :SQLSTATE
UPDATE studentdir.migration SET up = rtrim(up) WHERE name LIKE '20260101%';
-- it goes on where it stopped
DROP INDEX t_i;
DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t);
SELECT * FROM pg_temp.script LIMIT 3;
SELECT sql FROM studentdir.migrate_script() \gexec
SELECT * FROM pg_temp.ledger;
SELECT count(*) FILTER (WHERE i = 2) AS two, count(*) FILTER (WHERE i = 3) AS three FROM t;
SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass ORDER BY 1;
DELETE FROM studentdir.migration WHERE name LIKE '2026%';

-- an error in a statement that is not alone
SELECT studentdir.migration_create('20260101000000-c', 'CREATE TABLE c (i integer); INSERT INTO c SELECT 1 / 0; INSERT INTO c VALUES (2); VACUUM c');
SELECT sql FROM studentdir.migrate_script() \gexec
SELECT * FROM pg_temp.ledger;
SELECT * FROM c;
-- repair forgets what was done
DROP TABLE c;
UPDATE studentdir.migration SET up = 'CREATE TABLE c (i integer)' WHERE name LIKE '20260101%';
SELECT studentdir.migration_repair('20260101000000-c');
SELECT name, action FROM studentdir.migrate();
SELECT * FROM pg_temp.ledger;
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
DROP TABLE c;

-- what may commit is alone, too
CREATE TABLE c (i integer);
SELECT studentdir.migration_create('20260101000000-c', $$
DO 'BEGIN FOR n IN 1..3 LOOP INSERT INTO c VALUES (n); COMMIT; END LOOP; END';
CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN INSERT INTO c VALUES (4); COMMIT; INSERT INTO c SELECT 1 / 0; END';
CALL p()$$);
SELECT sql FROM studentdir.migrate_script() \gexec
SELECT * FROM pg_temp.ledger;
SELECT count(*) FROM c;
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
DROP PROCEDURE p;
DROP TABLE c;

-- what somebody else did meanwhile
SELECT studentdir.migration_create('20260101000000-d', 'CREATE TABLE d (); VACUUM d');
CREATE TEMP TABLE queries AS SELECT row_number() OVER () AS n, sql FROM studentdir.migrate_script();
UPDATE studentdir.migration SET up = 'CREATE TABLE d ()' WHERE name LIKE '20260101%';
SELECT sql FROM queries ORDER BY n \gexec
SELECT name, action FROM studentdir.migrate();
SELECT sql FROM queries ORDER BY n \gexec
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
SELECT sql FROM queries ORDER BY n \gexec
DROP TABLE queries, d;

-- arguments; what cannot be in a script
SELECT studentdir.migration_create('20260101000000-e', 'CREATE TABLE e ()');
SELECT studentdir.migration_create('20260102000000-f', 'BEGIN; COMMIT');
SELECT sql FROM studentdir.migrate_script('20260101');
\echo :SQLSTATE
SELECT sql FROM studentdir.migrate_script('20260101000000-e', 1);
\echo :SQLSTATE
SELECT count(*) FROM studentdir.migrate_script(steps => 1);
SELECT count(*) FROM studentdir.migrate_script('20260101000000-e');
SELECT sql FROM studentdir.migrate_script();
\echo :SQLSTATE
UPDATE studentdir.migration SET up = 'COPY e FROM STDIN' WHERE name LIKE '20260102%';
SELECT sql FROM studentdir.migrate_script();
\echo :SQLSTATE
UPDATE studentdir.migration SET up = 'CREATE TABEL f ()' WHERE name LIKE '20260102%';
SELECT sql FROM studentdir.migrate_script();
\echo :SQLSTATE
CALL studentdir.script_step('20260101000000-e', '', 1, 'sideways');
CALL studentdir.script_step('20260101000000-e', '', 1, 'with');
CALL studentdir.script_step('no such', '', 1, 'with');
SELECT checksum FROM studentdir.migration WHERE name = '20260101000000-e' \gset
CALL studentdir.script_step('20260101000000-e', :'checksum', 1, 'after');
CALL studentdir.script_step('20260101000000-e', :'checksum', 1, 'applied');
CALL studentdir.script_step('20260101000000-e', :'checksum', 2, 'with');
CALL studentdir.script_step('20260101000000-e', :'checksum', NULL, 'with');
DELETE FROM studentdir.migration WHERE name LIKE '2026%';

-- a built-in one is left to migrate(); another role's is refused; who may not write the ledger
DROP TABLE posts;
SELECT name, action FROM studentdir.migrate_undo();
SELECT * FROM pg_temp.script;
SELECT sql FROM studentdir.migrate_script() \gexec
CREATE ROLE regress_sd_script;
GRANT INSERT ON studentdir.migration TO regress_sd_script;
SELECT studentdir.migration_create('20260101000000-g', 'CREATE TABLE g ()');
SET ROLE regress_sd_script;
CALL studentdir.script_step('20260101000000-g', '', 1, 'with');
\echo :SQLSTATE
RESET ROLE;
UPDATE studentdir.migration SET registered_by = 'regress_sd_script' WHERE name LIKE '2026%';
CREATE ROLE regress_sd_boss SUPERUSER;
SET ROLE regress_sd_boss;
SELECT sql FROM studentdir.migrate_script();
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_sd_boss;
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
DROP OWNED BY regress_sd_script;
DROP ROLE regress_sd_script;

-- in a transaction block all of it is one transaction
SELECT studentdir.migration_create('20260101000000-h', 'CREATE TABLE h (); ALTER TABLE h ADD COLUMN i integer');
BEGIN;
SELECT sql FROM studentdir.migrate_script() \gexec
SELECT * FROM pg_temp.ledger;
ROLLBACK;
SELECT * FROM pg_temp.ledger;
SELECT to_regclass('h');
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
DROP TABLE t;
