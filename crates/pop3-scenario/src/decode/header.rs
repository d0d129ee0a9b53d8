//! The header of a scenario file.

use super::{Decoder, Fields};
use crate::fixture::MAX_MESSAGES;
use crate::scenario::{Axes, Needs, Scenario, Tier, TlsNeed};
use crate::source::Span;
use crate::yaml::{Content, Node};

/// The format's name, the first line of every scenario.
pub(crate) const FORMAT: &str = "pop3-scenario/1";

pub(crate) const TIERS: [(&str, Tier); 3] = [("gate", Tier::Gate), ("full", Tier::Full), ("slow", Tier::Slow)];

/// Reads a scenario. `expected_id` is what its path asks for; `None` for a file
/// that lies outside a catalogue.
pub(crate) fn scenario(decoder: &mut Decoder<'_>, root: &Node, expected_id: Option<&str>) -> Option<Scenario> {
    let mut fields = decoder.fields("a scenario", root)?;
    decoder.format(&mut fields, root, FORMAT);
    let id = fields.need("id", decoder).and_then(|id| decoder.id(id, expected_id));
    let rev = fields.get("rev").and_then(|rev| decoder.number("`rev`", rev, 1..=1_000_000)).unwrap_or(1);
    let title = fields.need("title", decoder).and_then(|title| decoder.prose("`title`", title));
    let mut prose = |key: &'static str| {
        fields.get(key).and_then(|text| decoder.prose(&format!("`{key}`"), text)).unwrap_or_default()
    };
    let (why, practice, fix) = (prose("why"), prose("practice"), prose("fix"));
    let requirements = fields.get("requirements").map(|list| decoder.requirements(list)).unwrap_or_default();
    let level = fields.get("level").and_then(|level| decoder.level(level)).unwrap_or_default();
    let security = fields
        .get("severity")
        .is_some_and(|severity| decoder.choice("a severity", severity, &[("security", true)]).is_some());
    let cve = fields.get("cve").map(|cve| decoder.cve(cve)).unwrap_or_default();
    let needs = fields.get("needs").and_then(|needs| decoder.needs(needs)).unwrap_or_default();
    let mailbox = fields.get("mailbox").map(|mailbox| decoder.mailbox(mailbox));
    let account = fields.get("account").and_then(|account| decoder.account(account));
    let axes = fields.get("axes").and_then(|axes| decoder.axes(axes)).unwrap_or_default();
    let repeat = fields.get("repeat").and_then(|repeat| decoder.number("`repeat`", repeat, 1..=1000)).unwrap_or(1);
    let kills = fields.get("kills").map(|kills| decoder.kills(kills)).unwrap_or_default();
    let tier = fields.get("tier").and_then(|tier| decoder.choice("a tier", tier, &TIERS)).unwrap_or_default();
    let budget = fields.get("budget").and_then(|budget| decoder.duration("`budget`", budget));
    let destructive =
        fields.get("destructive").and_then(|word| decoder.truth("`destructive`", word)).unwrap_or_default();
    decoder.not_available(&mut fields);
    let steps = fields.need("steps", decoder).map(|steps| decoder.steps("the scenario", steps, None));
    decoder.finish(fields);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(Scenario {
        id: id?,
        rev: number(rev),
        title: title?,
        why,
        practice,
        fix,
        requirements,
        level,
        security,
        cve,
        needs,
        mailbox,
        account,
        axes,
        repeat: number(repeat),
        kills,
        tier,
        budget,
        destructive,
        steps: steps?,
        source: decoder.file.clone(),
    })
}

/// What to do with a message that stands in the scenario itself.
const INLINE: &str = "put the message into `mailboxes/NAME.yaml`, and write `mailbox: [NAME]`";

impl Decoder<'_> {
    /// `format` must be there, first, and known.
    pub(super) fn format(&mut self, fields: &mut Fields<'_>, root: &Node, format: &str) {
        let Some((key, value)) = fields.get_with_key("format") else {
            let top = Span { line: 1, column: 1, width: 1, ..root.span.clone() };
            self.findings.error_help(
                &top,
                "no-format",
                "the file does not say its format",
                format!("begin it with `format: {format}`"),
            );
            return;
        };
        let Some(text) = self.text("`format`", value) else { return };
        if text != format {
            let help = if text.starts_with("pop3-") && text.split('/').next() == format.split('/').next() {
                "this version reads only version 1 of the format"
            } else {
                "what a file is follows from its folder: fragments/, mailboxes/, or a scenario"
            };
            self.findings.error_help(
                &value.span,
                "bad-format",
                format!("the format must be `{format}`, and here is `{text}`"),
                help,
            );
        }
        if fields.entries.first().is_some_and(|(first, ..)| first.span != key.span) {
            self.findings.error_help(
                &key.span,
                "format-not-first",
                "`format` must be the first key",
                "move it to the first line",
            );
        }
    }

    fn id(&mut self, node: &Node, expected: Option<&str>) -> Option<String> {
        let text = self.text("`id`", node)?;
        if let Some(expected) = expected.filter(|expected| *expected != text) {
            let message = format!("the id `{text}` does not agree with the file's path");
            let above = text.strip_suffix(expected).and_then(|rest| rest.strip_suffix('/'));
            let below = expected.strip_suffix(text).and_then(|rest| rest.strip_suffix('/'));
            let help = match (above, below) {
                (Some(folder), _) if !folder.is_empty() => {
                    format!("ids count from the folder that is given: give the one in which `{folder}` lies")
                }
                (_, Some(folder)) if !folder.is_empty() => {
                    format!("ids count from the folder that is given: give its folder `{folder}`")
                }
                _ => format!("write `id: {expected}`, or move the file"),
            };
            self.findings.error_help(&node.span, "bad-id", message, help);
            return None;
        }
        let printable = !text.is_empty()
            && text.split('/').all(|part| !part.is_empty())
            && text.bytes().all(|octet| octet.is_ascii_graphic() && !b"[]".contains(&octet));
        if !printable {
            self.findings.error_help(
                &node.span,
                "bad-id",
                format!("`{text}` cannot be an id"),
                "an id is a path of lower-case words with hyphens: `rfc1939/stat/counts`",
            );
            return None;
        }
        Some(text.to_owned())
    }

    /// A text for people; blanks and line ends in it are of no weight.
    pub(super) fn prose(&mut self, what: &str, node: &Node) -> Option<String> {
        let scalar = self.scalar(what, node)?;
        self.check_comment(what, node, scalar);
        Some(scalar.text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn requirements(&mut self, node: &Node) -> Vec<String> {
        let ids = self.set("`requirements`", node).unwrap_or_default();
        for (id, span) in &ids {
            self.check_requirement(id, span);
        }
        ids.into_iter().map(|(id, _)| id.to_owned()).collect()
    }

    fn cve(&mut self, node: &Node) -> Vec<String> {
        let names = self.set("`cve`", node).unwrap_or_default();
        for (name, span) in &names {
            let digits = |text: &str| text.len() >= 4 && text.bytes().all(|octet| octet.is_ascii_digit());
            let orderly = name
                .strip_prefix("CVE-")
                .and_then(|rest| rest.split_once('-'))
                .is_some_and(|(year, number)| digits(year) && digits(number));
            if !orderly {
                self.findings.error_help(
                    span,
                    "bad-name",
                    format!("`{name}` is not a CVE name"),
                    "write it as `CVE-2021-38371`",
                );
            }
        }
        names.into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    fn needs(&mut self, node: &Node) -> Option<Needs> {
        let mut fields = self.fields("`needs`", node)?;
        let mut needs = Needs::default();
        if let Some(capa) = fields.get("capa") {
            let tags = self.items("`capa`", capa).unwrap_or_default();
            needs.capa = tags.iter().filter_map(|tag| self.capability(tag)).collect();
        }
        if let Some(profile) = fields.get("profile") {
            let words = self.items("`profile`", profile).unwrap_or_default();
            needs.profile = words.iter().filter_map(|word| self.slug("a word of the profile", word)).collect();
        }
        if let Some(hook) = fields.get("hook") {
            let hooks = self.items("`hook`", hook).unwrap_or_default();
            needs.hook = hooks.iter().filter_map(|hook| self.choice("a hook", hook, &super::step::HOOKS)).collect();
        }
        let modes = [("stls", TlsNeed::Stls), ("implicit", TlsNeed::Implicit)];
        needs.tls = fields.get("tls").and_then(|tls| self.choice("a TLS need", tls, &modes));
        let neighbour = fields.get("neighbour").and_then(|word| self.truth("`neighbour`", word));
        needs.neighbour = neighbour.unwrap_or_default();
        self.finish(fields);
        Some(needs)
    }

    /// The names of the fixtures, one for each message.
    fn mailbox(&mut self, node: &Node) -> Vec<String> {
        if node.text().is_some_and(|text| text.contains(char::is_whitespace)) {
            let message = "`mailbox` must be a list of names of fixtures, and here is text";
            self.findings.error_help(&node.span, "wrong-type", message, INLINE);
            return Vec::new();
        }
        let mut names = Vec::new();
        for item in self.items("`mailbox`", node).unwrap_or_default() {
            let Some((name, times)) = self.messages(item) else { continue };
            if names.len() + times > MAX_MESSAGES {
                self.findings.error(
                    &item.span,
                    "too-large",
                    format!("`mailbox` has more than {MAX_MESSAGES} messages"),
                );
                break;
            }
            names.extend(std::iter::repeat_n(name, times));
        }
        names
    }

    /// A fixture of a mailbox and how often it is there.
    fn messages(&mut self, node: &Node) -> Option<(String, usize)> {
        let (name, times) = if matches!(node.content, Content::Mapping(_)) {
            if let Content::Mapping(entries) = &node.content
                && entries.iter().all(|(key, _)| !matches!(key.text(), Some("fixture" | "times")))
            {
                let message = "an item of `mailbox` is the name of a fixture, and here is a map";
                self.findings.error_help(&node.span, "wrong-type", message, INLINE);
                return None;
            }
            let mut fields = self.fields("an item of `mailbox`", node)?;
            let name = fields.need("fixture", self);
            let times = fields.need("times", self);
            self.finish(fields);
            (name?, self.number("`times`", times?, 1..=MAX_MESSAGES)?)
        } else {
            (node, 1)
        };
        let span = &name.span;
        let name = self.text("`mailbox`", name)?;
        if name.chars().any(char::is_whitespace) {
            let message = "this is no name of a fixture";
            self.findings.error_help(span, "unknown-fixture", message, INLINE);
            return None;
        }
        if !self.shelf.fixtures.contains(name) {
            let known: Vec<&str> = self.shelf.fixtures.iter().map(String::as_str).collect();
            let nearest = super::closest(name, &known).map(|known| format!("did you mean `{known}`? "));
            let nearest = nearest.unwrap_or_default();
            let help = format!("{nearest}`pop3spec list fixtures` shows all; your own is `mailboxes/{name}.yaml`");
            self.findings.error_help(span, "unknown-fixture", format!("there is no fixture `{name}`"), help);
        }
        Some((name.to_owned(), times))
    }

    fn axes(&mut self, node: &Node) -> Option<Axes> {
        let mut fields = self.fields("`axes`", node)?;
        let mut axes = Axes::default();
        if let Some(chunking) = fields.get("chunking") {
            for item in self.items("`chunking`", chunking).unwrap_or_default() {
                let Some(value) = self.chunking(item) else { continue };
                if axes.chunking.contains(&value) {
                    self.findings.error(
                        &item.span,
                        "listed-twice",
                        format!("`{}` stands twice in `chunking`", value.name()),
                    );
                }
                axes.chunking.push(value);
            }
        }
        self.finish(fields);
        Some(axes)
    }

    fn kills(&mut self, node: &Node) -> Vec<String> {
        let Content::Sequence(items) = &node.content else {
            self.not_a_list(node, "`kills`");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.slug("the slug of a fault", item)).collect()
    }

    /// Keys of the design that this version lacks.
    fn not_available(&mut self, fields: &mut Fields<'_>) {
        if let Some((key, _, taken)) = fields.entries.iter_mut().find(|(key, ..)| key.text() == Some("sessions")) {
            *taken = true;
            self.findings.error_help(
                &key.span,
                "not-available",
                "`sessions` is not available in this version",
                "sessions need no declaration: write them in the keys, `C@b: …`",
            );
        }
    }
}
