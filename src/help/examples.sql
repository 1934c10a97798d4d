-- An example of each topic of help(), which the tests run; topics.mjs makes topics.h of them.  They are about the
-- samples, with the rows of docs/reference/rows.sql, and about a model Task that has a part of each kind:
-- test/help/run.mjs has it.

-- function add
SELECT studentdir.add('User', 1, 'Posts', '[1, 2]');
-- function aggregate
SELECT studentdir.aggregate('Student', 'max', 'createdAt');
-- function allowed_methods
SELECT studentdir.allowed_methods('/students/1');
-- function backfill
CALL studentdir.backfill('Student', '{"cohort": "Spring 2026"}', '{"cohort": null}');
-- function belongs_to
SELECT studentdir.belongs_to('Task', 'Student');
-- function belongs_to_many
SELECT studentdir.belongs_to_many('Student', 'Task', '{"through": "Assignment"}');
-- function bulk_create
SELECT studentdir.bulk_create('Student', '[{"name": "Ada"}, {"name": "Grace"}]');
-- function bulk_update
SELECT studentdir.bulk_update('Student', '[{"id": 1, "cohort": "A"}, {"id": 2, "cohort": "B"}]');
-- function check
SELECT studentdir.check('{"drift": false}');
-- function count
SELECT studentdir.count('Student', '{"where": {"cohort": "Spring 2026"}}');
-- function create
SELECT studentdir.create('Student', '{"name": "Ada"}');
-- function create_table_sql
SELECT studentdir.create_table_sql('Student');
-- function decrement
SELECT studentdir.decrement('Task', 1, '{"hours": 1}');
-- function define
SELECT studentdir.define('Room', '{"name": {"type": "STRING", "allowNull": false}}');
-- function describe
SELECT studentdir.describe('Student');
-- function destroy
SELECT studentdir.destroy('Student', '{"where": {"cohort": "Spring 2026"}}');
-- function destroy_by_pk
SELECT studentdir.destroy_by_pk('Student', 1);
-- function destroy_returning
SELECT studentdir.destroy_returning('Student', '{"where": {"id": 1}}');
-- function diagram
SELECT studentdir.diagram();
-- function diff
SELECT * FROM studentdir.diff();
-- function explain
SELECT studentdir.explain('Student', '{"where": {"id": 1}}');
-- function export
SELECT studentdir.export();
-- function expose
SELECT studentdir.expose('Task');
-- function find_all
SELECT studentdir.find_all('Student', '{"where": {"cohort": "Spring 2026"}, "order": ["name"]}');
-- function find_all_with
SELECT studentdir.find_all_with('User', 'Posts');
-- function find_and_count_all
SELECT studentdir.find_and_count_all('Student', '{"order": ["id"], "limit": 2}');
-- function find_by_pk
SELECT studentdir.find_by_pk('Student', 1);
-- function find_one
SELECT studentdir.find_one('Student', '{"where": {"email": "ada@example.org"}}');
-- function find_or_create
SELECT * FROM studentdir.find_or_create('Student', '{"where": {"email": "x@example.org"}, "defaults": {"name": "X"}}');
-- function generate
SELECT studentdir.generate('Course', 'title:string,credits:integer');
-- function has
SELECT studentdir.has('User', 1, 'Posts', '[1]');
-- function has_many
SELECT studentdir.has_many('Student', 'Task');
-- function has_one
SELECT studentdir.has_one('Student', 'Task');
-- function help
SELECT studentdir.help('where');
-- function import
SELECT * FROM studentdir.import('{"tables": ["a%"]}');
-- function increment
SELECT studentdir.increment('Task', 1, '{"hours": 1}');
-- function introspect
SELECT model, attributes FROM studentdir.introspect('{"tables": ["students"]}');
-- function json_schema
SELECT studentdir.json_schema('Student', 'create');
-- function lint
SELECT * FROM studentdir.lint('CREATE INDEX i ON students (cohort)');
-- function lint_models
SELECT * FROM studentdir.lint_models();
-- function list
SELECT studentdir.list('Student', '{"attributes": ["id", "name"]}');
-- function migrate
SELECT * FROM studentdir.migrate();
-- function migrate_redo
SELECT studentdir.migration_create('a', 'SELECT 1', 'SELECT 1'); SELECT * FROM studentdir.migrate(); SELECT * FROM studentdir.migrate_redo();
-- function migrate_script
SELECT sql FROM studentdir.migrate_script();
-- function migrate_stepwise
CALL studentdir.migrate_stepwise();
-- function migrate_undo
SELECT * FROM studentdir.migrate_undo(dry_run => true, force => true);
-- function migrate_undo_all
SELECT * FROM studentdir.migrate_undo_all(dry_run => true, force => true);
-- function migration_baseline
SELECT studentdir.migration_create('20260101000000-a', 'SELECT 1'); SELECT * FROM studentdir.migration_baseline('20260101000000-a');
-- function migration_create
SELECT studentdir.migration_create('add-index', 'CREATE INDEX i ON students (cohort)', 'DROP INDEX i');
-- function migration_generate
SELECT studentdir.migration_generate('as-the-models-ask');
-- function migration_repair
SELECT studentdir.migration_repair('00000000000001-create-students');
-- function migration_show
SELECT studentdir.migration_show('00000000000001-create-students');
-- function migration_status
SELECT * FROM studentdir.migration_status();
-- function models
SELECT * FROM studentdir.models();
-- function openapi
SELECT studentdir.openapi('{"title": "Students"}');
-- function plan_cache
SELECT * FROM studentdir.plan_cache();
-- function remove
SELECT studentdir.remove('Post', 1, 'User', '[]');
-- function remove_samples
SELECT * FROM studentdir.remove_samples('{Student}');
-- function request
SELECT * FROM studentdir.request('GET', '/students?cohort=Spring%202026&order=name');
-- function reset_sequence
SELECT * FROM studentdir.reset_sequence('Student');
-- function restore
SELECT studentdir.restore('Task', '{"where": {"title": "Read"}}');
-- function restore_by_pk
SELECT studentdir.restore_by_pk('Task', 1);
-- function routes
SELECT * FROM studentdir.routes();
-- function rows
SELECT s.id, s.name FROM studentdir.rows(NULL::students, '{"order": ["name"]}') AS s;
-- function seed
SELECT * FROM studentdir.seed();
-- function seed_baseline
SELECT studentdir.seed_create('20260101000000-a', 'SELECT 1'); SELECT * FROM studentdir.seed_baseline('20260101000000-a');
-- function seed_create
SELECT studentdir.seed_create('some-students', 'INSERT INTO students (name) VALUES (''Ada'')', 'DELETE FROM students');
-- function seed_repair
SELECT studentdir.seed_create('20260101000000-a', 'SELECT 1'); SELECT studentdir.seed_repair('20260101000000-a');
-- function seed_show
SELECT studentdir.seed_create('20260101000000-a', 'SELECT 1'); SELECT studentdir.seed_show('20260101000000-a');
-- function seed_status
SELECT * FROM studentdir.seed_status();
-- function seed_undo
SELECT * FROM studentdir.seed_undo();
-- function seed_undo_all
SELECT * FROM studentdir.seed_undo_all();
-- function set
SELECT * FROM studentdir.set('User', 1, 'Posts', '[1, 2]');
-- function sync
SELECT * FROM studentdir.sync();
-- function to_sql
SELECT sql, params FROM studentdir.to_sql('Student', '{"where": {"id": 1}}');
-- function truncate
SELECT studentdir.truncate('Task');
-- function typescript
SELECT studentdir.typescript();
-- function undefine
SELECT studentdir.undefine('Task');
-- function unexpose
SELECT studentdir.unexpose('Student');
-- function update
SELECT studentdir.update('Student', '{"cohort": "A"}', '{"where": {"id": 1}}');
-- function update_by_pk
SELECT studentdir.update_by_pk('Student', 1, '{"cohort": "A"}');
-- function update_returning
SELECT studentdir.update_returning('Student', '{"cohort": "A"}', '{"where": {"id": 1}}');
-- function upsert
SELECT * FROM studentdir.upsert('Student', '{"email": "ada@example.org", "name": "Ada"}');
-- function version
SELECT studentdir.version();
-- function student_create
SELECT student_create('{"name": "Ada", "cohort": "Spring 2026"}');
-- function student_decrement
SELECT studentdir.expose('Task'); SELECT task_decrement(1, '{"hours": 1}');
-- function student_destroy
SELECT student_destroy(1);
-- function student_find_by_pk
SELECT student_find_by_pk(1);
-- function student_find_one
SELECT student_find_one('{"where": {"email": "ada@example.org"}}');
-- function student_find_or_create
SELECT * FROM student_find_or_create('{"where": {"email": "x@example.org"}, "defaults": {"name": "X"}}');
-- function student_increment
SELECT studentdir.expose('Task'); SELECT task_increment(1, '{"hours": 1}');
-- function student_update
SELECT student_update(1, '{"cohort": "A"}');
-- function student_upsert
SELECT * FROM student_upsert('{"email": "ada@example.org", "name": "Ada"}');
-- function students_aggregate
SELECT students_aggregate('min', 'name');
-- function students_bulk_create
SELECT students_bulk_create('[{"name": "Ada"}, {"name": "Grace"}]');
-- function students_bulk_update
SELECT students_bulk_update('[{"id": 1, "cohort": "A"}, {"id": 2, "cohort": "B"}]');
-- function students_count
SELECT students_count('{"where": {"cohort": "Spring 2026"}}');
-- function students_destroy
SELECT students_destroy('{"where": {"cohort": "Spring 2026"}}');
-- function students_find_all
SELECT * FROM students_find_all('{"where": {"cohort": "Spring 2026"}, "order": ["name"]}');
-- function students_find_and_count_all
SELECT students_find_and_count_all('{"order": ["id"], "limit": 2}');
-- function students_list
SELECT students_list('{"attributes": ["id", "name"]}');
-- function students_update
SELECT students_update('{"cohort": "A"}', '{"where": {"id": 1}}');
-- function task_restore
SELECT studentdir.expose('Task'); SELECT task_restore(1);
-- function tasks_restore
SELECT studentdir.expose('Task'); SELECT tasks_restore('{"where": {"title": "Read"}}');
-- function user_add_posts
SELECT user_add_posts(1, '[1, 2]');
-- function user_has_posts
SELECT user_has_posts(1, '[1]');
-- function user_remove_posts
SELECT user_remove_posts(1, '[]');
-- function user_set_posts
SELECT * FROM user_set_posts(1, '[1, 2]');
-- function post_set_user
SELECT * FROM post_set_user(1, 1);
-- function user_with_posts
SELECT user_with_posts(1);
-- function users_with_posts
SELECT users_with_posts('{"order": ["name"]}');
-- option where
SELECT students_list('{"where": {"cohort": "Spring 2026", "id": {"$gt": 1}}}');
-- option attributes
SELECT students_list('{"attributes": ["id", ["name", "called"]]}');
-- option order
SELECT students_list('{"order": [["cohort", "DESC NULLS LAST"], "name"]}');
-- option limit
SELECT students_list('{"order": ["id"], "limit": 2}');
-- option offset
SELECT students_list('{"order": ["id"], "limit": 2, "offset": 2}');
-- option after
SELECT students_list('{"order": ["id"], "limit": 2, "after": 1}');
-- option before
SELECT students_list('{"order": ["id"], "limit": 2, "before": 3}');
-- option include
SELECT users_list('{"include": [{"association": "Posts", "limit": 3}]}');
-- option group
SELECT students_list('{"attributes": ["cohort", [{"$fn": ["count", {"$col": "id"}]}, "n"]], "group": ["cohort"]}');
-- option names
SELECT students_find_and_count_all('{"order": ["id"], "limit": 1, "attributes": ["name"], "names": {"rows": "students", "count": "of"}}');
-- option having
SELECT students_list('{"attributes": ["cohort", [{"$fn": ["count", {"$col": "id"}]}, "n"]], "group": ["cohort"], "having": {"n": {"$gt": 1}}}');
-- option distinct
SELECT students_list('{"distinct": ["cohort"], "attributes": ["cohort", "name"]}');
-- option lock
SELECT student_find_by_pk(1, '{"lock": "UPDATE"}');
-- option skipLocked
SELECT students_find_all('{"lock": "UPDATE", "skipLocked": true, "limit": 1}');
-- option noWait
SELECT student_find_by_pk(1, '{"lock": "UPDATE", "noWait": true}');
-- option fields
SELECT student_create('{"name": "Ada"}', '{"fields": ["name", "email"]}');
-- option ignoreUnknown
SELECT student_create('{"name": "Ada", "color": "red"}', '{"ignoreUnknown": true}');
-- option validate
SELECT student_create('{"name": "Ada", "email": "none"}', '{"validate": false}');
-- option validateUnique
SELECT student_create('{"name": "Ada"}', '{"validateUnique": true}');
-- option set
SELECT student_update(1, '{}', '{"set": {"name": {"$fn": ["upper", {"$col": "name"}]}}}');
-- option ignoreDuplicates
SELECT students_bulk_create('[{"name": "Ada", "email": "ada@example.org"}]', '{"ignoreDuplicates": true}');
-- option updateOnDuplicate
SELECT students_bulk_create('[{"name": "Ada", "email": "ada@example.org"}]', '{"updateOnDuplicate": ["name"]}');
-- option conflictAttributes
SELECT * FROM student_upsert('{"name": "Ada", "email": "ada@example.org"}', '{"conflictAttributes": ["email"]}');
-- option existing
SELECT students_bulk_create('[{"name": "Ada", "email": "ada@example.org"}]', '{"ignoreDuplicates": true, "existing": true}');
-- option returning
SELECT student_create('{"name": "Ada"}', '{"returning": ["id"]}');
-- option defaults
SELECT * FROM student_find_or_create('{"where": {"email": "x@example.org"}, "defaults": {"name": "X"}}');
-- option scope
SELECT studentdir.find_all('Task', '{"scope": "long"}');
-- option paranoid
SELECT studentdir.find_all('Task', '{"paranoid": false}');
-- option force
SELECT studentdir.destroy_by_pk('Task', 1, '{"force": true}');
-- option truncate
SELECT studentdir.destroy('Post', '{"truncate": true}');
-- option cascade
SELECT studentdir.truncate('User', '{"cascade": true}');
-- option restartIdentity
SELECT studentdir.truncate('Post', '{"restartIdentity": true}');
-- option ignoreMissing
SELECT students_bulk_update('[{"id": 1, "cohort": "A"}, {"id": 999, "cohort": "B"}]', '{"ignoreMissing": true}');
-- option by
SELECT studentdir.increment('Task', 1, '"hours"', '{"by": 5}');
-- option all
SELECT students_update('{"cohort": "A"}', '{"all": true}');
-- option required
SELECT users_list('{"include": {"association": "Posts", "required": true}}');
-- option recursive
SELECT studentdir.find_all('Task', '{"include": {"association": "parts", "recursive": true}}');
-- option depth
SELECT studentdir.find_all('Task', '{"include": {"association": "parts", "recursive": true, "depth": 2}}');
-- option through
SELECT studentdir.find_all('Student', '{"include": {"association": "Tasks", "through": {"attributes": []}}}');
-- operator $eq
SELECT students_list('{"where": {"id": {"$eq": 1}}}');
-- operator $ne
SELECT students_list('{"where": {"cohort": {"$ne": null}}}');
-- operator $gt
SELECT students_list('{"where": {"id": {"$gt": 1}}}');
-- operator $gte
SELECT students_list('{"where": {"createdAt": {"$gte": "2026-01-01"}}}');
-- operator $lt
SELECT students_list('{"where": {"id": {"$lt": 3}}}');
-- operator $lte
SELECT students_list('{"where": {"name": {"$lte": "B"}}}');
-- operator $is
SELECT studentdir.find_all('Task', '{"where": {"done": {"$is": true}}}');
-- operator $isNot
SELECT studentdir.find_all('Task', '{"where": {"done": {"$isNot": true}}}');
-- operator $not
SELECT students_list('{"where": {"$not": {"cohort": "Spring 2026"}}}');
-- operator $in
SELECT students_list('{"where": {"id": {"$in": [1, 2]}}}');
-- operator $notIn
SELECT students_list('{"where": {"id": {"$notIn": [1, 2]}}}');
-- operator $between
SELECT students_list('{"where": {"id": {"$between": [1, 5]}}}');
-- operator $notBetween
SELECT students_list('{"where": {"id": {"$notBetween": [1, 5]}}}');
-- operator $like
SELECT students_list('{"where": {"name": {"$like": "A%"}}}');
-- operator $notLike
SELECT students_list('{"where": {"name": {"$notLike": "A%"}}}');
-- operator $iLike
SELECT students_list('{"where": {"name": {"$iLike": "a%"}}}');
-- operator $notILike
SELECT students_list('{"where": {"name": {"$notILike": "a%"}}}');
-- operator $regexp
SELECT students_list('{"where": {"name": {"$regexp": "^A.*e$"}}}');
-- operator $notRegexp
SELECT students_list('{"where": {"name": {"$notRegexp": "^A.*e$"}}}');
-- operator $iRegexp
SELECT students_list('{"where": {"name": {"$iRegexp": "^a.*e$"}}}');
-- operator $notIRegexp
SELECT students_list('{"where": {"name": {"$notIRegexp": "^a.*e$"}}}');
-- operator $contains
SELECT studentdir.find_all('Task', '{"where": {"tags": {"$contains": ["home"]}}}');
-- operator $contained
SELECT studentdir.find_all('Task', '{"where": {"tags": {"$contained": ["home", "work"]}}}');
-- operator $overlap
SELECT studentdir.find_all('Task', '{"where": {"tags": {"$overlap": ["home", "work"]}}}');
-- operator $adjacent
SELECT studentdir.find_all('Task', '{"where": {"span": {"$adjacent": [1, 5]}}}');
-- operator $strictLeft
SELECT studentdir.find_all('Task', '{"where": {"span": {"$strictLeft": [10, 20]}}}');
-- operator $strictRight
SELECT studentdir.find_all('Task', '{"where": {"span": {"$strictRight": [1, 5]}}}');
-- operator $noExtendLeft
SELECT studentdir.find_all('Task', '{"where": {"span": {"$noExtendLeft": [1, 5]}}}');
-- operator $noExtendRight
SELECT studentdir.find_all('Task', '{"where": {"span": {"$noExtendRight": [1, 5]}}}');
-- operator $anyKeyExists
SELECT studentdir.find_all('Task', '{"where": {"meta": {"$anyKeyExists": ["a", "b"]}}}');
-- operator $allKeysExist
SELECT studentdir.find_all('Task', '{"where": {"meta": {"$allKeysExist": ["a", "b"]}}}');
-- operator $any
SELECT students_list('{"where": {"name": {"$iLike": {"$any": ["a%", "g%"]}}}}');
-- operator $all
SELECT students_list('{"where": {"name": {"$iLike": {"$all": ["%a%", "%e%"]}}}}');
-- operator $jsonPath
SELECT studentdir.find_all('Task', '{"where": {"meta": {"$jsonPath": "$.level > 1"}}}');
-- operator $match
SELECT posts_list('{"where": {"body": {"$match": "type -subtype"}}}');
-- operator $and
SELECT students_list('{"where": {"$and": [{"id": {"$gt": 1}}, {"id": {"$lt": 9}}]}}');
-- operator $or
SELECT students_list('{"where": {"$or": [{"id": 1}, {"name": {"$startsWith": "G"}}]}}');
-- setting studentdir.allowed_functions
SET studentdir.allowed_functions = 'pg_catalog.pg_size_pretty';
-- setting studentdir.create_tables
SET studentdir.create_tables = off;
-- setting studentdir.empty_where
SET studentdir.empty_where = refuse;
-- setting studentdir.lint_level
SET studentdir.lint_level = error;
-- setting studentdir.lock_timeout
SET studentdir.lock_timeout = '3s';
-- setting studentdir.log_min_duration
SET studentdir.log_min_duration = 250;
-- setting studentdir.log_sql
SET studentdir.log_sql = notice; SELECT students_count();
-- setting studentdir.max_cost
SET studentdir.max_cost = 1000000;
-- setting studentdir.max_include_depth
SET studentdir.max_include_depth = 3;
-- setting studentdir.max_rows
SET studentdir.max_rows = 1000;
-- setting studentdir.numbers_as_strings
SET studentdir.numbers_as_strings = off;
-- setting studentdir.plan_cache_memory
SET studentdir.plan_cache_memory = '16MB';
-- setting studentdir.plan_cache_size
SET studentdir.plan_cache_size = 512;
-- setting studentdir.progress
SET studentdir.progress = on;
-- error 02000
SELECT students_list('{"order": ["name"], "after": 99999}');
-- error 0A000
DISCARD PLANS;
-- error 22003
SELECT students_list('{"where": {"id": 99999999999}}');
-- error 22007
SELECT students_list('{"where": {"createdAt": "soon"}}');
-- error 2201B
SELECT students_list('{"where": {"name": {"$regexp": "("}}}');
-- error 22023
SELECT students_list('{"limits": 5}');
-- error 22025
SELECT students_list('{"where": {"name": {"$like": "A\\"}}}');
-- error 22P02
SELECT students_list('{"where": {"id": "one"}}');
-- error 23502
SELECT student_create('{"name": null}', '{"validate": false}');
-- error 23503
SELECT post_create('{"title": "x", "userId": 99999}');
-- error 23505
SELECT student_create('{"name": "Ada", "email": "ada@example.org"}');
-- error 23514
SELECT student_create('{"name": "", "email": "none"}');
-- error 25001
BEGIN; CALL studentdir.migrate_stepwise();
-- error 25006
SET TRANSACTION READ ONLY; SELECT student_create('{"name": "Ada"}');
-- error 40001
SELECT studentdir.update_by_pk('Task', 1, '{"title": "x", "version": 99}');
-- error 40P01
SELECT students_update('{"cohort": "A"}', '{"where": {"id": [1, 2]}, "order": ["id"], "limit": 2}');
-- error 42501
SET LOCAL ROLE pg_monitor; SELECT students_list();
-- error 42602
SELECT studentdir.define('Room', '{"a.b": "TEXT"}');
-- error 42622
SELECT studentdir.define(repeat('A', 64), '{"name": "TEXT"}');
-- error 42701
SELECT studentdir.define('Room', '{"a": "TEXT", "b": {"type": "TEXT", "field": "a"}}');
-- error 42703
SELECT students_list('{"where": {"nam": "Ada"}}');
-- error 42704
SELECT studentdir.define('Room', '{"name": "TEXTT"}');
-- error 42710
SELECT studentdir.generate('Student', 'name:string');
-- error 42723
CREATE FUNCTION task_create() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT studentdir.expose('Task');
-- error 42939
SELECT studentdir.define('Room', '{"ctid": "TEXT"}');
-- error 42P01
SELECT studentdir.find_all('Nobody');
-- error 42P07
SELECT studentdir.generate('Pupil', 'name:string', '{"tableName": "students"}');
-- error 42P10
SELECT studentdir.upsert('Task', '{"title": "Read"}', '{"conflictAttributes": ["title"], "conflictWhere": {"done": true}}');
-- error 54000
SET studentdir.max_rows = 1; SELECT students_list();
-- error 54011
SELECT studentdir.define('Wide', (SELECT json_object_agg('a' || n, 'TEXT') FROM generate_series(1, 1700) AS n));
-- error 55000
SELECT studentdir.migration_create('once', 'SELECT 1'); SELECT * FROM studentdir.migrate(); SELECT * FROM studentdir.migrate_undo();
-- error 55P03
SELECT student_find_by_pk(1, '{"lock": "UPDATE", "noWait": true}');
-- error 57014
SET statement_timeout = 1; SELECT pg_sleep(1) FROM students_find_all();
-- operator $startsWith
SELECT students_list('{"where": {"name": {"$startsWith": "Ad"}}}');
-- operator $notStartsWith
SELECT students_list('{"where": {"name": {"$notStartsWith": "Ad"}}}');
-- operator $iStartsWith
SELECT students_list('{"where": {"name": {"$iStartsWith": "ad"}}}');
-- operator $notIStartsWith
SELECT students_list('{"where": {"name": {"$notIStartsWith": "ad"}}}');
-- operator $endsWith
SELECT students_list('{"where": {"name": {"$endsWith": "ce"}}}');
-- operator $notEndsWith
SELECT students_list('{"where": {"name": {"$notEndsWith": "ce"}}}');
-- operator $iEndsWith
SELECT students_list('{"where": {"name": {"$iEndsWith": "ce"}}}');
-- operator $notIEndsWith
SELECT students_list('{"where": {"name": {"$notIEndsWith": "ce"}}}');
-- operator $substring
SELECT students_list('{"where": {"name": {"$substring": "da"}}}');
-- operator $notSubstring
SELECT students_list('{"where": {"name": {"$notSubstring": "da"}}}');
-- operator $iSubstring
SELECT students_list('{"where": {"name": {"$iSubstring": "da"}}}');
-- operator $notISubstring
SELECT students_list('{"where": {"name": {"$notISubstring": "da"}}}');
-- function decrement_where
SELECT studentdir.decrement_where('Task', '{"hours": 1}', '{"where": {"title": "Read"}}');
-- function increment_where
SELECT studentdir.increment_where('Task', '{"hours": 1}', '{"where": {"title": "Read"}}');
-- function distribute
SELECT studentdir.distribute('Task', 'id');
-- function reference
SELECT studentdir.reference('Task');
-- function students_decrement
SELECT studentdir.expose('Task'); SELECT tasks_decrement('{"hours": 1}', '{"where": {"title": "Read"}}');
-- function students_increment
SELECT studentdir.expose('Task'); SELECT tasks_increment('{"hours": 1}', '{"where": {"title": "Read"}}');
-- option others
SELECT user_update(1, '{"Posts": [1]}', '{"include": {"association": "Posts", "others": "keep"}}');
-- option conflictWhere
SELECT * FROM studentdir.upsert('Task', '{"title": "Read", "hours": 2}', '{"conflictAttributes": ["title"], "conflictWhere": {"done": false}}');
