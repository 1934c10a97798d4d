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

# a crash in the middle of a bulk_create leaves nothing of it, and the server comes back
my $rows = 300000;
my ($in, $stdout, $stderr) = ('', '', '');
my $psql = IPC::Run::start(
	[ 'psql', '-XAtq', '-d', $primary->connstr('postgres') ], '<', \$in, '>', \$stdout, '2>', \$stderr);
$in .= "SELECT 'ready ' || pg_backend_pid();\n";
$psql->pump until $stdout =~ /ready (\d+)/;
my $pid = $1;
$in .= "SELECT count(*) FROM students_bulk_create((SELECT jsonb_agg(jsonb_build_object('name', 'n' || i)) FROM generate_series(1, $rows) i));\n";
$psql->pump_nb;
ok($primary->poll_query_until('postgres', "SELECT pg_relation_size('students') > 1000000"), 'rows are being written');
kill 9, $pid;
$psql->finish;
like($stderr, qr/server closed the connection|connection to server was lost/, 'the backend was killed');
ok($primary->poll_query_until('postgres', 'SELECT true'), 'the server comes back');
is($primary->safe_psql('postgres', 'SELECT students_count()'), '0', 'nothing of the unfinished bulk_create is there');
is($primary->safe_psql('postgres', q{SELECT record ->> 'name' FROM student_create('{"name":"after"}')}), 'after', 'and writing goes on');

$standby->stop;
$primary->stop;
done_testing();
