//! Which reading of a picture its kept phase agrees with.
//!
//! Pixels alone say little of which way up a picture is and which end of its palette is quiet, and in a compressed one
//! little of how many frames show. With its phase a wrong reading is no sound's: nearly all of it stays unexplained.

use num_complex::Complex;
use photophone_picture::{Flip, Picture, PictureError, Raster, ReadOptions, read};
use photophone_spectrum::{Finding, Plane, Source, Stack};
use photophone_transform::identify::{misfits_db, mixed};
use photophone_transform::{StopFlag, Tempered};

use super::kind::cells_sure;
use super::magnitudes::{Levels, from_levels};
use super::scale::SCALES;
use crate::Error;

/// Share of the power, in dB, that no sound explains, up to which a reading is not doubted: a tenth. A wrong one leaves
/// more than half.
const FITTING_DB: f64 = -10.0;

/// Lead, in dB, with which another reading is believed in place of the one that the pixels alone suggest: half the power
/// less of what is unexplained.
const LEAD_DB: f64 = 3.0;

/// What is known of a picture whose reading is put to the test.
pub(super) struct Tested<'a> {
    pub(super) raster: &'a Raster,
    pub(super) reading: &'a ReadOptions,
    pub(super) phasors: &'a Plane<Complex<f64>>,
    /// How the channels lie in both.
    pub(super) stack: Stack,
    pub(super) of: Tempered<'a>,
    /// Ends the trials.
    pub(super) stop: &'a StopFlag,
}

/// A reading and what is unexplained of it under the level scale that suits it best.
struct Fit {
    picture: Picture,
    misfit_db: f64,
}

impl Tested<'_> {
    /// The reading that agrees with the phase best: `first`, unless it hardly agrees and another does and far better.
    ///
    /// Tried are the picture turned round, its palette backwards, and where its cells were not seen exactly one more or
    /// less of them. What was told is not tried otherwise. Cost: some milliseconds a reading and level scale, of which
    /// there are 7 where the first agrees, else some hundred.
    ///
    /// # Errors
    /// Parameters that make no transform, or values that are not numbers.
    pub(super) fn best(&self, first: Picture) -> Result<Picture, Error> {
        let first = self.fit(first)?;
        if !first.misfit_db.is_finite() || first.misfit_db <= FITTING_DB {
            return Ok(confirmed(first));
        }
        let mut best: Option<Fit> = None;
        for picture in self.others(&first.picture) {
            let fit = self.fit(picture)?;
            if fit.misfit_db.is_finite() && best.as_ref().is_none_or(|best| fit.misfit_db < best.misfit_db) {
                best = Some(fit);
            }
        }
        Ok(match best {
            // A phase of another sound agrees with no reading: the best of a hundred is none to be believed.
            Some(best) if best.misfit_db <= FITTING_DB && best.misfit_db < first.misfit_db - LEAD_DB => {
                changed(best, &first)
            }
            _ => first.picture,
        })
    }

    fn fit(&self, picture: Picture) -> Result<Fit, Error> {
        let given = [picture.scale.value];
        let scales = if picture.scale.source == Source::Given { &given[..] } else { &SCALES[..] };
        let grid = |scale| from_levels(&Levels { picture: &picture, scale, reference: None }, self.phasors, None);
        let grids: Vec<_> = scales.iter().map(|&scale| mixed(&grid(scale).coefficients, self.stack)).collect();
        let misfit_db = misfits_db(self.of, &grids, self.stop)?.into_iter().fold(f64::INFINITY, f64::min);
        Ok(Fit { picture, misfit_db })
    }

    fn others(&self, first: &Picture) -> Vec<Picture> {
        let flips = [Flip::None, Flip::Vertical, Flip::Horizontal, Flip::Both];
        let mut others = Vec::new();
        for counted in std::iter::once(first.clone()).chain(self.counted_otherwise(first)) {
            let flipped = flips.into_iter().map(|flip| counted.with_flip(flip));
            let flipped: Vec<Picture> =
                if counted.flip.source == Source::Given { vec![counted.clone()] } else { flipped.collect() };
            for picture in flipped {
                if picture.palette.source != Source::Given {
                    others.push(picture.backwards());
                }
                others.push(picture);
            }
        }
        others
    }

    /// Readings with the missing frame at the other end, and where cells were not seen exactly with one more or less.
    fn counted_otherwise(&self, first: &Picture) -> Vec<Picture> {
        let mut others = Vec::new();
        let missing = &first.missing.value;
        if missing.frames_before != missing.frames_after {
            others.push(first.with_other_end_missing());
        }
        if first.indices.is_some() || self.reading.cells.is_some() {
            return others;
        }
        let (bins, frames) = self.phasors.shape();
        let counts = [(bins, frames), (bins, frames.saturating_sub(1)), (bins.saturating_sub(1), frames)];
        for cells in counts.into_iter().filter(|&cells| cells != first.levels.shape()) {
            if let Ok(picture) = self.read(cells) {
                if picture.missing.value.frames_before != picture.missing.value.frames_after {
                    others.push(picture.with_other_end_missing());
                }
                others.push(picture);
            }
        }
        others
    }

    fn read(&self, cells: (usize, usize)) -> Result<Picture, PictureError> {
        let expected_shape = Some(self.phasors.shape());
        read(self.raster, &ReadOptions { cells: Some(cells), expected_shape, ..self.reading.clone() })
    }
}

/// The reading with what the phase says of it.
fn confirmed(Fit { picture, misfit_db }: Fit) -> Picture {
    let words = format!("with the phase only {misfit_db:.1} dB stay unexplained");
    let agreed = cells_sure(&picture).min(0.99);
    let sure = |confidence: f64| if misfit_db <= FITTING_DB { confidence.max(agreed) } else { confidence };
    Picture {
        flip: with_words(picture.flip, &words, sure),
        palette: with_words(picture.palette, &words, |confidence| confidence),
        ..picture
    }
}

/// A reading that the pixels alone did not suggest.
fn changed(best: Fit, first: &Fit) -> Picture {
    let Fit { picture, misfit_db } = best;
    let lead_db = first.misfit_db - misfit_db;
    let words = format!(
        "with the phase {misfit_db:.1} dB stay unexplained, where the reading that the pixels suggest leaves {:.1} dB",
        first.misfit_db
    );
    // The odds of the two shares left.
    let sure = 1.0 / (1.0 + 10f64.powf(-lead_db / 10.0));
    // Of a wrong box any reading may agree by chance.
    let read = |_: f64| sure.min(0.99).min(cells_sure(&picture));
    let flip = with_words(picture.flip.clone(), &words, read);
    let palette = with_words(picture.palette.clone(), &words, read);
    let missing = with_words(picture.missing.clone(), &words, read);
    Picture { flip, palette, missing, ..picture }
}

fn with_words<T>(finding: Finding<T>, words: &str, sure: impl Fn(f64) -> f64) -> Finding<T> {
    if finding.source == Source::Given {
        return finding;
    }
    let Finding { value, confidence, evidence, .. } = finding;
    let evidence = if evidence.is_empty() { words.to_owned() } else { format!("{words}; from pixels: {evidence}") };
    Finding::read(value, sure(confidence), evidence)
}
