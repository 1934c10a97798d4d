// Sends random requests, most of them malformed, to studentdir.request.  Whatever comes in, the answer has
// one of the statuses that the client can do something about, and a body that is JSON; nothing is raised;
// and what is answered with an error has changed nothing.
import { column, connect, report } from '../lib/suite.mjs';
import { fixture, removeFixture } from './errors.mjs';

const STATUSES = [200, 201, 204, 400, 404, 405];
const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'get', 'TRACE', '', 'GET ', 'DROP'];
const PATHS = [
  '/students', '/students/1', '/users', '/users/1', '/users/1/posts', '/posts', '/posts/3', '/posts/3/user', '/users/99999', '/users/99999/posts',
];
const QUERIES = [
  'name=Student+1', 'id=3', 'id=1&id=2', 'order=id', 'order=name.desc,id', 'limit=3', 'offset=2', 'attributes=id,name', 'include=Posts', 'include=User',
  'cohort=Spring%202026', 'createdAt=2026-01-01', 'email=', 'userId=1', 'title=Post+1', 'order=id.asc.nullslast',
];
// what attackers and broken clients send
const PIECES = [
  '%', '%0', '%00', '%ff', '%C3', '%c3%a9', '%zz', '%2F', '%25', '%27', "'", '"', '\\', ';', '--', '/*', '$1', '$$', ')', "' OR 1=1--", "'; DROP TABLE fuzz_control;--",
  "nextval('fuzz_canary')", '[$gt]', '$or', '$expr', '$Posts.title$', '{"$ne":null}', '[1]', 'null', 'NaN', '-1', '1e9', '99999999999999999999', '0x1', '1_0', ' ', '\t', '\n',
  '?', '&', '=', '==', '#', '..', '../', '//', '/', ',', '.', '.desc', '+', 'é', '😀', '\u0001', '\ufeff', 'limit=', 'limit=x', 'where={}', 'scope=', 'paranoid=false', 'lock=UPDATE',
  'studentdir.model', 'pg_catalog', 'ctid', 'id', 'a'.repeat(300), '%41'.repeat(50), 'include=Posts,', 'attributes=', 'order=,',
];
const NAMES = ['id', 'name', 'cohort', 'email', 'title', 'body', 'userId', 'createdAt', 'updatedAt', 'Posts', 'User', '$or', 'nope', "x'; DROP", '', 'name.x', '__proto__'];

// The text with one to three changes.
function mutate(random, text) {
  for (let changes = random.between(1, 3); changes > 0; changes--) {
    const at = random.below(text.length + 1);
    text = random.call(
      () => text.slice(0, at) + random.one(PIECES) + text.slice(at),
      () => text.slice(0, at) + text.slice(at + random.between(1, 4)),
      () => text.slice(0, at) + String.fromCharCode(random.between(1, 300)) + text.slice(at + 1),
      () => text.slice(0, at),
      () => text + text.slice(at),
      () => text + random.one(['?', '&']) + random.one(QUERIES),
    );
  }
  return text;
}

function makeValue(random, depth = 0) {
  return random.call(
    () => random.one(PIECES), () => random.one(PIECES), () => random.between(-5, 50), () => random.next() * 1e12, () => null, () => random.chance(0.5),
    () => (depth > 2 ? {} : Object.fromEntries(random.some(3, () => [random.one(['$ne', '$fn', 'a', ...NAMES]), makeValue(random, depth + 1)]))),
    () => (depth > 2 ? [] : random.some(3, () => makeValue(random, depth + 1))),
  );
}

function makeBody(random) {
  if (random.chance(0.2)) return null;
  if (random.chance(0.1)) return JSON.stringify(makeValue(random));
  const body = random.one([{}, { name: 'New' }, { title: 'New', userId: 1 }, { name: 'New', email: `n${random.below(1e6)}@example.org` }]);
  return JSON.stringify({ ...body, ...Object.fromEntries(random.some(3, () => [random.one(NAMES), makeValue(random)])) });
}

function makePath(random) {
  let path = random.one(PATHS);
  const queries = random.some(3, () => random.one(QUERIES));
  if (queries.length > 0) path += `?${queries.join('&')}`;
  return random.chance(0.8) ? mutate(random, path) : path;
}

const ROWS = `
  SELECT md5(string_agg(r, '' ORDER BY r)) FROM (
    SELECT s::text FROM students s UNION ALL SELECT u::text FROM users u UNION ALL SELECT p::text FROM posts p
    UNION ALL SELECT c::text FROM fuzz_control c UNION ALL SELECT is_called::text FROM fuzz_canary) x(r)`;
const OBJECTS = 'SELECT md5(string_agg(oid::text, \'\' ORDER BY oid)) FROM (SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_proc) x';

// What is wrong with the answer to a request; undefined when nothing is.
async function problemOf(client, request, rows) {
  try {
    await client.query('BEGIN');
    const result = await client.query('SELECT status, body FROM studentdir.request($1, $2, $3)', request);
    const { status, body } = result.rows[0];
    const changed = Number(status) >= 400 ? (await column(client, ROWS))[0] !== rows : false;
    await client.query('ROLLBACK');
    if (result.rows.length !== 1 || !STATUSES.includes(Number(status))) return `it answers ${status} ${body}`;
    if (changed) return `it answers ${status}, but has changed something`;
    if (body !== null) JSON.parse(body);
    if (Number(status) >= 400 && typeof JSON.parse(body ?? '{"error":""}').error !== 'string') return `it answers ${status} ${body}`;
    return undefined;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    return `${error.code}: ${error.message}`;
  }
}

// Sends n requests and reports one test for each method, and what became of the rows.
export async function fuzzRequests(random, n) {
  const client = await connect();
  await client.query("SET statement_timeout = '20s'");
  await fixture(client);
  const [rows] = await column(client, ROWS);
  const [names] = await column(client, OBJECTS);
  const problems = new Map(METHODS.map((method) => [method, undefined]));

  for (let i = 0; i < n; i++) {
    const request = [random.one(METHODS), makePath(random), makeBody(random)];
    const problem = await problemOf(client, request, rows);
    if (problem !== undefined && problems.get(request[0]) === undefined)
      problems.set(request[0], `${problem}\n${request.map((part) => JSON.stringify(part)).join('\n')}`);
  }
  for (const [method, problem] of problems) report(`malformed requests: ${JSON.stringify(method)}`, problem);
  const same = (await column(client, ROWS))[0] === rows && (await column(client, OBJECTS))[0] === names;
  report('malformed requests leave nothing behind', same ? undefined : 'something has changed');
  console.log(`${n} malformed requests`);
  await removeFixture(client);
  await client.end();
}
