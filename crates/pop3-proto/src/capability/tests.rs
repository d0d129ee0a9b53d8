use super::*;
use proptest::prelude::*;

#[test]
fn the_list_of_rfc_2449_reads_and_prints() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let check = |line: &str, want: Capability| {
        assert_eq!(want.to_string(), line);
        assert_eq!(Capability::parse(line.as_bytes()), Some(want));
    };
    check("TOP", Capability::Top);
    check("USER", Capability::User);
    check("SASL CRAM-MD5 KERBEROS_V4", Capability::Sasl(words(&["CRAM-MD5", "KERBEROS_V4"])));
    check("LOGIN-DELAY 900", Capability::LoginDelay { seconds: 900, per_user: false });
    check("LOGIN-DELAY 300 USER", Capability::LoginDelay { seconds: 300, per_user: true });
    check("PIPELINING", Capability::Pipelining);
    let expire = |retention, per_user| Capability::Expire { retention, per_user };
    check("EXPIRE 60", expire(Retention::Days(60), false));
    check("EXPIRE 5 USER", expire(Retention::Days(5), true));
    check("EXPIRE NEVER", expire(Retention::Never, false));
    check("EXPIRE 0", expire(Retention::Days(0), false));
    check("AUTH-RESP-CODE", Capability::AuthRespCode);
    check("RESP-CODES", Capability::RespCodes);
    check("STLS", Capability::Stls);
    check("LANG", Capability::Lang);
    check("UTF8", Capability::Utf8 { user: false });
    check("UTF8 USER", Capability::Utf8 { user: true });
    check("UIDL", Capability::Uidl);
    check(
        "IMPLEMENTATION Shlemazle-Plotz-v302 (beta)",
        Capability::Implementation("Shlemazle-Plotz-v302 (beta)".into()),
    );
    check("X-Thing a b", Capability::Other { tag: "X-Thing".into(), arguments: words(&["a", "b"]) });
    check("SASL", Capability::Other { tag: "SASL".into(), arguments: vec![] });
    assert_eq!(Capability::parse(b"uidl"), Some(Capability::Uidl));
    assert_eq!(Capability::parse(b"expire never user"), Some(expire(Retention::Never, true)));
}

#[test]
fn arguments_that_no_rfc_has_are_kept_as_they_came() {
    for line in [
        "EXPIRE",
        "EXPIRE -1",
        "EXPIRE 1 2",
        "EXPIRE 4294967296",
        "EXPIRE 1 USER x",
        "LOGIN-DELAY",
        "LOGIN-DELAY x",
        "LOGIN-DELAY 1 user2",
        "UTF8 NAMES",
        "UTF8 USER USER",
        "LANG en",
        "TOP 1",
        "STLS x",
        "IMPLEMENTATION",
    ] {
        let capability = Capability::parse(line.as_bytes()).unwrap();
        assert!(matches!(capability, Capability::Other { .. }), "{line}");
        assert_eq!(capability.to_string(), line);
    }
}

#[test]
fn a_line_has_512_octets_at_most() {
    let check = |capability: Capability, want: &[u8]| {
        let mut out = b"before".to_vec();
        capability.write(&mut out);
        assert_eq!(out.strip_prefix(b"before").unwrap(), want);
    };
    check(Capability::Uidl, b"UIDL\r\n");
    check(Capability::Implementation("a\r\nSTLS\u{e9}".into()), b"IMPLEMENTATION aSTLS\r\n");
    let long = "x".repeat(494);
    check(Capability::Implementation(format!("{long} y")), format!("IMPLEMENTATION {long}\r\n").as_bytes());
    check(Capability::Implementation(format!("{long}yy y")), format!("IMPLEMENTATION {long}y\r\n").as_bytes());
    check(Capability::Implementation("  a  b ".into()), b"IMPLEMENTATION a b\r\n");
    let odd = |tag: &str| Capability::Other { tag: tag.into(), arguments: vec!["x".into()] };
    check(odd("."), b"x\r\n");
    check(odd("..A.B"), b"A.B x\r\n");
    let mechanisms = |count| Capability::Sasl(vec!["ABCDEFGHI".to_owned(); count]);
    let fits = format!("{}\r\n", mechanisms(50));
    check(mechanisms(50), fits.as_bytes());
    check(mechanisms(60), fits.as_bytes());
    assert!(fits.len() > 500);
}

#[test]
fn lines_outside_the_grammar_are_refused() {
    for line in [b"".as_slice(), b" TOP", b"SASL  PLAIN", b"TOP ", b".x", b"TOP\t", b"T\xc3\x96P"] {
        assert_eq!(Capability::parse(line), None, "{line:?}");
    }
}

proptest! {
    #[test]
    fn parse_print_parse(line in "[A-Za-z.-]{0,8}( [!-~]{0,4}){0,3}") {
        if let Some(capability) = Capability::parse(line.as_bytes()) {
            prop_assert_eq!(Capability::parse(capability.to_string().as_bytes()), Some(capability));
        }
    }
}
