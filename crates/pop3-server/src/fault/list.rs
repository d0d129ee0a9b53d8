//! The list of faults: one row each.

#[macro_use]
mod authorization;
#[macro_use]
mod clients;
#[macro_use]
mod content;
#[macro_use]
mod exchange;
#[macro_use]
mod extensions;
#[macro_use]
mod maildrop;
#[macro_use]
mod strangers;

use pop3_proto::command::Keyword;

use super::filter::{Filter, OnLine, OnReply};
use super::timer;
use super::{
    announcing, body, codes, deleting, digest, framing, greeting, half_in, handshake, hostile, language, lateness,
    listing, lock, login, loose, marking, mechanism, message, number, oauth, odd_mail, pipeline, reading, refusing,
    robustness, sasl, scan, segment, sessions, sizes, tls, top, unicode, unique_id, update,
};

macro_rules! faults {
    ($($variant:ident, $slug:literal, [$($requirement:literal),+], $seen:literal, $filter:expr, $symptom:literal;)*) => {
        /// A deliberate defect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $(#[doc = $symptom] $variant,)*
        }

        impl Fault {
            /// All faults, those of replies as such first.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in `kills:` and on the command line.
            #[must_use]
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)* }
            }

            /// The ids of the requirements that it breaks, the one it is about first.
            #[must_use]
            pub fn requirements(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($requirement),+],)* }
            }

            /// What shows, in one sentence.
            #[must_use]
            pub fn symptom(self) -> &'static str {
                match self { $(Self::$variant => $symptom,)* }
            }

            /// Software that had it, in a version of its time; empty when we know none.
            #[must_use]
            pub fn seen(self) -> &'static str {
                match self { $(Self::$variant => $seen,)* }
            }

            pub(super) fn filter(self) -> Box<dyn Filter> {
                match self { $(Self::$variant => Box::new($filter),)* }
            }
        }
    };
}

// Behind these come the rows of odd clients, of content, of the maildrop, of logins and of
// AUTH exchanges, then those of extensions, and at the end those of hostile clients and senders.
client_rows! { content_rows maildrop_rows authorization_rows exchange_rows extension_rows hostile_rows faults;
    KeywordCaseSensitive, "keyword-case-sensitive", ["rfc1939-3-keyword-case-insensitive"], "Mailpit",
        OnLine(framing::keyword_case_sensitive),
        "Keywords are known in upper case only: `stat` is answered -ERR.";
    StatusLowerCase, "status-lower-case", ["rfc1939-3-status-upper-case"], "",
        OnReply(framing::status_lower_case),
        "Status indicators are in lower case: `+ok`, `-err`.";
    ReplyBareLf, "reply-bare-lf", ["rfc1939-3-response-ends-with-crlf"], "Courier, mailtrap",
        OnReply(framing::reply_bare_lf),
        "The first line of a reply ends in LF without CR.";
    UnknownCommandAccepted, "unknown-command-accepted",
        ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-command-printable-ascii",
         "rfc1939-3-single-space-separator", "rfc1939-3-keyword-three-or-four"], "",
        OnLine(framing::unknown_command_accepted),
        "A command that does not exist is answered +OK.";
    UnknownCommandCloses, "unknown-command-closes",
        ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-unimplemented-command-negative",
         "rfc1939-3-single-space-separator", "rfc1939-3-keyword-three-or-four",
         "rfc1939-3-one-response-per-command", "rfc1939-3-command-printable-ascii"], "",
        OnLine(framing::unknown_command_closes),
        "A command that does not exist closes the connection without an answer.";
    ExtraArgumentIgnored, "extra-argument-ignored",
        ["rfc1939-5-stat-no-arguments", "rfc1939-3-invalid-syntax-negative", "rfc1939-5-noop-no-arguments",
         "rfc1939-5-rset-no-arguments", "rfc1939-6-quit-no-arguments", "rfc2449-5-capa-no-arguments",
         "rfc2595-4-stls-no-arguments"], "",
        OnLine(framing::extra_argument_ignored),
        "An argument too many is ignored: `STAT 1` is answered +OK.";
    LongLineTailExecuted, "long-line-tail-executed",
        ["rfc2449-4-overlong-command-one-error", "rfc1939-3-unrecognized-command-negative"], "popper, Cyrus",
        OnLine(framing::long_line_tail_executed),
        "A line beyond 255 octets is cut, and its tail is read as a command of its own.";
    EmptyLineIgnored, "empty-line-ignored",
        ["rfc1939-3-one-response-per-command", "rfc1939-3-unrecognized-command-negative"], "",
        OnLine(framing::empty_line_ignored),
        "An empty line gets no answer.";
    EchoUnescaped, "echo-unescaped",
        ["rfc2449-6.4-echo-cannot-forge-code", "rfc1939-3-response-ends-with-crlf",
         "rfc1939-3-response-at-most-512", "rfc2449-3-status-then-space-or-crlf"], "",
        OnLine(framing::echo_unescaped),
        "An unknown command comes back in the text of the reply, octet by octet.";
    KeywordPrefixMatch, "keyword-prefix-match",
        ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-keyword-three-or-four",
         "rfc1939-3-command-printable-ascii", "rfc1939-3-command-ends-with-crlf",
         "rfc1939-3-single-space-separator"], "",
        OnLine(framing::keyword_prefix_match),
        "What begins with a keyword is taken for it: `STATUS` is answered as STAT.";
    MultiLineError, "multi-line-error",
        ["rfc1939-3-error-response-single-line", "rfc1939-3-one-response-per-command",
         "rfc1939-3-response-status-first"], "",
        OnReply(framing::multi_line_error),
        "-ERR to a command about messages has further lines and a terminating one.";
    OnlyFirstOfPipeline, "only-first-of-pipeline",
        ["rfc2449-6.6-pipelining-in-turn", "rfc1939-3-one-response-per-command",
         "rfc2449-6.6-pipelining-during-long-response", "rfc2449-6.6-pipelining-login-batch",
         "rfc2449-6.6-pipelining-any-segment-border", "rfc2449-6.6-pipelining-no-write-deadlock"], "",
        segment::OnlyFirstOfPipeline,
        "Of the commands in one segment only the first is answered.";
    NoGreetingUntilSpokenTo, "no-greeting-until-spoken-to", ["rfc1939-3-greeting-sent-first"], "",
        greeting::NoGreetingUntilSpokenTo,
        "The greeting waits until the client has sent something.";
    NegativeGreeting, "negative-greeting", ["rfc1939-4-greeting-positive"], "",
        greeting::NegativeGreeting,
        "The greeting is -ERR, and the session goes on all the same.";
    SameTimestamp, "same-timestamp", ["rfc1939-7-apop-timestamp-unique"], "",
        greeting::SameTimestamp,
        "Every greeting has the same timestamp.";
    PassWithoutUser, "pass-without-user", ["rfc1939-7-pass-directly-after-user"], "",
        OnLine(login::pass_without_user),
        "PASS logs in without USER before it.";
    WrongPasswordAccepted, "wrong-password-accepted",
        ["rfc1939-7-pass-wrong-stays-in-authorization", "rfc1939-7-pass-argument-required"], "",
        login::WrongPasswordAccepted::default(),
        "Any password logs in.";
    RetryPassWithoutUser, "retry-pass-without-user", ["rfc1939-7-pass-directly-after-user"], "",
        login::RetryPassWithoutUser::default(),
        "After a refused PASS another PASS logs in without a new USER.";
    TransactionBeforeLogin, "transaction-before-login",
        ["rfc1939-3-wrong-state-negative", "rfc1939-3-starts-in-authorization",
         "rfc1939-5-dele-only-in-transaction", "rfc1939-5-stat-only-in-transaction",
         "rfc1939-5-list-only-in-transaction", "rfc1939-5-retr-only-in-transaction",
         "rfc1939-5-noop-only-in-transaction", "rfc1939-5-rset-only-in-transaction",
         "rfc1939-7-top-only-in-transaction", "rfc1939-7-uidl-only-in-transaction",
         "rfc1939-7-pass-wrong-stays-in-authorization",
         "rfc1939-7-apop-wrong-stays-in-authorization", "rfc2595-4-authorization-state-after-handshake",
         "rfc8314-3.1-authorization-state-after-greeting"], "",
        OnLine(login::transaction_before_login),
        "Commands of the TRANSACTION state are answered +OK before login.";
    UserAfterLogin, "user-after-login", ["rfc1939-7-user-only-in-authorization"], "",
        OnLine(login::user_after_login),
        "USER, PASS and APOP are answered +OK after login.";
    ApopChangesNothing, "apop-changes-nothing",
        ["rfc1939-7-apop-correct-enters-transaction", "rfc1939-7-apop-wrong-stays-in-authorization"], "",
        OnLine(login::apop_changes_nothing),
        "APOP is answered +OK, and the session stays in the AUTHORIZATION state.";
    InitialResponseIgnored, "initial-response-ignored", ["rfc2449-6.3-sasl-implies-initial-response"], "",
        OnLine(login::initial_response_ignored),
        "The initial response of AUTH is passed over, and asked for by an empty challenge.";
    EmptyChallengeWithText, "empty-challenge-with-text", ["rfc5034-4-empty-challenge", "rfc5034-4-empty-challenge-no-data"], "",
        OnReply(login::empty_challenge_with_text),
        "The challenge that asks for the client's first message has a text in base64.";
    PlainAnyPassword, "plain-any-password", ["rfc5034-4-unauthenticated-refused", "rfc4616-2-verifies-password"], "",
        OnLine(login::plain_any_password),
        "AUTH PLAIN with an initial response lets in with any password.";
    StlsInjection, "stls-injection", ["rfc2595-4-buffered-plaintext-discarded"], "CVE-2021-38084 (Courier)",
        tls::StlsInjection,
        "What came in clear behind STLS is executed under TLS.";
    StlsInTransaction, "stls-in-transaction", ["rfc2595-4-stls-not-after-login"], "",
        OnLine(tls::stls_in_transaction),
        "STLS is accepted after login.";
    StlsListedUnderTls, "stls-listed-under-tls", ["rfc2595-4-stls-not-announced-under-tls"], "",
        OnReply(tls::stls_listed_under_tls),
        "CAPA announces STLS although TLS is active.";
    UserRememberedOverStls, "user-remembered-over-stls", ["rfc2595-4-state-before-tls-forgotten"], "",
        login::UserRememberedOverStls::default(),
        "The name given by USER in clear still counts for PASS under TLS.";
    CapaOnlyBeforeLogin, "capa-only-before-login",
        ["rfc2449-5-capa-in-transaction", "rfc2449-5-announced-in-both-states",
         "rfc2449-5-capa-negative-means-unimplemented"], "",
        OnLine(tls::capa_only_before_login),
        "CAPA is answered -ERR after login.";
    CapabilityNotImplemented, "capability-not-implemented",
        ["rfc2449-6.1-top-announced-works", "rfc2449-6.8-uidl-announced-works",
         "rfc2595-4-stls-announced-permitted-now"], "",
        OnLine(tls::capability_not_implemented),
        "TOP, UIDL and STLS are announced and answered -ERR.";
    DeletedStillListed, "deleted-still-listed",
        ["rfc1939-5-list-omits-marked-messages", "rfc1939-7-uidl-omits-marked-messages"], "Twisted",
        OnReply(listing::deleted_still_listed),
        "LIST and UIDL still have the messages marked as deleted.";
    DeletedStillCounted, "deleted-still-counted",
        ["rfc1939-5-stat-omits-marked-messages", "rfc1939-5-stat-size-of-maildrop"], "",
        OnReply(listing::deleted_still_counted),
        "STAT still counts the messages marked as deleted.";
    RenumberAfterDele, "renumber-after-dele",
        ["rfc1939-4-message-numbers-stable", "rfc1939-5-marked-number-is-error",
         "rfc1939-5-list-marked-message-negative", "rfc1939-5-retr-marked-message-negative"], "",
        number::RenumberAfterDele,
        "The messages behind a deleted one get new numbers at once.";
    ListArgumentIgnored, "list-argument-ignored",
        ["rfc1939-5-list-one-single-line", "rfc1939-5-list-one-equals-list-all",
         "rfc1939-5-list-unknown-number-negative", "rfc1939-5-list-marked-message-negative",
         "rfc1939-3-invalid-syntax-negative", "rfc1939-3-one-response-per-command",
         "rfc1939-3-response-status-first"], "Mailpit",
        OnLine(listing::list_argument_ignored),
        "LIST with a message-number lists all messages.";
    ListSingleMultiline, "list-single-multiline",
        ["rfc1939-5-list-one-single-line", "rfc1939-5-list-one-equals-list-all",
         "rfc1939-3-one-response-per-command", "rfc1939-3-response-status-first"], "",
        OnReply(listing::list_single_multiline),
        "LIST with a message-number gives a listing of one line and a terminating line.";
    UidlSingleMultiline, "uidl-single-multiline",
        ["rfc1939-7-uidl-single-or-multi-line", "rfc1939-7-uidl-one-equals-uidl-all", "rfc1939-7-unique-id-listing-format",
         "rfc1939-3-one-response-per-command", "rfc1939-3-response-status-first"], "",
        OnReply(listing::uidl_single_multiline),
        "UIDL with a message-number gives a listing of one line and a terminating line.";
    UidlWithoutNumber, "uidl-without-number",
        ["rfc1939-7-unique-id-listing-format", "rfc1939-7-uidl-one-equals-uidl-all",
         "rfc1939-7-uidl-single-or-multi-line", "rfc2449-6.8-uidl-announced-works"], "",
        OnReply(unique_id::uidl_without_number),
        "Unique-ids are listed without message-numbers.";
    SizeCountsLfOnly, "size-counts-lf-only",
        ["rfc1939-11-size-counts-line-end-twice", "rfc1939-5-scan-listing-exact-size"], "Mailpit, aenetmail",
        OnReply(listing::size_counts_lf_only),
        "STAT and LIST count one octet for a line end that is sent as two.";
    SizeCountsStuffing, "size-counts-stuffing",
        ["rfc1939-11-size-excludes-stuffing", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(listing::size_counts_stuffing),
        "STAT and LIST count the dots that byte-stuffing adds.";
    RetrUnstuffed, "retr-unstuffed",
        ["rfc1939-5-retr-byte-stuffing", "rfc1939-3-byte-stuffing", "rfc1939-3-byte-stuffing-at-buffer-edges",
         "rfc1939-3-byte-stuffing-first-line", "rfc1939-5-retr-whole-message",
         "rfc1939-5-scan-listing-exact-size", "rfc1939-3-one-response-per-command",
         "rfc1939-3-response-status-first"], "Mailpit, GreenMail, netius",
        OnReply(body::retr_unstuffed),
        "RETR sends lines that begin with a dot as they are.";
    TopUnstuffed, "top-unstuffed",
        ["rfc1939-7-top-byte-stuffing", "rfc1939-3-byte-stuffing", "rfc1939-3-byte-stuffing-at-buffer-edges",
         "rfc1939-3-byte-stuffing-first-line", "rfc1939-3-one-response-per-command",
         "rfc1939-3-response-status-first"], "GreenMail, hMailServer",
        OnReply(body::top_unstuffed),
        "TOP sends lines that begin with a dot as they are.";
    StuffingLostFirstOctet, "stuffing-lost-first-octet",
        ["rfc1939-3-byte-stuffing-first-line", "rfc1939-3-byte-stuffing"], "",
        OnReply(body::stuffing_lost_first_octet),
        "A dot that is the first octet of a message is not doubled.";
    StuffingLostAtChunk, "stuffing-lost-at-chunk",
        ["rfc1939-3-byte-stuffing-at-buffer-edges", "rfc1939-3-byte-stuffing",
         "rfc1939-3-one-response-per-command", "rfc1939-3-response-status-first",
         "rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "netius",
        OnReply(body::stuffing_lost_at_chunk),
        "A dot is not doubled when a border of 4096 octets lies between it and the line end before it.";
    TerminatorGlued, "terminator-glued",
        ["rfc1939-11-missing-final-line-end", "rfc1939-3-multi-line-termination"], "",
        OnReply(body::terminator_glued),
        "A message stored without a line end at its end is sent so, with the terminating dot right behind it.";
    ExtraBlankLineBeforeDot, "extra-blank-line-before-dot",
        ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size",
         "rfc1939-11-missing-final-line-end"], "",
        OnReply(body::extra_blank_line_before_dot),
        "RETR sends an empty line more than the message has.";
    TopZeroSendsBody, "top-zero-sends-body",
        ["rfc1939-7-top-header-blank-line-body", "rfc2449-6.1-top-announced-works"], "Stalwart",
        OnLine(top::top_zero_sends_body),
        "TOP with 0 lines sends the whole body.";
    TopOffByOne, "top-off-by-one", ["rfc1939-7-top-header-blank-line-body"], "",
        OnLine(top::top_off_by_one),
        "TOP sends a line of the body too many.";
    TopWithoutBlankLine, "top-without-blank-line",
        ["rfc1939-7-top-header-blank-line-body", "rfc1939-7-top-more-lines-than-body"], "",
        OnReply(top::top_without_blank_line),
        "TOP leaves out the empty line between header and body.";
    TopFailsWhenLonger, "top-fails-when-longer", ["rfc1939-7-top-more-lines-than-body"], "",
        OnLine(top::top_fails_when_longer),
        "TOP is answered -ERR when more lines are asked for than the body has.";
    DeleTwiceAccepted, "dele-twice-accepted", ["rfc1939-5-dele-twice-negative"], "",
        OnLine(deleting::dele_twice_accepted),
        "DELE of a message marked before is answered +OK.";
    DeleteOnDisconnect, "delete-on-disconnect",
        ["rfc1939-6-no-removal-without-quit", "rfc1939-5-dele-waits-for-update",
         "rfc1939-6-truncated-quit-is-no-quit"], "",
        deleting::DeleteOnDisconnect,
        "Messages marked as deleted are removed when the connection breaks.";
    QuitDoesNotDelete, "quit-does-not-delete", ["rfc1939-6-quit-removes-marked-messages"], "",
        OnLine(deleting::quit_does_not_delete),
        "QUIT is answered +OK and removes nothing.";
    RsetDoesNothing, "rset-does-nothing",
        ["rfc1939-5-rset-unmarks-all", "rfc1939-5-rset-keeps-numbers",
         "rfc1939-5-rset-then-quit-removes-nothing"], "",
        OnLine(deleting::rset_does_nothing),
        "RSET is answered +OK and unmarks nothing.";
    QuitKeepsOpen, "quit-keeps-open", ["rfc1939-6-quit-closes-connection"], "WildDuck",
        deleting::QuitKeepsOpen,
        "After the reply to QUIT the connection stays open.";
    AnswersAfterQuit, "answers-after-quit",
        ["rfc1939-3-quit-then-close", "rfc1939-6-quit-closes-connection",
         "rfc1939-3-one-response-per-command"], "",
        deleting::AnswersAfterQuit,
        "Commands in the same segment behind QUIT are answered too.";
    RetrDeletes, "retr-deletes",
        ["rfc1939-5-retr-does-not-mark", "rfc1939-5-retr-repeatable",
         "rfc2449-6.7-expire-announces-deletion-policy"], "",
        OnLine(deleting::retr_deletes),
        "RETR marks the message as deleted.";
    NumberZeroAccepted, "number-zero-accepted",
        ["rfc1939-4-message-numbers-from-one", "rfc1939-5-retr-unknown-number-negative",
         "rfc1939-5-dele-unknown-number-negative", "rfc1939-5-list-unknown-number-negative",
         "rfc1939-7-top-marked-or-unknown-negative", "rfc1939-7-uidl-marked-or-unknown-negative"], "",
        OnLine(number::number_zero_accepted),
        "The message-number 0 stands for the first message.";
    NumberPrefixAccepted, "number-prefix-accepted",
        ["rfc1939-3-invalid-syntax-negative", "rfc1939-7-top-line-count-non-negative"], "",
        OnLine(number::number_prefix_accepted),
        "A number is read up to its first character that is no digit: `1x` is 1.";
    NumberWraps, "number-wraps",
        ["rfc1939-5-retr-unknown-number-negative", "rfc1939-5-dele-unknown-number-negative",
         "rfc1939-5-list-unknown-number-negative", "rfc1939-7-top-marked-or-unknown-negative",
         "rfc1939-7-uidl-marked-or-unknown-negative"], "",
        OnLine(number::number_wraps),
        "Message-numbers are taken modulo 2 to the power of 32: 4294967297 is 1.";
    NegativeNumberAccepted, "negative-number-accepted",
        ["rfc1939-7-top-line-count-non-negative", "rfc1939-3-invalid-syntax-negative"], "",
        OnLine(number::negative_number_accepted),
        "The sign of a negative number is ignored, and TOP with -1 lines sends the whole message.";
    NoLock, "no-lock", ["rfc1939-4-exclusive-access-lock", "rfc1939-6-quit-keeps-unmarked-messages"], "",
        OnLine(sessions::no_lock),
        "A second session is let into the maildrop, and QUIT removes whatever has the marked numbers by then.";
    UidlChangesOverSessions, "uidl-changes-over-sessions",
        ["rfc1939-7-unique-id-persists", "rfc1939-7-unique-id-persists-without-update",
         "rfc1939-7-unique-id-persists-over-restart",
         "rfc1939-7-unique-id-survives-other-removals"], "",
        OnReply(unique_id::uidl_changes_over_sessions),
        "Unique-ids are others in each session.";
    LockKeptAfterDisconnect, "lock-kept-after-disconnect",
        ["rfc1939-4-exclusive-access-lock", "rfc1939-6-quit-releases-lock"], "",
        sessions::LockKeptAfterDisconnect,
        "After a connection breaks, its maildrop stays locked.";
    NewMailVisibleInSession, "new-mail-visible-in-session", ["rfc1939-8-new-mail-not-visible"], "",
        sessions::NewMailVisibleInSession,
        "Mail delivered during a session is counted, listed and sent in it.";
    StatusLineTooLong, "status-line-too-long", ["rfc1939-3-response-at-most-512"], "",
        OnReply(framing::status_line_too_long),
        "The first line of a negative reply has more than 512 octets.";
    MissingArgumentAccepted, "missing-argument-accepted",
        ["rfc1939-3-invalid-syntax-negative", "rfc1939-7-pass-argument-required",
         "rfc1939-7-user-name-required", "rfc1939-5-dele-number-required", "rfc1939-5-retr-number-required",
         "rfc1939-7-top-both-arguments-required"], "",
        OnLine(framing::missing_argument_accepted),
        "A missing argument is made up: RETR is RETR 1, and USER without a name is answered +OK.";
    ControlOctetsIgnored, "control-octets-ignored", ["rfc1939-3-command-printable-ascii"], "",
        OnLine(framing::control_octets_ignored),
        "Control octets in a command are left out, and the rest is carried out.";
    LongArgumentCloses, "long-argument-closes",
        ["rfc1939-3-accept-forty-character-argument", "rfc2449-4-accept-255-octet-commands"], "",
        OnLine(framing::long_argument_closes),
        "An argument of more than 32 characters closes the connection.";
    RepeatedCommandRefused, "repeated-command-refused", ["rfc1939-5-commands-repeatable"], "",
        framing::RepeatedCommandRefused::default(),
        "The same command twice in a row is answered -ERR the second time.";
    SegmentIsCommand, "segment-is-command",
        ["rfc1939-3-command-ends-with-crlf", "rfc1939-3-one-response-per-command",
         "rfc1939-6-truncated-quit-is-no-quit", "rfc2449-6.6-pipelining-any-segment-border"], "Dovecot 2.3.11.3",
        segment::SegmentIsCommand,
        "What comes in one segment is taken for a whole command.";
    CrEndsCommand, "cr-ends-command",
        ["rfc1939-3-command-ends-with-crlf", "rfc1939-3-one-response-per-command"], "",
        segment::CrEndsCommand::default(),
        "A CR ends a command, and an LF in the next segment ends an empty one.";
    InputDroppedWhileSending, "input-dropped-while-sending",
        ["rfc2449-6.6-pipelining-during-long-response", "rfc2449-6.6-pipelining-in-turn",
         "rfc1939-3-one-response-per-command"], "",
        segment::InputDroppedWhileSending,
        "Commands sent in one segment behind RETR or TOP are lost.";
    TimestampWithoutAt, "timestamp-without-at", ["rfc1939-7-apop-timestamp-msg-id-syntax"], "E.Novation",
        greeting::TimestampWithoutAt,
        "The timestamp of the greeting is no msg-id: it has no `@`.";
    AnyDigestAccepted, "any-digest-accepted",
        ["rfc1939-7-apop-wrong-stays-in-authorization", "rfc1939-7-apop-both-arguments-required",
         "rfc1939-7-apop-digest-input", "rfc1939-7-apop-digest-form", "rfc1939-7-apop-replay-refused"], "",
        OnLine(login::any_digest_accepted),
        "APOP logs in with any digest, or none.";
    LoginRefusedUnderTls, "login-refused-under-tls",
        ["rfc1939-7-pass-correct-enters-transaction", "rfc1939-3-login-enters-transaction"], "",
        OnLine(login::login_refused_under_tls),
        "Under TLS the right password is refused too.";
    InUseToldAsAuth, "in-use-told-as-auth", ["rfc2449-8.1.2-in-use-code-places"], "",
        OnReply(login::in_use_told_as_auth),
        "A locked maildrop is refused with the response code of a wrong password.";
    RespCodesNotAnnounced, "resp-codes-not-announced", ["rfc2449-8-response-codes-announced", "rfc3206-6-auth-resp-code-with-resp-codes"], "",
        OnReply(tls::resp_codes_not_announced),
        "Response codes are sent and RESP-CODES is not announced.";
    CapaUnterminated, "capa-unterminated", ["rfc2449-5-capa-termination"], "",
        OnReply(tls::capa_unterminated),
        "The capability list has no terminating line.";
    CapaUnmarks, "capa-unmarks", ["rfc2449-5-capa-changes-nothing"], "",
        OnLine(deleting::capa_unmarks),
        "CAPA unmarks what was marked as deleted.";
    CapaRefusedUnderTls, "capa-refused-under-tls", ["rfc2595-4-stls-implies-capa"], "",
        OnLine(tls::capa_refused_under_tls),
        "CAPA is answered -ERR under TLS.";
    StlsAnswersOnly, "stls-answers-only",
        ["rfc2595-4-handshake-directly-after-ok", "rfc2595-4-failed-handshake-ends-connection",
         "rfc2595-4-early-client-hello-not-commands"], "",
        OnLine(tls::stls_answers_only),
        "STLS is answered +OK and the session goes on in clear.";
    GreetingAfterStls, "greeting-after-stls", ["rfc2595-4-no-greeting-after-stls"], "",
        tls::GreetingAfterStls::default(),
        "After the TLS handshake a second greeting comes.";
    StatOctetsOff, "stat-octets-off", ["rfc1939-5-stat-size-of-maildrop", "rfc1939-5-stat-always-positive"], "",
        OnReply(listing::stat_octets_off),
        "The size in STAT is not the sum of the sizes in LIST.";
    StatCountOff, "stat-count-off", ["rfc1939-5-stat-count-of-messages"], "",
        OnReply(listing::stat_count_off),
        "STAT counts a message that LIST does not have.";
    NumbersFromZero, "numbers-from-zero", ["rfc1939-4-message-numbers-from-one"], "",
        OnReply(listing::numbers_from_zero),
        "LIST and UIDL number the messages from 0.";
    EmptyMaildropRefused, "empty-maildrop-refused",
        ["rfc1939-5-list-empty-maildrop", "rfc1939-5-stat-always-positive", "rfc1939-7-uidl-empty-maildrop"],
        "",
        OnLine(listing::empty_maildrop_refused),
        "STAT, LIST and UIDL of an empty maildrop are answered -ERR.";
    EqualUniqueIds, "equal-unique-ids", ["rfc1939-7-unique-id-distinct"], "",
        OnReply(unique_id::equal_unique_ids),
        "All messages have one unique-id.";
    UniqueIdIsNumber, "unique-id-is-number", ["rfc1939-7-unique-id-survives-other-removals"], "",
        OnReply(unique_id::unique_id_is_number),
        "Unique-ids are made from message-numbers, so they change when an earlier message goes.";
    UniqueIdTooLong, "unique-id-too-long",
        ["rfc1939-7-unique-id-length", "rfc1939-7-unique-id-listing-format", "rfc1939-7-unique-id-alphabet"],
        "",
        OnReply(unique_id::unique_id_too_long),
        "Unique-ids have 71 characters.";
    UniqueIdWithBlank, "unique-id-with-blank",
        ["rfc1939-7-unique-id-alphabet", "rfc1939-7-unique-id-listing-format",
         "rfc1939-7-unique-id-listing-nothing-more"], "",
        OnReply(unique_id::unique_id_with_blank),
        "Unique-ids have a blank in them.";
    EighthBitStripped, "eighth-bit-stripped",
        ["rfc1939-5-retr-whole-message", "rfc6856-2.1-utf8-messages-as-stored"], "",
        OnReply(body::eighth_bit_stripped),
        "Octets above 127 in a message lose their highest bit.";
    BodyBareLf, "body-bare-lf",
        ["rfc1939-11-message-lines-end-with-crlf", "rfc1939-5-scan-listing-exact-size",
         "rfc1939-11-size-counts-line-end-twice", "rfc6856-2.1-binary-encoding-not-permitted"], "mailtrap",
        OnReply(body::body_bare_lf),
        "A message stored with bare LFs is sent with them.";
    EveryDotDoubled, "every-dot-doubled",
        ["rfc1939-3-byte-stuffing-only-line-start", "rfc1939-3-byte-stuffing", "rfc1939-5-retr-whole-message",
         "rfc1939-5-scan-listing-exact-size", "rfc1939-11-size-excludes-stuffing"], "",
        OnReply(body::every_dot_doubled),
        "Every dot of a message is doubled, wherever it stands.";
    LongLinesCut, "long-lines-cut", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(body::long_lines_cut),
        "Lines of more than 998 characters are cut in two.";
    RetrAddsHeader, "retr-adds-header", ["rfc1939-5-scan-listing-exact-size"], "",
        OnReply(body::retr_adds_header),
        "RETR sends a header field that LIST did not count.";
    HeaderOnlyUnterminated, "header-only-unterminated", ["rfc1939-3-multi-line-termination"], "",
        OnReply(body::header_only_unterminated),
        "A message without an empty line is sent without the terminating line.";
    DeletedStillRetrieved, "deleted-still-retrieved",
        ["rfc1939-5-retr-marked-message-negative", "rfc1939-5-marked-number-is-error",
         "rfc1939-5-list-marked-message-negative", "rfc1939-7-top-marked-or-unknown-negative",
         "rfc1939-7-uidl-marked-or-unknown-negative"], "Inbucket",
        OnLine(deleting::deleted_still_retrieved),
        "RETR, TOP, LIST and UIDL of a message marked as deleted are answered +OK.";
    TopDeletes, "top-deletes", ["rfc1939-7-top-does-not-mark"], "",
        OnLine(deleting::top_deletes),
        "TOP marks the message as deleted.";
    RefusedDeleMarksAnother, "refused-dele-marks-another",
        ["rfc1939-3-rejected-command-changes-nothing", "rfc1939-5-dele-unknown-number-negative"], "",
        OnLine(deleting::refused_dele_marks_another),
        "DELE of an unknown number is answered -ERR and marks the last message.";
    NoopRefused, "noop-refused", ["rfc1939-5-noop-positive-no-effect", "rfc1939-7-minimal-commands-supported"], "",
        OnLine(deleting::noop_refused),
        "NOOP is answered -ERR.";
    RsetNeedsMarks, "rset-needs-marks", ["rfc1939-5-rset-without-marks-positive", "rfc1939-7-minimal-commands-supported"], "",
        OnLine(deleting::rset_needs_marks),
        "RSET is answered -ERR when nothing is marked.";
    RsetUnmarksOne, "rset-unmarks-one", ["rfc1939-5-rset-unmarks-all"], "",
        OnLine(deleting::rset_unmarks_one),
        "RSET unmarks one message only.";
    QuitWithoutReply, "quit-without-reply",
        ["rfc1939-3-one-response-per-command", "rfc1939-6-quit-removes-marked-messages"], "",
        OnReply(deleting::quit_without_reply),
        "QUIT that removes messages closes the connection without a reply.";
    QuitBeforeLoginDeletes, "quit-before-login-deletes", ["rfc1939-4-quit-in-authorization-harmless"], "",
        deleting::QuitBeforeLoginDeletes::default(),
        "QUIT behind USER removes a message of the maildrop named.";
    LockKeptAfterQuit, "lock-kept-after-quit", ["rfc1939-6-quit-releases-lock"], "",
        sessions::LockKeptAfterQuit::default(),
        "After QUIT the maildrop stays locked.";
    LockKeptAfterRefusal, "lock-kept-after-refusal", ["rfc1939-4-lock-released-before-rejecting"], "",
        sessions::LockKeptAfterRefusal::default(),
        "A login with a wrong password leaves the maildrop locked.";
}
