//! Sounds: read from WAV, FLAC, Ogg Vorbis, MP3, AIFF, M4A and CAF, written as WAV and FLAC.
//!
//! | file | what |
//! |---|---|
//! | `source` | a file that begins as a known sound does |
//! | `read` | packets to samples, by symphonia |
//! | `container` | what each container needs besides its demuxer |
//! | `edits`, `rf64` | lengths and edits that demuxers pass over |
//! | `cropped` | a file up to where its sound ends |
//! | `write`, `spool` | samples to files |
//! | `stored`, `lossless` | how samples are stored, and sounds kept to the last bit |

mod container;
mod cropped;
mod edits;
mod lossless;
mod read;
mod rf64;
mod source;
mod spool;
mod stored;
mod write;

pub use lossless::{LosslessCode, LosslessShape, decode_lossless, encode_lossless, sound_digest};
pub use read::{SoundReadOptions, SoundShape, decode_sound, read_sound, stream_sound};
pub use source::A_SOUND;
pub use spool::SampleSpool;
pub use stored::{StoredSamples, narrowest_format, stored_samples, stored_samples_of};
pub use write::{SampleFormat, SoundFormat, encode_sound, write_sound};

/// Samples over time; full scale is -1 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Samples a second, at least 1.
    pub sample_rate_hz: u32,
    /// One buffer a channel, all of the same length; at least one.
    pub channels: Vec<Vec<f32>>,
}

impl Sound {
    /// A sound with one channel. Samples are rounded to `f32`.
    pub fn from_mono(sample_rate_hz: u32, samples: &[f64]) -> Self {
        Self { sample_rate_hz, channels: vec![samples.iter().map(|&sample| sample as f32).collect()] }
    }

    /// A sound of these channels, all of one length. Samples are rounded to `f32`.
    pub fn from_channels(sample_rate_hz: u32, channels: &[Vec<f64>]) -> Self {
        let rounded = |samples: &Vec<f64>| samples.iter().map(|&sample| sample as f32).collect();
        Self { sample_rate_hz, channels: channels.iter().map(rounded).collect() }
    }

    /// Samples in each channel.
    pub fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// How long it lasts.
    pub fn duration_secs(&self) -> f64 {
        self.frames() as f64 / f64::from(self.sample_rate_hz)
    }

    /// The mean of the channels, as `librosa.to_mono` (0.11) mixes.
    pub fn mixed_to_mono(&self) -> Vec<f64> {
        let mut mono = vec![0.0; self.frames()];
        for channel in &self.channels {
            for (sum, &sample) in mono.iter_mut().zip(channel) {
                *sum += f64::from(sample);
            }
        }
        let count = self.channels.len().max(1) as f64;
        mono.into_iter().map(|sum| sum / count).collect()
    }
}
