//! The constant-Q transform behind the seam.

use std::ops::Range;

use num_complex::Complex;

use super::plan::Cqt;
use super::scratch::Scratch;
use crate::analysis::{Analysis, Cells, Channel, Channels, Part, Spacing, Worker};
use crate::{PadMode, TransformError};

impl Analysis for Cqt {
    fn samples(&self) -> usize {
        Self::samples(self)
    }

    fn shape(&self) -> (usize, usize) {
        Self::shape(self)
    }

    fn channels(&self) -> &Channels {
        self.channels.get_or_init(|| channels(self))
    }

    fn transfer(&self, row: usize, hz: f64) -> Complex<f64> {
        Self::transfer(self, row, hz)
    }

    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(CqtWorker { plan: self, scratch: Scratch::default() })
    }

    fn part(&self, rows: Range<usize>) -> Option<Box<dyn Part + '_>> {
        let above = self.octaves().take_while(|(bins, ..)| bins.start >= rows.end).count();
        let below = self.octaves().any(|(bins, ..)| bins.end <= rows.start);
        let is_whole = above == 0 && !below && self.early.is_none();
        if is_whole || rows.is_empty() || rows.end > self.shape().0 {
            return None;
        }
        let plan = self.lower_octaves(above).upper_octaves(rows.start);
        let end = self.octaves().nth(above).map_or(0, |(bins, ..)| bins.end);
        Some(Box::new(CqtPart { whole: self, above, rows: end - plan.shape().0..end, plan }))
    }

    fn mirror(&self) -> Option<Vec<f64>> {
        let (_, frames) = self.shape();
        let last_frame = (frames.saturating_sub(1) * self.params.hop) as f64;
        let is_mirrored = self.params.pad_mode == PadMode::Reflect && frames > 1;
        is_mirrored.then(|| self.last_samples().into_iter().map(|last| last - last_frame).collect())
    }
}

fn channels(plan: &Cqt) -> Channels {
    let params = plan.params();
    let (lengths, peaks) = (plan.filter_lengths(), plan.peak_responses());
    let mut rows: Vec<Channel> = (plan.hz_from_bin().iter().zip(bands_hz(plan)).zip(lengths.iter().zip(peaks)))
        .map(|((&centre_hz, band_hz), (&length, peak))| Channel {
            centre_hz,
            band_hz,
            length,
            peak,
            nyquist_hz: 0.0,
            phase_origin: 0.0,
        })
        .collect();
    for (bins, sr, _) in plan.octaves() {
        let decimation = params.sr / sr;
        for row in &mut rows[bins] {
            row.nyquist_hz = sr / 2.0;
            // The samples run from floor(-L/2) to below floor(L/2), and the transform has them the other way round.
            let half = row.length / decimation / 2.0;
            row.phase_origin = 0.5 * ((-half).floor() + half.floor()) * decimation;
        }
    }
    Channels { sample_rate_hz: params.sr, hop: params.hop, window: params.window, spacing: Spacing::Logarithmic, rows }
}

/// Distance from each bin to the next; the last one's ratio is that of the one before.
fn bands_hz(plan: &Cqt) -> Vec<f64> {
    let centres = plan.hz_from_bin();
    let last = centres.len().saturating_sub(1);
    let step = |k: usize| match k {
        0 if last == 0 => (1.0 / plan.params().bins_per_octave as f64).exp2() - 1.0,
        _ if k == last => centres[k] / centres[k - 1] - 1.0,
        _ => centres[k + 1] / centres[k] - 1.0,
    };
    (0..centres.len()).map(|k| centres[k] * step(k)).collect()
}

/// A transform at work.
struct CqtWorker<'a> {
    plan: &'a Cqt,
    scratch: Scratch,
}

impl Worker for CqtWorker<'_> {
    fn forward(&mut self, samples: &[f64], cells: &mut Cells) -> Result<(), TransformError> {
        self.plan.forward_into(samples, cells, &mut self.scratch)
    }

    fn adjoint(&mut self, cells: &Cells, samples: &mut [f64]) -> Result<(), TransformError> {
        self.plan.adjoint_into(cells, samples, &mut self.scratch)
    }
}

/// Some octaves of a transform.
#[derive(Debug)]
struct CqtPart<'a> {
    whole: &'a Cqt,
    plan: Cqt,
    /// How many octaves of the whole lie above.
    above: usize,
    rows: Range<usize>,
}

impl Part for CqtPart<'_> {
    fn analysis(&self) -> &dyn Analysis {
        &self.plan
    }

    fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    fn restrict(&self, samples: &[f64]) -> Vec<f64> {
        self.whole.halved(self.above, samples)
    }

    fn prolong(&self, samples: &[f64]) -> Vec<f64> {
        self.whole.doubled(self.above, samples)
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::testing::check_analysis;
    use crate::{Cqt, CqtParams, Gamma, LibrosaVersion, PadMode};

    #[test]
    fn conforms() {
        let low = CqtParams { fmin_hz: 200.0, bins: 40, hop: 128, ..CqtParams::default() };
        for params in [
            low,
            CqtParams { sr: 44100.0, bins: 36, ..low },
            CqtParams { pad_mode: PadMode::Reflect, librosa: LibrosaVersion::V0_6, ..low },
            CqtParams { gamma: Gamma::Erb, ..low },
            CqtParams { bins: 1, fmin_hz: 1000.0, ..low },
        ] {
            check_analysis(&|samples| Box::new(Cqt::new(&params, samples).unwrap()), 24_000);
        }
        let ratios: Vec<f64> =
            [16.0, 17.0, 18.0, 19.0, 20.0, 21.5, 23.0, 24.0, 25.5, 27.0, 28.5, 30.0].map(|n| n / 16.0).to_vec();
        check_analysis(&|samples| Box::new(Cqt::with_ratios(&low, &ratios, samples).unwrap()), 24_000);
    }
}
