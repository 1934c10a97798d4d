-- A column that is NOT NULL, was dropped and comes back gives the rows that are there a value, of every type that can have one.
SET client_min_messages = warning;
SELECT current_database() AS database \gset
CREATE DATABASE sd_fillers;
\c sd_fillers
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
CREATE EXTENSION hstore;
CREATE DOMAIN whole AS int;
CREATE DOMAIN several AS int[];
CREATE DOMAIN started AS int DEFAULT 7 CHECK (VALUE > 5);
CREATE TYPE pair AS (a int, b text, c whole);
CREATE DOMAIN pairs AS pair;
CREATE TYPE mood AS ENUM ('gut', 'schlecht');
CREATE DOMAIN moods AS mood;
CREATE TYPE words AS RANGE (subtype = text);
-- a column of each type, whose name is the type's
DO $$
DECLARE columns text;
BEGIN
  SELECT string_agg(format('%I %s NOT NULL', typname, format_type(oid, NULL)), ', ' ORDER BY oid) INTO columns FROM pg_type t
  WHERE typtype IN ('b', 'r', 'm', 'c', 'd', 'e') AND typnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace) AND typname <> '_cstring'
    -- no tables' rows
    AND NOT EXISTS (SELECT FROM pg_class WHERE oid IN (typrelid, (SELECT e.typrelid FROM pg_type e WHERE e.oid = t.typelem)) AND relkind <> 'c');
  EXECUTE 'CREATE TABLE fillers (id int PRIMARY KEY, bits bit(3) NOT NULL, short varchar(2) NOT NULL, times timestamp(2) NOT NULL, ' || columns || ')';
END $$;
SELECT studentdir.define('Filler', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}') IS NOT NULL;
-- without rows all of them come back
CREATE TABLE before AS SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute WHERE attrelid = 'fillers'::regclass AND attnum > 0;
SELECT studentdir.migration_generate('20260101000000-fillers', '{"drop":true,"models":["Filler"]}');
SELECT count(*) FROM studentdir.migrate();
SELECT count(*) FROM studentdir.migrate_undo();
SELECT * FROM before EXCEPT SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute WHERE attrelid = 'fillers'::regclass AND attnum > 0;
-- with rows only those do not that no text is a value of, privileges, which name a role, and statistics, which 19 reads
ALTER TABLE fillers DROP aclitem, DROP pg_ndistinct, DROP pg_dependencies;
DO $$
DECLARE type record;
BEGIN
  FOR type IN SELECT attname, atttypid FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = 'fillers'::regclass AND attnum > 0 AND typtype = 'b' AND typelem = 0 LOOP
    BEGIN
      EXECUTE format('SELECT %L::%s', '', format_type(type.atttypid, NULL));
    EXCEPTION WHEN feature_not_supported OR internal_error THEN
      EXECUTE format('ALTER TABLE fillers DROP %I', type.attname);
    WHEN OTHERS THEN
    END;
  END LOOP;
END $$;
DELETE FROM studentdir.migration WHERE name ~ 'fillers';
SELECT studentdir.migration_generate('20260101000000-fillers', '{"drop":true,"models":["Filler"]}');
SELECT count(*) FROM studentdir.migrate();
INSERT INTO fillers VALUES (1), (2);
SELECT count(*) FROM studentdir.migrate_undo();
SELECT id, bits, short, mood, moods, pair, pairs, whole, several, started, hstore, "char", point, words FROM fillers ORDER BY id;

\c :database
DROP DATABASE sd_fillers;
