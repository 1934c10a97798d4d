# Dumps of a database with the extension come back whole: rows, columns and indexes that users
# added, models, ledger, privileges; restored by a superuser and by the roles that own them.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('dump');
$node->init;
$node->start;
my $dir = $node->basedir;
my $target;    # what the database that is being restored is called

# Everything about a database that must survive.
my $state = <<'SQL';
SELECT 'row', id, name, phone FROM students ORDER BY id;
SELECT 'identity', last_value, is_called FROM students_id_seq;
SELECT 'column', relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  WHERE attnum > 0 AND relname IN ('students', 'users', 'posts') ORDER BY relname, attnum;
SELECT 'index', indexdef FROM pg_indexes WHERE tablename IN ('students', 'users', 'posts') ORDER BY 2;
SELECT 'constraint', conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE conrelid IN ('students'::regclass, 'users'::regclass, 'posts'::regclass) ORDER BY 2, 3;
SELECT 'owner', relname, relowner::regrole FROM pg_class WHERE relname IN ('students', 'users', 'posts') ORDER BY 2;
SELECT 'model', name, singular, plural, schema_name, table_name, attributes, options FROM studentdir.model ORDER BY 2;
SELECT 'association', a FROM studentdir.association a ORDER BY 2;
SELECT 'migration', m FROM studentdir.migration m ORDER BY m.name;
SELECT 'seed', s FROM studentdir.seed s ORDER BY s.name;
SELECT 'sample', s FROM studentdir.sample s ORDER BY 2;
SELECT 'function', p.oid::regprocedure, prosrc, proowner::regrole, obj_description(p.oid, 'pg_proc'), proacl, deptype
  FROM pg_proc p LEFT JOIN pg_depend ON classid = 'pg_proc'::regclass AND objid = p.oid AND refclassid = 'pg_extension'::regclass
  WHERE proname ~ '^(student|user|post)s?_' ORDER BY 2::text;
SELECT 'changed', name FROM studentdir.migration_status() WHERE changed;
SELECT 'grant', c.relname, r.rolname, p, has_table_privilege(r.oid, c.oid, p) FROM pg_class c,
  (SELECT oid, rolname FROM pg_roles WHERE rolname IN ('owner', 'dev', 'web')) r,
  unnest(ARRAY['SELECT', 'INSERT WITH GRANT OPTION', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
  WHERE c.relnamespace = 'studentdir'::regnamespace AND c.relkind = 'r' ORDER BY 2, 3, 4;
SELECT 'execute', f, r.rolname, has_function_privilege(r.oid, f, 'EXECUTE')
  FROM unnest(ARRAY['studentdir.migrate(text, int, bool)', 'studentdir.migrate_undo(text, int, bool, bool)', 'studentdir.seed(text, int, bool)', 'studentdir.migrate_stepwise(text, int)']) f,
  (SELECT oid, rolname FROM pg_roles WHERE rolname IN ('owner', 'dev', 'web')) r ORDER BY 2, 3;
SQL

sub state_of
{
	my ($database) = @_;
	return $node->safe_psql($database, $state);
}

# Compares two states by the lines in which they differ.
sub same_state
{
	my ($got, $expected, $what) = @_;
	my %got = map { $_ => 1 } split /\n/, $got;
	my %expected = map { $_ => 1 } split /\n/, $expected;
	my @lost = map { "- $_\n" } grep { !$got{$_} } sort keys %expected;
	my @new = map { "+ $_\n" } grep { !$expected{$_} } sort keys %got;
	is(join('', @lost, @new), '', $what);
}

# Restores a dump; a warning counts as a failure.
sub restore
{
	my ($what, @command) = @_;
	my ($out, $err) = ('', '');
	my $ok = IPC::Run::run(\@command, '<', \undef, '>', \$out, '2>', \$err);
	ok($ok, "$what: exit code");
	is($err, '', "$what: no complaint");
}

sub create_database
{
	my ($owner) = @_;
	$target = 'restored_' . (defined $target ? ($target =~ /(\d+)/)[0] + 1 : 1);
	$node->safe_psql('postgres', "CREATE DATABASE $target OWNER $owner");
	return $target;
}

sub connection
{
	my ($role, $database) = @_;
	return ('-h', $node->host, '-p', $node->port, '-U', $role, '-d', $database);
}

sub dump_to
{
	my ($role, $database, $file, @options) = @_;
	command_ok([ 'pg_dump', connection($role, $database), '-f', $file, @options ], "pg_dump @options as $role");
	return $file;
}

my $superuser = $node->safe_psql('postgres', 'SELECT current_user');
$node->safe_psql('postgres', 'CREATE ROLE owner LOGIN; CREATE ROLE dev LOGIN; CREATE ROLE web LOGIN');

# What users do to a database.
my $use = <<'SQL';
CREATE EXTENSION studentdir;
ALTER TABLE students ADD COLUMN phone text;
CREATE INDEX students_phone ON students (phone);
INSERT INTO students (name, email, phone) VALUES ('Ada', 'ada@example.org', '1'), ('Bob', NULL, NULL);
INSERT INTO users (name) VALUES ('Eve');
INSERT INTO posts (title, user_id) VALUES ('Hello', 1);
SELECT studentdir.migration_create('20260101000000-add-age', 'ALTER TABLE users ADD COLUMN age integer', 'ALTER TABLE users DROP COLUMN age');
SELECT studentdir.migration_create('20260102000000-pending', 'SELECT 1', 'SELECT 1');
SELECT * FROM studentdir.migrate('20260101000000-add-age');
SELECT studentdir.seed_create('20260101000000-applied', 'INSERT INTO users (name) VALUES (''Seed'')', 'DELETE FROM users WHERE name = ''Seed''');
SELECT * FROM studentdir.seed();
SELECT studentdir.seed_create('20260102000000-pending', 'SELECT 1', 'SELECT 1');
SELECT studentdir.define('Book', '{"title":{"type":"STRING","allowNull":false,"unique":true},"kind":{"type":"ENUM(''a'',''b'')","defaultValue":"a"}}');
SELECT studentdir.belongs_to('Book', 'User');
SELECT studentdir.migration_generate('20260103000000-books', '{"models":["Book"],"ignorePending":true}');
INSERT INTO studentdir.model SELECT 'Pupil', 'Pupil', 'Pupils', schema_name, table_name, attributes FROM studentdir.model WHERE name = 'Student';
SELECT studentdir.undefine('Student');
DELETE FROM studentdir.association WHERE alias = 'User';
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO dev;
GRANT EXECUTE ON FUNCTION studentdir.migrate TO dev;
SQL

for my $role ($superuser, 'owner')
{
	my $source = $role eq 'owner' ? 'of_owner' : 'of_superuser';
	$node->safe_psql('postgres', "CREATE DATABASE $source OWNER $role");
	$node->safe_psql($source, $use, extra_params => [ '-U', $role ]);
	my $expected = state_of($source);
	like($expected, qr/^row\|1\|Ada\|1$/m, "$role: there are rows");
	like($expected, qr/^migration\|.*20260101000000-add-age/m, "$role: there is a ledger");

	my $plain = dump_to($role, $source, "$dir/$source.sql");
	my $custom = dump_to($role, $source, "$dir/$source.dump", '-Fc');
	my $schema = dump_to($role, $source, "$dir/$source.schema", '-Fc', '--schema-only');
	my $data = dump_to($role, $source, "$dir/$source.data", '-Fc', '--data-only');

	create_database($role);
	restore("psql as $role", 'psql', '-Xqo', "$dir/psql.out", '-v', 'ON_ERROR_STOP=1',
		connection($role, $target), '-f', $plain);
	same_state(state_of($target), $expected, "psql as $role: all is back");

	# and once more: the second dump is made of what the first one brought
	my $second = dump_to($role, $target, "$dir/$source.second", '-Fc');
	create_database($role);
	restore("pg_restore -j2 of the second dump as $role", 'pg_restore', '-j2', connection($role, $target), $second);
	same_state(state_of($target), $expected, "pg_restore of the second dump as $role: all is back");

	create_database($role);
	restore("pg_restore -j2 as $role", 'pg_restore', '-j2', connection($role, $target), $custom);
	same_state(state_of($target), $expected, "pg_restore -j2 as $role: all is back");

	create_database($role);
	restore("pg_restore -1 as $role", 'pg_restore', '-1', connection($role, $target), $custom);
	same_state(state_of($target), $expected, "pg_restore -1 as $role: all is back");

	create_database($role);
	restore("schema-only as $role", 'pg_restore', '-j2', connection($role, $target), $schema);
	is($node->safe_psql($target, 'SELECT count(*) FROM studentdir.model'), '0', 'schema-only brings no models');
	# not in parallel: pg_restore does not know then that posts refer to users
	restore("then data-only as $role", 'pg_restore', connection($role, $target), $data);
	same_state(state_of($target), $expected, "schema-only and data-only as $role: all is back");

	# what works before works after
	is( $node->safe_psql($target, q{SELECT name, action FROM studentdir.migrate();
			SELECT change, name FROM studentdir.diff() WHERE model = 'Book';
			SELECT record->'kind' FROM studentdir.create('Book', '{"title":"Emma"}');
			SELECT name, action FROM studentdir.migrate_undo();
			SELECT change, name FROM studentdir.diff() WHERE model = 'Book' AND change = 'create table';
			SELECT name, action FROM studentdir.migrate_undo('20260102000000-pending', dry_run => true);
			SELECT name, action FROM studentdir.seed(); SELECT name, action FROM studentdir.seed_undo(steps => 2)},
			extra_params => [ '-U', $role ]),
		"20260102000000-pending|migrated\n20260103000000-books|migrated\n\"a\"\n20260103000000-books|reverted\ncreate table|\n" .
		"20260102000000-pending|revert\n" .
		"20260102000000-pending|migrated\n20260102000000-pending|reverted\n20260101000000-applied|reverted", "$role migrates on");
}

# The roles' privileges come back when a superuser restores, into a database of its own too.
create_database($superuser);
restore('pg_restore as superuser of the dump by owner', 'pg_restore', connection($superuser, $target), "$dir/of_owner.dump");
same_state(
	state_of($target) =~ s/^owner\|.*\n//gmr,
	state_of('of_owner') =~ s/^owner\|.*\n//gmr,
	'pg_restore as superuser of the dump by owner: all is back');

# With --enable-row-security nothing tells a restore from an installation but the setting.
my $row_security = dump_to('owner', 'of_owner', "$dir/rls.sql", '--enable-row-security');
create_database('owner');
{
	local $ENV{PGOPTIONS} = '-c studentdir.create_tables=off';
	restore('--enable-row-security', 'psql', '-Xqo', "$dir/psql.out", '-v', 'ON_ERROR_STOP=1',
		connection('owner', $target), '-f', $row_security);
}
same_state(state_of($target), state_of('of_owner'), '--enable-row-security: all is back');

# A role that neither owns the database nor is a superuser restores its own dump: its grants to
# itself come to nothing, which PostgreSQL says in warnings, and are not needed.
$node->safe_psql('postgres', q{CREATE ROLE "O'Neil" LOGIN});
for my $database ('oneil', 'oneil2', 'oneil3')
{
	$node->safe_psql('postgres', qq{CREATE DATABASE $database; GRANT CREATE ON DATABASE $database TO "O'Neil"});
}
$node->safe_psql('oneil', q{CREATE SCHEMA "my ""app's"; CREATE EXTENSION studentdir SCHEMA "my ""app's";
	INSERT INTO "my ""app's".students (name) VALUES ('Ada')}, extra_params => [ '-U', q{O'Neil} ]);
dump_to(q{O'Neil}, 'oneil', "$dir/oneil.sql");
for my $case ([ q{O'Neil}, 'oneil2' ], [ $superuser, 'oneil3' ])
{
	my ($role, $database) = @$case;
	command_ok([ 'psql', '-Xqo', "$dir/psql.out", '-v', 'ON_ERROR_STOP=1', connection($role, $database), '-f', "$dir/oneil.sql" ],
		"restored as $role");
	is( $node->safe_psql($database, q{SELECT name FROM "my ""app's".students;
			SELECT studentdir.migration_create('20260101000000-x', 'CREATE TABLE "my ""app''s".x ()');
			SELECT name, action FROM studentdir.migrate()}, extra_params => [ '-U', q{O'Neil} ]),
		"Ada\n20260101000000-x\n20260101000000-x|migrated", "restored as $role: O'Neil migrates on");
}

# A developer's migration does not become somebody else's on the way.
$node->safe_psql('of_owner', "SELECT studentdir.migration_create('20260103000000-by-dev', 'SELECT 2')",
	extra_params => [ '-U', 'dev' ]);
dump_to('owner', 'of_owner', "$dir/dev.dump", '-Fc');
create_database($superuser);
restore('a developer\'s migration', 'pg_restore', connection($superuser, $target), "$dir/dev.dump");
is($node->safe_psql($target, "SELECT registered_by FROM studentdir.migration WHERE name LIKE '%by-dev'"),
	'dev', 'restored by a superuser it is still the developer\'s');
my ($code, undef, $err) = $node->psql($target, 'SELECT * FROM studentdir.migrate()');
like($err, qr/was registered by role "owner", which role "\w+" is not a member of/, 'and the superuser does not run it');
create_database('owner');
restore('a developer\'s migration, by owner', 'pg_restore', connection('owner', $target), "$dir/dev.dump");
is($node->safe_psql($target, "SELECT registered_by FROM studentdir.migration WHERE name LIKE '%by-dev'"),
	'owner', 'restored by another role it is that role\'s');

$node->stop;
done_testing();
