//! The list of legal variations: one row each.

use pop3_proto::server::Availability;

use crate::builder::ServerBuilder;

use super::text;

macro_rules! variations {
    ($($variant:ident, $slug:literal, $clause:literal, $apply:expr, $what:literal;)*) => {
        /// A way in which a server may differ, and be right all the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Variation {
            $(#[doc = $what] $variant,)*
        }

        impl Variation {
            /// All variations.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name on the command line and in reports.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }

            /// Where the texts allow it.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Self::$variant => $clause,)* }
            }

            /// What differs, in one sentence.
            #[must_use]
            pub fn what(self) -> &'static str {
                match self { $(Self::$variant => $what,)* }
            }

            /// The same server, varied.
            pub fn apply(self, builder: ServerBuilder) -> ServerBuilder {
                match self { $(Self::$variant => ($apply)(builder),)* }
            }
        }
    };
}

variations! {
    NoTop, "no-top", "RFC 1939 section 7",
        |builder: ServerBuilder| builder.session(|session| session.top = Availability::Absent),
        "TOP, which is optional, does not exist.";
    NoUidl, "no-uidl", "RFC 1939 section 7",
        |builder: ServerBuilder| builder.session(|session| session.uidl = Availability::Absent),
        "UIDL, which is optional, does not exist.";
    BareStatus, "bare-status", "RFC 1939 section 3",
        |builder: ServerBuilder| builder.varied(text::bare_status),
        "Status indicators stand alone where no text behind them is asked for.";
}
