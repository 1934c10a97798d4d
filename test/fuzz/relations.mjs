// Relations between answers that hold whatever the data is: a condition, its negation and what is neither are all
// rows; negated twice it is itself; what a call answered, written back, changes nothing.
import assert from 'node:assert/strict';

import { fixture, MODELS, Options } from './compare.mjs';
import { column, connect, report } from '../lib/suite.mjs';

const WRITTEN = { Student: ['name', 'cohort', 'email'], User: ['name', 'email'], Post: ['title', 'body', 'userId'] };

const RELATIONS = {
  async 'a condition, its negation and what is neither are all rows'(call, model, { where }) {
    const [all, met, not] = [await call.ids(model), await call.ids(model, where), await call.ids(model, { $not: where })];
    assert.deepEqual(met.filter((id) => not.includes(id)), []);
    const known = await call.ids(model, { $or: [where, { $not: where }] });
    // what sets no condition is passed over in $or
    if (met.length < all.length) assert.deepEqual(known, all.filter((id) => met.includes(id) || not.includes(id)));
  },
  async 'a condition that is negated twice is itself'(call, model, { where }) {
    assert.deepEqual(await call.ids(model, { $not: { $not: where } }), await call.ids(model, where));
  },
  async 'a condition beside itself is itself'(call, model, { where }) {
    assert.deepEqual(await call.ids(model, { $and: [where, where] }), await call.ids(model, where));
  },
  async 'what counts as no condition is met by every row'(call, model, { where }, random) {
    const any = random.one([where, { $or: [where, { $not: where }] }, { $not: { $and: [where, { $not: where }] } }]);
    try {
      await call.one(`SELECT studentdir.find_one('${model}', $1)`, { where: any });
    } catch (error) {
      if (!/contains no condition/.test(error.message)) throw error;
      assert.deepEqual(await call.ids(model, any), await call.ids(model));
    }
  },
  async 'count, list and find_and_count_all agree'(call, model, { where, order = ['id'], limit = 5 }) {
    const { count, rows } = JSON.parse(await call.one(`SELECT studentdir.find_and_count_all('${model}', $1)`, { where, order, limit }));
    assert.equal(String(count), await call.one(`SELECT studentdir.count('${model}', $1)`, { where }));
    assert.deepEqual(rows, JSON.parse(await call.one(`SELECT studentdir.list('${model}', $1)`, { where, order, limit })));
  },
  async 'what was answered, written back, changes nothing'(call, model, { where }, random) {
    const [id] = await call.ids(model, where);
    if (id === undefined) return;
    const find = () => call.one(`SELECT studentdir.find_by_pk('${model}', ${id}::bigint, $1)`, {}).then(JSON.parse);
    const before = await find();
    const data = Object.fromEntries(random.subset(WRITTEN[model], 0.8).map((name) => [name, before[name]]));
    await call.one(`SELECT studentdir.update('${model}', $1, '{"where":{"id":${id}},"validate":false}')`, { ...data, [WRITTEN[model][0]]: before[WRITTEN[model][0]] });
    assert.deepEqual({ ...await find(), updatedAt: 0 }, { ...before, updatedAt: 0 });
  },
};

export async function checkRelations(random, n) {
  const client = await connect();
  const options = new Options(random);
  const failures = Object.fromEntries(Object.keys(RELATIONS).map((name) => [name, undefined]));
  const one = async (sql, document) => (await column(client, sql, [JSON.stringify(document)]))[0];
  const call = {
    one,
    ids: async (model, where = {}) =>
      JSON.parse(await one(`SELECT studentdir.list('${model}', $1)`, { attributes: ['id'], order: ['id'], where })).map(({ id }) => id),
  };

  await fixture(client, options);
  for (let i = 0; i < n; i++) {
    const name = random.one(Object.keys(RELATIONS));
    const model = random.one(Object.keys(MODELS));
    const { where = {}, order, limit } = options.make(model);
    try {
      await RELATIONS[name](call, model, { where, order, limit }, random);
    } catch (error) {
      failures[name] ??= `${model} ${JSON.stringify(where)}\n${error.message}`;
    }
  }
  for (const [name, problem] of Object.entries(failures)) report(name, problem);
  console.log(`${n} relations checked`);
  await client.query('TRUNCATE students, users, posts');
  await client.end();
}
