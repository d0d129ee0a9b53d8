//! The accounts of a store as SASL mechanisms see them.

use super::{NoSuchAccount, Store};
use crate::account::{LoginMethod, secrets_equal};
use crate::sasl::{Accounts, Kept, prepared};

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

    /// The name in the store that comes to this when prepared; of several, the one
    /// that is prepared already.
    fn stored_name(&self, name: &str) -> Option<String> {
        let accounts = &self.lock().accounts;
        let same = |stored: &&String| prepared(stored.as_bytes()).as_deref() == Some(name);
        accounts.get_key_value(name).map(|(stored, _)| stored).or_else(|| accounts.keys().find(same)).cloned()
    }
}

impl Accounts for Store {
    fn find(&self, name: &str) -> Kept {
        self.kept(name, LoginMethod::Sasl)
    }

    fn find_prepared(&self, name: &str) -> Kept {
        let mut kept = self.find(&self.stored_name(name).unwrap_or_else(|| name.to_owned()));
        match prepared(kept.secret.as_bytes()) {
            Some(secret) => kept.secret = secret,
            None => kept.usable = false,
        }
        kept
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
