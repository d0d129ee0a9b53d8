//! What a server takes although no text asks for it.

use pop3_proto::command::Keyword;

use super::on_line;
use crate::fault::{Before, CommandLine, Filter, rewrite};

/// LAST is in RFC 1460 and no more in RFC 1939; XTND is of the old popper.
pub(super) fn private_commands() -> Box<dyn Filter> {
    on_line(|line, view| {
        let answer: &[u8] = match line.word(0).to_ascii_uppercase().as_slice() {
            b"LAST" if view.in_transaction() => b"+OK 0\r\n",
            b"XTND" if view.in_transaction() => b"+OK nothing was done\r\n",
            b"HELP" => b"+OK read RFC 1939\r\n",
            _ => return Before::Pass,
        };
        Before::Answer(answer.to_vec())
    })
}

fn is_password(line: &CommandLine<'_>) -> bool {
    line.is(Keyword::Pass)
}

pub(super) fn blanks_behind_password_cut() -> Box<dyn Filter> {
    on_line(|line, _| {
        let cut = line.octets.trim_ascii_end();
        if is_password(line) && cut.len() < line.octets.len() { rewrite(cut) } else { Before::Pass }
    })
}

pub(super) fn apop_upper_case() -> Box<dyn Filter> {
    on_line(|line, _| {
        let digest = line.word(2);
        if line.is(Keyword::Apop) && line.arguments().len() == 2 && digest.iter().any(u8::is_ascii_uppercase) {
            rewrite([line.word(0), b" ", line.word(1), b" ", &digest.to_ascii_lowercase()].concat())
        } else {
            Before::Pass
        }
    })
}

pub(super) fn auth_lists_mechanisms() -> Box<dyn Filter> {
    on_line(|line, view| {
        if !line.is_for_all(Keyword::Auth) || view.in_transaction() {
            return Before::Pass;
        }
        let list: String = view.host.mechanisms().iter().map(|offered| format!("{}\r\n", offered.name)).collect();
        Before::Answer(format!("+OK mechanisms follow\r\n{list}.\r\n").into_bytes())
    })
}

/// Passwords apart, in which blanks may have a meaning.
pub(super) fn blanks_passed_over() -> Box<dyn Filter> {
    on_line(|line, _| {
        let is_blank = |octet: &u8| b" \t".contains(octet);
        let words: Vec<&[u8]> = line.octets.split(is_blank).filter(|word| !word.is_empty()).collect();
        let first = words.first().copied().unwrap_or_default();
        let tidy = words.join(&b' ');
        let is_tidy = tidy == line.octets || words.is_empty();
        if is_tidy || Keyword::from_word(first) == Some(Keyword::Pass) { Before::Pass } else { rewrite(tidy) }
    })
}

pub(super) fn blank_at_end_passed_over() -> Box<dyn Filter> {
    on_line(|line, _| match line.octets.strip_suffix(b" ") {
        Some(rest) if !is_password(line) && !rest.is_empty() => rewrite(rest),
        _ => Before::Pass,
    })
}

pub(super) fn plus_sign() -> Box<dyn Filter> {
    on_line(|line, _| {
        use Keyword as K;
        let numbered = matches!(line.keyword(), Some(K::List | K::Retr | K::Dele | K::Top | K::Uidl));
        match line.word(1) {
            [b'+', digits @ ..] if numbered && digits.iter().all(u8::is_ascii_digit) => {
                let rest = line.octets.get(line.word(0).len() + 2..).unwrap_or_default();
                rewrite([line.word(0), b" ", rest].concat())
            }
            _ => Before::Pass,
        }
    })
}
