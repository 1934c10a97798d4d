// Every type's value that goes out comes back as it was.  For each type a table is filled by SQL; what
// a finder answers is written back by every writer and asked for in "where", and then compared: in the
// table by SQL, and as JSON.  Rows are put together at random; SD_ROUNDTRIP_SEED and SD_ROUNDTRIP_N
// (rows for each type and each set of settings) make others.
import { column, connect, finish, test } from '../lib/suite.mjs';
import { Random } from '../fuzz/random.mjs';
import { settings, types } from './types.mjs';
import { refusalFunction, refusals } from './wrong.mjs';

const seed = Number(process.env.SD_ROUNDTRIP_SEED ?? 1);
const rows = Number(process.env.SD_ROUNDTRIP_N ?? 2);
const choices = new Random(seed);
const random = (n) => choices.below(n);
const client = await connect();

async function set(names) {
  await client.query('SELECT set_config(key, value, false) FROM json_each_text($1)', [JSON.stringify(names)]);
}

// Settings under which texts of values are exact, for the comparison.
const exact = { datestyle: 'ISO', intervalstyle: 'postgres', timezone: 'UTC', extra_float_digits: '3', bytea_output: 'hex' };

const pick = (list) => list[random(list.length)];
const list = (n, make) => Array.from({ length: n }, make);

// The columns of the table for a type: its values alone, in arrays, under domains, in rows.
function columns({ type, values, arrays = true, notNull = false }) {
  const value = () => `${pick(values)}::${type}`;
  const element = () => (notNull || random(5) > 0 ? value() : `NULL::${type}`);
  const array = (n) => `ARRAY[${list(n, element)}]::${type}[]`;
  const all = [
    { name: 'v', type, sql: (i) => (i < values.length ? `${values[i]}::${type}` : element()) },
    { name: 'list', type: `${type}[]`, sql: () => (random(4) === 0 ? `'{}'::${type}[]` : array(1 + random(3))) },
    { name: 'dom', type: 'rt_domain', sql: () => element() },
    { name: 'doms', type: 'rt_domain[]', sql: () => array(1 + random(2)) },
    { name: 'domlist', type: 'rt_list', sql: () => array(1 + random(2)) },
    { name: 'row', type: 'rt_row', sql: () => `ROW(${element()}, ${array(1)}, 'x')::rt_row` },
    { name: 'rows', type: 'rt_row[]', sql: () => `ARRAY[ROW(${element()}, ${array(2)}, NULL), NULL]::rt_row[]` },
  ];
  if (arrays) {
    all.push({ name: 'grid', type: `${type}[]`, sql: () => `ARRAY[${array(2)}, ${array(2)}]` });
    all.push({ name: 'cube', type: `${type}[]`, sql: () => `ARRAY[ARRAY[${array(1)}], ARRAY[${array(1)}]]` });
  }
  return all;
}

// The columns whose values "where" can compare.
async function comparable(all) {
  const found = [];
  for (const { name } of all) {
    try {
      await client.query("SELECT studentdir.count('Trip', json_build_object('where', json_build_object($1::text, json_build_object('$in', '[]'::json)))::jsonb)", [name]);
      await client.query(`SELECT ${name} = ${name} FROM rt`);
      found.push(name);
    } catch (error) {
      if (error.code !== '22023' && error.code !== '42883') throw error;
    }
  }
  return found;
}

// What each row says of itself, as text: {name: value, …} of its columns.
const texts = (names) => `jsonb_build_object(${names.map((name) => `'${name}', ${name}::text`)})`;

// What is asked of one row, under one set of settings: its JSON is written into rows of other keys,
// which then have to be the same row, and "where" has to find it by each of its values.
async function trip(id, names, asked, session) {
  const key = (offset) => `($1::jsonb || jsonb_build_object('id', ${offset + id}))`;
  const writers = {
    create: [1000, `SELECT studentdir.create('Trip', ${key(1000)})`],
    update: [2000, `SELECT studentdir.update_by_pk('Trip', ${2000 + id}, $1::jsonb - 'id')`],
    bulk_create: [3000, `SELECT studentdir.bulk_create('Trip', jsonb_build_array(${key(3000)}, ${key(9000)}))`],
    bulk_update: [4000, `SELECT studentdir.bulk_update('Trip', jsonb_build_array(${key(4000)}))`],
    upsert: [5000, `SELECT studentdir.upsert('Trip', ${key(5000)})`],
    'upsert of a new row': [6000, `SELECT studentdir.upsert('Trip', ${key(6000)})`],
  };
  await set(session);
  const [record] = await column(client, "SELECT record::text FROM studentdir.find_by_pk('Trip', $1::bigint)", [id]);
  for (const [writer, [, sql]] of Object.entries(writers)) {
    await client.query(sql, [record]).catch((error) => { throw new Error(`${writer}: ${error.message} ${error.detail ?? ''} of ${record}`); });
  }
  for (const form of ["jsonb_build_object('$eq', value)", "jsonb_build_object('$in', jsonb_build_array(value))"]) {
    const [missed] = await column(client, `SELECT string_agg(key, ', ') FROM jsonb_each($1::jsonb) WHERE key = ANY ($2) AND value <> 'null' AND
      studentdir.count('Trip', jsonb_build_object('where', jsonb_build_object('id', ${id}, key, ${form}))) <> 1`, [record, asked])
      .catch((error) => { throw new Error(`where: ${error.message} ${error.detail ?? ''} of ${record}`); });
    if (missed !== null) throw new Error(`where ${form} does not find ${missed} of ${record}`);
  }
  const shown = await column(client, `SELECT record::jsonb - 'id' FROM studentdir.find_all('Trip', '{"where":{"id":{"$gte":1000}},"order":["id"]}') WHERE (record->>'id')::int % 1000 = $1`, [id]);
  const [first] = await column(client, "SELECT $1::jsonb - 'id'", [record]);
  await set(exact);
  const [stored, ...others] = await column(client, `SELECT ${texts(names)} FROM rt WHERE id % 1000 = ${id} ORDER BY id`);
  Object.values(writers).forEach(([offset], i) => {
    const writer = Object.keys(writers)[i];
    if (others[i] !== stored) throw new Error(`${writer}: ${stored} came back as ${others[i]}`);
    if (shown[i] !== first) throw new Error(`${writer}: as JSON ${first} came back as ${shown[i]}`);
  });
}

async function trips(entry) {
  const { type, before, after, extension, notNull } = entry;
  const all = columns(entry);
  const names = all.map(({ name }) => name);
  await set(exact);
  if (extension) await client.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
  if (before) await client.query(before);
  await client.query(`CREATE DOMAIN rt_domain AS ${type}; CREATE DOMAIN rt_list AS ${type}[] CHECK (array_ndims(VALUE) < 4);
    CREATE TYPE rt_row AS (one ${type}, many ${type}[], "a ""b"" " text);
    CREATE TABLE rt (id integer PRIMARY KEY, ${all.map(({ name, type: t }) => `${name} ${t}`)})`);
  await client.query("SELECT studentdir.define('Trip', $1, '{\"tableName\":\"rt\",\"timestamps\":false}')",
    [JSON.stringify({ id: { type: 'INTEGER', primaryKey: true }, ...Object.fromEntries(all.map(({ name, type: t }) => [name, t])) })]);
  try {
    for (const session of settings) {
      await set(exact);
      await client.query('DELETE FROM rt');
      const n = entry.values.length + rows;
      for (let id = 0; id < n; id++) {
        await client.query(`INSERT INTO rt VALUES (${[id, ...all.map(({ sql }) => sql(id))]})`);
        const blank = notNull ? all.map(({ name, sql }) => (name === 'v' || name === 'dom' ? sql(0) : 'NULL')) : all.map(() => 'NULL');
        for (const offset of [2000, 4000, 5000]) await client.query(`INSERT INTO rt VALUES (${[offset + id, ...blank]})`);
      }
      const asked = await comparable(all);
      for (let id = 0; id < n; id++) await trip(id, names, asked, session);
    }
    await refusals(client, entry, ['v', 'list', 'row']);
  } finally {
    await set(exact);
    await client.query(`SELECT studentdir.undefine('Trip'); DROP TABLE rt; DROP DOMAIN rt_domain; DROP DOMAIN rt_list; DROP TYPE rt_row; ${after ?? ''}`);
  }
}

await client.query(refusalFunction);
for (const entry of types) await test(`${entry.type}, seed ${seed}`, () => trips(entry));
await client.end();
finish();
