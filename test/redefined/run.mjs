// Readers and writers beside migrations that change a table and its model in one transaction: columns
// that change their names, go and come back or change their types, tables and associations under other names.
// Every call sees all of a migration or nothing of it: no error, no value in another column.
//
// SD_REDEFINED_MIGRATIONS: how many migrations (default 120).
import assert from 'node:assert/strict';

import { column, connect, finish, test } from '../lib/suite.mjs';

const MIGRATIONS = Number(process.env.SD_REDEFINED_MIGRATIONS ?? 120);
const READERS = 4;
const WRITERS = 3;
const PEOPLE = 20;

const admin = await connect();

// where everything is kept now
const state = { first: 'a', last: 'b', note: true, table: 'rd_people', owner: 'owner_id', pets: 'RdPet', rank: 'INTEGER' };

function definitions({ first, last, note, table, owner, pets, rank }) {
  const person = {
    first: { type: 'TEXT', field: first }, last: { type: 'TEXT', field: last }, rank,
    ...(note && { note: { type: 'TEXT' } }),
  };
  const pet = { name: 'TEXT', ownerId: { type: 'INTEGER', field: owner } };
  return [
    ['SELECT studentdir.define($1, $2, $3)', ['RdPerson', person, { tableName: table, timestamps: false }]],
    ['SELECT studentdir.define($1, $2, $3)', [pets, pet, { tableName: 'rd_pets', timestamps: false }]],
    ['SELECT studentdir.has_many($1, $2, $3)', ['RdPerson', pets, { as: 'pets', foreignKey: 'ownerId' }]],
  ];
}

async function define(now) {
  for (const [sql, parameters] of definitions(now)) await admin.query(sql, parameters);
}

// each changes the tables and says what is otherwise from then on
const kinds = [
  () => [`ALTER TABLE ${state.table} RENAME COLUMN a TO swap`, `ALTER TABLE ${state.table} RENAME COLUMN b TO a`,
    `ALTER TABLE ${state.table} RENAME COLUMN swap TO b`, { first: state.last, last: state.first }],
  () => [state.note ? `ALTER TABLE ${state.table} DROP COLUMN note`
    : `ALTER TABLE ${state.table} ADD COLUMN note text DEFAULT 'note'`, { note: !state.note }],
  () => {
    const table = state.table === 'rd_people' ? 'rd_persons' : 'rd_people';
    return [`ALTER TABLE ${state.table} RENAME TO ${table}`, { table }];
  },
  () => {
    const owner = state.owner === 'owner_id' ? 'person_id' : 'owner_id';
    return [`ALTER TABLE rd_pets RENAME COLUMN ${state.owner} TO ${owner}`, { owner }];
  },
  () => {
    // writes every row anew
    const rank = state.rank === 'INTEGER' ? 'DOUBLE' : 'INTEGER';
    return [`ALTER TABLE ${state.table} ALTER COLUMN rank TYPE ${rank === 'DOUBLE' ? 'double precision' : 'integer'}`, { rank }];
  },
  () => {
    const pets = state.pets === 'RdPet' ? 'RdAnimal' : 'RdPet';
    return [`SELECT studentdir.undefine('${state.pets}')`, { pets }];
  },
];

async function migrate(n) {
  const steps = kinds[n % kinds.length]();
  const changed = { ...state, ...steps.pop() };
  await admin.query('BEGIN');
  // in the order in which calls open them
  await admin.query(`LOCK TABLE ${state.table}, rd_pets IN ACCESS EXCLUSIVE MODE`);
  for (const step of steps) await admin.query(step);
  await define(changed);
  await admin.query('COMMIT');
  Object.assign(state, changed);
}

const json = JSON.stringify;
const records = async (session, sql, parameters) =>
  (await column(session, sql, parameters)).map((text) => JSON.parse(text));

function check(person) {
  assert.match(person.first, /^F/);
  assert.equal(person.last, `L${person.first.slice(1)}`);
  if ('note' in person) assert.equal(person.note, 'note');
}

const reads = [
  async (session) => {
    const people = await records(session, 'SELECT studentdir.find_all($1, $2)',
      ['RdPerson', json({ where: { id: { $lte: PEOPLE } }, include: 'pets' })]);
    assert.equal(people.length, PEOPLE);
    for (const person of people) {
      check(person);
      assert.equal(person.pets.length, 1);
      assert.equal(person.pets[0].ownerId, person.id);
    }
  },
  async (session) => {
    const [people] = await records(session, 'SELECT studentdir.list($1, $2)', ['RdPerson', json({ where: { first: 'F7' } })]);
    assert.equal(people.length, 1);
    check(people[0]);
  },
  async (session) => {
    const counts = await column(session, 'SELECT studentdir.count($1, $2)',
      ['RdPerson', json({ where: { last: 'L7', '$pets.name$': 'p7' }, distinct: true })]);
    assert.deepEqual(counts, ['1']);
  },
];

let last = 1000;
const writes = [
  async (session) => {
    const n = last++;
    const [person] = await records(session, 'SELECT studentdir.create($1, $2)',
      ['RdPerson', json({ first: `F${n}`, last: `L${n}` })]);
    check(person);
  },
  async (session) => {
    const n = last++;
    const people = await records(session, 'SELECT studentdir.bulk_create($1, $2, $3)',
      ['RdPerson', json([{ first: `F${n}`, last: `L${n}`, pets: [{ name: 'x' }] }]), json({ include: 'pets' })]);
    check(people[0]);
    assert.equal(people[0].pets[0].ownerId, people[0].id);
  },
  async (session) => {
    const n = last++;
    const [person] = await records(session, 'SELECT studentdir.update_by_pk($1, 21::bigint, $2)',
      ['RdPerson', json({ first: `F${n}`, last: `L${n}` })]);
    check(person);
  },
  async (session) => {
    const n = last++;
    const [person] = await records(session, 'SELECT studentdir.bulk_update($1, $2)',
      ['RdPerson', json([{ id: 22, first: `F${n}`, last: `L${n}` }])]);
    check(person);
  },
];

const errors = new Map();
let calls = 0;
let migrating = true;

// Calls one thing after the other; half of the sessions begin anew each time, with nothing in their caches.
async function work(things, cold) {
  let session = await connect();
  for (let n = 0; migrating; n++) {
    try {
      await things[n % things.length](session);
    } catch (error) {
      const text = `${error.code ?? ''} ${error.message}`;
      errors.set(text, (errors.get(text) ?? 0) + 1);
    }
    calls++;
    if (cold && n % 3 === 2) {
      await session.end();
      session = await connect();
    }
  }
  await session.end();
}

await admin.query("SET client_min_messages = warning");
await admin.query(`CREATE TABLE rd_people (id serial PRIMARY KEY, a text, b text, note text DEFAULT 'note', rank integer)`);
await admin.query(`CREATE TABLE rd_pets (id serial PRIMARY KEY, name text, owner_id integer)`);
await define(state);
await admin.query(`INSERT INTO rd_people (a, b) SELECT 'F' || i, 'L' || i FROM generate_series(1, ${PEOPLE + 2}) AS i`);
await admin.query(`INSERT INTO rd_pets (name, owner_id) SELECT 'p' || i, i FROM generate_series(1, ${PEOPLE}) AS i`);

const workers = [
  ...Array.from({ length: READERS }, (_, i) => work(reads, i % 2 === 0)),
  ...Array.from({ length: WRITERS }, (_, i) => work(writes, i % 2 === 0)),
];
await test(`${MIGRATIONS} migrations are applied beside the calls`, async () => {
  for (let n = 0; n < MIGRATIONS; n++) await migrate(n);
});
migrating = false;
await Promise.all(workers);

await test(`calls beside migrations: no error, no wrong answer`, () => {
  assert.ok(calls > MIGRATIONS);
  assert.deepEqual([...errors].map(([text, n]) => `${n} of ${calls}: ${text}`), []);
});
await test('every row has its values in their columns', async () => {
  const wrong = await column(admin, `SELECT count(*) FROM ${state.table}
    WHERE ${state.first} NOT LIKE 'F%' OR ${state.last} <> 'L' || substr(${state.first}, 2)`);
  assert.deepEqual(wrong, ['0']);
});
await admin.end();
finish();
