//! Words for times of minutes.

use std::time::Duration;

/// `11 minutes`, `90 seconds`: a time as it is said of a budget, to the second.
#[must_use]
pub fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 60, seconds % 60) {
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) if minutes > 0 => format!("{minutes} minutes"),
        _ if seconds == 1 => "1 second".to_owned(),
        _ => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let check = |seconds, want: &str| assert_eq!(minutes(Duration::from_secs(seconds)), want);
        check(0, "0 seconds");
        check(1, "1 second");
        check(60, "1 minute");
        check(90, "90 seconds");
        check(660, "11 minutes");
    }
}
