-- create and bulk_create with include: records within records.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
CREATE TABLE cn_profiles (id serial PRIMARY KEY, bio text, "userId" integer UNIQUE NOT NULL REFERENCES users, website text);
CREATE TABLE cn_comments (id serial PRIMARY KEY, body text NOT NULL, rating integer DEFAULT 3, "postId" bigint NOT NULL, "authorId" integer REFERENCES users);
CREATE TABLE cn_tags (id bigserial PRIMARY KEY, label text UNIQUE, color text DEFAULT 'grey');
CREATE TABLE cn_post_tags ("postId" integer REFERENCES posts, "tagId" smallint, weight integer DEFAULT 1, "addedBy" text, PRIMARY KEY ("postId", "tagId"));
CREATE TABLE cn_people (id serial PRIMARY KEY, name text, "bossId" integer REFERENCES cn_people);
CREATE TABLE cn_friends ("aId" integer REFERENCES cn_people, "bId" integer REFERENCES cn_people, since date);
CREATE TABLE cn_lands (id serial PRIMARY KEY, code char(2) UNIQUE, name text);
CREATE TABLE cn_towns (id serial PRIMARY KEY, name text, land varchar(4) REFERENCES cn_lands (code));
SELECT count(*) FROM (SELECT studentdir.define(m, a::json, ('{"timestamps":false,"underscored":false,"tableName":"' || t || '"}')::jsonb)
  FROM (VALUES ('CnProfile', 'cn_profiles', '{"bio":{"type":"TEXT","validate":{"len":[2,9]}},"userId":{"type":"INTEGER","allowNull":false},"website":{"type":"TEXT","validate":{"isUrl":true}}}'),
    ('CnComment', 'cn_comments', '{"body":{"type":"TEXT","allowNull":false},"rating":{"type":"INTEGER","validate":{"max":5}},"postId":{"type":"BIGINT","allowNull":false},"authorId":"INTEGER"}'),
    ('CnTag', 'cn_tags', '{"id":{"type":"BIGINT","primaryKey":true,"autoIncrement":true},"label":"TEXT","color":"TEXT"}'),
    ('CnPostTag', 'cn_post_tags', '{"postId":{"type":"INTEGER","primaryKey":true},"tagId":{"type":"SMALLINT","primaryKey":true},"weight":{"type":"INTEGER","validate":{"min":0}},"addedBy":"TEXT"}'),
    ('CnPerson', 'cn_people', '{"name":{"type":"TEXT","validate":{"notEmpty":true}},"bossId":"INTEGER"}'),
    ('CnFriend', 'cn_friends', '{"aId":{"type":"INTEGER","primaryKey":true},"bId":{"type":"INTEGER","primaryKey":true},"since":"DATEONLY"}'),
    ('CnLand', 'cn_lands', '{"code":"CHAR(2)","name":"TEXT"}'),
    ('CnTown', 'cn_towns', '{"name":"TEXT","land":"STRING(4)"}')) AS v (m, t, a)) AS defined;
DO $$
BEGIN
  PERFORM studentdir.has_one('User', 'CnProfile', '{"as":"Profile","foreignKey":"userId"}'), studentdir.belongs_to('CnProfile', 'User', '{"foreignKey":"userId"}'),
    studentdir.has_many('User', 'CnComment', '{"as":"remarks","foreignKey":"authorId"}'), studentdir.belongs_to('CnComment', 'User', '{"as":"author","foreignKey":"authorId"}'),
    studentdir.belongs_to('CnComment', 'User', '{"as":"writer","foreignKey":"authorId"}'),
    studentdir.has_many('Post', 'CnComment', '{"as":"Comments","foreignKey":"postId"}'), studentdir.belongs_to('CnComment', 'Post', '{"foreignKey":"postId"}'),
    studentdir.belongs_to_many('Post', 'CnTag', '{"as":"Tags","through":"CnPostTag","foreignKey":"postId","otherKey":"tagId"}'),
    studentdir.belongs_to_many('CnTag', 'Post', '{"as":"Posts","through":"CnPostTag","foreignKey":"tagId","otherKey":"postId"}'),
    studentdir.belongs_to('CnPerson', 'CnPerson', '{"as":"boss","foreignKey":"bossId"}'), studentdir.has_many('CnPerson', 'CnPerson', '{"as":"reports","foreignKey":"bossId"}'),
    studentdir.belongs_to_many('CnPerson', 'CnPerson', '{"as":"friends","through":"CnFriend","foreignKey":"aId","otherKey":"bId"}'),
    studentdir.has_many('CnLand', 'CnTown', '{"as":"Towns","foreignKey":"land","sourceKey":"code"}'), studentdir.belongs_to('CnTown', 'CnLand', '{"as":"Land","foreignKey":"land","targetKey":"code"}');
END $$;

-- a JSON text without its timestamps, which are as those of create
CREATE FUNCTION pg_temp.timeless(record json) RETURNS text LANGUAGE sql AS
  $$ SELECT regexp_replace(record::text, ',"(createdAt|updatedAt)":"[-0-9T:.]+Z"', '', 'g') $$;
CREATE FUNCTION pg_temp.c(model text, data text, include text) RETURNS SETOF text LANGUAGE sql AS
  $$ SELECT pg_temp.timeless(studentdir.create(model, data::jsonb, ('{"include":' || include || '}')::jsonb)) $$;
CREATE FUNCTION pg_temp.b(model text, data text, include text) RETURNS SETOF text LANGUAGE sql AS
  $$ SELECT pg_temp.timeless(studentdir.bulk_create(model, data::jsonb, ('{"include":' || include || '}')::jsonb)) $$;
CREATE FUNCTION pg_temp.cerr(model text, data text, include text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.create(%L, %L, %L)', model, data, '{"include":' || include || '}')) $$;
CREATE FUNCTION pg_temp.berr(model text, data text, include text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.bulk_create(%L, %L, %L)', model, data, '{"include":' || include || '}')) $$;

-- to-many, to-one, and both
SELECT pg_temp.c('User', '{"name":"Ann","Posts":[{"title":"a"},{"title":"b","body":"x"}]}', '"Posts"');
SELECT pg_temp.c('User', '{"name":"Bob","Profile":{"bio":"hello"}}', '"Profile"');
SELECT pg_temp.c('Post', '{"title":"c","User":{"name":"Cid"}}', '["User"]');
SELECT pg_temp.c('Post', '{"title":"d","Comments":[{"body":"1"},{"body":"2","rating":null}],"User":{"name":"Dot","Profile":{"bio":"dots"}}}', '["Comments",{"association":"User","include":"Profile"}]');
-- the keys stand in the order of the option, whatever the order of the data
SELECT pg_temp.c('User', '{"name":"Eve","Posts":[{"title":"e"}],"Profile":{"bio":"eve"}}', '["Profile","Posts"]');
-- nothing there, and null, are none; null for the key is as leaving it out
SELECT pg_temp.c('User', '{"name":"Fay"}', '["Posts","Profile"]');
SELECT pg_temp.c('User', '{"name":"Gil","Posts":null,"Profile":null}', '["Posts","Profile"]');
SELECT pg_temp.c('User', '{"name":"Hal","Posts":[],"Profile":{"id":null,"userId":null}}', '["Posts","Profile"]');
SELECT pg_temp.c('Post', '{"title":"f","userId":1}', '["User","Tags"]');
-- three levels; by the target model's name; the typed function
SELECT pg_temp.c('User', '{"name":"Ida","Posts":[{"title":"g","Comments":[{"body":"1"},{"body":"2"}]},{"title":"h"},{"title":"i","Comments":[{"body":"3"}]}]}', '{"association":"Post","include":["CnComment"]}');
SELECT pg_temp.timeless(record) FROM user_create('{"name":"Jan","Posts":[{"title":"j"}]}', '{"include":"Posts"}');
SELECT pg_temp.c('CnComment', '{"body":"k","Post":{"title":"k","User":{"name":"Kim"}},"author":{"name":"Lea","Posts":[{"title":"l"}]}}', '[{"association":"Post","include":"User"},{"association":"author","include":"Posts"}]');
-- all of them
SELECT pg_temp.c('CnProfile', '{"bio":"mia","User":{"name":"Mia"}}', '{"all":true}');
SELECT u.name, p.title, c.body, c.rating, a.name FROM users u JOIN posts p ON p.user_id = u.id LEFT JOIN cn_comments c ON c."postId" = p.id LEFT JOIN users a ON a.id = c."authorId" ORDER BY p.id, c.id;
SELECT u.name, p.* FROM cn_profiles p JOIN users u ON u.id = p."userId" ORDER BY p.id;

-- one clock for the whole document; timestamps of one's own are kept
SELECT record->>'createdAt' = record->>'updatedAt', record->>'createdAt' = record->'Posts'->0->>'createdAt', record->'Posts'->1->>'createdAt', record->>'createdAt' = record->'Posts'->1->>'updatedAt'
  FROM user_create('{"name":"Ned","Posts":[{"title":"n"},{"title":"o","createdAt":"2020-01-01T00:00:00Z"}]}', '{"include":"Posts"}');
SELECT count(DISTINCT created_at) FROM (SELECT created_at FROM users WHERE name = 'Ned' UNION ALL SELECT created_at FROM posts WHERE title = 'n') AS t;

-- many-to-many: the join row, with what is given for it under its model's name
SELECT pg_temp.c('Post', '{"title":"m","userId":1,"Tags":[{"label":"t1"},{"label":"t2","color":null,"CnPostTag":{"weight":7,"addedBy":"me"}},{"label":"t3","CnPostTag":null},{"label":"t4","CnPostTag":{"postId":null}}]}', '"Tags"');
SELECT pg_temp.c('CnTag', '{"label":"t5","Posts":[{"title":"n","User":{"name":"Oda"},"CnPostTag":{"weight":0}},{"title":"o","userId":1,"Comments":[{"body":"4"}]}]}', '{"association":"Posts","include":["User","Comments"]}');
SELECT * FROM cn_post_tags ORDER BY 1, 2;
SELECT pg_temp.timeless(studentdir.list('Post', '{"where":{"title":"m"},"include":[{"association":"Tags","order":["id"]}]}'));

-- the answer is what a finder gives for the same include
CREATE TEMPORARY TABLE created AS SELECT record FROM user_create('{"name":"cmp","Profile":{"bio":"same"},"remarks":[{"body":"x","Post":{"title":"r","User":{"name":"other"},"Tags":[{"label":"r1","CnPostTag":{"weight":4}},{"label":"r2"}]}}],"Posts":[{"title":"s","Tags":[{"label":"s1"}]},{"title":"t"}]}',
  '{"include":["Profile",{"association":"remarks","include":{"association":"Post","include":["User","Tags"]}},{"association":"Posts","include":"Tags"}]}');
SELECT created.record::text = found.record::text FROM created, users_find_all('{"where":{"name":"cmp"},"include":["Profile",{"association":"remarks","include":{"association":"Post","include":["User",{"association":"Tags","order":["id"]}]}},{"association":"Posts","order":["id"],"include":"Tags"}]}') AS found;

-- a model associated with itself, up and down and across
SELECT pg_temp.c('CnPerson', '{"name":"mid","boss":{"name":"top","boss":{"name":"peak"}},"reports":[{"name":"low1","reports":[{"name":"lowest"}]},{"name":"low2"}],"friends":[{"name":"f1","CnFriend":{"since":"2020-02-02"}},{"name":"f2","friends":[{"name":"f3"}]}]}',
  '[{"association":"boss","include":"boss"},{"association":"reports","include":"reports"},{"association":"friends","include":"friends"}]');
SELECT p.id, p.name, b.name FROM cn_people p LEFT JOIN cn_people b ON b.id = p."bossId" ORDER BY p.id;
SELECT a.name, b.name, since FROM cn_friends f JOIN cn_people a ON a.id = "aId" JOIN cn_people b ON b.id = "bId" ORDER BY f."aId", f."bId";

-- keys that are not the primary one, and of another type on the other side
SELECT pg_temp.c('CnLand', '{"code":"ES","name":"España","Towns":[{"name":"Madrid"},{"name":"Bilbao"}]}', '"Towns"');
SELECT pg_temp.c('CnTown', '{"name":"Wien","Land":{"code":"AT"}}', '"Land"');
SELECT pg_temp.cerr('CnLand', '{"name":"x","Towns":[{"name":"y"}]}', '"Towns"');
SELECT pg_temp.cerr('CnTown', '{"name":"x","Land":{"name":"y"}}', '"Land"');
SELECT pg_temp.c('CnLand', '{"name":"no key, no towns","Towns":[]}', '"Towns"');
SELECT * FROM cn_towns ORDER BY id;

-- bulk_create: in the order of the input
SELECT pg_temp.b('User', '[{"name":"b1","Posts":[{"title":"p1"},{"title":"p2","Comments":[{"body":"5"}]}]},{"name":"b2"},{"name":"b3","email":"b3@example.org","Posts":[{"title":"p3","Comments":[{"body":"6","rating":1},{"body":"7"}]}]}]', '{"association":"Posts","include":"Comments"}');
SELECT pg_temp.b('Post', '[{"title":"p4","User":{"name":"b4"}},{"title":"p5","userId":1},{"title":"p6","User":{"name":"b6"}}]', '"User"');
SELECT pg_temp.b('User', '[]', '"Posts"');
SELECT bool_and(length(r.record->>'name') = json_array_length(r.record->'Posts')), bool_and(r.n = substr(r.record->'Posts'->0->>'title', 2)::int), count(*)
  FROM (SELECT row_number() OVER () AS n, record FROM (SELECT record FROM users_bulk_create((SELECT jsonb_agg(jsonb_build_object('name', repeat('x', 1 + i % 7), 'Posts', to_jsonb(array_fill(jsonb_build_object('title', 'p' || i), ARRAY[1 + i % 7])))) FROM generate_series(1, 5000) AS i), '{"include":"Posts"}')) AS s) AS r;
SELECT count(*), count(DISTINCT user_id) FROM posts WHERE title ~ '^p[0-9]+$' AND body IS NULL AND user_id IN (SELECT id FROM users WHERE name ~ '^x+$');

-- one statement for each include and level
SELECT sum(calls) AS calls FROM studentdir.plan_cache() \gset
SELECT count(*) FROM users_bulk_create('[{"name":"s1","Posts":[{"title":"q1","Tags":[{"label":"q1"}]},{"title":"q2"}]},{"name":"s2","Posts":[{"title":"q3","Tags":[{"label":"q2"},{"label":"q3"}]}]}]', '{"include":{"association":"Posts","include":["Tags","Comments"]}}');
SELECT sum(calls) - :calls FROM studentdir.plan_cache();

-- nothing is written when anything fails
CREATE TEMPORARY TABLE before AS SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM posts) AS posts, (SELECT count(*) FROM cn_comments) AS comments, (SELECT count(*) FROM cn_tags) AS tags, (SELECT count(*) FROM cn_people) AS people;
-- every failure of the document at once
SELECT pg_temp.cerr('User', '{"name":"","Profile":{"bio":"x","website":"no"},"Posts":[{"title":"ok"},{"body":5,"Comments":[{"body":"ok"},{"rating":9}]}]}', '["Profile",{"association":"Posts","include":"Comments"}]');
SELECT pg_temp.berr('User', '[{"name":"x","Posts":[{"title":"y"},{"title":""}]},{"email":"no","Posts":[{}]}]', '"Posts"');
SELECT pg_temp.cerr('Post', '{"Tags":[{"label":"x","CnPostTag":{"weight":-1}}],"User":{"email":"no"}}', '["Tags","User"]');
SELECT pg_temp.cerr('Post', '{"title":"x"}', '"User"');
SELECT pg_temp.err($$ SELECT user_create('{"name":"","Posts":[{"title":""}]}', '{"include":"Posts","validate":false}') $$), (SELECT count(*) FROM posts WHERE title = '');
DELETE FROM posts WHERE title = '';
DELETE FROM users WHERE name = '';
-- what an association holds has its shape
SELECT d, pg_temp.cerr('User', '{"name":"x","Posts":' || d || '}', '"Posts"') FROM (VALUES ('1'), ('"x"'), ('{}'), ('{"title":"x"}'), ('[1]'), ('[null]'), ('[[]]'), ('true')) AS t (d);
SELECT d, pg_temp.cerr('Post', '{"title":"x","User":' || d || '}', '"User"') FROM (VALUES ('-1'), ('"x"'), ('[]'), ('[{"name":"x"}]'), ('false')) AS t (d);
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[{"label":"x","CnPostTag":[]}]}', '"Tags"');
SELECT pg_temp.berr('User', '{"name":"x"}', '"Posts"'), pg_temp.berr('User', '[{"name":"x"},1]', '"Posts"'), pg_temp.cerr('User', '[]', '"Posts"');
-- unknown attributes, values that do not convert
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x"},{"title":"y","bdy":"z"}]}', '"Posts"');
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x","id":"one"}]}', '"Posts"');
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[{"label":"x","CnPostTag":{"weight":"much"}}]}', '"Tags"');
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[{"label":"x","CnPostTag":{"wieght":1}}]}', '"Tags"');
-- an association that is not included, on each level
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x"}]}', '"Profile"'), pg_temp.cerr('User', '{"name":"x","Post":[]}', '"Posts"');
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x","Comments":[]}]}', '"Posts"');
SELECT pg_temp.err($$ SELECT user_create('{"name":"x","Posts":[]}') $$), pg_temp.err($$ SELECT users_bulk_create('[{"name":"x"},{"name":"y","Posts":[]}]') $$);
SELECT pg_temp.err($$ SELECT users_update('{"Posts":[]}', '{"all":true}') $$);
SELECT pg_temp.err($$ SELECT user_create('{"name":"x","CnPostTag":{}}') $$);
-- a key that a nested record sets, given or set twice
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x","userId":1}]}', '"Posts"');
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"User":{"name":"x"}}', '"User"');
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[{"label":"x","CnPostTag":{"tagId":1}}]}', '"Tags"');
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x","User":{"name":"y"}}]}', '{"association":"Posts","include":"User"}');
SELECT pg_temp.cerr('CnComment', '{"body":"x","postId":1,"author":{"name":"x"},"writer":{"name":"y"}}', '["author","writer"]');
-- one key for two things
SELECT studentdir.has_one('CnTag', 'CnPostTag', '{"as":"CnPostTag","foreignKey":"tagId"}') IS NOT NULL;
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[]}', '{"association":"Tags","include":"CnPostTag"}');
-- what the tables refuse
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[{"label":"t1"}]}', '"Tags"');
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x","Tags":[{"label":"x"},{"label":"x"}]}]}', '{"association":"Posts","include":"Tags"}');
SELECT pg_temp.cerr('CnComment', '{"body":"x","authorId":-1,"Post":{"title":"x","User":{"name":"x"}}}', '{"association":"Post","include":"User"}');
-- ids beyond what the other side's type holds
ALTER SEQUENCE cn_tags_id_seq RESTART 40000;
SELECT pg_temp.cerr('Post', '{"title":"x","userId":1,"Tags":[{"label":"x"}]}', '"Tags"');
ALTER SEQUENCE cn_tags_id_seq RESTART 100;
-- a trigger that leaves records out
CREATE FUNCTION cn_skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN NEW.title <> 'skip' THEN NEW END; END $$;
CREATE TRIGGER cn_skip BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION cn_skip();
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x"},{"title":"skip"}]}', '"Posts"');
SELECT pg_temp.c('User', '{"name":"Pia","Posts":[{"title":"p"}]}', '"Posts"') IS NOT NULL;
DROP TRIGGER cn_skip ON posts;
DELETE FROM posts WHERE title = 'p';
DELETE FROM users WHERE name = 'Pia';
-- the options
SELECT o, pg_temp.cerr('User', '{"name":"x"}', o) FROM (VALUES ('null'), ('1'), ('"Pots"'), ('["Posts","Post"]'), ('{"association":"Posts","attributes":["id"]}'), ('{"association":"Posts","where":{}}'), ('{"association":"Posts","required":true}'),
  ('[{"association":"Posts","limit":1}]'), ('[{"association":"Posts","include":{"association":"Tags","through":{"where":{"postId":1}}}}]'), ('{"association":"Posts","include":"Nope"}'), ('{"all":1}')) AS t (o);
SELECT pg_temp.err($$ SELECT users_update('{"name":"x"}', '{"all":true,"include":"Posts"}') $$);
SET studentdir.max_include_depth = 2;
SELECT pg_temp.cerr('CnPerson', '{"name":"x"}', '{"association":"boss","include":{"association":"boss","include":"boss"}}'), pg_temp.cerr('CnPerson', '{"name":"","boss":{"name":"y"}}', '{"association":"boss","include":"boss"}');
RESET studentdir.max_include_depth;
SET studentdir.max_rows = 3;
SELECT pg_temp.cerr('User', '{"name":"x","Posts":[{"title":"x"},{"title":"y"},{"title":"z"}]}', '"Posts"');
RESET studentdir.max_rows;
SELECT before = ROW((SELECT count(*) FROM users), (SELECT count(*) FROM posts), (SELECT count(*) FROM cn_comments), (SELECT count(*) FROM cn_tags), (SELECT count(*) FROM cn_people)) FROM before;

-- ignoreUnknown and fields: the one is for the whole document, the other for its own records
SELECT pg_temp.timeless(record) FROM user_create('{"name":"Que","nope":1,"Profile":{},"Posts":[{"title":"q","nope":2,"Comments":[{}],"Tags":[{"label":"q","nope":3,"CnPostTag":{"nope":4}}]}]}', '{"ignoreUnknown":true,"include":{"association":"Posts","include":"Tags"}}');
SELECT pg_temp.timeless(record) FROM post_create('{"title":"r","User":{"name":"Rae","email":"rae@example.org"}}', '{"fields":["title"],"include":"User"}');
SELECT pg_temp.err($$ SELECT post_create('{"title":"s","body":"x","User":{"name":"Sue"}}', '{"fields":["title"],"include":"User"}') $$);

-- what of the join rows the answer shows
SELECT pg_temp.timeless(record) FROM post_create('{"title":"t","userId":1,"Tags":[{"label":"v2"},{"label":"v1","CnPostTag":{}}]}', '{"include":{"association":"Tags","through":{"attributes":[]}}}');
SELECT pg_temp.timeless(record) FROM post_create('{"title":"u","userId":1,"Tags":[{"label":"u1"}]}', '{"include":{"association":"Tags","through":{"attributes":["tagId",["postId","of"]]}}}');

DO $$
BEGIN
  PERFORM studentdir.undefine(m) FROM unnest('{CnProfile,CnComment,CnPostTag,CnTag,CnFriend,CnPerson,CnTown,CnLand}'::text[]) AS m;
END $$;
DROP TABLE cn_profiles, cn_comments, cn_post_tags, cn_tags, cn_friends, cn_people, cn_towns, cn_lands;
DROP FUNCTION cn_skip();
TRUNCATE students, users, posts RESTART IDENTITY;
