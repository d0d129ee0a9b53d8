//! `pop3spec check`

use std::fmt::Write as _;
use std::io::{Read as _, stdin};
use std::path::Path;

use pop3_proto::client::Limits;
use pop3_proto::command::Keyword;
use pop3_proto::escape::escape;
use pop3_scenario::verdict::Exit;
use pop3_spec::invariant::{self, Breach, Invariant};
use pop3_spec::registry::Registry;
use pop3_spec::requirement::Strength;
use pop3_spec::transcript::{Connection, History, Maildrops, text};

use crate::args::CheckArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure, files};

mod log;

/// Octets of what came that are shown.
const SHOWN: usize = 300;

pub(crate) fn check(options: &CheckArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let registry = files::registry()?;
    let maildrops = if options.one_account { Maildrops::One } else { Maildrops::Named };
    let mut page = Page { registry: &registry, text: String::new(), breaches: 0, broken: 0 };
    let (mut connections, mut partly) = (0, 0);
    for path in &options.transcripts {
        let name = path.display().to_string();
        for (about, recorded) in read(path)? {
            let history = History { connections: recorded, maildrops, ..History::default() };
            connections += history.connections.len();
            partly += history.connections.iter().filter(|connection| has_gaps(connection)).count();
            for (invariant, breach) in invariant::check(&history, Limits::default()) {
                page.breach(&name, &about, &history, invariant, &breach);
            }
        }
    }
    terminal.print(&page.text)?;
    let mut summary = format!(
        "{} in {}, {} always-on checks\n",
        count(page.breaches, "breach", "breaches"),
        count(connections, "connection", "connections"),
        invariant::ALL.len()
    );
    if partly > 0 {
        let _ = writeln!(
            summary,
            "{} with octets left out by the record: nothing was said about what holds them",
            count(partly, "connection", "connections")
        );
    }
    if connections == 0 {
        summary.push_str("nothing to check: the transcripts hold no connection\n");
    }
    terminal.print(&summary)?;
    Ok(Ended::Exit(if page.broken > 0 { Exit::Failed } else { Exit::Clean }))
}

/// The histories of a file, each with what it is about.
fn read(path: &Path) -> Result<Vec<(String, Vec<Connection>)>, Failure> {
    let name = path.display();
    let mut octets = Vec::new();
    if path.as_os_str() == "-" {
        stdin().read_to_end(&mut octets).map_err(|error| Failure::usage(format!("standard input: {error}")))?;
    } else {
        octets = std::fs::read(path).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    }
    let content = String::from_utf8(octets).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|octet| **octet == b'\n').count() + 1;
        let advice = "a transcript is text: write octets above 127 as \\xNN (docs/transcript.md)";
        Failure::usage(format!("{name}:{line}: not UTF-8; {advice}"))
    })?;
    if content.trim_start().starts_with('{') {
        return log::read(&content).map_err(|error| Failure::usage(format!("{name}:{error}")));
    }
    let connections = text::read(&content).map_err(|error| {
        Failure::usage(format!("{name}:{}: {}; docs/transcript.md has the format", error.line, error.problem))
    })?;
    Ok(vec![(String::new(), connections)])
}

fn has_gaps(connection: &Connection) -> bool {
    connection.entries.iter().any(|entry| matches!(entry.what, pop3_spec::transcript::What::Omitted(_)))
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// What is printed, and how often what was broken.
struct Page<'r> {
    registry: &'r Registry,
    text: String,
    breaches: usize,
    /// Breaches of a must.
    broken: usize,
}

impl Page<'_> {
    fn breach(&mut self, name: &str, about: &str, history: &History, invariant: &Invariant, breach: &Breach) {
        let must = matches!(invariant.binding, Strength::Must | Strength::MustNot);
        self.breaches += 1;
        self.broken += usize::from(must);
        let connection = history.connections.get(breach.connection);
        let line = connection.and_then(|connection| connection.entry_at(breach.octet)).map_or(0, |entry| entry.line);
        let session = connection.map(|connection| connection.session.as_str()).filter(|session| !session.is_empty());
        let mut place = format!("connection {}", breach.connection + 1);
        if let Some(session) = session {
            let _ = write!(place, " ({})", escape(session.as_bytes()));
        }
        if !about.is_empty() {
            let _ = write!(place, " of {}", escape(about.as_bytes()));
        }
        let word = if must { "fail" } else { "warn" };
        let name = escape(name.as_bytes());
        let out = &mut self.text;
        let _ = writeln!(out, "{name}:{line}: {word} {}: {}", invariant.id, invariant.title);
        if let Some(requirement) = self.registry.by_id(breach.requirement) {
            let _ = writeln!(out, "    {} ({}): {}", requirement.clause(), invariant.binding, requirement.text);
        }
        let _ = writeln!(out, "    in {place}, octet {} of the server", breach.octet);
        if !breach.command.is_empty() {
            let _ = writeln!(out, "    answer to: {}", shown(&without_secret(&breach.command)));
        }
        let _ = writeln!(out, "    expected:  {}", breach.expected);
        let _ = writeln!(out, "    actual:    {}", shown(&breach.actual));
        let ruling = invariant.ruling.map(|ruling| format!(" or {ruling}")).unwrap_or_default();
        let _ = writeln!(out, "    explained by: pop3spec explain {}{ruling}\n", breach.requirement);
    }
}

/// A command line without its password, digest or response.
fn without_secret(line: &[u8]) -> Vec<u8> {
    let mut words = line.splitn(3, |octet| *octet == b' ');
    let (first, second, third) = (words.next().unwrap_or_default(), words.next(), words.next());
    match (Keyword::from_word(first), second, third) {
        (Some(Keyword::Pass), Some(_), _) => [first, b" ********"].concat(),
        (Some(Keyword::Apop | Keyword::Auth), Some(second), Some(_)) => [first, b" ", second, b" ********"].concat(),
        _ => line.to_vec(),
    }
}

/// Octets as text, the beginning of long ones.
fn shown(octets: &[u8]) -> String {
    let end = octets.get(..SHOWN).map_or("", |_| " ...");
    format!("{}{end}", escape(octets.get(..SHOWN).unwrap_or(octets)))
}
