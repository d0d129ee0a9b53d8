//! The rows of faults that show when a client or the sender of a message means
//! harm.

/// Puts its rows behind those given, and hands all of them to the macro named.
macro_rules! hostile_rows {
    ($then:ident; $($rows:tt)*) => { $then! { $($rows)*
    UserTellsKnownNames, "user-tells-known-names", ["rfc1939-13-user-hides-unknown-names"], "",
        OnReply(hostile::user_tells_known_names),
        "USER is answered +OK in other words where the name exists.";
    RefusalTellsUnknownNames, "refusal-tells-unknown-names", ["rfc1939-13-user-hides-unknown-names", "rfc4422-3.6-unknown-user-indistinguishable-mode"], "",
        hostile::RefusalTellsUnknownNames::default(),
        "A login is refused in other words where the name does not exist.";
    KnownNamesRefusedLate, "known-names-refused-late", ["rfc1939-13-user-hides-unknown-names", "rfc4422-3.6-unknown-user-indistinguishable-mode"], "",
        lateness::known_names_refused_late(),
        "A login is refused 600 ms later where the name exists.";
    UnknownNamesRefusedLate, "unknown-names-refused-late", ["rfc1939-13-user-hides-unknown-names", "rfc4422-3.6-unknown-user-indistinguishable-mode"], "",
        lateness::unknown_names_refused_late(),
        "A login is refused 600 ms later where the name does not exist.";
    PasswordRepeated, "password-repeated", ["rfc2449-6.4-echo-cannot-forge-code"], "",
        OnReply(hostile::password_repeated),
        "The refusal of PASS begins with the password.";
    FailedLoginNamesUser, "failed-login-names-user", ["rfc1939-7-pass-directly-after-user", "rfc5034-4-failed-auth-leaves-no-trace"], "",
        hostile::FailedLoginNamesUser::default(),
        "After a failed APOP or AUTH, PASS alone logs in under that name.";
    NameReadAsPath, "name-read-as-path", ["rfc1939-7-pass-wrong-stays-in-authorization"], "",
        OnLine(hostile::name_read_as_path),
        "A name with slashes in it is that of the account behind the last of them.";
    MaildropsMixed, "maildrops-mixed", ["rfc1939-7-pass-correct-enters-transaction", "rfc1939-5-retr-whole-message"], "",
        OnLine(hostile::maildrops_mixed),
        "RETR sends the mail of another account whose name is shorter by one character.";
    PercentInArgumentCloses, "percent-in-argument-closes", ["rfc1939-3-invalid-syntax-negative", "rfc1939-3-one-response-per-command"], "Courier 3.0.2",
        OnLine(hostile::percent_in_argument_closes),
        "A percent sign in an argument of a command about messages closes the connection without an answer.";
    ArgumentEchoed, "argument-echoed", ["rfc2449-6.4-echo-cannot-forge-code", "rfc1939-3-response-ends-with-crlf", "rfc2449-3-status-then-space-or-crlf", "rfc1939-3-response-at-most-512"], "Dovecot 2.3.19",
        OnReply(hostile::argument_echoed),
        "The refusal of a bad message-number begins with what stood in its place, octet by octet.";
    LeadingZeroOctal, "leading-zero-octal", ["rfc1939-4-command-numbers-decimal"], "",
        OnLine(number::leading_zero_octal),
        "A number with a leading zero is read in base 8: 010 is 8.";
    UnicodeDigitsAccepted, "unicode-digits-accepted", ["rfc1939-3-command-printable-ascii", "rfc1939-4-command-numbers-decimal"], "",
        OnLine(number::unicode_digits_accepted),
        "Digits of other scripts are read as numbers.";
    TopCountSigned, "top-count-signed", ["rfc1939-7-top-more-lines-than-body"], "",
        OnLine(top::top_count_signed),
        "TOP with more than 2147483647 lines sends none of the body.";
    HeaderDotsNotStuffed, "header-dots-not-stuffed", ["rfc1939-3-byte-stuffing", "rfc1939-5-retr-byte-stuffing", "rfc1939-7-top-byte-stuffing", "rfc1939-3-one-response-per-command"], "",
        OnReply(hostile::header_dots_not_stuffed),
        "Lines of the header that begin with a dot are sent as they are.";
    ContentLengthBelieved, "content-length-believed", ["rfc1939-5-retr-whole-message"], "",
        OnReply(hostile::content_length_believed),
        "RETR sends no more of the body than the field Content-Length says.";
    CrDotEndsMessage, "cr-dot-ends-message", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size", "rfc1939-3-byte-stuffing"], "",
        OnReply(hostile::cr_dot_ends_message),
        "A message ends for RETR and TOP at a dot between two CRs.";
    QuitEmptiesMaildrop, "quit-empties-maildrop", ["rfc1939-6-quit-keeps-unmarked-messages"], "",
        OnLine(update::quit_empties_maildrop),
        "QUIT of a session that has marked all it knows removes mail that came meanwhile too.";
    } };
}
