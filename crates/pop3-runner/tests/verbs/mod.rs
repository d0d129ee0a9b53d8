//! What each verb does.

use super::*;
use pop3_runner::target::EmbeddedTarget;

#[tokio::test]
async fn replies_and_captures() {
    check_in_transaction(&[
        ("- C: STAT\n- S: \"+OK {n:uint} {o:octets}\"\n- check: n == 2\n", Pass),
        ("- C: STAT\n- S: \"+OK {n:uint} {o:octets}\"\n- check: n == 3\n", Fail),
        ("- C: STAT\n- S: -ERR\n", Fail),
        ("- C: NOPE\n- S: any\n", Pass),
        ("- C: LIST\n- S: {each: \"{n:uint} {o:octets}\", into: l, count: 2}\n- check: len(l.n) == 2\n", Pass),
        ("- C: LIST\n- S: {each: \"{:uint} {:octets}\", count: 3}\n", Fail),
        ("- C: LIST\n- S: {each: \"{:uint} x\"}\n", Fail),
        ("- C: NOOP\n- S: {count: \"0\"}\n", Fail),
        ("- C: LIST\n- S: {lines: [\"1 {:uint}\", \"2 {:uint}\"]}\n", Pass),
        ("- C: LIST\n- S: {lines: [\"2 {:uint}\", \"1 {:uint}\"]}\n", Fail),
        ("- C: LIST\n- S: {lines: [\"2 {:uint}\", \"1 {:uint}\"], unordered: true}\n", Pass),
        ("- C: LIST\n- S: {lines: [\"3 {:uint}\"], unordered: true}\n", Fail),
        ("- C: RETR 2\n- S: {body: {message: \"2\"}}\n", Pass),
        ("- C: RETR 2\n- S: {body: {message: \"1\"}}\n", Fail),
        ("- C: TOP 1 1\n- S: {body: {message: \"1\", top: \"1\"}}\n", Pass),
        ("- C: TOP 1 1\n- S: {body: {message: \"1\", top: \"2\"}}\n", Fail),
        ("- C: RETR 1\n- S: {body: {contains: again}}\n", Pass),
        ("- C: RETR 1\n- S: {body: {contains: never}}\n", Fail),
        ("- C: RETR 1\n- S: {body: {into: a}}\n- C: RETR 1\n- S: {body: {same_as: a, octets: len(a)}}\n", Pass),
        ("- C: RETR 1\n- S: {body: {into: a}}\n- C: RETR 2\n- S: {body: {same_as: a}}\n", Fail),
        // The number is worked out from what came, and is nobody's message.
        ("- C: STAT\n- S: \"+OK {n:uint}\"\n- C: RETR 1\n- S: {body: {message: n + 1}}\n", Error),
    ])
    .await;
}

#[tokio::test]
async fn times_of_replies() {
    check_in_transaction(&[
        ("- C: NOOP\n- S: {took: t}\n- sentinel: NOOP\n  expect: {took: t}\n- check: len(t) == 2\n", Pass),
        ("- C: NOOP\n- S: {took: t}\n- check: len(t) == 2\n", Fail),
        // Only the alternative that fits adds one.
        ("- C: NOOP\n- one_of:\n    - {id: a, S: {status: -ERR, took: t}, verdict: fail}\n    - {id: b, S: {took: t}, verdict: pass}\n- check: len(t) == 1\n", Pass),
    ])
    .await;
    let again = "- use: greeting\n- C: NOOP\n- S: {took: t}\n- retry: {within: 10s, steps: [{C: NOOP}, {S: {took: t}}, {C: XTRY}, {S: +OK}]}\n- check: len(t) == 2\n";
    assert_verdict(&on_scripted(again, words).await, Pass, again);
    let wrong = |name: &str, list: &str| {
        format!(
            "{{use: greeting}}, {{C: \"USER ${{{name}}}\"}}, {{S: any}}, {{C: \"PASS ${{wrong}}\"}}, {{S: {{status: -ERR, took: {list}}}}}, {{close: fin}}"
        )
    };
    let steps = format!(
        "- foreach: {{var: round, in: {{from: 1, to: 3}}, steps: [{}, {}]}}\n- check: 500 <= max(known)\n- check: min(unknown) < 500\n",
        wrong("user", "known"),
        wrong("nobody", "unknown")
    );
    for (fault, want) in [("known-names-refused-late", Pass), ("unknown-names-refused-late", Fail)] {
        let target = EmbeddedTarget { faults: vec![fault.parse().unwrap()], ..EmbeddedTarget::default() };
        let options = Options { target: TargetSpec::Embedded(target), seed: Some(1), ..Options::embedded() };
        assert_verdict(&run_it(&options, &catalogue("", &steps, &[])).await.unwrap(), want, fault);
    }
}

#[tokio::test]
async fn octets_sent() {
    check_in_transaction(&[
        ("- send: {raw: 'NOOP\\r\\n', chunking: bytewise}\n- S: +OK\n", Pass),
        ("- send: {hex: \"4e 4f 4f 50 0d 0a\", chunking: split-crlf}\n- S: +OK\n", Pass),
        ("- send: {raw: 'NO', then: '\\r\\n'}\n- S: +OK\n", Fail),
        ("- send: {raw: 'NOOP\\r\\n', repeat: 2}\n- S: +OK\n- S: +OK\n", Pass),
        ("- send: {base64: Tk9PUA0K}\n- S: -ERR\n", Fail),
        ("- sentinel: NOPE\n  expect: -ERR\n", Pass),
        ("- sentinel: NOPE\n  expect: +OK\n", Fail),
    ])
    .await;
}

#[tokio::test]
async fn connections() {
    check_in_transaction(&[
        ("- close: fin\n- use: greeting\n", Pass),
        ("- close: rst\n- use: greeting\n", Pass),
        ("- close: half\n- eof: {}\n", Pass),
        ("- use: quit\n", Pass),
        ("- eof: {within: 100ms}\n", Fail),
        ("- C: NOOP\n- eof: {}\n", Fail),
        ("- silent: 50ms\n", Pass),
        ("- C: NOOP\n- silent: 30s\n", Fail),
        ("- use@b: greeting\n- C@b: QUIT\n- S@b: +OK\n- C: NOOP\n- S: +OK\n", Pass),
    ])
    .await;
}

#[tokio::test]
async fn nothing_is_said_behind_our_own_end() {
    let ran = on_reference("", "- use: greeting\n- close: half\n").await;
    assert_verdict(&ran, Pass, "half");
    assert!(!ran.log().contains("\"text\":\"QUIT"), "{}", ran.log());
    let ran = on_reference("", "- use: greeting\n").await;
    assert!(ran.log().contains("\"text\":\"QUIT"), "a connection left open gets a QUIT");
}

#[tokio::test]
async fn handshakes() {
    let stls = |outcome: &str| format!("- use: greeting\n- C: STLS\n- S: +OK\n- tls: {outcome}\n");
    for (steps, want) in [
        (stls("ok") + "- C: QUIT\n- S: +OK\n", Pass),
        (stls("garbage"), Fail),
        (stls("{outcome: alert, level: should}"), Warn),
    ] {
        assert_verdict(&on_reference("needs: {tls: stls}\n", &steps).await, want, &steps);
    }
    let check = async |after: Do, outcome: &str, want| {
        let steps = format!("- use: greeting\n- C: STLS\n- S: +OK\n- tls: {outcome}\n");
        let script = move |line: &str, _: usize| if line == "STLS" { after } else { Do::Usual };
        let mut options = at(serve(script), PASSWORD);
        options.claims = vec!["STLS".to_owned()];
        let ran = run_it(&options, &catalogue("needs: {tls: stls}\n", &steps, &[])).await.unwrap();
        let case = ran.results.iter().find(|result| result.id == "t/case").unwrap();
        assert_eq!(case.verdict, want, "{after:?} {outcome}: {:?} {:?}", case.findings, case.reason);
    };
    check(Do::ThenGarbage, "garbage", Pass).await;
    check(Do::ThenGarbage, "ok", Fail).await;
    check(Do::ThenClose, "closed", Pass).await;
    check(Do::ThenClose, "alert", Fail).await;
    check(Do::Say("+OK go\r\n+OK too soon\r\n"), "garbage", Pass).await;
    // An alert to what came before our first record.
    check(Do::Say("+OK go\r\n\x15\x03\x03\x00\x02\x02\x32"), "alert", Pass).await;
    check(Do::Say("+OK go\r\n\x15\x03\x03\x00\x02\x02\x32"), "garbage", Fail).await;
}

#[tokio::test]
async fn a_certificate_that_we_do_not_trust_is_no_failure_of_the_target() {
    let identity = pop3_server::tls::TlsIdentity::self_made(&["localhost", "127.0.0.1"]).unwrap();
    let server = pop3_server::Server::builder().tls(identity).stls().account(USER, PASSWORD).start().await.unwrap();
    let options = Options { deadline: Some(Duration::from_secs(5)), ..at(server.plain_address().unwrap(), PASSWORD) };
    for outcome in ["ok", "alert"] {
        let steps = format!("- use: greeting\n- C: STLS\n- S: +OK\n- tls: {outcome}\n");
        let ran = run_it(&options, &catalogue("needs: {tls: stls}\n", &steps, &[])).await.unwrap();
        assert_verdict(&ran, Inconclusive, &steps);
        assert!(ran.only().reason.as_deref().unwrap().contains("certificate"), "{:?}", ran.only().reason);
    }
    server.stop().await;
}

#[tokio::test]
async fn levels() {
    let check = |level: &str, first, findings: usize| {
        (format!("- check: {{that: 1 == 2, level: {level}}}\n- check: {{that: 2 == 3, level: may}}\n"), first, findings)
    };
    for (steps, want, findings) in [check("must", Fail, 1), check("should", Warn, 2), check("may", Info, 2)] {
        let ran = on_reference("", &steps).await;
        assert_verdict(&ran, want, &steps);
        assert_eq!(ran.only().findings.len(), findings, "a must ends the scenario, and only a must: {steps}");
        assert_eq!(ran.only().findings[0].requirement, "r-1");
    }
    // A use of what a broken should did not capture is no finding of its own.
    let ran =
        on_reference("", "- use: greeting\n- C: STAT\n- S: {text: \"{n:uint}\", level: should}\n- check: n == 1\n");
    assert_verdict(&ran.await, Warn, "no capture");
}

#[tokio::test]
async fn alternatives() {
    let ok_or = |other: &str, verdict: &str| {
        format!(
            "- one_of:\n    - {{id: good, S: +OK, verdict: pass}}\n    - {{id: other, {other}, verdict: {verdict}}}\n"
        )
    };
    check_in_transaction(&[
        (&format!("- C: NOOP\n{}", ok_or("S: -ERR", "fail")), Pass),
        (&format!("- C: NOPE\n{}", ok_or("S: -ERR", "fail")), Fail),
        (&format!("- C: NOPE\n{}", ok_or("S: -ERR", "warn")), Warn),
        (&format!("- C: NOPE\n{}", ok_or("S: -ERR", "info")), Info),
        (&format!("- C: NOPE\n{}", ok_or("eof: {}", "warn")), Fail),
        (&format!("- close: half\n{}", ok_or("eof: {}", "warn")), Warn),
        (&ok_or("silent: 50ms", "info"), Info),
        (
            "- C: NOPE\n- one_of:\n    - {id: no, S: \"-ERR {w:word}\", verdict: pass, then: [{check: len(w) == 0}]}\n    - {id: yes, S: +OK, verdict: pass}\n",
            Fail,
        ),
    ])
    .await;
    let steps = "- use: greeting\n- C: STLS\n- S: +OK\n- one_of:\n    - {id: yes, tls: ok, verdict: info}\n    - {id: no, tls: closed, verdict: fail}\n";
    let ran = on_reference("needs: {tls: stls}\n", steps).await;
    assert_verdict(&ran, Info, steps);
    assert_eq!(ran.only().choices[0].id, "yes");
}

#[tokio::test]
async fn control_flow() {
    check_in_transaction(&[
        ("- use: {fragment: say, with: {word: NOOP}}\n", Pass),
        ("- use: {fragment: say, with: {word: NOPE}}\n", Fail),
        ("- foreach: {var: w, in: [NOOP, STAT], steps: [{C: \"${w}\"}, {S: +OK}]}\n", Pass),
        ("- foreach: {var: w, in: [NOOP, NOPE], steps: [{C: \"${w}\"}, {S: +OK}]}\n", Fail),
        ("- foreach: {var: n, in: {from: 1, to: 2}, steps: [{C: \"LIST ${n}\"}, {S: +OK}]}\n", Pass),
        ("- foreach: {var: n, in: {from: 1, to: 3}, steps: [{C: \"LIST ${n}\"}, {S: +OK}]}\n", Fail),
        ("- foreach: {var: n, in: {from: 3, to: 2}, steps: [{check: 1 == 2}]}\n", Pass),
        (
            "- C: LIST\n- S: {each: \"{n:uint}\", into: l}\n- foreach: {var: n, in: \"${l.n}\", steps: [{check: n < 2}]}\n",
            Fail,
        ),
        ("- when: {capa: TOP, steps: [{check: 1 == 2}]}\n", Fail),
        ("- when: {capa: X-NOPE, steps: [{check: 1 == 2}]}\n", Pass),
        ("- when: {not_capa: X-NOPE, steps: [{check: 1 == 2}]}\n", Fail),
        ("- when: {not_capa: TOP, steps: [{check: 1 == 2}]}\n", Pass),
        ("- when: {check: 1 == 1, steps: [{check: 1 == 2}]}\n", Fail),
        ("- when: {check: 1 == 2, steps: [{check: 1 == 2}]}\n", Pass),
        ("- retry: {within: 100ms, steps: [{check: 1 == 2}]}\n", Fail),
        ("- retry: {within: 100ms, steps: [{check: {that: 1 == 2, level: should}}]}\n", Warn),
    ])
    .await;
}

#[tokio::test]
async fn branches() {
    let both = |a: &str, b: &str| format!("- parallel:\n    a: [{a}]\n    b: [{b}]\n");
    let meet = "{use: greeting}, {barrier: met}";
    for (steps, want) in [
        (both(meet, meet), Pass),
        (both("{use: greeting}, {C: NOPE}, {S: +OK}", "{use: greeting}, {C: QUIT}, {S: +OK}"), Fail),
        // A broken should does not keep a branch from its barrier.
        (both("{open: {}}, {S: {text: never, level: should}}, {barrier: met}", meet), Warn),
    ] {
        assert_verdict(&on_reference("", &steps).await, want, &steps);
    }
    // Both branches end, also behind a broken must of the other.
    let steps = both("{check: 1 == 2}", "{use: greeting}, {check: 2 == 3}");
    assert_eq!(on_reference("", &steps).await.only().findings.len(), 2);
}

#[tokio::test]
async fn what_holds_in_one_branch_does_not_hold_in_another() {
    let with = "- parallel:\n    a: [{use: greeting}, {use: {fragment: meet, with: {word: A}}}]\n    b: [{use: greeting}, {use: {fragment: meet, with: {word: B}}}]\n";
    assert_verdict(&on_scripted(with, words).await, Pass, with);
    let each = |word: &str| {
        format!(
            "{{use: greeting}}, {{foreach: {{var: w, in: [{word}], steps: [{{barrier: met}}, {{C: \"X ${{w}}\"}}, {{S: \"+OK ${{w}}\"}}]}}}}"
        )
    };
    let steps = format!("- parallel:\n    a: [{}]\n    b: [{}]\n", each("A"), each("B"));
    assert_verdict(&on_scripted(&steps, words).await, Pass, &steps);
}

#[tokio::test]
async fn a_round_that_is_played_again_is_forgotten_and_nothing_else() {
    // The choice of the first round does not count.
    let steps = "- use: greeting\n- retry:\n    within: 10s\n    steps:\n      - C: XTRY\n      - one_of:\n          - {id: good, S: +OK, verdict: pass}\n          - {id: bad, S: -ERR, verdict: fail}\n";
    let ran = on_scripted(steps, words).await;
    assert_verdict(&ran, Pass, steps);
    assert_eq!(ran.only().choices.len(), 1);
    // A capture of the first round is gone in the second.
    let steps = "- use: greeting\n- retry:\n    within: 10s\n    steps:\n      - C: XTRY\n      - S: {status: any}\n      - C: X A\n      - S: \"+OK {w:word}\"\n      - C: XTRY\n      - S: +OK\n";
    assert_verdict(&on_scripted(steps, words).await, Pass, steps);
    // What the other branch finds and captures meanwhile stays.
    let steps = "- parallel:\n    a: [{use: greeting}, {retry: {within: 10s, steps: [{barrier: met}, {C: XTRY}, {S: +OK}]}}]\n    b: [{use: greeting}, {barrier: met}, {check: {that: 1 == 2, level: should}}, {C: X B}, {S: \"+OK {w:word}\"}, {barrier: met}]\n- check: len(w) == 1\n";
    let ran = on_scripted(steps, words).await;
    assert_verdict(&ran, Warn, steps);
    assert_eq!(ran.only().findings.len(), 1);
}

#[tokio::test]
async fn silence_and_the_noop_behind_it() {
    let script = |line: &str, _: usize| match line {
        "XIGNORE" => Do::Say(""),
        "XSTUCK" => Do::Hang,
        "XLATE" => Do::WithNext("+OK late\r\n"),
        "XHALF" => Do::Say("+OK ha"),
        "XCUT" => Do::Close("+OK cu"),
        _ => Do::Usual,
    };
    let check = async |command: &str, then: &str, want| {
        let steps = format!("- use: greeting\n- C: {command}\n{then}");
        assert_verdict(&on_scripted(&steps, script).await, want, &steps);
    };
    check("XIGNORE", "- S: +OK\n", Fail).await;
    check("XSTUCK", "- S: +OK\n", Inconclusive).await;
    check("XLATE", "- S: +OK\n", Inconclusive).await;
    check("XHALF", "- S: +OK\n", Inconclusive).await;
    check("XCUT", "- S: +OK\n", Fail).await;
    check("XCUT", "- eof: {}\n", Fail).await;
    check("QUIT", "- S: +OK\n- eof: {}\n", Pass).await;
    // A NOOP behind half a line would be its other half.
    check("NOOP", "- S: +OK\n- send: {raw: 'NOOP\\n'}\n- S: +OK\n", Inconclusive).await;
}

#[tokio::test]
async fn a_pause_between_logins_is_no_breach() {
    let script = |line: &str, _: usize| match line {
        "XSOON" => Do::Say("-ERR [LOGIN-DELAY] wait\r\n"),
        "XBUSY" => Do::Say("-ERR [IN-USE] busy\r\n"),
        _ => Do::Usual,
    };
    let check = async |command: &str, then: &str, want| {
        let steps = format!("- use: greeting\n- C: {command}\n{then}");
        assert_verdict(&on_scripted(&steps, script).await, want, &steps);
    };
    check("XSOON", "- S: +OK\n", Inconclusive).await;
    check("XSOON", "- S: -ERR\n", Pass).await;
    check("XBUSY", "- S: +OK\n", Fail).await;
}
