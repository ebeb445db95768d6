//! Takes one of two tones out of a sound that comes in small blocks, and leaves the other as it is.
//!
//! The change alone is synthesised and added: what is not changed costs nothing, and keeps its samples.
//!
//! `cargo run --release -p photophone-transform --example gabor_filter`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::VecDeque;
use std::error::Error;
use std::f64::consts::TAU;

use photophone_transform::Complex;
use photophone_transform::gabor::{Analyser, Band, GaborParams, RaggedCells, SliceOptions, Slices, Synthesiser};

/// What is taken out, in Hz.
const OUT_HZ: (f64, f64) = (850.0, 1150.0);

fn main() -> Result<(), Box<dyn Error>> {
    let params = GaborParams { sr: 22_050.0, bins_per_octave: 24, ..GaborParams::default() };
    let slices = Slices::<f32>::new(&params, &SliceOptions::default())?;
    let (mut analyser, mut synthesiser) = (Analyser::new(&slices), Synthesiser::new(&slices));
    let bands = slices.plan().bands().to_vec();
    let sound = tones(30.0, params.sr);
    let (mut waiting, mut out) = (VecDeque::new(), Vec::new());
    for block in sound.chunks(1000) {
        waiting.extend(block.iter().copied());
        let mut done = Vec::new();
        analyser.push(block, &mut |cells| done.push(change(&bands, cells)))?;
        for cells in done {
            synthesiser.push(&cells, &mut |samples| add(samples, &mut waiting, &mut out))?;
        }
    }
    let mut done = Vec::new();
    let samples = analyser.finish(&mut |cells| done.push(change(&bands, cells)))?;
    for cells in done {
        synthesiser.push(&cells, &mut |samples| add(samples, &mut waiting, &mut out))?;
    }
    synthesiser.finish(samples, &mut |samples| add(samples, &mut waiting, &mut out))?;
    // The ends, where a tone is cut off, are not pure tones.
    let inner = 22_050..sound.len() - 22_050;
    for hz in [400.0, 1000.0] {
        let [before, after] = [&sound, &out].map(|x| amplitude(&x[inner.clone()], hz, params.sr));
        println!("{hz} Hz: amplitude {before:.6} before, {after:.6} after ({:.1} dB)", 20.0 * (after / before).log10());
    }
    Ok(())
}

/// What has to be added to a block: the bands to be taken out, with the other sign, and zeros.
fn change(bands: &[Band], cells: &RaggedCells<f32>) -> RaggedCells<f32> {
    let mut change = cells.clone();
    for (k, band) in bands.iter().enumerate() {
        let is_out = (OUT_HZ.0..OUT_HZ.1).contains(&band.centre_hz);
        change.row_mut(k).iter_mut().for_each(|value| *value = if is_out { -*value } else { Complex::default() });
    }
    change
}

fn add(change: &[f32], waiting: &mut VecDeque<f32>, out: &mut Vec<f32>) {
    out.extend(change.iter().zip(waiting.drain(..change.len())).map(|(change, sample)| sample + change));
}

fn tones(secs: f64, sr: f64) -> Vec<f32> {
    let at = |n: usize| {
        let t = n as f64 / sr;
        (0.5 * (TAU * 400.0 * t).sin() + 0.25 * (TAU * 1000.0 * t).sin()) as f32
    };
    (0..(secs * sr) as usize).map(at).collect()
}

/// How loud a tone is in a sound of whole periods of it.
fn amplitude(x: &[f32], hz: f64, sr: f64) -> f64 {
    let turn = |n: usize| Complex::from_polar(1.0, -TAU * hz * n as f64 / sr);
    let sum: Complex<f64> = x.iter().enumerate().map(|(n, &sample)| turn(n) * f64::from(sample)).sum();
    2.0 * sum.norm() / x.len() as f64
}
