//! The texts of replies, in each language. None of them bears meaning for a
//! client: what does, a number or a code, is written apart from them.

use super::ServerConfig;
use crate::command::{CommandError, Keyword};
use crate::language::Language;
use crate::reply::STATUS_LINE_LIMIT;

/// The text of the greeting. It is cut so that the timestamp stays whole, and it has
/// no other `<` for a client to take for one (RFC 2449 section 3, `gchar`).
pub(super) fn greeting(config: &ServerConfig) -> String {
    let text = config.greeting.chars().filter(|character| (' '..='~').contains(character) && *character != '<');
    match &config.timestamp {
        Some(timestamp) => {
            let room = STATUS_LINE_LIMIT.saturating_sub("+OK  \r\n".len() + timestamp.len());
            let text: String = text.take(room).collect();
            format!("{text} {timestamp}")
        }
        None => text.collect(),
    }
}

/// What a reply says to a person. Numbers and keywords are put into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    AlreadyUnderTls,
    AlreadyUtf8,
    BeginTls,
    Bye,
    Cancelled,
    CapabilitiesFollow,
    Credentials,
    Deleted(u64),
    EmptyArgument(usize),
    EmptyLine,
    InUse,
    InitialResponseNotBase64,
    LanguageChanged,
    LanguageUnknown,
    LanguagesFollow,
    LineTooLong,
    LoginDelay,
    Listing { messages: u64, octets: u64 },
    Maildrop { messages: u64, octets: u64 },
    MissingArgument(Keyword),
    NeedsTls,
    NeedsUtf8,
    NoSuchCommand,
    NoSuchMechanism,
    NoSuchMessage,
    NoSuchNumber,
    NotANumber(usize),
    NotAvailable,
    NotBase64,
    NotInThisState { keyword: Keyword, state: &'static str },
    NotPrintable { at: usize, octet: u8 },
    NotRemoved,
    NotUtf8(usize),
    NowThePassword,
    Octets(u64),
    StlsBehindUtf8,
    Temporarily,
    Permanently,
    TooManyArguments(Keyword),
    TooManyFailures,
    TopFollows,
    Unreadable,
    Utf8Mode,
}

impl Text {
    /// The text in a language.
    pub(super) fn in_language(self, language: Language) -> String {
        let (english, german, spanish) = self.row();
        let pattern = match language {
            Language::English => english,
            Language::German => german,
            Language::Spanish => spanish,
        };
        let (first, second) = self.values();
        pattern.replace("{1}", &second).replace("{0}", &first)
    }

    /// What stands in the places `{0}` and `{1}`.
    fn values(self) -> (String, String) {
        match self {
            Self::Deleted(number) | Self::Octets(number) => (number.to_string(), String::new()),
            Self::EmptyArgument(at) | Self::NotANumber(at) | Self::NotUtf8(at) => (at.to_string(), String::new()),
            Self::Listing { messages, octets } | Self::Maildrop { messages, octets } => {
                (messages.to_string(), octets.to_string())
            }
            Self::MissingArgument(keyword) | Self::TooManyArguments(keyword) => (keyword.to_string(), String::new()),
            Self::NotInThisState { keyword, state } => (keyword.to_string(), state.to_owned()),
            Self::NotPrintable { at, octet } => (at.to_string(), format!("0x{octet:02X}")),
            _ => (String::new(), String::new()),
        }
    }

    /// English, German, Spanish.
    #[rustfmt::skip]
    fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AlreadyUnderTls => ("TLS is already active", "TLS läuft schon", "TLS ya está activo"),
            Self::AlreadyUtf8 => ("UTF-8 mode was on already", "UTF-8 war schon eingeschaltet", "el modo UTF-8 ya estaba activo"),
            Self::BeginTls => ("begin TLS negotiation", "TLS kann beginnen", "comience la negociación TLS"),
            Self::Bye => ("bye", "auf Wiedersehen", "adiós"),
            Self::Cancelled => ("authentication cancelled", "Anmeldung abgebrochen", "autenticación cancelada"),
            Self::CapabilitiesFollow => ("capability list follows", "die Fähigkeiten folgen", "sigue la lista de capacidades"),
            Self::Credentials => ("name or password is wrong", "Name oder Passwort ist falsch", "el nombre o la contraseña no son correctos"),
            Self::Deleted(_) => ("message {0} deleted", "Nachricht {0} gelöscht", "mensaje {0} borrado"),
            Self::EmptyArgument(_) => ("empty argument at octet {0}", "leeres Argument bei Oktett {0}", "argumento vacío en el octeto {0}"),
            Self::EmptyLine => ("empty line", "leere Zeile", "línea vacía"),
            Self::InUse => ("maildrop already locked", "das Postfach ist schon gesperrt", "el buzón ya está bloqueado"),
            Self::InitialResponseNotBase64 => ("initial response is not base64", "die erste Antwort ist kein base64", "la respuesta inicial no es base64"),
            Self::LanguageChanged => ("language changed", "Sprache gewechselt", "idioma cambiado"),
            Self::LanguageUnknown => ("no such language", "diese Sprache ist nicht bekannt", "idioma no conocido"),
            Self::LanguagesFollow => ("language listing follows", "die Sprachen folgen", "sigue la lista de idiomas"),
            Self::LineTooLong => ("line too long", "die Zeile ist zu lang", "línea demasiado larga"),
            Self::LoginDelay => ("too soon after the last login", "zu früh nach der letzten Anmeldung", "demasiado pronto tras la última sesión"),
            Self::Listing { .. } => ("{0} messages ({1} octets)", "{0} Nachrichten ({1} Oktette)", "{0} mensajes ({1} octetos)"),
            Self::Maildrop { .. } => ("maildrop has {0} messages ({1} octets)", "das Postfach hat {0} Nachrichten ({1} Oktette)", "el buzón tiene {0} mensajes ({1} octetos)"),
            Self::MissingArgument(_) => ("{0} needs an argument", "{0} braucht ein Argument", "{0} necesita un argumento"),
            Self::NeedsTls => ("start TLS first", "erst TLS beginnen", "primero inicie TLS"),
            Self::NeedsUtf8 => ("message needs UTF-8 mode", "die Nachricht braucht UTF-8", "el mensaje necesita el modo UTF-8"),
            Self::NoSuchCommand => ("unknown command", "unbekannter Befehl", "orden desconocida"),
            Self::NoSuchMechanism => ("no such mechanism", "dieses Verfahren gibt es nicht", "no existe tal mecanismo"),
            Self::NoSuchMessage => ("no such message", "diese Nachricht gibt es nicht", "no existe tal mensaje"),
            Self::NoSuchNumber => ("no such message-number", "diese Nummer hat keine Nachricht", "ningún mensaje tiene ese número"),
            Self::NotANumber(_) => ("argument at octet {0} is not a decimal number", "das Argument bei Oktett {0} ist keine Dezimalzahl", "el argumento en el octeto {0} no es un número decimal"),
            Self::NotAvailable => ("command not available", "diesen Befehl gibt es hier nicht", "orden no disponible"),
            Self::NotBase64 => ("response is not base64", "die Antwort ist kein base64", "la respuesta no es base64"),
            Self::NotInThisState { .. } => ("{0} is not valid in the {1} state", "{0} gilt nicht im Zustand {1}", "{0} no es válida en el estado {1}"),
            Self::NotPrintable { .. } => ("octet {1} at {0} is not printable ASCII", "Oktett {1} bei {0} ist kein druckbares ASCII", "el octeto {1} en {0} no es ASCII imprimible"),
            Self::NotRemoved => ("some deleted messages not removed", "einige gelöschte Nachrichten sind nicht entfernt", "algunos mensajes borrados no se han eliminado"),
            Self::NotUtf8(_) => ("octet {0} is not UTF-8", "Oktett {0} ist kein UTF-8", "el octeto {0} no es UTF-8"),
            Self::NowThePassword => ("now the password", "nun das Passwort", "ahora la contraseña"),
            Self::Octets(_) => ("{0} octets", "{0} Oktette", "{0} octetos"),
            Self::StlsBehindUtf8 => ("STLS may not follow UTF8", "STLS darf nicht auf UTF8 folgen", "STLS no puede seguir a UTF8"),
            Self::Temporarily => ("maildrop cannot be opened now", "das Postfach lässt sich jetzt nicht öffnen", "el buzón no se puede abrir ahora"),
            Self::Permanently => ("maildrop cannot be opened", "das Postfach lässt sich nicht öffnen", "el buzón no se puede abrir"),
            Self::TooManyArguments(_) => ("{0} does not take this argument", "{0} nimmt dieses Argument nicht", "{0} no admite este argumento"),
            Self::TooManyFailures => ("too many failed logins", "zu viele Fehlversuche", "demasiados intentos fallidos"),
            Self::TopFollows => ("top of message follows", "der Anfang der Nachricht folgt", "sigue el comienzo del mensaje"),
            Self::Unreadable => ("message cannot be read", "die Nachricht lässt sich nicht lesen", "no se puede leer el mensaje"),
            Self::Utf8Mode => ("UTF-8 mode is on", "UTF-8 ist eingeschaltet", "modo UTF-8 activado"),
        }
    }
}

impl From<CommandError> for Text {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Empty => Self::EmptyLine,
            CommandError::EmptyArgument { at } => Self::EmptyArgument(at),
            CommandError::NotANumber { at } => Self::NotANumber(at),
            CommandError::NotUtf8 { at } => Self::NotUtf8(at),
            CommandError::NotPrintable { at, octet } => Self::NotPrintable { at, octet },
            CommandError::NoSuchNumber => Self::NoSuchNumber,
            CommandError::MissingArgument { keyword } => Self::MissingArgument(keyword),
            CommandError::TooManyArguments { keyword } => Self::TooManyArguments(keyword),
            CommandError::UnknownKeyword => Self::NoSuchCommand,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_in_every_language() {
        let check = |text: Text, want: [&str; 3]| {
            assert_eq!(Language::ALL.map(|language| text.in_language(language)), want);
        };
        check(Text::Bye, ["bye", "auf Wiedersehen", "adiós"]);
        check(Text::Deleted(7), ["message 7 deleted", "Nachricht 7 gelöscht", "mensaje 7 borrado"]);
        check(
            Text::Maildrop { messages: 2, octets: 320 },
            [
                "maildrop has 2 messages (320 octets)",
                "das Postfach hat 2 Nachrichten (320 Oktette)",
                "el buzón tiene 2 mensajes (320 octetos)",
            ],
        );
    }

    #[test]
    fn english_is_ascii_and_no_text_looks_like_a_response_code() {
        let texts = [
            Text::Credentials,
            Text::NotInThisState { keyword: Keyword::Stat, state: "AUTHORIZATION" },
            Text::NotPrintable { at: 3, octet: b'[' },
            Text::LanguageUnknown,
        ];
        for text in texts {
            assert!(text.in_language(Language::English).is_ascii(), "{text:?}");
            for language in Language::ALL {
                let text = text.in_language(language);
                assert!(!text.starts_with('[') && !text.contains('{'), "{text}");
            }
        }
    }
}
