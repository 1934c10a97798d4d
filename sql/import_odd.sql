-- import over tables as people have them: names that collide or are no names, keys and defaults that no model can say.
SET client_min_messages = warning;
\pset tuples_only on
\pset format unaligned
CREATE SCHEMA io;
CREATE FUNCTION io.names(model text) RETURNS text LANGUAGE sql AS
  $$ SELECT string_agg((a ->> 'name') || ' ' || (a ->> 'field'), ', ') FROM studentdir.model m, jsonb_array_elements(m.attributes) a WHERE m.name = $1 $$;

-- names of columns and tables that differ only in case, which a model's must not
BEGIN;
CREATE TABLE io.cases (id int PRIMARY KEY, "userId" int, userid int, "USERID" int, user_id int);
CREATE TABLE io."UserInfo" (id int PRIMARY KEY, case_id int REFERENCES io.cases);
CREATE TABLE io.userinfo (id int PRIMARY KEY, "case" int REFERENCES io.cases, "Case" int REFERENCES io.cases);
CREATE TABLE io.user_infos (id int PRIMARY KEY, "UserInfo" int REFERENCES io."UserInfo");
SELECT model, table_name, action, associations, notes FROM studentdir.import('{"schemas":"io","expose":true}');
SELECT io.names('Case');
SELECT model, alias, kind, target FROM studentdir.association WHERE model IN ('Case', 'UserInfo', 'Userinfo2', 'IoUserInfo', 'IoUserinfo') ORDER BY 1, 2;
INSERT INTO io.cases VALUES (1, 2, 3, 4, 5);
SELECT studentdir.list('Case');
SELECT * FROM studentdir.diff();
ROLLBACK;

-- columns without a letter, and tables whose singular is none
BEGIN;
CREATE TABLE io.s (id int PRIMARY KEY);
CREATE TABLE io.odds (id int PRIMARY KEY, "#" int REFERENCES io.s, "_id" int REFERENCES io.s, "$" int REFERENCES io.odds, "{""x"": [1]}" text, "a.b[0]" text, U&"a\000Ab" text, "1" text, "Ω" text, "select" text DEFAULT 'x');
SELECT model, action, associations, notes FROM studentdir.import('{"schemas":"io","expose":true}');
SELECT io.names('Odd');
SELECT alias, target, source_key FROM studentdir.association WHERE model = 'Odd' ORDER BY 1;
INSERT INTO io.s VALUES (1);
SELECT studentdir.create('Odd', '{"id":1,"column":1,"id2":1,"column2":1,"x1":"a","aB0":"b","aB":"c","1":"d","Ω":"e"}');
SELECT * FROM studentdir.diff();
ROLLBACK;

-- words of one number, a function of somebody else
BEGIN;
CREATE TABLE io.person (id int PRIMARY KEY); CREATE TABLE io.people (id int PRIMARY KEY); CREATE TABLE io.persons (id int PRIMARY KEY); CREATE TABLE io.sheep (id int PRIMARY KEY);
CREATE TABLE io.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdef_news (id int PRIMARY KEY);
SELECT model, action, notes FROM studentdir.import('{"schemas":"io","expose":true}');
SELECT name, singular, plural FROM studentdir.model WHERE schema_name = 'io' ORDER BY 1;
ROLLBACK;
-- which models are exposed: the names of columns do not count, all names of functions do
BEGIN;
CREATE TABLE io.longs (id int PRIMARY KEY, a_column_whose_name_is_as_long_as_they_may_be_and_longer_than_it text);
CREATE TABLE io.abcdefghijklmnopqrstuvwxyzs (id int PRIMARY KEY);
CREATE TABLE io.bbcdefghijklmnopqrstuvwxyzas (id int PRIMARY KEY, k int REFERENCES io.abcdefghijklmnopqrstuvwxyzs);
SELECT model, action, notes FROM studentdir.import('{"schemas":"io","expose":true}');
ROLLBACK;

-- a model that is there has an attribute by the name that an association would get
BEGIN;
CREATE TABLE io.boxes (id int PRIMARY KEY);
CREATE TABLE io.things (id int PRIMARY KEY, box_id int REFERENCES io.boxes);
SELECT studentdir.define('Box', '{"Things":"VIRTUAL"}', '{"timestamps":false,"schema":"io"}') IS NOT NULL;
SELECT model, action, associations, notes FROM studentdir.import('{"schemas":"io"}');
SELECT model, alias FROM studentdir.association WHERE model IN ('Box', 'Thing') ORDER BY 1;
ROLLBACK;

-- defaults without a value, and of domains: whether a domain takes them is not asked, by whatever function
BEGIN;
CREATE FUNCTION io.asked(text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'asked for %', $1; RETURN $1 <> ''; END $$;
CREATE DOMAIN io.word AS text CHECK (io.asked(VALUE));
CREATE DOMAIN io.short AS varchar(3);
CREATE TABLE io.defaults (id int PRIMARY KEY, a int DEFAULT 1 / 0, b varchar(3) DEFAULT 'long', c int DEFAULT '7'::text::int, d io.word DEFAULT '', e io.word DEFAULT 'x', f io.short DEFAULT 'x', g numeric(3, 1) DEFAULT 1234, h char(5) DEFAULT 'ab');
SELECT action, notes FROM studentdir.import('{"schemas":"io"}');
SELECT studentdir.describe('Default') -> 'attributes';
SELECT * FROM studentdir.diff();
ROLLBACK;

-- types with modifiers of their own; a primary key of which a part is no attribute is none
BEGIN;
CREATE TABLE io.spans (id int PRIMARY KEY, a interval(3), b interval day to second, c interval(2)[], d interval(0) DEFAULT '1 day');
CREATE TABLE io.keyed (a numeric(5,-2) PRIMARY KEY, b text);
CREATE TABLE io.halves (a numeric(5,-2), b int, c text, PRIMARY KEY (a, b));
INSERT INTO io.keyed VALUES (100, 'x');
INSERT INTO io.halves VALUES (100, 1, 'x'), (200, 1, 'y');
SELECT model, action, notes FROM studentdir.import('{"schemas":"io"}');
SELECT studentdir.describe('Span') -> 'attributes';
SELECT studentdir.create('Span', '{"id":1,"a":"PT1.23456S"}');
SELECT studentdir.list('Keyed'), studentdir.list('Half');
SELECT studentdir.find_by_pk('Half', 1);
SELECT * FROM studentdir.diff();
ROLLBACK;

-- constraints: what a validator says has to be what the table says
BEGIN;
CREATE TABLE io.checks (id int PRIMARY KEY, a boolean CHECK (a IN (true, NULL)), b numeric CHECK (b IN (1.50, 2.50)), c uuid CHECK (c IN ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12')), d date CHECK (d IN ('2026-01-01', '2026-01-02')), e float8 CHECK (e IN ('0.1', '100')), k boolean CHECK (k IN (true, true)),
  f text CHECK (f ~ '('), g text CHECK (g ~ '[b-a]'), h int CHECK (h IN (1, 2)), i varchar(5) CHECK (i IN ('x', 'y')), j text CHECK (j ~ '^x'));
SELECT notes FROM studentdir.import('{"schemas":"io"}');
SELECT a ->> 'name', a -> 'validate' FROM studentdir.model m, jsonb_array_elements(m.attributes) a WHERE m.name = 'Check' AND a ? 'validate';
SELECT studentdir.create('Check', '{"id":1,"a":true,"b":1.5,"c":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11","d":"2026-01-01T00:00:00Z","e":1e2,"k":true,"h":2,"i":"x","j":"xy"}');
SAVEPOINT a;
SELECT studentdir.create('Check', '{"id":1,"h":3}');
ROLLBACK;

-- a primary key in another order than its columns: the pairs of a foreign key stay what they are
BEGIN;
CREATE TABLE io.sites (x int, y int, name text, PRIMARY KEY (y, x));
CREATE TABLE io.visits (id int PRIMARY KEY, y int, x int, FOREIGN KEY (y, x) REFERENCES io.sites (y, x) MATCH FULL);
INSERT INTO io.sites VALUES (1, 2, 'right'), (2, 1, 'wrong');
INSERT INTO io.visits VALUES (1, 2, 1);
SELECT model, notes FROM studentdir.import('{"schemas":"io"}');
SELECT studentdir.find_all('Visit', '{"include":"Site"}');
SELECT studentdir.find_all('Site', '{"include":"Visits","order":["x"]}');
SELECT * FROM studentdir.diff('{"models":["Site","Visit"]}');
ROLLBACK;

-- numbers from a sequence beside which a column may be null
BEGIN;
CREATE SEQUENCE io.numbers;
CREATE TABLE io.lists (id int PRIMARY KEY, a int DEFAULT nextval('io.numbers'), b bigint DEFAULT nextval('io.numbers'));
SELECT model, notes FROM studentdir.import('{"schemas":"io"}');
SELECT * FROM studentdir.diff('{"drop":true,"models":["List"]}');
ROLLBACK;

-- nothing asked for is not everything
SELECT model FROM studentdir.import('{"schemas":"io","tables":[]}');
SELECT model FROM studentdir.introspect('{"schemas":[]}');
BEGIN;
CREATE TABLE io.things (id int PRIMARY KEY);
SELECT model FROM studentdir.introspect('{"schemas":["io"],"exclude":[]}');
ROLLBACK;
DROP SCHEMA io CASCADE;
