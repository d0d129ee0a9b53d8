//! `account:`, the account that a scenario wants.

use crate::pattern::Template;

/// `account: {user, password}`: how the account of the scenario departs from the one
/// that the runner would make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountWish {
    /// The name, with the made one in it (`${user}`), so that it stays unique; `None` for
    /// the made one.
    pub user: Option<Template>,
    /// The password, perhaps with the made one in it (`${password}`); `None` for the
    /// made one.
    pub password: Option<Template>,
}

impl AccountWish {
    /// Name and password, out of those that the runner has made.
    ///
    /// # Errors
    /// In words: they are no UTF-8, or use another capture.
    pub fn fulfil(&self, user: &str, password: &str) -> Result<(String, String), String> {
        let written = |wish: &Option<Template>, made: &str, own: &str| match wish {
            None => Ok(made.to_owned()),
            Some(template) => {
                let octets = template.resolve(|name| (name == own).then(|| made.as_bytes().to_vec()));
                let octets = octets.map_err(|name| format!("`${{{name}}}` is not known in `{own}` of `account`"))?;
                String::from_utf8(octets).map_err(|_| format!("`{own}` of `account` is no UTF-8"))
            }
        };
        Ok((written(&self.user, user, "user")?, written(&self.password, password, "password")?))
    }
}
