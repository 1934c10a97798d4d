// What the endpoints ask for.  Options are constant texts, so each is parsed once; values are parameters.

const statements = new Map();

// A statement that each connection prepares once.  Options are given as objects and stand in it as text.
function statement(name, text, ...options) {
  const literal = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  const made = { name, text: `SELECT studentdir.${text.replace(/%/g, () => literal(options.shift()))}` };
  statements.set(name, made);
  return made;
}

const param = (name) => ({ $param: name });
const mine = { where: { authorId: param('me') } };
const PAGE = { limit: param('limit'), offset: param('offset'), names: { count: 'articlesCount', rows: 'articles' } };

export const createUser = statement('createUser', `create('User', $1, %)`, { returning: { scope: 'account' } });
export const login = statement('login', `find_one('User', %, $1)`,
  { scope: 'account', attributes: { include: ['passwordHash'] }, where: { email: param('email') } });
export const user = statement('user', `find_by_pk('User', $1::bigint, %)`, { scope: 'account' });
export const updateUser = statement('updateUser', `update_by_pk('User', $1::bigint, $2, %)`, { returning: { scope: 'account' } });

export const profile = statement('profile', `find_by_pk('User', $1::jsonb, %, $2)`, { scope: 'profile' });
export const follow = statement('follow', `add('User', $1::jsonb, 'followers', $2, %, $3)`, { returning: { scope: 'profile' } });
export const unfollow = statement('unfollow', `remove('User', $1::jsonb, 'followers', $2, %, $3)`, { returning: { scope: 'profile' } });

// ?tag=…&author=…&favorited=…: one statement for each set of them
const FILTERS = {
  tag: { '$tags.name$': param('tag') },
  author: { '$author.username$': param('author') },
  favorited: { '$fans.username$': param('favorited') },
};

export function articles(query) {
  const given = Object.keys(FILTERS).filter((name) => query[name] !== undefined);
  const name = ['articles', ...given].join(' ');
  return {
    statement: statements.get(name) ?? statement(name, `find_and_count_all('Article', %, $1)`,
      { scope: 'listed', where: given.map((filter) => FILTERS[filter]), ...PAGE }),
    params: Object.fromEntries(given.map((filter) => [filter, String(query[filter])])),
  };
}

export const feed = statement('feed', `find_and_count_all('Article', %, $1)`,
  { scope: 'listed', where: { '$author.follows.followerId$': param('me') }, ...PAGE });
export const article = statement('article', `find_by_pk('Article', $1::jsonb, %, $2)`, { scope: 'one' });
export const articleId = statement('articleId', `find_by_pk('Article', $1::jsonb, %)`, { attributes: ['id'] });
export const createArticle = statement('createArticle', `create('Article', $1, %, $2)`,
  { include: ['author', { association: 'tags', ignoreDuplicates: true }], returning: { scope: 'one' } });
export const updateArticle = statement('updateArticle', `update_by_pk('Article', $1::jsonb, $2, %, $3)`,
  { ...mine, returning: { scope: 'one' } });
export const deleteArticle = statement('deleteArticle', `destroy_by_pk('Article', $1::jsonb, %, $2)`, mine);
export const favorite = statement('favorite', `add('Article', $1::jsonb, 'fans', $2, %, $3)`, { returning: { scope: 'one' } });
export const unfavorite = statement('unfavorite', `remove('Article', $1::jsonb, 'fans', $2, %, $3)`, { returning: { scope: 'one' } });

export const comments = statement('comments', `find_by_pk('Article', $1::jsonb, %, $2)`,
  { attributes: [], include: { association: 'comments', scope: 'one' } });
export const createComment = statement('createComment', `create('Comment', $1, %, $2)`,
  { include: ['author', 'article'], returning: { scope: 'one' } });
const thisComment = { id: param('id'), '$article.slug$': param('slug') };
export const deleteComment = statement('deleteComment', `destroy('Comment', %, $1)`, { where: { ...thisComment, authorId: param('me') } });
export const commentId = statement('commentId', `find_one('Comment', %, $1)`, { attributes: ['id'], where: thisComment });

export const tags = statement('tags', `find_one('Tag', %)`, {
  attributes: [[{ $fn: ['coalesce', { $agg: ['array_agg', { $col: 'name' }, { order: ['name'] }] }, { $value: [] }] }, 'tags']],
});
