//! What was expected and what came.

use maud::{Markup, html};
use similar::{DiffOp, TextDiff};

use super::text::shown;
use crate::visible::{visible_lines, window, with_visible_end};

/// Characters of a line.
const LINE: usize = 1000;
/// Lines of either side.
const LINES: usize = 40;
/// Equal lines kept before the first difference.
const AROUND: usize = 2;

/// Expected and actual, beside each other where there is room.
pub(super) fn of(expected: &str, actual: &str) -> Markup {
    let (expected, actual) = (visible_lines(expected), visible_lines(actual));
    let (of_expected, of_actual) = differing(&expected, &actual);
    html! {
        @if !(expected.is_empty() && actual.is_empty()) {
            div.sides {
                (side("expected", &expected, &of_expected))
                (side("actual", &actual, &of_actual))
            }
        }
    }
}

/// Of each side, which lines the other has not.
fn differing(expected: &[String], actual: &[String]) -> (Vec<bool>, Vec<bool>) {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (expected.iter().map(String::as_str).collect(), actual.iter().map(String::as_str).collect());
    let (mut of_old, mut of_new) = (vec![true; old.len()], vec![true; new.len()]);
    for op in TextDiff::configure().diff_slices(&old, &new).ops() {
        if let DiffOp::Equal { .. } = op {
            of_old.get_mut(op.old_range()).unwrap_or_default().fill(false);
            of_new.get_mut(op.new_range()).unwrap_or_default().fill(false);
        }
    }
    (of_old, of_new)
}

fn side(name: &str, lines: &[String], differs: &[bool]) -> Markup {
    // What is alike at the beginning may push out what is not.
    let alike = differs.iter().take_while(|differs| !**differs).count();
    let skipped = if lines.len() > LINES { alike.saturating_sub(AROUND) } else { 0 };
    html! {
        figure class=(name) {
            figcaption { (name) }
            pre {
                @if skipped > 0 { i { (skipped) " equal lines before" } "\n" }
                @for (line, differs) in lines.iter().zip(differs).skip(skipped).take(LINES) {
                    @let line = with_visible_end(&window(line, 0, LINE));
                    @if *differs { mark { (shown(&line)) } } @else { (shown(&line)) }
                    "\n"
                }
                @if lines.len() > skipped + LINES { i { (lines.len() - skipped - LINES) " more lines" } }
            }
        }
    }
}
