// How the benchmark measures: two sides in turns, medians of both.
import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';

import { size } from './size.mjs';

const execute = promisify(execFile);

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Runs every side once unmeasured, then all of them in turns; returns the median of what each gave.
export async function inTurns(rounds, ...sides) {
  const results = sides.map(() => []);
  for (let round = size(-1, 0); round < size(rounds, 1); round++)
    for (const [i, side] of sides.entries()) {
      const result = await side();
      if (round >= 0) results[i].push(result);
    }
  return results.map(median);
}

// The milliseconds that a function takes.
export async function time(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

// The milliseconds of one statement in psql, whose rows are thrown away.
export async function psql(statement) {
  const { stdout } = await execute('psql', ['-Xq', '-c', '\\o /dev/null', '-c', '\\timing on', '-c', statement]);
  return Number(/Time: ([\d.]+) ms/.exec(stdout)[1]);
}

// Transactions a second of a script in pgbench, with prepared statements over one connection.
export async function pgbench(file, variables = {}) {
  const { stdout } = await execute('pgbench', [
    '-n', '-M', 'prepared', ...size(['-T', '2'], ['-t', '5']), '-c', '1', '-f', file,
    ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
  ]);
  return Number(/tps = ([\d.]+) \(without/.exec(stdout)[1]);
}
