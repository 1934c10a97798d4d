// IMDBench (EdgeDB's public benchmark of ORMs), without and with a millisecond between client and server: one call of
// studentdir, the driver with JSON made by hand-written SQL, and Sequelize, Drizzle and Prisma as people write them, with
// averages made in the client.  Nothing is asserted but that the reads of all are about the same records.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

import { READS, call, makeMovies } from '../imdb/reads.mjs';
import { WRITES } from '../imdb/writes.mjs';
import { connect } from '../lib/suite.mjs';
import { openImdb } from './imdb_sequelize.mjs';
import { inTurns, time } from './measure.mjs';
import { openDrizzle } from './peers/imdb_drizzle.mjs';
import { openPrisma } from './peers/imdb_prisma.mjs';
import { size } from './size.mjs';
import { openTable } from './table.mjs';

const MOVIES = size(25000, 100);
const CALLS = size(200, 2);
const pattern = new RegExp(process.argv[2] ?? '', 'i');
const asText = { getTypeParser: () => (value) => value };

const client = await connect();
await client.query('CREATE EXTENSION studentdir');
await makeMovies(client, MOVIES);
await client.query('VACUUM (ANALYZE, FREEZE)');

// What a write takes, on the movie or person id.
const VALUES = {
  update_movie: (id) => [id, 'x'],
  insert_user: () => ['Name', 'u.jpg'],
  insert_movie: (id) => ['Title', 'm.jpg', 'What happens.', 2000, id, [1 + (id % 50), 60 + (id % 20), 90]],
  insert_movie_plus: () => ['Title', 'm.jpg', 'What happens.', 2000, 'Di', 'Rector', 'd.jpg', 'Ac', 'Tor', 'a.jpg', 'Ac', 'Tress', 'b.jpg'],
};
const QUERIES = {
  ...Object.fromEntries(Object.entries(READS).map(([name, read]) => [name, {
    ours: call(read).replace('$1', '$1::bigint'), sql: read.sql, values: (id) => [id],
  }])),
  ...Object.fromEntries(Object.entries(WRITES).map(([name, write]) => [name, { ...write, values: VALUES[name] }])),
};

// What an answer is about, whatever the types of its values and the order of people without a place.
function essence(text) {
  const record = JSON.parse(text);
  const inner = ['latest_reviews', 'acted_in', 'directed', 'directors', 'cast', 'reviews'];
  return [record.id, record.full_name, ...inner.map((name) => record[name]?.map(({ id, full_name, movie }) => [id, full_name, movie?.id]).sort((a, b) => a[0] - b[0]))];
}

// The microseconds of a call of each side, over connections to host and port.
async function measure(name, where) {
  const driver = new pg.Client(where);
  await driver.connect();
  const peers = [openImdb(where), openDrizzle(where), openPrisma(where)];
  const { ours, sql, values } = QUERIES[name];
  const side = (kind, text) => async (id) => (await driver.query({ name: kind, text, values: values(id), rowMode: 'array', types: asText })).rows[0][0];
  const sides = [side('ours', ours), side('sql', sql), ...peers.map((peer) => async (id) => JSON.stringify(await peer[name](...values(id))))];
  if (name in READS) {
    const expected = essence(await sides[0](7));
    for (const ask of sides.slice(1)) assert.deepEqual(essence(await ask(7)), expected, name);
  }
  const turns = sides.map((ask) => async () =>
    (await time(async () => { for (let i = 0; i < CALLS; i++) await ask(1 + ((i * 37) % MOVIES)); })) * 1000 / CALLS);
  const medians = await inTurns(5, ...turns);
  for (const peer of peers) await peer.close();
  await driver.end();
  return medians;
}

const proxy = fork(fileURLToPath(new URL('far.mjs', import.meta.url)), ['1']);
const [port] = await once(proxy, 'message');
const places = [['', { host: process.env.PGHOST, port: Number(process.env.PGPORT) }], [', 1 ms away', { host: '127.0.0.1', port }]];
const table = openTable(['query', 'studentdir', 'pg, JSON by hand', 'Sequelize', 'Drizzle', 'Prisma']);
for (const name of Object.keys(QUERIES))
  for (const [away, where] of places)
    if (pattern.test(`IMDBench, ${name}`)) {
      const medians = await measure(name, where);
      table.add(`IMDBench, ${name}${away}`, ...medians.map((x) => `${x.toFixed(0)} us`));
    }
table.close();
proxy.kill();
await client.end();
