//! Connection events: `open`, `close`, `eof`, `silent`, `tls`.

use super::Decoder;
use crate::scenario::{CloseHow, EofExpectation, OpenTls, SilentExpectation, TlsExpectation, TlsOutcome};
use crate::yaml::{Content, Node};

pub(crate) const OUTCOMES: [(&str, TlsOutcome); 4] = [
    ("ok", TlsOutcome::Ok),
    ("alert", TlsOutcome::Alert),
    ("closed", TlsOutcome::Closed),
    ("garbage", TlsOutcome::Garbage),
];
pub(crate) const CLOSINGS: [(&str, CloseHow); 3] =
    [("fin", CloseHow::Fin), ("rst", CloseHow::Rst), ("half", CloseHow::Half)];

impl Decoder<'_> {
    pub(super) fn open(&mut self, node: &Node) -> Option<OpenTls> {
        let mut fields = self.fields("`open`", node)?;
        let words = [("none", OpenTls::None), ("implicit", OpenTls::Implicit)];
        let tls = fields.get("tls").map_or(Some(OpenTls::None), |tls| self.choice("a TLS mode of `open`", tls, &words));
        self.finish(fields);
        tls
    }

    pub(super) fn close(&mut self, node: &Node) -> Option<CloseHow> {
        self.choice("a way to close", node, &CLOSINGS)
    }

    pub(super) fn eof(&mut self, node: &Node) -> Option<EofExpectation> {
        let mut fields = self.fields("`eof`", node)?;
        let within = fields.get("within").and_then(|within| self.duration("`within`", within));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        Some(EofExpectation { within, level, requirement })
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

    pub(super) fn tls(&mut self, node: &Node) -> Option<TlsExpectation> {
        if !matches!(node.content, Content::Mapping(_)) {
            return Some(TlsExpectation { outcome: self.tls_outcome(node)?, level: None, requirement: None });
        }
        let mut fields = self.fields("`tls`", node)?;
        let outcome = fields.need("outcome", self).and_then(|outcome| self.tls_outcome(outcome));
        let level = fields.get("level").and_then(|level| self.level(level));
        let requirement = fields.get("requirement").and_then(|id| self.requirement(id));
        self.finish(fields);
        Some(TlsExpectation { outcome: outcome?, level, requirement })
    }

    pub(super) fn tls_outcome(&mut self, node: &Node) -> Option<TlsOutcome> {
        self.choice("an outcome of a handshake", node, &OUTCOMES)
    }
}
