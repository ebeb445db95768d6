//! What is written of how an own picture was made: in the picture, and in the file beside it.

use std::path::Path;

use photophone_transform::gabor::{GaborParams, Taper};
use serde::{Deserialize, Serialize};

use super::strip::{DIGEST_BYTES, StripRecord};
use crate::Error;
use crate::files::{LosslessShape, SampleFormat};
use crate::recipe::ascii_json;

/// The version that this program writes and reads.
pub(super) const VERSION: u32 = 1;

/// Most channels of a picture, and most bands an octave and samples a second that the strip can tell.
pub(super) const MOST_CHANNELS: usize = 255;

/// How an own picture was made. `docs/format.md` tells what each value means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnRecipe {
    /// The format's version.
    #[serde(rename = "photophone-own")]
    pub version: u32,
    /// The sound.
    pub sound: OwnSound,
    /// The transform.
    pub transform: OwnTransform,
    /// The pixels.
    pub picture: OwnPicture,
}

/// What is written of the sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnSound {
    /// Samples a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: usize,
    /// Samples of each; 0 where only the strip is left, which does not tell it.
    pub samples: usize,
    /// How its file stored the samples: `int16`, `int24` or `float32`.
    pub format: OwnFormat,
    /// The samples' digest ([`sound_digest`](crate::files::sound_digest)); where only the strip is left, the first half of it.
    pub digest: String,
    /// The name of the file beside the picture that has the sound, where it is not inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// How samples are stored, as the recipe spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnFormat {
    /// 16-bit integers, or fewer bits.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit floats.
    Float32,
}

impl From<SampleFormat> for OwnFormat {
    fn from(format: SampleFormat) -> Self {
        match format {
            SampleFormat::Int16 => Self::Int16,
            SampleFormat::Int24 => Self::Int24,
            SampleFormat::Float32 => Self::Float32,
        }
    }
}

impl From<OwnFormat> for SampleFormat {
    fn from(format: OwnFormat) -> Self {
        match format {
            OwnFormat::Int16 => Self::Int16,
            OwnFormat::Int24 => Self::Int24,
            OwnFormat::Float32 => Self::Float32,
        }
    }
}

/// What is written of the transform: the exact constant-Q one of [`GaborParams`], whose sample rate is the sound's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnTransform {
    /// Bands, and rows, an octave far above the knee.
    pub bins_per_octave: usize,
    /// About where the axis turns from constant Q to constant width, in Hz.
    pub knee_hz: f64,
    /// A band's centre, in Hz.
    pub tuning_hz: f64,
    /// The windows' shape.
    pub window: Taper,
}

/// What is written of the pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OwnPicture {
    /// Samples from one column to the next: a power of two.
    pub hop: usize,
    /// Rows of a panel: the transform's bands.
    pub rows: usize,
    /// Columns of the sound; the picture may be wider.
    pub columns: usize,
    /// Number of the first of them in the whole sound.
    pub first_column: usize,
    /// Rows between two panels, and between the last and the strip.
    pub gap: usize,
    /// Bits of a sample: 8 or 16.
    pub bits: u8,
    /// Magnitude of the highest level.
    pub reference: f64,
    /// What lies between the lowest and the highest level, in dB.
    pub range_db: f64,
    /// SHA-256 of the panels' pixels; empty where only the strip is left.
    pub digest: String,
}

/// The part of a recipe that tells its version, whatever else a newer one has.
#[derive(Deserialize)]
struct Version {
    #[serde(rename = "photophone-own")]
    version: u32,
}

impl OwnRecipe {
    /// The recipe in a JSON text; `None` where it is none of an own picture. `picture` and `place` are for messages.
    ///
    /// # Errors
    /// One of a newer version, or one that says what cannot be.
    pub(super) fn from_json(picture: &Path, place: &str, text: &str) -> Result<Option<Self>, Error> {
        let Ok(Version { version }) = serde_json::from_str(text) else { return Ok(None) };
        check_version(picture, version)?;
        let recipe = serde_json::from_str(text);
        recipe
            .map_err(|error| unreadable(picture, place, &error.to_string()))
            .and_then(|recipe: Self| recipe.checked(picture, place))
            .map(Some)
    }

    /// The same of a TOML file's text.
    ///
    /// # Errors
    /// As [`OwnRecipe::from_json`].
    pub(super) fn from_toml(picture: &Path, place: &str, text: &str) -> Result<Option<Self>, Error> {
        let Ok(Version { version }) = toml::from_str(text) else { return Ok(None) };
        check_version(picture, version)?;
        let recipe = toml::from_str(text);
        recipe
            .map_err(|error| unreadable(picture, place, &error.to_string()))
            .and_then(|recipe: Self| recipe.checked(picture, place))
            .map(Some)
    }

    /// The recipe as JSON of ASCII characters alone.
    ///
    /// # Errors
    /// A value that JSON cannot hold.
    pub(super) fn to_json(&self) -> Result<String, serde_json::Error> {
        ascii_json(self)
    }

    /// The recipe as the TOML of the file beside a picture.
    ///
    /// # Errors
    /// A value that TOML cannot hold.
    pub(super) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        let text = toml::to_string(self)?;
        Ok(format!("# How the picture of this name was drawn, for where the picture itself has lost it.\n{text}"))
    }

    /// What is left of the recipe where only the strip is.
    pub(super) fn from_strip(picture: &Path, strip: &StripRecord) -> Result<Self, Error> {
        let digest = strip.sound_digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let recipe = Self {
            version: VERSION,
            sound: OwnSound {
                sample_rate: strip.sample_rate_hz,
                channels: usize::from(strip.channels),
                samples: 0,
                format: OwnFormat::Float32,
                digest,
                file: None,
            },
            transform: OwnTransform {
                bins_per_octave: usize::from(strip.bins_per_octave),
                knee_hz: f64::from(strip.knee_hz),
                tuning_hz: f64::from(strip.tuning_hz),
                window: strip.taper,
            },
            picture: OwnPicture {
                hop: usize::from(strip.hop),
                rows: usize::from(strip.rows),
                columns: strip.columns as usize,
                first_column: strip.first_column as usize,
                gap: usize::from(strip.gap),
                bits: strip.bits,
                reference: f64::from(strip.reference),
                range_db: f64::from(strip.range_centibels) / 100.0,
                digest: String::new(),
            },
        };
        recipe.checked(picture, "the strip below the picture")
    }

    /// What the strip says of it, the copy at column 0.
    pub(super) fn to_strip(&self) -> StripRecord {
        let Self { sound, transform, picture, .. } = self;
        let mut sound_digest = [0; DIGEST_BYTES];
        for (byte, digits) in sound_digest.iter_mut().zip(sound.digest.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16).unwrap_or(0);
        }
        StripRecord {
            bits: picture.bits,
            taper: transform.window,
            channels: sound.channels as u8,
            bins_per_octave: transform.bins_per_octave as u8,
            sample_rate_hz: sound.sample_rate,
            knee_hz: transform.knee_hz as f32,
            tuning_hz: transform.tuning_hz as f32,
            hop: picture.hop as u16,
            rows: picture.rows as u16,
            reference: picture.reference as f32,
            range_centibels: (picture.range_db * 100.0).round() as u16,
            gap: picture.gap as u8,
            first_column: picture.first_column as u32,
            columns: picture.columns as u32,
            own_column: 0,
            sound_digest,
        }
    }

    /// The transform's parameters.
    pub fn params(&self) -> GaborParams {
        let OwnTransform { bins_per_octave, knee_hz, tuning_hz, window } = self.transform;
        let (sr, max_hop) = (f64::from(self.sound.sample_rate), Some(self.picture.hop));
        GaborParams { sr, bins_per_octave, knee_hz, tuning_hz, taper: window, max_hop }
    }

    /// What the sound is.
    pub(super) fn shape(&self) -> LosslessShape {
        let OwnSound { sample_rate, channels, samples, .. } = self.sound;
        LosslessShape { sample_rate_hz: sample_rate, channels, frames: samples }
    }

    /// Refuses values that no own picture has: they come from a file.
    fn checked(self, path: &Path, place: &str) -> Result<Self, Error> {
        let Self { sound, picture, .. } = &self;
        let bands = self.params().bands().map_err(|error| unreadable(path, place, &error.to_string()))?.len();
        let wrong = if !(1..=MOST_CHANNELS).contains(&sound.channels) {
            Some(format!("{} channels", sound.channels))
        } else if bands != picture.rows {
            Some(format!("{} rows, where its transform has {bands} bands", picture.rows))
        } else if !picture.hop.is_power_of_two() || picture.hop > MOST_HOP {
            Some(format!("a hop of {}", picture.hop))
        } else if !matches!(picture.bits, 8 | 16) {
            Some(format!("{} bits", picture.bits))
        } else if !(picture.reference > 0.0 && picture.reference.is_finite() && picture.range_db > 0.0) {
            Some("levels without a range".to_owned())
        } else if picture.columns == 0 || picture.columns > MOST_COLUMNS || picture.gap > MOST_GAP {
            Some(format!("{} columns, {} rows between panels", picture.columns, picture.gap))
        } else {
            None
        };
        wrong.map_or(Ok(()), |wrong| Err(unreadable(path, place, &format!("it tells {wrong}"))))?;
        Ok(self)
    }
}

/// The longest hop, most columns and most rows of a gap that the strip can tell.
pub(super) const MOST_HOP: usize = 1 << 15;
const MOST_COLUMNS: usize = u32::MAX as usize;
const MOST_GAP: usize = u8::MAX as usize;

/// The error for a version that this program does not know.
pub(super) fn check_version(picture: &Path, version: u32) -> Result<(), Error> {
    if version <= VERSION {
        return Ok(());
    }
    let found = format!("a picture of version {version} of Photophone's own format");
    let expected = format!("version {VERSION}, or older");
    Err(Error::content(picture, found, expected, "take the newer Photophone that drew it"))
}

fn unreadable(picture: &Path, place: &str, problem: &str) -> Error {
    let found = format!("{place} cannot be read ({})", problem.lines().next().unwrap_or_default());
    Error::damaged(picture, found, "the text that draw wrote")
}
