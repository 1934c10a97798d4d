// Databases of Conduit: from its migrations, or from plain tables whose models are imported.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { column, connect } from '../lib/suite.mjs';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };

function psql(database, ...args) {
  execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-d', database, ...args], {
    ...quiet, env: { ...process.env, PGOPTIONS: '-c studentdir.create_tables=off -c client_min_messages=warning' },
  });
}

// Makes a database; models: "defined" or "imported".
export async function createDatabase(database, models) {
  const admin = await connect();
  await column(admin, `CREATE DATABASE ${database}`);
  await admin.end();
  psql(database, '-c', 'CREATE EXTENSION studentdir');
  if (models === 'defined') {
    execFileSync(path('../../src/studentdir-load-migrations'), [path('migrations'), '-Xq', '-d', database], quiet);
    psql(database, '-c', 'SELECT studentdir.migrate()');
  } else {
    psql(database, '-f', path('migrations/20261128000001-tables.up.sql'), '-f', path('imported.sql'),
      '-f', path('migrations/20261128000003-associations.up.sql'));
  }
}

// Puts the rows of data.sql in the place of those that are there.
export function fill(database) {
  psql(database, '-c', 'TRUNCATE users, tags RESTART IDENTITY CASCADE', '-f', path('data.sql'), '-c', 'VACUUM ANALYZE');
}
