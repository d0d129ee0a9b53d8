//! pop3-spec
