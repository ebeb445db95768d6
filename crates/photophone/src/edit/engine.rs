//! Gains to what has to be added to a sound.

use std::ops::Range;

use photophone_spectrum::StopFlag;
use photophone_transform::Complex;
use photophone_transform::gabor::{Change, Changer, SliceOptions, Slices};

use super::field::Field;
use super::surface::Surface;
use crate::Error;

/// How far from a changed coefficient its row can be heard, in cells: there Nuttall's window has fallen to -115 dB of its
/// peak or below. What is left beyond is taken as exactly nothing, so that samples there stay what they were.
pub(super) const TAIL_CELLS: f64 = 4.0;

/// What has to be added to a sound of one channel, and where that is not exactly zero.
pub(super) struct Difference {
    pub(super) samples: Vec<f64>,
    /// Samples that may change, in order, apart from each other.
    pub(super) reached: Vec<Range<usize>>,
}

/// What becomes of one channel.
pub(super) struct ChannelChange<'a> {
    /// What its coefficients are multiplied by.
    pub(super) gains: Box<dyn Field + 'a>,
    /// What is put elsewhere, as the gains that would take it away, and how many samples later it goes.
    pub(super) copies: Vec<(Box<dyn Field + 'a>, i64)>,
}

/// The transform in slices that sounds over a surface are changed by.
pub(super) struct Engine<'a> {
    surface: &'a Surface,
    slices: Slices<f64>,
    stop: StopFlag,
}

impl<'a> Engine<'a> {
    pub(super) fn new(surface: &'a Surface, stop: StopFlag) -> Result<Self, Error> {
        // One slice holds a short sound; it need be no longer.
        let (pad, usual) = Slices::<f64>::sizes(surface.params(), &SliceOptions::default())?;
        let whole = surface.samples().max(1) + 2 * pad;
        let options = SliceOptions { samples: Some(whole).filter(|&whole| whole < usual), ..SliceOptions::default() };
        Ok(Self { surface, slices: Slices::new(surface.params(), &options)?, stop })
    }

    /// What a change of one channel has to add.
    pub(super) fn change(&self, samples: &[f64], change: &ChannelChange<'_>) -> Result<Difference, Error> {
        let mut all = self.difference(samples, change.gains.as_ref())?;
        let mut reached: Vec<Range<i64>> =
            all.reached.iter().map(|range| range.start as i64..range.end as i64).collect();
        for (source, later) in &change.copies {
            let taken = self.difference(samples, source.as_ref())?;
            for range in &taken.reached {
                let range = range.start as i64 + later..range.end as i64 + later;
                let inside = range.start.clamp(0, samples.len() as i64)..range.end.clamp(0, samples.len() as i64);
                for at in inside {
                    // Taking it away would have added the opposite.
                    all.samples[at as usize] -= taken.samples[(at - later) as usize];
                }
                reached.push(range);
            }
        }
        all.reached = merged(reached, samples.len());
        Ok(all)
    }

    /// What has to be added to one channel for its coefficients to be multiplied by the field's gains.
    fn difference(&self, samples: &[f64], field: &dyn Field) -> Result<Difference, Error> {
        let mut gained = Gained::new(self, field);
        let mut found = Vec::with_capacity(samples.len());
        let mut changer = Changer::new(&self.slices);
        for block in samples.chunks(self.slices.block_samples()) {
            self.stop.check()?;
            changer.push(block, &mut gained, &mut |difference| found.extend_from_slice(difference))?;
        }
        changer.finish(&mut gained, &mut |difference| found.extend_from_slice(difference))?;
        let reached = merged(gained.reached, samples.len());
        let mut end = 0;
        for range in reached.iter().chain([&(samples.len()..samples.len())]) {
            found[end..range.start].fill(0.0);
            end = range.end;
        }
        Ok(Difference { samples: found, reached })
    }
}

/// Coefficients multiplied by gains.
struct Gained<'a> {
    field: &'a dyn Field,
    hops: Vec<usize>,
    /// How far each row is heard, in samples.
    tails: Vec<i64>,
    gains: Vec<f64>,
    reached: Vec<Range<i64>>,
}

impl<'a> Gained<'a> {
    fn new(engine: &Engine<'_>, field: &'a dyn Field) -> Self {
        let bands = engine.slices.plan().bands();
        let tail = |row| (TAIL_CELLS * engine.surface.cell_samples(row)).ceil() as i64;
        Self {
            field,
            hops: bands.iter().map(|band| band.hop).collect(),
            tails: (0..bands.len()).map(tail).collect(),
            gains: Vec::new(),
            reached: Vec::new(),
        }
    }

    /// Notes which samples a row's changed coefficients reach.
    fn note(&mut self, row: usize, first: i64) {
        let (hop, tail) = (self.hops[row] as i64, self.tails[row]);
        let mut run: Option<Range<i64>> = None;
        for (sample, gain) in (first..).step_by(self.hops[row]).zip(&self.gains) {
            if *gain == 1.0 {
                continue;
            }
            match &mut run {
                Some(run) if sample - tail <= run.end => run.end = sample + hop + tail,
                _ => self.reached.extend(run.replace(sample - hop - tail..sample + hop + tail)),
            }
        }
        self.reached.extend(run);
    }
}

impl Change<f64> for Gained<'_> {
    fn touches(&self, row: usize, samples: &Range<i64>) -> bool {
        self.field.touches(row, samples)
    }

    fn difference(&mut self, row: usize, first: i64, values: &mut [Complex<f64>]) {
        self.gains.clear();
        self.gains.resize(values.len(), 1.0);
        self.field.gains(row, first, self.hops[row], &mut self.gains);
        for (value, gain) in values.iter_mut().zip(&self.gains) {
            *value *= gain - 1.0;
        }
        self.note(row, first);
    }
}

/// The ranges' union, of samples from 0 to `end`.
pub(super) fn merged(mut ranges: Vec<Range<i64>>, end: usize) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        let range = range.start.clamp(0, end as i64) as usize..range.end.clamp(0, end as i64) as usize;
        match all.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_joined_and_cut() {
        assert_eq!(merged(vec![90..200, 5..7, -9..3, 3..4, 300..400], 100), [0..4, 5..7, 90..100]);
        assert_eq!(merged(vec![-9..0, 7..7], 100), []);
    }
}
