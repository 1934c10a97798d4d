#!/usr/bin/env node
// Runs the conformance vectors against a database in which the extension studentdir is installed.
//   node run.mjs [--cases DIR] [--area NAME] [--id ID] [--json] [--keep] [--then FILE] [--pending FILE]
// --then: SQL that runs once the models are defined, before the first case. --pending: cases that have to fail.
// The connection comes from the PG* environment variables. Needs node 18 or later and the package pg
// (found from the working directory, from this directory, or from NODE_PATH).
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const arg = (name) => { const i = process.argv.indexOf(name); return i < 0 ? undefined : process.argv[i + 1]; };
const flag = (name) => process.argv.includes(name);
const SCHEMA = arg('--schema') || 'studentdir';

function loadPg() {
  const places = [process.cwd(), here, ...(process.env.NODE_PATH || '').split(delimiter).filter(Boolean).map((p) => join(p, '..'))];
  for (const p of places) {
    try { return createRequire(join(p, 'noop.js'))('pg'); } catch { /* next */ }
  }
  console.error('run.mjs: the package pg was not found; run `npm install pg` in the working directory');
  process.exit(2);
}
const pg = loadPg();

const text = (v) => v;
const types = { getTypeParser: () => text }; // every value as the server's text
const client = new pg.Client({ types });
await client.connect();
const q = (sql, values) => client.query({ text: sql, values, types });

// ---------------------------------------------------------------- models and rows
const { models, associations, exposed = [] } = JSON.parse(readFileSync(join(here, 'models.json'), 'utf8'));
const setup = [];
async function attempt(what, f, quiet) {
  try { await f(); return true; } catch (e) {
    await client.query('ROLLBACK').catch(() => {});
    if (!quiet) setup.push(`${what}: ${e.code || ''} ${e.message}`);
    return false;
  }
}
const mine = models.filter((m) => !m.builtin);
const ident = (s) => '"' + s.replaceAll('"', '""') + '"';
await client.query("SET TimeZone = 'UTC'");
await client.query('SET client_min_messages = warning');
const target = (await q("SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'studentdir'")).rows[0]?.nspname || 'public';
await q("SELECT set_config('search_path', $1, false)", [`${ident(target)}, public`]);
// takes back what an earlier run, or this one, defined
async function forget() {
  for (const m of exposed) {
    const f = await q("SELECT oid::regprocedure::text AS f FROM pg_proc WHERE pronamespace = $1::regnamespace AND proname ~ $2", [ident(target), `^${m.toLowerCase()}s?_`]);
    for (const r of f.rows) await attempt('', () => client.query(`DROP FUNCTION IF EXISTS ${r.f}`), true);
  }
  for (const m of [...mine].reverse()) await attempt('', () => q(`SELECT ${SCHEMA}.undefine($1)`, [m.name]), true);
}
await forget();
await attempt('fixture.sql', () => client.query(readFileSync(join(here, 'fixture.sql'), 'utf8')));
await client.query('SET client_min_messages = warning');
for (const m of mine) {
  await attempt(`define ${m.name}`, () => q(`SELECT ${SCHEMA}.define($1, $2::json, $3::jsonb)`, [m.name, JSON.stringify(m.attributes), JSON.stringify(m.options)]));
}
for (const a of associations.filter((x) => !x.builtin)) {
  await attempt(`${a.kind} ${a.source} ${a.target}`, () => q(`SELECT ${SCHEMA}.${a.kind}($1, $2, $3::jsonb)`, [a.source, a.target, JSON.stringify(a.options)]));
}
for (const m of exposed) await attempt(`expose ${m}`, () => q(`SELECT ${SCHEMA}.expose($1, $2)`, [m, target]));
if (arg('--then')) await attempt(arg('--then'), () => client.query(readFileSync(arg('--then'), 'utf8')));
const version = Number((await q('SHOW server_version_num')).rows[0].server_version_num);
const has = new Set((await q('SELECT extname FROM pg_extension')).rows.map((r) => r.extname));
const collation = (await q('SELECT datcollate FROM pg_database WHERE datname = current_database()')).rows[0].datcollate;
if (!/^(C|POSIX|C\.utf-?8)$/i.test(collation)) console.error(`note: the database sorts text by ${collation}; the vectors were recorded under C.UTF-8`);

// ---------------------------------------------------------------- calls
const J = (v) => [JSON.stringify(v === undefined ? {} : v), 'jsonb'];
const K = (v) => (v === null ? [null, 'bigint'] : typeof v === 'number' ? [String(v), 'bigint'] : typeof v === 'object' ? J(v) : [v, 'text']);
const S = (v) => [v, 'text'];
// the types of the arguments behind the model
const KIND = {
  find_all: [J, J], list: [J, J], find_and_count_all: [J], count: [J], find_one: [J], find_by_pk: [K, J], create: [J, J], bulk_create: [J, J],
  update: [J, J], update_returning: [J, J], destroy: [J], destroy_returning: [J], restore: [J], upsert: [J, J], find_or_create: [J],
  increment: [K, J], decrement: [K, J], aggregate: [S, S, J], truncate: [J], request: [S, S, J], rows: [J, J],
};
const TYPED = [
  [/_find_all$|_list$|_find_and_count_all$|_count$|_find_one$|^\w+s_with_\w+$|_find_or_create$|s_destroy$|s_restore$/, [J]],
  [/_find_by_pk$/, [(v) => [v === null ? null : String(v), null], J]],
  [/_with_\w+$/, [(v) => [String(v), null]]],
  [/s_bulk_create$|_create$|_upsert$|s_update$/, [J, J]],
  [/_update$/, [(v) => [String(v), null], J, J]],
  [/_destroy$|_restore$/, [(v) => [String(v), null]]],
  [/_increment$|_decrement$/, [(v) => [String(v), null], J]],
  [/_aggregate$/, [S, S, J]],
];
function statement(c) {
  const kinds = c.typed ? TYPED.find(([re]) => re.test(c.call))[1] : KIND[c.call];
  if (!kinds) throw new Error(`unknown call ${c.call}`);
  const values = [];
  const parts = [];
  // the rows of a table, which the first argument names by its type
  if (c.call === 'rows') parts.push(`NULL::${ident(c.table)}`);
  else if (!c.typed && c.call !== 'request') { values.push(c.model); parts.push('$1::pg_catalog.text'); }
  (c.args || []).forEach((a, i) => {
    const [v, type] = kinds[i](a);
    if (type === null) parts.push(v === null ? 'NULL' : /^-?\d+$/.test(v) ? v : `'${v.replaceAll("'", "''")}'`); // the key's own type
    else { values.push(v); parts.push(`$${values.length}::pg_catalog.${type === 'bigint' ? 'int8' : type}`); }
  });
  const fn = c.typed ? ident(c.call) : `${SCHEMA}.${ident(c.call)}`;
  return { sql: `SELECT ${c.call === 'rows' ? 'pg_catalog.to_json(r)' : '*'} FROM ${fn}(${parts.join(', ')}) AS r`, values };
}
const JSON_OIDS = new Set([114, 3802]);
const NUM_OIDS = new Set([20, 21, 23]);
// -> { rows: [...], texts: [...] } ; one column: its value; more columns: an object of them
// SD_SEARCH_PATH: the calls run under it
const callers = process.env.SD_SEARCH_PATH || `${ident(target)}, public`;
await client.query(`SET search_path = ${callers}`);
// what is no call of ours runs under the usual one
async function byHand(sql) {
  await client.query(`SET search_path = ${ident(target)}, public`);
  const result = await q(sql);
  await client.query(`SET search_path = ${callers}`);
  return result;
}
async function invoke(c) {
  const { sql, values } = statement(c);
  const r = await q(sql, values);
  const conv = (v, f) => {
    if (v === null) return null;
    if (JSON_OIDS.has(f.dataTypeID)) return JSON.parse(v);
    if (NUM_OIDS.has(f.dataTypeID)) return Number(v);
    if (f.dataTypeID === 16) return v === 't';
    return v;
  };
  const rows = r.rows.map((row) => (r.fields.length === 1 ? conv(row[r.fields[0].name], r.fields[0]) : Object.fromEntries(r.fields.map((f) => [f.name, conv(row[f.name], f)]))));
  const texts = r.rows.map((row) => row[r.fields[0].name]);
  return { rows, texts };
}

// ---------------------------------------------------------------- comparison
function picked(v, keys) {
  if (Array.isArray(v)) return v.map((x) => picked(x, keys));
  if (v && typeof v === 'object') {
    if ('record' in v && 'created' in v) return { record: picked(v.record, keys), created: v.created };
    return Object.fromEntries(keys.filter((k) => k in v).map((k) => [k, v[k]]));
  }
  return v;
}
// a text that is equal for equal results: arrays whose order was not asked for are sorted, masked values replaced
function canon(v, c, path) {
  if (Array.isArray(v)) {
    const items = v.map((x) => canon(x, c, path));
    const isRows = path === '' || (path === 'rows' && c.call.endsWith('find_and_count_all')) || (path === 'body' && c.call === 'request');
    if (isRows ? !c.ordered : (c.unordered || []).includes(path)) items.sort();
    return '[' + items.join(',') + ']';
  }
  if (v && typeof v === 'object') {
    let keys = Object.keys(v);
    const wrapper = path === '' && (c.call.endsWith('find_and_count_all') || 'created' in v);
    if (!c.keysOrdered || wrapper) keys = keys.sort();
    return '{' + keys.map((k) => {
      const x = c.mask && c.mask.includes(k) && v[k] !== null ? '"<set>"' : canon(v[k], c, step(c, path === '' ? k : `${path}.${k}`));
      return JSON.stringify(k) + ':' + x;
    }).join(',') + '}';
  }
  if (c.numeric && v !== null && v !== '' && !Number.isNaN(Number(v))) return String(Number(Number(v).toPrecision(12)));
  return JSON.stringify(v === undefined ? null : v);
}
// the wrappers around a record are no part of the path of an association
function step(c, p) {
  if (c.call.endsWith('find_and_count_all') && p.startsWith('rows.')) return p.slice(5);
  if (p.startsWith('record.')) return p.slice(7);
  return p;
}
function shaped(c, value) {
  let v = value;
  if (c.pick) v = picked(v, c.pick);
  return canon(v, c, '');
}
const cut = (s) => { const t = typeof s === 'string' ? s : JSON.stringify(s); return t === undefined ? 'undefined' : t.length > 300 ? t.slice(0, 300) + '…' : t; };

function checkError(want, e) {
  const bad = [];
  const got = { sqlstate: e.code, message: e.message, detail: e.detail, hint: e.hint };
  if (!e.code) return { expected: JSON.stringify(want), received: `client error: ${e.message}` };
  if (![want.sqlstate].flat().includes(e.code)) bad.push('sqlstate');
  if (want.message !== undefined && want.message !== e.message) bad.push('message');
  if (want.detail !== undefined) {
    let d;
    try { d = JSON.parse(e.detail); } catch { /* not JSON */ }
    const norm = (l) => JSON.stringify((Array.isArray(l) ? l : []).map((x) => ({ message: x.message, type: x.type, path: x.path, value: x.value === undefined ? null : x.value, validatorKey: x.validatorKey })));
    if (norm(d) !== norm(want.detail)) bad.push('detail');
  }
  const all = [e.message, e.detail, e.hint].filter(Boolean).join('\n');
  for (const m of want.mentions || []) if (!all.includes(m)) bad.push(`no mention of ${m}`);
  if (want.hint && !(e.hint || '').includes(want.hint)) bad.push(`hint without ${want.hint}`);
  return bad.length ? { expected: `${JSON.stringify(want)} (${bad.join(', ')})`, received: JSON.stringify(got) } : null;
}
// null when the result is what the case expects, else { expected, received }
async function check(c) {
  const want = c.expect;
  let got;
  await client.query('SAVEPOINT before_call');
  try {
    got = await invoke(c);
  } catch (e) {
    await client.query('ROLLBACK TO SAVEPOINT before_call');
    if (want.error) return checkError(want.error, e);
    return { expected: JSON.stringify(want), received: `error ${e.code || ''} ${e.message}${e.detail ? ' | ' + e.detail : ''}` };
  }
  if (want.error) return { expected: JSON.stringify(want), received: JSON.stringify(got.rows) };
  if (want.ok) return null;
  if (want.sql) {
    const a = shaped(c, (await byHand(want.sql)).rows.map((row) => JSON.parse(Object.values(row)[0]))), b = shaped(c, got.rows);
    return a === b ? null : { expected: a, received: b };
  }
  if ('rows' in want) {
    if (want.text) {
      const a = c.ordered ? want.text : [...want.text].sort();
      const b = c.ordered ? got.texts : [...got.texts].sort();
      if (a.length !== b.length || a.some((x, i) => x !== b[i])) return { expected: a.join('\n'), received: b.join('\n') };
      return null;
    }
    const a = shaped(c, want.rows), b = shaped(c, got.rows);
    return a === b ? null : { expected: a, received: b };
  }
  if (got.rows.length !== 1) return { expected: JSON.stringify(want), received: `${got.rows.length} rows` };
  if (want.text) {
    return want.text === got.texts[0] ? null : { expected: want.text, received: got.texts[0] };
  }
  const a = shaped(c, want.value), b = shaped(c, got.rows[0]);
  return a === b ? null : { expected: a, received: b };
}

// ---------------------------------------------------------------- run
const dir = arg('--cases') || join(here, 'cases');
if (!existsSync(dir)) { console.error(`run.mjs: no directory ${dir}`); process.exit(2); }
const cases = readdirSync(dir).filter((f) => f.endsWith('.json')).sort().flatMap((f) => JSON.parse(readFileSync(join(dir, f), 'utf8')))
  .filter((c) => (!arg('--area') || c.area === arg('--area')) && (!arg('--id') || c.id === arg('--id')));
// what is not built yet: such a case has to fail, and is counted neither way
const pending = Object.assign({}, ...[join(dir, '..', 'pending.json'), arg('--pending')].filter((file) => file && existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8'))));
const results = [];
const started = Date.now();
let prepared = null; // the setup that the open transaction has run
for (const c of cases) {
  if (c.requires && !has.has(c.requires)) { results.push({ id: c.id, area: c.area, skipped: `needs the extension ${c.requires}` }); continue; }
  if (c.until <= version) { results.push({ id: c.id, area: c.area, skipped: `${c.until} and later have no such setting` }); continue; }
  let failure = null;
  try {
    if (!c.setup || c.setup !== prepared) {
      await client.query('ROLLBACK');
      await client.query('BEGIN');
      prepared = null;
      if (c.setup) await byHand(readFileSync(join(here, c.setup), 'utf8'));
      prepared = c.setup ?? null;
    }
    await client.query('SAVEPOINT before_case');
    for (const [k, v] of Object.entries(c.settings || {})) await client.query(`SELECT pg_catalog.set_config($1, $2, true)`, [k, v]);
    // what answers by SQL does so a second and a third time, with options and plans in their caches
    for (let i = 0; i < (c.expect.sql ? 3 : 1) && !failure; i++) failure = await check(c);
    if (failure) failure.what = 'result';
    for (const [i, a] of failure ? [] : (c.after || []).entries()) {
      const f = await check({ ...a, ordered: !!a.ordered });
      if (f) { failure = { ...f, what: `after[${i}]` }; break; }
    }
  } catch (e) {
    failure = { what: 'runner', expected: JSON.stringify(c.expect), received: e.message };
  } finally {
    await client.query(prepared ? 'ROLLBACK TO before_case' : 'ROLLBACK').catch(() => {});
  }
  if (pending[c.id] && failure) results.push({ id: c.id, area: c.area, pending: pending[c.id] });
  else if (pending[c.id]) results.push({ id: c.id, area: c.area, failed: { what: 'pending.json', expected: `to fail: ${pending[c.id]}`, received: 'a pass: take it off the list' } });
  else results.push({ id: c.id, area: c.area, ...(failure ? { failed: failure } : { passed: true }) });
}
await client.query('ROLLBACK');
if (!flag('--keep')) {
  await client.query(`SET search_path = ${ident(target)}, public`);
  await forget();
  const tables = 'profiles, comments, post_tags, tags, enrollments, courses, employees, items, handles, attachments, notes, ledgers, "AppSettings", cities, countries, tickets, forms, signups';
  await client.query(`DROP TABLE IF EXISTS ${tables} CASCADE; DROP TYPE IF EXISTS enum_enrollments_status, enum_items_kind, enum_tickets_status`).catch(() => {});
  await client.query('TRUNCATE students, users, posts RESTART IDENTITY').catch(() => {});
}
await client.end();

const passed = results.filter((r) => r.passed).length;
const failed = results.filter((r) => r.failed).length;
const skipped = results.filter((r) => r.skipped).length;
if (flag('--json')) {
  console.log(JSON.stringify({ passed, failed, skipped, milliseconds: Date.now() - started, setup, results }, null, 1));
} else {
  for (const s of setup) console.log(`SETUP ${cut(s)}`);
  for (const r of results) {
    if (r.failed) console.log(`FAIL ${r.id} [${r.failed.what}] expected ${cut(r.failed.expected)} received ${cut(r.failed.received)}`);
  }
  if (skipped) console.log(`${skipped} skipped`);
  const waiting = results.filter((r) => r.pending).length;
  if (waiting) console.log(`${waiting} pending (pending.json), not counted`);
  console.log(`${passed} passed, ${failed} failed`);
}
process.exit(failed || setup.length ? 1 : 0);
