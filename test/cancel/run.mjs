// Calls with 100,000 elements in one option: the work grows with their number, and a cancel that arrives in the
// middle ends the call soon.  Work is the processor time of the server's process, which does not depend on what else
// the machine does; only ratios of it are compared.  One piece may be large: where the server itself reads or
// compresses a value of megabytes, nothing of ours can look for a cancel.
import { readFileSync } from 'node:fs';
import { connect, column, finish, report } from '../lib/suite.mjs';

const MANY = 100000;
const FEW = MANY / 8;
// less work than this, in nanoseconds, is as good as none: 0.1 s
const NOTHING = 1e8;

const FINDERS = [
  ['{"scope":[@]}', '"unnamed"'], ['{"scope":[@]}', '"slim"'], ['{"scope":[@]}', '{"where":{"id":#}}'], ['{"scope":{@}}', '"s#":[]'],
  ['{"where":[@]}', '{"name":null}'], ['{"where":{"$or":[@]}}', '{"name":null}'], ['{"where":{"$or":[@]}}', '{"$Children.n$":1}'], ['{"where":{"$not":[@]}}', '{"name":null}'], ['{"where":{"id":[@]}}', '#'], ['{"where":{"id":{"$notIn":[@]}}}', '#'],
  ['{"where":{"id":{"$any":[@]}}}', '#'], ['{"where":{"id":{"$or":[@]}}}', 'null'], ['{"where":{"id":{"$or":[@]}}}', '[]'], ['{"where":{"name":{"$like":{"$any":[@]}}}}', '"#"'], ['{"where":{"name":{"$regexp":{"$any":[@]}}}}', '"#"'],
  ['{"where":{@}}', '"meta.a#":null'], ['{"where":{@}}', '"$Children.n$#":null'], ['{"where":{@}}', '"nope#":1'], ['{"where":{"meta":{"$contains":{@}}}}', '"a#":1'], ['{"where":{"meta":{"$contains":[@]}}}', '#'], ['{"where":{"meta":{"$anyKeyExists":[@]}}}', '"a#"'], [`{"where":{"meta":{"$jsonPath":"$[@ ${'1'.repeat(MANY)}]"}}}`, '1'],
  ['{"attributes":[@]}', '"id"'], ['{"attributes":[@]}', '["id","a#"]'], ['{"attributes":{"exclude":[@]}}', '"id"'], ['{"attributes":{"include":[@]}}', '["id","a#"]'],
  ['{"include":[@]}', '"Children"'], ['{"include":[@]}', '"a#"'], ['{"include":{"association":"Children","attributes":[@]}}', '["id","a#"]'], ['{"include":{"association":"Children","where":[@]}}', '{"n":null}'],
  ['{"order":[@]}', '"id"'], ['{"group":[@]}', '"id"'], ['{"group":[@]}', '"meta.a#"'], ['{"attributes":["id"],"group":["id"],"having":[@]}', '{"id":null}'], ['{"distinct":[@]}', '"id"'],
  ['{"limit":1,"order":["id"],"after":{@}}', '"a#":1'], ['{@}', '"nope#":1'], ['{"lock":{"level":"UPDATE","of":[@]}}', '"MeParent"'],
].map(([form, element]) => ["find_all('MeParent', $1)", form, element]);
const OTHERS = [
  ["create('MeParent', '{\"id\":2}', $1)", '{"fields":[@]}', '"id"'], ["create('MeParent', '{\"id\":3}', $1)", '{"returning":[@]}', '"id"'], ["create('MeParent', '{\"id\":4}', $1)", '{"include":[@]}', '"Children"'],
  ["upsert('MeParent', '{\"id\":1}', $1)", '{"conflictAttributes":[@]}', '"id"'], ["upsert('MeParent', '{\"id\":1}', $1)", '{"updateOnDuplicate":[@]}', '"name"'],
  ["update('MeParent', '{\"name\":\"a\"}', $1)", '{"where":[@]}', '{"name":null}'], ["update('MeParent', '{\"name\":\"a\"}', $1)", '{"where":{"$or":[@]}}', '{"name":null}'], ["update('MeParent', '{\"name\":\"a\"}', $1)", '{"where":{"id":{"$notIn":[@]}}}', '#'],
  ["destroy('MeParent', $1)", '{"where":{"$or":[@]}}', '{"meta.a#":null}'], ["find_or_create('MeParent', $1)", '{"where":{"id":1},"defaults":{@}}', '"a#":1'],
  ["update('MeParent', '{}', $1)", '{"all":true,"set":{@}}', '"meta.a#":1'], ["update('MeParent', '{}', $1)", '{"all":true,"set":{"name":{"$concat":[@]}}}', '"#"'], ["upsert('MeParent', '{\"id\":1}', $1)", '{"conflictAttributes":["id"],"conflictWhere":{"$and":[@]}}', '{"name":null}'],
  ["increment('MeParent', 1, $1)", '{@}', '"a#":1'], ["find_and_count_all('MeParent', $1)", '{"names":{@}}', '"a#":"b"'], ["aggregate('MeParent', 'count', 'id', $1)", '{"group":[@]}', '"id"'], ["find_all('MeParent', $1)", '{"include":"Children","order":[@]}', '["Children","n"]'],
  ["find_all('MeParent', $1)", '{"attributes":[[{"$case":[@]},"x"]]}', '[{"id":#},#]'], ["find_all('MeParent', $1)", '{"attributes":[[{"$count":{"association":"Children","where":{"$or":[@]}}},"x"]]}', '{"n":#}'], ["count('MeParent', $1)", '{"where":{"id":{"$in":{"model":"MeChild","attributes":["id"],"where":{"$or":[@]}}}}}', '{"n":null}'],
  ["add('MeParent', 1, 'Children', $1)", '[@]', '{"id":#}'], ["remove('MeParent', 1, 'Children', $1)", '[@]', '#'], ["bulk_create('MeParent', $1, '{\"ignoreDuplicates\":true,\"existing\":true}')", '[@]', '{"id":#}'],
  ["create('MeParent', $1)", '{@}', '"a#":1'], ["create('MeParent', $1)", '{"id":6,"meta":{@}}', '"a#":1'], ["update('MeParent', $1, '{\"where\":{\"id\":1}}')", '{@}', '"meta.a#":1'],
  ["create('MeParent', $1, '{\"include\":[\"Children\"]}')", '{"id":5,"Children":[@]}', '{"id":"x"}'], ["create('MeParent', $1, '{\"include\":[\"Children\"]}')", '{"id":5,"Children":[@]}', '{"id":1#}'],
  ["bulk_create('MeParent', $1)", '[@]', '{"id":1#}'], ["bulk_create('MeParent', $1, '{\"updateOnDuplicate\":[\"name\"]}')", '[@]', '{"id":#,"name":"#"}'], ["bulk_update('MeParent', $1, '{\"ignoreMissing\":true}')", '[@]', '{"id":#,"name":"#"}'],
  ["set('MeParent', 1, 'Children', $1)", '[@]', '#'], ["add('MeParent', 1, 'Children', $1)", '[@]', '#'], ["has('MeParent', 1, 'Children', $1)", '[@]', '#'],
  ["find_all('MeParent', '{\"where\":{\"id\":{\"$param\":\"a1\"}}}', $1)", '{@}', '"a#":1'], ["request('POST', '/me-parents', $1)", '{@}', '"a#":1'], ["request('GET', '/me-parents', $1)", '{@}', '"a#":1'],
  ["define('MeMany', $1::text::json)", '{@}', '"a#":"TEXT"'], ["define('MeMany', $1::text::json)", '{"a":{@}}', '"a#":1'], ["define('MeMany', $1::text::json)", '{"a":{"type":"TEXT","validate":{@}}}', '"v#":1'],
  ["define('MeMany', '{\"a\":\"TEXT\"}', $1)", '{"indexes":[@]}', '{"fields":["a"]}'], ["define('MeMany', '{\"a\":\"TEXT\"}', $1)", '{"scopes":{@}}', '"a#":{"where":{"a":"#"}}'], ["define('MeMany', $1::text::json)", '{"a":{"type":"ENUM","values":[@]}}', '"a#"'],
];

const client = await connect();
await client.query(`CREATE TABLE me_parents (id int PRIMARY KEY, name text, meta jsonb); CREATE TABLE me_children (id int PRIMARY KEY, n int, parent_id int REFERENCES me_parents);
  SELECT studentdir.define('MeParent', '{"id":{"type":"INTEGER","primaryKey":true},"name":"TEXT","meta":"JSONB"}', '{"timestamps":false,"tableName":"me_parents","scopes":{"unnamed":{"where":{"name":null}},"slim":{"attributes":["id"]}}}');
  SELECT studentdir.define('MeChild', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER","parentId":"INTEGER"}', '{"timestamps":false,"tableName":"me_children"}');
  SELECT studentdir.has_many('MeParent', 'MeChild', '{"as":"Children","foreignKey":"parentId"}'), studentdir.belongs_to('MeChild', 'MeParent', '{"as":"Parent","foreignKey":"parentId"}');
  INSERT INTO me_parents VALUES (1, 'a', '{}'); INSERT INTO me_children VALUES (1, 1, 1);
  CREATE TABLE me_documents (document jsonb);
  SET statement_timeout = '10min'; SET client_min_messages = error`);
const [pid] = await column(client, 'SELECT pg_backend_pid()');

// the processor time of the session so far, in nanoseconds; undefined where the system does not say
function work() {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return undefined;
  }
}

// Puts a document with n elements where the call finds it: that the server reads its text does not count.
async function prepare(form, element, n) {
  const document = form.replace('@', Array.from({ length: n }, (_, i) => element.replaceAll('#', i + 1)).join());
  await client.query('TRUNCATE me_documents');
  await client.query('INSERT INTO me_documents VALUES ($1)', [document]);
}

// Runs the call, with a cancel after some work if that is given, and undoes it.  What it answered, how much it did,
// and how much of that after the cancel.
async function run(call, cancelAt) {
  await client.query('BEGIN');
  const start = work();
  let done = false;
  let cancelled;
  const running = client.query(`SELECT studentdir.${call.replace('$1', 'document')} FROM me_documents`).then(() => 'an answer', (error) => `${error.code} ${error.message.slice(0, 60)}`).finally(() => (done = true));
  while (cancelAt !== undefined && !done) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (cancelled === undefined && !done && work() - start >= cancelAt) {
      cancelled = work();
      process.kill(Number(pid), 'SIGINT');
    }
  }
  const said = await running;
  const end = work();
  await client.query('ROLLBACK');
  return { said, spent: end - start, after: said.startsWith('57014') ? end - cancelled : undefined };
}

const MOMENTS = Number(process.env.SD_CANCEL_MOMENTS ?? 2);
if (work() === undefined) console.log('this system does not say how much work a process has done');
else {
  for (const [call, form, element] of [...FINDERS, ...OTHERS]) {
    const name = `${call} ${form.slice(0, 300)} ${element}`;
    // what is linear, and ends soon, does so at least once: other processes take the caches, but not every time
    let few;
    let many;
    let linear = false;
    for (let tries = 0; tries < 4 && !linear; tries++) {
      await prepare(form, element, FEW);
      await run(call);
      few = await run(call);
      await prepare(form, element, MANY);
      many = await run(call);
      linear = many.spent < NOTHING || many.spent < few.spent * (MANY / FEW) * 4;
    }
    report(`${name}: linear`, linear ? undefined : `${FEW} elements ${few.spent / 1e6} ms, ${MANY} elements ${many.spent / 1e6} ms`);
    let worst = 0;
    let soon = false;
    for (let tries = 0; tries < 4 && !soon; tries++) {
      worst = 0;
      for (let i = 1; i <= MOMENTS && many.spent > NOTHING; i++) {
        const { after } = await run(call, (many.spent * i) / (MOMENTS + 1));
        if (after !== undefined) worst = Math.max(worst, after);
      }
      soon = worst < NOTHING || worst < many.spent / 2;
    }
    report(`${name}: cancelled soon`, soon ? undefined : `${worst / 1e6} ms of ${many.spent / 1e6} ms after the cancel`);
    if (process.env.SD_CANCEL_SHOW) console.log(`${Math.round(few.spent / 1e6)} ${Math.round(many.spent / 1e6)} ${Math.round(worst / 1e6)} ms  ${many.said}  ${name}`);
  }
}
await client.query("DROP TABLE me_documents; SELECT studentdir.undefine('MeChild'), studentdir.undefine('MeParent'); DROP TABLE me_children, me_parents");
await client.end();
finish();
