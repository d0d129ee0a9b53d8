//! An interrupted run leaves no server and no folder behind.

use std::path::{Path, PathBuf};

use crate::program::{Program, pop3spec};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The first child of a process.
fn child_of(id: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).ok()?;
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).ok()?;
    let by_threads =
        threads.flatten().filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    std::iter::once(children).chain(by_threads).find_map(|children| children.split(' ').next()?.parse().ok())
}

fn is_alive(id: u32) -> bool {
    Path::new(&format!("/proc/{id}")).exists()
}

/// The private folder that the runner gave to its child.
fn folder_of(id: u32) -> Option<PathBuf> {
    let environment = std::fs::read(format!("/proc/{id}/environ")).ok()?;
    let folder = environment.split(|octet| *octet == 0).find_map(|entry| entry.strip_prefix(b"POP3SPEC_DIR="))?;
    Some(PathBuf::from(String::from_utf8_lossy(folder).into_owned()))
}

#[test]
fn the_child_and_its_folder_are_gone() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        // A server that never listens: the run waits for it until it is interrupted.
        let mut run = Program::start(&mut pop3spec(&["run", "--spawn", "sleep 300", "--time-scale", "10"]));
        let id = run.child.id();
        run.wait_until(|_| child_of(id).and_then(folder_of).is_some());
        let child = child_of(id).unwrap();
        let folder = folder_of(child).unwrap();
        assert!(is_alive(child) && folder.is_dir());
        kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
        assert_eq!(run.child.wait().unwrap().code(), Some(130), "{signal}");
        assert!(!folder.exists(), "{signal} left {}", folder.display());
        let zombie = |id| std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| stat.contains(") Z "));
        // Killed before the run ended; whoever inherits it may not have reaped it yet.
        assert!(!is_alive(child) || zombie(child), "{signal} left the server running");
    }
}
