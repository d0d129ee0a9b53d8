//! The rows of faults that clumsy and hostile clients meet.

/// Puts its rows behind those given, and hands all of them to the first macro named.
macro_rules! client_rows {
    ($then:ident $($last:ident)*; $($rows:tt)*) => { $then! { $($last)*; $($rows)*
    CrlfCountsTwice, "crlf-counts-twice",
        ["rfc1939-3-one-response-per-command", "rfc1939-3-command-ends-with-crlf"], "",
        robustness::CrlfCountsTwice::default(),
        "LF alone ends a line, and behind the first such line CRLF ends two.";
    BackspaceEditsLine, "backspace-edits-line",
        ["rfc1939-3-command-printable-ascii", "rfc1939-3-invalid-syntax-negative"], "",
        OnLine(robustness::backspace_edits_line),
        "A backspace in a command takes back the octet before it, and the rest is carried out.";
    DigitsOfOtherScripts, "digits-of-other-scripts",
        ["rfc1939-4-command-numbers-decimal", "rfc1939-3-command-printable-ascii"], "",
        OnLine(robustness::digits_of_other_scripts),
        "Arabic and full-width digits are taken for message-numbers.";
    LongLineUnanswered, "long-line-unanswered",
        ["rfc1939-3-one-response-per-command", "rfc2449-4-overlong-command-one-error"], "",
        OnLine(robustness::long_line_unanswered),
        "A line of more than 1000 octets gets no answer.";
    SlowReaderBlocksOthers, "slow-reader-blocks-others", ["rfc1939-3-greeting-sent-first"], "",
        robustness::SlowReaderBlocksOthers,
        "Nobody is served while a client does not read what it has asked for.";
    } };
}
