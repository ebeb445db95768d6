//! Draws a sound as a plane of levels: a PGM picture on the standard output.
//!
//! `cargo run --release -p photophone-transform --example gabor_picture > picture.pgm`

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::f64::consts::TAU;

use photophone_transform::Complex;
use photophone_transform::gabor::{Gabor, GaborParams};

/// Samples a column.
const COLUMN: usize = 256;

/// What black stands for, in dB below white.
const RANGE_DB: f64 = 80.0;

fn main() -> Result<(), Box<dyn Error>> {
    let params = GaborParams { sr: 22_050.0, bins_per_octave: 24, ..GaborParams::default() };
    let sound = chord(2.0, params.sr);
    let plan = Gabor::<f64>::new(&params, sound.len())?;
    let cells = plan.forward(&sound)?;
    let columns = sound.len().div_ceil(COLUMN);
    println!("P2\n{columns} {}\n255", cells.rows());
    // The highest band is the topmost line.
    for (k, band) in plan.bands().iter().enumerate().rev() {
        let line: Vec<String> =
            (0..columns).map(|column| gray(rms(cells.row(k), band.hop, column)).to_string()).collect();
        println!("{}", line.join(" "));
    }
    Ok(())
}

/// The rms of the coefficients of a column, or the nearest one where the hop is longer than a column.
fn rms(row: &[Complex<f64>], hop: usize, column: usize) -> f64 {
    let first = (column * COLUMN + COLUMN / 2) / hop;
    let first = if hop < COLUMN { column * COLUMN / hop } else { first };
    let count = (COLUMN / hop).max(1);
    let power: f64 = row.iter().skip(first).take(count).map(Complex::norm_sqr).sum();
    (power / count as f64).sqrt()
}

/// A sinusoid of amplitude 1 is white.
fn gray(magnitude: f64) -> u8 {
    (255.0 * (1.0 + 20.0 * magnitude.max(1e-9).log10() / RANGE_DB)).clamp(0.0, 255.0) as u8
}

/// Three decaying tones, one after another, and a rising one.
fn chord(secs: f64, sr: f64) -> Vec<f64> {
    let at = |n: usize| {
        let t = n as f64 / sr;
        let struck = |start: f64, hz: f64| {
            let since = t - start;
            if since < 0.0 { 0.0 } else { (-3.0 * since).exp() * (TAU * hz * since).sin() }
        };
        let glide = (TAU * (1000.0 * t + 800.0 * t * t)).sin();
        0.3 * (struck(0.1, 220.0) + struck(0.5, 277.2) + struck(0.9, 329.6)) + 0.1 * glide
    };
    (0..(secs * sr) as usize).map(at).collect()
}
