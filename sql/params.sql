-- parameters of a call: {"$param": name} in places of values
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
CREATE TABLE pa_people (id int PRIMARY KEY, name text, email text, age int, born timestamptz, tags text[], meta jsonb, span int4range, state text, boss int, key text NOT NULL DEFAULT '');
INSERT INTO pa_people VALUES
  (1, 'Ann', 'ann@x', 30, '2026-01-01 00:00Z', '{a,b}', '{"k":1,"s":"one"}', '[1,5)', 'on', NULL),
  (2, 'Bob', 'bob@x', 20, '2026-02-01 00:00Z', '{b}', '{"k":2}', '[4,9)', NULL, 1),
  (3, 'Cy%', NULL, NULL, NULL, NULL, 'null', NULL, 'off', 1),
  (4, 'Di', 'di@x', 40, '2026-03-01 00:00Z', '{}', '{"k":{"$ne":null}}', 'empty', 'on', 2);
SELECT studentdir.define('PaPerson', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","email":"TEXT","age":"INTEGER","born":"DATE","tags":"ARRAY(TEXT)","meta":"JSONB","span":"RANGE(INTEGER)","state":"TEXT","boss":"INTEGER","key":"TEXT"}',
  '{"tableName":"pa_people","timestamps":false,"scopes":{"aged":{"params":["min"],"where":{"age":{"$gte":{"$param":"min"}}}},"like":{"where":{"name":{"$startsWith":{"$param":"p"}}}},"both":{"params":["p"],"where":{"$or":[{"name":{"$param":"p"}},{"email":{"$param":"e"}}]}},"page":{"params":["n"],"order":["id"],"limit":{"$param":"n"}}}}') IS NOT NULL;
SELECT studentdir.has_many('PaPerson', 'PaPerson', '{"as":"reports","foreignKey":"boss"}') IS NOT NULL;
SELECT studentdir.belongs_to('PaPerson', 'PaPerson', '{"as":"chief","foreignKey":"boss"}') IS NOT NULL;
CREATE FUNCTION pg_temp.ids(options jsonb, params jsonb DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text; h text; d text;
BEGIN
  SELECT string_agg(record->>'id', ',' ORDER BY (record->>'id')::int) INTO r FROM studentdir.find_all('PaPerson', options, params);
  RETURN coalesce(r, '-');
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT, d = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ': ' || SQLERRM || CASE WHEN d <> '' THEN E'\n  DETAIL: ' || d ELSE '' END || CASE WHEN h <> '' THEN E'\n  HINT: ' || h ELSE '' END;
END $$;
CREATE FUNCTION pg_temp.err(q text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN others THEN
  RETURN SQLSTATE || ': ' || SQLERRM;
END $$;
-- every operator, with a value and with null: what SQL says of NULL, whatever the operator
SELECT o, pg_temp.ids(format('{"where":%s}', o)::jsonb, v::jsonb), pg_temp.ids(format('{"where":%s}', o)::jsonb, '{"p":null}')
FROM (VALUES ('{"name":{"$param":"p"}}', '{"p":"Ann"}'), ('{"name":{"$eq":{"$param":"p"}}}', '{"p":"Bob"}'), ('{"name":{"$ne":{"$param":"p"}}}', '{"p":"Bob"}'),
  ('{"name":{"$not":{"$param":"p"}}}', '{"p":"Bob"}'), ('{"age":{"$gt":{"$param":"p"}}}', '{"p":20}'), ('{"age":{"$gte":{"$param":"p"}}}', '{"p":"20"}'),
  ('{"age":{"$lt":{"$param":"p"}}}', '{"p":40}'), ('{"age":{"$lte":{"$param":"p"}}}', '{"p":40}'),
  ('{"state":{"$is":{"$param":"p"}}}', '{"p":"on"}'), ('{"$not":{"state":{"$is":{"$param":"p"}}}}', '{"p":"on"}'),
  ('{"id":{"$in":{"$param":"p"}}}', '{"p":[1,"3"]}'), ('{"id":{"$notIn":{"$param":"p"}}}', '{"p":[1,3]}'), ('{"id":[{"$param":"p"},2]}', '{"p":4}'), ('{"id":{"$notIn":[{"$param":"p"},2]}}', '{"p":4}'),
  ('{"id":[{"$param":"p"},null,3]}', '{"p":4}'), ('{"id":{"$notIn":[{"$param":"p"},null]}}', '{"p":4}'), ('{"id":{"$gt":{"$any":{"$param":"p"}}}}', '{"p":[2,3]}'), ('{"id":{"$gt":{"$all":{"$param":"p"}}}}', '{"p":[2,3]}'),
  ('{"age":{"$between":[{"$param":"p"},35]}}', '{"p":25}'), ('{"age":{"$notBetween":[{"$param":"p"},35]}}', '{"p":25}'),
  ('{"age":{"$between":{"$param":"p"}}}', '{"p":[25,"35"]}'), ('{"age":{"$notBetween":{"$param":"p"}}}', '{"p":[25,35]}'), ('{"born":{"$between":{"$param":"p"}}}', '{"p":["2026-01-15","2026-02-15"]}'), ('{"meta.k":{"$between":{"$param":"p"}}}', '{"p":[2,3]}'),
  ('{"age":{"$between":{"$param":"p"}}}', '{"p":[25,null]}'), ('{"age":{"$between":{"$param":"p"}}}', '{"p":[1]}'), ('{"age":{"$between":{"$param":"p"}}}', '{"p":5}'), ('{"age":{"$between":{"$param":"p"}}}', '{"p":[1,{"$ne":0}]}'), ('{"age":{"$between":{"$value":[25,35]}}}', NULL),
  ('{"name":{"$like":{"$param":"p"}}}', '{"p":"%n%"}'), ('{"name":{"$notLike":{"$param":"p"}}}', '{"p":"A%"}'), ('{"name":{"$iLike":{"$param":"p"}}}', '{"p":"a%"}'),
  ('{"name":{"$regexp":{"$param":"p"}}}', '{"p":"^[AB]"}'), ('{"name":{"$like":{"$any":{"$param":"p"}}}}', '{"p":["A%","B%"]}'),
  ('{"name":{"$startsWith":{"$param":"p"}}}', '{"p":"Cy%"}'), ('{"name":{"$startsWith":{"$param":"p"}}}', '{"p":""}'), ('{"name":{"$endsWith":{"$param":"p"}}}', '{"p":"%"}'), ('{"name":{"$substring":{"$param":"p"}}}', '{"p":"n"}'),
  ('{"tags":{"$param":"p"}}', '{"p":["a","b"]}'), ('{"tags":["a",{"$param":"p"}]}', '{"p":"b"}'), ('{"tags":{"$contains":[{"$param":"p"}]}}', '{"p":"b"}'), ('{"tags":{"$overlap":["z",{"$param":"p"},{"$value":"y"}]}}', '{"p":"a"}'), ('{"tags":{"$contains":[{"$param":"p"}]}}', '{"p":["b"]}'), ('{"tags":["a",{"$param":"p"}]}', '{"p":{"$ne":1}}'), ('{"span":{"$overlap":[{"$param":"p"},3]}}', '{"p":2}'), ('{"meta":{"$anyKeyExists":["z",{"$param":"p"}]}}', '{"p":"s"}'), ('{"tags":["a",{"$value":"b"}]}', NULL), ('{"tags":["a",{"$param":5}]}', NULL), ('{"tags":["a",{"$param":"q"}]}', '{"p":"b"}'),
  ('{"tags":{"$contains":{"$param":"p"}}}', '{"p":["b"]}'), ('{"tags":{"$contained":{"$param":"p"}}}', '{"p":["b","c"]}'), ('{"tags":{"$overlap":{"$param":"p"}}}', '{"p":["a"]}'),
  ('{"span":{"$contains":{"$param":"p"}}}', '{"p":4}'), ('{"span":{"$contains":{"$param":"p"}}}', '{"p":[5,6]}'), ('{"span":{"$overlap":{"$param":"p"}}}', '{"p":[1,2]}'), ('{"span":{"$strictLeft":{"$param":"p"}}}', '{"p":[5,6]}'),
  ('{"meta":{"$contains":{"$param":"p"}}}', '{"p":{"k":1}}'), ('{"meta":{"$anyKeyExists":{"$param":"p"}}}', '{"p":["s"]}'), ('{"meta":{"$param":"p"}}', '{"p":{"k":2}}'),
  ('{"meta.k":{"$param":"p"}}', '{"p":2}'), ('{"meta":{"k":{"$param":"p"}}}', '{"p":{"$ne":null}}'), ('{"meta.k":{"$gt":{"$param":"p"}}}', '{"p":1}'), ('{"meta.s":{"$startsWith":{"$param":"p"}}}', '{"p":"o"}'),
  ('{"name":{"$match":{"$param":"p"}}}', '{"p":"ann"}'), ('{"name":{"$match":{"query":{"$param":"p"},"config":"simple"}}}', '{"p":"ann"}'),
  ('{"$chief.name$":{"$param":"p"}}', '{"p":"Ann"}'), ('{"$expr":[{"$fn":["lower",{"$col":"name"}]},"$eq",{"$param":"p"}]}', '{"p":"ann"}'),
  ('{"$expr":[{"$fn":["left",{"$col":"name"},{"$param":"p"}]},"$eq","An"]}', '{"p":2}'), ('{"$expr":[{"$cast":[{"$param":"p"},"integer"]},"$eq",{"$col":"age"}]}', '{"p":"30"}'),
  ('{"born":{"$gt":{"$param":"p"}}}', '{"p":"2026-01-15"}')) AS t (o, v);
-- limit, offset, pages, edges
SELECT pg_temp.ids('{"order":["id"],"limit":{"$param":"n"},"offset":{"$param":"o"}}', '{"n":2,"o":"1"}'), pg_temp.ids('{"order":["id"],"limit":{"$param":"n"}}', '{"n":null}'), pg_temp.ids('{"limit":{"$param":"n"}}', '{"n":-1}'), pg_temp.ids('{"limit":{"$param":"n"}}', '{"n":[1]}');
SELECT pg_temp.ids('{"order":["id"],"after":{"$param":"k"}}', '{"k":2}'), pg_temp.ids('{"order":["id"],"before":{"$param":"k"}}', '{"k":2}'), pg_temp.ids('{"order":["id"],"after":{"$param":"k"}}', '{"k":null}'), pg_temp.ids('{"order":["id"],"after":{"$param":"k"}}', '{"k":{"$ne":1}}');
SELECT a, pg_temp.ids('{"order":["age"],"after":{"age":{"$param":"a"},"id":{"$param":"i"}}}', jsonb_build_object('a', a, 'i', i)), pg_temp.ids('{"order":["age"],"before":{"age":{"$param":"a"},"id":{"$param":"i"}}}', jsonb_build_object('a', a, 'i', i)) FROM (VALUES (20, 2), (30, 1), (40, 4), (NULL, 3)) AS t (a, i);
-- scopes: their own parameters shadow the call's, and may be given by it
SELECT s, pg_temp.ids(format('{"scope":%s}', s)::jsonb, p::jsonb) FROM (VALUES ('{"aged":[{"$param":"x"}]}', '{"x":30}'), ('{"aged":{"min":{"$param":"x"}}}', '{"x":null}'), ('"like"', '{"p":"A"}'), ('{"both":["Bob"]}', '{"e":"di@x"}'),
  ('{"both":["Bob"]}', '{"e":"di@x","p":"Ann"}'), ('{"both":[{"$param":"p"}]}', '{"e":"di@x","p":"Ann"}'), ('{"page":[{"$param":"k"}]}', '{"k":2}'), ('{"aged":[{"$ne":1}]}', '{}'), ('{"aged":[{"$param":"x"}]}', '{"x":{"$ne":1}}')) AS t (s, p);
-- {"$value": x}
SELECT w, pg_temp.ids(format('{"where":%s}', w)::jsonb) FROM (VALUES ('{"name":{"$value":"Ann"}}'), ('{"name":{"$value":null}}'), ('{"name":{"$ne":{"$value":null}}}'), ('{"name":{"$value":{"$ne":1}}}'), ('{"meta.k":{"$value":{"$ne":null}}}'), ('{"id":{"$in":{"$value":[1,2]}}}'), ('{"id":{"$value":[1,2]}}'), ('{"name":{"$value":{"$param":"x"}}}')) AS t (w);
-- in a JSON value, at any depth; what a parameter holds is not looked into
SELECT w, p, pg_temp.ids(jsonb_build_object('where', w::jsonb), p::jsonb), pg_temp.ids(jsonb_build_object('where', w::jsonb), p::jsonb) FROM (VALUES ('{"meta":{"$contains":{"k":{"$param":"p"}}}}', '{"p":1}'), ('{"meta":{"$contains":{"k":{"$param":"p"}}}}', '{"p":{"$ne":null}}'),
  ('{"meta":{"$eq":{"k":{"$param":"p"},"s":{"$value":"one"}}}}', '{"p":1}'), ('{"meta":{"$in":[{"k":{"$param":"p"}},{"$param":"q"}]}}', '{"p":2,"q":{"k":1,"s":"one"}}'), ('{"meta":{"$eq":{"$value":{"k":{"$param":"p"}}}}}', NULL), ('{"meta":{"$contains":{"k":{"$param":"p"}}}}', '{"p":null}'), ('{"meta":{"$contains":[{"k":[{"$param":"r"}]}]}}', '{"p":1}'), ('{"meta":{"$contains":{"k":{"$param":5}}}}', '{}')) AS t (w, p);
-- the elements of an array of JSON are JSON
CREATE TABLE pa_docs (id int PRIMARY KEY, docs jsonb[]);
INSERT INTO pa_docs VALUES (1, ARRAY['{"a":1}', '{"a":{"b":2}}']::jsonb[]), (2, ARRAY['5']::jsonb[]);
SELECT studentdir.define('PaDoc', '{"id":{"type":"INTEGER","primaryKey":true},"docs":"jsonb[]"}', '{"tableName":"pa_docs","timestamps":false}') IS NOT NULL;
SELECT w, p, studentdir.list('PaDoc', jsonb_build_object('attributes', '["id"]'::jsonb, 'where', w::jsonb), p::jsonb) FROM (VALUES ('{"docs":{"$contains":[{"$param":"p"}]}}', '{"p":{"a":1}}'), ('{"docs":{"$contains":[{"a":{"$param":"p"}}]}}', '{"p":1}'), ('{"docs":{"$contains":[{"a":{"b":{"$param":"p"}}}]}}', '{"p":2}'), ('{"docs":{"$overlap":[{"a":{"b":{"$value":2}}},{"$param":"p"}]}}', '{"p":5}'), ('{"docs":[{"$param":"p"}]}', '{"p":5}'), ('{"docs":{"$contains":[{"$param":"p"}]}}', '{"p":{"$ne":1}}')) AS t (w, p);
SELECT studentdir.undefine('PaDoc');
DROP TABLE pa_docs;
-- missing, not used, wrong
SELECT o, p, pg_temp.ids(o::jsonb, p::jsonb) FROM (VALUES ('{"where":{"name":{"$param":"name"}}}', NULL), ('{"where":{"name":{"$param":"name"}}}', '{"nmae":1}'), ('{"where":{"name":{"$param":"name"}}}', '{"name":"Ann","x":1}'), ('{}', '{"x":1}'), ('{}', 'null'), ('{}', '[]'), ('{}', '5'),
  ('{"where":{"name":{"$param":5}}}', '{}'), ('{"where":{"name":{"$param":"a","$ne":1}}}', '{"a":1}'), ('{"where":{"$param":"w"}}', '{"w":{}}'), ('{"where":{"$or":{"$param":"w"}}}', '{"w":[]}'), ('{"order":{"$param":"o"}}', '{"o":"id"}'), ('{"order":[["id",{"$param":"o"}]]}', '{"o":"DESC"}'),
  ('{"attributes":{"$param":"o"}}', '{"o":["id"]}'), ('{"include":{"$param":"o"}}', '{"o":"chief"}'), ('{"where":{"age":{"$param":"a"}}}', '{"a":"x"}'), ('{"where":{"age":{"$param":"a"}}}', '{"a":[1]}'), ('{"where":{"age":{"$in":{"$param":"a"}}}}', '{"a":1}'), ('{"where":{"age":{"$in":{"$param":"a"}}}}', '{"a":[1,{"$gt":1}]}'), ('{"distinct":{"$param":"a"}}', '{"a":true}'), ('{"where":{"$expr":[{"$col":{"$param":"a"}},"$eq",1]}}', '{"a":"id"}'), ('{"where":{"$expr":[{"$fn":[{"$param":"a"},1]},"$eq",1]}}', '{"a":"abs"}')) AS t (o, p);
-- includes, one call for all of them
SELECT studentdir.list('PaPerson', '{"attributes":["id"],"where":{"id":{"$lt":{"$param":"top"}}},"order":["id"],"include":{"association":"reports","attributes":["id"],"where":{"name":{"$param":"n"}},"required":false,"limit":{"$param":"l"},"order":["id"]}}', '{"top":3,"n":"Bob","l":1}');
SELECT studentdir.list('PaPerson', '{"attributes":["id"],"order":["id"],"include":{"association":"reports","attributes":["id"],"where":{"name":{"$param":"n"}}}}', '{"n":"Bob"}');
-- the other calls
SELECT record->>'name' FROM studentdir.find_one('PaPerson', '{"where":{"email":{"$param":"e"}}}', '{"e":"bob@x"}');
SELECT record->>'name' FROM studentdir.find_by_pk('PaPerson', 1, '{"where":{"age":{"$param":"a"}}}', '{"a":30}') UNION ALL SELECT record->>'name' FROM studentdir.find_by_pk('PaPerson', '1'::text, '{"where":{"age":{"$param":"a"}}}', '{"a":31}');
SELECT studentdir.count('PaPerson', '{"where":{"age":{"$gt":{"$param":"a"}}}}', '{"a":20}'), studentdir.aggregate('PaPerson', 'max', 'age', '{"where":{"age":{"$lt":{"$param":"a"}}}}', '{"a":40}'), studentdir.find_and_count_all('PaPerson', '{"attributes":["id"],"where":{"age":{"$gt":{"$param":"a"}}},"limit":{"$param":"l"},"order":["id"]}', '{"a":20,"l":1}');
SELECT sql, params FROM studentdir.to_sql('PaPerson', '{"attributes":["id"],"where":{"email":{"$param":"e"},"state":{"$is":{"$param":"s"}}},"limit":{"$param":"l"}}', '{"e":"x","s":null,"l":3}');
SELECT count(*) > 0 FROM studentdir.explain('PaPerson', '{"where":{"email":{"$param":"e"}}}', false, '{"e":"x"}');
-- writers: what is true of every row is no condition, whatever says so
BEGIN;
SELECT studentdir.update('PaPerson', '{"state":"up"}', '{"where":{"email":{"$param":"e"}}}', '{"e":"bob@x"}'), studentdir.update('PaPerson', '{"state":"up"}', '{"where":{"email":{"$param":"e"}}}', '{"e":null}'), studentdir.destroy('PaPerson', '{"where":{"id":{"$in":{"$param":"ids"}}}}', '{"ids":[]}'), studentdir.destroy('PaPerson', '{"where":{"id":{"$in":{"$param":"ids"}}}}', '{"ids":[4]}');
SELECT pg_temp.err(format('SELECT studentdir.destroy(''PaPerson'', %L, %L)', o, p)) FROM (VALUES ('{"where":{"id":{"$notIn":{"$param":"ids"}}}}', '{"ids":[]}'), ('{"where":{"$not":{"id":{"$in":{"$param":"ids"}}}}}', '{"ids":[]}'), ('{"where":{"id":{"$gt":{"$all":{"$param":"ids"}}}}}', '{"ids":[]}'),
  ('{"where":{"key":{"$startsWith":{"$param":"p"}}}}', '{"p":""}'), ('{"where":{"key":{"$like":{"$param":"p"}}}}', '{"p":"%"}'), ('{"where":{"$and":[{"id":{"$notIn":{"$param":"ids"}}},{"id":4}]}}', '{"ids":[]}')) AS t (o, p);
SELECT pg_temp.err($$SELECT studentdir.find_one('PaPerson', '{"where":{"id":{"$notIn":{"$param":"ids"}}}}', '{"ids":[]}')$$);
-- data is all values
SELECT record->'meta' FROM studentdir.update_by_pk('PaPerson', 1, '{"meta":{"$param":"x"}}');
SELECT record->>'age' FROM studentdir.increment('PaPerson', 1, '"age"', '{"by":{"$param":"n"}}', '{"n":5}');
SELECT record->>'age', created FROM studentdir.find_or_create('PaPerson', '{"where":{"id":{"$param":"i"}},"defaults":{"age":7}}', '{"i":9}');
SELECT record->>'age', created FROM studentdir.find_or_create('PaPerson', '{"where":{"id":{"$param":"i"}},"defaults":{"age":8}}', '{"i":9}');
ROLLBACK;
-- every operator and every expression as a parameter's value, in every place of a value: it means what an
-- object with any other key means, which is an error or, in JSON, itself
CREATE FUNCTION pg_temp.outcome(options text, params jsonb, word text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r text;
BEGIN
  RETURN studentdir.list('PaPerson', options::jsonb, params);
EXCEPTION WHEN others THEN
  RETURN SQLSTATE || replace(SQLERRM, word, 'word');
END $$;
CREATE FUNCTION pg_temp.words() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE h text;
BEGIN
  BEGIN PERFORM studentdir.list('PaPerson', '{"where":{"name":{"$zzzzzzzzzzzz":1}}}');
  EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT;
  END;
  RETURN QUERY SELECT m[1] FROM regexp_matches(h, '\$\w+', 'g') AS m;
  BEGIN PERFORM studentdir.list('PaPerson', '{"attributes":[[{"$zzzzzzzzzzzz":1},"x"]]}');
  EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT;
  END;
  RETURN QUERY SELECT m[1] FROM regexp_matches(h, '\$\w+', 'g') AS m;
  RETURN QUERY VALUES ('$or'), ('$and'), ('$not'), ('$expr'), ('$param'), ('$value'), ('$literal'), ('$any'), ('$all'), ('$values'), ('$else'), ('model'), ('association');
END $$;
WITH places (options) AS (VALUES ('{"where":{"name":{"$param":"p"}}}'), ('{"where":{"name":{"$ne":{"$param":"p"}}}}'), ('{"where":{"age":{"$gt":{"$param":"p"}}}}'), ('{"where":{"age":{"$is":{"$param":"p"}}}}'), ('{"where":{"age":{"$not":{"$param":"p"}}}}'), ('{"where":{"id":{"$in":{"$param":"p"}}}}'), ('{"where":{"id":{"$notIn":{"$param":"p"}}}}'), ('{"where":{"id":[{"$param":"p"}]}}'), ('{"where":{"id":{"$gt":{"$any":{"$param":"p"}}}}}'), ('{"where":{"age":{"$between":[{"$param":"p"},9]}}}'),
  ('{"where":{"name":{"$like":{"$param":"p"}}}}'), ('{"where":{"name":{"$regexp":{"$param":"p"}}}}'), ('{"where":{"name":{"$startsWith":{"$param":"p"}}}}'), ('{"where":{"name":{"$match":{"$param":"p"}}}}'), ('{"where":{"tags":{"$param":"p"}}}'), ('{"where":{"tags":{"$contains":{"$param":"p"}}}}'), ('{"where":{"span":{"$overlap":{"$param":"p"}}}}'), ('{"where":{"meta":{"$param":"p"}}}'), ('{"where":{"meta":{"$contains":{"$param":"p"}}}}'), ('{"where":{"meta":{"$anyKeyExists":{"$param":"p"}}}}'), ('{"where":{"meta.k":{"$param":"p"}}}'), ('{"where":{"meta":{"k":{"$ne":{"$param":"p"}}}}}'),
  ('{"where":{"born":{"$lt":{"$param":"p"}}}}'), ('{"where":{"$chief.name$":{"$param":"p"}}}'), ('{"where":{"$expr":[{"$col":"name"},"$eq",{"$param":"p"}]}}'), ('{"where":{"$expr":[{"$fn":["lower",{"$param":"p"}]},"$eq","a"]}}'), ('{"where":{"$expr":[{"$cast":[{"$param":"p"},"integer"]},"$eq",1]}}'), ('{"attributes":[[{"$add":[{"$col":"age"},{"$param":"p"}]},"x"]]}'), ('{"attributes":[[{"$concat":[{"$param":"p"}]},"x"]]}'), ('{"attributes":[[{"$case":[[{"name":{"$param":"p"}},{"$param":"p"}]]},"x"]]}'), ('{"attributes":[[{"$count":{"association":"reports","where":{"name":{"$param":"p"}}}},"x"]]}'), ('{"where":{"$exists":{"association":"reports","where":{"id":{"$param":"p"}}}}}'), ('{"where":{"id":{"$in":{"model":"PaPerson","attributes":["id"],"where":{"name":{"$param":"p"}}}}}}'),
  ('{"limit":{"$param":"p"}}'), ('{"offset":{"$param":"p"}}'), ('{"order":["id"],"after":{"$param":"p"}}'), ('{"order":["age"],"before":{"age":{"$param":"p"},"id":1}}'), ('{"scope":{"aged":[{"$param":"p"}]}}'), ('{"scope":"like"}'), ('{"include":{"association":"reports","where":{"age":{"$param":"p"}},"limit":{"$param":"p"}}}')),
 tried AS (SELECT options, word, f, pg_temp.outcome(options, jsonb_build_object('p', CASE f WHEN 1 THEN jsonb_build_object(word, 'id') WHEN 2 THEN jsonb_build_array(jsonb_build_object(word, 'id')) ELSE jsonb_build_object(word, NULL) END), word) AS outcome,
   pg_temp.outcome(options, jsonb_build_object('p', CASE f WHEN 1 THEN jsonb_build_object('other', 'id') WHEN 2 THEN jsonb_build_array(jsonb_build_object('other', 'id')) ELSE jsonb_build_object('other', NULL) END), 'other') AS plain FROM places, pg_temp.words() AS word, generate_series(1, 3) AS f WHERE word <> '$ne' OR f < 3)
SELECT count(DISTINCT options), count(DISTINCT word) > 60, count(*) FILTER (WHERE outcome <> plain), min(options || word || outcome || plain) FILTER (WHERE outcome <> plain) FROM tried;
-- in requests: for default scopes, and those that nothing uses are no error
SELECT studentdir.define('PaTenant', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"tableName":"pa_people","timestamps":false,"defaultScope":{"where":{"id":{"$lt":{"$param":"top"}}},"order":["id"],"attributes":["id"]}}') IS NOT NULL;
SELECT studentdir.expose('PaTenant');
SELECT r.* FROM (VALUES ('GET', '/pa-tenants', '{"top":3}'::jsonb), ('GET', '/pa-tenants', '{"top":3,"other":1}'), ('GET', '/pa-tenants/2', '{"top":3}'), ('GET', '/pa-tenants/3', '{"top":3}'), ('DELETE', '/pa-tenants/3', '{"top":3}'), ('GET', '/pa-tenants', NULL), ('GET', '/pa-tenants?name={"$param":"top"}', '{"top":3}')) AS t (m, u, p), LATERAL studentdir.request(m, u, NULL, p) AS r;
SELECT studentdir.undefine('PaTenant');
-- expressions with two parameters are two, with one parameter twice one
CREATE FUNCTION pg_temp.shared(options jsonb, params jsonb) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN studentdir.list('PaPerson', options || '{"where":{"id":[1,3]}}', params); EXCEPTION WHEN others THEN RETURN SQLSTATE || ': ' || SQLERRM; END $$;
SELECT e, pg_temp.shared(jsonb_build_object('order', '["id"]'::jsonb, 'attributes', format('[[%s,"a"],[%s,"b"],[%s,"c"]]', replace(e, '?', 'x'), replace(e, '?', 'y'), replace(e, '?', 'x'))::jsonb), p::jsonb)
  FROM (VALUES ('{"$add":[{"$col":"id"},{"$param":"?"}]}', '{"x":10,"y":20}'), ('{"$concat":[{"$col":"name"},{"$param":"?"}]}', '{"x":"1","y":"2"}'), ('{"$fn":["coalesce",{"$col":"email"},{"$param":"?"}]}', '{"x":"1","y":"2"}'), ('{"$fn":["left",{"$col":"name"},{"$param":"?"}]}', '{"x":1,"y":2}')) AS t (e, p);
SELECT g, pg_temp.shared(jsonb_build_object('attributes', '[[{"$add":[{"$col":"id"},{"$param":"x"}]},"a"],[{"$fn":["count"]},"n"]]'::jsonb, 'group', jsonb_build_array(g), 'order', '["a"]'::jsonb), p) FROM (VALUES ('{"$add":[{"$col":"id"},{"$param":"x"}]}'::jsonb, '{"x":1}'::jsonb), ('{"$add":[{"$col":"id"},{"$param":"y"}]}', '{"x":1,"y":2}')) AS t (g, p);
-- where a function takes any type, and nothing says which, a parameter is text
SELECT studentdir.find_one('PaPerson', '{"attributes":[[{"$over":[{"$fn":["lag",{"$param":"x"}]},{"order":["id"]}]},"lag"],[{"$fn":["array_length",{"$param":"list"},1]},"length"],[{"$over":[{"$fn":["lag",{"$col":"id"},1,{"$param":"n"}]},{"order":["id"]}]},"first"]],"order":["id"]}', '{"x":"a","list":["a","b"],"n":7}');
SELECT studentdir.undefine('PaPerson');
DROP TABLE pa_people;
