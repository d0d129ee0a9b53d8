//! The rows of faults that show after login: listings, messages, marks, UPDATE,
//! sessions side by side, pipelining, UTF8 and LANG.

/// Puts its rows behind those given, and hands all of them to the first macro named.
macro_rules! maildrop_rows {
    ($then:ident $($last:ident)*; $($rows:tt)*) => { $then! { $($last)*; $($rows)*
    StatTextFirst, "stat-text-first", ["rfc1939-5-drop-listing-format"], "",
        OnReply(scan::stat_text_first),
        "STAT has words before its two numbers.";
    UidlArgumentIgnored, "uidl-argument-ignored", ["rfc1939-7-uidl-single-or-multi-line", "rfc1939-7-uidl-one-equals-uidl-all", "rfc1939-7-uidl-marked-or-unknown-negative", "rfc1939-7-unique-id-listing-format"], "Mailpit",
        OnLine(scan::uidl_argument_ignored),
        "UIDL with a message-number lists all messages.";
    StrayDotBehindListing, "stray-dot-behind-listing", ["rfc1939-3-one-response-per-command", "rfc1939-3-response-status-first", "rfc1939-5-list-one-single-line", "rfc1939-7-uidl-single-or-multi-line"], "",
        OnReply(scan::stray_dot_behind_listing),
        "LIST and UIDL with a message-number send a line with a dot behind their one line.";
    EmptyListingUnterminated, "empty-listing-unterminated", ["rfc1939-5-list-empty-maildrop", "rfc1939-7-uidl-empty-maildrop", "rfc1939-3-multi-line-termination"], "",
        OnReply(scan::empty_listing_unterminated),
        "A listing of no messages has no terminating line.";
    TenthMessageNotListed, "tenth-message-not-listed", ["rfc1939-5-list-all-one-line-each", "rfc1939-5-stat-size-of-maildrop"], "",
        OnReply(scan::tenth_message_not_listed),
        "LIST and UIDL leave out the messages behind the ninth.";
    NumbersInHexadecimal, "numbers-in-hexadecimal", ["rfc1939-4-response-numbers-decimal", "rfc1939-5-scan-listing-format", "rfc1939-5-list-all-one-line-each"], "",
        OnReply(scan::numbers_in_hexadecimal),
        "LIST has the message-numbers behind the ninth in hexadecimal.";
    NumbersHaveGap, "numbers-have-gap", ["rfc1939-4-message-numbers-from-one"], "a server seen by K-9 Mail",
        scan::NumbersHaveGap,
        "No message has the number 10; the tenth one is 11.";
    SizeRoundedUp, "size-rounded-up", ["rfc1939-5-scan-listing-exact-size", "rfc1939-11-size-counts-line-end-twice", "rfc1939-11-size-excludes-stuffing"], "HP OpenMail",
        OnReply(sizes::size_rounded_up),
        "STAT and LIST give sizes in whole kilobytes.";
    SizeCountsTerminator, "size-counts-terminator", ["rfc1939-5-scan-listing-exact-size", "rfc1939-11-size-counts-line-end-twice", "rfc1939-11-size-excludes-stuffing"], "",
        OnReply(sizes::size_counts_terminator),
        "STAT and LIST count the terminating line of each message.";
    SizeInSixteenBits, "size-in-sixteen-bits", ["rfc1939-5-scan-listing-exact-size"], "",
        OnReply(sizes::size_in_sixteen_bits),
        "STAT and LIST give the sizes of messages modulo 65536.";
    SizeShortWithBareLf, "size-short-with-bare-lf", ["rfc1939-11-size-counts-line-end-twice", "rfc1939-5-scan-listing-exact-size"], "Dovecot with fast size lookups",
        OnReply(sizes::size_short_with_bare_lf),
        "Of a message stored with bare LFs, STAT and LIST give the size on the disk.";
    SizeCountsCharacters, "size-counts-characters", ["rfc1939-5-scan-listing-exact-size", "rfc6856-2.1-list-size-matches-retr"], "",
        OnReply(sizes::size_counts_characters),
        "STAT and LIST count characters, also those of several octets.";
    SizeChangesAfterRetr, "size-changes-after-retr", ["rfc1939-4-message-sizes-noted-once", "rfc1939-5-scan-listing-exact-size"], "Exchange 2003",
        sizes::SizeChangesAfterRetr::default(),
        "STAT and LIST guess the size of a message until it was retrieved.";
    UniqueIdEmpty, "unique-id-empty", ["rfc1939-7-unique-id-length", "rfc1939-7-unique-id-listing-format", "rfc1939-7-unique-id-distinct"], "a server seen by getmail",
        OnReply(unique_id::unique_id_empty),
        "Unique-ids are empty.";
    UniqueIdEightBit, "unique-id-eight-bit", ["rfc1939-7-unique-id-alphabet", "rfc1939-7-unique-id-listing-format"], "a server seen by mpop",
        OnReply(unique_id::unique_id_eight_bit),
        "Unique-ids have octets above 127.";
    UniqueIdBehindTwoBlanks, "unique-id-behind-two-blanks", ["rfc1939-7-unique-id-listing-format"], "Maillennium",
        OnReply(unique_id::unique_id_behind_two_blanks),
        "Two spaces stand between message-number and unique-id.";
    UniqueIdFromHeader, "unique-id-from-header", ["rfc1939-7-unique-id-distinct"], "Qpopper",
        OnReply(unique_id::unique_id_from_header),
        "A message with an X-UIDL field has that for its unique-id, even if another has it too.";
    UniqueIdOfHeader, "unique-id-of-header", ["rfc1939-7-unique-id-distinct"], "popa3d",
        OnReply(unique_id::unique_id_of_header),
        "The unique-id is a hash of the header, so that messages with the same header share it.";
    UidlOfAnother, "uidl-of-another", ["rfc1939-7-uidl-one-equals-uidl-all", "rfc1939-7-unique-id-distinct"], "a server seen by fetchmail",
        OnReply(unique_id::uidl_of_another),
        "UIDL with a message-number gives the unique-id of the message before.";
    UniqueIdReused, "unique-id-reused", ["rfc1939-7-unique-id-never-reused"], "Cyrus",
        OnReply(unique_id::unique_id_reused),
        "A new message gets the unique-id of one that was removed.";
    UniqueIdLostWithoutUpdate, "unique-id-lost-without-update", ["rfc1939-7-unique-id-persists-without-update", "rfc1939-7-unique-id-persists"], "",
        unique_id::UniqueIdLostWithoutUpdate,
        "Unique-ids that were made in a session are kept only when it ends by QUIT.";
    OnlyLoneDotStuffed, "only-lone-dot-stuffed", ["rfc1939-3-byte-stuffing", "rfc1939-5-retr-byte-stuffing", "rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size", "rfc1939-7-top-byte-stuffing"], "",
        OnReply(message::only_lone_dot_stuffed),
        "Only the line that is one dot is stuffed; other lines that begin with a dot are sent as they are.";
    TwoDotsNotStuffed, "two-dots-not-stuffed", ["rfc1939-3-byte-stuffing", "rfc1939-5-retr-byte-stuffing", "rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size", "rfc1939-7-top-byte-stuffing"], "",
        OnReply(message::two_dots_not_stuffed),
        "A line that begins with two dots gets no third one.";
    StuffingLostWithBareLf, "stuffing-lost-with-bare-lf", ["rfc1939-3-byte-stuffing", "rfc1939-3-response-status-first"], "GreenMail",
        OnReply(message::stuffing_lost_with_bare_lf),
        "In a message stored with bare LFs, lines that begin with a dot are not stuffed.";
    StatusLineTwice, "status-line-twice", ["rfc1939-5-scan-listing-exact-size", "rfc1939-7-top-header-equals-retr"], "FTGate",
        OnReply(message::status_line_twice),
        "RETR and TOP send two status lines, and the message begins with the second.";
    FromLineQuoted, "from-line-quoted", ["rfc1939-5-retr-whole-message"], "",
        OnReply(message::from_line_quoted),
        "Lines that begin with the word From are sent with a > before it.";
    LaterRetrLosesFirstLine, "later-retr-loses-first-line", ["rfc1939-5-retr-whole-message", "rfc1939-5-retr-repeatable", "rfc1939-5-scan-listing-exact-size"], "GeoCities",
        reading::LaterRetrLosesFirstLine::default(),
        "From the second RETR of a session on, the first line of the message is not sent.";
    TrailingBlanksLost, "trailing-blanks-lost", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(message::trailing_blanks_lost),
        "Blanks at the ends of lines are not sent.";
    LastEmptyLinesLost, "last-empty-lines-lost", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(message::last_empty_lines_lost),
        "Empty lines at the end of a message are not sent.";
    TabBecomesBlanks, "tab-becomes-blanks", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(message::tab_becomes_blanks),
        "Tabs are sent as blanks.";
    BigMessageCut, "big-message-cut", ["rfc1939-5-retr-whole-message", "rfc1939-5-scan-listing-exact-size"], "",
        OnReply(message::big_message_cut),
        "RETR sends no more than the first 64 kilobytes of a message.";
    BigTopCut, "big-top-cut", ["rfc1939-7-top-more-lines-than-body", "rfc1939-7-top-header-blank-line-body"], "Maillennium",
        OnReply(message::big_top_cut),
        "TOP sends no more than the first 64 kilobytes of a message.";
    SecondRetrEmpty, "second-retr-empty", ["rfc1939-5-retr-repeatable"], "",
        reading::SecondRetrEmpty::default(),
        "A message that was retrieved before comes empty.";
    RetrSendsWhatTopSent, "retr-sends-what-top-sent", ["rfc1939-5-retr-whole-message"], "",
        reading::RetrSendsWhatTopSent::default(),
        "After TOP, RETR of the same message sends only what TOP sent first.";
    RefusedTopAnsweredTwice, "refused-top-answered-twice", ["rfc1939-3-one-response-per-command"], "WildDuck",
        OnReply(reading::refused_top_answered_twice),
        "TOP that is refused is answered by two lines.";
    TopHeaderIncomplete, "top-header-incomplete", ["rfc1939-7-top-header-equals-retr", "rfc1939-7-top-header-blank-line-body"], "Exchange, Lotus Notes",
        OnReply(reading::top_header_incomplete),
        "TOP leaves out a header field that RETR sends.";
    TopCountsHeader, "top-counts-header", ["rfc1939-7-top-header-blank-line-body"], "",
        OnLine(top::top_counts_header),
        "TOP counts the lines of the header among those it is asked for.";
    TopCountsFoldedLines, "top-counts-folded-lines", ["rfc1939-7-top-header-blank-line-body"], "",
        OnLine(top::top_counts_folded_lines),
        "TOP counts the folded lines of the header among those it is asked for.";
    TopCountWraps, "top-count-wraps", ["rfc1939-7-top-more-lines-than-body"], "Qpopper, CompuServe",
        OnLine(top::top_count_wraps),
        "TOP takes the number of lines modulo 65536.";
    DeleOfLastUnmarksFirst, "dele-of-last-unmarks-first", ["rfc1939-5-dele-marks-message"], "",
        OnLine(marking::dele_of_last_unmarks_first),
        "DELE of the last message unmarks the first one.";
    NoopUnmarksOne, "noop-unmarks-one", ["rfc1939-5-noop-positive-no-effect"], "",
        OnLine(marking::noop_unmarks_one),
        "NOOP unmarks a message.";
    RsetForgetsAfterTwoRetr, "rset-forgets-after-two-retr", ["rfc1939-5-rset-unmarks-all"], "",
        marking::RsetForgetsAfterTwoRetr::default(),
        "RSET unmarks nothing once two messages were retrieved.";
    StatStaleAfterRset, "stat-stale-after-rset", ["rfc1939-5-stat-count-of-messages", "rfc1939-5-rset-unmarks-all"], "",
        marking::StatStaleAfterRset::default(),
        "STAT after RSET is what it was before RSET.";
    RsetShowsNewMail, "rset-shows-new-mail", ["rfc1939-8-new-mail-not-visible"], "",
        marking::RsetShowsNewMail::default(),
        "After RSET, mail delivered during the session is counted, listed and sent.";
    QuitRemovesOne, "quit-removes-one", ["rfc1939-6-quit-removes-marked-messages"], "",
        OnLine(update::quit_removes_one),
        "QUIT removes only the first of the marked messages.";
    CopiesRemoved, "copies-removed", ["rfc1939-6-quit-keeps-unmarked-messages"], "",
        OnLine(update::copies_removed),
        "QUIT also removes messages with the same octets as a marked one.";
    DeleRemovesAtOnce, "dele-removes-at-once", ["rfc1939-5-dele-waits-for-update", "rfc1939-5-rset-then-quit-removes-nothing", "rfc1939-6-no-removal-without-quit"], "BSD POP3",
        OnReply(|line, reply, view| update::dele_removes_at_once(line, reply, view)),
        "DELE removes the message from the maildrop, without waiting for QUIT.";
    RetrievedRemovedAtQuit, "retrieved-removed-at-quit", ["rfc1939-6-quit-keeps-unmarked-messages", "rfc2449-6.7-expire-announces-deletion-policy", "rfc2449-6.7-expire-never-keeps-messages"], "Gmail",
        update::RemovedAtQuit::of(Keyword::Retr),
        "QUIT removes what was retrieved, and no EXPIRE said so.";
    RsetForgottenAtQuit, "rset-forgotten-at-quit", ["rfc1939-5-rset-then-quit-removes-nothing"], "",
        update::RemovedAtQuit::of(Keyword::Dele),
        "QUIT removes what was ever marked, also when RSET has unmarked it.";
    TruncatedQuitUpdates, "truncated-quit-updates", ["rfc1939-6-truncated-quit-is-no-quit"], "",
        update::TruncatedQuitUpdates::default(),
        "QUIT without a line end, and then the end of the connection, removes marked messages.";
    MarksOutliveSession, "marks-outlive-session", ["rfc1939-4-session-starts-unmarked", "rfc1939-6-no-removal-without-quit"], "",
        update::MarksOutliveSession::default(),
        "What was marked when a connection broke is marked in the next session.";
    SecondLoginTakesOver, "second-login-takes-over", ["rfc1939-4-lock-protects-messages"], "",
        OnLine(lock::second_login_takes_over),
        "A second login gets the maildrop, and the first session then reads other messages.";
    ApopIgnoresLock, "apop-ignores-lock", ["rfc1939-4-exclusive-access-lock"], "",
        OnLine(lock::apop_ignores_lock),
        "A login by APOP is let in although the maildrop is locked.";
    LockedMaildropLooksEmpty, "locked-maildrop-looks-empty", ["rfc1939-4-unopenable-maildrop-negative"], "",
        lock::LockedMaildropLooksEmpty::default(),
        "A second login is let in, and finds an empty maildrop.";
    LockLostAtRefusal, "lock-lost-at-refusal", ["rfc1939-4-exclusive-access-lock"], "",
        OnReply(|_, reply, view| lock::lock_lost_at_refusal(reply, view)),
        "After a command that is refused, the maildrop is locked no more.";
    StatOfLastSession, "stat-of-last-session", ["rfc1939-5-stat-count-of-messages", "rfc1939-6-quit-removes-marked-messages"], "",
        lock::StatOfLastSession::default(),
        "STAT gives what the maildrop had when the session before began.";
    AutologoutAtOnce, "autologout-at-once", ["rfc1939-3-autologout-at-least-ten-minutes"], "",
        timer::Autologout(250),
        "A session in which nothing comes for a quarter of a second is closed.";
    AutologoutEarly, "autologout-early", ["rfc1939-3-autologout-at-least-ten-minutes"], "popper, Twisted, WildDuck",
        timer::Autologout(2000),
        "A session in which nothing comes for a while is closed long before ten minutes have gone by.";
    AutologoutFromLogin, "autologout-from-login", ["rfc1939-3-command-resets-autologout"], "WildDuck",
        timer::AutologoutRunsOn::but_for(timer::StartsTimer::Login),
        "The autologout timer counts from the login, whatever commands come.";
    AutologoutIgnoresRefused, "autologout-ignores-refused", ["rfc1939-3-command-resets-autologout"], "",
        timer::AutologoutRunsOn::but_for(timer::StartsTimer::Accepted),
        "Commands that are refused do not start the autologout timer afresh.";
    AutologoutUpdates, "autologout-updates", ["rfc1939-3-autologout-skips-update"], "popper in Heimdal",
        timer::AutologoutUpdates,
        "When the autologout timer runs out, marked messages are removed.";
    LockKeptAfterAutologout, "lock-kept-after-autologout", ["rfc1939-6-quit-releases-lock"], "",
        timer::LockKeptAfterAutologout::default(),
        "After a session that the autologout timer has ended, its maildrop stays locked.";
    ReplyInsideMessage, "reply-inside-message", ["rfc2449-6.6-pipelining-in-turn", "rfc1939-3-one-response-per-command"], "WildDuck",
        pipeline::ReplyMisplaced::at(pipeline::Misplaced::Inside),
        "The reply to a command that came together with RETR stands within the message.";
    ShortReplyOvertakes, "short-reply-overtakes", ["rfc2449-6.6-pipelining-in-turn"], "",
        pipeline::ReplyMisplaced::at(pipeline::Misplaced::Before),
        "The reply to a command that came together with RETR comes before the message.";
    InputBehindPassDropped, "input-behind-pass-dropped", ["rfc2449-6.6-pipelining-login-batch"], "",
        pipeline::InputBehindPassDropped,
        "Commands sent in one segment behind PASS are lost.";
    SeventeenthCommandLost, "seventeenth-command-lost", ["rfc2449-6.6-pipelining-in-turn"], "",
        pipeline::SeventeenthCommandLost,
        "Of the commands in one segment, those behind the sixteenth are lost.";
    PiecesClose, "pieces-close", ["rfc1939-3-command-ends-with-crlf", "rfc1939-3-one-response-per-command", "rfc2449-6.6-pipelining-any-segment-border"], "",
        pipeline::PiecesClose::default(),
        "More than three segments without a line end close the connection.";
    Utf8HeaderWithoutMode, "utf8-header-without-mode", ["rfc6856-2.1-surrogate-or-error-without-mode", "rfc6856-2.1-surrogate-is-ordinary-message", "rfc6856-2.1-no-raw-non-ascii-without-mode"], "",
        OnReply(unicode::utf8_header_without_mode),
        "RETR sends a header in UTF-8 without UTF-8 mode.";
    Utf8AfterLogin, "utf8-after-login", ["rfc6856-2-utf8-command-only-in-authorization"], "Courier",
        OnLine(unicode::utf8_after_login),
        "UTF8 is answered +OK after login.";
    Utf8ModeLostAtLogin, "utf8-mode-lost-at-login", ["rfc6856-2.1-utf8-enables-mode", "rfc6856-2.1-utf8-messages-as-stored", "rfc6856-5-utf8-code-meaning"], "",
        OnLine(unicode::utf8_mode_lost_at_login),
        "UTF-8 mode ends at login.";
    MalformedUtf8Accepted, "malformed-utf8-accepted", ["rfc6856-2.2-malformed-utf8-refused"], "",
        OnLine(unicode::malformed_utf8_accepted),
        "Octets that are not UTF-8 are left out of names and passwords, and the rest logs in.";
    Utf8RefusalWithoutCode, "utf8-refusal-without-code", ["rfc6856-5-refusal-has-utf8-code"], "",
        OnReply(unicode::utf8_refusal_without_code),
        "A message that needs UTF-8 mode is refused without the response code UTF8.";
    Utf8TakesArgument, "utf8-takes-argument", ["rfc6856-2.1-utf8-no-parameters"], "",
        OnLine(unicode::utf8_takes_argument),
        "UTF8 with an argument is answered +OK.";
    Utf8AddsByteOrderMark, "utf8-adds-byte-order-mark", ["rfc6856-2.1-ascii-maildrop-unaffected", "rfc6856-2.1-utf8-messages-as-stored"], "",
        unicode::InUtf8Mode::new(unicode::byte_order_mark),
        "In UTF-8 mode each message begins with a byte order mark.";
    Utf8HeaderDowngraded, "utf8-header-downgraded", ["rfc6856-2.1-utf8-messages-as-stored", "rfc6856-2.1-utf8-enables-mode"], "",
        unicode::InUtf8Mode::new(unicode::header_downgraded),
        "In UTF-8 mode octets above 127 in a header are sent as question marks.";
    LangWithoutTag, "lang-without-tag", ["rfc6856-3.2-lang-success-form", "rfc6856-3.2-lang-selects-matching-tag"], "",
        OnReply(language::lang_without_tag),
        "The answer to LANG lacks the tag of the language.";
    LangListingUnterminated, "lang-listing-unterminated", ["rfc6856-3.2-lang-list-multi-line"], "",
        OnReply(language::lang_listing_unterminated),
        "The listing of languages has no terminating line.";
    LangListingMalformed, "lang-listing-malformed", ["rfc6856-3.2-language-listing-form", "rfc6856-3.2-listed-language-selectable"], "",
        OnReply(language::lang_listing_malformed),
        "The listing of languages has names first and tags in brackets behind them.";
    FailedLangResets, "failed-lang-resets", ["rfc6856-3.2-failed-lang-keeps-language"], "",
        OnLine(language::failed_lang_resets),
        "LANG that fails changes the language back to English.";
    LangChangesNothing, "lang-changes-nothing", ["rfc6856-3.2-lang-changes-texts"], "",
        OnLine(language::lang_changes_nothing),
        "LANG is answered +OK, and the texts stay in English.";
    LangSelectsAnother, "lang-selects-another", ["rfc6856-3.2-lang-selects-matching-tag"], "",
        OnLine(language::lang_selects_another),
        "LANG selects another language than the one asked for.";
    LangRefusedAfterLogin, "lang-refused-after-login", ["rfc6856-3.1-lang-command-in-both-states"], "",
        OnLine(language::lang_refused_after_login),
        "LANG is answered -ERR after login.";
    LangLostAtLogin, "lang-lost-at-login", ["rfc6856-3.2-lang-changes-texts"], "",
        language::LangLostAtLogin::default(),
        "At login the texts change back to English.";
    LangTextsLatin1, "lang-texts-latin-1", ["rfc6856-3.2-lang-texts-are-utf8", "rfc6856-2-utf8-mode-strings", "rfc6856-3.2-language-listing-form", "rfc2449-3-status-then-space-or-crlf"], "",
        OnReply(language::lang_texts_latin_1),
        "Texts of other languages are in Latin-1.";
    ListedLanguageRefused, "listed-language-refused", ["rfc6856-3.2-listed-language-selectable"], "",
        OnLine(language::listed_language_refused),
        "A language of the listing is answered -ERR when LANG asks for it.";
    } };
}
