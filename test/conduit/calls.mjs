// How many statements each endpoint sends to the database, from pg_stat_statements at top level; and how many the
// three busiest take with what the benchmark compares, Prisma where SD_PRISMA names its folder.  Printed as JSON.
//
//   SD_CONF="shared_preload_libraries = 'pg_stat_statements'" test/cluster node test/conduit/calls.mjs
import { once } from 'node:events';
import { openPeer } from '../bench/conduit-peers.mjs';
import { openPool } from '../express/database.mjs';
import { column, connect } from '../lib/suite.mjs';
import { createApp } from './app.mjs';
import { createDatabase, fill } from './database.mjs';

const DATABASE = 'conduit'; // as the peers call it

await createDatabase(DATABASE, 'defined');
// in another database, whose statements are not counted
const counter = await connect();
await column(counter, 'CREATE EXTENSION pg_stat_statements');
const pool = openPool(DATABASE);
const server = createApp(pool, 'a secret').listen(0, '127.0.0.1');
await once(server, 'listening');

const tokens = {};
const counts = {};

// How many statements the database has been sent meanwhile.
async function count(run) {
  await column(counter, 'SELECT pg_stat_statements_reset()');
  await run();
  const [n] = await column(counter, `SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
     WHERE toplevel AND datname = $1`, [DATABASE]);
  return Number(n);
}

// Sends a request as a user and notes under the endpoint's name how many statements it took; returns the answer.
async function ask(endpoint, values, body, user) {
  const [method, path] = endpoint.split(' ');
  const url = `http://127.0.0.1:${server.address().port}/api${path.replace(/:(\w+)/g, (_, name) => values[name])}`;
  const headers = { 'content-type': 'application/json', ...(user && { authorization: `Token ${tokens[user]}` }) };
  let text;
  const n = await count(async () => {
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    text = await response.text();
    if (!response.ok) throw new Error(`${endpoint}: ${response.status} ${text}`);
  });
  counts[endpoint] = Math.max(counts[endpoint] ?? 0, n);
  return text === '' ? undefined : JSON.parse(text);
}

for (const username of ['ada', 'bob']) {
  const user = { username, email: `${username}@example.org`, password: 'p' };
  tokens[username] = (await ask('POST /users', {}, { user })).user.token;
}
await ask('POST /users/login', {}, { user: { email: 'ada@example.org', password: 'p' } });
await ask('GET /user', {}, undefined, 'ada');
await ask('PUT /user', {}, { user: { bio: 'x', password: 'q' } }, 'ada');
const ada = { username: 'ada' };
await ask('GET /profiles/:username', ada);
await ask('POST /profiles/:username/follow', ada, undefined, 'bob');
const { article } = await ask('POST /articles', {}, { article: { title: 't', description: 'd', body: 'b', tagList: ['x', 'y'] } }, 'ada');
const { slug } = article;
await ask('GET /articles', {}, undefined, 'bob');
await ask('GET /articles/feed', {}, undefined, 'bob');
await ask('GET /articles/:slug', { slug }, undefined, 'bob');
await ask('POST /articles/:slug/favorite', { slug }, undefined, 'bob');
await ask('DELETE /articles/:slug/favorite', { slug }, undefined, 'bob');
const { comment } = await ask('POST /articles/:slug/comments', { slug }, { comment: { body: 'b' } }, 'bob');
await ask('GET /articles/:slug/comments', { slug });
await ask('DELETE /articles/:slug/comments/:id', { slug, id: comment.id }, undefined, 'bob');
await ask('GET /tags', {});
await ask('PUT /articles/:slug', { slug }, { article: { body: 'c' } }, 'ada');
await ask('DELETE /articles/:slug', { slug }, undefined, 'ada');
await ask('DELETE /profiles/:username/follow', ada, undefined, 'bob');

server.close();
server.closeAllConnections();
await pool.end();

// of a call that has been made before, which has opened the connection and learned what it wants to know
const peers = {};
fill(DATABASE);
for (const name of ['studentdir', 'by hand', 'Sequelize', ...(process.env.SD_PRISMA ? ['Prisma'] : [])]) {
  const peer = await openPeer(name, 1);
  const ask = [() => peer.articles({}, 1), () => peer.feed({}, 1), () => peer.favorite('article-number-1-1', 400 + Object.keys(peers).length)];
  for (const call of ask) await call();
  const more = [...ask.slice(0, 2), () => peer.favorite('article-number-2-2', 450 + Object.keys(peers).length)];
  peers[name] = [];
  for (const call of more) peers[name].push(await count(call));
  await peer.close();
}
await counter.end();
console.log(JSON.stringify({ endpoints: counts, peers }));
