//! getmail6

use super::cell::{WayIn, Wire};
use super::client::{Cannot, Client, Delivery, HeaderEnd, LineEnd, Setting, Setup, Tool, command};

pub(super) const GETMAIL: Client = Client {
    name: "getmail6",
    programs: &[Tool { program: "getmail", package: "getmail6" }],
    version: "--version",
    setup,
    delivery: Delivery {
        fields: &["Return-Path", "Delivered-To", "Received"],
        line_end: LineEnd::Lf,
        header: HeaderEnd::Completed,
    },
    nothing_new: Some(0),
    narrowed: &[],
    cannot: &[
        Cannot {
            logins: &[WayIn::Apop],
            wires: &[Wire::Stls],
            whose: "the client",
            why: "it has no option for STLS, asks for no CAPA, and goes on in clear",
            exit: 0,
            evidence: &["S: +OK …<…>\\r\\n", "C: APOP bob ***\\r\\n"],
        },
        Cannot {
            logins: &WayIn::ALL,
            wires: &[Wire::Stls],
            whose: "the client",
            why: "it has no option for STLS, asks for no CAPA, and sends name and password in clear",
            exit: 0,
            evidence: &["S: +OK …<…>\\r\\n", "C: USER bob\\r\\n", "S: +OK …", "C: PASS ***\\r\\n"],
        },
        Cannot {
            logins: &[WayIn::Plain, WayIn::Login, WayIn::CramMd5, WayIn::ScramSha1, WayIn::ScramSha256],
            wires: &Wire::ALL,
            whose: "the client",
            why: "it has no option for these mechanisms, asks for no CAPA, and logs in by USER",
            exit: 0,
            evidence: &["S: +OK …<…>\\r\\n", "C: USER bob\\r\\n", "S: +OK …", "C: PASS ***\\r\\n"],
        },
    ],
    note: "Mail goes through an external program, since getmail writes no Maildir when root runs it. That program \
           ends only when getmail waits for it: getmail may miss the end of one that is quicker, and then stands \
           still for minutes (getmail6 issues 226 and 245).",
};

/// getmail sets its handler of SIGCHLD, and begins to wait, after it has forked; an
/// end that comes before is lost.
const UNTIL_PARENT_SLEEPS: &str = "while read -r _ _ state _ < /proc/$PPID/stat && [ \"$state\" != S ]; do :; done\n";

fn setup(setting: &Setting) -> Setup {
    let Setting { port, authority, folder, .. } = setting;
    let retriever = match setting.wire {
        Wire::Plain | Wire::Stls => "type = SimplePOP3Retriever".to_owned(),
        Wire::Implicit => format!("type = SimplePOP3SSLRetriever\nca_certs = {authority}"),
    };
    let apop = if setting.login == WayIn::Apop { "use_apop = true\n" } else { "" };
    let delete = setting.keep_or_delete("false", "true");
    let text = format!(
        "[retriever]\n{retriever}\nserver = 127.0.0.1\nport = {port}\nusername = bob\npassword = secret\n{apop}\
         [destination]\ntype = MDA_external\npath = /bin/sh\n\
         arguments = (\"{folder}/deliver\",)\nallow_root_commands = true\n\
         [options]\nread_all = false\ndelete = {delete}\n"
    );
    let arguments = ["getmail", "--getmaildir", folder, "--rcfile", "getmailrc"];
    let deliver = format!("cat > \"$(mktemp {folder}/out/XXXXXX)\"\n{UNTIL_PARENT_SLEEPS}");
    Setup { files: vec![("getmailrc", text), ("deliver", deliver)], command: command(&arguments) }
}
