//! Faults of what CAPA says, of response codes, EXPIRE, UTF8 and LANG.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

/// What the honest server lists before login.
const BEFORE: &str =
    "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.|";

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::ExtensionsVanish,
        script: &["login", "CAPA|"],
        honest: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|.|",
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|PIPELINING|USER|SASL PLAIN|.|",
    },
    Row {
        fault: Fault::CapabilityWithTab,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|IMPLEMENTATION\\tpop3|.|",
    },
    Row {
        fault: Fault::CapabilityWithTwoSpaces,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|IMPLEMENTATION  pop3|.|",
    },
    Row {
        fault: Fault::CapabilitiesInOneLine,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|TOP UIDL|.|",
    },
    Row {
        fault: Fault::ImplementationChanges,
        script: &["CAPA|", "login", "CAPA|"],
        honest: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.| / +OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|.|",
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|IMPLEMENTATION proxy|.| / +OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|IMPLEMENTATION backend|.|",
    },
    Row {
        fault: Fault::UserUnannounced,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|SASL PLAIN|STLS|.|",
    },
    Row {
        fault: Fault::LangWithArgument,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|LANG en de es|.|",
    },
    Row {
        fault: Fault::Utf8WithOtherArgument,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|UTF8 HEADERS|.|",
    },
    Row {
        fault: Fault::AuthRespCodeUnannounced,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|PIPELINING|USER|SASL PLAIN|STLS|.|",
    },
    Row {
        fault: Fault::ExtensionsUnknown,
        script: &["UTF8|LANG *|"],
        honest: "+OK UTF-8 mode is on|+OK en language changed|",
        faulty: "-ERR unknown command|-ERR unknown command|",
    },
    Row {
        fault: Fault::ResponseCodeEmpty,
        script: &["USER alice|PASS x|"],
        honest: "+OK now the password|-ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password|-ERR [] name or password is wrong|",
    },
    Row {
        fault: Fault::BracketInText,
        script: &["XYZZ|STAT|"],
        honest: "-ERR unknown command|-ERR STAT is not valid in the AUTHORIZATION state|",
        faulty: "-ERR [see RFC 1939] unknown command|-ERR STAT is not valid in the AUTHORIZATION state|",
    },
    Row {
        fault: Fault::AuthCodeAtEnd,
        script: &["USER alice|PASS x|"],
        honest: "+OK now the password|-ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password|-ERR name or password is wrong [AUTH]|",
    },
    Row {
        fault: Fault::AuthCodeOnPassOnly,
        script: &["APOP alice x|USER alice|PASS x|"],
        honest: "-ERR [AUTH] name or password is wrong|+OK now the password|-ERR [AUTH] name or password is wrong|",
        faulty: "-ERR name or password is wrong|+OK now the password|-ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::SysCodeForWrongPassword,
        script: &["USER alice|PASS x|"],
        honest: "+OK now the password|-ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password|-ERR [SYS/PERM] name or password is wrong|",
    },
    Row {
        fault: Fault::SysWithoutSecondLevel,
        script: &["login", "RETR 9|"],
        honest: "-ERR no such message|",
        faulty: "-ERR [SYS] no such message|",
    },
    Row {
        fault: Fault::LoginDelayCodeOnPositive,
        script: &["USER alice|PASS secret|"],
        honest: "+OK now the password|+OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK now the password|+OK [LOGIN-DELAY] maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::LangStarEchoed,
        script: &["LANG *|"],
        honest: "+OK en language changed|",
        faulty: "+OK * language changed|",
    },
    Row {
        fault: Fault::LangStarTellsUser,
        script: &["LANG *|USER nobody|LANG *|", "USER alice|LANG *|"],
        honest: "+OK en language changed|+OK now the password|+OK en language changed| / +OK now the password|+OK en language changed|",
        faulty: "+OK en language changed|+OK now the password|+OK en language changed| / +OK now the password|+OK es idioma cambiado|",
    },
    Row {
        fault: Fault::LangCaseSensitive,
        script: &["LANG EN|LANG en|"],
        honest: "+OK en language changed|+OK en language changed|",
        faulty: "-ERR no such language|+OK en language changed|",
    },
    Row {
        fault: Fault::LangAcceptsAny,
        script: &["LANG qqq|"],
        honest: "-ERR no such language|",
        faulty: "+OK qqq language changed|",
    },
    Row {
        fault: Fault::SecondLanguageIgnored,
        script: &["LANG en de|"],
        honest: "-ERR LANG does not take this argument|",
        faulty: "+OK en language changed|",
    },
    Row {
        fault: Fault::TopWithUtf8Header,
        script: &["store S: \\xC3\\xA4||x|", "login", "TOP 1 0|RETR 1|"],
        honest: "-ERR [UTF8] message needs UTF-8 mode|-ERR [UTF8] message needs UTF-8 mode|",
        faulty: "+OK top of message follows|S: \\xC3\\xA4||.|-ERR [UTF8] message needs UTF-8 mode|",
    },
    Row {
        fault: Fault::ProhibitedCharactersDropped,
        script: &["USER ali\\xEF\\xBF\\xBDce|PASS secret|"],
        honest: "-ERR octet 0xEF at 8 is not printable ASCII|-ERR PASS is not valid in the AUTHORIZATION state|",
        faulty: "+OK now the password|+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::Utf8CodeOnDele,
        script: &["store S: \\xC3\\xA4|", "login", "DELE 1|"],
        honest: "+OK message 1 deleted|",
        faulty: "-ERR [UTF8] this message needs UTF-8 mode|",
    },
    Row {
        fault: Fault::Utf8CodeForUnknownNumber,
        script: &["login", "RETR 9|"],
        honest: "-ERR no such message|",
        faulty: "-ERR [UTF8] no such message|",
    },
    Row {
        fault: Fault::RetrievedRemovedAtDrop,
        script: &["login", "RETR 3|", "drop", "login", "STAT|"],
        honest: "+OK 4 octets|..c|.| / +OK 3 30|",
        faulty: "+OK 4 octets|..c|.| / +OK 2 26|",
    },
    Row {
        fault: Fault::Utf8NameRefused,
        script: &["USER \\xC3\\xA4|"],
        honest: "-ERR octet 0xC3 at 5 is not printable ASCII|",
        faulty: "-ERR names are in ASCII here|",
    },
    Row {
        fault: Fault::Utf8NameNeedsCommand,
        script: &["USER \\xC3\\xA4|UTF8|USER \\xC3\\xA4|"],
        honest: "-ERR octet 0xC3 at 5 is not printable ASCII|+OK UTF-8 mode is on|-ERR octet 0xC3 at 5 is not printable ASCII|",
        faulty: "-ERR names are in ASCII here|+OK UTF-8 mode is on|-ERR octet 0xC3 at 5 is not printable ASCII|",
    },
    Row {
        fault: Fault::PasswordNotPrepared,
        script: &["USER alice|PASS gru\\xCC\\x88n|"],
        honest: "+OK now the password|-ERR octet 0xCC at 8 is not printable ASCII|",
        faulty: "+OK now the password|-ERR [AUTH] name or password is wrong|",
    },
];
