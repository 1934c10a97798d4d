-- studentdir.diff and studentdir.migration_generate: models against tables.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set database :DBNAME
CREATE DATABASE sd_diff;
\c sd_diff
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
\set ECHO none
\i :common
\set ECHO all

CREATE FUNCTION pg_temp.last() RETURNS TABLE (up text, down text) LANGUAGE sql AS
$$ SELECT up, down FROM studentdir.migration WHERE applied_at IS NULL ORDER BY name DESC LIMIT 1 $$;

-- the built-in models and their tables agree
SELECT * FROM studentdir.diff('{"drop":true}');
SET client_min_messages = notice;
SELECT studentdir.migration_generate('nothing') IS NULL;
SET client_min_messages = warning;

-- who has changed the table by hand?
BEGIN;
ALTER TABLE students ADD COLUMN nickname text NOT NULL DEFAULT 'none';
ALTER TABLE students ALTER COLUMN cohort TYPE varchar(20);
ALTER TABLE students ALTER COLUMN cohort SET DEFAULT 'Spring 2026';
ALTER TABLE students ALTER COLUMN name DROP NOT NULL;
ALTER TABLE students DROP CONSTRAINT students_email_key;
ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey, ADD FOREIGN KEY (user_id) REFERENCES users ON DELETE RESTRICT;
DROP INDEX posts_user_id;
CREATE INDEX ON users (name);
ALTER TABLE users ALTER COLUMN id DROP IDENTITY;
SELECT model, table_name, change, name, actual, expected FROM studentdir.diff('{"drop":true}');
SELECT ddl FROM studentdir.diff('{"drop":true}');
ROLLBACK;

-- what makes no difference
BEGIN;
ALTER TABLE students ALTER COLUMN created_at DROP DEFAULT, ALTER COLUMN updated_at TYPE timestamptz, ALTER COLUMN name TYPE text;
ALTER TABLE students ALTER COLUMN updated_at SET DEFAULT clock_timestamp();
COMMENT ON TABLE students IS 'of the school';
COMMENT ON COLUMN students.name IS 'as in the passport';
CREATE INDEX ON students (lower(name));
CREATE INDEX ON students (cohort) WHERE email IS NOT NULL;
CREATE INDEX ON students (name) INCLUDE (cohort);
ALTER TABLE students ADD CHECK (name <> '');
ALTER TABLE students ADD COLUMN label text GENERATED ALWAYS AS (upper(name)) STORED;
ALTER TABLE students ALTER COLUMN cohort SET DEFAULT current_user;
ALTER TABLE students DROP CONSTRAINT students_email_key;
CREATE UNIQUE INDEX ON students (email);
CREATE SEQUENCE ids OWNED BY users.id;
ALTER TABLE users ALTER COLUMN id DROP IDENTITY;
ALTER TABLE users ALTER COLUMN id SET DEFAULT nextval('ids');
CREATE TABLE of_nobody (id integer PRIMARY KEY);
ALTER TABLE posts ADD COLUMN other integer GENERATED ALWAYS AS (1) STORED REFERENCES of_nobody;
SELECT * FROM studentdir.diff('{"drop":true}');
ROLLBACK;

-- a type that was not made for its column, named or as an ENUM: it stays where a column leaves it
BEGIN;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE days (id serial PRIMARY KEY, m mood DEFAULT 'sad', n mood);
SELECT studentdir.define('Day', '{"m":{"type":"public.mood","defaultValue":"sad"},"n":"ENUM(''sad'',''happy'')"}', '{"timestamps":false}') IS NOT NULL;
SELECT * FROM studentdir.diff('{"drop":true}');
ALTER TABLE days DROP COLUMN n;
SELECT studentdir.define('Day', '{"m":"ENUM(''sad'',''happy'',''so so'')"}', '{"timestamps":false}') IS NOT NULL;
SELECT actual, expected, ddl FROM studentdir.diff('{"drop":true}');
-- tables of the caller's own with names of catalogs do not get in between
CREATE TEMP TABLE pg_attribute (a int);
SELECT count(*) FROM studentdir.diff('{"drop":true}');
ROLLBACK;

-- a Sequelize project's table: one define away
BEGIN;
CREATE TYPE "enum_Tasks_state" AS ENUM ('open', 'done');
CREATE TABLE "Tasks" (id serial PRIMARY KEY, title varchar(255) NOT NULL, state "enum_Tasks_state" DEFAULT 'open', "userId" integer REFERENCES users ON DELETE SET NULL ON UPDATE CASCADE,
                      "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL);
SELECT studentdir.define('Task', '{"title":{"type":"STRING","allowNull":false},"state":{"type":"ENUM(''open'',''done'')","defaultValue":"open"},"userId":"INTEGER"}',
                         '{"underscored":false}') IS NOT NULL;
SELECT studentdir.belongs_to('Task', 'User') IS NOT NULL;
SELECT * FROM studentdir.diff('{"drop":true}');
ROLLBACK;

-- a change of everything, with rows: done, nothing differs; undone, all is as before
SELECT studentdir.define('Lesson', '{"title":"STRING","code":{"type":"INTEGER","unique":true},"state":{"type":"ENUM(''a'',''b'')","defaultValue":"a"},"note":{"type":"TEXT","allowNull":false},
                                     "credits":"INTEGER","userId":{"type":"INTEGER","references":"User","onDelete":"CASCADE"},"word":{"type":"STRING","index":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT action FROM studentdir.sync() WHERE model = 'Lesson';
INSERT INTO lessons (title, code, state, note, credits, word) VALUES ('x', 1, 'a', 'n', NULL, '7'), ('y', 2, 'b', 'm', 5, '8');
CREATE INDEX lessons_lower ON lessons (lower(note));
ALTER TABLE lessons ADD CONSTRAINT short CHECK (length(note) < 100);
CREATE TEMP TABLE before AS SELECT pg_get_constraintdef(oid) AS x FROM pg_constraint WHERE conrelid = 'lessons'::regclass UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 'lessons'
UNION ALL SELECT attname || format_type(atttypid, atttypmod) || attnotnull || coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'lessons'::regclass AND attnum > 0 AND NOT attisdropped;
SELECT studentdir.define('Lesson', '{"id":{"type":"BIGINT","primaryKey":true,"autoIncrement":true},"title":{"type":"TEXT","comment":"of the lesson"},"code":"STRING(10)",
                                     "state":{"type":"ENUM(''b'',''a'',''c'')","defaultValue":"c","allowNull":false},"credits":{"type":"INTEGER","allowNull":false,"defaultValue":3},
                                     "teacherId":{"type":"INTEGER","references":"User","onDelete":"SET NULL"},"word":"ARRAY(INTEGER)","extra":{"type":"BOOLEAN","allowNull":false,"defaultValue":false}}',
                         '{"timestamps":false,"paranoid":false,"indexes":[{"fields":["title","code"],"unique":true},{"fields":["code"],"where":{"state":"c"}}]}') IS NOT NULL;
SELECT studentdir.migration_generate('lesson', '{"drop":true,"renames":{"lessons":{"user_id":"teacher_id"}}}') ~ '^\d{14}-lesson$';
SELECT up FROM pg_temp.last();
SELECT down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT * FROM lessons ORDER BY id;
SELECT action FROM studentdir.migrate_undo();
SELECT id, title, code, state, note, credits, word, user_id FROM lessons ORDER BY id;
SELECT 'gone', * FROM (TABLE before EXCEPT ALL (SELECT pg_get_constraintdef(oid) AS x FROM pg_constraint WHERE conrelid = 'lessons'::regclass UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 'lessons'
UNION ALL SELECT attname || format_type(atttypid, atttypmod) || attnotnull || coalesce(pg_get_expr(adbin, adrelid), '') FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'lessons'::regclass AND attnum > 0 AND NOT attisdropped)) AS d;

-- what is pending would be written again
SELECT pg_temp.err($$ SELECT studentdir.migration_generate('again', '{"drop":true}') $$) ~ '^55000: migration "\d{14}-lesson" is not applied yet\n  DETAIL: Models are compared with the tables as they are, and what it does would be written again\.';
SELECT studentdir.migration_generate('again', '{"drop":true,"ignorePending":true}') ~ '-again$';
DELETE FROM studentdir.migration WHERE applied_at IS NULL;

-- tables are renamed and dropped when told
SELECT studentdir.undefine('Lesson');
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT studentdir.define('Unit', '{"title":"STRING","code":{"type":"INTEGER","unique":true},"state":{"type":"ENUM(''a'',''b'')","defaultValue":"a"},"note":{"type":"TEXT","allowNull":false},
                                   "credits":"INTEGER","ownerId":{"type":"INTEGER","references":"User","onDelete":"CASCADE"},"word":{"type":"STRING","index":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.migration_generate('units', '{"drop":true,"renameTables":{"lessons":"units"},"renames":{"Unit":{"user_id":"ownerId"}}}') IS NOT NULL;
SELECT up, down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT studentdir.undefine('Unit');
SELECT studentdir.migration_generate('no-units', '{"drop":true,"dropTables":["units"]}') IS NOT NULL;
-- since 18 its NOT NULLs have names, which are those that they had under the old one
SELECT up, replace(regexp_replace(down, 'CONSTRAINT \w+_not_null NOT NULL', 'NOT NULL', 'g'), 'IDENTITY NOT NULL', 'IDENTITY') FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT to_regclass('units'), to_regtype('enum_lessons_state');
SELECT action FROM studentdir.migrate_undo(steps => 2);
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'lessons'::regclass AND contype <> 'n' ORDER BY 1;
DELETE FROM studentdir.migration WHERE applied_at IS NULL;

-- wrong ones
SELECT o, pg_temp.err(format('SELECT studentdir.migration_generate(%L, %L)', 'wrong', o)) FROM unnest(ARRAY[
  '[]', '{"rename":{}}', '{"renames":[]}', '{"renames":{"students":"x"}}', '{"renames":{"students":{"cohort":7}}}', '{"renames":{"students":{"cohort":""}}}',
  '{"renames":{"students":{"nothing":"x"}}}', '{"renames":{"nothing":{"a":"b"}}}', '{"renames":{"students":{"cohort":"name"}}}', '{"renameTables":{"nothing":"x"}}', '{"renameTables":{"students":"users"}}',
  '{"dropTables":"students"}', '{"dropTables":["students"]}', '{"dropTables":["nothing"]}', '{"dropTables":["nowhere.nothing"]}', '{"dropTables":[""]}', '{"ignorePending":1}']) o;
SELECT pg_temp.err($$ SELECT studentdir.migration_generate(NULL) $$);
SELECT studentdir.define('Student', '{"name":"STRING"}') IS NOT NULL;
SELECT pg_temp.err($$ SELECT studentdir.migration_generate('a b', '{"drop":true}') $$);
SELECT up FROM pg_temp.last();

-- a reference to nobody is said, and passed over
SET client_min_messages = warning;
BEGIN;
SELECT studentdir.define('Lost', '{"nobodyId":{"type":"INTEGER","references":"Nobody"}}', '{"timestamps":false}') IS NOT NULL;
SELECT change, name FROM studentdir.diff('{"drop":true}') WHERE model = 'Lost';
ROLLBACK;

-- a definition that somebody wrote into the catalog by hand
BEGIN;
UPDATE studentdir.model SET attributes = '[{"name":"id","field":"id","type":"nonsense"}]', options = '{}' WHERE name = 'Post';
SELECT pg_temp.err('SELECT * FROM studentdir.diff()');
UPDATE studentdir.model SET attributes = '[7]' WHERE name = 'Post';
SELECT pg_temp.err('SELECT * FROM studentdir.diff()');
UPDATE studentdir.model SET attributes = '[{"name":"id","field":"id","type":"INTEGER"}]', options = '[]' WHERE name = 'Post';
SELECT pg_temp.err('SELECT * FROM studentdir.diff()');
ROLLBACK;

-- texts that look like functions are values; functions of users are not run to see what they give
BEGIN;
CREATE FUNCTION diff_trap() RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RAISE ''trapped''; END';
CREATE TABLE diff_texts (id integer PRIMARY KEY, a text DEFAULT 'now()', b text DEFAULT 'nextval(', c text DEFAULT diff_trap(), d integer DEFAULT '-3');
SELECT studentdir.define('Text', '{"id":{"type":"INTEGER","primaryKey":true},"a":{"type":"TEXT","defaultValue":"now()"},"b":{"type":"TEXT","defaultValue":"nextval("},"c":"TEXT","d":{"type":"INTEGER","defaultValue":-3}}',
  '{"tableName":"diff_texts","timestamps":false}') IS NOT NULL;
SELECT model, change, name, actual, expected FROM studentdir.diff('{"drop":true}') WHERE table_name = 'diff_texts';
SELECT studentdir.define('Text', '{"id":{"type":"INTEGER","primaryKey":true},"a":"TEXT","b":"TEXT","c":{"type":"TEXT","defaultValue":"now()"},"d":"INTEGER"}', '{"tableName":"diff_texts","timestamps":false}') IS NOT NULL;
SELECT model, change, name, actual, expected FROM studentdir.diff('{"drop":true}') WHERE table_name = 'diff_texts';
ROLLBACK;

-- operators of types that are not PostgreSQL's own, whatever the search_path; a sequence that counts for a numeric
BEGIN;
DELETE FROM studentdir.migration WHERE applied_at IS NULL;
CREATE SCHEMA diff_types;
CREATE EXTENSION citext SCHEMA diff_types;
SET LOCAL search_path = public, diff_types;
CREATE TABLE diff_cards (id integer PRIMARY KEY, n numeric NOT NULL);
CREATE SEQUENCE diff_cards_n OWNED BY diff_cards.n;
ALTER TABLE diff_cards ALTER n SET DEFAULT nextval('diff_cards_n');
SELECT studentdir.define('Card', '{"id":{"type":"INTEGER","primaryKey":true},"c":"CITEXT"}', '{"tableName":"diff_cards","timestamps":false,"indexes":[{"name":"one","fields":["id"],"where":{"c":{"$gte":"x"}}},
  {"name":"some","fields":["id"],"where":{"c":{"$in":["x","y"]}}},{"name":"no","fields":["id"],"where":{"c":{"$ne":"z"}}}]}') IS NOT NULL;
SELECT name ~ 'cards' FROM studentdir.migration_generate('cards', '{"drop":true,"models":["Card"]}') AS name;
SELECT up, down FROM pg_temp.last();
SET LOCAL search_path = public;
SELECT action FROM studentdir.migrate();
SELECT change, name FROM studentdir.diff('{"drop":true}') WHERE model = 'Card';
SELECT action FROM studentdir.migrate_undo();
SELECT pg_get_serial_sequence('diff_cards', 'n');
ROLLBACK;

-- what a table inherits comes and goes with the parent's; the index of a partitioned table comes back with those of its partitions
BEGIN;
DELETE FROM studentdir.migration WHERE applied_at IS NULL;
CREATE TABLE diff_par (id integer PRIMARY KEY, a integer NOT NULL, b text, UNIQUE (id, b)) PARTITION BY RANGE (id);
CREATE TABLE diff_part PARTITION OF diff_par FOR VALUES FROM (0) TO (10);
CREATE INDEX " on only " ON diff_par (a);
CREATE TABLE diff_base (x integer NOT NULL CHECK (x > 0), y integer);
CREATE TABLE diff_heir (id integer PRIMARY KEY, z integer) INHERITS (diff_base);
SELECT count(studentdir.define(name, attributes, options)::text) FROM (VALUES
  ('Par', '{"id":{"type":"INTEGER","primaryKey":true},"c":"TEXT"}'::json, '{"tableName":"diff_par","timestamps":false}'::jsonb),
  ('Part', '{"id":{"type":"INTEGER","primaryKey":true},"b":"INTEGER"}', '{"tableName":"diff_part","timestamps":false}'),
  ('Heir', '{"id":{"type":"INTEGER","primaryKey":true},"x":"TEXT"}', '{"tableName":"diff_heir","timestamps":false}')) AS m (name, attributes, options);
CREATE VIEW diff_parts AS
  SELECT indexdef AS x, indisvalid FROM pg_indexes JOIN pg_index ON indexrelid = format('%I.%I', schemaname, indexname)::regclass WHERE tablename LIKE 'diff\_%'
  UNION ALL SELECT concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull), true FROM pg_attribute
    WHERE attrelid::regclass::text ~ '^diff_(par|part|heir)$' AND attnum > 0 AND NOT attisdropped;
CREATE TEMP TABLE parts_before AS TABLE diff_parts;
SELECT model, change, name, ddl FROM studentdir.diff('{"drop":true}') WHERE table_name LIKE 'diff\_%';
SELECT name ~ 'parts' FROM studentdir.migration_generate('parts', '{"drop":true,"models":["Par","Part","Heir"]}') AS name;
SELECT up, down FROM pg_temp.last();
SELECT action FROM studentdir.migrate();
SELECT model, change, name FROM studentdir.diff('{"drop":true}') WHERE table_name LIKE 'diff\_%';
SELECT action FROM studentdir.migrate_undo();
SELECT 'gone', * FROM (TABLE parts_before EXCEPT ALL TABLE diff_parts) x UNION ALL SELECT 'new', * FROM (TABLE diff_parts EXCEPT ALL TABLE parts_before) x;
ROLLBACK;

-- two foreign keys of one join table whose names begin alike
SET client_min_messages = warning;
SELECT studentdir.define('Follow', '{"followerId":"INTEGER","followeeId":"INTEGER"}', '{"timestamps":false}') IS NOT NULL AS defined;
SELECT studentdir.belongs_to_many('User', 'User', '{"as":"Followees","through":"Follow","foreignKey":"followerId","otherKey":"followeeId"}') IS NOT NULL AS associated;
SELECT studentdir.create_table_sql('Follow');
SELECT change, name, expected FROM studentdir.diff('{"drop":true}') WHERE model = 'Follow';
SELECT studentdir.undefine('Follow') IS NOT NULL AS undefined;
RESET client_min_messages;
\c :database
DROP DATABASE sd_diff;
