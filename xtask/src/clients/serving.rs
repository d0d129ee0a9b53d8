//! `pop3spec serve` for one cell.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::dialogue::Dialogue;

/// How long the server may take for its next line.
const DEADLINE: Duration = Duration::from_secs(60);

/// A server that runs. Dropped, it is ended.
#[derive(Debug)]
pub(super) struct Serving {
    child: Child,
    lines: Receiver<String>,
    pub(super) plain_port: u16,
    pub(super) tls_port: u16,
}

impl Serving {
    /// Starts one with an account `bob`, whose password is `secret` and whose mail
    /// is in the folder `mail`; it writes its authority to `authority`.
    ///
    /// # Errors
    /// What it says instead of its two addresses.
    pub(super) fn start(program: &Path, mail: &Path, authority: &Path, more: &[&str]) -> Result<Self, String> {
        let told = |error: std::io::Error| format!("{}: {error}", program.display());
        let mut command = Command::new(program);
        command.args(["serve", "--verbose", "--stls", "--listen-tls", "127.0.0.1:0", "--account", "bob:secret"]);
        command.arg("--mail").arg(format!("bob={}", mail.display())).arg("--ca-out").arg(authority).args(more);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).env("NO_COLOR", "1");
        let mut child = command.spawn().map_err(told)?;
        let (sender, lines) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).split(b'\n').map_while(Result::ok) {
                    if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                        break;
                    }
                }
            });
        }
        let mut serving = Self { child, lines, plain_port: 0, tls_port: 0 };
        serving.plain_port = serving.port("pop3://")?;
        serving.tls_port = serving.port("pop3s://")?;
        Ok(serving)
    }

    fn port(&self, scheme: &str) -> Result<u16, String> {
        let line = self.lines.recv_timeout(DEADLINE).map_err(|_| format!("the server tells no {scheme} address"))?;
        let port = line.strip_prefix(scheme).and_then(|address| address.rsplit_once(':')?.1.parse().ok());
        port.ok_or_else(|| format!("the server says {line:?} where its {scheme} address is due"))
    }

    /// Ends it, and has what was said on its connections.
    ///
    /// # Errors
    /// It does not end.
    pub(super) fn stop(self) -> Result<Dialogue, String> {
        let id = i32::try_from(self.child.id()).map(Pid::from_raw).map_err(|error| error.to_string())?;
        kill(id, Signal::SIGTERM).map_err(|error| format!("the server has ended before it was told to: {error}"))?;
        let mut dialogue = Dialogue::default();
        loop {
            match self.lines.recv_timeout(DEADLINE) {
                Ok(line) => dialogue.read_line(&line),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return Ok(dialogue),
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => return Err("the server does not end".to_owned()),
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Fails when it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
