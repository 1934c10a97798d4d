-- The default scope of an associated model holds where a condition leads to it; scopes written out in a call.
\pset tuples_only on
\pset format unaligned
CREATE TABLE firm (id int PRIMARY KEY, name text, active boolean, parent_id int);
CREATE TABLE worker (id int PRIMARY KEY, name text, firm_id int, retired boolean NOT NULL DEFAULT false);
INSERT INTO firm VALUES (1, 'Open', true, NULL), (2, 'Shut', false, 1), (3, 'New', true, 2);
INSERT INTO worker VALUES (1, 'Ann', 1, false), (2, 'Bob', 2, false), (3, 'Cid', 3, false), (4, 'Dan', NULL, false), (5, 'Eve', 1, true);
SELECT studentdir.define('Firm', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","active":"BOOLEAN","parentId":"INTEGER"}', '{"tableName":"firm","timestamps":false,"defaultScope":{"where":{"active":true}},"scopes":{"named":{"params":["n"],"where":{"name":{"$param":"n"}}}}}') IS NOT NULL,
  studentdir.define('Worker', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","firmId":"INTEGER","retired":"BOOLEAN"}', '{"tableName":"worker","timestamps":false,"defaultScope":{"where":{"retired":false,"$Firm.name$":{"$ne":"x"}}}}') IS NOT NULL,
  studentdir.belongs_to('Worker', 'Firm', '{"foreignKey":"firmId"}') IS NOT NULL, studentdir.has_many('Firm', 'Worker', '{"as":"Workers","foreignKey":"firmId"}') IS NOT NULL, studentdir.belongs_to('Firm', 'Firm', '{"as":"Parent","foreignKey":"parentId"}') IS NOT NULL;
CREATE FUNCTION pg_temp.ids(model text, options jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(record->>'id', ' ' ORDER BY record->>'id'), '-') FROM studentdir.find_all(model, options)
$$;
SELECT pg_temp.ids('Worker', '{}'), pg_temp.ids('Worker', '{"scope":null}'), pg_temp.ids('Worker', '{"scope":null,"where":{"$Firm.id$":{"$gt":0}}}'), pg_temp.ids('Worker', '{"scope":null,"where":{"$Firm.active$":false}}'), pg_temp.ids('Worker', '{"scope":null,"where":{"$Firm.id$":null}}');
SELECT pg_temp.ids('Firm', '{"scope":null,"where":{"$Workers.name$":{"$ne":"y"}}}'), pg_temp.ids('Firm', '{"scope":null,"where":{"$Workers.id$":null}}'), pg_temp.ids('Firm', '{"scope":null,"where":{"$Parent.id$":{"$gt":0}}}'), pg_temp.ids('Firm', '{"scope":null,"where":{"$Parent.Parent.name$":"Open"}}');
SELECT sql FROM studentdir.to_sql('Firm', '{"attributes":["id"],"where":{"$Workers.name$":"Ann"}}');
-- written out
SELECT pg_temp.ids('Firm', '{"scope":{"where":{"id":{"$gt":1}}}}'), pg_temp.ids('Firm', '{"scope":[{"where":{"id":{"$gt":1}}},"defaultScope"]}'), pg_temp.ids('Firm', '{"scope":[{"where":{"id":{"$gt":1}}},{"named":["Shut"]}]}'), pg_temp.ids('Firm', '{"scope":{"order":["id"],"limit":1},"where":{"id":[2,3]}}');
SELECT studentdir.update('Firm', '{"name":"N"}', '{"scope":{"where":{"id":3}}}'), studentdir.count('Firm', '{"scope":{"where":{"name":"N"}}}');
SELECT studentdir.find_all('Firm', '{"scope":{"where":{"id":1},"nope":1}}');
SELECT studentdir.find_all('Firm', '{"scope":{}}');
SELECT studentdir.undefine('Worker'), studentdir.undefine('Firm');
DROP TABLE worker, firm;

-- what the includes of a scope require holds, too, wherever its records are counted, listed or asked for
CREATE TABLE ds_teams (id int PRIMARY KEY);
CREATE TABLE ds_tasks (id int PRIMARY KEY, team_id int, owner_id int, hours int);
CREATE TABLE ds_owners (id int PRIMARY KEY, here boolean);
INSERT INTO ds_teams VALUES (1), (2);
INSERT INTO ds_owners VALUES (1, true), (2, false);
INSERT INTO ds_tasks VALUES (1, 1, 1, 10), (2, 1, 2, 20), (3, 1, NULL, 30), (4, 2, 2, 40);
SELECT studentdir.define('DsTeam', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"ds_teams","timestamps":false}') IS NOT NULL AS team,
  studentdir.define('DsTask', '{"id":{"type":"INTEGER","primaryKey":true},"teamId":{"type":"INTEGER","field":"team_id"},"ownerId":{"type":"INTEGER","field":"owner_id"},"hours":"INTEGER"}', '{"tableName":"ds_tasks","timestamps":false,"defaultScope":{"include":{"association":"owner","where":{"here":true,"$exists":"tasks"}}},
    "scopes":{"long":{"where":{"hours":{"$gt":15}}},"ofOwner":{"params":["here"],"include":{"association":"owner","attributes":[],"where":{"here":{"$param":"here"}}}},"owned":{"include":{"association":"owner","required":true}}}}') IS NOT NULL AS task,
  studentdir.define('DsOwner', '{"id":{"type":"INTEGER","primaryKey":true},"here":"BOOLEAN"}', '{"tableName":"ds_owners","timestamps":false}') IS NOT NULL AS owner;
SELECT studentdir.has_many('DsTeam', 'DsTask', '{"as":"tasks","foreignKey":"teamId"}') IS NOT NULL AND studentdir.belongs_to('DsTask', 'DsOwner', '{"as":"owner","foreignKey":"ownerId"}') IS NOT NULL AND studentdir.has_many('DsOwner', 'DsTask', '{"as":"tasks","foreignKey":"ownerId"}') IS NOT NULL AND studentdir.belongs_to('DsTask', 'DsTeam', '{"as":"team","foreignKey":"teamId"}') IS NOT NULL AS associated;
SELECT s.name, studentdir.list('DsTeam', jsonb_build_object('order', 'id', 'attributes', jsonb_build_array('id', jsonb_build_array(jsonb_build_object('$count', o), 'n'), jsonb_build_array(jsonb_build_object('$sum', o || '{"attribute":"hours"}'), 's'), jsonb_build_array(jsonb_build_object('$list', o || '{"attribute":"id","order":["id"]}'), 'l')))) AS computed,
  studentdir.list('DsTeam', jsonb_build_object('order', 'id', 'attributes', '["id"]'::jsonb, 'where', jsonb_build_object('$exists', o))) AS "exists",
  (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'n', c.n, 's', c.s, 'l', c.l) ORDER BY t.id) = studentdir.list('DsTeam', jsonb_build_object('order', 'id', 'attributes', jsonb_build_array('id', jsonb_build_array(jsonb_build_object('$count', o), 'n'), jsonb_build_array(jsonb_build_object('$sum', o || '{"attribute":"hours"}'), 's'), jsonb_build_array(jsonb_build_object('$list', o || '{"attribute":"id","order":["id"]}'), 'l'))))::jsonb
   FROM ds_teams AS t, LATERAL (SELECT count(*) AS n, sum(k.hours) AS s, coalesce(jsonb_agg(k.id ORDER BY k.id), '[]') AS l FROM ds_tasks AS k LEFT JOIN ds_owners AS w ON w.id = k.owner_id
     WHERE k.team_id = t.id AND CASE s.name WHEN 'default' THEN w.here WHEN 'none' THEN true WHEN 'long, of an owner that is away' THEN k.hours > 15 AND NOT w.here ELSE w.id IS NOT NULL END) AS c) AS as_in_sql
FROM (VALUES ('default', '{"association":"tasks"}'::jsonb), ('none', '{"association":"tasks","scope":null}'), ('long, of an owner that is away', '{"association":"tasks","scope":["long",{"ofOwner":[false]}]}'), ('owned', '{"association":"tasks","scope":"owned"}')) AS s (name, o);
SELECT studentdir.list('DsTeam', '{"attributes":["id"],"where":{"$tasks.hours$":{"$gt":0}}}') AS compared, studentdir.list('DsTeam', '{"attributes":["id"],"where":{"$tasks.id$":null}}') AS none,
  studentdir.list('DsTeam', '{"attributes":["id"],"include":{"association":"tasks","attributes":["id"],"required":true}}') AS included, studentdir.list('DsTask', '{"attributes":["id"]}') AS tasks;
-- and on the way to others
SELECT studentdir.list('DsOwner', '{"order":["id"],"attributes":["id",[{"$count":"tasks.team"},"n"],[{"$list":{"association":"tasks.team","attribute":"id"}},"l"]]}') AS computed, studentdir.list('DsOwner', '{"attributes":["id"],"where":{"$exists":"tasks.team"}}') AS "exists",
  studentdir.list('DsOwner', '{"attributes":["id"],"where":{"$expr":[{"$count":"tasks.team"},"$gt",0]}}') AS compared, studentdir.list('DsOwner', '{"attributes":["id"],"where":{"$tasks.team.id$":{"$gt":0}}}') AS by_key;
SELECT studentdir.undefine('DsTeam'), studentdir.undefine('DsTask'), studentdir.undefine('DsOwner');
DROP TABLE ds_teams, ds_tasks, ds_owners;

-- so it is where one value is asked: a record that it leaves out is not there, as in an include; and where it says that deleted records are there, they are
CREATE TABLE ds_users (id int PRIMARY KEY, name text, active boolean, boss_id int, deleted_at timestamptz);
CREATE TABLE ds_notes (id int PRIMARY KEY, user_id int, text text, deleted_at timestamptz);
INSERT INTO ds_users VALUES (1, 'Ann', true, NULL, NULL), (2, 'Bob', false, 1, NULL), (3, 'Cid', true, 2, NULL), (4, 'Dee', true, 3, now());
INSERT INTO ds_notes VALUES (1, 1, 'a', NULL), (2, 2, 'b', NULL), (3, 3, 'c', NULL), (4, 3, 'd', now()), (5, 4, 'e', NULL), (6, NULL, 'f', NULL);
SELECT studentdir.define('DsUser', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","active":"BOOLEAN","bossId":{"type":"INTEGER","field":"boss_id"},"loud":{"type":"VIRTUAL","as":{"$fn":["upper",{"$col":"boss.name"}]}}}', '{"tableName":"ds_users","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"deleted_at","defaultScope":{"where":{"active":true}}}') IS NOT NULL AS "user",
  studentdir.define('DsNote', '{"id":{"type":"INTEGER","primaryKey":true},"userId":{"type":"INTEGER","field":"user_id"},"text":"TEXT"}', '{"tableName":"ds_notes","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"deleted_at","defaultScope":{"paranoid":false},"scopes":{"alive":{"paranoid":true},"first":{"where":{"id":1}}}}') IS NOT NULL AS note;
SELECT studentdir.has_many('DsUser', 'DsNote', '{"as":"notes","foreignKey":"userId"}') IS NOT NULL AND studentdir.belongs_to('DsNote', 'DsUser', '{"as":"user","foreignKey":"userId"}') IS NOT NULL AND studentdir.belongs_to('DsUser', 'DsUser', '{"as":"boss","foreignKey":"bossId"}') IS NOT NULL AS associated;
SELECT studentdir.list('DsNote', '{"attributes":["id",[{"$col":"user.name"},"name"]],"include":{"association":"user","attributes":["name"],"required":false},"order":["id"]}') AS included_and_named;
SELECT studentdir.list('DsNote', '{"attributes":["id",[{"$col":"user.boss.name"},"boss"],[{"$col":"user.loud"},"loud"]],"include":{"association":"user","attributes":["id"],"required":false,"include":{"association":"boss","attributes":["name"],"required":false}},"order":["id"]}')::jsonb
  = (SELECT jsonb_agg(jsonb_build_object('id', n.id, 'boss', b.name, 'loud', upper(b.name), 'user', CASE WHEN u.id IS NOT NULL THEN jsonb_build_object('id', u.id, 'boss', CASE WHEN b.id IS NOT NULL THEN jsonb_build_object('name', b.name) END) END) ORDER BY n.id)
     FROM ds_notes AS n LEFT JOIN ds_users AS u ON u.id = n.user_id AND u.active AND u.deleted_at IS NULL LEFT JOIN ds_users AS b ON b.id = u.boss_id AND b.active AND b.deleted_at IS NULL) AS two_steps;
SELECT studentdir.list('DsNote', '{"attributes":["id"],"order":[["user","name"],"id"]}') AS sorted_by_path, studentdir.list('DsNote', '{"attributes":["id"],"order":[{"$col":"user.name"},"id"]}') AS sorted_by_name, studentdir.list('DsNote', '{"attributes":["id"],"where":{"$expr":{"$test":{"$expr":[{"$col":"user.name"},"$eq","Bob"]}}}}') AS filtered;
-- deleted notes: the last source that says it wins
SELECT studentdir.list('DsUser', format('{"scope":null,"paranoid":false,"order":["id"],"attributes":["id",[{"$count":%1$s},"n"],[{"$list":%2$s},"l"],[{"$exists":%1$s},"e"]]}', o, CASE WHEN left(o, 1) = '"' THEN '"notes.id"' ELSE left(o, -1) || ',"attribute":"id","order":["id"]}' END)::jsonb) AS answer
FROM (VALUES ('"notes"'), ('{"association":"notes"}'), ('{"association":"notes","scope":"alive"}'), ('{"association":"notes","scope":"first"}'), ('{"association":"notes","scope":["defaultScope","alive"]}'), ('{"association":"notes","scope":["alive","defaultScope"]}'), ('{"association":"notes","scope":"alive","paranoid":false}'), ('{"association":"notes","paranoid":true}'), ('{"association":"notes","scope":{"paranoid":false}}')) AS t (o);
SELECT studentdir.list('DsUser', '{"scope":null,"attributes":["id"],"order":["id"],"where":{"$notes.text$":"d"}}') AS compared, studentdir.list('DsUser', '{"scope":null,"attributes":["id"],"order":["id"],"where":{"$expr":[{"$count":"notes"},"$eq",2]}}') AS counted,
  studentdir.list('DsUser', '{"scope":null,"attributes":["id"],"order":["id"],"include":{"association":"notes","attributes":["id"],"where":{"text":"d"}}}') AS included;
-- a default scope that leads to its own model does not hold in itself
SELECT studentdir.define('DsUser', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","bossId":{"type":"INTEGER","field":"boss_id"}}', '{"tableName":"ds_users","timestamps":false,"defaultScope":{"where":{"$or":[{"$expr":[{"$col":"boss.name"},"$ne","Bob"]},{"$not":{"$exists":"boss"}},{"$expr":[{"$count":"notes.user"},"$eq",0]}]}}}') IS NOT NULL AS "user";
SELECT studentdir.list('DsUser', '{"attributes":["id"],"order":["id"]}') AS users, studentdir.list('DsNote', '{"attributes":["id",[{"$col":"user.name"},"name"]],"order":["id"]}') AS notes;
SELECT studentdir.undefine('DsNote'), studentdir.undefine('DsUser');
DROP TABLE ds_notes, ds_users;
