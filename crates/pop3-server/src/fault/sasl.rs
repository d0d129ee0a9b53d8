//! Faults of AUTH and of the lines of its exchange (RFC 5034 section 4).

use pop3_proto::command::Keyword;
use pop3_proto::server::Tls;

use super::{Before, CommandLine, Filter, View, rewrite};

pub(super) const EMPTY_CHALLENGE: &[u8] = b"+ \r\n";
const NO_SUCH_MECHANISM: &[u8] = b"-ERR no such mechanism\r\n";

/// A fault of the responses in an exchange.
pub(super) struct OnResponse(pub(super) fn(&CommandLine<'_>) -> Before);

impl Filter for OnResponse {
    fn before_response(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        (self.0)(line)
    }
}

/// The session gives up the exchange, and the client hears that it is refused.
pub(super) fn broken_off() -> Before {
    rewrite("*")
}

fn is_auth(line: &CommandLine<'_>, view: &View<'_>) -> bool {
    line.is(Keyword::Auth) && !line.arguments().is_empty() && !view.in_transaction()
}

pub(super) fn names(line: &CommandLine<'_>, mechanism: &str) -> bool {
    line.word(1).eq_ignore_ascii_case(mechanism.as_bytes())
}

fn instead_of_empty_challenge(reply: &mut Vec<u8>, line: &[u8]) {
    if reply == EMPTY_CHALLENGE {
        *reply = line.to_vec();
    }
}

pub(super) fn challenge_in_clear_text(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    instead_of_empty_challenge(reply, b"+ go ahead\r\n");
}

pub(super) fn empty_challenge_without_space(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    instead_of_empty_challenge(reply, b"+\r\n");
}

pub(super) fn challenge_told_as_ok(_: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    instead_of_empty_challenge(reply, b"+OK\r\n");
}

pub(super) fn initial_response_required(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if is_auth(line, view) && names(line, "PLAIN") && line.arguments().len() == 1 {
        Before::Answer(b"-ERR initial response is missing\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn asterisk_asks_again(line: &CommandLine<'_>) -> Before {
    if line.octets == b"*" { Before::Answer(EMPTY_CHALLENGE.to_vec()) } else { Before::Pass }
}

/// What follows a failed exchange is taken for a response in it.
#[derive(Default)]
pub(super) struct ExchangeOutlivesFailure {
    exchanging: bool,
    failed: bool,
}

impl Filter for ExchangeOutlivesFailure {
    fn before_response(&mut self, _: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.exchanging = true;
        Before::Pass
    }

    fn before_line(&mut self, _: &CommandLine<'_>, _: &View<'_>) -> Before {
        if std::mem::take(&mut self.failed) {
            Before::Answer(b"-ERR response is not base64\r\n".to_vec())
        } else {
            Before::Pass
        }
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.failed |= std::mem::take(&mut self.exchanging) && reply.starts_with(b"-ERR");
    }
}

/// A decoder of base64 that takes more than it should.
pub(super) struct Lenient(pub(super) fn(&[u8]) -> Vec<u8>);

impl Lenient {
    fn read(&self, response: &[u8]) -> Option<Vec<u8>> {
        let read = (self.0)(response);
        (response != b"*" && response != b"=" && read != response).then_some(read)
    }
}

impl Filter for Lenient {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let initial = is_auth(line, view) && line.arguments().len() == 2;
        let read = if initial { self.read(line.word(2)) } else { None };
        read.map_or(Before::Pass, |read| rewrite([b"AUTH ", line.word(1), b" ", &read].concat()))
    }

    fn before_response(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.read(line.octets).map_or(Before::Pass, rewrite)
    }
}

fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"+/".contains(&octet)
}

/// The alphabet's characters only, and pads.
pub(super) fn without_junk(response: &[u8]) -> Vec<u8> {
    response.iter().copied().filter(|octet| is_base64(*octet) || *octet == b'=').collect()
}

/// The characters that carry data, whatever pads stand between them.
pub(super) fn without_inner_pads(response: &[u8]) -> Vec<u8> {
    let end = response.iter().rposition(|octet| *octet != b'=').map_or(0, |last| last + 1);
    let (inner, pads) = response.split_at(end);
    let mut read: Vec<u8> = inner.iter().copied().filter(|octet| *octet != b'=').collect();
    read.extend_from_slice(pads);
    read
}

/// The last group filled up with pads.
pub(super) fn with_pads(response: &[u8]) -> Vec<u8> {
    let mut read = response.to_vec();
    while !read.len().is_multiple_of(4) {
        read.push(b'=');
    }
    read
}

fn is_unknown_mechanism(line: &CommandLine<'_>, view: &View<'_>) -> bool {
    let name = std::str::from_utf8(line.word(1)).unwrap_or_default();
    is_auth(line, view) && crate::sasl::Mechanism::from_name(name).is_none()
}

pub(super) fn unknown_mechanism_starts(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if is_unknown_mechanism(line, view) { rewrite("AUTH PLAIN") } else { Before::Pass }
}

pub(super) fn unknown_mechanism_closes(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if is_unknown_mechanism(line, view) { Before::Close } else { Before::Pass }
}

pub(super) fn mechanism_case_sensitive(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let lower = is_auth(line, view) && line.word(1).iter().any(u8::is_ascii_lowercase);
    if lower { Before::Answer(NO_SUCH_MECHANISM.to_vec()) } else { Before::Pass }
}

pub(super) fn auth_after_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Auth) && view.in_transaction() {
        Before::Answer(EMPTY_CHALLENGE.to_vec())
    } else {
        Before::Pass
    }
}

/// A client that AUTH let in finds the maildrop closed.
#[derive(Default)]
pub(super) struct AuthChangesNothing {
    exchanging: bool,
    let_in: bool,
}

impl Filter for AuthChangesNothing {
    fn before_response(&mut self, _: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.exchanging = true;
        Before::Pass
    }

    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.exchanging = is_auth(line, view);
        if self.let_in && !matches!(line.keyword(), Some(Keyword::Quit | Keyword::Capa)) {
            Before::Answer(b"-ERR not valid in the AUTHORIZATION state\r\n".to_vec())
        } else {
            Before::Pass
        }
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, _: &mut Vec<u8>, view: &View<'_>) {
        self.let_in |= std::mem::take(&mut self.exchanging) && view.in_transaction();
    }
}

pub(super) fn auth_not_implemented(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is(Keyword::Auth) { Before::Answer(b"-ERR unknown command\r\n".to_vec()) } else { Before::Pass }
}

pub(super) fn announced_mechanism_refused(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if is_auth(line, view) && names(line, "CRAM-MD5") {
        Before::Answer(NO_SUCH_MECHANISM.to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn server_first_takes_initial_response(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let passed_over = is_auth(line, view) && names(line, "CRAM-MD5") && line.arguments().len() == 2;
    if passed_over { rewrite("AUTH CRAM-MD5") } else { Before::Pass }
}

pub(super) fn auth_line_upper_cased(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let upper = line.octets.to_ascii_uppercase();
    if is_auth(line, view) && upper != line.octets { rewrite(upper) } else { Before::Pass }
}

/// The longest response that the faulty server takes: what is left of a command.
const SHORT: usize = 253;

pub(super) fn response_limit_too_low(line: &CommandLine<'_>) -> Before {
    if line.octets.len() > SHORT { broken_off() } else { Before::Pass }
}

pub(super) fn empty_response_refused(line: &CommandLine<'_>) -> Before {
    if line.octets.is_empty() { broken_off() } else { Before::Pass }
}

pub(super) fn auth_alone_starts(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is_for_all(Keyword::Auth) && !view.in_transaction() { rewrite("AUTH PLAIN") } else { Before::Pass }
}

pub(super) fn equals_sign_asks(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let empty = is_auth(line, view) && line.arguments().len() == 2 && line.word(2) == b"=";
    if empty { rewrite([b"AUTH ", line.word(1)].concat()) } else { Before::Pass }
}

pub(super) fn third_argument_ignored(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    match line.arguments() {
        [mechanism, _, _, ..] if is_auth(line, view) => rewrite([b"AUTH ", *mechanism].concat()),
        _ => Before::Pass,
    }
}

pub(super) fn asterisk_with_more_asks_again(line: &CommandLine<'_>) -> Before {
    let more = line.octets.starts_with(b"*") && line.octets.len() > 1;
    if more { Before::Answer(EMPTY_CHALLENGE.to_vec()) } else { Before::Pass }
}

/// The longest AUTH command that the faulty server takes, without CRLF.
const LONGEST: usize = 240;

pub(super) fn auth_limit_too_low(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let long = is_auth(line, view) && line.octets.len() > LONGEST;
    if long { Before::Answer(b"-ERR line too long\r\n".to_vec()) } else { Before::Pass }
}

pub(super) fn plain_missing_under_tls(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let missing = is_auth(line, view) && names(line, "PLAIN") && view.tls == Tls::Active;
    if missing { Before::Answer(NO_SUCH_MECHANISM.to_vec()) } else { Before::Pass }
}

pub(super) fn empty_response_ignored(line: &CommandLine<'_>) -> Before {
    if line.octets.is_empty() { Before::Swallow } else { Before::Pass }
}

/// What follows the end of a failed exchange: a second line, or STLS as if there were no TLS.
#[derive(Default)]
pub(super) struct BehindFailure {
    exchanging: bool,
    failed: bool,
    how: Behind,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Behind {
    #[default]
    AnotherLine,
    Stls,
}

impl BehindFailure {
    pub(super) fn stls() -> Self {
        Self { how: Behind::Stls, ..Self::default() }
    }
}

impl Filter for BehindFailure {
    fn before_response(&mut self, _: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.exchanging = true;
        Before::Pass
    }

    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.exchanging = is_auth(line, view);
        let again = self.how == Behind::Stls && self.failed && view.tls == Tls::Active && line.is(Keyword::Stls);
        if again { Before::Answer(b"+OK begin TLS negotiation\r\n".to_vec()) } else { Before::Pass }
    }

    fn after_reply(&mut self, _: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        if std::mem::take(&mut self.exchanging) && reply.starts_with(b"-ERR") {
            self.failed = true;
            if self.how == Behind::AnotherLine {
                reply.extend_from_slice(b"-ERR try again\r\n");
            }
        }
    }
}

pub(super) fn mechanism_in_lower_case(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is(Keyword::Capa) {
        replace_first(reply, b"\r\nSASL ", b"\r\nSASL own-plain ");
    }
}

fn replace_first(reply: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    if let Some(at) = reply.windows(old.len()).position(|window| window == old) {
        reply.splice(at..at + old.len(), new.iter().copied());
    }
}
