// Conduit, twice: over models that were defined and over models that were imported from its tables.  Every
// endpoint is asked for its answers and its errors, by two users, by one who is gone, with tokens that are not valid,
// and with what could be SQL, an operator or an expression in every place.  What both answer has to be the same.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import jwt from 'jsonwebtoken';
import { openPool } from '../express/database.mjs';
import { finish, test } from '../lib/suite.mjs';
import { createApp } from './app.mjs';
import { createDatabase, fill } from './database.mjs';
import { lines } from './lines.mjs';
import { compareRandom } from './random.mjs';
import { signToken } from './secrets.mjs';

const SECRET = 'a secret of the tests';
const VARIANTS = ['defined', 'imported'];

// --- asking

const transcripts = {};
const callsOf = {};
let variant;
let address;
let pool;
let calls;

// Sends a request; the answer goes into the transcript with what changes from run to run hidden.
async function ask(method, path, { token, body, status = 200 } = {}) {
  const headers = { ...(token && { authorization: `Token ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) };
  calls = 0;
  const response = await fetch(`${address}/api${path}`, { method, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const text = await response.text();
  transcripts[variant].push(`${method} ${path} ${response.status} ${inOneForm(text)}`);
  assert.equal(response.status, status, text);
  if (response.ok) (callsOf[endpointOf(method, path)] ??= new Set()).add(calls);
  return text === '' ? undefined : JSON.parse(text);
}

const endpointOf = (method, path) =>
  `${method} ${path.replace(/\?.*/, '').replace(/^\/(articles|profiles)\/(?!feed)[^/]+/, '/$1/:').replace(/comments\/.+/, 'comments/:')}`;

// Without what changes from run to run; errors in the order of their names, since import adds to jsonb.
function inOneForm(text) {
  if (text.startsWith('{"errors":')) return JSON.stringify(Object.entries(JSON.parse(text).errors).sort());
  return text.replace(/"token":"[^"]+"/g, '"token":…').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'now');
}

const get = (path, options) => ask('GET', path, options);
const post = (path, body, options) => ask('POST', path, { status: 200, ...options, body });
const put = (path, body, options) => ask('PUT', path, { ...options, body });
const remove = (path, options) => ask('DELETE', path, { status: 204, ...options });
const query = async (text, ...values) => (await pool.query({ text, values, rowMode: 'array' })).rows.map((row) => row[0]);

const register = async (username) =>
  (await post('/users', { user: { username, email: `${username}@example.org`, password: `${username}'s` } }, { status: 201 })).user;
const write = async (author, title, tagList) =>
  (await post('/articles', { article: { title, description: 'd', body: 'b', tagList } }, { token: author.token, status: 201 })).article;
const slugs = ({ articles }) => articles.map(({ slug }) => slug);

// What could be more than a value, in every place of a body.
const STRANGE = ["' OR 1=1 --", '"; DROP TABLE users; --', '$1', '{"$ne":null}', '%', '\\', 'a\nb', '😀', '<script>alert(1)</script>', '$User.name$', "O'Brien"];
const OBJECTS = [{ $ne: null }, { $col: 'passwordHash' }, { $fn: ['now'] }, { $param: 'me' }, { $link: { id: 1 } }, { $value: 1 }, ['x'], [], {}];
const NOT_TOKENS = ['x', 'a.b.c', jwt.sign({ id: 1 }, 'another secret'), jwt.sign({ id: 1 }, SECRET, { expiresIn: -1 }),
  jwt.sign({ id: '1 OR 1=1' }, SECRET), jwt.sign({}, SECRET), jwt.sign({ id: 1 }, '', { algorithm: 'none' })];

async function endpoints() {
  const check = (name, run) => test(`${variant}: ${name}`, run);
  let ada;
  let bob;
  let dragon;

  // --- users

  await check('POST /users', async () => {
    ada = await register('ada');
    bob = await register('bob');
    assert.deepEqual(Object.keys(ada), ['email', 'token', 'username', 'bio', 'image']);
    const errors = async (user, status = 422) => (await post('/users', { user }, { status })).errors;
    assert.deepEqual(await errors({ username: '', email: 'x', password: 'p' }), { username: ["can't be blank"], email: ['is invalid'] });
    assert.deepEqual(await errors({ password: 'p' }), { username: ["can't be blank"], email: ["can't be blank"] });
    assert.deepEqual(await errors({ username: 'ada', email: 'other@example.org', password: 'p' }), { username: ['has already been taken'] });
    assert.deepEqual(await errors({ username: 'other', email: 'ada@example.org', password: 'p' }), { email: ['has already been taken'] });
    assert.deepEqual(await errors({ username: 'c', email: 'c@example.org' }), { password: ["can't be blank"] });
    assert.deepEqual(await errors({ username: 'c', email: 'c@example.org', password: 7 }), { password: ["can't be blank"] });
    await errors(undefined);
    await post('/users', '{"user":', { status: 400 });
    await post('/users', '"\\u0000"', { status: 400 });
    assert.deepEqual(await query('SELECT count(*) FROM users'), ['2']);
    for (const value of OBJECTS) {
      assert.ok((await errors({ username: value, email: 'x@example.org', password: 'p' })).username);
      assert.ok((await errors({ username: 'x', email: value, password: 'p' })).email);
    }
    await errors({ username: 'nul\u0000l', email: 'x@example.org', password: 'p' });
    assert.deepEqual(await query('SELECT count(*) FROM users'), ['2']);
    await post('/users', { user: { username: 'eve', email: 'eve@example.org', password: 'p', id: 77, passwordHash: 'mine', followers: [1] } }, { status: 201 });
    assert.deepEqual(await query("SELECT id <> 77 AND password_hash <> 'mine' FROM users WHERE username = 'eve'"), ['t']);
    assert.deepEqual(await query('SELECT count(*) FROM follows'), ['0']);
  });

  await check('POST /users/login', async () => {
    const login = (user, status) => post('/users/login', { user }, { status });
    const { user } = await login({ email: 'ada@example.org', password: "ada's" });
    assert.equal(user.username, 'ada');
    for (const wrong of [{ email: 'ada@example.org', password: "bob's" }, { email: 'nobody@example.org', password: 'x' }, { email: 'ada@example.org' }, {}, undefined,
      ...OBJECTS.map((email) => ({ email, password: "ada's" })), ...OBJECTS.map((password) => ({ email: 'ada@example.org', password })),
      ...STRANGE.map((email) => ({ email, password: "ada's" }))])
      await login(wrong, 401);
  });

  await check('GET and PUT /user', async () => {
    assert.equal((await get('/user', { token: ada.token })).user.email, 'ada@example.org');
    await get('/user', { status: 401 });
    const change = (user, status) => put('/user', { user }, { token: bob.token, status });
    assert.equal((await change({ bio: 'I like rabbits' })).user.bio, 'I like rabbits');
    assert.equal((await change({ bio: null, image: 'https://example.org/bob.png' })).user.bio, null);
    assert.deepEqual((await change({ email: 'x', username: null }, 422)).errors, { username: ["can't be blank"], email: ['is invalid'] });
    assert.deepEqual((await change({ username: 'ada' }, 422)).errors, { username: ['has already been taken'] });
    assert.equal((await change({})).user.username, 'bob');
    assert.equal((await put('/user', {}, { token: bob.token })).user.username, 'bob');
    await change({ id: 1, createdAt: '2000-01-01', passwordHash: 'x' });
    await change({ password: 'another' });
    await post('/users/login', { user: { email: 'bob@example.org', password: "bob's" } }, { status: 401 });
    await post('/users/login', { user: { email: 'bob@example.org', password: 'another' } });
    await change({ password: '' }, 422);
    for (const value of STRANGE) assert.equal((await change({ bio: value })).user.bio, value);
    for (const value of OBJECTS) await change({ bio: value }, 422);
    await put('/user', { user: { bio: 'x' } }, { status: 401 });
  });

  await check('a hash leaves in no answer, and no error', async () => {
    const [hash] = await query("SELECT password_hash FROM users WHERE username = 'ada'");
    assert.ok(!transcripts[variant].some((line) => line.includes(hash) || /password_?hash/i.test(line)));
  });

  await check('tokens that are not valid', async () => {
    for (const token of NOT_TOKENS)
      for (const path of ['/user', '/articles', '/articles/feed', '/profiles/ada']) await get(path, { token, status: 401 });
  });

  // --- profiles

  await check('profiles, follow and unfollow', async () => {
    assert.deepEqual((await get('/profiles/ada')).profile, { username: 'ada', bio: null, image: null, following: false });
    const token = bob.token;
    for (let i = 0; i < 2; i++) assert.equal((await post('/profiles/ada/follow', undefined, { token })).profile.following, true);
    assert.equal((await get('/profiles/ada', { token })).profile.following, true);
    assert.equal((await get('/profiles/ada', { token: ada.token })).profile.following, false);
    assert.equal((await get('/profiles/bob', { token: ada.token })).profile.following, false);
    for (let i = 0; i < 2; i++) assert.equal((await remove('/profiles/ada/follow', { token, status: 200 })).profile.following, false);
    await post('/profiles/ada/follow', undefined, { status: 401 });
    for (const name of ['nobody', ...STRANGE.map(encodeURIComponent), '%7B%22id%22:1%7D']) {
      await get(`/profiles/${name}`, { status: 404 });
      await post(`/profiles/${name}/follow`, undefined, { token, status: 404 });
      await remove(`/profiles/${name}/follow`, { token, status: 404 });
    }
    await get('/profiles/%00', { status: 422 });
    await get('/profiles/%zz', { status: 400 });
    await post('/profiles/bob/follow', undefined, { token });
  });

  // --- articles

  await check('POST /articles', async () => {
    dragon = await write(ada, 'How to train your dragon', ['training', 'dragons', 'training']);
    assert.deepEqual(Object.keys(dragon), ['slug', 'title', 'description', 'body', 'tagList', 'createdAt', 'updatedAt', 'favorited', 'favoritesCount', 'author']);
    assert.deepEqual(dragon.tagList, ['dragons', 'training']);
    assert.equal(dragon.slug, 'how-to-train-your-dragon-1');
    assert.deepEqual(dragon.author, { username: 'ada', bio: null, image: null, following: false });
    const { token } = bob;
    const refused = async (article) => (await post('/articles', { article }, { token, status: 422 })).errors;
    assert.deepEqual(await refused({}), { title: ["can't be blank"], description: ["can't be blank"], body: ["can't be blank"] });
    assert.deepEqual(await refused({ title: '', description: 'd', body: 'b' }), { title: ["can't be blank"] });
    assert.deepEqual(Object.keys(await refused({ title: 't', description: 'd', body: 'b', tagList: 'x' })), ['tagList']);
    assert.deepEqual(Object.keys(await refused({ title: 't', description: 'd', body: 'b', tagList: [{ $link: { name: 'x' } }] })), ['tagList']);
    assert.deepEqual(await refused({ title: 't', description: 'd', body: 'b', tagList: ['x', ''] }), { 'tags[1].name': ["can't be blank"] });
    await refused(undefined);
    for (const value of OBJECTS) for (const name of ['title', 'description', 'body'])
      assert.ok((await refused({ title: 't', description: 'd', body: 'b', [name]: value }))[name]);
    await post('/articles', { article: { title: 't', description: 'd', body: 'b' } }, { status: 401 });
    assert.deepEqual(await query('SELECT count(*) FROM articles'), ['1']);
    for (const value of STRANGE) {
      const { article } = await post('/articles', { article: { title: value, description: value, body: value, tagList: [value] } }, { token, status: 201 });
      assert.deepEqual([article.title, article.description, article.body, article.tagList], [value, value, value, [value]]);
      assert.equal((await get(`/articles/${encodeURIComponent(article.slug)}`)).article.title, value);
      assert.deepEqual(slugs(await get(`/articles?tag=${encodeURIComponent(value)}`)), [article.slug]);
      await remove(`/articles/${encodeURIComponent(article.slug)}`, { token });
    }
    const { article } = await post('/articles', { article: { title: 'Mine', description: 'd', body: 'b', authorId: 1, slug: 'x', id: 99, author: 1 } }, { token, status: 201 });
    assert.equal(article.author.username, 'bob');
    assert.notEqual(article.slug, 'x');
    await remove(`/articles/${article.slug}`, { token });
  });

  await check('GET /articles/:slug', async () => {
    assert.deepEqual((await get(`/articles/${dragon.slug}`)).article, dragon);
    for (const slug of ['nothing', ...STRANGE.map(encodeURIComponent)]) await get(`/articles/${slug}`, { status: 404 });
  });

  await check('PUT /articles/:slug', async () => {
    const change = (article, options) => put(`/articles/${dragon.slug}`, { article }, { token: ada.token, ...options });
    const { article } = await change({ body: 'With two hands' });
    assert.deepEqual([article.body, article.title, article.slug], ['With two hands', dragon.title, dragon.slug]);
    const renamed = (await change({ title: 'Did you train it?' })).article;
    assert.equal(renamed.slug, 'did-you-train-it-1');
    await get(`/articles/${dragon.slug}`, { status: 404 });
    dragon = renamed;
    await change({ title: 'x' }, { token: bob.token, status: 403 });
    await change({ title: 'x' }, { token: null, status: 401 });
    await put('/articles/nothing', { article: { title: 'x' } }, { token: ada.token, status: 404 });
    assert.deepEqual((await change({ title: '', body: null }, { status: 422 })).errors, { title: ["can't be blank"], body: ["can't be blank"] });
    for (const value of OBJECTS) await change({ body: value }, { status: 422 });
    assert.deepEqual((await change({ authorId: 2, slug: 'x', id: 9 })).article, dragon);
    assert.deepEqual((await put(`/articles/${dragon.slug}`, {}, { token: ada.token })).article, dragon);
  });

  await check('favorites', async () => {
    const path = `/articles/${dragon.slug}/favorite`;
    for (let i = 0; i < 2; i++) {
      const { article } = await post(path, undefined, { token: bob.token });
      assert.deepEqual([article.favorited, article.favoritesCount], [true, 1]);
    }
    assert.equal((await post(path, undefined, { token: ada.token })).article.favoritesCount, 2);
    assert.deepEqual(slugs(await get('/articles?favorited=bob')), [dragon.slug]);
    assert.equal((await get(`/articles/${dragon.slug}`)).article.favorited, false);
    assert.equal((await get('/articles', { token: bob.token })).articles[0].favorited, true);
    const { article } = await remove(path, { token: ada.token, status: 200 });
    assert.deepEqual([article.favorited, article.favoritesCount], [false, 1]);
    await remove(path, { token: ada.token, status: 200 });
    await post('/articles/nothing/favorite', undefined, { token: ada.token, status: 404 });
    await remove('/articles/nothing/favorite', { token: ada.token, status: 404 });
    await post(path, undefined, { status: 401 });
    await remove(path, { status: 401 });
  });

  await check('GET /articles and /articles/feed', async () => {
    const titles = ['One', 'Two', 'Three', 'Four', 'Five'];
    const made = [];
    for (const title of titles) made.unshift((await write(bob, title, title.length === 3 ? ['short', 'dragons'] : [])).slug);
    const all = await get('/articles');
    assert.deepEqual(slugs(all), [...made, dragon.slug]);
    assert.equal(all.articlesCount, 6);
    assert.ok(!('body' in all.articles[0]));
    const page = await get('/articles?limit=2&offset=1');
    assert.deepEqual([slugs(page), page.articlesCount], [made.slice(1, 3), 6]);
    assert.deepEqual(slugs(await get('/articles?author=bob')), made);
    assert.deepEqual(slugs(await get('/articles?author=nobody')), []);
    assert.deepEqual(slugs(await get('/articles?tag=dragons&author=bob')), [made[3], made[4]]);
    assert.deepEqual(slugs(await get('/articles?tag=dragons&favorited=bob')), [dragon.slug]);
    assert.deepEqual(slugs(await get('/articles?tag=dragons&favorited=bob&author=bob')), []);
    for (const [name, value] of [['limit', 'x'], ['limit', '-1'], ['offset', 'x'], ['limit', '1;DROP'], ['limit', '{}']]) await get(`/articles?${name}=${value}`, { status: 422 });
    for (const value of STRANGE.map(encodeURIComponent)) for (const name of ['tag', 'author', 'favorited'])
      assert.deepEqual((await get(`/articles?${name}=${value}`)).articles, []);
    assert.deepEqual(slugs(await get('/articles?tag[$ne]=x&nothing=1')), slugs(all));
    assert.deepEqual(slugs(await get('/articles?tag=short&tag=x')), []);

    assert.equal((await get('/articles/feed', { token: ada.token })).articlesCount, 0);
    await post('/profiles/bob/follow', undefined, { token: ada.token });
    const feed = await get('/articles/feed?limit=2', { token: ada.token });
    assert.deepEqual([slugs(feed), feed.articlesCount], [made.slice(0, 2), 5]);
    assert.equal(feed.articles[0].author.following, true);
    await get('/articles/feed', { status: 401 });
  });

  await check('comments', async () => {
    const path = `/articles/${dragon.slug}/comments`;
    assert.deepEqual(await get(path), { comments: [] });
    const { comment } = await post(path, { comment: { body: 'Thank you!' } }, { token: bob.token });
    assert.deepEqual(Object.keys(comment), ['id', 'createdAt', 'updatedAt', 'body', 'author']);
    assert.equal(comment.author.username, 'bob');
    for (const body of STRANGE) assert.equal((await post(path, { comment: { body } }, { token: ada.token })).comment.body, body);
    for (const body of OBJECTS) assert.ok((await post(path, { comment: { body } }, { token: ada.token, status: 422 })).errors.body);
    assert.deepEqual((await post(path, { comment: {} }, { token: ada.token, status: 422 })).errors, { body: ["can't be blank"] });
    await post(path, {}, { token: ada.token, status: 422 });
    await post('/articles/nothing/comments', { comment: { body: 'x' } }, { token: ada.token, status: 404 });
    await post(path, { comment: { body: 'x' } }, { status: 401 });
    const { comments } = await get(path, { token: ada.token });
    assert.equal(comments.length, 1 + STRANGE.length);
    assert.deepEqual(comments[0].author.following, true);
    await get('/articles/nothing/comments', { status: 404 });
    await remove(`${path}/${comment.id}`, { token: ada.token, status: 403 });
    await remove(`/articles/nothing/comments/${comment.id}`, { token: bob.token, status: 404 });
    await remove(`${path}/99999`, { token: bob.token, status: 404 });
    for (const id of ['x', '1;DROP', '%7B%7D', '99999999999']) await remove(`${path}/${id}`, { token: bob.token, status: 422 });
    await remove(`${path}/${comment.id}`, { status: 401 });
    await remove(`${path}/${comment.id}`, { token: bob.token });
    await remove(`${path}/${comment.id}`, { token: bob.token, status: 404 });
  });

  await check('tags', async () => {
    const { tags } = await get('/tags');
    assert.deepEqual(tags.filter((tag) => /^[a-z]+$/.test(tag)), ['dragons', 'short', 'training']);
  });

  await check('DELETE /articles/:slug', async () => {
    await remove(`/articles/${dragon.slug}`, { token: bob.token, status: 403 });
    await remove(`/articles/${dragon.slug}`, { status: 401 });
    await remove(`/articles/${dragon.slug}`, { token: ada.token });
    await remove(`/articles/${dragon.slug}`, { token: ada.token, status: 404 });
    assert.deepEqual(await query('SELECT count(*) FROM comments'), ['0']);
  });

  await check('a user who is gone', async () => {
    const [{ slug }] = (await get('/articles')).articles;
    await query("DELETE FROM users WHERE username = 'ada'");
    const { token } = ada;
    await get('/user', { token, status: 401 });
    await put('/user', { user: { bio: 'x' } }, { token, status: 401 });
    await post('/articles', { article: { title: 't', description: 'd', body: 'b', tagList: ['gone'] } }, { token, status: 401 });
    await post(`/articles/${slug}/favorite`, undefined, { token, status: 401 });
    await post(`/articles/${slug}/comments`, { comment: { body: 'x' } }, { token, status: 401 });
    await post('/profiles/bob/follow', undefined, { token, status: 401 });
    assert.deepEqual(await query("SELECT count(*) FROM tags WHERE name = 'gone'"), ['0']);
    await put(`/articles/${slug}`, { article: { title: 'x' } }, { token, status: 401 });
    await remove(`/articles/${slug}`, { token, status: 401 });
    await remove(`/articles/${slug}/comments/1`, { token, status: 401 });
    // what nobody has liked or followed is just that, and so is the feed of who follows nobody
    assert.deepEqual(await get('/articles/feed', { token }), { articlesCount: 0, articles: [] });
    assert.equal((await remove(`/articles/${slug}/favorite`, { token, status: 200 })).article.favorited, false);
    assert.equal((await remove('/profiles/bob/follow', { token, status: 200 })).profile.following, false);
    assert.equal((await get(`/articles/${slug}`, { token })).article.favorited, false);
    await get('/user', { token: signToken(4_000_000_000, SECRET), status: 401 });
  });

  await check('what is not there', async () => {
    await get('/nothing', { status: 404 });
    await post('/tags', {}, { status: 404 });
    const response = await fetch(`${address}/api/articles`, { method: 'OPTIONS' });
    assert.deepEqual([response.status, response.headers.get('access-control-allow-origin')], [204, '*']);
  });
}

const descriptions = {};
for (variant of VARIANTS) {
  transcripts[variant] = [];
  const database = `conduit_${variant}`;
  await createDatabase(database, variant);
  pool = openPool(database);
  const counting = { query: (...query) => (calls++, pool.query(...query)) };
  const server = createApp(counting, SECRET).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${server.address().port}`;
  await endpoints();
  await test(`${variant}: the tables are as the models ask`, async () => {
    assert.deepEqual(await query('SELECT name FROM studentdir.diff()'), []);
  });
  descriptions[variant] = (await query('SELECT studentdir.describe(name) FROM studentdir.model ORDER BY name')).map((text) => JSON.parse(text));
  if (variant === 'imported') {
    fill(database);
    await compareRandom(pool, (path, me) => get(path, me === null ? {} : { token: signToken(me, SECRET) }));
  }
  server.close();
  server.closeAllConnections();
  await pool.end();
}

await test('each endpoint is one call', () => {
  assert.equal(Object.keys(callsOf).length, 19);
  assert.deepEqual(Object.entries(callsOf).filter(([, counts]) => Math.max(...counts) > 1 || !counts.has(1)), []);
});

// --- what the docs say

const docs = readFileSync(new URL('../../docs/howto/whole-application.md', import.meta.url), 'utf8');
const said = (row) => docs.split('\n').find((line) => line.startsWith(`| ${row} |`)).split('|').slice(2, -1).map(Number);

// the same as the database counts it, on a server of its own that counts
const sharedir = execFileSync(process.env.PG_CONFIG ?? 'pg_config', ['--sharedir'], { encoding: 'utf8' }).trim();
if (existsSync(`${sharedir}/extension/pg_stat_statements.control`))
  await test('each endpoint is one statement in pg_stat_statements, and others take as many as the docs say', () => {
    const path = (name) => fileURLToPath(new URL(name, import.meta.url));
    const { endpoints: counts, peers } = JSON.parse(execFileSync(path('../cluster'), ['node', path('calls.mjs')], {
      encoding: 'utf8', env: { ...process.env, SD_CONF: "shared_preload_libraries = 'pg_stat_statements'" },
    }));
    assert.equal(Object.keys(counts).length, 19);
    assert.deepEqual(Object.entries(counts).filter(([, n]) => n !== 1), []);
    for (const [i, row] of ['list of articles', 'feed', 'like an article'].entries()) {
      const found = Object.values(peers).map((statements) => statements[i]);
      assert.deepEqual(said(`${row}, statements`).slice(0, found.length), found);
    }
  });

await test('the docs say how many lines it takes', () => {
  assert.deepEqual(said('lines, models and associations'), Object.values(lines).map(({ models }) => models));
  assert.deepEqual(said('lines, the three endpoints'), Object.values(lines).map(({ endpoints }) => endpoints));
});

await test('defined and imported answer the same', () => {
  assert.deepEqual(transcripts.imported.slice(0, transcripts.defined.length), transcripts.defined);
});

// import knows more of the tables: the names of indexes, what foreign keys do
await test('imported models have all that defined ones have', () => {
  const without = ({ references, onDelete, onUpdate, index, allowNull, primaryKey, ...rest }) => ({ ...rest, allowNull: primaryKey ? false : allowNull, primaryKey });
  const attributes = (model) => Object.fromEntries(Object.entries(model.attributes).map(([name, attribute]) => [name, without(attribute)]));
  const sorted = (models) => models.map((model) => [model.name, attributes(model), model.options.scopes]);
  assert.deepEqual(sorted(descriptions.imported), sorted(descriptions.defined));
  for (const [i, model] of descriptions.defined.entries())
    for (const association of model.associations)
      assert.ok(descriptions.imported[i].associations.some(({ as, target }) => as === association.as && target === association.target));
});

finish();
