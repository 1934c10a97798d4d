// The three busiest endpoints of Conduit, each in four ways.  A peer has articles(query, me), feed(query, me) and
// favorite(slug, me), which give the JSON text of the answer.
import { createRequire } from 'node:module';
import { byHand } from '../conduit/by-hand.mjs';
import * as sql from '../conduit/statements.mjs';
import { openPool } from '../express/database.mjs';

const DATABASE = 'conduit';
const page = ({ limit = 20, offset = 0 }) => ({ limit: Number(limit), offset: Number(offset) });

function openStudentdir(max) {
  const pool = openPool(DATABASE, max);
  async function call(statement, ...values) {
    const { rows } = await pool.query({ ...statement, values, rowMode: 'array' });
    return rows[0][0];
  }
  return {
    articles: (query, me) => call(sql.articles({}).statement, { ...page(query), me }),
    feed: (query, me) => call(sql.feed, { ...page(query), me }),
    favorite: (slug, me) => call(sql.favorite, { slug }, me, { me }),
    close: () => pool.end(),
  };
}

function openByHand(max) {
  const pool = openPool(DATABASE, max);
  return { ...byHand(pool), close: () => pool.end() };
}

async function openSequelize(max) {
  const { DataTypes, Sequelize } = await import('sequelize');
  const { PGUSER, PGHOST, PGPORT } = process.env;
  const sequelize = new Sequelize(DATABASE, PGUSER, '', {
    dialect: 'postgres', host: PGHOST, port: Number(PGPORT), logging: false, pool: { max }, define: { underscored: true },
  });
  const { STRING, TEXT } = DataTypes;
  const User = sequelize.define('User', { username: STRING, email: STRING, bio: TEXT, image: STRING });
  const Article = sequelize.define('Article', { slug: STRING, title: STRING, description: STRING, body: TEXT });
  const Tag = sequelize.define('Tag', { name: STRING }, { timestamps: false });
  const join = (name) => sequelize.define(name, {}, { timestamps: false });
  const [ArticleTag, Favorite, Follow] = ['ArticleTag', 'Favorite', 'Follow'].map(join);
  Article.belongsTo(User, { as: 'author', foreignKey: 'authorId' });
  Article.belongsToMany(Tag, { as: 'tags', through: ArticleTag, foreignKey: 'articleId', otherKey: 'tagId' });
  Article.belongsToMany(User, { as: 'fans', through: Favorite, foreignKey: 'articleId', otherKey: 'userId' });
  User.belongsToMany(User, { as: 'followers', through: Follow, foreignKey: 'followedId', otherKey: 'followerId' });

  // what is computed for the reader takes SQL of one's own, into which the value is escaped
  const computed = (me) => {
    const reader = sequelize.escape(me);
    return {
      attributes: { include: [
        [sequelize.literal('(SELECT count(*)::int FROM favorites f WHERE f.article_id = "Article".id)'), 'favoritesCount'],
        [sequelize.literal(`EXISTS (SELECT FROM favorites f WHERE f.article_id = "Article".id AND f.user_id = ${reader})`), 'favorited'],
      ] },
      include: [
        { model: User, as: 'author', attributes: ['username', 'bio', 'image',
          [sequelize.literal(`EXISTS (SELECT FROM follows w WHERE w.followed_id = author.id AND w.follower_id = ${reader})`), 'following']] },
        { model: Tag, as: 'tags', attributes: ['name'], through: { attributes: [] } },
      ],
    };
  };
  const shown = (article, withBody) => {
    const { slug, title, description, body, tags, createdAt, updatedAt, favorited, favoritesCount, author } = article.toJSON();
    const tagList = tags.map(({ name }) => name).sort();
    return { slug, title, description, ...(withBody && { body }), tagList, createdAt, updatedAt, favorited, favoritesCount, author };
  };
  async function list(query, me, where = {}) {
    const order = [['createdAt', 'DESC'], ['id', 'DESC']];
    const [count, rows] = await Promise.all([Article.count({ where }), Article.findAll({ ...computed(me), where, order, ...page(query) })]);
    return JSON.stringify({ articlesCount: count, articles: rows.map((row) => shown(row, false)) });
  }
  return {
    articles: (query, me) => list(query, me),
    feed: (query, me) => list(query, me, sequelize.literal(`"Article".author_id IN (SELECT followed_id FROM follows WHERE follower_id = ${sequelize.escape(me)})`)),
    async favorite(slug, me) {
      const found = await Article.findOne({ where: { slug }, attributes: ['id'] });
      await found.addFan(me);
      const article = await Article.findByPk(found.id, computed(me));
      return JSON.stringify(shown(article, true));
    },
    close: () => sequelize.close(),
  };
}

function openPrisma(max) {
  const require = createRequire(`${process.env.SD_PRISMA}/`);
  const { PrismaClient } = require('@prisma/client');
  const { PrismaPg } = require('@prisma/adapter-pg');
  const { PGUSER, PGHOST, PGPORT } = process.env;
  const prisma = new PrismaClient({ adapter: new PrismaPg({ host: PGHOST, port: Number(PGPORT), user: PGUSER, database: DATABASE, max }) });
  const include = (me) => ({
    author: { select: { username: true, bio: true, image: true, followers: { where: { followerId: me }, select: { followerId: true } } } },
    tags: { select: { tag: { select: { name: true } } } },
    favorites: { where: { userId: me }, select: { userId: true } },
    _count: { select: { favorites: true } },
  });
  const shown = ({ slug, title, description, body, createdAt, updatedAt, tags, author, favorites, _count }, withBody) => ({
    slug, title, description, ...(withBody && { body }), tagList: tags.map(({ tag }) => tag.name).sort(), createdAt, updatedAt,
    favorited: favorites.length > 0, favoritesCount: _count.favorites,
    author: { username: author.username, bio: author.bio, image: author.image, following: author.followers.length > 0 },
  });
  async function list(query, me, where = {}) {
    const { limit, offset } = page(query);
    const orderBy = [{ createdAt: 'desc' }, { id: 'desc' }];
    const [count, rows] = await Promise.all([prisma.article.count({ where }),
      prisma.article.findMany({ where, include: include(me), orderBy, take: limit, skip: offset })]);
    return JSON.stringify({ articlesCount: count, articles: rows.map((row) => shown(row, false)) });
  }
  return {
    articles: (query, me) => list(query, me),
    feed: (query, me) => list(query, me, { author: { followers: { some: { followerId: me } } } }),
    async favorite(slug, me) {
      const { id } = await prisma.article.findUniqueOrThrow({ where: { slug }, select: { id: true } });
      const key = { articleId: id, userId: me };
      await prisma.favorite.upsert({ where: { articleId_userId: key }, create: key, update: {} });
      const article = await prisma.article.findUniqueOrThrow({ where: { id }, include: include(me) });
      return JSON.stringify(shown(article, true));
    },
    close: () => prisma.$disconnect(),
  };
}

const PEERS = { studentdir: openStudentdir, 'by hand': openByHand, Sequelize: openSequelize, Prisma: openPrisma };

// max: connections.
export const openPeer = (name, max = 4) => PEERS[name](max);
