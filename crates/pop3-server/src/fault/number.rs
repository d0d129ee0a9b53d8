//! Faults in reading message-numbers (RFC 1939 section 4).

use pop3_proto::command::Keyword;
use pop3_proto::message_number::MessageNumber;

use super::{Before, CommandLine, Filter, View, rewrite};

/// Which number an argument is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    Message,
    Lines,
}

/// Reads the numbers of a command in another way; `None` leaves one as it is.
pub(super) fn reread(line: &CommandLine<'_>, view: &View<'_>, read: impl Fn(&str, Which) -> Option<String>) -> Before {
    use Keyword as K;
    let has_numbers = matches!(line.keyword(), Some(K::Dele | K::List | K::Retr | K::Top | K::Uidl));
    if !has_numbers || !view.in_transaction() {
        return Before::Pass;
    }
    let mut changed = false;
    let mut words = vec![line.word(0).to_vec()];
    for (index, argument) in line.arguments().iter().enumerate() {
        let which = if index == 0 { Which::Message } else { Which::Lines };
        let other = std::str::from_utf8(argument).ok().and_then(|text| read(text, which));
        changed |= other.is_some();
        words.push(other.map_or_else(|| argument.to_vec(), String::into_bytes));
    }
    if changed { rewrite(words.join(&b' ')) } else { Before::Pass }
}

pub(super) fn number_zero_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    reread(line, view, |text, which| (text == "0" && which == Which::Message).then(|| "1".to_owned()))
}

pub(super) fn number_prefix_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    reread(line, view, |text, _| {
        let digits = text.find(|character: char| !character.is_ascii_digit())?;
        (digits > 0).then(|| text.chars().take(digits).collect())
    })
}

pub(super) fn number_wraps(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    reread(line, view, |text, which| {
        let number: u128 = text.parse().ok()?;
        let wrapped = number & u128::from(u32::MAX);
        (which == Which::Message && wrapped != number).then(|| wrapped.to_string())
    })
}

pub(super) fn leading_zero_octal(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    reread(line, view, |text, _| {
        let digits = text.strip_prefix('0').filter(|digits| !digits.is_empty())?;
        u32::from_str_radix(digits, 8).ok().map(|number| number.to_string())
    })
}

/// The zeros of Arabic, Devanagari and fullwidth digits; the others follow them.
const ZEROS: [char; 3] = ['\u{660}', '\u{966}', '\u{FF10}'];

pub(super) fn unicode_digits_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    let digit = |character: char| {
        let values = ZEROS.iter().filter_map(|zero| u32::from(character).checked_sub(u32::from(*zero)));
        values.filter_map(|value| char::from_digit(value, 10)).next()
    };
    reread(line, view, |text, _| text.chars().map(digit).collect())
}

pub(super) fn negative_number_accepted(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    reread(line, view, |text, which| {
        let number: u32 = text.strip_prefix('-')?.parse().ok()?;
        Some(match which {
            Which::Message => number.to_string(),
            // As an unsigned number, that is very many.
            Which::Lines => number.wrapping_neg().to_string(),
        })
    })
}

/// The numbers of the messages behind a deleted one move up.
pub(super) struct RenumberAfterDele;

impl Filter for RenumberAfterDele {
    fn before_line(&mut self, line: &CommandLine<'_>, view: &View<'_>) -> Before {
        reread(line, view, |text, which| {
            if which == Which::Lines {
                return None;
            }
            let asked = text.parse().ok().and_then(MessageNumber::new)?;
            Some(view.unmarked().get(asked.index()).map_or_else(|| u32::MAX.to_string(), ToString::to_string))
        })
    }

    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
        let listing = matches!(line.keyword(), Some(Keyword::List | Keyword::Uidl));
        if !listing || !view.in_transaction() || !reply.starts_with(b"+OK") {
            return;
        }
        if line.arguments().is_empty() {
            let lines = reply.split_inclusive(|octet| *octet == b'\n').enumerate();
            *reply = lines.flat_map(|(index, line)| renumbered(line, index)).collect();
        } else if let (Some(number), Some(text)) = (line.number(), reply.strip_prefix(b"+OK ")) {
            *reply = [b"+OK ".as_slice(), &renumbered(text, number.index() + 1)].concat();
        }
    }
}

/// The line with another number at its beginning, if there is one.
fn renumbered(line: &[u8], number: usize) -> Vec<u8> {
    let digits = line.iter().take_while(|octet| octet.is_ascii_digit()).count();
    match line.split_at_checked(digits) {
        Some((_, rest)) if digits > 0 => [number.to_string().as_bytes(), rest].concat(),
        _ => line.to_vec(),
    }
}

/// Puts other message-numbers into the answers of LIST and UIDL.
pub(super) fn shift_numbers(
    line: &CommandLine<'_>,
    reply: &mut Vec<u8>,
    view: &View<'_>,
    change: impl Fn(usize) -> usize,
) {
    let listing = matches!(line.keyword(), Some(Keyword::List | Keyword::Uidl));
    if !listing || !view.in_transaction() || !reply.starts_with(b"+OK") {
        return;
    }
    let changed = |line: &[u8]| {
        let digits = line.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let number = line.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        number.map_or_else(|| line.to_vec(), |number| renumbered(line, change(number)))
    };
    if line.arguments().is_empty() {
        *reply = reply.split_inclusive(|octet| *octet == b'\n').flat_map(changed).collect();
    } else if let Some(text) = reply.strip_prefix(b"+OK ") {
        *reply = [b"+OK ".as_slice(), &changed(text)].concat();
    }
}
