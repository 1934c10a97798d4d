// IMDBench in Prisma, over the tables of test/imdb; test/bench/peers/install makes the client.
import { PrismaPg } from '@prisma/adapter-pg';
import prisma from './generated/index.js';

import { average, byPlace, named } from './imdb_answers.mjs';

export function openPrisma({ host, port }) {
  const { PGUSER, PGDATABASE } = process.env;
  const db = new prisma.PrismaClient({ adapter: new PrismaPg({ host, port, user: PGUSER, database: PGDATABASE, max: 1 }) });
  const ratings = { include: { reviews: { select: { rating: true } } } };
  const latest = [{ creation_time: 'desc' }, { id: 'desc' }];
  const persons = { include: { person: { omit: { bio: true } } } };
  const people = { directors: persons, cast: persons };
  const rated = ({ reviews, ...movie }) => ({ ...movie, avg_rating: average(reviews) });
  const withPeople = (movie) => ({ ...movie, directors: byPlace(movie.directors), cast: byPlace(movie.cast) });
  const create = (data, directors, cast) => db.movie.create({ data: { ...data, directors: { create: directors }, cast: { create: cast } }, include: people }).then(withPeople);
  return {
    close: () => db.$disconnect(),
    async get_user(id) {
      const user = await db.imdbUser.findUnique({ where: { id }, include: { latest_reviews: { orderBy: latest, take: 10, include: { movie: ratings } } } });
      return { ...user, latest_reviews: user.latest_reviews.map((review) => ({ ...review, movie: rated(review.movie) })) };
    },
    async get_person(id) {
      const of = { include: { movie: { omit: { description: true }, ...ratings } } };
      const person = await db.person.findUnique({ where: { id }, include: { acted_in: of, directed: of } });
      return { ...named(person), acted_in: person.acted_in.map(({ movie }) => rated(movie)), directed: person.directed.map(({ movie }) => rated(movie)) };
    },
    async get_movie(id) {
      const movie = await db.movie.findUnique({ where: { id }, include: { ...people, reviews: { orderBy: latest, include: { author: true } } } });
      return { ...withPeople(movie), avg_rating: average(movie.reviews) };
    },
    update_movie: (id, suffix) => db.$transaction(async (tx) => {
      const { title } = await tx.movie.findUnique({ where: { id }, select: { title: true } });
      return tx.movie.update({ where: { id }, data: { title: `${title}---${suffix}` }, select: { id: true, title: true } });
    }),
    insert_user: (name, image) => db.imdbUser.create({ data: { name, image } }),
    insert_movie: (title, image, description, year, director, cast) =>
      create({ title, image, description, year }, [{ person_id: director }], cast.map((person) => ({ person_id: person }))),
    insert_movie_plus(title, image, description, year, ...names) {
      const [director, ...cast] = [0, 3, 6].map((i) => ({ person: { create: { first_name: names[i], last_name: names[i + 1], image: names[i + 2] } } }));
      return create({ title, image, description, year }, [director], cast);
    },
  };
}
