// Three apps, one answer: sends the same requests to the app with typed functions, to the one that
// hands them to studentdir.request, and to the one on Sequelize, each with a database of its own, and
// compares what they answer.
//
// Answers are compared byte by byte, with the times of the run hidden.  Where they differ on purpose, the
// case says in which app and why; then its status has to be the one given there.
import http from 'node:http';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { connect, finish, report, test } from '../lib/suite.mjs';
import { createApp as createTyped } from './app.mjs';
import { CASES } from './cases.mjs';
import { openPool } from './database.mjs';
import { createApp as createRequest } from './request-app.mjs';
import { createApp as createSequelize, openModels } from './sequelize-app.mjs';

const APPS = ['typed', 'request', 'sequelize'];
const databases = APPS.map((app) => `express_${app}`);

const SEED = `
  INSERT INTO students (name, cohort, email, created_at, updated_at)
    SELECT 'Student ' || i, (ARRAY['Spring 2026', 'Autumn 2026', NULL])[1 + i % 3], 'student' || i || '@school.edu',
           timestamptz '2026-01-01 08:00:00.123+00' + i * interval '1 hour', timestamptz '2026-02-01 00:00:00+00' + i * interval '1 day'
      FROM generate_series(1, 30) i;
  UPDATE students SET name = (ARRAY['100% sure', 'a_b\\c', E'tab\\there', 'Zoë & Co', '"quoted"', '''; DROP TABLE students', '日本', '😀'])[id]
    WHERE id <= 8;
  INSERT INTO users (name, email, created_at, updated_at)
    SELECT 'User ' || i, nullif('user' || i || '@school.edu', 'user5@school.edu'), '2026-01-01', '2026-01-02' FROM generate_series(1, 6) i;
  INSERT INTO posts (title, body, user_id, created_at, updated_at)
    SELECT 'Post ' || i, CASE WHEN i % 4 > 0 THEN 'Body ' || i || E'\\nsecond line' END, 1 + i % 4, '2026-01-01', '2026-01-02'
      FROM generate_series(1, 17) i`;

async function createDatabases() {
  const admin = await connect();
  for (const database of databases) await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  for (const database of databases) {
    const client = new pg.Client({ database });
    await client.connect();
    await client.query('CREATE EXTENSION studentdir');
    await client.query(`SET TimeZone = 'UTC'; ${SEED}`);
    await client.end();
  }
}

async function listen(app) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

// One request, with the path as it is given.
function send(server, method, path, body, type = 'application/json') {
  const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const request = http.request({ port: server.address().port, host: '127.0.0.1', method, path, headers, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({
        status: response.statusCode, type: response.headers['content-type'], allow: response.headers.allow, body: Buffer.concat(chunks).toString(),
      }));
    });
    request.on('error', reject);
    request.end(text);
  });
}

// The times that this run made are like one another in nothing but their form.
const year = new Date().getUTCFullYear();
const isNow = new RegExp(`"(${year}|${year + 1})-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"`, 'g');
const hideTimes = (text, started) =>
  text.replace(isNow, (time) => (JSON.parse(time) >= started ? '"now"' : time));

// Objects with their keys in one order.
const sorted = (value) =>
  Array.isArray(value) ? value.map(sorted)
    : value && typeof value === 'object' ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
    : value;

function compare(testcase, answers, started) {
  const { differs = {} } = testcase;
  const expected = answers.request;
  if (testcase.status !== undefined && expected.status !== testcase.status)
    return `request answers ${expected.status}, not ${testcase.status}: ${expected.body}`;
  for (const app of APPS) {
    const answer = answers[app];
    const difference = differs[app];
    if ((answer.allow === undefined) === (answer.status === 405)) return `${app} answers ${answer.status} with the header Allow: ${answer.allow}`;
    if (answer.status !== (difference?.status ?? expected.status))
      return `${app} answers ${answer.status} ${answer.body}\nrequest answers ${expected.status} ${expected.body}`;
    if (difference !== undefined && difference.body === undefined) continue;
    const form = (text) => {
      const hidden = hideTimes(text, started);
      if (difference?.body === 'order of keys') return JSON.stringify(sorted(JSON.parse(hidden)));
      if (difference?.body === 'errors') return JSON.parse(hidden).error;
      return hidden;
    };
    if (form(answer.body) !== form(expected.body))
      return `${app} answers ${form(answer.body)}\nrequest answers ${form(expected.body)}`;
    if (answer.type !== expected.type) return `${app} sends ${answer.type}, request ${expected.type}`;
  }
}

// What a test of the apps leaves in their databases has to be the same, too.
async function contents(database) {
  const client = new pg.Client({ database, types: { getTypeParser: () => (text) => text } });
  await client.connect();
  const { rows } = await client.query(`
    SELECT json_build_array((SELECT json_agg(json_build_array(id, name, cohort, email) ORDER BY id) FROM students),
                            (SELECT json_agg(json_build_array(id, name, email) ORDER BY id) FROM users),
                            (SELECT json_agg(json_build_array(id, title, body, user_id) ORDER BY id) FROM posts)) AS c`);
  await client.end();
  return rows[0].c;
}

// The app that "make express" starts says where it listens, answers, and ends with Ctrl-C.
async function startScript() {
  const child = spawn('bash', ['test/express/start'], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = [];
  let answer;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.includes('Ctrl-C')) break;
    }
    const [address] = /http:\/\/[\d.]+:\d+/.exec(lines.join('\n')) ?? [];
    answer = await (await fetch(`${address}/students?attributes=name&limit=1`)).text();
  } finally {
    child.kill('SIGINT');
  }
  const [code] = await ended;
  if (answer !== '[{"name":"Ada Lovelace"}]\n' || code !== 0) throw new Error(`it answered ${answer} and ended with ${code}`);
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
await createDatabases();
const pools = databases.slice(0, 2).map((database) => openPool(database));
const models = openModels(databases[2]);
const servers = {
  typed: await listen(createTyped(pools[0])),
  request: await listen(createRequest(pools[1])),
  sequelize: await listen(createSequelize(models)),
};
// what the apps report as their own errors is expected here
console.error = () => {};
const started = new Date().toISOString();

for (const testcase of CASES) {
  const { method, path, body, type } = testcase;
  const answers = {};
  for (const app of APPS) answers[app] = await send(servers[app], method, path, body, type);
  report(`${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`, compare(testcase, answers, started));
}
const left = await Promise.all(databases.map(contents));
report('all three databases hold the same', left.every((one) => one === left[0]) ? undefined : left.join('\n'));
await test('make express', startScript);

agent.destroy();
for (const server of Object.values(servers)) server.close();
for (const pool of pools) await pool.end();
await models.close();
finish();
