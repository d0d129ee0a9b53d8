//! The accounts of a store as SASL mechanisms see them.

use super::{NoSuchAccount, Store};
use crate::account::{Account, LoginMethod, Secret, secrets_equal};
use crate::sasl::{Accounts, Kept, ScramKeys};

impl Store {
    /// Gives an account a token, see [`crate::account::Account::with_token`].
    ///
    /// # Errors
    /// There is no such account.
    pub fn set_token(&self, name: &str, token: &str) -> Result<(), NoSuchAccount> {
        match self.lock().accounts.get_mut(name) {
            Some((account, _)) => {
                account.token = Some(token.to_owned());
                Ok(())
            }
            None => Err(NoSuchAccount { name: name.to_owned() }),
        }
    }

    /// What the account of this name is held against.
    pub(super) fn kept(&self, name: &str, method: LoginMethod) -> Kept {
        let inside = self.lock();
        let accounts = || inside.accounts.values().map(|(account, _)| account);
        let account = inside.accounts.get(name).map(|(account, _)| account);
        Kept {
            name: name.to_owned(),
            secret: account
                .map_or_else(|| Secret::Clear("no such account".to_owned()), |account| account.secret.clone()),
            token: account.and_then(|account| account.token.clone()),
            proxies: account.map(|account| account.proxies.clone()).unwrap_or_default(),
            usable: account.is_some_and(|account| account.methods.allow(method)),
            decoy: accounts().filter_map(costliest_keys).max_by_key(|keys| keys.iterations()).cloned(),
        }
    }

    /// The name in the store that comes to this when prepared; of several, the one
    /// that is prepared already, or else that was added first.
    pub(crate) fn stored_name(&self, prepared: &str) -> Option<String> {
        let inside = self.lock();
        // Both are looked up in any case: whether there is an account shall not show
        // in the time it takes.
        let exact = inside.accounts.get_key_value(prepared).map(|(stored, _)| stored);
        let by_form = inside.prepared.get(prepared);
        exact.or(by_form).cloned()
    }
}

/// The keys that passwords for this account are held against.
fn costliest_keys(account: &Account) -> Option<&ScramKeys> {
    match &account.secret {
        Secret::Keys(keys) => keys.iter().max_by_key(|keys| keys.hash().octets()),
        Secret::Clear(_) => None,
    }
}

impl Accounts for Store {
    fn find(&self, name: &str) -> Kept {
        self.kept(name, LoginMethod::Sasl)
    }

    fn find_prepared(&self, name: &str) -> Kept {
        self.find(&self.stored_name(name).unwrap_or_else(|| name.to_owned())).with_prepared_secret()
    }

    fn find_by_certificate(&self, names: &[String]) -> Vec<Kept> {
        let mut holders = Vec::new();
        for (own, (account, _)) in &self.lock().accounts {
            if names.iter().any(|name| account.is_named(own, name)) {
                holders.push(own.clone());
            }
        }
        holders.iter().map(|name| self.find(name)).collect()
    }

    fn find_by_token(&self, token: &str) -> Kept {
        let mut holders = Vec::new();
        for (name, (account, _)) in &self.lock().accounts {
            let held = account.token.as_deref().unwrap_or_default();
            if secrets_equal(token.as_bytes(), held.as_bytes()) {
                holders.push(name.clone());
            }
        }
        match holders.as_slice() {
            [name] => self.find(name),
            _ => Kept { usable: false, ..self.find("") },
        }
    }
}
