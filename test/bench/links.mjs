// Jobs of the benchmark that link many records at once, beside statements by hand that take the same locks.
import { time } from './measure.mjs';
import { size } from './size.mjs';

const N = size(10000, 100);
const EVEN = Array.from({ length: N }, (_, i) => 2 * (i + 1));

export async function makeLinks(client) {
  await client.query(`
    CREATE TABLE clubs (id integer PRIMARY KEY);
    CREATE TABLE people (id integer PRIMARY KEY, "homeId" integer REFERENCES clubs);
    CREATE TABLE members ("clubId" integer REFERENCES clubs, "personId" integer REFERENCES people, role text, PRIMARY KEY ("clubId", "personId"));
    CREATE INDEX ON people ("homeId");
    INSERT INTO clubs VALUES (1);
    INSERT INTO people SELECT generate_series(1, ${3 * N});
    SELECT studentdir.define('Club', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"timestamps":false}'),
      studentdir.define('Person', '{"id":{"type":"INTEGER","primaryKey":true},"homeId":{"type":"INTEGER","field":"homeId"}}', '{"tableName":"people","timestamps":false}'),
      studentdir.define('Member', '{"clubId":{"type":"INTEGER","field":"clubId","primaryKey":true},"personId":{"type":"INTEGER","field":"personId","primaryKey":true},"role":"TEXT"}', '{"tableName":"members","timestamps":false}');
    SELECT studentdir.belongs_to_many('Club', 'Person', '{"as":"Members","through":"Member","foreignKey":"clubId","otherKey":"personId"}'),
      studentdir.has_many('Club', 'Person', '{"as":"Residents","foreignKey":"homeId"}')`);
}

// bound, so that the planner knows them
const KEYS = '$1::integer[]';
const SOME = `generate_series(1, ${Math.floor(1.5 * N)}, 3)`;
const parent = (lock) => `SELECT FROM clubs WHERE id = 1 FOR ${lock}`;
const referred = `SELECT FROM people WHERE id = ANY (${KEYS}) ORDER BY id FOR KEY SHARE`;
const insert = `INSERT INTO members ("clubId", "personId") SELECT 1, k FROM unnest(${KEYS}) AS k ORDER BY k ON CONFLICT DO NOTHING`;
const move = `UPDATE people SET "homeId" = 1 WHERE id = ANY (${KEYS}) AND ("homeId" IS NULL OR "homeId" <> 1)`;

// what is there before, our call, and their statements
const WORK = {
  'add, many-to-many': ['', ['add', 'Members'], [parent('KEY SHARE'), referred, insert]],
  'set, many-to-many': [`INSERT INTO members SELECT 1, g FROM ${SOME} AS g`, ['set', 'Members'],
    [parent('UPDATE'), referred, `SELECT FROM members WHERE "clubId" = 1 AND "personId" <> ALL (${KEYS}) ORDER BY "personId" FOR UPDATE`,
      `DELETE FROM members WHERE "clubId" = 1 AND "personId" <> ALL (${KEYS})`, insert]],
  'add, has_many': ['', ['add', 'Residents'],
    [parent('KEY SHARE'), `SELECT FROM people WHERE id = ANY (${KEYS}) ORDER BY id FOR NO KEY UPDATE`, move]],
  'set, has_many': [`UPDATE people SET "homeId" = 1 WHERE id IN (SELECT ${SOME})`, ['set', 'Residents'],
    [parent('UPDATE'), `SELECT FROM people WHERE "homeId" = 1 OR id = ANY (${KEYS}) ORDER BY id FOR NO KEY UPDATE`,
      `UPDATE people SET "homeId" = NULL WHERE "homeId" = 1 AND id <> ALL (${KEYS})`, move]],
};

// Each job as [name, ours, theirs], which give the milliseconds of one run; nothing of it stays.
export function linkJobs(client) {
  const run = async (before, statements, keys) => {
    await client.query(`BEGIN; ${before}`);
    const taken = await time(async () => {
      for (const statement of statements) await client.query(statement, statement.includes('$1') ? [keys] : []);
    });
    await client.query('ROLLBACK');
    return taken;
  };
  return Object.entries(WORK).map(([name, [before, [call, alias], theirs]]) => [
    `${name}, ${N.toLocaleString('en')} links`,
    () => run(before, [`SELECT studentdir.${call}('Club', 1, '${alias}', $1)`], JSON.stringify(EVEN)),
    () => run(before, theirs, EVEN),
  ]);
}
