//! AUTH exchanges in scripts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_proto::login::{Binding, Identity, Login, Mechanism, Method, Reply, Step, Surroundings};
use pop3_proto::reply::Status;

use super::Client;

impl Client {
    /// The step `auth MECHANISM [PASSWORD]`, behind which `y` says that the client
    /// believes the server without channel binding, and a number which message of the
    /// client's is a cancellation: what a client comes to see.
    pub(super) async fn auth(&mut self, words: &str) -> String {
        let words: Vec<&str> = words.split(' ').collect();
        let password = words.get(1).copied().unwrap_or("secret");
        let binding = if words.get(2) == Some(&"y") { Binding::BelievedUnsupported } else { Binding::Absent };
        let cancelled_at = words.get(2).and_then(|word| word.parse().ok());
        let surroundings = Surroundings { nonce: "nonce".to_owned(), binding, cancelled_at, ..Surroundings::default() };
        let method = Method::Auth(Mechanism::from_name(words[0]).unwrap());
        let mut login = Login::new(method, &Identity::new("alice", password), surroundings).unwrap();
        let mut step = login.start();
        while let Step::Send(line) = &step {
            let heard = self.say(&String::from_utf8(line.octets().to_vec()).unwrap().replace("\r\n", "|")).await;
            let Some((status, text)) = heard.strip_suffix('|').and_then(read) else { return heard };
            step = login.next(Reply { status: Some(status), text: text.as_bytes() });
        }
        let seen: Vec<String> = login.deviations().iter().map(ToString::to_string).collect();
        let outcome = match step {
            Step::Done => "let in",
            Step::Refused => "refused",
            Step::Failed(_) | Step::Send(_) => "failed",
        };
        [&[outcome.to_owned()], seen.as_slice()].concat().join(", ")
    }
}

fn read(line: &str) -> Option<(Status, &str)> {
    let statuses = [("+OK", Status::Ok), ("-ERR", Status::Err), ("+", Status::Continue)];
    let (word, status) = statuses.into_iter().find(|(word, _)| line.starts_with(word))?;
    let text = line.strip_prefix(word)?;
    Some((status, text.strip_prefix(' ').unwrap_or(text)))
}

/// A challenge with what is random in it masked.
pub(super) fn without_nonce(heard: String) -> String {
    let challenge = heard.strip_prefix("+ ").and_then(|rest| STANDARD.decode(rest.strip_suffix('|')?).ok());
    let repeated = challenge.as_deref().is_some_and(|challenge| challenge.starts_with(b"<0707"));
    let first = |start: &[u8]| !repeated && challenge.as_deref().is_some_and(|challenge| challenge.starts_with(start));
    match (first(b"<"), first(b"r=")) {
        (true, _) => "+ (a new msg-id)|".to_owned(),
        (_, true) => "+ (a new nonce)|".to_owned(),
        _ => heard,
    }
}
