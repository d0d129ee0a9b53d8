//! `pop3spec serve`

use std::path::Path;

use pop3_proto::line::BareLf;
use pop3_proto::server::Availability;
use pop3_scenario::verdict::Exit;
use pop3_server::fault::Fault;
use pop3_server::sasl::Mechanism;
use pop3_server::tls::TlsIdentity;
use pop3_server::{Server, ServerBuilder, source};

use crate::args::ServeArguments;
use crate::terminal::Terminal;
use crate::{Ended, Failure, files};

pub(crate) fn serve(arguments: &ServeArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let mut builder = Server::builder().plain(arguments.listen);
    builder = accounts(builder, arguments)?;
    builder = sasl(builder, arguments)?;
    builder = tls(builder, arguments)?;
    if arguments.no_apop {
        builder = builder.apop(Availability::Absent);
    }
    if arguments.bare_lf {
        builder = builder.session(|session| session.bare_lf = BareLf::EndsLine);
    }
    for slug in &arguments.fault {
        builder = builder.fault(fault(slug)?);
    }
    if arguments.verbose {
        builder = builder.transcript();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let server =
            builder.start().await.map_err(|error| Failure { exit: Exit::Usage, message: error.to_string() })?;
        if let (Some(path), Some(pem)) = (&arguments.ca_out, server.ca_pem()) {
            std::fs::write(path, pem).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        }
        // Printed when it listens, and before anybody is told otherwise: scripts wait for these lines.
        if let Some(address) = server.plain_address() {
            terminal.print(&format!("pop3://{address}\n"))?;
        }
        if let Some(address) = server.tls_address() {
            terminal.print(&format!("pop3s://{address}\n"))?;
        }
        terminal.note(&format!("accounts: {}; end with Ctrl-C", server.store().names().join(", ")));
        crate::run::interrupted().await;
        if let Some(transcript) = server.transcript() {
            for (number, connection) in transcript.connections().iter().enumerate() {
                terminal.print(&format!("connection {}\n", number + 1))?;
                for entry in &connection.entries {
                    terminal.print(&format!("{:9.3}  {}\n", entry.at.as_secs_f64(), entry.event))?;
                }
            }
        }
        server.stop().await;
        Ok(Ended::Exit(Exit::Clean))
    })
}

/// The fault of this name, or the user's error with the nearest name.
pub(crate) fn fault(slug: &str) -> Result<Fault, Failure> {
    slug.parse().map_err(|_unknown| {
        let nearness = |fault: &&Fault| strsim::jaro_winkler(fault.slug(), slug);
        let nearest = Fault::ALL.iter().max_by(|a, b| nearness(a).total_cmp(&nearness(b)));
        let nearest = nearest.map(|nearest| format!("did you mean `{}`? ", nearest.slug())).unwrap_or_default();
        Failure::usage(format!("no fault is called `{slug}`\n  help: {nearest}`pop3spec list faults` shows all"))
    })
}

fn accounts(mut builder: ServerBuilder, arguments: &ServeArguments) -> Result<ServerBuilder, Failure> {
    let mut any = false;
    for account in &arguments.account {
        let (name, password) = account
            .split_once(':')
            .filter(|(name, password)| !name.is_empty() && !password.is_empty())
            .ok_or_else(|| Failure::usage(format!("--account {account}: write NAME:PASSWORD")))?;
        builder = builder.account(name, password);
        any = true;
    }
    if let Some(root) = &arguments.root {
        let found = source::load_accounts(root).map_err(|error| Failure::usage(error.to_string()))?;
        for account in found {
            builder = builder.account(&account.name, &arguments.root_password);
            for message in &account.messages {
                builder = builder.message(&account.name, message);
            }
            any = true;
        }
    }
    if !any {
        builder = builder.account("user", "secret");
    }
    for mail in &arguments.mail {
        let (name, path) =
            mail.split_once('=').ok_or_else(|| Failure::usage(format!("--mail {mail}: write NAME=PATH")))?;
        let messages = source::load(Path::new(path)).map_err(|error| Failure::usage(error.to_string()))?;
        for message in &messages {
            builder = builder.message(name, message);
        }
    }
    Ok(builder)
}

fn sasl(mut builder: ServerBuilder, arguments: &ServeArguments) -> Result<ServerBuilder, Failure> {
    let mut mechanisms = Vec::new();
    for name in &arguments.mechanism {
        let mechanism = mechanism(name)?;
        if !mechanisms.contains(&mechanism) {
            mechanisms.push(mechanism);
        }
    }
    match (mechanisms.contains(&Mechanism::Anonymous), &arguments.anonymous) {
        (true, None) => {
            return Err(Failure::usage("--mechanism ANONYMOUS: name the account that it opens with --anonymous NAME"));
        }
        (false, Some(_)) => return Err(Failure::usage("--anonymous is of no use without --mechanism ANONYMOUS")),
        _ => {}
    }
    let takes_tokens = [Mechanism::OauthBearer, Mechanism::Xoauth2].iter().any(|taker| mechanisms.contains(taker));
    if !takes_tokens && !arguments.token.is_empty() {
        return Err(Failure::usage("--token is of no use without --mechanism OAUTHBEARER or --mechanism XOAUTH2"));
    }
    if !mechanisms.is_empty() {
        builder = builder.mechanisms(&mechanisms);
    }
    for token in &arguments.token {
        let (name, token) = token
            .split_once('=')
            .filter(|(name, token)| !name.is_empty() && !token.is_empty())
            .ok_or_else(|| Failure::usage("--token: write NAME=TOKEN"))?;
        builder = builder.token(name, token);
    }
    Ok(match &arguments.anonymous {
        Some(name) => builder.anonymous(name),
        None => builder,
    })
}

/// The mechanism of this name, or the user's error with all names.
fn mechanism(name: &str) -> Result<Mechanism, Failure> {
    Mechanism::from_name(name).ok_or_else(|| {
        let names = Mechanism::ALL.map(Mechanism::name).join(", ");
        Failure::usage(format!("no mechanism is called `{name}`\n  help: there are {names}"))
    })
}

fn tls(mut builder: ServerBuilder, arguments: &ServeArguments) -> Result<ServerBuilder, Failure> {
    if !arguments.stls && arguments.listen_tls.is_none() {
        return Ok(builder);
    }
    let identity = match (&arguments.cert, &arguments.key) {
        (Some(cert), Some(key)) => from_files(cert, key)?,
        _ => TlsIdentity::self_made(&["localhost", "127.0.0.1"])
            .map_err(|error| Failure { exit: Exit::Internal, message: error.to_string() })?,
    };
    builder = builder.tls(identity);
    if arguments.stls {
        builder = builder.stls();
    }
    if let Some(address) = arguments.listen_tls {
        builder = builder.implicit_tls(address);
    }
    Ok(builder)
}

fn from_files(cert: &Path, key: &Path) -> Result<TlsIdentity, Failure> {
    let (chain, key_text) = (files::read(cert)?, files::read(key)?);
    TlsIdentity::from_pem(&chain, &key_text)
        .map_err(|error| Failure::usage(format!("{}, {}: {error}", cert.display(), key.display())))
}
