//! Python's poplib

use super::cell::{WayIn, Wire};
use super::client::{Cannot, Client, Delivery, HeaderEnd, LineEnd, Setting, Setup, Tool};

pub(super) const POPLIB: Client = Client {
    name: "poplib",
    programs: &[Tool { program: "/usr/bin/python3", package: "python3" }],
    version: "--version",
    setup,
    delivery: Delivery { fields: &[], line_end: LineEnd::Crlf, header: HeaderEnd::AsStored },
    nothing_new: None,
    narrowed: &[],
    cannot: &[Cannot {
        logins: &[WayIn::ScramSha1, WayIn::ScramSha256],
        wires: &Wire::ALL,
        whose: "the client",
        why: "it has no method for AUTH, and the server hears nothing more; \
              SCRAM is beyond what one does by hand with its private methods",
        exit: 1,
        evidence: &["-- ended: Disconnected", "stderr: AttributeError: '…' object has no attribute 'auth'"],
    }],
    note: "It refuses lines of a message above 2048 octets (`error_proto('line too long')`); the script raises \
           `poplib._MAXLINE`, as programs that use it do. PLAIN, LOGIN and CRAM-MD5 are done by hand with its private \
           methods `_shortcmd`, `_putcmd` and `_getline`.",
};

fn setup(setting: &Setting) -> Setup {
    let how = match setting.wire {
        Wire::Plain => "plain",
        Wire::Stls => "stls",
        Wire::Implicit => "implicit",
    };
    let mail = setting.keep_or_delete("keep", "delete");
    let words = ["/usr/bin/python3", "poplib-session.py", how];
    let mut command = super::client::command(&words);
    command.extend([setting.login.to_string(), mail.to_owned(), setting.port.clone(), setting.authority.clone()]);
    Setup { files: vec![("poplib-session.py", include_str!("poplib-session.py").to_owned())], command }
}
