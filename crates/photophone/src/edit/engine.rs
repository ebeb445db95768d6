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

/// Some samples of a channel, in double precision.
pub(super) type Samples<'a> = dyn Fn(Range<usize>) -> Vec<f64> + 'a;

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

/// Plans the transform that sounds over a surface are changed by: most of what an edit of a short sound takes.
pub(super) fn plan(surface: &Surface) -> Result<Slices<f64>, Error> {
    // One slice holds a short sound; it need be no longer.
    let (pad, usual) = Slices::<f64>::sizes(surface.params(), &SliceOptions::default())?;
    let whole = surface.samples().max(1) + 2 * pad;
    let options = SliceOptions { samples: Some(whole).filter(|&whole| whole < usual), ..SliceOptions::default() };
    Ok(Slices::new(surface.params(), &options)?)
}

impl<'a> Engine<'a> {
    pub(super) fn new(surface: &'a Surface, stop: StopFlag) -> Result<Self, Error> {
        Ok(Self { surface, slices: plan(surface)?, stop })
    }

    /// With the surface's [`plan`].
    pub(super) fn planned(surface: &'a Surface, slices: Slices<f64>, stop: StopFlag) -> Self {
        Self { surface, slices, stop }
    }

    /// What a change of one channel has to add.
    pub(super) fn change(&self, samples: &Samples<'_>, change: &ChannelChange<'_>) -> Result<Difference, Error> {
        let end = self.surface.samples();
        let mut all = self.difference(samples, change.gains.as_ref())?;
        let mut reached: Vec<Range<i64>> =
            all.reached.iter().map(|range| range.start as i64..range.end as i64).collect();
        for (source, later) in &change.copies {
            let taken = self.difference(samples, source.as_ref())?;
            for range in &taken.reached {
                let range = range.start as i64 + later..range.end as i64 + later;
                let inside = range.start.clamp(0, end as i64)..range.end.clamp(0, end as i64);
                for at in inside {
                    // Taking it away would have added the opposite.
                    all.samples[at as usize] -= taken.samples[(at - later) as usize];
                }
                reached.push(range);
            }
        }
        all.reached = merged(reached, end);
        Ok(all)
    }

    /// What has to be added to one channel for its coefficients to be multiplied by the field's gains. Only blocks that
    /// change are transformed, and of the others only those beside them are looked at.
    fn difference(&self, samples: &Samples<'_>, field: &dyn Field) -> Result<Difference, Error> {
        let (block, end) = (self.slices.block_samples(), self.surface.samples());
        let mut found = vec![0.0; end];
        let Some((first, last)) = self.changed_blocks(field) else {
            return Ok(Difference { samples: found, reached: Vec::new() });
        };
        // Blocks ring into those beside them: of a signal that began with the first one, what rings before it would be lost.
        let (first, last) = (first.saturating_sub(1) * block, ((last + 2) * block).min(end));
        let mut gained = Gained::new(self, field, first as i64);
        let mut at = first;
        let mut take = |difference: &[f64]| {
            found[at..at + difference.len()].copy_from_slice(difference);
            at += difference.len();
        };
        let mut changer = Changer::new(&self.slices);
        for from in (first..last).step_by(block) {
            self.stop.check()?;
            changer.push(&samples(from..last.min(from + block)), &mut gained, &mut take)?;
        }
        changer.finish(&mut gained, &mut take)?;
        let reached = merged(gained.reached, end);
        let mut from = first;
        for range in reached.iter().chain([&(end..end)]) {
            found[from..range.start.clamp(from, last)].fill(0.0);
            from = range.end.clamp(from, last);
        }
        Ok(Difference { samples: found, reached })
    }

    /// The first and the last block of the sound that the field changes.
    fn changed_blocks(&self, field: &dyn Field) -> Option<(usize, usize)> {
        let (period, rows) = (self.slices.plan().period() as i64, self.slices.plan().bands().len());
        let is_changed = |block: &usize| {
            let first = self.slices.first_sample(*block as u64);
            (0..rows).any(|row| field.touches(row, &(first..first + period)))
        };
        let mut blocks = 0..self.surface.samples().div_ceil(self.slices.block_samples());
        let first = blocks.find(is_changed)?;
        Some((first, blocks.rev().find(is_changed).unwrap_or(first)))
    }
}

/// Coefficients multiplied by gains.
struct Gained<'a> {
    field: &'a dyn Field,
    /// The sample of the sound that the changer's first one is.
    origin: i64,
    hops: Vec<usize>,
    /// How far each row is heard, in samples.
    tails: Vec<i64>,
    gains: Vec<f64>,
    reached: Vec<Range<i64>>,
}

impl<'a> Gained<'a> {
    fn new(engine: &Engine<'_>, field: &'a dyn Field, origin: i64) -> Self {
        let bands = engine.slices.plan().bands();
        let tail = |row| (TAIL_CELLS * engine.surface.cell_samples(row)).ceil() as i64;
        Self {
            field,
            origin,
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
        self.field.touches(row, &(samples.start + self.origin..samples.end + self.origin))
    }

    fn difference(&mut self, row: usize, first: i64, values: &mut [Complex<f64>]) {
        let first = first + self.origin;
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
