//! Faults of messages as RETR and TOP send them.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::OnlyLoneDotStuffed,
        script: &["store a||.|.b|..c|", "login", "RETR 1|"],
        honest: "+OK 17 octets|a||..|..b|...c|.|",
        faulty: "+OK 17 octets|a||..|.b|..c|.|",
    },
    Row {
        fault: Fault::TwoDotsNotStuffed,
        script: &["store a||.|.b|..c|", "login", "RETR 1|"],
        honest: "+OK 17 octets|a||..|..b|...c|.|",
        faulty: "+OK 17 octets|a||..|..b|..c|.|",
    },
    Row {
        fault: Fault::StuffingLostWithBareLf,
        script: &["store a\\n\\n.b|", "login", "RETR 1|", "store a||.b|", "drop", "login", "RETR 1|"],
        honest: "+OK 9 octets|a||..b|.| / +OK 9 octets|a||..b|.|",
        faulty: "+OK 9 octets|a||.b|.| / +OK 9 octets|a||..b|.|",
    },
    Row {
        fault: Fault::StatusLineTwice,
        script: &["login", "RETR 3|TOP 3 0|RETR 9|"],
        honest: "+OK 4 octets|..c|.|+OK top of message follows|..c|.|-ERR no such message|",
        faulty: "+OK message follows|+OK 4 octets|..c|.|+OK message follows|+OK top of message follows|..c|.|-ERR no such message|",
    },
    Row {
        fault: Fault::FromLineQuoted,
        script: &["store a||From b|>From c|", "login", "RETR 1|"],
        honest: "+OK 22 octets|a||From b|>From c|.|",
        faulty: "+OK 22 octets|a||>From b|>From c|.|",
    },
    Row {
        fault: Fault::LaterRetrLosesFirstLine,
        script: &["login", "RETR 1|RETR 2|TOP 1 0|"],
        honest: "+OK 15 octets|S: 1||a|..b|.|+OK 11 octets|S: 2||c|.|+OK top of message follows|S: 1||.|",
        faulty: "+OK 15 octets|S: 1||a|..b|.|+OK 11 octets||c|.|+OK top of message follows|S: 1||.|",
    },
    Row {
        fault: Fault::TrailingBlanksLost,
        script: &["store a||b \\t|c|", "login", "RETR 1|"],
        honest: "+OK 13 octets|a||b \\t|c|.|",
        faulty: "+OK 13 octets|a||b|c|.|",
    },
    Row {
        fault: Fault::LastEmptyLinesLost,
        script: &["store a||b|||", "login", "RETR 1|", "store a||", "drop", "login", "RETR 1|"],
        honest: "+OK 12 octets|a||b|||.| / +OK 5 octets|a||.|",
        faulty: "+OK 12 octets|a||b|.| / +OK 5 octets|a||.|",
    },
    Row {
        fault: Fault::TabBecomesBlanks,
        script: &["store a||\\tb|", "login", "RETR 1|"],
        honest: "+OK 9 octets|a||\\tb|.|",
        faulty: "+OK 9 octets|a||        b|.|",
    },
    Row {
        fault: Fault::BigMessageCut,
        script: &["store a||x*70000|b|", "login", "RETR 1|TOP 1 9|"],
        honest: "+OK 70010 octets|a||x*70000|b|.|+OK top of message follows|a||x*70000|b|.|",
        faulty: "+OK 70010 octets|a||.|+OK top of message follows|a||x*70000|b|.|",
    },
    Row {
        fault: Fault::BigTopCut,
        script: &["store a||x*70000|b|", "login", "RETR 1|TOP 1 9|"],
        honest: "+OK 70010 octets|a||x*70000|b|.|+OK top of message follows|a||x*70000|b|.|",
        faulty: "+OK 70010 octets|a||x*70000|b|.|+OK top of message follows|a||.|",
    },
    Row {
        fault: Fault::SecondRetrEmpty,
        script: &["login", "RETR 3|RETR 1|RETR 3|"],
        honest: "+OK 4 octets|..c|.|+OK 15 octets|S: 1||a|..b|.|+OK 4 octets|..c|.|",
        faulty: "+OK 4 octets|..c|.|+OK 15 octets|S: 1||a|..b|.|+OK 4 octets|.|",
    },
    Row {
        fault: Fault::RetrSendsWhatTopSent,
        script: &["login", "RETR 1|TOP 1 1|RETR 1|"],
        honest: "+OK 15 octets|S: 1||a|..b|.|+OK top of message follows|S: 1||a|.|+OK 15 octets|S: 1||a|..b|.|",
        faulty: "+OK 15 octets|S: 1||a|..b|.|+OK top of message follows|S: 1||a|.|+OK top of message follows|S: 1||a|.|",
    },
    Row {
        fault: Fault::RefusedTopAnsweredTwice,
        script: &["login", "TOP 9 0|NOOP|"],
        honest: "-ERR no such message|+OK|",
        faulty: "-ERR no such message|-ERR cannot send the message|+OK|",
    },
    Row {
        fault: Fault::TopHeaderIncomplete,
        script: &["store Message-ID: x|S: 1||Message-ID: y|", "login", "TOP 1 1|RETR 1|"],
        honest: "+OK top of message follows|Message-ID: x|S: 1||Message-ID: y|.|+OK 38 octets|Message-ID: x|S: 1||Message-ID: y|.|",
        faulty: "+OK top of message follows|S: 1||Message-ID: y|.|+OK 38 octets|Message-ID: x|S: 1||Message-ID: y|.|",
    },
    Row {
        fault: Fault::TopCountsHeader,
        script: &["store S: 1|T: 2||a|b|c|d|", "login", "TOP 1 3|"],
        honest: "+OK top of message follows|S: 1|T: 2||a|b|c|.|",
        faulty: "+OK top of message follows|S: 1|T: 2||a|.|",
    },
    Row {
        fault: Fault::TopCountsFoldedLines,
        script: &["store S: 1||a|b|c|", "login", "TOP 1 2|", "store S: 1|\\x20 2||a|b|c|", "drop", "login", "TOP 1 2|"],
        honest: "+OK top of message follows|S: 1||a|b|.| / +OK top of message follows|S: 1|  2||a|b|.|",
        faulty: "+OK top of message follows|S: 1||a|b|.| / +OK top of message follows|S: 1|  2||a|.|",
    },
    Row {
        fault: Fault::TopCountWraps,
        script: &["login", "TOP 1 65535|TOP 1 65537|"],
        honest: "+OK top of message follows|S: 1||a|..b|.|+OK top of message follows|S: 1||a|..b|.|",
        faulty: "+OK top of message follows|S: 1||a|..b|.|+OK top of message follows|S: 1||a|.|",
    },
];
