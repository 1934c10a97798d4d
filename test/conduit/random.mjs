// 600 random requests, whose answers have to be those of SQL that is written by hand.
import assert from 'node:assert/strict';
import { test } from '../lib/suite.mjs';
import { byHand } from './by-hand.mjs';

const N = Number(process.env.SD_CONDUIT_N ?? 600);

// The same numbers in each run (mulberry32).
function random(seed) {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

// ask: sends GET (or POST) and returns the answer's JSON; the database has the rows of data.sql.
export async function compareRandom(pool, ask) {
  const below = random(20261128);
  const hand = byHand(pool);
  const some = (...choices) => choices[below(choices.length)];
  const slugs = (await pool.query('SELECT slug FROM articles ORDER BY id')).rows.map(({ slug }) => slug);
  const user = () => `user${1 + below(510)}`;
  const page = () => ({ ...(below(2) && { limit: some(0, 1, 5, 20, 50) }), ...(below(3) === 0 && { offset: some(0, 1, 7, 40, 5000) }) });
  const me = () => (below(4) === 0 ? null : 1 + below(500));
  const kinds = {
    articles: () => {
      const query = { ...page(), ...(below(2) && { tag: `tag${1 + below(103)}` }), ...(below(3) === 0 && { author: user() }), ...(below(3) === 0 && { favorited: user() }) };
      return [`/articles?${new URLSearchParams(query)}`, (reader) => hand.articles(query, reader)];
    },
    feed: () => {
      const query = page();
      return [`/articles/feed?${new URLSearchParams(query)}`, (reader) => hand.feed(query, reader)];
    },
    article: () => {
      const slug = some(...slugs);
      return [`/articles/${slug}`, (reader) => hand.article(slug, reader)];
    },
    comments: () => {
      const slug = slugs[below(20)];
      return [`/articles/${slug}/comments`, (reader) => hand.comments(slug, reader)];
    },
    profile: () => {
      const name = `user${1 + below(500)}`;
      return [`/profiles/${name}`, (reader) => hand.profile(name, reader)];
    },
  };
  await test(`${N} random answers are those of SQL by hand`, async () => {
    for (let i = 0; i < N; i++) {
      const kind = some('articles', 'articles', 'feed', 'feed', 'article', 'comments', 'profile');
      const [path, expected] = kinds[kind]();
      const reader = kind === 'feed' ? 1 + below(500) : me();
      assert.deepEqual(await ask(path, reader), JSON.parse(await expected(reader)), `GET ${path} of ${reader}`);
    }
  });
}
