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

  await test('links are described where the role may write what they are kept in', async () => {
    await client.query(`CREATE ROLE interface_linker; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO interface_linker;
      GRANT SELECT ON games, players, game_players TO interface_linker`);
    const [game, player] = await column(client, `SELECT record->>'id' FROM studentdir.create('Game', '{"title":"Cup"}')
      UNION ALL SELECT record->>'id' FROM studentdir.create('Player', '{"name":"Ada","number":9}')`);
    const paths = { '/games/{id}/players': `/games/${game}/players`, '/games/{id}/players/{Player_id}': `/games/${game}/players/${player}` };
    const bodies = { put: `[${player}]`, post: '{"name":"Bea","number":10}' };
    // what is described, and of this what does not answer as it should when it is asked for
    const described = async () => {
      await client.query('SET ROLE interface_linker');
      const document = await documentOf(client);
      await client.query('RESET ROLE');
      const operations = Object.keys(paths).flatMap((path) => Object.keys(document.paths[path] ?? {}).map((method) => [path, method]));
      for (const [path, method] of operations) {
        const link = path.endsWith('}');
        await client.query('BEGIN');
        if (method === 'delete') await client.query(`INSERT INTO game_players (game_id, player_id, created_at, updated_at) VALUES (${game}, ${player}, now(), now())`);
        await client.query('SET LOCAL ROLE interface_linker');
        const [status] = await column(client, 'SELECT status FROM studentdir.request($1, $2, $3)', [method.toUpperCase(), paths[path], link ? null : bodies[method] ?? null]);
        await client.query('ROLLBACK');
        assert.ok(status < 300, `${method} ${path}: ${status}`);
      }
      return operations.map(([path, method]) => `${method}${path.endsWith('}') ? ' key' : ''}`).sort();
    };
    const steps = [
      ['UPDATE ON games, players', ['get']],
      ['INSERT ON players', ['get']],
      ['INSERT ON game_players', ['get', 'post', 'put key']],
      ['DELETE ON game_players', ['get', 'post', 'put key']],
      ['UPDATE ON game_players', ['delete key', 'get', 'post', 'put', 'put key']],
    ];
    const found = [];
    for (const [privilege] of steps) {
      await client.query(`GRANT ${privilege} TO interface_linker`);
      found.push(await described());
    }
    await client.query(`DROP OWNED BY interface_linker; DROP ROLE interface_linker; DELETE FROM players WHERE id = ${player}; DELETE FROM games WHERE id = ${game}`);
    assert.deepEqual(found, steps.map(([, operations]) => operations));
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
