//! Filling an mbox file: messages one behind the other, each behind a line that begins
//! with `From ` and in front of an empty one, its lines ended by LF.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use serde::Deserialize;
use tokio::time::interval;

use super::by_lf;
use super::maildir::{self, Owner};
use crate::clock::Clock;

/// The line in front of a message. Its date is as `asctime` writes it.
const FROM_LINE: &[u8] = b"From pop3spec@localhost Tue Nov 14 22:13:20 2023\n";

/// The time of change of a new file, in seconds: long ago, since some servers wait until
/// the second is over in which a mailbox was changed.
const LONG_AGO: u64 = 1_700_000_000;

/// How long somebody else may hold the mailbox when mail is delivered.
const LOCKED_AT_MOST: Duration = Duration::from_secs(5);

/// What stands for a line of a message that begins with `From `.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Quoting {
    /// Itself: where it follows an empty line it begins another message.
    #[default]
    None,
    /// The line with `>` in front, which a reader takes away; so have lines with some of it.
    Mboxrd,
}

/// A lock to write, of a whole file.
#[expect(clippy::cast_possible_truncation, reason = "constants of the system, 0 to 2")]
const WHOLE: libc::flock = libc::flock {
    l_type: libc::F_WRLCK as libc::c_short,
    l_whence: libc::SEEK_SET as libc::c_short,
    l_start: 0,
    l_len: 0,
    l_pid: 0,
};

/// How often a lock is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Puts exactly these messages into an mbox file, in this order, and removes what the
/// server made of earlier ones.
///
/// # Errors
/// The system's error.
pub(super) fn fill(
    path: &Path,
    messages: &[Vec<u8>],
    quoting: Quoting,
    forget: &[String],
    owner: Owner,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    maildir::make_folder(folder, owner)?;
    if !forget.is_empty() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if forget.iter().any(|pattern| maildir::fits(pattern, &entry.file_name().to_string_lossy())) {
                fs::remove_file(entry.path())?;
            }
        }
    }
    let octets: Vec<u8> = messages.iter().flat_map(|message| entry(message, quoting)).collect();
    // A server that looks now sees the mailbox of before or the new one.
    let waiting = beside(path, ".filling");
    maildir::write_new(&waiting, &octets, owner)?;
    fs::set_permissions(&waiting, fs::Permissions::from_mode(0o600))?;
    set_changed(&waiting, LONG_AGO)?;
    fs::rename(waiting, path)
}

/// Adds one message, under the locks that delivery agents take: a file beside the mailbox
/// and one on it.
///
/// # Errors
/// The system's error; that of the lock, if it is held too long.
pub(super) async fn deliver(path: &Path, message: &[u8], quoting: Quoting, owner: Owner) -> io::Result<()> {
    let beside = beside(path, ".lock");
    let give_up = Clock::start();
    taken(&give_up, &beside.display().to_string(), || {
        fs::File::create_new(&beside).map(drop).map_err(|error| (error.kind() == io::ErrorKind::AlreadyExists, error))
    })
    .await?;
    let written = match maildir::own(&beside, owner) {
        Ok(()) => append(path, &entry(message, quoting), owner, &give_up).await,
        Err(error) => Err(error),
    };
    let unlocked = fs::remove_file(&beside);
    written.and(unlocked)
}

/// Takes a lock, as soon as nobody else has it; `take` says whether it is held.
async fn taken(clock: &Clock, name: &str, take: impl Fn() -> Result<(), (bool, io::Error)>) -> io::Result<()> {
    let mut ticks = interval(LOOK_AGAIN);
    loop {
        ticks.tick().await;
        match take() {
            Ok(()) => return Ok(()),
            Err((true, _)) if clock.elapsed() < LOCKED_AT_MOST => {}
            Err((true, error)) => {
                let why = format!("somebody holds its lock {name} for more than {} s", LOCKED_AT_MOST.as_secs());
                return Err(io::Error::new(error.kind(), why));
            }
            Err((false, error)) => return Err(error),
        }
    }
}

async fn append(path: &Path, entry: &[u8], owner: Owner, give_up: &Clock) -> io::Result<()> {
    // Each delivery is a second later than all before.
    static DELIVERED: AtomicU64 = AtomicU64::new(1);
    // Some servers remove a mailbox that is empty.
    if let Ok(made) = fs::File::create_new(path) {
        made.set_permissions(fs::Permissions::from_mode(0o600))?;
        maildir::own(path, owner)?;
    }
    let mut file = fs::File::options().read(true).append(true).open(path)?;
    // The session that holds it may be one of ours, which goes on only when we do.
    taken(give_up, "by fcntl", || {
        fcntl(&file, FcntlArg::F_OFD_SETLK(&WHOLE))
            .map(drop)
            .map_err(|error| (matches!(error, Errno::EAGAIN | Errno::EACCES), error.into()))
    })
    .await?;
    file.write_all(entry)?;
    // Closing the file unlocks it, so its time is set before.
    set_changed(path, LONG_AGO + DELIVERED.fetch_add(1, Ordering::Relaxed))
}

fn set_changed(path: &Path, second: u64) -> io::Result<()> {
    fs::File::options().append(true).open(path)?.set_modified(UNIX_EPOCH + Duration::from_secs(second))
}

/// Why an mbox file cannot hold a message without a change to it, if it cannot.
pub(super) fn cannot_hold(message: &[u8], quoting: Quoting) -> Option<&'static str> {
    let text = ended_by_lf(message);
    let begins_with = |line: &[u8]| line.starts_with(b"From ");
    let lines: Vec<&[u8]> = text.split(|octet| *octet == b'\n').collect();
    let ends = lines.iter().position(|line| line.is_empty());
    let header_ends = ends.is_some_and(|at| at + 1 < lines.len());
    let in_header = lines.iter().take(ends.unwrap_or(lines.len())).any(|line| begins_with(line));
    let behind_empty =
        lines.windows(2).any(|pair| matches!(pair, [before, line] if before.is_empty() && begins_with(line)));
    if !header_ends {
        Some("a message without an empty line behind its header")
    } else if in_header {
        Some("a header with a line that begins with `From `")
    } else if quoting == Quoting::None && behind_empty {
        Some("a line that begins with `From ` behind an empty one")
    } else {
        None
    }
}

/// A message with LF at the end of each line, also of the last.
fn ended_by_lf(message: &[u8]) -> Vec<u8> {
    let mut text = by_lf(message);
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text
}

/// A message as it stands in the file.
fn entry(message: &[u8], quoting: Quoting) -> Vec<u8> {
    let mut entry = FROM_LINE.to_vec();
    for line in ended_by_lf(message).split_inclusive(|octet| *octet == b'\n') {
        let quoted = line.iter().position(|octet| *octet != b'>').and_then(|at| line.get(at..));
        if quoting == Quoting::Mboxrd && quoted.is_some_and(|line| line.starts_with(b"From ")) {
            entry.push(b'>');
        }
        entry.extend_from_slice(line);
    }
    entry.push(b'\n');
    entry
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_line_its_own_lines_and_an_empty_one() {
        let check = |message: &[u8], quoting, want: &[u8]| {
            let entry = entry(message, quoting);
            assert_eq!(entry.strip_prefix(FROM_LINE), Some(want), "{message:?}");
        };
        check(b"S: x\r\n\r\na\r\n", Quoting::None, b"S: x\n\na\n\n");
        check(b"S: x\n\na", Quoting::None, b"S: x\n\na\n\n");
        check(b"a\rb\r\n", Quoting::None, b"a\rb\n\n");
        check(b"", Quoting::None, b"\n");
        check(b"\r\nFrom a\n>From b\n> From c\n", Quoting::Mboxrd, b"\n>From a\n>>From b\n> From c\n\n");
        check(b"a\nFrom a\n", Quoting::None, b"a\nFrom a\n\n");
    }

    #[test]
    fn what_an_mbox_cannot_hold_is_said() {
        let check = |message: &str, none: bool, mboxrd: bool| {
            let holds = |quoting| cannot_hold(message.as_bytes(), quoting).is_none();
            assert_eq!((holds(Quoting::None), holds(Quoting::Mboxrd)), (none, mboxrd), "{message:?}");
        };
        check("S: x\r\n\r\na\r\n", true, true);
        check("S: x\r\n\r\n", true, true);
        check("S: x\r\n", false, false);
        check("", false, false);
        check("From a\r\nS: x\r\n\r\na\r\n", false, false);
        check("S: x\r\n\r\nFrom a\r\n", false, true);
        check("S: x\r\n\r\na\r\nFrom a\r\n", true, true);
        check("S: x\r\n\r\na\r\n\nFrom a", false, true);
    }

    #[tokio::test]
    async fn exactly_these_messages_and_then_one_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail/alice");
        fill(&path, &[b"old\n".to_vec()], Quoting::None, &[], None).unwrap();
        fs::write(folder.path().join("mail/.alice.index"), "x").unwrap();
        fs::write(folder.path().join("mail/.bob.index"), "x").unwrap();
        fill(&path, &[b"one\n".to_vec(), b"two\n".to_vec()], Quoting::None, &[".alice.*".to_owned()], None).unwrap();
        deliver(&path, b"three\r\n", Quoting::None, None).await.unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with("From ")).collect();
        assert_eq!(lines, ["one", "two", "three"]);
        let changed = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert!(changed(&path) > UNIX_EPOCH + Duration::from_secs(LONG_AGO));
        fill(&path, &[], Quoting::None, &[], None).unwrap();
        assert_eq!(changed(&path), UNIX_EPOCH + Duration::from_secs(LONG_AGO));
        let names: Vec<_> = fs::read_dir(folder.path().join("mail")).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names.len(), 2, "{names:?}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_lock_that_somebody_holds_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alice");
        fill(&path, &[b"one\n".to_vec()], Quoting::None, &[], None).unwrap();
        fs::write(beside(&path, ".lock"), "").unwrap();
        let by_fcntl = fs::File::options().write(true).open(&path).unwrap();
        fcntl(&by_fcntl, FcntlArg::F_OFD_SETLK(&WHOLE)).unwrap();
        let mut delivery = std::pin::pin!(deliver(&path, b"two\r\n", Quoting::None, None));
        let waits = Duration::from_millis(60);
        assert!(tokio::time::timeout(waits, &mut delivery).await.is_err(), "the lock beside it is held");
        fs::remove_file(beside(&path, ".lock")).unwrap();
        assert!(tokio::time::timeout(waits, &mut delivery).await.is_err(), "the lock on it is held");
        drop(by_fcntl);
        delivery.await.unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("two"));
        assert!(!beside(&path, ".lock").exists());
    }
}
