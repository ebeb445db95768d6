//! Rows that transforms have: where each begins and ends on an axis of frequencies.

use photophone_spectrum::{FrequencyScale, MelScale};

use super::fit::Axis;

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
/// Most constant-Q bins: 96 in each of the ten octaves that are heard.
const MOST_CQT_BINS: usize = 960;
/// Rows of STFTs: half of a power of two and one; and of other matrices that are drawn as if they were STFTs.
const STFT_ROWS: [usize; 14] = [1025, 513, 257, 2049, 129, 4097, 65, 201, 401, 64, 80, 128, 40, 256];
/// Sample rates, in Hz, and lengths of windows of STFTs of which a part is shown.
const RATES: [u32; 7] = [22050, 44100, 48000, 16000, 24000, 8000, 32000];
const WINDOWS: [u32; 9] = [2048, 1024, 512, 4096, 256, 8192, 128, 400, 800];

/// Most bins of an STFT of which a part is shown: of 65536 samples.
const MOST_BINS: f64 = 32768.0;
/// Part by which distances of rows differ that are one.
const ALIKE: f64 = 1e-6;

/// What rows are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Stft {
        rate: u32,
        n_fft: usize,
    },
    /// A part of an STFT's rows, as a zoom shows.
    StftPart {
        bin_hz: f64,
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
    pub(crate) centres_hz: Vec<f64>,
}

impl Rows {
    pub(crate) fn count(&self) -> usize {
        self.edges_hz.len() - 1
    }

    /// Whether other rows are as many, or lie as far from each other.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        let bin_hz = |rows: &Self| match rows.kind {
            Kind::Stft { rate, n_fft } => Some(f64::from(rate) / n_fft as f64),
            Kind::StftPart { bin_hz } => Some(bin_hz),
            _ => None,
        };
        let same = bin_hz(self).zip(bin_hz(other)).is_some_and(|(a, b)| (a / b - 1.0).abs() < ALIKE);
        self.count() == other.count() || same
    }

    pub(crate) fn low_hz(&self) -> f64 {
        self.edges_hz[0]
    }

    pub(crate) fn high_hz(&self) -> f64 {
        self.edges_hz[self.edges_hz.len() - 1]
    }

    /// Centres of the lowest and the highest row.
    pub(crate) fn outermost_hz(&self) -> [f64; 2] {
        [self.centres_hz[0], self.centres_hz[self.centres_hz.len() - 1]]
    }

    /// Whether an axis from one pixel to another, each known to `off_px`, shows all of the rows: its ends are those of the
    /// outermost rows, and not these rows' centres, where a zoom to 0 Hz or to half a sample rate ends.
    pub(crate) fn wholeness(&self, axis: &Axis, from_px: f64, to_px: f64, off_px: f64) -> Wholeness {
        if matches!(self.kind, Kind::StftPart { .. }) {
            return Wholeness::Cut;
        }
        let side = |end_hz: f64, centre_hz: f64, px: f64| {
            let (end, centre) = ((axis.px(end_hz) - px).abs(), (axis.px(centre_hz) - px).abs());
            match (end <= off_px, centre <= off_px) {
                (true, false) => Wholeness::Whole,
                (false, _) if centre < end || !end.is_finite() => Wholeness::Cut,
                _ => Wholeness::Untold,
            }
        };
        let [lowest, highest] = self.outermost_hz();
        let low = side(self.low_hz(), lowest, from_px);
        let high = side(self.high_hz(), highest, to_px);
        match (low, high) {
            (Wholeness::Whole, Wholeness::Whole) => Wholeness::Whole,
            (Wholeness::Cut, _) | (_, Wholeness::Cut) => Wholeness::Cut,
            _ => Wholeness::Untold,
        }
    }

    /// Places of the edges on a scale.
    pub(crate) fn places(&self, scale: FrequencyScale) -> Vec<f64> {
        self.edges_hz.iter().map(|&hz| scale.place_from_hz(hz)).collect()
    }
}

/// Whether all rows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wholeness {
    /// The axis ends where the outermost rows do.
    Whole,
    /// It ends within them: it is a zoom, unless the outermost rows are drawn halved.
    Cut,
    /// The rows are too low for the axis to tell.
    Untold,
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
    let (kind, edges_hz) = (Kind::Stft { rate, n_fft }, edges(&centres, outer));
    Rows { kind, outer: Some(outer), edges_hz, centres_hz: centres }
}

/// The part of an STFT's rows between two frequencies, where these cut them.
pub(crate) fn stft_part(bin_hz: f64, low_hz: f64, high_hz: f64) -> Option<Rows> {
    let (first, last) = ((low_hz / bin_hz).round().max(0.0), (high_hz / bin_hz).round());
    if last - first > MOST_BINS {
        return None;
    }
    let inner = (0..(last - first).max(0.0) as usize).map(|row| (first + row as f64 + 0.5) * bin_hz);
    let edges_hz: Vec<f64> = std::iter::once(low_hz).chain(inner).chain([high_hz]).collect();
    let centres_hz = (first as usize..=last as usize).map(|bin| bin as f64 * bin_hz).collect();
    let is_rising = edges_hz.windows(2).all(|pair| pair[0] < pair[1]);
    (is_rising && edges_hz.len() >= 4).then_some(Rows {
        kind: Kind::StftPart { bin_hz },
        outer: None,
        edges_hz,
        centres_hz,
    })
}

/// Distances of an STFT's rows at common sample rates, in Hz, each once.
pub(crate) fn bins_hz() -> Vec<f64> {
    let all = RATES.iter().flat_map(|&rate| WINDOWS.map(|n_fft| f64::from(rate) / f64::from(n_fft)));
    let mut found: Vec<f64> = all.collect();
    found.sort_by(f64::total_cmp);
    found.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    found
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
                        let centres_hz = scale.frequencies(bands, fmin, fmax);
                        let edges_hz = edges(&centres_hz, outer);
                        let kind = Kind::Mel { bands, fmin, fmax, scale };
                        found.push(Rows { kind, outer: Some(outer), edges_hz, centres_hz });
                    }
                }
            }
        }
    }
    found
}

/// The note at a frequency, where it is one within a seventh of a semitone and what a pixel is; else the frequency itself.
fn note_near(hz: f64, px_semitones: f64) -> f64 {
    let semitones = 12.0 * (hz / 440.0).log2();
    if (semitones - semitones.round()).abs() < 0.15 + px_semitones {
        440.0 * (semitones.round() / 12.0).exp2()
    } else {
        hz
    }
}

/// Rows of constant-Q transforms between two frequencies; the lowest row's centre is told by its edge, and is a note if it is
/// near one, where a pixel is so many semitones.
pub(crate) fn cqts(low_hz: f64, high_hz: f64, px_semitones: f64) -> Vec<Rows> {
    let octaves = (high_hz / low_hz).log2();
    let mut found = Vec::new();
    for bins_per_octave in BINS_PER_OCTAVE {
        let ratio = (1.0 / bins_per_octave as f64).exp2();
        let about = (octaves * bins_per_octave as f64).round() as usize;
        if about > MOST_CQT_BINS {
            continue;
        }
        for bins in about.saturating_sub(2).max(2)..=about + 2 {
            for is_geometric in [false, true] {
                // Half a bin below: arithmetically (librosa from 0.9 on) or geometrically (to 0.8, `__coord_cqt_hz`).
                let below = if is_geometric { ratio.sqrt().recip() } else { 1.5 - ratio / 2.0 };
                let fmin = note_near(low_hz / below, px_semitones);
                let centres_hz: Vec<f64> = (0..bins).map(|bin| fmin * ratio.powi(bin as i32)).collect();
                let edges_hz = if is_geometric {
                    (0..=bins).map(|bin| fmin * below * ratio.powi(bin as i32)).collect()
                } else {
                    edges(&centres_hz, Outer::Beyond)
                };
                let outer = Some(if is_geometric { Outer::AtCentres } else { Outer::Beyond });
                found.push(Rows { kind: Kind::Cqt { bins_per_octave, fmin }, outer, edges_hz, centres_hz });
            }
        }
    }
    found
}

/// Equally high rows.
pub(crate) fn uniform(rows: usize) -> Rows {
    let centres_hz = (0..rows).map(|row| row as f64 + 0.5).collect();
    Rows { kind: Kind::Uniform, outer: None, edges_hz: (0..=rows).map(|row| row as f64).collect(), centres_hz }
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
        let cqt = cqts(31.730879, 4061.9446, 0.2);
        // A pixel off, it is the same note's.
        let off = cqts(31.730879 * (0.25_f64 / 12.0).exp2(), 4061.9446, 0.27);
        assert!(off.iter().any(|rows| (rows.outermost_hz()[0] - 32.703196).abs() < 1e-4));
        let cqt = cqt.iter().find(|rows| rows.count() == 84 && (rows.high_hz() - 4061.9446).abs() < 0.01).unwrap();
        assert!(matches!(cqt.kind, Kind::Cqt { bins_per_octave: 12, fmin } if (fmin - 32.703196).abs() < 1e-4));
    }
}
