//! What a choice between the options of a ruling does to a run.

use std::time::Duration;

use pop3_runner::Options;
use pop3_scenario::event::{ChosenRuling, Event};
use pop3_scenario::verdict::Verdict::{self, Error, Fail, Inconclusive, Info, Pass, Unsupported, Warn};
use pop3_spec::ruling::{Chosen, Reading, Rulings};

use crate::scripted::{Do, PASSWORD, serve};
use crate::{Ran, assert_verdict, at, catalogue, run_it};

const RULINGS: &str = "format: pop3-rulings/1\nrulings:\n\
    - {id: a-90, question: q, options: [graded, fail, warn, info, pass], texts: t, default: graded, why: w, effect: e,\n   \
       checks: [always/printable]}\n\
    - {id: a-91, question: q, options: [warn, info], texts: t, default: warn, why: w, effect: e}\n";

fn options(choices: &[&str]) -> Options {
    let rulings = Rulings::load("rulings.yaml", RULINGS).unwrap();
    let rulings = Chosen::parse(&rulings, choices.iter().copied()).unwrap();
    Options { seed: Some(1), rulings, ..Options::embedded() }
}

async fn play(choices: &[&str], steps: &str) -> Ran {
    let steps = format!("- use: greeting\n{steps}");
    run_it(&options(choices), &catalogue("", &steps, &[])).await.unwrap()
}

/// An unknown command, whose refusal has this grade, and what goes on behind it.
fn refused(grade: &str, then: &str) -> String {
    let then = if then.is_empty() { String::new() } else { format!(", then: [{then}]") };
    format!(
        "- C: NOPE\n- one_of:\n    - {{id: taken, S: +OK, verdict: pass}}\n    \
         - {{id: refused, S: -ERR, {grade}, note: refused{then}}}\n"
    )
}

#[tokio::test]
async fn an_option_replaces_grades_and_leaves_the_rest() {
    let readings: [(&str, Option<Verdict>); 5] = [
        ("a-90=fail", Some(Fail)),
        ("a-90=warn", Some(Warn)),
        ("a-90=info", Some(Info)),
        ("a-90=pass", Some(Pass)),
        ("a-90=graded", None),
    ];
    for (choice, chosen) in readings {
        for written in [Pass, Info, Unsupported, Warn, Inconclusive, Fail] {
            let graded = matches!(written, Info | Warn | Fail);
            let want = chosen.filter(|_| graded).unwrap_or(written);
            let ran = play(&[choice], &refused(&format!("verdict: {written}, ruling: a-90"), "")).await;
            assert_verdict(&ran, want, &format!("{written} with {choice}"));
            let choices: Vec<Verdict> = ran.only().choices.iter().map(|choice| choice.verdict).collect();
            assert_eq!(choices, [want], "{written} with {choice}");
        }
        for (level, written) in [("must", Fail), ("should", Warn), ("may", Info)] {
            let steps = format!("- check: {{that: 1 == 2, level: {level}, ruling: a-90}}\n");
            let ran = play(&[choice], &steps).await;
            assert_verdict(&ran, chosen.unwrap_or(written), &format!("{level} with {choice}"));
            assert_verdict(&play(&[choice], &steps.replace("1 == 2", "1 == 1")).await, Pass, level);
        }
    }
    // Another ruling, and none, are not reached.
    for grade in ["verdict: warn, ruling: a-91", "verdict: warn"] {
        assert_verdict(&play(&["a-90=fail"], &refused(grade, "")).await, Warn, grade);
    }
}

#[tokio::test]
async fn the_dialogue_goes_on_as_if_the_file_said_so() {
    let behind = "{check: {that: 1 == 2, level: may}}";
    let check = async |choices: &[&str], grade: &str, want: Verdict, findings: usize| {
        let ran = play(choices, &refused(&format!("{grade}, ruling: a-90"), behind)).await;
        assert_verdict(&ran, want, grade);
        assert_eq!(ran.only().findings.len(), findings, "{grade} with {choices:?}: {:#?}", ran.only().findings);
    };
    check(&[], "verdict: fail", Fail, 1).await;
    check(&["a-90=info"], "verdict: fail", Info, 1).await;
    check(&[], "verdict: warn", Warn, 2).await;
    check(&["a-90=fail"], "verdict: warn", Fail, 1).await;
    check(&["a-90=fail"], "verdict: info", Fail, 1).await;
    check(&["a-90=pass"], "verdict: warn", Info, 1).await;
}

#[tokio::test]
async fn what_was_chosen_shows_in_findings_and_header() {
    let ran = play(&["a-90=fail", "a-91=warn"], &refused("verdict: info, ruling: a-90", "")).await;
    let finding = &ran.only().findings[0];
    assert_eq!((finding.verdict, finding.level.as_str(), finding.ruling.as_deref()), (Fail, "must", Some("a-90")));
    let Some(Event::RunStarted(header)) = ran.events.first() else { panic!("{:?}", ran.events.first()) };
    let want = ChosenRuling { id: "a-90".to_owned(), chosen: Reading::Fail, default: Reading::Graded };
    assert_eq!(header.rulings, [want]);
    let ran = play(&[], &refused("verdict: info, ruling: a-90", "")).await;
    assert!(!ran.log().contains("\"rulings\""), "{}", ran.log());
}

/// A capture that only a good answer makes: what needs it later is not to blame.
#[tokio::test]
async fn a_grade_that_was_lowered_explains_a_missing_capture() {
    let steps = "- C: NOPE\n- one_of:\n    - {id: taken, S: \"+OK {w:word}\", verdict: pass}\n    \
        - {id: refused, S: -ERR, verdict: warn, ruling: a-90}\n- check: len(w) == 3\n";
    assert_verdict(&play(&[], steps).await, Warn, "as written");
    assert_verdict(&play(&["a-90=info"], steps).await, Info, "lowered");
    assert_verdict(&play(&["a-90=info"], &steps.replace("a-90", "a-91")).await, Warn, "another ruling");
    let unexplained = steps.replace("verdict: warn", "verdict: info").replace("a-90", "a-91");
    assert_verdict(&play(&["a-90=info"], &unexplained).await, Error, "the scenario's own fault");
}

/// A refusal that counts no more proves something only on a server that works.
#[tokio::test]
async fn a_lowered_refusal_needs_the_control() {
    // Nobody can log in here, but for the first look.
    let script = |line: &str, before: usize| match line {
        line if line.starts_with("PASS") && before > 0 => Do::Say("-ERR\r\n"),
        "NOPE" => Do::Say("-ERR\r\n"),
        _ => Do::Usual,
    };
    let steps = format!("- use: greeting\n{}", refused("verdict: warn, ruling: a-90", ""));
    for (choices, want) in [(&["a-90=graded"], Warn), (&["a-90=info"], Error)] {
        let options = Options {
            rulings: options(choices).rulings,
            deadline: Some(Duration::from_millis(300)),
            ..at(serve(script), PASSWORD)
        };
        let ran = run_it(&options, &catalogue("", &steps, &[])).await.unwrap();
        assert_verdict(&ran, want, choices[0]);
    }
}

#[tokio::test]
async fn an_option_reaches_the_always_on_checks_of_its_ruling() {
    let check = async |choices: &[&str], want: Verdict| {
        let script = |line: &str, _: usize| if line == "NOPE" { Do::Say("-ERR \x01\r\n") } else { Do::Usual };
        let options = Options { rulings: options(choices).rulings, ..at(serve(script), PASSWORD) };
        let steps = "- use: greeting\n- C: NOPE\n- S: any\n";
        let ran = run_it(&options, &catalogue("", steps, &[])).await.unwrap();
        let verdicts = ran.events.iter().filter_map(|event| match event {
            Event::InvariantFinished(result) if result.verdict != Pass => Some((result.id.as_str(), result.verdict)),
            _ => None,
        });
        let got: Vec<_> = verdicts.collect();
        let want: Vec<_> = [("always/printable", want)].into_iter().filter(|(_, verdict)| *verdict != Pass).collect();
        assert_eq!(got, want, "{choices:?}");
    };
    check(&[], Warn).await;
    check(&["a-91=info"], Warn).await;
    check(&["a-90=fail"], Fail).await;
    check(&["a-90=info"], Info).await;
    check(&["a-90=pass"], Pass).await;
}
