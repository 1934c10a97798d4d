// psycopg: what client.py finds.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { python } from '../lib/python.mjs';
import { report } from '../lib/suite.mjs';
import { startPooler } from './pgbouncer.mjs';

const pooler = await startPooler();
const script = fileURLToPath(new URL('client.py', import.meta.url));
if (python === undefined) {
  report('psycopg', 'python3 has no psycopg: run "make deps"');
} else {
  const { stdout, stderr, status } = spawnSync(python, [script, pooler.host, String(pooler.port)], { encoding: 'utf8' });
  for (const [, problem, name] of stdout.matchAll(/^(not )?ok - (.*)$/gm))
    report(`psycopg: ${name}`, problem && stderr);
  if (status !== 0) report('client.py', stderr);
}
await pooler.stop();
