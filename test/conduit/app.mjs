// Conduit, the application of RealWorld, on Express and studentdir: each endpoint is one call, whose answer is
// the JSON that goes to the client.  What an endpoint asks for stands in its statement; what comes from the client
// is a parameter.  A call that finds nothing looks again, to say why.
import express from 'express';
import { invalid, showError } from './errors.mjs';
import { hash, readToken, signToken, verify } from './secrets.mjs';
import * as sql from './statements.mjs';

export function createApp(pool, secret) {
  const app = express();
  app.disable('x-powered-by');
  app.use(allowOrigins, express.json(), readToken(secret));

  // The one value of a call: JSON text, undefined where there is no record.
  async function call(statement, ...values) {
    const { rows } = await pool.query({ ...statement, values, rowMode: 'array' });
    return rows[0]?.[0] ?? undefined;
  }

  // --- users

  const sendUser = (res, status, text) => {
    const { id, email, username, bio, image } = JSON.parse(text);
    res.status(status).json({ user: { email, token: signToken(id, secret), username, bio, image } });
  };

  app.post('/api/users', async (req, res) => {
    const user = pick(req.body?.user, 'username', 'email');
    const passwordHash = await hash(password(req.body?.user));
    sendUser(res, 201, await call(sql.createUser, { ...user, passwordHash }));
  });

  app.post('/api/users/login', async (req, res) => {
    const { email } = req.body?.user ?? {};
    const user = await call(sql.login, { email: typeof email === 'string' ? email : '' });
    const { passwordHash } = JSON.parse(user ?? '{}');
    if (!(await verify(req.body?.user?.password, passwordHash))) throw invalid(401, 'email or password', 'is invalid');
    sendUser(res, 200, user);
  });

  app.route('/api/user')
    .all(signedIn)
    .get(async (req, res) => {
      const user = await call(sql.user, req.me);
      if (user === undefined) return unauthorized(res);
      sendUser(res, 200, user);
    })
    .put(async (req, res) => {
      const data = pick(req.body?.user, 'username', 'email', 'bio', 'image');
      if (req.body?.user?.password !== undefined) data.passwordHash = await hash(password(req.body.user));
      const user = await call(sql.updateUser, req.me, data);
      if (user === undefined) return unauthorized(res);
      sendUser(res, 200, user);
    });

  // --- profiles

  const sendProfile = (res, text) => sendFound(res, 'profile', text);

  app.get('/api/profiles/:username', async (req, res) => {
    sendProfile(res, await call(sql.profile, { username: req.params.username }, { me: req.me }));
  });

  app.route('/api/profiles/:username/follow')
    .all(signedIn)
    .post(async (req, res) => {
      sendProfile(res, await call(sql.follow, { username: req.params.username }, req.me, { me: req.me }));
    })
    .delete(async (req, res) => {
      sendProfile(res, await call(sql.unfollow, { username: req.params.username }, req.me, { me: req.me }));
    });

  // --- articles

  const sendArticle = (res, text) => sendFound(res, 'article', text);

  app.get('/api/articles', async (req, res) => {
    const { statement, params } = sql.articles(req.query);
    sendJson(res, await call(statement, { ...params, ...page(req.query), me: req.me }));
  });

  app.get('/api/articles/feed', signedIn, async (req, res) => {
    const articles = await call(sql.feed, { ...page(req.query), me: req.me });
    sendJson(res, articles);
  });

  app.post('/api/articles', signedIn, async (req, res) => {
    const article = pick(req.body?.article, 'title', 'description', 'body');
    const tags = tagList(req.body?.article).map((name) => ({ name }));
    const data = { ...article, author: req.me, tags };
    res.status(201);
    sendArticle(res, await call(sql.createArticle, data, { me: req.me }));
  });

  app.route('/api/articles/:slug')
    .get(async (req, res) => {
      sendArticle(res, await call(sql.article, { slug: req.params.slug }, { me: req.me }));
    })
    .put(signedIn, async (req, res) => {
      const data = pick(req.body?.article, 'title', 'description', 'body');
      const article = await call(sql.updateArticle, { slug: req.params.slug }, data, { me: req.me });
      if (article === undefined) return refuse(req, res, await call(sql.articleId, { slug: req.params.slug }));
      sendArticle(res, article);
    })
    .delete(signedIn, async (req, res) => {
      const deleted = await call(sql.deleteArticle, { slug: req.params.slug }, { me: req.me });
      if (deleted === '0') return refuse(req, res, await call(sql.articleId, { slug: req.params.slug }));
      res.status(204).end();
    });

  app.route('/api/articles/:slug/favorite')
    .all(signedIn)
    .post(async (req, res) => {
      sendArticle(res, await call(sql.favorite, { slug: req.params.slug }, req.me, { me: req.me }));
    })
    .delete(async (req, res) => {
      sendArticle(res, await call(sql.unfavorite, { slug: req.params.slug }, req.me, { me: req.me }));
    });

  // --- comments

  app.route('/api/articles/:slug/comments')
    .get(async (req, res) => {
      const comments = await call(sql.comments, { slug: req.params.slug }, { me: req.me });
      if (comments === undefined) return notFound(res);
      sendJson(res, comments);
    })
    .post(signedIn, async (req, res) => {
      const comment = pick(req.body?.comment, 'body');
      const data = { ...comment, author: req.me, article: { $link: { slug: req.params.slug } } };
      sendFound(res, 'comment', await call(sql.createComment, data, { me: req.me }));
    });

  app.delete('/api/articles/:slug/comments/:id', signedIn, async (req, res) => {
    const { slug, id } = req.params;
    const deleted = await call(sql.deleteComment, { slug, id, me: req.me });
    if (deleted === '0') return refuse(req, res, await call(sql.commentId, { slug, id }));
    res.status(204).end();
  });

  // --- tags

  app.get('/api/tags', async (req, res) => {
    sendJson(res, await call(sql.tags));
  });

  // Why nothing was changed: the reader is gone, somebody else owns it, or it is not there.
  async function refuse(req, res, found) {
    if (!(await isThere(req.me))) return unauthorized(res);
    if (found === undefined) return notFound(res);
    throw invalid(403, 'body', 'belongs to somebody else');
  }
  const isThere = async (me) => (await call(sql.user, me)) !== undefined;

  app.use((req, res) => notFound(res));
  app.use(showError);
  return app;
}

// --- requests

// What a client may set; it may send more.
function pick(values, ...names) {
  return Object.fromEntries(names.filter((name) => values?.[name] !== undefined).map((name) => [name, values[name]]));
}

function password(values) {
  if (typeof values?.password !== 'string' || values.password === '') throw invalid(422, 'password', "can't be blank");
  return values.password;
}

function tagList(article) {
  const { tagList: names = [] } = article ?? {};
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string'))
    throw invalid(422, 'tagList', 'is not a list of words');
  return [...new Set(names)];
}

const page = ({ limit = '20', offset = '0' }) => ({ limit: String(limit), offset: String(offset) });

function signedIn(req, res, next) {
  if (req.me === null) return unauthorized(res);
  next();
}

// --- answers

const sendJson = (res, text) => res.type('json').send(text);

// A record under its name; there is none where a call has found none to read, or to change.
function sendFound(res, name, text) {
  if (text === undefined) return notFound(res);
  sendJson(res, `{"${name}":${text}}`);
}

const notFound = (res) => res.status(404).json({ errors: { body: ['not found'] } });
const unauthorized = (res) => res.status(401).json({ errors: { body: ['is only for users who are signed in'] } });

function allowOrigins(req, res, next) {
  res.set({ 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type' });
  if (req.method !== 'OPTIONS') return next();
  res.set('access-control-allow-methods', 'GET, POST, PUT, DELETE').status(204).end();
}
