-- What a table's constraints have that no model can say stays, and undoing brings it back.  PostgreSQL 18 has more of it.
SET client_min_messages = warning;
SELECT current_setting('server_version_num')::int >= 180000 AS newer \gset
CREATE DATABASE sd_constraints;
\set database :DBNAME
\c sd_constraints
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
CREATE FUNCTION state() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC
  SELECT format('%s: %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT format('%s.%s %s %s %s', attrelid::regclass, attname, attnotnull, attstorage, attcompression) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL
  SELECT format('%s %s %s', seqrelid::regclass, seqtypid::regtype, row(seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle)) FROM pg_sequence
  ORDER BY 1;
END;
CREATE TABLE before (line text);
CREATE TABLE after (line text);
-- what differs after migrate, undo and redo, and what diff still finds
CREATE FUNCTION there_and_back(options jsonb) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE before, after;
  INSERT INTO before SELECT state();
  PERFORM studentdir.migration_generate('20260101000000-change', options);
  PERFORM studentdir.migrate();
  INSERT INTO after SELECT state();
  RETURN QUERY SELECT concat_ws(' ', 'LEFT', change, name, actual, expected) FROM studentdir.diff(options - '{dropTables,renames}'::text[]);
  PERFORM studentdir.migrate_undo();
  RETURN QUERY SELECT 'UNDONE + ' || s FROM state() s EXCEPT SELECT 'UNDONE + ' || line FROM before;
  RETURN QUERY SELECT 'UNDONE - ' || line FROM before EXCEPT SELECT 'UNDONE - ' || s FROM state() s;
  PERFORM studentdir.migrate();
  RETURN QUERY SELECT 'REDONE + ' || s FROM state() s EXCEPT SELECT 'REDONE + ' || line FROM after;
  RETURN QUERY SELECT 'REDONE - ' || line FROM after EXCEPT SELECT 'REDONE - ' || s FROM state() s;
  DELETE FROM studentdir.migration WHERE name = '20260101000000-change';
END $$;
-- a foreign key that gets another action is checked as little as before, and keeps the columns that it sets to null
CREATE TABLE shops (id int PRIMARY KEY, no int, UNIQUE (id, no));
CREATE TABLE pets (id int PRIMARY KEY, shop_id int, no int, other_id int,
  CONSTRAINT to_shop FOREIGN KEY (shop_id, no) REFERENCES shops (id, no) ON DELETE SET NULL (shop_id));
INSERT INTO pets VALUES (1, NULL, NULL, 77);
\if :newer
ALTER TABLE pets ADD CONSTRAINT to_other FOREIGN KEY (other_id) REFERENCES shops (id) ON DELETE CASCADE NOT ENFORCED;
\else
ALTER TABLE pets ADD CONSTRAINT to_other FOREIGN KEY (other_id) REFERENCES shops (id) ON DELETE CASCADE NOT VALID;
\endif
SELECT studentdir.define('Shop', '{"id":{"type":"INTEGER","primaryKey":true},"no":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Pet', '{"id":{"type":"INTEGER","primaryKey":true},"shop_id":"INTEGER","no":"INTEGER","other_id":{"type":"INTEGER","references":"Shop","onDelete":"SET NULL","index":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.belongs_to('Pet', 'Shop', '{"foreignKey":["shop_id","no"],"targetKey":["id","no"],"onUpdate":"CASCADE"}') IS NOT NULL;
SELECT change, name, expected FROM studentdir.diff() WHERE name = 'to_shop';
SELECT expected ~ 'ON DELETE SET NULL' AND expected ~ CASE WHEN :'newer' THEN 'NOT ENFORCED$' ELSE 'NOT VALID$' END FROM studentdir.diff() WHERE name = 'to_other' AND expected IS NOT NULL;
SELECT there_and_back('{}');
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'to_shop';
-- the columns that it sets to null have the names that they are to have
SELECT studentdir.define('Pet', '{"id":{"type":"INTEGER","primaryKey":true},"our shop":"INTEGER","no":"INTEGER","other_id":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.belongs_to('Pet', 'Shop', '{"foreignKey":["our shop","no"],"targetKey":["id","no"],"onUpdate":"SET NULL"}') IS NOT NULL;
SELECT there_and_back('{"models":["Pet"],"renames":{"Pet":{"shop_id":"our shop"}}}');
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'to_shop';
-- NOT NULL comes back with its name, and as it was; one that is not valid with the nulls that are there
CREATE TABLE notes (id int PRIMARY KEY, a int, b int, c int, d int, e int);
CREATE TABLE old (id int PRIMARY KEY, a int, b int);
INSERT INTO notes VALUES (1, 1, NULL, 1, 1, NULL), (2, 1, NULL, 1, 1, NULL);
INSERT INTO old VALUES (1, 1, NULL);
\if :newer
ALTER TABLE notes ADD CONSTRAINT "has a" NOT NULL a, ADD CONSTRAINT has_b NOT NULL b NOT VALID, ADD CONSTRAINT has_c NOT NULL c NO INHERIT, ADD CONSTRAINT "has d" NOT NULL d, ADD NOT NULL e NOT VALID;
ALTER TABLE old ADD CONSTRAINT has_a NOT NULL a, ADD NOT NULL b NOT VALID;
\else
ALTER TABLE notes ALTER a SET NOT NULL, ALTER c SET NOT NULL, ALTER d SET NOT NULL;
ALTER TABLE old ALTER a SET NOT NULL;
\endif
SELECT studentdir.define('Note', '{"id":{"type":"INTEGER","primaryKey":true},"d":"INTEGER","e":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT there_and_back('{"drop":true,"dropTables":["old"],"models":["Note"]}');
SELECT * FROM notes ORDER BY id;
DROP TABLE notes;
-- of a column and a table with other names, it has the name that it had
CREATE TABLE notes (id int PRIMARY KEY, a int NOT NULL, d int NOT NULL);
SELECT studentdir.define('Note', '{"id":{"type":"INTEGER","primaryKey":true},"x":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT there_and_back('{"drop":true,"models":["Note"],"renames":{"Note":{"a":"x"}}}');
-- sequences as they were, one that nothing counts with too, and a CHECK that is not valid
CREATE SEQUENCE serial_down AS bigint INCREMENT -2 MAXVALUE -5 CYCLE;
CREATE SEQUENCE idle START 7;
CREATE TABLE counts (id int PRIMARY KEY, a int GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 5 MINVALUE 50 MAXVALUE 9999 CACHE 3 CYCLE), b int DEFAULT nextval('serial_down'), c int, d smallserial);
CREATE TABLE gone (id int PRIMARY KEY, a bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1), b int, c int CHECK (c > 0), d int);
ALTER TABLE gone ADD CONSTRAINT late CHECK (c < 10) NOT VALID;
ALTER SEQUENCE serial_down OWNED BY counts.b;
ALTER SEQUENCE idle OWNED BY counts.c;

CREATE SEQUENCE other_idle AS smallint OWNED BY gone.c;
SELECT studentdir.define('Count', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false,"tableName":"counts"}') IS NOT NULL;
SELECT there_and_back('{"drop":true,"dropTables":["gone"],"models":["Count"]}');
SELECT studentdir.undefine('Count');
-- an identity with options that was none for a while goes on after the rows that are there, or where it starts
CREATE TABLE downs (id int GENERATED BY DEFAULT AS IDENTITY (INCREMENT -2) PRIMARY KEY);
CREATE TABLE ups (id int GENERATED BY DEFAULT AS IDENTITY (START 100 MINVALUE 50 MAXVALUE 103) PRIMARY KEY);
INSERT INTO downs VALUES (DEFAULT), (DEFAULT), (DEFAULT);
SELECT count(studentdir.define(m, '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}')::text) FROM unnest(ARRAY['Down', 'Up']) m;
SELECT studentdir.migration_generate('20260101000000-change', '{"drop":true,"models":["Down","Up"]}');
SELECT count(*) FROM studentdir.migrate();
SELECT count(*) FROM studentdir.migrate_undo();
INSERT INTO downs VALUES (DEFAULT) RETURNING id;
INSERT INTO ups VALUES (DEFAULT), (DEFAULT), (DEFAULT), (DEFAULT) RETURNING id;
-- and not beyond its end
SELECT count(*) FROM studentdir.migrate();
SELECT count(*) FROM studentdir.migrate_undo();
DELETE FROM studentdir.migration WHERE name = '20260101000000-change';
SELECT there_and_back('{"drop":true,"models":["Down","Up"]}');
SELECT studentdir.undefine('Down'), studentdir.undefine('Up');
-- storage and compression, and indexes that a column takes along since they include it
CREATE TABLE texts (id int, a text, b text COMPRESSION pglz, c jsonb, d int, PRIMARY KEY (id) INCLUDE (a));
ALTER TABLE texts ALTER a SET STORAGE EXTERNAL, ALTER c SET STORAGE MAIN;
CREATE INDEX texts_d ON texts (d) INCLUDE (b);
SELECT studentdir.define('Text', '{"id":{"type":"INTEGER","primaryKey":true},"d":{"type":"INTEGER","index":true}}', '{"timestamps":false,"tableName":"texts"}') IS NOT NULL;
SELECT * FROM studentdir.diff('{"models":["Text"]}');
SELECT there_and_back('{"drop":true,"models":["Text"]}');
-- and what is stored otherwise than its type asks for stays so in another type, of those that can
CREATE TABLE others (id int PRIMARY KEY, a varchar(10) COMPRESSION pglz, b text, c text COMPRESSION pglz);
ALTER TABLE others ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE MAIN, ALTER c SET STORAGE EXTERNAL;
SELECT studentdir.define('Other', '{"id":{"type":"INTEGER","primaryKey":true},"a":"STRING(20)","b":"JSONB","c":"INTEGER"}', '{"timestamps":false,"tableName":"others"}') IS NOT NULL;
SELECT there_and_back('{"models":["Other"]}');
SELECT attname, format_type(atttypid, atttypmod), attstorage, attcompression FROM pg_attribute WHERE attrelid = 'others'::regclass AND attnum > 1 ORDER BY attnum;
SELECT studentdir.undefine('Other');
SELECT studentdir.undefine('Text');
-- keys of which periods do not overlap, and foreign keys to them, are the table's
DO $$
DECLARE notes text[];
BEGIN
  IF current_setting('server_version_num')::int < 180000 THEN
    RETURN;
  END IF;
  EXECUTE 'CREATE TABLE stays (room int4range, during daterange, guest text, seat int4range, PRIMARY KEY (room, during WITHOUT OVERLAPS), CONSTRAINT one_seat UNIQUE (seat, during WITHOUT OVERLAPS))';
  EXECUTE 'CREATE TABLE meals (id int PRIMARY KEY, room int4range, during daterange, CONSTRAINT in_stay FOREIGN KEY (room, PERIOD during) REFERENCES stays)';
  EXECUTE 'CREATE TABLE sums (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL CONSTRAINT has_b NOT NULL, CONSTRAINT small CHECK (a < 10) NOT ENFORCED)';
  SELECT array_agg(n ORDER BY n) INTO notes FROM studentdir.import('{"tables":["stays","meals","sums"]}') i, unnest(i.notes) n;
  ASSERT notes = ARRAY['column "b" is generated: it is read only', 'constraint "small" is left to the table: CHECK ((a < 10)) NOT ENFORCED',
    'foreign key "in_stay" is left to the table: it is about periods that are covered, not about equal values',
    'index "one_seat" is left to the table: UNIQUE (seat, during WITHOUT OVERLAPS)'], notes::text;
  ASSERT NOT EXISTS (SELECT FROM studentdir.diff('{"drop":true,"models":["Stay","Meal","Sum"]}'));
  PERFORM studentdir.create('Stay', '{"room":[1,3],"during":["2026-01-01","2026-01-05"],"guest":"Ann"}');
  PERFORM studentdir.create('Meal', '{"id":1,"room":[1,3],"during":["2026-01-02","2026-01-03"]}');
  PERFORM studentdir.create('Sum', '{"id":1,"a":70}');
  ASSERT studentdir.find_by_pk('Stay', '{"room":[1,3],"during":["2026-01-01","2026-01-05"]}'::jsonb) ->> 'guest' = 'Ann';
  ASSERT (SELECT r ->> 'b' FROM studentdir.find_all('Sum', '{"where":{"b":140}}') r) = '140';
  -- not a unique key for ON CONFLICT
  BEGIN
    PERFORM studentdir.upsert('Stay', '{"room":[1,3],"during":["2026-01-04","2026-01-09"],"guest":"Bob"}');
    ASSERT false;
  EXCEPTION WHEN exclusion_violation THEN
  END;
  BEGIN
    PERFORM studentdir.upsert('Stay', '{"room":[1,3],"during":["2026-01-04","2026-01-09"]}', '{"conflictAttributes":["room","during"]}');
    ASSERT false;
  EXCEPTION WHEN invalid_parameter_value THEN
  END;
  -- with its column it goes, and comes back
  EXECUTE 'TRUNCATE stays, meals';
  PERFORM studentdir.define('Meal', '{"id":{"type":"INTEGER","primaryKey":true},"room":"RANGE(INTEGER)"}', '{"timestamps":false}');
  PERFORM studentdir.define('Stay', '{"room":{"type":"RANGE(INTEGER)","primaryKey":true},"guest":"TEXT"}', '{"timestamps":false}');
  ASSERT NOT EXISTS (SELECT FROM there_and_back('{"drop":true,"models":["Meal","Stay"]}'));
END $$;

\c :database
DROP DATABASE sd_constraints;
