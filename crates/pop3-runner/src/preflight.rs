//! Before the first case: is somebody there, is it POP3, and is it the server meant?

mod entry;

use std::collections::BTreeSet;
use std::time::Duration;

use pop3_proto::apop;
use pop3_proto::capability::Capability;
use pop3_proto::client::ObservedReply;
use pop3_proto::escape::escape;
use pop3_proto::login::Method;
use pop3_proto::reply::Status;
use pop3_spec::transcript::ClosedBy;
use tokio::time::{MissedTickBehavior, interval};

use crate::account::Account;
use crate::clock::Clock;
use crate::connection::{Arrival, Connection, Order};
use crate::engine::Access;
use crate::error::RunError;
use crate::target::{Methods, Provisioning, Target};
use crate::transcript::Secrets;

/// What the target showed.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The greeting, escaped.
    pub(crate) greeting: String,
    /// The capability lines in the AUTHORIZATION state, escaped.
    pub(crate) listed: Vec<String>,
    /// What is announced in both states, upper case: tags, and each tag with each
    /// of its arguments.
    pub(crate) capabilities: BTreeSet<String>,
    /// The same in the AUTHORIZATION state under TLS; empty where there is none.
    pub(crate) under_tls: BTreeSet<String>,
    /// How to log in.
    pub(crate) methods: Methods,
    /// Whether the account was let in under TLS, after it was not without.
    pub(crate) refuses_clear: bool,
}

impl Shown {
    /// Whether CAPA announces this anywhere, upper case.
    pub(crate) fn announces(&self, capability: &str) -> bool {
        self.capabilities.contains(capability) || self.under_tls.contains(capability)
    }

    fn masked(mut self, secrets: &Secrets) -> Self {
        self.greeting = secrets.mask(&self.greeting);
        self.listed.iter_mut().for_each(|line| *line = secrets.mask(line));
        self
    }
}

/// The word of `needs.profile` for a greeting with a timestamp, which no capability
/// stands for (RFC 1939 section 7).
const APOP: &str = "apop";

/// The word of `needs.profile` for a server that takes USER and PASS as it begins: it
/// announces USER, or shows no other way in (RFC 1939 has no CAPA to say so).
const USER: &str = "user";

/// The word of `needs.profile` for a server that lets nobody in without TLS.
const TLS_ONLY: &str = "tls-only-logins";

/// What to do where a server ends at its start.
pub(crate) const BY_HAND: &str =
    "run the command by hand and look at its own messages; check paths, permissions and ports";

/// How often a target that is starting is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Speaks to the target until it answers as it must, or its time is up.
///
/// `nonce` is a word in the only message of the account; `None` where the
/// maildrop is somebody's.
pub(crate) async fn check(
    target: &mut Target,
    access: &Access,
    account: &Account,
    nonce: Option<&str>,
) -> Result<Shown, RunError> {
    let clock = Clock::start();
    // Servers repeat what they are sent, in replies and in their own logs.
    let secrets = Secrets::of(&account.password);
    let mut ticks = interval(LOOK_AGAIN);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut refused_before = false;
    loop {
        ticks.tick().await;
        if let Err(why) = target.check_alive() {
            return Err(RunError::NotStarted { why: secrets.mask(&why), help: BY_HAND.to_owned() });
        }
        let trial = Trial { target, access, account, nonce };
        let error = match trial.run().await {
            // While a server starts, whom it asks for passwords may not be there yet.
            Ok(shown) if shown.refuses_clear && !refused_before => {
                refused_before = true;
                continue;
            }
            Ok(shown) => return Ok(shown.masked(&secrets)),
            Err(error) => error,
        };
        // A server that is starting refuses connections at first. One that
        // answers, but wrongly, will not get better by waiting.
        let over = clock.elapsed() >= target.ready_within;
        let starting = target.provisioning == Provisioning::OwnAccounts && error.kind == Kind::NotYet;
        if over || !starting {
            let within = if starting && target.can_end() {
                format!(", within {} s of its start", target.ready_within.as_secs())
            } else {
                String::new()
            };
            let why = format!("{}{within}{}", error.why, target.last_words());
            return Err(RunError::WrongTarget { why: secrets.mask(&why), help: error.help });
        }
    }
}

struct Trial<'t> {
    target: &'t Target,
    access: &'t Access,
    account: &'t Account,
    nonce: Option<&'t str>,
}

#[derive(Debug)]
struct Failure {
    kind: Kind,
    why: String,
    help: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nobody answers; it may be starting.
    NotYet,
    /// Somebody answers, but not as the target must.
    Wrong,
}

fn wrong(why: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure { kind: Kind::Wrong, why: why.into(), help: help.into() }
}

impl Trial<'_> {
    async fn run(&self) -> Result<Shown, Failure> {
        let mut connection = self.connect().await?;
        let greeting = self.greeting(&mut connection).await?;
        let before = self.capa(&mut connection).await?;
        let refuses_clear = self.enter(&mut connection, &greeting, &before).await?;
        let after = self.capa(&mut connection).await?;
        if let Some(nonce) = self.nonce {
            connection.send(b"RETR 1\r\n", self.access.delivery.chunking()).await;
            let reply = self.reply(&mut connection, "the answer to RETR 1").await?;
            let body = reply.body.as_deref().unwrap_or_default();
            if !body.windows(nonce.len()).any(|window| window == nonce.as_bytes()) {
                return Err(wrong(
                    format!(
                        "the message put into the maildrop of `{}` does not come back: RETR 1 is answered {} ({} octets of body)",
                        self.account.name,
                        escape(&reply.line),
                        body.len()
                    ),
                    "the server at this port is not the one that was filled, or it reads its mail from elsewhere (look at `mail:` in the target file)",
                ));
            }
        }
        connection.send(b"QUIT\r\n", self.access.delivery.chunking()).await;
        let _ = connection.reply().await;
        let _ = connection.closed_within(self.access.patience.silence).await;
        let usual = self.target.login.method(&greeting, &before);
        let takes_user = |method: Method, lines: &[Vec<u8>]| {
            let announces = lines.iter().any(|line| announced(line).iter().any(|tag| tag == "USER"));
            (announces || method == Method::UserPass).then(|| USER.to_owned())
        };
        let protected = self.under_tls(&before).await;
        let methods = Methods { usual, under_tls: protected.as_ref().map_or(usual, |(method, _)| *method) };
        let offers_apop = apop::timestamp(&greeting).map(|_| APOP.to_owned());
        Ok(Shown {
            greeting: escape(&greeting),
            capabilities: before
                .iter()
                .chain(&after)
                .flat_map(|line| announced(line))
                .chain(offers_apop)
                .chain(takes_user(usual, &before).filter(|_| !refuses_clear))
                .chain(refuses_clear.then(|| TLS_ONLY.to_owned()))
                .collect(),
            under_tls: protected
                .map(|(method, lines)| {
                    lines.iter().flat_map(|line| announced(line)).chain(takes_user(method, &lines)).collect()
                })
                .unwrap_or_default(),
            methods,
            refuses_clear,
            listed: before.iter().map(|line| escape(line)).collect(),
        })
    }

    async fn connect(&self) -> Result<Connection, Failure> {
        let (address, implicit) = match (self.access.plain, self.access.implicit) {
            (Some(address), _) => (address, false),
            (None, Some(address)) => (address, true),
            (None, None) => return Err(wrong("the target has no port", "give a port in the target file")),
        };
        let opened = Connection::open(address, "", Clock::start(), Order::default(), self.access.patience, None).await;
        let mut connection = opened.map_err(|error| Failure {
            kind: Kind::NotYet,
            why: if self.target.name == address.to_string() {
                format!("cannot connect to {address}: {error}")
            } else {
                format!("cannot connect to {} at {address}: {error}", self.target.name)
            },
            help: "is the server running, and does it listen at this address and port?".to_owned(),
        })?;
        if implicit {
            let started = connection.start_tls(self.access.tls.clone(), self.access.tls_name.clone()).await;
            started.map_err(|failure| {
                wrong(
                    format!("TLS at {address} fails: {}", failure.why),
                    "is this a port with TLS from the first octet, and is its certificate trusted (--ca FILE, --insecure)?",
                )
            })?;
        }
        Ok(connection)
    }

    async fn greeting(&self, connection: &mut Connection) -> Result<Vec<u8>, Failure> {
        let reply = self.reply(connection, "the greeting").await?;
        if reply.status == Some(Status::Ok) {
            return Ok(reply.line);
        }
        let line = escape(reply.line.get(..200).unwrap_or(&reply.line));
        if reply.status == Some(Status::Err) {
            return Err(Failure {
                kind: Kind::NotYet,
                why: format!("{}: the greeting is negative: {line}", self.target.name),
                help: "the server refuses sessions; look at its log".to_owned(),
            });
        }
        Err(wrong(
            format!(
                "{}: the greeting is not POP3: expected `+OK …`, got `{line}`{}",
                self.target.name,
                other_protocol(&reply.line)
            ),
            "give the address of a POP3 server (ports are usually 110, or 995 with --tls implicit)",
        ))
    }

    /// The lines of CAPA; none where it is refused.
    async fn capa(&self, connection: &mut Connection) -> Result<Vec<Vec<u8>>, Failure> {
        connection.send(b"CAPA\r\n", self.access.delivery.chunking()).await;
        let reply = self.reply(connection, "the answer to CAPA").await?;
        Ok(reply.lines().map(<[u8]>::to_vec).collect())
    }

    /// Reads a reply; `due` says which, for messages.
    async fn reply(&self, connection: &mut Connection, due: &str) -> Result<ObservedReply, Failure> {
        let silence = self.access.patience.silence;
        // At most twice the deadline in all, also for a server that drips.
        self.arrived(connection.reply_within(silence, silence * 2).await, due)
    }

    /// The reply, or why what came is none; `due` says which was expected.
    fn arrived(&self, arrival: Arrival, due: &str) -> Result<ObservedReply, Failure> {
        let silence = self.access.patience.silence;
        let name = &self.target.name;
        match arrival {
            Arrival::Reply(reply) => Ok(*reply),
            Arrival::Closed(by) => Err(Failure {
                kind: Kind::NotYet,
                why: format!(
                    "{name}: expected {due}, got {}",
                    if by == ClosedBy::Reset { "a reset of the connection" } else { "the end of the connection" }
                ),
                help: "look at the server's log; is there a limit on connections or an access list?".to_owned(),
            }),
            Arrival::Silence(None) => Err(wrong(
                format!("{name}: expected {due}, got nothing within {} ms", silence.as_millis()),
                "is it a POP3 server? A port with TLS from the first octet waits for the client: try --tls implicit. For a slow server raise --deadline",
            )),
            Arrival::Silence(Some(octets)) => {
                let end = octets.get(octets.len().saturating_sub(80)..).unwrap_or(&octets);
                Err(wrong(
                    format!(
                        "{name}: {due} does not end within {} ms; so far: {}",
                        (silence * 2).as_millis(),
                        escape(end)
                    ),
                    "the server is too slow to be graded, or does not end its replies as POP3 does; raise --deadline, or look with `nc`",
                ))
            }
            Arrival::Endless(error) => Err(wrong(
                format!("{name}: {due} does not end: {error}"),
                "this is not a POP3 server, or a hostile one",
            )),
        }
    }
}

/// The tag of a capability line, and the tag with each of its arguments.
fn announced(line: &[u8]) -> Vec<String> {
    let Some(capability) = Capability::parse(line) else { return Vec::new() };
    let whole = capability.to_string().to_uppercase();
    let mut words = whole.split(' ');
    let tag = words.next().unwrap_or_default();
    std::iter::once(tag.to_owned()).chain(words.map(|argument| format!("{tag} {argument}"))).collect()
}

/// A guess at whose greeting it is.
fn other_protocol(line: &[u8]) -> &'static str {
    const GREETINGS: &[(&[u8], &str)] = &[
        (b"* OK", ", which is IMAP"),
        (b"* BYE", ", which is IMAP"),
        (b"220", ", which looks like SMTP or FTP"),
        (b"SSH-", ", which is SSH"),
        (b"HTTP/", ", which is HTTP"),
        (b"200 ", ", which looks like NNTP"),
        (b"\x15\x03", ", which is a TLS alert: the port wants TLS from the first octet"),
    ];
    GREETINGS.iter().find(|(start, _)| line.starts_with(start)).map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_announced_alone_and_with_each_argument() {
        assert_eq!(announced(b"SASL plain CRAM-MD5"), ["SASL", "SASL PLAIN", "SASL CRAM-MD5"]);
        assert_eq!(announced(b"top"), ["TOP"]);
        assert_eq!(announced(b"SASL  PLAIN"), [""; 0]);
    }

    #[test]
    fn other_protocols_are_named() {
        assert_eq!(other_protocol(b"* OK IMAP4rev1"), ", which is IMAP");
        assert_eq!(other_protocol(b"220 mail ESMTP"), ", which looks like SMTP or FTP");
        assert_eq!(other_protocol(b"hello"), "");
    }
}
