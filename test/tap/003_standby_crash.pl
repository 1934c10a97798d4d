# Finders on a hot standby, and what a crash in the middle of a write leaves.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
# the test of a crash wants the server to start again by itself
$primary->append_conf('postgresql.conf', 'restart_after_crash = on');
$primary->start;
$primary->safe_psql('postgres', q{
  CREATE EXTENSION studentdir;
  SELECT FROM users_bulk_create('[{"name":"Ann"},{"name":"Bob"}]');
  SELECT FROM posts_bulk_create('[{"title":"a","userId":1},{"title":"b","userId":1}]');
});

# a standby answers as its primary does
$primary->backup('copy');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'copy', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);

for my $query (
	q{SELECT users_list('{"order":["id"],"include":"Posts"}')},
	q{SELECT * FROM user_with_posts(1)},
	q{SELECT users_count('{"where":{"$Posts.title$":"a"}}')},
	q{SELECT users_find_and_count_all('{"limit":1,"order":["id"]}')},
	q{SELECT * FROM studentdir.to_sql('User', '{"where":{"id":1}}')})
{
	is($standby->safe_psql('postgres', $query), $primary->safe_psql('postgres', $query), "on a standby: $query");
}
is($standby->safe_psql('postgres', q{SELECT status FROM unnest('{/users/1,/users/1/posts,/users?include=Posts,/users/0,/users/x,/users/%zz}'::text[]) AS path, studentdir.request('GET', path)}),
	"200\n200\n200\n404\n400\n400", 'requests on a standby, failing ones too');
is($standby->safe_psql('postgres', q{SELECT * FROM studentdir.request('POST', '/users', '{"name":"x"}')}), '500|{"error":"server error"}',
	'a request that writes on a standby says no more than that it cannot');
my ($code, $out, $err) = $standby->psql('postgres', q{SELECT * FROM user_create('{"name":"x"}')}, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
like($err, qr/25006/, 'a writer on a standby is refused as any INSERT is');

# a model that changes on the primary changes on the standby
$primary->safe_psql('postgres', q{
  ALTER TABLE users ADD COLUMN nick text;
  UPDATE studentdir.model SET attributes = attributes || '[{"name":"nick","type":"TEXT","field":"nick"}]' WHERE name = 'User';
});
$primary->wait_for_catchup($standby);
is($standby->safe_psql('postgres', q{SELECT users_list('{"where":{"id":2},"attributes":["id","nick"]}')}), '[{"id":2,"nick":null}]', 'a changed model on a standby');

# a session that writes so many rows; returns it with its backend's pid when so many bytes of them are there
sub bulk_create
{
	my ($rows, $bytes) = @_;
	my ($in, $out) = ('', '');
	my $session = { err => '' };
	$session->{psql} = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $primary->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$session->{err});
	$in .= "SELECT 'ready ' || pg_backend_pid();\n";
	$session->{psql}->pump until $out =~ /ready (\d+)/;
	$session->{pid} = $1;
	$in .= qq{SELECT count(*) FROM students_bulk_create(('[' || repeat('{"name":"x"},', $rows - 1) || '{"name":"x"}]')::jsonb);\n};
	$session->{psql}->pump_nb;
	ok($primary->poll_query_until('postgres', "SELECT pg_relation_size('students') > $bytes"), "$rows rows are being written");
	return $session;
}

# what is to be seen when the server is back
sub check_nothing_left
{
	is($primary->safe_psql('postgres', 'SELECT students_count()'), '0', 'nothing of the unfinished bulk_create is there');
	is($primary->safe_psql('postgres', q{SELECT record ->> 'name' FROM student_create('{"name":"after"}')}), 'after', 'and writing goes on');
	$primary->safe_psql('postgres', 'TRUNCATE students');
}

# a backend that crashes in the middle of a bulk_create leaves nothing of it, and the server comes back
my $session = bulk_create(1000000, 1000000);
kill 9, $session->{pid};
$session->{psql}->finish;
like($session->{err}, qr/server closed the connection|connection to server was lost/, 'the backend was killed');
ok($primary->poll_query_until('postgres', 'SELECT true'), 'the server comes back');
check_nothing_left();

# nor does a server all of whose processes are gone at once
$standby->stop;
$session = bulk_create(1000000, 20000000);
my ($postmaster) = split /\n/, slurp_file($primary->data_dir . '/postmaster.pid');
my @processes = ($postmaster, split /\n/, $primary->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()'));
ok((grep { $_ == $session->{pid} } @processes), 'the backend is one of the processes');
kill 9, @processes;
$session->{psql}->finish;
# it does not start before the last of them has let go of the shared memory
my $tries = 0;
my $started = 0;
until ($started or $tries++ == 100)
{
	# what the test's own bookkeeping takes for a server that runs is gone
	$primary->{_pid} = undef;
	$started = $primary->start(fail_ok => 1);
	select undef, undef, undef, 0.1 unless $started;
}
ok($started, 'the server starts again');
check_nothing_left();

$primary->stop;
done_testing();
