//! Where the sound of an own picture is looked for: in its file, where the caller says, and beside it.

use std::path::{Path, PathBuf};

use super::kept::{Kept, SOUND_CHUNK, gathered};
use super::recipe::OwnRecipe;
use crate::files::{
    FileError, FileGroup, LosslessShape, PictureReadOptions, PngChunks, Sound, SoundFormat, SoundReadOptions,
    decode_lossless, decode_picture, decode_sound, png_chunks, read_picture_bytes, read_sound, sound_digest,
};
use crate::{Error, Input};

/// A sound and where it was found.
#[derive(Clone, Debug)]
pub(super) struct FoundSound {
    pub(super) sound: Sound,
    /// In words, for the report.
    pub(super) place: String,
}

/// What to do where there is no sound.
const GIVE_ORIGINAL: &str = "give the sound that was drawn, or the picture as it was drawn, with `original`";

/// The file of a picture's sound.
pub(super) fn sound_beside(picture: &Path, format: SoundFormat) -> PathBuf {
    picture.with_extension(format!("sound.{}", format.ending()))
}

/// The sound of a picture. It is the one that the recipe's digest is of, or there is none.
///
/// # Errors
/// An original that is another sound, and where there is none that is the right one: with what was found.
pub(super) fn found(
    input: &Input,
    chunks: Option<&PngChunks<'_>>,
    original: Option<&Input>,
    recipe: &OwnRecipe,
) -> Result<FoundSound, Error> {
    if let Some(original) = original {
        let sound = sound_of_original(original, recipe)?;
        check_original(original.name(), &sound, recipe)?;
        return Ok(FoundSound { sound, place: original.name().display().to_string() });
    }
    let mut problems = Vec::new();
    match chunks.map_or(Ok(None), |chunks| inside(input.name(), chunks, recipe)) {
        Ok(Some(sound)) => return Ok(FoundSound { sound, place: "the picture itself".to_owned() }),
        Ok(None) => problems.push("the picture has lost the sound that lay in it".to_owned()),
        Err(problem) => problems.push(problem),
    }
    for path in input.path().into_iter().flat_map(|picture| beside(picture, recipe)).filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match read_sound(&path, whole()) {
            Ok(sound) if is_drawn_one(&sound, recipe) => {
                return Ok(FoundSound { sound, place: path.display().to_string() });
            }
            Ok(sound) => problems.push(format!("{name} beside it is another sound ({})", difference(&sound, recipe))),
            Err(error) => problems.push(format!("{name} beside it cannot be read ({error})")),
        }
    }
    let expected = "all samples of the sound that was drawn";
    Err(Error::content(input.name(), problems.join("; "), expected, GIVE_ORIGINAL))
}

/// A sound of any length.
fn whole() -> SoundReadOptions {
    SoundReadOptions { max_secs: f64::INFINITY, ..SoundReadOptions::default() }
}

/// The sound in a picture's file; `None` where there is nothing of it.
fn inside(path: &Path, chunks: &PngChunks<'_>, recipe: &OwnRecipe) -> Result<Option<Sound>, String> {
    let (code, bytes) = match gathered(chunks, &recipe.sound.digest) {
        Kept::Nothing => return Ok(None),
        Kept::Damaged(why) => return Err(why),
        Kept::Whole(code, bytes) => (code, bytes),
    };
    let sound = decode_lossless(path, code, bytes, recipe.shape());
    let sound = sound.map_err(|error| format!("the sound inside cannot be read ({error})"))?;
    if is_drawn_one(&sound, recipe) {
        return Ok(Some(sound));
    }
    Err("the samples inside are not those of the sound that was drawn: their digest is another".to_owned())
}

/// Files beside a picture that may have its sound, the likeliest first.
fn beside(picture: &Path, recipe: &OwnRecipe) -> Vec<PathBuf> {
    // A name that is none, such as one with folders in it, is not followed.
    let told = recipe.sound.file.as_ref().filter(|name| Path::new(name).file_name() == Some(name.as_ref()));
    let mut paths: Vec<PathBuf> = told.map(|name| picture.with_file_name(name)).into_iter().collect();
    paths.extend([SoundFormat::Flac, SoundFormat::Wav].map(|format| sound_beside(picture, format)));
    paths.extend(["wav", "flac"].map(|ending| picture.with_extension(ending)));
    paths.dedup();
    paths
}

fn is_drawn_one(sound: &Sound, recipe: &OwnRecipe) -> bool {
    !recipe.sound.digest.is_empty() && sound_digest(sound).starts_with(&recipe.sound.digest)
}

/// The sound of a file that the caller says is the original: a sound, or an own picture that has it inside.
fn sound_of_original(original: &Input, recipe: &OwnRecipe) -> Result<Sound, Error> {
    if original.group()? == Some(FileGroup::Sound) {
        return Ok(match original {
            Input::Bytes { bytes, .. } => decode_sound(original.name(), bytes.clone(), whole())?,
            _ => read_sound(original.name(), whole())?,
        });
    }
    let bytes = match original {
        Input::File(file) => read_picture_bytes(&file.path, PictureReadOptions::default())?,
        Input::Bytes { bytes, .. } => bytes.clone(),
        Input::Pixels { .. } | Input::Array { .. } => Vec::new(),
    };
    let expected = "the sound that was drawn, or the picture as it was drawn, which has the sound inside";
    let advice = "give that sound, or that picture";
    let Some(chunks) = png_chunks(&bytes) else {
        return Err(Error::content(original.name(), "neither a sound nor a PNG picture", expected, advice));
    };
    let own = of_texts(original.name(), &chunks)?.unwrap_or_else(|| recipe.clone());
    match inside(original.name(), &chunks, &own) {
        Ok(Some(sound)) => Ok(sound),
        Ok(None) => Err(Error::content(original.name(), "a picture without a sound inside", expected, advice)),
        Err(problem) => Err(Error::content(original.name(), problem, expected, advice)),
    }
}

/// The recipe in a picture's texts.
fn of_texts(path: &Path, chunks: &PngChunks<'_>) -> Result<Option<OwnRecipe>, Error> {
    let decoded = decode_picture(path, &chunks.without(SOUND_CHUNK), PictureReadOptions::default())?;
    let mut recipes = decoded.text.iter().filter_map(|(key, text)| OwnRecipe::from_json(path, key, text).transpose());
    recipes.next().transpose()
}

/// Refuses an original that is not the sound that was drawn, and says how that was noticed.
fn check_original(path: &Path, sound: &Sound, recipe: &OwnRecipe) -> Result<(), Error> {
    if is_drawn_one(sound, recipe) {
        return Ok(());
    }
    let found = format!("another sound than the picture was drawn of: {}", difference(sound, recipe));
    let advice = "give the file that was drawn, not a copy at another rate, level or length";
    Err(FileError::content(path, found, told(recipe), advice).into())
}

/// How a sound is seen to be another.
fn difference(sound: &Sound, recipe: &OwnRecipe) -> String {
    let (found, drawn) = (LosslessShape::of(sound), recipe.shape());
    if found.sample_rate_hz != drawn.sample_rate_hz {
        format!("it has {} Hz, the one drawn {} Hz", found.sample_rate_hz, drawn.sample_rate_hz)
    } else if found.channels != drawn.channels {
        format!("it has {} channel(s), the one drawn {}", found.channels, drawn.channels)
    } else if drawn.frames > 0 && found.frames != drawn.frames {
        format!("it has {} samples, the one drawn {}", found.frames, drawn.frames)
    } else {
        "its samples have another digest".to_owned()
    }
}

fn told(recipe: &OwnRecipe) -> String {
    let LosslessShape { sample_rate_hz, channels, frames } = recipe.shape();
    let samples = if frames > 0 { format!("{frames} samples in ") } else { String::new() };
    let digest = recipe.sound.digest.get(..16).unwrap_or_default();
    format!("{samples}{channels} channel(s) at {sample_rate_hz} Hz whose digest begins with {digest}")
}
