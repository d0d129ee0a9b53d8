//! `pop3spec explain` of what scenarios are made of: a fragment, a fixture.

use std::fmt::Write as _;

use pop3_proto::escape::escape;
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::fixture::Fixture;
use pop3_scenario::scenario::{Fragment, Scenario, Verb};
use pop3_scenario::source::SourceFile;

use crate::plural;

/// Lines of a fixture that are shown.
const LINES: usize = 12;
/// Octets of such a line that are shown.
const OCTETS: usize = 80;

/// The fragment of this name, or the fixture; both, where both have it.
pub(super) fn piece(name: &str, catalogue: &Catalogue) -> Option<String> {
    let fragment = catalogue.fragments.get(name).map(|found| fragment(found, catalogue));
    let fixture = catalogue.fixtures.get(name).map(|found| fixture(found, catalogue));
    let texts: Vec<String> = fragment.into_iter().chain(fixture).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn fragment(fragment: &Fragment, catalogue: &Catalogue) -> String {
    let name = &fragment.name;
    let mut text = format!("{name}\n{}\n\nA fragment ({}):\n\n", fragment.title, fragment.source.path);
    steps(&mut text, &fragment.source);
    let used = |scenario: &&Scenario| {
        let mut found = false;
        scenario.for_each_step(|step| found |= matches!(&step.verb, Verb::Use(used) if used.fragment == *name));
        found
    };
    uses(&mut text, catalogue.scenarios.iter().filter(used).count());
    let _ = writeln!(text, "Bring it in: - use: {name}");
    text
}

fn fixture(fixture: &Fixture, catalogue: &Catalogue) -> String {
    let name = &fixture.name;
    let octets = fixture.octets();
    let mut text = format!("{name}\n{}\n\nA fixture ({}): ", fixture.title, fixture.source.path);
    let _ = writeln!(text, "{}", plural(octets.len(), "octet", "octets"));
    let lines: Vec<&[u8]> = octets.split_inclusive(|octet| *octet == b'\n').collect();
    if !lines.is_empty() {
        text.push('\n');
    }
    for line in lines.iter().take(LINES) {
        let left_out = line.len().saturating_sub(OCTETS);
        let _ = write!(text, "    {}", escape(line.get(..OCTETS).unwrap_or(line)));
        let _ = match left_out {
            0 => writeln!(text),
            n => writeln!(text, " … ({} more)", plural(n, "octet", "octets")),
        };
    }
    if lines.len() > LINES {
        let _ = writeln!(text, "    … ({} more)", plural(lines.len() - LINES, "line", "lines"));
    }
    let has_it = |scenario: &&Scenario| scenario.mailbox.iter().flatten().any(|fixture| fixture == name);
    uses(&mut text, catalogue.scenarios.iter().filter(has_it).count());
    let _ = writeln!(text, "Put it into the maildrop: mailbox: [{name}]");
    text
}

/// The steps of a file, as they are written.
pub(super) fn steps(text: &mut String, source: &SourceFile) {
    let steps = source.text.lines().skip_while(|line| !line.starts_with("steps:")).skip(1);
    steps.for_each(|line| {
        let _ = writeln!(text, "    {line}");
    });
}

fn uses(text: &mut String, scenarios: usize) {
    let _ = writeln!(text, "\nUsed by {}.", plural(scenarios, "scenario", "scenarios"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain(name: &str) -> Option<String> {
        let files = [
            ("fragments/both.yaml", "format: pop3-fragment/1\ntitle: Connect\nsteps:\n  - open: {}\n  - S: +OK\n"),
            ("mailboxes/both.yaml", "format: pop3-fixture/1\ntitle: Odd\ncontent:\n  - raw: 'a\\x00\\nb'\n"),
            (
                "mailboxes/long.yaml",
                "format: pop3-fixture/1\ntitle: Long\ncontent:\n  - {raw: x, repeat: 81}\n  - {lines: [''], repeat: 13}\n",
            ),
            ("mailboxes/none.yaml", "format: pop3-fixture/1\ntitle: None\ncontent: []\n"),
            (
                "own/one.yaml",
                "format: pop3-scenario/1\nid: own/one\ntitle: T\nmailbox: [both, both]\nsteps:\n- use: both\n",
            ),
        ];
        let (catalogue, found) = Catalogue::load(files.map(|(path, text)| (path.to_owned(), text.to_owned())), None);
        assert!(found.is_empty(), "{found:?}");
        piece(name, &catalogue)
    }

    #[test]
    fn what_is_neither_is_not_explained() {
        assert_eq!(explain("own/one"), None);
    }

    #[test]
    fn a_fixture_is_shown_from_its_beginning() {
        let want = format!(
            "long\nLong\n\nA fixture (mailboxes/long.yaml): 107 octets\n\n    {} … (3 octets more)\n{}    … (1 line more)\n\n\
             Used by 0 scenarios.\nPut it into the maildrop: mailbox: [long]\n",
            "x".repeat(80),
            "    \\r\\n\n".repeat(11),
        );
        assert_eq!(explain("long"), Some(want));
        let want = "none\nNone\n\nA fixture (mailboxes/none.yaml): 0 octets\n\n\
            Used by 0 scenarios.\nPut it into the maildrop: mailbox: [none]\n";
        assert_eq!(explain("none").as_deref(), Some(want));
    }

    #[test]
    fn a_fragment_and_a_fixture_of_one_name_are_both_shown() {
        let want = "both\nConnect\n\nA fragment (fragments/both.yaml):\n\n      - open: {}\n      - S: +OK\n\n\
            Used by 1 scenario.\nBring it in: - use: both\n\n\
            both\nOdd\n\nA fixture (mailboxes/both.yaml): 4 octets\n\n    a\\x00\\n\n    b\n\n\
            Used by 1 scenario.\nPut it into the maildrop: mailbox: [both]\n";
        assert_eq!(explain("both").as_deref(), Some(want));
    }
}
