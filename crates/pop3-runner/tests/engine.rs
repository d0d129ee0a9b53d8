//! What each verb does, and what a run says, on small catalogues: against the
//! reference server, and against servers that do one thing wrong on purpose.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

mod choices;
mod citations;
mod exchanges;
mod logins;
mod openings;
mod rulings;
mod scripted;
mod segments;
mod verbs;

use std::time::Duration;

use pop3_runner::account::Account;
use pop3_runner::target::{AddressTarget, AddressTls, TargetSpec};
use pop3_runner::tls::Trust;
use pop3_runner::{Options, RunError, run};
use pop3_scenario::catalogue::Catalogue;
use pop3_scenario::event::{Event, ScenarioFinished};
use pop3_scenario::verdict::{Exit, Verdict};
use pop3_spec::registry::Registry;
use scripted::{Do, PASSWORD, USER, serve};

const FILES: [(&str, &str); 8] = [
    ("fragments/greeting.yaml", "- open: {}\n- S: +OK\n"),
    ("fragments/login.yaml", "- use: greeting\n- C: USER ${user}\n- S: +OK\n- C: PASS ${password}\n- S: +OK\n"),
    ("fragments/quit.yaml", "- C: QUIT\n- S: +OK\n- eof: {}\n"),
    ("fragments/control.yaml", "- use: login\n- C: QUIT\n- S: +OK\n"),
    ("fragments/say.yaml", "- C: ${word}\n- S: +OK\n"),
    ("fragments/meet.yaml", "- barrier: met\n- C: X ${word}\n- S: +OK ${word}\n"),
    ("mailboxes/plain.yaml", "- lines: [\"Subject: a\", \"\", hello, again]\n"),
    ("mailboxes/dots.yaml", "- lines: [\"Subject: dots\", \"\", \".\", \"..x\"]\n"),
];

/// The catalogue of one scenario, with other texts for some files.
fn catalogue(header: &str, steps: &str, instead: &[(&str, &str)]) -> Catalogue {
    let mut files: Vec<(String, String)> = Vec::new();
    for (path, text) in FILES {
        let text = instead.iter().find(|(other, _)| *other == path).map_or(text, |(_, text)| text);
        let text = match path.split_once('/') {
            Some(("fragments", _)) => format!("format: pop3-fragment/1\ntitle: T\nsteps:\n{text}"),
            _ => format!("format: pop3-fixture/1\ntitle: T\ncontent:\n{text}"),
        };
        files.push((path.to_owned(), text));
    }
    // What a maildrop holds that may hold anything.
    files.push(("mailboxes/two-lines.yaml".to_owned(), files.last().unwrap().1.clone()));
    let text = format!("format: pop3-scenario/1\nid: t/case\ntitle: T\nrequirements: [r-1]\n{header}steps:\n{steps}");
    files.push(("t/case.yaml".to_owned(), text));
    let (catalogue, diagnostics) = Catalogue::load(files, None);
    let errors: String = diagnostics.iter().filter(|d| d.is_error()).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors}");
    catalogue
}

struct Ran {
    results: Vec<ScenarioFinished>,
    events: Vec<Event>,
    exit: Exit,
}

impl Ran {
    /// The one result.
    fn only(&self) -> &ScenarioFinished {
        let [only] = self.results.as_slice() else { panic!("{} results", self.results.len()) };
        only
    }

    fn log(&self) -> String {
        self.events.iter().map(|event| serde_json::to_string(event).unwrap() + "\n").collect()
    }
}

async fn run_it(options: &Options, catalogue: &Catalogue) -> Result<Ran, RunError> {
    let mut events = Vec::new();
    let exit = run(options, catalogue, &Registry::default(), &mut |event| events.push(event)).await?;
    let results = events.iter().filter_map(|event| match event {
        Event::ScenarioFinished(result) => Some((**result).clone()),
        _ => None,
    });
    Ok(Ran { results: results.collect(), events, exit })
}

async fn on_reference(header: &str, steps: &str) -> Ran {
    let options = Options { seed: Some(1), ..Options::embedded() };
    run_it(&options, &catalogue(header, steps, &[])).await.unwrap()
}

/// Options for a scripted server at this address.
fn at(address: std::net::SocketAddr, password: &str) -> Options {
    Options {
        target: TargetSpec::Address(AddressTarget {
            host: address.to_string(),
            address,
            tls: AddressTls::Plain,
            account: Account::new(USER, password),
            trust: Trust::WebPki,
            options: String::new(),
        }),
        deadline: Some(Duration::from_millis(700)),
        allow_delete: true,
        ..Options::embedded()
    }
}

async fn on_scripted(steps: &str, script: impl Fn(&str, usize) -> Do + Send + Sync + 'static) -> Ran {
    run_it(&at(serve(script), PASSWORD), &catalogue("", steps, &[])).await.unwrap()
}

#[track_caller]
fn assert_verdict(ran: &Ran, want: Verdict, what: &str) {
    let result = ran.only();
    assert_eq!(result.verdict, want, "{what}\n{:#?}\n{:#?}", result.findings, result.reason);
}

/// Plays each piece behind a login with two messages.
async fn check_in_transaction(cases: &[(&str, Verdict)]) {
    for (steps, want) in cases {
        let ran = on_reference("mailbox: [plain, dots]\n", &format!("- use: login\n{steps}")).await;
        assert_verdict(&ran, *want, steps);
    }
}

use Verdict::{Error, Fail, Inconclusive, Info, Pass, Skipped, Unsupported, Warn};

/// `X WORD` is answered with the word, `XTRY` is refused the first time.
fn words(line: &str, nth: usize) -> Do {
    match line {
        "X A" => Do::Say("+OK A\r\n"),
        "X B" => Do::Say("+OK B\r\n"),
        "XTRY" if nth == 0 => Do::Say("-ERR\r\n"),
        _ => Do::Usual,
    }
}

#[tokio::test]
async fn mail_of_each_round() {
    let delete = "- use: login\n- C: DELE 1\n- S: +OK\n- use: quit\n";
    let ran = on_reference("mailbox: [plain]\ndestructive: true\nrepeat: 3\n", delete).await;
    assert_verdict(&ran, Pass, "each round finds its message");
    let Some(Event::InvariantFinished(watched)) =
        ran.events.iter().find(|event| matches!(event, Event::InvariantFinished(_)))
    else {
        panic!("no always-on check")
    };
    assert_eq!(watched.connections, 3, "every round is watched");
    let again =
        "- use: login\n- C: STAT\n- S: +OK 1\n- use: quit\n- hook: deliver\n- use: login\n- C: STAT\n- S: +OK 2\n";
    assert_verdict(&on_reference("mailbox: [plain]\nneeds: {hook: [deliver]}\nrepeat: 2\n", again).await, Pass, again);
}

#[tokio::test]
async fn the_gravest_round_counts() {
    let script = |line: &str, nth: usize| if line == "XTRY" && nth == 1 { Do::Say("-ERR\r\n") } else { Do::Usual };
    let steps = "- use: greeting\n- C: XTRY\n- S: {status: +OK, level: may}\n";
    let ran = run_it(&at(serve(script), PASSWORD), &catalogue("repeat: 3\n", steps, &[])).await.unwrap();
    assert_verdict(&ran, Info, steps);
}

#[tokio::test]
async fn variants() {
    let ran = on_reference("axes: {chunking: [whole, bytewise, split-crlf]}\n", "- use: login\n- use: quit\n").await;
    let mut ids: Vec<&str> = ran.results.iter().map(|result| result.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["t/case[chunking=bytewise]", "t/case[chunking=split-crlf]", "t/case[chunking=whole]"]);
    assert!(ran.results.iter().all(|result| result.verdict == Pass), "{:?}", ran.results);
    assert_eq!(ran.exit, Exit::Clean);
}

#[tokio::test]
async fn exit_codes_and_reasons() {
    let quiet = "- use: login\n- use: quit\n";
    let check = async |header: &str, steps: &str, verdict, reason: &str, exit| {
        let ran = on_reference(header, steps).await;
        assert_verdict(&ran, verdict, header);
        assert!(ran.only().reason.as_deref().unwrap_or_default().contains(reason), "{:?}", ran.only().reason);
        assert_eq!(ran.exit, exit, "{header}");
    };
    check("", quiet, Pass, "", Exit::Clean).await;
    check("", "- use: login\n- C: NOPE\n- S: +OK\n", Fail, "", Exit::Failed).await;
    check("needs: {capa: [X-NOPE]}\n", quiet, Unsupported, "claims X-NOPE", Exit::NothingSelected).await;
    let kill = "needs: {hook: [kill]}\n";
    check(kill, quiet, Pass, "", Exit::Clean).await;
    // Nobody said how to end a server that runs already.
    let ran = run_it(&at(serve(words), PASSWORD), &catalogue(kill, quiet, &[])).await.unwrap();
    assert_verdict(&ran, Skipped, kill);
    assert_eq!(ran.only().reason.as_deref(), Some("the target offers no hook `kill`"));
    assert_eq!(ran.exit, Exit::NothingSelected);

    // Nobody at the address.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = run_it(&at(nobody, PASSWORD), &catalogue("", quiet, &[])).await.err().unwrap();
    assert_eq!(error.exit(), Exit::Target, "{error}");
    // A selection of nothing.
    let error = run_it(&Options::embedded(), &catalogue("tier: slow\nbudget: 1m\n", quiet, &[])).await.err().unwrap();
    assert_eq!(error.exit(), Exit::NothingSelected, "{error}");
    // A factor that no time can be multiplied with.
    let options = Options { time_scale: f64::NAN, ..Options::embedded() };
    let error = run_it(&options, &catalogue("", quiet, &[])).await.err().unwrap();
    assert_eq!(error.exit(), Exit::Usage, "{error}");
    // A control that fails: a refusal shows nothing.
    let broken = [("fragments/control.yaml", "- use: login\n- C: NOPE\n- S: +OK\n")];
    let refused = "- use: greeting\n- C: NOPE\n- S: -ERR\n";
    let options = Options { deadline: Some(Duration::from_millis(300)), ..Options::embedded() };
    let ran = run_it(&options, &catalogue("", refused, &broken)).await.unwrap();
    assert_verdict(&ran, Error, "control");
    assert_eq!(ran.exit, Exit::Internal);
    assert_verdict(&on_reference("", refused).await, Pass, "with a control that passes");
}

#[tokio::test]
async fn mail_that_is_somebodys() {
    let quiet = "- use: login\n- use: quit\n";
    let delete = "- use: login\n- C: DELE 1\n- S: +OK\n";
    for (header, steps, want) in
        [("mailbox: []\n", quiet, Skipped), ("destructive: true\n", delete, Skipped), ("", quiet, Pass)]
    {
        let options = Options { allow_delete: false, ..at(serve(words), PASSWORD) };
        let ran = run_it(&options, &catalogue(header, steps, &[])).await.unwrap();
        assert_verdict(&ran, want, steps);
    }
}

#[tokio::test]
async fn claims() {
    let options = Options { claims: vec!["x-nope".to_owned()], ..Options::embedded() };
    let steps = "- use: login\n- when: {not_capa: X-NOPE, steps: [{check: 1 == 2}]}\n";
    let ran = run_it(&options, &catalogue("needs: {capa: [X-NOPE]}\n", steps, &[])).await.unwrap();
    let verdicts: Vec<_> = ran.results.iter().map(|result| (result.id.as_str(), result.verdict)).collect();
    assert_eq!(verdicts, [("target/claimed-profile", Fail), ("t/case", Pass)]);
    assert_eq!(ran.exit, Exit::Failed);
}

#[tokio::test]
async fn the_password_is_in_no_event_and_events_come_back_from_their_json() {
    // This server repeats what it is sent.
    let steps = "- use: login\n- C: NOPE ${password}\n- S: +OK\n";
    let echo = |line: &str, _: usize| if line.starts_with("NOPE") { Do::Echo } else { Do::Usual };
    let ran = on_scripted(steps, echo).await;
    assert_verdict(&ran, Fail, steps);
    let log = ran.log();
    assert!(log.contains("-ERR no NOPE ********"), "{log}");
    assert!(!log.contains(PASSWORD), "{log}");
    for line in log.lines() {
        let event: Event = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
    }
}
