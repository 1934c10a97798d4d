-- find_all, list, count, find_one, find_by_pk and their typed forms.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, cohort, email, created_at, updated_at) VALUES
  ('Ann', 'Spring', 'ann@example.org', '2026-01-01 10:00:00.123+00', '2026-01-01 10:00:00.123+00'),
  ('Bob', NULL, NULL, '2026-01-02 10:00:00+00', '2026-01-03 10:00:00+00'),
  ('Cid', 'Fall', 'cid@example.org', '2026-01-03 10:00:00+00', '2026-01-03 10:00:00+00'),
  ('Dot', 'Fall', 'dot@example.org', '2026-01-04 10:00:00+00', '2026-01-05 10:00:00+00');

-- every form gives the same records
SELECT students_find_all();
SELECT record FROM students_find_all();
SELECT * FROM studentdir.find_all('Student') AS s;
SELECT students_list();
SELECT students_count(), studentdir.count('Student'), pg_typeof(students_count());
SELECT student_find_one('{"order":["id"]}');
SELECT student_find_by_pk(2);
SELECT pg_typeof(students_list()), pg_typeof(record) FROM students_find_all() LIMIT 1;

-- nothing there
SELECT students_list('{"where":{"id":0}}');
SELECT students_find_all('{"where":{"id":0}}');
SELECT student_find_one('{"where":{"id":0}}');
SELECT student_find_by_pk(0);
SELECT student_find_by_pk(NULL);
SELECT students_count('{"where":{"id":0}}');
SELECT posts_list(), users_list(), posts_count();

-- options are {} when they are null
SELECT students_count(NULL), json_array_length(students_list(NULL));
SELECT count(*) FROM students_find_all(NULL);
SELECT student_find_by_pk(1, NULL);

-- find_one takes one, whatever the limit
SELECT student_find_one('{"order":[["id","DESC"]],"limit":3,"attributes":["id"]}');
SELECT student_find_one('{"order":["id"],"limit":0}');
SELECT student_find_one('{"order":["id"],"offset":2,"attributes":["id"]}');

-- limit and offset
SELECT students_list('{"order":["id"],"attributes":["id"],"limit":2}');
SELECT students_list('{"order":["id"],"attributes":["id"],"limit":2,"offset":3}');
SELECT students_list('{"order":["id"],"attributes":["id"],"offset":4}');
SELECT students_list('{"order":["id"],"attributes":["id"],"limit":0}');
SELECT students_list('{"order":["id"],"attributes":["id"],"limit":999999999999999999}');
SELECT students_list('{"order":["id"],"attributes":["id"],"offset":999999999999999999}');
SELECT pg_temp.err(format('SELECT students_list(%L)', jsonb_build_object('limit', v)))
FROM (VALUES ('-1'::jsonb), ('1.5'), ('"1"'), ('null'), ('true'), ('[1]'), ('{}'), ('1e30')) AS t (v);
SELECT pg_temp.err('SELECT students_list(''{"offset":-1}'')');
SELECT pg_temp.err('SELECT students_count(''{"limit":1}'')');
SELECT pg_temp.err('SELECT student_find_by_pk(1, ''{"limit":1}'')');

-- a key in every form; conditions besides it hold
SELECT studentdir.find_by_pk('Student', '2', '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('Student', '2'::text, '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('Student', 2::bigint, '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('Student', 2, '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('Student', '2'::jsonb, '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('Student', '{"id":2}'::jsonb, '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('Student', 2, '{"attributes":["id"],"where":{"name":"Bob"}}');
SELECT studentdir.find_by_pk('Student', 2, '{"attributes":["id"],"where":{"name":"Ann"}}');
SELECT studentdir.find_by_pk('Student', 99999999999999);
SELECT studentdir.find_by_pk('Student', NULL::jsonb);
SELECT pg_temp.err('SELECT studentdir.find_by_pk(''Student'', ' || key || ')')
FROM (VALUES ('''x'''), ('''2.5'''), ('''99999999999'''), ('''a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11''::uuid'), ('''null''::jsonb'), ('''[2]''::jsonb'),
             ('''{}''::jsonb'), ('''{"name":"Bob"}''::jsonb'), ('''{"id":2,"name":"Bob"}''::jsonb'), ('''{"ID":2}''::jsonb'),
             ('''{"id":{"$gt":1}}''::jsonb'), ('''{"id":null}''::jsonb')) AS t (key);

-- large results come in batches, and every row comes once
CREATE TABLE fd_many (id integer PRIMARY KEY, word text);
INSERT INTO fd_many SELECT i, repeat('x', i % 1000) FROM generate_series(1, 5000) AS i;
SELECT pg_temp.define('FdMany', 'fd_many', '*id:INTEGER word:TEXT');
SELECT count(*), sum((record->>'id')::integer), sum(length(record->>'word')) FROM studentdir.find_all('FdMany');
SELECT count(*), sum((r->>'id')::integer) FROM json_array_elements(studentdir.list('FdMany')) AS r;
SELECT count(*), min((record->>'id')::integer), max((record->>'id')::integer)
FROM studentdir.find_all('FdMany', '{"order":["id"],"limit":777,"offset":64}');
SELECT array_agg(record->>'id') FROM (SELECT studentdir.find_all('FdMany', '{"order":["id"],"attributes":["id"]}') LIMIT 3) AS t (record);
UPDATE fd_many SET word = repeat('y', 2000000) WHERE id BETWEEN 100 AND 103;
SELECT count(*), sum(length(record->>'word')) FROM studentdir.find_all('FdMany');

-- max_rows
SET studentdir.max_rows = 4;
SELECT json_array_length(students_list());
SET studentdir.max_rows = 3;
SELECT pg_temp.err('SELECT students_list()');
SELECT pg_temp.err('SELECT count(*) FROM students_find_all()');
SELECT json_array_length(students_list('{"limit":3}')), students_count();
RESET studentdir.max_rows;

DELETE FROM studentdir.model WHERE name = 'FdMany';
DROP TABLE fd_many;
TRUNCATE students, users, posts RESTART IDENTITY;

-- planning a statement, which may call what is stable, locks nothing: list takes no "lock"
SELECT pg_temp.err($$SELECT students_list('{"lock":"UPDATE"}')$$);
SELECT pg_temp.err($$EXPLAIN SELECT FROM students WHERE name = students_list('{"lock":"UPDATE","skipLocked":true}')::text$$);
BEGIN;
DO $$BEGIN
	EXECUTE $q$EXPLAIN SELECT FROM students WHERE name = students_list('{}')::text AND name = studentdir.find_and_count_all('Student', '{}')::text AND id = studentdir.count('Student', '{}')$q$;
	EXECUTE $q$EXPLAIN SELECT student_find_one('{"where":{"id":1},"lock":"UPDATE"}') FROM students, students_find_all('{"lock":"UPDATE"}') WHERE (SELECT student_find_by_pk(1, '{"lock":"UPDATE"}'))::text = name$q$;
	EXECUTE $q$SELECT * FROM studentdir.explain('Student', '{"lock":"UPDATE"}')$q$;
END$$;
SELECT pg_current_xact_id_if_assigned() IS NULL AS nothing_locked;
ROLLBACK;
