-- Scopes: parts of the options that are kept with a model.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE s_owners (id int PRIMARY KEY, name text, hidden boolean NOT NULL DEFAULT false);
CREATE TABLE s_tasks (id int PRIMARY KEY, title text, status text NOT NULL, priority int, meta jsonb, archived boolean NOT NULL DEFAULT false, owner_id int);
SELECT studentdir.define('SOwner', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","hidden":"BOOLEAN"}',
  '{"timestamps":false,"defaultScope":{"where":{"hidden":false}},"scopes":{"all":{},"busy":{"include":[{"association":"Tasks","attributes":["id"],"where":{"status":"open"}}]},"named":{"params":["n"],"where":{"name":{"$param":"n"}}}}}') IS NOT NULL;
SELECT studentdir.define('STask', '{"id":{"type":"INTEGER","primaryKey":true},"title":"TEXT","status":"TEXT","priority":"INTEGER","meta":"JSONB","archived":"BOOLEAN","ownerId":"INTEGER"}',
  '{"timestamps":false,"defaultScope":{"where":{"archived":false}},"scopes":{
    "open":{"where":{"status":"open"}}, "urgent":{"where":{"priority":{"$lte":1}}}, "archived":{"where":{"archived":true}},
    "byStatus":{"params":["s"],"where":{"status":{"$param":"s"}}},
    "window":{"params":["lo","hi"],"where":{"$and":[{"priority":{"$between":[{"$param":"lo"},{"$param":"hi"}]}},{"$not":{"id":0}}]}},
    "top":{"params":["n"],"order":[["priority","DESC"],["id","DESC"]],"limit":{"$param":"n"},"attributes":["id","priority"]},
    "slim":{"attributes":["id"]}, "lean":{"attributes":["title"]}, "second":{"order":["id"],"limit":2,"offset":1},
    "tagged":{"params":["m"],"where":{"meta":{"$contains":{"$param":"m"}}}},
    "owned":{"params":["n"],"include":{"association":"Owner","attributes":["name"],"where":{"name":{"$param":"n"}}}},
    "withOwner":{"include":"Owner"}, "byOwner":{"params":["n"],"where":{"$Owner.name$":{"$param":"n"}}},
    "perStatus":{"attributes":["status",[{"$fn":["count",{"$col":"id"}]},"n"]],"group":["status"],"having":{"n":{"$gt":1}},"order":["status"]},
    "kinds":{"attributes":["status"],"distinct":true,"order":["status"]}}}') IS NOT NULL;
SELECT count(*) FROM (SELECT studentdir.has_many('SOwner', 'STask', '{"as":"Tasks","foreignKey":"ownerId"}') UNION ALL SELECT studentdir.belongs_to('STask', 'SOwner', '{"as":"Owner","foreignKey":"ownerId"}')) AS t;
INSERT INTO s_owners VALUES (1, 'Ann', false), (2, 'Bob', false), (3, 'Cyd', true);
INSERT INTO s_tasks VALUES (1, 'a', 'open', 1, '{"k":1}', false, 1), (2, 'b', 'open', 2, '{"k":2}', false, 1), (3, 'c', 'closed', 1, NULL, false, 2), (4, 'd', 'open', 0, '{"k":1}', true, 2), (5, 'e', 'closed', 3, NULL, true, 1), (6, 'f', 'held', NULL, '{"k":{"$gt":1}}', false, 3);
CREATE FUNCTION pg_temp.ids(options jsonb) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(r ->> 'id', ',' ORDER BY n) FROM studentdir.find_all('STask', jsonb_build_object('order', '["id"]'::jsonb) || options) WITH ORDINALITY AS f (r, n) $$;
CREATE FUNCTION pg_temp.scope(scope text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.err(format('SELECT studentdir.find_all(''STask'', jsonb_build_object(''scope'', %L::jsonb))', scope)) $$;

-- which scopes hold
SELECT s, pg_temp.ids(jsonb_build_object('scope', s::jsonb)) FROM (VALUES ('null'), ('[]'), ('{}'), ('"defaultScope"'), ('"open"'), ('["open"]'), ('["open","urgent"]'), ('["defaultScope","open"]'), ('{"open":[],"urgent":{}}'), ('["defaultScope",{"byStatus":["open"]}]'), ('[{"byStatus":{"s":"closed"}},"archived"]'), ('["open","open"]')) AS t (s);
SELECT pg_temp.ids('{}'), studentdir.list('STask', NULL)::jsonb = studentdir.list('STask')::jsonb, studentdir.count('STask');
-- with the caller's conditions
SELECT pg_temp.ids('{"where":{"id":4}}'), pg_temp.ids('{"where":{"$or":[{"id":1},{"id":4}]}}'), pg_temp.ids('{"where":{"archived":true}}'), pg_temp.ids('{"scope":"open","where":{"status":"closed"}}'), pg_temp.ids('{"scope":"open","where":{"priority":{"$lt":2}}}'), pg_temp.ids('{"scope":null,"where":{"archived":true}}');
-- arguments
SELECT s, pg_temp.ids(jsonb_build_object('scope', s::jsonb)) FROM (VALUES ('{"byStatus":["open"]}'), ('{"byStatus":{"s":"open"}}'), ('{"byStatus":[null]}'), ('{"window":[0,1]}'), ('{"window":{"hi":3,"lo":2}}'), ('{"window":["1","2"]}'), ('{"tagged":[{"k":1}]}'), ('{"byOwner":["Ann"]}'), ('{"byStatus":["open"],"window":[2,2]}'), ('{"byStatus":["''; DROP TABLE s_tasks; --"]}'), ('{"byStatus":["$param"]}')) AS t (s);
-- an argument is a value
SELECT s, pg_temp.scope(s) FROM (VALUES ('{"byStatus":[{"$ne":"x"}]}'), ('{"byStatus":{"s":{"$ne":null}}}'), ('{"byStatus":[["open",{"$col":"title"}]]}'), ('{"tagged":[{"k":{"$gt":1}}]}'), ('{"byStatus":[{"$param":"s"}]}'), ('{"byStatus":[{"x":1}]}'), ('{"window":["x",1]}'), ('{"window":[[1],2]}'), ('{"byStatus":[["open","held"]]}'), ('{"byStatus":[[]]}')) AS t (s);
-- missing, more, unknown
SELECT s, pg_temp.scope(s) FROM (VALUES ('"opne"'), ('"Open"'), ('"zzzzzzzzzzzz"'), ('""'), ('["open","arcived"]'), ('{"opn":[]}'), ('"defaultscope"'), ('"byStatus"'), ('["open","byStatus"]'), ('{"byStatus":[]}'), ('{"byStatus":{}}'), ('{"window":[1]}'), ('{"window":[1,2,3]}'), ('{"window":{"lo":1,"high":2}}'), ('{"window":{"lo":1,"zzzzzzz":2}}'), ('{"open":["x"]}'), ('{"open":{"x":1}}'), ('{"defaultScope":[1]}'),
  ('{"byStatus":"open"}'), ('{"byStatus":null}'), ('{"open":true}'), ('5'), ('true'), ('[null]'), ('[["open"]]'), ('[5]')) AS t (s);
SELECT pg_temp.err(format('SELECT studentdir.find_all(''STask'', %L)', jsonb_build_object('scope', repeat('x', 100000)))) LIKE '22023: scope.xxx%', pg_temp.err('SELECT studentdir.find_all(''Student'', ''{"scope":"x"}'')'), studentdir.count('Student', '{"scope":"defaultScope","where":{"id":0}}'), studentdir.count('Student', '{"scope":null,"where":{"id":0}}');

-- where they choose, the caller wins, then the scope that is named last
SELECT studentdir.list('STask', '{"scope":"slim"}'), studentdir.list('STask', '{"scope":["slim","lean"],"limit":1}'), studentdir.list('STask', '{"scope":["lean","slim"],"attributes":["status"],"limit":1}');
SELECT studentdir.list('STask', '{"scope":{"top":[2]}}'), studentdir.list('STask', '{"scope":{"top":[2]},"limit":1,"order":["priority","id"]}'), studentdir.list('STask', '{"scope":{"top":[2]},"offset":1}'), pg_temp.err('SELECT studentdir.list(''STask'', ''{"scope":{"top":["x"]}}'')'), pg_temp.err('SELECT studentdir.list(''STask'', ''{"scope":{"top":[-1]}}'')');
SELECT studentdir.list('STask', '{"scope":["slim","second"]}'), studentdir.list('STask', '{"scope":["slim","second"],"offset":0}'), studentdir.find_and_count_all('STask', '{"scope":["slim","second"]}');
SELECT studentdir.list('STask', '{"scope":"perStatus"}'), studentdir.list('STask', '{"scope":"perStatus","having":{"n":{"$lt":3}}}'), studentdir.list('STask', '{"scope":["perStatus","open"]}'), studentdir.list('STask', '{"scope":"kinds"}'), studentdir.list('STask', '{"scope":"kinds","distinct":false,"limit":2}');

-- every finder
SELECT studentdir.count('STask', '{"scope":["open","slim","second"]}'), studentdir.count('STask', '{"scope":{"top":[1]}}'), studentdir.count('STask', '{"scope":"kinds"}'), studentdir.aggregate('STask', 'max', 'id', '{"scope":["open","second"]}'), studentdir.aggregate('STask', 'sum', 'priority'), studentdir.aggregate('STask', 'count', 'id', '{"scope":null}');
SELECT r FROM studentdir.find_one('STask', '{"scope":["second","slim"]}') AS f (r);
SELECT count(*) FROM studentdir.find_by_pk('STask', 4);
SELECT r FROM studentdir.find_by_pk('STask', 4, '{"scope":["archived","slim","second"]}') AS f (r);
SELECT r FROM studentdir.find_all_with('STask', 'Owner', '{"attributes":["id"],"order":["id"]}') AS f (r);
SELECT f, pg_temp.err('SELECT studentdir.' || f) FROM (VALUES ('count(''STask'', ''{"scope":"perStatus"}'')'), ('find_by_pk(''STask'', 1, ''{"scope":"perStatus"}'')'), ('find_and_count_all(''STask'', ''{"scope":"kinds"}'')'), ('create(''STask'', ''{"id":7,"status":"x"}'', ''{"scope":"open"}'')')) AS t (f);

-- includes: the target's default scope, and scopes of the include's own
SELECT r FROM studentdir.find_all('SOwner', '{"scope":"all","attributes":["id"],"order":["id"],"include":{"association":"Tasks","scope":null,"attributes":["id"],"order":["id"]}}') AS f (r);
SELECT r FROM studentdir.find_all('SOwner', '{"scope":"all","attributes":["id"],"order":["id"],"include":{"association":"Tasks","scope":["open","slim"],"order":["id"]}}') AS f (r);
SELECT r FROM studentdir.find_all('SOwner', '{"scope":"all","attributes":["id"],"order":["id"],"include":{"association":"Tasks","scope":["slim",{"byStatus":["closed"]}],"order":["id"],"required":false}}') AS f (r);
SELECT r FROM studentdir.find_all('SOwner', '{"scope":"all","attributes":["id"],"order":["id"],"include":{"association":"Tasks","attributes":["id"],"order":[["id","DESC"]],"limit":1}}') AS f (r);
-- a default scope with a condition makes an include required, as where does
SELECT r FROM studentdir.find_all('STask', '{"attributes":["id"],"order":["id"],"include":"Owner"}') AS f (r);
SELECT r FROM studentdir.find_all('STask', '{"attributes":["id"],"order":["id"],"include":{"association":"Owner","required":false}}') AS f (r);
SELECT r FROM studentdir.find_all('STask', '{"attributes":["id"],"order":["id"],"include":{"association":"Owner","scope":null}}') AS f (r);
SELECT o, pg_temp.err(format('SELECT studentdir.find_all(''SOwner'', %L)', o)) FROM (VALUES ('{"include":{"association":"Tasks","scope":"opne"}}'), ('{"include":[{"association":"Tasks","scope":{"byStatus":[]}}]}'), ('{"include":{"association":"Tasks","scope":"kinds"}}'), ('{"include":["Tasks","Tasks"]}'), ('{"include":["Tasks",{"association":"Tasks"}]}')) AS t (o);
-- includes of a scope, which the caller's go on from
SELECT r FROM studentdir.find_all('STask', '{"scope":["slim",{"owned":["Ann"]}],"order":["id"]}') AS f (r);
SELECT r FROM studentdir.find_all('STask', '{"scope":["slim",{"owned":["Ann"]}],"order":["id"],"include":"Owner"}') AS f (r);
SELECT r FROM studentdir.find_all('STask', '{"scope":["slim",{"owned":["Ann"]}],"order":["id"],"include":{"association":"Owner","attributes":["id"],"where":{"id":1}}}') AS f (r);
SELECT r FROM studentdir.find_all('STask', '{"scope":["slim",{"owned":["Ann"]}],"order":["id"],"include":{"association":"Owner","attributes":["id"],"where":{"id":2}}}') AS f (r);
SELECT r FROM studentdir.find_all('STask', '{"scope":["slim","withOwner",{"owned":["Bob"]}],"order":["id"],"include":{"all":true}}') AS f (r);
SELECT r FROM studentdir.find_all('SOwner', '{"scope":"busy"}') AS f (r);
-- what they condition holds for calls that show nothing of them
SELECT studentdir.count('STask', '{"scope":{"owned":["Ann"]}}'), studentdir.aggregate('STask', 'max', 'id', '{"scope":{"owned":["Bob"]}}'), studentdir.count('SOwner', '{"scope":"busy"}');
BEGIN;
SELECT studentdir.update('STask', '{"title":"z"}', '{"scope":{"owned":["Ann"]},"all":true}');
SELECT string_agg(id::text, ',' ORDER BY id) FROM s_tasks WHERE title = 'z';
ROLLBACK;

-- writers
BEGIN;
SELECT studentdir.update('STask', '{"title":"u"}', '{"where":{"id":[3,4]}}'), studentdir.update('STask', '{"title":"u"}', '{"scope":["open","slim"],"where":{"id":[3,4]}}'), studentdir.update('STask', '{"title":"u"}', '{"scope":null,"where":{"id":[3,4]}}'), studentdir.update('STask', '{"title":"u"}', '{"scope":{"byStatus":["held"]}}'), studentdir.update('STask', '{"title":"u"}', '{"all":true}');
SELECT count(*) FROM studentdir.update_by_pk('STask', 4, '{"title":"v"}');
SELECT r FROM studentdir.update_by_pk('STask', 4, '{"title":"v"}', '{"scope":"archived"}') AS f (r);
SELECT studentdir.destroy_by_pk('STask', 4), studentdir.destroy_by_pk('STask', 4, '{"scope":null}'), studentdir.destroy('STask', '{"where":{"id":[3,5]}}'), studentdir.destroy('STask', '{"scope":"archived"}');
SELECT studentdir.count('STask', '{"scope":null}'), studentdir.destroy('STask', '{"all":true}');
ROLLBACK;
-- a default scope is no condition of the caller's; a scope that the caller names is one
SELECT o, pg_temp.err(format('SELECT studentdir.destroy(''STask'', %L)', o)) FROM (VALUES ('{}'), (NULL), ('{"scope":"defaultScope"}'), ('{"scope":null}'), ('{"scope":"slim"}'), ('{"scope":"withOwner"}'), ('{"where":{},"scope":[]}'), ('{"scope":"perStatus","where":{"id":1}}')) AS t (o);
-- the limit and the order of a scope choose what is deleted
BEGIN;
SELECT studentdir.destroy('STask', '{"scope":"second","where":{"id":{"$lte":4}}}'), studentdir.destroy_returning('STask', '{"scope":{"top":[1]},"all":true}')::jsonb - '{createdAt,updatedAt}'::text[];
SELECT pg_temp.ids('{"scope":null}');
ROLLBACK;
SELECT pg_temp.err('SELECT studentdir.update(''STask'', ''{"title":"x"}'')'), pg_temp.err('SELECT studentdir.update(''STask'', ''{"title":"x"}'', ''{"scope":"defaultScope"}'')');

-- restore is made in the scopes that it names, and not in the default one
CREATE TABLE s_posts (id int PRIMARY KEY, draft boolean, deleted_at timestamptz);
SELECT pg_temp.define('SPost', 's_posts', '*id:INTEGER draft:BOOLEAN deletedAt:DATE:deleted_at', '{"paranoid":true,"deletedAt":"deletedAt","defaultScope":{"where":{"draft":false}},"scopes":{"drafts":{"where":{"draft":true},"attributes":["id"]},"trash":{"paranoid":false,"where":{"deletedAt":{"$ne":null}}}}}');
INSERT INTO s_posts SELECT i, i > 2, CASE WHEN i > 1 THEN now() END FROM generate_series(1, 4) AS i;
SELECT studentdir.count('SPost'), studentdir.count('SPost', '{"paranoid":false}'), studentdir.count('SPost', '{"scope":"trash"}'), studentdir.count('SPost', '{"scope":["trash","drafts"],"paranoid":true}'), studentdir.restore('SPost', '{"scope":"drafts","where":{"id":[2,3]}}'), studentdir.restore_by_pk('SPost', 4), studentdir.restore('SPost', '{"scope":"trash"}');
SELECT studentdir.count('SPost', '{"scope":null}');

-- default scopes that include each other come to an end
SELECT pg_temp.define('SHen', 's_owners', '*id:INTEGER name:TEXT', '{"defaultScope":{"include":"Eggs"}}'), pg_temp.define('SEgg', 's_tasks', '*id:INTEGER ownerId:INTEGER:owner_id', '{"defaultScope":{"include":"Hen"}}');
SELECT count(*) FROM (SELECT studentdir.has_many('SHen', 'SEgg', '{"as":"Eggs","foreignKey":"ownerId"}') UNION ALL SELECT studentdir.belongs_to('SEgg', 'SHen', '{"as":"Hen","foreignKey":"ownerId"}')) AS t;
SELECT pg_temp.err('SELECT studentdir.find_all(''SHen'')'), pg_temp.err('SELECT studentdir.find_all(''SHen'', ''{"scope":null,"include":"Eggs"}'')'), studentdir.list('SHen', '{"scope":null,"where":{"id":2},"attributes":["id"],"include":{"association":"Eggs","attributes":["id"],"scope":null,"order":["id"]}}');
-- what catalogs written by hand can hold
SELECT pg_temp.define('SBad' || n, 's_owners', '*id:INTEGER name:TEXT', o::jsonb) FROM (VALUES (1, '{"scopes":5}'), (2, '{"scopes":{"x":5,"y":{"nope":1},"z":{"params":"a"},"p":{"params":[1]},"q":{"where":{"id":{"$param":"a"}}},"r":{"params":["a"],"where":{"id":{"$param":"b"}}},"s":{"params":["a"],"where":{"id":{"$param":"a","$gt":1}}},"t":{"where":{"nope":1}},"u":{"scope":"t"},"v":{"lock":"UPDATE"},"all":{"all":true}}}'), (3, '{"defaultScope":[]}'), (4, '{"defaultScope":{"params":["a"],"where":{"id":{"$param":"a"}}}}')) AS t (n, o);
SELECT pg_temp.err('SELECT studentdir.count(''SBad1'')'), pg_temp.err('SELECT studentdir.count(''SBad3'')'), pg_temp.err('SELECT studentdir.count(''SBad4'')');
SELECT s, pg_temp.err(format('SELECT studentdir.find_all(''SBad2'', jsonb_build_object(''scope'', %L::jsonb))', s)) FROM (VALUES ('"x"'), ('"y"'), ('"z"'), ('"p"'), ('"q"'), ('{"r":[1]}'), ('{"s":[1]}'), ('"t"'), ('"u"'), ('"v"'), ('"all"')) AS t (s);
-- a scope that is defined anew holds at once
UPDATE studentdir.model SET options = jsonb_set(options, '{scopes,open,where}', '{"status":"held"}') WHERE name = 'STask';
SELECT pg_temp.ids('{"scope":"open"}');
