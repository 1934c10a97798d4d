// Changes random models at random.  For each change the migration that is generated makes the tables
// as the models ask, and undoing it brings back the catalogs as they were before.  So does the one
// with "online", whose forms do not block.  SD_SCHEMA_SEED repeats or varies the run, SD_SCHEMA_N sets
// the number of changes.
import { Random } from '../fuzz/random.mjs';
import { column, connect, finish, report } from '../lib/suite.mjs';
import { Schema } from './models.mjs';

const SEED = process.env.SD_SCHEMA_SEED === 'new' ? Date.now() % 1e9 : Number(process.env.SD_SCHEMA_SEED ?? 1);
const N = Number(process.env.SD_SCHEMA_N ?? 200);

const CATALOGS = `
  SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
         || ' ' || a.attidentity::text || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || coalesce(' -- ' || col_description(c.oid, a.attnum), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL
  SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL
  SELECT 'type ' || typname || ' ' || array_agg(enumlabel ORDER BY enumsortorder)::text FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid
   WHERE typnamespace = 'public'::regnamespace GROUP BY typname
  UNION ALL
  SELECT relname || ': ' || coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
  ORDER BY 1`;

function differences(before, after) {
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)].join('\n');
}

// Defines the models as they are now; what is not there any more is forgotten first.
async function define(client, schema) {
  const defined = await column(client, "SELECT name FROM studentdir.model WHERE name LIKE 'Model %'");
  for (const name of defined) if (!schema.models.has(name)) await client.query('SELECT studentdir.undefine($1)', [name]);
  for (const name of schema.models.keys()) {
    const [attributes, options] = schema.definition(name);
    await client.query('SELECT studentdir.define($1, $2, $3)', [name, JSON.stringify(attributes), JSON.stringify(options)]);
  }
}

// Where the models' tables and columns are, before they change.
async function look(client, schema) {
  schema.tables = new Map();
  schema.columns = new Map();
  schema.before = new Map();
  const { rows } = await client.query(`SELECT name, table_name, a ->> 'name' AS attribute, a ->> 'field' AS field
    FROM studentdir.model, jsonb_array_elements(attributes) a WHERE name LIKE 'Model %'`);
  for (const row of rows) {
    schema.tables.set(row.name, row.table_name);
    schema.columns.set(`${row.name}.${row.attribute}`, row.field);
    schema.before.set(row.name, [...(schema.before.get(row.name) ?? []), row.attribute]);
  }
}

// Applies what is pending, or the first of it, as psql would.
async function runScript(client, steps = null) {
  for (const sql of await column(client, 'SELECT sql FROM studentdir.migrate_script(steps => coalesce($1, 1000000))', [steps])) await client.query(sql);
}

// Lint, for which every table is large, has nothing to say of what is still pending but of what was listed.
async function lintOwn(client, listed, done) {
  await client.query("UPDATE pg_class SET reltuples = 1e6 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'");
  const findings = (await client.query('SELECT rule, message FROM studentdir.lint()')).rows;
  const unlisted = findings.filter(({ rule, message }) => !listed.some((line) => isListed(line, rule, message)));
  if (unlisted.length > 0) throw new Error(`lint of its own, after ${done} migrations:\n${unlisted.map((f) => `${f.rule}: ${f.message}`).join('\n')}\nlisted:\n${listed.join('\n')}`);
}

// The same change in forms that do not block: lint has nothing to say but of what was listed, of all of it and when half is done; the tables are as they were after the plain one, and before it when it is undone.
async function tryOnline(client, name, told, before, after) {
  const notices = [];
  const note = (notice) => notices.push(notice);
  await client.query("UPDATE pg_class SET reltuples = 1e6 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'");
  await client.query('SET client_min_messages = notice');
  client.on('notice', note);
  await client.query('SELECT studentdir.migration_generate($1, $2)', [name, JSON.stringify({ ...told, drop: true, online: true })]);
  client.off('notice', note);
  await client.query('SET client_min_messages = warning');

  const listed = notices.filter((notice) => notice.message.startsWith('There is no form')).flatMap((notice) => notice.detail.split('\n'));
  const [pending] = await column(client, "SELECT count(*) FROM studentdir.migration_status() WHERE status = 'down'");
  const half = Math.floor(pending / 2);
  await lintOwn(client, listed, 0);
  if (half > 0) {
    await runScript(client, half);
    await lintOwn(client, listed, half);
  }
  await runScript(client);
  const online = differences(after, await column(client, CATALOGS));
  if (online !== '') throw new Error(`done online, the catalogs differ:\n${online}`);
  await client.query('SELECT studentdir.migrate_undo(steps => $1)', [pending]);
  const undone = differences(before, await column(client, CATALOGS));
  if (undone !== '') throw new Error(`done online and undone, the catalogs differ:\n${undone}`);
  await runScript(client);
  return pending;
}

// Whether a finding is about a change that was listed: of the same kind and the same thing.
function isListed(line, rule, message) {
  const kinds = {
    'renaming-column': 'rename column', 'renaming-table': 'rename table', 'ban-drop-column': 'drop column', 'ban-drop-table': 'drop table',
    'ban-drop-not-null': 'null', 'changing-column-type': 'type', 'adding-required-field': 'add column', 'adding-field-with-default': 'add column',
  };
  const names = [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((match) => match[1]);
  return kinds[rule] !== undefined && line.includes(`: ${kinds[rule]}`) && names.every((name) => rule.startsWith('renaming') || message.includes(`"${name}"`));
}

async function tryChange(client, schema, i) {
  const told = {};
  const what = [];
  await look(client, schema);
  do {
    const change = schema.change(told);
    if (change !== undefined) what.push(change);
  } while (what.length === 0 || schema.random.chance(0.4));
  await define(client, schema);

  let step = 'migration_generate';
  let text = '';
  try {
    const before = await column(client, CATALOGS);
    const [name] = await column(client, 'SELECT studentdir.migration_generate($1, $2)', [`change-${i}`, JSON.stringify({ ...told, drop: true })]);
    if (name === null) return false;
    const shown = (await client.query('SELECT * FROM studentdir.migration_show($1)', [name])).rows[0];
    text = `${shown.up}-- down\n${shown.down}`;
    step = 'migrate';
    await client.query('SELECT studentdir.migrate()');
    const after = await column(client, CATALOGS);
    const left = await column(client, "SELECT concat_ws(', ', table_name, change, name, actual, expected) FROM studentdir.diff('{\"drop\":true}')");
    if (left.length > 0) throw new Error(`there is still a difference:\n${left.join('\n')}`);
    step = 'migrate_undo';
    await client.query('SELECT studentdir.migrate_undo()');
    const undone = differences(before, await column(client, CATALOGS));
    if (undone !== '') throw new Error(`undone, the catalogs differ:\n${undone}`);
    step = 'migrate again';
    await client.query('SELECT studentdir.migrate()');
    const again = differences(after, await column(client, CATALOGS));
    if (again !== '') throw new Error(`done again, the catalogs differ:\n${again}`);
    step = 'online';
    await client.query('SELECT studentdir.migrate_undo()');
    await client.query('DELETE FROM studentdir.migration WHERE name = $1', [name]);
    onlines += Number(await tryOnline(client, `online-${i}`, told, before, after));
    report(`change ${i}`);
  } catch (error) {
    report(`change ${i}, seed ${SEED}: ${what.join('; ')}`, `${step}: ${error.message}\n${error.detail ?? ''}\n${JSON.stringify(told)}\n${text}`);
    throw new Error('stopped');
  }
  return true;
}

let onlines = 0;
const client = await connect();
const schema = new Schema(new Random(SEED));
await client.query("SET client_min_messages = warning");
for (const name of ['Model A', 'Model B', 'Model C']) schema.add(name);
let i = 0;
try {
  for (let tries = 0; i < N && tries < 3 * N; tries++) if (await tryChange(client, schema, i)) i++;
} catch (error) {
  if (error.message !== 'stopped') report(`change ${i}, seed ${SEED}`, error.message);
}
console.log(`${i} changes, ${onlines} migrations that do not block, seed ${SEED}`);
await client.end();
finish();
