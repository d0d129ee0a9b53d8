//! Lines that a login sends.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::failure::Unusable;
use crate::command::LINE_LIMIT;

/// A line to be sent. Secrets in it do not show in `Debug` and `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    octets: Vec<u8>,
    shown: String,
}

impl Line {
    /// The octets, CRLF included.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// What may be printed: the line without its CRLF, with `***` where a secret
    /// stands or what is made with one.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// `KEYWORD name secret`, each but the keyword where there is one.
    ///
    /// # Errors
    /// An octet that would end the line, or too many of them.
    pub(super) fn command(keyword: &str, name: &str, secret: Option<&str>) -> Result<Self, Unusable> {
        let mut line = keyword.to_owned();
        let mut shown = keyword.to_owned();
        if !name.is_empty() || secret.is_none() {
            let name = whole(name)?;
            line.push_str(&format!(" {name}"));
            shown.push_str(&format!(" {}", name.escape_debug()));
        }
        if let Some(secret) = secret {
            line.push_str(&format!(" {}", whole(secret)?));
            shown.push_str(" ***");
        }
        line.push_str("\r\n");
        if line.len() > LINE_LIMIT {
            return Err(Unusable::LineTooLong { octets: line.len() });
        }
        Ok(Self { octets: line.into_bytes(), shown })
    }

    /// `AUTH mechanism`, with the initial response where there is one.
    pub(super) fn auth(mechanism: &str, initial: Option<&[u8]>) -> Self {
        let response = match initial {
            None => String::new(),
            Some([]) => " =".to_owned(),
            Some(octets) => format!(" {}", STANDARD.encode(octets)),
        };
        let shown = match initial {
            Some([_, ..]) => " ***",
            Some([]) | None => response.as_str(),
        };
        Self {
            octets: format!("AUTH {mechanism}{response}\r\n").into_bytes(),
            shown: format!("AUTH {mechanism}{shown}"),
        }
    }

    /// A response to a challenge.
    pub(super) fn response(octets: &[u8]) -> Self {
        let shown = if octets.is_empty() { "" } else { "***" };
        Self { octets: format!("{}\r\n", STANDARD.encode(octets)).into_bytes(), shown: shown.to_owned() }
    }

    /// `*`
    pub(super) fn cancel() -> Self {
        Self { octets: b"*\r\n".to_vec(), shown: "*".to_owned() }
    }

    /// Whether it is within the 255 octets of RFC 2449 section 4.
    pub(super) fn fits(&self) -> bool {
        self.octets.len() <= LINE_LIMIT
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

fn whole(text: &str) -> Result<&str, Unusable> {
    if text.contains(['\r', '\n', '\0']) { Err(Unusable::EndsLine) } else { Ok(text) }
}
