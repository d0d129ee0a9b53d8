//! The arguments of `pop3spec serve`.

use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use pop3_proto::capability::{CAPABILITY_LINE_LIMIT, Capability, Retention};
use pop3_proto::language::Language;

const SERVE_EXAMPLES: &str = "\
Examples:
  pop3spec serve
      one account `user` with password `secret` and no mail, on a free port
  pop3spec serve --account alice:secret --mail alice=./Maildir --listen 127.0.0.1:1110
  pop3spec serve --root ./mail --stls --listen-tls 127.0.0.1:1995 --ca-out ca.pem
      every folder NAME/ (Maildir or .eml files) and file NAME.mbox in ./mail
      becomes an account NAME with password `secret`
  pop3spec serve --mechanism SCRAM-SHA-256 --mechanism CRAM-MD5
      AUTH by these two, in this order, and not by PLAIN
  pop3spec serve --without UIDL --withhold TOP --login-delay 60
      no UIDL; TOP works, and CAPA does not tell; one login a minute
  pop3spec serve --fault retr-unstuffed
      a server that is broken on purpose, to test a client

Source files are never changed; what clients delete is deleted in memory.
SIGINT (Ctrl-C) or SIGTERM ends the server and every session, without a word and
without UPDATE: nothing that is only marked is removed. The exit code is 0 then.";

#[derive(Args, Debug)]
#[command(after_help = SERVE_EXAMPLES)]
pub(crate) struct ServeArguments {
    /// Address of the plain port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Take a bare LF as the end of a command, for people who type into nc
    #[arg(long)]
    pub(crate) bare_lf: bool,
    /// Switch on a deliberate defect; behind @, in the Nth session only
    #[arg(long, value_name = "SLUG[@N]")]
    pub(crate) fault: Vec<String>,
    /// Differ in what the RFCs leave open
    #[arg(long, value_name = "SLUG")]
    pub(crate) variation: Vec<String>,
    /// At the end, print what both sides said, passwords masked
    #[arg(long, short)]
    pub(crate) verbose: bool,

    /// An account
    #[arg(long, value_name = "NAME:PASSWORD", help_heading = "Accounts and mail")]
    pub(crate) account: Vec<String>,
    /// Mail of an account: a Maildir, an mbox file, a folder of .eml files, or one
    #[arg(long, value_name = "NAME=PATH", help_heading = "Accounts and mail")]
    pub(crate) mail: Vec<String>,
    /// A folder that holds the mail of many accounts
    #[arg(long, value_name = "DIR", help_heading = "Accounts and mail")]
    pub(crate) root: Option<PathBuf>,
    /// The password of the accounts of --root that no --account names
    #[arg(long, value_name = "PASSWORD", default_value = "secret", help_heading = "Accounts and mail")]
    pub(crate) root_password: String,
    /// How long messages stay, counted from the first login that lists them; with 0, what was
    /// retrieved goes at QUIT (RFC 2449 section 6.7)
    #[arg(long, value_name = "DAYS|never", value_parser = retention, help_heading = "Accounts and mail")]
    pub(crate) expire: Option<Retention>,

    /// Address of a port with implicit TLS
    #[arg(long, value_name = "ADDRESS:PORT", help_heading = "TLS")]
    pub(crate) listen_tls: Option<SocketAddr>,
    /// Offer STLS on the plain port
    #[arg(long, help_heading = "TLS")]
    pub(crate) stls: bool,
    /// PEM file with the certificate chain; one is made when none is given
    #[arg(long, value_name = "FILE", requires = "key", help_heading = "TLS")]
    pub(crate) cert: Option<PathBuf>,
    /// PEM file with the private key
    #[arg(long, value_name = "FILE", requires = "cert", help_heading = "TLS")]
    pub(crate) key: Option<PathBuf>,
    /// Write the certificate of the authority that was made to this file
    #[arg(long, value_name = "FILE", conflicts_with = "cert", help_heading = "TLS")]
    pub(crate) ca_out: Option<PathBuf>,
    /// The versions of TLS to take [default: both]
    #[arg(long, value_enum, value_name = "VERSIONS", help_heading = "TLS")]
    pub(crate) tls_versions: Option<TlsVersionsArgument>,
    /// Ask clients for certificates by the authorities in this PEM file; EXTERNAL needs it
    #[arg(long, value_name = "FILE", help_heading = "TLS")]
    pub(crate) client_ca: Option<PathBuf>,
    /// Let nobody in without a certificate
    #[arg(long, requires = "client_ca", help_heading = "TLS")]
    pub(crate) require_client_certificate: bool,

    /// Offer this AUTH mechanism, and of the others only those named too [default: PLAIN]
    #[arg(long, value_name = "NAME", help_heading = "Logins")]
    pub(crate) mechanism: Vec<String>,
    /// The token of an account, for OAUTHBEARER and XOAUTH2
    #[arg(long, value_name = "NAME=TOKEN", help_heading = "Logins")]
    pub(crate) token: Vec<String>,
    /// The account that clients enter by the mechanism ANONYMOUS
    #[arg(long, value_name = "NAME", help_heading = "Logins")]
    pub(crate) anonymous: Option<String>,
    /// The mail address or common name in the certificate of an account, for EXTERNAL [default: its NAME]
    #[arg(long, value_name = "NAME=IDENTITY", help_heading = "Logins")]
    pub(crate) certificate_name: Vec<String>,
    /// Take passwords and tokens that are sent as they are under TLS only (RFC 8314 section 4.1)
    #[arg(long, help_heading = "Logins")]
    pub(crate) plaintext_under_tls: bool,
    /// From one login to the next that is let in (RFC 2449 section 6.5)
    #[arg(long, value_name = "SECONDS", help_heading = "Logins")]
    pub(crate) login_delay: Option<NonZeroU64>,

    /// Offer UTF8; with `user`, names and passwords may be UTF-8 too (RFC 6856 section 2)
    #[arg(long, value_enum, value_name = "user", num_args = 0..=1, help_heading = "Capabilities")]
    pub(crate) utf8: Option<Option<Utf8Argument>>,
    /// Offer LANG; PREFERRED is what `LANG *` selects [default: en] (RFC 6856 section 3)
    #[arg(
        long,
        value_name = "PREFERRED",
        num_args = 0..=1,
        default_missing_value = "en",
        value_parser = PossibleValuesParser::new(Language::ALL.map(Language::tag)),
        ignore_case = true,
        help_heading = "Capabilities"
    )]
    pub(crate) lang: Option<String>,
    /// Announce this as IMPLEMENTATION
    #[arg(long, value_name = "TEXT", value_parser = implementation, help_heading = "Capabilities")]
    pub(crate) implementation: Option<String>,
    /// Have it and do not announce it: TOP, UIDL, USER, RESP-CODES and others, or a mechanism
    #[arg(long, value_name = "CAPABILITY", help_heading = "Capabilities")]
    pub(crate) withhold: Vec<String>,
    /// Do not have it: TOP, UIDL, USER, APOP, CAPA and others, or SASL for all mechanisms
    #[arg(long, value_name = "CAPABILITY", help_heading = "Capabilities")]
    pub(crate) without: Vec<String>,

    /// Silence after which a session is closed; RFC 1939 section 3 asks for 600 or more [default: 600]
    #[arg(long, value_name = "SECONDS", help_heading = "Limits")]
    pub(crate) autologout: Option<NonZeroU64>,
    /// Failed logins after which a session is closed [default: 20]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) failed_logins: Option<NonZeroU32>,
    /// Connections at once; one more is refused with [SYS/TEMP] [default: 1000]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) max_connections: Option<NonZeroUsize>,
    /// Connections at once from one address [default: as many as there may be at all]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) max_connections_per_address: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Utf8Argument {
    User,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TlsVersionsArgument {
    #[value(name = "1.2")]
    Tls12,
    #[value(name = "1.3")]
    Tls13,
    Both,
}

fn retention(text: &str) -> Result<Retention, String> {
    if text.eq_ignore_ascii_case("never") {
        return Ok(Retention::Never);
    }
    text.parse().map(Retention::Days).map_err(|_| format!("write a number of days up to {}, or `never`", u32::MAX))
}

/// What a client reads of the line must be the text (RFC 2449 section 6.9).
fn implementation(text: &str) -> Result<String, String> {
    let mut line = Vec::new();
    let capability = Capability::Implementation(text.to_owned());
    capability.write(&mut line);
    if line.strip_suffix(b"\r\n").and_then(Capability::parse) == Some(capability) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "write words of printable ASCII with one space between, so short that the line has {CAPABILITY_LINE_LIMIT} \
         octets at most (RFC 2449 section 5)"
    ))
}
