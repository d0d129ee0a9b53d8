//! The accounts of a store as SASL mechanisms see them.

use super::Store;
use crate::account::{LoginMethod, secrets_equal};
use crate::sasl::{Accounts, Kept, prepared};

impl Accounts for Store {
    fn find(&self, name: &str) -> Kept {
        self.kept(name, LoginMethod::Sasl)
    }

    fn find_prepared(&self, name: &str) -> Kept {
        let same = |stored: &&String| prepared(stored.as_bytes()).as_deref() == Some(name);
        let stored = self.lock().accounts.keys().find(same).cloned();
        let mut kept = self.find(stored.as_deref().unwrap_or(name));
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
