//! `auth: any`: the target decides how a scenario logs in.

mod altered;

use std::path::Path;

use pop3_proto::server::Availability;
use pop3_runner::plan::Selection;
use pop3_scenario::event::{Finding, Who};
use pop3_server::sasl::Mechanism;
use pop3_server::{Server, ServerBuilder};

use super::*;

const ANY: &str = "- use: greeting\n- auth: any\n";
const ANY_MAY: &str = "- use: greeting\n- auth: {mechanism: any, level: may, requirement: r-2}\n";
const SPELLED: &str = "- use: greeting\n- C: USER ${user}\n- S: +OK\n- C: PASS ${password}\n- S: +OK\n";
const SPELLED_MAY: &str = "- use: greeting\n- C: USER ${user}\n- S: +OK\n- C: PASS ${password}\n- S: {status: +OK, level: may, requirement: r-2}\n";
const PLAIN: &str = "AUTH PLAIN AHNvbWVib2R5AHBhNTUtb2Ytc29tZWJvZHk=";

/// A finding but for its place.
fn words(finding: &Finding) -> impl PartialEq + std::fmt::Debug + use<> {
    let texts = [&finding.summary, &finding.expected, &finding.actual, &finding.requirement].map(String::clone);
    (finding.verdict, finding.level, finding.command.clone(), texts)
}

/// What the client and the server said.
fn said(ran: &Ran) -> Vec<String> {
    let entries = ran.only().transcript.iter().flat_map(|connection| &connection.entries);
    entries.filter(|entry| entry.who != Who::Event).map(|entry| entry.text.clone()).collect()
}

/// Answers a line as told, but for the first look, in which it comes first.
async fn in_the_scenario(steps: &str, answered: &'static str, how: Do) -> Ran {
    let script = move |line: &str, before: usize| if line == answered && before > 0 { how } else { Do::Usual };
    on_scripted(&format!("{steps}- C: NOOP\n- S: +OK\n"), script).await
}

#[tokio::test]
async fn user_and_pass_are_played_as_if_they_were_written_out() {
    let (user, pass) = ("USER somebody", "PASS pa55-of-somebody");
    let cases = [
        (user, Do::Usual, Pass, Pass),
        (user, Do::Say("-ERR who?\r\n"), Fail, Fail),
        (user, Do::Close("-ERR bye\r\n"), Fail, Fail),
        (pass, Do::Echo, Fail, Info),
        (pass, Do::Say("-ERR [AUTH] wrong\r\n"), Fail, Info),
        (pass, Do::Say("-ERR [LOGIN-DELAY] later\r\n"), Inconclusive, Inconclusive),
        (pass, Do::Say("what?\r\n"), Fail, Info),
        // NOOP is not answered either.
        (pass, Do::Close(""), Fail, Fail),
        (pass, Do::Hang, Inconclusive, Inconclusive),
    ];
    for (line, how, must, may) in cases {
        for (any, spelled, want) in [(ANY, SPELLED, must), (ANY_MAY, SPELLED_MAY, may)] {
            let any = in_the_scenario(any, line, how).await;
            let spelled = in_the_scenario(spelled, line, how).await;
            let what = format!("{line} {how:?}");
            assert_verdict(&any, want, &what);
            assert_eq!(any.only().verdict, spelled.only().verdict, "{what}");
            assert_eq!(any.only().reason, spelled.only().reason, "{what}");
            assert_eq!(said(&any), said(&spelled), "{what}");
            let findings = |ran: &Ran| ran.only().findings.iter().map(words).collect::<Vec<_>>();
            assert_eq!(findings(&any), findings(&spelled), "{what}");
            assert!(!any.log().contains(PASSWORD), "{}", any.log());
        }
    }
}

#[tokio::test]
async fn a_refused_login_names_the_command_and_the_reply() {
    let ran = in_the_scenario(ANY, "PASS pa55-of-somebody", Do::Say("-ERR [AUTH] wrong\r\n")).await;
    let [finding] = ran.only().findings.as_slice() else { panic!("{:?}", ran.only().findings) };
    let got = [finding.command.as_deref().unwrap(), &finding.expected, &finding.actual, &finding.summary];
    assert_eq!(got, ["PASS ********", "+OK …", "-ERR [AUTH] wrong", "the reply is -ERR, not +OK"]);
    assert_eq!((&*finding.place.file, finding.place.line), ("t/case.yaml", 7));
}

/// A server that announces PLAIN and not USER, and in the scenario answers AUTH so.
async fn with_plain(steps: &str, how: Do) -> Ran {
    let script = move |line: &str, before: usize| match line {
        "CAPA" => Do::Say("+OK\r\nSASL PLAIN\r\n.\r\n"),
        PLAIN if before > 0 => how,
        line if line.starts_with("USER") => Do::Echo,
        _ => Do::Usual,
    };
    on_scripted(&format!("{steps}- C: NOOP\n- S: +OK\n"), script).await
}

#[tokio::test]
async fn a_mechanism_is_judged_by_whether_it_lets_in() {
    let refused = "AUTH PLAIN is refused; -ERR answers the AUTH command with its initial response";
    let again = "in AUTH PLAIN, the challenge is not base64";
    let closed =
        "in AUTH PLAIN, the connection was closed in place of an answer to the AUTH command with its initial response";
    let cases: [(&str, Do, Verdict, &[&str]); 9] = [
        (SPELLED, Do::Usual, Fail, &["the reply is -ERR, not +OK"]),
        (ANY, Do::Usual, Pass, &[]),
        (ANY_MAY, Do::Usual, Pass, &[]),
        (ANY, Do::Say("-ERR no\r\n"), Fail, &[refused]),
        (ANY_MAY, Do::Say("-ERR no\r\n"), Info, &[refused]),
        (ANY_MAY, Do::Say("-ERR [LOGIN-DELAY] no\r\n"), Inconclusive, &[]),
        // The initial response is passed over: a fault of the mechanism, and lets in.
        (ANY, Do::Say("+ \r\n"), Pass, &[]),
        (ANY_MAY, Do::Say("+ no base64\r\n"), Fail, &[again]),
        (ANY, Do::Close(""), Fail, &[closed]),
    ];
    for (steps, how, want, summaries) in cases {
        let ran = with_plain(steps, how).await;
        assert_verdict(&ran, want, &format!("{steps}{how:?}"));
        let got: Vec<&str> = ran.only().findings.iter().map(|finding| finding.summary.as_str()).collect();
        assert_eq!(got, summaries, "{steps}{how:?}");
        assert!(!ran.log().contains(PASSWORD) && !ran.log().contains("AHNvbWVib2R5"), "{}", ran.log());
    }
}

fn reference(mechanisms: &[Mechanism]) -> ServerBuilder {
    let message = "Subject: a\r\n\r\nhello\r\n";
    Server::builder().account(USER, PASSWORD).message(USER, message).mechanisms(mechanisms)
}

#[tokio::test]
async fn every_method_logs_in_where_user_and_pass_are_not() {
    let ways = [
        (vec![Mechanism::Plain], "AUTH PLAIN ********\\r\\n"),
        (vec![Mechanism::Login], "AUTH LOGIN\\r\\n"),
        (vec![Mechanism::CramMd5, Mechanism::Plain], "AUTH CRAM-MD5\\r\\n"),
        (vec![Mechanism::ScramSha256, Mechanism::CramMd5], "AUTH SCRAM-SHA-256 ********\\r\\n"),
        (vec![], "APOP somebody ********\\r\\n"),
    ];
    for (mechanisms, want) in ways {
        let apop = if mechanisms.is_empty() { Availability::Offered } else { Availability::Absent };
        let server = reference(&mechanisms).apop(apop).session(|session| session.user = Availability::Absent);
        let server = server.start().await.unwrap();
        let options = at(server.plain_address().unwrap(), PASSWORD);
        let steps = format!("{ANY}- C: STAT\n- S: +OK 1\n");
        let ran = run_it(&options, &catalogue("", &steps, &[])).await.unwrap();
        assert_verdict(&ran, Pass, want);
        assert_eq!(said(&ran)[1], want);
        let ran = run_it(&options, &catalogue("", SPELLED, &[])).await.unwrap();
        assert_verdict(&ran, Fail, want);
        server.stop().await;
    }
}

/// The server takes USER and PASS under TLS only, and says so.
#[tokio::test]
async fn under_tls_the_method_is_what_is_announced_there() {
    let identity = pop3_server::tls::TlsIdentity::self_made(&["127.0.0.1"]).unwrap();
    let server = reference(&[Mechanism::Plain, Mechanism::CramMd5]).tls(identity).stls().plaintext_under_tls();
    let server = server.start().await.unwrap();
    let mut options = at(server.plain_address().unwrap(), PASSWORD);
    let TargetSpec::Address(address) = &mut options.target else { panic!("{:?}", options.target) };
    address.trust = Trust::Authority(server.ca_pem().unwrap().to_owned());
    let upgraded = "- use: greeting\n- C: STLS\n- S: +OK\n- tls: ok\n- auth: any\n- C: STAT\n- S: +OK 1\n";
    for (header, steps, want) in
        [("", ANY, "AUTH CRAM-MD5\\r\\n"), ("needs: {tls: stls}\n", upgraded, "USER somebody\\r\\n")]
    {
        let ran = run_it(&options, &catalogue(header, steps, &[])).await.unwrap();
        assert_verdict(&ran, Pass, steps);
        assert!(said(&ran).iter().any(|line| line == want), "{:?}", said(&ran));
    }
    server.stop().await;
}

/// Scenarios of the real catalogue that need no mail of their own, by PLAIN alone.
#[tokio::test]
async fn the_catalogue_runs_against_a_server_without_user_and_pass() {
    const ONLY: [&str; 9] = [
        "rfc1939/stat",
        "rfc1939/noop",
        "rfc1939/list/malformed-numbers",
        "rfc1939/lock/released-after-quit",
        "rfc1939/quit-update/answers-then-closes",
        "rfc1939/quit-update/closes-the-connection",
        "rfc1939/rset",
        "rfc1939/commands/unknown-command-refused",
        "rfc1939/commands/echo-is-harmless",
    ];
    let server = reference(&[Mechanism::Plain]).apop(Availability::Absent);
    let server = server.session(|session| session.user = Availability::Absent).start().await.unwrap();
    let options = Options {
        selection: Selection { only: ONLY.map(str::to_owned).to_vec(), ..Selection::default() },
        ..at(server.plain_address().unwrap(), PASSWORD)
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let (catalogue, diagnostics) = Catalogue::load_dir(&root, None);
    assert!(!diagnostics.iter().any(pop3_scenario::diagnostic::Diagnostic::is_error), "{diagnostics:?}");
    let ran = run_it(&options, &catalogue).await.unwrap();
    let of = |want: Verdict| ran.results.iter().filter(move |result| result.verdict == want).count();
    let others: Vec<_> = ran.results.iter().filter(|result| !matches!(result.verdict, Pass | Skipped)).collect();
    assert!(others.is_empty(), "{others:#?}");
    // Skipped is what needs mail of its own in the maildrop.
    assert!(of(Pass) >= ONLY.len(), "{:?}", ran.results.iter().map(|r| (&r.id, r.verdict)).collect::<Vec<_>>());
    server.stop().await;
}
