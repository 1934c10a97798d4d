-- recursive includes: a model's association with itself, on its own records again
\pset format unaligned
\pset tuples_only on
CREATE TABLE re_nodes (id int PRIMARY KEY, parent_id int, name text);
INSERT INTO re_nodes VALUES (1, NULL, 'root'), (2, 1, 'a'), (3, 1, 'b'), (4, 2, 'aa'), (5, 4, 'aaa'), (6, NULL, 'other'), (7, 7, 'self'), (8, 9, 'x'), (9, 8, 'y');
CREATE TABLE re_links (a int, b int, PRIMARY KEY (a, b));
INSERT INTO re_links VALUES (1, 2), (2, 3), (3, 1), (2, 2), (1, 3);
SELECT studentdir.define('ReNode', '{"id":{"type":"INTEGER","primaryKey":true},"parentId":{"type":"INTEGER","field":"parent_id"},"name":"TEXT"}', '{"tableName":"re_nodes","timestamps":false}') IS NOT NULL, studentdir.define('ReLink', '{"a":{"type":"INTEGER","primaryKey":true},"b":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"re_links","timestamps":false}') IS NOT NULL,
  studentdir.has_many('ReNode', 'ReNode', '{"as":"children","foreignKey":"parentId"}') IS NOT NULL, studentdir.belongs_to('ReNode', 'ReNode', '{"as":"parent","foreignKey":"parentId"}') IS NOT NULL, studentdir.belongs_to_many('ReNode', 'ReNode', '{"as":"friends","through":"ReLink","foreignKey":"a","otherKey":"b"}') IS NOT NULL, studentdir.has_many('ReNode', 'ReLink', '{"as":"links","foreignKey":"a"}') IS NOT NULL;
-- the tree as SQL builds it: a branch ends with a record that stands above itself
CREATE FUNCTION pg_temp.tree(node int, above int[], depth int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id) || CASE WHEN depth > 1 THEN jsonb_build_object('children', pg_temp.tree(n.id, above || n.id, depth - 1)) ELSE '{}' END ORDER BY n.id), '[]')
  FROM re_nodes n WHERE n.parent_id = node AND n.id <> ALL (above) $$;
CREATE FUNCTION pg_temp.up(node int, above int[], depth int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT (SELECT jsonb_build_object('id', n.id) || CASE WHEN depth > 1 THEN jsonb_build_object('parent', pg_temp.up(n.parent_id, above || n.id, depth - 1)) ELSE '{}' END FROM re_nodes n WHERE n.id = node AND n.id <> ALL (above)) $$;
CREATE FUNCTION pg_temp.web(node int, above int[], depth int) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id) || CASE WHEN depth > 1 THEN jsonb_build_object('friends', pg_temp.web(n.id, above || n.id, depth - 1)) ELSE '{}' END ORDER BY n.id), '[]')
  FROM re_nodes n JOIN re_links l ON l.b = n.id WHERE l.a = node AND n.id <> ALL (above) $$;
SELECT d, studentdir.list('ReNode', format('{"attributes":["id"],"order":["id"],"include":{"association":"children","attributes":["id"],"order":["id"],"recursive":true,"depth":%s}}', d)::jsonb)::jsonb = (SELECT jsonb_agg(jsonb_build_object('id', id, 'children', pg_temp.tree(id, ARRAY[id], d)) ORDER BY id) FROM re_nodes),
  studentdir.list('ReNode', format('{"attributes":["id"],"order":["id"],"include":{"association":"parent","attributes":["id"],"recursive":true,"depth":%s}}', d)::jsonb)::jsonb = (SELECT jsonb_agg(jsonb_build_object('id', id, 'parent', pg_temp.up(parent_id, ARRAY[id], d)) ORDER BY id) FROM re_nodes),
  studentdir.list('ReNode', format('{"attributes":["id"],"order":["id"],"include":{"association":"friends","attributes":["id"],"through":{"attributes":[]},"order":["id"],"recursive":true,"depth":%s}}', d)::jsonb)::jsonb = (SELECT jsonb_agg(jsonb_build_object('id', id, 'friends', pg_temp.web(id, ARRAY[id], d)) ORDER BY id) FROM re_nodes)
FROM generate_series(1, 6) AS d;
SELECT studentdir.list('ReNode', '{"attributes":["id"],"where":{"parentId":null},"order":["id"],"include":{"association":"children","attributes":["name"],"recursive":true,"order":[["id","DESC"]],"depth":3}}');
-- a record is one that stands above when it is the same, not when it belongs to the same
INSERT INTO re_nodes VALUES (10, 7, 'below'), (11, 8, 'z');
SELECT (SELECT jsonb_agg(record::jsonb ORDER BY (record->>'id')::int) FROM studentdir.find_all('ReNode', format('{"attributes":["id"],"include":{"association":"parent","attributes":["id"],"recursive":true,"depth":%s}}', d)::jsonb) AS f (record)) = (SELECT jsonb_agg(jsonb_build_object('id', id, 'parent', pg_temp.up(parent_id, ARRAY[id], d)) ORDER BY id) FROM re_nodes) AS as_in_sql FROM generate_series(1, 4) AS d;
SELECT studentdir.find_all('ReNode', '{"attributes":["name"],"where":{"id":{"$gt":9}},"order":["id"],"include":{"association":"parent","attributes":["name"],"recursive":true,"depth":4}}');
DELETE FROM re_nodes WHERE id > 9;
-- conditions cut branches, they do not leave out parents below the first level; other includes stand at each level
SELECT studentdir.list('ReNode', '{"attributes":["id"],"where":{"id":1},"include":{"association":"children","attributes":["id"],"where":{"name":{"$like":"a%"}},"recursive":true,"include":{"association":"links","attributes":["b"],"order":["b"]}}}');
SELECT studentdir.list('ReNode', '{"attributes":["id"],"order":["id"],"include":{"association":"children","attributes":["id"],"where":{"name":"nobody"},"recursive":true}}');
-- one statement a level
SELECT count(*) FROM studentdir.to_sql('ReNode', '{"include":{"association":"children","recursive":true,"depth":4}}');
CREATE FUNCTION pg_temp.err(q text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN others THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
SELECT o, pg_temp.err(format('SELECT studentdir.list(''ReNode'', %L)', o)) FROM (VALUES ('{"include":{"association":"children","depth":2}}'), ('{"include":{"association":"children","recursive":1}}'), ('{"include":{"association":"children","recursive":true,"depth":0}}'), ('{"include":{"association":"children","recursive":true,"depth":11}}'), ('{"include":{"association":"children","recursive":true,"depth":"2"}}'), ('{"include":{"association":"links","recursive":true}}'), ('{"include":{"association":"children","recursive":false}}')) AS t (o);
SELECT studentdir.undefine('ReNode'), studentdir.undefine('ReLink');
DROP TABLE re_nodes, re_links;

-- a window in an include looks at the records of one parent, however many parents are read together; with limit at all of them
CREATE TABLE rw_users (id int PRIMARY KEY);
CREATE TABLE rw_posts (id int PRIMARY KEY, user_id int, likes int);
CREATE TABLE rw_tags (user_id int, post_id int, PRIMARY KEY (user_id, post_id));
INSERT INTO rw_users SELECT generate_series(1, 40);
INSERT INTO rw_posts SELECT i, 1 + i % 40, i % 3 FROM generate_series(1, 200) AS i;
INSERT INTO rw_tags SELECT u, p FROM generate_series(1, 40) AS u, generate_series(1, 200) AS p WHERE (u * p) % 17 = 0;
SELECT studentdir.define('RwUser', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"rw_users","timestamps":false}') IS NOT NULL, studentdir.define('RwPost', '{"id":{"type":"INTEGER","primaryKey":true},"userId":{"type":"INTEGER","field":"user_id"},"likes":"INTEGER"}', '{"tableName":"rw_posts","timestamps":false}') IS NOT NULL,
  studentdir.define('RwTag', '{"userId":{"type":"INTEGER","primaryKey":true,"field":"user_id"},"postId":{"type":"INTEGER","primaryKey":true,"field":"post_id"}}', '{"tableName":"rw_tags","timestamps":false}') IS NOT NULL,
  studentdir.has_many('RwUser', 'RwPost', '{"as":"posts","foreignKey":"userId"}') IS NOT NULL, studentdir.belongs_to('RwPost', 'RwUser', '{"as":"user","foreignKey":"userId"}') IS NOT NULL, studentdir.belongs_to_many('RwUser', 'RwPost', '{"as":"marked","through":"RwTag","foreignKey":"userId","otherKey":"postId"}') IS NOT NULL;
CREATE FUNCTION pg_temp.windows(alias text, more text) RETURNS jsonb LANGUAGE sql AS $$
  SELECT studentdir.list('RwUser', format('{"attributes":["id"],"order":["id"],"include":{"association":%s,"through":{"attributes":[]},"attributes":["id",[{"$over":[{"$fn":["row_number"]},{"order":[["likes","DESC"],"id"]}]},"n"],[{"$over":[{"$agg":["count"]},{"partition":["likes"]}]},"alike"],[{"$over":[{"$fn":["sum",{"$col":"likes"}]}]},"sum"]],"order":["id"]%s}}', to_json(alias), more)::jsonb)::jsonb $$;
SELECT l, pg_temp.windows('marked', CASE WHEN l IS NOT NULL THEN ',"limit":' || l ELSE '' END) = (SELECT jsonb_agg(jsonb_build_object('id', u.id, 'marked', (SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.id), '[]') FROM (
    SELECT p.id, (row_number() OVER (ORDER BY likes DESC, p.id))::text AS n, (count(*) OVER (PARTITION BY likes))::text AS alike, (sum(likes) OVER ())::text AS sum FROM rw_posts AS p JOIN rw_tags AS t ON t.post_id = p.id WHERE t.user_id = u.id ORDER BY p.id LIMIT l) AS x)) ORDER BY u.id) FROM rw_users AS u) AS marked,
  studentdir.list('RwUser', format('{"attributes":["id"],"order":["id"],"include":{"association":"posts","attributes":["id",[{"$over":[{"$fn":["row_number"]},{"order":["id"]}]},"n"]],"order":["id"]%s}}', CASE WHEN l IS NOT NULL THEN ',"limit":' || l ELSE '' END)::jsonb)::jsonb = (SELECT jsonb_agg(jsonb_build_object('id', u.id, 'posts', (SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.id), '[]') FROM (
    SELECT p.id, (row_number() OVER (ORDER BY p.id))::text AS n FROM rw_posts AS p WHERE p.user_id = u.id ORDER BY p.id LIMIT l) AS x)) ORDER BY u.id) FROM rw_users AS u) AS posts
FROM (VALUES (NULL), (1), (3)) AS t (l);
-- of the one record that another belongs to, though many belong to it
SELECT studentdir.list('RwPost', '{"attributes":["id"],"order":["id"],"limit":2,"where":{"userId":5},"include":{"association":"user","attributes":["id",[{"$over":[{"$fn":["row_number"]},{"order":["id"]}]},"n"]]}}');
SELECT studentdir.undefine('RwUser'), studentdir.undefine('RwPost'), studentdir.undefine('RwTag');
DROP TABLE rw_users, rw_posts, rw_tags;
