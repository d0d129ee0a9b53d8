//! Faults of AUTH and its exchanges.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::ChallengeInClearText,
        script: &["AUTH PLAIN|", "*|"],
        honest: "+ | / -ERR authentication cancelled|",
        faulty: "+ go ahead| / -ERR authentication cancelled|",
    },
    Row {
        fault: Fault::EmptyChallengeWithoutSpace,
        script: &["AUTH PLAIN|", "*|"],
        honest: "+ | / -ERR authentication cancelled|",
        faulty: "+| / -ERR authentication cancelled|",
    },
    Row {
        fault: Fault::ChallengeToldAsOk,
        script: &["AUTH PLAIN|", "*|"],
        honest: "+ | / -ERR authentication cancelled|",
        faulty: "+OK| / -ERR authentication cancelled|",
    },
    Row {
        fault: Fault::InitialResponseRequired,
        script: &["AUTH PLAIN|", "drop", "auth PLAIN"],
        honest: "+ | / let in",
        faulty: "-ERR initial response is missing| / let in",
    },
    Row {
        fault: Fault::AsteriskAsksAgain,
        script: &["AUTH PLAIN|", "*|"],
        honest: "+ | / -ERR authentication cancelled|",
        faulty: "+ | / + |",
    },
    Row {
        fault: Fault::ExchangeOutlivesFailure,
        script: &["AUTH PLAIN|*|NOOP|NOOP|"],
        honest: "+ |-ERR authentication cancelled|-ERR NOOP is not valid in the AUTHORIZATION state|-ERR NOOP is not valid in the AUTHORIZATION state|",
        faulty: "+ |-ERR authentication cancelled|-ERR response is not base64|-ERR NOOP is not valid in the AUTHORIZATION state|",
    },
    Row {
        fault: Fault::ResponseJunkSkipped,
        script: &["AUTH LOGIN|", "bm9!ib2R5|", "*|", "AUTH PLAIN AGFsaW!NlAHNlY3JldA==|"],
        honest: "+ VXNlcm5hbWU6| / -ERR response is not base64| / -ERR unknown command| / -ERR initial response is not base64|",
        faulty: "+ VXNlcm5hbWU6| / + UGFzc3dvcmQ6| / -ERR authentication cancelled| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::ResponsePadInside,
        script: &["AUTH LOGIN|", "bm9=ib2R5|"],
        honest: "+ VXNlcm5hbWU6| / -ERR response is not base64|",
        faulty: "+ VXNlcm5hbWU6| / + UGFzc3dvcmQ6|",
    },
    Row {
        fault: Fault::ResponseUnpadded,
        script: &["AUTH LOGIN|", "bm9ib2R5MQ|"],
        honest: "+ VXNlcm5hbWU6| / -ERR response is not base64|",
        faulty: "+ VXNlcm5hbWU6| / + UGFzc3dvcmQ6|",
    },
    Row {
        fault: Fault::UnknownMechanismStarts,
        script: &["AUTH XYZZ|"],
        honest: "-ERR no such mechanism|",
        faulty: "+ |",
    },
    Row {
        fault: Fault::UnknownMechanismCloses,
        script: &["AUTH XYZZ|"],
        honest: "-ERR no such mechanism|",
        faulty: "EOF",
    },
    Row {
        fault: Fault::MechanismCaseSensitive,
        script: &["auth plain|"],
        honest: "+ |",
        faulty: "-ERR no such mechanism|",
    },
    Row {
        fault: Fault::AuthAfterLogin,
        script: &["login", "AUTH PLAIN|"],
        honest: "-ERR AUTH is not valid in the TRANSACTION state|",
        faulty: "+ |",
    },
    Row {
        fault: Fault::AuthChangesNothing,
        script: &["auth PLAIN", "STAT|"],
        honest: "let in / +OK 3 30|",
        faulty: "let in / -ERR not valid in the AUTHORIZATION state|",
    },
    Row { fault: Fault::AuthNotImplemented, script: &["AUTH PLAIN|"], honest: "+ |", faulty: "-ERR unknown command|" },
    Row {
        fault: Fault::AnnouncedMechanismRefused,
        script: &["AUTH CRAM-MD5|"],
        honest: "+ (a new msg-id)|",
        faulty: "-ERR no such mechanism|",
    },
    Row {
        fault: Fault::ServerFirstTakesInitialResponse,
        script: &["AUTH CRAM-MD5 bm9ib2R5|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "+ (a new msg-id)|",
    },
    Row { fault: Fault::AuthLineUpperCased, script: &["auth PLAIN"], honest: "let in", faulty: "refused" },
    Row {
        fault: Fault::ResponseLimitTooLow,
        script: &["AUTH SCRAM-SHA-256|", LONG_NONCE],
        honest: "+ | / + (a new nonce)|",
        faulty: "+ | / -ERR authentication cancelled|",
    },
    Row {
        fault: Fault::CancelledLetsIn,
        script: &["auth SCRAM-SHA-256 secret 2", "STAT|", "auth SCRAM-SHA-256 secret 3", "STAT|"],
        honest: "refused / -ERR STAT is not valid in the AUTHORIZATION state| / refused / -ERR STAT is not valid in the AUTHORIZATION state|",
        faulty: "refused / -ERR STAT is not valid in the AUTHORIZATION state| / refused / +OK 3 30|",
    },
    Row {
        // In the command, then in a response.
        fault: Fault::RefusedLetsIn,
        script: &["auth PLAIN wrong", "STAT|", "drop", "AUTH PLAIN|", "AGFsaWNlAHdyb25n|", "STAT|"],
        honest: "refused / -ERR STAT is not valid in the AUTHORIZATION state| / + | / -ERR [AUTH] name or password is wrong| / -ERR STAT is not valid in the AUTHORIZATION state|",
        faulty: "refused / +OK 3 30| / + | / -ERR [AUTH] name or password is wrong| / +OK 3 30|",
    },
    Row {
        fault: Fault::CutInitialResponseAsked,
        script: &["AUTH PLAIN =|", "AUTH PLAIN AAAA|", "AUTH PLAIN A|", "AAAA|"],
        honest: "-ERR [AUTH] name or password is wrong| / -ERR [AUTH] name or password is wrong| / -ERR initial response is not base64| / -ERR unknown command|",
        faulty: "-ERR [AUTH] name or password is wrong| / -ERR [AUTH] name or password is wrong| / + | / EOF",
    },
    Row { fault: Fault::EmptyResponseRefused, script: &["auth SCRAM-SHA-256"], honest: "let in", faulty: "refused" },
];

/// `n,,n=nobody,r=` and a nonce of 241 octets.
const LONG_NONCE: &str = "biwsbj1ub2JvZHkscj14eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4|";
