//! Which cells of a picture were edited: their phase is no longer to be trusted.

use photophone_picture::{Picture, PictureError, brightness_of_cells};
use photophone_spectrum::{Finding, Plane};

use super::{Inputs, OpenedPicture};
use crate::Error;
use crate::files::PictureReadOptions;

/// A cell changed when its level did by more than this many times the usual change: processing
/// that touches every cell a little, as a JPEG does, is no edit. The usual change is the
/// median, 0.674 standard deviations of normal ones, so 6 medians are 4 deviations: one cell in 19 000 is beyond by chance.
const UNUSUAL: f64 = 6.0;

/// The usual change that still counts as none; a picture that was redone as a whole is not an edit.
const MOST_USUAL: f64 = 0.03;

/// Brightness of a mask from which a cell counts as edited: a quarter of its pixels.
const MASKED: f64 = 0.25;

/// What is known of edits to a picture since its phase was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edits {
    /// Which cells were edited is told, and these count for nothing here.
    Told,
    /// The picture was drawn here, so that its recipe is right and only an edit can be wrong.
    Untold,
    /// Nothing is known of how the picture was made but what was given.
    Unknown,
    /// The same of an array of magnitudes with its phase, whose rows and columns may have been exchanged to fit.
    OfMagnitudes { phase_was_turned: bool },
    /// The same of an array of complex coefficients.
    OfCoefficients,
}

/// Which of the visible cells were edited, with the evidence; `None` where neither the picture
/// before editing nor a mask is given.
///
/// # Errors
/// A file that cannot be read, or one that does not fit the picture.
pub(super) fn edited_cells(inputs: &Inputs<'_>, opened: &OpenedPicture) -> Result<Option<Finding<Plane<bool>>>, Error> {
    if let Some(mask) = inputs.mask {
        let name = mask.name();
        let about = |error: PictureError| Error::from(error).about(name);
        let mask = mask.picture(PictureReadOptions::default())?.into_owned().into_raster(name)?;
        let size = (opened.raster.width(), opened.raster.height());
        let cells = brightness_of_cells(&mask, &opened.picture, size).map_err(about)?.map(|&seen| seen >= MASKED);
        let evidence = "white in the mask";
        return Ok(Some(Finding::given(cells, evidence)));
    }
    let (Some(original), Some(before)) = (inputs.original, &opened.before) else { return Ok(None) };
    let (found, expected) = (before.picture.levels.shape(), opened.picture.levels.shape());
    if found != expected {
        let found = format!("{} x {} visible cells", found.0, found.1);
        let expected = format!("those of the edited picture, {} x {}", expected.0, expected.1);
        return Err(Error::content(original.name(), found, expected, "give the picture as it was before editing"));
    }
    let (cells, usual) = changed_cells(&before.picture, &opened.picture);
    let evidence = format!(
        "the level differs from {} by more than {:.1} % of its range, and by more than a step of the palette",
        original.name().display(),
        100.0 * usual
    );
    Ok(Some(Finding::given(cells, evidence)))
}

/// Cells whose level changed by more than is usual, and how much that is.
fn changed_cells(before: &Picture, after: &Picture) -> (Plane<bool>, f64) {
    let (rows, frames) = after.levels.shape();
    let change = Plane::from_fn(rows, frames, |k, t| (after.levels[(k, t)] - before.levels[(k, t)]).abs());
    let mut sorted = change.as_slice().to_vec();
    sorted.sort_by(f64::total_cmp);
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0).min(MOST_USUAL);
    let step = |picture: &Picture, k: usize, t: usize| picture.high[(k, t)] - picture.low[(k, t)];
    let limit = UNUSUAL * usual;
    let changed = Plane::from_fn(rows, frames, |k, t| {
        // One step either way may be the rounding of two programs.
        change[(k, t)] > limit.max(1.5 * step(before, k, t).max(step(after, k, t)))
    });
    (changed, limit)
}

#[cfg(test)]
mod tests {
    use photophone_picture::{PaintOptions, ReadOptions, paint, read};

    use super::*;

    #[test]
    fn finds_what_was_edited_and_not_what_was_rounded() {
        let picture = |edit: f64, noise: f64| {
            let levels = Plane::from_fn(24, 40, |k, t| {
                let base = 0.1 + 0.7 * ((k * 37 + t * 61) % 97) as f64 / 97.0;
                let inside = (6..12).contains(&k) && (10..20).contains(&t);
                base + if inside { edit } else { 0.0 } + noise * (((k * 13 + t * 7) % 5) as f64 / 4.0 - 0.5)
            });
            let raster = paint(&levels, &PaintOptions::default()).unwrap();
            read(&raster, &ReadOptions { cells: Some((24, 40)), ..ReadOptions::default() }).unwrap()
        };
        for noise in [0.0, 0.02] {
            let (changed, _) = changed_cells(&picture(0.0, 0.0), &picture(0.15, noise));
            let count = changed.as_slice().iter().filter(|&&changed| changed).count();
            assert_eq!(count, 60, "noise {noise}");
            assert!(changed[(8, 15)]);
        }
    }
}
