// What make install puts where, that make uninstall takes all of it away, and builds outside of the source.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { finish, test } from '../lib/suite.mjs';

const source = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(process.env.SD_TMP, 'install-'));

function make(args, cwd = source) {
  const result = spawnSync('make', ['-s', ...args], { cwd, encoding: 'utf8' });
  return { status: result.status, text: result.stdout + result.stderr };
}

const files = (root) => readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length));

const control = (root) => readFileSync(join(root, files(root).find((name) => name.endsWith('/extension/studentdir.control'))), 'utf8');

await test('install brings the library, the scripts, the program, its manual page and the documents', () => {
  const root = join(folder, 'all');
  const { status, text } = make(['install', `DESTDIR=${root}`]);
  assert.equal(status, 0, text);
  const installed = files(root).filter((name) => !name.includes('/docs/')).map((name) => name.replace(/.*\//, '')).sort();
  assert.deepEqual(installed, ['CHANGELOG.md', 'LICENSE', 'README.md', 'studentdir--1.0.0.sql', 'studentdir-load-migrations',
    'studentdir-load-migrations.1', 'studentdir.control', 'studentdir.so']);
  assert(files(root).some((name) => name.endsWith('/studentdir/docs/reference/options.md')));
  assert.match(control(root), /^trusted = true$/m);
});

await test('uninstall leaves no file', () => {
  const root = join(folder, 'all');
  const { status, text } = make(['uninstall', `DESTDIR=${root}`]);
  assert.equal(status, 0, text);
  assert.deepEqual(files(root), []);
});

await test('TRUSTED=no installs for superusers only, and is uninstalled likewise', () => {
  const root = join(folder, 'superusers');
  const { status, text } = make(['install', 'TRUSTED=no', `DESTDIR=${root}`]);
  assert.equal(status, 0, text);
  assert.match(control(root), /^trusted = false$/m);
  make(['uninstall', 'TRUSTED=no', `DESTDIR=${root}`]);
  assert.deepEqual(files(root), []);
  spawnSync('rm', ['-r', join(source, 'superusers')]);
});

await test('the library can be stripped', () => {
  const root = join(folder, 'stripped');
  const { status, text } = make(['install', `DESTDIR=${root}`, 'INSTALL_STRIP_FLAG=-s']);
  assert.equal(status, 0, text);
  const library = files(root).find((name) => name.endsWith('/studentdir.so'));
  assert(statSync(join(root, library)).size < statSync(join(source, 'studentdir.so')).size);
});

await test('a build outside of the source compiles every file', () => {
  const [copy, build] = [join(folder, 'copy'), join(folder, 'build')];
  mkdirSync(copy);
  mkdirSync(build);
  spawnSync('sh', ['-c', `tar -c --exclude='*.o' Makefile *.control src sql | tar -x -C ${copy}`], { cwd: source });
  const { status, text } = make(['-n', '-f', join(copy, 'Makefile'), `VPATH=${copy}`, 'all'], build);
  assert.equal(status, 0, text);
  const sources = readdirSync(join(source, 'src'), { recursive: true }).filter((name) => name.endsWith('.c'));
  const missing = sources.filter((name) => !text.includes(`-o src/${name.replace(/c$/, 'o')} `));
  assert.deepEqual(missing, []);
});

await test('a folder whose name has blanks and quotes is built in like any other', () => {
  const copy = join(folder, "Ann's copy");
  mkdirSync(copy);
  spawnSync('sh', ['-c', `tar -c --exclude='*.o' Makefile *.control src sql | tar -x -C "${copy}"`], { cwd: source });
  const { status, text } = make(['-n', 'all'], copy);
  assert.equal(status, 0, text);
  assert.doesNotMatch(text, /mkdir|more than once/);
});

await test('test/copy needs no git, and leaves out what was built', () => {
  const [first, second, elsewhere] = ['first copy', 'second copy', 'elsewhere'].map((name) => join(folder, name));
  mkdirSync(join(elsewhere, 'test'), { recursive: true });
  for (const [from, to] of [[source, first], [first, second]]) {
    const { status, stderr } = spawnSync('test/copy', [to], { cwd: from, encoding: 'utf8', env: { ...process.env, CDPATH: elsewhere, GIT_DIR: '/nowhere' } });
    assert.deepEqual([status, stderr], [0, '']);
  }
  assert(files(first).includes('/.gitignore') && files(first).includes('/test/copy'));
  assert.deepEqual(files(first).filter((name) => /\.(?:o|so)$|^\/(?:\.git|tmp_check|test\/node_modules)\b(?!ignore)/.test(name)), []);
  assert.deepEqual(files(second).sort(), files(first).sort());
});

await test('test/copy goes on where another run builds meanwhile', () => {
  const building = '(while :; do : >studentdir.so; rm studentdir.so; sleep 0.01; done) & test/copy "$0"; status=$?; kill $!; exit $status';
  const { status, stderr } = spawnSync('sh', ['-c', building, join(folder, 'third copy')], { cwd: join(folder, 'second copy'), encoding: 'utf8' });
  assert.deepEqual([status, stderr], [0, '']);
});

await test("a throwaway server takes the library that was built, whatever root's umask", () => {
  const ours = `umask 077; test/cluster sh -c '$SD_AS_SERVER test -r "$SD_LIBRARY"'`;
  const { status, stderr } = spawnSync('sh', ['-c', ours], { cwd: source, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

await test('a Makefile without sources is an error', () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  spawnSync('cp', [join(source, 'Makefile'), empty]);
  const { status, text } = make(['all'], empty);
  assert.notEqual(status, 0);
  assert.match(text, /there are no sources/);
});

await test('the manual page is one that man can read', () => {
  const page = readFileSync(join(source, 'src/studentdir-load-migrations.1'), 'utf8');
  for (const heading of ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'EXIT STATUS']) {
    assert.match(page, new RegExp(`^\\.SH ${heading}$`, 'm'));
  }
});

await test('what passed on a commit is not run again before a release', () => {
  const tree = join(folder, 'release');
  mkdirSync(join(tree, 'test'), { recursive: true });
  spawnSync('cp', ['test/release', 'test/total', join(tree, 'test')], { cwd: source });
  const git = (...args) => spawnSync('git', ['-c', 'user.name=-', '-c', 'user.email=-', ...args], { cwd: tree });
  git('init', '-q');
  const commit = () => { git('add', '--all'); git('commit', '-qm', 'state'); };
  commit();
  const runs = join(folder, 'runs');
  const passes = `echo pass >>'${runs}'; echo '3 passed, 0 failed'`;
  const fails = `echo fail >>'${runs}'; echo '2 passed, 1 failed'; false`;
  const silent = `echo silent >>'${runs}'`;
  const run = (commands, env) => {
    writeFileSync(runs, '');
    return spawnSync('test/release', commands, { cwd: tree, encoding: 'utf8', env: { ...process.env, RELEASE_DIR: join(folder, 'records'), ...env } });
  };
  const release = (env) => {
    const { status, stdout } = run([passes, fails, silent], env);
    const row = (command) => stdout.split('\n').find((line) => line.startsWith(`| \`${command}`));
    assert.notEqual(status, 0);
    assert.match(stdout, /^5 passed, 2 failed\n$/m);
    assert.match(row(passes), /\| 3, 0 \| \d{4}-\d\d-\d\d \| 0 \|$/);
    assert.match(row(fails), /\| not passed \|/);
    assert.match(row(silent), /\| not passed \|/);
    return readFileSync(runs, 'utf8').trim().split('\n');
  };
  assert.deepEqual(release(), ['pass', 'fail', 'silent']);
  assert.deepEqual(release(), ['fail', 'silent']);
  writeFileSync(join(tree, 'change'), '');
  assert.deepEqual(release(), ['pass', 'fail', 'silent']);
  assert.deepEqual(release(), ['pass', 'fail', 'silent']);
  commit();
  assert.deepEqual(release(), ['pass', 'fail', 'silent']);
  for (let i = 0; i < 2; i++) assert.deepEqual(release({ GIT_DIR: '/nowhere' }), ['pass', 'fail', 'silent']);
  for (let i = 0; i < 2; i++) {
    const { status } = run([`touch meanwhile; ${passes}`]);
    assert.equal(status, 0);
    assert.equal(readFileSync(runs, 'utf8'), 'pass\n');
    rmSync(join(tree, 'meanwhile'));
  }
});

finish();
