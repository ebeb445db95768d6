//! Sound to picture, with the recipe inside and the phase beside it.

use std::path::Path;

use num_complex::Complex;
use photophone_picture::{PaintOptions, Raster, paint};
use photophone_spectrum::{Finding, LevelScale, Plane};
use photophone_transform::{Cqt, CqtParams};

use crate::Error;
use crate::files::{ArrayToWrite, Sound, refuse_inputs, write_npy, write_png};
use crate::recipe::{Entry, Pitch, Recipe, Tuning};
use crate::report::Report;

/// Keyword of the PNG text chunk that holds a picture's recipe as JSON.
pub const RECIPE_KEY: &str = "photophone";

/// How [`draw`] draws.
#[derive(Clone, Debug)]
pub struct DrawOptions {
    /// The transform and the levels; `sr` defaults to the sound's own rate.
    pub recipe: Recipe,
    /// Pixels across a cell. Default: 2.
    pub cell_width_px: usize,
    /// Pixels up a cell. Default: 4.
    pub cell_height_px: usize,
}

impl Default for DrawOptions {
    fn default() -> Self {
        Self { recipe: Recipe::default(), cell_width_px: 2, cell_height_px: 4 }
    }
}

/// A drawn picture and what it leaves out.
#[derive(Debug)]
pub struct Drawn {
    /// The picture.
    pub raster: Raster,
    /// Unit phasors, bins by frames.
    pub phase: Plane<Complex<f64>>,
    /// Everything needed to read the picture back, but for the phase file's name.
    pub recipe: Recipe,
    /// The account.
    pub report: Report,
}

/// Draws the constant-Q picture of a sound; several channels are mixed to one.
///
/// # Errors
/// A recipe that does not fit the sound, or a sound without samples.
pub fn draw(sound: &Sound, options: &DrawOptions) -> Result<Drawn, Error> {
    let rate = sound.sample_rate_hz;
    let recipe = options.recipe.clone().joined(
        "what was given",
        Recipe { sample_rate: Some(rate), length: Some(sound.frames()), ..Recipe::default() },
        "the sound",
    )?;
    if recipe.tuning == Some(Tuning::Auto) {
        let expected = "a number: a sound's tuning is not estimated yet, and 0 draws every sound";
        return Err(Error::Value { name: "tuning", found: "auto".to_owned(), expected });
    }
    let release = CqtParams::for_librosa(recipe.librosa.unwrap_or_default());
    let recipe = Recipe {
        sr: recipe.sr.or(Some(f64::from(rate))),
        tuning: recipe.tuning.or(Some(Tuning::Bins(release.tuning))),
        pad_mode: recipe.pad_mode.or(Some(release.pad_mode)),
        ..recipe
    };
    let mut settled = recipe.settle(None)?;
    let plan = Cqt::new(&settled.params, sound.frames())?;
    let coefficients = plan.forward(&sound.mixed_to_mono())?;
    let loudest = coefficients.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
    let scale = recipe.levels.unwrap_or(LevelScale::DB_80);
    let reference = if loudest > 0.0 { loudest } else { 1.0 };
    let levels = coefficients.map(|value| scale.level_from_magnitude(value.norm() / reference));
    let palette = recipe.palette.clone().unwrap_or_else(|| "magma".to_owned());
    let paint_options = PaintOptions {
        palette: palette.parse()?,
        cell_width_px: options.cell_width_px,
        cell_height_px: options.cell_height_px,
    };
    let raster = paint(&levels, &paint_options)?;
    let phase =
        coefficients.map(|value| if value.norm() > 0.0 { value / value.norm() } else { Complex::new(1.0, 0.0) });
    let mut report = Report::default();
    report.findings.append(&mut settled.entries);
    report.findings.push(Entry::new("picture", "levels", &Finding::given(scale, "of the loudest cell")));
    let (bins, frames) = plan.shape();
    report.notes.push(format!("{bins} x {frames} cells, {} x {} px", raster.width(), raster.height()));
    let params = settled.params;
    let recipe = Recipe {
        sr: Some(params.sr),
        sample_rate: Some(rate),
        hop: Some(params.hop),
        bins: Some(params.bins),
        bins_per_octave: Some(params.bins_per_octave),
        fmin: Some(Pitch(params.fmin_hz)),
        tuning: Some(Tuning::Bins(params.tuning)),
        gamma: Some(params.gamma),
        filter_scale: Some(params.filter_scale),
        window: Some(params.window),
        norm: Some(params.norm),
        sparsity: Some(params.sparsity),
        scale: Some(params.scale),
        pad_mode: Some(params.pad_mode),
        res_type: Some(params.res_type),
        librosa: Some(params.librosa),
        length: Some(sound.frames()),
        levels: Some(scale),
        reference: Some(reference),
        palette: Some(palette),
        phase: None,
        inverse: None,
    };
    Ok(Drawn { raster, phase, recipe, report })
}

impl Drawn {
    /// Writes the picture and, beside it, the phase as `NAME.phase.npy`; gives that name back.
    ///
    /// # Errors
    /// A file that cannot be written, or that is one of `inputs`.
    pub fn write(&self, picture: &Path, inputs: &[&Path]) -> Result<std::path::PathBuf, Error> {
        let ending = picture.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        if ending.as_deref() != Some("png") {
            let found = format!("the ending '{}'", ending.unwrap_or_default());
            return Err(Error::Ending { path: picture.to_owned(), found, known: ".png" });
        }
        let phase = picture.with_extension("phase.npy");
        let name = phase.file_name().map(|name| name.to_string_lossy().into_owned());
        let recipe = Recipe { phase: name, ..self.recipe.clone() };
        let text = serde_json::to_string(&recipe).map_err(|error| {
            Error::content(picture, error.to_string(), "a recipe that can be written", "report this as a fault")
        })?;
        refuse_inputs(&phase, inputs)?;
        write_raster(picture, &self.raster, &[(RECIPE_KEY.to_owned(), text)], inputs)?;
        if let Err(error) = write_npy(&phase, ArrayToWrite::Complex(&self.phase), inputs) {
            // A picture without its phase would be half of what was asked for.
            let _ = std::fs::remove_file(picture);
            return Err(error);
        }
        Ok(phase)
    }
}

/// Writes a raster as PNG.
///
/// # Errors
/// A file that cannot be written, or that is one of `inputs`.
pub fn write_raster(path: &Path, raster: &Raster, text: &[(String, String)], inputs: &[&Path]) -> Result<(), Error> {
    write_png(path, (raster.width(), raster.height()), raster.pixels(), text, inputs)
}
