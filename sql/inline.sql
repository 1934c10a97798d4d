-- Typed functions are put out of the way before planning, wherever they stand; what they depend on is watched.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SELECT current_database() AS database \gset
\c :database
SET client_min_messages = warning;
-- what of a plan is about functions, whose other words differ between versions
CREATE FUNCTION pg_temp.plan(sql text) RETURNS SETOF text LANGUAGE plpgsql AS
$$ DECLARE line text; BEGIN FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || sql LOOP IF line ~ 'Output: .*\(|Call:' THEN RETURN NEXT trim(line); END IF; END LOOP; END $$;
-- planned before the library is loaded, and anew afterwards
PREPARE early AS SELECT students_find_all('{"attributes":["id"],"limit":0}');
EXECUTE early;
EXECUTE early;
SELECT pg_temp.plan($$ EXECUTE early $$);
-- in a select list, with defaults and named arguments, in subqueries, WITH, INSERT and expressions
SELECT pg_temp.plan($$ SELECT students_find_all() $$);
SELECT pg_temp.plan($$ SELECT student_find_by_pk(options => '{"attributes":["id"]}', id => 1) $$);
SELECT pg_temp.plan($$ SELECT * FROM (SELECT students_find_all() AS r OFFSET 0) s $$);
SELECT pg_temp.plan($$ WITH s AS MATERIALIZED (SELECT students_find_all() AS r) SELECT * FROM s $$);
CREATE TEMP TABLE kept (r json);
SELECT pg_temp.plan($$ INSERT INTO kept SELECT students_find_all() $$);
SELECT pg_temp.plan($$ SELECT 1 WHERE EXISTS (SELECT students_find_all()) $$);
-- in FROM: what reads the planner inlines itself, what writes the hook
SELECT pg_temp.plan($$ SELECT * FROM students_find_all('{"limit":1}') $$);
SELECT pg_temp.plan($$ SELECT * FROM student_create('{"name":"x"}') $$);
SELECT pg_temp.plan($$ SELECT record, created FROM student_upsert('{"name":"x"}') $$);
-- arguments are evaluated once
CREATE FUNCTION pg_temp.key(OUT k int) LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'evaluated'; k := 7; END $$;
SELECT student_find_by_pk(pg_temp.key());
-- another function that looks like one is none
CREATE FUNCTION pg_temp.strict(text) RETURNS TABLE (record json) LANGUAGE sql STRICT AS 'SELECT studentdir.find_all($1, ''{"limit":0}'')';
CREATE FUNCTION pg_temp.definer(text) RETURNS TABLE (record json) LANGUAGE sql SECURITY DEFINER AS 'SELECT studentdir.find_all($1, ''{"limit":0}'')';
CREATE FUNCTION pg_temp.configured(text) RETURNS TABLE (record json) LANGUAGE sql SET work_mem = '1MB' AS 'SELECT studentdir.find_all($1, ''{"limit":0}'')';
SELECT pg_temp.plan($$ SELECT pg_temp.strict('Student'), pg_temp.definer('Student'), pg_temp.configured('Student') $$);
-- nor one whose body has a parameter twice, beside one that it does not have: an argument would be evaluated twice
CREATE FUNCTION pg_temp.twice(a jsonb, b jsonb) RETURNS TABLE (record json) LANGUAGE sql AS 'SELECT studentdir.find_all(''Student'', $1 || $1)';
SELECT pg_temp.twice(jsonb_build_object('limit', pg_temp.key() - 7), '{}');

-- a plan holds as long as the function is what it was
CREATE FUNCTION pg_temp.typed(options jsonb DEFAULT '{}') RETURNS TABLE (record json) LANGUAGE sql STABLE AS 'SELECT studentdir.find_all(''Student'', $1)';
INSERT INTO students (id, name) VALUES (9001, 'Ada');
INSERT INTO users (id, name) VALUES (9002, 'Eve');
PREPARE held AS SELECT pg_temp.typed('{"attributes":["name"],"where":{"id":[9001,9002]}}');
EXECUTE held;
CREATE OR REPLACE FUNCTION pg_temp.typed(options jsonb DEFAULT '{}') RETURNS TABLE (record json) LANGUAGE sql STABLE AS 'SELECT studentdir.find_all(''User'', $1)';
EXECUTE held;
DELETE FROM students WHERE id = 9001;
DELETE FROM users WHERE id = 9002;
-- and who may execute it is asked
CREATE ROLE regress_sd_inline;
GRANT SELECT ON students TO regress_sd_inline;
SET ROLE regress_sd_inline;
SELECT count(*) FROM (SELECT students_find_all('{"limit":0}') OFFSET 0) s;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION students_find_all FROM PUBLIC;
SET ROLE regress_sd_inline;
SELECT students_find_all();
\echo :SQLSTATE
RESET ROLE;
GRANT EXECUTE ON FUNCTION students_find_all TO PUBLIC;
DROP OWNED BY regress_sd_inline;
DROP ROLE regress_sd_inline;
