//! mutt

use super::cell::{WayIn, Wire};
use super::client::{Client, Delivery, HeaderEnd, LineEnd, Setting, Setup, Tool, command};

pub(super) const MUTT: Client = Client {
    name: "mutt",
    programs: &[Tool { program: "mutt", package: "mutt" }, Tool { program: "script", package: "bsdutils" }],
    version: "-v",
    setup,
    delivery: Delivery { fields: &[], line_end: LineEnd::Lf, header: HeaderEnd::AsStored },
    // Its `fetch-mail` knows LAST, but not UIDL.
    nothing_new: None,
    narrowed: &[],
    cannot: &[],
    note: "It wants a terminal, which `script` gives it.",
};

fn setup(setting: &Setting) -> Setup {
    let Setting { port, authority, folder, .. } = setting;
    let scheme = if setting.wire == Wire::Implicit { "pops" } else { "pop" };
    let auth = match setting.login {
        WayIn::UserPass => "user".to_owned(),
        WayIn::Apop => "apop".to_owned(),
        other => other.to_string().to_ascii_lowercase(),
    };
    let starttls = match setting.wire {
        Wire::Stls => "set ssl_starttls=yes\nset ssl_force_tls=yes",
        Wire::Plain | Wire::Implicit => "set ssl_starttls=no\nset ssl_force_tls=no",
    };
    let delete = setting.keep_or_delete("no", "yes");
    let text = format!(
        "set folder={folder}\nset mbox_type=Maildir\nset spoolfile={folder}/out\n\
         set pop_host=\"{scheme}://bob:secret@127.0.0.1:{port}\"\nset pop_user=bob\nset pop_pass=secret\n\
         set pop_authenticators=\"{auth}\"\nset pop_delete={delete}\nset ssl_ca_certificates_file={authority}\n\
         set certificate_file={authority}\n{starttls}\npush \"<fetch-mail><quit>\"\n"
    );
    let arguments = ["script", "-qec", "mutt -n -F muttrc -f out", "/dev/null"];
    Setup { files: vec![("muttrc", text)], command: command(&arguments) }
}
