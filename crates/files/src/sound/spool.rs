//! Samples of any number, kept in a file until their level is known.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::write::write_wav_of;
use super::{SampleFormat, Sound, SoundFormat, encode_sound};
use crate::FileError;

/// What to do about samples that no solver gives.
const REPORT: &str = "report this: a recovered sound is always finite";

/// Bytes of a sample.
const BYTES: u64 = 4;

/// Samples of channels in single precision, kept in a file: one without a name, which nobody finds and which goes with the
/// process.
#[derive(Debug)]
pub struct SampleSpool {
    /// For messages.
    path: PathBuf,
    file: BufWriter<File>,
    channels: usize,
    /// Of each channel.
    frames: u64,
    peak: f64,
}

impl SampleSpool {
    /// Beside the file that is to hold them: where there is room for that there is room for these.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn beside(path: &Path, channels: usize) -> Result<Self, FileError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::tempfile_in(folder).map_err(FileError::writing(path))?;
        Ok(Self::in_file(path, file, channels))
    }

    /// In a file that is open; `path` is for messages.
    pub(crate) fn in_file(path: &Path, file: File, channels: usize) -> Self {
        Self { path: path.to_owned(), file: BufWriter::new(file), channels, frames: 0, peak: 0.0 }
    }

    /// Goes on after so many samples of each channel that the file has from an earlier work; `peak` is theirs. Gives whether it
    /// has as many.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn go_on(&mut self, frames: u64, peak: f64) -> Result<bool, FileError> {
        let length = frames * self.channels as u64 * BYTES;
        let file = self.file.get_mut();
        if file.metadata().map_err(FileError::writing(&self.path))?.len() < length {
            return Ok(false);
        }
        file.set_len(length).map_err(FileError::writing(&self.path))?;
        self.file.seek(SeekFrom::Start(length)).map_err(FileError::writing(&self.path))?;
        (self.frames, self.peak) = (frames, peak);
        Ok(true)
    }

    /// Brings what was kept onto the disk.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub(crate) fn sync(&mut self) -> Result<(), FileError> {
        self.file.flush().map_err(FileError::writing(&self.path))?;
        self.file.get_ref().sync_data().map_err(FileError::writing(&self.path))
    }

    /// Samples kept of each channel.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Channels.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The largest absolute sample.
    pub fn peak(&self) -> f64 {
        self.peak
    }

    /// Keeps more samples, as many of each channel.
    ///
    /// # Errors
    /// [`FileError::Write`], and [`FileError::Content`] for samples that are not finite or other channels.
    pub fn push<C: AsRef<[f64]>>(&mut self, channels: &[C]) -> Result<(), FileError> {
        let frames = channels.first().map_or(0, |channel| channel.as_ref().len());
        if channels.len() != self.channels || channels.iter().any(|channel| channel.as_ref().len() != frames) {
            let found = format!("{} channels, or channels of unlike length", channels.len());
            return Err(FileError::content(&self.path, found, format!("{} alike", self.channels), REPORT));
        }
        for frame in 0..frames {
            for channel in channels {
                let sample = channel.as_ref()[frame];
                let single = sample as f32;
                if !single.is_finite() {
                    let found = format!("a sample that is NaN or infinite at {}", self.frames);
                    return Err(FileError::content(&self.path, found, "finite samples", REPORT));
                }
                self.file.write_all(&single.to_le_bytes()).map_err(FileError::writing(&self.path))?;
                self.peak = self.peak.max(sample.abs());
            }
            self.frames += 1;
        }
        Ok(())
    }

    /// Writes the bytes of a sound file, each sample multiplied by `scale`, in the format's own sample format if none is
    /// given. WAV takes no memory, FLAC 8 bytes a sample.
    ///
    /// # Errors
    /// As [`encode_sound`]. `path` is for messages.
    pub fn encode(
        &mut self,
        path: &Path,
        (sample_rate_hz, scale): (u32, f64),
        (format, sample_format): (SoundFormat, Option<SampleFormat>),
        writer: &mut (impl Write + Seek),
    ) -> Result<(), FileError> {
        let (channels, frames) = (self.channels, self.frames);
        let sample_format = sample_format.unwrap_or_else(|| format.default_sample_format());
        let count = channels as u64 * frames;
        let samples = read_back(&mut self.file, count, scale).map_err(FileError::writing(path))?;
        let samples = samples.map(|sample| sample.map_err(FileError::writing(path)));
        if format == SoundFormat::Wav && frames > 0 {
            return write_wav_of(path, (sample_rate_hz, (channels, frames)), sample_format, samples, writer);
        }
        let mut kept = vec![Vec::new(); channels];
        for (at, sample) in samples.enumerate() {
            kept[at % channels].push(sample?);
        }
        encode_sound(path, &Sound { sample_rate_hz, channels: kept }, format, Some(sample_format), writer)
    }
}

/// The samples from the first on.
fn read_back(
    file: &mut BufWriter<File>,
    count: u64,
    scale: f64,
) -> io::Result<impl Iterator<Item = io::Result<f32>> + '_> {
    file.flush()?;
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file.get_mut().take(count * BYTES));
    Ok((0..count).map(move |_| {
        let mut bytes = [0; BYTES as usize];
        reader.read_exact(&mut bytes)?;
        // Unscaled samples stay to the last bit.
        Ok((f64::from(f32::from_le_bytes(bytes)) * scale) as f32)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SoundReadOptions, read_sound};

    #[test]
    fn what_is_kept_is_written_at_its_level() {
        let folder = tempfile::tempdir().unwrap();
        let samples: Vec<f64> = (0..5000).map(|i| 1.5 * (0.1 * f64::from(i)).sin()).collect();
        for (name, channels) in [("a.wav", 1), ("a.flac", 1), ("b.wav", 2), ("b.flac", 2)] {
            let path = folder.path().join(name);
            let mut spool = SampleSpool::beside(&path, channels).unwrap();
            for chunk in samples.chunks(700) {
                let second: Vec<f64> = chunk.iter().map(|sample| -0.5 * sample).collect();
                spool.push(&[chunk.to_vec(), second][..channels]).unwrap();
            }
            assert_eq!(spool.frames(), 5000);
            assert!((spool.peak() - 1.5).abs() < 1e-3);
            let format = SoundFormat::from_path(&path).unwrap();
            crate::write_beside_then_rename(&path, &[], |writer| {
                spool.encode(&path, (8000, 0.5), (format, None), writer)
            })
            .unwrap();
            let sound = read_sound(&path, SoundReadOptions::default()).unwrap();
            assert_eq!((sound.sample_rate_hz, sound.frames(), sound.channels.len()), (8000, 5000, channels));
            for (channel, gain) in sound.channels.iter().zip([0.5, -0.25]) {
                let off = channel.iter().zip(&samples).map(|(a, b)| (f64::from(*a) - gain * b).abs());
                assert!(off.fold(0.0, f64::max) < 1e-6, "{name}");
            }
        }
        let mut spool = SampleSpool::beside(&folder.path().join("c.wav"), 1).unwrap();
        assert!(spool.push(&[vec![f64::NAN]]).is_err() && spool.push(&[vec![0.0], vec![0.0]]).is_err());
        // Nothing lies beside the files.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    }
}
