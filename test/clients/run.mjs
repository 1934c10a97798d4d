// What programs reach the database with: node-postgres, psycopg and psql, straight and through a
// connection pooler.  No call may need anything of its session, and no change of a table or a model
// may spoil a statement that a client has prepared.
import { finish } from '../lib/suite.mjs';

for (const part of ['pooler', 'node', 'psql', 'psycopg']) await import(`./${part}.mjs`);
finish();
