//! Sounds kept to the last bit: FLAC where the samples are integers, else their floats, packed.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use super::stored::narrowest_format;
use super::{SampleFormat, Sound, SoundFormat, SoundReadOptions, decode_sound, encode_sound};
use crate::FileError;
use crate::digest::hexadecimal;

/// Bytes of a sample in single precision.
const BYTES: usize = 4;

/// Bytes that FLAC may add to a sound that it cannot shorten: its header and those of some frames.
const HEADER_BYTES: usize = 1 << 14;

/// How a sound is kept to the last bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LosslessCode {
    /// FLAC of 16 or 24 bits.
    Flac,
    /// Floats of 32 bits, little-endian, frame by frame: first the lowest byte of every sample, then the next one of every
    /// sample, and so on, as one zlib stream (RFC 1950). Bytes that are alike lie together so.
    Floats,
}

/// What a sound is, besides its samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LosslessShape {
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// Channels.
    pub channels: usize,
    /// Samples of each.
    pub frames: usize,
}

impl LosslessShape {
    /// That of a sound.
    pub fn of(sound: &Sound) -> Self {
        Self { sample_rate_hz: sound.sample_rate_hz, channels: sound.channels.len(), frames: sound.frames() }
    }
}

/// The digest of a sound's samples, whatever file they come from: SHA-256, in hexadecimal, of the sample rate and the number of
/// channels (32 bits each), the number of samples a channel (64 bits), then every sample as a 32-bit float, frame by frame,
/// all little-endian. A zero of negative sign counts as zero. Cost: one pass.
pub fn sound_digest(sound: &Sound) -> String {
    let mut digest = Sha256::new();
    digest.update(sound.sample_rate_hz.to_le_bytes());
    digest.update((sound.channels.len() as u32).to_le_bytes());
    digest.update((sound.frames() as u64).to_le_bytes());
    for frame in 0..sound.frames() {
        for channel in &sound.channels {
            digest.update((channel[frame] + 0.0).to_le_bytes());
        }
    }
    hexadecimal(digest)
}

/// A sound's samples as bytes that [`decode_lossless`] makes the same sound of: FLAC where that decodes to equal samples, and
/// is not longer than they are.
///
/// # Errors
/// As [`encode_sound`]. `path` is for messages.
pub fn encode_lossless(path: &Path, sound: &Sound) -> Result<(LosslessCode, Vec<u8>), FileError> {
    let format = narrowest_format(sound);
    let bytes_a_sample = match format {
        SampleFormat::Int16 => 2,
        SampleFormat::Int24 => 3,
        SampleFormat::Float32 => 0,
    };
    // Loud noise of 24 bits takes flacenc 0.5 several times as many: it codes remainders of 14 bits at most.
    let most = bytes_a_sample * sound.frames() * sound.channels.len() + HEADER_BYTES;
    if bytes_a_sample > 0
        && let Ok(bytes) = flac(path, sound, format)
        && bytes.len() <= most
        && decode_lossless(path, LosslessCode::Flac, bytes.clone(), LosslessShape::of(sound))
            .is_ok_and(|back| back == *sound)
    {
        return Ok((LosslessCode::Flac, bytes));
    }
    Ok((LosslessCode::Floats, packed(sound).map_err(FileError::writing(path))?))
}

/// The sound that [`encode_lossless`] made bytes of.
///
/// # Errors
/// [`FileError::Damaged`] for bytes that are not of such a sound, and as [`decode_sound`].
pub fn decode_lossless(
    path: &Path,
    code: LosslessCode,
    bytes: Vec<u8>,
    shape: LosslessShape,
) -> Result<Sound, FileError> {
    let sound = match code {
        LosslessCode::Flac => {
            // What the recipe tells is believed as far as the bytes can hold it: silence has 700 samples a byte.
            let held = bytes.len().saturating_mul(1024).saturating_add(1 << 24);
            let max_samples = shape.frames.saturating_mul(shape.channels).min(held);
            decode_sound(path, bytes, SoundReadOptions { max_secs: f64::INFINITY, max_samples })?
        }
        LosslessCode::Floats => unpacked(path, &bytes, shape)?,
    };
    let found = LosslessShape::of(&sound);
    if found == shape {
        return Ok(sound);
    }
    let told = |shape: LosslessShape| {
        format!("{} samples in {} channel(s) at {} Hz", shape.frames, shape.channels, shape.sample_rate_hz)
    };
    Err(FileError::damaged(path, format!("the sound kept is one of {}", told(found)), told(shape)))
}

fn flac(path: &Path, sound: &Sound, format: SampleFormat) -> Result<Vec<u8>, FileError> {
    let mut file = Cursor::new(Vec::new());
    encode_sound(path, sound, SoundFormat::Flac, Some(format), &mut file)?;
    Ok(file.into_inner())
}

fn packed(sound: &Sound) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let mut plane = Vec::with_capacity(sound.frames() * sound.channels.len());
    for byte in 0..BYTES {
        plane.clear();
        for frame in 0..sound.frames() {
            plane.extend(sound.channels.iter().map(|channel| channel[frame].to_le_bytes()[byte]));
        }
        encoder.write_all(&plane)?;
    }
    encoder.finish()
}

fn unpacked(path: &Path, bytes: &[u8], shape: LosslessShape) -> Result<Sound, FileError> {
    let LosslessShape { sample_rate_hz, channels, frames } = shape;
    let wrong = |found: String| FileError::damaged(path, found, format!("{frames} samples in {channels} channel(s)"));
    let count = frames.checked_mul(channels).filter(|&count| count > 0 && count <= super::source::MAX_SAMPLES);
    let count = count.ok_or_else(|| wrong("the sound kept is said to have none or too many samples".to_owned()))?;
    let mut planes = Vec::new();
    let mut decoder = ZlibDecoder::new(bytes).take((count * BYTES) as u64 + 1);
    decoder.read_to_end(&mut planes).map_err(|error| wrong(format!("the sound kept cannot be unpacked ({error})")))?;
    if planes.len() != count * BYTES {
        return Err(wrong(format!("the sound kept unpacks to {} bytes", planes.len())));
    }
    let sample = |at: usize| f32::from_le_bytes(std::array::from_fn(|byte| planes[byte * count + at]));
    let of_channel = |channel: usize| (0..frames).map(|frame| sample(frame * channels + channel)).collect();
    let channels: Vec<Vec<f32>> = (0..channels).map(of_channel).collect();
    if channels.iter().flatten().any(|sample| !sample.is_finite()) {
        return Err(wrong("the sound kept has samples that are NaN or infinite".to_owned()));
    }
    Ok(Sound { sample_rate_hz, channels })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of a linear congruential generator (Knuth's MMIX), as integers of 32 bits.
    fn noise(count: usize, seed: u64) -> Vec<i32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 32) as i32
        };
        (0..count).map(|_| next()).collect()
    }

    fn sound(sample_rate_hz: u32, channels: usize, sample: impl Fn(i32) -> f32) -> Sound {
        let channel = |seed| noise(5003, seed).into_iter().map(&sample).collect();
        Sound { sample_rate_hz, channels: (1..=channels as u64).map(channel).collect() }
    }

    #[test]
    fn every_sample_comes_back_in_any_format_rate_and_number_of_channels() {
        let path = Path::new("a");
        let int16 = |value: i32| (value >> 16) as f32 / 32_768.0;
        let int24 = |value: i32| (value >> 14) as f32 / 8_388_608.0;
        let float = |value: i32| value as f32 * 1e-9;
        let kinds: [(&dyn Fn(i32) -> f32, LosslessCode); 3] =
            [(&int16, LosslessCode::Flac), (&int24, LosslessCode::Flac), (&float, LosslessCode::Floats)];
        for rate in [8000, 11_025, 22_050, 44_100, 48_000, 96_000, 176_400, 192_000] {
            for channels in [1, 2, 3, 8] {
                for (sample, wanted) in kinds {
                    let sound = sound(rate, channels, sample);
                    let (code, bytes) = encode_lossless(path, &sound).unwrap();
                    assert_eq!(code, wanted, "{rate} Hz, {channels} channels");
                    let back = decode_lossless(path, code, bytes, LosslessShape::of(&sound)).unwrap();
                    assert!(back == sound, "{rate} Hz, {channels} channels, {code:?}");
                    assert_eq!(sound_digest(&back), sound_digest(&sound));
                }
            }
        }
    }

    #[test]
    fn sounds_that_flac_cannot_hold_are_kept_as_floats() {
        let path = Path::new("a");
        let over = Sound { sample_rate_hz: 44_100, channels: vec![vec![1.5, -0.0, 1.0, f32::MIN_POSITIVE / 8.0]] };
        let many = sound(44_100, 11, |value| (value >> 16) as f32 / 32_768.0);
        let short = Sound { sample_rate_hz: 700_000, channels: vec![vec![0.5]] };
        let loud = sound(48_000, 2, |value| (value >> 10) as f32 / 8_388_608.0);
        for sound in [over, many, short, loud] {
            let (code, bytes) = encode_lossless(path, &sound).unwrap();
            assert_eq!(code, LosslessCode::Floats);
            let back = decode_lossless(path, code, bytes, LosslessShape::of(&sound)).unwrap();
            let bits = |sound: &Sound| sound.channels.iter().flatten().map(|v| v.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&back), bits(&sound));
        }
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let path = Path::new("a");
        let sound = sound(44_100, 2, |value| value as f32 * 1e-9);
        let shape = LosslessShape::of(&sound);
        let (code, bytes) = encode_lossless(path, &sound).unwrap();
        let refused = |bytes: Vec<u8>, shape| decode_lossless(path, code, bytes, shape).unwrap_err();
        let cut = bytes[..bytes.len() / 2].to_vec();
        for error in [
            refused(cut, shape),
            refused(bytes.clone(), LosslessShape { frames: 5002, ..shape }),
            refused(bytes.clone(), LosslessShape { frames: 5004, ..shape }),
            refused(bytes, LosslessShape { frames: usize::MAX, ..shape }),
        ] {
            assert!(error.to_string().contains("is damaged"), "{error}");
        }
    }

    #[test]
    fn the_digest_is_of_rate_channels_and_samples() {
        let sound = Sound { sample_rate_hz: 8000, channels: vec![vec![0.0, 0.5], vec![1.0, 0.25]] };
        let digest = sound_digest(&sound);
        let mono = Sound { channels: vec![vec![0.0, 1.0, 0.5, 0.25]], ..sound.clone() };
        let other = Sound { sample_rate_hz: 8001, ..sound.clone() };
        assert!(sound_digest(&mono) != digest && sound_digest(&other) != digest);
        let signed = Sound { channels: vec![vec![-0.0, 0.5], vec![1.0, 0.25]], ..sound };
        assert_eq!(sound_digest(&signed), digest);
    }
}
