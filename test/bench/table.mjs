// A table of results.  Each row is printed when it is known; at the end of the run all tables follow as Markdown, as
// README.md has them, each with what misses its goal.
import { appendFileSync } from 'node:fs';

import { size } from './size.mjs';

// Whether a ratio, as "0.95x" or "1.25x its time", misses a goal, as ">= 1.0x" or "<= 1.2x its time"; others are not looked at.
function misses(ratio, goal) {
  const [, sign, number] = /^([<>])= ([\d.]+)x/.exec(goal ?? '') ?? [];
  const reached = Number.parseFloat(ratio);
  if (sign === undefined || Number.isNaN(reached)) return false;
  return sign === '>' ? reached < Number(number) : reached > Number(number);
}

// goals: the columns that hold a ratio and its goal, where there are.  file: BENCH_TABLES, which the runner prints.
export function openTable(header, goals) {
  const rows = [];
  const markdown = (cells) => `| ${cells.join(' | ')} |`;
  console.log(header.join(' | '));
  return {
    add(...row) {
      rows.push(row);
      console.log(row.join(' | '));
    },
    close() {
      if (rows.length === 0 || process.env.BENCH_TABLES === undefined) return;
      const missed = goals === undefined || size(false, true) ? [] : rows.filter((row) => misses(row[goals[0]], row[goals[1]]));
      appendFileSync(process.env.BENCH_TABLES, [
        '', ...[header, header.map(() => '---'), ...rows].map(markdown),
        ...(missed.length > 0 ? ['', `Missed: ${missed.map(([job, against]) => (header[1] === 'against' ? `${job} (${against})` : job)).join('; ')}.`] : []), '',
      ].join('\n'));
    },
  };
}
