# The library shows the server its entry points and nothing else: a name that it exports by mistake
# could be taken for one of another library in the same process.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

my $library = $ENV{SD_LIBRARY} or plan skip_all => 'SD_LIBRARY names no library';
my ($symbols, $errors) = run_command([ 'nm', '-D', '--defined-only', $library ]);
is($errors, '', 'nm reads the library');

my @names = map { (split)[2] } split /\n/, $symbols;
my %entry_point = map { /^pg_finfo_(\w+)$/ ? ($1 => 1) : () } @names;
my @strange =
  grep { !/^(Pg_magic_func|_PG_init|_PG_fini|pg_finfo_\w+)$/ && !$entry_point{$_} } @names;
is("@strange", '', 'only entry points are exported');

my ($magic) = grep { $_ eq 'Pg_magic_func' } @names;
ok($magic, 'the magic block is exported');

done_testing();
