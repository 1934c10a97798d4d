// One database, two ways in: a Sequelize project makes its tables with sync(), studentdir is told of them with
// define, and each reads what the other wrote.  The JSON of both has to be the same.
import pg from 'pg';
import { DataTypes, Sequelize } from 'sequelize';
import { column, connect, finish, report, test } from '../lib/suite.mjs';

const { PGDATABASE, PGUSER, PGPASSWORD, PGHOST, PGPORT } = process.env;
const sequelize = new Sequelize(PGDATABASE, PGUSER, PGPASSWORD, {
  dialect: 'postgres', host: PGHOST, port: Number(PGPORT), logging: false, pool: { max: 4 }, schema: 'app',
});
const client = await connect();
const call = async (sql, ...values) => (await column(client, `SELECT ${sql}`, values)).map((text) => JSON.parse(text));
const plain = (records) => JSON.parse(JSON.stringify(records));

function same(what, ours, theirs) {
  const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)];
  report(what, a === b ? undefined : `studentdir ${a}\nSequelize  ${b}`);
}

// --- the Sequelize project

await sequelize.createSchema('app');
const Student = sequelize.define('Student', {
  name: { type: DataTypes.STRING, allowNull: false },
  level: DataTypes.ENUM('new', 'old', "odd 'one'"),
  meta: DataTypes.JSONB,
  tags: DataTypes.ARRAY(DataTypes.STRING),
  score: DataTypes.DECIMAL(8, 2),
  big: DataTypes.BIGINT,
  ratio: DataTypes.DOUBLE,
  born: DataTypes.DATEONLY,
  seen: DataTypes.DATE,
  active: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
  token: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4 },
  numbers: DataTypes.ARRAY(DataTypes.INTEGER),
}, { paranoid: true });
const Course = sequelize.define('Course', { title: { type: DataTypes.STRING, unique: true }, credits: DataTypes.INTEGER });
const Note = sequelize.define('Note', { text: DataTypes.TEXT, StudentId: { type: DataTypes.INTEGER, allowNull: false } });
const Enrollment = sequelize.define('Enrollment', { grade: DataTypes.STRING });
Student.hasMany(Note);
Note.belongsTo(Student);
Student.belongsToMany(Course, { through: Enrollment });
Course.belongsToMany(Student, { through: Enrollment });
await sequelize.sync();

// --- the same for studentdir: names of tables and columns are the project's own

const project = { schema: 'app', underscored: false };
// models that come with the extension have their names already
const NAMES = { Student: 'Pupil', Course: 'Course', Note: 'Note', Enrollment: 'Enrollment' };
const define = (name, attributes, options) =>
  column(client, 'SELECT studentdir.define($1, $2, $3)', [NAMES[name], JSON.stringify(attributes), JSON.stringify({ ...project, tableName: `${name}s`, ...options })]);

await define('Student', {
  name: { type: 'STRING', allowNull: false }, level: { type: "ENUM('new','old','odd ''one''')" }, meta: 'JSONB', tags: 'ARRAY(STRING)', score: 'DECIMAL(8,2)',
  big: 'BIGINT', ratio: 'DOUBLE', born: 'DATEONLY', seen: 'DATE', active: { type: 'BOOLEAN', allowNull: false, defaultValue: true },
  token: { type: 'UUID', defaultValue: 'UUIDV4' }, numbers: 'ARRAY(INTEGER)',
}, { paranoid: true });
await define('Course', { title: { type: 'STRING', unique: true }, credits: 'INTEGER' });
await define('Note', { text: 'TEXT', StudentId: { type: 'INTEGER', allowNull: false } });
await define('Enrollment', { grade: 'STRING', StudentId: { type: 'INTEGER', primaryKey: true }, CourseId: { type: 'INTEGER', primaryKey: true } });
for (const [kind, source, target, options] of [
  ['has_many', 'Pupil', 'Note', { foreignKey: 'StudentId' }],
  ['belongs_to', 'Note', 'Pupil', { foreignKey: 'StudentId', as: 'Student' }],
  ['belongs_to_many', 'Pupil', 'Course', { through: 'Enrollment', foreignKey: 'StudentId', otherKey: 'CourseId' }],
  ['belongs_to_many', 'Course', 'Pupil', { through: 'Enrollment', foreignKey: 'CourseId', otherKey: 'StudentId', as: 'Students' }],
]) await column(client, `SELECT studentdir.${kind}($1, $2, $3)`, [source, target, JSON.stringify(options)]);

// --- what one writes, the other reads

const ROWS = [
  { name: 'Plain' },
  { name: 'Everything', level: "odd 'one'", meta: { a: { b: [1, 2.5, null, 'x'] }, é: '😀' }, tags: ['a', 'b,c', '"q"', ''], score: '123456.78', big: '9007199254740993',
    ratio: 0.1, born: '2001-02-03', seen: '2026-02-28T23:59:59.999Z', active: false, token: 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', numbers: [3, 1, 2] },
  { name: 'Nulls', level: null, meta: null, tags: null, score: null, big: null, ratio: null, born: null, seen: null, numbers: null },
  { name: "O'Brien \\ \" \t\n", level: 'old', meta: [1, 'two', { three: 3 }], tags: [], score: '-0.5', big: '-1', ratio: 1e21, born: '1969-12-31', seen: '1969-12-31T00:00:00Z', numbers: [] },
  { name: 'Scalars', meta: 'text', ratio: 1e-7, seen: '2026-06-15T12:00:00+02:00', score: '0.00' },
];
const theirs = async (id, options) => plain(await Student.findByPk(id, options));
const ours = async (id, options = {}) => (await call('studentdir.find_by_pk($1, $2::bigint, $3)', 'Pupil', id, JSON.stringify(options)))[0];

for (const row of ROWS) {
  const made = await Student.create(row);
  same(`Sequelize writes ${row.name}`, await ours(made.id), await theirs(made.id));
  const [written] = await call('studentdir.create($1, $2)', 'Pupil', JSON.stringify(row));
  same(`studentdir writes ${row.name}`, written, await theirs(written.id));
}
same('all of them', await call("studentdir.find_all('Pupil', '{\"order\":[\"id\"]}')"), plain(await Student.findAll({ order: ['id'] })));
same('a condition on JSON', await call("studentdir.find_all('Pupil', '{\"where\":{\"meta.a.b[0]\":1},\"attributes\":[\"id\"],\"order\":[\"id\"]}')"),
  plain(await Student.findAll({ where: sequelize.literal(`"meta" #> '{a,b,0}' = '1'`), attributes: ['id'], order: ['id'] })));
same('a condition on an enum', await call("studentdir.count('Pupil', '{\"where\":{\"level\":\"old\"}}')"), [await Student.count({ where: { level: 'old' } })]);

const student = await Student.findOne({ where: { name: 'Everything' }, order: ['id'] });
await student.update({ tags: ['changed'], meta: { a: 2 }, level: 'new', score: '9.90' });
same('Sequelize changes a row', await ours(student.id), await theirs(student.id));
const [changed] = await call('studentdir.update_by_pk($1, $2::bigint, $3)', 'Pupil', student.id,
  JSON.stringify({ numbers: [9], seen: '2026-01-01T00:00:00.001Z', active: true, meta: { b: [] } }));
same('studentdir changes a row', changed, await theirs(student.id));

await test('deleted rows of a paranoid model', async () => {
  const [a, b] = await Student.bulkCreate([{ name: 'Gone 1' }, { name: 'Gone 2' }]);
  await a.destroy();
  await column(client, "SELECT studentdir.destroy_by_pk('Pupil', $1::bigint)", [b.id]);
  for (const { id } of [a, b]) {
    if ((await ours(id)) !== undefined || (await theirs(id)) !== null) throw new Error('a deleted row is found');
    same('a deleted row', await ours(id, { paranoid: false }), await theirs(id, { paranoid: false }));
  }
  await Student.restore({ where: { id: b.id } });
  await column(client, "SELECT studentdir.restore_by_pk('Pupil', $1::bigint)", [a.id]);
  for (const { id } of [a, b]) same('a restored row', await ours(id), await theirs(id));
});

await test('associations', async () => {
  await Note.create({ text: 'theirs', StudentId: student.id });
  await column(client, "SELECT studentdir.create('Note', $1)", [JSON.stringify({ text: 'ours', StudentId: student.id })]);
  const [first] = await call("studentdir.create('Course', $1)", JSON.stringify({ title: 'Databases', credits: 3 }));
  const second = await Course.create({ title: 'Networks', credits: 5 });
  await student.addCourse(second, { through: { grade: 'A' } });
  await column(client, "SELECT studentdir.create('Enrollment', $1)", [JSON.stringify({ StudentId: student.id, CourseId: first.id, grade: 'B' })]);

  const options = { attributes: ['id', 'name'], include: ['Notes', 'Courses'] };
  const record = await theirs(student.id, { ...options, order: [[sequelize.literal('"Notes"."id"')], [sequelize.literal('"Courses"."id"')]] });
  // Sequelize gives the attributes of join rows in an order of its own
  const sorted = (value) => JSON.parse(JSON.stringify(value, (key, part) =>
    part && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.keys(part).sort().map((name) => [name, part[name]])) : part));
  same('a student with notes and courses', sorted(await ours(student.id, {
    ...options, include: [{ association: 'Notes', order: ['id'] }, { association: 'Courses', order: ['id'] }] })), sorted(record));
  same('a note with its student', (await call("studentdir.find_one('Note', '{\"include\":\"Student\",\"order\":[\"id\"]}')"))[0],
    plain(await Note.findOne({ include: 'Student', order: ['id'] })));
});

await test('many writers at once', async () => {
  const pool = new pg.Pool({ max: 2 });
  const writers = Array.from({ length: 200 }, (_, i) => (i % 2 === 0
    ? Student.create({ name: `Both ${i}`, numbers: [i] })
    : pool.query("SELECT studentdir.create('Pupil', $1)", [JSON.stringify({ name: `Both ${i}`, numbers: [i] })])));
  await Promise.all(writers);
  same('what they wrote', await call(`studentdir.find_all('Pupil', '{"where":{"name":{"$startsWith":"Both "}},"order":["id"]}')`),
    plain(await Student.findAll({ where: sequelize.literal(`"name" LIKE 'Both %'`), order: ['id'] })));
  if ((await Student.count({ where: sequelize.literal(`"name" LIKE 'Both %'`) })) !== 200) throw new Error('not all of them are there');
  await pool.end();
});

await test('a unique constraint holds for both', async () => {
  const codes = [];
  await Course.create({ title: 'Databases' }).catch((error) => codes.push(error.name));
  await column(client, "SELECT studentdir.create('Course', $1)", ['{"title":"Networks"}']).catch((error) => codes.push(error.code));
  if (codes.join() !== 'SequelizeUniqueConstraintError,23505') throw new Error(codes.join());
});

await sequelize.close();
await client.end();
finish();
