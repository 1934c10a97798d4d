// Conduit for the benchmark: node conduit-serve.mjs PEER, with an IPC channel.  It is the same application for all:
// what the three busiest endpoints ask of the database goes to the peer instead.
import { createApp } from '../conduit/app.mjs';
import { openPool } from '../express/database.mjs';
import { openPeer } from './conduit-peers.mjs';

const [, , name] = process.argv;

// A pool whose statements, which the application knows by name, a peer answers.
function poolOf(peer) {
  const answer = {
    articles: ({ me, ...query }) => peer.articles(query, me),
    feed: ({ me, ...query }) => peer.feed(query, me),
    favorite: ({ slug }, me) => peer.favorite(slug, me),
  };
  return { query: async (statement) => ({ rows: [[await answer[statement.name](...statement.values)]] }) };
}

const pool = name === 'studentdir' ? openPool('conduit') : poolOf(await openPeer(name));
const server = createApp(pool, process.env.SECRET).listen(0, '127.0.0.1', () => process.send(server.address().port));
