//! Laws of the POP3 grammar and of its sessions, as functions of octets.
//!
//! A law takes any octets and says `Ok(())`, or in one sentence what is
//! [`Broken`]. Fuzz targets, property tests and the replay of a corpus are three
//! callers of the same functions; libFuzzer itself stays in `fuzz/`.
//!
//! | to | use |
//! |---|---|
//! | hold octets against a law | [`law`] |
//! | replay files of octets through a law | [`corpus::replay`] |
//! | help a fuzzer to words of the grammar | [`dictionary::render`] |
//! | give it something to start from | [`seeds`] |
//! | see every command in every state | [`matrix::page`] |
//! | turn a fuzzer's octets into sensible commands | [`dialogue::Dialogue`] |

mod broken;
pub mod corpus;
pub mod dialogue;
pub mod dictionary;
pub mod law;
pub mod matrix;
mod pieces;
pub mod seeds;

pub use broken::Broken;
