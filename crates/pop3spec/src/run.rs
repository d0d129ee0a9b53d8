//! `pop3spec run`

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pop3_proto::client::Limits;
use pop3_report::format::{Format, render};
use pop3_report::log::{self, LogWriter};
use pop3_report::style::Style;
use pop3_runner::Options;
use pop3_runner::account::Account;
use pop3_runner::clock::Clock;
use pop3_runner::plan::Selection;
use pop3_runner::target::file::FixedAccount;
use pop3_runner::target::{AddressTarget, AddressTls, EmbeddedTarget, TargetFile, TargetSpec};
use pop3_runner::tls::Trust;
use pop3_scenario::event::Event;
use pop3_scenario::scenario::Tier;
use pop3_scenario::verdict::Exit;
use pop3_spec::ruling::{ChoiceError, Chosen, Rulings};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::{RunArguments, TargetArguments, TlsArgument};
use crate::progress::Shown;
use crate::report::parse_format;
use crate::terminal::Terminal;
use crate::{Ended, Failure, departures, files};

/// What is read of one reply. A body is held several times over while it is
/// judged, so this bounds the memory of a run against a server that never ends.
pub(crate) const LIMITS: Limits = Limits { status_line: 16 * 1024, body: 32 * 1024 * 1024 };

pub(crate) fn run(arguments: &RunArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let format = parse_format(&arguments.format)?;
    let registry = files::registry()?;
    let catalogue = files::sound_catalogue(files::Added::folders(&arguments.scenarios), &registry, terminal)?;
    let options = Options { rulings: chosen(arguments, &files::rulings()?)?, ..options(arguments)? };
    let mut log = LogWriter::new(Vec::new());
    // Made before the run: no run is lost to a wrong path, and no report of an
    // earlier one is taken for this one's.
    let mut log_file = arguments.log.as_deref().map(create).transpose()?.map(LogWriter::new);
    let junit_file = arguments.junit.as_deref().map(create).transpose()?;
    let shown = RefCell::new(Shown::new(*terminal, arguments.quiet));
    let mut written = Ok(());
    let folders = scenarios_options(&arguments.scenarios);
    let mut on_event = |mut event: Event| {
        // What a report says to repeat one scenario must find it again.
        if let Event::RunStarted(header) = &mut event {
            header.target_options = format!("{}{folders}", header.target_options).trim_start().to_owned();
        }
        shown.borrow_mut().observe(&event);
        let result = log.write(&event).and_then(|()| log_file.as_mut().map_or(Ok(()), |file| file.write(&event)));
        if written.is_ok() {
            written = result;
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let exit = runtime.block_on(async {
        let interruption = Interruption::listen()?;
        tokio::select! {
            exit = pop3_runner::run(&options, &catalogue, &registry, &mut on_event) => Ok::<_, Failure>(Some(exit)),
            () = interruption.wait() => Ok(None),
            () = show_time(&shown) => Ok(None),
        }
    });
    drop(shown);
    let Some(exit) = exit? else { return Ok(Ended::Interrupted) };
    let exit: Exit = exit?;
    written?;
    let mut run = log::read(log.into_inner().as_slice())
        .map_err(|error| Failure { exit: Exit::Internal, message: format!("the log cannot be read back: {error}") })?;
    run.is_kept = arguments.log.is_some();
    if let Some(mut file) = junit_file {
        render(&run, Format::Junit, &Style::default(), &mut file)?;
        file.flush()?;
    }
    terminal.print_with(|out| render(&run, format, &terminal.style(), out))?;
    Ok(Ended::Exit(exit))
}

/// Shows every second that time goes by. Never ends.
async fn show_time(shown: &RefCell<Shown>) {
    let clock = Clock::start();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    loop {
        ticks.tick().await;
        shown.borrow_mut().tick(clock.elapsed());
    }
}

/// The user's wish for the end: SIGINT or SIGTERM.
pub(crate) struct Interruption {
    interrupt: Signal,
    terminate: Signal,
}

impl Interruption {
    /// From here on, neither signal ends the process by itself. Inside the runtime.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Ends with the first of them since.
    pub(crate) async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    File::create(path).map(BufWriter::new).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// Whether times can be multiplied with it.
pub(crate) fn check_time_scale(factor: f64) -> Result<(), Failure> {
    if factor > 0.0 && factor <= 1000.0 {
        return Ok(());
    }
    Err(Failure::usage("--time-scale takes a factor above 0, at most 1000"))
}

fn options(arguments: &RunArguments) -> Result<Options, Failure> {
    check_time_scale(arguments.time_scale)?;
    Ok(Options {
        target: target(&arguments.server)?,
        selection: Selection {
            only: arguments.only.clone(),
            skip: arguments.skip.clone(),
            from: arguments.only_tier.map_or(Tier::Gate, Tier::from),
            tier: arguments.only_tier.unwrap_or(arguments.tier).into(),
        },
        seed: arguments.seed,
        deadline: arguments.deadline.map(|milliseconds| Duration::from_millis(milliseconds.max(1))),
        time_scale: arguments.time_scale,
        jobs: arguments.jobs,
        claims: arguments.server.claim.clone(),
        allow_delete: arguments.server.allow_delete,
        limits: LIMITS,
        delivery: arguments.delivery.into(),
        rulings: Chosen::default(),
    })
}

fn chosen(arguments: &RunArguments, rulings: &Rulings) -> Result<Chosen, Failure> {
    Chosen::parse(rulings, arguments.ruling.iter().map(String::as_str)).map_err(|error| {
        let help = match &error {
            ChoiceError::UnknownOption { id, .. } | ChoiceError::Contradiction { id, .. } => {
                format!("`pop3spec explain {id}` tells what they mean")
            }
            ChoiceError::NoEquals { .. } | ChoiceError::UnknownRuling { .. } => {
                "`pop3spec list rulings` shows all, `pop3spec explain ID` the options of one".to_owned()
            }
        };
        Failure::usage(format!("--ruling: {error}\n  help: {help}"))
    })
}

/// The server that the arguments name.
pub(crate) fn target(arguments: &TargetArguments) -> Result<TargetSpec, Failure> {
    if let Some(path) = &arguments.target {
        let file = Box::new(TargetFile::read(path)?);
        return Ok(TargetSpec::Spawn { file, options: format!("--target {}", quoted(&path.display().to_string())) });
    }
    if let Some(command) = &arguments.spawn {
        let fixed = match &arguments.user {
            Some(user) => Some(FixedAccount { user: user.clone(), password: password(arguments)? }),
            None => None,
        };
        let mut options = format!("--spawn {}", quoted(command));
        if let (Some(user), Some(variable)) = (&arguments.user, &arguments.password_env) {
            options.push_str(&format!(" --user {} --password-env {}", quoted(user), quoted(variable)));
        }
        return Ok(TargetSpec::Spawn { file: Box::new(TargetFile::from_command(command, fixed)?), options });
    }
    let (Some(host), Some(user)) = (&arguments.host, &arguments.user) else {
        return Ok(TargetSpec::Embedded(EmbeddedTarget {
            faults: arguments.fault.iter().map(|slug| departures::fault(slug)).collect::<Result<_, _>>()?,
            variations: arguments.variation.iter().map(|slug| departures::variation(slug)).collect::<Result<_, _>>()?,
            ..EmbeddedTarget::default()
        }));
    };
    // First what costs nothing: a name is looked up only when the rest is right.
    let password = password(arguments)?;
    let address = resolve(host)?;
    let trust = match &arguments.ca {
        Some(path) => Trust::Authority(files::read(path)?),
        None if arguments.insecure => Trust::Anybody,
        None => Trust::WebPki,
    };
    let variable = arguments.password_env.as_deref().unwrap_or_default();
    let mut options = format!("--host {} --user {} --password-env {}", quoted(host), quoted(user), quoted(variable));
    if let TlsArgument::Implicit = arguments.tls {
        options.push_str(" --tls implicit");
    }
    if let Some(path) = &arguments.ca {
        options.push_str(&format!(" --ca {}", quoted(&path.display().to_string())));
    }
    if arguments.insecure {
        options.push_str(" --insecure");
    }
    if arguments.allow_delete {
        options.push_str(" --allow-delete");
    }
    Ok(TargetSpec::Address(AddressTarget {
        host: host.clone(),
        address,
        tls: match arguments.tls {
            TlsArgument::Plain => AddressTls::Plain,
            TlsArgument::Implicit => AddressTls::Implicit,
        },
        account: Account::new(user, &password),
        trust,
        options,
    }))
}

/// The password, from the environment: arguments are visible to everybody.
fn password(arguments: &TargetArguments) -> Result<String, Failure> {
    let Some(variable) = &arguments.password_env else {
        return Err(Failure::usage(
            "--user needs --password-env VARIABLE, the environment variable that holds the password",
        ));
    };
    std::env::var(variable).map_err(|_| {
        Failure::usage(format!(
            "the environment variable `{variable}` is not set, or is not text\n  help: {variable}=… pop3spec run …"
        ))
    })
}

fn resolve(host: &str) -> Result<std::net::SocketAddr, Failure> {
    use std::net::ToSocketAddrs as _;
    let unreachable = |why: String| Failure { exit: Exit::Target, message: format!("--host {host}: {why}") };
    if host.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_err()) {
        return Err(Failure::usage(format!("--host {host}: give the port too, such as {host}:110")));
    }
    let mut addresses = host.to_socket_addrs().map_err(|error| unreachable(error.to_string()))?;
    addresses.next().ok_or_else(|| unreachable("the name has no address".to_owned()))
}

/// The options that add these folders to the catalogue again; each has a blank before it.
pub(crate) fn scenarios_options(folders: &[PathBuf]) -> String {
    folders.iter().map(|folder| format!(" --scenarios {}", quoted(&folder.display().to_string()))).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), std::borrow::Cow::into_owned)
}
