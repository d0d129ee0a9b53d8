//! Faults of LANG (RFC 6856 section 3).

use pop3_proto::command::Keyword;
use pop3_proto::language::Language;

use super::login::LastUser;
use super::{Before, CommandLine, Filter, Heard, View, rewrite};

/// The language that the argument asks for, if there is one.
fn asked(line: &CommandLine<'_>) -> Option<Language> {
    let range = std::str::from_utf8(line.word(1)).ok().filter(|_| line.is_for_one(Keyword::Lang))?;
    Language::matching(range)
}

pub(super) fn lang_without_tag(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let tag = asked(line).map(|language| format!("+OK {language} "));
    if let Some(text) = tag.and_then(|tag| reply.strip_prefix(tag.as_bytes())) {
        *reply = [b"+OK ", text].concat();
    }
}

pub(super) fn lang_listing_unterminated(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is_for_all(Keyword::Lang) && reply.ends_with(b"\r\n.\r\n") {
        reply.truncate(reply.len() - 3);
    }
}

pub(super) fn lang_listing_malformed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    if line.is_for_all(Keyword::Lang) && reply.starts_with(b"+OK") {
        let lines: String =
            Language::ALL.iter().map(|language| format!("{} ({language})\r\n", language.name())).collect();
        *reply = format!("+OK languages follow\r\n{lines}.\r\n").into_bytes();
    }
}

/// The line, with the texts in English before it.
fn in_english(line: &CommandLine<'_>) -> Before {
    Before::Instead(vec![(b"LANG en".to_vec(), Heard::No), (line.octets.to_vec(), Heard::Yes)])
}

pub(super) fn failed_lang_resets(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    let fails = line.is_for_one(Keyword::Lang) && asked(line).is_none() && line.word(1) != b"*";
    if fails { in_english(line) } else { Before::Pass }
}

pub(super) fn lang_changes_nothing(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    asked(line).map_or(Before::Pass, |language| Before::Answer(format!("+OK {language} done\r\n").into_bytes()))
}

pub(super) fn lang_selects_another(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    match asked(line) {
        Some(Language::English) => rewrite("LANG es"),
        Some(_) => rewrite("LANG en"),
        None => Before::Pass,
    }
}

pub(super) fn lang_refused_after_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Lang) && view.in_transaction() {
        Before::Answer(b"-ERR not now\r\n".to_vec())
    } else {
        Before::Pass
    }
}

/// The login begins with the language that all sessions begin with.
#[derive(Default)]
pub(super) struct LangLostAtLogin {
    logged_in: bool,
}

impl Filter for LangLostAtLogin {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        let at_login = view.in_transaction() && !std::mem::replace(&mut self.logged_in, view.in_transaction());
        if at_login { in_english(line) } else { Before::Pass }
    }
}

pub(super) fn lang_texts_latin_1(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    let is_text = !matches!(line.keyword(), Some(Keyword::Retr | Keyword::Top));
    if let Some(text) = std::str::from_utf8(reply).ok().filter(|text| is_text && !text.is_ascii()) {
        *reply = text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect();
    }
}

pub(super) fn listed_language_refused(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    match asked(line) {
        Some(language) if Some(&language) == Language::ALL.last() => {
            Before::Answer(b"-ERR this language is not installed\r\n".to_vec())
        }
        _ => Before::Pass,
    }
}

pub(super) fn lang_star_echoed(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is_for_one(Keyword::Lang) && line.word(1) == b"*" {
        Before::Answer(b"+OK * language changed\r\n".to_vec())
    } else {
        Before::Pass
    }
}

/// The preferred language is that of the name in USER, before anybody knows who is there.
#[derive(Default)]
pub(super) struct LangStarTellsUser {
    user: LastUser,
}

impl Filter for LangStarTellsUser {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        self.user.hear(line);
        let asks = line.is_for_one(Keyword::Lang) && line.word(1) == b"*" && !view.in_transaction();
        let known = |name: &&str| view.store().names().iter().any(|other| other == name);
        let claimed = self.user.name.as_deref().filter(known);
        if asks && claimed.is_some() { rewrite("LANG es") } else { Before::Pass }
    }
}

pub(super) fn lang_case_sensitive(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if asked(line).is_some() && line.word(1).iter().any(u8::is_ascii_uppercase) {
        Before::Answer(b"-ERR no such language\r\n".to_vec())
    } else {
        Before::Pass
    }
}

/// Whatever is asked for, English is the answer to it.
pub(super) fn lang_accepts_any(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is_for_one(Keyword::Lang) && asked(line).is_none() && line.word(1) != b"*" {
        Before::Answer([b"+OK ", line.word(1), b" language changed\r\n"].concat())
    } else {
        Before::Pass
    }
}

pub(super) fn second_language_ignored(line: &CommandLine<'_>, _: &View<'_>) -> Before {
    if line.is(Keyword::Lang) && line.arguments().len() == 2 {
        rewrite([b"LANG ", line.word(1)].concat())
    } else {
        Before::Pass
    }
}
