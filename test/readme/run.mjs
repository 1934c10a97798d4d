// Runs what README.md, docs/ and the tutorial show, and compares what comes out.
//
// A ```sql block is what a user types into psql, a ```js or ```python block a program; the ```text
// block that follows is the output.  All of a file runs from the top, in one database that is new;
// in docs/reference psql has read rows.sql into it.  What differs from run to run (times) stands there as "…"; whoever
// runs it stands there as postgres.
// A block that names a file (```js app.mjs) shows it: it is not run, but has to be what is in the file.
//
//   node test/readme/run.mjs [FILE...]            compares; without FILE all
//   node test/readme/run.mjs --write [FILE...]    writes what came out into the file
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { python } from '../lib/python.mjs';
import { column, connect, finish, report } from '../lib/suite.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = join(root, 'test');
const reference = join(root, 'docs/reference/');
const database = 'directory';
const marker = '-- end of block --';
const user = process.env.PGUSER ?? userInfo().username;

// The blocks of a language that are run or shown, with their output:
// { language, shows, line, code, output, at, end }.
function findBlocks(text) {
  const fence = /^```(sql|js|python)(?: (\S+))?\n([\s\S]*?)^```\n(?:\n*```text\n([\s\S]*?)^```\n)?/gm;
  return [...text.matchAll(fence)].map((match) => ({
    language: match[1],
    shows: match[2],
    line: text.slice(0, match.index).split('\n').length,
    code: match[3],
    output: match[4] ?? '',
    at: match.index,
    end: match.index + match[0].length,
  }));
}

// Whether the 14 digits before the name of a migration are the time of this run, and not the author's.
function isNow(stamp) {
  const [, ...parts] = stamp.match(/^(.{4})(..)(..)(..)(..)(..)$/).map(Number);
  return Math.abs(Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2)) - Date.now()) < 3600e3;
}

// Hides what differs from run to run.
function mask(output) {
  return output
    .replace(/\b\d{14}(?=-)/g, (stamp) => (isNow(stamp) ? '…' : stamp))
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '…')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d/g, '…')
    .replace(/\d+\.\d{3}( ?m?s\b)/g, '…$1')
    .replace(/\(cost=.*\)/g, '(cost=…)')
    .replace(/(?<=\|table\|)\w+|(?<=as user ")\w+(?=")/g, (name) => (name === user ? 'postgres' : name));
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
  python: [python, '-'],
};

// A program runs where the file is, so that it finds what stands beside it; outside of test/ the
// packages are elsewhere.
function runProgram({ language, code }, folder) {
  const [command, ...args] = programs[language];
  const result = spawnSync(command, args, {
    cwd: folder.startsWith(packages) ? folder : packages,
    env: { ...process.env, PGDATABASE: database },
    input: code,
    encoding: 'utf8',
  });
  return result.stdout + result.stderr;
}

// Runs the blocks of one file; each gets what came out of it as "actual".
async function runBlocks(blocks, name, folder) {
  const psql = new Psql();
  if (folder === reference) await psql.run(`\\i ${join(reference, 'rows.sql')}\n`);
  for (const block of blocks) {
    const place = `${name}:${block.line}`;
    block.actual = block.output;
    if (block.shows !== undefined) {
      const code = readFileSync(join(folder, block.shows), 'utf8');
      report(place, code === block.code ? undefined : `this is not what ${block.shows} holds`);
      block.code = code;
    } else if (block.language === 'python' && python === undefined) {
      console.log(`${place} is skipped: python3 has no psycopg`);
    } else {
      block.actual = mask(block.language === 'sql' ? await psql.run(block.code) : runProgram(block, folder));
      report(place, block.actual === block.output ? undefined
        : `expected\n${block.output}\nbut this came out\n${block.actual}`);
    }
  }
  await psql.close();
}

// The text with what came out in the place of what was expected.
function rewrite(text, blocks) {
  let rewritten = '';
  let from = 0;
  for (const { language, shows, code, actual, at, end } of blocks) {
    rewritten += text.slice(from, at) + '```' + language + (shows ? ` ${shows}` : '') + '\n' + code + '```\n';
    if (actual !== '') rewritten += '\n```text\n' + actual + '```\n';
    from = end;
  }
  return rewritten + text.slice(from);
}

const write = process.argv.includes('--write');
const given = process.argv.slice(2).filter((argument) => argument !== '--write');
const files = given.length > 0 ? given.map((name) => resolve(name))
  : ['README.md', 'test/tutorial/README.md',
    ...readdirSync(join(root, 'docs'), { recursive: true }).filter((name) => name.endsWith('.md')).sort().map((name) => join('docs', name)),
  ].map((name) => join(root, name));
const admin = await connect();
const roles = await column(admin, 'SELECT rolname FROM pg_roles');

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const blocks = findBlocks(text);
  if (blocks.length === 0) continue;

  await admin.query(`DROP DATABASE IF EXISTS ${database}`);
  await admin.query(`CREATE DATABASE ${database}`);
  await runBlocks(blocks, relative(root, file), join(dirname(file), '/'));
  await admin.query(`DROP DATABASE ${database}`);
  for (const role of await column(admin, 'SELECT rolname FROM pg_roles')) {
    if (!roles.includes(role)) await admin.query(`DROP ROLE ${admin.escapeIdentifier(role)}`);
  }
  if (write) writeFileSync(file, rewrite(text, blocks));
}
await admin.end();
finish();
