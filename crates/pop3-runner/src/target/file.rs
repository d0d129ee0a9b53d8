//! Target files: `pop3-target/1`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::LoginChoice;
use super::accounts::Alphabet;
use crate::error::RunError;

/// The name of the format, first line of the file.
pub const FORMAT: &str = "pop3-target/1";

/// How a server is started, filled and stopped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// Always [`FORMAT`].
    format: String,
    /// Its name in reports.
    pub name: String,
    /// Program and arguments. `{dir}`, `{port}`, `{tls_port}` and the other
    /// names of [`Names`] are replaced.
    pub command: Vec<String>,
    /// Variables added to its environment; values as in `command`.
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
    /// Where the mail of an account lies.
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
    /// Scenarios at the same time.
    #[serde(default = "concurrency")]
    pub concurrency: usize,
    /// Capabilities it claims, whatever CAPA says.
    #[serde(default)]
    pub profile: BTreeSet<String>,
    /// The folder of the target file.
    #[serde(skip)]
    pub folder: PathBuf,
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

/// Where the mail of an account lies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The Maildir of `{user}`, such as `{dir}/mail/{user}/Maildir`.
    pub maildir: String,
    /// Files removed with the messages, so that no index outlives them; names
    /// below the Maildir, a trailing `*` for all that begin so.
    #[serde(default)]
    pub forget: Vec<String>,
}

/// The TLS that a server has.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetTls {
    /// STLS on the plain port.
    #[serde(default)]
    pub stls: bool,
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
        if file.command.is_empty() {
            return Err(usage("`command` is empty; give the program and its arguments as a list".to_owned()));
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
            tls: TargetTls { stls: false, implicit: command.contains("{tls_port}") },
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
            mail: Mail { maildir: "{dir}/mail/{user}".to_owned(), forget: Vec::new() },
            run_as: None,
            login: LoginChoice::Auto,
            ready_within: ready_within(),
            concurrency: if has_accounts_file { concurrency() } else { 1 },
            profile: BTreeSet::new(),
            folder: PathBuf::from("."),
        })
    }

    /// How long to wait for it.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.ready_within)
    }
}

/// The names that a target file may use, and their values.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<(&'static str, String)>);

impl Names {
    /// Adds a name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Replaces `{name}`; braces around anything else stay.
    #[must_use]
    pub fn in_command(&self, text: &str) -> String {
        self.replace(text, "{")
    }

    /// Replaces `${name}`.
    #[must_use]
    pub fn in_template(&self, text: &str) -> String {
        self.replace(text, "${")
    }

    fn replace(&self, text: &str, open: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        'text: while let Some(at) = rest.find(open) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            for (name, value) in &self.0 {
                if let Some(behind) =
                    from.strip_prefix(open).and_then(|r| r.strip_prefix(name)).and_then(|r| r.strip_prefix('}'))
                {
                    out.push_str(value);
                    rest = behind;
                    continue 'text;
                }
            }
            out.push_str(open);
            rest = from.strip_prefix(open).unwrap_or_default();
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_once_and_braces_stay() {
        let names = Names::default().with("port", "110").with("dir", "/d/{port}");
        assert_eq!(names.in_command("x {port} {dir} {other} {"), "x 110 /d/{port} {other} {");
        assert_eq!(names.in_template("service { p = ${port} } $x ${nope}"), "service { p = 110 } $x ${nope}");
    }

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
    }
}
