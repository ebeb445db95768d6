//! Numbers as people read them: no more digits than say something.

use std::fmt;

/// A number for messages and files: in scientific notation where it would take more than some digits else.
///
/// Shown without a precision it is the shortest text that reads back as the same number (`440`, `0.01`, `1e-300`). With
/// one (`{:.1}`) it has so many digits behind the point (`440.0`), and four in scientific notation (`1.234e300`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(pub f64);

/// Sizes that are written out: ten digits before the point, three zeros behind it.
const LEAST: f64 = 1e-4;
const MOST: f64 = 1e10;

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        let size = value.abs();
        // A precision rounds what is small to nothing, as it is meant to.
        let is_written_out = !value.is_finite() || size < MOST && (size >= LEAST || size == 0.0);
        match f.precision() {
            None if is_written_out => write!(f, "{value}"),
            None => write!(f, "{value:e}"),
            Some(digits) if is_written_out || size < 1.0 => write!(f, "{value:.digits$}"),
            Some(_) => write!(f, "{value:.3e}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_few_digits_and_read_back() {
        for (value, text) in [
            (0.0, "0"),
            (440.0, "440"),
            (-80.0, "-80"),
            (0.01, "0.01"),
            (32.70319566257483, "32.70319566257483"),
            (8_388_608.0, "8388608"),
            (1e-300, "1e-300"),
            (-1e308, "-1e308"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(Number(value).to_string(), text);
            assert_eq!(text.parse(), Ok(value));
        }
        for exponent in -308..=308 {
            let value = 1.2345678901234567 * 10f64.powi(exponent);
            let text = Number(value).to_string();
            assert!(text.len() <= 24 && text.parse() == Ok(value), "{text}");
        }
    }

    #[test]
    fn a_precision_counts_digits_behind_the_point_while_the_number_is_written_out() {
        for (value, text) in
            [(440.0, "440.0"), (38_491_228.5, "38491228.5"), (1e-300, "0.0"), (1.23456e300, "1.235e300")]
        {
            assert_eq!(format!("{:.1}", Number(value)), text);
        }
    }
}
