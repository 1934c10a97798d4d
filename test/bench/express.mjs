// Requests a second of the three Express apps on the benchmark's tables, one after the other in turns: each
// in a process of its own, as in life, asked over four connections that stay open.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';
import { size } from './size.mjs';

const CONNECTIONS = 4;
const SECONDS = size(2, 0.1);
const APPS = ['app', 'request-app', 'sequelize-app'];

// The number of answers that come in the time given.
async function load(port, path, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + seconds * 1000;
  let answers = 0;
  const ask = (i) => new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', path: path(i), agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path(i)} answers ${response.statusCode}`));
      response.resume();
      response.on('end', resolve);
    }).on('error', reject);
  });
  async function loop(from) {
    for (let i = from; performance.now() < end; i += CONNECTIONS) {
      await ask(i);
      answers++;
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => loop(i)));
  agent.destroy();
  return answers / seconds;
}

async function start(app) {
  const child = fork(fileURLToPath(new URL('serve.mjs', import.meta.url)), [app]);
  const [port] = await once(child, 'message');
  return { child, port };
}

// The requests a second that each app answers: { app, 'request-app', 'sequelize-app' }.
export async function requestsPerSecond(rounds, path) {
  const results = Object.fromEntries(APPS.map((app) => [app, []]));
  const servers = Object.fromEntries(await Promise.all(APPS.map(async (app) => [app, await start(app)])));
  for (const app of APPS) await load(servers[app].port, path, SECONDS / 2);
  for (let round = 0; round < size(rounds, 1); round++)
    for (const app of APPS) results[app].push(await load(servers[app].port, path, SECONDS));
  for (const { child } of Object.values(servers)) child.kill();
  return Object.fromEntries(APPS.map((app) => [app, median(results[app])]));
}
