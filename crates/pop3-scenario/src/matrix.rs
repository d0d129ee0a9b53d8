//! The kill matrix: what the suite says of a server whose every defect is known.
//!
//! The runner makes it and never renders; reports read it and never run.

use serde::{Deserialize, Serialize};

use crate::verdict::{Level, Verdict};

/// The name of the format, first member of the file.
pub const FORMAT: &str = "pop3-matrix/1";

/// Everything that a self-test found, in an order that does not depend on time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// Always [`FORMAT`].
    pub format: String,
    /// The scenarios that took part, by id.
    pub scenarios: Vec<ScenarioRow>,
    /// The always-on checks, by id.
    pub checks: Vec<CheckRow>,
    /// The seeded faults, in the order of the server's list.
    pub faults: Vec<FaultRow>,
    /// The legal variations, in the order of the server's list.
    pub variations: Vec<VariationRow>,
    /// The assertions of level must, by file and line.
    pub assertions: Vec<AssertionRow>,
    /// Where the rules are broken; empty when the suite is believed.
    pub problems: Vec<Problem>,
}

/// A scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its file, below the catalogue.
    pub file: String,
    /// Its default level.
    pub level: Level,
    /// The requirements that it covers.
    pub requirements: Vec<String>,
    /// The faults that it promises to detect.
    pub kills: Vec<String>,
    /// What it says of the honest server.
    pub honest: Verdict,
}

/// An always-on check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRow {
    /// Its id.
    pub id: String,
    /// What it watches.
    pub title: String,
    /// The requirements that it rests on.
    pub requirements: Vec<String>,
    /// What it says of the honest server.
    pub honest: Verdict,
}

/// A seeded fault and what detects it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRow {
    /// Its slug.
    pub slug: String,
    /// What shows.
    pub symptom: String,
    /// Software that had it; empty when none is known.
    pub seen: String,
    /// The requirements that it breaks, the one it is about first.
    pub requirements: Vec<String>,
    /// Why no scenario could be played, if the first look at the target failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_first_look: Option<String>,
    /// What detects it, scenarios first.
    pub catches: Vec<Catch>,
}

/// A scenario or always-on check that fails or warns on a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catch {
    /// The scenario's or check's id.
    pub by: String,
    /// `fail` or `warn`.
    pub verdict: Verdict,
    /// The requirements that its findings cite.
    pub requirements: Vec<String>,
    /// Why it is right that this fails.
    pub ground: Ground,
}

/// Why it is right that something fails on a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "ground")]
pub enum Ground {
    /// The scenario promises it, and a finding cites a requirement that the fault breaks.
    Promised,
    /// A finding cites a requirement that the fault breaks.
    Cited,
    /// Listed with a reason in the file of exceptions.
    Listed {
        /// The reason.
        why: String,
    },
    /// None: the reason of the failure is not the fault's.
    Unlisted,
}

/// A legal variation and what the suite says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariationRow {
    /// Its slug.
    pub slug: String,
    /// What differs.
    pub what: String,
    /// Where the texts allow it.
    pub clause: String,
    /// Scenarios and checks whose verdict needs a person's attention, with the verdict.
    pub remarks: Vec<Remark>,
    /// How many scenarios could not be asked: the variation lacks what they need.
    pub not_asked: usize,
}

/// A verdict on a legal variation that is not silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The scenario's or check's id.
    pub by: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What it found, in one line.
    pub summary: String,
    /// Why that is right, if it is listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// An assertion of level must.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssertionRow {
    /// The file in which it stands: a scenario or a fragment.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
    /// The text of that line.
    pub text: String,
    /// What made it fail.
    pub proof: Proof,
}

/// How an assertion was seen to fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "proof")]
pub enum Proof {
    /// By seeded faults.
    Faults {
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// By a spoiled reply, no seeded fault having done it.
    Spoiled {
        /// How the reply was spoiled.
        how: String,
    },
    /// It was not, for this reason.
    Listed {
        /// The reason.
        why: String,
    },
    /// It was not.
    None,
}

/// A rule that is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The rule.
    pub rule: Rule,
    /// What breaks it, and what to do.
    pub what: String,
}

/// What must hold before a verdict is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The honest server passes everything.
    HonestPasses,
    /// On a legal variation nothing fails and nothing warns.
    VariationSilent,
    /// Every fault is detected, by something that cites what it breaks.
    FaultDetected,
    /// A scenario detects the faults that it promises to, by an assertion that
    /// cites what they break.
    PromiseKept,
    /// Nothing else fails on a fault for another reason, without being listed.
    ReasonRight,
    /// Every assertion of level must was seen to fail.
    AssertionProven,
    /// What is listed as an exception is still one.
    ExceptionNeeded,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 7] = [
        Self::HonestPasses,
        Self::VariationSilent,
        Self::FaultDetected,
        Self::PromiseKept,
        Self::ReasonRight,
        Self::AssertionProven,
        Self::ExceptionNeeded,
    ];

    /// The rule in one sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::HonestPasses => "The honest server passes everything.",
            Self::VariationSilent => "On a legal variation nothing fails and nothing warns.",
            Self::FaultDetected => "Every fault is detected, by something that cites a requirement that it breaks.",
            Self::PromiseKept => {
                "A scenario detects every fault that it names in `kills`, by an assertion that cites a requirement that the fault breaks."
            }
            Self::ReasonRight => "Nothing else fails on a fault for another reason without being listed.",
            Self::AssertionProven => "Every assertion of level must was seen to fail, or is listed with a reason.",
            Self::ExceptionNeeded => "Every exception that is listed is still needed.",
        }
    }
}
