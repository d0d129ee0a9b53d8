//! Faults of the list of capabilities and of response codes.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

/// What the honest server lists before login, and after it.
const BEFORE: &str =
    "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.|";
const AFTER: &str = "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|.|";

pub(super) const ROWS: &[Row] = &[
    Row { fault: Fault::CapaOnlyAfterLogin, script: &["CAPA|"], honest: BEFORE, faulty: "-ERR log in first|" },
    Row {
        fault: Fault::LoginCapabilitiesVanish,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|.|",
    },
    Row {
        fault: Fault::MaildropCapabilitiesVanish,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|RESP-CODES|AUTH-RESP-CODE|USER|SASL PLAIN|.|",
    },
    Row {
        fault: Fault::TopUnannounced,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.|",
    },
    Row {
        fault: Fault::ApopListed,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|APOP|.|",
    },
    Row {
        fault: Fault::TopWithArgument,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|TOP 64|.|",
    },
    Row {
        fault: Fault::SaslWithoutMechanisms,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL|.|",
    },
    Row {
        fault: Fault::ImplementationEmpty,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|IMPLEMENTATION|.|",
    },
    Row {
        fault: Fault::ImplementationTooLong,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|IMPLEMENTATION x*600|.|",
    },
    Row {
        fault: Fault::ExpireWithoutValue,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|EXPIRE|.|",
    },
    Row {
        fault: Fault::ExpireUserAfterLogin,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|EXPIRE 30 USER|.|",
    },
    Row {
        fault: Fault::ExpireShrinks,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|EXPIRE 7|.|",
    },
    Row {
        fault: Fault::LoginDelayNotEnforced,
        script: &["login", "CAPA|"],
        honest: AFTER,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|LOGIN-DELAY 300|.|",
    },
    Row {
        fault: Fault::LoginDelayGrows,
        script: &["CAPA|"],
        honest: BEFORE,
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|LOGIN-DELAY 0 USER|.|",
    },
    Row {
        fault: Fault::LoginDelayLonger,
        script: &["login", "QUIT|", "drop", "wait 301", "USER alice|PASS secret|"],
        honest: "+OK bye|EOF / +OK now the password|+OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK bye|EOF / +OK now the password|-ERR [LOGIN-DELAY] too soon after the last login|",
    },
    Row {
        fault: Fault::LoginDelayRestarts,
        script: &[
            "login",
            "QUIT|",
            "drop",
            "wait 200",
            "USER alice|PASS secret|QUIT|",
            "drop",
            "wait 200",
            "USER alice|PASS secret|",
        ],
        honest: "+OK bye|EOF / +OK now the password|+OK maildrop has 3 messages (30 octets)|+OK bye|EOF / +OK now the password|+OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK bye|EOF / +OK now the password|-ERR [LOGIN-DELAY] too soon after the last login|+OK bye|EOF / +OK now the password|-ERR [LOGIN-DELAY] too soon after the last login|",
    },
    Row {
        fault: Fault::LoginDelayCodeOnUser,
        script: &["login", "QUIT|", "drop", "USER alice|"],
        honest: "+OK bye|EOF / +OK now the password|",
        faulty: "+OK bye|EOF / -ERR [LOGIN-DELAY] too soon after the last login|",
    },
    Row {
        fault: Fault::CapaShrinks,
        script: &["CAPA|", "CAPA|"],
        honest: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.| / +OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.|",
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.| / +OK capability list follows|TOP|UIDL|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.|",
    },
    Row {
        fault: Fault::AuthCodeMissing,
        script: &["APOP alice x|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "-ERR name or password is wrong|",
    },
    Row {
        fault: Fault::AuthCodeOnRetr,
        script: &["login", "RETR 9|DELE 9|"],
        honest: "-ERR no such message|-ERR no such message|",
        faulty: "-ERR [AUTH] no such message|-ERR no such message|",
    },
    Row {
        fault: Fault::AuthCodeOnWrongState,
        script: &["PASS secret|"],
        honest: "-ERR PASS is not valid in the AUTHORIZATION state|",
        faulty: "-ERR [AUTH] PASS is not valid in the AUTHORIZATION state|",
    },
    Row {
        fault: Fault::AuthCodeOnUser,
        script: &["USER bob|", "USER alice|"],
        honest: "+OK now the password| / -ERR USER is not valid in the AUTHORIZATION state|",
        faulty: "-ERR [AUTH] no such user| / +OK now the password|",
    },
    Row {
        fault: Fault::SysCodeOnPositive,
        script: &["USER alice|", "PASS secret|"],
        honest: "+OK now the password| / +OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK now the password| / +OK [SYS/TEMP] maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::InUseBeforePassword,
        script: &["login", "open", "USER alice|PASS wrong|"],
        honest: "+OK now the password|-ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password|-ERR [IN-USE] name or password is wrong|",
    },
];
