//! Edits in seconds and hertz, as a file or a page tells them.

use serde::{Deserialize, Serialize};

use crate::Error;

/// The version of the format that is written, and the newest that is read.
pub const EDITS_VERSION: u32 = 1;

/// The most points of one outline, and the most edits.
const MAX_POINTS: usize = 10_000;

/// Edits of one sound. They are applied at once: where two overlap, their gains are multiplied.
///
/// As JSON: `{"version": 1, "edits": [{"shape": {"rectangle": {"secs": [1.0, 1.5], "hz": [300, 900]}}, "action": "erase"}]}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edits {
    /// The format's version: 1.
    pub version: u32,
    /// What is done, in any order.
    pub edits: Vec<Edit>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Where.
    pub shape: Shape,
    /// What is done there.
    pub action: Action,
    /// Over how many cells the change fades out at the shape's border, as a raised cosine: 0 is not at all, else at least
    /// 1. Default: 0.
    #[serde(default)]
    pub soft_cells: f64,
    /// The channels it is for, from 0 on; none is all. Default: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
}

/// Where something is changed: seconds from the sound's beginning, and hertz.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Shape {
    /// From one time to another, from one frequency to another.
    Rectangle {
        /// When it begins and ends.
        secs: (f64, f64),
        /// Its lowest and highest frequency.
        hz: (f64, f64),
    },
    /// Some frequencies, as long as the sound lasts.
    Band {
        /// Its lowest and highest frequency.
        hz: (f64, f64),
    },
    /// All frequencies for some time.
    Time {
        /// When it begins and ends.
        secs: (f64, f64),
    },
    /// What a closed outline winds around, however often and whichever way round. Its sides are straight on the surface.
    Lasso {
        /// Its corners, each seconds and hertz; the last one is joined to the first.
        points: Vec<(f64, f64)>,
    },
}

/// What is done in a shape.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing is left.
    Erase,
    /// What there is becomes so many dB louder; fainter below 0.
    GainDb(f64),
    /// What there is is put in place of what lies so many seconds later, or earlier below 0, as the sound that it was before
    /// all edits. It stays where it was, too.
    CopyLater(f64),
}

impl Action {
    /// The gain in dB: minus infinity where nothing is left of what there was.
    pub(super) fn gain_db(self) -> f64 {
        match self {
            Self::Erase | Self::CopyLater(_) => f64::NEG_INFINITY,
            Self::GainDb(db) => db,
        }
    }

    /// What coefficients are multiplied by, of the shape or of what a copy of it replaces.
    pub(super) fn gain(self) -> f64 {
        match self {
            // A copy takes the place of what was there.
            Self::Erase | Self::CopyLater(_) => 0.0,
            Self::GainDb(db) => 10f64.powf(db / 20.0),
        }
    }
}

/// The loudest and the faintest gain, in dB.
const MAX_GAIN_DB: f64 = 120.0;

impl Edits {
    /// Edits of this version.
    pub fn new(edits: Vec<Edit>) -> Self {
        Self { version: EDITS_VERSION, edits }
    }

    /// Edits from JSON, checked.
    ///
    /// # Errors
    /// [`Error::Edits`]: what is no JSON, of a newer version, or out of range, with the number of the edit.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        // What a newer version has need not be known here.
        let problem = |error: serde_json::Error| Error::Edits {
            found: error.to_string(),
            expected: "JSON as docs/edit.md describes it",
        };
        let Version { version } = serde_json::from_str(text).map_err(problem)?;
        check_version(version)?;
        let edits: Self = serde_json::from_str(text).map_err(problem)?;
        edits.check()?;
        Ok(edits)
    }

    /// The edits as JSON, on several lines.
    ///
    /// # Errors
    /// As [`Edits::check`]: JSON has no numbers that are not finite.
    pub fn to_json(&self) -> Result<String, Error> {
        self.check()?;
        let problem =
            |error: serde_json::Error| Error::Edits { found: error.to_string(), expected: "edits that JSON can tell" };
        serde_json::to_string_pretty(self).map_err(problem)
    }

    /// Refuses what is out of range.
    ///
    /// # Errors
    /// [`Error::Edits`].
    pub fn check(&self) -> Result<(), Error> {
        check_version(self.version)?;
        if self.edits.len() > MAX_POINTS {
            return Err(Error::Edits { found: format!("{} edits", self.edits.len()), expected: "at most 10000" });
        }
        for (index, edit) in self.edits.iter().enumerate() {
            edit.check().map_err(|(found, expected)| Error::Edits {
                found: format!("edit {} with {found}", index + 1),
                expected,
            })?;
        }
        Ok(())
    }
}

fn check_version(version: u32) -> Result<(), Error> {
    if version == EDITS_VERSION {
        return Ok(());
    }
    Err(Error::Edits { found: format!("version {version}"), expected: "version 1; a newer Photophone may read it" })
}

/// What was found, and what was expected.
type Problem = (String, &'static str);

impl Edit {
    fn check(&self) -> Result<(), Problem> {
        self.shape.check()?;
        match self.action {
            Action::GainDb(db) if db.is_nan() || db.abs() > MAX_GAIN_DB => {
                return Err((format!("a gain of {db} dB"), "-120 to 120 dB, or \"erase\""));
            }
            Action::CopyLater(secs) if !secs.is_finite() => {
                return Err((format!("a copy {secs} s later"), "a finite number of seconds"));
            }
            _ => {}
        }
        if self.soft_cells != 0.0 && !(1.0..=1000.0).contains(&self.soft_cells) {
            return Err((format!("soft_cells {}", self.soft_cells), "0, or 1 to 1000: a transform has no finer edge"));
        }
        Ok(())
    }
}

impl Shape {
    fn check(&self) -> Result<(), Problem> {
        let ordered = |what: &str, (low, high): (f64, f64)| {
            if low.is_finite() && high.is_finite() && low < high {
                return Ok(());
            }
            Err((format!("{what} from {low} to {high}"), "finite numbers, the lower one first"))
        };
        match self {
            Self::Rectangle { secs, hz } => ordered("seconds", *secs).and_then(|()| ordered("hertz", *hz)),
            Self::Band { hz } => ordered("hertz", *hz),
            Self::Time { secs } => ordered("seconds", *secs),
            Self::Lasso { points } => {
                if !(3..=MAX_POINTS).contains(&points.len()) {
                    return Err((format!("an outline of {} points", points.len()), "3 to 10000 points"));
                }
                match points.iter().find(|(secs, hz)| !(secs.is_finite() && hz.is_finite())) {
                    Some(point) => Err((format!("a point at {point:?}"), "finite numbers")),
                    None => Ok(()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_shapes() -> Edits {
        let edit = |shape, action| Edit { shape, action, soft_cells: 0.0, channels: None };
        Edits::new(vec![
            edit(Shape::Rectangle { secs: (1.0, 1.5), hz: (300.0, 900.0) }, Action::Erase),
            Edit { soft_cells: 2.0, ..edit(Shape::Band { hz: (49.0, 51.0) }, Action::GainDb(-40.0)) },
            Edit { channels: Some(vec![1]), ..edit(Shape::Time { secs: (3.0, 3.2) }, Action::GainDb(6.0)) },
            edit(Shape::Lasso { points: vec![(0.5, 100.0), (0.7, 200.0), (0.6, 400.0)] }, Action::Erase),
        ])
    }

    #[test]
    fn what_is_written_is_read_again() {
        let edits = all_shapes();
        assert_eq!(Edits::from_json(&edits.to_json().unwrap()).unwrap(), edits);
        let text = r#"{"version": 1, "edits": [{"shape": {"rectangle": {"secs": [1.0, 1.5], "hz": [300, 900]}}, "action": "erase"},
            {"shape": {"band": {"hz": [49, 51]}}, "action": {"gain_db": -40}, "soft_cells": 2}]}"#;
        assert_eq!(Edits::from_json(text).unwrap().edits, edits.edits[..2]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let said = |change: &dyn Fn(&mut Edits)| {
            let mut edits = all_shapes();
            change(&mut edits);
            edits.check().unwrap_err().to_string()
        };
        assert!(said(&|edits| edits.version = 2).contains("version 2"));
        assert!(said(&|edits| edits.edits[1].soft_cells = 0.5).contains("edit 2 with soft_cells 0.5"));
        assert!(said(&|edits| edits.edits[2].action = Action::GainDb(f64::NAN)).contains("edit 3"));
        assert!(said(&|edits| edits.edits[0].shape = Shape::Band { hz: (3.0, 3.0) }).contains("hertz from 3 to 3"));
        assert!(
            said(&|edits| edits.edits[3].shape = Shape::Lasso { points: vec![(0.0, 1.0); 2] }).contains("2 points")
        );
        for text in ["", "{}", "[]", r#"{"version": 1}"#, r#"{"version": 1, "edits": [], "more": 1}"#] {
            assert!(Edits::from_json(text).is_err(), "{text}");
        }
        let newer = Edits::from_json(r#"{"version": 7, "layers": []}"#).unwrap_err().to_string();
        assert!(newer.contains("version 7"), "{newer}");
    }
}
