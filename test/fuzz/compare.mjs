// Random valid options over some 200 rows: the answers of the server against those of evaluate.mjs.
import assert from 'node:assert/strict';

import { find, matches } from './evaluate.mjs';
import { column, connect, report } from '../lib/suite.mjs';

export const MODELS = {
  Student: { table: 'students', attributes: ['id', 'name', 'cohort', 'email', 'createdAt', 'updatedAt'] },
  User: { table: 'users', attributes: ['id', 'name', 'email', 'createdAt', 'updatedAt'], include: ['Posts'] },
  Post: {
    table: 'posts',
    attributes: ['id', 'title', 'body', 'userId', 'createdAt', 'updatedAt'],
    include: ['User'],
  },
};
const PLURAL = { Student: 'students', User: 'users', Post: 'posts' };
const WORDS = ['', 'Ada', 'ada', 'b', 'Böll', 'Zoë', 'x"y', "x'y", 'a\\b', '%', '日本', '\u{1F600}', '10', '9', ' a'];

export class Options {
  constructor(random) {
    this.r = random;
  }

  time() {
    return new Date(Date.UTC(2026, 0, 1 + this.r.below(5), this.r.below(3) * 8, 0, 0, this.r.below(2))).toISOString();
  }

  value(attribute) {
    if (attribute === 'id' || attribute === 'userId') {
      const number = this.r.between(0, attribute === 'id' ? 90 : 12);
      return this.r.chance(0.1) ? String(number) : number;
    }
    if (attribute === 'createdAt' || attribute === 'updatedAt') return this.time();
    return this.r.chance(0.1) ? this.r.one([9, 10, 1.5]) : this.r.one(WORDS);
  }

  list(attribute, n) {
    return this.r.some(n, () => (this.r.chance(0.05) ? null : this.value(attribute)));
  }

  operator(attribute, depth) {
    const value = () => this.value(attribute);
    const nested = [
      () => ['$not', this.operators(attribute, depth - 1)],
      () => [this.r.one(['$and', '$or']), this.r.some(3, () => this.condition(attribute, depth - 1))],
      () => [this.r.one(['$and', '$or']), this.operators(attribute, depth - 1)],
    ];
    return this.r.call(
      () => [this.r.one(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$not']), value()],
      () => [this.r.one(['$gt', '$gte', '$lt', '$lte']), value()],
      () => [this.r.one(['$eq', '$ne', '$is', '$not']), null],
      () => [this.r.one(['$in', '$notIn', '$not']), this.list(attribute, 6)],
      () => [this.r.one(['$between', '$notBetween']), [value(), value()]],
      ...(depth > 0 ? nested : []),
    );
  }

  operators(attribute, depth) {
    return Object.fromEntries(Array.from({ length: this.r.one([1, 1, 2]) }, () => this.operator(attribute, depth)));
  }

  condition(attribute, depth) {
    return this.r.call(
      () => this.value(attribute), () => (this.r.chance(0.3) ? null : this.value(attribute)),
      () => this.list(attribute, 4), () => this.operators(attribute, depth), () => this.operators(attribute, depth),
    );
  }

  where(model, depth = 3) {
    const members = () =>
      Object.fromEntries(this.r.some(3, () => {
        if (depth > 0 && this.r.chance(0.35))
          return [
            this.r.one(['$and', '$or', '$not']),
            this.r.chance(0.4) ? this.where(model, depth - 1) : this.r.some(3, () => this.where(model, depth - 1)),
          ];
        const attribute = this.r.one(MODELS[model].attributes);
        return [attribute, this.condition(attribute, depth)];
      }));
    return this.r.chance(0.1) ? this.r.some(3, members) : members();
  }

  attributes(model) {
    const known = MODELS[model].attributes;
    const list = () => this.r.subset(known).map((name) => (this.r.chance(0.15) ? [name, `${name} "as"`] : name));
    return this.r.call(list, () => ({ exclude: this.r.subset(known, 0.3) }),
      () => ({ exclude: this.r.subset(known, 0.2), include: [[this.r.one(known), 'more']] }));
  }

  // The id comes last: without it rows that are equal in the terms before could stand in any order.
  order(model) {
    const direction = () => this.r.one(['ASC', 'DESC', 'desc', 'ASC NULLS FIRST', 'DESC NULLS LAST', 'NULLS FIRST']);
    const term = (name) => this.r.call(() => name, () => [name, direction()], () => [name]);
    return [...this.r.subset(MODELS[model].attributes, 0.3), 'id'].map(term);
  }

  include(model, depth) {
    const [association] = MODELS[model].include;
    const target = association === 'Posts' ? 'Post' : 'User';
    return {
      association,
      order: this.order(target),
      ...(this.r.chance(0.4) && { attributes: this.attributes(target) }),
      ...(depth > 0 && this.r.chance(0.4) && { include: this.include(target, depth - 1) }),
    };
  }

  make(model) {
    const options = {};
    if (this.r.chance(0.9)) options.where = this.where(model);
    if (this.r.chance(0.3)) options.attributes = this.attributes(model);
    if (this.r.chance(0.7)) {
      options.order = this.order(model);
      if (this.r.chance(0.4)) options.limit = this.r.below(12);
      if (this.r.chance(0.3)) options.offset = this.r.below(12);
    }
    if (MODELS[model].include && this.r.chance(0.35))
      options.include = this.r.call(
        () => this.include(model, 2), () => [this.include(model, 1)],
        () => (MODELS[model].include[0] === 'User' ? 'User' : this.include(model, 0)),
      );
    return options;
  }
}

// Fills the tables, and returns the records as JSON should have them.
export async function fixture(client, options) {
  const { r } = options;
  const maybe = (make) => (r.chance(0.25) ? null : make());
  const word = () => r.one(WORDS) || 'x';
  const times = () => ({ createdAt: options.time(), updatedAt: options.time() });
  const rows = (n, make) => Array.from({ length: n }, (_, i) => ({ id: i + 1, ...make(i + 1), ...times() }));
  const email = (i) => maybe(() => `${r.one(['a', 'B', 'z'])}${i}@example.org`);
  const tables = {
    Student: rows(70, (i) => ({ name: word(), cohort: maybe(() => r.one(WORDS)), email: email(i) })),
    User: rows(40, (i) => ({ name: word(), email: email(i) })),
    Post: rows(90, () => ({ title: word(), body: maybe(() => r.one(WORDS)), userId: r.between(1, 12) })),
  };

  for (const [model, { table, attributes }] of Object.entries(MODELS))
    await client.query(
      `INSERT INTO ${table} (${attributes.map((name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`))})
       SELECT * FROM json_to_recordset($1) AS r(${attributes.map((name) =>
         `"${name}" ${/Id|^id/.test(name) ? 'int' : /At/.test(name) ? 'timestamptz' : 'text'}`)})`,
      [JSON.stringify(tables[model])],
    );
  return tables;
}

// The same conditions with their values as parameters, which go into params.  No value at all in $not or $notIn
// is no condition, where a parameter is one whatever it holds: these stay as they are.
function lift(where, params) {
  const scalar = (value) => {
    const name = `p${Object.keys(params).length}`;
    params[name] = value;
    return { $param: name };
  };
  const list = (values) => (values.includes(null) ? scalar(values) : values.map((value) => scalar(value)));
  const condition = (value) => {
    if (value === null) return null;
    if (Array.isArray(value)) return { $in: list(value) };
    if (typeof value !== 'object') return scalar(value);
    return Object.fromEntries(Object.entries(value).map(([operator, inner]) => {
      if (inner === null || operator === '$is') return [operator, inner];
      if (['$not', '$notIn'].includes(operator) && inner.length === 0) return [operator, inner];
      if (operator === '$in' || operator === '$notIn') return [operator, scalar(inner)];
      if (operator === '$and' || operator === '$or')
        return [operator, Array.isArray(inner) ? inner.map(condition) : condition(inner)];
      if (operator === '$not' && Array.isArray(inner)) return [operator, { $in: scalar(inner) }];
      if (Array.isArray(inner)) return [operator, inner.map(scalar)];
      return [operator, typeof inner === 'object' ? condition(inner) : scalar(inner)];
    }));
  };
  const group = (node) => {
    if (Array.isArray(node)) return node.map(group);
    return Object.fromEntries(Object.entries(node).map(([key, value]) =>
      [key, ['$and', '$or', '$not'].includes(key) ? group(value) : condition(value)]));
  };
  return where === undefined ? undefined : group(where);
}

// Each check gets its answer and what the evaluator says; a difference is the returned text.
const CHECKS = {
  async find_all(client, model, options, tables) {
    const call = `SELECT * FROM studentdir.find_all('${model}', $1)`;
    const [actual, expected] = [await column(client, call, [JSON.stringify(options)]), find(model, options, tables)];
    const texts = expected.map((record) => JSON.stringify(record));
    if (options.order === undefined) assert.deepEqual(actual.sort(), texts.sort());
    else assert.deepEqual(actual, texts);
  },
  async list(client, model, options, tables) {
    const ordered = { order: ['id'], ...options };
    const call = `SELECT ${PLURAL[model]}_list($1)`;
    assert.deepEqual(await column(client, call, [JSON.stringify(ordered)]), [JSON.stringify(find(model, ordered, tables))]);
  },
  // the third time the options are found parsed, and the plan made
  async params(client, model, options, tables) {
    const params = {};
    const ordered = { order: ['id'], ...options };
    const document = JSON.stringify({ ...ordered, where: lift(options.where, params) });
    const expected = [JSON.stringify(find(model, ordered, tables))];
    const other = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? [] : null]));
    const ask = (values) => column(client, `SELECT studentdir.list('${model}', $1, $2)`, [document, JSON.stringify(values)]);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await ask(params), expected);
      await ask(other);
    }
  },
  async computed(client, _model, _options, tables) {
    const document = JSON.stringify({
      order: ['id'],
      attributes: ['id', [{ $count: 'Posts' }, 'n'], [{ $max: 'Posts.id' }, 'max'], [{ $exists: 'Posts' }, 'any'],
        [{ $case: [[{ id: { $gt: 5 } }, 'x'], { $else: { $col: 'name' } }] }, 'c'],
        [{ $over: [{ $fn: ['row_number'] }, { order: ['id'] }] }, 'r']],
      include: { association: 'Posts', order: ['id'], attributes: ['id', [{ $col: 'User.name' }, 'u'], [{ $count: 'User.Posts' }, 'm']] },
    });
    const of = (id) => tables.Post.filter((post) => post.userId === id);
    const expected = tables.User.map(({ id, name }, i) => ({
      id, n: of(id).length, max: of(id).at(-1)?.id ?? null, any: of(id).length > 0, c: id > 5 ? 'x' : name, r: String(i + 1),
      Posts: of(id).map((post) => ({ id: post.id, u: name, m: of(id).length })),
    }));
    for (let i = 0; i < 3; i++)
      assert.deepEqual(JSON.parse(await column(client, "SELECT studentdir.list('User', $1)", [document])), expected);
  },
  async count(client, model, { where }, tables) {
    const call = `SELECT ${PLURAL[model]}_count($1)`;
    const n = tables[model].filter((record) => matches(record, where)).length;
    assert.deepEqual(await column(client, call, [JSON.stringify({ where })]), [String(n)]);
  },
  async destroy(client, model, { where }, tables) {
    const ids = tables[model].filter((record) => matches(record, where)).map(({ id }) => id);
    await client.query('BEGIN');
    try {
      const call = `SELECT studentdir.destroy_returning('${model}', $1)`;
      const gone = await column(client, call, [JSON.stringify({ where, all: true })]);
      assert.deepEqual(gone.map((text) => JSON.parse(text).id).sort((a, b) => a - b), ids);
    } finally {
      await client.query('ROLLBACK');
    }
  },
};

// Compares n answers; one test for each kind of call, with its first failure.
export async function compareAnswers(random, n) {
  const client = await connect();
  const options = new Options(random);
  const tables = await fixture(client, options);
  const failures = Object.fromEntries(Object.keys(CHECKS).map((name) => [name, undefined]));
  let rows = 0;

  for (let i = 0; i < n; i++) {
    const name = i % 10 < 4 ? 'find_all' : i % 10 < 6 ? 'params' : i % 10 < 8 ? 'list' : i % 10 < 9 ? 'count' : i % 100 < 10 ? 'computed' : 'destroy';
    const model = random.one(Object.keys(MODELS));
    const document = options.make(model);
    rows += tables[model].filter((record) => matches(record, document.where)).length;
    try {
      await CHECKS[name](client, model, document, tables);
    } catch (error) {
      failures[name] ??= `${model} ${JSON.stringify(document)}\n${error.message}`;
    }
  }
  for (const [name, problem] of Object.entries(failures)) report(`${name} answers as the evaluator does`, problem);
  console.log(`${n} answers compared; ${Math.round(rows / n)} rows a condition on average`);
  await client.query('TRUNCATE students, users, posts');
  await client.end();
}
