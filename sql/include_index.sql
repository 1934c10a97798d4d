-- A limit of an include reads no more children than it gives where an index has them in order, and gives the same where none has.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE ii_users (id integer PRIMARY KEY, region integer, number integer);
CREATE TABLE ii_posts (id integer PRIMARY KEY, user_id integer, region integer, number integer, likes integer, deleted_at timestamptz);
CREATE TABLE ii_tags (id integer PRIMARY KEY, name text);
CREATE TABLE ii_post_tags (post_id integer, tag_id integer, rank integer, PRIMARY KEY (post_id, tag_id));
SELECT json_typeof(studentdir.define('IiUser', '{"region":"INTEGER","number":"INTEGER"}', '{"timestamps":false,"tableName":"ii_users"}'));
SELECT json_typeof(studentdir.define('IiPost', '{"userId":"INTEGER","region":"INTEGER","number":"INTEGER","likes":"INTEGER"}', '{"timestamps":false,"paranoid":false,"tableName":"ii_posts"}'));
SELECT json_typeof(studentdir.define('IiTag', '{"name":"TEXT"}', '{"timestamps":false,"tableName":"ii_tags"}'));
SELECT json_typeof(studentdir.define('IiPostTag', '{"postId":{"type":"INTEGER","primaryKey":true},"tagId":{"type":"INTEGER","primaryKey":true},"rank":"INTEGER"}', '{"timestamps":false,"tableName":"ii_post_tags"}'));
SELECT studentdir.has_many('IiUser', 'IiPost', '{"foreignKey":"userId","as":"Posts","constraints":false}') ->> 'as',
       studentdir.has_many('IiUser', 'IiPost', '{"foreignKey":["region","number"],"sourceKey":["region","number"],"as":"Places","constraints":false}') ->> 'as',
       studentdir.belongs_to_many('IiPost', 'IiTag', '{"through":"IiPostTag","foreignKey":"postId","otherKey":"tagId","as":"Tags"}') ->> 'as';
INSERT INTO ii_users SELECT i, i % 3, i FROM generate_series(1, 40) i;
INSERT INTO ii_posts SELECT i, i % 40 + 1, (i % 40 + 1) % 3, i % 40 + 1, CASE WHEN i % 7 > 0 THEN i % 13 END FROM generate_series(1, 8000) i;
INSERT INTO ii_tags SELECT i, 't' || i FROM generate_series(1, 30) i;
INSERT INTO ii_post_tags SELECT p, t, (p + t) % 5 FROM generate_series(1, 200) p, generate_series(1, 30) t WHERE (p * t) % 3 = 0;
VACUUM ANALYZE ii_users, ii_posts, ii_tags, ii_post_tags;

-- the form of the statement, and the most rows that a node of its plan gives for 40 parents
CREATE FUNCTION pg_temp.form(model text, options jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  statement text := (SELECT sql FROM studentdir.to_sql(model, options) WHERE step = 2);
BEGIN
  RETURN CASE WHEN statement ~ 'LATERAL' THEN 'lateral' WHEN statement ~ 'row_number' THEN 'row_number' ELSE 'neither' END;
END $$;
CREATE FUNCTION pg_temp.read(model text, options jsonb) RETURNS numeric LANGUAGE sql AS $$
  SELECT round(max(m[1]::numeric * m[2]::numeric)) FROM studentdir.explain(model, options, true) WITH ORDINALITY AS e (line, n), regexp_matches(line, 'actual time=\S+ rows=([0-9.]+) loops=(\d+)') m
  WHERE n > (SELECT min(n) FROM studentdir.explain(model, options, true) WITH ORDINALITY AS e (line, n) WHERE line ~ '^Step 2') $$;
\set latest '{"include":{"association":"Posts","attributes":["id"],"order":[["id","DESC"]],"limit":3}}'
\set liked '{"include":{"association":"Posts","attributes":["id","likes"],"order":[["likes","DESC"]],"limit":3}}'
\set nulls_last '{"include":{"association":"Posts","attributes":["id"],"order":[["likes","DESC NULLS LAST"]],"limit":3,"offset":1}}'
\set any '{"include":{"association":"Posts","attributes":["id"],"limit":3}}'
\set where '{"include":{"association":"Posts","attributes":["id"],"order":["id"],"where":{"likes":{"$gt":5}},"limit":2}}'
\set places '{"include":{"association":"Places","attributes":["id"],"order":["id"],"limit":2}}'
\set tags '{"where":{"id":{"$lte":200}},"include":{"association":"Tags","attributes":["name"],"through":{"attributes":["rank"]},"order":["id"],"limit":2}}'

CREATE TEMPORARY TABLE asked (n integer, model text, options jsonb);
INSERT INTO asked VALUES (1, 'IiUser', :'latest'), (2, 'IiUser', :'liked'), (3, 'IiUser', :'nulls_last'), (4, 'IiUser', :'where'), (5, 'IiUser', :'places'), (6, 'IiPost', :'tags');
CREATE TEMPORARY TABLE answers AS SELECT n, pg_temp.form(model, options) AS form, studentdir.list(model, options || '{"order":["id"]}')::text AS answer FROM asked;
SELECT n, form FROM answers ORDER BY n;

-- with indexes: by the key, by the key and the order, forwards and backwards, with nulls where the order has them
CREATE INDEX ii_posts_id ON ii_posts (user_id, id);
CREATE INDEX ii_posts_likes ON ii_posts (user_id, likes);
CREATE INDEX ii_posts_place ON ii_posts (number, region, id);
SELECT n, pg_temp.form(model, options) AS form, studentdir.list(model, options || '{"order":["id"]}')::text = answer AS same FROM asked JOIN answers USING (n) ORDER BY n;
SELECT n, pg_temp.read(model, options) <= 40 * 3 AS few FROM asked WHERE n IN (1, 5) ORDER BY n;
SELECT pg_temp.form('IiUser', :'any'), pg_temp.read('IiUser', :'any');
SELECT json_array_length(studentdir.list('IiUser', :'any')), (SELECT sum(json_array_length(r -> 'Posts')) FROM studentdir.find_all('IiUser', :'any') AS r);
-- nulls at the other end take an index of their own, and the through table one that begins with its key and order
CREATE INDEX ii_posts_nulls ON ii_posts (user_id, likes DESC NULLS LAST);
SELECT n, pg_temp.form(model, options) AS form, studentdir.list(model, options || '{"order":["id"]}')::text = answer AS same FROM asked JOIN answers USING (n) WHERE n = 3;
SELECT pg_temp.form('IiPost', '{"include":{"association":"Tags","limit":2}}');
-- an index of some rows, an invalid one and another method serve nothing
DROP INDEX ii_posts_id, ii_posts_likes, ii_posts_nulls;
CREATE INDEX ii_posts_some ON ii_posts (user_id, id) WHERE likes > 3;
CREATE INDEX ii_posts_hash ON ii_posts USING hash (user_id);
SELECT pg_temp.form('IiUser', :'latest'), pg_temp.form('IiUser', :'any');
DROP INDEX ii_posts_some;
-- one parent needs neither
SELECT studentdir.find_by_pk('IiUser', 1, '{"attributes":["id"],"include":{"association":"Posts","attributes":["id"],"order":[["id","DESC"]],"limit":2}}');

SELECT studentdir.undefine(name) FROM unnest('{IiPostTag,IiTag,IiPost,IiUser}'::text[]) AS name;
DROP TABLE ii_users, ii_posts, ii_tags, ii_post_tags;
