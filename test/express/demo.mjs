// Starts the app and says what to try.
import { createApp } from './app.mjs';
import { openPool } from './database.mjs';
import { directory } from './directory.mjs';

const port = Number(process.env.PORT ?? 3000);
const pool = openPool();
const server = createApp(pool, directory(pool)).listen(port, '127.0.0.1', (error) => {
  if (error) {
    console.error(`cannot listen on port ${port} (${error.code}); PORT=… picks another one`);
    process.exit(1);
  }
  const address = `http://127.0.0.1:${server.address().port}`;
  const json = "-H 'content-type: application/json' -d";
  console.log(`The student directory (test/express/app.mjs) is at ${address}: open it in a browser. In another terminal:

  curl ${address}/students
  curl '${address}/students?cohort=Spring+2026&attributes=id,name'
  curl ${address}/students ${json} '{"name":"Alan Turing","email":"alan@example.org"}'
  curl ${address}/students ${json} '{"name":"","email":"nobody"}'
  curl -X PUT ${address}/students/1 ${json} '{"cohort":"Autumn 2026"}'
  curl -i -X DELETE ${address}/students/2
  curl '${address}/users?include=Posts'
  curl ${address}/users/1/posts ${json} '{"title":"Substitution"}'

${address}/docs shows all routes of its models (under /api), ${address}/openapi.json describes them.

Ctrl-C ends it.`);
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    server.close(() => pool.end());
    server.closeAllConnections();
  });
