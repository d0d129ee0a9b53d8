//! What is said when the autologout timer has run out (RFC 1939 section 3).

use crate::fault::{Filter, View};

struct SaysGoodbye;

impl Filter for SaysGoodbye {
    fn on_autologout(&mut self, out: &mut Vec<u8>, _: &View<'_>) {
        out.extend_from_slice(b"-ERR nothing came for too long\r\n");
    }
}

pub(super) fn of_autologout() -> Box<dyn Filter> {
    Box::new(SaysGoodbye)
}
