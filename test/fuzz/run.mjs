// Random documents.  SD_FUZZ_SEED repeats a run, SD_FUZZ_N says how many documents it has.
import { Random } from './random.mjs';
import { compareAnswers } from './compare.mjs';
import { fuzzErrors } from './errors.mjs';
import { finish } from '../lib/suite.mjs';

const seed = Number(process.env.SD_FUZZ_SEED ?? Date.now() % 2 ** 32);
const n = Number(process.env.SD_FUZZ_N ?? 10000);

console.log(`SD_FUZZ_SEED=${seed} SD_FUZZ_N=${n}`);
await fuzzErrors(new Random(seed), n);
await compareAnswers(new Random(seed + 1), Math.ceil(n / 10));
finish();
