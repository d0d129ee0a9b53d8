//! Whatever a transcript holds, reading and checking it come to an end.

use pop3_proto::client::Limits;
use pop3_proto::escape::escape;
use pop3_spec::invariant::check;
use pop3_spec::transcript::{ClosedBy, Connection, Deliveries, Entry, History, Maildrops, Record, What, text};
use proptest::prelude::*;

/// Octets of a side: any, or lines that come near to the protocol.
fn octets(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let line = (prop::sample::select(words), any::<prop::sample::Index>())
        .prop_map(|(word, number)| word.replace('#', &number.index(5).to_string()));
    let lines = prop::collection::vec(line, 0..4).prop_map(|lines| lines.concat().into_bytes());
    prop_oneof![4 => lines, 1 => any::<Vec<u8>>()]
}

const SENT: &[&str] = &[
    "USER u\r\n",
    "PASS p\r\n",
    "APOP u d\r\n",
    "AUTH PLAIN AHUAcA==\r\n",
    "AUTH PLAIN\r\n",
    "*\r\n",
    "STAT\r\n",
    "LIST\r\n",
    "LIST #\r\n",
    "UIDL\r\n",
    "UIDL #\r\n",
    "RETR #\r\n",
    "TOP # #\r\n",
    "DELE #\r\n",
    "RSET\r\n",
    "NOOP\r\n",
    "CAPA\r\n",
    "STLS\r\n",
    "LANG *\r\n",
    "UTF8\r\n",
    "QUIT\r\n",
    "\r\n",
    "DELE 18446744073709551615\r\n",
    "QUI",
    "T",
];

const RECEIVED: &[&str] = &[
    "+OK\r\n",
    "-ERR\r\n",
    "+ \r\n",
    "+OK # #\r\n",
    "# #\r\n",
    ".\r\n",
    "+OK 18446744073709551615 18446744073709551615\r\n",
    "+OK # 18446744073709551615\r\n",
    "EXPIRE 0\r\n",
    "SASL\r\n",
    "A: b\r\n",
    "\r\n",
    "-ERR [IN-USE]\r\n",
    "..",
    "+OK <a@b>\r\n",
    "18446744073709551615 18446744073709551615\r\n",
    "***\r\n",
];

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        8 => octets(SENT).prop_map(What::Sent),
        12 => octets(RECEIVED).prop_map(What::Received),
        1 => any::<u64>().prop_map(What::Omitted),
        1 => any::<u64>().prop_map(What::Waited),
        1 => Just(What::TlsEstablished(String::new())),
        1 => Just(What::TlsFailed(String::new())),
        1 => prop::sample::select(vec![ClosedBy::Client, ClosedBy::Server, ClosedBy::Reset]).prop_map(What::Closed),
    ]
}

fn connection() -> impl Strategy<Value = Connection> {
    let entry = (any::<u64>(), what()).prop_map(|(order, what)| Entry { order, what, ..Entry::default() });
    let record = prop::sample::select(vec![Record::Exact, Record::Masked]);
    (prop::collection::vec(entry, 0..24), record).prop_map(|(entries, record)| Connection {
        entries,
        record,
        ..Connection::default()
    })
}

fn history() -> impl Strategy<Value = History> {
    let maildrops = prop::sample::select(vec![Maildrops::Named, Maildrops::One, Maildrops::Shared]);
    let deliveries = prop::sample::select(vec![Deliveries::Possible, Deliveries::None]);
    (prop::collection::vec(connection(), 0..4), maildrops, deliveries).prop_map(
        |(connections, maildrops, deliveries)| History { connections, maildrops, deliveries, ..History::default() },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_checked(history in history()) {
        for (_, breach) in check(&history, Limits::default()) {
            let connection = history.connections.get(breach.connection).unwrap();
            prop_assert!(connection.entry_at(breach.octet).is_some());
            prop_assert!(!breach.requirement.is_empty());
        }
    }

    #[test]
    fn any_text_is_read_or_named(content: String) {
        if let Err(error) = text::read(&content) {
            prop_assert!((1..=content.lines().count()).contains(&(error.line as usize)));
        }
    }

    #[test]
    fn what_was_written_as_text_is_read_again(sides in prop::collection::vec(any::<(bool, Vec<u8>)>(), 0..8)) {
        let mut script = String::new();
        for (client, octets) in &sides {
            let end = if octets.ends_with(b"\n") { "" } else { "\\" };
            script.push_str(&format!("{}: {}{end}\n", if *client { 'C' } else { 'S' }, escape(octets)));
        }
        let read = text::read(&script).unwrap();
        let got: Vec<What> = read.into_iter().flat_map(|c| c.entries).map(|entry| entry.what).collect();
        let want: Vec<What> = sides
            .into_iter()
            .map(|(client, octets)| if client { What::Sent(octets) } else { What::Received(octets) })
            .collect();
        prop_assert_eq!(got, want);
    }
}
