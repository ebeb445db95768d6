//! A picture that is one of the program's own, with the sound that it was drawn of.

use std::borrow::Cow;
use std::path::Path;

use photophone_spectrum::{Finding, Plane};
use photophone_transform::StopFlag;

use super::changes::{Edited, compressed_only, levels_now, moved_by_jpeg, region_of, undo_jpeg};
use super::kept::SOUND_CHUNK;
use super::layout::Layout;
use super::levels::{Levels, columns_of, levels_of};
use super::pixels::{GrayPixels, gray_of, gray_of_pixel};
use super::recipe::{OwnRecipe, check_version};
use super::sounds::{FoundSound, found};
use super::strip::{FoundStrip, Gray, Search, StripSearch, find};
use crate::files::{
    DecodedPicture, FileGroup, PictureFormat, PictureReadOptions, PngChunks, SampleFormat, Sound, bytes_digest,
    decode_picture, narrowest_format, png_chunks, read_bytes, read_picture_bytes,
};
use crate::recipe::{Entry, OWN_KEY, RECIPE_KEY, beside};
use crate::report::Report;
use crate::{Error, Input};

/// Most pixels of an own picture unless told otherwise: as many as are drawn.
const MOST_PIXELS: usize = 100_000_000;

/// Longest recipe beside a picture.
const MAX_RECIPE_BYTES: u64 = 1 << 20;

/// Rows above the bottom that the strip is looked for in: those of a strip that was made two and a half times as large.
const STRIP_ROWS: usize = 48;

/// By how much a measured scale may be off 1 and still be none: two pixels over a copy of the strip.
const SAME_SCALE: f64 = 0.002;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub struct OwnInput<'a> {
    /// A picture.
    pub input: &'a Input,
    /// The sound that was drawn, or the picture as it was drawn, where the picture may have lost its sound.
    pub original: Option<&'a Input>,
    /// Most pixels. 0 is a hundred million.
    pub max_pixels: usize,
    /// Ends it early.
    pub stop: &'a StopFlag,
}

/// An own picture and its sound.
#[derive(Clone, Debug)]
pub struct OpenedOwn {
    name: String,
    /// How it was drawn.
    pub recipe: OwnRecipe,
    recipe_place: String,
    sound: FoundSound,
    pixels: GrayPixels,
    is_jpeg: bool,
    /// The picture's first column, as it was drawn.
    first_column: usize,
    stop: StopFlag,
}

/// The sound of an own picture.
#[derive(Clone, Debug)]
pub struct OwnRecovered {
    /// The samples.
    pub sound: Sound,
    /// How the sound that was drawn had stored them.
    pub format: SampleFormat,
    /// The account.
    pub report: Report,
}

/// An input as one of the program's own pictures, its sound found and its digest checked; `None` where it is none.
///
/// It is known by its texts, by the recipe beside it, or by the strip below it. Cost: the file is read, the picture decoded and
/// the sound unpacked.
///
/// # Errors
/// A picture of a newer version, a recipe that contradicts the pixels, a sound that is gone, damaged or another one.
pub fn opened(asked: &OwnInput<'_>) -> Result<Option<OpenedOwn>, Error> {
    let input = asked.input;
    if input.group()? != Some(FileGroup::Picture) {
        return Ok(None);
    }
    let options = PictureReadOptions { max_pixels: asked.max_pixels };
    let bytes = match input {
        Input::File(file) => Some(Cow::Owned(read_picture_bytes(&file.path, options)?)),
        Input::Bytes { bytes, .. } => Some(Cow::Borrowed(bytes.as_slice())),
        Input::Pixels { .. } | Input::Array { .. } => None,
    };
    let chunks = bytes.as_deref().and_then(png_chunks);
    let decoded = match (input, bytes.as_deref()) {
        (Input::Pixels { picture, .. }, _) => Cow::Borrowed(picture),
        (_, Some(bytes)) => match decoded(input.name(), (bytes, chunks.as_ref()), options) {
            Ok(decoded) => Cow::Owned(decoded),
            // What cannot be decoded is told by who reads any picture, unless it is one of these.
            Err(error) if chunks.as_ref().is_some_and(looks_own) => return Err(error),
            Err(_) => return Ok(None),
        },
        (_, None) => return Ok(None),
    };
    let Some((recipe, recipe_place)) = recipe_of(input, &decoded)? else { return Ok(None) };
    let (pixels, is_jpeg) = (gray_of(&decoded), decoded.format == PictureFormat::Jpeg);
    let first_column = first_column(input.name(), &pixels, &recipe)?;
    let sound = found(input, chunks.as_ref(), asked.original, &recipe)?;
    check_columns(input.name(), &sound.sound, &recipe)?;
    let (name, stop) = (input.name().display().to_string(), asked.stop.clone());
    Ok(Some(OpenedOwn { name, recipe, recipe_place, sound, pixels, is_jpeg, first_column, stop }))
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

/// The picture's first column as it was drawn: 0 where it has the size that the recipe tells; of another size the strip tells it.
///
/// # Errors
/// A picture that was resized, cropped in frequency, turned, or cropped so that no strip is left.
fn first_column(path: &Path, pixels: &GrayPixels, recipe: &OwnRecipe) -> Result<usize, Error> {
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
        let found = format!("{found}, and no whole copy of the strip below it that would tell what part of it this is");
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

/// Refuses a sound that has not as many columns as the recipe tells.
fn check_columns(path: &Path, sound: &Sound, recipe: &OwnRecipe) -> Result<(), Error> {
    let columns = columns_of(sound.frames(), recipe.picture.hop);
    if columns == recipe.picture.columns && recipe.picture.first_column == 0 {
        return Ok(());
    }
    let found = format!("a recipe of {} columns, and a sound of {columns}", recipe.picture.columns);
    Err(Error::content(path, found, "the recipe of this sound", "give the picture as it was drawn"))
}

impl OpenedOwn {
    /// The sound of a picture that was not edited: [`kept`](Self::kept).
    ///
    /// # Errors
    /// A picture that was edited, with what was changed.
    pub fn recovered(&self) -> Result<OwnRecovered, Error> {
        match self.edited()? {
            Some(edited) => Err(self.refusal(&edited, "a picture that was edited")),
            None => Ok(self.kept()),
        }
    }

    /// The sound that was drawn, every sample of it; of a picture that was cropped in time, those of its columns. What was
    /// [`edited`](Self::edited) is not in it.
    pub fn kept(&self) -> OwnRecovered {
        let whole = &self.sound.sound;
        let (sound, cropped) = match self.samples_shown() {
            None => (whole.clone(), None),
            Some((first, end)) => {
                let channels = whole.channels.iter().map(|channel| channel[first..end].to_vec()).collect();
                let rate_hz = f64::from(whole.sample_rate_hz);
                let note = format!(
                    "the picture was cropped: the sound is that from {:.3} s to {:.3} s",
                    first as f64 / rate_hz,
                    end as f64 / rate_hz
                );
                (Sound { channels, ..*whole }, Some(note))
            }
        };
        let format =
            if self.recipe.sound.samples == 0 { narrowest_format(whole) } else { self.recipe.sound.format.into() };
        OwnRecovered { sound, format, report: self.report(cropped) }
    }

    /// What was changed since the picture was drawn; `None` where nothing was. Cost: where the pixels' digest is another, the
    /// sound is transformed.
    ///
    /// # Errors
    /// An interruption.
    pub fn edited(&self) -> Result<Option<Edited>, Error> {
        if self.has_drawn_digest() {
            return Ok(None);
        }
        let Self { recipe, first_column, pixels, .. } = self;
        let layout = Layout::of(recipe);
        let drawn = levels_of(&self.sound.sound, recipe, &self.stop)?;
        let columns = layout.columns.saturating_sub(*first_column).min(pixels.width);
        let cut = |plane: &Plane<u16>| plane.columns_between(*first_column, first_column + columns);
        let before = Levels { channels: drawn.channels.iter().map(cut).collect(), most: drawn.most };
        let mut after = levels_now(pixels, &before, layout, (recipe.picture.bits, columns));
        let kept = if *first_column == 0 { compressed_only(pixels, &drawn, recipe) } else { None };
        let with_jpeg = kept.as_deref().map(|kept| (kept, pixels.width));
        let moved = with_jpeg.and_then(|kept| moved_by_jpeg(&before, &after, kept, layout));
        if let (Some((kept, width)), Some(moved)) = (with_jpeg, moved) {
            undo_jpeg(&before, &mut after, (kept, width, moved), layout);
        }
        let bands = recipe.params().bands()?;
        let region = region_of((&before, &after), &bands, (recipe, *first_column));
        Ok(region.map(|region| Edited {
            recipe: recipe.clone(),
            sound: self.sound.sound.clone(),
            before,
            after,
            first_column: *first_column,
            region,
            coloured: pixels.coloured,
            moved_by_jpeg: moved.unwrap_or(0),
            is_blurred_by_jpeg: self.is_jpeg && moved.is_none(),
        }))
    }

    /// The sound that was drawn, whole.
    pub fn sound(&self) -> &Sound {
        &self.sound.sound
    }

    /// Whether the pixels are those that were drawn, to the last bit.
    fn has_drawn_digest(&self) -> bool {
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

    /// The samples that the picture's columns are of, where those are not all.
    fn samples_shown(&self) -> Option<(usize, usize)> {
        let layout = Layout::of(&self.recipe);
        let (hop, frames) = (self.recipe.picture.hop, self.sound.sound.frames());
        let end = self.first_column + self.pixels.width;
        let shown = (self.first_column * hop, end.saturating_mul(hop).min(frames));
        (self.pixels.width != layout.width() && shown != (0, frames)).then_some(shown)
    }

    /// The error for an edit that is not turned into sound, `what` says why.
    pub(crate) fn refusal(&self, edited: &Edited, what: &str) -> Error {
        let Edited { region, coloured, .. } = edited;
        let share = 100.0 * region.changed as f64 / region.of as f64;
        let colours =
            if *coloured > 0 { format!(", {coloured} pixels have a colour or are transparent") } else { String::new() };
        let found = format!(
            "{what}: {} levels ({share:.2} %) were changed since it was drawn, from {:.3} s to {:.3} s and {:.0} Hz to {:.0} Hz{colours}",
            region.changed, region.secs.0, region.secs.1, region.hz.0, region.hz.1
        );
        let expected = "a picture of the whole sound, edited as PNG";
        Error::content(Path::new(&self.name), found, expected, "edit the picture as it was drawn and save it as PNG")
    }

    fn report(&self, cropped: Option<String>) -> Report {
        let picture = &self.recipe.picture;
        let cells =
            format!("{} x {}", self.recipe.sound.channels * picture.rows, picture.columns.min(self.pixels.width));
        let unchanged = "a level each of the sound that is kept";
        let digest = self.recipe.sound.digest.get(..16).unwrap_or_default();
        let findings = vec![
            Entry::new("picture", "cells", &Finding::read(cells, 1.0, unchanged)),
            Entry::new("picture", "format", &Finding::read("Photophone's own", 1.0, self.recipe_place.clone())),
            Entry::new(
                "sound",
                "kept",
                &Finding::read(self.sound.place.clone(), 1.0, format!("its digest begins with {digest}")),
            ),
        ];
        Report { input: self.name.clone(), findings, notes: cropped.into_iter().collect(), ..Report::default() }
    }
}
