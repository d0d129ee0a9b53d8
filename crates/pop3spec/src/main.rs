//! `pop3spec`: see `pop3spec --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    pop3spec::main(std::env::args_os())
}
