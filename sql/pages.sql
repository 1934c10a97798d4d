-- Pages put together are the whole.
\pset tuples_only on
\pset format unaligned
CREATE TABLE moment (id int PRIMARY KEY, at timestamptz, n int, big numeric);
INSERT INTO moment SELECT i, '2026-01-01 10:00:00Z'::timestamptz + (i / 3) * interval '1 millisecond' + (i * 7 % 5) * interval '100 microseconds', i % 2, i FROM generate_series(1, 9) AS i;
SELECT studentdir.define('Moment', '{"id":{"type":"INTEGER","primaryKey":true},"at":"DATE","n":"INTEGER","big":"DECIMAL"}', '{"tableName":"moment","timestamps":false}') IS NOT NULL;
CREATE FUNCTION pg_temp.sql(options jsonb) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT regexp_replace(sql, '^.* FROM ', '… FROM ') || ' ' || params FROM studentdir.to_sql('Moment', options)
$$;
-- the primary key is the last term where a page is cut out of an order
SELECT o, s FROM (VALUES ('{"order":["n"],"limit":2}'::jsonb), ('{"order":[["n","DESC"]],"limit":2}'), ('{"order":[["n","DESC NULLS LAST"]],"offset":2}'), ('{"order":["n",["id","DESC"],"big"],"limit":2}'), ('{"order":[[{"$fn":["abs",{"$col":"n"}]},"DESC"]],"limit":1}'),
  ('{"order":["n"]}'), ('{"limit":2}'), ('{"attributes":["n"],"distinct":true,"order":["n"],"limit":2}'), ('{"attributes":["n"],"group":["n"],"order":["n"],"limit":2}'), ('{"order":[["n","DESC"]],"limit":2,"after":3}')) AS t (o), pg_temp.sql(o) AS s;
-- times that JSON cuts to the millisecond
SELECT id, at::text FROM moment ORDER BY at, id;
SELECT a, studentdir.list('Moment', jsonb_build_object('attributes', '["id"]'::jsonb, 'order', '["at"]'::jsonb, 'limit', 3, 'after', a)) FROM (VALUES
  ('{"at":"2026-01-01T10:00:00.001Z","id":5}'::jsonb), ('{"at":"2026-01-01T10:00:00.001Z","id":3}'), ('{"at":"2026-01-01T10:00:00.001100Z","id":3}'), ('{"at":"2026-01-01T10:00:00.001Z","id":100}'), ('{"at":"2026-01-01T10:00:00.002Z","id":5}'), ('{"at":null,"id":5}')) AS t (a);
SELECT b, studentdir.list('Moment', jsonb_build_object('attributes', '["id"]'::jsonb, 'order', '[["at","DESC"]]'::jsonb, 'limit', 3, 'before', b)) FROM (VALUES
  ('{"at":"2026-01-01T10:00:00.001Z","id":5}'::jsonb), ('{"at":"2026-01-01T10:00:00.001Z","id":100}')) AS t (b);
-- its row is read where that may be needed, and only there
SELECT pg_temp.sql('{"order":["at"],"limit":3,"after":{"at":"2026-01-01T10:00:00.001Z","id":5}}');
SELECT pg_temp.sql('{"order":["n"],"limit":3,"after":{"n":1,"id":5}}');
SELECT studentdir.list('Moment', '{"attributes":["id"],"order":["at"],"limit":2,"after":{"at":{"$param":"t"},"id":{"$param":"k"}}}', '{"t":"2026-01-01T10:00:00.001Z","k":5}');
-- both ways through rows that are equal, and null: each page, put before the one that it is before, makes the whole
CREATE TABLE hole (id int PRIMARY KEY, n int, t text);
INSERT INTO hole SELECT i, nullif(i % 3, 0), CASE WHEN i % 4 > 0 THEN 't' || i % 2 END FROM generate_series(1, 12) AS i;
SELECT studentdir.define('Hole', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER","t":"TEXT"}', '{"tableName":"hole","timestamps":false}') IS NOT NULL;
CREATE FUNCTION pg_temp.walk(sorted jsonb, way text, model text DEFAULT 'Hole') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	options jsonb := jsonb_build_object('order', sorted);
	whole jsonb := studentdir.list(model, options || '{"limit":100}');
	gathered jsonb := '[]';
	edge jsonb;
	page jsonb;
BEGIN
	LOOP
		edge := CASE WHEN gathered = '[]' THEN whole->CASE way WHEN 'after' THEN 0 ELSE -1 END ELSE gathered->CASE way WHEN 'after' THEN -1 ELSE 0 END END;
		edge := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(edge) WHERE key = 'id' OR sorted::text ~ format('"%s"', key));
		page := studentdir.list(model, options || '{"limit":2}' || jsonb_build_object(way, edge));
		EXIT WHEN page = '[]' OR jsonb_array_length(gathered) > 200;
		gathered := CASE way WHEN 'after' THEN gathered || page ELSE page || gathered END;
	END LOOP;
	RETURN CASE WHEN gathered = CASE way WHEN 'after' THEN whole - 0 ELSE whole - -1 END THEN 'the whole' ELSE gathered::text END;
END $$;
SELECT o, way, pg_temp.walk(o, way) FROM (VALUES ('["n"]'::jsonb), ('[["n","DESC"]]'), ('[["n","ASC NULLS FIRST"]]'), ('[["n","DESC NULLS LAST"]]'), ('[["n","DESC NULLS FIRST"],["t","ASC NULLS LAST"]]'),
  ('[["t","DESC NULLS LAST"],["n","ASC NULLS FIRST"],["id","DESC"]]')) AS o (o), (VALUES ('after'), ('before')) AS w (way);
SELECT studentdir.undefine('Hole');
DROP TABLE hole;
-- a page begins where an index has its edge: nothing before it is read but what is equal by the terms that are compared first
CREATE TABLE deep (id int PRIMARY KEY, a int NOT NULL, b text NOT NULL, c int, at timestamptz NOT NULL);
INSERT INTO deep SELECT i, i % 5, 'b' || i % 3, nullif(i % 2, 0), '2026-01-01Z'::timestamptz + i / 4 * interval '1 ms' + i % 3 * interval '100 us' FROM generate_series(1, 60) AS i;
CREATE INDEX ON deep (a, b, id);
CREATE INDEX ON deep (c, a, id);
CREATE INDEX ON deep (at, id);
ANALYZE deep;
SELECT studentdir.define('Deep', '{"id":{"type":"INTEGER","primaryKey":true},"a":"INTEGER","b":"TEXT","c":"INTEGER","at":"DATE"}', '{"tableName":"deep","timestamps":false}') IS NOT NULL;
SET jit = off; SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off;
SELECT o, way, pg_temp.walk(o, way, 'Deep') FROM (VALUES ('["a","b"]'::jsonb), ('[["a","DESC"],["b","DESC"]]'), ('["a",["b","DESC"]]'), ('["b",["c","DESC"]]'), ('[["c","DESC"],["a","DESC"]]'), ('["c","a"]'), ('[["c","DESC NULLS LAST"],"a"]'), ('["at"]'), ('[["at","DESC"]]')) AS o (o), (VALUES ('after'), ('before')) AS w (way);
SELECT o, a, line FROM (VALUES ('["a","b"]'::jsonb, '{"a":3,"b":"b1","id":28}'::jsonb), ('[["a","DESC"],["b","DESC"]]', '28'), ('["a",["b","DESC"]]', '28'), ('[["a","DESC"],["b","DESC"],"id"]', '28'), ('[["c","DESC"],["a","DESC"]]', '{"c":1,"a":3,"id":33}'), ('["c","a"]', '{"c":null,"a":3,"id":28}'),
  ('["at"]', '{"at":"2026-01-01T00:00:00.005Z","id":100}'), ('[["at","DESC"]]', '{"at":"2026-01-01T00:00:00.005Z","id":100}')) AS t (o, a), studentdir.explain('Deep', jsonb_build_object('order', o, 'limit', 2, 'after', a), true) AS line WHERE line ~ 'Index Cond|Removed' AND line !~ '\(id = ';
RESET jit; RESET enable_seqscan; RESET enable_sort; RESET enable_bitmapscan;
SELECT studentdir.undefine('Deep');
DROP TABLE deep;
-- an order through associations to many records that are included, at any depth
SELECT user_create('{"name":"A"}') IS NOT NULL, user_create('{"name":"B"}') IS NOT NULL;
INSERT INTO posts (title, user_id) SELECT 't' || i, (SELECT id FROM users WHERE name = CASE WHEN i < 5 THEN 'A' ELSE 'B' END) FROM generate_series(1, 6) AS i;
SELECT users_list('{"attributes":["name"],"order":["name",["Posts","title","DESC"]],"include":{"association":"Posts","attributes":["title"],"limit":3}}');
SELECT users_list('{"attributes":["name"],"where":{"name":"B"},"order":[["Posts","User","Posts","title","DESC"]],"include":{"association":"Posts","attributes":["title"],"limit":1,"order":["title"],"include":{"association":"User","attributes":["name"],"include":{"association":"Posts","attributes":["title"]}}}}');
SELECT posts_list('{"attributes":["title"],"limit":1,"order":[["User","name","DESC"],["User","Posts","title","DESC"]],"include":{"association":"User","attributes":["name"],"include":{"association":"Posts","attributes":["title"]}}}');
SELECT users_list('{"order":[["Posts","User","Posts","title"]],"include":"Posts"}');
SELECT users_list('{"order":[["Posts","title"]]}');
SELECT posts_list('{"order":[["User","Posts","title"]]}');
SELECT users_list('{"order":[["Posts","nope"]],"include":"Posts"}');
SELECT users_list('{"order":[["Posts","User","name","UP"]],"include":{"association":"Posts","include":"User"}}');
DELETE FROM users;
SELECT studentdir.undefine('Moment');
DROP TABLE moment;
