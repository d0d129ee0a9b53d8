use super::*;

fn write(root: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn texts(messages: &[Vec<u8>]) -> Vec<&str> {
    messages.iter().map(|message| std::str::from_utf8(message).unwrap()).collect()
}

#[test]
fn the_layout_tells_the_kind() {
    let check = |files: &[(&str, &str)], path: &str, want: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), files);
        assert_eq!(texts(&load(&folder.path().join(path)).unwrap()), want, "{files:?}");
    };
    check(&[("cur/1:2,S", "one"), ("new/2", "two"), ("new/0", "zero"), ("tmp/3", "no")], "", &["zero", "one", "two"]);
    check(&[("new/1", "one"), ("new/.hidden", "no"), ("new/sub/x", "no")], "", &["one"]);
    check(&[("b.eml", "two"), ("a.EML", "one"), ("readme.txt", "no")], "", &["one", "two"]);
    check(&[("one.eml", "From here")], "one.eml", &["From here"]);
    check(&[("one", "Subject: x\n")], "one", &["Subject: x\n"]);
    check(&[("inbox", "From a\nx\n\nFrom b\ny\n")], "inbox", &["x\n", "y\n"]);
    check(&[("inbox.mbox", "")], "inbox.mbox", &[]);
}

#[test]
fn errors_name_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, &[("bad.mbox", "Subject: x\n"), ("other/x.txt", "x"), ("mail/cur/1", "one")]);
    fs::create_dir(root.join("folder.eml")).unwrap();
    let check = |path: &str, want: &str| {
        let error = load(&root.join(path)).unwrap_err().to_string();
        assert!(error.contains(path) && error.contains(want), "{error}");
    };
    check("missing", "cannot read");
    check("bad.mbox", "is no mbox file");
    check("other", "is neither a Maildir");
    let error = load(root).unwrap_err();
    assert!(matches!(&error, SourceError::NotAFile { path } if path.ends_with("folder.eml")), "{error}");
}

#[cfg(unix)]
#[test]
fn links_lead_to_files_only() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, &[("elsewhere/a.eml", "one"), ("elsewhere/cur/x", "no"), ("mail/cur/0", "zero")]);
    symlink(root.join("elsewhere/a.eml"), root.join("mail/cur/1")).unwrap();
    assert_eq!(texts(&load(&root.join("mail")).unwrap()), ["zero", "one"]);
    symlink(root.join("elsewhere"), root.join("mail/cur/2")).unwrap();
    assert!(matches!(load(&root.join("mail")).unwrap_err(), SourceError::NotAFile { path } if path.ends_with("2")));
    fs::remove_file(root.join("mail/cur/2")).unwrap();
    symlink(root.join("nowhere"), root.join("mail/cur/2")).unwrap();
    assert!(
        matches!(load(&root.join("mail")).unwrap_err(), SourceError::Unreadable { path, .. } if path.ends_with("2"))
    );
    // A link to a folder is no account.
    let accounts = root.join("accounts");
    fs::create_dir(&accounts).unwrap();
    symlink(root.join("elsewhere"), accounts.join("alice")).unwrap();
    assert!(matches!(load_accounts(&accounts).unwrap_err(), SourceError::NotAnAccount { .. }));
}

#[test]
fn an_account_each() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(
        root,
        &[
            ("alice/Maildir/new/1", "one"),
            ("bob.mbox", "From a\nx\n"),
            ("carol/1.eml", "one"),
            ("dave/cur/1", "one"),
            (".git/x", "no"),
        ],
    );
    fs::create_dir(root.join("empty")).unwrap();
    let accounts = load_accounts(root).unwrap();
    let got: Vec<(&str, usize)> = accounts.iter().map(|one| (one.name.as_str(), one.messages.len())).collect();
    assert_eq!(got, [("alice", 1), ("bob", 1), ("carol", 1), ("dave", 1), ("empty", 0)]);
    write(root, &[("alice.mbox", "")]);
    assert!(matches!(load_accounts(root).unwrap_err(), SourceError::Twice { name, .. } if name == "alice"));
    fs::remove_file(root.join("alice.mbox")).unwrap();
    write(root, &[("notes.txt", "x")]);
    assert!(
        matches!(load_accounts(root).unwrap_err(), SourceError::NotAnAccount { path } if path.ends_with("notes.txt"))
    );
}
