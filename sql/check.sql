-- studentdir.check: whether the database is as its migrations and models say.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set database :DBNAME
CREATE DATABASE sd_check;
\c sd_check
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
\set ECHO none
\i :common
\set ECHO all

SELECT studentdir.check();
SELECT studentdir.check(NULL);

-- pending, changed, drifted: all at once, in this order
SELECT studentdir.migration_create('20260101000000-kept', 'CREATE TABLE kept (a integer)', 'DROP TABLE kept');
SELECT name, action FROM studentdir.migrate();
SELECT studentdir.check('{"drift":false}');
SELECT studentdir.migration_create('20260102000000-later', 'CREATE TABLE later (a integer)');
UPDATE studentdir.migration SET up = up || ';' WHERE name = '20260101000000-kept';
ALTER TABLE students DROP COLUMN cohort;
DROP TABLE posts;
SELECT studentdir.check();
\echo :SQLSTATE
SELECT studentdir.check('{"drift":false}');
-- a script that is not through
UPDATE studentdir.migration SET done_statements = 1 WHERE name = '20260102000000-later';
SELECT studentdir.check('{"drift":false}');
UPDATE studentdir.migration SET done_statements = NULL WHERE name = '20260102000000-later';
SELECT studentdir.migration_repair('20260101000000-kept');
DELETE FROM studentdir.migration WHERE name = '20260102000000-later';
SELECT studentdir.check('{"drift":false}');
-- what a table has beyond its model is no drift
SELECT studentdir.undefine('Student');
SELECT studentdir.undefine('Post');
ALTER TABLE users ADD COLUMN beyond integer;
SELECT studentdir.check();

-- with the names that the program knows; the samples need not be among them
SELECT studentdir.check('{"migrations":["20260101000000-kept"]}');
SELECT studentdir.check('{"migrations":["20260103000000-new"]}');
SELECT studentdir.check('{"migrations":[]}');

-- options
SELECT studentdir.check('{"drift":1}');
SELECT studentdir.check('{"migrations":"x"}');
SELECT studentdir.check('{"migrations":[1]}');
SELECT studentdir.check('{"drft":true}');
SELECT studentdir.check('[]');

-- to read the catalogs is enough, in a transaction that only reads; without it the texts cannot be checked
CREATE ROLE sd_check_ci;
SET ROLE sd_check_ci;
SELECT studentdir.check();
\echo :SQLSTATE
RESET ROLE;
GRANT SELECT ON studentdir.migration TO sd_check_ci;
SET ROLE sd_check_ci;
BEGIN READ ONLY;
SELECT studentdir.check();
SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND mode NOT IN ('AccessShareLock', 'ExclusiveLock') AND locktype = 'relation';
COMMIT;
RESET ROLE;

DROP OWNED BY sd_check_ci;
DROP ROLE sd_check_ci;
\c :database
DROP DATABASE sd_check;
