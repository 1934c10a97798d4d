// OpenAPI: two validators from npm accept the document, and a client generated of it talks to the Express app.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

import { createApp } from '../express/request-app.mjs';
import { openPool } from '../express/database.mjs';
import { column, test } from '../lib/suite.mjs';

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));

// A folder in which programs find the packages of test/.
export function folder() {
  const path = mkdtempSync(join(process.env.SD_TMP, 'interface-'));
  symlinkSync(packages, join(path, 'node_modules'));
  writeFileSync(join(path, 'package.json'), '{"type":"module"}');
  return path;
}

// What the compiler says of programs under "strict", as lines of text.
export function check(...files) {
  const program = ts.createProgram(files, {
    strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16,
    skipLibCheck: true, types: [],
  });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    if (!diagnostic.file) return message;
    return `${diagnostic.file.fileName}:${diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line + 1}: ${message}`;
  });
}

export async function documentOf(client, options = {}) {
  const [text] = await column(client, 'SELECT studentdir.openapi($1)', [JSON.stringify(options)]);
  return JSON.parse(text);
}

// Fails with what one of the validators has to say of a document.
export async function validate(document) {
  const result = await new Validator().validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors));
  const file = join(folder(), 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const lint = spawnSync(process.execPath, [join(packages, '@redocly/cli/bin/cli.js'), 'lint', file, '--extends=recommended', '--format=json',
    '--skip-rule=info-license'], { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
  const { problems } = JSON.parse(lint.stdout.slice(lint.stdout.indexOf('{')));
  assert.deepEqual(problems.map((problem) => `${problem.ruleId}: ${problem.message} ${problem.location?.[0]?.pointer}`), []);
}

const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths, components } from './api.js';

export default async function use(baseUrl: string): Promise<string[]> {
  const said: string[] = [];
  const client = createClient<paths>({ baseUrl });
  const made = await client.POST('/students', { body: { name: 'Ada', email: 'ada@example.org' } });
  const student: components['schemas']['Student'] = made.data!;
  said.push(String(made.response.status), student.name, String(student.cohort));
  const id: number = student.id;
  const list = await client.GET('/students', { params: { query: { name: ['Ada', 'Bob'], order: ['name.desc', 'id'], limit: 2 } } });
  said.push(list.data!.map((each) => each.email ?? '').join());
  const one = await client.GET('/students/{id}', { params: { path: { id }, query: { attributes: ['name'] } } });
  said.push(JSON.stringify(one.data));
  const patched = await client.PATCH('/students/{id}', { params: { path: { id } }, body: { cohort: 'Spring 2026' } });
  said.push(patched.data!.cohort ?? '');
  const wrong = await client.POST('/students', { body: { name: '', email: 'nobody' } });
  const problems = wrong.error as components['schemas']['InvalidRequest'];
  said.push(String(wrong.response.status), problems.errors.map((each) => each.path + ' ' + each.validatorKey).join());
  const user = await client.POST('/users', { body: { name: 'Grace' } });
  const post = await client.POST('/users/{id}/posts', { params: { path: { id: user.data!.id } }, body: { title: 'On compilers' } });
  said.push(String(post.data!.userId === user.data!.id));
  const posts = await client.GET('/users/{id}/posts', { params: { path: { id: user.data!.id } } });
  said.push(posts.data!.map((each) => each.title).join());
  const gone = await client.DELETE('/students/{id}', { params: { path: { id } } });
  const missing = await client.GET('/students/{id}', { params: { path: { id } } });
  said.push(String(gone.response.status), String(missing.response.status), (missing.error as components['schemas']['Error']).error);
  return said;
}
`;

const WRONG = `
import createClient from 'openapi-fetch';
import type { paths } from './api.js';
const client = createClient<paths>({ baseUrl: '' });
client.GET('/nowhere');
client.POST('/students', { body: { email: 'a@example.org' } });
client.POST('/students', { body: { name: 5 } });
client.GET('/students', { params: { query: { attributes: ['nam'] } } });
`;

export async function testOpenApi(client) {
  const document = await documentOf(client);

  await test('two validators accept the document', () => validate(document));

  await test('it has the routes that there are, and no others', async () => {
    const served = await column(client, `SELECT lower(method) || ' ' || (length(path) - length(replace(path, '/', ''))) || ' ' || action
      FROM studentdir.routes() ORDER BY 1`);
    const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path.split('/').length - 1}`));
    assert.deepEqual(described.sort(), served.map((line) => line.split(' ').slice(0, 2).join(' ')).sort());
    const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map((each) => each.operationId));
    assert.equal(new Set(ids).size, ids.length);
  });

  await test('operations are called as the typed functions, where these are there', async () => {
    const functions = new Set(await column(client, `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`));
    const operation = (path, method) => document.paths[path][method].operationId;
    for (const [path, method, id] of [['/students', 'get', 'students_find_all'], ['/students', 'post', 'student_create'],
      ['/students/{id}', 'get', 'student_find_by_pk'], ['/students/{id}', 'patch', 'student_update'], ['/students/{id}', 'delete', 'student_destroy'],
      ['/users/{id}/posts', 'put', 'user_set_posts'], ['/users/{id}/posts/{Post_id}', 'put', 'user_add_posts'],
      ['/users/{id}/posts/{Post_id}', 'delete', 'user_remove_posts']]) {
      assert.equal(operation(path, method), id);
      assert.ok(functions.has(id), id);
    }
    assert.equal(operation('/students/{id}', 'put'), 'student_update_put');
    assert.equal(operation('/users/{id}/posts', 'get'), 'user_posts_find_all');
  });

  await test('hidden, read only and computed attributes, and what is not exposed, stand where they may', () => {
    const { Player, PlayerCreate, PlayerPatch } = document.components.schemas;
    assert.equal(Player.properties.secret, undefined);
    assert.ok(PlayerCreate.properties.secret && PlayerPatch.properties.secret);
    assert.ok(Player.properties.note.readOnly && !PlayerCreate.properties.note);
    assert.ok(Player.properties.matches && !Player.required.includes('matches') && !PlayerCreate.properties.matches);
    assert.deepEqual(PlayerCreate.required, ['name', 'number']);
    assert.equal(PlayerPatch.required, undefined);
    assert.ok(!PlayerCreate.properties.id && !PlayerCreate.properties.version && !PlayerCreate.properties.deletedAt);
    assert.match(Player.properties.name.description, /^As on the shirt: "Q", `b`, \*\/ and\nmore$/);
    assert.deepEqual(Object.keys(document.paths).filter((path) => path.startsWith('/logs')), ['/logs']);
    assert.ok(document.paths['/seats/{row},{place}'] && document.paths['/odd%20things']);
  });

  await test('the order is the same each time, and options are obeyed', async () => {
    assert.deepEqual(JSON.stringify(await documentOf(client)), JSON.stringify(document));
    const some = await documentOf(client, { title: 'T', version: '2', description: 'D', servers: ['https://example.org/api'], models: ['User'] });
    assert.deepEqual([some.info, some.servers], [{ title: 'T', version: '2', description: 'D' }, [{ url: 'https://example.org/api' }]]);
    assert.deepEqual(Object.keys(some.paths), ['/users', '/users/{id}']);
    await validate(some);
    for (const [options, code] of [['{"titel":"T"}', '22023'], ['{"models":["Nobody"]}', '42P01'], ['{"models":[]}', '22023'], ['[]', '22023'], ['{"title":1}', '22023']])
      assert.equal((await client.query('SELECT studentdir.openapi($1)', [options]).catch((error) => error)).code, code, options);
  });

  await test('answers are what the schemas say', async () => {
    await client.query('BEGIN');
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    ajv.addSchema({ $id: 'api', ...document });
    const fits = async (method, path, body, schema, status) => {
      const { rows: [answer] } = await client.query('SELECT status, body::text FROM studentdir.request($1, $2, $3)', [method, path, body && JSON.stringify(body)]);
      assert.equal(answer.status, String(status), `${method} ${path} ${answer.body}`);
      const valid = ajv.getSchema(`api#/components/schemas/${schema}`);
      for (const value of [JSON.parse(answer.body)].flat()) assert.ok(valid(value), `${answer.body}\n${JSON.stringify(valid.errors)}`);
    };
    await fits('POST', '/teams', { name: 'Reds' }, 'Team', 201);
    await fits('POST', '/players', { name: 'Ada', number: 7, secret: 's', photo: 'QUJD', season: ['2026-01-01', null], rating: '9.5' }, 'Player', 201);
    await fits('GET', '/players?include=team,games', undefined, 'Player', 200);
    await fits('POST', '/players', { name: null, number: 700 }, 'InvalidRequest', 400);
    await fits('GET', '/players/9999', undefined, 'Error', 404);
    await fits('POST', '/seats', { row: 1, place: 'A' }, 'Seat', 201);
    await fits('POST', '/logs', { line: 'x' }, 'Log', 201);
    await client.query('ROLLBACK');
  });

  await test('a generated client talks to the Express app', async () => {
    const path = folder();
    writeFileSync(join(path, 'api.d.ts'), astToString(await openapiTS(structuredClone(document))));
    writeFileSync(join(path, 'use.ts'), PROGRAM);
    writeFileSync(join(path, 'wrong.ts'), WRONG);
    // the lines of wrong.ts, and nothing of use.ts
    assert.deepEqual(check(join(path, 'use.ts'), join(path, 'wrong.ts')).map((line) => line.match(/wrong\.ts:(\d+):/)?.[1] ?? line), ['5', '6', '7', '8']);
    const program = ts.transpileModule(PROGRAM, { compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 } });
    writeFileSync(join(path, 'use.js'), program.outputText);
    const { default: use } = await import(pathToFileURL(join(path, 'use.js')));
    const pool = openPool();
    const server = createApp(pool).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const said = await use(`http://127.0.0.1:${server.address().port}`);
    server.closeAllConnections();
    server.close();
    await pool.end();
    assert.deepEqual(said, ['201', 'Ada', 'null', 'ada@example.org', '{"name":"Ada"}', 'Spring 2026', '400', 'name notEmpty,email isEmail',
      'true', 'On compilers', '204', '404', 'not found']);
    await client.query('TRUNCATE students, users, posts');
  });
}
