//! Fragment files.

use std::collections::BTreeSet;

use super::Decoder;
use crate::scenario::Fragment;
use crate::yaml::{Content, Node};

/// The format's name.
pub(crate) const FORMAT: &str = "pop3-fragment/1";

/// Reads a fragment.
pub(crate) fn fragment(decoder: &mut Decoder<'_>, root: &Node, name: &str) -> Option<Fragment> {
    let mut fields = decoder.fields("a fragment", root)?;
    decoder.format(&mut fields, root, FORMAT);
    let title = fields.need("title", decoder).and_then(|title| decoder.prose("`title`", title));
    let steps = fields.need("steps", decoder).map(|steps| decoder.steps("the fragment", steps, None));
    decoder.finish(fields);
    Some(Fragment { name: name.to_owned(), title: title?, steps: steps?, source: decoder.file.clone() })
}

/// The names of the fragments that a tree uses, anywhere in it.
pub(crate) fn fragment_uses(node: &Node, names: &mut BTreeSet<String>) {
    match &node.content {
        Content::Scalar(_) => {}
        Content::Sequence(items) => items.iter().for_each(|item| fragment_uses(item, names)),
        Content::Mapping(entries) => {
            for (key, value) in entries {
                if key.text().is_some_and(|key| key == "use" || key.starts_with("use@")) {
                    names.extend(used_name(value).map(str::to_owned));
                }
                fragment_uses(value, names);
            }
        }
    }
}

fn used_name(value: &Node) -> Option<&str> {
    match &value.content {
        Content::Mapping(entries) => {
            entries.iter().find(|(key, _)| key.text() == Some("fragment")).and_then(|(_, name)| name.text())
        }
        _ => value.text(),
    }
}
