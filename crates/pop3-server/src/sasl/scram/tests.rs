use super::*;
use crate::account::{Account, LoginMethod, LoginMethods};
use crate::store::Store;

struct Example {
    hash: ScramHash,
    salt: &'static str,
    nonce: &'static str,
    client_first: &'static str,
    server_first: &'static str,
    client_final: &'static str,
    server_final: &'static str,
}

/// RFC 5802 section 5
const SHA_1: Example = Example {
    hash: ScramHash::Sha1,
    salt: "QSXCR+Q6sek8bf92",
    nonce: "3rfcNHYJY1ZVvWVs7j",
    client_first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    server_first: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    client_final: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    server_final: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
};

/// RFC 7677 section 3
const SHA_256: Example = Example {
    hash: ScramHash::Sha256,
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    client_first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    server_first: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    client_final: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                   p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    server_final: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
};

fn store(account: Account) -> Store {
    let store = Store::with_id("s");
    store.add_account("user", account);
    store
}

/// Says the client's two messages; `None` when the second is refused.
fn server_final(example: &Example, client_final: &str, store: &Store) -> Option<String> {
    let first = First {
        hash: example.hash,
        nonce: example.nonce.to_owned(),
        salts: [0; 32],
        iterations: Iterations::LEAST,
        binding: Binding::Impossible,
    };
    let parsed = ClientFirst::parse(example.client_first.as_bytes()).unwrap();
    let salt = STANDARD.decode(example.salt).unwrap();
    let Step::Challenge(challenge, then) = first.answer(&parsed, salt, Iterations::LEAST) else {
        panic!("no challenge to {}", example.client_first);
    };
    assert_eq!(String::from_utf8(challenge).unwrap(), example.server_first);
    match then.step(client_final.as_bytes(), store) {
        Step::Challenge(challenge, then) => {
            assert!(matches!(then.step(b"", store), Step::Enter(name) if name == "user"));
            Some(String::from_utf8(challenge).unwrap())
        }
        Step::Refuse => None,
        Step::Enter(_) | Step::NoRandomness => panic!("neither challenge nor refusal"),
    }
}

#[test]
fn the_examples_of_rfc_5802_and_rfc_7677() {
    for example in [SHA_1, SHA_256] {
        let got = server_final(&example, example.client_final, &store(Account::new("pencil")));
        assert_eq!(got.as_deref(), Some(example.server_final));
    }
}

/// `StoredKey` and `ServerKey` of the examples, worked out elsewhere.
fn stored(example: &Example) -> ScramKeys {
    let (stored, server) = match example.hash {
        ScramHash::Sha1 => ("6dlGYMOdZcOPutkcNY8U2g7vK9Y=", "D+CSWLOshSulAsxiupA+qs2/fTE="),
        ScramHash::Sha256 => {
            ("WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")
        }
    };
    let octets = |text| STANDARD.decode(text).unwrap();
    let salt = octets(example.salt);
    ScramKeys::from_stored(example.hash, &salt, Iterations::LEAST, &octets(stored), &octets(server)).unwrap()
}

#[test]
fn keys_serve_as_well_as_the_password() {
    for example in [SHA_1, SHA_256] {
        let keys = stored(&example);
        let derived = ScramKeys::derive(example.hash, "pencil", keys.salt(), Iterations::LEAST).unwrap();
        assert!(derived == keys);
        let check = |account: Account, want| {
            assert_eq!(server_final(&example, example.client_final, &store(account)).as_deref(), want);
        };
        check(Account::from_keys(vec![keys.clone()]), Some(example.server_final));
        check(Account::from_keys(vec![stored(&SHA_1), stored(&SHA_256)]), Some(example.server_final));
        check(Account::from_keys(vec![stored(if example.hash == ScramHash::Sha1 { &SHA_256 } else { &SHA_1 })]), None);
        check(Account::from_keys(Vec::new()), None);
        let other = ScramKeys::derive(example.hash, "Pencil", keys.salt(), Iterations::LEAST).unwrap();
        check(Account::from_keys(vec![other]), None);
        let apop_only = LoginMethods::Only(vec![LoginMethod::Apop]);
        check(Account::from_keys(vec![keys]).with_methods(apop_only), None);
    }
}

#[test]
fn an_account_with_keys_has_their_salt_and_count() {
    let keys = ScramKeys::derive(ScramHash::Sha1, "pencil", b"salt", Iterations::for_tests(5)).unwrap();
    let store = store(Account::from_keys(vec![keys]));
    let check = |hash, name: &str, want: &str| {
        let first = First {
            hash,
            nonce: "server".to_owned(),
            salts: [0; 32],
            iterations: Iterations::for_tests(7),
            binding: Binding::Impossible,
        };
        match first.step(format!("n,,n={name},r=client").as_bytes(), &store) {
            Step::Challenge(challenge, _) => {
                let challenge = String::from_utf8(challenge).unwrap();
                assert!(challenge.starts_with("r=clientserver,s=") && challenge.ends_with(want), "{challenge}");
            }
            _ => panic!("no challenge"),
        }
    };
    check(ScramHash::Sha1, "user", "s=c2FsdA==,i=5");
    check(ScramHash::Sha256, "user", "==,i=7");
    check(ScramHash::Sha1, "nobody", "==,i=7");
}

#[test]
fn what_is_not_proven_is_refused() {
    let check = |client_final: &str, account: Account| {
        assert_eq!(server_final(&SHA_1, client_final, &store(account)), None, "{client_final}");
    };
    let last = SHA_1.client_final;
    check(last, Account::new("Pencil"));
    check(last, Account::new("pencil").with_methods(LoginMethods::Only(vec![LoginMethod::Apop])));
    check(last, Account::new("pen\u{7}cil"));
    check(&last.replace("p=v0", "p=v1"), Account::new("pencil"));
    check(&last.replace("c=biws", "c=eSws"), Account::new("pencil"));
    check(&last.replace("c=biws", "c="), Account::new("pencil"));
    check(&last.replace("Vs7j", "Vs7k"), Account::new("pencil"));
    check(&last.replace("3rfcNHYJY1ZVvWVs7j", ""), Account::new("pencil"));
    check(&last.replace("I4Ts=", ""), Account::new("pencil"));
    check(&last.replace(",p=", ",t=1,p="), Account::new("pencil"));
    check(last.split_once(",p=").unwrap().0, Account::new("pencil"));
    let nobody = Store::with_id("s");
    assert_eq!(server_final(&SHA_1, last, &nobody), None);
    nobody.add_account("user", Account::new("pencil"));
    assert_eq!(server_final(&SHA_1, last, &nobody).as_deref(), Some(SHA_1.server_final));
}

#[test]
fn the_password_is_prepared_on_both_sides() {
    // SASLprep takes the soft hyphen away.
    let got = server_final(&SHA_256, SHA_256.client_final, &store(Account::new("pen\u{AD}cil")));
    assert_eq!(got.as_deref(), Some(SHA_256.server_final));
}

#[test]
fn salts_differ_by_name_hash_and_server_and_stay() {
    let salts = [
        salt(&[1; 32], ScramHash::Sha1, "user"),
        salt(&[1; 32], ScramHash::Sha1, "user2"),
        salt(&[1; 32], ScramHash::Sha256, "user"),
        salt(&[2; 32], ScramHash::Sha1, "user"),
    ];
    for (index, one) in salts.iter().enumerate() {
        assert_eq!(one.len(), 16);
        assert!(!salts[index + 1..].contains(one));
    }
    assert_eq!(salts[0], salt(&[1; 32], ScramHash::Sha1, "user"));
}
