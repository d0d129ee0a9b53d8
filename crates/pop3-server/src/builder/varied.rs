//! What only legal variations say of a server.

use super::ServerBuilder;
use crate::account::Policies;
use crate::fault::MakeFilter;

impl ServerBuilder {
    /// A filter beside every session, for what no other option says.
    pub(crate) fn varied(mut self, make: MakeFilter) -> Self {
        self.departures.varied.push(make);
        self
    }

    /// Does not offer STLS, whatever was said before.
    pub(crate) fn without_stls(self) -> Self {
        Self { stls: false, ..self }
    }

    /// Takes back what [`Self::login_delay`] and [`Self::expire`] said.
    pub(crate) fn without_policies(self) -> Self {
        Self { policies: Policies::default(), ..self }
    }

    /// Puts header lines before every message that is delivered from now on.
    pub(crate) fn header_added(self, header: &'static str) -> Self {
        self.store.add_header(header);
        self
    }

    /// Makes every removal fail.
    pub(crate) fn removal_fails(self) -> Self {
        self.store.refuse_removals();
        self
    }
}
