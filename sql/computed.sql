-- computed attributes: attributes that are expressions
\pset format unaligned
\pset tuples_only on
CREATE TABLE co_movies (id int PRIMARY KEY, title text, year int);
CREATE TABLE co_reviews (id int PRIMARY KEY, movie_id int, author_id int, rating int);
CREATE TABLE co_people (id int PRIMARY KEY, first text, last text);
INSERT INTO co_movies VALUES (1, 'A', 1999), (2, 'B', 2020), (3, 'C', NULL);
INSERT INTO co_people VALUES (1, 'Ann', 'Bly'), (2, 'Cy', NULL);
INSERT INTO co_reviews VALUES (1, 1, 1, 5), (2, 1, 2, 4), (3, 2, 1, 1);
SELECT studentdir.define('CoMovie', '{"id":{"type":"INTEGER","primaryKey":true},"title":"TEXT","year":"INTEGER",
    "avgRating":{"type":"VIRTUAL","as":{"$avg":"reviews.rating"}},
    "reviewCount":{"type":"VIRTUAL","as":{"$count":"reviews"},"default":true},
    "label":{"type":"VIRTUAL(TEXT)","as":{"$concat":[{"$col":"title"}," (",{"$col":"year"},")"]},"comment":"as shown"},
    "longLabel":{"type":"VIRTUAL","as":{"$concat":[{"$col":"label"},": ",{"$col":"reviewCount"}]}},
    "reviewed":{"type":"VIRTUAL","as":{"$exists":{"association":"reviews","where":{"authorId":{"$param":"me"}}}},"params":["me"]},
    "loop":{"type":"VIRTUAL","as":{"$concat":[{"$col":"loop2"}]}},"loop2":{"type":"VIRTUAL","as":{"$concat":[{"$col":"loop"}]}},
    "broken":{"type":"VIRTUAL","as":{"$sum":"nope.x"}}}', '{"tableName":"co_movies","timestamps":false,"scopes":{"good":{"where":{"avgRating":{"$gt":2}}}}}') IS NOT NULL,
  studentdir.define('CoReview', '{"id":{"type":"INTEGER","primaryKey":true},"movieId":{"type":"INTEGER","field":"movie_id"},"authorId":{"type":"INTEGER","field":"author_id"},"rating":"INTEGER","stars":{"type":"VIRTUAL","as":{"$fn":["round",{"$div":[{"$mul":[{"$col":"rating"},1.0]},2]}]}}}', '{"tableName":"co_reviews","timestamps":false}') IS NOT NULL,
  studentdir.define('CoPerson', '{"id":{"type":"INTEGER","primaryKey":true},"first":"TEXT","last":"TEXT","fullName":{"type":"VIRTUAL","as":{"$concat":[{"$col":"first"}," ",{"$col":"last"}]}}}', '{"tableName":"co_people","timestamps":false}') IS NOT NULL,
  studentdir.has_many('CoMovie', 'CoReview', '{"as":"reviews","foreignKey":"movieId"}') IS NOT NULL, studentdir.belongs_to('CoReview', 'CoMovie', '{"as":"movie","foreignKey":"movieId"}') IS NOT NULL, studentdir.belongs_to('CoReview', 'CoPerson', '{"as":"author","foreignKey":"authorId"}') IS NOT NULL;
-- read like any other
SELECT studentdir.list('CoMovie', '{"order":["id"]}');
SELECT studentdir.list('CoMovie', '{"attributes":["id","avgRating",["label","l"],"longLabel"],"order":["id"]}') FROM generate_series(1, 3);
SELECT studentdir.list('CoMovie', '{"attributes":["id"],"where":{"avgRating":{"$gte":1},"label":{"$like":"%(%"}},"order":[["avgRating","DESC"]]}');
SELECT studentdir.list('CoMovie', '{"attributes":{"exclude":["reviewCount","year"],"include":["avgRating"]},"scope":"good"}');
SELECT studentdir.list('CoReview', '{"attributes":["id","stars",[{"$col":"movie.avgRating"},"a"],[{"$col":"author.fullName"},"f"]],"order":["id"],"where":{"$author.fullName$":{"$like":"%n %"}}}');
SELECT studentdir.list('CoMovie', '{"attributes":["id",[{"$max":"reviews.stars"},"s"],[{"$list":{"association":"reviews","attribute":"stars","order":["stars"]}},"l"]],"order":["id"],"include":{"association":"reviews","attributes":["stars"],"order":[["stars","DESC"],"id"],"include":{"association":"author","attributes":["fullName"]}}}');
SELECT studentdir.list('CoMovie', '{"attributes":["label",[{"$fn":["count",{"$col":"id"}]},"n"]],"group":["id"],"order":["label"],"having":{"label":{"$ne":null}}}');
SELECT studentdir.find_by_pk('CoMovie', 1, '{"attributes":["label"]}'), studentdir.count('CoMovie', '{"where":{"avgRating":null}}'), studentdir.aggregate('CoMovie', 'max', 'avgRating');
-- members stand in the order asked for, whatever statement they are of: before, between and behind columns, before nested join rows and includes
BEGIN;
SELECT studentdir.has_many('CoPerson', 'CoReview', '{"as":"reviews","foreignKey":"authorId"}') IS NOT NULL, studentdir.belongs_to_many('CoPerson', 'CoMovie', '{"as":"movies","through":"CoReview","foreignKey":"authorId","otherKey":"movieId"}') IS NOT NULL, studentdir.belongs_to_many('CoMovie', 'CoPerson', '{"as":"reviewers","through":"CoReview","foreignKey":"movieId","otherKey":"authorId"}') IS NOT NULL;
SELECT o, studentdir.list('CoMovie', o::jsonb) FROM (VALUES
  ('{"attributes":[[{"$count":"reviews"},"n"],"id",[{"$list":{"association":"reviews","attribute":"rating","order":["rating"]}},"l"],"title"],"order":["id"]}'),
  ('{"attributes":["id",[{"$count":"reviews"},"n"],[{"$max":"reviews.rating"},"m"],"title",[{"$sum":"reviews.rating"},"s"]],"order":["id"]}'),
  ('{"attributes":["id",[{"$sum":"reviews.rating"},"s"],[{"$count":"reviewers"},"w"],[{"$count":"reviews"},"n"],"title"],"order":["id"],"where":{"id":[1,3]}}'),
  ('{"attributes":[[{"$count":"reviewers"},"w"],[{"$count":"reviews"},"n"]],"order":["id"]}'),
  ('{"attributes":["id",[{"$count":"reviews"},"n"]],"order":["id"],"include":{"association":"reviews","attributes":["id"]}}'),
  ('{"attributes":["title"],"order":["id"],"limit":1,"include":{"association":"reviewers","attributes":["id",[{"$count":"reviews"},"n"],"first",[{"$max":"reviews.id"},"m"]],"order":["id"],"through":{"attributes":["rating"]},"include":{"association":"reviews","attributes":["id"],"limit":1}}}')) AS t (o);
SELECT studentdir.find_one('CoMovie', '{"attributes":[[{"$count":"reviews"},"n"],"id"],"order":["id"]}');
ROLLBACK;
-- writers answer with them, and with paths: what these bind stands beside what is written
BEGIN;
ALTER TABLE co_movies ADD meta jsonb;
SET LOCAL client_min_messages = warning;
SELECT studentdir.define('CoWritten', '{"id":{"type":"INTEGER","primaryKey":true},"title":"TEXT","year":"INTEGER","meta":"JSONB","label":{"type":"VIRTUAL(TEXT)","as":{"$concat":[{"$col":"title"}," (",{"$col":"year"},")"]}}}', '{"tableName":"co_movies","timestamps":false,"validate":{"titled":{"where":{"title":{"$ne":"untitled"}}}}}') IS NOT NULL;
SELECT studentdir.create('CoWritten', '{"id":51,"title":"a","meta":{"k":1}}', '{"returning":["label","meta.k"]}'), studentdir.bulk_create('CoWritten', '[{"id":52,"title":"b"}]', '{"returning":["label","meta.k"]}'), studentdir.update_by_pk('CoWritten', 52, '{"title":"c"}', '{"returning":["label","meta.k"]}'),
  studentdir.update_returning('CoWritten', '{"title":"d"}', '{"where":{"id":52},"returning":["label","meta.k"]}'), studentdir.bulk_update('CoWritten', '[{"id":52,"title":"e"}]', '{"returning":["label","meta.k"]}'), studentdir.increment('CoWritten', 51, '"year"', '{"returning":["label","meta.k"]}'), studentdir.destroy_returning('CoWritten', '{"where":{"id":52},"returning":["label","meta.k"]}');
SELECT o, studentdir.upsert('CoWritten', d::jsonb, o::jsonb) FROM (VALUES ('{"id":60,"title":"f","meta":{"k":[2]}}', '{"returning":["label","meta.k"]}'), ('{"id":60,"title":"g","year":2000}', '{"returning":["label","meta.k"]}'), ('{"id":60,"title":"g"}', '{"returning":["label"],"ignoreDuplicates":true}')) AS t (d, o);
SELECT studentdir.find_or_create('CoWritten', '{"where":{"id":61},"defaults":{"title":"h","year":1},"returning":["label","meta.k"]}') FROM generate_series(1, 2);
ROLLBACK;
-- parameters, once for the call and its includes; those that a model declares may be given where they are not used
SELECT m, studentdir.list('CoMovie', '{"attributes":["id","reviewed"],"order":["id"]}', jsonb_build_object('me', m)) FROM (VALUES (1), (2), (NULL)) AS t (m);
SELECT studentdir.list('CoReview', '{"attributes":["id"],"order":["id"],"include":{"association":"movie","attributes":["reviewed"]}}', '{"me":2}');
SELECT studentdir.list('CoMovie', '{"attributes":["id"],"where":{"reviewed":true},"order":["id"]}', '{"me":1}'), studentdir.list('CoMovie', '{"attributes":["id"],"order":["id"]}', '{"me":1}');
CREATE FUNCTION pg_temp.err(q text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE h text;
BEGIN
  EXECUTE q;
  RETURN 'no error';
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS h = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ': ' || SQLERRM || CASE WHEN h <> '' THEN E'\n  HINT: ' || h ELSE '' END;
END $$;
SELECT o, pg_temp.err(format('SELECT studentdir.list(''CoMovie'', %L, %L)', o, p)) FROM (VALUES ('{"attributes":["reviewed"]}', NULL), ('{"attributes":["reviewed"]}', '{"you":1}'), ('{"attributes":["loop"]}', NULL), ('{"where":{"loop2":1}}', NULL), ('{"attributes":["broken"]}', NULL), ('{"where":{"label":{"$gt":[1]}}}', NULL), ('{"attributes":["lable"]}', NULL), ('{"where":{"avgRating":"x"}}', NULL)) AS t (o, p);
-- not written
SELECT d, pg_temp.err(format('SELECT studentdir.create(''CoMovie'', %L)', d)) FROM (VALUES ('{"id":9,"label":"x"}'), ('{"id":9,"reviewCount":null}')) AS t (d);
SELECT pg_temp.err($$SELECT studentdir.update('CoMovie', '{"label":"x"}', '{"where":{"id":1}}')$$), pg_temp.err($$SELECT studentdir.increment('CoMovie', 1, '"reviewCount"')$$);
BEGIN;
SELECT studentdir.create('CoMovie', '{"id":9,"title":"n"}');
SELECT studentdir.update('CoMovie', '{"year":1}', '{"where":{"reviewCount":0}}');
ROLLBACK;
-- described as it was defined, and defined again from that
SELECT a.key, a.value FROM json_each(studentdir.describe('CoMovie')->'attributes') AS a WHERE a.value->>'as' IS NOT NULL AND a.key IN ('avgRating', 'reviewCount', 'label', 'reviewed');
SELECT d::jsonb = studentdir.define('CoMovie', d->'attributes', (d->'options')::jsonb)::jsonb FROM studentdir.describe('CoMovie') AS d;
-- wrong definitions
SELECT a, pg_temp.err(format('SELECT studentdir.define(''CoWrong'', %L)', a)) FROM (VALUES ('{"x":{"type":"VIRTUAL","as":5}}'), ('{"x":{"type":"VIRTUAL","as":{"a":1}}}'), ('{"x":{"type":"TEXT","as":{"$count":"y"}}}'), ('{"x":{"type":"VIRTUAL","params":["a"]}}'), ('{"x":{"type":"VIRTUAL","default":true}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"params":["a"],"default":true}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"params":[5]}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"params":[]}}'),
  ('{"x":{"type":"VIRTUAL","as":{"$concat":[{"$param":"a"}]}}}'), ('{"x":{"type":"VIRTUAL","as":{"$concat":[{"$param":"a"}]},"params":["b"]}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"allowNull":false}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"validate":{"isEmail":true}}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"defaultValue":1}}'), ('{"x":{"type":"VIRTUAL","as":{"$count":"y"},"default":"yes"}}')) AS t (a);
-- attributes that name others many times each, here and by way of an association, are bounded
SELECT (SELECT studentdir.define('CoTower', ('{"id":{"type":"INTEGER","primaryKey":true}' || string_agg(format(',"up%s":{"type":"VIRTUAL","as":{"$add":[%s]}}', i, rtrim(repeat(format('{"$col":"%s"},', CASE WHEN i = 0 THEN 'id' WHEN i = 4 THEN 'same.up3' ELSE 'up' || i - 1 END), CASE i WHEN 4 THEN 2 ELSE 12 END), ',')), '') || '}')::json, '{"tableName":"co_movies","timestamps":false}') FROM generate_series(0, 4) AS i) IS NOT NULL, studentdir.belongs_to('CoTower', 'CoTower', '{"as":"same","foreignKey":"id","constraints":false}') IS NOT NULL;
SELECT u, pg_temp.err(format('SELECT studentdir.count(''CoTower'', ''{"where":{"$expr":[{"$col":"%s"},"$gt",0]}}'')', u)) FROM unnest('{up0,up1,up2,up3,same.up2,up4}'::text[]) AS u;
SELECT studentdir.undefine('CoTower');
-- an association that is gone
SELECT studentdir.undefine('CoReview');
SELECT pg_temp.err($$SELECT studentdir.list('CoMovie', '{"attributes":["avgRating"]}')$$), pg_temp.err($$SELECT studentdir.list('CoMovie')$$);
SELECT studentdir.undefine('CoMovie'), studentdir.undefine('CoPerson');
DROP TABLE co_movies, co_reviews, co_people;
