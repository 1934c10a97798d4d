-- What make express shows: the samples, but deleted students can be brought back, and validators speak to people.
SET client_min_messages = warning;
SELECT studentdir.define('Student', '{
  "name": {"type": "STRING", "allowNull": false, "validate": {"notEmpty": {"msg": "A student needs a name."}}},
  "cohort": "STRING",
  "email": {"type": "STRING", "validate": {"isEmail": {"msg": "This is no e-mail address."}},
    "unique": {"name": "students_email_key", "msg": "Another student has this e-mail address."}},
  "deletedAt": {"type": "DATE", "hidden": true}
}', '{"paranoid": true}');
SELECT studentdir.migration_generate('paranoid-students');
SELECT studentdir.migrate();
SELECT studentdir.expose('Student');

INSERT INTO students (name, cohort, email)
SELECT name, cohort, lower(split_part(name, ' ', 1)) || '@example.org'
  FROM (VALUES ('Ada Lovelace', 'Spring 2026'), ('Grace Hopper', 'Autumn 2026'), ('Edgar Codd', 'Spring 2026'),
    ('Barbara Liskov', 'Autumn 2026'), ('Donald Knuth', 'Spring 2026'), ('Frances Allen', 'Spring 2027'),
    ('Niklaus Wirth', 'Autumn 2026'), ('Radia Perlman', 'Spring 2027'), ('Dennis Ritchie', 'Spring 2026'),
    ('Karen Spärck Jones', NULL), ('Tony Hoare', 'Autumn 2026'), ('Shafi Goldwasser', 'Spring 2027'),
    ('Michael Stonebraker', 'Spring 2026'), ('Jim Gray', 'Autumn 2026'), ('Adele Goldberg', 'Spring 2027'),
    ('Leslie Lamport', NULL), ('Lynn Conway', 'Spring 2026'), ('Alan Kay', 'Autumn 2026'), ('Ivan Sutherland', 'Spring 2027'),
    ('Sophie Wilson', 'Autumn 2026'), ('John McCarthy', 'Spring 2026'), ('Margaret Hamilton', 'Spring 2027'),
    ('Ken Thompson', 'Spring 2026'), ('Cynthia Dwork', 'Autumn 2026')) AS s(name, cohort);
INSERT INTO users (name, email)
SELECT name, lower(split_part(name, ' ', 1)) || '@example.org'
  FROM (VALUES ('Barbara Liskov'), ('Edgar Codd'), ('Grace Hopper'), ('Leslie Lamport')) AS u(name);
INSERT INTO posts (title, body, user_id) VALUES
  ('Data abstraction', 'What a type promises, and what it keeps to itself.', 1),
  ('Substitution', 'What a subtype keeps of what its type has promised.', 1),
  ('Relations', 'Data does not depend on how it is stored, nor on the order in which it comes.', 2),
  ('The first compiler', NULL, 3),
  ('A nanosecond', 'About thirty centimetres of wire.', 3);
