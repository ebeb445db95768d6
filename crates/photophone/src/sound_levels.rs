//! The levels of a sound for a screen: a byte a cell, at every zoom.

use std::ops::Range;

use num_complex::Complex;
use photophone_transform::StopFlag;
use photophone_transform::gabor::{Analyser, GaborParams, RaggedCells, SliceOptions, Slices};

use crate::Error;
use crate::files::Sound;

/// Level of byte 0, in dB of a full-scale sinusoid: everything below lies there too.
const FLOOR_DB: f32 = -120.0;

/// Bytes a dB: half a dB is less than the eye tells apart in any palette.
const BYTES_A_DB: f32 = 2.0;

/// Shortest time from a frame to the next, in seconds: a power of two of samples at or above it, 256 at 44.1 kHz.
const LEAST_HOP_SECS: f64 = 0.0035;

/// Most cells of the finest zoom; longer sounds have longer frames. All zooms take twice as many bytes.
const MOST_CELLS: usize = 1 << 26;

/// Samples that are analysed at a time.
const PIECE: usize = 1 << 16;

/// Fewest frames of the coarsest zoom.
const COARSEST: usize = 512;

/// The levels of a sound, of its channels' mean, in the rows of the exact constant-Q transform
/// ([`gabor`](crate::gabor)), the lowest first, by frames of one hop.
///
/// A byte `b` stands for `b / 2 - 120` dB, 0 dB being a sinusoid of full scale. A cell is the loudest coefficient in it;
/// where a row has fewer coefficients than frames, the modulus between two is interpolated. Zoom `z` has a frame for `2^z`
/// of the finest and shows the loudest of them, so that a click stays in sight.
#[derive(Clone, Debug)]
pub struct SoundLevels {
    centres_hz: Vec<f64>,
    hop: usize,
    frames: usize,
    /// Frame by frame, of each zoom.
    zooms: Vec<Vec<u8>>,
    slices: Slices<f32>,
}

impl SoundLevels {
    /// Analyses a sound. Cost: about 25 million samples a second on one core; memory 2 bytes a cell. `progress` is told the
    /// share that is done.
    ///
    /// # Errors
    /// [`Error::Interrupted`] once `stop` is set, and a sample rate that the transform has too few bands for.
    pub fn new(sound: &Sound, stop: &StopFlag, progress: impl FnMut(f64)) -> Result<Self, Error> {
        Self::within(sound, MOST_CELLS, stop, progress)
    }

    fn within(sound: &Sound, most: usize, stop: &StopFlag, progress: impl FnMut(f64)) -> Result<Self, Error> {
        let params = GaborParams { sr: f64::from(sound.sample_rate_hz), ..GaborParams::default() };
        let slices = Slices::<f32>::new(&params, &SliceOptions::default())?;
        let rows = slices.plan().bands().len();
        let hop = hop_of(&params, (rows, sound.frames()), most);
        let slices = of_whole_frames(slices, &params, hop)?;
        let frames = sound.frames().div_ceil(hop);
        let mut levels = Plane { hop, frames, rows, cells: vec![0; frames * rows] };
        levels.draw(sound, &slices, (0..sound.frames(), 0..usize::MAX), stop, progress)?;
        let centres_hz = slices.plan().bands().iter().map(|band| band.centre_hz).collect();
        Ok(Self { centres_hz, hop, frames, zooms: pyramid(levels.cells, rows), slices })
    }

    /// The levels of a sound of the same rate and length that differs from the one of these in some samples alone, `changed`
    /// from the first to behind the last: the same as [`SoundLevels::new`]. Cost: analysing those and some ten seconds around
    /// them, and copying the rest.
    ///
    /// # Errors
    /// As [`SoundLevels::new`].
    pub fn redrawn(&self, sound: &Sound, changed: Range<usize>, stop: &StopFlag) -> Result<Self, Error> {
        if self.frames != sound.frames().div_ceil(self.hop) {
            return Self::new(sound, stop, |_| ());
        }
        let (block, pad, rows) = (self.slices.block_samples(), self.slices.pad_samples(), self.centres_hz.len());
        // Of each block the coefficients begin a pad before its samples, and samples are heard a pad away.
        let kept = changed.start / block..(changed.end + 2 * pad) / block + 1;
        let fed = kept.start.saturating_sub(1) * block..(kept.end * block).min(sound.frames());
        let mut zooms = self.zooms.clone();
        let Some(finest) = zooms.first_mut() else { return Ok(self.clone()) };
        let cells = std::mem::take(finest);
        let mut levels = Plane { hop: self.hop, frames: self.frames, rows, cells };
        levels.draw(sound, &self.slices, (fed, kept.clone()), stop, |_| ())?;
        *finest = levels.cells;
        let first = (kept.start * block).saturating_sub(pad) / self.hop;
        let mut drawn = first..(kept.end * block / self.hop).min(self.frames);
        for zoom in 1..zooms.len() {
            drawn = drawn.start / 2..drawn.end.div_ceil(2);
            let (finer, coarser) = zooms.split_at_mut(zoom);
            if let (Some(finer), Some(coarser)) = (finer.last(), coarser.first_mut()) {
                loudest_of_pairs(finer, rows, drawn.clone(), coarser);
            }
        }
        Ok(Self { zooms, ..self.clone() })
    }

    /// The centre of each row, in Hz, rising.
    pub fn centres_hz(&self) -> &[f64] {
        &self.centres_hz
    }

    /// Samples from a frame to the next, at the finest zoom. Frame `n` shows samples `n hop` to `(n + 1) hop`.
    pub fn hop(&self) -> usize {
        self.hop
    }

    /// Frames of the finest zoom.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// How many zooms there are.
    pub fn zooms(&self) -> usize {
        self.zooms.len()
    }

    /// What byte 0 stands for, in dB, and how many bytes are a dB.
    pub fn scale() -> (f32, f32) {
        (FLOOR_DB, BYTES_A_DB)
    }

    /// Frames `first` to `first + count` of a zoom, one after the other, as far as there are any.
    pub fn frames_of(&self, zoom: usize, first: usize, count: usize) -> &[u8] {
        let rows = self.centres_hz.len();
        let Some(cells) = self.zooms.get(zoom) else { return &[] };
        let end = first.saturating_add(count).saturating_mul(rows).min(cells.len());
        cells.get(first.saturating_mul(rows)..end).unwrap_or(&[])
    }

    /// The loudest byte.
    pub fn loudest(&self) -> u8 {
        self.zooms.last().and_then(|cells| cells.iter().max().copied()).unwrap_or(0)
    }
}

/// The mean of the channels in some samples.
fn mixed(sound: &Sound, samples: Range<usize>) -> Vec<f32> {
    let share = 1.0 / sound.channels.len().max(1) as f32;
    samples.map(|n| share * sound.channels.iter().map(|channel| channel[n]).sum::<f32>()).collect()
}

/// Samples a frame: a power of two, so that it and the bands' hops divide each other.
fn hop_of(params: &GaborParams, (rows, samples): (usize, usize), most: usize) -> usize {
    let mut hop = ((LEAST_HOP_SECS * params.sr) as usize).max(1).next_power_of_two();
    while samples.div_ceil(hop) * rows > most {
        hop *= 2;
    }
    hop
}

/// Slices whose blocks begin and end with a frame: one across a border would be in neither.
fn of_whole_frames(slices: Slices<f32>, params: &GaborParams, hop: usize) -> Result<Slices<f32>, Error> {
    let (pad, block) = (slices.pad_samples(), slices.block_samples());
    if pad % hop == 0 && block % hop == 0 {
        return Ok(slices);
    }
    // Half a sample less, since the padding is rounded up.
    let padding_secs = (pad.next_multiple_of(hop) as f64 - 0.5) / params.sr;
    // What a multiple of the hop is rounded up to would be none.
    let samples = (pad.next_multiple_of(hop) * 6).next_power_of_two().max(8 * hop);
    Ok(Slices::new(params, &SliceOptions { padding_secs: Some(padding_secs), samples: Some(samples) })?)
}

/// The finest zoom while it is filled.
struct Plane {
    hop: usize,
    frames: usize,
    rows: usize,
    cells: Vec<u8>,
}

impl Plane {
    /// Analyses samples `fed` of a sound, of which the first one is a block's, and fills the frames of the blocks `kept`.
    fn draw(
        &mut self,
        sound: &Sound,
        slices: &Slices<f32>,
        (fed, kept): (Range<usize>, Range<usize>),
        stop: &StopFlag,
        mut progress: impl FnMut(f64),
    ) -> Result<(), Error> {
        let hops: Vec<usize> = slices.plan().bands().iter().map(|band| band.hop).collect();
        let step = slices.block_samples();
        let mut number = fed.start / step;
        let mut analyser = Analyser::new(slices);
        let mut take = |block: &mut RaggedCells<f32>| {
            if kept.contains(&number) {
                self.fill(block, &hops, (slices.first_sample(number as u64), step));
            }
            number += 1;
        };
        for from in fed.clone().step_by(PIECE) {
            stop.check()?;
            progress((from - fed.start) as f64 / fed.len() as f64);
            analyser.push(&mixed(sound, from..fed.end.min(from + PIECE)), &mut take)?;
        }
        analyser.finish(&mut take)?;
        Ok(())
    }

    /// Fills the frames that a block of coefficients holds, the first of which belongs to sample `first`.
    fn fill(&mut self, block: &RaggedCells<f32>, hops: &[usize], (first, samples): (i64, usize)) {
        let hop = self.hop as i64;
        let from = first.div_euclid(hop) + i64::from(first.rem_euclid(hop) != 0);
        let frames = from.max(0)..(first + samples as i64).div_euclid(hop).min(self.frames as i64);
        for (row, &row_hop) in hops.iter().enumerate() {
            let coefficients = block.row(row);
            for frame in frames.clone() {
                let start = (frame * hop - first) as usize;
                let power = if row_hop <= self.hop {
                    loudest(coefficients, start / row_hop, self.hop / row_hop)
                } else {
                    between(coefficients, (start as f32 + 0.5 * self.hop as f32) / row_hop as f32)
                };
                self.cells[frame as usize * self.rows + row] = byte_from_power(power);
            }
        }
    }
}

fn loudest(coefficients: &[Complex<f32>], from: usize, count: usize) -> f32 {
    let some = coefficients.iter().skip(from).take(count);
    some.map(Complex::norm_sqr).fold(0.0, f32::max)
}

/// The power at a place between two coefficients, their moduli joined by a line.
fn between(coefficients: &[Complex<f32>], at: f32) -> f32 {
    let modulus = |n: usize| coefficients.get(n.min(coefficients.len().saturating_sub(1))).map_or(0.0, |c| c.norm());
    let (n, share) = (at as usize, at.fract());
    let modulus = modulus(n) * (1.0 - share) + modulus(n + 1) * share;
    modulus * modulus
}

fn byte_from_power(power: f32) -> u8 {
    let db = 10.0 * power.max(f32::MIN_POSITIVE).log10();
    ((db - FLOOR_DB) * BYTES_A_DB).round().clamp(0.0, 255.0) as u8
}

/// All zooms, the finest first: each the loudest of two frames of the one before.
fn pyramid(finest: Vec<u8>, rows: usize) -> Vec<Vec<u8>> {
    let mut zooms = vec![finest];
    while let Some(last) = zooms.last().filter(|last| last.len() > COARSEST * rows) {
        let frames = last.len().div_ceil(2 * rows);
        let mut next = vec![0; frames * rows];
        loudest_of_pairs(last, rows, 0..frames, &mut next);
        zooms.push(next);
    }
    zooms
}

/// Makes some frames of a zoom of the one that is finer.
fn loudest_of_pairs(finer: &[u8], rows: usize, frames: Range<usize>, coarser: &mut [u8]) {
    let pairs = finer.chunks(2 * rows).zip(coarser.chunks_mut(rows));
    for (pair, frame) in pairs.skip(frames.start).take(frames.len()) {
        let (one, other) = pair.split_at(rows.min(pair.len()));
        for (row, level) in frame.iter_mut().enumerate() {
            *level = one[row].max(other.get(row).copied().unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;
    use std::sync::Arc;

    use super::*;

    fn tone(hz: f64, secs: f64, amplitude: f64) -> Sound {
        let samples: Vec<f64> =
            (0..(secs * 44_100.0) as usize).map(|n| amplitude * (TAU * hz * n as f64 / 44_100.0).sin()).collect();
        Sound::from_mono(44_100, &samples)
    }

    fn nearest(levels: &SoundLevels, hz: f64) -> usize {
        let distance = |row: &usize| (levels.centres_hz()[*row] - hz).abs();
        (0..levels.centres_hz().len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap()
    }

    #[test]
    fn a_tone_stands_in_its_row_at_its_level_at_every_zoom() {
        let levels = SoundLevels::new(&tone(440.0, 4.0, 0.1), &StopFlag::default(), |_| ()).unwrap();
        let (rows, row) = (levels.centres_hz().len(), nearest(&levels, 440.0));
        assert_eq!((levels.hop(), levels.frames(), levels.zooms()), (256, 690, 2));
        for zoom in 0..2 {
            let cells = levels.frames_of(zoom, 0, usize::MAX);
            let middle = &cells[(cells.len() / rows / 2) * rows..][..rows];
            // -20 dB.
            assert_eq!(middle[row], 200, "zoom {zoom}");
            assert!(middle[row - 20] < 100 && middle[row + 20] < 100, "zoom {zoom}");
        }
        assert_eq!(levels.loudest(), 200);
        assert_eq!(levels.frames_of(0, 689, 10).len(), rows);
        assert!(levels.frames_of(0, 690, 1).is_empty() && levels.frames_of(9, 0, 1).is_empty());
    }

    /// Where a sound is so long that its frames are longer than the bands' hops, blocks would begin and end within one.
    #[test]
    fn no_frame_is_left_out_where_frames_are_long() {
        let sound = tone(440.0, 20.0, 0.1);
        for hop in [512, 1024, 8192] {
            let rows =
                SoundLevels::new(&tone(440.0, 0.1, 0.1), &StopFlag::default(), |_| ()).unwrap().centres_hz().len();
            let most = sound.frames().div_ceil(hop) * rows;
            let levels = SoundLevels::within(&sound, most, &StopFlag::default(), |_| ()).unwrap();
            assert_eq!(levels.hop(), hop);
            let (cells, row) = (levels.frames_of(0, 0, usize::MAX), nearest(&levels, 440.0));
            // The tone begins and ends with a click.
            let ends = 44_100 / hop + 1;
            let is_low = |frame: &usize| cells[frame * rows + row] != 200;
            let low: Vec<usize> = (ends..levels.frames() - ends).filter(is_low).collect();
            assert!(low.is_empty(), "hop {hop}: frames {low:?} of {}", levels.frames());
        }
    }

    /// Two slices and more, a click near the border of the first.
    #[test]
    fn a_click_stays_in_sight_at_the_coarsest_zoom_and_in_its_frame() {
        let mut sound = tone(440.0, 14.0, 0.0);
        let at = 430_000;
        sound.channels[0][at] = 1.0;
        let levels = SoundLevels::new(&sound, &StopFlag::default(), |_| ()).unwrap();
        let (rows, row) = (levels.centres_hz().len(), nearest(&levels, 9000.0));
        for zoom in 0..levels.zooms() {
            let cells = levels.frames_of(zoom, 0, usize::MAX);
            let of_row: Vec<u8> = cells.chunks(rows).map(|frame| frame[row]).collect();
            let loudest = (0..of_row.len()).max_by_key(|&frame| of_row[frame]).unwrap();
            assert_eq!(loudest, at / (levels.hop() << zoom), "zoom {zoom}");
            assert!(of_row[loudest] > 100, "zoom {zoom}: {}", of_row[loudest]);
        }
    }

    /// Changes in the first block, over the border of two, and in the last one.
    #[test]
    fn levels_that_are_redrawn_are_those_of_the_sound() {
        let before = Sound { sample_rate_hz: 8000, ..tone(440.0, 10.0, 0.1) };
        let levels = SoundLevels::new(&before, &StopFlag::default(), |_| ()).unwrap();
        let block = levels.slices.block_samples();
        let end = before.frames();
        assert!(levels.zooms() > 3 && end > 3 * block);
        for changed in [0..1000, block - 5..block + 5000, 2 * block - 1..2 * block, end - 300..end, 5..end] {
            let mut sound = before.clone();
            sound.channels[0][changed.clone()].iter_mut().for_each(|sample| *sample = -0.5 * *sample + 0.01);
            let redrawn = levels.redrawn(&sound, changed.clone(), &StopFlag::default()).unwrap();
            let anew = SoundLevels::new(&sound, &StopFlag::default(), |_| ()).unwrap();
            assert!(redrawn.zooms == anew.zooms, "{changed:?}");
            assert!(redrawn.zooms != levels.zooms, "{changed:?}");
        }
    }

    #[test]
    fn a_flag_ends_it_and_silence_and_few_samples_are_no_errors() {
        let flag = Arc::new(std::sync::atomic::AtomicBool::new(true));
        let stopped = SoundLevels::new(&tone(440.0, 1.0, 0.5), &StopFlag::new(flag), |_| ());
        assert!(matches!(stopped, Err(Error::Interrupted)));
        for samples in [1, 100, 300] {
            let sound = Sound::from_mono(8000, &vec![0.0; samples]);
            let levels = SoundLevels::new(&sound, &StopFlag::default(), |_| ()).unwrap();
            assert_eq!((levels.loudest(), levels.frames()), (0, samples.div_ceil(levels.hop())));
        }
    }
}
