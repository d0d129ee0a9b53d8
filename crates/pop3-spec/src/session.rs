//! The sessions of a history: whose maildrop each opened, what it saw there, and
//! what it may have removed.

use std::collections::{BTreeMap, BTreeSet};

use pop3_proto::auth::{ClientLine, initial_response};
use pop3_proto::capability::{Capability, Retention};
use pop3_proto::client::{Answers, Limits};
use pop3_proto::command::Keyword;
use pop3_proto::listing::UniqueIdListing;
use pop3_proto::message_number::decimal;
use pop3_proto::state::State;

use crate::dialogue::{Dialogue, Turn};
use crate::transcript::{Deliveries, History, Maildrops};

/// A history as read: what checks of several connections look at.
#[derive(Debug)]
pub struct Watched {
    /// One for each connection, in the order of the history.
    pub dialogues: Vec<Dialogue>,
    /// How sessions are tied to maildrops.
    pub maildrops: Maildrops,
    /// Whether mail may have come in meanwhile.
    pub deliveries: Deliveries,
    /// Tags that the server announces anywhere, upper case; `None` when no
    /// capability list was seen.
    pub announced: Option<BTreeSet<String>>,
    /// Whether EXPIRE announces that messages may go by themselves.
    pub expires: bool,
    /// The sessions that came to the TRANSACTION state.
    pub sessions: Vec<Session>,
}

/// A session from its login on.
#[derive(Debug)]
pub struct Session {
    /// Which connection of the history.
    pub connection: usize,
    /// Whose maildrop.
    pub whose: Whose,
    /// When the login was asked for.
    pub began: u64,
    /// When it was granted.
    pub opened: u64,
    /// When the positive reply to QUIT had come, if it did.
    pub updated: Option<u64>,
    /// The number of messages before any was named in DELE.
    pub total: Option<u64>,
    /// The position in the dialogue of the reply that told it.
    pub counted: usize,
    /// Unique-ids by message-number, where each came once in a whole listing.
    pub unique_ids: BTreeMap<u64, Vec<u8>>,
    /// The unique-ids of all messages at the beginning, the position in the dialogue
    /// of the reply that lists them; from a listing before any DELE.
    pub all: Option<(usize, Vec<Vec<u8>>)>,
    /// The messages that DELE marked, if the session is sure to have removed them
    /// by QUIT.
    pub removed: BTreeSet<u64>,
    /// The messages that the session may have removed: named in DELE or retrieved,
    /// and QUIT was sent. `None` when that is unknown.
    pub touched: Option<BTreeSet<u64>>,
}

/// Whose maildrop a session opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// That of this name, as it was sent.
    Named(Vec<u8>),
    /// The name does not show.
    Unknown,
    /// Nobody's in particular: ANONYMOUS.
    Anyone,
}

impl Watched {
    /// Reads all connections of a history.
    #[must_use]
    pub fn read(history: &History, limits: Limits) -> Self {
        Self::of(history.connections.iter().map(|connection| Dialogue::read(connection, limits)).collect(), history)
    }

    /// The same without what came under TLS behind lines that were sent ahead of it, since
    /// whether these are answered there, and by which replies, is not known; `None` where
    /// that is everything.
    pub(crate) fn sure(&self, history: &History, limits: Limits) -> Option<Self> {
        if !self.dialogues.iter().any(|dialogue| dialogue.injected) {
            return None;
        }
        let read = history.connections.iter().map(|connection| Dialogue::read(connection, limits));
        let sure = |dialogue: Dialogue| if dialogue.injected { dialogue.before_tls() } else { dialogue };
        Some(Self::of(read.map(sure).collect(), history))
    }

    fn of(dialogues: Vec<Dialogue>, history: &History) -> Self {
        let mut tags = history.announced.clone();
        let days = |tag: &String| tag.strip_prefix("EXPIRE ").is_some_and(|days| days != "NEVER" && days != "USER");
        let mut expires = tags.iter().any(days) || tags.contains("EXPIRE") && !tags.contains("EXPIRE NEVER");
        let mut never = false;
        for line in dialogues.iter().flat_map(|dialogue| &dialogue.replies).filter_map(capabilities).flatten() {
            let Some(capability) = Capability::parse(line) else { continue };
            tags.insert(capability.tag().to_ascii_uppercase());
            let policy = matches!(&capability, Capability::Expire { retention, .. } if *retention == Retention::Never);
            never |= policy;
            expires |= capability.tag().eq_ignore_ascii_case("EXPIRE") && !policy;
        }
        // Of what was seen elsewhere only the tag is known.
        let only_never = never && !dialogues.iter().any(other_expiry);
        let sessions =
            dialogues.iter().enumerate().filter_map(|(connection, dialogue)| session(connection, dialogue)).collect();
        let mut seen = dialogues.iter().flat_map(|dialogue| &dialogue.replies).filter_map(capabilities);
        let listed = seen.next().is_some() || !history.announced.is_empty();
        Self {
            sessions,
            maildrops: history.maildrops,
            deliveries: history.deliveries,
            announced: listed.then_some(tags),
            expires: expires && !only_never,
            dialogues,
        }
    }

    /// Whether two sessions were certainly of the same maildrop.
    #[must_use]
    pub fn same_maildrop(&self, one: &Session, other: &Session) -> bool {
        match (self.maildrops, &one.whose, &other.whose) {
            (Maildrops::Shared, ..) | (_, Whose::Anyone, _) | (_, _, Whose::Anyone) => false,
            (_, Whose::Named(one), Whose::Named(other)) => one == other,
            (maildrops, ..) => maildrops == Maildrops::One,
        }
    }

    /// The sessions that may have removed something from the maildrop of `of` before
    /// `later` opened it; `None` when what happened in some session is unknown.
    #[must_use]
    pub fn removers(&self, of: &Session, later: &Session) -> Option<Vec<&Session>> {
        let certain = |dialogue: &Dialogue| dialogue.orderly && !dialogue.cut && dialogue.failed.is_none();
        if self.dialogues.iter().any(|dialogue| dialogue.quits && !certain(dialogue)) {
            return None;
        }
        let other = |session: &&Session| matches!((&session.whose, &of.whose), (Whose::Named(one), Whose::Named(other)) if one != other);
        let removers = self.sessions.iter().filter(|session| {
            session.began < later.opened && session.connection != later.connection && !other(session)
        });
        Some(removers.filter(|session| session.touched.as_ref().is_none_or(|touched| !touched.is_empty())).collect())
    }

    /// Whether this tag is announced anywhere; `None` when no list was seen.
    #[must_use]
    pub fn announces(&self, tag: &str) -> Option<bool> {
        self.announced.as_ref().map(|tags| tags.contains(tag))
    }
}

/// The lines of a capability list, if the reply is one.
#[must_use]
pub fn capabilities(turn: &Turn) -> Option<Vec<&[u8]>> {
    let (keyword, _) = turn.granted()?;
    (keyword == Keyword::Capa && turn.whole).then(|| turn.lines().collect())
}

fn other_expiry(dialogue: &Dialogue) -> bool {
    dialogue.replies.iter().filter_map(capabilities).flatten().any(|line| {
        let capability = Capability::parse(line);
        capability.is_some_and(|capability| {
            capability.tag().eq_ignore_ascii_case("EXPIRE")
                && !matches!(capability, Capability::Expire { retention: Retention::Never, .. })
        })
    })
}

fn session(connection: usize, dialogue: &Dialogue) -> Option<Session> {
    let login = dialogue.replies.iter().position(Turn::logs_in)?;
    let turn = dialogue.replies.get(login)?;
    let mut session = Session {
        connection,
        whose: whose(dialogue.replies.get(..=login).unwrap_or_default()),
        began: turn.sent,
        opened: turn.came,
        updated: None,
        total: None,
        counted: 0,
        unique_ids: BTreeMap::new(),
        all: None,
        removed: BTreeSet::new(),
        touched: Some(BTreeSet::new()),
    };
    let mut named = false;
    for (at, turn) in dialogue.replies.iter().enumerate().skip(login + 1) {
        session.see(at, turn, &mut named);
    }
    if !dialogue.orderly || dialogue.cut || dialogue.failed.is_some() {
        (session.touched, session.updated) = (None, None);
    }
    if !dialogue.quits {
        session.touched = Some(BTreeSet::new());
    }
    if session.updated.is_none() {
        session.removed.clear();
    }
    Some(session)
}

impl Session {
    /// Follows one reply; `named` is whether DELE has named a message.
    fn see(&mut self, at: usize, turn: &Turn, named: &mut bool) {
        let Some((keyword, words)) = turn.words().filter(|_| turn.state == State::Transaction) else { return };
        let number = words.first().and_then(|word| decimal(word).ok());
        match (keyword, turn.granted()) {
            (Keyword::Dele, granted) => {
                *named = true;
                match (number, granted) {
                    (Some(number), Some(_)) => {
                        self.removed.insert(number);
                        self.touch(number);
                    }
                    (Some(number), None) => self.touch(number),
                    (None, _) => self.touched = None,
                }
            }
            (Keyword::Retr, _) => match number {
                Some(number) => self.touch(number),
                None => self.touched = None,
            },
            (Keyword::Rset, Some(_)) => self.removed.clear(),
            (Keyword::Quit, Some(_)) => self.updated = Some(turn.came),
            (Keyword::Stat, Some(_)) if !*named && turn.whole => {
                let count = turn.text().split(|octet| *octet == b' ').next().and_then(|word| decimal(word).ok());
                self.count(at, count);
            }
            (Keyword::List, Some((_, None))) if !*named && turn.whole => {
                self.count(at, Some(turn.lines().count() as u64));
            }
            (Keyword::Uidl, Some((_, argument))) if turn.whole => {
                let listing: Option<Vec<_>> = turn.listing().into_iter().map(UniqueIdListing::parse).collect();
                let Some(listing) = listing else { return };
                for line in &listing {
                    self.unique_ids.insert(line.number, line.unique_id.to_vec());
                }
                if argument.is_none() && !*named {
                    self.count(at, Some(listing.len() as u64));
                    let ids = listing.iter().map(|line| line.unique_id.to_vec()).collect();
                    self.all.get_or_insert((at, ids));
                }
            }
            _ => {}
        }
    }

    fn count(&mut self, at: usize, count: Option<u64>) {
        if self.total.is_none() && count.is_some() {
            (self.total, self.counted) = (count, at);
        }
    }

    fn touch(&mut self, number: u64) {
        if let Some(touched) = &mut self.touched {
            touched.insert(number);
        }
    }

    /// The unique-ids of the messages that it may have removed; `None` when that is
    /// unknown.
    #[must_use]
    pub fn touched_ids(&self) -> Option<Vec<&[u8]>> {
        let touched = self.touched.as_ref()?;
        touched.iter().map(|number| self.unique_ids.get(number).map(Vec::as_slice)).collect()
    }
}

/// Whose maildrop the last of these replies opened.
fn whose(turns: &[Turn]) -> Whose {
    let Some(login) = turns.last() else { return Whose::Unknown };
    if let Answers::ExchangeLine(response) = &login.answers {
        // A mechanism with one response gives the name in it.
        let auth = turns.iter().rev().find_map(|turn| turn.words().filter(|(keyword, _)| *keyword == Keyword::Auth));
        let responses = turns.iter().rev().take_while(|turn| matches!(turn.answers, Answers::ExchangeLine(_))).count();
        let mechanism = auth.and_then(|(_, words)| words.first().copied()).unwrap_or_default();
        return match ClientLine::parse(response) {
            ClientLine::Response(response) if responses == 1 => by_mechanism(mechanism, Some(response)),
            _ => by_mechanism(mechanism, None),
        };
    }
    match login.words() {
        Some((Keyword::Apop, words)) => words.first().map_or(Whose::Unknown, |name| Whose::Named(name.to_vec())),
        Some((Keyword::Auth, words)) => {
            let response = words.get(1).and_then(|word| std::str::from_utf8(word).ok()).and_then(initial_response);
            by_mechanism(words.first().copied().unwrap_or_default(), response)
        }
        Some((Keyword::Pass, _)) => {
            let user =
                turns.iter().rev().find_map(|turn| turn.granted().filter(|(keyword, _)| *keyword == Keyword::User));
            user.and_then(|(_, name)| name).map_or(Whose::Unknown, |name| Whose::Named(name.to_vec()))
        }
        _ => Whose::Unknown,
    }
}

fn by_mechanism(mechanism: &[u8], response: Option<Vec<u8>>) -> Whose {
    if mechanism.eq_ignore_ascii_case(b"ANONYMOUS") {
        return Whose::Anyone;
    }
    let parts: Vec<&[u8]> = response.iter().flat_map(|response| response.split(|octet| *octet == 0)).collect();
    match parts.as_slice() {
        // RFC 4616: authorization identity, authentication identity, password.
        [actor, name, _] if mechanism.eq_ignore_ascii_case(b"PLAIN") => {
            Whose::Named(if actor.is_empty() { name.to_vec() } else { actor.to_vec() })
        }
        _ => Whose::Unknown,
    }
}
