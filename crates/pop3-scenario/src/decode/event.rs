//! Connection events: `open`, `close`, `eof`, `silent`, `tls`; and `wait`.

use super::Decoder;
use crate::scenario::{
    CertificateFact, CloseHow, Connect, EofExpectation, OpenTls, SilentExpectation, TlsExpectation, TlsOffer,
    TlsOutcome, TlsVersion, Wait,
};
use crate::yaml::{Content, Node};

pub(crate) const OUTCOMES: [(&str, TlsOutcome); 5] = [
    ("ok", TlsOutcome::Ok),
    ("refused", TlsOutcome::Refused),
    ("alert", TlsOutcome::Alert),
    ("closed", TlsOutcome::Closed),
    ("garbage", TlsOutcome::Garbage),
];
pub(crate) const CLOSINGS: [(&str, CloseHow); 5] = [
    ("fin", CloseHow::Fin),
    ("rst", CloseHow::Rst),
    ("half", CloseHow::Half),
    ("tls", CloseHow::Tls),
    ("leave", CloseHow::Leave),
];
pub(crate) const OPENINGS: [(&str, OpenTls); 3] =
    [("none", OpenTls::None), ("implicit", OpenTls::Implicit), ("later", OpenTls::Later)];
pub(crate) const VERSIONS: [(&str, TlsVersion); 6] = [
    ("ssl-2", TlsVersion::Ssl2),
    ("ssl-3", TlsVersion::Ssl3),
    ("1.0", TlsVersion::Tls10),
    ("1.1", TlsVersion::Tls11),
    ("1.2", TlsVersion::Tls12),
    ("1.3", TlsVersion::Tls13),
];
pub(crate) const CERTIFICATES: [(&str, CertificateFact); 3] = [
    ("identifier", CertificateFact::Identifier),
    ("host-name", CertificateFact::HostName),
    ("valid", CertificateFact::Valid),
];
/// The only word of `suites`.
pub(crate) const RECOMMENDED: [(&str, bool); 1] = [("recommended", true)];
/// The only word of `server_name`.
pub(crate) const NAMELESS: [(&str, bool); 1] = [("none", true)];
/// Octets of a `window`. Systems round small ones up.
pub(crate) const WINDOWS: std::ops::RangeInclusive<usize> = 1024..=1_048_576;

impl Decoder<'_> {
    pub(super) fn open(&mut self, node: &Node) -> Option<Connect> {
        let mut fields = self.fields("`open`", node)?;
        let tls =
            fields.get("tls").map_or(Some(OpenTls::Usual), |tls| self.choice("a TLS mode of `open`", tls, &OPENINGS));
        let window = fields.get("window").and_then(|window| self.number("`window`", window, WINDOWS));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        let window = window.and_then(|window| u32::try_from(window).ok());
        Some(Connect { tls: tls?, window, level, requirement })
    }

    pub(super) fn close(&mut self, node: &Node) -> Option<CloseHow> {
        self.choice("a way to close", node, &CLOSINGS)
    }

    pub(super) fn eof(&mut self, node: &Node) -> Option<EofExpectation> {
        let mut fields = self.fields("`eof`", node)?;
        let within = fields.get("within").and_then(|within| self.duration("`within`", within));
        let close_notify = fields.get("close_notify").and_then(|truth| self.truth("`close_notify`", truth));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        Some(EofExpectation { within, close_notify: close_notify.unwrap_or_default(), level, requirement })
    }

    pub(super) fn silent(&mut self, node: &Node) -> Option<SilentExpectation> {
        if !matches!(node.content, Content::Mapping(_)) {
            let during = self.duration("`silent`", node)?;
            return Some(SilentExpectation { during, level: None, requirement: None });
        }
        let mut fields = self.fields("`silent`", node)?;
        let during = fields.need("for", self).and_then(|during| self.duration("`for`", during));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        Some(SilentExpectation { during: during?, level, requirement })
    }

    pub(super) fn wait(&mut self, node: &Node) -> Option<Wait> {
        if !matches!(node.content, Content::Mapping(_)) {
            return self.duration("`wait`", node).map(Wait::For);
        }
        let mut fields = self.fields("`wait`", node)?;
        let seconds = fields.need("seconds", self).and_then(|seconds| self.quantity("`seconds`", seconds));
        self.finish(fields);
        seconds.map(Wait::Seconds)
    }

    pub(super) fn tls(&mut self, node: &Node) -> Option<TlsExpectation> {
        if !matches!(node.content, Content::Mapping(_)) {
            return Some(TlsExpectation {
                outcome: self.tls_outcome(node)?,
                offer: TlsOffer::default(),
                certificate: None,
                level: None,
                requirement: None,
            });
        }
        let mut fields = self.fields("`tls`", node)?;
        let outcome = fields.need("outcome", self).and_then(|outcome| self.tls_outcome(outcome));
        let version = fields.get("version").and_then(|word| self.choice("a version of TLS", word, &VERSIONS));
        let suites = fields.get("suites").and_then(|word| self.choice("a choice of `suites`", word, &RECOMMENDED));
        let name = fields.get("server_name").and_then(|word| self.choice("a `server_name`", word, &NAMELESS));
        let fact = fields.get("certificate");
        let certificate = fact.and_then(|word| self.choice("a fact of a certificate", word, &CERTIFICATES));
        if let Some(fact) = fact
            && (outcome.is_some_and(|outcome| outcome != TlsOutcome::Ok) || version.is_some_and(TlsVersion::is_old))
        {
            self.findings.error_help(
                &fact.span,
                "contradiction",
                "without a handshake that completes there is no certificate to look at",
                "`certificate` stands beside `outcome: ok`, and beside no version before 1.2",
            );
        }
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        let offer =
            TlsOffer { version, recommended_suites: suites.unwrap_or_default(), nameless: name.unwrap_or_default() };
        Some(TlsExpectation { outcome: outcome?, offer, certificate, level, requirement })
    }

    pub(super) fn tls_outcome(&mut self, node: &Node) -> Option<TlsOutcome> {
        self.choice("an outcome of a handshake", node, &OUTCOMES)
    }
}
