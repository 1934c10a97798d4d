// Random expressions in attributes, conditions and order: what a session answers that has answered queries much like
// it, whose parsed options and plans it keeps, against what a new session says.  A difference is a member that the
// shape of the plan forgets.
import { fixture, Options } from './compare.mjs';
import { column, connect, report } from '../lib/suite.mjs';

const NUMBERS = { Student: ['id'], User: ['id'], Post: ['id', 'userId'] };
const TEXTS = { Student: ['name', 'cohort', 'email'], User: ['name', 'email'], Post: ['title', 'body'] };
const TARGET = { Posts: 'Post', User: 'User' };
const ASSOCIATION = { User: 'Posts', Post: 'User' };
// words of which one may stand for another where a document is changed a little
const KINDS = [
  ['$add', '$sub', '$mul', '$div', '$mod'], ['$sum', '$avg', '$min', '$max'], ['$gt', '$gte', '$lt', '$lte', '$eq', '$ne'],
  ['id', 'userId'], ['name', 'email', 'cohort'], ['title', 'body'], ['ASC', 'DESC', 'DESC NULLS LAST'], ['lower', 'upper', 'initcap'],
  ['integer', 'bigint', 'numeric'], ['sum', 'min', 'max', 'count'], ['rank', 'row_number', 'dense_rank'], ['$count', '$exists'],
];

class Expressions extends Options {
  number(model, depth) {
    const inner = () => this.number(model, depth - 1);
    const association = ASSOCIATION[model];
    return this.r.call(
      () => ({ $col: this.r.one(NUMBERS[model]) }), () => this.r.between(-3, 9),
      ...(depth === 0 ? [] : [
        () => ({ [this.r.one(KINDS[0])]: [inner(), inner()] }), () => ({ $neg: inner() }),
        () => ({ $fn: ['length', this.text(model, depth - 1)] }), () => ({ $cast: [inner(), this.r.one(KINDS[8])] }),
        () => ({ $case: [[this.where(model, 1), inner()], { $else: inner() }] }),
        () => ({ $fn: ['coalesce', inner(), inner()] }),
        ...(association ? [() => this.related(association), () => this.related(association)] : []),
      ]));
  }

  // over associated records
  related(association) {
    const target = TARGET[association];
    const where = this.r.chance(0.5) && { where: this.where(target, 1) };
    return this.r.call(
      () => ({ $count: { association, ...where, ...(this.r.chance(0.3) && { distinct: this.r.one(TEXTS[target]) }) } }),
      () => ({ [this.r.one(KINDS[1])]: { association, attribute: this.r.one(NUMBERS[target]), ...where } }));
  }

  text(model, depth) {
    const inner = () => this.text(model, depth - 1);
    return this.r.call(
      () => ({ $col: this.r.one(TEXTS[model]) }),
      ...(model === 'Post' ? [() => ({ $col: `User.${this.r.one(TEXTS.User.slice(0, 2))}` })] : []),
      ...(depth === 0 ? [] : [
        () => ({ $concat: this.r.some(3, inner).concat('-', this.number(model, depth - 1)) }), () => ({ $fn: [this.r.one(KINDS[7]), inner()] }),
        () => ({ $case: [[this.where(model, 1), inner()], [this.where(model, 0), inner()]] }),
        () => ({ $fn: ['left', inner(), this.r.between(-2, 4)] }),
      ]));
  }

  any(model, depth) {
    const association = ASSOCIATION[model];
    return this.r.call(
      () => this.number(model, depth), () => this.text(model, depth), () => ({ $test: this.where(model, 2) }),
      () => ({ $over: [this.r.call(() => ({ $fn: [this.r.one(KINDS[10])] }), () => ({ $fn: [this.r.one(KINDS[9]), { $col: 'id' }] })),
        { ...(this.r.chance(0.5) && { partition: [this.r.one(TEXTS[model])] }), order: [[this.r.one(TEXTS[model]), this.r.one(KINDS[6])], 'id'] }] }),
      ...(association ? [
        () => ({ $exists: { association, where: this.where(TARGET[association], 1) } }),
        () => ({ $list: { association, attribute: this.r.one(TEXTS[TARGET[association]]), order: [[this.r.one(TEXTS[TARGET[association]]), this.r.one(KINDS[6])], 'id'],
          ...(this.r.chance(0.4) && { limit: this.r.below(4) }) } }),
      ] : []));
  }

  document(model) {
    const attributes = ['id', ...this.r.some(3, () => this.any(model, 3)).map((expression, i) => [expression, `x${i}`])];
    return {
      attributes,
      order: [...(this.r.chance(0.4) ? [[this.number(model, 2), this.r.one(KINDS[6])]] : []), 'id'],
      ...(this.r.chance(0.6) && { where: { $expr: [this.number(model, 2), this.r.one(KINDS[2]), this.number(model, 2)] } }),
      ...(this.r.chance(0.3) && { limit: this.r.below(20) }),
    };
  }

  // the same document with some words and numbers changed
  sibling(value) {
    if (typeof value === 'number') return this.r.chance(0.2) ? value + 1 : value;
    if (typeof value === 'string') {
      const kind = KINDS.find((words) => words.includes(value));
      return kind && this.r.chance(0.15) ? this.r.one(kind) : value;
    }
    if (Array.isArray(value)) return value.map((one) => this.sibling(one));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.startsWith('$') ? this.sibling(key) : key, this.sibling(inner)]));
  }
}

// The answer, or the error with its code.
async function ask(client, model, document) {
  try {
    return (await column(client, `SELECT studentdir.list('${model}', $1)`, [JSON.stringify(document)]))[0];
  } catch (error) {
    return `${error.code}: ${error.message}`;
  }
}

async function askAnew(model, document) {
  const client = await connect();
  try {
    return await ask(client, model, document);
  } finally {
    await client.end();
  }
}

export async function compareExpressions(random, n) {
  const client = await connect();
  const expressions = new Expressions(random);
  let problem;
  let answered = 0;

  await fixture(client, expressions);
  for (let i = 0; i < n; i++) {
    const model = random.one(Object.keys(NUMBERS));
    const document = expressions.document(model);
    const cold = await askAnew(model, document);
    for (let round = 0; round < 3; round++) {
      for (let j = 0; j < 3; j++) await ask(client, model, expressions.sibling(document));
      const warm = await ask(client, model, document);
      if (warm !== cold) problem ??= `${model} ${JSON.stringify(document)}\nwarm ${warm}\ncold ${cold}`;
    }
    if (cold.startsWith('[')) answered++;
    if (/^(XX|42601|5[78])/.test(cold)) problem ??= `${model} ${JSON.stringify(document)}\n${cold}`;
  }
  report('expressions answer the same from a cold and a warm cache', problem);
  console.log(`${n} documents of expressions, ${answered} of them answered`);
  await client.query('TRUNCATE students, users, posts');
  await client.end();
}
