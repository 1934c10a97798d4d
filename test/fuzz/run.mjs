// Random documents, the same ones each time: SD_FUZZ_SEED makes others ("new": ones never seen before),
// SD_FUZZ_N says how many.
import { Random } from './random.mjs';
import { compareAnswers } from './compare.mjs';
import { fuzzErrors } from './errors.mjs';
import { fuzzRequests } from './requests.mjs';
import { finish } from '../lib/suite.mjs';

const { SD_FUZZ_SEED: chosen = '1' } = process.env;
const seed = chosen === 'new' ? Date.now() % 2 ** 32 : Number(chosen);
const n = Number(process.env.SD_FUZZ_N ?? 10000);

console.log(`SD_FUZZ_SEED=${seed} SD_FUZZ_N=${n}`);
await fuzzErrors(new Random(seed), n);
await compareAnswers(new Random(seed + 1), Math.ceil(n / 10));
await fuzzRequests(new Random(seed + 2), Math.ceil(n / 10));
finish();
