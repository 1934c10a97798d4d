// Starts the app and says what to try.
import { createApp } from './app.mjs';
import { openPool } from './database.mjs';
import { directory } from './directory.mjs';
import { listen } from './listen.mjs';

const pool = openPool();
listen(createApp(pool, directory(pool)), pool, (address) => {
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
