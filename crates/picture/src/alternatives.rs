//! Other readings of a picture, for who knows more than its pixels: turned round, or its palette backwards.

use photophone_spectrum::Source;

use crate::flip::flipped;
use crate::missing::Missing;
use crate::options::Flip;
use crate::palette::PaletteName;
use crate::picture::{Clip, Picture};
use crate::scale::{LevelEvidence, guess_scale};

impl Picture {
    /// The same picture read with another flip than its own. The findings keep their evidence. Cost: one pass over the
    /// cells.
    #[must_use]
    pub fn with_flip(&self, flip: Flip) -> Self {
        let own = self.flip.value;
        let rows = own.turns_rows() != flip.turns_rows();
        let columns = own.turns_columns() != flip.turns_columns();
        let turn = match (rows, columns) {
            (false, false) => Flip::None,
            (true, false) => Flip::Vertical,
            (false, true) => Flip::Horizontal,
            (true, true) => Flip::Both,
        };
        let mut missing = self.missing.value;
        if rows {
            (missing.rows_below, missing.rows_above) = (missing.rows_above, missing.rows_below);
        }
        if columns {
            (missing.frames_before, missing.frames_after) = (missing.frames_after, missing.frames_before);
        }
        Self {
            levels: flipped(&self.levels, turn),
            low: flipped(&self.low, turn),
            high: flipped(&self.high, turn),
            clip: flipped(&self.clip, turn),
            residual: flipped(&self.residual, turn),
            indices: self.indices.as_ref().map(|indices| flipped(indices, turn)),
            missing: self.missing.clone().map(|_| missing),
            flip: self.flip.clone().map(|_| flip),
            rise: self.rise.map(|rise| if rows { -rise } else { rise }),
            ..self.clone()
        }
    }

    /// The same picture with its palette read backwards: what was loud is quiet. A level scale that was given stays.
    /// Cost: one pass over the cells.
    #[must_use]
    pub fn backwards(&self) -> Self {
        let levels = self.levels.map(|level| 1.0 - level);
        let (low, high) = (self.high.map(|level| 1.0 - level), self.low.map(|level| 1.0 - level));
        let clip = self.clip.map(|clip| match clip {
            Clip::None => Clip::None,
            Clip::Floor => Clip::Ceiling,
            Clip::Ceiling => Clip::Floor,
        });
        let step = low.as_slice().iter().zip(high.as_slice()).map(|(low, high)| high - low).fold(1.0, f64::min);
        let entries = (1.0 / step.max(1.0 / f64::from(u16::MAX))).round() as u16;
        let level_evidence = LevelEvidence::new(&levels, step);
        let is_given = self.scale.source == Source::Given;
        let scale = if is_given { self.scale.clone() } else { guess_scale(&level_evidence) };
        let name = |name: PaletteName| PaletteName { reversed: !name.reversed, ..name };
        Self {
            indices: self.indices.as_ref().map(|indices| indices.map(|&index| entries.saturating_sub(1 + index))),
            levels,
            low,
            high,
            clip,
            scale,
            level_evidence,
            palette: self.palette.clone().map(name),
            ..self.clone()
        }
    }

    /// The same picture where what is missing before the first frame is missing after the last, and the other way
    /// round.
    #[must_use]
    pub fn with_other_end_missing(&self) -> Self {
        let Missing { frames_before, frames_after, .. } = self.missing.value;
        let missing = |missing| Missing { frames_before: frames_after, frames_after: frames_before, ..missing };
        Self { missing: self.missing.clone().map(missing), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use photophone_spectrum::Plane;

    use super::*;
    use crate::{PaintOptions, ReadOptions, paint, read};

    #[test]
    fn turned_readings_are_those_that_are_told() {
        let levels = Plane::from_fn(20, 30, |r, c| ((r * 37 + c * 11 + r * c) % 97) as f64 / 97.0);
        let raster = paint(&levels, &PaintOptions::default()).unwrap();
        let told = |flip, palette: &str| {
            let palette = Some(palette.parse().unwrap());
            read(&raster, &ReadOptions { flip: Some(flip), palette, ..ReadOptions::default() }).unwrap()
        };
        let own = told(Flip::None, "magma");
        for flip in [Flip::Vertical, Flip::Horizontal, Flip::Both] {
            let (found, told) = (own.with_flip(flip), told(flip, "magma"));
            assert_eq!((found.levels, found.clip, found.indices), (told.levels, told.clip, told.indices));
        }
        let (found, told) = (own.backwards(), told(Flip::None, "magma_r"));
        assert_eq!(found.palette.value, told.palette.value);
        assert_eq!((found.clip, found.indices), (told.clip, told.indices));
        let apart = found.levels.as_slice().iter().zip(told.levels.as_slice()).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f64::max) < 1e-9);
    }
}
