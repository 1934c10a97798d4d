-- bulk_create of rows that may be there already: ignoreDuplicates, updateOnDuplicate.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
CREATE FUNCTION pg_temp.b(data text, options text, model text DEFAULT 'Student') RETURNS SETOF text LANGUAGE sql AS
  $$ SELECT record::jsonb - 'createdAt' - 'updatedAt' FROM studentdir.bulk_create(model, data::jsonb, options::jsonb) $$;
CREATE FUNCTION pg_temp.berr(data text, options text, model text DEFAULT 'Student') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.bulk_create(%L, %L, %L)', model, data, options)) $$;
SELECT count(*) FROM students_bulk_create('[{"name":"Ann","email":"ann@example.org"},{"name":"Bob","email":"bob@example.org"}]');
UPDATE students SET created_at = '2020-01-01 00:00Z', updated_at = '2020-01-01 00:00Z';

-- the rows written, in the order of the input; any unique key tells
SELECT pg_temp.b('[{"name":"Cid","email":"cid@example.org"},{"name":"x","email":"bob@example.org"},{"name":"Dot"}]', '{"ignoreDuplicates":true}');
SELECT pg_temp.b('[{"id":1,"name":"x"},{"id":60,"name":"Eve"}]', '{"ignoreDuplicates":true}');
SELECT pg_temp.b('[{"name":"x","email":"bob@example.org"}]', '{"ignoreDuplicates":true}');
SELECT pg_temp.b('[]', '{"ignoreDuplicates":true}');
-- of rows of the input that are in conflict with one another the first is written
SELECT pg_temp.b('[{"name":"Fay","email":"fay@example.org"},{"name":"Fae","email":"fay@example.org"}]', '{"ignoreDuplicates":true}');
-- the key that the caller names; another conflict is an error
SELECT pg_temp.b('[{"id":1,"name":"x"},{"id":61,"name":"Gil"}]', '{"ignoreDuplicates":true,"conflictAttributes":["id"]}');
SELECT pg_temp.berr('[{"id":62,"name":"x","email":"bob@example.org"}]', '{"ignoreDuplicates":true,"conflictAttributes":["id"]}');
SELECT pg_temp.berr('[{"id":1,"name":"x"}]', '{"ignoreDuplicates":false}');

-- changed rows and new ones, in the order of the input
SELECT pg_temp.b('[{"name":"Hal","email":"hal@example.org","cohort":"Fall"},{"name":"Bob B","email":"bob@example.org","cohort":"Fall"},{"name":"Ann B","email":"ann@example.org"}]', '{"updateOnDuplicate":["name"]}');
-- what a row leaves out while others give it is its default, also when it is changed
SELECT pg_temp.b('[{"id":1,"name":"Ann C","cohort":"Spring"},{"id":2,"name":"Bob C"}]', '{"updateOnDuplicate":["name","cohort"]}');
-- the primary key, where it is given, else the first unique key that is given, else none
SELECT pg_temp.b('[{"id":2,"name":"Bob D","email":"bob@example.com"},{"id":70,"name":"Ida","email":"ida@example.org"}]', '{"updateOnDuplicate":["name","email"]}');
SELECT pg_temp.b('[{"id":99,"name":"Bob E","email":"bob@example.com"}]', '{"updateOnDuplicate":["name"],"conflictAttributes":["email"]}');
SELECT pg_temp.b('[{"name":"Jan"}]', '{"updateOnDuplicate":["name"]}');
SELECT pg_temp.berr('[{"id":2,"name":"x","email":"ann@example.org"}]', '{"updateOnDuplicate":["name","email"]}');
-- createdAt stays, updatedAt moves
SELECT id, created_at, updated_at > '2021-01-01' AS moved FROM students WHERE id < 3 ORDER BY id;
SELECT record->>'createdAt', record->>'updatedAt' FROM students_bulk_create('[{"id":1,"name":"Ann D","createdAt":"2022-01-01T00:00:00Z","updatedAt":"2022-01-01T00:00:00Z"}]', '{"updateOnDuplicate":["name"]}');
SELECT record->>'updatedAt' FROM students_bulk_create('[{"id":1,"name":"Ann E","updatedAt":"2023-01-01T00:00:00Z"}]', '{"updateOnDuplicate":["updatedAt"]}');
-- a row cannot be changed twice: which rows of the input these are
SELECT pg_temp.berr('[{"name":"x","email":"new@example.org"},{"name":"y"},{"name":"z","email":"new@example.org"}]', '{"updateOnDuplicate":["name"]}');
SELECT pg_temp.berr('[{"id":1,"name":"x"},{"id":1,"name":"y"}]', '{"updateOnDuplicate":["name"]}');
SELECT pg_temp.berr('[{"id":1,"name":"x"},{"id":1,"name":"y"}]', '{"updateOnDuplicate":["name"],"conflictAttributes":["email"]}');
SELECT id, name, cohort, email FROM students ORDER BY id;

-- errors
SELECT o, pg_temp.berr('[{"id":1,"name":"x"}]', o) FROM (VALUES ('{"updateOnDuplicate":[]}'), ('{"updateOnDuplicate":["nmae"]}'), ('{"updateOnDuplicate":["createdAt"]}'), ('{"updateOnDuplicate":"name"}'), ('{"ignoreDuplicates":"yes"}'), ('{"ignoreDuplicates":true,"updateOnDuplicate":["name"]}'),
  ('{"conflictAttributes":["id"]}'), ('{"conflictAttributes":["id"],"ignoreDuplicates":false}'), ('{"conflictAttributes":["name"],"ignoreDuplicates":true}'), ('{"conflictAttributes":["id","id"],"ignoreDuplicates":true}')) AS t (o);
SELECT o, pg_temp.berr('[{"name":"x","Posts":[{"title":"y"}]}]', o, 'User') FROM (VALUES ('{"include":"Posts","ignoreDuplicates":true}'), ('{"include":"Posts","updateOnDuplicate":["name"]}')) AS t (o);
SELECT pg_temp.berr('[{"name":"x"},{"name":""}]', '{"ignoreDuplicates":true}');
SELECT pg_temp.err('SELECT student_create(''{"name":"x"}'', ''{"ignoreDuplicates":true}'')');

-- partitioned tables, views, keys of several attributes, defaults that are keys
CREATE TABLE bk_part (id integer DEFAULT 1, region text, val text, n integer DEFAULT 7, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE bk_part_a PARTITION OF bk_part FOR VALUES IN ('a');
CREATE TABLE bk_part_b PARTITION OF bk_part FOR VALUES IN ('b');
CREATE VIEW bk_view AS SELECT val AS v, region, id AS number FROM bk_part;
SELECT pg_temp.define('BkPart', 'bk_part', '*id:INTEGER *region:TEXT val:TEXT n:INTEGER'), pg_temp.define('BkView', 'bk_view', '*number:INTEGER *region:TEXT v:TEXT');
SELECT pg_temp.b('[{"id":1,"region":"b","val":"x"},{"id":1,"region":"a","val":"x","n":1}]', '{"updateOnDuplicate":["val"]}', 'BkPart');
SELECT pg_temp.b('[{"id":2,"region":"b","val":"x"},{"id":1,"region":"b","val":"y","n":5}]', '{"updateOnDuplicate":["val"]}', 'BkPart');
SELECT pg_temp.b('[{"region":"b","val":"z"},{"region":"a","val":"z"}]', '{"updateOnDuplicate":["val"],"conflictAttributes":["region","id"]}', 'BkPart');
SELECT pg_temp.berr('[{"region":"b","val":"z"},{"id":1,"region":"b","val":"z"}]', '{"updateOnDuplicate":["val"]}', 'BkPart');
SELECT pg_temp.b('[{"number":2,"region":"b","v":"w"},{"number":3,"region":"b","v":"w"}]', '{"updateOnDuplicate":["v"]}', 'BkView');
SELECT pg_temp.b('[{"number":2,"region":"b","v":"q"},{"number":4,"region":"b","v":"q"}]', '{"ignoreDuplicates":true}', 'BkView');
SELECT * FROM bk_part ORDER BY id, region;
-- generated columns, identities, triggers
CREATE TABLE bk_gen (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text UNIQUE, val text, twice text GENERATED ALWAYS AS (val || val) STORED);
SELECT pg_temp.define('BkGen', 'bk_gen', '*id:INTEGER code:TEXT val:TEXT twice:TEXT');
SELECT pg_temp.b('[{"code":"a","val":"x"},{"code":"b","val":"x"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
SELECT pg_temp.b('[{"code":"a","val":"y"},{"code":"c","val":"y"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
SELECT pg_temp.berr('[{"code":"a","val":"y"}]', '{"updateOnDuplicate":["twice"]}', 'BkGen');
SELECT pg_temp.berr('[{"id":1,"val":"y"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
CREATE FUNCTION bk_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.val = 'skip' THEN RETURN NULL; END IF;
  IF NEW.val = 'many' THEN NEW.val := (SELECT val FROM bk_gen); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE INSERT ON bk_gen FOR EACH ROW EXECUTE FUNCTION bk_trigger();
SELECT pg_temp.b('[{"code":"x","val":"skip"},{"code":"c","val":"w"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
-- the row is named also where a trigger has left out some
SELECT pg_temp.berr('[{"code":"x","val":"skip"},{"code":"a","val":"y"},{"code":"a","val":"z"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
SELECT pg_temp.berr('[{"code":"a","val":"many"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
DROP TRIGGER t ON bk_gen;
-- privileges: those of INSERT … ON CONFLICT
CREATE ROLE regress_bulk;
GRANT SELECT, INSERT ON bk_gen TO regress_bulk;
SET ROLE regress_bulk;
SELECT pg_temp.b('[{"code":"a","val":"z"},{"code":"d","val":"z"}]', '{"ignoreDuplicates":true}', 'BkGen');
SELECT pg_temp.berr('[{"code":"a","val":"z"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
RESET ROLE;
GRANT UPDATE (val) ON bk_gen TO regress_bulk;
ALTER TABLE bk_gen ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON bk_gen USING (code <> 'c') WITH CHECK (val <> 'bad');
SET ROLE regress_bulk;
SELECT pg_temp.b('[{"code":"a","val":"z"}]', '{"updateOnDuplicate":["val"]}', 'BkGen');
SELECT d, pg_temp.berr(d, '{"updateOnDuplicate":["val"]}', 'BkGen') FROM (VALUES ('[{"code":"c","val":"z"}]'), ('[{"code":"a","val":"bad"}]')) AS t (d);
RESET ROLE;

-- rows that are there already are answered with, too, in the order of the input
TRUNCATE students RESTART IDENTITY;
SELECT record->>'name', record->>'email' FROM students_bulk_create('[{"name":"Ann","email":"ann@example.org"},{"name":"Bob","email":"bob@example.org"}]');
SELECT record->>'name', record->>'email', record->>'id' FROM students_bulk_create('[{"name":"Cid","email":"cid@example.org"},{"name":"x","email":"bob@example.org"},{"name":"Abe","email":"abe@example.org"},{"name":"y","email":"ann@example.org"},{"name":"z","email":"cid@example.org"}]', '{"ignoreDuplicates":true,"existing":true}') WHERE record->>'id' IS NOT NULL;
SELECT record FROM students_bulk_create('[{"name":"Dot","email":"dot@example.org"},{"name":"x","email":"bob@example.org"}]', '{"ignoreDuplicates":true,"existing":true,"returning":["name"]}');
SELECT record FROM students_bulk_create('[{"name":"Eve","email":"eve@example.org"},{"name":"x","email":"bob@example.org"},{"name":"Nil","email":null}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["email"],"returning":{"attributes":["email"]}}');
-- rows that give no key, or a null, are in conflict with none, and in the answer too
CREATE TABLE bc_keys (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, code text UNIQUE, part text DEFAULT 'p', n integer, UNIQUE (part, n));
SELECT studentdir.define('BcKey', '{"code":"TEXT","part":"TEXT","n":"INTEGER"}', '{"tableName":"bc_keys","timestamps":false}') IS NOT NULL;
SELECT studentdir.bulk_create('BcKey', '[{"code":"b","n":1},{"code":null,"n":2},{"code":"a","n":3},{"n":4},{"code":"b","n":5}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["code"]}');
SELECT studentdir.bulk_create('BcKey', '[{"n":6},{"code":"a","n":7},{"code":"c","n":8},{"n":9}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["code"],"returning":["n","code"]}');
SELECT studentdir.bulk_create('BcKey', '[{"id":900,"n":10},{"n":11},{"id":1,"n":12},{"id":null,"n":13}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["id"]}');
-- one that is in conflict by another key is left out, and so is one that a trigger keeps out
SELECT studentdir.bulk_create('BcKey', '[{"n":6},{"code":"a","n":14},{"n":15}]', '{"ignoreDuplicates":true,"existing":true}');
CREATE FUNCTION bc_lower() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.code := lower(NEW.code);
  RETURN CASE WHEN NEW.n > 0 THEN NEW END;
END $$;
CREATE TRIGGER t BEFORE INSERT ON bc_keys FOR EACH ROW EXECUTE FUNCTION bc_lower();
SELECT studentdir.bulk_create('BcKey', '[{"n":-1},{"code":"a","n":16},{"n":17}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["code"]}');
-- a key that a trigger has changed is not taken for one that is missing
SELECT studentdir.bulk_create('BcKey', '[{"code":"Z","n":20},{"n":21},{"code":"Y","n":22},{"code":"x","n":23},{"n":24}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["code"]}');
SELECT studentdir.bulk_create('BcKey', '[{"code":"W","n":30}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["code"]}');
-- privileges on columns: those that are in the answer, and both keys
CREATE ROLE regress_bulk_keys;
GRANT INSERT ON bc_keys TO regress_bulk_keys;
GRANT SELECT (id, code) ON bc_keys TO regress_bulk_keys;
SET ROLE regress_bulk_keys;
SELECT record - 'id' AS record FROM (SELECT studentdir.bulk_create('BcKey', '[{"code":"a","n":40},{"n":41}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["code"]}')::jsonb) AS t (record);
RESET ROLE;
DROP OWNED BY regress_bulk_keys;
DROP ROLE regress_bulk_keys;
SELECT studentdir.undefine('BcKey');
DROP TABLE bc_keys;
DROP FUNCTION bc_lower;
SELECT o, pg_temp.err(format('SELECT students_bulk_create(''[{"name":"x"}]'', %L)', o)) FROM (VALUES ('{"existing":true}'), ('{"ignoreDuplicates":true,"existing":1}'), ('{"ignoreDuplicates":true,"existing":true}'), ('{"updateOnDuplicate":["name"],"existing":true}')) AS t (o);
SELECT count(*) FROM students;
TRUNCATE students RESTART IDENTITY;

DELETE FROM studentdir.model WHERE name LIKE 'Bk%';
DROP TABLE bk_part, bk_gen CASCADE;
DROP FUNCTION bk_trigger;
DROP ROLE regress_bulk;
TRUNCATE students, users, posts RESTART IDENTITY;
