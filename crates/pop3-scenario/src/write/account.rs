//! The value of `account:`.

use super::text::{flow, scalar};
use crate::scenario::AccountWish;

pub(super) fn account(account: &AccountWish) -> String {
    let texts = [("user", &account.user), ("password", &account.password)];
    let members = texts.iter().flat_map(|(key, text)| text.iter().map(move |text| (key, text)));
    let members: Vec<String> = members.map(|(key, text)| format!("{key}: {}", scalar(&text.to_text()))).collect();
    flow(&members)
}
