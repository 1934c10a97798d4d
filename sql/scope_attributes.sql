-- "attributes" as an object works on what the scopes chose, in includes too.
\set VERBOSITY default
\pset tuples_only on
CREATE TABLE account (id int PRIMARY KEY, name text, password text, bio text, boss int);
INSERT INTO account VALUES (1, 'Ann', 'secret', 'b1', NULL), (2, 'Bob', 'hidden', 'b2', 1);
SELECT studentdir.define('Account', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","password":"TEXT","bio":"TEXT","boss":"INTEGER","again":"VIRTUAL"}',
  '{"tableName":"account","timestamps":false,"defaultScope":{"attributes":{"exclude":["password"]}},"scopes":{"short":{"attributes":["id","name"]},"upper":{"attributes":{"include":[[{"$fn":["upper",{"$col":"name"}]},"upper"]]}},"noBio":{"attributes":{"exclude":["bio"]}}}}') IS NOT NULL;
SELECT studentdir.belongs_to('Account', 'Account', '{"as":"Boss","foreignKey":"boss"}') IS NOT NULL;
CREATE FUNCTION pg_temp.find(options jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	RETURN studentdir.find_by_pk('Account', 2, options);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ' ' || sqlerrm || coalesce(' / ' || nullif(hint, ''), '');
END $$;
SELECT o, pg_temp.find(o) FROM (VALUES
  -- the default scope's exclude stands
  ('{}'::jsonb), ('{"attributes":{}}'), ('{"attributes":{"exclude":["bio"]}}'), ('{"attributes":{"include":[["name","alias"]]}}'), ('{"attributes":{"exclude":["bio"],"include":["name","boss"]}}'),
  ('{"attributes":{"include":["password"]}}'), ('{"attributes":["id","password"]}'), ('{"scope":null,"attributes":{"exclude":["bio"]}}'),
  -- named scopes one after the other, then the call
  ('{"scope":"short"}'), ('{"scope":["short","upper"]}'), ('{"scope":["short","upper"],"attributes":{"exclude":["name"]}}'), ('{"scope":["upper","noBio"],"attributes":{"exclude":["password"]}}'),
  ('{"scope":["upper","short"]}'), ('{"scope":["upper"],"attributes":["id"]}'), ('{"scope":["noBio","defaultScope"]}'), ('{"scope":"upper","attributes":{"include":[["bio","upper"]]}}'),
  -- a VIRTUAL attribute has no key to exclude
  ('{"attributes":{"exclude":["again","bio"]}}'), ('{"attributes":{"include":["again"]}}'), ('{"attributes":{"exclude":["nope"]}}'), ('{"attributes":{"exclude":[1]}}'),
  -- includes
  ('{"attributes":["id"],"include":"Boss"}'), ('{"attributes":["id"],"include":{"association":"Boss","attributes":{"exclude":["bio"]}}}'),
  ('{"attributes":["id"],"include":{"association":"Boss","attributes":{"include":[[{"$fn":["length",{"$col":"password"}]},"n"]]}}}'), ('{"attributes":["id"],"include":{"association":"Boss","scope":["short","upper"],"attributes":{"exclude":["id"]}}}')) AS t (o);
-- more keys than a row can have
SELECT pg_temp.find(jsonb_build_object('attributes', (SELECT jsonb_agg(jsonb_build_array('name', 'k' || i)) FROM generate_series(1, 1665) AS i)));
SELECT pg_temp.find(jsonb_build_object('attributes', (SELECT jsonb_agg('name'::text) FROM generate_series(1, 10000) AS i)));
SELECT length(pg_temp.find(jsonb_build_object('attributes', (SELECT jsonb_agg(jsonb_build_array('name', 'k' || i)) FROM generate_series(1, 1664) AS i)))) > 10000;

-- the association of an include, in Sequelize's words
SELECT o, pg_temp.find(jsonb_build_object('attributes', '["id"]'::jsonb, 'include', o)) FROM (VALUES ('{"model":"Account","as":"Boss","attributes":["id"]}'::jsonb), ('{"as":"Boss","attributes":["id"]}'), ('{"model":"Account","attributes":["id"]}'),
  ('{"model":"User","as":"Boss"}'), ('{"model":"Account","as":"Chef"}'), ('{"model":1}'), ('{"as":null}'), ('{"model":"User"}'), ('{"association":"Boss","as":"Boss"}'), ('{"association":"Boss","model":"Account"}'), ('{"attributes":[]}')) AS t (o);

SELECT studentdir.undefine('Account');
DROP TABLE account;
