-- studentdir.generate: a model with the migration that makes its table.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set database :DBNAME
CREATE DATABASE sd_generate;
\c sd_generate
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
\set ECHO none
\i :common
\set ECHO all

-- as the module has it
SELECT regexp_replace(studentdir.generate('Course', 'title:string,credits:integer'), '^\d{14}', 'YYYYMMDDHHMMSS');
SELECT up FROM studentdir.migration m WHERE name LIKE '%-create-course';
SELECT down FROM studentdir.migration m WHERE name LIKE '%-create-course';

-- the model is there at once, its table is not
SELECT studentdir.describe('Course') -> 'attributes';
SELECT pg_temp.err($$ SELECT studentdir.find_all('Course') $$);
SELECT action FROM studentdir.migrate();
SELECT record ->> 'title' FROM course_create('{"title":"Databases","credits":5}');
SELECT * FROM studentdir.diff();

-- undone, nothing is left; done again, everything is there
SELECT action FROM studentdir.migrate_undo();
SELECT to_regclass('courses'), to_regproc('course_create'), count(*) FROM studentdir.model WHERE name = 'Course';
SELECT action FROM studentdir.migrate();
SELECT action FROM studentdir.migrate_redo();
SELECT courses_count();

-- a model that was developed before the migration was applied stays as it is
SELECT action FROM studentdir.migrate_undo();
SELECT studentdir.define('Course', '{"title":{"type":"STRING","validate":{"len":[3,40]}},"credits":"INTEGER"}') IS NOT NULL;
SELECT action FROM studentdir.migrate();
SELECT studentdir.describe('Course') -> 'attributes' -> 'title' ->> 'validate';
SELECT * FROM studentdir.diff();

-- all that the list can say
SELECT studentdir.generate('BlogEntry', E'title:string(100):unique:notNull slug:char(8):index,\n kind:enum:{draft,it''s, "x y"} levels:array:enum:''{a,b}'', tags:array:string, matrix:array:array:integer, at:date body:TEXT price:decimal(10, 2) authorId:integer:references(User) userId:bigint:references courseId:integer:references ok:boolean',
  '{"comment":"entries","paranoid":true}') ~ '^\d{14}-create-blog-entry$';
SELECT up FROM studentdir.migration m WHERE name LIKE '%-create-blog-entry';
SELECT down FROM studentdir.migration m WHERE name LIKE '%-create-blog-entry';
SELECT pg_temp.err($$ SELECT action FROM studentdir.migrate() $$);
SELECT studentdir.generate('Plain', '') ~ '-create-plain$';
SELECT studentdir.generate('Nulls', NULL) ~ '-create-nulls$';
SELECT studentdir.describe('Plain') -> 'attributes';

-- every type
SELECT studentdir.generate('Every', string_agg(t || '_1:' || t, ','), '{"timestamps":false}') ~ '-create-every$'
FROM unnest('{string,char,text,smallint,integer,bigint,float,real,double,decimal,boolean,date,dateonly,time,interval,uuid,json,jsonb,blob,inet,cidr,macaddr,tsvector}'::text[]) t;
-- json is a word of SQL from 17 on, and stands without its schema
SELECT replace(up, 'pg_catalog.json,', 'json,') FROM studentdir.migration WHERE name LIKE '%-create-every';

-- wrong ones
SELECT t, pg_temp.err(format('SELECT studentdir.generate(%L, %L)', 'Wrong', t)) FROM unnest(ARRAY[
  'title', 'title:', ':string', 'title:strin', 'title:number', 'title:string(', 'title:string(0)', 'title:string:uniqe', 'title:string:', 'title:string)',
  'a:enum', 'a:enum:', 'a:enum:x', 'a:enum:{x', 'a:enum:{}', 'a:enum:{x,}', 'a:enum:''{x}', 'a:array', 'a:array:', 'a:array:thing',
  'ä:string,b:strinng', 'a:string,a:text', 'id:string', 'user_id:integer,userId:integer', 'a:integer:references', 'nobodyId:integer:references', 'a:integer:references(Nobody)', 'a$b:string', 'a:string;DROP TABLE students']) t;
SELECT pg_temp.err($$ SELECT studentdir.generate('Student', 'a:string') $$);
SELECT pg_temp.err($$ SELECT studentdir.generate('student', 'a:string') $$);
SELECT pg_temp.err($$ SELECT studentdir.generate('Series', 'a:string') $$);
SELECT pg_temp.err($$ SELECT studentdir.generate('', 'a:string') $$);
SELECT pg_temp.err($$ SELECT studentdir.generate(NULL, 'a:string') $$);
SELECT pg_temp.err($$ SELECT studentdir.generate('Wrong', 'a:string', '{"tableName":"students"}') $$);
SELECT pg_temp.err($$ SELECT studentdir.generate('Wrong', 'a:string', '{"tablName":"x"}') $$);
SELECT count(*) FROM studentdir.model WHERE name = 'Wrong';
-- what cannot be in the name of a migration
BEGIN;
SELECT studentdir.generate('It''s So', 'a:string') LIKE '%-create-it-s-so';
ROLLBACK;


\c :database
DROP DATABASE sd_generate;
