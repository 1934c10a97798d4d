// The requests that run.mjs sends: { method, path, body, type, status, differs }.
//
// status is that of studentdir.request.  differs says, for an app whose answer is another one, why; with its
// status where that is another, and in body what of it is compared all the same: 'order of keys' (everything
// but that) or 'errors' (the message alone).

const WHY = {
  keys: 'Sequelize shows a new record in the order in which its values were set',
  items: 'request says which attribute a failure is about, where the handlers of the other apps say nothing',
  words: 'the message is that of another program',
  strict: 'request answers 400 to what it does not know; the module\'s code lets it become an error of SQL',
  ignores: 'Express and the module\'s code ignore what request answers 400 to',
  escapes: 'querystring of Node.js leaves malformed escapes as they are',
  nothing: 'a body without a value to set changes nothing; the typed functions set updatedAt',
  limits: 'Sequelize takes the number for none, or lets it become an error of SQL',
};

const created = { sequelize: { why: WHY.keys, body: 'order of keys' } };
const invalid = { typed: { why: WHY.items, body: 'errors' }, sequelize: { why: WHY.items, body: 'errors' } };

const get = (path, status = 200, differs) => ({ method: 'GET', path, status, differs });
const post = (path, body, status = 201, differs = status === 201 ? created : undefined) => ({ method: 'POST', path, body, status, differs });
const put = (path, body, status = 200, differs) => ({ method: 'PUT', path, body, status, differs });
const remove = (path, status = 204, differs) => ({ method: 'DELETE', path, status, differs });

const PATHS = ['/students', '/users', '/posts'];
const text = (character, length) => character.repeat(length);

// --- what is there

const READS = [
  ...PATHS.flatMap((path) => [
    get(`${path}?order=id`), get(`${path}/?order=id`), get(`${path}?order=id.desc&limit=3`), get(`${path}?order=id&limit=2&offset=2`),
    get(`${path}?order=id&limit=0`), get(`${path}?order=id&offset=1000`), get(`${path}?attributes=id&order=id`),
    get(`${path}?attributes=updatedAt,id,createdAt&order=id.desc`), get(`${path}?order=createdAt.desc,id.asc`), get(`${path}?order=id.DESC`),
    ...Array.from({ length: 8 }, (_, i) => get(`${path}/${i + 1}`, i >= 6 && path === '/users' ? 404 : 200)),
    get(`${path}/1?attributes=id`), get(`${path}/1/`), get(`${path}/9999`, 404), get(`${path}/0`, 404), get(`${path}/-1`, 404),
    get(`${path}/%31`), get(`${path}?id=3`), get(`${path}?id=3&id=1&order=id`), get(`${path}?id=9999`),
  ]),
  get('/students?cohort=Spring%202026&order=id'), get('/students?cohort=Spring+2026&order=id'), get('/students?cohort=nowhere'),
  get('/students?cohort=&order=id'), get('/students?cohort&order=id'), get('/students?cohort=null'),
  get('/students?cohort=Spring+2026&cohort=Autumn+2026&order=id'), get('/students?cohort=Spring+2026&name=Student+12'),
  get('/students?cohort=Spring+2026&order=name.desc&limit=4&offset=1&attributes=name,cohort'),
  get('/students?name=100%25+sure'), get('/students?name=100%25%20sure'), get('/students?name=a_b%5Cc'), get('/students?name=a%25'), get('/students?name=tab%09here'),
  get('/students?name=Zo%C3%AB%20%26%20Co'), get('/students?name=%22quoted%22'), get("/students?name=';+DROP+TABLE+students"), get('/students?name=%E6%97%A5%E6%9C%AC'),
  get('/students?name=%F0%9F%98%80'), get('/students?n%61me=%F0%9F%98%80'), get('/students?email=student9%40school.edu'), get('/students?email=student9@school.edu'),
  get('/students?createdAt=2026-01-01T13:00:00.123Z'), get('/students?&&id=4&&'), get('/students?name=%7B%22$ne%22:1%7D'), get('/students?name[$ne]=x', 400, {
    typed: { why: WHY.words, status: 400 }, sequelize: { why: WHY.strict, status: 500 },
  }),
  get('/posts?userId=2&order=id'), get('/posts?userId=2&userId=3&order=id.desc'), get('/posts?title=Post+3&include=User'), get('/posts?order=userId.desc,id&attributes=id,userId'),
  get('/posts?include=User&order=id'), get('/posts?include=User&order=id.desc&limit=2&attributes=title,userId', 200),
  get('/posts/3?include=User'), get('/posts/9999?include=User', 404), get('/users?include=Posts&order=id&id=6'), get('/users/6?include=Posts'),
  get('/users/1?include=Posts&attributes=id,name', 200), get('/users/1/posts?order=id'), get('/users/1/posts?order=id.desc&limit=2'),
  get('/users/1/posts?attributes=id,title&order=id'), get('/users/2/posts?title=Post+1'), get('/users/2/posts?title=none'), get('/users/6/posts'),
  get('/users/9999/posts', 404), get('/users/1/posts?order=id&include=User&limit=1'), get('/users/1/posts/?order=id'),
];

// --- what is not

const WRONG = [
  ...['', '/', '/nothing', '/student', '/students/1/2', '/students/1/posts', '/users/1/posts/2/3', '/users/1/nothing', '/posts/1/comments'].filter(Boolean).map((path) => get(path, 404)),
  get('//students', 404), get('/students//', 404), get('/students%2F1', 404), get('/favicon.ico', 404), get('/STUDENTS/1'), get('/Students/2'),
  ...PATHS.flatMap((path) => [
    remove(path, 405), put(path, {}, 405), { method: 'PATCH', path, body: {}, status: 405 }, post(`${path}/1`, {}, 405), { method: 'OPTIONS', path, status: 405 },
    { method: 'HEAD', path, status: 200 }, { method: 'HEAD', path: `${path}/1`, status: 200 }, { method: 'HEAD', path: `${path}/9999`, status: 404 },
    get(`${path}/abc`, 400, invalid), get(`${path}/1.5`, 400, invalid), get(`${path}/99999999999`, 400, invalid), get(`${path}/1;DROP`, 400, invalid), get(`${path}/null`, 400, invalid),
    put(`${path}/abc`, { name: 'x' }, 400, invalid), remove(`${path}/abc`, 400, invalid), remove(`${path}/9999`, 404), put(`${path}/9999`, { name: 'x', title: 'x' }, 404),
    get(`${path}?id=abc`, 400, { ...invalid }), get(`${path}?id=`, 400, invalid), get(`${path}?id=1&id=x`, 400, invalid),
    get(`${path}?nope=1`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.strict, status: 500 } }),
    get(`${path}?order=nope`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.strict, status: 500 } }),
    get(`${path}?attributes=id,nope`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.strict, status: 500 } }),
    get(`${path}?include=Nope`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.strict, status: 500 } }),
    get(`${path}?limit=abc`, 400, { sequelize: { why: WHY.limits, status: 500 } }),
    get(`${path}?limit=-1`, 400, { sequelize: { why: WHY.limits, status: 400 } }),
    get(`${path}?offset=x`, 400, { sequelize: { why: WHY.limits, status: 500 } }),
    get(`${path}/%zz`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }), get(`${path}/%00`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
    get(`${path}?id=%00`, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
    get(`${path}/1?limit=1`, 400, { typed: { why: WHY.ignores, status: 200 }, sequelize: { why: WHY.ignores, status: 200 } }),
    post(`${path}?x=1`, {}, 400, { typed: { why: WHY.ignores }, sequelize: { why: WHY.ignores } }),
  ]),
  get('/students?name=%zz', 400, { typed: { why: WHY.escapes, status: 200 }, sequelize: { why: WHY.escapes, status: 200 } }),
  get('/students?name=%ff', 400, { typed: { why: WHY.escapes, status: 200 }, sequelize: { why: WHY.escapes, status: 200 } }),
  get('/users/abc/posts', 400, invalid), { method: 'PATCH', path: '/students/9', body: { cohort: 'Patched' }, status: 200, differs: {
    typed: { why: 'the module has PUT alone', status: 405 }, sequelize: { why: 'the module has PUT alone', status: 405 } } },
  put('/students/9', { cohort: 'Patched' }), remove('/users/1/posts', 405), put('/users/1/posts', {}, 400), get('/users/1/posts/2', 405),
  get('/posts/1/user', 200, { typed: { why: 'the module has no such route', status: 404 }, sequelize: { why: 'the module has no such route', status: 404 } }),
];

// --- writing

const notSet = { typed: { why: WHY.nothing, body: undefined } };

const WRITES = [
  post('/students', { name: 'New', cohort: 'Spring 2027', email: 'new@school.edu' }), post('/students', { name: 'Alone' }), post('/students', { name: 'Null', cohort: null, email: null }),
  post('/students', { name: 'Zoë "日本" 😀 \\ / \u2028', cohort: '' }), post('/students', { name: '<script>', cohort: "';--" }), post('/students', { name: text('x', 255) }),
  post('/students', { name: 'More', id: 7, createdAt: '2000-01-01', updatedAt: '2000-01-01', nope: 1, $or: [1] }), post('/students', { name: 5, cohort: true }),
  post('/students', {}, 400), post('/students', { name: null }, 400), post('/students', { name: '' }, 400), post('/students', { name: '', email: 'x' }, 400),
  post('/students', { name: 'x', email: 'x' }, 400), post('/students', { name: 'x', email: '' }, 400), post('/students', { name: ['x'] }, 400), post('/students', { name: {} }, 400),
  post('/students', { email: 'bad' }, 400), post('/students', { name: 'x', email: 'new@school.edu' }, 400), post('/students', { name: 'x', email: 'student1@school.edu' }, 400),
  post('/students', { name: text('x', 256) }, 400, invalid), post('/students', { name: 'x', cohort: text('y', 300) }, 400, invalid),
  post('/students', { name: '', cohort: 'nul\u0000l' }, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
  post('/students', [{ name: 'x' }], 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
  post('/students', '{"name":', 400), post('/students', '', 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
  { ...post('/students', 'name=x', 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }), type: 'application/x-www-form-urlencoded' },
  post('/students', '"text"', 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
  post('/students', undefined, 400, { typed: { why: WHY.words }, sequelize: { why: WHY.words } }),
  post('/users', { name: 'Author', email: 'author@school.edu' }), post('/users', { name: 'Author', email: 'author@school.edu' }, 400),
  post('/users', { name: 'With posts', Posts: [{ title: 'x' }] }), post('/users', { name: ' ' }, 400),
  post('/posts', { title: 'Mine', body: 'text', userId: 1 }), post('/posts', { title: 'Mine', userId: '2' }, 201, created), post('/posts', { title: 'Long', body: text('long ', 5000), userId: 3 }),
  post('/posts', { title: 'x' }, 400), post('/posts', { userId: 1 }, 400), post('/posts', { title: 'x', userId: null }, 400), post('/posts', { title: 'x', userId: 9999 }, 400, invalid),
  post('/posts', { title: 'x', userId: 'abc' }, 400, invalid), post('/posts', { title: 'x', userId: 99999999999 }, 400, { typed: { why: WHY.items, body: 'errors' }, sequelize: { why: WHY.words } }),
  post('/posts', { title: 'x', userId: 1.5 }, 400, { typed: { why: WHY.items, body: 'errors' }, sequelize: { why: WHY.words } }),
  post('/users/1/posts', { title: 'Nested', body: 'b' }), post('/users/1/posts', { title: 'Nested', userId: 2, id: 3 }), post('/users/1/posts', {}, 400), post('/users/9999/posts', { title: 'x' }, 404),
  post('/users/abc/posts', { title: 'x' }, 400, invalid), post('/users/1/posts', { title: '' }, 400),
  put('/students/10', { name: 'Changed' }), put('/students/10', { cohort: null }), put('/students/10', { email: 'changed@school.edu', cohort: 'Spring 2028' }),
  put('/students/10', { id: 11, createdAt: '2000-01-01', nope: true, name: 'Still ten' }), put('/students/11', { name: 7 }, 200, {
    sequelize: { why: 'Sequelize answers with the value that was set, not with the one that is stored' } }),
  put('/students/12', {}, 200, notSet), put('/students/12', { nope: 1 }, 200, notSet), put('/students/12', { name: '' }, 400), put('/students/12', { name: null }, 400),
  put('/students/12', { email: 'bad', name: '' }, 400, undefined), put('/students/12', { email: 'student1@school.edu' }, 400), put('/students/12', { name: text('x', 256) }, 400, invalid),
  put('/users/1', { name: 'First' }), put('/users/1', { email: 'user2@school.edu' }, 400), put('/posts/1', { title: 'First', userId: 2 }), put('/posts/1', { userId: 9999 }, 400, invalid),
  put('/posts/1', { userId: null }, 400), put('/posts/1', { body: null }), put('/posts/1', '{"title":', 400),
  ...Array.from({ length: 5 }, (_, i) => get(`/students/${i + 9}`, 200, i === 3 ? { typed: notSet.typed } : undefined)),
  put('/users/3/posts/1', undefined, 204), put('/users/3/posts/1', {}, 204), put('/users/9999/posts/1', {}, 404), put('/users/3/posts/9999', {}, 404), remove('/users/1/posts/1', 404), remove('/users/9999/posts/1', 404),
  get('/users/3/posts?order=id&attributes=id,userId'), get('/posts/1?attributes=id,userId'), put('/users/1/posts/1', {}, 204), put('/posts/1', { userId: 2 }),
  remove('/students/13'), remove('/students/13', 404), get('/students/13', 404), put('/students/13', { name: 'x' }, 404), remove('/posts/2'), get('/users/3/posts?order=id'),
  remove('/users/2'), get('/users/2', 404), get('/users/2/posts', 404), get('/posts?userId=2'), get('/posts?order=id&attributes=id,title,body,userId'), get('/users?order=id&attributes=id,name,email'),
  get('/students?order=id&attributes=id,name,cohort,email'), get('/users?include=Posts&id=4&attributes=id,name'),
];

export const CASES = [...READS, ...WRONG, ...WRITES];
