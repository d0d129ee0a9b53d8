"""A POP3 server as twisted.mail gives it: `twist mail`, in one file.

Arguments: the folder of the Maildirs, the file of accounts (`name TAB password`), the plain
port, the port with TLS, certificates and key in PEM.
"""

import os
import sys

from twisted.cred import checkers
from twisted.cred.portal import IRealm
from twisted.internet import endpoints, reactor
from twisted.mail import mail, maildir, pop3
from twisted.python import log
from zope.interface import implementer


class Mailbox(maildir.MaildirMailbox):
    """The Maildir of twisted.mail, with its two slips between bytes and text mended.

    Without this no message can be fetched, and none marked; see README.md.
    """

    def getMessage(self, i):
        return open(self.list[i], "rb")

    def deleteMessage(self, i):
        trash = os.path.join(self.path, b".Trash", b"cur", os.path.basename(self.list[i]))
        os.rename(self.list[i], trash)
        self.deleted[self.list[i]] = trash
        self.list[i] = 0


@implementer(IRealm)
class Domain(maildir.AbstractMaildirDomain):
    """A domain of Maildirs, as that of `twist mail --maildirdbmdomain`, but with its accounts in
    memory: a file for each of them takes seconds, and a long name does not fit into the file's.
    """

    def __init__(self, service, root):
        super().__init__(service, root)
        self.accounts = checkers.InMemoryUsernamePasswordDatabaseDontUse()

    def addUser(self, user, password):
        self.accounts.addUser(user, password)
        maildir.initializeMaildir(os.path.join(self.root, user))

    def getCredentialsCheckers(self):
        return [self.accounts]

    def requestAvatar(self, avatarId, mind, *interfaces):
        return pop3.IMailbox, Mailbox(os.path.join(self.root, avatarId)), lambda: None


def main():
    folder, users, port, tls_port, certificate, key = sys.argv[1:]
    log.startLogging(sys.stderr, setStdout=False)
    service = mail.MailService()
    domain = Domain(service, os.fsencode(folder))
    with open(users, "rb") as lines:
        for line in lines:
            name, password = line.rstrip(b"\n").split(b"\t", 1)
            domain.addUser(name, password)
    # The domain of names without an @.
    service.addDomain(b"", domain)
    quoted = endpoints.quoteStringArgument
    places = [
        f"tcp:{port}:interface=127.0.0.1",
        f"ssl:{tls_port}:interface=127.0.0.1:certKey={quoted(certificate)}:privateKey={quoted(key)}",
    ]
    for place in places:
        listening = endpoints.serverFromString(reactor, place).listen(service.getPOP3Factory())
        listening.addErrback(lambda why: (log.err(why), reactor.stop()))
    reactor.run()


main()
