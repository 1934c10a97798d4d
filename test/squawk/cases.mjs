// What squawk says beside locks, rewrites and what breaks running programs.
export const STYLE = new Set([
  'ban-char-field', 'identifier-too-long', 'prefer-bigint-over-int', 'prefer-bigint-over-smallint', 'prefer-identity',
  'prefer-robust-stmts', 'prefer-text-field', 'prefer-timestamp-tz', 'require-table-schema', 'unused-ignore',
  // studentdir.lock_timeout bounds every migration
  'require-lock-timeout', 'require-statement-timeout', 'require-timeout-settings',
]);

// What lint says alone (ours), what squawk says alone (theirs), and why; a statement by itself: they say the same.
export const CASES = [
  'ALTER TABLE big ADD COLUMN x text NOT NULL',
  'ALTER TABLE big ADD COLUMN x text',
  "ALTER TABLE big ADD COLUMN x text NOT NULL DEFAULT 'x'",
  'ALTER TABLE big ADD COLUMN x uuid DEFAULT gen_random_uuid()',
  'ALTER TABLE big ADD COLUMN x timestamptz DEFAULT now()',
  'ALTER TABLE big ADD COLUMN x timestamptz DEFAULT clock_timestamp()',
  'ALTER TABLE big ADD COLUMN x bigint GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE big ADD COLUMN x bigint GENERATED ALWAYS AS (a + 1) STORED',
  {
    sql: 'ALTER TABLE big ADD COLUMN x bigserial', ours: ['adding-field-with-default'],
    why: 'the column is filled row by row, which squawk says of a primary key only',
  },
  'ALTER TABLE big ADD COLUMN x bigserial PRIMARY KEY',
  {
    sql: 'ALTER TABLE free ADD PRIMARY KEY (a)', theirs: ['constraint-missing-not-valid'],
    why: 'a key cannot be NOT VALID, so the other rule is the one that helps',
  },
  {
    sql: 'ALTER TABLE big ADD COLUMN x json', ours: ['adding-json-field'],
    why: 'a rule of strong_migrations',
  },
  'ALTER TABLE big ALTER COLUMN a TYPE bigint',
  {
    sql: 'ALTER TABLE big ALTER COLUMN v TYPE varchar(20)', theirs: ['changing-column-type'],
    why: 'the catalog says that the type is varchar(10): no row is looked at',
  },
  {
    sql: 'ALTER TABLE big ALTER COLUMN v TYPE text', theirs: ['changing-column-type'],
    why: 'the same from varchar to text',
  },
  {
    sql: 'ALTER TABLE big ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES ref', theirs: ['constraint-missing-not-valid'],
    why: 'one finding for one thing',
  },
  'ALTER TABLE big ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES ref NOT VALID',
  {
    sql: 'ALTER TABLE big ADD COLUMN x bigint REFERENCES ref', theirs: ['adding-foreign-key-constraint'],
    why: 'a new column without a default holds nothing to check',
  },
  'ALTER TABLE big ADD CONSTRAINT k CHECK (a > 0)',
  'ALTER TABLE big ADD CONSTRAINT k CHECK (a > 0) NOT VALID',
  'ALTER TABLE big ADD CONSTRAINT k CHECK (a > 0) NOT VALID; ALTER TABLE big VALIDATE CONSTRAINT k',
  {
    sql: 'ALTER TABLE big ADD CONSTRAINT u UNIQUE (a)', theirs: ['constraint-missing-not-valid'],
    why: 'one finding for one thing',
  },
  'ALTER TABLE big ADD CONSTRAINT u UNIQUE USING INDEX u',
  'ALTER TABLE big ADD COLUMN x text UNIQUE',
  {
    sql: 'ALTER TABLE big ADD EXCLUDE USING gist (r WITH &&)', ours: ['adding-exclusion-constraint'], theirs: ['constraint-missing-not-valid'],
    why: 'such a constraint cannot be NOT VALID',
  },
  'ALTER TABLE big ALTER COLUMN a SET NOT NULL',
  'ALTER TABLE big ALTER COLUMN c DROP NOT NULL',
  'ALTER TABLE big DROP COLUMN b',
  'ALTER TABLE big ALTER COLUMN a DROP DEFAULT',
  'DROP TABLE big',
  {
    sql: 'DROP DATABASE no_such', ours: ['not-in-transaction'],
    why: 'migrate() refuses it',
  },
  'ALTER TABLE big RENAME COLUMN a TO z',
  'ALTER TABLE big RENAME TO z',
  {
    sql: 'ALTER SCHEMA public RENAME TO z', ours: ['renaming-schema'],
    why: 'a rule of strong_migrations',
  },
  'CREATE INDEX i ON big (b)',
  {
    sql: 'CREATE INDEX CONCURRENTLY i ON big (b)', ours: ['ban-concurrent-index-creation-in-transaction'],
    why: 'squawk lets a file pass that has no other statement; migrate() refuses it all the same',
  },
  'DROP INDEX big_a',
  {
    sql: 'DROP INDEX CONCURRENTLY big_a', ours: ['not-in-transaction'],
    why: 'migrate() refuses it',
  },
  'REINDEX TABLE big',
  {
    sql: 'REINDEX TABLE CONCURRENTLY big', ours: ['not-in-transaction'],
    why: 'migrate() refuses it',
  },
  {
    sql: 'VACUUM FULL big', ours: ['not-in-transaction', 'prefer-repack'],
    why: 'migrate() refuses it; prefer-repack has to be asked for in squawk',
  },
  {
    sql: 'CLUSTER big USING big_a', ours: ['prefer-repack'],
    why: 'prefer-repack has to be asked for in squawk',
  },
  {
    sql: 'ALTER TABLE big SET UNLOGGED', ours: ['set-logged'],
    why: "a rule of lint's own: the table is written anew",
  },
  {
    sql: 'LOCK TABLE big', ours: ['lock-table'],
    why: "a rule of lint's own",
  },
  {
    sql: 'REFRESH MATERIALIZED VIEW seen', ours: ['refresh-without-concurrently'],
    why: "a rule of lint's own",
  },
  'TRUNCATE big CASCADE',
  {
    sql: 'UPDATE big SET a = 1', ours: ['backfill-in-one-statement'],
    why: 'a rule of strong_migrations',
  },
  'CREATE DOMAIN d AS text CHECK (VALUE <> \'\')',
  'ALTER DOMAIN checked ADD CHECK (VALUE < 10)',
  {
    sql: 'ALTER DOMAIN checked ADD CHECK (VALUE < 10) NOT VALID', theirs: ['ban-alter-domain-with-add-constraint'],
    why: 'NOT VALID reads no table',
  },
  {
    sql: 'ALTER TABLE parted ATTACH PARTITION free FOR VALUES IN (2)', ours: ['attach-without-check'],
    why: "a rule of lint's own, for which the catalog is needed",
  },
  'ALTER TABLE parted DETACH PARTITION parted_1',
  {
    sql: 'ALTER TABLE parted DETACH PARTITION parted_1 CONCURRENTLY', ours: ['not-in-transaction'],
    why: 'migrate() refuses it',
  },
  {
    sql: "ALTER TYPE mood ADD VALUE 'ok'", theirs: ['require-enum-value-ordering'],
    why: 'where a new value stands breaks nothing that runs',
  },
  'BEGIN; ALTER TABLE big ADD COLUMN x text; COMMIT',
  {
    sql: 'BEGIN; ALTER TABLE big ADD COLUMN x text', theirs: ['ban-uncommitted-transaction'],
    why: 'transaction-nesting is an error already',
  },
  {
    sql: 'ALTER TABLE big ADD COLUMN x text; ALTER TABLE ref ADD COLUMN x text', ours: ['several-tables-locked'],
    why: "a rule of lint's own",
  },
  'CREATE TABLE fresh (id bigint PRIMARY KEY, a bigint NOT NULL REFERENCES ref); CREATE INDEX i ON fresh (a); ALTER TABLE fresh ADD CHECK (a > 0)',
].map((one) => (typeof one === 'string' ? { sql: one } : one));
