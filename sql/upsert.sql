-- upsert: a row is written, or the one with the same unique key is changed.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

TRUNCATE students, users, posts RESTART IDENTITY;
CREATE FUNCTION pg_temp.u(model text, data text, options text DEFAULT '{}') RETURNS TABLE (record jsonb, created boolean) LANGUAGE sql AS
  $$ SELECT u.record::jsonb - 'createdAt' - 'updatedAt', u.created FROM studentdir.upsert(model, data::jsonb, options::jsonb) AS u $$;
CREATE FUNCTION pg_temp.uerr(model text, data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.upsert(%L, %L, %L)', model, data, options)) $$;

-- the typed function, in FROM and in a select list
SELECT record::jsonb - 'createdAt' - 'updatedAt' AS record, created FROM student_upsert('{"name":"Ann","email":"ann@example.org"}');
SELECT (student_upsert('{"name":"Ann B","email":"ann@example.org"}')).created;
SELECT created, record->>'name' FROM student_upsert('{"name":"Bob","email":"bob@example.org"}', '{}');
-- the primary key, where it is given, else the first unique key that is given
SELECT * FROM pg_temp.u('Student', '{"id":1,"name":"Ann C"}');
SELECT * FROM pg_temp.u('Student', '{"id":50,"name":"Cid"}');
SELECT * FROM pg_temp.u('Student', '{"id":null,"name":"Ann D","email":"ann@example.org"}');
SELECT pg_temp.uerr('Student', '{"id":1,"name":"x","email":"bob@example.org"}');
SELECT pg_temp.uerr('Student', '{"id":51,"name":"x","email":"bob@example.org"}');
-- a key that is left out or null is in conflict with none
SELECT created FROM pg_temp.u('Student', '{"name":"Dot"}');
SELECT created FROM pg_temp.u('Student', '{"name":"Dot","email":null}');
SELECT created FROM pg_temp.u('Student', '{"name":"Dot"}', '{"conflictAttributes":["email"]}');
-- what the caller names; the primary key of a row stays
SELECT * FROM pg_temp.u('Student', '{"id":99,"name":"Bob B","email":"bob@example.org"}', '{"conflictAttributes":["email"]}');
SELECT * FROM pg_temp.u('Student', '{"id":99,"name":"Bob B","email":"bob@example.org"}', '{"conflictAttributes":["email"],"updateOnDuplicate":["id"]}');
-- attributes that are not given stay as they are, and so do those that are not to be changed
SELECT * FROM pg_temp.u('Student', '{"id":1,"name":"Ann E","cohort":"Fall"}', '{"updateOnDuplicate":["cohort"]}');
SELECT * FROM pg_temp.u('Student', '{"id":1,"name":"Ann E","cohort":null}');
SELECT * FROM pg_temp.u('Student', '{"id":1,"name":"ignored"}', '{"ignoreDuplicates":true}');
SELECT * FROM pg_temp.u('Student', '{"id":1,"name":"ignored","zip":1}', '{"ignoreDuplicates":true,"ignoreUnknown":true}');
-- createdAt stays, updatedAt moves
UPDATE students SET created_at = '2020-01-01 00:00Z', updated_at = '2020-01-01 00:00Z' WHERE id = 1;
SELECT record->>'createdAt' AS created_at, (record->>'updatedAt')::timestamptz > now() - interval '1 minute' AS moved
FROM student_upsert('{"id":1,"name":"Ann F","createdAt":"2021-01-01T00:00:00Z"}');
SELECT (record->>'updatedAt')::timestamptz = updated_at, created_at FROM students, student_find_by_pk(1) WHERE id = 1;
SELECT record->>'updatedAt' FROM student_upsert('{"id":1,"name":"Ann G","updatedAt":"2021-01-01T00:00:00Z"}');
-- one statement that upserts one row often
SELECT i, created, record->>'name' FROM generate_series(1, 3) AS i, LATERAL student_upsert(jsonb_build_object('name', 'n' || i, 'email', 'often@example.org')) ORDER BY i;
SELECT id, name, cohort, email FROM students ORDER BY id;

-- errors
SELECT d, pg_temp.uerr('Student', d) FROM (VALUES ('[]'), ('"x"'), ('{"nope":1,"name":"x"}'), ('{"name":""}'), ('{"id":1,"name":"","email":"no"}'), ('{"email":"new@example.org"}'), ('{"id":"x","name":"y"}'), ('{"id":99999999999,"name":"y"}')) AS t (d);
SELECT o, pg_temp.uerr('Student', '{"id":1,"name":"x","email":"x@example.org"}', o) FROM (VALUES ('{"conflictAttributes":[]}'), ('{"conflictAttributes":"id"}'), ('{"conflictAttributes":["nope"]}'), ('{"conflictAttributes":["name"]}'), ('{"conflictAttributes":["id","email"]}'),
  ('{"updateOnDuplicate":[]}'), ('{"updateOnDuplicate":true}'), ('{"updateOnDuplicate":["createdAt"]}'), ('{"updateOnDuplicate":["nmae"]}'), ('{"ignoreDuplicates":1}'), ('{"ignoreDuplicates":true,"updateOnDuplicate":["name"]}'),
  ('{"fields":["name","email"]}'), ('{"where":{}}'), ('{"include":"Posts"}'), ('{"updateOnDuplicates":["name"]}')) AS t (o);
SELECT pg_temp.err('SELECT student_upsert(NULL)');
SELECT pg_temp.err('SELECT studentdir.upsert(''Xyzzyplugh'', ''{}'')');
SELECT * FROM pg_temp.u('Student', '{"id":1,"name":"x","email":"not an address"}', '{"validate":false}');
BEGIN READ ONLY;
SELECT student_upsert('{"name":"x"}');
ROLLBACK;

-- keys of several attributes, keys in every order, unique keys that equal nulls, a default that is a key
CREATE TABLE up_many (b integer, a integer DEFAULT 1, c integer, d integer, e uuid DEFAULT gen_random_uuid(), v text, PRIMARY KEY (a, b), UNIQUE (d, c), UNIQUE NULLS NOT DISTINCT (c, v), UNIQUE (e));
CREATE UNIQUE INDEX ON up_many (v) WHERE v = 'partial';
CREATE UNIQUE INDEX ON up_many (lower(v));
SELECT pg_temp.define('UpMany', 'up_many', '*a:INTEGER *b:INTEGER c:INTEGER d:INTEGER e:UUID v:TEXT');
SELECT record - 'e', created FROM pg_temp.u('UpMany', '{"a":1,"b":1,"c":1,"d":1,"v":"x"}');
SELECT record - 'e', created FROM pg_temp.u('UpMany', '{"b":1,"a":1,"v":"y"}');
SELECT record - 'e', created FROM pg_temp.u('UpMany', '{"b":2,"c":1,"d":1,"v":"z"}');
SELECT record - 'e', created FROM pg_temp.u('UpMany', '{"b":3,"c":3,"v":null}', '{"conflictAttributes":["v","c"]}');
SELECT record - 'e', created FROM pg_temp.u('UpMany', '{"b":4,"c":3,"v":null,"d":9}', '{"conflictAttributes":["v","c"]}');
SELECT pg_temp.uerr('UpMany', '{"b":5,"v":"Z"}', '{"updateOnDuplicate":["v"]}');
SELECT o, pg_temp.uerr('UpMany', '{"b":6,"v":"w"}', o) FROM (VALUES ('{"conflictAttributes":["v"]}'), ('{"conflictAttributes":["a"]}')) AS t (o);
-- nothing to change: the row as it is
SELECT record - 'e', created FROM pg_temp.u('UpMany', '{"a":1,"b":1}');
SELECT a, b, c, d, v FROM up_many ORDER BY a, b;

-- defaults of the model do not change a row that is there; nor do they choose the key
SELECT pg_temp.err($$SELECT studentdir.define('UpDefault', '{"id":{"type":"UUID","primaryKey":true,"defaultValue":"UUIDV4"},"code":{"type":"STRING","unique":true},"n":{"type":"INTEGER","defaultValue":5}}', '{"tableName":"up_default","timestamps":false}')$$);
CREATE TABLE up_default (id uuid PRIMARY KEY, code varchar(255) UNIQUE, n integer);
SELECT record - 'id', created FROM pg_temp.u('UpDefault', '{"code":"a"}');
SELECT record - 'id', created FROM pg_temp.u('UpDefault', '{"code":"a","n":6}');
SELECT record - 'id', created FROM pg_temp.u('UpDefault', '{"code":"a"}');

-- partitioned tables, views, views over views; column names of their own
CREATE TABLE up_part (id integer, region text, val text, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE up_part_a PARTITION OF up_part FOR VALUES IN ('a');
CREATE TABLE up_part_b PARTITION OF up_part FOR VALUES IN ('b');
SELECT pg_temp.define('UpPart', 'up_part', '*id:INTEGER *region:TEXT val:TEXT');
SELECT * FROM pg_temp.u('UpPart', '{"id":1,"region":"a","val":"x"}');
SELECT * FROM pg_temp.u('UpPart', '{"id":1,"region":"b","val":"x"}');
SELECT * FROM pg_temp.u('UpPart', '{"id":1,"region":"b","val":"y"}');
SELECT pg_temp.uerr('UpPart', '{"id":1,"region":"c","val":"y"}');
CREATE VIEW up_view AS SELECT val AS text, region, id AS number FROM up_part WHERE id < 10 WITH CHECK OPTION;
CREATE VIEW up_view2 AS SELECT number, text AS txt, region FROM up_view;
SELECT pg_temp.define('UpView', 'up_view2', '*number:INTEGER *region:TEXT txt:TEXT');
SELECT * FROM pg_temp.u('UpView', '{"number":1,"region":"b","txt":"z"}');
SELECT * FROM pg_temp.u('UpView', '{"number":2,"region":"b","txt":"new"}');
SELECT pg_temp.uerr('UpView', '{"number":12,"region":"b","txt":"new"}');
SELECT * FROM up_part ORDER BY id, region;
CREATE VIEW up_instead AS SELECT id, val FROM up_part;
CREATE FUNCTION up_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_WHEN = 'INSTEAD OF' THEN INSERT INTO up_part VALUES (NEW.id, 'a', NEW.val); END IF;
  IF NEW.val = 'skip' THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER t INSTEAD OF INSERT ON up_instead FOR EACH ROW EXECUTE FUNCTION up_trigger();
SELECT pg_temp.define('UpInstead', 'up_instead', '*id:INTEGER val:TEXT');
SELECT * FROM pg_temp.u('UpInstead', '{"id":5,"val":"five"}');
SELECT pg_temp.uerr('UpInstead', '{"id":5,"val":"five"}');
CREATE VIEW up_grouped AS SELECT region, count(*) AS n FROM up_part GROUP BY region;
SELECT pg_temp.define('UpGrouped', 'up_grouped', '*region:TEXT n:BIGINT');
SELECT pg_temp.uerr('UpGrouped', '{"region":"a"}');

-- generated columns, identities, triggers
CREATE TABLE up_gen (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text UNIQUE, val text, twice text GENERATED ALWAYS AS (val || val) STORED);
SELECT pg_temp.define('UpGen', 'up_gen', '*id:INTEGER code:TEXT val:TEXT twice:TEXT');
SELECT * FROM pg_temp.u('UpGen', '{"code":"a","val":"x"}');
SELECT * FROM pg_temp.u('UpGen', '{"code":"a","val":"y"}');
SELECT d, pg_temp.uerr('UpGen', d) FROM (VALUES ('{"id":1,"val":"z"}'), ('{"code":"a","twice":"z"}')) AS t (d);
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON up_gen FOR EACH ROW EXECUTE FUNCTION up_trigger();
-- a row that a trigger keeps out is no error, whether there is one with its key or not
SELECT pg_temp.uerr('UpGen', '{"code":"b","val":"skip"}');
SELECT count(*) FROM pg_temp.u('UpGen', '{"code":"b","val":"skip"}');
SELECT count(*) FROM pg_temp.u('UpGen', '{"code":"a","val":"skip"}');
SELECT count(*) FROM pg_temp.u('UpGen', '{"code":"b","val":"skip"}', '{"ignoreDuplicates":true}');
SELECT * FROM pg_temp.u('UpGen', '{"val":"skip"}');
SELECT * FROM pg_temp.u('UpGen', '{"code":"a","val":"z"}');
SELECT code, val FROM up_gen ORDER BY id;

-- triggers that give the row another key: what INSERT … ON CONFLICT DO UPDATE does
CREATE TABLE up_mail (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, mail text UNIQUE, login text UNIQUE, n integer, version integer NOT NULL DEFAULT 0, seen timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION up_lower() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.mail := lower(NEW.mail);
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON up_mail FOR EACH ROW EXECUTE FUNCTION up_lower();
SELECT studentdir.define('UpMail', '{"mail":"TEXT","login":"TEXT","n":"INTEGER"}', '{"tableName":"up_mail","createdAt":false,"updatedAt":"seen","version":true,"validate":{"even":{"where":{"n":{"$ne":7}},"msg":"n is seven"}}}') IS NOT NULL;
SELECT record - 'seen' AS record, created FROM pg_temp.u('UpMail', '{"mail":"Ann@X","login":"ann","n":1}', '{"conflictAttributes":["mail"]}');
SELECT record - 'seen' AS record, created FROM pg_temp.u('UpMail', '{"mail":"Ann@X","n":2}');
SELECT record - 'seen' AS record, created FROM pg_temp.u('UpMail', '{"mail":"ANN@X","login":"other","n":3}', '{"updateOnDuplicate":["n"]}');
SELECT record - 'seen' AS record, created FROM pg_temp.u('UpMail', '{"mail":"Bob@X","login":"bob","n":4}');
-- its errors are those of every upsert
SELECT d, pg_temp.uerr('UpMail', d) FROM (VALUES ('{"mail":"Ann@X","login":"bob"}'), ('{"mail":"Ann@X","n":7}')) AS t (d);
-- where nothing may be changed, the row with the other key is in the way
SELECT pg_temp.uerr('UpMail', '{"mail":"Ann@X"}', '{"ignoreDuplicates":true}');
SELECT pg_temp.err('SELECT studentdir.find_or_create(''UpMail'', ''{"where":{"mail":"Ann@X"}}'')');
SELECT mail, login, n, version FROM up_mail ORDER BY id;

-- a model with deleted rows: the deleted one has the key still, and stays deleted unless the caller says otherwise
CREATE TABLE up_note (id integer PRIMARY KEY, title text, deleted_at timestamptz(3));
SELECT pg_temp.define('UpNote', 'up_note', '*id:INTEGER title:TEXT deletedAt:DATE');
UPDATE studentdir.model SET options = options || '{"paranoid":true,"deletedAt":"deletedAt"}', attributes = jsonb_set(attributes, '{2,field}', '"deleted_at"') WHERE name = 'UpNote';
INSERT INTO up_note VALUES (1, 'gone', '2026-01-01 00:00Z');
SELECT * FROM pg_temp.u('UpNote', '{"id":1,"title":"still gone"}');
SELECT * FROM pg_temp.u('UpNote', '{"id":1,"title":"back","deletedAt":null}');

-- versions move, conditions of the model hold
CREATE TABLE up_ver (id integer PRIMARY KEY, n integer, version integer NOT NULL DEFAULT 0);
SELECT studentdir.define('UpVer', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER"}', '{"tableName":"up_ver","timestamps":false,"version":true,"validate":{"positive":{"where":{"n":{"$gt":0}},"msg":"n is not positive"}}}') IS NOT NULL;
SELECT * FROM pg_temp.u('UpVer', '{"id":1,"n":1}');
SELECT * FROM pg_temp.u('UpVer', '{"id":1,"n":2}');
SELECT * FROM pg_temp.u('UpVer', '{"id":1,"n":5}', '{"ignoreDuplicates":true}');
SELECT studentdir.bulk_create('UpVer', '[{"id":1,"n":3},{"id":2,"n":1}]', '{"updateOnDuplicate":["n"]}');
SELECT * FROM studentdir.find_or_create('UpVer', '{"where":{"id":1,"n":3},"defaults":{"n":-1}}');
SELECT * FROM studentdir.find_or_create('UpVer', '{"where":{"id":3},"defaults":{"n":1}}');
SELECT d, pg_temp.uerr('UpVer', d) FROM (VALUES ('{"id":1,"n":0}'), ('{"id":9,"n":0}')) AS t (d);
SELECT pg_temp.uerr('UpVer', '{"id":1,"n":4}', '{"updateOnDuplicate":["version"]}');
SELECT pg_temp.err('SELECT studentdir.find_or_create(''UpVer'', ''{"where":{"id":9,"n":0}}'')');
SELECT o, pg_temp.err(format('SELECT studentdir.bulk_create(''UpVer'', ''[{"id":1,"n":1},{"id":8,"n":0}]'', %L)', o)) FROM (VALUES ('{"updateOnDuplicate":["n"]}'), ('{"ignoreDuplicates":true}')) AS t (o);

-- privileges and row-level security: those of an INSERT and an UPDATE
CREATE ROLE regress_upsert;
CREATE TABLE up_priv (id integer PRIMARY KEY, val text, secret text DEFAULT 's', owner text DEFAULT current_user);
SELECT pg_temp.define('UpPriv', 'up_priv', '*id:INTEGER val:TEXT');
GRANT SELECT, INSERT ON up_priv TO regress_upsert;
SET ROLE regress_upsert;
SELECT * FROM pg_temp.u('UpPriv', '{"id":1,"val":"x"}');
SELECT pg_temp.uerr('UpPriv', '{"id":1,"val":"y"}');
SELECT * FROM pg_temp.u('UpPriv', '{"id":1,"val":"y"}', '{"ignoreDuplicates":true}');
RESET ROLE;
GRANT UPDATE (val) ON up_priv TO regress_upsert;
SET ROLE regress_upsert;
SELECT * FROM pg_temp.u('UpPriv', '{"id":1,"val":"y"}');
RESET ROLE;
ALTER TABLE up_priv ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON up_priv USING (owner = current_user) WITH CHECK (val <> 'bad');
INSERT INTO up_priv VALUES (2, 'theirs', 's', 'somebody');
SET ROLE regress_upsert;
SELECT * FROM pg_temp.u('UpPriv', '{"id":1,"val":"z"}');
SELECT d, pg_temp.uerr('UpPriv', d) FROM (VALUES ('{"id":2,"val":"mine"}'), ('{"id":1,"val":"bad"}'), ('{"id":3,"val":"bad"}')) AS t (d);
RESET ROLE;
-- a trigger keeps a row out of a table with such policies
CREATE TRIGGER t BEFORE INSERT ON up_priv FOR EACH ROW EXECUTE FUNCTION up_trigger();
SET ROLE regress_upsert;
SELECT count(*) FROM pg_temp.u('UpPriv', '{"id":4,"val":"skip"}');
SELECT pg_temp.uerr('UpPriv', '{"id":2,"val":"mine"}');
RESET ROLE;
SELECT id, val FROM up_priv ORDER BY id;

DELETE FROM studentdir.model WHERE name LIKE 'Up%';
DROP TABLE up_many, up_default, up_part, up_gen, up_mail, up_note, up_ver, up_priv CASCADE;
DROP FUNCTION up_trigger, up_lower;
DROP ROLE regress_upsert;
TRUNCATE students, users, posts RESTART IDENTITY;
