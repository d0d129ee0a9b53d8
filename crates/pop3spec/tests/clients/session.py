"""Lists, fetches and deletes by Python's poplib.

Arguments: how (plain, stls or implicit), port, CA file, user, password, folder.
Writes the messages to the folder, and prints the scan listing before and after
the first message is deleted.
"""

import poplib
import ssl
import sys

how, port, ca, user, password, folder = sys.argv[1:]
trust = ssl.create_default_context(cafile=ca)


def session():
    if how == "implicit":
        pop = poplib.POP3_SSL("localhost", int(port), context=trust, timeout=30)
    else:
        pop = poplib.POP3("localhost", int(port), timeout=30)
    if how == "stls":
        pop.stls(context=trust)
    pop.user(user)
    pop.pass_(password)
    return pop


def listing(pop):
    scan = [line.decode() for line in pop.list()[1]]
    assert pop.stat() == (len(scan), sum(int(line.split()[1]) for line in scan))
    print(", ".join(scan))


pop = session()
listing(pop)
for number in range(1, pop.stat()[0] + 1):
    lines = pop.retr(number)[1]
    assert pop.top(number, 0)[1][-1] == b""
    with open(f"{folder}/{number}", "wb") as file:
        file.write(b"".join(line + b"\r\n" for line in lines))
pop.dele(1)
pop.quit()
pop = session()
listing(pop)
pop.quit()
