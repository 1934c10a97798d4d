-- Values whose JSON is nested: arrays of ranges, of multiranges and of documents, arrays with dimensions, hstore.  What is
-- in an array tells whether it is a dimension.
\set SHOW_CONTEXT never
CREATE EXTENSION hstore;
\pset format unaligned
\pset tuples_only on
CREATE TABLE nested (id serial PRIMARY KEY, rs int4range[], ms int4multirange[], h hstore, n integer[], j jsonb[]);
SELECT action, notes FROM studentdir.import('{"tables":["nested"]}');
CREATE FUNCTION pg_temp.nested(data jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE said text; hint text; detail text;
BEGIN
  said := studentdir.create('Nested', data);
  RETURN (said::jsonb - 'id' - ARRAY(SELECT key FROM jsonb_each(said::jsonb) WHERE value = 'null'));
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
  RETURN concat_ws(' ', SQLSTATE, SQLERRM, 'DETAIL:', nullif(detail, ''), 'HINT:', nullif(hint, '')); END $$;
SELECT d, pg_temp.nested(d::jsonb) FROM unnest(ARRAY[
 '{"rs": [[1, 5], [null, 7], []]}', '{"rs": [[[1, 5]], [[2, 3]]]}', '{"rs": [[null, null]]}', '{"rs": [[null, null], [1, 2]]}', '{"rs": [[[1, 5]], []]}', '{"rs": [[[1, 5]], 3]}', '{"rs": [[1, 2, 3]]}', '{"rs": "{\"[1,2)\"}"}', '{"rs": []}', '{"rs": [[1, 5], null]}',
 '{"ms": [[[1, 2], [4, 6]], []]}', '{"ms": [[[[1, 2]]], [[[4, 6]]]]}', '{"ms": [[1, 2]]}', '{"ms": [[[1, 2]], 5]}',
 '{"h": {"a": "b", "c\"d": null, "e\\f": "g\"h", "n": 1.50, "t": true}}', '{"h": {}}', '{"h": "a=>b"}', '{"h": {"a": [1]}}', '{"h": [1]}', '{"h": {"": ""}}',
 '{"n": [[1, 2], [3, 4]]}', '{"n": [[1, 2], [3]]}', '{"n": [[1, 2], 3]}', '{"n": [[1], []]}', '{"n": [1, [2]]}', '{"n": [[[[[[[1]]]]]]]}', '{"n": 5}', '{"n": {"a": 1}}', '{"n": [{}]}',
 '{"j": [[1], {"a": 2}, null]}']) d;
SELECT studentdir.undefine('Nested') IS NOT NULL;
DROP TABLE nested;
DROP EXTENSION hstore;
