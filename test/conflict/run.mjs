// Many sessions at once: upsert and find_or_create on few keys, with others deleting; sequences that
// are reset while rows are written; what a bulk load tells while it runs, and that it can be stopped.
import assert from 'node:assert/strict';

import { connect, finish, test } from '../lib/suite.mjs';

const SESSIONS = 16;
const CALLS = 200;
const KEYS = 8;

const client = await connect();
const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => connect()));

const emailOf = (key) => `key${key}@example.org`;
const number = async (sql) => Number((await client.query(sql)).rows[0].n);

// Every session makes its calls one after the other, all sessions at the same time.
async function hammer(call) {
  const answers = await Promise.all(sessions.map(async (session, i) => {
    const mine = [];
    for (let n = 0; n < CALLS; n++) mine.push(await call(session, i, n));
    return mine;
  }));
  return answers.flat();
}

const createdOf = (answers, key) => answers.filter((answer) => answer.key === key && answer.created);

async function upsert(session, key, name) {
  const { rows } = await session.query(
    'SELECT record, created FROM student_upsert($1)', [JSON.stringify({ email: emailOf(key), name })]);
  assert.equal(rows.length, 1);
  const record = JSON.parse(rows[0].record);
  assert.equal(record.email, emailOf(key));
  assert.equal(record.name, name);
  return { key, id: record.id, created: rows[0].created === 't' || rows[0].created === true };
}

async function findOrCreate(session, key) {
  const { rows } = await session.query('SELECT record, created FROM student_find_or_create($1)',
    [JSON.stringify({ where: { email: emailOf(key), name: 'found' }, defaults: { cohort: 'new' } })]);
  assert.equal(rows.length, 1);
  const record = JSON.parse(rows[0].record);
  assert.equal(record.email, emailOf(key));
  return { key, id: record.id, created: rows[0].created === 't' || rows[0].created === true };
}

for (const [name, call] of [
  ['upsert', (session, i, n) => upsert(session, (i + n) % KEYS, `${i}-${n}`)],
  ['find_or_create', (session, i, n) => findOrCreate(session, (i + n) % KEYS)],
]) {
  await client.query('TRUNCATE students, users, posts RESTART IDENTITY');
  await test(`${name}: one session creates each row, all others get it`, async () => {
    const answers = await hammer(call);
    assert.equal(answers.length, SESSIONS * CALLS);
    for (let key = 0; key < KEYS; key++) {
      const created = createdOf(answers, key);
      assert.equal(created.length, 1);
      for (const answer of answers) if (answer.key === key) assert.equal(answer.id, created[0].id);
    }
    assert.equal(await number('SELECT count(*) AS n FROM students'), KEYS);
  });

  await client.query('TRUNCATE students, users, posts RESTART IDENTITY');
  await test(`${name}: with sessions that delete the rows`, async () => {
    let deleted = 0;
    const answers = await hammer(async (session, i, n) => {
      if (i % 4 > 0) return call(session, i, n);
      const { rows } = await session.query('SELECT students_destroy($1) AS n',
        [JSON.stringify({ where: { email: emailOf(n % KEYS) } })]);
      deleted += Number(rows[0].n);
      return {};
    });
    const created = answers.filter((answer) => answer.created).length;
    assert.equal(created, deleted + await number('SELECT count(*) AS n FROM students'));
    assert.ok(deleted > 0);
  });
}

// Calls that touch the same rows, whatever the order of their input: they wait, and never deadlock.
const shuffled = (rows) => rows.map((row) => [Math.random(), row]).sort((a, b) => a[0] - b[0]).map(([, row]) => row);
const MANY = Array.from({ length: 40 }, (_, n) => n);
const people = MANY.map((n) => ({ email: emailOf(n), name: `${n}` }));

for (const [name, sql, data, options, allowed] of [
  ['bulk_create with updateOnDuplicate', 'SELECT users_bulk_create($1, $2)', () => people, { updateOnDuplicate: ['name'] }],
  ['bulk_create with ignoreDuplicates', 'SELECT users_bulk_create($1, $2)', () => people, { ignoreDuplicates: true }],
  ['bulk_create of rows that are there', 'SELECT users_bulk_create($1, $2)', () => people, {}, '23505'],
  ['bulk_update', "SELECT studentdir.bulk_update('User', $1, $2)", (ids) => ids.map((id) => ({ id, name: `${Math.random()}` })), {}],
]) {
  await client.query('TRUNCATE students, users, posts RESTART IDENTITY');
  const ids = name === 'bulk_update'
    ? (await client.query("SELECT record->>'id' AS id FROM users_bulk_create($1)", [JSON.stringify(people)])).rows.map((row) => row.id)
    : [];
  await test(`${name}: in any order without a deadlock`, async () => {
    const codes = {};
    await Promise.all(sessions.map(async (session) => {
      for (let n = 0; n < 20; n++) {
        await session.query('BEGIN');
        try {
          await session.query(sql, [JSON.stringify(shuffled(data(ids))), JSON.stringify(options)]);
          await session.query(n % 2 ? 'COMMIT' : 'ROLLBACK');
        } catch (error) {
          codes[error.code] = (codes[error.code] ?? 0) + 1;
          await session.query('ROLLBACK');
        }
      }
    }));
    delete codes[allowed];
    assert.deepEqual(codes, {});
    assert.equal(await number('SELECT count(*) AS n FROM users'), MANY.length);
  });
}

// Tags that are found or created while an article is: the same new ones in opposite orders, at the same time.
await client.query(`
  CREATE TABLE articles (id serial PRIMARY KEY, title text); CREATE TABLE tags (id serial PRIMARY KEY, name text UNIQUE, uses integer);
  CREATE TABLE article_tags ("articleId" integer REFERENCES articles, "tagId" integer REFERENCES tags, PRIMARY KEY ("articleId", "tagId"));
  SELECT studentdir.define('Article', '{"title":"TEXT"}', '{"tableName":"articles","timestamps":false}'),
    studentdir.define('Tag', '{"name":"TEXT","uses":"INTEGER"}', '{"tableName":"tags","timestamps":false}'),
    studentdir.define('ArticleTag', '{"articleId":{"type":"INTEGER","primaryKey":true,"field":"articleId"},"tagId":{"type":"INTEGER","primaryKey":true,"field":"tagId"}}', '{"tableName":"article_tags","timestamps":false}');
  SELECT studentdir.belongs_to_many('Article', 'Tag', '{"as":"tags","through":"ArticleTag","foreignKey":"articleId","otherKey":"tagId"}')`);
for (const [name, option] of [['ignoreDuplicates', true], ['updateOnDuplicate', ['uses']]]) {
  await test(`${name} in include: 40 new tags in opposite orders, 300 times`, async () => {
    await client.query('TRUNCATE article_tags, articles, tags');
    const options = JSON.stringify({ include: { association: 'tags', [name]: option, conflictAttributes: ['name'] } });
    const write = async (session, n, tags) => {
      const { rows } = await session.query("SELECT studentdir.create('Article', $1, $2) AS article",
        [JSON.stringify({ title: `${n}`, tags }), options]);
      assert.deepEqual(JSON.parse(rows[0].article).tags.map((tag) => tag.name), tags.map((tag) => tag.name));
    };
    for (let n = 0; n < 300; n++) {
      const tags = MANY.map((i) => ({ name: `${n} ${i}`, uses: n }));
      await Promise.all([write(sessions[0], n, tags), write(sessions[1], n, [...tags].reverse())]);
    }
    assert.equal(await number('SELECT count(*) AS n FROM tags'), 300 * MANY.length);
    assert.equal(await number('SELECT count(*) AS n FROM article_tags'), 600 * MANY.length);
  });
}

// keys and names have the same order: rows that calls lock by different keys can be locked in different orders
await test('nested updates of few records, in any order: no deadlock, and the last list is the one that is there', async () => {
  await client.query('TRUNCATE article_tags, articles, tags');
  await client.query("INSERT INTO articles SELECT generate_series(1, 3); INSERT INTO tags SELECT i, 't' || 100 + i FROM generate_series(1, 12) AS i");
  await client.query("SELECT setval('tags_id_seq', 100)");
  const codes = {};
  await Promise.all(sessions.map(async (session, i) => {
    for (let n = 0; n < 30; n++) {
      const some = shuffled(MANY.slice(1, 13)).slice(0, 1 + (n % 10));
      const tags = some.map((id) => (n % 3 === 0 ? { name: `t${100 + id}`, uses: n } : n % 3 === 1 ? id : { id, uses: n }));
      const include = { association: 'tags', others: n % 2 ? 'remove' : 'keep', ...(n % 3 === 0 && { updateOnDuplicate: ['uses'], conflictAttributes: ['name'] }) };
      try {
        await session.query("SELECT studentdir.update_by_pk('Article', $1::bigint, $2, $3)",
          [1 + ((i + n) % 3), JSON.stringify({ title: `${i} ${n}`, tags }), JSON.stringify({ include })]);
      } catch (error) {
        codes[error.code] = (codes[error.code] ?? 0) + 1;
      }
    }
  }));
  // a tag that is to be changed and that nobody has linked
  delete codes['23503'];
  assert.deepEqual(codes, {});
  await Promise.all(sessions.slice(0, 6).map((session, i) => session.query("SELECT studentdir.update_by_pk('Article', 1, $1, $2)",
    [JSON.stringify({ tags: i % 2 ? [1, 2, 3] : [{ name: 't109' }, { name: 't108' }] }), JSON.stringify({ include: { association: 'tags', others: 'remove', ...(i % 2 === 0 && { ignoreDuplicates: true }) } })])));
  const { rows } = await client.query('SELECT string_agg("tagId"::text, \',\' ORDER BY "tagId") AS n FROM article_tags WHERE "articleId" = 1');
  assert.ok(['1,2,3', '8,9'].includes(rows[0].n), rows[0].n);
});

// Links on few keys: no link twice, none that nobody made, no deadlock; of two lists that are set one wins.
await client.query(`
  CREATE TABLE teams (id integer PRIMARY KEY); CREATE TABLE people (id integer PRIMARY KEY, "teamId" integer REFERENCES teams);
  CREATE TABLE members ("teamId" integer REFERENCES teams, "personId" integer REFERENCES people, PRIMARY KEY ("teamId", "personId"));
  INSERT INTO teams SELECT generate_series(1, 3); INSERT INTO people SELECT generate_series(1, 12);
  SELECT studentdir.define('Team', '{"id":{"type":"INTEGER","primaryKey":true}}', '{"tableName":"teams","timestamps":false}');
  SELECT studentdir.define('Person', '{"id":{"type":"INTEGER","primaryKey":true},"teamId":{"type":"INTEGER","field":"teamId"}}', '{"tableName":"people","timestamps":false}');
  SELECT studentdir.define('Member', '{"teamId":{"type":"INTEGER","primaryKey":true,"field":"teamId"},"personId":{"type":"INTEGER","primaryKey":true,"field":"personId"}}', '{"tableName":"members","timestamps":false}');
  SELECT studentdir.belongs_to_many('Team', 'Person', '{"as":"Members","through":"Member","foreignKey":"teamId","otherKey":"personId"}'),
    studentdir.has_many('Team', 'Person', '{"as":"Staff","foreignKey":"teamId"}')`);
const persons = Array.from({ length: 12 }, (_, n) => n + 1);
for (const alias of ['Members', 'Staff']) {
  await test(`add, remove and set of ${alias}: in any order without a deadlock`, async () => {
    let added = 0;
    let removed = 0;
    await Promise.all(sessions.map(async (session, i) => {
      for (let n = 0; n < 40; n++) {
        const some = JSON.stringify(shuffled(persons).slice(0, 1 + (n % 8)));
        const team = 1 + ((i + n) % 3);
        if (n % 4 === 3) {
          const { rows } = await session.query("SELECT added, removed FROM studentdir.set('Team', $1::bigint, $2, $3)", [team, alias, some]);
          added += Number(rows[0].added);
          removed += Number(rows[0].removed);
        } else {
          const call = n % 4 === 1 ? 'remove' : 'add';
          const { rows } = await session.query(`SELECT studentdir.${call}('Team', $1::bigint, $2, $3) AS n`, [team, alias, some]);
          if (call === 'add') added += Number(rows[0].n);
          else removed += Number(rows[0].n);
        }
      }
    })).catch((error) => {
      throw new Error(`${error.code} ${error.message} ${error.detail}`);
    });
    if (alias === 'Members') assert.equal(await number('SELECT count(*) AS n FROM members'), added - removed);
    const last = JSON.stringify([1, 2, 3]);
    await Promise.all(sessions.slice(0, 4).map((session, i) => session.query("SELECT studentdir.set('Team', 1, $1, $2)", [alias, i % 2 ? last : '[4,5]'])));
    const held = (await client.query("SELECT studentdir.has('Team', 1, $1, $2) AS a, studentdir.has('Team', 1, $1, '[4,5]') AS b", [alias, last])).rows[0];
    assert.notEqual(held.a, held.b);
  });
}
await client.query("SELECT studentdir.undefine(m) FROM unnest('{Member,Person,Team}'::text[]) AS m; DROP TABLE members, people, teams");

// in the same order: no deadlock
await client.query('TRUNCATE students, users, posts RESTART IDENTITY');
await test('bulk_create with updateOnDuplicate: all sessions write the same rows', async () => {
  const rows = Array.from({ length: KEYS }, (_, key) => ({ email: emailOf(key), name: 'x' }));
  await Promise.all(sessions.map(async (session, i) => {
    for (let n = 0; n < 20; n++) {
      const written = (await session.query("SELECT students_bulk_create($1, $2)::text AS record", [
        JSON.stringify(rows.map((row) => ({ ...row, name: `${i}-${n}` }))), '{"updateOnDuplicate":["name"]}',
      ])).rows.map((row) => JSON.parse(row.record));
      assert.deepEqual(written.map((record) => [record.email, record.name]),
        rows.map((row) => [row.email, `${i}-${n}`]));
    }
  }));
  assert.equal(await number('SELECT count(*) AS n FROM students'), KEYS);
});

await client.query('TRUNCATE students, users, posts RESTART IDENTITY');
await test('reset_sequence while rows are written: no key twice', async () => {
  await Promise.all(sessions.map(async (session, i) => {
    for (let n = 0; n < 50; n++) {
      if (i === 0) await session.query("SELECT studentdir.reset_sequence('Student')");
      else if (i === 1)
        await session.query(`SELECT students_bulk_create('[{"id":${100000 - n},"name":"a"},{"name":"b"}]')`)
          .then(() => session.query("DELETE FROM students WHERE name = 'a'"));
      else await session.query(`SELECT student_create('{"name":"c"}')`);
    }
  })).catch((error) => {
    throw new Error(`${error.code} ${error.message} ${error.detail}`);
  });
  assert.equal(await number("SELECT count(*) AS n FROM students WHERE name <> 'a'"), (SESSIONS - 1) * 50);
});

// what follows needs triggers, which Citus has on none of its tables
if (process.env.SD_WITHOUT_TRIGGERS) {
  finish();
  process.exit();
}

// what a bulk load tells, and that it can be stopped
await client.query('TRUNCATE students, users, posts RESTART IDENTITY');
await client.query(`
  CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END';
  CREATE TRIGGER slow BEFORE INSERT ON students FOR EACH ROW WHEN (NEW.cohort = 'slow') EXECUTE FUNCTION slow();
  CREATE TABLE document AS SELECT jsonb_agg(jsonb_build_object('name', 'n' || i)) AS data FROM generate_series(1, 200000) AS i`);
const [watched, stopped] = sessions;
const notices = [];
watched.on('notice', (notice) => notices.push(notice.message));
const slow = JSON.stringify(Array.from({ length: 8 }, (_, i) => ({ name: `s${i}`, cohort: 'slow' })));

await test('nothing is told unless it is asked for', async () => {
  await watched.query("SELECT students_bulk_create('[{\"name\":\"x\"}]')");
  assert.deepEqual(notices, []);
});

await test('rows written are told while it runs, and at its end', async () => {
  await watched.query('SET studentdir.progress = on');
  const call = watched.query('SELECT students_bulk_create($1)', [slow]);
  // the notice is there before the call is done
  let early = 0;
  await Promise.all([call.then(() => { early = early || -1; }), (async () => {
    while (notices.length === 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
    early = early || notices.length;
  })()]);
  assert.equal(early, 1);
  assert.match(notices[0], /^model "Student": [1-7] of 8 rows written, \d+ rows\/s$/);
  assert.match(notices.at(-1), /^model "Student": 8 of 8 rows written in \d+\.\d s, \d+ rows\/s$/);
});

await test('rows that are checked and prepared are told of before any is written', async () => {
  await client.query(`
    CREATE FUNCTION slowly(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN true; END';
    CREATE DOMAIN slow_text AS text CHECK (slowly(VALUE));
    CREATE TABLE sluggish (id integer PRIMARY KEY, name slow_text UNIQUE)`);
  await client.query(`SELECT studentdir.define('Sluggish', '{"id":{"type":"INTEGER","primaryKey":true},"name":{"type":"TEXT","unique":true}}', '{"tableName":"sluggish","timestamps":false}')`);
  notices.length = 0;
  await watched.query('SELECT studentdir.bulk_create($1, $2, $3)', ['Sluggish',
    JSON.stringify(Array.from({ length: 8 }, (_, i) => ({ id: i, name: `n${i}` }))), '{"validateUnique":true}']);
  const told = (phase) => notices.filter((notice) => new RegExp(`^model "Sluggish": [1-7] of 8 rows ${phase}, \\d+ rows/s$`).test(notice)).length;
  assert.ok(told('checked') >= 1, notices.join('\n'));
  assert.ok(told('prepared') >= 1, notices.join('\n'));
  assert.match(notices.at(-1), /^model "Sluggish": 8 of 8 rows written in \d+\.\d s, \d+ rows\/s$/);
});

await test('records that are nested are told of, too', async () => {
  notices.length = 0;
  await client.query("CREATE TRIGGER slow BEFORE INSERT ON posts FOR EACH ROW WHEN (NEW.body = 'slow') EXECUTE FUNCTION slow()");
  await watched.query('SELECT users_bulk_create($1, $2)', [
    JSON.stringify([{ name: 'x', Posts: Array.from({ length: 8 }, () => ({ title: 'y', body: 'slow' })) }]),
    '{"include":"Posts"}']);
  assert.match(notices[0], /^model "Post": [1-7] of 8 rows written, \d+ rows\/s$/);
});

const before = await number('SELECT count(*) AS n FROM students');

await test('a cancel stops the INSERT', async () => {
  const { pid } = (await stopped.query('SELECT pg_backend_pid() AS pid')).rows[0];
  const call = assert.rejects(stopped.query('SELECT students_bulk_create($1)', [slow]), { code: '57014' });
  await new Promise((resolve) => { setTimeout(resolve, 500); });
  await client.query('SELECT pg_cancel_backend($1)', [pid]);
  await call;
});

await test('a timeout stops every phase', async () => {
  for (const ms of [20, 60, 120, 200, 300]) {
    await stopped.query(`SET statement_timeout = ${ms}`);
    await assert.rejects(
      stopped.query('SELECT count(*) FROM students_bulk_create((SELECT data || data || data FROM document))'),
      { code: '57014' });
  }
});

await test('and nothing of it is left', async () => {
  assert.equal(await number('SELECT count(*) AS n FROM students'), before);
});

await client.query('DROP TABLE document; DROP FUNCTION slow CASCADE; TRUNCATE students, users, posts RESTART IDENTITY');
for (const session of sessions) await session.end();
await client.end();
finish();
