-- The default scope of an associated model holds where a condition leads to it; scopes written out in a call.
\pset tuples_only on
\pset format unaligned
CREATE TABLE firm (id int PRIMARY KEY, name text, active boolean, parent_id int);
CREATE TABLE worker (id int PRIMARY KEY, name text, firm_id int, retired boolean NOT NULL DEFAULT false);
INSERT INTO firm VALUES (1, 'Open', true, NULL), (2, 'Shut', false, 1), (3, 'New', true, 2);
INSERT INTO worker VALUES (1, 'Ann', 1, false), (2, 'Bob', 2, false), (3, 'Cid', 3, false), (4, 'Dan', NULL, false), (5, 'Eve', 1, true);
SELECT studentdir.define('Firm', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","active":"BOOLEAN","parentId":"INTEGER"}', '{"tableName":"firm","timestamps":false,"defaultScope":{"where":{"active":true}},"scopes":{"named":{"params":["n"],"where":{"name":{"$param":"n"}}}}}') IS NOT NULL,
  studentdir.define('Worker', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","firmId":"INTEGER","retired":"BOOLEAN"}', '{"tableName":"worker","timestamps":false,"defaultScope":{"where":{"retired":false,"$Firm.name$":{"$ne":"x"}}}}') IS NOT NULL,
  studentdir.belongs_to('Worker', 'Firm', '{"foreignKey":"firmId"}') IS NOT NULL, studentdir.has_many('Firm', 'Worker', '{"as":"Workers","foreignKey":"firmId"}') IS NOT NULL, studentdir.belongs_to('Firm', 'Firm', '{"as":"Parent","foreignKey":"parentId"}') IS NOT NULL;
CREATE FUNCTION pg_temp.ids(model text, options jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(record->>'id', ' ' ORDER BY record->>'id'), '-') FROM studentdir.find_all(model, options)
$$;
SELECT pg_temp.ids('Worker', '{}'), pg_temp.ids('Worker', '{"scope":null}'), pg_temp.ids('Worker', '{"scope":null,"where":{"$Firm.id$":{"$gt":0}}}'), pg_temp.ids('Worker', '{"scope":null,"where":{"$Firm.active$":false}}'), pg_temp.ids('Worker', '{"scope":null,"where":{"$Firm.id$":null}}');
SELECT pg_temp.ids('Firm', '{"scope":null,"where":{"$Workers.name$":{"$ne":"y"}}}'), pg_temp.ids('Firm', '{"scope":null,"where":{"$Workers.id$":null}}'), pg_temp.ids('Firm', '{"scope":null,"where":{"$Parent.id$":{"$gt":0}}}'), pg_temp.ids('Firm', '{"scope":null,"where":{"$Parent.Parent.name$":"Open"}}');
SELECT sql FROM studentdir.to_sql('Firm', '{"attributes":["id"],"where":{"$Workers.name$":"Ann"}}');
-- written out
SELECT pg_temp.ids('Firm', '{"scope":{"where":{"id":{"$gt":1}}}}'), pg_temp.ids('Firm', '{"scope":[{"where":{"id":{"$gt":1}}},"defaultScope"]}'), pg_temp.ids('Firm', '{"scope":[{"where":{"id":{"$gt":1}}},{"named":["Shut"]}]}'), pg_temp.ids('Firm', '{"scope":{"order":["id"],"limit":1},"where":{"id":[2,3]}}');
SELECT studentdir.update('Firm', '{"name":"N"}', '{"scope":{"where":{"id":3}}}'), studentdir.count('Firm', '{"scope":{"where":{"name":"N"}}}');
SELECT studentdir.find_all('Firm', '{"scope":{"where":{"id":1},"nope":1}}');
SELECT studentdir.find_all('Firm', '{"scope":{}}');
SELECT studentdir.undefine('Worker'), studentdir.undefine('Firm');
DROP TABLE worker, firm;
