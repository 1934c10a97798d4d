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
