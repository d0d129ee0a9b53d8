//! Text of a log inside Markdown. Whatever it holds, it stays text: control and bidi
//! characters become visible, and nothing of it is markup, a link, or a mention.

use crate::visible::{quoted_parts, visible, visible_lines};

/// Running text at the beginning of a line or of an item in a list.
pub(crate) fn paragraph(text: &str) -> String {
    let text = plain(text);
    // Nothing of it is an item, a number of one, or the underline of a heading.
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.split_at_checked(digits) {
        Some((number, rest)) if rest.starts_with(['.', ')']) => format!("{number}\\{rest}"),
        _ if text.starts_with(['-', '+', '=']) => format!("\\{text}"),
        _ => text,
    }
}

/// Running text within a line, shown as it is; what stands between backticks, as code.
pub(crate) fn plain(text: &str) -> String {
    let shown = visible(text);
    let parts = quoted_parts(shown.trim());
    parts.into_iter().map(|(is_code, part)| if is_code { code(part) } else { escaped(part) }).collect()
}

/// Text in a cell of a table, where not even code may hold a `|`.
pub(crate) fn cell(text: &str) -> String {
    let shown = visible(text);
    let parts = quoted_parts(shown.trim());
    let kept = parts.iter().all(|(is_code, part)| !is_code || !part.contains('|'));
    if kept { plain(text) } else { escaped(shown.trim()) }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_markup = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' | '@' | '$' => true,
            // Addresses, which GitHub would make links of.
            ':' => text.get(at..).is_some_and(|rest| rest.starts_with("://")),
            _ => false,
        };
        if is_markup {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // These need no colon.
    escaped.replace("www.", "www\\.").replace("WWW.", "WWW\\.")
}

/// Octets or names, in one line of code.
pub(crate) fn code(text: &str) -> String {
    let shown = visible(text);
    let fence = "`".repeat(longest_run(&shown) + 1);
    // One blank is taken away on either side.
    let pad = match shown.as_str() {
        "" => return "(nothing)".to_owned(),
        shown if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) => " ",
        _ => "",
    };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// Lines as they are, in a block of code that GitHub colours as `language`.
pub(crate) fn block(language: &str, text: &str) -> String {
    let lines = visible_lines(text);
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let mut block = format!("\n{fence}{language}\n");
    for line in lines {
        block.push_str(&line);
        block.push('\n');
    }
    block.push_str(&format!("{fence}\n"));
    block
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let check = |text, want: &str| assert_eq!(paragraph(text), want);
        check("STAT counts a message.", "STAT counts a message.");
        check("<b>*x*</b> [a](b) &lt;", "\\<b\\>\\*x\\*\\</b\\> \\[a\\](b) \\&lt;");
        check("- a - b", "\\- a - b");
        check("12. a 3.", "12\\. a 3.");
        check("no\r\n# heading\u{202e}", "no\\\\r\\\\n\\# heading\\\\u{202E}");
        check("see http://a.b: @me, www.c", "see http\\://a.b: \\@me, www\\.c");
        check("    indented", "indented");
        check("`a|b` and `", "\\`a\\|b\\` and \\`");
        check("`a|*b` holds", "`a|*b` holds");
        assert_eq!(cell("`a|b`"), "\\`a\\|b\\`");
    }

    #[test]
    fn code_ends_where_it_should() {
        let check = |text, want: &str| assert_eq!(code(text), want);
        check("RETR 1\\r\\n", "`RETR 1\\r\\n`");
        check("a``b`c", "```a``b`c```");
        check("`", "`` ` ``");
        check(" x", "`  x `");
        check("", "(nothing)");
        check("a\nb", "`a\\nb`");
        assert_eq!(block("text", "a\n````\u{7}\n"), "\n`````text\na\n````\\x07\n`````\n");
    }
}
