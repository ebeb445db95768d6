//! Numbers outside their range are told from such as are no numbers.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use num_complex::Complex;
use photophone_spectrum::Plane;
use photophone_transform::inverse::{Intervals, LeastSquaresOptions, least_squares, least_squares_within};
use photophone_transform::retrieval::{HeapOptions, KnownPhase, Magnitudes, heap_integration};
use photophone_transform::{Cqt, CqtParams, TransformError, Watch};

const CELL: usize = 7;

fn plan() -> Cqt {
    Cqt::new(&CqtParams { bins: 12, fmin_hz: 440.0, ..CqtParams::default() }, 6000).unwrap()
}

/// A plane of the plan's shape with one other value.
fn plane(usual: f64, value: f64) -> Plane<f64> {
    let (rows, frames) = plan().shape();
    let mut plane = Plane::filled(rows, frames, usual);
    plane.as_mut_slice()[CELL] = value;
    plane
}

fn ones() -> Plane<Complex<f64>> {
    plane(1.0, 1.0).map(|&value| Complex::from(value))
}

#[track_caller]
fn assert_out_of_range(error: &TransformError, words: [&str; 2]) {
    assert!(matches!(error, TransformError::OutOfRange { index: CELL, .. }), "{error}");
    let message = error.to_string();
    assert!(words.iter().all(|word| message.contains(word)) && !message.contains("not a number"), "{message}");
}

fn solved(trust: &Plane<f64>) -> TransformError {
    let options = LeastSquaresOptions { trust: Some(trust), ..LeastSquaresOptions::default() };
    least_squares(&plan(), &ones(), &options, &mut Watch::default()).unwrap_err()
}

#[test]
fn trust_is_from_0_to_1() {
    assert_out_of_range(&solved(&plane(1.0, 2.0)), ["`mask`", "found 2"]);
    assert_out_of_range(&solved(&plane(1.0, -0.5)), ["found -0.5", "0 (unknown) to 1 (known)"]);
    assert!(matches!(solved(&plane(1.0, f64::NAN)), TransformError::NotFinite { index: CELL, .. }));
}

#[test]
fn ranges_begin_at_their_lower_end() {
    let within = |low, high| {
        let intervals = Intervals { low: plane(0.5, low), high: plane(2.0, high) };
        let options = LeastSquaresOptions::default();
        least_squares_within(&plan(), &ones(), &intervals, &options, &mut Watch::default()).unwrap_err()
    };
    assert_out_of_range(&within(3.0, 1.5), ["found 3 to 1.5", "lower end first"]);
    assert_out_of_range(&within(-1.0, 1.0), ["lower ends", "zero or more"]);
    assert!(matches!(within(f64::INFINITY, f64::INFINITY), TransformError::NotFinite { index: CELL, .. }));
    assert!(matches!(within(0.5, f64::NAN), TransformError::NotFinite { index: CELL, .. }));
}

#[test]
fn magnitudes_are_not_negative_and_phase_is_trusted_from_0_to_1() {
    let integrated = |values: &Plane<f64>, trust: &Plane<f64>| {
        let phasors = ones();
        let known = KnownPhase { phasors: &phasors, trust };
        heap_integration(&plan(), &Magnitudes::exact(values), Some(known), &HeapOptions::default())
    };
    let usual = plane(1.0, 1.0);
    assert!(integrated(&usual, &usual).is_ok());
    assert_out_of_range(&integrated(&plane(1.0, -3.0), &usual).unwrap_err(), ["magnitudes", "found -3"]);
    assert_out_of_range(&integrated(&usual, &plane(1.0, 1.5)).unwrap_err(), ["phase (`mask`)", "found 1.5"]);
    let infinite = integrated(&plane(1.0, f64::INFINITY), &usual).unwrap_err();
    assert!(matches!(infinite, TransformError::NotFinite { index: CELL, .. }));
}
