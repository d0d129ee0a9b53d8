//! An mbox file, of the kinds that quote `From ` in a body with `>`.

/// Cuts an mbox into its messages. `None` when it does not begin with `From `.
///
/// A message begins behind a line `From …`, at the beginning of the file or
/// behind an empty line. That empty line belongs to the format and not to the
/// message, and so does one at the end of the file. One `>` is taken from a line
/// of `>`s and `From `, as mboxrd has it; mboxo differs only for two or more.
pub(super) fn split(mbox: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut behind_empty_line = true;
    for line in mbox.split_inclusive(|octet| *octet == b'\n') {
        if behind_empty_line && line.starts_with(b"From ") {
            if let Some(message) = messages.last_mut() {
                drop_empty_line(message);
            }
            messages.push(Vec::new());
            behind_empty_line = false;
            continue;
        }
        messages.last_mut()?.extend_from_slice(unquoted(line));
        behind_empty_line = is_empty(line);
    }
    if let Some(message) = messages.last_mut()
        && behind_empty_line
    {
        drop_empty_line(message);
    }
    Some(messages)
}

fn is_empty(line: &[u8]) -> bool {
    line == b"\n" || line == b"\r\n"
}

fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|octet| **octet == b'>').count();
    let quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
    if quoted { line.get(1..).unwrap_or_default() } else { line }
}

fn drop_empty_line(message: &mut Vec<u8>) {
    if message.pop_if(|octet| *octet == b'\n').is_some() {
        // The CR of this line end; the one of the line before has its LF behind it.
        message.pop_if(|octet| *octet == b'\r');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_quotes() {
        let check = |mbox: &str, want: Option<&[&str]>| {
            let got = split(mbox.as_bytes());
            let want = want.map(|messages| messages.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>());
            assert_eq!(got, want, "{mbox:?}");
        };
        check("", Some(&[]));
        check("From a Sat\nS: 1\n\none\n\nFrom b\nS: 2\n\ntwo\n\n", Some(&["S: 1\n\none\n", "S: 2\n\ntwo\n"]));
        check("From a\r\nS: 1\r\n\r\none\r\n\r\nFrom b\r\nx\r\n\r\n", Some(&["S: 1\r\n\r\none\r\n", "x\r\n"]));
        check("From a\nS: 1\n\none\nFrom here on\n", Some(&["S: 1\n\none\nFrom here on\n"]));
        check("From a\nx\n\n>From b\n>>From c\n> From d\n", Some(&["x\n\nFrom b\n>From c\n> From d\n"]));
        check("From a\nx\n\n\n\nFrom b\ny", Some(&["x\n\n\n", "y"]));
        check("From a\n", Some(&[""]));
        check("From a\n\nFrom b\n", Some(&["", ""]));
        check("Subject: no\n\nFrom a\n", None);
        check("\nFrom a\n", None);
    }
}
