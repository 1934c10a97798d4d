-- studentdir.lint: what of a text or of pending migrations may hurt, as rows.
\pset format unaligned
CREATE TABLE lint_large (a integer, b text);
INSERT INTO lint_large SELECT i FROM generate_series(1, 100000) AS i;
CREATE INDEX lint_large_b ON lint_large (b);
ANALYZE lint_large;
CREATE TABLE lint_small (a integer, b text);
CREATE INDEX lint_small_b ON lint_small (b);
CREATE MATERIALIZED VIEW lint_view AS SELECT 1 AS a;

-- each rule, on a large and on a small table
CREATE TABLE lint_cases (number serial, change text);
INSERT INTO lint_cases (change) VALUES
  ('ALTER TABLE % ADD COLUMN x integer NOT NULL'),
  ('ALTER TABLE % ADD COLUMN x serial'),
  ('ALTER TABLE % ALTER COLUMN a TYPE bigint'),
  ('ALTER TABLE % ADD FOREIGN KEY (a) REFERENCES students'),
  ('ALTER TABLE % ADD CHECK (a > 0)'),
  ('ALTER TABLE % ADD UNIQUE (a)'),
  ('ALTER TABLE % ALTER COLUMN a SET NOT NULL'),
  ('ALTER TABLE % ALTER COLUMN a DROP NOT NULL'),
  ('ALTER TABLE % DROP COLUMN b'),
  ('ALTER TABLE % RENAME COLUMN b TO c'),
  ('ALTER TABLE % RENAME TO lint_other'),
  ('DROP TABLE %'),
  ('CREATE INDEX ON % (a)'),
  ('DROP INDEX %_b'),
  ('ALTER TABLE % SET UNLOGGED'),
  ('ALTER TABLE % SET TABLESPACE pg_default'),
  ('ALTER TABLE % SET ACCESS METHOD heap'),
  ('LOCK TABLE %'),
  ('TRUNCATE % CASCADE'),
  ('CREATE INDEX CONCURRENTLY ON % (a)'),
  ('VACUUM %'),
  ('COMMIT');
SELECT change, (SELECT string_agg(level || ' ' || rule, ', ') FROM studentdir.lint(replace(change, '%', 'lint_large'))) AS large,
  (SELECT string_agg(level || ' ' || rule, ', ') FROM studentdir.lint(replace(change, '%', 'lint_small'))) AS small
FROM lint_cases ORDER BY number;
SELECT * FROM studentdir.lint('REFRESH MATERIALIZED VIEW lint_view; REFRESH MATERIALIZED VIEW CONCURRENTLY lint_view; REFRESH MATERIALIZED VIEW lint_view WITH NO DATA');
-- the forms that the hints give, and what is new or not there
SELECT * FROM studentdir.lint('ALTER TABLE lint_large ADD FOREIGN KEY (a) REFERENCES students NOT VALID, ADD CHECK (a > 0) NOT VALID, ADD COLUMN x integer;
  ALTER TABLE lint_large ADD CONSTRAINT u UNIQUE USING INDEX i; ALTER TABLE lint_large VALIDATE CONSTRAINT c; TRUNCATE lint_large;
  CREATE TABLE lint_new (a integer); CREATE INDEX ON lint_new (a); DROP INDEX no_such, no_such.i; LOCK TABLE no_such; REFRESH MATERIALIZED VIEW no_such');

-- where statements begin, and what comments above them allow
SELECT rule, statement, line FROM studentdir.lint(E'DROP TABLE lint_large;\n-- studentdir: allow ban-drop-table\nDROP TABLE lint_large;\nDROP TABLE lint_large; -- studentdir: allow ban-drop-table\n
DROP TABLE lint_large;\n-- why\n  --  studentdir: allow lock-table, ban-drop-column\tban-drop-table\n-- and how\nDROP TABLE lint_large;\n/* -- studentdir: allow ban-drop-table */ DROP TABLE lint_large;
-- studentdir: allow\nDROP TABLE lint_large;\n-- studentdir: allow ban-drop-tables\nDROP TABLE lint_large');
SELECT rule FROM studentdir.lint('-- studentdir: allow ban-drop-table' || E'\r\n' || 'DROP TABLE lint_large');

-- migrations: all that are pending, or one
SET studentdir.lint_level = off;
SELECT studentdir.migration_create('20260101000000-one', 'DROP TABLE lint_large');
SELECT studentdir.migration_create('20260102000000-two', 'SELECT 1; DROP TABLE lint_small');
SELECT rule, statement, message FROM studentdir.lint();
SELECT rule, statement, message FROM studentdir.lint(migration => '20260102000000-two');
SELECT count(*) FROM studentdir.lint(migration => '00000000000001-create-students');
SELECT * FROM studentdir.lint(migration => 'no such');
SELECT * FROM studentdir.lint('SELECT 1', 'x');
SELECT * FROM studentdir.lint('SELEC 1');
SELECT * FROM studentdir.lint('');

-- migration_create
SET studentdir.lint_level = error;
SELECT studentdir.migration_create('20260103000000-three', E'DROP TABLE lint_large;\nALTER TABLE lint_small DROP COLUMN b;\nCREATE INDEX CONCURRENTLY ON lint_large (a)');
\echo :SQLSTATE
SELECT studentdir.migration_create('20260103000000-three', E'-- studentdir: allow ban-drop-table\nDROP TABLE lint_large;\nCREATE INDEX CONCURRENTLY ON lint_large (a)');
SELECT count(*) FROM studentdir.migration WHERE name LIKE '20260103%';
SET studentdir.lint_level = loud;
RESET studentdir.lint_level;

DELETE FROM studentdir.migration WHERE name LIKE '2026010%';
DROP MATERIALIZED VIEW lint_view;
DROP TABLE lint_large, lint_small, lint_cases;
