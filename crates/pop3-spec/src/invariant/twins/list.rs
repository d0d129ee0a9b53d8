//! The list of twins. `==` stands between connections.

/// The invariant, a script that breaks it alone, and one that breaks none.
pub(super) const TWINS: &[(&str, &str, &str)] = &[
    (
        "always/answered-before-close",
        "login\nC: XYZ\n* closed by the server",
        "login\nC: XYZ\\r\\nXYZ\\r\\nXYZ\nS: -ERR\n* closed by the server",
    ),
    (
        "always/answered-before-close",
        "login\nC: QUIT\n* closed by the server",
        "login\nC: QUIT\n* closed by the client",
    ),
    // N03: the server closes behind a refused login, while the next command comes.
    (
        "always/answered-before-close",
        "login\nC: NOOP\n* closed by the server",
        "greet\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR\nC: USER u\n* closed by the server",
    ),
    (
        "always/argument-too-many",
        "login\nC: NOOP x\nS: +OK\nbye",
        "login\nC: NOOP x\nS: -ERR\nC: NOOP\\x20\nS: +OK\nbye",
    ),
    (
        "always/auth-exchange",
        "greet\nC: AUTH PLAIN AHUAcA==\nS: + \nC: *\nS: -ERR\nbye",
        "greet\nC: AUTH PLAIN\nS: + \nC: *\nS: -ERR\nC: AUTH SCRAM-SHA-1 bj0=\nS: + cj0=\nC: *\nS: -ERR\nbye",
    ),
    (
        "always/auth-exchange",
        "greet\nC: AUTH PLAIN\nS: + cj0=\nC: *\nS: -ERR\nbye",
        "greet\nC: AUTH CRAM-MD5\nS: + cj0=\nC: *\nS: -ERR\nbye",
    ),
    ("always/syntax-refused", "login\nC: RETR\nS: +OK\nS: .\nbye", "login\nC: RETR\nS: -ERR\nbye"),
    ("always/syntax-refused", "login\nC: LIST 1x\nS: +OK 1 5\nbye", "login\nC: LIST +1\nS: +OK 1 5\nbye"),
    ("always/syntax-refused", "login\nC: TOP 1 -1\nS: +OK\nS: .\nbye", "login\nC: TOP 1 1\nS: +OK\nS: .\nbye"),
    (
        "always/timestamp-unique",
        "S: +OK <1@x>\nC: APOP u 0\nS: +OK\nbye\n==\nS: +OK <1@x>\nbye",
        "S: +OK <1@x>\nC: APOP u 0\nS: +OK\nbye\n==\nS: +OK <2@x>\nbye",
    ),
    (
        "always/timestamp-unique",
        "S: +OK <1@x>\nC: APOP u 0\nS: +OK\nbye\n==\nS: +OK a <1@x>\nbye",
        "S: +OK <1@x>\nbye\n==\nS: +OK <1@x>\nbye",
    ),
    (
        "always/top-agrees",
        "login\nC: TOP 1 0\nS: +OK\nS: A: b\nS:\nS: one\nS: .\nbye",
        "login\nC: TOP 1 1\nS: +OK\nS: A: b\nS:\nS: one\nS: .\nbye",
    ),
    (
        "always/clear-text-forgotten",
        "greet\nC: STLS\\r\\nNOOP\nS: +OK\nS: -ERR\n* closed by the client",
        "greet\nC: STLS\\r\\nNOOP\nS: +OK\n* closed by the server",
    ),
    (
        "always/always-positive",
        "login\nC: NOOP\nS: -ERR\nC: NOOP\nS: +OK\nbye",
        "login\nC: NOOP\nS: -ERR [SYS/TEMP] disk\nC: NOOP\nS: +OK\nbye",
    ),
    // A last word before the server gives up.
    ("always/always-positive", "login\nC: stat\nS: -ERR\nbye", "login\nC: STAT\nS: -ERR\n* closed by the server"),
    ("always/always-positive", "login\nC: LIST\nS: -ERR\nbye", "login\nC: LIST 9\nS: -ERR\nbye"),
    ("always/always-positive", "login\nC: RSET\nS: -ERR\nbye", "login\nC: RSET x\nS: -ERR\nbye"),
    (
        "always/announced-works",
        "login\nC: CAPA\nS: +OK\nS: UIDL\nS: .\nC: UIDL\nS: -ERR\nbye",
        "login\nC: CAPA\nS: +OK\nS: TOP\nS: .\nC: UIDL\nS: -ERR\nbye",
    ),
    // Ruling a-52: EXPIRE tells of policies that may limit TOP.
    (
        "always/announced-works",
        "login\nC: CAPA\nS: +OK\nS: TOP\nS: .\nC: STAT\nS: +OK 1 5\nC: TOP 1 0\nS: -ERR\nbye",
        "login\nC: CAPA\nS: +OK\nS: TOP\nS: EXPIRE 0\nS: .\nC: STAT\nS: +OK 1 5\nC: TOP 1 0\nS: -ERR\nbye",
    ),
    (
        "always/announced-works",
        "greet\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: -ERR\nbye",
        "greet\nC: CAPA\nS: +OK\nS: STLS\nS: UTF8\nS: .\nC: UTF8\nS: +OK\nC: STLS\nS: -ERR\nbye",
    ),
    ("always/apop-timestamp", "S: +OK\nC: APOP u 0\nS: +OK\nbye", "S: +OK <1.2@x>\nC: APOP u 0\nS: +OK\nbye"),
    (
        "always/auth-code-announced",
        "greet\nC: CAPA\nS: +OK\nS: RESP-CODES\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR [AUTH]\nbye",
        "greet\nC: CAPA\nS: +OK\nS: RESP-CODES\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR [AUTHOR]\nbye",
    ),
    (
        "always/auth-exchange",
        "greet\nC: AUTH PLAIN\nS: + \nC: *\nS: +OK\nbye",
        "greet\nC: AUTH PLAIN\nS: + \nC: ********\nS: +OK\nbye",
    ),
    (
        "always/auth-exchange",
        "greet\nC: AUTH PLAIN a\nS: +OK\nbye",
        "greet\nC: AUTH PLAIN =\nS: + \nC: AGEAYg==\nS: +OK\nbye",
    ),
    ("always/lang-form", "greet\nC: LANG es\nS: +OK cambiado\nbye", "greet\nC: LANG es\nS: +OK es-MX cambiado\nbye"),
    ("always/lang-form", "greet\nC: LANG *\nS: +OK\nbye", "greet\nC: LANG *\nS: +OK de jetzt\nbye"),
    (
        "always/capa-everywhere",
        "greet\nC: CAPA\nS: +OK\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: -ERR\nbye",
        "greet\nC: CAPA\nS: -ERR\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: -ERR\nbye",
    ),
    (
        "always/capabilities-kept",
        "greet\nC: CAPA\nS: +OK\nS: TOP\nS: UIDL\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: +OK\nS: TOP\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: TOP\nS: STLS\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: +OK\nS: top\nS: IMPLEMENTATION x\nS: .\nbye",
    ),
    // N11: another list under TLS.
    (
        "always/capabilities-repeat",
        "greet\nC: CAPA\nS: +OK\nS: TOP\nS: .\nC: CAPA\nS: +OK\nS: UIDL\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: STLS\nS: .\nC: STLS\nS: +OK\n* TLS\nC: CAPA\nS: +OK\nS: X-A\nS: .\nbye",
    ),
    (
        "always/capability-arguments",
        "greet\nC: CAPA\nS: +OK\nS: TOP 5\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: EXPIRE 5 USER\nS: X-TOP 5\nS: IMPLEMENTATION a  b\nS: SASL\nS: .\nbye",
    ),
    (
        "always/capability-arguments-kept",
        "greet\nC: CAPA\nS: +OK\nS: UTF8 USER\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: +OK\nS: UTF8\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: EXPIRE 5 USER\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: +OK\nS: EXPIRE NEVER\nS: .\nbye",
    ),
    (
        "always/capability-line",
        "greet\nC: CAPA\nS: +OK\nS: SASL  PLAIN\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: SASL PLAIN\nS: X-A v1.2\nS: .\nbye",
    ),
    ("always/capability-line", "greet\nC: CAPA\nS: +OK\nS: X.A\nS: .\nbye", "greet\nC: CAPA\nS: -ERR X.A\nbye"),
    (
        "always/capability-once",
        "greet\nC: CAPA\nS: +OK\nS: TOP\nS: Top\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: TOP\nS: X-TOP\nS: .\nbye",
    ),
    (
        "always/clear-text-behind-stls",
        "greet\nC: STLS\nS: +OK\nS: +OK still here\n* closed by the client",
        "greet\nC: STLS\nS: +OK\nC: NOOP\nS: -ERR not TLS\n* closed by the server",
    ),
    (
        "always/close-after-quit",
        "greet\nC: QUIT\nS: +OK\n* waited 5000 ms\n* closed by the client",
        "greet\nC: QUIT\nS: +OK\n* closed by the client",
    ),
    (
        "always/close-after-quit",
        "login\nC: QUIT\nS: +OK\n* waited 2000 ms\n* closed by the client",
        "login\nC: QUIT\nS: +OK\n* waited 5000 ms\n* closed by the server",
    ),
    (
        "always/listing-complete",
        "login\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: .\nC: DELE 1\nS: +OK\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: .\nbye",
        "login\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: .\nC: DELE 1\nS: +OK\nC: LIST\nS: +OK\nS: 2 6\nS: .\nbye",
    ),
    (
        "always/listing-complete",
        "login\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: .\nC: UIDL\nS: +OK\nS: 2 b\nS: .\nbye",
        "login\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: .\nC: UIDL\nS: +OK\nS: 2 b\nS: 1 a\nS: .\nbye",
    ),
    (
        "always/listing-complete",
        "login\nC: LIST\nS: +OK\nS: 0 5\nS: 1 6\nS: .\nbye",
        "login\nC: LIST\nS: +OK any words\nS: 1 5 more\nS: .\nbye",
    ),
    ("always/listing-complete", "login\nC: LIST 2\nS: +OK 1 5\nbye", "login\nC: LIST 02\nS: +OK 2 5\nbye"),
    (
        "always/login-capabilities-kept",
        "greet\nC: CAPA\nS: +OK\nS: USER\nS: SASL PLAIN\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: +OK\nS: .\nbye",
        "greet\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nC: CAPA\nS: +OK\nS: User\nS: .\nbye",
    ),
    (
        "always/nothing-lost",
        "login\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\n* closed by the client\n== \nlogin\nC: STAT\nS: +OK 1 5\nbye",
        "login\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\nbye\n== \nlogin\nC: STAT\nS: +OK 1 5\nbye",
    ),
    // N18: EXPIRE 0 removes what was retrieved; a name apart is another maildrop.
    (
        "always/nothing-lost",
        "login\nC: STAT\nS: +OK 2 9\nbye\n== \nlogin\nC: STAT\nS: +OK 1 5\nbye",
        "login\nC: STAT\nS: +OK 2 9\nC: RETR 1\nS: +OK\nS: .\nbye\n== \nlogin\nC: STAT\nS: +OK 1 5\nbye",
    ),
    (
        "always/nothing-lost",
        "login\nC: STAT\nS: +OK 1 9\nC: DELE 1\nS: +OK\nC: RSET\nS: +OK\n* reset\n== \nlogin\nC: STAT\nS: +OK 0 0\nbye",
        "login\nC: STAT\nS: +OK 1 9\nbye\n== \nS: +OK\nC: USER w\nS: +OK\nC: PASS p\nS: +OK\nC: STAT\nS: +OK 0 0\nbye",
    ),
    (
        "always/number-bad",
        "login\nC: STAT\nS: +OK 1 5\nC: DELE 1\nS: +OK\nC: DELE 1\nS: +OK\nbye",
        "login\nC: STAT\nS: +OK 1 5\nC: DELE 1\nS: +OK\nC: RSET\nS: +OK\nC: DELE 1\nS: +OK\nbye",
    ),
    (
        "always/number-bad",
        "login\nC: STAT\nS: +OK 1 5\nC: RETR 4294967297\nS: +OK\nS: .\nbye",
        "login\nC: RETR 4294967297\nS: +OK\nS: .\nbye",
    ),
    ("always/number-bad", "login\nC: DELE 0\nS: +OK\nbye", "login\nC: DELE 0\nS: -ERR\nbye"),
    (
        "always/number-good",
        "login\nC: LIST 1\nS: +OK 1 5\nC: RETR 1\nS: -ERR\nbye",
        "login\nC: LIST 1\nS: +OK 1 5\nC: RETR 1\nS: -ERR [SYS/TEMP] later\nbye",
    ),
    (
        "always/number-good",
        "login\nC: STAT\nS: +OK 2 9\nC: DELE 2\nS: -ERR\nbye",
        "login\nC: STAT\nS: +OK 2 9\nC: UIDL 2\nS: -ERR\nC: TOP 1 0\nS: -ERR\nbye",
    ),
    (
        "always/pass-behind-user",
        "greet\nC: PASS p\nS: +OK\nbye",
        "greet\nC: USER u\nS: +OK\nC: NOOP\nS: -ERR\nC: PASS p\nS: +OK\nbye",
    ),
    (
        "always/clear-text-forgotten",
        "greet\nC: STLS\\r\\nCAPX\nS: +OK\n* TLS\nS: -ERR\nbye",
        "greet\nC: STLS\\r\\nCAPX\nS: +OK\n* TLS\nbye",
    ),
    (
        "always/clear-text-forgotten",
        "greet\nC: USER u\nS: +OK\nC: STLS\nS: +OK\n* TLS\nC: PASS p\nS: +OK\nbye",
        "greet\nC: STLS\nS: +OK\n* TLS\nC: USER u\nS: +OK\nC: PASS p\nS: +OK\nbye",
    ),
    ("always/quit-before-login", "greet\nC: QUIT\nS: -ERR\n* closed by the server", "greet\nC: QUIT x\nS: -ERR\nbye"),
    // N13: QUIT is refused when removal fails.
    ("always/quit-before-login", "greet\nC: QUIT\nS: -ERR", "login\nC: QUIT\nS: -ERR\n* closed by the server"),
    (
        "always/response-code-form",
        "greet\nC: CAPA\nS: +OK\nS: RESP-CODES\nS: .\nC: NOOP\nS: -ERR [not one]\nbye",
        "greet\nC: CAPA\nS: +OK\nS: .\nC: NOOP\nS: -ERR [not one]\nbye",
    ),
    // N17: unknown detail.
    (
        "always/response-code-places",
        "login\nC: DELE 9\nS: -ERR [IN-USE]\nbye",
        "greet\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR [IN-USE/moon]\nbye",
    ),
    (
        "always/response-codes-announced",
        "greet\nC: CAPA\nS: +OK\nS: TOP\nS: .\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR [IN-USE]\nbye",
        "greet\nC: USER u\nS: +OK\nC: PASS p\nS: -ERR [IN-USE]\nbye",
    ),
    (
        "always/retr-repeats",
        "login\nC: RETR 1\nS: +OK\nS: a\nS: .\nC: RETR 1\nS: +OK\nS: b\nS: .\nbye",
        "login\nC: RETR 1\nS: +OK\nS: a\nS: .\nC: RETR 1\nS: +OK\nS: a\nS: .\nbye",
    ),
    (
        "always/silence-after-quit",
        "login\nC: QUIT\\r\\nNOOP\nS: +OK\nS: +OK\n* closed by the server",
        "login\nC: QUIT\\r\\nNOOP\nS: +OK\n* closed by the server",
    ),
    ("always/silence-after-quit", "greet\nC: QUIT\nS: +OK\nS: x\\", "greet\nC: QUIT\nS: +OK"),
    (
        "always/stat-follows-marks",
        "login\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\nC: STAT\nS: +OK 2 9\nbye",
        "login\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\nC: STAT\nS: +OK 1 5\nbye",
    ),
    (
        "always/stat-follows-marks",
        "login\nC: STAT\nS: +OK 2 9\nC: NOOP\nS: +OK\nC: STAT\nS: +OK 3 12\nbye",
        "login\nC: STAT\nS: +OK 2 9 and words\nC: NOOP\nS: +OK\nC: STAT\nS: +OK 2 9\nbye",
    ),
    (
        "always/stat-follows-marks",
        "login\nC: LIST 1\nS: +OK 1 4\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\nC: STAT\nS: +OK 1 6\nbye",
        "login\nC: LIST 1\nS: +OK 1 4\nC: STAT\nS: +OK 2 9\nC: DELE 1\nS: +OK\nC: STAT\nS: +OK 1 5\nbye",
    ),
    (
        "always/stls-listed-under-tls",
        "greet\nC: STLS\nS: +OK\n* TLS\nC: CAPA\nS: +OK\nS: STLS\nS: .\nbye",
        "greet\nC: STLS\nS: +OK\n* TLS\nC: CAPA\nS: +OK\nS: X-STLS\nS: .\nbye",
    ),
    (
        "always/top-agrees",
        "login\nC: RETR 1\nS: +OK\nS: A: b\nS:\nS: one\nS: two\nS: .\nC: TOP 1 1\nS: +OK\nS: A: b\nS:\nS: one\nS: two\nS: .\nbye",
        "login\nC: RETR 1\nS: +OK\nS: A: b\nS:\nS: one\nS: two\nS: .\nC: TOP 1 1\nS: +OK\nS: A: b\nS:\nS: one\nS: .\nbye",
    ),
    (
        "always/top-agrees",
        "login\nC: TOP 1 9\nS: +OK\nS: A: b\nS:\nS: .\nC: RETR 1\nS: +OK\nS: A: b\nS:\nS: one\nS: .\nbye",
        "login\nC: TOP 1 9\nS: +OK\nS: A: b\nS:\nS: one\nS: .\nC: RETR 1\nS: +OK\nS: A: b\nS:\nS: one\nS: .\nbye",
    ),
    // Ruling a-09: an empty line behind a message that is all header, or none.
    (
        "always/top-agrees",
        "login\nC: RETR 1\nS: +OK\nS: A: b\nS: .\nC: TOP 1 0\nS: +OK\nS: A: c\nS: .\nbye",
        "login\nC: RETR 1\nS: +OK\nS: A: b\nS: .\nC: TOP 1 0\nS: +OK\nS: A: b\nS:\nS: .\nbye",
    ),
    // N12: identical messages may share one.
    (
        "always/unique-id-distinct",
        "login\nC: LIST\nS: +OK\nS: 1 5\nS: 2 6\nS: .\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 a\nS: .\nbye",
        "login\nC: LIST\nS: +OK\nS: 1 5\nS: 2 5\nS: .\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 a\nS: .\nbye",
    ),
    (
        "always/unique-id-persists",
        "login\nC: UIDL\nS: +OK\nS: 1 a\nS: .\nbye\n== \nlogin\nC: UIDL\nS: +OK\nS: 1 b\nS: .\nbye",
        "login\nC: UIDL\nS: +OK\nS: 1 a\nS: .\nbye\n== \nlogin\nC: UIDL\nS: +OK\nS: 1 b\nS: 2 a\nS: .\nbye",
    ),
    (
        "always/unique-id-persists",
        "login\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: .\nC: DELE 1\nS: +OK\nbye\n== \nlogin\nC: UIDL\nS: +OK\nS: 1 c\nS: .\nbye",
        "login\nC: UIDL\nS: +OK\nS: 1 a\nS: 2 b\nS: .\nC: DELE 1\nS: +OK\nbye\n== \nlogin\nC: UIDL\nS: +OK\nS: 1 b\nS: .\nbye",
    ),
    ("always/unknown-command", "greet\nC: STATUS\nS: +OK\nbye", "greet\nC: XTND XMIT\nS: +OK\nbye"),
    ("always/wrong-state", "greet\nC: STAT\nS: +OK 0 0\nbye", "greet\nC: STAT\nS: -ERR\nbye"),
    ("always/wrong-state", "login\nC: USER u\nS: +OK\nbye", "login\nC: AUTH\nS: +OK\nS: PLAIN\nS: .\nbye"),
];
