//! Every fault beside the honest server: the same dialogue, both answers.

pub(crate) use client::Client;

use super::*;

mod announcing;
mod changes;
mod client;
mod content;
mod dialogue;
mod exchange;
mod extensions;
mod handshake;
mod hostile;
mod listings;
mod mail;
mod mechanism;
mod reading;
mod refusing;
mod robustness;
mod sasl;
mod sending;
mod unicode;

/// Messages of 15, 11 and 4 octets; the second came without a line end.
pub(crate) const MAIL: [&str; 3] = ["S: 1\n\na\n.b\n", "S: 2\n\nc", ".c\n"];

/// A row of the table. A script is a list of steps: `greeting` shows the next
/// greeting; `login`; `auth` does an exchange; `tls` does the handshake, `tls version` shows what came
/// of it, also for a client with `tls 1.2`; `implicit` connects with TLS, and shows the greeting; `port` connects there
/// without a handshake, `end tls` makes one, ends TLS behind the greeting, and sends NOOP in clear; `deliver`;
/// `empty` and `store text` change the maildrop; `account name secret` adds one; `drop` goes away and
/// connects again; `open` connects again and keeps the old connection, `back`
/// returns to it; `wait 600` lets so many seconds go by; anything else is sent in one piece, `|` standing for CRLF. What the steps bring stands
/// with ` / ` between. In what is sent, `DIGEST` is that of APOP for the greeting of this connection, `BARE` the
/// one for its timestamp without angle brackets, `HEARD` that for the connection before.
struct Row {
    fault: Fault,
    script: &'static [&'static str],
    /// What the honest server answers, `|` standing for CRLF.
    honest: &'static str,
    /// What the faulty one answers.
    faulty: &'static str,
}

fn rows() -> impl Iterator<Item = &'static Row> {
    let login =
        [dialogue::ROWS, announcing::ROWS, refusing::ROWS, sasl::ROWS, mechanism::ROWS, reading::ROWS, unicode::ROWS];
    let maildrop = [mail::ROWS, listings::ROWS, sending::ROWS, changes::ROWS, content::ROWS];
    let others = [extensions::ROWS, hostile::ROWS, handshake::ROWS, robustness::ROWS];
    login.into_iter().chain(maildrop).chain(others).flatten()
}

/// What is wrong with a row, with both answers in full.
async fn check(row: &Row, mail: &[String]) -> Option<String> {
    let honest = Client::new(&[], mail).run(row.script).await;
    let faulty = Client::new(&[row.fault], mail).run(row.script).await;
    let right = honest == row.honest && faulty == row.faulty && honest != faulty;
    (!right).then(|| format!("{:?}\n honest: {honest:?}\n faulty: {faulty:?}\n", row.fault))
}

/// What takes a dialogue that is too long for a row.
const ELSEWHERE: [Fault; 3] = [Fault::ManyCommandsClose, Fault::SlowReaderBlocksOthers, Fault::StuffingLostAtChunk];

#[tokio::test(start_paused = true)]
async fn many_commands_are_too_many() {
    for (commands, closes) in [(500, false), (700, true)] {
        let script = ["login", &*"NOOP|".repeat(commands)];
        let honest = Client::new(&[], &[]).run(&script).await;
        let faulty = Client::new(&[Fault::ManyCommandsClose], &[]).run(&script).await;
        assert_eq!(honest, "+OK|".repeat(commands));
        assert_eq!(faulty.ends_with("EOF"), closes, "{commands}: {faulty}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_fault_shows() {
    let mail = MAIL.map(str::to_owned);
    let mut wrong = String::new();
    for row in rows() {
        wrong.extend(check(row, &mail).await);
    }
    assert!(wrong.is_empty(), "these rows differ; the servers answer:\n{wrong}");
    let missing: Vec<&Fault> = Fault::ALL
        .iter()
        .filter(|fault| !ELSEWHERE.contains(fault) && !content::SHOWN_BY_LENGTH.contains(fault))
        .filter(|fault| !rows().any(|row| row.fault == **fault))
        .collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[tokio::test(start_paused = true)]
async fn stuffing_is_lost_where_a_chunk_ends() {
    // The dot is at octet `at` of the message.
    for (at, lost) in [(4095, false), (4096, true), (4097, true), (4098, false), (8192, true)] {
        let message = format!("{}\n.\n.z\n", "x".repeat(at - 2));
        let script = ["login", "RETR 1|"];
        let honest = Client::new(&[], std::slice::from_ref(&message)).run(&script).await;
        let faulty = Client::new(&[Fault::StuffingLostAtChunk], &[message]).run(&script).await;
        assert!(honest.ends_with("|..|..z|.|"), "{at}: {honest}");
        let want = if lost { honest.replace("|..|", "|.|") } else { honest };
        assert_eq!(faulty, want, "{at}");
    }
}

#[test]
fn the_list_is_in_order() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/requirements");
    let mut known = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            known += &std::fs::read_to_string(path).unwrap();
        }
    }
    for fault in Fault::ALL {
        let slug = fault.slug();
        assert_eq!(slug.parse(), Ok(*fault));
        assert!(
            slug.bytes().all(|octet| octet.is_ascii_lowercase() || octet.is_ascii_digit() || octet == b'-'),
            "{slug}"
        );
        for requirement in fault.requirements() {
            assert!(known.contains(&format!("- id: {requirement}\n")), "{slug}: {requirement}");
        }
        assert!(fault.symptom().ends_with('.') && fault.symptom().len() < 120, "{slug}");
        assert_eq!(Fault::ALL.iter().filter(|other| other.slug() == slug).count(), 1, "{slug}");
    }
    let error = "no-such".parse::<Fault>().unwrap_err().to_string();
    assert!(error.starts_with("no fault is called \"no-such\"; there are: angle-brackets-in-greeting, "), "{error}");
}

/// Whatever comes, a faulty server neither panics nor hangs nor leaves a maildrop
/// locked that it should not.
#[tokio::test(start_paused = true)]
async fn odd_lines_end_no_faulty_server() {
    let lines = [
        "",
        " ",
        "\\xFF\\x00",
        "RETR",
        "RETR  ",
        "RETR \\xFF",
        "TOP 1",
        "TOP 1 x 2",
        "LIST 99999999999999999999999999999999999999999",
        "DELE -",
        "DELE -1",
        "DELE 0",
        "UIDL 1 1",
        "PASS",
        "PASS ",
        "USER",
        "USER a b",
        "AUTH PLAIN !",
        "TOPX",
        "NOO",
        "APOP a",
        "1x",
    ];
    let long = format!("{}|", "RETR 1 ".repeat(12_000));
    for fault in Fault::ALL {
        let mut client = Client::new(&[*fault], &MAIL.map(str::to_owned));
        client.open().await;
        for round in 0..2 {
            for line in lines {
                let _ = client.try_say(&format!("{line}|")).await;
            }
            let _ = client.try_say(&long).await;
            let _ = client.try_say("\\r").await;
            let _ = client.try_say("|AUTH PLAIN|*|").await;
            if round == 0 {
                let _ = client.try_say("USER alice|").await;
                let _ = client.try_say("PASS secret|").await;
            }
        }
        let store = client.server.store().clone();
        client.leave().await;
        let locks = [Fault::LockKeptAfterDisconnect, Fault::LockKeptAfterRefusal].contains(fault);
        assert_eq!(store.is_locked("alice"), Ok(locks), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn two_faults_work_together() {
    let mail = MAIL.map(str::to_owned);
    let both = [Fault::StatusLowerCase, Fault::DeletedStillCounted];
    assert_eq!(Client::new(&both, &mail).run(&["login", "DELE 1|STAT|"]).await, "+ok message 1 deleted|+ok 3 30|");
}
