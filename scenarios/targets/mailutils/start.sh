# In a mount name space of its own: the accounts are those of the system there, and nobody
# else sees them.
set -e
usr=$1
cd "${dir}"

perl accounts.pl users etc
# popauth ends the fields by white space.
(umask 077 && sed -n 's/^\([^:]*\):\([^[:space:]]*\)$/\1 \2/p' users > etc/apop)
"$usr/bin/popauth" --create --file="${dir}/etc/apop" --output="${dir}/etc/apop.db"
chown root:mail mail
chmod 2775 mail

for file in passwd shadow group; do
    mount --bind "etc/$file" "/etc/$file"
done
mount --bind mail /var/mail

# The shell stays process 1, which takes all others of the name space with it: pop3d changes
# its group, and the kernel then forgets that it was to end with its parent.
trap 'exit 0' TERM
"$usr/sbin/pop3d" --no-site-config --config-file="${dir}/pop3d.conf" &
wait
