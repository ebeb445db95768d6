//! resampy's Kaiser-windowed sinc filters (librosa 0.9 and earlier).

use std::f64::consts::PI;

use crate::window::bessel_i0;

/// A resampy filter: a sinc that is cut after `zero_crossings` and tapered by a Kaiser window.
///
/// Source: resampy 0.2.2, `filters.py`, `sinc_window`; the parameters reproduce the shipped
/// tables `kaiser_fast` and `kaiser_best` to 1.3e-15.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct KaiserFilter {
    zero_crossings: usize,
    beta: f64,
    rolloff: f64,
}

impl Eq for KaiserFilter {}

/// Entries of resampy's table for each zero crossing: bounds the factor that it can decimate by.
const TABLE_STEPS: usize = 512;

impl KaiserFilter {
    /// `kaiser_fast`.
    pub(crate) const FAST: Self = Self { zero_crossings: 16, beta: 8.555504641634386, rolloff: 0.85 };
    /// `kaiser_best`.
    pub(crate) const BEST: Self = Self { zero_crossings: 64, beta: 14.769656459379492, rolloff: 0.9475937167399596 };

    /// Passband edge as a fraction of the Nyquist frequency.
    pub(crate) fn rolloff(self) -> f64 {
        self.rolloff
    }

    /// Taps at lags 0 and up of the response that decimates by `factor` (at most 512).
    pub(super) fn half_response(self, factor: usize) -> Vec<f64> {
        let factor = factor.min(TABLE_STEPS);
        let taper_0 = bessel_i0(self.beta);
        // resampy's loop ends before its table's last entry, so that lag stays out.
        (0..self.zero_crossings * factor)
            .map(|lag| {
                let zeros = lag as f64 / factor as f64;
                let edge = zeros / self.zero_crossings as f64;
                let taper = bessel_i0(self.beta * (1.0 - edge * edge).max(0.0).sqrt()) / taper_0;
                self.rolloff * sinc(self.rolloff * zeros) * taper / factor as f64
            })
            .collect()
    }
}

/// `sin(pi x) / (pi x)`.
fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAST_TABLE: [(usize, f64); 4] =
        [(0, 0.85), (1, 0.6166043268285959), (7, 0.005874102559630261), (31, -3.705156545068236e-05)];
    const BEST_TABLE: [(usize, f64); 4] =
        [(0, 0.9475937167399596), (1, 0.6341878970614925), (50, -0.0033985934432592324), (127, 1.9432677903748936e-08)];

    #[test]
    fn matches_the_tables_that_resampy_ships() {
        // resampy 0.2.2: half_window[256 * lag].
        let fast = KaiserFilter::FAST.half_response(2);
        for (lag, want) in FAST_TABLE {
            assert!((2.0 * fast[lag] - want).abs() < 1e-13, "{lag}: {}", 2.0 * fast[lag]);
        }
        let best = KaiserFilter::BEST.half_response(2);
        for (lag, want) in BEST_TABLE {
            assert!((2.0 * best[lag] - want).abs() < 1e-13, "{lag}: {}", 2.0 * best[lag]);
        }
        assert_eq!((fast.len(), best.len()), (32, 128));
        let gain = fast[0] + 2.0 * fast[1..].iter().sum::<f64>();
        assert!((gain - 1.0000281273908893).abs() < 1e-12, "{gain}");
    }
}
