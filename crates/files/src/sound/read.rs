//! Reads sounds with symphonia.

use std::io::Cursor;
use std::ops::Range;
use std::path::Path;

use symphonia::core::audio::{Channels, GenericAudioBufferRef};
use symphonia::core::codecs::audio::well_known::{CODEC_ID_OPUS, CODEC_ID_PCM_ALAW, CODEC_ID_PCM_MULAW};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as DecodeError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use super::Sound;
use super::container::{KIND_BYTES, kept_of_caf, must_be_whole, prepared};
use super::source::{A_SOUND, MAX_SAMPLES, check_kind, open_sound};
use crate::{FileError, guarded};

/// Bits of the samples that A-law and mu-law stand for, as symphonia counts them.
const LAW_BITS: u32 = 16;

/// Limits on what is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundReadOptions {
    /// Longest sound read, in seconds. Default: 3600, an hour.
    pub max_secs: f64,
    /// Most samples read, over all channels. Default: 0, which stands for 2^24 and 1024 for each byte of the file, at most
    /// 2^30. A sample takes 4 bytes.
    pub max_samples: usize,
}

/// Samples that a sound in a file of any size may have: six minutes at 44.1 kHz, 64 MiB of memory.
const BASE_SAMPLES: u64 = 1 << 24;

/// Samples for each byte of the file: silence in FLAC has 700.
const SAMPLES_A_BYTE: u64 = 1024;

impl SoundReadOptions {
    /// Most samples of a file of so many bytes.
    fn max_samples_of(self, bytes: u64) -> usize {
        match self.max_samples {
            0 => bytes.saturating_mul(SAMPLES_A_BYTE).saturating_add(BASE_SAMPLES).min(MAX_SAMPLES as u64) as usize,
            told => told.min(MAX_SAMPLES),
        }
    }
}

impl Default for SoundReadOptions {
    fn default() -> Self {
        Self { max_secs: 3600.0, max_samples: 0 }
    }
}

/// Reads a sound, recognised by its content.
///
/// WAV (RF64 and BW64 too), AIFF and CAF: 8 (not CAF), 16, 24 and 32-bit integers, 32 and 64-bit floats, A-law and mu-law.
/// Integers are divided by `2^(bits - 1)`. MP3, M4A and CAF: the encoder's delay and padding are trimmed when the file tells them.
/// Ogg and MP3 are made for cutting, so a file that ends early is read as far as it goes; the others
/// declare their length and are refused when it is not there, unless it is the placeholder of a pipe.
///
/// # Errors
/// [`FileError::Read`], [`FileError::Empty`], [`FileError::Kind`] (not a sound), [`FileError::Unsupported`] (codec),
/// [`FileError::Damaged`] (truncated, malformed), [`FileError::TooLarge`], and [`FileError::Content`] (no samples,
/// NaN or infinite ones, sample rate 0).
pub fn read_sound(path: &Path, options: SoundReadOptions) -> Result<Sound, FileError> {
    guarded(path, A_SOUND, || decode(path, open_sound(path)?, options))
}

/// Reads a sound from the bytes of a file; see [`read_sound`]. `path` is for messages.
///
/// # Errors
/// As [`read_sound`], but for those of reading.
pub fn decode_sound(path: &Path, bytes: Vec<u8>, options: SoundReadOptions) -> Result<Sound, FileError> {
    check_kind(path, &bytes[..bytes.len().min(KIND_BYTES)])?;
    guarded(path, A_SOUND, || decode(path, Box::new(Cursor::new(bytes)), options))
}

fn decode(path: &Path, source: Box<dyn MediaSource>, options: SoundReadOptions) -> Result<Sound, FileError> {
    let max_samples = options.max_samples_of(source.byte_len().unwrap_or(u64::MAX));
    let limits = SoundReadOptions { max_samples, ..options };
    let mut opened = Opened::new(path, source)?;
    let mut pieces = Pieces::new(path, &opened.track, opened.declared, limits)?;
    pieces.kept = opened.kept.clone();
    decode_all(opened.format.as_mut(), &opened.track, opened.decoder.as_mut(), &mut pieces)?;
    pieces.finish(opened.must_be_whole())
}

/// What a sound is, where its samples went elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundShape {
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// Channels.
    pub channels: usize,
    /// Samples of each.
    pub frames: usize,
}

/// Reads a sound piece by piece, of any length: `take` gets some samples of each channel at a time, and ends the work by an
/// error. Else as [`read_sound`].
///
/// # Errors
/// As [`read_sound`], but for [`FileError::TooLarge`], and those of `take`.
pub fn stream_sound<E: From<FileError>>(
    path: &Path,
    mut take: impl FnMut(u32, &[Vec<f32>]) -> Result<(), E>,
) -> Result<SoundShape, E> {
    let mut failed = None;
    let mut kept = |rate: u32, channels: &[Vec<f32>]| match take(rate, channels) {
        Ok(()) => Ok(()),
        Err(error) => {
            failed = Some(error);
            Err(FileError::Abandoned)
        }
    };
    let found = guarded(path, A_SOUND, || decode_pieces(path, open_sound(path)?, &mut kept));
    failed.map_or_else(|| found.map_err(E::from), Err)
}

/// Who takes samples as they are decoded, at that rate, of each channel.
type Taker<'a> = dyn FnMut(u32, &[Vec<f32>]) -> Result<(), FileError> + 'a;

fn decode_pieces(path: &Path, source: Box<dyn MediaSource>, take: &mut Taker<'_>) -> Result<SoundShape, FileError> {
    let limits = SoundReadOptions { max_secs: f64::INFINITY, max_samples: usize::MAX };
    let mut opened = Opened::new(path, source)?;
    let mut pieces = Pieces::new(path, &opened.track, opened.declared, limits)?;
    pieces.kept = opened.kept.clone();
    pieces.take = Some(take);
    decode_all(opened.format.as_mut(), &opened.track, opened.decoder.as_mut(), &mut pieces)?;
    let shape =
        SoundShape { sample_rate_hz: pieces.sample_rate_hz, channels: pieces.channels.len(), frames: pieces.frames() };
    pieces.finish(opened.must_be_whole())?;
    Ok(shape)
}

/// A sound's file, its track found.
pub(super) struct Opened {
    format: Box<dyn FormatReader>,
    track: Track,
    decoder: Box<dyn AudioDecoder>,
    /// Samples a channel, where the file says how many and means it.
    declared: Option<u64>,
    /// The samples that are the sound, of those decoded.
    kept: Range<u64>,
}

impl Opened {
    pub(super) fn new(path: &Path, source: Box<dyn MediaSource>) -> Result<Self, FileError> {
        let (source, edited) = prepared(source).map_err(|error| malformed(path, &error.into()))?;
        let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
        let format = symphonia::default::get_probe()
            .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
            .map_err(|error| malformed(path, &error))?;
        let track = format
            .default_track(TrackType::Audio)
            .ok_or_else(|| unsupported(path, "a file without a sound track"))?
            .clone();
        let decoder = decoder_for(path, &track)?;
        let container = format.format_info().short_name;
        let declared = track.num_frames.filter(|&frames| container != "wave" || !is_placeholder(&track, frames));
        let kept = if container == "caf" { kept_of_caf(&track) } else { edited };
        Ok(Self { format, track, decoder, declared, kept: kept.unwrap_or(0..u64::MAX) })
    }

    /// What the track says of its code.
    pub(super) fn audio(&self) -> Option<&AudioCodecParameters> {
        self.track.codec_params.as_ref().and_then(|parameters| parameters.audio())
    }

    /// How many samples a channel there have to be.
    fn must_be_whole(&self) -> Option<u64> {
        self.declared.filter(|_| must_be_whole(self.format.format_info().short_name, &self.track))
    }
}

/// Whether a WAV declares a length that stands for "unknown", as a program must that writes into a pipe and
/// cannot go back to the header: ffmpeg declares 2^32 - 1 bytes, others the largest signed number of 32 bits
/// less a header. Whole files of 2 GiB and more are let through with them.
fn is_placeholder(track: &Track, frames: u64) -> bool {
    let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
    let bits = parameters.and_then(|audio| audio.bits_per_coded_sample.or(audio.bits_per_sample)).unwrap_or(8);
    let channels = parameters.and_then(|audio| audio.channels.as_ref()).map_or(1, Channels::count);
    frames.saturating_mul(channels as u64).saturating_mul(u64::from(bits / 8)) >= 0x7fff_0000
}

fn decoder_for(path: &Path, track: &Track) -> Result<Box<dyn AudioDecoder>, FileError> {
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or_else(|| unsupported(path, "a sound whose codec is not known"))?;
    let mut parameters = parameters.clone();
    if matches!(parameters.codec, CODEC_ID_PCM_ALAW | CODEC_ID_PCM_MULAW) {
        // CAF's and WAVEX's demuxers tell the 8 bits stored; symphonia's decoder asks for those of what they stand for.
        parameters.with_bits_per_sample(LAW_BITS).with_bits_per_coded_sample(LAW_BITS);
    }
    symphonia::default::get_codecs().make_audio_decoder(&parameters, &AudioDecoderOptions::default()).map_err(|error| {
        match error {
            DecodeError::Unsupported(_) if parameters.codec == CODEC_ID_OPUS => unsupported(path, "an Opus sound"),
            DecodeError::Unsupported(_) => unsupported(path, "a sound in a codec that is not read"),
            other => malformed(path, &other),
        }
    })
}

fn decode_all(
    format: &mut dyn FormatReader,
    track: &Track,
    decoder: &mut dyn AudioDecoder,
    pieces: &mut Pieces,
) -> Result<(), FileError> {
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(()),
            // Symphonia reports the end of some truncated files so; `finish` compares lengths.
            Err(DecodeError::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(DecodeError::ResetRequired) => {
                return Err(unsupported(pieces.path, "several sounds chained in one file"));
            }
            Err(error) => return Err(pieces.malformed_here(&error)),
        };
        if packet.track_id != track.id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(buffer) => pieces.push(&buffer)?,
            // A cut MP3 begins with frames that need data from before the cut.
            Err(DecodeError::DecodeError(_)) if pieces.frames() == 0 => {}
            Err(error) => return Err(pieces.malformed_here(&error)),
        }
    }
}

/// Decoded packets put together, within the limits.
struct Pieces<'a> {
    path: &'a Path,
    limits: SoundReadOptions,
    sample_rate_hz: u32,
    channels: Vec<Vec<f32>>,
    packet: Vec<Vec<f32>>,
    /// Who takes the samples of each packet, and how many a channel were taken. Without one they are put together.
    take: Option<&'a mut Taker<'a>>,
    taken: usize,
    /// The samples to keep, of those decoded, and how many a channel were decoded.
    kept: Range<u64>,
    decoded: u64,
}

impl<'a> Pieces<'a> {
    fn new(path: &'a Path, track: &Track, declared: Option<u64>, limits: SoundReadOptions) -> Result<Self, FileError> {
        let parameters = track.codec_params.as_ref().and_then(|parameters| parameters.audio());
        let sample_rate_hz = parameters.and_then(|audio| audio.sample_rate).unwrap_or(0);
        if sample_rate_hz == 0 {
            let advice = "make the file again with the sample rate of the sound, as in: sox -r 44100 IN OUT.wav";
            return Err(FileError::content(path, "a sample rate of 0 Hz", "at least 1 Hz", advice));
        }
        let pieces = Self {
            path,
            limits,
            sample_rate_hz,
            channels: Vec::new(),
            packet: Vec::new(),
            take: None,
            taken: 0,
            kept: 0..u64::MAX,
            decoded: 0,
        };
        let channels = parameters.and_then(|audio| audio.channels.as_ref()).map_or(1, Channels::count);
        pieces.check_length(declared.unwrap_or(0), channels)?;
        Ok(pieces)
    }

    fn frames(&self) -> usize {
        self.taken + self.channels.first().map_or(0, Vec::len)
    }

    fn check_length(&self, frames: u64, channels: usize) -> Result<(), FileError> {
        let secs = frames as f64 / f64::from(self.sample_rate_hz);
        let SoundReadOptions { max_secs, max_samples } = self.limits;
        if secs <= max_secs && frames.saturating_mul(channels as u64) <= max_samples as u64 {
            return Ok(());
        }
        Err(FileError::TooLarge {
            path: self.path.to_owned(),
            found: format!("at least {secs:.1} s of sound in {channels} channel(s)"),
            limit: format!("{max_secs} s and {max_samples} samples over all channels"),
            advice: "cut the sound, or raise the limit on its length",
        })
    }

    fn push(&mut self, buffer: &GenericAudioBufferRef<'_>) -> Result<(), FileError> {
        let (planes, rate) = (buffer.num_planes(), buffer.spec().rate());
        if self.channels.is_empty() {
            self.channels.resize(planes, Vec::new());
        }
        if rate != self.sample_rate_hz || planes != self.channels.len() {
            return Err(unsupported(self.path, "a sound whose sample rate or channels change on the way"));
        }
        self.check_length((self.frames() + buffer.frames()) as u64, planes)?;
        buffer.copy_to_vecs_planar(&mut self.packet);
        let kept = self.kept_of_packet(buffer.frames());
        for (channel, packet) in self.channels.iter_mut().zip(&self.packet) {
            channel.extend_from_slice(packet.get(kept.clone()).unwrap_or_default());
        }
        if let Some(take) = &mut self.take {
            check_finite(self.path, (self.sample_rate_hz, self.taken), &self.channels)?;
            take(self.sample_rate_hz, &self.channels)?;
            self.taken += self.channels.first().map_or(0, Vec::len);
            self.channels.iter_mut().for_each(Vec::clear);
        }
        Ok(())
    }

    /// Which of so many samples more are the sound.
    fn kept_of_packet(&mut self, frames: usize) -> Range<usize> {
        let [start, end] =
            [self.kept.start, self.kept.end].map(|at| (at.saturating_sub(self.decoded)).min(frames as u64) as usize);
        self.decoded += frames as u64;
        start..end
    }

    fn malformed_here(&self, error: &DecodeError) -> FileError {
        let secs = self.frames() as f64 / f64::from(self.sample_rate_hz);
        FileError::damaged(self.path, format!("{error} at {secs:.3} s"), "a whole sound")
    }

    fn finish(self, declared: Option<u64>) -> Result<Sound, FileError> {
        let found = self.decoded;
        if let Some(declared) = declared.filter(|&declared| declared > found) {
            let message = format!("it ends after {found} of {declared} samples a channel");
            return Err(FileError::damaged(self.path, message, "all samples that its header declares"));
        }
        if self.frames() == 0 {
            return Err(FileError::content(self.path, "no samples", "a sound", "record or export it again"));
        }
        check_finite(self.path, (self.sample_rate_hz, self.taken), &self.channels)?;
        Ok(Sound { sample_rate_hz: self.sample_rate_hz, channels: self.channels })
    }
}

/// Refuses samples that are not finite, the first of which has this number.
fn check_finite(path: &Path, (rate_hz, from): (u32, usize), channels: &[Vec<f32>]) -> Result<(), FileError> {
    let bad = |channel: &Vec<f32>| channel.iter().filter(|sample| !sample.is_finite()).count();
    let count: usize = channels.iter().map(bad).sum();
    let first = channels.iter().filter_map(|channel| channel.iter().position(|s| !s.is_finite())).min();
    let Some(first) = first.map(|first| from + first) else { return Ok(()) };
    let secs = first as f64 / f64::from(rate_hz);
    Err(FileError::content(
        path,
        format!("{count} samples that are NaN or infinite, the first at sample {first} ({secs:.3} s)"),
        "finite numbers",
        "remove them, as in: y = numpy.nan_to_num(y, nan=0, posinf=0, neginf=0)",
    ))
}

fn unsupported(path: &Path, found: &str) -> FileError {
    FileError::Unsupported {
        path: path.to_owned(),
        found: found.to_owned(),
        expected: A_SOUND,
        advice: "convert it to WAV or FLAC, as in: ffmpeg -i IN OUT.wav",
    }
}

/// The error for a header that cannot be read.
fn malformed(path: &Path, error: &DecodeError) -> FileError {
    match error {
        DecodeError::Unsupported(what) => unsupported(path, &format!("a sound that uses something not read ({what})")),
        DecodeError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            FileError::damaged(path, "it ends within its header", A_SOUND)
        }
        other => FileError::damaged(path, other.to_string(), A_SOUND),
    }
}
