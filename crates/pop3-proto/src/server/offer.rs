//! What a session says it can do: CAPA, UTF8 and LANG.

use super::{Availability, ServerSession, Text, Tls};
use crate::capability::{Capability, Retention};
use crate::command::Keyword;
use crate::language::{Language, Range};
use crate::reply::RegisteredCode;
use crate::state::{Input, State};

impl ServerSession {
    /// The capabilities in the present state, in the order they are listed.
    #[must_use]
    pub fn capabilities(&self) -> Vec<Capability> {
        let config = &self.config;
        let before_login = self.state != State::Transaction;
        let mut list = Vec::new();
        let mut announce = |availability: Availability, capability| {
            list.extend(availability.is_announced(config.tls).then_some(capability));
        };
        announce(config.top, Capability::Top);
        announce(config.uidl, Capability::Uidl);
        announce(config.resp_codes, Capability::RespCodes);
        if config.resp_codes.is_announced(config.tls) {
            announce(config.auth_resp_code, Capability::AuthRespCode);
        }
        announce(config.pipelining, Capability::Pipelining);
        announce(config.utf8, Capability::Utf8 { user: config.utf8_user });
        announce(config.lang, Capability::Lang);
        announce(config.user, Capability::User);
        let offered = config.mechanisms.iter().filter(|mechanism| mechanism.availability.is_announced(config.tls));
        let names = offered.map(|mechanism| mechanism.name.to_ascii_uppercase()).filter(|name| is_mechanism(name));
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            list.push(Capability::Sasl(names));
        }
        list.extend(config.login_delay.map(|announced| match before_login {
            true => Capability::LoginDelay { seconds: announced.strictest, per_user: announced.per_user },
            false => Capability::LoginDelay { seconds: self.admission.login_delay.unwrap_or(0), per_user: false },
        }));
        list.extend(config.expire.map(|announced| match before_login {
            true => Capability::Expire { retention: announced.strictest, per_user: announced.per_user },
            false => {
                let retention = self.admission.expire.unwrap_or(Retention::Never);
                Capability::Expire { retention, per_user: false }
            }
        }));
        // It is announced where it is permitted (RFC 2595 section 4), which behind
        // UTF8 it is not.
        if config.tls == Tls::Available && before_login && !self.utf8 {
            list.push(Capability::Stls);
        }
        if !(before_login && config.implementation_after_login) {
            // One token at least (RFC 2449 section 6.9).
            let implementation =
                config.implementation.iter().filter(|text| text.contains(|c: char| c.is_ascii_graphic()));
            list.extend(implementation.cloned().map(Capability::Implementation));
        }
        list
    }

    /// Whether this server has the command at all.
    pub(super) fn has(&self, keyword: Keyword) -> bool {
        let config = &self.config;
        match keyword {
            // Under TLS only, USER is there to be told so.
            Keyword::User | Keyword::Pass => config.user != Availability::Absent,
            Keyword::Auth => config.mechanisms.iter().any(|offered| offered.availability != Availability::Absent),
            Keyword::Apop => config.timestamp.is_some(),
            Keyword::Capa => config.capa.is_there(config.tls),
            Keyword::Stls => config.tls != Tls::Unavailable,
            Keyword::Top => config.top.is_there(config.tls),
            Keyword::Uidl => config.uidl.is_there(config.tls),
            Keyword::Utf8 => config.utf8.is_there(config.tls),
            Keyword::Lang => config.lang.is_there(config.tls),
            _ => true,
        }
    }

    /// Whether replies bear this response code (RFC 2449 section 6.4, RFC 3206
    /// section 6).
    pub(super) fn sends(&self, code: RegisteredCode) -> bool {
        let config = &self.config;
        config.resp_codes.is_there(config.tls)
            && (code != RegisteredCode::Auth || config.auth_resp_code.is_there(config.tls))
    }

    pub(super) fn capa(&mut self, out: &mut Vec<u8>) {
        let list = self.capabilities();
        self.grant(Input::Command(Keyword::Capa), Text::CapabilitiesFollow, out);
        // Tags never begin with a dot, so there is nothing to stuff.
        list.iter().for_each(|capability| capability.write(out));
        out.extend_from_slice(b".\r\n");
    }

    pub(super) fn utf8(&mut self, out: &mut Vec<u8>) {
        let text = if self.utf8 { Text::AlreadyUtf8 } else { Text::Utf8Mode };
        self.utf8 = true;
        self.grant(Input::Command(Keyword::Utf8), text, out);
    }

    /// The tag selected stands behind `+OK`, then text in the new language (RFC
    /// 6856 section 3.2).
    pub(super) fn lang(&mut self, range: Option<&str>, out: &mut Vec<u8>) {
        let input = Input::Command(Keyword::Lang);
        let Some(range) = range else { return self.languages(out) };
        let language = match Range::parse(range) {
            Some(Range::Preferred) => Some(self.config.preferred_language),
            Some(Range::Basic(range)) => Language::matching(range),
            None => None,
        };
        let Some(language) = language else { return self.deny(input, None, Text::LanguageUnknown, out) };
        self.language = Some(language);
        let text = format!("{language} {}", self.words(Text::LanguageChanged));
        self.grant_exactly(input, &text, out);
    }

    fn languages(&mut self, out: &mut Vec<u8>) {
        self.grant(Input::Command(Keyword::Lang), Text::LanguagesFollow, out);
        for language in Language::ALL {
            out.extend_from_slice(format!("{} {}\r\n", language.tag(), language.name()).as_bytes());
        }
        out.extend_from_slice(b".\r\n");
    }
}

/// `sasl-mech` of RFC 4422 section 3.1, in upper case already.
fn is_mechanism(name: &str) -> bool {
    let legal = |octet: u8| octet.is_ascii_uppercase() || octet.is_ascii_digit() || b"-_".contains(&octet);
    (1..=20).contains(&name.len()) && name.bytes().all(legal)
}
