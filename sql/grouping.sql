-- group, having and distinct: SQL's rule, or an error of ours with the path.
SET client_min_messages = warning;
\pset tuples_only on
\pset format unaligned
CREATE TABLE shop (id int PRIMARY KEY, name text, city text);
CREATE TABLE sale (a int, b int, shop_id int REFERENCES shop, n int, tags text[], meta jsonb, raw json, spot point, PRIMARY KEY (a, b));
CREATE VIEW sale_view AS SELECT * FROM sale;
INSERT INTO shop VALUES (1, 'One', 'X'), (2, 'Two', 'Y'), (3, 'Three', 'X');
INSERT INTO sale VALUES (1, 1, 2, 10, '{a}', '{"k":1}', '1', '(1,1)'), (1, 2, 2, 20, '{a}', '{"k":1}', '1', NULL), (2, 1, 1, 30, '{b}', '{"k":2}', NULL, NULL), (2, 2, 3, 5, NULL, NULL, NULL, NULL);
SELECT studentdir.define('Shop', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","city":"TEXT"}', '{"tableName":"shop","timestamps":false}') IS NOT NULL,
  studentdir.define('Sale', '{"a":{"type":"INTEGER","primaryKey":true},"b":{"type":"INTEGER","primaryKey":true},"shopId":"INTEGER","n":"INTEGER","tags":"ARRAY(TEXT)","meta":"JSONB","raw":"JSON","spot":"point"}', '{"tableName":"sale","timestamps":false}') IS NOT NULL,
  studentdir.define('SaleView', '{"a":{"type":"INTEGER","primaryKey":true},"b":{"type":"INTEGER","primaryKey":true},"shopId":"INTEGER","n":"INTEGER"}', '{"tableName":"sale_view","timestamps":false}') IS NOT NULL,
  studentdir.belongs_to('Sale', 'Shop', '{"foreignKey":"shopId"}') IS NOT NULL, studentdir.has_many('Shop', 'Sale', '{"as":"Sales","foreignKey":"shopId"}') IS NOT NULL;
CREATE FUNCTION pg_temp.list(model text, options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	RETURN studentdir.list(model, options::jsonb);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ' ' || sqlerrm || coalesce(' / ' || nullif(hint, ''), '');
END $$;
SELECT o, pg_temp.list('Sale', o) FROM (VALUES
  -- an order through an association, decided by the key that leads there
  ('{"attributes":["shopId",[{"$fn":["count",{"$col":"n"}]},"c"]],"group":["shopId"],"order":[["Shop","name"]]}'),
  ('{"attributes":["shopId"],"group":["shopId"],"order":[["Shop",{"$fn":["lower",{"$col":"city"}]},"DESC"],"shopId"]}'),
  ('{"attributes":["n"],"group":["n"],"order":[["Shop","name"]]}'),
  ('{"attributes":["a"],"group":["a"],"order":[["Shop","id"]]}'),
  -- the primary key decides everything, half of it nothing, and the same term twice counts once
  ('{"attributes":["a","b","n","meta"],"group":["a","b"],"order":["b",["Shop","name"]]}'),
  ('{"attributes":["a","n"],"group":["a","a"]}'), ('{"attributes":["a","a"],"group":["a","a"],"order":["a","a"]}'), ('{"group":"a"}'),
  -- expressions
  ('{"attributes":[[{"$fn":["mod",{"$col":"n"},20]},"m"],[{"$fn":["sum",{"$col":"n"}]},"s"]],"group":[{"$fn":["mod",{"$col":"n"},20]}],"order":["m"]}'),
  ('{"attributes":[[{"$fn":["sum",{"$col":"n"}]},"s"]],"group":[{"$fn":["mod",{"$col":"n"},20]}],"order":[[{"$fn":["mod",{"$col":"n"},20]},"DESC"]]}'),
  ('{"attributes":[[{"$fn":["abs",{"$fn":["mod",{"$col":"n"},{"$col":"a"}]}]},"x"]],"group":[{"$fn":["mod",{"$col":"n"},{"$col":"a"}]}]}'),
  ('{"attributes":[[{"$fn":["concat",{"$col":"a"},{"$fn":["count",{"$col":"n"}]}]},"x"]],"group":["a"],"order":["a"]}'),
  ('{"attributes":[[{"$fn":["concat",{"$col":"n"},{"$fn":["count",{"$col":"n"}]}]},"x"]],"group":["a"]}'),
  ('{"attributes":[[{"$fn":["concat",{"$col":"n"},{"$fn":["count",{"$col":"n"}]}]},"x"]]}'), ('{"attributes":[[{"$cast":[{"$fn":["coalesce",{"$fn":["count",{"$col":"n"}]},{"$fn":["max",{"$col":"b"}]}]},"text"]},"x"]]}'),
  ('{"attributes":["n"],"order":[{"$fn":["count",{"$col":"n"}]}]}'), ('{"attributes":[[{"$fn":["max",{"$col":"n"}]},"m"]],"order":[[{"$fn":["count",{"$col":"n"}]},"DESC"]]}'), ('{"attributes":[[{"$fn":["max",{"$col":"n"}]},"m"]],"order":["n"]}'),
  ('{"attributes":[[{"$fn":["max",{"$col":"n"}]},"m"]],"group":["m"]}'), ('{"attributes":["a"],"group":[{"$fn":["count",{"$col":"n"}]}]}'),
  -- having
  ('{"attributes":["a",[{"$fn":["sum",{"$col":"n"}]},"s"]],"group":["a"],"having":{"s":{"$gt":32}},"order":["a"]}'), ('{"attributes":["a"],"group":["a"],"having":{"n":1}}'), ('{"attributes":["a"],"group":["a"],"having":{"$or":[{"a":1},{"$not":{"$expr":[{"$fn":["abs",{"$col":"n"}]},"$gt",1]}}]}}'),
  ('{"attributes":["a"],"group":["a"],"having":{"$expr":[{"$fn":["max",{"$col":"n"}]},"$gt",25]}}'), ('{"attributes":["a"],"group":["a"],"having":{"$Shop.name$":"One"}}'), ('{"attributes":["shopId"],"group":["shopId"],"having":{"$Shop.name$":"One"}}'),
  -- what cannot be compared
  ('{"attributes":["raw"],"group":["raw"]}'), ('{"attributes":["spot"],"group":["spot"]}'), ('{"attributes":["meta"],"group":["meta"],"order":["meta"]}'), ('{"attributes":["tags"],"group":["tags"],"order":["tags"]}'),
  ('{"attributes":["raw"],"distinct":true}'), ('{"distinct":true}'), ('{"attributes":["tags"],"distinct":true,"order":["tags"]}'),
  -- what does not go with groups
  ('{"attributes":["a"],"group":["a"],"lock":"UPDATE"}'), ('{"attributes":["a"],"group":["a"],"include":"Shop"}'), ('{"attributes":["a"],"distinct":true,"after":{"a":1,"b":1}}'), ('{"attributes":["a"],"distinct":true,"before":{"a":1,"b":1}}')) AS t (o);
-- a view has no primary key that would decide anything
SELECT o, pg_temp.list('SaleView', o) FROM (VALUES ('{"attributes":["a","b","n"],"group":["a","b"]}'), ('{"attributes":["a","b"],"group":["a","b"],"order":["a","b"],"limit":1}')) AS t (o);
-- an aggregate in an include would be one of all parents
SELECT o, pg_temp.list('Shop', o) FROM (VALUES ('{"include":{"association":"Sales","attributes":[[{"$fn":["count",{"$col":"n"}]},"c"]]}}'), ('{"include":{"association":"Sales","order":[{"$fn":["count",{"$col":"n"}]}]}}'), ('{"include":"Sales","order":[["Sales",{"$fn":["count",{"$col":"n"}]}]]}')) AS t (o);
-- aggregate and find_and_count_all: a value, and a number, for each group
SELECT f, a, o, studentdir.aggregate('Sale', f, a, o::jsonb), (SELECT json_agg(x) FROM (SELECT shop_id AS "shopId", CASE f WHEN 'sum' THEN sum(n) ELSE max(n) END AS v FROM sale GROUP BY 1 ORDER BY 1) AS x) FROM (VALUES ('sum', 'n', '{"group":["shopId"]}'), ('max', 'n', '{"group":"shopId","having":{"shopId":{"$ne":null}}}')) AS t (f, a, o);
SELECT studentdir.aggregate('Sale', 'count', 'n', '{"group":["a","b"],"where":{"n":{"$gt":5}}}'), studentdir.aggregate('Sale', 'avg', 'n', '{"group":["a"],"where":{"n":-1}}'), studentdir.aggregate('Sale', 'min', 'n', '{"group":["shopId"],"having":{"$expr":[{"$fn":["count",{"$col":"n"}]},"$gt",1]}}');
SELECT studentdir.find_and_count_all('Sale', '{"attributes":[[{"$mod":[{"$col":"n"},20]},"m"],[{"$fn":["sum",{"$col":"n"}]},"s"]],"group":["m"],"order":[["m","DESC"]],"limit":1}') FROM generate_series(1, 2);
SELECT studentdir.find_and_count_all('Sale', '{"attributes":["a",[{"$fn":["max",{"$col":"n"}]},"x"]],"group":["a"],"order":["a"],"having":{"x":{"$gt":25}}}'), studentdir.find_and_count_all('Sale', '{"attributes":["a"],"group":["a"],"order":["a"],"where":{"a":9}}');
CREATE FUNCTION pg_temp.err(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE q;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ' ' || sqlerrm || coalesce(' / ' || nullif(hint, ''), '');
END $$;
SELECT q, pg_temp.err('SELECT studentdir.' || q) FROM unnest(ARRAY['aggregate(''Sale'', ''sum'', ''n'', ''{"group":[{"$mod":[{"$col":"n"},2]}]}'')', 'aggregate(''Sale'', ''sum'', ''n'', ''{"group":["nope"]}'')', 'aggregate(''Sale'', ''sum'', ''n'', ''{"group":["raw"]}'')', 'aggregate(''Sale'', ''sum'', ''n'', ''{"group":[]}'')', 'aggregate(''Sale'', ''sum'', ''n'', ''{"having":{"a":1}}'')', 'aggregate(''Sale'', ''sum'', ''n'', ''{"group":["a"],"having":{"n":1}}'')',
  'find_and_count_all(''Sale'', ''{"group":["a"]}'')', 'find_and_count_all(''Sale'', ''{"attributes":["a"],"group":["a"],"include":"Shop"}'')', 'find_and_count_all(''Sale'', ''{"attributes":["a",["b","count"]],"group":["a","count"]}'')', 'count(''Sale'', ''{"group":["a"]}'')']) AS q;
-- too many terms
SELECT pg_temp.list('Sale', jsonb_build_object('attributes', '["a"]'::jsonb, 'group', (SELECT jsonb_agg(jsonb_build_object('$fn', jsonb_build_array('mod', jsonb_build_object('$col', 'n'), i))) FROM generate_series(1, 1665) AS i))::text);
SELECT length(pg_temp.list('Sale', jsonb_build_object('attributes', '["a"]'::jsonb, 'group', (SELECT jsonb_agg('a'::text) FROM generate_series(1, 10000)))::text));
SELECT studentdir.undefine('SaleView'), studentdir.undefine('Sale'), studentdir.undefine('Shop');
DROP VIEW sale_view;
DROP TABLE sale, shop;

-- groups by what associated records say: as many in SQL
CREATE TABLE gr_users (id int PRIMARY KEY, name text);
CREATE TABLE gr_posts (id int PRIMARY KEY, user_id int, likes int);
INSERT INTO gr_users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Ann'), (4, NULL);
INSERT INTO gr_posts VALUES (1, 1, 5), (2, 1, 1), (3, 2, 2), (4, 3, 3), (5, NULL, 4), (6, 3, NULL);
SELECT studentdir.define('GrUser', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"tableName":"gr_users","timestamps":false}') IS NOT NULL, studentdir.define('GrPost', '{"id":{"type":"INTEGER","primaryKey":true},"userId":{"type":"INTEGER","field":"user_id"},"likes":"INTEGER"}', '{"tableName":"gr_posts","timestamps":false}') IS NOT NULL,
  studentdir.has_many('GrUser', 'GrPost', '{"as":"posts","foreignKey":"userId"}') IS NOT NULL, studentdir.belongs_to('GrPost', 'GrUser', '{"as":"user","foreignKey":"userId"}') IS NOT NULL;
SELECT m, o, studentdir.list(m, o::jsonb)::jsonb = a AS as_in_sql FROM (VALUES
  ('GrUser', '{"attributes":[[{"$count":"posts"},"posts"],[{"$agg":["count"]},"n"]],"group":[{"$count":"posts"}],"order":[[{"$count":"posts"},"DESC"]]}', (SELECT jsonb_agg(to_jsonb(x) ORDER BY posts DESC) FROM (SELECT posts, count(*)::text AS n FROM (SELECT (SELECT count(*) FROM gr_posts p WHERE p.user_id = u.id) AS posts FROM gr_users u) u GROUP BY 1) x)),
  ('GrUser', '{"attributes":[[{"$count":"posts"},"posts"],[{"$agg":["count"]},"n"]],"group":["posts"],"order":["posts"],"having":{"posts":{"$gt":0}}}', (SELECT jsonb_agg(to_jsonb(x) ORDER BY posts) FROM (SELECT posts, count(*)::text AS n FROM (SELECT (SELECT count(*) FROM gr_posts p WHERE p.user_id = u.id) AS posts FROM gr_users u) u WHERE posts > 0 GROUP BY 1) x)),
  ('GrPost', '{"attributes":[[{"$col":"user.name"},"name"],[{"$agg":["count"]},"n"]],"group":[{"$col":"user.name"}],"order":[["name","DESC"]]}', (SELECT jsonb_agg(to_jsonb(x) ORDER BY name DESC) FROM (SELECT name, count(*)::text AS n FROM gr_posts p LEFT JOIN gr_users u ON u.id = p.user_id GROUP BY 1) x)),
  ('GrPost', '{"attributes":[["$user.name$","name"],[{"$fn":["sum",{"$col":"likes"}]},"n"]],"group":["name"],"order":["name"],"having":{"name":{"$ne":null}}}', (SELECT jsonb_agg(to_jsonb(x) ORDER BY name) FROM (SELECT name, sum(likes)::text AS n FROM gr_posts p JOIN gr_users u ON u.id = p.user_id GROUP BY 1) x)),
  ('GrUser', '{"attributes":[[{"$exists":{"association":"posts","where":{"likes":{"$gt":2}}}},"liked"],[{"$agg":["count"]},"n"]],"group":[{"$exists":{"association":"posts","where":{"likes":{"$gt":2}}}}],"order":["liked"],"where":{"$exists":"posts"}}', (SELECT jsonb_agg(to_jsonb(x) ORDER BY liked) FROM (SELECT liked, count(*)::text AS n FROM (SELECT EXISTS (SELECT FROM gr_posts p WHERE p.user_id = u.id AND likes > 2) AS liked FROM gr_users u WHERE id IN (SELECT user_id FROM gr_posts)) u GROUP BY 1) x)),
  ('GrUser', '{"attributes":[[{"$case":[[{"$exists":"posts"},{"$col":"name"}],{"$else":"none"}]},"c"],[{"$agg":["count"]},"n"]],"group":[{"$case":[[{"$exists":"posts"},{"$col":"name"}],{"$else":"none"}]}],"order":["c"]}', (SELECT jsonb_agg(to_jsonb(x) ORDER BY c) FROM (SELECT c, count(*)::text AS n FROM (SELECT CASE WHEN EXISTS (SELECT FROM gr_posts p WHERE p.user_id = u.id) THEN name ELSE 'none' END AS c FROM gr_users u) u GROUP BY 1) x))) AS t (m, o, a);
-- another condition is another expression
SELECT studentdir.list('GrUser', '{"attributes":[[{"$exists":{"association":"posts","where":{"likes":{"$gt":2}}}},"e"]],"group":[{"$exists":{"association":"posts","where":{"likes":{"$gt":3}}}}]}');
-- expressions with parameters are one where the parameters are; by the key in "attributes" nothing has to be written twice
SELECT studentdir.list('GrUser', '{"attributes":[[{"$count":{"association":"posts","where":{"likes":{"$gt":{"$param":"n"}}}}},"c"],[{"$agg":["count"]},"users"]],"group":[{"$count":{"association":"posts","where":{"likes":{"$gt":{"$param":"n"}}}}}],"order":["c"]}', '{"n":2}');
SELECT studentdir.list('GrUser', '{"attributes":[[{"$count":{"association":"posts","where":{"likes":{"$gt":{"$param":"n"}}}}},"c"],[{"$agg":["count"]},"users"]],"group":["c"],"order":["c"]}', '{"n":2}');
SELECT json_agg(json_build_object('c', c, 'users', users::text) ORDER BY c) FROM (SELECT c, count(*) AS users FROM (SELECT (SELECT count(*) FROM gr_posts p WHERE p.user_id = u.id AND p.likes > 2) AS c FROM gr_users u) q GROUP BY c) q;
SELECT studentdir.list('GrUser', '{"attributes":[[{"$case":[[{"id":{"$in":[1,{"$param":"n"}]}},"these"],{"$else":"others"}]},"c"],[{"$agg":["count"]},"users"]],"group":[{"$case":[[{"id":{"$in":[1,{"$param":"n"}]}},"these"],{"$else":"others"}]}],"order":["c"]}', '{"n":2}');
-- of another name it is another one, whatever it holds
SELECT studentdir.list('GrUser', '{"attributes":[[{"$count":{"association":"posts","where":{"likes":{"$gt":{"$param":"n"}}}}},"c"]],"group":[{"$count":{"association":"posts","where":{"likes":{"$gt":{"$param":"m"}}}}}]}', '{"n":2,"m":2}');
-- a time that is made anew for each call is the same only as itself
SELECT studentdir.list('GrUser', format('{"attributes":[[{"$case":[[{"name":{"$ne":null}},{"$cast":[{"$value":"today"},"date"]}]]},"c"]],"group":[{"$case":[[{"name":{"$ne":null}},{"$cast":[{"$value":"%s"},"date"]}]]}]}', current_date)::jsonb);
-- what leads to associated records is named
SELECT studentdir.list('GrUser', '{"attributes":["name",[{"$list":"posts.likes"},"l"]],"group":["name"]}');
SELECT studentdir.list('GrUser', '{"attributes":["name",[{"$case":[[{"$exists":"posts"},1]]},"l"]],"group":["name"]}');
SELECT studentdir.undefine('GrUser'), studentdir.undefine('GrPost');
DROP TABLE gr_users, gr_posts;
