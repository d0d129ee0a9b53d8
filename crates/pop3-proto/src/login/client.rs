//! What the mechanisms' clients have in common.

use super::cram_md5;
use super::deviation::LoginDeviation;
use super::failure::{Failure, Unusable};
use super::identity::Identity;
use super::method::Mechanism;
use super::oauth::{self, Oauth};
use super::prepare::prepared;
use super::scram::{Hash, Scram};
use super::surroundings::Surroundings;

/// The client of one mechanism, by what it waits for.
pub(super) enum Client {
    /// Its one message is said; nothing but the outcome may come.
    Said,
    /// LOGIN: the prompt for the name.
    LoginName {
        name: String,
        password: String,
    },
    /// LOGIN: the prompt for the password.
    LoginPassword {
        password: String,
    },
    /// The challenge of CRAM-MD5.
    CramMd5 {
        name: String,
        secret: String,
    },
    Scram(Box<Scram>),
    Oauth(Oauth),
}

/// What a challenge leads to.
pub(super) enum Answer {
    /// This response.
    Say(Vec<u8>),
    /// Cancelling, as this has happened.
    GiveUp(Failure),
}

impl Client {
    /// The client, with its first message where it sends first.
    pub(super) fn new(
        mechanism: Mechanism,
        identity: &Identity,
        surroundings: &Surroundings,
    ) -> Result<(Self, Option<Vec<u8>>), Unusable> {
        let Identity { name, password, authzid, token } = identity;
        let token = || token.as_deref().ok_or(Unusable::NoToken(mechanism));
        Ok(match mechanism {
            Mechanism::Plain => {
                let authzid = authzid.as_deref().unwrap_or_default();
                let parts = [(authzid, "authorization identity"), (name, "name"), (password, "password")];
                let parts = parts.map(|(part, what)| without_nul(part, what));
                let [authzid, name, password] = parts;
                (Self::Said, Some(format!("{}\0{}\0{}", authzid?, name?, password?).into_bytes()))
            }
            Mechanism::Login => (Self::LoginName { name: name.clone(), password: password.clone() }, None),
            Mechanism::CramMd5 => {
                let name = prepared(name, "name")?.into_owned();
                (Self::CramMd5 { name, secret: prepared(password, "password")?.into_owned() }, None)
            }
            Mechanism::ScramSha1 | Mechanism::ScramSha1Plus => {
                Self::scram(mechanism, Hash::Sha1, identity, surroundings)?
            }
            Mechanism::ScramSha256 | Mechanism::ScramSha256Plus => {
                Self::scram(mechanism, Hash::Sha256, identity, surroundings)?
            }
            Mechanism::OauthBearer => {
                let authzid = authzid.as_deref().unwrap_or(name);
                (Self::Oauth(Oauth::new(mechanism)), Some(oauth::bearer(authzid, token()?)?))
            }
            Mechanism::Xoauth2 => (Self::Oauth(Oauth::new(mechanism)), Some(oauth::xoauth2(name, token()?)?)),
            Mechanism::External => {
                let authzid = without_nul(authzid.as_deref().unwrap_or_default(), "authorization identity")?;
                (Self::Said, Some(authzid.as_bytes().to_vec()))
            }
            Mechanism::Anonymous => (Self::Said, Some(trace(name)?.as_bytes().to_vec())),
        })
    }

    fn scram(
        mechanism: Mechanism,
        hash: Hash,
        identity: &Identity,
        surroundings: &Surroundings,
    ) -> Result<(Self, Option<Vec<u8>>), Unusable> {
        let (scram, first) = Scram::new(mechanism, hash, identity, surroundings)?;
        Ok((Self::Scram(Box::new(scram)), Some(first)))
    }

    /// Whether it makes the changes to its messages itself, since something in them is
    /// worked out of the others.
    pub(super) fn alters_itself(&self) -> bool {
        matches!(self, Self::Scram(_))
    }

    pub(super) fn missed_alteration(&self) -> bool {
        matches!(self, Self::Scram(scram) if scram.missed_alteration())
    }

    /// Answers a challenge behind the client's first message, if it has one.
    pub(super) fn answer(
        &mut self,
        mechanism: Mechanism,
        challenge: &[u8],
        deviations: &mut Vec<LoginDeviation>,
    ) -> Answer {
        match self {
            Self::Said => Answer::GiveUp(too_many(mechanism)),
            Self::LoginName { name, password } => {
                let answer = Answer::Say(std::mem::take(name).into_bytes());
                *self = Self::LoginPassword { password: std::mem::take(password) };
                answer
            }
            Self::LoginPassword { password } => {
                let answer = Answer::Say(std::mem::take(password).into_bytes());
                *self = Self::Said;
                answer
            }
            Self::CramMd5 { name, secret } => {
                if !crate::apop::is_timestamp(challenge) {
                    deviations.push(LoginDeviation::ChallengeNotMsgId);
                }
                let answer = Answer::Say(cram_md5::response(name, secret, challenge));
                *self = Self::Said;
                answer
            }
            Self::Scram(scram) => scram.answer(challenge, deviations),
            Self::Oauth(oauth) => oauth.answer(challenge, deviations),
        }
    }

    /// Whether `+OK` with this text may stand here.
    pub(super) fn accepted(&self, text: &[u8], deviations: &mut Vec<LoginDeviation>) -> Result<(), Failure> {
        match self {
            Self::Said => Ok(()),
            Self::LoginName { .. } | Self::LoginPassword { .. } | Self::CramMd5 { .. } => {
                deviations.push(LoginDeviation::AcceptedTooEarly);
                Ok(())
            }
            Self::Scram(scram) => scram.accepted(text, deviations),
            Self::Oauth(oauth) => {
                deviations.extend(oauth.accepted());
                Ok(())
            }
        }
    }
}

pub(super) fn too_many(mechanism: Mechanism) -> Failure {
    Failure::Deviation(LoginDeviation::ChallengeTooMany(mechanism))
}

/// RFC 4505 section 3 prohibits control characters.
fn trace(text: &str) -> Result<&str, Unusable> {
    if text.contains(char::is_control) { Err(Unusable::NotInMessage("trace")) } else { Ok(text) }
}

fn without_nul<'a>(text: &'a str, what: &'static str) -> Result<&'a str, Unusable> {
    if text.contains('\0') { Err(Unusable::NotInMessage(what)) } else { Ok(text) }
}
