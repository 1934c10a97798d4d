// The student directory with one handler for each route, which calls the function of that name.
// Compare it with sequelize-app.mjs: where that awaits Student.findAll(), this awaits students_list().
import express from 'express';
import { pathToFileURL } from 'node:url';
import { callOne, openPool } from './database.mjs';

// routers: handlers that come before these routes.
export function createApp(pool, ...routers) {
  const app = express();
  app.use(...routers, express.json());
  const call = (sql, ...values) => callOne(pool, sql, ...values);

  // --- students

  app.route('/students')
    .get(async (req, res) => {
      sendJson(res, 200, await call('SELECT students_list($1)', listOptions(req.query)));
    })
    .post(async (req, res) => {
      sendJson(res, 201, await call('SELECT student_create($1)', pick(req.body, 'name', 'cohort', 'email')));
    })
    .all(notAllowed);

  app.route('/students/:id')
    .get(async (req, res) => {
      sendJson(res, 200, await call('SELECT student_find_by_pk($1, $2)', req.params.id, recordOptions(req.query)));
    })
    .put(async (req, res) => {
      const data = pick(req.body, 'name', 'cohort', 'email');
      sendJson(res, 200, await call('SELECT student_update($1, $2)', req.params.id, data));
    })
    .delete(async (req, res) => {
      sendDeleted(res, await call('SELECT student_destroy($1)', req.params.id));
    })
    .all(notAllowed);

  // --- users

  app.route('/users')
    .get(async (req, res) => {
      sendJson(res, 200, await call('SELECT users_list($1)', listOptions(req.query)));
    })
    .post(async (req, res) => {
      sendJson(res, 201, await call('SELECT user_create($1)', pick(req.body, 'name', 'email')));
    })
    .all(notAllowed);

  app.route('/users/:id')
    .get(async (req, res) => {
      sendJson(res, 200, await call('SELECT user_find_by_pk($1, $2)', req.params.id, recordOptions(req.query)));
    })
    .put(async (req, res) => {
      sendJson(res, 200, await call('SELECT user_update($1, $2)', req.params.id, pick(req.body, 'name', 'email')));
    })
    .delete(async (req, res) => {
      sendDeleted(res, await call('SELECT user_destroy($1)', req.params.id));
    })
    .all(notAllowed);

  // --- posts, also as what belongs to a user

  app.route('/posts')
    .get(async (req, res) => {
      sendJson(res, 200, await call('SELECT posts_list($1)', listOptions(req.query)));
    })
    .post(async (req, res) => {
      sendJson(res, 201, await call('SELECT post_create($1)', pick(req.body, 'title', 'body', 'userId')));
    })
    .all(notAllowed);

  app.route('/posts/:id')
    .get(async (req, res) => {
      sendJson(res, 200, await call('SELECT post_find_by_pk($1, $2)', req.params.id, recordOptions(req.query)));
    })
    .put(async (req, res) => {
      const data = pick(req.body, 'title', 'body', 'userId');
      sendJson(res, 200, await call('SELECT post_update($1, $2)', req.params.id, data));
    })
    .delete(async (req, res) => {
      sendDeleted(res, await call('SELECT post_destroy($1)', req.params.id));
    })
    .all(notAllowed);

  app.route('/users/:id/posts')
    .get(async (req, res) => {
      const user = await call('SELECT user_find_by_pk($1)', req.params.id);
      if (user === undefined) return sendJson(res, 404);
      const options = listOptions(req.query);
      options.where = { $and: [{ userId: req.params.id }, options.where] };
      sendJson(res, 200, await call('SELECT posts_list($1)', options));
    })
    .post(async (req, res) => {
      const user = await call('SELECT user_find_by_pk($1)', req.params.id);
      if (user === undefined) return sendJson(res, 404);
      const data = { ...pick(req.body, 'title', 'body'), userId: req.params.id };
      sendJson(res, 201, await call('SELECT post_create($1)', data));
    })
    .put(async (req, res) => {
      if (!Array.isArray(req.body)) return res.status(400).json({ error: 'body: expected an array of keys', errors: [] });
      const user = await call('SELECT user_find_by_pk($1)', req.params.id);
      if (user === undefined) return sendJson(res, 404);
      await call('SELECT user_set_posts($1, $2)', req.params.id, JSON.stringify(req.body));
      res.status(204).end();
    })
    .all(notAllowed);

  // a post that exists, as one of a user's
  app.route('/users/:id/posts/:postId')
    .put(async (req, res) => {
      const user = await call('SELECT user_find_by_pk($1)', req.params.id);
      const post = await call('SELECT post_find_by_pk($1)', req.params.postId);
      if (user === undefined || post === undefined) return sendJson(res, 404);
      await call('SELECT user_add_posts($1, $2)', req.params.id, req.params.postId);
      res.status(204).end();
    })
    .delete(async (req, res) => {
      const linked = await call('SELECT user_has_posts($1, $2)', req.params.id, req.params.postId);
      if (linked !== 'true' && linked !== 't') return sendJson(res, 404);
      await call('SELECT user_remove_posts($1, $2)', req.params.id, req.params.postId);
      res.status(204).end();
    })
    .all(notAllowed);

  app.use((req, res) => sendJson(res, 404));

  app.use((error, req, res, next) => {
    const code = error.code ?? '';
    if (code.startsWith('23') && error.detail?.startsWith('['))
      // what validation found, all of it, or a key that is taken or leads nowhere
      res.status(400).json({ error: code === '23505' ? 'Validation error' : error.message, errors: JSON.parse(error.detail) });
    else if (code.startsWith('22') || code.startsWith('23') || code === '42703')
      // a value of another type, a foreign key without its record, an unknown attribute
      res.status(400).json({ error: error.message, errors: [] });
    else if (error.status >= 400 && error.status < 500)
      // Express could not read the request
      res.status(error.status).json({ error: error.message, errors: [] });
    else {
      console.error(error);
      res.status(500).json({ error: 'server error' });
    }
  });
  return app;
}

// --- answers

export function sendJson(res, status, text) {
  if (text === undefined) res.status(404).json({ error: 'not found' });
  else res.status(status).type('json').send(text);
}

export function sendDeleted(res, count) {
  if (count === '0') sendJson(res, 404);
  else res.status(204).end();
}

function notAllowed(req, res) {
  const methods = Object.keys(req.route.methods).filter((method) => method !== '_all');
  res.status(405).set('Allow', methods.join(', ').toUpperCase()).json({ error: 'method not allowed' });
}

// --- requests

// What a client may set; it may send more.
function pick(body, ...names) {
  return Object.fromEntries(names.filter((name) => body?.[name] !== undefined).map((name) => [name, body[name]]));
}

const number = (text) => (/^\d+$/.test(text) ? Number(text) : text);

// ?cohort=Spring+2026&order=name.desc&limit=10&offset=20&attributes=id,name&include=Posts
export function listOptions(query) {
  const { limit, offset, order, attributes, include, ...where } = query;
  const options = { where: { ...where }, ...recordOptions({ attributes, include }) };
  if (limit !== undefined) options.limit = number(limit);
  if (offset !== undefined) options.offset = number(offset);
  if (order !== undefined)
    options.order = order.split(',').map((term) => {
      const [name, direction = 'asc'] = term.split('.');
      return [name, direction.toUpperCase()];
    });
  return options;
}

function recordOptions({ attributes, include }) {
  const options = {};
  if (attributes !== undefined) options.attributes = attributes.split(',');
  if (include !== undefined) options.include = include.split(',');
  return options;
}

// node app.mjs
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = createApp(openPool()).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
    if (error) throw error;
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
}
