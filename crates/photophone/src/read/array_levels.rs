//! An array's numbers as magnitudes, where they are levels: what is told of a picture holds for an array too.

use std::fmt;
use std::path::Path;

use num_complex::Complex;
use photophone_picture::{Flip, ReadOptions};
use photophone_spectrum::{LevelScale, Number, Plane, Stack};
use photophone_transform::observe::MelParams;

use crate::Error;
use crate::files::{ArrayFile, ValueKind, check_magnitudes};
use crate::recipe::{Recipe, TransformKind};

/// Steps of numbers that an 8-bit or a 16-bit picture holds.
const STEPS: [f64; 2] = [255.0, 65535.0];

/// Largest numbers of arrays in decibels above their floor, and of levels.
const ROUND: [f64; 7] = [1.0, 40.0, 60.0, 80.0, 90.0, 100.0, 120.0];

/// Median over the largest number above which numbers are spread as decibels are: what tells pictures apart too. A sound's
/// magnitudes crowd near 0.
const SPREAD: f64 = 0.1;

/// Magnitudes of an array, and how far each may be off.
pub(super) struct ArrayMagnitudes {
    pub(super) values: Plane<f64>,
    /// Between which magnitudes each lies; `None` where the numbers were not rounded to whole ones.
    pub(super) range: Option<(Plane<f64>, Plane<f64>)>,
    /// Whether they are absolute.
    pub(super) absolute: bool,
    /// How the numbers were taken; for the report.
    pub(super) how: String,
}

/// What an array of a logarithmic scale holds.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Holds {
    /// The logarithms, such as -80 to 0.
    Logarithms,
    /// The logarithms above the lowest, such as 0 to 80.
    AboveLowest,
    /// Levels, this number being the highest.
    Levels(f64),
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logarithms => f.write_str("the logarithms themselves"),
            Self::AboveLowest => f.write_str("logarithms counted from the lowest"),
            Self::Levels(highest) => write!(f, "levels of 0 to {}", Number(*highest)),
        }
    }
}

/// The array as `--transposed` and `--flip` say it lies, row 0 the lowest bin.
///
/// # Errors
/// A flag that is about pixels.
pub(super) fn turned(array: ArrayFile, reading: &ReadOptions, name: &Path) -> Result<ArrayFile, Error> {
    let ReadOptions { crop, cells, palette, flip, transposed, .. } = reading;
    let about_pixels = [("`crop`", crop.is_some()), ("`cells`", cells.is_some()), ("`palette`", palette.is_some())];
    if let Some((flag, _)) = about_pixels.iter().find(|(_, given)| *given) {
        let found = format!("{flag} for an array");
        return Err(Error::content(name, found, "a picture where it is given", "leave it out"));
    }
    let flip = flip.unwrap_or_default();
    if !transposed && flip == Flip::None {
        return Ok(array);
    }
    let turned = |channel| turned_matrix(channel, *transposed, flip);
    let channels: Vec<_> = array.stack.divided(&array.values).into_iter().map(turned).collect();
    let stack = Stack { rows: channels[0].rows(), ..array.stack };
    Ok(ArrayFile { values: stack.joined(channels, &Complex::default()), stack, ..array })
}

/// The matrix of one channel.
fn turned_matrix(matrix: Plane<Complex<f64>>, transposed: bool, flip: Flip) -> Plane<Complex<f64>> {
    let values = if transposed { matrix.transposed() } else { matrix };
    let (rows, columns) = values.shape();
    let (upside_down, backwards) =
        (matches!(flip, Flip::Vertical | Flip::Both), matches!(flip, Flip::Horizontal | Flip::Both));
    Plane::from_fn(rows, columns, |k, t| {
        values[(if upside_down { rows - 1 - k } else { k }, if backwards { columns - 1 - t } else { t })]
    })
}

/// The magnitudes that the numbers of `array` stand for.
///
/// Decibels and natural logarithms may lie in an array as they are, from 0 up, or as levels of 0 to 1, 255 or 65535: which,
/// its lowest and highest number tell.
///
/// # Errors
/// Numbers that the scale cannot have, or a scale for complex numbers, which are no levels.
pub(super) fn magnitudes(array: &ArrayFile, recipe: &Recipe, name: &Path) -> Result<ArrayMagnitudes, Error> {
    let real = || array.values.map(|value| value.re);
    let exact = |values, how: &str| ArrayMagnitudes { values, range: None, absolute: true, how: how.to_owned() };
    let Some(scale) = recipe.picture.levels else {
        check_magnitudes(name, array)?;
        let power = summed_power(recipe);
        let root = |value: &f64| if power == 1.0 { *value } else { value.powf(1.0 / power) };
        let what = if power == 1.0 { "magnitudes" } else { "powers, as a mel spectrogram's bands sum them" };
        return Ok(exact(real().map(root), &format!("taken for {what}")));
    };
    let Some((low, high)) = scale.logarithms() else {
        check_magnitudes(name, array)?;
        let values = real().map(|&value| scale.magnitude_from_level(value));
        return Ok(exact(values, if scale == LevelScale::Power { "powers" } else { "magnitudes" }));
    };
    let (least, most) = ends(&array.values);
    let holds = held((least, most), (low, high)).ok_or_else(|| {
        let found = format!("numbers from {} to {} with `levels {scale}`", Number(least), Number(most));
        let (width, low, high) = (Number(high - low), Number(low), Number(high));
        let expected = format!("{low} to {high}, 0 to {width}, or levels of 0 to 1, 255 or 65535");
        Error::content(name, found, expected, "give the scale that the array has, as in `levels db:-100:0`")
    })?;
    let reference = recipe.picture.reference;
    let magnitude = |value: f64| {
        let level = match holds {
            Holds::Logarithms => (value - low) / (high - low),
            Holds::AboveLowest => value / (high - low),
            Holds::Levels(highest) => value / highest,
        };
        reference.unwrap_or(1.0) * scale.magnitude_from_level(level)
    };
    let numbers = real();
    let range = is_whole_type(&array.dtype).then(|| {
        let below = |&value: &f64| if value <= least { 0.0 } else { magnitude(value - 0.5) };
        (numbers.map(below), numbers.map(|&value| magnitude(value + 0.5)))
    });
    let values = numbers.map(|&value| magnitude(value));
    // Logarithms are of magnitudes as they were, but for those whose loudest was made 0.
    let absolute = reference.is_some() || (holds == Holds::Logarithms && most != 0.0);
    Ok(ArrayMagnitudes { values, range, absolute, how: format!("{scale}: {holds}") })
}

/// The power of magnitudes that numbers are where nobody says what they are: a mel spectrogram's, else the first.
fn summed_power(recipe: &Recipe) -> f64 {
    let told = &recipe.transform;
    if told.kind == Some(TransformKind::Mel) {
        told.power.filter(|power| *power > 0.0).unwrap_or(MelParams::default().power)
    } else {
        1.0
    }
}

/// What to say of real numbers that were taken for magnitudes though they look like levels.
pub(super) fn doubt(array: &ArrayFile, recipe: &Recipe) -> Option<String> {
    if array.kind == ValueKind::Complex || recipe.picture.levels.is_some() {
        return None;
    }
    let (least, most) = ends(&array.values);
    let levels = if array.dtype.ends_with("u1") {
        "whole numbers of 8 bits, as of a gray picture"
    } else if least == 0.0 && ROUND.contains(&most) && median(&array.values) > SPREAD * most {
        "from 0 to a round number, as of decibels"
    } else {
        return None;
    };
    Some(format!(
        "WARNING: the array's numbers ({} to {}) are {levels}, but were taken for magnitudes: if they are \
         decibels, say which, as in `levels db:-80:0`; if they are magnitudes, say `levels linear`",
        Number(least),
        Number(most)
    ))
}

fn held((least, most): (f64, f64), (low, high): (f64, f64)) -> Option<Holds> {
    let width = high - low;
    if least < 0.0 {
        return Some(Holds::Logarithms);
    }
    if most <= 1.0 {
        return Some(Holds::Levels(1.0));
    }
    if most <= width.max(high) {
        return Some(if low < 0.0 { Holds::AboveLowest } else { Holds::Logarithms });
    }
    STEPS.into_iter().find(|&highest| most <= highest).map(Holds::Levels)
}

/// The least and the largest number.
fn ends(values: &Plane<Complex<f64>>) -> (f64, f64) {
    let numbers = values.as_slice().iter().map(|value| value.re);
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)))
}

fn median(values: &Plane<Complex<f64>>) -> f64 {
    let mut numbers: Vec<f64> = values.as_slice().iter().map(|value| value.re).collect();
    let middle = numbers.len() / 2;
    if numbers.is_empty() { 0.0 } else { *numbers.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// Whether NumPy's name of a type is one of whole numbers: `|u1`, `<i2`.
fn is_whole_type(dtype: &str) -> bool {
    dtype.contains('u') || dtype.contains('i')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DB: [f64; 6] = [-80.0, -61.0, -40.0, -20.5, -3.0, 0.0];

    fn read(levels: &str, dtype: &str, number: impl Fn(f64) -> f64) -> Result<ArrayMagnitudes, Error> {
        let values = Plane::from_fn(2, 3, |k, t| Complex::new(number(DB[3 * k + t]), 0.0));
        let array = ArrayFile { dtype: dtype.to_owned(), ..ArrayFile::in_memory(values, ValueKind::Real) };
        let mut recipe = Recipe::default();
        recipe.picture.levels = Some(levels.parse().unwrap());
        magnitudes(&array, &recipe, Path::new("array"))
    }

    fn assert_magnitudes(found: &ArrayMagnitudes, off_db: f64) {
        for (value, db) in found.values.as_slice().iter().zip(DB) {
            assert!((20.0 * value.log10() - db).abs() <= off_db, "{value} for {db} dB");
        }
    }

    #[test]
    fn every_way_of_keeping_decibels_is_understood() {
        let db = "db:-80:0";
        for (levels, number) in [
            (db, Box::new(|db| db) as Box<dyn Fn(f64) -> f64>),
            (db, Box::new(|db| db + 80.0)),
            (db, Box::new(|db| (db + 80.0) / 80.0)),
            ("ln", Box::new(|db: f64| db * std::f64::consts::LN_10 / 20.0)),
            ("power", Box::new(|db: f64| 10f64.powf(db / 10.0))),
            ("linear", Box::new(|db: f64| 10f64.powf(db / 20.0))),
        ] {
            let found = read(levels, "<f4", number).unwrap();
            assert_magnitudes(&found, 1e-9);
            assert!(found.range.is_none());
        }
        let bytes = read(db, "|u1", |db| ((db + 80.0) / 80.0 * 255.0).round()).unwrap();
        assert_magnitudes(&bytes, 0.16);
        let (low, high) = bytes.range.unwrap();
        assert_eq!(low[(0, 0)], 0.0);
        assert!(low[(1, 1)] < 10f64.powf(-3.0 / 20.0) && high[(1, 1)] > 10f64.powf(-3.0 / 20.0));
    }

    #[test]
    fn logarithms_are_absolute_unless_the_loudest_is_zero() {
        assert!(!read("db:-80:0", "<f4", |db| db).unwrap().absolute);
        assert!(!read("db:-80:0", "<f4", |db| db + 80.0).unwrap().absolute);
        let found = read("db:-80:0", "<f4", |db| db - 7.0).unwrap();
        assert!(found.absolute);
        assert!((20.0 * found.values[(1, 2)].log10() + 7.0).abs() < 1e-9);
    }

    #[test]
    fn numbers_that_the_scale_cannot_have_are_refused() {
        let error = read("db:-80:0", "<f4", |db| 1e4 * (db + 80.0)).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("800000") && error.contains("`levels db:-80:0`"), "{error}");
        let error = read("power", "<f4", |db| db).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("negative"), "{error}");
    }
}
