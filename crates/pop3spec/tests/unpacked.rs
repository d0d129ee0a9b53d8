//! A server that is unpacked where its user may not pass is started all the same: from a copy.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use program::{pop3spec, run};

const TARGET: &str = "\
format: pop3-target/1
name: unpacked
needs: {programs: ['{unpacked}/toy.py']}
command: [python3, '{unpacked}/toy.py', '{port}', '{users}', '{maildir}']
accounts: {file: users, line: '${user}:${password}'}
mail: {maildir: '{maildir}/{user}'}
run_as: nobody
";

/// Where root runs this, the server runs as `nobody`; elsewhere there is one user only, who may
/// pass.
#[test]
fn a_folder_that_is_closed_to_others_keeps_no_server_from_running() {
    let toy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/toy.py");
    for mode in [0o755, 0o700] {
        let folder = tempfile::tempdir().unwrap();
        let servers = folder.path().join("servers");
        for made in ["servers/named", "named"] {
            fs::create_dir_all(folder.path().join(made)).unwrap();
        }
        fs::copy(&toy, servers.join("named/toy.py")).unwrap();
        fs::write(folder.path().join("named/target.yaml"), TARGET).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(mode)).unwrap();
        let grade = || {
            let mut command = pop3spec(&["run", "-q", "--target", "named/target.yaml", "--only", "rfc1939/stat"]);
            run(command.current_dir(folder.path()).env("POP3SPEC_SERVERS", &servers))
        };
        let ended = grade().exits(0);
        assert!(ended.stdout.contains(" pass"), "{mode:o}: {}", ended.stdout);
        // It was copied, not moved, and where it is missing nothing else is taken for it.
        fs::remove_file(servers.join("named/toy.py")).unwrap();
        grade().exits(3).complains(&["/toy.py` of the target `unpacked` is not there"]);
    }
}
