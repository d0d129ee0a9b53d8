//! Target files: `pop3-target/1`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::LoginChoice;
use super::accounts::Alphabet;
use super::store::Mail;
use crate::error::RunError;

/// The name of the format, first line of the file.
pub const FORMAT: &str = "pop3-target/1";

/// What a server may take for anything; an hour.
const LONGEST_SECONDS: u64 = 3600;

/// How a server is started, filled and stopped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// Always [`FORMAT`].
    format: String,
    /// Its name in reports.
    pub name: String,
    /// A program that prints its version, and its arguments: the first word that begins
    /// with a digit is the version in reports.
    #[serde(default)]
    pub version: Vec<String>,
    /// What must be there before it can be started.
    #[serde(default)]
    pub needs: Requisites,
    /// How it is installed; the runner only says so where a program is missing.
    #[serde(default)]
    pub install: Option<serde_yaml::Value>,
    /// Program and arguments. `{dir}`, `{port}`, `{tls_port}` and the other
    /// names of [`Names`](super::names::Names) are replaced. Without it, the server runs
    /// already, at `address`.
    #[serde(default)]
    pub command: Vec<String>,
    /// Where it runs, if it is not started by `command`.
    #[serde(default)]
    pub address: Option<RunningAt>,
    /// Names for further free ports.
    #[serde(default)]
    pub ports: Vec<String>,
    /// Variables added to its environment, and to that of all programs that this file names;
    /// values as in `command`.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// Files written into its private folder before it starts.
    #[serde(default)]
    pub files: Vec<TemplateFile>,
    /// Folders made in its private folder before it starts.
    #[serde(default)]
    pub folders: Vec<String>,
    /// How it is told of accounts.
    #[serde(default)]
    pub accounts: Accounts,
    /// How mail comes into its maildrops.
    pub mail: Mail,
    /// The TLS it has.
    #[serde(default)]
    pub tls: TargetTls,
    /// The user it runs as when we are root: mail servers rightly refuse root's mail.
    #[serde(default)]
    pub run_as: Option<String>,
    /// How the runner logs in, where a scenario does not say how.
    #[serde(default)]
    pub login: LoginChoice,
    /// Seconds until it must answer.
    #[serde(default = "ready_within")]
    pub ready_within: u64,
    /// Milliseconds: the longest silence where octets are due, for a server that takes
    /// its time by itself, such as after a wrong password.
    #[serde(default)]
    pub deadline: Option<u64>,
    /// Scenarios at the same time.
    #[serde(default = "concurrency")]
    pub concurrency: usize,
    /// Capabilities it claims, whatever CAPA says.
    #[serde(default)]
    pub profile: BTreeSet<String>,
    /// Files below its folder that it writes its log into, for messages.
    #[serde(default)]
    pub logs: Vec<String>,
    /// What it cannot do, for a reason outside of the protocol.
    #[serde(default)]
    pub cannot: Vec<Cannot>,
    /// Programs that kill it and start it again, where `address` says where it runs.
    #[serde(default)]
    pub hooks: Option<Hooks>,
    /// The folder of the target file.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// What must be there before a server can be started.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requisites {
    /// Whether only root can start it, such as for a mount name space.
    #[serde(default)]
    pub root: bool,
    /// Programs: paths, or names that are looked for on `PATH` and in the folders of
    /// system programs.
    #[serde(default)]
    pub programs: Vec<String>,
}

/// Where a server runs that we do not start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunningAt {
    /// Its name or address.
    pub host: String,
    /// The plain port.
    #[serde(default)]
    pub port: Option<u16>,
    /// The port with implicit TLS.
    #[serde(default)]
    pub tls_port: Option<u16>,
    /// Trust the certificates in this PEM file, beside the target file; without it, any.
    #[serde(default)]
    pub ca: Option<String>,
}

/// Scenarios that a server cannot be asked by.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cannot {
    /// Patterns of ids, as of `--skip`.
    pub scenarios: Vec<String>,
    /// Why not; stands in reports.
    pub why: String,
}

/// Programs for a server that we did not start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hooks {
    /// Ends it without warning.
    pub kill: Vec<String>,
    /// Starts it again on the same maildrops.
    pub start: Vec<String>,
}

/// A file made from a template.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateFile {
    /// The template, beside the target file. `${name}` is replaced.
    #[serde(default)]
    pub template: Option<String>,
    /// The text itself, in place of a template.
    #[serde(default)]
    pub text: Option<String>,
    /// Where it goes below the private folder.
    pub path: String,
}

/// How a server is told of accounts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// The file below the private folder, one line an account.
    #[serde(default)]
    pub file: Option<String>,
    /// The line, with `${user}` and `${password}`.
    #[serde(default)]
    pub line: Option<String>,
    /// A program that makes the accounts from the file `{users}`, once, when the server
    /// answers, and its arguments.
    #[serde(default)]
    pub load: Vec<String>,
    /// What its list of accounts can hold as a name.
    #[serde(default)]
    pub users: Alphabet,
    /// What its list of accounts can hold as a password.
    #[serde(default)]
    pub passwords: Alphabet,
    /// Characters that neither can have all the same, since they mean something in the list.
    #[serde(default)]
    pub without: String,
    /// The bearer token that the server takes for an account, with `${user}` and
    /// `${password}`; without it, it takes none.
    #[serde(default)]
    pub token: Option<String>,
    /// The one account that a server with a fixed one has; scenarios then run
    /// one after the other.
    #[serde(default)]
    pub fixed: Option<FixedAccount>,
}

/// An account that the server has by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedAccount {
    /// The mailbox name.
    pub user: String,
    /// The password; made for tests, not a secret.
    pub password: String,
}

/// The TLS that a server has.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetTls {
    /// STLS on the plain port; where nothing is said, CAPA decides.
    #[serde(default)]
    pub stls: Option<bool>,
    /// A port with implicit TLS, `{tls_port}`.
    #[serde(default)]
    pub implicit: bool,
}

fn ready_within() -> u64 {
    10
}

fn concurrency() -> usize {
    8
}

impl TargetFile {
    /// Reads a target file.
    ///
    /// # Errors
    /// The user's fault, with file and line.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let text = std::fs::read_to_string(path).map_err(|source| RunError::File { path: path.to_owned(), source })?;
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        Self::parse(&text, &path.display().to_string(), folder)
    }

    /// Reads the text of a target file.
    ///
    /// # Errors
    /// The user's fault, with file and line.
    pub fn parse(text: &str, path: &str, folder: &Path) -> Result<Self, RunError> {
        let usage = |why: String| RunError::Usage(format!("{path}: {why}"));
        let mut file: Self = serde_yaml::from_str(text).map_err(|error| usage(error.to_string()))?;
        if file.format != FORMAT {
            return Err(usage(format!("format `{}` is not known; this version reads `{FORMAT}`", file.format)));
        }
        match (file.command.is_empty(), &file.address) {
            (true, None) => {
                return Err(usage("`command` is empty; give the program and its arguments as a list".to_owned()));
            }
            (false, Some(_)) => {
                return Err(usage("give `command` or `address`: a server is started, or runs already".to_owned()));
            }
            (true, Some(address)) if address.port.is_none() && address.tls_port.is_none() => {
                return Err(usage("`address` has no port; give `port`, `tls_port` or both".to_owned()));
            }
            _ => {}
        }
        if let Some(complaint) = file.mail.complaint() {
            return Err(usage(complaint.to_owned()));
        }
        if file.hooks.is_some() && file.address.is_none() {
            return Err(usage("`hooks` are for a server at an `address`; one that we start, we also kill".to_owned()));
        }
        if file.accounts.file.is_some() != file.accounts.line.is_some() {
            return Err(usage("`accounts` needs both `file` and `line`, or neither".to_owned()));
        }
        if file.accounts.file.is_none() && file.accounts.fixed.is_none() {
            return Err(usage("`accounts` is missing: say `file` and `line`, or `fixed`".to_owned()));
        }
        for written in &file.files {
            if written.template.is_some() == written.text.is_some() {
                return Err(usage(format!("file `{}` needs either `template` or `text`", written.path)));
            }
        }
        let within = file.files.iter().map(|written| ("files: {path}", &written.path));
        let within = within.chain(file.folders.iter().map(|folder| ("folders", folder)));
        let within = within.chain(file.accounts.file.iter().map(|users| ("accounts: {file}", users)));
        for (key, path) in within.chain(file.logs.iter().map(|log| ("logs", log))) {
            if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
                return Err(usage(format!(
                    "`{key}`: `{path}` leads out of the private folder of the server; give a path below it"
                )));
            }
        }
        if file.ready_within == 0 || file.ready_within > LONGEST_SECONDS {
            return Err(usage(format!("`ready_within` is {} s; give 1 to {LONGEST_SECONDS}", file.ready_within)));
        }
        if let Some(deadline) = file.deadline.filter(|ms| *ms == 0 || *ms > LONGEST_SECONDS * 1000) {
            return Err(usage(format!("`deadline` is {deadline} ms; give 1 to {}", LONGEST_SECONDS * 1000)));
        }
        if file.accounts.fixed.is_some() {
            file.concurrency = 1;
        }
        file.concurrency = file.concurrency.max(1);
        file.folder = folder.to_owned();
        Ok(file)
    }

    /// The target that `--spawn COMMAND` describes: a server that reads
    /// `{users}` (lines `name:password`) and serves the Maildirs `{maildir}/NAME`.
    ///
    /// # Errors
    /// The user's fault: quoting in the command.
    pub fn from_command(command: &str, fixed: Option<FixedAccount>) -> Result<Self, RunError> {
        let words = shlex::split(command).filter(|words| !words.is_empty()).ok_or_else(|| {
            RunError::Usage("--spawn: the command is empty or a quote in it is not closed".to_owned())
        })?;
        let name = words.first().and_then(|word| Path::new(word).file_name()).map(|name| name.to_string_lossy());
        let name = name.map_or_else(|| "server".to_owned(), std::borrow::Cow::into_owned);
        let has_accounts_file = fixed.is_none();
        Ok(Self {
            format: FORMAT.to_owned(),
            name,
            tls: TargetTls { stls: None, implicit: command.contains("{tls_port}") },
            command: words,
            environment: BTreeMap::new(),
            files: Vec::new(),
            folders: Vec::new(),
            accounts: Accounts {
                file: has_accounts_file.then(|| "users".to_owned()),
                line: has_accounts_file.then(|| "${user}:${password}".to_owned()),
                fixed,
                ..Accounts::default()
            },
            mail: Mail { maildir: Some("{dir}/mail/{user}".to_owned()), ..Mail::default() },
            version: Vec::new(),
            needs: Requisites::default(),
            install: None,
            address: None,
            ports: Vec::new(),
            deadline: None,
            logs: Vec::new(),
            cannot: Vec::new(),
            hooks: None,
            run_as: None,
            login: LoginChoice::Auto,
            ready_within: ready_within(),
            concurrency: if has_accounts_file { concurrency() } else { 1 },
            profile: BTreeSet::new(),
            folder: PathBuf::from("."),
        })
    }

    /// Whether it is one of those in the workspace of this project, which its chores know.
    pub(super) fn is_of_this_project(&self) -> bool {
        std::fs::canonicalize(&self.folder)
            .is_ok_and(|folder| folder.parent().is_some_and(|targets| targets.ends_with("scenarios/targets")))
    }

    /// How long to wait for it.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.ready_within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_files_say_what_is_wrong() {
        let good = "format: pop3-target/1\nname: x\ncommand: [x]\nmail: {maildir: m}\naccounts: {file: u, line: l}\n";
        assert!(TargetFile::parse(good, "t.yaml", Path::new(".")).is_ok());
        let check = |text: &str, want: &str| {
            let error = TargetFile::parse(text, "t.yaml", Path::new(".")).unwrap_err().to_string();
            assert!(error.starts_with("t.yaml: ") && error.contains(want), "{error}");
        };
        check(&good.replace("target/1", "target/9"), "this version reads `pop3-target/1`");
        check(&good.replace("[x]", "[]"), "`command` is empty");
        check(&good.replace("name: x", "nam: x"), "unknown field `nam`");
        check(&format!("{good}login: PLAIN\n"), "`login: PLAIN` is no way to log in; it is one of auto, user-pass,");
        check(&good.replace(", line: l", ""), "needs both `file` and `line`");
        check(&format!("{good}files: [{{path: a}}]\n"), "either `template` or `text`");
        check(&good.replace("maildir: m", "maildir: m, mbox: m"), "needs one of `maildir`, `mbox`");
        check(&good.replace("maildir: m", "command: {fill: []}"), "`mail: {command: {fill}}` is empty");
        check(&format!("{good}address: {{host: h, port: 1}}\n"), "give `command` or `address`");
        check(&good.replace("command: [x]", "address: {host: h}"), "`address` has no port");
        let outside = "leads out of the private folder";
        check(&format!("{good}files: [{{path: /etc/x, text: y}}]\n"), outside);
        check(&format!("{good}folders: [mail, a/../../b]\n"), outside);
        check(&good.replace("file: u", "file: ../u"), outside);
        check(&format!("{good}logs: [/var/log/mail.log]\n"), outside);
        check(&format!("{good}ready_within: 0\n"), "`ready_within` is 0 s; give 1 to 3600");
        check(&format!("{good}deadline: 18446744073709551615\n"), "ms; give 1 to 3600000");
        check(&format!("{good}hooks: {{kill: [a], start: [b]}}\n"), "`hooks` are for a server at an `address`");
    }
}
