//! Text of a log inside HTML.

use std::fmt::Write as _;

use maud::{Escaper, Markup, Render, html};
use pop3_scenario::verdict::Verdict;

use crate::told;
use crate::visible::{quoted_parts, visible};

/// Text that is shown as it is: what is invisible or acts becomes visible, what is
/// markup becomes text.
pub(super) struct Shown<'a>(&'a str);

/// The way of a string from a log into the page; [`prose`] takes it too.
pub(super) fn shown(text: &str) -> Shown<'_> {
    Shown(text)
}

impl Render for Shown<'_> {
    fn render_to(&self, buffer: &mut String) {
        // Writing into a string does not fail.
        let _ = Escaper::new(buffer).write_str(&visible(self.0));
    }
}

/// Words from a log: as [`shown`], with what stands between backticks as code.
pub(super) fn prose(text: &str) -> Markup {
    html! {
        @for (is_code, part) in quoted_parts(text) {
            @if is_code { code { (shown(part)) } } @else { (shown(part)) }
        }
    }
}

/// A reason behind a label, and below it what the server said by itself.
pub(super) fn because(label: &str, reason: &str) -> Markup {
    let (why, said) = told::with_last_words(reason);
    html! {
        p { strong { (label) } (prose(why)) }
        @if !said.is_empty() { pre { @for line in said { (shown(line)) "\n" } } }
    }
}

/// The fragment that leads to a result, check or requirement: letters, digits and `-`,
/// which need no escape anywhere; `kind` keeps the three apart.
pub(super) fn anchor(kind: char, id: &str) -> String {
    let mut anchor = format!("{kind}-");
    for c in id.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => anchor.push(c),
            '/' => anchor.push('.'),
            c => anchor.push_str(&format!("_{:x}", u32::from(c))),
        }
    }
    anchor
}

/// The word of a verdict, on its colour.
pub(super) fn chip(verdict: Verdict) -> Markup {
    html! { b class={ "v " (verdict.as_str()) } { (verdict.as_str()) } }
}
