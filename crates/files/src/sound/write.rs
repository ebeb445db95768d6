//! Writes WAV with hound and FLAC with flacenc.

use std::io::{Seek, Write};
use std::path::Path;

use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::error::Verify;

use super::Sound;
use super::rf64::Spec;
use crate::FileError;
use crate::write_beside_then_rename;

/// How a sample is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleFormat {
    /// 16-bit integers.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit floats: nothing is rounded. WAV only.
    Float32,
}

/// A container that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundFormat {
    /// RIFF WAVE, `.wav`; RF64 where it is longer than 4 GiB.
    Wav,
    /// FLAC, `.flac`.
    Flac,
}

impl SoundFormat {
    /// The format an output's name asks for, upper or lower case.
    ///
    /// # Errors
    /// [`FileError::Ending`], which lists the known endings.
    pub fn from_path(path: &Path) -> Result<Self, FileError> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("wav" | "wave") => Ok(Self::Wav),
            Some("flac") => Ok(Self::Flac),
            other => Err(FileError::Ending {
                path: path.to_owned(),
                found: other.map_or("no ending".to_owned(), |ending| format!("the ending .{ending}")),
                known: ".wav or .flac",
            }),
        }
    }

    /// The ending of its files' names.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Flac => "flac",
        }
    }

    /// What is written when nothing else is asked for: 32-bit floats in WAV, 24 bits in FLAC.
    pub fn default_sample_format(self) -> SampleFormat {
        match self {
            Self::Wav => SampleFormat::Float32,
            Self::Flac => SampleFormat::Int24,
        }
    }
}

/// Writes a sound in the format its name asks for, all or nothing; see [`encode_sound`].
///
/// # Errors
/// [`FileError::Ending`] for an unknown ending, and as [`encode_sound`] and [`write_beside_then_rename`].
pub fn write_sound(
    path: &Path,
    sound: &Sound,
    sample_format: Option<SampleFormat>,
    inputs: &[&Path],
) -> Result<(), FileError> {
    let format = SoundFormat::from_path(path)?;
    write_beside_then_rename(path, inputs, |writer| encode_sound(path, sound, format, sample_format, writer))
}

/// Writes the bytes of a sound file, in the format's own sample format if none is given.
///
/// Integers are rounded to nearest without dither; +1 becomes the largest integer, 1 step below.
///
/// # Errors
/// [`FileError::Content`] when there are no samples, when one is not finite or lies outside -1..=1 in an integer format
/// (`photophone::fit_peak` scales it), or when the format cannot hold the sound; [`FileError::Write`]. `path` is for
/// messages.
pub fn encode_sound(
    path: &Path,
    sound: &Sound,
    format: SoundFormat,
    sample_format: Option<SampleFormat>,
    writer: &mut (impl Write + Seek),
) -> Result<(), FileError> {
    let sample_format = sample_format.unwrap_or_else(|| format.default_sample_format());
    check(path, sound, sample_format)?;
    match (format, sample_format) {
        (SoundFormat::Wav, _) => write_wav(path, sound, sample_format, writer),
        (SoundFormat::Flac, SampleFormat::Int16) => write_flac(path, sound, 16, writer),
        (SoundFormat::Flac, SampleFormat::Int24) => write_flac(path, sound, 24, writer),
        (SoundFormat::Flac, SampleFormat::Float32) => {
            Err(cannot_hold(path, "32-bit floats in FLAC", "16 or 24 bits", "choose 24 bits or write .wav"))
        }
    }
}

fn cannot_hold(path: &Path, found: &str, expected: &str, advice: &str) -> FileError {
    FileError::content(path, found, expected, advice)
}

fn check(path: &Path, sound: &Sound, sample_format: SampleFormat) -> Result<(), FileError> {
    if sound.frames() == 0 || sound.channels.iter().any(|channel| channel.len() != sound.frames()) {
        return Err(cannot_hold(path, "no samples, or channels of unlike length", "a sound", "recover it again"));
    }
    let samples = || sound.channels.iter().flatten();
    if let Some(position) = samples().position(|sample| !sample.is_finite()) {
        let found = format!("a sample that is NaN or infinite at {}", position % sound.frames());
        return Err(cannot_hold(path, &found, "finite samples", "report this: a recovered sound is always finite"));
    }
    let peak = samples().fold(0f32, |peak, sample| sample.abs().max(peak));
    if peak > 1.0 && sample_format != SampleFormat::Float32 {
        let found = format!("a peak of {peak:.4}, which integers would clip");
        return Err(cannot_hold(path, &found, "at most 1", "scale it down first, or write 32-bit floats"));
    }
    Ok(())
}

/// Samples frame by frame, channel by channel.
fn interleaved(sound: &Sound) -> impl Iterator<Item = f32> + '_ {
    (0..sound.frames()).flat_map(|frame| sound.channels.iter().map(move |channel| channel[frame]))
}

/// The nearest integer of a number of bits; only +1 itself has no integer and takes the one below.
fn integer_from_sample(sample: f32, bits: u16) -> i32 {
    let full_scale = f64::from(1u32 << (bits - 1));
    (f64::from(sample) * full_scale).round().min(full_scale - 1.0) as i32
}

fn write_wav(
    path: &Path,
    sound: &Sound,
    sample_format: SampleFormat,
    writer: &mut (impl Write + Seek),
) -> Result<(), FileError> {
    let shape = (sound.channels.len(), sound.frames() as u64);
    write_wav_of(path, (sound.sample_rate_hz, shape), sample_format, interleaved(sound).map(Ok), writer)
}

/// Writes samples that come one by one, of so many channels and frames.
pub(super) fn write_wav_of(
    path: &Path,
    (sample_rate, (channels, frames)): (u32, (usize, u64)),
    sample_format: SampleFormat,
    samples: impl Iterator<Item = Result<f32, FileError>>,
    writer: &mut (impl Write + Seek),
) -> Result<(), FileError> {
    let (bits, kind) = match sample_format {
        SampleFormat::Int16 => (16, hound::SampleFormat::Int),
        SampleFormat::Int24 => (24, hound::SampleFormat::Int),
        SampleFormat::Float32 => (32, hound::SampleFormat::Float),
    };
    let Ok(channels) = u16::try_from(channels) else {
        return Err(cannot_hold(path, &format!("{channels} channels"), "at most 65535 in WAV", "leave some out"));
    };
    let is_float = sample_format == SampleFormat::Float32;
    let spec = Spec { channels, sample_rate_hz: sample_rate, bits, is_float };
    if !spec.fits_riff(frames) {
        return write_rf64(path, (spec, frames), samples, writer);
    }
    let spec = hound::WavSpec { channels, sample_rate, bits_per_sample: bits, sample_format: kind };
    let failed = |error: hound::Error| match error {
        hound::Error::IoError(error) => FileError::writing(path)(error),
        other => cannot_hold(path, &other.to_string(), "a sound that WAV can hold", "write .flac"),
    };
    let mut wav = hound::WavWriter::new(writer, spec).map_err(failed)?;
    for sample in samples {
        match sample_format {
            SampleFormat::Float32 => wav.write_sample(sample?),
            _ => wav.write_sample(integer_from_sample(sample?, bits)),
        }
        .map_err(failed)?;
    }
    wav.finalize().map_err(failed)
}

/// The same with lengths of 64 bits.
fn write_rf64(
    path: &Path,
    (spec, frames): (Spec, u64),
    samples: impl Iterator<Item = Result<f32, FileError>>,
    writer: &mut impl Write,
) -> Result<(), FileError> {
    let mut write = |bytes: &[u8]| writer.write_all(bytes).map_err(FileError::writing(path));
    write(&spec.rf64_header(frames))?;
    let bytes = usize::from(spec.bits / 8);
    for sample in samples {
        let sample = sample?;
        let stored =
            if spec.is_float { sample.to_le_bytes() } else { integer_from_sample(sample, spec.bits).to_le_bytes() };
        write(&stored[..bytes])?;
    }
    write(if spec.data_bytes(frames) % 2 == 1 { &[0] } else { &[] })
}

fn write_flac(path: &Path, sound: &Sound, bits: u16, writer: &mut impl Write) -> Result<(), FileError> {
    let refuse = |found: String| cannot_hold(path, &found, "a sound that FLAC can hold", "write .wav");
    let config = flacenc::config::Encoder::default()
        .into_verified()
        .map_err(|(_, error)| refuse(format!("an encoder setting refused ({error})")))?;
    let rate_hz = sound.sample_rate_hz;
    if rate_hz > MOST_FLAC_RATE_HZ {
        return Err(refuse(format!("a sample rate of {rate_hz} Hz, over the limit of {MOST_FLAC_RATE_HZ}")));
    }
    let is_told_apart = rate_hz > MOST_ENCODED_RATE_HZ;
    let samples: Vec<i32> = interleaved(sound).map(|sample| integer_from_sample(sample, bits)).collect();
    let source = flacenc::source::MemSource::from_samples(
        &samples,
        sound.channels.len(),
        usize::from(bits),
        if is_told_apart { UNWRITTEN_RATE_HZ } else { rate_hz } as usize,
    );
    let mut stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size)
        .map_err(|error| refuse(format!("a sound the encoder refuses ({error})")))?;
    // flacenc 0.5 declares the short last block as the smallest, which RFC 9639 (8.2) excludes;
    // symphonia then takes the file for one of varying blocks and does not find its frames.
    let sizes = stream.stream_info_mut().set_block_sizes(config.block_size, config.block_size);
    sizes.map_err(|error| refuse(format!("a block size refused ({error})")))?;
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(|error| refuse(format!("a sound the encoder refuses ({error})")))?;
    let mut bytes = sink.as_slice().to_vec();
    if is_told_apart {
        write_flac_rate(&mut bytes, rate_hz);
    }
    writer.write_all(&bytes).map_err(FileError::writing(path))
}

/// Highest sample rate of FLAC in Hz that decoders take: the format's until RFC 9639 (8.2), which has all that 20 bits hold.
const MOST_FLAC_RATE_HZ: u32 = 655_350;

/// Highest sample rate that flacenc 0.5 encodes, in Hz.
const MOST_ENCODED_RATE_HZ: u32 = 96_000;

/// A rate that fits no code of a frame's header, which then refers to the one of the stream (RFC 9639, 9.1.2).
const UNWRITTEN_RATE_HZ: u32 = 95_901;

/// Puts the sample rate where a FLAC stream tells it: the 20 bits after the marker, the block's header, and the sizes of
/// blocks and frames (RFC 9639, 8.1 and 8.2). No checksum is of them.
fn write_flac_rate(bytes: &mut [u8], rate_hz: u32) {
    let [_, high, middle, low] = (rate_hz << 4).to_be_bytes();
    if let Some([first, second, third]) = bytes.get_mut(18..21) {
        (*first, *second, *third) = (high, middle, low | (*third & 0x0f));
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{SoundReadOptions, decode_sound};

    /// What is written for sounds that no test can hold reads back, with bytes after the samples too.
    #[test]
    fn rf64_reads_back_exactly() {
        let ramp: Vec<f32> = (0..1001).map(|n| (n - 500) as f32 / 512.0).collect();
        let sound = Sound { sample_rate_hz: 192_000, channels: vec![ramp] };
        for (bits, is_float) in [(16, false), (24, false), (32, true)] {
            let spec = Spec { channels: 1, sample_rate_hz: 192_000, bits, is_float };
            let mut file = Cursor::new(Vec::new());
            let samples = interleaved(&sound).map(Ok);
            write_rf64(Path::new("a.wav"), (spec, 1001), samples, &mut file).unwrap();
            let mut bytes = file.into_inner();
            let read = |bytes| decode_sound(Path::new("a.wav"), bytes, SoundReadOptions::default());
            assert!(read(bytes.clone()).unwrap() == sound, "{bits} bits");
            bytes.extend(b"LIST\x04\0\0\0INFO");
            assert!(read(bytes.clone()).unwrap() == sound, "{bits} bits and a chunk");
            bytes[..4].copy_from_slice(b"BW64");
            assert!(read(bytes.clone()).unwrap() == sound, "BW64");
            bytes.truncate(1000);
            assert!(matches!(read(bytes), Err(FileError::Damaged { .. })));
        }
    }
}
