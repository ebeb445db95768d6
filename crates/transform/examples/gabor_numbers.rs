//! The figures of `docs/gabor.md`, as Markdown: bands and redundancy, agreement, and speed beside the bare FFTs.
//!
//! `cargo run --release -p photophone-transform --example gabor_numbers`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use photophone_fft::{ComplexToReal, Fft, Planner, RealToComplex};
use photophone_transform::gabor::{
    Analyser, Gabor, GaborParams, GaborScratch, RaggedCells, SliceOptions, Slices, Synthesiser, Taper,
};
use photophone_transform::{Complex, Real};

/// Samples that are timed.
const SAMPLES: usize = 1 << 18;

/// Runs of each of which the fastest counts, one of each in turn.
const RUNS: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    settings()?;
    round_trips()?;
    slices()?;
    speed()
}

fn all_settings() -> impl Iterator<Item = GaborParams> {
    [Taper::Hann, Taper::Nuttall].into_iter().flat_map(|taper| {
        [12, 24, 48].into_iter().map(move |bins_per_octave| GaborParams {
            bins_per_octave,
            taper,
            ..GaborParams::default()
        })
    })
}

/// Reproducible noise, uniform in -1..1.
fn noise<T: Real>(samples: usize) -> Vec<T> {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Real::nearest((state >> 33) as f64 / f64::from(1 << 30) - 1.0)
    };
    (0..samples).map(|_| next()).collect()
}

fn settings() -> Result<(), Box<dyn Error>> {
    println!("| window | bins an octave | bands | complex coefficients a sample | hops | frame bound, dB | zeros, s |");
    println!("|---|---|---|---|---|---|---|");
    for params in all_settings() {
        let plan = Gabor::<f64>::new(&params, SAMPLES)?;
        let hops = || plan.bands().iter().map(|band| band.hop);
        let (least, most) = plan.bound();
        let slices = Slices::<f32>::new(&params, &SliceOptions::default())?;
        println!(
            "| {:?} | {} | {} | {:.2} | {} to {} | {:.4} | {:.2} |",
            params.taper,
            params.bins_per_octave,
            plan.bands().len(),
            plan.redundancy(),
            hops().min().unwrap_or(0),
            hops().max().unwrap_or(0),
            10.0 * (most / least).log10(),
            slices.pad_samples() as f64 / params.sr
        );
    }
    Ok(())
}

fn round_trips() -> Result<(), Box<dyn Error>> {
    println!("\n| samples | f64 | f32 |\n|---|---|---|");
    for samples in [1, 997, 44_100, 1_000_003, 3_000_017] {
        let (double, single) = (round_trip::<f64>(samples)?, round_trip::<f32>(samples)?);
        println!("| {samples} | {double:.1e} | {single:.1e} |");
    }
    Ok(())
}

/// What is off after a round trip of noise, as a share of its rms.
fn round_trip<T: Real>(samples: usize) -> Result<f64, Box<dyn Error>> {
    let plan = Gabor::<T>::new(&GaborParams::default(), samples)?;
    let x = noise::<T>(samples);
    let back = plan.inverse(&plan.forward(&x)?)?;
    Ok(ratio(back.iter().zip(&x).map(|(y, x)| (y.to_f64(), x.to_f64()))).sqrt())
}

/// The power of the differences over that of the second values.
fn ratio(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (off, size) = pairs.fold((0.0, 0.0), |(off, size), (a, b)| (off + (a - b) * (a - b), size + b * b));
    off / size
}

fn slices() -> Result<(), Box<dyn Error>> {
    println!("\n| window | bins an octave | coefficients, f64 | f32 | sound of every third band, f64 | f32 |");
    println!("|---|---|---|---|---|---|");
    for params in all_settings().filter(|params| params.bins_per_octave > 12) {
        let (double, single) = (sliced::<f64>(&params)?, sliced::<f32>(&params)?);
        println!(
            "| {:?} | {} | {:.0} dB | {:.0} | {:.0} | {:.0} |",
            params.taper, params.bins_per_octave, double.0, single.0, double.1, single.1
        );
    }
    Ok(())
}

/// How far slices of noise are from the whole: coefficients, and the sound of every third band, hard-edged.
fn sliced<T: Real>(params: &GaborParams) -> Result<(f64, f64), Box<dyn Error>> {
    let slices = Slices::<T>::new(params, &SliceOptions::default())?;
    let x = noise::<T>(2 * slices.block_samples() + 12_345);
    let before = 2 * slices.pad_samples();
    let mut padded = vec![T::zero(); before + x.len() + before];
    padded[before..before + x.len()].copy_from_slice(&x);
    let plan = Gabor::<T>::new(params, padded.len())?;
    let mut whole = plan.forward(&padded)?;
    let (mut blocks, mut analyser) = (Vec::new(), Analyser::new(&slices));
    let mut keep = |block: &mut RaggedCells<T>| blocks.push(block.clone());
    analyser.push(&x, &mut keep)?;
    analyser.finish(&mut keep)?;
    let mut pairs = Vec::new();
    for (index, block) in (0..).zip(&blocks) {
        for (k, band) in plan.bands().iter().enumerate() {
            let from = (slices.first_sample(index) + before as i64) / band.hop as i64;
            for (n, value) in (from as usize..).zip(block.row(k)) {
                let wanted = whole.row(k).get(n).copied().unwrap_or_default();
                pairs.push((value.re.to_f64(), wanted.re.to_f64()));
                pairs.push((value.im.to_f64(), wanted.im.to_f64()));
            }
        }
    }
    let mut out = Vec::new();
    let mut synthesiser = Synthesiser::new(&slices);
    for block in &mut blocks {
        every_third(block);
        synthesiser.push(block, &mut |samples| out.extend_from_slice(samples))?;
    }
    synthesiser.finish(x.len() as u64, &mut |samples| out.extend_from_slice(samples))?;
    every_third(&mut whole);
    let wanted = plan.inverse(&whole)?;
    let sound = out.iter().zip(&wanted[before..]).map(|(found, wanted)| (found.to_f64(), wanted.to_f64()));
    Ok((10.0 * ratio(pairs.into_iter()).log10(), 10.0 * ratio(sound).log10()))
}

fn every_third<T: Real>(cells: &mut RaggedCells<T>) {
    for k in (0..cells.rows()).filter(|k| k % 3 > 0) {
        cells.row_mut(k).fill(Complex::default());
    }
}

fn speed() -> Result<(), Box<dyn Error>> {
    println!(
        "\n| | bins an octave | window | analysis | synthesis | FFTs alone: analysis | synthesis | share of that: analysis | synthesis |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for params in all_settings().filter(|params| params.bins_per_octave != 24) {
        timed::<f32>("f32", &params)?;
        timed::<f64>("f64", &params)?;
    }
    Ok(())
}

fn timed<T: Real>(name: &str, params: &GaborParams) -> Result<(), Box<dyn Error>> {
    let plan = Gabor::<T>::new(params, SAMPLES)?;
    let (mut x, mut cells, mut scratch) = (noise::<T>(SAMPLES), plan.make_cells(), GaborScratch::default());
    let (samples, mut floor) = (x.clone(), Floor::new(&plan));
    let mut secs = [f64::MAX; 4];
    for _ in 0..RUNS {
        secs[0] = secs[0].min(clocked(|| Ok(plan.forward_into(black_box(&samples), &mut cells, &mut scratch)?))?);
        secs[1] = secs[1].min(clocked(|| Ok(plan.inverse_into(black_box(&cells), &mut x, &mut scratch)?))?);
        secs[2] = secs[2].min(clocked(|| floor.forward())?);
        secs[3] = secs[3].min(clocked(|| floor.inverse())?);
    }
    let rate = secs.map(|secs| SAMPLES as f64 / secs / 1e6);
    println!(
        "| {name} | {} | {:?} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} % | {:.0} % |",
        params.bins_per_octave,
        params.taper,
        rate[0],
        rate[1],
        rate[2],
        rate[3],
        100.0 * rate[0] / rate[2],
        100.0 * rate[1] / rate[3]
    );
    Ok(())
}

fn clocked(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// The FFTs of a transform and nothing else, each on data that lie in the cache.
struct Floor<T> {
    samples: Vec<T>,
    spectrum: Vec<Complex<T>>,
    row: Vec<Complex<T>>,
    out: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
    real_forward: Arc<dyn RealToComplex<T>>,
    real_inverse: Arc<dyn ComplexToReal<T>>,
    forward: Vec<Arc<dyn Fft<T>>>,
    inverse: Vec<Arc<dyn Fft<T>>>,
}

impl<T: Real> Floor<T> {
    fn new(plan: &Gabor<T>) -> Self {
        let (mut planner, period) = (Planner::<T>::default(), plan.period());
        let lengths: Vec<usize> = plan.bands().iter().map(|band| period / band.hop).collect();
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let zeros = |length: usize| vec![Complex::default(); length];
        Self {
            samples: vec![T::zero(); period],
            spectrum: zeros(period / 2 + 1),
            row: zeros(longest),
            out: zeros(longest),
            scratch: zeros(4 * period),
            real_forward: planner.real_forward(period),
            real_inverse: planner.real_inverse(period),
            forward: lengths.iter().map(|&length| planner.inverse(length)).collect(),
            inverse: lengths.iter().map(|&length| planner.forward(length)).collect(),
        }
    }

    fn forward(&mut self) -> Result<(), Box<dyn Error>> {
        self.real_forward.process_with_scratch(&mut self.samples, &mut self.spectrum, &mut self.scratch)?;
        for fft in &self.forward {
            let length = fft.len();
            fft.process_outofplace_with_scratch(&mut self.row[..length], &mut self.out[..length], &mut self.scratch);
        }
        Ok(())
    }

    fn inverse(&mut self) -> Result<(), Box<dyn Error>> {
        for fft in &self.inverse {
            let length = fft.len();
            fft.process_outofplace_with_scratch(&mut self.row[..length], &mut self.out[..length], &mut self.scratch);
        }
        Ok(self.real_inverse.process_with_scratch(&mut self.spectrum, &mut self.samples, &mut self.scratch)?)
    }
}
