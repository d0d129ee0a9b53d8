//! Refusals of logins that come late: those that tell what names there are, and, of a
//! legal variation, all of them.

use std::time::Duration;

use pop3_proto::command::Keyword;

use super::hostile::{exists, name_of};
use super::login::LastUser;
use super::{Before, CommandLine, Filter, View};

/// How late a refusal is that comes late for some names only. Whoever compares a few of them sees it
/// on a busy machine too, and nobody who waits for a reply gives up.
const FOR_SOME: Duration = Duration::from_millis(600);

/// How late all refusals are, against whoever tries passwords.
const FOR_ALL: Duration = Duration::from_millis(300);

/// Which refusals are late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    All,
    KnownNames,
    UnknownNames,
}

struct RefusedLate {
    whose: Whose,
    user: LastUser,
    late: Option<Duration>,
}

impl RefusedLate {
    fn of(whose: Whose) -> Self {
        Self { whose, user: LastUser::default(), late: None }
    }
}

impl Filter for RefusedLate {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.user.hear(line);
        Before::Pass
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let name = if line.is(Keyword::Pass) { self.user.name.clone() } else { name_of(line) };
        let known = name.map(|name| exists(&name, view));
        let late = match self.whose {
            Whose::All => Some(FOR_ALL),
            Whose::KnownNames => known.filter(|known| *known).map(|_| FOR_SOME),
            Whose::UnknownNames => known.filter(|known| !*known).map(|_| FOR_SOME),
        };
        self.late = late.filter(|_| reply.starts_with(b"-ERR [AUTH]"));
    }

    fn late(&self) -> Option<Duration> {
        self.late
    }
}

/// As a server is that hashes the password given only where there is one to compare it with.
pub(super) fn known_names_refused_late() -> impl Filter {
    RefusedLate::of(Whose::KnownNames)
}

/// As a server is that looks for a name in one place after another.
pub(super) fn unknown_names_refused_late() -> impl Filter {
    RefusedLate::of(Whose::UnknownNames)
}

/// A refused login is late, whatever is wrong with it.
pub(crate) fn all_refused_late() -> Box<dyn Filter> {
    Box::new(RefusedLate::of(Whose::All))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
    use tokio::time::Instant;

    use super::*;
    use crate::account::Account;
    use crate::fault::Fault;
    use crate::variation::Variation;
    use crate::{Server, ServerBuilder};

    async fn line_of(stream: &mut DuplexStream) -> String {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(stream.read_u8().await.unwrap());
        }
        String::from_utf8(line).unwrap()
    }

    /// How long the last of these lines is answered for, by the pretend clock.
    async fn answered_after(server: &Server, lines: &[&str]) -> (String, Duration) {
        let (mut client, end) = tokio::io::duplex(1 << 16);
        let serving = server.clone();
        tokio::spawn(async move { serving.serve_stream(end).await });
        let mut answer = line_of(&mut client).await;
        let mut took = Duration::ZERO;
        for line in lines {
            let sent = Instant::now();
            client.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            answer = line_of(&mut client).await;
            took = sent.elapsed();
        }
        (answer, took)
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_are_late_for_whom_they_are_said_to_be() {
        let plain = |name: &str| {
            let mut line = b"AUTH PLAIN ".to_vec();
            pop3_proto::auth::write_response(&[b"\0", name.as_bytes(), b"\0wrong"].concat(), &mut line);
            String::from_utf8(line).unwrap()
        };
        let digest = "0123456789abcdef0123456789abcdef";
        let check = async |build: fn(ServerBuilder) -> ServerBuilder, known: u64, unknown: u64| {
            let store = crate::store::Store::with_id("s");
            store.add_account("alice", Account::new("secret"));
            let server = build(Server::builder().store(store)).build().unwrap();
            for (name, late) in [("alice", known), ("bob", unknown)] {
                let (user, apop) = (format!("USER {name}"), format!("APOP {name} {digest}"));
                for lines in [vec![user.as_str(), "PASS wrong"], vec![&*apop], vec![&*plain(name)]] {
                    let (answer, took) = answered_after(&server, &lines).await;
                    assert!(answer.starts_with("-ERR [AUTH]"), "{lines:?}: {answer}");
                    assert_eq!(took, Duration::from_millis(late), "{lines:?}");
                }
            }
            // What is no refusal of a login comes at once.
            for lines in [&["USER alice"][..], &["USER alice", "PASS secret"], &["XYZZ"], &["USER bob", "XYZZ"]] {
                assert_eq!(answered_after(&server, lines).await.1, Duration::ZERO, "{lines:?}");
            }
        };
        check(|builder| builder, 0, 0).await;
        check(|builder| builder.fault(Fault::KnownNamesRefusedLate), 600, 0).await;
        check(|builder| builder.fault(Fault::UnknownNamesRefusedLate), 0, 600).await;
        check(|builder| builder.variation(Variation::RefusalsLate), 300, 300).await;
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_else_waits() {
        let store = crate::store::Store::with_id("s");
        let server = Server::builder().store(store).variation(Variation::RefusalsLate).build().unwrap();
        let late = answered_after(&server, &["USER bob", "PASS wrong"]);
        let other = async {
            let began = Instant::now();
            answered_after(&server, &["USER bob", "XYZZ"]).await;
            began.elapsed()
        };
        let ((_, late), other) = tokio::join!(late, other);
        assert_eq!((late, other), (FOR_ALL, Duration::ZERO));
    }
}
