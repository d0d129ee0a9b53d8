//! Clients as programs: started in a group of their own, ended when they hang.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// How long a client may take for one run. Each needs less than a second on an
/// idle machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// How a client ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// `None` when a signal ended it.
    pub(super) exit: Option<i32>,
    pub(super) stderr: String,
    /// What it had said when it was ended for taking too long.
    pub(super) hung: Option<String>,
}

/// Runs a command in its folder, which is its home too, and waits for its end.
///
/// # Errors
/// It cannot be started.
pub(super) fn run(words: &[String], folder: &Path) -> Result<Ended, String> {
    let (program, arguments) = words.split_first().ok_or("no command")?;
    let told = |error: std::io::Error| format!("{program}: {error}");
    // Files, not pipes: nobody has to read them for the client to go on.
    let (out, err) = (folder.join("stdout"), folder.join("stderr"));
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs([("HOME", folder), ("TMPDIR", folder)])
        .envs([("USER", "bob"), ("LOGNAME", "bob"), ("LC_ALL", "C.UTF-8"), ("TERM", "vt100"), ("TZ", "UTC")])
        .stdin(Stdio::null())
        .stdout(File::create(&out).map_err(told)?)
        .stderr(File::create(&err).map_err(told)?)
        .process_group(0)
        .spawn()
        .map_err(told)?;
    let group = i32::try_from(child.id()).map(Pid::from_raw).map_err(|error| error.to_string())?;
    let (ended, wait) = mpsc::channel();
    let waiter = std::thread::spawn(move || ended.send(child.wait()));
    let status = wait.recv_timeout(DEADLINE);
    if status.is_err() {
        // It fails when the group has just ended by itself, which is as well.
        let _ = killpg(group, Signal::SIGKILL);
        let _ = waiter.join();
    }
    let said = |path| fs::read(path).map(|octets| String::from_utf8_lossy(&octets).into_owned()).map_err(told);
    let stderr = said(&err)?;
    Ok(match status {
        Ok(status) => Ended { exit: status.map_err(told)?.code(), stderr, hung: None },
        Err(_) => {
            let hung = format!("{program} does not end within {DEADLINE:?}; it says {}", tail(&said(&out)?));
            Ended { exit: None, stderr, hung: Some(hung) }
        }
    })
}

/// The last words of a program.
pub(super) fn tail(said: &str) -> String {
    let from = said.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
    format!("{:?}", said.get(from..).unwrap_or(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_end_with_a_code_in_their_own_folder() {
        let folder = tempfile::tempdir().unwrap();
        let check = |script: &str, want: Option<i32>, stderr: &str| {
            let ended = run(&["sh".to_owned(), "-c".to_owned(), script.to_owned()], folder.path()).unwrap();
            assert_eq!((ended.exit, ended.stderr.as_str()), (want, stderr), "{script}");
        };
        check("exit 0", Some(0), "");
        check("echo no >&2; exit 67", Some(67), "no\n");
        check("kill -9 $$", None, "");
        check("echo $HOME $PWD >&2", Some(0), &format!("{0} {0}\n", folder.path().display()));
        let absent = run(&["no-such-client-here".to_owned()], folder.path()).unwrap_err();
        assert!(absent.starts_with("no-such-client-here: "), "{absent}");
    }
}
