-- Lengths: what a column has no room for is refused with its place in the data, by every writer.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE DOMAIN len_code AS varchar(3);
CREATE TABLE len_all (id integer PRIMARY KEY, v varchar(5), c char(5), n numeric(4,1), b bit(3), vb bit varying(3), code len_code, tags varchar(3)[], ts timestamptz(0), iv interval second(0), plain text);
SELECT pg_temp.define('Len', 'len_all', '*id:INTEGER v:STRING(5) c:CHAR(5) n:DECIMAL(4,1) b:BIT(3) vb:VARBIT(3) code:STRING(3) tags:ARRAY(STRING(3)) ts:DATE iv:INTERVAL plain:TEXT');
CREATE FUNCTION pg_temp.lerr(data text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.create(''Len'', %L)', data)) $$;
SELECT studentdir.create('Len', '{"id":1,"v":"abcde   ","c":"abc","n":999.94,"b":"101","vb":"1","code":"abc","tags":["abc"],"plain":"anything long"}');
SELECT d, pg_temp.lerr(d) FROM (VALUES ('{"id":2,"v":"abcdef"}'), ('{"id":2,"v":123456}'), ('{"id":2,"v":"éééééé"}'), ('{"id":2,"c":"abcdef"}'), ('{"id":2,"n":999.95}'), ('{"id":2,"n":"12345"}'), ('{"id":2,"b":"1010"}'), ('{"id":2,"vb":"1010"}'), ('{"id":2,"code":"abcd"}'), ('{"id":2,"tags":["abcd"]}')) AS t (d);
SELECT record->>'ts', record->>'iv' FROM studentdir.create('Len', '{"id":3,"v":"ééééé","n":"12.34","ts":"2026-01-01T00:00:00.600Z","iv":"1.6 seconds"}');
SELECT pg_temp.err('SELECT studentdir.bulk_create(''Len'', ''[{"id":4,"v":"a"},{"id":5,"v":"abcdef"}]'')'), pg_temp.err('SELECT studentdir.update(''Len'', ''{"n":10000}'', ''{"all":true}'')'), pg_temp.err('SELECT studentdir.update_by_pk(''Len'', 1, ''{"code":"abcd"}'')'), pg_temp.err('SELECT studentdir.bulk_update(''Len'', ''[{"id":1},{"id":3,"v":"abcdef"}]'')');
SELECT pg_temp.err(format('SELECT student_create(%L)', jsonb_build_object('name', repeat('x', 256))));
DROP TABLE len_all;
DROP DOMAIN len_code;
DELETE FROM studentdir.model WHERE name = 'Len';
