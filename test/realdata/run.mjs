// Real data: the users and posts of the npm package jsonplaceholder, written with bulk_create, read
// back in every way, and compared with what plain JavaScript makes of the same file.
//
// The file's ids are kept.  Its users have a username, an address and more that the model does not
// have: "ignoreUnknown" drops them.  Its posts have nothing but what the model has.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { column, connect, finish, test } from '../lib/suite.mjs';

const file = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('jsonplaceholder/data.json'), 'utf8'),
);
const client = await connect();

// What the tables should hold, in the order of their ids.
let users = [];
let posts = [];

const call = (name, ...parameters) =>
  column(
    client,
    `SELECT ${name}(${parameters.map((_, i) => `$${i + 1}`)})`,
    parameters.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)),
  );

const postsOf = (user) => posts.filter((post) => post.userId === user.id);
const userOf = (post) => users.find((user) => user.id === post.userId) ?? null;
const withPosts = (user) => ({ ...user, Posts: postsOf(user) });
const withUser = (post) => ({ ...post, User: userOf(post) });
const pick = (record, ...keys) => Object.fromEntries(keys.map((key) => [key, record[key]]));

// Both ways: parsed, which names what differs, and byte for byte, which sees the order of the keys.
function same(texts, expected) {
  assert.deepEqual(texts.map((text) => JSON.parse(text)), expected);
  assert.deepEqual(texts, expected.map((record) => JSON.stringify(record)));
}

const sorted = (records, compare) => [...records].sort(compare);
const byId = (a, b) => a.id - b.id;

// Without "order" the records come as they stand in the table, which a change may rearrange.
function sameInAnyOrder(texts, expected) {
  const sort = (record) => {
    const copy = JSON.parse(JSON.stringify(record));
    copy.Posts?.sort(byId);
    return copy;
  };
  const records = texts.map((text) => {
    assert.equal(text, JSON.stringify(JSON.parse(text)));
    return JSON.stringify(sort(JSON.parse(text)));
  });
  const known = expected.map((record) => JSON.stringify(sort(record)));
  assert.deepEqual(records.sort(), known.sort());
}

const byText = (key) => (a, b) => Buffer.compare(Buffer.from(a[key]), Buffer.from(b[key]));
const descending = (compare) => (a, b) => compare(b, a);

// options and what they make of the posts
const queries = () => [
  [{ order: ['id'] }, posts],
  [{ order: [['id', 'DESC']], limit: 7 }, sorted(posts, descending(byId)).slice(0, 7)],
  [{ order: ['id'], limit: 10, offset: 95 }, posts.slice(95, 105)],
  [{ order: ['id'], offset: 1000 }, []],
  [{ order: ['id'], limit: 0 }, []],
  [{ order: ['title'] }, sorted(posts, byText('title'))],
  [{ order: [['userId', 'DESC'], ['title', 'ASC']], offset: 3, limit: 40 },
    sorted(posts, (a, b) => b.userId - a.userId || byText('title')(a, b)).slice(3, 43)],
  [{ where: { userId: 3 }, order: ['id'] }, posts.filter((post) => post.userId === 3)],
  [{ where: { userId: '3' }, order: ['id'] }, posts.filter((post) => post.userId === 3)],
  [{ where: { userId: [1, 10, 77] }, order: ['id'] },
    posts.filter((post) => [1, 10, 77].includes(post.userId))],
  [{ where: { title: file.posts[41].title } }, posts.filter((post) => post.title === file.posts[41].title)],
  [{ where: { body: file.posts[12].body } }, posts.filter((post) => post.body === file.posts[12].body)],
  [{ where: { id: { $gt: 20, $lte: 40 }, userId: { $ne: 4 } }, order: ['id'] },
    posts.filter((post) => post.id > 20 && post.id <= 40 && post.userId !== 4)],
  [{ where: { id: { $between: [48, 53] } }, order: [['id', 'desc']] },
    posts.filter((post) => post.id >= 48 && post.id <= 53).reverse()],
  [{ where: { id: { $notIn: posts.slice(5).map((post) => post.id) } }, order: ['id'] }, posts.slice(0, 5)],
  [{ where: { $or: [{ id: 5 }, { $not: { userId: { $lt: 10 } } }] }, order: ['id'] },
    posts.filter((post) => post.id === 5 || !(post.userId < 10))],
  [{ where: { title: { $gte: 'q' } }, order: ['title', 'id'] },
    sorted(posts.filter((post) => post.title >= 'q'), (a, b) => byText('title')(a, b) || byId(a, b))],
  [{ where: { body: null }, order: ['id'] }, posts.filter((post) => post.body === null)],
  [{ attributes: ['title', 'id'], order: ['id'], limit: 12 },
    posts.slice(0, 12).map((post) => pick(post, 'title', 'id'))],
  [{ attributes: ['id', ['body', 'text']], order: ['id'] },
    posts.map((post) => ({ id: post.id, text: post.body }))],
  [{ attributes: { exclude: ['body', 'createdAt', 'updatedAt'] }, order: ['id'] },
    posts.map((post) => pick(post, 'id', 'title', 'userId'))],
];

// Reads everything in every way; label says what had been done before.
async function compareAll(label) {
  for (const user of file.users) {
    const expected = users.filter(({ id }) => id === user.id);

    await test(`${label}: user_with_posts(${user.id})`, async () =>
      sameInAnyOrder(await call('user_with_posts', user.id), expected.map(withPosts)));
    await test(`${label}: user_find_by_pk(${user.id})`, async () =>
      same(await call('user_find_by_pk', user.id), expected));
  }

  await test(`${label}: users_with_posts`, async () =>
    sameInAnyOrder(await call('users_with_posts'), users.map(withPosts)));
  await test(`${label}: users_with_posts, ordered on both levels`, async () =>
    same(
      await call('users_with_posts', {
        order: [['id', 'DESC']],
        include: [{ association: 'Posts', order: [['id', 'DESC']], attributes: ['id', 'title'] }],
      }),
      [...users].reverse().map((user) => ({
        ...user,
        Posts: postsOf(user).reverse().map((post) => pick(post, 'id', 'title')),
      })),
    ));
  await test(`${label}: posts_with_user`, async () =>
    same(await call('posts_with_user', { order: ['id'] }), posts.map(withUser)));
  await test(`${label}: posts_with_user in FROM`, async () =>
    same(
      await column(client, 'SELECT record FROM posts_with_user($1)', ['{"order":["id"],"limit":30}']),
      posts.slice(0, 30).map(withUser),
    ));
  await test(`${label}: every post_with_user`, async () => {
    for (const { id } of file.posts)
      same(await call('post_with_user', id), posts.filter((post) => post.id === id).map(withUser));
  });
  await test(`${label}: users with posts with their users, one page`, async () =>
    same(
      await call('users_find_all', {
        order: ['id'], offset: 2, limit: 3,
        include: { association: 'Posts', order: ['id'], include: ['User'] },
      }),
      users.slice(2, 5).map((user) => ({ ...user, Posts: postsOf(user).map(withUser) })),
    ));

  await test(`${label}: users_list`, async () =>
    same(await call('users_list', { order: [['email', 'ASC']] }), [sorted(users, byText('email'))]));
  await test(`${label}: users_list by e-mail`, async () => {
    for (const { email } of file.users)
      same(await call('users_list', { where: { email } }), [users.filter((user) => user.email === email)]);
  });
  await test(`${label}: counts`, async () => {
    assert.deepEqual(await call('users_count'), [String(users.length)]);
    assert.deepEqual(await call('posts_count'), [String(posts.length)]);
  });
  for (const [options, expected] of queries()) {
    const { where, attributes, order, limit, offset } = options;

    await test(`${label}: posts_list(${JSON.stringify(options)})`, async () => {
      same(await call('posts_list', options), [expected]);
      same(await call('posts_find_all', options), expected);
      if (attributes === undefined || order !== undefined)
        same(await call('post_find_one', options), expected.slice(0, 1));
    });
    if (where !== undefined && limit === undefined && offset === undefined)
      await test(`${label}: posts_count(${JSON.stringify({ where })})`, async () =>
        assert.deepEqual(await call('posts_count', { where }), [String(expected.length)]));
  }

  // the tables, past the engine
  await test(`${label}: the tables`, async () => {
    const times = (keys) => keys.map((key) => `to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
    const read = async (table, columns) =>
      (await client.query({
        text: `SELECT ${[...columns, ...times(['created_at', 'updated_at'])]} FROM ${table} ORDER BY id`,
        rowMode: 'array',
      })).rows;
    const rows = (records) =>
      records.map((record) => Object.values(record).map((value) => (value === null ? null : String(value))));

    assert.deepEqual(await read('users', ['id', 'name', 'email']), rows(users));
    assert.deepEqual(await read('posts', ['id', 'title', 'body', 'user_id']), rows(posts));
  });
}

// Runs a writer; returns its answers and checks that the time they carry is that of the call.
async function write(...parameters) {
  const before = new Date().toISOString();
  const answer = await call(...parameters);

  return { answer, before, after: new Date().toISOString() };
}

function checkTime(text, { before, after }) {
  assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.ok(before <= text && text <= after, `${text} is not between ${before} and ${after}`);
}

await test('the file is the one that we know', () => {
  assert.equal(file.users.length, 10);
  assert.equal(file.posts.length, 100);
});

await test('an attribute that the model does not have is refused without "ignoreUnknown"', async () => {
  await assert.rejects(call('users_bulk_create', file.users), { code: '42703' });
  assert.deepEqual(await call('users_count'), ['0']);
});

await test('users_bulk_create', async () => {
  const { answer, ...span } = await write('users_bulk_create', file.users, { ignoreUnknown: true });
  const { createdAt } = JSON.parse(answer[0]);

  checkTime(createdAt, span);
  users = file.users.map(({ id, name, email }) => ({ id, name, email, createdAt, updatedAt: createdAt }));
  same(answer, users);
});

await test('posts_bulk_create', async () => {
  const { answer, ...span } = await write('posts_bulk_create', file.posts);
  const { createdAt } = JSON.parse(answer[0]);

  checkTime(createdAt, span);
  posts = file.posts.map(({ id, title, body, userId }) => ({
    id, title, body, userId, createdAt, updatedAt: createdAt,
  }));
  same(answer, posts);
});

await compareAll('as written');

await test('post_update', async () => {
  const data = { title: 'a "quoted" title, \\ and \u20ac and \u{1F600}', body: 'one\ntwo\ttabs\u0001' };
  const { answer, ...span } = await write('post_update', 57, data);
  const { updatedAt } = JSON.parse(answer[0]);

  checkTime(updatedAt, span);
  posts = posts.map((post) => (post.id === 57 ? { ...post, ...data, updatedAt } : post));
  same(answer, posts.filter((post) => post.id === 57));
});

await test('posts_update', async () => {
  const where = { userId: 4, id: { $gt: 35 } };
  const moved = ({ userId, id }) => userId === 4 && id > 35;
  const { answer, ...span } = await write('posts_update', { userId: 5, body: null }, { where });
  const [{ updatedAt }] = (await call('post_find_by_pk', 36)).map((text) => JSON.parse(text));

  checkTime(updatedAt, span);
  assert.deepEqual(answer, [String(posts.filter(moved).length)]);
  posts = posts.map((post) => (moved(post) ? { ...post, userId: 5, body: null, updatedAt } : post));
});

await test('user_update of a user that is not there', async () =>
  assert.deepEqual(await call('user_update', 999, { name: 'nobody' }), []));

await compareAll('after updates');

await test('user_destroy takes the posts along', async () => {
  assert.deepEqual(await call('user_destroy', 7), ['1']);
  assert.deepEqual(await call('user_destroy', 7), ['0']);
  users = users.filter(({ id }) => id !== 7);
  posts = posts.filter(({ userId }) => userId !== 7);
});

await test('posts_destroy', async () => {
  assert.deepEqual(await call('posts_destroy', { where: { userId: 2 } }), ['10']);
  posts = posts.filter(({ userId }) => userId !== 2);
});

await compareAll('after destroys');

await client.end();
finish();
