// What may be wrong or much: nothing exposed, a role that reads half of the tables, hundreds of models, comments of any text.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

import { column, connect, test } from '../lib/suite.mjs';
import { check, documentOf, folder, validate } from './openapi.mjs';

const typescript = async (client) => (await column(client, 'SELECT studentdir.typescript()'))[0];

function compiles(text) {
  const path = folder();
  writeFileSync(join(path, 'models.ts'), text);
  assert.deepEqual(check(join(path, 'models.ts')), []);
}

export async function testLimits(client) {
  await test('a role is told of what it may read, and of what it may do', async () => {
    await client.query(`CREATE ROLE interface_reader; GRANT SELECT ON users, players TO interface_reader;
      GRANT SELECT (id, title), INSERT ON posts TO interface_reader; SET ROLE interface_reader`);
    const document = await documentOf(client);
    const declarations = await typescript(client);
    const [diagram] = await column(client, 'SELECT studentdir.diagram()');
    const refused = await client.query(`SELECT studentdir.json_schema('Team')`).catch((error) => error);
    await client.query('RESET ROLE; DROP OWNED BY interface_reader; DROP ROLE interface_reader');
    await validate(document);
    compiles(declarations);
    assert.deepEqual(Object.keys(document.paths), ['/players', '/players/{id}', '/posts', '/posts/{id}', '/users', '/users/{id}']);
    assert.deepEqual(Object.keys(document.paths['/users']), ['get']);
    assert.deepEqual(Object.keys(document.paths['/posts']), ['get', 'post']);
    assert.deepEqual(Object.keys(document.components.schemas.Post.properties), ['id', 'title']);
    assert.ok(!/Team|Seat|Student/.test(JSON.stringify(document)) && !/Team|Seat|Student\b/.test(diagram));
    assert.equal(refused.code, '42501');
  });

  const admin = await connect();
  await admin.query('CREATE DATABASE interface_limits');
  const other = new pg.Client({ database: 'interface_limits', types: { getTypeParser: () => (text) => text } });
  await other.connect();
  await other.query('CREATE EXTENSION studentdir');

  await test('the diagrams of the docs are those of the samples', async () => {
    const [diagram] = await column(other, 'SELECT studentdir.diagram()');
    for (const name of ['docs/reference/descriptions.md', 'test/tutorial/README.md'])
      assert.ok(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8').includes(`\`\`\`mermaid\n${diagram}\`\`\`\n`), name);
  });

  await test('no model is exposed, and no model is there', async () => {
    await other.query(`SELECT studentdir.remove_samples()`);
    const document = await documentOf(other);
    assert.deepEqual(document.paths, {});
    await validate(document);
    compiles(await typescript(other));
    assert.deepEqual(await column(other, 'SELECT studentdir.diagram()'), ['erDiagram\n']);
  });

  // Tables and models from one number to another.
  const add = async (from, to) => {
    await other.query(`DO $$ BEGIN FOR i IN ${from}..${to} LOOP
        EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, name text NOT NULL, before int)', i);
        PERFORM studentdir.define('T' || i, '{"id":{"type":"INTEGER","primaryKey":true},"name":{"type":"TEXT","allowNull":false},"before":"INTEGER"}',
          jsonb_build_object('tableName', 't' || i, 'timestamps', false, 'comment', 'The "name" */ of \`it\`' || chr(10) || '''x'''));
        IF i > 1 THEN PERFORM studentdir.belongs_to('T' || i, 'T' || i - 1, '{"as":"previous","foreignKey":"before"}');
          PERFORM studentdir.has_many('T' || i - 1, 'T' || i, '{"as":"next","foreignKey":"before"}'); END IF;
      END LOOP; UPDATE studentdir.model SET exposed = true; END $$`);
  };

  await test('500 models', async () => {
    await add(1, 500);
    assert.equal(Object.keys((await documentOf(other)).paths).length, 500 * 2 + 499 * 4);
    const [lines] = await column(other, `SELECT count(*) FROM regexp_matches(studentdir.diagram(), '--', 'g')`);
    assert.equal(lines, '499');
  });

  await test('documents of 500 models are valid, whatever their comments say', async () => {
    const some = await documentOf(other, { models: Array.from({ length: 20 }, (_, i) => `T${i + 1}`) });
    await validate(some);
    assert.equal(some.components.schemas.T1.description, 'The "name" */ of `it`\n\'x\'');
    compiles(await typescript(other));
  });
  await other.end();
  await admin.query('DROP DATABASE interface_limits');
  await admin.end();
}
