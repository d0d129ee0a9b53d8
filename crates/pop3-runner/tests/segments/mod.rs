//! `--delivery`: in which pieces octets reach the wire.

use std::time::Duration;

use pop3_runner::Options;
use pop3_scenario::delivery::Delivery;

use super::scripted::{Do, PASSWORD, Reads, serve_and_watch};
use super::{Pass, assert_verdict, at, catalogue, run_it};

/// How long one run after the other may take until one shows the pieces: the peer reads
/// on a thread of its own and may find several of them at once.
const LONG_ENOUGH: Duration = Duration::from_secs(20);

/// Plays the steps again and again until the peer has read this by itself.
async fn shows(delivery: Delivery, steps: &str, piece: &[u8]) {
    let play = async {
        let (address, reads): (_, Reads) = serve_and_watch(|_, _| Do::Usual);
        let options = Options { delivery, ..at(address, PASSWORD) };
        loop {
            assert_verdict(&run_it(&options, &catalogue("", steps, &[])).await.unwrap(), Pass, steps);
            if reads.lock().unwrap().iter().any(|read| read == piece) {
                break;
            }
            reads.lock().unwrap().clear();
        }
    };
    let shown = tokio::time::timeout(LONG_ENOUGH, play).await;
    assert!(shown.is_ok(), "{delivery}: {} never came by itself", piece.escape_ascii());
}

/// One line, then two without anything waited for between them.
const STEPS: &str = "- use: greeting\n- C: XA\n- S: +OK\n- C: XB\n- C: XC\n- S: +OK\n- S: +OK\n";

#[tokio::test]
async fn each_delivery_has_its_pieces() {
    shows(Delivery::Whole, STEPS, b"XA\r\n").await;
    shows(Delivery::Whole, STEPS, b"XB\r\n").await;
    shows(Delivery::Bytewise, STEPS, b"X").await;
    shows(Delivery::SplitCrlf, STEPS, b"XA\r").await;
    shows(Delivery::Coalesced, STEPS, b"XA\r\n").await;
    shows(Delivery::Coalesced, STEPS, b"XB\r\nXC\r\n").await;
}

#[tokio::test]
async fn what_a_scenario_says_of_its_pieces_wins() {
    let cut = "- use: greeting\n- C: XA\n- send: {raw: 'XB\\r\\n', chunking: 2}\n- S: +OK\n- S: +OK\n";
    for delivery in [Delivery::Coalesced, Delivery::SplitCrlf, Delivery::Whole] {
        shows(delivery, cut, b"XB").await;
    }
    // What is held back goes out before what is cut.
    shows(Delivery::Coalesced, cut, b"XA\r\n").await;
}

/// Whether both commands are among what was read, in one read or in several. The first look
/// says QUIT too, before the scenario.
fn both_came(read: &[u8]) -> bool {
    let place = |read: &[u8], line: &[u8]| read.windows(line.len()).position(|here| here == line);
    place(read, b"XA\r\n").is_some_and(|at| place(&read[at..], b"QUIT\r\n").is_some())
}

/// Whatever ends the holding back: nothing is left behind, and nothing goes out of turn.
#[tokio::test]
async fn nothing_is_held_back_for_ever() {
    for steps in [
        "- use: greeting\n- C: XA\n- C: QUIT\n",
        "- use: greeting\n- C: XA\n- C: QUIT\n- close: half\n",
        "- use: greeting\n- C: XA\n- C: QUIT\n- open: {}\n",
        "- use: greeting\n- C: XA\n- C: QUIT\n- eof: {level: may}\n",
        "- use: greeting\n- use@b: greeting\n- C: XA\n- C: QUIT\n- C@b: NOOP\n- S@b: +OK\n",
        "- parallel:\n    a: [{use: greeting}, {C: XA}, {C: QUIT}]\n    b: [{use: greeting}]\n",
    ] {
        let (address, reads) = serve_and_watch(|_, _| Do::Usual);
        let options = Options { delivery: Delivery::Coalesced, ..at(address, PASSWORD) };
        run_it(&options, &catalogue("", steps, &[])).await.unwrap();
        let came = tokio::time::timeout(LONG_ENOUGH, async {
            while !both_came(&reads.lock().unwrap().concat()) {
                tokio::task::yield_now().await;
            }
        });
        assert!(came.await.is_ok(), "{steps}");
    }
}
