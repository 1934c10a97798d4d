// The three reads of IMDBench: each as one call, and as the statement that one would write by hand.
// The database answers both with the finished JSON.
import { readFileSync } from 'node:fs';

const movies = (association) => ({
  association, attributes: ['id', 'image', 'title', 'year', 'avg_rating'], order: ['year', 'title', 'id'], through: { attributes: [] },
});
const people = (association, joinRow) => ({
  association, attributes: ['id', 'full_name', 'image'], order: [{ $col: `${joinRow}.list_order` }, 'last_name', 'id'], through: { attributes: [] },
});

const RATING = '(SELECT avg(r.rating)::float8 FROM imdb_reviews r WHERE r.movie_id = m.id)';
const FULL_NAME = "concat_ws(' ', p.first_name, p.middle_name, p.last_name)";

const moviesOf = (table) => `
  (SELECT coalesce(json_agg(json_build_object('id', m.id, 'image', m.image, 'title', m.title, 'year', m.year, 'avg_rating', ${RATING})
                            ORDER BY m.year, m.title, m.id), '[]')
     FROM ${table} j JOIN imdb_movies m ON m.id = j.movie_id WHERE j.person_id = p.id)`;
const peopleOf = (table) => `
  (SELECT coalesce(json_agg(json_build_object('id', p.id, 'full_name', ${FULL_NAME}, 'image', p.image)
                            ORDER BY j.list_order, p.last_name, p.id), '[]')
     FROM ${table} j JOIN imdb_people p ON p.id = j.person_id WHERE j.movie_id = m.id)`;

export const READS = {
  get_user: {
    table: 'imdb_users',
    model: 'ImdbUser',
    options: {
      attributes: ['id', 'name', 'image'],
      include: [{
        association: 'latest_reviews', attributes: ['id', 'body', 'rating'], order: [['creation_time', 'DESC'], ['id', 'DESC']], limit: 10,
        include: [{ association: 'movie', attributes: ['id', 'image', 'title', 'avg_rating'] }],
      }],
    },
    sql: `
      SELECT json_build_object('id', u.id, 'name', u.name, 'image', u.image, 'latest_reviews',
        (SELECT coalesce(json_agg(json_build_object('id', x.id, 'body', x.body, 'rating', x.rating, 'movie',
                   json_build_object('id', m.id, 'image', m.image, 'title', m.title, 'avg_rating', ${RATING}))
                   ORDER BY x.creation_time DESC, x.id DESC), '[]')
           FROM (SELECT * FROM imdb_reviews WHERE author_id = u.id ORDER BY creation_time DESC, id DESC LIMIT 10) x
           JOIN imdb_movies m ON m.id = x.movie_id))
        FROM imdb_users u WHERE u.id = $1`,
  },
  get_person: {
    table: 'imdb_people',
    model: 'ImdbPerson',
    options: { attributes: ['id', 'full_name', 'image', 'bio'], include: [movies('acted_in'), movies('directed')] },
    sql: `
      SELECT json_build_object('id', p.id, 'full_name', ${FULL_NAME}, 'image', p.image, 'bio', p.bio,
        'acted_in', ${moviesOf('imdb_actors')}, 'directed', ${moviesOf('imdb_directors')})
        FROM imdb_people p WHERE p.id = $1`,
  },
  get_movie: {
    table: 'imdb_movies',
    model: 'ImdbMovie',
    options: {
      attributes: ['id', 'image', 'title', 'year', 'description', 'avg_rating'],
      include: [people('directors', 'ImdbDirector'), people('cast', 'ImdbActor'), {
        association: 'reviews', attributes: ['id', 'body', 'rating'], order: [['creation_time', 'DESC'], ['id', 'DESC']],
        include: [{ association: 'author', attributes: ['id', 'name', 'image'] }],
      }],
    },
    sql: `
      SELECT json_build_object('id', m.id, 'image', m.image, 'title', m.title, 'year', m.year, 'description', m.description,
        'avg_rating', ${RATING}, 'directors', ${peopleOf('imdb_directors')}, 'cast', ${peopleOf('imdb_actors')}, 'reviews',
        (SELECT coalesce(json_agg(json_build_object('id', x.id, 'body', x.body, 'rating', x.rating, 'author',
                   json_build_object('id', a.id, 'name', a.name, 'image', a.image)) ORDER BY x.creation_time DESC, x.id DESC), '[]')
           FROM imdb_reviews x JOIN imdb_users a ON a.id = x.author_id WHERE x.movie_id = m.id))
        FROM imdb_movies m WHERE m.id = $1`,
  },
};

// The call of a read; $1 is the key.
export const call = ({ model, options }) => `SELECT studentdir.find_by_pk('${model}', $1, '${JSON.stringify(options)}')`;

// Makes the tables and models, and n movies with ten reviews and seven actors each.
// Every tenth movie has no review, each fifth join row no place in its list, and names and years meet.
export async function makeMovies(client, n) {
  await client.query(readFileSync(new URL('schema.sql', import.meta.url), 'utf8'));
  await client.query(`
    INSERT INTO imdb_users SELECT i, 'User ' || i, 'user' || i || '.jpg' FROM generate_series(1, ${n}) i;
    INSERT INTO imdb_movies SELECT i, 'movie' || i || '.jpg', 'Title "' || i * 7 % 50 || '"', 1950 + i * 13 % 70, repeat('What happens. ', 1 + i % 5) FROM generate_series(1, ${n}) i;
    INSERT INTO imdb_people SELECT i, 'First' || i, CASE WHEN i % 3 = 0 THEN 'M.' END, 'Last' || i * 11 % 40, 'person' || i || '.jpg', 'Born, lived.' FROM generate_series(1, ${n}) i;
    INSERT INTO imdb_directors SELECT DISTINCT ON (i, 1 + (i * 17 + j * 5) % ${n}) i, 1 + (i * 17 + j * 5) % ${n}, CASE WHEN (i + j) % 5 > 0 THEN j % 2 END FROM generate_series(1, ${n}) i, generate_series(1, 1 + i % 3) j WHERE i % 7 > 0;
    INSERT INTO imdb_actors SELECT DISTINCT ON (i, 1 + (i * 3 + j * 31) % ${n}) i, 1 + (i * 3 + j * 31) % ${n}, CASE WHEN (i + j) % 5 > 0 THEN (j * 3) % 5 END FROM generate_series(1, ${n}) i, generate_series(1, 7) j;
    INSERT INTO imdb_reviews SELECT (i - 1) * 10 + j, 'Review ' || j, 1 + (i * 7 + j * 3) % 5, 1 + (i * j) % ${n}, i, '2026-01-01Z'::timestamptz + make_interval(hours => (i * 31 + j * 7) % 100)
      FROM generate_series(1, ${n}) i, generate_series(1, 10) j WHERE i % 10 > 0;
    SELECT setval(pg_get_serial_sequence(t, 'id'), ${n}) FROM unnest('{imdb_users,imdb_movies,imdb_people}'::text[]) AS t;
    ANALYZE imdb_users, imdb_movies, imdb_people, imdb_directors, imdb_actors, imdb_reviews`);
}

export async function dropMovies(client) {
  for (const model of ['ImdbReview', 'ImdbActor', 'ImdbDirector', 'ImdbPerson', 'ImdbMovie', 'ImdbUser'])
    await client.query('SELECT studentdir.undefine($1)', [model]);
  await client.query('DROP TABLE imdb_reviews, imdb_actors, imdb_directors, imdb_people, imdb_movies, imdb_users');
}
