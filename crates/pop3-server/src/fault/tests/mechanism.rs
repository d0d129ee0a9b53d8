//! Faults of single mechanisms.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

pub(super) const ROWS: &[Row] = &[
    Row {
        // `bob NUL alice NUL secret`
        fault: Fault::AuthorizationIdentityIgnored,
        script: &["AUTH PLAIN Ym9iAGFsaWNlAHNlY3JldA==|"],
        honest: "-ERR [AUTH] name or password is wrong|",
        faulty: "+OK maildrop has 3 messages (30 octets)|",
    },
    Row {
        // `alice NUL alice NUL secret`
        fault: Fault::AuthorizationIdentityRefused,
        script: &["AUTH PLAIN YWxpY2UAYWxpY2UAc2VjcmV0|"],
        honest: "+OK maildrop has 3 messages (30 octets)|",
        faulty: "-ERR [AUTH] name or password is wrong|",
    },
    Row { fault: Fault::AnyCramDigest, script: &["auth CRAM-MD5 wrong"], honest: "refused", faulty: "let in" },
    Row {
        fault: Fault::NoncesRepeat,
        script: &["AUTH CRAM-MD5|"],
        honest: "+ (a new msg-id)|",
        faulty: "+ PDA3MDcwNzA3MDcwNzA3MDcwNzA3MDcwNzA3MDcwNzA3LjY5NzE3MDk1MkBsb2NhbGhvc3Q+|",
    },
    Row {
        fault: Fault::ScramNonceReplaced,
        script: &["auth SCRAM-SHA-256"],
        honest: "let in",
        faulty: "failed, the nonce does not begin with the client's",
    },
    Row {
        fault: Fault::ScramNonceNotExtended,
        script: &["auth SCRAM-SHA-256"],
        honest: "let in",
        faulty: "refused, the server has added nothing to the client's nonce",
    },
    Row {
        fault: Fault::ScramSignatureWrong,
        script: &["auth SCRAM-SHA-256"],
        honest: "let in",
        faulty: "failed, the server's signature is not the one that the password gives",
    },
    Row {
        fault: Fault::ScramSignatureMissing,
        script: &["auth SCRAM-SHA-256"],
        honest: "let in",
        faulty: "failed, +OK came without the server's signature",
    },
    Row {
        fault: Fault::SignatureWithSuccess,
        script: &["auth SCRAM-SHA-256"],
        honest: "let in",
        faulty: "let in, the server's signature stands behind +OK, and not in a challenge",
    },
    Row {
        fault: Fault::AnyScramProof,
        script: &["auth SCRAM-SHA-256 wrong"],
        honest: "refused",
        faulty: "failed, +OK came without the server's signature",
    },
    Row {
        fault: Fault::ScramDowngradeAccepted,
        script: &["STLS|", "tls", "auth SCRAM-SHA-256 secret y", "STAT|"],
        honest: "+OK begin TLS negotiation| / refused / -ERR STAT is not valid in the AUTHORIZATION state|",
        faulty: "+OK begin TLS negotiation| / failed, +OK came without the server's signature / +OK 3 30|",
    },
];
