-- Functions that return one record at most, wherever a function can stand.
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
\pset null null
CREATE TABLE or_items (id integer PRIMARY KEY, name text, n integer NOT NULL DEFAULT 0);
INSERT INTO or_items SELECT i, 'item ' || i, 0 FROM generate_series(1, 4) AS i;
SELECT json_typeof(studentdir.define('OrItem', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","n":"INTEGER"}', '{"timestamps":false,"tableName":"or_items"}'));

-- in a select list; a record that is not there is no row
SELECT studentdir.find_by_pk('OrItem', 1);
SELECT count(*) FROM (SELECT studentdir.find_by_pk('OrItem', 5)) AS x;
SELECT count(*) FROM (SELECT studentdir.find_by_pk('OrItem', NULL::bigint)) AS x;
SELECT studentdir.find_one('OrItem', '{"where":{"id":{"$gt":1}},"order":["id"]}');
SELECT i, studentdir.find_by_pk('OrItem', i) FROM generate_series(3, 6) AS i;
-- beside a set it stands in its first row, and is called once
SELECT studentdir.find_by_pk('OrItem', 1, '{"attributes":["id"]}'), generate_series(1, 3);
SELECT generate_series(1, 2), studentdir.find_one('OrItem', '{"attributes":["id"],"order":["id"]}'), studentdir.find_by_pk('OrItem', 9);
SELECT studentdir.create('OrItem', '{"id":10,"name":"ten"}'), generate_series(1, 3);
SELECT studentdir.increment('OrItem', 10, '{"n":5}'), generate_series(1, 3);
SELECT studentdir.update_by_pk('OrItem', 10, '{"name":"Ten"}'), generate_series(1, 2);
SELECT count(*), sum(n) FROM or_items;
-- in FROM, for each of several rows, and where no more rows are wanted than the first
SELECT * FROM studentdir.find_by_pk('OrItem', 2);
SELECT i, record->>'name' FROM generate_series(1, 6) AS i LEFT JOIN LATERAL studentdir.find_by_pk('OrItem', i) AS record ON true;
SELECT i, (SELECT studentdir.find_by_pk('OrItem', i, '{"attributes":["id"]}') LIMIT 1) FROM generate_series(1, 3) AS i;
SELECT i, x.record FROM generate_series(1, 3) AS i, LATERAL (SELECT studentdir.find_by_pk('OrItem', i, '{"attributes":["id"]}') AS record OFFSET 0) AS x LIMIT 2;
SELECT record->>'id' FROM (VALUES (2), (1), (2)) AS v(i), LATERAL studentdir.increment('OrItem', i, '"n"') AS record;
SELECT id, n FROM or_items ORDER BY id;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT studentdir.find_by_pk('OrItem', 1, '{"attributes":["id"]}');
FETCH 1 FROM c;
FETCH 1 FROM c;
FETCH BACKWARD 1 FROM c;
DECLARE d CURSOR WITH HOLD FOR SELECT studentdir.create('OrItem', '{"id":11}'), generate_series(1, 2);
FETCH 1 FROM d;
COMMIT;
FETCH ALL FROM d;
CLOSE d;
-- with what is read back, and with what is nested: the tuplestore
SELECT studentdir.create('OrItem', '{"id":12,"name":"twelve"}', '{"returning":["name"]}'), generate_series(1, 2);
SELECT studentdir.increment('OrItem', 12, '"n"', '{"returning":["n"]}'), generate_series(1, 2);
SELECT studentdir.update_by_pk('OrItem', 12, '{"n":7}', '{"returning":["n"]}');
-- alone it is called without what sets need
EXPLAIN (COSTS OFF) SELECT studentdir.find_by_pk('OrItem', 1);
SELECT studentdir.find_by_pk('OrItem', (SELECT max(id) FROM or_items), '{"attributes":["id"]}');
SELECT studentdir.find_by_pk('OrItem', 1, '{"attributes":["id"]}') AS record LIMIT 1;
SELECT studentdir.find_by_pk('OrItem', 1) WHERE false;
PREPARE get(text, jsonb) AS SELECT studentdir.find_by_pk('OrItem', $1, $2) AS record;
EXECUTE get('2', '{"attributes":["id"]}');
EXECUTE get('77', NULL);
EXECUTE get(NULL, NULL);
EXECUTE get('x', NULL);
EXECUTE get('3', '{"attributes":["id"]}');
SELECT studentdir.create('OrItem', '{"id":13}', '{"returning":["id"]}');
SELECT studentdir.increment('OrItem', 13, '{"n":3}', '{"returning":["n"]}');
BEGIN;
DECLARE e CURSOR FOR SELECT studentdir.increment('OrItem', 13, '"n"', '{"attributes":["n"]}');
ROLLBACK;
BEGIN;
DECLARE e CURSOR FOR SELECT studentdir.increment('OrItem', 13, '"n"');
FETCH 1 FROM e;
FETCH ALL FROM e;
COMMIT;
BEGIN;
CREATE ROLE or_guest;
REVOKE EXECUTE ON FUNCTION studentdir.find_one(text, jsonb, jsonb) FROM PUBLIC;
SET ROLE or_guest;
SELECT studentdir.find_one('OrItem', '{}');
ROLLBACK;
SET track_functions = 'all';
SELECT studentdir.find_one('OrItem', '{"attributes":["id"],"order":["id"]}');
RESET track_functions;
-- a trigger that writes no row; tables that inherit, whose rows can have one key
CREATE FUNCTION or_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON or_items FOR EACH ROW WHEN (NEW.id > 100) EXECUTE FUNCTION or_refuse();
SELECT studentdir.create('OrItem', '{"id":101}'), generate_series(1, 2);
CREATE TABLE or_more () INHERITS (or_items);
INSERT INTO or_more VALUES (1, 'another', 40), (1, 'a third', 50);
SELECT record->>'name' AS name FROM studentdir.increment('OrItem', 1, '{"n":1}') AS record ORDER BY 1;
SELECT count(*) FROM (SELECT studentdir.update_by_pk('OrItem', 1, '{"name":"one"}')) AS x;
-- in PL/pgSQL and in SQL functions
DO $$
DECLARE r json; i integer;
BEGIN
  FOR i IN 2 .. 4 LOOP
    SELECT studentdir.increment('OrItem', i, '{"n":10}') INTO r;
    r := (SELECT studentdir.find_by_pk('OrItem', i));
    RAISE NOTICE '%', r;
  END LOOP;
  FOR r IN SELECT studentdir.find_by_pk('OrItem', g) FROM generate_series(2, 3) AS g LOOP
    RAISE NOTICE '%', r->>'n';
  END LOOP;
END $$;
CREATE FUNCTION pg_temp.found(id bigint) RETURNS SETOF json LANGUAGE sql AS $$ SELECT studentdir.find_by_pk('OrItem', id, '{"attributes":["id"]}') $$;
SELECT pg_temp.found(i) FROM generate_series(3, 5) AS i;
SELECT studentdir.undefine('OrItem');
DROP TABLE or_items CASCADE;
DROP FUNCTION or_refuse;
