// What the node suites share: a connection that hands over values as the server sent them, and
// tests that are counted and end with the line that test/run reads.
import pg from 'pg';

let passed = 0;
let failed = 0;

// A client of the database that the environment names, or of another one.  Every value arrives as text.
export async function connect(database) {
  const client = new pg.Client({ database, types: { getTypeParser: () => (text) => text } });
  // a lost connection shows in the query that was under way
  client.on('error', () => {});
  await client.connect();
  return client;
}

// The values of the first column of a query's result, as text.
export async function column(client, sql, parameters = []) {
  const result = await client.query({ text: sql, values: parameters, rowMode: 'array' });
  return result.rows.map((row) => row[0]);
}

// Counts one test that has passed, or prints why it has not.
export function report(name, problem) {
  if (problem === undefined) {
    passed++;
    return;
  }
  failed++;
  console.log(`not ok - ${name}\n${String(problem).replace(/^/gm, '    ')}`);
}

// Runs one test: a function that throws has failed.
export async function test(name, run) {
  try {
    await run();
    report(name);
  } catch (error) {
    report(name, error.message);
  }
}

// Prints the counts and sets the exit code.
export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
