-- An enum type that columns of several tables and schemas are of: what is renamed in it is so in all of them, there and back.
SET client_min_messages = warning;
SELECT current_database() AS database \gset
CREATE DATABASE sd_shared_enums;
\c sd_shared_enums
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
\pset tuples_only on
\pset format unaligned
CREATE SCHEMA other;
CREATE TYPE enum_dogs_mood AS ENUM ('good', 'bad');
CREATE TABLE dogs (id int PRIMARY KEY, mood enum_dogs_mood DEFAULT 'good');
CREATE TABLE other.cats (id int PRIMARY KEY, mood enum_dogs_mood NOT NULL DEFAULT 'bad', moods enum_dogs_mood[] DEFAULT '{bad,good}');
CREATE TABLE other.birds (id int PRIMARY KEY, mood enum_dogs_mood NOT NULL DEFAULT 'bad', moods enum_dogs_mood[] DEFAULT '{bad,good}');
INSERT INTO dogs VALUES (1, 'good'), (2, 'bad');
INSERT INTO other.cats VALUES (1);
CREATE FUNCTION state() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC
  SELECT format('%s.%s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  WHERE relnamespace IN ('public'::regnamespace, 'other'::regnamespace) AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT format('%s %s', adrelid::regclass, pg_get_expr(adbin, adrelid)) FROM pg_attrdef
  UNION ALL SELECT format('%s %s', enumtypid::regtype, string_agg(enumlabel, ',' ORDER BY enumsortorder)) FROM pg_enum GROUP BY enumtypid
  UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace IN ('public'::regnamespace, 'other'::regnamespace)
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'other');
END;
CREATE TABLE before (line text);
CREATE FUNCTION there_and_back(options jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE before;
  INSERT INTO before SELECT state();
  PERFORM studentdir.migration_generate('20260101000000-change', options);
  RETURN QUERY SELECT trim(E'\n' FROM up) FROM studentdir.migration WHERE name = '20260101000000-change';
  PERFORM studentdir.migrate();
  RETURN QUERY SELECT concat_ws(' ', 'LEFT', change, name, actual, expected) FROM studentdir.diff(options - '{dropTables,renames,renameTypes}'::text[]);
  PERFORM studentdir.migrate_undo();
  RETURN QUERY SELECT 'UNDONE + ' || s FROM state() s EXCEPT ALL SELECT 'UNDONE + ' || line FROM before;
  RETURN QUERY SELECT 'UNDONE - ' || line FROM before EXCEPT ALL SELECT 'UNDONE - ' || s FROM state() s;
  PERFORM studentdir.migrate_redo() FROM studentdir.migrate();
  PERFORM studentdir.migrate_undo();
  DELETE FROM studentdir.migration WHERE name = '20260101000000-change';
END $$;
SELECT studentdir.define('Dog', '{"id":{"type":"INTEGER","primaryKey":true},"mood":{"type":"ENUM(''good'',''evil'')","defaultValue":"evil"}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Cat', '{"id":{"type":"INTEGER","primaryKey":true},"mood":{"type":"ENUM(''good'',''bad'')","defaultValue":"bad","allowNull":false}}', '{"timestamps":false,"schema":"other"}') IS NOT NULL;
-- another model still has the value
SELECT there_and_back('{"renames":{"Dog":{"mood":{"bad":"evil"}}}}');
-- it has the new one: there is nothing to make anew, and its default is undone by the name that it has then
SELECT studentdir.define('Cat', '{"id":{"type":"INTEGER","primaryKey":true},"mood":{"type":"ENUM(''good'',''evil'')","defaultValue":"good","allowNull":false}}', '{"timestamps":false,"schema":"other"}') IS NOT NULL;
SELECT there_and_back('{"renames":{"Dog":{"mood":{"bad":"evil"}}}}');
-- told of both columns it is renamed once; two names for it are one too many
SELECT there_and_back('{"renames":{"Dog":{"mood":{"bad":"evil"}},"Cat":{"mood":{"bad":"evil"}}}}');
SELECT there_and_back('{"renames":{"Dog":{"mood":{"bad":"evil"}},"Cat":{"mood":{"bad":"worse"}}}}');
SELECT there_and_back('{"renames":{"Dog":{"mood":{"bad":"evil"}},"Cat":{"mood":{"good":"evil"}}}}');
-- columns that go, and a table, whose defaults have the value
SELECT studentdir.define('Cat', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false,"schema":"other"}') IS NOT NULL;
SELECT there_and_back('{"drop":true,"models":["Dog","Cat"],"renames":{"Dog":{"mood":{"bad":"evil"}}},"renameTypes":{"public.enum_dogs_mood":"moods"},"dropTables":["other.birds"]}');
-- what is dropped is made by other words before the value has its old name again
ALTER TABLE other.birds ADD CONSTRAINT happy CHECK (mood <> 'bad' OR id < 10);
SELECT there_and_back('{"drop":true,"models":["Dog","Cat"],"renames":{"Dog":{"mood":{"bad":"evil"}}},"dropTables":["other.birds"]}');
SELECT studentdir.define('Dog', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT there_and_back('{"drop":true,"models":["Dog","Cat"],"renameTypes":{"public.enum_dogs_mood":"moods"},"dropTables":["other.birds"]}');

\c :database
DROP DATABASE sd_shared_enums;
