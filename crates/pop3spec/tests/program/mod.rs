//! The program as a child process: waited for with a deadline, ended by its id
//! when the test ends.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The longest that a program is silent. Generous: it shows a hang, not slowness.
const DEADLINE: Duration = Duration::from_secs(60);

/// The most that a program prints, in octets; more is a program without end.
const LONGEST_TEXT: usize = 64 << 20;

/// How often the memory of a running child is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a program has printed, and how it ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// Its exit code; `None` while it runs, and when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The most memory it was seen to hold, in KiB (`VmHWM`).
    pub(crate) peak_kib: u64,
}

impl Ended {
    /// Asserts the exit code, and shows what was printed when it is another.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error says all of this.
    #[track_caller]
    pub(crate) fn complains(self, of: &[&str]) -> Self {
        for words in of {
            assert!(self.stderr.contains(words), "stderr does not say {words:?}:\n{}", self.stderr);
        }
        self
    }
}

/// A running program.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) child: Child,
    printed: Receiver<Printed>,
    streams_open: usize,
    /// What it has printed so far.
    pub(crate) so_far: Ended,
}

#[derive(Debug)]
enum Printed {
    Out(String),
    Err(String),
    EndOfStream,
}

/// `pop3spec` with arguments, free of the colour settings of whoever runs the tests.
pub(crate) fn pop3spec(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pop3spec"));
    command.args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ended {
    let mut program = Program::start(command);
    program.wait_until(|program| program.streams_open == 0);
    program.so_far.code = program.child.wait().unwrap().code();
    std::mem::take(&mut program.so_far)
}

impl Program {
    /// Starts a command.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
        let (sender, printed) = channel();
        follow(child.stdout.take().unwrap(), sender.clone(), Printed::Out);
        follow(child.stderr.take().unwrap(), sender, Printed::Err);
        Self { child, printed, streams_open: 2, so_far: Ended::default() }
    }

    /// Waits for a condition.
    #[track_caller]
    #[expect(clippy::disallowed_methods, reason = "a deadline needs a clock")]
    pub(crate) fn wait_until(&mut self, reached: impl Fn(&Self) -> bool) {
        let mut heard = Instant::now();
        let mut octets = 0;
        while !reached(self) {
            assert!(self.streams_open > 0, "it ended before that: {:?}", self.so_far);
            assert!(heard.elapsed() < DEADLINE, "it hangs; so far: {:?}", self.so_far);
            let printed = self.so_far.stdout.len() + self.so_far.stderr.len();
            assert!(printed <= LONGEST_TEXT, "it prints without end");
            if printed > octets {
                octets = printed;
                heard = Instant::now();
            }
            self.so_far.peak_kib = peak_kib(self.child.id()).unwrap_or(0).max(self.so_far.peak_kib);
            match self.printed.recv_timeout(LOOK_AGAIN) {
                Ok(Printed::Out(text)) => self.so_far.stdout.push_str(&text),
                Ok(Printed::Err(text)) => self.so_far.stderr.push_str(&text),
                Ok(Printed::EndOfStream) => self.streams_open -= 1,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails when it has ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn follow(stream: impl Read + Send + 'static, sender: Sender<Printed>, printed: fn(String) -> Printed) {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|octets| octets > 0) {
            let _ = sender.send(printed(String::from_utf8_lossy(&line).into_owned()));
            line.clear();
        }
        let _ = sender.send(Printed::EndOfStream);
    });
}

/// The most memory that a process has held so far, by the system's count.
pub(crate) fn peak_kib(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
