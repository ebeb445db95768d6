//! Sound to an own picture.

use std::io::Write;
use std::path::{Path, PathBuf};

use photophone_picture::BitDepth;
use photophone_spectrum::Plane;
use photophone_transform::StopFlag;
use photophone_transform::gabor::{GaborParams, Taper};

use super::kept::{MOST_BYTES_INSIDE, chunks_of};
use super::layout::{GAP_ROWS, Layout};
use super::levels::{Levels, columns_of, powers, quantised, samples_of};
use super::recipe::{MOST_CHANNELS, MOST_HOP, OwnPicture, OwnRecipe, OwnSound, OwnTransform, VERSION};
use super::sounds::sound_beside;
use super::strip;
use crate::Error;
use crate::drawn::check_ending;
use crate::files::{
    Existing, FileError, GrayPng, GraySamples, LosslessCode, LosslessShape, Outputs, SampleFormat, Sound, SoundFormat,
    Stage, bytes_digest, encode_gray, encode_lossless, encode_sound, narrowest_format, sound_digest,
};
use crate::recipe::{COMMENT_KEY, OWN_KEY, beside};

/// What the picture and the sound in memory are called in messages.
pub(super) const PICTURE: &str = "the picture";
const SOUND: &str = "the sound";

/// Most pixels: as many as the reader of pictures takes.
const MOST_PIXELS: usize = 100_000_000;

/// How an own picture is drawn.
#[derive(Clone, Debug)]
pub struct OwnOptions {
    /// Bits of a level. Default: 8.
    pub bits: BitDepth,
    /// Rows an octave far above 60 Hz, 6 to 96. Default: 48.
    pub bins_per_octave: usize,
    /// Samples from one column to the next, a power of two up to 32 768. Default: 256.
    pub hop: usize,
    /// What lies between black and white, in dB, 20 to 600. Default: 100.
    pub range_db: f64,
    /// How far white lies above the loudest level, in dB, 0 or more: so much louder it can be painted. Default: 12.
    pub head_room_db: f64,
    /// How the sound's own file stored its samples, for whoever recovers it. Default: the narrowest that holds them.
    pub format: Option<SampleFormat>,
    /// Whether the sound goes into a file beside the picture, however short it is. Default: no, above 256 MB only.
    pub sound_beside: bool,
    /// Ends it early. Default: nothing does.
    pub stop: StopFlag,
}

impl Default for OwnOptions {
    fn default() -> Self {
        Self {
            bits: BitDepth::Eight,
            bins_per_octave: 48,
            hop: 256,
            range_db: 100.0,
            head_room_db: 12.0,
            format: None,
            sound_beside: false,
            stop: StopFlag::default(),
        }
    }
}

/// An own picture that was drawn.
#[derive(Clone, Debug)]
pub struct OwnDrawn {
    /// How it was drawn.
    pub recipe: OwnRecipe,
    /// The levels, as they were painted.
    pub levels: Levels,
    /// Sentences for people.
    pub notes: Vec<String>,
    pub(super) samples: GraySamples,
    pub(super) sound: Sound,
    /// The packed sound.
    kept: (LosslessCode, Vec<u8>),
    is_beside: bool,
}

/// Draws a sound. All of its samples are kept.
///
/// # Errors
/// Options out of their range, a sound that has no samples or too many for one picture, and an interruption.
pub fn draw(sound: &Sound, options: &OwnOptions) -> Result<OwnDrawn, Error> {
    let mut recipe = recipe_of(sound, options)?;
    let params = recipe.params();
    let powers = sound.channels.iter().map(|samples| powers(samples, (&params, options.hop), &options.stop));
    let powers: Vec<Plane<f32>> = powers.collect::<Result<_, _>>()?;
    recipe.picture.reference = reference(&powers, options.head_room_db);
    let most = if options.bits == BitDepth::Sixteen { u16::MAX } else { u16::from(u8::MAX) };
    let levels = Levels { channels: powers.iter().map(|plane| quantised(plane, &recipe, most)).collect(), most };
    drop(powers);
    let layout = Layout::of(&recipe);
    let panels = samples_of(levels.painted(layout), recipe.picture.bits);
    recipe.picture.digest = bytes_digest(&panels.to_bytes());
    let samples = with_strip(panels, &recipe, layout);
    options.stop.check()?;
    let kept = encode_lossless(Path::new(SOUND), sound)?;
    let is_beside = options.sound_beside || kept.1.len() > MOST_BYTES_INSIDE;
    let notes = notes_of(&recipe, layout, (&kept, is_beside), options);
    Ok(OwnDrawn { recipe, levels, notes, samples, sound: sound.clone(), kept, is_beside })
}

/// The recipe of a picture of a sound, but for its reference and its pixels' digest.
fn recipe_of(sound: &Sound, options: &OwnOptions) -> Result<OwnRecipe, Error> {
    check(sound, options)?;
    let GaborParams { knee_hz, tuning_hz, .. } = GaborParams::default();
    let narrowest = narrowest_format(sound);
    let transform =
        OwnTransform { bins_per_octave: options.bins_per_octave, knee_hz, tuning_hz, window: Taper::Nuttall };
    let shape = LosslessShape::of(sound);
    let mut recipe = OwnRecipe {
        version: VERSION,
        sound: OwnSound {
            sample_rate: shape.sample_rate_hz,
            channels: shape.channels,
            samples: shape.frames,
            format: options.format.filter(|format| holds(*format, narrowest)).unwrap_or(narrowest).into(),
            digest: sound_digest(sound),
            file: None,
        },
        transform,
        picture: OwnPicture {
            hop: options.hop,
            rows: 0,
            columns: columns_of(shape.frames, options.hop),
            first_column: 0,
            gap: GAP_ROWS,
            bits: if options.bits == BitDepth::Sixteen { 16 } else { 8 },
            reference: 1.0,
            range_db: (options.range_db * 100.0).round() / 100.0,
            digest: String::new(),
        },
    };
    recipe.picture.rows = recipe.params().bands()?.len();
    let layout = Layout::of(&recipe);
    if layout.width().saturating_mul(layout.height()) > MOST_PIXELS {
        let found = format!("a picture of {} x {} pixels", layout.width(), layout.height());
        let longest = MOST_PIXELS / layout.height() * options.hop / shape.sample_rate_hz as usize;
        let advice = format!("cut the sound into pieces of {longest} s, or take a longer hop");
        return Err(Error::content(Path::new(SOUND), found, format!("at most {MOST_PIXELS} pixels"), advice));
    }
    Ok(recipe)
}

/// Whether samples of the narrower format can be written in the other.
fn holds(format: SampleFormat, narrower: SampleFormat) -> bool {
    let width = |format| match format {
        SampleFormat::Int16 => 0,
        SampleFormat::Int24 => 1,
        SampleFormat::Float32 => 2,
    };
    width(format) >= width(narrower)
}

fn check(sound: &Sound, options: &OwnOptions) -> Result<(), Error> {
    let wrong = |name, found: String, expected| Err(Error::Value { name, found, expected });
    let channels = sound.channels.len();
    if sound.frames() == 0 || sound.channels.iter().any(|channel| channel.len() != sound.frames()) {
        return Err(Error::content(
            Path::new(SOUND),
            "no samples, or channels of unlike length",
            "a sound",
            "give another",
        ));
    }
    if channels > MOST_CHANNELS {
        return Err(Error::content(Path::new(SOUND), format!("{channels} channels"), "at most 255", "leave some out"));
    }
    if !options.hop.is_power_of_two() || options.hop > MOST_HOP {
        return wrong("hop", options.hop.to_string(), "a power of two up to 32768");
    }
    if !(20.0..=600.0).contains(&options.range_db) {
        return wrong("range", options.range_db.to_string(), "20 to 600 dB");
    }
    if !(0.0..options.range_db).contains(&options.head_room_db) {
        return wrong("head-room", options.head_room_db.to_string(), "0 dB to less than the range");
    }
    Ok(())
}

/// The magnitude of white: so far above the loudest; 1 for silence. In single precision, as the strip has it.
fn reference(powers: &[Plane<f32>], head_room_db: f64) -> f64 {
    let loudest = powers.iter().flat_map(Plane::as_slice).copied().fold(0.0, f32::max);
    let reference = (f64::from(loudest).sqrt() * 10f64.powf(head_room_db / 20.0)) as f32;
    if reference.is_normal() { f64::from(reference) } else { 1.0 }
}

/// The panels with a gap and the strip below them.
pub(super) fn with_strip(panels: GraySamples, recipe: &OwnRecipe, layout: Layout) -> GraySamples {
    let gap = layout.gap * layout.width();
    let strip = strip::painted(&recipe.to_strip(), layout.width());
    match panels {
        GraySamples::Eight(mut samples) => {
            samples.extend(std::iter::repeat_n(0, gap).chain(strip));
            GraySamples::Eight(samples)
        }
        GraySamples::Sixteen(mut samples) => {
            samples.extend(std::iter::repeat_n(0, gap).chain(strip.into_iter().map(|sample| u16::from(sample) * 257)));
            GraySamples::Sixteen(samples)
        }
    }
}

/// What to say of what was drawn.
fn notes_of(
    recipe: &OwnRecipe,
    layout: Layout,
    ((code, bytes), is_beside): (&(LosslessCode, Vec<u8>), bool),
    options: &OwnOptions,
) -> Vec<String> {
    let panels = if layout.channels > 1 { format!("{} panels of ", layout.channels) } else { String::new() };
    let size = format!(
        "{panels}{} x {} levels, {} x {} px, {} rows an octave, {} dB from black to white, which lies {} dB above the loudest",
        layout.rows,
        layout.columns,
        layout.width(),
        layout.height(),
        recipe.transform.bins_per_octave,
        recipe.picture.range_db,
        options.head_room_db
    );
    let code = match code {
        LosslessCode::Flac => "as FLAC",
        LosslessCode::Floats => "as packed floats",
    };
    let place = if is_beside { "beside the picture" } else { "in the picture" };
    let kept = format!("all samples are kept {place} {code}: {:.1} MB", bytes.len() as f64 / 1e6);
    vec![size, kept]
}

/// Checks, before anything is drawn, that an own picture, its sound and its recipe can be written.
///
/// # Errors
/// As [`plan_drawing`](crate::plan_drawing).
pub fn plan_own(outputs: &mut Outputs, picture: &Path) -> Result<(), Error> {
    check_ending(picture)?;
    outputs.plan(picture)?;
    Ok(outputs.plan(&beside(picture))?)
}

impl OwnDrawn {
    /// Writes the picture, its recipe as `NAME.recipe.toml` and, where the sound is not inside, that as `NAME.sound.flac` or `.wav`,
    /// whose name it gives back. The files are on disk then, and get their names with all others of a work; the picture is the
    /// last of them.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_to(&self, outputs: &mut Outputs, picture: &Path) -> Result<Option<PathBuf>, Error> {
        check_ending(picture)?;
        let sound = self.is_beside.then(|| sound_beside(picture, self.sound_format()));
        let mut recipe = self.recipe.clone();
        if let Some(path) = &sound {
            recipe.sound.file = path.file_name().map(|name| name.to_string_lossy().into_owned());
            let format = self.sound_format();
            let samples = narrowest_format(&self.sound);
            outputs.write(path, |writer| encode_sound(path, &self.sound, format, Some(samples), writer))?;
        }
        let text = recipe.to_toml().map_err(|error| unwritable(picture, &error))?;
        let path = beside(picture);
        outputs.write(&path, |writer| writer.write_all(text.as_bytes()).map_err(FileError::writing(&path)))?;
        outputs.write(picture, |writer| self.encode(picture, &recipe, !self.is_beside, writer))?;
        Ok(sound)
    }

    /// Writes the picture and what lies beside it, all files or none; see [`write_to`](Self::write_to).
    ///
    /// # Errors
    /// A name of another ending, and a file that cannot be written.
    pub fn write(&self, picture: &Path) -> Result<Option<PathBuf>, Error> {
        let mut outputs = Outputs::new(Existing::Replace, &Stage::default());
        let sound = self.write_to(&mut outputs, picture)?;
        outputs.commit()?;
        Ok(sound)
    }

    /// The bytes of the picture as a PNG, the sound inside however long it is.
    ///
    /// # Errors
    /// A picture that PNG cannot hold.
    pub fn to_png(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        self.encode(Path::new(PICTURE), &self.recipe, true, &mut bytes)?;
        Ok(bytes)
    }

    /// The sound that was drawn.
    pub fn sound(&self) -> &Sound {
        &self.sound
    }

    /// The format of a file beside the picture.
    fn sound_format(&self) -> SoundFormat {
        match self.kept.0 {
            LosslessCode::Flac => SoundFormat::Flac,
            LosslessCode::Floats => SoundFormat::Wav,
        }
    }

    fn encode(
        &self,
        path: &Path,
        recipe: &OwnRecipe,
        is_inside: bool,
        writer: &mut impl Write,
    ) -> Result<(), FileError> {
        let json = recipe.to_json().map_err(|error| unwritable_file(path, &error))?;
        let text = [OWN_KEY, COMMENT_KEY].map(|key| (key.to_owned(), json.clone()));
        let layout = Layout::of(recipe);
        let (code, bytes) = &self.kept;
        let digest = recipe.to_strip().sound_digest;
        let behind = if is_inside { chunks_of((*code, bytes), &digest) } else { Vec::new() };
        let png = GrayPng {
            width: layout.width(),
            height: layout.height(),
            samples: &self.samples,
            text: &text,
            exif_comment: Some(&json),
            behind: &behind,
        };
        encode_gray(path, &png, writer)
    }
}

fn unwritable(picture: &Path, error: &dyn std::error::Error) -> Error {
    unwritable_file(picture, error).into()
}

fn unwritable_file(picture: &Path, error: &dyn std::error::Error) -> FileError {
    FileError::content(picture, error.to_string(), "a recipe that can be written", "report this as a fault")
}
