-- Undoing a built-in migration counts rows that policies hide from the owner, too, and only tables of the caller's.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT current_schema() AS target \gset
CREATE ROLE regress_sd_owner;
GRANT CREATE ON SCHEMA :"target" TO regress_sd_owner;
ALTER TABLE posts OWNER TO regress_sd_owner;
ALTER TABLE users OWNER TO regress_sd_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO regress_sd_owner;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA studentdir TO regress_sd_owner;
UPDATE studentdir.migration SET registered_by = 'regress_sd_owner' WHERE name LIKE '0000%';
INSERT INTO users (id, name) VALUES (1, 'Ada');
INSERT INTO posts (title, user_id) VALUES ('hidden', 1);
ALTER TABLE posts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

SET ROLE regress_sd_owner;
SELECT count(*) FROM posts;
SELECT name FROM studentdir.migrate_undo();
\echo :SQLSTATE
-- a role that is no owner does not get as far as a lock
RESET ROLE;
ALTER TABLE posts OWNER TO CURRENT_USER;
SET ROLE regress_sd_owner;
SELECT name FROM studentdir.migrate_undo();
\echo :SQLSTATE
SELECT mode FROM pg_locks WHERE relation = 'posts'::regclass;
-- where the name is a view's
RESET ROLE;
ALTER TABLE posts RENAME TO posts_kept;
SET ROLE regress_sd_owner;
CREATE VIEW posts AS SELECT 1 AS id;
SELECT name FROM studentdir.migrate_undo();
\echo :SQLSTATE
DROP VIEW posts;
RESET ROLE;
ALTER TABLE posts_kept RENAME TO posts;

-- leave things as they were
TRUNCATE posts, users RESTART IDENTITY;
ALTER TABLE posts DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE users OWNER TO CURRENT_USER;
UPDATE studentdir.migration SET registered_by = CURRENT_USER WHERE name LIKE '0000%';
DROP OWNED BY regress_sd_owner CASCADE;
DROP ROLE regress_sd_owner;
