// Writes a tree as the SQL that one would write by hand: a subquery for each association, correlated
// with its parent's row, and json_build_object.  It shares nothing with the library.
import { sqlOf } from './expressions.mjs';
import { MODELS, toMany } from './fixture.mjs';

const literal = (value) =>
  value === null ? 'NULL' : typeof value === 'string' ? `E'${value.replace(/[\\']/g, '\\$&')}'` : String(value);

const column = (model, alias, attribute) => `${alias}.${MODELS[model].attributes[attribute][0]}`;

const SYMBOLS = { $eq: '=', $ne: '<>', $gt: '>', $gte: '>=', $lt: '<', $lte: '<=', $like: 'LIKE' };

function comparison(model, alias, { attribute, operator, value }) {
  const left = column(model, alias, attribute);
  if (value === null) return `${left} IS ${operator === '$eq' ? '' : 'NOT '}NULL`;
  if (operator === '$in' || operator === '$notIn')
    return `${left} ${operator === '$in' ? 'IN' : 'NOT IN'} (${value.map(literal).join(', ')})`;
  if (operator === '$between') return `${left} BETWEEN ${literal(value[0])} AND ${literal(value[1])}`;
  return `${left} ${SYMBOLS[operator]} ${literal(value)}`;
}

const scoped = (model, alias, scope = {}) =>
  Object.entries(scope).map(([attribute, value]) => comparison(model, alias, { attribute, operator: '$eq', value }));

// Hands out the names of tables, and writes one tree.
export class Sql {
  #n = 0;

  alias(word) {
    return `${word}${++this.#n}`;
  }

  // FROM and WHERE of the rows that an association leads to from the row of a parent
  lead(association, parent, { paranoid, throughWhere } = {}) {
    const { source, target, keys, through, join, scope, throughScope } = association;
    const row = this.alias('t');
    const conditions = scoped(target, row, scope);
    let tables = `${MODELS[target].table} ${row}`;
    let joinRow;

    const match = (left, leftAlias, attributes, right, rightAlias, others) =>
      attributes.forEach((attribute, i) =>
        conditions.push(`${column(left, leftAlias, attribute)} = ${column(right, rightAlias, others[i])}`));
    if (through) {
      joinRow = this.alias('j');
      tables = `${MODELS[through].table} ${joinRow} JOIN ${tables} ON true`;
      match(through, joinRow, join[0], source, parent, keys[0]);
      match(through, joinRow, join[1], target, row, keys[1]);
      conditions.push(...scoped(through, joinRow, throughScope));
      if (MODELS[through].deletedAt) conditions.push(`${column(through, joinRow, MODELS[through].deletedAt)} IS NULL`);
      if (throughWhere) conditions.push(this.condition(through, joinRow, throughWhere));
    } else match(target, row, keys[1], source, parent, keys[0]);
    if (MODELS[target].deletedAt && paranoid !== false)
      conditions.push(`${column(target, row, MODELS[target].deletedAt)} IS NULL`);
    return { row, joinRow, tables, conditions };
  }

  associated(parent, { association, all, none, further }) {
    const { row, tables, conditions } = this.lead(association, parent);
    if (all) conditions.push(...all.map((one) => comparison(association.target, row, one)));
    if (further) conditions.push(this.associated(row, further));
    return `${none ? 'NOT ' : ''}EXISTS (SELECT FROM ${tables} WHERE ${conditions.join(' AND ')})`;
  }

  condition(model, alias, condition) {
    const list = (conditions, word) => `(${conditions.map((one) => this.condition(model, alias, one)).join(word)})`;
    if (condition.and) return list(condition.and, ' AND ');
    if (condition.or) return list(condition.or, ' OR ');
    if (condition.not) return `(NOT ${this.condition(model, alias, condition.not)})`;
    if (condition.counted) return `(${sqlOf(condition.counted, model, alias, this)} ${SYMBOLS[condition.operator]} ${condition.value})`;
    if (condition.association) return this.associated(alias, condition);
    return `(${comparison(model, alias, condition)})`;
  }

  // the conditions on a row that the tree itself and its required includes make
  conditions(tree, alias) {
    const list = tree.where ? [this.condition(tree.model, alias, tree.where)] : [];
    for (const include of tree.includes) {
      if (!(include.required ?? include.where !== undefined)) continue;
      const { row, tables, conditions } = this.lead(include.association, alias, include);
      list.push(`EXISTS (SELECT FROM ${tables} WHERE ${[...conditions, ...this.conditions(include, row)].join(' AND ')})`);
    }
    return list;
  }

  column(model, alias, attribute) {
    return column(model, alias, attribute);
  }

  order(tree, alias) {
    const first = tree.byExpression ? [`${sqlOf(tree.byExpression, tree.model, alias, this, false)} DESC NULLS LAST`] : [];
    return [...first, ...tree.order.map(({ association, attribute, descending, nulls }) => {
      let expression;
      if (association) {
        const { row, tables, conditions } = this.lead(association, alias);
        expression = `(SELECT ${column(association.target, row, attribute)} FROM ${tables} WHERE ${conditions.join(' AND ')})`;
      } else expression = column(tree.model, alias, attribute);
      return `${expression}${descending ? ' DESC' : ''}${nulls ? ` NULLS ${nulls}` : ''}`;
    })].join(', ');
  }

  // a value of an attribute as JSON shows it
  json(model, attribute, value) {
    const type = MODELS[model].attributes[attribute][1];
    return type === 'bigint' ? `${value}::text`
      : type === 'timestamptz' ? `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : value;
  }

  pairs(model, alias, attributes) {
    return attributes.map(([attribute, name]) =>
      `${literal(name)}, ${this.json(model, attribute, column(model, alias, attribute))}`);
  }

  // the JSON of a row
  record(tree, alias, joinRow) {
    const all = (model) => Object.keys(MODELS[model].attributes);
    const pairs = this.pairs(tree.model, alias, tree.attributes ?? all(tree.model).map((name) => [name, name]));
    for (const [key, expression] of tree.computed ?? []) pairs.push(`${literal(key)}, ${sqlOf(expression, tree.model, alias, this)}`);
    const through = tree.association?.through;
    if (through) {
      const attributes = tree.throughAttributes ?? all(through);
      if (attributes.length > 0)
        pairs.push(`${literal(through)}, json_build_object(${this.pairs(through, joinRow, attributes.map((name) => [name, name])).join(', ')})`);
    }
    for (const include of tree.includes)
      if (include.attributes?.length !== 0 || include.computed || include.includes.length > 0)
        pairs.push(`${literal(include.association.alias)}, ${this.include(include, alias, include.above)}`);
    return `json_build_object(${pairs.join(', ')})`;
  }

  // SELECT j, n: the records of a level and their places
  rows(tree, tables, conditions, alias, joinRow) {
    const order = this.order(tree, alias);
    const key = tree.depth ? MODELS[tree.model].key.map((name, i) => `, ${column(tree.model, alias, name)} AS k${i}`).join('') : '';
    return `SELECT ${this.record(tree, alias, joinRow)} AS j, row_number() OVER (ORDER BY ${order}) AS n${key} FROM ${tables}
      WHERE ${[...conditions, ...this.conditions(tree, alias), 'true'].join(' AND ')} ORDER BY ${order}
      ${tree.limit === undefined ? '' : `LIMIT ${tree.limit}`} ${tree.offset === undefined ? '' : `OFFSET ${tree.offset}`}`;
  }

  // above: of a recursive include, the rows that its parent stands in
  include(tree, parent, above = []) {
    const { row, joinRow, tables, conditions } = this.lead(tree.association, parent, tree);
    const name = this.alias('x');
    const within = [...above, parent];
    const again = { ...tree, depth: tree.depth - 1, required: false, above: within };
    const level = tree.depth > 1 ? { ...tree, includes: [again, ...tree.includes] } : tree;
    const key = MODELS[tree.model].key;
    // a record that stands above itself ends the branch
    const ends = tree.depth ? within.map((other) => key.map((attribute, i) => `${name}.k${i} = ${column(tree.model, other, attribute)}`).join(' AND ')) : [];
    const rows = `(${this.rows(level, tables, conditions, row, joinRow)}) ${name} WHERE true ${ends.map((same) => `AND NOT (${same})`).join(' ')}`;
    return toMany(tree.association)
      ? `(SELECT coalesce(json_agg(${name}.j ORDER BY ${name}.n), '[]') FROM ${rows})`
      : `(SELECT ${name}.j FROM ${rows} ORDER BY ${name}.n LIMIT 1)`;
  }

  root(tree) {
    const row = this.alias('t');
    const { table, deletedAt } = MODELS[tree.model];
    const conditions = deletedAt ? [`${column(tree.model, row, deletedAt)} IS NULL`] : [];
    return `SELECT j FROM (${this.rows(tree, `${table} ${row}`, conditions, row)}) x ORDER BY n`;
  }

  count(tree) {
    const row = this.alias('t');
    const { table, deletedAt } = MODELS[tree.model];
    const conditions = deletedAt ? [`${column(tree.model, row, deletedAt)} IS NULL`] : [];
    return `SELECT count(*) FROM ${table} ${row} WHERE ${[...conditions, ...this.conditions(tree, row), 'true'].join(' AND ')}`;
  }
}
