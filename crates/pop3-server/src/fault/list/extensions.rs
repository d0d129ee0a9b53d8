//! The rows of faults of the extensions: what CAPA says, response codes, EXPIRE,
//! UTF8 and LANG.

/// Puts its rows behind those given, and hands all of them to the macro named.
macro_rules! extension_rows {
    ($then:ident $($last:ident)*; $($rows:tt)*) => { $then! { $($last)*; $($rows)*
    ExtensionsVanish, "extensions-vanish", ["rfc6856-2-utf8-in-both-states", "rfc6856-3.1-lang-in-both-states", "rfc3206-6-auth-resp-code-in-both-states", "rfc2449-5-announced-in-both-states"], "",
        OnReply(announcing::extensions_vanish),
        "AUTH-RESP-CODE, UTF8 and LANG are announced before login only.";
    CapabilityWithTab, "capability-with-tab", ["rfc2449-3-capability-tag-alphabet", "rfc2449-3-capability-line-syntax"], "",
        OnReply(announcing::capability_with_tab),
        "A TAB stands between IMPLEMENTATION and its argument.";
    CapabilityWithTwoSpaces, "capability-with-two-spaces", ["rfc2449-3-capability-line-syntax"], "",
        OnReply(announcing::capability_with_two_spaces),
        "Two spaces stand between IMPLEMENTATION and its argument.";
    CapabilitiesInOneLine, "capabilities-in-one-line", ["rfc2449-5-capa-one-capability-per-line", "rfc2449-6.1-top-no-arguments", "rfc2449-6.8-uidl-working-announced"], "",
        OnReply(announcing::capabilities_in_one_line),
        "TOP and UIDL stand in one line of the list.";
    ImplementationChanges, "implementation-changes", ["rfc2449-5-arguments-same-in-both-states"], "",
        OnReply(announcing::implementation_changes),
        "IMPLEMENTATION is another after login.";
    UserUnannounced, "user-unannounced", ["rfc2449-6.2-user-working-announced"], "GreenMail",
        OnReply(announcing::user_unannounced),
        "USER and PASS log in, and USER is not announced.";
    LangWithArgument, "lang-with-argument", ["rfc6856-3.1-lang-no-arguments"], "",
        OnReply(announcing::lang_with_argument),
        "The capability LANG has the languages as arguments.";
    AuthRespCodeUnannounced, "auth-resp-code-unannounced", ["rfc3206-5-auth-code-announced"], "",
        OnReply(announcing::auth_resp_code_unannounced),
        "The response code AUTH is sent and AUTH-RESP-CODE is not announced.";
    Utf8WithOtherArgument, "utf8-with-other-argument", ["rfc6856-2-utf8-argument"], "",
        OnReply(announcing::utf8_with_other_argument),
        "The capability UTF8 has an argument that is not USER.";
    ExtensionsUnknown, "extensions-unknown", ["rfc6856-2-utf8-announced-works", "rfc6856-3.1-lang-announced-works"], "",
        OnLine(unicode::extensions_unknown),
        "UTF8 and LANG are announced and answered as commands that do not exist.";
    ResponseCodeEmpty, "response-code-empty", ["rfc2449-3-response-code-syntax", "rfc2449-6.4-resp-codes-bracket-means-code", "rfc3206-6-credential-failure-has-code"], "",
        OnReply(codes::response_code_empty),
        "A wrong password is refused with brackets that have nothing in them.";
    BracketInText, "bracket-in-text", ["rfc2449-3-leading-bracket-is-response-code", "rfc2449-6.4-resp-codes-bracket-means-code"], "",
        OnReply(codes::bracket_in_text),
        "The text of the reply to an unknown command begins with words in brackets.";
    AuthCodeAtEnd, "auth-code-at-end", ["rfc2449-8-response-code-at-text-start", "rfc3206-6-credential-failure-has-code"], "",
        OnReply(codes::auth_code_at_end),
        "The response code AUTH stands at the end of the text.";
    AuthCodeOnPassOnly, "auth-code-on-pass-only", ["rfc3206-6-credential-failure-has-code"], "",
        OnReply(codes::auth_code_on_pass_only),
        "APOP and AUTH with a wrong password are refused without the response code AUTH.";
    SysCodeForWrongPassword, "sys-code-for-wrong-password", ["rfc3206-4-sys-for-system-errors", "rfc3206-6-credential-failure-has-code"], "",
        OnReply(codes::sys_code_for_wrong_password),
        "A wrong password is refused with the response code of a system error.";
    SysWithoutSecondLevel, "sys-without-second-level", ["rfc3206-4-sys-second-level", "rfc3206-4-sys-for-system-errors"], "",
        OnReply(codes::sys_without_second_level),
        "RETR of an unknown number is refused with the response code SYS and nothing behind it.";
    LoginDelayCodeOnPositive, "login-delay-code-on-positive", ["rfc2449-8.1.1-login-delay-code-places"], "",
        OnReply(codes::login_delay_code_on_positive),
        "A login is accepted with the response code LOGIN-DELAY.";
    LangStarEchoed, "lang-star-echoed", ["rfc6856-3.2-lang-star-selects-preferred", "rfc6856-3.2-lang-success-form"], "",
        OnLine(language::lang_star_echoed),
        "The answer to `LANG *` has the asterisk where the tag of the language belongs.";
    LangStarTellsUser, "lang-star-tells-user", ["rfc6856-7-lang-star-hides-user"], "",
        language::LangStarTellsUser::default(),
        "Behind USER with a name that exists, `LANG *` selects the language of that user.";
    LangCaseSensitive, "lang-case-sensitive", ["rfc6856-3.2-lang-selects-matching-tag"], "",
        OnLine(language::lang_case_sensitive),
        "LANG knows tags in small letters only.";
    LangAcceptsAny, "lang-accepts-any", ["rfc6856-3.2-lang-selects-matching-tag", "rfc6856-3.2-failed-lang-keeps-language"], "",
        OnLine(language::lang_accepts_any),
        "LANG is answered +OK for languages that are not there.";
    SecondLanguageIgnored, "second-language-ignored", ["rfc1939-3-invalid-syntax-negative"], "",
        OnLine(language::second_language_ignored),
        "Of two arguments of LANG the second is passed over.";
    TopWithUtf8Header, "top-with-utf8-header", ["rfc6856-2.1-no-raw-non-ascii-without-mode", "rfc6856-2.1-surrogate-or-error-without-mode"], "",
        OnReply(unicode::top_with_utf8_header),
        "TOP sends a header in UTF-8 without UTF-8 mode.";
    ProhibitedCharactersDropped, "prohibited-characters-dropped", ["rfc6856-2.2-prohibited-characters-refused"], "",
        OnLine(unicode::prohibited_characters_dropped),
        "Characters that SASLprep prohibits are left out of names and passwords, and the rest logs in.";
    Utf8CodeOnDele, "utf8-code-on-dele", ["rfc6856-5-utf8-code-places", "rfc6856-2.1-prepared-for-clients-without-mode"], "",
        unicode::Utf8CodeOnDele::default(),
        "Without UTF-8 mode DELE of a message with octets above 127 is refused with the response code UTF8.";
    Utf8CodeForUnknownNumber, "utf8-code-for-unknown-number", ["rfc6856-5-utf8-code-meaning"], "",
        OnReply(unicode::utf8_code_for_unknown_number),
        "RETR of an unknown number is refused with the response code UTF8.";
    Utf8NameRefused, "utf8-name-refused", ["rfc6856-2.2-utf8-credentials-accepted", "rfc6856-2.2-utf8-credentials-before-command"], "",
        OnLine(unicode::utf8_name_refused),
        "UTF8 USER is announced, and USER with a name outside ASCII is answered -ERR.";
    Utf8NameNeedsCommand, "utf8-name-needs-command", ["rfc6856-2.2-utf8-credentials-before-command"], "",
        unicode::Utf8NameNeedsCommand::default(),
        "UTF8 USER is announced, and a name outside ASCII is refused before the UTF8 command.";
    PasswordNotPrepared, "password-not-prepared", ["rfc6856-2.2-saslprep-for-user-and-pass"], "",
        OnLine(unicode::password_not_prepared),
        "PASS is refused where the password comes in another form of the same letters.";
    RetrievedRemovedAtDrop, "retrieved-removed-at-drop", ["rfc2449-6.7-expire-zero-needs-update", "rfc1939-8-download-policy-only-after-quit", "rfc1939-6-no-removal-without-quit"], "",
        update::RetrievedRemovedAtDrop::default(),
        "What was retrieved is removed when the connection breaks.";
    ManyCommandsClose, "many-commands-close", ["rfc2449-6.6-pipelining-no-write-deadlock", "rfc1939-3-one-response-per-command"], "",
        pipeline::ManyCommandsClose::default(),
        "Behind six hundred commands the connection is closed without an answer.";
    } };
}
