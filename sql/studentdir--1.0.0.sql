/* studentdir 1.0.0 */

-- complain if the script is sourced in psql rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION studentdir" to load this file. \quit

-- A trusted script runs as a superuser, with the target schema in the search_path, where others
-- may have put functions: calls are schema-qualified, or take no arguments that could match better.

-- schema

CREATE FUNCTION studentdir_preflight() RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_preflight';
SELECT studentdir_preflight();
DROP FUNCTION studentdir_preflight();

CREATE SCHEMA studentdir;
COMMENT ON SCHEMA studentdir IS 'engine and catalogs of extension studentdir';
GRANT USAGE ON SCHEMA studentdir TO PUBLIC;

-- catalogs
--
-- Keys are names, so that rows mean the same in every database that a dump is
-- restored into.  There are no foreign keys between the tables: a model may
-- name another one that is defined later, and a dump's rows can be loaded in
-- any order and in parallel.
--
-- studentdir.define and the calls for associations write them in normalized
-- form, in which nothing is left to be made up:
--
-- model.attributes, for each attribute
--   name, type        type as declared: "STRING(100)", "ENUM('a','b')", "public.mood"
--   field             the column; missing for VIRTUAL
--   allowNull         false, else missing; primaryKey and autoIncrement true, else missing
--   defaultValue      a value, or defaultFunction: "NOW" or "UUIDV4"
--   unique, index     true, or the name that several attributes share; uniqueMessage is what is said
--                     where a value is taken
--   references        {"model","key"}; without "key" the model's primary key
--   onDelete, onUpdate  as SQL says it
--   validate          an array in the order in which the validators run: {"name","args","msg"}
--   hidden, readOnly  true, else missing
--   as                the expression of a computed attribute; params, the names that it takes, and default, true where
--                     it is in default answers
--   comment
-- model.options
--   timestamps, underscored, freezeTableName, paranoid; primaryKey false where there is none
--   createdAt, updatedAt, deletedAt, version  the attribute; missing where there is none
--   indexes, defaultScope, scopes, validate, comment, expose  as given
--   builtin           true for the models that come with the extension
-- model.exposed       has typed functions, and paths in requests; studentdir.expose sets it
-- association: names of attributes everywhere
--   belongs_to        source_key is the foreign key, target_key what it refers to
--   has_many, has_one   target_key is the foreign key
--   belongs_to_many   foreign_key of the join model refers to source_key, other_key to target_key
--   options           onDelete, onUpdate, constraints, allowNull and scope, where given; paranoid "cascade" where soft
--                     deletes go on; throughScope of the join model

CREATE TABLE studentdir.model (
  name        text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  singular    text COLLATE "C" NOT NULL,
  plural      text COLLATE "C" NOT NULL,
  schema_name text COLLATE "C" NOT NULL,
  table_name  text COLLATE "C" NOT NULL,
  attributes  jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'array'),
  options     jsonb NOT NULL DEFAULT '{}',
  exposed     boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE studentdir.model IS 'models, in normalized form: attributes is an array in the order of the JSON keys, every one with its name, type and field';

CREATE TABLE studentdir.association (
  model       text COLLATE "C" NOT NULL,
  alias       text COLLATE "C" NOT NULL CHECK (alias <> ''),
  kind        text COLLATE "C" NOT NULL
              CHECK (kind IN ('has_many', 'has_one', 'belongs_to', 'belongs_to_many')),
  target      text COLLATE "C" NOT NULL,
  source_key  text[] COLLATE "C" NOT NULL,
  target_key  text[] COLLATE "C" NOT NULL,
  through     text COLLATE "C",
  foreign_key text[] COLLATE "C",
  other_key   text[] COLLATE "C",
  options     jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (model, alias)
);
COMMENT ON TABLE studentdir.association IS 'associations: a source row and a target row belong together where source_key equals target_key, which are attributes, or where a row of the join model refers to both';

CREATE TABLE studentdir.migration (
  name          text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  up            text NOT NULL,
  down          text,
  checksum      text COLLATE "C" NOT NULL,
  registered_by text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at    timestamptz,
  applied_by    text COLLATE "C",
  duration_ms   double precision,
  done_statements integer
);
COMMENT ON TABLE studentdir.migration IS 'migrations; one without applied_at is pending; done_statements counts the statements that migrate_script has run of one that is not finished';

CREATE TABLE studentdir.seed (
  name          text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  up            text NOT NULL,
  down          text,
  checksum      text COLLATE "C" NOT NULL,
  registered_by text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at    timestamptz,
  applied_by    text COLLATE "C",
  duration_ms   double precision,
  done_statements integer
);
COMMENT ON TABLE studentdir.seed IS 'seeds; one without applied_at is pending';

CREATE TABLE studentdir.sample (
  model text COLLATE "C" PRIMARY KEY
);
COMMENT ON TABLE studentdir.sample IS 'the samples that the database has: models, tables and functions that CREATE EXTENSION makes';

CREATE TABLE studentdir.backfill (
  checksum    text COLLATE "C" PRIMARY KEY,
  model       text COLLATE "C" NOT NULL,
  set         jsonb NOT NULL,
  condition   jsonb NOT NULL,
  last_key    text[] COLLATE "C",
  rows        bigint NOT NULL DEFAULT 0,
  started_by  text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at  timestamptz,
  finished_at timestamptz
);
COMMENT ON TABLE studentdir.backfill IS 'how far each call of backfill is: rows up to last_key are done; checksum stands for model, set and condition';

SELECT pg_catalog.pg_extension_config_dump('studentdir.model', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.association', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.migration', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.seed', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.sample', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.backfill', '');

CREATE FUNCTION studentdir.catalog_changed() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_catalog_changed';
COMMENT ON FUNCTION studentdir.catalog_changed IS 'internal: tells every session that the models changed';
REVOKE EXECUTE ON FUNCTION studentdir.catalog_changed FROM PUBLIC;

CREATE TRIGGER catalog_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON studentdir.model
  FOR EACH STATEMENT EXECUTE FUNCTION studentdir.catalog_changed();
ALTER TABLE studentdir.model ENABLE ALWAYS TRIGGER catalog_changed;

CREATE TRIGGER catalog_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON studentdir.association
  FOR EACH STATEMENT EXECUTE FUNCTION studentdir.catalog_changed();
ALTER TABLE studentdir.association ENABLE ALWAYS TRIGGER catalog_changed;

CREATE FUNCTION studentdir.registered_by() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_registered_by';
COMMENT ON FUNCTION studentdir.registered_by IS 'internal: keeps a role from registering SQL under another role''s name';
REVOKE EXECUTE ON FUNCTION studentdir.registered_by FROM PUBLIC;

CREATE TRIGGER registered_by BEFORE INSERT OR UPDATE ON studentdir.migration
  FOR EACH ROW EXECUTE FUNCTION studentdir.registered_by();
ALTER TABLE studentdir.migration ENABLE ALWAYS TRIGGER registered_by;

CREATE TRIGGER registered_by BEFORE INSERT OR UPDATE ON studentdir.seed
  FOR EACH ROW EXECUTE FUNCTION studentdir.registered_by();
ALTER TABLE studentdir.seed ENABLE ALWAYS TRIGGER registered_by;

-- Everybody reads which models and migrations there are; the texts of migrations and seeds, which may hold data and
-- secrets, are for those who are granted it.  The extension's owner gets what the database's owner has by a grant of its
-- own (install()): without SELECT it could not dump the catalogs.
GRANT SELECT ON studentdir.model, studentdir.association, studentdir.sample TO PUBLIC;
GRANT SELECT (name, checksum, registered_by, registered_at, applied_at, applied_by, duration_ms, done_statements)
  ON studentdir.migration, studentdir.seed TO PUBLIC;
GRANT SELECT (checksum, model, rows, started_by, started_at, updated_at, finished_at) ON studentdir.backfill TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir
  TO pg_database_owner WITH GRANT OPTION;

-- finders and writers
--
-- Each works on any model by name.  The typed functions below call them.

CREATE FUNCTION studentdir.finder_support(internal)
  RETURNS internal
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'studentdir_finder_support';
COMMENT ON FUNCTION studentdir.finder_support IS 'internal: tells the planner how many rows finders return, and what they cost';

CREATE FUNCTION studentdir.find_all(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 100 SUPPORT studentdir.finder_support
  AS 'MODULE_PATHNAME', 'studentdir_find_all';
COMMENT ON FUNCTION studentdir.find_all IS 'the records that the options ask for';

CREATE FUNCTION studentdir.find_all_with(model text, association text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 100 SUPPORT studentdir.finder_support
  AS 'MODULE_PATHNAME', 'studentdir_find_all_with';
COMMENT ON FUNCTION studentdir.find_all_with IS 'the records that the options ask for, with the records of an association nested in them';

CREATE FUNCTION studentdir.list(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_list';
COMMENT ON FUNCTION studentdir.list IS 'the records that the options ask for, as one array';

CREATE FUNCTION studentdir.find_and_count_all(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_find_and_count_all';
COMMENT ON FUNCTION studentdir.find_and_count_all IS 'a page of records, and how many there are without limit and offset';

CREATE FUNCTION studentdir.rows_of(type anyelement, options jsonb, params jsonb)
  RETURNS SETOF anyelement
  LANGUAGE c STABLE ROWS 100 SUPPORT studentdir.finder_support
  AS 'MODULE_PATHNAME', 'studentdir_rows_of';
COMMENT ON FUNCTION studentdir.rows_of IS 'internal: what studentdir.rows calls, in a select list so that the rows are not gathered first';

CREATE FUNCTION studentdir.rows(type anyelement, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS SETOF anyelement
  LANGUAGE sql STABLE AS 'SELECT (s.r).* FROM (SELECT studentdir.rows_of($1, $2, $3) AS r) AS s';
COMMENT ON FUNCTION studentdir.rows IS 'the rows of a table, whose type the first argument has, that the options ask for';

CREATE FUNCTION studentdir.find_one(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_find_one';
COMMENT ON FUNCTION studentdir.find_one IS 'the first of the records that the options ask for';

CREATE FUNCTION studentdir.count(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_count';
COMMENT ON FUNCTION studentdir.count IS 'the number of records that the options ask for';

CREATE FUNCTION studentdir.aggregate(model text, fn text, attribute text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_aggregate';
COMMENT ON FUNCTION studentdir.aggregate IS 'count, sum, avg, min or max of an attribute';

CREATE FUNCTION studentdir.find_by_pk(model text, id text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_find_by_pk';
COMMENT ON FUNCTION studentdir.find_by_pk(text, text, jsonb, jsonb) IS 'the record with this primary key; as jsonb, a key of several attributes or another unique key';

CREATE FUNCTION studentdir.find_by_pk(model text, id bigint, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_find_by_pk';
COMMENT ON FUNCTION studentdir.find_by_pk(text, bigint, jsonb, jsonb) IS 'the record with this primary key; as jsonb, a key of several attributes or another unique key';

CREATE FUNCTION studentdir.find_by_pk(model text, id uuid, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_find_by_pk';
COMMENT ON FUNCTION studentdir.find_by_pk(text, uuid, jsonb, jsonb) IS 'the record with this primary key; as jsonb, a key of several attributes or another unique key';

CREATE FUNCTION studentdir.find_by_pk(model text, id jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c STABLE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_find_by_pk';
COMMENT ON FUNCTION studentdir.find_by_pk(text, jsonb, jsonb, jsonb) IS 'the record with this primary key; as jsonb, a key of several attributes or another unique key';

CREATE FUNCTION studentdir.create(model text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_create';
COMMENT ON FUNCTION studentdir.create IS 'writes a new record and returns it';

CREATE FUNCTION studentdir.bulk_create(model text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_bulk_create';
COMMENT ON FUNCTION studentdir.bulk_create IS 'writes an array of new records, all or none, and returns them in its order';

CREATE FUNCTION studentdir.upsert(model text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json, created boolean)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_upsert';
COMMENT ON FUNCTION studentdir.upsert IS 'writes a record, or changes the one with the same unique key; returns it, and whether it is new';

CREATE FUNCTION studentdir.find_or_create(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json, created boolean)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_find_or_create';
COMMENT ON FUNCTION studentdir.find_or_create IS 'the first of the records that the options ask for, or else a new one; and whether it is new';

CREATE FUNCTION studentdir.reset_sequence(model text)
  RETURNS TABLE (sequence text, next_value bigint)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_reset_sequence';
COMMENT ON FUNCTION studentdir.reset_sequence IS 'sets the sequence that fills in the primary key past the highest key';

CREATE FUNCTION studentdir.update(model text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_update';
COMMENT ON FUNCTION studentdir.update IS 'changes records and returns how many';

CREATE FUNCTION studentdir.update_returning(model text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_update_returning';
COMMENT ON FUNCTION studentdir.update_returning IS 'changes records and returns the changed records';

CREATE FUNCTION studentdir.update_by_pk(model text, id text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_update_by_pk';
COMMENT ON FUNCTION studentdir.update_by_pk(text, text, jsonb, jsonb, jsonb) IS 'changes the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.update_by_pk(model text, id bigint, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_update_by_pk';
COMMENT ON FUNCTION studentdir.update_by_pk(text, bigint, jsonb, jsonb, jsonb) IS 'changes the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.update_by_pk(model text, id uuid, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_update_by_pk';
COMMENT ON FUNCTION studentdir.update_by_pk(text, uuid, jsonb, jsonb, jsonb) IS 'changes the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.update_by_pk(model text, id jsonb, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_update_by_pk';
COMMENT ON FUNCTION studentdir.update_by_pk(text, jsonb, jsonb, jsonb, jsonb) IS 'changes the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.add(model text, id text, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_add';
COMMENT ON FUNCTION studentdir.add(text, text, text, jsonb, jsonb, jsonb) IS 'links existing records to the record with this key through an association; returns how many were not linked yet, or with "returning" the record';

CREATE FUNCTION studentdir.add(model text, id bigint, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_add';
COMMENT ON FUNCTION studentdir.add(text, bigint, text, jsonb, jsonb, jsonb) IS 'links existing records to the record with this key through an association; returns how many were not linked yet, or with "returning" the record';

CREATE FUNCTION studentdir.add(model text, id uuid, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_add';
COMMENT ON FUNCTION studentdir.add(text, uuid, text, jsonb, jsonb, jsonb) IS 'links existing records to the record with this key through an association; returns how many were not linked yet, or with "returning" the record';

CREATE FUNCTION studentdir.add(model text, id jsonb, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_add';
COMMENT ON FUNCTION studentdir.add(text, jsonb, text, jsonb, jsonb, jsonb) IS 'links existing records to the record with this key through an association; returns how many were not linked yet, or with "returning" the record';

CREATE FUNCTION studentdir.remove(model text, id text, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_remove';
COMMENT ON FUNCTION studentdir.remove(text, text, text, jsonb, jsonb, jsonb) IS 'unlinks records from the record with this key; returns how many were linked, or with "returning" the record';

CREATE FUNCTION studentdir.remove(model text, id bigint, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_remove';
COMMENT ON FUNCTION studentdir.remove(text, bigint, text, jsonb, jsonb, jsonb) IS 'unlinks records from the record with this key; returns how many were linked, or with "returning" the record';

CREATE FUNCTION studentdir.remove(model text, id uuid, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_remove';
COMMENT ON FUNCTION studentdir.remove(text, uuid, text, jsonb, jsonb, jsonb) IS 'unlinks records from the record with this key; returns how many were linked, or with "returning" the record';

CREATE FUNCTION studentdir.remove(model text, id jsonb, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_remove';
COMMENT ON FUNCTION studentdir.remove(text, jsonb, text, jsonb, jsonb, jsonb) IS 'unlinks records from the record with this key; returns how many were linked, or with "returning" the record';

CREATE FUNCTION studentdir.set(model text, id text, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (added bigint, removed bigint, record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_set';
COMMENT ON FUNCTION studentdir.set(text, text, text, jsonb, jsonb, jsonb) IS 'links just these records to the record with this key and unlinks all others; returns how many were added and removed, and with "returning" the record';

CREATE FUNCTION studentdir.set(model text, id bigint, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (added bigint, removed bigint, record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_set';
COMMENT ON FUNCTION studentdir.set(text, bigint, text, jsonb, jsonb, jsonb) IS 'links just these records to the record with this key and unlinks all others; returns how many were added and removed, and with "returning" the record';

CREATE FUNCTION studentdir.set(model text, id uuid, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (added bigint, removed bigint, record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_set';
COMMENT ON FUNCTION studentdir.set(text, uuid, text, jsonb, jsonb, jsonb) IS 'links just these records to the record with this key and unlinks all others; returns how many were added and removed, and with "returning" the record';

CREATE FUNCTION studentdir.set(model text, id jsonb, association text, records jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (added bigint, removed bigint, record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_set';
COMMENT ON FUNCTION studentdir.set(text, jsonb, text, jsonb, jsonb, jsonb) IS 'links just these records to the record with this key and unlinks all others; returns how many were added and removed, and with "returning" the record';

CREATE FUNCTION studentdir.has(model text, id text, association text, records jsonb, params jsonb DEFAULT NULL)
  RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_has';
COMMENT ON FUNCTION studentdir.has(text, text, text, jsonb, jsonb) IS 'whether all of these records are linked to the record with this key';

CREATE FUNCTION studentdir.has(model text, id bigint, association text, records jsonb, params jsonb DEFAULT NULL)
  RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_has';
COMMENT ON FUNCTION studentdir.has(text, bigint, text, jsonb, jsonb) IS 'whether all of these records are linked to the record with this key';

CREATE FUNCTION studentdir.has(model text, id uuid, association text, records jsonb, params jsonb DEFAULT NULL)
  RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_has';
COMMENT ON FUNCTION studentdir.has(text, uuid, text, jsonb, jsonb) IS 'whether all of these records are linked to the record with this key';

CREATE FUNCTION studentdir.has(model text, id jsonb, association text, records jsonb, params jsonb DEFAULT NULL)
  RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_has';
COMMENT ON FUNCTION studentdir.has(text, jsonb, text, jsonb, jsonb) IS 'whether all of these records are linked to the record with this key';

CREATE FUNCTION studentdir.bulk_update(model text, data jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_bulk_update';
COMMENT ON FUNCTION studentdir.bulk_update IS 'changes an array of records, each given by its key, all or none, and returns them in its order';

CREATE FUNCTION studentdir.increment(model text, id text, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_increment';
COMMENT ON FUNCTION studentdir.increment(text, text, jsonb, jsonb, jsonb) IS 'adds amounts to attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.increment(model text, id bigint, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_increment';
COMMENT ON FUNCTION studentdir.increment(text, bigint, jsonb, jsonb, jsonb) IS 'adds amounts to attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.increment(model text, id uuid, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_increment';
COMMENT ON FUNCTION studentdir.increment(text, uuid, jsonb, jsonb, jsonb) IS 'adds amounts to attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.increment(model text, id jsonb, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_increment';
COMMENT ON FUNCTION studentdir.increment(text, jsonb, jsonb, jsonb, jsonb) IS 'adds amounts to attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.decrement(model text, id text, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_decrement';
COMMENT ON FUNCTION studentdir.decrement(text, text, jsonb, jsonb, jsonb) IS 'subtracts amounts from attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.decrement(model text, id bigint, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_decrement';
COMMENT ON FUNCTION studentdir.decrement(text, bigint, jsonb, jsonb, jsonb) IS 'subtracts amounts from attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.decrement(model text, id uuid, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_decrement';
COMMENT ON FUNCTION studentdir.decrement(text, uuid, jsonb, jsonb, jsonb) IS 'subtracts amounts from attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.decrement(model text, id jsonb, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_decrement';
COMMENT ON FUNCTION studentdir.decrement(text, jsonb, jsonb, jsonb, jsonb) IS 'subtracts amounts from attributes of the record with this primary key and returns the changed record';

CREATE FUNCTION studentdir.increment_where(model text, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_increment_where';
COMMENT ON FUNCTION studentdir.increment_where(text, jsonb, jsonb, jsonb) IS 'adds amounts to attributes of the records that the options ask for and returns how many';

CREATE FUNCTION studentdir.decrement_where(model text, amounts jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_decrement_where';
COMMENT ON FUNCTION studentdir.decrement_where(text, jsonb, jsonb, jsonb) IS 'subtracts amounts from attributes of the records that the options ask for and returns how many';

-- what updates of a path in a JSON attribute call
CREATE FUNCTION studentdir.json_set(document jsonb, path jsonb, value jsonb)
  RETURNS jsonb
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'studentdir_json_set';
COMMENT ON FUNCTION studentdir.json_set IS 'internal: the document with the value at a path, an array of its name and of keys and indexes; what is missing on the way there is made';

-- what inserts of many rows call for each row, to know which one an error is about
CREATE FUNCTION studentdir.row_read()
  RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_row_read';
COMMENT ON FUNCTION studentdir.row_read IS 'internal: counts a row that an insert reads, and lets it pass';

CREATE FUNCTION studentdir.truncate(model text, options jsonb DEFAULT '{}')
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_truncate';
COMMENT ON FUNCTION studentdir.truncate IS 'empties the table of a model; marks the records of a paranoid model as deleted, unless "force" is true';

CREATE FUNCTION studentdir.destroy(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_destroy';
COMMENT ON FUNCTION studentdir.destroy IS 'deletes records and returns how many';

CREATE FUNCTION studentdir.destroy_returning(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (record json)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_destroy_returning';
COMMENT ON FUNCTION studentdir.destroy_returning IS 'deletes records and returns them as they were';

CREATE FUNCTION studentdir.destroy_by_pk(model text, id text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_destroy_by_pk';
COMMENT ON FUNCTION studentdir.destroy_by_pk(text, text, jsonb, jsonb) IS 'deletes the record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.destroy_by_pk(model text, id bigint, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_destroy_by_pk';
COMMENT ON FUNCTION studentdir.destroy_by_pk(text, bigint, jsonb, jsonb) IS 'deletes the record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.destroy_by_pk(model text, id uuid, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_destroy_by_pk';
COMMENT ON FUNCTION studentdir.destroy_by_pk(text, uuid, jsonb, jsonb) IS 'deletes the record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.destroy_by_pk(model text, id jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_destroy_by_pk';
COMMENT ON FUNCTION studentdir.destroy_by_pk(text, jsonb, jsonb, jsonb) IS 'deletes the record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.restore(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_restore';
COMMENT ON FUNCTION studentdir.restore IS 'brings back deleted records of a paranoid model and returns how many';

CREATE FUNCTION studentdir.restore_by_pk(model text, id text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_restore_by_pk';
COMMENT ON FUNCTION studentdir.restore_by_pk(text, text, jsonb, jsonb) IS 'brings back the deleted record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.restore_by_pk(model text, id bigint, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_restore_by_pk';
COMMENT ON FUNCTION studentdir.restore_by_pk(text, bigint, jsonb, jsonb) IS 'brings back the deleted record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.restore_by_pk(model text, id uuid, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_restore_by_pk';
COMMENT ON FUNCTION studentdir.restore_by_pk(text, uuid, jsonb, jsonb) IS 'brings back the deleted record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.restore_by_pk(model text, id jsonb, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_restore_by_pk';
COMMENT ON FUNCTION studentdir.restore_by_pk(text, jsonb, jsonb, jsonb) IS 'brings back the deleted record with this primary key; returns 1, or 0 if it does not exist';

CREATE FUNCTION studentdir.to_sql(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL)
  RETURNS TABLE (step integer, sql text, params json)
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_to_sql';
COMMENT ON FUNCTION studentdir.to_sql IS 'the statements that find_all would run, with their parameters';

CREATE FUNCTION studentdir.explain(model text, options jsonb DEFAULT '{}', "analyze" boolean DEFAULT false, params jsonb DEFAULT NULL)
  RETURNS SETOF text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_explain';
COMMENT ON FUNCTION studentdir.explain IS 'what EXPLAIN says of the statements that find_all runs';

CREATE FUNCTION studentdir.plan_cache()
  RETURNS TABLE (shape text, calls bigint, hits bigint, total_ms double precision,
                 queryid bigint, bytes bigint, generic boolean)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_plan_cache';
COMMENT ON FUNCTION studentdir.plan_cache IS 'the statements that this session keeps prepared, the most recently used first';

CREATE FUNCTION studentdir.version()
  RETURNS text
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_version';
COMMENT ON FUNCTION studentdir.version IS 'the version of the library that is loaded';

-- models
--
-- They write the catalogs as the caller.

CREATE FUNCTION studentdir.define(name text, attributes json, options jsonb DEFAULT '{}')
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_define';
COMMENT ON FUNCTION studentdir.define IS 'defines a model, or redefines it; returns its description';

CREATE FUNCTION studentdir.undefine(name text)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_undefine';
COMMENT ON FUNCTION studentdir.undefine IS 'forgets a model, its associations and its typed functions; the table stays';

CREATE FUNCTION studentdir.describe(name text)
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_describe';
COMMENT ON FUNCTION studentdir.describe IS 'a model as it could be defined again, and its associations';

CREATE FUNCTION studentdir.models()
  RETURNS TABLE (name text, schema_name text, table_name text, attributes text[], associations text[])
  LANGUAGE sql STABLE AS
$$SELECT m.name, m.schema_name, m.table_name,
         ARRAY(SELECT a.value OPERATOR(pg_catalog.->>) 'name'::pg_catalog.text
               FROM pg_catalog.jsonb_array_elements(m.attributes) WITH ORDINALITY AS a (value, n)
               ORDER BY a.n),
         ARRAY(SELECT s.alias FROM studentdir.association AS s
               WHERE s.model OPERATOR(pg_catalog.=) m.name ORDER BY s.alias)
  FROM studentdir.model AS m ORDER BY m.name$$;
COMMENT ON FUNCTION studentdir.models IS 'the models, with the names of their attributes and associations';

CREATE FUNCTION studentdir.has_many(source text, target text, options jsonb DEFAULT '{}')
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_has_many';
COMMENT ON FUNCTION studentdir.has_many IS 'a record of source has many of target, which hold the foreign key';

CREATE FUNCTION studentdir.has_one(source text, target text, options jsonb DEFAULT '{}')
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_has_one';
COMMENT ON FUNCTION studentdir.has_one IS 'a record of source has one of target, which holds the foreign key';

CREATE FUNCTION studentdir.belongs_to(source text, target text, options jsonb DEFAULT '{}')
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_belongs_to';
COMMENT ON FUNCTION studentdir.belongs_to IS 'a record of source, which holds the foreign key, belongs to one of target';

CREATE FUNCTION studentdir.belongs_to_many(source text, target text, options jsonb DEFAULT '{}')
  RETURNS json
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_belongs_to_many';
COMMENT ON FUNCTION studentdir.belongs_to_many IS 'records of source and of target belong to many of each other through a third model';

CREATE FUNCTION studentdir.expose(model text, schema text DEFAULT NULL)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_expose';
COMMENT ON FUNCTION studentdir.expose IS 'makes the typed functions of a model in a schema, by default the target schema of the extension';

CREATE FUNCTION studentdir.unexpose(model text, schema text DEFAULT NULL)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_unexpose';
COMMENT ON FUNCTION studentdir.unexpose IS 'drops the typed functions that expose made';

-- requests

CREATE FUNCTION studentdir.request(method text, path text, body jsonb DEFAULT NULL, params jsonb DEFAULT NULL)
  RETURNS TABLE (status integer, body json)
  LANGUAGE c VOLATILE ROWS 1 AS 'MODULE_PATHNAME', 'studentdir_request';
COMMENT ON FUNCTION studentdir.request IS 'answers an HTTP request to the exposed models: GET /students?cohort=x, PUT /students/7, ...';

CREATE FUNCTION studentdir.allowed_methods(path text)
  RETURNS text
  LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'studentdir_allowed_methods';
COMMENT ON FUNCTION studentdir.allowed_methods IS 'the methods of HTTP that a path has, as the header Allow of a 405 names them; NULL for a path that is not answered 405';

CREATE FUNCTION studentdir.routes()
  RETURNS TABLE (method text, path text, model text, action text)
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_routes';
COMMENT ON FUNCTION studentdir.routes IS 'the requests that studentdir.request answers';

-- descriptions

CREATE FUNCTION studentdir.openapi(options jsonb DEFAULT '{}')
  RETURNS json
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_openapi';
COMMENT ON FUNCTION studentdir.openapi IS 'the requests that studentdir.request answers about models that the caller may read, as an OpenAPI 3.1 document';

CREATE FUNCTION studentdir.json_schema(model text, kind text DEFAULT 'record')
  RETURNS json
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_json_schema';
COMMENT ON FUNCTION studentdir.json_schema IS 'what JSON a model gives or takes: its records, the data of create and update, or the options of its finders, as JSON Schema';

CREATE FUNCTION studentdir.typescript()
  RETURNS text
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_typescript';
COMMENT ON FUNCTION studentdir.typescript IS 'declarations of the models and of their typed functions in TypeScript';

CREATE FUNCTION studentdir.diagram(format text DEFAULT 'mermaid')
  RETURNS text
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_diagram';
COMMENT ON FUNCTION studentdir.diagram IS 'the models and which refer to which, as a diagram for Mermaid, or for graphviz (dot)';

CREATE FUNCTION studentdir.help(topic text DEFAULT NULL)
  RETURNS SETOF text
  LANGUAGE c STABLE ROWS 20 AS 'MODULE_PATHNAME', 'studentdir_help';
COMMENT ON FUNCTION studentdir.help IS 'what can be called, and about each function, option, operator, setting and SQLSTATE what it does, with an example';

-- migrations

CREATE FUNCTION studentdir.migration_create(name text, up text, down text DEFAULT NULL)
  RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_create';
COMMENT ON FUNCTION studentdir.migration_create IS 'registers a migration; returns its full name';

CREATE FUNCTION studentdir.lint(sql text DEFAULT NULL, migration text DEFAULT NULL)
  RETURNS TABLE (rule text, level text, statement integer, line integer, message text, hint text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_lint';
COMMENT ON FUNCTION studentdir.lint IS 'the statements of a text, of a migration or of all pending ones that may block or fail when they are applied';

CREATE FUNCTION studentdir.migration_show(name text)
  RETURNS TABLE (up text, down text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_show';
COMMENT ON FUNCTION studentdir.migration_show IS 'the text of a migration';

CREATE FUNCTION studentdir.migration_repair(name text)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_repair';
COMMENT ON FUNCTION studentdir.migration_repair IS 'accepts the text of a migration as it is now, in the name of the caller';

CREATE FUNCTION studentdir.migration_status()
  RETURNS TABLE (status text, name text, applied_at timestamptz, applied_by text,
                 duration_ms double precision, changed boolean)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_status';
COMMENT ON FUNCTION studentdir.migration_status IS 'the migrations in the order of their names, and whether each is applied';

CREATE FUNCTION studentdir.migrate(upto text DEFAULT NULL, steps integer DEFAULT NULL,
                                   dry_run boolean DEFAULT false)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migrate';
COMMENT ON FUNCTION studentdir.migrate IS 'applies pending migrations';

CREATE FUNCTION studentdir.migrate_undo(upto text DEFAULT NULL, steps integer DEFAULT NULL,
                                        dry_run boolean DEFAULT false, force boolean DEFAULT false)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migrate_undo';
COMMENT ON FUNCTION studentdir.migrate_undo IS 'undoes applied migrations, the newest first';

CREATE FUNCTION studentdir.migrate_undo_all(dry_run boolean DEFAULT false, force boolean DEFAULT false)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migrate_undo_all';
COMMENT ON FUNCTION studentdir.migrate_undo_all IS 'undoes all applied migrations';

CREATE FUNCTION studentdir.migrate_redo()
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migrate_redo';
COMMENT ON FUNCTION studentdir.migrate_redo IS 'undoes the newest migration and applies it again';

CREATE FUNCTION studentdir.migration_baseline(upto text DEFAULT NULL, meta regclass DEFAULT NULL)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_baseline';
COMMENT ON FUNCTION studentdir.migration_baseline IS 'marks migrations as applied without running them: up to a name, or those in Sequelize''s table';

CREATE FUNCTION studentdir.migrate_script(upto text DEFAULT NULL, steps integer DEFAULT NULL)
  RETURNS TABLE (sql text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migrate_script';
COMMENT ON FUNCTION studentdir.migrate_script IS 'the statements that apply pending migrations, for psql''s \gexec to run one by one';

CREATE PROCEDURE studentdir.script_step(name text, checksum text, statement integer, phase text)
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_script_step';
COMMENT ON PROCEDURE studentdir.script_step IS 'internal: called between the statements of migrate_script: checks and records how far it is';

CREATE PROCEDURE studentdir.migrate_stepwise(upto text DEFAULT NULL, steps integer DEFAULT NULL)
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_migrate_stepwise';
COMMENT ON PROCEDURE studentdir.migrate_stepwise IS 'applies pending migrations, and commits after each of them';

CREATE PROCEDURE studentdir.backfill(model text, set jsonb, condition jsonb DEFAULT '{}', batch integer DEFAULT 1000, pause interval DEFAULT '0')
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_backfill';
COMMENT ON PROCEDURE studentdir.backfill IS 'updates rows in batches by key, each in a transaction of its own; after an error the same call continues behind the last batch';

CREATE FUNCTION studentdir.seed_create(name text, up text, down text DEFAULT NULL)
  RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_create';
COMMENT ON FUNCTION studentdir.seed_create IS 'registers a seed; returns its full name';

CREATE FUNCTION studentdir.seed_show(name text)
  RETURNS TABLE (up text, down text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_show';
COMMENT ON FUNCTION studentdir.seed_show IS 'the text of a seed';

CREATE FUNCTION studentdir.seed_repair(name text)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_repair';
COMMENT ON FUNCTION studentdir.seed_repair IS 'accepts the text of a seed as it is now, in the name of the caller';

CREATE FUNCTION studentdir.seed_baseline(upto text DEFAULT NULL, meta regclass DEFAULT NULL)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_baseline';
COMMENT ON FUNCTION studentdir.seed_baseline IS 'marks seeds as applied without running them: up to a name, or those in Sequelize''s table';

CREATE FUNCTION studentdir.seed_status()
  RETURNS TABLE (status text, name text, applied_at timestamptz, applied_by text,
                 duration_ms double precision, changed boolean)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_status';
COMMENT ON FUNCTION studentdir.seed_status IS 'the seeds in the order of their names, and whether each is applied';

CREATE FUNCTION studentdir.seed(upto text DEFAULT NULL, steps integer DEFAULT NULL,
                                dry_run boolean DEFAULT false)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed';
COMMENT ON FUNCTION studentdir.seed IS 'applies pending seeds';

CREATE FUNCTION studentdir.seed_undo(upto text DEFAULT NULL, steps integer DEFAULT NULL,
                                     dry_run boolean DEFAULT false)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_undo';
COMMENT ON FUNCTION studentdir.seed_undo IS 'undoes applied seeds, the newest first';

CREATE FUNCTION studentdir.seed_undo_all(dry_run boolean DEFAULT false)
  RETURNS TABLE (name text, action text, duration_ms double precision)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_seed_undo_all';
COMMENT ON FUNCTION studentdir.seed_undo_all IS 'undoes all applied seeds';

-- install() grants the extension's owner what the owner of the database has
REVOKE EXECUTE ON ROUTINE studentdir.migrate, studentdir.migrate_undo,
  studentdir.migrate_undo_all, studentdir.migrate_redo, studentdir.migrate_stepwise, studentdir.seed,
  studentdir.seed_undo, studentdir.seed_undo_all FROM PUBLIC;
GRANT EXECUTE ON ROUTINE studentdir.migrate, studentdir.migrate_undo,
  studentdir.migrate_undo_all, studentdir.migrate_redo, studentdir.migrate_stepwise, studentdir.seed,
  studentdir.seed_undo, studentdir.seed_undo_all TO pg_database_owner WITH GRANT OPTION;

-- tables of the models

CREATE FUNCTION studentdir.create_table_sql(model text)
  RETURNS text
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_create_table_sql';
COMMENT ON FUNCTION studentdir.create_table_sql IS 'the statements that make the table of a model';

CREATE FUNCTION studentdir.sync(options jsonb DEFAULT '{}')
  RETURNS TABLE (model text, table_name text, action text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_sync';
COMMENT ON FUNCTION studentdir.sync IS 'makes the tables of models that are missing';

CREATE FUNCTION studentdir.diff(options jsonb DEFAULT '{}')
  RETURNS TABLE (model text, table_name text, change text, name text, actual text, expected text, ddl text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_diff';
COMMENT ON FUNCTION studentdir.diff IS 'what would have to change in the tables to make them match the models';

CREATE FUNCTION studentdir.check(options jsonb DEFAULT '{}')
  RETURNS boolean
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_check';
COMMENT ON FUNCTION studentdir.check IS 'true, or an error that lists the migrations that are pending, changed or unknown and the tables that do not match their models';

CREATE FUNCTION studentdir.lint_models()
  RETURNS TABLE (rule text, level text, model text, attribute text, message text, hint text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_lint_models';
COMMENT ON FUNCTION studentdir.lint_models IS 'what the tables of models lack although everything works now: indexes, foreign keys, unique keys, integer keys that run out';

CREATE FUNCTION studentdir.distribute(model text, by text, colocate_with text DEFAULT NULL)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_distribute';
COMMENT ON FUNCTION studentdir.distribute IS 'has Citus distribute the table of a model by the value of an attribute';

CREATE FUNCTION studentdir.reference(model text)
  RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_reference';
COMMENT ON FUNCTION studentdir.reference IS 'has Citus keep the table of a model on every node';

CREATE FUNCTION studentdir.migration_generate(name text, options jsonb DEFAULT '{}')
  RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_generate';
COMMENT ON FUNCTION studentdir.migration_generate IS 'registers a pending migration that makes the tables match the models, and returns its name';

CREATE FUNCTION studentdir.generate(model text, attributes text, options jsonb DEFAULT '{}')
  RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_generate';
COMMENT ON FUNCTION studentdir.generate IS 'defines a model and registers the pending migration that makes its table; returns its name';

CREATE FUNCTION studentdir.introspect(options jsonb DEFAULT '{}')
  RETURNS TABLE (model text, table_name text, attributes json, options json, associations json, sql text, notes text[])
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_introspect';
COMMENT ON FUNCTION studentdir.introspect IS 'what define and the association calls would say of tables that exist';

CREATE FUNCTION studentdir.import(options jsonb DEFAULT '{}')
  RETURNS TABLE (model text, table_name text, action text, associations integer, notes text[])
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_import';
COMMENT ON FUNCTION studentdir.import IS 'defines the models and associations of tables that exist';

CREATE FUNCTION studentdir.export(options jsonb DEFAULT '{}')
  RETURNS text
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'studentdir_export';
COMMENT ON FUNCTION studentdir.export IS 'the models, associations and exposures as SQL that makes them again';

-- as for the functions of migrations
REVOKE EXECUTE ON FUNCTION studentdir.sync FROM PUBLIC;
GRANT EXECUTE ON FUNCTION studentdir.sync TO pg_database_owner WITH GRANT OPTION;

-- samples

CREATE FUNCTION studentdir.remove_samples(models text[] DEFAULT NULL, options jsonb DEFAULT '{}')
  RETURNS TABLE (model text, table_name text, action text)
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_remove_samples';
COMMENT ON FUNCTION studentdir.remove_samples IS 'removes samples with their functions and migrations, and with {"tables": true} their tables';

-- install

CREATE FUNCTION studentdir.install() RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_install';
COMMENT ON FUNCTION studentdir.install IS 'internal: the last step of CREATE EXTENSION';
REVOKE EXECUTE ON FUNCTION studentdir.install FROM PUBLIC;

CREATE FUNCTION studentdir.grant_to_owner() RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_grant_to_owner';
COMMENT ON FUNCTION studentdir.grant_to_owner IS 'internal: the last step of ALTER EXTENSION UPDATE';
REVOKE EXECUTE ON FUNCTION studentdir.grant_to_owner FROM PUBLIC;

SELECT studentdir.install();
