-- studentdir.create_table_sql and studentdir.sync: tables from models.
\getenv abs_srcdir PG_ABS_SRCDIR
\set common :abs_srcdir /test/regress/common.psql
\set database :DBNAME
CREATE DATABASE sd_sync;
\c sd_sync
SET client_min_messages = warning;
CREATE EXTENSION studentdir;
\set ECHO none
\i :common
\set ECHO all

-- a built-in model
SELECT studentdir.create_table_sql('Post');

-- everything that a definition can say of a table
SELECT studentdir.define('SyncTeam', '{"name":{"type":"STRING(40)","primaryKey":true}}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('SyncEvent', '{
  "key":{"type":"BIGINT","primaryKey":true,"autoIncrement":true,"comment":"it''s the key"},
  "title":{"type":"STRING(80)","allowNull":false,"unique":true,"defaultValue":"it''s"},
  "state":{"type":"ENUM(''open'',''it''''s'')","defaultValue":"it''s","allowNull":false},
  "tags":{"type":"ARRAY(ENUM(''a'',''b''))","defaultValue":["a"]},
  "at":{"type":"DATE","defaultValue":"NOW","index":true},
  "day":{"type":"DATEONLY","defaultValue":"NOW"},
  "token":{"type":"UUID","defaultValue":"UUIDV4"},
  "meta":{"type":"JSONB","defaultValue":{"a":[1]}},
  "price":{"type":"DECIMAL(10,2)","defaultValue":1.5},
  "room":{"type":"STRING","unique":"place"},
  "floor":{"type":"INTEGER","unique":"place"},
  "teamName":{"type":"STRING(40)","references":"SyncTeam","onDelete":"SET NULL","onUpdate":"CASCADE"},
  "parentKey":{"type":"BIGINT","references":{"model":"SyncEvent","key":"key"},"index":true},
  "password":"VIRTUAL"}',
  '{"paranoid":true,"version":true,"comment":"all sorts","tableName":"Sync \"Events\"",
    "indexes":[{"fields":["title",{"attribute":"at","order":"DESC"}],"name":"by title"},
               {"fields":["meta"],"using":"gin"},
               {"fields":[{"attribute":"room","operator":"text_pattern_ops","collate":"C"}]},
               {"fields":["floor"],"unique":true,"where":{"state":"open","floor":{"$gt":0},"$or":[{"room":null},{"room":["x","y"]}]}}]}') IS NOT NULL;
SELECT studentdir.create_table_sql('SyncEvent');

-- sync makes what is missing, and only that; what others refer to comes first
SELECT * FROM studentdir.sync();
SELECT * FROM studentdir.sync('{"force":false}');
SELECT * FROM studentdir.diff();
INSERT INTO "Sync ""Events""" DEFAULT VALUES;
SELECT r - 'at' - 'token' - 'createdAt' - 'updatedAt' - 'day' FROM studentdir.find_all('SyncEvent') AS f (r0), LATERAL (SELECT r0::jsonb) AS j (r);

-- associations: foreign keys, their indexes, the unique constraint of a join table; circles
SELECT studentdir.define('SyncA', '{"bId":"INTEGER"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('SyncB', '{"note":"TEXT"}', '{"timestamps":false}') IS NOT NULL;
SELECT studentdir.define('SyncAB', '{"aId":{"type":"INTEGER","allowNull":false}}', '{"timestamps":false,"tableName":"sync_joins"}') IS NOT NULL;
SELECT studentdir.belongs_to('SyncA', 'SyncB', '{"as":"b","foreignKey":"bId"}') IS NOT NULL;
SELECT studentdir.has_one('SyncA', 'SyncB', '{"as":"other","foreignKey":{"name":"aId","allowNull":false}}') IS NOT NULL;
SELECT studentdir.belongs_to_many('SyncA', 'SyncB', '{"as":"bs","through":"SyncAB","foreignKey":"aId","otherKey":"bId"}') IS NOT NULL;
SELECT studentdir.has_many('SyncB', 'SyncA', '{"as":"loose","foreignKey":"looseId","constraints":false}') IS NOT NULL;
SELECT * FROM studentdir.sync() WHERE action = 'created';
SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('sync_as'::regclass, 'sync_bs'::regclass, 'sync_joins'::regclass) AND contype <> 'n' ORDER BY 1, 2;
SELECT indexdef FROM pg_indexes WHERE tablename IN ('sync_as', 'sync_bs', 'sync_joins') ORDER BY 1;
SELECT * FROM studentdir.diff();

-- two models over one table ask for what either asks for
SELECT studentdir.define('SyncOne', '{"a":{"type":"TEXT","allowNull":false},"b":{"type":"TEXT","allowNull":false}}', '{"timestamps":false,"tableName":"sync_shared"}') IS NOT NULL;
SELECT studentdir.define('SyncTwo', '{"a":"TEXT","c":{"type":"INTEGER","unique":true}}', '{"timestamps":false,"tableName":"sync_shared"}') IS NOT NULL;
SELECT studentdir.create_table_sql('SyncTwo');
SELECT * FROM studentdir.sync() WHERE action = 'created';
SELECT * FROM studentdir.diff();

-- what it does not do
SELECT pg_temp.err($$ SELECT studentdir.create_table_sql('Nobody') $$);
SELECT pg_temp.err($$ SELECT studentdir.create_table_sql(NULL) $$);
SELECT pg_temp.err($$ SELECT * FROM studentdir.sync('{"force":true}') $$);
SELECT pg_temp.err($$ SELECT * FROM studentdir.sync('{"alter":true}') $$);
SELECT pg_temp.err($$ SELECT * FROM studentdir.sync('{"altre":true}') $$);
SELECT pg_temp.err($$ SELECT * FROM studentdir.sync('[]') $$);
SELECT studentdir.define('SyncLost', '{"nobodyId":{"type":"INTEGER","references":"Nobody"}}') IS NOT NULL;
SELECT pg_temp.err($$ SELECT studentdir.create_table_sql('SyncLost') $$);
SELECT pg_temp.err($$ SELECT * FROM studentdir.sync() $$);
SELECT studentdir.undefine('SyncLost');
CREATE VIEW sync_view AS SELECT 1 AS id;
SELECT studentdir.define('SyncView', '{}', '{"timestamps":false,"tableName":"sync_view"}') IS NOT NULL;
SELECT pg_temp.err($$ SELECT studentdir.create_table_sql('SyncView') $$);
SELECT * FROM studentdir.diff();
SELECT studentdir.define('SyncOdd', '{"a":"TEXT"}', '{"timestamps":false}') IS NOT NULL;
UPDATE studentdir.model SET options = options || '{"indexes":[{"fields":["a"],"where":{"a":{"$like":"x%"}}}]}' WHERE name = 'SyncOdd';
SELECT pg_temp.err($$ SELECT studentdir.create_table_sql('SyncOdd') $$);
SELECT studentdir.undefine('SyncOdd');

-- it is for those who may migrate
CREATE ROLE sd_sync_role;
SET ROLE sd_sync_role;
SELECT pg_temp.err($$ SELECT * FROM studentdir.sync() $$);
SELECT count(*) FROM studentdir.diff();
RESET ROLE;
DROP ROLE sd_sync_role;


\c :database
DROP DATABASE sd_sync;
