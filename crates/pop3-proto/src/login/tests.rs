use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::reply::{Challenge, Charset, StatusLine};

mod scram;

/// What is sent: `AUTH` lines and responses decoded, `|` for `%x01` and `~` for NUL.
fn decoded(line: &Line) -> String {
    let text = std::str::from_utf8(line.octets()).unwrap().strip_suffix("\r\n").unwrap();
    let plain = |base64: &str| {
        let octets = STANDARD.decode(base64).unwrap_or_else(|_| panic!("{text:?} is not base64"));
        String::from_utf8(octets).unwrap().replace('\u{1}', "|").replace('\0', "~")
    };
    let words: Vec<&str> = text.split(' ').collect();
    match words[..] {
        ["AUTH", mechanism, "="] => format!("AUTH {mechanism} ="),
        ["AUTH", mechanism, initial] => format!("AUTH {mechanism} {}", plain(initial)),
        ["AUTH" | "USER" | "PASS" | "APOP", ..] | ["*"] => text.to_owned(),
        _ => format!("> {}", plain(text)),
    }
}

/// A reply as a server writes it; `> text` is a challenge to be encoded.
fn encoded(reply: &str) -> Vec<u8> {
    match reply.strip_prefix("> ") {
        Some(text) => format!("+ {}", STANDARD.encode(text)).into_bytes(),
        None => reply.as_bytes().to_vec(),
    }
}

fn reply(line: &[u8]) -> Reply<'_> {
    match StatusLine::observe(line, Challenge::Possible, Charset::Ascii, &mut Vec::new()) {
        Some(found) => Reply { status: Some(found.status), text: found.text },
        None => Reply { status: None, text: line },
    }
}

/// Plays a dialogue, client and server in turn, and holds outcome and deviations
/// against what is wanted.
fn play(mut login: Login, dialogue: &[&str], outcome: Step, deviations: &[LoginDeviation]) {
    let mut step = login.start();
    for turn in dialogue.chunks(2) {
        let Step::Send(line) = &step else { panic!("{step:?} in place of {:?}", turn[0]) };
        assert_eq!(decoded(line), turn[0]);
        step = login.next(reply(&encoded(turn[1])));
    }
    assert_eq!(step, outcome, "{dialogue:?}");
    assert_eq!(login.deviations(), deviations, "{dialogue:?}");
    assert_eq!(login.next(reply(b"+OK")), outcome, "the outcome stays");
}

fn failed(deviation: LoginDeviation) -> Step {
    Step::Failed(Failure::Deviation(deviation))
}

fn auth(mechanism: Mechanism) -> Login {
    login(mechanism, InitialResponse::IfItFits)
}

fn login(mechanism: Mechanism, initial_response: InitialResponse) -> Login {
    let tim = Identity::new("tim", "tanstaaftanstaaf").with_token("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
    let surroundings = Surroundings { initial_response, nonce: "n0nce".to_owned(), ..Surroundings::default() };
    Login::new(Method::Auth(mechanism), &tim, surroundings).unwrap()
}

#[test]
fn user_and_pass() {
    let new = || Login::new(Method::UserPass, &Identity::new("alice", "a secret"), Surroundings::default()).unwrap();
    play(new(), &["USER alice", "+OK", "PASS a secret", "+OK in"], Step::Done, &[]);
    play(new(), &["USER alice", "-ERR"], Step::Refused, &[]);
    play(new(), &["USER alice", "+OK", "PASS a secret", "-ERR [AUTH]"], Step::Refused, &[]);
    play(new(), &["USER alice", "+ "], Step::Failed(Failure::NoStatus), &[]);
    play(new(), &["USER alice", "220 hello"], Step::Failed(Failure::NoStatus), &[]);
}

#[test]
fn apop_of_rfc_1939() {
    let mrose = Identity::new("mrose", "tanstaaf");
    let greeting = b"+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>".to_vec();
    let surroundings = Surroundings { greeting, ..Surroundings::default() };
    let login = Login::new(Method::Apop, &mrose, surroundings).unwrap();
    play(login, &["APOP mrose c4c9334bac560ecc979e58001b3e22fb", "+OK"], Step::Done, &[]);
    // RFC 6856 section 2.2: a soft hyphen is mapped to nothing, a no-break space to
    // a space.
    let surroundings = || Surroundings { greeting: b"+OK <1@h>".to_vec(), ..Surroundings::default() };
    let unicode = Identity::new("j\u{AD}é", "pass\u{A0}w\u{AD}ord\u{AA}");
    let login = Login::new(Method::Apop, &unicode, surroundings()).unwrap();
    let line = format!("APOP jé {}", apop::digest(b"<1@h>", b"pass worda"));
    play(login, &[&line, "+OK"], Step::Done, &[]);
    let bad = Login::new(Method::Apop, &Identity::new("x", "é\u{7}"), surroundings());
    assert_eq!(bad.unwrap_err(), Unusable::NotPreparable("password"));
    let none = Login::new(Method::Apop, &mrose, Surroundings::default());
    assert_eq!(none.unwrap_err(), Unusable::NoTimestamp);
}

#[test]
fn plain_of_rfc_4616() {
    let ir = "AUTH PLAIN ~tim~tanstaaftanstaaf";
    play(auth(Mechanism::Plain), &[ir, "+OK"], Step::Done, &[]);
    play(auth(Mechanism::Plain), &[ir, "-ERR"], Step::Refused, &[]);
    let late = || login(Mechanism::Plain, InitialResponse::Never);
    play(late(), &["AUTH PLAIN", "+ ", "> ~tim~tanstaaftanstaaf", "+OK"], Step::Done, &[]);
    play(late(), &["AUTH PLAIN", "+", "> ~tim~tanstaaftanstaaf", "+OK"], Step::Done, &[]);
    let kurt = Identity::new("Kurt", "xipj3plmq").acting_as("Ursel");
    let login = Login::new(Method::Auth(Mechanism::Plain), &kurt, Surroundings::default()).unwrap();
    play(login, &["AUTH PLAIN Ursel~Kurt~xipj3plmq", "+OK"], Step::Done, &[]);
}

#[test]
fn an_exchange_is_cancelled_where_it_was_asked_for() {
    let tim = Identity::new("tim", "tanstaaftanstaaf");
    let cancelled = |mechanism, message| {
        let surroundings = Surroundings { cancelled_at: Some(message), ..Surroundings::default() };
        Login::new(Method::Auth(mechanism), &tim, surroundings).unwrap()
    };
    let not = LoginDeviation::CancelNotRefused;
    let plain = || cancelled(Mechanism::Plain, 1);
    play(plain(), &["AUTH PLAIN", "+ ", "*", "-ERR"], Step::Refused, &[]);
    play(plain(), &["AUTH PLAIN", "+ ", "*", "+OK"], failed(not), &[not]);
    play(plain(), &["AUTH PLAIN", "+ ", "*", "+ "], failed(not), &[not]);
    play(plain(), &["AUTH PLAIN", "-ERR"], Step::Refused, &[]);
    let login = ["AUTH LOGIN", "> Username:", "> tim", "> Password:", "*", "-ERR"];
    play(cancelled(Mechanism::Login, 2), &login, Step::Refused, &[]);
    play(cancelled(Mechanism::Plain, 2), &["AUTH PLAIN ~tim~tanstaaftanstaaf", "+OK"], Step::Done, &[]);
}

#[test]
fn a_server_may_depart_from_auth_itself() {
    use LoginDeviation::*;
    let (ir, message) = ("AUTH PLAIN ~tim~tanstaaftanstaaf", "> ~tim~tanstaaftanstaaf");
    let early = || auth(Mechanism::Plain);
    let late = || login(Mechanism::Plain, InitialResponse::Never);
    play(early(), &[ir, "+ ", message, "+OK"], Step::Done, &[InitialResponseIgnored]);
    play(late(), &["AUTH PLAIN", "> go on", message, "+OK"], Step::Done, &[ChallengeNotEmpty]);
    play(late(), &["AUTH PLAIN", "+OK"], Step::Done, &[AcceptedTooEarly]);
    let many = ChallengeTooMany(Mechanism::Plain);
    play(early(), &[ir, "> more", "*", "-ERR"], failed(many), &[many]);
    play(early(), &[ir, "> more", "*", "+OK"], failed(many), &[many, CancelNotRefused]);
    play(early(), &[ir, "> more", "*", "> no"], failed(many), &[many, CancelNotRefused]);
    play(late(), &["AUTH PLAIN", "+ ", message, "+ ", "*", "-ERR"], failed(many), &[many]);
    for challenge in ["+ go ahead", "+ =AAA", "+ AAA=BBB=", "+ AAA", "+ AA==\t", "+  "] {
        let not = ChallengeNotBase64;
        play(late(), &["AUTH PLAIN", challenge, "*", "-ERR"], failed(not), &[not]);
    }
    play(early(), &[ir, "OK"], Step::Failed(Failure::NoStatus), &[]);
}

#[test]
fn login_answers_two_prompts_whatever_they_say() {
    use LoginDeviation::*;
    let new = || auth(Mechanism::Login);
    let name = "AUTH LOGIN";
    play(new(), &[name, "> Username:", "> tim", "> Password:", "> tanstaaftanstaaf", "+OK"], Step::Done, &[]);
    play(new(), &[name, "+ ", "> tim", "+ ", "> tanstaaftanstaaf", "-ERR"], Step::Refused, &[]);
    play(new(), &[name, "> Username:", "> tim", "+OK"], Step::Done, &[AcceptedTooEarly]);
    let many = ChallengeTooMany(Mechanism::Login);
    let dialogue = [name, "> n", "> tim", "> p", "> tanstaaftanstaaf", "> Code:", "*", "-ERR"];
    play(new(), &dialogue, failed(many), &[many]);
}

#[test]
fn cram_md5_of_rfc_2195() {
    use LoginDeviation::*;
    let response = "> tim b913a602c7eda7a495b4e6e7334d3890";
    let challenge = "+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+";
    let new = || auth(Mechanism::CramMd5);
    play(new(), &["AUTH CRAM-MD5", challenge, response, "+OK"], Step::Done, &[]);
    play(new(), &["AUTH CRAM-MD5", challenge, response, "-ERR"], Step::Refused, &[]);
    play(new(), &["AUTH CRAM-MD5", "+OK"], Step::Done, &[AcceptedTooEarly]);
    let mut login = new();
    let _ = login.start();
    let step = login.next(reply(&encoded("> 1896.697170952")));
    assert!(matches!(step, Step::Send(line) if decoded(&line).len() == response.len()));
    assert_eq!(login.deviations(), [ChallengeNotMsgId]);
}

#[test]
fn external_and_anonymous() {
    play(auth(Mechanism::External), &["AUTH EXTERNAL =", "+OK"], Step::Done, &[]);
    let late = login(Mechanism::External, InitialResponse::Never);
    play(late, &["AUTH EXTERNAL", "+ ", "> ", "+OK"], Step::Done, &[]);
    let fred = Identity::new("", "").acting_as("fred@example.com");
    let login = Login::new(Method::Auth(Mechanism::External), &fred, Surroundings::default()).unwrap();
    play(login, &["AUTH EXTERNAL fred@example.com", "+OK"], Step::Done, &[]);
    play(auth(Mechanism::Anonymous), &["AUTH ANONYMOUS tim", "+OK"], Step::Done, &[]);
}

#[test]
fn oauth_of_rfc_7628() {
    use LoginDeviation::*;
    let message = "n,a=tim,|auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==||";
    let first = format!("AUTH OAUTHBEARER {message}");
    let new = || auth(Mechanism::OauthBearer);
    play(new(), &[&first, "+OK"], Step::Done, &[]);
    // Section 4.3.
    let error = r#"> {"status":"invalid_token","scope":"example_scope"}"#;
    play(new(), &[&first, error, "> |", "-ERR"], Step::Refused, &[]);
    play(new(), &[&first, "> no", "> |", "-ERR"], Step::Refused, &[ErrorNotJson]);
    let accepted = AcceptedAfterError(Mechanism::OauthBearer);
    play(new(), &[&first, error, "> |", "+OK"], Step::Done, &[accepted]);
    let many = ChallengeTooMany(Mechanism::OauthBearer);
    play(new(), &[&first, error, "> |", error, "*", "-ERR"], failed(many), &[many]);
    let nobody = Identity::new("", "").with_token("t");
    let login = Login::new(Method::Auth(Mechanism::OauthBearer), &nobody, Surroundings::default()).unwrap();
    play(login, &["AUTH OAUTHBEARER n,,|auth=Bearer t||", "+OK"], Step::Done, &[]);
    let first = "AUTH XOAUTH2 user=tim|auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==||";
    let new = || auth(Mechanism::Xoauth2);
    play(new(), &[first, "+OK"], Step::Done, &[]);
    play(new(), &[first, "> anything", "> ", "-ERR"], Step::Refused, &[]);
}

#[test]
fn a_login_that_cannot_be_tried_says_why() {
    let check = |method, identity: &Identity, surroundings: Surroundings, want: Unusable| {
        assert_eq!(Login::new(method, identity, surroundings).unwrap_err(), want, "{method}");
    };
    let alice = Identity::new("alice", "secret");
    let plain = Surroundings::default;
    let nonce = || Surroundings { nonce: "x".to_owned(), ..Surroundings::default() };
    let required = || Surroundings { initial_response: InitialResponse::Required, ..nonce() };
    let bound = || {
        let channel = ChannelBinding { kind: BindingKind::TlsExporter, data: vec![1] };
        Surroundings { binding: Binding::Bound(channel), ..nonce() }
    };
    let auth = Method::Auth;
    for text in ["a\r\nDELE 1", "a\n", "a\0"] {
        check(Method::UserPass, &Identity::new(text, "x"), plain(), Unusable::EndsLine);
        check(Method::UserPass, &Identity::new("x", text), plain(), Unusable::EndsLine);
    }
    let long = "x".repeat(249);
    check(Method::UserPass, &Identity::new("x", &long), plain(), Unusable::LineTooLong { octets: 256 });
    check(auth(Mechanism::Plain), &Identity::new("x", "a\0b"), plain(), Unusable::NotInMessage("password"));
    check(
        auth(Mechanism::Plain),
        &Identity::new("x", &long),
        required(),
        Unusable::InitialResponseTooLong { octets: 349 },
    );
    check(auth(Mechanism::Anonymous), &Identity::new("a\tb", ""), plain(), Unusable::NotInMessage("trace"));
    for mechanism in [Mechanism::Login, Mechanism::CramMd5] {
        check(auth(mechanism), &alice, required(), Unusable::NoInitialResponse(mechanism));
    }
    for mechanism in [Mechanism::OauthBearer, Mechanism::Xoauth2] {
        check(auth(mechanism), &alice, plain(), Unusable::NoToken(mechanism));
        let token = alice.clone().with_token("a\u{1}b");
        check(auth(mechanism), &token, plain(), Unusable::NotInMessage("token"));
    }
    check(auth(Mechanism::ScramSha1), &alice, plain(), Unusable::Nonce);
    let comma = Surroundings { nonce: "a,b".to_owned(), ..Surroundings::default() };
    check(auth(Mechanism::ScramSha1), &alice, comma, Unusable::Nonce);
    check(auth(Mechanism::ScramSha1), &Identity::new("\u{AD}", "x"), nonce(), Unusable::NotPreparable("name"));
    check(auth(Mechanism::ScramSha1), &Identity::new("x", "\u{7}"), nonce(), Unusable::NotPreparable("password"));
    check(auth(Mechanism::ScramSha1), &alice, bound(), Unusable::Channel(Mechanism::ScramSha1));
    check(auth(Mechanism::ScramSha1Plus), &alice, nonce(), Unusable::NoChannel(Mechanism::ScramSha1Plus));
}

#[test]
fn the_initial_response_is_sent_only_where_the_command_fits() {
    let check = |password: &str, want: &str| {
        let identity = Identity::new("x", password);
        let mut login = Login::new(Method::Auth(Mechanism::Plain), &identity, Surroundings::default()).unwrap();
        let Step::Send(line) = login.start() else { panic!("no line") };
        assert_eq!((decoded(&line), line.octets().len() <= 255), (want.to_owned(), true));
    };
    // "AUTH PLAIN " and CRLF leave 242 octets, 240 of them base64 of 180 octets.
    let fits = "p".repeat(177);
    check(&fits, &format!("AUTH PLAIN ~x~{fits}"));
    check(&format!("{fits}p"), "AUTH PLAIN");
}

#[test]
fn secrets_show_nowhere() {
    let identity = Identity::new("alice", "secret").with_token("token").acting_as("alice");
    let surroundings = Surroundings {
        greeting: b"+OK <1@h>".to_vec(),
        nonce: "x".to_owned(),
        binding: Binding::Absent,
        ..Surroundings::default()
    };
    let methods = Mechanism::ALL.into_iter().filter(|mechanism| !mechanism.binds_channel()).map(Method::Auth);
    for method in methods.chain([Method::UserPass, Method::Apop]) {
        let mut login = Login::new(method, &identity, surroundings.clone()).unwrap();
        let mut printed = format!("{identity:?}");
        let mut step = login.start();
        let replies = if method == Method::UserPass { ["+OK", "+OK"] } else { ["> r=xy,s=AAAA,i=4096", "+ "] };
        for text in replies {
            printed.push_str(&format!("{step:?} {login:?} "));
            step = login.next(reply(&encoded(text)));
        }
        printed.push_str(&format!("{step:?}"));
        assert!(!printed.contains("secret") && !printed.contains("token"), "{printed}");
        let words = printed.split([' ', '"', '(', ')']).filter_map(|word| STANDARD.decode(word).ok());
        for word in words {
            assert!(!word.windows(6).any(|part| part == b"secret"), "{printed}");
        }
    }
}

fn any_reply() -> impl Strategy<Value = (Option<Status>, Vec<u8>)> {
    let status = prop_oneof![
        Just(None),
        Just(Some(Status::Ok)),
        Just(Some(Status::Err)),
        Just(Some(Status::Continue)),
        Just(Some(Status::Continue)),
        Just(Some(Status::Continue)),
    ];
    let message = prop_oneof![
        any::<Vec<u8>>(),
        "(m=x,)?r=n0nce[!-~]{0,5},s=[A-Za-z]{0,8}=?,i=[0-9]{0,4}(,[a-z]=.{0,3})?".prop_map(String::into_bytes),
        "[ver]=[A-Za-z+/=]{0,12}".prop_map(String::into_bytes),
        Just(Vec::new()),
    ];
    let text = prop_oneof![message.clone().prop_map(|octets| STANDARD.encode(octets).into_bytes()), message];
    (status, text)
}

proptest! {
    /// Whatever a server says, a login ends after a few lines, each of them one line.
    #[test]
    fn every_login_ends(replies in prop::collection::vec(any_reply(), 8), which in 0..Mechanism::ALL.len()) {
        let mechanism = Mechanism::ALL[which];
        let binding = if mechanism.binds_channel() {
            Binding::Bound(ChannelBinding { kind: BindingKind::TlsExporter, data: vec![7; 32] })
        } else {
            Binding::Absent
        };
        let surroundings = Surroundings { nonce: "n0nce".to_owned(), binding, ..Surroundings::default() };
        let identity = Identity::new("alice", "secret").with_token("t");
        let mut login = Login::new(Method::Auth(mechanism), &identity, surroundings).unwrap();
        let mut step = login.start();
        for (status, text) in &replies {
            let Step::Send(line) = &step else { break };
            let (body, end) = line.octets().split_at(line.octets().len() - 2);
            prop_assert!(end == b"\r\n" && !body.iter().any(|octet| b"\r\n".contains(octet)));
            step = login.next(Reply { status: *status, text });
        }
        prop_assert!(!matches!(step, Step::Send(_)), "{step:?}");
        prop_assert_eq!(login.outcome(), Some(&step));
        let is_noted = match &step {
            Step::Failed(Failure::Deviation(deviation)) => login.deviations().contains(deviation),
            _ => true,
        };
        prop_assert!(is_noted && login.deviations().iter().all(|deviation| deviation.clause().starts_with("RFC ")));
    }
}
