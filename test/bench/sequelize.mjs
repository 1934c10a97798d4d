// The built-in models as Sequelize sees them, over the same tables.
import { DataTypes, Sequelize } from 'sequelize';

export async function openModels() {
  const { PGDATABASE, PGUSER, PGHOST, PGPORT } = process.env;
  const sequelize = new Sequelize(PGDATABASE, PGUSER, '', {
    dialect: 'postgres', host: PGHOST, port: Number(PGPORT), logging: false, pool: { min: 1, max: 1 },
    define: { underscored: true },
  });
  const Student = sequelize.define('Student', { name: DataTypes.STRING, cohort: DataTypes.STRING, email: DataTypes.STRING });
  const User = sequelize.define('User', { name: DataTypes.STRING, email: DataTypes.STRING });
  const Post = sequelize.define('Post', { title: DataTypes.STRING, body: DataTypes.TEXT });

  User.hasMany(Post, { foreignKey: 'userId' });
  Post.belongsTo(User, { foreignKey: 'userId' });
  return { Student, User, Post, sequelize, close: () => sequelize.close() };
}

// IMDBench's writes in Sequelize, over the same tables, as its own implementation makes them: each takes what its write in
// imdb/writes.mjs does.
export function movieWrites(sequelize) {
  const { INTEGER, TEXT } = DataTypes;
  const plain = { timestamps: false };
  const define = (name, tableName, attributes) => sequelize.define(name, attributes, { tableName, ...plain });
  const User = define('ImdbUser', 'imdb_users', { name: TEXT, image: TEXT });
  const Movie = define('ImdbMovie', 'imdb_movies', { image: TEXT, title: TEXT, year: INTEGER, description: TEXT });
  const Person = define('ImdbPerson', 'imdb_people', { first_name: TEXT, middle_name: TEXT, last_name: TEXT, image: TEXT, bio: TEXT });
  const Director = define('ImdbDirector', 'imdb_directors', { list_order: INTEGER });
  const Actor = define('ImdbActor', 'imdb_actors', { list_order: INTEGER });

  Movie.belongsToMany(Person, { as: 'directors', through: Director, foreignKey: 'movie_id', otherKey: 'person_id' });
  Movie.belongsToMany(Person, { as: 'cast', through: Actor, foreignKey: 'movie_id', otherKey: 'person_id' });
  const people = (as) => ({ association: as, through: { attributes: [] } });
  const read = (id, transaction) => Movie.findByPk(id, { include: [people('directors'), people('cast')], transaction });
  const person = (first_name, last_name, image) => ({ first_name, last_name, image });

  return {
    update_movie: (id, suffix) => sequelize.transaction(async (transaction) => {
      const movie = await Movie.findByPk(id, { attributes: ['id', 'title'], transaction });
      await movie.update({ title: `${movie.title}---${suffix}` }, { transaction });
      return movie;
    }),
    insert_user: (name, image) => User.create({ name, image }),
    insert_movie: (title, image, description, year, director, cast) => sequelize.transaction(async (transaction) => {
      const movie = await Movie.create({ title, image, description, year }, { transaction });
      await movie.setDirectors([director], { transaction });
      await movie.setCast(cast, { transaction });
      return read(movie.id, transaction);
    }),
    insert_movie_plus: (title, image, description, year, ...names) => sequelize.transaction(async (transaction) => {
      const persons = [0, 3, 6].map((i) => person(...names.slice(i, i + 3)));
      const movie = await Movie.create({ title, image, description, year, directors: [persons[0]], cast: persons.slice(1) },
        { include: ['directors', 'cast'], transaction });
      return read(movie.id, transaction);
    }),
  };
}
