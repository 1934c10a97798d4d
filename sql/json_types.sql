-- Every type as JSON, whatever the settings and the search_path.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

SET lc_monetary = 'C';
CREATE TYPE jt_mood AS ENUM ('sad', 'very "glad"');
CREATE TYPE jt_pair AS (a integer, "B""b" text, c timestamptz);
CREATE DOMAIN jt_small AS smallint CHECK (VALUE > 0);
CREATE DOMAIN jt_list AS text[];
CREATE TYPE jt_range AS RANGE (subtype = timestamptz);
CREATE TABLE jt_all (
  id integer PRIMARY KEY, i2 smallint, i8 bigint, n numeric, n2 numeric(12,4), f4 real, f8 double precision, b boolean, m money,
  t text, vc varchar(20), ch char(4), nm name, c1 "char", by bytea,
  d date, tm time, tmz timetz, ts timestamp, tz timestamptz, tz3 timestamptz(3), iv interval,
  u uuid, ip inet, net cidr, mac macaddr, bits bit(3), vb varbit, tsv tsvector, tsq tsquery, x text,
  j json, jb jsonb, jp jsonpath, e jt_mood, dm jt_small, comp jt_pair, pt point, bx box, ln pg_lsn, o oid, rc regclass,
  ai integer[], ai2 integer[], at text[], ab boolean[], ats timestamptz[], aj jsonb[], ae jt_mood[], ac jt_pair[], an numeric[], dl jt_list, ad jt_small[],
  ri int4range, rn numrange, rd daterange, rt tstzrange, rr jt_range, mr int4multirange);
INSERT INTO jt_all (id) VALUES (0);
INSERT INTO jt_all VALUES (1, -32768, 9223372036854775807, 12345678901234567890.12345, 1.5, 0.1, 0.1, true, '12.34',
  E'quote " back \\ slash / tab \t nl \n cr \r soh \x01 del \x7f é 😀 ' || chr(8232), 'v', 'ab', 'nm', 'q', '\x00ff10803d3e3f',
  '2000-01-02', '10:11:12.5', '10:11:12+02', '2026-01-02 03:04:05.6789', '2026-01-02 03:04:05.678999+00', '2026-01-02 03:04:05.6789+00', '1 year 2 mons 3 days 04:05:06.789',
  'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '101', '1', 'a:1 b:2', 'a & b', NULL,
  '{"b": 1,  "a": [1, 2 ],"b":2}', '{"bb": 1, "a": [1, 2.50, null, "\u00e9\n"]}', '$."a"', 'very "glad"', 7, '(1,"x ""y""",2026-01-01 00:00:00+00)', '(1.5,-2)', '(1,1),(0,0)', 'A1/B16B3748', 4294967295, 'pg_class',
  '{1,NULL,-3}', '[0:1][2:3]={{1,2},{3,4}}', '{"a,b","c\"d",NULL,""}', '{t,f,NULL}', '{"2026-01-01 00:00:00+00"}', '{"{\"a\": 1}","null"}', '{sad,NULL}', '{"(1,x,)"}', '{1.50,NaN}', '{x,NULL}', '{1,2}',
  '[1,5)', '(1.5,)', '[2000-01-01,2000-01-31]', '["2026-01-01 00:00:00+00","2026-01-02 00:00:00+00"]', 'empty', '{[1,3),[5,8)}');
INSERT INTO jt_all (id, i2, i8, n, n2, f4, f8, b, t, ch, by, d, ts, tz, iv, j, jb, ai, ri, mr, m, tm) VALUES
  (2, 0, -1, 'NaN', -0.00005, 'NaN', 'Infinity', false, '', '', '', 'infinity', '-infinity', 'infinity', '0', 'null', 'null', '{}', '(,)', '{}', '-1.5', '24:00'),
  (3, 1, 0, 'Infinity', 0, '-Infinity', '-0', NULL, ' ', NULL, NULL, '0044-03-15 BC', '0044-03-15 10:00 BC', '0044-03-15 10:00+00 BC', '-1 mon +2 days -03:00', '"x"', '"x"', '{{1},{2}}', 'empty', NULL, '0', '00:00'),
  (4, NULL, NULL, 0.1e-10, NULL, 1e-7, 1e21, NULL, NULL, NULL, NULL, '12026-01-01', '12026-01-01', '12026-01-01 00:00+00', '00:00:00.1', '1e2', '1e2', NULL, NULL, NULL, NULL, NULL),
  (5, NULL, NULL, 1e30, NULL, 3.4028235e38, 1.7976931348623157e308, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '-00:00:01', '[ ]', '[]', NULL, NULL, NULL, NULL, NULL),
  (6, NULL, NULL, -0.0, NULL, 16777217, 123456789012345680000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '1000000 hours', '{ }', '{}', NULL, NULL, NULL, NULL, NULL),
  (7, NULL, NULL, 100, NULL, 1e-6, 5e-324, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"a":{"b":[{}]}}', NULL, NULL, NULL, NULL, NULL);
INSERT INTO studentdir.model (name, singular, plural, schema_name, table_name, attributes)
  SELECT 'JtAll', 'x', 'xs', current_schema, 'jt_all', jsonb_agg(jsonb_build_object('name', attname, 'field', attname, 'type', 'X', 'primaryKey', attname = 'id') ORDER BY attnum)
  FROM pg_attribute WHERE attrelid = 'jt_all'::regclass AND attnum > 0;

-- a line for each type, with the values of every row that has one
CREATE VIEW jt_shown AS
  SELECT a.attnum, format('%-4s %s', a.attname, format_type(a.atttypid, a.atttypmod)) AS type, string_agg((record -> a.attname)::text, '  ' ORDER BY (record->>'id')::integer) AS json
  FROM studentdir.find_all('JtAll') AS r, pg_attribute AS a
  WHERE attrelid = 'jt_all'::regclass AND attnum > 0 AND json_typeof(record -> a.attname::text) <> 'null'
  GROUP BY 1, 2;
SELECT type, json FROM jt_shown ORDER BY attnum;
-- where they are null though the table's are not
SELECT record->>'id', string_agg(a.attname, ' ' ORDER BY attnum) FROM studentdir.find_all('JtAll') AS r, pg_attribute AS a, LATERAL (SELECT to_jsonb(jt_all) AS j FROM jt_all WHERE id = (record->>'id')::integer) AS t
WHERE attrelid = 'jt_all'::regclass AND attnum > 0 AND json_typeof(record -> a.attname::text) = 'null' AND t.j -> a.attname::text <> 'null' GROUP BY 1 ORDER BY 1;
-- keys are there for each of them, always
SELECT studentdir.find_by_pk('JtAll', 0);
-- the list, a row of its own and a cursor are the same bytes
SELECT studentdir.list('JtAll', '{"order":["id"]}')::text = '[' || (SELECT string_agg(record::text, ',' ORDER BY (record->>'id')::integer) FROM studentdir.find_all('JtAll')) || ']';
SELECT bool_and(f.record::text = p.record::text) FROM studentdir.find_all('JtAll') AS f, LATERAL studentdir.find_by_pk('JtAll', f.record->>'id') AS p;

-- settings change nothing
SELECT md5(studentdir.list('JtAll', '{"order":["id"],"attributes":{"exclude":["m","rc","tmz"]}}')::text) AS sum \gset
CREATE FUNCTION pg_temp.same(sum text) RETURNS boolean LANGUAGE sql AS $$ SELECT md5(studentdir.list('JtAll', '{"order":["id"],"attributes":{"exclude":["m","rc","tmz"]}}')::text) = sum $$;
SET datestyle = 'German, DMY';
SET timezone = 'Asia/Kathmandu';
SELECT pg_temp.same(:'sum');
SET datestyle = 'SQL, MDY';
SET timezone = '<+03:30>-03:30';
SET intervalstyle = 'iso_8601';
SELECT pg_temp.same(:'sum');
SET intervalstyle = 'sql_standard';
SET bytea_output = 'escape';
SET extra_float_digits = -15;
SELECT pg_temp.same(:'sum');
SET extra_float_digits = 3;
SET xmlbinary = 'hex';
SET quote_all_identifiers = on;
SET array_nulls = off;
-- these two are gone in 19
DO $$ BEGIN
  SET escape_string_warning = off;
  SET standard_conforming_strings = off;
EXCEPTION WHEN undefined_object OR feature_not_supported THEN NULL;
END $$;
SET backslash_quote = off;
SET transform_null_equals = on;
SELECT pg_temp.same(:'sum');
SELECT studentdir.count('JtAll', '{"where":{"vc":{"$ne":"'' OR 1=1 --"}}}'), studentdir.count('JtAll', '{"where":{"vc":null}}');
SET plan_cache_mode = force_custom_plan;
SELECT pg_temp.same(:'sum');
SET plan_cache_mode = force_generic_plan;
SELECT pg_temp.same(:'sum');
SELECT studentdir.find_by_pk('JtAll', 4, '{"attributes":["tz","ts","d","iv","by","f8"]}'), studentdir.create('JtAll', E'{"id":50,"tz":"2026-01-01T00:00:00Z","ts":"2026-01-01T00:00:00","by":"\\\\x00ff","iv":"P1Y","f8":0.1}', '{}') -> 'by';
RESET ALL;
SET client_min_messages = warning;
SELECT id, tz AT TIME ZONE 'UTC', ts, by, iv, f8 FROM jt_all WHERE id = 50;
DELETE FROM jt_all WHERE id = 50;

-- nor does the search_path, with operators, functions, types and tables of the same names before those meant
CREATE SCHEMA jt_evil;
CREATE TABLE jt_evil.jt_all (id integer);
CREATE TABLE jt_evil.students (id integer);
CREATE TABLE jt_evil.studentdir_rows (c0 integer, c1 integer);
CREATE FUNCTION jt_evil.wrong(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evil'; END $$;
CREATE FUNCTION jt_evil.wrong(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'evil'; END $$;
CREATE OPERATOR jt_evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = jt_evil.wrong);
CREATE OPERATOR jt_evil.> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = jt_evil.wrong);
CREATE OPERATOR jt_evil.>= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = jt_evil.wrong);
CREATE OPERATOR jt_evil.<= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = jt_evil.wrong);
CREATE OPERATOR jt_evil.<> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = jt_evil.wrong);
CREATE OPERATOR jt_evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = jt_evil.wrong);
CREATE AGGREGATE jt_evil.count(*) (SFUNC = int8dec, STYPE = bigint, INITCOND = '0');
CREATE FUNCTION jt_evil.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2000-01-01'::timestamptz $$;
CREATE FUNCTION jt_evil.find_all(text, jsonb) RETURNS TABLE (record json) LANGUAGE sql AS $$ SELECT '{"evil":1}'::json $$;
CREATE DOMAIN jt_evil.int4 AS pg_catalog.text CHECK (false);
CREATE DOMAIN jt_evil.text AS pg_catalog.int4 CHECK (false);
CREATE DOMAIN jt_evil.jsonb AS pg_catalog.text CHECK (false);
CREATE TYPE jt_evil.json AS ENUM ('evil');
SELECT current_schema AS home \gset
SET search_path = jt_evil, pg_catalog, :home, pg_temp;
SELECT studentdir.count('JtAll', '{"where":{"id":{"$gt":0,"$lte":2,"$ne":9,"$between":[0,5],"$in":[1,2]},"t":""}}'), studentdir.count('JtAll', '{"where":{"id":[1,2,3]}}'), studentdir.count('JtAll');
SELECT pg_catalog.md5(studentdir.list('JtAll', '{"order":["id"],"attributes":{"exclude":["m","rc","tmz"]}}')::pg_catalog.text) OPERATOR(pg_catalog.=) :'sum';
SELECT studentdir.bulk_create('JtAll', '[{"id":60,"i2":1},{"id":61}]', '{"fields":["id","i2"]}') ->> 'id';
SELECT studentdir.update('JtAll', '{"vc":"x"}', '{"where":{"id":60}}'), studentdir.find_by_pk('JtAll', 60, '{"attributes":["vc"]}');
SELECT studentdir.destroy('JtAll', '{"where":{"id":{"$gte":60}}}');
SELECT json_array_length(:home.students_list('{"limit":0}')), :home.students_count('{"where":{"id":{"$lt":0}}}');
SET search_path = '';
SELECT :home.students_count('{"where":{"id":{"$lt":0}}}'), studentdir.count('JtAll');
RESET search_path;
DROP SCHEMA jt_evil CASCADE;

-- numbers as they are
SET studentdir.numbers_as_strings = off;
SELECT studentdir.list('JtAll', '{"attributes":["i8","n","n2","an"],"where":{"id":{"$lt":7}},"order":["id"]}');
RESET studentdir.numbers_as_strings;
SELECT studentdir.list('JtAll', '{"attributes":["i8","n"],"where":{"id":[1,2]},"order":["id"]}');

-- what comes out goes in again
CREATE TABLE jt_copy (LIKE jt_all INCLUDING ALL);
SELECT studentdir.list('JtAll', '{"order":["id"],"where":{"id":{"$notIn":[3,4]}},"attributes":{"exclude":["by","comp","ac","pt","mr","tsv","ai2","j"]}}') AS rows \gset
UPDATE studentdir.model SET table_name = 'jt_copy' WHERE name = 'JtAll';
SELECT count(*) FROM studentdir.bulk_create('JtAll', :'rows');
SELECT md5(studentdir.list('JtAll', '{"order":["id"],"attributes":{"exclude":["by","comp","ac","pt","mr","tsv","ai2","j"]}}')::text) = md5(:'rows');

DELETE FROM studentdir.model WHERE name = 'JtAll';
DROP VIEW jt_shown;
DROP TABLE jt_all, jt_copy;
DROP TYPE jt_mood, jt_pair, jt_range;
DROP DOMAIN jt_small, jt_list;
