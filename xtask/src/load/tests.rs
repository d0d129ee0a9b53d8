//! The load program against the reference server, honest and faulty.

use std::net::SocketAddr;

use pop3_server::fault::Fault;
use pop3_server::{RunningServer, Server};

use super::*;

const CLIENTS: usize = 2;

async fn start(mail: &Mail, faults: &[&str]) -> RunningServer {
    let folder = tempfile::tempdir().unwrap();
    mail.write(folder.path(), CLIENTS, None).unwrap();
    let mut builder = Server::builder();
    for account in pop3_server::source::load_accounts(folder.path()).unwrap() {
        builder = builder.account(&account.name, mail::PASSWORD);
        for message in &account.messages {
            builder = builder.message(&account.name, message);
        }
    }
    for slug in faults {
        builder = builder.fault(slug.parse::<Fault>().unwrap());
    }
    builder.start().await.unwrap()
}

fn play(address: SocketAddr, workload: Workload, mail: &Mail) -> Result<workload::Sample, String> {
    workload::measure(address, workload, mail, CLIENTS, Duration::from_millis(1)).map_err(|failed| failed.to_string())
}

#[test]
fn an_honest_server_can_be_measured_and_a_broken_one_cannot() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mail = Mail::new(2, true);
    let check = |faults: &[&str], workload, wrong: Option<&str>| {
        let server = runtime.block_on(start(&mail, faults));
        match (play(server.plain_address().unwrap(), workload, &mail), wrong) {
            (Ok(sample), None) => assert!(sample.sessions >= CLIENTS && sample.octets > 0, "{workload:?}"),
            (Err(said), Some(wrong)) => assert!(said.contains(wrong), "{faults:?}: {said}"),
            (played, _) => panic!("{faults:?} {workload:?}: {played:?}"),
        }
        runtime.block_on(server.stop());
    };
    for workload in Workload::ALL {
        check(&[], workload, None);
    }
    let (plain, pipelined) = (Workload::Session, Workload::PipelinedSession);
    check(&["negative-greeting"], plain, Some("expected `+OK`"));
    check(&["status-lower-case"], plain, Some("expected `+OK`"));
    check(&["reply-bare-lf"], plain, Some("CRLF"));
    check(&["size-counts-lf-only"], plain, Some("expected `+OK 3 "));
    check(&["uidl-without-number"], pipelined, Some("line 1 of a listing"));
    check(&["retr-unstuffed"], pipelined, Some("not `."));
    check(&["extra-blank-line-before-dot"], pipelined, Some("not `."));
    check(&["retr-unstuffed"], Workload::Retr, Some("not `."));
    check(&["extra-blank-line-before-dot"], Workload::PipelinedRetr, Some("not `."));
}
