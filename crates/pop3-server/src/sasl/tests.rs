mod work;

use super::*;
use crate::store::Store;

fn random(octets: &mut [u8]) -> bool {
    octets.fill(0xA5);
    true
}

fn settings() -> SaslSettings {
    SaslSettings::new(Mechanism::ALL.to_vec()).with_host_name("mail.example")
}

/// The first challenge; `None` when there is none.
fn first(mechanism: Mechanism, initial: Option<&[u8]>, settings: &SaslSettings) -> Option<String> {
    match mechanism.begin(initial, settings, &Channel::default(), &Store::with_id("s")) {
        Step::Challenge(challenge, _) => Some(String::from_utf8(challenge).unwrap()),
        Step::Enter(_) | Step::Refuse | Step::NoRandomness => None,
    }
}

#[test]
fn names_in_any_letter_case() {
    for mechanism in Mechanism::ALL {
        assert_eq!(Mechanism::from_name(&mechanism.name().to_lowercase()), Some(mechanism));
    }
    assert_eq!(Mechanism::from_name("SCRAM-SHA-1-MINUS"), None);
}

#[test]
fn first_challenges() {
    let settings = settings().with_sources(random, || 697_170_952);
    let check = |mechanism, initial: Option<&[u8]>, want: Option<&str>| {
        assert_eq!(first(mechanism, initial, &settings).as_deref(), want, "{mechanism:?} {initial:?}");
    };
    let msg_id = "<a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5.697170952@mail.example>";
    check(Mechanism::Plain, None, Some(""));
    check(Mechanism::Login, None, Some("Username:"));
    check(Mechanism::CramMd5, None, Some(msg_id));
    check(Mechanism::ScramSha1, None, Some(""));
    check(Mechanism::ScramSha256, None, Some(""));
    check(Mechanism::ScramSha1Plus, None, Some(""));
    check(Mechanism::ScramSha256Plus, None, Some(""));
    check(Mechanism::Anonymous, None, Some(""));
    check(Mechanism::Xoauth2, None, Some(""));
    check(Mechanism::OauthBearer, None, Some(""));
    // RFC 5034 section 4: no initial response where the server sends first.
    check(Mechanism::Login, Some(b"alice"), None);
    check(Mechanism::Login, Some(b""), None);
    check(Mechanism::CramMd5, Some(b"alice b913a602c7eda7a495b4e6e7334d3890"), None);
}

#[test]
fn nonces_and_challenges_are_new_and_salts_are_not() {
    let settings = settings();
    assert_ne!(settings.nonce(), settings.nonce());
    assert_ne!(settings.msg_id(), settings.msg_id());
    assert_eq!(settings.salt_secret(), settings.salt_secret());
    assert_ne!(settings.salt_secret(), SaslSettings::new(Vec::new()).salt_secret());
    let nonce = settings.nonce().unwrap();
    assert!(nonce.len() == 24 && nonce.bytes().all(|octet| octet.is_ascii_graphic() && octet != b','), "{nonce}");
    assert!(pop3_proto::apop::is_timestamp(settings.msg_id().unwrap().as_bytes()));
}

#[test]
fn nothing_begins_without_randomness() {
    let check = |mechanism: Mechanism, fill: fn(&mut [u8]) -> bool, want| {
        let settings = settings().with_sources(fill, || 0);
        let step = mechanism.begin(None, &settings, &Channel::default(), &Store::with_id("s"));
        assert_eq!(matches!(step, Step::NoRandomness), want, "{mechanism:?}");
    };
    for mechanism in [Mechanism::CramMd5, Mechanism::ScramSha1, Mechanism::ScramSha256] {
        check(mechanism, |_| false, true);
        check(mechanism, random, false);
    }
    check(Mechanism::Plain, |_| false, false);
}

#[test]
fn what_is_there_over_a_channel() {
    let settings = settings();
    let check = |channel: Channel, bound: bool, external: bool| {
        let names: Vec<_> = settings.mechanisms_over(&channel).map(Mechanism::name).collect();
        assert!(names.contains(&"PLAIN") && names.contains(&"SCRAM-SHA-1"), "{channel:?}");
        for name in ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"] {
            assert_eq!(names.contains(&name), bound, "{name} {channel:?}");
        }
        assert_eq!(names.contains(&"EXTERNAL"), external, "{channel:?}");
    };
    check(Channel::default(), false, false);
    // TLS 1.2 with a certificate whose binding is undefined.
    check(Channel { bindings: Vec::new(), client: Some(Vec::new()) }, false, true);
    check(Channel { bindings: vec![(BindingType::TlsExporter, vec![0; 32])], client: None }, true, false);
    check(Channel { bindings: vec![(BindingType::TlsServerEndPoint, vec![0; 32])], client: None }, true, false);
}
