//! The value of `auth:`, as short as it can be written.

use super::reply::binding;
use super::text::{flow, scalar};
use crate::decode::{ANY, BINDINGS, ENDINGS, RESPONSES, word_of};
use crate::scenario::{Alteration, AnyAuth, Auth};

pub(super) fn auth(auth: &Auth) -> String {
    let usual = Auth::new(auth.mechanism);
    if *auth == usual {
        return auth.mechanism.name().to_owned();
    }
    let mut members = vec![format!("mechanism: {}", auth.mechanism.name())];
    let texts =
        [("user", &auth.user), ("password", &auth.password), ("token", &auth.token), ("authzid", &auth.authzid)];
    for (key, text) in texts {
        members.extend(text.iter().map(|text| format!("{key}: {}", scalar(&text.to_text()))));
    }
    if auth.initial_response != usual.initial_response {
        members.push(format!("initial_response: {}", word_of(&RESPONSES, auth.initial_response)));
    }
    if auth.channel_binding != usual.channel_binding {
        members.push(format!("channel_binding: {}", word_of(&BINDINGS, auth.channel_binding)));
    }
    members.extend(auth.nonce.iter().map(|text| format!("nonce: {}", scalar(&text.to_text()))));
    if !auth.alter.is_empty() {
        let changes: Vec<String> = auth.alter.iter().map(alteration).collect();
        members.push(format!("alter: [{}]", changes.join(", ")));
    }
    members.extend(auth.cancel.iter().map(|message| format!("cancel: {message}")));
    if auth.expect != usual.expect {
        members.push(format!("expect: {}", word_of(&ENDINGS, auth.expect)));
    }
    members.extend(auth.code.iter().map(|code| format!("code: {}", scalar(code))));
    members.extend(binding(auth.level, auth.requirement.as_deref()));
    flow(&members)
}

fn alteration(change: &Alteration) -> String {
    let mut members = Vec::new();
    if change.message != 1 {
        members.push(format!("message: {}", change.message));
    }
    members.extend(change.replace.iter().map(|text| format!("replace: {}", scalar(&text.to_raw()))));
    members.push(format!("with: {}", scalar(&change.with.to_raw())));
    flow(&members)
}

pub(super) fn any_auth(any: &AnyAuth) -> String {
    let binding = binding(any.level, any.requirement.as_deref());
    if binding.is_empty() {
        return ANY.to_owned();
    }
    let mut members = vec![format!("mechanism: {ANY}")];
    members.extend(binding);
    flow(&members)
}
