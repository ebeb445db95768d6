//! A picture that is one of the program's own, before its sound is looked for.

use std::borrow::Cow;
use std::path::Path;

use super::kept::SOUND_CHUNK;
use super::layout::Layout;
use super::pixels::{GrayPixels, gray_of, gray_of_pixel};
use super::recipe::{OwnRecipe, check_version};
use super::strip::{FoundStrip, Gray, Search, StripSearch, find};
use crate::files::{
    DecodedPicture, PictureFormat, PictureReadOptions, PngChunks, bytes_digest, decode_picture, read_bytes,
};
use crate::recipe::{OWN_KEY, RECIPE_KEY, beside};
use crate::{Error, Input};

/// Most pixels of an own picture unless told otherwise: as many as are drawn.
const MOST_PIXELS: usize = 100_000_000;

/// Longest recipe beside a picture.
const MAX_RECIPE_BYTES: u64 = 1 << 20;

/// Rows above the bottom that the strip is looked for in: those of a strip that was made two and a half times as large.
const STRIP_ROWS: usize = 48;

/// By how much a measured scale may be off 1 and still be none: two pixels over a copy of the strip.
const SAME_SCALE: f64 = 0.002;

/// An own picture without its sound.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) recipe: OwnRecipe,
    /// Where the recipe lay, in words.
    pub(super) recipe_place: String,
    pub(super) pixels: GrayPixels,
    pub(super) is_jpeg: bool,
}

/// An input, whose bytes and chunks these are, as an own picture; `None` where it is none.
///
/// # Errors
/// A picture of a newer version, one that looks like an own one and cannot be decoded, a recipe that tells what cannot be.
pub(super) fn seen(
    input: &Input,
    (bytes, chunks): (Option<&[u8]>, Option<&PngChunks<'_>>),
    options: PictureReadOptions,
) -> Result<Option<Seen>, Error> {
    let decoded = match (input, bytes) {
        (Input::Pixels { picture, .. }, _) => Cow::Borrowed(picture),
        (_, Some(bytes)) => match decoded(input.name(), (bytes, chunks), options) {
            Ok(decoded) => Cow::Owned(decoded),
            // What cannot be decoded is told by who reads any picture, unless it is one of these.
            Err(error) if chunks.is_some_and(looks_own) => return Err(error),
            Err(_) => return Ok(None),
        },
        (_, None) => return Ok(None),
    };
    let Some((recipe, recipe_place)) = recipe_of(input, &decoded)? else { return Ok(None) };
    let (pixels, is_jpeg) = (gray_of(&decoded), decoded.format == PictureFormat::Jpeg);
    Ok(Some(Seen { recipe, recipe_place, pixels, is_jpeg }))
}

/// Whether a file has what other pictures have not.
fn looks_own(chunks: &PngChunks<'_>) -> bool {
    let is_recipe = |data: &[u8]| data.strip_prefix(OWN_KEY.as_bytes()).is_some_and(|rest| rest.first() == Some(&0));
    chunks.chunks.iter().any(|chunk| chunk.kind == SOUND_CHUNK || (&chunk.kind == b"tEXt" && is_recipe(chunk.data)))
}

/// The picture of a file, the sound in it passed over: where the file was cut within that, all pixels are there still.
fn decoded(
    path: &Path,
    (bytes, chunks): (&[u8], Option<&PngChunks<'_>>),
    options: PictureReadOptions,
) -> Result<DecodedPicture, Error> {
    let Some(chunks) = chunks.filter(|chunks| looks_own(chunks)) else {
        return Ok(decode_picture(path, bytes, options)?);
    };
    let max_pixels = if options.max_pixels == 0 { MOST_PIXELS } else { options.max_pixels };
    let is_cut_in_pixels = chunks.cut_in.is_some_and(|kind| kind != SOUND_CHUNK);
    let bytes = if is_cut_in_pixels { Cow::Borrowed(bytes) } else { Cow::Owned(chunks.without(SOUND_CHUNK)) };
    Ok(decode_picture(path, &bytes, PictureReadOptions { max_pixels })?)
}

/// The recipe of an own picture and where it lay: in its texts, beside it, or, as far as it goes, in the strip.
fn recipe_of(input: &Input, decoded: &DecodedPicture) -> Result<Option<(OwnRecipe, String)>, Error> {
    let name = input.name();
    for (key, text) in &decoded.text {
        if let Some(recipe) = OwnRecipe::from_json(name, "the recipe inside", text)? {
            return Ok(Some((recipe, format!("the picture's text {key}"))));
        }
    }
    // A picture that tells another recipe is another.
    if decoded.text.iter().any(|(key, _)| key == RECIPE_KEY) {
        return Ok(None);
    }
    if let Some(path) = input.path().map(beside).filter(|path| path.is_file()) {
        let bytes = read_bytes(&path, "a recipe", MAX_RECIPE_BYTES, "give another")?;
        let text = String::from_utf8_lossy(&bytes);
        return Ok(OwnRecipe::from_toml(name, "the recipe beside it", &text)?
            .map(|recipe| (recipe, path.display().to_string())));
    }
    match strip_of(&gray_rows(decoded), decoded.width, Search::First) {
        StripSearch::Found(strip) => {
            Ok(Some((OwnRecipe::from_strip(name, &strip.record)?, "the strip below the picture".to_owned())))
        }
        StripSearch::Newer(version) => check_version(name, u32::from(version)).map(|()| None),
        StripSearch::None => Ok(None),
    }
}

/// The lowest rows of a picture, gray, in 8 bits.
fn gray_rows(decoded: &DecodedPicture) -> Vec<u8> {
    let first = decoded.height.saturating_sub(STRIP_ROWS) * decoded.width;
    decoded.rgba.get(first..).unwrap_or_default().iter().map(|pixel| gray_of_pixel(*pixel)).collect()
}

fn strip_of(lowest: &[u8], width: usize, search: Search) -> StripSearch {
    find(Gray { width, samples: lowest }, search)
}

impl Seen {
    /// The picture's first column as it was drawn: 0 where it has the size that the recipe tells; of another size the strip tells it.
    ///
    /// # Errors
    /// A picture that was resized, cropped in frequency, turned, or cropped so that no strip is left.
    pub(super) fn first_column(&self, path: &Path) -> Result<usize, Error> {
        let Self { recipe, pixels, .. } = self;
        let layout = Layout::of(recipe);
        let (width, height) = (pixels.width, pixels.height);
        let drawn = format!("{} x {} pixels, as the picture was drawn", layout.width(), layout.height());
        let found = format!("a picture of {width} x {height} pixels");
        if width == layout.width() && height >= layout.panel_rows() {
            return Ok(0);
        }
        let advice = "give it in the size that it was drawn in, or cropped in time alone";
        let StripSearch::Found(FoundStrip { record, left_px, scale }) =
            strip_of(&pixels.lowest_rows(STRIP_ROWS), width, Search::Thorough)
        else {
            let found =
                format!("{found}, and no whole copy of the strip below it that would tell what part of it this is");
            return Err(Error::content(path, found, drawn, advice));
        };
        let is_resized = (scale.0 - 1.0).abs() > SAME_SCALE;
        if !is_resized && height != layout.height() && (scale.1 - 1.0).abs() < 0.1 {
            return Err(Error::content(path, format!("{found}, cropped in frequency"), drawn, advice));
        }
        if is_resized || height != layout.height() {
            let found = format!("{found}, resized to {:.1} % by {:.1} %", 100.0 * scale.0, 100.0 * scale.1);
            return Err(Error::content(path, found, drawn, "give it in the size that it was drawn in"));
        }
        let first = f64::from(record.own_column) - left_px.round();
        if first >= 0.0 && first as usize + width <= layout.width() {
            return Ok(first as usize);
        }
        Err(Error::content(path, format!("{found} that begins at column {first}"), drawn, advice))
    }

    /// Whether the pixels are those that were drawn, to the last bit.
    pub(super) fn has_drawn_digest(&self) -> bool {
        let (picture, pixels) = (&self.recipe.picture, &self.pixels);
        if picture.digest.is_empty() || pixels.coloured > 0 || pixels.width != Layout::of(&self.recipe).width() {
            return false;
        }
        let values = pixels.part(Layout::of(&self.recipe).panel_rows(), (0, pixels.width));
        let bytes: Vec<u8> = match (picture.bits, pixels.is_deep) {
            (16, true) => values.iter().flat_map(|value| value.to_be_bytes()).collect(),
            (16, false) => return false,
            (_, true) => values.iter().map(|value| (value >> 8) as u8).collect(),
            (_, false) => values.iter().map(|&value| value as u8).collect(),
        };
        bytes_digest(&bytes) == picture.digest
    }
}
