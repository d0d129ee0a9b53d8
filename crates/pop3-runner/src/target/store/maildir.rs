//! Filling a Maildir.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// A user and group id.
pub(in crate::target) type Owner = Option<(u32, u32)>;

/// Puts exactly these messages into a Maildir, in this order, and removes what
/// the server made of earlier ones. The order is that of the file names, and of
/// their times of change.
///
/// # Errors
/// The system's error.
pub(super) fn fill(maildir: &Path, messages: &[Vec<u8>], forget: &[String], owner: Owner) -> io::Result<()> {
    for sub in ["cur", "new", "tmp"] {
        let folder = maildir.join(sub);
        make_folder(&folder, owner)?;
        for entry in fs::read_dir(&folder)? {
            fs::remove_file(entry?.path())?;
        }
    }
    for entry in fs::read_dir(maildir)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_file() && forget.iter().any(|pattern| fits(pattern, &name.to_string_lossy())) {
            fs::remove_file(entry.path())?;
        }
    }
    messages.iter().enumerate().try_for_each(|(index, message)| add(maildir, index as u64, message, owner))
}

/// Adds one message behind those that [`fill`] has put there.
///
/// # Errors
/// The system's error.
pub(super) fn deliver(maildir: &Path, message: &[u8], owner: Owner) -> io::Result<()> {
    const BEHIND_ALL: u64 = 900_000;
    // The number of messages there will not do: it falls when one is removed, and
    // a name given twice would replace a message.
    static DELIVERED: AtomicU64 = AtomicU64::new(0);
    add(maildir, BEHIND_ALL + DELIVERED.fetch_add(1, Ordering::Relaxed), message, owner)
}

fn add(maildir: &Path, index: u64, message: &[u8], owner: Owner) -> io::Result<()> {
    // A time of arrival a second apart orders them for servers that look at it.
    let second = 1_700_000_000 + index;
    let name = format!("{second}.M{index:06}P1.pop3spec");
    let waiting = maildir.join("tmp").join(&name);
    write_new(&waiting, message, owner)?;
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(second);
    fs::File::options().append(true).open(&waiting)?.set_modified(time)?;
    fs::rename(&waiting, maildir.join("new").join(&name))
}

/// Writes a file that is not there yet, owned by the server. Where the server has put
/// something of that name, it goes: a link must not lead us elsewhere.
///
/// # Errors
/// The system's error.
pub(super) fn write_new(path: &Path, octets: &[u8], owner: Owner) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::File::create_new(path)?.write_all(octets)?;
    own(path, owner)
}

/// Makes a folder with its parents, owned by the server.
///
/// # Errors
/// The system's error, also where something else has that name, such as a link.
pub(in crate::target) fn make_folder(folder: &Path, owner: Owner) -> io::Result<()> {
    match fs::symlink_metadata(folder) {
        Ok(there) if there.is_dir() => return Ok(()),
        Ok(_) => {
            let why = format!("{} is there, and is no folder", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotADirectory, why));
        }
        Err(_) => {}
    }
    if let Some(parent) = folder.parent() {
        make_folder(parent, owner)?;
    }
    fs::create_dir(folder)?;
    own(folder, owner)
}

/// Gives a file to the server's user.
///
/// # Errors
/// The system's error.
pub(in crate::target) fn own(path: &Path, owner: Owner) -> io::Result<()> {
    match owner {
        Some((user, group)) => std::os::unix::fs::lchown(path, Some(user), Some(group)),
        None => Ok(()),
    }
}

pub(super) fn fits(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_these_messages_in_this_order() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = folder.path().join("a/Maildir");
        let names = || {
            let mut names: Vec<_> = fs::read_dir(maildir.join("new")).unwrap().map(|e| e.unwrap().path()).collect();
            names.sort();
            names.iter().map(|path| fs::read(path).unwrap()).collect::<Vec<_>>()
        };
        let messages = vec![b"one".to_vec(), b"two".to_vec()];
        fill(&maildir, &messages, &[], None).unwrap();
        assert_eq!(names(), messages);
        fs::write(maildir.join("dovecot.index"), "x").unwrap();
        fs::write(maildir.join("subscriptions"), "x").unwrap();
        fs::write(maildir.join("cur/old:2,S"), "x").unwrap();
        fill(&maildir, &messages[1..], &["dovecot.*".to_owned()], None).unwrap();
        assert_eq!(names(), messages[1..]);
        assert!(!maildir.join("dovecot.index").exists() && maildir.join("subscriptions").exists());
        assert!(!maildir.join("cur/old:2,S").exists());
    }

    #[test]
    fn a_link_of_the_server_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let (maildir, mine) = (folder.path().join("Maildir"), folder.path().join("mine"));
        fill(&maildir, &[], &[], None).unwrap();
        fs::write(&mine, "mine").unwrap();
        std::os::unix::fs::symlink(&mine, maildir.join("tmp/1700000000.M000000P1.pop3spec")).unwrap();
        add(&maildir, 0, b"one", None).unwrap();
        assert_eq!(fs::read(&mine).unwrap(), b"mine");
        fs::remove_dir(maildir.join("cur")).unwrap();
        std::os::unix::fs::symlink(folder.path(), maildir.join("cur")).unwrap();
        let why = fill(&maildir, &[], &[], None).unwrap_err().to_string();
        assert!(why.ends_with("cur is there, and is no folder") && mine.is_file(), "{why}");
    }

    #[test]
    fn deliveries_never_take_the_name_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = folder.path().join("Maildir");
        fill(&maildir, &[b"one".to_vec()], &[], None).unwrap();
        deliver(&maildir, b"two", None).unwrap();
        let first = fs::read_dir(maildir.join("new")).unwrap().map(|e| e.unwrap().path()).min().unwrap();
        fs::remove_file(first).unwrap();
        deliver(&maildir, b"three", None).unwrap();
        assert_eq!(fs::read_dir(maildir.join("new")).unwrap().count(), 2);
    }
}
