-- limit, offset and order in update, destroy and restore.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE jobs (id integer PRIMARY KEY, state text, rank integer, deleted_at timestamptz, note text);
INSERT INTO jobs (id, state, rank) SELECT n, 'new', 10 - n FROM generate_series(1, 9) AS n;
SELECT pg_temp.define('Job', 'jobs', '*id:INTEGER state:TEXT rank:INTEGER note:TEXT');
SELECT pg_temp.define('PJob', 'jobs', '*id:INTEGER state:TEXT rank:INTEGER deletedAt:DATE:deleted_at', '{"paranoid":true,"deletedAt":"deletedAt","scopes":{"first":{"order":["rank"],"limit":2},"sorted":{"order":["rank"]}}}');
CREATE FUNCTION pg_temp.ids() RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg(id || ':' || state || CASE WHEN deleted_at IS NOT NULL THEN '-' ELSE '' END, ' ' ORDER BY id) FROM jobs $$;

SELECT studentdir.update('Job', '{"state":"a"}', '{"where":{"state":"new"},"limit":2}'), pg_temp.ids();
SELECT studentdir.update('Job', '{"state":"b"}', '{"where":{"state":"new"},"limit":2,"order":[["rank","ASC"]]}'), pg_temp.ids();
SELECT r->>'id' FROM studentdir.update_returning('Job', '{"state":"c"}', '{"where":{"state":"new"},"order":["id"],"limit":2,"offset":1}') AS f (r) ORDER BY 1;
SELECT studentdir.update('Job', '{"state":"d"}', '{"all":true,"offset":7,"order":["id"]}'), studentdir.update('Job', '{"state":"e"}', '{"all":true,"limit":0}'), pg_temp.ids();
-- the key itself may change
SELECT r->>'id' FROM studentdir.update_returning('Job', '{"id":100}', '{"where":{"state":"d"},"order":[["id","DESC"]],"limit":1}') AS f (r);
-- the attribute that the condition is about
SELECT studentdir.update('Job', '{"rank":0}', '{"where":{"rank":{"$gt":0}},"order":[["rank","DESC"]],"limit":3}');
SELECT count(*) FROM jobs WHERE rank = 0;
SELECT studentdir.destroy('Job', '{"where":{"state":"c"},"limit":1}'), studentdir.destroy('Job', '{"all":true,"limit":1,"order":[["id","DESC"]]}'), pg_temp.ids();
SELECT r->>'id' FROM studentdir.destroy_returning('Job', '{"all":true,"order":["id"],"limit":2}') AS f (r) ORDER BY 1;
-- of a paranoid model, with the limits of scopes; their order alone says nothing
SELECT studentdir.destroy('PJob', '{"all":true,"scope":"sorted","limit":1}'), pg_temp.ids();
SELECT studentdir.destroy('PJob', '{"where":{"id":{"$lt":100}},"scope":"first"}'), studentdir.destroy('PJob', '{"scope":"sorted","where":{"id":0}}'), pg_temp.ids();
SELECT studentdir.restore('PJob', '{"all":true,"limit":1,"order":["id"]}'), pg_temp.ids();
SELECT studentdir.update('PJob', '{"state":"x"}', '{"all":true,"scope":"first"}'), studentdir.update_by_pk('PJob', 6, '{"state":"y"}', '{"scope":"first"}') IS NULL;
SELECT pg_temp.ids();
-- a limit is no condition
SELECT o, pg_temp.err(format('SELECT studentdir.update(''Job'', ''{"state":"x"}'', %L)', o)) FROM (VALUES ('{"limit":1}'), ('{"where":{},"limit":1}'), ('{"all":true,"order":["id"]}'), ('{"all":true,"limit":-1}'), ('{"all":true,"limit":"x"}'), ('{"all":true,"limit":1,"order":["nope"]}'), ('{"all":true,"limit":1,"attributes":["id"]}')) AS t (o);
SELECT pg_temp.err('SELECT studentdir.update_by_pk(''Job'', 1, ''{}'', ''{"limit":1}'')'), pg_temp.err('SELECT studentdir.destroy(''Job'', ''{"all":true,"order":["id"]}'')');

-- keys of several attributes, partitions, a view, and no key
CREATE TABLE jobs_part (a integer, b text, x integer, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
CREATE TABLE jobs_part1 PARTITION OF jobs_part FOR VALUES IN (1);
CREATE TABLE jobs_part2 PARTITION OF jobs_part FOR VALUES IN (2);
INSERT INTO jobs_part SELECT n % 2 + 1, 'k' || n, n FROM generate_series(1, 6) AS n;
SELECT pg_temp.define('PartJob', 'jobs_part', '*a:INTEGER *b:TEXT x:INTEGER');
SELECT studentdir.update('PartJob', '{"x":0}', '{"where":{"a":[1,2]},"order":[["x","DESC"]],"limit":3}');
SELECT r FROM studentdir.update_returning('PartJob', '{"a":2}', '{"where":{"a":1},"order":["x"],"limit":1}') AS f (r);
SELECT studentdir.destroy('PartJob', '{"where":{"x":0},"limit":2}');
SELECT tableoid::regclass, count(*), sum(x) FROM jobs_part GROUP BY 1 ORDER BY 1;
CREATE VIEW jobs_view AS SELECT id, state FROM jobs WHERE state <> 'gone';
SELECT pg_temp.define('ViewJob', 'jobs_view', '*id:INTEGER state:TEXT');
SELECT studentdir.update('ViewJob', '{"state":"seen"}', '{"all":true,"order":["id"],"limit":1}'), studentdir.destroy('ViewJob', '{"all":true,"order":["id"],"limit":1}'), pg_temp.ids();
SELECT pg_temp.define('NoKeyJob', 'jobs', 'id:INTEGER state:TEXT');
SELECT pg_temp.err('SELECT studentdir.update(''NoKeyJob'', ''{"state":"x"}'', ''{"all":true,"limit":1}'')'), pg_temp.err('SELECT studentdir.destroy(''NoKeyJob'', ''{"all":true,"offset":1}'')');
-- a scope's association restricts the rows that are counted
SELECT studentdir.has_many('Job', 'PJob', '{"as":"Twins","foreignKey":"id","sourceKey":"id"}') IS NOT NULL;
SELECT studentdir.update('Job', '{"state":"twin"}', '{"where":{"$Twins.state$":"x"},"limit":1}'), pg_temp.ids();
DROP VIEW jobs_view;
DROP TABLE jobs, jobs_part;
DELETE FROM studentdir.association WHERE model = 'Job';
DELETE FROM studentdir.model WHERE name LIKE '%Job';
