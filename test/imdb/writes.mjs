// IMDBench's four writes: each as one call, and as the statement that one would write by hand.  Both answer with the
// finished JSON.  The tables are those of reads.mjs, with keys that the database gives.
export const person = (p) => `json_build_object('id', ${p}.id, 'full_name', concat_ws(' ', ${p}.first_name, ${p}.middle_name, ${p}.last_name), 'image', ${p}.image)`;

const MOVIE = "m.id, 'title', m.title, 'image', m.image, 'description', m.description, 'year', m.year";
const people = (association) => ({ association, attributes: ['id', 'full_name', 'image'], order: ['last_name', 'id'], through: { attributes: [] } });
const MOVIE_OPTIONS = {
  include: ['directors', 'cast'],
  returning: { attributes: ['id', 'title', 'image', 'description', 'year'], include: [people('directors'), people('cast')] },
};

const quoted = (document) => `'${JSON.stringify(document)}'`;

// The parameters of a write are what its client has; `ours` and `sql` take the same.
export const WRITES = {
  update_movie: {
    // a key, a suffix
    ours: `SELECT studentdir.update_by_pk('ImdbMovie', $1::bigint, '{}', ${quoted({
      set: { title: { $concat: [{ $col: 'title' }, '---', { $param: 'suffix' }] } }, returning: ['id', 'title'] })}, jsonb_build_object('suffix', $2::text))`,
    sql: "UPDATE imdb_movies SET title = title || '---' || $2::text WHERE id = $1 RETURNING json_build_object('id', id, 'title', title)",
  },
  insert_user: {
    // a name, an image
    ours: "SELECT studentdir.create('ImdbUser', jsonb_build_object('name', $1::text, 'image', $2::text))",
    sql: "INSERT INTO imdb_users (name, image) VALUES ($1, $2) RETURNING json_build_object('id', id, 'name', name, 'image', image)",
  },
  insert_movie: {
    // a title, an image, a description, a year, a director's key, an array of actors' keys
    ours: `SELECT studentdir.create('ImdbMovie', jsonb_build_object('title', $1::text, 'image', $2::text, 'description', $3::text, 'year', $4::int,
      'directors', jsonb_build_array($5::int), 'cast', to_jsonb($6::int[])), ${quoted(MOVIE_OPTIONS)})`,
    sql: `
      WITH m AS (INSERT INTO imdb_movies (title, image, description, year) VALUES ($1, $2, $3, $4) RETURNING *),
        d AS (INSERT INTO imdb_directors (movie_id, person_id) SELECT m.id, $5 FROM m RETURNING person_id),
        c AS (INSERT INTO imdb_actors (movie_id, person_id) SELECT m.id, a FROM m, unnest($6::int[]) AS a RETURNING person_id)
      SELECT json_build_object('id', ${MOVIE},
        'directors', (SELECT coalesce(json_agg(${person('p')} ORDER BY p.last_name, p.id), '[]') FROM d JOIN imdb_people p ON p.id = d.person_id),
        'cast', (SELECT coalesce(json_agg(${person('p')} ORDER BY p.last_name, p.id), '[]') FROM c JOIN imdb_people p ON p.id = c.person_id)) FROM m`,
  },
  insert_movie_plus: {
    // a title, an image, a description, a year, then first name, last name and image of a director and of two actors
    ours: `SELECT studentdir.create('ImdbMovie', jsonb_build_object('title', $1::text, 'image', $2::text, 'description', $3::text, 'year', $4::int,
      'directors', jsonb_build_array(jsonb_build_object('first_name', $5::text, 'last_name', $6::text, 'image', $7::text)),
      'cast', jsonb_build_array(jsonb_build_object('first_name', $8::text, 'last_name', $9::text, 'image', $10::text),
        jsonb_build_object('first_name', $11::text, 'last_name', $12::text, 'image', $13::text))), ${quoted(MOVIE_OPTIONS)})`,
    sql: `
      WITH m AS (INSERT INTO imdb_movies (title, image, description, year) VALUES ($1, $2, $3, $4) RETURNING *),
        d AS (INSERT INTO imdb_people (first_name, last_name, image) VALUES ($5, $6, $7) RETURNING *),
        c AS (INSERT INTO imdb_people (first_name, last_name, image) VALUES ($8, $9, $10), ($11, $12, $13) RETURNING *),
        dj AS (INSERT INTO imdb_directors (movie_id, person_id) SELECT m.id, d.id FROM m, d),
        cj AS (INSERT INTO imdb_actors (movie_id, person_id) SELECT m.id, c.id FROM m, c)
      SELECT json_build_object('id', ${MOVIE}, 'directors', (SELECT json_agg(${person('d')} ORDER BY d.last_name, d.id) FROM d),
        'cast', (SELECT json_agg(${person('c')} ORDER BY c.last_name, c.id) FROM c)) FROM m`,
  },
};
