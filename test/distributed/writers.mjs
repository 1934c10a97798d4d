// Writers over tables that Citus distributes: each call answers, and leaves in the tables, what it does over plain ones.
import assert from 'node:assert/strict';

import { column, connect, finish, test } from '../lib/suite.mjs';

const client = await connect();
await client.query('CREATE EXTENSION studentdir; SET client_min_messages = error');

// keys that are not given are past 100
await client.query(`CREATE TABLE authors (id int PRIMARY KEY, name text, deleted_at timestamptz);
  CREATE TABLE articles (author_id int NOT NULL, id int, title text NOT NULL, n int NOT NULL DEFAULT 0, deleted_at timestamptz, PRIMARY KEY (author_id, id), UNIQUE (author_id, title));
  CREATE TABLE notes (id int PRIMARY KEY, author_id int, text text);
  CREATE TABLE labels (id serial PRIMARY KEY, name text NOT NULL UNIQUE, n int NOT NULL DEFAULT 0);
  CREATE TABLE note_labels (note_id int, label_id int, grade text, PRIMARY KEY (note_id, label_id));
  INSERT INTO authors SELECT i, 'a' || i FROM generate_series(1, 6) AS i;
  INSERT INTO articles SELECT a, i, 't' || i, i FROM generate_series(1, 6) AS a, generate_series(1, 4) AS i;
  INSERT INTO notes SELECT i, 1 + i % 6, 'note' || i FROM generate_series(1, 12) AS i;
  INSERT INTO labels SELECT i, 'l' || i FROM generate_series(1, 5) AS i;
  INSERT INTO labels VALUES (100, 'last');
  SELECT setval('labels_id_seq', 100);
  INSERT INTO note_labels SELECT i, 1 + (i + j) % 5, 'g' || j FROM generate_series(1, 12) AS i, generate_series(1, 2) AS j;
  SELECT studentdir.define('Author', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT"}', '{"tableName":"authors","createdAt":false,"updatedAt":false,"paranoid":true}'),
    studentdir.define('Article', '{"authorId":{"type":"INTEGER","primaryKey":true},"id":{"type":"INTEGER","primaryKey":true},"title":{"type":"TEXT","allowNull":false,"validate":{"len":[1,20]}},"n":"INTEGER"}', '{"tableName":"articles","createdAt":false,"updatedAt":false,"paranoid":true,"indexes":[{"unique":true,"fields":["authorId","title"]}]}');
  SELECT studentdir.import('{"tables":["notes","labels","note_labels"]}');
  SELECT studentdir.has_many('Author', 'Article', '{"foreignKey":"authorId","onDelete":"CASCADE","paranoid":"cascade","constraints":false}'),
    studentdir.belongs_to('Article', 'Author', '{"foreignKey":"authorId","constraints":false}'),
    studentdir.has_many('Author', 'Note', '{"foreignKey":"authorId","constraints":false}'),
    studentdir.belongs_to('Note', 'Author', '{"foreignKey":"authorId","constraints":false}'),
    studentdir.belongs_to_many('Note', 'Label', '{"through":"NoteLabel","foreignKey":"noteId","otherKey":"labelId","constraints":false}')`);

const articles = (rest) => `{"include":{"association":"Articles"${rest}}}`;
const labels = (rest) => `{"include":{"association":"Labels"${rest}}}`;
const CALLS = {
  'nested update': [
    `update_by_pk('Author', 1, '{"name":"A","Articles":[{"id":1,"title":"one"},{"id":9,"title":"new"},{"id":2}]}', '${articles('')}')`,
    `update_by_pk('Author', 1, '{"Articles":[{"id":1,"title":"one"},{"id":9,"title":"new"}]}', '${articles(',"others":"destroy"')}')`,
    `update_by_pk('Author', 1, '{"Articles":[]}', '${articles(',"others":"destroy"')}')`,
    `update_by_pk('Author', 1, '{"Articles":[{"id":1,"title":""}]}', '${articles('')}')`,
    `update_by_pk('Author', 1, '{"Notes":[{"id":6,"text":"kept"},{"id":40,"text":"new"},1]}', '{"include":{"association":"Notes","others":"remove"}}')`,
    `update_by_pk('Author', 1, '{"Notes":[{"id":2,"text":"of another"}]}', '{"include":"Notes"}')`,
    `update_by_pk('Note', 3, '{"text":"x","Labels":[{"id":5,"n":7},{"name":"fresh"},{"id":1,"NoteLabel":{"grade":"A"}}]}', '${labels('')}')`,
    `update_by_pk('Note', 3, '{"Labels":[{"id":5,"n":7},2]}', '${labels(',"others":"remove"')}')`,
    `update_by_pk('Note', 3, '{"Author":{"id":4,"name":"four"}}', '{"include":"Author"}')`,
    `update_by_pk('Note', 3, '{"Author":null}', '{"include":"Author"}')`,
  ],
  links: [
    `add('Note', 3, 'Labels', '[1, {"id":2,"NoteLabel":{"grade":"A"}}, {"name":"l5"}]')`,
    `remove('Note', 3, 'Labels', '[5, 1]')`,
    `set('Note', 3, 'Labels', '[4, {"id":5,"NoteLabel":{"grade":"B"}}]')`,
    `set('Note', 3, 'Labels', '[]')`,
    `has('Note', 3, 'Labels', '[5, 1]')`,
    `has('Note', 3, 'Labels', '[5, 77]')`,
    `add('Note', 3, 'Labels', '[1, 77]')`,
    `add('Author', 2, 'Notes', '[1, 2, 3]')`,
    `remove('Author', 2, 'Notes', '[1, 7]')`,
    `set('Author', 2, 'Notes', '[5, 7]')`,
    `has('Author', 2, 'Notes', '[7]')`,
    `set('Note', 3, 'Author', '6')`,
    `add('Author', 77, 'Notes', '[1]')`,
  ],
  'soft deletes': [
    `destroy_by_pk('Author', 1)`,
    `destroy('Author', '{"where":{"$Articles.title$":"t2","id":{"$lte":3}}}')`,
    `destroy('Article', '{"where":{"authorId":2},"order":["id"],"limit":2}')`,
    `count('Author', '{"where":{"$Articles.n$":4}}')`,
    `restore_by_pk('Author', 1)`,
    `destroy_returning('Author', '{"where":{"id":2},"returning":{"attributes":["name"],"include":{"association":"Articles","attributes":["title"],"order":["id"]}}}')`,
  ],
  'values that are taken': [
    `create('Label', '{"name":"l1"}', '{"validateUnique":true}')`,
    `bulk_create('Label', '[{"name":"l1"},{"name":"a"},{"name":"l2"},{"name":"a"}]', '{"validateUnique":true}')`,
    `create('Article', '{"authorId":1,"id":50,"title":"t1"}', '{"validateUnique":true}')`,
    `bulk_create('Article', '[{"authorId":1,"id":50,"title":"t1"},{"authorId":2,"id":3,"title":"new"},{"authorId":9,"id":3,"title":""}]', '{"validateUnique":true}')`,
    `update_by_pk('Label', 3, '{"name":"l1"}', '{"validateUnique":true}')`,
    `bulk_update('Label', '[{"id":3,"name":"l1"},{"id":4,"name":"free"}]', '{"validateUnique":true}')`,
    `update_by_pk('Label', 3, '{"name":"l1"}')`,
    `create('Author', '{"id":20,"name":"n","Articles":[{"id":1,"title":"x"},{"id":2,"title":"x"}]}', '${articles('')}')`,
  ],
  'found or created': [
    `create('Note', '{"id":50,"text":"n","Labels":[{"name":"l1"},{"name":"fresh"},{"name":"l1"}]}', '${labels(',"ignoreDuplicates":true')}')`,
    `create('Note', '{"id":50,"text":"n","Labels":[{"name":"l4","n":9},{"name":"fresh","n":8}]}', '${labels(',"updateOnDuplicate":["n"]')}')`,
    `bulk_create('Note', '[{"id":50,"Labels":[{"name":"l2"},{"name":"z"}]},{"id":51,"Labels":[{"name":"z"},{"name":"y"}]}]', '${labels(',"ignoreDuplicates":true')}')`,
    `create('Note', '{"id":50,"Author":{"id":3,"name":"no"}}', '{"include":{"association":"Author","ignoreDuplicates":true}}')`,
    `create('Note', '{"id":50,"Author":{"id":30,"name":"new"}}', '{"include":{"association":"Author","ignoreDuplicates":true}}')`,
    `find_or_create('Label', '{"where":{"name":"l3"},"defaults":{"n":4}}')`,
    `find_or_create('Label', '{"where":{"name":"l33"},"defaults":{"n":4}}')`,
    `upsert('Article', '{"authorId":3,"id":60,"title":"t3","n":33}', '{"conflictAttributes":["authorId","title"]}')`,
    `upsert('Article', '{"authorId":3,"id":60,"title":"new","n":33}')`,
    `bulk_create('Article', '[{"authorId":5,"id":61,"title":"t4","n":5},{"authorId":4,"id":62,"title":"q","n":6},{"authorId":1,"id":63,"title":"t4","n":7}]', '{"updateOnDuplicate":["n"],"conflictAttributes":["authorId","title"]}')`,
  ],
};

const timeless = (text) => text.replace(/"deletedAt":"[^"]*"/g, '"deletedAt":"…"').replace(/"(id|labelId)":1\d\d\b/g, '"$1":"new"');
const STATE = ['Author', 'Article', 'Note', 'NoteLabel'].map((model) => `studentdir.list('${model}', '{"paranoid":false,"order":[${
  { Article: '"authorId","id"', NoteLabel: '"noteId","labelId"' }[model] ?? '"id"'}]}')::text`);

// arrays of nested records have no order of their own
function inOrder(value) {
  if (Array.isArray(value)) return value.map(inOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, inOrder(member)]));
}
const answered = (text) => (text.startsWith('{') ? inOrder(JSON.parse(timeless(text))) : timeless(text));

// what a call answers, and what is in the tables then
async function outcome(call) {
  await client.query('BEGIN');
  try {
    const rows = await column(client, `SELECT (c)::text FROM studentdir.${call} AS c`);
    const state = [];
    for (const list of STATE) state.push(timeless(String(await column(client, `SELECT ${list}`))));
    state.push(String(await column(client, "SELECT name || ':' || n FROM labels ORDER BY name")));
    return { rows: rows.map((row) => answered(String(row))), state };
  } catch ({ code, message, hint, detail }) {
    return { code, message, hint, detail };
  } finally {
    await client.query('ROLLBACK');
  }
}

const plain = new Map();
for (const call of Object.values(CALLS).flat()) plain.set(call, await outcome(call));
await test('plain tables: what is to be right', () => {
  const codes = [...plain].filter(([, { code }]) => code).map(([call, { code, message }]) => `${code} ${message} ${call}`);
  for (const said of codes) assert.match(said, /^(23514 Validation|23505|23503)/, said);
  assert.ok(codes.length < 15, codes.join('\n'));
});

async function compare(how, refusable = false) {
  for (const [kind, calls] of Object.entries(CALLS)) {
    await test(`${kind}, ${how}`, async () => {
      for (const call of calls) {
        const said = await outcome(call);
        if (refusable && said.code === '0A000') assert.match(said.hint, /Citus/, call);
        else assert.deepEqual(said, plain.get(call), call);
      }
    });
  }
}

await client.query("CREATE FUNCTION away() RETURNS void LANGUAGE sql AS $$ SELECT undistribute_table(logicalrelid) FROM pg_dist_partition $$");
for (const model of ['Author', 'Article', 'Note', 'Label', 'NoteLabel']) await client.query(`SELECT studentdir.reference('${model}')`);
await client.query("SELECT FROM studentdir.reset_sequence('Label')");
await compare('reference tables');
await client.query('SELECT away()');
for (const call of ["distribute('Author', by => 'id')", "distribute('Article', by => 'authorId', colocate_with => 'Author')", "distribute('Note', by => 'id')",
  "distribute('NoteLabel', by => 'noteId', colocate_with => 'Note')", "reference('Label')"]) await client.query(`SELECT studentdir.${call}`);
await client.query("SELECT FROM studentdir.reset_sequence('Label')");
await compare('distributed by author and by note, labels a reference table');
await client.query('SELECT away()');
await client.query(`ALTER TABLE labels DROP CONSTRAINT labels_name_key, ADD UNIQUE (name, id);
  SELECT create_distributed_table('authors', 'id', colocate_with => 'none'), create_distributed_table('articles', 'author_id', colocate_with => 'none'),
    create_distributed_table('notes', 'id', colocate_with => 'none'), create_distributed_table('labels', 'id', colocate_with => 'none'),
    create_distributed_table('note_labels', 'label_id', colocate_with => 'none')`);
await client.query("SELECT FROM studentdir.reset_sequence('Label')");
delete CALLS['found or created'];
CALLS['values that are taken'] = CALLS['values that are taken'].filter((call) => !call.includes('Label'));
CALLS.links = CALLS.links.filter((call) => !call.includes('"name"'));
await compare('nothing colocated', true);
await client.end();
finish();
