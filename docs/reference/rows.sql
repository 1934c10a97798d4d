\pset format unaligned
\pset tuples_only on
CREATE EXTENSION studentdir;
SELECT students_bulk_create('[
  {"name": "Ada Lovelace", "cohort": "Spring 2026", "email": "ada@example.org"},
  {"name": "Grace Hopper", "cohort": "Spring 2026", "email": "grace@example.org"},
  {"name": "Alan Turing",  "cohort": "Autumn 2026", "email": "alan@example.org"}]');
SELECT user_create('{"name": "Barbara Liskov", "email": "barbara@example.org"}');
SELECT posts_bulk_create('[
  {"userId": 1, "title": "Data abstraction", "body": "What a type promises."},
  {"userId": 1, "title": "Substitution",     "body": "What a subtype keeps."}]');
