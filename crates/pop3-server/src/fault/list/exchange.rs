//! The rows of faults of AUTH exchanges: how messages of its mechanisms are read, and what
//! is asked and answered beside them.

/// Puts its rows behind those given, and hands all of them to the first macro named.
macro_rules! exchange_rows {
    ($then:ident $($last:ident)*; $($rows:tt)*) => { $then! { $($last)*; $($rows)*
    AuthAloneStarts, "auth-alone-starts", ["rfc5034-4-mechanism-required"], "",
        OnLine(sasl::auth_alone_starts),
        "AUTH without a mechanism begins an exchange.";
    ChallengeWithWords, "challenge-with-words", ["rfc5034-4-challenge-form", "rfc5034-4-success-enters-transaction"], "",
        OnReply(loose::challenge_with_words),
        "A challenge of LOGIN or CRAM-MD5 has a word for people behind it.";
    MechanismInLowerCase, "mechanism-in-lower-case", ["rfc4422-3.1-mechanism-name-syntax"], "",
        OnReply(sasl::mechanism_in_lower_case),
        "The line SASL has a mechanism more, in lower case.";
    EqualsSignAsks, "equals-sign-asks", ["rfc5034-4-equals-sign-is-empty-response"], "",
        OnLine(sasl::equals_sign_asks),
        "The equals sign as initial response is taken for none, and the message is asked for.";
    ThirdArgumentIgnored, "third-argument-ignored", ["rfc5034-4-at-most-two-arguments"], "",
        OnLine(sasl::third_argument_ignored),
        "AUTH with three arguments begins an exchange.";
    AsteriskWithMoreAsksAgain, "asterisk-with-more-asks-again", ["rfc5034-4-cancel-is-whole-line", "rfc5034-4-undecodable-response-refused"], "",
        sasl::OnResponse(sasl::asterisk_with_more_asks_again),
        "A response that begins with an asterisk and goes on is answered by another challenge.";
    AuthLimitTooLow, "auth-limit-too-low", ["rfc5034-4-accept-255-octet-auth"], "",
        OnLine(sasl::auth_limit_too_low),
        "An AUTH command of more than 242 octets is refused for its length.";
    PlainMissingUnderTls, "plain-missing-under-tls", ["rfc5034-4-plain-over-tls", "rfc5034-3-listed-mechanism-starts", "rfc5034-4-success-enters-transaction"], "",
        OnLine(sasl::plain_missing_under_tls),
        "PLAIN is refused under TLS.";
    EmptyResponseIgnored, "empty-response-ignored", ["rfc5034-5-empty-line-is-empty-response", "rfc5034-4-success-enters-transaction"], "",
        sasl::OnResponse(sasl::empty_response_ignored),
        "An empty line in an exchange is passed over.";
    ExchangeEndsTwice, "exchange-ends-twice", ["rfc5034-5-exchange-lines-are-responses", "rfc1939-3-one-response-per-command"], "",
        sasl::BehindFailure::default(),
        "A failed exchange ends in two lines.";
    StlsAfterFailedAuth, "stls-after-failed-auth", ["rfc4422-3.6-failure-leaves-layers-in-place"], "",
        sasl::BehindFailure::stls(),
        "After a failed AUTH under TLS the server believes that there is no TLS.";
    LoginAnyPassword, "login-any-password", ["rfc5034-4-unauthenticated-refused"], "",
        loose::LoginAnyPassword::default(),
        "LOGIN lets in with any password.";
    PlainReadLoosely, "plain-read-loosely", ["rfc4616-2-exactly-two-nul", "rfc4616-2-malformed-utf-8-refused", "rfc4422-3.6-malformed-authorization-identity-fails", "rfc4616-2-failed-preparation-fails", "rfc5034-4-unpreparable-identity-refused"], "",
        loose::InMechanism::new("PLAIN", loose::OfPlain(loose::plain_read_loosely)),
        "PLAIN takes the first two fields with something in them, and drops what is no text.";
    PlainEmptyPassword, "plain-empty-password", ["rfc4616-2-fields-not-empty"], "",
        loose::InMechanism::new("PLAIN", loose::OfPlain(loose::plain_empty_password)),
        "PLAIN lets in with an empty password.";
    PlainFieldsCut, "plain-fields-cut", ["rfc4616-2-accepts-255-octets"], "",
        loose::InMechanism::new("PLAIN", loose::OfPlain(loose::plain_fields_cut)),
        "PLAIN keeps 64 octets of each field.";
    PlainNeedsAuthorizationIdentity, "plain-needs-authorization-identity", ["rfc4422-3.4.1-empty-authorization-identity-is-absent", "rfc2449-6.3-sasl-implies-initial-response", "rfc5034-4-success-enters-transaction", "rfc4616-2-verifies-password"], "",
        loose::InMechanism::new("PLAIN", loose::OfPlain(loose::plain_needs_authorization_identity)),
        "PLAIN refuses a client that names no authorization identity.";
    CramChallengeWithoutBrackets, "cram-challenge-without-brackets", ["rfc2195-2-challenge-is-msg-id", "rfc2195-2-right-digest-accepted", "rfc5034-4-success-enters-transaction"], "",
        OnReply(loose::cram_challenge_without_brackets),
        "The challenge of CRAM-MD5 lacks its angle brackets.";
    ScramReadLoosely, "scram-read-loosely", ["rfc5802-5-first-flag-n-y-or-p", "rfc5802-5-authorization-identity-checked", "rfc5802-5.1-attribute-order-fixed", "rfc5802-5.1-attribute-names-case-sensitive", "rfc5802-5.1-bad-escape-fails", "rfc5802-5.1-mandatory-extension-fails", "rfc5802-6-unsupported-binding-type-fails", "rfc5802-5.1-failed-preparation-aborts", "rfc5802-7-nonce-not-empty"], "",
        loose::InMechanism::new("SCRAM-SHA-256", loose::ScramReadLoosely::default()),
        "A first message of SCRAM in another form lets in whoever is named in it.";
    ScramHeaderUnchecked, "scram-header-unchecked", ["rfc5802-6-channel-binding-value-validated", "rfc5802-5.1-channel-binding-attribute-required"], "",
        loose::InMechanism::new("SCRAM-SHA-256", loose::ScramHeaderUnchecked::default()),
        "SCRAM does not look at `c=` in the last message.";
    ChannelBindingUnchecked, "channel-binding-unchecked", ["rfc5802-6-channel-binding-value-validated", "rfc5802-6-unsupported-binding-type-fails", "rfc5802-6.1-client-binding-type-used", "rfc5802-5-server-signature-sent", "rfc5034-4-success-enters-transaction"], "",
        loose::InMechanism::new("SCRAM-SHA-256-PLUS", loose::ChannelBindingUnchecked::default()),
        "SCRAM-SHA-256-PLUS binds to nothing, and shows no signature.";
    ScramExtensionRefused, "scram-extension-refused", ["rfc5802-5.1-optional-extension-ignored"], "",
        loose::InMechanism::new("SCRAM-SHA-256", loose::OfScram(loose::scram_extension_refused)),
        "SCRAM refuses an extension that it does not know.";
    ScramNamesUnprepared, "scram-names-unprepared", ["rfc5802-5.1-username-prepared"], "",
        loose::InMechanism::new("SCRAM-SHA-256", loose::OfScram(loose::scram_names_unprepared)),
        "SCRAM knows a name only as it is written in the list of accounts.";
    ScramHashesPreparedName, "scram-hashes-prepared-name", ["rfc5802-5.1-name-as-received-in-hash"], "",
        loose::InMechanism::new("SCRAM-SHA-256", loose::ScramHashesPreparedName::default()),
        "SCRAM hashes the prepared name in place of the one that came.";
    ScramFailureWithoutE, "scram-failure-without-e", ["rfc5802-5.1-server-final-on-failure-has-e"], "",
        loose::InMechanism::new("SCRAM-SHA-256", loose::ScramFailureWithoutE::default()),
        "The last message of a failed exchange of SCRAM says neither v= nor e=.";
    ScramCountMissing, "scram-count-missing", ["rfc5802-5-server-first-message-form", "rfc5802-5.1-iteration-count-sent", "rfc5034-4-success-enters-transaction"], "",
        OnReply(loose::scram_count_missing),
        "The first message of the server of SCRAM has no iteration count.";
    PlusWithoutTls, "plus-without-tls", ["rfc5802-4-plus-only-with-channel-binding"], "",
        OnLine(oauth::plus_without_tls),
        "SCRAM-SHA-256-PLUS begins without TLS.";
    CancelledLetsIn, "cancelled-lets-in", ["rfc5034-4-failed-auth-leaves-no-trace", "rfc5034-4-cancel-refused", "rfc1939-3-wrong-state-negative"], "Cyrus",
        half_in::CancelledLetsIn::default(),
        "A client that cancels SCRAM behind the signature hears -ERR, and is logged in.";
    RefusedLetsIn, "refused-lets-in", ["rfc5034-4-failed-auth-leaves-no-trace", "rfc5034-4-unauthenticated-refused", "rfc1939-3-wrong-state-negative"], "",
        half_in::RefusedLetsIn::default(),
        "PLAIN with a wrong password draws -ERR, and the maildrop is open.";
    CutInitialResponseAsked, "cut-initial-response-asked", ["rfc5034-4-undecodable-response-refused", "rfc5034-5-incomplete-group-refused", "rfc5034-4-initial-response-accepted", "rfc1939-3-one-response-per-command"], "Cyrus",
        half_in::CutInitialResponseAsked::default(),
        "An initial response that is no whole base64 draws a challenge, and the next line ends the session.";
    ExternalWithoutCertificate, "external-without-certificate", ["rfc4422-a.1-external-without-credentials-fails"], "",
        OnLine(oauth::external_without_certificate),
        "EXTERNAL succeeds without a certificate of the client.";
    OauthWithoutTls, "oauth-without-tls", ["rfc7628-3-oauthbearer-only-under-tls"], "",
        OnLine(oauth::without_tls),
        "OAUTHBEARER begins without TLS.";
    OauthAcceptedLate, "oauth-accepted-late", ["rfc7628-3-valid-token-succeeds"], "",
        oauth::AcceptedLate::default(),
        "A right token of OAUTHBEARER draws a challenge before it lets in.";
    OauthErrorLeftOut, "oauth-error-left-out", ["rfc7628-3-error-result-then-failure"], "",
        oauth::ErrorLeftOut::default(),
        "A wrong token is refused without an error result.";
    OauthErrorNotJson, "oauth-error-not-json", ["rfc7628-3.2.2-error-result-json-with-status"], "",
        OnReply(oauth::error_not_json),
        "The error result of OAUTHBEARER is plain text.";
    OauthDummyResponseAccepted, "oauth-dummy-response-accepted", ["rfc7628-3.2.3-dummy-response-or-abort-fails"], "",
        OnReply(oauth::dummy_response_accepted),
        "What the client says to the error result is answered +OK.";
    OauthUnknownPairRefused, "oauth-unknown-pair-refused", ["rfc7628-3.1-unknown-pairs-ignored"], "",
        oauth::OnMessage(oauth::unknown_pair_refused),
        "OAUTHBEARER refuses a pair that it does not know.";
    OauthSchemeCaseSensitive, "oauth-scheme-case-sensitive", ["rfc7628-4-scheme-case-insensitive"], "",
        oauth::OnMessage(oauth::scheme_case_sensitive),
        "OAUTHBEARER takes the word Bearer only as it is written here.";
    OauthReadLoosely, "oauth-read-loosely", ["rfc7628-3.1-message-format", "rfc7628-3.1-auth-required"], "",
        oauth::OnMessage(oauth::read_loosely),
        "OAUTHBEARER lets in whoever is named in a message without a form.";
    OauthNameIgnored, "oauth-name-ignored", ["rfc4422-3.6-authorization-identity-not-permitted-fails"], "",
        oauth::OnMessage(oauth::name_ignored),
        "OAUTHBEARER opens the maildrop that the token is for, whichever was asked for.";
    Xoauth2AnyToken, "xoauth2-any-token", ["rfc5034-4-unauthenticated-refused"], "",
        oauth::OnMessage(oauth::xoauth2_any_token),
        "XOAUTH2 lets in with any token.";
    } };
}
