// The benchmark: each job side by side with what one would write without the extension.  Ratios are
// how many times as fast ours is; nothing is asserted.  Takes about five minutes.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

import { column, connect } from '../lib/suite.mjs';
import { conduitJobs } from './conduit.mjs';
import { requestsPerSecond } from './express.mjs';
import { linkJobs, makeLinks } from './links.mjs';
import { inTurns, pgbench, psql, time } from './measure.mjs';
import { QUESTIONS, makeQuestions } from './questions.mjs';
import { WRITES } from '../imdb/writes.mjs';
import { movieWrites, openModels } from './sequelize.mjs';
import { size } from './size.mjs';
import { openTable } from './table.mjs';

const STUDENTS = size(100000, 2000);
const USERS = size(100000, 2000);
const POSTS_PER_USER = 10;

const pattern = new RegExp(process.argv[2] ?? '', 'i');
const folder = mkdtempSync(join(tmpdir(), 'bench.'));
const client = await connect();
const table = openTable(['job', 'against', 'studentdir', 'the other', 'ratio', 'goal'], [4, 5]);

const milliseconds = (x) => (x < 10 ? `${x.toFixed(2)} ms` : `${x.toFixed(0)} ms`);

// --- kinds of jobs; each returns what add() takes after the names

async function byTime(rounds, ours, theirs, target) {
  const [a, b] = await inTurns(rounds, ours, theirs);
  return [milliseconds(a), milliseconds(b), `${(b / a).toFixed(2)}x`, target];
}

// Statements whose result stays in the server.
const inServer = (rounds, ours, theirs, target) =>
  byTime(rounds, () => time(() => client.query(ours)), () => time(() => client.query(theirs)), target);

// Results that go to a client: ours takes so many times the time of theirs.
async function overTheWire(rounds, ours, theirs, target) {
  const [a, b] = await inTurns(rounds, () => psql(`COPY (${ours}) TO STDOUT`), () => psql(theirs));
  return [milliseconds(a), milliseconds(b), `${(a / b).toFixed(2)}x its time`, target];
}

// Short statements, one after the other, in pgbench.
async function perSecond(rounds, ours, theirs, variables, target) {
  const script = (name, text) => {
    writeFileSync(join(folder, name), `${text};\n`);
    return () => pgbench(join(folder, name), variables);
  };
  const [a, b] = await inTurns(rounds, script('ours.sql', ours), script('theirs.sql', theirs));
  return [`${a.toFixed(0)}/s`, `${b.toFixed(0)}/s`, `${(a / b).toFixed(2)}x`, target];
}

// Prepared statements that take some milliseconds, many times.
async function prepared(rounds, ours, theirs, target) {
  const run = ([name, text, values]) => () => time(() => client.query({ name, text, values }));
  return byTime(rounds, run(ours), run(theirs), target);
}

// Calls of clients in this process.
async function calls(rounds, count, ours, theirs, target) {
  const n = size(count, 2);
  const each = (call) => async () => {
    const total = await time(async () => {
      for (let i = 0; i < n; i++) await call(i);
    });
    return (total * 1000) / n;
  };
  const [a, b] = await inTurns(rounds, each(ours), each(theirs));
  return [`${a.toFixed(0)} us`, `${b.toFixed(0)} us`, `${(b / a).toFixed(2)}x`, target];
}

// Requests a second of the apps in test/express: the one that calls typed functions, in brackets the one that
// hands requests to the database, against another.
async function requests(rounds, path, other, target) {
  const { app, 'request-app': request, [other]: theirs } = await requestsPerSecond('serve.mjs', ['app', 'request-app', other], rounds, path);
  const ratio = (n) => `${(n / theirs).toFixed(2)}x`;
  return [`${app.toFixed(0)}/s (${request.toFixed(0)}/s)`, `${theirs.toFixed(0)}/s`, `${ratio(app)} (${ratio(request)})`, target];
}

// --- the jobs

const sizes = (records) => `SELECT sum(pg_column_size(r)) FROM (${records} OFFSET 0) AS x(r)`;

const withPosts = (users) => `
  SELECT row_to_json(x) FROM (
    SELECT u.id, u.name, u.email, u.created_at AS "createdAt", u.updated_at AS "updatedAt",
           coalesce(p.posts, '[]') AS "Posts"
      FROM ${users} u
      LEFT JOIN LATERAL (
        SELECT json_agg(row_to_json(p)) AS posts FROM (
          SELECT id, title, body, user_id AS "userId", created_at AS "createdAt", updated_at AS "updatedAt"
            FROM posts WHERE user_id = u.id) p) p ON true) x`;

const TEN = {
  id: 5, name: { $ne: 'x' }, cohort: { $gte: 'A', $lt: 'Z' }, email: { $ne: null },
  createdAt: { $gt: '2020-01-01', $lt: '2100-01-01' }, updatedAt: { $gt: '2020-01-01' },
  $or: [{ id: { $in: [5, 6, 7] } }, { name: 'y' }],
};
const TEN_SQL = `
  id = 5 AND name <> 'x' AND cohort >= 'A' AND cohort < 'Z' AND email IS NOT NULL AND created_at > '2020-01-01'
  AND created_at < '2100-01-01' AND updated_at > '2020-01-01' AND (id = ANY ('{5,6,7}') OR name = 'y')`;

const { Student, User, Post, sequelize, close } = await openModels();

const JOBS = [
  ['whole table, rows, select list', 'row_to_json', () =>
    inServer(5, sizes('SELECT students_find_all()'), sizes('SELECT row_to_json(s) FROM students s'), '>= 3x')],
  ['whole table, rows, FROM', 'row_to_json', () =>
    inServer(5, sizes('SELECT record FROM students_find_all()'), sizes('SELECT row_to_json(s) FROM students s'), '>= 2.2x')],
  ['whole table, one array', 'json_agg', () =>
    inServer(5, 'SELECT pg_column_size(students_list())', 'SELECT pg_column_size(json_agg(s)) FROM students s', '>= 2.5x')],
  ['whole table, one array, wire', 'json_agg', () =>
    byTime(5, () => psql('COPY (SELECT students_list()) TO STDOUT'),
      () => psql('COPY (SELECT json_agg(s) FROM students s) TO STDOUT'), '>= 2.5x')],
  ['whole table, rows, wire', 'COPY TO text', () =>
    overTheWire(7, 'SELECT record FROM students_find_all()', 'COPY students TO STDOUT', '<= 1.2x its time')],
  ['whole table, select list, wire', 'COPY TO text', () =>
    overTheWire(7, 'SELECT students_find_all()', 'COPY students TO STDOUT', '<= 1.2x its time')],
  ['one row by key', 'row_to_json, prepared', () =>
    perSecond(5, `\\set id random(1, ${STUDENTS})\nSELECT student_find_by_pk(:id)`,
      `\\set id random(1, ${STUDENTS})\nSELECT row_to_json(s) FROM students s WHERE id = :id`, {}, '>= 1.0x')],
  ['100 parents x 10', 'LATERAL json_agg', () =>
    prepared(150, ['ours100', 'SELECT sum(pg_column_size(record)) FROM users_with_posts($1)', ['{"order":["id"],"limit":100}']],
      ['theirs100', sizes(withPosts('(SELECT * FROM users ORDER BY id LIMIT $1)')), [100]], '>= 2.5x')],
  ['100,000 parents x 10', 'LATERAL json_agg', () =>
    inServer(3, sizes('SELECT users_with_posts()'), sizes(withPosts('users')), '>= 2.5x')],
  ['one user with posts', 'LATERAL json_agg, prepared', () =>
    perSecond(5, `\\set id random(1, ${USERS})\nSELECT user_with_posts(:id)`,
      `\\set id random(1, ${USERS})\n${withPosts('(SELECT * FROM users WHERE id = :id)').replace(/\s+/g, ' ')}`, {}, '>= 1.0x')],
  ['ten conditions', 'the same, prepared', async () => {
    const [a, b] = await inTurns(7, () => time(() => client.query('SELECT bench_ours(10000)')),
      () => time(() => client.query('SELECT bench_theirs(10000)')));
    const perCall = (ms) => ms / 10;
    return [`${perCall(a).toFixed(1)} us`, `${perCall(b).toFixed(1)} us`, `+${perCall(a - b).toFixed(1)} us`, '<= +2 us'];
  }],
  ['first call of a connection', 'row_to_json', () =>
    byTime(25, () => firstCall('SELECT student_find_by_pk(1)'), () => firstCall('SELECT row_to_json(s) FROM students s WHERE id = 1'),
      'ours <= 5 ms')],
  ['findByPk, in the client', 'Sequelize', () =>
    calls(5, 1000, (i) => column(client, 'SELECT student_find_by_pk($1)', [i + 1]),
      async (i) => JSON.stringify(await Student.findByPk(i + 1)), '>= 4x')],
  ['list of 1,000, in the client', 'Sequelize', () =>
    calls(5, 20, () => column(client, 'SELECT students_list($1)', ['{"limit":1000}']),
      async () => JSON.stringify(await Student.findAll({ limit: 1000 })), '>= 8x')],
  ['list of 100,000, in the client', 'Sequelize', () =>
    calls(2, 1, () => column(client, 'SELECT students_list()'), async () => JSON.stringify(await Student.findAll()), '>= 10x')],
  ['user with ten posts, in the client', 'Sequelize', () =>
    calls(5, 500, (i) => column(client, 'SELECT user_with_posts($1)', [i + 1]),
      async (i) => JSON.stringify(await User.findByPk(i + 1, { include: Post })), '>= 5x')],
  ...Object.entries({
    'Express, one row': [(i) => `/students/${(i % STUDENTS) + 1}`, '>= 2.5x'],
    'Express, list of 1,000': [() => '/students?limit=1000', '>= 8x'],
    'Express, user with ten posts': [(i) => `/users/${(i % USERS) + 1}?include=Posts`, '>= 5x'],
  }).flatMap(([job, [path, target]]) => [
    [job, 'Express and Sequelize', () => requests(5, path, 'sequelize-app', target)],
    [job, 'Express and pg, SQL by hand', () => requests(5, path, 'raw-app', '>= 0.95x')],
  ]),
  ['create', 'INSERT RETURNING row_to_json, prepared', () =>
    perSecond(7, 'SELECT student_create(:data)',
      'INSERT INTO students (name, cohort) VALUES (:name, :cohort) RETURNING row_to_json(students)',
      { data: '{"name":"Ada Lovelace","cohort":"Spring 2026"}', name: 'Ada Lovelace', cohort: 'Spring 2026' }, '>= 1.0x')],
  ['increment', 'UPDATE RETURNING row_to_json, prepared', () =>
    perSecond(7, `\\set id random(1, ${STUDENTS})\nSELECT studentdir.increment('Stock', :id, '{"n":1}')`,
      `\\set id random(1, ${STUDENTS})\nUPDATE stock SET n = n + 1, updated_at = clock_timestamp() WHERE id = :id RETURNING row_to_json(stock)`,
      {}, '>= 1.0x')],
  ['bulk_update, 100,000 rows', 'UPDATE FROM jsonb_to_recordset', () =>
    byTime(5, () => change("SELECT count(*) FROM studentdir.bulk_update('Stock', (SELECT doc FROM stock_document))"),
      () => change(restock()), '>= 1.0x')],
  ['bulk_update, 100,000 rows', 'the same, RETURNING row_to_json', () =>
    byTime(5, () => change("SELECT count(*) FROM studentdir.bulk_update('Stock', (SELECT doc FROM stock_document))"),
      () => change(`WITH r AS (${restock()} RETURNING row_to_json(t)) SELECT count(*) FROM r`), '')],
  ['bulk_create, 100,000 rows', 'INSERT, jsonb_populate_recordset', () =>
    byTime(5, () => load('SELECT count(*) FROM students_bulk_create((SELECT doc FROM bench_document))'),
      () => load(populate()), '>= 1.2x')],
  ['bulk_create, 100,000 rows', 'the same, RETURNING row_to_json', () =>
    byTime(5, () => load('SELECT count(*) FROM students_bulk_create((SELECT doc FROM bench_document))'),
      () => load(`WITH r AS (${populate()} RETURNING row_to_json(students)) SELECT count(*) FROM r`), '')],
  ['bulk_create, 100,000 rows', 'COPY FROM', async () => {
    const [a, b] = await inTurns(5, () => load('SELECT count(*) FROM students_bulk_create((SELECT doc FROM bench_document))'),
      () => load(`COPY students (name, cohort, email) FROM '${process.env.SD_TMP}/bench.copy'`));
    return [milliseconds(a), milliseconds(b), `${(a / b).toFixed(2)}x its time`, '<= 1.3x its time'];
  }],
];

for (const { job, against, target, keys, ...how } of QUESTIONS) {
  const [[kind, [ours, theirs]]] = Object.entries(how);
  const byKey = (text) => `\\set id random(1, ${keys})\n${text.replace(/\s+/g, ' ')}`;
  JOBS.push([job, against, {
    inServer: () => inServer(5, sizes(ours), sizes(theirs), target),
    prepared: () => prepared(50, [`ours: ${job}`, sizes(ours)], [`theirs: ${job}`, sizes(theirs)], target),
    times: () => inServer(5, ours, theirs, target),
    perSecond: () => perSecond(5, byKey(ours), byKey(theirs), {}, target),
  }[kind]]);
}

// IMDBench's writes from a client, with the values that IMDBench gives
const movie = ['Title', 'm.jpg', 'What happens.', 2000];
const written = {
  update_movie: (i) => [i + 1, 'x'],
  insert_user: () => ['Name', 'u.jpg'],
  insert_movie: (i) => [...movie, i + 1, [i + 2, i + 3, i + 4]],
  insert_movie_plus: () => [...movie, 'Di', 'Rector', 'd.jpg', 'Ac', 'Tor', 'a.jpg', 'Ac', 'Tress', 'b.jpg'],
};
const theirs = movieWrites(sequelize);
for (const [name, write] of Object.entries(WRITES)) {
  JOBS.push([`IMDBench, ${name}, in the client`, 'Sequelize', () =>
    calls(5, 200, (i) => column(client, write.ours, written[name](i)),
      async (i) => JSON.stringify(await theirs[name](...written[name](i))), '')]);
}

for (const [job, ours, theirs] of linkJobs(client)) JOBS.push([job, 'statements by hand', () => byTime(9, ours, theirs, '>= 1.0x')]);

const populate = () => `
  INSERT INTO students (name, cohort, email)
  SELECT name, cohort, email FROM jsonb_populate_recordset(NULL::students, (SELECT doc FROM bench_document))`;

const restock = () => `
  UPDATE stock t SET name = r.name, n = r.n, updated_at = clock_timestamp()
    FROM jsonb_to_recordset((SELECT doc FROM stock_document)) AS r (id int, name text, n int) WHERE t.id = r.id`;

// A change of every row, from the same state of the table each time.
async function change(statement) {
  await client.query('VACUUM FULL stock');
  return time(() => client.query(statement));
}

// A bulk load into the empty table.
async function load(statement) {
  await client.query('TRUNCATE students');
  return time(() => client.query(statement));
}

async function firstCall(statement) {
  const fresh = new pg.Client();
  await fresh.connect();
  try {
    return await time(() => fresh.query(statement));
  } finally {
    await fresh.end();
  }
}

async function prepare() {
  await client.query(`
    CREATE EXTENSION studentdir;
    INSERT INTO students (name, cohort, email)
      SELECT 'Student Number ' || i, 'Spring ' || 2000 + i % 26, 'student' || i || '@example.org' FROM generate_series(1, ${STUDENTS}) i;
    INSERT INTO users (name, email)
      SELECT 'User Number ' || i, 'user' || i || '@example.org' FROM generate_series(1, ${USERS}) i;
    INSERT INTO posts (title, body, user_id)
      SELECT 'Post number ' || i, repeat('Lorem ipsum dolor sit amet ', 4), (i - 1) / ${POSTS_PER_USER} + 1
        FROM generate_series(1, ${USERS * POSTS_PER_USER}) i;
    CREATE TABLE bench_document AS
      SELECT jsonb_agg(jsonb_build_object('name', name, 'cohort', cohort, 'email', email)) AS doc FROM students;
    COPY students (name, cohort, email) TO '${process.env.SD_TMP}/bench.copy';
    CREATE TABLE stock (id int PRIMARY KEY, name text, n int NOT NULL, updated_at timestamptz(3) NOT NULL DEFAULT now());
    INSERT INTO stock SELECT i, 'Item ' || i, 0 FROM generate_series(1, ${STUDENTS}) i;
    CREATE TABLE stock_document AS
      SELECT jsonb_agg(jsonb_build_object('id', id, 'name', 'Article ' || id, 'n', id)) AS doc FROM stock;
    CREATE FUNCTION bench_ours(n int) RETURNS void LANGUAGE plpgsql AS $f$
      DECLARE x bigint; options jsonb := $j$${JSON.stringify({ where: TEN })}$j$;
      BEGIN FOR i IN 1 .. n LOOP x := studentdir.count('Student', options); END LOOP; END $f$;
    CREATE FUNCTION bench_theirs(n int) RETURNS void LANGUAGE plpgsql AS $f$
      DECLARE x bigint;
      BEGIN FOR i IN 1 .. n LOOP SELECT count(*) INTO x FROM students WHERE ${TEN_SQL}; END LOOP; END $f$`);
  await column(client, "SELECT studentdir.define('Stock', $1, $2)", [
    JSON.stringify({ id: { type: 'INTEGER', primaryKey: true }, name: 'TEXT', n: 'INTEGER' }),
    JSON.stringify({ tableName: 'stock', createdAt: false })]);
  await makeQuestions(client);
  await makeLinks(client);
  await client.query('VACUUM (ANALYZE, FREEZE)');
  await client.query('CHECKPOINT');
}

console.log(`PostgreSQL ${(await column(client, 'SHOW server_version'))[0]}; medians of runs in turns`);
await prepare();
for (const [job, against, run] of JOBS) if (pattern.test(job)) table.add(job, against, ...(await run()));
if (pattern.test('Conduit')) await conduitJobs(table.add);

table.close();
await close();
await client.end();
