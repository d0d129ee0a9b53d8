//! What a server refuses although another would take it.

use pop3_proto::command::{Keyword, LINE_LIMIT};

use super::on_line;
use crate::fault::{Before, CommandLine, Filter, View};

fn refuse(text: &str) -> Before {
    Before::Answer(format!("-ERR {text}\r\n").into_bytes())
}

/// RFC 2449 section 3 has no space in a parameter.
pub(super) fn blanks_in_password_refused() -> Box<dyn Filter> {
    on_line(|line, view| {
        let password = line.is(Keyword::Pass) && !view.in_transaction();
        if password && line.arguments().len() > 1 { refuse("PASS takes one argument") } else { Before::Pass }
    })
}

pub(super) fn leading_zeros_refused() -> Box<dyn Filter> {
    on_line(|line, view| {
        use Keyword as K;
        let numbered = matches!(line.keyword(), Some(K::List | K::Retr | K::Dele | K::Top | K::Uidl));
        let zero = line.word(1).len() > 1 && line.word(1).starts_with(b"0");
        if numbered && zero && view.in_transaction() { refuse("no such message") } else { Before::Pass }
    })
}

pub(super) fn utf8_refused() -> Box<dyn Filter> {
    on_line(|line, view| {
        let asks = line.is_for_all(Keyword::Utf8) && !view.in_transaction();
        if asks { refuse("not now") } else { Before::Pass }
    })
}

pub(super) fn languages_not_listed() -> Box<dyn Filter> {
    on_line(|line, _| if line.is_for_all(Keyword::Lang) { refuse("no list of languages") } else { Before::Pass })
}

/// Closes the connection behind the reply to a line.
struct Closes {
    at: fn(&CommandLine<'_>) -> bool,
    now: bool,
}

impl Filter for Closes {
    fn before_line(&mut self, line: &CommandLine<'_>, _: &View<'_>) -> Before {
        self.now = (self.at)(line);
        if self.now { refuse("good bye") } else { Before::Pass }
    }

    fn breaks_off(&self) -> bool {
        self.now
    }
}

pub(super) fn long_line_closes() -> Box<dyn Filter> {
    let at = |line: &CommandLine<'_>| line.octets.len() + b"\r\n".len() > LINE_LIMIT;
    Box::new(Closes { at, now: false })
}

/// Octets above 127 are legal in names and passwords where UTF8 says so.
pub(super) fn control_octets_close() -> Box<dyn Filter> {
    let at = |line: &CommandLine<'_>| {
        let named = matches!(line.keyword(), Some(Keyword::User | Keyword::Pass | Keyword::Apop));
        line.octets.iter().any(|octet| octet.is_ascii_control() || (*octet > 127 && !named))
    };
    Box::new(Closes { at, now: false })
}
