// Random include trees over models with every kind of association: each answer against what SQL
// written by hand says.  SD_INCLUDES_SEED makes other trees ("new": ones never seen before),
// SD_INCLUDES_N says how many.
import assert from 'node:assert/strict';

import { dropFixture, makeFixture } from './fixture.mjs';
import { hasExpressions } from './expressions.mjs';
import { optionsOf } from './options.mjs';
import { Sql } from './sql.mjs';
import { Trees } from './trees.mjs';
import { Random } from '../fuzz/random.mjs';
import { column, connect, finish, report } from '../lib/suite.mjs';

const { SD_INCLUDES_SEED: chosen = '1' } = process.env;
const seed = chosen === 'new' ? Date.now() % 2 ** 32 : Number(chosen);
const n = Number(process.env.SD_INCLUDES_N ?? 1000);

const client = await connect();
const random = new Random(seed);
const trees = new Trees(random);

// What the calls answer, and what they should: texts.
const CALLS = {
  find_all: (rows) => rows,
  find_one: (rows) => rows.slice(0, 1),
  list: (rows) => [`[${rows}]`],
  find_and_count_all: (rows, count) => [`{"count":${count},"rows":[${rows}]}`],
};

async function compare(tree) {
  const options = optionsOf(tree);
  const name = random.one(['find_all', 'find_all', 'find_one', 'list', 'find_and_count_all']);
  if (name === 'find_one') {
    delete options.limit;
    // a condition that every row meets, as a key that is not null, is otherwise refused
    options.all = true;
  }
  const call = { name, options: JSON.stringify(options) };
  const sql = new Sql();
  const rows = (await column(client, sql.root(name === 'find_one' ? { ...tree, limit: 1 } : tree)))
    .map((text) => JSON.stringify(JSON.parse(text)));
  const [count] = await column(client, sql.count(tree));
  const text = `SELECT * FROM studentdir.${name}('${tree.model}', $1)`;

  // of a record with expressions the members are compared, not their order
  const shown = hasExpressions(tree) ? (list) => list.map((one) => JSON.parse(one)) : (list) => list;

  try {
    assert.deepEqual(shown(await column(client, text, [call.options])), shown(CALLS[name](rows, count)));
    // once more, with what has been prepared by now
    if (hasExpressions(tree) || random.chance(0.2))
      assert.deepEqual(shown(await column(client, text, [call.options])), shown(CALLS[name](rows, count)));
  } catch (error) {
    return { problem: `${name} ${tree.model} ${call.options}\n${error.message}` };
  }
  return { records: rows.join('').split('{').length - 1 };
}

console.log(`SD_INCLUDES_SEED=${seed} SD_INCLUDES_N=${n}`);
await makeFixture(client, random);
let records = 0;
for (let i = 0; i < n; i++) {
  const tree = trees.root();
  const result = await compare(tree).catch((error) => ({ problem: `${JSON.stringify(optionsOf(tree))}\n${error.message}` }));
  report(`tree ${i}`, result.problem);
  records += result.records ?? 0;
}
console.log(`${Math.round(records / n)} records an answer on average`);
await dropFixture(client);
await client.end();
finish();
