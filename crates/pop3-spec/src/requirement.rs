//! One normative statement of an RFC: what it asks, of whom, how strongly, and
//! how it shows on the wire.
//!
//! The rows are data, in `scenarios/requirements/rfcNNNN.yaml`;
//! [`Registry`](crate::registry::Registry) loads them.

use serde::{Deserialize, Serialize};

/// A row of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The id that people cite, such as `rfc1939-3-byte-stuffing-first-line`:
    /// RFC, section, slug. Never reused, never renumbered.
    pub id: String,
    /// The RFC's number.
    pub rfc: u32,
    /// The side that it binds.
    pub side: Side,
    /// The section, such as `5`, `6.3` or `A`; the heading, where the RFC has no numbers.
    pub section: String,
    /// The keyword that the RFC uses.
    pub level: Level,
    /// For [`Level::Implied`], and only for it: how strongly the prose binds.
    /// [`Requirement::binding`] answers for every level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Our paraphrase.
    pub text: String,
    /// How it shows on the wire, or why it does not.
    pub observe: String,
    /// What an observer needs; never empty.
    pub class: Vec<Class>,
    /// The ruling on which its reading rests, if the text is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruling: Option<String>,
    /// The row that says the same, in another RFC or another place: what breaks this one
    /// breaks that one, which is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_as: Option<String>,
    /// Why no scenario and no check asks for it, where none can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unasked: Option<Unasked>,
    /// The suite version that added it, when later than the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Why it no longer counts. A withdrawn row stays, so that its id is not reused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
}

impl Requirement {
    /// `RFC 1939 section 5`, or `RFC 1939 appendix A`.
    #[must_use]
    pub fn clause(&self) -> String {
        // A whole word is the heading of a section without number, as in RFC 1957.
        let is_appendix = matches!(self.section.as_bytes(), [b'A'..=b'Z'] | [b'A'..=b'Z', b'.', ..]);
        let part = if is_appendix { "appendix" } else { "section" };
        format!("RFC {} {part} {}", self.rfc, self.section)
    }

    /// How strongly it binds, whether by keyword or by prose.
    #[must_use]
    pub fn binding(&self) -> Strength {
        match self.level {
            Level::Must => Strength::Must,
            Level::MustNot => Strength::MustNot,
            Level::Should => Strength::Should,
            Level::ShouldNot => Strength::ShouldNot,
            Level::May => Strength::May,
            // A loaded row has a strength here; a hand-made one is graded down.
            Level::Implied => self.strength.unwrap_or(Strength::May),
        }
    }

    /// Whether it still counts.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.withdrawn.is_none()
    }
}

/// Why nothing asks for a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unasked {
    /// The kind of reason.
    pub because: Because,
    /// The reason, for this row.
    pub why: String,
}

/// Defines an enum whose variants have one spelling in files, and lists them.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them, in the order of the definition.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word used in files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The side of the dialogue that a requirement binds.
    Side {
        /// The POP3 server, that is the target.
        Server = "server",
        /// The POP3 client.
        Client = "client",
    }
}

words! {
    /// The keyword with which the RFC states a requirement.
    Level {
        /// MUST, SHALL or REQUIRED.
        Must = "must",
        /// MUST NOT or SHALL NOT.
        MustNot = "must-not",
        /// SHOULD or RECOMMENDED.
        Should = "should",
        /// SHOULD NOT or NOT RECOMMENDED.
        ShouldNot = "should-not",
        /// MAY or OPTIONAL.
        May = "may",
        /// No keyword: prose or grammar that obliges, as strongly as
        /// [`Requirement::strength`] says.
        Implied = "implied",
    }
}

words! {
    /// How strongly a requirement binds, however it is spelled.
    Strength {
        /// An obligation.
        Must = "must",
        /// A prohibition.
        MustNot = "must-not",
        /// A recommendation.
        Should = "should",
        /// An advice against.
        ShouldNot = "should-not",
        /// A free choice.
        May = "may",
    }
}

words! {
    /// What an observer needs in order to see a requirement kept or broken.
    Class {
        /// One plain connection.
        Wire = "wire",
        /// A maildrop whose messages are known to the octet.
        KnownContent = "known-content",
        /// A special account or credentials.
        NeedsAccount = "needs-account",
        /// Two connections at once.
        TwoConnections = "two-connections",
        /// Waiting for longer than a person would.
        NeedsTime = "needs-time",
        /// TLS.
        NeedsTls = "needs-tls",
        /// A restart of the server.
        NeedsRestart = "needs-restart",
        /// A server configured in a certain way.
        NeedsConfig = "needs-config",
        /// Nothing shows on the wire.
        NotObservable = "not-observable",
    }
}

words! {
    /// Kinds of reasons for which no scenario can ask for a requirement.
    Because {
        /// Nothing on the wire tells whether it is kept.
        NotObservable = "not-observable",
        /// It hangs on a setting that no target can be told to switch, and that no reply shows.
        Setting = "setting",
        /// It is about the site, its people, certificates requested, DNS or documents.
        Operator = "operator",
        /// It permits, and no server can break a permission.
        Permission = "permission",
        /// A later text took it back.
        Superseded = "superseded",
        /// It needs means that no client has here, such as a security layer of SASL.
        Means = "means",
    }
}
