//! What is shown while a run goes on.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pop3_report::progress::Progress;
use pop3_scenario::event::Event;
use pop3_scenario::verdict::Verdict;

use crate::terminal::Terminal;

/// A bar on a terminal, a line for each result in a pipe, or nothing.
pub(crate) struct Shown {
    progress: Progress,
    how: How,
}

enum How {
    Bar(ProgressBar),
    Lines(Terminal),
    Nothing,
}

impl Shown {
    pub(crate) fn new(terminal: Terminal, quiet: bool) -> Self {
        let how = match (quiet, Terminal::is_watched()) {
            (true, _) => How::Nothing,
            (false, true) => How::Bar(bar()),
            (false, false) => How::Lines(terminal),
        };
        Self { progress: Progress::new(), how }
    }

    pub(crate) fn observe(&mut self, event: &Event) {
        let line = self.progress.observe(event);
        match &self.how {
            How::Nothing => {}
            How::Lines(terminal) => {
                if let Some(line) = line {
                    terminal.note(&line);
                }
            }
            How::Bar(bar) => {
                bar.set_length(self.progress.expected() as u64);
                bar.set_position(self.progress.finished() as u64);
                let count = |verdict| self.progress.count(verdict);
                bar.set_message(format!("{} fail, {} warn", count(Verdict::Fail), count(Verdict::Warn)));
                if matches!(event, Event::RunFinished(_)) {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let How::Bar(bar) = &self.how {
            bar.finish_and_clear();
        }
    }
}

pub(crate) fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} eta {eta}  {msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
