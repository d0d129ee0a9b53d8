//! Who has a maildrop, and what is in it.

use std::collections::BTreeMap;
use std::path::Path;

use pop3_server::account::Account;
use pop3_server::source;
use pop3_server::store::Store;

use crate::Failure;
use crate::args::ServeArguments;

/// The store that the arguments describe.
pub(super) fn store(arguments: &ServeArguments) -> Result<Store, Failure> {
    let mut accounts = named(arguments)?;
    let found = match &arguments.root {
        Some(root) => source::load_accounts(root).map_err(|error| Failure::usage(error.to_string()))?,
        None => Vec::new(),
    };
    for account in &found {
        accounts.entry(account.name.clone()).or_insert_with(|| Account::new(&arguments.root_password));
    }
    if accounts.is_empty() {
        accounts.insert("user".to_owned(), Account::new("secret"));
    }
    for token in &arguments.token {
        // The token may not be shown, not even to the user who wrote it.
        let (name, token) = pair(token, '=').ok_or_else(|| Failure::usage("--token: write NAME=TOKEN"))?;
        change(&mut accounts, "--token", name, |account| account.with_token(token))?;
    }
    for identity in &arguments.certificate_name {
        let (name, identity) = pair(identity, '=')
            .ok_or_else(|| Failure::usage(format!("--certificate-name {identity}: write NAME=IDENTITY")))?;
        change(&mut accounts, "--certificate-name", name, |account| account.with_certificate(identity))?;
    }
    if let Some(name) = arguments.anonymous.as_ref().filter(|name| !accounts.contains_key(*name)) {
        return Err(no_account("--anonymous", name));
    }
    let store = Store::new();
    for (name, account) in accounts {
        store.add_account(&name, account);
    }
    for account in &found {
        deliver(&store, "--root", &account.name, &account.messages)?;
    }
    for mail in &arguments.mail {
        let (name, path) =
            mail.split_once('=').ok_or_else(|| Failure::usage(format!("--mail {mail}: write NAME=PATH")))?;
        let messages = source::load(Path::new(path)).map_err(|error| Failure::usage(error.to_string()))?;
        deliver(&store, "--mail", name, &messages)?;
    }
    Ok(store)
}

/// The accounts of `--account`.
fn named(arguments: &ServeArguments) -> Result<BTreeMap<String, Account>, Failure> {
    let mut accounts = BTreeMap::new();
    for account in &arguments.account {
        let name = account.split(':').next().unwrap_or_default();
        let (name, password) =
            pair(account, ':').ok_or_else(|| Failure::usage(format!("--account {name}: write NAME:PASSWORD")))?;
        if accounts.insert(name.to_owned(), Account::new(password)).is_some() {
            return Err(Failure::usage(format!("--account {name}:… stands twice; leave one out")));
        }
    }
    Ok(accounts)
}

fn change(
    accounts: &mut BTreeMap<String, Account>,
    option: &str,
    name: &str,
    change: impl FnOnce(Account) -> Account,
) -> Result<(), Failure> {
    let account = accounts.get_mut(name).ok_or_else(|| no_account(option, name))?;
    *account = change(account.clone());
    Ok(())
}

fn deliver(store: &Store, option: &str, name: &str, messages: &[Vec<u8>]) -> Result<(), Failure> {
    for message in messages {
        store.deliver(name, message).map_err(|missing| no_account(option, &missing.name))?;
    }
    Ok(())
}

fn no_account(option: &str, name: &str) -> Failure {
    Failure::usage(format!("{option}: there is no account `{name}`\n  help: add it with --account {name}:PASSWORD"))
}

/// Two parts, neither of them empty.
fn pair(text: &str, separator: char) -> Option<(&str, &str)> {
    text.split_once(separator).filter(|(one, other)| !one.is_empty() && !other.is_empty())
}
