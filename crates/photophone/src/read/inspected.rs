//! A picture that is read, and told what it is, without a sound being made.

use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_picture::{Picture, Raster, overlay};
use photophone_spectrum::{Finding, LevelScale, Plane, Stack};

use super::kind::of_picture;
use super::phase::Phase;
use super::scale::level_scale;
use super::{Inputs, OpenedPicture, attribute, report_kind};
use crate::Error;
use crate::recipe::{Entry, Recipe};
use crate::report::Report;

/// A picture that has been read, and what it is.
#[derive(Clone, Debug)]
pub struct ReadPicture {
    /// The pixels.
    pub raster: Raster,
    /// The levels of the visible cells, and how they were found.
    pub picture: Picture,
    /// The kept phase in the grid's shape, if there is one: unit phasors, bins by frames. Those of several channels lie one above
    /// the other with no rows between them.
    pub phase: Option<Plane<Complex<f64>>>,
    /// How the channels lie in the picture's rows.
    pub stack: Stack,
    /// What was given and what the picture itself says of how it was made.
    pub recipe: Recipe,
    /// What levels mean as magnitudes; with a phase, the scale that fits it best.
    pub levels: Finding<LevelScale>,
    /// The account, with the evidence for each statement.
    pub report: Report,
    /// The phase file that was read, if any.
    pub phase_file: Option<PathBuf>,
}

impl ReadPicture {
    /// What was read, drawn over the picture.
    pub fn overlay(&self) -> Raster {
        overlay(&self.raster, &self.picture)
    }
}

/// Reads a picture, with its phase where there is one, and tells what it is.
pub(crate) fn inspected(inputs: &Inputs<'_>) -> Result<ReadPicture, Error> {
    let opened = OpenedPicture::open(inputs)?;
    let mut report = Report { input: inputs.input.name().display().to_string(), ..Report::default() };
    opened.describe(&mut report);
    let mut levels = opened.picture.scale.clone();
    if let Some(phase) = &opened.phase {
        phase.report(&mut report);
        let (phasors, stack) = (&phase.array.phasors, opened.stack);
        let resolved = opened.recipe.resolve(Some(stack.rows))?;
        let shape = (stack.channels, phasors.columns());
        inputs.limits.check_recovery(resolved.tempered(), shape, opened.recipe.sound.length)?;
        levels = level_scale(&opened.recipe, &resolved, &opened.picture, (phasors, stack), inputs.stop)
            .map_err(|error| error.about(inputs.input.name()))?;
    }
    report.findings.push(Entry::new("picture", "levels", &levels));
    if let Some(kind) = of_picture((&opened.picture, opened.stack), &opened.recipe, levels.value) {
        report_kind(Some(&opened), "picture", &kind, &mut report);
    }
    attribute(&mut report, inputs, opened.stored());
    let phase_file = opened.phase.as_ref().and_then(Phase::path).map(Path::to_path_buf);
    let OpenedPicture { raster, picture, stack, phase, recipe, .. } = opened;
    let phase = phase.map(|phase| phase.array.spaced(0).phasors);
    Ok(ReadPicture { raster, picture, phase, stack, recipe, levels, report, phase_file })
}
