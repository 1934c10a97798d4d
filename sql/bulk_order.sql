-- Bulk writers write in the order of a unique key, and answer in that of the input.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE bo_tags (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE, n integer, kind text DEFAULT 'k' || pg_catalog.floor(pg_catalog.random()));
CREATE TABLE bo_written (tag text, what text, seq serial);
CREATE FUNCTION bo_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO bo_written VALUES (NEW.name, TG_OP); RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON bo_tags FOR EACH ROW EXECUTE FUNCTION bo_note();
CREATE FUNCTION pg_temp.written() RETURNS text LANGUAGE sql AS $$ WITH w AS (DELETE FROM bo_written RETURNING *) SELECT string_agg(coalesce(tag, '-') || left(what, 1), ' ' ORDER BY seq) FROM w $$;
SELECT pg_temp.define('BoTag', 'bo_tags', '*id:INTEGER=auto name:TEXT n:INTEGER kind:TEXT', '{"validate":{"small":{"where":{"$or":[{"n":null},{"n":{"$lt":100}}]},"msg":"n is too large"}}}');

-- by the unique key that is given; identities follow the input
SELECT studentdir.bulk_create('BoTag', '[{"name":"c"},{"name":"a"},{"name":"d"},{"name":"b"}]');
SELECT pg_temp.written();
-- nulls and rows without it are among them
SELECT studentdir.bulk_create('BoTag', '[{"name":"f"},{"n":1},{"name":null,"n":2},{"name":"e"}]');
SELECT pg_temp.written();
-- in order already
SELECT record->>'id' FROM studentdir.bulk_create('BoTag', '[{"name":"g"},{"name":"h"}]');
SELECT pg_temp.written();
-- conflicts: the conflict key's order, what is left out is left out
SELECT studentdir.bulk_create('BoTag', '[{"name":"j"},{"name":"d"},{"name":"i"},{"name":"a"}]', '{"ignoreDuplicates":true}');
SELECT pg_temp.written();
SELECT studentdir.bulk_create('BoTag', '[{"name":"k","n":1},{"name":"d","n":2},{"name":"b","n":3},{"name":"ba","n":4}]', '{"updateOnDuplicate":["n"]}');
SELECT pg_temp.written();
-- errors name the row of the input
SELECT pg_temp.err($$ SELECT studentdir.bulk_create('BoTag', '[{"name":"z"},{"name":"x","n":100},{"name":"y"},{"name":"w","n":200}]') $$);
SELECT pg_temp.err($$ SELECT studentdir.bulk_create('BoTag', '[{"name":"z","n":1},{"name":"y","n":2},{"name":"z","n":3}]', '{"updateOnDuplicate":["n"]}') $$);
-- many: the sorts go to disk
SET work_mem = '64kB';
SELECT count(*), bool_and((record->>'n')::integer = 0 OR record->>'name' = 'm' || (5000 - i)), bool_and((record->>'id')::integer - i = first), min((record->>'name'))
  FROM (SELECT record, i, min((record->>'id')::integer) OVER () AS first FROM studentdir.bulk_create('BoTag', (SELECT jsonb_agg(jsonb_build_object('name', 'm' || (5000 - i), 'n', 7)) FROM generate_series(0, 4999) AS i)) WITH ORDINALITY AS r (record, o), LATERAL (SELECT o::integer - 1) AS x (i)) AS r;
RESET work_mem;
SELECT bool_and(ok) FROM (SELECT tag COLLATE "C" >= lag(tag) OVER (ORDER BY seq) COLLATE "C" IS NOT FALSE AS ok FROM bo_written) AS w;
TRUNCATE bo_written;

-- a role that may not write the identity: it gets what it always got
CREATE ROLE regress_bo;
GRANT SELECT, INSERT (name, n) ON bo_tags TO regress_bo;
GRANT INSERT, SELECT ON bo_written TO regress_bo;
GRANT USAGE ON SEQUENCE bo_written_seq_seq TO regress_bo;
SET ROLE regress_bo;
SELECT record->>'name' FROM studentdir.bulk_create('BoTag', '[{"name":"q"},{"name":"p"}]');
RESET ROLE;
SELECT pg_temp.written();
DROP OWNED BY regress_bo;
DROP ROLE regress_bo;

-- types: equal values are next to each other whatever they look like; views; what cannot be ordered
CREATE COLLATION bo_ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE bo_odd (code text COLLATE bo_ci PRIMARY KEY, amount numeric UNIQUE, spot point, n integer);
CREATE VIEW bo_view AS SELECT * FROM bo_odd;
SELECT pg_temp.define('BoOdd', 'bo_odd', '*code:TEXT amount:DECIMAL spot:point n:INTEGER'), pg_temp.define('BoView', 'bo_view', '*code:TEXT amount:DECIMAL spot:point n:INTEGER');
SELECT pg_temp.err($$ SELECT studentdir.bulk_create('BoOdd', '[{"code":"b","n":1},{"code":"A","n":2},{"code":"a","n":3}]', '{"updateOnDuplicate":["n"]}') $$);
SELECT studentdir.bulk_create('BoOdd', '[{"code":"b","amount":"2.0"},{"code":"A","amount":"10"},{"code":"B2","amount":"1"}]');
SELECT studentdir.bulk_create('BoView', '[{"code":"z"},{"code":"B","n":5},{"code":"y"}]', '{"updateOnDuplicate":["n"]}');

DELETE FROM studentdir.model WHERE name LIKE 'Bo%';
DROP VIEW bo_view;
DROP TABLE bo_odd, bo_tags, bo_written;
DROP FUNCTION bo_note();
DROP COLLATION bo_ci;
