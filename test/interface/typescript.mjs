// TypeScript: programs that compile under "strict" and lines that do not; the functions are those that there are, and
// answer what their types say.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import ts from 'typescript';

import { column, test } from '../lib/suite.mjs';
import { check, folder } from './openapi.mjs';

const file = (name) => new URL(`programs/${name}`, import.meta.url);

async function writeModels(client, path) {
  const [text] = await column(client, 'SELECT studentdir.typescript()');
  writeFileSync(join(path, 'models.ts'), text);
  return text;
}

export async function testTypeScript(client) {
  await test('right programs compile under strict, and no wrong line does', async () => {
    const path = folder();
    await writeModels(client, path);
    for (const name of ['typed.ts', 'right.ts', 'wrong.ts']) copyFileSync(file(name), join(path, name));
    const problems = check(...['typed.ts', 'right.ts', 'wrong.ts'].map((name) => join(path, name)));
    assert.deepEqual(problems.filter((line) => !line.includes('wrong.ts')), []);
    const lines = readFileSync(file('wrong.ts'), 'utf8').split('\n');
    const wrong = new Set(problems.map((line) => Number(line.match(/wrong\.ts:(\d+):/)?.[1])));
    // the first three lines declare what the others use
    const missed = lines.filter((line, i) => i > 2 && line !== '' && !wrong.has(i + 1));
    assert.deepEqual(missed, []);
    assert.ok([1, 2, 3].every((line) => !wrong.has(line)));
  });

  await test('the functions are those that there are', async () => {
    const [text] = await column(client, 'SELECT studentdir.typescript()');
    const declared = [...text.slice(text.indexOf('export interface Schemas')).matchAll(/^ {4}"([^"]+)": /gm)].map(([, name]) => name);
    const there = await column(client, `SELECT proname FROM pg_proc WHERE obj_description(oid, 'pg_proc') ~ 'made by studentdir.expose'`);
    assert.deepEqual(declared.sort(), there.sort());
  });

  await test('calls through node-postgres answer what the types say', async () => {
    const path = folder();
    const { outputText } = ts.transpileModule(readFileSync(file('typed.ts'), 'utf8'), { compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 } });
    writeFileSync(join(path, 'typed.js'), outputText);
    const { typed } = await import(pathToFileURL(join(path, 'typed.js')));
    const plain = new pg.Client();
    await plain.connect();
    const db = typed(plain, 'public');
    await plain.query('BEGIN');
    const [student] = await db.student_create({ name: 'Ada', email: 'ada@example.org' });
    assert.equal(student.name, 'Ada');
    assert.deepEqual(await db.students_find_all({ attributes: ['name'] }), [{ name: 'Ada' }]);
    assert.deepEqual(await db.students_list({ where: { name: { $param: 'n' } }, attributes: ['name'] }, { n: 'Ada' }), [{ name: 'Ada' }]);
    assert.equal(await db.students_count(), '1');
    assert.deepEqual(await db.student_find_by_pk(student.id, { attributes: ['id'] }), [{ id: student.id }]);
    assert.deepEqual(await db.student_find_by_pk(-1), []);
    const found = await db.student_find_or_create({ where: { email: 'ada@example.org' } });
    assert.deepEqual([found[0].created, found[0].record.name], [false, 'Ada']);
    assert.equal((await db.students_find_and_count_all({ limit: 1 })).count, 1);
    assert.equal(await db.student_destroy(student.id), '1');
    const [user] = await db.user_create({ name: 'Grace', Posts: [{ title: 'x' }] }, { include: 'Posts' });
    assert.equal((await db.user_with_posts(user.id))[0].Posts.length, 1);
    assert.equal(await db.user_has_posts(user.id, []), true);
    assert.equal(await db.user_remove_posts(user.id, []), 0);
    await plain.query('ROLLBACK');
    await plain.end();
  });

  await test('numbers are as studentdir.numbers_as_strings says', async () => {
    const goals = (text) => text.match(/"goals": (\w+)/)[1];
    assert.equal(goals((await column(client, 'SELECT studentdir.typescript()'))[0]), 'string');
    await client.query('SET studentdir.numbers_as_strings = off');
    assert.equal(goals((await column(client, 'SELECT studentdir.typescript()'))[0]), 'number');
    await client.query('RESET studentdir.numbers_as_strings');
  });

  await test('the how-to shows the program that is tested', () => {
    const page = readFileSync(new URL('../../docs/howto/typescript.md', import.meta.url), 'utf8');
    assert.ok(page.includes(readFileSync(file('typed.ts'), 'utf8')));
  });
}
