//! Whether an exchange is bound to the channel below it (RFC 5802 section 6).

use super::Channel;
use super::gs2::Flag;

/// What a mechanism takes as the header's flag.
pub(crate) enum Binding {
    /// Without `-PLUS`, and no `-PLUS` is announced on the connection.
    Impossible,
    /// Without `-PLUS`, though one is announced on the connection.
    Renounced,
    /// With `-PLUS`: to this channel.
    To(Channel),
}

impl Binding {
    /// What stands behind the header in `c=` of the final message; nothing for an
    /// exchange that is not bound. `None` when the exchange must fail.
    pub(super) fn data(&self, flag: Flag<'_>) -> Option<Vec<u8>> {
        match (self, flag) {
            // A client that believes this server without channel binding, where
            // the list says otherwise, was shown another list.
            (Self::Renounced, Flag::Unused) => None,
            (Self::Impossible | Self::Renounced, Flag::Unused | Flag::Unsupported) => Some(Vec::new()),
            (Self::To(channel), Flag::Used(name)) => channel.binding(name).map(<[u8]>::to_vec),
            (Self::Impossible | Self::Renounced, Flag::Used(_)) => None,
            (Self::To(_), Flag::Unused | Flag::Unsupported) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sasl::BindingType;

    #[test]
    fn a_flag_and_what_is_announced() {
        let check = |binding: &Binding, flag: Flag<'_>, want: Option<&[u8]>| {
            assert_eq!(binding.data(flag).as_deref(), want, "{flag:?}");
        };
        let (exporter, end_point) = (Flag::Used("tls-exporter"), Flag::Used("tls-server-end-point"));
        for binding in [Binding::Impossible, Binding::Renounced] {
            check(&binding, Flag::Unsupported, Some(b""));
            check(&binding, exporter, None);
            check(&binding, end_point, None);
        }
        check(&Binding::Impossible, Flag::Unused, Some(b""));
        check(&Binding::Renounced, Flag::Unused, None);
        let tls_1_3 = Channel {
            bindings: vec![(BindingType::TlsExporter, vec![1]), (BindingType::TlsServerEndPoint, vec![2])],
            client: None,
        };
        let tls_1_2 = Channel { bindings: vec![(BindingType::TlsServerEndPoint, vec![2])], client: None };
        let (tls_1_3, tls_1_2) = (Binding::To(tls_1_3), Binding::To(tls_1_2));
        check(&tls_1_3, exporter, Some(b"\x01"));
        check(&tls_1_3, end_point, Some(b"\x02"));
        check(&tls_1_2, exporter, None);
        check(&tls_1_2, end_point, Some(b"\x02"));
        for binding in [tls_1_3, tls_1_2] {
            check(&binding, Flag::Used("tls-unique"), None);
            check(&binding, Flag::Used("TLS-EXPORTER"), None);
            check(&binding, Flag::Unsupported, None);
            check(&binding, Flag::Unused, None);
        }
    }
}
