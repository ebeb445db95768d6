//! One of many files, drawn or recovered in a worker of an engine that spreads work.

use std::path::PathBuf;

use photophone::batch::{Again, Batch, Beside, DrawWork, RecoverWork, Task, TaskSource, Work};
use photophone::files::{SampleFormat, SoundFormat, SoundReadOptions, Stage};
use photophone::transform::StopFlag;
use photophone::{DrawOptions, LoudnessOptions, NamedFile, RecoverOptions};
use pyo3::prelude::*;

use crate::error::{PhotophoneError, to_python};
use crate::limits::Limits;
use crate::params::parsed;
use crate::picture::draw_options;
use crate::reading::{Reading, recipe_from_json};
use crate::watch::{Stopper, interruptible_alone};

/// Bytes of a decoded sample.
const SAMPLE_BYTES: usize = 4;

/// Bytes of a decoded pixel.
const PIXEL_BYTES: usize = 4;

/// Work on many files, whose outputs go below one folder.
#[pyclass(frozen, module = "photophone._native")]
#[derive(Debug)]
pub struct BatchWork {
    batch: Batch,
    /// Ending of the outputs.
    #[pyo3(get)]
    ending: &'static str,
}

#[pymethods]
impl BatchWork {
    /// Sounds to pictures.
    #[staticmethod]
    fn draw(
        folder: PathBuf,
        resume: bool,
        force: bool,
        max_decoded_bytes: usize,
        recipe: &str,
        fill_bins: bool,
        mono: bool,
        cell_width: usize,
        cell_height: usize,
        bits: u32,
        limits: &Limits,
    ) -> PyResult<Self> {
        let options = DrawOptions {
            fill_bins,
            mono,
            limits: limits.limits,
            ..draw_options(recipe, cell_width, cell_height, bits)?
        };
        let max_samples = max_decoded_bytes.div_ceil(SAMPLE_BYTES);
        let reading = SoundReadOptions { max_samples, ..SoundReadOptions::default() };
        Ok(Self::new(Work::Draw(Box::new(DrawWork { options, reading })), folder, Again { resume, force }))
    }

    /// Pictures or arrays to sounds.
    #[staticmethod]
    #[pyo3(signature = (folder, resume, force, max_decoded_bytes, recipe, reading, limits, centres, phase_method, seed,
        iterations, gain_db, normalise, despite_doubt, phase, original, mask, format, bits, overlay))]
    fn recover(
        folder: PathBuf,
        resume: bool,
        force: bool,
        max_decoded_bytes: usize,
        recipe: &str,
        reading: &Reading,
        limits: &Limits,
        centres: bool,
        phase_method: &str,
        seed: u64,
        iterations: usize,
        gain_db: f64,
        normalise: bool,
        despite_doubt: bool,
        phase: Option<String>,
        original: Option<String>,
        mask: Option<String>,
        format: &str,
        bits: Option<&str>,
        overlay: bool,
    ) -> PyResult<Self> {
        let asked = [reading.max_pixels, max_decoded_bytes.div_ceil(PIXEL_BYTES)];
        let options = RecoverOptions {
            centres,
            phase_method: parsed(phase_method)?,
            seed,
            despite_doubt,
            recipe: recipe_from_json(recipe)?,
            reading: reading.options.clone(),
            axes: reading.axes.clone(),
            max_pixels: asked.into_iter().filter(|&most| most > 0).min().unwrap_or(0),
            max_iterations: iterations,
            limits: limits.limits,
            loudness: LoudnessOptions { gain_db, normalise },
            ..RecoverOptions::default()
        };
        let work = RecoverWork {
            options,
            phase: phase.map(|pattern| beside("phase", pattern)).transpose()?,
            original: original.map(|pattern| beside("original", pattern)).transpose()?,
            mask: mask.map(|pattern| beside("mask", pattern)).transpose()?,
            format: sound_format(format)?,
            sample_format: bits.map(sample_format).transpose()?,
            overlay,
        };
        Ok(Self::new(Work::Recover(Box::new(work)), folder, Again { resume, force }))
    }

    /// Does one file, or the bytes of one, on this thread's processor alone; gives its row as JSON.
    #[pyo3(signature = (name, data, output))]
    fn one(&self, py: Python<'_>, name: String, data: Option<Vec<u8>>, output: PathBuf) -> PyResult<String> {
        let source = match data {
            Some(bytes) => TaskSource::Bytes { name, bytes },
            None => TaskSource::File(NamedFile { path: name.into(), name: None }),
        };
        let (batch, task) = (self.batch.clone(), Task { source, output });
        let work = move |stopper: &Stopper| batch.with_stop(&StopFlag::new(stopper.flag())).one(&task);
        let row = interruptible_alone(py, work)?.map_err(to_python)?;
        serde_json::to_string(&row).map_err(|error| PhotophoneError::new_err(error.to_string()))
    }
}

impl BatchWork {
    fn new(work: Work, folder: PathBuf, again: Again) -> Self {
        let ending = work.ending();
        Self { batch: Batch::new(work, folder, again, &Stage::default()), ending }
    }
}

fn beside(name: &str, pattern: String) -> PyResult<Beside> {
    if pattern.contains("{}") {
        return Ok(Beside(pattern));
    }
    let expected = "expected a path with {} in place of the input's name, such as '{}.phase.npy'";
    Err(PhotophoneError::new_err(format!("{name} is '{pattern}', {expected}")))
}

fn sound_format(text: &str) -> PyResult<SoundFormat> {
    match text {
        "wav" => Ok(SoundFormat::Wav),
        "flac" => Ok(SoundFormat::Flac),
        other => Err(PhotophoneError::new_err(format!("format is '{other}', expected 'wav' or 'flac'"))),
    }
}

fn sample_format(text: &str) -> PyResult<SampleFormat> {
    match text {
        "16" => Ok(SampleFormat::Int16),
        "24" => Ok(SampleFormat::Int24),
        "float" => Ok(SampleFormat::Float32),
        other => Err(PhotophoneError::new_err(format!("bits is {other}, expected 16, 24 or 'float'"))),
    }
}
