// JSON Schema: what a schema calls valid create and update accept, and what they accept in the attribute's own
// JSON type is valid.  docs/reference/descriptions.md lists what a schema cannot say: no value here is one of that.
import assert from 'node:assert/strict';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { column, test } from '../lib/suite.mjs';

// For each attribute of Player, values that are right and values that are wrong.
const VALUES = {
  name: ['Ada', '', 'x'.repeat(255), 'x'.repeat(256), null, 'Zoë 😀'],
  email: ['ada@example.org', 'nobody', 'a@b', '', null, 'a.b+c@mail.example.com', 'a b@example.org'],
  position: ['goal', 'field "x"', 'centre', '', null],
  goals: ['0', '-5', '123456789012', 7, '1.5', 'many', '', null],
  rating: ['9.99', '-10.50', '99', '100', 'NaN', 5.5, '0.5', null, 'x'],
  weight: [30, 29.999, 200, 201, 70.5, 1e2, null],
  active: [true, false, null],
  born: ['2000-02-29', '2001-02-29', '1999-12-31', '2000-13-01', 'soon', '', null],
  woken: ['06:30:00', '23:59:59.5', '24:00:00', '24:30:00', '6', '', null],
  code: ['0f8fad5b-d9cb-469f-a165-70867728950e', '0F8FAD5B-D9CB-469F-A165-70867728950E', '0f8fad5b', '', null],
  tags: [[], ['a'], ['a', null, 'b'], null],
  season: [[], [{ value: '2026-01-01', inclusive: true }, { value: '2026-02-01', inclusive: false }],
    [{ value: null, inclusive: false }, { value: '2026-02-01', inclusive: false }], [{ value: 'x' }], null],
  meta: [{}, [1, 'a', null], 'text', 5, true, { a: { b: [] } }, null],
  photo: ['', 'QUJD', 'QUI=', 'QQ==', 'QUJ', '***', null],
  secret: ['s', '', null],
  number: [1, 99, 0, 100, 50, -1, 1.5, 40000, null],
  colour: ['#fff', '#ffff', 'FFF000', '#12345', 'red', '', null],
  kind: ['a', 'b', 'c', '', null],
  shirt: ['AB-12', 'ABC-1', 'ABCD-1', 'AX-3', 'ab-12', 'AB-', null],
  bio: ['word', ' ', '', 'two words', null],
  slug: ['a-b', 'a--b', 'A', 'a_b', null],
  plain: ['abc', 'abc1', '', null],
  size: [1, 2, 3, 4, null],
  version: [0, null],
  createdAt: ['2026-11-28T10:00:00.000Z', '2026-11-28T10:00:00+01:00', '2026-02-30T10:00:00Z', null],
  deletedAt: ['2026-11-28T10:00:00.000Z', null],
  id: [null],
};

// Random numbers that are the same in each run.
function generator(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const typeOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array'
  : Number.isInteger(value) ? 'integer' : typeof value);

// Whether a value is of one of the types that its schema names.
function ownType(schema, value) {
  const types = [schema?.type ?? []].flat();
  return types.length === 0 || types.includes(typeOf(value)) || (typeOf(value) === 'integer' && types.includes('number'));
}

function compile(schema) {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictTuple: false, allErrors: true });
  addFormats(ajv);
  return ajv.compile(schema);
}

const schemaOf = async (client, model, kind) => {
  const [text] = await column(client, 'SELECT studentdir.json_schema($1, $2)', [model, kind]);
  return JSON.parse(text);
};

// Runs something, and takes back what it did.
async function undone(client, run) {
  await client.query('BEGIN');
  try {
    await run();
  } finally {
    await client.query('ROLLBACK');
  }
}

export async function testJsonSchema(client) {
  await client.query(`CREATE FUNCTION attempt(call text, data jsonb) RETURNS text LANGUAGE plpgsql AS $$
    BEGIN EXECUTE call USING data; RAISE EXCEPTION 'taken back' USING ERRCODE = 'TB000';
    EXCEPTION WHEN OTHERS THEN RETURN nullif(SQLSTATE || ' ' || SQLERRM, 'TB000 taken back'); END $$`);

  // Random documents, of which `wanted` attributes are there more often than not.
  const compare = async (kind, call, n, seed) => {
    const schema = await schemaOf(client, 'Player', kind);
    const validate = compile(schema);
    const pick = generator(seed);
    const names = Object.keys(VALUES);
    const documents = Array.from({ length: n }, () => {
      const document = {};
      const few = pick(2) === 0;
      for (const name of names) {
        const wanted = schema.required?.includes(name);
        if (pick(10) < (wanted ? 9 : few ? 1 : 4)) document[name] = VALUES[name][pick(VALUES[name].length)];
      }
      if (pick(40) === 0) document.unknown = 1;
      return document;
    });
    const { rows } = await client.query(`SELECT attempt($1, d) FROM jsonb_array_elements($2) WITH ORDINALITY AS t (d, i) ORDER BY i`,
      [call, JSON.stringify(documents)]);
    let valid = 0;
    documents.forEach((document, i) => {
      const accepted = rows[i].attempt === null;
      const right = validate(document);
      valid += right;
      if (right) assert.ok(accepted, `valid, and refused: ${JSON.stringify(document)}\n${rows[i].attempt}`);
      else if (accepted && Object.entries(document).every(([name, value]) => ownType(schema.properties[name], value)))
        assert.fail(`accepted, and not valid: ${JSON.stringify(document)}\n${JSON.stringify(validate.errors)}`);
    });
    assert.ok(valid > n / 40 && valid < n / 2, `${valid} of ${n} are valid`);
  };

  await test('2,000 random documents: the schema of create calls valid what create accepts', async () => {
    await undone(client, () => compare('create', "SELECT studentdir.create('Player', $1)", 2000, 42));
  });

  await test('1,000 random documents: the schema of update likewise', async () => {
    await undone(client, async () => {
      const [id] = await column(client, `SELECT studentdir.create('Player', '{"name":"Ada","number":1}') ->> 'id'`);
      await compare('update', `SELECT studentdir.update_by_pk('Player', ${id}, $1)`, 1000, 43);
    });
  });

  await test('records are as the schema of records says', async () => {
    const validate = compile(await schemaOf(client, 'Player', 'record'));
    const [text] = await column(client, `SELECT studentdir.create('Player', '{"name":"Ada","number":7,"rating":"9.5","tags":["a",null],
      "season":["2026-01-01","2026-02-01"],"born":"2000-01-01","woken":"07:00","meta":{"a":1},"photo":"QUJD","host":"::1","secret":"s"}')`);
    for (const record of [text, ...(await column(client, `SELECT studentdir.find_all('Player', '{"include":["team","games"]}')`))])
      assert.ok(validate(JSON.parse(record)), `${record}\n${JSON.stringify(validate.errors)}`);
    assert.equal(JSON.parse(text).secret, undefined);
    await client.query(`DELETE FROM players`);
  });

  await test('every schema of every model compiles', async () => {
    for (const model of await column(client, `SELECT name FROM studentdir.model`)) {
      for (const kind of ['record', 'create', 'update']) compile(await schemaOf(client, model, kind));
    }
    compile(await schemaOf(client, 'Log', 'options'));
  });

  await test('the schema of options takes what the docs show, and no wrong names', async () => {
    const schema = await schemaOf(client, 'Player', 'options');
    const validate = compile(schema);
    const right = [
      {}, { where: { name: 'Ada', goals: { $gt: '5', $lte: '9' }, number: [1, 2], email: null } },
      { where: { $or: [{ name: { $like: 'A%' } }, { number: { $between: [1, 5] } }], '$team.name$': 'x', 'meta.a.b': 1 } },
      { attributes: ['id', ['name', 'n']], order: ['name', ['number', 'DESC']], limit: 5, offset: '10' },
      { attributes: { exclude: ['meta'] }, include: 'team' },
      { attributes: ['team.name', '$team.name$', 'meta.level', 'meta.list[0]', ['team.name', 't']] }, { attributes: { include: ['team.name'] } },
      { attributes: ['position', [{ $agg: ['count'] }, 'n']], group: 'position' }, { where: { number: { $in: { $col: 'x' }, $gt: { $any: { $col: 'x' } } } } },
      { include: [{ association: 'games', where: { title: 'x' }, limit: 2, include: [{ association: 'players', attributes: ['name'] }] }, 'team'] },
      { lock: 'UPDATE', skipLocked: true, distinct: ['name'], after: 5, scope: null, paranoid: false },
      { limit: 1, names: { rows: 'players' } },
      { limit: { $param: 'n' }, where: { name: { $param: 'name' } } },
    ];
    for (const options of right) assert.ok(validate(options), `${JSON.stringify(options)}\n${JSON.stringify(validate.errors)}`);
    const wrong = [
      { were: {} }, { where: { nam: 1 } }, { attributes: ['nam'] }, { attributes: ['games.title'] }, { attributes: ['name.first'] }, { attributes: { exclude: ['team.name'] } }, { include: 'teams' },
      { include: [{ association: 'games', where: { titel: 'x' } }] }, { limit: -1 }, { names: { row: 'x' } }, { names: { count: 1 } }, { order: 5 }, { where: { number: { $gt: 'x' } } },
    ];
    for (const options of wrong) assert.ok(!validate(options), `valid: ${JSON.stringify(options)}`);
    // the options that finders list when they are asked for one that there is not
    const listed = new Set();
    for (const finder of ['find_all', 'find_and_count_all']) {
      const error = await client.query(`SELECT studentdir.${finder}('Player', '{"x":1}')`).catch((caught) => caught);
      for (const name of error.hint.match(/options here are: (.*)\./)[1].split(', ')) listed.add(name);
    }
    assert.deepEqual(Object.keys(schema.properties).sort(), [...listed].sort());
  });

  await test('a schema is refused for what there is none of', async () => {
    const refused = async (call, code) => assert.equal((await client.query(`SELECT studentdir.json_schema(${call})`).catch((error) => error)).code, code, call);
    await refused("'Nobody'", '42P01');
    await refused("'Player', 'creat'", '22023');
    await refused('NULL', '22004');
    await refused("'Player', NULL", '22004');
  });
}
