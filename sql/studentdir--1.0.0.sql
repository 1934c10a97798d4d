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

CREATE TABLE studentdir.model (
  name        text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  singular    text COLLATE "C" NOT NULL,
  plural      text COLLATE "C" NOT NULL,
  schema_name text COLLATE "C" NOT NULL,
  table_name  text COLLATE "C" NOT NULL,
  attributes  json NOT NULL,
  options     jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE studentdir.model IS 'models, in normalized form: every attribute with its type and its field';

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
COMMENT ON TABLE studentdir.association IS 'associations: a source row and a target row belong together where source_key equals target_key, which are attributes';

CREATE TABLE studentdir.migration (
  name          text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  up            text NOT NULL,
  down          text,
  checksum      text COLLATE "C" NOT NULL,
  registered_by text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at    timestamptz,
  applied_by    text COLLATE "C",
  duration_ms   double precision
);
COMMENT ON TABLE studentdir.migration IS 'ledger of migrations; one without applied_at is pending';

CREATE TABLE studentdir.seed (
  name          text COLLATE "C" PRIMARY KEY CHECK (name <> ''),
  up            text NOT NULL,
  down          text,
  checksum      text COLLATE "C" NOT NULL,
  registered_by text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_at    timestamptz,
  applied_by    text COLLATE "C",
  duration_ms   double precision
);
COMMENT ON TABLE studentdir.seed IS 'ledger of seeds; one without applied_at is pending';

SELECT pg_catalog.pg_extension_config_dump('studentdir.model', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.association', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.migration', '');
SELECT pg_catalog.pg_extension_config_dump('studentdir.seed', '');

-- tells every session that the models changed
CREATE FUNCTION studentdir.catalog_changed() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_catalog_changed';
REVOKE EXECUTE ON FUNCTION studentdir.catalog_changed FROM PUBLIC;

CREATE TRIGGER catalog_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON studentdir.model
  FOR EACH STATEMENT EXECUTE FUNCTION studentdir.catalog_changed();
ALTER TABLE studentdir.model ENABLE ALWAYS TRIGGER catalog_changed;

CREATE TRIGGER catalog_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON studentdir.association
  FOR EACH STATEMENT EXECUTE FUNCTION studentdir.catalog_changed();
ALTER TABLE studentdir.association ENABLE ALWAYS TRIGGER catalog_changed;

-- keeps anybody from registering SQL under another role's name
CREATE FUNCTION studentdir.registered_by() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'studentdir_registered_by';
REVOKE EXECUTE ON FUNCTION studentdir.registered_by FROM PUBLIC;

CREATE TRIGGER registered_by BEFORE INSERT OR UPDATE ON studentdir.migration
  FOR EACH ROW EXECUTE FUNCTION studentdir.registered_by();
ALTER TABLE studentdir.migration ENABLE ALWAYS TRIGGER registered_by;

CREATE TRIGGER registered_by BEFORE INSERT OR UPDATE ON studentdir.seed
  FOR EACH ROW EXECUTE FUNCTION studentdir.registered_by();
ALTER TABLE studentdir.seed ENABLE ALWAYS TRIGGER registered_by;

-- The installing role gets the same by a grant of its own (install()).
GRANT SELECT ON ALL TABLES IN SCHEMA studentdir TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir
  TO pg_database_owner WITH GRANT OPTION;

-- finders and writers

-- migrations

CREATE FUNCTION studentdir.migration_create(name text, up text, down text DEFAULT NULL)
  RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_migration_create';
COMMENT ON FUNCTION studentdir.migration_create IS 'registers a migration; returns its full name';

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
COMMENT ON FUNCTION studentdir.migration_status IS 'the ledger of migrations, in name order';

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

-- install() grants the same to the installing role: what is added here is added there
REVOKE EXECUTE ON FUNCTION studentdir.migrate, studentdir.migrate_undo,
  studentdir.migrate_undo_all, studentdir.migrate_redo FROM PUBLIC;
GRANT EXECUTE ON FUNCTION studentdir.migrate, studentdir.migrate_undo,
  studentdir.migrate_undo_all, studentdir.migrate_redo TO pg_database_owner WITH GRANT OPTION;

-- install

CREATE FUNCTION studentdir.install() RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'studentdir_install';
COMMENT ON FUNCTION studentdir.install IS 'the last step of CREATE EXTENSION';
REVOKE EXECUTE ON FUNCTION studentdir.install FROM PUBLIC;

SELECT studentdir.install();
