//! Faults of the list of capabilities (RFC 2449 sections 5 and 6).

use pop3_proto::command::Keyword;

use super::{Before, CommandLine, Filter, View};

/// The lines of a reply to CAPA, without line ends; none of another reply.
fn listed<'a>(line: &CommandLine<'_>, reply: &'a [u8]) -> Option<Vec<&'a [u8]>> {
    let list = reply.strip_suffix(b"\r\n.\r\n").filter(|_| line.is(Keyword::Capa) && reply.starts_with(b"+OK"))?;
    Some(list.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).collect())
}

fn tag(line: &[u8]) -> &[u8] {
    line.split(|octet| *octet == b' ').next().unwrap_or_default()
}

/// The list without the lines of these tags, and with those given behind it.
pub(super) fn relist(line: &CommandLine<'_>, reply: &mut Vec<u8>, without: &[&str], with: &[&[u8]]) {
    let Some(lines) = listed(line, reply) else { return };
    let (status, lines) = lines.split_first().map_or((&b"+OK"[..], &[][..]), |(status, lines)| (*status, lines));
    let kept = lines.iter().filter(|line| !without.iter().any(|gone| tag(line) == gone.as_bytes()));
    let lines: Vec<&[u8]> = [status].into_iter().chain(kept.copied()).chain(with.iter().copied()).collect();
    *reply = [lines.join(&b"\r\n"[..]).as_slice(), b"\r\n.\r\n"].concat();
}

pub(super) fn capa_only_after_login(line: &CommandLine<'_>, view: &View<'_>) -> Before {
    if line.is(Keyword::Capa) && !view.in_transaction() {
        Before::Answer(b"-ERR log in first\r\n".to_vec())
    } else {
        Before::Pass
    }
}

pub(super) fn login_capabilities_vanish(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if view.in_transaction() {
        relist(line, reply, &["USER", "SASL"], &[]);
    }
}

pub(super) fn maildrop_capabilities_vanish(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if view.in_transaction() {
        relist(line, reply, &["TOP", "UIDL", "PIPELINING"], &[]);
    }
}

pub(super) fn top_unannounced(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["TOP", "UIDL"], &[]);
}

pub(super) fn apop_listed(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &[], &[b"APOP"]);
}

pub(super) fn top_with_argument(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["TOP"], &[b"TOP 64"]);
}

pub(super) fn sasl_without_mechanisms(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["SASL"], &[b"SASL"]);
}

pub(super) fn implementation_empty(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["IMPLEMENTATION"], &[b"IMPLEMENTATION"]);
}

pub(super) fn implementation_too_long(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["IMPLEMENTATION"], &[&[b"IMPLEMENTATION ".as_slice(), &[b'x'; 600]].concat()]);
}

pub(super) fn expire_without_value(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["EXPIRE"], &[b"EXPIRE"]);
}

pub(super) fn expire_user_after_login(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["EXPIRE"], &[b"EXPIRE 30 USER"]);
}

pub(super) fn expire_shrinks(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    relist(line, reply, &["EXPIRE"], &[if view.in_transaction() { b"EXPIRE 7" } else { b"EXPIRE 30 USER" }]);
}

pub(super) fn login_delay_not_enforced(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["LOGIN-DELAY"], &[b"LOGIN-DELAY 300"]);
}

pub(super) fn login_delay_grows(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let delay: &[u8] = if view.in_transaction() { b"LOGIN-DELAY 300" } else { b"LOGIN-DELAY 0 USER" };
    relist(line, reply, &["LOGIN-DELAY"], &[delay]);
}

/// The second list on a connection is shorter than the first.
#[derive(Default)]
pub(super) struct CapaShrinks {
    listed: u32,
}

impl Filter for CapaShrinks {
    fn after_reply(&mut self, line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
        self.listed += u32::from(line.is(Keyword::Capa));
        if self.listed > 1 {
            relist(line, reply, &["LANG", "RESP-CODES"], &[]);
        }
    }
}

pub(super) fn extensions_vanish(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    if view.in_transaction() {
        relist(line, reply, &["AUTH-RESP-CODE", "UTF8", "LANG"], &[]);
    }
}

pub(super) fn capability_with_tab(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["IMPLEMENTATION"], &[b"IMPLEMENTATION\tpop3"]);
}

pub(super) fn capability_with_two_spaces(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["IMPLEMENTATION"], &[b"IMPLEMENTATION  pop3"]);
}

pub(super) fn capabilities_in_one_line(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["TOP", "UIDL"], &[b"TOP UIDL"]);
}

pub(super) fn implementation_changes(line: &CommandLine<'_>, reply: &mut Vec<u8>, view: &View<'_>) {
    let name: &[u8] = if view.in_transaction() { b"IMPLEMENTATION backend" } else { b"IMPLEMENTATION proxy" };
    relist(line, reply, &["IMPLEMENTATION"], &[name]);
}

pub(super) fn user_unannounced(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["USER"], &[]);
}

pub(super) fn lang_with_argument(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["LANG"], &[b"LANG en de es"]);
}

pub(super) fn utf8_with_other_argument(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["UTF8"], &[b"UTF8 HEADERS"]);
}

pub(super) fn auth_resp_code_unannounced(line: &CommandLine<'_>, reply: &mut Vec<u8>, _: &View<'_>) {
    relist(line, reply, &["AUTH-RESP-CODE"], &[]);
}
