//! Which requirement a finding cites.

use super::*;

const STATUS_FIRST: &str = "rfc1939-3-response-status-first";
const ONE_REPLY: &str = "rfc1939-3-one-response-per-command";

#[tokio::test]
async fn what_a_reply_breaks_by_its_form_is_cited_before_what_was_asked() {
    let check = async |answer: &'static str, steps: &str, want: Option<&str>| {
        let script = move |line: &str, _: usize| if line == "NOOP" { Do::Say(answer) } else { Do::Usual };
        let ran = on_scripted(&format!("- use: login\n{steps}"), script).await;
        let cited = ran.only().findings.first().map(|finding| finding.requirement.as_str());
        assert_eq!(cited, want, "{answer:?} {steps}");
    };
    let asked = "- C: NOOP\n- S: +OK\n";
    let named = "- C: NOOP\n- S: {status: +OK, requirement: r-2}\n";
    let sentinel = "- sentinel: NOOP\n  expect: +OK\n";
    let exact = "- C: NOOP\n- S: {status: any, text: \"{:rest}\", exact: true}\n";
    check("+OK fine\r\n", asked, None).await;
    check("-ERR no\r\n", asked, Some("r-1")).await;
    check("-ERR no\r\n", named, Some("r-2")).await;
    check(".\r\n", asked, Some(STATUS_FIRST)).await;
    check(".\r\n", named, Some(STATUS_FIRST)).await;
    check("-ERR no\r\n", sentinel, Some(ONE_REPLY)).await;
    check(".\r\n", sentinel, Some(STATUS_FIRST)).await;
    check("+OK\r\n", exact, None).await;
    check("+OK fine\r\n", exact, None).await;
    check("+OKfine\r\n", exact, Some("r-1")).await;
}

#[tokio::test]
async fn what_the_opening_of_an_exchange_breaks_is_cited_before_what_was_asked() {
    let check = async |rest: &str, answer: &'static str, want: Option<&str>| {
        let script = move |line: &str, _: usize| match line {
            "CAPA" => Do::Say("+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n"),
            line if line.starts_with("AUTH") => Do::Say(answer),
            "AHNvbWVib2R5AHBhNTUtb2Ytc29tZWJvZHk=" => Do::Say("+OK in\r\n"),
            _ => Do::Usual,
        };
        let steps = format!("- use: greeting\n- auth: {{mechanism: PLAIN{rest}, requirement: r-2}}\n");
        let catalogue = catalogue("needs: {capa: [SASL PLAIN]}\n", &steps, &[]);
        let ran = run_it(&at(serve(script), PASSWORD), &catalogue).await.unwrap();
        let cited = ran.only().findings.first().map(|finding| finding.requirement.as_str());
        assert_eq!(cited, want, "{rest} {answer:?}");
    };
    let late = ", initial_response: no";
    check("", "+OK in\r\n", None).await;
    check("", "-ERR no\r\n", Some("r-2")).await;
    check("", "+ \r\n", Some("rfc2449-6.3-sasl-implies-initial-response")).await;
    check(late, "+ eA==\r\n", Some("rfc5034-4-empty-challenge")).await;
    check(late, "+ go ahead\r\n", Some("rfc5034-4-challenge-form")).await;
    check(late, "+OK in\r\n", Some("rfc5034-4-unauthenticated-refused")).await;
}
