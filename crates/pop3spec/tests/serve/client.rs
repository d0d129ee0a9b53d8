//! A server, and clients that read and write lines.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::program::{Program, pop3spec};

/// The longest that a client waits for octets.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// `pop3spec serve` on a port of its own.
pub(crate) struct Server {
    pub(crate) program: Program,
    /// Of the plain port.
    pub(crate) address: SocketAddr,
}

impl Server {
    #[track_caller]
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut program = Program::start(&mut pop3spec(&[&["serve"], options].concat()));
        program.wait_until(|program| program.so_far.stdout.contains('\n'));
        let line = program.so_far.stdout.lines().next().unwrap();
        let address = line.strip_prefix("pop3://").unwrap().parse().unwrap();
        Self { program, address }
    }

    pub(crate) fn connect(&self) -> Client {
        Client::over(TcpStream::connect(self.address).unwrap())
    }

    /// A client at this address of the loopback network.
    pub(crate) fn connect_from(&self, local: IpAddr) -> Client {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stream = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind((local, 0).into()).unwrap();
            socket.connect(self.address).await.unwrap().into_std().unwrap()
        });
        stream.set_nonblocking(false).unwrap();
        Client::over(stream)
    }

    /// A client whose greeting is read and positive.
    #[track_caller]
    pub(crate) fn greeted(&self) -> Client {
        let mut client = self.connect();
        let greeting = client.line();
        assert!(greeting.starts_with("+OK "), "{greeting:?}");
        client
    }

    /// One that has logged in.
    #[track_caller]
    pub(crate) fn logged_in(&self, name: &str, password: &str) -> Client {
        let mut client = self.greeted();
        client.says(&format!("USER {name}"), "+OK");
        client.says(&format!("PASS {password}"), "+OK");
        client
    }
}

/// One connection.
pub(crate) struct Client {
    pub(crate) stream: BufReader<TcpStream>,
}

impl Client {
    fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_write_timeout(Some(DEADLINE)).unwrap();
        Self { stream: BufReader::new(stream) }
    }

    pub(crate) fn send(&mut self, octets: &[u8]) {
        self.stream.get_mut().write_all(octets).unwrap();
    }

    /// A line without its line end; empty at the end of the stream.
    #[track_caller]
    pub(crate) fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).unwrap();
        String::from_utf8(line).unwrap().trim_end().to_owned()
    }

    /// Everything up to the end of the stream.
    #[track_caller]
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        self.stream.read_to_end(&mut rest).unwrap();
        String::from_utf8(rest).unwrap()
    }

    /// Sends a command and gives the first line of its reply.
    #[track_caller]
    pub(crate) fn asks(&mut self, command: &str) -> String {
        self.send(format!("{command}\r\n").as_bytes());
        self.line()
    }

    /// Sends a command and asserts how its reply begins.
    #[track_caller]
    pub(crate) fn says(&mut self, command: &str, beginning: &str) {
        let reply = self.asks(command);
        assert!(reply.starts_with(beginning), "{command} is answered {reply:?}");
    }

    /// The lines of a reply behind the first, which is positive.
    #[track_caller]
    pub(crate) fn lists(&mut self, command: &str) -> Vec<String> {
        self.says(command, "+OK");
        std::iter::from_fn(|| Some(self.line()).filter(|line| line != "." && !line.is_empty())).collect()
    }
}
