// Writes a tree as the library's options.
import { optionOf } from './expressions.mjs';
import { MODELS } from './fixture.mjs';

// The member of a where object that a comparison is; equality has a short form, too.
const member = ({ attribute, operator, value }, prefix = '') => {
  const name = prefix === '' ? attribute : `$${prefix}${attribute}$`;
  return [name, operator === '$eq' ? value : { [operator]: value }];
};

const associated = ({ association, all, none, further }, prefix) => {
  const path = `${prefix}${association.alias}.`;
  if (none) return [[`$${path}${MODELS[association.target].key[0]}$`, null]];
  return [...all.map((comparison) => member(comparison, path)), ...(further ? associated(further, path) : [])];
};

function where(condition) {
  if (condition.and) return { $and: condition.and.map(where) };
  if (condition.or) return { $or: condition.or.map(where) };
  if (condition.not) return { $not: where(condition.not) };
  if (condition.counted) return { $expr: [optionOf(condition.counted, undefined, where), condition.operator, condition.value] };
  if (condition.association) return Object.fromEntries(associated(condition, ''));
  return Object.fromEntries([member(condition)]);
}

const direction = ({ descending, nulls }) =>
  [descending ? 'DESC' : 'ASC', ...(nulls ? [`NULLS ${nulls}`] : [])].join(' ');

export function optionsOf(tree) {
  const options = { order: tree.order.map((term) => [...(term.association ? [term.association.alias] : []), term.attribute, direction(term)]) };

  if (tree.attributes) options.attributes = tree.attributes.map(([name, as]) => (name === as ? name : [name, as]));
  if (tree.computed) {
    const more = tree.computed.map(([key, expression]) => [optionOf(expression, tree.model, where), key]);
    options.attributes = tree.attributes ? [...options.attributes, ...more] : { include: more };
  }
  if (tree.byExpression) options.order.unshift([optionOf(tree.byExpression, tree.model, where), 'DESC NULLS LAST']);
  if (tree.where) options.where = where(tree.where);
  for (const name of ['limit', 'offset', 'required', 'paranoid']) if (tree[name] !== undefined) options[name] = tree[name];
  if (tree.association) options.association = tree.association.alias;
  if (tree.depth) Object.assign(options, { recursive: true, depth: tree.depth });
  if (tree.throughAttributes || tree.throughWhere)
    options.through = {
      ...(tree.throughAttributes && { attributes: tree.throughAttributes }),
      ...(tree.throughWhere && { where: where(tree.throughWhere) }),
    };
  if (tree.includes.length > 0) options.include = tree.includes.map(optionsOf);
  return options;
}
