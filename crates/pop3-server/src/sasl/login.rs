//! The LOGIN mechanism. No RFC has it; all that use it agree on two prompts, and
//! on the name and the password as the responses, without more.

use super::{Accounts, Exchange, Step, prepared};

/// The prompt for the name. Clients are known to wait for these very words.
pub(super) const NAME: &[u8] = b"Username:";
const PASSWORD: &[u8] = b"Password:";

pub(super) fn name(response: &[u8]) -> Step {
    match prepared(response) {
        Some(name) => Step::Challenge(PASSWORD.to_vec(), Exchange::LoginPassword { name }),
        None => Step::Refuse,
    }
}

pub(super) fn password(name: &str, response: &[u8], accounts: &dyn Accounts) -> Step {
    let Some(password) = prepared(response) else { return Step::Refuse };
    let kept = accounts.find_prepared(name);
    Step::enter_if(kept.takes_password(&password), kept.name)
}
