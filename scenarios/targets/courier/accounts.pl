# Reads lines `name TAB password`, writes the text that makeuserdb turns into
# Courier's account database. userdbpw would be three processes an account.
use strict;
use warnings;
use Digest::MD5;
use Digest::SHA;

my ($uid, $gid, $mail) = @ARGV;

# The states of a hash after an HMAC's outer and inner key, in hex, as userdb holds them.
sub keyed {
    my ($password, $block, $state) = @_;
    $password = $state->($password, 1) if length $password > $block;
    $password .= "\0" x ($block - length $password);
    return join '', map { unpack 'H*', $state->($password ^ (chr($_) x $block), 0) } 0x5c, 0x36;
}

sub md5 {
    my ($octets, $whole) = @_;
    my $digest = Digest::MD5->new->add($octets);
    return $whole ? $digest->digest : ($digest->context)[1];
}

sub sha {
    my ($kind, $octets, $whole) = @_;
    my $digest = Digest::SHA->new($kind)->add($octets);
    return $digest->digest if $whole;
    my ($words) = $digest->getstate =~ /^H:([0-9a-f:]+)$/m;
    $words =~ tr/://d;
    return substr pack('H*', $words), 0, length $digest->digest;
}

while (my $line = <STDIN>) {
    chomp $line;
    my ($user, $password) = split /\t/, $line, 2;
    print "$user\tuid=$uid|gid=$gid|home=$mail/$user",
        '|systempw={SHA256}', Digest::SHA::sha256_base64($password), '=',
        '|hmac-md5pw=', keyed($password, 64, \&md5),
        '|hmac-sha1pw=', keyed($password, 64, sub { sha(1, @_) }),
        '|hmac-sha256pw=', keyed($password, 64, sub { sha(256, @_) }), "\n";
}
