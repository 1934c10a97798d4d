// The three busiest endpoints of Conduit, over 5,000 articles and 50,000 favorites: the application against the
// same with SQL by hand, with Sequelize and with Prisma; over HTTP, and without.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createDatabase, fill } from '../conduit/database.mjs';
import { signToken } from '../conduit/secrets.mjs';
import { openPeer } from './conduit-peers.mjs';
import { requestsPerSecond } from './express.mjs';
import { inTurns, time } from './measure.mjs';
import { size } from './size.mjs';

const ROUNDS = 5;
const CALLS = size(200, 2);
const ARTICLES = 5000;
const USERS = 500;

// Prisma and its generated client in a folder of their own.  The schema engine, which prisma would fetch, is for
// migrations alone: no program stands for it.  SD_PRISMA names a folder where this has been done.
function installPrisma() {
  if (process.env.SD_PRISMA) return;
  if (size(false, true)) throw new Error('not in a quick run, since it has to be fetched');
  const folder = `${process.env.SD_TMP}/prisma`;
  mkdirSync(folder);
  copyFileSync(new URL('conduit.prisma', import.meta.url), `${folder}/schema.prisma`);
  writeFileSync(`${folder}/package.json`, JSON.stringify({
    private: true, dependencies: { prisma: '7.10.1', '@prisma/client': '7.10.0', '@prisma/adapter-pg': '7.10.1' },
  }));
  writeFileSync(`${folder}/prisma.config.mjs`, "export default { schema: 'schema.prisma', datasource: { url: 'postgresql://none' } };\n");
  const options = {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'], // with an input they would ask, and wait for an answer
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  };
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], options);
  execFileSync('npx', ['prisma', 'generate'], options);
  process.env.SD_PRISMA = folder;
}

// add: as in run.mjs, a row of the table.
export async function conduitJobs(add) {
  const peers = ['studentdir', 'by hand', 'Sequelize'];
  try {
    installPrisma();
    peers.push('Prisma');
  } catch (error) {
    console.log(`Prisma cannot be run here: ${String(error.stderr || error.message).trim().split('\n')[0]}`);
  }
  await createDatabase('conduit', 'defined');
  fill('conduit');
  process.env.SECRET = 'of the benchmark';
  const tokens = Array.from({ length: USERS }, (_, i) => `Token ${signToken(i + 1, process.env.SECRET)}`);
  const slug = (i) => `article-number-${1 + ((i * 37) % ARTICLES)}-${1 + ((i * 37) % ARTICLES)}`;
  const me = (i) => 1 + ((i * 7) % USERS);
  const offset = (i) => (i % 10) * 20;
  let favored = 0;
  const jobs = {
    'list of articles': [(peer, i) => peer.articles({ offset: offset(i) }, me(i)), (i) => ({ path: `/api/articles?offset=${offset(i)}` })],
    feed: [(peer, i) => peer.feed({ offset: offset(i) }, me(i)), (i) => ({ path: `/api/articles/feed?offset=${offset(i)}` })],
    // each a new one: an article and a reader that go on from call to call
    favorite: [(peer) => peer.favorite(slug(++favored), 1 + (Math.trunc(favored / 7) % USERS)), () => ({ method: 'POST', path: `/api/articles/${slug(++favored)}/favorite` })],
  };

  const opened = Object.fromEntries(await Promise.all(peers.map(async (peer) => [peer, await openPeer(peer, 1)])));
  const goal = (job, http, peer) => (peer !== 'by hand' ? '' : http ? '>= 1.0x' : job === 'favorite' ? '' : '>= 1.5x');
  for (const [job, [call, request]] of Object.entries(jobs)) {
    const medians = await inTurns(ROUNDS, ...peers.map((peer) => async () => {
      const total = await time(async () => {
        for (let i = 0; i < CALLS; i++) await call(opened[peer], i);
      });
      return total / CALLS;
    }));
    for (const [i, peer] of peers.entries())
      if (i > 0) add(`Conduit, ${job}`, peer, `${medians[0].toFixed(2)} ms`, `${medians[i].toFixed(2)} ms`, `${(medians[i] / medians[0]).toFixed(2)}x`, goal(job, false, peer));

    const answers = await requestsPerSecond('conduit-serve.mjs', peers, ROUNDS, (i) => {
      const asked = request(i);
      return { ...asked, headers: { authorization: tokens[me(i + favored) - 1] } };
    });
    for (const peer of peers.slice(1))
      add(`Conduit over HTTP, ${job}`, peer, `${answers.studentdir.toFixed(0)}/s`, `${answers[peer].toFixed(0)}/s`, `${(answers.studentdir / answers[peer]).toFixed(2)}x`, goal(job, true, peer));
  }
  for (const peer of Object.values(opened)) await peer.close();
}
