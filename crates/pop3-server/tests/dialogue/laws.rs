//! What holds for every sequence of operations.

use pop3_proto::server::{Ending, Host as _, Next, ServerConfig, ServerSession};
use pop3_server::account::Account;
use pop3_server::host::StoreHost;
use pop3_server::store::Store;
use proptest::prelude::*;
use std::time::Duration;

#[derive(Clone, Debug)]
enum Operation {
    Line(String),
    Deliver,
    LeaveAndReturn,
    QuitAndReturn,
}

fn operation() -> impl Strategy<Value = Operation> {
    let line = |keyword: &'static str| (0_u32..7).prop_map(move |n| Operation::Line(format!("{keyword} {n}")));
    prop_oneof![
        4 => line("DELE"),
        1 => line("RETR"),
        1 => line("LIST"),
        1 => Just(Operation::Line("RSET".to_owned())),
        1 => Just(Operation::Line("NOOP".to_owned())),
        1 => Just(Operation::Deliver),
        1 => Just(Operation::LeaveAndReturn),
        1 => Just(Operation::QuitAndReturn),
    ]
}

struct Client {
    store: Store,
    host: StoreHost,
    session: ServerSession,
}

impl Client {
    fn enter(store: &Store) -> Self {
        let session = ServerSession::new(ServerConfig::default(), Duration::ZERO, &mut Vec::new());
        let mut client = Self { store: store.clone(), host: StoreHost::new(store.clone(), Vec::new()), session };
        client.send("USER alice");
        assert!(client.send("PASS secret").0.starts_with("+OK"));
        client
    }

    fn send(&mut self, line: &str) -> (String, Option<Ending>) {
        let line = format!("{line}\r\n");
        let (mut input, mut out) = (line.as_bytes(), Vec::new());
        loop {
            match self.session.advance(&mut input, Duration::ZERO, &mut self.host, &mut out) {
                Next::Again => {}
                Next::Read => return (String::from_utf8(out).unwrap(), None),
                Next::Close(ending) => return (String::from_utf8(out).unwrap(), Some(ending)),
                Next::StartTls => unreachable!("never offered"),
            }
        }
    }

    /// STAT, and the sum over LIST.
    fn totals(&mut self) -> ((u64, u64), (u64, u64)) {
        let numbers = |line: &str| -> (u64, u64) {
            let mut words = line.split(' ').map(|word| word.parse().unwrap());
            (words.next().unwrap(), words.next().unwrap())
        };
        let stat = self.send("STAT").0;
        let list = self.send("LIST").0;
        let lines: Vec<&str> = list.lines().collect();
        let sizes = lines[1..lines.len() - 1].iter().map(|line| numbers(line).1);
        let sum = sizes.fold((0, 0), |(count, octets), size| (count + 1, octets + size));
        (numbers(stat.trim_end().strip_prefix("+OK ").unwrap()), sum)
    }
}

fn unique_ids(store: &Store) -> Vec<String> {
    store.messages("alice").unwrap().iter().map(|message| message.unique_id().to_string()).collect()
}

proptest! {
    #[test]
    fn stat_is_the_sum_of_list_and_only_quit_removes(operations in proptest::collection::vec(operation(), 0..40)) {
        let store = Store::new();
        store.add_account("alice", Account::new("secret"));
        for n in 0..4 {
            store.deliver("alice", "x\n".repeat(n).as_bytes()).unwrap();
        }
        let mut expected = unique_ids(&store);
        let mut seen = expected.clone();
        let mut marked: Vec<String> = Vec::new();
        let mut listed = expected.clone();
        let mut client = Client::enter(&store);
        for operation in operations {
            match operation {
                Operation::Line(line) => {
                    let reply = client.send(&line).0;
                    if let Some(number) = line.strip_prefix("DELE ").filter(|_| reply.starts_with("+OK")) {
                        let number: usize = number.parse().unwrap();
                        marked.push(listed[number - 1].clone());
                    }
                    if line == "RSET" {
                        marked.clear();
                    }
                }
                Operation::Deliver => {
                    let unique_id = store.deliver("alice", b"new\n").unwrap().to_string();
                    prop_assert!(!seen.contains(&unique_id));
                    seen.push(unique_id.clone());
                    expected.push(unique_id);
                }
                Operation::LeaveAndReturn => {
                    client.session.disconnect(&mut client.host);
                    marked.clear();
                    client = Client::enter(&store);
                    listed = expected.clone();
                }
                Operation::QuitAndReturn => {
                    prop_assert_eq!(client.send("QUIT").1, Some(Ending::Update));
                    expected.retain(|unique_id| !marked.contains(unique_id));
                    marked.clear();
                    client = Client::enter(&store);
                    listed = expected.clone();
                }
            }
            let (stat, list) = client.totals();
            prop_assert_eq!(stat, list);
            prop_assert_eq!(stat.0, (listed.len() - marked.len()) as u64);
            prop_assert_eq!(&unique_ids(&client.store), &expected);
        }
        client.host.release();
        prop_assert!(!store.is_locked("alice").unwrap());
    }
}
