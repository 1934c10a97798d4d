// How many lines the three busiest endpoints take with studentdir and with what the benchmark compares.  Counted are
// lines that are neither empty nor comments: those that say what the models are, and those of the endpoints.
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');

// The lines of a file from one that matches to the one before another that does, or to the end.
function part(name, from, to) {
  const lines = read(name);
  const first = lines.findIndex((line) => from.test(line));
  const rest = lines.slice(first);
  const last = to ? rest.findIndex((line, i) => i > 0 && to.test(line)) : -1;
  if (first < 0 || (to && last < 0)) throw new Error(`${name} has no such part`);
  return last < 0 ? rest : rest.slice(0, last);
}

const code = (...parts) => parts.flat().filter((line) => line.trim() !== '' && !/^\s*(\/\/|--)/.test(line)).length;

const PEERS = '../bench/conduit-peers.mjs';
const STATEMENTS = 'statements.mjs';

export const lines = {
  // of all 19 endpoints
  studentdir: {
    models: code(read('migrations/20261128000002-models.up.sql'), read('migrations/20261128000003-associations.up.sql')),
    endpoints: code(part(PEERS, /^function openStudentdir/, /^function openByHand/), part(STATEMENTS, /^const PAGE/, /^export const createUser/),
      part(STATEMENTS, /^const FILTERS/, /^export const article =/), part(STATEMENTS, /^export const favorite/, /^export const unfavorite/)),
  },
  'by hand': {
    models: 0,
    endpoints: code(part('by-hand.mjs', /^const time/, /^const ARTICLE/), part('by-hand.mjs', /^export function/, /^    article:/), part('by-hand.mjs', /^    favorite:/, /^    comments:/)),
  },
  Sequelize: {
    models: code(part(PEERS, /const \{ STRING, TEXT \}/, /what is computed for the reader/)),
    endpoints: code(part(PEERS, /const computed = \(me\)/, /^function openPrisma/)),
  },
  Prisma: {
    models: code(part('../bench/conduit.prisma', /^model User/)),
    endpoints: code(part(PEERS, /^function openPrisma/, /^const PEERS/)),
  },
};
