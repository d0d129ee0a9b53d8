//! The EXTERNAL mechanism (RFC 4422 appendix A), by the client's certificate.

use super::{Accounts, Kept, Step, prepared};

/// Lets the client in as the one account that its certificate is for, or as the
/// one it asks for, if the certificate is for it or for somebody who may act as
/// it.
pub(super) fn step(names: &[String], response: &[u8], accounts: &dyn Accounts) -> Step {
    let Some(authzid) = AuthorizationIdentity::parse(response) else { return Step::Refuse };
    let mut holders = accounts.find_by_certificate(names);
    holders.retain(|holder| holder.usable);
    match authzid {
        AuthorizationIdentity::Own => match holders.as_slice() {
            [holder] => Step::enter_as(holder, None),
            _ => Step::Refuse,
        },
        AuthorizationIdentity::Named(name) => {
            let target = accounts.find_prepared(&name);
            let entered = |holder: &Kept| holder.acting_as(Some(&target));
            holders.iter().find_map(entered).map_or(Step::Refuse, Step::Enter)
        }
    }
}

/// `authz-id-string`
#[derive(Debug, PartialEq, Eq)]
enum AuthorizationIdentity {
    /// Empty: whoever the certificate is for.
    Own,
    /// As prepared.
    Named(String),
}

impl AuthorizationIdentity {
    /// Reads the response; `None` when it is not in the form.
    fn parse(response: &[u8]) -> Option<Self> {
        if response.is_empty() { Some(Self::Own) } else { prepared(response).map(Self::Named) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Account, LoginMethod, LoginMethods};
    use crate::store::Store;

    #[test]
    fn whose_certificate_and_whose_maildrop() {
        let store = Store::with_id("s");
        store.add_account("alice", Account::new("x").with_proxies(&["bob"]));
        store.add_account("bob", Account::new("x").with_certificate("bob@Example.org"));
        store.add_account("carol", Account::new("x").with_certificate("shared@example.org"));
        store.add_account("dave", Account::new("x").with_certificate("shared@example.org"));
        let apop_only = LoginMethods::Only(vec![LoginMethod::Apop]);
        store.add_account("erin", Account::new("x").with_methods(apop_only).with_proxies(&["bob"]));
        let check = |names: &[&str], authzid: &[u8], want: Option<&str>| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            match (step(&names, authzid, &store), want) {
                (Step::Enter(name), Some(want)) => assert_eq!(name, want),
                (Step::Refuse, None) => {}
                _ => panic!("{names:?} {authzid:?}: not {want:?}"),
            }
        };
        check(&["alice"], b"", Some("alice"));
        check(&["alice"], b"alice", Some("alice"));
        check(&["alice"], "al\u{AD}ice".as_bytes(), Some("alice"));
        check(&["alice"], b"bob", None);
        check(&["alice"], b"nobody", None);
        check(&["Alice"], b"", None);
        check(&["alice@example.org"], b"", None);
        // An account that names its certificate is not entered by its own name.
        check(&["bob"], b"", None);
        check(&["bob@example.org"], b"", Some("bob"));
        check(&["bob@EXAMPLE.ORG"], b"bob", Some("bob"));
        check(&["Bob@example.org"], b"", None);
        check(&["bob@example.org"], b"alice", Some("alice"));
        check(&["bob@example.org"], b"carol", None);
        // Nobody can say whose it is, unless the client does.
        check(&["shared@example.org"], b"", None);
        check(&["shared@example.org"], b"carol", Some("carol"));
        check(&["shared@example.org"], b"dave", Some("dave"));
        check(&["alice", "bob@example.org"], b"", None);
        check(&["alice", "bob@example.org"], b"bob", Some("bob"));
        check(&["erin"], b"", None);
        check(&["bob@example.org"], b"erin", None);
        check(&["nobody"], b"", None);
        check(&[], b"", None);
        check(&[], b"alice", None);
        check(&["alice"], b"ali\0ce", None);
        check(&["alice"], b"\xFF", None);
    }
}
