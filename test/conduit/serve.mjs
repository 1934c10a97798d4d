// Starts Conduit and says where it is.  SECRET signs the tokens; without one they end with the program.
import { randomBytes } from 'node:crypto';
import { openPool } from '../express/database.mjs';
import { listen } from '../express/listen.mjs';
import { createApp } from './app.mjs';

const pool = openPool();
listen(createApp(pool, process.env.SECRET ?? randomBytes(32).toString('hex')), pool, (address) => {
  console.log(`Conduit is at ${address}/api.  Ctrl-C ends it.`);
});
