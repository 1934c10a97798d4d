// The student directory, with its students in an array.
import express from 'express';

export const app = express();
app.use(express.json());

let students = [];
let nextId = 1;

const find = (req) => students.find(({ id }) => String(id) === req.params.id);
const notFound = (res) => res.status(404).json({ error: 'not found' });

app.get('/students', (req, res) => {
  res.json(students);
});

app.get('/students/:id', (req, res) => {
  const student = find(req);
  if (!student) return notFound(res);
  res.json(student);
});

app.post('/students', (req, res) => {
  const { name, cohort = null, email = null } = req.body;
  const student = { id: nextId++, name, cohort, email };
  students.push(student);
  res.status(201).json(student);
});

app.put('/students/:id', (req, res) => {
  const student = find(req);
  if (!student) return notFound(res);
  const { name = student.name, cohort = student.cohort, email = student.email } = req.body;
  Object.assign(student, { name, cohort, email });
  res.json(student);
});

app.delete('/students/:id', (req, res) => {
  const student = find(req);
  if (!student) return notFound(res);
  students = students.filter((other) => other !== student);
  res.status(204).end();
});
