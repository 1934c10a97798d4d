-- Row locks of what is included; hints of dates and of models without a key.
\pset tuples_only on
\pset format unaligned
SELECT sql FROM studentdir.to_sql('User', '{"attributes":["id"],"include":{"association":"Posts","attributes":["id"]},"lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT sql FROM studentdir.to_sql('User', '{"attributes":["id"],"include":{"association":"Posts","attributes":["id"]},"lock":{"level":"SHARE","of":["User","Post"]},"skipLocked":true}');
SELECT sql FROM studentdir.to_sql('User', '{"attributes":["id"],"include":{"association":"Posts","attributes":["id"]},"lock":{"level":"KEY SHARE","of":["Post"]},"noWait":true}');
SELECT studentdir.find_all('User', '{"include":"Posts","lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT studentdir.find_all('User', '{"lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT studentdir.find_all('User', '{"lock":{"level":"UPDATE","of":[]}}');
SELECT studentdir.find_all('User', '{"lock":{"level":"NONE","of":["User"]}}');
SELECT studentdir.find_all('User', '{"lock":{"level":"UPDATE"}}');
SELECT studentdir.find_all('User', '{"include":{"association":"Posts","limit":1},"lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT students_list('{"where":{"createdAt":{"$gt":1700000000000}}}');
SELECT students_list('{"where":{"createdAt":"22.13.2026"}}');

-- what is no row of a table cannot be locked
\pset format aligned
\pset tuples_only off
INSERT INTO users VALUES (7001, 'Bea', 'bea@example.com', now(), now());
SELECT * FROM studentdir.find_all('User', '{"attributes":["name"],"group":["name"],"lock":"UPDATE"}');
SELECT * FROM studentdir.find_all('User', '{"attributes":["name"],"group":["name"],"lock":{"level":"UPDATE","of":["User"]}}');
SELECT * FROM studentdir.find_all('User', '{"attributes":["id"],"group":["id"],"include":["Posts"],"lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT * FROM studentdir.find_all('User', '{"attributes":["name"],"distinct":true,"lock":{"level":"SHARE","of":["User"]}}');
SELECT * FROM studentdir.find_all('User', '{"attributes":["name"],"distinct":["name"],"lock":"UPDATE"}');
SELECT * FROM studentdir.find_all('User', '{"attributes":[[{"$fn":["count",{"$col":"id"}]},"n"]],"lock":"UPDATE"}');
SELECT * FROM studentdir.find_all('User', '{"attributes":["id",[{"$over":[{"$fn":["row_number"]},{"order":["id"]}]},"n"]],"lock":"UPDATE"}');
SELECT * FROM studentdir.find_all('User', '{"include":{"association":"Posts","attributes":["id",[{"$over":[{"$fn":["row_number"]},{"order":["id"]}]},"n"]]},"lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT studentdir.count('User', '{"lock":"UPDATE"}');
SELECT studentdir.aggregate('User', 'max', 'id', '{"lock":"UPDATE"}');
SELECT * FROM studentdir.find_and_count_all('User', '{"lock":"UPDATE"}');
-- what is one can, whatever else is asked of it
SELECT * FROM studentdir.find_all('User', '{"attributes":["id",[{"$count":"Posts"},"n"]],"lock":"UPDATE"}');
SELECT * FROM studentdir.find_all('User', '{"attributes":["name"],"distinct":["name"],"include":{"association":"Posts","attributes":["id"]},"lock":{"level":"UPDATE","of":["Posts"]}}');
SELECT id FROM studentdir.rows(NULL::users, '{"lock":"UPDATE","order":[{"$max":"Posts.id"}]}');
SELECT sql FROM studentdir.to_sql('User', '{"attributes":["id"],"include":{"association":"Posts","attributes":["id"]},"where":{"$Posts.id$":1},"lock":"UPDATE"}');
DELETE FROM users WHERE id = 7001;
