//! From estimates to the settings that are used: each with what told it, or why it was assumed.

use photophone_spectrum::Finding;

use super::calibration::{LENGTH, PAD_MODE, TUNING};
use super::release::release;
use super::settings::{Knows, OpenTuning, Settings};
use super::{defaults, estimate_intervals, estimate_pad_mode, estimate_samples, estimate_tuning};
use crate::watch::Watch;
use crate::{Cells, PadMode, StopFlag, TransformError};

impl Settings {
    /// Resolves the intervals, which nobody has told, where named ones explain exact coefficients and equal ones do not.
    ///
    /// # Errors
    /// Parameters that make no transform, or [`TransformError::Stopped`].
    pub fn resolve_intervals(&mut self, grid: &Cells, stop: &StopFlag) -> Result<(), TransformError> {
        let Some(found) = estimate_intervals(&self.params, grid, stop)? else { return Ok(()) };
        let (misfit_db, equal_db) = (found.misfit_db, found.equal_misfit_db);
        let evidence = format!("leave {misfit_db:.1} dB unexplained, where equal ones leave {equal_db:.1} dB");
        self.found.intervals = Some(Finding::read(found.intervals, 0.99, evidence));
        self.ratios = Some(found.ratios);
        Ok(())
    }

    /// Resolves the tuning, the release and the pad mode where they are open, and gives the number of samples.
    ///
    /// Only the right ones make coefficients with phase fit together as those of one signal.
    ///
    /// # Errors
    /// Parameters that make no transform, a length that so many frames cannot be of, or [`TransformError::Stopped`].
    pub fn resolve(&mut self, grid: &Cells, knows: Knows, watch: &mut Watch<'_>) -> Result<usize, TransformError> {
        defaults::resolve(self, grid, knows, watch)?;
        if self.open.tuning != OpenTuning::Told {
            let finding = if knows.phase && knows.searches.tuning {
                self.tuning(grid, watch.stop())?
            } else {
                Finding::assumed(0.0, 0.5, knows.why_not())
            };
            self.params.tuning = finding.value;
            self.found.tuning = Some(finding);
            watch.check()?;
        }
        if self.open.librosa {
            let finding = release(self.tempered(), grid, knows, watch.stop())?;
            self.params.librosa = finding.value;
            self.found.librosa = Some(finding);
            watch.check()?;
        }
        if self.open.pad_mode {
            let finding = if knows.phase && knows.searches.pad_mode {
                self.pad_mode(grid, watch.stop())?
            } else {
                Finding::assumed(self.params.pad_mode, 0.5, knows.why_not())
            };
            self.params.pad_mode = finding.value;
            self.found.pad_mode = Some(finding);
            watch.check()?;
        }
        let finding = self.samples(grid, knows, watch.stop())?;
        let samples = finding.value;
        self.found.length = Some(finding);
        Ok(samples)
    }

    fn tuning(&self, grid: &Cells, stop: &StopFlag) -> Result<Finding<f64>, TransformError> {
        let Some(found) = estimate_tuning(self.tempered(), grid, stop)? else {
            return Ok(Finding::assumed(0.0, 0.3, "the coefficients fit together under no tuning"));
        };
        let measured = format!(
            "from the phase's advance: {:.4} fits best, {:.1} dB unexplained (half a bin away {:.1} dB)",
            found.measured, found.misfit_db, found.misfit_away_db
        );
        // librosa's default is 0: what is found has to explain more than one number more would of noise.
        if found.telling_misfit_db == 0.0 {
            let evidence = format!("librosa's default; too few numbers tell another; {measured}");
            return Ok(Finding::assumed(0.0, 0.5, evidence));
        }
        if found.evidence <= 0.0 || self.open.tuning != OpenTuning::Estimated && found.tuning.abs() < 0.015 {
            return Ok(Finding::assumed(0.0, 0.9, format!("librosa's default explains as much; {measured}")));
        }
        let evidence = format!(
            "{measured}; in the octave that tells most {:.1} dB, where librosa's default 0 leaves {:.1} dB",
            found.telling_misfit_db, found.default_misfit_db
        );
        let contrast = found.misfit_away_db - found.misfit_db;
        Ok(Finding::scored(found.tuning, contrast, &TUNING, evidence))
    }

    fn pad_mode(&self, grid: &Cells, stop: &StopFlag) -> Result<Finding<PadMode>, TransformError> {
        let default = self.params.pad_mode;
        let Some(found) = estimate_pad_mode(self.tempered(), grid, stop)? else {
            return Ok(Finding::assumed(default, 0.5, "that release's default; the ends are too quiet to tell"));
        };
        let end = if found.at_start { "start" } else { "end" };
        let (misfit, next) = (found.misfit_db, found.next_misfit_db);
        let evidence = format!("fits the {end} best: {misfit:.1} dB unexplained, the next best {next:.1} dB");
        Ok(Finding::scored(found.pad_mode, next - misfit, &PAD_MODE, evidence))
    }

    /// The number of samples that was told, else the one that fits best.
    pub(super) fn samples(
        &self,
        grid: &Cells,
        knows: Knows,
        stop: &StopFlag,
    ) -> Result<Finding<usize>, TransformError> {
        let frames = grid.columns();
        let (shortest, longest) = self.tempered().samples_from_frames(frames)?;
        if let Some(samples) = self.length {
            return told_length(samples, (shortest, longest), (frames, self.params.hop));
        }
        let estimate = if knows.phase && knows.searches.length {
            estimate_samples(self.tempered(), grid, knows.exact, stop)?
        } else {
            None
        };
        Ok(match estimate {
            Some(found) => {
                let evidence = format!(
                    "{} to {} fit the mirrored end best: {:.1} dB unexplained, at worst {:.1} dB",
                    found.shortest, found.longest, found.misfit_db, found.worst_misfit_db
                );
                Finding::scored(found.samples, found.worst_misfit_db - found.misfit_db, &LENGTH, evidence)
            }
            None => assumed_length((shortest, longest), frames, knows.phase),
        })
    }
}

/// A length that was told, if so many frames can be of it.
pub(super) fn told_length(
    samples: usize,
    (shortest, longest): (usize, usize),
    (frames, hop): (usize, usize),
) -> Result<Finding<usize>, TransformError> {
    if (shortest..=longest).contains(&samples) {
        return Ok(Finding::given(samples, ""));
    }
    Err(TransformError::LengthOfOtherFrames { samples, shortest, longest, frames, hop })
}

/// A length that nothing tells, of frames that may be of a range of them. Magnitudes say too little of the end, and what is
/// made of it is wrong by how far it is off.
pub(super) fn assumed_length((shortest, longest): (usize, usize), frames: usize, knows_phase: bool) -> Finding<usize> {
    if knows_phase {
        return Finding::assumed(longest.max(1), 0.5, format!("{frames} frames; the longest that they can be of"));
    }
    let middle = shortest.midpoint(longest).max(1);
    Finding::assumed(middle, 0.5, format!("{frames} frames are {shortest} to {longest} samples; the middle"))
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use photophone_spectrum::Source;

    use super::*;
    use crate::identify::{Found, Open, Searches};
    use crate::testing::noise;
    use crate::{Cqt, CqtParams};

    const SAMPLES: usize = 20_000;

    /// Coefficients of noise, of which nothing is known but the hop.
    fn open() -> (Settings, Cells) {
        let params = CqtParams { hop: 256, ..CqtParams::default() };
        let made = CqtParams { tuning: 0.2, pad_mode: PadMode::Reflect, ..params };
        let grid = Cqt::new(&made, SAMPLES).unwrap().forward(&noise(SAMPLES, 3)).unwrap();
        let open = Open { librosa: true, tuning: OpenTuning::Untold, pad_mode: true };
        (Settings { params, ratios: None, length: None, open, found: Found::default() }, grid)
    }

    fn resolved(settings: &mut Settings, grid: &Cells, knows: Knows) -> Result<usize, TransformError> {
        let (mut go, stop) = (|_| ControlFlow::Continue(()), StopFlag::default());
        settings.resolve(grid, knows, &mut Watch::new(&mut go, &stop))
    }

    #[test]
    fn the_phase_tells_every_setting_and_without_it_each_is_assumed() {
        let (settings, grid) = open();
        for phase in [true, false] {
            let mut settings = settings.clone();
            resolved(&mut settings, &grid, Knows { phase, exact: true, searches: Searches::ALL }).unwrap();
            let Found { tuning: Some(tuning), pad_mode: Some(pad_mode), length: Some(length), .. } = settings.found
            else {
                panic!("{:?}", settings.found);
            };
            let sources = [tuning.source, pad_mode.source, length.source];
            assert_eq!(sources, [if phase { Source::Read } else { Source::Assumed }; 3]);
            let made = (0.2, PadMode::Reflect, SAMPLES);
            assert_eq!(phase, (tuning.value, pad_mode.value, length.value) == made, "{sources:?}");
            assert_eq!((settings.params.tuning, settings.params.pad_mode), (tuning.value, pad_mode.value));
        }
    }

    #[test]
    fn a_length_that_the_frames_cannot_be_of_is_refused() {
        let (settings, grid) = open();
        let mut settings = Settings { length: Some(5), ..settings };
        let found = resolved(&mut settings, &grid, Knows { phase: false, exact: true, searches: Searches::ALL });
        let frames = grid.columns();
        assert!(
            matches!(found, Err(TransformError::LengthOfOtherFrames { samples: 5, hop: 256, frames: of, .. }) if of == frames)
        );
    }
}
