-- Rows whose primary key is NULL, which no constraint forbids here, and keys of odd types: no other row is taken for theirs.
\set SHOW_CONTEXT never
CREATE TABLE nk_things (k int, v text UNIQUE, pa_id int, deleted_at timestamptz);
INSERT INTO nk_things VALUES (NULL, 'a'), (0, 'b');
CREATE TABLE nk_parts (id int PRIMARY KEY, k int);
INSERT INTO nk_parts VALUES (1, 0);
SELECT studentdir.define('NkThing', '{"k":{"type":"INTEGER","primaryKey":true},"v":{"type":"TEXT","unique":true},"paId":{"type":"INTEGER","field":"pa_id"}}', '{"tableName":"nk_things","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"deletedAt","underscored":true}') IS NOT NULL
   AND studentdir.define('NkPart', '{"id":{"type":"INTEGER","primaryKey":true},"k":"INTEGER"}', '{"tableName":"nk_parts","timestamps":false}') IS NOT NULL
   AND studentdir.has_many('NkThing', 'NkPart', '{"as":"parts","foreignKey":"k","sourceKey":"k"}') IS NOT NULL
   AND studentdir.has_many('NkPart', 'NkThing', '{"as":"things","foreignKey":"paId"}') IS NOT NULL AS defined;
-- what is read again by its key
SELECT studentdir.destroy_returning('NkThing', '{"where":{"v":"a"},"force":true,"returning":{"include":["parts"]}}');
SELECT studentdir.destroy_returning('NkThing', '{"where":{"v":"a"},"force":true,"returning":["v"]}');
INSERT INTO nk_things VALUES (NULL, 'a');
-- what is linked by another unique key
SELECT studentdir.add('NkPart', 1, 'things', '{"v":"a"}');
SELECT studentdir.add('NkPart', 1, 'things', '{"v":"b"}');
SELECT studentdir.create('NkPart', '{"id":2,"things":[{"$link":{"v":"a"}}]}', '{"include":"things"}');
SELECT k, v, pa_id FROM nk_things ORDER BY v;
SELECT studentdir.undefine('NkPart'), studentdir.undefine('NkThing');
DROP TABLE nk_things, nk_parts;

-- a key that backfill has recorded, and that somebody has changed
CREATE TABLE nk_filled (id text PRIMARY KEY, n int);
INSERT INTO nk_filled VALUES ('a', 1), ('b', 2);
SELECT studentdir.define('NkFilled', '{"id":{"type":"TEXT","primaryKey":true},"n":"INTEGER"}', '{"tableName":"nk_filled","timestamps":false}') IS NOT NULL AS defined;
CALL studentdir.backfill('NkFilled', '{"n":5}', '{}');
UPDATE studentdir.backfill SET last_key = ARRAY[NULL]::text[], finished_at = NULL;
CALL studentdir.backfill('NkFilled', '{"n":5}', '{}');
DELETE FROM studentdir.backfill;
SELECT studentdir.undefine('NkFilled');
DROP TABLE nk_filled;

-- types that have no equality
CREATE TABLE nk_boxes (id box, at timestamptz, n int);
INSERT INTO nk_boxes VALUES ('(1,1),(0,0)', '2026-01-01 00:00:00.001Z', 1);
CREATE TABLE nk_points (k point, n text);
INSERT INTO nk_points VALUES ('(1,2)', 'x');
SELECT studentdir.define('NkBox', '{"id":{"type":"box","primaryKey":true},"at":"DATE","n":"INTEGER"}', '{"tableName":"nk_boxes","timestamps":false}') IS NOT NULL
   AND studentdir.define('NkPoint', '{"k":{"type":"point","primaryKey":true},"n":"TEXT"}', '{"tableName":"nk_points","timestamps":false}') IS NOT NULL AS defined;
SELECT studentdir.find_all('NkBox', '{"order":["at"],"after":{"at":"2026-01-01T00:00:00.001Z","id":"(1,1),(0,0)"}}');
SELECT studentdir.update_by_pk('NkPoint', '{"k":"(1,2)"}'::jsonb, '{"k":"(1,2)","n":"y"}');
SELECT studentdir.undefine('NkBox'), studentdir.undefine('NkPoint');
DROP TABLE nk_boxes, nk_points;

-- a row is NULL when it is none, not when its fields are
CREATE TYPE nk_pair AS (a int, b text);
CREATE TABLE nk_pairs (id int PRIMARY KEY, pair nk_pair);
INSERT INTO nk_pairs VALUES (1, ROW(NULL, NULL)), (2, NULL), (3, ROW(1, NULL));
SELECT studentdir.define('NkPair', '{"id":{"type":"INTEGER","primaryKey":true},"pair":"nk_pair"}', '{"tableName":"nk_pairs","timestamps":false}') IS NOT NULL AS defined;
SELECT studentdir.find_all('NkPair', '{"where":{"pair":null}}');
SELECT studentdir.find_all('NkPair', '{"where":{"pair":{"$ne":null}},"order":["id"]}');
SELECT studentdir.undefine('NkPair');
DROP TABLE nk_pairs;
DROP TYPE nk_pair;

-- a view that gives another value than the one that was compared: as a function that is not what it says does
CREATE TABLE nk_owners (id int PRIMARY KEY);
CREATE TABLE nk_pets (id int PRIMARY KEY, owner_id int, owner text);
INSERT INTO nk_owners VALUES (0), (1);
INSERT INTO nk_pets VALUES (1, 0, 'a'), (2, 1, 'b'), (3, 1, 'b');
CREATE SEQUENCE nk_calls;
-- compared first, then given: NULL every second time, but for pet 2
CREATE FUNCTION nk_key(pet int, key int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN CASE WHEN pet = 2 OR nextval('nk_calls') % 2 = 1 THEN key END; END $$;
CREATE FUNCTION nk_key(pet int, key text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN CASE WHEN pet = 2 OR nextval('nk_calls') % 2 = 1 THEN key END; END $$;
CREATE VIEW nk_pets_view AS SELECT id, nk_key(id, owner_id) AS owner_id, nk_key(id, owner) AS owner FROM nk_pets;
CREATE TABLE nk_names (name text PRIMARY KEY);
INSERT INTO nk_names VALUES ('a'), ('b');
SELECT studentdir.define('NkOwner', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"nk_owners","timestamps":false}') IS NOT NULL
   AND studentdir.define('NkName', '{"name":{"type":"TEXT","primaryKey":true}}', '{"tableName":"nk_names","timestamps":false}') IS NOT NULL
   AND studentdir.define('NkPet', '{"id":{"type":"INTEGER","primaryKey":true},"ownerId":{"type":"INTEGER","field":"owner_id"},"owner":"TEXT"}', '{"tableName":"nk_pets_view","timestamps":false}') IS NOT NULL
   AND studentdir.has_many('NkOwner', 'NkPet', '{"as":"pets","foreignKey":"ownerId"}') IS NOT NULL
   AND studentdir.has_many('NkName', 'NkPet', '{"as":"pets","foreignKey":"owner"}') IS NOT NULL AS defined;
SELECT studentdir.find_all('NkOwner', '{"order":["id"],"include":{"association":"pets","attributes":["id"],"order":["id"]}}');
SELECT studentdir.find_all('NkName', '{"order":["name"],"include":{"association":"pets","attributes":["id"],"order":["id"]}}');
SELECT studentdir.undefine('NkPet'), studentdir.undefine('NkName'), studentdir.undefine('NkOwner');
DROP VIEW nk_pets_view;
DROP TABLE nk_pets, nk_names, nk_owners;
DROP FUNCTION nk_key(int, int), nk_key(int, text);
DROP SEQUENCE nk_calls;

-- restores that go on to associated rows find what they have locked again by its key
CREATE TABLE nk_shops (k int, v text, deleted_at timestamptz(3));
CREATE TABLE nk_shelves (id int PRIMARY KEY, shop int, deleted_at timestamptz(3));
SELECT studentdir.define('NkShop', '{"k":{"type":"INTEGER","primaryKey":true},"v":"TEXT"}', '{"tableName":"nk_shops","createdAt":false,"updatedAt":false,"paranoid":true}') IS NOT NULL
   AND studentdir.define('NkShelf', '{"id":{"type":"INTEGER","primaryKey":true},"shop":"INTEGER"}', '{"tableName":"nk_shelves","createdAt":false,"updatedAt":false,"paranoid":true}') IS NOT NULL
   AND studentdir.has_many('NkShop', 'NkShelf', '{"as":"shelves","foreignKey":"shop","onDelete":"CASCADE","paranoid":"cascade"}') IS NOT NULL AS defined;
INSERT INTO nk_shops VALUES (NULL, 'a', '2026-01-01'), (0, 'b', '2026-01-01'), (5, 'c', '2026-01-01');
INSERT INTO nk_shelves VALUES (1, 0, '2026-01-01'), (2, 5, '2026-01-01');
SELECT studentdir.restore('NkShop', '{"where":{"v":"a"}}');
SELECT v, deleted_at IS NOT NULL AS deleted FROM nk_shops ORDER BY v;
-- a trigger that takes the key, and one that keeps a row from being restored
CREATE FUNCTION nk_take() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.v = 'b' THEN RETURN NULL; END IF; NEW.k := NULL; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON nk_shops FOR EACH ROW EXECUTE FUNCTION nk_take();
SELECT studentdir.restore('NkShop', '{"where":{"v":["b","c"]}}');
SELECT k, v, deleted_at IS NOT NULL AS deleted FROM nk_shops ORDER BY v;
SELECT id, deleted_at IS NOT NULL AS deleted FROM nk_shelves ORDER BY id;
DROP TRIGGER t ON nk_shops;
UPDATE nk_shops SET k = 5, deleted_at = NULL WHERE v = 'c';
UPDATE nk_shops SET deleted_at = NULL WHERE v = 'b';
-- the same of records that are deleted and were read before: neither is answered with
CREATE TRIGGER t BEFORE UPDATE ON nk_shops FOR EACH ROW EXECUTE FUNCTION nk_take();
SELECT studentdir.destroy_returning('NkShop', '{"where":{"v":["b","c"]},"returning":{"attributes":["v"],"include":"shelves"}}');
SELECT k, v, deleted_at IS NOT NULL AS deleted FROM nk_shops ORDER BY v;
SELECT studentdir.undefine('NkShelf'), studentdir.undefine('NkShop');
DROP TABLE nk_shelves, nk_shops;
DROP FUNCTION nk_take();

-- join rows that are there, and have attributes of their own
CREATE TABLE nk_as (id int PRIMARY KEY);
CREATE TABLE nk_bs (id int PRIMARY KEY);
CREATE TABLE nk_joins (id int, a_id int, b_id int, note text, UNIQUE (a_id, b_id));
INSERT INTO nk_as VALUES (1);
INSERT INTO nk_bs VALUES (1), (2);
INSERT INTO nk_joins VALUES (NULL, 1, 1, 'one'), (0, 1, 2, 'two');
SELECT studentdir.define('NkA', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"nk_as","timestamps":false}') IS NOT NULL
   AND studentdir.define('NkB', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"nk_bs","timestamps":false}') IS NOT NULL
   AND studentdir.define('NkJoin', '{"id":{"type":"INTEGER","primaryKey":true},"aId":{"type":"INTEGER","field":"a_id"},"bId":{"type":"INTEGER","field":"b_id"},"note":"TEXT"}', '{"tableName":"nk_joins","timestamps":false}') IS NOT NULL
   AND studentdir.belongs_to_many('NkA', 'NkB', '{"as":"bs","through":"NkJoin","foreignKey":"aId","otherKey":"bId"}') IS NOT NULL AS defined;
SELECT studentdir.add('NkA', 1, 'bs', '[{"id":1,"NkJoin":{"note":"new"}}]');
SELECT studentdir.update_by_pk('NkA', 1, '{"bs":[{"id":1,"NkJoin":{"note":"new"}}]}', '{"include":"bs"}');
SELECT studentdir.add('NkA', 1, 'bs', '[{"id":2,"NkJoin":{"note":"second"}}]');
SELECT * FROM nk_joins ORDER BY b_id;
SELECT studentdir.undefine('NkJoin'), studentdir.undefine('NkA'), studentdir.undefine('NkB');
DROP TABLE nk_joins, nk_as, nk_bs;
