-- What is true of every row, whatever it holds, is no condition.
SET client_min_messages = warning;
CREATE TABLE odd (id int PRIMARY KEY, name text NOT NULL, note text, tags text[] NOT NULL DEFAULT '{}', done boolean, meta jsonb, deleted_at timestamptz, sure boolean NOT NULL DEFAULT true);
INSERT INTO odd VALUES (1, 'a', 'x', '{a}', true, '{"a":1}'), (2, 'b', NULL, '{}', false, NULL), (3, 'c', 'y', '{}', NULL, '{"b":true}');
SELECT studentdir.define('Odd', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","note":"TEXT","tags":"ARRAY(TEXT)","done":"BOOLEAN","meta":"JSONB","sure":"BOOLEAN"}', '{"tableName":"odd","createdAt":false,"updatedAt":false,"paranoid":true}') IS NOT NULL AS defined;
SELECT studentdir.has_many('Odd', 'Odd', '{"as":"Others","foreignKey":"id"}') IS NOT NULL AS associated;

-- how many rows a writer would change, or why it does not
CREATE FUNCTION pg_temp.changes(condition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	options jsonb := jsonb_build_object('where', condition);
	n text[];
BEGIN
	BEGIN
		n[1] := studentdir.update('Odd', '{"note":"z"}', options);
		RAISE division_by_zero;
	EXCEPTION WHEN invalid_parameter_value THEN n[1] := 'refused';
		WHEN division_by_zero THEN NULL;
	END;
	BEGIN
		n[2] := studentdir.destroy('Odd', options || '{"force":true}');
		RAISE division_by_zero;
	EXCEPTION WHEN invalid_parameter_value THEN n[2] := 'refused';
		WHEN division_by_zero THEN NULL;
	END;
	BEGIN
		PERFORM studentdir.destroy('Odd', '{"all":true}');
		n[3] := studentdir.restore('Odd', options);
		RAISE division_by_zero;
	EXCEPTION WHEN invalid_parameter_value THEN n[3] := 'refused';
		WHEN division_by_zero THEN NULL;
	END;
	RETURN array_to_string(n, ' ');
END $$;
SELECT condition, pg_temp.changes(condition) AS "update, destroy, restore" FROM (VALUES
  -- every row
  ('{}'::jsonb), ('[]'), ('[{}]'), ('{"$and":[]}'), ('{"id":{"$notIn":[]}}'), ('{"id":{"$not":[]}}'),
  ('{"$not":{"id":[]}}'), ('{"id":{"$not":{"$in":[]}}}'), ('{"$not":{"$or":[]}}'), ('{"id":{"$not":{"$or":[]}}}'),
  ('{"id":{"$gt":{"$all":[]}}}'), ('{"$not":{"$and":[{"id":[]}]}}'), ('{"$not":{"name":{"$like":{"$any":[]}}}}'),
  ('{"$not":{"$not":{"id":{"$gt":{"$all":[]}}}}}'), ('{"$or":[{"id":1},{"$not":{"id":[]}}]}'), ('{"id":{"$or":[1,{"$not":{"$in":[]}}]}}'),
  ('{"$not":{"$and":[{"id":1},{"id":[]}]}}'), ('{"meta.a":{"$not":{"$in":[]}}}'), ('{"$not":{"tags":{"$in":[]}}}'),
  ('{"$not":{"$Others.id$":[]}}'), ('{"$not":{"$Others.Others.id$":{"$in":[]}}}'),
  ('{"id":{"$ne":null}}'), ('{"$not":{"name":null}}'), ('{"note":{"$or":[null,{"$ne":null}]}}'), ('{"$or":[{"id":1},{"note":null},{"$not":{"note":null}}]}'),
  ('{"$not":{"$and":[{"note":null},{"note":{"$ne":null}}]}}'), ('{"name":{"$substring":""}}'), ('{"name":{"$iStartsWith":""}}'), ('{"name":{"$like":"%%"}}'), ('{"name":{"$regexp":""}}'),
  ('{"note":{"$or":[null,{"$substring":""}]}}'), ('{"tags":{"$contains":[]}}'), ('{"id":{"$gte":{"$col":"id"}}}'), ('{"meta.a":{"$or":[null,{"$ne":null}]}}'), ('{"$expr":[1,"$eq",1]}'), ('{"$expr":{"$test":{}}}'), ('{"$expr":{"$test":{"$not":{"id":[]}}}}'), ('{"$expr":[{"$test":{"id":[]}},"$eq",false]}'),
  ('{"$expr":{"$case":[[{"id":[]},false],{"$else":true}]}}'), ('{"id":{"$notIn":{"model":"Odd","attributes":["id"],"where":{"id":[]}}}}'), ('{"$not":{"id":{"$in":{"model":"Odd","attributes":["id"],"limit":0}}}}'),
  ('{"$not":{"$expr":[{"$fn":["lower","A"]},"$eq","b"]}}'),
  ('{"$or":[{"done":{"$is":true}},{"done":{"$not":true}}]}'), ('{"done":{"$or":[{"$is":false},{"$not":false}]}}'), ('{"done":{"$or":[true,false,null]}}'), ('{"$or":[{"done":null},{"done":true},{"done":{"$ne":true}}]}'), ('{"done":{"$or":[{"$not":true},{"$not":false}]}}'), ('{"$not":{"$and":[{"done":{"$is":true}},{"done":{"$is":false}}]}}'),
  ('{"$or":[{"sure":true},{"sure":false}]}'), ('{"$or":[{"sure":true},{"id":1},{"$not":{"sure":true}}]}'), ('{"$or":[{"sure":{"$ne":true}},{"$expr":{"$col":"sure"}}]}'),
  ('{"$or":[{"name":{"$ne":"a"}},{"name":{"$ne":"b"}}]}'), ('{"$or":[{"id":7},{"id":{"$ne":1}},{"id":1}]}'), ('{"$or":[{"name":"a"},{"$not":{"name":"a"}}]}'), ('{"note":{"$or":[null,"x",{"$ne":"x"}]}}'), ('{"$not":{"$and":[{"id":1},{"id":2}]}}'),
  ('{"$or":[{"id":{"$lt":2}},{"id":{"$gte":2}}]}'), ('{"$or":[{"id":{"$lte":2}},{"id":{"$gt":1}}]}'), ('{"$or":[{"id":{"$lte":2}},{"id":{"$gte":3}}]}'), ('{"id":{"$or":[{"$between":[1,2]},{"$notBetween":[1,2]}]}}'), ('{"id":{"$or":[{"$between":[1,2]},{"$lt":1},{"$gt":2}]}}'),
  ('{"$or":[{"name":{"$lt":"b"}},{"name":{"$gt":"b"}},{"name":"b"}]}'), ('{"$or":[{"name":{"$in":["a","b"]}},{"name":{"$notIn":["b"]}}]}'), ('{"$or":[{"name":["a","b"]},{"$not":{"name":["a","b"]}}]}'), ('{"$or":[{"name":{"$notIn":["a","b"]}},{"name":["b","c"]},{"name":"a"}]}'),
  ('{"$or":[{"name":{"$like":"a%"}},{"name":{"$notLike":"a%"}}]}'), ('{"$or":[{"name":{"$startsWith":"a"}},{"$not":{"name":{"$startsWith":"a"}}}]}'), ('{"$or":[{"name":{"$regexp":"^a"}},{"name":{"$notRegexp":"^a"}},{"id":7}]}'), ('{"$or":[{"note":null},{"note":{"$iLike":"a%"}},{"note":{"$notILike":"a%"}}]}'),
  ('{"$or":[{"name":{"$like":{"$any":["a%","b%"]}}},{"name":{"$notLike":{"$all":["a%","b%"]}}}]}'), ('{"$or":[{"tags":{"$contains":["a"]}},{"$not":{"tags":{"$contains":["a"]}}}]}'), ('{"$or":[{"id":{"$lt":{"$col":"id"}}},{"id":{"$gte":{"$col":"id"}}}]}'),
  ('{"$or":[{"id":1,"name":"a"},{"$not":{"id":1,"name":"a"}}]}'), ('{"$or":[{"$or":[{"id":1},{"name":"a"}]},{"$not":{"$or":[{"id":1},{"name":"a"}]}}]}'), ('{"$not":{"$and":[{"$not":{"id":{"$lt":2}}},{"$not":{"id":{"$gt":1}}}]}}'),
  ('{"sure":[true,false]}'), ('{"sure":{"$in":[false,true]}}'), ('{"$not":{"sure":{"$notIn":[true,false]}}}'), ('{"sure":{"$gte":false}}'), ('{"id":{"$gte":-2147483648}}'), ('{"id":{"$lte":2147483647}}'), ('{"name":{"$regexp":".*"}}'), ('{"id":{"$contained":[null,null]}}'),
  ('{"$or":[{"done":[true,false]},{"done":null}]}'), ('{"$or":[{"meta.a":1},{"meta.a":{"$ne":1}},{"meta.a":null}]}'),
  ('{"$expr":[{"$count":"Others"},"$gte",0]}'), ('{"$expr":[{"$count":"Others"},"$gt",-1]}'), ('{"$expr":[{"$count":"Others"},"$ne",-1]}'), ('{"$expr":[{"$count":"Others"},"$notIn",[-1,0.5]]}'), ('{"$not":{"$expr":[{"$count":"Others"},"$lt",0]}}'), ('{"$expr":[{"$count":"Others"},{"$or":[0,{"$gte":1}]}]}'), ('{"$expr":[{"$count":"Others"},{"$ne":null}]}'), ('{"$expr":[{"$count":{"association":"Others","where":{"id":1}}},"$between",[0,"infinity"]]}'),
  ('{"$or":[{"$Others.id$":null},{"$Others.id$":{"$ne":null}}]}'), ('{"$or":[{"$Others.name$":"a"},{"$not":{"$Others.name$":"a"}}]}'), ('{"$or":[{"$expr":{"$exists":"Others"}},{"$not":{"$expr":{"$exists":"Others"}}}]}'), ('{"$expr":[{"$coalesce":[{"$col":"note"},"x"]},{"$or":["a",{"$ne":"a"}]}]}'),
  -- no row, or some
  ('{"$or":[{"id":{"$lt":2}},{"id":{"$gt":2}}]}'), ('{"$or":[{"id":{"$lt":2}},{"name":{"$gte":"b"}}]}'), ('{"$or":[{"note":{"$like":"a%"}},{"note":{"$notLike":"a%"}}]}'), ('{"$or":[{"name":{"$like":"a%"}},{"name":{"$notLike":"b%"}}]}'), ('{"$or":[{"name":{"$notIn":["a","b"]}},{"name":"a"}]}'), ('{"id":{"$or":[{"$between":[1,2]},{"$lt":1}]}}'),
  ('{"done":[true,false]}'), ('{"sure":[true]}'), ('{"sure":[true,true]}'), ('{"id":{"$gt":-2147483648}}'), ('{"id":{"$contained":[null,9]}}'), ('{"$expr":[{"$count":"Others"},"$gt",0]}'), ('{"$expr":[{"$count":"Others"},"$ne",1]}'), ('{"$or":[{"meta.a":1},{"meta.a":{"$ne":1}}]}'), ('{"$or":[{"meta.a":{"$lt":1}},{"meta.a":{"$gte":1}},{"meta.a":null}]}'),
  ('{"$or":[{"$Others.id$":null},{"$Others.name$":"a"}]}'), ('{"$or":[{"$Others.name$":"a"},{"$not":{"$Others.name$":"b"}}]}'), ('{"$or":[{"id":1,"name":"a"},{"$not":{"id":1,"name":"b"}}]}'), ('{"$or":[{"id":1,"note":"a"},{"$not":{"id":1,"note":"a"}}]}'),
  ('{"$or":[{"name":{"$ne":"a"}},{"name":{"$ne":"a"}}]}'), ('{"$or":[{"name":{"$ne":"a"}},{"name":"b"}]}'), ('{"$or":[{"note":"x"},{"note":{"$ne":"x"}}]}'), ('{"$or":[{"name":{"$ne":"a"}},{"note":{"$ne":"b"}},{"id":5}]}'),
  ('{"done":{"$or":[true,false]}}'), ('{"$or":[{"done":true},{"$not":{"done":true}}]}'), ('{"$or":[{"done":{"$is":true}},{"done":null}]}'), ('{"$or":[{"sure":true},{"done":false}]}'), ('{"$and":[{"sure":true},{"sure":false}]}'), ('{"sure":true}'), ('{"$or":[{"sure":{"$ne":false}},{"sure":true}]}'),
  ('{"$or":[{"meta.a":null},{"meta.b":{"$ne":null}}]}'), ('{"$expr":{"$test":{"id":[]}}}'), ('{"$expr":{"$test":{"id":1}}}'), ('{"$expr":{"$case":[[{"id":1},true],{"$else":false}]}}'), ('{"id":{"$in":{"model":"Odd","attributes":["id"],"where":{"id":[]}}}}'), ('{"id":{"$notIn":{"model":"Odd","attributes":["id"],"where":{"id":1}}}}'),
  ('{"id":[]}'), ('{"$or":[]}'), ('{"$not":{}}'), ('{"$not":{"id":{"$gt":{"$all":[]}}}}'), ('{"id":{"$gt":{"$any":[]}}}'), ('{"id":null}'), ('{"$Others.id$":[]}'),
  ('{"$or":[{"id":1},{"id":[]}]}'), ('{"$or":[{"id":{"$notIn":[]}},{"id":1}]}'), ('{"$and":[{"$not":{"id":[]}},{"id":1}]}'), ('{"$not":{"id":1}}'), ('{"note":{"$substring":""}}'),
  ('{"note":{"$ne":null}}'), ('{"$or":[{"note":null},{"name":{"$gt":"b"}}]}'), ('{"$not":{"note":{"$or":[null,{"$ne":null}]}}}'), ('{"name":{"$like":"%_%"}}'), ('{"$Others.id$":1}'),
  ('{"$expr":[{"$fn":["length",{"$col":"name"}]},"$gt",0]}')) AS t (condition);
SELECT studentdir.destroy_returning('Odd', '{"where":{"$not":{"id":[]}}}');
SELECT studentdir.update_returning('Odd', '{"note":"z"}', '{"where":{"$not":{"id":[]}}}');
SELECT studentdir.update('Odd', '{"note":null}', '{"where":{"$not":{"id":[]}},"all":true}');

-- a default scope is no condition of the call's own
SELECT studentdir.define('OddNamed', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","note":"TEXT"}', '{"tableName":"odd","timestamps":false,"defaultScope":{"where":{"name":"a"}},"scopes":{"b":{"where":{"name":"b"}},"any":{"where":{"$not":{"id":[]}}}}}') IS NOT NULL AS defined;
SELECT studentdir.destroy('OddNamed');
SELECT studentdir.destroy('OddNamed', '{"scope":"any"}');
SELECT studentdir.update('OddNamed', '{"note":"s"}', '{"scope":"b"}'), studentdir.update('OddNamed', '{"note":"d"}', '{"all":true}');
SELECT id, note FROM odd ORDER BY id;

-- find_one and find_or_create would give some record or other
SELECT studentdir.find_one('Odd', '{"where":{}}');
SELECT studentdir.find_one('Odd', '{"where":{"id":{"$notIn":[]}}}');
SELECT studentdir.find_one('Odd', '{"where":{"$not":{"id":[]}}}');
SELECT studentdir.find_one('OddNamed', '{"scope":"b","where":{}}');
SELECT studentdir.find_or_create('Odd', '{"where":{},"defaults":{"id":9,"name":"n"}}');
SELECT studentdir.find_one('Odd', '{"where":{"$expr":[1,"$eq",1]}}');
SELECT studentdir.find_one('Odd', '{"attributes":["id"],"order":["id"],"where":{},"all":true}'), studentdir.find_one('Odd', '{"attributes":["id"],"order":["id"]}'), studentdir.find_one('Odd', '{"attributes":["id"],"where":{"id":2}}');
SELECT (studentdir.find_or_create('Odd', '{"where":{},"order":["id"],"all":true}')).created;
-- other finders take it, unless the setting says otherwise
SELECT studentdir.count('Odd', '{"where":{}}'), studentdir.list('Odd', '{"attributes":["id"],"where":[],"order":["id"]}');
SET studentdir.empty_where = refuse;
SELECT studentdir.count('Odd', '{"where":{}}');
SELECT studentdir.list('Odd', '{"where":{"$and":[{}]}}');
SELECT * FROM studentdir.find_all('Odd', '{"where":{"id":{"$not":[]}}}');
SELECT studentdir.find_and_count_all('Odd', '{"where":{}}');
SELECT studentdir.aggregate('Odd', 'max', 'id', '{"where":{}}');
SELECT studentdir.count('Odd', '{"where":{},"all":true}'), studentdir.count('Odd'), studentdir.find_by_pk('Odd', 1, '{"attributes":["id"],"where":{}}');
SELECT studentdir.list('Odd', '{"attributes":["id"],"where":{"id":1},"include":{"association":"Others","attributes":["id"],"where":{}}}');
SELECT status, body FROM studentdir.request('GET', '/users');
RESET studentdir.empty_where;

-- $not with true and false is IS NOT TRUE, IS NOT FALSE: what is not known is neither
SELECT condition, studentdir.list('Odd', jsonb_build_object('attributes', '["id"]'::jsonb, 'order', 'id', 'where', condition)) FROM (VALUES
  ('{"done":{"$not":true}}'::jsonb), ('{"done":{"$not":false}}'), ('{"done":{"$ne":true}}'), ('{"done":{"$is":true}}'), ('{"done":{"$not":null}}'),
  ('{"$not":{"done":{"$not":true}}}'), ('{"meta.b":{"$not":true}}'), ('{"meta":{"b":{"$not":false}}}'), ('{"meta.b":{"$ne":true}}'), ('{"name":{"$not":true}}')) AS t (condition);

-- conditions in conditions are looked at once each, however deep they are
WITH RECURSIVE nested AS (SELECT 0 AS depth, '{"id":1}'::jsonb AS condition UNION ALL
  SELECT depth + 1, jsonb_build_object('$expr', jsonb_build_array(jsonb_build_object('$case', jsonb_build_array(jsonb_build_array(condition, 1), '{"$else":2}'::jsonb)), '$eq', 1)) FROM nested WHERE depth < 38)
SELECT depth, pg_temp.changes(condition), pg_temp.changes(jsonb_build_object('$not', condition)) FROM nested WHERE depth IN (1, 38);

SELECT studentdir.undefine('OddNamed'), studentdir.undefine('Odd');
DROP TABLE odd;
