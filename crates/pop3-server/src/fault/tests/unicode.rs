//! Faults of UTF8 and LANG.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::Utf8HeaderWithoutMode,
        script: &["store S: \\xC3\\xA4|", "login", "RETR 1|TOP 1 0|"],
        honest: "-ERR [UTF8] message needs UTF-8 mode|-ERR [UTF8] message needs UTF-8 mode|",
        faulty: "+OK 7 octets|S: \\xC3\\xA4|.|-ERR [UTF8] message needs UTF-8 mode|",
    },
    Row {
        fault: Fault::Utf8AfterLogin,
        script: &["login", "UTF8|"],
        honest: "-ERR UTF8 is not valid in the TRANSACTION state|",
        faulty: "+OK UTF-8 mode is on|",
    },
    Row {
        fault: Fault::Utf8ModeLostAtLogin,
        script: &["store S: \\xC3\\xA4|", "UTF8|", "login", "RETR 1|TOP 1 0|"],
        honest: "+OK UTF-8 mode is on| / +OK 7 octets|S: \\xC3\\xA4|.|+OK top of message follows|S: \\xC3\\xA4|.|",
        faulty: "+OK UTF-8 mode is on| / -ERR [UTF8] this message needs UTF-8 mode|-ERR [UTF8] this message needs UTF-8 mode|",
    },
    Row {
        fault: Fault::MalformedUtf8Accepted,
        script: &["USER ali\\xFFce|PASS secret|"],
        honest: "-ERR octet 0xFF at 8 is not printable ASCII|-ERR PASS is not valid in the AUTHORIZATION state|",
        faulty: "+OK now the password|+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::Utf8RefusalWithoutCode,
        script: &["store S: \\xC3\\xA4|", "login", "RETR 1|"],
        honest: "-ERR [UTF8] message needs UTF-8 mode|",
        faulty: "-ERR message needs UTF-8 mode|",
    },
    Row {
        fault: Fault::Utf8TakesArgument,
        script: &["UTF8 x|"],
        honest: "-ERR UTF8 does not take this argument|",
        faulty: "+OK UTF-8 mode is on|",
    },
    Row {
        fault: Fault::Utf8AddsByteOrderMark,
        script: &["UTF8|", "login", "RETR 3|", "drop", "login", "RETR 3|"],
        honest: "+OK UTF-8 mode is on| / +OK 4 octets|..c|.| / +OK 4 octets|..c|.|",
        faulty: "+OK UTF-8 mode is on| / +OK 4 octets|\\xEF\\xBB\\xBF..c|.| / +OK 4 octets|..c|.|",
    },
    Row {
        fault: Fault::Utf8HeaderDowngraded,
        script: &["store S: \\xC3\\xA4||\\xC3\\xA4|", "UTF8|", "login", "RETR 1|"],
        honest: "+OK UTF-8 mode is on| / +OK 13 octets|S: \\xC3\\xA4||\\xC3\\xA4|.|",
        faulty: "+OK UTF-8 mode is on| / +OK 13 octets|S: ??||\\xC3\\xA4|.|",
    },
    Row {
        fault: Fault::LangWithoutTag,
        script: &["LANG de|LANG xx|"],
        honest: "+OK de Sprache gewechselt|-ERR diese Sprache ist nicht bekannt|",
        faulty: "+OK Sprache gewechselt|-ERR diese Sprache ist nicht bekannt|",
    },
    Row {
        fault: Fault::LangListingUnterminated,
        script: &["LANG|QUIT|"],
        honest: "+OK language listing follows|en English|de Deutsch|es Espa\\xC3\\xB1ol|.|+OK bye|EOF",
        faulty: "+OK language listing follows|en English|de Deutsch|es Espa\\xC3\\xB1ol|+OK bye|EOF",
    },
    Row {
        fault: Fault::LangListingMalformed,
        script: &["LANG|"],
        honest: "+OK language listing follows|en English|de Deutsch|es Espa\\xC3\\xB1ol|.|",
        faulty: "+OK languages follow|English (en)|Deutsch (de)|Espa\\xC3\\xB1ol (es)|.|",
    },
    Row {
        fault: Fault::FailedLangResets,
        script: &["LANG de|LANG xx|XYZZ|"],
        honest: "+OK de Sprache gewechselt|-ERR diese Sprache ist nicht bekannt|-ERR unbekannter Befehl|",
        faulty: "+OK de Sprache gewechselt|-ERR no such language|-ERR unknown command|",
    },
    Row {
        fault: Fault::LangChangesNothing,
        script: &["LANG de|XYZZ|"],
        honest: "+OK de Sprache gewechselt|-ERR unbekannter Befehl|",
        faulty: "+OK de done|-ERR unknown command|",
    },
    Row {
        fault: Fault::LangSelectsAnother,
        script: &["LANG de|LANG en|XYZZ|"],
        honest: "+OK de Sprache gewechselt|+OK en language changed|-ERR unknown command|",
        faulty: "+OK en language changed|+OK es idioma cambiado|-ERR orden desconocida|",
    },
    Row {
        fault: Fault::LangRefusedAfterLogin,
        script: &["LANG de|", "login", "LANG|LANG en|"],
        honest: "+OK de Sprache gewechselt| / +OK die Sprachen folgen|en English|de Deutsch|es Espa\\xC3\\xB1ol|.|+OK en language changed|",
        faulty: "+OK de Sprache gewechselt| / -ERR not now|-ERR not now|",
    },
    Row {
        fault: Fault::LangLostAtLogin,
        script: &["LANG de|XYZZ|", "login", "XYZZ|LANG de|XYZZ|"],
        honest: "+OK de Sprache gewechselt|-ERR unbekannter Befehl| / -ERR unbekannter Befehl|+OK de Sprache gewechselt|-ERR unbekannter Befehl|",
        faulty: "+OK de Sprache gewechselt|-ERR unbekannter Befehl| / -ERR unknown command|+OK de Sprache gewechselt|-ERR unbekannter Befehl|",
    },
    Row {
        fault: Fault::LangTextsLatin1,
        script: &["LANG de|", "XYZZ|LANG|"],
        honest: "+OK de Sprache gewechselt| / -ERR unbekannter Befehl|+OK die Sprachen folgen|en English|de Deutsch|es Espa\\xC3\\xB1ol|.|",
        faulty: "+OK de Sprache gewechselt| / -ERR unbekannter Befehl|+OK die Sprachen folgen|en English|de Deutsch|es Espa\\xF1ol|.|",
    },
    Row {
        fault: Fault::ListedLanguageRefused,
        script: &["LANG|LANG es|LANG de|"],
        honest: "+OK language listing follows|en English|de Deutsch|es Espa\\xC3\\xB1ol|.|+OK es idioma cambiado|+OK de Sprache gewechselt|",
        faulty: "+OK language listing follows|en English|de Deutsch|es Espa\\xC3\\xB1ol|.|-ERR this language is not installed|+OK de Sprache gewechselt|",
    },
];
