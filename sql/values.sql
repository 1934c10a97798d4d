-- Values: what goes out comes in again. The types one by one are in test/roundtrip.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

-- bytea: base64, or hexadecimal digits; by every writer, in where, as a key and as a default
CREATE TABLE va_files (id bytea PRIMARY KEY, body bytea, parts bytea[]);
SELECT pg_temp.define('VaFile', 'va_files', '*id:BLOB body:BLOB parts:ARRAY(BLOB)');
SELECT studentdir.create('VaFile', '{"id":"AQ==","body":"aGk=","parts":["","\\x00FF",null]}');
SELECT * FROM va_files;
SELECT studentdir.find_by_pk('VaFile', 'AQ=='), studentdir.count('VaFile', '{"where":{"body":["\\x6869"],"parts":{"$contains":["AP8="]}}}');
SELECT studentdir.update_by_pk('VaFile', 'AQ==', (SELECT record::jsonb FROM studentdir.find_by_pk('VaFile', '\x01')));
-- as encode() breaks lines
SELECT record->>'body' = replace(encode(sha512('x') || '\x00', 'base64'), E'\n', '') FROM studentdir.update_by_pk('VaFile', 'AQ==', jsonb_build_object('body', encode(sha512('x') || '\x00', 'base64')));
SELECT record->>'body' FROM studentdir.update_by_pk('VaFile', 'AQ==', '{"body":"  aGk\t=\r\n\n"}');
SELECT d, pg_temp.err(format('SELECT studentdir.create(''VaFile'', %L)', '{"id":"Ag==","body":' || d || '}')) FROM unnest(ARRAY['"hi"', '"a=Gk"', '"aG k= a"', '"aGk\u00a0="', '"aGk"', '"aGk=aGk="', '"aGk==="', '"\\x1"', '"\\xzz"', '"\\000"', '5', 'true', '[1]']) AS d;
SELECT pg_temp.err('SELECT studentdir.count(''VaFile'', ''{"where":{"$or":[{"parts":{"$overlap":["AP8=","x"]}}]}}'')'), pg_temp.err('SELECT studentdir.find_by_pk(''VaFile'', ''x'')');
SELECT pg_temp.err('SELECT studentdir.define(''VaFile'', ''{"id":{"type":"BLOB","primaryKey":true,"defaultValue":"x!"}}'')');

-- timestamp without time zone is UTC, whatever the session's time zone is
CREATE TABLE va_times (id integer PRIMARY KEY, local timestamp, at timestamptz, during tsrange, created_at timestamp, updated_at timestamp(0), day date);
SELECT pg_temp.define('VaTime', 'va_times', '*id:INTEGER local:timestamp at:DATE during:tsrange createdAt:timestamp:created_at updatedAt:timestamp:updated_at day:DATEONLY', '{"createdAt":"createdAt","updatedAt":"updatedAt"}');
SET timezone = 'Asia/Kolkata';
SELECT record::jsonb - '{createdAt,updatedAt}'::text[] FROM studentdir.bulk_create('VaTime', '[{"id":1,"local":"2026-01-01T00:00:00.000Z","at":"2026-01-01T00:00:00.000Z"}, {"id":2,"local":"2026-01-01T02:00:00+02:00","during":["2026-01-01 00:00+01","2026-01-02"]}, {"id":3,"local":"1 Feb 2026 12:00"}, {"id":4,"local":"2026-02-01 12:00 Europe/Berlin"}, {"id":5,"local":"-000043-03-15T10:00:00.000Z"}, {"id":6,"local":"+012024-02-29T00:00:00.000Z"}]');
SELECT id, local, during FROM va_times ORDER BY id;
SELECT count(*) FROM va_times WHERE abs(extract(epoch FROM created_at - timezone('UTC', clock_timestamp()))) < 600 AND abs(extract(epoch FROM updated_at - created_at)) < 2;
SELECT studentdir.count('VaTime', '{"where":{"local":{"$eq":"2026-01-01T05:30:00+05:30"}}}'), studentdir.count('VaTime', '{"where":{"local":{"$eq":{"$col":"at"}}}}'), studentdir.count('VaTime', '{"where":{"at":{"$gte":{"$col":"local"}}}}'), studentdir.count('VaTime', '{"where":{"$expr":[{"$cast":[{"$col":"local"},"timestamptz"]},"$eq",{"$col":"at"}]}}');
SELECT record->>'id', record->>'local' FROM studentdir.find_all('VaTime', '{"order":["local"],"limit":2,"after":{"local":"2026-01-01T00:00:00.000Z","id":2}}');
SELECT record->>'local' FROM studentdir.update_by_pk('VaTime', 1, '{"local":"infinity"}');
-- the first and the last that there are
SELECT record->'local', record->'at' FROM studentdir.bulk_create('VaTime', '[{"id":7,"local":"-004713-11-24T00:00:00.000Z","at":"-004713-11-24T00:00:00.000Z"},{"id":8,"local":"+294276-12-31T23:59:59.999999Z","at":"+294276-12-31T13:59:59.999999-10:00"}]');
SELECT local, at AT TIME ZONE 'UTC' FROM va_times WHERE id IN (7, 8) ORDER BY id;
DELETE FROM va_times WHERE id IN (7, 8);
SELECT d, pg_temp.err(format('SELECT studentdir.create(''VaTime'', %L)', '{"id":7,"local":' || d || '}')) FROM unnest(ARRAY['"2026-02-30T00:00:00Z"', '"2026-01-01T25:00:00Z"', '"2026-01-01T00:00:00+99:00"', '"-004800-01-01T00:00:00.000Z"', '"-004713-11-23T23:59:59.999Z"', '"+294276-12-31T23:59:59-00:01"', '"+300000-01-01T00:00:00.000Z"', '"2026-01-01T00:00:00 Nowhere/Atall"', '20260101', 'false', '"5"']) AS d;
RESET timezone;

-- the migration to timestamptz takes them for UTC, too, and so does the way back
DELETE FROM va_times WHERE id NOT IN (2, 3);
DELETE FROM studentdir.model WHERE name = 'VaTime';
SELECT pg_temp.define('VaTime', 'va_times', '*id:INTEGER local:DATE at:timestamp during:tsrange createdAt:DATE:created_at updatedAt:DATE:updated_at day:DATE', '{"createdAt":"createdAt","updatedAt":"updatedAt"}');
UPDATE va_times SET at = '2026-06-01 12:00Z', day = '2026-06-01';
BEGIN;
-- models of other tests
WITH others AS (DELETE FROM studentdir.model WHERE name NOT LIKE 'Va%' AND NOT options ? 'builtin' RETURNING 1) SELECT count(*) >= 0 FROM others;
SELECT count(studentdir.migration_generate('va-zones'));
SELECT string_agg(line, E'\n') FROM studentdir.migration m, regexp_split_to_table(up, '\n') AS line WHERE name LIKE '%va-zones' AND line LIKE '%USING%';
SET timezone = 'Asia/Kolkata';
SELECT count(*) FROM studentdir.migrate();
SELECT id, local AT TIME ZONE 'UTC', at, day AT TIME ZONE 'UTC' FROM va_times ORDER BY id;
SELECT count(*) FROM studentdir.migrate_undo();
SELECT id, local, at AT TIME ZONE 'UTC', day FROM va_times ORDER BY id;
ROLLBACK;
RESET timezone;

-- bounds that are infinite are no bounds that are missing
CREATE TABLE va_ranges (id integer PRIMARY KEY, days daterange, many datemultirange);
SELECT pg_temp.define('VaRange', 'va_ranges', '*id:INTEGER days:RANGE(DATEONLY) many:datemultirange');
SELECT studentdir.bulk_create('VaRange', '[{"id":1,"days":["2026-01-01","infinity"],"many":[["2026-01-01",null],["-infinity","2020-01-01"]]},{"id":2,"days":["2026-01-01",null]},{"id":3,"days":[],"many":[]}]');
SELECT * FROM va_ranges ORDER BY id;
SELECT studentdir.count('VaRange', '{"where":{"days":{"$eq":["2026-01-01",{"value":"infinity"}]}}}'), studentdir.count('VaRange', '{"where":{"many":{"$in":[[],[["2026-01-01",null],["-infinity","2020-01-01"]]]}}}');

-- composite types: objects of their columns, with lengths and domains
CREATE DOMAIN va_positive AS integer CHECK (VALUE > 0);
CREATE TYPE va_line AS (street varchar(5), no va_positive);
CREATE TABLE va_places (id integer PRIMARY KEY, line va_line, lines va_line[]);
SELECT pg_temp.define('VaPlace', 'va_places', '*id:INTEGER line:va_line lines:va_line[]');
SELECT studentdir.create('VaPlace', '{"id":1,"line":{"street":"Elm"},"lines":[{"no":2},null,"(Oak,3)"]}');
SELECT studentdir.count('VaPlace', '{"where":{"line":{"street":"Elm","no":null}}}'), studentdir.count('VaPlace', '{"where":{"line":{"$in":["(Elm,)"]},"lines":{"$contains":[{"street":"Oak","no":3}]}}}');
SELECT d, pg_temp.err(format('SELECT studentdir.create(''VaPlace'', %L)', '{"id":2,"lines":[null,' || d || ']}')) FROM unnest(ARRAY['{"streets":"Elm"}', '{"street":"Chestnut"}', '{"no":0}', '{"no":"x"}', '{"no":{}}', '[]', '"(1"', '5']) AS d;

-- an array has at most six dimensions
CREATE TABLE va_deep (id integer PRIMARY KEY, ints integer[]);
SELECT pg_temp.define('VaDeep', 'va_deep', '*id:INTEGER ints:integer[]');
SELECT studentdir.create('VaDeep', '{"id":1,"ints":[[[[[[1]]]]]]}');
SELECT studentdir.create('VaDeep', '{"id":2,"ints":[[[[[[[1]]]]]]]}');
SELECT d, pg_temp.err(format('SELECT studentdir.create(''VaDeep'', %L)', '{"id":2,"ints":' || d || '}')) FROM unnest(ARRAY['[[1],2]', '[[1],[]]', '[[1],[2,3]]', '[[[1]],[2]]', '[[1],null]', '[[1],["x"]]', '[[1],[[2]]]']) AS d;

-- a sum of type real is a real
CREATE TABLE va_sums (id integer PRIMARY KEY, r real, d double precision);
INSERT INTO va_sums VALUES (1, 0.1, 0.1), (2, 0.2, 0.2);
SELECT pg_temp.define('VaSum', 'va_sums', '*id:INTEGER r:REAL d:DOUBLE');
SELECT fn, studentdir.aggregate('VaSum', fn, 'r'), studentdir.aggregate('VaSum', fn, 'd') FROM unnest(ARRAY['sum', 'avg', 'min', 'max', 'count']) AS fn;
SELECT studentdir.aggregate('VaSum', 'sum', 'r', '{"where":{"id":[]}}');

-- nor is there memory for each of the arrays in an array while it is read
CREATE FUNCTION va_few(n integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  used bigint;
BEGIN
  IF n NOT IN (1, 60000) THEN RETURN true; END IF;
  SELECT sum(used_bytes) INTO used FROM pg_backend_memory_contexts;
  IF n = 1 THEN PERFORM set_config('va.used', used::text, false); END IF;
  RETURN used - current_setting('va.used')::bigint < 5000000;
END $$;
CREATE DOMAIN va_number AS integer CHECK (va_few(VALUE));
CREATE TABLE va_many (id integer PRIMARY KEY, ints va_number[]);
SELECT pg_temp.define('VaMany', 'va_many', '*id:INTEGER ints:va_number[]');
SELECT count(*) FROM studentdir.create('VaMany', jsonb_build_object('id', 1, 'ints', (SELECT jsonb_agg(jsonb_build_array(n)) FROM generate_series(1, 60000) AS n)));
SELECT array_dims(ints), ints[60000][1] FROM va_many;

-- arrays of any length are read in proportion to it
SELECT count(*) FROM studentdir.create('VaPlace', jsonb_build_object('id', 3, 'lines', (SELECT jsonb_agg(jsonb_build_object('street', 'x', 'no', n)) FROM generate_series(1, 20000) AS n)));
SELECT cardinality(lines) FROM va_places WHERE id = 3;

DELETE FROM studentdir.model WHERE name LIKE 'Va%';
DROP TABLE va_files, va_times, va_ranges, va_places, va_sums, va_deep, va_many;
DROP TYPE va_line;
DROP DOMAIN va_positive, va_number;
DROP FUNCTION va_few;
-- a number that no double holds finds the text of its digits, and no other
CREATE TABLE va_digits (id text PRIMARY KEY);
INSERT INTO va_digits VALUES ('1234567890123456789012'), ('1.2345678901234568e+21'), ('1e+21');
SELECT json_typeof(studentdir.define('VaDigits', '{"id":{"type":"TEXT","primaryKey":true}}', '{"timestamps":false,"tableName":"va_digits"}'));
SELECT studentdir.find_by_pk('VaDigits', '1234567890123456789012'::jsonb), studentdir.find_by_pk('VaDigits', '1e21'::jsonb), studentdir.find_by_pk('VaDigits', '1.2345678901234568e21'::jsonb);
SELECT studentdir.undefine('VaDigits');
DROP TABLE va_digits;
