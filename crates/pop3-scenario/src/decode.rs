//! From the tree of a file to the values of the format, by hand: every mistake
//! is reported at its place, and all of them, not only the first.

mod account;
mod alter;
mod auth;
mod control;
mod event;
mod fixture;
mod fragment;
mod header;
mod line;
mod payload;
mod reply;
mod step;
mod values;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use auth::{ANY, BINDINGS, ENDINGS, RESPONSES};
pub(crate) use control::VERDICTS;
pub(crate) use event::{CERTIFICATES, CLOSINGS, NAMELESS, OPENINGS, OUTCOMES, RECOMMENDED, VERSIONS, WINDOWS};
pub(crate) use fixture::fixture;
pub(crate) use fragment::{fragment, fragment_uses};
pub(crate) use header::{TIERS, scenario};
pub(crate) use reply::STATUSES;
pub(crate) use step::{HOOKS, VERBS};
pub(crate) use values::is_slug;

use crate::diagnostic::Findings;
use crate::scenario::Fragment;
use crate::source::{SourceFile, Span};
use crate::yaml::{Content, Node};

/// What a file may refer to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shelf<'a> {
    pub(crate) fragments: &'a BTreeMap<String, Fragment>,
    /// Fragments that exist and could not be read.
    pub(crate) broken: &'a BTreeSet<String>,
    pub(crate) fixtures: &'a BTreeSet<String>,
    /// Requirement ids; `None` accepts any.
    pub(crate) requirements: Option<&'a BTreeSet<String>>,
}

/// One file being decoded.
pub(crate) struct Decoder<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) shelf: Shelf<'a>,
    pub(crate) findings: Findings,
    /// Steps made so far, fragments counted in full.
    pub(crate) steps: usize,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(file: &'a SourceFile, shelf: Shelf<'a>) -> Self {
        Self { file, shelf, findings: Findings::default(), steps: 0 }
    }

    /// The entries of a map, to be taken one by one.
    fn fields<'n>(&mut self, what: &'static str, node: &'n Node) -> Option<Fields<'n>> {
        let Content::Mapping(entries) = &node.content else {
            self.wrong_kind(node, what, "a map `{key: value}`");
            return None;
        };
        Some(Fields {
            what,
            span: &node.span,
            entries: entries.iter().map(|(key, value)| (key, value, false)).collect(),
            known: Vec::new(),
            passed: 0,
        })
    }

    /// The items of a list.
    fn items<'n>(&mut self, what: &str, node: &'n Node) -> Option<&'n [Node]> {
        if let Content::Sequence(items) = &node.content {
            return Some(items);
        }
        self.not_a_list(node, what);
        None
    }

    fn not_a_list(&mut self, node: &Node, what: &str) {
        let is_word = |text: &&str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
            !text.is_empty() && text.len() <= 60 && text.chars().all(plain)
        };
        match node.text().filter(is_word) {
            Some(text) => {
                let message = format!("{what} must be a list, and here is text");
                self.findings.error_help(&node.span, "wrong-type", message, format!("write `[{text}]`"));
            }
            None => self.wrong_kind(node, what, "a list `[…]`"),
        }
    }

    fn wrong_kind(&mut self, node: &Node, what: &str, wanted: &str) {
        self.findings.error(&node.span, "wrong-type", format!("{what} must be {wanted}, and here is {}", node.kind()));
    }

    /// Reports what a map has beyond the keys taken.
    fn finish(&mut self, fields: Fields<'_>) {
        for (key, _, taken) in &fields.entries {
            if self.findings.is_full() {
                return;
            }
            // A known key that was not taken is a duplicate, which is reported already.
            let Some(text) = key.text().filter(|text| !taken && !fields.known.contains(text)) else { continue };
            let message = format!("`{text}` is not a key of {}", fields.what);
            self.findings.error_help(&key.span, "unknown-key", message, did_you_mean(text, &fields.known));
        }
    }
}

/// The entries of a map. Each key asked for is known from then on, so that
/// suggestions always agree with the code.
struct Fields<'n> {
    what: &'static str,
    span: &'n Span,
    entries: Vec<(&'n Node, &'n Node, bool)>,
    known: Vec<&'static str>,
    /// Entries that [`Self::next`] has given out; it alone is used with open keys.
    passed: usize,
}

impl<'n> Fields<'n> {
    fn get(&mut self, name: &'static str) -> Option<&'n Node> {
        self.get_with_key(name).map(|(_, value)| value)
    }

    fn get_with_key(&mut self, name: &'static str) -> Option<(&'n Node, &'n Node)> {
        self.known.push(name);
        let entry = self.entries.iter_mut().find(|(key, ..)| key.text() == Some(name))?;
        entry.2 = true;
        Some((entry.0, entry.1))
    }

    /// A key that must be there.
    fn need(&mut self, name: &'static str, decoder: &mut Decoder<'_>) -> Option<&'n Node> {
        let found = self.get(name);
        if found.is_none() {
            let message = format!("{} has no `{name}`", self.what);
            decoder.findings.error_help(&first_line(self.span), "missing-key", message, format!("add `{name}: …`"));
        }
        found
    }

    /// The first entry not yet taken.
    fn next(&mut self) -> Option<(&'n Node, &'n Node)> {
        let entry = self.entries.iter_mut().skip(self.passed).find(|(.., taken)| !taken)?;
        self.passed += 1;
        entry.2 = true;
        Some((entry.0, entry.1))
    }
}

fn first_line(span: &Span) -> Span {
    Span { width: span.width.max(1), ..span.clone() }
}

/// `did you mean …`, or all that is known.
fn did_you_mean(word: &str, known: &[&str]) -> String {
    match closest(word, known) {
        Some(best) => format!("did you mean `{best}`?"),
        None => format!("known are: {}", known.join(", ")),
    }
}

/// The known word that this one was probably meant to be.
pub(crate) fn closest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let distance = |known: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &known.to_lowercase());
    let best = known.iter().min_by_key(|known| (distance(known), known.len()))?;
    let letters = word.chars().count();
    (letters < 40 && distance(best) <= 1 + letters / 3).then_some(best)
}

/// The word of a table for a value; every value has one.
pub(crate) fn word_of<T: Copy + PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| word)
}
