//! What is done, how fast, and how long the rest takes.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use photophone::batch::{Row, Status};

use crate::stderr::say;
use crate::talk::Talk;

/// How often a line is said where no terminal can show a bar.
const LINES: Duration = Duration::from_secs(10);

/// Counts files as they are done, and shows it.
pub(super) struct Tally {
    total: usize,
    done: usize,
    skipped: usize,
    failed: usize,
    sound_secs: f64,
    start: Instant,
    said: Instant,
    bar: ProgressBar,
    says_lines: bool,
}

impl Tally {
    pub(super) fn new(total: usize, talk: Talk) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let is_shown = talk != Talk::Nothing && is_terminal;
        let bar = if is_shown { ProgressBar::new(total as u64) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {msg}") {
            bar.set_style(style);
        }
        let start = Instant::now();
        let says_lines = talk != Talk::Nothing && !is_terminal;
        Self { total, done: 0, skipped: 0, failed: 0, sound_secs: 0.0, start, said: start, bar, says_lines }
    }

    /// Counts a file; `tell` says what is to be said of it, which the bar makes way for.
    pub(super) fn count(&mut self, row: &Row, tell: impl FnOnce()) {
        match row.status {
            Status::Done => self.done += 1,
            Status::Skipped => self.skipped += 1,
            Status::Failed => self.failed += 1,
        }
        self.sound_secs += row.sound_secs.unwrap_or(0.0);
        self.bar.suspend(tell);
        self.bar.set_position(self.seen() as u64);
        self.show();
    }

    /// Shows how it stands.
    #[expect(clippy::unnecessary_wraps, reason = "it stands where rows are written, which may fail")]
    pub(super) fn tick(&mut self) -> anyhow::Result<()> {
        self.show();
        Ok(())
    }

    /// How it went.
    pub(super) fn summary(&self) -> String {
        self.bar.finish_and_clear();
        let Self { done, skipped, failed, sound_secs, .. } = self;
        let secs = self.start.elapsed().as_secs_f64();
        let counts = format!("{done} done, {skipped} skipped, {failed} failed");
        format!("{counts}: {sound_secs:.1} s of sound in {secs:.1} s, {:.1} times real time", sound_secs / secs)
    }

    /// # Errors
    /// Files that failed.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let Self { failed, total, .. } = self;
        anyhow::ensure!(*failed == 0, "{failed} of {total} files failed; the others are whole");
        Ok(())
    }

    fn seen(&self) -> usize {
        self.done + self.skipped + self.failed
    }

    fn show(&mut self) {
        self.bar.set_message(self.line());
        if self.says_lines && self.said.elapsed() >= LINES && self.seen() < self.total {
            self.said = Instant::now();
            say(&self.line());
        }
    }

    fn line(&self) -> String {
        let secs = self.start.elapsed().as_secs_f64();
        let failed = if self.failed > 0 { format!(", {} failed", self.failed) } else { String::new() };
        let counts = format!("{} of {} files{failed}", self.seen(), self.total);
        let worked = self.done + self.failed;
        if worked == 0 {
            return counts;
        }
        // What is skipped takes next to no time; what is left is taken to need work.
        let left = secs / worked as f64 * (self.total - self.seen()) as f64;
        format!("{counts}, {:.1} times real time, {} left", self.sound_secs / secs, clock(left))
    }
}

/// Seconds as hours, minutes and seconds.
fn clock(secs: f64) -> String {
    let secs = secs.round() as u64;
    format!("{}:{:02}:{:02}", secs / 3600, secs / 60 % 60, secs % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_counts_rate_and_time_left() {
        let start = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        let mut tally = Tally { start, ..Tally::new(12, Talk::Nothing) };
        for status in
            [Status::Skipped, Status::Skipped, Status::Done, Status::Done, Status::Done, Status::Done, Status::Failed]
        {
            let sound_secs = (status == Status::Done).then_some(25.0);
            tally.count(&Row { status, sound_secs, ..Row::default() }, || ());
        }
        assert_eq!(tally.line(), "7 of 12 files, 1 failed, 10.0 times real time, 0:00:10 left");
        assert!(tally.summary().starts_with("4 done, 2 skipped, 1 failed: 100.0 s of sound in 10.0 s"));
        assert!(tally.check().is_err());
        assert_eq!(clock(3723.4), "1:02:03");
    }
}
