//! Sound or coefficients to picture, with the recipe inside and the phase beside it.

use num_complex::Complex;
use photophone_picture::{PaintOptions, paint};
use photophone_spectrum::{Finding, LevelScale, Number, Plane, Stack};
use photophone_transform::{Cqt, CqtParams, Gamma, LibrosaVersion, StopFlag};

pub use photophone_picture::BitDepth;

use crate::drawn::Drawn;
use crate::files::{Sound, check_magnitudes};
use crate::recipe::{
    Entry, InverseRecipe, PictureRecipe, Pitch, Recipe, Resolved, SoundRecipe, TransformKind, TransformRecipe, Tuning,
};
use crate::report::Report;
use crate::{Error, GIVEN, Input, Limits};

/// Rows between two panels: enough to be seen, and whole cells, so that a picture of panels has one lattice.
pub(crate) const GAP_ROWS: usize = 2;

/// How [`draw`] draws.
#[derive(Clone, Debug)]
pub struct DrawOptions {
    /// The transform and the levels; `sr` defaults to the sound's own rate. `reference` is the magnitude of level 1,
    /// by default the loudest. `frames`, `channels`, `gap`, `cell-width`, `cell-height`, `phase`
    /// and `phase-digest` are not looked at.
    pub recipe: Recipe,
    /// Whether [`draw`] takes as many bins as fit below half the sample rate, as librosa 1.0's `n_bins=None`, whatever
    /// `bins` of the recipe says; the release is then 1.0 unless the recipe names another. Default: no.
    pub fill_bins: bool,
    /// Whether [`draw`] mixes several channels to one, their mean, as `librosa.to_mono`. Default: no, each is a panel.
    pub mono: bool,
    /// Draws tiles of so many seconds. Default: tiles of two million pixels, where the whole would have more pixels than the
    /// reader takes; see [`long_sound`](crate::long_sound).
    pub tile_secs: Option<f64>,
    /// Pixels across a cell. Default: 2.
    pub cell_width_px: usize,
    /// Pixels up a cell. Default: 4.
    pub cell_height_px: usize,
    /// Bits of a sample: 8 in any palette (default magma), 16 in gray. Default: 8.
    pub bits: BitDepth,
    /// Most memory and work that [`draw`] takes.
    pub limits: Limits,
    /// Ends [`draw`] early. Default: nothing does.
    pub stop: StopFlag,
}

impl Default for DrawOptions {
    fn default() -> Self {
        Self {
            recipe: Recipe::default(),
            fill_bins: false,
            mono: false,
            tile_secs: None,
            cell_width_px: 2,
            cell_height_px: 4,
            bits: BitDepth::Eight,
            limits: Limits::default(),
            stop: StopFlag::default(),
        }
    }
}

/// Draws the constant-Q picture of a sound. Each of several channels is a panel, the first on top; they have one scale of
/// levels.
///
/// # Errors
/// A recipe that does not fit the sound, or a sound without samples.
pub fn draw(sound: &Sound, options: &DrawOptions) -> Result<Drawn, Error> {
    let channels = channels_to_draw(sound, options.mono);
    let (recipe, resolved) = recipe_of_sound((sound.sample_rate_hz, sound.frames()), options)?;
    options.limits.check_drawing(resolved.tempered(), sound.frames(), channels.len())?;
    let plan = resolved.plan(sound.frames(), &options.stop)?;
    let (stack, coefficients) = transformed(&plan, &channels, &options.stop)?;
    let magnitudes = coefficients.map(|value| value.norm());
    let mut drawn = painted((stack, &magnitudes), Some(phase_of(&coefficients)), (recipe, resolved.entries), options)?;
    if channels.len() < sound.channels.len() {
        drawn.report.notes.push(mixed_note(sound.channels.len()));
    }
    Ok(drawn)
}

/// What to say of channels that were mixed.
pub(crate) fn mixed_note(channels: usize) -> String {
    format!("{channels} channels were mixed to one: their mean")
}

/// How a sound of so many samples is drawn: the recipe with every parameter of the transform, and the same resolved.
///
/// # Errors
/// A recipe that does not fit the sound.
pub(crate) fn recipe_of_sound(
    (rate, samples): (u32, usize),
    options: &DrawOptions,
) -> Result<(Recipe, Resolved), Error> {
    let recipe = options.recipe.clone().joined(
        GIVEN,
        Recipe::from(SoundRecipe { sample_rate: Some(rate), length: Some(samples) }),
        "the sound",
    )?;
    if recipe.transform.tuning == Some(Tuning::Auto) {
        let expected = "a number: a sound's tuning is not estimated yet, and 0 draws every sound";
        return Err(Error::Value { name: "tuning", found: "auto".to_owned(), expected });
    }
    let release = CqtParams::for_librosa(recipe.transform.librosa.unwrap_or_default());
    let recipe = Recipe {
        transform: TransformRecipe {
            sr: recipe.transform.sr.or(Some(f64::from(rate))),
            tuning: recipe.transform.tuning.or(Some(Tuning::Bins(release.tuning))),
            pad_mode: recipe.transform.pad_mode.or(Some(release.pad_mode)),
            ..recipe.transform
        },
        ..recipe
    };
    let recipe = if options.fill_bins { filled(recipe)? } else { recipe };
    let resolved = recipe.resolve(None)?;
    let params = resolved.params;
    let kind = if params.gamma == Gamma::default() { TransformKind::Cqt } else { TransformKind::Vqt };
    let recipe = Recipe {
        transform: TransformRecipe {
            kind: Some(kind),
            sr: Some(params.sr),
            hop: Some(params.hop),
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
            ..recipe.transform
        },
        inverse: InverseRecipe { method: None },
        ..recipe
    };
    Ok((recipe, resolved))
}

/// The samples of each panel.
fn channels_to_draw(sound: &Sound, mono: bool) -> Vec<Vec<f64>> {
    if mono {
        return vec![sound.mixed_to_mono()];
    }
    sound.channels.iter().map(|channel| channel.iter().map(|&sample| f64::from(sample)).collect()).collect()
}

/// The coefficients of each channel, one above the other.
fn transformed(plan: &Cqt, channels: &[Vec<f64>], stop: &StopFlag) -> Result<(Stack, Plane<Complex<f64>>), Error> {
    let channels: Vec<&[f64]> = channels.iter().map(Vec::as_slice).collect();
    let planes = plan.forward_channels(&channels, stop.flag().as_ref())?;
    stop.check()?;
    let stack = Stack { channels: planes.len(), rows: plan.shape().0, gap: 0 };
    Ok((stack, stack.joined(planes, &Complex::default())))
}

/// The recipe with as many bins as fit.
fn filled(recipe: Recipe) -> Result<Recipe, Error> {
    let recipe = Recipe {
        transform: TransformRecipe {
            librosa: recipe.transform.librosa.or(Some(LibrosaVersion::V1_0)),
            bins: None,
            ..recipe.transform
        },
        ..recipe
    };
    let resolved = recipe.resolve(None)?;
    let bins = Cqt::bins_that_fit(&resolved.params, resolved.ratios.as_deref())?;
    Ok(Recipe { transform: TransformRecipe { bins: Some(bins), ..recipe.transform }, ..recipe })
}

/// Draws coefficients, bins by frames, such as `librosa.cqt`'s.
///
/// The recipe inside holds what `options` tells, and of the rest only what the coefficients show: what is unknown
/// stays so, to be found or assumed by the reader.
///
/// # Errors
/// Values that are not finite, or a recipe that does not fit their shape.
pub fn draw_coefficients(coefficients: &Plane<Complex<f64>>, options: &DrawOptions) -> Result<Drawn, Error> {
    draw_channels_of_coefficients(coefficients, Stack::one(coefficients.rows()), options)
}

/// The same of several channels, one above the other without a gap: each is a panel, and they have one scale of levels.
///
/// # Errors
/// As [`draw_coefficients`], or rows that the channels cannot be of.
pub fn draw_channels_of_coefficients(
    coefficients: &Plane<Complex<f64>>,
    stack: Stack,
    options: &DrawOptions,
) -> Result<Drawn, Error> {
    let input = Input::complex_channels("the coefficients", coefficients.clone(), stack);
    input.array(&Limits::default())?;
    let magnitudes = coefficients.map(|value| value.norm());
    let recipe = options.recipe.clone();
    let resolved = recipe.resolve(Some(stack.rows))?;
    painted((stack, &magnitudes), Some(phase_of(coefficients)), (recipe, resolved.entries), options)
}

/// Draws magnitudes, bins by frames, zero or more; see [`draw_coefficients`]. There is no phase to keep.
///
/// # Errors
/// As [`draw_coefficients`], or a negative magnitude.
pub fn draw_magnitudes(magnitudes: &Plane<f64>, options: &DrawOptions) -> Result<Drawn, Error> {
    draw_channels_of_magnitudes(magnitudes, Stack::one(magnitudes.rows()), options)
}

/// The same of several channels, as [`draw_channels_of_coefficients`].
///
/// # Errors
/// As there, or a negative magnitude.
pub fn draw_channels_of_magnitudes(
    magnitudes: &Plane<f64>,
    stack: Stack,
    options: &DrawOptions,
) -> Result<Drawn, Error> {
    let input = Input::real_channels("the magnitudes", magnitudes, stack);
    check_magnitudes(input.name(), &*input.array(&Limits::default())?)?;
    let recipe = options.recipe.clone();
    let resolved = recipe.resolve(Some(stack.rows))?;
    painted((stack, magnitudes), None, (recipe, resolved.entries), options)
}

/// Unit phasors, 1 where a coefficient is 0, rounded to the single precision of a phase file.
pub(crate) fn phase_of(coefficients: &Plane<Complex<f64>>) -> Plane<Complex<f64>> {
    let single = |value: f64| f64::from(value as f32);
    coefficients.map(|value| {
        let magnitude = value.norm();
        let phasor = if magnitude > 0.0 { value / magnitude } else { Complex::new(1.0, 0.0) };
        Complex::new(single(phasor.re), single(phasor.im))
    })
}

/// Magnitudes of channels, one above the other, to pixels.
pub(crate) fn painted(
    (stack, magnitudes): (Stack, &Plane<f64>),
    phase: Option<Plane<Complex<f64>>>,
    (recipe, findings): (Recipe, Vec<Entry>),
    options: &DrawOptions,
) -> Result<Drawn, Error> {
    let (bins, frames, channels) = (stack.rows, magnitudes.columns(), stack.channels);
    let scale = recipe.picture.levels.unwrap_or(LevelScale::DB_80);
    let reference = reference(recipe.picture.reference, magnitudes)?;
    let levels = magnitudes.map(|magnitude| scale.level_from_magnitude(magnitude / reference));
    let (stack, levels) = if channels > 1 { stack.spaced(&levels, GAP_ROWS, &0.0) } else { (stack, levels) };
    let default = if options.bits == BitDepth::Sixteen { "gray" } else { "magma" };
    let palette = recipe.picture.palette.clone().unwrap_or_else(|| default.to_owned());
    let paint_options = PaintOptions {
        palette: palette.parse()?,
        cell_width_px: options.cell_width_px,
        cell_height_px: options.cell_height_px,
        bits: options.bits,
    };
    let raster = paint(&levels, &paint_options)?;
    let mut report = Report { findings, ..Report::default() };
    report.findings.push(Entry::new("picture", "levels", &Finding::given(scale, "of the loudest cell")));
    let panels = if channels > 1 { format!("{channels} panels of ") } else { String::new() };
    report.notes.push(format!("{panels}{bins} x {frames} cells, {} x {} px", raster.width(), raster.height()));
    let recipe = Recipe {
        transform: TransformRecipe { bins: Some(bins), ..recipe.transform },
        picture: PictureRecipe {
            frames: Some(frames),
            first_frame: recipe.picture.first_frame,
            tile: recipe.picture.tile,
            channels: (channels > 1).then_some(channels),
            gap: (channels > 1).then_some(stack.gap),
            levels: Some(scale),
            reference: Some(reference),
            palette: Some(palette),
            cell_width: Some(options.cell_width_px),
            cell_height: Some(options.cell_height_px),
            phase: None,
            phase_digest: None,
        },
        ..recipe
    };
    Ok(Drawn { raster, phase, stack, recipe, report })
}

/// The magnitude of level 1: the one given, else the loudest, and 1 for silence.
fn reference(given: Option<f64>, magnitudes: &Plane<f64>) -> Result<f64, Error> {
    match given {
        Some(reference) if reference.is_finite() && reference > 0.0 => Ok(reference),
        Some(reference) => {
            let expected = "a magnitude above 0, that of level 1; leave it out for the loudest";
            Err(Error::Value { name: "reference", found: Number(reference).to_string(), expected })
        }
        None => {
            let loudest = magnitudes.as_slice().iter().copied().fold(0.0, f64::max);
            Ok(if loudest > 0.0 { loudest } else { 1.0 })
        }
    }
}
