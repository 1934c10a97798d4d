-- Operators and forms of conditions that Sequelize's own tests use.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CREATE TABLE team (id int PRIMARY KEY, name text, info jsonb);
CREATE TABLE entry (id int PRIMARY KEY, name text, part text, n int, amount numeric, at timestamptz, tags text[], span int4range, meta jsonb, raw json, done boolean, team_id int);
INSERT INTO team VALUES (1, 'Red', '{"level":1,"of":{"who":"Ann"}}'), (2, 'Blue', '{"level":2}');
INSERT INTO entry VALUES
  (1, 'alpha', 'al', 1, 1.5, '2026-01-01 00:00Z', '{a,b}', '[1,5)', '{"a":1,"k":{"x":1,"y":2},"list":[1,2]}', '{"a":2}', true, 1),
  (2, 'beta', 'TA', 5, 2.5, '2026-02-01 00:00Z', '{b}', '[5,9)', '{"a":5,"k":{"y":2}}', '{"a":1}', false, 2),
  (3, 'Gamma', '50%', 9, NULL, NULL, '{}', NULL, '{"b":null}', NULL, NULL, NULL),
  (4, '50% off', '50%', NULL, 9, '2026-03-01 00:00Z', NULL, '[20,30)', NULL, '{"a":3}', true, 1);
SELECT studentdir.define('Team', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","info":"JSONB"}', '{"tableName":"team","timestamps":false}') IS NOT NULL,
  studentdir.define('Entry', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","part":"TEXT","n":"INTEGER","amount":"DECIMAL","at":"DATE","tags":"ARRAY(TEXT)","span":"RANGE(INTEGER)","meta":"JSONB","raw":"JSON","done":"BOOLEAN","teamId":"INTEGER"}', '{"tableName":"entry","timestamps":false}') IS NOT NULL,
  studentdir.belongs_to('Entry', 'Team', '{"foreignKey":"teamId"}') IS NOT NULL, studentdir.has_many('Team', 'Entry', '{"as":"Entries","foreignKey":"teamId"}') IS NOT NULL;
-- the ids of what is found, or the error
CREATE FUNCTION pg_temp.ids(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	RETURN (SELECT coalesce(string_agg(record->>'id', ' ' ORDER BY (record->>'id')::int), '-') FROM studentdir.find_all('Entry', jsonb_build_object('where', condition::jsonb)));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	-- the server's words since 17
	RETURN sqlstate || ' ' || replace(sqlerrm, 'unexpected end of quoted', 'unterminated quoted') || coalesce(' / ' || nullif(left(hint, 120), ''), '');
END $$;
SELECT c, pg_temp.ids(c) FROM (VALUES
  -- $any and $all on their own, with $values, over arrays and ranges
  ('{"n":{"$any":[1,9]}}'), ('{"n":{"$all":[5]}}'), ('{"n":{"$all":[1,5]}}'), ('{"n":{"$any":[]}}'), ('{"n":{"$any":{"$values":[1,5]}}}'), ('{"n":{"$gt":{"$any":{"$values":[4,7]}}}}'), ('{"n":{"$lte":{"$all":[5,9]}}}'),
  ('{"name":{"$like":{"$any":{"$values":["al%","%ta"]}}}}'), ('{"name":{"$iLike":{"$all":["%a","%m%"]}}}'), ('{"tags":{"$any":[["a","b"],["b"]]}}'), ('{"tags":{"$contains":{"$any":[["a"],["b"]]}}}'), ('{"tags":{"$overlap":{"$all":{"$values":[["a"],["b"]]}}}}'),
  ('{"span":{"$contains":{"$any":[[1,3],[6,7]]}}}'), ('{"span":{"$overlap":{"$all":[[1,3],[2,9]]}}}'), ('{"n":{"$any":[1,{"$cast":["9","integer"]}]}}'), ('{"n":{"$any":5}}'), ('{"n":{"$any":{"$value":[1]}}}'), ('{"meta.a":{"$any":[1,2]}}'), ('{"n":{"$any":["x"]}}'),
  -- a value in a range
  ('{"n":{"$contained":[1,6]}}'), ('{"n":{"$contained":[null,5]}}'), ('{"amount":{"$contained":[{"value":1.5,"inclusive":false},9]}}'), ('{"at":{"$contained":["2026-01-15T00:00:00Z",null]}}'), ('{"name":{"$contained":["a","b"]}}'), ('{"tags":{"$contained":["b","c"]}}'), ('{"span":{"$contained":[0,10]}}'), ('{"n":{"$contained":1}}'),
  -- lists, between and parts of text with expressions
  ('{"n":{"$in":[1,{"$fn":["length",{"$col":"name"}]}]}}'), ('{"n":{"$notIn":[{"$col":"id"},9]}}'), ('{"n":{"$between":[{"$col":"id"},6]}}'),
  ('{"name":{"$startsWith":{"$col":"part"}}}'), ('{"name":{"$endsWith":{"$fn":["lower",{"$col":"part"}]}}}'), ('{"name":{"$substring":{"$col":"part"}}}'), ('{"name":{"$iEndsWith":{"$col":"part"}}}'), ('{"name":{"$notSubstring":{"$col":"part"}}}'), ('{"name":{"$notStartsWith":{"$col":"part"}}}'), ('{"name":{"$notIEndsWith":{"$col":"part"}}}'),
  ('{"name":{"$substring":{"$col":"n"}}}'), ('{"name":{"$match":{"$col":"name"}}}'), ('{"name":{"$match":{"query":{"$fn":["concat","bet","a"]},"config":"english"}}}'), ('{"name":{"$match":{"$col":"n"}}}'),
  -- $isNot
  ('{"n":{"$isNot":null}}'), ('{"done":{"$isNot":true}}'), ('{"done":{"$isNot":false}}'), ('{"n":{"$isNot":1}}'), ('{"name":{"$isNot":true}}'),
  -- JSON
  ('{"meta":{"$anyKeyExists":["a","b"]}}'), ('{"meta.k":{"$anyKeyExists":["x"]}}'), ('{"meta":{"k":{"$allKeysExist":["x","y"]}}}'), ('{"meta":{"$jsonPath":"$.a > 1"}}'), ('{"raw":{"$jsonPath":"$.a < 3"}}'), ('{"meta.k":{"$jsonPath":"$.y == 2"}}'), ('{"$not":{"meta":{"$jsonPath":"$.a > 1"}}}'),
  ('{"meta":{"$jsonPath":"$.a >"}}'), ('{"meta":{"$jsonPath":"$.a > > 1"}}'), ('{"$or":[{"meta.k":{"$jsonPath":"($.\u00e9 == \"x) > 1\") \"y\" > 1"}}]}'), ('{"meta":{"$jsonPath":"@.a == 1"}}'), ('{"meta":{"$jsonPath":"$.a like_regex \"a\" flag \"z\""}}'), ('{"meta":{"$jsonPath":"$["}}'), ('{"meta":{"$jsonPath":"$.\u00e9[1 x] > 1"}}'), ('{"meta":{"$jsonPath":"$.a b"}}'), ('{"meta":{"$jsonPath":"$.a == \"x"}}'), ('{"meta":{"$jsonPath":5}}'), ('{"name":{"$jsonPath":"$.a"}}'),
  -- names between dollar signs
  ('{"$n$":5}'), ('{"$n$":{"$gt":4},"$name$":"beta"}'), ('{"$Team.name$":"Red"}'), ('{"$Team.info$.level":1}'), ('{"$Team.info$.of.who":"Ann"}'), ('{"$Team.info.level$":{"$gte":2}}'), ('{"$Team.info$.level":2,"$Team.name$":"Blue"}'), ('{"$nope$":1}'), ('{"$Team$.x":1}'), ('{"$n$.x":1}'),
  -- several operators in one $expr
  ('{"$expr":[{"$fn":["length",{"$col":"name"}]},{"$gt":4,"$lt":6}]}'), ('{"$expr":[{"$fn":["lower",{"$col":"name"}]},{"$or":["gamma",{"$startsWith":"al"}]}]}'), ('{"$expr":[{"$col":"n"},5]}'), ('{"$expr":[{"$col":"n"},{"$in":[1,5]}]}'), ('{"$expr":[{"$col":"n"}]}'), ('{"$expr":[{"$cast":[{"$col":"n"},"text"]},{"$nope":1}]}'),
  -- what is no expression is named
  ('{"name":{"$literal":"now()"}}'), ('{"$expr":[{"$literal":"1=1"},"$eq",1]}'), ('{"$expr":[{"$fn":["lower",{"$raw":"x"}]},"$eq","x"]}'), ('{"$expr":[{"$nope":1},"$eq",1]}'), ('{"$expr":[{"a":1},"$eq",1]}')) AS t (c);
-- JSON paths in attributes, order and group
SELECT studentdir.list('Entry', '{"attributes":["id",["meta.k.y","y"],["raw.a","a"]],"order":[["raw.a","DESC"],"id"]}');
SELECT studentdir.list('Entry', '{"attributes":[["meta.k.y","y"],[{"$fn":["count",{"$col":"id"}]},"c"]],"group":["meta.k.y"],"order":["meta.k.y"]}');
SELECT studentdir.list('Entry', '{"attributes":["id"],"include":{"association":"Team","attributes":[["info.level","level"]]},"order":[["meta.a","DESC NULLS LAST"],"id"]}');
SELECT studentdir.list('Entry', '{"attributes":["name.x"]}');
SELECT studentdir.list('Entry', '{"attributes":[[{"$literal":"1"},"one"]]}');
SELECT studentdir.list('Entry', '{"order":[{"$literal":"random()"}]}');
-- count and aggregate with what has to be there
SELECT studentdir.count('Entry', '{"include":"Team"}'), studentdir.count('Entry', '{"include":{"association":"Team","where":{"name":"Red"}}}'), studentdir.count('Team', '{"include":{"association":"Entries","required":true,"where":{"n":{"$gt":1}}}}'), studentdir.aggregate('Entry', 'sum', 'n', '{"include":{"association":"Team","required":true}}');
SELECT studentdir.list('Entry', '{"attributes":["id",[{"$fn":["trim",{"$col":"name"}]},"t"]],"where":{"id":1}}');
SELECT studentdir.undefine('Entry'), studentdir.undefine('Team');
DROP TABLE entry, team;
