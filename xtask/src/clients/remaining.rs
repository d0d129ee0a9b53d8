//! What is in the maildrop, asked in a session of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(30);

/// The unique-ids of the messages in bob's maildrop.
///
/// # Errors
/// The server answers otherwise than +OK, or not at all.
pub(super) fn unique_ids(port: u16) -> Result<Vec<String>, String> {
    let told = |error: std::io::Error| format!("our own session: {error}");
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(told)?;
    stream.set_read_timeout(Some(DEADLINE)).map_err(told)?;
    let mut replies = BufReader::new(stream.try_clone().map_err(told)?);
    let mut line = || {
        let mut line = String::new();
        replies.read_line(&mut line).map_err(told)?;
        Ok::<_, String>(line)
    };
    let mut ids = Vec::new();
    for command in ["", "USER bob\r\n", "PASS secret\r\n", "UIDL\r\n", "QUIT\r\n"] {
        (&stream).write_all(command.as_bytes()).map_err(told)?;
        let status = line()?;
        if !status.starts_with("+OK") {
            return Err(format!("our own session: after {:?} the server says {status:?}", command.get(..4)));
        }
        while command.starts_with("UIDL") {
            match line()?.trim_end().split_once(' ') {
                Some((_, id)) => ids.push(id.to_owned()),
                None => break,
            }
        }
    }
    Ok(ids)
}
