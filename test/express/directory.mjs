// What make express serves beside the routes of app.mjs: the page, what the page asks for besides the five routes
// of a model, and under /api all routes of the models, with a document that says what they are.
import express from 'express';
import { fileURLToPath } from 'node:url';
import { listOptions, sendDeleted, sendJson } from './app.mjs';
import { callOne } from './database.mjs';
import { createApp as createRequestApp } from './request-app.mjs';

const FOUND = { $or: ['name', 'cohort', 'email'].map((name) => ({ [name]: { $iSubstring: { $param: 'search' } } })) };

// Answers that end with a line of their own look well in a terminal.
function endWithNewline(req, res, next) {
  const { send } = res;
  res.send = (body) => send.call(res, typeof body === 'string' ? `${body}\n` : body);
  next();
}

const path = (url) => fileURLToPath(new URL(url, import.meta.url));
const swaggerUi = path('../node_modules/swagger-ui-dist');
const API = { title: 'Student directory', servers: ['/api'] };

export function directory(pool) {
  const router = express.Router();
  const call = (sql, ...values) => callOne(pool, sql, ...values);

  router.use(endWithNewline);
  router.use(express.static(path('page'), {
    setHeaders: (res) => res.set('content-security-policy', "default-src 'self'"),
  }));

  // the routes that studentdir.request answers, and what they are; Swagger UI sets styles and has images in its text
  router.use('/api', createRequestApp(pool));
  router.get('/openapi.json', async (req, res) => {
    sendJson(res, 200, await call('SELECT studentdir.openapi($1)', API));
  });
  router.get('/docs', (req, res) => {
    res.set('content-security-policy', "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");
    res.sendFile(path('page/docs.html'));
  });
  router.use('/docs', express.static(swaggerUi, { index: false }));

  // GET /students with one more word: a part of the name, the cohort or the e-mail address
  router.get('/students', async (req, res, next) => {
    const { search, ...query } = req.query;
    if (search === undefined) return next();
    const options = listOptions(query);
    options.where = { $and: [options.where, FOUND] };
    sendJson(res, 200, await call('SELECT students_list($1, $2)', options, { search: String(search) }));
  });

  router.post('/students/:id/restore', async (req, res) => {
    sendDeleted(res, await call('SELECT student_restore($1)', req.params.id));
  });

  router.get('/models/:name', async (req, res) => {
    sendJson(res, 200, await call('SELECT studentdir.describe(name) FROM studentdir.model WHERE name = $1', req.params.name));
  });
  return router;
}
