// Models with what descriptions have to say: every form of value, validators, comments, associations of
// each kind, keys of several attributes, models without one, and names that are no identifiers.
const MODELS = [
  ['Team', { name: { type: 'STRING(40)', allowNull: false, validate: { len: [2, 40], notEmpty: true } } }, { comment: 'Who plays "together" */ `here`\nand there' }],
  ['Player', {
    name: { type: 'STRING', allowNull: false, comment: 'As on the shirt: "Q", `b`, */ and\nmore' },
    email: { type: 'TEXT', validate: { isEmail: true } },
    position: { type: "ENUM('goal','field \"x\"')", allowNull: false, defaultValue: 'goal' },
    goals: { type: 'BIGINT', allowNull: false, defaultValue: 0 },
    rating: { type: 'DECIMAL(4,2)' },
    weight: { type: 'DOUBLE', validate: { min: 30, max: 200 } },
    active: { type: 'BOOLEAN', allowNull: false, defaultValue: true },
    born: 'DATEONLY', woken: 'TIME', code: { type: 'UUID', defaultValue: 'UUIDV4' },
    tags: 'ARRAY(TEXT)', season: 'RANGE(DATEONLY)', meta: 'JSONB', photo: 'BLOB', host: 'INET',
    secret: { type: 'TEXT', hidden: true }, note: { type: 'TEXT', readOnly: true },
    number: { type: 'SMALLINT', allowNull: false, validate: { isInt: { min: 1, max: 99 } } },
    colour: { type: 'STRING(7)', validate: { isHexColor: true } },
    kind: { type: 'TEXT', validate: { isIn: [['a', 'b']] } },
    bio: { type: 'TEXT', validate: { notEmpty: true } }, slug: { type: 'TEXT', validate: { isSlug: true } },
    plain: { type: 'TEXT', validate: { isAlpha: true, len: [2, 5] } }, size: { type: 'INTEGER', validate: { notIn: [[3]], max: 3 } },
    shirt: { type: 'TEXT', validate: { is: '^[A-Z]{1,3}-[0-9]+$', notContains: 'X' } },
    matches: { type: 'VIRTUAL', as: { $count: 'games' } },
  }, { paranoid: true, version: true }],
  ['Game', { title: { type: 'STRING', allowNull: false } }],
  ['Seat', { row: { type: 'INTEGER', primaryKey: true }, place: { type: 'STRING(3)', primaryKey: true }, taken: { type: 'BOOLEAN', allowNull: false, defaultValue: false } }, { timestamps: false }],
  ['Log', { line: { type: 'TEXT', allowNull: false } }, { primaryKey: false, timestamps: false }],
  ['GamePlayer', { gameId: { type: 'INTEGER', allowNull: false }, playerId: { type: 'INTEGER', allowNull: false }, minutes: 'INTEGER' }, {}],
  ['Odd name*', { 'first name': 'TEXT', "a'b": 'TEXT', 'ünï': 'INTEGER', class: 'TEXT', '1st': 'TEXT' }, { tableName: 'odd', name: { singular: 'odd thing', plural: 'odd things' } }],
];

const ASSOCIATIONS = `
  SELECT studentdir.has_many('Team', 'Player', '{"as":"players","foreignKey":"teamId"}');
  SELECT studentdir.belongs_to('Player', 'Team', '{"as":"team","foreignKey":"teamId"}');
  SELECT studentdir.belongs_to_many('Game', 'Player', '{"as":"players","through":"GamePlayer","foreignKey":"gameId","otherKey":"playerId"}');
  SELECT studentdir.belongs_to_many('Player', 'Game', '{"as":"games","through":"GamePlayer","foreignKey":"playerId","otherKey":"gameId"}');
  SELECT studentdir.has_one('Team', 'Game', '{"as":"favourite","foreignKey":"fanId"}');
  SELECT studentdir.belongs_to('Game', 'Team', '{"as":"fan","foreignKey":"fanId"}')`;

// Makes the models with their tables, and exposes them.
export async function createModels(client) {
  for (const [name, attributes, options = {}] of MODELS)
    await client.query('SELECT studentdir.define($1, $2, $3)', [name, JSON.stringify(attributes), JSON.stringify(options)]);
  await client.query(ASSOCIATIONS);
  await client.query('SELECT studentdir.sync()');
  for (const [name] of MODELS) await client.query('SELECT studentdir.expose($1)', [name]);
}
