//! The recipe: every stage's parameters in one struct, used by the command line, a picture's
//! text chunk, recipe files and the report.

mod problem;
mod settle;
mod stored;
mod values;

use std::path::Path;

use photophone_spectrum::LevelScale;
use photophone_transform::{Gamma, LibrosaVersion, Norm, PadMode, ResType, Window};
use serde::{Deserialize, Serialize};

pub use problem::plain_problem;
pub(crate) use settle::ROWS;
pub use settle::{Entry, Settled};
pub use stored::{COMMENT_KEY, RECIPE_KEY};
pub(crate) use stored::{Place, Stored, beside, recipe_files_near};
pub use values::{Inverse, Pitch, Tuning};

use crate::Error;
use crate::files::{FileError, guarded, read_bytes};
use crate::report::plain;

/// Longest recipe file: a thousand times what all fields take.
const MAX_RECIPE_BYTES: u64 = 1 << 20;

/// What is known of how a picture was made. Every field may be unknown.
///
/// Names are librosa's, written with dashes in TOML and JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recipe {
    /// Sample rate that the transform was told, in Hz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sr: Option<f64>,
    /// Sample rate of the samples, in Hz. Default: `sr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<u32>,
    /// Samples between frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hop: Option<usize>,
    /// Number of bins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bins: Option<usize>,
    /// Bins an octave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bins_per_octave: Option<usize>,
    /// Centre of the lowest bin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fmin: Option<Pitch>,
    /// Offset of all bins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuning: Option<Tuning>,
    /// Bandwidth offset of a variable-Q transform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<Gamma>,
    /// Filter length as a multiple of the constant-Q length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter_scale: Option<f64>,
    /// Filter window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Filter normalisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub norm: Option<Norm>,
    /// Share of each filter's spectrum dropped as small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sparsity: Option<f64>,
    /// Whether rows are divided by the square root of their filters' lengths.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<bool>,
    /// What lies beyond the signal's ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad_mode: Option<PadMode>,
    /// Which resampler halves the rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub res_type: Option<ResType>,
    /// Which librosa made the coefficients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub librosa: Option<LibrosaVersion>,
    /// Samples of the sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// What levels mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<LevelScale>,
    /// Magnitude of the highest level. Without it the sound's loudness is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<f64>,
    /// Palette, such as `magma` or `viridis_r`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub palette: Option<String>,
    /// Frames that were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<usize>,
    /// Pixels that a drawn cell is wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell_width: Option<usize>,
    /// Pixels that a drawn cell is high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell_height: Option<usize>,
    /// Name of the phase file beside the picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// Digest of that phase; see [`crate::files::phase_digest`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase_digest: Option<String>,
    /// How coefficients become samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inverse: Option<Inverse>,
}

/// Calls a macro with the name of every field of [`Recipe`].
macro_rules! for_each_field {
    ($apply:ident) => {
        $apply!(
            sr,
            sample_rate,
            hop,
            bins,
            bins_per_octave,
            fmin,
            tuning,
            gamma,
            filter_scale,
            window,
            norm,
            sparsity,
            scale,
            pad_mode,
            res_type,
            librosa,
            length,
            levels,
            reference,
            palette,
            frames,
            cell_width,
            cell_height,
            phase,
            phase_digest,
            inverse
        )
    };
}

impl Recipe {
    /// Reads a recipe file: TOML or JSON, by its ending.
    ///
    /// # Errors
    /// A file that cannot be read, or is not a recipe: the message names the field and the line.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let bytes = read_bytes(path, "a recipe", MAX_RECIPE_BYTES, "give a recipe, not a sound or a picture")?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Error::content(path, "bytes that are no text", "a recipe", "save it as UTF-8"))?;
        guarded(path, "a recipe", || Self::from_text(path, &text))
    }

    fn from_text(path: &Path, text: &str) -> Result<Self, Error> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let problem = match ending.as_deref() {
            Some("json") => match serde_json::from_str(text) {
                Ok(recipe) => return Ok(recipe),
                Err(error) => plain_problem(&error.to_string()),
            },
            Some("toml") => match toml::from_str(text) {
                Ok(recipe) => return Ok(recipe),
                Err(error) => {
                    let line = error.span().map(|span| format!(" in line {}", problem::line_of(text, span.start)));
                    format!("{}{}", plain_problem(error.message()), line.unwrap_or_default())
                }
            },
            _ => {
                let found = format!("the ending '{}'", ending.unwrap_or_default());
                return Err(FileError::Ending { path: path.to_owned(), found, known: ".toml or .json" }.into());
            }
        };
        Err(Error::content(path, problem, "a recipe", "see the fields of a recipe in docs/cli.md"))
    }

    /// Two recipes as one. `here` and `there` name them in the error.
    ///
    /// # Errors
    /// [`Error::Contradiction`] where both say something and not the same.
    pub fn joined(self, here: &'static str, other: Self, there: &'static str) -> Result<Self, Error> {
        macro_rules! join {
            ($($field:ident),*) => {
                Ok(Self { $($field: agree(stringify!($field), self.$field, here, other.$field, there)?),* })
            };
        }
        for_each_field!(join)
    }
}

fn agree<T: PartialEq + Serialize>(
    name: &'static str,
    a: Option<T>,
    here: &'static str,
    b: Option<T>,
    there: &'static str,
) -> Result<Option<T>, Error> {
    match (a, b) {
        (Some(a), Some(b)) if a != b => {
            let text = |value: &T| serde_json::to_value(value).map(|value| plain(&value)).unwrap_or_default();
            let (given, stored) = (text(&a), text(&b));
            Err(Error::Contradiction { name: name.replace('_', "-"), here, given, there, stored })
        }
        (a, b) => Ok(a.or(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_and_json_say_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (toml, json) = (folder.path().join("r.toml"), folder.path().join("r.json"));
        std::fs::write(
            &toml,
            "sr = 44100\nfmin = \"C1\"\ntuning = \"auto\"\nlibrosa = \"0.6\"\ngamma = \"erb\"\nnorm = \"1\"\n",
        )
        .unwrap();
        let recipe = Recipe::from_file(&toml).unwrap();
        assert_eq!((recipe.tuning, recipe.gamma), (Some(Tuning::Auto), Some(Gamma::Erb)));
        std::fs::write(&json, serde_json::to_string(&recipe).unwrap()).unwrap();
        assert_eq!(Recipe::from_file(&json).unwrap(), recipe);
        std::fs::write(&toml, "hopp = 3\n").unwrap();
        assert!(Recipe::from_file(&toml).unwrap_err().to_string().contains("hopp"));
    }

    #[test]
    fn contradictions_name_both_sides() {
        let a = Recipe { hop: Some(512), sr: Some(44100.0), ..Recipe::default() };
        let b = Recipe { hop: Some(256), bins: Some(84), ..Recipe::default() };
        let error = a.clone().joined("the command line", b.clone(), "the picture").unwrap_err().to_string();
        assert!(error.contains("hop") && error.contains("512") && error.contains("256"), "{error}");
        let joined = a.joined("here", Recipe { hop: None, ..b }, "there").unwrap();
        assert_eq!((joined.hop, joined.bins, joined.sr), (Some(512), Some(84), Some(44100.0)));
    }
}
