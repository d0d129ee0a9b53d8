//! Faults of AUTH exchanges: how messages are read, and what is said beside them.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row { fault: Fault::AuthAloneStarts, script: &["AUTH|"], honest: "?", faulty: "?" },
    Row { fault: Fault::EqualsSignAsks, script: &["AUTH PLAIN =|"], honest: "?", faulty: "?" },
    Row { fault: Fault::ThirdArgumentIgnored, script: &["AUTH PLAIN = =|"], honest: "?", faulty: "?" },
    Row { fault: Fault::AsteriskWithMoreAsksAgain, script: &["AUTH PLAIN|", "*x|"], honest: "?", faulty: "?" },
    Row {
        fault: Fault::AuthLimitTooLow,
        script: &[
            "AUTH PLAIN AGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWEAYg==|",
        ],
        honest: "?",
        faulty: "?",
    },
    Row { fault: Fault::PlainMissingUnderTls, script: &["STLS|", "tls", "AUTH PLAIN|"], honest: "?", faulty: "?" },
    Row { fault: Fault::EmptyResponseIgnored, script: &["AUTH PLAIN|", "|", "NOOP|"], honest: "?", faulty: "?" },
    Row { fault: Fault::ExchangeEndsTwice, script: &["AUTH PLAIN|", "*|"], honest: "?", faulty: "?" },
    Row {
        fault: Fault::StlsAfterFailedAuth,
        script: &["STLS|", "tls", "AUTH PLAIN|", "*|", "STLS|"],
        honest: "?",
        faulty: "?",
    },
    Row { fault: Fault::LoginAnyPassword, script: &["auth LOGIN wrong"], honest: "?", faulty: "?" },
    Row { fault: Fault::PlainReadLoosely, script: &["AUTH PLAIN AABhbGljZQBzZWNyZXQAeA==|"], honest: "?", faulty: "?" },
    Row { fault: Fault::PlainEmptyPassword, script: &["AUTH PLAIN AGFsaWNlAA==|"], honest: "?", faulty: "?" },
    Row {
        fault: Fault::PlainFieldsCut,
        script: &[
            "account bob pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp",
            "AUTH PLAIN AGJvYgBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw|",
        ],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::PlainNeedsAuthorizationIdentity,
        script: &["AUTH PLAIN AGFsaWNlAHNlY3JldA==|"],
        honest: "?",
        faulty: "?",
    },
    Row { fault: Fault::CramChallengeWithoutBrackets, script: &["auth CRAM-MD5"], honest: "?", faulty: "?" },
    Row {
        fault: Fault::ScramReadLoosely,
        script: &["AUTH SCRAM-SHA-256 eCwsbT14LG49YWxpY2U9LHI9bm9uY2U=|", "Yz1iaXdzLHI9eCxwPUFBQUE=|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::ScramHeaderUnchecked,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPW5vbmNl|", "Yz1lU3dzLHI9eCxwPUFBQUE=|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::ChannelBindingUnchecked,
        script: &[
            "STLS|",
            "tls",
            "AUTH SCRAM-SHA-256-PLUS cD14eXp6eSwsbj1hbGljZSxyPW5vbmNl|",
            "Yz1iaXdzLHI9eCxwPUFBQUE=|",
        ],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::ScramExtensionRefused,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPW5vbmNlLHg9eQ==|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::ScramNamesUnprepared,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGnCrWNlLHI9bm9uY2U=|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::ScramHashesPreparedName,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGnCrWNlLHI9bm9uY2U=|", "Yz1iaXdzLHI9eCxwPUFBQUE=|"],
        honest: "?",
        faulty: "?",
    },
    Row { fault: Fault::ScramFailureWithoutE, script: &["auth SCRAM-SHA-256 wrong"], honest: "?", faulty: "?" },
    Row { fault: Fault::ScramCountMissing, script: &["auth SCRAM-SHA-256"], honest: "?", faulty: "?" },
    Row { fault: Fault::PlusWithoutTls, script: &["AUTH SCRAM-SHA-256-PLUS|"], honest: "?", faulty: "?" },
    Row { fault: Fault::ExternalWithoutCertificate, script: &["AUTH EXTERNAL =|"], honest: "?", faulty: "?" },
    Row { fault: Fault::OauthWithoutTls, script: &["AUTH OAUTHBEARER|"], honest: "?", faulty: "?" },
    Row {
        fault: Fault::OauthAcceptedLate,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHRva2VuAQE=|", "AQ==|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthErrorLeftOut,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHdyb25nAQE=|", "NOOP|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthErrorNotJson,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHdyb25nAQE=|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthDummyResponseAccepted,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHdyb25nAQE=|", "AQ==|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthUnknownPairRefused,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAXg9eQFhdXRoPUJlYXJlciB0b2tlbgEB|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthSchemeCaseSensitive,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9YmVhcmVyIHRva2VuAQE=|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthReadLoosely,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER bixhPWFsaWNlLAEB|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::OauthNameIgnored,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER bixhPW5vYm9keSwBYXV0aD1CZWFyZXIgdG9rZW4BAQ==|"],
        honest: "?",
        faulty: "?",
    },
    Row {
        fault: Fault::Xoauth2AnyToken,
        script: &["STLS|", "tls", "AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB3cm9uZwEB|"],
        honest: "?",
        faulty: "?",
    },
];
