// Writes case_table.h: node src/validators/case_table.mjs >src/validators/case_table.h
// The table is what the running Node.js does, so that the validators agree with it.

// Characters in ascending order, with a number each, as runs of equal numbers and even distance.
function runs(numbers) {
  const found = [];
  for (const [c, delta] of numbers) {
    const run = found.at(-1);
    if (run && run.delta === delta && (c - run.last === run.step || (run.first === run.last && c - run.last <= 2))) {
      run.step = c - run.last;
      run.last = c;
    } else found.push({ first: c, last: c, step: 1, delta });
  }
  return found;
}

// The characters that convert changes, each with the distance to what it becomes.
function changed(convert) {
  const numbers = [];
  for (let c = 0; c <= 0x10ffff; c++) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const s = String.fromCodePoint(c);
    const t = convert(s);
    if (t !== s) numbers.push([c, t.length === s.length ? t.codePointAt(0) - c : 0]);
  }
  return numbers;
}

const hex = (c) => '0x' + c.toString(16).toUpperCase().padStart(4, '0');

function print(name, comment, numbers) {
  console.log(`\n/* ${comment} */\nstatic const SdCaseRun ${name}[] = {`);
  console.log(runs(numbers).map((r) => `\t{${hex(r.first)}, ${hex(r.last)}, ${r.step}, ${r.delta}}`).join(',\n'));
  console.log('};');
}

console.log(`/*-------------------------------------------------------------------------
 * validators/case_table.h
 *		The characters that have another case, in Unicode ${process.versions.unicode}.
 *
 * Written by case_table.mjs.  delta leads to the upper case where that is one
 * character of the same length in UTF-16, and is 0 elsewhere.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CASE_TABLE_H
#define SD_CASE_TABLE_H

/* every step-th character from first to last */
typedef struct SdCaseRun
{
	pg_wchar	first;
	pg_wchar	last;
	int			step;
	int			delta;
} SdCaseRun;`);
print('case_lower', 'what toLowerCase() changes', changed((s) => s.toLowerCase()).map(([c]) => [c, 0]));
print('case_upper', 'what toUpperCase() changes', changed((s) => s.toUpperCase()));
console.log('\n#endif\t\t\t\t\t\t\t/* SD_CASE_TABLE_H */');
