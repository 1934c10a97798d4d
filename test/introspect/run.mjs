// Tables of random models are imported after the models were forgotten: every column is there with its type and
// default, nothing differs from the tables but what the notes say, a second import changes nothing, finders and
// requests answer, and the export makes the same models in another database.  SD_INTROSPECT_SEED repeats or varies
// the run, SD_INTROSPECT_N sets the number of schemas.
import assert from 'node:assert/strict';
import pg from 'pg';

import { Random } from '../fuzz/random.mjs';
import { column, connect, finish, report, test } from '../lib/suite.mjs';
import { Schema } from '../schema/models.mjs';

const SEED = process.env.SD_INTROSPECT_SEED === 'new' ? Date.now() % 1e9 : Number(process.env.SD_INTROSPECT_SEED ?? 1);
const N = Number(process.env.SD_INTROSPECT_N ?? 25);
const OPTIONS = '{"tables":["model%"],"expose":true}';
const client = await connect();
await client.query('SET client_min_messages = error');
await client.query('SELECT * FROM studentdir.remove_samples()');

const models = () => column(client, 'SELECT name FROM studentdir.model ORDER BY name');
async function forget() {
  for (const name of await models()) await client.query('SELECT studentdir.undefine($1)', [name]);
}

// What the catalog has of the columns, and what the models have: field, type and default.
const attributes = async () => new Map(await column(client, `SELECT json_build_array(table_name || '.' || (a ->> 'field'),
    json_build_object('type', a -> 'type', 'key', a -> 'primaryKey', 'counts', a -> 'autoIncrement', 'default', coalesce(a -> 'defaultValue', a -> 'defaultFunction')))
  FROM studentdir.model, jsonb_array_elements(attributes) a`).then((rows) => rows.map((row) => JSON.parse(row)).map(([key, value]) => [key, JSON.stringify(value)])));

async function round(seed, other) {
  const schema = new Schema(new Random(seed));
  for (const letter of ['A', 'B', 'C', 'D']) schema.add(`Model ${letter}`);
  for (const model of schema.models.values()) {
    if (schema.random.chance(0.6)) model.attributes.set('ref0', schema.reference());
    if (schema.random.chance(0.4)) model.attributes.set('ref1', schema.reference());
    if (schema.random.chance(0.5)) model.options.indexes = schema.indexes(model);
    if (schema.random.chance(0.5)) model.options.timestamps = false;
    if (schema.random.chance(0.3)) model.options.comment = "it's one";
  }
  for (const model of schema.models.values())
    for (const [key, attribute] of model.attributes) if (attribute.references === 'User') model.attributes.delete(key);
  for (const name of schema.models.keys()) {
    const [definition, options] = schema.definition(name);
    await client.query('SELECT studentdir.define($1, $2, $3)', [name, JSON.stringify(definition), JSON.stringify(options)]);
  }
  await client.query("SELECT studentdir.migration_generate('20260101000000-tables')");
  await client.query('SELECT studentdir.migrate()');
  const before = await attributes();
  await forget();

  const shown = (await client.query('SELECT * FROM studentdir.introspect($1)', ['{"tables":["model%"]}'])).rows;
  const notes = (await client.query('SELECT * FROM studentdir.import($1)', [OPTIONS])).rows.map((row) => row.notes).join('\n');
  const after = await attributes();
  const missing = await column(client, `SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'model%' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    EXCEPT SELECT table_name || '.' || (a ->> 'field') FROM studentdir.model, jsonb_array_elements(attributes) a`);
  assert.deepEqual(missing.filter((name) => !notes.includes(`"${name.split('.').at(-1)}"`)), [], 'columns without an attribute');
  for (const [key, was] of before) {
    const is = after.get(key);
    if (is === was || notes.includes(`\\"${key.split('.').at(-1)}\\"`)) continue;
    const plain = (text) => text.replace('"CHAR(1)"', '"CHAR"').replace('"DECIMAL"', '"FLOAT"').replace('"STRING"', '"STRING(255)"').replace('ARRAY(STRING)', 'ARRAY(STRING(255))')
      .replace('"FLOAT"', '"DOUBLE"').replace('point', 'pg_catalog.point').replace('pg_catalog.pg_catalog.', 'pg_catalog.').replace('"DATE"', '"DATE(3)"').replace(/-(\d\d) (\d\d:)/, '-$1T$2');
    assert.equal(plain(is), plain(was), key);
  }
  assert.deepEqual(await column(client, 'SELECT concat_ws(\', \', table_name, change, name, actual, expected) FROM studentdir.diff()'), []);
  const beyond = await column(client, "SELECT name FROM studentdir.diff('{\"drop\":true}')");
  assert.deepEqual(beyond.filter((name) => !notes.includes(name)), [], 'beyond the models, and not noted');

  const text = (await column(client, 'SELECT studentdir.export()'))[0];
  await client.query('SELECT * FROM studentdir.import($1)', [OPTIONS]);
  assert.equal((await column(client, 'SELECT studentdir.export()'))[0], text, 'a second import changes something');
  for (const [name, plural] of (await column(client, "SELECT json_build_array(name, plural) FROM studentdir.model")).map((row) => JSON.parse(row))) {
    const include = await column(client, 'SELECT alias FROM studentdir.association WHERE model = $1', [name]);
    await client.query('SELECT studentdir.list($1, $2)', [name, JSON.stringify({ include })]);
    const path = `/${(plural[0] + plural.slice(1).replace(/([A-Z])/g, '-$1')).toLowerCase().replaceAll('_', '-')}`;
    assert.equal((await column(client, 'SELECT status FROM studentdir.request(\'GET\', $1)', [path]))[0], '200', path);
  }

  // what introspect shows, run as it stands, is what import did
  await forget();
  for (const { sql } of shown) if (sql !== null) await client.query(sql);
  assert.equal((await column(client, 'SELECT studentdir.export()'))[0], text.replace(/\nSELECT studentdir\.expose\([\s\S]*$/, ''));
  if (other !== null) {
    await other.query("SET client_min_messages = error; SELECT count(studentdir.undefine(name)::text) FROM studentdir.model");
    await other.query(text);
    assert.equal((await column(other, 'SELECT studentdir.export()'))[0], text, 'exported, made and exported again');
  }
}

await client.query('CREATE DATABASE sd_exported');
const other = new pg.Client({ database: 'sd_exported', types: { getTypeParser: () => (t) => t } });
await other.connect();
await other.query('SET studentdir.create_tables = off; CREATE EXTENSION studentdir');
for (let i = 0; i < N; i++) {
  let problem;
  try {
    await round(SEED + i, other);
  } catch (error) {
    problem = error.message + (error.where ? `\n${error.where}` : '');
  }
  report(`schema ${SEED + i}`, problem);
  await forget();
  await client.query("SELECT studentdir.migrate_undo() FROM studentdir.migration WHERE name LIKE '2026%' AND applied_at IS NOT NULL");
  await client.query("DELETE FROM studentdir.migration WHERE name LIKE '2026%'");
}
await other.end();
await client.query('DROP DATABASE sd_exported');

// What a call reads of shared buffers, which says how much work it is.
async function blocks(sql) {
  const [plan] = await column(client, `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`);
  return JSON.parse(plan)[0].Plan['Shared Hit Blocks'];
}

// Schemas of n tables, each of which refers to the one before it.
async function many(n) {
  await client.query(`CREATE SCHEMA many${n}`);
  for (let i = 1; i <= n; i++)
    await client.query(`CREATE TABLE many${n}.thing${n}_${i} (id integer PRIMARY KEY, name text NOT NULL, kind text CHECK (kind IN ('a', 'b')),
      previous_id integer ${i > 1 ? `REFERENCES many${n}.thing${n}_${i - 1}` : ''})`);
}

await test('twice as many tables are twice as much work, and no more', async () => {
  for (const n of [100, 400]) await many(n);
  for (const call of ['introspect', 'import']) {
    await client.query('BEGIN');
    // the first call reads what later ones find in the caches
    await blocks(`SELECT * FROM studentdir.${call}('{"schemas":"many100","tables":"%_1"}')`);
    const few = await blocks(`SELECT * FROM studentdir.${call}('{"schemas":"many100"}')`);
    const more = await blocks(`SELECT * FROM studentdir.${call}('{"schemas":"many400"}')`);
    await client.query('ROLLBACK');
    assert.ok(more < 6 * few, `${call}: ${few} blocks for 100 tables, ${more} for 400`);
  }
});
await test('1,000 tables are imported, and nothing is left to do', async () => {
  await many(600);
  const [rows] = await column(client, `SELECT count(*) FROM studentdir.import('{"schemas":"many%"}') WHERE action = 'defined'`);
  assert.equal(rows, '1100');
  assert.deepEqual(await column(client, "SELECT name FROM studentdir.diff('{\"drop\":true}') WHERE table_name LIKE 'thing%'"), []);
});
await client.end();
console.log(`${N} schemas, seed ${SEED}`);
finish();
