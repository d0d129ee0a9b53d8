#!/usr/bin/env python3
"""A toy POP3 server, to show how pop3spec grades one of your own:

    pop3spec run --spawn 'python3 docs/examples/toy.py {port} {users} {maildir}' --claim TOP --claim UIDL

It has USER and PASS, Maildirs, an exclusive lock, TOP and UIDL; no TLS, no CAPA.
"""
import re
import sys
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

PORT, USERS, MAILDIRS = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])

TRANSACTION = re.compile(r"STAT|NOOP|RSET|(LIST|UIDL)( \d+)?|(RETR|DELE) \d+|TOP \d+ \d+", re.ASCII | re.IGNORECASE)

LOCKED = {}    # the session that has a maildrop, by the name of the user


class Refused(Exception):
    """What is answered by -ERR."""


def ok(text=""):
    return f"+OK {text}\r\n".encode()


def multi_line(lines):
    stuffed = [b"." + line if line.startswith(b".") else line for line in lines]
    return b"".join(line + b"\r\n" for line in [b"+OK", *stuffed, b"."])


class Message:
    def __init__(self, path):
        self.path = path
        self.lines = path.read_bytes().replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
        self.octets = sum(len(line) + 2 for line in self.lines)


class Session(StreamRequestHandler):
    user = None              # what USER said, for a PASS that follows at once
    maildrop = None          # whose maildrop this session has locked
    messages = alive = {}    # by number; those that are not marked as deleted
    done = False

    def handle(self):
        self.wfile.write(ok("toy"))
        try:
            while not self.done and (line := self.rfile.readline(4096)).endswith(b"\n"):
                try:
                    line = line.removesuffix(b"\n").removesuffix(b"\r")
                    self.wfile.write(self.answer(line.decode(errors="replace")))
                except Refused as why:
                    self.wfile.write(f"-ERR {why}\r\n".encode())
        finally:
            self.unlock()

    def answer(self, line):
        user, self.user = self.user, None
        keyword, space, rest = line.partition(" ")
        keyword = keyword.lower()
        if keyword == "quit" and not space:
            return self.quit()
        if self.maildrop is None:
            if keyword == "user" and rest:
                self.user = rest
                return ok()
            if keyword == "pass" and user:
                return self.log_in(user, password=rest)
            raise Refused("log in first")
        if not TRANSACTION.fullmatch(line):
            raise Refused("what?")
        numbers = [int(number) for number in rest.split()]
        if numbers and numbers[0] not in self.alive:
            raise Refused("no such message")
        return getattr(self, keyword)(*numbers)

    def log_in(self, user, password):
        if f"{user}:{password}" not in USERS.read_text().splitlines():
            raise Refused("wrong name or password")
        if LOCKED.setdefault(user, self) is not self:
            raise Refused("the maildrop is in use")
        self.maildrop = user
        paths = [path for folder in ("new", "cur") for path in (MAILDIRS / user / folder).iterdir()]
        self.messages = dict(enumerate(map(Message, sorted(paths)), start=1))
        return self.rset()

    def unlock(self):
        LOCKED.pop(self.maildrop, None)
        self.maildrop = None

    def stat(self):
        return ok(f"{len(self.alive)} {sum(message.octets for message in self.alive.values())}")

    def list(self, number=None):
        return self.listing(number, lambda message: message.octets)

    def uidl(self, number=None):
        return self.listing(number, lambda message: message.path.name)

    def listing(self, number, column):
        if number is not None:
            return ok(f"{number} {column(self.alive[number])}")
        return multi_line(f"{number} {column(message)}".encode() for number, message in self.alive.items())

    def retr(self, number):
        return multi_line(self.alive[number].lines)

    def top(self, number, count):
        lines = self.alive[number].lines
        header = lines.index(b"") if b"" in lines else len(lines)
        return multi_line(lines[:header + 1 + count])

    def dele(self, number):
        del self.alive[number]
        return ok()

    def noop(self):
        return ok()

    def rset(self):
        self.alive = dict(self.messages)
        return ok()

    def quit(self):
        for number in self.messages.keys() - self.alive.keys():
            self.messages[number].path.unlink()
        self.unlock()
        self.done = True
        return ok("bye")


class Server(ThreadingTCPServer):
    allow_reuse_address, daemon_threads, request_queue_size = True, True, 100


Server(("127.0.0.1", PORT), Session).serve_forever()
