//! What CAPA lists, and how (RFC 2449 section 5).

use pop3_proto::capability::CAPABILITY_LINE_LIMIT;
use pop3_proto::command::Keyword;
use pop3_proto::server::Tls;

use crate::fault::{CommandLine, Filter, OnReply, View};

/// Changes the lines of the list.
fn edit(line: &CommandLine<'_>, reply: &mut Vec<u8>, change: impl FnOnce(&mut Vec<String>)) {
    if !line.is_for_all(Keyword::Capa) || !reply.starts_with(b"+OK") {
        return;
    }
    let text = String::from_utf8_lossy(reply).into_owned();
    let mut lines = text.split_terminator("\r\n").map(str::to_owned);
    let status = lines.next().unwrap_or_default();
    let mut list: Vec<String> = lines.collect();
    list.pop();
    change(&mut list);
    let list: String = list.iter().map(|line| format!("{line}\r\n")).collect();
    *reply = format!("{status}\r\n{list}.\r\n").into_bytes();
}

pub(super) fn x_tags() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        edit(line, reply, |list| {
            list.insert(0, "X-POP3SPEC".to_owned());
            list.insert(2, "X-TOP 7 -ERR +OK".to_owned());
            list.push("XTND XMIT".to_owned());
            list.push("X!\"#$%&'()*+,-/:;<=>?@[\\]^_`{|}~ .".to_owned());
        });
    }))
}

pub(super) fn reversed() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| edit(line, reply, |list| list.reverse())))
}

/// Each list begins one line further down.
#[derive(Default)]
struct Rotated {
    by: usize,
}

impl Filter for Rotated {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        edit(line, reply, |list| {
            self.by += 1;
            let by = self.by % list.len().max(1);
            list.rotate_left(by);
        });
    }
}

pub(super) fn rotated() -> Box<dyn Filter> {
    Box::new(Rotated::default())
}

/// Changes the tag of a line; arguments stay as they are.
fn change_tags(list: &mut [String], change: fn(&str) -> String) {
    for line in list {
        let (tag, arguments) = line.split_at(line.find(' ').unwrap_or(line.len()));
        *line = change(tag) + arguments;
    }
}

pub(super) fn lower_case() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| edit(line, reply, |list| change_tags(list, str::to_ascii_lowercase))))
}

fn mixed(tag: &str) -> String {
    tag.char_indices().map(|(at, c)| if at % 2 == 1 { c.to_ascii_lowercase() } else { c }).collect()
}

pub(super) fn mixed_case() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| edit(line, reply, |list| change_tags(list, mixed))))
}

pub(super) fn long_lines() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, _| {
        edit(line, reply, |list| {
            let long = |tag: &str| format!("{tag} {}", "x".repeat(CAPABILITY_LINE_LIMIT - tag.len() - b" \r\n".len()));
            list.retain(|line| !line.starts_with("IMPLEMENTATION"));
            list.push(long("IMPLEMENTATION"));
            list.push(long("X-LONG"));
        });
    }))
}

pub(super) fn stls_after_login() -> Box<dyn Filter> {
    Box::new(OnReply(|line, reply, view| {
        if view.in_transaction() && view.tls == Tls::Available {
            edit(line, reply, |list| list.push("STLS".to_owned()));
        }
    }))
}
