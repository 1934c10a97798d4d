-- Values that are compared with the elements of an array that an expression gives: = ANY (attribute), beside SQL.
\pset tuples_only on
\pset format unaligned
SET client_min_messages = warning;
CREATE DOMAIN ac_positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN ac_list AS integer[];
CREATE TABLE ac_rows (id integer PRIMARY KEY, name text, boss_id integer, ints integer[], positives ac_positive[], list ac_list, words text[], patterns text[], spans int4range[], span int4range, wide bigint[], local timestamp[], at timestamptz, docs jsonb[], meta jsonb, code char(3), codes char(3)[], n numeric);
INSERT INTO ac_rows VALUES
  (1, 'a', NULL, '{1,2}', '{1}', '{1,9}', '{a,b}', '{a%}', '{"[1,3)"}', '[1,5)', '{1}', '{2026-01-01}', '2026-01-01Z', '{1,"\"x\""}', '{"k":1}', 'abc', '{abc,xyz}', 1),
  (2, 'b', 1, '{1,NULL}', NULL, '{2}', '{x}', '{%b,c}', NULL, '[3,4)', '{2}', NULL, NULL, NULL, '{"k":"x"}', 'ab', '{ab}', 2.5),
  (3, NULL, 1, NULL, '{3,4}', NULL, NULL, NULL, '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, 'd', 2, '{}', '{}', '{}', '{}', '{}', '{}', 'empty', '{}', NULL, NULL, '{}', '{"k":null}', 'x', '{}', 4);
SELECT studentdir.define('AcRow', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","bossId":{"type":"INTEGER","field":"boss_id"},"ints":"ARRAY(INTEGER)","positives":"ac_positive[]","list":"ac_list","words":"ARRAY(TEXT)","patterns":"ARRAY(TEXT)","spans":"int4range[]","span":"RANGE(INTEGER)","wide":"ARRAY(BIGINT)","local":"timestamp[]","at":"DATE","docs":"jsonb[]","meta":"JSONB","code":"CHAR(3)","codes":"char(3)[]","n":"DECIMAL"}', '{"tableName":"ac_rows","timestamps":false}') IS NOT NULL,
  studentdir.belongs_to('AcRow', 'AcRow', '{"as":"boss","foreignKey":"bossId"}') IS NOT NULL, studentdir.has_many('AcRow', 'AcRow', '{"as":"staff","foreignKey":"bossId"}') IS NOT NULL;
-- the ids that a condition finds in a session's first call and in later ones, or the error; beside those that SQL finds
CREATE FUNCTION pg_temp.ids(condition jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	first text;
	later text;
	options jsonb = jsonb_build_object('where', condition, 'attributes', '["id"]'::jsonb, 'order', '["id"]'::jsonb);
BEGIN
	SELECT string_agg(record->>'id', ' ') INTO first FROM studentdir.find_all('AcRow', options) record;
	FOR i IN 1 .. 2 LOOP
		SELECT string_agg(record->>'id', ' ') INTO later FROM studentdir.find_all('AcRow', options) record;
		ASSERT later IS NOT DISTINCT FROM first;
	END LOOP;
	RETURN coalesce(first, '-');
EXCEPTION WHEN others THEN
	RETURN sqlstate || ' ' || sqlerrm;
END $$;
CREATE FUNCTION pg_temp.by_hand(condition text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	ids text;
BEGIN
	EXECUTE 'SELECT string_agg(id::text, '' '' ORDER BY id) FROM ac_rows t WHERE ' || condition INTO ids;
	RETURN coalesce(ids, '-');
END $$;
SELECT condition, pg_temp.ids(condition), pg_temp.ids(condition) = pg_temp.by_hand(by_hand) FROM (VALUES
  ('{"id":{"$any":{"$col":"ints"}}}'::jsonb, 'id = ANY (ints)'), ('{"id":{"$eq":{"$any":{"$col":"ints"}}}}', 'id = ANY (ints)'),
  ('{"id":{"$all":{"$col":"ints"}}}', 'id = ALL (ints)'), ('{"id":{"$ne":{"$any":{"$col":"ints"}}}}', 'id <> ANY (ints)'),
  ('{"id":{"$in":{"$col":"ints"}}}', 'id = ANY (ints)'), ('{"id":{"$notIn":{"$col":"ints"}}}', 'id <> ALL (ints)'),
  ('{"id":{"$not":{"$any":{"$col":"ints"}}}}', 'NOT id = ANY (ints)'), ('{"$not":{"id":{"$in":{"$col":"ints"}}}}', 'NOT id = ANY (ints)'),
  ('{"id":{"$lt":{"$any":{"$col":"list"}}}}', 'id < ANY (list)'), ('{"id":{"$gte":{"$all":{"$col":"positives"}}}}', 'id >= ALL (positives)'),
  ('{"id":{"$any":{"$values":{"$col":"positives"}}}}', 'id = ANY (positives)'), ('{"n":{"$any":{"$col":"ints"}}}', 'n = ANY (ints)'),
  ('{"id":{"$any":{"$col":"wide"}}}', 'id = ANY (wide)'), ('{"code":{"$any":{"$col":"codes"}}}', 'code = ANY (codes)'),
  ('{"name":{"$in":{"$col":"words"}}}', 'name = ANY (words)'), ('{"name":{"$like":{"$any":{"$col":"patterns"}}}}', 'name LIKE ANY (patterns)'),
  ('{"name":{"$notILike":{"$all":{"$col":"patterns"}}}}', 'name NOT ILIKE ALL (patterns)'), ('{"name":{"$regexp":{"$any":{"$col":"words"}}}}', 'name ~ ANY (words)'),
  ('{"span":{"$overlap":{"$any":{"$col":"spans"}}}}', 'span && ANY (spans)'), ('{"id":{"$contained":{"$col":"span"}}}', 'id <@ span'), ('{"span":{"$contains":{"$col":"id"}}}', 'span @> id'),
  ('{"id":{"$any":{"$col":"boss.ints"}}}', 'id = ANY ((SELECT b.ints FROM ac_rows b WHERE b.id = t.boss_id)::int[])'),
  ('{"id":{"$any":{"$list":"staff.bossId"}}}', 'id = ANY (ARRAY(SELECT s.boss_id FROM ac_rows s WHERE s.boss_id = t.id))'),
  ('{"id":{"$ne":{"$all":{"$list":"staff.bossId"}}}}', 'id <> ALL (ARRAY(SELECT s.boss_id FROM ac_rows s WHERE s.boss_id = t.id))'),
  ('{"$boss.id$":{"$any":{"$col":"ints"}}}', 'EXISTS (SELECT FROM ac_rows b WHERE b.id = t.boss_id AND b.id = ANY (b.ints))'),
  ('{"$expr":[2,"$in",{"$col":"ints"}]}', '2 = ANY (ints)'), ('{"$expr":[2,"$notIn",{"$col":"ints"}]}', '2 <> ALL (ints)'), ('{"$expr":[{"$add":[{"$col":"id"},1]},"$lte",{"$any":{"$col":"ints"}}]}', 'id + 1 <= ANY (ints)'),
  ('{"$expr":[{"$fn":["array_position",{"$col":"ints"},{"$col":"id"}]},"$eq",1]}', 'array_position(ints, id) = 1'),
  ('{"id":{"$any":{"$fn":["nullif",{"$col":"ints"},{"$col":"ints"}]}}}', 'id = ANY (NULL::int[])'),
  -- JSON: null is no value, and there is an order only within a type
  ('{"meta.k":{"$any":{"$col":"docs"}}}', 'meta->''k'' = ANY (docs)'), ('{"meta.k":{"$notIn":{"$col":"docs"}}}', 'nullif(meta->''k'', ''null'') <> ALL (docs)'),
  ('{"meta.k":{"$gt":{"$any":[0,"y"]}}}', 'jsonb_typeof(meta->''k'') = ''number'' AND meta->''k'' > ''0'''), ('{"meta.k":{"$lt":{"$all":["y"]}}}', 'jsonb_typeof(meta->''k'') = ''string'' AND meta->>''k'' < ''y'''),
  ('{"meta":{"$contains":{"$col":"meta"}}}', 'meta @> meta'), ('{"ints":{"$contained":{"$col":"list"}}}', 'ints <@ list::int[]')) AS v(condition, by_hand);
SELECT condition, pg_temp.ids(condition) FROM (VALUES
  ('{"at":{"$any":{"$col":"local"}}}'::jsonb), ('{"id":{"$any":{"$col":"name"}}}'), ('{"id":{"$in":{"$col":"words"}}}'), ('{"id":{"$any":{"$count":"staff"}}}'), ('{"ints":{"$any":{"$col":"ints"}}}'), ('{"id":{"$any":{"$col":"nope"}}}'),
  ('{"meta.k":{"$gt":{"$any":{"$col":"docs"}}}}'), ('{"meta.k":{"$any":{"$col":"ints"}}}'), ('{"id":{"$like":{"$any":{"$col":"patterns"}}}}'), ('{"name":{"$like":{"$any":{"$col":"ints"}}}}'), ('{"name":{"$contained":{"$col":"span"}}}'), ('{"id":{"$any":{"$col":"staff.ints"}}}')) AS v(condition);
SELECT studentdir.count('AcRow', '{"where":{"meta.k":{"$gt":{"$any":{"$param":"list"}}}}}', '{"list":[1]}');
-- whether there are rows that a condition leaves out is asked of the array, too
BEGIN;
SELECT studentdir.destroy('AcRow', '{"where":{"$expr":[5,"$notIn",{"$col":"ints"}]}}');
ROLLBACK;
SELECT studentdir.destroy('AcRow', '{"where":{"$expr":[5,"$notIn",[1,2]]}}');
SELECT studentdir.undefine('AcRow');
DROP TABLE ac_rows;
DROP DOMAIN ac_positive, ac_list;
