-- create: values, defaults, timestamps; what the table itself does on INSERT.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
-- a record without its timestamps, and whether they are those of the table, and of now
CREATE FUNCTION pg_temp.c(data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT record::jsonb - 'createdAt' - 'updatedAt' FROM student_create(data::jsonb, options::jsonb) $$;
CREATE FUNCTION pg_temp.cerr(data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT student_create(%L, %L)', data, options)) $$;

SELECT pg_temp.c('{"name":"Ann"}');
SELECT pg_temp.c('{"name":"Bob","email":"bob@example.org","cohort":"Fall"}');
SELECT pg_temp.c('{"name":"Cid","cohort":null,"id":null,"createdAt":null}');
SELECT pg_temp.c('{"name":5,"cohort":true}');
SELECT pg_temp.c('{"id":"100","name":"Dot"}');
SELECT pg_temp.c('{"name":"Eve","nope":1,"alsoNope":{"a":1}}', '{"ignoreUnknown":true}');
SELECT pg_temp.c('{"name":"Fay","email":"fay@example.org"}', '{"fields":["name","email"]}');
SELECT pg_temp.c('{"name":"O''Neil \\ \"quoted\" $1 \u00e9 \ud83d\ude00 \t"}');
-- the clock at the call, in whole milliseconds, the same in JSON and table
BEGIN;
SELECT pg_sleep(0.01);
SELECT record->>'createdAt' AS created, record->>'updatedAt' AS updated, record->>'id' AS id FROM student_create('{"name":"Gil"}') \gset
SELECT created_at = :'created' AND updated_at = :'updated' AND created_at = updated_at AND created_at > now()
       AND created_at = date_trunc('milliseconds', created_at) AND clock_timestamp() - created_at < '1 minute'
FROM students WHERE id = :id;
COMMIT;
SELECT record->>'createdAt', record->>'updatedAt' = record->>'createdAt' FROM student_create('{"name":"Hal","createdAt":"2020-01-01T00:00:00.5Z"}');
SELECT record->>'createdAt', record->>'updatedAt' FROM student_create('{"name":"Ida","createdAt":"2020-01-01","updatedAt":"2020-01-02T00:00:00.123456Z"}');
-- all that was written, and nothing else
SELECT id, name, cohort, email FROM students ORDER BY id;

-- what is not understood
SELECT d, pg_temp.cerr(d) FROM (VALUES ('{"name":"x","nope":1}'), ('{"name":"x","created_at":null}'), ('[]'), ('[{"name":"x"}]'), ('"x"'), ('null'), ('1'), ('{"name":"x","id":"x"}'), ('{"name":"x","id":[1]}'), ('{"name":"x","createdAt":"soon"}'),
  ('{"name":"x","id":100}'), ('{"name":"x","email":"bob@example.org"}'), ('{"name":"x","id":5000000000}')) AS t (d);
SELECT o, pg_temp.cerr('{"name":"x","email":"x@example.org"}', o) FROM (VALUES ('{"fields":["name"]}'), ('{"fields":["nope"]}'), ('{"fields":"name"}'), ('{"ignoreUnknown":1}'), ('{"validate":"no"}'), ('{"where":{"id":1}}'), ('{"all":true}'), ('{"field":["name"]}'), ('[]'), ('1')) AS t (o);
SELECT pg_temp.err('SELECT student_create(NULL)');
SELECT pg_temp.err('SELECT studentdir.create(NULL, ''{}'')');
SELECT count(*) FROM students;
SELECT pg_temp.c('{"name":"Jan"}', NULL);

-- defaults, identity, generated columns, domains, enums
CREATE TYPE cr_mood AS ENUM ('sad', 'glad');
CREATE DOMAIN cr_positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN cr_short AS varchar(3) NOT NULL DEFAULT 'abc';
CREATE TABLE cr_all (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n integer DEFAULT 7, twice integer GENERATED ALWAYS AS (n * 2) STORED,
  mood cr_mood DEFAULT 'glad', amount cr_positive, word cr_short, many cr_positive[], stamp timestamp, made date DEFAULT '2000-01-01',
  doc jsonb DEFAULT '{"a":1}', code char(3), price numeric(6,2), CHECK (n < 100));
SELECT pg_temp.define('CrAll', 'cr_all', '*id:INTEGER n:INTEGER twice:INTEGER mood:cr_mood amount:cr_positive word:cr_short many:ARRAY(cr_positive) made:DATEONLY doc:JSONB code:CHAR(3) price:DECIMAL(6,2)');
SELECT d, studentdir.create('CrAll', d::jsonb) FROM (VALUES ('{}'), ('{"n":1,"mood":"sad","amount":3,"word":"x","many":[1,null,2],"made":"2026-02-03","doc":[1],"code":"a","price":1.005}'),
  ('{"n":null,"mood":null,"amount":null,"many":null,"made":null,"doc":null}'), ('{"n":"5","many":[],"price":"2"}')) AS t (d);
SELECT d, pg_temp.err(format('SELECT studentdir.create(''CrAll'', %L)', d)) FROM (VALUES ('{"id":1}'), ('{"twice":1}'), ('{"mood":"angry"}'), ('{"amount":0}'), ('{"word":"abcd"}'), ('{"word":null}'), ('{"many":[1,0]}'), ('{"many":[[1],[0]]}'), ('{"many":[1,"x"]}'),
  ('{"n":100}'), ('{"made":"never"}'), ('{"code":"abcd"}'), ('{"price":123456}'), ('{"n":1.5}'), ('{"mood":{"a":1}}')) AS t (d);

-- serial, uuid, text and composite keys
CREATE TABLE cr_serial (id serial PRIMARY KEY, v text);
CREATE TABLE cr_uuid (id uuid PRIMARY KEY, v text);
CREATE TABLE cr_text (id text PRIMARY KEY, v text);
CREATE TABLE cr_pair (a integer, b text, v text, PRIMARY KEY (b, a));
CREATE TABLE cr_bare (v text);
SELECT pg_temp.define('CrSerial', 'cr_serial', '*id:INTEGER v:TEXT'), pg_temp.define('CrUuid', 'cr_uuid', '*id:UUID v:TEXT'), pg_temp.define('CrText', 'cr_text', '*id:TEXT v:TEXT'),
  pg_temp.define('CrPair', 'cr_pair', '*a:INTEGER *b:TEXT v:TEXT'), pg_temp.define('CrBare', 'cr_bare', 'v:TEXT');
UPDATE studentdir.model SET attributes = jsonb_set(attributes, '{0,autoIncrement}', 'true') WHERE name = 'CrSerial';
SELECT studentdir.create('CrSerial', '{}'), studentdir.create('CrSerial', '{"id":null,"v":"x"}');
SELECT studentdir.create('CrUuid', '{"id":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}');
SELECT studentdir.find_by_pk('CrUuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid),
       studentdir.find_by_pk('CrUuid', 'a0eebc999c0b4ef8bb6d6bb9bd380a11'), studentdir.find_by_pk('CrUuid', '"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"'::jsonb);
SELECT pg_temp.err('SELECT studentdir.find_by_pk(''CrUuid'', 1)');
SELECT studentdir.create('CrText', '{"id":"a''b\"c"}'), studentdir.create('CrText', '{"id":7}');
SELECT studentdir.find_by_pk('CrText', 'a''b"c'), studentdir.find_by_pk('CrText', 7), studentdir.find_by_pk('CrText', '{"id":"7"}'::jsonb);
SELECT studentdir.create('CrPair', '{"a":1,"b":"x","v":"one"}');
SELECT studentdir.find_by_pk('CrPair', '{"b":"x","a":1}'::jsonb), studentdir.update_by_pk('CrPair', '{"b":"x","a":"1"}'::jsonb, '{"v":"two"}');
SELECT studentdir.destroy_by_pk('CrPair', '{"b":"x","a":1}'::jsonb), studentdir.destroy_by_pk('CrPair', '{"b":"x","a":1}'::jsonb);
SELECT pg_temp.err('SELECT studentdir.find_by_pk(''CrPair'', ' || k || ')') FROM (VALUES ('1'), ('''x'''), ('''{"a":1}''::jsonb'), ('''{"a":1,"b":"x","v":"one"}''::jsonb'), ('''{"a":1,"b":null}''::jsonb'), ('''[1,"x"]''::jsonb')) AS t (k);
SELECT studentdir.create('CrBare', '{"v":"x"}');
SELECT studentdir.find_all('CrBare');
SELECT pg_temp.err('SELECT studentdir.find_by_pk(''CrBare'', 1)');

-- triggers see and change the row; one that refuses it leaves no record
CREATE FUNCTION cr_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v = 'no' THEN RETURN NULL; END IF; NEW.v := upper(NEW.v); RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON cr_serial FOR EACH ROW EXECUTE FUNCTION cr_trigger();
SELECT studentdir.create('CrSerial', '{"v":"loud"}');
SELECT studentdir.create('CrSerial', '{"v":"no"}');
SELECT studentdir.update_by_pk('CrSerial', 1, '{"v":"low"}'), studentdir.update_by_pk('CrSerial', 1, '{"v":"no"}');

-- views, partitions, other schemas, names of every kind
CREATE VIEW cr_plain AS SELECT id, v FROM cr_text WHERE id > 'a' WITH CHECK OPTION;
CREATE VIEW cr_instead AS SELECT id, v || '!' AS v FROM cr_text;
CREATE FUNCTION cr_instead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN INSERT INTO cr_text VALUES (NEW.id, NEW.v); NEW.v := NEW.v || '!'; RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' THEN UPDATE cr_text SET v = NEW.v WHERE id = OLD.id; RETURN NEW; END IF;
  DELETE FROM cr_text WHERE id = OLD.id; RETURN OLD;
END $$;
CREATE TRIGGER t INSTEAD OF INSERT OR UPDATE OR DELETE ON cr_instead FOR EACH ROW EXECUTE FUNCTION cr_instead();
CREATE TABLE cr_parted (id integer, k text DEFAULT 'a', PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE cr_parted_b (k text NOT NULL DEFAULT 'b', id integer NOT NULL);
ALTER TABLE cr_parted ATTACH PARTITION cr_parted_b FOR VALUES IN ('b');
CREATE TABLE cr_parted_a PARTITION OF cr_parted FOR VALUES IN ('a');
CREATE SCHEMA "Cr""Sch'ema";
CREATE TABLE "Cr""Sch'ema"."Ta""ble $1" ("I""d" integer PRIMARY KEY, "select" text, "a.b" text, "$x$" text);
SELECT pg_temp.define('CrPlain', 'cr_plain', '*id:TEXT v:TEXT'), pg_temp.define('CrInstead', 'cr_instead', '*id:TEXT v:TEXT'), pg_temp.define('CrParted', 'cr_parted', '*id:INTEGER k:TEXT');
INSERT INTO studentdir.model (name, singular, plural, schema_name, table_name, attributes) VALUES ('Cr "Odd" $$', 'o', 'os', 'Cr"Sch''ema', 'Ta"ble $1',
  '[{"name":"i\"d","field":"I\"d","type":"INTEGER","primaryKey":true},{"name":"select","field":"select","type":"TEXT"},{"name":"a.b","field":"a.b","type":"TEXT"},{"name":"$x$","field":"$x$","type":"TEXT"}]');
SELECT studentdir.create('CrPlain', '{"id":"b"}'), studentdir.update_by_pk('CrPlain', 'b', '{"v":"x"}');
SELECT pg_temp.err('SELECT studentdir.create(''CrPlain'', ''{"id":"A"}'')');
SELECT studentdir.create('CrInstead', '{"id":"i","v":"x"}'), studentdir.update('CrInstead', '{"v":"y"}', '{"where":{"id":"i"}}');
SELECT studentdir.find_by_pk('CrInstead', 'i'), studentdir.bulk_create('CrInstead', '[{"id":"j"},{"id":"k","v":"z"}]');
SELECT studentdir.destroy_returning('CrInstead', '{"where":{"id":["i","j","k"]}}');
SELECT studentdir.create('CrParted', '{"id":1}'), studentdir.create('CrParted', '{"id":2,"k":"b"}');
SELECT studentdir.bulk_create('CrParted', '[{"id":3,"k":"b"},{"id":4},{"id":5,"k":"b"}]');
SELECT studentdir.update('CrParted', '{"k":"a"}', '{"where":{"id":2}}'), studentdir.list('CrParted', '{"where":{"k":"a"},"order":["id"]}');
SELECT pg_temp.err('SELECT studentdir.create(''CrParted'', ''{"id":1,"k":"z"}'')');
SELECT studentdir.create('Cr "Odd" $$', '{"i\"d":1,"select":"*","a.b":"x","$x$":"$1"}');
SELECT studentdir.list('Cr "Odd" $$', '{"where":{"i\"d":1,"select":{"$ne":""}},"order":[["a.b","DESC"]],"attributes":["$x$",["i\"d","x"]]}'), studentdir.update('Cr "Odd" $$', '{"a.b":"y"}', '{"where":{"i\"d":[1,2]}}'), studentdir.destroy('Cr "Odd" $$', '{"all":true}');

DELETE FROM studentdir.model WHERE name LIKE 'Cr%';
DROP SCHEMA "Cr""Sch'ema" CASCADE;
DROP VIEW cr_plain, cr_instead;
DROP TABLE cr_all, cr_serial, cr_uuid, cr_text, cr_pair, cr_bare, cr_parted;
DROP FUNCTION cr_trigger, cr_instead;
DROP DOMAIN cr_positive, cr_short;
DROP TYPE cr_mood;
TRUNCATE students, users, posts RESTART IDENTITY;
