-- Paranoid models whose deletedAt is not null where a row is alive: it is the attribute's default then.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE pv_rooms (id integer PRIMARY KEY, name text, deleted_at timestamptz(3) NOT NULL DEFAULT '1970-01-01Z');
CREATE UNIQUE INDEX ON pv_rooms (name, deleted_at);
CREATE TABLE pv_desks (id integer PRIMARY KEY, room_id integer, deleted_at timestamptz(3) NOT NULL DEFAULT '1970-01-01Z');
CREATE TABLE pv_people (id integer PRIMARY KEY);
CREATE TABLE pv_seats (room_id integer, person_id integer, gone timestamptz(3) NOT NULL DEFAULT 'infinity', PRIMARY KEY (room_id, person_id));
SELECT count(studentdir.define(m, a::json, o::jsonb)) FROM (VALUES
  ('PvRoom', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","deletedAt":{"type":"DATE","allowNull":false,"defaultValue":"1970-01-01T00:00:00.000Z"}}', '{"paranoid":true,"createdAt":false,"updatedAt":false}'),
  ('PvDesk', '{"id":{"type":"INTEGER","primaryKey":true},"roomId":"INTEGER","deletedAt":{"type":"DATE","allowNull":false,"defaultValue":"1970-01-01T00:00:00.000Z"}}', '{"paranoid":true,"createdAt":false,"updatedAt":false}'),
  ('PvPerson', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"pv_people","timestamps":false}'),
  ('PvSeat', '{"roomId":{"type":"INTEGER","primaryKey":true},"personId":{"type":"INTEGER","primaryKey":true},"gone":{"type":"DATE","allowNull":false,"defaultValue":"infinity"}}', '{"paranoid":true,"createdAt":false,"updatedAt":false,"deletedAt":"gone"}')) AS t (m, a, o);
SELECT count(*) FROM (SELECT studentdir.has_many('PvRoom', 'PvDesk', '{"as":"desks","foreignKey":"roomId","onDelete":"CASCADE","paranoid":"cascade"}') UNION ALL SELECT studentdir.belongs_to('PvDesk', 'PvRoom', '{"as":"room","foreignKey":"roomId"}') UNION ALL
  SELECT studentdir.belongs_to_many('PvRoom', 'PvPerson', '{"as":"people","through":"PvSeat","foreignKey":"roomId","otherKey":"personId"}')) AS t;
SELECT studentdir.bulk_create('PvRoom', '[{"id":1,"name":"a"},{"id":2,"name":"b"}]');
SELECT count(*) FROM studentdir.bulk_create('PvDesk', '[{"id":1,"roomId":1},{"id":2,"roomId":1},{"id":3,"roomId":2},{"id":4}]');
SET TimeZone = 'Asia/Tokyo';
SELECT studentdir.count('PvRoom'), studentdir.count('PvDesk', '{"where":{"$room.name$":"a"}}');
SELECT studentdir.destroy_by_pk('PvDesk', 2);
SELECT studentdir.count('PvDesk'), studentdir.count('PvDesk', '{"paranoid":false}'), studentdir.list('PvRoom', '{"attributes":["id",[{"$count":"desks"},"n"]],"order":["id"],"include":{"association":"desks","attributes":["id"]}}');
SELECT pg_sleep(0.002), studentdir.destroy('PvRoom', '{"where":{"name":"a"}}');
SELECT studentdir.list('PvDesk', '{"attributes":["id"],"order":["id"]}'), studentdir.list('PvDesk', '{"attributes":["id"],"order":["id"],"include":{"association":"room","attributes":["name"]}}'), studentdir.count('PvDesk', '{"where":{"$room.name$":"a"},"paranoid":false}'), studentdir.count('PvRoom', '{"where":{"$desks.id$":1},"paranoid":false}');
-- the value of a unique key is free again
SELECT record ->> 'id' FROM studentdir.create('PvRoom', '{"id":5,"name":"a"}') AS t (record);
SELECT pg_temp.err($$SELECT studentdir.restore('PvRoom', '{"where":{"id":1}}')$$), studentdir.destroy_by_pk('PvRoom', 5, '{"force":true}');
SELECT studentdir.restore('PvRoom', '{"where":{"id":1}}'), studentdir.restore('PvRoom', '{"all":true}'), studentdir.restore_by_pk('PvRoom', 1);
SELECT id, deleted_at AT TIME ZONE 'UTC' = '1970-01-01' FROM pv_desks ORDER BY id;
SELECT studentdir.truncate('PvRoom'), studentdir.count('PvRoom');
SELECT studentdir.count('PvRoom'), studentdir.restore('PvRoom', '{"all":true}');
-- a trigger that undoes the deletion of a row: what belongs to that stays alive, what belongs to others does not
CREATE FUNCTION pv_undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.name = 'a' THEN NEW.deleted_at := OLD.deleted_at; END IF; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON pv_rooms FOR EACH ROW EXECUTE FUNCTION pv_undo();
SELECT studentdir.destroy('PvRoom', '{"where":{"id":[1,2]}}'), studentdir.list('PvRoom', '{"attributes":["id"]}'), studentdir.list('PvDesk', '{"attributes":["id"],"order":["id"]}');
SELECT studentdir.list('PvRoom', '{"attributes":["id"]}'), studentdir.list('PvDesk', '{"attributes":["id"],"order":["id"]}');
DROP TRIGGER t ON pv_rooms;
DROP FUNCTION pv_undo();
SELECT studentdir.restore('PvRoom', '{"all":true}'), studentdir.restore('PvDesk', '{"where":{"id":3}}');
-- a trigger that gives each row a time of its own: what belongs to it has that, and is found by it
CREATE FUNCTION pv_when() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.deleted_at := CASE WHEN NEW.deleted_at = '1970-01-01Z' THEN NEW.deleted_at ELSE '2026-01-01Z'::timestamptz + NEW.id * interval '1 day' END; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON pv_rooms FOR EACH ROW EXECUTE FUNCTION pv_when();
SELECT studentdir.destroy('PvRoom', '{"all":true}');
SELECT d.id, d.room_id, d.deleted_at = r.deleted_at AS same FROM pv_desks AS d JOIN pv_rooms AS r ON r.id = room_id ORDER BY 1;
SELECT studentdir.restore('PvRoom', '{"where":{"id":2}}');
SELECT studentdir.list('PvDesk', '{"attributes":["id"],"where":{"roomId":[1,2]},"order":["id"]}'), studentdir.restore('PvRoom', '{"all":true}');
SELECT studentdir.list('PvDesk', '{"attributes":["id"],"where":{"roomId":[1,2]},"order":["id"]}');
-- several rows with each of several times
INSERT INTO pv_rooms (id, name) SELECT i, 'r' || i FROM generate_series(11, 19) AS i;
INSERT INTO pv_desks (id, room_id) SELECT 10 * i + j, i FROM generate_series(11, 19) AS i, generate_series(1, 2) AS j;
CREATE OR REPLACE FUNCTION pv_when() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.deleted_at := CASE WHEN NEW.deleted_at = '1970-01-01Z' OR NEW.id = 15 THEN '1970-01-01Z' ELSE '2026-01-01Z'::timestamptz + (NEW.id % 3) * interval '1 day' END; RETURN NEW; END $$;
SELECT studentdir.destroy('PvRoom', '{"where":{"id":{"$gte":11}}}');
SELECT d.deleted_at AT TIME ZONE 'UTC' AS deleted, array_agg(d.id ORDER BY d.id) AS desks, bool_and(d.deleted_at = r.deleted_at) AS same FROM pv_desks AS d JOIN pv_rooms AS r ON r.id = room_id WHERE r.id >= 11 GROUP BY 1 ORDER BY 1;
SELECT studentdir.restore('PvRoom', '{"where":{"id":[12,13]}}');
SELECT studentdir.list('PvDesk', '{"attributes":["id"],"where":{"roomId":{"$gte":11}},"order":["id"]}');
DELETE FROM pv_desks WHERE room_id >= 11;
DELETE FROM pv_rooms WHERE id >= 11;
DROP TRIGGER t ON pv_rooms;
DROP FUNCTION pv_when();
-- join rows: links, and nested data
INSERT INTO pv_people VALUES (1), (2), (3);
SELECT studentdir.add('PvRoom', 1, 'people', '[1,2]'), studentdir.destroy('PvSeat', '{"where":{"personId":2}}');
SELECT studentdir.has('PvRoom', 1, 'people', '[2]'), studentdir.list('PvRoom', '{"attributes":["id"],"where":{"$people.id$":2}}'), studentdir.find_by_pk('PvRoom', 1, '{"attributes":["id"],"include":{"association":"people","through":{"attributes":[]},"order":["id"]}}'), studentdir.find_by_pk('PvRoom', 1, '{"attributes":["id"],"include":{"association":"people","through":{"attributes":[],"paranoid":false},"order":["id"]}}');
SELECT studentdir.add('PvRoom', 1, 'people', '[2,3]'), studentdir.has('PvRoom', 1, 'people', '[1,2,3]');
SELECT studentdir.destroy('PvSeat', '{"where":{"personId":[1,3]}}');
SELECT studentdir.update_by_pk('PvRoom', 1, '{"people":[1,2]}', '{"include":{"association":"people","through":{"attributes":[]}}}');
SELECT person_id, gone = 'infinity' AS alive FROM pv_seats ORDER BY 1;
RESET TimeZone;
SELECT sql FROM studentdir.to_sql('PvDesk', '{"attributes":["id"],"where":{"$room.name$":"a"}}');

DO $$ BEGIN PERFORM studentdir.undefine(m) FROM unnest('{PvSeat,PvPerson,PvDesk,PvRoom}'::text[]) AS m; END $$;
DROP TABLE pv_seats, pv_people, pv_desks, pv_rooms;
