# Run by the user whom the server runs as.
set -e
# All accounts in one go: saslpasswd2 takes a process for each.
{
  printf 'VERSION=3\nformat=print\ntype=hash\nHEADER=END\n'
  cat '${users}'
  printf 'DATA=END\n'
} | db5.3_load '${dir}/state/sasldb2'
# In the foreground. When its parent is gone it ends by force: told to end while many
# of its processes do, it can stay for ever.
exec setpriv --pdeathsig KILL '${unpacked}/usr/lib/cyrus/bin/master' \
  -C '${dir}/imapd.conf' -M '${dir}/cyrus.conf' -p '${dir}/run/master.pid' -D
