// Starts Conduit and says where it is.  SECRET signs the tokens; without one they end with the program.
import { randomBytes } from 'node:crypto';
import { openPool } from '../express/database.mjs';
import { createApp } from './app.mjs';

const port = Number(process.env.PORT ?? 3000);
const pool = openPool();
const app = createApp(pool, process.env.SECRET ?? randomBytes(32).toString('hex'));
const server = app.listen(port, '127.0.0.1', (error) => {
  if (error) {
    console.error(`cannot listen on port ${port} (${error.code}); PORT=… picks another one`);
    process.exit(1);
  }
  console.log(`Conduit is at http://127.0.0.1:${server.address().port}/api.  Ctrl-C ends it.`);
});

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    server.close(() => pool.end());
    server.closeAllConnections();
  });
