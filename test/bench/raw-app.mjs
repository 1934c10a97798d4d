// What the benchmark asks of the Express apps, with the driver and SQL by hand alone: statements prepared by name, rows as
// objects, the posts of a user by a statement of their own.
import express from 'express';
import pg from 'pg';

const STUDENT = 'id, name, cohort, email, created_at AS "createdAt", updated_at AS "updatedAt"';
const USER = 'id, name, email, created_at AS "createdAt", updated_at AS "updatedAt"';
const POST = 'id, title, body, user_id AS "userId", created_at AS "createdAt", updated_at AS "updatedAt"';

export function createApp() {
  const pool = new pg.Pool({ max: 4 });
  const app = express();
  const rows = async (name, text, ...values) => (await pool.query({ name, text, values })).rows;
  const answer = (res, record) => (record === undefined ? res.status(404).json({ error: 'not found' }) : res.json(record));

  app.get('/students', async (req, res) => {
    res.json(await rows('students', `SELECT ${STUDENT} FROM students LIMIT $1`, Number(req.query.limit)));
  });
  app.get('/students/:id', async (req, res) => {
    answer(res, (await rows('student', `SELECT ${STUDENT} FROM students WHERE id = $1`, req.params.id))[0]);
  });
  app.get('/users/:id', async (req, res) => {
    const [user] = await rows('user', `SELECT ${USER} FROM users WHERE id = $1`, req.params.id);
    if (user !== undefined && req.query.include === 'Posts') user.Posts = await rows('posts', `SELECT ${POST} FROM posts WHERE user_id = $1`, user.id);
    answer(res, user);
  });
  return app;
}
