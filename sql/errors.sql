-- Errors: SQLSTATE, message, DETAIL and HINT of every kind, and that a session goes on after each.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, email) VALUES ('Ann', 'ann@example.org'), ('Bob', NULL);

-- unknown model
SELECT pg_temp.err('SELECT studentdir.' || f) FROM (VALUES ('find_all(''Nope'')'), ('find_all(''student'')'), ('find_all(''students'')'), ('create(''Nope'', ''{}'')'), ('destroy(''Nope'', ''{"all":true}'')'), ('count(''pg_catalog.pg_class'')'), ('count(''Student; DROP TABLE students'')')) AS t (f);
BEGIN;
DELETE FROM studentdir.model WHERE name = 'Student';
SELECT pg_temp.err('SELECT students_count()'), pg_temp.err('SELECT student_create(''{"name":"x"}'')');
ROLLBACK;
-- its table missing
BEGIN;
ALTER TABLE students RENAME TO er_students;
SELECT pg_temp.err('SELECT students_count()'), pg_temp.err('SELECT student_create(''{"name":"x"}'')');
ALTER TABLE er_students RENAME COLUMN cohort TO course;
ALTER TABLE er_students RENAME TO students;
SELECT pg_temp.err('SELECT students_count()');
ROLLBACK;
SELECT students_count();
-- an included model without its table
BEGIN;
DROP TABLE posts;
SELECT pg_temp.err('SELECT users_with_posts()'), users_count();
ROLLBACK;
-- unknown attribute
SELECT pg_temp.err(format('SELECT students_list(%L)', o)) FROM (VALUES ('{"where":{"emial":1}}'), ('{"attributes":["emial"]}'), ('{"order":[["emial","ASC"]]}'), ('{"where":{"$or":[{"id":1},{"emial":2}]}}'), ('{"where":{"somethingElse":2}}')) AS t (o);
SELECT pg_temp.err('SELECT student_create(''{"emial":"x"}'')'), pg_temp.err('SELECT students_bulk_create(''[{"name":"x"},{"emial":"x"}]'')'), pg_temp.err('SELECT student_update(1, ''{"emial":"x"}'')'), pg_temp.err('SELECT student_create(''{"name":"x"}'', ''{"fields":["emial"]}'')');
-- unknown option, operator; wrong shape
SELECT pg_temp.err(format('SELECT students_list(%L)', o)) FROM (VALUES ('{"limt":1}'), ('{"email":"x"}'), ('{"where":{"id":{"$lk":1}}}'), ('{"where":{"id":{"$in":1}}}'), ('{"include":[{"association":"Posts","limt":1}]}'), ('{"where":{"$or":[{"id":{"$gt":{}}}]}}'), ('{"order":[["id","UP"]]}')) AS t (o);
SELECT pg_temp.err('SELECT users_list(''{"include":[{"association":"Posts","zzz":1}]}'')'), pg_temp.err('SELECT users_list(''{"include":"Post2"}'')'), pg_temp.err('SELECT student_create(''{"name":"x"}'', ''{"email":"x"}'')');
-- validation
SELECT pg_temp.err('SELECT student_create(''{"email":"x"}'')');
-- unique, foreign key, not null, check, exclusion
SELECT pg_temp.err('SELECT student_create(''{"name":"x","email":"ann@example.org"}'')'), pg_temp.err('SELECT post_create(''{"title":"x","userId":99}'')');
CREATE TABLE er_t (id integer PRIMARY KEY, n integer CONSTRAINT er_small CHECK (n < 10), r int4range, CONSTRAINT er_apart EXCLUDE USING gist (r WITH &&), b integer NOT NULL DEFAULT 1);
SELECT pg_temp.define('ErT', 'er_t', '*id:INTEGER n:INTEGER r:RANGE(INTEGER) b:INTEGER');
SELECT studentdir.create('ErT', '{"id":1,"r":[1,5]}');
SELECT d, pg_temp.err(format('SELECT studentdir.create(''ErT'', %L)', d)) FROM (VALUES ('{"id":2,"n":10}'), ('{"id":2,"r":[4,6]}'), ('{"id":2,"b":null}'), ('{"n":1}'), ('{"id":1}')) AS t (d);
DO $$
DECLARE c text; t text; s text; col text;
BEGIN
  PERFORM student_create('{"name":"x","email":"ann@example.org"}');
EXCEPTION WHEN unique_violation THEN
  GET STACKED DIAGNOSTICS c = CONSTRAINT_NAME, t = TABLE_NAME;
  RAISE WARNING '% of %', c, t;
END $$;
-- no condition
SELECT pg_temp.err('SELECT students_update(''{"name":"x"}'')'), pg_temp.err('SELECT students_destroy()');
-- a value that does not convert
SELECT pg_temp.err('SELECT student_find_one(''{"where":{"$and":[{"id":{"$in":[1,"x"]}}]}}'')'), pg_temp.err('SELECT students_bulk_create(''[{"name":"a"},{"name":"b","createdAt":"never"}]'')'), pg_temp.err('SELECT studentdir.find_by_pk(''Student'', ''x'')');
-- limits
SET studentdir.max_rows = 1;
SELECT pg_temp.err('SELECT students_list()');
RESET studentdir.max_rows;
SET studentdir.max_include_depth = 1;
SELECT pg_temp.err('SELECT users_list(''{"include":{"association":"Posts","include":"User"}}'')');
RESET studentdir.max_include_depth;
-- read only, cancel, locks
BEGIN READ ONLY;
SELECT pg_temp.err('SELECT student_destroy(1)');
ROLLBACK;
CREATE FUNCTION pg_temp.cancelled() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM students_list(); PERFORM pg_sleep(1); RETURN false; EXCEPTION WHEN query_canceled THEN RETURN true; END $$;
SELECT pg_temp.cancelled();
-- a definition that is not valid
BEGIN;
UPDATE studentdir.model SET attributes = '[]' WHERE name = 'Student';
SELECT pg_temp.err('SELECT students_count()');
ROLLBACK;

-- the session is as before: in a transaction after each error, and in the next one
BEGIN;
SAVEPOINT s;
SELECT students_list('{"where":{"id":"x"}}');
ROLLBACK TO s;
SELECT students_count();
SELECT students_bulk_create('[{"name":"x"},{"name":""}]');
ROLLBACK TO s;
SELECT students_count();
SELECT student_create('{"name":"x","email":"ann@example.org"}');
ROLLBACK TO s;
SELECT students_count();
SELECT 1 FROM users_with_posts('{"where":{"nope":1}}');
COMMIT;
SELECT students_count();
-- nothing of class XX, and none of 42601, comes out of options picked at random
CREATE FUNCTION pg_temp.picked(depth integer) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  words text[] := '{id,name,cohort,email,createdAt,nope,$eq,$ne,$gt,$in,$notIn,$between,$not,$and,$or,$is,where,attributes,order,limit,offset,include,association,exclude,Posts,User,ASC,DESC,"",x,1,"null"}';
  leaf jsonb[] := ARRAY['null', 'true', 'false', '0', '1', '-1', '2.5', '1e30', '""', '"x"', '"1"', '"id"', '"name"', '"Posts"', '"DESC"', '"2026-01-01"', '[]', '{}']::jsonb[];
BEGIN
  RETURN CASE WHEN depth = 0 OR random() < 0.2 THEN leaf[1 + floor(random() * 18)::integer]
    WHEN random() < 0.5 THEN (SELECT jsonb_agg(pg_temp.picked(depth - 1)) FROM generate_series(1, 1 + floor(random() * 2)::integer))
    ELSE (SELECT jsonb_object_agg(words[1 + floor(random() * 32)::integer], pg_temp.picked(depth - 1)) FROM generate_series(1, 1 + floor(random() * 2)::integer)) END;
END $$;
CREATE FUNCTION pg_temp.hostile(calls integer) RETURNS TABLE (state text, example text) LANGUAGE plpgsql AS $$
DECLARE o jsonb; f text; message text;
BEGIN
  FOR i IN 1..calls LOOP
    o := CASE i % 4 WHEN 0 THEN pg_temp.picked(4) WHEN 1 THEN jsonb_build_object('where', pg_temp.picked(5)) WHEN 2 THEN jsonb_build_object('include', pg_temp.picked(3), 'order', pg_temp.picked(2)) ELSE jsonb_build_object('attributes', pg_temp.picked(2), 'where', pg_temp.picked(3)) END;
    FOREACH f IN ARRAY ARRAY['students_list', 'users_list', 'posts_count', 'student_find_one', 'students_destroy'] LOOP
      BEGIN
        EXECUTE format('SELECT %I($1)', f) USING o;
        RAISE EXCEPTION USING ERRCODE = 'SD000';
      EXCEPTION WHEN OTHERS THEN
        state := SQLSTATE;
        example := concat_ws(' ', f, o, SQLERRM);
        IF state NOT IN ('SD000', '22023', '42703', '54000') AND state NOT LIKE '22%' THEN RETURN NEXT; END IF;
      END;
    END LOOP;
    BEGIN
      CASE i % 3 WHEN 0 THEN PERFORM student_create(o); WHEN 1 THEN PERFORM students_bulk_create(jsonb_build_array(o, o -> 'where')); ELSE PERFORM students_update(o -> 'where', '{"where":{"id":1}}'); END CASE;
      RAISE EXCEPTION USING ERRCODE = 'SD000';
    EXCEPTION WHEN OTHERS THEN
      state := SQLSTATE;
      example := concat_ws(' ', 'write', o, SQLERRM);
      IF state NOT IN ('SD000', '22023', '42703', '54000') AND state NOT LIKE '22%' AND state NOT LIKE '23%' THEN RETURN NEXT; END IF;
    END;
  END LOOP;
END $$;
SELECT setseed(0.5) IS NOT NULL;
SELECT * FROM pg_temp.hostile(1500);
SELECT students_count();

DELETE FROM studentdir.model WHERE name = 'ErT';
DROP TABLE er_t;
TRUNCATE students, users, posts RESTART IDENTITY;
