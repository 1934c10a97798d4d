-- A finder of one row is planned for one row: with an order that an index has, it does not read and sort all of them.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE or_events (id integer PRIMARY KEY, kind integer NOT NULL, at integer NOT NULL);
INSERT INTO or_events SELECT i, i % 2, i / 2 FROM generate_series(1, 20000) i;
CREATE INDEX or_events_at ON or_events (at);
ANALYZE or_events;
SELECT json_typeof(studentdir.define('OrEvent', '{"kind":"INTEGER","at":"INTEGER"}', '{"timestamps":false,"tableName":"or_events"}'));

-- all rows cost more than this
SET studentdir.max_cost = 100;
\set VERBOSITY sqlstate
SELECT studentdir.find_all('OrEvent', '{"order":["at"]}');
\set VERBOSITY default
SELECT studentdir.find_one('OrEvent', '{"where":{"kind":1},"order":[["at","DESC"]]}');
SELECT studentdir.find_one('OrEvent', '{"where":{"kind":0},"order":["at","id"],"offset":3}');
SELECT studentdir.find_one('OrEvent', '{"order":["id"],"lock":"UPDATE","after":{"id":7}}');
SELECT studentdir.find_one('OrEvent', '{"order":["id"],"include":[]}');
SELECT * FROM studentdir.find_or_create('OrEvent', '{"where":{"kind":1},"order":["id"]}');
-- also by a plan for no particular values
SELECT count(r) FROM generate_series(1, 10) i, LATERAL studentdir.find_one('OrEvent', format('{"where":{"kind":%s},"order":["at"]}', i % 2)::jsonb) AS r;
SELECT shape, generic FROM studentdir.plan_cache() WHERE shape LIKE '%or_events%ORDER BY t.at LIMIT 1';
RESET studentdir.max_cost;

-- the limit that is given holds: none is none
SELECT studentdir.find_one('OrEvent', '{"order":["id"],"limit":0}');
SELECT studentdir.find_one('OrEvent', '{"order":["id"],"limit":5}');
-- the first of the page before an edge is its first row, and not the last one read
SELECT studentdir.find_one('OrEvent', '{"order":["id"],"before":{"id":7}}');
SELECT studentdir.find_one('OrEvent', '{"order":["id"],"before":{"id":7},"limit":2}');
-- find_all with the same options is another statement
SELECT studentdir.find_all('OrEvent', '{"where":{"id":{"$lt":3}},"order":["id"]}');
SELECT studentdir.find_one('OrEvent', '{"where":{"id":{"$lt":3}},"order":["id"]}');
SELECT studentdir.find_all('OrEvent', '{"where":{"id":{"$lt":3}},"order":["id"]}');

SELECT studentdir.undefine('OrEvent');
DROP TABLE or_events;
