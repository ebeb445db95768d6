//! How much memory and work a job may take, checked before it begins.
//!
//! Both limits are functions of what is given: a constant that every job may take, and so much for each cell (or for
//! each sample of a sound to draw). A few cells then cannot ask for hours, whatever their recipe says.

use photophone_spectrum::Number;
use photophone_transform::identify::Searches;
use photophone_transform::{Cost, Cqt, CqtParams, StftParams, Tempered, TransformError};

use crate::Error;

/// Memory that every job may take: 512 MiB.
const BASE_BYTES: f64 = (1u64 << 29) as f64;

/// Memory for each cell: that of 64 samples of the inverse, which a hop of 5400 has with 84 bins.
const BYTES_A_CELL: f64 = 64.0 * BYTES_A_SAMPLE;

/// Memory of the inverse for each sample: the adaptive one keeps some 60 doubles.
const BYTES_A_SAMPLE: f64 = 480.0;

/// Memory of the data for each cell: some 20 planes of complex numbers.
const BYTES_OF_A_CELL: f64 = 320.0;

/// Operations that every recovery may take: a second on one core.
const BASE_WORK: f64 = 1.2e9;

/// Operations for each cell: 200 transforms at an odd hop and 24 bins an octave from 10 Hz up at 44.1 kHz, where an octave
/// takes FFTs of 2^18 points. Gallery pictures take a hundredth of it.
const WORK_A_CELL: f64 = 2e7;

/// Iterations without which a recovery is not begun, each a forward and an adjoint transform. Where the work allows fewer
/// than would be taken, they end earlier.
const LEAST_ITERATIONS: f64 = 50.0;

/// Operations for each sample and transform besides its own: vectors, FFTs of the whole signal, the adaptive inverse's
/// short-time transforms. Measured: 8 ns.
const WORK_OF_A_SAMPLE: f64 = 20.0;

/// Share of the memory that every job may take which a block may.
const BLOCK_SHARE: f64 = 0.5;

/// Frames for which memory is estimated, to tell what each takes.
const FEW_FRAMES: usize = 64;

/// Plans and transforms that are made to find the tuning, the pad mode and the length, as a rule.
const TUNING_SEARCH: (f64, f64) = (15.0, 210.0);
const PAD_MODE_SEARCH: (f64, f64) = (40.0, 1000.0);
const LENGTH_SEARCH: (f64, f64) = (48.0, 1500.0);

/// Frames that the last two look at.
const SEARCHED_FRAMES: f64 = 128.0;

/// Operations that every drawing may take: planning 200 filters of 2^18 samples.
const BASE_DRAWING_WORK: f64 = 3e10;

/// Memory of drawing for each sample of the sound: a dense grid's coefficients, phase and levels.
const DRAWING_BYTES_A_SAMPLE: f64 = 1024.0;

/// Operations of drawing for each sample: every frame a hop of 441 with FFTs of 2^18 points in two octaves.
const DRAWING_WORK_A_SAMPLE: f64 = 1e5;

/// Memory of drawing for each cell: coefficients, magnitudes, levels and phase.
const DRAWING_BYTES_OF_A_CELL: f64 = 64.0;

/// How much a job may take. Default: functions of the cells or samples, see each field.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Most memory, in millions of bytes. Default: 537 and 0.031 for each cell; for a sound to draw 0.001 for each sample;
    /// for an array in a file 268 and 256 times the file.
    pub max_memory_mb: Option<f64>,
    /// Most work, in billions of operations, of which a core does one to ten a second. Default: 2 and 0.02 for each cell;
    /// for a sound to draw 30 and 0.0001 for each sample.
    pub max_work: Option<f64>,
}

/// What a job would take, and what it may.
struct Asked {
    what: String,
    bytes: f64,
    work: f64,
    may_bytes: f64,
    may_work: f64,
    because: String,
}

impl Limits {
    /// Refuses a recovery of `bins` x `frames` cells in each of so many channels that takes too much. `length` is that of the
    /// sound, where it is known.
    ///
    /// # Errors
    /// [`Error::TooMuch`], or parameters that make no transform.
    pub(crate) fn check_recovery<'a>(
        &self,
        of: impl Into<Tempered<'a>>,
        (channels, frames): (usize, usize),
        length: Option<usize>,
    ) -> Result<(), Error> {
        let of = of.into();
        let params = &of.params;
        let (shortest, longest) = of.samples_from_frames(frames)?;
        let samples = length.filter(|length| (shortest..=longest).contains(length)).unwrap_or(longest).max(1);
        let cost = match Cqt::cost(of, samples) {
            Ok(cost) => cost,
            // Too short a sound is told where the length is resolved.
            Err(TransformError::TooShort { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        self.check(&recovery((channels, params.bins, frames), samples, &cost, because(params, samples, &cost)))
    }

    /// The same of a short-time Fourier transform.
    ///
    /// # Errors
    /// [`Error::TooMuch`].
    pub(crate) fn check_stft(
        &self,
        params: &StftParams,
        (channels, frames): (usize, usize),
        samples: usize,
    ) -> Result<(), Error> {
        let because = format!("the sound has {samples} samples at hop {}: check `hop` and `transform`", params.hop);
        self.check(&recovery((channels, params.rows(), frames), samples, &params.cost(frames), because))
    }

    /// Most iterations that the work of a recovery allows.
    ///
    /// # Errors
    /// Parameters that make no transform, or a sound too short for one.
    pub(crate) fn most_iterations(&self, of: Tempered<'_>, frames: usize, samples: usize) -> Result<usize, Error> {
        Ok(self.most_iterations_at(&Cqt::cost(of, samples)?, of.params.bins * frames, samples))
    }

    /// The same at a cost of the transform.
    pub(crate) fn most_iterations_at(&self, cost: &Cost, cells: usize, samples: usize) -> usize {
        let may_work = self.max_work.map_or(may_work(cells), |billions| billions * 1e9);
        (0.5 * may_work / iteration_work(cost, samples)).max(LEAST_ITERATIONS) as usize
    }

    /// Which of the unknowns are looked for: those whose search takes half of the work at most.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub(crate) fn searches<'a>(&self, of: impl Into<Tempered<'a>>, frames: usize) -> Result<Searches, Error> {
        let of = of.into();
        let params = &of.params;
        let (_, longest) = of.samples_from_frames(frames)?;
        let cost = match Cqt::cost(of, longest) {
            Ok(cost) => cost,
            Err(TransformError::TooShort { .. }) => return Ok(Searches::ALL),
            Err(error) => return Err(error.into()),
        };
        let may_work = self.max_work.map_or(may_work(params.bins * frames), |billions| billions * 1e9);
        let affords = |(plans, transforms): (f64, f64), frames_share: f64| {
            plans * cost.planning + transforms * cost.transform * frames_share <= 0.5 * may_work
        };
        let at_an_end = (SEARCHED_FRAMES / frames as f64).min(1.0);
        Ok(Searches {
            tuning: affords(TUNING_SEARCH, 1.0),
            pad_mode: affords(PAD_MODE_SEARCH, at_an_end),
            length: affords(LENGTH_SEARCH, at_an_end),
        })
    }

    /// Refuses to draw a sound of so many samples in each channel where that takes too much.
    ///
    /// # Errors
    /// [`Error::TooMuch`], or parameters that make no transform.
    pub(crate) fn check_drawing<'a>(
        &self,
        of: impl Into<Tempered<'a>>,
        samples: usize,
        channels: usize,
    ) -> Result<(), Error> {
        let of = of.into();
        let params = &of.params;
        let cost = match Cqt::cost(of, samples) {
            Ok(cost) => cost,
            Err(TransformError::TooShort { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let (length, times) = (samples as f64, channels as f64);
        let cells = params.bins as f64 * (1.0 + length / params.hop as f64);
        self.check(&Asked {
            what: format!("a picture of {samples} samples{}", of_channels(channels)),
            bytes: cost.bytes + DRAWING_BYTES_OF_A_CELL * cells * times,
            work: cost.planning + cost.transform * times,
            may_bytes: BASE_BYTES + DRAWING_BYTES_A_SAMPLE * length * times,
            may_work: BASE_DRAWING_WORK + DRAWING_WORK_A_SAMPLE * length * times,
            because: because(params, samples, &cost),
        })
    }

    /// Samples of a block where a recovery is done block by block: in blocks of `told_secs` seconds, else where one at once
    /// would take more memory than every job may. Then a block takes half of that. `None` where it is done at once.
    ///
    /// # Errors
    /// Parameters that make no transform.
    pub(crate) fn block_samples(
        &self,
        of: Tempered<'_>,
        (channels, frames): (usize, usize),
        told_secs: Option<f64>,
    ) -> Result<Option<usize>, Error> {
        let CqtParams { sr, hop, bins, .. } = of.params;
        let may = self.max_bytes().unwrap_or(BASE_BYTES);
        let bytes = |frames: usize| -> Result<f64, Error> {
            let cost = Cqt::cost(of, frames * hop)?;
            Ok(recovery((channels, bins, frames), frames * hop, &cost, String::new()).bytes)
        };
        // Memory grows by the frame.
        let (few, more) = (bytes(FEW_FRAMES)?, bytes(2 * FEW_FRAMES)?);
        let each = (more - few) / FEW_FRAMES as f64;
        let of_plan = few - each * FEW_FRAMES as f64;
        if let Some(secs) = told_secs {
            return Ok(Some(((secs * sr) as usize).max(hop)));
        }
        let of_block = ((BLOCK_SHARE * may - of_plan) / each).max(1.0) as usize;
        Ok((of_plan + each * frames as f64 > may).then_some(of_block * hop))
    }

    /// Most memory in bytes, if it was told.
    pub(crate) fn max_bytes(&self) -> Option<f64> {
        self.max_memory_mb.map(|megabytes| megabytes * 1e6)
    }

    fn check(&self, asked: &Asked) -> Result<(), Error> {
        let may_bytes = self.max_bytes().unwrap_or(asked.may_bytes);
        let may_work = self.max_work.map_or(asked.may_work, |billions| billions * 1e9);
        let refused = |needed: String, limit: String, advice: &'static str| {
            let (what, because) = (asked.what.clone(), asked.because.clone());
            Err(Error::TooMuch { what, needed, limit, because, advice })
        };
        if asked.bytes > may_bytes {
            let megabytes = |bytes: f64| format!("{:.0} MB of memory", Number(bytes / 1e6));
            return refused(megabytes(asked.bytes), megabytes(may_bytes), "raise the limit with `max-memory`");
        }
        if asked.work > may_work {
            let billions = |work: f64| format!("{:.0} billion operations", Number(work / 1e9));
            return refused(billions(asked.work), billions(may_work), "raise the limit with `max-work`");
        }
        Ok(())
    }
}

/// What a recovery of channels by rows by frames would take, all channels at once.
fn recovery((channels, rows, frames): (usize, usize, usize), samples: usize, cost: &Cost, because: String) -> Asked {
    let (cells, length, times) = ((rows * frames) as f64, samples as f64, channels as f64);
    Asked {
        what: format!("a recovery of {rows} x {frames} cells{}", of_channels(channels)),
        bytes: cost.bytes + times * (BYTES_A_SAMPLE * length + BYTES_OF_A_CELL * cells),
        work: cost.planning + times * 2.0 * LEAST_ITERATIONS * iteration_work(cost, samples),
        may_bytes: BASE_BYTES + times * BYTES_A_CELL * cells,
        may_work: BASE_WORK + times * WORK_A_CELL * cells,
        because,
    }
}

/// So many channels in words, where there are several.
fn of_channels(channels: usize) -> String {
    if channels > 1 { format!(" in each of {channels} channels") } else { String::new() }
}

/// Operations that the recovery of so many cells may take.
fn may_work(cells: usize) -> f64 {
    BASE_WORK + WORK_A_CELL * cells as f64
}

/// Operations of an iteration of the inverse.
fn iteration_work(cost: &Cost, samples: usize) -> f64 {
    2.0 * (cost.transform + WORK_OF_A_SAMPLE * samples as f64)
}

/// What makes a job large.
fn because(params: &CqtParams, samples: usize, cost: &Cost) -> String {
    let filter = cost.longest_filter;
    if filter > samples as f64 {
        return format!(
            "the longest filter spans {:.0} samples of a sound of {samples}: check `fmin`, `filter-scale`, \
             `bins-per-octave` and `sr`",
            Number(filter)
        );
    }
    format!(
        "the sound has {samples} samples at hop {}, and filters of up to {:.0}: check `hop` and `fmin`",
        params.hop,
        Number(filter)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(params: CqtParams, frames: usize) -> Result<(), Error> {
        Limits::default().check_recovery(&params, (1, frames), None)
    }

    #[test]
    fn settings_in_use_stay_allowed() {
        let usual = CqtParams::default();
        let sr = 44100.0;
        for (params, frames) in [
            (usual, 260),
            (CqtParams { sr, ..usual }, 25_000),
            (CqtParams { sr, hop: 441, ..usual }, 30_000),
            (CqtParams { sr: 16000.0, bins: 768, bins_per_octave: 96, fmin_hz: 27.5, hop: 256, ..usual }, 2_000),
            (CqtParams { sr, fmin_hz: 10.0, bins: 240, bins_per_octave: 24, ..usual }, 2_000),
            (CqtParams { sr, fmin_hz: 10.0, bins: 240, bins_per_octave: 24, hop: 441, ..usual }, 300),
            (CqtParams { sr: 96000.0, hop: 4096, ..usual }, 1_200),
            (CqtParams { hop: 64, bins: 192, bins_per_octave: 24, ..usual }, 20_000),
            (CqtParams { hop: 7, bins: 12, ..usual }, 6),
            (CqtParams { hop: 8192, ..usual }, 40),
        ] {
            assert!(checked(params, frames).is_ok(), "{params:?}, {frames} frames: {:?}", checked(params, frames));
        }
        let hour = 3600 * 44100;
        assert!(Limits::default().check_drawing(&CqtParams { sr, ..usual }, hour, 1).is_ok());
        assert!(Limits::default().check_drawing(&CqtParams { hop: 1, ..usual }, 22050, 2).is_ok());
    }

    /// So many channels may take as much of each as one may: a grid that is too much for one is for two.
    #[test]
    fn every_channel_counts() {
        let usual = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let hour = 3600 * 44100;
        assert!(Limits::default().check_drawing(&usual, hour, 8).is_ok());
        let told = |max_memory_mb, max_work| Limits { max_memory_mb, max_work };
        let needed = |limits: Limits, channels| limits.check_recovery(&usual, (channels, 2_000), None);
        // What is just enough for one channel is not for two, and the message says how many there are.
        let (memory, work) = (600.0, 30.0);
        for limits in [told(Some(memory), None), told(None, Some(work))] {
            assert!(needed(limits, 1).is_ok(), "{limits:?}: {:?}", needed(limits, 1));
            let message = needed(limits, 3).unwrap_err().to_string();
            assert!(message.contains("in each of 3 channels"), "{message}");
        }
        let drawing = told(Some(600.0), None);
        let minute = 300 * 44100;
        assert!(drawing.check_drawing(&usual, minute, 1).is_ok() && drawing.check_drawing(&usual, minute, 6).is_err());
    }

    #[test]
    fn what_would_not_fit_is_done_in_blocks() {
        let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
        let block = |secs: f64, limits: Limits, told: Option<f64>| {
            let frames = (secs * 44100.0 / 512.0) as usize;
            limits
                .block_samples(Tempered::from(&params), (1, frames), told)
                .unwrap()
                .map(|samples| samples as f64 / 44100.0)
        };
        let usual = Limits::default();
        assert_eq!(block(10.0, usual, None), None);
        // An hour and ten hours take the same.
        let hour = block(3600.0, usual, None).unwrap();
        assert!((8.0..14.0).contains(&hour) && block(36_000.0, usual, None) == Some(hour), "{hour} s");
        let more = Limits { max_memory_mb: Some(10_000.0), ..usual };
        assert_eq!(block(300.0, more, None), None);
        assert!((block(1.0, usual, Some(4.0)).unwrap() - 4.0).abs() < 1e-3);
    }

    #[test]
    fn a_few_cells_cannot_ask_for_hours_and_the_message_says_why() {
        let usual = CqtParams::default();
        for (params, frames, word) in [
            (CqtParams { hop: 29_000_000, bins: 9, ..usual }, 9, "`max-memory`"),
            (CqtParams { hop: 1_000_000, bins: 12, ..usual }, 9, "hop 1000000"),
            (CqtParams { filter_scale: 1000.0, ..usual }, 40, "`filter-scale`"),
            (CqtParams { fmin_hz: 0.1, hop: 511, ..usual }, 40, "`fmin`"),
        ] {
            let message = checked(params, frames).unwrap_err().to_string();
            assert!(message.contains(word), "{message}");
        }
        let long = CqtParams { hop: 100_000, bins: 12, ..usual };
        let raised = Limits { max_memory_mb: Some(1e6), max_work: Some(1e9) };
        assert!(raised.check_recovery(&CqtParams { hop: 1_000_000, ..long }, (1, 9), None).is_ok());
        let few = Limits::default().searches(&CqtParams { hop: 7, bins: 12, ..usual }, 6).unwrap();
        assert!(!few.pad_mode && !few.length, "{few:?}");
        for frames in [1, 10, 260, 10_000] {
            assert_eq!(Limits::default().searches(&usual, frames).unwrap(), Searches::ALL, "{frames} frames");
        }
        let lowered = Limits { max_memory_mb: Some(1.0), max_work: None };
        assert!(lowered.check_recovery(&long, (1, 9), None).is_err());
    }
}
