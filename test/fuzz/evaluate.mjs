// What options should answer, worked out in plain JavaScript over arrays of records.
//
// A condition is true, false or null (unknown), as in SQL.  undefined is no condition at all: what
// is left of {"$notIn": []} or of an empty object.

const not = (x) => (x === null ? null : !x);
const and = (list) => (list.includes(false) ? false : list.includes(null) ? null : true);
const or = (list) => (list.includes(true) ? true : list.includes(null) ? null : false);
const given = (list) => list.filter((x) => x !== undefined);

// Numbers as numbers, text by its bytes (the test's database has the locale C), times by their instant.
function compare(a, b) {
  return typeof a === 'number' ? a - b : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

// The value as the attribute's type has it; value is what the record holds, or what the caller gave.
function convert(attribute, value) {
  if (value === null) return null;
  if (attribute === 'id' || attribute === 'userId') return Number(value);
  if (attribute === 'createdAt' || attribute === 'updatedAt') return new Date(value).getTime();
  return String(value);
}

const OPERATORS = {
  $eq: (c) => c === 0,
  $ne: (c) => c !== 0,
  $gt: (c) => c > 0,
  $gte: (c) => c >= 0,
  $lt: (c) => c < 0,
  $lte: (c) => c <= 0,
};

function operate(record, attribute, operator, operand) {
  const own = convert(attribute, record[attribute]);
  const against = (value, name) => {
    const other = convert(attribute, value);
    return own === null || other === null ? null : OPERATORS[name](compare(own, other));
  };
  const any = (list) => or(list.map((value) => against(value, '$eq')));
  const isObject = operand !== null && typeof operand === 'object' && !Array.isArray(operand);

  switch (operator) {
    case '$eq':
    case '$is':
      return operand === null ? own === null : against(operand, '$eq');
    case '$ne':
      return operand === null ? own !== null : against(operand, '$ne');
    case '$in':
      return any(operand);
    case '$notIn':
      return operand.length === 0 ? undefined : not(any(operand));
    case '$not': {
      if (Array.isArray(operand)) return operate(record, attribute, '$notIn', operand);
      if (!isObject) return operate(record, attribute, '$ne', operand);
      const inner = condition(record, attribute, operand);
      return inner === undefined ? false : not(inner);
    }
    case '$between':
    case '$notBetween': {
      const inside = and([against(operand[0], '$gte'), against(operand[1], '$lte')]);
      return operator === '$between' ? inside : not(inside);
    }
    case '$and':
    case '$or': {
      const list = given(
        Array.isArray(operand)
          ? operand.map((one) => condition(record, attribute, one))
          : Object.entries(operand).map(([name, value]) => operate(record, attribute, name, value)),
      );
      if (list.length === 0) return operator === '$or' ? false : undefined;
      return operator === '$or' ? or(list) : and(list);
    }
    default:
      return against(operand, operator);
  }
}

// what stands under an attribute's name
function condition(record, attribute, value) {
  if (Array.isArray(value)) return operate(record, attribute, '$in', value);
  if (value === null || typeof value !== 'object') return operate(record, attribute, '$eq', value);
  const list = given(Object.entries(value).map(([name, operand]) => operate(record, attribute, name, operand)));
  return list.length === 0 ? undefined : and(list);
}

// "where", or an object or array inside it
function where(record, document) {
  const list = given(Array.isArray(document) ? document.map((one) => where(record, one)) : members(record, document));
  return list.length === 0 ? undefined : and(list);
}

function members(record, document) {
  return Object.entries(document).map(([key, value]) => {
    if (key === '$and') return where(record, value);
    if (key === '$not') {
      const inner = where(record, value);
      return inner === undefined ? false : not(inner);
    }
    if (key !== '$or') return condition(record, key, value);
    const list = given(Array.isArray(value) ? value.map((one) => where(record, one)) : members(record, value));
    return list.length === 0 ? false : or(list);
  });
}

// Whether the record qualifies.
export function matches(record, document) {
  return document === undefined || [true, undefined].includes(where(record, document));
}

function orderBy(order) {
  const terms = order.map((term) => {
    const [attribute, words] = Array.isArray(term) ? [term[0], (term[1] ?? 'ASC').toUpperCase()] : [term, 'ASC'];
    const descending = words.startsWith('DESC');
    const nullsFirst = words.includes('NULLS') ? words.includes('FIRST') : descending;
    return { attribute, descending, nullsFirst };
  });
  return (a, b) => {
    for (const { attribute, descending, nullsFirst } of terms) {
      const [x, y] = [convert(attribute, a[attribute]), convert(attribute, b[attribute])];
      if (x === null || y === null) {
        if (x === y) continue;
        return (x === null) === nullsFirst ? -1 : 1;
      }
      const result = compare(x, y);
      if (result !== 0) return descending ? -result : result;
    }
    return 0;
  };
}

function project(record, attributes) {
  if (attributes === undefined) return { ...record };
  const list = Array.isArray(attributes)
    ? attributes
    : [...Object.keys(record).filter((key) => !(attributes.exclude ?? []).includes(key)), ...(attributes.include ?? [])];
  return Object.fromEntries(list.map((term) => (Array.isArray(term) ? [term[1], record[term[0]]] : [term, record[term]])));
}

function related(record, include, tables) {
  const options = typeof include === 'string' ? { association: include } : include;
  if (options.attributes?.length === 0 && options.include === undefined) return {};
  if (options.association === 'Posts')
    return { Posts: find('Post', options, tables, (post) => post.userId === record.id) };
  return { User: find('User', options, tables, (user) => user.id === record.userId)[0] ?? null };
}

// The records that find_all answers.
export function find(model, options, tables, filter = () => true) {
  const { where: document, attributes, order = [], limit = Infinity, offset = 0, include = [] } = options;

  return tables[model]
    .filter((record) => filter(record) && matches(record, document))
    .sort(orderBy(order))
    .slice(offset, offset + limit)
    .map((record) =>
      Object.assign(project(record, attributes), ...[include].flat().map((one) => related(record, one, tables))));
}
