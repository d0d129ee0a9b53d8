//! What is known of a client: how it is set up, what its deliveries look like,
//! and what it cannot do.

use super::cell::{Cell, Mail, WayIn, Wire};

/// A client. One file holds one.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) name: &'static str,
    /// What its cells start, and the Debian package of each; its own first.
    pub(super) programs: &'static [Tool],
    /// The argument that makes the first of them say its version.
    pub(super) version: &'static str,
    pub(super) setup: fn(&Setting) -> Setup,
    pub(super) delivery: Delivery,
    /// For a client that knows by UIDL what it has had already: its exit code
    /// when nothing is new.
    pub(super) nothing_new: Option<i32>,
    /// What `pop3spec serve` is told where the client has no switch to choose
    /// this way in among others.
    pub(super) narrowed: &'static [(WayIn, &'static [&'static str])],
    pub(super) cannot: &'static [Cannot],
    /// What a reader should know of how it was run.
    pub(super) note: &'static str,
}

/// A program, and the Debian package that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tool {
    pub(crate) program: &'static str,
    pub(crate) package: &'static str,
}

/// What a configuration is made from. Texts, so that the page can show one with
/// names in the place of values.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) wire: Wire,
    pub(super) mail: Mail,
    pub(super) login: WayIn,
    pub(super) port: String,
    /// The file with the certificate of the server's authority.
    pub(super) authority: String,
    /// The client's own folder, its home too. Mail goes to the folder `out` in it,
    /// which is a Maildir.
    pub(super) folder: String,
    /// How many messages there are.
    pub(super) messages: usize,
}

impl Setting {
    /// The first of the texts for keeping mail, the second for deleting it.
    pub(super) fn keep_or_delete<T>(&self, keep: T, delete: T) -> T {
        match self.mail {
            Mail::Keep => keep,
            Mail::Delete => delete,
        }
    }
}

/// Files to write into the client's folder, and the command.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) files: Vec<(&'static str, String)>,
    pub(super) command: Vec<String>,
}

/// A command from its words.
pub(super) fn command(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// In what a delivered message may differ from the stored one; in nothing else.
#[derive(Debug)]
pub(super) struct Delivery {
    /// Header fields that the client puts on top, in this order.
    pub(super) fields: &'static [&'static str],
    pub(super) line_end: LineEnd,
    pub(super) header: HeaderEnd,
}

/// How the client ends lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// As they were sent.
    Crlf,
    /// As its system does.
    Lf,
}

/// What the client makes of a message that ends with its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderEnd {
    /// What it is.
    AsStored,
    /// An empty line comes behind it.
    Completed,
}

/// Cells that cannot work, and how that shows.
#[derive(Debug)]
pub(super) struct Cannot {
    pub(super) logins: &'static [WayIn],
    pub(super) wires: &'static [Wire],
    /// Whose doing it is: the client's, or the server's.
    pub(super) whose: &'static str,
    pub(super) why: &'static str,
    pub(super) exit: i32,
    /// What is seen: lines of the dialogue, then of what the client says to its user
    /// (`stderr: `), each directly behind the one before it. `…` stands for any
    /// octets, `{mechanism}` for the mechanism's name.
    pub(super) evidence: &'static [&'static str],
}

impl Cell {
    /// Why it cannot work, if it cannot.
    pub(super) fn cannot(&self) -> Option<&'static Cannot> {
        let of_this = |cannot: &&Cannot| cannot.logins.contains(&self.login) && cannot.wires.contains(&self.wire);
        self.client.cannot.iter().find(of_this)
    }

    /// The ways in that the server offers, as arguments of `pop3spec serve`: all of
    /// them, so that a client that silently takes another is found out; or the one
    /// mechanism that the client cannot do, so that it cannot evade into a third.
    pub(super) fn offer(&self) -> Vec<&'static str> {
        if let Some((_, arguments)) = self.client.narrowed.iter().find(|(login, _)| *login == self.login) {
            return arguments.to_vec();
        }
        let only = self.login.mechanism().filter(|_| self.cannot().is_some());
        let offered = WayIn::ALL.into_iter().filter_map(WayIn::mechanism);
        let offered = offered.filter(|mechanism| only.is_none_or(|only| only == *mechanism));
        offered.flat_map(|mechanism| ["--mechanism", mechanism]).collect()
    }
}
