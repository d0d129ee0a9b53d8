//! How the first look comes in: in the clear, or else under TLS.

use std::net::SocketAddr;

use pop3_proto::escape::escape;
use pop3_proto::login::{Failure as Cannot, Identity, Login, Method, Step, Surroundings};
use pop3_proto::reply::Status;

use super::{Failure, Trial, announced, wrong};
use crate::clock::Clock;
use crate::connection::{Connection, Order};
use crate::login;

impl Trial<'_> {
    /// Logs in, in the clear if that can be. Where it cannot, `connection` is replaced by
    /// one under TLS, if that lets in: many servers of today let nobody in without it (RFC
    /// 8314 section 4.1). Says whether it came to that.
    pub(super) async fn enter(
        &self,
        connection: &mut Connection,
        greeting: &[u8],
        capabilities: &[Vec<u8>],
    ) -> Result<bool, Failure> {
        let way = self.way_to_tls(capabilities);
        // No password goes out in the clear where nothing asks for one.
        let refused = if way.is_some() && !self.target.login.shows_a_way(greeting, capabilities) {
            wrong("the target shows no way to log in without TLS", "check --user and the password")
        } else {
            match self.log_in(connection, greeting, capabilities).await {
                Ok(()) => return Ok(false),
                Err(refused) => refused,
            }
        };
        let Some(way) = way else { return Err(refused) };
        let Some((mut protected, greeting, capabilities)) = self.protected(way).await else { return Err(refused) };
        match self.log_in(&mut protected, &greeting, &capabilities).await {
            Ok(()) => {
                *connection = protected;
                Ok(true)
            }
            // What the plain port said is what the user asked about.
            Err(_) => Err(refused),
        }
    }

    /// Logs in as the target file says, or as the server shows that it can be done.
    async fn log_in(
        &self,
        connection: &mut Connection,
        greeting: &[u8],
        capabilities: &[Vec<u8>],
    ) -> Result<(), Failure> {
        let name = &self.account.name;
        let method = self.target.login.method(greeting, capabilities);
        let help = if self.nonce.is_some() {
            "is this the server that was started, and does it know the accounts that were made for it? `login:` in the target file names another way in"
        } else if method == Method::UserPass {
            "check --user and the password; USER and PASS must be allowed on this port (for TLS: --tls implicit)"
        } else {
            "check --user and the password"
        };
        let identity = Identity::new(name, &self.account.password);
        let surroundings =
            Surroundings { greeting: greeting.to_vec(), nonce: login::nonce(), ..Surroundings::default() };
        let login = Login::new(method, &identity, surroundings);
        let mut login =
            login.map_err(|why| wrong(format!("login as `{name}` by {method} cannot be tried: {why}"), help))?;
        let silence = self.access.patience.silence;
        let story = login::drive(connection, &mut login, self.access.delivery.chunking(), (silence, silence * 2)).await;
        let by = if method == Method::UserPass { String::new() } else { format!(" by {method}") };
        if let Some(arrival) = story.cut_short {
            return self.arrived(arrival, &format!("the answer to {}{by}", login.said())).map(drop);
        }
        let line = story.reply.map(|reply| escape(&reply.line)).unwrap_or_default();
        match login.outcome() {
            Some(Step::Done) => Ok(()),
            Some(Step::Failed(why @ (Cannot::Deviation(_) | Cannot::TooManyIterations { .. }))) => {
                let said = story.lines.join("\n    ");
                Err(wrong(format!("login as `{name}`{by} fails: {why}\n    {said}"), help))
            }
            _ => Err(wrong(format!("login as `{name}` is refused at {}{by}: {line}", login.said()), help)),
        }
    }

    /// How to log in under TLS, and what the server announces there, which may be
    /// more (RFC 5034 section 3). `None` where it has no TLS, or shows none; then its
    /// scenarios tell.
    pub(super) async fn under_tls(&self, before: &[Vec<u8>]) -> Option<(Method, Vec<Vec<u8>>)> {
        let (mut connection, greeting, lines) = self.protected(self.way_to_tls(before)?).await?;
        connection.send(b"QUIT\r\n", self.access.delivery.chunking()).await;
        let _ = connection.reply().await;
        let method = self.target.login.method(&greeting, &lines);
        Some((method, lines))
    }

    /// Where TLS can be had beside the plain port, and whether from the start.
    fn way_to_tls(&self, before: &[Vec<u8>]) -> Option<(SocketAddr, bool)> {
        let stls = || before.iter().any(|line| announced(line).iter().any(|tag| tag == "STLS"));
        match (self.access.plain, self.access.implicit) {
            (None, _) => None,
            (Some(_), Some(address)) => Some((address, true)),
            (Some(address), None) => self.target.stls.unwrap_or_else(stls).then_some((address, false)),
        }
    }

    /// A connection under TLS with its greeting and its lines of CAPA.
    async fn protected(&self, (address, implicit): (SocketAddr, bool)) -> Option<(Connection, Vec<u8>, Vec<Vec<u8>>)> {
        let opened = Connection::open(address, "", Clock::start(), Order::default(), self.access.patience, None).await;
        let mut connection = opened.ok()?;
        let tls = (self.access.tls.clone(), self.access.tls_name.clone());
        let greeting = if implicit {
            connection.start_tls(tls.0, tls.1).await.ok()?;
            self.greeting(&mut connection).await.ok()?
        } else {
            let greeting = self.greeting(&mut connection).await.ok()?;
            connection.send(b"STLS\r\n", self.access.delivery.chunking()).await;
            let reply = self.reply(&mut connection, "the answer to STLS").await.ok()?;
            reply.status.filter(|status| *status == Status::Ok)?;
            connection.start_tls(tls.0, tls.1).await.ok()?;
            greeting
        };
        let lines = self.capa(&mut connection).await.ok()?;
        Some((connection, greeting, lines))
    }
}
