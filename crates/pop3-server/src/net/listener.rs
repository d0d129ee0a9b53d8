//! Accepting connections, and how many.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::net::connection::{Beginning, serve};
use crate::net::wire;
use crate::settings::{Limits, Settings};

/// What a client gets that is one too many (RFC 3206 section 4: trying again
/// later may help).
const TOO_MANY: &[u8] = b"-ERR [SYS/TEMP] too many connections\r\n";

/// How long to wait when the system cannot accept, for want of descriptors say.
const BREATH: Duration = Duration::from_millis(50);

/// Accepts connections until the other end of `stopped` is dropped, or the future
/// itself; that ends them all, without UPDATE.
pub(crate) async fn listen(
    listener: TcpListener,
    beginning: Beginning,
    settings: Arc<Settings>,
    door: Door,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut sessions = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => admit(stream, peer, beginning, &settings, &door, &mut sessions),
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = sessions.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    sessions.shutdown().await;
}

fn admit(
    mut stream: TcpStream,
    peer: SocketAddr,
    beginning: Beginning,
    settings: &Arc<Settings>,
    door: &Door,
    sessions: &mut JoinSet<()>,
) {
    // Replies are small and each is waited for: without this, every one of them
    // may be held back for some forty milliseconds.
    let _ = stream.set_nodelay(true);
    match door.enter(peer.ip()) {
        Some(place) => {
            let settings = Arc::clone(settings);
            sessions.spawn(async move {
                let _place = place;
                serve(stream, beginning, settings).await;
            });
        }
        None => {
            // Below TLS nothing can be said before the handshake.
            if beginning == Beginning::Clear {
                let _ = stream.try_write(TOO_MANY);
            }
            sessions.spawn(async move { wire::close(&mut stream).await });
        }
    }
}

/// Counts the connections of all listeners of a server.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    limits: Limits,
    inside: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Door {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, inside: Arc::default() }
    }

    fn enter(&self, address: IpAddr) -> Option<Place> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let here = inside.get(&address).copied().unwrap_or_default();
        let all: usize = inside.values().sum();
        if all >= self.limits.connections || self.limits.per_address.is_some_and(|limit| here >= limit) {
            return None;
        }
        inside.insert(address, here + 1);
        Some(Place { door: self.clone(), address })
    }
}

/// A connection's place; dropping it makes room for another.
struct Place {
    door: Door,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.door.inside.lock().unwrap_or_else(PoisonError::into_inner);
        match inside.get_mut(&self.address) {
            Some(here) if *here > 1 => *here -= 1,
            _ => {
                inside.remove(&self.address);
            }
        }
    }
}
