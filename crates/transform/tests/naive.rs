//! A slow implementation written from the definition, and ours against it.
//!
//! Two forms of librosa 0.11's transform where no octave is decimated (odd hop) and nothing is
//! dropped (sparsity 0):
//!
//! - the closed form, a convolution: `C[k,t] = sqrt(L_k) sum_j h_k[j] y[t hop - j]`;
//! - the one-sided form, librosa's own: the same product taken over the spectra of filter and
//!   frame, without the filter's negative frequencies.
//!
//! Both are O(N^2) and share nothing with the crate but its parameter type.

#![allow(clippy::print_stdout, reason = "the figures are the test's report")]

#[path = "common/figures.rs"]
mod figures;
#[path = "common/noise.rs"]
mod noise;

use std::f64::consts::TAU;

use figures::{Cell, relative_db};
use noise::noise;
use photophone_transform::{Complex, Cqt, CqtParams};

const SAMPLES: usize = 4001;

/// Two octaves of five bins above 400 Hz, hop 331.
fn params() -> CqtParams {
    CqtParams { fmin_hz: 400.0, bins: 10, bins_per_octave: 5, hop: 331, sparsity: 0.0, ..CqtParams::default() }
}

/// One bin's filter `h`, L1-normalised, with the index of its first sample.
struct Filter {
    length: f64,
    first: isize,
    taps: Vec<Cell>,
}

impl Filter {
    /// Steps 1 to 3, 5a and 5b of librosa's recipe, for equal temperament.
    fn new(p: &CqtParams, bin: usize) -> Self {
        let step = 1.0 / p.bins_per_octave as f64;
        let freq = p.fmin_hz * (bin as f64 * step).exp2();
        let q = ((2.0 * step).exp2() + 1.0) / ((2.0 * step).exp2() - 1.0);
        let length = q * p.sr / freq;
        let (first, end) = ((-length / 2.0).floor() as isize, (length / 2.0).floor() as isize);
        let count = (end - first) as f64;
        let tap = |j: isize| {
            let window = 0.5 - 0.5 * (TAU * (j - first) as f64 / count).cos();
            Complex::from_polar(window, TAU * freq * j as f64 / p.sr)
        };
        let mut taps: Vec<Cell> = (first..end).map(tap).collect();
        let sum: f64 = taps.iter().map(|tap| tap.norm()).sum();
        for tap in &mut taps {
            *tap /= sum;
        }
        Self { length, first, taps }
    }
}

/// Zeros beyond the signal's ends.
fn sample(y: &[f64], at: isize) -> f64 {
    usize::try_from(at).ok().and_then(|at| y.get(at)).copied().unwrap_or(0.0)
}

/// The closed form.
fn convolution(p: &CqtParams, y: &[f64]) -> Vec<Cell> {
    let frames = 1 + y.len() / p.hop;
    let mut cells = Vec::new();
    for bin in 0..p.bins {
        let filter = Filter::new(p, bin);
        for t in 0..frames {
            let centre = (t * p.hop) as isize;
            let terms =
                filter.taps.iter().enumerate().map(|(i, tap)| tap * sample(y, centre - filter.first - i as isize));
            cells.push(terms.sum::<Cell>() * filter.length.sqrt());
        }
    }
    cells
}

/// librosa's form: steps 5c, 5d, 5g and 5h, each octave with its own FFT length.
fn one_sided(p: &CqtParams, y: &[f64]) -> Vec<Cell> {
    let frames = 1 + y.len() / p.hop;
    let mut cells = Vec::new();
    for octave in 0..p.bins / p.bins_per_octave {
        let filters: Vec<Filter> =
            (0..p.bins_per_octave).map(|i| Filter::new(p, octave * p.bins_per_octave + i)).collect();
        let longest = filters.iter().map(|filter| filter.length).fold(0.0, f64::max);
        let n = longest.log2().ceil().exp2() as usize;
        let spectra: Vec<Vec<Cell>> =
            (0..frames).map(|t| dft(&frame(y, (t * p.hop) as isize - (n / 2) as isize, n))).collect();
        for filter in &filters {
            let row = dft(&padded(filter, n));
            let gain = filter.length.sqrt() / n as f64;
            for spectrum in &spectra {
                let terms = row[..=n / 2].iter().zip(spectrum).map(|(a, b)| a * b);
                cells.push(terms.sum::<Cell>() * gain);
            }
        }
    }
    cells
}

fn frame(y: &[f64], start: isize, n: usize) -> Vec<Cell> {
    (0..n as isize).map(|i| Complex::new(sample(y, start + i), 0.0)).collect()
}

/// The filter in a frame of `n` samples.
fn padded(filter: &Filter, n: usize) -> Vec<Cell> {
    let mut row = vec![Complex::default(); n];
    let left = (n - filter.taps.len()) / 2;
    row[left..left + filter.taps.len()].copy_from_slice(&filter.taps);
    row
}

/// The discrete Fourier transform by its sum, up to half the rate.
fn dft(x: &[Cell]) -> Vec<Cell> {
    let n = x.len();
    let turns: Vec<Cell> = (0..n).map(|i| Complex::from_polar(1.0, -TAU * i as f64 / n as f64)).collect();
    (0..=n / 2).map(|k| x.iter().enumerate().map(|(i, value)| value * turns[i * k % n]).sum()).collect()
}

#[test]
fn the_references_measure_a_sinusoid() {
    let p = params();
    for bin in [0, 4, 9] {
        let filter = Filter::new(&p, bin);
        let freq = p.fmin_hz * (bin as f64 / p.bins_per_octave as f64).exp2();
        let amplitude = 0.6;
        let y: Vec<f64> = (0..SAMPLES).map(|i| amplitude * (TAU * freq * i as f64 / p.sr).cos()).collect();
        let frames = 1 + SAMPLES / p.hop;
        for (name, cells) in [("convolution", convolution(&p, &y)), ("one-sided", one_sided(&p, &y))] {
            let got = cells[bin * frames + frames / 2].norm();
            let want = filter.length.sqrt() * amplitude / 2.0;
            // What is left is the sinusoid's other half at -freq, seen through the window's side lobes.
            assert!((got / want - 1.0).abs() < 1e-3, "{name}, bin {bin}: {got}, expected {want}");
        }
    }
}

#[test]
fn the_references_place_a_click() {
    let p = params();
    let mut y = vec![0.0; SAMPLES];
    let (frame, offset) = (6, 20);
    y[frame * p.hop - offset] = 1.0;
    let frames = 1 + SAMPLES / p.hop;
    let cells = convolution(&p, &y);
    for bin in 0..p.bins {
        let filter = Filter::new(&p, bin);
        let want = filter.taps[(offset as isize - filter.first) as usize] * filter.length.sqrt();
        assert!((cells[bin * frames + frame] - want).norm() < 1e-15);
    }
}

#[test]
fn ours_is_the_definition() {
    let p = params();
    let y = noise(SAMPLES, 3);
    let ours = Cqt::new(&p, SAMPLES).and_then(|plan| plan.forward(&y)).unwrap();
    let (convolved, exact) =
        (relative_db(ours.as_slice(), &convolution(&p, &y)), relative_db(ours.as_slice(), &one_sided(&p, &y)));
    println!("against the convolution {convolved:.1} dB, against the one-sided form {exact:.1} dB");
    // The one-sided form differs by the basis's rounding to complex64 alone.
    assert!(exact < -140.0, "{exact:.1} dB");
    // Dropped negative frequencies: side lobes of a window 6.7 cycles long.
    assert!(convolved < -60.0, "{convolved:.1} dB");
}
