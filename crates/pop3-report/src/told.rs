//! What every report for people tells of a run, whatever it looks like.

use std::collections::BTreeMap;

use pop3_scenario::delivery::Delivery;
use pop3_scenario::event::{Choice, ChosenRuling, CitedRequirement, InvariantFinished, ScenarioFinished};
use pop3_scenario::verdict::Verdict;

use crate::log::Run;
use crate::visible::visible;

/// A legal choice that the target took.
pub(crate) struct Recorded<'a> {
    /// The result or the check that shows it.
    pub(crate) id: &'a str,
    /// The line in the scenario.
    pub(crate) line: Option<u32>,
    pub(crate) words: String,
    /// The ruling that it rests on.
    pub(crate) ruling: Option<&'a str>,
}

impl Recorded<'_> {
    /// The kind of what shows it: `s` for a result, `c` for a check.
    pub(crate) fn kind(&self) -> char {
        if self.line.is_some() { 's' } else { 'c' }
    }

    /// `rfc1939/dele/twice line 18`.
    pub(crate) fn place(&self) -> String {
        self.line.map_or_else(|| self.id.to_owned(), |line| format!("{} line {line}", self.id))
    }
}

/// The legal choices that the target took, in the order of the ids.
pub(crate) fn recorded(run: &Run) -> Vec<Recorded<'_>> {
    let mut all = Vec::new();
    for result in &run.results {
        for choice in result.choices.iter().filter(|choice| choice.verdict == Verdict::Info) {
            all.push(Recorded {
                id: &result.id,
                line: Some(choice.line),
                words: choice_words(choice),
                ruling: choice.ruling.as_deref(),
            });
        }
        let findings = result.findings.iter().filter(|finding| finding.verdict == Verdict::Info);
        for finding in findings.filter(|_| result.verdict == Verdict::Info) {
            all.push(Recorded {
                id: &result.id,
                line: Some(finding.place.line),
                words: finding.summary.clone(),
                ruling: finding.ruling.as_deref(),
            });
        }
    }
    for check in run.invariants.iter().filter(|check| check.verdict == Verdict::Info) {
        let words = format!("{} ({})", check.title, count(check.breaches, "time", "times"));
        all.push(Recorded { id: &check.id, line: None, words, ruling: None });
    }
    all
}

/// `refused: the second DELE is refused`.
pub(crate) fn choice_words(choice: &Choice) -> String {
    match &choice.note {
        Some(note) => format!("{}: {note}", choice.id),
        None => choice.id.clone(),
    }
}

/// How the heading of the choices goes on: they are legal.
pub(crate) fn legal(run: &Run, choices: &[Recorded<'_>]) -> &'static str {
    let otherwise = choices.iter().any(|each| each.ruling.is_some_and(|ruling| chosen(run, ruling).is_some()));
    if otherwise { "all of them legal as this run reads the texts" } else { "all of them legal" }
}

/// Choices that need attention and that no finding of the result tells already: a
/// graded alternative is a finding too, which tells the same and more.
pub(crate) fn untold_choices(result: &ScenarioFinished) -> impl Iterator<Item = &Choice> {
    let told = |choice: &Choice| {
        result.findings.iter().any(|finding| finding.verdict == choice.verdict && finding.ruling == choice.ruling)
    };
    result.choices.iter().filter(move |choice| choice.verdict.needs_attention() && !told(choice))
}

/// How many results were not run, by verdict and reason.
pub(crate) fn not_run(run: &Run) -> BTreeMap<(Verdict, &str), usize> {
    let mut reasons: BTreeMap<(Verdict, &str), usize> = BTreeMap::new();
    for result in &run.results {
        if matches!(result.verdict, Verdict::Skipped | Verdict::Unsupported) {
            *reasons.entry((result.verdict, why_not(result))).or_default() += 1;
        }
    }
    reasons
}

/// Why a result says nothing of the target: its reason, or the note of the alternative
/// that left it so.
pub(crate) fn why_not(result: &ScenarioFinished) -> &str {
    let of_choice = || result.choices.iter().find(|choice| choice.verdict == result.verdict)?.note.as_deref();
    result.reason.as_deref().or_else(of_choice).unwrap_or("no reason given")
}

/// What the user chose for a ruling, if not its default.
pub(crate) fn chosen<'a>(run: &'a Run, ruling: &str) -> Option<&'a ChosenRuling> {
    run.started.rulings.iter().find(|chosen| chosen.id == ruling)
}

/// `ruling a-11`, and how it is read if not by its default.
pub(crate) fn ruling_words(run: &Run, ruling: &str) -> String {
    match chosen(run, ruling) {
        Some(chosen) => format!("ruling {ruling}, read as `{}` by choice of the user", chosen.chosen),
        None => format!("ruling {ruling}"),
    }
}

/// What a ruling did to a finding, with the command that explains it.
pub(crate) fn decided(run: &Run, ruling: &str) -> String {
    // Quoted as in `repeat`: a forged log must not smuggle in a command.
    let explain = shlex::try_join(["pop3spec", "explain", &visible(ruling)]).unwrap_or_default();
    match chosen(run, ruling) {
        Some(chosen) => {
            let (chosen, default) = (chosen.chosen, chosen.default);
            format!("{ruling} is read as `{chosen}` by choice of the user, not as `{default}` ({explain})")
        }
        None => format!("{ruling} decided this reading ({explain})"),
    }
}

/// The requirement as the log explains it.
pub(crate) fn cited<'a>(run: &'a Run, id: &str) -> Option<&'a CitedRequirement> {
    run.started.requirements.iter().find(|requirement| requirement.id == id)
}

/// The requirements that the breaches of a check break: the one it rests on, or others.
pub(crate) fn broken_by(check: &InvariantFinished) -> &[String] {
    if check.broken.is_empty() { std::slice::from_ref(&check.requirement) } else { &check.broken }
}

/// `broken 7 times in 31 connections watched`.
pub(crate) fn breaches(check: &InvariantFinished) -> String {
    let times = count(check.breaches, "time", "times");
    format!("broken {times} in {} watched", count(check.connections, "connection", "connections"))
}

/// The command that runs just one scenario against the same target.
pub(crate) struct Repeat {
    /// The command, visible, and quoted for a shell.
    pub(crate) command: String,
    /// What is missing in it, if something is.
    pub(crate) lacks: Option<&'static str>,
}

/// How to run just one scenario against the same target.
pub(crate) fn repeat(run: &Run, scenario: &str) -> Repeat {
    let mut words: Vec<String> = ["pop3spec", "run", "--only", scenario].map(str::to_owned).into();
    // Taken apart and quoted again: a forged log must not smuggle in a second command.
    let options = shlex::split(&run.started.target_options);
    let lacks = "(add the options that select the target: the log has them with an open quote)";
    let lacks = options.is_none().then_some(lacks);
    words.extend(options.unwrap_or_default());
    if run.started.delivery != Delivery::default() {
        words.extend(["--delivery", run.started.delivery.as_str()].map(str::to_owned));
    }
    for ruling in &run.started.rulings {
        words.extend(["--ruling".to_owned(), format!("{}={}", ruling.id, ruling.chosen)]);
    }
    let words: Vec<String> = words.iter().map(|word| visible(word)).collect();
    Repeat { command: shlex::try_join(words.iter().map(String::as_str)).unwrap_or_default(), lacks }
}

/// Why the results are not all, if they are not.
pub(crate) fn broken_off(run: &Run) -> Option<String> {
    if run.is_complete() {
        return None;
    }
    Some(match run.finished.as_ref().and_then(|footer| footer.aborted.as_deref()) {
        Some(reason) => format!("The run ended early: {reason}"),
        None => "The log has no footer: the run was killed, has crashed, or is not over yet.".to_owned(),
    })
}

/// A reason, and what the server said by itself, which stands in the lines behind it.
pub(crate) fn with_last_words(reason: &str) -> (&str, Vec<&str>) {
    let (why, said) = reason.split_once('\n').unwrap_or((reason, ""));
    (why, said.lines().map(str::trim_start).collect())
}

/// `dovecot 2.3.19.1`, or only the name.
pub(crate) fn target(run: &Run) -> String {
    let started = &run.started;
    started.target_version.as_ref().map_or_else(|| started.target.clone(), |v| format!("{} {v}", started.target))
}

/// A number and its noun.
pub(crate) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// `61 ms`, `0.9 s` or `2 min 5 s`.
pub(crate) fn duration(ms: u64) -> String {
    match ms / 1000 {
        0 if ms < 100 => format!("{ms} ms"),
        seconds @ 0..60 => format!("{seconds}.{} s", ms % 1000 / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
