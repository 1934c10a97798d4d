-- The tables of IMDBench (EdgeDB's benchmark of ORMs) and models over them.  The names of attributes are the keys that the reads answer with.
CREATE TABLE imdb_users (id int PRIMARY KEY, name text NOT NULL, image text NOT NULL);
CREATE TABLE imdb_movies (id int PRIMARY KEY, image text NOT NULL, title text NOT NULL, year int NOT NULL, description text NOT NULL);
CREATE TABLE imdb_people (id int PRIMARY KEY, first_name text NOT NULL, middle_name text, last_name text NOT NULL, image text NOT NULL, bio text NOT NULL);
CREATE TABLE imdb_directors (movie_id int REFERENCES imdb_movies, person_id int REFERENCES imdb_people, list_order int, PRIMARY KEY (movie_id, person_id));
CREATE TABLE imdb_actors (movie_id int REFERENCES imdb_movies, person_id int REFERENCES imdb_people, list_order int, PRIMARY KEY (movie_id, person_id));
CREATE TABLE imdb_reviews (id int PRIMARY KEY, body text NOT NULL, rating int NOT NULL, author_id int NOT NULL REFERENCES imdb_users, movie_id int NOT NULL REFERENCES imdb_movies, creation_time timestamptz NOT NULL);
CREATE INDEX ON imdb_directors (person_id);
CREATE INDEX ON imdb_actors (person_id);
CREATE INDEX ON imdb_reviews (author_id, creation_time);
CREATE INDEX ON imdb_reviews (movie_id, creation_time);

SELECT studentdir.define('ImdbUser', '{"id": {"type": "INTEGER", "primaryKey": true}, "name": "TEXT", "image": "TEXT"}', '{"tableName": "imdb_users", "timestamps": false}');
SELECT studentdir.define('ImdbMovie', '{"id": {"type": "INTEGER", "primaryKey": true}, "image": "TEXT", "title": "TEXT", "year": "INTEGER", "description": "TEXT",
  "avg_rating": {"type": "VIRTUAL", "as": {"$avg": "reviews.rating"}}}', '{"tableName": "imdb_movies", "timestamps": false}');
SELECT studentdir.define('ImdbPerson', '{"id": {"type": "INTEGER", "primaryKey": true}, "first_name": "TEXT", "middle_name": "TEXT", "last_name": "TEXT", "image": "TEXT", "bio": "TEXT",
  "full_name": {"type": "VIRTUAL", "as": {"$fn": ["concat_ws", " ", {"$col": "first_name"}, {"$col": "middle_name"}, {"$col": "last_name"}]}}}', '{"tableName": "imdb_people", "timestamps": false}');
SELECT studentdir.define('ImdbDirector', '{"movie_id": {"type": "INTEGER", "primaryKey": true}, "person_id": {"type": "INTEGER", "primaryKey": true}, "list_order": "INTEGER"}', '{"tableName": "imdb_directors", "timestamps": false}');
SELECT studentdir.define('ImdbActor', '{"movie_id": {"type": "INTEGER", "primaryKey": true}, "person_id": {"type": "INTEGER", "primaryKey": true}, "list_order": "INTEGER"}', '{"tableName": "imdb_actors", "timestamps": false}');
SELECT studentdir.define('ImdbReview', '{"id": {"type": "INTEGER", "primaryKey": true}, "body": "TEXT", "rating": "INTEGER", "author_id": "INTEGER", "movie_id": "INTEGER", "creation_time": "DATE"}', '{"tableName": "imdb_reviews", "timestamps": false}');

SELECT studentdir.belongs_to_many('ImdbMovie', 'ImdbPerson', '{"as": "directors", "through": "ImdbDirector", "foreignKey": "movie_id", "otherKey": "person_id"}');
SELECT studentdir.belongs_to_many('ImdbMovie', 'ImdbPerson', '{"as": "cast", "through": "ImdbActor", "foreignKey": "movie_id", "otherKey": "person_id"}');
SELECT studentdir.belongs_to_many('ImdbPerson', 'ImdbMovie', '{"as": "directed", "through": "ImdbDirector", "foreignKey": "person_id", "otherKey": "movie_id"}');
SELECT studentdir.belongs_to_many('ImdbPerson', 'ImdbMovie', '{"as": "acted_in", "through": "ImdbActor", "foreignKey": "person_id", "otherKey": "movie_id"}');
SELECT studentdir.has_many('ImdbMovie', 'ImdbReview', '{"as": "reviews", "foreignKey": "movie_id"}');
SELECT studentdir.has_many('ImdbUser', 'ImdbReview', '{"as": "latest_reviews", "foreignKey": "author_id"}');
SELECT studentdir.belongs_to('ImdbReview', 'ImdbUser', '{"as": "author", "foreignKey": "author_id"}');
SELECT studentdir.belongs_to('ImdbReview', 'ImdbMovie', '{"as": "movie", "foreignKey": "movie_id"}');
