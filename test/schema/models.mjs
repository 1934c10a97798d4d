// Random models, and random changes of them.
const LABELS = ['draft', 'open', "it's", 'closed', 'Über'];
const ACTIONS = ['CASCADE', 'SET NULL', 'NO ACTION', 'RESTRICT'];

// types with values that can be their default; only those with an order have indexes
const TYPES = [
  { type: 'STRING', values: ['x', "it's", ''] }, { type: 'STRING(40)', values: ['x'] }, { type: 'TEXT', values: ['long\ntext'] },
  { type: 'CHAR(8)', values: ['abcdefgh', 'ab'] }, { type: 'INTEGER', values: [0, -7] }, { type: 'BIGINT', values: [5] },
  { type: 'SMALLINT', values: [3] }, { type: 'DECIMAL(10,2)', values: [1.5, 7] }, { type: 'DECIMAL', values: [0.25] },
  { type: 'FLOAT', values: [0.5] }, { type: 'REAL', values: [0.5] }, { type: 'BOOLEAN', values: [true, false] },
  { type: 'DATE', values: ['2026-01-02T03:04:05.678Z', 'NOW'] }, { type: 'DATE(0)', values: ['2026-01-02T03:04:05Z'] },
  { type: 'DATEONLY', values: ['2026-01-02', 'NOW'] }, { type: 'TIME', values: ['10:11:12'] }, { type: 'INTERVAL', values: ['1 day'] },
  { type: 'UUID', values: ['UUIDV4', '123e4567-e89b-12d3-a456-426614174000'] }, { type: 'JSONB', values: [{ a: [1, 'b'] }, []] },
  { type: 'JSON', values: [{ b: 1 }], unordered: true }, { type: 'BLOB', values: ['eA=='] }, { type: 'ARRAY(INTEGER)', values: [[1, 2], []] },
  { type: 'ARRAY(STRING)', values: [['a', 'b c']] }, { type: 'RANGE(INTEGER)', values: [] }, { type: 'INET', values: ['10.0.0.1'] },
  { type: 'timestamp(3) without time zone', values: ['2026-01-02 03:04:05'] }, { type: 'point', values: [], unordered: true },
];

const NAMES = ['title', 'pageCount', 'order', 'state', 'Mixed Case', 'owner', 'tags', 'note', 'amount', 'x1', 'since', 'flag'];

export class Schema {
  constructor(random) {
    this.random = random;
    this.models = new Map();
  }

  type() {
    const { random } = this;
    if (random.chance(0.2)) {
      const labels = LABELS.filter(() => random.chance(0.6));
      if (labels.length === 0) labels.push('only');
      const quoted = labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(',');
      if (random.chance(0.2)) return { type: `ARRAY(ENUM(${quoted}))`, values: [labels, []] };
      return { type: `ENUM(${quoted})`, values: labels };
    }
    return random.one(TYPES);
  }

  attribute() {
    const { random } = this;
    const { type, values, unordered } = this.type();
    const attribute = { type };
    if (values.length > 0 && random.chance(0.4)) attribute.defaultValue = random.one(values);
    if (random.chance(0.3)) attribute.allowNull = false;
    if (!unordered && random.chance(0.15)) attribute.unique = random.chance(0.3) ? `together ${random.below(2)}` : true;
    if (!unordered && random.chance(0.15)) attribute.index = random.chance(0.3) ? `ix ${random.below(2)}` : true;
    if (random.chance(0.15)) attribute.comment = random.one(['a comment', "it's one", 'another']);
    return attribute;
  }

  // Names that are shared are of the table, so that no other table's index has them.
  definition(name) {
    const model = this.models.get(name);
    const attributes = {};
    for (const [key, attribute] of model.attributes) {
      const copy = { ...attribute };
      for (const option of ['unique', 'index']) if (typeof copy[option] === 'string') copy[option] = `${name} ${option} ${copy[option]}`;
      attributes[key] = copy;
    }
    return [attributes, model.options];
  }

  reference() {
    const { random } = this;
    const attribute = { type: 'INTEGER', references: random.one([...this.models.keys()]) };
    if (random.chance(0.7)) attribute.onDelete = random.one(ACTIONS);
    if (random.chance(0.5)) attribute.onUpdate = random.one(['CASCADE', 'NO ACTION']);
    return attribute;
  }

  ordered(model) {
    return [...model.attributes].filter(([, a]) => !/^(JSON|point)$/.test(a.type)).map(([key]) => key);
  }

  indexes(model) {
    const { random } = this;
    const keys = this.ordered(model);
    const list = [];
    for (let i = random.below(3); i > 0; i--) {
      const index = { fields: [random.one(keys)] };
      const second = random.one(keys);
      if (random.chance(0.5) && second !== index.fields[0]) index.fields.push({ attribute: second, order: random.one(['ASC', 'DESC']) });
      if (random.chance(0.3)) index.unique = true;
      list.push(index);
    }
    return list;
  }

  add(name) {
    const model = { attributes: new Map(), options: {} };
    this.models.set(name, model);
    for (let i = this.random.between(1, 5); i > 0; i--) model.attributes.set(this.random.one(NAMES), this.attribute());
    return `new model ${name}`;
  }

  // A model whose table nobody refers to goes; the migration is told so.
  remove(name, told) {
    for (const [other, model] of this.models)
      for (const [key, attribute] of model.attributes)
        if (attribute.references === name && other !== name) {
          model.attributes.delete(key);
          delete model.options.indexes;
        }
    this.models.delete(name);
    told.dropTables = [this.tables.get(name)];
    return `without model ${name}`;
  }

  change(told) {
    const { random } = this;
    const name = random.one([...this.models.keys()]);
    const model = this.models.get(name);
    const keys = [...model.attributes.keys()];
    const key = keys.length > 0 ? random.one(keys) : undefined;
    const attribute = model.attributes.get(key);
    const fresh = NAMES.find((n) => !model.attributes.has(n));

    switch (random.below(12)) {
      case 0:
      case 1:
        if (fresh === undefined) return undefined;
        model.attributes.set(fresh, this.attribute());
        return `${name}.${fresh} is new`;
      case 2:
        if (keys.length < 2) return undefined;
        model.attributes.delete(key);
        delete model.options.indexes;
        return `${name}.${key} goes`;
      case 3:
      case 4:
      case 5:
        if (key === undefined || key === 'id' || attribute.references) return undefined;
        model.attributes.set(key, this.attribute());
        delete model.options.indexes;
        return `${name}.${key} was ${JSON.stringify(attribute)}, is ${JSON.stringify(model.attributes.get(key))}`;
      case 6: {
        const reference = `ref${random.below(3)}`;
        model.attributes.set(reference, this.reference());
        return `${name}.${reference} is ${JSON.stringify(model.attributes.get(reference))}`;
      }
      case 7:
        model.options.indexes = this.ordered(model).length > 0 ? this.indexes(model) : [];
        return `indexes of ${name}: ${JSON.stringify(model.options.indexes)}`;
      case 8:
        model.attributes.set('id', { type: random.one(['INTEGER', 'BIGINT']), primaryKey: true, autoIncrement: random.chance(0.7) });
        return `${name}.id is ${JSON.stringify(model.attributes.get('id'))}`;
      case 9:
        model.options.comment = random.one(['first', "second's"]);
        model.options.timestamps = random.chance(0.7);
        return `options of ${name}: ${JSON.stringify(model.options)}`;
      case 10:
        if (key === undefined || fresh === undefined || told.renames?.[name] || key === 'id') return undefined;
        if (!this.before.get(name)?.includes(key) || this.before.get(name).includes(fresh)) return undefined;
        model.attributes = new Map([...model.attributes].map(([k, a]) => [k === key ? fresh : k, a]));
        delete model.options.indexes;
        (told.renames ??= {})[name] = { [this.columns.get(`${name}.${key}`)]: fresh };
        return `${name}.${key} is called ${fresh}`;
      default:
        if (this.models.size > 2 && random.chance(0.4)) {
          if (told.dropTables || told.renames) return undefined;
          return this.remove(name, told);
        }
        return this.models.size < 5 ? this.add(`Model ${'ABCDEFGH'.split('').find((c) => !this.models.has(`Model ${c}`) && !this.before?.has(`Model ${c}`))}`) : undefined;
    }
  }
}
