// The 14 queries of Prisma's public benchmark of ORMs, by each peer on the same tables: as JSON text and as objects, the time on
// the wall and that of the processors in client and server together.  Medians of turns; nothing is asserted but that all
// answer the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import pg from 'pg';

import { median } from '../measure.mjs';
import { size } from '../size.mjs';
import { openTable } from '../table.mjs';
import * as drizzle from './drizzle.mjs';
import * as kysely from './kysely.mjs';
import * as prisma from './prisma.mjs';
import * as raw from './raw.mjs';
import * as sequelize from './sequelize.mjs';
import * as studentdir from './studentdir.mjs';

const CUSTOMERS = size(1000, 50);
const ORDERS = 5;
const TURNS = size(5, 1);
const TICK = 10000;     // microseconds of the processor that /proc counts in

// how many calls a turn has: enough of them for clocks that tick
const QUERIES = {
  findMany: 40, findManyPage: 400, findManyNested: 20, findFirst: 400, findFirstNested: 400, findUnique: 400, findUniqueNested: 400,
  create: 400, createNested: 200, update: 400, updateNested: 200, upsert: 400, upsertNested: 200, delete: 400,
};
const READS = Object.keys(QUERIES).filter((name) => name.startsWith('find'));
const pattern = new RegExp(process.argv[2] ?? '', 'i');

const client = new pg.Client();
await client.connect();
await client.query('CREATE EXTENSION studentdir');

// What call number i of a turn asks for.
let calls = 0;
function question(i) {
  const id = 1 + ((i * 37) % CUSTOMERS);
  calls++;
  return {
    id, orderId: (id - 1) * ORDERS + 1, newId: 1000001 + i, name: `Name ${calls}`, amount: calls % 1000, email: `customer${id}@example.org`,
    customer: { name: 'Ada Lovelace', email: `new${calls}@example.org`, isActive: false },
    order: { date: '2026-01-01T00:00:00.000Z', totalAmount: 100 },
  };
}

// Puts back what calls have written, and makes what they are to delete.
async function reset(query, n) {
  await client.query('DELETE FROM customers WHERE id > $1', [CUSTOMERS]);
  if (query === 'delete')
    await client.query(`INSERT INTO customers (id, name, email) SELECT 1000000 + i, 'Gone', 'gone' || i || '@example.org' FROM generate_series(1, $1) i`, [n]);
}

// The microseconds that the server's processes have used.
async function serverTime() {
  const { rows } = await client.query('SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
  return rows.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * TICK;
  }, 0);
}

// One turn: microseconds a call on the wall, and of the processors.
async function turn(peer, query, n, parse) {
  await reset(query, n);
  const server = await serverTime();
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < n; i++) {
    const answer = await peer[query](question(i), parse);
    if (!parse && typeof answer !== 'string') JSON.stringify(answer);
  }
  const wall = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  return [wall / n, (user + system + (await serverTime()) - server) / n];
}

// What an answer is about, whatever the types of its values.
function essence(answer) {
  const plain = JSON.parse(typeof answer === 'string' ? answer : JSON.stringify(answer));
  return [plain].flat().map(({ id, email, orders }) => [id, email, orders?.map((order) => order.id).sort((a, b) => a - b)]);
}

await client.query(readFileSync(new URL('tables.sql', import.meta.url), 'utf8'));
await client.query(`
  INSERT INTO customers (name, email, is_active, created_at)
    SELECT 'Customer ' || i, 'customer' || i || '@example.org', i % 2 = 0, '2026-01-01Z'::timestamptz + make_interval(hours => i) FROM generate_series(1, ${CUSTOMERS}) i;
  INSERT INTO orders (date, total_amount, customer_id)
    SELECT '2026-01-01Z', i % 500, (i - 1) / ${ORDERS} + 1 FROM generate_series(1, ${CUSTOMERS * ORDERS}) i;
  ANALYZE customers, orders`);

const modules = [studentdir, raw, kysely, drizzle, prisma, sequelize];
const peers = [];
for (const { name, open } of modules) peers.push({ name, ...(await open(pg)) });
for (const read of READS) {
  const expected = essence(await peers[0][read](question(1), true));
  for (const peer of peers.slice(1)) assert.deepEqual(essence(await peer[read](question(1), true)), expected, `${peer.name}, ${read}`);
}

const microseconds = (x) => x.toFixed(0);
const table = openTable(['query', 'answer', ...peers.map(({ name }) => name)]);
let jobs = 0;
for (const [query, calls] of Object.entries(QUERIES)) {
  if (!pattern.test(`ORM, ${query}`)) continue;
  for (const parse of [false, true]) {
    const n = size(calls, 2);
    const times = peers.map(() => []);
    for (let i = size(-1, 0); i < TURNS; i++)
      for (const [p, peer] of peers.entries()) {
        const time = await turn(peer, query, n, parse);
        if (i >= 0) times[p].push(time);
      }
    const cells = times.map((turns) => `${microseconds(median(turns.map(([wall]) => wall)))} (${microseconds(median(turns.map(([, cpu]) => cpu)))})`);
    table.add(query, parse ? 'objects' : 'text', ...cells);
    jobs++;
  }
}
console.log(`${jobs} jobs of ORMs; microseconds a call, in brackets of the processors`);
table.close();
for (const peer of peers) await peer.close();
await client.end();
