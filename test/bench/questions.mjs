// Jobs of the benchmark that ask questions: counts of associated records, rows for SQL, parameters, IMDBench's reads and writes.
import { size } from './size.mjs';
import { READS, call, makeMovies } from '../imdb/reads.mjs';
import { WRITES } from '../imdb/writes.mjs';

export const MOVIES = size(10000, 100);
export const makeQuestions = (client) => makeMovies(client, MOVIES);

const COUNT = '(SELECT count(*) FROM posts p WHERE p.user_id = u.id)';
const options = (document) => `'${JSON.stringify(document)}'`;
const counts = (more) => `SELECT studentdir.find_all('User', ${options({ attributes: ['id', 'name', [{ $count: 'Posts' }, 'posts']], ...more })})`;
const countsBySql = (more) => `SELECT row_to_json(x) FROM (SELECT u.id, u.name, ${COUNT} AS posts FROM users u ${more}) x`;

// What pgbench puts in the place of a write's $1, $2, …
const VALUES = {
  update_movie: [':id', "'x'"],
  insert_user: ["'Name'", "'u.jpg'"],
  insert_movie: ["'Title'", "'m.jpg'", "'What happens.'", '2000', ':id', 'ARRAY[:id + 1, :id + 2, :id + 3]'],
  insert_movie_plus: ["'Title'", "'m.jpg'", "'What happens.'", '2000', "'Di'", "'Rector'", "'d.jpg'", "'Ac'", "'Tor'", "'a.jpg'", "'Ac'", "'Tress'", "'b.jpg'"],
};
const written = (name, text) => text.replace(/\$(\d+)/g, (_, n) => VALUES[name][n - 1]);

// inServer: two queries whose records stay in the server; prepared: such that take some milliseconds; times: two statements; perSecond: two statements over :id up to `keys`.
export const QUESTIONS = [
  { job: '1,000 users with $count', against: 'correlated count(*)', target: '>= 3x',
    prepared: [counts({ order: ['id'], limit: 1000 }), countsBySql('ORDER BY u.id LIMIT 1000')] },
  { job: '100,000 users with $count', against: 'correlated count(*)', target: '>= 3x', inServer: [counts({}), countsBySql('')] },
  { job: 'ordered by $count, the first 20 of 100,000', against: 'correlated count(*)', target: '',
    inServer: [counts({ order: [['posts', 'DESC'], 'id'], limit: 20 }), countsBySql('ORDER BY 3 DESC, u.id LIMIT 20')] },
  { job: 'filtered by $count, 100,000', against: 'correlated count(*)', target: '',
    times: [`SELECT studentdir.count('User', ${options({ where: { $expr: [{ $count: 'Posts' }, '$gt', 9] } })})`,
      `SELECT count(*) FROM users u WHERE ${COUNT} > 9`] },
  { job: 'rows(), 100,000', against: 'the plain SELECT', target: '>= 0.63x',
    times: ["SELECT count(*), max(name) FROM studentdir.rows(NULL::students, '{\"where\":{\"id\":{\"$gt\":0}}}')",
      'SELECT count(*), max(name) FROM students WHERE id > 0'] },
  { job: 'by key with parameters', against: 'row_to_json, prepared', target: '>= 1.05x', keys: size(100000, 2000),
    perSecond: [`SELECT student_find_one('{"where":{"id":{"$param":"id"}}}', jsonb_build_object('id', :id::int))`,
      'SELECT row_to_json(s) FROM students s WHERE id = :id'] },
  ...Object.entries(READS).map(([name, read]) => ({
    job: `IMDBench, ${name}`, against: 'json_agg by hand, prepared', target: '>= 1.3x', keys: MOVIES,
    perSecond: [call(read).replace('$1', ':id::bigint'), read.sql.replace('$1', ':id')],
  })),
  ...Object.entries(WRITES).map(([name, { ours, sql }]) => ({
    job: `IMDBench, ${name}`, against: 'the statement by hand, prepared', target: '', keys: MOVIES - 3,
    perSecond: [written(name, ours), written(name, sql)],
  })),
];
