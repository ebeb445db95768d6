//! Which end of the palette is loud, which row is the lowest and what levels mean, where only the sound tells.

use photophone_picture::{Flip, PaletteName, Picture, Raster, ReadOptions, read};
use photophone_spectrum::{Finding, LevelScale, Source};

use super::calibration::KIND_TURNED;
use super::kind::{Kind, LIKELY, of_one_channel, of_picture, turns};
use super::likeness::price_of_choice;
use crate::recipe::{Recipe, Resolved, TransformRecipe};

/// The picture as it was read, or with its palette or its rows the other way round, or its levels of the other kind,
/// where no sound has the magnitudes as read first and one clearly has them then, by more than pixels speak against it.
///
/// Read wrongly, magnitudes change too much or too little from frame to frame: low rows follow slowly and high ones fast.
/// What was given is not turned, and a picture with a phase is not asked here. Cost: reading it twice more, only for
/// what is of no sound.
pub(super) fn turned_by_sound(raster: &Raster, reading: &ReadOptions, picture: Picture, recipe: &Recipe) -> Picture {
    let score_of = |picture: &Picture| {
        of_picture(of_one_channel(picture), recipe, recipe.picture.levels.unwrap_or(picture.scale.value))
    };
    let Some(kind) = score_of(&picture).filter(|kind| kind.value == Kind::Other) else { return picture };
    let Some(first) = kind.score else { return picture };
    // Were the rate open too, what is no spectrogram would often become one.
    let Ok(Resolved { params, .. }) = recipe.resolve(Some(picture.levels.rows())) else { return picture };
    let paced = Recipe {
        transform: TransformRecipe { hop: Some(params.hop), sr: Some(params.sr), ..recipe.clone().transform },
        ..recipe.clone()
    };
    let score_of_other = |picture: &Picture| {
        of_picture(of_one_channel(picture), &paced, recipe.picture.levels.unwrap_or(picture.scale.value))
            .and_then(|kind| kind.score)
    };
    // A turn that is tried here is one more than those that the reading counts.
    let known = turns(&picture);
    let turned = [backwards(raster, reading, &picture), upside_down(raster, reading, &picture)];
    let scored = turned.into_iter().flatten().chain(rescaled(&picture)).filter_map(|(turn, other)| {
        let unpaid = (known + 1).saturating_sub(turns(&other)) as f64;
        Some((turn, score_of_other(&other)? - unpaid * price_of_choice(), other))
    });
    let clear = scored.filter(|(turn, score, _)| {
        let (sure, usual) = (KIND_TURNED.confidence(*score), turn.usual(&picture));
        // Both have to hold: that it is read so, and that it then is of a sound.
        sure >= LIKELY && (1.0 - usual) * sure > usual * (1.0 - kind.confidence)
    });
    let best = clear.max_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or_else(|| picture.clone(), |(turn, score, other)| told(turn, other, &picture, (score, first)))
}

/// What is read otherwise.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Palette,
    Rows,
    Scale,
}

impl Turn {
    /// How sure the pixels are of what is turned.
    fn usual(self, picture: &Picture) -> f64 {
        match self {
            Self::Palette => picture.palette.confidence,
            Self::Rows => picture.flip.confidence,
            Self::Scale => picture.scale.confidence,
        }
    }
}

type Turned = Option<(Turn, Picture)>;

fn backwards(raster: &Raster, reading: &ReadOptions, picture: &Picture) -> Turned {
    let own = &picture.palette;
    let name = PaletteName { reversed: !own.value.reversed, ..own.value.clone() };
    let is_open = own.source != Source::Given;
    let other = is_open.then(|| read(raster, &ReadOptions { palette: Some(name), ..reading.clone() }).ok());
    other.flatten().map(|other| (Turn::Palette, other))
}

fn upside_down(raster: &Raster, reading: &ReadOptions, picture: &Picture) -> Turned {
    let palette = Some(picture.palette.value.clone());
    let is_open = picture.flip.source != Source::Given;
    let other =
        is_open.then(|| read(raster, &ReadOptions { palette, flip: Some(Flip::Vertical), ..reading.clone() }).ok());
    other.flatten().map(|other| (Turn::Rows, other))
}

/// The usual scale of the other kind.
pub(super) fn other_scale(scale: LevelScale) -> LevelScale {
    if scale == LevelScale::Linear { LevelScale::DB_80 } else { LevelScale::Linear }
}

/// Only the other kind of scale is tried: with ranges in dB open too, what is no spectrogram would often become one.
fn rescaled(picture: &Picture) -> Turned {
    let value = other_scale(picture.scale.value);
    let scale = Finding { value, ..picture.scale.clone() };
    (picture.scale.source != Source::Given).then(|| (Turn::Scale, Picture { scale, ..picture.clone() }))
}

/// The other reading, with where it comes from.
fn told(turn: Turn, other: Picture, before: &Picture, (score, first): (f64, f64)) -> Picture {
    let evidence = |of: &str| {
        format!(
            "{of}; but read so, no sound has such magnitudes: the log-odds of a sound are {first:.1}, the other way {score:.1}"
        )
    };
    let alternatives = before.palette_alternatives.clone();
    let (palette, flip) = (before.palette.clone(), before.flip.clone());
    let turned = Picture { palette, flip, palette_alternatives: alternatives, ..other.clone() };
    // How sure such a reading is, only the kind tells: these findings have no score of their own kind.
    let sure = KIND_TURNED.confidence(score);
    match turn {
        Turn::Palette => {
            let palette = Finding::read(other.palette.value, sure, evidence(&before.palette.evidence));
            Picture { palette, ..turned }
        }
        Turn::Rows => Picture {
            flip: Finding::read(other.flip.value, sure, evidence("lowest frequency at the bottom")),
            ..turned
        },
        Turn::Scale => {
            Picture { scale: Finding::read(other.scale.value, sure, evidence(&before.scale.evidence)), ..turned }
        }
    }
}
