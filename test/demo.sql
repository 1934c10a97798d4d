\set ON_ERROR_STOP on
\set SHOW_CONTEXT never
\pset pager off
\pset format unaligned
\pset tuples_only on
\set ECHO queries

\echo '== 1. One statement: models, tables and functions are there'
\echo
CREATE EXTENSION studentdir;

\echo
\echo '== 2. Create students: JSON in, JSON out'
\echo
SELECT student_create('{"name": "Ada Lovelace", "cohort": "Spring 2026", "email": "ada@example.org"}');
\echo
SELECT students_bulk_create('[
  {"name": "Grace Hopper",   "cohort": "Spring 2026", "email": "grace@example.org"},
  {"name": "Alan Turing",    "cohort": "Autumn 2026", "email": "alan@example.org"},
  {"name": "Edsger Dijkstra", "cohort": "Autumn 2026"}
]');

\echo
\echo '== 3. Read them: one record a row, or one array'
\echo
SELECT * FROM students_find_all('{"where": {"cohort": "Spring 2026"}, "order": [["name", "DESC"]]}');
\echo
SELECT students_list('{"attributes": ["id", "name"], "where": {"name": {"$iLike": "%r%"}}, "order": ["name"], "limit": 2}');
\echo
SELECT student_find_by_pk(1);
\echo
SELECT students_find_and_count_all('{"attributes": ["name"], "order": ["id"], "limit": 1}');

\echo
\echo '== 4. Update one'
\echo
SELECT student_update(4, '{"email": "edsger@example.org"}');

\echo
\echo '== 5. What is not valid is refused, with everything that is wrong with it'
\echo
\set ON_ERROR_STOP off
SELECT student_create('{"name": "", "email": "not an address"}');
\echo
SELECT students_find_all('{"where": {"nmae": "Ada Lovelace"}}');
\set ON_ERROR_STOP on

\echo
\echo '== 6. Delete one'
\echo
SELECT student_destroy(3);
\echo
SELECT students_count();

\echo
\echo '== 7. A user with posts: nested JSON, no join to write'
\echo
SELECT user_create('{"name": "Barbara Liskov", "email": "barbara@example.org"}');
\echo
SELECT posts_bulk_create('[
  {"userId": 1, "title": "Data abstraction", "body": "What a type promises."},
  {"userId": 1, "title": "Substitution",     "body": "What a subtype keeps."}
]');
\echo
SELECT user_with_posts(1);
\echo
SELECT users_with_posts('{"attributes": ["name"], "include": [{"association": "Posts", "attributes": ["title"], "where": {"title": {"$startsWith": "Data"}}}]}');

\echo
\echo '== 8. An HTTP API: method, URL and body in, status and JSON out'
\echo
SELECT * FROM studentdir.request('GET', '/students?cohort=Spring%202026&order=name.desc&limit=1');
\echo
SELECT * FROM studentdir.request('POST', '/users/1/posts', '{"title": "Behaviour"}');
\echo
SELECT * FROM studentdir.request('GET', '/users/99');

\echo
\echo '== 9. Migrations: register, apply, undo'
\echo
\pset format aligned
\pset tuples_only off
\pset footer off
SELECT studentdir.migration_create('20260901120000-add-nickname',
  'ALTER TABLE students ADD COLUMN nickname varchar(255)',
  'ALTER TABLE students DROP COLUMN nickname');
SELECT status, name FROM studentdir.migration_status();
SELECT name, action FROM studentdir.migrate();
SELECT name, action FROM studentdir.migrate_undo();
SELECT status, name FROM studentdir.migration_status();
