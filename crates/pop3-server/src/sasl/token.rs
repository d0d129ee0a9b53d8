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

/// Lets the client in if the account has this token: the account of this name,
/// or, without one, the account that the token says. Otherwise `error` goes out
/// as a challenge, and whatever the client says to it, it is refused (RFC 7628
/// section 3.2.3).
pub(super) fn judge(name: Option<&str>, token: Option<&str>, error: &str, accounts: &dyn Accounts) -> Step {
    let token = token.unwrap_or_default();
    let kept = match name {
        Some(name) => accounts.find_prepared(name),
        None => accounts.find_by_token(token),
    };
    let expected = kept.token.as_deref().unwrap_or_default();
    if kept.is_shown_by(token.as_bytes(), expected.as_bytes()) && !token.is_empty() {
        Step::Enter(kept.name)
    } else {
        Step::Challenge(error.as_bytes().to_vec(), Exchange::Refused)
    }
}
