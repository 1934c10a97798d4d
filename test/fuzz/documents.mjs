// Random documents: options and data as the contract describes them, and what goes wrong with them.

const MODELS = {
  Student: { attributes: ['id', 'name', 'cohort', 'email', 'createdAt', 'updatedAt'], associations: [] },
  User: { attributes: ['id', 'name', 'email', 'createdAt', 'updatedAt'], associations: ['Posts', 'Post'] },
  Post: {
    attributes: ['id', 'title', 'body', 'userId', 'createdAt', 'updatedAt'],
    associations: ['User'],
  },
};

export const MODEL_NAMES = Object.keys(MODELS);

// The model of that name; for a name that is none any will do.
export const modelNamed = (name) => (Object.hasOwn(MODELS, name) ? MODELS[name] : MODELS.Student);

const COMPARISONS = ['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'];
const LATER_OPERATORS = [
  '$like', '$notLike', '$iLike', '$notILike', '$regexp', '$notRegexp', '$iRegexp', '$notIRegexp',
  '$startsWith', '$endsWith', '$substring', '$notStartsWith', '$iStartsWith', '$any', '$all',
  '$contains', '$contained', '$overlap', '$adjacent', '$strictLeft', '$strictRight',
  '$noExtendLeft', '$noExtendRight', '$anyKeyExists', '$allKeysExist', '$match', '$col', '$expr',
  '$fn', '$cast', '$param',
];
const OPTIONS = [
  'where', 'attributes', 'order', 'limit', 'offset', 'after', 'before', 'include', 'group', 'having',
  'distinct', 'paranoid', 'scope', 'lock', 'skipLocked', 'noWait', 'names', 'fields', 'ignoreUnknown', 'set', 'returning', 'existing',
  'validate', 'validateUnique', 'all', 'force', 'ignoreDuplicates', 'updateOnDuplicate', 'conflictAttributes', 'others', 'conflictWhere',
  'truncate', 'cascade', 'restartIdentity', 'by', 'ignoreMissing', 'association', 'through', 'required', 'defaults', 'as',
];

// Each would leave a trace if it ever became part of an SQL text: a sequence is not rolled back, a
// division by zero has an SQLSTATE that no input of ours has, the control tables are counted.
export const SQL_FRAGMENTS = [
  "'; SELECT nextval('fuzz_canary'); --",
  '"; SELECT nextval(\'fuzz_canary\'); --',
  "') OR nextval('fuzz_canary') > 0 OR ('1'='1",
  "nextval('fuzz_canary')",
  "id) FROM students; SELECT nextval('fuzz_canary') --",
  'id" = 1 OR 1/0 = 1 --',
  "x' OR 1/0 = 1 OR 'x' = '",
  '(SELECT 1/0)',
  '1/0',
  'name, (SELECT 1/0) AS x',
  'DESC, (SELECT 1/0)',
  'ASC; DROP TABLE fuzz_control; --',
  '"; DROP TABLE fuzz_control; --',
  "'; DELETE FROM fuzz_control; --",
  "\\'; DELETE FROM fuzz_control; --",
  '$$; DELETE FROM fuzz_control; $$',
  '$1', '$0', '$99999', '$-1', '${id}', ':id', '?', '%s', '%n%n%n', '{{id}}',
  "id::text", "id'::text", "name->>'a'", 'meta.a"b', "meta.a'b", '$User.name$', '$Posts.id$', '$1/0$',
  'pg_sleep(60)', '/*', '*/', '--', ';', "''", '""', '\\', "E'\\x00'", 'U&"\\0061"',
];

const STRANGE_STRINGS = [
  '', ' ', '\t\n\r', '\u0001\u001f', '\u007f', 'é', '日本語', '\u{1F600}\u{1F468}\u200D\u{1F469}',
  '\u202Eabc', '\uFEFF', '\uFFFF', 'e\u0301', 'ﬀ', 'İ', 'ß', '\u2028\u2029', '"', "'", '`', '\\', '\\u0000', '</script>',
  'null', 'true', 'NaN', 'Infinity', '-0', '1e400', '0x10', '1_000', ' 5 ', '5.0', '00005', '９',
  '2026-01-01', '2026-02-30', '-infinity', 'now', 'epoch', '294277-01-01', '0001-01-01 BC', '24:00', 'allballs',
  '__proto__', 'constructor', 'toString', 'id ', ' id', 'ID', 'Id', 'created_at', 'user_id', 'ctid', 'xmin', 'tableoid', 't.id', 't',
  'students', 'pg_catalog', 'public', 'a'.repeat(63), 'a'.repeat(64), 'ü'.repeat(40), '\u{1F600}'.repeat(70),
  'x@y.zz', 'not an address', 'a'.repeat(300) + '@example.org',
];

// JSON.stringify has no way to write these numbers
export const RAW_NUMBERS = [
  '1e400', '-1e-400', '9999999999999999999999', '1e131072', '1e-16384', '-0', '-0.0', '2147483648', '-2147483649',
  '9223372036854775808', '0.1e1', '5.000', '1E+2', '123456789012345678901234567890.123456789',
];
const RAW_MARK = '\u0002raw:';

// The document as JSON text.
export function toText(document) {
  const text = JSON.stringify(document);
  return text === undefined ? 'null' : text.replace(/"\\u0002raw:([^"]*)"/g, '$1');
}

export class Documents {
  constructor(random) {
    this.r = random;
  }

  // --- scalars

  longString() {
    return this.r.one(['x', 'é', '"', '\\', '%', '(', '\u{1F600}']).repeat(this.r.one([255, 256, 1000, 20000, 300000]));
  }

  string() {
    const roll = this.r.below(20);
    if (roll < 8)
      return this.r.one(['Ada', 'Grace', 'Alan', 'Spring 2026', 'Autumn 2026', 'ada@example.org', 'title 3', 'x', '7']);
    if (roll < 13) return this.r.one(SQL_FRAGMENTS);
    if (roll < 18) return this.r.one(STRANGE_STRINGS);
    if (roll < 19) return String.fromCodePoint(...this.r.some(12, () => this.codePoint()));
    return this.r.chance(0.1) ? this.longString() : this.r.one(SQL_FRAGMENTS) + this.r.one(STRANGE_STRINGS);
  }

  codePoint() {
    const code = this.r.one([0x80, 0x100, 0x800, 0x10000, 0x110000]);
    const point = this.r.below(code);
    // zero and lone surrogates are the JSON parser's errors, and seldom of interest
    return point === 0 || (point >= 0xd800 && point < 0xe000) ? (this.r.chance(0.02) ? point : 0x41) : point;
  }

  number() {
    return this.r.call(
      () => this.r.between(-3, 40),
      () => this.r.one([0, 1, 2, 3, 1.5, -1, 2147483647, -2147483648, 9007199254740993, 1e21, 1e-7, 1e308]),
      () => RAW_MARK + this.r.one(RAW_NUMBERS),
    );
  }

  scalar() {
    return this.r.call(
      () => this.number(), () => this.number(), () => this.string(), () => this.string(),
      () => null, () => this.r.chance(0.5),
    );
  }

  anything(depth = 3) {
    const roll = this.r.below(depth > 0 ? 10 : 6);
    if (roll < 6) return this.scalar();
    if (roll < 8) return this.r.some(4, () => this.anything(depth - 1));
    return this.object(this.r.below(4), () => [this.key(), this.anything(depth - 1)]);
  }

  object(n, member) {
    return Object.fromEntries(Array.from({ length: n }, member));
  }

  // any text that could stand where a key does
  key() {
    return this.r.call(
      () => this.r.one(OPTIONS), () => this.r.one([...COMPARISONS, '$in', '$not', '$and', '$or', '$between']),
      () => this.r.one(LATER_OPERATORS), () => this.attribute('Post'), () => this.string(),
    );
  }

  attribute(model) {
    if (this.r.chance(0.02)) return this.string();
    return this.r.one(modelNamed(model).attributes);
  }

  time() {
    return this.r.one(['2026-01-05T00:00:00.000Z', '2026-01-05', '2030-01-01T12:00:00+02', '1999-12-31 23:59:59.999999+00']);
  }

  // a value that would do for the attribute, most of the time
  value(attribute) {
    if (this.r.chance(0.04)) return this.anything();
    if (attribute === 'id' || attribute === 'userId') return this.r.between(0, 25);
    if (attribute === 'createdAt' || attribute === 'updatedAt') return this.time();
    return this.string();
  }

  // --- where

  operator(attribute, depth) {
    const value = () => this.value(attribute);
    const roll = this.r.below(12);
    if (roll < 5) return [this.r.one(COMPARISONS), value()];
    if (roll < 6) return [this.r.one(['$in', '$notIn', '$not']), this.r.some(5, value)];
    if (roll < 7) return [this.r.one(['$between', '$notBetween']), [value(), value()]];
    if (roll < 8) return [this.r.one(['$is', '$not', '$eq', '$ne']), this.r.one([null, null, true, false])];
    if (roll < 9) return ['$not', depth > 0 ? this.condition(attribute, depth - 1) : null];
    if (roll < 11 && depth > 0)
      return [this.r.one(['$and', '$or']), this.r.some(3, () => this.condition(attribute, depth - 1))];
    if (this.r.chance(0.7)) return [this.r.one(COMPARISONS), value()];
    return [this.r.one(LATER_OPERATORS), this.r.call(value, () => this.string(), () => this.r.some(3, value))];
  }

  condition(attribute, depth) {
    return this.r.call(
      () => this.value(attribute),
      () => (this.r.chance(0.3) ? null : this.r.some(4, () => this.value(attribute))),
      () => this.object(this.r.between(1, 2), () => this.operator(attribute, depth)),
    );
  }

  where(model, depth = 3) {
    const members = () =>
      this.object(this.r.below(4), () => {
        if (depth > 0 && this.r.chance(0.25))
          return [
            this.r.one(['$and', '$or', '$not']),
            this.r.chance(0.5) ? this.where(model, depth - 1) : this.r.some(3, () => this.where(model, depth - 1)),
          ];
        const attribute = this.attribute(model);
        return [attribute, this.condition(attribute, depth)];
      });
    return this.r.chance(0.1) ? this.r.some(3, members) : members();
  }

  // --- the other options

  attributes(model) {
    const term = () => (this.r.chance(0.15) ? [this.attribute(model), this.string()] : this.attribute(model));
    return this.r.call(
      () => this.r.some(5, term), () => this.r.some(5, term),
      () => ({ exclude: this.r.some(3, () => this.attribute(model)), include: this.r.some(2, term) }),
    );
  }

  order(model) {
    const direction = () =>
      this.r.one(['ASC', 'DESC', 'asc', 'DESC NULLS LAST', 'ASC NULLS FIRST', 'nulls first', 'DESC', this.string()]);
    const term = () => (this.r.chance(0.5) ? this.attribute(model) : [this.attribute(model), direction()]);
    return this.r.chance(0.1) ? this.attribute(model) : this.r.some(3, term);
  }

  include(model, depth = 3) {
    const associations = modelNamed(model).associations;
    const alias = () =>
      associations.length === 0 || this.r.chance(0.05) ? this.string() : this.r.one(associations);
    const target = (name) => (name === 'User' ? 'User' : 'Post');
    const one = () => {
      const association = alias();
      const inner = target(association);
      if (this.r.chance(0.5)) return association;
      return {
        association,
        ...(this.r.chance(0.3) && { attributes: this.attributes(inner) }),
        ...(this.r.chance(0.3) && { order: this.order(inner) }),
        ...(depth > 0 && this.r.chance(0.4) && { include: this.include(inner, depth - 1) }),
        ...(this.r.chance(0.05) && { [this.key()]: this.anything() }),
      };
    };
    return this.r.chance(0.8) ? one() : this.r.some(2, one);
  }

  // What is written with a record.
  written(model, updates, depth = 2) {
    const associations = modelNamed(model).associations;
    const one = () => {
      const association = associations.length === 0 || this.r.chance(0.05) ? this.string() : this.r.one(associations);
      const inner = association === 'User' ? 'User' : 'Post';
      if (this.r.chance(0.3)) return association;
      return {
        association,
        ...(this.r.chance(0.3) && { ignoreDuplicates: this.r.chance(0.9) }),
        ...(this.r.chance(0.1) && { updateOnDuplicate: this.r.subset(modelNamed(inner).attributes, 0.5) }),
        ...(this.r.chance(0.2) && { conflictAttributes: [this.r.one(['id', 'email', this.attribute(inner)])] }),
        ...(this.r.chance(updates ? 0.4 : 0.05) && { others: this.r.one(['keep', 'remove', 'destroy', 'destroy', this.string()]) }),
        ...(depth > 0 && this.r.chance(0.4) && { include: this.written(inner, updates, depth - 1) }),
        ...(this.r.chance(0.05) && { [this.key()]: this.anything() }),
      };
    };
    return this.r.chance(0.8) ? one() : this.r.some(2, one);
  }

  // Options for the function of that name.
  options(model, name) {
    const r = this.r;
    const document = {};
    const may = (key, probability, make) => {
      if (r.chance(probability)) document[key] = make();
    };
    const byKey = /by_pk|^(student|user|post)_(update|destroy)$/.test(name);
    const writes = /create|update|destroy|restore|upsert|truncate/.test(name);

    if (!/create|truncate/.test(name) || name.endsWith('find_or_create')) may('where', byKey ? 0.2 : writes ? 0.85 : 0.6, () => this.where(model));
    if (/update|destroy/.test(name) && !byKey) may('all', document.where ? 0.1 : 0.9, () => true);
    if (/create|update|upsert/.test(name)) {
      may('fields', 0.1, () => r.subset(modelNamed(model).attributes, 0.8));
      may('ignoreUnknown', 0.3, () => r.chance(0.8));
      may('validate', 0.2, () => r.chance(0.3));
      may('validateUnique', 0.3, () => r.chance(0.8));
    }
    if (/create$|by_pk|_update$/.test(name) && !name.endsWith('find_or_create')) may('include', 0.3, () => this.written(model, /update/.test(name)));
    if (name.endsWith('find_or_create')) may('defaults', 0.8, () => this.row(model));
    if (/bulk_create|upsert/.test(name)) {
      may('ignoreDuplicates', 0.2, () => r.chance(0.8));
      may('updateOnDuplicate', 0.3, () => r.subset(modelNamed(model).attributes, 0.5));
      may('conflictWhere', 0.05, () => this.where(model));
      may('conflictAttributes', 0.2, () => [r.one(['id', 'id', 'email', r.one(modelNamed(model).attributes)])]);
    }
    if (!writes && !name.includes('count')) {
      may('attributes', 0.25, () => this.attributes(model));
      may('include', 0.25, () => this.include(model));
      if (!byKey) {
        may('order', 0.3, () => this.order(model));
        may('limit', 0.3, () => r.between(0, 9));
        may('offset', 0.15, () => r.between(0, 9));
      }
    }
    if (r.chance(0.05)) document[r.chance(0.5) ? r.one(OPTIONS) : this.key()] = this.anything();
    return document;
  }

  // --- data

  row(model, created = true, depth = 2) {
    const attributes = modelNamed(model).attributes.filter(
      (attribute) => created || !attribute.endsWith('At') || this.r.chance(0.05));
    const data = {};
    for (const attribute of attributes)
      if (this.r.chance(attribute === 'id' || attribute.endsWith('At') ? 0.1 : 0.7))
        data[attribute] =
          attribute === 'email' && this.r.chance(0.8) ? `n${this.r.below(1e9)}@example.org`
          : attribute === 'id' ? this.r.between(1000, 1e6)
          : this.value(attribute);
    if (this.r.chance(0.05)) data[this.key()] = this.anything();
    if (depth > 0)
      for (const association of modelNamed(model).associations)
        if (this.r.chance(0.15)) data[association] = this.nested(association, depth - 1);
    return data;
  }

  // What stands under an association: new records, some with keys, keys alone.
  nested(association, depth) {
    const model = association === 'User' ? 'User' : 'Post';
    const one = () => this.r.call(
      () => this.row(model, false, depth), () => ({ id: this.r.between(0, 25), ...this.row(model, false, depth) }),
      () => this.r.between(0, 25), () => ({ $link: this.r.one([this.r.between(0, 25), { id: this.r.between(0, 25) }, this.anything()]) }),
      () => (this.r.chance(0.2) ? this.anything() : { id: this.r.between(0, 25) }));
    return this.r.chance(0.05) ? this.anything() : association === 'User' ? one() : this.r.some(3, one);
  }

  rows(model) {
    return this.r.some(this.r.chance(0.05) ? 200 : 4, () => this.row(model));
  }

  // --- keys

  primaryKey() {
    return this.r.call(
      ...Array(6).fill(() => String(this.r.between(0, 25))), () => this.string(),
      () => this.r.one(['0', '-1', '2147483648', '9223372036854775807', '9223372036854775808', '1.0', '{}', '[1]', '{"id":1}', 'null', '"3"']),
      () => '6ecd8c99-4036-403d-bf84-cf8400f67836',
    );
  }

  // --- what goes wrong

  deep() {
    const depth = this.r.one([20, 150, 199, 200, 201, 250, 600]);
    const [key, leaf] = [this.r.one(['$and', '$or', '$not', 'include', 'where', 'id', '$in']), this.scalar()];
    const array = this.r.chance(0.3);
    let text = leaf;
    for (let i = 0; i < depth; i++) text = array ? [text] : { [key]: text };
    return text;
  }

  replacement(old) {
    return this.r.call(
      () => this.anything(), () => this.scalar(), () => this.scalar(), () => [old], () => ({ [this.key()]: old }), () => this.string(),
      () => (this.r.chance(0.4) ? this.deep() : [old, old]),
      // many copies, unless there are many in it already; each by itself, so that a later change is made in one of them
      () => (this.r.chance(0.1)
        ? Array.from({ length: Math.min(this.r.one([1700, 5000]), Math.ceil(1e6 / toText(old).length)) }, () => structuredClone(old)) : {}),
    );
  }

  // A copy of the document with one place of it changed.
  mutate(document) {
    const places = [];
    const walk = (node, parent, key) => {
      places.push([parent, key]);
      if (node !== null && typeof node === 'object') for (const k of Object.keys(node)) walk(node[k], node, k);
    };
    const holder = { root: structuredClone(document) };
    walk(holder.root, holder, 'root');
    // the document itself is one place among many
    if (places.length === 1 && this.r.chance(0.8)) return holder.root;
    const [parent, key] = places[this.r.chance(0.1) ? 0 : this.r.below(places.length)];
    if (Array.isArray(parent) || parent === holder || this.r.chance(0.6)) parent[key] = this.replacement(parent[key]);
    else {
      const value = parent[key];
      delete parent[key];
      if (this.r.chance(0.8)) parent[this.key()] = value;
    }
    return holder.root;
  }

  // A document's text: as made, with up to three changes, or cut off.
  spoil(document) {
    let spoiled = document;
    if (this.r.chance(0.35)) for (let i = this.r.one([1, 1, 1, 2, 3]); i > 0; i--) spoiled = this.mutate(spoiled);
    let text = toText(spoiled);
    if (this.r.chance(0.005)) text = text.slice(0, this.r.below(text.length)).replace(/[\ud800-\udbff]$/, '');
    if (this.r.chance(0.001)) text = '{"where":'.repeat(this.r.one([1000, 100000]));
    return text;
  }
}
