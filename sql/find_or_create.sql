-- find_or_create: the record that the conditions find, or a new one of which they are true.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
CREATE FUNCTION pg_temp.f(model text, options text) RETURNS TABLE (record jsonb, created boolean) LANGUAGE sql AS
  $$ SELECT f.record::jsonb - 'createdAt' - 'updatedAt', f.created FROM studentdir.find_or_create(model, options::jsonb) AS f $$;
CREATE FUNCTION pg_temp.ferr(model text, options text) RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.find_or_create(%L, %L)', model, options)) $$;

-- the typed function, in FROM and in a select list
SELECT record::jsonb - 'createdAt' - 'updatedAt' AS record, created FROM student_find_or_create('{"where":{"email":"ann@example.org"},"defaults":{"name":"Ann"}}');
SELECT record::jsonb - 'createdAt' - 'updatedAt' AS record, created FROM student_find_or_create('{"where":{"email":"ann@example.org"},"defaults":{"name":"Ann B"}}');
SELECT (student_find_or_create('{"where":{"id":1}}')).created;
-- what the conditions say attributes are equal to is part of the new row; other conditions are not
SELECT * FROM pg_temp.f('Student', '{"where":{"name":"Bob","cohort":null,"id":{"$gt":1}}}');
SELECT * FROM pg_temp.f('Student', '{"where":[{"name":{"$eq":"Cid"}},{"$and":[{"cohort":"Fall"},{"email":{"$like":"%@example.org"}}]}],"defaults":{"email":"cid@example.org"}}');
-- a new row that does not meet them, whatever they are, would be another new row the next time: nothing is written
SELECT o, pg_temp.ferr('Student', o) FROM (VALUES ('{"where":{"name":"Dot","$or":[{"cohort":"x"},{"cohort":"y"}],"email":["a@example.org","b@example.org"]}}'), ('{"where":{"name":"Dot","id":null}}'), ('{"where":{"name":"Dot","id":{"$gt":1000}}}'), ('{"where":{"name":{"$eq":"Dot","$ne":"Dot"}}}'), ('{"where":{"name":{"$like":"D%"}},"defaults":{"name":"Eve"}}'), ('{"where":[{"name":"Dot"},{"$not":{"name":"Dot"}}]}'), ('{"where":{"name":"Dot","cohort":null},"defaults":{"cohort":"x"},"validate":false,"order":["id"],"x":1}')) AS t (o);
SELECT * FROM pg_temp.f('Student', '{"where":{"name":"Dot","$or":[{"cohort":"x"},{"cohort":"y"}],"email":["a@example.org","b@example.org"]},"defaults":{"cohort":"y","email":"b@example.org"}}');
SELECT * FROM pg_temp.f('User', '{"where":{"name":"Has posts","$Posts.title$":"x"}}');
SELECT * FROM pg_temp.f('Student', '{"where":{"name":{"$eq":"Eve","$ne":"Ann"}},"defaults":{"name":"Eva"}}');
-- defaults win where both say something, as in Sequelize
SELECT * FROM pg_temp.f('Student', '{"where":{"name":"Fay"},"defaults":{"name":"Fae","cohort":"Spring"}}');
SELECT * FROM pg_temp.f('Student', '{"where":{"id":77},"defaults":{"name":"Gil","createdAt":"2020-01-01T00:00:00Z"}}');
SELECT record->>'createdAt' FROM student_find_by_pk(77);
-- many are found: the first
SELECT * FROM pg_temp.f('Student', '{"where":{"id":{"$gt":0}},"order":[["name","DESC"]]}');
SELECT created FROM pg_temp.f('Student', '{"where":{},"all":true}');
SELECT created FROM pg_temp.f('Student', '{"where":{"name":"Hal"},"defaults":{"zip":2,"zap":3},"ignoreUnknown":true}');
-- each call of one statement sees what those before it did
SELECT i, created FROM generate_series(1, 3) AS i, LATERAL student_find_or_create(jsonb_build_object('where', '{"email":"often@example.org"}'::jsonb, 'defaults', jsonb_build_object('name', 'Often ' || i))) ORDER BY i;
SELECT id, name, cohort, email FROM students ORDER BY id;

-- what is found is not validated; what is new is
SELECT * FROM pg_temp.f('Student', '{"where":{"id":1},"defaults":{"name":"","email":"no"}}');
SELECT * FROM pg_temp.f('User', '{"where":{"name":"x"},"defaults":{"email":"no"},"validate":false}');
SELECT o, pg_temp.ferr('Student', o) FROM (VALUES ('{}'), ('[]'), ('{"defaults":{"name":"x"}}'), ('{"where":null}'), ('{"where":"x"}'), ('{"where":{"nope":1}}'), ('{"where":{"id":"x"}}'), ('{"where":{"id":1},"defaults":{"nope":1}}'), ('{"where":{"id":1},"defaults":[]}'), ('{"where":{"id":1},"default":{}}'),
  ('{"where":{"email":"no"}}'), ('{"where":{"name":"new","zip":1},"ignoreUnknown":true}'), ('{"where":{"email":"new@example.org"},"defaults":{"name":"x","id":"y"}}'), ('{"where":{"id":1},"fields":["name"]}'), ('{"where":{"name":"new"},"defaults":{"cohort":"x"},"fields":["name"]}'),
  ('{"where":{"id":1},"limit":1}'), ('{"where":{"id":1},"include":"Posts"}'), ('{"where":{"id":1},"ignoreDuplicates":true}')) AS t (o);
SELECT pg_temp.err('SELECT student_find_or_create(NULL)');
-- a conflict with a row that the conditions do not find is the error that it is
SELECT pg_temp.ferr('Student', '{"where":{"name":"new"},"defaults":{"email":"ann@example.org"}}');
SELECT pg_temp.ferr('Student', '{"where":{"email":"new@example.org"},"defaults":{"name":"new","id":1}}');
SELECT pg_temp.ferr('Post', '{"where":{"title":"new","userId":9999}}');
-- and nothing is left of it; what is in a transaction that found one goes on
BEGIN;
SELECT created FROM pg_temp.f('Student', '{"where":{"name":"in transaction"}}');
SAVEPOINT s;
SELECT student_find_or_create('{"where":{"name":"new"},"defaults":{"email":"ann@example.org"}}');
ROLLBACK TO s;
SELECT created FROM pg_temp.f('Student', '{"where":{"name":"in transaction"}}');
ROLLBACK;
-- what is found needs no right to write
BEGIN READ ONLY;
SELECT created FROM pg_temp.f('Student', '{"where":{"id":1}}');
SELECT student_find_or_create('{"where":{"name":"new"}}');
ROLLBACK;

-- arrays, JSON, defaults of the model, exclusion constraints, column names of their own
CREATE TABLE foc_all (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "Tags" text[], meta jsonb, span int4range, EXCLUDE USING gist (span WITH &&));
SELECT pg_temp.define('FocAll', 'foc_all', '*id:INTEGER tags:ARRAY(TEXT):Tags meta:JSONB span:RANGE(INTEGER)');
SELECT * FROM pg_temp.f('FocAll', '{"where":{"tags":["a","b"],"meta":{"$eq":{"k":1}}}}');
SELECT * FROM pg_temp.f('FocAll', '{"where":{"tags":["a","b"],"meta":{"$eq":{"k":1}}}}');
SELECT * FROM pg_temp.f('FocAll', '{"where":{"meta":{"k":2},"meta.j":5},"defaults":{"meta":{"k":2,"j":5}}}');
SELECT created FROM pg_temp.f('FocAll', '{"where":{"meta":{"k":2},"meta.j":5}}');
-- what they say is in a JSON attribute is part of it, beside what defaults say
SELECT * FROM pg_temp.f('FocAll', '{"where":{"meta":{"a":{"b":3,"c":{"$eq":[1,2]}}},"meta.d[0].e":"x"}}');
SELECT created FROM pg_temp.f('FocAll', '{"where":{"meta":{"a":{"b":3,"c":{"$eq":[1,2]}}},"meta.d[0].e":"x"}}');
SELECT * FROM pg_temp.f('FocAll', '{"where":{"meta.k":4,"meta.l":null},"defaults":{"meta":{"m":true}}}');
SELECT created FROM pg_temp.f('FocAll', '{"where":{"meta.k":4,"meta.l":null},"defaults":{"meta":{"m":true}}}');
SELECT * FROM pg_temp.f('FocAll', '{"where":{"meta.k":5,"meta.n":{"$eq":6}},"defaults":{"meta":{"k":6}}}');
SELECT * FROM pg_temp.f('FocAll', '{"where":{"meta.k":7},"defaults":{"meta":[1]}}');
SELECT o, pg_temp.ferr('FocAll', o) FROM (VALUES ('{"where":{"meta.k":8,"meta.o":{"$gt":1}}}'), ('{"where":{"meta.p":[1,2]}}'), ('{"where":{"meta":{"q":{"r":1,"$contains":{"s":1}}}}}'), ('{"where":{"meta.t[3]":1}}'), ('{"where":{"meta.u":1},"fields":["tags"]}')) AS t (o);
SELECT count(*) FROM foc_all;
INSERT INTO foc_all (span) VALUES ('[1,10]');
SELECT pg_temp.ferr('FocAll', '{"where":{"id":99},"defaults":{"span":[2,3]}}');

-- partitioned tables, views, triggers that write nothing
CREATE TABLE foc_part (id integer, region text, val text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE foc_part_a PARTITION OF foc_part FOR VALUES IN ('a');
CREATE VIEW foc_view AS SELECT id AS number, region, val FROM foc_part WHERE val IS DISTINCT FROM 'hidden';
SELECT pg_temp.define('FocPart', 'foc_part', '*id:INTEGER *region:TEXT val:TEXT'), pg_temp.define('FocView', 'foc_view', '*number:INTEGER *region:TEXT val:TEXT');
SELECT * FROM pg_temp.f('FocPart', '{"where":{"id":1,"region":"a"},"defaults":{"val":"x"}}');
SELECT * FROM pg_temp.f('FocPart', '{"where":{"id":1,"region":"a"},"defaults":{"val":"y"}}');
SELECT * FROM pg_temp.f('FocView', '{"where":{"number":2,"region":"a"},"defaults":{"val":"x"}}');
SELECT * FROM pg_temp.f('FocView', '{"where":{"number":2,"region":"a"},"defaults":{"val":"y"}}');
UPDATE foc_part SET val = 'hidden' WHERE id = 2;
SELECT pg_temp.ferr('FocView', '{"where":{"number":2,"region":"a"},"defaults":{"val":"y"}}');
CREATE FUNCTION foc_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.val = 'skip' THEN RETURN NULL; END IF;
  -- as another session would between two statements
  IF NEW.val = 'meanwhile' AND pg_trigger_depth() = 1 THEN INSERT INTO foc_part VALUES (NEW.id, NEW.region, 'other'); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE INSERT ON foc_part_a FOR EACH ROW EXECUTE FUNCTION foc_trigger();
SELECT * FROM pg_temp.f('FocPart', '{"where":{"id":3,"region":"a"},"defaults":{"val":"skip"}}');
SELECT * FROM pg_temp.f('FocPart', '{"where":{"id":4,"region":"a"},"defaults":{"val":"meanwhile"}}');

-- deleted rows are not found, but have their keys
CREATE TABLE foc_note (id integer PRIMARY KEY, title text, deleted_at timestamptz(3));
SELECT pg_temp.define('FocNote', 'foc_note', '*id:INTEGER title:TEXT deletedAt:DATE:deleted_at', '{"paranoid":true,"deletedAt":"deletedAt","defaultScope":{"where":{"title":{"$ne":"secret"}},"attributes":["id"],"limit":5},"scopes":{"all":{}}}');
INSERT INTO foc_note VALUES (1, 'gone', '2026-01-01 00:00Z'), (2, 'secret', NULL);
SELECT pg_temp.ferr('FocNote', '{"where":{"id":1},"defaults":{"title":"x"}}');
SELECT * FROM pg_temp.f('FocNote', '{"where":{"id":1},"paranoid":false}');
SELECT pg_temp.ferr('FocNote', '{"where":{"id":2}}');
SELECT * FROM pg_temp.f('FocNote', '{"where":{"id":2},"scope":"all"}');
SELECT * FROM pg_temp.f('FocNote', '{"where":{"id":2},"scope":null}');

-- row-level security
CREATE ROLE regress_foc;
CREATE TABLE foc_priv (id integer PRIMARY KEY, val text, owner text DEFAULT current_user);
SELECT pg_temp.define('FocPriv', 'foc_priv', '*id:INTEGER val:TEXT');
GRANT SELECT ON foc_priv TO regress_foc;
INSERT INTO foc_priv VALUES (1, 'theirs', 'somebody'), (2, 'mine', 'regress_foc');
SET ROLE regress_foc;
SELECT * FROM pg_temp.f('FocPriv', '{"where":{"id":2}}');
SELECT pg_temp.ferr('FocPriv', '{"where":{"id":3}}');
RESET ROLE;
GRANT INSERT (id, val) ON foc_priv TO regress_foc;
ALTER TABLE foc_priv ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON foc_priv USING (owner = current_user);
SET ROLE regress_foc;
SELECT * FROM pg_temp.f('FocPriv', '{"where":{"id":3},"defaults":{"val":"new"}}');
SELECT pg_temp.ferr('FocPriv', '{"where":{"id":1}}');
RESET ROLE;

-- include: shown in the answer, of a new record too; a required one says which are found; "returning" says what is shown
TRUNCATE students, users, posts RESTART IDENTITY;
SELECT count(*) FROM studentdir.create('User', '{"name":"Ann","email":"ann@example.org","Posts":[{"title":"One"},{"title":"Two"}]}', '{"include":"Posts"}');
SELECT record ->> 'name', record -> 'Posts', created FROM studentdir.find_or_create('User', '{"where":{"email":"ann@example.org"},"include":{"association":"Posts","attributes":["title"],"order":["id"]}}');
SELECT record ->> 'name', record -> 'Posts', created FROM studentdir.find_or_create('User', '{"where":{"email":"bob@example.org"},"defaults":{"name":"Bob"},"include":{"association":"Posts","attributes":["title"]}}');
SELECT record, created FROM studentdir.find_or_create('User', '{"where":{"name":"Ann"},"include":{"association":"Posts","where":{"title":"Two"}},"returning":["id"]}');
SELECT record, created FROM studentdir.find_or_create('User', '{"where":{"name":"Ann"},"include":{"association":"Posts","where":{"title":"Three"}},"returning":["id"]}');
SELECT pg_temp.ferr('User', '{"where":{"name":"Ann"},"include":"Comments"}');
-- lock
SELECT record ->> 'id', created FROM studentdir.find_or_create('User', '{"where":{"email":"ann@example.org"},"lock":"UPDATE"}');
SELECT record ->> 'id', created FROM studentdir.find_or_create('User', '{"where":{"email":"ann@example.org"},"lock":"UPDATE","noWait":true,"include":"Posts"}');
SELECT o, pg_temp.ferr('User', o) FROM (VALUES ('{"where":{"name":"Ann"},"lock":"EVERYTHING"}'), ('{"where":{"name":"Ann"},"lock":"UPDATE","skipLocked":true}')) AS t (o);

-- values that JSON writes as objects and arrays are equalities too: made once, then found
CREATE TYPE foc_line AS (street text, no integer);
CREATE DOMAIN foc_home AS foc_line CHECK ((VALUE).no > 0);
CREATE TABLE foc_place (id serial PRIMARY KEY, line foc_line, home foc_home, lines foc_line[], span int4range, many int4multirange);
SELECT count(studentdir.define('FocPlace', '{"id":{"type":"INTEGER","primaryKey":true,"autoIncrement":true},"line":"foc_line","home":"foc_home","lines":"foc_line[]","span":"RANGE(INTEGER)","many":"int4multirange"}', '{"tableName":"foc_place","timestamps":false}'));
CREATE TEMP TABLE foc_wheres (n serial, w jsonb);
INSERT INTO foc_wheres (w) VALUES ('{"line":{"street":"Elm","no":1}}'), ('{"line":{"$eq":{"street":"Oak","no":null}}}'), ('{"home":{"no":5}}'), ('{"lines":[{"no":1},null]}'), ('{"span":{"$eq":[1,5]}}'), ('{"many":{"$eq":[[1,5],[7,9]]}}'), ('{"$and":[{"line":{"street":"Ash"}},{"span":{"$eq":[]}}]}');
SELECT w, created FROM foc_wheres, LATERAL pg_temp.f('FocPlace', jsonb_build_object('where', w)::text) ORDER BY n;
SELECT record ->> 'id' AS id, created FROM foc_wheres, LATERAL pg_temp.f('FocPlace', jsonb_build_object('where', w)::text) ORDER BY n;
DROP TABLE foc_wheres;
SELECT pg_temp.ferr('FocPlace', '{"where":{"span":[1,5]}}'), pg_temp.ferr('FocPlace', '{"where":{"line":{"$ne":{"street":"Elm","no":1}},"home":{"no":0}}}');
SELECT * FROM foc_place ORDER BY id;

DELETE FROM studentdir.model WHERE name LIKE 'Foc%';
DROP TABLE foc_all, foc_part, foc_note, foc_priv, foc_place CASCADE;
DROP DOMAIN foc_home;
DROP TYPE foc_line;
DROP FUNCTION foc_trigger;
DROP ROLE regress_foc;
TRUNCATE students, users, posts RESTART IDENTITY;
