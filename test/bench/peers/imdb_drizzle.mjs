// IMDBench in Drizzle, with its relational queries, over the tables of test/imdb.
import { desc, eq, relations } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import pg from 'pg';

import { average, byPlace, named } from './imdb_answers.mjs';

const key = () => integer('id').primaryKey();
const given = () => integer('id').primaryKey().generatedByDefaultAsIdentity();
const users = pgTable('imdb_users', { id: given(), name: text('name').notNull(), image: text('image').notNull() });
const movies = pgTable('imdb_movies', {
  id: given(), image: text('image').notNull(), title: text('title').notNull(), year: integer('year').notNull(), description: text('description').notNull(),
});
const people = pgTable('imdb_people', {
  id: given(), first_name: text('first_name').notNull(), middle_name: text('middle_name'), last_name: text('last_name').notNull(),
  image: text('image').notNull(), bio: text('bio'),
});
const joinRows = (name) => pgTable(name, { movie_id: integer('movie_id').notNull(), person_id: integer('person_id').notNull(), list_order: integer('list_order') },
  (table) => [primaryKey({ columns: [table.movie_id, table.person_id] })]);
const directors = joinRows('imdb_directors');
const actors = joinRows('imdb_actors');
const reviews = pgTable('imdb_reviews', {
  id: key(), body: text('body').notNull(), rating: integer('rating').notNull(), author_id: integer('author_id').notNull(), movie_id: integer('movie_id').notNull(),
  creation_time: timestamp('creation_time', { withTimezone: true }).notNull(),
});
const ofUser = relations(users, ({ many }) => ({ latest_reviews: many(reviews) }));
const ofMovie = relations(movies, ({ many }) => ({ directors: many(directors), cast: many(actors), reviews: many(reviews) }));
const ofPerson = relations(people, ({ many }) => ({ directed: many(directors), acted_in: many(actors) }));
const ofJoinRow = (table) => relations(table, ({ one }) => ({
  movie: one(movies, { fields: [table.movie_id], references: [movies.id] }),
  person: one(people, { fields: [table.person_id], references: [people.id] }),
}));
const ofReview = relations(reviews, ({ one }) => ({
  author: one(users, { fields: [reviews.author_id], references: [users.id] }),
  movie: one(movies, { fields: [reviews.movie_id], references: [movies.id] }),
}));
const schema = { users, movies, people, directors, actors, reviews, ofUser, ofMovie, ofPerson, ofDirector: ofJoinRow(directors), ofActor: ofJoinRow(actors), ofReview };

export function openDrizzle({ host, port }) {
  const pool = new pg.Pool({ host, port, max: 1 });
  const db = drizzle(pool, { schema });
  const ratings = { with: { reviews: { columns: { rating: true } } } };
  const latest = [desc(reviews.creation_time), desc(reviews.id)];
  const persons = { with: { person: { columns: { bio: false } } } };
  const rated = ({ reviews: those, ...movie }) => ({ ...movie, avg_rating: average(those) });
  const withPeople = (movie) => ({ ...movie, directors: byPlace(movie.directors), cast: byPlace(movie.cast) });
  const readMovie = (tx, id) => tx.query.movies.findFirst({ where: eq(movies.id, id), with: { directors: persons, cast: persons } });
  const one = async (query) => (await query.returning())[0];
  return {
    close: () => pool.end(),
    async get_user(id) {
      const user = await db.query.users.findFirst({ where: eq(users.id, id), with: { latest_reviews: { orderBy: latest, limit: 10, with: { movie: ratings } } } });
      return { ...user, latest_reviews: user.latest_reviews.map((review) => ({ ...review, movie: rated(review.movie) })) };
    },
    async get_person(id) {
      const of = { with: { movie: { columns: { description: false }, ...ratings } } };
      const person = await db.query.people.findFirst({ where: eq(people.id, id), with: { acted_in: of, directed: of } });
      return { ...named(person), acted_in: person.acted_in.map(({ movie }) => rated(movie)), directed: person.directed.map(({ movie }) => rated(movie)) };
    },
    async get_movie(id) {
      const movie = await db.query.movies.findFirst({
        where: eq(movies.id, id), with: { directors: persons, cast: persons, reviews: { orderBy: latest, with: { author: true } } },
      });
      return { ...withPeople(movie), avg_rating: average(movie.reviews) };
    },
    update_movie: (id, suffix) => db.transaction(async (tx) => {
      const movie = await tx.query.movies.findFirst({ columns: { id: true, title: true }, where: eq(movies.id, id) });
      return (await tx.update(movies).set({ title: `${movie.title}---${suffix}` }).where(eq(movies.id, id)).returning({ id: movies.id, title: movies.title }))[0];
    }),
    insert_user: (name, image) => one(db.insert(users).values({ name, image })),
    insert_movie: (title, image, description, year, director, cast) => db.transaction(async (tx) => {
      const { id } = await one(tx.insert(movies).values({ title, image, description, year }));
      await tx.insert(directors).values({ movie_id: id, person_id: director });
      await tx.insert(actors).values(cast.map((person) => ({ movie_id: id, person_id: person })));
      return withPeople(await readMovie(tx, id));
    }),
    insert_movie_plus: (title, image, description, year, ...names) => db.transaction(async (tx) => {
      const { id } = await one(tx.insert(movies).values({ title, image, description, year }));
      const [director, ...cast] = await tx.insert(people).values([0, 3, 6].map((i) => (
        { first_name: names[i], last_name: names[i + 1], image: names[i + 2] }))).returning({ id: people.id });
      await tx.insert(directors).values({ movie_id: id, person_id: director.id });
      await tx.insert(actors).values(cast.map((person) => ({ movie_id: id, person_id: person.id })));
      return withPeople(await readMovie(tx, id));
    }),
  };
}
