// One of the Express apps, for the benchmark: node serve.mjs app|request-app|sequelize-app|raw-app, with an IPC channel.
import { openPool } from '../express/database.mjs';

const [, , name] = process.argv;
const module = await import(name === 'raw-app' ? './raw-app.mjs' : `../express/${name}.mjs`);
const app = module.createApp(name === 'sequelize-app' ? module.openModels() : openPool());
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
