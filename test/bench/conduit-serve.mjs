// Conduit for the benchmark: node conduit-serve.mjs PEER, with an IPC channel.  studentdir is the whole application;
// the others have its three busiest endpoints, with the same Express and the same tokens.
import express from 'express';
import { createApp } from '../conduit/app.mjs';
import { showError } from '../conduit/errors.mjs';
import { readToken } from '../conduit/secrets.mjs';
import { openPool } from '../express/database.mjs';
import { openPeer } from './conduit-peers.mjs';

const [, , name] = process.argv;
const { SECRET } = process.env;

async function peerApp() {
  const peer = await openPeer(name);
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json(), readToken(SECRET));
  const send = (res, text) => res.type('json').send(text);
  app.get('/api/articles', async (req, res) => send(res, await peer.articles(req.query, req.me)));
  app.get('/api/articles/feed', async (req, res) => send(res, await peer.feed(req.query, req.me)));
  app.post('/api/articles/:slug/favorite', async (req, res) => send(res, await peer.favorite(req.params.slug, req.me)));
  app.use(showError);
  return app;
}

const app = name === 'studentdir' ? createApp(openPool('conduit'), SECRET) : await peerApp();
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
