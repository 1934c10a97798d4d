# Three ways to a version of the extension: installed fresh, updated from every older one, dumped
# and restored.  They have to come to the same; and an update keeps what users made.
#
# The version after the current one is made up here, so that the way there is tested before there
# is one: it adds functions, a table and a column.
use strict;
use warnings;

use File::Copy qw(copy);
use File::Find qw(find);
use File::Path qw(make_path);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($dest) = ($ENV{SD_LIBRARY} // '') =~ m{^(.+/dest)/};
plan skip_all => 'this server cannot look for extensions elsewhere' unless $dest && $ENV{SD_EXTRA_CONF};

# A copy of what is installed, for a version of its own to be put in.
my $mine = PostgreSQL::Test::Utils::tempdir_short();
my ($control, $library);
find(
	{
		no_chdir => 1,
		wanted => sub {
			my $to = $mine . substr($_, length $dest);
			return make_path($to) if -d $_;
			copy($_, $to) or die "cannot copy $_: $!";
			chmod((stat $_)[2] & 07777, $to);
			$control = $to if m{/studentdir\.control$};
			$library = $to if m{/studentdir\.so$};
		}
	},
	$dest);
(my $folder = $control) =~ s{/[^/]+$}{};

my ($current) = slurp_file($control) =~ /^default_version = '(.*)'/m;
my $next = '9.9.9';
my $added = <<'SQL';
ALTER TABLE studentdir.migration ADD COLUMN note text;
COMMENT ON COLUMN studentdir.migration.note IS 'what the author says';
ALTER TABLE studentdir.model ADD COLUMN note text DEFAULT 'made up';
ALTER TABLE studentdir.association ADD COLUMN note text;
DROP FUNCTION studentdir.count(text, jsonb, jsonb);
CREATE FUNCTION studentdir.count(model text, options jsonb DEFAULT '{}', params jsonb DEFAULT NULL, more jsonb DEFAULT NULL)
  RETURNS bigint LANGUAGE c STABLE COST 10 AS 'MODULE_PATHNAME', 'studentdir_count';
COMMENT ON FUNCTION studentdir.count IS 'made anew';
CREATE TABLE studentdir.setting (name text PRIMARY KEY, value text);
COMMENT ON TABLE studentdir.setting IS 'made up';
GRANT SELECT ON studentdir.setting TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON studentdir.setting TO pg_database_owner WITH GRANT OPTION;
SELECT pg_catalog.pg_extension_config_dump('studentdir.setting', '');
CREATE FUNCTION studentdir.next_one(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION studentdir.next_one IS 'made up';
CREATE PROCEDURE studentdir.next_two(a integer) LANGUAGE sql AS 'SELECT 1';
REVOKE EXECUTE ON ROUTINE studentdir.next_one, studentdir.next_two FROM PUBLIC;
GRANT EXECUTE ON ROUTINE studentdir.next_one, studentdir.next_two TO pg_database_owner WITH GRANT OPTION;
SQL
my $install = "SELECT studentdir.install();\n";
my $fresh = slurp_file("$folder/studentdir--$current.sql");
$fresh =~ s/\Q$install\E// or die 'the script does not end with install()';
append_to_file("$folder/studentdir--$next.sql", $fresh . $added . $install);
append_to_file("$folder/studentdir--$current--$next.sql", $added . "SELECT studentdir.grant_to_owner();\n");

# The next version's library: the same but for the number that it says.
my $object = slurp_file($library);
die "the numbers differ in length" if length($current) != length($next);
(my $changed = $object) =~ s{\Q$current\E\0}{$next\0}g;
ok($changed ne $object, 'the library says its version');

sub write_library
{
	my ($bytes) = @_;
	unlink $library;
	open(my $file, '>:raw', $library) or die "cannot write $library: $!";
	print $file $bytes;
	close $file;
	chmod 0755, $library;
}

my $node = PostgreSQL::Test::Cluster->new('update');
$node->init;
(my $conf = $ENV{SD_EXTRA_CONF}) =~ s/\Q$dest\E/$mine/g;
$node->append_conf('postgresql.conf', $conf);
$node->start;
$node->safe_psql('postgres', 'CREATE ROLE owner LOGIN; CREATE ROLE dev LOGIN');

# All that the extension is, but for OIDs and times, and for who granted: a role that restores its
# own dump grants to itself.
my $what_it_is = <<'SQL';
SELECT 'routine', p.oid::regprocedure, pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc'), pg_get_userbyid(p.proowner),
       (SELECT array_agg(DISTINCT split_part(acl::text, '/', 1)) FROM unnest(p.proacl) acl)
  FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'studentdir' ORDER BY 2;
SELECT 'member', pg_describe_object(classid, objid, objsubid) FROM pg_depend d JOIN pg_extension e ON e.oid = refobjid AND extname = 'studentdir'
  WHERE deptype = 'e' ORDER BY 2;
SELECT 'table', c.oid::regclass, obj_description(c.oid, 'pg_class'), pg_get_userbyid(relowner),
       (SELECT array_agg(DISTINCT split_part(acl::text, '/', 1)) FROM unnest(relacl) acl)
  FROM pg_class c WHERE relnamespace = 'studentdir'::regnamespace AND relkind <> 'i' ORDER BY 2;
SELECT 'column', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attcollation::regcollation,
       pg_get_expr(adbin, adrelid), col_description(attrelid, attnum), attacl
  FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = 'studentdir'::regnamespace AND relkind = 'r' AND attnum > 0 ORDER BY 2, 3;
SELECT 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'studentdir'::regnamespace ORDER BY 2, 3;
SELECT 'trigger', tgrelid::regclass, pg_get_triggerdef(t.oid), tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
  WHERE relnamespace = 'studentdir'::regnamespace ORDER BY 2, 3;
SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'studentdir' ORDER BY 2;
SELECT 'schema', obj_description(oid, 'pg_namespace'), pg_get_userbyid(nspowner), nspacl FROM pg_namespace WHERE nspname = 'studentdir';
SELECT 'extension', extversion, extnamespace::regnamespace, pg_get_userbyid(extowner), tables.* FROM pg_extension e,
  LATERAL (SELECT array_agg(r::regclass::text ORDER BY r::regclass::text), array_agg(DISTINCT c) FROM unnest(extconfig, extcondition) AS t(r, c)) tables
  WHERE extname = 'studentdir';
SELECT 'model', m FROM studentdir.model m ORDER BY m.name;
SELECT 'association', a FROM studentdir.association a ORDER BY 2;
SELECT 'migration', name, up, down, checksum, registered_by, applied_at IS NOT NULL FROM studentdir.migration ORDER BY name;
SQL
my $what_users_made = <<'SQL';
SELECT to_jsonb(m) - 'note' FROM studentdir.migration m ORDER BY name;
SELECT s FROM studentdir.seed s ORDER BY name;
SELECT to_jsonb(m) - 'note' FROM studentdir.model m ORDER BY name;
SELECT s FROM students s ORDER BY id;
SELECT relname, (SELECT array_agg(DISTINCT split_part(acl::text, '/', 1)) FROM unnest(relacl) acl) FROM pg_class WHERE relname IN ('model', 'migration', 'seed', 'students') ORDER BY 1;
SELECT proname, (SELECT array_agg(DISTINCT split_part(acl::text, '/', 1)) FROM unnest(proacl) acl) FROM pg_proc WHERE proname IN ('migrate', 'courses_list') ORDER BY 1;
SQL
my $use = <<'SQL';
INSERT INTO students (name) VALUES ('Ada');
SELECT studentdir.define('Course', '{"title":"STRING"}');
SELECT studentdir.expose('Course');
SELECT studentdir.migration_create('20260101000000-a', 'CREATE TABLE a ()', 'DROP TABLE a');
SELECT studentdir.migration_create('20260102000000-b', 'CREATE TABLE b ()', 'DROP TABLE b');
SELECT studentdir.seed_create('20260101000000-s', 'SELECT 1', 'SELECT 1');
SELECT studentdir.migrate('20260101000000-a');
SELECT studentdir.seed();
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO dev;
GRANT EXECUTE ON FUNCTION studentdir.migrate TO dev;
SQL

sub as { return (extra_params => [ '-U', $_[0] ]) }

# Compares by the lines in which they differ.
sub same
{
	my ($got, $expected, $what) = @_;
	my %got = map { $_ => 1 } split /\n/, $got;
	my %expected = map { $_ => 1 } split /\n/, $expected;
	is(join("\n", (map { "- $_" } grep { !$got{$_} } sort keys %expected), (map { "+ $_" } grep { !$expected{$_} } sort keys %got)), '', $what);
	is(length $got, length $expected, "$what: nothing twice");
}

sub dump_and_restore
{
	my ($role, $from, $to) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $to OWNER owner");
	my $file = "$mine/$from.dump";
	my @server = ('-h', $node->host, '-p', $node->port, '-U', $role);
	command_ok([ 'pg_dump', @server, '-Fc', '-f', $file, $from ], "pg_dump $from as $role");
	command_ok([ 'pg_restore', @server, '-d', $to, $file ], "pg_restore into $to as $role");
}

# The oldest versions first: every script that there is to install from.
my @versions = sort grep { !/--/ && $_ ne $next } map { m{/studentdir--([^/]+)\.sql$} } glob("$folder/studentdir--*.sql");
ok(scalar(grep { $_ eq $current } @versions), "version $current is there");
my $superuser = $node->safe_psql('postgres', 'SELECT current_user');

# Restoring is always into the default version: every version is that once.
for my $target ($current, $next)
{
	write_library($target eq $next ? $changed : $object);
	my $text = slurp_file($control);
	$text =~ s/^default_version = .*/default_version = '$target'/m;
	open(my $file, '>', $control) or die;
	print $file $text;
	close $file;

	for my $role ('owner', $superuser)
	{
		my $suffix = "${role}_" . ($target eq $next ? 'next' : 'current');
		$node->safe_psql('postgres', "CREATE DATABASE fresh_$suffix OWNER owner");
		$node->safe_psql("fresh_$suffix", 'CREATE EXTENSION studentdir', as($role));
		my $expected = $node->safe_psql("fresh_$suffix", $what_it_is);
		like($expected, qr/^extension\|\Q$target\E\|/m, "$role: version $target is installed");

		dump_and_restore($role, "fresh_$suffix", "restored_$suffix");
		same($node->safe_psql("restored_$suffix", $what_it_is), $expected, "$role: restored $target is as fresh");

		for my $old (grep { $_ ne $target } @versions)
		{
			(my $database = "from_${old}_$suffix") =~ s/\W/_/g;
			next unless $node->safe_psql('postgres', "SELECT path FROM pg_extension_update_paths('studentdir') WHERE source = '$old' AND target = '$target' AND path IS NOT NULL");
			write_library($object);
			$node->safe_psql('postgres', "CREATE DATABASE $database OWNER owner");
			$node->safe_psql($database, "CREATE EXTENSION studentdir VERSION '$old'", as($role));
			$node->safe_psql('postgres', "CREATE DATABASE used_$database TEMPLATE $database OWNER owner");
			$node->safe_psql("used_$database", $use, as($role));
			my $made = $node->safe_psql("used_$database", $what_users_made);

			# a new library comes first: it says so where it matters, and reads go on
			write_library($changed);
			is($node->safe_psql("used_$database", 'SELECT students_count()', as($role)), '1', "$role: the new library reads with the old script");
			my ($code, $out, $err) = $node->psql("used_$database", 'SELECT studentdir.migrate()', as($role));
			like($err, qr/library of studentdir is of version \Q$target\E, and the extension of version \Q$old\E\nHINT:  .*ALTER EXTENSION studentdir UPDATE/, "$role: migrate() says that an update is due");

			$node->safe_psql($_, 'ALTER EXTENSION studentdir UPDATE', as($role)) for $database, "used_$database";
			same($node->safe_psql($database, $what_it_is), $expected, "$role: updated from $old is as fresh");
			same($node->safe_psql("used_$database", $what_users_made), $made, "$role: an update keeps what users made");
			my $what = $node->safe_psql("used_$database", $what_it_is);
			dump_and_restore($role, "used_$database", "again_$database");
			same($node->safe_psql("again_$database", $what_it_is), $what, "$role: updated and restored is the same");
			same($node->safe_psql("again_$database", $what_users_made), $made, "$role: and what users made is there");
			is($node->safe_psql("again_$database", 'SELECT name, action FROM studentdir.migrate()', as($role)), '20260102000000-b|migrated', "$role: and migrates on");
			is($node->safe_psql("used_$database", q{SELECT studentdir.next_one(1); CALL studentdir.next_two(1); INSERT INTO studentdir.setting VALUES ('a', 'b')}, as($role)), '1', "$role: may call what is new");
			($code, $out, $err) = $node->psql("used_$database", 'SELECT studentdir.next_one(1)', as('dev'));
			like($err, qr/permission denied for function next_one/, 'and others may not');

			# a library that is older than the script: one that was put back, or that a session has loaded before
			write_library($object);
			is($node->safe_psql("used_$database", 'SELECT students_count()', as($role)), '1', "$role: the older library reads with the new script");
			($code, $out, $err) = $node->psql("used_$database", 'SELECT studentdir.migrate()', as($role));
			like($err, qr/library of studentdir is of version \Q$old\E, and the extension of version \Q$target\E\nHINT:  Connect anew.* install version \Q$target\E/,
				"$role: migrate() asks for the newer library");
			write_library($changed);
		}
	}
}

# Sessions with descriptors, plans and prepared statements of before: in the middle of a transaction,
# between two, in a loop of calls.  None of them fails, while the update runs, after it is rolled back,
# and after it is committed.
my $open = 'open_sessions';
write_library($object);
$node->safe_psql('postgres', "CREATE DATABASE $open OWNER owner");
$node->safe_psql($open, "CREATE EXTENSION studentdir VERSION '$current'", as('owner'));
$node->safe_psql($open, $use, as('owner'));
$node->safe_psql($open, q(SELECT count(*) FROM studentdir.sync()), as('owner'));
$node->safe_psql($open, 'CREATE TABLE go_on (); CREATE TABLE calls (n integer)', as('owner'));
my $warm = <<'SQL';
PREPARE list AS SELECT students_list('{"attributes": ["name"], "order": ["id"], "limit": 1}');
PREPARE counted AS SELECT studentdir.count('Student', $1);
PREPARE defined AS SELECT courses_count();
CREATE FUNCTION pg_temp.add(title text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM course_create(jsonb_build_object('title', title));
  RETURN studentdir.count('Course', jsonb_build_object('where', jsonb_build_object('title', title)));
END $$;
SQL
# more often than the five times after which a plan may be a generic one
my $calls = q(EXECUTE list; EXECUTE counted('{"where": {"name": "Ada"}}'); EXECUTE defined;) x 7;
my $answers = qr/^(?:\[\{"name":"Ada"\}\]\n1\n\d+\n){7}1$/;
sub session
{
	my $session = $node->background_psql($open, on_error_stop => 1, extra_params => [ '-U', 'owner' ]);
	$session->query_safe("$warm$calls");
	return $session;
}
my ($between, $within, $updating) = (session(), session(), session());
is($between->query_safe(q(SELECT pg_temp.add('a'))), '1', 'a function with plans of its own');
my @loops = map {
	my %loop = (out => '', err => '');
	my $call = <<"SQL";
DO \$\$
DECLARE done integer := 0;
BEGIN
  WHILE to_regclass('go_on') IS NOT NULL LOOP
    PERFORM course_create('{"title": "loop $_"}'), courses_list('{"limit": 3}'), studentdir.count('Course', '{}'),
      student_update(1, jsonb_build_object('cohort', done::text));
    done := done + 1;
    IF done = 100 THEN INSERT INTO calls VALUES ($_); END IF;
    COMMIT;
  END LOOP;
END \$\$
SQL
	my $result = qq(SELECT studentdir.count('Course', '{"where": {"title": "loop $_"}}') > 100);
	$loop{psql} = IPC::Run::start([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($open), '-U', 'owner', '-c', $call, '-c', $result ],
		'<', \undef, '>', \$loop{out}, '2>', \$loop{err});
	\%loop;
} 1, 2;
ok($node->poll_query_until($open, 'SELECT count(*) = 2 FROM calls'), 'two sessions call in a loop');

write_library($changed);
$within->query_safe("BEGIN; $calls SELECT pg_temp.add('b');");
$updating->query_safe('BEGIN; ALTER EXTENSION studentdir UPDATE; ROLLBACK');
is($between->query_safe(q(EXECUTE counted('{}'))), '1', 'after an update that was rolled back all is as before');
$within->query_safe("$calls SELECT pg_temp.add('b');");
is($within->query_safe(q(SELECT pg_temp.add('b'))), '3', 'in the middle of a transaction, too');

$updating->query_safe('BEGIN; ALTER EXTENSION studentdir UPDATE');
like($updating->query_safe("$calls SELECT pg_temp.add('c')"), $answers, 'the session that updates goes on in its transaction');
$updating->query_safe('COMMIT');
for my $named ([ between => $between ], [ within => $within ], [ updating => $updating ])
{
	my ($name, $session) = @$named;
	like($session->query_safe("$calls SELECT pg_temp.add('$name')"), $answers, "$name: goes on after the update");
	is($session->query_safe(q(SELECT studentdir.count('Course', '{"where": {"title": "a"}}', NULL, '{}'))), '1', "$name: calls what was made anew");
}
$within->query_safe('COMMIT');
$node->safe_psql($open, q(SELECT studentdir.define('Late', '{"title": "STRING"}'); SELECT count(*) FROM studentdir.sync()), as('owner'));
is($updating->query_safe(q(DO $$ BEGIN PERFORM studentdir.migrate(); RAISE 'not told'; EXCEPTION WHEN object_not_in_prerequisite_state THEN END $$; SELECT 'told')),
	'told', 'what writes the record of migrations asks for a session with the new library');
is($between->query_safe(q(SELECT studentdir.count('Late'))), '0', 'and hears of models that are defined later');
$node->safe_psql($open, 'DROP TABLE go_on', as('owner'));
for my $loop (@loops)
{
	$loop->{psql}->finish;
	is("$loop->{out}$loop->{err}", "t\n", 'no call of the loop failed');
}
like($node->safe_psql($open, $what_it_is), qr/^extension\|\Q$next\E\|/m, 'the extension is the next one');
$_->quit for $between, $within, $updating;

# grants are a step of the scripts, and of nobody else
my ($code, $out, $err) = $node->psql('fresh_owner_next', 'SELECT studentdir.grant_to_owner()', as('owner'));
like($err, qr/permission denied|runs only there/, 'grant_to_owner() is a step of the scripts only');

$node->stop;
done_testing();
