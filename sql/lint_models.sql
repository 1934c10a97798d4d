-- studentdir.lint_models: what the tables of models lack, though everything works now.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set database :DBNAME
CREATE DATABASE sd_lint_models;
\c sd_lint_models
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
\set ECHO none
\i :common
\set ECHO all
\pset tuples_only off
\pset footer off
\x on

-- the samples lack nothing
SELECT * FROM studentdir.lint_models();

-- keys of associations without an index
DROP INDEX posts_user_id;
SELECT * FROM studentdir.lint_models();
-- a partial index is none, another order of columns and a longer index are one
CREATE INDEX ON posts (user_id) WHERE title <> '';
SELECT rule FROM studentdir.lint_models();
CREATE INDEX ON posts (user_id, title);
SELECT rule FROM studentdir.lint_models();

-- references without a foreign key; constraints: false asks for none, and its key wants an index all the same
ALTER TABLE posts DROP CONSTRAINT posts_user_id_fkey;
SELECT * FROM studentdir.lint_models();
CREATE TABLE notes (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Book id" integer, code text, part text, deleted_at timestamptz);
CREATE TABLE books (id integer PRIMARY KEY);
SELECT studentdir.define('Book', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}') IS NOT NULL AS defined;
SELECT studentdir.define('Note', '{"id":{"type":"SMALLINT","primaryKey":true,"autoIncrement":true},"bookId":{"type":"INTEGER","field":"Book id"},"code":{"type":"TEXT","unique":"both"},"part":{"type":"TEXT","unique":"both"},"deletedAt":{"type":"DATE","field":"deleted_at"}}',
  '{"timestamps":false}') IS NOT NULL AS defined;
SELECT studentdir.belongs_to('Note', 'Book', '{"foreignKey":"bookId","constraints":false}') IS NOT NULL AS associated;
ALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;
SELECT * FROM studentdir.lint_models();

-- unique keys
CREATE UNIQUE INDEX ON notes (code, part) WHERE part <> '';
SELECT rule FROM studentdir.lint_models() WHERE rule LIKE 'unique%';
CREATE UNIQUE INDEX notes_both ON notes (part, code) INCLUDE (deleted_at);
SELECT rule FROM studentdir.lint_models() WHERE rule LIKE 'unique%';
-- of a paranoid model
CREATE TABLE drafts (id integer PRIMARY KEY, code text UNIQUE, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, deleted_at timestamptz);
SELECT studentdir.define('Draft', '{"id":{"type":"INTEGER","primaryKey":true},"code":{"type":"TEXT","unique":true}}', '{"paranoid":true}') IS NOT NULL AS defined;
SELECT * FROM studentdir.lint_models() WHERE model = 'Draft';
CREATE UNIQUE INDEX ON drafts (code) WHERE deleted_at IS NULL;
ALTER TABLE drafts DROP CONSTRAINT drafts_code_key;
SELECT * FROM studentdir.lint_models() WHERE model = 'Draft';

-- keys past half of their range, as far as the caller may see
SELECT setval('notes_id_seq', 16383);
SELECT rule FROM studentdir.lint_models() WHERE rule LIKE 'key%';
SELECT setval('notes_id_seq', 16384);
SELECT * FROM studentdir.lint_models() WHERE rule LIKE 'key%';
CREATE ROLE sd_lint_models_reader;
SET ROLE sd_lint_models_reader;
SET search_path = '';
SELECT rule, model, attribute FROM studentdir.lint_models();
RESET search_path;
RESET ROLE;
DROP ROLE sd_lint_models_reader;

-- what has no table has nothing to look at
CREATE VIEW shown AS SELECT * FROM notes;
SELECT studentdir.define('Shown', '{"id":{"type":"SMALLINT","primaryKey":true},"code":{"type":"TEXT","unique":true}}', '{"timestamps":false,"tableName":"shown"}') IS NOT NULL AS defined;
DROP TABLE drafts;
SELECT rule, model FROM studentdir.lint_models();

\x off
\c :database
DROP DATABASE sd_lint_models;
