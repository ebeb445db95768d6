//! How bins lie in an octave: librosa's `intervals`.

use std::fmt;
use std::str::FromStr;

use photophone_spectrum::Number;
use serde::{Deserialize, Serialize};

use crate::TransformError;

/// Most bins an octave of a named set: the work grows with their square.
const MOST_NAMED: usize = 512;

/// Two sums of harmonic distances that NumPy's `isclose` takes for one.
const CLOSE: (f64, f64) = (1e-8, 1e-5);

/// How the bins of an octave lie (`intervals` of librosa 0.10 and later).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub enum IntervalSet {
    /// At equal ratios.
    #[default]
    Equal,
    /// At stacked fifths.
    Pythagorean,
    /// In just intonation, of the primes 2 and 3.
    Ji3,
    /// Of 2, 3 and 5.
    Ji5,
    /// Of 2, 3, 5 and 7.
    Ji7,
    /// At these ratios to the octave's first bin, each from 1 to below 2, in ascending order.
    Ratios(Vec<f64>),
}

impl IntervalSet {
    /// The sets that have names and are not equally spaced.
    pub const UNEQUAL: [Self; 4] = [Self::Pythagorean, Self::Ji3, Self::Ji5, Self::Ji7];

    /// The ratio of each bin of an octave to its first, ascending; none where they are equally spaced
    /// (`librosa.interval_frequencies` 0.11, over `fmin`).
    ///
    /// # Errors
    /// More than 512 bins of a named set.
    pub fn ratios(&self, bins_per_octave: usize) -> Result<Option<Vec<f64>>, TransformError> {
        if let Self::Equal = self {
            return Ok(None);
        }
        if let Self::Ratios(ratios) = self {
            return Ok(Some(ratios.clone()));
        }
        if bins_per_octave > MOST_NAMED {
            let (found, expected) = (bins_per_octave.to_string(), format!("at most {MOST_NAMED} with `intervals`"));
            return Err(TransformError::Parameter { name: "bins-per-octave", found, expected });
        }
        let mut octaves = match self {
            Self::Pythagorean => (0..bins_per_octave).map(|power| power as f64 * 3f64.log2()).collect(),
            Self::Ji3 => crystal(&[3.0], bins_per_octave),
            Self::Ji5 => crystal(&[3.0, 5.0], bins_per_octave),
            _ => crystal(&[3.0, 5.0, 7.0], bins_per_octave),
        };
        for octave in &mut octaves {
            *octave -= octave.floor();
        }
        octaves.sort_by(f64::total_cmp);
        Ok(Some(octaves.into_iter().map(f64::exp2).collect()))
    }
}

/// A ratio as powers of the primes but 2.
type Powers = Vec<i32>;

/// Logarithms to base 2 of so many ratios of products of primes, each the one nearest to all before it in harmonic distance
/// (crystal growth: Tenney 2008; `librosa.plimit_intervals`).
fn crystal(primes: &[f64], count: usize) -> Vec<f64> {
    let logs: Vec<f64> = primes.iter().map(|prime| prime.log2()).collect();
    let unit = |prime: usize, power: i32| (0..primes.len()).map(|i| if i == prime { power } else { 0 }).collect();
    let seeds: Vec<Powers> = (0..primes.len()).flat_map(|prime| [unit(prime, 1), unit(prime, -1)]).collect();
    let root = vec![0; primes.len()];
    // What may come next, with the sum of its distances from all that is chosen.
    let mut frontier: Vec<(Powers, f64)> =
        seeds.iter().map(|seed| (seed.clone(), distance(&logs, seed, &root))).collect();
    let mut chosen = vec![root];
    while chosen.len() < count {
        let (mut best, mut least) = (0, f64::INFINITY);
        for (i, (point, sum)) in frontier.iter().enumerate() {
            let is_tie = (sum - least).abs() <= CLOSE.0 + CLOSE.1 * least.abs() && least.is_finite();
            if *sum < least || is_tie && size(&logs, point) < size(&logs, &frontier[best].0) {
                (best, least) = (i, *sum);
            }
        }
        let (next, _) = frontier.remove(best);
        for (point, sum) in &mut frontier {
            *sum += distance(&logs, point, &next);
        }
        chosen.push(next.clone());
        for seed in &seeds {
            let point: Powers = next.iter().zip(seed).map(|(a, b)| a + b).collect();
            if !chosen.contains(&point) && !frontier.iter().any(|(other, _)| *other == point) {
                let sum = chosen.iter().map(|other| distance(&logs, &point, other)).sum();
                frontier.push((point, sum));
            }
        }
    }
    chosen.iter().map(|point| point.iter().zip(&logs).map(|(power, log)| f64::from(*power) * log).sum()).collect()
}

/// `log2(ab / gcd(a, b)^2)`, rounded to six decimals as librosa does.
fn distance(logs: &[f64], a: &[i32], b: &[i32]) -> f64 {
    let gcd = |a: i32, b: i32| a.max(0).min(b.max(0)) - (a.max(0) - a).max(b.max(0) - b);
    let sum: f64 = logs.iter().zip(a.iter().zip(b)).map(|(log, (&a, &b))| log * f64::from(a + b - 2 * gcd(a, b))).sum();
    (sum * 1e6).round_ties_even() / 1e6
}

/// What breaks ties: the logarithm of the product of numerator and denominator.
fn size(logs: &[f64], point: &[i32]) -> f64 {
    logs.iter().zip(point).map(|(log, power)| log * f64::from(power.abs())).sum()
}

/// A set as a recipe writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Name(String),
    Ratios(Vec<f64>),
}

impl From<IntervalSet> for Written {
    fn from(set: IntervalSet) -> Self {
        match set {
            IntervalSet::Ratios(ratios) => Self::Ratios(ratios),
            named => Self::Name(named.to_string()),
        }
    }
}

impl TryFrom<Written> for IntervalSet {
    type Error = TransformError;

    fn try_from(written: Written) -> Result<Self, TransformError> {
        match written {
            Written::Name(text) => text.parse(),
            Written::Ratios(ratios) => from_ratios(ratios).ok_or_else(|| unknown("a list of other numbers")),
        }
    }
}

/// The set of these ratios, if they are of one octave.
fn from_ratios(mut ratios: Vec<f64>) -> Option<IntervalSet> {
    ratios.sort_by(f64::total_cmp);
    let is_octave = !ratios.is_empty() && ratios.iter().all(|ratio| (1.0..2.0).contains(ratio));
    is_octave.then_some(IntervalSet::Ratios(ratios))
}

fn unknown(found: &str) -> TransformError {
    let expected = "equal, pythagorean, ji3, ji5, ji7, or ratios from 1 to below 2 such as 1,9/8,5/4,3/2".to_owned();
    TransformError::Parameter { name: "intervals", found: found.to_owned(), expected }
}

impl FromStr for IntervalSet {
    type Err = TransformError;

    fn from_str(text: &str) -> Result<Self, TransformError> {
        let named = [Self::Equal].into_iter().chain(Self::UNEQUAL).find(|set| set.to_string() == text);
        let ratio = |text: &str| match text.split_once('/') {
            Some((a, b)) => Some(a.trim().parse::<f64>().ok()? / b.trim().parse::<f64>().ok()?),
            None => text.trim().parse::<f64>().ok(),
        };
        let ratios = || from_ratios(text.split(',').map(ratio).collect::<Option<Vec<f64>>>()?);
        named.or_else(ratios).ok_or_else(|| unknown(&format!("'{text}'")))
    }
}

impl fmt::Display for IntervalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal => f.write_str("equal"),
            Self::Pythagorean => f.write_str("pythagorean"),
            Self::Ji3 => f.write_str("ji3"),
            Self::Ji5 => f.write_str("ji5"),
            Self::Ji7 => f.write_str("ji7"),
            Self::Ratios(ratios) => {
                let texts: Vec<String> = ratios.iter().map(|ratio| Number(*ratio).to_string()).collect();
                f.write_str(&texts.join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(set: &IntervalSet, wanted: &[f64]) {
        let ratios = set.ratios(wanted.len()).unwrap().unwrap();
        assert!(ratios.iter().zip(wanted).all(|(ratio, wanted)| (ratio - wanted).abs() < 1e-12), "{set}: {ratios:?}");
    }

    /// `librosa.interval_frequencies` 0.11.
    #[test]
    fn ratios_are_librosas() {
        let five = [
            1.0,
            16.0 / 15.0,
            9.0 / 8.0,
            6.0 / 5.0,
            5.0 / 4.0,
            4.0 / 3.0,
            45.0 / 32.0,
            3.0 / 2.0,
            8.0 / 5.0,
            5.0 / 3.0,
        ];
        is(&IntervalSet::Ji5, &[&five[..], &[9.0 / 5.0, 15.0 / 8.0]].concat());
        is(&IntervalSet::Ji5, &[1.0, 9.0 / 8.0, 5.0 / 4.0, 4.0 / 3.0, 3.0 / 2.0, 5.0 / 3.0, 15.0 / 8.0]);
        let three: Vec<f64> =
            [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map(|power| f64::from(power) * 3f64.log2()).to_vec();
        let mut three: Vec<f64> = three.into_iter().map(|octaves| (octaves - octaves.floor()).exp2()).collect();
        three.sort_by(f64::total_cmp);
        is(&IntervalSet::Ji3, &three);
        is(&IntervalSet::Pythagorean, &[1.0, 9.0 / 8.0, 81.0 / 64.0, 3.0 / 2.0, 27.0 / 16.0]);
        assert_eq!(IntervalSet::Equal.ratios(12), Ok(None));
    }

    #[test]
    fn texts_are_sets() {
        for text in ["equal", "pythagorean", "ji3", "ji5", "ji7", "1,1.25,1.5"] {
            assert_eq!(text.parse::<IntervalSet>().unwrap().to_string(), text);
        }
        assert_eq!("3/2,1,5/4".parse(), Ok(IntervalSet::Ratios(vec![1.0, 1.25, 1.5])));
        for text in ["", "ji9", "1,2", "0.5", "1,x"] {
            assert!(text.parse::<IntervalSet>().is_err(), "{text}");
        }
    }
}
