//! Filling by a program of the target's own.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::Unfilled;
use crate::target::names::Names;

/// How long a program may take.
const DONE_WITHIN: Duration = Duration::from_secs(60);

/// Runs a program with these messages as files in a folder, `{messages}`.
///
/// # Errors
/// That it did not start, did not end, or did not end well; with what it printed.
pub(super) async fn run(words: &[String], names: &Names, messages: &[Vec<u8>]) -> Result<(), Unfilled> {
    let failed = |why: String| Unfilled::Failed(why);
    let folder = tempfile::tempdir().map_err(|error| failed(format!("no temporary folder: {error}")))?;
    for (message, number) in messages.iter().zip(1_u32..) {
        let path = folder.path().join(format!("{number:05}.eml"));
        std::fs::write(&path, message).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    }
    let names = names.clone().with("messages", folder.path().display().to_string());
    done(words, &names).await.map_err(failed)
}

/// Runs a program to its good end.
///
/// # Errors
/// In words, why it did not come to one, with what it printed.
pub(in crate::target) async fn done(words: &[String], names: &Names) -> Result<(), String> {
    let mut words = words.iter().map(|word| names.in_command(word));
    let program = words.next().ok_or("the target file names no program for it")?;
    let mut command = Command::new(&program);
    command.args(words).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(DONE_WITHIN, command.output()).await;
    let output = output.map_err(|_| format!("`{program}` does not end within {} s", DONE_WITHIN.as_secs()))?;
    let output = output.map_err(|error| format!("`{program}`: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    let last = printed.split(|octet| *octet == b'\n').rfind(|line| !line.is_empty()).unwrap_or_default();
    Err(format!(
        "`{program}` failed ({}); the last that it printed: {}",
        output.status,
        pop3_proto::escape::escape(last)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_are_files_and_failures_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let names = Names::default().with("user", "alice").with("out", out.display().to_string());
        let check = async |script: &str| {
            let words = ["sh", "-c", script].map(str::to_owned);
            run(&words, &names, &[b"one\n".to_vec(), b"two\n".to_vec()]).await
        };
        check("cd {messages} && cat 00001.eml 00002.eml > {out}; echo {user} >> {out}").await.unwrap();
        assert_eq!(std::fs::read_to_string(&out).unwrap(), "one\ntwo\nalice\n");
        let why = check("echo no such mailbox >&2; exit 3").await.unwrap_err().into_words();
        assert!(why.contains("exit status: 3") && why.ends_with("no such mailbox"), "{why}");
        let why = run(&["/no/such/program".to_owned()], &names, &[]).await.unwrap_err().into_words();
        assert!(why.starts_with("`/no/such/program`: "), "{why}");
    }
}
