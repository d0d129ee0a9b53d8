//! Faults that show when a client or the sender of a message means harm.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::UserTellsKnownNames,
        script: &["USER bob|", "drop", "USER alice|"],
        honest: "+OK now the password| / +OK now the password|",
        faulty: "+OK now the password| / +OK welcome back, now the password|",
    },
    Row {
        fault: Fault::RefusalTellsUnknownNames,
        script: &["USER bob|", "PASS x|", "USER alice|", "PASS x|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong| / +OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / -ERR there is no such user| / +OK now the password| / -ERR [AUTH] name or password is wrong|",
    },
    // Who is late answers the next command late too; `fault/lateness.rs` has how late.
    Row {
        fault: Fault::KnownNamesRefusedLate,
        script: &["USER alice|", "PASS x|", "XYZZ|", "wait 1"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong| / -ERR unknown command|",
        faulty: "+OK now the password| / -ERR [AUTH] name or password is wrong|-ERR unknown command|",
    },
    Row {
        fault: Fault::UnknownNamesRefusedLate,
        script: &["USER bob|", "PASS x|", "XYZZ|", "wait 1"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong| / -ERR unknown command|",
        faulty: "+OK now the password| / -ERR [AUTH] name or password is wrong|-ERR unknown command|",
    },
    Row {
        fault: Fault::PasswordRepeated,
        script: &["USER alice|", "PASS x|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / -ERR x is wrong here|",
    },
    Row {
        fault: Fault::FailedLoginNamesUser,
        script: &["APOP alice 0123456789abcdef0123456789abcdef|", "PASS secret|"],
        honest: "-ERR [AUTH] name or password is wrong| / -ERR PASS is not valid in the AUTHORIZATION state|",
        faulty: "-ERR [AUTH] name or password is wrong| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::NameReadAsPath,
        script: &["USER x/../alice|", "PASS secret|"],
        honest: "+OK now the password| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK now the password| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::MaildropsMixed,
        script: &["account aliceb other", "USER aliceb|", "PASS other|", "RETR 3|"],
        honest: "+OK now the password| / +OK maildrop has 0 messages (0 octets)| / -ERR no such message|",
        faulty: "+OK now the password| / +OK maildrop has 0 messages (0 octets)| / +OK 4 octets|..c|.|",
    },
    Row {
        fault: Fault::PercentInArgumentCloses,
        script: &["login", "LIST %s|"],
        honest: "-ERR argument at octet 5 is not a decimal number|",
        faulty: "EOF",
    },
    Row {
        fault: Fault::ArgumentEchoed,
        script: &["login", "RETR \\x1B[x|RETR 9|"],
        honest: "-ERR octet 0x1B at 5 is not printable ASCII|-ERR no such message|",
        faulty: "-ERR \\x1B[x is no message-number|-ERR no such message|",
    },
    Row {
        fault: Fault::LeadingZeroOctal,
        script: &["deliver", "deliver", "deliver", "deliver", "deliver", "login", "LIST 02|LIST 010|LIST 0|"],
        honest: "+OK 2 11|-ERR no such message|-ERR no such message-number|",
        faulty: "+OK 2 11|+OK 8 15|-ERR no such message-number|",
    },
    Row {
        fault: Fault::UnicodeDigitsAccepted,
        script: &["login", "LIST \\xD9\\xA2|LIST 2|"],
        honest: "-ERR octet 0xD9 at 5 is not printable ASCII|+OK 2 11|",
        faulty: "+OK 2 11|+OK 2 11|",
    },
    Row {
        fault: Fault::TopCountSigned,
        script: &["login", "TOP 2 2147483647|TOP 2 2147483648|"],
        honest: "+OK top of message follows|S: 2||c|.|+OK top of message follows|S: 2||c|.|",
        faulty: "+OK top of message follows|S: 2||c|.|+OK top of message follows|S: 2||.|",
    },
    Row {
        fault: Fault::HeaderDotsNotStuffed,
        script: &["store .a: 1||.b|", "login", "RETR 1|TOP 1 0|"],
        honest: "+OK 13 octets|..a: 1||..b|.|+OK top of message follows|..a: 1||.|",
        faulty: "+OK 13 octets|.a: 1||..b|.|+OK top of message follows|.a: 1||.|",
    },
    Row {
        fault: Fault::ContentLengthBelieved,
        script: &["store content-length: 2||a|b|", "login", "RETR 1|"],
        honest: "+OK 27 octets|content-length: 2||a|b|.|",
        faulty: "+OK 27 octets|content-length: 2||a|.|",
    },
    Row {
        fault: Fault::CrDotEndsMessage,
        script: &["store a||b\\r.\\rc|d|", "login", "RETR 1|"],
        honest: "+OK 15 octets|a||b\\r.\\rc|d|.|",
        faulty: "+OK 15 octets|a||b|.|",
    },
    Row {
        fault: Fault::QuitEmptiesMaildrop,
        script: &["login", "deliver", "DELE 1|DELE 2|DELE 3|QUIT|", "drop", "login", "STAT|"],
        honest: "+OK message 1 deleted|+OK message 2 deleted|+OK message 3 deleted|+OK bye|EOF / +OK 1 15|",
        faulty: "+OK message 1 deleted|+OK message 2 deleted|+OK message 3 deleted|+OK bye|EOF / +OK 0 0|",
    },
];
