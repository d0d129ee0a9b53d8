//! Always-on checks: what must hold in every dialogue, whatever it was about.
//!
//! One invariant is one file; [`ALL`] is the registry from which help, reports
//! and counts are made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use pop3_proto::client::{Answers, Limits, ObservedReply};
use pop3_proto::deviation::Deviation;
use pop3_proto::state::State;

use crate::dialogue::{Dialogue, Layer, Turn, command_of};
use crate::model::{Rule, contradictions};
use crate::requirement::Strength;
use crate::session::{Session, Watched, capabilities};
use crate::transcript::History;

mod always_positive;
mod announced_works;
mod answered_before_close;
mod apop_timestamp;
mod argument_too_many;
mod auth_code_announced;
mod auth_exchange;
mod byte_stuffing;
mod capa_everywhere;
mod capabilities_kept;
mod capabilities_repeat;
mod capability_arguments;
mod capability_arguments_kept;
mod capability_line;
mod capability_line_length;
mod capability_once;
mod challenge_form;
mod clear_text_behind_stls;
mod clear_text_forgotten;
mod close_after_quit;
mod crlf;
mod first_line_length;
mod lang_form;
mod listing_complete;
mod listing_form;
mod login_capabilities_kept;
mod multi_line_termination;
mod nothing_lost;
mod number_bad;
mod number_good;
mod numbers_stable;
mod one_reply_per_command;
mod pass_behind_user;
mod printable;
mod quit_before_login;
mod removed_is_gone;
mod response_code_form;
mod response_code_places;
mod response_codes_announced;
mod retr_octets_equal_list;
mod retr_repeats;
mod silence_after_quit;
mod stat_equals_list;
mod stat_follows_marks;
mod status_indicator;
mod status_upper_case;
mod stls_listed_under_tls;
mod syntax_refused;
mod timestamp_unique;
mod top_agrees;
mod unique_id_distinct;
mod unique_id_form;
mod unique_id_persists;
mod unknown_command;
mod wrong_state;

/// An always-on check.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Its id, such as `always/crlf`; never reused.
    pub id: &'static str,
    /// What it watches, in one sentence.
    pub title: &'static str,
    /// The requirements it rests on; the first is the main one.
    pub requirements: &'static [&'static str],
    /// How strongly it binds.
    pub binding: Strength,
    /// The ruling that decides the reading, where the text is open.
    pub ruling: Option<&'static str>,
    watch: Watch,
}

/// What a check looks at.
#[derive(Clone, Copy)]
enum Watch {
    /// Each connection by itself.
    Each(fn(&Dialogue) -> Vec<Breach>),
    /// The same, with what came under TLS behind lines that were sent ahead of it.
    Injected(fn(&Dialogue) -> Vec<Breach>),
    /// All connections together.
    All(fn(&Watched) -> Vec<Breach>),
}

impl Invariant {
    /// The main requirement it rests on.
    #[must_use]
    pub fn requirement(&self) -> &'static str {
        self.requirements.first().copied().unwrap_or_default()
    }
}

impl fmt::Debug for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// One place where an invariant does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which connection of the history.
    pub connection: usize,
    /// The requirement broken.
    pub requirement: &'static str,
    /// The line answered; empty for the greeting.
    pub command: Vec<u8>,
    /// Offset in the server's octets of the connection, from 0.
    pub octet: u64,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub actual: Vec<u8>,
}

impl Breach {
    fn new(reply: &ObservedReply, octet: u64, expected: impl Into<String>, actual: &[u8]) -> Self {
        Self {
            connection: 0,
            requirement: "",
            command: match &reply.answers {
                // A response may be a password, in base64.
                Answers::ExchangeLine(line) if line != b"*" => b"(response)".to_vec(),
                _ => command_of(reply).to_vec(),
            },
            octet,
            expected: expected.into(),
            actual: actual.to_vec(),
        }
    }

    /// The breach as one of this requirement, instead of the main one.
    fn citing(self, requirement: &'static str) -> Self {
        Self { requirement, ..self }
    }

    /// The breach as one on this connection, for checks of several.
    fn on(self, connection: usize) -> Self {
        Self { connection, ..self }
    }
}

/// All invariants, in order of id.
pub const ALL: &[Invariant] = &[
    always_positive::INVARIANT,
    announced_works::INVARIANT,
    answered_before_close::INVARIANT,
    apop_timestamp::INVARIANT,
    argument_too_many::INVARIANT,
    auth_code_announced::INVARIANT,
    auth_exchange::INVARIANT,
    byte_stuffing::INVARIANT,
    capa_everywhere::INVARIANT,
    capabilities_kept::INVARIANT,
    capabilities_repeat::INVARIANT,
    capability_arguments::INVARIANT,
    capability_arguments_kept::INVARIANT,
    capability_line::INVARIANT,
    capability_line_length::INVARIANT,
    capability_once::INVARIANT,
    challenge_form::INVARIANT,
    clear_text_behind_stls::INVARIANT,
    clear_text_forgotten::INVARIANT,
    close_after_quit::INVARIANT,
    crlf::INVARIANT,
    first_line_length::INVARIANT,
    lang_form::INVARIANT,
    listing_complete::INVARIANT,
    listing_form::INVARIANT,
    login_capabilities_kept::INVARIANT,
    multi_line_termination::INVARIANT,
    nothing_lost::INVARIANT,
    number_bad::INVARIANT,
    number_good::INVARIANT,
    numbers_stable::INVARIANT,
    one_reply_per_command::INVARIANT,
    pass_behind_user::INVARIANT,
    printable::INVARIANT,
    quit_before_login::INVARIANT,
    removed_is_gone::INVARIANT,
    response_code_form::INVARIANT,
    response_code_places::INVARIANT,
    response_codes_announced::INVARIANT,
    retr_octets_equal_list::INVARIANT,
    retr_repeats::INVARIANT,
    silence_after_quit::INVARIANT,
    stat_equals_list::INVARIANT,
    stat_follows_marks::INVARIANT,
    status_indicator::INVARIANT,
    status_upper_case::INVARIANT,
    stls_listed_under_tls::INVARIANT,
    syntax_refused::INVARIANT,
    timestamp_unique::INVARIANT,
    top_agrees::INVARIANT,
    unique_id_distinct::INVARIANT,
    unique_id_form::INVARIANT,
    unique_id_persists::INVARIANT,
    unknown_command::INVARIANT,
    wrong_state::INVARIANT,
];

/// Holds a history against every invariant; the breaches with their invariants.
#[must_use]
pub fn check(history: &History, limits: Limits) -> Vec<(&'static Invariant, Breach)> {
    let watched = Watched::read(history, limits);
    let sure = watched.sure(history, limits);
    let sure = sure.as_ref().unwrap_or(&watched);
    let each = |watched: &Watched, watch: fn(&Dialogue) -> Vec<Breach>| {
        let each = watched.dialogues.iter().enumerate();
        each.flat_map(|(at, dialogue)| watch(dialogue).into_iter().map(move |breach| breach.on(at))).collect()
    };
    let mut breaches = Vec::new();
    for invariant in ALL {
        let found: Vec<Breach> = match invariant.watch {
            Watch::All(watch) => watch(sure),
            Watch::Each(watch) => each(sure, watch),
            Watch::Injected(watch) => each(&watched, watch),
        };
        breaches.extend(found.into_iter().map(|breach| {
            let requirement = if breach.requirement.is_empty() { invariant.requirement() } else { breach.requirement };
            (invariant, Breach { requirement, ..breach })
        }));
    }
    breaches
}

/// Breaches that the observing reader has already noted.
fn noted(dialogue: &Dialogue, deviations: &[Deviation], expected: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for reply in &dialogue.replies {
        for seen in reply.deviations.iter().filter(|seen| deviations.contains(&seen.deviation)) {
            breaches.push(Breach::new(reply, seen.at, expected, &reply.line));
        }
    }
    breaches
}

/// Breaches of the naive model that are about `rule`.
fn contradicted(dialogue: &Dialogue, rule: Rule) -> Vec<Breach> {
    let found = contradictions(dialogue).into_iter().filter(|found| found.rule == rule);
    let breaches = found.filter_map(|found| {
        let turn = dialogue.replies.get(found.turn)?;
        let mut actual = turn.line.clone();
        if let Some(body) = &turn.body {
            actual.extend_from_slice(b"\r\n");
            actual.extend_from_slice(body);
        }
        Some(Breach::new(turn, turn.octets.start, found.expected, &actual).citing(found.requirement))
    });
    breaches.collect()
}

/// A capability list by tag, upper case.
type Tags = BTreeMap<String, BTreeSet<String>>;

/// Each capability list behind login, with the last one before it on the same layer.
fn lists_around_login(dialogue: &Dialogue) -> Vec<(&Turn, Tags, Tags)> {
    let mut before: Option<(Layer, &Turn)> = None;
    let mut pairs = Vec::new();
    for turn in &dialogue.replies {
        match (capabilities(turn), before) {
            (Some(_), _) if turn.state != State::Transaction => before = Some((turn.layer, turn)),
            (Some(behind), Some((layer, list))) if layer == turn.layer => {
                pairs.push((turn, tags(&capabilities(list).unwrap_or_default()), tags(&behind)));
            }
            _ => {}
        }
    }
    pairs
}

fn tags(lines: &[&[u8]]) -> Tags {
    let mut tags = Tags::new();
    for line in lines {
        let upper = String::from_utf8_lossy(line).to_ascii_uppercase();
        let mut words = upper.split(' ').map(str::to_owned);
        tags.insert(words.next().unwrap_or_default(), words.collect());
    }
    tags
}

/// Capabilities that `counts` and that are missing behind login.
fn gone(dialogue: &Dialogue, counts: fn(&str) -> bool) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (turn, before, behind) in lists_around_login(dialogue) {
        let missing: Vec<&str> =
            before.keys().filter(|tag| !behind.contains_key(*tag) && counts(tag)).map(String::as_str).collect();
        if !missing.is_empty() {
            let expected = format!("{} too, as before login", missing.join(", "));
            breaches.push(Breach::new(turn, turn.octets.start, expected, turn.body.as_deref().unwrap_or_default()));
        }
    }
    breaches
}

/// Pairs of sessions of one maildrop, of which the second logged in when the first
/// was in already.
fn in_succession(watched: &Watched) -> Vec<(&Session, &Session)> {
    let all = || watched.sessions.iter();
    let pairs = all().flat_map(|one| all().map(move |later| (one, later)));
    pairs.filter(|(one, later)| one.opened < later.began && watched.same_maildrop(one, later)).collect()
}

/// The unique-ids of messages that may be gone when `later` begins, which `one` saw;
/// `None` when that is unknown.
fn ids_that_may_be_gone<'w>(watched: &'w Watched, one: &Session, later: &Session) -> Option<Vec<&'w [u8]>> {
    if watched.expires {
        return None;
    }
    let removers = watched.removers(one, later)?;
    let ids: Option<Vec<Vec<&[u8]>>> = removers.into_iter().map(Session::touched_ids).collect();
    ids.map(|ids| ids.concat())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod twins;
