-- Tables, rows and models of the vectors of expressions: values that are NULL, records with nothing behind an association,
-- and associations to a paranoid model, with a scope, of a model with itself, and by a key of two attributes.
CREATE TABLE vx_users (id integer PRIMARY KEY, name text, age integer, boss_id integer, deleted_at timestamptz);
CREATE TABLE vx_notes (id integer PRIMARY KEY, user_id integer, title text, likes integer, price numeric, state text, meta jsonb, deleted_at timestamptz);
CREATE TABLE vx_boxes (a integer, b text, label text, PRIMARY KEY (a, b));
CREATE TABLE vx_parts (id integer PRIMARY KEY, box_a integer, box_b text, word text, size integer);
CREATE TABLE vx_badges (id integer PRIMARY KEY, name text, rank integer);
CREATE TABLE vx_user_badges (user_id integer, badge_id integer, grade integer, deleted_at timestamptz, PRIMARY KEY (user_id, badge_id));
CREATE DOMAIN vx_positive AS integer CHECK (VALUE > 0);
CREATE TABLE vx_lists (id integer PRIMARY KEY, user_id integer, ints integer[], positives vx_positive[], words text[], span int4range, spans int4range[], doc jsonb, at timestamptz, day date, pause interval, done boolean, body text);
INSERT INTO vx_lists VALUES (1, 1, '{1,2}', '{1}', '{ann,A%}', '[1,5)', '{"[1,3)"}', '{"a":1,"k":{"x":[1,2]}}', '2026-01-01Z', '2026-01-15', '1 day', true, 'Ann was here'), (2, 1, '{2,NULL}', NULL, '{Ann}', '[5,9)', '{}', '{"a":"x"}', NULL, '2026-02-15', NULL, false, 'was here: Ann'),
  (3, 2, NULL, '{3,2}', NULL, NULL, NULL, NULL, '2026-03-01Z', NULL, '02:00', NULL, NULL), (4, NULL, '{}', '{}', '{}', 'empty', '{NULL}', '{"k":null}', NULL, '2026-01-31', '-1 day', true, ''), (5, 3, '{1,2}', '{7}', '{B_b}', '[1,)', '{"[2,9)","[20,30)"}', '[1,"a"]', '2026-01-02Z', '2025-12-31', '1 mon', false, '50% of 7'), (6, 5, '{9}', NULL, '{x}', '(,3)', NULL, '5', NULL, NULL, NULL, NULL, 'Gone');
INSERT INTO vx_users VALUES (1, 'Ann', 30, NULL, NULL), (2, 'Bob', NULL, 1, NULL), (3, NULL, 50, 1, NULL), (4, 'Dee', 30, 2, NULL), (5, 'Gone', 99, 1, '2026-01-01Z'), (6, 'Eve', 7, 5, NULL);
INSERT INTO vx_notes VALUES (1, 1, 'b', 5, 1.50, 'open', '{"k":1}', NULL), (2, 1, 'a', NULL, NULL, 'open', '{"k":2}', NULL), (3, 1, NULL, 7, 2.25, 'done', NULL, NULL), (4, 1, 'a', 100, 9, 'open', NULL, '2026-01-01Z'),
  (5, 2, 'c', 3, 4, 'open', '{"k":null}', '2026-01-01Z'), (6, 3, 'd', NULL, NULL, 'done', NULL, NULL), (7, NULL, 'lost', 1, 1, 'open', NULL, NULL), (8, 5, 'e', 2, 2, 'open', NULL, NULL), (9, 1, 'b', 5, 0, 'done', NULL, NULL);
INSERT INTO vx_boxes VALUES (1, 'x', 'one'), (1, 'y', NULL), (2, 'x', 'three'), (2, 'y', 'four');
INSERT INTO vx_parts VALUES (1, 1, 'x', 'nut', 2), (2, 1, 'x', NULL, 4), (3, 1, 'x', 'nut', NULL), (4, 1, 'y', NULL, NULL), (5, 2, NULL, 'lost', 8), (6, NULL, 'x', 'lost', 8), (7, 2, 'y', 'cog', 1);
INSERT INTO vx_badges VALUES (1, 'gold', 3), (2, NULL, 1), (3, 'tin', NULL);
INSERT INTO vx_user_badges VALUES (1, 1, 5, NULL), (1, 2, NULL, NULL), (1, 3, 2, NULL), (2, 3, 9, NULL), (3, 1, 1, '2026-01-01Z');
SELECT studentdir.define('VxUser', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","age":"INTEGER","bossId":{"type":"INTEGER","field":"boss_id"},
    "noteCount":{"type":"VIRTUAL","as":{"$count":"notes"}},"liked":{"type":"VIRTUAL","as":{"$exists":{"association":"notes","where":{"likes":{"$gte":{"$param":"least"}}}}},"params":["least"]}}',
    '{"tableName":"vx_users","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"deleted_at"}'),
  studentdir.define('VxNote', '{"id":{"type":"INTEGER","primaryKey":true},"userId":{"type":"INTEGER","field":"user_id"},"title":"TEXT","likes":"INTEGER","price":"DECIMAL","state":"TEXT","meta":"JSONB"}',
    '{"tableName":"vx_notes","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"deleted_at","scopes":{"dear":{"params":["p"],"where":{"price":{"$gte":{"$param":"p"}}}}}}'),
  studentdir.define('VxBox', '{"a":{"type":"INTEGER","primaryKey":true},"b":{"type":"TEXT","primaryKey":true},"label":"TEXT"}', '{"tableName":"vx_boxes","timestamps":false}'),
  studentdir.define('VxPart', '{"id":{"type":"INTEGER","primaryKey":true},"boxA":{"type":"INTEGER","field":"box_a"},"boxB":{"type":"TEXT","field":"box_b"},"word":"TEXT","size":"INTEGER"}', '{"tableName":"vx_parts","timestamps":false}'),
  studentdir.define('VxBadge', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","rank":"INTEGER"}', '{"tableName":"vx_badges","timestamps":false}'),
  studentdir.define('VxList', '{"id":{"type":"INTEGER","primaryKey":true},"userId":{"type":"INTEGER","field":"user_id"},"ints":"ARRAY(INTEGER)","positives":"vx_positive[]","words":"ARRAY(TEXT)","span":"RANGE(INTEGER)","spans":"int4range[]","doc":"JSONB","at":"DATE","day":"DATEONLY","pause":"INTERVAL","done":"BOOLEAN","body":"TEXT"}', '{"tableName":"vx_lists","timestamps":false}'),
  studentdir.define('VxUserBadge', '{"userId":{"type":"INTEGER","primaryKey":true,"field":"user_id"},"badgeId":{"type":"INTEGER","primaryKey":true,"field":"badge_id"},"grade":"INTEGER"}',
    '{"tableName":"vx_user_badges","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"deleted_at"}');
SELECT studentdir.has_many('VxUser', 'VxNote', '{"as":"notes","foreignKey":"userId"}'), studentdir.has_many('VxUser', 'VxNote', '{"as":"openNotes","foreignKey":"userId","scope":{"state":"open"}}'),
  studentdir.belongs_to('VxNote', 'VxUser', '{"as":"user","foreignKey":"userId"}'), studentdir.belongs_to('VxUser', 'VxUser', '{"as":"boss","foreignKey":"bossId"}'),
  studentdir.has_many('VxUser', 'VxUser', '{"as":"staff","foreignKey":"bossId"}'), studentdir.has_one('VxUser', 'VxNote', '{"as":"openNote","foreignKey":"userId","scope":{"title":"b","state":"open"}}'),
  studentdir.has_many('VxBox', 'VxPart', '{"as":"parts","foreignKey":["boxA","boxB"]}'), studentdir.belongs_to('VxPart', 'VxBox', '{"as":"box","foreignKey":["boxA","boxB"]}'),
  studentdir.belongs_to_many('VxUser', 'VxBadge', '{"as":"badges","through":"VxUserBadge","foreignKey":"userId","otherKey":"badgeId"}'),
  studentdir.has_many('VxUser', 'VxList', '{"as":"lists","foreignKey":"userId"}'), studentdir.belongs_to('VxList', 'VxUser', '{"as":"user","foreignKey":"userId"}');
