//! Faults of AUTH exchanges: how messages are read, and what is said beside them.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        fault: Fault::ChallengeWithWords,
        script: &["AUTH LOGIN|"],
        honest: "+ VXNlcm5hbWU6|",
        faulty: "+ VXNlcm5hbWU6 please|",
    },
    Row {
        fault: Fault::MechanismInLowerCase,
        script: &["CAPA|"],
        honest: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL PLAIN|STLS|.|",
        faulty: "+OK capability list follows|TOP|UIDL|RESP-CODES|AUTH-RESP-CODE|PIPELINING|USER|SASL own-plain PLAIN|STLS|.|",
    },
    Row { fault: Fault::AuthAloneStarts, script: &["AUTH|"], honest: "-ERR AUTH needs an argument|", faulty: "+ |" },
    Row {
        fault: Fault::EqualsSignAsks,
        script: &["AUTH PLAIN =|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "+ |",
    },
    Row {
        fault: Fault::ThirdArgumentIgnored,
        script: &["AUTH PLAIN = =|"],
        honest: "-ERR AUTH does not take this argument|",
        faulty: "+ |",
    },
    Row {
        fault: Fault::AsteriskWithMoreAsksAgain,
        script: &["AUTH PLAIN|", "*x|"],
        honest: "+ | / -ERR response is not base64|",
        faulty: "+ | / + |",
    },
    Row {
        fault: Fault::AuthLimitTooLow,
        script: &[
            "AUTH PLAIN AGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWEAYg==|",
        ],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "-ERR line too long|",
    },
    Row {
        fault: Fault::PlainMissingUnderTls,
        script: &["STLS|", "tls", "AUTH PLAIN|"],
        honest: "+OK begin TLS negotiation| / + |",
        faulty: "+OK begin TLS negotiation| / -ERR no such mechanism|",
    },
    Row {
        fault: Fault::EmptyResponseIgnored,
        script: &["AUTH PLAIN|", "|", "NOOP|"],
        honest: "+ | / -ERR [AUTH] name or password is wrong| / -ERR NOOP is not valid in the AUTHORIZATION state|",
        faulty: "+ | / -ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::ExchangeEndsTwice,
        script: &["AUTH PLAIN|", "*|"],
        honest: "+ | / -ERR authentication cancelled|",
        faulty: "+ | / -ERR authentication cancelled|-ERR try again|",
    },
    Row {
        fault: Fault::StlsAfterFailedAuth,
        script: &["STLS|", "tls", "AUTH PLAIN|", "*|", "STLS|"],
        honest: "+OK begin TLS negotiation| / + | / -ERR authentication cancelled| / -ERR TLS is already active|",
        faulty: "+OK begin TLS negotiation| / + | / -ERR authentication cancelled| / +OK begin TLS negotiation|",
    },
    Row { fault: Fault::LoginAnyPassword, script: &["auth LOGIN wrong"], honest: "refused", faulty: "let in" },
    Row {
        fault: Fault::PlainReadLoosely,
        script: &["AUTH PLAIN AABhbGljZQBzZWNyZXQAeA==|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::PlainEmptyPassword,
        script: &["AUTH PLAIN AGFsaWNlAA==|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::PlainFieldsCut,
        script: &[
            "account bob pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp",
            "AUTH PLAIN AGJvYgBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw|",
        ],
        honest: "+OK maildrop has 0 messages (0 octets)|",
        faulty: "-ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::PlainNeedsAuthorizationIdentity,
        script: &["AUTH PLAIN AGFsaWNlAHNlY3JldA==|"],
        honest: "+OK maildrop has 3 messages (30 octets)|",
        faulty: "-ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::CramChallengeWithoutBrackets,
        script: &["auth CRAM-MD5"],
        honest: "let in",
        faulty: "refused, the challenge is not in the form of a msg-id, `<…@…>`",
    },
    Row {
        fault: Fault::ScramReadLoosely,
        script: &["AUTH SCRAM-SHA-256 eCwsbT14LG49YWxpY2U9LHI9bm9uY2U=|", "Yz1iaXdzLHI9eCxwPUFBQUE=|"],
        honest: "-ERR [AUTH] name or password is wrong| / -ERR unknown command|",
        faulty: "+ (a new nonce)| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::ScramHeaderUnchecked,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPW5vbmNl|", "Yz1lU3dzLHI9eCxwPUFBQUE=|"],
        honest: "+ (a new nonce)| / -ERR [AUTH] name or password is wrong|",
        faulty: "+ (a new nonce)| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::ChannelBindingUnchecked,
        script: &[
            "STLS|",
            "tls",
            "AUTH SCRAM-SHA-256-PLUS cD14eXp6eSwsbj1hbGljZSxyPW5vbmNl|",
            "Yz1iaXdzLHI9eCxwPUFBQUE=|",
        ],
        honest: "+OK begin TLS negotiation| / -ERR [AUTH] name or password is wrong| / -ERR unknown command|",
        faulty: "+OK begin TLS negotiation| / + (a new nonce)| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::ScramExtensionRefused,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGljZSxyPW5vbmNlLHg9eQ==|"],
        honest: "+ (a new nonce)|",
        faulty: "-ERR [AUTH] wrong|",
    },
    Row {
        fault: Fault::ScramNamesUnprepared,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGnCrWNlLHI9bm9uY2U=|"],
        honest: "+ (a new nonce)|",
        faulty: "-ERR [AUTH] wrong|",
    },
    Row {
        fault: Fault::ScramHashesPreparedName,
        script: &["AUTH SCRAM-SHA-256 biwsbj1hbGnCrWNlLHI9bm9uY2U=|", "Yz1iaXdzLHI9eCxwPUFBQUE=|"],
        honest: "+ (a new nonce)| / -ERR [AUTH] name or password is wrong|",
        faulty: "+ (a new nonce)| / -ERR authentication cancelled|",
    },
    Row {
        fault: Fault::ScramFailureWithoutE,
        script: &["auth SCRAM-SHA-256 wrong"],
        honest: "refused",
        faulty: "failed, the server's final message is neither `v=…` nor `e=…`",
    },
    Row {
        fault: Fault::ScramCountMissing,
        script: &["auth SCRAM-SHA-256"],
        honest: "let in",
        faulty: "failed, the server's first message is not `r=…,s=…,i=…`",
    },
    Row {
        fault: Fault::PlusWithoutTls,
        script: &["AUTH SCRAM-SHA-256-PLUS|", "biwsbj1ub2JvZHkscj14|", "*|"],
        honest: "-ERR no such mechanism| / -ERR unknown command| / -ERR unknown command|",
        faulty: "+ | / + (a new nonce)| / -ERR authentication cancelled|",
    },
    Row {
        fault: Fault::ExternalWithoutCertificate,
        script: &["AUTH EXTERNAL =|"],
        honest: "-ERR no such mechanism|",
        faulty: "+OK|",
    },
    Row {
        fault: Fault::OauthWithoutTls,
        script: &["AUTH OAUTHBEARER|"],
        honest: "-ERR start TLS first|",
        faulty: "+ |",
    },
    Row {
        fault: Fault::OauthAcceptedLate,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHRva2VuAQE=|", "AQ==|"],
        honest: "+OK begin TLS negotiation| / +OK maildrop has 3 messages (30 octets)| / -ERR unknown command|",
        faulty: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiJvayJ9| / +OK|",
    },
    Row {
        fault: Fault::OauthErrorLeftOut,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHdyb25nAQE=|", "NOOP|"],
        honest: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK begin TLS negotiation| / -ERR [AUTH] wrong token| / -ERR NOOP is not valid in the AUTHORIZATION state|",
    },
    Row {
        fault: Fault::OauthErrorNotJson,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHdyb25nAQE=|"],
        honest: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=|",
        faulty: "+OK begin TLS negotiation| / + aW52YWxpZCB0b2tlbg==|",
    },
    Row {
        fault: Fault::OauthDummyResponseAccepted,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9QmVhcmVyIHdyb25nAQE=|", "AQ==|"],
        honest: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=| / +OK|",
    },
    Row {
        fault: Fault::OauthUnknownPairRefused,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAXg9eQFhdXRoPUJlYXJlciB0b2tlbgEB|"],
        honest: "+OK begin TLS negotiation| / +OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK begin TLS negotiation| / -ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::OauthSchemeCaseSensitive,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER biwsAWF1dGg9YmVhcmVyIHRva2VuAQE=|"],
        honest: "+OK begin TLS negotiation| / +OK maildrop has 3 messages (30 octets)|",
        faulty: "+OK begin TLS negotiation| / -ERR [AUTH] name or password is wrong|",
    },
    Row {
        fault: Fault::OauthReadLoosely,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER bixhPWFsaWNlLAEB|"],
        honest: "+OK begin TLS negotiation| / -ERR [AUTH] name or password is wrong|",
        faulty: "+OK begin TLS negotiation| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::OauthNameIgnored,
        script: &["STLS|", "tls", "AUTH OAUTHBEARER bixhPW5vYm9keSwBYXV0aD1CZWFyZXIgdG9rZW4BAQ==|"],
        honest: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=|",
        faulty: "+OK begin TLS negotiation| / +OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        fault: Fault::Xoauth2AnyToken,
        script: &["STLS|", "tls", "AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB3cm9uZwEB|"],
        honest: "+OK begin TLS negotiation| / + eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJtYWlsIn0=|",
        faulty: "+OK begin TLS negotiation| / +OK maildrop has 3 messages (30 octets)|",
    },
];
