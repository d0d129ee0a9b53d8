//! curl

use super::cell::{Mail, WayIn, Wire};
use super::client::{Cannot, Client, Delivery, HeaderEnd, LineEnd, Setting, Setup, Tool, command};

pub(super) const CURL: Client = Client {
    name: "curl",
    programs: &[Tool { program: "curl", package: "curl" }],
    version: "--version",
    setup,
    delivery: Delivery { fields: &[], line_end: LineEnd::Crlf, header: HeaderEnd::AsStored },
    nothing_new: None,
    // It has no option for USER, and takes any mechanism or APOP first.
    narrowed: &[(WayIn::UserPass, &["--mechanism", "SCRAM-SHA-256", "--without", "APOP"])],
    cannot: &[Cannot {
        logins: &[WayIn::ScramSha1, WayIn::ScramSha256],
        wires: &Wire::ALL,
        whose: "the client",
        why: "Debian builds it without a library for SCRAM; told to use it, it leaves after CAPA",
        exit: 67,
        evidence: &[
            "C: CAPA\\r\\n",
            "S: +OK …\\r\\nSASL {mechanism}\\r\\n…",
            "-- ended: Disconnected",
            "stderr: curl: (67) Login denied",
        ],
    }],
    note: "USER/PASS is what it takes when the server offers neither a timestamp nor a mechanism that it knows, so \
           those cells have a server with `--mechanism SCRAM-SHA-256 --without APOP`. To delete it is given the \
           DELE commands.",
};

fn setup(setting: &Setting) -> Setup {
    let Setting { port, authority, messages, .. } = setting;
    let scheme = if setting.wire == Wire::Implicit { "pop3s" } else { "pop3" };
    let address = format!("{scheme}://127.0.0.1:{port}/[1-{messages}]");
    let options = match setting.login {
        WayIn::UserPass => None,
        WayIn::Apop => Some("AUTH=+APOP".to_owned()),
        other => Some(format!("AUTH={other}")),
    };
    let mut transfer = command(&["-sS", "--fail-early", "--noproxy", "*", "-u", "bob:secret"]);
    if let Some(options) = options {
        transfer.extend(["--login-options".to_owned(), options]);
    }
    if setting.wire != Wire::Plain {
        transfer.extend(command(&["--ssl-reqd", "--cacert", authority]));
    }
    transfer.push(address);
    let mut words = command(&["curl"]);
    words.extend_from_slice(&transfer);
    words.extend(command(&["-o", "out/new/#1"]));
    if setting.mail == Mail::Delete {
        words.push("--next".to_owned());
        words.extend(transfer);
        words.extend(command(&["-I", "-X", "DELE", "-o", "answers"]));
    }
    Setup { files: Vec::new(), command: words }
}
