-- Errors of classes 22 and 54 say where in the document they come from; those of a row name the statement.
SET client_min_messages = warning;
CREATE TABLE places (id int PRIMARY KEY, name text NOT NULL, meta jsonb);
INSERT INTO places VALUES (1, 'a', '{}');
SELECT studentdir.define('Place', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","meta":"JSONB"}', '{"tableName":"places","timestamps":false}') IS NOT NULL AS defined;
SELECT studentdir.has_many('Place', 'Place', '{"as":"Inner","foreignKey":"id"}') IS NOT NULL AS associated;

-- patterns, in a list too, and of parameters
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$regexp":{"$any":["a","("]}}}}');
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$notIRegexp":{"$all":{"$values":["["]}}}}}');
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$like":{"$any":["a","a\\"]}}}}');
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$notILike":{"$all":["a\\"]}}}}');
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$regexp":{"$any":{"$param":"p"}}}}}', '{"p":["a","a{2,1}"]}');
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$regexp":{"$any":["a",{"$param":"p"}]}}}}', '{"p":"*"}');
SELECT * FROM studentdir.find_all('Place', '{"where":{"name":{"$like":{"$any":["a",{"$param":"p"}]}}}}', '{"p":"\\"}');
SELECT studentdir.list('Place', '{"attributes":["id"],"where":{"name":{"$like":{"$any":[5,"a%"]}}}}'),
  studentdir.list('Place', '{"attributes":["id"],"where":{"name":{"$like":{"$any":[5,{"$param":"p"}]}}}}', '{"p":"a%"}'),
  studentdir.list('Place', '{"attributes":["id"],"where":{"name":{"$notRegexp":{"$all":["^b","c"]}}}}');

-- limits
SELECT studentdir.count('Place', jsonb_build_object('where', jsonb_build_object('$or', (SELECT jsonb_agg(jsonb_build_object('id', i)) FROM generate_series(1, 10001) i))));
SELECT studentdir.count('Place', jsonb_build_object('where', (SELECT jsonb_object_agg('meta.a' || i, NULL) FROM generate_series(10001, 20001) i)));
SELECT * FROM studentdir.find_all('Place', jsonb_build_object('order', (SELECT jsonb_agg('name'::text) FROM generate_series(1, 101))));
SELECT * FROM studentdir.find_all('Place', ('{"where":' || repeat('{"$not":', 200) || '{}' || repeat('}', 200) || '}')::jsonb);
SELECT studentdir.update('Place', (SELECT jsonb_object_agg('meta.a' || i, 1) FROM generate_series(1, 101) i), '{"all":true}');
SELECT studentdir.define('PlaceWide', (SELECT json_object_agg('a' || i, 'INTEGER'::text) FROM generate_series(1, 33) i), jsonb_build_object('indexes', jsonb_build_array(jsonb_build_object('fields', (SELECT jsonb_agg('a' || i) FROM generate_series(1, 33) i)))));
SELECT studentdir.define('PlaceWide', (SELECT json_object_agg('a' || i, json_build_object('type', 'INTEGER', 'unique', 'u')) FROM generate_series(1, 33) i));
SELECT studentdir.define('PlaceWide', (SELECT json_object_agg('a' || i, json_build_object('type', 'INTEGER', 'index', 'x')) FROM generate_series(1, 33) i));
SELECT studentdir.define('PlaceWide', (SELECT json_object_agg('a' || i, json_build_object('type', 'INTEGER', 'primaryKey', true)) FROM generate_series(1, 33) i));

-- what only a row can tell
SELECT * FROM studentdir.find_all('Place', '{"where":{"$expr":[{"$cast":[{"$col":"name"},"INTEGER"]},"$gt",1]}}');
SELECT studentdir.list('Place', '{"attributes":[[{"$div":[{"$col":"id"},0]},"x"]]}');
SELECT studentdir.count('Place', '{"where":{"$expr":[{"$div":[1,0]},"$gt",1]}}');
SELECT studentdir.find_one('Place', '{"order":[[{"$cast":[{"$col":"name"},"DATE"]},"DESC"]]}');
SELECT * FROM studentdir.rows(NULL::places, '{"where":{"$expr":[{"$cast":[{"$col":"name"},"INTEGER"]},"$gt",1]}}');
SELECT studentdir.update('Place', '{"name":"b"}', '{"where":{"$expr":[{"$cast":[{"$col":"name"},"INTEGER"]},"$gt",1]}}');
SELECT * FROM studentdir.find_all('Place', '{"include":{"association":"Inner","attributes":["id",[{"$cast":[{"$col":"name"},"INTEGER"]},"n"]]}}');

SELECT studentdir.undefine('Place');
DROP TABLE places;
