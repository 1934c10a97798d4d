// The same answers as a careful programmer asks for them in SQL: one statement for each endpoint, written by hand.
// The random answers of run.mjs and the benchmark are compared with these.

const time = (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const profile = (me) => `json_build_object('username', u.username, 'bio', u.bio, 'image', u.image, 'following',
  EXISTS (SELECT FROM follows w WHERE w.followed_id = u.id AND w.follower_id = ${me}))`;

const columns = (me, more = '') => `
  a.slug, a.title, a.description, ${more}
  (SELECT coalesce(json_agg(t.name ORDER BY t.name), '[]') FROM article_tags x JOIN tags t ON t.id = x.tag_id WHERE x.article_id = a.id) AS "tagList",
  ${time('a.created_at')} AS "createdAt", ${time('a.updated_at')} AS "updatedAt"`;

const favored = (me) => `
  EXISTS (SELECT FROM favorites f WHERE f.article_id = a.id AND f.user_id = ${me}) AS favorited,
  (SELECT count(*) FROM favorites f WHERE f.article_id = a.id) AS "favoritesCount"`;

const page = (where) => `
  SELECT json_build_object('articlesCount', (SELECT count(*) FROM articles a WHERE ${where}), 'articles', coalesce((
    SELECT json_agg(r) FROM (
      SELECT ${columns('$1')}, ${favored('$1')}, ${profile('$1')} AS author
        FROM articles a JOIN users u ON u.id = a.author_id
       WHERE ${where} ORDER BY a.created_at DESC, a.id DESC LIMIT $2 OFFSET $3) r), '[]'))`;

const FILTERS = {
  tag: (value) => `EXISTS (SELECT FROM article_tags x JOIN tags t ON t.id = x.tag_id WHERE x.article_id = a.id AND t.name = ${value})`,
  author: (value) => `a.author_id = (SELECT id FROM users WHERE username = ${value})`,
  favorited: (value) => `EXISTS (SELECT FROM favorites f JOIN users u ON u.id = f.user_id WHERE f.article_id = a.id AND u.username = ${value})`,
};

const named = (name, text) => ({ name, text });
const FEED = named('feed by hand', page('EXISTS (SELECT FROM follows w WHERE w.followed_id = a.author_id AND w.follower_id = $1)'));
// what the statement itself inserts is not in its snapshot
const FAVORITE = named('favorite by hand', `
  WITH liked AS (INSERT INTO favorites (article_id, user_id) SELECT id, $1 FROM articles WHERE slug = $2
                 ON CONFLICT DO NOTHING RETURNING article_id)
  SELECT row_to_json(r) FROM (
    SELECT ${columns('$1', 'a.body,')}, true AS favorited,
           (SELECT count(*) FROM favorites f WHERE f.article_id = a.id) + (SELECT count(*) FROM liked) AS "favoritesCount",
           ${profile('$1')} AS author
      FROM articles a JOIN users u ON u.id = a.author_id WHERE a.slug = $2) r`);
const ARTICLE = named('article by hand', `
  SELECT row_to_json(r) FROM (
    SELECT ${columns('$1', 'a.body,')}, ${favored('$1')}, ${profile('$1')} AS author
      FROM articles a JOIN users u ON u.id = a.author_id WHERE a.slug = $2) r`);
const COMMENTS = named('comments by hand', `
  SELECT json_build_object('comments', coalesce((SELECT json_agg(r ORDER BY r.id) FROM (
    SELECT c.id, ${time('c.created_at')} AS "createdAt", ${time('c.updated_at')} AS "updatedAt", c.body, ${profile('$1')} AS author
      FROM comments c JOIN users u ON u.id = c.author_id WHERE c.article_id = a.id) r), '[]'))
    FROM articles a WHERE a.slug = $2`);
const PROFILE = named('profile by hand', `SELECT ${profile('$1')} FROM users u WHERE username = $2`);

// The endpoints over a pool, as functions that return JSON text.  me: the reader's id, or null.
export function byHand(pool) {
  async function one(statement, ...values) {
    const { rows } = await pool.query({ ...statement, values, rowMode: 'array' });
    return rows[0]?.[0];
  }
  return {
    articles({ limit = 20, offset = 0, ...query }, me) {
      const given = Object.keys(FILTERS).filter((name) => query[name] !== undefined);
      const where = given.map((name, i) => FILTERS[name](`$${i + 4}`)).join(' AND ') || 'true';
      return one(named(`articles by hand ${given}`, page(where)), me, limit, offset, ...given.map((name) => query[name]));
    },
    feed: ({ limit = 20, offset = 0 }, me) => one(FEED, me, limit, offset),
    article: async (slug, me) => `{"article":${await one(ARTICLE, me, slug)}}`,
    favorite: (slug, me) => one(FAVORITE, me, slug),
    comments: (slug, me) => one(COMMENTS, me, slug),
    profile: async (username, me) => `{"profile":${await one(PROFILE, me, username)}}`,
  };
}
