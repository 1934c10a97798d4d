// Clients that share server connections, transaction by transaction.
import assert from 'node:assert/strict';
import pg from 'pg';

import { test } from '../lib/suite.mjs';
import { startPooler } from './pgbouncer.mjs';

const value = async (client, sql, parameters) => {
  const { rows } = await client.query({ text: sql, values: parameters, rowMode: 'array' });
  return rows[0]?.[0];
};

async function connect({ host, port } = {}) {
  const client = new pg.Client({ host, port });
  await client.connect();
  return client;
}

const pooler = await startPooler();
const [ann, bob] = [await connect(pooler), await connect(pooler)];
const direct = await connect();
const session = (client) => value(client, 'SELECT pg_backend_pid()');

await test('pooler: both clients have one session between them', async () => {
  assert.equal(await session(ann), await session(bob));
  assert.notEqual(await session(ann), await session(direct));
});

await test('pooler: writers and finders of two clients, in turns', async () => {
  const user = await value(ann, 'SELECT user_create($1)', [{ name: 'Ann', email: 'ann@example.org' }]);
  assert.deepEqual(await value(bob, 'SELECT user_find_by_pk($1)', [user.id]), user);
  const posts = await bob.query('SELECT posts_bulk_create($1) AS post', [
    JSON.stringify([{ userId: user.id, title: 'One' }, { userId: user.id, title: 'Two' }])]);
  assert.deepEqual(await value(ann, 'SELECT user_with_posts($1)', [user.id]),
    { ...user, Posts: posts.rows.map(({ post }) => post) });
  const changed = await value(ann, 'SELECT user_update($1, $2)', [user.id, { name: 'Anne' }]);
  assert.equal(changed.name, 'Anne');
  assert.deepEqual(await value(bob, 'SELECT users_list($1)', [{ where: { name: 'Anne' } }]), [changed]);
  assert.deepEqual(await value(ann, 'SELECT users_find_and_count_all()'), { count: 1, rows: [changed] });
  assert.equal(await value(bob, 'SELECT user_destroy($1)', [user.id]), '1');
  assert.equal(await value(ann, 'SELECT posts_count()'), '0');
});

await test('pooler: an error of one client is none of the other', async () => {
  await assert.rejects(value(ann, 'SELECT student_create($1)', [{ name: '' }]), { code: '23514' });
  assert.equal(await value(bob, 'SELECT students_count()'), '0');
  await ann.query('BEGIN');
  await assert.rejects(value(ann, 'SELECT students_list($1)', [{ nonsense: 1 }]), { code: '22023' });
  await ann.query('ROLLBACK');
  assert.equal(await value(bob, 'SELECT students_count()'), '0');
});

await test('pooler: what is rolled back was never there', async () => {
  await ann.query('BEGIN');
  const { id } = await value(ann, 'SELECT student_create($1)', [{ name: 'Nobody' }]);
  await ann.query('SELECT studentdir.define($1, $2)', ['Phantom', { name: 'STRING' }]);
  await ann.query('ROLLBACK');
  assert.equal(await value(bob, 'SELECT student_find_by_pk($1)', [id]), undefined);
  await assert.rejects(value(bob, 'SELECT studentdir.list($1)', ['Phantom']), { code: '42P01' });
});

await test('pooler: SET LOCAL holds for its transaction, and for no other', async () => {
  const big = `SELECT studentdir.list('Student', $1)`;
  const options = [{ attributes: [[{ $fn: ['count', { $col: 'id' }] }, 'n']] }];
  await ann.query('BEGIN');
  await ann.query('SET LOCAL studentdir.numbers_as_strings = off');
  assert.deepEqual(await value(ann, big, options), [{ n: 0 }]);
  await ann.query('COMMIT');
  assert.deepEqual(await value(bob, big, options), [{ n: '0' }]);
  assert.deepEqual(await value(ann, big, options), [{ n: '0' }]);

  await ann.query('BEGIN');
  await ann.query('SET LOCAL studentdir.max_rows = 1');
  await assert.rejects(value(ann, 'SELECT studentdir.bulk_create($1, $2)',
    ['Student', '[{"name":"a"},{"name":"b"}]']).then(() => value(ann, 'SELECT students_list()')), { code: '54000' });
  await ann.query('ROLLBACK');
  assert.deepEqual(await value(bob, 'SELECT students_list()'), []);
});

await test('pooler: a role and row-level security of one transaction', async () => {
  await direct.query(`CREATE ROLE pooled_reader; GRANT SELECT ON students TO pooled_reader;
    ALTER TABLE students ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON students TO pooled_reader USING (cohort = current_setting('app.cohort'))`);
  await ann.query('SELECT students_bulk_create($1)',
    ['[{"name":"A","cohort":"x"},{"name":"B","cohort":"y"},{"name":"C","cohort":"y"}]']);
  try {
    for (const [cohort, names] of [['x', ['A']], ['y', ['B', 'C']]]) {
      await ann.query('BEGIN');
      await ann.query('SET LOCAL ROLE pooled_reader');
      await ann.query(`SELECT set_config('app.cohort', $1, true)`, [cohort]);
      assert.deepEqual(await value(ann, 'SELECT students_list($1)', [{ attributes: ['name'], order: ['id'] }]),
        names.map((name) => ({ name })));
      await assert.rejects(value(ann, 'SELECT student_create($1)', [{ name: 'D' }]), { code: '42501' });
      await ann.query('ROLLBACK');
      assert.equal(await value(bob, 'SELECT students_count()'), '3');
    }
  } finally {
    await direct.query(`DROP POLICY own ON students; ALTER TABLE students DISABLE ROW LEVEL SECURITY;
      DROP OWNED BY pooled_reader; DROP ROLE pooled_reader; TRUNCATE students`);
  }
});

await test('pooler: a changed model is seen by the next call, whoever changed it', async () => {
  await direct.query('CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, stars integer)');
  await ann.query('SELECT studentdir.define($1, $2, $3)', ['Note', { body: 'TEXT' }, { timestamps: false }]);
  assert.deepEqual(await value(bob, 'SELECT studentdir.create($1, $2)', ['Note', { body: 'b' }]), { id: 1, body: 'b' });
  for (const definer of [direct, ann]) {
    await definer.query('SELECT studentdir.define($1, $2, $3)',
      ['Note', { body: 'TEXT', stars: 'INTEGER' }, { timestamps: false }]);
    for (const client of [bob, ann, direct])
      assert.deepEqual(await value(client, 'SELECT studentdir.list($1)', ['Note']), [{ id: 1, body: 'b', stars: null }]);
    await definer.query('SELECT studentdir.define($1, $2, $3)', ['Note', { body: 'TEXT' }, { timestamps: false }]);
    for (const client of [bob, ann, direct])
      assert.deepEqual(await value(client, 'SELECT studentdir.list($1)', ['Note']), [{ id: 1, body: 'b' }]);
  }
  await bob.query('SELECT studentdir.undefine($1)', ['Note']);
  await assert.rejects(value(ann, 'SELECT studentdir.list($1)', ['Note']), { code: '42P01' });
  await direct.query('DROP TABLE notes');
});

await test('pooler: migrations, from either client', async () => {
  const names = async (client, sql) => (await client.query(sql)).rows.map(({ name }) => name);
  await ann.query('SELECT studentdir.migration_create($1, $2, $3)', ['20260101000000-nickname',
    'ALTER TABLE students ADD COLUMN nickname text', 'ALTER TABLE students DROP COLUMN nickname']);
  assert.deepEqual(await names(bob, 'SELECT name FROM studentdir.migrate()'), ['20260101000000-nickname']);
  assert.deepEqual(await names(ann, 'SELECT name FROM studentdir.migrate()'), []);
  assert.equal((await value(bob, 'SELECT student_create($1)', [{ name: 'E' }])).name, 'E');
  assert.deepEqual(await names(ann, 'SELECT name FROM studentdir.migrate_undo()'), ['20260101000000-nickname']);
  assert.equal(await value(bob, 'SELECT students_destroy($1)', [{ all: true }]), '1');
  await bob.query(`DELETE FROM studentdir.migration WHERE name = '20260101000000-nickname'`);
});

await test('pooler: HTTP requests of both clients, one of them refused', async () => {
  const request = async (client, ...parameters) =>
    (await client.query('SELECT * FROM studentdir.request($1, $2, $3)', parameters)).rows[0];
  const { status, body } = await request(ann, 'POST', '/students', { name: 'F' });
  assert.equal(status, 201);
  assert.deepEqual(await request(bob, 'GET', `/students/${body.id}`, null), { status: 200, body });
  assert.equal((await request(ann, 'POST', '/students', { name: '' })).status, 400);
  assert.deepEqual(await request(bob, 'GET', '/students?name=F', null), { status: 200, body: [body] });
  assert.deepEqual(await request(ann, 'DELETE', `/students/${body.id}`, null), { status: 204, body: null });
});

await test('pooler: statements that a client has prepared', async () => {
  if (!pooler.keepsStatements) {
    console.log('pooler: this pgbouncer keeps no prepared statements in transaction mode (1.21 does)');
    return;
  }
  for (let i = 1; i <= 3; i++) {
    for (const client of [ann, bob]) {
      const { rows } = await client.query({ name: 'count', text: 'SELECT students_count($1)', values: [{}] });
      assert.equal(rows[0].students_count, '0');
    }
    await direct.query(`ALTER TABLE students ADD COLUMN extra${i} text`);
  }
  await direct.query('ALTER TABLE students DROP COLUMN extra1, DROP COLUMN extra2, DROP COLUMN extra3');
});

await ann.end();
await bob.end();
await pooler.stop();

await test('pooler: twenty clients on three connections', async () => {
  const shared = await startPooler({ connections: 3 });
  const clients = await Promise.all(Array.from({ length: 20 }, () => connect(shared)));
  await Promise.all(clients.map(async (client, i) => {
    for (let round = 0; round < 10; round++) {
      const { id } = await value(client, 'SELECT student_create($1)', [{ name: `s${i}`, cohort: String(round) }]);
      await client.query('BEGIN');
      const { name } = await value(client, 'SELECT student_find_by_pk($1, $2)', [id, { lock: 'UPDATE' }]);
      assert.equal((await value(client, 'SELECT student_update($1, $2)', [id, { name: `${name}+` }])).name, `s${i}+`);
      await client.query('COMMIT');
      if (round % 2) assert.equal(await value(client, 'SELECT student_destroy($1)', [id]), '1');
    }
    assert.equal(await value(client, 'SELECT students_count($1)', [{ where: { name: `s${i}+` } }]), '5');
  }));
  await Promise.all(clients.map((client) => client.end()));
  await shared.stop();
  assert.equal(await value(direct, 'SELECT students_destroy($1)', [{ all: true }]), '100');
});

await test('pooler: session mode, whose connections are reset by DISCARD ALL', async () => {
  const shared = await startPooler({ mode: 'session' });
  for (const name of ['first', 'second']) {
    const client = await connect(shared);
    await client.query('SET studentdir.numbers_as_strings = off');
    await value(client, 'SELECT student_create($1)', [{ name }]);
    await client.end();
  }
  const client = await connect(shared);
  assert.equal(await value(client, 'SHOW studentdir.numbers_as_strings'), 'on');
  assert.deepEqual(await value(client, 'SELECT students_list($1)', [{ attributes: ['name'], order: ['id'] }]),
    [{ name: 'first' }, { name: 'second' }]);
  await client.end();
  await shared.stop();
  await direct.query('TRUNCATE students');
});

await direct.end();
