// Makes topics.h: functions of the install script and of define/expose.c, with their comments; options, operators,
// settings and errors of docs/reference, with what the tables there say; and an example for each from examples.sql.
//
//   node src/help/topics.mjs            writes topics.h
//   node src/help/topics.mjs --print    prints it
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const read = (name) => readFileSync(new URL(name, root), 'utf8');

// What only the extension itself calls says so in its comment.
export const internal = /^internal: /;

// The cells of the rows of a page's tables, without links and marks.
const plain = (text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '').replaceAll('\\|', '|').replaceAll('…', '...')
  .replaceAll('→', '->').replace(/\*([^*]+)\*/g, '$1').trim();
function rows(page) {
  return read(`docs/reference/${page}.md`).split('\n').filter((line) => /^\| (?!---)/.test(line))
    .map((line) => line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

function functions() {
  const topics = new Map();
  const script = read('sql/studentdir--1.0.0.sql');
  const comments = new Map([...script.matchAll(/^COMMENT ON (?:FUNCTION|PROCEDURE) studentdir\.(\w+)(?:\([^)]*\))? IS '((?:[^']|'')*)';/gm)]
    .map(([, name, text]) => [name, text.replaceAll("''", "'")]));
  for (const [, kind, name, args] of script.matchAll(/^CREATE (FUNCTION|PROCEDURE) studentdir\.(\w+)\(([^)]*(?:\([^)]*\)[^)]*)*)\)/gm)) {
    const words = comments.get(name);
    if (words === undefined) throw new Error(`${name} has no comment`);
    if (internal.test(words)) continue;
    const head = `${kind === 'PROCEDURE' ? 'CALL ' : ''}studentdir.${name}(${args.replace(/\s+/g, ' ')})`;
    // those that take keys of several types are one topic
    if (topics.has(name)) topics.get(name).types.push(args.match(/\bid (\w+)/)?.[1]);
    else topics.set(name, { name, head, words, types: [args.match(/\bid (\w+)/)?.[1]] });
  }
  for (const topic of topics.values()) {
    if (topic.types.length > 1) topic.head = topic.head.replace(/\bid \w+/, `id ${topic.types.join('|')}`);
  }
  const typed = [...read('src/define/expose.c').replace(/"\s*\n\s*"/g, '').matchAll(/\{"(@[sp]_[@\w]+)",\s*([^{}]*?"[^{}"]*")\}/g)].map(([, name, rest]) => {
    const words = rest.match(/"([^"]*)"$/)[1];
    const [singular, plural, association] = /restore/.test(name) ? ['task', 'tasks', ''] : /@w/.test(name) ? ['user', 'users', 'posts'] : ['student', 'students', ''];
    const fill = (text) => text.replaceAll('@s', singular).replaceAll('@p', plural).replaceAll('@w', association);
    return /user_set_posts/.test(fill(name)) && /makes the record/.test(words)
      ? { name: 'post_set_user', words: 'makes the record with this key the user of one post, or for NULL none' }
      : { name: fill(name), words: fill(words) };
  });
  return [...topics.values(), ...typed.map(({ name, words }) => ({ name, head: `of each model, named after it`, words }))]
    .map(({ name, head, words }) => ({ kind: 'FUNCTION', name, head, words }));
}

function options() {
  const topics = [];
  const add = (name, head, words) => {
    const found = topics.find((topic) => topic.name === name);
    if (found) found.words = `${found.words.replace(/\.$/, '')}. ${head.replace(/^o/, 'O')}: ${words}`;
    else topics.push({ kind: 'OPTION', name, head, words });
  };
  let last = [];
  for (const [names, of, what] of rows('options')) {
    if (names === 'option') continue;
    if (names !== '') last = [...names.matchAll(/`(\w+)`/g)].map((match) => match[1]);
    for (const name of last) add(name, `of ${plain(of)}`, plain(what));
  }
  for (const [names, what] of rows('includes')) {
    for (const [, name] of names.matchAll(/`(\w+)`/g)) {
      if (!topics.some((topic) => topic.name === name)) add(name, 'of an include', plain(what));
    }
  }
  return topics;
}

function operators() {
  const topics = [];
  const known = [...read('src/parse/operators.c').split('names[] = {')[1].split('};')[0].matchAll(/\{"(\$\w+)"/g)].map((match) => match[1]);
  const table = rows('conditions');
  for (const name of known) {
    const base = name.replace(/^\$(?:notI|not|i)(?=[A-Z])/, '$').replace(/^\$(\w)/, (_, first) => `$${first.toLowerCase()}`);
    const row = table.find((cells) => cells.some((cell) => new RegExp(`\\${name}\\b`).test(cell)))
      ?? table.find((cells) => cells.some((cell) => new RegExp(`\\${base}\\b`).test(cell)));
    if (row === undefined) throw new Error(`docs/reference/conditions.md does not say what ${name} is`);
    topics.push({ kind: 'OPERATOR', name, head: plain(row[0]), words: plain(row[1]) });
  }
  return topics;
}

const settings = () => rows('settings').filter(([name]) => name.startsWith('`'))
  .map(([name, standard, what]) => ({ kind: 'SETTING', name: plain(name), head: `default: ${plain(standard)}`, words: plain(what) }));

function errors() {
  const topics = [];
  for (const [what, states] of rows('errors')) {
    for (const [state] of states.matchAll(/\b(?=\w*\d)[0-9A-Z]{5}\b/g)) {
      const found = topics.find((topic) => topic.name === state);
      if (found) found.words += `; ${plain(what)}`;
      else topics.push({ kind: 'ERROR', name: state, head: '', words: plain(what) });
    }
  }
  return topics;
}

// The statement behind each "-- kind name" of examples.sql.
export function examples() {
  return new Map([...read('src/help/examples.sql').matchAll(/^-- (\w+) (\S+)\n(.+)$/gm)].map(([, kind, name, statement]) => [`${kind} ${name}`, statement]));
}

export function topics() {
  const shown = examples();
  const all = [...functions(), ...options(), ...operators(), ...settings(), ...errors()];
  const order = ['FUNCTION', 'OPTION', 'OPERATOR', 'SETTING', 'ERROR'];
  all.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.kind === 'OPERATOR' || a.kind === 'OPTION' ? 0 : a.name < b.name ? -1 : 1));
  return all.map((topic) => ({ ...topic, example: shown.get(`${topic.kind.toLowerCase()} ${topic.name}`) }));
}

export function header() {
  const string = (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const missing = topics().filter((topic) => topic.example === undefined).map((topic) => `-- ${topic.kind.toLowerCase()} ${topic.name}`);
  if (missing.length > 0) throw new Error(`examples.sql has no example for\n${missing.join('\n')}`);
  const entries = topics().map((topic) => `\t{SD_TOPIC_${topic.kind}, ${string(topic.name)}, ${string(topic.head)},\n\t${string(topic.words)},\n\t${string(topic.example)}}`);
  return `/*-------------------------------------------------------------------------
 * help/topics.h
 *\t\tThe topics of help(): made by topics.mjs, not to be edited.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TOPICS_H
#define SD_TOPICS_H

#include "help/help.h"

static const SdTopic topics[] = {
${entries.join(',\n')}
};

#endif\t\t\t\t\t\t\t/* SD_TOPICS_H */
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--print')) process.stdout.write(header());
  else writeFileSync(new URL('topics.h', import.meta.url), header());
}
