-- A column is NOT NULL for us when no row is null in it; since 18 the constraint can be NOT VALID.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE nn_things (id int PRIMARY KEY, kind text, done boolean);
INSERT INTO nn_things VALUES (1, NULL, NULL), (2, 'a', true), (3, 'b', false), (4, NULL, true);
DO $$ BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE 'ALTER TABLE nn_things ADD CONSTRAINT nn_kind NOT NULL kind NOT VALID, ADD CONSTRAINT nn_done NOT NULL done NOT VALID';
  END IF;
END $$;
SELECT json_typeof(studentdir.define('NnThing', '{"id":{"type":"INTEGER","primaryKey":true},"kind":"TEXT","done":"BOOLEAN"}', '{"timestamps":false,"tableName":"nn_things"}'));
SELECT studentdir.count('NnThing', '{"where":{"kind":null}}');
-- pages behind a key pass over no null
SELECT studentdir.list('NnThing', '{"attributes":["id"],"order":["kind","id"],"limit":2}');
SELECT studentdir.list('NnThing', '{"attributes":["id"],"order":["kind","id"],"limit":2,"after":3}');
-- a condition that leaves out nulls is one
SELECT studentdir.update('NnThing', '{"kind":"z"}', '{"where":{"done":[true,false]}}');
SELECT studentdir.destroy('NnThing', '{"where":{"done":null}}');
SELECT id, kind, done FROM nn_things ORDER BY id;
-- and where there are none, it is none
ALTER TABLE nn_things ALTER done SET NOT NULL;
SELECT studentdir.destroy('NnThing', '{"where":{"done":[true,false]}}');
SELECT studentdir.undefine('NnThing');
DROP TABLE nn_things;
