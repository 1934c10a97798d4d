-- Options that say nothing, that say two things at once, or that no statement could do: an error with its place.
\set VERBOSITY terse
\pset tuples_only on
\pset format unaligned
CREATE TABLE oz_people (id int PRIMARY KEY, name varchar(50), email text, age int, doc json, pt point, ints int[], boss int);
INSERT INTO oz_people VALUES (1, 'Ann', 'a@x', 30, '{}', '(0,0)', '{1,2}', NULL), (2, 'Bob', 'b@x', 20, NULL, NULL, '{2}', 1), (3, 'Cy', NULL, NULL, NULL, NULL, NULL, 1);
CREATE TABLE oz_courses (id int PRIMARY KEY, title text);
INSERT INTO oz_courses VALUES (1, 'C1'), (2, 'C2');
CREATE TABLE oz_grades (person int, course int, grade int, PRIMARY KEY (person, course));
INSERT INTO oz_grades VALUES (1, 1, 5), (1, 2, 4), (2, 1, 3);
CREATE UNIQUE INDEX ON oz_people (email) WHERE age > 10;
SELECT studentdir.define('OzPerson', '{"id":{"type":"INTEGER","primaryKey":true},"name":"STRING(50)","email":"TEXT","age":"INTEGER","doc":"JSON","pt":"point","ints":"ARRAY(INTEGER)","boss":"INTEGER"}', '{"tableName":"oz_people","timestamps":false}') IS NOT NULL
   AND studentdir.define('OzCourse', '{"id":{"type":"INTEGER","primaryKey":true},"title":"TEXT"}', '{"tableName":"oz_courses","timestamps":false}') IS NOT NULL
   AND studentdir.define('OzGrade', '{"person":{"type":"INTEGER","primaryKey":true},"course":{"type":"INTEGER","primaryKey":true},"grade":"INTEGER"}', '{"tableName":"oz_grades","timestamps":false}') IS NOT NULL
   AND studentdir.has_many('OzPerson', 'OzPerson', '{"as":"reports","foreignKey":"boss"}') IS NOT NULL AND studentdir.belongs_to('OzPerson', 'OzPerson', '{"as":"chief","foreignKey":"boss"}') IS NOT NULL
   AND studentdir.belongs_to_many('OzPerson', 'OzCourse', '{"as":"courses","through":"OzGrade","foreignKey":"person","otherKey":"course"}') IS NOT NULL
   AND studentdir.belongs_to('OzGrade', 'OzPerson', '{"as":"who","foreignKey":"person"}') IS NOT NULL
   AND studentdir.has_one('OzCourse', 'OzGrade', '{"as":"OzGrade","foreignKey":"course"}') IS NOT NULL AS defined;
CREATE FUNCTION pg_temp.ask(model text, options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
  RETURN studentdir.list(model, options::jsonb);
EXCEPTION WHEN others THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' / ' || nullif(left(hint, 100), ''), '');
END $$;
-- how many levels
SELECT d, pg_temp.ask('OzPerson', format('{"attributes":["id"],"where":{"id":1},"include":{"association":"reports","attributes":["id"],"order":["id"],"recursive":true,"depth":%s}}', d)) FROM unnest('{1,1.0,1.5,0,-1,"null","\"1\"",11,4294967297,1e30}'::text[]) AS d;
-- aggregates and windows inside of conditions are aggregates and windows
SELECT o, pg_temp.ask('OzPerson', o) FROM unnest(ARRAY['{"attributes":[[{"$test":{"$expr":[{"$fn":["count"]},"$gt",1]}},"many"]]}', '{"attributes":["name",[{"$case":[[{"$expr":[{"$fn":["count"]},"$gt",1]},"many"],{"$else":"few"}]},"x"]]}', '{"attributes":[[{"$test":{"$not":{"$expr":[{"$fn":["count"]},"$gt",1]}}},"x"]],"include":"reports"}',
  '{"attributes":["boss",[{"$test":{"$expr":[{"$fn":["count"]},"$gt",1]}},"x"]],"group":["boss"],"order":["boss"]}', '{"attributes":[[{"$test":{"$expr":[{"$fn":["count"]},"$gt",1]}},"x"]],"order":["id"],"limit":1}', '{"attributes":["id",[{"$test":{"$expr":[{"$over":[{"$fn":["row_number"]},{"order":["id"]}]},"$gt",1]}},"x"]],"order":["id"]}',
  '{"attributes":["id",[{"$test":{"$expr":[{"$over":[{"$fn":["row_number"]},{"order":["id"]}]},"$gt",1]}},"x"]],"distinct":true}', '{"attributes":["id",[{"$fn":["sum",{"$case":[[{"$expr":[{"$fn":["count"]},"$gt",1]},1]]}]},"x"]],"group":["id"]}', '{"attributes":[[{"$fn":["sum",{"$over":[{"$fn":["rank"]},{"order":["id"]}]}]},"x"]]}']) AS o;
-- DISTINCT sorts
SELECT o, pg_temp.ask('OzPerson', o) FROM unnest(ARRAY['{"attributes":[[{"$agg":["count",{"$col":"doc"},{"distinct":true}]},"x"]]}', '{"attributes":[[{"$agg":["count",{"$col":"age"},{"distinct":true}]},"x"]]}', '{"attributes":[[{"$count":{"association":"reports","distinct":"doc"}},"x"]]}', '{"where":{"$expr":[{"$count":{"association":"reports","distinct":"pt"}},"$gt",0]}}', '{"attributes":[[{"$list":{"association":"reports","attribute":"pt","distinct":true}},"x"]]}',
  '{"attributes":[[{"$count":{"association":"reports","distinct":null}},"x"]]}', '{"attributes":[[{"$count":{"association":"reports","distinct":true}},"x"]]}']) AS o;
-- join rows: values of one, under a key of their own
SELECT o, pg_temp.ask('OzPerson', format('{"attributes":["id"],"where":{"id":1},"include":{"association":"courses","order":["id"],%s}}', o)) FROM unnest(ARRAY['"attributes":["id"],"through":{"attributes":["grade",["who.name","who"]]}', '"attributes":["id"],"through":{"attributes":[[{"$over":[{"$fn":["rank"]},{"order":["grade"]}]},"rank"]]}', '"attributes":["id"],"through":{"attributes":[[{"$fn":["count"]},"n"]]}',
  '"attributes":["id"],"include":{"association":"OzGrade","attributes":["grade"]}', '"attributes":["id"],"through":{"attributes":[]},"include":{"association":"OzGrade","attributes":["grade"],"where":{"grade":4}}', '"attributes":["id",["title","OzGrade"]]', '"attributes":["id",["title","OzGrade"]],"through":{"attributes":[]}']) AS o;
-- a key that stands in options
SELECT o, pg_temp.ask('OzGrade', format('{"order":["grade"],"after":%s}', o)) FROM unnest(ARRAY['{"person":1,"course":2}', '{"person":1,"nope":1}', '{"person":1,"grade":1}', '{"person":"x","course":1}', '{"person":null,"course":1}', '{"grade":4,"person":null,"course":1}', '{"grade":null,"person":1,"course":1}', '5']) AS o;
-- lists of lists, scopes that are written out, values of types that go together
SELECT o, pg_temp.ask('OzPerson', o) FROM unnest(ARRAY['{"where":{"ints":{"$any":{"$list":"reports.ints"}}}}', '{"where":{"age":{"$in":{"$list":"reports.ints"}}}}', '{"attributes":["id"],"where":{"id":{"$lt":{"$all":{"$list":"reports.id"}}}},"order":["id"]}', '{"scope":{"params":["a"],"where":{"id":1}}}', '{"attributes":["id"],"scope":{"where":{"id":1}}}']) AS o;
SELECT o, pg_temp.ask('OzPerson', o) FROM unnest(ARRAY['{"attributes":[[{"$fn":["coalesce",{"$col":"email"},{"$col":"name"}]},"x"]],"order":["id"]}', '{"attributes":[[{"$fn":["coalesce",{"$col":"name"},{"$fn":["upper",{"$col":"email"}]},"-"]},"x"]],"where":{"id":3}}', '{"attributes":[[{"$fn":["coalesce",{"$col":"age"},{"$col":"name"}]},"x"]]}']) AS o;
-- the condition of an index looks at one record, at any depth
CREATE FUNCTION pg_temp.conflict(condition text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN studentdir.bulk_create('OzPerson', '[{"id":9,"email":"a@x"}]', format('{"ignoreDuplicates":true,"conflictAttributes":["email"],"conflictWhere":%s}', condition)::jsonb); EXCEPTION WHEN others THEN RETURN SQLSTATE || ' ' || SQLERRM; END $$;
SELECT c, pg_temp.conflict(c) FROM unnest(ARRAY['{"$expr":[{"$add":[{"$count":"reports"},1]},"$gt",0]}', '{"$expr":[{"$col":"chief.name"},"$eq","x"]}', '{"$expr":{"$test":{"$exists":"reports"}}}', '{"$expr":[{"$case":[[{"$chief.name$":"x"},1]]},"$eq",1]}', '{"$exists":"reports"}']) AS c;
-- options of conflicts: in nested records too, and what the table generates
CREATE FUNCTION pg_temp.write(q text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE hint text; BEGIN EXECUTE q; RETURN 'no error'; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT; RETURN SQLSTATE || ' ' || SQLERRM || ' / ' || hint; END $$;
ALTER TABLE oz_courses ADD twice int GENERATED ALWAYS AS (id * 2) STORED;
SELECT studentdir.define('OzTwice', '{"id":{"type":"INTEGER","primaryKey":true},"title":"TEXT","twice":"INTEGER"}', '{"tableName":"oz_courses","timestamps":false}') IS NOT NULL;
SELECT pg_temp.write(q) FROM unnest(ARRAY[$$SELECT studentdir.bulk_create('OzTwice', '[{"id":1,"title":"Z"}]', '{"updateOnDuplicate":["title","twice"]}')$$, $$SELECT studentdir.create('OzPerson', '{"id":8,"courses":[{"id":1}]}', '{"include":{"association":"courses","updateOnDuplicate":["title"],"ignoreDuplicates":true}}')$$, $$SELECT studentdir.create('OzPerson', '{"id":8,"courses":[{"id":1}]}', '{"include":{"association":"courses","conflictAttributes":["id"]}}')$$,
  $$SELECT studentdir.create('OzPerson', '{"id":8,"chief":{"id":1,"courses":[{"id":1}]}}', '{"include":{"association":"chief","ignoreDuplicates":true,"include":"courses"}}')$$, $$SELECT studentdir.bulk_create('OzCourse', '[{"id":1}]', '{"existing":true}')$$, $$SELECT studentdir.destroy('OzCourse', '{"where":{"id":1},"cascade":true}')$$]) AS q;
SELECT studentdir.undefine('OzTwice');
-- an operator of ranges is no condition where it is another one of the type, as that which shifts integers
SELECT o, pg_temp.ask('OzPerson', o) FROM unnest(ARRAY['{"where":{"age":{"$strictLeft":{"$col":"id"}}}}', '{"where":{"age":{"$strictLeft":[1,2]}}}']) AS o;
-- more conditions than are planned in a time that nobody notices, wherever they stand
CREATE FUNCTION pg_temp.many(n int) RETURNS text LANGUAGE sql AS $$ SELECT '{"$and":[' || string_agg(format('{"age":{"$ne":%s}}', i), ',') || ']}' FROM generate_series(1, n) AS i $$;
SELECT f, left(pg_temp.ask('OzPerson', format(f, pg_temp.many(1001))), 100) FROM unnest(ARRAY['{"where":%s}', '{"where":{"$expr":{"$test":%s}}}', '{"where":{"$expr":[{"$count":{"association":"reports","where":%s}},"$gt",0]}}', '{"attributes":[[{"$count":{"association":"reports","where":%s}},"n"]]}', '{"attributes":[[{"$agg":["count",{"where":%s}]},"n"]]}', '{"order":[[{"$sum":{"association":"reports","attribute":"age","where":%s}},"DESC"]]}', '{"where":{"$exists":{"association":"reports","where":%s}}}']) AS f;
SELECT pg_temp.ask('OzPerson', format('{"attributes":[[{"$count":{"association":"reports","where":%s}},"n"]],"where":{"id":1}}', pg_temp.many(15)));
SELECT studentdir.undefine('OzGrade'), studentdir.undefine('OzCourse'), studentdir.undefine('OzPerson');
DROP TABLE oz_grades, oz_courses, oz_people;
