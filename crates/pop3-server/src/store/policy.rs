//! LOGIN-DELAY and EXPIRE (RFC 2449 sections 6.5 and 6.7): what is in force, and
//! what is announced of it.

use pop3_proto::capability::Retention;
use pop3_proto::server::Announced;

use super::{Inside, Store};
use crate::account::Policies;

impl Store {
    /// Puts these policies in force for all accounts that have none of their own.
    pub fn set_policies(&self, policies: Policies) {
        self.lock().policies = policies;
    }

    /// What CAPA tells of LOGIN-DELAY before a login: the longest delay that a user
    /// has. `None` when nobody has any.
    pub(crate) fn announced_login_delay(&self) -> Option<Announced<u64>> {
        announced(&self.lock(), |policies| policies.login_delay, |delay| delay.unwrap_or(0), Ord::max)
    }

    /// What CAPA tells of EXPIRE before a login: the shortest time that a user has.
    pub(crate) fn announced_expire(&self) -> Option<Announced<Retention>> {
        let shorter = |one, other| match (one, other) {
            (Retention::Days(one), Retention::Days(other)) => Retention::Days(one.min(other)),
            (Retention::Never, days) | (days, Retention::Never) => days,
        };
        announced(&self.lock(), |policies| policies.expire, |expire| expire.unwrap_or(Retention::Never), shorter)
    }
}

impl Inside {
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
    let mut all: Vec<Option<T>> = inside.accounts.keys().map(|name| policy(inside.policies_of(name))).collect();
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
