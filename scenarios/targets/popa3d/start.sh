# In a mount name space of its own: what popa3d has compiled in is laid over there, and
# nobody else sees it.
set -e
popa3d=$1
cd "${dir}"

perl accounts.pl users etc
echo popa3d:x:65533: >> etc/group
echo popa3d:x:65533:65533::/:/bin/false >> etc/passwd
mkdir -p etc/pam.d
cp etc/pam etc/pam.d/popa3d
chmod 644 etc/pam.d/popa3d
chown root:mail mail
chmod 2775 mail

for file in passwd shadow group pam.d; do
    mount --bind "etc/$file" "/etc/$file"
done
mount --bind mail /var/mail
# Where it changes its root to before login; the folder is not on this machine.
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir -m 755 /var/lib/popa3d

# Its own standalone mode listens on all addresses and on port 110.
exec tcpserver -HRDl0 -c 500 -b 200 127.0.0.1 "${port}" "$popa3d"
