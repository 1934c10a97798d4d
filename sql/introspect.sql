-- Models over tables that exist: what introspect says of an odd schema, what import makes of it, and export.
\set SHOW_CONTEXT never
SELECT current_database() AS database \gset
CREATE DATABASE sd_introspect;
\c sd_introspect
SET client_min_messages = warning;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
\pset tuples_only on
\pset format unaligned
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE place AS (x int, y int);
CREATE DOMAIN percent AS int DEFAULT 50 CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE studios (id serial PRIMARY KEY, name text NOT NULL UNIQUE, founded date, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE languages (code char(2) PRIMARY KEY, name varchar(20) NOT NULL);
CREATE TABLE film (film_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title varchar(255) NOT NULL, studio_id int REFERENCES studios ON DELETE SET NULL ON UPDATE CASCADE,
  language_code char(2) NOT NULL REFERENCES languages, original_language_code char(2) REFERENCES languages ON DELETE RESTRICT, rate numeric(4,2) NOT NULL DEFAULT 4.99, length smallint CHECK (length > 0 AND length <= 600),
  rating text DEFAULT 'G' CHECK (rating IN ('G', 'PG')), mood mood DEFAULT 'ok', share percent, special text[] DEFAULT '{}', at place, full_text tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED,
  "Release Year" int, last_update timestamp(3) DEFAULT now(), slug text CHECK (slug ~ '^[a-z-]+$'), code text CHECK (length(code) BETWEEN 2 AND 5), deleted_at timestamptz, data jsonb DEFAULT '{"a":1}', lock_version int NOT NULL DEFAULT 0,
  CHECK (length > film_id), EXCLUDE (studio_id WITH =), during tstzrange, ip inet, "weird ""col" money);
COMMENT ON TABLE film IS 'films';
COMMENT ON COLUMN film.title IS 'its ''title''';
CREATE INDEX film_title ON film (title);
CREATE INDEX film_lower ON film (lower(title));
CREATE INDEX film_part ON film (rate) WHERE rate > 1;
CREATE UNIQUE INDEX film_two ON film (title, rate);
CREATE INDEX film_gin ON film USING gin (special);
CREATE INDEX film_c ON film (title COLLATE "C" text_pattern_ops DESC, rate);
CREATE TABLE actor (actor_id serial PRIMARY KEY, first_name text NOT NULL, manager_staff_id int);
CREATE TABLE staff (staff_id serial PRIMARY KEY, boss_id int REFERENCES staff, email text UNIQUE, nick text UNIQUE NULLS NOT DISTINCT);
ALTER TABLE actor ADD FOREIGN KEY (manager_staff_id) REFERENCES staff, ADD COLUMN deputy_staff_id int REFERENCES staff;
CREATE TABLE film_actor (film_id bigint REFERENCES film ON DELETE CASCADE, actor_id int REFERENCES actor, role text, PRIMARY KEY (film_id, actor_id));
CREATE TABLE follows (follower_id int REFERENCES staff, followee_id int REFERENCES staff, PRIMARY KEY (follower_id, followee_id));
CREATE TABLE "OrderDetails" ("OrderID" int, "LineNo" int, "Product Name" text, PRIMARY KEY ("OrderID", "LineNo"));
CREATE TABLE notes (order_id int, line int, note text, FOREIGN KEY (order_id, line) REFERENCES "OrderDetails" ON DELETE CASCADE);
CREATE TABLE passports (staff_id int PRIMARY KEY REFERENCES staff, number text);
CREATE TABLE log (at timestamptz, what text);
CREATE TABLE news (id int PRIMARY KEY, body text);
CREATE TABLE events (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE table_with_ö_whose_name_has_sixty_three_bytes_as_the_longest_h (id int PRIMARY KEY, column_with_ö_whose_name_has_sixty_three_bytes_as_all_others_1 int REFERENCES table_with_ö_whose_name_has_sixty_three_bytes_as_the_longest_h, column_with_ö_whose_name_has_sixty_three_bytes_as_all_others_2 int REFERENCES table_with_ö_whose_name_has_sixty_three_bytes_as_the_longest_h);
CREATE TABLE checks (id int PRIMARY KEY, a text CHECK (a IS NULL OR a IN ('x', 'y')), b varchar(9) CHECK (b <> ''), c text CHECK ((length(c) > 1 AND c <> '') OR c IS NULL), d char(3) CHECK (d <> ''), e bytea CHECK (length(e) < 9),
  f int CHECK (f > 1 OR f < -1), g int CHECK (g IS NULL OR f > 2), h int CHECK (h IS NOT NULL OR h > 1), i int CHECK (i IS NULL OR i BETWEEN 1 AND 3), j text CHECK (j <> 'a'));
CREATE TABLE visits (id int, day date, studio_id int, lang char(2), film_id bigint, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE visits_2026 PARTITION OF visits (FOREIGN KEY (studio_id) REFERENCES studios ON DELETE CASCADE, FOREIGN KEY (film_id) REFERENCES film) FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE visits_2027 PARTITION OF visits (FOREIGN KEY (studio_id) REFERENCES studios, FOREIGN KEY (lang) REFERENCES languages) FOR VALUES FROM ('2027-01-01') TO ('2028-01-01') PARTITION BY LIST (id);
CREATE TABLE visits_2027_1 PARTITION OF visits_2027 FOR VALUES IN (1);
ALTER TABLE visits ADD FOREIGN KEY (film_id) REFERENCES film;
CREATE TABLE base (id int PRIMARY KEY); CREATE TABLE heir (more int) INHERITS (base);
CREATE VIEW film_list AS SELECT film_id, title FROM film;
CREATE MATERIALIZED VIEW film_mat AS SELECT film_id FROM film;
CREATE TABLE nothing ();
CREATE SCHEMA other; CREATE TABLE other.log (id int PRIMARY KEY, log_at date);
CREATE TABLE "a table whose name has sixty-three bytes in it, and odd chars $." (id int PRIMARY KEY);
CREATE TABLE codes (n numeric(3,-1), id int PRIMARY KEY);

SELECT model, table_name, notes FROM studentdir.introspect('{"schemas":["public","other"]}');
SELECT model, attributes FROM studentdir.introspect('{"tables":["film","staff","OrderDetails","heir","checks"]}');
SELECT model, options FROM studentdir.introspect('{"schemas":"%"}');
SELECT s FROM studentdir.introspect('{"schemas":["public","other"]}'), regexp_split_to_table(sql, E'\n') s WHERE s !~ 'define';
SELECT count(*) FROM studentdir.model;

-- patterns, and what is found
SELECT array_agg(model ORDER BY model) FROM studentdir.introspect('{"tables":["film%"],"exclude":["film\\_%"]}');
SELECT array_agg(table_name ORDER BY table_name) FROM studentdir.introspect('{"schemas":["o%"]}');
SELECT options FROM studentdir.introspect('{"tables":"studios","timestamps":false}');
-- a foreign key to what is not looked at
SELECT notes FROM studentdir.introspect('{"tables":"passports"}');

-- import, and what differs then: nothing, and when told what the notes said
SELECT model, action, associations FROM studentdir.import('{"schemas":["public","other"],"expose":true}');
SELECT * FROM studentdir.diff();
SELECT model, change, name, actual FROM studentdir.diff('{"drop":true}');
-- again it changes nothing, also where a user has changed something
SELECT studentdir.define('News', '{"id":{"type":"INTEGER","primaryKey":true},"text":{"type":"TEXT","field":"body"}}', '{"name":{"singular":"News","plural":"AllNews"},"timestamps":false}') IS NOT NULL;
CREATE TABLE comments (id serial PRIMARY KEY, news_id int NOT NULL REFERENCES news, body text);
SELECT studentdir.export() AS before \gset
SELECT model, action, associations FROM studentdir.import('{"schemas":["public","other"]}') WHERE action <> 'exists';
SELECT count(*), sum(associations) FROM studentdir.import('{"schemas":["public","other"]}');
SELECT line FROM regexp_split_to_table(studentdir.export(), E'\n') line EXCEPT SELECT line FROM regexp_split_to_table(:'before', E'\n') line ORDER BY 1;
SELECT line FROM regexp_split_to_table(:'before', E'\n') line EXCEPT SELECT line FROM regexp_split_to_table(studentdir.export(), E'\n') line ORDER BY 1;

-- the models work
INSERT INTO studios (name) VALUES ('s');
INSERT INTO languages VALUES ('en', 'English');
INSERT INTO actor (first_name) VALUES ('Ada');
INSERT INTO staff (boss_id, nick) VALUES (NULL, 'a'), (1, 'b');
INSERT INTO follows VALUES (1, 2);
INSERT INTO "OrderDetails" VALUES (1, 2, 'x');
INSERT INTO notes VALUES (1, 2, 'n');
SELECT record->'filmId', record->'fullText', record->'share' FROM film_create('{"title":"Emma","languageCode":"en","length":600,"rating":"PG","slug":"a-b","code":"abc"}');
SELECT film_create('{"title":"x","languageCode":"en","length":1000,"rating":"X","slug":"A B","code":"a"}');
INSERT INTO film_actor VALUES (1, 1, 'lead');
SELECT films_list('{"attributes":["title"],"include":[{"association":"Actors","attributes":["firstName"]},{"association":"Language","attributes":["name"]},"OriginalLanguage"]}');
SELECT studentdir.list('Staff', '{"attributes":["nick"],"order":["staffId"],"include":["Boss",{"association":"Followees","attributes":["nick"]},{"association":"StaffsByBoss","attributes":["nick"]}]}');
SELECT studentdir.list('Note', '{"include":"OrderDetail"}'), studentdir.list('OrderDetails', '{"include":"Notes"}');
SELECT log_create('{"what":"x"}');
SELECT studentdir.find_by_pk('Log', 1);
SELECT studentdir.update('Log', '{"what":"y"}', '{"where":{"what":"x"}}');
SELECT m.name, status FROM studentdir.model m, studentdir.request('GET', '/' || CASE m.name WHEN 'News' THEN 'all-news' ELSE replace(lower(substr(plural, 1, 1) || regexp_replace(substr(plural, 2), '([A-Z])', '-\1', 'g')), '_', '-') END) WHERE m.exposed AND status <> 200;

-- the export of one database makes the models of another
SELECT studentdir.export('{"models":["Note","OrderDetails"]}');
SELECT studentdir.export() AS text \gset
CREATE DATABASE sd_introspect_two;
\c sd_introspect_two
SET client_min_messages = warning;
SET studentdir.create_tables = off;
CREATE EXTENSION studentdir;
CREATE SCHEMA other;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE place AS (x int, y int);
CREATE DOMAIN percent AS int DEFAULT 50 CHECK (VALUE BETWEEN 0 AND 100);
CREATE TEMP TABLE made AS SELECT s FROM regexp_split_to_table(:'text', E';\n') s WHERE s <> '';
DO $$ DECLARE statement text; BEGIN FOR statement IN SELECT s FROM made LOOP EXECUTE statement; END LOOP; END $$;
SELECT studentdir.export() = :'text' AS same;
SELECT count(*) FROM studentdir.migration_generate('all');
SELECT action FROM studentdir.migrate();
SELECT model, change, name, actual, expected FROM studentdir.diff('{"drop":true}');
SELECT count(*), sum(associations) FROM studentdir.import('{"schemas":["public","other"]}');
\c sd_introspect
DROP DATABASE sd_introspect_two;
SET client_min_messages = warning;

-- what a role may not read is left out; undone with its transaction; wrong calls
CREATE ROLE regress_sd_introspector;
GRANT USAGE ON SCHEMA public TO regress_sd_introspector;
GRANT SELECT ON actor TO regress_sd_introspector;
GRANT SELECT (staff_id) ON staff TO regress_sd_introspector;
SET ROLE regress_sd_introspector;
SELECT model, table_name, notes FROM studentdir.introspect('{"schemas":["public","other"],"tables":["actor","staff","film","log"]}');
RESET ROLE;
BEGIN;
CREATE TABLE fresh (id int PRIMARY KEY);
SELECT model, action FROM studentdir.import('{"tables":"fresh"}');
ROLLBACK;
SELECT count(*) FROM studentdir.model WHERE name = 'Fresh';
-- in a migration it is undone with it
SELECT studentdir.migration_create('20260101000000-import', 'CREATE TABLE fresh (id int PRIMARY KEY); SELECT studentdir.import(''{"tables":"fresh","expose":true}'')', 'SELECT studentdir.undefine(''Fresh''); DROP TABLE fresh');
SELECT studentdir.migration_create('20260102000000-fails', 'SELECT 1/0');
SELECT action FROM studentdir.migrate();
SELECT count(*) FROM studentdir.model WHERE name = 'Fresh';
SELECT action FROM studentdir.migrate('20260101000000-import');
SELECT fresh_create('{"id":1}');
SELECT action FROM studentdir.migrate_undo();
SELECT count(*) FROM studentdir.model WHERE name = 'Fresh';
DELETE FROM studentdir.migration;
SELECT * FROM studentdir.introspect('{"schemas":["nowhere"]}');
\echo :SQLSTATE
SELECT * FROM studentdir.introspect('{"expose":true}');
SELECT * FROM studentdir.introspect('{"schemas":7}');
SELECT * FROM studentdir.introspect('{"tables":[7]}');
SELECT * FROM studentdir.import('{"expose":"yes"}');
SELECT studentdir.export('{"models":["Nothing"]}');
SELECT studentdir.export('{"models":[]}');
SELECT studentdir.export('{"model":[]}');
SELECT studentdir.define('Keyless', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"primaryKey":false}');
BEGIN READ ONLY;
SELECT * FROM studentdir.import();
ROLLBACK;
DROP OWNED BY regress_sd_introspector;
DROP ROLE regress_sd_introspector;
\c :database
DROP DATABASE sd_introspect;
