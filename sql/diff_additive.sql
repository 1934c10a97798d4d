-- What a table has beyond its model is left alone; what a model cannot say always; renames lock nothing to be compared.
\set SHOW_CONTEXT never
SELECT current_database() AS database \gset
CREATE DATABASE sd_additive;
\c sd_additive
SET client_min_messages = warning;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION pg_temp.last() RETURNS TABLE (up text, down text) LANGUAGE sql AS
$$ SELECT up, down FROM studentdir.migration WHERE applied_at IS NULL ORDER BY name DESC LIMIT 1 $$;

-- a model that says some of a table
CREATE TABLE films (id serial PRIMARY KEY, title text NOT NULL, rate numeric(4,2) NOT NULL DEFAULT 4.99, length int, code text UNIQUE,
  released date NOT NULL, kind text CHECK (kind <> ''), studio_id int, note text DEFAULT 'x', number int GENERATED ALWAYS AS IDENTITY, ticket bigint DEFAULT nextval('films_id_seq'),
  at timestamptz DEFAULT now());
CREATE TABLE studios (id int PRIMARY KEY, name text);
ALTER TABLE films ADD CONSTRAINT films_studio FOREIGN KEY (studio_id) REFERENCES studios ON DELETE SET DEFAULT ON UPDATE RESTRICT;
CREATE INDEX films_title ON films (title);
CREATE INDEX films_lower ON films (lower(title));
CREATE INDEX films_long ON films (length) WHERE length > 100;
COMMENT ON TABLE films IS 'shown';
SELECT studentdir.define('Studio', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Film', '{"title":"TEXT","rate":"DECIMAL(4,2)","released":"DATEONLY","studioId":"INTEGER","number":"INTEGER","ticket":"BIGINT","note":"TEXT"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.has_many('Studio', 'Film') IS NOT NULL, studentdir.belongs_to('Film', 'Studio') IS NOT NULL;
SELECT * FROM studentdir.diff();
SET client_min_messages = notice;
SELECT studentdir.migration_generate('nothing');
-- all that is beyond, when told: what a model cannot say stays even then
SELECT change, name, actual FROM studentdir.diff('{"drop":true}');
SELECT studentdir.migration_generate('20260101000000-all', '{"drop":true}');
SET client_min_messages = warning;
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT action FROM studentdir.migrate_undo();
DELETE FROM studentdir.migration;
SELECT * FROM studentdir.diff();
-- an action that is given changes the key, and keeps the one that is not
BEGIN;
SELECT studentdir.has_many('Studio', 'Film', '{"onDelete":"CASCADE"}') IS NOT NULL, studentdir.belongs_to('Film', 'Studio', '{"onDelete":"CASCADE"}') IS NOT NULL;
SELECT change, name, actual, expected FROM studentdir.diff();
SET LOCAL client_min_messages = notice;
SELECT studentdir.migration_generate('20260101000000-key');
SELECT up, down FROM pg_temp.last();
ROLLBACK;
-- a change of type keeps the defaults that the model does not say
BEGIN;
SELECT studentdir.define('Film', '{"title":"STRING(40)","number":"BIGINT","ticket":"DECIMAL","note":"STRING(9)"}', '{"timestamps":false}') IS NOT NULL;
SELECT ddl FROM studentdir.diff();
SELECT studentdir.migration_generate('types') ~ '-types$';
SELECT action FROM studentdir.migrate();
SELECT column_name, data_type, column_default, identity_generation FROM information_schema.columns WHERE table_name = 'films' AND column_name IN ('number', 'ticket', 'note') ORDER BY 1;
SELECT * FROM studentdir.diff();
SELECT action FROM studentdir.migrate_undo();
SELECT column_name, data_type, column_default, identity_generation FROM information_schema.columns WHERE table_name = 'films' AND column_name IN ('number', 'ticket', 'note') ORDER BY 1;
ROLLBACK;
SELECT studentdir.undefine('Film'), studentdir.undefine('Studio');
DROP TABLE films, studios;

-- an index under the name of one that does something else replaces it
CREATE TABLE jobs (id int PRIMARY KEY, state text, priority int);
CREATE INDEX jobs_open ON jobs (priority) WHERE state = 'open';
CREATE INDEX jobs_expr ON jobs (lower(state));
CREATE INDEX jobs_other ON jobs (priority) WHERE state = 'other';
SELECT studentdir.define('Job', '{"id":{"type":"INTEGER","primaryKey":true},"state":"TEXT","priority":"INTEGER"}', '{"timestamps":false,"indexes":[
  {"name":"jobs_open","fields":["priority"],"where":{"state":{"$in":["open","new"]}}},{"name":"jobs_expr","fields":["state"]}]}') IS NOT NULL;
SET client_min_messages = notice;
SELECT studentdir.migration_generate('20260101000000-jobs');
SET client_min_messages = warning;
SELECT up, down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff();
SELECT indexdef FROM pg_indexes WHERE tablename = 'jobs' ORDER BY 1;
SELECT action FROM studentdir.migrate_undo();
SELECT indexdef FROM pg_indexes WHERE tablename = 'jobs' ORDER BY 1;
DELETE FROM studentdir.migration;

-- unique where nulls are equal
SELECT studentdir.define('Job', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"TEXT","unique":true},"priority":"INTEGER"}', '{"timestamps":false,"indexes":[
  {"name":"jobs_once","fields":["priority"],"unique":true,"nullsNotDistinct":true}]}') IS NOT NULL;
ALTER TABLE jobs ADD UNIQUE NULLS NOT DISTINCT (state);
SELECT change, name, expected FROM studentdir.diff();
SELECT studentdir.migration_generate('once') ~ 'once';
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff();
DELETE FROM studentdir.migration;
DROP INDEX jobs_once;
CREATE UNIQUE INDEX jobs_once ON jobs (priority);
SELECT change, name, actual, expected FROM studentdir.diff();
SELECT studentdir.define('Job', '{"state":"TEXT"}', '{"indexes":[{"fields":["state"],"nullsNotDistinct":true}]}');
SELECT studentdir.define('Job', '{"state":"TEXT"}', '{"indexes":[{"fields":["state"],"unique":true,"nullsNotDistinct":1}]}');
SELECT studentdir.undefine('Job');
DROP TABLE jobs;

-- a default of a domain's type, and a domain's own
CREATE DOMAIN percent AS int DEFAULT 50 CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE domains (id int PRIMARY KEY, a percent, b percent DEFAULT 10, c percent DEFAULT 50);
SELECT studentdir.define('Domain', '{"id":{"type":"INTEGER","primaryKey":true},"a":{"type":"public.percent","defaultValue":50},"b":{"type":"public.percent","defaultValue":10},"c":"public.percent"}', '{"timestamps":false}') IS NOT NULL;
SELECT * FROM studentdir.diff();
SELECT change, name FROM studentdir.diff('{"drop":true}');
SELECT studentdir.define('Domain', '{"id":{"type":"INTEGER","primaryKey":true},"a":{"type":"public.percent","defaultValue":51}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('domains') ~ 'domains';
SELECT up, down FROM pg_temp.last();
DELETE FROM studentdir.migration;
SELECT studentdir.undefine('Domain');
DROP TABLE domains;

-- values are added to an enum without a rewrite, where they stand
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''open'',''done'')","defaultValue":"open"},"tags":"ARRAY(ENUM(''a''))"}', '{"timestamps":false}') IS NOT NULL;
SELECT count(*) FROM studentdir.sync();
INSERT INTO tickets VALUES (1, 'open', '{a}');
SELECT oid AS type FROM pg_type WHERE typname = 'enum_tickets_state' \gset
SELECT relfilenode AS file FROM pg_class WHERE relname = 'tickets' \gset
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''new'',''open'',''held'',''asked'',''done'',''late'')","defaultValue":"open"},"tags":"ARRAY(ENUM(''a'',''b''))"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('values') ~ 'values';
SELECT up, down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT enum_range(NULL::enum_tickets_state), enum_range(NULL::enum_tickets_tags), 'enum_tickets_state'::regtype::oid = :type AS same_type, relfilenode = :file AS same_file FROM pg_class WHERE relname = 'tickets';
SELECT * FROM studentdir.diff();
SELECT action FROM studentdir.migrate_undo();
SELECT enum_range(NULL::enum_tickets_state), state FROM tickets;
DELETE FROM studentdir.migration;
-- where the same migration uses the value the type is made anew
BEGIN;
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''new'',''open'',''done'')","defaultValue":"new"},"tags":"ARRAY(ENUM(''a''))"}', '{"timestamps":false}') IS NOT NULL;
SELECT count(*) FROM studentdir.migration_generate('used');
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff();
ROLLBACK;
BEGIN;
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''new'',''open'',''done'')","defaultValue":"open"},"tags":"ARRAY(ENUM(''a''))"}', '{"timestamps":false,"indexes":[{"name":"n","fields":["id"],"where":{"state":"new"}}]}') IS NOT NULL;
SELECT count(*) FROM studentdir.migration_generate('used');
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff();
SELECT action FROM studentdir.migrate_undo();
ROLLBACK;
-- an index and a constraint of one's own over an enum that is made anew
BEGIN;
CREATE INDEX tickets_mine ON tickets (id) WHERE state = 'open';
ALTER TABLE tickets ADD CONSTRAINT not_done CHECK (state <> 'done' OR id > 0);
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''done'',''open'')","defaultValue":"open"},"tags":"ARRAY(ENUM(''a''))"}', '{"timestamps":false}') IS NOT NULL;
SELECT count(*) FROM studentdir.migration_generate('mine');
SELECT up FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT indexdef FROM pg_indexes WHERE indexname = 'tickets_mine' UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'not_done';
SELECT action FROM studentdir.migrate_undo();
SELECT indexdef FROM pg_indexes WHERE indexname = 'tickets_mine' UNION ALL SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'not_done';
ROLLBACK;
-- and where a later one does, the error says what can be done
BEGIN;
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''open'',''done'',''new'')","defaultValue":"open"},"tags":"ARRAY(ENUM(''a''))"}', '{"timestamps":false}') IS NOT NULL;
SELECT count(*) FROM studentdir.migration_generate('20260101000000-first');
SELECT count(*) FROM studentdir.migration_create('20260101000001-second', $$ UPDATE tickets SET state = 'new' $$);
SELECT action FROM studentdir.migrate();
\echo :SQLSTATE
ROLLBACK;
-- values get other names when told
CREATE INDEX tickets_open ON tickets (id) WHERE state = 'open';
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''new'',''done'')","defaultValue":"new"},"tags":"ARRAY(ENUM(''a''))"}', '{"timestamps":false,"indexes":[{"name":"tickets_open","fields":["id"],"where":{"state":"new"}}]}') IS NOT NULL;
SELECT studentdir.migration_generate('named', '{"renames":{"Ticket":{"state":{"open":"new"}}}}') ~ 'named';
SELECT up, down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff();
SELECT state FROM tickets;
SELECT action FROM studentdir.migrate_undo();
SELECT state FROM tickets;
DELETE FROM studentdir.migration;
SELECT studentdir.migration_generate('x', '{"renames":{"Ticket":{"state":{"nothing":"new"}}}}');
SELECT studentdir.migration_generate('x', '{"renames":{"Ticket":{"state":{"open":"done"}}}}');
SELECT studentdir.migration_generate('x', '{"renames":{"Ticket":{"id":{"open":"new"}}}}');
SELECT studentdir.migration_generate('x', '{"renames":{"Ticket":{"nothing":{"open":"new"}}}}');
SELECT studentdir.migration_generate('x', '{"renames":{"Ticket":{"state":{"open":7}}}}');
-- and types, with values that are new
BEGIN;
SELECT studentdir.define('Ticket', '{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''open'',''done'',''late'')","defaultValue":"open"},"tags":"ARRAY(ENUM(''b'',''a''))"}', '{"timestamps":false}') IS NOT NULL;
SELECT typname FROM pg_type WHERE typname ~ '^enum_tickets' ORDER BY 1;
SELECT studentdir.migration_generate('types', '{"renameTypes":{"enum_tickets_state":"ticket state","enum_tickets_tags":"tag"}}') ~ 'types';
SELECT up, down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff();
SELECT attname, atttypid::regtype FROM pg_attribute WHERE attrelid = 'tickets'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1;
SELECT action FROM studentdir.migrate_undo();
SELECT attname, atttypid::regtype, enum_range(NULL::enum_tickets_state) FROM pg_attribute WHERE attrelid = 'tickets'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1;
ROLLBACK;
SELECT studentdir.migration_generate('x', '{"renameTypes":{"enum_none":"new"}}');
SELECT studentdir.migration_generate('x', '{"renameTypes":{"enum_tickets_state":"enum_tickets_tags"}}');
SELECT studentdir.migration_generate('x', '{"renameTypes":["a"]}');
SELECT studentdir.undefine('Ticket');
DROP TABLE tickets;

-- renames of everything at once, with what names stand in: compared without a lock that a reader waits for
CREATE TABLE old_parents ("the key" int PRIMARY KEY, b int UNIQUE);
CREATE TABLE old_kids (id int PRIMARY KEY, p int REFERENCES old_parents, q int REFERENCES old_parents (b) ON DELETE CASCADE, state text, CHECK (p < q));
CREATE INDEX kids_p ON old_kids (p) WHERE state = 'a';
CREATE INDEX kids_lower ON old_kids (lower(state), p DESC);
CREATE TABLE old_kids_child () INHERITS (old_kids);
INSERT INTO old_parents VALUES (1, 2);
INSERT INTO old_kids VALUES (1, 1, 2, 'a');
SELECT studentdir.define('Parent', '{"key":{"type":"BIGINT","primaryKey":true},"second":{"type":"INTEGER","unique":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Kid', '{"id":{"type":"INTEGER","primaryKey":true},"parentKey":{"type":"BIGINT","references":{"model":"Parent","key":"key"}},"q":{"type":"INTEGER","references":{"model":"Parent","key":"second"}},"mood":"TEXT"}',
  '{"timestamps":false,"indexes":[{"name":"kids_p","fields":["parentKey"],"where":{"mood":"a"}}]}') IS NOT NULL;
BEGIN;
SELECT studentdir.migration_generate('renames', '{"drop":true,"renameTables":{"old_parents":"parents","old_kids":"kids"},"renames":{"old_parents":{"the key":"key","b":"second"},"Kid":{"p":"parent_key","state":"mood"}}}') ~ 'renames';
SELECT DISTINCT mode FROM pg_locks WHERE relation IN ('old_parents'::regclass, 'old_kids'::regclass) AND pid = pg_backend_pid();
COMMIT;
SELECT up, down FROM pg_temp.last();
CREATE VIEW shape AS SELECT conrelid::regclass::text AS t, conname::text AS n, pg_get_constraintdef(oid) AS d FROM pg_constraint WHERE conrelid::regclass::text ~ 'kids|parents' AND contype <> 'n'
  UNION ALL SELECT tablename::text, indexname::text, indexdef FROM pg_indexes WHERE tablename ~ 'kids|parents'
  UNION ALL SELECT attrelid::regclass::text, attname::text, atttypid::regtype::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid AND relkind = 'r' WHERE attrelid::regclass::text ~ '^[a-z_]*(kids|parents)[a-z_]*$' AND attnum > 0 AND NOT attisdropped;
CREATE TABLE before AS TABLE shape;
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT indexdef FROM pg_indexes WHERE tablename = 'kids' ORDER BY 1;
SELECT action FROM studentdir.migrate_undo();
(TABLE before EXCEPT ALL TABLE shape) UNION ALL (TABLE shape EXCEPT ALL TABLE before);
DELETE FROM studentdir.migration;
SELECT studentdir.migration_generate('x', '{"renames":{"old_kids":{"p":"q"}}}');
SELECT studentdir.migration_generate('x', '{"renameTables":{"old_kids":"old_parents"}}');
SELECT studentdir.migration_generate('x', '{"renameTables":{"nothing":"x"}}');
\c :database
DROP DATABASE sd_additive;
