-- Requests that link records that exist.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE lr_tags (id integer PRIMARY KEY, label text);
CREATE TABLE lr_post_tags (post_id integer REFERENCES posts ON DELETE CASCADE, tag_id integer REFERENCES lr_tags, weight integer NOT NULL DEFAULT 1, PRIMARY KEY (post_id, tag_id));
CREATE TABLE lr_seats (row_no integer, seat text, user_id integer REFERENCES users, PRIMARY KEY (row_no, seat));
TRUNCATE students, users, posts RESTART IDENTITY CASCADE;
SELECT studentdir.define('LrTag', '{"id":{"type":"INTEGER","primaryKey":true},"label":"TEXT"}', '{"tableName":"lr_tags","timestamps":false,"expose":true}') IS NOT NULL,
  studentdir.define('LrPostTag', '{"postId":{"type":"INTEGER","primaryKey":true},"tagId":{"type":"INTEGER","primaryKey":true},"weight":"INTEGER"}', '{"tableName":"lr_post_tags","timestamps":false}') IS NOT NULL,
  studentdir.define('LrSeat', '{"rowNo":{"type":"INTEGER","primaryKey":true},"seat":{"type":"TEXT","primaryKey":true},"userId":"INTEGER"}', '{"tableName":"lr_seats","timestamps":false,"expose":true}') IS NOT NULL;
DO $$ BEGIN
  PERFORM studentdir.belongs_to_many('Post', 'LrTag', '{"as":"Tags","through":"LrPostTag","foreignKey":"postId","otherKey":"tagId"}'),
    studentdir.has_many('User', 'LrSeat', '{"as":"Seats","foreignKey":"userId"}'), studentdir.belongs_to('LrSeat', 'User', '{"as":"User","foreignKey":"userId"}');
END $$;
INSERT INTO users (name) VALUES ('Ada'), ('Bob');
INSERT INTO posts (title, user_id) VALUES ('One', 1), ('Two', 1);
INSERT INTO lr_tags VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO lr_seats VALUES (1, 'A'), (1, 'B'), (2, 'A');
CREATE FUNCTION pg_temp.tags() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(post_id || ':' || tag_id, ' ' ORDER BY post_id, tag_id) FROM lr_post_tags $$;
CREATE FUNCTION pg_temp.r(method text, path text, body text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$ SELECT status || coalesce(' ' || body::text, '') FROM studentdir.request(method, path, body::jsonb) $$;

SELECT pg_temp.r('PUT', '/posts/1/tags/2'), pg_temp.r('PUT', '/posts/1/tags/2'), pg_temp.r('PUT', '/posts/1/tags/1/', '{}'), pg_temp.tags();
SELECT pg_temp.r('DELETE', '/posts/1/tags/2'), pg_temp.r('DELETE', '/posts/1/tags/2'), pg_temp.tags();
SELECT pg_temp.r('PUT', '/posts/2/tags', '[1,"3"]'), pg_temp.r('PUT', '/posts/1/tags', '[]'), pg_temp.tags();
SELECT count(*) FROM lr_tags;
-- nothing is there
SELECT pg_temp.r('PUT', '/posts/99/tags/1'), pg_temp.r('PUT', '/posts/1/tags/99'), pg_temp.r('DELETE', '/posts/1/tags/99'), pg_temp.r('PUT', '/posts/99/tags', '[1]'), pg_temp.r('PUT', '/posts/1/nope/1'), pg_temp.r('PUT', '/posts/1/tags/1/2');
-- what is wrong
SELECT b, pg_temp.r('PUT', '/posts/1/tags', b) FROM (VALUES ('[1,99]'), ('["x"]'), ('{"id":1}'), ('1'), (NULL), ('[{"id":1,"LrPostTag":{"weight":9}}]'), ('[{"label":"a"}]'), ('[null]'), ('[{"id":{"$gt":0}}]')) AS t (b);
SELECT pg_temp.r('PUT', '/posts/x/tags/1'), pg_temp.r('PUT', '/posts/1/tags/x'), pg_temp.r('PUT', '/posts/1/tags/1?x=1');
SELECT pg_temp.r('GET', '/posts/1/tags/1'), pg_temp.r('POST', '/posts/1/tags/1', '{}'), pg_temp.r('PATCH', '/posts/1/tags'), pg_temp.r('PUT', '/posts/1/user', '[2]');
-- has_many: a foreign key, of keys of several attributes too; what cannot be null cannot be unlinked
SELECT pg_temp.r('PUT', '/users/1/seats/1,B'), pg_temp.r('PUT', '/users/2/seats', '[{"rowNo":1,"seat":"B"},{"rowNo":2,"seat":"A"}]'), pg_temp.r('DELETE', '/users/2/seats/2,A'), string_agg(row_no || seat || ':' || coalesce(user_id::text, '-'), ' ' ORDER BY row_no, seat) FROM lr_seats;
SELECT string_agg(row_no || seat || ':' || coalesce(user_id::text, '-'), ' ' ORDER BY row_no, seat) FROM lr_seats;
SELECT pg_temp.r('PUT', '/users/2/posts/1'), pg_temp.r('DELETE', '/users/2/posts/1');
-- belongs_to
SELECT pg_temp.r('PUT', '/lr-seats/1,A/user/2'), pg_temp.r('DELETE', '/lr-seats/1,A/user/1'), pg_temp.r('DELETE', '/lr-seats/1,A/user/2'), pg_temp.r('PUT', '/posts/1/user/1');
-- what requests may not write they may not link
UPDATE studentdir.model SET attributes = (SELECT jsonb_agg(CASE WHEN a->>'name' = 'userId' THEN a || '{"readOnly":true}' ELSE a END) FROM jsonb_array_elements(attributes) AS a) WHERE name = 'LrSeat';
SELECT pg_temp.r('PUT', '/users/1/seats/1,A'), pg_temp.r('PUT', '/users/1/seats', '[]'), pg_temp.r('DELETE', '/lr-seats/1,A/user/2');
SELECT method, path, action FROM studentdir.routes() WHERE path ~ 'tags|seats' AND action IN ('add', 'remove', 'set') ORDER BY path, method;

DO $$ BEGIN PERFORM studentdir.undefine(m) FROM unnest('{LrPostTag,LrTag,LrSeat}'::text[]) AS m; END $$;
DROP TABLE lr_post_tags, lr_tags, lr_seats;
DELETE FROM studentdir.association WHERE alias IN ('Tags', 'Seats') AND model IN ('Post', 'User');
TRUNCATE students, users, posts RESTART IDENTITY;
