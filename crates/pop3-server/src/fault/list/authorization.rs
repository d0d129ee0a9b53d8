//! The rows of faults that show before login: lines, greetings, logins, AUTH, STLS
//! and CAPA.

/// Puts its rows behind those given, and hands all of them to the first macro named.
macro_rules! authorization_rows {
    ($then:ident $($last:ident)*; $($rows:tt)*) => { $then! { $($last)*; $($rows)*
    CommandLimitTooLow, "command-limit-too-low", ["rfc2449-4-accept-255-octet-commands", "rfc1939-3-one-response-per-command"], "",
        OnLine(framing::command_limit_too_low),
        "A command of more than 128 octets closes the connection.";
    EmptyLineCloses, "empty-line-closes", ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-one-response-per-command"], "Dovecot 2.3.18",
        OnLine(framing::empty_line_closes),
        "An empty line closes the connection without an answer.";
    ColonCloses, "colon-closes", ["rfc1939-3-unrecognized-command-negative", "rfc1939-3-single-space-separator", "rfc1939-3-one-response-per-command"], "Dovecot 2.3.18",
        OnLine(framing::colon_closes),
        "An unknown command with a colon in it closes the connection without an answer.";
    NulEndsLine, "nul-ends-line", ["rfc1939-3-command-printable-ascii"], "",
        OnLine(framing::nul_ends_line),
        "What stands in a command behind a NUL is passed over, and the rest is carried out.";
    TextWithoutSpace, "text-without-space", ["rfc2449-3-status-then-space-or-crlf", "rfc1939-3-response-status-first"], "",
        OnReply(framing::text_without_space),
        "The text of the reply to an unknown command follows -ERR without a space.";
    ReplyWithEightBit, "reply-with-eight-bit", ["rfc2449-3-status-then-space-or-crlf"], "",
        OnReply(framing::reply_with_eight_bit),
        "The text of the reply to an unknown command has octets above 127.";
    GreetingOfTwoLines, "greeting-of-two-lines", ["rfc1939-4-greeting-single-line", "rfc1939-3-one-response-per-command"], "",
        greeting::GreetingOfTwoLines::default(),
        "Where TLS begins with the first octet, the greeting has a second line.";
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
    RefusalWithPlus, "refusal-with-plus", ["rfc1939-3-response-status-first", "rfc1939-7-pass-wrong-stays-in-authorization"], "hMailServer",
        OnReply(refusing::refusal_with_plus),
        "A wrong password is refused by `+ERR`.";
    ApopFailureIsFinal, "apop-failure-is-final", ["rfc1939-4-retry-after-failed-login"], "",
        refusing::ApopFailureIsFinal::default(),
        "After a refused APOP every command but QUIT is answered -ERR.";
    UserRefusedForGood, "user-refused-for-good", ["rfc1939-7-retry-after-refused-user"], "",
        refusing::UserRefusedForGood::default(),
        "After a refused USER every other is answered -ERR.";
    NoopBeforeLogin, "noop-before-login", ["rfc1939-5-noop-only-in-transaction", "rfc1939-3-wrong-state-negative", "rfc1939-3-starts-in-authorization"], "Stalwart",
        OnLine(login::noop_before_login),
        "NOOP is answered +OK before login.";
    ApopReplayAccepted, "apop-replay-accepted", ["rfc1939-7-apop-replay-refused"], "",
        digest::ApopReplayAccepted,
        "A digest of APOP that let in once lets in on other connections too.";
    ApopWithoutTimestamp, "apop-without-timestamp", ["rfc1939-7-apop-timestamp-in-greeting", "rfc1939-7-apop-wrong-stays-in-authorization"], "",
        digest::ApopWithoutTimestamp,
        "The greeting has no timestamp, and APOP lets in with any digest.";
    DigestCutAt32, "digest-cut-at-32", ["rfc1939-7-apop-digest-form"], "",
        OnLine(digest::digest_cut_at_32),
        "Of a digest of APOP only the first 32 characters count.";
    DigestWithoutBrackets, "digest-without-brackets", ["rfc1939-7-apop-digest-input"], "",
        digest::DigestWithoutBrackets::default(),
        "The digest of APOP is made of the timestamp without its angle brackets.";
    LimitWithoutLineEnd, "limit-without-line-end", ["rfc1939-a-response-limit-includes-crlf", "rfc1939-3-response-at-most-512"], "",
        OnReply(framing::limit_without_line_end),
        "The first line of a negative reply has 512 octets and CRLF behind them.";
    LoginBlockedAfterFailure, "login-blocked-after-failure", ["rfc1939-4-retry-after-failed-login"], "",
        refusing::LoginBlockedAfterFailure::default(),
        "On a connection where a wrong password was refused, the right one is refused too.";
    LockedMaildropOpened, "locked-maildrop-opened", ["rfc1939-4-exclusive-access-lock", "rfc1939-3-wrong-state-negative"], "",
        refusing::LockedMaildropOpened::default(),
        "After a login refused for the lock, commands of the TRANSACTION state are answered +OK.";
    EmptyMaildropLoginRefused, "empty-maildrop-login-refused", ["rfc1939-7-pass-correct-enters-transaction", "rfc1939-3-login-enters-transaction"], "",
        refusing::EmptyMaildropLoginRefused::default(),
        "Who has no mail is refused at login.";
    ChallengeInClearText, "challenge-in-clear-text", ["rfc5034-4-challenge-form", "rfc5034-4-empty-challenge", "rfc5034-4-empty-challenge-no-data"], "",
        OnReply(sasl::challenge_in_clear_text),
        "The challenge that asks for the client's first message has a text that is no base64.";
    EmptyChallengeWithoutSpace, "empty-challenge-without-space", ["rfc5034-4-empty-challenge-has-space", "rfc5034-4-challenge-form"], "Exchange",
        OnReply(sasl::empty_challenge_without_space),
        "An empty challenge is a plus sign without the space behind it.";
    ChallengeToldAsOk, "challenge-told-as-ok", ["rfc5034-4-challenge-form", "rfc5034-4-empty-challenge", "rfc5034-3-listed-mechanism-starts", "rfc5034-4-unauthenticated-refused"], "Exchange 2003",
        OnReply(sasl::challenge_told_as_ok),
        "AUTH is answered +OK where the client's first message is asked for.";
    InitialResponseRequired, "initial-response-required", ["rfc5034-4-empty-challenge", "rfc5034-3-listed-mechanism-starts"], "Dovecot 1.2.1",
        OnLine(sasl::initial_response_required),
        "AUTH PLAIN without an initial response is answered -ERR.";
    AsteriskAsksAgain, "asterisk-asks-again", ["rfc5034-4-cancel-refused"], "",
        sasl::OnResponse(sasl::asterisk_asks_again),
        "The asterisk that cancels an exchange is answered by another challenge.";
    ExchangeOutlivesFailure, "exchange-outlives-failure", ["rfc5034-4-failed-auth-leaves-no-trace", "rfc1939-4-quit-in-authorization-positive"], "",
        sasl::ExchangeOutlivesFailure::default(),
        "The command behind a failed exchange is taken for another response.";
    ResponseJunkSkipped, "response-junk-skipped", ["rfc5034-4-characters-outside-alphabet-refused", "rfc5034-4-undecodable-response-refused"], "",
        sasl::Lenient(sasl::without_junk),
        "Characters outside of the base64 alphabet are passed over in a response.";
    ResponsePadInside, "response-pad-inside", ["rfc5034-4-misplaced-pad-refused", "rfc5034-4-undecodable-response-refused"], "",
        sasl::Lenient(sasl::without_inner_pads),
        "Pads inside of a response are passed over.";
    ResponseUnpadded, "response-unpadded", ["rfc5034-5-incomplete-group-refused", "rfc5034-4-undecodable-response-refused"], "",
        sasl::Lenient(sasl::with_pads),
        "A response whose pads are missing is taken all the same.";
    UnknownMechanismStarts, "unknown-mechanism-starts", ["rfc5034-4-unsupported-mechanism-refused"], "",
        OnLine(sasl::unknown_mechanism_starts),
        "AUTH with a mechanism that does not exist begins an exchange.";
    UnknownMechanismCloses, "unknown-mechanism-closes", ["rfc5034-4-unsupported-mechanism-refused", "rfc1939-3-one-response-per-command"], "",
        OnLine(sasl::unknown_mechanism_closes),
        "AUTH with a mechanism that does not exist closes the connection without an answer.";
    MechanismCaseSensitive, "mechanism-case-sensitive", ["rfc5034-5-tokens-case-insensitive"], "",
        OnLine(sasl::mechanism_case_sensitive),
        "Mechanisms are known in upper case only: `AUTH plain` is answered -ERR.";
    AuthAfterLogin, "auth-after-login", ["rfc5034-4-second-auth-refused", "rfc5034-4-auth-only-in-authorization"], "",
        OnLine(sasl::auth_after_login),
        "AUTH begins an exchange after login.";
    AuthChangesNothing, "auth-changes-nothing", ["rfc5034-4-success-enters-transaction", "rfc1939-5-stat-always-positive"], "",
        sasl::AuthChangesNothing::default(),
        "AUTH ends in +OK, and the session stays in the AUTHORIZATION state.";
    AuthNotImplemented, "auth-not-implemented", ["rfc5034-3-sasl-implies-auth", "rfc5034-3-listed-mechanism-starts", "rfc2449-6.3-sasl-implies-initial-response", "rfc5034-4-empty-challenge", "rfc5034-4-success-enters-transaction"], "",
        OnLine(sasl::auth_not_implemented),
        "SASL is announced, and AUTH is an unknown command.";
    AnnouncedMechanismRefused, "announced-mechanism-refused", ["rfc5034-3-listed-mechanism-starts", "rfc5034-4-success-enters-transaction"], "",
        OnLine(sasl::announced_mechanism_refused),
        "CRAM-MD5 is announced, and AUTH CRAM-MD5 is answered -ERR.";
    ServerFirstTakesInitialResponse, "server-first-takes-initial-response", ["rfc5034-4-initial-response-refused-for-server-first"], "",
        OnLine(sasl::server_first_takes_initial_response),
        "An initial response of CRAM-MD5, where the server begins, is passed over.";
    AuthLineUpperCased, "auth-line-upper-cased", ["rfc5034-5-base64-case-sensitive", "rfc2449-6.3-sasl-implies-initial-response", "rfc5034-4-success-enters-transaction"], "",
        OnLine(sasl::auth_line_upper_cased),
        "The AUTH command is read in upper case, its initial response too.";
    ResponseLimitTooLow, "response-limit-too-low", ["rfc5034-4-longest-responses-handled"], "Dovecot 2.3.11.2",
        sasl::OnResponse(sasl::response_limit_too_low),
        "A response of more than 253 characters is refused for its length.";
    EmptyResponseRefused, "empty-response-refused", ["rfc5034-5-empty-line-is-empty-response", "rfc5034-4-success-enters-transaction"], "",
        sasl::OnResponse(sasl::empty_response_refused),
        "An empty line as response ends the exchange with -ERR.";
    TransactionBeforeLoginUnderTls, "transaction-before-login-under-tls", ["rfc2595-4-authorization-state-after-handshake", "rfc8314-3.1-authorization-state-after-greeting", "rfc1939-3-starts-in-authorization", "rfc1939-3-wrong-state-negative"], "",
        OnLine(tls::transaction_before_login_under_tls),
        "Under TLS, commands of the TRANSACTION state are answered +OK before login.";
    SecondStlsCloses, "second-stls-closes", ["rfc2595-4-stls-refused-under-tls", "rfc1939-3-one-response-per-command"], "Inbucket",
        OnLine(tls::second_stls_closes),
        "STLS under TLS closes the connection without an answer.";
    LineBehindStlsOk, "line-behind-stls-ok", ["rfc2595-4-handshake-directly-after-ok", "rfc1939-3-one-response-per-command"], "",
        OnReply(tls::line_behind_stls_ok),
        "Behind the +OK to STLS comes another line in clear.";
    TlsPortInClear, "tls-port-in-clear", ["rfc8314-3.1-handshake-at-connection-start", "rfc8314-3.1-no-service-in-the-clear", "rfc6186-3.3-pop3s-begins-with-tls", "rfc8314-4-implicit-tls-offered"], "",
        handshake::BelowPop3,
        "The port for TLS from the first octet greets and serves in clear.";
    NoCloseAlert, "no-close-alert", ["rfc8314-3.4-close-alert-before-tcp-close"], "",
        handshake::BelowPop3,
        "A connection under TLS ends without the close alert.";
    ClearTextBehindTls, "clear-text-behind-tls", ["rfc8314-3.1-pop3-inside-tls-to-the-end", "rfc2595-2.2-encryption-ended-terminates"], "",
        handshake::BelowPop3,
        "When the client has ended TLS, the server goes on in clear.";
    CertificateForAnotherName, "certificate-for-another-name", ["rfc8314-4.4-valid-certificate", "rfc7817-5-certificate-names-host"], "",
        handshake::BelowPop3,
        "The certificate is for another host.";
    CertificateWithoutNames, "certificate-without-names", ["rfc9525-4.1-certificate-has-identifier", "rfc7817-5-certificate-names-host", "rfc8314-4.4-valid-certificate"], "",
        handshake::BelowPop3,
        "The certificate has a common name and no subjectAltName.";
    CertificateExpired, "certificate-expired", ["rfc8314-4.4-valid-certificate"], "",
        handshake::BelowPop3,
        "The certificate has expired.";
    OldVersionsAnswered, "old-versions-answered", ["rfc8314-4-old-versions-discontinued", "rfc6186-6-no-ssl-2"], "",
        handshake::BelowPop3,
        "SSL 2.0, SSL 3.0, TLS 1.0 and TLS 1.1 are taken when a client offers nothing later.";
    CapaOnlyAfterLogin, "capa-only-after-login", ["rfc2449-5-capa-in-authorization", "rfc2449-5-capa-negative-means-unimplemented", "rfc2595-4-stls-implies-capa"], "",
        OnLine(announcing::capa_only_after_login),
        "CAPA is answered -ERR before login.";
    LoginCapabilitiesVanish, "login-capabilities-vanish", ["rfc2449-5-announced-in-both-states", "rfc5034-3-sasl-listed-after-auth", "rfc5034-3-sasl-in-both-states"], "",
        OnReply(announcing::login_capabilities_vanish),
        "USER and SASL are announced before login only.";
    MaildropCapabilitiesVanish, "maildrop-capabilities-vanish", ["rfc2449-5-announced-in-both-states", "rfc2449-6.1-top-working-announced"], "",
        OnReply(announcing::maildrop_capabilities_vanish),
        "TOP, UIDL and PIPELINING are announced before login only.";
    TopUnannounced, "top-unannounced", ["rfc2449-6.1-top-working-announced", "rfc2449-6.8-uidl-working-announced"], "GreenMail",
        OnReply(announcing::top_unannounced),
        "TOP and UIDL work and are not announced.";
    ApopListed, "apop-listed", ["rfc2449-6-no-apop-capability"], "",
        OnReply(announcing::apop_listed),
        "APOP is announced as a capability, which it is not.";
    TopWithArgument, "top-with-argument", ["rfc2449-6.1-top-no-arguments"], "",
        OnReply(announcing::top_with_argument),
        "The capability TOP has an argument.";
    SaslWithoutMechanisms, "sasl-without-mechanisms", ["rfc2449-6.3-sasl-lists-mechanisms", "rfc5034-3-sasl-lists-mechanisms"], "",
        OnReply(announcing::sasl_without_mechanisms),
        "SASL is announced without a mechanism.";
    ImplementationEmpty, "implementation-empty", ["rfc2449-6.9-implementation-has-token"], "",
        OnReply(announcing::implementation_empty),
        "IMPLEMENTATION is announced without a word about it.";
    ImplementationTooLong, "implementation-too-long", ["rfc2449-5-capability-line-at-most-512"], "",
        OnReply(announcing::implementation_too_long),
        "The line of IMPLEMENTATION has more than 512 octets.";
    ExpireWithoutValue, "expire-without-value", ["rfc2449-6.7-expire-syntax"], "",
        OnReply(announcing::expire_without_value),
        "EXPIRE is announced without a number or NEVER.";
    ExpireUserAfterLogin, "expire-user-after-login", ["rfc2449-6.7-expire-syntax"], "",
        OnReply(announcing::expire_user_after_login),
        "EXPIRE says USER after login too, when the value is that of the user.";
    ExpireShrinks, "expire-shrinks", ["rfc2449-6.7-expire-smallest-before-login"], "",
        OnReply(announcing::expire_shrinks),
        "EXPIRE is a smaller number after login than before.";
    LoginDelayNotEnforced, "login-delay-not-enforced", ["rfc2449-6.5-login-delay-enforced"], "",
        OnReply(announcing::login_delay_not_enforced),
        "LOGIN-DELAY is announced, and the next login at once is let in.";
    LoginDelayGrows, "login-delay-grows", ["rfc2449-6.5-login-delay-largest-before-login", "rfc2449-6.5-login-delay-enforced"], "",
        OnReply(announcing::login_delay_grows),
        "LOGIN-DELAY is a larger number after login than before.";
    LoginDelayLonger, "login-delay-longer", ["rfc2449-6.5-login-delay-ends-as-announced"], "",
        timer::LoginDelayLonger,
        "Logins are refused for twice as long as LOGIN-DELAY announces.";
    LoginDelayRestarts, "login-delay-restarts", ["rfc2449-6.5-login-delay-counts-from-success"], "",
        timer::LoginDelayRestarts::default(),
        "A login that is refused for coming too soon begins the delay anew.";
    LoginDelayCodeOnUser, "login-delay-code-on-user", ["rfc2449-8.1.1-login-delay-code-not-on-user"], "",
        timer::LoginDelayCodeOnUser,
        "USER is refused with the code LOGIN-DELAY when it comes too soon.";
    CapaShrinks, "capa-shrinks", ["rfc2449-5-capa-changes-nothing", "rfc2449-5-announced-in-both-states"], "",
        announcing::CapaShrinks::default(),
        "The second CAPA on a connection lists less than the first.";
    AuthCodeMissing, "auth-code-missing", ["rfc3206-6-credential-failure-has-code"], "",
        OnReply(codes::auth_code_missing),
        "AUTH-RESP-CODE is announced, and a wrong password is refused without the code AUTH.";
    AuthCodeOnRetr, "auth-code-on-retr", ["rfc3206-5-auth-code-places", "rfc3206-5-auth-code-for-credentials"], "",
        OnReply(codes::auth_code_on_retr),
        "RETR of an unknown number is refused with the response code of a wrong password.";
    AuthCodeOnWrongState, "auth-code-on-wrong-state", ["rfc3206-5-auth-code-for-credentials"], "",
        OnReply(codes::auth_code_on_wrong_state),
        "PASS without USER before it is refused with the response code of a wrong password.";
    AuthCodeOnUser, "auth-code-on-user", ["rfc3206-5-auth-code-not-on-user", "rfc1939-13-user-hides-unknown-names"], "",
        OnLine(codes::auth_code_on_user),
        "USER with an unknown name is refused with the response code AUTH.";
    SysCodeOnPositive, "sys-code-on-positive", ["rfc3206-4-sys-on-negative-only"], "",
        OnReply(codes::sys_code_on_positive),
        "A login is accepted with the response code of a system error.";
    InUseBeforePassword, "in-use-before-password", ["rfc2449-8.1.2-in-use-code-after-authentication"], "",
        codes::InUseBeforePassword::default(),
        "A wrong password for a locked maildrop is refused with IN-USE.";
    AuthorizationIdentityIgnored, "authorization-identity-ignored", ["rfc4616-2-verifies-authorization", "rfc4422-3.6-authorization-identity-not-permitted-fails"], "",
        mechanism::OnPlain(mechanism::authorization_identity_ignored),
        "PLAIN lets in whoever knows a password, whomever they want to act as.";
    AuthorizationIdentityRefused, "authorization-identity-refused", ["rfc4616-2-message-format", "rfc4422-3.4.1-authorization-identity-is-acted-as"], "",
        mechanism::OnPlain(mechanism::authorization_identity_refused),
        "PLAIN refuses a client that names itself as authorization identity.";
    AnyCramDigest, "any-cram-digest", ["rfc2195-2-wrong-digest-refused", "rfc5034-4-unauthenticated-refused"], "",
        mechanism::AnyCramDigest,
        "CRAM-MD5 lets in with any digest.";
    NoncesRepeat, "nonces-repeat", ["rfc5802-5.1-nonce-is-new", "rfc2195-2-challenge-is-new"], "",
        mechanism::NoncesRepeat,
        "Challenges of CRAM-MD5 and nonces of SCRAM are the same each time.";
    ScramNonceReplaced, "scram-nonce-replaced", ["rfc5802-5-server-nonce-appended", "rfc5802-5-server-first-message-form", "rfc5034-4-success-enters-transaction"], "",
        OnReply(mechanism::scram_nonce_replaced),
        "The nonce in the server's first message of SCRAM does not begin with the client's.";
    ScramNonceNotExtended, "scram-nonce-not-extended", ["rfc5802-5-server-nonce-appended", "rfc5802-5-server-first-message-form", "rfc5034-4-success-enters-transaction"], "",
        OnReply(mechanism::scram_nonce_not_extended),
        "The nonce in the server's first message of SCRAM is the client's and no more.";
    ScramSignatureWrong, "scram-signature-wrong", ["rfc5802-5-server-signature-sent"], "",
        OnReply(mechanism::scram_signature_wrong),
        "The server's signature in SCRAM is not what the password gives.";
    ScramSignatureMissing, "scram-signature-missing", ["rfc5802-5-server-signature-sent"], "",
        sasl::OnResponse(mechanism::scram_signature_missing),
        "SCRAM ends in +OK without the server's signature.";
    SignatureWithSuccess, "signature-with-success", ["rfc5034-4-no-data-with-success", "rfc4422-3-success-data-sent-as-challenge", "rfc5802-5-server-signature-sent", "rfc1939-3-one-response-per-command"], "",
        mechanism::SignatureWithSuccess,
        "The server's signature in SCRAM stands behind +OK.";
    AnyScramProof, "any-scram-proof", ["rfc5802-5-wrong-proof-fails", "rfc5802-5.1-final-nonce-verified", "rfc5802-5-server-signature-sent", "rfc5034-4-unauthenticated-refused"], "",
        mechanism::ScramUnchecked { flag: "n", name: None },
        "SCRAM lets in with any proof, and shows none of its own.";
    ScramDowngradeAccepted, "scram-downgrade-accepted", ["rfc5802-6-flag-y-fails-with-channel-binding"], "",
        mechanism::ScramUnchecked { flag: "y", name: None },
        "A client that was kept from seeing -PLUS in the list is let in all the same.";
    } };
}
