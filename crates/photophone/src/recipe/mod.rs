//! The recipe: every stage's parameters in one struct, used by the command line, a picture's
//! text chunk, recipe files and the report.

mod fields;
mod problem;
mod resolve;
mod resolve_mel;
mod resolve_stft;
mod section;
mod settings;
mod stored;
mod stored_text;
mod values;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use fields::{Flag, InverseRecipe, PARAMETERS, Parameter, PictureRecipe, SoundRecipe, TransformRecipe};
pub use problem::plain_problem;
pub(crate) use resolve::ROWS;
pub use resolve::{Entry, Resolved};
pub(crate) use section::plain;
pub use stored::{COMMENT_KEY, RECIPE_KEY};
pub(crate) use stored::{OWN_KEY, Place, Stored, ascii_json, beside, recipe_files_near};
pub use values::{Pitch, TransformKind, Tuning};

use crate::Error;
use crate::files::{FileError, guarded, read_bytes};

/// Longest recipe file: a thousand times what all fields take.
const MAX_RECIPE_BYTES: u64 = 1 << 20;

/// What is known of how a picture was made, in sections. Every value may be unknown.
///
/// One struct for the command line, recipe files (TOML, JSON), a picture's text, reports and Python. Names are librosa's,
/// written with dashes in TOML and JSON. A recipe without sections, as 0.1's development versions wrote it, is read too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "fields::Written")]
pub struct Recipe {
    /// What is known of the samples.
    #[serde(skip_serializing_if = "SoundRecipe::is_empty")]
    pub sound: SoundRecipe,
    /// What is known of the transform.
    #[serde(skip_serializing_if = "TransformRecipe::is_empty")]
    pub transform: TransformRecipe,
    /// What is known of the picture or array.
    #[serde(skip_serializing_if = "PictureRecipe::is_empty")]
    pub picture: PictureRecipe,
    /// How coefficients become samples.
    #[serde(skip_serializing_if = "InverseRecipe::is_empty")]
    pub inverse: InverseRecipe,
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
}

#[cfg(test)]
mod tests {
    use photophone_transform::Gamma;
    use photophone_transform::invert::Inverse;

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
        assert_eq!((recipe.transform.tuning, recipe.transform.gamma), (Some(Tuning::Auto), Some(Gamma::Erb)));
        std::fs::write(&json, serde_json::to_string(&recipe).unwrap()).unwrap();
        assert_eq!(Recipe::from_file(&json).unwrap(), recipe);
        std::fs::write(&toml, "hopp = 3\n").unwrap();
        assert!(Recipe::from_file(&toml).unwrap_err().to_string().contains("hopp"));
    }

    /// A picture's own recipe is JSON, that beside it TOML: a last digit that differs would be a contradiction.
    #[test]
    fn every_digit_of_a_number_survives_both_texts() {
        for k in 1..2000 {
            let reference = f64::from(k).sqrt() / 37.0;
            let recipe = Recipe {
                picture: PictureRecipe { reference: Some(reference), ..PictureRecipe::default() },
                ..Recipe::default()
            };
            let [json, toml] = [recipe.to_ascii_json().unwrap(), recipe.to_toml().unwrap()];
            assert_eq!(serde_json::from_str::<Recipe>(&json).unwrap(), recipe);
            assert_eq!(toml::from_str::<Recipe>(&toml).unwrap(), recipe);
        }
    }

    /// The text in a picture that a development version of 0.1 drew.
    const OLD: &str = "{\"sr\":22050.0,\"sample-rate\":22050,\"hop\":256,\"bins\":84,\"bins-per-octave\":12,\
        \"fmin\":32.70319566257483,\"tuning\":0.0,\"gamma\":0.0,\"filter-scale\":1.0,\"window\":\"hann\",\"norm\":\"1\",\
        \"sparsity\":0.01,\"scale\":true,\"pad-mode\":\"constant\",\"res-type\":\"auto\",\"librosa\":\"0.11\",\
        \"length\":22050,\"levels\":\"db:-80:0\",\"reference\":0.5,\"palette\":\"magma\",\"frames\":87,\
        \"cell-width\":2,\"cell-height\":4,\"phase\":\"song.phase.npy\",\"phase-digest\":\"00ff\",\"inverse\":\"linear\"}";

    #[test]
    fn recipes_without_sections_are_read() {
        let old: Recipe = serde_json::from_str(OLD).unwrap();
        let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(OLD).unwrap();
        assert_eq!(old.by_name(), fields);
        assert_eq!((old.transform.hop, old.sound.length, old.picture.frames), (Some(256), Some(22_050), Some(87)));
        assert_eq!(old.inverse.method, Some(Inverse::Linear));
        let toml = "hop = 128\nfmin = \"C2\"\ninverse = \"adaptive\"\nlength = 7\n";
        let sections = "[transform]\nhop = 128\nfmin = \"C2\"\n[inverse]\nmethod = \"adaptive\"\n[sound]\nlength = 7\n";
        assert_eq!(toml::from_str::<Recipe>(toml).unwrap(), toml::from_str::<Recipe>(sections).unwrap());
        let twice = "hop = 128\n[transform]\nhop = 256\n";
        assert!(toml::from_str::<Recipe>(twice).unwrap_err().to_string().contains("hop"));
    }

    #[test]
    fn what_is_written_has_sections() {
        let recipe: Recipe = serde_json::from_str(OLD).unwrap();
        let text = recipe.to_toml().unwrap();
        let headings =
            ["[sound]\nsample-rate = 22050\n", "[transform]\nsr = ", "[picture]\nlevels = ", "[inverse]\nmethod = "];
        assert!(headings.iter().all(|heading| text.contains(heading)), "{text}");
        assert_eq!(toml::from_str::<Recipe>(&text).unwrap(), recipe);
        let json = recipe.to_ascii_json().unwrap();
        assert!(json.starts_with("{\"sound\":{\"sample-rate\":22050,"), "{json}");
        assert_eq!(serde_json::from_str::<Recipe>(&json).unwrap(), recipe);
    }

    #[test]
    fn a_transform_has_a_short_form() {
        let transform = |text: &str| text.parse::<TransformRecipe>();
        let stft = transform("stft:2048:512").unwrap();
        assert_eq!((stft.kind, stft.n_fft, stft.hop), (Some(TransformKind::Stft), Some(2048), Some(512)));
        assert_eq!(toml::from_str::<Recipe>("transform = \"stft:2048:512\"").unwrap().transform, stft);
        let mel = transform("mel:80:1024:256").unwrap();
        assert_eq!(
            (mel.kind, mel.n_mels, mel.n_fft, mel.hop),
            (Some(TransformKind::Mel), Some(80), Some(1024), Some(256))
        );
        assert_eq!(
            transform("mel").unwrap(),
            TransformRecipe { kind: Some(TransformKind::Mel), ..TransformRecipe::default() }
        );
        assert_eq!(transform("stft").unwrap().n_fft, None);
        for text in ["", "dft", "cqt:3", "stft:", "stft:x", "stft:1:2:3", "mel:x", "mel:1:2:3:4"] {
            assert!(transform(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_parameter_of_another_transform_is_refused() {
        for (text, name) in [
            ("transform = \"cqt\"\ngamma = 20", "gamma"),
            ("win-length = 20", "win-length"),
            ("transform = \"stft\"", "transform"),
        ] {
            let error = toml::from_str::<Recipe>(text).unwrap().resolve(None).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
        let vqt = toml::from_str::<Recipe>("transform = \"vqt\"").unwrap().resolve(None).unwrap();
        assert_eq!(vqt.params.gamma, Gamma::Erb);
    }

    #[test]
    fn contradictions_name_both_sides() {
        let a = TransformRecipe { hop: Some(512), sr: Some(44100.0), ..TransformRecipe::default() };
        let b = TransformRecipe { hop: Some(256), bins: Some(84), ..TransformRecipe::default() };
        let (whole, agreeing) = (Recipe::from(a), Recipe::from(TransformRecipe { hop: None, ..b.clone() }));
        let error = whole.clone().joined("the command line", b.into(), "the picture").unwrap_err().to_string();
        assert!(error.contains("hop") && error.contains("512") && error.contains("256"), "{error}");
        let joined = whole.joined("here", agreeing, "there").unwrap().transform;
        assert_eq!((joined.hop, joined.bins, joined.sr), (Some(512), Some(84), Some(44100.0)));
    }
}
