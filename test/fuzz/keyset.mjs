// Pages put together are the whole: walks with after and before, by key and by what the records show, and with
// limit and offset, over random orders of rows with ties, nulls, infinities and microseconds, compared with one list.
import assert from 'node:assert/strict';

import { column, connect, report } from '../lib/suite.mjs';

const DIRECTIONS = ['ASC', 'DESC', 'ASC NULLS FIRST', 'ASC NULLS LAST', 'DESC NULLS FIRST', 'DESC NULLS LAST'];
// what may stand in an order, beside the keys
const ATTRIBUTES = ['seen', 'local', 'day', 'score', 'small', 'word', 'n', 'flag', 'exact'];
const MODELS = { Walk: ['id'], WalkPair: ['a', 'b'] };

async function fixture(client, r) {
  const columns = `seen timestamptz, local timestamp, day date, score float8, small real, word text, n int, flag boolean,
    exact timestamptz(3)`;
  await client.query(`CREATE TABLE walk (id int PRIMARY KEY, ${columns});
    CREATE TABLE walk_pair (a int, b text, ${columns}, PRIMARY KEY (b, a))`);
  const maybe = (value) => (r.chance(0.2) ? null : value);
  // few different values, many of which differ in microseconds alone
  const time = () =>
    r.chance(0.1) ? r.one(['infinity', '-infinity'])
      : `2026-01-0${r.between(1, 2)} 10:00:00.00${r.below(2)}${r.one(['000', '001', '500', '999'])}`;
  const row = (keys) => ({
    ...keys, seen: maybe(time()), local: maybe(time()), day: maybe(r.one(['2026-01-01', '2026-01-02', 'infinity', '-infinity'])),
    score: maybe(r.one(['1.5', '0.1', 'NaN', 'Infinity', '-Infinity'])), small: maybe(r.one(['0.1', '16777216', 'NaN'])),
    word: maybe(r.one(['a', 'B', 'b', 'ä', ''])), n: maybe(r.below(3)), flag: maybe(r.chance(0.5)), exact: maybe(time()),
  });
  const rows = Array.from({ length: 40 }, (_, i) => row({ id: i + 1 }));
  const pairs = Array.from({ length: 40 }, (_, i) => row({ a: i % 7, b: `k${Math.floor(i / 7)}` }));
  for (const [table, records] of [['walk', rows], ['walk_pair', pairs]])
    await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [JSON.stringify(records)]);
  const types = `"seen":"DATE","local":"timestamp","day":"DATEONLY","score":"DOUBLE","small":"REAL","word":"TEXT","n":"INTEGER",
    "flag":"BOOLEAN","exact":"DATE"`;
  await client.query(`SELECT studentdir.define('Walk', '{"id":{"type":"INTEGER","primaryKey":true},${types}}', '{"tableName":"walk","timestamps":false}'),
    studentdir.define('WalkPair', '{"a":{"type":"INTEGER","primaryKey":true},"b":{"type":"TEXT","primaryKey":true},${types}}', '{"tableName":"walk_pair","timestamps":false}')`);
}

const list = async (client, model, options) =>
  JSON.parse((await column(client, `SELECT studentdir.list('${model}', $1)`, [JSON.stringify(options)]))[0]);

// The edge that a record is: its key, or all that the order needs.
function edge(model, order, record, byKey) {
  const keys = MODELS[model];
  if (byKey && keys.length === 1) return record[keys[0]];
  const names = byKey ? keys : [...new Set([...order.map(([name]) => name), ...keys])];
  return Object.fromEntries(names.map((name) => [name, record[name]]));
}

const WALKS = {
  async after(client, model, order, limit, byKey) {
    const all = [];
    for (let page = await list(client, model, { order, limit }); page.length > 0 && all.length < 100;) {
      all.push(...page);
      page = await list(client, model, { order, limit, after: edge(model, order, page.at(-1), byKey) });
    }
    return all;
  },
  async before(client, model, order, limit, byKey, whole) {
    const all = [whole.at(-1)];
    for (;;) {
      const page = await list(client, model, { order, limit, before: edge(model, order, all[0], byKey) });
      if (page.length === 0 || all.length > 100) return all;
      all.unshift(...page);
    }
  },
  async offset(client, model, order, limit) {
    const all = [];
    for (;;) {
      const page = await list(client, model, { order, limit, offset: all.length });
      if (page.length === 0) return all;
      all.push(...page);
    }
  },
};

export async function walkPages(random, n) {
  const client = await connect();
  const failures = Object.fromEntries(Object.keys(WALKS).map((name) => [name, undefined]));

  await fixture(client, random);
  for (let i = 0; i < n; i++) {
    const model = random.one(Object.keys(MODELS));
    const known = [...ATTRIBUTES, ...(random.chance(0.3) ? MODELS[model] : [])];
    const order = random.subset(known, 0.25).slice(0, 4).map((name) => [name, random.one(DIRECTIONS)]);
    // without an order there is none: pages of it are not parts of anything
    if (order.length === 0) order.push([random.one(known), random.one(DIRECTIONS)]);
    const limit = random.between(1, 9);
    const byKey = random.chance(0.4);
    const name = random.one(Object.keys(WALKS));
    try {
      const keys = MODELS[model].map((key) => [key, order.at(-1)?.[1].startsWith('DESC') ? 'DESC' : 'ASC']);
      const whole = await list(client, model, { order: [...order, ...keys.filter(([key]) => !order.some(([other]) => other === key))] });
      const walked = await WALKS[name](client, model, order, limit, byKey, whole);
      assert.deepEqual(walked.map((record) => edge(model, [], record, true)), whole.map((record) => edge(model, [], record, true)));
    } catch (error) {
      failures[name] ??= `${model} ${JSON.stringify({ order, limit, byKey })}\n${error.message}`;
    }
  }
  for (const [name, problem] of Object.entries(failures)) report(`pages by ${name} put together are the whole`, problem);
  console.log(`${n} walks`);
  await client.query(`SELECT studentdir.undefine('Walk'), studentdir.undefine('WalkPair'); DROP TABLE walk, walk_pair`);
  await client.end();
}
