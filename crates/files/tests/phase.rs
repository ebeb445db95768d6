//! What an array says about phase, and how it fits a picture's shape.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::PI;
use std::path::Path;

use num_complex::Complex;
use photophone_files::{ArrayFile, PhaseArray, PhaseKind, ShapeFit, ValueKind, reconcile_shape};
use photophone_spectrum::Plane;

const PATH: &str = "phase.npy";

fn array(kind: ValueKind, value: impl FnMut(usize, usize) -> Complex<f64>) -> ArrayFile {
    let values = Plane::from_fn(4, 30, value);
    ArrayFile::in_memory(values, kind)
}

fn angle(row: usize, column: usize) -> f64 {
    ((row * 31 + column * 17) as f64).sin() * PI
}

fn interpreted(array: &ArrayFile) -> PhaseArray {
    PhaseArray::from_array(Path::new(PATH), array).unwrap()
}

#[test]
fn all_three_kinds_give_the_same_phasors() {
    let unit = interpreted(&array(ValueKind::Complex, |r, c| Complex::cis(angle(r, c)) * 1.0005));
    let full = interpreted(&array(ValueKind::Complex, |r, c| Complex::from_polar(r as f64 + 0.5, angle(r, c))));
    let angles = interpreted(&array(ValueKind::Real, |r, c| Complex::new(angle(r, c), 0.0)));
    assert_eq!(unit.kind.value, PhaseKind::UnitComplex);
    assert_eq!(full.kind.value, PhaseKind::FullComplex);
    assert_eq!(angles.kind.value, PhaseKind::AnglesRadians);
    assert!((angles.kind.confidence - 0.95).abs() < 1e-12);
    assert!(unit.magnitudes.is_none() && angles.magnitudes.is_none());
    assert!((full.magnitudes.unwrap()[(3, 7)] - 3.5).abs() < 1e-12);
    for n in 0..120 {
        let expected = Complex::cis(angle(n / 30, n % 30));
        for found in [&unit.phasors, &full.phasors, &angles.phasors] {
            assert!((found.as_slice()[n] - expected).norm() < 1e-12);
        }
    }
}

#[test]
fn zeros_among_unit_phasors_stay_unit() {
    let phase = interpreted(&array(ValueKind::Complex, |r, c| {
        if c == 0 { Complex::new(0.0, 0.0) } else { Complex::cis(angle(r, c)) }
    }));
    assert_eq!(phase.kind.value, PhaseKind::UnitComplex);
    assert_eq!(phase.phasors[(2, 0)], Complex::new(1.0, 0.0));
}

#[test]
fn the_phase_of_silence_is_phase() {
    for value in [0.0, 1.0] {
        let phase = interpreted(&array(ValueKind::Complex, |_, c| Complex::new(if c < 9 { value } else { 1.0 }, 0.0)));
        assert_eq!(phase.kind.value, PhaseKind::UnitComplex);
        assert!(phase.phasors.as_slice().iter().all(|&phasor| phasor == Complex::new(1.0, 0.0)));
    }
}

#[test]
fn levels_passed_as_angles_are_doubted() {
    let phase = interpreted(&array(ValueKind::Real, |r, c| Complex::new(angle(r, c).abs() / PI, 0.0)));
    assert!(phase.kind.confidence < 0.5, "{:?}", phase.kind);
}

#[test]
fn values_without_phase_are_refused_with_advice() {
    let degrees = array(ValueKind::Real, |r, c| Complex::new(angle(r, c).to_degrees(), 0.0));
    let unwrapped = array(ValueKind::Real, |r, c| Complex::new((r * 30 + c) as f64 * 40.0, 0.0));
    let magnitudes = array(ValueKind::Complex, |r, c| Complex::new((r + c) as f64, 0.0));
    let constant = array(ValueKind::Real, |_, _| Complex::new(0.0, 0.0));
    for (array, advice) in [
        (degrees, "np.deg2rad"),
        (unwrapped, "np.angle(np.exp(1j * phase))"),
        (magnitudes, "without phase"),
        (constant, "all alike"),
    ] {
        let message = PhaseArray::from_array(Path::new(PATH), &array).unwrap_err().to_string();
        assert!(message.starts_with("phase.npy: found ") && message.contains(advice), "{message}");
    }
}

#[test]
fn shapes_one_frame_off_or_turned_fit_and_it_is_said() {
    let fit = |found, expected| reconcile_shape(Path::new(PATH), found, expected);
    for (found, transposed, extra_frames, said) in [
        ((84, 260), false, 0, ""),
        ((84, 261), false, 1, "last is dropped"),
        ((84, 259), false, -1, "last is repeated"),
        ((260, 84), true, 0, "transposed"),
        ((261, 84), true, 1, "transposed (frames by bins); one frame more"),
    ] {
        let fit = fit(found, (84, 260)).unwrap();
        assert_eq!(fit.value, ShapeFit { transposed, extra_frames }, "{found:?}");
        assert!(fit.evidence.contains(said), "{}", fit.evidence);
    }
    // What fits without turning is not turned.
    assert!(!fit((84, 84), (84, 84)).unwrap().value.transposed);
    assert!(!fit((84, 85), (84, 84)).unwrap().value.transposed);
    for found in [(84, 262), (83, 260), (258, 84), (84, 0), (0, 0)] {
        let message = fit(found, (84, 260)).unwrap_err().to_string();
        assert!(message.contains(&format!("{} x {} values", found.0, found.1)), "{message}");
        assert!(message.contains("84 bins x 260 frames"), "{message}");
    }
}

#[test]
fn fitting_turns_and_trims_the_right_cells() {
    let full = || interpreted(&array(ValueKind::Complex, |r, c| Complex::from_polar((30 * r + c) as f64 + 2.0, 1.0)));
    let fitted = |bins, frames| full().fitted_to(Path::new(PATH), bins, frames).unwrap().0.magnitudes.unwrap();
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    let shorter = fitted(4, 29);
    assert_eq!(shorter.shape(), (4, 29));
    close(shorter[(1, 28)], 60.0);
    let longer = fitted(4, 31);
    assert_eq!(longer.shape(), (4, 31));
    close(longer[(1, 30)], 61.0);
    let turned = fitted(30, 4);
    assert_eq!(turned.shape(), (30, 4));
    close(turned[(7, 2)], 69.0);
    assert!(full().fitted_to(Path::new(PATH), 5, 30).is_err());
}
