use super::*;

/// Example: server's first message, client's last, server's last.
struct Example(Mechanism, &'static str, [&'static str; 4]);

const SHA_1: Example = Example(
    Mechanism::ScramSha1,
    "fyko+d2lbbFgONRv9qkxdawL",
    [
        "AUTH SCRAM-SHA-1 n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
        "> r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "> c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "> v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ],
);

const SHA_256: Example = Example(
    Mechanism::ScramSha256,
    "rOprNGfwEbeRWgbNEkqO",
    [
        "AUTH SCRAM-SHA-256 n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
        "> r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "> c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "> v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ],
);

fn scram(example: &Example, binding: Binding) -> Login {
    let surroundings = Surroundings { nonce: example.1.to_owned(), binding, ..Surroundings::default() };
    Login::new(Method::Auth(example.0), &Identity::new("user", "pencil"), surroundings).unwrap()
}

#[test]
fn scram_of_rfc_5802_and_rfc_7677() {
    use LoginDeviation::*;
    for example in [SHA_1, SHA_256] {
        let new = || scram(&example, Binding::Absent);
        let [first, server_first, last, server_last] = example.2;
        let base64 = STANDARD.encode(server_last.strip_prefix("> ").unwrap());
        let done = [first, server_first, last, server_last, "> ", "+OK"];
        play(new(), &done, Step::Done, &[]);
        play(new(), &[first, server_first, last, "-ERR"], Step::Refused, &[]);
        play(new(), &[first, "-ERR"], Step::Refused, &[]);
        play(new(), &[first, server_first, last, server_last, "> ", "-ERR"], Step::Refused, &[]);
        play(new(), &[first, server_first, last, "> e=invalid-proof", "> ", "-ERR"], Step::Refused, &[]);
        let accepted = AcceptedAfterError(example.0);
        play(new(), &[first, server_first, last, "> e=other-error", "> ", "+OK"], failed(accepted), &[accepted]);
        play(new(), &[first, "> e=unknown-user", "> ", "-ERR"], Step::Refused, &[]);
        play(new(), &[first, "> e=unknown-user", "> ", "+OK"], failed(accepted), &[accepted]);
        play(new(), &[first, server_first, last, "+OK in"], failed(SignatureMissing), &[SignatureMissing]);
        play(new(), &[first, "+OK in"], failed(AcceptedTooEarly), &[AcceptedTooEarly]);
        for text in [format!("+OK {base64}"), format!("+OK in {}", server_last.strip_prefix("> ").unwrap())] {
            play(new(), &[first, server_first, last, &text], Step::Done, &[SignatureWithSuccess]);
        }
        play(new(), &[first, server_first, last, "+OK v=AAAA"], failed(SignatureWrong), &[SignatureWrong]);
        play(new(), &[first, server_first, last, "> v=AAAA", "*", "-ERR"], failed(SignatureWrong), &[SignatureWrong]);
        for message in ["> hello", "> v=AAA", "> e=", "> v", "+ "] {
            let dialogue = [first, server_first, last, message, "*", "-ERR"];
            play(new(), &dialogue, failed(ServerFinalForm), &[ServerFinalForm]);
        }
        let many = ChallengeTooMany(example.0);
        let dialogue = [first, server_first, last, server_last, "> ", "> more", "*", "-ERR"];
        play(new(), &dialogue, failed(many), &[many]);
        let accepting = [
            first,
            "+ ",
            &first.replace(&format!("AUTH {}", example.0.name()), ">"),
            server_first,
            last,
            server_last,
            "> ",
            "+OK",
        ];
        play(new(), &accepting, Step::Done, &[InitialResponseIgnored]);
    }
}

#[test]
fn what_happens_once_is_noted_once() {
    let early = LoginDeviation::AcceptedTooEarly;
    let login = login(Mechanism::ScramSha1, InitialResponse::Never);
    play(login, &["AUTH SCRAM-SHA-1", "+OK"], failed(early), &[early]);
}

#[test]
fn hostile_first_messages_of_scram() {
    use LoginDeviation::*;
    let first = SHA_1.2[0];
    let check = |message: &str, want: LoginDeviation| {
        play(scram(&SHA_1, Binding::Absent), &[first, message, "*", "-ERR"], failed(want), &[want]);
    };
    let nonce = "r=fyko+d2lbbFgONRv9qkxdawL3";
    check("> hello", ServerFirstForm);
    check(&format!("> {nonce},s=AAAA"), ServerFirstForm);
    check(&format!("> s=AAAA,{nonce},i=4096"), ServerFirstForm);
    check("+ /////w==", ServerFirstForm);
    check(&format!("> m=x,{nonce},s=AAAA,i=4096"), MandatoryExtension);
    check("> r=other,s=AAAA,i=4096", NonceNotOurs);
    check("> r=,s=AAAA,i=4096", NonceNotOurs);
    check(&format!("> {nonce},s=AAA,i=4096"), SaltNotBase64);
    for count in ["0", "-1", "+1", "4096.0", "", "x", "000"] {
        check(&format!("> {nonce},s=AAAA,i={count}"), IterationsNotPositive);
    }
    for count in ["2000001", "4294967296", "18446744073709551616", "99999999999999999999999999"] {
        let iterations = count.parse().unwrap_or(u64::MAX);
        let end = Step::Failed(Failure::TooManyIterations { iterations, limit: 2_000_000 });
        let message = format!("> {nonce},s=AAAA,i={count}");
        play(scram(&SHA_1, Binding::Absent), &[first, &message, "*", "-ERR"], end, &[]);
    }
}

#[test]
fn what_scram_can_pass_over_is_noted() {
    use LoginDeviation::*;
    let few = |iterations| FewIterations { mechanism: Mechanism::ScramSha1, iterations };
    let check = |message: &str, want: &[LoginDeviation]| {
        let mut login = scram(&SHA_1, Binding::Absent);
        let _ = login.start();
        let step = login.next(reply(&encoded(message)));
        assert!(matches!(step, Step::Send(line) if decoded(&line).starts_with("> c=biws,r=fyko")), "{message:?}");
        assert_eq!(login.deviations(), want, "{message:?}");
    };
    let nonce = "r=fyko+d2lbbFgONRv9qkxdawL";
    check(&format!("> {nonce}3,s=AAAA,i=4096,x=y"), &[]);
    check(&format!("> {nonce}3,s=,i=4096"), &[]);
    check(&format!("> {nonce}3,s=AAAA,i=1"), &[few(1)]);
    check(&format!("> {nonce}3,s=AAAA,i=04095"), &[IterationsNotPositive, few(4095)]);
    check(&format!("> {nonce},s=AAAA,i=4096"), &[NonceNotExtended]);
    check(&format!("> {nonce}\u{FC},s=AAAA,i=4096"), &[NonceNotPrintable]);
}

#[test]
fn channel_binding_goes_into_header_and_final_message() {
    let bound = |kind| Binding::Bound(ChannelBinding { kind, data: b"\x01\x02".to_vec() });
    let check = |mechanism: Mechanism, binding: Binding, first: &str, c: &[u8]| {
        let mut login = scram(&Example(mechanism, "n0nce", [""; 4]), binding);
        let Step::Send(line) = login.start() else { panic!("{mechanism:?}") };
        assert_eq!(decoded(&line), format!("AUTH {} {first}n=user,r=n0nce", mechanism.name()));
        let Step::Send(line) = login.next(reply(&encoded("> r=n0nceX,s=AAAA,i=4096"))) else { panic!("no final") };
        let want = format!("> c={},r=n0nceX,p=", STANDARD.encode(c));
        assert!(decoded(&line).starts_with(&want), "{} has not {want}", decoded(&line));
    };
    let exporter = bound(BindingKind::TlsExporter);
    check(Mechanism::ScramSha256Plus, exporter, "p=tls-exporter,,", b"p=tls-exporter,,\x01\x02");
    let point = bound(BindingKind::TlsServerEndPoint);
    check(Mechanism::ScramSha1Plus, point, "p=tls-server-end-point,,", b"p=tls-server-end-point,,\x01\x02");
    let unique = bound(BindingKind::TlsUnique);
    check(Mechanism::ScramSha1Plus, unique, "p=tls-unique,,", b"p=tls-unique,,\x01\x02");
    check(Mechanism::ScramSha1, Binding::BelievedUnsupported, "y,,", b"y,,");
    check(Mechanism::ScramSha256, Binding::Absent, "n,,", b"n,,");
}

#[test]
fn names_and_passwords_are_prepared_for_scram() {
    let surroundings = || Surroundings { nonce: SHA_256.1.to_owned(), ..Surroundings::default() };
    let prepared = Identity::new("us\u{AD}er", "pen\u{AD}cil");
    let login = Login::new(Method::Auth(Mechanism::ScramSha256), &prepared, surroundings()).unwrap();
    let [first, server_first, last, server_last] = SHA_256.2;
    play(login, &[first, server_first, last, server_last, "> ", "+OK"], Step::Done, &[]);
    let odd = Identity::new("a,b=c", "x").acting_as("d,e");
    let mut login = Login::new(Method::Auth(Mechanism::ScramSha256), &odd, surroundings()).unwrap();
    assert!(matches!(login.start(), Step::Send(line)
        if decoded(&line) == "AUTH SCRAM-SHA-256 n,a=d=2Ce,n=a=2Cb=3Dc,r=rOprNGfwEbeRWgbNEkqO"));
}
