//! Faults that clumsy and hostile clients meet.
//! A row that fails shows what the servers answer now.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::{Fault, Row};
use crate::Server;
use crate::account::Account;

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::CrlfCountsTwice,
        script: &["login", "NOOP|", "NOOP\\nNOOP|NOOP|"],
        honest: "+OK| / -ERR octet 0x0A at 4 is not printable ASCII|+OK|",
        faulty: "+OK| / +OK|+OK|-ERR empty line|+OK|-ERR empty line|",
    },
    Row {
        fault: Fault::BackspaceEditsLine,
        script: &["login", "NOX\\x08OP|NOOQ\\x7fP|"],
        honest: "-ERR octet 0x08 at 3 is not printable ASCII|-ERR octet 0x7F at 4 is not printable ASCII|",
        faulty: "+OK|+OK|",
    },
    Row {
        fault: Fault::DigitsOfOtherScripts,
        script: &["login", "LIST \\xd9\\xa1|LIST \\xef\\xbc\\x92|"],
        honest: "-ERR octet 0xD9 at 5 is not printable ASCII|-ERR octet 0xEF at 5 is not printable ASCII|",
        faulty: "+OK 1 15|+OK 2 11|",
    },
    Row {
        fault: Fault::LongLineUnanswered,
        script: &["login", "Xx*1000|NOOP|"],
        honest: "-ERR line too long|+OK|",
        faulty: "+OK|",
    },
];

/// Whether a second client is greeted while a first one does not read.
async fn greets_beside_a_slow_reader(faults: &[Fault]) -> bool {
    let builder = faults.iter().fold(Server::builder(), |builder, fault| builder.fault(*fault));
    let server = builder.build().unwrap();
    server.store().add_account("alice", Account::new("secret"));
    server.store().deliver("alice", &[b'x'; 100_000]).unwrap();
    let connect = || {
        let (client, end) = tokio::io::duplex(200);
        let server = server.clone();
        tokio::spawn(async move { server.serve_stream(end).await });
        client
    };
    let mut slow = connect();
    slow.write_all(b"USER alice\r\nPASS secret\r\nRETR 1\r\n").await.unwrap();
    let mut beginning = vec![0; 200];
    slow.read_exact(&mut beginning).await.unwrap();
    let mut other = connect();
    timeout(Duration::from_secs(1), other.read_u8()).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_keeps_others_waiting() {
    assert!(greets_beside_a_slow_reader(&[]).await);
    assert!(!greets_beside_a_slow_reader(&[Fault::SlowReaderBlocksOthers]).await);
}
