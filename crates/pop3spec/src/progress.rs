//! What is shown while a run goes on.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pop3_report::progress::Progress;
use pop3_scenario::event::Event;
use pop3_scenario::verdict::Verdict;

use crate::terminal::Terminal;

/// A bar on a terminal, a line for each result in a pipe, or nothing.
pub(crate) struct Shown {
    progress: Progress,
    terminal: Terminal,
    how: How,
}

enum How {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Shown {
    pub(crate) fn new(terminal: Terminal, quiet: bool) -> Self {
        let how = match (quiet, Terminal::is_watched()) {
            (true, _) => How::Nothing,
            (false, true) => How::Bar(bar()),
            (false, false) => How::Lines,
        };
        Self { progress: Progress::new(), terminal, how }
    }

    pub(crate) fn observe(&mut self, event: &Event) {
        let line = self.progress.observe(event);
        match &self.how {
            How::Nothing => {}
            How::Lines => {
                if let Some(line) = line {
                    self.terminal.note(&line);
                }
            }
            How::Bar(bar) => {
                if let Some(line) = line.filter(|_| matches!(event, Event::RunStarted(_))) {
                    bar.suspend(|| self.terminal.note(&line));
                    bar.set_style(style("{bar:30} {pos}/{len}  {msg}"));
                }
                bar.set_length(self.progress.expected() as u64);
                bar.set_position(self.progress.finished() as u64);
                if !self.progress.is_slow() {
                    bar.set_message(self.counts());
                }
                if matches!(event, Event::RunFinished(_)) {
                    bar.finish_and_clear();
                }
            }
        }
    }

    /// Time has gone by, though nothing may have happened. To be told every second.
    pub(crate) fn tick(&mut self, elapsed: Duration) {
        match &self.how {
            How::Nothing => {}
            How::Lines => {
                if let Some(line) = self.progress.each_minute(elapsed) {
                    self.terminal.note(&line);
                }
            }
            How::Bar(bar) => {
                if let Some(clock) = self.progress.clock(elapsed) {
                    bar.set_message(format!("{}  {clock}", self.counts()));
                }
            }
        }
    }

    fn counts(&self) -> String {
        let count = |verdict| self.progress.count(verdict);
        format!("{} fail, {} warn", count(Verdict::Fail), count(Verdict::Warn))
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
    bar.set_style(style("{bar:30} {pos}/{len} {per_sec} eta {eta}  {msg}"));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
