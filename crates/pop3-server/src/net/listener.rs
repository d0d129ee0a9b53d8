//! Accepting connections, and how many.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::net::connection::{Beginning, serve, turn_away};
use crate::settings::{Limits, Settings};

/// How many clients that are one too many are told so at the same time. Beyond
/// that they are closed without a word: else whoever connects fast enough had as
/// many connections as they like after all.
const TURNED_AWAY: usize = 64;

/// How long to wait for a session to end when the system cannot accept: mostly it
/// lacks descriptors, which another process may give back as well.
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
                Err(_) => {
                    let _ = timeout(BREATH, one_ends(&mut sessions)).await;
                }
            },
            Some(_) = sessions.join_next() => {}
            _ = &mut stopped => break,
        }
    }
    drop(listener);
    sessions.shutdown().await;
}

/// Waits until a session ends; for ever when there is none.
async fn one_ends(sessions: &mut JoinSet<()>) {
    if sessions.join_next().await.is_none() {
        std::future::pending().await
    }
}

fn admit(
    stream: TcpStream,
    peer: SocketAddr,
    beginning: Beginning,
    settings: &Arc<Settings>,
    door: &Door,
    sessions: &mut JoinSet<()>,
) {
    // Replies are small and each is waited for: without this, every one of them
    // may be held back for some forty milliseconds.
    let _ = stream.set_nodelay(true);
    let settings = Arc::clone(settings);
    if let Some(place) = door.enter(peer.ip()) {
        sessions.spawn(async move {
            let _place = place;
            serve(stream, beginning, settings).await;
        });
    } else if let Ok(permit) = Arc::clone(&door.turned_away).try_acquire_owned() {
        sessions.spawn(async move {
            let _permit = permit;
            turn_away(stream, beginning, settings).await;
        });
    }
}

/// Counts the connections of all listeners of a server.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    limits: Limits,
    inside: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
    turned_away: Arc<Semaphore>,
}

impl Door {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, inside: Arc::default(), turned_away: Arc::new(Semaphore::new(TURNED_AWAY)) }
    }

    fn enter(&self, address: IpAddr) -> Option<Place> {
        // A dual-stack listener sees the addresses of IPv4 within those of IPv6.
        let address = address.to_canonical();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_ipv4_is_the_same_within_ipv6() {
        let door = Door::new(Limits { connections: 10, per_address: Some(1) });
        let enter = |address: &str| door.enter(address.parse().unwrap());
        let first = enter("192.0.2.1");
        assert!(first.is_some());
        assert!(enter("::ffff:192.0.2.1").is_none() && enter("192.0.2.1").is_none());
        assert!(enter("::ffff:192.0.2.2").is_some() && enter("2001:db8::1").is_some());
        drop(first);
        let second = enter("::ffff:192.0.2.1");
        assert!(second.is_some() && enter("192.0.2.1").is_none());
        drop(second);
        assert!(door.inside.lock().unwrap().is_empty());
    }
}
