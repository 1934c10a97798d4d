# pg_upgrade, here to the same version of PostgreSQL: members, rows of the catalogs, tables,
# privileges come along, and migrations go on.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old = PostgreSQL::Test::Cluster->new('old');
$old->init;
$old->start;
$old->safe_psql('postgres', 'CREATE ROLE owner LOGIN; CREATE ROLE dev LOGIN; CREATE DATABASE app OWNER owner');
$old->safe_psql('app', q{
	CREATE SCHEMA "my ""app";
	CREATE EXTENSION studentdir SCHEMA "my ""app";
	SET search_path = "my ""app";
	ALTER TABLE students ADD COLUMN phone text;
	INSERT INTO students (name, phone) VALUES ('Ada', '1');
	SELECT studentdir.define('Course', '{"title":"STRING"}');
	SELECT studentdir.migration_create('20260101000000-a', 'CREATE TABLE courses (id integer PRIMARY KEY, title varchar(255), created_at timestamptz, updated_at timestamptz)', 'DROP TABLE courses');
	SELECT studentdir.migration_create('20260102000000-b', 'SELECT studentdir.expose(''Course'')', 'SELECT studentdir.unexpose(''Course'')');
	SELECT studentdir.migrate('20260101000000-a');
	SELECT studentdir.seed_create('20260101000000-s', 'SELECT student_create(''{"name":"Bob"}'')', 'SELECT students_destroy(''{"where":{"name":"Bob"}}'')');
	GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir TO dev;
}, extra_params => [ '-U', 'owner' ]);

# pg_upgrade asks the new server to LOAD what the old one names.  From 18 on a library that is found by
# its path only, as in a server that is told to look elsewhere, can be called but not loaded so.
plan skip_all => 'pg_upgrade cannot load a library that is not in $libdir itself'
  if $old->psql('app', q{LOAD '$libdir/studentdir'}) != 0;

my $state = q{
	SELECT s FROM "my ""app".students s ORDER BY id;
	SELECT m FROM studentdir.model m ORDER BY name;
	SELECT m FROM studentdir.migration m ORDER BY name;
	SELECT s FROM studentdir.seed s ORDER BY name;
	SELECT pg_describe_object(classid, objid, objsubid) FROM pg_depend d JOIN pg_extension e ON e.oid = refobjid WHERE extname = 'studentdir' AND deptype = 'e' ORDER BY 1;
	SELECT relname, pg_get_userbyid(relowner), (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(relacl) a) FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('studentdir'::regnamespace, '"my ""app"'::regnamespace) ORDER BY 1;
	SELECT proname, (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(proacl) a) FROM pg_proc WHERE pronamespace = 'studentdir'::regnamespace ORDER BY oid::regprocedure::text;
	SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgrelid::regclass::text, 2;
	SELECT extversion, extnamespace::regnamespace, extconfig::regclass[] FROM pg_extension WHERE extname = 'studentdir';
};
my $expected = $old->safe_psql('app', $state);
like($expected, qr/20260101000000-a/, 'there is a ledger');

my $new = PostgreSQL::Test::Cluster->new('new');
$new->init;
$old->stop;
my $bindir = $old->config_data('--bindir');
my $where = PostgreSQL::Test::Utils::tempdir_short();
chdir $where or die;
command_ok(
	[
		'pg_upgrade', '-b', $bindir, '-B', $bindir, '-d', $old->data_dir, '-D', $new->data_dir,
		'-s', $new->host, '-p', $old->port, '-P', $new->port
	],
	'pg_upgrade');
$new->start;
is($new->safe_psql('app', $state), $expected, 'all has come along');
is( $new->safe_psql('app', q{SET search_path = "my ""app";
		SELECT name, action FROM studentdir.migrate(); SELECT courses_count();
		SELECT name, action FROM studentdir.seed(); SELECT students_count();
		SELECT name, action FROM studentdir.migrate_undo(steps => 2)}, extra_params => [ '-U', 'owner' ]),
	"20260102000000-b|migrated\n0\n20260101000000-s|migrated\n2\n20260102000000-b|reverted\n20260101000000-a|reverted",
	'and migrations go on');

$new->stop;
done_testing();
