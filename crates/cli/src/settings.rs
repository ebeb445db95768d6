//! What was typed, as the library's options: the same for one file and for many.

use photophone::files::SampleFormat;
use photophone::own::OwnOptions;
use photophone::picture::ReadOptions;
use photophone::{DrawOptions, LoudnessOptions, PictureRecipe, Recipe, RecoverOptions, TransformRecipe};

use crate::args::{DrawArguments, DrawSettings, ReadingArguments, RecoverSettings};
use crate::interrupt::stop_flag;

/// How a sound is recovered, inputs aside.
///
/// # Errors
/// Flags that contradict each other or the recipe file.
pub(crate) fn recover_options(settings: &RecoverSettings) -> anyhow::Result<RecoverOptions> {
    Ok(RecoverOptions {
        recipe: settings.recipe.resolve()?,
        centres: settings.centres,
        phase_method: settings.phase_method,
        seed: settings.seed,
        despite_doubt: settings.despite_doubt,
        reading: reading(&settings.reading),
        axes: settings.axes.given(),
        max_pixels: settings.reading.max_pixels,
        limits: settings.limits.limits(),
        stop: stop_flag(),
        max_iterations: settings.iterations.unwrap_or(0),
        block_secs: settings.block,
        loudness: LoudnessOptions { gain_db: settings.gain, normalise: settings.normalise },
        ..RecoverOptions::default()
    })
}

/// How a sound is drawn.
///
/// # Errors
/// Flags that contradict each other or the recipe file.
pub(crate) fn draw_options(settings: &DrawSettings) -> anyhow::Result<DrawOptions> {
    let recipe = settings.recipe.resolve()?;
    let palette = Recipe::from(PictureRecipe {
        palette: settings.palette.as_ref().map(ToString::to_string),
        ..PictureRecipe::default()
    });
    Ok(DrawOptions {
        recipe: palette.joined("--palette", recipe, "the recipe file")?,
        fill_bins: settings.recipe.asks_for_all_bins(),
        mono: settings.mono,
        tile_secs: settings.tile,
        cell_width_px: settings.cell_width,
        cell_height_px: settings.cell_height,
        bits: settings.bits,
        limits: settings.limits.limits(),
        stop: stop_flag(),
    })
}

/// How a picture that carries its sound is drawn.
///
/// # Errors
/// Flags of a transform that it does not have.
pub(crate) fn own_options(arguments: &DrawArguments) -> anyhow::Result<OwnOptions> {
    let recipe = arguments.settings.recipe.resolve()?;
    let TransformRecipe { hop, bins_per_octave, .. } = recipe.transform;
    let rest = Recipe {
        transform: TransformRecipe { hop: None, bins_per_octave: None, ..recipe.transform.clone() },
        ..recipe.clone()
    };
    if let Some((name, _)) = rest.by_name().into_iter().next() {
        anyhow::bail!(
            "--{name} is given for --editable, whose picture has rows and levels of its own; leave it out: of librosa's settings it has --hop and --bins-per-octave"
        );
    }
    let default = OwnOptions::default();
    Ok(OwnOptions {
        bits: arguments.settings.bits,
        bins_per_octave: bins_per_octave.unwrap_or(default.bins_per_octave),
        hop: hop.unwrap_or(default.hop),
        sound_beside: arguments.editable.sound_beside,
        stop: stop_flag(),
        ..default
    })
}

/// What is known of a picture's geometry and colours.
pub(crate) fn reading(arguments: &ReadingArguments) -> ReadOptions {
    ReadOptions {
        crop: arguments.crop,
        cells: arguments.cells,
        palette: arguments.palette.clone(),
        flip: arguments.flip,
        transposed: arguments.transposed,
        ..ReadOptions::default()
    }
}

/// How samples are stored, as `--bits` spells it.
pub(crate) fn sample_format(text: &str) -> anyhow::Result<SampleFormat> {
    match text {
        "16" => Ok(SampleFormat::Int16),
        "24" => Ok(SampleFormat::Int24),
        "32" | "float" => Ok(SampleFormat::Float32),
        _ => anyhow::bail!("bits is '{text}'; expected 16, 24 or float"),
    }
}
