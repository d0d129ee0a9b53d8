//! The client of the SCRAM mechanisms (RFC 5802, RFC 7677).

mod keys;
mod message;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

pub(super) use keys::Hash;

use self::keys::Keys;
use self::message::{ServerFinal, ServerFirst};
use super::alteration::Alterations;
use super::client::{Answer, too_many};
use super::deviation::LoginDeviation;
use super::failure::{Failure, Unusable};
use super::identity::Identity;
use super::method::Mechanism;
use super::prepare::{prepared, sasl_name};
use super::surroundings::{Binding, Surroundings};

/// The least iteration count that servers should announce (RFC 5802 section
/// 5.1, RFC 7677 section 3).
const FEW: u32 = 4096;

/// The largest iteration count that is worked off: seconds of work. Password
/// stores have at most some hundred thousand.
pub(super) const MANY: u32 = 2_000_000;

/// A client in the midst of its exchange.
pub(super) struct Scram {
    mechanism: Mechanism,
    hash: Hash,
    password: String,
    nonce: String,
    /// What `c=` stands for: the GS2 header and the channel's data.
    binding: Vec<u8>,
    /// `client-first-message-bare`
    bare: Vec<u8>,
    waits: Waits,
    alterations: Alterations,
}

/// What the client waits for.
enum Waits {
    ServerFirst,
    /// The signature that the server should show.
    ServerFinal(Vec<u8>),
    /// The outcome: the signature was right.
    Success,
    /// The outcome: the server has named an error.
    Refusal,
}

impl Scram {
    /// The client and its first message.
    pub(super) fn new(
        mechanism: Mechanism,
        hash: Hash,
        identity: &Identity,
        surroundings: &Surroundings,
    ) -> Result<(Self, Vec<u8>), Unusable> {
        let nonce = surroundings.nonce.clone();
        if nonce.is_empty() || !nonce.bytes().all(is_nonce) {
            return Err(Unusable::Nonce);
        }
        let (flag, data) = match (&surroundings.binding, mechanism.binds_channel()) {
            (Binding::Bound(channel), true) if !channel.data.is_empty() => {
                (format!("p={}", channel.kind), channel.data.as_slice())
            }
            (_, true) => return Err(Unusable::NoChannel(mechanism)),
            (Binding::Bound(_), false) => return Err(Unusable::Channel(mechanism)),
            (Binding::Absent, false) => ("n".to_owned(), [].as_slice()),
            (Binding::BelievedUnsupported, false) => ("y".to_owned(), [].as_slice()),
        };
        let authzid = match &identity.authzid {
            Some(authzid) => format!("a={}", sasl_name(authzid, "authorization identity")?),
            None => String::new(),
        };
        let header = format!("{flag},{authzid},");
        let bare = format!("n={},r={nonce}", sasl_name(&identity.name, "name")?);
        let mut alterations = Alterations::new(surroundings.alterations.clone());
        let first = alterations.apply(1, format!("{header}{bare}").into_bytes());
        let (header, bare) = first.split_at(header_end(&first).unwrap_or(header.len()).min(first.len()));
        let nonce = nonce_of(bare).unwrap_or(nonce);
        let password = prepared(&identity.password, "password")?.into_owned();
        let (binding, bare) = ([header, data].concat(), bare.to_vec());
        let scram = Self { mechanism, hash, password, nonce, binding, bare, waits: Waits::ServerFirst, alterations };
        Ok((scram, first))
    }

    pub(super) fn missed_alteration(&self) -> bool {
        self.alterations.missed
    }

    pub(super) fn answer(&mut self, challenge: &[u8], deviations: &mut Vec<LoginDeviation>) -> Answer {
        let answer = match &self.waits {
            // The text has an error in the final message only. The reported erratum
            // 5271 wants it here too, so it is heard, and nothing is said about it.
            Waits::ServerFirst if ServerFinal::parse(challenge) == Ok(ServerFinal::Error) => {
                Ok((Waits::Refusal, Vec::new()))
            }
            Waits::ServerFirst => self.client_final(challenge, deviations),
            Waits::ServerFinal(signature) => match judge(challenge, signature) {
                Ok(waits) => Ok((waits, Vec::new())),
                Err(deviation) => Err(Failure::Deviation(deviation)),
            },
            Waits::Success | Waits::Refusal => Err(too_many(self.mechanism)),
        };
        match answer {
            Ok((waits, response)) => {
                self.waits = waits;
                Answer::Say(response)
            }
            Err(failure) => Answer::GiveUp(failure),
        }
    }

    /// Without its signature the server has shown nothing, and the exchange has
    /// failed even behind `+OK` (RFC 5802 section 5).
    pub(super) fn accepted(&self, text: &[u8], deviations: &mut Vec<LoginDeviation>) -> Result<(), Failure> {
        match &self.waits {
            Waits::Success => Ok(()),
            Waits::Refusal => Err(LoginDeviation::AcceptedAfterError(self.mechanism)),
            Waits::ServerFirst => Err(LoginDeviation::AcceptedTooEarly),
            Waits::ServerFinal(signature) => match with_success(text, signature) {
                Some(Ok(())) => {
                    deviations.push(LoginDeviation::SignatureWithSuccess);
                    Ok(())
                }
                Some(Err(deviation)) => Err(deviation),
                None => Err(LoginDeviation::SignatureMissing),
            },
        }
        .map_err(Failure::Deviation)
    }

    fn client_final(
        &mut self,
        challenge: &[u8],
        deviations: &mut Vec<LoginDeviation>,
    ) -> Result<(Waits, Vec<u8>), Failure> {
        let first = ServerFirst::parse(challenge, deviations).map_err(Failure::Deviation)?;
        let added = first.nonce.strip_prefix(&self.nonce);
        let added = added.ok_or(Failure::Deviation(LoginDeviation::NonceNotOurs))?;
        if added.is_empty() {
            deviations.push(LoginDeviation::NonceNotExtended);
        }
        if !added.bytes().all(is_nonce) {
            deviations.push(LoginDeviation::NonceNotPrintable);
        }
        let iterations = match u32::try_from(first.iterations) {
            Ok(iterations) if iterations <= MANY => iterations,
            _ => return Err(Failure::TooManyIterations { iterations: first.iterations, limit: MANY }),
        };
        if iterations < FEW {
            deviations.push(LoginDeviation::FewIterations { mechanism: self.mechanism, iterations });
        }
        let without_proof = format!("c={},r={}", STANDARD.encode(&self.binding), first.nonce);
        let without_proof = self.alterations.apply(2, without_proof.into_bytes());
        let auth_message = [&self.bare, first.text.as_bytes(), &without_proof].join(&b","[..]);
        let keys = Keys::new(self.hash, &self.password, &first.salt, iterations);
        let proof = STANDARD.encode(keys.client_proof(&auth_message));
        let signature = keys.server_signature(&auth_message);
        let message = [&without_proof, format!(",p={proof}").as_bytes()].concat();
        Ok((Waits::ServerFinal(signature), message))
    }
}

/// Holds the server's final message against the signature.
fn judge(message: &[u8], signature: &[u8]) -> Result<Waits, LoginDeviation> {
    match ServerFinal::parse(message)? {
        ServerFinal::Verifier(shown) if bool::from(shown.ct_eq(signature)) => Ok(Waits::Success),
        ServerFinal::Verifier(_) => Err(LoginDeviation::SignatureWrong),
        ServerFinal::Error => Ok(Waits::Refusal),
    }
}

/// The signature in the text of `+OK`, where some servers have it: base64 as in
/// a challenge, or in clear. `None` when there is none.
fn with_success(text: &[u8], signature: &[u8]) -> Option<Result<(), LoginDeviation>> {
    let mut words = text.split(|octet| *octet == b' ');
    words.find_map(|word| {
        let decoded = STANDARD.decode(word).ok();
        let message = decoded
            .as_deref()
            .filter(|message| message.starts_with(b"v="))
            .or_else(|| word.starts_with(b"v=").then_some(word))?;
        match ServerFinal::parse(message) {
            Ok(ServerFinal::Verifier(shown)) if bool::from(shown.ct_eq(signature)) => Some(Ok(())),
            Ok(ServerFinal::Verifier(_)) => Some(Err(LoginDeviation::SignatureWrong)),
            Ok(ServerFinal::Error) | Err(_) => None,
        }
    })
}

/// Where the GS2 header ends, which has two commas.
fn header_end(first: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b',', first).nth(1).map(|comma| comma + 1)
}

/// The nonce in a first message, which may have been altered.
fn nonce_of(bare: &[u8]) -> Option<String> {
    let mut attributes = bare.split(|octet| *octet == b',');
    let nonce = attributes.find_map(|attribute| attribute.strip_prefix(b"r="))?;
    String::from_utf8(nonce.to_vec()).ok()
}

/// `printable` of RFC 5802 section 7.
fn is_nonce(octet: u8) -> bool {
    octet.is_ascii_graphic() && octet != b','
}
