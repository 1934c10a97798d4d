// The same directory, all of it: every request goes to studentdir.request, which knows the routes.
import express from 'express';
import { pathToFileURL } from 'node:url';
import { openPool } from './database.mjs';

async function allowedMethods(pool, url) {
  const { rows } = await pool.query('SELECT studentdir.allowed_methods($1) AS methods', [url]);
  return rows[0].methods;
}

export function createApp(pool) {
  const app = express();
  app.use(express.json({ strict: false }));

  app.use(async (req, res) => {
    // HEAD is GET without the body, which Express leaves out by itself
    const method = req.method === 'HEAD' ? 'GET' : req.method;
    const { rows } = await pool.query({
      name: 'request',
      text: 'SELECT status, body FROM studentdir.request($1, $2, $3)',
      values: [method, req.url, req.body === undefined ? null : JSON.stringify(req.body)],
    });
    const { status, body } = rows[0];
    res.status(Number(status));
    if (Number(status) === 405) res.set('Allow', await allowedMethods(pool, req.url));
    if (body === null) res.end();
    else res.type('json').send(body);
  });

  app.use((error, req, res, next) => {
    // Express could not read the request, or PostgreSQL the JSON: it has no null characters
    const status = error.code?.startsWith('22') ? 400 : (error.status ?? 500);
    if (status < 500) return res.status(status).json({ error: error.message, errors: [] });
    // the database is not there, or asks to try again
    console.error(error);
    res.status(500).json({ error: 'server error' });
  });
  return app;
}

// node request-app.mjs
if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = createApp(openPool()).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
    if (error) throw error;
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
}
