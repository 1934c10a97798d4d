// Random include trees: what a call asks for, as a tree that options.mjs and sql.mjs write out, the
// one as the library's options and the other as plain SQL.
import { drawExpression } from './expressions.mjs';
import { MODELS, from, toMany } from './fixture.mjs';

const VALUES = {
  text: ['ant', 'Bee', 'bee', 'cow', 'x"y', 'n', 's', 'shown', 'clerk', 'b7', ''],
  number: [0, 1, 2, 3, 4, 5, 7, 12, 30],
};

const typeOf = (model, attribute) => MODELS[model].attributes[attribute][1];
const isText = (model, attribute) => /^(text|varchar)/.test(typeOf(model, attribute));

export class Trees {
  constructor(random) {
    this.r = random;
  }

  attribute(model) {
    const { attributes, deletedAt } = MODELS[model];
    return this.r.one(Object.keys(attributes).filter((name) => name !== deletedAt));
  }

  value(model, attribute) {
    if (typeOf(model, attribute) === 'boolean') return this.r.chance(0.5);
    const value = this.r.one(VALUES[isText(model, attribute) ? 'text' : 'number']);
    return typeOf(model, attribute) === 'bigint' && this.r.chance(0.5) ? String(value) : value;
  }

  // { attribute, operator, value }
  comparison(model) {
    const attribute = this.attribute(model);
    const value = () => this.value(model, attribute);
    const [operator, operand] = this.r.call(
      () => ['$eq', value()], () => ['$ne', value()], () => [this.r.one(['$gt', '$gte', '$lt', '$lte']), value()],
      () => [this.r.one(['$eq', '$ne']), null], () => [this.r.one(['$in', '$notIn']), [value(), value(), value()]],
      () => ['$between', [value(), value()]],
      () => (isText(model, attribute) ? ['$like', this.r.one(['%e%', 'B_e', 'a%', '%'])] : ['$gte', value()]),
    );
    return { attribute, operator, value: operand };
  }

  // on an associated row: { association, all: [condition …] }, or { association, none: true }
  associated(model, depth) {
    const association = this.r.one(from(model));
    if (this.r.chance(0.2)) return { association, none: true };
    const all = Array.from({ length: this.r.one([1, 1, 2]) }, () => this.comparison(association.target));
    // keys of an object are all different, and null on a key would mean that there is none
    const plain = all.filter(({ attribute, value }, i) => all.findIndex((other) => other.attribute === attribute) === i &&
      !(value === null && MODELS[association.target].key.includes(attribute)));
    if (plain.length === 0) return { association, none: true };
    const deeper = depth > 0 && this.r.chance(0.25) && from(association.target).length > 0;
    return { association, all: plain, ...(deeper && { further: this.associated(association.target, depth - 1) }) };
  }

  // { and: […] }, { or: […] }, { not: … }, a comparison, a condition on an associated row, or on how many there are
  condition(model, depth) {
    const some = () => Array.from({ length: this.r.between(1, 2) }, () => this.condition(model, depth - 1));
    if (depth > 0 && this.r.chance(0.3))
      return this.r.call(() => ({ and: some() }), () => ({ or: some() }), () => ({ not: this.condition(model, depth - 1) }));
    if (this.r.chance(0.2)) return this.associated(model, 1);
    if (this.r.chance(0.1) && from(model).length > 0)
      return { counted: { form: 'count', association: this.r.one(from(model)) }, operator: this.r.one(['$gt', '$eq', '$lte']), value: this.r.below(4) };
    return this.comparison(model);
  }

  // a total order: the key comes last
  order(model) {
    const direction = () => ({
      descending: this.r.chance(0.5), ...(this.r.chance(0.3) && { nulls: this.r.one(['FIRST', 'LAST']) }),
    });
    const terms = this.r.subset(Object.keys(MODELS[model].attributes), 0.25).map((attribute) => ({ attribute, ...direction() }));
    const lead = from(model).filter(({ kind }) => kind === 'belongs_to');
    if (lead.length > 0 && this.r.chance(0.15)) {
      const association = this.r.one(lead);
      terms.unshift({ association, attribute: this.attribute(association.target), ...direction() });
    }
    return [...terms, ...MODELS[model].key.map((attribute) => ({ attribute, descending: this.r.chance(0.2) }))];
  }

  // undefined: all; else a list of [attribute, name in JSON]
  attributes(model) {
    const names = Object.keys(MODELS[model].attributes);
    return this.r.call(() => undefined,
      () => this.r.subset(names).map((name) => [name, this.r.chance(0.1) ? `${name} "as"` : name]));
  }

  page(tree, probability) {
    if (this.r.chance(probability)) tree.limit = this.r.below(5);
    if (this.r.chance(probability / 2)) tree.offset = this.r.below(4);
  }

  include(association, depth) {
    const tree = { ...this.level(association.target, depth, 0.25), association };
    if (this.r.chance(0.3)) tree.required = this.r.chance(0.6);
    if (MODELS[association.target].deletedAt && this.r.chance(0.3)) tree.paranoid = false;
    if (association.through && this.r.chance(0.6)) tree.throughAttributes = this.r.subset(Object.keys(MODELS[association.through].attributes));
    if (association.through && this.r.chance(0.2)) tree.throughWhere = this.comparison(association.through);
    if (association.source === association.target && depth <= 1 && this.r.chance(0.5)) {
      tree.depth = this.r.between(1, 3);
      tree.includes = tree.includes.filter((include) => include.association !== association);
      if (tree.attributes?.length === 0) tree.attributes = undefined;
    }
    return tree;
  }

  // what a level of the tree says, the root too
  level(model, depth, where) {
    const tree = { model, attributes: this.attributes(model), order: this.order(model), includes: [] };
    if (this.r.chance(where)) tree.where = this.condition(model, 2);
    this.page(tree, 0.3);
    if (this.r.chance(0.4))
      tree.computed = Array.from({ length: this.r.between(1, 3) }, (_, i) => [`x${i}`, drawExpression(this, model, { shown: true })]);
    const by = drawExpression(this, model, {});
    if (this.r.chance(0.15) && by.form !== 'list' && by.form !== 'computed') tree.byExpression = by;
    if (depth > 0)
      tree.includes = this.r.subset(from(model), Math.min(0.9, 1.6 / from(model).length))
        .map((association) => this.include(association, this.r.below(depth)));
    return tree;
  }

  root() {
    const tree = this.level(this.r.one(Object.keys(MODELS).filter((model) => from(model).length > 0)), 4, 0.5);
    if (this.r.chance(0.4)) tree.limit = this.r.below(12);
    return tree;
  }
}

export { isText, typeOf, toMany };
