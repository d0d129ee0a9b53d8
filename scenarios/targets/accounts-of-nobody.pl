# Turns lines `user:password` into passwd, shadow and group in the folder etc, for servers
# that ask the system for accounts.
# All accounts are nobody: which mbox is whose, their names tell.
use strict;
use warnings;

my ($users, $etc) = @ARGV;
open my $in, '<', $users or die "$users: $!\n";
open my $passwd, '>', "$etc/passwd" or die "$etc/passwd: $!\n";
open my $shadow, '>', "$etc/shadow" or die "$etc/shadow: $!\n";
open my $group, '>', "$etc/group" or die "$etc/group: $!\n";

my ($uid, $gid) = (getpwnam 'nobody')[2, 3];
defined $uid or die "there is no user nobody on this machine\n";
my $mail = getgrnam 'mail' or die "there is no group mail on this machine\n";
my $ids = "$uid:$gid:";
print $group "root:x:0:\nmail:x:$mail:\nnogroup:x:$gid:\n";
print $passwd "root:x:0:0::/:/bin/sh\nnobody:x:$ids:/:/bin/sh\n";
print $shadow "root:*:19000:0:99999:7:::\n";
while (my $line = <$in>) {
    chomp $line;
    my ($user, $password) = split /:/, $line, 2;
    print $passwd "$user:x:$ids:/:/bin/sh\n";
    # The fastest of the hashes that take long passwords: there are many accounts.
    print $shadow "$user:", crypt($password, '$1$pop3spec'), ":19000:0:99999:7:::\n";
}
for my $file ($passwd, $shadow, $group) {
    close $file or die "$etc: $!\n";
}
chmod 0644, "$etc/passwd", "$etc/group";
chmod 0600, "$etc/shadow";
