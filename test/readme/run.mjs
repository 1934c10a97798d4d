// Runs what README.md shows, and compares what comes out.
//
// A ```sql block is what a user types into psql, a ```js or ```python block a program; the ```text
// block that follows is the output.  All of it runs from the top, in one database that is new, as
// README.md says.  What differs from run to run (times) stands there as "…".
//
//   node test/readme/run.mjs            compares
//   node test/readme/run.mjs --write    writes the output that came out into README.md
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { column, connect, finish, report } from '../lib/suite.mjs';

const readme = new URL('../../README.md', import.meta.url);
const packages = new URL('..', import.meta.url).pathname;
const database = 'sd_readme_example';
const marker = '-- end of block --';

// The blocks of a language that are run, with their output: { language, line, code, output, at, end }.
function findBlocks(text) {
  const fence = /^```(sql|js|python)\n([\s\S]*?)^```\n(?:\n*```text\n([\s\S]*?)^```\n)?/gm;
  return [...text.matchAll(fence)].map((match) => ({
    language: match[1],
    line: text.slice(0, match.index).split('\n').length,
    code: match[2],
    output: match[3] ?? '',
    at: match.index,
    end: match.index + match[0].length,
  }));
}

// Hides what differs from run to run.
function mask(output) {
  return output
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '…')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d/g, '…')
    .replace(/\d+\.\d{3}( ?m?s\b)/g, '…$1')
    .replace(/\(cost=.*\)/g, '(cost=…)');
}

// One psql for all blocks: what comes out after each is what stands before the next marker.
class Psql {
  constructor() {
    this.text = '';
    this.process = spawn('bash', ['-c', 'exec psql -X 2>&1'], {
      env: { ...process.env, PGDATABASE: database, PAGER: '' },
    });
    this.process.stdout.setEncoding('utf8');
    this.process.stdout.on('data', (part) => this.receive(part));
    this.process.on('close', () => this.receive(`${marker}\n`));
  }

  receive(part) {
    this.text += part;
    const end = this.text.indexOf(`${marker}\n`);
    if (end >= 0 && this.done) {
      const output = this.text.slice(0, end);
      this.text = this.text.slice(end + marker.length + 1);
      this.done(output);
    }
  }

  run(code) {
    return new Promise((resolve) => {
      this.done = resolve;
      this.process.stdin.write(`${code}\\echo '${marker}'\n`);
    });
  }

  close() {
    this.done = undefined;
    this.process.stdin.end();
    return new Promise((resolve) => this.process.on('exit', resolve));
  }
}

const programs = {
  js: ['node', '--input-type=module'],
  python: ['python3', '-'],
};

function runProgram({ language, code }) {
  const [command, ...args] = programs[language];
  const result = spawnSync(command, args, {
    cwd: packages,
    env: { ...process.env, PGDATABASE: database },
    input: code,
    encoding: 'utf8',
  });
  return result.stdout + result.stderr;
}

const hasPsycopg = spawnSync('python3', ['-c', 'import psycopg']).status === 0;
const text = readFileSync(readme, 'utf8');
const blocks = findBlocks(text);

const admin = await connect();
const roles = await column(admin, 'SELECT rolname FROM pg_roles');
await admin.query(`DROP DATABASE IF EXISTS ${database}`);
await admin.query(`CREATE DATABASE ${database}`);

const psql = new Psql();
for (const block of blocks) {
  if (block.language === 'python' && !hasPsycopg) {
    console.log(`README.md:${block.line} is skipped: python3 has no psycopg`);
    block.actual = block.output;
    continue;
  }
  block.actual = mask(block.language === 'sql' ? await psql.run(block.code) : runProgram(block));
  report(`README.md:${block.line}`, block.actual === block.output ? undefined
    : `expected\n${block.output}\nbut this came out\n${block.actual}`);
}
await psql.close();

await admin.query(`DROP DATABASE ${database}`);
for (const role of await column(admin, 'SELECT rolname FROM pg_roles')) {
  if (!roles.includes(role)) await admin.query(`DROP ROLE ${admin.escapeIdentifier(role)}`);
}
await admin.end();

if (process.argv.includes('--write')) {
  let rewritten = '';
  let from = 0;
  for (const { language, code, actual, at, end } of blocks) {
    rewritten += text.slice(from, at) + '```' + language + '\n' + code + '```\n';
    if (actual !== '') rewritten += '\n```text\n' + actual + '```\n';
    from = end;
  }
  writeFileSync(readme, rewritten + text.slice(from));
}
finish();
