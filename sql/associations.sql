-- has_many, has_one, belongs_to, belongs_to_many: names that are made, foreign keys that are added, what is refused.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE FUNCTION pg_temp.wrong(kind text, source text, target text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.err(format('SELECT studentdir.%s(%L, %L, %L)', kind, source, target, options)) $$;
CREATE FUNCTION pg_temp.attributes(name text) RETURNS text[] LANGUAGE sql AS
$$ SELECT attributes FROM studentdir.models() WHERE name = $1 $$;

SELECT count(studentdir.define(n, '{"name":"STRING"}', '{"timestamps":false}')::text)
FROM unnest('{Author,BlogPost,Profile,Label,Labelling,Person}'::text[]) n;

-- aliases and foreign keys as Sequelize makes them; a foreign key that is missing is added to its holder
SELECT studentdir.has_many('Author', 'BlogPost');
SELECT studentdir.belongs_to('BlogPost', 'Author');
SELECT studentdir.has_one('Author', 'Profile', '{"onDelete":"CASCADE","foreignKey":{"name":"ownerId","allowNull":false}}');
SELECT studentdir.belongs_to('Profile', 'Author', '{"as":"owner"}');
SELECT studentdir.belongs_to('BlogPost', 'Person', '{"as":"reviewer","constraints":false}');
SELECT studentdir.belongs_to_many('BlogPost', 'Label', '{"through":"Labelling"}');
SELECT studentdir.belongs_to_many('Label', 'BlogPost', '{"through":"Labelling","as":"articles","scope":{"name":"x"}}');
SELECT studentdir.belongs_to_many('Person', 'Person', '{"through":"Labelling","as":"friends"}');
SELECT name, attributes, associations FROM studentdir.models() WHERE associations <> '{}' OR name = 'Labelling';
SELECT key, value FROM json_each(studentdir.describe('BlogPost') -> 'attributes') WHERE key LIKE '%Id';
SELECT key, value FROM json_each(studentdir.describe('Profile') -> 'attributes') WHERE key LIKE '%Id';
SELECT key, value FROM json_each(studentdir.describe('Labelling') -> 'attributes') WHERE key LIKE '%Id';

-- an attribute that is there already is the foreign key, with a small first letter too
SELECT json_typeof(studentdir.define('Note', '{"authorId":"INTEGER","titleKey":"TEXT","unkept":"VIRTUAL"}', '{"timestamps":false,"underscored":false}'));
SELECT studentdir.has_many('Author', 'Note');
SELECT studentdir.belongs_to('Note', 'BlogPost', '{"foreignKey":"titleKey","targetKey":"name"}');
SELECT studentdir.belongs_to('Note', 'Label');
SELECT json_extract_path(studentdir.describe('Note') -> 'attributes', 'LabelId');

-- what describe warns of: a side that nobody defined, from either side
SELECT w FROM json_array_elements_text(studentdir.describe('Note') -> 'warnings') w;
SET client_min_messages = error;
SELECT w FROM json_array_elements_text(studentdir.describe('Author') -> 'warnings') w;
SELECT w FROM json_array_elements_text(studentdir.describe('BlogPost') -> 'warnings') w;
SELECT w FROM json_array_elements_text(studentdir.describe('Label') -> 'warnings') w;
RESET client_min_messages;

-- a description has the options of the call, which defines the same again
CREATE FUNCTION pg_temp.again(a json, OUT result text) LANGUAGE plpgsql AS
$$ BEGIN EXECUTE format('SELECT studentdir.%s(%L, %L, %L)', a ->> 'kind', a ->> 'source', a ->> 'target', a::jsonb - '{kind,source,target}'::text[]) INTO result; END $$;
BEGIN;
SELECT 'defined' FROM studentdir.belongs_to('Note', 'Person', '{"as":"reader","foreignKey":{"name":"readerId","allowNull":true}}');
SET LOCAL client_min_messages = error;
SELECT a ->> 'source' AS source, a ->> 'as' AS alias, a -> 'foreignKey' AS "foreignKey", pg_temp.again(a) = a::text AS same
FROM unnest('{Author,BlogPost,Note,Label,Person}'::text[]) AS m, json_array_elements(studentdir.describe(m) -> 'associations') AS a ORDER BY 1, 2;
ROLLBACK;

-- the same alias again is another definition of it
SELECT studentdir.belongs_to('Note', 'Label', '{"foreignKey":"authorId","onUpdate":"restrict"}');
SELECT count(*) FROM studentdir.association WHERE model = 'Note' AND alias = 'Label';

-- keys of several attributes
SELECT json_typeof(studentdir.define('Seat', '{"row":{"type":"SMALLINT","primaryKey":true},"number":{"type":"SMALLINT","primaryKey":true}}', '{"timestamps":false}'));
SELECT json_typeof(studentdir.define('Ticket', '{"seatRow":"SMALLINT"}', '{"timestamps":false}'));
SELECT studentdir.belongs_to('Ticket', 'Seat');
SELECT studentdir.has_many('Seat', 'Ticket', '{"foreignKey":["seatRow","SeatNumber"]}');
SELECT pg_temp.attributes('Ticket');
CREATE TABLE seats (row smallint, number smallint, PRIMARY KEY (row, number));
CREATE TABLE tickets (id integer PRIMARY KEY, seat_row smallint, seat_number smallint);
SELECT studentdir.find_all('Seat', '{"include":"Tickets"}');
SELECT studentdir.find_by_pk('Seat', '{"row":1,"number":2}'::jsonb);

-- defining a model anew keeps its associations, and their foreign keys
SELECT json_typeof(studentdir.define('BlogPost', '{"name":"TEXT","heading":"TEXT"}', '{"timestamps":false}'));
SELECT attributes, associations FROM studentdir.models() WHERE name = 'BlogPost';
SELECT json_typeof(studentdir.define('Labelling', '{"BlogPostId":{"type":"BIGINT"}}', '{"timestamps":false}'));
SELECT pg_temp.attributes('Labelling');
SELECT pg_temp.err($$SELECT studentdir.define('BlogPost', '{"heading":"TEXT"}')$$);
SELECT pg_temp.err($$SELECT studentdir.define('BlogPost', '{"name":"TEXT","reviewer":"TEXT"}')$$);
SELECT pg_temp.err($$SELECT studentdir.define('BlogPost', '{"name":"TEXT","author":{"type":"TEXT","field":"author_id"}}')$$);

-- they work
CREATE TABLE authors (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name varchar(255));
CREATE TABLE blog_posts (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text, heading text, author_id integer, reviewer_id integer);
CREATE TABLE profiles (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text, owner_id integer NOT NULL);
SELECT studentdir.create('Author', '{"name":"Ann"}');
SELECT studentdir.create('BlogPost', '{"name":"b","AuthorId":1}');
SELECT studentdir.create('Profile', '{"name":"p"}');
SELECT studentdir.create('Profile', '{"name":"p","ownerId":1}');
SELECT studentdir.find_all('Author', '{"include":["BlogPosts","Profile"]}');
SELECT studentdir.find_all('Profile', '{"include":"owner"}');
CREATE TABLE labels (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text);
CREATE TABLE labellings (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, blog_post_id integer, label_id integer, person_id integer, friend_id integer);
SELECT studentdir.bulk_create('Label', '[{"name":"x"},{"name":"y"}]');
SELECT studentdir.create('Labelling', '{"BlogPostId":1,"LabelId":2}');
SELECT studentdir.find_all('BlogPost', '{"include":"Labels"}');
SELECT studentdir.count('BlogPost', '{"where":{"$Labels.name$":"y"}}'), studentdir.count('BlogPost', '{"where":{"$Labels.name$":"x"}}');
SELECT studentdir.find_all('BlogPost', '{"include":"Notes"}');
SELECT studentdir.find_all('Author', '{"include":"Labelling"}');

-- wrong calls
SELECT pg_temp.wrong('has_many', s, t) FROM (VALUES ('Nobody', 'Author'), ('Author', 'Nobody'), ('author', 'BlogPost')) v (s, t);
SELECT pg_temp.wrong('has_many', NULL, 'Author'), pg_temp.wrong('belongs_to', 'Author', NULL);
SELECT o, pg_temp.wrong('has_many', 'Author', 'Note', o) FROM unnest(ARRAY['[]', '{"sa":"x"}', '{"as":7}', '{"as":"a.b"}', '{"as":"name"}', '{"foreignKey":7}', '{"foreignKey":[]}',
  '{"foreignKey":["a","b"]}', '{"foreignKey":{"nme":"x"}}', '{"foreignKey":"AUTHORID"}', '{"foreignKey":"unkept"}', '{"sourceKey":"nope"}', '{"targetKey":"id"}', '{"through":"Labelling"}', '{"onDelete":"EXPLODE"}', '{"constraints":"no"}', '{"scope":7}']) o;
SELECT o, pg_temp.wrong('belongs_to', 'Note', 'Author', o) FROM unnest(ARRAY['{"sourceKey":"id"}', '{"targetKey":"nope"}', '{"as":"titleKey"}']) o;
SELECT o, pg_temp.wrong('belongs_to_many', 'Author', 'Label', o) FROM unnest(ARRAY['{}', '{"through":7}', '{"through":"Nothing"}', '{"through":"Labelling","otherKey":["a","b"]}']) o;
SELECT pg_temp.wrong('belongs_to_many', 'Label', 'Label', '{"through":"Labelling"}');
SELECT pg_temp.wrong('has_one', 'Author', 'Note', json_build_object('as', repeat('x', 64))::text);
SELECT pg_temp.wrong('has_one', 'Author', 'Note', json_build_object('as', 'A' || repeat('X', 40))::text);
SELECT json_typeof(studentdir.define('Keyless', '{"a":{"type":"TEXT","primaryKey":true}}', '{"timestamps":false}'));
UPDATE studentdir.model SET attributes = '[{"name":"a","type":"TEXT","field":"a"}]' WHERE name = 'Keyless';
SELECT pg_temp.wrong('has_many', 'Keyless', 'Note');

-- undefine takes the associations with it that have to do with the model
SELECT studentdir.undefine('Author');
SELECT model, alias, target FROM studentdir.association WHERE 'Author' IN (model, target);
SELECT studentdir.undefine('Labelling');
SELECT model, alias, target FROM studentdir.association WHERE through = 'Labelling';
BEGIN READ ONLY;
SELECT studentdir.has_many('Note', 'Note');
ROLLBACK;

-- a foreign key whose name would be too long; one key for both sides
BEGIN;
SELECT json_typeof(studentdir.define(repeat('x', 63), '{}', '{"timestamps":false,"tableName":"x"}'));
SAVEPOINT a;
SELECT studentdir.has_many(repeat('x', 63), 'Note');
ROLLBACK TO a;
SELECT studentdir.belongs_to_many('Note', repeat('x', 63), '{"through":"Both"}');
ROLLBACK TO a;
SELECT studentdir.belongs_to_many('Note', 'Note', '{"as":"Notes","through":"Both"}');
ROLLBACK TO a;
SELECT studentdir.belongs_to_many('Note', 'Note', '{"as":"Likes","through":"Both","foreignKey":"a","otherKey":"a"}');
ROLLBACK;

-- a table that exists and lacks the column of a foreign key that was added
BEGIN;
CREATE TABLE desks (id int PRIMARY KEY, post_id int);
SELECT count(studentdir.define('Desk', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}')::text);
SELECT studentdir.has_many('User', 'Desk') IS NOT NULL;
SELECT studentdir.has_many('Post', 'Desk') IS NOT NULL;
ROLLBACK;

-- as it was
SELECT count(studentdir.undefine(name)::text) FROM studentdir.model WHERE NOT options ? 'builtin';
DROP TABLE seats, tickets, authors, blog_posts, profiles, labels, labellings;
SELECT model, alias FROM studentdir.association ORDER BY 1, 2;
