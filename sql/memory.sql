-- A session that makes many calls stays as small as it was after the first ones.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name) SELECT 's' || i FROM generate_series(1, 100) AS i;
INSERT INTO users (name) SELECT 'u' || i FROM generate_series(1, 50) AS i;
INSERT INTO posts (title, user_id) SELECT 'p' || i, i % 50 + 1 FROM generate_series(1, 200) AS i;
-- what is in use: the blocks of a context grow by its whole size at once
CREATE FUNCTION pg_temp.used() RETURNS bigint LANGUAGE sql AS $$ SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts WHERE name <> 'studentdir options' $$;
-- of parsed options a session keeps 2 MB
CREATE FUNCTION pg_temp.kept() RETURNS bigint LANGUAGE sql AS $$ SELECT coalesce(sum(total_bytes), 0)::bigint FROM pg_backend_memory_contexts WHERE name = 'studentdir options' $$;
-- calls of every kind, some of which fail, and some of which end early
CREATE PROCEDURE pg_temp.work(calls integer, commits boolean) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..calls LOOP
    PERFORM student_find_by_pk(i % 100);
    PERFORM students_count(jsonb_build_object('where', jsonb_build_object('id', jsonb_build_array(i, i + 1))));
    IF i % 5 = 0 THEN PERFORM users_with_posts() LIMIT 1; END IF;
    IF i % 11 = 0 THEN PERFORM student_update(i % 100, jsonb_build_object('cohort', i::text)); END IF;
    IF i % 20 = 0 THEN
      PERFORM students_list();
      PERFORM students_bulk_create('[{"name":"x"},{"name":"y","cohort":"z"}]');
      PERFORM students_destroy('{"where":{"name":["x","y"]}}');
    END IF;
    IF i % 50 = 0 THEN
      BEGIN PERFORM student_create('{"name":""}'); EXCEPTION WHEN check_violation THEN NULL; END;
      BEGIN PERFORM students_list('{"where":{"id":"x"}}'); EXCEPTION WHEN invalid_text_representation THEN NULL; END;
      BEGIN PERFORM 1 / 0 FROM students_find_all(); EXCEPTION WHEN division_by_zero THEN NULL; END;
    END IF;
    IF commits AND i % 100 = 0 THEN COMMIT; END IF;
  END LOOP;
END $$;
-- as many shapes of conditions
CREATE PROCEDURE pg_temp.shapes(n integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..n LOOP
    PERFORM students_count(jsonb_build_object('where', (SELECT jsonb_agg(jsonb_build_object(CASE i >> b & 1 WHEN 1 THEN 'id' ELSE 'name' END, b)) FROM generate_series(0, 11) AS b)));
  END LOOP;
END $$;
-- a model that changes
CREATE PROCEDURE pg_temp.changes(n integer) LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..n LOOP
    UPDATE studentdir.model SET singular = singular WHERE name = 'User';
    PERFORM users_count();
    COMMIT;
  END LOOP;
END $$;

CALL pg_temp.work(500, false);
SELECT pg_temp.used() AS before \gset
CALL pg_temp.work(10000, false);
CALL pg_temp.work(10000, true);
SELECT pg_temp.used() - :before < 500000, pg_temp.kept() < 2200000;
SET studentdir.plan_cache_size = 10;
CALL pg_temp.shapes(500);
SELECT pg_temp.used() AS before \gset
CALL pg_temp.shapes(3000);
CALL pg_temp.changes(200);
SELECT pg_temp.used() - :before < 500000, pg_temp.kept() < 2200000;
RESET studentdir.plan_cache_size;
-- the cache is bounded in bytes too: of plans with many terms few are kept, and none that is larger
CREATE FUNCTION pg_temp.many_terms(n integer, shape integer) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('where', jsonb_build_object('$or', jsonb_agg(jsonb_build_object(
    'name', CASE WHEN j % (shape + 2) = 0 THEN '{"$ne":"x"}'::jsonb ELSE '{"$like":"y"}' END))))
  FROM generate_series(1, n) AS j $$;
CREATE FUNCTION pg_temp.call_many(shapes integer, terms integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..shapes LOOP
    FOR runs IN 1..7 LOOP PERFORM studentdir.count('Student', pg_temp.many_terms(terms, i)); END LOOP;
  END LOOP;
END $$;
SELECT pg_temp.call_many(10, 200), pg_temp.used() AS before \gset
SET studentdir.plan_cache_memory = '1MB';
SELECT pg_temp.call_many(30, 200);
SELECT count(*) BETWEEN 1 AND 10, sum(bytes) BETWEEN 200000 AND 1024 * 1024, bool_and(generic) FROM studentdir.plan_cache();
SELECT pg_temp.used() - :before < 1500000;
SET studentdir.plan_cache_memory = 64;
SELECT pg_temp.call_many(1, 500);
SELECT studentdir.count('Student', pg_temp.many_terms(500, 1)), sum(bytes) <= 64 * 1024 OR count(*) = 0 FROM studentdir.plan_cache();
SET studentdir.plan_cache_memory = 0;
SELECT count(*) FROM studentdir.find_all('User', '{"include":"Posts"}');
SELECT studentdir.bulk_update('User', '[]'), studentdir.upsert('User', '{"name":"a","email":"me@example.org"}') IS NOT NULL;
DELETE FROM users WHERE email = 'me@example.org';
SELECT count(*) FROM studentdir.plan_cache();
RESET studentdir.plan_cache_memory;
-- a long result, read as it comes
CREATE TABLE me_long AS SELECT i AS id, repeat('x', 100) AS v FROM generate_series(1, 50000) AS i;
SELECT pg_temp.define('MeLong', 'me_long', '*id:INTEGER v:TEXT');
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('MeLong');
MOVE 1000 FROM c;
SELECT pg_temp.used() AS before \gset
MOVE 45000 FROM c;
SELECT pg_temp.used() - :before < 500000, pg_temp.kept() < 2200000;
COMMIT;

DELETE FROM studentdir.model WHERE name = 'MeLong';
DROP TABLE me_long;
TRUNCATE students, users, posts RESTART IDENTITY;
