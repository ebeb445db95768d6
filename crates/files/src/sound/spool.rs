//! Samples of any number, kept in a file until their level is known.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::write::write_wav_of;
use super::{SampleFormat, Sound, SoundFormat, encode_sound};
use crate::FileError;

/// Bytes of a sample.
const BYTES: u64 = 4;

/// Samples of one channel in single precision, kept in a file: one without a name, which nobody finds and which goes with
/// the process.
#[derive(Debug)]
pub struct SampleSpool {
    /// For messages.
    path: PathBuf,
    file: BufWriter<File>,
    count: u64,
    peak: f64,
}

impl SampleSpool {
    /// Beside the file that is to hold them: where there is room for that there is room for these.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn beside(path: &Path) -> Result<Self, FileError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::tempfile_in(folder).map_err(FileError::writing(path))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), count: 0, peak: 0.0 })
    }

    /// Samples kept.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The largest absolute sample.
    pub fn peak(&self) -> f64 {
        self.peak
    }

    /// Keeps more samples.
    ///
    /// # Errors
    /// [`FileError::Write`], and [`FileError::Content`] for samples that are not finite.
    pub fn push(&mut self, samples: &[f64]) -> Result<(), FileError> {
        for &sample in samples {
            let single = sample as f32;
            if !single.is_finite() {
                let found = format!("a sample that is NaN or infinite at {}", self.count);
                let advice = "report this: a recovered sound is always finite";
                return Err(FileError::content(&self.path, found, "finite samples", advice));
            }
            self.file.write_all(&single.to_le_bytes()).map_err(FileError::writing(&self.path))?;
            self.peak = self.peak.max(sample.abs());
            self.count += 1;
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
        let count = self.count;
        let sample_format = sample_format.unwrap_or_else(|| format.default_sample_format());
        let samples = read_back(&mut self.file, count, scale).map_err(FileError::writing(path))?;
        let samples = samples.map(|sample| sample.map_err(FileError::writing(path)));
        if format == SoundFormat::Wav && count > 0 {
            return write_wav_of(path, (sample_rate_hz, (1, count)), sample_format, samples, writer);
        }
        let channels = vec![samples.collect::<Result<Vec<f32>, FileError>>()?];
        encode_sound(path, &Sound { sample_rate_hz, channels }, format, Some(sample_format), writer)
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
        for name in ["a.wav", "a.flac"] {
            let path = folder.path().join(name);
            let mut spool = SampleSpool::beside(&path).unwrap();
            samples.chunks(700).for_each(|chunk| spool.push(chunk).unwrap());
            assert_eq!(spool.count(), 5000);
            assert!((spool.peak() - 1.5).abs() < 1e-3);
            let format = SoundFormat::from_path(&path).unwrap();
            let written = crate::write_beside_then_rename(&path, &[], |writer| {
                spool.encode(&path, (8000, 0.5), (format, None), writer)
            });
            written.unwrap();
            let sound = read_sound(&path, SoundReadOptions::default()).unwrap();
            assert_eq!((sound.sample_rate_hz, sound.frames()), (8000, 5000));
            let off = sound.channels[0].iter().zip(&samples).map(|(a, b)| (f64::from(*a) - 0.5 * b).abs());
            assert!(off.fold(0.0, f64::max) < 1e-6, "{name}");
        }
        assert!(SampleSpool::beside(&folder.path().join("b.wav")).unwrap().push(&[f64::NAN]).is_err());
        // Nothing lies beside the files.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
