// The connections of the apps.  Where the server is and who we are comes from the environment: PGHOST,
// PGUSER, PGPASSWORD and so on, which the file .env can set too.
import 'dotenv/config';
import pg from 'pg';

// What the functions return is JSON already: it goes to the client as the text that it is.
const types = { getTypeParser: () => (text) => text };

export function openPool(database = process.env.PGDATABASE, max = 4) {
  const pool = new pg.Pool({ database, max, types });
  // a connection that breaks while nobody uses it is replaced
  pool.on('error', () => {});
  return pool;
}

// The first column of the first row: JSON text, or undefined when there is no row.
export async function callOne(pool, sql, ...values) {
  // prepared once for each connection, where the text is short enough for a name
  const name = sql.length < 64 ? sql : undefined;
  const { rows } = await pool.query({ name, text: sql, values, rowMode: 'array' });
  return rows[0]?.[0];
}
