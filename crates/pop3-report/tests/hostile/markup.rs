//! HTML and Markdown read by the parsers of others: nothing in them is forged.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use pop3_report::log::Run;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

/// The elements of the page, and the attributes that they may have.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["class", "href"]),
    ("b", &["class"]),
    ("body", &[]),
    ("code", &[]),
    ("dd", &["class"]),
    ("details", &["class", "data-verdict", "id", "open"]),
    ("div", &["aria-label", "class", "role", "tabindex"]),
    ("dl", &[]),
    ("dt", &[]),
    ("fieldset", &[]),
    ("figcaption", &[]),
    ("figure", &["class"]),
    ("form", &["hidden", "id"]),
    ("h1", &[]),
    ("h2", &["id"]),
    ("h3", &[]),
    ("head", &[]),
    ("header", &[]),
    ("html", &["lang"]),
    ("i", &[]),
    ("input", &["autocomplete", "checked", "id", "name", "placeholder", "type", "value"]),
    ("label", &["class"]),
    ("legend", &[]),
    ("li", &["id"]),
    ("main", &[]),
    ("mark", &[]),
    ("meta", &["charset", "content", "http-equiv", "name"]),
    ("p", &["class", "id", "role"]),
    ("pre", &["class", "tabindex"]),
    ("script", &[]),
    ("section", &["class", "id"]),
    ("span", &["class"]),
    ("strong", &[]),
    ("style", &[]),
    ("summary", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &[]),
    ("tfoot", &[]),
    ("th", &["scope"]),
    ("thead", &[]),
    ("title", &[]),
    ("tr", &[]),
    ("ul", &[]),
];

/// The attributes whose values are ours alone.
fn is_right(name: &str, value: &str) -> bool {
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_. ".contains(&b));
    match name {
        "href" => value.strip_prefix('#').is_some_and(is_name),
        "content" | "placeholder" | "aria-label" => true,
        _ => is_name(value),
    }
}

/// Asserts that an HTML page has the elements of a report and no others.
pub(crate) fn check_html(page: &str, run: &Run) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut open: Vec<String> = Vec::new();
    let (mut results, mut scripts, mut title) = (0, 0, String::new());
    for token in Tokenizer::new_with_emitter(page, emitter) {
        match token.unwrap() {
            Token::StartTag(tag) => {
                let name = String::from_utf8(tag.name.to_vec()).unwrap();
                let known = ELEMENTS.iter().find(|(known, _)| *known == name);
                let (_, attributes) = known.unwrap_or_else(|| panic!("<{name}> in {page}"));
                for (attribute, value) in &tag.attributes {
                    let attribute = str::from_utf8(attribute).unwrap();
                    let value = str::from_utf8(value).unwrap();
                    assert!(
                        attributes.contains(&attribute) && is_right(attribute, value),
                        "{name} {attribute}={value}"
                    );
                    results += usize::from(name == "details" && attribute == "data-verdict");
                }
                scripts += usize::from(name == "script");
                if !matches!(name.as_str(), "meta" | "input") {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => assert_eq!(open.pop().as_deref().map(str::as_bytes), Some(tag.name.as_ref())),
            Token::String(text) if open.last().is_some_and(|name| name == "title") => {
                title.push_str(str::from_utf8(&text).unwrap());
            }
            Token::String(_) => {}
            Token::Doctype(doctype) => assert_eq!(doctype.name.as_ref(), b"html"),
            Token::Comment(_) | Token::Error(_) => panic!("forged markup in {page}"),
        }
    }
    assert_eq!((open.len(), results, scripts), (0, run.results.len(), 1));
    assert!(title.starts_with("pop3spec ") && title.contains(" against "), "{title}");
}

/// Asserts that a Markdown page has the headings of a report, and neither HTML nor links.
pub(crate) fn check_markdown(page: &str, run: &Run) {
    let (headings, links) = read_markdown(page);
    let results = run.results.iter().map(|result| result.verdict);
    let checks = run.invariants.iter().map(|check| check.verdict);
    assert_eq!(headings, results.chain(checks).filter(|verdict| verdict.needs_attention()).count(), "{page}");
    assert_eq!(links, Vec::<String>::new());
}

/// Asserts that a page of one server has its heading, and no links but to its folder.
pub(crate) fn check_matrix(page: &str) {
    let (headings, links) = read_markdown(page);
    let is_ours = |link: &String| link.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._%/".contains(&b));
    assert!(headings == 1 && links.len() == 2 && links.iter().all(is_ours), "{links:?} in {page}");
}

/// The number of headings of the third level, and where links lead.
fn read_markdown(page: &str) -> (usize, Vec<String>) {
    let mut options = Options::all();
    // What GitHub does not read.
    for other in [
        Options::ENABLE_SMART_PUNCTUATION,
        Options::ENABLE_HEADING_ATTRIBUTES,
        Options::ENABLE_DEFINITION_LIST,
        Options::ENABLE_SUPERSCRIPT,
        Options::ENABLE_SUBSCRIPT,
        Options::ENABLE_WIKILINKS,
    ] {
        options.remove(other);
    }
    let (mut headings, mut links) = (0, Vec::new());
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Start(tag) => match tag {
                Tag::Heading { level, .. } => headings += usize::from(level == HeadingLevel::H3),
                Tag::Link { dest_url, .. } => links.push(dest_url.into_string()),
                Tag::Paragraph | Tag::List(None) | Tag::Item | Tag::Strong | Tag::CodeBlock(_) => {}
                Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => {}
                other => panic!("forged markup {other:?} in {page}"),
            },
            Event::End(_) | Event::Text(_) | Event::Code(_) => {}
            other => panic!("forged markup {other:?} in {page}"),
        }
    }
    (headings, links)
}

/// What the checks above are for: each finds what was forged.
#[test]
fn forged_markup_is_found() {
    let run = pop3_report::log::read(include_bytes!("../logs/all-pass.jsonl").as_slice()).unwrap();
    let html = pop3_report::html::page(&run);
    check_html(&html, &run);
    let markdown = pop3_report::markdown::page(&run);
    check_markdown(&markdown, &run);
    let is_found = |check: fn(&str, &Run), page: String| {
        std::panic::catch_unwind(|| check(&page, &run)).expect_err("the forged page passes");
    };
    for forged in ["<img src=x>", "<p onclick=x>", "<a href=javascript:x></a>", "<!-- -->", "<script></script>", "</p>"]
    {
        is_found(check_html, html.replacen("<main>", &format!("<main>{forged}"), 1));
    }
    for forged in ["<b>", "[a](b)", "![a](b)", "\n### fail: x\n", "<!-- x -->", "> quoted", "* * *", "1. x"] {
        is_found(check_markdown, format!("{markdown}\n{forged}\n"));
    }
}
