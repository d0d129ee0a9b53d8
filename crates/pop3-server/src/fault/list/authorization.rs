//! The rows of faults that show before login: lines, greetings, logins, AUTH, STLS
//! and CAPA.

/// Puts its rows behind those given, and hands all of them to the macro named.
macro_rules! authorization_rows {
    ($then:ident; $($rows:tt)*) => { $then! { $($rows)*
    CommandLimitTooLow, "command-limit-too-low", ["rfc2449-4-accept-255-octet-commands"], "",
        OnLine(framing::command_limit_too_low),
        "A command of more than 128 octets closes the connection.";
    EmptyLineCloses, "empty-line-closes", ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-one-response-per-command"], "Dovecot 2.3.19",
        OnLine(framing::empty_line_closes),
        "An empty line closes the connection without an answer.";
    ColonCloses, "colon-closes", ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-one-response-per-command"], "Dovecot 2.3.18",
        OnLine(framing::colon_closes),
        "An unknown command with a colon in it closes the connection without an answer.";
    NulEndsLine, "nul-ends-line", ["rfc1939-3-command-printable-ascii"], "",
        OnLine(framing::nul_ends_line),
        "What stands in a command behind a NUL is passed over, and the rest is carried out.";
    TextWithoutSpace, "text-without-space", ["rfc2449-3-status-then-space-or-crlf", "rfc1939-3-response-status-first"], "",
        OnReply(framing::text_without_space),
        "The text of a negative reply follows the status indicator without a space.";
    ReplyWithEightBit, "reply-with-eight-bit", ["rfc2449-3-status-then-space-or-crlf"], "",
        OnReply(framing::reply_with_eight_bit),
        "The text of a negative reply has octets above 127.";
    GreetingOfTwoLines, "greeting-of-two-lines", ["rfc1939-4-greeting-single-line", "rfc1939-3-one-response-per-command"], "",
        greeting::GreetingOfTwoLines,
        "The greeting has a second line.";
    GreetingTooLong, "greeting-too-long", ["rfc2449-3-greeting-at-most-512", "rfc1939-3-response-at-most-512"], "",
        greeting::GreetingTooLong,
        "The greeting has more than 512 octets.";
    AngleBracketsInGreeting, "angle-brackets-in-greeting", ["rfc2449-3-greeting-one-timestamp"], "",
        greeting::AngleBracketsInGreeting,
        "Angle brackets stand in the greeting beside those of the timestamp.";
    PasswordCutAtEight, "password-cut-at-eight", ["rfc1939-7-pass-taken-literally"], "",
        refusing::PasswordCutAtEight::default(),
        "Only the first eight octets of a password count.";
    WordsBehindPasswordIgnored, "words-behind-password-ignored", ["rfc1939-7-pass-taken-literally"], "Twisted",
        OnLine(refusing::words_behind_password_ignored),
        "Of a password with blanks only the first word counts.";
    FirstUserKept, "first-user-kept", ["rfc1939-7-user-only-in-authorization"], "",
        OnLine(refusing::first_user_kept),
        "A second USER is answered +OK, and the first name is kept.";
    PercentInNameCloses, "percent-in-name-closes", ["rfc1939-7-user-positive-or-negative", "rfc1939-3-one-response-per-command"], "Courier 3.0.2",
        OnLine(refusing::percent_in_name_closes),
        "A percent sign in the name of USER closes the connection without an answer.";
    EightBitNameCloses, "eight-bit-name-closes", ["rfc1939-7-user-positive-or-negative", "rfc1939-3-one-response-per-command"], "Dovecot 2.3.5",
        OnLine(refusing::eight_bit_name_closes),
        "Octets above 127 in the name of USER close the connection without an answer.";
    WrongPasswordUnanswered, "wrong-password-unanswered", ["rfc1939-3-one-response-per-command", "rfc1939-7-pass-wrong-stays-in-authorization"], "",
        refusing::WrongPasswordUnanswered::default(),
        "A wrong password closes the connection without an answer.";
    RefusalWithPlus, "refusal-with-plus", ["rfc1939-3-response-status-first"], "hMailServer",
        OnReply(refusing::refusal_with_plus),
        "A login is refused by `+ERR`.";
    ApopFailureIsFinal, "apop-failure-is-final", ["rfc1939-4-retry-after-failed-login"], "",
        refusing::ApopFailureIsFinal::default(),
        "After a refused APOP every command but QUIT is answered -ERR.";
    LoginBlockedAfterFailure, "login-blocked-after-failure", ["rfc1939-4-retry-after-failed-login"], "",
        refusing::LoginBlockedAfterFailure::default(),
        "On a connection where a wrong password was refused, the right one is refused too.";
    LockedMaildropOpened, "locked-maildrop-opened", ["rfc1939-4-exclusive-access-lock", "rfc1939-3-wrong-state-negative"], "",
        refusing::LockedMaildropOpened::default(),
        "After a login refused for the lock, commands of the TRANSACTION state are answered +OK.";
    EmptyMaildropLoginRefused, "empty-maildrop-login-refused", ["rfc1939-7-pass-correct-enters-transaction"], "",
        refusing::EmptyMaildropLoginRefused::default(),
        "Who has no mail is refused at login.";
    ChallengeInClearText, "challenge-in-clear-text", ["rfc5034-4-challenge-form", "rfc5034-4-empty-challenge"], "",
        OnReply(sasl::challenge_in_clear_text),
        "The challenge that asks for the client's first message has a text that is no base64.";
    EmptyChallengeWithoutSpace, "empty-challenge-without-space", ["rfc5034-4-empty-challenge-has-space", "rfc5034-4-challenge-form"], "Exchange",
        OnReply(sasl::empty_challenge_without_space),
        "An empty challenge is a plus sign without the space behind it.";
    ChallengeToldAsOk, "challenge-told-as-ok", ["rfc5034-4-challenge-form", "rfc5034-4-empty-challenge"], "Exchange 2003",
        OnReply(sasl::challenge_told_as_ok),
        "AUTH is answered +OK where the client's first message is asked for.";
    InitialResponseRequired, "initial-response-required", ["rfc5034-4-empty-challenge"], "Dovecot 1.2.1",
        OnLine(sasl::initial_response_required),
        "AUTH PLAIN without an initial response is answered -ERR.";
    AsteriskAsksAgain, "asterisk-asks-again", ["rfc5034-4-cancel-refused"], "",
        sasl::OnResponse(sasl::asterisk_asks_again),
        "The asterisk that cancels an exchange is answered by another challenge.";
    ExchangeOutlivesFailure, "exchange-outlives-failure", ["rfc5034-4-failed-auth-leaves-no-trace"], "",
        sasl::ExchangeOutlivesFailure::default(),
        "The command behind a failed exchange is taken for another response.";
    ResponseJunkSkipped, "response-junk-skipped", ["rfc5034-4-characters-outside-alphabet-refused"], "",
        sasl::Lenient(sasl::without_junk),
        "Characters outside of the base64 alphabet are passed over in a response.";
    ResponsePadInside, "response-pad-inside", ["rfc5034-4-misplaced-pad-refused"], "",
        sasl::Lenient(sasl::without_inner_pads),
        "Pads inside of a response are passed over.";
    ResponseUnpadded, "response-unpadded", ["rfc5034-5-incomplete-group-refused"], "",
        sasl::Lenient(sasl::with_pads),
        "A response whose pads are missing is taken all the same.";
    UnknownMechanismStarts, "unknown-mechanism-starts", ["rfc5034-4-unsupported-mechanism-refused"], "",
        OnLine(sasl::unknown_mechanism_starts),
        "AUTH with a mechanism that does not exist begins an exchange.";
    UnknownMechanismCloses, "unknown-mechanism-closes", ["rfc5034-4-unsupported-mechanism-refused"], "",
        OnLine(sasl::unknown_mechanism_closes),
        "AUTH with a mechanism that does not exist closes the connection without an answer.";
    MechanismCaseSensitive, "mechanism-case-sensitive", ["rfc5034-5-tokens-case-insensitive"], "",
        OnLine(sasl::mechanism_case_sensitive),
        "Mechanisms are known in upper case only: `AUTH plain` is answered -ERR.";
    AuthAfterLogin, "auth-after-login", ["rfc5034-4-second-auth-refused", "rfc5034-4-auth-only-in-authorization"], "",
        OnLine(sasl::auth_after_login),
        "AUTH begins an exchange after login.";
    AuthChangesNothing, "auth-changes-nothing", ["rfc5034-4-success-enters-transaction"], "",
        sasl::AuthChangesNothing::default(),
        "AUTH ends in +OK, and the session stays in the AUTHORIZATION state.";
    AuthNotImplemented, "auth-not-implemented", ["rfc5034-3-sasl-implies-auth", "rfc5034-3-listed-mechanism-starts", "rfc2449-6.3-sasl-implies-initial-response"], "",
        OnLine(sasl::auth_not_implemented),
        "SASL is announced, and AUTH is an unknown command.";
    AnnouncedMechanismRefused, "announced-mechanism-refused", ["rfc5034-3-listed-mechanism-starts"], "",
        OnLine(sasl::announced_mechanism_refused),
        "CRAM-MD5 is announced, and AUTH CRAM-MD5 is answered -ERR.";
    ServerFirstTakesInitialResponse, "server-first-takes-initial-response", ["rfc5034-4-initial-response-refused-for-server-first"], "",
        OnLine(sasl::server_first_takes_initial_response),
        "An initial response of CRAM-MD5, where the server begins, is passed over.";
    AuthLineUpperCased, "auth-line-upper-cased", ["rfc5034-5-base64-case-sensitive", "rfc2449-6.3-sasl-implies-initial-response"], "",
        OnLine(sasl::auth_line_upper_cased),
        "The AUTH command is read in upper case, its initial response too.";
    ResponseLimitTooLow, "response-limit-too-low", ["rfc5034-4-longest-responses-handled"], "Dovecot 2.3.11.2",
        sasl::OnResponse(sasl::response_limit_too_low),
        "A response of more than 253 characters is refused for its length.";
    EmptyResponseRefused, "empty-response-refused", ["rfc5034-5-empty-line-is-empty-response", "rfc5034-4-success-enters-transaction"], "",
        sasl::OnResponse(sasl::empty_response_refused),
        "An empty line as response ends the exchange with -ERR.";
    TransactionBeforeLoginUnderTls, "transaction-before-login-under-tls", ["rfc2595-4-authorization-state-after-handshake", "rfc1939-3-starts-in-authorization"], "",
        OnLine(tls::transaction_before_login_under_tls),
        "Under TLS, commands of the TRANSACTION state are answered +OK before login.";
    SecondStlsCloses, "second-stls-closes", ["rfc2595-4-stls-refused-under-tls"], "Inbucket",
        OnLine(tls::second_stls_closes),
        "STLS under TLS closes the connection without an answer.";
    LineBehindStlsOk, "line-behind-stls-ok", ["rfc2595-4-handshake-directly-after-ok", "rfc1939-3-one-response-per-command"], "",
        OnReply(tls::line_behind_stls_ok),
        "Behind the +OK to STLS comes another line in clear.";
    } };
}
