-- Every rule of lint: its statement on an empty and on a large table, in a transaction and in one of
-- statements that each have their own, and the form that the hint gives, of which there is nothing to say.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\pset tuples_only on
\pset format unaligned
CREATE SCHEMA lr;
CREATE DOMAIN lr.checked AS integer CHECK (VALUE > 0);
CREATE TABLE lr.small (a integer, b text);
CREATE TABLE lr.large (a integer, b text, c integer NOT NULL, r int4range);
CREATE TABLE lr.other (a integer PRIMARY KEY, b text);
CREATE INDEX small_i ON lr.small (a);
CREATE INDEX large_i ON lr.large (a);
CREATE MATERIALIZED VIEW lr.small_v AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW lr.large_v AS SELECT 1 AS a;
CREATE TABLE lr.parted_small (a integer) PARTITION BY LIST (a);
CREATE TABLE lr.parted_large (a integer) PARTITION BY LIST (a);
CREATE TABLE lr.small_1 PARTITION OF lr.parted_small FOR VALUES IN (1);
CREATE TABLE lr.large_1 PARTITION OF lr.parted_large FOR VALUES IN (1);
CREATE TABLE lr.free_small (a integer);
CREATE TABLE lr.free_large (a integer);
CREATE TABLE lr.bounded_large (a integer, CHECK (a IS NOT NULL AND a = 2));
CREATE TABLE lr.parted_rest (a integer) PARTITION BY LIST (a);
CREATE TABLE lr.rest_large PARTITION OF lr.parted_rest DEFAULT;
CREATE TABLE lr.parted_bounded (a integer) PARTITION BY LIST (a);
CREATE TABLE lr.restb_large PARTITION OF lr.parted_bounded (CHECK (a <> 5)) DEFAULT;
-- what VACUUM would note of many rows
UPDATE pg_class SET reltuples = 1e6 WHERE relnamespace = 'lr'::regnamespace AND relkind IN ('r', 'm') AND relname ~ 'large|other';

-- %s is small or large
CREATE TABLE cases (n serial, rule text, statement text, form text);
INSERT INTO cases (rule, statement, form) VALUES
  ('adding-required-field', 'ALTER TABLE lr.%s ADD COLUMN x integer NOT NULL', 'ALTER TABLE lr.%s ADD COLUMN x integer NOT NULL DEFAULT 0'),
  ('adding-field-with-default', 'ALTER TABLE lr.%s ADD COLUMN x uuid DEFAULT gen_random_uuid()', 'ALTER TABLE lr.%s ADD COLUMN x uuid; ALTER TABLE lr.%s ALTER COLUMN x SET DEFAULT gen_random_uuid(); CALL studentdir.backfill(''M'', ''{}'')'),
  ('adding-field-with-default', 'ALTER TABLE lr.%s ADD COLUMN x float DEFAULT 1 + abs(random())', 'ALTER TABLE lr.%s ADD COLUMN x timestamptz DEFAULT now() + interval ''1 day'''),
  ('adding-field-with-default', 'ALTER TABLE lr.%s ADD COLUMN x bigserial', 'ALTER TABLE lr.%s ADD COLUMN x bigint'),
  ('adding-field-with-default', 'ALTER TABLE lr.%s ADD COLUMN x integer GENERATED ALWAYS AS IDENTITY', 'ALTER TABLE lr.%s ADD COLUMN x bigint'),
  ('adding-field-with-default', 'ALTER TABLE lr.%s ADD COLUMN x integer GENERATED ALWAYS AS (a + 1) STORED', 'ALTER TABLE lr.%s ADD COLUMN x integer'),
  ('adding-serial-primary-key-field', 'ALTER TABLE lr.%s ADD COLUMN x bigserial PRIMARY KEY', NULL),
  ('adding-serial-primary-key-field', 'ALTER TABLE lr.%s ADD PRIMARY KEY (a)', 'ALTER TABLE lr.%s ADD CONSTRAINT k PRIMARY KEY USING INDEX k'),
  ('adding-json-field', 'ALTER TABLE lr.%s ADD COLUMN x json', 'ALTER TABLE lr.%s ADD COLUMN x jsonb'),
  ('changing-column-type', 'ALTER TABLE lr.%s ALTER COLUMN a TYPE bigint', 'ALTER TABLE lr.%s ALTER COLUMN b TYPE varchar'),
  ('adding-foreign-key-constraint', 'ALTER TABLE lr.%s ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES lr.other', 'ALTER TABLE lr.%s ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES lr.other NOT VALID'),
  ('adding-foreign-key-constraint', 'ALTER TABLE lr.%s ADD COLUMN x integer DEFAULT 1 REFERENCES lr.other', 'ALTER TABLE lr.%s ADD COLUMN x integer REFERENCES lr.other'),
  ('constraint-missing-not-valid', 'ALTER TABLE lr.%s ADD CHECK (a > 0)', 'ALTER TABLE lr.%s ADD CHECK (a > 0) NOT VALID'),
  ('constraint-missing-not-valid', 'ALTER TABLE lr.%s ADD CONSTRAINT k CHECK (a > 0) NOT VALID; ALTER TABLE lr.%s VALIDATE CONSTRAINT k', 'ALTER TABLE lr.%s VALIDATE CONSTRAINT k'),
  ('disallowed-unique-constraint', 'ALTER TABLE lr.%s ADD UNIQUE (a)', 'ALTER TABLE lr.%s ADD CONSTRAINT k UNIQUE USING INDEX k'),
  ('disallowed-unique-constraint', 'ALTER TABLE lr.%s ADD COLUMN x integer UNIQUE', 'ALTER TABLE lr.%s ADD COLUMN x integer'),
  ('adding-exclusion-constraint', 'ALTER TABLE lr.%s ADD EXCLUDE USING gist (r WITH &&)', NULL),
  ('adding-not-nullable-field', 'ALTER TABLE lr.%s ALTER COLUMN a SET NOT NULL', 'ALTER TABLE lr.%s ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID'),
  ('ban-create-domain-with-constraint', 'CREATE DOMAIN lr.d AS text CHECK (VALUE <> '''')', 'CREATE DOMAIN lr.d AS text'),
  ('ban-alter-domain-with-add-constraint', 'ALTER DOMAIN lr.checked ADD CHECK (VALUE < 10)', 'ALTER DOMAIN lr.checked ADD CHECK (VALUE < 10) NOT VALID'),
  ('attach-without-check', 'ALTER TABLE lr.parted_%s ATTACH PARTITION lr.free_%s FOR VALUES IN (2)', 'ALTER TABLE lr.parted_%s ATTACH PARTITION lr.bounded_large FOR VALUES IN (2)'),
  ('attach-without-check', 'CREATE TABLE lr.p5 PARTITION OF lr.parted_rest FOR VALUES IN (5)', 'CREATE TABLE lr.p5 PARTITION OF lr.parted_bounded FOR VALUES IN (5)'),
  ('require-concurrent-partition-detach', 'ALTER TABLE lr.parted_%s DETACH PARTITION lr.%s_1', 'ALTER TABLE lr.parted_%s DETACH PARTITION lr.%s_1 CONCURRENTLY'),
  ('ban-drop-not-null', 'ALTER TABLE lr.%s ALTER COLUMN c DROP NOT NULL', NULL),
  ('ban-drop-column', 'ALTER TABLE lr.%s DROP COLUMN b', NULL),
  ('ban-drop-table', 'DROP TABLE lr.%s', NULL),
  ('ban-drop-database', 'DROP DATABASE no_such', NULL),
  ('renaming-column', 'ALTER TABLE lr.%s RENAME COLUMN a TO z', NULL),
  ('renaming-table', 'ALTER TABLE lr.%s RENAME TO z', NULL),
  ('renaming-schema', 'ALTER SCHEMA lr RENAME TO z', NULL),
  ('require-concurrent-index-creation', 'CREATE INDEX ON lr.%s (b)', 'CREATE INDEX CONCURRENTLY ON lr.%s (b)'),
  ('require-concurrent-index-creation', 'CREATE INDEX ON lr.parted_%s (a)', 'CREATE INDEX ON ONLY lr.parted_%s (a)'),
  ('require-concurrent-index-deletion', 'DROP INDEX lr.%s_i', 'DROP INDEX CONCURRENTLY lr.%s_i'),
  ('require-concurrent-reindex', 'REINDEX TABLE lr.%s', 'REINDEX TABLE CONCURRENTLY lr.%s'),
  ('require-concurrent-reindex', 'REINDEX INDEX lr.%s_i', 'REINDEX INDEX CONCURRENTLY lr.%s_i'),
  ('prefer-repack', 'VACUUM FULL lr.%s', 'VACUUM lr.%s'),
  ('prefer-repack', 'CLUSTER lr.%s USING %s_i', NULL),
  ('set-logged', 'ALTER TABLE lr.%s SET UNLOGGED', NULL),
  ('set-tablespace', 'ALTER TABLE lr.%s SET TABLESPACE pg_default', NULL),
  ('set-access-method', 'ALTER TABLE lr.%s SET ACCESS METHOD heap', NULL),
  ('lock-table', 'LOCK TABLE lr.%s', NULL),
  ('several-tables-locked', 'ALTER TABLE lr.%s ADD COLUMN x integer; ALTER TABLE lr.other ADD COLUMN x integer', 'ALTER TABLE lr.%s ADD COLUMN x integer; ALTER TABLE lr.%s ADD COLUMN y integer'),
  ('backfill-in-one-statement', 'UPDATE lr.%s SET b = ''''', 'UPDATE lr.%s SET b = '''' WHERE a = 1'),
  ('backfill-in-one-statement', 'DELETE FROM lr.%s', 'DELETE FROM lr.%s WHERE a = 1'),
  ('backfill-in-one-statement', 'ALTER TABLE lr.%s ADD COLUMN x integer; UPDATE lr.%s SET x = 1 WHERE a > 1', 'CALL studentdir.backfill(''M'', ''{"x":1}'')'),
  ('refresh-without-concurrently', 'REFRESH MATERIALIZED VIEW lr.%s_v', 'REFRESH MATERIALIZED VIEW CONCURRENTLY lr.%s_v'),
  ('ban-truncate-cascade', 'TRUNCATE lr.%s CASCADE', 'TRUNCATE lr.%s'),
  ('ban-concurrent-index-creation-in-transaction', 'CREATE INDEX CONCURRENTLY ON lr.%s (b)', NULL),
  ('not-in-transaction', 'VACUUM lr.%s', NULL),
  ('transaction-nesting', 'BEGIN', NULL);
CREATE FUNCTION pg_temp.rules(sql text) RETURNS text LANGUAGE sql AS
$$ SELECT coalesce(string_agg(DISTINCT rule, ' ' ORDER BY rule), '-') FROM studentdir.lint(sql) $$;
CREATE FUNCTION pg_temp.on(t text, size text) RETURNS text LANGUAGE sql AS $$ SELECT replace(t, '%s', size) $$;
-- rule | on the small one | on the large one | where each statement has a transaction of its own, but for what that takes
SELECT rule, pg_temp.rules(pg_temp.on(statement, 'small')), pg_temp.rules(pg_temp.on(statement, 'large')),
  (SELECT string_agg(DISTINCT l.rule, ' ' ORDER BY l.rule) FROM studentdir.lint(pg_temp.on(statement, 'large') || '; VACUUM') AS l WHERE l.rule <> 'not-in-transaction')
FROM cases ORDER BY n;
-- every rule finds its statement on the large one
SELECT rule, statement FROM cases WHERE NOT rule = ANY (string_to_array(pg_temp.rules(pg_temp.on(statement, 'large')), ' '));
-- the forms: there is nothing to say but that psql has to run some
SELECT rule, form, f FROM (SELECT n, rule, form, (SELECT string_agg(l.rule, ' ') FROM studentdir.lint(pg_temp.on(form, 'large')) AS l WHERE l.level <> 'notice') AS f FROM cases) AS c WHERE f IS NOT NULL ORDER BY n;
-- every rule of docs/reference/migrations.md is among them but that about models
SELECT string_agg(DISTINCT rule, ' ' ORDER BY rule) FROM cases;
-- "allow" is obeyed by each
SELECT rule, statement FROM cases WHERE rule = ANY (string_to_array(pg_temp.rules(E'-- studentdir: allow ' || rule || E'\n' || replace(pg_temp.on(statement, 'large'), '; ', E';\n-- studentdir: allow ' || rule || E'\n')), ' '));
-- what nothing is to be said of
SELECT pg_temp.rules($$CREATE TABLE lr.fresh (id serial PRIMARY KEY, a integer REFERENCES lr.other, d lr.checked, j json); CREATE INDEX ON lr.fresh (a); ALTER TABLE lr.fresh ADD CHECK (a > 0), ALTER COLUMN a SET NOT NULL, ALTER COLUMN a TYPE bigint;
  UPDATE lr.fresh SET a = 1; DROP TABLE lr.fresh; CREATE TABLE lr.copy AS SELECT 1 AS a; ALTER TABLE lr.copy RENAME COLUMN a TO b$$);

-- a domain that checks through another one: until 19 a column of it is written row by row
CREATE DOMAIN lr_rank AS lr.checked;
SELECT (pg_temp.rules('ALTER TABLE lr.large ADD COLUMN x lr_rank') = 'adding-field-with-default') = (current_setting('server_version_num')::int < 190000);
DROP DOMAIN lr_rank;

-- NOT NULL as a constraint of its own, which 18 knows, and can be NOT VALID
CREATE FUNCTION pg_temp.rules_18(sql text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN RETURN CASE WHEN current_setting('server_version_num')::int >= 180000 THEN pg_temp.rules(sql) END; END $$;
SELECT coalesce(pg_temp.rules_18('ALTER TABLE lr.large ADD CONSTRAINT n NOT NULL b'), 'adding-not-nullable-field'),
  coalesce(pg_temp.rules_18('ALTER TABLE lr.large ADD CONSTRAINT n NOT NULL b NOT VALID'), '-'),
  coalesce(pg_temp.rules_18('ALTER TABLE lr.large ADD CONSTRAINT n NOT NULL b NOT VALID; ALTER TABLE lr.large ALTER b SET NOT NULL'), 'adding-not-nullable-field'),
  coalesce(pg_temp.rules_18('ALTER TABLE lr.large ADD CONSTRAINT n NOT NULL b NOT VALID; VACUUM lr.small; ALTER TABLE lr.large VALIDATE CONSTRAINT n; ALTER TABLE lr.large ALTER b SET NOT NULL'), 'not-in-transaction');
DO $$ BEGIN IF current_setting('server_version_num')::int >= 180000 THEN ALTER TABLE lr.large ALTER b DROP NOT NULL; EXECUTE 'ALTER TABLE lr.large ADD CONSTRAINT n NOT NULL b NOT VALID'; END IF; END $$;
SELECT pg_temp.rules('ALTER TABLE lr.large ALTER b SET NOT NULL');
DO $$ BEGIN IF current_setting('server_version_num')::int >= 180000 THEN ALTER TABLE lr.large DROP CONSTRAINT n; END IF; END $$;

-- the expression of a generated column, which 17 can change: it is stored, or (from 18 on) computed when it is read
CREATE TABLE lr.computed_large (a integer, s integer GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE lr.computed_small (LIKE lr.computed_large INCLUDING GENERATED);
DO $$ BEGIN IF current_setting('server_version_num')::int >= 180000 THEN EXECUTE 'ALTER TABLE lr.computed_large ADD COLUMN v integer GENERATED ALWAYS AS (a + 1) VIRTUAL'; END IF; END $$;
UPDATE pg_class SET reltuples = 1e6 WHERE oid = 'lr.computed_large'::regclass;
CREATE FUNCTION pg_temp.rules_17(sql text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN RETURN CASE WHEN current_setting('server_version_num')::int >= 170000 THEN pg_temp.rules(sql) END; END $$;
SELECT coalesce(pg_temp.rules_17('ALTER TABLE lr.computed_large ALTER COLUMN s SET EXPRESSION AS (a + 2)'), 'set-expression'),
  coalesce(pg_temp.rules_17('ALTER TABLE lr.computed_small ALTER COLUMN s SET EXPRESSION AS (a + 2)'), '-'),
  coalesce(pg_temp.rules_17('ALTER TABLE lr.computed_large ALTER COLUMN nowhere SET EXPRESSION AS (a + 2)'), '-'),
  coalesce(pg_temp.rules_18('ALTER TABLE lr.computed_large ALTER COLUMN v SET EXPRESSION AS (a + 2)'), '-');

-- pending migrations, one after the other
CREATE FUNCTION pg_temp.pending(VARIADIC texts text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text;
BEGIN
  FOR i IN 1 .. cardinality(texts) LOOP PERFORM studentdir.migration_create('20991231' || lpad(i::text, 6, '0'), texts[i]); END LOOP;
  SELECT coalesce(string_agg(message, E'\n' ORDER BY message), '-') INTO said FROM studentdir.lint() WHERE message LIKE 'migration "20991231%';
  DELETE FROM studentdir.migration WHERE name LIKE '20991231%';
  RETURN said;
END $$;
SELECT pg_temp.pending('ALTER TABLE lr.large ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID', 'ALTER TABLE lr.large VALIDATE CONSTRAINT k', 'ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL; ALTER TABLE lr.large DROP CONSTRAINT k');
SELECT pg_temp.pending('ALTER TABLE lr.large ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID', 'ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL');
SELECT pg_temp.pending('ALTER TABLE lr.large ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID', 'ALTER TABLE lr.large VALIDATE CONSTRAINT k', 'ALTER TABLE lr.large DROP CONSTRAINT k; ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL');
SELECT pg_temp.pending('CREATE TABLE lr.fresh (a integer)', 'CREATE INDEX ON lr.fresh (a); ALTER TABLE lr.fresh DROP COLUMN a');
SELECT pg_temp.pending('ALTER TABLE lr.large RENAME TO renamed', 'CREATE INDEX ON lr.renamed (a)');
SELECT pg_temp.pending('ALTER TABLE lr.large ADD COLUMN x integer', 'ALTER TABLE lr.other ADD COLUMN x integer');
-- a constraint that is there and not valid, which one before validates or drops
ALTER TABLE lr.large ADD CONSTRAINT k CHECK (a IS NOT NULL) NOT VALID;
SELECT pg_temp.pending('ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL');
SELECT pg_temp.pending('ALTER TABLE lr.large VALIDATE CONSTRAINT k', 'ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL');
ALTER TABLE lr.large VALIDATE CONSTRAINT k;
SELECT pg_temp.pending('ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL');
SELECT pg_temp.pending('ALTER TABLE lr.large DROP CONSTRAINT k', 'ALTER TABLE lr.large ALTER COLUMN a SET NOT NULL');
ALTER TABLE lr.large DROP CONSTRAINT k;
-- a partition whose CHECK ones before add and validate
SELECT pg_temp.pending('ALTER TABLE lr.free_large ADD CONSTRAINT k CHECK (a = 7) NOT VALID', 'ALTER TABLE lr.free_large VALIDATE CONSTRAINT k', 'ALTER TABLE lr.parted_small ATTACH PARTITION lr.free_large FOR VALUES IN (7)');
SELECT pg_temp.pending('ALTER TABLE lr.free_large ADD CONSTRAINT k CHECK (a = 7) NOT VALID', 'ALTER TABLE lr.parted_small ATTACH PARTITION lr.free_large FOR VALUES IN (7)');

-- what models use
SELECT studentdir.define('LrOther', '{"a":{"type":"INTEGER","primaryKey":true},"text":{"type":"TEXT","field":"b"}}', '{"schema":"lr","tableName":"other","timestamps":false,"scopes":{"long":{"where":{"text":{"$ne":""}}}}}') IS NOT NULL;
SELECT studentdir.define('LrLarge', '{"a":"INTEGER","b":"TEXT"}', '{"schema":"lr","tableName":"large","timestamps":false,"primaryKey":false}') IS NOT NULL;
SELECT studentdir.belongs_to('LrLarge', 'LrOther', '{"as":"other","foreignKey":"a","constraints":false}') IS NOT NULL;
SELECT message FROM studentdir.lint('ALTER TABLE lr.other DROP COLUMN b; ALTER TABLE lr.other RENAME COLUMN a TO z; DROP TABLE lr.large; ALTER TABLE lr.other DROP COLUMN none') WHERE rule = 'used-by-model';
SELECT message FROM studentdir.lint($$SELECT studentdir.define('LrOther', '{"a":{"type":"INTEGER","primaryKey":true}}', '{"schema":"lr","tableName":"other"}'); ALTER TABLE lr.other DROP COLUMN b$$) WHERE rule = 'used-by-model';
SELECT message FROM studentdir.lint($$SELECT studentdir.define('LrOther', '{"a":{"type":"INTEGER","primaryKey":true}}', '{"schema":"lr","tableName":"other"}') IS NOT NULL; ALTER TABLE lr.other DROP COLUMN b$$) WHERE rule = 'used-by-model';
SELECT message FROM studentdir.lint('ALTER TABLE lr.other RENAME COLUMN b TO c; ALTER TABLE lr.other RENAME COLUMN a TO b') WHERE rule = 'used-by-model';
SELECT studentdir.undefine('LrLarge'), studentdir.undefine('LrOther');
DROP TABLE cases;
DROP SCHEMA lr CASCADE;
