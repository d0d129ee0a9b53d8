//! A server that answers every line as a POP3 server does, but for those that a
//! test has an answer of its own for.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The account of a scripted server.
pub(crate) const USER: &str = "somebody";
/// Its password.
pub(crate) const PASSWORD: &str = "pa55-of-somebody";

/// What to do with a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Do {
    /// What a POP3 server does.
    Usual,
    /// Sends this.
    Say(&'static str),
    /// Refuses, and repeats the line.
    Echo,
    /// Sends this and closes.
    Close(&'static str),
    /// Reads no more, but keeps the connection.
    Hang,
    /// Sends this when another line has come, and closes.
    WithNext(&'static str),
    /// Sends `+OK`, waits for octets, and sends plaintext.
    ThenGarbage,
    /// Sends `+OK`, waits for octets, and closes.
    ThenClose,
}

/// What came with each read, over all connections.
pub(crate) type Reads = Arc<Mutex<Vec<Vec<u8>>>>;

/// Starts the server. The script is given each line and how often it came before.
pub(crate) fn serve(script: impl Fn(&str, usize) -> Do + Send + Sync + 'static) -> SocketAddr {
    serve_and_watch(script).0
}

/// As [`serve`]; also shows in which pieces the octets came.
pub(crate) fn serve_and_watch(script: impl Fn(&str, usize) -> Do + Send + Sync + 'static) -> (SocketAddr, Reads) {
    let reads = Reads::default();
    let watched = Arc::clone(&reads);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let script = Arc::new(script);
    let seen: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    // Ends with the process: nobody connects to it behind its test.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (script, seen, reads) = (Arc::clone(&script), Arc::clone(&seen), Arc::clone(&watched));
            std::thread::spawn(move || {
                let _ = converse(stream.unwrap(), reads, &|line| {
                    let mut seen = seen.lock().unwrap();
                    let count = seen.entry(line.to_owned()).or_default();
                    *count += 1;
                    script(line, *count - 1)
                });
            });
        }
    });
    (address, reads)
}

struct Watched(TcpStream, Reads);

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let octets = self.0.read(buffer)?;
        self.1.lock().unwrap().push(buffer[..octets].to_vec());
        Ok(octets)
    }
}

fn converse(mut stream: TcpStream, reads: Reads, script: &dyn Fn(&str) -> Do) -> std::io::Result<()> {
    let mut input = BufReader::new(Watched(stream.try_clone()?, reads));
    stream.write_all(b"+OK scripted\r\n")?;
    loop {
        let mut line = Vec::new();
        // Only CRLF ends a line.
        while !line.ends_with(b"\r\n") {
            if input.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        match script(&line) {
            Do::Usual => match line.as_str() {
                "CAPA" => stream.write_all(b"+OK\r\n.\r\n")?,
                "QUIT" => {
                    stream.write_all(b"+OK\r\n")?;
                    return stream.shutdown(Shutdown::Both);
                }
                _ => stream.write_all(b"+OK\r\n")?,
            },
            Do::Say(text) => stream.write_all(text.as_bytes())?,
            Do::Echo => stream.write_all(format!("-ERR no {line}\r\n").as_bytes())?,
            Do::Close(text) => {
                stream.write_all(text.as_bytes())?;
                return stream.shutdown(Shutdown::Both);
            }
            Do::Hang => {
                std::io::copy(&mut input, &mut std::io::sink())?;
            }
            Do::WithNext(text) => {
                input.read_until(b'\n', &mut Vec::new())?;
                stream.write_all(text.as_bytes())?;
                return stream.shutdown(Shutdown::Both);
            }
            Do::ThenGarbage => {
                stream.write_all(b"+OK go\r\n")?;
                input.fill_buf()?;
                stream.write_all(b"-ERR what is this?\r\n")?;
            }
            Do::ThenClose => {
                stream.write_all(b"+OK go\r\n")?;
                input.fill_buf()?;
                return stream.shutdown(Shutdown::Both);
            }
        }
    }
}
