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
