-- paths in JSON attributes in update.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE docs (id integer PRIMARY KEY, meta jsonb, raw json, "odd.name" jsonb, name text, stamp timestamptz);
SELECT pg_temp.define('Doc', 'docs', '*id:INTEGER meta:JSONB raw:JSON odd.name:JSONB name:TEXT stamp:DATE');
CREATE FUNCTION pg_temp.upd(data text, options text DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS
  $$ SELECT (record::jsonb)->'meta' FROM studentdir.update_by_pk('Doc', 1, data::jsonb, options::jsonb) $$;
CREATE FUNCTION pg_temp.uerr(data text, options text DEFAULT '{}') RETURNS text LANGUAGE sql AS
  $$ SELECT pg_temp.err(format('SELECT studentdir.update_by_pk(''Doc'', 1, %L, %L)', data, options)) $$;
INSERT INTO docs (id, meta, raw) VALUES (1, '{"a":{"b":1,"c":[1,{"x":2}]},"s":"t","n":null,"2024":{}}', '{"k":1}'), (2, NULL, NULL), (3, '[]', 'null');

-- what is there is kept, what is missing is made
SELECT pg_temp.upd('{"meta.a.b":2}');
SELECT pg_temp.upd('{"meta.a.new.deep":[1,2]}'), pg_temp.upd('{"meta.n.x":true}'), pg_temp.upd('{"meta.a.b":null}');
SELECT pg_temp.upd('{"meta.a.c[1].x":3,"meta.a.c[2]":"added","meta.list[0].name":"first","meta.2024.1":"keys"}');
-- an index of what is there, a key of what looks like one
SELECT pg_temp.upd('{"meta.a.c.0":"zero","meta.2024[1]":"key"}');
-- keys that are no syntax
SELECT pg_temp.upd('{"meta":{},"name":"x"}'), pg_temp.upd('{"meta.a[b":1,"meta.a]":2,"meta.[]":3,"meta.é''\"$1":4,"meta.x[1x]":5}');
-- NULL documents, arrays, json
SELECT r->>'meta', r->>'raw' FROM studentdir.update_by_pk('Doc', 2, '{"meta.x[0].y":1,"raw.a.b":{"z":[]}}') AS f (r);
SELECT r->>'meta', r->>'raw' FROM studentdir.update_by_pk('Doc', 3, '{"meta[0]":"a","raw[0][0]":1}') AS f (r);
SELECT r->>'meta' FROM studentdir.update_by_pk('Doc', 3, '{"meta[1].k":"b"}') AS f (r);
-- an attribute whose name has a dot comes first
SELECT r->>'odd.name' FROM studentdir.update_by_pk('Doc', 3, '{"odd.name":{"k":1}}') AS f (r);
-- by condition: each row keeps its own
UPDATE docs SET meta = jsonb_build_object('id', id);
SELECT studentdir.update('Doc', '{"meta.seen":true,"name":"n"}', '{"where":{"meta.id":{"$lt":3}}}');
SELECT id, meta, name FROM docs ORDER BY id;
SELECT pg_temp.upd('{"meta.k":1}', '{"fields":["meta"]}'), pg_temp.uerr('{"meta.k":1}', '{"fields":["name"]}');

-- what cannot be set
UPDATE docs SET meta = '{"s":"t","a":[1],"b":true,"n":1}' WHERE id = 1;
SELECT d, pg_temp.uerr(d) FROM (VALUES ('{"meta.s.x":1}'), ('{"meta.b.x.y":1}'), ('{"meta.n[0]":1}'), ('{"meta.a.k":1}'), ('{"meta.a[3]":1}'), ('{"meta.new[1]":1}'), ('{"meta.a[99999999999]":1}'),
  ('{"meta":{},"meta.x":1}'), ('{"meta.x":1,"meta.x.y":2}'), ('{"meta.x.y":1,"meta.x":2}'), ('{"meta.":1}'), ('{"meta..x":1}'), ('{"meta.x.":1}'), ('{"meta[x]":1}'), ('{"meta[0]x":1}'), ('{"name.x":1}'), ('{"nope.x":1}'), ('{".x":1}'), ('{"stamp[0]":1}')) AS t (d);
SELECT pg_temp.upd('{"meta.xy":1,"meta.x":2,"meta.x1.y":3}'), pg_temp.upd('{"nope.x":1,"name.y":2,"meta.ok":1}', '{"ignoreUnknown":true}');
SELECT pg_temp.uerr(format('{"meta%s":1}', repeat('.a', 101)));
SELECT pg_temp.uerr((SELECT jsonb_object_agg('meta.k' || n, n)::text FROM generate_series(1, 101) AS n));
-- a scalar document
UPDATE docs SET meta = '5' WHERE id = 1;
SELECT pg_temp.uerr('{"meta.x":1}'), pg_temp.uerr('{"meta[0]":1}');
UPDATE docs SET meta = 'null' WHERE id = 1;
SELECT pg_temp.upd('{"meta.x":1}');
-- only updates take paths
SELECT pg_temp.err('SELECT studentdir.create(''Doc'', ''{"id":9,"meta.x":1}'')');

-- the function behind
SELECT studentdir.json_set(NULL, '["d","a"]', NULL), studentdir.json_set('{"a":1}', '["d","a"]', '[1]'), studentdir.json_set('null', '["d",0]', '1');
SELECT p, pg_temp.err(format('SELECT studentdir.json_set(''{}'', %L, ''1'')', p)) FROM (VALUES (NULL), ('[]'), ('["d"]'), ('"d"'), ('{"d":1}'), ('["d",null]'), ('["d",-1]'), ('["d",1.5]'), ('[1,"d"]'), ('["d",["x"]]'), ('["d",0]')) AS t (p);
DROP TABLE docs;
DELETE FROM studentdir.model WHERE name = 'Doc';
