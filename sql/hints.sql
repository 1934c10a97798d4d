-- Hints know what people mean.
\pset tuples_only on
\pset format unaligned
CREATE FUNCTION pg_temp.hint(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	EXECUTE call;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN sqlerrm || ' / ' || regexp_replace(hint, '(The options here are|Operators begin with \$).*', '\1 …');
END $$;
CREATE FUNCTION pg_temp.operator(k text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.hint(format('SELECT students_count(%L)', jsonb_build_object('where', jsonb_build_object('name', jsonb_build_object(k, 1)))))
$$;
CREATE FUNCTION pg_temp.option(k text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.hint(format('SELECT students_list(%L)', jsonb_build_object(k, 1)))
$$;
-- operators: case, no dollar sign, the words of others, slips
SELECT k, pg_temp.operator(k) FROM unnest(ARRAY['$ilike', '$ILIKE', '$notin', '$NotIn', '$startswith', 'gt', 'iLike', 'in', 'IN', '$nin', 'nin', '$neq', '!=', '<>', '>=', 'equals', '$regex', 'contains', 'has', '$search', '$nor',
  '$lkie', '$betwen', '$gtt', '$le', '$xor', '$$', 'x', '$elemMatch', '$literal']) AS k;
-- options
SELECT k, pg_temp.option(k) FROM unnest(ARRAY['select', 'columns', 'fields', 'skip', 'take', 'sort', 'orderBy', 'order_by', 'filter', 'populate', 'with', 'groupBy', 'Where', 'LIMIT', 'atributes', 'includes', 'withDeleted', 'transaction', 'raw', 'nest', 'plain', 'type', 'logging', 'benchmark', 'hooks', 'individualHooks', 'sideEffects', 'subquery', 'replacements', 'bind', 'name']) AS k;
SELECT k, pg_temp.hint(format('SELECT students_count(%L)', jsonb_build_object('where', jsonb_build_object(k, '[]'::jsonb)))) FROM unnest(ARRAY['or', 'AND', 'Not', 'nope', 'nmae', 'Name', 'created_at', 'x']) AS k;
-- data and options turned round: never "say all"
SELECT c, pg_temp.hint('SELECT ' || c) FROM (VALUES
  ($$students_update('{"where":{"id":1}}')$$), ($$students_update('{"where":{"id":1}}', '{"name":"x"}')$$), ($$students_update('{"name":"x"}', '{"name":"x"}')$$),
  ($$studentdir.update_returning('Student', '{"where":{}}')$$), ($$student_create('{"fields":["name"]}', '{"name":"x"}')$$), ($$student_create('{"include":"Posts"}')$$), ($$students_bulk_create('{"validate":false}', '[{"name":"x"}]')$$),
  ($$student_upsert('{"fields":["name"]}')$$), ($$students_destroy('{"id":1}')$$)) AS t (c);
-- documents that were encoded twice, and empty maps that became arrays
SELECT c, pg_temp.hint('SELECT ' || c) FROM (VALUES
  ($$students_list('"{\"where\":{}}"')$$), ($$students_list('[]')$$), ($$students_list('[1]')$$), ($$students_list('"x"')$$), ($$students_list('{"where":"{\"id\":1}"}')$$), ($$students_list('{"where":["{}"]}')$$),
  ($$student_create('"{\"name\":\"x\"}"')$$), ($$student_create('[]')$$), ($$students_update('[]','{"where":{"id":1}}')$$), ($$students_bulk_create('["{}"]')$$), ($$studentdir.find_or_create('Student','[]')$$)) AS t (c);
-- an attribute that is called as an operator or an option
CREATE TABLE word (id int PRIMARY KEY, "or" int, "where" text);
SELECT studentdir.define('Word', '{"id":{"type":"INTEGER","primaryKey":true},"or":"INTEGER","where":"TEXT"}', '{"tableName":"word","timestamps":false}') IS NOT NULL;
SELECT studentdir.create('Word', '{"id":1,"or":2,"where":"x"}'), studentdir.update('Word', '{"where":"y"}', '{"where":{"or":2,"where":"x"}}');
SELECT studentdir.undefine('Word');
DROP TABLE word;
-- a table's name for the model's, and in references
SELECT k, pg_temp.hint(format('SELECT studentdir.list(%L)', k)) FROM unnest(ARRAY['students', 'public.users', 'POSTS', 'post', 'elephants']) AS k;
SELECT studentdir.define('Note', '{"id":{"type":"INTEGER","primaryKey":true},"userId":{"type":"INTEGER","references":{"model":"users"}}}', '{"timestamps":false}') IS NOT NULL;
SELECT pg_temp.hint($$SELECT studentdir.create_table_sql('Note')$$);
SELECT studentdir.undefine('Note');
-- definitions in the words of others
SELECT d, pg_temp.hint(format('SELECT studentdir.define(%L, %L, %L)', 'Note', a, o)) FROM (VALUES ('{"type":"TEXT","required":true}', '{}'), ('{"type":"TEXT","column":"b"}', '{}'),
  ('{"type":"TEXT","default":"x"}', '{}'), ('{"type":"DATETIME"}', '{}'), ('"TEXT"', '{"table":"x"}')) AS t (d, o), LATERAL (SELECT format('{"a":%s}', d)) AS u (a);
SELECT pg_temp.hint($$SELECT studentdir.belongs_to_many('Student', 'Post')$$);
-- an association where an attribute is meant, an expression where an operator is, an expression without its key
SELECT c, pg_temp.hint('SELECT ' || c) FROM (VALUES
  ($$users_list('{"attributes":["Posts"]}')$$), ($$posts_list('{"attributes":["User"]}')$$), ($$posts_list('{"where":{"User":{"name":"x"}}}')$$), ($$users_list('{"order":["Posts"]}')$$), ($$users_list('{"where":{"$count":"Posts"}}')$$), ($$users_list('{"where":{"id":{"$lower":"x"}}}')$$),
  ($$users_list('{"attributes":[{"$count":"Posts"}]}')$$), ($$users_list('{"attributes":[[{"$over":["rank"]},"x"]]}')$$), ($$users_list('{"where":{"id":{"$in":{"attributes":["id"]}}}}')$$)) AS t (c);
-- names in the JSON of a hint are escaped
CREATE SCHEMA "q""s";
CREATE TABLE "q""s".quoted (id int PRIMARY KEY);
SET client_min_messages = error;
SELECT studentdir.define('Quoted', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"quoted","timestamps":false}') IS NOT NULL,
  studentdir.define(m, '{"id":{"type":"INTEGER","primaryKey":true}}', '{"schema":"q\"s","tableName":"quoted","timestamps":false}') IS NOT NULL FROM unnest(ARRAY['Back\slash', 'Also']) AS m;
SELECT studentdir.has_many('User', 'Post', '{"as":"a\\b","foreignKey":"userId"}') IS NOT NULL;
RESET client_min_messages;
SELECT c, pg_temp.hint('SELECT ' || c) FROM (VALUES ($$studentdir.list('Quoted')$$), ($$studentdir.rows(NULL::"q""s".quoted)$$), ($$users_list('{"attributes":["a\\b"]}')$$), ($$users_list('{"order":["a\\b.title"]}')$$),
  ($$users_list('{"where":{"a\\b.title":1}}')$$), ($$studentdir.belongs_to_many('Back\slash','User')$$)) AS t (c);
DELETE FROM studentdir.association WHERE alias = 'a\b';
SELECT studentdir.undefine(m) FROM unnest(ARRAY['Quoted', 'Back\slash', 'Also']) AS m;
DROP SCHEMA "q""s" CASCADE;
