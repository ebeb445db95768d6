//! How the samples of a sound lie in its file.

use std::path::Path;

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known as id;

use super::read::Opened;
use super::source::{A_SOUND, check_kind, open_sound};
use super::{SampleFormat, Sound};
use crate::{FileError, guarded};

/// How samples are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredSamples {
    /// Integers of so many bits.
    Integers(u32),
    /// Floats of so many bits.
    Floats(u32),
    /// A code that gives floats when it is decoded, such as MP3's.
    Lossy,
}

impl StoredSamples {
    /// The format to write such samples in; single precision holds whatever was read.
    pub fn format(self) -> SampleFormat {
        match self {
            Self::Integers(..=16) => SampleFormat::Int16,
            Self::Integers(17..=24) => SampleFormat::Int24,
            Self::Integers(_) | Self::Floats(_) | Self::Lossy => SampleFormat::Float32,
        }
    }

    /// Whether samples are read to the last bit: they are in single precision then, which has 24 bits.
    pub fn is_read_exactly(self) -> bool {
        matches!(self, Self::Integers(..=24) | Self::Floats(..=32) | Self::Lossy)
    }
}

/// How the samples of a sound's file are stored. Cost: its header is read.
///
/// # Errors
/// As [`read_sound`](crate::read_sound), of the header.
pub fn stored_samples(path: &Path) -> Result<StoredSamples, FileError> {
    guarded(path, A_SOUND, || Ok(of_opened(&Opened::new(path, open_sound(path)?)?)))
}

/// The same of the bytes of a file.
///
/// # Errors
/// As [`stored_samples`].
pub fn stored_samples_of(path: &Path, bytes: Vec<u8>) -> Result<StoredSamples, FileError> {
    check_kind(path, &bytes)?;
    guarded(path, A_SOUND, || Ok(of_opened(&Opened::new(path, Box::new(std::io::Cursor::new(bytes)))?)))
}

fn of_opened(opened: &Opened) -> StoredSamples {
    let Some(audio) = opened.audio() else { return StoredSamples::Lossy };
    let bits = audio.bits_per_sample.or(audio.bits_per_coded_sample);
    of_codec(audio.codec, bits)
}

fn of_codec(codec: AudioCodecId, bits: Option<u32>) -> StoredSamples {
    match codec {
        id::CODEC_ID_PCM_S8 | id::CODEC_ID_PCM_U8 => StoredSamples::Integers(8),
        id::CODEC_ID_PCM_S16LE | id::CODEC_ID_PCM_S16BE | id::CODEC_ID_PCM_U16LE | id::CODEC_ID_PCM_U16BE => {
            StoredSamples::Integers(16)
        }
        id::CODEC_ID_PCM_S24LE | id::CODEC_ID_PCM_S24BE | id::CODEC_ID_PCM_U24LE | id::CODEC_ID_PCM_U24BE => {
            StoredSamples::Integers(24)
        }
        id::CODEC_ID_PCM_S32LE | id::CODEC_ID_PCM_S32BE | id::CODEC_ID_PCM_U32LE | id::CODEC_ID_PCM_U32BE => {
            StoredSamples::Integers(32)
        }
        id::CODEC_ID_PCM_ALAW | id::CODEC_ID_PCM_MULAW => StoredSamples::Integers(16),
        id::CODEC_ID_PCM_F32LE | id::CODEC_ID_PCM_F32BE => StoredSamples::Floats(32),
        id::CODEC_ID_PCM_F64LE | id::CODEC_ID_PCM_F64BE => StoredSamples::Floats(64),
        id::CODEC_ID_FLAC | id::CODEC_ID_ALAC => StoredSamples::Integers(bits.unwrap_or(32)),
        _ => StoredSamples::Lossy,
    }
}

/// The format of the fewest bits that holds every sample exactly: integers of 16 or 24 bits, else floats.
///
/// Cost: one pass over the samples.
pub fn narrowest_format(sound: &Sound) -> SampleFormat {
    let fits = |bits: u32| {
        let full_scale = f64::from(1u32 << (bits - 1));
        sound.channels.iter().flatten().all(|&sample| {
            let integer = f64::from(sample) * full_scale;
            // A zero of negative sign is not the integer's.
            integer.fract() == 0.0 && integer >= -full_scale && integer < full_scale && !is_negative_zero(sample)
        })
    };
    match [(16, SampleFormat::Int16), (24, SampleFormat::Int24)].into_iter().find(|&(bits, _)| fits(bits)) {
        Some((_, format)) => format,
        None => SampleFormat::Float32,
    }
}

fn is_negative_zero(sample: f32) -> bool {
    sample == 0.0 && sample.is_sign_negative()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SoundFormat, encode_sound};

    #[test]
    fn what_was_written_is_told_and_the_narrowest_format_holds_it() {
        let path = Path::new("a");
        let steps = |bits: u32| -> Vec<f32> {
            let full_scale = f64::from(1u32 << (bits - 1));
            [-full_scale, -1.0, 0.0, 1.0, full_scale - 1.0].map(|step| (step / full_scale) as f32).to_vec()
        };
        for (format, sample_format, stored) in [
            (SoundFormat::Wav, SampleFormat::Int16, StoredSamples::Integers(16)),
            (SoundFormat::Wav, SampleFormat::Int24, StoredSamples::Integers(24)),
            (SoundFormat::Wav, SampleFormat::Float32, StoredSamples::Floats(32)),
            (SoundFormat::Flac, SampleFormat::Int16, StoredSamples::Integers(16)),
            (SoundFormat::Flac, SampleFormat::Int24, StoredSamples::Integers(24)),
        ] {
            let samples = match sample_format {
                SampleFormat::Int16 => steps(16),
                SampleFormat::Int24 => steps(24),
                SampleFormat::Float32 => vec![0.1, -0.7, 1.0],
            };
            let sound = Sound { sample_rate_hz: 48_000, channels: vec![samples.clone(), samples] };
            assert_eq!(narrowest_format(&sound), sample_format);
            let mut file = std::io::Cursor::new(Vec::new());
            encode_sound(path, &sound, format, Some(sample_format), &mut file).unwrap();
            assert_eq!(stored_samples_of(path, file.into_inner()).unwrap(), stored);
            assert_eq!(stored.format(), sample_format);
        }
        assert!(!StoredSamples::Integers(32).is_read_exactly() && StoredSamples::Integers(24).is_read_exactly());
        let negative_zero = Sound { sample_rate_hz: 8000, channels: vec![vec![-0.0]] };
        assert_eq!(narrowest_format(&negative_zero), SampleFormat::Float32);
    }
}
