//! The folder that the examples of the page are run in: what a reader has, in small.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::page::root;
use crate::program::{Ended, pop3spec, run};

/// The port in the page; each test has one of its own.
const PORT: &str = "1110";

/// The server in the page that has an account.
const HOSTED: &str = "mail.example.org:110";

/// `./server`: the toy with options, and a port with TLS.
const SERVER: &str = r#"#!/usr/bin/env python3
import argparse, ssl, sys, threading
options = argparse.ArgumentParser()
for name in ("--port", "--users", "--mail", "--tls-port", "--cert", "--key"):
    options.add_argument(name)
options = options.parse_args()
sys.argv[1:] = [options.port, options.users, options.mail]
toy, _, _ = open("docs/examples/toy.py").read().rpartition("Server((")
exec(toy)
if options.tls_port:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)
    class Tls(Server):
        def get_request(self):
            stream, address = super().get_request()
            return context.wrap_socket(stream, server_side=True, do_handshake_on_connect=False), address
    threading.Thread(target=Tls(("127.0.0.1", int(options.tls_port)), Session).serve_forever, daemon=True).start()
Server(("127.0.0.1", PORT), Session).serve_forever()
"#;

/// `docker`, for one container with the toy in it; its `/srv` is the folder `srv`.
const DOCKER: &str = r#"#!/bin/sh
set -e
serve() { python3 docs/examples/toy.py 1110 srv/users srv/mail > srv/log 2>&1 & echo $! > srv/pid; }
case $1 in
run) mkdir -p srv/mail; touch srv/users; echo 'my-server 1.2' > srv/version; serve ;;
start) serve ;;
cp) cp "$2" "${3#pop3:/}" ;;
exec)
    while [ "$1" != pop3 ]; do shift; done
    shift
    for word; do shift; set -- "$@" "$(echo "$word" | sed 's|/srv/|srv/|g')"; done
    exec "$@" ;;
kill|rm) kill -9 "$(cat srv/pid)" && rm srv/pid ;;
*) exit 64 ;;
esac
"#;

/// A folder with the examples of the repository, and `./server`, `cargo`, `make`, `docker`.
/// `pop3spec` is the real one.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: tempfile::TempDir,
    port: u16,
}

impl Folder {
    pub(crate) fn make() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let made = Self { folder: tempfile::tempdir().unwrap(), port: free.port() };
        for entry in std::fs::read_dir(root().join("docs/examples")).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            made.write(&format!("docs/examples/{}", path.file_name().unwrap().to_str().unwrap()), &made.here(&text));
        }
        made.write("server", SERVER);
        made.write("bin/docker", &made.here(DOCKER));
        for nothing_to_do in ["bin/cargo", "bin/make"] {
            made.write(nothing_to_do, "#!/bin/sh\n");
        }
        // Slow machines are none of the page's business, and the rest of the tiers is asked in `toy`.
        let program = pop3spec(&[]);
        let program = program.get_program().display();
        made.write("bin/pop3spec", &format!("#!/bin/sh\nexec {program} \"$@\"\n"));
        made.write("bin/quick/pop3spec", &format!("#!/bin/sh\nexec {program} \"$@\" --tier gate --time-scale 4\n"));
        made
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The address of the server that the page says runs somewhere.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A text of the page with the port and the server of this test.
    fn here(&self, text: &str) -> String {
        text.replace(PORT, &self.port.to_string()).replace(HOSTED, &self.address())
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        if text.starts_with("#!") {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    /// Runs lines of a shell, which ends with what it started in the background.
    pub(crate) fn shell(&self, lines: &str, programs: &[&str]) -> Ended {
        let script = format!("set -e\ntrap '[ -z \"$!\" ] || {{ kill $!; wait $! || :; }}' EXIT\n{}", self.here(lines));
        let mut path: String =
            programs.iter().map(|folder| format!("{}:", self.path().join(folder).display())).collect();
        path.push_str(&std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(self.path()).env("PATH", path);
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(variable);
        }
        run(&mut command)
    }
}

impl Drop for Folder {
    /// An example that failed has left its container.
    fn drop(&mut self) {
        if let Ok(id) = std::fs::read_to_string(self.path().join("srv/pid")) {
            let _ = Command::new("kill").arg(id.trim()).status();
        }
    }
}
