// Names that are words of the languages of the descriptions, or come out like others: every description of them is
// right, in a transaction that is taken back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { column, test } from '../lib/suite.mjs';
import { draw } from './diagram.mjs';
import { check, folder, validate } from './openapi.mjs';

const ATTRIBUTES = ['__proto__', 'constructor', 'toString', 'class', 'default', 'function', 'PK', 'FK', 'UK-', 'uk', 'PKü', 'end', 'style',
  'title', 'direction', '*/', '/*', '//', '<b>', "o'clock", '`', 'back\\slash', '%%', '#', '{', '}', '日本', '🙂', ' ', '-', '0', 'limit', 'include', 'a b', 'a_b', 'a-b'];
const MODELS = ['constructor', '__proto__', 'default', 'class', 'title', 'one', 'accTitle', 'end', 'Record', 'Create', 'Odd\\model', 'Ünï', '日本', 'User_2', 'Error', 'Problem'];

async function createOdd(client) {
  const attributes = ATTRIBUTES.map((name, i) => `${JSON.stringify(name)}:${JSON.stringify({ type: i < 2 || /[`\\]/.test(name) ? 'JSONB' : 'TEXT', field: `c${i}`, comment: name })}`);
  const text = `{"id":{"type":"INTEGER","primaryKey":true},"userId":"INTEGER","userId_2":{"type":"INTEGER","field":"user_id_2"},${attributes}}`;
  for (const [i, name] of MODELS.entries()) {
    await client.query('SELECT studentdir.define($1, $2, $3)', [name, text, JSON.stringify({
      tableName: `odd_${i}`, timestamps: false, comment: `${name} */ %%{init: {"theme":"dark"}}%%`, name: { singular: `${name} one`, plural: `${name}/many?` } })]);
  }
  for (const name of MODELS)
    await client.query(`SELECT studentdir.has_many($1, 'User_2', '{"as":"*/ -->","foreignKey":"userId","constraints":false}')`, [name]);
  await client.query(`SELECT studentdir.has_many('User', 'User_2', '{"as":"ones","foreignKey":"userId","constraints":false}');
    SELECT studentdir.belongs_to('Post', 'User', '{"as":"author","foreignKey":"userId","constraints":false}');
    SELECT studentdir.belongs_to('User_2', 'User', '{"as":"one","foreignKey":"userId","constraints":false}');
    SELECT studentdir.belongs_to('User_2', 'User', '{"as":"two","foreignKey":"userId_2","constraints":false}');
    SELECT studentdir.has_many('User', 'User_2', '{"as":"fooBar","foreignKey":"userId","constraints":false}');
    SELECT studentdir.has_many('User', 'User_2', '{"as":"foo-bar","foreignKey":"userId","constraints":false}')`);
  await client.query('SELECT studentdir.sync()');
  for (const name of MODELS) await client.query('SELECT studentdir.expose($1)', [name]);
}

// Functions of one name in two schemas.
async function createPupils(client) {
  await client.query(`CREATE SCHEMA other; CREATE TABLE other.students (id integer PRIMARY KEY, grade text);
    SELECT studentdir.define('Pupil', '{"id":{"type":"INTEGER","primaryKey":true},"grade":"TEXT"}',
      '{"schema":"other","tableName":"students","timestamps":false,"name":{"singular":"student","plural":"students"},"expose":"other"}')`);
}

export async function testOddNames(client) {
  await client.query('BEGIN');
  await test('models of odd names are made', () => createOdd(client));

  await test('OpenAPI: odd names, each path once, and answered', async () => {
    const [text] = await column(client, 'SELECT studentdir.openapi()');
    const paths = await column(client, `SELECT key FROM json_each($1::json -> 'paths')`, [text]);
    assert.equal(new Set(paths).size, paths.length);
    await validate(JSON.parse(text));
    for (const path of paths.filter((each) => !each.includes('{'))) {
      const [status] = await column(client, `SELECT status FROM studentdir.request('GET', $1)`, [path]);
      assert.equal(status, '200', path);
    }
    assert.ok(paths.includes('/odd%5Cmodel%2Fmany%3F'), paths.join());
    assert.equal(paths.filter((path) => path.startsWith('/users/{id}/foo-bar')).length, 2);
  });

  await test('routes(): each once, and with the paths of OpenAPI', async () => {
    const routes = await column(client, `SELECT method || ' ' || path FROM studentdir.routes()`);
    assert.equal(new Set(routes).size, routes.length);
    // OpenAPI's paths are the same, but for how it writes the keys
    const paths = await column(client, `SELECT key FROM json_each(studentdir.openapi() -> 'paths')`);
    const listed = new Set(routes.map((route) => route.replace(/^\S+ /, '').replace(/:[^/,]+/g, ':')));
    assert.deepEqual(paths.map((path) => path.replace(/\{[^{}]*\}/g, ':')).filter((path) => !listed.has(path)), []);
  });

  await test('JSON Schema: odd names, and every definition that is referred to', async () => {
    for (const model of [...MODELS, 'User', 'Post']) {
      for (const kind of ['record', 'create', 'update', 'options']) {
        const [text] = await column(client, 'SELECT studentdir.json_schema($1, $2)', [model, kind]);
        const ajv = new Ajv({ strict: true, strictTypes: false, strictTuple: false, allErrors: true, ownProperties: true });
        addFormats(ajv);
        const valid = ajv.compile(JSON.parse(text));
        assert.equal(valid(kind === 'create' && MODELS.includes(model) ? { id: 1 } : {}), kind !== 'record' && !(kind === 'create' && !MODELS.includes(model)), `${model} ${kind}`);
      }
    }
  });

  await test('TypeScript: odd names compile', async () => {
    const path = folder();
    await createPupils(client);
    const [text] = await column(client, 'SELECT studentdir.typescript()');
    writeFileSync(join(path, 'models.ts'), text);
    writeFileSync(join(path, 'use.ts'), `import type { Models, Schemas } from './models.js';
      export const update: Models['class']['update'] = { '__proto__': 1, '\`.a': 2, 'constructor': null, '*/': '5', toString: 'x' };
      // functions of one name: each schema's own
      declare const here: Schemas['public'], there: Schemas['other'];
      void (async () => {
        const names: string = (await here.students_list({ attributes: ['name'] }))[0]!.name;
        const grades: string | null = (await there.students_list({ attributes: ['grade'] }))[0]!.grade;
        // @ts-expect-error
        void here.students_list({ attributes: ['grade'] });
        // @ts-expect-error
        void there.students_list({ attributes: ['name'] });
        return names + grades;
      })();`);
    assert.deepEqual(check(join(path, 'models.ts'), join(path, 'use.ts')), []);
  });

  await test('Mermaid and graphviz draw odd names, and each line once', async () => {
    const [text] = await column(client, `SELECT studentdir.diagram('mermaid')`);
    assert.equal(text.match(/User [|o]+--o\{ User_2 : /g).length, 2);
    const drawn = await draw(text);
    // __proto__ is bold, and a backslash cannot be in a name
    const plain = (names) => names.map((name) => name.replaceAll(/[\\_]/g, '')).sort();
    assert.deepEqual(plain(drawn.names), plain(await column(client, 'SELECT name FROM studentdir.model')));
    const [dot] = await column(client, `SELECT studentdir.diagram('dot')`);
    const { stderr, status } = spawnSync('dot', ['-Tplain'], { input: dot, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });
  await client.query('ROLLBACK');
}
