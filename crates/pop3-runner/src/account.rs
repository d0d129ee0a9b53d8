//! Accounts that the runner makes: names, passwords and the words of a run, all
//! derived from the seed.

use pop3_scenario::scenario::AccountWish;

/// A mailbox and how to open it.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The mailbox name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The bearer token, where the target has tokens.
    pub token: Option<String>,
}

impl Account {
    /// An account without a token.
    #[must_use]
    pub fn new(name: &str, password: &str) -> Self {
        Self { name: name.to_owned(), password: password.to_owned(), token: None }
    }

    /// The same as a scenario wants it.
    ///
    /// # Errors
    /// In words, why the wish has no meaning.
    pub(crate) fn wished(self, wish: Option<&AccountWish>) -> Result<Self, String> {
        let Some(wish) = wish else { return Ok(self) };
        let (name, password) = wish.fulfil(&self.name, &self.password)?;
        Ok(Self { name, password, ..self })
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account {{ name: {:?}, .. }}", self.name)
    }
}

/// Words derived from a seed: the same seed gives the same words.
#[derive(Clone, Copy, Debug)]
pub struct Seed(pub u64);

impl Seed {
    /// A word of 16 letters and digits for a purpose.
    #[must_use]
    pub fn word(self, purpose: &str) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut state = self.0 ^ 0x9E37_79B9_7F4A_7C15;
        for octet in purpose.bytes() {
            state = mix(state ^ u64::from(octet));
        }
        let mut word = String::new();
        for _ in 0..16 {
            state = mix(state);
            let letter = LETTERS.get((state >> 59) as usize).copied().unwrap_or(b'x');
            word.push(char::from(letter));
        }
        word
    }

    /// The account number `index`, from 0. Names have at most 12 characters, since
    /// some systems cut longer ones.
    #[must_use]
    pub fn account(self, index: usize) -> Account {
        Account::new(&format!("p3s{index:04}"), &self.word(&format!("password {index}")))
    }

    /// The second account of the scenario with the account number `index`. Its name
    /// begins with the name of that one.
    #[must_use]
    pub fn neighbour(self, index: usize) -> Account {
        Account::new(&format!("p3s{index:04}b"), &self.word(&format!("password of neighbour {index}")))
    }
}

/// The finaliser of SplitMix64.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_depend_on_seed_and_purpose_only() {
        assert_eq!(Seed(1).word("nonce"), Seed(1).word("nonce"));
        assert_ne!(Seed(1).word("nonce"), Seed(2).word("nonce"));
        assert_ne!(Seed(1).word("nonce"), Seed(1).word("password 0"));
        assert_ne!(Seed(1).account(0), Seed(1).account(1));
        assert!(!format!("{:?}", Seed(1).account(0)).contains(&Seed(1).account(0).password));
    }
}
