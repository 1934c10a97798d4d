-- Finders as set-returning functions: cursors, loops, early ends, errors in the middle.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, cohort) SELECT 's' || i, i % 3 FROM generate_series(1, 300) AS i;
INSERT INTO users (name) SELECT 'u' || i FROM generate_series(1, 200) AS i;
INSERT INTO posts (title, user_id) SELECT 'p' || i, (i % 200) + 1 FROM generate_series(1, 400) AS i;
CREATE VIEW cu_ids AS SELECT (record->>'id')::integer AS id FROM (SELECT students_find_all('{"order":["id"],"attributes":["id"]}')) AS t (record);

-- fetched in parts, moved, scrolled, closed early
BEGIN;
DECLARE c CURSOR FOR SELECT students_find_all('{"order":["id"],"attributes":["id"]}');
FETCH 2 FROM c;
MOVE 100 FROM c;
FETCH 1 FROM c;
CLOSE c;
DECLARE c SCROLL CURSOR FOR SELECT students_find_all('{"order":["id"],"attributes":["id"]}');
FETCH LAST FROM c;
FETCH FIRST FROM c;
FETCH ABSOLUTE 150 FROM c;
FETCH BACKWARD 2 FROM c;
DECLARE d SCROLL CURSOR FOR SELECT record FROM students_find_all('{"order":["id"],"attributes":["id"]}');
FETCH ABSOLUTE -1 FROM d;
FETCH PRIOR FROM d;
DECLARE e CURSOR FOR SELECT users_with_posts('{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}');
FETCH 1 FROM e;
MOVE 120 FROM e;
FETCH 1 FROM e;
COMMIT;
-- what a cursor shows is what there was when it was opened
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('User', '{"order":["id"],"attributes":["id","name"],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}');
FETCH 1 FROM c;
UPDATE users SET name = 'changed';
DELETE FROM posts;
MOVE 150 FROM c;
FETCH 1 FROM c;
ROLLBACK;
-- savepoints around a fetch
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('User', '{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}');
SAVEPOINT a;
FETCH 1 FROM c;
MOVE 70 FROM c;
ROLLBACK TO a;
FETCH 1 FROM c;
SAVEPOINT b;
DECLARE d CURSOR FOR SELECT studentdir.find_all('Student', '{"order":["id"],"attributes":["id"]}');
FETCH 1 FROM d;
RELEASE b;
MOVE 70 FROM d;
FETCH 1 FROM d;
SAVEPOINT c;
SELECT 1 / 0;
ROLLBACK TO c;
FETCH 1 FROM d;
MOVE 100 FROM c;
FETCH 1 FROM c;
SAVEPOINT e;
DECLARE f CURSOR FOR SELECT studentdir.find_all('Student', '{"order":["id"],"attributes":["id"]}');
FETCH 1 FROM f;
ROLLBACK TO e;
FETCH 1 FROM f;
ROLLBACK;
-- held
BEGIN;
DECLARE h CURSOR WITH HOLD FOR SELECT students_find_all('{"order":["id"],"attributes":["id"]}');
FETCH 2 FROM h;
DECLARE h2 CURSOR WITH HOLD FOR SELECT users_with_posts('{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}');
DELETE FROM posts WHERE id = 1;
COMMIT;
DELETE FROM students WHERE id > 290;
FETCH 1 FROM h;
MOVE 296 FROM h;
FETCH 2 FROM h;
MOVE 1 FROM h2;
FETCH 1 FROM h2;
CLOSE h;
CLOSE h2;

-- LIMIT, LATERAL, several at once, subqueries
SELECT students_find_all('{"order":["id"],"attributes":["id"]}') LIMIT 2;
SELECT record FROM students_find_all('{"order":["id"],"attributes":["id"]}') LIMIT 2;
SELECT students_find_all('{"order":["id"],"attributes":["id"]}') OFFSET 288;
SELECT s.id, count(record), min(record->>'id') FROM (VALUES (1), (2), (999)) AS s (id), LATERAL studentdir.find_all('Post', jsonb_build_object('where', jsonb_build_object('userId', s.id))) GROUP BY 1 ORDER BY 1;
SELECT s.id, p FROM (VALUES (3), (5)) AS s (id), LATERAL (SELECT studentdir.find_all('Post', jsonb_build_object('where', jsonb_build_object('userId', s.id), 'attributes', '["id"]'::jsonb)) LIMIT 1) AS l (p);
SELECT students_find_all('{"where":{"id":[1,2,3]},"order":["id"],"attributes":["id"]}'), users_find_all('{"where":{"id":[1]},"attributes":["id"]}'), generate_series(1, 2);
SELECT count(*) FROM (SELECT students_find_all(), students_find_all()) AS t;
SELECT EXISTS (SELECT students_find_all()), EXISTS (SELECT students_find_all('{"where":{"id":0}}')), (SELECT students_find_all('{"where":{"id":7},"attributes":["id"]}'));
SELECT pg_temp.err('SELECT (SELECT students_find_all())');
SELECT count(*) FROM students_find_all() AS a JOIN students_find_all() AS b ON a.record->>'id' = b.record->>'id';
SELECT count(*), sum(ordinality) FROM students_find_all() WITH ORDINALITY;
SELECT * FROM ROWS FROM (students_find_all('{"where":{"id":[1,2]},"order":["id"],"attributes":["id"]}'), users_find_all('{"where":{"id":1},"attributes":["id"]}'));
SELECT count(*) FROM cu_ids;
SELECT array_agg(id) FROM (SELECT id FROM cu_ids LIMIT 3) AS t;
SELECT students_find_all('{"where":{"id":1},"attributes":["id"]}') UNION ALL SELECT users_find_all('{"where":{"id":1},"attributes":["id"]}');
CREATE TABLE cu_copy AS SELECT record FROM students_find_all('{"order":["id"]}');
SELECT count(*) FROM cu_copy;
DROP TABLE cu_copy;

-- a model over a view over a finder
SELECT pg_temp.define('CuIds', 'cu_ids', '*id:INTEGER');
SELECT studentdir.count('CuIds'), studentdir.find_by_pk('CuIds', 7), studentdir.list('CuIds', '{"where":{"id":{"$lt":4}},"order":[["id","DESC"]]}');
CREATE VIEW cu_self AS SELECT (record->>'id')::integer AS id FROM studentdir.find_all('CuSelf');
SELECT pg_temp.define('CuSelf', 'cu_self', '*id:INTEGER');
-- one that reads itself ends with the stack
SET max_stack_depth = '200kB';
SELECT left(pg_temp.err('SELECT studentdir.count(''CuSelf'')'), 5);
SELECT left(pg_temp.err('SELECT studentdir.list(''CuSelf'')'), 5);
RESET max_stack_depth;
SELECT students_count();

-- plpgsql
CREATE FUNCTION cu_loop(stop integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r json; n integer := 0;
BEGIN
  FOR r IN SELECT record FROM students_find_all('{"order":["id"],"attributes":["id"]}') LOOP
    n := n + 1;
    EXIT WHEN n = stop;
  END LOOP;
  FOR r IN SELECT students_find_all('{"order":["id"],"attributes":["id"]}') LOOP
    n := n + 1;
    EXIT WHEN n >= stop;
  END LOOP;
  RETURN n || ' ' || (r->>'id');
END $$;
SELECT cu_loop(3), cu_loop(300);
CREATE PROCEDURE cu_commit() LANGUAGE plpgsql AS $$
DECLARE r json; n integer := 0; k integer;
BEGIN
  FOR r IN SELECT users_with_posts('{"order":["id"],"attributes":["id"]}') LOOP
    n := n + 1;
    k := students_count();
    IF n % 50 = 0 THEN COMMIT; ELSIF n % 70 = 0 THEN ROLLBACK; END IF;
  END LOOP;
  RAISE WARNING '% users, the last is %', n, r->>'id';
END $$;
CALL cu_commit();
CREATE FUNCTION cu_catch() RETURNS text LANGUAGE plpgsql AS $$
DECLARE r json; n integer := 0; e integer := 0;
BEGIN
  FOR r IN SELECT students_find_all('{"order":["id"]}') LOOP
    n := n + 1;
    BEGIN
      PERFORM student_create('{"name":""}');
    EXCEPTION WHEN check_violation THEN e := e + 1;
    END;
    BEGIN
      PERFORM 1 / (n % 2) FROM users_with_posts() LIMIT 1;
    EXCEPTION WHEN division_by_zero THEN e := e + 1;
    END;
  END LOOP;
  RETURN n || ' ' || e;
END $$;
SELECT cu_catch();

-- an output function, or a view's expression, that raises in the middle
CREATE FUNCTION cu_raise(integer, integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN IF $1 = $2 THEN RAISE EXCEPTION 'row %', $1 USING ERRCODE = '22012'; END IF; RETURN $1; END $$;
CREATE VIEW cu_raising AS SELECT id, cu_raise(id, current_setting('cu.row', true)::integer) AS n FROM students;
SELECT pg_temp.define('CuRaising', 'cu_raising', '*id:INTEGER n:INTEGER');
SELECT i, set_config('cu.row', i::text, false), pg_temp.err('SELECT studentdir.list(''CuRaising'')'), pg_temp.err('SELECT count(*) FROM studentdir.find_all(''CuRaising'')'), pg_temp.err('SELECT count(*) FROM (SELECT studentdir.find_all(''CuRaising'')) AS t')
FROM unnest('{1,64,65,200,999}'::integer[]) AS i;
CREATE FUNCTION cu_json(students) RETURNS json LANGUAGE plpgsql AS $$ BEGIN IF $1.id = 200 THEN RAISE EXCEPTION 'no json' USING ERRCODE = '22000'; END IF; RETURN '1'; END $$;
CREATE CAST (students AS json) WITH FUNCTION cu_json(students);
CREATE TYPE cu_kind AS ENUM ('a', 'b');
CREATE FUNCTION cu_kind_json(cu_kind) RETURNS json LANGUAGE plpgsql AS $$ BEGIN IF $1 = 'b' THEN RAISE EXCEPTION 'no json of b' USING ERRCODE = '22000'; END IF; RETURN to_json($1::text); END $$;
CREATE CAST (cu_kind AS json) WITH FUNCTION cu_kind_json(cu_kind);
CREATE TABLE cu_kinds (id integer PRIMARY KEY, kind cu_kind);
INSERT INTO cu_kinds SELECT i, CASE i WHEN 200 THEN 'b' ELSE 'a' END::cu_kind FROM generate_series(1, 300) AS i;
SELECT pg_temp.define('CuKinds', 'cu_kinds', '*id:INTEGER kind:cu_kind');
INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key) VALUES ('Student', 'kinds', 'has_many', 'CuKinds', '{id}', '{id}');
SELECT pg_temp.err('SELECT studentdir.list(''CuKinds'')'), pg_temp.err('SELECT count(*) FROM studentdir.find_all(''CuKinds'')'), pg_temp.err('SELECT count(*) FROM students_find_all(''{"include":"kinds"}'')');
SELECT count(*), max((record->>'id')::integer) FROM (SELECT studentdir.find_all('CuKinds', '{"order":["id"]}') LIMIT 100) AS t (record);
SELECT pg_temp.err('SELECT studentdir.bulk_create(''CuKinds'', ''[{"id":1001,"kind":"a"},{"id":1002,"kind":"b"}]'')'), studentdir.count('CuKinds');
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('CuKinds', '{"order":["id"]}');
FETCH 1 FROM c;
SAVEPOINT a;
MOVE 250 FROM c;
ROLLBACK TO a;
FETCH 1 FROM c;
SELECT students_count();
COMMIT;

-- a timeout in the middle
CREATE VIEW cu_slow AS SELECT id, pg_sleep(0.01)::text AS s FROM students;
SELECT pg_temp.define('CuSlow', 'cu_slow', '*id:INTEGER s:TEXT');
SET statement_timeout = '100ms';
SELECT pg_temp.err('SELECT count(*) FROM (SELECT pg_sleep(0.01), students_find_all()) AS t');
SELECT studentdir.list('CuSlow');
SELECT count(*) FROM studentdir.find_all('CuSlow');
RESET statement_timeout;
SELECT students_count();

-- thousands of shapes in a small cache, with plans of it in use
SET studentdir.plan_cache_size = 1;
SELECT count(*), sum(n) FROM (SELECT i, studentdir.count('Student', jsonb_build_object('where', (SELECT jsonb_agg(jsonb_build_object('id', k)) FROM generate_series(1, i) AS k))) AS n FROM generate_series(1, 60) AS i) AS t;
SELECT count(*), sum(json_array_length(record->'Posts')) FROM users_with_posts();
SELECT count(*), count(p) FROM (SELECT students_find_all('{"attributes":["id"]}') AS s, users_with_posts() AS p) AS t;
SELECT count(*) FROM (SELECT students_find_all('{"attributes":["id"]}')) AS s (record), LATERAL (SELECT student_find_by_pk((record->>'id')::integer)) AS t;
SELECT cu_loop(7), cu_catch();
CALL cu_commit();
BEGIN;
DECLARE c CURSOR FOR SELECT users_with_posts('{"order":["id"],"attributes":["id"],"include":[{"association":"Posts","attributes":["id"],"order":["id"]}]}');
FETCH 1 FROM c;
SELECT students_count(), posts_count();
MOVE 100 FROM c;
FETCH 1 FROM c;
COMMIT;
SET studentdir.plan_cache_size = 10;
DO $$ BEGIN FOR i IN 1..5000 LOOP PERFORM studentdir.count('Student', jsonb_build_object('where', (SELECT jsonb_agg(jsonb_build_object(CASE (i >> b) & 1 WHEN 1 THEN 'id' ELSE 'name' END, b)) FROM generate_series(0, 12) AS b))); END LOOP; END $$;
RESET studentdir.plan_cache_size;
SELECT students_count();

DROP CAST (students AS json);
DELETE FROM studentdir.association WHERE alias = 'kinds';
DELETE FROM studentdir.model WHERE name LIKE 'Cu%';
DROP VIEW cu_ids, cu_self, cu_raising, cu_slow;
DROP TABLE cu_kinds;
DROP TYPE cu_kind CASCADE;
DROP FUNCTION cu_loop, cu_catch, cu_raise, cu_json;
DROP PROCEDURE cu_commit;
TRUNCATE students, users, posts RESTART IDENTITY;
