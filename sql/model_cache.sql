-- Models and plans are never stale: whatever changed table or catalogs, committed or not.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE mc_pet (id integer PRIMARY KEY, name text, age integer);
INSERT INTO mc_pet VALUES (1, 'Rex', 3);
SELECT pg_temp.define('McPet', 'mc_pet', '*id:INTEGER name:TEXT');
PREPARE f AS SELECT coalesce((SELECT studentdir.list('McPet', '{"order":["id"]}'))::text, 'null');
EXECUTE f;

-- columns
ALTER TABLE mc_pet ADD COLUMN born date DEFAULT '2000-01-01';
EXECUTE f;
ALTER TABLE mc_pet DROP COLUMN name;
EXECUTE f;
SELECT pg_temp.err('EXECUTE f');
ALTER TABLE mc_pet ADD COLUMN name integer DEFAULT 5;
EXECUTE f;
ALTER TABLE mc_pet ALTER COLUMN name DROP DEFAULT, ALTER COLUMN name TYPE timestamptz USING '2026-01-01 00:00:00+00';
EXECUTE f;
ALTER TABLE mc_pet RENAME COLUMN name TO title;
SELECT pg_temp.err('EXECUTE f');
ALTER TABLE mc_pet RENAME COLUMN age TO name;
EXECUTE f;
ALTER TABLE mc_pet ALTER COLUMN id TYPE bigint;
EXECUTE f;
SELECT studentdir.find_by_pk('McPet', 1), studentdir.update_by_pk('McPet', 1, '{"name":4}');
ALTER TABLE mc_pet ALTER COLUMN id TYPE text;
EXECUTE f;
SELECT studentdir.find_by_pk('McPet', 1), studentdir.update_by_pk('McPet', 1, '{"name":5}');

-- table
DROP TABLE mc_pet;
SELECT pg_temp.err('EXECUTE f');
CREATE TABLE mc_pet (name text, id integer);
EXECUTE f;
INSERT INTO mc_pet VALUES ('new', 9);
EXECUTE f;
ALTER TABLE mc_pet RENAME TO mc_cat;
SELECT pg_temp.err('EXECUTE f');
CREATE VIEW mc_pet AS SELECT 'view' AS name, 1 AS id;
EXECUTE f;
CREATE OR REPLACE VIEW mc_pet AS SELECT 'other' AS name, 2 AS id, 3 AS n;
EXECUTE f;
DROP VIEW mc_pet;
ALTER TABLE mc_cat RENAME TO mc_pet;
EXECUTE f;
-- schema: the model goes by names
CREATE SCHEMA mc_a;
CREATE TABLE mc_a.mc_pet (id integer, name text);
INSERT INTO mc_a.mc_pet VALUES (1, 'in a');
UPDATE studentdir.model SET schema_name = 'mc_a' WHERE name = 'McPet';
EXECUTE f;
ALTER SCHEMA mc_a RENAME TO mc_b;
SELECT pg_temp.err('EXECUTE f');
CREATE SCHEMA mc_a;
SELECT pg_temp.err('EXECUTE f');
CREATE TABLE mc_a.mc_pet (id integer, name text);
EXECUTE f;
DROP SCHEMA mc_a CASCADE;
ALTER SCHEMA mc_b RENAME TO mc_a;
EXECUTE f;
DROP TABLE mc_pet;
ALTER TABLE mc_a.mc_pet SET SCHEMA public;
SELECT pg_temp.err('EXECUTE f');
DROP SCHEMA mc_a;
DROP TABLE mc_pet;
CREATE TABLE mc_pet (id integer PRIMARY KEY, name text, age integer);
INSERT INTO mc_pet VALUES (1, 'Rex', 3);
UPDATE studentdir.model SET schema_name = current_schema WHERE name = 'McPet';
EXECUTE f;

-- catalogs: INSERT, UPDATE, DELETE, MERGE, COPY, TRUNCATE
UPDATE studentdir.model SET attributes = attributes || '[{"name":"years","field":"age","type":"INTEGER"}]' WHERE name = 'McPet';
EXECUTE f;
UPDATE studentdir.model SET attributes = attributes - 1 WHERE name = 'McPet';
EXECUTE f;
UPDATE studentdir.model SET name = 'McDog' WHERE name = 'McPet';
SELECT pg_temp.err('EXECUTE f');
UPDATE studentdir.model SET name = 'McPet' WHERE name = 'McDog';
EXECUTE f;
MERGE INTO studentdir.model m USING (VALUES ('McPet')) AS v (name) ON m.name = v.name WHEN MATCHED THEN UPDATE SET attributes = attributes - 1;
EXECUTE f;
CREATE TABLE mc_saved AS SELECT * FROM studentdir.model WHERE name = 'McPet';
DELETE FROM studentdir.model WHERE name = 'McPet';
SELECT pg_temp.err('EXECUTE f');
INSERT INTO studentdir.model SELECT * FROM mc_saved;
EXECUTE f;
SET session_replication_role = replica;
DELETE FROM studentdir.model WHERE name = 'McPet';
RESET session_replication_role;
SELECT pg_temp.err('EXECUTE f');
BEGIN;
TRUNCATE studentdir.model;
SELECT pg_temp.err('SELECT students_count()');
ROLLBACK;
SELECT students_count() >= 0;
INSERT INTO studentdir.model SELECT * FROM mc_saved;
UPDATE studentdir.model SET attributes = attributes || '[{"name":"name","field":"name","type":"TEXT"}]' WHERE name = 'McPet';
EXECUTE f;

-- associations
CREATE TABLE mc_toy (id integer PRIMARY KEY, pet_id integer);
INSERT INTO mc_toy VALUES (7, 1);
SELECT pg_temp.define('McToy', 'mc_toy', '*id:INTEGER petId:INTEGER:pet_id');
SELECT pg_temp.err('SELECT studentdir.find_all(''McPet'', ''{"include":"Toys"}'')');
INSERT INTO studentdir.association (model, alias, kind, target, source_key, target_key) VALUES ('McPet', 'Toys', 'has_many', 'McToy', '{id}', '{petId}');
SELECT studentdir.find_all('McPet', '{"include":"Toys"}');
UPDATE studentdir.association SET kind = 'has_one' WHERE model = 'McPet';
SELECT studentdir.find_all('McPet', '{"include":"Toys"}');
UPDATE studentdir.association SET alias = 'Things', kind = 'has_many' WHERE model = 'McPet';
SELECT pg_temp.err('SELECT studentdir.find_all(''McPet'', ''{"include":"Toys"}'')');
SELECT studentdir.find_all('McPet', '{"include":"Things"}');
ALTER TABLE mc_toy ALTER COLUMN pet_id TYPE bigint;
SELECT studentdir.find_all('McPet', '{"include":"Things"}');
ALTER TABLE mc_toy DROP COLUMN pet_id;
SELECT pg_temp.err('SELECT studentdir.find_all(''McPet'', ''{"include":"Things"}'')');
ALTER TABLE mc_toy ADD COLUMN pet_id integer;
SELECT studentdir.find_all('McPet', '{"include":"Things"}');

-- transactions, savepoints, exceptions: what is undone was never there
BEGIN;
UPDATE studentdir.model SET attributes = attributes || '[{"name":"years","field":"age","type":"INTEGER"}]' WHERE name = 'McPet';
EXECUTE f;
ROLLBACK;
EXECUTE f;
BEGIN;
EXECUTE f;
SAVEPOINT a;
ALTER TABLE mc_pet RENAME COLUMN name TO title;
SAVEPOINT b;
SELECT 1 FROM studentdir.find_all('McPet');
ROLLBACK TO b;
UPDATE studentdir.model SET attributes = jsonb_set(attributes, '{1,field}', '"title"') WHERE name = 'McPet';
EXECUTE f;
RELEASE b;
ROLLBACK TO a;
EXECUTE f;
ALTER TABLE mc_pet ADD COLUMN x integer DEFAULT 1;
UPDATE studentdir.model SET attributes = attributes || '[{"name":"x","field":"x","type":"INTEGER"}]' WHERE name = 'McPet';
EXECUTE f;
SAVEPOINT c;
DROP TABLE mc_pet;
SELECT 1 FROM studentdir.find_all('McPet');
ROLLBACK TO c;
EXECUTE f;
ROLLBACK;
EXECUTE f;
CREATE FUNCTION mc_try() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..3 LOOP
    BEGIN
      ALTER TABLE mc_pet ADD COLUMN born date;
      UPDATE studentdir.model SET attributes = attributes || '[{"name":"born","field":"born","type":"DATEONLY"}]' WHERE name = 'McPet';
      RETURN NEXT studentdir.list('McPet');
      RAISE division_by_zero;
    EXCEPTION WHEN division_by_zero THEN
      RETURN NEXT studentdir.list('McPet');
    END;
  END LOOP;
END $$;
SELECT mc_try();
-- the model of a call is read once; a change in the same statement is the next one's
WITH changed AS (UPDATE studentdir.model SET attributes = attributes || '[{"name":"years","field":"age","type":"INTEGER"}]' WHERE name = 'McPet' RETURNING 1)
SELECT (SELECT count(*) FROM changed), studentdir.list('McPet');
EXECUTE f;

-- a table that a running call reads cannot be changed under it
CREATE FUNCTION mc_alter(integer) RETURNS text LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE mc_pet ADD COLUMN y integer; RETURN 'altered'; END $$;
CREATE FUNCTION mc_undefine() RETURNS text LANGUAGE plpgsql AS $$ BEGIN DELETE FROM studentdir.model WHERE name = 'McPet'; PERFORM 1 FROM studentdir.find_all('McToy'); RETURN 'deleted'; END $$;
INSERT INTO mc_pet SELECT i, 'pet ' || i, i FROM generate_series(2, 300) AS i;
SELECT pg_temp.err('SELECT mc_alter((record->>''id'')::integer) FROM (SELECT studentdir.find_all(''McPet'')) AS t (record)');
BEGIN;
SELECT count(*), count(undefined), max((record->>'id')::integer) FROM (SELECT record, CASE WHEN record->>'id' = '5' THEN mc_undefine() END AS undefined FROM (SELECT studentdir.find_all('McPet', '{"include":"Things"}')) AS t (record)) AS u;
SELECT pg_temp.err('SELECT studentdir.count(''McPet'')');
ROLLBACK;
SELECT studentdir.count('McPet');

-- types: ALTER TYPE and casts change how values are written
CREATE TYPE mc_pair AS (a integer, b text);
CREATE TYPE mc_mood AS ENUM ('sad', 'glad');
CREATE DOMAIN mc_small AS integer;
CREATE TABLE mc_typed (id integer PRIMARY KEY, pair mc_pair, pairs mc_pair[], mood mc_mood, small mc_small);
INSERT INTO mc_typed VALUES (1, '(1,x)', '{"(2,y)"}', 'sad', 1);
SELECT pg_temp.define('McTyped', 'mc_typed', '*id:INTEGER pair:mc_pair pairs:ARRAY(mc_pair) mood:mc_mood small:INTEGER');
SELECT studentdir.find_all('McTyped');
ALTER TYPE mc_pair ADD ATTRIBUTE c integer;
SELECT studentdir.find_all('McTyped');
ALTER TYPE mc_pair RENAME ATTRIBUTE a TO aa;
SELECT studentdir.find_all('McTyped');
ALTER TYPE mc_pair DROP ATTRIBUTE b;
SELECT studentdir.find_all('McTyped');
BEGIN;
ALTER TYPE mc_pair ADD ATTRIBUTE d integer;
SELECT studentdir.find_all('McTyped');
ROLLBACK;
SELECT studentdir.find_all('McTyped');
CREATE FUNCTION mc_mood_json(mc_mood) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT json_build_object('mood', $1::text) $$;
CREATE CAST (mc_mood AS json) WITH FUNCTION mc_mood_json(mc_mood);
SELECT studentdir.find_all('McTyped', '{"attributes":["mood"]}');
DROP CAST (mc_mood AS json);
DROP FUNCTION mc_mood_json;
SELECT studentdir.find_all('McTyped', '{"attributes":["mood"]}');
ALTER TYPE mc_mood RENAME VALUE 'sad' TO 'blue';
SELECT studentdir.find_all('McTyped', '{"where":{"mood":"blue"},"attributes":["mood"]}');
ALTER TYPE mc_mood RENAME TO mc_humour;
SELECT studentdir.find_all('McTyped', '{"where":{"mood":["blue"]},"attributes":["mood"]}');
ALTER TYPE mc_humour RENAME TO mc_mood;
ALTER DOMAIN mc_small ADD CHECK (VALUE < 10) NOT VALID;
SELECT pg_temp.err('SELECT studentdir.update(''McTyped'', ''{"small":10}'', ''{"all":true}'')');
ALTER DOMAIN mc_small DROP CONSTRAINT mc_small_check;
SELECT studentdir.update('McTyped', '{"small":10}', '{"all":true}');

-- definitions that do not fit are errors, and leave no trace
SELECT d, pg_temp.err(format('UPDATE studentdir.model SET attributes = %L WHERE name = ''McToy''; SELECT studentdir.count(''McToy'')', d)) FROM (VALUES
  ('[]'), ('[1]'), ('["id"]'), ('[[]]'), ('[null]'), ('[{}]'), ('[{"name":"id"}]'), ('[{"name":"id","field":"id"}]'), ('[{"name":"id","field":1,"type":"X"}]'), ('[{"name":"id","field":"nope","type":"X"}]'),
  ('[{"name":"id","field":"ctid","type":"X"}]'), ('[{"name":"id","field":"id","type":"X"},{"name":"id","field":"id","type":"X"}]'), ('[{"name":"id","field":"id","type":"X","validate":1}]'), ('[{"name":"id","field":"id","type":"X","validate":{"isNice":true}}]'),
  ('[{"name":"id","field":"id","type":"X","validate":{"notEmpty":[1]}}]'), ('{}'), ('[{"name":"id","field":"' || repeat('x', 100) || '","type":"X"}]'), ('[{"name":"","field":"id","type":""}]')) AS t (d);
SELECT d, pg_temp.err(format('UPDATE studentdir.model SET options = %L WHERE name = ''McToy''; SELECT studentdir.count(''McToy'')', d)) FROM (VALUES ('[]'), ('1'), ('null'), ('{"createdAt":"nope"}')) AS t (d);
SELECT d, pg_temp.err('UPDATE studentdir.association SET ' || d || ' WHERE model = ''McPet''; SELECT studentdir.count(''McPet'')') FROM (VALUES ('source_key = ''{}'''), ('source_key = ''{id,name}'''), ('source_key = ''{NULL}'''), ('source_key = ''{nope}'''), ('target_key = ''{{a,b},{c,d}}''')) AS t (d);
SELECT left(pg_temp.err('UPDATE studentdir.model SET table_name = ''mc_pet_pkey'' WHERE name = ''McToy''; SELECT studentdir.count(''McToy'')'), 5);
SELECT pg_temp.err('UPDATE studentdir.model SET schema_name = ''nowhere'' WHERE name = ''McToy''; SELECT studentdir.count(''McToy'')');
SELECT studentdir.count('McToy');
-- names that are long or empty of sense
SELECT pg_temp.err('SELECT studentdir.count(''' || name || ''')') FROM (VALUES (''), ('mcpet'), (repeat('x', 63)), (repeat('x', 64)), ('McPet ')) AS t (name);
INSERT INTO studentdir.model SELECT repeat('m', 100), singular, plural, schema_name, table_name, attributes, options FROM studentdir.model WHERE name = 'McToy';
SELECT studentdir.count(repeat('m', 100)), studentdir.count(repeat('m', 100)), pg_temp.err(format('SELECT studentdir.count(%L)', repeat('m', 99)));

DELETE FROM studentdir.association WHERE model LIKE 'Mc%';
DELETE FROM studentdir.model WHERE name LIKE 'Mc%' OR name LIKE 'mmm%';
DEALLOCATE f;
DROP TABLE mc_pet, mc_toy, mc_typed, mc_saved;
DROP FUNCTION mc_try, mc_alter, mc_undefine;
DROP TYPE mc_pair, mc_mood;
DROP DOMAIN mc_small;

-- descriptors of older states go while the transaction goes on; what a cursor uses stays
BEGIN;
INSERT INTO students (name) VALUES ('x');
DECLARE c CURSOR FOR SELECT studentdir.find_all('Student', '{"attributes":["name"]}') FROM generate_series(1, 3);
FETCH 1 FROM c;
DO $$ BEGIN
  FOR i IN 1..50 LOOP
    UPDATE studentdir.model SET plural = 'Students' WHERE name = 'Student';
    PERFORM studentdir.count('Student');
  END LOOP;
END $$;
SELECT count(*) < 6 FROM pg_backend_memory_contexts WHERE name = 'studentdir model';
FETCH ALL FROM c;
ROLLBACK;
