// The Python that has psycopg: the one in PATH, or Debian's own, for which its package is installed.
// Undefined where there is none.
import { spawnSync } from 'node:child_process';

export const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import psycopg']).status === 0,
);
