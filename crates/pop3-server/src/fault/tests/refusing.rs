//! Faults of lines, greetings, refused logins and STLS.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::CommandLimitTooLow,
        script: &[
            "USER xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|",
        ],
        honest: "+OK now the password|",
        faulty: "EOF",
    },
    Row { fault: Fault::EmptyLineCloses, script: &["|"], honest: "-ERR empty line|", faulty: "EOF" },
    Row { fault: Fault::ColonCloses, script: &["A:B|"], honest: "-ERR unknown command|", faulty: "EOF" },
    Row {
        fault: Fault::NulEndsLine,
        script: &["login", "NOOP\\x00X|"],
        honest: "-ERR octet 0x00 at 4 is not printable ASCII|",
        faulty: "+OK|",
    },
    Row {
        fault: Fault::TextWithoutSpace,
        script: &["login", "XYZZ|NOOP|"],
        honest: "-ERR unknown command|+OK|",
        faulty: "-ERR:unknown command|+OK|",
    },
    Row {
        fault: Fault::ReplyWithEightBit,
        script: &["XYZZ|"],
        honest: "-ERR unknown command|",
        faulty: "-ERR refus\\xE9e: unknown command|",
    },
    Row {
        fault: Fault::GreetingOfTwoLines,
        script: &["implicit", "QUIT|"],
        honest: "+OK POP3 ready <new@localhost>| / +OK bye|EOF",
        faulty: "+OK POP3 ready <new@localhost>|+OK the mail of others is none of your business| / +OK bye|EOF",
    },
    Row {
        fault: Fault::GreetingTooLong,
        script: &["greeting", "QUIT|"],
        honest: "+OK POP3 ready <new@localhost>| / +OK bye|EOF",
        faulty: "+OK POP3 ready <new@localhost> -*600| / +OK bye|EOF",
    },
    Row {
        fault: Fault::AngleBracketsInGreeting,
        script: &["greeting", "QUIT|"],
        honest: "+OK POP3 ready <new@localhost>| / +OK bye|EOF",
        faulty: "+OK <localhost> POP3 ready <new@localhost>| / +OK bye|EOF",
    },
    Row {
        fault: Fault::PasswordCutAtEight,
        script: &["account bob passwords", "USER bob|", "PASS passwordx|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / +OK maildrop has 0 messages (0 octets)|",
    },
    Row {
        fault: Fault::WordsBehindPasswordIgnored,
        script: &["USER alice|", "PASS secret x|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::FirstUserKept,
        script: &["USER bob|", "USER alice|", "PASS secret|"],
        honest: "+OK now the password| / -ERR USER is not valid in the AUTHORIZATION state| / -ERR PASS is not valid in the AUTHORIZATION state|",
        faulty: "+OK now the password| / +OK now the password| / -ERR [AUTH] name or password is wrong|",
    },
    Row { fault: Fault::PercentInNameCloses, script: &["USER %s%n|"], honest: "+OK now the password|", faulty: "EOF" },
    Row {
        fault: Fault::EightBitNameCloses,
        script: &["USER \\xFF|"],
        honest: "-ERR octet 0xFF at 5 is not printable ASCII|",
        faulty: "EOF",
    },
    Row {
        fault: Fault::WrongPasswordUnanswered,
        script: &["USER alice|", "PASS wrong|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / EOF",
    },
    Row {
        fault: Fault::RefusalWithPlus,
        script: &["USER alice|", "PASS wrong|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / +ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::ApopFailureIsFinal,
        script: &["APOP alice 0123456789abcdef0123456789abcdef|", "USER alice|", "QUIT|"],
        honest: "-ERR [AUTH] name or password is wrong| / +OK now the password| / +OK bye|EOF",
        faulty: "-ERR [AUTH] name or password is wrong| / -ERR authentication has failed| / +OK bye|EOF",
    },
    Row {
        fault: Fault::UserRefusedForGood,
        script: &["USER|", "USER alice|"],
        honest: "-ERR USER needs an argument| / +OK now the password|",
        faulty: "-ERR USER needs an argument| / -ERR not now|",
    },
    Row {
        fault: Fault::NoopBeforeLogin,
        script: &["NOOP|"],
        honest: "-ERR NOOP is not valid in the AUTHORIZATION state|",
        faulty: "+OK|",
    },
    Row {
        fault: Fault::ApopReplayAccepted,
        script: &["APOP alice DIGEST|", "drop", "APOP alice HEARD|"],
        honest: "+OK maildrop has 3 messages (30 octets)| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK maildrop has 3 messages (30 octets)| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::ApopWithoutTimestamp,
        script: &["greeting", "APOP alice 0123456789abcdef0123456789abcdef|"],
        honest: "+OK POP3 ready <new@localhost>| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK POP3 ready| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::DigestCutAt32,
        script: &["APOP alice DIGEST0|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::DigestWithoutBrackets,
        script: &["APOP alice DIGEST|", "drop", "APOP alice BARE|"],
        honest: "+OK maildrop has 3 messages (30 octets)| / -ERR [AUTH] name or password is wrong|",
        faulty: "-ERR [AUTH] name or password is wrong| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::LimitWithoutLineEnd,
        script: &["XYZZ|"],
        honest: "-ERR unknown command|",
        faulty: "-ERR unknown command -*491|",
    },
    Row {
        fault: Fault::LoginBlockedAfterFailure,
        script: &["USER alice|PASS wrong|", "USER alice|", "PASS secret|"],
        honest: "+OK now the password|-ERR [AUTH] name or password is wrong| / +OK now the password| / +OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK now the password|-ERR [AUTH] name or password is wrong| / +OK now the password| / -ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::ApopIgnoresLock,
        script: &["login", "open", "APOP alice DIGEST|"],
        honest: "-ERR [IN-USE] maildrop already locked|",
        faulty: "+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::LockedMaildropOpened,
        script: &["login", "open", "USER alice|PASS secret|", "STAT|"],
        honest: "+OK now the password|-ERR [IN-USE] maildrop already locked| / -ERR STAT is not valid in the AUTHORIZATION state|",
        faulty: "+OK now the password|-ERR [IN-USE] maildrop already locked| / +OK 0 0|",
    },
    Row {
        fault: Fault::EmptyMaildropLoginRefused,
        script: &["empty", "USER alice|", "PASS secret|"],
        honest: "+OK now the password| / +OK maildrop has 0 messages (0 octets)|",
        faulty: "+OK now the password| / -ERR no mail|",
    },
    Row {
        fault: Fault::TransactionBeforeLoginUnderTls,
        script: &["STAT|STLS|", "tls", "STAT|"],
        honest: "-ERR STAT is not valid in the AUTHORIZATION state|+OK begin TLS negotiation| / -ERR STAT is not valid in the AUTHORIZATION state|",
        faulty: "-ERR STAT is not valid in the AUTHORIZATION state|+OK begin TLS negotiation| / +OK 0 0|",
    },
    Row {
        fault: Fault::SecondStlsCloses,
        script: &["STLS|", "tls", "STLS|"],
        honest: "+OK begin TLS negotiation| / -ERR TLS is already active|",
        faulty: "+OK begin TLS negotiation| / EOF",
    },
    Row {
        fault: Fault::LineBehindStlsOk,
        script: &["STLS|"],
        honest: "+OK begin TLS negotiation|",
        faulty: "+OK begin TLS negotiation|+OK ready for the handshake|",
    },
];
