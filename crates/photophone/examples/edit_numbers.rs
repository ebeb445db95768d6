//! Prints the tables of `docs/edit.md`.
//!
//! `cargo run --release -p photophone --example edit_numbers`

#![allow(clippy::print_stdout, reason = "an example prints")]

#[path = "../tests/edit_meter/mod.rs"]
mod edit_meter;

use std::time::Instant;

use edit_meter::{Meter, Rectangle, chords, glide, noise};
use photophone::edit::{Action, Edge, Edit, Edits, Shape, Surface, SurfaceOptions, edited, gained};
use photophone::spectrum::Plane;

const SR: f64 = 44_100.0;
const SAMPLES: usize = 4 * 44_100 + 1;

/// Rectangles around this time, of so many cells: rows by columns.
const SECS: f64 = 2.0;
const PLACES_HZ: [f64; 5] = [300.0, 700.0, 1500.0, 4000.0, 9000.0];
const CELLS: [(f64, f64); 3] = [(3.0, 3.0), (12.0, 3.0), (3.0, 16.0)];

fn main() -> Result<(), photophone::Error> {
    for rows_per_octave in [48, 24] {
        let options = SurfaceOptions { rows_per_octave, ..SurfaceOptions::default() };
        let surface = Surface::new(SR, SAMPLES, &options)?;
        println!("\n{rows_per_octave} rows an octave\n");
        erased(&surface)?;
        kept(&surface)?;
    }
    levels()?;
    speed()
}

fn sounds() -> [(&'static str, Vec<f64>); 3] {
    [("noise", noise(SAMPLES, 1)), ("chords", chords(SAMPLES, SR)), ("glide", glide(SAMPLES, SR))]
}

fn rectangle(surface: &Surface, hz: f64, (rows, columns): (f64, f64)) -> Rectangle {
    let row = surface.row_from_hz(hz);
    let half = columns / surface.cell_hz(row as usize) / 2.0;
    Rectangle {
        secs: (SECS - half, SECS + half),
        hz: (surface.hz_from_row(row - rows), surface.hz_from_row(row + rows)),
    }
}

fn edit(rectangle: &Rectangle, action: Action) -> Edits {
    let shape = Shape::Rectangle { secs: rectangle.secs, hz: rectangle.hz };
    Edits::new(vec![Edit { shape, action, soft_cells: 0.0, channels: None }])
}

/// Worst and best of all rectangles of a sound that holds something there.
fn erased(surface: &Surface) -> Result<(), photophone::Error> {
    println!("| sound | edge | in 0 | in 0.5 | out 1 | out 2 | out 3 |\n|---|---|---|---|---|---|---|");
    let meter = Meter::new(surface, 1.0);
    for (name, x) in sounds() {
        for edge in [Edge::Inside, Edge::Outside] {
            let mut all: Vec<[f64; 5]> = Vec::new();
            for place in PLACES_HZ {
                for cells in CELLS {
                    let rectangle = rectangle(surface, place, cells);
                    if !meter.holds(&x, &rectangle) {
                        continue;
                    }
                    let y = edited(surface, &x, &edit(&rectangle, Action::Erase), 0, edge)?;
                    let figures = meter.erased_db(&x, &y, &rectangle);
                    all.push(figures);
                }
            }
            let cell = |at: usize| {
                let (worst, best) = all.iter().fold((f64::MIN, f64::MAX), |(worst, best), figures| {
                    (worst.max(figures[at]), best.min(figures[at]))
                });
                format!("{worst:.0} / {best:.0}")
            };
            let cells: Vec<String> = (0..5).map(cell).collect();
            println!("| {name} ({} rectangles) | {edge:?} | {} |", all.len(), cells.join(" | "));
        }
    }
    Ok(())
}

/// How far from a rectangle samples are what they were.
fn kept(surface: &Surface) -> Result<(), photophone::Error> {
    println!("\n| middle, Hz | 16 bits equal from, s | 24 bits | last bit |\n|---|---|---|---|");
    for place in PLACES_HZ {
        let rectangle = rectangle(surface, place, (6.0, 6.0));
        let mut worst = [0.0f64; 3];
        for (_, x) in sounds() {
            let y = edited(surface, &x, &edit(&rectangle, Action::Erase), 0, Edge::Inside)?;
            let farthest = |differ: &dyn Fn(f64, f64) -> bool| {
                let away = |n: usize| (rectangle.secs.0 - n as f64 / SR).max(n as f64 / SR - rectangle.secs.1);
                (0..x.len()).filter(|&n| differ(x[n], y[n])).map(away).fold(0.0, f64::max)
            };
            let integer = |bits: i32| {
                move |x: f64, y: f64| {
                    let scale = f64::from(1 << (bits - 1));
                    // The sound that is edited has these bits itself.
                    let held = (x * scale).round() / scale;
                    ((held + (y - x)) * scale).round() != (x * scale).round()
                }
            };
            let found = [farthest(&integer(16)), farthest(&integer(24)), farthest(&|x, y| x != y)];
            for (worst, found) in worst.iter_mut().zip(found) {
                *worst = worst.max(found);
            }
        }
        println!("| {place} | {:.2} | {:.2} | {:.2} |", worst[0], worst[1], worst[2]);
    }
    Ok(())
}

fn levels() -> Result<(), photophone::Error> {
    let surface = Surface::new(SR, SAMPLES, &SurfaceOptions::default())?;
    let meter = Meter::new(&surface, 1.0);
    println!("\n| edit | sound | result |\n|---|---|---|");
    for (name, x) in sounds() {
        let mut found = Vec::new();
        for place in PLACES_HZ {
            let rectangle = rectangle(&surface, place, (6.0, 6.0));
            if meter.holds(&x, &rectangle) {
                let y = edited(&surface, &x, &edit(&rectangle, Action::GainDb(-12.0)), 0, Edge::Inside)?;
                found.push(meter.inside_db(&x, &y, &rectangle));
            }
        }
        let (least, most) = found.iter().fold((f64::MAX, f64::MIN), |(a, b), &db| (a.min(db), b.max(db)));
        println!("| -12 dB in a rectangle | {name} | {least:.2} to {most:.2} dB |");
        let gain = 10f64.powf(6.0 / 20.0);
        let plane = Plane::filled(surface.rows(), surface.columns(), gain as f32);
        let y = gained(&surface, &x, &plane, Edge::Inside)?;
        let off: f64 = x.iter().zip(&y).map(|(x, y)| (y - f64::from(gain as f32) * x).powi(2)).sum();
        let all: f64 = y.iter().map(|y| y * y).sum();
        println!("| all +6 dB | {name} | {:.0} dB |", 10.0 * (all / off).log10());
    }
    Ok(())
}

fn speed() -> Result<(), photophone::Error> {
    println!("\n| edit of 60 s, one channel | s |\n|---|---|");
    let samples = 60 * 44_100;
    let x = noise(samples, 3);
    let surface = Surface::new(SR, samples, &SurfaceOptions::default())?;
    let middle = |cells| Rectangle { secs: (30.0, 30.5), ..rectangle(&surface, 1000.0, cells) };
    let all = Shape::Time { secs: (0.0, 60.0) };
    let all = Edits::new(vec![Edit { shape: all, action: Action::GainDb(6.0), soft_cells: 0.0, channels: None }]);
    for (name, edits) in
        [("a rectangle of half a second, 24 rows", edit(&middle((12.0, 1.0)), Action::Erase)), ("all of it", all)]
    {
        let start = Instant::now();
        edited(&surface, &x, &edits, 0, Edge::Inside)?;
        println!("| {name} | {:.2} |", start.elapsed().as_secs_f64());
    }
    Ok(())
}
