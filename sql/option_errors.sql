-- Every error of classes 22 and 42 that an options document causes says where in the document, by its path.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE oe_parents (id int PRIMARY KEY, name text, meta jsonb, at timestamptz);
CREATE TABLE oe_children (id int PRIMARY KEY, n int, tags text[], parent_id int REFERENCES oe_parents);
SELECT studentdir.define('OeParent', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","meta":"JSONB","at":"DATE"}', '{"timestamps":false,"tableName":"oe_parents"}') IS NOT NULL;
SELECT studentdir.define('OeChild', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER","tags":"ARRAY(TEXT)","parentId":"INTEGER"}', '{"timestamps":false,"tableName":"oe_children"}') IS NOT NULL;
SELECT count(studentdir.has_many('OeParent', 'OeChild', '{"as":"Children","foreignKey":"parentId"}')), count(studentdir.belongs_to('OeChild', 'OeParent', '{"as":"Parent","foreignKey":"parentId"}'));
INSERT INTO oe_parents VALUES (1, 'a', '{"x":1}', now());
INSERT INTO oe_children VALUES (1, 1, '{a}', 1);

-- what calls take options
CREATE TEMP TABLE calls (call text);
INSERT INTO calls VALUES ('find_all(''OeParent'', %L)'), ('list(''OeParent'', %L)'), ('find_one(''OeParent'', %L)'), ('count(''OeParent'', %L)'), ('find_and_count_all(''OeParent'', %L)'), ('aggregate(''OeParent'', ''max'', ''id'', %L)'), ('find_by_pk(''OeParent'', 1, %L)'), ('rows(NULL::oe_parents, %L)'),
  ('create(''OeParent'', ''{"id":2}'', %L)'), ('bulk_create(''OeParent'', ''[{"id":2}]'', %L)'), ('upsert(''OeParent'', ''{"id":1}'', %L)'), ('find_or_create(''OeParent'', %L)'), ('update(''OeParent'', ''{"name":"b"}'', %L)'), ('update_by_pk(''OeParent'', 1, ''{"name":"b"}'', %L)'), ('bulk_update(''OeParent'', ''[{"id":1,"name":"b"}]'', %L)'),
  ('increment(''OeChild'', 1, ''{"n":1}'', %L)'), ('destroy(''OeChild'', %L)'), ('destroy_by_pk(''OeChild'', 1, %L)'), ('truncate(''OeChild'', %L)');
-- every option, and one that is none
CREATE TEMP TABLE options (name text);
INSERT INTO options SELECT unnest('{association,model,as,required,recursive,depth,through,scope,paranoid,force,where,attributes,include,distinct,group,having,order,limit,offset,after,before,lock,skipLocked,noWait,fields,ignoreUnknown,validate,returning,defaults,ignoreDuplicates,existing,updateOnDuplicate,conflictAttributes,by,ignoreMissing,all,truncate,cascade,restartIdentity,nope}'::text[]);
-- values of every JSON type, unknown names, and shapes that are nearly right
CREATE TEMP TABLE wrong (value jsonb);
INSERT INTO wrong SELECT v::jsonb FROM unnest(ARRAY['true', '5', '-1', '1.5', '1e30', '"nope"', '""', '{}', '[]', 'null', '[5]', '[null]', '[[]]', '[{}]', '["nope"]', '["id","id"]', '[["id","nope"]]', '[["nope","ASC"]]', '[["id","ASC","nope","x"]]', '[[["id"]]]',
  '{"nope":1}', '{"$nope":1}', '{"id":"x"}', '{"id":{}}', '{"id":{"$nope":1}}', '{"id":{"$gt":"x"}}', '{"id":{"$gt":[1]}}', '{"id":{"$between":[1]}}', '{"id":{"$between":5}}', '{"id":{"$in":5}}', '{"id":{"$in":["x"]}}', '{"id":{"$any":5}}', '{"id":{"$like":{"$any":5}}}', '{"name":{"$regexp":"("}}', '{"name":{"$notIRegexp":"["}}', '{"name":{"$like":"a\\"}}', '{"$or":[{"name":{"$notILike":"\\"}}]}', '{"name":{"$regexp":5}}', '{"name":{"$contains":5}}', '{"name":{"$overlap":[1]}}', '{"name":{"$match":5}}', '{"at":"yesterday noon"}', '{"at":{"$gt":"2026-02-30"}}', '{"at":{"$lt":"300000-01-01"}}', '{"meta":{"$jsonPath":"$["}}', '{"meta.x.":1}', '{"meta.x::integer":1}', '{"meta.x":{"$gt":[]}}',
  '{"$and":5}', '{"$or":"x"}', '{"$not":5}', '{"$and":[{"nope":1}]}', '{"$or":[{"$and":[{"$not":{"nope":1}}]}]}', '{"$or":{"id":{"$or":[{"$gt":"x"}]}}}', '{"$nope.id$":1}', '{"$Children.nope$":1}', '{"$Children.id$":"x"}', '{"$Children.tags$":5}', '{"$exists":5}', '{"Children":1}',
  '{"$expr":5}', '{"$expr":{"$gt":1}}', '{"$expr":{"$gt":[{"$col":"nope"},1]}}', '{"$expr":{"$gt":[{"$col":"id"},{"$value":"x"}]}}', '{"$expr":{"$gt":[{"$fn":["nope"]},1]}}', '{"$expr":{"$gt":[{"$fn":["lower",{"$col":"id"}]},"x"]}}', '{"$expr":{"$gt":[{"$cast":[{"$col":"name"},"nope"]},1]}}', '{"$expr":{"$eq":[{"$add":[{"$col":"name"},1]},1]}}', '{"id":{"$gt":{"$col":"name"}}}', '{"id":{"$eq":{"$fn":"lower"}}}', '{"id":{"$eq":{"$param":"nope"}}}', '{"id":{"$eq":{"$param":5}}}', '{"id":{"$eq":{"$literal":"1"}}}',
  '[{"$fn":["nope"]}]', '[[{"$fn":["count"]},"n"]]', '[[{"$fn":["lower",{"$col":"id"}]},"n"]]', '[[{"$fn":["lower",{"$col":"nope"}]},"n"]]', '[[{"$col":"Children.nope"},"n"]]', '[[{"$cast":[{"$col":"id"},"nope"]},"n"]]', '[["meta.x.","n"]]', '["meta.x"]', '[["id",5]]', '{"include":5}', '{"exclude":5}', '{"exclude":["nope"]}', '{"include":["nope"]}', '{"include":[["id"]]}', '{"nope":["id"]}', '[["Children","nope","ASC"]]', '[["nope","id","ASC"]]',
  '"Children"', '{"association":"nope"}', '{"association":5}', '{"association":"Children","nope":1}', '{"association":"Children","where":{"nope":1}}', '{"association":"Children","attributes":["nope"]}', '{"association":"Children","order":["nope"]}', '{"association":"Children","limit":"x"}', '{"association":"Children","through":{"where":{"x":1}}}', '{"association":"Children","include":{"association":"Parent","where":{"$or":[{"nope":1}]}}}', '[{"association":"Children"},{"association":"Children"}]', '{"all":5}', '{"level":"nope"}', '{"level":"UPDATE","of":["nope"]}', '{"level":"UPDATE","of":5}', '{"$param":"nope"}', '{"$value":5}', '{"$col":"id"}']) AS v;
-- an error of class 22 or 42 whose message and DETAIL do not say the option's path
CREATE FUNCTION pg_temp.without_path(call text, option text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  detail text;
BEGIN
  BEGIN
    EXECUTE call;
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
  EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    IF SQLSTATE ~ '^(XX|42601|57014)' OR
      SQLSTATE ~ '^(22|42)' AND NOT concat(SQLERRM, E'\n', detail) ~ ('(^|\W)' || option || '(\W|$)') AND
      -- what concerns the document as a whole, or begins with the path of another member
      NOT SQLERRM ~ '^(update|destroy) without a condition would affect every row|^(include|scope)(\[\d+\])?: (there is no such option here|an aggregate would make one record of those of all parents)' THEN
      RETURN concat_ws(' ', SQLSTATE, SQLERRM, detail);
    END IF;
    RETURN NULL;
  END;
END $$;
CREATE FUNCTION pg_temp.try(form text, which text DEFAULT '') RETURNS SETOF text LANGUAGE sql AS $$
  SELECT DISTINCT ON (name, problem) concat_ws(' | ', call, document, problem)
    FROM options, wrong, calls,
         LATERAL (SELECT (CASE WHEN call ~ '^(update|destroy|find_or_create)\(' THEN '{"where":{"id":1}}' ELSE '{}' END)::jsonb || replace(replace(form, '@option', to_json(name)::text), '@value', value::text)::jsonb AS document OFFSET 0) AS d,
         LATERAL (SELECT pg_temp.without_path('SELECT studentdir.' || format(call, document), name) AS problem OFFSET 0) AS e
   WHERE call ~ which AND problem IS NOT NULL ORDER BY name, problem, call, document
$$;

-- in the call, in an include, in a scope that is written out; nothing is left
SELECT pg_temp.try('{@option:@value}');
SELECT pg_temp.try('{"include":{"association":"Children",@option:@value}}', '^(find_all|count|create|update)\(');
SELECT pg_temp.try('{"scope":[{@option:@value}]}', '^(find_all|count|create|update)\(');
-- some of them in words
SELECT pg_temp.err(format('SELECT studentdir.find_all(''OeParent'', %L)', o)) FROM (VALUES ('{"where":{"name":{"$regexp":"("}}}'), ('{"where":{"name":{"$like":"a\\"}}}'), ('{"include":{"association":"Parent"}}'), ('{"scope":[{"where":{"$or":[{"nope":1}]}}]}')) AS t (o);
SELECT pg_temp.err('SELECT studentdir.find_all(''OeParent'', ''{"where":{"name":{"$regexp":{"$param":"p"}}}}'', ''{"p":"("}'')'), pg_temp.err('SELECT studentdir.find_all(''OeParent'', ''{"where":{"name":{"$like":{"$param":"p"}}}}'', ''{"p":"\\"}'')');
SELECT pg_temp.err(format('SELECT studentdir.find_all(''OeParent'', %L)', '{"where":{"id":{"$any":' || repeat('{"$values":', 3000) || '[]' || repeat('}', 3000) || '}}}'));
SELECT count(*) FROM studentdir.find_all('OeParent', '{"where":{"name":{"$like":"a\\\\"}}}');
-- a number of rows is count(*), also written without an argument
SELECT r FROM studentdir.find_all('OeParent', '{"attributes":[[{"$fn":["count"]},"n"]]}') AS f (r);

SELECT studentdir.undefine('OeChild'), studentdir.undefine('OeParent');
DROP TABLE oe_children, oe_parents;
