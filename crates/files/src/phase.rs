//! What an array says about phase: unit phasors, full coefficients or angles.

use std::f64::consts::{PI, TAU};
use std::fmt;
use std::path::Path;

use num_complex::Complex;
use photophone_spectrum::{Finding, Number, Plane, Stack};

use super::{ArrayFile, ValueKind};
use crate::FileError;

/// How far a magnitude may lie from 1 in an array of unit phasors; complex64 rounds by 1e-7, and
/// half floats by 5e-4.
const UNIT_TOLERANCE: f64 = 1e-3;

/// Share of angles that must lie within one turn of 0; the rest may be a few unwrapped ones.
const ANGLES_WITHIN_A_TURN: f64 = 0.99;

/// What an array's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseKind {
    /// Complex numbers of magnitude 1 (or 0): `librosa.magphase(C)[1]`.
    UnitComplex,
    /// Complex coefficients with their magnitudes: `C` itself.
    FullComplex,
    /// Angles in radians: `np.angle(C)`.
    AnglesRadians,
}

impl fmt::Display for PhaseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnitComplex => "unit complex numbers",
            Self::FullComplex => "complex coefficients",
            Self::AnglesRadians => "angles in radians",
        })
    }
}

/// The phase of every cell, and its magnitude where the array has it.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseArray {
    /// What the values were.
    pub kind: Finding<PhaseKind>,
    /// Phasors of magnitude 1, bins by frames; 1 + 0i where the value was 0. Of several channels one above the other.
    pub phasors: Plane<Complex<f64>>,
    /// Magnitudes, likewise; only for [`PhaseKind::FullComplex`].
    pub magnitudes: Option<Plane<f64>>,
    /// How the channels lie in both.
    pub stack: Stack,
}

impl PhaseArray {
    /// Decides what an array's values are and takes their phase. `path` is for messages.
    ///
    /// # Errors
    /// [`FileError::Content`] when the values carry no phase (none but zeros and positive reals, not all of
    /// them 1 as silence has), or are real and not angles in radians (more than 1 in 100 outside -2 pi to 2 pi).
    pub fn from_array(path: &Path, array: &ArrayFile) -> Result<Self, FileError> {
        let (values, stack) = (&array.values, array.stack);
        match array.kind {
            ValueKind::Real => {
                let kind = angles_kind(path, values)?;
                Ok(Self { kind, phasors: values.map(|angle| Complex::cis(angle.re)), magnitudes: None, stack })
            }
            ValueKind::Complex => {
                let kind = complex_kind(path, values)?;
                let magnitudes = (kind.value == PhaseKind::FullComplex).then(|| values.map(|z| z.norm()));
                Ok(Self { kind, phasors: values.map(unit_from_complex), magnitudes, stack })
            }
        }
    }

    /// Bins and frames of each channel.
    pub fn shape(&self) -> (usize, usize) {
        (self.stack.rows, self.phasors.columns())
    }

    /// The same phase, each channel in an expected shape; see [`reconcile_shape`].
    ///
    /// # Errors
    /// [`FileError::Content`] naming both shapes when they do not fit.
    pub fn fitted_to(self, path: &Path, bins: usize, frames: usize) -> Result<(Self, Finding<ShapeFit>), FileError> {
        let fit = reconcile_shape(path, self.shape(), (bins, frames))?;
        let (stack, fitted) = (self.stack, Stack { rows: bins, ..self.stack });
        let phasors = fitted_channels(&self.phasors, (stack, fitted), fit.value);
        let magnitudes = self.magnitudes.map(|magnitudes| fitted_channels(&magnitudes, (stack, fitted), fit.value));
        Ok((Self { kind: self.kind, phasors, magnitudes, stack: fitted }, fit))
    }

    /// The same phase with so many rows between its channels, where the phase is 0.
    #[must_use]
    pub fn spaced(self, gap: usize) -> Self {
        if gap == self.stack.gap {
            return self;
        }
        let (stack, phasors) = self.stack.spaced(&self.phasors, gap, &Complex::new(1.0, 0.0));
        let magnitudes = self.magnitudes.map(|magnitudes| self.stack.spaced(&magnitudes, gap, &0.0).1);
        Self { phasors, magnitudes, stack, ..self }
    }
}

/// Each channel of `from` in the shape of `to`.
fn fitted_channels<T: Clone>(plane: &Plane<T>, (from, to): (Stack, Stack), fit: ShapeFit) -> Plane<T> {
    if from.channels == 1 {
        return fit_to_shape(plane, fit);
    }
    let channels = from.divided(plane).iter().map(|channel| fit_to_shape(channel, fit)).collect();
    to.joined(channels, &plane.as_slice()[0])
}

fn unit_from_complex(z: &Complex<f64>) -> Complex<f64> {
    let magnitude = z.norm();
    // A phasor that single precision has rounded stays as it is, so that saving it again changes nothing.
    if (magnitude - 1.0).abs() <= f64::from(f32::EPSILON) {
        return *z;
    }
    if magnitude > 0.0 { z / magnitude } else { Complex::new(1.0, 0.0) }
}

fn complex_kind(path: &Path, values: &Plane<Complex<f64>>) -> Result<Finding<PhaseKind>, FileError> {
    let all = |test: fn(&Complex<f64>) -> bool| values.as_slice().iter().all(test);
    let unit = all(|z| z.norm() == 0.0 || (z.norm() - 1.0).abs() <= UNIT_TOLERANCE);
    let positive = all(|z| z.im == 0.0 && z.re >= 0.0);
    if unit && positive {
        // librosa.magphase gives 1 + 0i for zeros, so this is the phase of silence.
        let evidence = "complex, every value 1 (or 0), as of silence";
        return Ok(Finding::read(PhaseKind::UnitComplex, 0.5, evidence));
    }
    if positive {
        return Err(FileError::content(
            path,
            "complex numbers that are all real and zero or positive, so without phase",
            "phasors or coefficients",
            "save the coefficients before taking abs, as in: np.save(NAME, C)",
        ));
    }
    if unit {
        let evidence = format!("complex, every magnitude within {UNIT_TOLERANCE} of 1 (or 0)");
        return Ok(Finding::read(PhaseKind::UnitComplex, 1.0, evidence));
    }
    let largest = values.as_slice().iter().map(|z| z.norm()).fold(0.0, f64::max);
    Ok(Finding::read(PhaseKind::FullComplex, 1.0, format!("complex, magnitudes up to {:.4}", Number(largest))))
}

fn angles_kind(path: &Path, values: &Plane<Complex<f64>>) -> Result<Finding<PhaseKind>, FileError> {
    let angles = || values.as_slice().iter().map(|z| z.re);
    let (low, high) =
        angles().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), angle| (low.min(angle), high.max(angle)));
    let within = angles().filter(|angle| angle.abs() <= TAU).count();
    let found = format!("real numbers from {:.4} to {:.4}", Number(low), Number(high));
    let refused = |advice: &str| Err(FileError::content(path, &found, "angles in radians, from -2 pi to 2 pi", advice));
    if (within as f64) < ANGLES_WITHIN_A_TURN * values.as_slice().len() as f64 {
        return if low >= -360.0 && high <= 360.0 {
            refused("if they are degrees, convert them, as in: np.deg2rad(phase)")
        } else {
            refused("save np.angle(C); unwrapped angles are wrapped by np.angle(np.exp(1j * phase))")
        };
    }
    if low == high {
        return refused("these are all alike; save np.angle(C), or C itself");
    }
    // Phases of a sound fill the circle; a range like 0 to 1 or -1 to 0 is more likely levels.
    let confidence = if high - low > PI { 0.95 } else { 0.3 };
    Ok(Finding::read(PhaseKind::AnglesRadians, confidence, found))
}

/// What brings an array to an expected shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeFit {
    /// Rows and columns are exchanged first.
    pub transposed: bool,
    /// Frames found minus frames expected: -1, 0 or 1. A frame too many is dropped at the end, a missing one
    /// repeats the last.
    pub extra_frames: i8,
}

/// Finds what brings a shape (rows, columns) to the expected (bins, frames): nothing, transposing,
/// one frame more or fewer (as other hop and padding conventions give), or both.
///
/// # Errors
/// [`FileError::Content`] naming both shapes.
pub fn reconcile_shape(
    path: &Path,
    found: (usize, usize),
    expected: (usize, usize),
) -> Result<Finding<ShapeFit>, FileError> {
    let (bins, frames) = expected;
    for extra_frames in [0i8, 1, -1] {
        for (transposed, (rows, columns)) in [(false, found), (true, (found.1, found.0))] {
            if rows == bins && Some(columns) == frames.checked_add_signed(isize::from(extra_frames)) && columns > 0 {
                let fit = ShapeFit { transposed, extra_frames };
                return Ok(Finding::read(fit, fit.confidence(), fit.evidence(found, expected)));
            }
        }
    }
    Err(FileError::content(
        path,
        format!("an array of {} x {} values", found.0, found.1),
        format!("{bins} bins x {frames} frames, as the picture shows"),
        "check that the array and the picture are of the same sound and settings",
    ))
}

impl ShapeFit {
    fn confidence(self) -> f64 {
        match (self.transposed, self.extra_frames) {
            (false, 0) => 1.0,
            (true, 0) => 0.9,
            _ => 0.7,
        }
    }

    fn evidence(self, found: (usize, usize), expected: (usize, usize)) -> String {
        let mut evidence = format!("{} x {} values for {} bins x {} frames", found.0, found.1, expected.0, expected.1);
        if self.transposed {
            evidence.push_str("; transposed (frames by bins)");
        }
        evidence.push_str(match self.extra_frames {
            1 => "; one frame more, the last is dropped",
            -1 => "; one frame fewer, the last is repeated",
            _ => "",
        });
        evidence
    }
}

/// Applies a [`ShapeFit`] to a plane of at least one column.
pub fn fit_to_shape<T: Clone>(plane: &Plane<T>, fit: ShapeFit) -> Plane<T> {
    let plane = if fit.transposed { plane.transposed() } else { plane.clone() };
    let columns = plane.columns();
    match fit.extra_frames {
        1 => plane.columns_between(0, columns.saturating_sub(1)),
        -1 => Plane::from_fn(plane.rows(), columns + 1, |row, column| plane[(row, column.min(columns - 1))].clone()),
        _ => plane,
    }
}
