//! `docs/clients.md`

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::attempt::{Outcome, Seen};
use super::cell::{Cell, Mail, WayIn, Wire};
use super::client::{Cannot, Client, HeaderEnd, LineEnd, Setting};
use super::mail::Message;

/// Around what is shown and not compared.
const VERSIONS: (&str, &str) = ("<!-- versions -->\n", "<!-- end of versions -->\n");

/// The page, from what all cells showed.
pub(super) fn page(
    clients: &[Client],
    versions: &[String],
    messages: &[Message],
    outcomes: &[(Cell, Outcome)],
) -> String {
    let reasons: Vec<(&Client, &Cannot)> =
        clients.iter().flat_map(|client| client.cannot.iter().map(move |cannot| (client, cannot))).collect();
    let works = outcomes.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Works(_))).count();
    let mut page = String::new();
    page.push_str(
        "<!-- Written by `cargo xtask clients`; do not edit. -->\n\n# Mail clients against `pop3spec serve`\n\n",
    );
    page.push_str(&wrapped(&format!(
        "Clients that people use, as Debian packages them, against the reference server: every client over every \
         connection, keeping mail and deleting it, by every way to log in. Of {} cells {works} work; for the other {} the \
         [reasons](#reasons) say whose doing it is, and show the octets.",
        outcomes.len(),
        outcomes.len() - works,
    )));
    page.push_str("\n## What was run\n\n");
    page.push_str(VERSIONS.0);
    page.push_str("| client | Debian package | version |\n|---|---|---|\n");
    for (client, version) in clients.iter().zip(versions) {
        let package = client.programs.first().map_or("", |tool| tool.package);
        let _ = writeln!(page, "| {} | `{package}` | {version} |", client.name);
    }
    page.push_str(VERSIONS.1);
    page.push_str(
        "\n`cargo xtask setup` installs them, `cargo xtask clients` runs all cells and writes this page, and\n",
    );
    page.push_str(
        "`cargo xtask clients --check` (a step of `cargo xtask ci`) fails if a cell came out otherwise. Versions\n",
    );
    page.push_str("are shown, not compared.\n\n");
    page.push_str(&wrapped(
        "Each cell has its own server, account and home directory. The server offers everything in every cell, so that \
         a client that silently takes another way in, or stays in clear, is found out: STLS on the plain port, implicit \
         TLS, USER/PASS, APOP, and the five mechanisms. (A cell that cannot work has a server with one \
         message and the one mechanism in question.) A cell is `ok` when all of these hold:",
    ));
    page.push_str(
        "\n\
         - The client's exit code is 0.\n\
         - Each message arrives once, with the octets that are stored; what else a client may do is in the\n  \
           [table below](#what-clients-may-change), and is taken away by exactly that rule.\n\
         - The server's transcript shows, for every connection of the client, exactly one login: by the way in\n  \
           of the column, after STLS where the row says so, and closed by QUIT through the UPDATE state.\n\
         - Another session then finds the same unique-ids (keep), or none (delete).\n\
         - Keeping mail, a client that knows by UIDL what it has had is run twice: the second run fetches nothing.\n\n",
    );
    page.push_str("## The table\n\n");
    page.push_str("\"Exit\" is the exit code, and behind the comma that of a second run that finds nothing new. \"As stored\" counts the\nmessages that arrived right, \"left\" those on the server afterwards.\n\n");
    table(&mut page, clients, outcomes, &reasons);
    page.push_str("\n## Reasons\n\n");
    for (index, (client, cannot)) in reasons.iter().enumerate() {
        reason(&mut page, index + 1, client, cannot);
    }
    page.push_str("## The mail\n\nLines end in LF where they are stored; the server sends CRLF.\n\n| message | octets | what is in it |\n|---|---:|---|\n");
    for message in messages {
        let _ = writeln!(page, "| {} | {} | {} |", message.name, message.octets.len(), message.bites);
    }
    page.push_str("\n## What clients may change\n\n| client | puts on top | ends lines with | a message that is only a header |\n|---|---|---|---|\n");
    for client in clients {
        let fields = match client.delivery.fields {
            [] => "nothing".to_owned(),
            fields => fields.iter().map(|field| format!("`{field}:`")).collect::<Vec<_>>().join(", "),
        };
        let line_end = match client.delivery.line_end {
            LineEnd::Crlf => "CRLF",
            LineEnd::Lf => "LF",
        };
        let header = match client.delivery.header {
            HeaderEnd::AsStored => "stays one",
            HeaderEnd::Completed => "gets an empty line",
        };
        let _ = writeln!(page, "| {} | {fields} | {line_end} | {header} |", client.name);
    }
    page.push_str("\n## How each client is set up\n\n");
    page.push_str("Over STLS, keeping mail, by a login that it can; PORT, CA and DIR stand for the server's port, its\nauthority's certificate and the client's own folder.\n");
    for client in clients {
        set_up(&mut page, client, messages.len());
    }
    page
}

fn table(page: &mut String, clients: &[Client], outcomes: &[(Cell, Outcome)], reasons: &[(&Client, &Cannot)]) {
    let _ = write!(page, "| client | connection | mail | exit | as stored | left |");
    for login in WayIn::ALL {
        let _ = write!(page, " {login} |");
    }
    let _ = writeln!(page, "\n|---|---|---|---|---|---|{}", ":-:|".repeat(WayIn::ALL.len()));
    for client in clients {
        for (wire, mail) in Wire::ALL.into_iter().flat_map(|wire| Mail::ALL.map(|mail| (wire, mail))) {
            let row = outcomes
                .iter()
                .filter(|(cell, _)| (cell.client.name, cell.wire, cell.mail) == (client.name, wire, mail));
            let row: Vec<&(Cell, Outcome)> = row.collect();
            let seen = row.iter().filter_map(|(_, outcome)| match outcome {
                Outcome::Works(seen) => Some(seen),
                Outcome::Cannot(_) => None,
            });
            let seen: Vec<&Seen> = seen.collect();
            let all = |show: &dyn Fn(&Seen) -> String| {
                let values: BTreeSet<String> = seen.iter().map(|seen| show(seen)).collect();
                if values.is_empty() { "–".to_owned() } else { values.into_iter().collect::<Vec<_>>().join(" or ") }
            };
            let exit = all(&|seen| match seen.exit_again {
                Some(again) => format!("{}, {again}", seen.exit),
                None => seen.exit.to_string(),
            });
            let delivered = all(&|seen| seen.delivered.to_string());
            let left = all(&|seen| seen.left.to_string());
            let _ = write!(page, "| {} | {wire} | {mail} | {exit} | {delivered} | {left} |", client.name);
            for (cell, outcome) in row {
                let number =
                    cell.cannot().and_then(|own| reasons.iter().position(|(_, other)| std::ptr::eq(own, *other)));
                let _ = match (outcome, number) {
                    (Outcome::Works(_), _) | (_, None) => write!(page, " ok |"),
                    (Outcome::Cannot(_), Some(index)) => write!(page, " [{0}](#reason-{0}) |", index + 1),
                };
            }
            page.push('\n');
        }
    }
}

fn reason(page: &mut String, number: usize, client: &Client, cannot: &Cannot) {
    let wires = if cannot.wires.len() == Wire::ALL.len() {
        "every connection".to_owned()
    } else {
        cannot.wires.iter().map(Wire::to_string).collect::<Vec<_>>().join(", ")
    };
    let logins = if cannot.logins.len() == WayIn::ALL.len() {
        "every other login".to_owned()
    } else {
        cannot.logins.iter().map(WayIn::to_string).collect::<Vec<_>>().join(", ")
    };
    let _ = writeln!(page, "### Reason {number}\n");
    page.push_str(&wrapped(&format!(
        "{}, {wires}, {logins}. Whose doing: {}. {}. Exit code {}. Seen, one line directly behind the other:",
        client.name,
        cannot.whose,
        sentence(cannot.why),
        cannot.exit,
    )));
    let _ = writeln!(page, "\n```\n{}\n```\n", cannot.evidence.join("\n").replace("{mechanism}", "MECHANISM"));
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn set_up(page: &mut String, client: &Client, messages: usize) {
    let logins = WayIn::ALL.into_iter().rev();
    let can = |wire: Wire, login: WayIn| {
        !client.cannot.iter().any(|cannot| cannot.wires.contains(&wire) && cannot.logins.contains(&login))
    };
    let example =
        [Wire::Stls, Wire::Implicit].into_iter().flat_map(|wire| logins.clone().map(move |login| (wire, login)));
    let Some((wire, login)) = example.into_iter().find(|(wire, login)| can(*wire, *login)) else { return };
    let setup = (client.setup)(&Setting {
        wire,
        mail: Mail::Keep,
        login,
        port: "PORT".to_owned(),
        authority: "CA".to_owned(),
        folder: "DIR".to_owned(),
        messages,
    });
    let _ = writeln!(page, "\n### {}\n\n{}", client.name, wrapped(client.note));
    let _ = writeln!(page, "{}, {login}:\n", sentence(&wire.to_string()));
    let _ = writeln!(page, "```\n{}\n```", setup.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
    for (name, text) in setup.files {
        if name.ends_with(".py") {
            let _ = writeln!(page, "\nThe script is `xtask/src/clients/{name}`.");
        } else {
            let _ = writeln!(page, "\n`{name}`:\n\n```\n{text}```");
        }
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=+".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

/// A paragraph in lines of at most 110 characters.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if width > 0 && width + 1 + long > 110 {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += long;
    }
    lines + "\n"
}

/// The page without what is shown and not compared.
pub(super) fn compared(page: &str) -> String {
    let parts = page.split_once(VERSIONS.0).and_then(|(before, rest)| Some((before, rest.split_once(VERSIONS.1)?.1)));
    parts.map_or_else(|| page.to_owned(), |(before, behind)| before.to_owned() + behind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::{CLIENTS, cell, mail};

    fn pages(version: &str, left: usize) -> String {
        let outcomes = cell::all(CLIENTS).into_iter().map(|cell| {
            let outcome = match cell.cannot() {
                Some(cannot) => Outcome::Cannot(cannot.why),
                None => Outcome::Works(Seen { exit: 0, exit_again: cell.client.nothing_new, delivered: 8, left }),
            };
            (cell, outcome)
        });
        let versions = vec![version.to_owned(); CLIENTS.len()];
        page(CLIENTS, &versions, &mail::messages(), &outcomes.collect::<Vec<_>>())
    }

    #[test]
    fn versions_are_not_compared_and_cells_are() {
        assert_ne!(pages("1.0", 8), pages("1.1", 8));
        assert_eq!(compared(&pages("1.0", 8)), compared(&pages("1.1", 8)));
        assert_ne!(compared(&pages("1.0", 8)), compared(&pages("1.0", 7)));
    }

    #[test]
    fn each_row_has_its_cells() {
        let page = pages("1.0", 8);
        let row = |start: &str| page.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
        assert_eq!(
            row("| mpop | STLS | keep"),
            "| mpop | STLS | keep | 0, 0 | 8 | 8 | ok | ok | ok | ok | ok | ok | ok |"
        );
        assert_eq!(
            row("| fetchmail | plain | delete"),
            "| fetchmail | plain | delete | 0, 1 | 8 | 8 | ok | ok | [2](#reason-2) | [2](#reason-2) | ok \
             | [2](#reason-2) | [2](#reason-2) |"
        );
        assert!(row("| getmail6 | STLS | keep").starts_with("| getmail6 | STLS | keep | – | – | – | [4]"));
        assert!(!page.contains('{'), "a placeholder is left");
    }
}
