// IMDBench (EdgeDB's public benchmark of ORMs), without and with a millisecond between client and server: one call of
// studentdir, the driver with JSON made by hand-written SQL, and Sequelize as people write it, with averages made in the client.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

import { READS, call, makeMovies } from '../imdb/reads.mjs';
import { connect } from '../lib/suite.mjs';
import { openImdb } from './imdb_sequelize.mjs';
import { inTurns, time } from './measure.mjs';
import { size } from './size.mjs';

const MOVIES = size(25000, 100);
const CALLS = size(200, 2);
const pattern = new RegExp(process.argv[2] ?? '', 'i');
const asText = { getTypeParser: () => (value) => value };

const client = await connect();
await client.query('CREATE EXTENSION studentdir');
await makeMovies(client, MOVIES);
await client.query('VACUUM (ANALYZE, FREEZE)');

// What each side does for a key: writes take a number that no call had before.
let calls = 0;
const WRITES = {
  update_movie: {
    ours: [`SELECT studentdir.update_by_pk('ImdbMovie', $1::bigint, jsonb_build_object('title', $2::text), '{"returning":["id","title"]}')`, (id, n) => [id, `Title ${n}`]],
    sql: ["UPDATE imdb_movies SET title = $2 WHERE id = $1 RETURNING json_build_object('id', id, 'title', title)", (id, n) => [id, `Title ${n}`]],
  },
  insert_user: {
    ours: ["SELECT studentdir.create('ImdbUser', $1)", (id, n) => [JSON.stringify({ id: 1e6 + n, name: 'A user', image: 'image.jpg' })]],
    sql: ["INSERT INTO imdb_users (id, name, image) VALUES ($1, $2, $3) RETURNING row_to_json(imdb_users)", (id, n) => [1e6 + n, 'A user', 'image.jpg']],
  },
  insert_movie: {
    ours: [`SELECT studentdir.create('ImdbMovie', $1, '{"include":["directors","cast"]}')`,
      (id, n) => [JSON.stringify({ id: 1e6 + n, title: 'A movie', image: 'image.jpg', description: 'What happens.', year: 2026, directors: [id], cast: [1, 2, 3] })]],
    sql: [`
      WITH m AS (INSERT INTO imdb_movies (id, title, image, description, year) VALUES ($1, $2, $3, $4, $5) RETURNING *),
        d AS (INSERT INTO imdb_directors (movie_id, person_id) SELECT m.id, p FROM m, unnest($6::int[]) p RETURNING person_id),
        c AS (INSERT INTO imdb_actors (movie_id, person_id) SELECT m.id, p FROM m, unnest($7::int[]) p RETURNING person_id)
      SELECT json_build_object('id', m.id, 'title', m.title, 'image', m.image, 'description', m.description, 'year', m.year,
        'directors', (SELECT json_agg(p) FROM imdb_people p JOIN d ON p.id = d.person_id), 'cast', (SELECT json_agg(p) FROM imdb_people p JOIN c ON p.id = c.person_id)) FROM m`,
    (id, n) => [1e6 + n, 'A movie', 'image.jpg', 'What happens.', 2026, [id], [1, 2, 3]]],
  },
  insert_movie_plus: {
    ours: [`SELECT studentdir.create('ImdbMovie', $1, '{"include":["directors","cast"]}')`, (id, n) => {
      const person = (i) => ({ id: 1e6 + n * 10 + i, first_name: 'Ada', last_name: 'Lovelace', image: 'image.jpg', bio: '' });
      return [JSON.stringify({ id: 1e6 + n, title: 'A movie', image: 'image.jpg', description: 'What happens.', year: 2026, directors: [person(0)], cast: [person(1), person(2)] })];
    }],
    sql: [`
      WITH m AS (INSERT INTO imdb_movies (id, title, image, description, year) VALUES ($1, $2, $3, $4, $5) RETURNING *),
        p AS (INSERT INTO imdb_people (id, first_name, last_name, image, bio) SELECT i, 'Ada', 'Lovelace', 'image.jpg', '' FROM unnest($6::int[] || $7::int[]) i RETURNING *),
        d AS (INSERT INTO imdb_directors (movie_id, person_id) SELECT m.id, p.id FROM m, p WHERE p.id = ANY ($6) RETURNING person_id),
        c AS (INSERT INTO imdb_actors (movie_id, person_id) SELECT m.id, p.id FROM m, p WHERE p.id = ANY ($7) RETURNING person_id)
      SELECT json_build_object('id', m.id, 'title', m.title, 'image', m.image, 'description', m.description, 'year', m.year,
        'directors', (SELECT json_agg(p) FROM p JOIN d ON p.id = d.person_id), 'cast', (SELECT json_agg(p) FROM p JOIN c ON p.id = c.person_id)) FROM m`,
    (id, n) => [1e6 + n, 'A movie', 'image.jpg', 'What happens.', 2026, [1e6 + n * 10], [1e6 + n * 10 + 1, 1e6 + n * 10 + 2]]],
  },
};
const QUERIES = {
  ...Object.fromEntries(Object.entries(READS).map(([name, read]) => [name, {
    ours: [call(read).replace('$1', '$1::bigint'), (id) => [id]], sql: [read.sql, (id) => [id]],
  }])),
  ...WRITES,
};

// The microseconds of a call of each side, over connections to host and port.
async function measure(name, where) {
  const driver = new pg.Client(where);
  await driver.connect();
  const sequelize = openImdb(where);
  const side = (kind) => ([text, values]) => (id) => driver.query({ name: `${kind}${name}`, text, values: values(id, ++calls), rowMode: 'array', types: asText });
  const sides = [side('ours')(QUERIES[name].ours), side('sql')(QUERIES[name].sql), (id) => sequelize[name](id, ++calls)];
  const turns = sides.map((ask) => async () =>
    (await time(async () => { for (let i = 0; i < CALLS; i++) await ask(1 + ((i * 37) % MOVIES)); })) * 1000 / CALLS);
  const medians = await inTurns(5, ...turns);
  await sequelize.close();
  await driver.end();
  return medians;
}

const proxy = fork(fileURLToPath(new URL('far.mjs', import.meta.url)), ['1']);
const [port] = await once(proxy, 'message');
const places = [['', { host: process.env.PGHOST, port: Number(process.env.PGPORT) }], [', 1 ms away', { host: '127.0.0.1', port }]];
console.log('query | studentdir | pg, JSON by hand | Sequelize');
for (const name of Object.keys(QUERIES))
  for (const [away, where] of places)
    if (pattern.test(`IMDBench, ${name}`)) {
      const medians = await measure(name, where);
      console.log([`IMDBench, ${name}${away}`, ...medians.map((x) => `${x.toFixed(0)} us`)].join(' | '));
    }
proxy.kill();
await client.end();
