//! LOGIN-DELAY and EXPIRE (RFC 2449 sections 6.5 and 6.7): what is in force, and
//! what is announced of it.

use std::time::Duration;

use pop3_proto::capability::Retention;
use pop3_proto::server::Announced;

use super::{Inside, Store};
use crate::account::{Account, Policies};
use crate::net::clock::scaled;

impl Store {
    /// Puts these policies in force for all accounts that have none of their own.
    pub fn set_policies(&self, policies: Policies) {
        let mut inside = self.lock();
        inside.policies = policies;
        inside.announced = None;
    }

    /// Puts delays between logins in force by this factor of what is announced.
    pub(crate) fn set_time_scale(&self, factor: f64) {
        self.lock().time_scale = factor;
    }

    /// What CAPA tells before a login, by the accounts that there are now.
    pub(crate) fn announced(&self) -> AnnouncedPolicies {
        let mut inside = self.lock();
        match inside.announced {
            Some(announced) => announced,
            None => {
                let fresh = AnnouncedPolicies { login_delay: inside.login_delay(), expire: inside.expire() };
                *inside.announced.insert(fresh)
            }
        }
    }
}

/// What CAPA tells of policies before a login.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnnouncedPolicies {
    /// The longest delay that a user has. `None` when nobody has any.
    pub(crate) login_delay: Option<Announced<u64>>,
    /// The shortest time that mail of a user stays. `None` when there is no policy.
    pub(crate) expire: Option<Announced<Retention>>,
}

impl Inside {
    /// A delay as it is in force.
    pub(super) fn delay(&self, seconds: u64) -> Duration {
        scaled(Duration::from_secs(seconds), self.time_scale)
    }

    fn login_delay(&self) -> Option<Announced<u64>> {
        announced(self, |policies| policies.login_delay, |delay| delay.unwrap_or(0), Ord::max)
    }

    fn expire(&self) -> Option<Announced<Retention>> {
        let shorter = |one, other| match (one, other) {
            (Retention::Days(one), Retention::Days(other)) => Retention::Days(one.min(other)),
            (Retention::Never, days) | (days, Retention::Never) => days,
        };
        announced(self, |policies| policies.expire, |expire| expire.unwrap_or(Retention::Never), shorter)
    }

    /// What is in force for the account of this name.
    pub(super) fn policies_of(&self, name: &str) -> Policies {
        let own = self.accounts.get(name).map(|(account, _)| account.policies).unwrap_or_default();
        own.or(self.policies)
    }
}

fn announced<T: Copy + PartialEq>(
    inside: &Inside,
    policy: impl Fn(Policies) -> Option<T>,
    value: impl Fn(Option<T>) -> T,
    stricter: impl Fn(T, T) -> T,
) -> Option<Announced<T>> {
    let in_force = |account: &Account| account.policies.or(inside.policies);
    let mut all: Vec<Option<T>> = inside.accounts.values().map(|(account, _)| policy(in_force(account))).collect();
    if all.is_empty() {
        all.push(policy(inside.policies));
    }
    all.iter().any(Option::is_some).then_some(())?;
    let mut values = all.into_iter().map(value);
    let first = values.next()?;
    let (strictest, per_user) = values
        .fold((first, false), |(strictest, differ), value| (stricter(strictest, value), differ || value != first));
    Some(Announced { strictest, per_user })
}
