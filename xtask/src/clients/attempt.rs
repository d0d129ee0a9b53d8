//! One cell, run.

use std::fs;
use std::path::{Path, PathBuf};

use super::cell::{Cell, Mail, Wire};
use super::client::{Cannot, Setting};
use super::dialogue::{self, Dialogue, Entered};
use super::mail::{self, Message};
use super::program::{self, Ended};
use super::remaining;
use super::serving::Serving;

/// What all cells share.
#[derive(Debug)]
pub(super) struct Material {
    /// The program `pop3spec`.
    pub(super) pop3spec: PathBuf,
    pub(super) messages: Vec<Message>,
    /// The folder in which they are stored.
    pub(super) mail: PathBuf,
    /// One message, for cells that cannot work: what arrives there is not looked at.
    pub(super) one_message: PathBuf,
}

/// What a cell shows, as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Works(Seen),
    /// It fails in the way that is known.
    Cannot(&'static str),
}

/// What was seen of a cell that works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) exit: i32,
    /// The exit code of a second run, which finds nothing new.
    pub(super) exit_again: Option<i32>,
    /// Messages that arrived with the octets that are stored.
    pub(super) delivered: usize,
    pub(super) left: usize,
}

/// Runs a cell in a new folder, with a server of its own.
///
/// # Errors
/// What came otherwise than expected, with what both sides said.
pub(super) fn run(cell: &Cell, material: &Material, folder: &Path) -> Result<Outcome, String> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    for name in ["new", "cur", "tmp"] {
        fs::create_dir_all(folder.join("out").join(name)).map_err(told)?;
    }
    let authority = folder.join("ca.pem");
    let mail = if cell.cannot().is_some() { &material.one_message } else { &material.mail };
    let serving = Serving::start(&material.pop3spec, mail, &authority, &cell.offer())?;
    let port = if cell.wire == Wire::Implicit { serving.tls_port } else { serving.plain_port };
    let setup = (cell.client.setup)(&Setting {
        wire: cell.wire,
        mail: cell.mail,
        login: cell.login,
        port: port.to_string(),
        authority: authority.display().to_string(),
        folder: folder.display().to_string(),
        messages: material.messages.len(),
    });
    for (name, text) in &setup.files {
        write_private(&folder.join(name), text).map_err(told)?;
    }
    let before = remaining::unique_ids(serving.plain_port)?;
    let ended = program::run(&setup.command, folder)?;
    let delivered = delivered(&folder.join("out")).map_err(told)?;
    let again = match (cell.mail, cell.client.nothing_new, cell.cannot()) {
        (Mail::Keep, Some(_), None) => Some(program::run(&setup.command, folder)?),
        _ => None,
    };
    let delivered_again = self::delivered(&folder.join("out")).map_err(told)?.len() - delivered.len();
    let after = remaining::unique_ids(serving.plain_port);
    let dialogue = serving.stop()?;
    let run = Run { cell, material, ended, again, delivered, delivered_again, before, after, dialogue };
    let hung = run.again.iter().chain([&run.ended]).find_map(|ended| ended.hung.clone());
    let outcome = match (hung, cell.cannot()) {
        (Some(hung), _) => Err(hung),
        (None, Some(cannot)) => run.fails_as_known(cannot),
        (None, None) => run.works(),
    };
    outcome.map_err(|problem| format!("{problem}\n{}", run.both_sides()))
}

/// Writes a file that nobody else may read, as some clients insist when a
/// password is in it.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

/// Every file below a folder.
fn delivered(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(delivered(&path)?);
        } else {
            files.push(fs::read(path)?);
        }
    }
    Ok(files)
}

/// Everything that was seen of a cell.
struct Run<'r> {
    cell: &'r Cell,
    material: &'r Material,
    ended: Ended,
    again: Option<Ended>,
    delivered: Vec<Vec<u8>>,
    delivered_again: usize,
    before: Vec<String>,
    after: Result<Vec<String>, String>,
    dialogue: Dialogue,
}

impl Run<'_> {
    fn works(&self) -> Result<Outcome, String> {
        let client = self.cell.client;
        expect("the exit code", &self.ended.exit, &Some(0))?;
        mail::compare(&self.material.messages, &self.delivered, &client.delivery)?;
        self.entered_as_told()?;
        let left: &[String] = match self.cell.mail {
            Mail::Keep => &self.before,
            Mail::Delete => &[],
        };
        let after = self.after.as_deref().map_err(String::clone)?;
        expect("the unique-ids left on the server", &after, &left)?;
        if let Some(again) = &self.again {
            expect("the exit code of a second run", &again.exit, &client.nothing_new)?;
            expect("how many messages a second run fetches", &self.delivered_again, &0)?;
        }
        Ok(Outcome::Works(Seen {
            exit: 0,
            exit_again: self.again.as_ref().and_then(|again| again.exit),
            delivered: self.delivered.len(),
            left: after.len(),
        }))
    }

    /// Every connection of the client entered once, in the way and over the wire
    /// that it was told, and said QUIT.
    fn entered_as_told(&self) -> Result<(), String> {
        let runs = 1 + usize::from(self.again.is_some());
        let connections = self.dialogue.of_client();
        if connections.len() < runs {
            return Err(format!("expected {runs} connections of the client at least, got {}", connections.len()));
        }
        let told = Entered { by: self.cell.login.to_string(), over: self.cell.wire };
        for connection in connections {
            expect("the login that the server saw", &connection.logins(), &vec![told.clone()])?;
            expect("how the session ended", &connection.ending(), &"Update")?;
        }
        Ok(())
    }

    fn fails_as_known(&self, cannot: &'static Cannot) -> Result<Outcome, String> {
        let wanted = Entered { by: self.cell.login.to_string(), over: self.cell.wire };
        let connections = self.dialogue.of_client();
        if connections.iter().any(|connection| connection.logins().contains(&wanted)) {
            return Err("it works now; take its row of `cannot` away".to_owned());
        }
        expect("the exit code", &self.ended.exit, &Some(cannot.exit))?;
        let mechanism = self.cell.login.mechanism().unwrap_or_default();
        let evidence: Vec<String> = cannot.evidence.iter().map(|line| line.replace("{mechanism}", mechanism)).collect();
        let (said, events): (Vec<String>, Vec<String>) =
            evidence.into_iter().partition(|line| line.starts_with("stderr: "));
        let stderr: Vec<String> = self.ended.stderr.lines().map(|line| format!("stderr: {line}")).collect();
        let in_dialogue = connections.iter().any(|connection| dialogue::holds(&connection.events, &events));
        if in_dialogue && dialogue::holds(&stderr, &said) {
            return Ok(Outcome::Cannot(cannot.why));
        }
        Err(format!("it fails otherwise than its row of `cannot` says, which is {:?}", cannot.evidence))
    }

    /// What a person needs to see why.
    fn both_sides(&self) -> String {
        let mut text =
            format!("  the client ended with {:?}: {}\n", self.ended.exit, program::tail(&self.ended.stderr));
        for connection in self.dialogue.of_client() {
            text.push_str("  connection\n");
            for event in connection.events.iter().take(40) {
                text.push_str(&format!("    {}\n", event.chars().take(160).collect::<String>()));
            }
        }
        text
    }
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, got: &T, want: &T) -> Result<(), String> {
    if got == want { Ok(()) } else { Err(format!("{what}: expected {want:?}, got {got:?}")) }
}
