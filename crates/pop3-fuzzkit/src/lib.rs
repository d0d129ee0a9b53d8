//! pop3-fuzzkit
