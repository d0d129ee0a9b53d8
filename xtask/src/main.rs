//! The chores of this workspace: generate files, keep house rules, run mail clients,
//! fuzz, measure, and all that a pull request must pass. `cargo xtask help` lists them.

mod ci;
mod clients;
mod clock;
mod command_line;
mod error;
mod fuzz;
mod generate;
mod load;
mod matrix;
mod process;
mod servers;
mod setup;
mod stability;
mod tidy;
mod tree;

fn main() -> std::process::ExitCode {
    command_line::run()
}
