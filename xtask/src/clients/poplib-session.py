"""Fetches all mail by Python's poplib, as its users do.

Arguments: how (plain, stls or implicit), way in, keep or delete, port, file with
the authority's certificate. Messages go to the folder out/new, one file each.
"""

import base64
import hmac
import poplib
import ssl
import sys

USER, PASSWORD = "bob", "secret"
how, login, mail, port, authority = sys.argv[1:]

# The library refuses lines of a message that are longer than this. RFC 1939 has
# no such limit, and long lines are common, so its users raise it.
assert poplib._MAXLINE == 2048
poplib._MAXLINE = 1 << 20


def encoded(octets):
    return base64.b64encode(octets).decode()


def connected():
    trust = ssl.create_default_context(cafile=authority)
    if how == "implicit":
        return poplib.POP3_SSL("127.0.0.1", int(port), context=trust, timeout=30)
    pop = poplib.POP3("127.0.0.1", int(port), timeout=30)
    if how == "stls":
        pop.stls(context=trust)
    return pop


def challenged(pop, line):
    """Sends a line, and returns the challenge that comes for it."""
    pop._putcmd(line)
    answer = pop._getline()[0]
    assert answer.startswith(b"+ "), answer
    return base64.b64decode(answer[2:])


def log_in(pop):
    if login == "USER/PASS":
        pop.user(USER)
        pop.pass_(PASSWORD)
    elif login == "APOP":
        pop.apop(USER, PASSWORD)
    elif login == "PLAIN":
        pop._shortcmd("AUTH PLAIN " + encoded(f"\0{USER}\0{PASSWORD}".encode()))
    elif login == "LOGIN":
        challenged(pop, "AUTH LOGIN")
        challenged(pop, encoded(USER.encode()))
        pop._shortcmd(encoded(PASSWORD.encode()))
    elif login == "CRAM-MD5":
        challenge = challenged(pop, "AUTH CRAM-MD5")
        digest = hmac.new(PASSWORD.encode(), challenge, "md5").hexdigest()
        pop._shortcmd(encoded(f"{USER} {digest}".encode()))
    else:
        pop.auth(login)


pop = connected()
log_in(pop)
numbers = [int(line.split()[0]) for line in pop.list()[1]]
assert pop.stat()[0] == len(numbers) == len(pop.uidl()[1])
for number in numbers:
    lines = pop.retr(number)[1]
    with open(f"out/new/{number}", "wb") as file:
        file.write(b"".join(line + b"\r\n" for line in lines))
    if mail == "delete":
        pop.dele(number)
pop.quit()
