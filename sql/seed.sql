-- Seeds: registered, applied and undone as migrations are, in a ledger of their own.
SET client_min_messages = warning;
\set SHOW_CONTEXT errors

CREATE VIEW pg_temp.ledger AS
SELECT status, name, applied_by = current_user AS by_me, duration_ms >= 0 AS timed, changed FROM studentdir.seed_status();

SELECT * FROM pg_temp.ledger;
SELECT studentdir.seed_create('20260101000000-ann', $$INSERT INTO users (name) VALUES ('Ann'); INSERT INTO posts (title, user_id) SELECT 'Hi', id FROM users WHERE name = 'Ann'$$, $$DELETE FROM users WHERE name = 'Ann'$$);
SELECT studentdir.seed_create('20260102000000-bob', $$SELECT studentdir.create('User', '{"name":"Bob"}')$$, $$SELECT studentdir.destroy('User', '{"where":{"name":"Bob"}}')$$);
SELECT studentdir.seed_create('cyd', $$INSERT INTO users (name) VALUES ('Cyd')$$) ~ '^\d{14}-cyd$' AS stamped;
-- the names of migrations are not in the way
SELECT studentdir.seed_create('00000000000001-create-students', 'SELECT 1', 'SELECT 1');
SELECT studentdir.seed_create('20260101000000-ann', 'SELECT 1');
\echo :SQLSTATE
SELECT studentdir.seed_create('', 'SELECT 1');
SELECT studentdir.seed_create('x', ' ');
SELECT studentdir.seed_create('x', 'SELECT 1', ' ');
SELECT studentdir.seed_create(NULL, 'SELECT 1');

-- apply
SELECT * FROM studentdir.seed(dry_run => true) WHERE name LIKE '2026010%';
SELECT * FROM studentdir.seed('20260101000000-ann', 1);
\echo :SQLSTATE
SELECT * FROM studentdir.seed('20260101');
\echo :SQLSTATE
SELECT name, action, duration_ms > 0 AS timed FROM studentdir.seed(steps => 1);
SELECT name, action FROM studentdir.seed('20260102000000-bob');
SELECT users.name, title FROM users LEFT JOIN posts ON user_id = users.id ORDER BY 1;
DELETE FROM studentdir.seed WHERE applied_at IS NULL;
SET client_min_messages = notice;
SELECT name, action FROM studentdir.seed();
SET client_min_messages = warning;
SELECT * FROM pg_temp.ledger;
SELECT name FROM studentdir.migration_status() WHERE name LIKE '2026%';

-- undo
SELECT * FROM studentdir.seed_undo(dry_run => true);
SELECT name, action FROM studentdir.seed_undo();
SELECT name FROM users ORDER BY 1;
SELECT name, action FROM studentdir.seed();
SELECT * FROM studentdir.seed_undo_all(dry_run => true);
SELECT name, action FROM studentdir.seed_undo_all();
SELECT name FROM users ORDER BY 1;
SET client_min_messages = notice;
SELECT name, action FROM studentdir.seed_undo();
SET client_min_messages = warning;
SELECT name, action FROM studentdir.seed();
SELECT name, action FROM studentdir.seed_undo('20260101000000-ann');

-- an error undoes all of the call
SELECT studentdir.seed_create('20260103000000-bad', E'-- two rows\nINSERT INTO users (name) VALUES (\'Dot\');\n\n/* and\n   one that cannot be */\nINSERT INTO users (name) SELECT 1 / 0;');
SELECT name FROM studentdir.seed();
\echo :SQLSTATE
SELECT count(*) FROM users;
SELECT * FROM pg_temp.ledger;
DELETE FROM studentdir.seed WHERE name = '20260103000000-bad';

-- a seed does not run migrations, nor the other way round
SELECT studentdir.seed_create('20260103000000-migrates', 'SELECT studentdir.migrate()');
SELECT name FROM studentdir.seed();
DELETE FROM studentdir.seed WHERE name = '20260103000000-migrates';

-- show, edit, repair; no down
SELECT name, action FROM studentdir.seed(steps => 2);
SELECT * FROM studentdir.seed_show('20260102000000-bob');
SELECT * FROM studentdir.seed_show('bob');
\echo :SQLSTATE
UPDATE studentdir.seed SET down = NULL WHERE name = '20260102000000-bob';
SELECT * FROM pg_temp.ledger WHERE changed;
SELECT * FROM studentdir.seed();
\echo :SQLSTATE
SELECT studentdir.seed_repair('20260102000000-bob');
SELECT studentdir.seed_repair('bob');
SELECT * FROM studentdir.seed_undo();
\echo :SQLSTATE

-- another role's; without privileges
CREATE ROLE regress_sd_seed;
SET ROLE regress_sd_seed;
SELECT count(*) > 0 AS readable FROM studentdir.seed_status();
SELECT * FROM studentdir.seed();
\echo :SQLSTATE
SELECT studentdir.seed_create('x', 'SELECT 1');
\echo :SQLSTATE
RESET ROLE;
GRANT INSERT, UPDATE ON studentdir.seed TO regress_sd_seed;
SET ROLE regress_sd_seed;
SELECT studentdir.seed_create('20260103000000-of-another', 'SELECT 1');
RESET ROLE;
CREATE ROLE regress_sd_boss SUPERUSER;
SET ROLE regress_sd_boss;
SELECT * FROM studentdir.seed();
\echo :SQLSTATE
RESET ROLE;
DROP ROLE regress_sd_boss;
BEGIN READ ONLY;
SELECT studentdir.seed_create('x', 'SELECT 1');
\echo :SQLSTATE
ROLLBACK;

DELETE FROM studentdir.seed;
DELETE FROM users;
DROP OWNED BY regress_sd_seed;
DROP ROLE regress_sd_seed;
