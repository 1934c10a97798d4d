// IMDBench's reads: what one call answers for every key, and the statement that is written by hand.
import assert from 'node:assert/strict';

import { READS, call, dropMovies, makeMovies } from './reads.mjs';
import { column, connect, finish, test } from '../lib/suite.mjs';

const client = await connect();
await makeMovies(client, 120);
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
await dropMovies(client);
await client.end();
finish();
