//! Edits do what was painted, and leave the rest.

mod edit_meter;

use edit_meter::{Meter, Rectangle, chords, glide, noise};
use photophone::edit::{Edge, Surface, SurfaceOptions, gained};
use photophone::spectrum::Plane;

const SR: f64 = 22_050.0;

fn surface(samples: usize) -> Surface {
    Surface::new(SR, samples, &SurfaceOptions::default()).unwrap()
}

/// A rectangle of whole pixels, of at least so many cells, around a place.
fn rectangle(surface: &Surface, secs: f64, hz: f64, cells: (f64, f64)) -> (Rectangle, [usize; 4]) {
    let row = surface.row_from_hz(hz).round() as usize;
    let hop = surface.options().hop;
    let half_rows = cells.0.round() as usize;
    let half_columns = (cells.1 * surface.cell_samples(row - half_rows) / hop as f64 / 2.0).ceil() as usize;
    let column = (secs * SR) as usize / hop;
    let (low, high) = (row - half_rows, row + half_rows);
    let (first, end) = (column - half_columns, column + half_columns);
    let rectangle = Rectangle {
        secs: ((first * hop) as f64 / SR, (end * hop) as f64 / SR),
        hz: (surface.hz_from_row(low as f64 - 0.5), surface.hz_from_row(high as f64 + 0.5)),
    };
    (rectangle, [low, high + 1, first, end])
}

fn plane(surface: &Surface, [low, high, first, end]: [usize; 4], gain: f32) -> Plane<f32> {
    Plane::from_fn(surface.rows(), surface.columns(), |row, column| {
        if (low..high).contains(&row) && (first..end).contains(&column) { gain } else { 1.0 }
    })
}

fn sounds(samples: usize) -> [(&'static str, Vec<f64>); 3] {
    [("noise", noise(samples, 1)), ("chords", chords(samples, SR)), ("glide", glide(samples, SR))]
}

#[test]
#[ignore = "prints"]
fn numbers() {
    let surface = surface(44_101);
    let meters = [0.8, 1.0, 1.2].map(|narrower| (narrower, Meter::new(&surface, narrower)));
    for (name, x) in sounds(surface.samples()) {
        for (hz, cells) in [(400.0, (3.0, 3.0)), (1000.0, (3.0, 3.0)), (1000.0, (16.0, 12.0)), (4000.0, (3.0, 3.0)), (4000.0, (12.0, 3.0))] {
            let (rectangle, pixels) = rectangle(&surface, 1.0, hz, cells);
            for edge in [Edge::Inside, Edge::Outside] {
                let y = gained(&surface, &x, &plane(&surface, pixels, 0.0), edge).unwrap();
                for (narrower, meter) in &meters {
                    let ins = [0.0, 0.5].map(|g| meter.inside_db(&x, &y, &rectangle, g));
                    let outs = [1.0, 2.0, 3.0].map(|g| meter.outside_db(&x, &y, &rectangle, g));
                    println!("{name} {hz} {cells:?} {edge:?} meter {narrower}: in {ins:.1?} out {outs:.1?}");
                }
            }
        }
    }
}
