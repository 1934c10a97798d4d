// Calls every function of the extension with random documents.  Whatever comes in, the answer is
// valid JSON or an error of the contract: never an internal one, and never a sign that a text of the
// caller's became part of an SQL text.
import { Documents, MODEL_NAMES, modelNamed } from './documents.mjs';
import { column, connect, report } from '../lib/suite.mjs';

// The contract's, and two of PostgreSQL's own for arguments: a null model, a keyset row that is gone.
const ALLOWED = /^(22...|23...|40...|54...|02000|42P01|42703|42501|55000|57014)$/;
// What makes things with names of the caller's has PostgreSQL's own errors for names as well.
const DEFINES = /^(generate|migration_generate|create_table_sql|sync|diff|define|undefine|expose|unexpose|has_many|has_one|belongs_to|belongs_to_many)$/;
const ALLOWED_NAMES = /^(3F000|42P07|42602|42622|42704|42710|42723|42939)$/;
// PostgreSQL's own error for a table that others refer to.
const TRUNCATES = /^(truncate|destroy|.*s_destroy)$/;
// What takes the text of a migration says where it does not parse: the position in that very text.
const TAKES_SQL = /^(migration_create|seed_create|lint)$/;
// What registers one has PostgreSQL's own error for a name that is taken.
const REGISTERS = /^(migration_create|seed_create)$/;
// Class 22 has one that only evaluated SQL raises: the fragments divide by zero.
const LEAKED = /^22012$/;

// What runs SQL of the caller's own, which may be as wrong as it likes, and what no caller calls.
const NOT_CALLED = /^(install|migrate|migrate_.*|seed|seed_undo.*)$/;

const CALLS_PER_CHECK = 1000;

async function functions(client) {
  const result = await client.query(`
    SELECT n.nspname AS schema, p.proname AS name, p.provolatile = 'v' AS writes,
           p.prorettype IN ('json'::regtype, 'jsonb'::regtype) AS json, p.proargnames::text[] AS names, p.pronargs AS n,
           (SELECT json_agg(format_type(t.oid, NULL) ORDER BY i)
              FROM unnest(p.proargtypes) WITH ORDINALITY AS a(oid, i) JOIN pg_type t ON t.oid = a.oid) AS types
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
      JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
     WHERE e.extname = 'studentdir' AND p.prokind = 'f' AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype)
     ORDER BY n.nspname, p.proname, p.proargtypes::text`);

  return result.rows.filter((row) => !NOT_CALLED.test(row.name)).map((row) => {
    const types = JSON.parse(row.types ?? '[]');
    const names = (row.names ?? '{}').slice(1, -1).split(',').slice(0, Number(row.n));
    return {
      name: `${row.schema}.${row.name}(${types.join(', ')})`,
      sql: `SELECT ${row.schema}.${row.name}(${types.map((type, i) => `$${i + 1}::${type === 'anyelement' ? 'students' : type}`).join(', ')})::text`,
      typed: row.schema !== 'studentdir',
      functionName: row.name,
      writes: row.writes === 't',
      json: row.json === 't',
      arguments: types.map((type, i) => ({ type, name: names[i] ?? '' })),
    };
  });
}

// The model that a typed function belongs to.
function modelOf(target) {
  return target.functionName.startsWith('student') ? 'Student' : target.functionName.startsWith('user') ? 'User' : 'Post';
}

function makeArguments(target, documents, random) {
  let model = target.typed ? modelOf(target) : random.one(MODEL_NAMES);
  return target.arguments.map(({ type, name }) => {
    if (random.chance(0.01)) return null;
    if (name === 'model') {
      if (random.chance(0.03)) model = documents.string();
      return model;
    }
    if (type === 'anyelement') return null;
    if (name === 'id') return type === 'jsonb' ? documents.spoil(random.chance(0.3) ? { id: 3 } : documents.anything(1)) : documents.primaryKey();
    if (name === 'association' && random.chance(0.95)) return random.one([...modelNamed(model).associations, 'Posts']);
    if (name === 'data')
      return documents.spoil(target.functionName.includes('bulk') ? documents.rows(model) : documents.row(model, !target.functionName.includes('update')));
    if (type === 'jsonb' || type === 'json') return documents.spoil(documents.options(model, target.functionName));
    if (type === 'boolean') return random.one(['true', 'false']);
    return type === 'text' ? documents.string() : String(random.between(-2, 30));
  });
}

// Whether an error of the parser points into a text that was given.
function isPlaced(error, parameters) {
  const position = Number(error.internalPosition);
  const given = parameters.some((x) => x !== null && Buffer.from(x).toString() === error.internalQuery);
  return given && position >= 1 && position <= [...error.internalQuery].length + 1;
}

// What is wrong with an answer; undefined when nothing is.
function problemOf(target, parameters, { error, values }) {
  if (error !== undefined) {
    const text = [error.message, error.detail, error.hint].join(' ');
    if (!error.code) return `the connection was lost: ${error.message}`;
    const allowed = ALLOWED.test(error.code) || (DEFINES.test(target.functionName) && ALLOWED_NAMES.test(error.code)) ||
      (TRUNCATES.test(target.functionName) && error.code === '0A000') ||
      (TAKES_SQL.test(target.functionName) && error.code === '42601' && isPlaced(error, parameters)) ||
      (REGISTERS.test(target.functionName) && error.code === '42710');
    if (!allowed || LEAKED.test(error.code)) return `${error.code}: ${error.message}`;
    // half a surrogate pair of ours is sent as this character
    const sent = parameters.some((x) => x !== null && Buffer.from(x).toString().includes('\ufffd'));
    if (text.includes('\ufffd') && !sent) return `${error.code}: the error has a character that is cut in half`;
    return undefined;
  }
  for (const value of target.json ? values : []) {
    if (value === null) continue;
    try {
      JSON.parse(value);
    } catch {
      return `the answer is not JSON: ${value.slice(0, 200)}`;
    }
  }
  return undefined;
}

async function call(client, target, parameters) {
  try {
    return { values: await column(client, target.sql, parameters) };
  } catch (error) {
    return { error };
  }
}

// A writer's call is undone, so that every call meets the same rows.
async function tryOut(client, target, parameters) {
  if (!target.writes) return call(client, target, parameters);
  try {
    await client.query('BEGIN');
    const answer = await call(client, target, parameters);
    await client.query('ROLLBACK');
    return answer;
  } catch (error) {
    return { error };
  }
}

// Smaller documents: each without one of its parts, or with a part in its parent's place.
function* smaller(node, wrap = (x) => x) {
  if (node === null || typeof node !== 'object') {
    if (typeof node === 'string' && node.length > 8) yield wrap(node.slice(0, node.length >> 1));
    return;
  }
  const keys = Object.keys(node);
  for (const key of keys) {
    if (Array.isArray(node)) yield wrap(node.filter((_, i) => String(i) !== key));
    else yield wrap(Object.fromEntries(Object.entries(node).filter(([k]) => k !== key)));
    if (node[key] !== null && typeof node[key] === 'object') yield wrap(node[key]);
  }
  for (const key of keys)
    yield* smaller(node[key], (part) => {
      const copy = Array.isArray(node) ? [...node] : { ...node };
      copy[key] = part;
      return wrap(copy);
    });
}

// The smallest arguments found that have the same problem.
async function shrink(client, target, parameters, problem) {
  let best = parameters;
  const kind = problem.slice(0, 12);
  for (let progress = true, tries = 0; progress && tries < 2000; ) {
    progress = false;
    for (let i = 0; i < best.length && !progress; i++) {
      let document;
      try {
        document = JSON.parse(best[i]);
      } catch {
        continue;
      }
      for (const candidate of smaller(document)) {
        const next = best.with?.(i, JSON.stringify(candidate)) ?? best.map((x, j) => (j === i ? JSON.stringify(candidate) : x));
        if (++tries > 2000) break;
        if (problemOf(target, next, await tryOut(client, target, next))?.slice(0, 12) !== kind) continue;
        best = next;
        progress = true;
        break;
      }
    }
  }
  return best;
}

const CONTROL = `
  SELECT (SELECT count(*) FROM fuzz_control) || ' ' || (SELECT sum(hashtext(c::text)) FROM fuzz_control c)
      || ' ' || (SELECT is_called FROM fuzz_canary) || ' ' || (SELECT count(*) FROM pg_class) || ' ' || (SELECT count(*) FROM pg_proc)`;

// The rows that every call meets, and what would show that SQL got through.
export async function fixture(client) {
  await client.query(`
    CREATE TABLE fuzz_control AS SELECT i AS id, 'row ' || i AS name FROM generate_series(1, 100) i;
    CREATE SEQUENCE fuzz_canary;
    INSERT INTO students (id, name, cohort, email) SELECT i, 'Student ' || i, 'Spring 2026', 's' || i || '@example.org' FROM generate_series(1, 20) i;
    INSERT INTO users (id, name, email) SELECT i, 'User ' || i, 'u' || i || '@example.org' FROM generate_series(1, 10) i;
    INSERT INTO posts (id, title, body, user_id) SELECT i, 'Post ' || i, 'Body', i % 10 + 1 FROM generate_series(1, 40) i`);
}

export async function removeFixture(client) {
  await client.query('DROP TABLE fuzz_control; DROP SEQUENCE fuzz_canary; TRUNCATE students, users, posts');
}

const tableState = (client) =>
  column(client, `
    SELECT md5(string_agg(r, '' ORDER BY r)) FROM (
      SELECT s::text FROM students s UNION ALL SELECT u::text FROM users u UNION ALL SELECT p::text FROM posts p
      UNION ALL SELECT m::text FROM studentdir.model m UNION ALL SELECT a::text FROM studentdir.association a
      UNION ALL SELECT g::text FROM studentdir.migration g) x(r)`);

// Runs n calls and reports one test for each function and for each thing looked after.
export async function fuzzErrors(random, n) {
  const documents = new Documents(random);
  const client = await connect();
  let watcher = await connect();
  const started = await column(watcher, 'SELECT pg_postmaster_start_time()');
  await fixture(watcher);
  const control = await column(watcher, CONTROL);
  const rows = await tableState(watcher);
  const targets = await functions(watcher);
  const problems = new Map(targets.map((target) => [target, undefined]));
  const codes = new Map();
  let controlProblem;
  let lost = false;

  await client.query("SET statement_timeout = '20s'");
  for (let i = 0; i < n && controlProblem === undefined; i++) {
    const target = targets[i % targets.length];
    const parameters = makeArguments(target, documents, random);
    const answer = await tryOut(client, target, parameters);
    const problem = problemOf(target, parameters, answer);

    codes.set(answer.error?.code ?? 'none', (codes.get(answer.error?.code ?? 'none') ?? 0) + 1);
    if (problem !== undefined && problems.get(target) === undefined) {
      lost = problem.startsWith('the connection');
      const small = lost ? parameters : await shrink(client, target, parameters, problem);
      problems.set(target, `${problem}\n${target.sql}\n${small.map((x) => (x ?? 'NULL').slice(0, 2000)).join('\n')}`);
      if (lost) break;
    }
    if (i % CALLS_PER_CHECK === CALLS_PER_CHECK - 1 || problem !== undefined) {
      const now = await column(watcher, CONTROL).catch((error) => [error.message]);
      if (now[0] !== control[0]) controlProblem = `${control} became ${now} at or before\n${target.sql}\n${parameters.join('\n')}`;
    }
  }

  if (lost) watcher = await reconnect();
  for (const [target, problem] of problems) report(target.name, problem);
  report('SQL in a document has no effect', controlProblem);
  await compareState('undone calls leave nothing behind', () => tableState(watcher), rows);
  await compareState('the server was not restarted', () => column(watcher, 'SELECT pg_postmaster_start_time()'), started);
  if (!lost) {
    const [bytes] = await column(client, 'SELECT sum(total_bytes) FROM pg_backend_memory_contexts');
    report('the memory of the session', Number(bytes) < 64e6 ? undefined : `${bytes} bytes`);
    await client.end();
  }
  console.log(`${n} calls of ${targets.length} functions; errors by SQLSTATE: ${
    [...codes].sort().map(([code, count]) => `${code} ${count}`).join(', ')}`);
  await removeFixture(watcher);
  await watcher.end();
}

async function compareState(name, read, before) {
  const after = await read().catch((error) => [error.message]);
  report(name, after[0] === before[0] ? undefined : `${before} became ${after}`);
}

// A connection to a server that is starting again after a crash.
async function reconnect() {
  for (let i = 0; ; i++) {
    try {
      return await connect();
    } catch (error) {
      if (i === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

