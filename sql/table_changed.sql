-- A table that changes while a call runs: an error, never a value read as what it is not.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE tc_authors (id serial PRIMARY KEY, name text, nick text, created_at timestamptz DEFAULT now());
CREATE TABLE tc_books (id serial PRIMARY KEY, title text, pages integer, author_id integer);
CREATE TABLE tc_tags (id serial PRIMARY KEY, word text);
CREATE TABLE tc_book_tags (book_id integer, tag_id integer, weight text, PRIMARY KEY (book_id, tag_id));
SELECT studentdir.define('TcAuthor', '{"name":"TEXT","nick":"TEXT"}', '{"tableName":"tc_authors","timestamps":false}');
SELECT studentdir.define('TcBook', '{"title":"TEXT","pages":"INTEGER","authorId":{"type":"INTEGER","field":"author_id"}}', '{"tableName":"tc_books","timestamps":false}');
SELECT studentdir.define('TcTag', '{"word":"TEXT"}', '{"tableName":"tc_tags","timestamps":false}');
SELECT studentdir.define('TcBookTag', '{"bookId":{"type":"INTEGER","field":"book_id","primaryKey":true},"tagId":{"type":"INTEGER","field":"tag_id","primaryKey":true},"weight":"TEXT"}', '{"tableName":"tc_book_tags","timestamps":false}');
SELECT studentdir.has_many('TcAuthor', 'TcBook', '{"as":"books","foreignKey":"authorId"}');
SELECT studentdir.belongs_to('TcBook', 'TcAuthor', '{"as":"author","foreignKey":"authorId"}');
SELECT studentdir.belongs_to_many('TcBook', 'TcTag', '{"as":"tags","through":"TcBookTag","foreignKey":"bookId","otherKey":"tagId"}');
INSERT INTO tc_authors (name, nick) SELECT 'a' || i, 'n' || i FROM generate_series(1, 200) AS i;
INSERT INTO tc_books (title, pages, author_id) SELECT 'b' || i, i, i FROM generate_series(1, 200) AS i;
INSERT INTO tc_tags (word) VALUES ('w');
INSERT INTO tc_book_tags SELECT i, 1, 'x' FROM generate_series(1, 200) AS i;

-- the batches that are left of a cursor: an include's table, then its join table, have other types
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"author"}');
FETCH 1 FROM c;
ALTER TABLE tc_authors DROP COLUMN name;
ALTER TABLE tc_authors ADD COLUMN name integer NOT NULL DEFAULT 7;
MOVE 62 IN c;
FETCH 1 FROM c;
FETCH 3 FROM c;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"tags"}');
FETCH 1 FROM c;
ALTER TABLE tc_book_tags ALTER COLUMN weight TYPE integer USING 7;
MOVE 70 IN c;
ROLLBACK;
-- the key that an include is matched by
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcAuthor', '{"order":["id"],"attributes":["id"],"include":[{"association":"books","attributes":["id"]}]}');
FETCH 1 FROM c;
ALTER TABLE tc_books ALTER COLUMN author_id TYPE text;
MOVE 70 IN c;
ROLLBACK;
-- a condition on it alone, an order
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":[{"association":"author","attributes":["id"],"where":{"name":{"$ne":"z"}},"required":false}]}');
FETCH 1 FROM c;
ALTER TABLE tc_authors ALTER COLUMN name TYPE integer USING 7;
MOVE 70 IN c;
ROLLBACK;
-- renamed crosswise, renamed away, dropped
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"author"}');
FETCH 1 FROM c;
ALTER TABLE tc_authors RENAME COLUMN name TO swap;
ALTER TABLE tc_authors RENAME COLUMN nick TO name;
ALTER TABLE tc_authors RENAME COLUMN swap TO nick;
MOVE 70 IN c;
ROLLBACK;
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"author"}');
FETCH 1 FROM c;
ALTER TABLE tc_authors RENAME TO tc_writers;
CREATE TABLE tc_authors (id serial PRIMARY KEY, name text, nick text);
MOVE 70 IN c;
ROLLBACK;
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"author"}');
FETCH 1 FROM c;
DROP TABLE tc_authors;
MOVE 70 IN c;
ROLLBACK;
-- the first call after the savepoint, the rest after its end
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"author"}');
SAVEPOINT s;
ALTER TABLE tc_authors ALTER COLUMN name TYPE integer USING 7;
FETCH 1 FROM c;
ROLLBACK TO s;
MOVE 70 IN c;
ROLLBACK;
-- what changes nothing for the call fails nothing: an index, a column, statistics, other models
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":"author"}');
FETCH 1 FROM c;
CREATE INDEX ON tc_authors (name);
ALTER TABLE tc_authors ADD COLUMN more integer DEFAULT 1;
ALTER TABLE tc_authors DROP COLUMN created_at;
ANALYZE tc_authors;
SELECT studentdir.define('TcOther', '{"a":"TEXT"}');
MOVE 62 IN c;
FETCH 2 FROM c;
ROLLBACK;

-- a default that alters its own table, between the rows of a bulk_create and their INSERT
CREATE FUNCTION tc_alter(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	RETURN 'x';
END $$;
BEGIN;
ALTER TABLE tc_authors ALTER COLUMN nick SET DEFAULT tc_alter('ALTER TABLE tc_authors ALTER COLUMN name TYPE integer USING 7');
SELECT studentdir.bulk_create('TcAuthor', '[{"name":"p"},{"name":"q","nick":"q"}]');
ROLLBACK;
BEGIN;
ALTER TABLE tc_authors ALTER COLUMN nick SET DEFAULT tc_alter('ALTER TABLE tc_authors DROP COLUMN name, ADD COLUMN name text GENERATED ALWAYS AS (''g'') STORED');
SELECT studentdir.bulk_create('TcAuthor', '[{"name":"p"},{"name":"q","nick":"q"}]');
ROLLBACK;
BEGIN;
ALTER TABLE tc_authors ALTER COLUMN nick SET DEFAULT tc_alter('ALTER TABLE tc_authors RENAME COLUMN name TO other');
SELECT studentdir.bulk_create('TcAuthor', '[{"name":"p"},{"name":"q","nick":"q"}]', '{"updateOnDuplicate":["name"]}');
ROLLBACK;
-- a trigger of one level that alters the table of the next
CREATE FUNCTION tc_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE TG_ARGV[0];
	RETURN NEW;
END $$;
BEGIN;
CREATE TRIGGER t BEFORE INSERT ON tc_authors FOR EACH ROW EXECUTE FUNCTION tc_trigger('ALTER TABLE tc_books ALTER COLUMN title TYPE integer USING 7');
SELECT studentdir.create('TcAuthor', '{"name":"n","books":[{"title":"t"}]}', '{"include":"books"}');
ROLLBACK;
BEGIN;
CREATE TRIGGER t BEFORE INSERT ON tc_authors FOR EACH ROW EXECUTE FUNCTION tc_trigger('ALTER TABLE tc_books DROP COLUMN author_id, ADD COLUMN author_id text');
SELECT studentdir.bulk_create('TcAuthor', '[{"name":"n","books":[{"title":"t"}]}]', '{"include":"books"}');
ROLLBACK;
BEGIN;
CREATE TRIGGER t BEFORE INSERT ON tc_books FOR EACH ROW EXECUTE FUNCTION tc_trigger('ALTER TABLE tc_book_tags ALTER COLUMN weight TYPE integer USING 7');
SELECT studentdir.create('TcBook', '{"title":"n","tags":[{"word":"t","TcBookTag":{"weight":"y"}}]}', '{"include":"tags"}');
ROLLBACK;
-- the table that is written itself is in use
BEGIN;
CREATE TRIGGER t BEFORE UPDATE ON tc_authors FOR EACH ROW EXECUTE FUNCTION tc_trigger('ALTER TABLE tc_authors ALTER COLUMN name TYPE integer USING 7');
SELECT studentdir.update_by_pk('TcAuthor', 1, '{"name":"n"}');
ROLLBACK;
-- in one transaction, each call with the table as it is then
BEGIN;
SELECT studentdir.find_by_pk('TcAuthor', 1);
SELECT studentdir.update_by_pk('TcAuthor', 1, '{"name":"5"}');
ROLLBACK;
BEGIN;
SELECT studentdir.find_by_pk('TcAuthor', 1);
SELECT studentdir.update_by_pk('TcAuthor', 1, '{"name":"5"}');
SELECT studentdir.bulk_update('TcAuthor', '[{"id":1,"name":"6"}]');
ALTER TABLE tc_authors ALTER COLUMN name TYPE integer USING 7;
SELECT studentdir.find_by_pk('TcAuthor', 1);
SELECT studentdir.update_by_pk('TcAuthor', 1, '{"name":"5"}');
SELECT studentdir.bulk_update('TcAuthor', '[{"id":1,"name":"6"}]');
ROLLBACK;
-- a function whose result is another type, and one that alters what is included while the first batch is read
SET studentdir.allowed_functions = 'public.tc_word, public.tc_alter_at';
CREATE FUNCTION tc_word(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
BEGIN;
DECLARE c CURSOR FOR SELECT studentdir.find_all('TcBook', '{"order":["id"],"attributes":["id"],"include":[{"association":"author","attributes":[[{"$fn":["public.tc_word",{"$col":"name"}]},"word"]]}]}');
FETCH 1 FROM c;
DROP FUNCTION tc_word;
CREATE FUNCTION tc_word(text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT 7 $$;
MOVE 70 IN c;
\echo :LAST_ERROR_SQLSTATE
ROLLBACK;
CREATE FUNCTION tc_alter_at(i integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	IF i = 2 THEN
		ALTER TABLE tc_authors ALTER COLUMN name TYPE integer USING 7;
	END IF;
	RETURN i;
END $$;
BEGIN;
SELECT studentdir.list('TcBook', '{"where":{"$expr":[{"$fn":["public.tc_alter_at",{"$col":"id"}]},"$gt",0]},"limit":2,"include":"author"}');
ROLLBACK;

SELECT studentdir.undefine(model) FROM unnest('{TcBookTag,TcBook,TcAuthor,TcTag}'::text[]) AS model;
DROP TABLE tc_authors, tc_books, tc_tags, tc_book_tags;
DROP FUNCTION tc_alter, tc_trigger, tc_alter_at;
DROP FUNCTION tc_word;
RESET studentdir.allowed_functions;

-- a model that is defined anew in the middle of its calls: while a value is converted, a default evaluated, a row checked
CREATE SEQUENCE tc_flips;
CREATE FUNCTION tc_redefine() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF current_setting('tc.on', true) = 'on' THEN
		PERFORM set_config('tc.on', 'off', false);
		PERFORM studentdir.define('TcAnew', CASE WHEN nextval('tc_flips') % 2 = 0 THEN '{"name":"tc_name","n":"INTEGER"}'::json ELSE '{"n":{"type":"INTEGER","validate":{"min":0}},"name":"tc_name"}' END, '{"tableName":"tc_anew","timestamps":false}');
	END IF;
	RETURN true;
END $$;
CREATE DOMAIN tc_name AS text CHECK (tc_redefine());
CREATE TABLE tc_anew (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name tc_name UNIQUE, n integer);
SELECT set_config('tc.on', 'on', false), tc_redefine();
CREATE FUNCTION tc_call(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answers text[];
	answer text;
BEGIN
	FOR i IN 1..2 LOOP
		PERFORM set_config('tc.on', 'on', false);
		EXECUTE 'SELECT string_agg((r::jsonb - ''id'')::text, '' '') FROM (SELECT ' || statement || ') AS t (r)' INTO answer;
		answers := answers || answer;
	END LOOP;
	RETURN array_to_string(answers, E'\n');
END $$;
SELECT tc_call($$(studentdir.upsert('TcAnew', '{"name":"a","n":1}', '{"conflictAttributes":["name"]}')).record$$);
SELECT tc_call($$(studentdir.find_or_create('TcAnew', '{"where":{"name":"b","n":{"$gte":0}},"defaults":{"n":2}}')).record$$);
ALTER TABLE tc_anew ALTER n SET DEFAULT CASE WHEN tc_redefine() THEN 3 END;
SELECT tc_call($$studentdir.bulk_create('TcAnew', '[{"name":"c"},{"name":"a","n":7},{"name":"d"}]', '{"ignoreDuplicates":true,"existing":true,"conflictAttributes":["name"]}')$$);
ALTER TABLE tc_anew ALTER n DROP DEFAULT, ADD CHECK (n < 0 OR tc_redefine());
SELECT tc_call($$studentdir.update_returning('TcAnew', '{"n":5}', '{"where":{"name":["a","b"]}}')$$);
SELECT tc_call($$studentdir.find_all('TcAnew', '{"where":{"name":{"$ne":"d"}},"order":["name"]}')$$);
SELECT last_value > 5 AS often FROM tc_flips;
SELECT studentdir.undefine('TcAnew');
DROP TABLE tc_anew;
DROP DOMAIN tc_name;
DROP FUNCTION tc_redefine, tc_call;
DROP SEQUENCE tc_flips;
