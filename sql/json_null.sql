-- A JSON null and a missing key are null in conditions: what is said of a path selects the rows that the same said
-- of a column selects, under any number of $not, and is the same true, false or null as an expression.
\pset tuples_only on
\pset format unaligned
CREATE TABLE jn_rows (id int PRIMARY KEY, n int, b boolean, meta jsonb, raw json);
INSERT INTO jn_rows SELECT id, n, b, m::jsonb, m::json FROM (VALUES
  (1, 1, true, '{"n":1,"b":true}'), (2, 2, false, '{"n":2,"b":false}'), (3, NULL, NULL, '{"n":null,"b":null}'), (4, NULL, NULL, '{}'), (5, NULL, NULL, NULL), (6, NULL, NULL, 'null'), (7, 5, true, '{"n":5,"b":true}')) AS t (id, n, b, m);
SELECT studentdir.define('JnRow', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER","b":"BOOLEAN","meta":"JSONB","raw":"JSON"}', '{"tableName":"jn_rows","timestamps":false}') IS NOT NULL;
CREATE TEMP TABLE forms (attribute text, form text);
INSERT INTO forms SELECT 'n', f FROM unnest(ARRAY['{"@":1}', '{"@":null}', '{"@":{"$eq":1}}', '{"@":{"$ne":1}}', '{"@":{"$ne":null}}', '{"@":{"$gt":1}}', '{"@":{"$gte":2}}', '{"@":{"$lt":2}}', '{"@":{"$lte":1}}', '{"@":[1,5]}', '{"@":[]}', '{"@":{"$in":[1,9]}}', '{"@":{"$notIn":[1,5]}}', '{"@":{"$notIn":{"$value":[]}}}',
  '{"@":{"$between":[1,2]}}', '{"@":{"$notBetween":[1,2]}}', '{"@":{"$any":[1,2]}}', '{"@":{"$all":[1]}}', '{"@":{"$all":[]}}', '{"@":{"$any":[]}}', '{"@":{"$gt":{"$any":[1,2]}}}', '{"@":{"$gt":{"$all":[1,2]}}}', '{"@":{"$ne":{"$any":[1,2]}}}', '{"@":{"$ne":{"$all":[1,2]}}}', '{"@":{"$not":1}}', '{"@":{"$not":[1,2]}}', '{"@":{"$not":null}}', '{"@":{"$not":{"$gt":1}}}',
  '{"@":{"$is":null}}', '{"@":{"$isNot":null}}', '{"@":{"$or":[1,null]}}', '{"@":{"$and":[{"$ne":1},{"$ne":2}]}}', '{"@":{"$eq":{"$col":"@"}}}', '{"@":{"$ne":{"$col":"@"}}}', '{"@":{"$lte":{"$col":"@"}}}', '{"@":{"$in":[1,{"$col":"@"}]}}', '{"@":{"$eq":{"$value":null}}}', '{"@":{"$is":{"$value":2}}}', '{"@":{"$is":{"$value":null}}}']) AS f
UNION ALL SELECT 'b', f FROM unnest(ARRAY['{"@":true}', '{"@":{"$ne":true}}', '{"@":{"$is":true}}', '{"@":{"$is":false}}', '{"@":{"$is":null}}', '{"@":{"$isNot":true}}', '{"@":{"$isNot":false}}', '{"@":{"$not":true}}', '{"@":{"$not":false}}', '{"@":{"$or":[true,false]}}']) AS f;
CREATE FUNCTION pg_temp.say(form text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT string_agg(coalesce(record->>'t', 'null'), ' ' ORDER BY (record->>'id')::int) FROM studentdir.find_all('JnRow', jsonb_build_object('attributes', jsonb_build_array('id', jsonb_build_array(jsonb_build_object('$test', form::jsonb), 't')))))
    || ' / ' || coalesce((SELECT string_agg(record->>'id', ' ' ORDER BY (record->>'id')::int) FROM studentdir.find_all('JnRow', jsonb_build_object('where', form::jsonb))), '-');
EXCEPTION WHEN others THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TEMP TABLE said AS SELECT attribute, form, negated, place, pg_temp.say(replace(format(negated, form), '@', place || attribute)) AS answer
  FROM forms, unnest(ARRAY['%s', '{"$not":%s}', '{"$not":{"$not":%s}}', '{"$or":[{"$not":%s},{"id":1}]}', '{"$not":{"$or":[%s,{"id":2}]}}']) AS negated, unnest(ARRAY['', 'meta.', 'raw.']) AS place;
SELECT count(DISTINCT attribute || form), count(*), count(*) FILTER (WHERE answer ~ '^\d') FROM said;
SELECT c.form, c.negated, c.answer, j.place, j.answer FROM said AS c JOIN said AS j USING (attribute, form, negated) WHERE c.place = '' AND j.place <> '' AND c.answer <> j.answer ORDER BY 1, 2, 4;
SELECT form, negated, answer FROM said WHERE place = 'meta.' AND form IN ('{"@":1}', '{"@":{"$ne":1}}', '{"@":{"$is":true}}') AND negated IN ('%s', '{"$not":%s}') ORDER BY 1, 2;
-- in a query, too
SELECT f, pg_temp.say(f) FROM unnest(ARRAY['{"n":{"$notIn":{"model":"JnRow","attributes":["n"],"where":{"id":2}}}}', '{"meta.n":{"$notIn":{"model":"JnRow","attributes":[["meta.n","x"]],"where":{"id":2}}}}', '{"$not":{"n":{"$in":{"model":"JnRow","attributes":["n"],"where":{"id":2}}}}}', '{"$not":{"meta.n":{"$in":{"model":"JnRow","attributes":[["meta.n","x"]],"where":{"id":2}}}}}', '{"meta.n":{"$in":{"model":"JnRow","attributes":[["meta.b","x"]],"where":{"id":3}}}}']) AS f;
-- values of another JSON type are other than a number, and in no order with it
INSERT INTO jn_rows (id, meta) VALUES (8, '{"n":"x"}'), (9, '{"n":[1]}');
SELECT f, pg_temp.say(f) FROM unnest(ARRAY['{"meta.n":{"$ne":1}}', '{"$not":{"meta.n":1}}', '{"meta.n":{"$gt":1}}', '{"$not":{"meta.n":{"$gt":1}}}', '{"$not":{"meta.n":{"$contains":1}}}', '{"$not":{"meta.n":{"$anyKeyExists":["x"]}}}', '{"meta":{"$ne":{}}}', '{"$not":{"meta":{"$ne":{}}}}']) AS f;
-- what counts as no condition meets every row
CREATE FUNCTION pg_temp.meets_all(form text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  n bigint := studentdir.count('JnRow', jsonb_build_object('where', form::jsonb));
BEGIN
  PERFORM studentdir.update('JnRow', '{"b":true}', jsonb_build_object('where', form::jsonb));
  RAISE EXCEPTION 'written';
EXCEPTION WHEN others THEN
  RETURN n || ' ' || split_part(SQLERRM, ' ', 1);
END $$;
SELECT f, pg_temp.meets_all(f) FROM unnest(ARRAY['{"$or":[{"meta.n":1},{"meta.n":{"$ne":1}},{"meta.n":null}]}', '{"$or":[{"meta.n":1},{"$not":{"meta.n":1}},{"meta.n":null}]}', '{"$or":[{"meta.n":1},{"meta.n":{"$ne":1}}]}', '{"$or":[{"meta.n":1},{"$not":{"meta.n":1}}]}', '{"$or":[{"meta.n":null},{"$not":{"meta.n":null}}]}', '{"$not":{"meta.n":[]}}', '{"$or":[{"meta.b":{"$is":true}},{"meta.b":{"$isNot":true}}]}', '{"$or":[{"meta.n":{"$contains":1}},{"$not":{"meta.n":{"$contains":1}}}]}', '{"$or":[{"meta.n":{"$contains":1}},{"$not":{"meta.n":{"$contains":1}}},{"meta.n":null}]}']) AS f;
SELECT studentdir.undefine('JnRow');
DROP TABLE jn_rows;
