//! A connection that is refused, and how our side ends one.

use pop3_scenario::scenario::{CloseHow, Connect};
use pop3_scenario::source::Span;

use super::{Broken, Engine, Played};

impl Engine<'_> {
    /// A target that listened when the run began listens no more.
    pub(super) fn refused(&self, session: &str, connect: &Connect, span: &Span) -> Played {
        self.broken(Broken {
            span,
            session,
            level: connect.level,
            requirement: connect.requirement.as_deref(),
            ruling: None,
            summary: "the connection was refused after what the sessions before it did".to_owned(),
            command: None,
            expected: "the target accepts the connection".to_owned(),
            actual: "nobody listens any more: connection refused".to_owned(),
            advice: None,
        })
    }

    pub(super) async fn close(&self, session: &str, how: CloseHow) -> Played {
        let connection = self.connection(session)?;
        connection.lock().await.close(how).await;
        if how == CloseHow::Leave {
            self.connections.borrow_mut().remove(session);
            self.left.borrow_mut().push(connection);
        }
        Ok(())
    }
}
