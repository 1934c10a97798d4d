// Diagrams: Mermaid in a browser and graphviz draw them, of the samples, of odd names and of thirty tables.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { openBrowser } from '../lib/browser.mjs';
import { column, test } from '../lib/suite.mjs';

const mermaid = fileURLToPath(new URL('../node_modules/mermaid/dist/mermaid.min.js', import.meta.url));

// What Mermaid draws of a text: names of models, names of attributes, and how many lines.
export async function draw(text) {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ path: mermaid });
    return await page.evaluate(async (given) => {
      window.mermaid.initialize({ startOnLoad: false });
      const { svg } = await window.mermaid.render('models', given);
      document.body.innerHTML = svg;
      const texts = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent.trim());
      return { names: texts('.label.name'), attributes: texts('.label.attribute-name'), lines: document.querySelectorAll('path.relationshipLine').length };
    }, text);
  } finally {
    await browser.close();
  }
}

export async function testDiagrams(client) {
  const diagram = async (format) => (await column(client, 'SELECT studentdir.diagram($1)', [format]))[0];
  const names = async () => column(client, 'SELECT name FROM studentdir.model ORDER BY name COLLATE "C"');

  await test('Mermaid draws every model and every line', async () => {
    const drawn = await draw(await diagram('mermaid'));
    assert.deepEqual(drawn.names.sort(), await names());
    for (const name of ['userId', 'ünï', 'first_name', '_1st', 'class']) assert.ok(drawn.attributes.includes(name), name);
    // Posts; players and games of teams; the two sides of the join table
    assert.equal(drawn.lines, 5);
  });

  await test('graphviz draws every model and every line', async () => {
    const { stdout, stderr, status } = spawnSync('dot', ['-Tplain'], { input: await diagram('dot'), encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(stdout.match(/^node /gm).length, (await names()).length);
    assert.equal(stdout.match(/^edge /gm).length, 5);
  });

  await test('each line has the crow\'s feet of its key', async () => {
    const text = await diagram('mermaid');
    for (const line of ['User ||--o{ Post : "Posts"', 'Team |o--o{ Player : "players"', 'Team |o--o| Game : "favourite"', 'Game ||--o{ GamePlayer : "players"'])
      assert.ok(text.includes(`    ${line}\n`), line);
    assert.match(text, /INTEGER teamId FK\n/);
    assert.match(text, /STRING email UK\n/);
  });

  await test('another format is refused', async () => {
    for (const [format, code] of [['svg', '22023'], [null, '22004']])
      assert.equal((await client.query('SELECT studentdir.diagram($1)', [format]).catch((error) => error)).code, code);
  });
}
