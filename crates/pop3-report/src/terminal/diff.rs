//! Expected and actual side by side in one column: `-` expected only, `+` came only.

use similar::{ChangeTag, DiffOp, TextDiff};

use crate::page::Page;
use crate::style::Role;
use crate::visible::{visible_lines, window, with_visible_end, wrap_octets};

/// Lines of each side that are compared.
const LINES: usize = 60;
/// Equal lines kept beside a difference.
const AROUND: usize = 2;

/// Writes the difference, line by line; the parts that differ within a line are
/// underlined where there is colour. Nothing if both sides are empty.
pub(super) fn expected_actual(page: &mut Page, indent: usize, expected: &str, actual: &str) {
    let (expected, actual) = (visible_lines(expected), visible_lines(actual));
    if expected.is_empty() && actual.is_empty() {
        return;
    }
    page.indent(indent).put(Role::Expected, "- expected").text("   ").put(Role::Actual, "+ actual").end();
    if expected == actual {
        page.indent(indent + 2).put(Role::Faint, "(both read the same; see the summary above)").end();
    }
    let alike = expected.iter().zip(&actual).take_while(|(e, a)| e == a).count();
    let skip = alike.saturating_sub(AROUND);
    let cut = |side: &[String]| -> Vec<String> { side.iter().skip(skip).take(LINES).cloned().collect() };
    let (old, new) = (cut(&expected), cut(&actual));
    omitted(page, indent, skip, "equal lines before");
    lines(page, indent, &old, &new);
    omitted(page, indent, expected.len() - skip - old.len(), "more lines expected");
    omitted(page, indent, actual.len() - skip - new.len(), "more lines came");
}

fn omitted(page: &mut Page, indent: usize, count: usize, what: &str) {
    if count > 0 {
        page.indent(indent + 2).put(Role::Faint, &format!("({count} {what})")).end();
    }
}

fn lines(page: &mut Page, indent: usize, old: &[String], new: &[String]) {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.iter().map(String::as_str).collect(), new.iter().map(String::as_str).collect());
    let diff = TextDiff::configure().diff_slices(&old_lines, &new_lines);
    for op in diff.ops() {
        let of_old = old.get(op.old_range()).unwrap_or_default();
        let of_new = new.get(op.new_range()).unwrap_or_default();
        match op {
            DiffOp::Equal { len, .. } if *len > 2 * AROUND + 1 => {
                equal(page, indent, of_old.get(..AROUND).unwrap_or_default());
                omitted(page, indent, len - 2 * AROUND, "equal lines");
                equal(page, indent, of_old.get(len - AROUND..).unwrap_or_default());
            }
            DiffOp::Equal { .. } => equal(page, indent, of_old),
            DiffOp::Delete { .. } | DiffOp::Insert { .. } | DiffOp::Replace { .. } => {
                replaced(page, indent, of_old, of_new)
            }
        }
    }
}

fn equal(page: &mut Page, indent: usize, lines: &[String]) {
    for text in lines {
        line(page, indent, Side::Both, &[(false, text.clone())]);
    }
}

/// Lines that took the place of others: the first with the first, and so on.
fn replaced(page: &mut Page, indent: usize, old: &[String], new: &[String]) {
    let room = 2 * page.room(indent + 4);
    let (mut of_old, mut of_new) = (Vec::new(), Vec::new());
    for n in 0..old.len().max(new.len()) {
        match (old.get(n), new.get(n)) {
            (Some(old), Some(new)) => {
                let same = old.chars().zip(new.chars()).take_while(|(o, n)| o == n).count();
                let (old, new) = parts(&window(old, same, room), &window(new, same, room));
                of_old.push(old);
                of_new.push(new);
            }
            (Some(old), None) => of_old.push(vec![(false, window(old, 0, room))]),
            (None, Some(new)) => of_new.push(vec![(false, window(new, 0, room))]),
            (None, None) => {}
        }
    }
    for parts in of_old {
        line(page, indent, Side::Expected, &parts);
    }
    for parts in of_new {
        line(page, indent, Side::Actual, &parts);
    }
}

/// A line in pieces, each with whether it differs.
type Parts = Vec<(bool, String)>;

/// Two lines in pieces.
fn parts(old: &str, new: &str) -> (Parts, Parts) {
    let diff = TextDiff::from_words(old, new);
    let (mut of_old, mut of_new) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        let text = change.value().to_owned();
        match change.tag() {
            ChangeTag::Equal => {
                of_old.push((false, text.clone()));
                of_new.push((false, text));
            }
            ChangeTag::Delete => of_old.push((true, text)),
            ChangeTag::Insert => of_new.push((true, text)),
        }
    }
    (of_old, of_new)
}

#[derive(Clone, Copy)]
enum Side {
    Expected,
    Actual,
    Both,
}

fn line(page: &mut Page, indent: usize, side: Side, parts: &[(bool, String)]) {
    let (mark, goes_on, whole, part) = match side {
        Side::Expected => ("- | ", "-   ", Role::Expected, Role::ExpectedPart),
        Side::Actual => ("+ | ", "+   ", Role::Actual, Role::ActualPart),
        Side::Both => ("  | ", "    ", Role::Plain, Role::Plain),
    };
    let text: String = parts.iter().map(|(_, text)| text.as_str()).collect();
    let shown = with_visible_end(&window(&text, 0, 4 * page.room(indent + 4)));
    let broken = wrap_octets(&shown, page.room(indent + 4));
    if broken.len() == 1 && shown == text {
        page.indent(indent).put(whole, mark);
        for (differs, text) in parts {
            page.put(if *differs { part } else { whole }, text);
        }
        page.end();
        return;
    }
    for (n, text) in broken.iter().enumerate() {
        // The mark stays, the bar tells where the line began.
        page.indent(indent).put(whole, if n == 0 { mark } else { goes_on }).put(whole, text).end();
    }
}
