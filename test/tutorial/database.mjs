// The student directory, with its students in the database: a function of studentdir for each route.
import express from 'express';
import pg from 'pg';

export const app = express();
app.use(express.json());

// PGHOST, PGDATABASE, PGUSER and PGPASSWORD say where the database is.
export const pool = new pg.Pool();

const fields = ['name', 'cohort', 'email'];
const writing = { fields, ignoreUnknown: true };

// The first record or value of a call; undefined where there is none.
async function call(sql, ...values) {
  const { rows } = await pool.query({ text: sql, values, rowMode: 'array' });
  return rows[0]?.[0];
}

const notFound = (res) => res.status(404).json({ error: 'not found' });

app.get('/students', async (req, res) => {
  res.json(await call('SELECT students_list($1)', { order: ['id'] }));
});

app.get('/students/:id', async (req, res) => {
  const student = await call('SELECT student_find_by_pk($1)', req.params.id);
  if (!student) return notFound(res);
  res.json(student);
});

app.post('/students', async (req, res) => {
  res.status(201).json(await call('SELECT student_create($1, $2)', req.body, writing));
});

app.put('/students/:id', async (req, res) => {
  const student = await call('SELECT student_update($1, $2, $3)', req.params.id, req.body, writing);
  if (!student) return notFound(res);
  res.json(student);
});

app.delete('/students/:id', async (req, res) => {
  if ((await call('SELECT student_destroy($1)', req.params.id)) === '0') return notFound(res);
  res.status(204).end();
});

// What the database refuses is the client's mistake; anything else is ours, and nobody's business.
const mistakes = { 23514: 400, 23505: 409, 23503: 409 };

app.use((error, req, res, next) => {
  const status = mistakes[error.code] ?? (error.code?.startsWith('22') ? 400 : error.status ?? 500);
  if (status === 500) console.error(error);
  res.status(status).json({ error: status === 500 ? 'server error' : error.message });
});
