// The directory as a course on Express and Sequelize would write it, over the same tables.
import 'dotenv/config';
import express from 'express';
import { DatabaseError, DataTypes, ForeignKeyConstraintError, Sequelize, ValidationError } from 'sequelize';

export function openModels(database = process.env.PGDATABASE, max = 4) {
  const { PGUSER, PGPASSWORD, PGHOST, PGPORT } = process.env;
  const sequelize = new Sequelize(database, PGUSER, PGPASSWORD, {
    dialect: 'postgres', host: PGHOST, port: Number(PGPORT ?? 5432), logging: false, pool: { max },
    define: { underscored: true },
  });
  // made anew for each attribute: Sequelize writes into them
  const required = () => ({ type: DataTypes.STRING, allowNull: false, validate: { notEmpty: true } });
  const email = () => ({ type: DataTypes.STRING, unique: true, validate: { isEmail: true } });
  const Student = sequelize.define('Student', { name: required(), cohort: DataTypes.STRING, email: email() });
  const User = sequelize.define('User', { name: required(), email: email() });
  const Post = sequelize.define('Post', {
    title: required(), body: DataTypes.TEXT, userId: { type: DataTypes.INTEGER, allowNull: false },
  });

  User.hasMany(Post, { foreignKey: 'userId' });
  Post.belongsTo(User, { foreignKey: 'userId' });
  return { Student, User, Post, close: () => sequelize.close() };
}

export function createApp({ Student, User, Post }) {
  const app = express();
  app.use(express.json());

  // the five routes of a model; fields are what a client may set
  function routes(path, Model, fields) {
    app.route(path)
      .get(async (req, res) => {
        res.json(await Model.findAll(listOptions(req.query)));
      })
      .post(async (req, res) => {
        res.status(201).json(await Model.create(pick(req.body, fields)));
      })
      .all(notAllowed);

    app.route(`${path}/:id`)
      .get(async (req, res) => {
        const record = await Model.findByPk(req.params.id, recordOptions(req.query));
        if (!record) return notFound(req, res);
        res.json(record);
      })
      .put(async (req, res) => {
        const record = await Model.findByPk(req.params.id);
        if (!record) return notFound(req, res);
        res.json(await record.update(pick(req.body, fields)));
      })
      .delete(async (req, res) => {
        const count = await Model.destroy({ where: { id: req.params.id } });
        if (count === 0) return notFound(req, res);
        res.status(204).end();
      })
      .all(notAllowed);
  }

  routes('/students', Student, ['name', 'cohort', 'email']);
  routes('/users', User, ['name', 'email']);
  routes('/posts', Post, ['title', 'body', 'userId']);

  app.route('/users/:id/posts')
    .get(async (req, res) => {
      const user = await User.findByPk(req.params.id);
      if (!user) return notFound(req, res);
      res.json(await user.getPosts(listOptions(req.query)));
    })
    .post(async (req, res) => {
      const user = await User.findByPk(req.params.id);
      if (!user) return notFound(req, res);
      res.status(201).json(await user.createPost(pick(req.body, ['title', 'body'])));
    })
    .put(async (req, res) => {
      if (!Array.isArray(req.body)) return res.status(400).json({ error: 'body: expected an array of keys', errors: [] });
      const user = await User.findByPk(req.params.id);
      if (!user) return notFound(req, res);
      await user.setPosts(req.body);
      res.status(204).end();
    })
    .all(notAllowed);

  app.route('/users/:id/posts/:postId')
    .put(async (req, res) => {
      const user = await User.findByPk(req.params.id);
      const post = await Post.findByPk(req.params.postId);
      if (!user || !post) return notFound(req, res);
      await user.addPost(post);
      res.status(204).end();
    })
    .delete(async (req, res) => {
      const user = await User.findByPk(req.params.id);
      const post = await Post.findByPk(req.params.postId);
      if (!user || !post || !(await user.hasPost(post))) return notFound(req, res);
      await user.removePost(post);
      res.status(204).end();
    })
    .all(notAllowed);

  app.use(notFound);

  app.use((error, req, res, next) => {
    if (error instanceof ValidationError)
      res.status(400).json({
        error: error.message,
        errors: error.errors.map(({ message, type, path, value, validatorKey }) => ({ message, type, path, value, validatorKey })),
      });
    else if (error instanceof ForeignKeyConstraintError || (error instanceof DatabaseError && error.parent.code.startsWith('22')))
      res.status(400).json({ error: error.message, errors: [] });
    else if (error.status >= 400 && error.status < 500) res.status(error.status).json({ error: error.message, errors: [] });
    else res.status(500).json({ error: 'server error' });
  });
  return app;
}

function notFound(req, res) {
  res.status(404).json({ error: 'not found' });
}

function notAllowed(req, res) {
  const methods = Object.keys(req.route.methods).filter((method) => method !== '_all');
  res.status(405).set('Allow', methods.join(', ').toUpperCase()).json({ error: 'method not allowed' });
}

function pick(body, names) {
  return Object.fromEntries(names.filter((name) => body?.[name] !== undefined).map((name) => [name, body[name]]));
}

function listOptions(query) {
  const { limit, offset, order, attributes, include, ...where } = query;
  const options = { where: { ...where }, ...recordOptions({ attributes, include }) };
  if (limit !== undefined) options.limit = Number(limit);
  if (offset !== undefined) options.offset = Number(offset);
  if (order !== undefined)
    options.order = order.split(',').map((term) => {
      const [name, direction = 'asc'] = term.split('.');
      return [name, direction.toUpperCase()];
    });
  return options;
}

function recordOptions({ attributes, include }) {
  const options = {};
  if (attributes !== undefined) options.attributes = attributes.split(',');
  if (include !== undefined) options.include = include.split(',').map((association) => ({ association }));
  return options;
}
