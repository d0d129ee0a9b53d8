//! Faults of DELE, RSET, NOOP, QUIT, of sessions side by side, and of pipelining.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::DeleOfLastUnmarksFirst,
        script: &["login", "DELE 1|DELE 2|DELE 3|STAT|"],
        honest: "+OK message 1 deleted|+OK message 2 deleted|+OK message 3 deleted|+OK 0 0|",
        faulty: "+OK message 1 deleted|+OK message 2 deleted|+OK message 3 deleted|+OK 1 15|",
    },
    Row {
        fault: Fault::NoopUnmarksOne,
        script: &["login", "DELE 1|DELE 3|NOOP|STAT|"],
        honest: "+OK message 1 deleted|+OK message 3 deleted|+OK|+OK 1 11|",
        faulty: "+OK message 1 deleted|+OK message 3 deleted|+OK|+OK 2 15|",
    },
    Row {
        fault: Fault::RsetForgetsAfterTwoRetr,
        script: &["login", "RETR 3|DELE 1|RSET|STAT|RETR 3|DELE 1|RSET|STAT|"],
        honest: "+OK 4 octets|..c|.|+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK 4 octets|..c|.|+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 3 30|",
        faulty: "+OK 4 octets|..c|.|+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK 4 octets|..c|.|+OK message 1 deleted|+OK|+OK 2 15|",
    },
    Row {
        fault: Fault::StatStaleAfterRset,
        script: &["login", "DELE 1|RSET|STAT|LIST|DELE 3|STAT|"],
        honest: "+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK 3 messages (30 octets)|1 15|2 11|3 4|.|+OK message 3 deleted|+OK 2 26|",
        faulty: "+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 2 15|+OK 3 messages (30 octets)|1 15|2 11|3 4|.|+OK message 3 deleted|+OK 2 26|",
    },
    Row {
        fault: Fault::RsetShowsNewMail,
        script: &["login", "deliver", "STAT|RSET|STAT|LIST 4|"],
        honest: "+OK 3 30|+OK maildrop has 3 messages (30 octets)|+OK 3 30|-ERR no such message|",
        faulty: "+OK 3 30|+OK maildrop has 3 messages (30 octets)|+OK 4 45|+OK 4 15|",
    },
    Row {
        fault: Fault::QuitRemovesOne,
        script: &["login", "DELE 3|DELE 2|QUIT|", "drop", "login", "UIDL|"],
        honest: "+OK message 3 deleted|+OK message 2 deleted|+OK bye|EOF / +OK 1 messages (15 octets)|1 s-1|.|",
        faulty: "+OK message 3 deleted|+OK message 2 deleted|+OK bye|EOF / +OK 2 messages (19 octets)|1 s-1|2 s-3|.|",
    },
    Row {
        fault: Fault::CopiesRemoved,
        script: &["deliver", "login", "DELE 1|QUIT|", "drop", "login", "UIDL|"],
        honest: "+OK message 1 deleted|+OK bye|EOF / +OK 3 messages (30 octets)|1 s-2|2 s-3|3 s-4|.|",
        faulty: "+OK message 1 deleted|+OK bye|EOF / +OK 2 messages (15 octets)|1 s-2|2 s-3|.|",
    },
    Row {
        fault: Fault::DeleRemovesAtOnce,
        script: &["login", "DELE 1|STAT|RSET|STAT|QUIT|", "drop", "login", "UIDL|"],
        honest: "+OK message 1 deleted|+OK 2 15|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK bye|EOF / +OK 3 messages (30 octets)|1 s-1|2 s-2|3 s-3|.|",
        faulty: "+OK message 1 deleted|+OK 2 15|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK bye|EOF / +OK 2 messages (15 octets)|1 s-2|2 s-3|.|",
    },
    Row {
        fault: Fault::RetrievedRemovedAtQuit,
        script: &["login", "RETR 3|QUIT|", "drop", "login", "UIDL|"],
        honest: "+OK 4 octets|..c|.|+OK bye|EOF / +OK 3 messages (30 octets)|1 s-1|2 s-2|3 s-3|.|",
        faulty: "+OK 4 octets|..c|.|+OK bye|EOF / +OK 2 messages (26 octets)|1 s-1|2 s-2|.|",
    },
    Row {
        fault: Fault::RsetForgottenAtQuit,
        script: &["login", "DELE 1|RSET|STAT|QUIT|", "drop", "login", "UIDL|"],
        honest: "+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK bye|EOF / +OK 3 messages (30 octets)|1 s-1|2 s-2|3 s-3|.|",
        faulty: "+OK message 1 deleted|+OK maildrop has 3 messages (30 octets)|+OK 3 30|+OK bye|EOF / +OK 2 messages (15 octets)|1 s-2|2 s-3|.|",
    },
    Row {
        fault: Fault::TruncatedQuitUpdates,
        script: &["login", "DELE 1|quit", "drop", "login", "UIDL|", "DELE 1|QUIT now", "drop", "login", "STAT|"],
        honest: "+OK message 1 deleted| / +OK 3 messages (30 octets)|1 s-1|2 s-2|3 s-3|.| / +OK message 1 deleted| / +OK 3 30|",
        faulty: "+OK message 1 deleted| / +OK 2 messages (15 octets)|1 s-2|2 s-3|.| / +OK message 1 deleted| / +OK 2 15|",
    },
    Row {
        fault: Fault::MarksOutliveSession,
        script: &["login", "DELE 1|", "drop", "login", "STAT|", "RSET|STAT|"],
        honest: "+OK message 1 deleted| / +OK 3 30| / +OK maildrop has 3 messages (30 octets)|+OK 3 30|",
        faulty: "+OK message 1 deleted| / +OK 2 15| / +OK maildrop has 3 messages (30 octets)|+OK 3 30|",
    },
    Row {
        fault: Fault::SecondLoginTakesOver,
        script: &["login", "open", "login", "DELE 1|QUIT|", "back", "RETR 1|LIST 1|"],
        honest: "-ERR DELE is not valid in the AUTHORIZATION state|+OK bye|EOF / +OK 15 octets|S: 1||a|..b|.|+OK 1 15|",
        faulty: "+OK message 1 deleted|+OK bye|EOF / +OK 11 octets|S: 2||c|.|+OK 1 15|",
    },
    Row {
        fault: Fault::LockedMaildropLooksEmpty,
        script: &["login", "open", "USER alice|PASS secret|STAT|LIST|RETR 1|QUIT|"],
        honest: "+OK now the password|-ERR [IN-USE] maildrop already locked|-ERR STAT is not valid in the AUTHORIZATION state|-ERR LIST is not valid in the AUTHORIZATION state|-ERR RETR is not valid in the AUTHORIZATION state|+OK bye|EOF",
        faulty: "+OK now the password|+OK maildrop has 0 messages (0 octets)|+OK 0 0|+OK|.|-ERR no such message|+OK bye|EOF",
    },
    Row {
        fault: Fault::LockLostAtRefusal,
        script: &["login", "open", "USER alice|PASS secret|", "back", "XYZZ|", "open", "USER alice|PASS secret|"],
        honest: "+OK now the password|-ERR [IN-USE] maildrop already locked| / -ERR unknown command| / +OK now the password|-ERR [IN-USE] maildrop already locked|",
        faulty: "+OK now the password|-ERR [IN-USE] maildrop already locked| / -ERR unknown command| / +OK now the password|+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::StatOfLastSession,
        script: &["login", "DELE 1|QUIT|", "drop", "login", "STAT|LIST|"],
        honest: "+OK message 1 deleted|+OK bye|EOF / +OK 2 15|+OK 2 messages (15 octets)|1 11|2 4|.|",
        faulty: "+OK message 1 deleted|+OK bye|EOF / +OK 3 30|+OK 2 messages (15 octets)|1 11|2 4|.|",
    },
    Row {
        fault: Fault::AutologoutAtOnce,
        script: &["login", "NOOP|", "", "", ""],
        honest: "+OK|",
        faulty: "+OK| / EOF / EOF",
    },
    Row { fault: Fault::AutologoutEarly, script: &["login", "NOOP|", "wait 3"], honest: "+OK|", faulty: "+OK| / EOF" },
    Row {
        fault: Fault::AutologoutFromLogin,
        script: &["login", "wait 400", "NOOP|", "wait 400"],
        honest: "+OK|",
        faulty: "+OK| / EOF",
    },
    Row {
        fault: Fault::AutologoutIgnoresRefused,
        script: &["login", "NOOP|", "wait 400", "XYZZ|", "wait 400"],
        honest: "+OK| / -ERR unknown command|",
        faulty: "+OK| / -ERR unknown command| / EOF",
    },
    Row {
        fault: Fault::AutologoutUpdates,
        script: &["login", "DELE 1|", "wait 601", "drop", "login", "STAT|"],
        honest: "+OK message 1 deleted| / EOF / +OK 3 30|",
        faulty: "+OK message 1 deleted| / EOF / +OK 2 15|",
    },
    Row {
        fault: Fault::LockKeptAfterAutologout,
        script: &["login", "wait 601", "drop", "USER alice|PASS secret|"],
        honest: "EOF / +OK now the password|+OK maildrop has 3 messages (30 octets)|",
        faulty: "EOF / +OK now the password|-ERR [IN-USE] maildrop already locked|",
    },
    Row {
        fault: Fault::ReplyInsideMessage,
        script: &["login", "RETR 3|STAT|NOOP|", "RETR 3|", "STAT|"],
        honest: "+OK 4 octets|..c|.|+OK 3 30|+OK| / +OK 4 octets|..c|.| / +OK 3 30|",
        faulty: "+OK 4 octets|+OK 3 30|..c|.|+OK| / +OK 4 octets|..c|.| / +OK 3 30|",
    },
    Row {
        fault: Fault::ShortReplyOvertakes,
        script: &["login", "RETR 3|STAT|NOOP|", "RETR 3|", "STAT|"],
        honest: "+OK 4 octets|..c|.|+OK 3 30|+OK| / +OK 4 octets|..c|.| / +OK 3 30|",
        faulty: "+OK 3 30|+OK 4 octets|..c|.|+OK| / +OK 4 octets|..c|.| / +OK 3 30|",
    },
    Row {
        fault: Fault::InputBehindPassDropped,
        script: &["USER alice|PASS secret|STAT|", "NOOP|"],
        honest: "+OK now the password|+OK maildrop has 3 messages (30 octets)|+OK 3 30| / +OK|",
        faulty: "+OK now the password|+OK maildrop has 3 messages (30 octets)| / +OK|",
    },
    Row {
        fault: Fault::SeventeenthCommandLost,
        script: &["login", "NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|NOOP|STAT|"],
        honest: "+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK 3 30|",
        faulty: "+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|+OK|",
    },
    Row {
        fault: Fault::PiecesClose,
        script: &["login", "NO", "OP|", "N", "O", "O", "P|", "NOOP|"],
        honest: "+OK| / +OK| / +OK|",
        faulty: "+OK| / +OK|EOF / EOF",
    },
];
