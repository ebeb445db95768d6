//! Rows that transforms have: where each begins and ends on an axis of frequencies.

use photophone_spectrum::{FrequencyScale, MelScale};

/// Numbers of mel bands: from a coarse picture to as many as there are pixels.
const MEL_BANDS: std::ops::RangeInclusive<usize> = 12..=512;
/// Upper ends of banks of mel filters, in Hz: half of common rates, and round numbers.
const MEL_TOPS: [f64; 16] = [
    8000.0, 11025.0, 22050.0, 4000.0, 12000.0, 16000.0, 24000.0, 10000.0, 7600.0, 7000.0, 6000.0, 5000.0, 3800.0,
    14000.0, 15000.0, 20000.0,
];
/// Lower ends, in Hz.
const MEL_BOTTOMS: [f64; 8] = [0.0, 20.0, 30.0, 40.0, 50.0, 80.0, 125.0, 300.0];
/// Constant-Q bins in an octave.
const BINS_PER_OCTAVE: [usize; 8] = [12, 24, 36, 48, 60, 72, 84, 96];
/// Rows of STFTs: half of a power of two and one; and of other matrices that are drawn as if they were STFTs.
const STFT_ROWS: [usize; 14] = [1025, 513, 257, 2049, 129, 4097, 65, 201, 401, 64, 80, 128, 40, 256];

/// What rows are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Stft {
        rate: u32,
        n_fft: usize,
    },
    Mel {
        bands: usize,
        fmin: f64,
        fmax: f64,
        scale: MelScale,
    },
    Cqt {
        bins_per_octave: usize,
        fmin: f64,
    },
    /// Equally high rows of whatever.
    Uniform,
}

/// Rows with their edges, from the lowest to the highest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows {
    pub(crate) kind: Kind,
    /// How its outermost edges are made, where that tells the time of drawing.
    pub(crate) outer: Option<Outer>,
    pub(crate) edges_hz: Vec<f64>,
}

impl Rows {
    pub(crate) fn count(&self) -> usize {
        self.edges_hz.len() - 1
    }

    pub(crate) fn low_hz(&self) -> f64 {
        self.edges_hz[0]
    }

    pub(crate) fn high_hz(&self) -> f64 {
        self.edges_hz[self.edges_hz.len() - 1]
    }

    /// Places of the edges on a scale.
    pub(crate) fn places(&self, scale: FrequencyScale) -> Vec<f64> {
        self.edges_hz.iter().map(|&hz| scale.place_from_hz(hz)).collect()
    }
}

/// How a mesh's outermost edges are made of the rows' centres.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outer {
    /// As far beyond the centres as the next edges are before them: `pcolormesh` with `shading="auto"`, librosa from 0.9 on.
    Beyond,
    /// At the centres: librosa to 0.8 (`__coord_fft_hz`, `__coord_mel_hz`).
    AtCentres,
}

impl Outer {
    pub(crate) const BOTH: [Self; 2] = [Self::Beyond, Self::AtCentres];
}

/// Edges halfway between centres.
fn edges(centres: &[f64], outer: Outer) -> Vec<f64> {
    let middles = centres.windows(2).map(|pair| f64::midpoint(pair[0], pair[1]));
    let (first, last) = (centres[0], centres[centres.len() - 1]);
    let (low, high) = match outer {
        Outer::Beyond => {
            let step = (centres[1] - first, last - centres[centres.len() - 2]);
            (first - step.0 / 2.0, last + step.1 / 2.0)
        }
        Outer::AtCentres => (first, last),
    };
    std::iter::once(low).chain(middles).chain([high]).collect()
}

/// Rows of an STFT of sounds at a rate.
pub(crate) fn stft(rate: u32, rows: usize, outer: Outer) -> Rows {
    let n_fft = 2 * (rows - 1);
    let bin_hz = f64::from(rate) / n_fft as f64;
    let centres: Vec<f64> = (0..rows).map(|bin| bin as f64 * bin_hz).collect();
    Rows { kind: Kind::Stft { rate, n_fft }, outer: Some(outer), edges_hz: edges(&centres, outer) }
}

/// Rows of STFTs of sounds at a rate, the commonest first.
pub(crate) fn stfts(rate: u32) -> impl Iterator<Item = Rows> {
    STFT_ROWS.into_iter().flat_map(move |rows| Outer::BOTH.map(|outer| stft(rate, rows, outer)))
}

/// Rows of banks of mel filters whose edges may lie at these frequencies, as `fits` tells.
pub(crate) fn mels(scale: MelScale, fits: impl Fn(f64, f64) -> bool) -> Vec<Rows> {
    let mut found = Vec::new();
    for fmax in MEL_TOPS {
        for fmin in MEL_BOTTOMS {
            for outer in Outer::BOTH {
                for bands in MEL_BANDS {
                    let near = |band: usize| scale.frequencies_of(bands, fmin, fmax, band);
                    let step = (near(1) - near(0), near(bands - 1) - near(bands - 2));
                    let beyond = if outer == Outer::Beyond { 0.5 } else { 0.0 };
                    if fits(fmin - beyond * step.0, fmax + beyond * step.1) {
                        let edges_hz = edges(&scale.frequencies(bands, fmin, fmax), outer);
                        found.push(Rows { kind: Kind::Mel { bands, fmin, fmax, scale }, outer: Some(outer), edges_hz });
                    }
                }
            }
        }
    }
    found
}

/// The note at a frequency, where it is one within a seventh of a semitone; else the frequency itself.
fn note_near(hz: f64) -> f64 {
    let semitones = 12.0 * (hz / 440.0).log2();
    if (semitones - semitones.round()).abs() < 0.15 { 440.0 * (semitones.round() / 12.0).exp2() } else { hz }
}

/// Rows of constant-Q transforms between two frequencies; the lowest row's centre is told by its edge, and is a note if it is
/// near one.
pub(crate) fn cqts(low_hz: f64, high_hz: f64) -> Vec<Rows> {
    let octaves = (high_hz / low_hz).log2();
    let mut found = Vec::new();
    for bins_per_octave in BINS_PER_OCTAVE {
        let ratio = (1.0 / bins_per_octave as f64).exp2();
        let about = (octaves * bins_per_octave as f64).round() as usize;
        for bins in about.saturating_sub(2).max(2)..=about + 2 {
            for is_geometric in [false, true] {
                // Half a bin below: arithmetically (librosa from 0.9 on) or geometrically (to 0.8, `__coord_cqt_hz`).
                let below = if is_geometric { ratio.sqrt().recip() } else { 1.5 - ratio / 2.0 };
                let fmin = note_near(low_hz / below);
                let edges_hz = if is_geometric {
                    (0..=bins).map(|bin| fmin * below * ratio.powi(bin as i32)).collect()
                } else {
                    let centres: Vec<f64> = (0..bins).map(|bin| fmin * ratio.powi(bin as i32)).collect();
                    edges(&centres, Outer::Beyond)
                };
                let outer = Some(if is_geometric { Outer::AtCentres } else { Outer::Beyond });
                found.push(Rows { kind: Kind::Cqt { bins_per_octave, fmin }, outer, edges_hz });
            }
        }
    }
    found
}

/// Equally high rows.
pub(crate) fn uniform(rows: usize) -> Rows {
    Rows { kind: Kind::Uniform, outer: None, edges_hz: (0..=rows).map(|row| row as f64).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Axes.get_ylim` after `librosa.display.specshow`, librosa 0.11.0 with matplotlib 3.11.2 and 0.6.3 with 2.2.5.
    #[test]
    fn outer_edges_are_those_that_librosa_draws() {
        let rows = stft(22050, 1025, Outer::Beyond);
        assert!((rows.low_hz() + 5.3833008).abs() < 1e-6 && (rows.high_hz() - 11030.383).abs() < 1e-3);
        let is = |hz: f64, expected: f64| (hz - expected).abs() < 0.02;
        let mel = mels(MelScale::Slaney, |low, high| is(low, -11.8755) && is(high, 8096.7852));
        let mel = mel.iter().find(|rows| rows.count() == 128).unwrap();
        assert_eq!(mel.kind, Kind::Mel { bands: 128, fmin: 0.0, fmax: 8000.0, scale: MelScale::Slaney });
        let old = mels(MelScale::Slaney, |low, high| low == 0.0 && high == 8000.0);
        assert!(old.iter().any(|rows| rows.count() == 128));
        let cqt = cqts(31.730879, 4061.9446);
        let cqt = cqt.iter().find(|rows| rows.count() == 84 && (rows.high_hz() - 4061.9446).abs() < 0.01).unwrap();
        assert!(matches!(cqt.kind, Kind::Cqt { bins_per_octave: 12, fmin } if (fmin - 32.703196).abs() < 1e-4));
    }
}
