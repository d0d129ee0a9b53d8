//! The list of legal variations: one row each.

use pop3_proto::capability::Retention;
use pop3_proto::line::BareLf;
use pop3_proto::server::{Announced, Availability};

use crate::builder::ServerBuilder;
use crate::fault::all_refused_late;
use crate::sasl::{Iterations, Mechanism};
use crate::tls::TlsVersions;

use super::{capabilities, codes, delivery, farewell, greeting, lenient, login, maildrop, strict, text, unique_id};

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

type B = ServerBuilder;

variations! {
    // Commands that need not be there.
    NoTop, "no-top", "RFC 1939 section 7",
        |b: B| b.session(|session| session.top = Availability::Absent),
        "TOP, which is optional, does not exist.";
    NoUidl, "no-uidl", "RFC 1939 section 7",
        |b: B| b.session(|session| session.uidl = Availability::Absent),
        "UIDL, which is optional, does not exist.";
    NoApop, "no-apop", "RFC 1939 section 7",
        |b: B| b.apop(Availability::Absent),
        "The greeting has no timestamp, and there is no APOP.";
    NoCapa, "no-capa", "RFC 1939; RFC 2449 section 5",
        without_extensions,
        "The server knows RFC 1939 and no extension of it, so CAPA is refused.";
    Minimal, "minimal", "RFC 1939 section 9",
        |b: B| without_extensions(b).apop(Availability::Absent).session(|session| {
            session.top = Availability::Absent;
            session.uidl = Availability::Absent;
        }),
        "There are the minimal commands of RFC 1939 and USER with PASS, and nothing else.";
    NoPipelining, "no-pipelining", "RFC 2449 section 6.6",
        |b: B| b.session(|session| session.pipelining = Availability::Absent),
        "PIPELINING is not announced.";
    NoRespCodes, "no-resp-codes", "RFC 2449 section 6.4",
        |b: B| b.session(|session| session.resp_codes = Availability::Absent),
        "Replies have no response codes, and RESP-CODES is not announced.";
    NoAuthRespCode, "no-auth-resp-code", "RFC 3206 section 6",
        |b: B| b.session(|session| session.auth_resp_code = Availability::Absent),
        "The response code AUTH is neither sent nor announced.";
    NoStls, "no-stls", "RFC 2595 section 4",
        |b: B| b.without_stls(),
        "STLS does not exist.";
    NoSasl, "no-sasl", "RFC 2449 section 6.3",
        |b: B| b.mechanisms(&[]),
        "AUTH does not exist.";
    NoUtf8, "no-utf8", "RFC 6856 section 2",
        |b: B| b.session(|session| session.utf8 = Availability::Absent),
        "UTF8 does not exist.";
    NoExpire, "no-expire", "RFC 2449 section 6.7",
        |b: B| b.without_policies(),
        "EXPIRE is not announced, and nothing expires.";
    NoLang, "no-lang", "RFC 6856 section 3",
        |b: B| b.session(|session| session.lang = Availability::Absent),
        "LANG does not exist.";
    CommandsUnderTlsOnly, "commands-under-tls-only", "RFC 2449 section 5; RFC 2595 section 4",
        |b: B| b.session(|session| {
            session.top = Availability::UnderTls;
            session.uidl = Availability::UnderTls;
        }),
        "TOP and UIDL exist under TLS only, so that CAPA says more behind STLS.";
    PrivateCommands, "private-commands", "RFC 1939 section 3; RFC 2449 section 5",
        |b: B| b.varied(lenient::private_commands),
        "LAST, XTND and HELP exist, and the answer to HELP is one line.";

    // What CAPA says.
    CapaXTags, "capa-x-tags", "RFC 2449 sections 5 and 7",
        |b: B| b.varied(capabilities::x_tags),
        "The list has capabilities that nobody knows, with and without arguments.";
    CapaReversed, "capa-reversed", "RFC 2449 section 5",
        |b: B| b.varied(capabilities::reversed),
        "The list has another order.";
    CapaOrderVaries, "capa-order-varies", "RFC 2449 section 5",
        |b: B| b.varied(capabilities::rotated),
        "The list has another order each time.";
    CapaLowerCase, "capa-lower-case", "RFC 2449 section 5",
        |b: B| b.varied(capabilities::lower_case),
        "Tags in the list are in lower case.";
    CapaMixedCase, "capa-mixed-case", "RFC 2449 section 5",
        |b: B| b.varied(capabilities::mixed_case),
        "Tags in the list are in mixed case.";
    CapaLongLines, "capa-long-lines", "RFC 2449 sections 3 and 4",
        |b: B| b.varied(capabilities::long_lines),
        "Lines of the list have 512 octets, line end included.";
    ImplementationAfterLogin, "implementation-after-login", "RFC 2449 section 6.9",
        |b: B| b.session(|session| session.implementation_after_login = true),
        "IMPLEMENTATION is announced in the TRANSACTION state only.";
    StlsListedAfterLogin, "stls-listed-after-login", "RFC 2449 section 5; RFC 2595 section 8",
        |b: B| b.varied(capabilities::stls_after_login),
        "STLS stays in the list after a login in clear, as what is available before.";
    PoliciesPerUser, "policies-per-user", "RFC 2449 sections 6.5 and 6.7",
        |b: B| b.expire(Retention::Never).session(|session| {
            session.login_delay = Some(Announced { strictest: 0, per_user: true });
            session.expire = Some(Announced { strictest: Retention::Days(7), per_user: true });
        }),
        "LOGIN-DELAY and EXPIRE say before a login that users differ, and after it what holds.";

    // The words behind status indicators.
    BareStatus, "bare-status", "RFC 1939 section 3",
        |b: B| b.varied(text::bare_status),
        "Status indicators stand alone where no text behind them is asked for.";
    BareRefusal, "bare-refusal", "RFC 1939 section 3",
        |b: B| b.session(|session| session.resp_codes = Availability::Absent).varied(text::bare_refusal),
        "Refusals have no text, and so no response codes, which are not announced.";
    EmptyText, "empty-text", "RFC 2449 section 3",
        |b: B| b.session(|session| session.resp_codes = Availability::Absent).varied(text::empty),
        "Status indicators are followed by a space and no text.";
    MisleadingText, "misleading-text", "RFC 1939 section 3",
        |b: B| b.varied(text::misleading),
        "The text behind status indicators looks like replies, numbers and timestamps.";
    LongText, "long-text", "RFC 1939 section 3; RFC 2449 section 4",
        |b: B| b.varied(text::long),
        "First lines of replies have 512 octets, line end included.";
    OtherNumbersInText, "other-numbers-in-text", "RFC 1939 section 5",
        |b: B| b.varied(text::other_numbers),
        "The first lines of LIST, UIDL, RETR and TOP name numbers that are not those of the maildrop.";
    EchoedCommand, "echoed-command", "RFC 1939 section 3",
        |b: B| b.varied(text::echo),
        "A refusal repeats the printable part of what it refuses.";
    ExtraFields, "extra-fields", "RFC 1939 section 5",
        |b: B| b.varied(text::extra_fields),
        "More stands behind the sizes in STAT and LIST, which is discouraged.";
    CodesUnknown, "codes-unknown", "RFC 2449 section 8",
        |b: B| b.varied(codes::unknown),
        "Replies of both kinds have response codes that nobody knows.";
    CodesDetailed, "codes-detailed", "RFC 2449 section 8",
        |b: B| b.varied(codes::detailed),
        "Response codes have one more level of detail.";
    CodesLowerCase, "codes-lower-case", "RFC 2449 section 8",
        |b: B| b.varied(codes::lower_case),
        "Response codes are in lower case.";

    // The greeting.
    GreetingBare, "greeting-bare", "RFC 1939 section 4",
        |b: B| b.apop(Availability::Absent).varied(greeting::bare),
        "The greeting is a status indicator and no more.";
    GreetingLong, "greeting-long", "RFC 2449 section 4",
        |b: B| b.varied(greeting::long),
        "The greeting has 512 octets, line end included.";
    TimestampFirst, "timestamp-first", "RFC 1939 section 7",
        |b: B| b.varied(greeting::timestamp_first),
        "The timestamp stands before the text of the greeting.";
    TimestampOdd, "timestamp-odd", "RFC 1939 section 7",
        |b: B| b.varied(greeting::odd_timestamp),
        "The timestamp has every character that an atom may have, and an address in brackets.";
    GreetingBrackets, "greeting-brackets", "RFC 1939 section 4",
        |b: B| without_extensions(b).apop(Availability::Absent).varied(greeting::brackets),
        "The greeting of a server without CAPA and APOP has angle brackets, which clients take for an offer of APOP.";

    // Logins.
    UnknownUserRefused, "unknown-user-refused", "RFC 1939 section 7",
        |b: B| b.varied(login::unknown_user_refused),
        "USER with a name that has no maildrop is refused.";
    ClosesAfterRefusedLogin, "closes-after-refused-login", "RFC 1939 section 4",
        |b: B| b.session(|session| session.failed_logins = 1),
        "The connection is closed behind the refusal of a login.";
    ClosesAfterBadCommands, "closes-after-bad-commands", "RFC 1939 section 3",
        |b: B| b.session(|session| session.bad_commands = 3),
        "The connection is closed behind three bad commands in a row.";
    SecondUserReplacesFirst, "second-user-replaces-first", "RFC 1939 section 7",
        |b: B| b.varied(login::second_user_replaces_first),
        "USER is accepted where another name waits for its password, and takes its place.";
    NameOutlivesCapa, "name-outlives-capa", "RFC 1939 section 7; RFC 2449 section 5",
        |b: B| b.varied(login::name_outlives_capa),
        "A name waits for its password over CAPA and refused commands.";
    BlanksInPasswordRefused, "blanks-in-password-refused", "RFC 1939 section 7; RFC 2449 section 3",
        |b: B| b.varied(strict::blanks_in_password_refused),
        "A space in the argument of PASS separates arguments, and there is one too many.";
    BlanksBehindPasswordCut, "blanks-behind-password-cut", "RFC 1939 section 7",
        |b: B| b.varied(lenient::blanks_behind_password_cut),
        "Blanks at the end of PASS do not count.";
    ApopUpperCase, "apop-upper-case", "RFC 1939 section 7",
        |b: B| b.varied(lenient::apop_upper_case),
        "Digests of APOP may be in upper case.";
    UserPassOnly, "user-pass-only", "RFC 1939 section 7",
        |b: B| b.apop(Availability::Absent).mechanisms(&[]),
        "USER and PASS are the only way in.";
    SaslOnly, "sasl-only", "RFC 1939 section 4; RFC 5034 section 4",
        |b: B| b
            .apop(Availability::Absent)
            .mechanisms(&[Mechanism::CramMd5, Mechanism::Login])
            .mechanism(Mechanism::Plain, Availability::UnderTls)
            .session(|session| session.user = Availability::Absent),
        "AUTH is the only way in.";
    PlainOnly, "plain-only", "RFC 5034 section 4",
        |b: B| b.apop(Availability::Absent).mechanisms(&[Mechanism::Plain]).session(|session| session.user = Availability::Absent),
        "AUTH PLAIN is the only way in.";
    ApopOnly, "apop-only", "RFC 1939 section 7",
        |b: B| b.mechanisms(&[]).session(|session| session.user = Availability::Absent),
        "APOP is the only way in where there is a greeting, and USER with PASS does not exist.";
    PlaintextUnderTls, "plaintext-under-tls", "RFC 2595 section 2.2; RFC 8314 section 4.1",
        |b: B| b.mechanisms(&[Mechanism::Plain, Mechanism::Login, Mechanism::CramMd5]).plaintext_under_tls(),
        "Logins that show the password to whoever listens are refused without TLS.";
    ClearTextRefused, "clear-text-refused", "RFC 2595 section 2.3; RFC 8314 section 4.1",
        |b: B| b.apop(Availability::Absent).mechanisms(&[Mechanism::Plain, Mechanism::Login]).plaintext_under_tls(),
        "Nobody is let in without TLS.";
    AuthListsMechanisms, "auth-lists-mechanisms", "RFC 1734; RFC 5034 section 4",
        |b: B| b.varied(lenient::auth_lists_mechanisms),
        "AUTH without a mechanism is answered by the list of them.";
    AnonymousOffered, "anonymous-offered", "RFC 4505",
        |b: B| b.account("anonymous", "nobody knows this").anonymous("anonymous").mechanism(Mechanism::Anonymous, Availability::Offered),
        "ANONYMOUS opens a maildrop without mail.";
    TokensOffered, "tokens-offered", "RFC 7628",
        |b: B| b.mechanism(Mechanism::OauthBearer, Availability::UnderTls).mechanism(Mechanism::Xoauth2, Availability::UnderTls),
        "OAUTHBEARER and XOAUTH2 are offered under TLS.";
    ManyIterations, "many-iterations", "RFC 5802 section 5.1; RFC 7677 section 4",
        |b: B| match Iterations::new(7000) { Ok(iterations) => b.scram_iterations(iterations), Err(_) => b },
        "SCRAM hashes more often than it must.";
    SharedMaildrop, "shared-maildrop", "RFC 1939 section 4",
        |b: B| b.varied(maildrop::shared),
        "Sessions share a maildrop, each with what it listed at its login.";

    RefusalsLate, "refusals-late", "RFC 1939 section 7",
        |b: B| b.varied(all_refused_late),
        "A refused login is answered 300 ms late, whatever is wrong with it.";

    // What is accepted beyond the grammar, and what is not.
    BareLfEndsLine, "bare-lf-ends-line", "RFC 1939 section 3",
        |b: B| b.session(|session| session.bare_lf = BareLf::EndsLine),
        "A bare LF ends a command like CRLF.";
    BlanksPassedOver, "blanks-passed-over", "RFC 1939 section 3",
        |b: B| b.varied(lenient::blanks_passed_over),
        "Blanks and TABs around and between arguments do not count.";
    BlankAtEndPassedOver, "blank-at-end-passed-over", "RFC 1939 section 3",
        |b: B| b.varied(lenient::blank_at_end_passed_over),
        "A space at the end of a command does not count.";
    PlusSignAccepted, "plus-sign-accepted", "RFC 1939 section 4",
        |b: B| b.varied(lenient::plus_sign),
        "A plus sign before a number does not count.";
    LeadingZerosRefused, "leading-zeros-refused", "RFC 1939 section 4",
        |b: B| b.varied(strict::leading_zeros_refused),
        "A message-number with leading zeros is refused.";
    LongLinesRead, "long-lines-read", "RFC 2449 section 4",
        |b: B| b.session(|session| session.line_limit = 8192),
        "Command lines may have 8192 octets.";
    LongLineCloses, "long-line-closes", "RFC 2449 section 4",
        |b: B| b.varied(strict::long_line_closes),
        "The connection is closed behind the refusal of a command line that is too long.";
    ControlOctetsClose, "control-octets-close", "RFC 1939 section 3",
        |b: B| b.varied(strict::control_octets_close),
        "The connection is closed where a command has octets that are not printable.";
    Utf8Refused, "utf8-refused", "RFC 6856 section 2.1",
        |b: B| b.varied(strict::utf8_refused),
        "UTF8 is announced and refused.";
    Surrogates, "surrogates", "RFC 6856 sections 2.1 and 4",
        |b: B| b.varied(maildrop::surrogates),
        "Without UTF-8 mode a message with a header in UTF-8 is sent with a header in ASCII.";
    LanguagesNotListed, "languages-not-listed", "RFC 6856 section 3.2",
        |b: B| b.varied(strict::languages_not_listed),
        "LANG without an argument is refused.";

    // Messages, sizes and unique-ids.
    AddedLineEndNotCounted, "added-line-end-not-counted", "RFC 1939 section 11",
        |b: B| b.varied(maildrop::added_line_end_not_counted),
        "Sizes leave out the line end that is added to a message stored without one.";
    HeaderAdded, "header-added", "RFC 1939 section 11; RFC 5322 section 3.6.7",
        |b: B| b.header_added("Received: from localhost by localhost; Sun, 1 Nov 2026 00:00:00 +0000\r\nX-Delivered: yes\r\n"),
        "Delivery adds header lines to each message.";
    BlankLineBehindHeader, "blank-line-behind-header", "RFC 1939 section 7",
        |b: B| b.varied(maildrop::blank_line_behind_header),
        "TOP sends the blank line behind the header also where the message has none.";
    RemovalFails, "removal-fails", "RFC 1939 section 6",
        |b: B| b.removal_fails(),
        "Messages cannot be removed, and QUIT says so.";
    ExpireAtOnce, "expire-at-once", "RFC 1939 section 8; RFC 2449 section 6.7",
        |b: B| b.expire(Retention::Days(0)),
        "EXPIRE 0 is announced, and what was retrieved is removed behind QUIT.";
    ExpireAtOnceTopLimited, "expire-at-once-top-limited", "RFC 1939 section 8; RFC 2449 section 6.7",
        |b: B| b.expire(Retention::Days(0)).varied(maildrop::top_limited),
        "EXPIRE 0 is announced, and TOP sends no more than three lines.";
    ExpireThirty, "expire-thirty", "RFC 2449 section 6.7",
        |b: B| b.expire(Retention::Days(30)),
        "EXPIRE 30 is announced and kept to.";
    LoginDelayNone, "login-delay-none", "RFC 2449 section 6.5",
        |b: B| b.login_delay(0),
        "LOGIN-DELAY 0 is announced.";
    LoginDelay, "login-delay", "RFC 2449 section 6.5",
        |b: B| b.login_delay(600),
        "LOGIN-DELAY 600 is announced, and a login within ten minutes of the last one is refused.";
    AutologoutFarewell, "autologout-farewell", "RFC 1939 section 3",
        |b: B| b.varied(farewell::of_autologout),
        "When the autologout timer runs out, -ERR is sent before the connection is closed.";
    UniqueIdsOfContent, "unique-ids-of-content", "RFC 1939 section 7",
        |b: B| b.varied(unique_id::of_content),
        "Unique-ids are hashes of messages, so that identical messages have equal ones.";
    UniqueIdsLong, "unique-ids-long", "RFC 1939 section 7",
        |b: B| b.varied(unique_id::long),
        "Unique-ids have 70 characters.";
    UniqueIdsOdd, "unique-ids-odd", "RFC 1939 section 7",
        |b: B| b.varied(unique_id::odd),
        "Unique-ids have all printable characters but letters.";
    UniqueIdsOfDigits, "unique-ids-of-digits", "RFC 1939 section 7",
        |b: B| b.varied(unique_id::digits),
        "Unique-ids are large numbers.";

    // How replies arrive.
    RepliesBytewise, "replies-bytewise", "RFC 1939 section 3",
        |b: B| b.varied(delivery::bytewise),
        "Replies are written octet by octet.";
    RepliesCutInCrlf, "replies-cut-in-crlf", "RFC 1939 section 3",
        |b: B| b.varied(delivery::cut_in_crlf),
        "Replies are cut between CR and LF.";
    RepliesWhenIdle, "replies-when-idle", "RFC 1939 section 3; RFC 2449 section 6.6",
        |b: B| b.varied(delivery::when_idle),
        "Replies wait until the client sends no more, and come together.";
    TlsOneTwo, "tls-1-2", "RFC 8314 section 4",
        |b: B| b.tls_versions(TlsVersions::Tls12),
        "There is TLS 1.2 and no other version.";
    TlsOneThree, "tls-1-3", "RFC 8314 section 4",
        |b: B| b.tls_versions(TlsVersions::Tls13),
        "There is TLS 1.3 and no other version.";
}

/// RFC 1939, and nothing that would have to be announced by CAPA.
fn without_extensions(builder: ServerBuilder) -> ServerBuilder {
    builder.without_stls().without_policies().mechanisms(&[]).session(|session| {
        session.capa = Availability::Absent;
        session.resp_codes = Availability::Absent;
        session.pipelining = Availability::Absent;
        session.utf8 = Availability::Absent;
        session.lang = Availability::Absent;
    })
}
