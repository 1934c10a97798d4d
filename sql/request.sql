-- studentdir.request and studentdir.routes
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all
SET TimeZone = 'UTC';

-- the answers without what changes from run to run
CREATE FUNCTION ask(method text, path text, body jsonb DEFAULT NULL) RETURNS TABLE (status int, body text)
  LANGUAGE sql AS $$
  SELECT r.status, regexp_replace(r.body::text, '"(createdAt|updatedAt)":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"', '"\1":"…"', 'g')
    FROM studentdir.request($1, $2, $3) AS r $$;

-- the five routes
SELECT * FROM ask('GET', '/students');
SELECT * FROM ask('POST', '/students', '{"name":"Ada","cohort":"Spring 2026","email":"ada@school.edu"}') \gset ada_
SELECT :'ada_status' AS status, :'ada_body'::json ->> 'name' AS name, :'ada_body'::json ->> 'id' AS id \gset
\echo :status :name
SELECT * FROM ask('GET', '/students?attributes=name,email');
SELECT status, body::json ->> 'name' AS name FROM ask('GET', '/students/' || :'id');
SELECT status, body::json ->> 'name' AS name, body::json ->> 'email' AS email FROM ask('PUT', '/students/' || :'id', '{"name":"Ada L."}');
SELECT status, body::json ->> 'name' AS name, body::json ->> 'email' AS email FROM ask('PATCH', '/students/' || :'id', '{"email":"al@school.edu"}');
SELECT * FROM ask('DELETE', '/students/' || :'id');
SELECT * FROM ask('DELETE', '/students/' || :'id');
SELECT * FROM ask('GET', '/students/' || :'id');
SELECT * FROM ask('PUT', '/students/' || :'id', '{"name":"nobody"}');
SELECT * FROM ask('PUT', '/students/' || :'id', '{}');

-- rows with fixed ids and times for the rest
BEGIN;
INSERT INTO users (id, name, email, created_at, updated_at) OVERRIDING SYSTEM VALUE
  VALUES (1, 'Ada', 'ada@school.edu', '2026-01-01', '2026-01-02'), (2, 'Bob', NULL, '2026-01-01', '2026-01-02'),
         (3, '100% sure', 'x+y@school.edu', '2026-01-01', '2026-01-02'), (4, 'Zoë & Co', NULL, '2026-01-01', '2026-01-02');
INSERT INTO posts (id, title, body, user_id, created_at, updated_at) OVERRIDING SYSTEM VALUE
  VALUES (1, 'One', 'b', 1, '2026-01-01', '2026-01-02'), (2, 'Two', NULL, 1, '2026-01-01', '2026-01-02'),
         (3, 'Three', NULL, 2, '2026-01-01', '2026-01-02');
SELECT setval(pg_get_serial_sequence('users', 'id'), 4), setval(pg_get_serial_sequence('posts', 'id'), 3);
COMMIT;

-- query strings
SELECT * FROM ask('GET', '/users?order=id.desc&limit=2&attributes=id,name');
SELECT * FROM ask('GET', '/users?order=name&offset=1&limit=1&attributes=name');
SELECT * FROM ask('GET', '/users?order=email.desc.nullslast,id.asc&attributes=id,email');
SELECT * FROM ask('GET', '/users?order=email.DESC.NullsFirst&order=id&attributes=id');
SELECT * FROM ask('GET', '/users?id=2&id=3&attributes=id&order=id');
SELECT * FROM ask('GET', '/users?name=100%25+sure&attributes=id');
SELECT * FROM ask('GET', '/users?name=100%25%20sure&attributes=id');
SELECT * FROM ask('GET', '/users?email=x%2By%40school.edu&attributes=id');
SELECT * FROM ask('GET', '/users?email=x+y@school.edu&attributes=id');
SELECT * FROM ask('GET', '/users?name=Zo%C3%AB%20%26%20Co&attributes=id');
SELECT * FROM ask('GET', '/users?n%61me=Zoë+%26+Co&attributes=id');
SELECT * FROM ask('GET', '/users?name=&attributes=id');
SELECT * FROM ask('GET', '/users?name&attributes=id');
SELECT * FROM ask('GET', '/users?&&attributes=id&&id=1&');
SELECT * FROM ask('GET', '/users?name=null&attributes=id');
SELECT * FROM ask('GET', '/users?createdAt=2026-01-01T00:00:00.000Z&attributes=id&limit=1');
SELECT * FROM ask('GET', '/users?include=Posts&attributes=id&order=id&limit=2');
SELECT * FROM ask('GET', '/users?include=Post&id=2');
SELECT * FROM ask('GET', '/posts/3?include=User&attributes=id');
SELECT * FROM ask('GET', '/users?limit=0');
SELECT * FROM ask('GET', '/users?offset=100');

-- wrong ones
SELECT p, a.* FROM unnest(ARRAY['?nope=1', '?id[$gt]=0', '?$or=1', '?where={}', '?Posts=1', '?$Posts.title$=One', '?id=', '?id=x', '?id=1&id=x',
  '?id=99999999999', '?createdAt=yesterdayish', '?limit=abc', '?limit=-1', '?limit=1.5', '?limit=', '?limit=1&limit=2', '?limit=99999999999999999999',
  '?offset=x', '?order=', '?order=nope', '?order=id.sideways', '?order=id,,name', '?order=id%3BDROP', '?attributes=', '?attributes=id,nope',
  '?attributes=Posts', '?include=', '?include=Nope', '?include=Posts,Posts', '?name=%', '?name=%4', '?name=%zz', '?name=%00', '?name=%ff', '?name=%C3',
  '?%00=1', '?=1', '?scope=x', '?paranoid=false']) AS p, ask('GET', '/users' || p) AS a;
SELECT * FROM ask('GET', '/users?' || repeat('name=a&', 1001));
SELECT * FROM ask('GET', '/users?order=' || repeat('id,', 100) || 'id');
SELECT p, a.* FROM unnest(ARRAY['?limit=1', '?id=1', '?order=id', '?nope=1']) AS p, ask('GET', '/users/1' || p) AS a;
SELECT * FROM ask('POST', '/users?name=x', '{}');
SELECT * FROM ask('DELETE', '/users/1?force=1');

-- keys
SELECT p, a.status, a.body::json ->> 'error' AS error FROM unnest(ARRAY['/users/abc', '/users/1;DROP', '/users/1.0', '/users/%31', '/users/99999999999',
  '/users/-1', '/users/0', '/users/1%00', '/users/%', '/users/1,2', '/users/null', '/users/{"id":1}']) AS p, ask('GET', p) AS a;
SELECT * FROM ask('DELETE', '/users/abc');
SELECT * FROM ask('PUT', '/users/abc', '{"name":"x"}');

-- paths and methods
SELECT p, a.status FROM unnest(ARRAY['', '/', '//', 'users', '/users', '/users/', '/users//', '//users', '/Users', '/USERS/1/', '/user', '/users/1/posts/',
  '/users/1/posts/2', '/users/1/nope', '/users//posts', '/studentdir.users', '/%75sers', '/users%2F1', '/%zz', 'http://x/users', '/users#a', '/students/1/2/3']) AS p,
  ask('GET', p) AS a;
SELECT m, a.* FROM unnest(ARRAY['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get', 'Head', 'TRACE', '', ' GET', 'GET; DROP']) AS m,
  ask(m, '/users?attributes=id&limit=1', '{"name":""}') AS a;
SELECT m, p, a.status FROM unnest(ARRAY['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']) AS m, unnest(ARRAY['/users/1', '/posts/1/user', '/nope']) AS p,
  ask(m, p, '{"name":""}') AS a WHERE NOT (m = 'DELETE' AND p = '/users/1');
-- what a path has instead of what is answered 405, whatever is wrong with the rest; an answer to HEAD has no body, errors neither
SELECT p, string_agg(m, ' ' ORDER BY m COLLATE "C") AS refused, studentdir.allowed_methods(p) FROM unnest(ARRAY['/users', '/users/1?nope', '/users/x', '/users/1/posts', '/users/1/posts/2', '/posts/1/user', '/posts/1/user/1']) AS p, unnest(ARRAY['OPTIONS', 'TRACE', 'BREW', '', 'POST', 'PATCH', 'PUT', 'DELETE', 'GET', 'HEAD']) AS m,
  studentdir.request(m, p, 'null') AS r WHERE r.status = 405 GROUP BY p ORDER BY p COLLATE "C";
SELECT p, studentdir.allowed_methods(p) FROM unnest(ARRAY['/nope', '/users/1/nope', '', '/', '/%zz', '/users/', '/USERS/1/', NULL]) AS p;
SELECT m, p, r.* FROM (VALUES ('HEAD', '/nope'), ('HEAD', '/users/999'), ('HEAD', '/users?nope=1'), ('head', '/users/%zz'), ('HEAD', '/users/1/posts/1'), ('OPTIONS', '/nope'), ('OPTIONS', '/users/1/'), ('GET', '/users/999')) AS t (m, p), studentdir.request(m, p) AS r;
SELECT * FROM ask(NULL, NULL);
SELECT * FROM ask(NULL, '/users');
SELECT * FROM ask('GET', NULL);

-- bodies: what is not theirs to set is ignored
SELECT status, body::json ->> 'id' AS id, body::json ->> 'name' AS name, body::json ->> 'createdAt' AS created
  FROM ask('POST', '/users', '{"name":"New","id":77,"createdAt":"2000-01-01","updatedAt":"2000-01-01","nope":{"a":1},"Posts":[{"title":"x"}],"$or":1}');
SELECT status, body::json ->> 'id' AS id, body::json ->> 'createdAt' AS created
  FROM studentdir.request('PUT', '/users/2', '{"id":78,"createdAt":"2000-01-01","nope":1,"name":"Bobby"}');
SELECT * FROM studentdir.request('PUT', '/users/3', '{"id":78,"createdAt":"2000-01-01","nope":1}');
SELECT b, a.* FROM unnest(ARRAY['null', '[]', '[{"name":"x"}]', '"x"', '5', 'true', '{}', '{"name":null}', '{"name":["x"]}', '{"name":{"$ne":1}}',
  '{"name":"", "email":"x"}', '{"name":"x","email":"ada@school.edu"}']::jsonb[]) AS b, ask('POST', '/users', b) AS a;
SELECT * FROM ask('POST', '/users');
SELECT * FROM ask('POST', '/users', jsonb_build_object('name', repeat('x', 256)));
SELECT * FROM ask('PUT', '/users/1', '[]');
SELECT * FROM ask('PUT', '/users/1', '{"name":"", "email":null}');
SELECT * FROM ask('PUT', '/users/2', '{"email":"ada@school.edu"}');
SELECT * FROM ask('POST', '/posts', '{"title":"x","userId":999}');
SELECT * FROM ask('POST', '/posts', '{"title":"x","userId":"abc"}');
SELECT * FROM ask('POST', '/posts', '{"title":"x","userId":[1]}');
SELECT * FROM ask('POST', '/posts', '{"title":"x"}');
SELECT * FROM ask('PUT', '/posts/1', '{"userId":999}');
SELECT * FROM ask('GET', '/users/1', '{"name":"a body that nobody reads"}');

-- nested: the foreign key comes from the path
SELECT * FROM ask('GET', '/users/1/posts?order=id.desc&attributes=id,userId');
SELECT * FROM ask('GET', '/users/1/posts?title=Two&attributes=id&include=User');
SELECT * FROM ask('GET', '/users/1/posts?limit=1&offset=1&order=id&attributes=title');
SELECT * FROM ask('GET', '/users/3/posts');
SELECT * FROM ask('GET', '/users/999/posts');
SELECT * FROM ask('GET', '/users/abc/posts');
SELECT * FROM ask('GET', '/users/1/posts?userId=2');
SELECT * FROM ask('GET', '/users/1/posts?nope=2');
SELECT * FROM ask('GET', '/users/1/posts?id=abc');
SELECT * FROM ask('GET', '/users/%zz/posts?id=abc');
SELECT * FROM ask('HEAD', '/users/1/posts');
SELECT * FROM ask('GET', '/posts/1/user?attributes=name');
SELECT * FROM ask('GET', '/posts/999/user');
SELECT * FROM ask('GET', '/posts/1/user?limit=1');
SELECT * FROM ask('POST', '/posts/1/user', '{"name":"x"}');
SELECT status, body::json ->> 'userId' AS user, body::json ->> 'title' AS title FROM ask('POST', '/users/3/posts', '{"title":"Nested","userId":1,"id":1}');
SELECT * FROM ask('POST', '/users/999/posts', '{"title":"Nested"}');
SELECT * FROM ask('POST', '/users/1/posts', '{}');
SELECT * FROM ask('POST', '/users/1/posts');
SELECT * FROM ask('DELETE', '/users/1/posts');
SELECT * FROM ask('PUT', '/users/1/posts', '{}');

-- a request sees what the one before it did, and undoes only its own
BEGIN;
SELECT a.status AS post, b.status AS get, b.body::json -> 0 ->> 'name' AS name
  FROM ask('POST', '/students', '{"name":"seen"}') AS a, LATERAL (SELECT * FROM ask('GET', '/students?name=seen&limit=' || a.status)) AS b;
SELECT status FROM ask('POST', '/students', '{"name":"kept","email":"kept@school.edu"}');
SELECT status FROM ask('POST', '/students', '{"name":"again","email":"kept@school.edu"}');
SELECT status FROM ask('GET', '/students/x');
SELECT name FROM students ORDER BY name;
ROLLBACK;

-- reads in a READ ONLY transaction, without a transaction id; a write there is the server's affair
BEGIN READ ONLY;
SELECT status FROM ask('GET', '/users/1');
SELECT status FROM ask('GET', '/users/1/posts');
SELECT status FROM ask('GET', '/users?nope=1');
SELECT pg_current_xact_id_if_assigned();
SELECT * FROM ask('POST', '/users', '{"name":"x"}');
ROLLBACK;

-- what passes through: another attempt or an administrator can help
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = TG_ARGV[0], DETAIL = 'not JSON'; END $$;
DO $do$
DECLARE
  code text;
  answer record;
BEGIN
  FOREACH code IN ARRAY ARRAY['40001', '40P01', '53100', '57014', '58030', 'XX000', 'XX001', '23514', '23505', '23503', '23502', '22012', '44000', '42501', 'P0001', '25006', '55P03', '42703', '54000']
  LOOP
    EXECUTE format('CREATE TRIGGER fail BEFORE INSERT ON students FOR EACH ROW EXECUTE FUNCTION fail(%L)', code);
    BEGIN
      SELECT * INTO answer FROM studentdir.request('POST', '/students', '{"name":"x"}');
      RAISE INFO '% is %: %', code, answer.status, answer.body;
    EXCEPTION WHEN query_canceled OR OTHERS THEN
      RAISE INFO '% is raised: %', code, SQLSTATE;
    END;
    DROP TRIGGER fail ON students;
  END LOOP;
END $do$;

-- an error in a trigger is the server's affair, unless it is a constraint that the trigger checks
CREATE TABLE audit (name text UNIQUE, n int CHECK (n < 3));
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    CASE new.cohort
      WHEN 'unique' THEN INSERT INTO audit VALUES ('a', 1), ('a', 1);
      WHEN 'check' THEN INSERT INTO audit VALUES ('a', 5);
      WHEN 'cast' THEN PERFORM 'secret'::int;
      WHEN 'own' THEN INSERT INTO students (name, email) VALUES ('o', 'o@school.edu'), ('o', 'o@school.edu');
      WHEN 'refers' THEN INSERT INTO posts (title, user_id) VALUES ('secret', -1);
      WHEN 'deep' THEN INSERT INTO students (name, cohort) VALUES ('d', 'deep');
      WHEN 'caught' THEN BEGIN PERFORM 'secret'::int; EXCEPTION WHEN invalid_text_representation THEN NULL; END;
      WHEN 'raised' THEN RAISE check_violation USING MESSAGE = 'a cohort has 30 students at most';
      ELSE NULL;
    END CASE;
    RETURN new;
  END $$;
CREATE TRIGGER note BEFORE INSERT ON students FOR EACH ROW EXECUTE FUNCTION note();
SET max_stack_depth = '100kB';
SELECT c, a.status, a.body::json ->> 'error' AS error FROM unnest('{unique,check,cast,own,refers,deep,caught,raised}'::text[]) AS c, ask('POST', '/students', json_build_object('name', 'x', 'cohort', c)::jsonb) AS a;
RESET max_stack_depth;
-- what is caught in a trigger does not count, nor do the triggers that a request is sent from
SELECT status, body::json ->> 'error' AS error FROM ask('POST', '/students', json_build_object('name', repeat('x', 256), 'cohort', 'caught')::jsonb);
DROP TRIGGER note ON students;
CREATE FUNCTION send() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN new.name := (SELECT status || ' ' || body FROM ask('POST', '/users', json_build_object('name', repeat('x', 256))::jsonb)); RETURN new; END $$;
CREATE TRIGGER send BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION send();
INSERT INTO audit VALUES ('a') RETURNING name;
DROP TABLE audit;
-- foreign keys and deferrable constraints are checked by triggers of the server's
SELECT * FROM ask('POST', '/posts', '{"title":"x","userId":999}');
ALTER TABLE students DROP CONSTRAINT students_email_key, ADD CONSTRAINT students_email_key UNIQUE (email) DEFERRABLE;
SELECT status FROM ask('POST', '/students', '{"name":"x","email":"twice@school.edu"}');
SELECT * FROM ask('POST', '/students', '{"name":"x","email":"twice@school.edu"}');
ALTER TABLE students DROP CONSTRAINT students_email_key, ADD CONSTRAINT students_email_key UNIQUE (email);
-- the rows of a view are written by its trigger
CREATE VIEW pupils AS SELECT id, name, cohort, email FROM students;
CREATE FUNCTION enrol() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO students (name, email) VALUES (new.name, new.email) RETURNING id INTO new.id; RETURN new; END $$;
CREATE TRIGGER enrol INSTEAD OF INSERT ON pupils FOR EACH ROW EXECUTE FUNCTION enrol();
SELECT studentdir.define('Pupil', '{"id":{"type":"INTEGER","primaryKey":true,"autoIncrement":true},"name":"TEXT","email":"TEXT"}', '{"tableName":"pupils","timestamps":false}') IS NOT NULL;
UPDATE studentdir.model SET exposed = true WHERE name = 'Pupil';
SELECT status, body::json ->> 'error' AS error FROM ask('POST', '/pupils', '{"name":"x","email":"twice@school.edu"}');
SELECT status, body::json ->> 'error' AS error FROM ask('POST', '/pupils', jsonb_build_object('name', repeat('x', 256)));
SELECT studentdir.undefine('Pupil') IS NOT NULL;
DROP VIEW pupils;
-- a trigger that keeps a row from being written: there is nothing to show
CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER keep_out BEFORE INSERT OR UPDATE OR DELETE ON students FOR EACH ROW EXECUTE FUNCTION keep_out();
CREATE TRIGGER keep_out BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION keep_out();
SELECT * FROM ask('POST', '/students', '{"name":"kept out"}');
SELECT a.* FROM (SELECT id FROM users LIMIT 1) AS u, ask('POST', '/users/' || id || '/posts', '{"title":"kept out"}') AS a;
SELECT a.* FROM (SELECT id FROM students LIMIT 1) AS s, LATERAL (SELECT m, (ask(m, '/students/' || id, CASE m WHEN 'DELETE' THEN NULL ELSE '{"name":"kept out"}'::jsonb END)).* FROM unnest('{PUT,PATCH,DELETE}'::text[]) AS m) AS a;
SELECT count(*) FROM students WHERE name = 'kept out';
DROP TRIGGER keep_out ON students;
DROP TRIGGER keep_out ON posts;
DROP FUNCTION note, send, enrol, keep_out;

-- models of any kind
CREATE SCHEMA rq;
CREATE TABLE rq.countries (code text PRIMARY KEY, name text NOT NULL, UNIQUE (name));
CREATE TABLE rq.course_notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text, meta jsonb, tags text[], price numeric(4,1) CHECK (price > 0), done boolean,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz, country_code text REFERENCES rq.countries);
CREATE UNIQUE INDEX course_notes_title ON rq.course_notes (lower(title));
CREATE UNIQUE INDEX course_notes_meta ON rq.course_notes (price, done);
CREATE TABLE rq.seats (row_no int, seat text, taken text, PRIMARY KEY (row_no, seat));
CREATE TABLE rq.logs (line text);
SET search_path = rq, public, pg_catalog;
SELECT pg_temp.define('Log', 'logs', 'line:TEXT');
RESET search_path;
UPDATE studentdir.model SET plural = 'Logs', exposed = true WHERE name = 'Log';
CREATE TABLE rq.note_tags (note_id uuid REFERENCES rq.course_notes, tag_id int, PRIMARY KEY (note_id, tag_id));
CREATE TABLE rq.tags (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL);
CREATE TABLE rq.capitals (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, country_code text UNIQUE REFERENCES rq.countries);
SELECT studentdir.define('Country', '{"code":{"type":"TEXT","primaryKey":true},"name":"TEXT"}', '{"schema":"rq","timestamps":false,"tableName":"countries"}') IS NOT NULL;
SELECT studentdir.define('CourseNote', '{"id":{"type":"UUID","primaryKey":true,"defaultValue":"UUIDV4"},"title":"TEXT","meta":"JSONB","tags":"ARRAY(TEXT)","price":"DECIMAL(4,1)","done":"BOOLEAN","countryCode":"TEXT","draft":"VIRTUAL"}', '{"schema":"rq","paranoid":true}') IS NOT NULL;
SELECT studentdir.define('Seat', '{"rowNo":{"type":"INTEGER","primaryKey":true},"seat":{"type":"TEXT","primaryKey":true},"taken":"TEXT"}', '{"schema":"rq","timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Tag', '{"label":"TEXT"}', '{"schema":"rq","timestamps":false}') IS NOT NULL;
SELECT studentdir.define('NoteTag', '{"noteId":{"type":"UUID","primaryKey":true},"tagId":{"type":"INTEGER","primaryKey":true}}', '{"schema":"rq","timestamps":false}') IS NOT NULL;
SELECT studentdir.define('Capital', '{"name":"TEXT","countryCode":"TEXT"}', '{"schema":"rq","timestamps":false}') IS NOT NULL;
SELECT studentdir.has_many('Country', 'CourseNote', '{"foreignKey":"countryCode","as":"ownNotes"}') IS NOT NULL;
SELECT studentdir.has_one('Country', 'Capital', '{"foreignKey":"countryCode"}') IS NOT NULL;
SELECT studentdir.belongs_to('CourseNote', 'Country', '{"foreignKey":"countryCode"}') IS NOT NULL;
SELECT studentdir.belongs_to_many('CourseNote', 'Tag', '{"through":"NoteTag","foreignKey":"noteId","otherKey":"tagId"}') IS NOT NULL;

-- not before they are exposed, on both sides
SELECT status FROM ask('GET', '/course-notes');
SELECT studentdir.expose('Country', 'rq');
SELECT status FROM ask('GET', '/countries/de/own-notes');
SELECT * FROM ask('GET', '/countries?include=ownNotes');
SELECT m, studentdir.expose(m, 'rq') FROM unnest(ARRAY['CourseNote', 'Seat', 'Tag', 'Capital']) AS m;
SELECT method, path, model, action FROM studentdir.routes() WHERE model IN ('Country', 'CourseNote', 'Seat', 'Log', 'Tag', 'Capital');

-- a key that nothing fills in may be given, and only once
SELECT * FROM ask('POST', '/countries', '{"code":"de","name":"Germany"}');
SELECT * FROM ask('POST', '/countries', '{"code":"de","name":"Again"}');
SELECT * FROM ask('POST', '/countries', '{"code":"d2","name":"Germany"}');
SELECT * FROM ask('POST', '/countries', '{"name":"Nowhere"}');
SELECT * FROM ask('POST', '/countries', '{"code":"fr"}');
SELECT * FROM ask('PUT', '/countries/de', '{"code":"xx","name":"Deutschland"}');
SELECT * FROM ask('GET', '/countries/d%65');
SELECT * FROM ask('POST', '/countries', '{"code":"a/b, c?","name":"Odd"}');
SELECT * FROM ask('GET', '/countries/a%2Fb%2C%20c%3F');

-- types
SELECT status FROM ask('POST', '/countries/de/own-notes', '{"title":"N1","meta":{"a":{"$gt":1}},"tags":["x","y"],"price":1.5,"done":true,"draft":"z","countryCode":"fr","deletedAt":"2020-01-01"}');
SELECT q, a.* FROM unnest(ARRAY['price=1.5', 'price=1.50', 'done=yes', 'tags={x,y}', 'tags={x}&tags={x,y}', 'meta={"a":{"$gt":1}}', 'meta={"a":{"$gt":0}}', 'meta=1&meta={"a":{"$gt":1}}',
  'countryCode=de', 'title=N1', 'price=x', 'done=perhaps', 'tags=x', 'meta={', 'meta.a=1', 'meta[a]=1', 'draft=z', 'id=1', 'title={"$ne":1}']) AS q,
  ask('GET', '/course-notes?attributes=title&' || q) AS a;
SELECT * FROM ask('GET', '/countries/de/own-notes?attributes=title,meta,tags,price,countryCode');
SELECT * FROM ask('POST', '/course-notes', '{"price":-1}');
SELECT * FROM ask('POST', '/course-notes', '{"price":12345}');
SELECT * FROM ask('POST', '/course-notes', '{"title":"n1"}');
SELECT * FROM ask('POST', '/course-notes', '{"price":1.5,"done":true}');

-- to-one, many to many
SELECT * FROM ask('GET', '/countries/de/capital');
SELECT * FROM ask('POST', '/countries/de/capital', '{"name":"Berlin"}');
SELECT * FROM ask('GET', '/countries/de/capital');
SELECT * FROM ask('POST', '/countries/de/capital', '{"name":"Bonn"}');
SELECT id AS note FROM rq.course_notes \gset
SELECT * FROM ask('POST', '/course-notes/' || :'note' || '/tags', '{"label":"sql","id":9}');
SELECT * FROM ask('POST', '/course-notes/' || :'note' || '/tags', '{}');
SELECT a.status, a.body::json -> 0 ->> 'label' AS label, a.body::json -> 0 -> 'NoteTag' ->> 'tagId' AS tag FROM ask('GET', '/course-notes/' || :'note' || '/tags') AS a;
SELECT status, body::json ->> 'name' AS name FROM ask('GET', '/course-notes/' || :'note' || '/country');
SELECT status FROM ask('GET', '/course-notes/' || gen_random_uuid() || '/tags');
SELECT status FROM ask('GET', '/course-notes/7/tags');
SELECT count(*) FROM rq.tags;
SELECT * FROM ask('DELETE', '/countries/de');

-- paranoid
SELECT status FROM ask('DELETE', '/course-notes/' || :'note');
SELECT status FROM ask('DELETE', '/course-notes/' || :'note');
SELECT m, status FROM unnest(ARRAY['GET', 'PUT']) AS m, ask(m, '/course-notes/' || :'note', '{"deletedAt":null,"title":"x"}');
SELECT status FROM ask('GET', '/course-notes/' || :'note' || '/tags');
SELECT count(*) FROM rq.course_notes;

-- keys of two attributes, and none
SELECT * FROM ask('POST', '/seats', '{"rowNo":1,"seat":"a,b","taken":"x"}');
SELECT p, a.* FROM unnest(ARRAY['/seats/1,a%2Cb', '/seats/1,a,b', '/seats/1', '/seats/x,y', '/seats/1,c', '/seats/,']) AS p, ask('GET', p) AS a;
SELECT * FROM ask('PUT', '/seats/1,a%2Cb', '{"rowNo":2,"taken":"y"}');
SELECT * FROM ask('DELETE', '/seats/1,a%2Cb');
SELECT * FROM ask('POST', '/logs', '{"line":"l"}');
SELECT * FROM ask('GET', '/logs?line=l');
SELECT status FROM ask('GET', '/logs/l');

-- the version is the engine's
CREATE TABLE rq.drafts (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, line text, version int NOT NULL DEFAULT 0);
SELECT studentdir.define('Draft', '{"line":"TEXT"}', '{"schema":"rq","timestamps":false,"version":true,"expose":"rq"}') IS NOT NULL;
SELECT * FROM ask('POST', '/drafts', '{"line":"a","version":7}');
SELECT * FROM ask('PUT', '/drafts/1', '{"line":"b","version":7}');

-- limits
SET studentdir.max_rows = 2;
SELECT * FROM ask('GET', '/users');
RESET studentdir.max_rows;

-- a table that is not there, a default scope, another name
ALTER TABLE rq.logs RENAME TO log_lines;
SELECT * FROM ask('GET', '/logs');
SELECT count(*) FROM studentdir.routes() WHERE model = 'Log';
ALTER TABLE rq.log_lines ADD id int GENERATED ALWAYS AS IDENTITY;
SELECT studentdir.define('Log', '{"line":"TEXT"}', '{"schema":"rq","timestamps":false,"tableName":"log_lines","name":{"singular":"line","plural":"lines"},"defaultScope":{"where":{"line":{"$ne":"l"}}}}') IS NOT NULL;
SELECT status FROM ask('POST', '/lines', '{"line":"m"}');
SELECT status FROM ask('GET', '/logs');
SELECT * FROM ask('GET', '/lines');
UPDATE studentdir.model SET exposed = false WHERE name = 'Log';
SELECT status FROM ask('GET', '/lines');

-- what a web role needs: nothing but privileges on the tables
CREATE ROLE sd_request_web;
GRANT SELECT, INSERT ON users TO sd_request_web;
GRANT SELECT (id, title) ON posts TO sd_request_web;
SET ROLE sd_request_web;
SELECT status FROM studentdir.request('GET', '/users/1');
SELECT status FROM studentdir.request('POST', '/users', '{"name":"web"}');
SELECT * FROM studentdir.request('PUT', '/users/1', '{"name":"web"}');
SELECT * FROM studentdir.request('GET', '/students');
SELECT * FROM studentdir.request('GET', '/posts/1');
SELECT * FROM studentdir.request('GET', '/posts/1?attributes=id,title');
SELECT count(*) > 0 FROM studentdir.routes();
RESET ROLE;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users TO sd_request_web USING (id < 3) WITH CHECK (id < 3);
SET ROLE sd_request_web;
SELECT status FROM studentdir.request('GET', '/users/1');
SELECT status FROM studentdir.request('GET', '/users/3');
SELECT * FROM studentdir.request('POST', '/users', '{"name":"web"}');
RESET ROLE;

-- a model that comes with the extension stays exposed
SELECT studentdir.expose('Student', 'rq');
SELECT studentdir.unexpose('Student', 'rq');
SELECT status FROM ask('GET', '/students');

-- back as it was
DROP POLICY own ON users;
ALTER TABLE users DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON users, posts FROM sd_request_web;
DROP ROLE sd_request_web;
SELECT studentdir.undefine(m) FROM unnest(ARRAY['NoteTag', 'CourseNote', 'Capital', 'Country', 'Seat', 'Log', 'Tag', 'Draft']) AS m;
DROP SCHEMA rq CASCADE;
DROP FUNCTION ask, fail;
TRUNCATE students, users, posts RESTART IDENTITY;
