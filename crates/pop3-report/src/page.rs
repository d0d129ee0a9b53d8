//! The only way onto the terminal: whatever is put on a page is made visible
//! first, so that no report can forget it.

use crate::style::{Role, Style};
use crate::visible::{columns, octets, visible, window, with_visible_end, wrap_octets, wrap_words};

/// Characters of a paragraph, whatever the log holds.
const PARAGRAPH: usize = 2000;
/// Lines shown before and after what is left out of a long entry.
const HEAD: usize = 4;
const TAIL: usize = 3;

/// A text under construction.
pub(crate) struct Page {
    out: String,
    style: Style,
}

impl Page {
    pub(crate) fn new(style: Style) -> Self {
        Self { out: String::new(), style }
    }

    /// Appends to the line; `text` is made visible, newlines included.
    pub(crate) fn put(&mut self, role: Role, text: &str) -> &mut Self {
        let text = visible(text);
        let ansi = role.ansi();
        if self.style.color && role != Role::Plain && !text.is_empty() {
            self.out.push_str(&format!("{ansi}{text}{ansi:#}"));
        } else {
            self.out.push_str(&text);
        }
        self
    }

    /// Appends running text to the line.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.put(Role::Plain, text)
    }

    /// Appends blanks to the line.
    pub(crate) fn indent(&mut self, columns: usize) -> &mut Self {
        self.out.extend(std::iter::repeat_n(' ', columns));
        self
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        self.out.push('\n');
    }

    /// An empty line, unless there is one or the page begins.
    pub(crate) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A paragraph broken between words, each line indented.
    pub(crate) fn paragraph(&mut self, indent: usize, role: Role, text: &str) {
        self.labelled(indent, "", role, text);
    }

    /// A paragraph that hangs from a label in its first line.
    pub(crate) fn labelled(&mut self, indent: usize, label: &str, role: Role, text: &str) {
        let hang = columns(&visible(label));
        let text = window(&visible(text), 0, PARAGRAPH);
        for (n, line) in wrap_words(&text, self.room(indent + hang)).iter().enumerate() {
            self.indent(indent);
            match n {
                0 => self.put(Role::Faint, label),
                _ => self.indent(hang),
            };
            self.put(role, line).end();
        }
    }

    /// Octets behind a label, as they are: broken after each line end and where
    /// the line is full, the middle of many lines left out. `elided` octets are
    /// missing from the middle already.
    pub(crate) fn octets(&mut self, indent: usize, label: &[(Role, &str)], role: Role, text: &str, elided: u64) {
        self.indent(indent);
        let mut hang = indent;
        for (role, text) in label {
            self.put(*role, text);
            hang += columns(&visible(text));
        }
        let mut lines = wrap_octets(&with_visible_end(&visible(text)), self.room(hang));
        let mut left_out = elided;
        let mut mark_at = lines.len();
        // Leaving out a few lines would save nothing.
        if lines.len() > HEAD + TAIL + 4 {
            let gone = lines.drain(HEAD..lines.len() - TAIL);
            left_out += gone.map(|line| octets(&line)).sum::<u64>();
            mark_at = HEAD;
        }
        for n in 0..=lines.len() {
            if n == mark_at && left_out > 0 {
                let mark = format!("\u{2026} {left_out} octets left out of the middle");
                self.indent(hang).put(Role::Faint, &mark).end();
            }
            if let Some(line) = lines.get(n) {
                self.indent(if n == 0 { 0 } else { hang }).put(role, line).end();
            }
        }
    }

    /// Characters left in a line after an indentation; never too few to read.
    pub(crate) fn room(&self, indent: usize) -> usize {
        self.style.width.max(40).saturating_sub(indent).max(16)
    }

    /// The finished text.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}
