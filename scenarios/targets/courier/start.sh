# Starts Courier in a mount name space of its own. $1: the folder into which its
# packages were unpacked.
set -eu
root=$1
dir="${dir}"

# Its compiled-in paths: /usr/lib/courier and alike, /etc/courier, /run/courier.
mount -t overlay -o "lowerdir=$root/usr:/usr" overlay /usr
mkdir -p "$dir/etc/courier" "$dir/run/courier/authdaemon" "$dir/run/mail"
chmod 755 "$dir/etc" "$dir/etc/courier" "$dir/run"
# The user to whom it gives its TLS processes; Debian's package makes one on the machine.
{ cat /etc/passwd; echo "courier:x:65534:65534:Courier:/nonexistent:/usr/sbin/nologin"; } > "$dir/etc/passwd"
{ cat /etc/group; echo "courier:x:65534:"; } > "$dir/etc/group"
chmod 644 "$dir/etc/passwd" "$dir/etc/group"
mount -t overlay -o "lowerdir=$dir/etc:/etc" overlay /etc
mount --bind "$dir/etc/courier" /etc/courier
mount --bind "$dir/run" /run
mount --bind "$dir/mail" /run/mail

for file in pop3d pop3d-ssl authdaemonrc; do
    cat "$root/etc/courier/$file" "$dir/changes/$file" > "/etc/courier/$file"
done
(umask 077 && cat "${cert}" "${key}" > /etc/courier/pop3d.pem)
chown courier /etc/courier/pop3d.pem
(umask 077 && perl "$dir/accounts.pl" "${uid}" "${gid}" /run/mail < "${users}" > /etc/courier/userdb)
makeuserdb

# The three servers, as Debian's own scripts start them, but in the foreground. Where one
# ends, all do: the end of the first process of a PID name space ends the others.
trap 'exit 0' TERM
trap 'exit 1' USR1
run() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c "set -a; $1" || true
    kill -USR1 1
}
run '. /etc/courier/authdaemonrc; exec /usr/lib/courier/courier-authlib/authdaemond' &
# A login before it listens would be refused.
until [ -S /run/courier/authdaemon/socket ]; do sleep 0.02; done
run '. /etc/courier/pop3d; . /etc/courier/pop3d-ssl
    exec couriertcpd -address=$ADDRESS -maxprocs=$MAXDAEMONS -maxperip=$MAXPERIP $TCPDOPTS $PORT \
    /usr/lib/courier/courier/courierpop3login /usr/lib/courier/courier/courierpop3d $MAILDIRPATH' &
run '. /etc/courier/pop3d; . /etc/courier/pop3d-ssl; POP3_TLS=1; POP3_STARTTLS=NO; POP3_TLS_REQUIRED=0
    exec couriertcpd -address=$SSLADDRESS -maxprocs=$MAXDAEMONS -maxperip=$MAXPERIP $TCPDOPTS $SSLPORT \
    $COURIERTLS -server -tcpd -user=courier \
    /usr/lib/courier/courier/courierpop3login /usr/lib/courier/courier/courierpop3d $MAILDIRPATH' &
wait
