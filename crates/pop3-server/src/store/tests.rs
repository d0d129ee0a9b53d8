use super::*;

fn store() -> Store {
    let store = Store::with_id("s");
    store.add_account("alice", Account::new("secret"));
    store.deliver("alice", b"Subject: 1\n\none\n").unwrap();
    store.deliver("alice", b"Subject: 2\n\ntwo\n").unwrap();
    store
}

fn password(store: &Store, name: &str, password: &str) -> Result<Opened, Refusal> {
    store.open(name, LoginMethod::Password, |kept| kept.takes_password(password), Duration::ZERO)
}

fn number(number: u32) -> MessageNumber {
    MessageNumber::new(number).unwrap()
}

fn unique_ids(store: &Store) -> Vec<String> {
    store.messages("alice").unwrap().iter().map(|message| message.unique_id().to_string()).collect()
}

#[test]
fn the_lock_is_exclusive_and_ends_with_the_login() {
    let store = store();
    let first = password(&store, "alice", "secret").unwrap();
    assert!(store.is_locked("alice").unwrap());
    assert_eq!(password(&store, "alice", "secret").unwrap_err(), Refusal::InUse);
    assert_eq!(password(&store, "alice", "wrong").unwrap_err(), Refusal::Credentials);
    drop(first);
    let again = password(&store, "alice", "secret").unwrap();
    assert!(again.update(&[]));
    assert!(!store.is_locked("alice").unwrap());
}

#[test]
fn unknown_names_and_wrong_secrets_are_the_same() {
    let store = store();
    assert_eq!(password(&store, "bob", "secret").unwrap_err(), Refusal::Credentials);
    assert_eq!(password(&store, "bob", "no such account").unwrap_err(), Refusal::Credentials);
    assert_eq!(password(&store, "alice", "").unwrap_err(), Refusal::Credentials);
    let name = NoSuchAccount { name: "bob".to_owned() };
    assert_eq!(store.deliver("bob", b"x").unwrap_err(), name);
    assert_eq!(store.messages("bob").unwrap_err(), name);
    assert_eq!(store.replace_messages("bob", [b"x"]).unwrap_err(), name);
}

#[test]
fn update_removes_exactly_the_marked_ones_of_the_snapshot() {
    let store = store();
    let session = password(&store, "alice", "secret").unwrap();
    store.deliver("alice", b"three\n").unwrap();
    assert_eq!(session.messages().len(), 2);
    assert!(session.update(&[number(1)]));
    assert_eq!(unique_ids(&store), ["s-2", "s-3"]);
}

#[test]
fn unique_ids_are_never_used_again() {
    let store = store();
    password(&store, "alice", "secret").unwrap().update(&[number(1), number(2)]);
    store.deliver("alice", b"new\n").unwrap();
    assert_eq!(unique_ids(&store), ["s-3"]);
    store.replace_messages("alice", [b"a", b"b"]).unwrap();
    assert_eq!(unique_ids(&store), ["s-4", "s-5"]);
    assert_ne!(
        Store::new().lock().id,
        Store::new().lock().id,
        "two stores must not give the same unique-ids to different messages"
    );
}

#[test]
fn a_maildrop_that_refuses_removal_says_so() {
    let store = store();
    store.refuse_removal("alice").unwrap();
    assert!(!password(&store, "alice", "secret").unwrap().update(&[number(1)]));
    assert!(password(&store, "alice", "secret").unwrap().update(&[]));
    assert_eq!(unique_ids(&store), ["s-1", "s-2"]);
}

#[test]
fn an_odd_store_id_still_gives_unique_ids() {
    let store = Store::with_id(&"é x".repeat(100));
    store.add_account("alice", Account::new(""));
    let unique_id = store.deliver("alice", b"").unwrap();
    assert_eq!(unique_id.as_str(), format!("{}-1", "x".repeat(40)));
}

#[test]
fn a_maildrop_out_of_order_says_for_how_long() {
    let store = store();
    let check = |why, want: Result<(), Refusal>| {
        store.set_out_of_order("alice", why).unwrap();
        assert_eq!(password(&store, "alice", "secret").map(drop), want);
        // Who has the wrong password learns nothing of it.
        assert_eq!(password(&store, "alice", "wrong").map(drop), Err(Refusal::Credentials));
    };
    check(Some(OutOfOrder::ForNow), Err(Refusal::Temporarily));
    check(Some(OutOfOrder::UntilMended), Err(Refusal::Permanently));
    check(None, Ok(()));
    assert!(store.set_out_of_order("bob", None).is_err());
}

#[test]
fn sessions_share_what_is_in_a_maildrop() {
    let store = store();
    let first = password(&store, "alice", "secret").unwrap();
    let listed = Arc::clone(&first.admission().messages);
    drop(first);
    let second = password(&store, "alice", "secret").unwrap();
    assert!(Arc::ptr_eq(&listed, &second.admission().messages));
    // What comes meanwhile is in neither, and in the next.
    store.deliver("alice", b"Subject: 3\n\n").unwrap();
    assert_eq!((second.messages().len(), second.admission().messages.len()), (2, 2));
    assert!(second.update(&[number(1)]));
    let third = password(&store, "alice", "secret").unwrap();
    assert_eq!(third.admission().messages.len(), 2);
    assert_eq!(unique_ids(&store), ["s-2", "s-3"]);
}

#[test]
fn a_delay_of_for_ever_is_one() {
    let store = store();
    store.set_policies(Policies { login_delay: Some(u64::MAX), ..Policies::default() });
    let now = Duration::from_secs(5);
    let enter = |now| store.enter("alice", now).map(drop);
    assert_eq!(enter(now), Ok(()));
    assert_eq!(enter(now + Duration::from_secs(1 << 40)), Err(Refusal::TooSoon));
}
