// help(): its topics are made of the install script and docs/reference, there is one for everything, and each
// example runs; those of errors raise just that.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { column, connect, finish, test } from '../lib/suite.mjs';
import { header, topics } from '../../src/help/topics.mjs';

const client = await connect();
const read = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const help = async (topic) => column(client, 'SELECT studentdir.help($1)', [topic]);
const all = topics();

// What the examples are about, besides rows.sql.
await client.query(read('docs/reference/rows.sql').replace(/^\\.*$/gm, '').replace('CREATE EXTENSION studentdir;', ''));
await client.query(`
  SELECT studentdir.define('Task', '{"title": {"type": "STRING", "allowNull": false}, "done": "BOOLEAN", "tags": "ARRAY(TEXT)",
    "span": "RANGE(INTEGER)", "meta": "JSONB", "hours": {"type": "INTEGER", "defaultValue": 0}, "parentId": "INTEGER"}',
    '{"paranoid": true, "version": true, "scopes": {"long": {"where": {"hours": {"$gt": 8}}}},
    "indexes": [{"fields": ["title"], "unique": true, "where": {"done": false}}]}');
  SELECT studentdir.has_many('Task', 'Task', '{"as": "parts", "foreignKey": "parentId"}');
  SELECT studentdir.define('Assignment', '{"hours": "INTEGER"}');
  SELECT studentdir.belongs_to_many('Student', 'Task', '{"through": "Assignment", "as": "Tasks"}');
  SELECT studentdir.sync();
  SELECT studentdir.create('Task', '{"title": "Read", "tags": ["home"], "span": [1, 5], "meta": {"level": 2}}')`);

await test('topics.h is what topics.mjs makes', () => assert.equal(read('src/help/topics.h'), header()));

await test('the first page fits on a screen of 24 lines with 80 columns', async () => {
  const { stdout } = spawnSync('psql', ['-Xc', 'SELECT studentdir.help()'], { encoding: 'utf8' });
  const lines = stdout.trimEnd().split('\n');
  // one is the prompt's
  assert.ok(lines.length <= 23, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.trimEnd().length <= 80, line);
});

await test('there is a topic for each function, option, operator, setting and error', async () => {
  const names = (kind) => all.filter((topic) => topic.kind === kind).map(({ name }) => name);
  const functions = await column(client, `SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'studentdir'::regnamespace
    AND obj_description(oid, 'pg_proc') !~ '^internal: '`);
  assert.deepEqual(functions.filter((name) => !names('FUNCTION').includes(name)), []);
  const settings = await column(client, `SELECT name FROM pg_settings WHERE name LIKE 'studentdir.%' ORDER BY name`);
  assert.deepEqual(names('SETTING').sort(), settings);
  const operators = (await client.query(`SELECT students_list('{"where":{"name":{"$zzzzz":1}}}')`).catch((error) => error)).hint.match(/\$\w+/g);
  assert.deepEqual(names('OPERATOR').sort(), operators.sort());
  const options = new Set();
  for (const call of [`find_all('Student', '{"x":1}')`, `bulk_create('Student', '[]', '{"x":1}')`, `update('Student', '{}', '{"x":1}')`, `destroy('Student', '{"x":1}')`,
    `find_or_create('Student', '{"x":1}')`, `increment('Student', 1, '"id"', '{"x":1}')`, `truncate('Student', '{"x":1}')`, `list('User', '{"include":{"association":"Posts","x":1}}')`]) {
    const error = await client.query(`SELECT studentdir.${call}`).catch((caught) => caught);
    for (const name of error.hint.match(/options here are: (.*)\./)[1].split(', ')) options.add(name);
  }
  // names of the include itself
  for (const name of ['association', 'model', 'as']) options.delete(name);
  assert.deepEqual([...options].filter((name) => !names('OPTION').includes(name)), []);
});

await test('every example runs, and those of errors raise them', async () => {
  // these need a second session
  const quiet = ['40P01', '55P03', '0A000'];
  // and these Citus
  const citus = ['distribute', 'reference'];
  const wrong = [];
  for (const { kind, name, example } of all) {
    const alone = /^CALL/.test(example);
    if (!alone) await client.query('BEGIN');
    const error = await client.query(example).then(() => undefined, (caught) => caught);
    await client.query('ROLLBACK');
    const expected = kind === 'ERROR' && !quiet.includes(name) ? name : undefined;
    if (citus.includes(name) ? error?.code !== '55000' : error?.code !== expected) wrong.push(`${name}: ${example}\n  ${error?.code} ${error?.message}`);
  }
  assert.deepEqual(wrong, []);
});

await test('a topic has what it is, what it does and the example, in lines that are not too long', async () => {
  for (const { kind, name, example } of all) {
    const lines = await help(name);
    assert.ok(lines.includes(`${kind.toLowerCase()} ${name}`) && lines.includes(`  ${example}`), name);
    assert.doesNotMatch(lines.join(' '), /\b(\w+)\s+\1\b/i, name);
    for (const line of lines.filter((each) => !/^ {2}(SELECT|SET|CALL|CREATE) /.test(each))) assert.ok(line.length <= 76, line);
  }
});

await test('topics are found however they are named', async () => {
  assert.equal((await help('studentdir.find_all(model)'))[0], 'function find_all');
  assert.equal((await help('like'))[0], 'operator $like');
  assert.equal((await help('max_rows'))[0], 'setting studentdir.max_rows');
  assert.equal((await help('42p01'))[0], 'error 42P01');
  assert.deepEqual((await help('set')).filter((line) => / set$/.test(line)), ['function set', 'option set']);
  assert.equal((await help('operators'))[0], 'operators:');
  assert.deepEqual((await help('$lik')).slice(0, 3), ['There is no such topic; the nearest is "$like":', '', 'operator $like']);
  assert.equal((await help('find_al'))[0], 'There is no such topic; the nearest is "find_all":');
  assert.deepEqual((await help('qqqqqqqqqqq')).slice(2), await help(null));
  assert.deepEqual(await help(''), await help(null));
});

await client.end();
finish();
