//! How near painted levels come as sound: with integrated phase, with random phase, and with the phase that they had.
//!
//! `cargo run --release -p photophone --example paint_numbers -- SOUND:LOW_HZ:HIGH_HZ ...`; without sounds, those of its own.

#![expect(clippy::print_stdout, reason = "a program that prints its numbers")]

use std::error::Error;
use std::f64::consts::TAU;
use std::path::Path;

use photophone::files::{SoundReadOptions, read_sound};
use photophone::gabor::{Gabor, GaborParams, PaintOptions, PaintStart, Painting, Skirts};
use photophone::spectrum::Plane;
use photophone::transform::Complex;

const HOP: usize = 256;
const SECS: f64 = 4.0;

fn main() -> Result<(), Box<dyn Error>> {
    println!("| painted | random, 0 and 20 rounds | integrated | true phase |\n|---|---|---|---|");
    let given: Vec<String> = std::env::args().skip(1).collect();
    if given.is_empty() {
        for (name, sound, hz) in own_sounds() {
            line(&name, &sound, 44_100.0, hz)?;
        }
    }
    for told in &given {
        let mut parts = told.split(':');
        let mut next = || parts.next().ok_or("SOUND:LOW_HZ:HIGH_HZ");
        let (path, low, high) = (next()?, next()?.parse()?, next()?.parse()?);
        let sound = read_sound(Path::new(path), SoundReadOptions::default())?;
        let sr = f64::from(sound.sample_rate_hz);
        let samples: Vec<f64> =
            sound.channels[0].iter().take((SECS * sr) as usize).map(|&sample| f64::from(sample)).collect();
        let name = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        line(&name, &samples, sr, (low, high))?;
    }
    Ok(())
}

/// Plucked chords, a glide with partials, and noise.
fn own_sounds() -> Vec<(String, Vec<f64>, (f64, f64))> {
    let sr = 44_100.0;
    let samples = (SECS * sr) as usize;
    let plucked = |at: usize| {
        let secs = at as f64 / sr;
        let within = secs % 0.5;
        let root = 220.0 * f64::exp2(f64::from((secs / 0.5) as u32 % 4) / 6.0);
        let partial =
            |k: u32| (-3.0 * f64::from(k) * within).exp() / f64::from(k) * (TAU * root * f64::from(k) * secs).sin();
        0.2 * (1..12).map(partial).sum::<f64>()
    };
    let glide = |at: usize| {
        let secs = at as f64 / sr;
        let phase = TAU * (300.0 * secs + 60.0 * secs * secs);
        0.1 * (1..6).map(|k| (f64::from(k) * phase).sin()).sum::<f64>()
    };
    let mut state = 1u64;
    let noise = (0..samples).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        0.2 * ((state >> 33) as f64 / f64::from(1u32 << 30) - 1.0)
    });
    vec![
        ("chords".to_owned(), (0..samples).map(plucked).collect(), (200.0, 3000.0)),
        ("glide".to_owned(), (0..samples).map(glide).collect(), (200.0, 4000.0)),
        ("noise".to_owned(), noise.collect(), (500.0, 4000.0)),
    ]
}

/// The levels of a sound between two frequencies, from half a second to half a second before its end, painted into silence.
fn line(name: &str, sound: &[f64], sr: f64, (low_hz, high_hz): (f64, f64)) -> Result<(), Box<dyn Error>> {
    let columns = sound.len() / HOP;
    let params = GaborParams { sr, max_hop: Some(HOP), ..GaborParams::default() };
    let plan = Gabor::<f64>::new(&params, columns * HOP)?;
    let sound = &sound[..columns * HOP];
    let logs = logs(&plan, sound, columns)?;
    let margin = (0.5 * sr) as usize / HOP;
    let is_painted = Plane::from_fn(plan.bands().len(), columns, |row, column| {
        (low_hz..high_hz).contains(&plan.bands()[row].centre_hz) && (margin..columns - margin).contains(&column)
    });
    let silence = vec![0.0; sound.len()];
    let painting = Painting { logs: &logs, is_painted: &is_painted, hop: HOP, skirts: Skirts::Cut };
    let db = |start: PaintStart<'_>, rounds: usize| -> Result<f64, Box<dyn Error>> {
        let found = plan.paint(&silence, 0, &painting, &PaintOptions { rounds, start, ..PaintOptions::default() })?;
        Ok(10.0 * (found.off_power / found.painted_power).log10())
    };
    let both = |start: PaintStart<'_>| -> Result<String, Box<dyn Error>> {
        Ok(format!("{:.1}, {:.1}", db(start, 0)?, db(start, 20)?))
    };
    let (random, own, truth) =
        (both(PaintStart::Random(1))?, both(PaintStart::Integrated)?, both(PaintStart::Of(sound))?);
    println!("| {name}, {low_hz} to {high_hz} Hz | {random} | {own} | {truth} |");
    Ok(())
}

/// The logarithm of the root mean square of each row's coefficients over columns, in steps of 8 bits over 100 dB.
fn logs(plan: &Gabor<f64>, sound: &[f64], columns: usize) -> Result<Plane<f32>, Box<dyn Error>> {
    let cells = plan.forward(sound)?;
    let most = cells.as_slice().iter().map(|value| value.norm()).fold(0.0, f64::max);
    let step = 100.0 / 255.0 * std::f64::consts::LN_10 / 20.0;
    Ok(Plane::from_fn(cells.rows(), columns, |row, column| {
        let count = HOP / plan.bands()[row].hop;
        let power = |at: usize| {
            let value = cells.row(row).get(column * count + at).map_or(0.0, Complex::norm_sqr);
            if at == 0 || at == count { 0.5 * value } else { value }
        };
        let mean = (0..=count).map(power).sum::<f64>() / count as f64;
        let log = 0.5 * (mean / (most * most)).max(1e-10).ln();
        (most.ln() + (log / step).round() * step) as f32
    }))
}
