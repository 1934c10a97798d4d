// A server that is some time away: a proxy on loopback that holds what clients send for so long.
//   node far.mjs MILLISECONDS      with an IPC channel, over which it says its port
import net from 'node:net';

const delay = Number(process.argv[2]);
const server = net.createServer((client) => {
  const database = net.connect(`${process.env.PGHOST}/.s.PGSQL.${process.env.PGPORT ?? 5432}`);
  client.setNoDelay(true);
  client.on('data', (bytes) => setTimeout(() => database.write(bytes), delay));
  database.on('data', (bytes) => client.write(bytes));
  for (const [one, other] of [[client, database], [database, client]]) {
    one.on('close', () => other.destroy());
    one.on('error', () => other.destroy());
  }
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
