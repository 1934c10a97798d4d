// Models with every kind of association, and rows for them.
//
// MODELS and ASSOCIATIONS say what the tables are, for the SQL that is written by hand; define()
// tells the server the same through its own functions.

import { optionOf } from './expressions.mjs';

// Attributes with their columns and types, in declared order; `key` is the primary key.
export const MODELS = {
  Store: {
    table: 'stores',
    key: ['region', 'number'],
    attributes: {
      region: ['region', 'text'], number: ['number', 'integer'], name: ['name', 'text'], open: ['is_open', 'boolean'],
    },
  },
  Clerk: {
    table: 'clerks',
    key: ['id'],
    attributes: {
      id: ['id', 'integer'], name: ['name', 'text'], bossId: ['boss_id', 'integer'],
      storeRegion: ['store_region', 'text'], storeNumber: ['store_number', 'bigint'],
    },
  },
  Item: {
    table: 'items',
    key: ['region', 'code'],
    attributes: {
      region: ['region', 'varchar(10)'], code: ['code', 'bigint'], name: ['name', 'text'], price: ['price', 'integer'],
      deletedAt: ['deleted_at', 'timestamptz'],
    },
    deletedAt: 'deletedAt',
  },
  Stock: {
    table: 'stocks',
    key: ['storeRegion', 'storeNumber', 'itemRegion', 'itemCode'],
    attributes: {
      storeRegion: ['store_region', 'text'], storeNumber: ['store_number', 'integer'],
      itemRegion: ['item_region', 'text'], itemCode: ['item_code', 'integer'],
      amount: ['amount', 'integer'], state: ['state', 'text'],
    },
  },
  Note: {
    table: 'notes',
    key: ['id'],
    attributes: {
      id: ['id', 'integer'], text: ['text', 'text'], pinned: ['pinned', 'boolean'],
      aboutType: ['about_type', 'text'], aboutId: ['about_id', 'integer'],
    },
  },
  Tag: {
    table: 'tags',
    key: ['id'],
    attributes: { id: ['id', 'integer'], word: ['word', 'text COLLATE "C"'], weight: ['weight', 'integer'] },
  },
  Tagging: {
    table: 'taggings',
    key: ['id'],
    attributes: { id: ['id', 'integer'], clerkId: ['clerk_id', 'integer'], word: ['word', 'text'], since: ['since', 'integer'] },
  },
  Link: {
    table: 'links',
    key: ['id'],
    attributes: {
      id: ['id', 'integer'], fromId: ['from_id', 'integer'], toId: ['to_id', 'integer'],
      deletedAt: ['deleted_at', 'timestamptz'],
    },
    deletedAt: 'deletedAt',
  },
  Badge: {
    table: 'badges',
    key: ['code'],
    attributes: { code: ['code', 'text'], clerkId: ['clerk_id', 'integer'], level: ['level', 'integer'] },
  },
};

const one = (source, alias, target, keys, more) => ({ source, alias, target, keys, ...more });

// keys: attributes of the source, and of the target; with through, those of the join model beside them.
export const ASSOCIATIONS = [
  one('Store', 'Clerks', 'Clerk', [['region', 'number'], ['storeRegion', 'storeNumber']], { kind: 'has_many' }),
  one('Clerk', 'Store', 'Store', [['storeRegion', 'storeNumber'], ['region', 'number']], { kind: 'belongs_to' }),
  one('Store', 'chief', 'Clerk', [['region', 'number'], ['storeRegion', 'storeNumber']], { kind: 'has_one' }),
  one('Clerk', 'boss', 'Clerk', [['bossId'], ['id']], { kind: 'belongs_to' }),
  one('Clerk', 'staff', 'Clerk', [['id'], ['bossId']], { kind: 'has_many' }),
  one('Clerk', 'Badge', 'Badge', [['id'], ['clerkId']], { kind: 'has_one' }),
  one('Badge', 'Clerk', 'Clerk', [['clerkId'], ['id']], { kind: 'belongs_to' }),
  one('Store', 'Items', 'Item', [['region', 'number'], ['region', 'code']], {
    kind: 'belongs_to_many', through: 'Stock', join: [['storeRegion', 'storeNumber'], ['itemRegion', 'itemCode']],
  }),
  one('Store', 'shown', 'Item', [['region', 'number'], ['region', 'code']], {
    kind: 'belongs_to_many', through: 'Stock', join: [['storeRegion', 'storeNumber'], ['itemRegion', 'itemCode']],
    throughScope: { state: 'shown' }, scope: { price: 3 },
  }),
  one('Item', 'Stores', 'Store', [['region', 'code'], ['region', 'number']], {
    kind: 'belongs_to_many', through: 'Stock', join: [['itemRegion', 'itemCode'], ['storeRegion', 'storeNumber']],
  }),
  one('Item', 'Stocks', 'Stock', [['region', 'code'], ['itemRegion', 'itemCode']], { kind: 'has_many' }),
  one('Stock', 'Item', 'Item', [['itemRegion', 'itemCode'], ['region', 'code']], { kind: 'belongs_to' }),
  one('Stock', 'Store', 'Store', [['storeRegion', 'storeNumber'], ['region', 'number']], { kind: 'belongs_to' }),
  one('Clerk', 'Notes', 'Note', [['id'], ['aboutId']], { kind: 'has_many', scope: { aboutType: 'clerk' } }),
  one('Clerk', 'pin', 'Note', [['id'], ['aboutId']], { kind: 'has_one', scope: { aboutType: 'clerk', pinned: true } }),
  one('Tag', 'Notes', 'Note', [['id'], ['aboutId']], { kind: 'has_many', scope: { aboutType: 'tag' } }),
  one('Note', 'Clerk', 'Clerk', [['aboutId'], ['id']], { kind: 'belongs_to' }),
  one('Note', 'Tag', 'Tag', [['aboutId'], ['id']], { kind: 'belongs_to', scope: { weight: null } }),
  one('Clerk', 'Tags', 'Tag', [['id'], ['word']], {
    kind: 'belongs_to_many', through: 'Tagging', join: [['clerkId'], ['word']],
  }),
  one('Tag', 'Clerks', 'Clerk', [['word'], ['id']], {
    kind: 'belongs_to_many', through: 'Tagging', join: [['word'], ['clerkId']],
  }),
  one('Tag', 'like', 'Tag', [['id'], ['id']], {
    kind: 'belongs_to_many', through: 'Link', join: [['fromId'], ['toId']],
  }),
];

// computed attributes, as expressions.mjs writes them
const named = (source, alias) => ASSOCIATIONS.find((association) => association.source === source && association.alias === alias);
MODELS.Clerk.computed = {
  staffCount: { form: 'count', association: named('Clerk', 'staff') },
  tagWeight: { form: 'sum', association: named('Clerk', 'Tags'), attribute: 'weight' },
  label: { form: 'concat', attributes: ['name', 'storeRegion'] },
};
MODELS.Item.computed = { storeNames: { form: 'list', association: named('Item', 'Stores'), attribute: 'name' } };
MODELS.Note.computed = { about: { form: 'path', association: named('Note', 'Clerk'), attribute: 'name' } };

export const toMany = ({ kind }) => kind === 'has_many' || kind === 'belongs_to_many';
export const from = (model) => ASSOCIATIONS.filter(({ source }) => source === model);

const TYPES = {
  integer: 'INTEGER', bigint: 'BIGINT', boolean: 'BOOLEAN', timestamptz: 'DATE', 'varchar(10)': 'STRING(10)',
};

async function define(client) {
  for (const [name, { table, key, attributes, deletedAt, computed = {} }] of Object.entries(MODELS)) {
    const columns = Object.values(attributes).map(([column, type]) => `${column} ${type}`);
    await client.query(`CREATE TABLE ${table} (${columns.join(', ')}, PRIMARY KEY (${key.map((a) => attributes[a][0])}))`);
    const definition = Object.fromEntries(
      Object.entries(attributes).filter(([attribute]) => attribute !== deletedAt).map(([attribute, [field, type]]) =>
        [attribute, { type: TYPES[type] ?? 'TEXT', field, primaryKey: key.includes(attribute) }]));
    for (const [attribute, expression] of Object.entries(computed))
      definition[attribute] = { type: 'VIRTUAL', as: optionOf(expression, name) };
    const options = deletedAt ? { createdAt: false, updatedAt: false, paranoid: true } : { timestamps: false };
    await client.query('SELECT studentdir.define($1, $2, $3)', [name, JSON.stringify(definition), JSON.stringify(options)]);
  }
  for (const { source, alias, target, keys, kind, through, join, scope, throughScope } of ASSOCIATIONS) {
    const options = { as: alias, constraints: false, ...(scope && { scope }) };
    if (through)
      Object.assign(options, {
        through: throughScope ? { model: through, scope: throughScope } : through,
        sourceKey: keys[0], targetKey: keys[1], foreignKey: join[0], otherKey: join[1],
      });
    else if (kind === 'belongs_to') Object.assign(options, { foreignKey: keys[0], targetKey: keys[1] });
    else Object.assign(options, { foreignKey: keys[1], sourceKey: keys[0] });
    await client.query(`SELECT studentdir.${kind}($1, $2, $3)`, [source, target, JSON.stringify(options)]);
  }
}

// Makes the tables and fills them: small domains, so that keys meet, and nulls in every key that may hold one.
export async function makeFixture(client, random) {
  const WORDS = ['ant', 'Bee', 'bee', 'cow', 'Dög', 'x"y', 'a\\b', '日本', ''];
  const maybe = (make) => (random.chance(0.2) ? null : make());
  const word = () => random.one(WORDS);
  const region = () => random.one(['n', 's', 'S']);
  const rows = (n, make) => Array.from({ length: n }, (_, i) => make(i + 1));
  const time = () => (random.chance(0.2) ? `2026-01-0${random.between(1, 9)}T10:00:00.${random.between(100, 999)}Z` : null);
  // no two of them have the same key
  const unique = (list, key) => [...new Map(list.map((row) => [JSON.stringify(key(row)), row])).values()];
  const data = {
    Store: unique(rows(14, () => ({ region: region(), number: random.between(1, 6), name: maybe(word), open: maybe(() => random.chance(0.5)) })),
      (row) => [row.region, row.number]),
    Clerk: rows(150, (id) => ({
      id, name: maybe(word), bossId: maybe(() => random.between(1, 40)), storeRegion: maybe(region),
      storeNumber: maybe(() => random.between(1, 7)),
    })),
    Item: unique(rows(30, () => ({
      region: region(), code: random.between(1, 12), name: maybe(word), price: maybe(() => random.between(1, 4)), deletedAt: time(),
    })), (row) => [row.region, row.code]),
    Stock: unique(rows(140, () => ({
      storeRegion: region(), storeNumber: random.between(1, 7), itemRegion: region(), itemCode: random.between(1, 13),
      amount: maybe(() => random.below(5)), state: maybe(() => random.one(['shown', 'hidden'])),
    })), (row) => [row.storeRegion, row.storeNumber, row.itemRegion, row.itemCode]),
    Note: rows(200, (id) => ({
      id, text: maybe(word), pinned: maybe(() => random.chance(0.4)), aboutType: maybe(() => random.one(['clerk', 'tag'])),
      aboutId: maybe(() => random.between(1, 30)),
    })),
    // a key that is not the primary one: no word occurs twice, but it may be missing
    Tag: rows(14, (id) => ({ id, word: id % 5 === 0 ? null : `${WORDS[id % 3]}${id}`, weight: maybe(() => random.below(3)) })),
    Tagging: unique(rows(160, (id) => ({
      id, clerkId: maybe(() => random.between(1, 40)), word: maybe(() => { const n = random.between(1, 16); return `${WORDS[n % 3]}${n}`; }),
      since: maybe(() => random.below(4)),
    })), (row) => [row.clerkId, row.word]),
    Link: unique(rows(50, (id) => ({
      id, fromId: maybe(() => random.between(1, 15)), toId: maybe(() => random.between(1, 15)), deletedAt: time(),
    })), (row) => [row.fromId, row.toId]),
    Badge: unique(rows(60, (id) => ({ code: `b${id}`, clerkId: maybe(() => random.between(1, 160)), level: maybe(() => random.below(3)) })),
      (row) => row.clerkId ?? row.code),
  };

  await define(client);
  for (const [model, list] of Object.entries(data)) {
    const { table, attributes } = MODELS[model];
    const columns = Object.values(attributes);
    // not in the order of the keys: no answer is right by accident
    const mixed = list.map((row) => [random.next(), row]).sort(([a], [b]) => a - b).map(([, row]) => row);
    await client.query(
      `INSERT INTO ${table} (${columns.map(([column]) => column)})
       SELECT ${Object.keys(attributes).map((name) => `"${name}"`)}
         FROM json_to_recordset($1) AS r(${Object.entries(attributes).map(([name, [, type]]) => `"${name}" ${type}`)})`,
      [JSON.stringify(mixed)]);
    await client.query(`ANALYZE ${table}`);
  }
}

export async function dropFixture(client) {
  for (const [name, { table }] of Object.entries(MODELS)) {
    await client.query('SELECT studentdir.undefine($1)', [name]);
    await client.query(`DROP TABLE ${table}`);
  }
}
