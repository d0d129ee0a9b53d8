//! What is a matter of time or of letters: LOGIN-DELAY, EXPIRE, the autologout
//! timer, names and passwords in UTF-8. Time is an argument here, nobody waits.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod autologout;
mod expire;
mod line;
mod login_delay;
mod unicode;
