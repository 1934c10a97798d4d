// 64 sessions add, remove and set links on few keys: never a link twice, never one lost, no deadlock.
import assert from 'node:assert/strict';

import { Random } from '../fuzz/random.mjs';
import { connect, finish, test } from '../lib/suite.mjs';

const SESSIONS = 64;
const CALLS = Number(process.env.SD_LINKS_N ?? 15);
const SHARED = 6;

const client = await connect();
const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => connect()));

await client.query(`
  CREATE TABLE clubs (id integer PRIMARY KEY); CREATE TABLE people (id integer PRIMARY KEY, "clubId" integer REFERENCES clubs);
  CREATE TABLE members ("clubId" integer REFERENCES clubs, "personId" integer REFERENCES people, role text, UNIQUE ("clubId", "personId"));
  CREATE TABLE seats (id serial PRIMARY KEY, "clubId" integer REFERENCES clubs, "personId" integer REFERENCES people, gone timestamptz, UNIQUE ("personId", "clubId"));
  INSERT INTO clubs SELECT generate_series(1, 3); INSERT INTO people SELECT generate_series(1, ${SHARED + SESSIONS});
  SELECT studentdir.define('Club', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}');
  SELECT studentdir.define('Person', '{"id":{"type":"INTEGER","primaryKey":true},"clubId":{"type":"INTEGER","field":"clubId"}}', '{"tableName":"people","timestamps":false}');
  SELECT studentdir.define('Member', '{"clubId":{"type":"INTEGER","field":"clubId"},"personId":{"type":"INTEGER","field":"personId"},"role":"TEXT"}', '{"tableName":"members","timestamps":false,"primaryKey":false}');
  SELECT studentdir.define('Seat', '{"id":{"type":"INTEGER","primaryKey":true,"autoIncrement":true},"clubId":{"type":"INTEGER","field":"clubId"},"personId":{"type":"INTEGER","field":"personId"}}', '{"tableName":"seats","createdAt":false,"updatedAt":false,"paranoid":true,"deletedAt":"gone"}');
  SELECT studentdir.belongs_to_many('Club', 'Person', '{"as":"Members","through":"Member","foreignKey":"clubId","otherKey":"personId"}'),
    studentdir.belongs_to_many('Club', 'Person', '{"as":"Seated","through":"Seat","foreignKey":"clubId","otherKey":"personId"}'),
    studentdir.has_many('Club', 'Person', '{"as":"Staff","foreignKey":"clubId"}')`);

const one = async (session, sql, values) => (await session.query(sql, values)).rows[0];
const link = (session, call, club, alias, records) => one(session, `SELECT studentdir.${call}('Club', $1::bigint, $2, $3) AS n`, [club, alias, JSON.stringify(records)]);
const set = (session, club, alias, records) => one(session, "SELECT added, removed FROM studentdir.set('Club', $1::bigint, $2, $3)", [club, alias, JSON.stringify(records)]);
const shared = (random) => Array.from({ length: SHARED }, (_, i) => i + 1).filter(() => random.chance(0.5));
const linked = { Members: 'members WHERE', Seated: 'seats WHERE gone IS NULL AND', Staff: 'people WHERE' };

for (const alias of Object.keys(linked)) {
  await test(`${alias}: ${SESSIONS} sessions, ${CALLS} calls each`, async () => {
    // by club: what all calls say that they linked, less what they unlinked
    const balance = { 1: 0, 2: 0, 3: 0 };

    await Promise.all(sessions.map(async (session, i) => {
      const random = new Random(i + 1);
      const own = SHARED + 1 + i;
      let there = false;

      for (let n = 0; n < CALLS; n++) {
        // club 1: nobody else touches the key that is this session's own
        const call = there ? 'remove' : 'add';
        const some = shared(random);
        const touched = await link(session, call, 1, alias, [own, ...some].sort(() => random.next() - 0.5));
        balance[1] += Number(touched.n) * (there ? -1 : 1);
        there = !there;
        assert.equal((await one(session, "SELECT studentdir.has('Club', 1, $1, $2) AS has", [alias, String(own)])).has, there ? 't' : 'f');
        if (alias === 'Staff') continue;
        // club 2: lists, of which each takes the place of another; club 3: everything at once
        const listed = await set(session, 2, alias, shared(random));
        balance[2] += Number(listed.added) - Number(listed.removed);
        if (random.chance(0.3)) {
          const other = await set(session, 3, alias, shared(random));
          balance[3] += Number(other.added) - Number(other.removed);
        } else {
          const more = random.chance(0.5);
          const mixed = await link(session, more ? 'add' : 'remove', 3, alias, shared(random));
          balance[3] += Number(mixed.n) * (more ? 1 : -1);
        }
      }
      if (!there) return;
      const last = await link(session, 'remove', 1, alias, [own]);
      balance[1] -= Number(last.n);
    })).catch((error) => {
      throw new Error(`${error.code} ${error.message} ${error.detail}`);
    });
    for (const club of [1, 2, 3]) {
      const { n, different } = await one(client, `SELECT count(*) AS n, count(DISTINCT ${alias === 'Staff' ? 'id' : '"personId"'}) AS different FROM ${linked[alias]} "clubId" = $1`, [club]);
      assert.equal(n, different);
      assert.equal(Number(n), balance[club], `club ${club}`);
    }
    // of two lists one wins, whole
    const lists = [[1, 2, 3], [4, 5]];
    await Promise.all(sessions.map((session, i) => set(session, 2, alias, lists[i % 2])));
    const won = (await client.query(`SELECT ${alias === 'Staff' ? 'id' : '"personId"'} AS id FROM ${linked[alias]} "clubId" = 2 ORDER BY 1`)).rows.map((row) => Number(row.id));
    assert.ok(lists.some((list) => JSON.stringify(list) === JSON.stringify(won)), `${won}`);
    await client.query('UPDATE people SET "clubId" = NULL');
  });
}

await client.query("SELECT studentdir.undefine(m) FROM unnest('{Member,Seat,Person,Club}'::text[]) AS m; DROP TABLE members, seats, people, clubs");
for (const session of sessions) await session.end();
await client.end();
finish();
