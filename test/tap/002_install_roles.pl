# Who may install the extension, where, and what the roles around it may do then.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('roles');
$node->init;
$node->start;

# Runs SQL as a role; returns what it printed, or the error with its SQLSTATE.
sub as
{
	my ($role, $database, $sql) = @_;
	my ($code, $out, $err) =
	  $node->psql($database, "\\set VERBOSITY verbose\n\\set SHOW_CONTEXT never\n$sql", extra_params => [ '-U', $role ]);
	return $code == 0 ? $out : $err;
}

$node->safe_psql('postgres', <<'SQL');
CREATE ROLE plain LOGIN; CREATE ROLE "O'Neil" LOGIN; CREATE ROLE nobody LOGIN; CREATE ROLE db_owner LOGIN;
CREATE ROLE migrator LOGIN; CREATE ROLE dev LOGIN;
CREATE DATABASE a; CREATE DATABASE b; CREATE DATABASE c OWNER db_owner; CREATE DATABASE d OWNER db_owner;
GRANT CREATE ON DATABASE a TO plain; GRANT CREATE ON DATABASE b TO "O'Neil";
SQL

# a role with CREATE on the database, but not on public
my $error = as('plain', 'a', 'CREATE EXTENSION studentdir');
like($error, qr/ERROR:  42501: role "plain" may not create tables in schema "public"/, 'public is not writable');
like($error, qr/HINT:  .*CREATE EXTENSION studentdir SCHEMA/, 'the hint says what to do');
is(as('plain', 'a', "SELECT count(*) FROM pg_namespace WHERE nspname = 'studentdir'"), '0', 'nothing is left behind');

as('plain', 'a', 'CREATE SCHEMA app; CREATE EXTENSION studentdir SCHEMA app');
is( as('plain', 'a', q{SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'app' ORDER BY 1}),
	"posts|plain\nstudents|plain\nusers|plain", 'it installs into a schema of its own');
is(as('plain', 'a', q{SELECT tableowner FROM pg_tables WHERE schemaname = 'studentdir' AND tableowner = 'plain'}),
	'', 'the catalogs are not the installing role\'s');
like(as('plain', 'a', 'CREATE TRIGGER t BEFORE INSERT ON studentdir.model FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()'),
	qr/42501/, 'nor can it put triggers on them');
is(as('plain', 'a', q{INSERT INTO app.students (name) VALUES ('Ada') RETURNING id}), "1\nINSERT 0 1" =~ s/\nINSERT 0 1//r, 'the tables work');

# The script runs as a superuser with the target schema in its search_path: nothing that the
# installing role has put there may run.
as('plain', 'a', 'DROP EXTENSION studentdir; DROP TABLE app.posts, app.users, app.students');
is(as('plain', 'a', <<'SQL'), '', 'traps are set');
SET search_path = app;
CREATE FUNCTION trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE FUNCTION trap(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE FUNCTION trap(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped as %', current_user; END $$;
CREATE FUNCTION pg_extension_config_dump(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT app.trap()';
CREATE FUNCTION set_config(text, text, boolean) RETURNS boolean LANGUAGE sql AS 'SELECT app.trap()';
CREATE FUNCTION now() RETURNS timestamptz LANGUAGE sql AS 'SELECT app.trap(); SELECT NULL::timestamptz';
CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT app.trap(); SELECT NULL::timestamptz';
CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = trap);
CREATE OPERATOR <> (LEFTARG = text, RIGHTARG = text, FUNCTION = trap);
CREATE OPERATOR = (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = trap);
CREATE OPERATOR <> (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = trap);
CREATE DOMAIN timestamptz AS text CHECK (app.trap());
CREATE DOMAIN jsonb AS text CHECK (app.trap());
SQL
is(as('plain', 'a', 'CREATE EXTENSION studentdir SCHEMA app'), '', 'nothing is trapped');
is(as('plain', 'a', q{SET search_path = app, pg_catalog; SELECT count(*) FROM studentdir.migrate_undo(steps => 3);
	SELECT action FROM studentdir.migrate()}) =~ s/^(NOTICE|LOCATION).*\n//gmr, "3\nmigrated\nmigrated\nmigrated",
	'nor in what the migrations run');

# a role without CREATE on the database
as('db_owner', 'c', 'REVOKE CREATE ON DATABASE c FROM PUBLIC');
like(as('nobody', 'c', 'CREATE EXTENSION studentdir'), qr/ERROR:  42501/, 'CREATE on the database is needed');

# names that need quoting
as("O'Neil", 'b', q{CREATE SCHEMA "we""ird Sch'ema"; CREATE EXTENSION studentdir SCHEMA "we""ird Sch'ema"});
is( as("O'Neil", 'b', q{SELECT tablename FROM pg_tables WHERE schemaname = 'we"ird Sch''ema' AND tableowner = 'O''Neil' ORDER BY 1}),
	"posts\nstudents\nusers", 'schema and role may need quoting');
is(as("O'Neil", 'b', q{SELECT DISTINCT registered_by, applied_by FROM studentdir.migration}), "O'Neil|O'Neil",
	'the ledger knows the role');
is( as("O'Neil", 'b', q{SELECT name FROM studentdir.migrate_undo(steps => 3); SELECT action FROM studentdir.migrate()}) =~ s/^(NOTICE|LOCATION).*\n//gmr,
	"00000000000003-create-posts\n00000000000002-create-users\n00000000000001-create-students\nmigrated\nmigrated\nmigrated",
	'it undoes and migrates');

# schema studentdir is taken
as('db_owner', 'c', 'CREATE SCHEMA studentdir');
$error = as('db_owner', 'c', 'CREATE EXTENSION studentdir');
like($error, qr/ERROR:  42P06: schema "studentdir" already exists/, 'schema studentdir is taken');
like($error, qr/HINT:  .*rename or drop/, 'the hint says what to do');
as('db_owner', 'c', 'DROP SCHEMA studentdir');

# DROP EXTENSION and back, with a table that another role took over in between
as('db_owner', 'c', q{CREATE EXTENSION studentdir; INSERT INTO users (name) VALUES ('Eve'); DROP EXTENSION studentdir});
is(as('db_owner', 'c', 'SELECT name FROM users'), 'Eve', 'DROP EXTENSION leaves the rows');
my ($code, undef, $info) = $node->psql('c', 'CREATE EXTENSION studentdir', extra_params => [ '-U', 'db_owner' ]);
is($code, 0, 'CREATE EXTENSION adopts the tables');
like($info, qr/INFO:  table public\.users already exists and was adopted for model User/, 'and says so');
is(as('db_owner', 'c', 'SELECT name FROM users'), 'Eve', 'with their rows');
as('db_owner', 'c', 'DROP EXTENSION studentdir');
$node->safe_psql('c', 'ALTER TABLE users OWNER TO nobody');
like(as('db_owner', 'c', 'CREATE EXTENSION studentdir'),
	qr/42P07.*\n.*DETAIL:  It belongs to role "nobody", not to "db_owner"\./, 'another role\'s table is not taken over');

# installed by a superuser: the database's owner may migrate, and let others do so
$node->safe_psql('d', 'CREATE EXTENSION studentdir');
$node->safe_psql('d', 'GRANT CREATE ON SCHEMA public TO migrator, dev');
unlike(as('db_owner', 'd', 'SELECT * FROM studentdir.migrate()'), qr/ERROR/, 'the database\'s owner may migrate');
like(as('migrator', 'd', 'SELECT * FROM studentdir.migrate()'), qr/ERROR:  42501: permission denied for function migrate/,
	'others may not');
as('db_owner', 'd', 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO migrator, dev;
	GRANT EXECUTE ON FUNCTION studentdir.migrate, studentdir.migrate_undo TO migrator');
as('migrator', 'd', q{SELECT studentdir.migration_create('20260101000000-mine', 'CREATE TABLE mine ()', 'DROP TABLE mine')});
unlike(as('migrator', 'd', 'SELECT * FROM studentdir.migrate()'), qr/ERROR/, 'a migrating role may, when it is granted');
is(as('migrator', 'd', q{SELECT tableowner FROM pg_tables WHERE tablename = 'mine'}), 'migrator', 'and works as itself');
like(as('migrator', 'd', 'SELECT * FROM studentdir.migrate_undo(steps => 2)'),
	qr/ERROR:  42501: migration "00000000000003-create-posts" was registered by role/, 'but does not undo another\'s');

# a developer cannot have a more powerful role run SQL
as('dev', 'd', q{INSERT INTO studentdir.migration (name, up, checksum, registered_by)
	SELECT '20260102000000-evil', 'ALTER ROLE dev SUPERUSER', '', rolname FROM pg_roles WHERE oid = 10});
as('dev', 'd', q{UPDATE studentdir.migration SET down = 'ALTER ROLE dev SUPERUSER' WHERE name LIKE '0%'});
for my $call ('migrate()', 'migrate_undo(steps => 4, force => true)')
{
	my (undef, undef, $refusal) = $node->psql('d', "SELECT * FROM studentdir.$call");
	like($refusal, qr/ERROR:  .*(registered by role "\w+", which|was changed after)/, "a superuser's $call refuses");
}
is($node->safe_psql('d', "SELECT rolsuper FROM pg_roles WHERE rolname = 'dev'"), 'f', 'nothing of it ran');

# what the messages of migrations look like
$node->safe_psql('postgres', 'CREATE DATABASE e');
$node->safe_psql('e', q{CREATE EXTENSION studentdir; SELECT studentdir.migration_create('20260101000000-x', 'CREATE TABLE x ()', 'DROP TABLE x')});
my (undef, undef, $notices) = $node->psql('e', 'SELECT * FROM studentdir.migrate(); SELECT * FROM studentdir.migrate(); SELECT * FROM studentdir.migrate_undo()');
like($notices, qr/NOTICE:  == 20260101000000-x: migrating =======\n.*NOTICE:  == 20260101000000-x: migrated \(\d+\.\d{3}s\)\n/,
	'progress of migrate()');
like($notices, qr/NOTICE:  No migrations were executed, database schema was already up to date\./, 'nothing to migrate');
like($notices, qr/NOTICE:  == 20260101000000-x: reverting =======\n.*NOTICE:  == 20260101000000-x: reverted \(\d+\.\d{3}s\)/,
	'progress of migrate_undo()');

$node->stop;
done_testing();
