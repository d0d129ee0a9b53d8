//! mpop

use super::cell::{WayIn, Wire};
use super::client::{Client, Delivery, HeaderEnd, LineEnd, Setting, Setup, Tool, command};

pub(super) const MPOP: Client = Client {
    name: "mpop",
    programs: &[Tool { program: "mpop", package: "mpop" }],
    version: "--version",
    setup,
    delivery: Delivery { fields: &["Received"], line_end: LineEnd::Lf, header: HeaderEnd::AsStored },
    nothing_new: Some(0),
    narrowed: &[],
    cannot: &[],
    note: "It pipelines when the server announces PIPELINING: all RETR, then all DELE.",
};

fn setup(setting: &Setting) -> Setup {
    let Setting { port, authority, folder, .. } = setting;
    let auth = match setting.login {
        WayIn::UserPass => "user".to_owned(),
        WayIn::Apop => "apop".to_owned(),
        other => other.to_string().to_ascii_lowercase(),
    };
    let tls = match setting.wire {
        Wire::Plain => "tls off".to_owned(),
        Wire::Stls => format!("tls on\ntls_starttls on\ntls_trust_file {authority}"),
        Wire::Implicit => format!("tls on\ntls_starttls off\ntls_trust_file {authority}"),
    };
    let keep = setting.keep_or_delete("on", "off");
    let text = format!(
        "account default\nhost 127.0.0.1\nport {port}\nuser bob\npasswordeval \"echo secret\"\nauth {auth}\n\
         {tls}\ndelivery maildir {folder}/out\nuidls_file {folder}/uidls\nkeep {keep}\n"
    );
    Setup { files: vec![("mpoprc", text)], command: command(&["mpop", "-C", "mpoprc"]) }
}
