//! Faults that hang on what is in a message.
//! A row that fails shows what the servers answer now.

use super::{Client, Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::DotLineEndsMessage,
        script: &["store a||b|.|c|", "login", "RETR 1|"],
        honest: "+OK 14 octets|a||b|..|c|.|",
        faulty: "+OK 14 octets|a||b|.|",
    },
    Row {
        fault: Fault::CrBecomesLineEnd,
        script: &["store a||b\\r.c|", "login", "RETR 1|"],
        honest: "+OK 11 octets|a||b\\r.c|.|",
        faulty: "+OK 11 octets|a||b|.c|.|",
    },
    Row {
        fault: Fault::NulEndsMailLine,
        script: &["store a||b\\x00c|d|", "login", "RETR 1|"],
        honest: "+OK 13 octets|a||b\\x00c|d|.|",
        faulty: "+OK 13 octets|a||b|d|.|",
    },
    Row {
        fault: Fault::NulCloses,
        script: &["store a||b\\x00c|", "login", "RETR 9|RETR 1|"],
        honest: "-ERR no such message|+OK 10 octets|a||b\\x00c|.|",
        faulty: "-ERR no such message|EOF",
    },
    Row {
        fault: Fault::VeryLongLineCloses,
        script: &["store a||x*70000|", "login", "NOOP|RETR 1|"],
        honest: "+OK|+OK 70007 octets|a||x*70000|.|",
        faulty: "+OK|EOF",
    },
    Row {
        fault: Fault::ControlOctetsReplaced,
        script: &["store a||b\\x07\\tc\\x1b|", "login", "RETR 1|"],
        honest: "+OK 12 octets|a||b\\x07\\tc\\x1B|.|",
        faulty: "+OK 12 octets|a||b?\\tc?|.|",
    },
    Row {
        fault: Fault::LinesCutAt512,
        script: &["store a||x*1000|b|", "login", "RETR 1|"],
        honest: "+OK 1010 octets|a||x*1000|b|.|",
        faulty: "+OK 1010 octets|a||x*510|x*490|b|.|",
    },
    Row {
        fault: Fault::EmptyMessageRefused,
        script: &["store ", "login", "RETR 1|TOP 1 1|"],
        honest: "+OK 0 octets|.|+OK top of message follows|.|",
        faulty: "-ERR cannot read the message|-ERR cannot read the message|",
    },
    Row {
        fault: Fault::EmptyMessageUnterminated,
        script: &["store ", "login", "RETR 1|NOOP|"],
        honest: "+OK 0 octets|.|+OK|",
        faulty: "+OK 0 octets|+OK|",
    },
    Row {
        fault: Fault::LeadingEmptyLineLost,
        script: &["store |a|", "login", "RETR 1|"],
        honest: "+OK 5 octets||a|.|",
        faulty: "+OK 5 octets|a|.|",
    },
    Row {
        fault: Fault::BlankLineAddedToHeader,
        script: &["store a: b|", "login", "RETR 1|TOP 1 0|"],
        honest: "+OK 6 octets|a: b|.|+OK top of message follows|a: b|.|",
        faulty: "+OK 6 octets|a: b||.|+OK top of message follows|a: b|.|",
    },
    Row {
        fault: Fault::FromLineEndsMessage,
        script: &["store a||b|From c||From d|", "login", "RETR 1|"],
        honest: "+OK 26 octets|a||b|From c||From d|.|",
        faulty: "+OK 26 octets|a||b|From c||.|",
    },
    Row {
        fault: Fault::TopSendsFirstPart,
        script: &["store a||--bb|c|--bb|d|", "login", "TOP 1 9|RETR 1|"],
        honest: "+OK top of message follows|a||--bb|c|--bb|d|.|+OK 23 octets|a||--bb|c|--bb|d|.|",
        faulty: "+OK top of message follows|a||--bb|c|.|+OK 23 octets|a||--bb|c|--bb|d|.|",
    },
    Row {
        fault: Fault::TopLinesEndInLf,
        script: &["store a||b|c|", "login", "TOP 1 9|"],
        honest: "+OK top of message follows|a||b|c|.|",
        faulty: "+OK top of message follows|a\\n\\nb\\nc|.|",
    },
    Row {
        fault: Fault::TopSkipsEmptyLines,
        script: &["store a||||b|", "login", "TOP 1 9|"],
        honest: "+OK top of message follows|a||||b|.|",
        faulty: "+OK top of message follows|a||b|.|",
    },
    Row {
        fault: Fault::HeaderFieldsSorted,
        script: &["store b: 1|\\x20 2|A: 3|b: 4||c|", "login", "RETR 1|"],
        honest: "+OK 28 octets|b: 1|  2|A: 3|b: 4||c|.|",
        faulty: "+OK 28 octets|A: 3|b: 1|  2|b: 4||c|.|",
    },
    Row {
        fault: Fault::RetrAddsLongField,
        script: &["login", "RETR 3|"],
        honest: "+OK 4 octets|..c|.|",
        faulty: "+OK 4 octets|X-Scanned: x*1000|..c|.|",
    },
    Row {
        fault: Fault::StatOctetsInSixteenBits,
        script: &["store x*70000", "login", "STAT|"],
        honest: "+OK 1 70002|",
        faulty: "+OK 1 4466|",
    },
    Row {
        fault: Fault::DeleMarksCopies,
        script: &["deliver", "login", "DELE 4|STAT|"],
        honest: "+OK message 4 deleted|+OK 3 30|",
        faulty: "+OK message 4 deleted|+OK 2 15|",
    },
];

/// Those that need more mail than a row has.
pub(super) const SHOWN_BY_LENGTH: [Fault; 6] = [
    Fault::DotAtBlockStartDoubled,
    Fault::ThousandHeaderLines,
    Fault::TopEndsAtThousand,
    Fault::HugeMessageCut,
    Fault::ListingEndsAtThousand,
    Fault::UniqueIdsOfTwelveBits,
];

#[tokio::test(start_paused = true)]
async fn much_mail_shows_what_a_little_hides() {
    let lines = |line: &str, times: usize| format!("{line}\n").repeat(times);
    let many = |times: usize| vec!["x\n".to_owned(); times];
    let dots = format!("{}\n", ".".repeat(4100));
    let cases = [
        (Fault::DotAtBlockStartDoubled, vec![format!("x{dots}")], "RETR 1|", "|x.*4100|.|", "|x.*4101|.|"),
        (
            Fault::ThousandHeaderLines,
            vec![lines("a: b", 1002) + "\nc\n"],
            "TOP 1 0|",
            "|a: b|a: b||.|",
            "|a: b|a: b||.|",
        ),
        (
            Fault::TopEndsAtThousand,
            vec![format!("a: b\n\n{}c\n", lines("x", 1000))],
            "TOP 1 9999|",
            "|x|c|.|",
            "|x|x|.|",
        ),
        (Fault::HugeMessageCut, vec![lines(&"x".repeat(69), 70_000) + "end\n"], "RETR 1|", "|end|.|", "|x*69|.|"),
        (Fault::ListingEndsAtThousand, many(1001), "LIST|", "|1001 3|.|", "|1000 3|.|"),
        (Fault::UniqueIdsOfTwelveBits, many(4097), "UIDL|", "|4097 s-4097|.|", "|4097 001|.|"),
    ];
    for (fault, mail, command, honest_end, faulty_end) in cases {
        let honest = Client::new(&[], &mail).run(&["login", command]).await;
        let faulty = Client::new(&[fault], &mail).run(&["login", command]).await;
        let end = |heard: &str| heard.chars().skip(heard.chars().count().saturating_sub(60)).collect::<String>();
        assert!(honest.ends_with(honest_end), "{fault}, honest: {}", end(&honest));
        assert!(faulty.ends_with(faulty_end) && honest != faulty, "{fault}: {}", end(&faulty));
    }
}
