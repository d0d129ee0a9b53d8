//! fetchmail

use super::cell::{WayIn, Wire};
use super::client::{Cannot, Client, Delivery, HeaderEnd, LineEnd, Setting, Setup, Tool, command};

pub(super) const FETCHMAIL: Client = Client {
    name: "fetchmail",
    programs: &[Tool { program: "fetchmail", package: "fetchmail" }],
    version: "--version",
    setup,
    delivery: Delivery { fields: &["Received"], line_end: LineEnd::Lf, header: HeaderEnd::Completed },
    nothing_new: Some(1),
    narrowed: &[],
    cannot: &[
        Cannot {
            logins: &[WayIn::Apop],
            wires: &[Wire::Stls],
            whose: "the client",
            why: "with `proto apop` it asks for no CAPA and does no STLS, though `sslproto 'tls1.2+'` calls for TLS; \
              it goes on in clear and says nothing about it",
            exit: 0,
            evidence: &["S: +OK …<…>\\r\\n", "C: APOP bob ***\\r\\n"],
        },
        Cannot {
            logins: &[WayIn::Plain, WayIn::Login, WayIn::ScramSha1, WayIn::ScramSha256],
            wires: &Wire::ALL,
            whose: "the client",
            why: "it knows no PLAIN, LOGIN or SCRAM for POP3 (`auth plain` is a syntax error); \
              with `auth any` it reads the mechanisms and falls back to USER",
            exit: 0,
            evidence: &[
                "C: CAPA\\r\\n",
                "S: +OK …\\r\\nSASL {mechanism}\\r\\n…",
                "C: USER bob\\r\\n",
                "S: +OK …",
                "C: PASS ***\\r\\n",
            ],
        },
    ],
    note: "Keeping mail it fetches by `TOP n 99999999`, deleting by RETR. Exit code 1 says that nothing was new.",
};

fn setup(setting: &Setting) -> Setup {
    let Setting { port, authority, folder, .. } = setting;
    let (protocol, auth) = match setting.login {
        WayIn::UserPass => ("pop3", "auth password "),
        WayIn::Apop => ("apop", ""),
        WayIn::CramMd5 => ("pop3", "auth cram-md5 "),
        _ => ("pop3", "auth any "),
    };
    // `uidl` is an option of the server, and comes before those of the user.
    let (uidl, mail) = setting.keep_or_delete(("uidl ", "keep"), ("", "nokeep fetchall"));
    let tls = match setting.wire {
        Wire::Plain => "sslproto ''".to_owned(),
        Wire::Stls => format!("sslproto 'tls1.2+' sslcertck sslcertfile {authority} sslcommonname localhost"),
        Wire::Implicit => format!("ssl sslcertck sslcertfile {authority} sslcommonname localhost"),
    };
    let text = format!(
        "poll 127.0.0.1 proto {protocol} port {port} {uidl}{auth}user \"bob\" password \"secret\"\n  \
         {mail} {tls}\n  mda \"cat > $(mktemp {folder}/out/XXXXXX)\"\n"
    );
    let arguments = ["fetchmail", "--nosyslog", "--fetchmailrc", "fetchmailrc", "-i", "ids", "--pidfile", "pid"];
    Setup { files: vec![("fetchmailrc", text)], command: command(&arguments) }
}
