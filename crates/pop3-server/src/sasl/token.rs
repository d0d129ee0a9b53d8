//! Tokens in place of passwords: what OAUTHBEARER and XOAUTH2 have in common.

use super::{Accounts, Exchange, Step};

/// What divides the parts of a message.
pub(super) const SEPARATOR: char = '\u{1}';

/// The token in `Bearer SP token`, the scheme in any letter case (RFC 6750
/// section 2.1). `None` when there is none in it.
pub(super) fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

/// Lets the client in if the account of this name has this token, or the account
/// that has it may act as that one; without a name, the account that has it.
/// Otherwise `error` goes out as a challenge, and whatever the client says to it,
/// it is refused (RFC 7628 section 3.2.3).
pub(super) fn judge(name: Option<&str>, token: Option<&str>, error: &str, accounts: &dyn Accounts) -> Step {
    let token = token.unwrap_or_default();
    let holder = accounts.find_by_token(token);
    let target = name.map(|name| accounts.find_prepared(name));
    let entered = match target {
        Some(target) if target.takes_token(token) => Some(target.name),
        target if holder.takes_token(token) => holder.acting_as(target.as_ref()),
        _ => None,
    };
    match entered {
        Some(name) => Step::Enter(name),
        None => Step::Challenge(error.as_bytes().to_vec(), Exchange::Refused),
    }
}
