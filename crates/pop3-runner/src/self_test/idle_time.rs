//! Time that goes on only while nothing else does: how busy the machine is must not
//! decide whether a silence was too long.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::runtime::{Builder, RuntimeMetrics};
use tokio::time::sleep;

/// How long nothing must happen on both sides, by the clock on the wall, before time
/// goes on by a step. What is on its way through the system takes less.
const STILL: Duration = Duration::from_millis(1);

/// The first step after something happened, and the longest; those between double.
const FIRST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_millis(40);

/// Runs what is to be done on a runtime of this thread, client and server alike.
/// Tokio's clock, which all of it goes by, stands still while any of it works.
///
/// # Errors
/// The system's, where there is no runtime.
pub(super) fn block_on<F: Future>(work: F) -> io::Result<F::Output> {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build()?;
    let (ended, stop) = channel::<Infallible>();
    let passing = pass(runtime.metrics(), Arc::new(Mutex::new(stop)));
    let output = runtime.block_on(async {
        match select(pin!(work), pin!(passing)).await {
            Either::Left((output, _)) => output,
            Either::Right((never, _)) => match never {},
        }
    });
    // Whoever waits for stillness ends, so that the runtime can.
    drop(ended);
    Ok(output)
}

/// Lets time go on, step by step. Tokio's paused clock goes to the next timer whenever
/// there is nothing to do, and would pass over octets that are on their way; it does not
/// while a blocking task runs, which is what waits for stillness.
async fn pass(metrics: RuntimeMetrics, stop: Arc<Mutex<Receiver<Infallible>>>) -> Infallible {
    let mut step = FIRST;
    loop {
        let (metrics, stop) = (metrics.clone(), Arc::clone(&stop));
        let watch = move || stillness(&metrics, &stop.lock().unwrap_or_else(PoisonError::into_inner));
        let at_once = tokio::task::spawn_blocking(watch).await.unwrap_or_default();
        step = if at_once { LONGEST.min(step * 2) } else { FIRST };
        sleep(step).await;
    }
}

/// Returns when the thread of the runtime has waited for so long; whether it did nothing
/// else from the start.
fn stillness(metrics: &RuntimeMetrics, stop: &Receiver<Infallible>) -> bool {
    let mut looks = 0;
    let mut before = None;
    while let Err(RecvTimeoutError::Timeout) = stop.recv_timeout(STILL) {
        looks += 1;
        // Odd while the thread waits; it grows whenever that begins or ends.
        let waits = metrics.worker_park_unpark_count(0);
        if waits % 2 == 1 && before == Some(waits) {
            break;
        }
        before = Some(waits);
    }
    looks <= 2
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::{Instant, timeout};

    use super::*;

    #[test]
    fn time_goes_on_where_nobody_does_anything() {
        let waited = block_on(async {
            let start = Instant::now();
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let (_kept, _) = listener.accept().await.unwrap();
            let silence = timeout(Duration::from_secs(20), stream.read_u8()).await;
            assert!(silence.is_err());
            start.elapsed()
        });
        let waited = waited.unwrap();
        assert!(waited >= Duration::from_secs(20) && waited < Duration::from_secs(21), "{waited:?}");
    }

    /// Octets that are on their way come before any deadline, as often as one asks.
    #[test]
    fn what_is_on_its_way_arrives() {
        let late = block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let answers = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                while let Ok(octet) = stream.read_u8().await {
                    stream.write_u8(octet).await.unwrap();
                }
            };
            let asks = async {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut late = 0;
                for octet in (0..=255).cycle().take(2000) {
                    stream.write_u8(octet).await.unwrap();
                    let answer = timeout(Duration::from_millis(1), stream.read_u8()).await;
                    late += usize::from(answer.is_err());
                }
                late
            };
            tokio::join!(answers, asks).1
        });
        assert_eq!(late.unwrap(), 0);
    }

    /// Real time is let go by here on purpose: it must not count.
    #[test]
    fn time_stands_still_while_the_thread_is_held() {
        let passed = block_on(async {
            let start = Instant::now();
            let (_kept, never) = channel::<Infallible>();
            assert_eq!(never.recv_timeout(STILL * 20), Err(RecvTimeoutError::Timeout));
            start.elapsed()
        });
        assert_eq!(passed.unwrap(), Duration::ZERO);
    }

    #[test]
    fn work_that_never_rests_is_no_silence() {
        let turns = block_on(async {
            let busy = async {
                let mut turns = 0_u32;
                while turns < 100_000 {
                    tokio::task::yield_now().await;
                    turns += 1;
                }
                turns
            };
            timeout(Duration::from_millis(1), busy).await
        });
        assert_eq!(turns.unwrap(), Ok(100_000));
    }
}
