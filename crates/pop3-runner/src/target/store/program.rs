//! Filling by a program of the target's own.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::Unfilled;
use crate::target::names::Names;

/// How long a program may take.
const DONE_WITHIN: Duration = Duration::from_secs(60);

/// How the programs of a target file are run.
#[derive(Clone, Copy, Debug)]
pub(in crate::target) struct Programs<'p> {
    pub(in crate::target) names: &'p Names,
    /// Added to the environment.
    pub(in crate::target) environment: &'p BTreeMap<String, String>,
}

/// Runs a program with these messages as files in a folder, `{messages}`.
///
/// # Errors
/// That it did not start, did not end, or did not end well; with what it printed.
pub(super) async fn run(words: &[String], programs: Programs<'_>, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
    let failed = |why: String| Unfilled::Failed(why);
    let folder = tempfile::tempdir().map_err(|error| failed(format!("no temporary folder: {error}")))?;
    for (message, number) in messages.iter().zip(1_u32..) {
        let path = folder.path().join(format!("{number:05}.eml"));
        std::fs::write(&path, message).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    }
    let names = programs.names.clone().with("messages", folder.path().display().to_string());
    Programs { names: &names, ..programs }.done(words).await.map_err(failed)
}

impl Programs<'_> {
    /// Runs a program to its good end. Where it takes too long, it is ended with all that it
    /// started.
    ///
    /// # Errors
    /// In words, why it did not come to one, with what it printed.
    pub(in crate::target) async fn done(self, words: &[String]) -> Result<(), String> {
        let mut words = words.iter().map(|word| self.names.in_command(word));
        let program = words.next().ok_or("the target file names no program for it")?;
        // A file, not a pipe: what it leaves running may keep it open.
        let no_file = |error| format!("no temporary file for what `{program}` prints: {error}");
        let mut printed = tempfile::tempfile().map_err(no_file)?;
        let (out, err) = printed.try_clone().and_then(|out| Ok((out, printed.try_clone()?))).map_err(no_file)?;
        let mut command = Command::new(&program);
        command.args(words).stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        self.set_environment(&mut command);
        let mut group = Group(command.spawn().map_err(|error| format!("`{program}`: {error}"))?);
        let status = timeout(DONE_WITHIN, group.0.wait()).await;
        let status = status.map_err(|_| format!("`{program}` does not end within {} s", DONE_WITHIN.as_secs()))?;
        let status = status.map_err(|error| format!("`{program}`: {error}"))?;
        if status.success() {
            return Ok(());
        }
        let mut text = Vec::new();
        let _ = printed.rewind().and_then(|()| printed.read_to_end(&mut text));
        let last = text.split(|octet| *octet == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
        Err(format!("`{program}` failed ({status}); the last that it printed: {}", pop3_proto::escape::escape(last)))
    }

    /// Sets the variables of the target file.
    pub(in crate::target) fn set_environment(self, command: &mut Command) {
        command.envs(self.environment.iter().map(|(name, value)| (name, self.names.in_command(value))));
    }
}

/// A program and its children, which end when nobody waits for it any more.
struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        // Once it was seen to end it has no number, and what it left running may go on.
        let group = self.0.id().and_then(|id| i32::try_from(id).ok());
        let _ = group.map(|group| killpg(Pid::from_raw(group), Signal::SIGKILL));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_are_files_and_failures_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let names = Names::default().with("user", "alice").with("out", out.display().to_string());
        let environment = BTreeMap::from([("WORD".to_owned(), "of {user}".to_owned())]);
        let programs = Programs { names: &names, environment: &environment };
        let check = async |script: &str| {
            let words = ["sh", "-c", script].map(str::to_owned);
            run(&words, programs, &[b"one\n".to_vec(), b"two\n".to_vec()]).await
        };
        check("cd {messages} && cat 00001.eml 00002.eml > {out}; echo $WORD >> {out}").await.unwrap();
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "one\ntwo\nof alice\n");
        let why = check("echo no such mailbox >&2; exit 3").await.unwrap_err().into_words();
        assert!(why.contains("exit status: 3") && why.ends_with("no such mailbox"), "{why}");
        let why = run(&["/no/such/program".to_owned()], programs, &[]).await.unwrap_err().into_words();
        assert!(why.starts_with("`/no/such/program`: "), "{why}");
    }

    #[tokio::test]
    async fn what_it_leaves_running_holds_nobody_up_and_what_is_given_up_ends_whole() {
        let folder = tempfile::tempdir().unwrap();
        let id = folder.path().join("id");
        let names = Names::default().with("id", id.display().to_string());
        let programs = Programs { names: &names, environment: &BTreeMap::new() };
        let child = || std::fs::read_to_string(&id).ok()?.trim().parse().ok().map(Pid::from_raw);
        let words = |script: &str| ["sh", "-c", script].map(str::to_owned);
        // The child keeps the output open.
        programs.done(&words("sleep 1000 & echo $! > {id}")).await.unwrap();
        let left = child().unwrap();
        nix::sys::signal::kill(left, Signal::SIGKILL).unwrap();
        std::fs::remove_file(&id).unwrap();
        // Given up while it waits for its child, which is gone then too.
        let until_child = async {
            let mut ticks = tokio::time::interval(Duration::from_millis(5));
            loop {
                ticks.tick().await;
                if let Some(child) = child() {
                    break child;
                }
            }
        };
        let script = words("sleep 1000 & echo $! > {id}; wait");
        let child = tokio::select! {
            child = until_child => child,
            ended = programs.done(&script) => unreachable!("{ended:?}"),
        };
        let state = || std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
        let gone = async {
            let mut ticks = tokio::time::interval(Duration::from_millis(5));
            while !(state().is_empty() || state().contains(") Z ")) {
                ticks.tick().await;
            }
        };
        assert!(timeout(Duration::from_secs(10), gone).await.is_ok(), "{}", state());
    }
}
