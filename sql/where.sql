-- Conditions.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
INSERT INTO students (name, cohort, email, created_at, updated_at) VALUES
  ('Ann', 'Spring', 'ann@example.org', '2026-01-01 10:00:00.123+00', '2026-01-01 10:00:00.123+00'),
  ('Bob', NULL, NULL, '2026-01-02 10:00:00+00', '2026-01-03 10:00:00+00'),
  ('Cid', 'Fall', 'cid@example.org', '2026-01-03 10:00:00+00', '2026-01-03 10:00:00+00'),
  ('Dot', 'Fall', 'dot@example.org', '2026-01-04 10:00:00+00', '2026-01-05 10:00:00+00');
CREATE TABLE wh_thing (id integer PRIMARY KEY, flag boolean, tags text[], price numeric(10,2), size int4range, doc jsonb,
  raw json, place point, born date, at timestamptz, mark uuid, word varchar(10), code char(4), big bigint, score double precision);
INSERT INTO wh_thing VALUES
  (1, true, '{a,b}', 1.50, '[1,5)', '{"k":1}', '{"k":1}', '(1,2)', '2000-01-02', '2026-01-01 10:00+00',
   'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'one', 'ab', 9007199254740993, 0.1),
  (2, false, '{}', 2.00, 'empty', '[1,2]', '[1]', NULL, NULL, NULL, NULL, 'two', 'abcd', -1, 'NaN'),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT pg_temp.define('WhThing', 'wh_thing', '*id:INTEGER flag:BOOLEAN tags:ARRAY(TEXT) price:DECIMAL(10,2) size:RANGE(INTEGER) doc:JSONB '
  'raw:JSON place:point born:DATEONLY at:DATE mark:UUID word:STRING(10) code:CHAR(4) big:BIGINT score:DOUBLE');

-- ids of the students, and of the things, that a condition leaves
CREATE FUNCTION pg_temp.s(condition jsonb) RETURNS text LANGUAGE sql AS
  $$ SELECT coalesce(string_agg(record->>'id', ' ' ORDER BY record->>'id'), 'none') FROM students_find_all(jsonb_build_object('where', condition)) $$;
CREATE FUNCTION pg_temp.t(condition jsonb) RETURNS text LANGUAGE sql AS
  $$ SELECT coalesce(string_agg(record->>'id', ' ' ORDER BY record->>'id'), 'none') FROM studentdir.find_all('WhThing', jsonb_build_object('where', condition)) $$;
CREATE FUNCTION pg_temp.serr(condition text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT students_count(%L)', '{"where":' || condition || '}')) $$;
CREATE FUNCTION pg_temp.terr(condition text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.count(''WhThing'', %L)', '{"where":' || condition || '}')) $$;

-- equality, null, lists
SELECT c, pg_temp.s(c) FROM (VALUES ('{}'::jsonb), ('[]'), ('{"name":"Bob"}'), ('{"name":"bob"}'), ('{"cohort":null}'), ('{"id":[1,3,99]}'),
  ('{"id":[]}'), ('{"id":[1,null]}'), ('{"id":"3"}'), ('{"name":5}'), ('{"cohort":"Fall","id":3}'), ('[{"cohort":"Fall"},{"id":4}]'),
  ('[[{"cohort":"Fall"}],[[]],{"id":4}]'), ('{"createdAt":"2026-01-01T10:00:00.123Z"}'), ('{"id":2.0}'), ('{"id":-0}')) AS t (c);

-- operators
SELECT c, pg_temp.s(c) FROM (VALUES ('{"id":{"$eq":2}}'::jsonb), ('{"id":{"$ne":2}}'), ('{"id":{"$gt":2}}'), ('{"id":{"$gte":2}}'), ('{"id":{"$lt":2}}'),
  ('{"id":{"$lte":2}}'), ('{"cohort":{"$eq":null}}'), ('{"cohort":{"$ne":null}}'), ('{"cohort":{"$is":null}}'), ('{"cohort":{"$not":null}}'),
  ('{"cohort":{"$ne":"Fall"}}'), ('{"cohort":{"$not":"Fall"}}'), ('{"id":{"$not":[1,2]}}'), ('{"id":{"$not":{"$gt":2}}}'), ('{"id":{"$not":{"$in":[1]}}}'),
  ('{"id":{"$in":[1,2]}}'), ('{"id":{"$in":[]}}'), ('{"id":{"$notIn":[1,2]}}'), ('{"id":{"$notIn":[]}}'), ('{"id":{"$notIn":[1,null]}}'),
  ('{"cohort":{"$notIn":["Fall"]}}'), ('{"id":{"$between":[2,3]}}'), ('{"id":{"$between":[3,2]}}'), ('{"id":{"$notBetween":[2,3]}}'),
  ('{"name":{"$between":["B","D"]}}'), ('{"id":{"$gt":1,"$lt":4}}'), ('{"id":{"$gt":1,"$ne":3},"cohort":"Fall"}'), ('{"id":{"$not":[]}}'),
  ('{"id":{"$gt":"1"}}'), ('{"createdAt":{"$gt":"2026-01-02T23:00:00Z","$lte":"2026-01-04 10:00+00"}}')) AS t (c);

-- logic
SELECT c, pg_temp.s(c) FROM (VALUES ('{"$or":[{"id":1},{"name":"Bob"}]}'::jsonb), ('{"$or":{"id":1,"name":"Bob"}}'), ('{"$and":[{"id":1},{"name":"Bob"}]}'),
  ('{"$and":{"id":1,"name":"Ann"}}'), ('{"$not":{"id":1}}'), ('{"$not":[{"id":1},{"name":"Bob"}]}'), ('{"$not":[{"id":1},{"name":"Ann"}]}'),
  ('{"$or":[]}'), ('{"$or":{}}'), ('{"$not":[]}'), ('{"$not":{}}'), ('{"$and":[]}'), ('{"$and":{}}'), ('{"$or":[{},{"id":1}]}'), ('{"$or":[{}]}'),
  ('{"id":{"$or":[1,{"$gt":3}]}}'), ('{"id":{"$or":{"$lt":2,"$gt":3}}}'), ('{"id":{"$and":[{"$gt":1},{"$lt":3}]}}'), ('{"id":{"$or":[]}}'), ('{"id":{"$and":[]}}'),
  ('{"cohort":{"$or":[null,"Fall"]}}'), ('{"id":{"$or":[[1,2],[4]]}}'), ('{"id":{"$not":{"$or":[1,2]}}}'), ('{"id":{"$or":[{"$notIn":[]}]}}'),
  ('{"$or":[{"id":1},{"$and":[{"cohort":"Fall"},{"$not":{"id":3}}]}]}'), ('{"$not":{"$not":{"id":1}}}'), ('{"$not":{"cohort":"Fall"}}'),
  ('{"$or":[{"id":{"$notIn":[]}},{"id":1}]}'), ('{"$and":[{"$or":[{"id":1},{"id":2}]},{"$or":[{"id":2},{"id":3}]}]}')) AS t (c);

-- types
SELECT c, pg_temp.t(c) FROM (VALUES ('{"flag":true}'::jsonb), ('{"flag":{"$is":true}}'), ('{"flag":{"$is":false}}'), ('{"flag":{"$is":null}}'), ('{"flag":{"$not":true}}'),
  ('{"flag":{"$ne":true}}'), ('{"flag":"yes"}'), ('{"flag":[true,false]}'), ('{"tags":["a","b"]}'), ('{"tags":[]}'), ('{"tags":{"$ne":["a","b"]}}'), ('{"tags":{"$gt":["a"]}}'),
  ('{"tags":"{a,b}"}'), ('{"price":1.5}'), ('{"price":"1.50"}'), ('{"price":{"$gt":1.499}}'), ('{"price":[1.5,2]}'), ('{"size":"[1,5)"}'), ('{"size":{"$eq":[1,5]}}'), ('{"size":{"$eq":[]}}'),
  ('{"doc":{"$eq":{"k":1}}}'), ('{"doc":{"$eq":[1,2]}}'), ('{"doc":null}'), ('{"raw":{"$ne":null}}'), ('{"born":"2000-01-02"}'), ('{"born":{"$lt":"2001-01-01"}}'),
  ('{"at":"2026-01-01T12:00:00+02:00"}'), ('{"mark":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"}'), ('{"code":"ab"}'), ('{"code":"ab  "}'), ('{"code":["ab","x"]}'), ('{"word":"one "}'), ('{"big":"9007199254740993"}'),
  ('{"big":9007199254740993}'), ('{"big":-1}'), ('{"score":0.1}'), ('{"score":"NaN"}'), ('{"score":{"$gt":1e308}}')) AS t (c);

-- what is not understood
SELECT c, pg_temp.serr(c) FROM (VALUES ('null'), ('1'), ('"id = 1"'), ('true'), ('[1]'), ('["id"]'), ('[null]'), ('{"nam":"x"}'), ('{"created_at":"x"}'), ('{"":1}'), ('{"id; DROP TABLE students":1}'),
  ('{"id":{}}'), ('{"id":{"x":1}}'), ('{"id":{"gt":1}}'), ('{"id":{"$gtt":1}}'), ('{"id":{"$gt":null}}'), ('{"id":{"$gt":[1]}}'), ('{"id":{"$gt":{"a":1}}}'), ('{"id":{"$in":1}}'), ('{"id":{"$in":{"a":1}}}'),
  ('{"id":{"$in":[[1]]}}'), ('{"id":{"$in":[{"a":1}]}}'), ('{"id":{"$notIn":null}}'), ('{"id":{"$between":[1]}}'), ('{"id":{"$between":[1,2,3]}}'), ('{"id":{"$between":{"a":1,"b":2}}}'), ('{"id":{"$between":[1,null]}}'), ('{"id":{"$between":5}}'),
  ('{"id":{"$is":true}}'), ('{"id":{"$is":1}}'), ('{"id":{"$is":"null"}}'), ('{"id":"x"}'), ('{"id":[1,"x"]}'), ('{"id":1.5}'), ('{"id":true}'), ('{"id":99999999999}'), ('{"createdAt":"soon"}'), ('{"createdAt":"2026-02-30"}'),
  ('{"$or":1}'), ('{"$or":[1]}'), ('{"$or":null}'), ('{"$not":"x"}'), ('{"$and":[{"$or":[{"id":1},{"id":{"$gt":"x"}}]}]}'), ('{"$xor":[]}'), ('{"$":1}'), ('{"id":{"$or":1}}'), ('{"id":{"$or":[{"$gt":{}}]}}'),
  ('{"id":{"$and":{}}}'), ('{"$or":[{"id":1},{"nope":{"$in":[]}}]}')) AS t (c);
SELECT c, pg_temp.terr(c) FROM (VALUES ('{"raw":{"$eq":{"k":1}}}'), ('{"raw":{"$in":[1]}}'), ('{"place":{"$gt":"(1,2)"}}'), ('{"tags":{"$in":[["a"]]}}'), ('{"tags":[["a"],["b","c"]]}'), ('{"tags":{"$eq":"a"}}'), ('{"tags":5}'),
  ('{"flag":{"$is":"true"}}'), ('{"flag":2}'), ('{"flag":{"$gt":{"a":1}}}'), ('{"size":[1]}'), ('{"size":{"$eq":[5,1]}}'), ('{"size":{"$eq":[{"value":1,"open":true},2]}}'), ('{"mark":"x"}'), ('{"mark":5}'), ('{"big":1e30}'), ('{"born":"2000-02-30"}')) AS t (c);

-- an empty condition, that of a row that cannot be, and one of each in a list
SELECT pg_temp.s('[{"id":{"$in":[]}},{}]'), pg_temp.s('{"$or":[{"id":{"$in":[]}},{"id":4}]}');

-- the same shape is one plan, however long the list
SELECT sum(length(pg_temp.s(jsonb_build_object('id', (SELECT jsonb_agg(i) FROM generate_series(1, n) AS i))))) FROM (VALUES (1), (2), (10000)) AS t (n);
SELECT students_count(jsonb_build_object('where', jsonb_build_object('id', (SELECT jsonb_agg(i) FROM generate_series(4, 10004) AS i))));

DELETE FROM studentdir.model WHERE name = 'WhThing';
DROP TABLE wh_thing;
TRUNCATE students, users, posts RESTART IDENTITY;
