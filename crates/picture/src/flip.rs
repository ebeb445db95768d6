//! How the picture is turned, where nothing is said of it.

use photophone_spectrum::{Finding, Plane};

use crate::calibration::UPRIGHT;
use crate::options::Flip;

/// How sure it is that the lowest frequency is at the bottom where nothing tells: of twenty pictures one is turned.
const USUAL: f64 = 0.95;

/// Whether the lowest frequency is at the bottom; the first frame is taken to be at the left.
///
/// `order` is what [`Motion::upright_order_odds`](crate::sound::Motion::upright_order_odds) has of the picture with its
/// bottom row first.
pub(crate) fn find_flip(order: Option<(f64, f64)>) -> Finding<Flip> {
    let usual = "lowest frequency at the bottom, first frame at the left";
    let Some((odds, rise)) = order else {
        return Finding::assumed(Flip::None, USUAL, format!("{usual}: too little moves to tell"));
    };
    let words =
        format!("rank correlation of height and speed of change {rise:.2}, where a constant-Q filter gives 0.5 to 1");
    // Of pictures with these odds so many were upright, whatever the odds say of themselves.
    let upright = UPRIGHT.confidence(odds);
    let found = if upright >= 0.5 {
        Finding::assumed(Flip::None, upright, format!("{usual}; {words}"))
    } else {
        let evidence = format!("lowest frequency on top: the rows there change slowest; {words}");
        Finding::read(Flip::Vertical, 1.0 - upright, evidence)
    };
    Finding { score: Some(odds), ..found }
}

/// Rows or columns turned round.
pub(crate) fn flipped<T: Clone>(plane: &Plane<T>, flip: Flip) -> Plane<T> {
    let (rows, columns) = plane.shape();
    Plane::from_fn(rows, columns, |r, c| {
        let r = if flip.turns_rows() { rows - 1 - r } else { r };
        let c = if flip.turns_columns() { columns - 1 - c } else { c };
        plane[(r, c)].clone()
    })
}
