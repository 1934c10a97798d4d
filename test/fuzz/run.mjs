// Random documents, the same ones each time: SD_FUZZ_SEED makes others ("new": ones never seen before),
// SD_FUZZ_N says how many, SD_FUZZ_PARTS which of the parts run ("errors catalogs").
import { Random } from './random.mjs';
import { fuzzCatalogs } from './catalogs.mjs';
import { compareAnswers } from './compare.mjs';
import { fuzzErrors } from './errors.mjs';
import { walkPages } from './keyset.mjs';
import { compareExpressions } from './expressions.mjs';
import { comparePatterns } from './patterns.mjs';
import { fuzzRequests } from './requests.mjs';
import { checkRelations } from './relations.mjs';
import { finish } from '../lib/suite.mjs';

const { SD_FUZZ_SEED: chosen = '1' } = process.env;
const seed = chosen === 'new' ? Date.now() % 2 ** 32 : Number(chosen);
const n = Number(process.env.SD_FUZZ_N ?? 10000);

const parts = {
  errors: (random) => fuzzErrors(random, n),
  compare: (random) => compareAnswers(random, Math.ceil(n / 10)),
  requests: (random) => fuzzRequests(random, Math.ceil(n / 10)),
  relations: (random) => checkRelations(random, Math.ceil(n / 20)),
  pages: (random) => walkPages(random, Math.ceil(n / 50)),
  catalogs: (random) => fuzzCatalogs(random, Math.ceil(n / 20)),
  expressions: (random) => compareExpressions(random, Math.ceil(n / 40)),
  patterns: (random) => comparePatterns(random, Math.ceil(n / 40)),
};
const wanted = process.env.SD_FUZZ_PARTS?.split(' ') ?? Object.keys(parts);

console.log(`SD_FUZZ_SEED=${seed} SD_FUZZ_N=${n}`);
for (const [i, [name, run]] of Object.entries(parts).entries()) {
  if (wanted.includes(name)) await run(new Random(seed + i));
}
finish();
