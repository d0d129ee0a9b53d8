//! The maildrops of an example: what the numbers in it ask for.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pop3_proto::capability::Retention;
use pop3_proto::language::Language;
use pop3_proto::message_number::MessageNumber;
use pop3_proto::server::{
    Admission, Announced, Availability, Credentials, ExchangeStep, Host, Listed, OfferedMechanism, Refusal,
    ServerConfig, Tls, UpdateFailed,
};
use pop3_proto::unique_id::UniqueId;
use pop3_server::account::{Account, Policies};
use pop3_server::host::StoreHost;
use pop3_server::sasl::Mechanism;
use pop3_server::store::Store;

use crate::dialogue::{Exchange, Sent, in_exchange};
use crate::format::{self, Broken, Example, Setup, StandIn};

/// A message of exactly the octets that the account says: more than ten lines in
/// its body, some of which begin with a dot. `None` when there is none.
pub(crate) fn message(account: &format::Account, number: usize) -> Option<Vec<u8>> {
    let octets = *account.messages.get(number.checked_sub(1)?)?;
    let subject = account.subject.clone().unwrap_or_else(|| number.to_string());
    let mut message = format!("Subject: {subject}\r\n\r\n");
    let mut line = 0;
    while message.len() < octets {
        line += 1;
        let text = if line % 3 == 0 { format!(".{line:03}") } else { format!("l{line:03}") };
        // What is left for one line at the end is at least CRLF.
        let left = octets - message.len();
        let width = if left < 14 { left - 2 } else { 6 };
        message.push_str(&format!("{text:-<width$}")[..width]);
        message.push_str("\r\n");
    }
    assert_eq!(message.len(), octets, "no message has so few octets");
    Some(message.into_bytes())
}

/// The store of an example.
pub(crate) fn store(setup: &Setup) -> Store {
    let store = Store::with_id("example");
    store.set_policies(Policies { login_delay: setup.login_delay, expire: None });
    for (name, account) in &setup.accounts {
        store.add_account(name, Account::new(&account.secret));
        for number in 1..=account.messages.len() {
            let message = message(account, number).expect("it is there");
            store.deliver(name, &message).expect("an account");
        }
        if account.read_only {
            store.refuse_removal(name).expect("an account");
        }
    }
    store
}

/// What the sessions of an example offer.
pub(crate) fn config(setup: &Setup) -> ServerConfig {
    let has = |tags: &[String], tag: &str| tags.iter().any(|listed| listed == tag);
    let unless_without = |tag: &str| offered(!has(&setup.without, tag));
    let mechanism = |name: &String| OfferedMechanism {
        name: name.clone(),
        availability: if has(&setup.under_tls, name) { Availability::UnderTls } else { Availability::Offered },
    };
    ServerConfig {
        timestamp: setup.timestamp.clone(),
        user: unless_without("USER"),
        top: unless_without("TOP"),
        uidl: unless_without("UIDL"),
        resp_codes: unless_without("RESP-CODES"),
        auth_resp_code: unless_without("AUTH-RESP-CODE"),
        pipelining: unless_without("PIPELINING"),
        mechanisms: setup.mechanisms.iter().map(mechanism).collect(),
        implementation: setup.implementation.clone(),
        login_delay: setup.login_delay.map(|strictest| Announced { strictest, per_user: false }),
        expire: setup.expire.as_deref().map(expire),
        lang: offered(setup.preferred_language.is_some()),
        preferred_language: setup
            .preferred_language
            .as_deref()
            .map_or(Language::English, |tag| Language::matching(tag).expect("a language of the server")),
        utf8: offered(setup.utf8),
        tls: match setup.tls {
            format::Tls::None => Tls::Unavailable,
            format::Tls::Stls => Tls::Available,
        },
        ..ServerConfig::default()
    }
}

fn offered(is_there: bool) -> Availability {
    if is_there { Availability::Offered } else { Availability::Absent }
}

/// The arguments of EXPIRE.
fn expire(text: &str) -> Announced<Retention> {
    let (policy, per_user) = text.strip_suffix(" USER").map_or((text, false), |policy| (policy, true));
    let strictest = match policy {
        "NEVER" => Retention::Never,
        days => Retention::Days(days.parse().expect("a number of days")),
    };
    Announced { strictest, per_user }
}

/// A [`StoreHost`] with the unique-ids of the example, which RFC 1939 section 7
/// leaves to the server, with a mechanism that the store has not, and with
/// maildrops that cannot be opened.
#[derive(Debug)]
pub(crate) struct ExampleHost {
    inside: StoreHost,
    unique_ids: Vec<UniqueId>,
    stand_in: Option<Script>,
    broken: Option<Broken>,
}

/// A mechanism's part in an example: what is still to come.
#[derive(Debug)]
struct Script {
    stand_in: StandIn,
    secret: String,
    steps: std::vec::IntoIter<Step>,
}

/// A line of the client in an AUTH exchange.
#[derive(Debug)]
struct Step {
    /// What it responds, decoded; `None` for AUTH without an initial response.
    response: Option<Vec<u8>>,
    /// The challenge that answers it; without one, the client is let in.
    challenge: Option<Vec<u8>>,
}

impl ExampleHost {
    pub(crate) fn new(example: &Example, session: &[Exchange], store: &Store) -> Self {
        let known = example.server.mechanisms.iter().filter_map(|name| Mechanism::from_name(name)).collect();
        let unique_ids = example.server.accounts.values().flat_map(|account| &account.unique_ids);
        let stand_in = example.server.stand_in.clone();
        Self {
            inside: StoreHost::new(store.clone(), known),
            broken: example.server.accounts.values().find_map(|account| account.broken),
            unique_ids: unique_ids.map(|id| UniqueId::new(id.as_bytes()).expect("a unique-id")).collect(),
            stand_in: stand_in.map(|stand_in| Script {
                secret: example.server.accounts[&stand_in.enters].secret.clone(),
                steps: steps(session).into_iter(),
                stand_in,
            }),
        }
    }

    /// The same without the mechanism that stands in.
    pub(crate) fn without_stand_in(self) -> Self {
        Self { stand_in: None, ..self }
    }

    fn named(&mut self, login: Result<Admission, Refusal>) -> Result<Admission, Refusal> {
        let mut admission = login?;
        if let Some(broken) = self.broken {
            self.inside.release();
            return Err(match broken {
                Broken::Temporarily => Refusal::Temporarily,
                Broken::Permanently => Refusal::Permanently,
            });
        }
        let mut listed: Vec<Listed> = admission.messages.to_vec();
        for (message, unique_id) in listed.iter_mut().zip(&self.unique_ids) {
            message.unique_id = unique_id.clone();
        }
        admission.messages = listed.into();
        Ok(admission)
    }

    fn script(&mut self, response: Option<&[u8]>, now: Duration) -> ExchangeStep {
        let script = self.stand_in.as_mut().expect("begin_exchange looked");
        let step = script.steps.next().expect("a line of the example");
        assert_eq!(response, step.response.as_deref(), "the response as the session hands it over");
        match step.challenge {
            Some(challenge) => ExchangeStep::Challenge(challenge),
            None => {
                let (name, password) = (script.stand_in.enters.clone(), script.secret.clone());
                ExchangeStep::Done(self.log_in(Credentials::Password { name: &name, password: &password }, now))
            }
        }
    }
}

/// The lines of the AUTH exchange in a session.
fn steps(session: &[Exchange]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, exchange) in session.iter().enumerate() {
        let Sent::Line(line) = &exchange.sent else { continue };
        let response = match line.strip_prefix("AUTH ") {
            Some(arguments) => arguments.split_once(' ').map(|(_, initial)| initial),
            None if in_exchange(session, index) => Some(line.as_str()),
            None => continue,
        };
        let challenge = exchange.reply.strip_prefix(b"+ ").and_then(|rest| rest.strip_suffix(b"\r\n"));
        let decode = |base64: &[u8]| STANDARD.decode(base64).expect("base64");
        steps.push(Step {
            response: response.map(|base64| decode(base64.as_bytes())),
            challenge: challenge.map(decode),
        });
    }
    steps
}

impl Host for ExampleHost {
    fn log_in(&mut self, credentials: Credentials<'_>, now: Duration) -> Result<Admission, Refusal> {
        let login = self.inside.log_in(credentials, now);
        self.named(login)
    }

    fn begin_exchange(
        &mut self,
        mechanism: &str,
        initial_response: Option<&[u8]>,
        now: Duration,
    ) -> Option<ExchangeStep> {
        match &self.stand_in {
            Some(script) if script.stand_in.mechanism == mechanism => Some(self.script(initial_response, now)),
            _ => self.inside.begin_exchange(mechanism, initial_response, now),
        }
    }

    fn continue_exchange(&mut self, response: &[u8], now: Duration) -> ExchangeStep {
        match &self.stand_in {
            Some(_) => self.script(Some(response), now),
            None => self.inside.continue_exchange(response, now),
        }
    }

    fn cancel_exchange(&mut self) {
        self.inside.cancel_exchange();
    }

    fn message(&mut self, number: MessageNumber) -> Option<Arc<[u8]>> {
        self.inside.message(number)
    }

    fn update(&mut self, marked: &[MessageNumber]) -> Result<(), UpdateFailed> {
        self.inside.update(marked)
    }

    fn release(&mut self) {
        self.inside.release();
    }
}
