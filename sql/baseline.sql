-- Migrations that were applied in another way are marked, and not run.
SET client_min_messages = warning;
\set SHOW_CONTEXT errors

CREATE VIEW pg_temp.ledger AS
SELECT status, name, applied_by = current_user AS by_me, duration_ms, changed FROM studentdir.migration_status() WHERE name NOT LIKE '0000%';

SELECT studentdir.migration_create('20260101000000-a', 'SELECT 1 / 0', 'CREATE TABLE undone ()');
SELECT studentdir.migration_create('20260102000000-b', 'SELECT 1 / 0');
SELECT studentdir.migration_create('20260103000000-c', 'CREATE TABLE c ()', 'DROP TABLE c');

-- up to a name
SELECT * FROM studentdir.migration_baseline('20260102');
\echo :SQLSTATE
SELECT * FROM studentdir.migration_baseline('20260102000000-b');
SELECT * FROM pg_temp.ledger;
SELECT * FROM studentdir.migration_baseline('20260102000000-b');
SELECT name, action FROM studentdir.migrate();
SELECT name, action FROM studentdir.migrate_undo();
-- what is marked is undone like any other, or refused like any other
SELECT name FROM studentdir.migrate_undo();
\echo :SQLSTATE
DELETE FROM studentdir.migration WHERE name LIKE '2026%';

-- from Sequelize's table
SELECT * FROM studentdir.migration_baseline();
\echo :SQLSTATE
CREATE TABLE "SequelizeMeta" (name varchar(255) PRIMARY KEY);
SELECT * FROM studentdir.migration_baseline();
INSERT INTO "SequelizeMeta" VALUES ('20250101000000-create-user.js'), ('20250102000000-add-email.cjs'), ('20250103000000-add-phone.ts'),
  ('20250104000000-by-hand'), ('20250105000000-named-so.js'), ('.js'), (''), ('with space.mjs');
SELECT studentdir.migration_create('20250102000000-add-email', 'ALTER TABLE no_such_table ADD COLUMN email text', 'SELECT 1');
SELECT studentdir.migration_create('20250105000000-named-so.js', 'SELECT 1 / 0', 'SELECT 1');
SELECT studentdir.migration_create('20250106000000-not-yet', 'CREATE TABLE c ()', 'DROP TABLE c');
SELECT * FROM studentdir.migration_baseline('20250106000000-not-yet', '"SequelizeMeta"');
\echo :SQLSTATE
SELECT * FROM studentdir.migration_baseline();
SELECT * FROM pg_temp.ledger;
SELECT * FROM studentdir.migration_baseline();
SELECT name, up = '' AS no_text, down FROM studentdir.migration WHERE name LIKE '2025%' ORDER BY 1;
SELECT name, action FROM studentdir.migrate();
SELECT name, action FROM studentdir.migrate_undo(steps => 2);
DELETE FROM studentdir.migration WHERE name IN ('with space', '.js');
SELECT name, action FROM studentdir.migrate_undo(upto => '20250105000000-named-so.js');
SELECT name, action FROM studentdir.migrate_undo();
\echo :SQLSTATE
SELECT * FROM studentdir.migration_show('20250104000000-by-hand');
DELETE FROM studentdir.migration WHERE name LIKE '2025%';

-- it may have another name or place, and may not be what it should be
CREATE SCHEMA app;
ALTER TABLE "SequelizeMeta" SET SCHEMA app;
SELECT name FROM studentdir.migration_baseline();
\echo :SQLSTATE
SET search_path = app;
SELECT count(*) FROM studentdir.migration_baseline();
DELETE FROM studentdir.migration WHERE name !~ '^0000';
SET search_path = public;
ALTER TABLE app."SequelizeMeta" RENAME TO "my ""meta";
SELECT count(*) FROM studentdir.migration_baseline(meta => 'app."my ""meta"');
DELETE FROM studentdir.migration WHERE name !~ '^0000';
SELECT * FROM studentdir.migration_baseline(meta => 0);
\echo :SQLSTATE
SELECT count(*) FROM studentdir.migration_baseline(meta => 'posts');
\echo :SQLSTATE
RESET search_path;
DROP SCHEMA app CASCADE;

-- seeds have a table of their own there
CREATE TABLE "SequelizeData" (name varchar(255) PRIMARY KEY);
INSERT INTO "SequelizeData" VALUES ('20250101000000-demo-user.js');
SELECT * FROM studentdir.seed_baseline();
SELECT status, name FROM studentdir.seed_status();
SELECT name, action FROM studentdir.seed_undo();
\echo :SQLSTATE
SELECT studentdir.seed_create('20250102000000-more', 'SELECT 1 / 0');
SELECT * FROM studentdir.seed_baseline('20250102000000-more');
DELETE FROM studentdir.seed;
DROP TABLE "SequelizeData";

-- who may
CREATE ROLE regress_sd_base;
SET ROLE regress_sd_base;
SELECT * FROM studentdir.migration_baseline('00000000000001-create-students');
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_sd_base;
BEGIN READ ONLY;
SELECT * FROM studentdir.migration_baseline('00000000000001-create-students');
\echo :SQLSTATE
ROLLBACK;
