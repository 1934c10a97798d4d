# pg_stat_statements shows the statements inside of calls: one entry for all values and sessions, counted each time,
# under the query identifier that plan_cache() gives.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('statements');
my $control = $node->config_data('--sharedir') . '/extension/pg_stat_statements.control';
plan skip_all => 'pg_stat_statements is not installed' unless -e $control;

$node->init;
$node->append_conf('postgresql.conf', <<'CONF');
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = all
compute_query_id = auto
CONF
$node->start;

$node->safe_psql('postgres', <<'SQL');
CREATE EXTENSION studentdir;
CREATE EXTENSION pg_stat_statements;
CREATE FUNCTION inner_statements() RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' | ', count(DISTINCT queryid), sum(calls), sum(rows), query) FROM pg_stat_statements
    WHERE NOT toplevel AND query ~ 'public\.(students|users|posts)' GROUP BY query ORDER BY query COLLATE "C" $$;
SELECT students_bulk_create('[{"name":"Ada","cohort":"A"},{"name":"Bob","cohort":"B"},{"name":"Cy","cohort":"A"}]');
SELECT user_create('{"name":"Ada","email":"ada@example.org"}'), user_create('{"name":"Bob","email":"bob@example.org"}');
SELECT pg_stat_statements_reset();
SQL

# The same questions with other values in each call, and again in another session.
my $calls = join "\n", map { <<"SQL" } 1 .. 3;
SELECT student_find_by_pk($_);
SELECT * FROM students_find_all('{"where":{"cohort":"${\chr(64 + $_)}"},"order":["name"],"limit":$_}');
SELECT student_find_one('{"where":{"name":{"\$ne":"$_"}},"order":["id"]}');
SELECT students_count('{"where":{"id":{"\$gt":$_}}}');
SELECT student_update($_, '{"name":"Name $_"}');
SELECT post_create('{"title":"Post $_","userId":1}');
SELECT users_with_posts('{"where":{"name":"Ada"}}');
SELECT studentdir.increment('Post', 0, '{"userId":$_}');
SQL
for my $session (1 .. 2)
{
	$node->safe_psql('postgres', $calls);
}

my @found = split /\n/, $node->safe_psql('postgres', 'SELECT inner_statements()');
my %counted = map { my ($ids, $n, $rows, $query) = split / \| /, $_, 4; ($query => "$ids $n $rows") } @found;
my @expected = (
	[ qr/^SELECT .* FROM public\.students AS t WHERE \(t\.id OPERATOR\(pg_catalog\.=\) \$1\)$/, '1 6 6', 'by key' ],
	[ qr/^SELECT .* FROM public\.students .*cohort.* ORDER BY t\.name, t\.id LIMIT \$2$/, '1 6 4', 'a list with a condition and a limit' ],
	[ qr/^SELECT .* FROM public\.students .* ORDER BY t\.id LIMIT \$2$/, '1 6 6', 'the first row' ],
	[ qr/^SELECT pg_catalog\.count\(\*\) FROM public\.students /, '1 6 6', 'a count' ],
	[ qr/^UPDATE public\.students /, '1 6 6', 'an update' ],
	[ qr/^INSERT INTO public\.posts /, '1 6 6', 'an insert' ],
	[ qr/^SELECT .* FROM public\.users .*name/, '1 6 6', 'the records that have an include' ],
	[ qr/^SELECT .* FROM public\.posts /, '1 6 21', 'an include' ],
	[ qr/^UPDATE public\.posts /, '1 6 0', 'an increment' ],
);
for my $expected (@expected)
{
	my ($pattern, $count, $what) = @$expected;
	my @those = grep { /$pattern/ } keys %counted;
	is(scalar(@those), 1, "$what is one statement") or diag(explain(\%counted));
	is($counted{ $those[0] // '' }, $count, "$what is counted: entries, calls, rows");
}

is($node->safe_psql('postgres', <<'SQL'), 't', 'plan_cache() gives the same query identifier');
SELECT FROM student_find_by_pk(1);
SELECT count(*) = 1 FROM studentdir.plan_cache() p JOIN pg_stat_statements s USING (queryid) WHERE p.shape = s.query AND NOT s.toplevel;
SQL

# An answer that is read in several batches counts as a whole.
is($node->safe_psql('postgres', <<'SQL'), '1 | 1 | 203', 'rows of several batches');
INSERT INTO students (name) SELECT 'x' FROM generate_series(1, 200);
SELECT FROM students_find_all('{"attributes":["cohort"]}') OFFSET 203;
SELECT substring(s FROM '^[^|]*\|[^|]*\| \d+') FROM inner_statements() s WHERE s LIKE '%| SELECT t.cohort FROM%';
SQL

# Nothing is seen inside of calls where only those themselves are to be.
is($node->safe_psql('postgres', <<'SQL'), '0', 'track = top');
SET pg_stat_statements.track = top;
SELECT FROM pg_stat_statements_reset();
SELECT FROM student_find_by_pk(1);
SELECT count(*) FROM inner_statements();
SQL

# auto_explain has the plans of inner statements, studentdir.log_min_duration the statements with their parameters.
SKIP:
{
	my ($result, $out, $err) = $node->psql('postgres', q{LOAD 'auto_explain'});
	skip 'auto_explain is not installed', 2 if $result != 0;
	($result, $out, $err) = $node->psql('postgres', <<'SQL');
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_level = notice;
SET auto_explain.log_nested_statements = on;
SET client_min_messages = notice;
SELECT FROM users_with_posts('{"where":{"name":"Ada"},"order":["id"],"limit":2}');
SQL
	# since 16 with the parameters
	my $parameters = qr/(?:Query Parameters: [^\n]*\n)?/;
	like($err, qr/Query Text: SELECT [^\n]* FROM public\.users AS t [^\n]*\n${parameters}Limit /, 'auto_explain has the plan of a call');
	like($err, qr/Query Text: SELECT [^\n]* FROM public\.posts AS t [^\n]*\n${parameters}.*Scan /, 'and that of its include');
}

sub logged
{
	my ($setting) = @_;
	my $from = -s $node->logfile;
	$node->safe_psql('postgres', "SET studentdir.log_min_duration = $setting; SELECT student_find_by_pk(2)");
	return substr(slurp_file($node->logfile), $from);
}

like(logged(0), qr/LOG: {2}executed in [\d.]+ ms: SELECT .* FROM public\.students AS t .*\n.*DETAIL: {2}Parameters: \$1 = '2'/, 'log_min_duration');
unlike(logged(60000), qr/executed in/, 'log_min_duration, of what is faster');
unlike(logged(-1), qr/executed in/, 'log_min_duration, off');

done_testing();
