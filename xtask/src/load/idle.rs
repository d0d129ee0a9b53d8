//! Memory of a connection that does nothing.

use std::net::SocketAddr;

use super::connection::{Broken, Connection};
use super::usage;
use super::workload::login;

/// Connections that are counted.
pub(super) const CONNECTIONS: usize = 950;

/// Connections before, so that what a first connection allocates is not counted.
const BEFORE: usize = 50;

/// Accounts that a measurement needs.
pub(super) const ACCOUNTS: usize = BEFORE + CONNECTIONS;

/// Octets for a line at a time.
const BUFFER: usize = 1024;

/// What a connection holds in memory, in octets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Idle {
    /// Greeted, in the AUTHORIZATION state.
    pub(super) authorization: u64,
    /// Logged in, in the TRANSACTION state.
    pub(super) transaction: u64,
}

/// Opens many connections to the server that this process is, and looks at its
/// memory; `Ok(None)` when the system does not tell.
///
/// # Errors
/// The server gave a wrong answer.
pub(super) fn measure(address: SocketAddr, process: u32) -> Result<Option<Idle>, Broken> {
    let mut buffers = vec![[0; BUFFER]; ACCOUNTS];
    let mut connections = Vec::new();
    let mut grown = Vec::new();
    for (client, buffer) in buffers.iter_mut().enumerate() {
        if client == BEFORE {
            grown.push(usage::resident(process));
        }
        let mut connection = Connection::open(address, buffer)?;
        connection.exchange(&login(client)[0])?;
        if client < BEFORE {
            // So that a login is not the first one either.
            login(client).iter().skip(1).try_for_each(|segment| connection.exchange(segment))?;
        }
        connections.push(connection);
    }
    grown.push(usage::resident(process));
    for (client, connection) in connections.iter_mut().enumerate().skip(BEFORE) {
        login(client).iter().skip(1).try_for_each(|segment| connection.exchange(segment))?;
    }
    grown.push(usage::resident(process));
    let [Some(before), Some(greeted), Some(logged_in)] = grown[..] else { return Ok(None) };
    let each = |after: u64| after.saturating_sub(before) / CONNECTIONS as u64;
    Ok(Some(Idle { authorization: each(greeted), transaction: each(logged_in) }))
}
