//! What a run can say about one scenario, and how strongly.

use pop3_spec::ruling::Reading;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How strongly an assertion binds the target. Belongs to the assertion, not
/// to the scenario: a right body with a wrong size is not a broken body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A free choice of the server; both outcomes are recorded.
    May,
    /// A recommendation; breaking it is a warning.
    Should,
    /// An obligation, spelled MUST or following from a defined format.
    #[default]
    Must,
}

impl Level {
    /// The verdict of an assertion of this level that did not hold.
    #[must_use]
    pub fn when_broken(self) -> Verdict {
        match self {
            Self::Must => Verdict::Fail,
            Self::Should => Verdict::Warn,
            Self::May => Verdict::Info,
        }
    }

    /// The level whose breach has this verdict, if there is one.
    #[must_use]
    pub fn broken_as(verdict: Verdict) -> Option<Self> {
        [Self::May, Self::Should, Self::Must].into_iter().find(|level| level.when_broken() == verdict)
    }

    /// The word used in files and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

/// The outcome of a scenario. The order is the order of precedence: of two
/// outcomes the greater one is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every assertion held.
    Pass,
    /// The target took a legal choice worth recording.
    Info,
    /// The target neither announced nor claimed what the scenario needs.
    Unsupported,
    /// The target (or the user's safety settings) does not allow the scenario.
    Skipped,
    /// A SHOULD was not followed.
    Warn,
    /// Time ran out or the connection was lost before an answer was seen:
    /// silence proves nothing by itself.
    Inconclusive,
    /// A MUST, or an implied must, is broken.
    Fail,
    /// This tool, or the positive control, failed: nothing is said of the target.
    Error,
}

impl Verdict {
    /// All verdicts, mildest first.
    pub const ALL: [Self; 8] = [
        Self::Pass,
        Self::Info,
        Self::Unsupported,
        Self::Skipped,
        Self::Warn,
        Self::Inconclusive,
        Self::Fail,
        Self::Error,
    ];

    /// The word used in files and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Info => "info",
            Self::Unsupported => "unsupported",
            Self::Skipped => "skipped",
            Self::Warn => "warn",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }

    /// What becomes of this grade when a run reads its ruling so. Only `fail`,
    /// `warn` and `info` grade a reading: an outcome that is `pass` is right in any
    /// of them, and `unsupported` and `inconclusive` tell that nothing was seen.
    #[must_use]
    pub fn read_as(self, reading: Option<Reading>) -> Self {
        match (self, reading) {
            (Self::Fail | Self::Warn | Self::Info, Some(Reading::Fail)) => Self::Fail,
            (Self::Fail | Self::Warn | Self::Info, Some(Reading::Warn)) => Self::Warn,
            (Self::Fail | Self::Warn | Self::Info, Some(Reading::Info)) => Self::Info,
            (Self::Fail | Self::Warn | Self::Info, Some(Reading::Pass)) => Self::Pass,
            (written, _) => written,
        }
    }

    /// Whether a person should look at it: everything but a pass, a recorded
    /// choice, and what was not asked.
    #[must_use]
    pub fn needs_attention(self) -> bool {
        matches!(self, Self::Warn | Self::Inconclusive | Self::Fail | Self::Error)
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The exit codes of the command line: constants and promises, never counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Exit {
    /// Nothing failed (warnings and recorded choices do not fail a gate).
    Clean = 0,
    /// A must is broken, or a question got no answer (`inconclusive`).
    Failed = 1,
    /// Bad arguments, configuration or scenario files.
    Usage = 2,
    /// The target did not start, was not reachable, or is not the server meant.
    Target = 3,
    /// The selection left nothing to run, or nothing that this target can be asked.
    NothingSelected = 4,
    /// Only the baseline is stale.
    StaleBaseline = 5,
    /// Only flaky results.
    Flaky = 6,
    /// Our own fault: a verdict `error`, or a defect in this tool.
    Internal = 70,
}

impl Exit {
    /// The exit code of a run with these verdicts.
    ///
    /// A broken must outweighs an error of ours: the gate has something to
    /// show. Unanswered questions fail the gate too, since green would claim
    /// an answer.
    pub fn from_verdicts(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut exit = Self::Clean;
        for verdict in verdicts {
            match verdict {
                Verdict::Fail | Verdict::Inconclusive => return Self::Failed,
                Verdict::Error => exit = Self::Internal,
                _ => {}
            }
        }
        exit
    }

    /// The number handed to the operating system.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_replaces_grades_and_nothing_else() {
        let grades = [Verdict::Fail, Verdict::Warn, Verdict::Info];
        let check = |reading: Option<Reading>, want: Option<Verdict>| {
            for verdict in Verdict::ALL {
                let expected = want.filter(|_| grades.contains(&verdict)).unwrap_or(verdict);
                assert_eq!(verdict.read_as(reading), expected, "{verdict} read as {reading:?}");
            }
        };
        check(None, None);
        check(Some(Reading::Graded), None);
        check(Some(Reading::Fail), Some(Verdict::Fail));
        check(Some(Reading::Warn), Some(Verdict::Warn));
        check(Some(Reading::Info), Some(Verdict::Info));
        check(Some(Reading::Pass), Some(Verdict::Pass));
        assert_eq!(Level::broken_as(Verdict::Warn), Some(Level::Should));
        assert_eq!(Level::broken_as(Verdict::Pass), None);
    }

    #[test]
    fn a_failure_outweighs_an_error_and_silence_is_not_green() {
        let check = |verdicts: &[Verdict], want| {
            assert_eq!(Exit::from_verdicts(verdicts.iter().copied()), want, "{verdicts:?}")
        };
        check(&[], Exit::Clean);
        check(&[Verdict::Pass, Verdict::Warn, Verdict::Info, Verdict::Skipped, Verdict::Unsupported], Exit::Clean);
        check(&[Verdict::Pass, Verdict::Error], Exit::Internal);
        check(&[Verdict::Error, Verdict::Fail], Exit::Failed);
        check(&[Verdict::Inconclusive], Exit::Failed);
    }
}
