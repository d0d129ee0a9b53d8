//! `pop3spec serve`

use pop3_proto::line::BareLf;
use pop3_scenario::verdict::Exit;
use pop3_server::{RunningServer, Server, ServerBuilder};

use crate::args::ServeArguments;
use crate::run::Interruption;
use crate::terminal::Terminal;
use crate::{Ended, Failure, departures};

mod accounts;
mod capabilities;
mod limits;
mod mechanisms;
mod tls;

pub(crate) fn serve(arguments: &ServeArguments, terminal: &Terminal) -> Result<Ended, Failure> {
    let builder = builder(arguments, terminal)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before anybody can know that it listens.
        let interruption = Interruption::listen()?;
        let server =
            builder.start().await.map_err(|error| Failure { exit: Exit::Usage, message: error.to_string() })?;
        announce(&server, arguments, terminal)?;
        interruption.wait().await;
        let transcript = server.transcript().cloned();
        server.stop().await;
        for (number, connection) in transcript.iter().flat_map(|transcript| transcript.connections()).enumerate() {
            terminal.print(&format!("connection {}\n", number + 1))?;
            for entry in &connection.entries {
                terminal.print(&format!("{:9.3}  {}\n", entry.at.as_secs_f64(), entry.event))?;
            }
        }
        Ok(Ended::Exit(Exit::Clean))
    })
}

fn builder(arguments: &ServeArguments, terminal: &Terminal) -> Result<ServerBuilder, Failure> {
    let mechanisms = mechanisms::mechanisms(arguments)?;
    let mut builder = Server::builder().plain(arguments.listen);
    builder = tls::tls(builder, arguments)?;
    builder = mechanisms::offer(builder, &mechanisms, arguments)?;
    builder = capabilities::capabilities(builder, &mechanisms, arguments)?;
    builder = builder.store(accounts::store(arguments)?);
    if arguments.bare_lf {
        builder = builder.session(|session| session.bare_lf = BareLf::EndsLine);
    }
    for slug in &arguments.variation {
        builder = builder.variation(departures::variation(slug)?);
    }
    for slug in &arguments.fault {
        builder = builder.planted(departures::fault(slug)?);
    }
    if arguments.verbose {
        builder = builder.transcript();
    }
    Ok(limits::limits(builder, arguments, terminal))
}

/// Says that it listens, and where: scripts wait for these lines.
fn announce(server: &RunningServer, arguments: &ServeArguments, terminal: &Terminal) -> Result<(), Failure> {
    if let (Some(path), Some(pem)) = (&arguments.ca_out, server.ca_pem()) {
        std::fs::write(path, pem).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    }
    if let Some(address) = server.plain_address() {
        terminal.print(&format!("pop3://{address}\n"))?;
    }
    if let Some(address) = server.tls_address() {
        terminal.print(&format!("pop3s://{address}\n"))?;
    }
    terminal.note(&format!("accounts: {}; end with Ctrl-C", server.store().names().join(", ")));
    Ok(())
}
