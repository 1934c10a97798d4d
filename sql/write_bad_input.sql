-- What writers say to wrong input, and that nothing is written then: links, nested data, "set", odd tables.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE wb_teams (id integer PRIMARY KEY, name text);
CREATE TABLE wb_people (id integer PRIMARY KEY, name text, team_id integer REFERENCES wb_teams, boss_id integer REFERENCES wb_people);
CREATE TABLE wb_badges (id integer PRIMARY KEY, person_id integer NOT NULL REFERENCES wb_people);
CREATE TABLE wb_memberships (team_id integer, person_id integer, since date, PRIMARY KEY (team_id, person_id)) PARTITION BY HASH (person_id);
CREATE TABLE wb_memberships_0 PARTITION OF wb_memberships FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE wb_memberships_1 PARTITION OF wb_memberships FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE VIEW wb_people_view AS SELECT id, name, team_id FROM wb_people;
CREATE TABLE wb_stock (id integer PRIMARY KEY, n integer, d integer, twice integer GENERATED ALWAYS AS (n * 2) STORED);
SELECT count(studentdir.define(m, a::json, o::jsonb)) FROM (VALUES
  ('WbTeam', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"timestamps":false}'),
  ('WbPerson', '{"id":{"type":"INTEGER","primaryKey":true},"name":{"type":"TEXT","validate":{"notEmpty":true}},"teamId":"INTEGER","bossId":"INTEGER"}', '{"tableName":"wb_people","timestamps":false}'),
  ('WbBadge', '{"id":{"type":"INTEGER","primaryKey":true},"personId":"INTEGER"}', '{"timestamps":false}'),
  ('WbMembership', '{"teamId":{"type":"INTEGER","primaryKey":true},"personId":{"type":"INTEGER","primaryKey":true},"since":"DATEONLY"}', '{"timestamps":false}'),
  ('WbSeen', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","teamId":"INTEGER"}', '{"tableName":"wb_people_view","timestamps":false}'),
  ('WbStock', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER","d":"INTEGER","twice":"INTEGER"}', '{"tableName":"wb_stock","timestamps":false}')) AS t (m, a, o);
SELECT count(*) FROM (SELECT studentdir.belongs_to_many('WbTeam', 'WbPerson', '{"as":"members","through":"WbMembership","foreignKey":"teamId","otherKey":"personId"}') UNION ALL SELECT studentdir.has_many('WbTeam', 'WbPerson', '{"as":"staff","foreignKey":"teamId"}') UNION ALL
  SELECT studentdir.belongs_to('WbPerson', 'WbTeam', '{"as":"team","foreignKey":"teamId"}') UNION ALL SELECT studentdir.has_many('WbPerson', 'WbPerson', '{"as":"reports","foreignKey":"bossId"}') UNION ALL SELECT studentdir.belongs_to('WbPerson', 'WbPerson', '{"as":"boss","foreignKey":"bossId"}') UNION ALL
  SELECT studentdir.has_many('WbPerson', 'WbBadge', '{"as":"badges","foreignKey":"personId"}') UNION ALL SELECT studentdir.has_many('WbTeam', 'WbSeen', '{"as":"seen","foreignKey":"teamId"}')) AS t;
INSERT INTO wb_teams VALUES (1, 'a'), (2, 'b');
INSERT INTO wb_people VALUES (1, 'Ann', 1, NULL), (2, 'Bob', 2, 1), (3, 'Cyd', NULL, 1);
INSERT INTO wb_badges VALUES (1, 1);
CREATE FUNCTION pg_temp.werr(call text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.err('SELECT studentdir.' || call) $$;
CREATE FUNCTION wb_state() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' | ', (SELECT string_agg(t::text, ' ' ORDER BY id) FROM wb_teams t), (SELECT string_agg(p::text, ' ' ORDER BY id) FROM wb_people p), (SELECT string_agg(m::text, ' ' ORDER BY m) FROM wb_memberships m)) $$;
SELECT wb_state();

-- links: no record, a record twice, a key of the wrong type, null, no key at all, an operator, many keys
SELECT r, split_part(pg_temp.werr(format('add(''WbTeam'', 1, ''members'', %L)', r)), chr(10), 1) AS members, split_part(pg_temp.werr(format('add(''WbTeam'', 1, ''staff'', %L)', r)), chr(10), 1) AS staff
  FROM (VALUES ('[1,2,99]'), ('["x"]'), ('[null]'), ('[{"id":{"$gt":1}}]'), ('[{"name":"Ann"}]'), ('[{}]'), ('[[1]]'), ('"x"'), ('[1.5]'), ('[9999999999]'), ('[true]'), ('[{"id":1,"nope":2}]'), ('[{"id":1,"WbMembership":{"since":"x"}}]'), ('[{"id":1,"WbMembership":{"nope":1}}]')) AS t (r);
SELECT split_part(pg_temp.err(format('SELECT studentdir.add(''WbTeam'', 1, ''members'', %L)', jsonb_agg(1 + n % 5))), chr(10), 1) FROM generate_series(1, 100000) AS n;
SELECT studentdir.has('WbTeam', 1, 'members', jsonb_agg(n)), studentdir.remove('WbTeam', 1, 'members', jsonb_agg(n)) FROM generate_series(1, 100000) AS n;
SELECT pg_temp.werr($$add('WbTeam', 99, 'members', '[1]')$$), pg_temp.werr($$add('WbTeam', NULL::bigint, 'members', '[1]')$$), pg_temp.werr($$add('WbTeam', 1, 'nobody', '[1]')$$), pg_temp.werr($$set('WbPerson', 1, 'team', '[1,2]')$$), pg_temp.werr($$add('WbTeam', 1, 'members', NULL)$$);
SELECT pg_temp.werr($$set('WbPerson', 1, 'badges', '[]')$$), pg_temp.werr($$remove('WbPerson', 1, 'badges', '[1]')$$);
SELECT wb_state();
-- nested: no record, another one's, the same twice, a ring of records, one that fails deep down
SELECT d, pg_temp.werr(format('create(''WbTeam'', %L, %L)', d, i)) FROM (VALUES ('{"id":3,"members":[1,99]}', '{"include":"members"}'), ('{"id":3,"staff":[1]}', '{"include":"staff"}'), ('{"id":3,"staff":[3,3]}', '{"include":"staff"}'), ('{"id":3,"members":[1,1]}', '{"include":"members"}'), ('{"id":3,"staff":["x"]}', '{"include":"staff"}'),
  ('{"id":3,"staff":[null]}', '{"include":"staff"}'), ('{"id":3,"staff":[{"id":4,"name":"D","team":{"id":5}}]}', '{"include":{"association":"staff","include":"team"}}'),
  ('{"id":3,"staff":[{"id":4,"name":"D","reports":[{"id":5,"name":"","reports":[{"id":6,"name":""}]}]}]}', '{"include":{"association":"staff","include":{"association":"reports","include":"reports"}}}'),
  ('{"id":3,"staff":[{"id":4,"name":"D","boss":{"id":5,"name":"E","reports":[{"id":4,"name":"D"}]}}]}', '{"include":{"association":"staff","include":{"association":"boss","include":"reports"}}}')) AS t (d, i);
SELECT wb_state();
-- a chain of records as deep as includes may be, and one deeper
SELECT pg_temp.werr(format('create(''WbPerson'', %L, %L)', (SELECT d FROM (WITH RECURSIVE c (n, d) AS (SELECT 1, '{"id":1000,"name":"x"}'::text UNION ALL SELECT n + 1, format('{"id":%s,"name":"x","reports":[%s]}', 1000 - n, d) FROM c WHERE n < 12) SELECT d FROM c ORDER BY n DESC LIMIT 1) AS x),
  (SELECT o FROM (WITH RECURSIVE c (n, o) AS (SELECT 1, '{"association":"reports"}'::text UNION ALL SELECT n + 1, format('{"association":"reports","include":%s}', o) FROM c WHERE n < 11) SELECT format('{"include":%s}', o) AS o FROM c ORDER BY n DESC LIMIT 1) AS x)));
-- "set": a generated column, the key, what there is not, and a row far down that cannot be divided
SELECT s, split_part(pg_temp.werr(format('update(''WbStock'', ''{}'', ''{"all":true,"set":%s}'')', s)), chr(10), 1) FROM (VALUES ('{"twice":1}'), ('{"id":{"$add":[{"$col":"id"},1]}}'), ('{"nope":1}'), ('{"n":{"$col":"nope"}}'), ('{"n":{"$add":[{"$col":"n"},"x"]}}'), ('{"n":{"$fn":["pg_sleep",1]}}'), ('{}'), ('[]'), ('{"n":{"$count":"x"}}')) AS t (s);
INSERT INTO wb_stock SELECT n, n, CASE WHEN n = 50000 THEN 0 ELSE 1 END FROM generate_series(1, 60000) AS n;
SELECT pg_temp.werr($$update('WbStock', '{}', '{"all":true,"set":{"n":{"$div":[{"$col":"n"},{"$col":"d"}]}}}')$$);
SELECT split_part(pg_temp.err(format('SELECT studentdir.bulk_update(''WbStock'', %L, ''{"set":{"n":{"$div":[{"$col":"n"},{"$col":"d"}]}}}'')', jsonb_agg(jsonb_build_object('id', n, 'd', 2)))), chr(10), 1) FROM generate_series(49990, 50010) AS n;
SELECT count(*) FROM wb_stock WHERE n <> id OR d = 2;
-- an update trigger that changes the key: the answer is the row as it ends up, and what "returning" reads is that row
CREATE FUNCTION wb_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := NEW.id + 100000; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON wb_stock FOR EACH ROW WHEN (NEW.id < 100) EXECUTE FUNCTION wb_move();
SELECT studentdir.update_by_pk('WbStock', 1, '{"n":7}'), studentdir.update_by_pk('WbStock', 2, '{"n":7}', '{"returning":{"attributes":["id","twice"]}}');
SELECT studentdir.bulk_update('WbStock', '[{"id":4,"n":8},{"id":3,"n":9}]', '{"returning":{"attributes":["id","n"]}}');
SELECT record ->> 'id', created FROM studentdir.upsert('WbStock', '{"id":5,"n":1}');
-- row-level security that hides the other side, the join table and the parent
CREATE ROLE regress_wb;
GRANT ALL ON wb_teams, wb_people, wb_memberships, wb_badges TO regress_wb;
ALTER TABLE wb_people ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON wb_people USING (id < 3);
SET ROLE regress_wb;
SELECT split_part(pg_temp.werr(format('add(''WbTeam'', 1, %L, ''[1,3]'')', a)), chr(10), 1) FROM (VALUES ('members'), ('staff')) AS t (a);
SELECT split_part(pg_temp.werr($$create('WbTeam', '{"id":9,"members":[3]}', '{"include":"members"}')$$), chr(10), 1), split_part(pg_temp.werr($$add('WbPerson', 3, 'reports', '[1]')$$), chr(10), 1), studentdir.has('WbTeam', 1, 'members', '[3]');
RESET ROLE;
ALTER TABLE wb_people DISABLE ROW LEVEL SECURITY;
-- a partitioned join table, and records of a view
SELECT studentdir.add('WbTeam', 1, 'members', '[1,2,3,{"id":2,"WbMembership":{"since":"2020-01-01"}}]');
SELECT studentdir.add('WbTeam', 1, 'members', '[3,2,1]'), studentdir.has('WbTeam', 1, 'members', '[1,2,3]'), studentdir.remove('WbTeam', 1, 'members', '[3,3]');
SELECT added, removed FROM studentdir.set('WbTeam', 1, 'members', '[3,1]');
SELECT studentdir.add('WbTeam', 2, 'seen', '[1,3]'), studentdir.has('WbTeam', 2, 'seen', '[1]');
SELECT wb_state();

DO $$ BEGIN PERFORM studentdir.undefine(m) FROM unnest('{WbStock,WbSeen,WbMembership,WbBadge,WbPerson,WbTeam}'::text[]) AS m; END $$;
DROP TABLE wb_stock, wb_memberships, wb_badges, wb_people, wb_teams CASCADE;
DROP FUNCTION wb_state(), wb_move();
DROP ROLE regress_wb;
