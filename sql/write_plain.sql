-- Writers on views, partitions, generated and identity columns, with triggers, row-level security and column privileges.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE wp_base (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text DEFAULT 'me', n integer DEFAULT 1, twice integer GENERATED ALWAYS AS (n * 2) STORED, secret text DEFAULT 's');
SELECT pg_temp.define('WpBase', 'wp_base', '*id:INTEGER owner:TEXT n:INTEGER twice:INTEGER');
CREATE FUNCTION pg_temp.try(what text, data text DEFAULT NULL, options text DEFAULT '{}', model text DEFAULT 'WpBase') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(concat('SELECT studentdir.', replace(what, '@', format('(%L', model)), format(', %L', data), format(', %L)', options))) $$;

-- identity ALWAYS, generated columns: as the database has it
SELECT studentdir.create('WpBase', '{"n":5}'), pg_temp.try('create@', '{"id":7}'), pg_temp.try('create@', '{"twice":1}'), pg_temp.try('update_by_pk@, 1', '{"twice":1}'), pg_temp.try('update_by_pk@, 1', '{"id":9}');
SELECT studentdir.bulk_create('WpBase', '[{"n":6},{"owner":"you"}]');
SELECT studentdir.increment('WpBase', 1, '{"n":1}');
SELECT studentdir.bulk_update('WpBase', '[{"id":3,"n":30},{"id":1,"owner":"I"}]');

-- an auto-updatable view with a check option
CREATE VIEW wp_view AS SELECT id, n, twice FROM wp_base WHERE n < 100 WITH CHECK OPTION;
SELECT pg_temp.define('WpView', 'wp_view', '*id:INTEGER n:INTEGER twice:INTEGER');
SELECT studentdir.create('WpView', '{"n":7}');
SELECT studentdir.update_by_pk('WpView', 4, '{"n":8}'), studentdir.increment('WpView', 4, '{"n":1}');
SELECT studentdir.bulk_update('WpView', '[{"id":4,"n":10},{"id":3,"n":31}]');
SELECT studentdir.bulk_create('WpView', '[{"n":1},{"n":2}]');
SELECT pg_temp.try('create@', '{"n":100}', model => 'WpView') LIKE '44000: new row violates check option for view "wp_view"%', pg_temp.try('update_by_pk@, 4', '{"n":100}', model => 'WpView') LIKE '44000%', pg_temp.try('increment@, 4', '{"n":90}', model => 'WpView') LIKE '44000%';
SELECT studentdir.update('WpView', '{"n":50}', '{"where":{"n":{"$lt":3}},"order":["id"],"limit":1}'), studentdir.destroy('WpView', '{"where":{"n":{"$lt":3}},"limit":1}');
SELECT id, n FROM wp_view ORDER BY id;
-- a view that triggers write
CREATE VIEW wp_joined AS SELECT b.id, b.n, upper(b.owner) AS owner FROM wp_base b;
CREATE FUNCTION wp_instead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO wp_base (n, owner) VALUES (NEW.n, lower(NEW.owner)) RETURNING id, n INTO NEW.id, NEW.n;
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE wp_base SET n = NEW.n, owner = lower(NEW.owner) WHERE id = OLD.id;
  ELSE
    DELETE FROM wp_base WHERE id = OLD.id;
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER instead INSTEAD OF INSERT OR UPDATE OR DELETE ON wp_joined FOR EACH ROW EXECUTE FUNCTION wp_instead();
SELECT pg_temp.define('WpJoined', 'wp_joined', '*id:INTEGER n:INTEGER owner:TEXT');
SELECT studentdir.create('WpJoined', '{"n":70,"owner":"ANN"}');
SELECT studentdir.bulk_create('WpJoined', '[{"n":71,"owner":"B"},{"n":72,"owner":"C"}]');
SELECT studentdir.update_by_pk('WpJoined', 10, '{"n":75}'), studentdir.increment('WpJoined', 10, '{"n":1}');
SELECT studentdir.bulk_update('WpJoined', '[{"id":9,"n":79},{"id":8,"owner":"BB"}]');
SELECT studentdir.update('WpJoined', '{"owner":"Z"}', '{"where":{"n":{"$gt":70}},"order":["id"],"limit":1}'), studentdir.destroy('WpJoined', '{"where":{"n":{"$gt":70}},"order":["id"],"limit":1}'), studentdir.destroy_by_pk('WpJoined', 8);
SELECT id, n, owner FROM wp_base WHERE n >= 70;
-- partitions: rows move
CREATE TABLE wp_parted (id integer, region text, n integer, PRIMARY KEY (id, region)) PARTITION BY LIST (region);
CREATE TABLE wp_parted_a PARTITION OF wp_parted FOR VALUES IN ('a');
CREATE TABLE wp_parted_b PARTITION OF wp_parted FOR VALUES IN ('b');
SELECT pg_temp.define('WpParted', 'wp_parted', '*id:INTEGER *region:TEXT n:INTEGER');
SELECT studentdir.bulk_create('WpParted', '[{"id":1,"region":"a","n":1},{"id":2,"region":"b","n":2},{"id":3,"region":"a","n":3}]');
SELECT pg_temp.err('SELECT studentdir.update_by_pk(''WpParted'', ''{"id":1,"region":"a"}''::jsonb, ''{"region":"b"}'')');
SELECT studentdir.update('WpParted', '{"region":"b"}', '{"where":{"id":1}}'), studentdir.update('WpParted', '{"region":"b"}', '{"where":{"region":"a"}}');
SELECT studentdir.increment('WpParted', '{"id":1,"region":"b"}'::jsonb, '{"n":10}');
SELECT pg_temp.try('create@', '{"id":4,"region":"c"}', model => 'WpParted');
SELECT tableoid::regclass, id, n FROM wp_parted ORDER BY id;
-- triggers that change a row, and that leave it out
CREATE FUNCTION wp_before() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.n = 13 THEN RETURN NULL; END IF; NEW.owner := 'trigger'; RETURN NEW; END $$;
CREATE TRIGGER before BEFORE INSERT OR UPDATE ON wp_base FOR EACH ROW EXECUTE FUNCTION wp_before();
SELECT record->>'owner' FROM studentdir.create('WpBase', '{"n":12,"owner":"x"}');
SELECT studentdir.create('WpBase', '{"n":13}');
SELECT record->>'n' FROM studentdir.bulk_create('WpBase', '[{"n":11},{"n":13},{"n":14}]');
SELECT record->>'owner' FROM studentdir.update_by_pk('WpBase', 1, '{"owner":"x"}');
SELECT studentdir.update_by_pk('WpBase', 1, '{"n":13}');
SELECT studentdir.update('WpBase', '{"n":13}', '{"all":true}'), studentdir.update('WpBase', '{"owner":"y"}', '{"where":{"id":[1,3]}}');
DROP TRIGGER before ON wp_base;
-- row-level security and column privileges
CREATE ROLE wp_role;
GRANT SELECT, INSERT, DELETE ON wp_base TO wp_role;
GRANT UPDATE (n) ON wp_base TO wp_role;
ALTER TABLE wp_base ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON wp_base FOR SELECT USING (n < 1000);
CREATE POLICY mine ON wp_base FOR UPDATE USING (owner = 'wp_role') WITH CHECK (n < 500);
CREATE POLICY made ON wp_base FOR INSERT WITH CHECK (owner = 'wp_role');
CREATE POLICY gone ON wp_base FOR DELETE USING (owner = 'wp_role');
SET ROLE wp_role;
SELECT record->>'owner', record->>'n' FROM studentdir.bulk_create('WpBase', '[{"owner":"wp_role","n":400},{"owner":"wp_role","n":401}]');
SELECT pg_temp.try('create@', '{"n":1}');
SELECT studentdir.update('WpBase', '{"n":402}', '{"all":true}'), pg_temp.try('update@', '{"n":500}', '{"all":true}'), pg_temp.try('update@', '{"owner":"x"}', '{"all":true}');
SELECT studentdir.update_by_pk('WpBase', 1, '{"n":2}'), studentdir.increment('WpBase', 1, '{"n":2}');
SELECT pg_temp.try('bulk_update@', '[{"id":1,"n":2}]');
SELECT studentdir.update('WpBase', '{"n":403}', '{"all":true,"limit":1,"order":["id"]}'), studentdir.destroy('WpBase', '{"all":true,"limit":1,"order":["id"]}'), studentdir.destroy('WpBase', '{"all":true}');
RESET ROLE;
SELECT count(*) FROM wp_base WHERE owner = 'wp_role';
DROP VIEW wp_view, wp_joined;
DROP TABLE wp_base, wp_parted;
DROP FUNCTION wp_instead, wp_before;
DROP ROLE wp_role;
DELETE FROM studentdir.model WHERE name LIKE 'Wp%';
