// What the sources say of themselves: which folder may call which, the list of types, links, and that
// docs/reference names every function, setting and option that there is.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { column, connect, finish, test } from '../lib/suite.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const client = await connect();
const read = (name) => readFileSync(name, 'utf8');
const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const sources = ['', ...folders].flatMap((folder) =>
  readdirSync(join('src', folder)).filter((name) => /\.[ch]$/.test(name)).map((name) => join('src', folder, name)));
const code = new Map(sources.map((name) => [name, read(name)]));
const map = read('src/README.md');
const page = (name) => read(join('docs/reference', `${name}.md`));
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'src/README.md', 'test/README.md', 'test/tutorial/README.md',
  'test/conformance/README.md',
  ...readdirSync('docs', { recursive: true }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];

// Fails with what is there more than it should be.
const none = (found, what) => assert.deepEqual([...new Set(found)], [], what);

await test('src/README.md has every folder in its map and in its order', () => {
  const rows = [...map.matchAll(/^\| `(\w+)\/` \|/gm)].map((match) => match[1]);
  assert.deepEqual([...rows].sort(), folders);
});

await test('no folder calls one above it', () => {
  const [order] = map.match(/`\w+`(?:, `\w+`)*(?: < `\w+`(?:, `\w+`)*)+ < entry points/);
  const rank = new Map(order.split(' < ').flatMap((names, level) => [...names.matchAll(/`(\w+)`/g)].map((match) => [match[1], level])));
  assert.deepEqual([...rank.keys()].sort(), folders);
  const upward = [];
  for (const [name, text] of code) {
    const folder = dirname(name).slice('src/'.length);
    if (folder === '') continue;
    for (const [, included] of text.matchAll(/^\s*#\s*include "([^"]+)"/gm)) {
      const other = dirname(included);
      const own = rank.has(other) ? other === folder || rank.get(other) < rank.get(folder)
        : other !== '.' || ['postgres.h', 'compat.h', 'settings.h'].includes(included) || !existsSync(join('src', included));
      if (!own) upward.push(`${name} includes ${included}`);
    }
  }
  none(upward);
});

await test('no two files and no two types have the same name', () => {
  const files = sources.map((name) => basename(name));
  none(files.filter((name, i) => files.indexOf(name) !== i));
  const types = [...code.values()].flatMap((text) => [...text.matchAll(/^typedef (?:struct|enum|union) (\w+)$/gm)].map((match) => match[1]));
  none(types.filter((name, i) => types.indexOf(name) !== i));
});

await test('the programs need no more than the Node.js of Debian 12, which is 18', () => {
  const later = /\.(?:toReversed|toSorted|toSpliced|isWellFormed|toWellFormed|symmetricDifference|isSubsetOf|isSupersetOf)\(|\b(?:Object|Map)\.groupBy\(|\bArray\.fromAsync\(|\bPromise\.(?:withResolvers|try)\(|\bimport\.meta\.(?:dirname|filename)\b|\bglobSync\(|\bprocess\.loadEnvFile\(/g;
  const programs = readdirSync('test', { recursive: true }).filter((name) => /\.[cm]?js$/.test(name) && !/(?:^|\/)(?:node_modules|generated)\//.test(name));
  assert.ok(programs.length > 50);
  none(programs.flatMap((name) => [...read(join('test', name)).matchAll(later)].map(([found]) => `${name}: ${found}`)).filter((found) => !found.startsWith('source/run.mjs')));
});

// There a blank is %20.
await test('no program takes the path of a URL for the name of a file', () => {
  const programs = readdirSync('test', { recursive: true }).filter((name) => /\.mjs$/.test(name) && !/(?:^|\/)node_modules\//.test(name));
  none(programs.map((name) => join('test', name)).filter((name) => /import\.meta\.url\)\.pathname/.test(read(name))));
});

await test('every .c file begins with postgres.h and compat.h, and only that knows versions', () => {
  none(sources.filter((name) => {
    const text = code.get(name);
    const first = [...text.matchAll(/^#include "(.+)"/gm)].map((match) => match[1]);
    return name.endsWith('.c') ? first[0] !== 'postgres.h' || first[1] !== 'compat.h' || /PG_VERSION_NUM/.test(text)
      : first.includes('postgres.h') || (/PG_VERSION_NUM/.test(text) && name !== 'src/compat.h');
  }));
});

// They compare what they take for Nodes: on the bytes of strings they fail or find what is not there.
await test('no list of names is searched as a list of Nodes', () => {
  const nodes = /\blist_(?:member|delete|difference|intersection|union|append_unique|concat_unique)\s*\(/;
  none(sources.filter((name) => nodes.test(code.get(name))));
});

// In a database of another encoding the bytes of UTF-8 are something else, or nothing.
await test('messages and the scripts are in ASCII', () => {
  const bare = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '');
  none(sources.filter((name) => name !== 'src/validators/case_table.h' && /[^\x00-\x7f]/.test(bare(code.get(name)))));
  none(readdirSync('sql').filter((name) => /^studentdir--/.test(name) && /[^\x00-\x7f]/.test(read(join('sql', name)))));
});

await test('typedefs.list has every type, in order', () => {
  const types = new Set();
  for (const text of code.values()) {
    let bare = text.replace(/\/\*[\s\S]*?\*\//g, '');
    for (let before; before !== bare;) {
      before = bare;
      bare = bare.replace(/\{[^{}]*\}/g, '');
    }
    for (const [, head] of bare.matchAll(/^typedef\s+([^;]*);/gm)) {
      types.add((head.match(/\(\s*\*\s*(\w+)\s*\)/) ?? head.match(/(\w+)\s*\([^)]*\)\s*$/) ?? head.match(/(\w+)\s*$/))[1]);
    }
  }
  assert.deepEqual(read('typedefs.list').trim().split('\n'), [...types].sort());
});

// Objects that were built for another PostgreSQL pass for built in an image.
await test('.dockerignore has what .gitignore has', () => {
  const lines = (name) => read(name).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const there = lines('.dockerignore');
  none(lines('.gitignore').map((line) => (line.startsWith('/') ? line.slice(1) : `**/${line}`).replace(/\/$/, '')).filter((line) => !there.includes(line)));
});

// CDPATH would lead elsewhere.
await test('a script that goes to its own tree goes there', () => {
  const scripts = read('Makefile').match(/^lint:[^]*?\n\n/m)[0].match(/addprefix test\/,([^)]*)/)[1].split(' ').map((name) => `test/${name}`);
  none([...scripts, '.ci/run', 'test/bench/run', 'test/coverage', 'test/express/start', 'test/conduit/start']
    .filter((name) => /^cd "\$\(dirname/m.test(read(name))));
});

// What a program leaves behind where it runs is easily committed with the rest.
await test('no backups and no rests of merges', () => {
  const left = /\.(?:BAK|bak|orig|rej)$|~$/;
  none(['.', ...folders.map((folder) => join('src', folder)), 'src', 'sql', 'expected', 'test', 'docs'].flatMap((folder) =>
    readdirSync(folder).filter((name) => left.test(name)).map((name) => join(folder, name))));
});

await test('no file needs headers that come neither with the server nor with the compiler', () => {
  none(sources.filter((name) => /#include ["<](utils\/pg_locale\.h|unicode\/)/.test(code.get(name))), 'files that need those of ICU');
});

// what only the extension itself calls
const inner = ['catalog_changed', 'finder_support', 'grant_to_owner', 'install', 'json_set', 'registered_by', 'row_read', 'script_step'];
const members = `FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid AND d.classid = 'pg_proc'::regclass
  JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND d.deptype = 'e' WHERE e.extname = 'studentdir'`;

const exposed = `FROM pg_catalog.pg_proc WHERE pg_catalog.obj_description(oid, 'pg_proc') ~ 'made by studentdir.expose'`;
await test('the expected files hold for any superuser', () => {
  none(readdirSync('expected').filter((name) => /"postgres"|Owner: postgres/.test(read(join('expected', name)))));
});

await test('every function has a comment', async () => {
  none(await column(client, `SELECT p.oid::regprocedure ${members} AND pg_catalog.obj_description(p.oid, 'pg_proc') IS NULL`));
});

await test('docs/reference names every function', async () => {
  const names = await column(client, `SELECT DISTINCT p.proname ${members} AND p.pronamespace = 'studentdir'::regnamespace`);
  const named = page('functions');
  none(names.filter((name) => !inner.includes(name) && !named.includes(`\`${name}\``) && !named.includes(`\`${name}(`)));
  none(inner.filter((name) => !names.includes(name)), 'functions that are gone');
  const typed = await column(client, `SELECT proname ${exposed} AND proname ~ '^students?_'`);
  none(typed.filter((name) => !named.includes(`\`${name}(`) && !named.includes(`\`${name}\``)));
});

await test('docs/reference names every argument and every column of functions', async () => {
  const pages = readdirSync('docs/reference').filter((name) => name.endsWith('.md')).map((name) => read(join('docs/reference', name))).join('');
  const names = await column(client, `SELECT DISTINCT a ${members.replace('WHERE', ', unnest(p.proargnames) a WHERE')} AND p.proname <> ALL ($1)`, [inner]);
  none(names.filter((name) => name !== '' && !new RegExp(`\\b${name}\\b`).test(pages)));
});

await test('User and Post have the functions that Student has', async () => {
  const of = async (model) => (await column(client, `SELECT proname ${exposed} AND proname ~ '^${model}s?_' AND proname !~ '_(with|add|remove|set|has)_'`))
    .map((name) => name.replace(model, '')).sort();
  assert.deepEqual(await of('user'), await of('student'));
  assert.deepEqual(await of('post'), await of('student'));
});

await test('docs/reference names every setting', async () => {
  await client.query('SELECT studentdir.version()'); // loads the library
  const settings = await column(client, `SELECT name FROM pg_catalog.pg_settings WHERE name LIKE 'studentdir.%' ORDER BY name`);
  const named = [...page('settings').matchAll(/^\| `(studentdir\.\w+)` \|/gm)].map((match) => match[1]);
  assert.deepEqual(named.sort(), settings);
});

await test('messages name functions that exist', async () => {
  const names = new Set(await column(client, `SELECT p.proname ${members}`));
  const wrong = [];
  for (const [name, text] of code) {
    for (const [, called] of text.replace(/"\s*\n\s*"/g, '').matchAll(/studentdir\.([a-z_]*(?:%s_)?[a-z_]+)\(/g)) {
      for (const noun of called.includes('%s') ? ['migration', 'seed'] : ['']) {
        if (!names.has(called.replace('%s', noun))) wrong.push(`${name}: studentdir.${called}`);
      }
    }
  }
  none(wrong);
});

// A name may have a quote in it: quote_literal_cstr() writes it.
await test('no SQL text puts quotes around a name itself', () => {
  none(sources.filter((name) => /"[^"\n]*'%s'/.test(code.get(name).replace(/\/\*[\s\S]*?\*\//g, ''))));
});

// A wrong key makes each call list those that it takes.
const attributes = `'{"a":{"type":"TEXT","x":1}}'`;
const asked = [
  ['models', `define('M', ${attributes})`],
  ['models', `define('M', '{"a":{"type":"INTEGER","references":{"model":"User","x":1}}}')`],
  ['models', `define('M', '{"a":"TEXT"}', '{"x":1}')`],
  ['models', `define('M', '{"a":"TEXT"}', '{"name":{"x":1}}')`],
  ['models', `define('M', '{"a":"TEXT"}', '{"indexes":[{"fields":["a"],"x":1}]}')`],
  ['models', `define('M', '{"a":"TEXT"}', '{"indexes":[{"fields":[{"attribute":"a","x":1}]}]}')`],
  ['associations', `has_many('User', 'Student', '{"x":1}')`],
  ['associations', `has_one('User', 'Student', '{"x":1}')`],
  ['associations', `belongs_to('Student', 'User', '{"x":1}')`],
  ['associations', `belongs_to_many('Student', 'User', '{"x":1}')`],
  ['associations', `belongs_to_many('Student', 'User', '{"through":{"x":1}}')`],
  ['model-migrations', `migration_generate('m', '{"x":1}')`],
  ['includes', `find_all('User', '{"include":{"association":"Posts","x":1}}')`],
  ...['find_all', 'list', 'find_one', 'find_and_count_all', 'count', 'destroy', 'restore', 'truncate', 'find_or_create']
    .map((name) => ['options', `${name}('Student', '{"x":1}')`]),
  ['options', `find_by_pk('Student', 1, '{"x":1}')`],
  ['options', `aggregate('Student', 'max', 'id', '{"x":1}')`],
  ...['create', 'bulk_create', 'upsert', 'update', 'update_returning', 'bulk_update'].map((name) =>
    ['options', `${name}('Student', '${name.startsWith('bulk') ? '[]' : '{}'}', '{"x":1}')`]),
  ['options', `increment('Student', 1, '"id"', '{"x":1}')`],
];

await test('docs/reference and the random documents name every option', async () => {
  const missing = [];
  const random = read('test/fuzz/documents.mjs').match(/^const OPTIONS = \[([^\]]*)\]/m)[1];
  for (const [name, call] of asked) {
    const error = await client.query(`SELECT * FROM studentdir.${call}`).catch((caught) => caught);
    const list = error.hint?.match(/(?:options|keys) here are: (.*)\.$/)?.[1] ?? '';
    if (list === '') missing.push(`${call} lists no options: ${error.message} ${error.hint}`);
    const named = page(name);
    for (const key of list.split(', ').filter((option) => !new RegExp(`[\`"]${option}[\`"]`).test(named))) missing.push(`${key} of ${call}`);
    if (name === 'options') for (const key of list.split(', ').filter((option) => !random.includes(`'${option}'`))) missing.push(`${key}: test/fuzz`);
  }
  none(missing);
});

await test('the functions and types of docs/reference/expressions.md are those that may be called, and exist', async () => {
  const list = (name, file = code.get('src/parse/functions.c')) =>
    [...file.split(name)[1].split('};')[0].matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  const rows = read('docs/reference/expressions.md').match(/^\| \| functions \|\n[\s\S]*?\n\n/m)[0];
  const documented = [...rows.matchAll(/`(\w+)`/g)].map((match) => match[1]);
  // what the grammar knows, and no catalog
  const grammar = ['trim', 'coalesce'];
  none(list('allowed[] = {').filter((name) => !documented.includes(name)), 'not documented');
  none(documented.filter((name) => !grammar.includes(name) && !list('allowed[] = {').includes(name)), 'not allowed');
  const there = await column(client, "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY ($1)", [documented]);
  none(documented.filter((name) => !grammar.includes(name) && !there.includes(name)), 'not there');
  for (const name of grammar)
    await client.query('SELECT students_count($1)', [JSON.stringify({ where: { $expr: [{ $fn: [name, { $col: 'name' }] }, '$eq', 'x'] } })]);
});

await test('the files that the documents for contributors name exist', () => {
  // NAME, X and Y stand for names to be chosen; a name without a folder is that of a source
  const chosen = /^postgres\.h$|(?:^|[/-])(?:NAME|X|Y)\b/;
  const names = new Set(sources.map((name) => basename(name)));
  const missing = [];
  for (const document of ['CONTRIBUTING.md', 'src/README.md', 'test/README.md', 'SECURITY.md']) {
    // what was designed once has other names
    const text = read(document).replace(/^## Where this is not what was designed$[^]*?(?=^## |(?![^]))/m, '');
    for (const [, name] of text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:c|h|md|mjs|sql|pl|spec|control))`/g)) {
      const there = name.includes('/') ? ['', 'src', 'test'].some((folder) => existsSync(join(folder, name)))
        : !/\.[ch]$/.test(name) || names.has(name);
      if (!there && !chosen.test(name)) missing.push(`${document}: ${name}`);
    }
  }
  none(missing);
});

await test('links lead somewhere', () => {
  const anchors = (name) => [...read(name).replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)]
    .map(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'));
  const dead = [];
  for (const name of documents) {
    for (const [, link] of read(name).replace(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^()\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path, anchor] = link.split('#');
      const target = path === '' ? name : join(dirname(name), path);
      if (!existsSync(target) || (anchor !== undefined && !anchors(target).includes(anchor))) dead.push(`${name}: ${link}`);
    }
  }
  none(dead);
});

await test('README.md has at most 350 lines of at most 120 characters, and leads to every page of docs/', () => {
  const lines = read('README.md').split('\n');
  assert(lines.length <= 351, `${lines.length} lines`);
  none(lines.filter((line) => [...line].length > 120), 'longer lines');
  const led = new Set();
  const follow = (name) => {
    if (led.has(name)) return;
    led.add(name);
    for (const [, link] of read(name).matchAll(/\]\(([^()#\s]+\.md)(?:#[^()\s]*)?\)/g)) {
      if (!/^https?:/.test(link)) follow(join(dirname(name), link));
    }
  };
  follow('README.md');
  none(documents.filter((name) => name.startsWith('docs/') && !led.has(name)), 'pages that no link leads to');
});

await test('an error is known by its code and its fields', () => {
  // The server raises a row that is changed twice with the code of any subquery of several rows.
  const byFunction = ['src/write/batch.c'];
  // The columns and values of a key that is there already stand nowhere else, and catalogs cannot be read any more.
  const byDetail = ['src/write/sequence.c', 'src/write/violation.c'];
  none(sources.filter((name) => /error->funcname|edata->funcname/.test(code.get(name)) && !byFunction.includes(name)), 'function');
  none(sources.filter((name) => /str(?:str|chr|n?cmp)\((?:error|edata)->(?:detail|message|hint)|(?:read|is)_\w+\([^()]*error->detail/.test(code.get(name)) &&
    !byDetail.includes(name)), 'detail');
});

await test('test/README.md knows every suite and every script', () => {
  const text = read('test/README.md');
  const suites = readdirSync('test', { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join('test', entry.name, 'run.mjs')));
  const scripts = readdirSync('test', { withFileTypes: true }).filter((entry) => entry.isFile() && !/^\.|^README|^package.*json$/.test(entry.name));
  none([...suites, ...scripts].map(({ name }) => basename(name)).filter((name) => !text.includes(`\`${name}\``) && !text.includes(`test/${name}`)));
});

// What every Debian has, what build-essential, PostgreSQL and test/deps bring; psycopg's python3 comes with it.
const programs = new Set(`awk basename bash cat cd chmod chown cp createdb cut date diff dirname dot dropdb echo env exec find gcc git grep head
  id kill ln ls make mkdir mktemp mv node npm perl pg_config pg_ctl pgbench pgbouncer printf psql pwd python3 read rm sed setpriv
  sh sha256sum sleep sort stat tail tar tee test touch tr true uname unshare xargs nproc cmp nm strip initdb pg_dump pg_restore
  createuser false wc`.split(/\s+/));

await test('what make test runs, test/deps brings', () => {
  const shell = (text) => [...text.replace(/^\s*#.*$/gm, '').replace(/'[^']*'/g, "''").replace(/<<(\w+)[\s\S]*?^\1$/gm, '')
    .matchAll(/(?:^|[|;&({!]|\b(?:if|then|else|do|while|until|exec))[ \t]*([a-z][\w-]*)(?=[ \t)])/gm)].map((match) => match[1]);
  const strange = [];
  for (const name of ['test/run', 'test/packages', 'src/studentdir-load-migrations', 'test/express/start']) {
    const text = read(name);
    for (const word of shell(text)) {
      const known = programs.has(word) || new RegExp(`^${word}\\(\\)`, 'm').test(text) || !['/bin', '/sbin', '/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, word)));
      if (!known) strange.push(`${name}: ${word}`);
    }
  }
  const called = /(?:\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|system|run_log)\s*[([]+\s*['"`]|\bqx\W\s*)([\w-]+)/g;
  const scripts = readdirSync('test', { recursive: true }).filter((name) => /\.(mjs|pl)$/.test(name) && !/node_modules|^bench/.test(name));
  for (const name of scripts.map((script) => join('test', script))) {
    for (const [, word] of read(name).matchAll(called)) {
      if (!programs.has(word) && ['/bin', '/sbin', '/usr/bin', '/usr/sbin'].some((folder) => existsSync(join(folder, word)))) strange.push(`${name}: ${word}`);
    }
  }
  none(strange);
});

await test('the lock file names no registry', () => {
  const { packages } = JSON.parse(read('test/package-lock.json'));
  none(Object.entries(packages).filter(([name, entry]) => name !== '' && (entry.resolved !== undefined || !/^sha512-/.test(entry.integrity))).map(([name]) => name));
});

await client.end();
finish();
