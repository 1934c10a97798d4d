// Lint beside squawk: both look at the same statements, over tables that all count as large, and every
// difference has a reason here.  squawk sees the text alone, and lint the catalog too.  SD_SQUAWK names the
// program (npm install squawk-cli@2.66.0); without it the one in the PATH is taken.  Where there is
// neither, make test leaves this suite out.
import { execFileSync } from 'node:child_process';
import { column, connect, finish, report } from '../lib/suite.mjs';
import { CASES, STYLE } from './cases.mjs';

const SQUAWK = process.env.SD_SQUAWK ?? 'squawk';

// The rules that squawk names, without those about style.
function squawk(sql) {
  let out;
  try {
    out = execFileSync(SQUAWK, ['--assume-in-transaction', '--pg-version=15.0', '--reporter=json'], { input: sql, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
  } catch (error) {
    out = error.stdout;
  }
  const rules = JSON.parse(out).map((finding) => finding.rule_name);
  return [...new Set(rules)].filter((rule) => !STYLE.has(rule)).sort();
}

async function compare(client, { sql, ours = [], theirs = [], why }) {
  const lint = await column(client, 'SELECT DISTINCT rule FROM studentdir.lint($1) ORDER BY 1', [sql]);
  const other = squawk(sql);
  const onlyOurs = lint.filter((rule) => !other.includes(rule)).join(' ');
  const onlyTheirs = other.filter((rule) => !lint.includes(rule)).join(' ');
  if (onlyOurs !== ours.join(' ') || onlyTheirs !== theirs.join(' '))
    return `lint alone: ${onlyOurs || 'nothing'}, squawk alone: ${onlyTheirs || 'nothing'}; both: ${lint.filter((rule) => other.includes(rule)).join(' ')}`;
  if ((onlyOurs !== '' || onlyTheirs !== '') && why === undefined) return 'the difference has no reason here';
  return undefined;
}

const client = await connect();
await client.query(`
  CREATE TABLE big (id bigint PRIMARY KEY, a integer, b text, c integer NOT NULL, r int4range, v varchar(10), n numeric(8,2));
  CREATE TABLE ref (id bigint PRIMARY KEY);
  CREATE INDEX big_a ON big (a);
  CREATE DOMAIN checked AS integer;
  CREATE MATERIALIZED VIEW seen AS SELECT 1 AS a;
  CREATE TABLE parted (a integer) PARTITION BY LIST (a);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
  CREATE TABLE free (a integer);
  UPDATE pg_class SET reltuples = 1e6 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`);
for (const one of CASES) report(one.sql, await compare(client, one));
await client.end();
finish();
