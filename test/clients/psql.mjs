// psql: variables, cursors, COPY, and statements that psql is told by a query.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import { test } from '../lib/suite.mjs';

// Runs a script from an empty table of students; what it prints, errors among it.
function psql(script, ...options) {
  const result = spawnSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', ...options], {
    input: `TRUNCATE students RESTART IDENTITY;
SELECT count(*) FROM students_bulk_create('[{"name": "Ann"}, {"name": "O''Brien \\"Bob\\""}, {"name": "C:\\\\temp"}]') \\g /dev/null
${script}`,
    encoding: 'utf8',
  });
  return (result.stdout + result.stderr).trimEnd();
}

const names = ['{"name":"Ann"}', '{"name":"O\'Brien \\"Bob\\""}', '{"name":"C:\\\\temp"}'];
const query = `SELECT students_find_all('{"attributes": ["name"], "order": ["id"]}')`;
const expectLines = (output, ...lines) => assert.equal(output, lines.join('\n'));

await test('psql: a record a line', () => expectLines(psql(`${query};`), ...names));
await test('psql: rows fetched in parts', () =>
  expectLines(psql(`\\set FETCH_COUNT 2\n${query};`), ...names));
await test('psql: \\gset', () =>
  expectLines(psql(`SELECT record ->> 'id' AS id, record FROM students_find_all('{"where": {"name": "Ann"}, "attributes": ["id"]}') \\gset found_
\\echo :found_id :'found_record'`), `1 '{"id":1}'`));
await test('psql: a variable inside of options', () =>
  expectLines(psql(`\\set wanted 'O''Brien "Bob"'
SELECT students_count(jsonb_build_object('where', jsonb_build_object('name', :'wanted')));`), '1'));
await test('psql: options in a variable', () =>
  expectLines(psql(`\\set options '{"where": {"name": "Ann"}}'
SELECT students_count(:'options');`), '1'));
await test('psql: \\gexec', () =>
  expectLines(psql(`SELECT format('SELECT student_find_by_pk(%s, %L)', record ->> 'id', '{"attributes": ["name"]}')
FROM students_find_all('{"order": ["id"]}') \\gexec`), ...names));
await test('psql: a prepared statement, whose table changes', () =>
  expectLines(psql(`PREPARE p(jsonb) AS ${query.replace(/'.*'/, '$1')};
EXECUTE p('{"attributes": ["name"], "order": ["id"], "limit": 1}');
ALTER TABLE students ADD COLUMN extra text;
EXECUTE p('{"attributes": ["name"], "order": ["id"], "limit": 1}');
ALTER TABLE students DROP COLUMN extra;
EXECUTE p('{"attributes": ["name"], "order": ["id"], "limit": 1}');`), names[0], names[0], names[0]));
await test('psql: a cursor, forwards and back', () =>
  expectLines(psql(`BEGIN; DECLARE c SCROLL CURSOR FOR ${query};
FETCH 2 FROM c; FETCH BACKWARD 1 FROM c; FETCH LAST FROM c; COMMIT;`), names[0], names[1], names[0], names[2]));
await test('psql: a cursor WITH HOLD', () =>
  expectLines(psql(`BEGIN; DECLARE c CURSOR WITH HOLD FOR ${query}; COMMIT;
DELETE FROM students; FETCH ALL FROM c; CLOSE c;`), ...names));
await test('psql: COPY in its text format doubles the backslashes', () =>
  expectLines(psql(`COPY (${query}) TO STDOUT;`), ...names.map((name) => name.replaceAll('\\', '\\\\'))));
await test('psql: COPY as it is', () =>
  expectLines(psql(`COPY (${query}) TO STDOUT WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02');`), ...names));
await test('psql: \\copy to a file, and back', () =>
  expectLines(psql(`CREATE TEMP TABLE lines (record jsonb);
\\copy (${query}) TO '${process.env.SD_TMP}/students.ndjson'
\\copy lines FROM '${process.env.SD_TMP}/students.ndjson'
DELETE FROM students;
SELECT count(*) FROM students_bulk_create((SELECT jsonb_agg(record) FROM lines));
${query};`), '3', ...names));
await test('psql: CREATE TABLE AS, INSERT … SELECT, a view', () =>
  expectLines(psql(`CREATE TEMP TABLE kept AS SELECT * FROM students_find_all('{"attributes": ["name"], "order": ["id"]}');
INSERT INTO kept ${query};
CREATE TEMP VIEW shown AS SELECT record ->> 'name' AS name FROM students_find_all();
SELECT count(*), count(record ->> 'name'), (SELECT count(*) FROM shown WHERE name LIKE 'A%') FROM kept;`), '6|6|1'));
await test('psql: \\bind, where psql has it', () => {
  if (psql('\\echo :VERSION_NUM') >= '160000')
    expectLines(psql(`SELECT students_count($1) \\bind '{"where": {"name": "Ann"}}' \\g`), '1');
});
await test('psql: an error stops the script, with the place in the document', () =>
  assert.match(psql(`SELECT students_list('{"where": {"nam": 1}}');\nSELECT 'not reached';`),
    /^ERROR: {2}where\.nam: .*\nHINT: {2}Perhaps you meant "name"\.$/));
await test('psql: --single-transaction undoes all of it', () => {
  psql(`SELECT student_create('{"name": ""}');`, '--single-transaction');
  expectLines(psql(`SELECT count(*) FROM students;`), '3');
});
psql('TRUNCATE students RESTART IDENTITY;');
