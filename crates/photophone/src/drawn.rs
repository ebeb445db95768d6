//! A picture that was drawn, and how it is written: the recipe inside, the phase and the recipe beside it.

use std::io::Write;
use std::path::{Path, PathBuf};

use num_complex::Complex;
use photophone_picture::Raster;
use photophone_spectrum::{Plane, Stack};

use crate::files::{ArrayToWrite, DecodedPicture, Existing, FileError, Outputs, Stage, encode_raster, phase_digest};
use crate::recipe::{COMMENT_KEY, PictureRecipe, RECIPE_KEY, Recipe, beside};
use crate::report::Report;
use crate::{Error, Input};

/// What a picture and its phase in memory are called in messages.
const PICTURE: &str = "the picture";
const PHASE: &str = "the phase";

/// A drawn picture and what it leaves out.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The picture.
    pub raster: Raster,
    /// Unit phasors, bins by frames, in single precision as the phase file has them; `None` where only magnitudes were
    /// drawn. Those of several channels lie one above the other, as in the picture but with no rows between them.
    pub phase: Option<Plane<Complex<f64>>>,
    /// How the channels lie in the picture's rows.
    pub stack: Stack,
    /// Everything that is known to read the picture back, but for the phase file's name and digest.
    pub recipe: Recipe,
    /// The account.
    pub report: Report,
}

/// Checks, before anything is drawn, that a picture, its phase and its recipe can be written.
///
/// # Errors
/// [`FileError::Ending`] for a name that is not a PNG's, and as [`Outputs::plan`].
pub fn plan_drawing(outputs: &mut Outputs, picture: &Path) -> Result<(), Error> {
    check_ending(picture)?;
    outputs.plan(picture)?;
    outputs.plan(&phase_path(picture))?;
    Ok(outputs.plan(&beside(picture))?)
}

/// The name of a picture's phase.
pub(crate) fn phase_path(picture: &Path) -> PathBuf {
    picture.with_extension("phase.npy")
}

pub(crate) fn check_ending(picture: &Path) -> Result<(), Error> {
    let ending = picture.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.as_deref() == Some("png") {
        return Ok(());
    }
    let found = format!("the ending '{}'", ending.unwrap_or_default());
    Err(FileError::Ending { path: picture.to_owned(), found, known: ".png" }.into())
}

impl Drawn {
    /// Writes the picture and, beside it, its phase (if there is one) as `NAME.phase.npy`, whose name it gives back, and its
    /// recipe as `NAME.recipe.toml`.
    ///
    /// Files that have these names are replaced, all or none; [`write_to`](Self::write_to) leaves that to the caller.
    ///
    /// # Errors
    /// A file that cannot be written, or that is one of `inputs`.
    pub fn write(&self, picture: &Path, inputs: &[&Path]) -> Result<Option<PathBuf>, Error> {
        let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
        outputs.protect(inputs.iter().map(PathBuf::from))?;
        let phase = self.write_to(&mut outputs, picture)?;
        outputs.commit()?;
        Ok(phase)
    }

    /// The same as part of the outputs of a work: the files are on disk, and get their names with all others. The
    /// picture is the last of them, so that none is there whose phase is still to come.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_to(&self, outputs: &mut Outputs, picture: &Path) -> Result<Option<PathBuf>, Error> {
        let phase = self.write_phase(outputs, picture)?;
        self.write_recipe(outputs, picture, name_of(phase.as_deref()))?;
        self.write_picture(outputs, picture, name_of(phase.as_deref()))?;
        Ok(phase)
    }

    /// Writes a tile and its phase; the set has one recipe, which lies beside all of them.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(crate) fn write_tile(&self, outputs: &mut Outputs, picture: &Path) -> Result<(), Error> {
        let phase = self.write_phase(outputs, picture)?;
        self.write_picture(outputs, picture, name_of(phase.as_deref()))
    }

    fn write_phase(&self, outputs: &mut Outputs, picture: &Path) -> Result<Option<PathBuf>, Error> {
        check_ending(picture)?;
        let phase = self.phase.as_ref().map(|_| phase_path(picture));
        if let (Some(path), Some(phasors)) = (&phase, &self.phase) {
            let array = match self.phase_stack() {
                Stack { channels: 1, .. } => ArrayToWrite::Complex(phasors),
                stack => ArrayToWrite::Channels(phasors, stack),
            };
            outputs.write(path, |writer| array.write_to(writer).map_err(FileError::writing(path)))?;
        }
        Ok(phase)
    }

    fn write_picture(&self, outputs: &mut Outputs, picture: &Path, phase: Option<String>) -> Result<(), Error> {
        let bytes = encode_raster(picture, &self.raster, &self.texts(picture, phase)?)?;
        Ok(outputs.write(picture, |writer| writer.write_all(&bytes).map_err(FileError::writing(picture)))?)
    }

    /// The bytes of the picture as a PNG, the recipe inside.
    ///
    /// # Errors
    /// A picture that PNG cannot hold.
    pub fn to_png(&self) -> Result<Vec<u8>, Error> {
        Ok(encode_raster(Path::new(PICTURE), &self.raster, &self.texts(Path::new(PICTURE), None)?)?)
    }

    /// The picture as an input, without a file between.
    ///
    /// # Errors
    /// A recipe that cannot be written.
    pub fn to_input(&self) -> Result<Input, Error> {
        let text = self.texts(Path::new(PICTURE), None)?;
        let picture = DecodedPicture { text, ..DecodedPicture::from_raster(&self.raster) };
        Ok(Input::Pixels { name: PICTURE.to_owned(), picture })
    }

    /// The phase as an input, if there is one.
    pub fn phase_input(&self) -> Option<Input> {
        self.phase.clone().map(|phase| Input::complex_channels(PHASE, phase, self.phase_stack()))
    }

    /// How the channels lie in the phase.
    fn phase_stack(&self) -> Stack {
        Stack { gap: 0, ..self.stack }
    }

    /// The texts that go into the picture: the recipe, and once more as the comment that other programs keep.
    fn texts(&self, picture: &Path, phase: Option<String>) -> Result<Vec<(String, String)>, Error> {
        let text = self.recipe_with(phase).to_ascii_json().map_err(|error| unwritable(picture, &error))?;
        Ok(vec![(RECIPE_KEY.to_owned(), text.clone()), (COMMENT_KEY.to_owned(), text)])
    }

    /// Writes the recipe beside the picture, for programs that keep no text at all.
    fn write_recipe(&self, outputs: &mut Outputs, picture: &Path, phase: Option<String>) -> Result<(), Error> {
        write_recipe_beside(&self.recipe_with(phase), outputs, picture)
    }

    /// The recipe bound to the phase, which has this name.
    fn recipe_with(&self, phase: Option<String>) -> Recipe {
        Recipe {
            picture: PictureRecipe {
                phase,
                phase_digest: self.phase.as_ref().map(|phase| phase_digest(phase, self.phase_stack())),
                ..self.recipe.clone().picture
            },
            ..self.recipe.clone()
        }
    }
}

/// The name of a file in its folder.
fn name_of(path: Option<&Path>) -> Option<String> {
    path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned())
}

/// Writes a recipe beside a picture.
///
/// # Errors
/// As [`Drawn::write`].
pub(crate) fn write_recipe_beside(recipe: &Recipe, outputs: &mut Outputs, picture: &Path) -> Result<(), Error> {
    let text = recipe.to_toml().map_err(|error| unwritable(picture, &error))?;
    let path = beside(picture);
    Ok(outputs.write(&path, |writer| writer.write_all(text.as_bytes()).map_err(FileError::writing(&path)))?)
}

fn unwritable(picture: &Path, error: &dyn std::error::Error) -> Error {
    Error::content(picture, error.to_string(), "a recipe that can be written", "report this as a fault")
}
