//! Text of a log made safe to show. The octets of the target are escaped in the
//! log already, but a log may be forged, and titles and paths are not octets of
//! the target: so everything is escaped again here, by one function.

/// The text without anything that a terminal acts on or does not show: control
/// and C1 characters, bidirectional and other format characters, combining and
/// zero-width ones, unusual blanks. They become `\xNN` or `\u{NNNN}`.
///
/// Printable text stays, backslashes included, so escaped text stays as it is,
/// and applying it twice is the same as once. The result is one line.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' => out.push(c),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c if is_visible(c) => out.push(c),
            c => out.push_str(&format!("\\u{{{:04X}}}", u32::from(c))),
        }
    }
    out
}

/// Whether a character is seen as itself wherever it stands.
pub(crate) fn is_visible(c: char) -> bool {
    // The standard library's table of printable characters; it escapes quotes too.
    matches!(c, ' '..='~') || (!c.is_ascii() && c.escape_debug().len() == 1)
}

/// [`visible`] for each line; a final newline does not begin another one.
pub(crate) fn visible_lines(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    text.strip_suffix('\n').unwrap_or(text).split('\n').map(visible).collect()
}

/// Text in pieces, each with whether it stands between backticks, which our own words
/// have around what is code. One piece where the backticks do not pair.
pub(crate) fn quoted_parts(text: &str) -> Vec<(bool, &str)> {
    let parts: Vec<(bool, &str)> = text.split('`').enumerate().map(|(n, part)| (n % 2 == 1, part)).collect();
    let pairs = parts.len() % 2 == 1 && parts.iter().all(|(is_code, part)| !is_code || !part.trim().is_empty());
    if pairs { parts } else { vec![(false, text)] }
}

/// The length in characters.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// The octets for which escaped text stands.
pub(crate) fn octets(text: &str) -> u64 {
    units(text).map(|unit| unit.octets).sum()
}

/// The part of the text around the `focus`th character, cut to about `limit`
/// characters, with the number of octets left out on either side.
pub(crate) fn window(text: &str, focus: usize, limit: usize) -> String {
    let units: Vec<Unit<'_>> = units(text).collect();
    let total: usize = units.iter().map(Unit::columns).sum();
    if total <= limit {
        return text.to_owned();
    }
    let start = focus.saturating_sub(limit / 3).min(total - limit);
    let (mut at, mut before, mut after) = (0, 0, 0);
    let mut kept = String::new();
    for unit in &units {
        if at < start {
            before += unit.octets;
        } else if at < start + limit {
            kept.push_str(unit.text);
        } else {
            after += unit.octets;
        }
        at += unit.columns();
    }
    let mark = |n: u64| if n == 0 { String::new() } else { format!("\u{2026}{n} octets\u{2026}") };
    format!("{}{kept}{}", mark(before), mark(after))
}

/// Breaks text between words into lines of at most `width` characters; a longer
/// word has a line to itself. Blanks within a line stay as many as they are.
pub(crate) fn wrap_words(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            // A blank where the line breaks is seen as the break.
            _ if word.is_empty() => {}
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Breaks text after each `\n` escape, and anywhere else but inside an escape
/// sequence, into lines of about `width` characters; at least one line, which
/// may be empty.
pub(crate) fn wrap_octets(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for unit in units(text) {
        if used > 0 && (used + unit.columns() > width || line.ends_with("\\n")) {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        line.push_str(unit.text);
        used += unit.columns();
    }
    lines.push(line);
    lines
}

/// The text with a blank at its end written `\x20`, where it would not be seen.
pub(crate) fn with_visible_end(text: &str) -> String {
    match text.strip_suffix(' ') {
        Some(rest) => format!("{rest}\\x20"),
        None => text.to_owned(),
    }
}

/// One character or one escape sequence.
struct Unit<'a> {
    text: &'a str,
    /// The octets that it stands for.
    octets: u64,
}

impl Unit<'_> {
    fn columns(&self) -> usize {
        columns(self.text)
    }
}

fn units(text: &str) -> impl Iterator<Item = Unit<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let length = unit_length(rest)?;
        let (text, tail) = rest.split_at_checked(length)?;
        rest = tail;
        let octets = match text.strip_prefix("\\u{").and_then(|code| code.strip_suffix('}')) {
            Some(code) => u32::from_str_radix(code, 16).ok().and_then(char::from_u32).map_or(1, char::len_utf8) as u64,
            None if text.starts_with('\\') => 1,
            None => text.len() as u64,
        };
        Some(Unit { text, octets })
    })
}

/// Octets of the first character or escape sequence; `None` for empty text.
fn unit_length(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    if first != '\\' {
        return Some(first.len_utf8());
    }
    let hex =
        |from: usize, to: usize| text.get(from..to).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    Some(match chars.next() {
        Some('x') if hex(2, 4) => 4,
        Some('u') if text.get(2..3) == Some("{") => match text.find('}') {
            Some(end) if (4..=9).contains(&end) && hex(3, end) => end + 1,
            _ => 2,
        },
        Some(second) if second.is_ascii() => 2,
        _ => 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on_is_shown_instead() {
        let check = |text, want: &str| {
            assert_eq!(visible(text), want);
            assert_eq!(visible(&visible(text)), want, "applied twice");
        };
        check("+OK 2 320\\r\\n", "+OK 2 320\\r\\n");
        check("a\r\n\tb", "a\\r\\n\\tb");
        check("\u{1b}[31m\u{7}\0\u{7f}", "\\x1B[31m\\x07\\x00\\x7F");
        check("\u{9b}2J\u{85}", "\\u{009B}2J\\u{0085}");
        check("a\u{202e}b\u{2066}\u{200b}\u{feff}\u{ad}", "a\\u{202E}b\\u{2066}\\u{200B}\\u{FEFF}\\u{00AD}");
        check("e\u{301}\u{a0}\u{2028}\u{e0041}\u{fffe}", "e\\u{0301}\\u{00A0}\\u{2028}\\u{E0041}\\u{FFFE}");
        check("<b>\"Grüße\" & 日本</b>", "<b>\"Grüße\" & 日本</b>");
    }

    #[test]
    fn octets_are_counted_behind_their_escapes() {
        let check = |text, want| assert_eq!(octets(text), want, "{text}");
        check("", 0);
        check("abc", 3);
        check("\\x00\\xFF\\r\\n\\\\", 5);
        check("\u{e4}", 2);
        check("\\xzz\\", 4);
        check("\\u{202E}\\u{}\\u{12", 10);
    }

    #[test]
    fn backticks_pair_or_are_text() {
        let check = |text, want: &[(bool, &str)]| assert_eq!(quoted_parts(text), want);
        check("", &[(false, "")]);
        check("a `b` c", &[(false, "a "), (true, "b"), (false, " c")]);
        check("a `b c", &[(false, "a `b c")]);
        check("a `` b", &[(false, "a `` b")]);
    }

    #[test]
    fn a_window_keeps_what_matters() {
        let check = |text: &str, focus, want: &str| assert_eq!(window(text, focus, 6), want);
        check("abcdef", 9, "abcdef");
        check("abcdefghijkl", 0, "abcdef\u{2026}6 octets\u{2026}");
        check("abcdefghijkl", 11, "\u{2026}6 octets\u{2026}ghijkl");
        check("abcdefghijkl", 5, "\u{2026}3 octets\u{2026}defghi\u{2026}3 octets\u{2026}");
    }

    #[test]
    fn lines_break_between_words_or_octets() {
        assert_eq!(wrap_words("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap_words("RETR  1", 7), ["RETR  1"]);
        assert_eq!(wrap_words("extraordinary x", 4), ["extraordinary", "x"]);
        assert_eq!(wrap_words("", 4), Vec::<String>::new());
        assert_eq!(wrap_octets("abc\\r\\n", 4), ["abc", "\\r\\n"]);
        assert_eq!(wrap_octets("", 4), [""]);
        assert_eq!(wrap_octets("a\\r\\nb", 40), ["a\\r\\n", "b"]);
        assert_eq!(with_visible_end("+OK "), "+OK\\x20");
        assert_eq!(visible_lines("a\r\nb\n"), ["a\\r", "b"]);
    }
}
