-- destroy, destroy_returning, destroy_by_pk.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, cohort, created_at, updated_at) SELECT 's' || i, i % 3, '2026-01-01 10:00:00+00', '2026-01-01 10:00:00+00' FROM generate_series(1, 9) AS i;
INSERT INTO users (name) VALUES ('Ann'), ('Bob');
INSERT INTO posts (title, user_id) VALUES ('a', 1), ('b', 1), ('c', 2);

SELECT student_destroy(1), student_destroy(1), student_destroy(NULL);
SELECT student_destroy(1);
SELECT studentdir.destroy_by_pk('Student', '2'), studentdir.destroy_by_pk('Student', 3::bigint), studentdir.destroy_by_pk('Student', '{"id":4}'::jsonb), studentdir.destroy_by_pk('Student', 5, '{"where":{"name":"nobody"}}');
SELECT students_destroy('{"where":{"cohort":"2"}}'), students_destroy('{"where":{"cohort":"2"}}'), students_destroy('{"where":{"id":[]}}');
SELECT studentdir.destroy_returning('Student', '{"where":{"id":6}}');
SELECT record->>'id' FROM studentdir.destroy_returning('Student', '{"all":true}') ORDER BY 1;
SELECT count(*) FROM students;
-- cascades and restrictions are the table's
SELECT users_destroy('{"where":{"name":"Ann"}}');
SELECT id, title FROM posts;
CREATE TABLE de_ref (id integer PRIMARY KEY, user_id integer REFERENCES users);
INSERT INTO de_ref VALUES (1, 2);
SELECT pg_temp.err('SELECT user_destroy(2)');
SELECT count(*) FROM users;

-- refused without a condition
INSERT INTO students (name) VALUES ('x');
SELECT o, pg_temp.err(format('SELECT students_destroy(%L)', o)) FROM (VALUES ('{}'), ('{"where":{}}'), ('{"where":[{}]}'), ('{"where":{"id":{"$notIn":[]}}}'), ('{"where":{"$and":[{}]}}'), ('{"all":false}'), ('{"all":"true"}'), ('{"all":null}'), ('{"where":null}'), ('{"where":{"nope":1}}'), ('{"wher":{"id":1}}'),
  ('{"validate":true}'), ('{"fields":[]}'), ('{"attributes":[]}'), ('{"where":{"id":{"$gt":"x"}}}')) AS t (o);
SELECT pg_temp.err('SELECT students_destroy()'), pg_temp.err('SELECT students_destroy(NULL)'), pg_temp.err('SELECT studentdir.destroy_returning(''Student'')'), pg_temp.err('SELECT student_destroy(1, ''{"all":true}'')');
SELECT count(*) FROM students;
-- conditions that no row meets are conditions
SELECT students_destroy('{"where":{"$or":[]}}'), students_destroy('{"where":{"$not":{}}}'), students_destroy('{"where":{"$or":[{},{"id":0}]}}'), students_destroy('{"where":{"id":{"$or":[]}}}');
SELECT students_destroy('{"all":true,"where":{"id":0}}'), students_destroy('{"all":true}'), students_destroy('{"all":true}');

DROP TABLE de_ref;
TRUNCATE students, users, posts RESTART IDENTITY;
