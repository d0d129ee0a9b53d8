#!/usr/bin/env python3
"""A toy POP3 server, to show how pop3spec grades one of your own:

    pop3spec run --spawn 'python3 docs/examples/toy.py {port} {users} {maildir}' --claim TOP --claim UIDL

It has USER and PASS, Maildirs, an exclusive lock, TOP and UIDL; no TLS, no CAPA.
"""
import os
import socketserver
import sys
import threading

LOCKS, GUARD = set(), threading.Lock()


def crlf(octets):
    octets = octets.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return octets if octets.endswith(b"\r\n") else octets + b"\r\n"


def stuffed(octets):
    lines = octets.split(b"\r\n")[:-1]
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


class Session(socketserver.StreamRequestHandler):
    name = None      # what USER said
    mail = None      # [(path, octets)] once logged in
    marked = set()

    def ok(self, text=b"", body=None):
        self.wfile.write(b"+OK" + (b" " + text if text else b"") + b"\r\n")
        if body is not None:
            self.wfile.write(body + b".\r\n")

    def err(self, text):
        self.wfile.write(b"-ERR " + text + b"\r\n")

    def handle(self):
        self.ok(b"toy")
        try:
            while (line := self.rfile.readline(65536)):
                if not line.endswith(b"\n") or self.command(line.removesuffix(b"\n").removesuffix(b"\r")) == "bye":
                    break
        finally:
            with GUARD:
                LOCKS.discard(self.locked)

    locked = None

    def command(self, line):
        words = line.split(b" ")
        keyword, arguments = words[0].upper(), words[1:]
        named, self.name = self.name, None
        if keyword == b"QUIT" and not arguments:
            return self.quit()
        if self.mail is None:
            if keyword == b"USER" and len(arguments) == 1 and arguments[0] and named is None:
                self.name = arguments[0]
                return self.ok()
            if keyword == b"PASS" and arguments and named is not None:
                return self.log_in(named, b" ".join(arguments))
            return self.err(b"not now")
        wanted = {b"STAT": (0, 0), b"LIST": (0, 1), b"RETR": (1, 1), b"DELE": (1, 1), b"NOOP": (0, 0),
                  b"RSET": (0, 0), b"TOP": (2, 2), b"UIDL": (0, 1)}.get(keyword)
        if wanted is None or not wanted[0] <= len(arguments) <= wanted[1]:
            return self.err(b"what?")
        numbers = [int(a) if a.isdigit() else -1 for a in arguments]
        if numbers and not (0 < numbers[0] <= len(self.mail) and numbers[0] not in self.marked) or -1 in numbers:
            return self.err(b"no such message")
        return getattr(self, keyword.decode().lower())(*numbers)

    def log_in(self, name, password):
        accounts = dict(line.rstrip("\n").split(":", 1) for line in open(sys.argv[2]))
        if accounts.get(name.decode("latin-1")) != password.decode("latin-1"):
            return self.err(b"no")
        with GUARD:
            if name in LOCKS:
                return self.err(b"maildrop in use")
            LOCKS.add(name)
            self.locked = name
        root = os.path.join(sys.argv[3].encode(), name)
        paths = sorted(os.path.join(root, sub, file) for sub in (b"new", b"cur") for file in os.listdir(os.path.join(root, sub)))
        self.mail, self.marked = [(path, crlf(open(path, "rb").read())) for path in paths], set()
        return self.ok()

    def alive(self):
        return [(n, path, octets) for n, (path, octets) in enumerate(self.mail, 1) if n not in self.marked]

    def listing(self, number, column):
        rows = [b"%d %s" % (n, column(path, octets)) for n, path, octets in self.alive() if number in (None, n)]
        if number is not None:
            return self.ok(rows[0])
        return self.ok(b"", b"".join(row + b"\r\n" for row in rows))

    def stat(self):
        self.ok(b"%d %d" % (len(self.alive()), sum(len(octets) for _, _, octets in self.alive())))

    def list(self, number=None):
        self.listing(number, lambda path, octets: b"%d" % len(octets))

    def uidl(self, number=None):
        self.listing(number, lambda path, octets: os.path.basename(path))

    def retr(self, number):
        self.ok(b"", stuffed(self.mail[number - 1][1]))

    def top(self, number, lines):
        # A line end in front, so that a header of no lines ends at the first empty line too.
        head, blank, body = (b"\r\n" + self.mail[number - 1][1]).partition(b"\r\n\r\n")
        kept = b"".join(line + b"\r\n" for line in body.split(b"\r\n")[:-1][:lines])
        self.ok(b"", stuffed((head + blank + kept)[2:]))

    def dele(self, number):
        self.marked.add(number)
        self.ok()

    def noop(self):
        self.ok()

    def rset(self):
        self.marked = set()
        self.ok()

    def quit(self):
        for number in self.marked:
            os.remove(self.mail[number - 1][0])
        with GUARD:
            LOCKS.discard(self.locked)
        self.ok(b"bye")
        return "bye"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 100


Server(("127.0.0.1", int(sys.argv[1])), Session).serve_forever()
