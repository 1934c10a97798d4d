// IMDBench's reads and writes: what one call answers, and the statement that is written by hand; after a write, what is left.
import assert from 'node:assert/strict';

import { READS, call, dropMovies, makeMovies } from './reads.mjs';
import { WRITES } from './writes.mjs';
import { column, connect, finish, test } from '../lib/suite.mjs';

const MOVIES = 120;
const client = await connect();
await makeMovies(client, MOVIES);
for (const [name, read] of Object.entries(READS)) {
  // a key that does not exist, too
  for (const id of [...await column(client, `SELECT id FROM ${read.table} ORDER BY id`), '100000']) {
    await test(`${name} ${id}`, async () => {
      const [ours] = await column(client, call(read), [id]);
      const [theirs] = await column(client, read.sql, [id]);
      assert.deepEqual(JSON.parse(ours ?? null), JSON.parse(theirs ?? null));
    });
  }
}

// What a write answers, and all rows that it leaves; the next keys are the same each time.
async function written(sql, parameters) {
  await client.query(`BEGIN; SELECT setval(pg_get_serial_sequence(t, 'id'), ${MOVIES}) FROM unnest('{imdb_movies,imdb_people,imdb_users}'::text[]) AS t`);
  try {
    const [answer] = await column(client, sql, parameters);
    const rows = await column(client, ['users', 'movies', 'people', 'directors', 'actors', 'reviews'].map((table) => `SELECT '${table}' || t FROM imdb_${table} AS t`).join(' UNION ALL '));
    return { answer: JSON.parse(answer ?? null), rows: rows.sort() };
  } finally {
    await client.query('ROLLBACK');
  }
}

for (let n = 1; n <= 10; n++) {
  const movie = [`Title ${n}`, 'm.jpg', 'What "happens"', 1990 + n];
  const parameters = {
    update_movie: [n === 10 ? 100000 : n * 11, `s${n}`],
    insert_user: [`User ${n}`, 'u.jpg'],
    insert_movie: [...movie, n, Array.from({ length: n - 1 }, (_, i) => n + 2 * i)],
    insert_movie_plus: [...movie, 'Di', `Rector${n}`, 'd.jpg', 'Ac', 'Tor', 'a.jpg', 'Ac', `Tress${n}`, 'b.jpg'],
  };
  for (const [name, write] of Object.entries(WRITES)) {
    await test(`${name} ${n}`, async () => {
      const ours = await written(write.ours, parameters[name]);
      assert.deepEqual(ours, await written(write.sql, parameters[name]));
      assert.ok(n === 10 || ours.answer !== null);
    });
  }
}
await test('insert_movie with a person that does not exist writes nothing', async () => {
  await assert.rejects(written(WRITES.insert_movie.ours, ['x', 'x', 'x', 2000, 1, [2, 100000]]), { code: '23503' });
  assert.deepEqual(await column(client, "SELECT 1 FROM imdb_movies WHERE title = 'x'"), []);
});
await dropMovies(client);
await client.end();
finish();
