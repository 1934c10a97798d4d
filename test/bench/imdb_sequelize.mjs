// IMDBench in Sequelize, over the tables of test/imdb.
import { DataTypes, Sequelize } from 'sequelize';

import { average } from './peers/imdb_answers.mjs';
import { movieWrites } from './sequelize.mjs';

export function openImdb({ host, port }) {
  const { PGDATABASE, PGUSER } = process.env;
  const db = new Sequelize(PGDATABASE, PGUSER, '', {
    dialect: 'postgres', host, port, logging: false, pool: { min: 1, max: 1 }, define: { timestamps: false },
  });
  const { INTEGER, TEXT, DATE } = DataTypes;
  const key = () => ({ type: INTEGER, primaryKey: true });
  const User = db.define('user', { id: key(), name: TEXT, image: TEXT }, { tableName: 'imdb_users' });
  const Movie = db.define('movie', { id: key(), image: TEXT, title: TEXT, year: INTEGER, description: TEXT }, { tableName: 'imdb_movies' });
  const Person = db.define('person', {
    id: key(), first_name: TEXT, middle_name: TEXT, last_name: TEXT, image: TEXT, bio: TEXT,
    full_name: { type: DataTypes.VIRTUAL, get() { return [this.first_name, this.middle_name, this.last_name].filter((part) => part !== null).join(' '); } },
  }, { tableName: 'imdb_people' });
  const Review = db.define('review', { id: key(), body: TEXT, rating: INTEGER, creation_time: DATE }, { tableName: 'imdb_reviews' });
  const joinRow = () => ({ movie_id: key(), person_id: key(), list_order: INTEGER });
  const Director = db.define('director', joinRow(), { tableName: 'imdb_directors' });
  const Actor = db.define('actor', joinRow(), { tableName: 'imdb_actors' });
  for (const [through, ofMovie, ofPerson] of [[Director, 'directors', 'directed'], [Actor, 'cast', 'acted_in']]) {
    Movie.belongsToMany(Person, { as: ofMovie, through, foreignKey: 'movie_id', otherKey: 'person_id' });
    Person.belongsToMany(Movie, { as: ofPerson, through, foreignKey: 'person_id', otherKey: 'movie_id' });
  }
  Movie.hasMany(Review, { as: 'reviews', foreignKey: 'movie_id' });
  User.hasMany(Review, { as: 'latest_reviews', foreignKey: 'author_id' });
  Review.belongsTo(User, { as: 'author', foreignKey: 'author_id' });
  Review.belongsTo(Movie, { as: 'movie', foreignKey: 'movie_id' });

  const ratings = { association: 'reviews', attributes: ['rating'], separate: true };
  const people = (association) => ({ association, attributes: ['id', 'first_name', 'middle_name', 'last_name', 'full_name', 'image'] });
  const movies = (association) => ({ association, attributes: ['id', 'image', 'title', 'year'], include: [ratings] });
  const byOrder = (joined) => (a, b) => a[joined].list_order - b[joined].list_order || a.last_name.localeCompare(b.last_name);
  const rated = (movie) => ({ ...movie, avg_rating: average(movie.reviews) });

  return {
    close: () => db.close(),
    async get_user(id) {
      const user = await User.findByPk(id, {
        include: [{ association: 'latest_reviews', separate: true, order: [['creation_time', 'DESC'], ['id', 'DESC']], limit: 10, include: [{ association: 'movie', include: [ratings] }] }],
      });
      const plain = user.get({ plain: true });
      return { ...plain, latest_reviews: plain.latest_reviews.map((review) => ({ ...review, movie: rated(review.movie) })) };
    },
    async get_person(id) {
      const plain = (await Person.findByPk(id, { include: [movies('acted_in'), movies('directed')] })).get({ plain: true });
      return { ...plain, acted_in: plain.acted_in.map(rated), directed: plain.directed.map(rated) };
    },
    async get_movie(id) {
      const plain = (await Movie.findByPk(id, {
        include: [people('directors'), people('cast'), { association: 'reviews', separate: true, order: [['creation_time', 'DESC'], ['id', 'DESC']], include: ['author'] }],
      })).get({ plain: true });
      plain.directors.sort(byOrder('director'));
      plain.cast.sort(byOrder('actor'));
      return rated(plain);
    },
    ...movieWrites(db),
  };
}
