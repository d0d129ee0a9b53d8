//! pop3-report
