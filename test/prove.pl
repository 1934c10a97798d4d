# Runs TAP tests as prove does, and writes how many assertions passed and failed to a file.
#
#   perl prove.pl COUNT-FILE TEST...
use strict;
use warnings;

use TAP::Harness;

my ($count_file, @tests) = @ARGV;
my ($passed, $failed) = (0, 0);
if (@tests)
{
	my $harness = TAP::Harness->new({ timer => 1, failures => 1, lib => [@INC] });
	my $result = $harness->runtests(@tests);
	($passed, $failed) = (scalar $result->passed, scalar $result->failed);

	# a script that died, or planned more than it ran, has failed without a failed assertion
	for my $script (map { $result->parsers($_) } $result->descriptions)
	{
		$failed++ if $script->has_problems && !$script->failed;
	}
}
open(my $out, '>', $count_file) or die "cannot write $count_file: $!\n";
print $out "$passed $failed\n";
close($out) or die "cannot write $count_file: $!\n";
