-- Paths into JSON attributes are the same paths in where, order, attributes, expressions and updates.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE js_docs (id integer PRIMARY KEY, data jsonb, text json);
INSERT INTO js_docs VALUES (1, '[{"name":"x","level":10},[7]]', '{"a":[1]}'), (2, '{"items":[{"name":"y"}],"level":"9","odd::key":1,"a.b":2,"l[-1]":3}', NULL), (3, '{"level":10.0}', '{"a":[0]}');
SELECT pg_temp.define('JsDoc', 'js_docs', '*id:INTEGER data:JSONB text:JSON');
SELECT w, studentdir.list('JsDoc', jsonb_build_object('attributes', ARRAY['id'], 'where', w)) FROM (VALUES ('{"data[0].name":"x"}'::jsonb), ('{"data[1][0]":{"$gt":5}}'), ('{"data.items[0].name":{"$like":"y%"}}'), ('{"data.level":10}'), ('{"text.a[0]":1}'), ('{"data":{"odd::key":1}}'), ('{"data":{"a.b":2}}'), ('{"data":{"l[-1]":3}}'), ('{"$expr":[{"$cast":[{"$col":"data.level"},"numeric"]},"$lt",10]}'),('{"$expr":[{"$cast":[{"$col":"data.level"},"numeric"]},"$eq",10]}'), ('{"$expr":[{"$col":"text.a[0]"},"$eq",{"$col":"data[1]"}]}')) AS t (w);
SELECT studentdir.list('JsDoc', '{"attributes":["id",["data.level","level"],["text.a[0]","first"],[{"$fn":["upper",{"$cast":[{"$col":"data[0].name"},"text"]}]},"upper"]],"order":[["data.level","DESC NULLS LAST"],"id"]}');
SELECT studentdir.list('JsDoc', '{"attributes":[["data.level","level"],[{"$fn":["count",{"$col":"id"}]},"n"]],"group":["data.level"],"order":["data.level"]}');
SELECT record->'data' FROM studentdir.update_by_pk('JsDoc', 1, '{"data[0].name":"z","data[1][1]":8}');
-- the same mistakes in every place
CREATE FUNCTION pg_temp.places(name text) RETURNS TABLE(place text, error text) LANGUAGE sql AS $$
  SELECT p, pg_temp.err(format(call, document)) FROM (VALUES
    ('where', 'SELECT studentdir.count(''JsDoc'', %L)', jsonb_build_object('where', jsonb_build_object(name, 1))),
    ('order', 'SELECT studentdir.list(''JsDoc'', %L)', jsonb_build_object('order', ARRAY[name])),
    ('attributes', 'SELECT studentdir.list(''JsDoc'', %L)', jsonb_build_object('attributes', jsonb_build_array(jsonb_build_array(name, 'x')))),
    ('$col', 'SELECT studentdir.count(''JsDoc'', %L)', jsonb_build_object('where', jsonb_build_object('$expr', jsonb_build_array(jsonb_build_object('$col', name), '$eq', 1)))),
    ('update', 'SELECT studentdir.update_by_pk(''JsDoc'', 1, %L)', jsonb_build_object(name, 1))) AS t (p, call, document) $$;
SELECT name, p.* FROM unnest(ARRAY['data.l[-1]', 'data..l', 'data.', 'data[x]', 'data[0]x', 'data[1234567890]', 'data.level::integer', 'data.level:unquote', 'datum.x', 'id.x', 'id[0]']) AS name, pg_temp.places(name) AS p;
SELECT left(pg_temp.err(format('SELECT studentdir.count(''JsDoc'', %L)', jsonb_build_object('where', jsonb_build_object('data' || repeat('.a', 101), 1)))), 5);
DELETE FROM studentdir.model WHERE name = 'JsDoc';
DROP TABLE js_docs;
