// Large tables: 1,000,000 people with 10,000,000 entries, and the statements that one would write by hand, each in several
// forms; what counts is the best of them.  Medians of turns, with parallel workers; nothing is asserted but that all give
// the same records.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import pg from 'pg';

import { median, time } from './measure.mjs';
import { size } from './size.mjs';
import { openTable } from './table.mjs';

const PEOPLE = size(1000000, 1000);
const ENTRIES = PEOPLE * 10;
const TOPICS = size(20, 5);
const RARE = 10;          // rows of the rare state
const PAGE = 20;
const TURNS = 7;
const MILLISECONDS = size(100, 0);      // short calls are repeated for so long

const pattern = new RegExp(process.argv[2] ?? '', 'i');
const asText = { getTypeParser: () => (value) => value };
const json = JSON.stringify;
const literal = (document) => `'${json(document)}'`;

const KEYS = 'id, person_id AS "personId", topic_id AS "topicId", state, amount, title';
const rows = (rest) => `SELECT coalesce(json_agg(x), '[]') FROM (SELECT ${KEYS} FROM entries ${rest}) x`;

const call = (name, options, model = 'Entry') => `SELECT studentdir.${name}('${model}', ${literal(options)})`;
const calling = (name, options, params) => `SELECT studentdir.${name}('Entry', ${literal(options)}, ${params})`;

// What is asked of so many parents: their entries as three forms of SQL.
const PARENT = { Person: 'people', Topic: 'topics' };
const children = (model, key, order, limit, parents) => {
  const entries = `(SELECT ${KEYS} FROM entries e WHERE e.${key} = p.id ORDER BY ${order} ${limit})`;
  const some = `(SELECT * FROM ${PARENT[model]} ORDER BY id LIMIT ${parents}) p`;
  const key2 = key === 'person_id' ? '"personId"' : '"topicId"';
  const list = (from, on) => `SELECT json_agg(json_build_object('id', p.id, 'name', p.name, 'Entries', coalesce(l.list, '[]')) ORDER BY p.id) FROM ${some} LEFT JOIN ${from} l ON ${on}`;
  const grouped = (where) => `(SELECT ${key2} AS key, json_agg(x) AS list FROM (SELECT ${KEYS} FROM entries e WHERE ${where} ORDER BY ${key}, ${order}) x GROUP BY 1)`;
  const forms = [
    list(`LATERAL (SELECT json_agg(x) AS list FROM ${entries} x)`, 'true'),
    `SELECT json_agg(x) FROM (SELECT p.id, p.name, (SELECT coalesce(json_agg(x), '[]') FROM ${entries} x) AS "Entries" FROM ${some}) x`,
  ];
  return limit ? forms : [...forms, list(grouped(`${key} IN (SELECT id FROM ${PARENT[model]} ORDER BY id LIMIT ${parents})`), 'l.key = p.id')];
};

const include = (model, parents, more) => call('list', {
  attributes: ['id', 'name'], order: ['id'], limit: parents, include: { association: 'Entries', ...more },
}, model);

const PAGE_OF_TOPIC = { where: { topicId: 3 }, order: [['amount', 'DESC'], ['id', 'DESC']], limit: PAGE };
const pageOfTopic = (where) => rows(`WHERE topic_id = 3 ${where} ORDER BY amount DESC, id DESC LIMIT ${PAGE}`);

// Each job: its name, our call, and the statements by hand.  $1 is a number that is another one in each call.
const JOBS = [
  ['find_by_pk', "SELECT studentdir.find_by_pk('Entry', $1::bigint)", [
    `SELECT row_to_json(x) FROM (SELECT ${KEYS} FROM entries WHERE id = $1::bigint) x`,
    `SELECT json_build_object('id', id, 'personId', person_id, 'topicId', topic_id, 'state', state, 'amount', amount, 'title', title) FROM entries WHERE id = $1::bigint`]],
  [`list: where, order, limit ${PAGE}`, call('list', PAGE_OF_TOPIC), [pageOfTopic('')]],
  [`list: where with parameters, order, limit ${PAGE}`,
    calling('list', { where: { personId: { $param: 'person' } }, order: ['id'], limit: PAGE }, "jsonb_build_object('person', 1 + $1::bigint % " + PEOPLE + ')'),
    [rows(`WHERE person_id = 1 + $1::bigint % ${PEOPLE} ORDER BY id LIMIT ${PAGE}`)]],
  ['list: a page after a key, deep in the table', "SELECT studentdir.list('Entry', jsonb_build_object('order', '[\"id\"]'::jsonb, 'limit', 20, 'after', $1::bigint))",
    [rows(`WHERE id > $1::bigint ORDER BY id LIMIT ${PAGE}`)]],
  ['list: a page after a record, deep in an index of two', call('list', { ...PAGE_OF_TOPIC, after: { amount: 5000, id: ENTRIES >> 1 } }),
    [pageOfTopic(`AND (amount, id) < (5000, ${ENTRIES >> 1})`)]],
  ['list: the page after a key that is read first', call('list', { ...PAGE_OF_TOPIC, after: (ENTRIES >> 1) + 3 }),
    [pageOfTopic(`AND (amount, id) < (SELECT amount, id FROM entries WHERE id = ${(ENTRIES >> 1) + 3})`)]],
  ['count', call('count', {}), ['SELECT count(*) FROM entries']],
  ['count: a condition', call('count', { where: { amount: { $gte: 5000 } } }), ['SELECT count(*) FROM entries WHERE amount >= 5000']],
  ['count: a condition over a fifth of the rows', call('count', { where: { personId: { $lte: PEOPLE / 5 }, amount: { $gte: 5000 } } }),
    [`SELECT count(*) FROM entries WHERE person_id <= ${PEOPLE / 5} AND amount >= 5000`]],
  ['aggregate: sum', "SELECT studentdir.aggregate('Entry', 'sum', 'amount')", ['SELECT sum(amount) FROM entries']],
  ['aggregate: max, with an index', "SELECT studentdir.aggregate('Entry', 'max', 'amount', '{\"where\":{\"topicId\":3}}')", ['SELECT max(amount) FROM entries WHERE topic_id = 3']],
  ['aggregate: group', "SELECT studentdir.aggregate('Entry', 'sum', 'amount', '{\"group\":[\"topicId\"]}')",
    ['SELECT json_agg(x) FROM (SELECT topic_id AS "topicId", sum(amount) FROM entries GROUP BY 1) x']],
  ['find_and_count_all', call('find_and_count_all', PAGE_OF_TOPIC), [
    `SELECT json_build_object('count', (SELECT count(*) FROM entries WHERE topic_id = 3), 'rows', (${pageOfTopic('')}))`,
    `WITH n AS MATERIALIZED (SELECT count(*) FROM entries WHERE topic_id = 3), r AS MATERIALIZED (${pageOfTopic('')}) SELECT json_build_object('count', n.count, 'rows', r.coalesce) FROM n, r`]],
  ['1,000 parents, 10 children each', include('Person', 1000, { order: ['id'] }), children('Person', 'person_id', 'id', '', 1000)],
  ['1,000 parents, 3 of 10 children', include('Person', 1000, { order: ['id'], limit: 3 }), children('Person', 'person_id', 'id', 'LIMIT 3', 1000)],
  [`${TOPICS} parents, 3 of ${(ENTRIES / TOPICS).toLocaleString('en')} children`, include('Topic', TOPICS, { order: [['amount', 'DESC'], ['id', 'DESC']], limit: 3 }),
    children('Topic', 'topic_id', 'amount DESC, id DESC', 'LIMIT 3', TOPICS)],
  ['1,000 parents with $count', call('list', { attributes: ['id', 'name', [{ $count: 'Entries' }, 'n']], order: ['id'], limit: 1000 }, 'Person'), [
    'SELECT json_agg(x) FROM (SELECT id, name, (SELECT count(*) FROM entries e WHERE e.person_id = p.id) AS n FROM people p ORDER BY id LIMIT 1000) x',
    'SELECT json_agg(x) FROM (SELECT id, name, coalesce(n, 0) AS n FROM (SELECT id, name FROM people ORDER BY id LIMIT 1000) p LEFT JOIN (SELECT person_id, count(*) AS n FROM entries WHERE person_id IN (SELECT id FROM people ORDER BY id LIMIT 1000) GROUP BY 1) c ON c.person_id = p.id ORDER BY id) x']],
];

// A column with one value on half of the rows and another on ten: each asked for after ten calls with the other, as
// constants, parameters and lists.
const STATES = { common: 'open', rare: 'lost' };
const OTHER = { common: 'rare', rare: 'common' };
for (const [how, state] of Object.entries(STATES)) {
  const forms = (where) => ({
    'a value': call('count', { where: { state: where, amount: { $gte: 0 } } }),
    'a parameter': calling('count', { where: { state: { $param: 's' }, amount: { $gte: 0 } } }, `'${json({ s: where })}'`),
    'a list': call('count', { where: { state: { $in: [where, 'none'] }, amount: { $gte: 0 } } }),
    'a list, a parameter': calling('count', { where: { state: { $in: { $param: 's' } }, amount: { $gte: 0 } } }, `'${json({ s: [where, 'none'] })}'`),
  });
  for (const [kind, ours] of Object.entries(forms(state)))
    JOBS.push([`skew: the ${how} value, ${kind}`, ours,
      [`SELECT count(*) FROM entries WHERE state ${kind.startsWith('a list') ? `IN ('${state}', 'none')` : `= '${state}'`} AND amount >= 0`],
      forms(STATES[OTHER[how]])[kind]]);
}

// Runs all sides in turns, once unmeasured; the medians of what each gives.
async function turnsOf(sides) {
  const results = sides.map(() => []);
  for (let turn = size(-1, 0); turn < size(TURNS, 1); turn++)
    for (const [i, side] of sides.entries()) {
      const result = await side();
      if (turn >= 0) results[i].push(result);
    }
  return results.map((turns) => turns[0].map((_, i) => median(turns.map((turn) => turn[i]))));
}

// The ids in an answer, in their order; the answer itself where it has none.
function essence(text) {
  if (!/^[[{]/.test(text)) return Number(text);
  const ids = (value) => (value !== null && typeof value === 'object' ? [value.id ?? value.count ?? value.sum ?? [], ...Object.values(value).map(ids)].flat(Infinity) : []);
  const all = ids(JSON.parse(text)).map(Number);
  return text.startsWith('[{"topicId') ? all.sort((a, b) => a - b) : all;
}

async function makeTables(client) {
  await client.query(`
    CREATE EXTENSION studentdir;
    CREATE UNLOGGED TABLE topics (id integer PRIMARY KEY, name text);
    CREATE UNLOGGED TABLE people (id integer PRIMARY KEY, name text);
    CREATE UNLOGGED TABLE entries (id bigint NOT NULL, person_id integer, topic_id integer, state text, amount integer NOT NULL, title text);
    INSERT INTO topics SELECT i, 'Topic ' || i FROM generate_series(1, ${TOPICS}) i;
    INSERT INTO people SELECT i, 'Person number ' || i FROM generate_series(1, ${PEOPLE}) i;
    INSERT INTO entries
      SELECT i, 1 + (i * 7919) % ${PEOPLE}, 1 + i % ${TOPICS},
        CASE WHEN i % ${ENTRIES / RARE} = 7 THEN 'lost' WHEN i % 2 = 0 THEN 'open' ELSE 'state ' || i % 1000 END, (i * 104729) % 10007, 'Entry number ' || i
      FROM generate_series(1, ${ENTRIES}::bigint) i;
    ALTER TABLE entries ADD PRIMARY KEY (id);
    CREATE INDEX ON entries (person_id, id);
    CREATE INDEX ON entries (topic_id, amount, id);
    CREATE INDEX ON entries (state)`);
  await client.query('VACUUM (ANALYZE, FREEZE) topics, people, entries');
  await client.query(`
    SELECT studentdir.define('Topic', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"timestamps":false,"tableName":"topics"}'),
      studentdir.define('Person', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"timestamps":false,"tableName":"people"}'),
      studentdir.define('Entry', '{"id":{"type":"BIGINT","primaryKey":true},"personId":"INTEGER","topicId":"INTEGER","state":"TEXT","amount":"INTEGER","title":"TEXT"}', '{"timestamps":false,"tableName":"entries"}');
    SELECT studentdir.has_many('Person', 'Entry', '{"as":"Entries","foreignKey":"personId"}'), studentdir.has_many('Topic', 'Entry', '{"as":"Entries","foreignKey":"topicId"}')`);
}

const jobs = JOBS.filter(([name]) => pattern.test(`large, ${name}`));
if (jobs.length > 0) {
  const client = new pg.Client({ types: asText });
  await client.connect();
  await makeTables(client);
  await client.query('SET max_parallel_workers_per_gather = 2');
  const pid = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
  // the milliseconds that the session's process has had a processor; those of its workers are not in it
  const processorTime = () => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  let calls = 0;
  const ask = async (name, text) => {
    calls++;
    const values = text.includes('$1') ? [1 + ((calls * 7919) % (ENTRIES - 100))] : [];
    return (await client.query({ name, text, values, rowMode: 'array' })).rows[0][0];
  };
  const table = openTable(['job', 'studentdir', 'by hand, the best form', 'its time', 'of the processor', 'goal'], [3, 5]);
  for (const [name, ours, theirs, before] of jobs) {
    const sides = [ours, ...theirs].map((text, i) => () => ask(`${name}, ${i}`, text));
    for (let i = 0; before && i < 10; i++) await client.query(before);
    if (!/\$1/.test(ours)) {
      const expected = essence(await sides[0]());
      for (const side of sides.slice(1)) assert.deepEqual(essence(await side()), expected, name);
    }
    // as many calls in a turn as take a while
    const once = Math.max(await time(sides[0]), await time(sides[1]));
    const n = Math.max(1, Math.min(1000, Math.round(MILLISECONDS / once)));
    const turns = sides.map((side) => async () => {
      const before = processorTime();
      const wall = await time(async () => { for (let i = 0; i < n; i++) await side(); });
      return [wall / n, (processorTime() - before) / n];
    });
    const results = await turnsOf(turns);
    const [mine, ...others] = results;
    const best = others.reduce((a, b) => (b[0] < a[0] ? b : a));
    const ms = ([wall, processor]) => `${wall.toPrecision(3)} ms (${processor.toPrecision(3)})`;
    table.add(name, ms(mine), ms(best), ...mine.map((x, i) => `${(x / best[i]).toFixed(2)}x`), '<= 1.1x its time');
  }
  table.close();
  await client.end();
}
