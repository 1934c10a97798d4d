// A connection pooler in front of the test's server: pgbouncer in transaction mode, with one server
// connection, so that everything that its clients do meets in one session.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// Debian puts it where an ordinary user's PATH does not look.
const program = process.env.SD_PGBOUNCER
  ?? ['pgbouncer', '/usr/sbin/pgbouncer'].find((name) => spawnSync(name, ['--version']).status === 0);

// Whether prepared statements of the protocol work in transaction mode (since 1.21).
function keepsStatements() {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [, major, minor] = stdout.match(/(\d+)\.(\d+)/).map(Number);
  return major > 1 || minor >= 21;
}

// Starts it; returns { host, port, keepsStatements, stop }.  It refuses root, as the server does.
export async function startPooler({ mode = 'transaction', connections = 1 } = {}) {
  if (program === undefined) throw new Error('pgbouncer is missing: run "make deps"');
  const { PGHOST, PGPORT, PGUSER, SD_TMP, SD_LOG, SD_AS_SERVER } = process.env;
  const host = mkdtempSync(join(SD_TMP, 'pgbouncer-'));
  const port = 6432;
  const settings = join(host, 'pgbouncer.ini');
  const socket = join(host, `.s.PGSQL.${port}`);

  writeFileSync(settings, `[databases]
* = host=${PGHOST} port=${PGPORT} user=${PGUSER}
[pgbouncer]
unix_socket_dir = ${host}
listen_port = ${port}
auth_type = any
pool_mode = ${mode}
default_pool_size = ${connections}
server_reset_query = DISCARD ALL
ignore_startup_parameters = extra_float_digits
${keepsStatements() ? 'max_prepared_statements = 100' : ''}
`);
  const { uid, gid } = statSync(SD_LOG);
  for (const name of [host, settings]) chownSync(name, uid, gid);

  const command = [...SD_AS_SERVER.split(' ').filter(Boolean), program, '--quiet', settings];
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const kill = () => child.kill('SIGKILL');
  let log = '';

  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => { log += part; });
  process.once('exit', kill);
  for (let i = 0; i < 100 && !existsSync(socket) && child.exitCode === null; i++) await sleep(100);
  if (!existsSync(socket)) {
    kill();
    throw new Error(`pgbouncer did not start: ${log}`);
  }
  return {
    host,
    port,
    keepsStatements: keepsStatements(),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.off('exit', kill);
    },
  };
}
