// Starts an app, sends it some requests, and prints what it answers.
import { once } from 'node:events';

const requests = [
  ['GET', '/students'],
  ['POST', '/students', { name: 'Ada Lovelace', email: 'ada@example.org' }],
  ['POST', '/students', { name: 'Grace Hopper', cohort: 'Spring 2026' }],
  ['GET', '/students/2'],
  ['PUT', '/students/2', { email: 'grace@example.org' }],
  ['DELETE', '/students/1'],
  ['DELETE', '/students/1'],
  ['GET', '/students'],
  ['GET', '/students/99'],
  ['POST', '/students', { cohort: 'Spring 2026' }],
  ['PUT', '/students/2', { email: 'grace' }],
];

export async function tryOut(app) {
  const server = app.listen(0);
  await once(server, 'listening');
  for (const [method, path, body] of requests) {
    const response = await fetch(`http://localhost:${server.address().port}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    console.log([method, path, JSON.stringify(body)].join(' ').trim());
    console.log(`  ${response.status} ${await response.text()}`.trimEnd());
  }
  server.close();
}
