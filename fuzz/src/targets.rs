//! What is fuzzed: each reader of files, and whole recoveries.

use std::path::Path;
use std::sync::OnceLock;

use fastrand::Rng;
use photophone::files::{
    ArrayReadOptions, PhaseArray, PictureReadOptions, SoundReadOptions, decode_array, decode_picture, decode_sound,
};
use photophone::{BitDepth, Input, Recipe, RecoverOptions, read_picture};

use crate::container::{mend_ogg, mend_png};
use crate::mutate::mutated;
use crate::{recovery, seeds};

/// Something that takes bytes.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) seeds: Vec<Vec<u8>>,
    /// Runs it, with a folder for files; what came of it, in words.
    pub(crate) run: fn(&Path, &[u8]) -> String,
    /// Puts checksums right.
    pub(crate) mend: fn(&mut [u8]),
    /// Whether inputs are seeds changed; else they are eight bytes of chance.
    pub(crate) havoc: bool,
}

impl Target {
    /// An input: made of one of the corpus. One of eight keeps its wrong checksums.
    pub(crate) fn input(&self, corpus: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
        if !self.havoc {
            return rng.u64(..).to_le_bytes().to_vec();
        }
        let mut bytes = mutated(corpus, rng);
        if rng.u32(..8) > 0 {
            (self.mend)(&mut bytes);
        }
        bytes
    }
}

/// Every target.
pub(crate) fn all() -> Vec<Target> {
    let plain = |name, seeds, run| Target { name, seeds, run, mend: |_| (), havoc: true };
    vec![
        Target { mend: mend_png, ..plain("picture-png", seeds::png(), picture) },
        plain("picture-jpeg", seeds::jpeg(), picture),
        plain("array-npy", seeds::npy(), array),
        plain("array-npz", seeds::npz(), array),
        plain("array-mat", seeds::mat(), array),
        plain("phase", seeds::phase(), phase),
        plain("sound-wav", seeds::wav(), sound),
        plain("sound-flac", seeds::flac(), sound),
        Target { mend: mend_ogg, ..plain("sound-ogg", seeds::ogg(), sound) },
        plain("sound-mp3", seeds::mp3(), sound),
        plain("sound-mp4", seeds::mp4(), sound),
        plain("sound-aiff-caf", seeds::aiff_and_caf(), sound),
        plain("recipe-toml", seeds::toml(), |folder, bytes| recipe(&folder.join("r.toml"), bytes)),
        plain("recipe-json", seeds::json(), |folder, bytes| recipe(&folder.join("r.json"), bytes)),
        Target { havoc: false, ..plain("recover", vec![vec![0; 8]], recovery::recovered) },
    ]
}

/// What came of it: what was read, or why not.
fn told<T, E: std::fmt::Display>(result: Result<T, E>, read: impl FnOnce(T) -> String) -> String {
    result.map_or_else(|error| error.to_string(), read)
}

/// Decodes a picture and, where there is one, inspects it.
fn picture(_: &Path, bytes: &[u8]) -> String {
    let name = Path::new("picture");
    if let Err(error) = decode_picture(name, bytes, PictureReadOptions::default()) {
        return error.to_string();
    }
    let input = Input::Bytes { name: "picture".to_owned(), bytes: bytes.to_vec() };
    told(read_picture(&RecoverOptions { input, ..RecoverOptions::default() }), |read| {
        let _ = read.overlay();
        read.report.to_string()
    })
}

fn array(_: &Path, bytes: &[u8]) -> String {
    let name = Path::new("array");
    told(decode_array(name, bytes, &ArrayReadOptions::default()), |array| {
        told(PhaseArray::from_array(name, &array), |phase| phase.kind.value.to_string())
    })
}

/// Inspects a good picture with a hostile phase.
fn phase(_: &Path, bytes: &[u8]) -> String {
    static PICTURE: OnceLock<Option<Input>> = OnceLock::new();
    let picture = PICTURE.get_or_init(|| seeds::drawn(BitDepth::Eight, 2, 4).to_input().ok());
    let Some(input) = picture.clone() else { return "no picture".to_owned() };
    let phase = Some(Input::Bytes { name: "phase".to_owned(), bytes: bytes.to_vec() });
    told(read_picture(&RecoverOptions { input, phase, ..RecoverOptions::default() }), |read| read.report.to_string())
}

fn sound(_: &Path, bytes: &[u8]) -> String {
    let read = decode_sound(Path::new("sound"), bytes.to_vec(), SoundReadOptions::default());
    told(read, |sound| format!("{} channels", sound.channels.len()))
}

/// Reads a recipe and resolves it, with and without an array.
fn recipe(path: &Path, bytes: &[u8]) -> String {
    if let Err(error) = std::fs::write(path, bytes) {
        return error.to_string();
    }
    told(Recipe::from_file(path), |recipe| {
        let alone = told(recipe.resolve(None), |_| "resolved".to_owned());
        format!("{alone}, {}", told(recipe.resolve(Some(84)), |_| "resolved".to_owned()))
    })
}
