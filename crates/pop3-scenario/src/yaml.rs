//! YAML with places: one document read into a tree of nodes, each with its line
//! and column. What would make two readers disagree is refused: duplicate keys,
//! anchors, aliases, tags, several documents, tabs in indentation.

mod advice;
mod preflight;

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::diagnostic::{Findings, whole_file};
use crate::source::{SourceFile, Span};

pub(crate) use advice::quoted;

/// The largest file read, in octets.
pub(crate) const MAX_FILE_OCTETS: usize = 1 << 20;
/// The longest line read, in characters.
pub(crate) const MAX_LINE: usize = 4000;
/// The deepest nesting of sequences and mappings.
pub(crate) const MAX_DEPTH: usize = 32;

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// A scalar, with all that tells how it was written.
#[derive(Clone, Debug)]
pub(crate) struct Scalar {
    /// The text after YAML's own unquoting.
    pub(crate) text: String,
    pub(crate) style: ScalarStyle,
    /// Ends on the line where it begins.
    pub(crate) one_line: bool,
    /// The source line on which it begins, and where, in octets.
    line: Arc<str>,
    from: usize,
}

impl Scalar {
    /// The source from its first character to the end of that line.
    pub(crate) fn raw(&self) -> &str {
        self.line.get(self.from..).unwrap_or_default()
    }
}

impl Node {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// Whether nothing was written: `key:` without a value.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(&self.content, Content::Scalar(scalar) if scalar.style == ScalarStyle::Plain && scalar.text.is_empty() | (scalar.text == "~"))
    }

    /// What it is, in words for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Scalar(_) if self.is_absent() => "nothing",
            Content::Scalar(_) => "text",
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "a map",
        }
    }
}

/// Reads the one document of a file. `None` when there is no tree to go on
/// with; every mistake found is in `findings`.
pub(crate) fn read(file: &SourceFile, findings: &mut Findings) -> Option<Node> {
    if file.text.len() > MAX_FILE_OCTETS {
        let message = format!("the file has {} octets, and {MAX_FILE_OCTETS} are the most", file.text.len());
        findings.error_help(&whole_file(file), "file-too-large", message, "generate long content with `repeat`");
        return None;
    }
    preflight::check(file, findings);
    if findings.has_errors() {
        return None;
    }
    Builder {
        file,
        lines: file.text.lines().map(Line::new).collect(),
        open: Vec::new(),
        root: None,
        documents: 0,
        findings,
    }
    .run()
}

/// A sequence or mapping that is being read.
enum Open {
    Sequence(Span, Vec<Node>),
    Mapping(Span, Vec<(Node, Node)>, Keys),
}

/// The keys of a mapping so far.
#[derive(Default)]
struct Keys {
    /// The key whose value comes next.
    waiting: Option<Node>,
    /// Keys seen, and their lines.
    seen: BTreeMap<String, u32>,
}

/// A source line, with what makes finding a column cheap.
#[derive(Clone, Default)]
struct Line {
    text: Arc<str>,
    /// Its length in characters.
    length: usize,
}

impl Line {
    fn new(text: &str) -> Self {
        Self { text: text.into(), length: text.chars().count() }
    }

    /// The octet at which a column (from 0) begins.
    fn offset(&self, column: usize) -> usize {
        if self.length == self.text.len() {
            return column.min(self.length);
        }
        self.text.char_indices().nth(column).map_or(self.text.len(), |(at, _)| at)
    }
}

struct Builder<'f> {
    file: &'f SourceFile,
    lines: Vec<Line>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    findings: &'f mut Findings,
}

impl Builder<'_> {
    fn run(mut self) -> Option<Node> {
        let text = Arc::clone(&self.file.text);
        let mut parser = Parser::new_from_str(&text);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let span = self.place(error.marker().line(), error.marker().col(), 1);
                    advice::explain(error.info(), span, self.findings);
                    return None;
                }
            };
            let place = self.place(span.start.line(), span.start.col(), span.len());
            if !self.take(event, place, span.end.line()) {
                return None;
            }
        }
        if self.root.is_none() && !self.findings.has_errors() {
            self.findings.error(&whole_file(self.file), "empty-file", "the file is empty");
        }
        self.root
    }

    /// A place from the parser's line (from 1) and column (from 0).
    fn place(&self, line: usize, column: usize, width: usize) -> Span {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let last = self.lines.len().max(1);
        let (line, column) = if line > last { (last, self.line(last).length) } else { (line.max(1), column) };
        let room = self.line(line).length.saturating_sub(column);
        Span {
            file: self.file.clone(),
            line: number(line),
            column: number(column + 1),
            width: number(width.clamp(1, room.max(1))),
        }
    }

    fn line(&self, line: usize) -> Line {
        self.lines.get(line.saturating_sub(1)).cloned().unwrap_or_default()
    }

    /// Takes one event; false when there is no use in going on.
    fn take(&mut self, event: Event<'_>, span: Span, end_line: usize) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.findings.error_help(
                        &span,
                        "several-documents",
                        "a second document begins here, and a file holds one",
                        "remove the `---`, or make a second file",
                    );
                    return false;
                }
            }
            Event::Alias(_) => {
                self.findings.error_help(&span, "alias", "aliases (`*name`) are not allowed", "write the value out, or share steps with `use: fragment`; for a text that begins with `*`, quote it");
                let (text, line) = (String::new(), Arc::default());
                let style = ScalarStyle::SingleQuoted;
                self.add(scalar(span, Scalar { text, style, one_line: true, line, from: 0 }));
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(&span, anchor, tag.is_some());
                let line = self.line(span.line as usize);
                let from = line.offset(span.column.saturating_sub(1) as usize);
                let one_line =
                    span.line as usize == end_line && !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                self.add(scalar(span, Scalar { text: text.into_owned(), style, one_line, line: line.text, from }));
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(&span, anchor, tag.is_some());
                return self.begin(Open::Sequence(span, Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(&span, anchor, tag.is_some());
                return self.begin(Open::Mapping(span, Vec::new(), Keys::default()));
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open::Sequence(span, items)) => self.add(Node { span, content: Content::Sequence(items) }),
                Some(Open::Mapping(span, entries, _)) => self.add(Node { span, content: Content::Mapping(entries) }),
                None => {}
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        true
    }

    fn begin(&mut self, open: Open) -> bool {
        let (Open::Sequence(span, _) | Open::Mapping(span, ..)) = &open;
        if self.open.len() >= MAX_DEPTH {
            self.findings.error_help(
                span,
                "too-deep",
                format!("more than {MAX_DEPTH} lists and maps inside one another"),
                "move inner steps into a fragment",
            );
            return false;
        }
        self.open.push(open);
        true
    }

    fn refuse_properties(&mut self, span: &Span, anchor: usize, tag: bool) {
        if anchor > 0 {
            self.findings.error_help(
                span,
                "anchor",
                "anchors (`&name`) are not allowed",
                "write the value out, or share steps with `use: fragment`; for a text that begins with `&`, quote it",
            );
        }
        if tag {
            self.findings.error_help(
                span,
                "tag",
                "tags (`!name`) are not allowed",
                "remove the tag; for a text that begins with `!`, quote it",
            );
        }
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence(_, items)) => items.push(node),
            Some(Open::Mapping(_, entries, keys)) => match keys.waiting.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    note_key(&node, &mut keys.seen, self.findings);
                    keys.waiting = Some(node);
                }
            },
        }
    }
}

fn note_key(key: &Node, seen: &mut BTreeMap<String, u32>, findings: &mut Findings) {
    let Some(text) = key.text() else {
        findings.error_help(
            &key.span,
            "bad-key",
            "a key is a word, not a list or a map",
            "quote it, if it is meant as text",
        );
        return;
    };
    let first = seen.insert(text.to_owned(), key.span.line).filter(|_| !findings.is_full());
    if let Some(first) = first {
        let message = format!("the key `{text}` stands twice in this map, first on line {first}");
        findings.error_help(&key.span, "duplicate-key", message, "remove one of them; a second step needs its own `-`");
    }
}

fn scalar(span: Span, scalar: Scalar) -> Node {
    Node { span, content: Content::Scalar(scalar) }
}
