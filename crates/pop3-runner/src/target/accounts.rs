//! What a server can be told of accounts.

use serde::Deserialize;

use super::file::Accounts;
use crate::account::Account;

/// What the names or passwords of a server can be made of.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Alphabet {
    /// Letters and digits of ASCII, dot, hyphen and underscore.
    #[default]
    Words,
    /// Printable ASCII, and spaces that are neither first nor last.
    Ascii,
    /// All that is not a control character, in UTF-8.
    Any,
}

impl Alphabet {
    /// Whether it can hold this text.
    fn holds(self, text: &str) -> bool {
        let fits = |c: char| match self {
            Self::Words => c.is_ascii_alphanumeric() || ".-_".contains(c),
            Self::Ascii => c.is_ascii_graphic() || c == ' ',
            Self::Any => !c.is_control(),
        };
        let trimmed = self == Self::Any || text.trim() == text;
        trimmed && text.chars().all(fits)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Ascii => "ascii",
            Self::Any => "any",
        }
    }
}

impl Accounts {
    /// Why this account cannot be made, if it cannot.
    pub(super) fn cannot_hold(&self, account: &Account) -> Option<String> {
        if self.fixed.is_some() {
            return Some("it needs an account of its own making, and this target has one that is given".to_owned());
        }
        // A name is a folder's too.
        let names = [
            ("user", "users", &account.name, self.users, "/\0"),
            ("password", "passwords", &account.password, self.passwords, ""),
        ];
        names.into_iter().find_map(|(what, key, text, alphabet, never)| {
            let held = alphabet.holds(text) && !text.contains(|c| never.contains(c) || self.without.contains(c));
            (!held).then(|| {
                format!(
                    "it needs an account whose {what} has other characters than this target takes; its target file says `{key}: {}`",
                    alphabet.as_str()
                )
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_made_only_where_it_can_be() {
        let check = |users, passwords, name: &str, password: &str, want: Option<&str>| {
            let accounts = Accounts { users, passwords, without: ":".to_owned(), ..Accounts::default() };
            let why = accounts.cannot_hold(&Account::new(name, password));
            assert_eq!(why.is_some(), want.is_some(), "{name} {password}: {why:?}");
            assert!(why.unwrap_or_default().contains(want.unwrap_or_default()));
        };
        use Alphabet::{Any, Ascii, Words};
        check(Words, Words, "p3s0001", "abc23", None);
        check(Words, Words, "p3s0001 x", "abc23", Some("whose user"));
        check(Words, Words, "p3s0001", "a c", Some("`passwords: words`"));
        check(Words, Ascii, "p3s0001", "a ]\"c", None);
        check(Words, Ascii, "p3s0001", "a:c", Some("password"));
        check(Words, Ascii, "p3s0001", "abc ", Some("password"));
        check(Words, Ascii, "p3s0001", "é", Some("password"));
        check(Any, Any, "josé", "é ", None);
        check(Any, Any, "a/b", "x", Some("user"));
        let fixed = Some(crate::target::file::FixedAccount { user: "a".to_owned(), password: "b".to_owned() });
        assert!(Accounts { fixed, ..Accounts::default() }.cannot_hold(&Account::new("a", "b")).is_some());
    }
}
