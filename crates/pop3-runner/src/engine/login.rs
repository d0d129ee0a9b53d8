//! `auth: any`, a login by the method that the target is known to take.

use pop3_proto::login::Method;
use pop3_scenario::scenario::{AnyAuth, Auth, ReplyExpectation};
use pop3_scenario::source::Span;

use super::auth::Judged;
use super::{Engine, Played, Stop};

/// A keyword and the captures that are its arguments.
type Line = (&'static str, &'static [&'static str]);

const USER_PASS: [Line; 2] = [("USER", &["user"]), ("PASS", &["password"])];
const APOP: [Line; 1] = [("APOP", &["user", "apop"])];

impl Engine<'_> {
    /// Logs in. What a mechanism does otherwise than its RFC has it is no matter
    /// here, as long as it lets in: scenarios of its own ask for that.
    pub(super) async fn auth_any(&self, session: &str, any: &AnyAuth, span: &Span) -> Played {
        let under_tls = self.connection(session)?.lock().await.tls().is_some();
        if self.access.refuses_clear && !under_tls {
            return Err(Stop::Unsupported("the target lets nobody in without TLS".to_owned()));
        }
        let methods = self.access.methods;
        match if under_tls { methods.under_tls } else { methods.usual } {
            Method::UserPass => self.by_lines(session, &USER_PASS, any, span).await,
            Method::Apop => self.by_lines(session, &APOP, any, span).await,
            Method::Auth(mechanism) => {
                let auth = Auth { level: any.level, requirement: any.requirement.clone(), ..Auth::new(mechanism) };
                self.auth(session, &auth, Judged::Entry, span).await
            }
        }
    }

    /// Plays the lines as `C` and `S: +OK` do. The level is that of the last reply,
    /// which lets in; those before it are replies like any other.
    async fn by_lines(&self, session: &str, lines: &[Line], any: &AnyAuth, span: &Span) -> Played {
        let last = lines.len().saturating_sub(1);
        for (index, (keyword, arguments)) in lines.iter().enumerate() {
            self.know_digest(session).await;
            let line = self.login_line(keyword, arguments)?;
            self.send_now(session, &line, self.chunking).await?;
            let mut expectation = ReplyExpectation::default();
            if index == last {
                expectation.level = any.level;
                expectation.requirement.clone_from(&any.requirement);
            }
            self.expect_reply(session, &expectation, span, None).await?;
        }
        Ok(())
    }

    fn login_line(&self, keyword: &str, arguments: &[&str]) -> Result<Vec<u8>, Stop> {
        let captures = self.captures.borrow();
        let mut line = keyword.as_bytes().to_vec();
        for name in arguments {
            // The others are always there.
            let Some(value) = captures.octets(name) else {
                let why = "the target is known to take APOP, and the greeting of this connection has no timestamp for it (RFC 1939 section 7)";
                return Err(Stop::Inconclusive(why.to_owned()));
            };
            line.push(b' ');
            line.extend(value);
        }
        line.extend_from_slice(b"\r\n");
        Ok(line)
    }
}
