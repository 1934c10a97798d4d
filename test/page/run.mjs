// The page of make express in headless Chromium: each of the five routes by clicking, forms that the server
// refuses, deleting and undoing, keys alone, a telephone's width, and a server that is gone.
//
// SD_SCREENSHOTS names a folder for pictures to look at.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createApp } from '../express/app.mjs';
import { openPool } from '../express/database.mjs';
import { directory } from '../express/directory.mjs';
import { openBrowser } from '../lib/browser.mjs';
import { column, connect, finish, test } from '../lib/suite.mjs';

const DESKTOP = { width: 1200, height: 900 };
const TELEPHONE = { width: 375, height: 720 };

execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-f', fileURLToPath(new URL('../express/demo.sql', import.meta.url))], { stdio: ['ignore', 'ignore', 'inherit'] });
const client = await connect();
const pool = openPool();
let server;
async function listen(port = 0) {
  server = createApp(pool, directory(pool)).listen(port, '127.0.0.1');
  await once(server, 'listening');
}
async function stop() {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
await listen();
const { port } = server.address();
const browser = await openBrowser();

let page;
let requests;
let errors;

// Opens the page anew at a place: #students?…; requests and errors are those since then.
async function open(hash = '', viewport = DESKTOP) {
  await page?.close();
  page = await browser.newPage({ viewport });
  page.setDefaultTimeout(30_000);
  requests = [];
  errors = [];
  page.on('request', (request) => requests.push(`${request.method()} ${decodeURIComponent(new URL(request.url()).pathname)}`));
  page.on('pageerror', (error) => errors.push(error));
  page.on('console', (message) => message.text().includes('Content Security Policy') && errors.push(message.text()));
  await page.goto(`http://127.0.0.1:${port}/${hash}`);
  await settled();
}

const settled = () => page.waitForFunction(() => !document.querySelector('[aria-busy]') && document.querySelector('section:not([hidden])'));
const names = () => page.locator('#students tbody .who span:last-child').allTextContents();
const text = (selector) => page.locator(selector).textContent();
const shot = (name) => process.env.SD_SCREENSHOTS && page.screenshot({ path: `${process.env.SD_SCREENSHOTS}/${name}.png` });
const problems = () => page.locator('#form .field .problem').allTextContents();
const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') || document.activeElement.id || document.activeElement.className);
const note = (words) => page.waitForFunction((expected) => !document.querySelector('#note').hidden && document.querySelector('#note p').textContent === expected, words);
// Asks again until the answer is the expected one: the list is read anew behind a message.
async function eventually(ask, expected) {
  let answer;
  for (let i = 0; i < 600; i++) {
    answer = await ask();
    if (isDeepStrictEqual(answer, expected)) return;
    await page.waitForTimeout(50);
  }
  assert.deepEqual(answer, expected);
}
const focusIsAt = (expected) => eventually(focused, expected);
const listHas = (name, expected) => eventually(async () => (await names()).includes(name), expected);
const inDatabase = (sql, ...values) => column(client, sql, values);

// A test of the page: nothing may be thrown in it, and nothing stopped by its own policy.
const pageTest = (name, run) => test(name, async () => {
  await run();
  assert.deepEqual(errors, []);
});

// --- the five routes

await pageTest('GET /students: the list, page by page, in other orders', async () => {
  await open();
  assert.equal((await names()).length, 10);
  assert.equal((await names())[0], 'Ada Lovelace');
  assert.ok(requests.includes('GET /students'));
  await page.click('text=Next');
  await page.waitForSelector('text=11 to 20');
  await page.click('text=Next');
  await page.waitForSelector('text=21 to 24');
  assert.equal((await names()).length, 4);
  assert.ok(await page.locator('#students .pager button').last().isDisabled());
  await page.goBack();
  await page.waitForSelector('text=11 to 20');
  await page.reload();
  await page.waitForSelector('text=11 to 20');
  await page.click('text=Previous');
  await page.waitForSelector('text=1 to 10');
  await page.selectOption('[name=order]', { label: 'Newest first' });
  await eventually(async () => (await names())[0], 'Cynthia Dwork');
  await shot('list');
});

await pageTest('a search finds parts of names, cohorts and addresses, and every character is itself', async () => {
  await open();
  const search = async (words) => {
    await page.fill('[name=search]', words);
    await page.waitForFunction((value) => new URLSearchParams(location.hash.split('?')[1]).get('search') === value, words);
    await settled();
    return names();
  };
  assert.deepEqual(await search('HOPPER'), ['Grace Hopper']);
  assert.equal((await search('spring 2027')).length, 6);
  assert.deepEqual(await search('radia@'), ['Radia Perlman']);
  for (const nothing of ['%', '_', "' OR 1=1", '{"$ne":null}', '<b>', '&limit=1']) {
    assert.deepEqual(await search(nothing), []);
    assert.equal(await text('#students .empty'), `No student has “${nothing}” in name, cohort or e-mail address.`);
  }
  assert.equal((await search('')).length, 10);
});

await pageTest('POST /students: a form that shows what the validators say at their fields, then the new student', async () => {
  await open();
  await page.click('#add-student');
  await page.fill('#field-email', 'nobody');
  await page.click('text=Save');
  await page.waitForSelector('[aria-invalid=true]');
  await eventually(() => problems(), ['A student needs a name.', '', 'This is no e-mail address.']);
  await focusIsAt('field-name');
  await shot('invalid');
  await page.fill('#field-name', 'Alan Turing');
  await page.fill('#field-email', 'ada@example.org');
  await page.click('text=Save');
  await page.waitForFunction(() => document.querySelector('#problem-name').textContent === '');
  await eventually(() => problems(), ['', '', 'Another student has this e-mail address.']);
  await page.fill('#field-email', '');
  await page.keyboard.press('Enter');
  await note('Alan Turing is added.');
  await focusIsAt('add-student');
  await listHas('Alan Turing', true);
  assert.deepEqual(await inDatabase("SELECT cohort IS NULL AND email IS NULL FROM students WHERE name = 'Alan Turing'"), ['t']);
  assert.equal(requests.filter((request) => request === 'POST /students').length, 3);
});

await pageTest('GET and PUT /students/:id: what is edited is read anew, and saved', async () => {
  await open();
  await inDatabase("UPDATE students SET cohort = 'Winter 2026' WHERE name = 'Ada Lovelace'");
  await page.click('[aria-label="Edit Ada Lovelace"]');
  await page.waitForSelector('dialog[open]');
  await eventually(() => page.inputValue('#field-cohort'), 'Winter 2026');
  await page.fill('#field-cohort', 'Spring 2026');
  await page.fill('#field-name', '');
  await page.click('text=Save');
  await page.waitForSelector('[aria-invalid=true]');
  await eventually(() => problems(), ['A student needs a name.', '', '']);
  await page.fill('#field-name', 'Ada King');
  await page.click('text=Save');
  await note('Ada King is saved.');
  await focusIsAt('Edit Ada King');
  assert.deepEqual(await inDatabase('SELECT name FROM students WHERE id = 1'), ['Ada King']);
  assert.ok(requests.includes('GET /students/1') && requests.includes('PUT /students/1'));
});

await pageTest('DELETE /students/:id can be undone, since the model is paranoid', async () => {
  await open();
  await page.click('[aria-label="Delete Alan Kay"]');
  await note('Alan Kay is deleted.');
  await listHas('Alan Kay', false);
  await focusIsAt('undo');
  assert.ok(requests.some((request) => /^DELETE \/students\/\d+$/.test(request)));
  await shot('undo');
  await page.keyboard.press('Enter');
  await note('Alan Kay is back.');
  await listHas('Alan Kay', true);
  await page.click('[aria-label="Delete Alan Turing"]');
  await note('Alan Turing is deleted.');
  await page.click('#note .close');
  assert.ok(await page.locator('#note').isHidden());
  await focusIsAt('students-title');
});

await pageTest('a student whom somebody else has deleted', async () => {
  await open();
  await inDatabase("DELETE FROM students WHERE name = 'Barbara Liskov'");
  await page.click('[aria-label="Edit Barbara Liskov"]');
  await note('That one is not there any more.');
  await listHas('Barbara Liskov', false);
});

await pageTest('markup in names stays text', async () => {
  await inDatabase(`INSERT INTO students (name) VALUES ('<img src=x onerror="document.title=1"> Aa')`);
  await open('#students?search=onerror');
  assert.deepEqual(await names(), ['<img src=x onerror="document.title=1"> Aa']);
  assert.equal(await page.title(), 'Student directory');
});

await pageTest('the address may ask for anything', async () => {
  for (const hash of ['#nothing', '#students?page=999', '#students?page=x', '#constructor', '#users?page=7']) {
    await open(hash);
    await page.waitForFunction(() => document.querySelector('section:not([hidden]) :is(tbody tr, .card)'));
  }
  await open('#students?order=nope');
  await page.waitForSelector('#failure:not([hidden])');
  assert.match(await text('#failure p'), /nope/);
});

// --- users and posts

await pageTest('users with their posts: posts are added where they belong, and deleted when that is meant', async () => {
  await open();
  await page.click('header nav >> text=Users');
  await page.waitForSelector('.card');
  const card = page.locator('.card', { hasText: 'Edgar Codd' });
  await eventually(() => card.locator('h4').allTextContents(), ['Relations']);
  await card.locator('text=Add a post').click();
  await page.click('text=Save');
  await page.waitForSelector('[aria-invalid=true]');
  assert.match((await problems())[0], /title/);
  await page.fill('#field-title', 'Twelve rules');
  await page.fill('#field-body', 'And one\nmore');
  await page.click('text=Save');
  await note('Twelve rules is added.');
  await focusIsAt('Add a post of Edgar Codd');
  await eventually(() => card.locator('h4').allTextContents(), ['Relations', 'Twelve rules']);
  await shot('users');
  await page.click('[aria-label="Delete Twelve rules"]');
  await page.waitForSelector('#confirm[open]');
  await page.keyboard.press('Escape');
  await eventually(() => card.locator('h4').count(), 2);
  await page.click('[aria-label="Delete Twelve rules"]');
  await page.click('#confirm .danger');
  await note('Twelve rules is deleted.');
  await eventually(() => card.locator('h4').count(), 1);
  assert.ok(await page.locator('#note .undo').isHidden());
  await page.click('#add-user');
  await page.fill('#field-name', 'Jean Bartik');
  await page.fill('#field-email', 'edgar@example.org');
  await page.click('text=Save');
  await page.waitForSelector('[aria-invalid=true]');
  await page.fill('#field-email', 'jean@example.org');
  await page.click('text=Save');
  await note('Jean Bartik is added.');
});

// --- keys alone

await pageTest('everything can be reached and done with keys', async () => {
  await open();
  await page.keyboard.press('Tab');
  await focusIsAt('skip');
  await page.keyboard.press('/');
  await page.keyboard.type('grace');
  await page.waitForFunction(() => document.querySelectorAll('#students tbody tr').length === 1);
  // search, sort, mailto, Edit
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
  await focusIsAt('Edit Grace Hopper');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  await focusIsAt('field-name');
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog')), 'the focus leaves the form');
  }
  await page.keyboard.press('Escape');
  await focusIsAt('Edit Grace Hopper');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await note('Grace Hopper is deleted.');
  await focusIsAt('undo');
  await page.keyboard.press('Enter');
  await note('Grace Hopper is back.');
});

await pageTest('every control has a name, and every field its label', async () => {
  await open();
  const unnamed = () => page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, a')]
    .filter((one) => one.checkVisibility() && !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.[0]?.textContent.trim()))
    .map((one) => one.outerHTML));
  assert.deepEqual(await unnamed(), []);
  await page.click('#add-student');
  assert.deepEqual(await unnamed(), []);
});

// --- a telephone

await pageTest('375 pixels are wide enough, and fingers find the buttons', async () => {
  await inDatabase(`INSERT INTO students (name, cohort, email) VALUES ('Aa${'a'.repeat(60)}', 'A cohort whose name is longer than usual', '${'x'.repeat(60)}@example.org')`);
  for (const hash of ['#students?search=', '#users']) {
    await open(hash, TELEPHONE);
    await page.waitForFunction(() => document.querySelector('section:not([hidden]) :is(tbody tr, .card)'));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${hash} is wider than the screen`);
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('main :is(td, .card) *')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth - 16).map((one) => one.outerHTML)), []);
    const small = await page.evaluate(() => [...document.querySelectorAll('main button')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 40).map((one) => one.textContent));
    assert.deepEqual(small, []);
    await shot(`telephone-${hash.slice(1, 6)}`);
  }
  await page.click('#add-user');
  assert.ok(await page.evaluate(() => document.querySelector('#form').getBoundingClientRect().right <= innerWidth));
});

// --- a server that is gone

await pageTest('a server that is gone: what was typed stays, and another try works', async () => {
  await open();
  await page.click('#add-student');
  await page.fill('#field-name', 'Kathleen Booth');
  await stop();
  await page.click('text=Save');
  await page.waitForSelector('#form > form > .problem:not([hidden])');
  assert.equal(await text('#form > form > .problem'), 'The server does not answer.');
  await eventually(() => page.inputValue('#field-name'), 'Kathleen Booth');
  await shot('gone-form');
  await page.keyboard.press('Escape');
  await page.click('#students >> text=Next');
  await page.waitForSelector('#failure:not([hidden])');
  assert.equal(await text('#failure p'), 'The server does not answer.');
  assert.equal((await names()).length, 10);
  await eventually(() => page.evaluate(() => document.querySelector('#failure').getBoundingClientRect().top === 0), true);
  await shot('gone');
  await page.click('text=Try again');
  await page.waitForTimeout(100);
  await eventually(() => page.locator('#failure').isVisible(), true);
  await listen(port);
  await page.click('text=Try again');
  await page.waitForSelector('text=11 to 20');
  await eventually(() => page.locator('#failure').isHidden(), true);
  await focusIsAt('students-title');
  await page.click('[aria-label^="Edit"] >> nth=0');
  await page.waitForSelector('dialog[open]');
});

await pageTest('a server that cannot answer', async () => {
  const { error } = console;
  await open();
  await inDatabase('ALTER TABLE students RENAME TO elsewhere');
  console.error = () => {};
  await page.click('text=Next');
  await page.waitForSelector('#failure:not([hidden])');
  assert.equal(await text('#failure p'), 'server error');
  console.error = error;
  await inDatabase('ALTER TABLE elsewhere RENAME TO students');
  await page.click('text=Try again');
  await page.waitForSelector('text=11 to 20');
});

// --- the API

await pageTest('/docs shows every route, and one can be tried', async () => {
  await open();
  await page.click('header nav >> text=API');
  await page.waitForSelector('.opblock');
  await eventually(() => page.locator('.opblock').count(), Number((await inDatabase('SELECT count(*) FROM studentdir.routes()'))[0]));
  await eventually(() => page.locator('.errors-wrapper').count(), 0);
  await shot('docs');
  await page.click('#operations-Student-student_find_by_pk .opblock-summary-control');
  await page.click('#operations-Student-student_find_by_pk .try-out__btn');
  await page.fill('#operations-Student-student_find_by_pk input[placeholder=id]', '2');
  await page.click('#operations-Student-student_find_by_pk .execute');
  await page.waitForSelector('#operations-Student-student_find_by_pk .live-responses-table >> text=200');
  assert.match(await text('#operations-Student-student_find_by_pk .live-responses-table'), /Grace Hopper/);
  await shot('docs-tried');
  await page.setViewportSize(TELEPHONE);
  await shot('docs-telephone');
});

// --- in a terminal

await test('answers end with a newline', async () => {
  const send = async (path, options) => (await fetch(`http://127.0.0.1:${port}${path}`, options)).text();
  const json = { 'content-type': 'application/json' };
  for (const answer of [
    await send('/students?limit=1'), await send('/students/999999'), await send('/nothing'), await send('/students/x'), await send('/students?search=a'),
    await send('/students', { method: 'POST', headers: json, body: '{"name":""}' }), await send('/students', { method: 'POST', headers: json, body: '{"name":' }),
    await send('/models/Student'), await send('/openapi.json'), await send('/api/students?limit=1'), await send('/api/nothing'), await send('/models/Nope'), await send('/', {}),
  ]) assert.match(answer, /[^\n]\n$/);
  assert.equal(await send('/students/3', { method: 'DELETE' }), '');
});

await browser.close();
await stop();
await pool.end();
await client.end();
finish();
