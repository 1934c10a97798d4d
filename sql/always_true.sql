-- Comparisons that are true of every row because of what the values of a type can be, or of what a value has in it:
-- writers take them for no condition.
SET client_min_messages = warning;
CREATE EXTENSION citext;
CREATE TYPE at_state AS ENUM ('closed', 'open');
ALTER TYPE at_state ADD VALUE 'new' BEFORE 'closed';
CREATE DOMAIN at_word AS text;
CREATE TABLE at (id int PRIMARY KEY, small smallint NOT NULL, name text NOT NULL, note text, code varchar(20) NOT NULL, fixed char(4) NOT NULL, word at_word NOT NULL, c text COLLATE "C" NOT NULL, ci citext NOT NULL, u uuid NOT NULL, day date NOT NULL, at timestamptz NOT NULL, local timestamp NOT NULL, t time NOT NULL, n numeric NOT NULL, f float8 NOT NULL, r real NOT NULL, span int4range NOT NULL, spans int4multirange NOT NULL, tags text[] NOT NULL, meta jsonb NOT NULL, words tsvector NOT NULL, bytes bytea NOT NULL, state at_state NOT NULL, mood at_state, wait interval NOT NULL DEFAULT '1 day');
INSERT INTO at VALUES (1, 1, 'a', 'a', 'a', 'a', 'a', 'a', 'a', '11111111-1111-1111-1111-111111111111', '2020-01-01', '2020-01-01', '2020-01-01', '10:00', 1, 1, 1, '[1,2)', '{[1,2)}', '{a}', '{"a":1}', 'a', 'a', 'open', 'open');
SELECT studentdir.define('At', '{"id":{"type":"INTEGER","primaryKey":true},"small":"SMALLINT","name":"TEXT","note":"TEXT","code":"STRING(20)","fixed":"CHAR(4)","word":"at_word","c":"TEXT","ci":"CITEXT","u":"UUID","day":"DATEONLY","at":"DATE","local":"timestamp without time zone","t":"TIME","n":"DECIMAL","f":"DOUBLE","r":"REAL","span":"RANGE(INTEGER)","spans":"int4multirange","tags":"ARRAY(TEXT)","meta":"JSONB","words":"TSVECTOR","bytes":"BLOB","state":"at_state","mood":"at_state","wait":"INTERVAL"}', '{"tableName":"at","timestamps":false}') IS NOT NULL;
SELECT studentdir.has_many('At', 'At', '{"as":"Others","foreignKey":"id","constraints":false}') IS NOT NULL;

-- how many rows the condition finds, and how many destroy deletes, or that it refuses
CREATE FUNCTION pg_temp.destroys(condition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found text := studentdir.count('At', jsonb_build_object('where', condition));
	deleted text;
BEGIN
	BEGIN
		deleted := studentdir.destroy('At', jsonb_build_object('where', condition));
		RAISE division_by_zero;
	EXCEPTION WHEN invalid_parameter_value THEN deleted := 'refused';
		WHEN division_by_zero THEN NULL;
	END;
	RETURN found || ', ' || deleted;
END $$;
-- the ends of an interval, which since 17 are infinite; before that the lower one cannot be written
CREATE FUNCTION pg_temp.wait(op text, top boolean) RETURNS jsonb LANGUAGE sql AS $$
SELECT jsonb_build_object('wait', CASE WHEN current_setting('server_version_num')::int >= 170000 THEN jsonb_build_object(op, CASE WHEN top THEN 'infinity' ELSE '-infinity' END)
  WHEN top THEN jsonb_build_object(op, '178956970 years 7 mons 2147483647 days 2562047788:00:54.775807') ELSE '{"$ne":null}' END) $$;
SELECT CASE WHEN condition ? 'wait' THEN '{"wait":"an end"}' ELSE condition END AS condition, pg_temp.destroys(condition) AS "found, deleted" FROM (VALUES
  -- every row: the least or the greatest value of a type
  ('{"name":{"$gte":""}}'::jsonb), ('{"$not":{"name":{"$lt":""}}}'), ('{"code":{"$gte":""}}'), ('{"fixed":{"$gte":""}}'), ('{"fixed":{"$gte":"  "}}'), ('{"word":{"$gte":""}}'), ('{"c":{"$gte":""}}'), ('{"ci":{"$gte":""}}'), ('{"$or":[{"name":{"$gt":""}},{"name":""}]}'), ('{"name":{"$notBetween":["b","a"]}}'), ('{"note":{"$or":[null,{"$gte":""}]}}'),
  ('{"small":{"$gte":-32768}}'), ('{"u":{"$gte":"00000000-0000-0000-0000-000000000000"}}'), ('{"u":{"$lte":"ffffffff-ffff-ffff-ffff-ffffffffffff"}}'), ('{"day":{"$gte":"-infinity"}}'), ('{"day":{"$lte":"infinity"}}'), ('{"at":{"$between":["-infinity","infinity"]}}'), ('{"local":{"$lte":"infinity"}}'), ('{"t":{"$gte":"00:00"}}'), ('{"t":{"$lte":"24:00"}}'), (pg_temp.wait('$lte', true)), (pg_temp.wait('$gte', false)),
  ('{"n":{"$gte":"-Infinity"}}'), ('{"n":{"$lte":"NaN"}}'), ('{"f":{"$gte":"-Infinity"}}'), ('{"f":{"$lte":"NaN"}}'), ('{"r":{"$not":{"$gt":"NaN"}}}'), ('{"bytes":{"$gte":""}}'), ('{"tags":{"$gte":[]}}'), ('{"span":{"$gte":"empty"}}'), ('{"spans":{"$gte":[]}}'),
  -- all labels of an enum
  ('{"state":["new","closed","open"]}'), ('{"state":{"$gte":"new"}}'), ('{"state":{"$lte":"open"}}'), ('{"$or":[{"state":{"$lt":"open"}},{"state":"open"}]}'), ('{"$not":{"state":{"$notIn":["open","closed","new"]}}}'), ('{"$or":[{"mood":["new","closed","open"]},{"mood":null}]}'),
  -- a list of which one element, or each, is so
  ('{"name":{"$like":{"$any":["%"]}}}'), ('{"name":{"$like":{"$any":["x","%%"]}}}'), ('{"name":{"$iLike":{"$all":["%","%%"]}}}'), ('{"$not":{"name":{"$notLike":{"$any":["%"]}}}}'), ('{"$not":{"name":{"$notLike":{"$all":["x","%"]}}}}'), ('{"name":{"$regexp":{"$any":["x",".*"]}}}'), ('{"name":{"$gte":{"$any":["","b"]}}}'), ('{"name":{"$ne":{"$any":["a","b"]}}}'), ('{"id":{"$ne":{"$any":[1,2]}}}'), ('{"id":{"$gte":{"$all":[-2147483648]}}}'), ('{"$not":{"id":{"$eq":{"$all":[1,2]}}}}'), ('{"tags":{"$contains":{"$any":[[],["x"]]}}}'),
  -- patterns that match the empty text, and so all
  ('{"name":{"$regexp":"x*"}}'), ('{"name":{"$regexp":"^(x|y*)"}}'), ('{"name":{"$regexp":"[^x]*$"}}'), ('{"name":{"$iRegexp":"x|"}}'), ('{"$not":{"name":{"$notRegexp":"(.*)"}}}'), ('{"name":{"$regexp":"^.*$"}}'), ('{"name":{"$regexp":"[\\s\\S]*"}}'), ('{"name":{"$regexp":"^[\\s\\S]*$"}}'), ('{"name":{"$regexp":"^\\d*"}}'), ('{"name":{"$regexp":"\\$*\\.?"}}'), ('{"name":{"$startsWith":""}}'), ('{"name":{"$endsWith":""}}'), ('{"name":{"$substring":""}}'),
  -- nothing, or everything, in the value
  ('{"$not":{"tags":{"$overlap":[]}}}'), ('{"span":{"$contains":[]}}'), ('{"$not":{"span":{"$overlap":[]}}}'), ('{"$not":{"span":{"$strictLeft":[null,null]}}}'), ('{"$not":{"span":{"$adjacent":[null,null]}}}'), ('{"$not":{"span":{"$noExtendLeft":[]}}}'), ('{"meta":{"$allKeysExist":[]}}'), ('{"$not":{"meta":{"$anyKeyExists":[]}}}'), ('{"$not":{"name":{"$match":"the"}}}'), ('{"$not":{"words":{"$match":{"query":"","config":"simple"}}}}'),
  -- expressions that are never null
  ('{"$expr":[{"$concat":[{"$col":"note"},"x"]},{"$ne":null}]}'), ('{"$expr":[{"$fn":["coalesce",{"$col":"note"},"x"]},"$gte",""]}'), ('{"$expr":[{"$fn":["lower",{"$col":"name"}]},{"$or":["a",{"$ne":"a"}]}]}'), ('{"$expr":[{"$list":"Others.name"},{"$ne":null}]}'),
  -- values alone
  ('{"$expr":[1,"$eq",1]}'), ('{"$not":{"$expr":["a","$gt","b"]}}'), ('{"id":{"$notIn":{"model":"At","attributes":["id"],"where":{"$expr":[1,"$eq",2]}}}}'), ('{"$not":{"$exists":{"association":"Others","where":{"$expr":[1,"$eq",2]}}}}'),
  -- a condition on a query, and its negation
  ('{"id":{"$or":[{"$in":{"model":"At","attributes":["small"],"where":{"note":"b"}}},{"$notIn":{"model":"At","attributes":["small"],"where":{"note":"b"}}}]}}'), ('{"$or":[{"id":{"$in":{"model":"At","attributes":["id"]}}},{"id":7},{"$not":{"id":{"$in":{"model":"At","attributes":["id"]}}}}]}'),
  -- what is never below 0
  ('{"$expr":[{"$fn":["length",{"$col":"name"}]},"$gte",0]}'), ('{"$expr":[{"$fn":["char_length",{"$fn":["lower",{"$col":"name"}]}]},"$gt",-1]}'), ('{"$not":{"$expr":[{"$fn":["length",{"$col":"name"}]},"$lt",0]}}'),
  -- no row, or some
  (pg_temp.wait('$lt', true)), ('{"wait":{"$gte":"-1 day"}}'),
  ('{"note":{"$or":[{"$in":{"model":"At","attributes":["note"],"where":{"id":1}}},{"$notIn":{"model":"At","attributes":["note"],"where":{"id":2}}}]}}'), ('{"mood":{"$or":[{"$in":{"model":"At","attributes":["mood"],"where":{"id":2}}},{"$notIn":{"model":"At","attributes":["mood"],"where":{"id":2}}}]}}'), ('{"id":{"$or":[{"$in":{"model":"At","attributes":["id"],"where":{"id":1}}},{"$notIn":{"model":"At","attributes":["id"],"where":{"id":2}}}]}}'), ('{"id":{"$or":[{"$in":{"model":"At","attributes":["id"]}},{"$in":{"model":"At","attributes":["id"]}}]}}'), ('{"id":{"$or":[{"$in":{"model":"At","attributes":["id"],"limit":1,"order":["id"]}},{"$notIn":{"model":"At","attributes":["id"],"order":["id"],"limit":2}}]}}'),
  ('{"$expr":[{"$fn":["length",{"$col":"name"}]},"$gt",0]}'), ('{"$expr":[{"$fn":["length",{"$col":"note"}]},"$gte",0]}'), ('{"$expr":[{"$fn":["array_length",{"$col":"tags"},1]},"$gte",0]}'),
  ('{"name":{"$regexp":"***=$"}}'), ('{"name":{"$regexp":"***:^$"}}'), ('{"name":{"$regexp":"x*\\$"}}'), ('{"name":{"$regexp":"\\Z"}}'), ('{"name":{"$regexp":"^\\d*$"}}'), ('{"name":{"$regexp":"\\d"}}'), ('{"name":{"$startsWith":"a"}}'),
  ('{"name":{"$gt":""}}'), ('{"note":{"$gte":""}}'), ('{"name":{"$lte":""}}'), ('{"fixed":{"$gt":" "}}'), ('{"u":{"$gt":"00000000-0000-0000-0000-000000000000"}}'), ('{"day":{"$gt":"-infinity"}}'), ('{"f":{"$lte":"Infinity"}}'), ('{"n":{"$lt":"NaN"}}'), ('{"t":{"$lt":"24:00"}}'), ('{"tags":{"$gt":[]}}'), ('{"small":{"$gte":-32767}}'),
  ('{"state":["new","open"]}'), ('{"state":{"$gte":"closed"}}'), ('{"state":["new","open","open"]}'), ('{"mood":["new","closed","open"]}'), ('{"state":"open"}'), ('{"$or":[{"state":{"$gt":"closed"}},{"state":"closed"}]}'),
  ('{"name":{"$like":{"$any":["x","a"]}}}'), ('{"name":{"$like":{"$all":["%","a"]}}}'), ('{"name":{"$notLike":{"$all":["x"]}}}'), ('{"note":{"$like":{"$any":["%"]}}}'), ('{"name":{"$ne":{"$any":["b","b"]}}}'), ('{"id":{"$ne":{"$all":[2,3]}}}'), ('{"tags":{"$contains":{"$any":[["a"],["x"]]}}}'),
  ('{"name":{"$regexp":"^a*$"}}'), ('{"name":{"$regexp":"(?!x)"}}'), ('{"name":{"$regexp":"\\y"}}'), ('{"name":{"$regexp":"(^|a)(a|$)"}}'), ('{"name":{"$regexp":"a+"}}'), ('{"name":{"$regexp":"^$"}}'), ('{"name":{"$regexp":"x*a$"}}'),
  ('{"$not":{"tags":{"$overlap":["x"]}}}'), ('{"span":{"$contained":[0,9]}}'), ('{"span":{"$overlap":[null,null]}}'), ('{"$not":{"span":{"$adjacent":[5,6]}}}'), ('{"meta":{"$allKeysExist":["a"]}}'), ('{"$not":{"name":{"$match":"b"}}}'), ('{"$not":{"note":{"$match":"the"}}}'),
  ('{"$expr":[1,"$eq",2]}'), ('{"id":{"$notIn":{"model":"At","attributes":["id"],"where":{"$expr":[1,"$eq",1]}}}}'), ('{"$not":{"$exists":{"association":"Others","where":{"$expr":["a","$lt","b"]}}}}'), ('{"$or":[{"id":2},{"$expr":[1,"$gt",2]}]}'), ('{"$and":[{"id":1},{"$expr":[1,"$eq",1]}]}')) AS t (condition);
-- a parameter is looked at in each call
PREPARE everything(jsonb) AS SELECT studentdir.destroy('At', '{"where":{"$or":[{"id":1},{"$expr":[{"$param":"a"},"$eq",1]}]}}', $1);
EXECUTE everything('{"a":2}');
EXECUTE everything('{"a":1}');
EXECUTE everything('{"a":null}');
-- what is no pattern is an error with its place
SELECT studentdir.destroy('At', '{"where":{"name":{"$regexp":"("}}}');
SELECT studentdir.destroy('At', '{"where":{"name":{"$regexp":{"$any":["a","*("]}}}}');


-- random conditions on one attribute, over rows that have all the values: what is refused is met by every row
CREATE TEMP TABLE at_pool (attr text, vals text[]);
INSERT INTO at_pool VALUES ('name', '{"",a,b}'), ('note', '{"",a}'), ('fixed', '{""," ",a}'), ('c', '{"",a,B}'), ('ci', '{"",a,A}'), ('u', '{00000000-0000-0000-0000-000000000000,ffffffff-ffff-ffff-ffff-ffffffffffff,11111111-1111-1111-1111-111111111111}'), ('day', '{-infinity,infinity,2020-01-01}'), ('at', '{-infinity,infinity,2020-01-01T00:00:00Z}'), ('t', '{00:00,24:00,12:00}'), ('n', '{-Infinity,NaN,0,Infinity}'), ('f', '{-Infinity,NaN,0,Infinity}'), ('r', '{-Infinity,NaN,0,Infinity}'), ('small', '{-32768,32767,0,5}'), ('state', '{new,closed,open}'), ('mood', '{new,closed,open}');
INSERT INTO at SELECT 100 + i, v[1]::smallint, v[2], nullif(v[3], 'x'), 'a', v[4], 'a', v[5], v[6], v[7]::uuid, v[8]::date, v[9]::timestamptz, 'infinity', v[10]::time, v[11]::numeric, v[12]::float8, v[13]::real, 'empty', '{}', '{}', '{}', '', '', v[14]::at_state, nullif(v[15], 'x')::at_state
FROM generate_series(1, 12) AS i, LATERAL (SELECT array_agg(vals[1 + i % cardinality(vals)] ORDER BY ord) AS v
  FROM unnest('{small,name,note,fixed,c,ci,u,day,at,t,n,f,r,state,mood}'::text[]) WITH ORDINALITY AS a (name, ord),
    LATERAL (SELECT CASE WHEN name IN ('note', 'mood') THEN vals || 'x'::text ELSE vals END AS vals FROM at_pool WHERE attr = name) AS p) AS r;
CREATE FUNCTION pg_temp.one_of(elements text[]) RETURNS text LANGUAGE sql AS $$ SELECT elements[1 + floor(random() * cardinality(elements))::integer] $$;
CREATE FUNCTION pg_temp.term(attr text, vals text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	list jsonb := (SELECT coalesce(jsonb_agg(v), '[]') FROM unnest(vals) AS v WHERE random() < 0.7);
	op text := pg_temp.one_of('{$eq,$ne,$lt,$lte,$gt,$gte}');
	term jsonb := jsonb_build_object(attr, CASE floor(random() * 6)::integer
		WHEN 0 THEN 'null'
		WHEN 1 THEN jsonb_build_object(pg_temp.one_of('{$in,$notIn}'), list)
		WHEN 2 THEN jsonb_build_object(op, jsonb_build_object(pg_temp.one_of('{$any,$all}'), list))
		ELSE jsonb_build_object(op, pg_temp.one_of(vals)) END);
BEGIN
	RETURN CASE WHEN random() < 0.25 THEN jsonb_build_object('$not', term) ELSE term END;
END $$;
SELECT setseed(0.5);
DO $$
DECLARE
	condition jsonb;
	refused integer := 0;
	pool record;
BEGIN
	FOR i IN 1..1500 LOOP
		SELECT * INTO pool FROM at_pool OFFSET i % 15 LIMIT 1;
		condition := jsonb_build_object(pg_temp.one_of('{$or,$or,$and}'), (SELECT jsonb_agg(pg_temp.term(pool.attr, pool.vals)) FROM generate_series(0, i % 3)));
		BEGIN
			PERFORM studentdir.find_one('At', jsonb_build_object('attributes', '["id"]'::jsonb, 'where', condition));
		EXCEPTION WHEN invalid_parameter_value THEN
			refused := refused + 1;
			IF studentdir.count('At', jsonb_build_object('where', condition)) <> (SELECT count(*) FROM at) THEN
				RAISE WARNING '% is not met by every row', condition;
			END IF;
		END;
	END LOOP;
	RAISE WARNING 'some were refused: %', refused > 100;
END $$;
DROP TABLE at_pool;

SELECT studentdir.undefine('At');
DROP TABLE at;
DROP TYPE at_state;
DROP DOMAIN at_word;
DROP EXTENSION citext;
-- a type of the category of strings that is no text inside is not compared with the empty text
CREATE TYPE at_semver;
CREATE FUNCTION at_in(cstring) RETURNS at_semver LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION at_out(at_semver) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE at_semver (INPUT = at_in, OUTPUT = at_out, LIKE = text, CATEGORY = 'S');
CREATE FUNCTION at_quote(at_semver) RETURNS text LANGUAGE internal IMMUTABLE STRICT AS 'quote_literal';
CREATE FUNCTION at_cmp(a at_semver, b at_semver) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN IF at_quote(a) = '''''' OR at_quote(b) = '''''' THEN RAISE 'no at_semver'; END IF; RETURN CASE WHEN at_quote(a) < at_quote(b) THEN -1 ELSE (at_quote(a) > at_quote(b))::int END; END $$;
CREATE FUNCTION at_lt(a at_semver, b at_semver) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT at_cmp(a, b) < 0';
CREATE FUNCTION at_le(a at_semver, b at_semver) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT at_cmp(a, b) <= 0';
CREATE FUNCTION at_eq(a at_semver, b at_semver) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT at_cmp(a, b) = 0';
CREATE FUNCTION at_ge(a at_semver, b at_semver) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT at_cmp(a, b) >= 0';
CREATE FUNCTION at_gt(a at_semver, b at_semver) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT at_cmp(a, b) > 0';
CREATE OPERATOR < (LEFTARG = at_semver, RIGHTARG = at_semver, FUNCTION = at_lt);
CREATE OPERATOR <= (LEFTARG = at_semver, RIGHTARG = at_semver, FUNCTION = at_le);
CREATE OPERATOR = (LEFTARG = at_semver, RIGHTARG = at_semver, FUNCTION = at_eq);
CREATE OPERATOR >= (LEFTARG = at_semver, RIGHTARG = at_semver, FUNCTION = at_ge);
CREATE OPERATOR > (LEFTARG = at_semver, RIGHTARG = at_semver, FUNCTION = at_gt);
CREATE OPERATOR CLASS at_semver_ops DEFAULT FOR TYPE at_semver USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 at_cmp(at_semver, at_semver);
CREATE TABLE at_release (id int PRIMARY KEY, version at_semver NOT NULL);
INSERT INTO at_release VALUES (1, '1.0'), (2, '2.0');
SELECT studentdir.define('AtRelease', '{"id":{"type":"INTEGER","primaryKey":true},"version":{"type":"at_semver"}}', '{"tableName":"at_release","timestamps":false}') IS NOT NULL;
SELECT studentdir.destroy('AtRelease', '{"where":{"version":{"$gte":"2.0"}}}');
SELECT studentdir.undefine('AtRelease');
DROP TABLE at_release;
DROP TYPE at_semver CASCADE;
