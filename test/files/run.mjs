// Migrations and seeds from files: src/studentdir-load-migrations, and psql's own way.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { column, connect, finish, test } from '../lib/suite.mjs';

const client = await connect();
const script = fileURLToPath(new URL('../../src/studentdir-load-migrations', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'migrations '));

const write = (name, text) => writeFileSync(join(folder, name), text);
const remove = (name) => rmSync(join(folder, name));
const load = (...options) => {
  const { status, stdout, stderr } = spawnSync(script, [...options, folder], { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const good = (stdout) => ({ status: 0, stdout, stderr: '' });
const ledger = (table = 'migration') =>
  column(client, `SELECT concat_ws('|', name, applied_at IS NOT NULL, up, down) FROM studentdir.${table} WHERE name > '2' ORDER BY name`);

// quotes, backslashes, psql's variables, characters of several bytes, dollar quotes
const text = `-- it's 100 % "quoted" \\ :name :'up' \`id\` äöü €
CREATE TABLE files (t text DEFAULT E'a\\nb;'); -- $$
DO $x$ BEGIN PERFORM ':name'; END $x$;

INSERT INTO files VALUES (DEFAULT)`;

await test('an empty folder', () => assert.deepEqual(load(), good('')));

await test('new files are registered in the order of their names', async () => {
  write('20260102000000-second.up.sql', 'ALTER TABLE files ADD COLUMN n integer;\n');
  write('20260101000000-first.up.sql', `${text}\n`);
  write('20260101000000-first.down.sql', 'DROP TABLE files;\n');
  write('README.md', 'no migration');
  assert.deepEqual(load(), good('20260101000000-first\n20260102000000-second\n'));
  assert.deepEqual(await ledger(), [
    `20260101000000-first|f|${text}|DROP TABLE files;`,
    '20260102000000-second|f|ALTER TABLE files ADD COLUMN n integer;',
  ]);
});

await test('once is enough', async () => {
  assert.deepEqual(load(), good(''));
  assert.deepEqual(await column(client, 'SELECT name FROM studentdir.migrate()'), ['20260101000000-first', '20260102000000-second']);
  assert.deepEqual(load(), good(''));
  assert.deepEqual(await column(client, 'SELECT name FROM studentdir.migration_status() WHERE changed'), []);
  assert.deepEqual(await column(client, 'SELECT t FROM files'), ['a\nb;']);
});

await test('an edited file of a pending migration corrects it', async () => {
  write('20260103000000-third.up.sql', 'CREATE TABLE a ()');
  assert.equal(load().status, 0);
  write('20260103000000-third.up.sql', 'CREATE TABLE b ()');
  write('20260103000000-third.down.sql', 'DROP TABLE b');
  assert.deepEqual(load(), good('20260103000000-third: new text\n'));
  assert.equal((await ledger()).at(-1), '20260103000000-third|f|CREATE TABLE b ()|DROP TABLE b');
});

await test('an edited file of an applied one is noticed', async () => {
  write('20260102000000-second.up.sql', 'ALTER TABLE files ADD COLUMN m integer');
  assert.deepEqual(load(), good('20260102000000-second: new text, though it is applied\n'));
  await assert.rejects(column(client, 'SELECT name FROM studentdir.migrate()'), /was changed after it was applied/);
  write('20260102000000-second.up.sql', 'ALTER TABLE files ADD COLUMN n integer;');
  assert.equal(load().status, 0);
  assert.deepEqual(await column(client, 'SELECT name FROM studentdir.migrate()'), ['20260103000000-third']);
});

await test('an error leaves nothing, and says where it is', async () => {
  const before = await ledger();
  write('20260104000000-fine.up.sql', 'SELECT 1');
  write('20260105000000-wrong.up.sql', 'SELECT 1;\nCREATE TABEL c ();\n');
  const { status, stderr } = load();
  assert.equal(status, 3);
  assert.match(stderr, /syntax error at or near "TABEL"\nLINE 2: CREATE TABEL/);
  assert.match(stderr, /"up" of migration "20260105000000-wrong"/);
  assert.deepEqual(await ledger(), before);
  remove('20260105000000-wrong.up.sql');
  remove('20260104000000-fine.up.sql');
});

await test('names that will not do', async () => {
  const before = await ledger();
  for (const [name, message] of [
    ["20260106000000-it's.up.sql", /a name has letters/],
    ['20260106000000-$(id).up.sql', /a name has letters/],
    ['20260106000000 a.up.sql', /a name has letters/],
    ['create-table.up.sql', /begins with 14 digits/],
    ['20260106000000-only.down.sql', /has no 20260106000000-only.up.sql/],
    ['20260106000000-empty.up.sql', /"up" of migration "20260106000000-empty" is empty/],
  ]) {
    write(name, name.includes('empty') ? '\n' : 'SELECT 1');
    const { status, stderr } = load();
    assert.notEqual(status, 0, name);
    assert.match(stderr, message);
    remove(name);
  }
  assert.deepEqual(await ledger(), before);
  assert.equal(spawnSync(script, ['/no/such/folder']).status, 2);
  assert.equal(spawnSync(script, []).status, 2);
});

await test('the new text of an edited file is looked at as that of a new one', async () => {
  write('20260106000000-edited.up.sql', 'SELECT 1');
  assert.equal(load().status, 0);
  const before = await ledger();
  for (const [part, wrong, message] of [
    ['up', 'SELECT 1;\nCREATE TABEL c ();', /syntax error at or near "TABEL"[^]*20260106000000-edited\.up\.sql/],
    ['up', '', /"up" of migration "20260106000000-edited" is empty/],
    ['up', 'SELECT \0 1', /edited\.up\.sql has a byte that is zero/],
    ['down', 'DORP TABLE c', /syntax error at or near "DORP"[^]*20260106000000-edited\.down\.sql/],
    ['down', 'SELECT \0 1', /edited\.down\.sql has a byte that is zero/],
  ]) {
    write('20260106000000-edited.up.sql', 'SELECT 2');
    write(`20260106000000-edited.${part}.sql`, wrong);
    const { status, stderr } = load();
    assert.notEqual(status, 0, wrong);
    assert.match(stderr, message);
    assert.deepEqual(await ledger(), before);
    remove(`20260106000000-edited.${part}.sql`);
  }
  remove('20260106000000-edited.up.sql');
  await client.query(`DELETE FROM studentdir.migration WHERE name = '20260106000000-edited'`);
});

await test('a file that cannot be read is not passed over', async () => {
  const before = await ledger();
  for (const part of ['up', 'down']) {
    if (part === 'down') write('20260106000000-link.up.sql', 'SELECT 1');
    symlinkSync('nowhere', join(folder, `20260106000000-link.${part}.sql`));
    const { status, stderr } = load();
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`link\\.${part}\\.sql is no file that can be read`));
    rmSync(join(folder, `20260106000000-link.${part}.sql`), { force: true });
  }
  remove('20260106000000-link.up.sql');
  assert.deepEqual(await ledger(), before);
});

await test('folders and arguments mean what they mean where it is called, whatever CDPATH says', () => {
  const [place, elsewhere] = ['place', 'elsewhere'].map((name) => join(folder, name));
  for (const parent of [place, elsewhere]) {
    for (const name of ['-x', 'db']) mkdirSync(join(parent, name), { recursive: true });
  }
  for (const [name, stamp] of [['-x', 20260101000001], ['db', 20260101000002]]) {
    writeFileSync(join(place, name, `${stamp}-a.up.sql`), 'SELECT 1');
    const { status, stderr } = spawnSync(script, [name, '-o', 'said'], { cwd: place, encoding: 'utf8', env: { ...process.env, CDPATH: elsewhere } });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert(existsSync(join(place, 'said')));
    rmSync(join(place, 'said'));
  }
  for (const parent of [place, elsewhere]) rmSync(parent, { recursive: true });
});

await test('several at once', async () => {
  write('20260106000000-both.up.sql', 'SELECT 1');
  await client.query('BEGIN; LOCK TABLE studentdir.migration IN SHARE ROW EXCLUSIVE MODE');
  const children = [1, 2].map(() => spawn(script, [folder], { stdio: ['ignore', 'ignore', 'inherit'] }));
  const ends = children.map((child) => once(child, 'exit'));
  while ((await column(client, `SELECT count(*) FROM pg_locks WHERE relation = 'studentdir.migration'::regclass AND NOT granted`))[0] !== '2') {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await client.query('COMMIT');
  assert.deepEqual((await Promise.all(ends)).map(([status]) => status), [0, 0]);
  await client.query(`DELETE FROM studentdir.migration WHERE name LIKE '20260106%' OR name LIKE '2026010100000%-a'`);
  remove('20260106000000-both.up.sql');
});

await test('seeds', async () => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  write('20260101000000-demo.up.sql', `SELECT student_create('{"name":"Demo"}')`);
  write('20260101000000-demo.down.sql', `SELECT students_destroy('{"where":{"name":"Demo"}}')`);
  assert.deepEqual(load('--seeds'), good('20260101000000-demo\n'));
  assert.deepEqual(await column(client, 'SELECT name FROM studentdir.seed()'), ['20260101000000-demo']);
  assert.deepEqual(await column(client, 'SELECT students_count()'), ['1']);
});

await test('one file by hand, as the reference has it', async () => {
  write('up.sql', `${text}\n`);
  execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
    cwd: folder,
    input: "\\set up `cat up.sql`\nSELECT studentdir.migration_create('20260107000000-by-hand', :'up') \\gset\n",
  });
  assert.equal((await ledger()).at(-1), `20260107000000-by-hand|f|${text}`);
});

rmSync(folder, { recursive: true });
await client.end();
finish();
