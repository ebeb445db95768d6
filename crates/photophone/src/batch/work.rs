//! What is done with each of many files.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use photophone_transform::StopFlag;

use super::row::Row;
use super::task::{Task, TaskSource};
use crate::files::{
    FileError, Outputs, SampleFormat, SampleSpool, Sound, SoundFormat, SoundReadOptions, bytes_digest, decode_sound,
    encode_raster, encode_sound, read_sound,
};
use crate::read::{looked_for, tiles_of};
use crate::{
    DrawOptions, Error, Input, LongInput, NamedFile, RecoverOptions, Recovered, Report, draw, long_input, long_sound,
    plan_drawing, recover,
};

/// What is done with each file.
#[derive(Clone, Debug)]
pub enum Work {
    /// Sounds to pictures, with phase and recipe beside them.
    Draw(Box<DrawWork>),
    /// Pictures or arrays to sounds.
    Recover(Box<RecoverWork>),
}

/// How each sound is drawn.
#[derive(Clone, Debug, Default)]
pub struct DrawWork {
    /// How it is drawn.
    pub options: DrawOptions,
    /// Most that is read.
    pub reading: SoundReadOptions,
}

/// How each picture or array is recovered.
#[derive(Clone, Debug)]
pub struct RecoverWork {
    /// How it is recovered. `input`, `phase`, `original` and `mask` are not looked at.
    pub options: RecoverOptions,
    /// Where each phase is. Default: where the recipe says.
    pub phase: Option<Beside>,
    /// Where each picture is as it was before it was edited.
    pub original: Option<Beside>,
    /// Where each picture's mask is.
    pub mask: Option<Beside>,
    /// Format of the sounds.
    pub format: SoundFormat,
    /// How samples are stored. Default: as the format does.
    pub sample_format: Option<SampleFormat>,
    /// Whether a picture of what was read goes beside each sound, as `NAME.overlay.png`.
    pub overlay: bool,
}

/// Where a side file of each input is: a path from the input's folder on, with the input's name, without its ending,
/// in place of `{}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside(pub String);

impl Beside {
    /// The side file of an input.
    pub fn of(&self, input: &Path) -> PathBuf {
        let stem = input.file_stem().unwrap_or_default().to_string_lossy();
        input.parent().unwrap_or(Path::new("")).join(self.0.replace("{}", &stem))
    }
}

/// What came of a task.
pub(super) struct Done {
    sound_secs: f64,
    sample_rate_hz: u32,
    residual_db: Option<f64>,
    warnings: Vec<String>,
    /// Files that were read and not looked for before.
    pub(super) read: Option<PathBuf>,
}

impl Done {
    pub(super) fn told(self, row: Row) -> Row {
        Row {
            sound_secs: Some(self.sound_secs),
            sample_rate_hz: Some(self.sample_rate_hz),
            residual_db: self.residual_db,
            warnings: self.warnings,
            ..row
        }
    }
}

impl Work {
    /// A digest of all settings and of this version. Settings are taken as they are shown for debugging: a new one counts
    /// without being listed here.
    pub(super) fn digest(&self) -> String {
        let mut work = self.clone();
        work.set_stop(&StopFlag::default());
        if let Self::Recover(work) = &mut work {
            let inputs = (Input::default(), None, None, None);
            (work.options.input, work.options.phase, work.options.original, work.options.mask) = inputs;
        }
        bytes_digest(format!("{} {work:?}", env!("CARGO_PKG_VERSION")).as_bytes())
    }

    /// Lets a flag end the work.
    pub(super) fn set_stop(&mut self, stop: &StopFlag) {
        match self {
            Self::Draw(work) => work.options.stop = stop.clone(),
            Self::Recover(work) => work.options.stop = stop.clone(),
        }
    }

    /// Ending of the outputs.
    pub fn ending(&self) -> &'static str {
        match self {
            Self::Draw(_) => "png",
            Self::Recover(work) => work.format.ending(),
        }
    }

    /// The file of an input, and the tiles that follow it: a name that is no file's, of which there are tiles, stands for all
    /// of them.
    pub(super) fn files(&self, input: &Path) -> (PathBuf, Vec<PathBuf>) {
        let mut tiles = match self {
            Self::Recover(_) if !input.exists() => tiles_of(input),
            _ => Vec::new(),
        };
        if tiles.is_empty() {
            return (input.to_owned(), tiles);
        }
        (tiles.remove(0), tiles)
    }

    /// Files that are read with an input if they are there.
    pub(super) fn looked_for(&self, input: &Path) -> Vec<PathBuf> {
        match self {
            Self::Draw(_) => Vec::new(),
            Self::Recover(work) => {
                let beside = [&work.phase, &work.original, &work.mask].into_iter().flatten();
                let told = beside.map(|beside| beside.of(input));
                looked_for(input, &work.options.recipe).chain(told).collect()
            }
        }
    }

    /// Checks the outputs, does the work and writes them; they get their names later.
    pub(super) fn run(&self, task: &Task, outputs: &mut Outputs, output: &Path) -> Result<Done, Error> {
        match self {
            Self::Draw(work) => work.run(task, outputs, output),
            Self::Recover(work) => {
                outputs.plan(output)?;
                if work.overlay {
                    outputs.plan(&overlay_path(output))?;
                }
                let (input, more) = match &task.source {
                    TaskSource::File(NamedFile { path, name: None }) => {
                        let (first, more) = self.files(path);
                        (first.into(), more.into_iter().map(Input::from).collect())
                    }
                    source => (source.clone().into(), Vec::new()),
                };
                let options = RecoverOptions { input, more, ..work.options_of(task) };
                match long_input(&options)? {
                    Some(long) => work.run_long(long, &options, outputs, output),
                    None => work.run(&options, outputs, output),
                }
            }
        }
    }
}

impl DrawWork {
    fn run(&self, task: &Task, outputs: &mut Outputs, output: &Path) -> Result<Done, Error> {
        let name = PathBuf::from(task.source.name());
        if let TaskSource::File(file) = &task.source
            && let Some(long) = long_sound(&file.path, &self.options).map_err(|error| error.about(&name))?
        {
            let shape = long.shape();
            long.draw(output, &self.options, outputs, |_| ControlFlow::Continue(()))?;
            let sound_secs = shape.frames as f64 / f64::from(shape.sample_rate_hz);
            let sample_rate_hz = shape.sample_rate_hz;
            return Ok(Done { sound_secs, sample_rate_hz, residual_db: None, warnings: Vec::new(), read: None });
        }
        plan_drawing(outputs, output)?;
        let sound: Sound = match &task.source {
            TaskSource::File(file) => read_sound(&file.path, self.reading)?,
            TaskSource::Bytes { bytes, .. } => decode_sound(&name, bytes.clone(), self.reading)?,
        };
        self.options.stop.check()?;
        let drawn = draw(&sound, &self.options).map_err(|error| error.about(&name))?;
        drawn.write_to(outputs, output)?;
        Ok(Done {
            sound_secs: sound.duration_secs(),
            sample_rate_hz: sound.sample_rate_hz,
            residual_db: None,
            warnings: drawn.report.warnings,
            read: None,
        })
    }
}

impl RecoverWork {
    /// What is known of a task's input.
    fn options_of(&self, task: &Task) -> RecoverOptions {
        RecoverOptions {
            phase: side_file(self.phase.as_ref(), task),
            original: side_file(self.original.as_ref(), task),
            mask: side_file(self.mask.as_ref(), task),
            ..self.options.clone()
        }
    }

    /// Block by block: the samples are kept in a file until their level is known.
    fn run_long(
        &self,
        long: LongInput,
        options: &RecoverOptions,
        outputs: &mut Outputs,
        output: &Path,
    ) -> Result<Done, Error> {
        let mut spool = SampleSpool::beside(output, long.channels())?;
        let recovered = long.recover(options, (&mut spool, None), |_| ControlFlow::Continue(()))?;
        outputs.protect(recovered.phase_file.clone())?;
        let level = (recovered.sample_rate_hz, recovered.scale);
        outputs.write(output, |writer| spool.encode(output, level, (self.format, self.sample_format), writer))?;
        Ok(Done {
            sound_secs: spool.frames() as f64 / f64::from(recovered.sample_rate_hz),
            sample_rate_hz: recovered.sample_rate_hz,
            residual_db: residual_db(&recovered.report),
            warnings: recovered.report.warnings,
            read: recovered.phase_file,
        })
    }

    fn run(&self, options: &RecoverOptions, outputs: &mut Outputs, output: &Path) -> Result<Done, Error> {
        let Recovered { sound, report, sample_format, overlay, phase_file } =
            recover(options, |_| ControlFlow::Continue(()))?;
        outputs.protect(phase_file.clone())?;
        let sample_format = self.sample_format.or(sample_format);
        outputs.write(output, |writer| encode_sound(output, &sound, self.format, sample_format, writer))?;
        if let (true, Some(overlay)) = (self.overlay, overlay) {
            let path = overlay_path(output);
            let bytes = encode_raster(&path, &overlay, &[])?;
            outputs.write(&path, |writer| writer.write_all(&bytes).map_err(FileError::writing(&path)))?;
        }
        Ok(Done {
            sound_secs: sound.duration_secs(),
            sample_rate_hz: sound.sample_rate_hz,
            residual_db: residual_db(&report),
            warnings: report.warnings,
            read: phase_file,
        })
    }
}

/// What a pattern stands for. Bytes have nothing beside them.
fn side_file(beside: Option<&Beside>, task: &Task) -> Option<Input> {
    match (&task.source, beside) {
        (TaskSource::File(NamedFile { path, .. }), Some(beside)) => Some(beside.of(path).into()),
        _ => None,
    }
}

fn residual_db(report: &Report) -> Option<f64> {
    report.solve.as_ref().map(|solve| solve.residual_db).filter(|db| db.is_finite())
}

fn overlay_path(sound: &Path) -> PathBuf {
    sound.with_extension("overlay.png")
}
