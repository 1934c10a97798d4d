// Requests a second of Express apps on the benchmark's tables, one after the other in turns: each in a process of
// its own, as in life, asked over four connections that stay open.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';
import { size } from './size.mjs';

const CONNECTIONS = 4;
const SECONDS = size(2, 0.1);

// The number of answers that come in the time given.  request(i): a path, or options of http.request.
async function load(port, request, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + seconds * 1000;
  let answers = 0;
  const ask = (i) => new Promise((resolve, reject) => {
    const asked = request(i);
    const options = typeof asked === 'string' ? { path: asked } : asked;
    http.request({ port, host: '127.0.0.1', agent, ...options }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${options.path} answers ${response.statusCode}`));
      response.resume();
      response.on('end', resolve);
    }).on('error', reject).end();
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

async function start(program, app) {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), [app]);
  const [port] = await once(child, 'message');
  return { child, port };
}

// The requests a second that each app answers, by its name, which the program gets.
export async function requestsPerSecond(program, apps, rounds, request) {
  const results = Object.fromEntries(apps.map((app) => [app, []]));
  const servers = Object.fromEntries(await Promise.all(apps.map(async (app) => [app, await start(program, app)])));
  for (const app of apps) await load(servers[app].port, request, SECONDS / 2);
  for (let round = 0; round < size(rounds, 1); round++)
    for (const app of apps) results[app].push(await load(servers[app].port, request, SECONDS));
  for (const { child } of Object.values(servers)) child.kill();
  return Object.fromEntries(apps.map((app) => [app, median(results[app])]));
}
