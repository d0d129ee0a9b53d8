//! Faults of handshakes, certificates and the end of TLS.
//! A row that fails shows what the servers answer now.

use super::{Fault, Row};

const CERTIFICATE: &[&str] = &["STLS|", "tls version"];
const BEGIN: &str = "+OK begin TLS negotiation| / TLSv1_3";
const NO_HANDSHAKE: &str = "+OK begin TLS negotiation| / no handshake";

pub(super) const ROWS: &[Row] = &[
    Row { fault: Fault::TlsPortInClear, script: &["port", "tls version"], honest: "TLSv1_3", faulty: "no handshake" },
    Row {
        fault: Fault::NoCloseAlert,
        script: &["STLS|", "tls", "QUIT|"],
        honest: "+OK begin TLS negotiation| / +OK bye|EOF",
        faulty: "+OK begin TLS negotiation| / +OK bye|CUT",
    },
    Row {
        fault: Fault::ClearTextBehindTls,
        script: &["port", "end tls"],
        honest: "nothing in clear",
        faulty: " NOOP is not valid in the AUTHORIZATION state|",
    },
    Row { fault: Fault::CertificateForAnotherName, script: CERTIFICATE, honest: BEGIN, faulty: NO_HANDSHAKE },
    Row { fault: Fault::CertificateWithoutNames, script: CERTIFICATE, honest: BEGIN, faulty: NO_HANDSHAKE },
    Row { fault: Fault::CertificateExpired, script: CERTIFICATE, honest: BEGIN, faulty: NO_HANDSHAKE },
    Row {
        fault: Fault::OldVersionsAnswered,
        script: &["port", "\\x80\\x2e\\x01\\x00\\x02\\x00\\x15\\x00\\x00\\x00\\x10"],
        honest: "\\x15\\x03\\x03\\x00\\x02\\x022EOF",
        faulty: "\\x80\\x0B\\x04\\x00\\x00\\x00\\x02\\x00\\x00\\x00\\x00\\x00\\x00EOF",
    },
];
