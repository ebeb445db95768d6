//! Recipes that lie in a picture or beside it: the text that `draw` writes, and where it is found again.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{PictureRecipe, Recipe};
use crate::Error;
use crate::files::{names_in_folder, read_bytes};

/// Keyword of the PNG text chunk that holds a picture's recipe as JSON.
pub const RECIPE_KEY: &str = "photophone";

/// Keyword of the same text for programs that keep only a picture's comment: `ImageMagick` and GIMP carry it into other
/// formats, into a JPEG as its comment.
pub use crate::files::COMMENT_KEY;

/// Keywords of texts in which a recipe may have come through another program, in any case: PNG's own, and EXIF's.
const CARRIERS: [&str; 4] = [COMMENT_KEY, "Description", "ImageDescription", "UserComment"];

/// Where a recipe lay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the picture's own text, under this keyword.
    Inside(String),
    /// In a file beside the picture.
    Beside(PathBuf),
    /// In a file beside the phase, which it tells by its digest.
    BesidePhase(PathBuf),
}

impl Place {
    /// What it is called in reports and messages.
    pub(crate) fn described(&self) -> &'static str {
        match self {
            Self::Inside(_) => "the recipe in the picture",
            Self::Beside(_) => "the .recipe.toml beside the picture",
            Self::BesidePhase(_) => "the .recipe.toml beside the phase",
        }
    }
}

/// What a picture says of how it was made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    pub(crate) recipe: Recipe,
    pub(crate) place: Place,
}

impl Stored {
    /// The recipe in a picture's texts, else the one in the file beside it; `None` where neither is there.
    ///
    /// The picture's own text goes before the file, as files are left behind where pictures are copied. Of texts, the one
    /// under [`RECIPE_KEY`] goes first.
    ///
    /// # Errors
    /// A text under [`RECIPE_KEY`] or a file that is no recipe. Of `picture` only the name is used; `file` is where it
    /// lies.
    pub(crate) fn find(picture: &Path, texts: &[(String, String)], file: Option<&Path>) -> Result<Option<Self>, Error> {
        if let Some((key, text)) = texts.iter().find(|(key, _)| key == RECIPE_KEY) {
            let recipe = serde_json::from_str(text).map_err(|error| {
                let found = format!("the recipe inside cannot be read ({})", super::plain_problem(&error.to_string()));
                Error::damaged(picture, found, "the text that draw wrote")
            })?;
            return Ok(Some(Self { recipe, place: Place::Inside(key.clone()) }));
        }
        let carriers = texts.iter().filter(|(key, _)| CARRIERS.iter().any(|known| key.eq_ignore_ascii_case(known)));
        for (key, text) in carriers {
            // Anybody's comment may be here.
            if let Ok(recipe) = serde_json::from_str::<Recipe>(text.trim())
                && recipe != Recipe::default()
            {
                return Ok(Some(Self { recipe, place: Place::Inside(key.clone()) }));
            }
        }
        let Some(path) = file.map(beside).filter(|path| path.is_file() && !is_of_own_picture(path)) else {
            return Ok(None);
        };
        let recipe = Recipe::from_file(&path)?;
        Ok(Some(Self { recipe, place: Place::Beside(path) }))
    }

    /// The recipe in the file beside a phase, `song.recipe.toml` for `song.phase.npy`: a picture that has another name and no
    /// text any more is told by its phase. Only one that says the digest of this very phase counts; anything else that lies
    /// there is passed over. What it says of pixels is left out, as nothing binds them.
    pub(crate) fn beside_phase(phase: &Path, digest: impl FnOnce() -> String) -> Option<Self> {
        let name = phase.file_name()?.to_str()?;
        let stem = PHASE_ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
        let path = phase.with_file_name(format!("{stem}{RECIPE_ENDING}"));
        let recipe = path.is_file().then(|| Recipe::from_file(&path).ok()).flatten()?;
        let is_bound = recipe.picture.phase_digest.as_ref().is_some_and(|told| *told == digest());
        let picture = PictureRecipe { palette: None, cell_width: None, cell_height: None, ..recipe.picture };
        let recipe = Recipe { picture, ..recipe };
        is_bound.then_some(Self { recipe, place: Place::BesidePhase(path) })
    }
}

/// How the names of a work's other files end.
const RECIPE_ENDING: &str = ".recipe.toml";
const PHASE_ENDINGS: [&str; 2] = [".phase.npy", ".npy"];

/// Most recipe files that are named, and most names of a folder that are looked at for them.
const MOST_NAMED: usize = 3;
const MOST_LOOKED_AT: usize = 10_000;

/// The recipe files in a picture's folder by name, the first few.
pub(crate) fn recipe_files_near(picture: &Path) -> Vec<String> {
    let folder = picture.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = names_in_folder(folder, MOST_LOOKED_AT);
    let mut names: Vec<String> = names.filter(|name| name.ends_with(RECIPE_ENDING)).collect();
    names.sort();
    names.truncate(MOST_NAMED);
    names
}

/// How the recipe of one of the program's own pictures begins, which is another text ([`OwnRecipe`](crate::own::OwnRecipe)).
pub(crate) const OWN_KEY: &str = "photophone-own";

/// Whether a recipe file is that of one of the program's own pictures.
fn is_of_own_picture(path: &Path) -> bool {
    let bytes = read_bytes(path, "a recipe", super::MAX_RECIPE_BYTES, "give another").unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().any(|line| line.starts_with(OWN_KEY))
}

/// The recipe file beside a picture: `song.recipe.toml` for `song.png` and for `song.jpg`.
pub(crate) fn beside(picture: &Path) -> PathBuf {
    picture.with_extension("recipe.toml")
}

impl Recipe {
    /// The recipe as JSON of ASCII characters alone, which PNG's plain text chunks and a JPEG's comment hold.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub(crate) fn to_ascii_json(&self) -> Result<String, serde_json::Error> {
        ascii_json(self)
    }

    /// The recipe as the TOML of the file beside a picture.
    ///
    /// # Errors
    /// A value that TOML cannot hold.
    pub(crate) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        let text = toml::to_string(self)?;
        Ok(format!("# How the picture of this name was drawn, for where the picture itself has lost it.\n{text}"))
    }
}

/// JSON of ASCII characters alone.
///
/// # Errors
/// A value that JSON cannot hold.
pub(crate) fn ascii_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Ascii))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

/// JSON whose other characters are escaped as UTF-16 (RFC 8259, 7).
struct Ascii;

impl serde_json::ser::Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            if character.is_ascii() {
                write!(writer, "{character}")?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::TransformRecipe;
    use super::*;

    fn recipe() -> Recipe {
        Recipe {
            transform: TransformRecipe { hop: Some(256), ..TransformRecipe::default() },
            picture: PictureRecipe { phase: Some("Stück \u{1d11e}.phase.npy".to_owned()), ..PictureRecipe::default() },
            ..Recipe::default()
        }
    }

    #[test]
    fn texts_are_ascii_and_say_the_same() {
        let text = recipe().to_ascii_json().unwrap();
        assert!(text.is_ascii() && text.contains("\\ud834\\udd1e"), "{text}");
        assert_eq!(serde_json::from_str::<Recipe>(&text).unwrap(), recipe());
        assert_eq!(toml::from_str::<Recipe>(&recipe().to_toml().unwrap()).unwrap(), recipe());
    }

    #[test]
    fn the_pictures_own_text_goes_before_the_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("song.jpg");
        let find = |texts: &[(&str, &str)]| {
            let texts: Vec<_> = texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
            Stored::find(&path, &texts, Some(&path))
        };
        assert_eq!(find(&[("comment", "a holiday")]).unwrap(), None);
        std::fs::write(folder.path().join("song.recipe.toml"), "hop = 64\n").unwrap();
        let hop = |texts| find(texts).unwrap().unwrap().recipe.transform.hop;
        assert_eq!(hop(&[("comment", "{\"tool\": 3}")]), Some(64));
        assert_eq!(hop(&[("comment", "{\"hop\": 128}\n")]), Some(128));
        assert_eq!(hop(&[("Comment", "{\"hop\": 128}"), (RECIPE_KEY, "{\"hop\": 256}")]), Some(256));
        let error = find(&[(RECIPE_KEY, "{\"hop\": ")]).unwrap_err().to_string();
        assert!(error.contains("damaged") && error.contains("song.jpg"), "{error}");
    }
}
