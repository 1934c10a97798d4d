// CREATE EXTENSION, and calls and errors, in a database of every encoding that a server can have.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

import pg from 'pg';

import { column, connect, finish, test } from '../lib/suite.mjs';

const CLIENT_ONLY = ['SJIS', 'BIG5', 'GBK', 'UHC', 'GB18030', 'JOHAB', 'SHIFT_JIS_2004'];
const client = await connect();
const encodings = (await column(client, 'SELECT pg_encoding_to_char(i) FROM generate_series(0, 60) i'))
  .filter((name) => name !== '' && !CLIENT_ONLY.includes(name));
assert(encodings.length > 30);
for (const encoding of encodings) {
  const database = `enc_${encoding.toLowerCase()}`;
  if (encoding === 'MULE_INTERNAL') {
    // nothing converts this one to the UTF-8 that pg asks for
    await test(encoding, async () => {
      await client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`);
      const shown = execFileSync('psql', ['-XAtqd', database, '-c', 'CREATE EXTENSION studentdir', '-c', 'SELECT students_list()'],
        { encoding: 'utf8', env: { ...process.env, PGCLIENTENCODING: 'SQL_ASCII' } });
      assert.equal(shown.trim(), '[]');
      await client.query(`DROP DATABASE ${database}`);
    });
    continue;
  }
  await test(encoding, async () => {
    await client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING '${encoding}' LC_COLLATE 'C' LC_CTYPE 'C'`);
    const other = new pg.Client({ database });
    await other.connect();
    try {
      await other.query('CREATE EXTENSION studentdir');
      await other.query(`SELECT student_create('{"name":"Ada"}')`);
      assert.equal((await other.query(`SELECT students_list('{"attributes":["name"]}') AS l`)).rows[0].l[0].name, 'Ada');
      assert.equal((await other.query('SELECT studentdir.export() AS e')).rows.length, 1);
      await assert.rejects(other.query(`SELECT students_list('{"where":{"nothing":1}}')`), /attribute "nothing"/);
      await other.query(`SELECT studentdir.migration_create('x', 'ALTER TABLE students ALTER COLUMN cohort SET NOT NULL; ALTER TABLE posts ADD UNIQUE (title)')`);
    } finally {
      await other.end();
      await client.query(`DROP DATABASE ${database}`);
    }
  });
}
await test('SQL_ASCII: bytes that are no UTF-8', async () => {
  await client.query(`CREATE DATABASE enc_bytes TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`);
  const other = new pg.Client({ database: 'enc_bytes' });
  await other.connect();
  try {
    await other.query('CREATE EXTENSION studentdir');
    const bytes = `jsonb_build_object('name', 'Ada', 'cohort', convert_from('\\xe9', 'SQL_ASCII'), 'email', convert_from('\\xe9', 'SQL_ASCII'))`;
    assert.equal((await other.query(`SELECT octet_length(student_create(${bytes} - 'email')::text) > 0 AS made`)).rows[0].made, true);
    assert.equal((await other.query(`SELECT students_count(jsonb_build_object('where', ${bytes} - 'email' - 'name')) AS n`)).rows[0].n, '1');
    await assert.rejects(other.query(`SELECT student_create(${bytes})`),
      (error) => error.code === '22021' && /This is about email/.test(error.detail));
  } finally {
    await other.end();
    await client.query('DROP DATABASE enc_bytes');
  }
});
await test('a Turkish locale, in which I is no capital i', async () => {
  const [icu] = await column(client, "SELECT count(*) > 0 FROM pg_collation WHERE collprovider = 'i'");
  if (!icu) return;
  await client.query(`CREATE DATABASE enc_turkish TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'tr' LC_COLLATE 'C' LC_CTYPE 'C'`);
  const other = new pg.Client({ database: 'enc_turkish' });
  await other.connect();
  try {
    await other.query('CREATE EXTENSION studentdir');
    await other.query(`SELECT studentdir.define('ItemInfo', '{"itemId": "INTEGER", "ÄIx": "TEXT"}', '{"timestamps": false, "expose": true}')`);
    assert.deepEqual(await column(other, `SELECT a->>'field' FROM studentdir.model, jsonb_array_elements(attributes) a WHERE name = 'ItemInfo'`), ['id', 'item_id', 'ä_ix']);
    assert.equal((await other.query(`SELECT table_name AS t FROM studentdir.model WHERE name = 'ItemInfo'`)).rows[0].t, 'item_infos');
    assert.equal((await other.query(`SELECT to_regproc('item_info_create') IS NOT NULL AS made`)).rows[0].made, true);
    assert((await column(other, 'SELECT path FROM studentdir.routes()')).includes('/item-infos'));
  } finally {
    await other.end();
    await client.query('DROP DATABASE enc_turkish');
  }
});
await client.end();
finish();
