//! `auth:`, against the reference server and against servers that do it wrong.

use pop3_proto::auth::write_response;

use super::*;

const LOGIN: &str = "needs: {capa: [SASL LOGIN]}\n";
const OPEN: &str = "- use: greeting\n";

fn needs(mechanism: &str) -> String {
    format!("needs: {{capa: [SASL {mechanism}]}}\n")
}

#[tokio::test]
async fn every_mechanism_of_the_reference_server() {
    for mechanism in ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"] {
        for rest in ["", ", initial_response: no", ", expect: err, password: \"${wrong}\", code: AUTH"] {
            let steps = format!("{OPEN}- auth: {{mechanism: {mechanism}{rest}}}\n- C: NOOP\n- S: any\n");
            let ran = on_reference(&needs(mechanism), &steps).await;
            assert_verdict(&ran, Pass, &steps);
        }
    }
    for mechanism in ["SCRAM-SHA-1", "SCRAM-SHA-256"] {
        for rest in ["", ", channel_binding: tls-exporter", ", channel_binding: tls-server-end-point"] {
            let header = format!("needs: {{capa: [SASL {mechanism}-PLUS], tls: implicit}}\n");
            let open = "- open: {tls: implicit}\n- S: +OK\n";
            let steps = format!("{open}- auth: {{mechanism: {mechanism}-PLUS{rest}}}\n- C: STAT\n- S: +OK\n");
            assert_verdict(&on_reference(&header, &steps).await, Pass, &steps);
            let steps = format!("{open}- auth: {{mechanism: {mechanism}-PLUS{rest}, password: x, expect: err}}\n");
            assert_verdict(&on_reference(&header, &steps).await, Pass, &steps);
        }
    }
}

#[tokio::test]
async fn an_exchange_that_comes_out_otherwise_is_broken() {
    let check = async |auth: &str, want: Verdict, summary: &str, actual: &str| {
        let ran = on_reference(&needs("SCRAM-SHA-256"), &format!("{OPEN}- auth: {auth}\n")).await;
        assert_verdict(&ran, want, auth);
        let finding = &ran.only().findings[0];
        assert_eq!(finding.summary, summary);
        let actual: Vec<&str> = actual.lines().collect();
        let got: Vec<String> = finding.actual.lines().map(|line| line.chars().take(7).collect()).collect();
        assert_eq!(got, actual, "{}", finding.actual);
        let Some(command) = &finding.command else { panic!("{finding:?}") };
        assert_eq!(command, "***");
    };
    check(
        "{mechanism: SCRAM-SHA-256, password: \"${wrong}\"}",
        Fail,
        "AUTH SCRAM-SHA-256 is refused; -ERR answers the first response",
        "C: AUTH\nS: + cj\nC: ***\nS: -ERR",
    )
    .await;
}

/// Plays an exchange with a server that answers as told, line by line.
async fn with_answers(auth: &str, answers: &'static [&'static str]) -> Ran {
    let mechanism = auth.trim_start_matches("{mechanism: ").split([',', '}']).next().unwrap().to_owned();
    let script = move |line: &str, _: usize| match line {
        "CAPA" => Do::Say("+OK\r\nUSER\r\nSASL PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 OAUTHBEARER\r\n.\r\n"),
        line if line.starts_with("AUTH") => Do::Say(answers[0]),
        "c29tZWJvZHk=" | "AHNvbWVib2R5AHBhNTUtb2Ytc29tZWJvZHk=" | "AQ==" => Do::Say(answers[1]),
        // The password of LOGIN.
        "cGE1NS1vZi1zb21lYm9keQ==" => Do::Say(answers[2]),
        "*" => Do::Say("-ERR cancelled\r\n"),
        _ => Do::Usual,
    };
    let steps = format!("{OPEN}- auth: {auth}\n");
    run_it(&at(serve(script), PASSWORD), &catalogue(&needs(&mechanism), &steps, &[])).await.unwrap()
}

/// Exchange, answers to its lines, verdict, and the summaries of the findings.
type Case = (&'static str, &'static [&'static str], Verdict, &'static [&'static str]);

const PLAIN: &str = "{mechanism: PLAIN}";
const LATE: &str = "{mechanism: PLAIN, initial_response: no}";
const BEARER: &str = "{mechanism: OAUTHBEARER, token: t}";
const PROMPT: &str = "+ VXNlcm5hbWU6\r\n";
const IGNORED: &str = "in AUTH PLAIN, the initial response was passed over and asked for once more";

#[rustfmt::skip]
const CASES: [Case; 17] = [
    (PLAIN, &["+OK in\r\n"], Pass, &[]),
    (PLAIN, &["-ERR out\r\n"], Fail,
        &["AUTH PLAIN is refused; -ERR answers the AUTH command with its initial response"]),
    ("{mechanism: PLAIN, expect: err}", &["+OK in\r\n"], Fail, &["AUTH PLAIN has let in whom it should refuse"]),
    ("{mechanism: PLAIN, expect: err, code: AUTH}", &["-ERR no\r\n"], Fail,
        &["the refusal has no response code [AUTH]"]),
    (PLAIN, &["-ERR [LOGIN-DELAY] no\r\n"], Inconclusive, &[]),
    (PLAIN, &["+ \r\n", "+OK\r\n"], Fail, &[IGNORED]),
    ("{mechanism: PLAIN, level: should}", &["+ \r\n", "+OK\r\n"], Warn, &[IGNORED]),
    (LATE, &["+ \r\n", "+OK\r\n"], Pass, &[]),
    (LATE, &["+ eA==\r\n", "+OK\r\n"], Fail,
        &["in AUTH PLAIN, the challenge that asks for the client's first message is not empty"]),
    (LATE, &["+ go ahead\r\n"], Fail, &["in AUTH PLAIN, the challenge is not base64"]),
    (LATE, &["what?\r\n"], Fail,
        &["in AUTH PLAIN, behind the AUTH command, the reply has no status indicator that may stand here"]),
    ("{mechanism: LOGIN}", &[PROMPT, "+ UGFzc3dvcmQ6\r\n", "+OK\r\n"], Pass, &[]),
    ("{mechanism: LOGIN}", &[PROMPT, "+OK\r\n"], Fail,
        &["in AUTH LOGIN, +OK came before the client had shown who it is"]),
    // A server that sends the password back shows it to nobody.
    ("{mechanism: LOGIN}", &[PROMPT, "+ cGE1NS1vZi1zb21lYm9keQ==\r\n", "-ERR no\r\n"], Fail,
        &["AUTH LOGIN is refused; -ERR answers the second response"]),
    (BEARER, &["+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n", "-ERR\r\n"], Fail,
        &["AUTH OAUTHBEARER is refused; -ERR answers the first response"]),
    (BEARER, &["+ eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=\r\n", "+OK\r\n"], Fail,
        &["in AUTH OAUTHBEARER, +OK came behind a message that said that the login fails"]),
    (BEARER, &["+OK\r\n"], Pass, &[]),
];

#[tokio::test]
async fn what_a_server_does_wrong_is_named() {
    for (auth, answers, want, summaries) in CASES {
        let ran = with_answers(auth, answers).await;
        assert_verdict(&ran, want, auth);
        let got: Vec<&str> = ran.only().findings.iter().map(|finding| finding.summary.as_str()).collect();
        assert_eq!(got, summaries, "{auth} {answers:?}");
        assert!(!ran.log().contains(PASSWORD) && !ran.log().contains("cGE1NS1vZi1z"), "{}", ran.log());
    }
}

#[tokio::test]
async fn a_server_that_leaves_or_falls_silent_in_the_midst() {
    let check = async |what: Do, want: Verdict, words: &str| {
        let script = move |line: &str, _: usize| match line {
            "CAPA" => Do::Say("+OK\r\nUSER\r\nSASL LOGIN\r\n.\r\n"),
            "AUTH LOGIN" => Do::Say("+ \r\n"),
            "c29tZWJvZHk=" => what,
            _ => Do::Usual,
        };
        let steps = format!("{OPEN}- auth: LOGIN\n");
        let ran = run_it(&at(serve(script), PASSWORD), &catalogue(LOGIN, &steps, &[])).await.unwrap();
        assert_verdict(&ran, want, words);
        let result = ran.only();
        let got = result.findings.first().map(|finding| finding.summary.clone()).or_else(|| result.reason.clone());
        assert_eq!(got.as_deref(), Some(words));
    };
    let closed = "in AUTH LOGIN, the connection was closed in place of an answer to the first response";
    check(Do::Close(""), Fail, closed).await;
    check(Do::Hang, Inconclusive, "in AUTH LOGIN, no answer to the first response within 700 ms").await;
}

#[tokio::test]
async fn a_mechanism_that_is_not_announced_is_unsupported() {
    let ran = on_reference(&needs("XOAUTH2"), &format!("{OPEN}- auth: {{mechanism: XOAUTH2, token: x}}\n")).await;
    assert_verdict(&ran, Unsupported, "XOAUTH2");
    assert_eq!(ran.only().reason.as_deref(), Some("the target neither announces nor claims SASL XOAUTH2"));
}

#[tokio::test]
async fn names_and_passwords_of_a_scenario_are_sent_as_written() {
    let script = |line: &str, _: usize| match line {
        "CAPA" => Do::Say("+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n"),
        line if line.starts_with("AUTH PLAIN ") => {
            let mut want = Vec::new();
            write_response("as\0who \u{FC}\0 x y".as_bytes(), &mut want);
            let want = String::from_utf8(want).unwrap();
            if line.trim_start_matches("AUTH PLAIN ") == want.trim_end() { Do::Say("+OK\r\n") } else { Do::Echo }
        }
        _ => Do::Usual,
    };
    let steps = format!("{OPEN}- auth: {{mechanism: PLAIN, authzid: as, user: who \u{FC}, password: \" x y\"}}\n");
    let ran = run_it(&at(serve(script), PASSWORD), &catalogue(&needs("PLAIN"), &steps, &[])).await.unwrap();
    assert_verdict(&ran, Pass, &steps);
}

#[tokio::test]
async fn the_first_look_logs_in_by_what_the_server_announces() {
    let with = async |capabilities: &'static str| {
        let script = move |line: &str, _: usize| match line {
            "CAPA" => Do::Say(capabilities),
            "AUTH PLAIN AHNvbWVib2R5AHBhNTUtb2Ytc29tZWJvZHk=" => Do::Say("+OK in\r\n"),
            line if line.starts_with("AUTH") || line.starts_with("USER") => Do::Echo,
            _ => Do::Usual,
        };
        let steps = format!("{OPEN}- auth: PLAIN\n");
        run_it(&at(serve(script), PASSWORD), &catalogue(&needs("PLAIN"), &steps, &[])).await
    };
    let ran = with("+OK\r\nSASL LOGIN PLAIN\r\n.\r\n").await.unwrap();
    assert_verdict(&ran, Pass, "SASL");
    let error = with("+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n").await.err().unwrap().to_string();
    assert!(error.starts_with("login as `somebody` is refused at USER: -ERR no USER somebody"), "{error}");
    let error = with("+OK\r\nSASL CRAM-MD5\r\n.\r\n").await.err().unwrap().to_string();
    assert!(error.starts_with("login as `somebody` is refused at the AUTH command by AUTH CRAM-MD5: -ERR"), "{error}");
}
