-- migrate_stepwise(): commits after each migration.
SET client_min_messages = warning;
\set SHOW_CONTEXT errors

CREATE VIEW pg_temp.ledger AS
SELECT status, name, duration_ms >= 0 AS timed FROM studentdir.migration_status() WHERE name LIKE '2026%';

SELECT studentdir.migration_create('20260101000000-a', 'CREATE TABLE a (i integer); INSERT INTO a VALUES (1)', 'DROP TABLE a');
SELECT studentdir.migration_create('20260102000000-b', $$CREATE TABLE b (t text); INSERT INTO b SELECT string_agg(md5(i::text), '') FROM generate_series(1, 1000) i$$, 'DROP TABLE b');
SELECT studentdir.migration_create('20260103000000-c', 'CREATE TABLE c (i integer); SELECT 1 / 0', 'DROP TABLE c');
SELECT studentdir.migration_create('20260104000000-d', 'CREATE TABLE d ()', 'DROP TABLE d');
CALL studentdir.migrate_stepwise('20260101');
\echo :SQLSTATE
CALL studentdir.migrate_stepwise('20260101000000-a', 1);
\echo :SQLSTATE
CALL studentdir.migrate_stepwise(steps => 0);
\echo :SQLSTATE
CALL studentdir.migrate_stepwise('20260101000000-a');
SELECT * FROM pg_temp.ledger;
-- what was applied before an error stays
CALL studentdir.migrate_stepwise();
\echo :SQLSTATE
SELECT * FROM pg_temp.ledger;
SELECT to_regclass('b'), to_regclass('c'), to_regclass('d');
-- each has a transaction of its own
SELECT count(DISTINCT applied_at) FROM studentdir.migration WHERE name LIKE '2026%' AND applied_at IS NOT NULL;
SELECT count(DISTINCT xmin::text) FROM studentdir.migration WHERE name LIKE '2026%' AND applied_at IS NOT NULL;
UPDATE studentdir.migration SET up = repeat('-- a long text' || chr(10), 10000) || 'CREATE TABLE c ()' WHERE name = '20260103000000-c';
CALL studentdir.migrate_stepwise(steps => 1);
SELECT * FROM pg_temp.ledger;
CALL studentdir.migrate_stepwise();
SET client_min_messages = notice;
CALL studentdir.migrate_stepwise();
SET client_min_messages = warning;
SELECT * FROM pg_temp.ledger;

-- where nothing can be committed
BEGIN;
CALL studentdir.migrate_stepwise();
\echo :SQLSTATE
ROLLBACK;
CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE plpgsql AS 'BEGIN CALL studentdir.migrate_stepwise(); END';
\set SHOW_CONTEXT never
SELECT pg_temp.f();
\echo :SQLSTATE
\set SHOW_CONTEXT errors
-- and where it can
SELECT name, action FROM studentdir.migrate_undo(steps => 2);
DO 'BEGIN CALL studentdir.migrate_stepwise(); END';
SELECT * FROM pg_temp.ledger;
SET default_transaction_isolation = 'repeatable read';
SELECT name, action FROM studentdir.migrate_undo(steps => 4);
CALL studentdir.migrate_stepwise();
RESET default_transaction_isolation;
SELECT * FROM pg_temp.ledger;
SET default_transaction_read_only = on;
CALL studentdir.migrate_stepwise();
\echo :SQLSTATE
RESET default_transaction_read_only;
-- from within a migration
SELECT studentdir.migration_create('20260105000000-e', 'CALL studentdir.migrate_stepwise()');
SELECT * FROM studentdir.migrate();
\echo :SQLSTATE
DELETE FROM studentdir.migration WHERE name = '20260105000000-e';

CREATE ROLE regress_sd_step;
SET ROLE regress_sd_step;
CALL studentdir.migrate_stepwise();
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_sd_step;

SELECT name, action FROM studentdir.migrate_undo('20260101000000-a');
DELETE FROM studentdir.migration WHERE name LIKE '2026%';
