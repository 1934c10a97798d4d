# Migrations against a server that dies, and behind statements that reach it one by one.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('migrations');
$node->init;
# the server starts again by itself after a crash
$node->append_conf('postgresql.conf', "restart_after_crash = on\nstudentdir.lock_timeout = 0");
$node->start;
$node->safe_psql('postgres', q{
	CREATE EXTENSION studentdir;
	CREATE TABLE held (i integer);
	SELECT studentdir.migration_create('20260101000000-a', 'CREATE TABLE a (i integer); INSERT INTO a VALUES (1)', 'DROP TABLE a');
	SELECT studentdir.migration_create('20260102000000-b', $$
		SELECT studentdir.define('Course', '{"title":"STRING"}');
		CREATE TABLE b (i integer);
		INSERT INTO held VALUES (1);
		CREATE TABLE courses (id integer PRIMARY KEY, title text, created_at timestamptz, updated_at timestamptz)$$,
		$$DROP TABLE b; DROP TABLE courses; SELECT studentdir.undefine('Course')$$);
	SELECT studentdir.seed_create('20260101000000-s', 'INSERT INTO students (name) VALUES (''Ann''); INSERT INTO held VALUES (1)');
});

my $ledger = q{SELECT name, applied_at IS NOT NULL, done_statements FROM studentdir.migration WHERE name > '2' ORDER BY name};
my $objects = q{SELECT to_regclass('a'), to_regclass('b'), to_regclass('courses'), EXISTS (SELECT FROM studentdir.model WHERE name = 'Course')};

# A session that holds the table, so that what it stops can be killed there.
sub hold
{
	my $session = $node->background_psql('postgres', on_error_stop => 0);
	$session->query_safe('BEGIN; LOCK TABLE held');
	return $session;
}

# Starts psql with a script; kills its backend with SIGKILL as soon as it waits for the table.
sub kill_while
{
	my ($script) = @_;
	my ($out, $err) = ('', '');
	my $holder = hold();
	my $file = $node->basedir . '/killed.sql';
	unlink $file;
	append_to_file($file, $script);
	my $psql = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-f', $file ], '<', \undef, '>', \$out, '2>', \$err);
	$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'})
	  or die 'nobody waits';
	my $pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'});
	kill 9, $pid;
	$psql->finish;
	$node->poll_query_until('postgres', 'SELECT true') or die 'the server does not come back';
	# its connection went with the crash
	eval { $holder->quit };
	like($err, qr/server closed the connection|connection to server was lost/, 'the backend was killed');
}

# in the middle of migrate()
kill_while('SELECT name FROM studentdir.migrate();');
is($node->safe_psql('postgres', $ledger), "20260101000000-a|f|\n20260102000000-b|f|", 'no migration is applied');
is($node->safe_psql('postgres', $objects), '|||f', 'and nothing of them is there');

# in the middle of migrate_stepwise(): what it committed stays
kill_while('CALL studentdir.migrate_stepwise();');
is($node->safe_psql('postgres', $ledger), "20260101000000-a|t|\n20260102000000-b|f|", 'stepwise: the first one is applied');
is($node->safe_psql('postgres', $objects), 'a|||f', 'and nothing of the second one is there');

# in the middle of a script: what it counted stays, and it goes on there
kill_while("SELECT sql FROM studentdir.migrate_script() \\gexec\n");
is($node->safe_psql('postgres', $ledger), "20260101000000-a|t|\n20260102000000-b|f|2", 'script: two statements are done');
is($node->safe_psql('postgres', $objects), 'a|b||t', 'and no more');
my ($code, $out, $err) = $node->psql('postgres', 'SELECT name FROM studentdir.migrate()');
like($err, qr/was begun by migrate_script, which has carried out 2 of its statements/, 'migrate() does not run it again');
$node->safe_psql('postgres', "SELECT sql FROM studentdir.migrate_script() \\gexec\n");
is($node->safe_psql('postgres', $ledger), "20260101000000-a|t|\n20260102000000-b|t|", 'the script goes on to its end');
is($node->safe_psql('postgres', 'SELECT count(*) FROM held'), '1', 'and ran each statement once');

# in the middle of an undo, and of a seed
$node->safe_psql('postgres', q{UPDATE studentdir.migration SET down = down || '; DELETE FROM held' WHERE name LIKE '20260102%';
	SELECT studentdir.migration_repair('20260102000000-b')});
kill_while('SELECT name FROM studentdir.migrate_undo(steps => 2);');
is($node->safe_psql('postgres', $ledger), "20260101000000-a|t|\n20260102000000-b|t|", 'both are still applied');
is($node->safe_psql('postgres', $objects), 'a|b|courses|t', 'and all is there');
is($node->safe_psql('postgres', 'SELECT name, action FROM studentdir.migrate_undo(steps => 2)'),
	"20260102000000-b|reverted\n20260101000000-a|reverted", 'then undo works');
is($node->safe_psql('postgres', $objects), '|||f', 'and nothing is left');
kill_while('SELECT name FROM studentdir.seed();');
is($node->safe_psql('postgres', 'SELECT status, name FROM studentdir.seed_status(); SELECT students_count()'),
	"down|20260101000000-s\n0", 'nothing of the seed is there');
is($node->safe_psql('postgres', 'SELECT name, action FROM studentdir.seed(); SELECT students_count()'),
	"20260101000000-s|migrated\n1", 'then it works');

# a lost lock of the session that ran alone does not stay: another session goes on
$node->safe_psql('postgres', q{DELETE FROM studentdir.migration WHERE name > '2'; DROP TABLE IF EXISTS a, b, courses;
	SELECT studentdir.migration_create('20260103000000-c', 'LOCK TABLE held; CREATE INDEX CONCURRENTLY held_i ON held (i); INSERT INTO held VALUES (2)')});
kill_while("SELECT sql FROM studentdir.migrate_script() \\gexec\n");
$node->safe_psql('postgres', q{UPDATE studentdir.migration SET up = 'CREATE INDEX CONCURRENTLY held_i ON held (i); INSERT INTO held VALUES (2)' WHERE name > '2';
	SELECT studentdir.migration_repair('20260103000000-c')});
kill_while("SELECT sql FROM studentdir.migrate_script() \\gexec\n");
is($node->safe_psql('postgres', $ledger), '20260103000000-c|f|0', 'the index was begun');
$node->safe_psql('postgres', "DROP INDEX IF EXISTS held_i");
$node->safe_psql('postgres', "SELECT sql FROM studentdir.migrate_script() \\gexec\n");
is($node->safe_psql('postgres', "$ledger; SELECT indisvalid FROM pg_index WHERE indexrelid = 'held_i'::regclass"),
	"20260103000000-c|t|\nt", 'another session makes it');

# in the middle of a backfill: the batches before it stay, and it goes on there
$node->safe_psql('postgres', q{
	CREATE TABLE many (id integer PRIMARY KEY, n integer);
	INSERT INTO many SELECT i, 0 FROM generate_series(1, 95) AS i;
	CREATE FUNCTION wait_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.id = 45 THEN LOCK TABLE held; END IF; RETURN NEW; END $$;
	CREATE TRIGGER wait_at BEFORE UPDATE ON many FOR EACH ROW EXECUTE FUNCTION wait_at();
	SELECT studentdir.define('Many', '{"id":{"type":"INTEGER","primaryKey":true},"n":"INTEGER"}',
		'{"tableName":"many","timestamps":false,"name":{"singular":"Many","plural":"Manies"}}')});
my $backfill = q{CALL studentdir.backfill('Many', '{"n":{"$add":[{"$col":"n"},1]}}', batch => 10)};
my $many = 'SELECT last_key, rows, finished_at IS NOT NULL FROM studentdir.backfill; SELECT n, count(*) FROM many GROUP BY n ORDER BY n';
kill_while($backfill);
is($node->safe_psql('postgres', $many), "{40}|40|f\n0|55\n1|40", 'backfill: four batches are done');
# in another database too: the row is dumped
$node->command_ok([ 'pg_dump', '-f', $node->basedir . '/backfill.sql', $node->connstr('postgres') ], 'dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $node->basedir . '/backfill.sql', $node->connstr('restored') ], 'restore');
for my $database ('postgres', 'restored')
{
	$node->safe_psql($database, $backfill);
	is($node->safe_psql($database, $many), "{95}|95|t\n1|95", "$database: the rest is, and no row twice");
}

$node->stop;
done_testing();
