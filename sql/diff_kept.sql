-- diff and migration_generate over what a model cannot say of a table: it stays, and nothing differs for ever.
\set SHOW_CONTEXT never
SELECT current_database() AS database \gset
CREATE DATABASE sd_kept;
\c sd_kept
SET client_min_messages = warning;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION pg_temp.last() RETURNS TABLE (up text, down text) LANGUAGE sql AS
$$ SELECT up, down FROM studentdir.migration WHERE applied_at IS NULL ORDER BY name DESC LIMIT 1 $$;
-- what there is of table t
CREATE VIEW shape AS
  SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END, attidentity, attgenerated, pg_get_expr(adbin, adrelid),
    CASE WHEN attcollation NOT IN (0, 100) THEN attcollation::regcollation END) AS x
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = to_regclass('t') AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass('t') AND contype <> 'n'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 't' AND indexname !~ '_pkey$'
  UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e';
CREATE TABLE before (x text);
-- migrates and undoes: what is left, and what is not as before
CREATE FUNCTION there_and_back(options jsonb DEFAULT '{}') RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  TRUNCATE before;
  INSERT INTO before SELECT x FROM shape;
  PERFORM studentdir.migration_generate('20260101000000-x', options);
  RETURN QUERY SELECT trim(trailing E'\n' FROM up) FROM studentdir.migration WHERE applied_at IS NULL;
  PERFORM studentdir.migrate();
  RETURN QUERY SELECT concat_ws(' ', 'LEFT', change, name, actual, expected) FROM studentdir.diff(options - '{renames,dropTables,online}'::text[]);
  PERFORM studentdir.migrate_undo_all();
  RETURN QUERY (SELECT 'GONE ' || b.x FROM before b EXCEPT ALL SELECT 'GONE ' || s.x FROM shape s)
    UNION ALL (SELECT 'NEW ' || s.x FROM shape s EXCEPT ALL SELECT 'NEW ' || b.x FROM before b);
  DELETE FROM studentdir.migration;
END $$;
-- model T over table t, without timestamps
CREATE FUNCTION model(attributes json, options jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS
$$ SELECT count(studentdir.define('T', attributes, '{"timestamps":false,"tableName":"t"}' || options)::text) $$;

-- a role that may read nothing but the catalogs
BEGIN;
CREATE SCHEMA hidden;
CREATE TABLE hidden.t (id serial PRIMARY KEY);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true,"autoIncrement":true}}', '{"schema":"hidden"}');
CREATE ROLE regress_sd_kept;
GRANT SELECT ON studentdir.migration TO regress_sd_kept;
SET ROLE regress_sd_kept;
SELECT studentdir.check();
ROLLBACK;

-- a text that is made of a number does not count, and comes back with its sequence
BEGIN;
CREATE TABLE t (id uuid PRIMARY KEY, code text NOT NULL);
CREATE SEQUENCE t_code OWNED BY t.code;
ALTER TABLE t ALTER code SET DEFAULT 'A' || nextval('t_code');
INSERT INTO t VALUES (gen_random_uuid());
SELECT model('{"id":{"type":"UUID","primaryKey":true},"code":{"type":"TEXT","allowNull":false}}');
SELECT * FROM studentdir.diff('{"drop":true}');
SELECT model('{"id":{"type":"UUID","primaryKey":true}}');
SELECT there_and_back('{"drop":true}');
SELECT studentdir.undefine('T');
SELECT attributes, notes FROM studentdir.introspect('{"tables":"t"}');
ROLLBACK;

-- nor does what is no integer: it is left to the table
BEGIN;
CREATE SCHEMA found;
CREATE SEQUENCE found.s;
CREATE TABLE found.things (id uuid PRIMARY KEY, a text DEFAULT nextval('found.s'), b numeric DEFAULT nextval('found.s'), c text DEFAULT 'C' || nextval('found.s'));
SELECT model, action, notes FROM studentdir.import('{"schemas":"found"}');
SELECT * FROM studentdir.diff('{"drop":true}');
ROLLBACK;

-- a default that cannot be evaluated
BEGIN;
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 1 / 0, b int DEFAULT 'x'::text::int);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":"INTEGER","b":{"type":"INTEGER","defaultValue":5}}');
SELECT there_and_back('{"drop":true}');
SELECT studentdir.undefine('T');
SELECT attributes, notes FROM studentdir.introspect('{"tables":"t"}');
ROLLBACK;

-- a default in the way of an identity; numbers below 0
BEGIN;
CREATE TABLE t (id int PRIMARY KEY DEFAULT 7);
INSERT INTO t VALUES (-5);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true,"autoIncrement":true}}');
SELECT there_and_back();
SELECT there_and_back('{"drop":true}');
SELECT model('{"id":{"type":"BIGINT","primaryKey":true,"autoIncrement":true}}');
SELECT there_and_back();
ROLLBACK;

-- another primary key: the table keeps its own, and the model's is unique; with drop it is replaced
BEGIN;
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
SELECT model('{"id":{"type":"INTEGER","allowNull":false},"a":{"type":"INTEGER","primaryKey":true}}');
SELECT there_and_back();
CREATE UNIQUE INDEX t_a ON t (a);
SELECT count(*) FROM studentdir.diff();
SELECT change, name, actual, expected FROM studentdir.diff('{"drop":true}');
SELECT studentdir.migration_generate('key', '{"drop":true}') IS NOT NULL;
ROLLBACK;
-- a value of an enum may be given as a number or a boolean
BEGIN;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"r":"ENUM(''1'',''2'')","b":"ENUM(''true'',''false'')"}', '{"indexes":[{"fields":["r"],"where":{"r":1,"b":{"$in":[true]}}}]}');
SELECT there_and_back();
ROLLBACK;
-- what a key includes is none of its columns; the next value of a sequence may be cast
BEGIN;
CREATE SEQUENCE counts;
CREATE TABLE t (a int DEFAULT nextval('counts')::int, b int, c int, PRIMARY KEY (a, b) INCLUDE (c));
SELECT model_name, note FROM studentdir.import('{"tables":["t"]}') AS i (model_name, tablename, result, n, note);
SELECT attribute, definition->>'primaryKey' AS key, definition->>'autoIncrement' AS counts FROM json_each(studentdir.describe('T')->'attributes') AS a (attribute, definition);
SELECT count(*) FROM studentdir.diff();
ROLLBACK;

-- a collation, and the default of an enum, stay when the type changes
BEGIN;
CREATE TYPE enum_t_state AS ENUM ('a', 'b');
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) COLLATE "C", b varchar(20) COLLATE "C", state enum_t_state NOT NULL DEFAULT 'b');
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":"STRING(40)","b":"INTEGER","state":"ENUM(''b'',''a'')"}');
SELECT there_and_back();
SELECT there_and_back('{"drop":true}');
ROLLBACK;

-- a deferrable foreign key that gets another action, or another type and name
BEGIN;
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, p_id int REFERENCES p MATCH FULL DEFERRABLE INITIALLY DEFERRED, q_id int, r_id int);
ALTER TABLE t ADD FOREIGN KEY (q_id) REFERENCES p DEFERRABLE NOT VALID, ADD FOREIGN KEY (r_id) REFERENCES p ON DELETE RESTRICT;
SELECT count(studentdir.define('P', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false,"tableName":"p"}')::text);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"pId":{"type":"INTEGER","references":"P","onDelete":"CASCADE"},"qId":{"type":"INTEGER","references":"P","onUpdate":"CASCADE"},"rId":"INTEGER"}');
SELECT there_and_back();
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"parent":{"type":"BIGINT","references":"P"},"other":{"type":"BIGINT","references":"P"},"rId":"INTEGER"}');
SELECT there_and_back('{"renames":{"T":{"p_id":"parent","q_id":"other"}}}');
SELECT there_and_back('{"renames":{"T":{"p_id":"parent","q_id":"other"}},"online":true}');
ROLLBACK;

-- dropped columns that have to have a value come back with one
BEGIN;
CREATE TABLE t (id int PRIMARY KEY, span interval NOT NULL, r int4range NOT NULL, mr int4multirange NOT NULL, n inet NOT NULL, c cidr NOT NULL, m macaddr NOT NULL, m8 macaddr8 NOT NULL,
  b bit(3) NOT NULL, vb varbit NOT NULL, p point NOT NULL, ts tsvector NOT NULL, tq tsquery NOT NULL, mo money NOT NULL);
INSERT INTO t VALUES (1, '1 day', '[1,2)', '{[1,2)}', '1.1.1.1', '1.1.1.1', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '101', '1', '(1,1)', 'a', 'a', 1);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true}}');
SELECT there_and_back('{"drop":true}');
SELECT * FROM t;
ROLLBACK;

-- indexes: one that was left half made, one whose operator class or collation is the default, one of an extension beside words of the server
BEGIN;
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE UNIQUE INDEX t_a ON t (a) WHERE a > 0;
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 't_a'::regclass;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":"INTEGER"}', '{"indexes":[{"name":"t_a","fields":["a"],"unique":true,"where":{"a":{"$gt":0}}}]}');
SELECT change, name FROM studentdir.diff();
ROLLBACK;
BEGIN;
CREATE TABLE t (id int PRIMARY KEY, a text, b text COLLATE "C");
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":"TEXT","b":"TEXT"}', '{"indexes":[{"fields":[{"attribute":"a","operator":"text_ops"}]},{"fields":[{"attribute":"b","collate":"C"}]},
  {"fields":["id",{"attribute":"a","collate":"default","order":"DESC"}]},{"fields":[{"attribute":"b","operator":"text_pattern_ops","collate":"POSIX"}]}]}');
SELECT there_and_back();
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":"TEXT","c":"TEXT"}', '{"indexes":[{"fields":[{"attribute":"c","operator":"text_pattern_ops"},{"attribute":"a","order":"DESC"}]}]}');
CREATE INDEX t_old ON t (b text_pattern_ops, a DESC);
SELECT there_and_back('{"renames":{"T":{"b":"c"}}}');
ROLLBACK;
BEGIN;
CREATE SCHEMA elsewhere;
CREATE OPERATOR CLASS elsewhere.mine_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
CREATE COLLATION elsewhere.mine (locale = 'C');
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT 'x');
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":"STRING(40)"}', '{"indexes":[{"fields":[{"attribute":"id","operator":"mine_ops"},{"attribute":"a","collate":"mine"}]}]}');
SELECT there_and_back();
ROLLBACK;

-- one that includes columns does what one without is for
BEGIN;
CREATE TABLE t (id int PRIMARY KEY, a int, b int, note text);
CREATE UNIQUE INDEX t_a ON t (a) INCLUDE (note);
CREATE INDEX t_b ON t (b) INCLUDE (a);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"a":{"type":"INTEGER","unique":true},"b":{"type":"INTEGER","index":true},"note":"TEXT"}', '{"indexes":[{"fields":["b","a"]}]}');
SELECT there_and_back('{"drop":true}');
ROLLBACK;

-- two models over one table that have different primary keys: that of the first is never null
BEGIN;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"code":"TEXT"}');
SELECT count(studentdir.define('U', '{"code":{"type":"TEXT","primaryKey":true},"id":"INTEGER"}', '{"timestamps":false,"tableName":"t"}')::text);
SELECT there_and_back('{"drop":true}');
ROLLBACK;

-- values are added to the enum of a partitioned table without a rewrite; an enum of which there is a domain stays
BEGIN;
CREATE TYPE enum_t_state AS ENUM ('a');
CREATE TABLE t (id int, state enum_t_state) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
SELECT model('{"id":"INTEGER","state":"ENUM(''a'',''b'')"}', '{"primaryKey":false}');
SELECT there_and_back();
ROLLBACK;
BEGIN;
CREATE TYPE enum_t_state AS ENUM ('a', 'b');
CREATE DOMAIN calm AS enum_t_state;
CREATE TABLE t (id int PRIMARY KEY, state enum_t_state);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":"ENUM(''b'',''a'')"}');
SELECT there_and_back();
ROLLBACK;

-- tables that go: one that refers to a partitioned one, with a generated column; what would not come back
BEGIN;
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE t (id int REFERENCES p, a int, b int GENERATED ALWAYS AS (a + 1) STORED);
SELECT there_and_back('{"dropTables":["t"]}');
CREATE TABLE heir () INHERITS (t);
SAVEPOINT s;
SELECT studentdir.migration_generate('x', '{"dropTables":["p"]}');
ROLLBACK TO s;
SELECT studentdir.migration_generate('x', '{"dropTables":["p1"]}');
ROLLBACK TO s;
SELECT studentdir.migration_generate('x', '{"dropTables":["heir"]}');
ROLLBACK;

-- a comment that is empty is none
BEGIN;
CREATE TABLE t (id int PRIMARY KEY);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true,"comment":""}}', '{"comment":""}');
SELECT * FROM studentdir.diff();
ROLLBACK;

-- the condition of an index is about values that the enum has
BEGIN;
SAVEPOINT s;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":"ENUM(''a'',''b'')"}', '{"indexes":[{"fields":["id"],"where":{"state":"c"}}]}');
ROLLBACK TO s;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":"ENUM(''a'',''b'')"}', '{"indexes":[{"fields":["id"],"where":{"$or":[{"state":{"$in":["a",7]}},{"id":1}]}}]}');
ROLLBACK TO s;
CREATE TABLE t (id int PRIMARY KEY);
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":"ENUM(''a'',''b'')"}', '{"indexes":[{"fields":["id"],"where":{"state":{"$in":["a","b"]}}}]}');
SELECT there_and_back();
ROLLBACK;

-- values get other names: of defaults too, and what undoes them; not while what is about them is made anew
BEGIN;
CREATE TYPE enum_t_state AS ENUM ('open', 'done');
CREATE TYPE enum_t_tags AS ENUM ('open', 'done');
CREATE TABLE t (id int PRIMARY KEY, state enum_t_state DEFAULT 'open', tags enum_t_tags[] DEFAULT '{done,open}');
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":{"type":"ENUM(''new'',''done'')","defaultValue":"done"},"tags":{"type":"ARRAY(ENUM(''a \" b'',''done''))","defaultValue":["done"]}}');
SELECT there_and_back('{"renames":{"T":{"state":{"open":"new"},"tags":{"open":"a \" b"}}}}');
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":"ENUM(''done'',''new'')","tags":"ARRAY(ENUM(''open'',''done''))"}');
SELECT there_and_back('{"renames":{"T":{"state":{"open":"new"}}}}');
CREATE INDEX t_open ON t (id) WHERE state = 'open';
SAVEPOINT s;
SELECT there_and_back('{"renames":{"T":{"state":{"open":"new"}}}}');
ROLLBACK TO s;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"mood":"ENUM(''done'',''open'')","tags":"ARRAY(ENUM(''open'',''done''))"}');
SELECT there_and_back('{"renames":{"T":{"state":"mood"}}}');
ROLLBACK TO s;
DROP INDEX t_open;
ALTER TABLE t ADD CONSTRAINT not_done CHECK (state <> 'done') NO INHERIT;
SELECT there_and_back('{"renames":{"T":{"state":{"open":"new"}}}}');
ROLLBACK TO s;
DROP INDEX t_open;
ALTER TABLE t ADD CONSTRAINT not_done CHECK (state <> 'done') NO INHERIT;
SELECT model('{"id":{"type":"INTEGER","primaryKey":true},"state":"ENUM(''done'',''open'')","tags":"ARRAY(ENUM(''open'',''done''))"}');
SELECT there_and_back();
ROLLBACK;

-- types get other names: not those of models, nor of tables
BEGIN;
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (id int PRIMARY KEY);
SELECT count(studentdir.define('mood', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false,"tableName":"t"}')::text);
SELECT studentdir.migration_generate('x', '{"renameTypes":{"mood":"feeling"}}') IS NOT NULL;
SELECT up FROM pg_temp.last();
DELETE FROM studentdir.migration;
SELECT studentdir.migration_generate('x', '{"renameTypes":{"t":"feeling"}}');
ROLLBACK;

\c :database
DROP DATABASE sd_kept;
