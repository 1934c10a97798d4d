-- Validation: what is checked before anything is written, and how it is reported.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
CREATE FUNCTION pg_temp.v(data text) RETURNS text LANGUAGE sql AS
  $$ SELECT split_part(pg_temp.err(format('SELECT student_create(%L)', data)), E'\n  DETAIL', 1) $$;

-- null, no string, empty, no e-mail address: all at once, in this order
SELECT pg_temp.err('SELECT student_create(''{"email":"no","cohort":[1,{"a":2}],"name":{}}'')');
SELECT pg_temp.err('SELECT student_create(''{}'')');
SELECT pg_temp.err('SELECT post_create(''{"title":"","body":null}'')');
SELECT pg_temp.err('SELECT user_create(''{"name":"  \t\n","email":""}'')');
-- DETAIL is JSON, whatever the value
DO $$
DECLARE d text;
BEGIN
  PERFORM student_create(jsonb_build_object('name', E' \u00a0\u3000\ufeff', 'email', E'"quoted" \\ \n é', 'cohort', '{"k":[null,1.50,"x"]}'::jsonb));
EXCEPTION WHEN check_violation THEN
  GET STACKED DIAGNOSTICS d = PG_EXCEPTION_DETAIL;
  RAISE WARNING '%', (SELECT jsonb_agg(v) FROM jsonb_array_elements(d::jsonb) AS v);
END $$;
-- nothing is written, no key is used up
SELECT students_count();
SELECT student_create('{"name":"Ann"}') ->> 'id';

-- notEmpty: white space is empty, as JavaScript has it
SELECT d, pg_temp.v(jsonb_build_object('name', d)::text) FROM unnest(ARRAY['', ' ', E'\t\r\n\x0b\f', E'\u00a0', E'\u1680', E'\u2003', E'\u2028', E'\u202f', E'\u205f', E'\u3000', E'\ufeff', E'\u200b', E'\u180e', E'\u0085', E'\u0001', '.', ' x ', '0', 'null']) AS d;
SELECT d, pg_temp.v('{"name":' || d || '}') FROM (VALUES ('0'), ('false'), ('true'), ('-1.50'), ('[]'), ('{}'), ('[""]'), ('[1]'), ('null')) AS t (d);
-- isEmail
SELECT d, pg_temp.v(jsonb_build_object('name', 'x', 'email', d)::text) FROM unnest(ARRAY['a@b.co', 'A.B+c@Example.ORG', 'a@b', 'a@b.c', '@b.co', 'a@', 'a b@c.co', 'a@b..co', '.a@b.co', 'a.@b.co', 'a..b@c.co', '"a b"@c.co', 'a@b.co ', ' a@b.co', 'a@@b.co', 'a@b@c.co', 'é@b.co', 'a@é.co', 'a@-b.co', 'a@b-.co', 'a@b_c.co',
  'a@1.2.3.4', 'a@[1.2.3.4]', 'Ann <a@b.co>', repeat('a', 64) || '@b.co', repeat('a', 65) || '@b.co', 'a@' || repeat('b', 63) || '.co', 'a@' || repeat('b', 64) || '.co', E'a\n@b.co', 'a@b.co' || chr(1), 'no', '', '5']) AS d;
SELECT d, pg_temp.v('{"name":"x","email":' || d || '}') FROM (VALUES ('5'), ('true'), ('[]'), ('["a@b.co"]'), ('{"a":1}'), ('null')) AS t (d);

-- off
SELECT student_create('{"name":"","email":"no"}', '{"validate":false}') ->> 'email';
SELECT left(pg_temp.err('SELECT student_create(''{"email":"x"}'', ''{"validate":false}'')'), 5);
SELECT pg_temp.err('SELECT student_create(''{"name":["x"]}'', ''{"validate":false}'')');
-- an update looks at what it is given
SELECT student_update(1, '{"cohort":"x"}') ->> 'cohort';
SELECT pg_temp.err('SELECT student_update(1, ''{"name":null,"email":"x"}'')');
SELECT pg_temp.err('SELECT student_update(99, ''{"name":""}'')');
SELECT pg_temp.err('SELECT students_update(''{"name":""}'', ''{"where":{"id":0}}'')');
-- unknown attributes and values that do not convert come after and before
SELECT left(pg_temp.err('SELECT student_create(''{"name":"","nope":1}'')'), 5), left(pg_temp.err('SELECT student_create(''{"name":"","id":"x"}'')'), 5), left(pg_temp.err('SELECT student_create(''{"name":"x","id":"x"}'')'), 5);
-- the model says what may be null; the table may say more
CREATE TABLE va_t (id integer PRIMARY KEY, a text NOT NULL, b integer NOT NULL DEFAULT 5, c text, CONSTRAINT c_short CHECK (length(c) < 3));
SELECT pg_temp.define('VaT', 'va_t', '*id:INTEGER a:TEXT b:INTEGER c:STRING');
SELECT d, left(pg_temp.err(format('SELECT studentdir.create(''VaT'', %L)', d)), 5) FROM (VALUES ('{}'), ('{"id":1}'), ('{"id":1,"a":null}'), ('{"id":1,"a":"x","b":null}'), ('{"id":1,"a":"x","c":"long"}'), ('{"id":1,"a":"x","c":{}}'), ('{"id":1,"a":"x","c":[]}'), ('{"id":1,"a":["x"]}'), ('{"id":1,"a":"x"}')) AS t (d);

DELETE FROM studentdir.model WHERE name = 'VaT';
DROP TABLE va_t;
TRUNCATE students, users, posts RESTART IDENTITY;

-- the value of each failure is its row's own, whatever has become of the row's memory
CREATE FUNCTION pg_temp.failures(statement text) RETURNS SETOF json LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  EXECUTE statement;
EXCEPTION WHEN check_violation THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN QUERY SELECT json_array_elements(detail::json);
END $$;
CREATE TABLE va_kepts (id serial PRIMARY KEY, code text, n double precision, list jsonb);
SELECT studentdir.define('VaKept', '{"code":{"type":"STRING","defaultValue":"UUIDV4","validate":{"len":[1,5]}},"n":{"type":"DOUBLE","validate":{"max":1}},"list":{"type":"JSONB","validate":{"isIn":[["x"]]}}}', '{"timestamps":false}') IS NOT NULL;
SELECT count(*), count(DISTINCT f->>'value'), min(length(f->>'value')) FROM pg_temp.failures($$SELECT studentdir.bulk_create('VaKept', '[{},{},{},{}]')$$) AS f;
SELECT count(*), count(DISTINCT f->>'value'), min(length(f->>'value')) FROM pg_temp.failures($$SELECT studentdir.bulk_create('VaKept', (SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 900)))$$) AS f;
SELECT f->>'path', f->'value' FROM pg_temp.failures($$SELECT studentdir.bulk_create('VaKept', '[{"code":"a","n":2.50},{"code":"b","n":1e30},{"code":"c","list":[1,{"a":"b"}]},{"code":"toolong\u0020\"q\""}]')$$) AS f;
SELECT studentdir.undefine('VaKept');
DROP TABLE va_kepts;
