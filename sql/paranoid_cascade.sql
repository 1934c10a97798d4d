-- Soft deletes that go on to associated rows, restores that bring back what was deleted with a row; deleted join rows.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set ECHO none
\i :common
\set ECHO all

CREATE TABLE pc_shops (id integer PRIMARY KEY, code text UNIQUE, version integer NOT NULL DEFAULT 0, updated_at timestamptz(3), deleted_at timestamptz(3));
CREATE TABLE pc_orders (id integer PRIMARY KEY, shop_id integer REFERENCES pc_shops ON DELETE CASCADE, kind text, updated_at timestamptz(3), deleted_at timestamptz(3));
CREATE TABLE pc_lines (id integer PRIMARY KEY, order_id integer, up integer, deleted_at timestamptz(3));
SELECT count(studentdir.define(m, a::json, o::jsonb)) FROM (VALUES
  ('PcShop', '{"id":{"type":"INTEGER","primaryKey":true},"code":"TEXT"}', '{"paranoid":true,"createdAt":false,"version":true}'),
  ('PcOrder', '{"id":{"type":"INTEGER","primaryKey":true},"shopId":"INTEGER","kind":"TEXT"}', '{"paranoid":true,"createdAt":false}'),
  ('PcLine', '{"id":{"type":"INTEGER","primaryKey":true},"orderId":"INTEGER","up":"INTEGER"}', '{"paranoid":true,"createdAt":false,"updatedAt":false}'),
  ('PcHard', '{"id":{"type":"INTEGER","primaryKey":true},"shopId":"INTEGER"}', '{"timestamps":false}')) AS t (m, a, o);
-- what it needs
SELECT o, pg_temp.err(format('SELECT studentdir.has_many(''PcShop'', %L, %L)', m, o)) FROM (VALUES ('PcOrder', '{"foreignKey":"shopId","paranoid":"cascade"}'), ('PcOrder', '{"foreignKey":"shopId","paranoid":"cascade","onDelete":"SET NULL"}'),
  ('PcOrder', '{"foreignKey":"shopId","paranoid":true,"onDelete":"CASCADE"}'), ('PcHard', '{"foreignKey":"shopId","paranoid":"cascade","onDelete":"CASCADE"}')) AS t (m, o);
SELECT pg_temp.err($$SELECT studentdir.belongs_to('PcOrder', 'PcShop', '{"foreignKey":"shopId","paranoid":"cascade","onDelete":"CASCADE"}')$$);
SELECT studentdir.has_many('PcShop', 'PcOrder', '{"as":"orders","foreignKey":"shopId","onDelete":"CASCADE","paranoid":"cascade"}');
SELECT count(*) FROM (SELECT studentdir.has_many('PcOrder', 'PcLine', '{"as":"lines","foreignKey":"orderId","onDelete":"CASCADE","paranoid":"cascade"}') UNION ALL
  SELECT studentdir.has_many('PcLine', 'PcLine', '{"as":"parts","foreignKey":"up","onDelete":"CASCADE","paranoid":"cascade"}')) AS t;
CREATE FUNCTION pc_reset() RETURNS void LANGUAGE sql AS $$
  TRUNCATE pc_shops, pc_orders, pc_lines;
  INSERT INTO pc_shops SELECT n, 'c' || n FROM generate_series(1, 3) AS n;
  INSERT INTO pc_orders SELECT n, 1 + n % 3, CASE WHEN n > 4 THEN 'b' ELSE 'a' END FROM generate_series(1, 6) AS n;
  INSERT INTO pc_lines SELECT n, CASE WHEN n <= 6 THEN n END, CASE WHEN n > 6 THEN n - 6 END FROM generate_series(1, 12) AS n;
  -- a ring, which ends at what is deleted already
  UPDATE pc_lines SET up = 7 WHERE id = 1; $$;
CREATE VIEW pc_dead AS SELECT 's' || id AS row, deleted_at FROM pc_shops UNION ALL SELECT 'o' || id, deleted_at FROM pc_orders UNION ALL SELECT 'l' || id, deleted_at FROM pc_lines;
CREATE FUNCTION pc_dead() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(rows, ' | ' ORDER BY deleted_at) FROM (SELECT deleted_at, string_agg(row, ' ' ORDER BY left(row, 1) DESC, substr(row, 2)::int) AS rows FROM pc_dead WHERE deleted_at IS NOT NULL GROUP BY 1) AS t $$;

SELECT pc_reset();
-- all bear one time; the answer is about the records themselves
SELECT studentdir.destroy_by_pk('PcShop', 1);
SELECT pc_dead(), (SELECT array_agg(version ORDER BY id) FROM pc_shops), (SELECT count(*) FROM pc_orders WHERE updated_at IS NOT NULL), (SELECT count(*) FROM pc_shops WHERE updated_at IS NOT NULL);
SELECT studentdir.restore_by_pk('PcShop', 1);
SELECT pc_dead();
-- what was deleted before stays, and so does what hangs on it
SELECT pc_reset();
SELECT studentdir.destroy_by_pk('PcLine', 3), pg_sleep(0.002);
SELECT studentdir.destroy('PcOrder', '{"where":{"id":3}}'), pg_sleep(0.002);
SELECT studentdir.destroy('PcShop', '{"where":{"id":[1,2]}}');
SELECT pc_dead();
SELECT studentdir.restore('PcShop', '{"all":true}');
SELECT pc_dead();
SELECT studentdir.restore_by_pk('PcOrder', 3);
SELECT pc_dead();
-- the answers, what is counted, limits
SELECT pc_reset();
SELECT r ->> 'id', r ->> 'deletedAt' IS NOT NULL FROM studentdir.destroy_returning('PcShop', '{"where":{"id":{"$gt":1}},"order":[["id","DESC"]],"limit":1}') AS t (r);
SELECT studentdir.destroy_returning('PcShop', '{"where":{"id":2},"returning":{"attributes":["code"],"include":{"association":"orders","attributes":["id"],"include":{"association":"lines","attributes":["id"]}}}}');
SELECT pc_dead() ~ '^s3 .* \| s2 ' OR pc_dead() ~ '^s2 s3', studentdir.restore('PcShop', '{"where":{"code":["c2","c3"]},"order":["id"],"limit":1}');
SELECT array_agg(id ORDER BY id) FROM pc_shops WHERE deleted_at IS NULL;
-- truncate marks, force deletes
SELECT pc_reset(), studentdir.truncate('PcOrder');
SELECT pc_dead();
SELECT studentdir.destroy('PcShop', '{"where":{"id":1},"force":true}'), (SELECT count(*) FROM pc_orders), (SELECT count(*) FROM pc_lines);
-- what is not returned does not count towards studentdir.max_rows
SELECT pc_reset(), set_config('studentdir.max_rows', '1', false);
SELECT studentdir.destroy('PcShop', '{"all":true}');
SELECT count(deleted_at), count(*) FROM pc_dead;
SELECT studentdir.restore('PcShop', '{"all":true}');
SELECT count(deleted_at), count(*) FROM pc_dead;
RESET studentdir.max_rows;
-- scopes of associations; others' triggers
SELECT pc_reset();
SELECT studentdir.has_many('PcShop', 'PcOrder', '{"as":"orders","foreignKey":"shopId","onDelete":"CASCADE","paranoid":"cascade","scope":{"kind":"b"}}') IS NOT NULL;
SELECT studentdir.destroy('PcShop', '{"all":true}'), pc_dead();
SELECT pc_dead();
SELECT studentdir.restore('PcShop', '{"all":true}'), pc_dead();
SELECT pc_dead();
CREATE FUNCTION pc_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN NEW.id = 2 THEN NULL ELSE NEW END; END $$;
CREATE TRIGGER t BEFORE UPDATE ON pc_shops FOR EACH ROW EXECUTE FUNCTION pc_keep();
SELECT studentdir.destroy('PcShop', '{"all":true}');
SELECT pc_dead();
DROP TRIGGER t ON pc_shops;
SELECT studentdir.restore('PcShop', '{"all":true}');
-- one that undoes the deletion of a row: what belongs to that stays alive, what belongs to others bears their time
CREATE FUNCTION pc_undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id < 3 THEN NEW.deleted_at := NULL; END IF; RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON pc_shops FOR EACH ROW EXECUTE FUNCTION pc_undo();
SELECT pc_reset();
SELECT studentdir.destroy('PcShop', '{"all":true}');
SELECT pc_dead(), (SELECT count(*) FROM pc_dead WHERE deleted_at < now() - interval '1 day');
SELECT pc_reset();
SELECT studentdir.destroy_by_pk('PcShop', 1), studentdir.destroy_returning('PcShop', '{"where":{"id":[2,3]},"returning":["id"]}');
SELECT pc_dead(), (SELECT count(*) FROM pc_dead WHERE deleted_at < now() - interval '1 day');
DROP TRIGGER t ON pc_shops;
SELECT studentdir.restore('PcShop', '{"all":true}');
SELECT pc_dead();
-- 500 records that hang on each other one by one
DELETE FROM pc_lines;
INSERT INTO pc_lines SELECT n, NULL, nullif(n - 1, 0) FROM generate_series(1, 500) AS n;
SELECT studentdir.destroy_by_pk('PcLine', 1), count(*) FROM pc_lines;
SELECT count(DISTINCT deleted_at), count(deleted_at) FROM pc_lines;
SELECT studentdir.restore_by_pk('PcLine', 1), count(*) FROM pc_lines;
SELECT count(deleted_at) FROM pc_lines;
-- times that cannot be the same, models that are not paranoid any more
DROP VIEW pc_dead;
ALTER TABLE pc_orders ALTER COLUMN deleted_at TYPE timestamptz(0);
SELECT pg_temp.err($$SELECT studentdir.destroy_by_pk('PcShop', 1)$$);
SELECT count(*) FROM studentdir.define('PcOrder', '{"id":{"type":"INTEGER","primaryKey":true},"shopId":"INTEGER","kind":"TEXT"}', '{"timestamps":false}');
SELECT pg_temp.err($$SELECT studentdir.destroy_by_pk('PcShop', 1)$$), pg_temp.err($$SELECT studentdir.destroy('PcShop', '{"where":{"id":1},"force":true}')$$);

-- deleted join rows
CREATE TABLE pc_tags (id integer PRIMARY KEY);
CREATE TABLE pc_tagged (shop_id integer, tag_id integer, deleted_at timestamptz(3), PRIMARY KEY (shop_id, tag_id));
SELECT count(studentdir.define(m, a::json, o::jsonb)) FROM (VALUES ('PcTag', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}'),
  ('PcTagged', '{"shopId":{"type":"INTEGER","primaryKey":true},"tagId":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"pc_tagged","paranoid":true,"createdAt":false,"updatedAt":false}')) AS t (m, a, o);
SELECT studentdir.belongs_to_many('PcShop', 'PcTag', '{"as":"tags","through":"PcTagged","foreignKey":"shopId","otherKey":"tagId"}') IS NOT NULL;
INSERT INTO pc_tags VALUES (1), (2);
INSERT INTO pc_tagged VALUES (2, 1, NULL), (2, 2, '2020-01-01'), (3, 2, '2020-01-01');
SELECT t, (SELECT string_agg(r::text, ' ') FROM studentdir.find_all('PcShop', format('{"attributes":["id"],"where":{"id":[2,3]},"order":["id"],"include":{"association":"tags","order":["id"]%s}}', t)::jsonb) AS f (r))
  FROM (VALUES (''), (',"through":{"paranoid":false,"attributes":[]}'), (',"through":{"paranoid":true,"attributes":[]}'), (',"required":true,"through":{"attributes":[]}'), (',"required":true,"through":{"paranoid":false,"attributes":["deletedAt"]}')) AS v (t);
SELECT pg_temp.err($$SELECT studentdir.find_all('PcShop', '{"include":{"association":"tags","through":{"paranoid":1}}}')$$), pg_temp.err($$SELECT studentdir.find_all('PcShop', '{"include":{"association":"tags","through":{"deleted":true}}}')$$);

DO $$ BEGIN PERFORM studentdir.undefine(m) FROM unnest('{PcTagged,PcTag,PcHard,PcLine,PcOrder,PcShop}'::text[]) AS m; END $$;
DROP TABLE pc_tagged, pc_tags, pc_lines, pc_orders, pc_shops;
DROP FUNCTION pc_reset(), pc_dead(), pc_keep(), pc_undo();
