-- Input that is empty, huge, deep or hostile: an error with a path, or the data that it is.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name) VALUES ('Ann'), ('Bob');
-- the error of a call, without what grows with the input
CREATE FUNCTION pg_temp.cut(statement text) RETURNS text LANGUAGE sql AS $$ SELECT left(regexp_replace(pg_temp.err(statement), '([x0\[])\1{50,}', '\1\1\1...', 'g'), 300) $$;
CREATE FUNCTION pg_temp.find(options text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.cut(format('SELECT students_list(%L)', options)) $$;
CREATE FUNCTION pg_temp.make(data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.cut(format('SELECT student_create(%L, %L)', data, options)) $$;

-- nothing at all
SELECT f, pg_temp.err('SELECT studentdir.' || f) FROM (VALUES ('find_all(NULL)'), ('list(NULL)'), ('count(NULL)'), ('find_one(NULL)'), ('find_by_pk(NULL, 1)'), ('find_by_pk(''Student'', NULL::text)'), ('find_by_pk(''Student'', NULL::bigint, NULL)'),
  ('find_by_pk(''Student'', NULL::uuid)'), ('find_by_pk(''Student'', NULL::jsonb)'), ('create(''Student'', NULL)'), ('create(NULL, NULL)'), ('bulk_create(''Student'', NULL)'), ('update(''Student'', NULL)'), ('update(''Student'', NULL, ''{"all":true}'')'), ('update(NULL, ''{}'')'), ('update_returning(''Student'', NULL, ''{"all":true}'')'), ('update_by_pk(''Student'', NULL::bigint, NULL)'), ('update_by_pk(''Student'', 1::bigint, NULL)'),
  ('destroy(''Student'', NULL)'), ('destroy(NULL)'), ('destroy_returning(''Student'', NULL)'), ('destroy_by_pk(''Student'', NULL::bigint)'), ('destroy_by_pk(NULL, 1::bigint)'), ('find_all_with(NULL, NULL)'), ('find_all_with(''User'', NULL)'), ('count(''Student'', ''null'')'), ('count(''Student'', ''[]'')'), ('count(''Student'', ''"where"'')'), ('count(''Student'', ''5'')')) AS t (f);

-- keys that mean nothing, or something elsewhere
SELECT k, pg_temp.find(jsonb_build_object(k, 1)::text) FROM unnest(ARRAY[' where', 'Where', 'WHERE', 'wher', '$where', 'where\"', E'where\\', '''; DROP TABLE students; --', '$1', '$$', '{', 'a.b[0]', E'a\nb', 'options', 'association', 'fields', 'all', '__proto__', 'constructor', 'plain', 'raw', 'logging', 'searchPath', 'é', '😀']) AS k;
SELECT k, pg_temp.find(jsonb_build_object('where', jsonb_build_object(k, 1))::text) FROM unnest(ARRAY['id ', '"id"', 'id"', 'id''', 'id::text', 'id--', 'id/**/', 't.id', 'id) OR (1=1', '(id)', 'ID', 'id;', '%s', '%n%d', 'toString', 'oid', 'ctid', 'tableoid', E'id\t', E'id\u00a0']) AS k;
-- values are data
SELECT v, students_count(jsonb_build_object('where', jsonb_build_object('name', v))), student_create(jsonb_build_object('name', v))::jsonb ->> 'name' = v FROM unnest(ARRAY['''', '"', '\', '$1', '$$', '%', '_', ''') OR 1=1 --', '; DROP TABLE students', 'E''\''', '{"$gt":""}', 'null', 'NULL', E'\n\r\t\b\f', E'\u0001\u001f\u007f', 'é😀', E'a\u2028\u2029\ufeff', '<script>', E'\\u0000']) AS v;
SELECT count(*), students_count() FROM students;
DELETE FROM students WHERE id > 2;

-- what jsonb itself refuses
SELECT v, left(pg_temp.find(v), 5) FROM (VALUES ('{"where":{"name":"\u0000"}}'), ('{"where":{"name":"\ud800"}}'), ('{"where":{"name":"\udc00\ud800"}}'), ('{"where":'), (''), ('{where:1}'), ('{"limit":NaN}'), ('{"limit":01}')) AS t (v);
-- of a key given twice the last counts
SELECT students_count('{"where":{"id":1,"id":2,"id":3}}'), students_count('{"where":{"id":1},"where":{}}');

-- numbers
SELECT v, pg_temp.find('{"where":{"id":' || v || '}}'), pg_temp.find('{"limit":' || v || '}') FROM (VALUES ('0'), ('-0'), ('-0.0'), ('1e0'), ('10e-1'), ('1.0'), ('1.5'), ('-1'), ('2147483647'), ('2147483648'), ('-2147483649'), ('999999999999999999'), ('1e400'), ('1e-400'), ('-1e400')) AS t (v);
SELECT pg_temp.find('{"where":{"id":1' || repeat('0', 100000) || '}}'), pg_temp.find('{"where":{"id":1e200000}}');
CREATE TABLE bi_num (id integer PRIMARY KEY, i2 smallint, i8 bigint, f4 real, f8 double precision, n numeric, n2 numeric(5,2), b boolean, d date, ts timestamptz, iv interval, u uuid, ip inet, m money, bits bit(3), x xml);
SELECT pg_temp.define('BiNum', 'bi_num', '*id:INTEGER i2:SMALLINT i8:BIGINT f4:REAL f8:DOUBLE n:DECIMAL n2:DECIMAL b:BOOLEAN d:DATEONLY ts:DATE iv:INTERVAL u:UUID ip:INET m:money bits:bit');
SELECT d, pg_temp.cut(format('SELECT studentdir.create(''BiNum'', %L)', '{"id":1,' || d || '}')) FROM (VALUES ('"i2":40000'), ('"i2":-1e5'), ('"i2":1.0001'), ('"i2":""'), ('"i2":" "'), ('"i2":"1 "'), ('"i8":1e19'), ('"i8":"9223372036854775808"'), ('"f4":1e39'), ('"f4":1e-50'), ('"f8":1e309'), ('"f8":"1e400"'), ('"f8":"x"'), ('"n":"1e400000"'), ('"n":"--1"'),
  ('"n2":1000'), ('"n2":"1e9"'), ('"b":"maybe"'), ('"b":1.5'), ('"b":[]'), ('"d":"0000-00-00"'), ('"d":"2026-02-30"'), ('"d":20260101'), ('"d":true'), ('"ts":"10000000-01-01"'), ('"ts":""'), ('"iv":"forever"'), ('"iv":{"days":1}'), ('"u":"1-2"'), ('"ip":"1.2.3"'), ('"ip":"300.1.1.1"'), ('"m":"x"'), ('"bits":"2"'), ('"bits":"1111"')) AS t (d);
SELECT studentdir.count('BiNum');

-- depth
SELECT n, pg_temp.find('{"where":' || repeat('{"$and":', n) || '{}' || repeat('}', n) || '}') AS "and", pg_temp.find('{"where":' || repeat('[', n) || repeat(']', n) || '}') AS array,
  pg_temp.find('{"where":' || repeat('{"$not":[', n) || repeat(']}', n) || '}') AS "not", pg_temp.find('{"where":{"id":' || repeat('{"$or":', n) || '{"$gt":1}' || repeat('}', n) || '}}') AS attribute,
  pg_temp.find('{"where":{"id":' || repeat('{"$or":[', n) || '1' || repeat(']}', n) || '}}') AS list, pg_temp.find('{"where":{"id":' || repeat('{"$not":', n) || '{"$gt":1}' || repeat('}', n) || '}}') AS attribute_not,
  pg_temp.find('{"where":{"id":' || repeat('[', n) || repeat(']', n) || '}}') AS value
FROM (VALUES (50), (1000), (2500)) AS t (n);
SELECT n, pg_temp.make('{"name":' || repeat('[', n) || repeat(']', n) || '}'), pg_temp.make('{"id":' || repeat('[', n) || repeat(']', n) || '}'), pg_temp.make('{"name":"x","nope":' || repeat('[', n) || repeat(']', n) || '}', '{"ignoreUnknown":true}') FROM (VALUES (50), (5000)) AS t (n);
-- jsonb gives up first
SELECT left(pg_temp.find('{"where":' || repeat('[', 100000) || repeat(']', 100000) || '}'), 5);
SELECT n, pg_temp.find('{"include":' || repeat('[', n) || repeat(']', n) || '}'), pg_temp.find('{"order":' || repeat('[', n) || repeat(']', n) || '}'), pg_temp.find('{"attributes":' || repeat('[', n) || repeat(']', n) || '}') FROM (VALUES (2), (5000)) AS t (n);

-- size
SELECT pg_temp.find(jsonb_build_object(repeat('x', 1000000), 1)::text);
SELECT pg_temp.find(jsonb_build_object('where', jsonb_build_object(repeat('x', 1000000), 1))::text);
SELECT pg_temp.find(jsonb_build_object('where', jsonb_build_object('id', jsonb_build_object(repeat('x', 1000000), 1)))::text);
SELECT pg_temp.find(jsonb_build_object('order', jsonb_build_array(jsonb_build_array('id', repeat('x', 1000000))))::text);
SELECT pg_temp.find(jsonb_build_object('attributes', jsonb_build_array(repeat('x', 1000000)))::text);
SELECT pg_temp.find(jsonb_build_object('include', repeat('x', 1000000))::text);
SELECT length(students_list(jsonb_build_object('limit', 1, 'attributes', jsonb_build_array(jsonb_build_array('id', repeat('x', 1000000)))))::text);
SELECT pg_temp.err(format('SELECT students_list(%L)', jsonb_build_object('attributes', jsonb_build_array('name', jsonb_build_array('id', repeat('y', 99) || 'é'), jsonb_build_array('name', repeat('y', 99) || 'é')))));
SELECT students_count(jsonb_build_object('where', jsonb_build_object('name', repeat('x', 1000000))));
SELECT pg_temp.make(jsonb_build_object('name', repeat('x', 1000000))::text);
SELECT students_count(jsonb_build_object('where', (SELECT jsonb_agg('{"id":{"$gt":0}}'::jsonb) FROM generate_series(1, 1000))));
SELECT students_count(jsonb_build_object('where', (SELECT jsonb_agg('{"id":{"$gt":0}}'::jsonb) FROM generate_series(1, 1001))));
SELECT students_count(jsonb_build_object('where', jsonb_build_object('id', (SELECT jsonb_agg(i) FROM generate_series(1, 200000) AS i))));
-- a text is cut at a character, also on its way to another encoding
SET client_encoding = latin1;
SELECT students_list(jsonb_build_object('where', jsonb_build_object(repeat('x', 99) || chr(233), 1)));
SELECT students_list(jsonb_build_object('order', jsonb_build_array(jsonb_build_array('id', repeat('x', 99) || chr(233)))));
SELECT students_list(jsonb_build_object('include', repeat('x', 99) || chr(233)));
RESET client_encoding;

DELETE FROM studentdir.model WHERE name = 'BiNum';
DROP TABLE bi_num;
TRUNCATE students, users, posts RESTART IDENTITY;
