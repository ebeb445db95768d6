//! One piece of work, for callgrind to count the instructions of what `counted_work` calls.
//!
//! `cargo xtask instructions` runs this once for each of `forward` and `adjoint` (by `Cqt` itself), `forward_dyn` and
//! `adjoint_dyn` (through `&dyn Analysis`), `solve` (least squares, 10 iterations), `heap` (phase by heap integration) and
//! `read` (a picture). On one thread, so that two runs count the same.

use std::error::Error;
use std::hint::black_box;

use photophone::picture::{PaintOptions, Raster, ReadOptions, paint, read};
use photophone::spectrum::Plane;
use photophone::transform::inverse::{LeastSquaresOptions, least_squares};
use photophone::transform::retrieval::{HeapOptions, Magnitudes, heap_integration};
use photophone::transform::{Analysis, Cells, Cqt, CqtParams, TransformError, Watch};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Half a second on the example grid.
const SAMPLES: usize = 22_050;

fn main() -> Result<()> {
    let work = std::env::args().nth(1).ok_or("which work?")?;
    let plan = Cqt::new(&CqtParams { sr: 44_100.0, ..CqtParams::default() }, SAMPLES)?;
    let x = sound();
    let cells = plan.forward(&x)?;
    let seam: &dyn Analysis = black_box(&plan);
    match work.as_str() {
        "forward" => second(|| done(plan.forward(&x))),
        "adjoint" => second(|| done(plan.adjoint(&cells))),
        "forward_dyn" => second(|| done(seam.forward(&x))),
        "adjoint_dyn" => second(|| done(seam.adjoint(&cells))),
        "solve" => counted_work(|| solve(&plan, &cells)),
        "heap" => counted_work(|| heap(&plan, &cells)),
        "read" => {
            let raster = picture()?;
            let options = ReadOptions { expected_shape: Some((84, 87)), ..ReadOptions::default() };
            counted_work(|| {
                black_box(read(&raster, &options)?);
                Ok(())
            })
        }
        _ => Err(format!("there is no work {work}").into()),
    }
}

/// Counts the second of two calls: the first takes memory from the system, the second from what was given back.
fn second(mut work: impl FnMut() -> Result<()>) -> Result<()> {
    work()?;
    counted_work(work)
}

fn done<T>(result: std::result::Result<T, TransformError>) -> Result<()> {
    black_box(result?);
    Ok(())
}

/// What callgrind counts.
#[inline(never)]
fn counted_work(work: impl FnOnce() -> Result<()>) -> Result<()> {
    black_box(work())
}

fn solve(plan: &dyn Analysis, cells: &Cells) -> Result<()> {
    let options = LeastSquaresOptions { max_iterations: 10, ..LeastSquaresOptions::default() };
    black_box(least_squares(plan, cells, &options, &mut Watch::default())?);
    Ok(())
}

fn heap(plan: &dyn Analysis, cells: &Cells) -> Result<()> {
    let values = cells.map(|value| value.norm());
    black_box(heap_integration(plan, &Magnitudes::exact(&values), None, &HeapOptions::default())?);
    Ok(())
}

/// Gliding partials.
fn sound() -> Vec<f64> {
    let at = |i: usize| {
        let secs = i as f64 / 44_100.0;
        let phase = std::f64::consts::TAU * (180.0 * secs + 60.0 * secs * secs);
        (1..9).map(|h| (f64::from(h) * phase).sin() / f64::from(h)).sum::<f64>()
    };
    (0..SAMPLES).map(at).collect()
}

/// A slope, tones and ripple of 84 by 87 cells.
fn picture() -> Result<Raster> {
    let levels = Plane::from_fn(84, 87, |row, frame| {
        let tone = if row % 12 < 2 { 0.4 } else { 0.0 };
        let ripple = ((row * 7919 + frame * 104_729) % 251) as f64 / 251.0;
        tone + 0.3 * (1.0 - row as f64 / 84.0) + 0.29 * ripple
    });
    Ok(paint(&levels, &PaintOptions { palette: "magma".parse()?, ..PaintOptions::default() })?)
}
