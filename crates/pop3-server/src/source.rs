//! Messages from files: a Maildir, an mbox file, a folder of `.eml` files, or one
//! message. Files are opened for reading only and never changed.

mod eml;
mod maildir;
mod mbox;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The messages of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceAccount {
    /// The account's name, as its file or folder is called.
    pub name: String,
    /// Its messages, in order, octets as in the file.
    pub messages: Vec<Vec<u8>>,
}

/// Why messages cannot be read. What lies at the path is at fault.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The system refuses.
    #[error("cannot read {path:?}: {source}")]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A device, pipe, socket, or a link to a folder where a message belongs.
    #[error("{path:?} is no regular file; only files, and links to files, are read as messages")]
    NotAFile {
        /// Where.
        path: PathBuf,
    },
    /// An mbox file that does not begin with `From `.
    #[error("{path:?} is no mbox file: it does not begin with \"From \"; if it is one message, call it .eml")]
    NotMbox {
        /// Where.
        path: PathBuf,
    },
    /// A folder of another kind.
    #[error("{path:?} is neither a Maildir (no cur, no new) nor a folder of .eml files; name one of these")]
    UnknownFolder {
        /// Where.
        path: PathBuf,
    },
    /// Something in a folder of accounts that is none.
    #[error("{path:?} is no account: give a folder with a Maildir or .eml files in it, or a file NAME.mbox")]
    NotAnAccount {
        /// Where.
        path: PathBuf,
    },
    /// Two accounts of one name.
    #[error("the account {name:?} is there twice, as a folder and as {path:?}; take one away")]
    Twice {
        /// The name.
        name: String,
        /// The second one.
        path: PathBuf,
    },
}

/// Reads messages in whatever form they lie at `path`:
///
/// | at the path | is |
/// |---|---|
/// | a folder with `cur` or `new` in it | a Maildir: both, sorted by file name |
/// | a folder of `.eml` files | one message each, sorted by file name |
/// | a file called `.mbox`, or one that begins with `From ` and is not called `.eml` | an mbox |
/// | any other file | one message |
///
/// # Errors
/// The path, and what is wrong with it.
pub fn load(path: &Path) -> Result<Vec<Vec<u8>>, SourceError> {
    if metadata(path)?.is_dir() {
        if maildir::is_maildir(path) {
            return maildir::load(path);
        }
        let messages = eml::load_folder(path)?;
        return if messages.is_empty() {
            Err(SourceError::UnknownFolder { path: path.to_owned() })
        } else {
            Ok(messages)
        };
    }
    let octets = read_file(path)?;
    let called_mbox = has_extension(path, "mbox");
    if called_mbox || (octets.starts_with(b"From ") && !has_extension(path, "eml")) {
        return mbox::split(&octets).ok_or_else(|| SourceError::NotMbox { path: path.to_owned() });
    }
    Ok(vec![octets])
}

/// Reads one account from everything in a folder: `NAME/Maildir`, `NAME` being a
/// Maildir itself, `NAME/*.eml` (none for an empty maildrop), `NAME.mbox`. Names
/// that begin with a dot are passed over.
///
/// # Errors
/// The path, and what is wrong with it.
pub fn load_accounts(root: &Path) -> Result<Vec<SourceAccount>, SourceError> {
    let mut accounts = BTreeMap::new();
    for path in entries(root)? {
        let (name, messages) = load_account(&path)?;
        if accounts.insert(name.clone(), messages).is_some() {
            return Err(SourceError::Twice { name, path });
        }
    }
    Ok(accounts.into_iter().map(|(name, messages)| SourceAccount { name, messages }).collect())
}

fn load_account(path: &Path) -> Result<(String, Vec<Vec<u8>>), SourceError> {
    let not_an_account = || SourceError::NotAnAccount { path: path.to_owned() };
    let is_folder = is_own_folder(path);
    let name = if is_folder { path.file_name() } else { path.file_stem() };
    let name = name.and_then(|name| name.to_str()).ok_or_else(not_an_account)?.to_owned();
    let inner = path.join("Maildir");
    let messages = match (is_folder, has_extension(path, "mbox")) {
        (true, _) if is_own_folder(&inner) => maildir::load(&inner)?,
        (true, _) if maildir::is_maildir(path) => maildir::load(path)?,
        (true, _) => eml::load_folder(path)?,
        (false, true) => load(path)?,
        (false, false) => return Err(not_an_account()),
    };
    Ok((name, messages))
}

/// What is in a folder, sorted by name; without names that begin with a dot.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let unreadable = |source| SourceError::Unreadable { path: folder.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// A whole file. A pipe or device is refused before it is opened, as reading one
/// may never end.
fn read_file(path: &Path) -> Result<Vec<u8>, SourceError> {
    if !metadata(path)?.is_file() {
        return Err(SourceError::NotAFile { path: path.to_owned() });
    }
    fs::read(path).map_err(|source| SourceError::Unreadable { path: path.to_owned(), source })
}

fn metadata(path: &Path) -> Result<fs::Metadata, SourceError> {
    fs::metadata(path).map_err(|source| SourceError::Unreadable { path: path.to_owned(), source })
}

/// A folder, and no link to one: links could lead in a circle, or out.
fn is_own_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests;
