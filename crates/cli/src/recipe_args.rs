//! The recipe's flags.
#![allow(clippy::doc_markdown, reason = "the comments on flags are the help texts, shown as they are")]

use std::path::PathBuf;

use clap::Args;
use photophone::spectrum::LevelScale;
use photophone::transform::{Gamma, LibrosaVersion, Norm, PadMode, ResType, Window};
use photophone::{Inverse, Pitch, Recipe, Tuning};

use crate::parse::{Bins, bins};

/// How the picture was made. Names and defaults are librosa's; what the picture or the phase
/// already says need not be repeated.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "How the picture was made (librosa's names and defaults)")]
pub(crate) struct RecipeArguments {
    /// Sample rate that the transform was told, in Hz [default: 22050, or the samples' rate]
    #[arg(long, value_name = "HZ")]
    sr: Option<f64>,
    /// Sample rate of the samples, if the transform was told another
    #[arg(long, value_name = "HZ")]
    sample_rate: Option<u32>,
    /// Samples between frames [default: 512]
    #[arg(long, value_name = "SAMPLES")]
    hop: Option<usize>,
    /// Number of bins; auto: the rows of the picture, or in draw as many as fit [default: 84, or the rows of the picture]
    #[arg(long, value_name = "BINS|auto", value_parser = bins)]
    bins: Option<Bins>,
    /// Bins an octave [default: 12]
    #[arg(long, value_name = "BINS")]
    bins_per_octave: Option<usize>,
    /// Lowest bin, in Hz or as a note [default: C1]
    #[arg(long, value_name = "HZ|NOTE")]
    fmin: Option<Pitch>,
    /// Offset of all bins as a fraction of a bin, or auto: read from the phase
    #[arg(long, value_name = "BINS|auto", allow_negative_numbers = true)]
    tuning: Option<Tuning>,
    /// Bandwidth offset of a variable-Q transform, in Hz, or erb: librosa's gamma=None [default: 0, constant Q]
    #[arg(long, value_name = "HZ|erb")]
    gamma: Option<Gamma>,
    /// Filter length as a multiple of the constant-Q length [default: 1]
    #[arg(long, value_name = "FACTOR")]
    filter_scale: Option<f64>,
    /// Filter window by SciPy's name, with parameters behind colons: kaiser:8.6 [default: hann]
    #[arg(long)]
    window: Option<Window>,
    /// Filter normalisation: 1, 2, inf, none or another of librosa's [default: 1]
    #[arg(long)]
    norm: Option<Norm>,
    /// Share of each filter's spectrum dropped as small [default: 0.01]
    #[arg(long, value_name = "SHARE")]
    sparsity: Option<f64>,
    /// Rows are divided by the square root of their filters' lengths [the default]
    #[arg(long, overrides_with = "no_scale")]
    scale: bool,
    /// They are not
    #[arg(long)]
    no_scale: bool,
    /// Beyond the ends: constant, reflect, symmetric, edge or linear_ramp [default: the release's]
    #[arg(long, value_name = "MODE")]
    pad_mode: Option<PadMode>,
    /// Resampler: auto, soxr_hq, kaiser_fast or kaiser_best [default: auto]
    #[arg(long, value_name = "TYPE")]
    res_type: Option<ResType>,
    /// The librosa that made it: 0.6, 0.8, 0.9, 0.11 or 1.0 [default: 0.11]
    #[arg(long, value_name = "RELEASE")]
    librosa: Option<LibrosaVersion>,
    /// Samples of the sound
    #[arg(long, value_name = "SAMPLES")]
    length: Option<usize>,
    /// What levels mean: linear, power, db, ln, db:LOW:HIGH or ln:LOW:HIGH [default: found in a picture, linear in an array]
    #[arg(long, value_name = "SCALE", allow_hyphen_values = true)]
    levels: Option<LevelScale>,
    /// How coefficients become samples: linear or adaptive [default: adaptive where the frames are too far apart]
    #[arg(long)]
    inverse: Option<Inverse>,
    /// All of these at once, from a TOML or JSON file
    #[arg(long, value_name = "FILE")]
    pub(crate) recipe: Option<PathBuf>,
}

impl RecipeArguments {
    /// Whether as many bins are asked for as fit below half the sample rate.
    pub(crate) fn asks_for_all_bins(&self) -> bool {
        matches!(self.bins, Some(Bins::Auto))
    }

    /// The flags and the recipe file as one recipe.
    pub(crate) fn resolve(&self) -> anyhow::Result<Recipe> {
        let typed = Recipe {
            sr: self.sr,
            sample_rate: self.sample_rate,
            hop: self.hop,
            bins: match self.bins {
                Some(Bins::Count(bins)) => Some(bins),
                Some(Bins::Auto) | None => None,
            },
            bins_per_octave: self.bins_per_octave,
            fmin: self.fmin,
            tuning: self.tuning,
            gamma: self.gamma,
            filter_scale: self.filter_scale,
            window: self.window,
            norm: self.norm,
            sparsity: self.sparsity,
            scale: match (self.scale, self.no_scale) {
                (_, true) => Some(false),
                (true, false) => Some(true),
                (false, false) => None,
            },
            pad_mode: self.pad_mode,
            res_type: self.res_type,
            librosa: self.librosa,
            length: self.length,
            levels: self.levels,
            inverse: self.inverse,
            ..Recipe::default()
        };
        let Some(path) = &self.recipe else { return Ok(typed) };
        Ok(typed.joined("the command line", Recipe::from_file(path)?, "the recipe file")?)
    }
}
