//! The rows of faults that hang on what is in a message, or on how many messages
//! there are.

/// Puts its rows behind those given, and hands all of them to the first macro named.
macro_rules! content_rows {
    ($then:ident $($rest:ident)*; $($rows:tt)*) => { $then! { $($rest)*; $($rows)*
    DotLineEndsMessage, "dot-line-ends-message", ["rfc1939-5-retr-whole-message", "rfc1939-5-retr-byte-stuffing", "rfc1939-7-top-byte-stuffing", "rfc1939-3-byte-stuffing", "rfc1939-3-byte-stuffing-at-buffer-edges", "rfc1939-7-top-header-blank-line-body", "rfc1939-7-top-more-lines-than-body", "rfc1939-5-scan-listing-exact-size", "rfc1939-11-size-excludes-stuffing"], "",
        OnReply(odd_mail::dot_line_ends_message),
        "A message is sent up to its first line of one dot.";
    DotAtBlockStartDoubled, "dot-at-block-start-doubled", ["rfc1939-3-byte-stuffing-only-line-start", "rfc1939-5-retr-whole-message", "rfc1939-3-byte-stuffing-at-buffer-edges", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(odd_mail::dot_at_block_start_doubled),
        "A dot that begins a block of 4096 octets is doubled, wherever it stands in its line.";
    CrBecomesLineEnd, "cr-becomes-line-end", ["rfc1939-3-multi-line-termination", "rfc1939-3-byte-stuffing", "rfc1939-5-scan-listing-exact-size", "rfc5322-4-malformed-mail-handled"], "",
        OnReply(odd_mail::cr_becomes_line_end),
        "A CR without LF is sent as CRLF, and a dot behind it is not stuffed.";
    NulEndsMailLine, "nul-ends-mail-line", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size", "rfc5322-4-malformed-mail-handled"], "Cyrus, popper",
        OnReply(odd_mail::nul_ends_mail_line),
        "A line of a message is sent up to its first NUL.";
    NulCloses, "nul-closes", ["rfc5322-4-malformed-mail-handled", "rfc1939-5-retr-whole-message", "rfc1939-3-one-response-per-command"], "",
        OnLine(odd_mail::nul_closes),
        "RETR and TOP of a message with a NUL close the connection.";
    VeryLongLineCloses, "very-long-line-closes", ["rfc5322-2.1.1-long-lines-passed-unchanged", "rfc5322-4-malformed-mail-handled", "rfc1939-5-retr-whole-message", "rfc1939-3-one-response-per-command"], "",
        OnLine(odd_mail::very_long_line_closes),
        "RETR and TOP of a message with a line of more than 65536 octets close the connection.";
    ControlOctetsReplaced, "control-octets-replaced", ["rfc1939-5-retr-whole-message"], "",
        OnReply(odd_mail::control_octets_replaced),
        "Control octets in a message are sent as question marks.";
    LinesCutAt512, "lines-cut-at-512", ["rfc1939-5-retr-whole-message", "rfc1939-7-top-more-lines-than-body", "rfc1939-5-scan-listing-exact-size", "rfc5322-2.1.1-long-lines-passed-unchanged"], "BSD POP3, at 1024 octets",
        OnReply(odd_mail::lines_cut_at_512),
        "Lines of a message with more than 510 characters are cut in two.";
    EmptyMessageRefused, "empty-message-refused", ["rfc5322-4-malformed-mail-handled", "rfc1939-5-retr-whole-message"], "Exchange",
        OnLine(odd_mail::empty_message_refused),
        "RETR and TOP of a message without any octet are answered -ERR.";
    EmptyMessageUnterminated, "empty-message-unterminated", ["rfc1939-3-multi-line-termination"], "",
        OnReply(odd_mail::empty_message_unterminated),
        "A message without any octet is sent without the terminating line.";
    LeadingEmptyLineLost, "leading-empty-line-lost", ["rfc1939-5-retr-whole-message", "rfc1939-7-top-header-blank-line-body", "rfc1939-5-scan-listing-exact-size", "rfc1939-7-top-header-equals-retr"], "",
        OnReply(odd_mail::leading_empty_line_lost),
        "Empty lines at the beginning of a message are not sent.";
    BlankLineAddedToHeader, "blank-line-added-to-header", ["rfc1939-5-scan-listing-exact-size", "rfc1939-7-top-more-lines-than-body"], "",
        OnReply(odd_mail::blank_line_added_to_header),
        "RETR adds an empty line to a message that has none, and LIST does not count it.";
    FromLineEndsMessage, "from-line-ends-message", ["rfc1939-5-retr-whole-message"], "BSD popper 2.1",
        OnReply(odd_mail::from_line_ends_message),
        "A message is sent up to a line that begins with the word From behind an empty one.";
    TopSendsFirstPart, "top-sends-first-part", ["rfc1939-7-top-more-lines-than-body", "rfc1939-7-top-header-blank-line-body"], "MailMax, InterChange",
        OnReply(odd_mail::top_sends_first_part),
        "TOP sends no more than the first part of a message that has several.";
    ThousandHeaderLines, "thousand-header-lines", ["rfc1939-5-retr-whole-message", "rfc1939-7-top-header-equals-retr", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(odd_mail::thousand_header_lines),
        "RETR and TOP send no more than a thousand lines of a header.";
    TopEndsAtThousand, "top-ends-at-thousand", ["rfc1939-7-top-header-blank-line-body", "rfc1939-7-top-more-lines-than-body"], "",
        OnReply(odd_mail::top_ends_at_thousand),
        "TOP sends no more than a thousand lines of the body.";
    TopLinesEndInLf, "top-lines-end-in-lf", ["rfc5322-2.1-lines-delimited-by-crlf", "rfc5322-2.3-no-bare-cr-or-lf", "rfc1939-11-message-lines-end-with-crlf", "rfc1939-3-multi-line-first-line-and-crlf", "rfc1939-7-top-header-blank-line-body", "rfc1939-7-top-header-equals-retr", "rfc1939-7-top-more-lines-than-body", "rfc1939-7-top-byte-stuffing"], "mailtrap",
        OnReply(odd_mail::top_lines_end_in_lf),
        "TOP ends all lines of a message but the last with LF alone.";
    TopSkipsEmptyLines, "top-skips-empty-lines", ["rfc5322-2.1-header-and-body-separated", "rfc1939-7-top-header-blank-line-body"], "",
        OnReply(odd_mail::top_skips_empty_lines),
        "TOP leaves out empty lines at the beginning of the body.";
    HeaderFieldsSorted, "header-fields-sorted", ["rfc5322-3.6-trace-fields-not-reordered", "rfc5322-3.6-fields-not-reordered", "rfc5322-3.6-trace-fields-in-front", "rfc1939-5-retr-whole-message"], "",
        OnReply(odd_mail::header_fields_sorted),
        "The fields of a header are sent in the order of their names.";
    RetrAddsLongField, "retr-adds-long-field", ["rfc5322-2.1.1-made-lines-at-most-998", "rfc5322-2.1.1-made-lines-at-most-78", "rfc1939-5-scan-listing-exact-size", "rfc1939-7-top-header-equals-retr", "rfc1939-7-top-more-lines-than-body", "rfc1939-7-top-header-blank-line-body", "rfc1939-5-retr-whole-message", "rfc1939-11-size-counts-line-end-twice", "rfc1939-11-size-excludes-stuffing"], "",
        OnReply(odd_mail::retr_adds_long_field),
        "RETR sends a field of a thousand characters that LIST did not count.";
    HugeMessageCut, "huge-message-cut", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(odd_mail::huge_message_cut),
        "RETR sends no more than the first four megabytes of a message.";
    StatOctetsInSixteenBits, "stat-octets-in-sixteen-bits", ["rfc1939-5-stat-size-of-maildrop"], "a server seen by MailKit",
        OnReply(listing::stat_octets_in_sixteen_bits),
        "STAT gives the size of the maildrop modulo 65536.";
    ListingEndsAtThousand, "listing-ends-at-thousand", ["rfc1939-5-list-all-one-line-each", "rfc1939-7-uidl-single-or-multi-line", "rfc1939-5-stat-size-of-maildrop"], "",
        OnReply(scan::listing_ends_at_thousand),
        "LIST and UIDL list no more than a thousand messages.";
    UniqueIdsOfTwelveBits, "unique-ids-of-twelve-bits", ["rfc1939-7-unique-id-distinct"], "",
        OnReply(unique_id::unique_ids_of_twelve_bits),
        "The 4097th message of the store has the unique-id of the first.";
    DeleMarksCopies, "dele-marks-copies", ["rfc1939-5-dele-marks-message", "rfc1939-5-stat-omits-marked-messages", "rfc1939-6-quit-keeps-unmarked-messages", "rfc1939-5-stat-count-of-messages"], "",
        OnLine(odd_mail::dele_marks_copies),
        "DELE also marks messages with the same octets.";
    } };
}
