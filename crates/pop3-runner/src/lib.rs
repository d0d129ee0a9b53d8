//! pop3-runner
