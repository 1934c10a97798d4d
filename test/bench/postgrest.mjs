// What a GET costs the server as PostgREST's statements (those of version 16, in its order), and as one call of
// studentdir.request: pgbench over one connection, prepared.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect } from '../lib/suite.mjs';
import { inTurns, pgbench } from './measure.mjs';
import { size } from './size.mjs';
import { openTable } from './table.mjs';

const STUDENTS = size(100000, 2000);
const pattern = new RegExp(process.argv[2] ?? '', 'i');
const folder = mkdtempSync(join(tmpdir(), 'bench.'));

// The transaction around PostgREST's main query, which gives the body as one JSON array.
const transaction = (source) => [
  'BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY',
  `select set_config('search_path', '"public"', true), set_config('role', current_user, true), set_config('request.jwt.claims', '{"role":"web"}', true),
     set_config('request.method', 'GET', true), set_config('request.path', '/students', true),
     set_config('request.headers', '{"accept":"*/*","host":"localhost:3000","user-agent":"curl"}', true), set_config('request.cookies', '{}', true)`,
  `WITH pgrst_source AS ( ${source} )
     SELECT null::bigint AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total, coalesce(json_agg(_postgrest_t), '[]') AS body,
       nullif(current_setting('response.headers', true), '') AS response_headers, nullif(current_setting('response.status', true), '') AS response_status,
       '' AS response_inserted FROM ( SELECT * FROM pgrst_source ) _postgrest_t`,
  'COMMIT',
].map((statement) => statement.replace(/\s+/g, ' '));

const JOBS = [
  ['one row by key', "SELECT * FROM studentdir.request('GET', '/students/' || :id)",
    'SELECT "public"."students".* FROM "public"."students" WHERE "public"."students"."id" = :id LIMIT 1 OFFSET 0'],
  ['a page of 20', "SELECT * FROM studentdir.request('GET', '/students?order=id&limit=20&offset=' || :id % 100)",
    'SELECT "public"."students".* FROM "public"."students" ORDER BY "public"."students"."id" ASC LIMIT 20 OFFSET :id % 100'],
  ['a user with ten posts', "SELECT * FROM studentdir.request('GET', '/users/' || :id || '?include=Posts')",
    `SELECT "public"."users".*, COALESCE("users_posts_1"."users_posts_1", '[]') AS "posts" FROM "public"."users"
       LEFT JOIN LATERAL ( SELECT json_agg("users_posts_1")::jsonb AS "users_posts_1" FROM (SELECT "posts_1".* FROM "public"."posts" AS "posts_1"
         WHERE "posts_1"."user_id" = "public"."users"."id") AS "users_posts_1" ) AS "users_posts_1" ON TRUE WHERE "public"."users"."id" = :id`],
];

const table = openTable(['job', 'against', 'studentdir', 'the other', 'ratio', 'goal'], [4, 5]);
const client = await connect();
await client.query(`
  CREATE EXTENSION studentdir;
  INSERT INTO students (name, cohort, email) SELECT 'Student Number ' || i, 'Spring ' || 2000 + i % 26, 'student' || i || '@example.org' FROM generate_series(1, ${STUDENTS}) i;
  INSERT INTO users (name, email) SELECT 'User Number ' || i, 'user' || i || '@example.org' FROM generate_series(1, ${STUDENTS}) i;
  INSERT INTO posts (title, body, user_id) SELECT 'Post number ' || i, repeat('Lorem ipsum dolor sit amet ', 4), (i - 1) / 10 + 1 FROM generate_series(1, ${STUDENTS * 10}) i`);
await client.query('VACUUM (ANALYZE, FREEZE)');
for (const [job, ours, theirs] of JOBS) {
  if (!pattern.test(`PostgREST, ${job}`)) continue;
  const script = (name, statements) => {
    writeFileSync(join(folder, name), `\\set id random(1, ${STUDENTS})\n${statements.map((text) => `${text.replace(/\s+/g, ' ')};\n`).join('')}`);
    return () => pgbench(join(folder, name));
  };
  const [a, b] = await inTurns(5, script('ours.sql', [ours]), script('theirs.sql', transaction(theirs)));
  table.add(job, "PostgREST's statements", `${a.toFixed(0)}/s`, `${b.toFixed(0)}/s`, `${(a / b).toFixed(2)}x`, '>= 3x');
}
rmSync(folder, { recursive: true });
table.close();
await client.end();
