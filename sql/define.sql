-- studentdir.define: what a definition becomes, how it works, and what is refused.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

-- the attributes of a model, as it could be defined again
CREATE FUNCTION pg_temp.show(name text) RETURNS TABLE (attribute text, definition text) LANGUAGE sql AS
$$ SELECT key, value::text FROM json_each(studentdir.describe($1) -> 'attributes') $$;
CREATE FUNCTION pg_temp.wrong(attributes text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.err(format('SELECT studentdir.define(%L, %L, %L)', 'Wrong', $1, $2)) $$;
CREATE FUNCTION pg_temp.wrong_option(options text) RETURNS text LANGUAGE sql AS
$$ SELECT pg_temp.wrong('{"a":"TEXT"}', $1) $$;

-- what is implied: the key first, the timestamps last, names in snake case
SELECT json_typeof(studentdir.define('BlogEntry', '{"title":"STRING","pageCount":"INTEGER","isPublic":{"type":"BOOLEAN","allowNull":false,"defaultValue":false}}'));
SELECT * FROM pg_temp.show('BlogEntry');
SELECT key, value FROM json_each(studentdir.describe('BlogEntry') -> 'options');

-- no timestamps; a key of one's own; names as they are
SELECT json_typeof(studentdir.define('Flag', '{"code":{"type":"CHAR(2)","primaryKey":true},"longName":"TEXT"}',
                                     '{"timestamps":false,"underscored":false,"tableName":"Flags of all","schema":"other"}'));
SELECT * FROM pg_temp.show('Flag');
SELECT schema_name, table_name, attributes, associations FROM studentdir.models() WHERE name = 'Flag';

-- all that the engine keeps, under other names; declared attributes stay where they are
SELECT json_typeof(studentdir.define('Kept', '{"made":"DATE","a":"TEXT"}',
                                     '{"createdAt":"made","updatedAt":"changedOn","paranoid":true,"deletedAt":"goneAt","version":"revision"}'));
SELECT * FROM pg_temp.show('Kept');
SELECT json_typeof(studentdir.define('Kept', '{"a":"TEXT"}', '{"createdAt":false,"version":true,"paranoid":true}'));
SELECT * FROM pg_temp.show('Kept');

-- every attribute option
SELECT json_typeof(studentdir.define('Every', '{
  "id":{"type":"BIGINT","primaryKey":true,"autoIncrement":true,"comment":"the key"},
  "email":{"type":"STRING(100)","allowNull":false,"unique":"who","index":true,"field":"E-Mail","validate":{"notNull":{"msg":"needed"},"isEmail":true,"len":[3,100]}},
  "userId":{"type":"INTEGER","references":{"model":"User","key":"id"},"onDelete":"set null","onUpdate":"cascade"},
  "postId":{"type":"INTEGER","references":"Post"},
  "password":{"type":"VIRTUAL","validate":{"len":[8,100]}},
  "token":{"type":"UUID","defaultValue":"UUIDV4"},
  "at":{"type":"DATE(3)","defaultValue":"NOW"},
  "word":{"type":"STRING","defaultValue":"NOW"},
  "none":{"type":"STRING","defaultValue":null}}',
  '{"timestamps":false,"comment":"of all sorts","indexes":[{"fields":["userId",{"attribute":"at","order":"DESC"}],"unique":true,"name":"every_at"}],
    "defaultScope":{"where":{"word":"x"}},"scopes":{"by":{"params":["w"],"where":{"word":{"$param":"w"}}}},
    "validate":{"both":{"where":{"at":{"$ne":null}},"msg":"give both"}}}'));
SELECT * FROM pg_temp.show('Every');
SELECT key, value FROM json_each(studentdir.describe('Every') -> 'options');

-- a description defines the same model again
SELECT studentdir.define('Every', d -> 'attributes', (d -> 'options')::jsonb)::text = d::text AS same
FROM studentdir.describe('Every') d;
BEGIN;
SELECT studentdir.define('Post', d -> 'attributes', (d -> 'options')::jsonb) ->> 'attributes' = d ->> 'attributes' AS same
FROM studentdir.describe('Post') d;
SELECT studentdir.describe('Post') -> 'associations';
ROLLBACK;

-- so does that of a model with messages of its own for unique keys
SELECT json_typeof(studentdir.define('Said', '{
  "a":{"type":"TEXT","unique":{"msg":"a is taken"}},
  "b":{"type":"TEXT","unique":{"name":"said_key","msg":"\"b\" and c are taken"}},
  "c":{"type":"TEXT","unique":"said_key"},
  "d":{"type":"TEXT","unique":{"name":false,"msg":"nothing is"}}}', '{"timestamps":false,"tableName":"said"}'));
SELECT * FROM pg_temp.show('Said');
SELECT studentdir.define('Said', d -> 'attributes', (d -> 'options')::jsonb)::text = d::text AS same
FROM studentdir.describe('Said') d;
SELECT line FROM string_to_table(studentdir.export('{"models":["Said"]}'), E'\n') AS line WHERE line ~ 'taken';
SELECT studentdir.undefine('Said');

-- names that are made: plurals
SELECT n AS name, d -> 'options' -> 'name' ->> 'singular' AS singular, d -> 'options' -> 'name' ->> 'plural' AS plural,
       d -> 'options' ->> 'tableName' AS "table"
FROM unnest('{Person,Child,Category,Status,Series,Datum,Quiz,Box,Address,Key,Hero,Leaf,News,Bus,Analysis,Criterion,SalesPerson,GrandChild,UserData,api_key,Woman,German,Matrix,Movie,Cookie,Cache,House,HTTPServer,Statuses,People,Lens}'::text[]) WITH ORDINALITY u (n, i),
     LATERAL studentdir.define(n, '{}') d
ORDER BY i;
SELECT studentdir.define('Ox', '{}', '{"name":{"plural":"Herd"},"freezeTableName":true}') -> 'options';
SELECT count(studentdir.undefine(name)::text) FROM studentdir.model WHERE NOT options ? 'builtin' AND name <> 'Every';

-- types: what they stand for, in their canonical form
CREATE SCHEMA other;
CREATE TYPE other.mood AS ENUM ('sad', 'happy');
CREATE DOMAIN "Odd Type" AS text;
SELECT t AS declared, d -> 'attributes' -> 'a' ->> 'type' AS type
FROM unnest(ARRAY['STRING', 'STRING(7)', 'CHAR(3)', 'TEXT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'REAL', 'DOUBLE', 'DECIMAL',
                  'DECIMAL(10)', 'DECIMAL ( 10 , 2 )', 'BOOLEAN', 'DATE', 'DATE(0)', 'DATEONLY', 'TIME', 'INTERVAL', 'UUID', 'JSON',
                  'JSONB', 'BLOB', 'ENUM(''a'',''it''''s'')', 'ARRAY(STRING(3))', 'ARRAY(ARRAY(INTEGER))', 'ARRAY(ENUM(''x''))',
                  'RANGE(DATE)', 'INET', 'CIDR', 'MACADDR', 'TSVECTOR', 'VIRTUAL', 'VIRTUAL(STRING)',
                  'point', 'date', 'timestamp(3) with time zone', 'TIMESTAMP WITHOUT TIME ZONE', 'double precision', 'int[]', 'varchar(5)[]',
                  'numeric(4,1)', 'other.mood', 'other.mood[]', '"Odd Type"', 'students']) WITH ORDINALITY u (t, n),
     LATERAL studentdir.define('T' || n, json_build_object('a', t), '{"timestamps":false}') d
ORDER BY n;
SELECT count(studentdir.undefine(name)::text) FROM studentdir.model WHERE name ~ '^T\d';

-- wrong types
SELECT left(t, 80), pg_temp.wrong(json_build_object('a', t)::text)
FROM unnest(ARRAY['', 'STRNG', 'string', 'STRING(', 'STRING()', 'STRING(0)', 'STRING(x)', 'STRING(1,2)', 'STRING(99999999)', 'STRING(999999999)',
                  'INTEGER(11)', 'DECIMAL(2,3)', 'DECIMAL(1,2,3)', 'DECIMAL(2000)', 'DATE(9)', 'ENUM', 'ENUM()', 'ENUM(a)', 'ENUM(''a'',''a'')', 'ENUM(''a''',
                  'ENUM(''a', 'ARRAY', 'ARRAY()', 'ARRAY(VIRTUAL)', 'ARRAY(STRING', 'RANGE(STRING)', 'RANGE', 'STRING x', 'INTEGER; DROP TABLE students',
                  'record', 'anyelement', 'cstring', 'uuid(3)', 'int[', 'nowhere.mood', 'a.b.c', '"', '""', 'serial', 'timestamp(9) with time', repeat('x', 1000)]) t;
SELECT pg_temp.wrong('{"a":' || quote_nullable(NULL) || '}');
SELECT t, pg_temp.wrong(t) FROM unnest(ARRAY['{"a":1}', '{"a":null}', '{"a":[]}', '{"a":{}}', '{"a":{"type":7}}', '[]', '7', '"STRING"', 'null']) t;
SELECT pg_temp.wrong('{"a":"' || repeat('ARRAY(', 2000) || '"}');

-- wrong attributes
SELECT t, pg_temp.wrong(t) FROM unnest(ARRAY[
  '{"a":"TEXT","a":"TEXT"}', '{"email":"TEXT","Email":"TEXT"}', '{"userId":"TEXT","user_id":"TEXT"}',
  '{"a":{"type":"TEXT","field":"b"},"b":"TEXT"}', '{"createdOn":{"type":"DATE","field":"created_at"}}',
  '{"a":{"type":"TEXT","type":"TEXT"}}', '{"a":{"type":"TEXT","validate":{"len":[1,2],"len":[1,3]}}}',
  '{"":"TEXT"}', '{"a.b":"TEXT"}', '{"$a":"TEXT"}', '{"a[0]":"TEXT"}', '{"a\nb":"TEXT"}', '{"a\u0000b":"TEXT"}',
  '{"ctid":"TEXT"}', '{"a":{"type":"TEXT","field":"xmin"}}', '{"a":{"type":"TEXT","field":""}}',
  '{"id":"INTEGER"}', '{"a":{"type":"TEXT","alowNull":false}}', '{"a":{"type":"TEXT","allowNull":"no"}}',
  '{"a":{"type":"TEXT","unique":1}}', '{"a":{"type":"TEXT","primaryKey":1}}', '{"a":{"type":"TEXT","autoIncrement":true}}',
  '{"a":{"type":"INTEGER","primaryKey":true,"autoIncrement":true},"b":{"type":"INTEGER","autoIncrement":true}}',
  '{"a":{"type":"INTEGER","autoIncrement":true,"defaultValue":1}}', '{"a":{"type":"VIRTUAL","primaryKey":true}}', '{"a":{"type":"VIRTUAL","field":"x"}}',
  '{"a":{"type":"INTEGER","references":7}}', '{"a":{"type":"INTEGER","references":{"key":"id"}}}', '{"a":{"type":"INTEGER","references":{"model":"User","ky":"id"}}}',
  '{"a":{"type":"INTEGER","references":"User","onDelete":"EXPLODE"}}', '{"a":{"type":"INTEGER","onDelete":"CASCADE"}}',
  '{"a":{"type":"INTEGER","allowNull":false,"references":"User","onDelete":"SET NULL"}}',
  '{"a":{"type":"TEXT","comment":7}}', '{"a":{"type":"TEXT","validate":true}}', '{"a":{"type":"TEXT","validate":{"isEmial":true}}}',
  '{"a":{"type":"TEXT","validate":{"is":"("}}}', '{"a":{"type":"TEXT","validate":{"notNull":true}}}']) t;
SELECT pg_temp.wrong(json_build_object(repeat('n', 64), 'TEXT')::text);
SELECT pg_temp.wrong(json_build_object('a' || repeat('B', 40), 'TEXT')::text);

-- wrong defaults
SELECT t, pg_temp.wrong(t) FROM unnest(ARRAY[
  '{"a":{"type":"INTEGER","defaultValue":"x"}}', '{"a":{"type":"INTEGER","defaultValue":{}}}', '{"a":{"type":"SMALLINT","defaultValue":70000}}',
  '{"a":{"type":"STRING(3)","defaultValue":"abcd"}}', '{"a":{"type":"DECIMAL(3,1)","defaultValue":1000}}', '{"a":{"type":"DATE","defaultValue":"LATER"}}',
  '{"a":{"type":"BOOLEAN","defaultValue":"perhaps"}}', '{"a":{"type":"ENUM(''x'',''y'')","defaultValue":"z"}}', '{"a":{"type":"ARRAY(ENUM(''x''))","defaultValue":["x","z"]}}',
  '{"a":{"type":"ARRAY(INTEGER)","defaultValue":[1,"x"]}}', '{"a":{"type":"RANGE(INTEGER)","defaultValue":[1]}}', '{"a":{"type":"UUID","defaultValue":"UUIDV1"}}',
  '{"a":{"type":"INTEGER","defaultValue":"NOW"}}', '{"a":{"type":"other.mood","defaultValue":"angry"}}']) t;

-- wrong options
SELECT t, pg_temp.wrong_option(t) FROM unnest(ARRAY[
  '[]', '7', '{"tabelName":"x"}', '{"tableName":7}', '{"tableName":""}', '{"schema":""}', '{"name":"x"}', '{"name":{"one":"x"}}', '{"name":{"plural":"a.b"}}',
  '{"timestamps":1}', '{"createdAt":7}', '{"createdAt":"x","updatedAt":"x"}', '{"paranoid":"yes"}', '{"paranoid":true,"timestamps":false}', '{"version":7}',
  '{"indexes":{}}', '{"indexes":[7]}', '{"indexes":[{}]}', '{"indexes":[{"fields":[]}]}', '{"indexes":[{"fields":["nope"]}]}', '{"indexes":[{"fields":["a"],"uniq":true}]}',
  '{"indexes":[{"fields":["a"],"where":7}]}', '{"indexes":[{"fields":["a"],"where":{}}]}', '{"indexes":[{"fields":["a"],"where":{"a":{"$like":"x%"}}}]}', '{"indexes":[{"fields":["a"],"where":{"nope":1}}]}',
  '{"indexes":[{"fields":["a"],"where":{"$or":[{"a":null},{"a":{"$gt":[1]}}]}}]}',
  '{"indexes":[{"fields":["a"],"where":["nope"]}]}', '{"indexes":[{"fields":["a"],"where":{"$and":"nope"}}]}', '{"indexes":[{"fields":["a"],"where":{"$or":["ABCO",7]}}]}', '{"indexes":[{"fields":["a"],"where":{"$not":true}}]}',
  '{"indexes":[{"fields":[{"attribute":"a","order":"UP"}]}]}', '{"defaultScope":7}', '{"defaultScope":{"params":["x"]}}', '{"scopes":{"s":7}}', '{"scopes":{"s":{"were":{}}}}',
  '{"scopes":{"s":{"where":{"a":{"$param":1}}}}}', '{"scopes":{"s":{"params":["y"],"where":{"$or":[{"a":{"$param":null}}]}}}}', '{"scopes":{"s":{"params":[7]}}}',
  '{"validate":7}', '{"validate":{"v":{}}}', '{"validate":{"v":{"where":7}}}', '{"validate":{"v":{"where":{},"mgs":"x"}}}', '{"comment":7}', '{"expose":7}']) t;
SELECT pg_temp.wrong_option(json_build_object('tableName', repeat('t', 64))::text);

-- wrong names of models
SELECT pg_temp.err(format('SELECT studentdir.define(%L, ''{}'')', n)) FROM unnest(ARRAY['', 'a.b', '$x', 'student', repeat('m', 64)]) n;
-- names of 63 bytes, whose plural would be too long
SELECT length(d ->> 'name'), d -> 'options' -> 'name' ->> 'plural' = d ->> 'name', length(d -> 'options' ->> 'tableName') FROM studentdir.define(repeat('m', 63), json_build_object(repeat('a', 63), 'TEXT')) AS t (d);
SELECT studentdir.undefine(repeat('m', 63)) IS NOT NULL;
SELECT pg_temp.err(format('SELECT studentdir.define(%L, %L)', NULL, '{}'));
SELECT pg_temp.err(format('SELECT studentdir.define(%L, %L)', 'Wrong', NULL));
SELECT pg_temp.err(format('SELECT studentdir.%s(%L)', f, 'Nobody')) FROM unnest(ARRAY['undefine', 'describe']) f;
SELECT pg_temp.err('SELECT studentdir.describe(''user'')');
SELECT count(*) FROM studentdir.model WHERE name = 'Wrong';

-- defined over a table: a VIRTUAL attribute is validated and not kept, defaults are applied
CREATE TABLE accounts (
  id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  "E-Mail" varchar(100),
  token uuid,
  opened timestamptz,
  day date,
  tags text[],
  state text NOT NULL DEFAULT 'column',
  level integer DEFAULT 7
);
SELECT json_typeof(studentdir.define('Account', '{
  "email":{"type":"STRING(100)","field":"E-Mail"},
  "password":{"type":"VIRTUAL","allowNull":false,"validate":{"len":[8,100]}},
  "token":{"type":"UUID","defaultValue":"UUIDV4"}, "opened":{"type":"DATE","defaultValue":"NOW"}, "day":{"type":"DATEONLY","defaultValue":"NOW"},
  "tags":{"type":"ARRAY(TEXT)","defaultValue":["new"]},
  "state":{"type":"TEXT","allowNull":false,"defaultValue":"open"}, "level":"INTEGER"}', '{"timestamps":false}'));
SELECT r - 'token' - 'opened' - 'day' AS record, (r ->> 'token') ~ '^[0-9a-f-]{14}4' AS uuid, abs(extract(epoch FROM now() - (r ->> 'opened')::timestamptz)) < 60 AS opened,
       (r ->> 'opened') ~ '\.\d{3}Z$' AS milliseconds, (r ->> 'day')::date - current_date BETWEEN -1 AND 1 AS day
FROM (SELECT record::jsonb AS r FROM studentdir.create('Account', '{"email":"a@b.co","password":"secret enough"}')) c;
SELECT studentdir.create('Account', '{"password":"short"}');
SELECT studentdir.create('Account', '{}');
SELECT r - 'token' - 'opened' - 'day' FROM (SELECT record::jsonb AS r FROM studentdir.bulk_create('Account',
  '[{"password":"secret enough","tags":null},{"password":"secret enough","state":"shut","level":1,"token":null}]') record) c;
SELECT count(DISTINCT token) FROM accounts;
SELECT studentdir.find_all('Account', '{"where":{"password":"x"}}');
SELECT studentdir.find_all('Account', '{"attributes":["password"]}');
SELECT studentdir.find_all('Account', '{"order":["password"]}');
SELECT studentdir.find_all('Account', '{"attributes":{"exclude":["token","opened","day"]},"where":{"id":1}}');
SELECT studentdir.update('Account', '{"password":"no"}', '{"where":{"id":1}}');
SELECT studentdir.update('Account', '{"password":"secret enough","level":2}', '{"where":{"id":1},"fields":["password","level"]}');

-- defined anew it is another model at once, and after an aborted transaction the old one
BEGIN;
SELECT json_typeof(studentdir.define('Account', '{"email":{"type":"STRING","field":"E-Mail"}}', '{"timestamps":false}'));
SELECT studentdir.find_all('Account', '{"where":{"id":1}}');
ROLLBACK;
SELECT studentdir.count('Account', '{"where":{"state":"open"}}');
BEGIN;
SELECT studentdir.undefine('Account');
SAVEPOINT s;
SELECT studentdir.count('Account');
ROLLBACK TO s;
ROLLBACK;
SELECT studentdir.count('Account');

-- a definition whose table or column is missing
SELECT json_typeof(studentdir.define('Ghost', '{}'));
SELECT studentdir.count('Ghost');
CREATE TABLE ghosts (id integer);
SELECT studentdir.count('Ghost');

-- in a read-only transaction
BEGIN READ ONLY;
SELECT studentdir.define('Ghost', '{}');
ROLLBACK;

-- as the caller, who may write the catalogs or not
CREATE ROLE sd_define_role;
SET ROLE sd_define_role;
SELECT json_typeof(studentdir.define('Mine', '{}'));
SELECT studentdir.undefine('Ghost');
SELECT studentdir.describe('Ghost') -> 'warnings';
RESET ROLE;
GRANT INSERT, UPDATE, DELETE ON studentdir.model, studentdir.association TO sd_define_role;
SET ROLE sd_define_role;
SELECT json_typeof(studentdir.define('Mine', '{}'));
SELECT studentdir.undefine('Mine');
RESET ROLE;
DROP OWNED BY sd_define_role;
DROP ROLE sd_define_role;

-- whatever the search_path
SET search_path = other;
CREATE FUNCTION other.lower(text) RETURNS text LANGUAGE sql AS $$SELECT 'fooled'$$;
SELECT json_typeof(studentdir.define('Path', '{"a":"mood"}'));
SELECT studentdir.describe('Path') #>> '{attributes,a,type}', studentdir.describe('Path') #>> '{options,schema}' <> 'other';
RESET search_path;
SELECT studentdir.describe('Path') #>> '{attributes,a,type}';
-- as it was
SELECT count(studentdir.undefine(name)::text) FROM studentdir.model WHERE NOT options ? 'builtin';
DROP TABLE accounts, ghosts;
DROP DOMAIN "Odd Type";
SET client_min_messages = warning;
DROP SCHEMA other CASCADE;
SELECT name, options FROM studentdir.model ORDER BY name;
SELECT model, alias FROM studentdir.association ORDER BY 1, 2;

-- a model of nothing
SELECT studentdir.define('Empty', '{}', '{"timestamps":false,"primaryKey":false}');

-- names of one letter, and types that are cut for a message between letters
SELECT studentdir.define('s', '{"a":"interval(3)"}', '{"timestamps":false}') #>> '{options,name}';
SELECT * FROM pg_temp.show('s');
SELECT studentdir.undefine('s');
SELECT pg_temp.wrong(format('{"a":"x%s"}', repeat('€', 100)));
SELECT pg_temp.wrong('{"a":"TEXT"}', format('{"indexes":[{"fields":["%s"]}]}', repeat('€', 100)));
SELECT pg_temp.wrong('{"a":"interval(3,4)"}');
-- what the engine keeps has to go into its column, which needs a name
SELECT pg_temp.wrong('{"version":"STRING"}', '{"version":true}');
SELECT pg_temp.wrong('{"createdAt":"INTEGER"}'), pg_temp.wrong('{"updatedAt":"BOOLEAN"}'), pg_temp.wrong('{"deletedAt":"BIGINT"}', '{"paranoid":true}');
BEGIN;
SELECT studentdir.define('Epoch', '{"createdAt":"BIGINT"}', '{"createdAt":false}') -> 'attributes' -> 'createdAt';
ROLLBACK;
SELECT pg_temp.wrong('{"a":"TEXT"}', '{"createdAt":"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOP"}');
-- a validator that asks another model
BEGIN;
SELECT json_typeof(studentdir.define('Owned', '{"userId":"INTEGER"}', '{"timestamps":false,"validate":{"owner":{"where":{"userId":{"$in":{"model":"User","attributes":["id"]}}}}}}'));
SELECT action FROM studentdir.sync() WHERE model = 'Owned';
SELECT count(*) FROM studentdir.create('User', '{"id":77,"name":"x"}');
SELECT studentdir.create('Owned', '{"userId":77}');
SELECT studentdir.create('Owned', '{"userId":78}');
ROLLBACK;
-- which may be defined later: an export is in the order of names
BEGIN;
SELECT json_typeof(studentdir.define('Owned', '{"userId":"INTEGER"}', '{"timestamps":false,"validate":{"owner":{"where":{"userId":{"$in":{"model":"Zebra","attributes":["id"]}}}}}}'));
SELECT json_typeof(studentdir.define('Zebra', '{}', '{"timestamps":false}'));
SELECT studentdir.export('{"models":["Owned","Zebra"]}') AS text \gset
SELECT studentdir.undefine('Owned'), studentdir.undefine('Zebra');
:text
SELECT action FROM studentdir.sync() WHERE model IN ('Owned', 'Zebra');
SELECT studentdir.create('Zebra', '{}'), studentdir.create('Owned', '{"userId":1}');
ROLLBACK;
