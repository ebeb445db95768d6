//! The sections of a recipe: the one place where a parameter is spelled.
//!
//! The structs, how they are joined, the flat form, the flags of the command line, the keywords of Python and the
//! documentation of all of them are made from this list.

use photophone_spectrum::{LevelScale, MelScale};
use photophone_transform::invert::Inverse;
use photophone_transform::observe::MelNorm;
use photophone_transform::{Gamma, IntervalSet, LibrosaVersion, Norm, PadMode, ResType, Window};
use serde::{Deserialize, Serialize};

use super::section::{agree, table_or_text};
use super::{Pitch, Recipe, TransformKind, Tuning};
use crate::Error;

/// How a parameter is given on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `--name VALUE`; the value's placeholder.
    Value(&'static str),
    /// `--name` and its opposite.
    Switch {
        /// The opposite's name,
        off: &'static str,
        /// and what it means.
        meaning: &'static str,
    },
    /// Not at all: draw writes it, or a flag of another meaning has its name.
    Absent,
}

/// A parameter of a recipe: how each front end spells it, and what it is.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The section that it stands in.
    pub section: &'static str,
    /// Its name there.
    pub field: &'static str,
    /// Its name in messages and reports, as a flag and in a recipe without sections.
    pub name: &'static str,
    /// Its keyword in Python.
    pub keyword: &'static str,
    /// How the command line gives it.
    pub flag: Flag,
    /// What it is, with its unit.
    pub help: &'static str,
    /// What is taken where nobody says.
    pub default: &'static str,
    parse: fn(&mut Recipe, &str) -> Result<(), String>,
}

impl Parameter {
    /// The recipe that says only this, from the text of the value.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parsed(&self, text: &str) -> Result<Recipe, String> {
        let mut recipe = Recipe::default();
        (self.parse)(&mut recipe, text).map(|()| recipe)
    }
}

macro_rules! sections {
    ($($(#[$about:meta])* $section:ident: $struct:ident {
        $($field:ident: $type:ty = $name:literal, $keyword:literal, $flag:expr, $help:literal, $default:literal;)*
    })*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
            #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
            pub struct $struct {
                $(
                    #[doc = concat!($help, ".")]
                    ///
                    #[doc = concat!("Default: ", $default, ".")]
                    #[serde(skip_serializing_if = "Option::is_none")]
                    pub $field: Option<$type>,
                )*
            }

            impl $struct {
                /// Whether nothing is known.
                pub(super) fn is_empty(&self) -> bool {
                    *self == Self::default()
                }

                fn joined(self, here: &'static str, other: Self, there: &'static str) -> Result<Self, Error> {
                    Ok(Self { $($field: agree($name, self.$field, here, other.$field, there)?),* })
                }
            }

            impl From<$struct> for Recipe {
                fn from($section: $struct) -> Self {
                    Self { $section, ..Self::default() }
                }
            }
        )*

        impl Recipe {
            /// Two recipes as one. `here` and `there` name them in the error.
            ///
            /// # Errors
            /// [`Error::Contradiction`] where both say something and not the same.
            pub fn joined(self, here: &'static str, other: Self, there: &'static str) -> Result<Self, Error> {
                Ok(Self { $($section: self.$section.joined(here, other.$section, there)?),* })
            }
        }

        /// A recipe as it is written: in sections, or with the names of all sections side by side, as 0.1's development
        /// versions wrote it and as Python's keywords are.
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub(super) struct Written {
            $(
                #[serde(deserialize_with = "table_or_text")]
                $section: $struct,
            )*
            $($($field: Option<$type>,)*)*
        }

        impl TryFrom<Written> for Recipe {
            type Error = Error;

            fn try_from(written: Written) -> Result<Self, Error> {
                let flat = Self { $($section: $struct { $($field: written.$field),* }),* };
                let sections = Self { $($section: written.$section),* };
                sections.joined("a section", flat, "the line without one")
            }
        }

        /// Every parameter of a recipe, in the order of its sections.
        pub const PARAMETERS: &[Parameter] = &[$($(
            Parameter {
                section: stringify!($section),
                field: stringify!($field),
                name: $name,
                keyword: $keyword,
                flag: $flag,
                help: $help,
                default: $default,
                parse: |recipe, text| {
                    recipe.$section.$field = Some(text.parse::<$type>().map_err(|error| error.to_string())?);
                    Ok(())
                },
            },
        )*)*];
    };
}

sections! {
    /// What is known of the samples.
    sound: SoundRecipe {
        sample_rate: u32 = "sample-rate", "sample_rate", Flag::Value("HZ"),
            "Sample rate of the samples, in Hz, if the transform was told another", "the transform's";
        length: usize = "length", "length", Flag::Value("SAMPLES"), "Samples of the sound", "found";
    }
    /// What is known of the transform. Names and defaults are librosa's.
    transform: TransformRecipe {
        kind: TransformKind = "transform", "transform", Flag::Value("KIND"),
            "Which transform: cqt, vqt, stft or mel, with n_fft and hop behind colons, stft:2048:512, and bands before them: mel:128:2048:512",
            "cqt";
        sr: f64 = "sr", "sr", Flag::Value("HZ"),
            "Sample rate that the transform was told, in Hz", "22050, or the samples' rate";
        hop: usize = "hop", "hop_length", Flag::Value("SAMPLES"), "Samples between frames", "512";
        bins: usize = "bins", "n_bins", Flag::Value("BINS|auto"),
            "Number of bins; auto: the rows of the picture, or in draw as many as fit", "84, or the rows of the picture";
        bins_per_octave: usize = "bins-per-octave", "bins_per_octave", Flag::Value("BINS"), "Bins an octave", "12";
        intervals: IntervalSet = "intervals", "intervals", Flag::Value("NAME|RATIOS"),
            "How the bins lie in an octave: equal, pythagorean, ji3, ji5, ji7 or ratios: 1,9/8,5/4,3/2", "equal";
        fmin: Pitch = "fmin", "fmin", Flag::Value("HZ|NOTE"), "Lowest bin, in Hz or as a note, or lower edge of the lowest mel band", "C1; 0 for mel";
        tuning: Tuning = "tuning", "tuning", Flag::Value("BINS|auto"),
            "Offset of all bins as a fraction of a bin, or auto: read from the phase", "found";
        gamma: Gamma = "gamma", "gamma", Flag::Value("HZ|erb"),
            "Bandwidth offset of a variable-Q transform, in Hz, or erb: librosa's gamma=None", "0, constant Q; erb for vqt";
        filter_scale: f64 = "filter-scale", "filter_scale", Flag::Value("FACTOR"),
            "Filter length as a multiple of the constant-Q length", "1";
        window: Window = "window", "window", Flag::Value("WINDOW"),
            "Window by SciPy's name, with parameters behind colons: kaiser:8.6", "hann";
        norm: Norm = "norm", "norm", Flag::Value("NORM"),
            "Filter normalisation: 1, 2, inf, none or another of librosa's", "1";
        sparsity: f64 = "sparsity", "sparsity", Flag::Value("SHARE"),
            "Share of each filter's spectrum dropped as small", "0.01";
        scale: bool = "scale", "scale", Flag::Switch { off: "no-scale", meaning: "They are not" },
            "Rows are divided by the square root of their filters' lengths", "they are";
        pad_mode: PadMode = "pad-mode", "pad_mode", Flag::Value("MODE"),
            "Beyond the ends: constant, reflect, symmetric, edge or linear_ramp", "the release's";
        res_type: ResType = "res-type", "res_type", Flag::Value("TYPE"),
            "Resampler: auto, soxr_hq, kaiser_fast or kaiser_best", "auto";
        librosa: LibrosaVersion = "librosa", "librosa_version", Flag::Value("RELEASE"),
            "The librosa that made it: 0.6, 0.8, 0.9, 0.11 or 1.0", "0.11";
        n_fft: usize = "n-fft", "n_fft", Flag::Absent,
            "Samples of an STFT's frame and FFT", "twice the rows less two";
        win_length: usize = "win-length", "win_length", Flag::Value("SAMPLES"), "Samples of an STFT's window", "n_fft";
        center: bool = "center", "center", Flag::Switch { off: "no-center", meaning: "They begin there" },
            "Frames of an STFT are centred on the multiples of the hop", "they are";
        n_mels: usize = "n-mels", "n_mels", Flag::Absent, "Bands of a mel spectrogram", "the rows of the array";
        fmax: f64 = "fmax", "fmax", Flag::Value("HZ"),
            "Upper edge of the highest mel band, in Hz; in inspect that of a figure's data", "half the sample rate";
        mel_scale: MelScale = "mel-scale", "mel_scale", Flag::Value("SCALE"),
            "Mel scale: slaney, librosa's default, or htk, torchaudio's", "slaney";
        mel_norm: MelNorm = "mel-norm", "mel_norm", Flag::Value("NORM"),
            "How mel bands are normalised: slaney, none (torchaudio's default), 1, 2, inf or another number", "slaney";
        power: f64 = "power", "power", Flag::Value("POWER"),
            "Power of the magnitudes that mel bands sum: 2 or 1", "2";
    }
    /// What is known of the picture or array.
    picture: PictureRecipe {
        levels: LevelScale = "levels", "levels", Flag::Value("SCALE"),
            "What levels mean: linear, power, db, ln, db:LOW:HIGH or ln:LOW:HIGH",
            "found in a picture, linear in an array";
        reference: f64 = "reference", "reference", Flag::Absent,
            "Magnitude of the highest level; without it the sound's loudness is unknown", "unknown";
        palette: String = "palette", "palette", Flag::Absent, "Palette, such as magma or viridis_r", "found";
        frames: usize = "frames", "frames", Flag::Absent, "Frames that were drawn", "found";
        first_frame: usize = "first-frame", "first_frame", Flag::Absent,
            "Number of the first frame that a tile of a long picture shows", "0";
        tile: usize = "tile", "tile", Flag::Absent, "Frames of each tile of a long picture but the last", "no tiles";
        channels: usize = "channels", "channels", Flag::Absent, "Channels, each a panel of rows, the first on top", "1";
        gap: usize = "gap", "gap", Flag::Absent, "Rows between the panels of two channels, at the lowest level", "2";
        cell_width: usize = "cell-width", "cell_width", Flag::Absent, "Pixels that a drawn cell is wide", "found";
        cell_height: usize = "cell-height", "cell_height", Flag::Absent, "Pixels that a drawn cell is high", "found";
        phase: String = "phase", "phase", Flag::Absent, "Name of the phase file beside the picture", "none";
        phase_digest: String = "phase-digest", "phase_digest", Flag::Absent,
            "Digest of that phase, in hexadecimal digits", "none";
    }
    /// How coefficients become samples.
    inverse: InverseRecipe {
        method: Inverse = "inverse", "inverse", Flag::Value("INVERSE"),
            "How coefficients become samples: linear or adaptive", "adaptive where the frames are too far apart";
    }
}
