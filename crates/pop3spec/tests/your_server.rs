//! docs/your-server.md says what is so: each of its commands is run, and each file that it
//! quotes is the one in docs/examples.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "your_server/folder.rs"]
mod folder;
#[path = "your_server/page.rs"]
mod page;
mod program;

use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use folder::Folder;
use page::{Block, blocks, is_shown, root};
use pop3_runner::clock::Clock;
use program::{Ended, Program};

/// How long a server that was stopped may take to be gone.
const SOON: Duration = Duration::from_secs(2);

/// All examples, in the order of the page; each has a test below.
const EXAMPLES: [&str; 17] = [
    "install",
    "spawn",
    "spawn-tls",
    "spawn-toy",
    "running",
    "container",
    "hosted",
    "red",
    "ruling",
    "github",
    "gitlab",
    "shell",
    "missing",
    "dies",
    "never-ready",
    "refuses",
    "dies-in-the-middle",
];

/// The programs where no output is shown: `pop3spec` asks the tier `gate` alone.
const QUICK: [&str; 2] = ["bin/quick", "bin"];

fn block(example: &str) -> Block {
    assert!(EXAMPLES.contains(&example), "{example} is not listed");
    let found = blocks().into_iter().find(|block| block.example.as_deref() == Some(example));
    found.unwrap_or_else(|| panic!("the page has no example `{example}`"))
}

/// Runs an example that shows no output.
#[track_caller]
fn runs(example: &str) -> (Folder, Ended) {
    let folder = Folder::make();
    let ended = folder.shell(&block(example).text, &QUICK).exits(0);
    (folder, ended)
}

/// The commands of a job for CI.
fn commands(example: &str) -> Vec<String> {
    let text = block(example).text;
    text.lines()
        .map(|line| line.trim_start_matches([' ', '-']))
        .map(|line| line.strip_prefix("run: ").unwrap_or(line))
        .filter(|line| ["cargo ", "make ", "pop3spec "].iter().any(|program| line.starts_with(program)))
        .map(str::to_owned)
        .collect()
}

/// Runs the commands of a session one by one, and compares what they print with what is shown.
#[track_caller]
fn is_as_shown(example: &str) {
    let Block { text, language, .. } = block(example);
    assert_eq!(language, "console");
    let folder = Folder::make();
    let mut code: Option<i32> = None;
    for command in format!("\n{text}").split("\n$ ").skip(1) {
        let mut lines = command.lines();
        let command = lines.next().unwrap();
        let shown: Vec<&str> = lines.collect();
        if command == "echo $?" {
            assert_eq!(shown, [code.unwrap().to_string()], "{example}");
            continue;
        }
        let ended = folder.shell(command, &["bin"]);
        let printed = [ended.stdout, ended.stderr].concat();
        assert!(is_shown(&printed, &shown), "{example}: `{command}` prints\n{printed}\nand not\n{}", shown.join("\n"));
        code = ended.code;
    }
    assert!(code.is_some(), "{example} has no command");
}

/// Whether the server of the folder is gone, or goes soon.
fn nobody_listens(folder: &Folder) -> bool {
    let clock = Clock::start();
    std::iter::repeat(()).take_while(|()| clock.elapsed() < SOON).any(|()| {
        std::thread::yield_now();
        TcpStream::connect(folder.address()).is_err()
    })
}

#[test]
fn every_block_is_tested() {
    let blocks = blocks();
    let examples: Vec<&str> = blocks.iter().filter_map(|block| block.example.as_deref()).collect();
    assert_eq!(examples, EXAMPLES);
    for block in &blocks {
        assert!(block.example.is_some() || block.file.is_some(), "neither run nor a quote:\n{}", block.text);
    }
}

#[test]
fn the_page_quotes_the_files() {
    let quotes: Vec<Block> = blocks().into_iter().filter(|block| block.file.is_some()).collect();
    for Block { file, text, .. } in &quotes {
        let file = file.as_deref().unwrap();
        assert_eq!(std::fs::read_to_string(root().join(file)).unwrap(), *text, "{file}");
    }
    let files = std::fs::read_dir(root().join("docs/examples")).unwrap().map(|entry| entry.unwrap().path());
    assert_eq!(quotes.len(), files.filter(|path| path.extension().is_some_and(|ext| ext == "yaml")).count());
}

#[test]
fn it_is_installed_as_the_front_page_says() {
    let command = block("install").text;
    assert!(std::fs::read_to_string(root().join("README.md")).unwrap().contains(command.trim()), "{command}");
    runs("install");
}

#[test]
fn a_program_with_maildirs() {
    let (_, ended) = runs("spawn");
    assert!(ended.stdout.contains("the target has no port with implicit TLS"), "{}", ended.stdout);
}

#[test]
fn a_program_with_tls() {
    let (_, ended) = runs("spawn-tls");
    assert!(!ended.stdout.contains("the target has no port with implicit TLS"), "{}", ended.stdout);
}

#[test]
fn a_program_without_capa() {
    let (_, ended) = runs("spawn-toy");
    assert!(!ended.stdout.contains("announces nor claims TOP"), "{}", ended.stdout);
}

#[test]
fn a_server_with_settings_of_its_own() {
    let folder = Folder::make();
    let ended = folder.shell("pop3spec run --target docs/examples/own-settings.yaml", &QUICK).exits(0);
    assert!(ended.stdout.contains("it closes the connection after 4096 octets"), "{}", ended.stdout);
}

#[test]
fn a_server_that_runs_already() {
    let (folder, ended) = runs("running");
    // Scenarios that need mail, and mail that arrives, were asked.
    assert!(!ended.stdout.contains("hook `deliver`"), "{}", ended.stdout);
    assert!(std::fs::read_to_string(folder.path().join("srv/users")).unwrap().lines().count() > 100);
    assert!(nobody_listens(&folder), "the toy still runs");
}

#[test]
fn a_container() {
    let (folder, ended) = runs("container");
    assert!(
        ended.stdout.starts_with("pop3spec ") && ended.stdout.contains("against my-server 1.2\n"),
        "{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains("the target offers no hook"), "{}", ended.stdout);
    assert!(nobody_listens(&folder), "the container still runs");
}

#[test]
fn paths_that_are_compiled_in() {
    let folder = Folder::make();
    let ended = folder.shell("pop3spec run --target docs/examples/own-paths.yaml", &QUICK);
    if nix::unistd::geteuid().is_root() {
        let ended = ended.exits(0);
        assert!(!std::path::Path::new("/srv/users").exists(), "it is mounted for others too");
        assert!(ended.stdout.contains("+OK toy"), "{}", ended.stdout);
    } else {
        ended.exits(3).complains(&["the target `my-server` can be started by root only"]);
    }
}

#[test]
fn an_account_on_a_server_that_runs() {
    let folder = Folder::make();
    folder.write("users", "me:secret\n");
    folder.write("mail/me/new/1.eml", "Subject: mine\n\nKeep me.\n");
    std::fs::create_dir(folder.path().join("mail/me/cur")).unwrap();
    let address = folder.address();
    let port = address.rsplit(':').next().unwrap();
    let mut toy = Command::new("python3");
    toy.args(["docs/examples/toy.py", port, "users", "mail"]).current_dir(folder.path());
    let mut toy = Program::start(&mut toy);
    // It says nothing when it is there; that it ends is seen by the wait.
    toy.wait_until(|_| TcpStream::connect(&address).is_ok());
    let ended = folder.shell(&block("hosted").text, &QUICK).exits(0);
    for words in ["somebody's (--allow-delete runs it all the same)", "it needs mail of its own in the maildrop"] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
    assert!(!ended.stdout.contains("secret") && !ended.stderr.contains("secret"), "{}", ended.stdout);
    assert!(folder.path().join("mail/me/new/1.eml").exists(), "mail was lost");
}

#[test]
fn jobs_for_ci() {
    let shell = commands("shell");
    assert_eq!(shell.concat(), block("shell").text.replace('\n', ""));
    assert_eq!(shell[0], block("install").text.trim());
    assert_eq!([commands("github"), commands("gitlab")], [shell.clone(), shell.clone()]);
    let folder = Folder::make();
    folder.shell(&shell.join("\n"), &QUICK).exits(0);
    let report = std::fs::read_to_string(folder.path().join("pop3spec.xml")).unwrap();
    assert!(report.contains("<testsuite name=\"rfc1939\""), "{report}");
}

#[test]
fn results_are_as_shown() {
    ["red", "ruling"].into_iter().for_each(is_as_shown);
}

#[test]
fn failures_are_as_shown() {
    ["missing", "dies", "never-ready", "refuses", "dies-in-the-middle"].into_iter().for_each(is_as_shown);
}
