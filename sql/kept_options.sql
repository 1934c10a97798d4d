-- parsed options are kept for the calls that come with the same bytes: each query is asked until it is
\pset format unaligned
\pset tuples_only on
CREATE TABLE ko_a (id int PRIMARY KEY, name text, at timestamptz, kind text);
CREATE TABLE ko_b (id int PRIMARY KEY, a_id int, note text);
INSERT INTO ko_a VALUES (1, 'x', '2026-01-01 00:30Z', 'k'), (2, 'y', '2026-01-01 12:00Z', 'l');
INSERT INTO ko_b VALUES (1, 1, 'n1'), (2, 1, 'n2'), (3, 2, 'n3');
SELECT studentdir.define('KoA', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","at":"DATE","kind":"TEXT"}', '{"tableName":"ko_a","timestamps":false}') IS NOT NULL, studentdir.define('KoB', '{"id":{"type":"INTEGER","primaryKey":true},"aId":{"type":"INTEGER","field":"a_id"},"note":"TEXT"}', '{"tableName":"ko_b","timestamps":false}') IS NOT NULL,
  studentdir.has_many('KoA', 'KoB', '{"as":"bs","foreignKey":"aId"}') IS NOT NULL;
CREATE FUNCTION pg_temp.ask(options jsonb, params jsonb DEFAULT NULL) RETURNS text LANGUAGE sql AS $$ SELECT studentdir.list('KoA', options, params)::text $$;
CREATE FUNCTION pg_temp.kept() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'studentdir options' $$;
SELECT pg_temp.kept() AS before \gset
-- the values of each call are its own
SELECT p, pg_temp.ask('{"attributes":["id"],"where":{"name":{"$param":"n"}},"limit":{"$param":"l"}}', jsonb_build_object('n', p, 'l', 1)) FROM (VALUES ('x'), ('y'), ('z'), ('x')) AS t (p);
SELECT pg_temp.kept() - :before;
SELECT p, pg_temp.ask('{"attributes":["id"],"order":["id"],"include":{"association":"bs","attributes":["id"],"where":{"note":{"$param":"n"}},"required":false}}', jsonb_build_object('n', p)) FROM (VALUES ('n1'), ('n2'), ('n3')) AS t (p);
SELECT a, b, record FROM (VALUES (1, 'x'), (2, 'x'), (2, 'y'), (1, 'y')) AS t (a, b), LATERAL studentdir.find_by_pk('KoA', a, '{"attributes":["id"],"where":{"name":{"$param":"b"}}}', jsonb_build_object('b', b));
SELECT a, record FROM (VALUES ('1'), ('2'), ('1')) AS t (a), LATERAL studentdir.find_by_pk('KoA', a, '{"attributes":["name"]}');
SELECT p, pg_temp.ask('{"attributes":["id"],"order":["id"],"after":{"$param":"k"}}', jsonb_build_object('k', p)) FROM (VALUES (0), (1), (2)) AS t (p), generate_series(1, 1) WHERE p > 0;
-- what a value means at another time: the time zone
SET timezone = 'UTC';
SELECT pg_temp.ask('{"attributes":["id"],"where":{"at":{"$gte":"2026-01-01 02:00"}}}') FROM generate_series(1, 3);
SET timezone = 'Pacific/Auckland';
SELECT pg_temp.ask('{"attributes":["id"],"where":{"at":{"$gte":"2026-01-01 02:00"}}}');
RESET timezone;
-- a key that is an object: each set of its attributes is a query of its own, a value of it is the call's
CREATE TABLE ko_c (a int, b int, name text UNIQUE, PRIMARY KEY (a, b));
INSERT INTO ko_c VALUES (1, 1, 'one'), (1, 2, 'two'), (2, 1, 'three');
SELECT studentdir.define('KoC', '{"a":{"type":"INTEGER","primaryKey":true},"b":{"type":"INTEGER","primaryKey":true},"name":{"type":"TEXT","unique":true}}', '{"tableName":"ko_c","timestamps":false}') IS NOT NULL;
CREATE FUNCTION pg_temp.by_key(key jsonb) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN studentdir.find_by_pk('KoC', key, '{"attributes":["a","b","name"]}'); EXCEPTION WHEN OTHERS THEN RETURN sqlstate || ' ' || sqlerrm; END $$;
SELECT pg_temp.kept() AS before \gset
SELECT key, pg_temp.by_key(key), pg_temp.by_key(key) FROM unnest(ARRAY['{"name":"one"}', '{"name":"two"}', '{"a":1,"b":2}', '{"b":1,"a":2}', '{"name":"three"}', '{"a":"2","b":1}']::jsonb[]) AS key;
SELECT pg_temp.kept() - :before;
SELECT key, pg_temp.by_key(key) FROM unnest(ARRAY['{"name":null}', '{"a":1,"b":null}', '{"a":1}', '{"name":"one","a":1}', '{"name":7}', '{"a":"x","b":1}', '{"a":[1],"b":1}', '{"nmae":"one"}', '1', 'null', '[1,2]', '{}', '{"name":"two"}']::jsonb[]) AS key, generate_series(1, 2);
SELECT key, record FROM unnest(ARRAY['1', '2', '"1"', '{"id":2}', '1']::jsonb[]) AS key, LATERAL studentdir.find_by_pk('KoA', key, '{"attributes":["id"]}');
-- an object without members names no attribute, as a value does; what is kept for values is not for it
CREATE FUNCTION pg_temp.by_pk(key jsonb) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN studentdir.find_by_pk('KoA', key, '{"attributes":["id"]}'); EXCEPTION WHEN others THEN RETURN SQLSTATE || ': ' || SQLERRM; END $$;
SELECT key, pg_temp.by_pk(key) FROM unnest(ARRAY['1', '2', '{}', '{}', '{}', '1']::jsonb[]) AS key;
SELECT studentdir.undefine('KoC');
DROP TABLE ko_c;
-- the model changes, another model that the options lead to, the table
SELECT pg_temp.ask('{"attributes":["name","kind"],"where":{"id":1},"include":"bs"}') FROM generate_series(1, 3);
SELECT studentdir.define('KoB', '{"id":{"type":"INTEGER","primaryKey":true},"aId":{"type":"INTEGER","field":"a_id"},"text":{"type":"TEXT","field":"note"}}', '{"tableName":"ko_b","timestamps":false}') IS NOT NULL;
SELECT pg_temp.ask('{"attributes":["name","kind"],"where":{"id":1},"include":"bs"}');
ALTER TABLE ko_b ALTER note TYPE int USING 7;
SELECT pg_temp.ask('{"attributes":["name","kind"],"where":{"id":1},"include":"bs"}');
SELECT studentdir.define('KoA', '{"id":{"type":"INTEGER","primaryKey":true},"kind":{"type":"TEXT","field":"name"},"name":{"type":"TEXT","field":"kind"},"at":"DATE"}', '{"tableName":"ko_a","timestamps":false}') IS NOT NULL;
SELECT pg_temp.ask('{"attributes":["name","kind"],"where":{"id":1}}') FROM generate_series(1, 3);
-- settings
SELECT pg_temp.ask('{"where":{},"attributes":["id"]}') FROM generate_series(1, 3);
SET studentdir.empty_where = refuse;
SELECT pg_temp.ask('{"where":{},"attributes":["id"]}');
RESET studentdir.empty_where;
SET studentdir.max_include_depth = 0;
SELECT pg_temp.ask('{"attributes":["name","kind"],"where":{"id":1},"include":"bs"}');
RESET studentdir.max_include_depth;
-- a cursor goes on while its options are pushed out, and its query with them
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('KoA', '{"attributes":["id"],"order":["id"],"include":{"association":"bs","attributes":["id"]}}') UNION ALL SELECT studentdir.find_all('KoA', '{"attributes":["id"],"order":["id"],"include":{"association":"bs","attributes":["id"]}}') UNION ALL SELECT studentdir.find_all('KoA', '{"attributes":["id"],"order":["id"],"include":{"association":"bs","attributes":["id"]}}');
FETCH 5 FROM c;
SELECT count(pg_temp.ask(jsonb_build_object('where', jsonb_build_object('name', repeat(i::text, 200)), 'attributes', '["id"]'::jsonb))) FROM generate_series(1, 900) AS i, generate_series(1, 2);
FETCH 5 FROM c;
COMMIT;
SELECT studentdir.undefine('KoB'), studentdir.undefine('KoA');
DROP TABLE ko_a, ko_b;

-- what is bound to write associated records stays with the call, and not with the options
CREATE TABLE ko_parents (id int PRIMARY KEY);
CREATE TABLE ko_kids (id int PRIMARY KEY, p_id int, a timestamptz, b timestamptz);
SELECT studentdir.define('KoParent', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"ko_parents","timestamps":false}') IS NOT NULL
   AND studentdir.define('KoKid', '{"id":{"type":"INTEGER","primaryKey":true},"pId":{"type":"INTEGER","field":"p_id"},"a":"DATE","b":"DATE"}', '{"tableName":"ko_kids","timestamps":false,"validate":{"late":{"where":{"b":{"$gt":"2020-01-01T00:00:00Z"}}}}}') IS NOT NULL
   AND studentdir.has_many('KoParent', 'KoKid', '{"as":"kids","foreignKey":"pId","scope":{"a":"2026-01-01T00:00:00Z"}}') IS NOT NULL AS defined;
SELECT studentdir.create('KoParent', '{"id":1,"kids":[{"id":1,"b":"2025-01-01T00:00:00Z"}]}', '{"include":["kids"]}');
SELECT studentdir.create('KoParent', '{"id":2,"kids":[{"id":2,"b":"2025-01-01T00:00:00Z"}]}', '{"include":["kids"]}');
SELECT studentdir.create('KoParent', '{"id":3,"kids":[{"id":3,"b":"2019-01-01T00:00:00Z"}]}', '{"include":["kids"]}');
SELECT studentdir.create('KoParent', '{"id":4,"kids":[{"id":4,"b":"2025-01-01T00:00:00Z"}]}', '{"include":["kids"]}');
SELECT id, studentdir.find_all('KoParent', '{"attributes":["id",[{"$count":{"association":"kids","where":{"id":{"$gt":0}}}},"n"]],"where":{"id":{"$param":"x"}}}', params => jsonb_build_object('x', id)) AS found FROM generate_series(1, 4) AS id;
-- any number of parameters beside what is bound to compute a value
CREATE FUNCTION pg_temp.many(n int) RETURNS text LANGUAGE sql AS $$
  SELECT studentdir.list('KoParent', jsonb_build_object('attributes', '["id",[{"$count":"kids"},"n"],[{"$count":{"association":"kids","where":{"id":{"$lt":9}}}},"m"]]'::jsonb, 'order', '["id"]'::jsonb,
      'where', jsonb_build_object('$or', jsonb_agg(jsonb_build_object('id', jsonb_build_object('$param', 'p' || i))))), jsonb_object_agg('p' || i, 1 + i % 2))::text
    FROM generate_series(1, n) AS i $$;
SELECT found, count(*), min(n), max(n) FROM (SELECT n, pg_temp.many(n) AS found FROM generate_series(1, 40) AS n, generate_series(1, 3)) AS t GROUP BY found ORDER BY 3;
SELECT studentdir.undefine('KoKid'), studentdir.undefine('KoParent');
DROP TABLE ko_kids, ko_parents;

-- the place of a member of a key is named by the model, and not by the key of the call whose options are kept
CREATE TABLE ko_keys (a int, attribute_with_a_long_name int, PRIMARY KEY (a, attribute_with_a_long_name));
SELECT studentdir.define('KoKey', '{"a":{"type":"INTEGER","primaryKey":true},"attribute_with_a_long_name":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"ko_keys","timestamps":false}') IS NOT NULL AS defined;
CREATE FUNCTION pg_temp.place_of(value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  key jsonb;
  detail text;
BEGIN
  FOR i IN 1..3 LOOP
    key := jsonb_build_object('a', i, 'attribute_with_a_long_name', 1);
    PERFORM studentdir.find_by_pk('KoKey', key, ('{"where":{"a":' || length(value) || '}}')::jsonb);
  END LOOP;
  key := jsonb_build_object('attribute_with_a_long_name', value, 'a', 1);
  PERFORM studentdir.find_by_pk('KoKey', key, ('{"where":{"a":' || length(value) || '}}')::jsonb);
  RETURN 'no error';
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
  RETURN detail;
END $$;
SELECT n, pg_temp.place_of(repeat('x', n * 1000)) FROM generate_series(1, 6) AS n;
SELECT studentdir.undefine('KoKey');
DROP TABLE ko_keys;

-- what the join rows of an include lead to is another model too, which may change
CREATE TABLE ko_people (id int PRIMARY KEY);
CREATE TABLE ko_clubs (id int PRIMARY KEY);
CREATE TABLE ko_guides (id int PRIMARY KEY, name text);
CREATE TABLE ko_joins (person int, club int, guide int, PRIMARY KEY (person, club));
INSERT INTO ko_people VALUES (1);
INSERT INTO ko_clubs VALUES (1);
INSERT INTO ko_guides VALUES (1, 'the name');
INSERT INTO ko_joins VALUES (1, 1, 1);
SELECT studentdir.define('KoPerson', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"ko_people","timestamps":false}') IS NOT NULL AND studentdir.define('KoClub', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"ko_clubs","timestamps":false}') IS NOT NULL
   AND studentdir.define('KoGuide', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"tableName":"ko_guides","timestamps":false}') IS NOT NULL AND studentdir.define('KoJoin', '{"person":{"type":"INTEGER","primaryKey":true},"club":{"type":"INTEGER","primaryKey":true},"guide":"INTEGER"}', '{"tableName":"ko_joins","timestamps":false}') IS NOT NULL
   AND studentdir.belongs_to_many('KoPerson', 'KoClub', '{"as":"clubs","through":"KoJoin","foreignKey":"person","otherKey":"club"}') IS NOT NULL AND studentdir.belongs_to('KoJoin', 'KoGuide', '{"as":"guideRow","foreignKey":"guide"}') IS NOT NULL AS defined;
CREATE FUNCTION pg_temp.guides() RETURNS text LANGUAGE sql AS $$ SELECT studentdir.list('KoPerson', '{"attributes":["id"],"include":{"association":"clubs","attributes":["id"],"through":{"attributes":[["guideRow.name","guide"]]}}}')::text $$;
SELECT pg_temp.guides() FROM generate_series(1, 3);
ALTER TABLE ko_guides ALTER name TYPE int USING 7;
SELECT pg_temp.guides() FROM generate_series(1, 2);
SELECT studentdir.undefine('KoPerson'), studentdir.undefine('KoClub'), studentdir.undefine('KoGuide'), studentdir.undefine('KoJoin');
DROP TABLE ko_people, ko_clubs, ko_guides, ko_joins;
