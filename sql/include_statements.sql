-- How many statements an include takes, and how many rows it reads: counted, for one parent and for many.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

-- how many statements a call has run
CREATE FUNCTION pg_temp.statements(call text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  before bigint := (SELECT coalesce(sum(calls), 0) FROM studentdir.plan_cache());
BEGIN
  EXECUTE 'SELECT count(r) FROM (' || call || ' OFFSET 0) AS x (r)';
  RETURN (SELECT sum(calls) FROM studentdir.plan_cache()) - before;
END $$;

CREATE TABLE groups (region integer, number integer, name text, PRIMARY KEY (region, number));
CREATE TABLE members (id integer PRIMARY KEY, group_region integer, group_number integer, boss_id integer);
CREATE TABLE skills (id integer PRIMARY KEY, name text);
CREATE TABLE member_skills (member_id integer, skill_id integer, PRIMARY KEY (member_id, skill_id));
SELECT json_typeof(studentdir.define('Group', '{"region":{"type":"INTEGER","primaryKey":true},"number":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"timestamps":false}'));
SELECT json_typeof(studentdir.define('Member', '{"groupRegion":"INTEGER","groupNumber":"INTEGER","bossId":"INTEGER"}', '{"timestamps":false}'));
SELECT json_typeof(studentdir.define('Skill', '{"name":"TEXT"}', '{"timestamps":false}'));
SELECT json_typeof(studentdir.define('MemberSkill', '{"memberId":{"type":"INTEGER","primaryKey":true},"skillId":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}'));
SELECT studentdir.has_many('Group', 'Member', '{"foreignKey":["groupRegion","groupNumber"]}') ->> 'as',
       studentdir.belongs_to('Member', 'Group', '{"foreignKey":["groupRegion","groupNumber"]}') ->> 'as',
       studentdir.belongs_to('Member', 'Member', '{"as":"boss","foreignKey":"bossId"}') ->> 'as',
       studentdir.belongs_to_many('Member', 'Skill', '{"through":"MemberSkill","foreignKey":"memberId","otherKey":"skillId"}') ->> 'as';
INSERT INTO groups SELECT i % 10, i / 10, 'g' || i FROM generate_series(0, 999) i;
INSERT INTO members SELECT i, i % 1000 % 10, i % 1000 / 10, i % 3 + 1 FROM generate_series(1, 5000) i;
INSERT INTO skills SELECT i, 's' || i FROM generate_series(1, 5) i;
INSERT INTO member_skills SELECT i, i % 5 + 1 FROM generate_series(1, 5000) i;

-- one for each level, for one parent and for as many as are read at once
SELECT n, pg_temp.statements(format('SELECT studentdir.find_all(''Group'', ''{"order":["region","number"],"limit":%s,"include":"Members"}'')', n)) AS one_level,
       pg_temp.statements(format('SELECT studentdir.find_all(''Group'', ''{"order":["region","number"],"limit":%s,"include":{"association":"Members","include":["boss",{"association":"Skills","limit":1}]}}'')', n)) AS three_levels
FROM unnest('{0,1,2,64}'::int[]) n;
-- past that one for each level and batch, of up to 512 parents, never one for each parent
SELECT n, pg_temp.statements(format('SELECT studentdir.find_all(''Group'', ''{"order":["region","number"],"limit":%s,"include":"Members"}'')', n)) BETWEEN 3 AND 10 AS one_level,
       pg_temp.statements(format('SELECT studentdir.list(''Group'', ''{"order":["region","number"],"limit":%s,"include":{"association":"Members","include":["boss",{"association":"Skills","limit":1}]}}'')', n)) BETWEEN 7 AND 31 AS three_levels
FROM unnest('{65,500,1000}'::int[]) n;
SELECT pg_temp.statements('SELECT studentdir.find_all(''Member'', ''{"include":["Group","boss","Skills"]}'')') BETWEEN 31 AND 61;
-- neither a large result makes batches smaller, nor a sort, nor one batch that was large
CREATE TABLE papers (id integer PRIMARY KEY, group_region integer, group_number integer, text text);
INSERT INTO papers SELECT i, i % 1000 % 10, i % 1000 / 10, repeat('x', CASE WHEN i < 50 THEN 100000 ELSE 800 END) FROM generate_series(0, 9999) i;
SELECT json_typeof(studentdir.define('Paper', '{"groupRegion":"INTEGER","groupNumber":"INTEGER","text":"TEXT"}', '{"timestamps":false}'));
SELECT studentdir.has_many('Group', 'Paper', '{"foreignKey":["groupRegion","groupNumber"]}') ->> 'as',
       studentdir.belongs_to('Paper', 'Group', '{"foreignKey":["groupRegion","groupNumber"]}') ->> 'as';
SET work_mem = '64MB';
SELECT pg_temp.statements('SELECT studentdir.list(''Paper'', ''{"order":["id"],"include":"Group"}'')') < 100,
       pg_temp.statements('SELECT studentdir.find_all(''Paper'', ''{"order":["text"],"where":{"id":{"$gte":50}},"include":"Group"}'')') < 100,
       pg_temp.statements('SELECT studentdir.list(''Group'', ''{"order":["number","region"],"include":"Papers"}'')') < 50;
RESET work_mem;
SELECT studentdir.undefine('Paper');
DROP TABLE papers;
-- a condition on the included rows and a count take none of their own
SELECT pg_temp.statements('SELECT studentdir.find_all(''Group'', ''{"limit":50,"include":{"association":"Members","where":{"id":{"$lt":4000}}},"order":["region","number"]}'')'),
       pg_temp.statements('SELECT studentdir.find_and_count_all(''Group'', ''{"limit":50,"include":{"association":"Members","required":true}}'')'),
       pg_temp.statements('SELECT studentdir.find_all(''Group'', ''{"limit":50,"where":{"$Members.boss.id$":1}}'')');
-- what nobody refers to is not looked for
SELECT pg_temp.statements('SELECT studentdir.find_all(''Group'', ''{"where":{"number":-1},"include":{"association":"Members","include":"boss"}}'')'),
       pg_temp.statements('SELECT studentdir.find_all(''Group'', ''{"limit":1,"include":{"association":"Members","where":{"id":-1},"required":false,"include":"boss"}}'')');
-- one parent is matched by its key itself, and its limit is one: it gets what it gets among many
WITH includes (include) AS (VALUES ('{"association":"Members","order":["id"]}'), ('{"association":"Members","order":["id"],"limit":2}'),
  ('{"association":"Members","order":[["id","DESC"]],"limit":2,"offset":1}'), ('{"association":"Members","order":["id"],"offset":4}'),
  ('{"association":"Members","order":["id"],"where":{"id":{"$gt":1000}},"limit":1}'), ('{"association":"Members","order":["id"],"limit":0}'),
  ('{"association":"Members","order":["id"],"include":["boss",{"association":"Skills","order":["id"],"limit":1}]}'))
SELECT include, count(*) AS groups, count(*) FILTER (WHERE among_many::text = alone::text) AS alike
FROM includes, LATERAL studentdir.find_all('Group', format('{"order":["region","number"],"limit":12,"include":%s}', include)::jsonb) AS f (among_many),
  LATERAL studentdir.find_one('Group', format('{"where":{"region":%s,"number":%s},"include":%s}', among_many -> 'region', among_many -> 'number', include)::jsonb) AS g (alone)
GROUP BY include ORDER BY include;
SELECT DISTINCT substring(shape FROM 'FROM public.members.*') FROM studentdir.plan_cache() WHERE shape LIKE '%FROM public.members%group_region OPERATOR(pg_catalog.=) $%' ORDER BY 1;
-- to_sql shows them
SELECT n, count(*) FROM unnest('{1,1000}'::int[]) n, LATERAL studentdir.to_sql('Group', format('{"limit":%s,"include":{"association":"Members","include":["boss","Skills"]}}', n)::jsonb) GROUP BY n ORDER BY n;

-- parents that share a child share the work: the rows of includes count, and these are few
SET studentdir.max_rows = 60;
SELECT count(r) FROM (SELECT studentdir.find_all('Member', '{"limit":50,"order":["id"],"include":"boss"}') OFFSET 0) x (r);
SELECT count(r) FROM (SELECT studentdir.find_all('Member', '{"limit":50,"order":["id"],"include":{"association":"boss","include":"Skills"}}') OFFSET 0) x (r);
SELECT pg_temp.err($$SELECT studentdir.find_all('Member', '{"limit":50,"order":["id"],"include":"Group"}')$$);
SELECT pg_temp.err($$SELECT studentdir.find_all('Group', '{"limit":10,"order":["region","number"],"include":{"association":"Members","include":"Skills"}}')$$);
SELECT pg_temp.err($$SELECT studentdir.list('Group', '{"limit":11,"order":["region","number"],"include":"Members"}')$$);
SELECT pg_temp.err($$SELECT studentdir.find_and_count_all('Group', '{"limit":11,"order":["region","number"],"include":"Members"}')$$);
SELECT count(r) FROM (SELECT studentdir.find_all('Group', '{"limit":10,"order":["region","number"],"include":"Members"}') OFFSET 0) x (r);
RESET studentdir.max_rows;

-- nested records are written with one statement for each level
SELECT n, pg_temp.statements(format('SELECT studentdir.bulk_create(''Group'', %L, ''{"include":{"association":"Members","include":"Skills"}}'')',
  (SELECT json_agg(json_build_object('region', 100 + n, 'number', i, 'Members', json_build_array(json_build_object('id', 100000 + n * 1000 + i, 'Skills', json_build_array(json_build_object('id', 100000 + n * 1000 + i)))))) FROM generate_series(1, n) i)))
FROM unnest('{1,100}'::int[]) n;

-- every association, and those of what they lead to, without going in circles
SELECT count(*) FROM studentdir.to_sql('Member', '{"include":{"all":true}}');
SELECT step, substring(sql FROM 'FROM public\.(\w+)') FROM studentdir.to_sql('Group', '{"include":{"all":true,"nested":true}}') ORDER BY step;
SELECT studentdir.list('Group', '{"where":{"region":1,"number":2},"attributes":["name"],"include":{"all":true,"nested":true}}') -> 0 -> 'Members' -> 0 -> 'Skills';

-- as it was
SELECT count(studentdir.undefine(name)::text) FROM studentdir.model WHERE NOT options ? 'builtin';
DROP TABLE groups, members, skills, member_skills;
