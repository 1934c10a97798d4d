// Random expressions of a record: counts and sums of associated records, cases, arithmetic, windows.
// Each is drawn as a tree, and written out as the library's option and as SQL by hand.
import { MODELS, from } from './fixture.mjs';

const typeOf = (model, attribute) => MODELS[model].attributes[attribute][1];
const named = (model, pattern) => Object.keys(MODELS[model].attributes).filter((name) => pattern.test(typeOf(model, name)));
const NUMBER = /^integer$/;
const TEXT = /^(text|varchar)/;

// one expression over the rows of a model; in attributes it may be a window
export function drawExpression(trees, model, { shown, depth = 1 }) {
  const { r } = trees;
  const many = from(model);
  const lead = many.filter(({ kind }) => kind === 'belongs_to');
  const summable = many.filter(({ target }) => named(target, NUMBER).length > 0);
  const numbers = named(model, NUMBER);
  const texts = named(model, TEXT);
  const of = (association) => ({ association, ...(r.chance(0.4) && { where: trees.comparison(association.target) }) });
  const choices = [];

  if (many.length > 0)
    choices.push(() => ({ form: 'count', ...of(r.one(many)) }), () => ({ form: 'count', ...of(r.one(many)) }),
      () => ({ form: 'exists', ...of(r.one(many)) }),
      () => {
        const association = r.one(many);
        return { form: 'list', ...of(association), attribute: r.one([...named(association.target, NUMBER), ...named(association.target, TEXT)]) };
      });
  if (summable.length > 0)
    choices.push(() => {
      const association = r.one(summable);
      return { form: r.one(['sum', 'avg', 'min', 'max']), ...of(association), attribute: r.one(named(association.target, NUMBER)) };
    });
  if (lead.length > 0)
    choices.push(() => {
      const association = r.one(lead);
      return { form: 'path', association, attribute: trees.attribute(association.target) };
    });
  if (numbers.length > 0)
    choices.push(() => ({ form: 'arithmetic', operator: r.one(['$add', '$sub', '$mul']), attribute: r.one(numbers), by: r.between(1, 5) }));
  if (texts.length > 0)
    choices.push(() => ({ form: 'case', when: trees.condition(model, depth), then: r.one(texts), otherwise: r.one(texts) }),
      () => ({ form: 'concat', attributes: [r.one(texts), r.one(texts)] }));
  choices.push(() => ({ form: 'test', condition: trees.condition(model, depth) }));
  if (shown) choices.push(() => ({
    form: 'window', function: r.one(['row_number', 'count', 'first_value']), partition: r.chance(0.5) ? trees.attribute(model) : undefined,
    descending: r.chance(0.5),
  }));
  if (MODELS[model].computed) choices.push(() => ({ form: 'computed', name: r.one(Object.keys(MODELS[model].computed)) }));
  return r.call(...choices);
}

// As the library's option; a computed attribute is its name.
export function optionOf(expression, model, where) {
  const { form, association, attribute } = expression;
  const over = (more) => ({ [`$${form}`]: { association: association.alias, ...more, ...(expression.where && { where: where(expression.where) }) } });

  switch (form) {
    case 'count':
      return expression.where ? over() : { $count: association.alias };
    case 'exists':
      return over();
    case 'list':
      return over({ attribute, order: [attribute] });
    case 'path':
      return { $col: `${association.alias}.${attribute}` };
    case 'arithmetic':
      return { [expression.operator]: [{ $col: attribute }, expression.by] };
    case 'case':
      return { $case: [[where(expression.when), { $col: expression.then }], { $else: { $col: expression.otherwise } }] };
    case 'concat':
      return { $concat: [{ $col: expression.attributes[0] }, '/', { $col: expression.attributes[1] }] };
    case 'test':
      return { $test: where(expression.condition) };
    case 'window':
      return { $over: [{ $fn: [expression.function, ...(expression.function === 'first_value' ? [{ $col: MODELS[model].key[0] }] : [])] }, {
        ...(expression.partition && { partition: [expression.partition] }),
        order: MODELS[model].key.map((name) => [name, expression.descending ? 'DESC' : 'ASC']),
      }] };
    case 'computed':
      return expression.name;
    default:
      return over({ attribute });
  }
}

// As SQL over the row that alias names; sql hands out names and writes conditions.  shown: as JSON has it.
export function sqlOf(expression, model, alias, sql, shown = true) {
  const { form, association, attribute } = expression;
  const own = (name) => sql.column(model, alias, name);
  const over = (value) => {
    const { row, tables, conditions } = sql.lead(association, alias);
    if (expression.where) conditions.push(sql.condition(association.target, row, expression.where));
    return `(SELECT ${value((name) => sql.column(association.target, row, name))} FROM ${tables} WHERE ${conditions.join(' AND ')})`;
  };

  switch (form) {
    case 'count':
      return over(() => 'count(*)');
    case 'exists':
      return `EXISTS ${over(() => '')}`;
    case 'list':
      return over((column) => `coalesce(json_agg(${column(attribute)} ORDER BY ${column(attribute)}), '[]')`);
    case 'avg':
      return over((column) => `avg(${column(attribute)})::float8`);
    case 'path':
      return over((column) => (shown ? sql.json(association.target, attribute, column(attribute)) : column(attribute)));
    case 'arithmetic':
      return `(${own(attribute)} ${{ $add: '+', $sub: '-', $mul: '*' }[expression.operator]} ${expression.by})`;
    case 'case':
      return `CASE WHEN ${sql.condition(model, alias, expression.when)} THEN ${own(expression.then)} ELSE ${own(expression.otherwise)} END`;
    case 'concat':
      return `concat(${own(expression.attributes[0])}, '/', ${own(expression.attributes[1])})`;
    case 'test':
      return sql.condition(model, alias, expression.condition);
    case 'window':
      // counts are bigint: strings
      return `(${{ row_number: 'row_number()', count: 'count(*)', first_value: `first_value(${own(MODELS[model].key[0])})` }[expression.function]} OVER (${
        expression.partition ? `PARTITION BY ${own(expression.partition)} ` : ''}ORDER BY ${
        MODELS[model].key.map((name) => `${own(name)}${expression.descending ? ' DESC' : ''}`)}))${
        expression.function !== 'first_value' || typeOf(model, MODELS[model].key[0]) === 'bigint' ? '::text' : ''}`;
    case 'computed':
      return sqlOf(MODELS[model].computed[expression.name], model, alias, sql);
    default:
      return over((column) => `${form}(${column(attribute)})`);
  }
}

// Whether the members of a record may stand in another order than they were asked for: what is
// computed over associated records comes after the columns.
export const hasExpressions = (tree) => tree.computed !== undefined || tree.includes.some(hasExpressions);

