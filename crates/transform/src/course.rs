//! How far the whole of a job has come, told from how far its steps have.

use crate::watch::{Progress, Step};

/// A fall of a step's own share from which a new pass of the same step has begun.
const NEW_PASS: f64 = 0.05;

/// The course of a job: it never goes back, and its end is 1.
///
/// Which steps a job will take shows only on the way: least squares once or several times, the adaptive inverse or
/// not. Each pass therefore fills a share of what is left, the larger the more of the time such a step usually takes.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// Where the current pass began.
    from: f64,
    whole: f64,
    last: Option<(Step, f64)>,
}

impl Course {
    /// The same progress, its share being of the whole job.
    pub fn of_the_whole(&mut self, now: Progress) -> Progress {
        if now.of_all {
            self.whole = self.whole.max(now.done);
            return Progress { done: self.whole, ..now };
        }
        let is_new = self.last.is_none_or(|(step, done)| step != now.step || now.done < done - NEW_PASS);
        if is_new {
            self.from = self.whole;
        }
        self.last = Some((now.step, now.done));
        let reached = self.from + (1.0 - self.from) * share_of_rest(now.step) * now.done.clamp(0.0, 1.0);
        self.whole = self.whole.max(reached);
        Progress { done: self.whole, ..now }
    }
}

/// Share of the time left that one pass of a step takes, on the example grid by default settings.
fn share_of_rest(step: Step) -> f64 {
    match step {
        Step::Preparing => 0.05,
        Step::LeastSquares => 0.3,
        Step::Adaptive => 0.9,
        Step::Retrieval => 0.75,
        Step::Drawing => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_never_goes_back_and_stays_below_its_end() {
        let mut course = Course::default();
        let mut last = 0.0;
        let passes = [Step::Preparing, Step::LeastSquares, Step::LeastSquares, Step::Adaptive, Step::LeastSquares];
        for step in passes {
            for tenth in 0..=10 {
                let now = Progress::of(step, tenth, 10, 1.0);
                let whole = course.of_the_whole(now).done;
                assert!(whole >= last && whole < 1.0, "{step:?} {tenth}: {whole} after {last}");
                last = whole;
            }
        }
        assert!(last > 0.9, "{last}");
    }
}
