//! What a mechanism does must not tell who has an account: derivations are
//! counted, as they take nearly all the time.

use std::time::Duration;

use super::*;
use crate::account::{Account, LoginMethod, LoginMethods};
use crate::sasl::work;

const SALT: &[u8] = b"0123456789abcdef";

fn keys(password: &str) -> Vec<ScramKeys> {
    [ScramHash::Sha1, ScramHash::Sha256]
        .map(|hash| ScramKeys::derive(hash, password, SALT, Iterations::LEAST).unwrap())
        .to_vec()
}

/// One account of each kind; with `keys` only those that have keys.
fn store(with_keys: bool) -> Store {
    let store = Store::with_id("s");
    store.add_account("clear", Account::new("secret"));
    store.add_account("unprepared", Account::new("se\u{7}cret"));
    store.add_account("apop", Account::new("secret").with_methods(LoginMethods::Only(vec![LoginMethod::Apop])));
    if with_keys {
        store.add_account("keys", Account::from_keys(keys("secret")));
        store.add_account("sha1", Account::from_keys(keys("secret")[..1].to_vec()));
        store.add_account("none", Account::from_keys(Vec::new()));
    }
    store
}

const NAMES: [&str; 7] = ["clear", "unprepared", "apop", "keys", "sha1", "none", "nobody"];

/// Holds the work of `run` for each name against `want`.
fn check(store: &Store, want: (u32, u64), run: impl Fn(&str, &Store)) {
    for name in NAMES {
        assert_eq!(work::of(|| run(name, store)), want, "{name}");
    }
}

fn one(mechanism: Mechanism, responses: &[String], store: &Store) {
    let settings = settings().with_sources(random, || 0);
    let mut step = mechanism.begin(None, &settings, &Channel::default(), store);
    for response in responses {
        step = match step {
            Step::Challenge(_, exchange) => exchange.step(response.as_bytes(), store),
            _ => return,
        };
    }
}

#[test]
fn a_password_is_derived_for_every_name_or_for_none() {
    for (with_keys, want) in [(false, (0, 0)), (true, (1, 4096))] {
        let store = store(with_keys);
        // What cannot be prepared is refused by PLAIN whoever it is for.
        for (password, by_plain) in [("secret", want), ("wrong", want), ("wr\u{7}ong", (0, 0))] {
            check(&store, by_plain, |name, store| {
                one(Mechanism::Plain, &[format!("\0{name}\0{password}")], store);
            });
            check(&store, want, |name, store| {
                let _ = store.open(name, LoginMethod::Password, |kept| kept.takes_password(password), Duration::ZERO);
            });
        }
        check(&store, want, |name, store| {
            one(Mechanism::Login, &[name.to_owned(), "secret".to_owned()], store);
        });
        // Whom the client wants to act as makes no difference.
        for authzid in NAMES {
            check(&store, want, |name, store| {
                one(Mechanism::Plain, &[format!("{authzid}\0{name}\0secret")], store);
            });
        }
    }
}

#[test]
fn scram_derives_once_for_every_name() {
    for with_keys in [false, true] {
        let store = store(with_keys);
        for mechanism in [Mechanism::ScramSha1, Mechanism::ScramSha256] {
            for proof in ["AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", ""] {
                check(&store, (1, 4096), |name, store| {
                    let last = format!("c=biws,r=xpaWlpaWlpaWlpaWlpaWlpaWl,p={proof}");
                    one(mechanism, &[format!("n,,n={name},r=x"), last], store);
                });
            }
            // A first message alone costs nothing.
            check(&store, (0, 0), |name, store| one(mechanism, &[format!("n,,n={name},r=x")], store));
        }
    }
}

#[test]
fn mechanisms_that_need_the_secret_derive_nothing() {
    let store = store(true);
    check(&store, (0, 0), |name, store| {
        one(Mechanism::CramMd5, &[format!("{name} {}", "0".repeat(32))], store);
        let _ = store.open(name, LoginMethod::Apop, |kept| kept.is_shown_by(b"", |_| Vec::new()), Duration::ZERO);
    });
}

#[test]
fn what_an_account_with_keys_takes() {
    let store = store(true);
    let check = |name: &str, password: &str, want| {
        let opened = store.open(name, LoginMethod::Password, |kept| kept.takes_password(password), Duration::ZERO);
        assert_eq!(opened.is_ok(), want, "{name} {password}");
    };
    check("keys", "secret", true);
    check("keys", "se\u{AD}cret", true);
    check("keys", "Secret", false);
    check("keys", "", false);
    check("keys", "no such secret", false);
    check("sha1", "secret", true);
    check("sha1", "Secret", false);
    check("none", "", false);
    check("none", "secret", false);
    check("none", "no such secret", false);
    check("clear", "secret", true);
    // The password of a decoy opens nothing else.
    store.add_account("other", Account::new("other"));
    check("other", "secret", false);
    check("nobody", "secret", false);
    check("nobody", "no such account", false);
    let apop = |name: &str, secret: &str| {
        let made = |secret: &str| secret.as_bytes().to_vec();
        store.open(name, LoginMethod::Apop, |kept| kept.is_shown_by(secret.as_bytes(), made), Duration::ZERO).is_ok()
    };
    assert!(apop("clear", "secret"));
    assert!(!apop("keys", "secret") && !apop("keys", "no such secret") && !apop("nobody", "no such account"));
}
