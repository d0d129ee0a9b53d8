//! Wrong options of `serve`.

use crate::program::{pop3spec, run};

#[track_caller]
fn check(options: &[&str], says: &[&str]) {
    let ended = run(&mut pop3spec(&[&["serve"], options].concat())).exits(2).complains(says).complains(&["error: "]);
    assert_eq!(ended.stdout, "", "{options:?}");
}

#[test]
fn accounts_and_mail() {
    check(&["--account", "alice"], &["--account alice: write NAME:PASSWORD"]);
    check(&["--account", ":secret"], &["--account : write NAME:PASSWORD"]);
    check(&["--account", "a:x", "--account", "a:y"], &["--account a:… stands twice"]);
    check(&["--mail", "alice"], &["--mail alice: write NAME=PATH"]);
    check(&["--mail", "user=/nowhere"], &["/nowhere", "No such file"]);
    check(&["--mail", "bob=Cargo.toml"], &["--mail: there is no account `bob`", "--account bob:PASSWORD"]);
    check(&["--root", "/nowhere"], &["/nowhere", "No such file"]);
    check(&["--expire=-1"], &["'-1' for '--expire <DAYS|never>'", "or `never`"]);
    check(
        &["--expire", "soon"],
        &["'soon' for '--expire <DAYS|never>'", "a number of days up to 4294967295, or `never`"],
    );
}

#[test]
fn mechanisms_and_what_they_need() {
    check(&["--mechanism", "SCRAM"], &["no mechanism is called `SCRAM`", "SCRAM-SHA-256-PLUS, ANONYMOUS"]);
    check(&["--mechanism", "ANONYMOUS"], &["name the account that it opens with --anonymous NAME"]);
    check(&["--anonymous", "user"], &["of no use without --mechanism ANONYMOUS"]);
    let anonymous = ["--mechanism", "anonymous", "--anonymous", "guest"];
    check(&anonymous, &["--anonymous: there is no account `guest`", "--account guest:PASSWORD"]);
    check(&["--token", "user=x"], &["of no use without --mechanism OAUTHBEARER"]);
    check(&["--mechanism", "XOAUTH2", "--token", "user"], &["--token: write NAME=TOKEN"]);
    check(&["--mechanism", "XOAUTH2", "--token", "bob=x"], &["--token: there is no account `bob`"]);
    check(&["--mechanism", "SCRAM-SHA-1-PLUS"], &["SCRAM-SHA-1-PLUS is of no use without TLS", "--listen-tls"]);
    check(&["--mechanism", "EXTERNAL"], &["--mechanism EXTERNAL is of no use without TLS"]);
    check(&["--mechanism", "EXTERNAL", "--stls"], &["--mechanism EXTERNAL: name the authorities", "--client-ca FILE"]);
    check(&["--certificate-name", "user=x"], &["of no use without --mechanism EXTERNAL"]);
}

#[test]
fn tls() {
    check(&["--plaintext-under-tls"], &["--plaintext-under-tls is of no use without TLS", "help: add --stls, or "]);
    check(&["--tls-versions", "1.2"], &["--tls-versions is of no use without TLS"]);
    check(&["--tls-versions", "1.1", "--stls"], &["'1.1'", "[possible values: 1.2, 1.3, both]"]);
    check(&["--client-ca", "/nowhere"], &["--client-ca is of no use without TLS"]);
    check(&["--client-ca", "/nowhere", "--stls"], &["/nowhere: No such file"]);
    check(&["--client-ca", "Cargo.toml", "--stls"], &["authorities for client certificates cannot be used"]);
    check(&["--require-client-certificate", "--stls"], &["--client-ca <FILE>"]);
    check(&["--cert", "Cargo.toml", "--key", "Cargo.toml"], &["--cert is of no use without TLS"]);
    check(&["--stls", "--cert", "Cargo.toml", "--key", "Cargo.toml"], &["Cargo.toml: the certificate chain holds no"]);
    check(&["--ca-out", "ca.pem"], &["--ca-out is of no use without TLS"]);
}

#[test]
fn what_can_be_withheld_and_left_out() {
    check(&["--without", "TOOP"], &["--without TOOP: it takes TOP, UIDL, USER, ", ", or a mechanism"]);
    check(&["--withhold", "stls"], &["--withhold STLS: it takes TOP, "]);
    check(&["--withhold", "CAPA"], &["--withhold CAPA: nothing announces it; --without CAPA"]);
    check(&["--withhold", "apop"], &["--withhold APOP: the timestamp in the greeting announces it"]);
    check(&["--without", "PIPELINING"], &["--without PIPELINING: commands that come early are heard in any case"]);
    check(&["--withhold", "UTF8"], &["--withhold UTF8: it is not offered; add --utf8"]);
    check(&["--withhold", "LANG"], &["--withhold LANG: it is not offered; add --lang"]);
    check(&["--without", "LANG", "--lang"], &["--without LANG: it is only there when an option asks for it"]);
    check(&["--withhold", "LOGIN"], &["--withhold LOGIN: it is not offered; name it with --mechanism too"]);
    check(&["--mechanism", "LOGIN", "--without", "LOGIN"], &["--without LOGIN: it is only there when an option"]);
    check(&["--mechanism", "LOGIN", "--without", "SASL"], &["--without SASL: it is only there when an option"]);
    check(&["--withhold", "TOP", "--without", "top"], &["--withhold TOP: it cannot be withheld and not be there"]);
    let under_tls = ["--stls", "--plaintext-under-tls", "--withhold"];
    for plaintext in ["USER", "PLAIN", "SASL"] {
        check(&[&under_tls[..], &[plaintext]].concat(), &["--plaintext-under-tls says when it is there"]);
    }
    check(&["--utf8", "names"], &["'names'", "[possible values: user]"]);
    check(&["--lang", "fr"], &["'fr'", "[possible values: en, de, es]"]);
}

#[test]
fn numbers_and_texts() {
    for option in
        ["--autologout", "--login-delay", "--failed-logins", "--max-connections", "--max-connections-per-address"]
    {
        check(&[option, "0"], &[option]);
        check(&[option, "many"], &[option]);
    }
    for text in ["", "two  spaces", " x", "x\r\nSTLS", "größer", &"x".repeat(500)] {
        check(&["--implementation", text], &["--implementation <TEXT>", "words of printable ASCII"]);
    }
}

#[test]
fn faults() {
    check(&["--fault", "retr-unstufed"], &["did you mean `retr-unstuffed`?", "`pop3spec list faults`"]);
}
