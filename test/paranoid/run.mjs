// Soft deletes that go on: random histories of destroy and restore over a tree of models, against a
// model in JavaScript of which rows are deleted, and by which deletion.
import assert from 'node:assert/strict';

import { Random } from '../fuzz/random.mjs';
import { column, connect, finish, test } from '../lib/suite.mjs';

const SEED = process.env.SD_PARANOID_SEED === 'new' ? Date.now() : Number(process.env.SD_PARANOID_SEED ?? 1);
const HISTORIES = Number(process.env.SD_PARANOID_N ?? 15);
const CALLS = 40;

// what leads from a table to another: the foreign key there, and what the rows need besides
const TABLES = {
  shop: [{ to: 'item', key: 'shop' }, { to: 'note', key: 'shop', scope: { kind: 'a' } }],
  item: [{ to: 'note', key: 'item' }, { to: 'item', key: 'up' }, { to: 'plain', key: 'item', stops: true }],
  note: [{ to: 'tag', key: 'note' }],
  tag: [],
  plain: [],
};
const KEYS = { shop: [], item: ['shop', 'up'], note: ['shop', 'item'], tag: ['note'], plain: ['item'] };

const client = await connect();
const name = (table) => `P${table}`;
const call = (sql, ...values) => column(client, `SELECT studentdir.${sql}`, values);

await client.query(Object.entries(KEYS).map(([table, keys]) => `CREATE TABLE p_${table} (id integer PRIMARY KEY, kind text, ${keys.map((key) => `${key} integer, `).join('')}deleted timestamptz(3))`).join('; '));
for (const [table, keys] of Object.entries(KEYS)) {
  const attributes = { id: { type: 'INTEGER', primaryKey: true }, kind: 'TEXT' };
  for (const key of keys) attributes[key] = 'INTEGER';
  await call('define($1, $2, $3)', name(table), attributes, { tableName: `p_${table}`, paranoid: true, createdAt: false, updatedAt: false, deletedAt: 'deleted' });
}
for (const [table, ways] of Object.entries(TABLES)) {
  for (const { to, key, scope, stops } of ways) {
    await call('has_many($1, $2, $3)', name(table), name(to), { as: `${to}By${key}`, foreignKey: key, onDelete: 'CASCADE', ...stops ? {} : { paranoid: 'cascade' }, ...scope ? { scope } : {} });
  }
}

// Rows by table and key, each with the number of the deletion that it bears, or null.
function makeRows(random) {
  const rows = {};
  for (const [table, keys] of Object.entries(KEYS)) {
    rows[table] = new Map();
    for (let id = 1; id <= 12; id++) {
      const row = { id, kind: random.one(['a', 'b']), deleted: null };
      for (const key of keys) row[key] = random.chance(0.8) ? random.between(1, key === 'shop' ? 4 : 12) : null;
      rows[table].set(id, row);
    }
  }
  return rows;
}

// The rows that the associations of a table lead to from one of its rows.
function* below(rows, table, row) {
  for (const { to, key, scope, stops } of TABLES[table]) {
    if (stops) continue;
    for (const other of rows[to].values()) {
      if (other[key] === row.id && (scope === undefined || other.kind === scope.kind)) yield [to, other];
    }
  }
}

// A row that is alive is marked, and those below it; one that is deleted keeps what it bears.
function destroy(rows, table, row, deletion) {
  if (row.deleted !== null) return 0;
  row.deleted = deletion;
  for (const [to, other] of below(rows, table, row)) destroy(rows, to, other, deletion);
  return 1;
}

// A deleted row comes back, and what is below it and bears the same deletion.
function restore(rows, table, row) {
  const { deleted } = row;

  if (deleted === null) return 0;
  row.deleted = null;
  for (const [to, other] of below(rows, table, row)) {
    if (other.deleted === deleted) restore(rows, to, other);
  }
  return 1;
}

// Which rows bear which deletion in the database; its times are numbered in their order.
async function deletions() {
  return column(client, Object.keys(KEYS).map((table) => `SELECT '${table}' || id || coalesce(' ' || extract(epoch FROM deleted) * 1000, '') FROM p_${table}`).join(' UNION ALL '));
}

// The same of the model, in which a deletion is the database's time of it.
function expected(rows) {
  return Object.entries(rows).flatMap(([table, all]) => [...all.values()].map((row) => `${table}${row.id}${row.deleted === null ? '' : ` ${row.deleted}`}`));
}

const plain = (time) => time.replace(/\.0+$/, '');

for (let history = 0; history < HISTORIES; history++) {
  const random = new Random(SEED + history);
  const rows = makeRows(random);
  const done = [];

  await client.query(Object.keys(KEYS).map((table) => `TRUNCATE p_${table}`).join('; '));
  for (const [table, all] of Object.entries(rows)) {
    await client.query(`INSERT INTO p_${table} SELECT * FROM jsonb_populate_recordset(NULL::p_${table}, $1)`, [JSON.stringify([...all.values()])]);
  }
  await test(`history ${SEED + history}`, async () => {
    for (let i = 0; i < CALLS; i++) {
      const table = random.one(Object.keys(KEYS));
      const ids = random.chance(0.5) ? [random.between(1, 13)] : [...new Set(Array.from({ length: 4 }, () => random.between(1, 13)))];
      const byKey = ids.length === 1 && random.chance(0.7);
      const goes = random.chance(0.55) ? 'destroy' : 'restore';
      const [before] = await column(client, "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)");
      const [count] = byKey ? await call(`${goes}_by_pk($1, $2::bigint)`, name(table), ids[0])
        : await call(`${goes}($1, $2)`, name(table), { where: { id: ids } });
      const [time] = await column(client, Object.keys(KEYS).map((other) => `SELECT extract(epoch FROM deleted) * 1000 AS t FROM p_${other}`).join(' UNION ALL ') + ' ORDER BY t DESC NULLS LAST LIMIT 1');
      let changed = 0;

      done.push(`${goes} ${table} ${ids}`);
      // the rows that the call itself is about come first: those that are alive all bear the new time
      const own = ids.map((id) => rows[table].get(id)).filter((row) => row !== undefined && (goes === 'destroy') === (row.deleted === null));
      changed = own.length;
      if (goes === 'destroy') {
        for (const row of own) destroy(rows, table, row, plain(time));
        if (changed > 0) assert.ok(Number(time) >= Number(before), done.join('\n'));
      } else {
        const times = own.map((row) => row.deleted);

        for (const row of own) row.deleted = null;
        own.forEach((row, n) => {
          row.deleted = times[n];
          restore(rows, table, row);
        });
      }
      assert.equal(Number(count), changed, done.join('\n'));
      assert.deepEqual((await deletions()).map(plain).sort(), expected(rows).sort(), done.join('\n'));
      // no two deletions in one millisecond: what is deleted in the same one comes back with it
      await client.query('SELECT pg_sleep(0.0011)');
    }
  });
}

for (const table of Object.keys(KEYS)) await call('undefine($1)', name(table));
await client.query(`DROP TABLE ${Object.keys(KEYS).map((table) => `p_${table}`).join(', ')}`);
await client.end();
finish();
