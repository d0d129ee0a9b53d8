//! A reference POP3 server in memory: for tests, and as an oracle.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = pop3_server::Server::builder()
//!     .account("alice", "secret")
//!     .message("alice", "Subject: hello\n\nHello, Alice.\n")
//!     .start()
//!     .await?;
//! println!("pop3://{}", server.plain_address().ok_or("no port")?);
//! server.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! [`pop3_proto::server::ServerSession`] speaks the protocol; this crate gives it
//! a [`store::Store`], sockets and a clock. Nothing of `pop3-spec` may enter
//! here: judge and judged share only the grammar.

pub mod account;
mod builder;
pub mod fault;
pub mod host;
pub mod maildrop;
mod net;
pub mod sasl;
mod server;
mod settings;
pub mod source;
pub mod store;
pub mod tls;
pub mod transcript;
pub mod variation;

pub use builder::{FREE_PORT, ServerBuilder, StartError};
pub use net::wire::Stream;
pub use server::{RunningServer, Server};
pub use settings::Limits;
