-- update, update_returning, update_by_pk.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, cohort, email, created_at, updated_at)
  SELECT n, 'Fall', lower(n) || '@example.org', '2026-01-01 10:00:00+00', '2026-01-01 10:00:00+00' FROM unnest('{Ann,Bob,Cid}'::text[]) AS n;
CREATE FUNCTION pg_temp.uerr(data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT students_update(%L, %L)', data, options)) $$;

-- by key
SELECT record::jsonb - 'updatedAt', (record->>'updatedAt')::timestamptz > '2026-01-02' FROM student_update(1, '{"name":"Amy","cohort":null}');
SELECT created_at < updated_at, updated_at = date_trunc('milliseconds', updated_at) FROM students WHERE id = 1;
SELECT student_update(99, '{"name":"x"}');
SELECT student_update(NULL, '{"name":"x"}');
SELECT record->>'name' FROM student_update(2, '{"name":"Ben"}', '{"where":{"cohort":"Fall"}}');
SELECT record->>'name' FROM student_update(2, '{"name":"Bud"}', '{"where":{"cohort":"Spring"}}');
-- an empty change is none: the record as it is, or 0
SELECT record->>'name' FROM student_update(3, '{}');
SELECT record->>'name' FROM studentdir.update_returning('Student', '{}', '{"where":{"id":{"$gte":2}},"order":[["id","DESC"]],"limit":2}');
SELECT students_update('{}', '{"where":{"id":3}}'), students_update('{"zip":1}', '{"where":{"id":3},"ignoreUnknown":true}');
SELECT pg_temp.err('SELECT students_update(''{}'')');
SELECT updated_at > '2026-01-02' FROM students WHERE id = 3;
-- the key itself: the same is no change, another one is for an update with a condition
SELECT record->>'name' FROM student_update(3, '{"id":3}');
SELECT record->>'name' FROM studentdir.update_by_pk('Student', '3', '{"id":"3","name":"Cyd"}');
SELECT record->>'name' FROM studentdir.update_by_pk('Student', '{"id":3}'::jsonb, '{"id":3,"name":"Cid"}');
SELECT pg_temp.err('SELECT student_update(3, ''{"id":30}'')'), pg_temp.err('SELECT studentdir.update_by_pk(''Student'', ''3'', ''{"id":30,"name":"x"}'')'), pg_temp.err('SELECT student_update(3, ''{"id":null}'', ''{"validate":false}'')'), pg_temp.err('SELECT student_update(999, ''{"id":30}'')');
SELECT students_update('{"id":30}', '{"where":{"id":3}}'), students_update('{"id":3}', '{"where":{"id":30}}');
-- by condition
SELECT students_update('{"cohort":"Spring"}', '{"where":{"id":{"$lte":2}}}');
SELECT students_update('{"cohort":"Spring"}', '{"where":{"id":0}}');
SELECT students_update('{"cohort":"All"}', '{"all":true}');
SELECT students_update('{"cohort":"Some"}', '{"all":true,"where":{"id":1}}');
SELECT students_update('{"cohort":"None"}', '{"where":{"id":{"$in":[]}}}');
SELECT record->>'name' FROM studentdir.update_returning('Student', '{"cohort":"Back"}', '{"where":{"cohort":"All"}}') ORDER BY 1;
SELECT id, name, cohort FROM students ORDER BY id;
-- the condition sees the old values, and a value may be what the condition is about
SELECT students_update('{"name":"Bob"}', '{"where":{"name":"Ben"}}'), students_count('{"where":{"name":"Bob"}}');

-- refused without a condition
SELECT o, pg_temp.uerr('{"name":"x"}', o) FROM (VALUES ('{}'), ('{"where":{}}'), ('{"where":[]}'), ('{"where":[{},[]]}'), ('{"where":{"id":{"$notIn":[]}}}'), ('{"where":{"$and":[]}}'), ('{"where":{"$and":[{"id":{"$and":[]}}]}}'), ('{"all":false}'), ('{"where":{"id":{"$not":[]}}}')) AS t (o);
SELECT pg_temp.err('SELECT students_update(''{"name":"x"}'', NULL)');
SELECT pg_temp.err('SELECT studentdir.update_returning(''Student'', ''{"name":"x"}'')');
SELECT count(*) FROM students WHERE name = 'x';

-- what is not understood
SELECT d, pg_temp.uerr(d, '{"where":{"id":1}}') FROM (VALUES ('[]'), ('null'), ('1'), ('"x"'), ('[{"name":"x"}]'), ('{"nope":1}'), ('{"id":"x"}'), ('{"name":null}'), ('{"name":""}'), ('{"email":"x"}'), ('{"name":[]}'), ('{"createdAt":"2026-01-01"}'), ('{"updatedAt":"2026-01-01"}'), ('{"id":null}'),
  ('{"id":2}'), ('{"email":"cid@example.org"}')) AS t (d);
SELECT o, pg_temp.uerr('{"name":"x"}', o) FROM (VALUES ('{"where":{"id":1},"fields":["cohort"]}'), ('{"where":{"id":"x"}}'), ('{"where":{"nope":1}}'), ('{"all":1}'), ('{"attributes":["id"],"all":true}'), ('{"include":"Posts","all":true}')) AS t (o);
SELECT pg_temp.err('SELECT student_update(1, ''{"name":"x"}'', ''{"all":true}'')');
SELECT students_update('{"name":"x","nope":1}', '{"where":{"id":0},"ignoreUnknown":true}'), pg_temp.uerr('{"nope":1}', '{"where":{"id":1},"ignoreUnknown":true}');
SELECT students_update('{"name":"","email":"x"}', '{"where":{"id":1},"validate":false}');
SELECT left(pg_temp.uerr('{"name":null}', '{"where":{"id":1},"validate":false}'), 5);
SELECT name, email FROM students WHERE id = 1;

-- foreign keys, checks, arrays, generated columns
CREATE TABLE up_all (id integer PRIMARY KEY, n integer CHECK (n > 0), twice integer GENERATED ALWAYS AS (n * 2) STORED, tags text[], doc jsonb, user_id integer REFERENCES users ON UPDATE CASCADE, stamp timestamp, day date);
INSERT INTO users (name) VALUES ('Ann');
INSERT INTO up_all (id, n) VALUES (1, 1), (2, 2);
SELECT pg_temp.define('UpAll', 'up_all', '*id:INTEGER n:INTEGER twice:INTEGER tags:ARRAY(TEXT) doc:JSONB userId:INTEGER:user_id stamp:DATE day:DATEONLY', '{"updatedAt":"stamp"}');
SELECT record::jsonb - 'stamp' FROM studentdir.update_by_pk('UpAll', 1, '{"n":5,"tags":["a",null],"doc":{"k":[1]},"userId":1}');
SELECT abs(extract(epoch FROM stamp - timezone('UTC', now()))) < 60 FROM up_all WHERE id = 1;
SELECT d, pg_temp.err(format('SELECT studentdir.update(''UpAll'', %L, ''{"all":true}'')', d)) FROM (VALUES ('{"twice":1}'), ('{"userId":9}'), ('{"id":1}'), ('{"tags":{"a":1}}')) AS t (d);
SELECT left(pg_temp.err('SELECT studentdir.update(''UpAll'', ''{"n":0}'', ''{"all":true}'')'), 5);
SELECT users_update('{"id":7}', '{"where":{"id":1}}'), user_id FROM up_all WHERE id = 1;
SELECT user_id FROM up_all WHERE id = 1;
SELECT users_destroy('{"where":{"id":7}}') IS NULL;
UPDATE studentdir.model SET options = '{"updatedAt":"day"}' WHERE name = 'UpAll';
SET datestyle = 'SQL, DMY';
SET timezone = 'Asia/Kolkata';
SELECT studentdir.update('UpAll', '{"n":1}', '{"where":{"id":1}}'), pg_temp.err('SELECT studentdir.update(''UpAll'', ''{"day":"2000-01-01"}'', ''{"all":true}'')');
SELECT current_date - day < 2 FROM up_all WHERE id = 1;
RESET datestyle;
RESET timezone;
UPDATE studentdir.model SET options = '{}' WHERE name = 'UpAll';
SELECT studentdir.update('UpAll', '{}', '{"where":{"id":1}}'), record->>'id' FROM studentdir.update_by_pk('UpAll', 1, '{}');

DELETE FROM studentdir.model WHERE name = 'UpAll';
DROP TABLE up_all;
TRUNCATE students, users, posts RESTART IDENTITY;
