//! Whether a picture can be that of a sound: what its magnitudes do.

use std::f64::consts::LN_2;

use num_complex::Complex;
use photophone_picture::Picture;
use photophone_spectrum::{Calibration, Finding, LevelScale, Plane, Source, Stack, Sureness};
use photophone_transform::identify::{Likeness, other_grids};
use photophone_transform::{CqtParams, bins_that_fit};
use serde::Serialize;

use super::Data;
use super::calibration::{KIND, KIND_TURNED};
use super::likeness::{of_order, price_of_choice};
use super::magnitudes::{Levels, from_levels, whole_shape};
use crate::Error;
use crate::recipe::{Recipe, Resolved};

/// As likely of a sound as not.
pub(super) const HALF: f64 = Sureness::Doubtful.least();
/// Confidence from which another reading is offered or taken, and under which the first one is said to be doubtful.
pub(super) const LIKELY: f64 = Sureness::Likely.least();

/// What a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Kind {
    /// Its cells can be the magnitudes of a sound.
    #[serde(rename = "constant-Q spectrogram")]
    ConstantQ,
    /// No sound has such magnitudes under these parameters.
    #[serde(rename = "no constant-Q spectrogram with these bins")]
    Other,
}

/// Refuses grids of so many frames of which not all bins lie below half the sample rate. `data`, if they are known, tell of another grid.
///
/// # Errors
/// [`Error::NotThatManyBins`], where the rows of a picture or array are the bins.
pub(crate) fn check_bins(
    resolved: &Resolved,
    recipe: &Recipe,
    frames: usize,
    data: Option<&Data>,
) -> Result<(), Error> {
    let CqtParams { bins, bins_per_octave, fmin_hz, sr, .. } = resolved.params;
    let fit = bins_that_fit(&resolved.params);
    if bins <= fit {
        return Ok(());
    }
    let other = data.and_then(|data| other_grid(resolved, recipe, data));
    let usual = "it may be that of an STFT or mel spectrogram (`transform stft` or `transform mel`); if it is a constant-Q one, give what it was made with \
                 (`bins-per-octave`, `fmin`, `sr`)";
    let hint = match other {
        Some(other) => format!("with {other} it could be one"),
        None if frames <= fit => {
            format!("its {frames} columns would fit: if it has a row for each frame, give `transposed`. Else {usual}")
        }
        None => usual.to_owned(),
    };
    Err(Error::NotThatManyBins { rows: bins, fit, bins_per_octave, fmin_hz, nyquist_hz: 0.5 * sr, hint })
}

/// In how many ways a reading is another than the usual one, chosen among several by its levels alone: rows from the top, a
/// palette backwards, a range of decibels other than the usual one, or what
/// [`turned_by_sound`](super::by_sound::turned_by_sound) took. What is of no sound has more chances then.
pub(super) fn turns(picture: &Picture) -> usize {
    let Picture { flip, palette, scale, .. } = picture;
    let is_other_range = matches!(scale.value, LevelScale::Db { .. }) && scale.value != LevelScale::DB_80;
    let is_rescaled = scale.source == Source::Read && (scale.score.is_none() || is_other_range);
    let is_backwards = palette.source == Source::Read && palette.value.reversed;
    [flip.source == Source::Read, is_rescaled, is_backwards].into_iter().filter(|&is_other| is_other).count()
}

/// Whether the magnitudes can be those of a sound, with what was seen; `picture` is what they were read from.
pub(crate) fn kind(
    resolved: &Resolved,
    recipe: &Recipe,
    data: &Data,
    picture: Option<&Picture>,
) -> Result<Finding<Kind>, Error> {
    let on_cells = |found: Finding<Kind>| match picture {
        Some(picture) => on_cells(found, picture),
        None => found,
    };
    let context = Context::of(picture);
    let shares = context.shares;
    let Some((own, twice)) = judged(resolved, recipe, data, context)? else {
        let why =
            "no octave is loud and whole enough to tell, above its quantiser's steps and around what was taken out";
        return Ok(on_cells(Finding::assumed(Kind::ConstantQ, HALF, why)));
    };
    let is_doubtful = own.sure() < HALF;
    let judged = twice.as_ref().unwrap_or(&own);
    let (sure, score, mut seen) = (judged.sure(), judged.score, judged.words(resolved));
    let order = picture.and_then(|picture| picture.rise).map(|rise| {
        format!("; rank correlation of rows and speed of change {rise:.2} (sounds: 0.5 to 1, filters of one width: 0)")
    });
    seen += &order.unwrap_or_default();
    if is_doubtful && sure >= HALF {
        seen += "; so they do at twice the sample rate (`sr`) or half the hop (`hop`), and not as assumed";
    }
    if sure >= HALF {
        return Ok(on_cells(Finding::scored(Kind::ConstantQ, score, shares, seen)));
    }
    let or = match other_grid(resolved, recipe, data) {
        Some(other) => format!("with {other} it could be one"),
        None => "it may be an STFT or mel picture, or none of a sound".to_owned(),
    };
    Ok(on_cells(Finding { score: Some(score), ..Finding::read(Kind::Other, 1.0 - sure, format!("{seen}; {or}")) }))
}

/// What rests on cells, which is no surer than they are.
pub(super) fn on_cells<T>(found: Finding<T>, picture: &Picture) -> Finding<T> {
    Finding { confidence: found.confidence.min(cells_sure(picture)), ..found }
}

/// How sure the box and the cells in it are: the less sure of both, where they were not given.
pub(super) fn cells_sure(picture: &Picture) -> f64 {
    let sure = |source: Source, confidence: f64| if source == Source::Given { 1.0 } else { confidence };
    let Picture { data_box, lattice, .. } = picture;
    sure(data_box.source, data_box.confidence).min(sure(lattice.source, lattice.confidence))
}

/// What is known besides the octaves.
#[derive(Clone, Copy, Debug)]
struct Context {
    /// Likeness that the order of the rows has, less the price of the reading.
    order: f64,
    shares: &'static Calibration,
}

impl Context {
    /// That of an array, or of another grid.
    const NONE: Self = Self { order: 0.0, shares: &KIND };

    fn of(picture: Option<&Picture>) -> Self {
        let (order, turns) = (of_order(picture), picture.map_or(0, turns));
        let shares = if turns > 0 { &KIND_TURNED } else { &KIND };
        Self { order: order - turns as f64 * price_of_choice(), shares }
    }
}

/// As assumed, and at twice the rate where nothing tells it and that is likelier although it is one of two: where only
/// librosa's default tells the rate, a sound at twice that rate is as likely, and its frames lie closer.
fn judged(
    resolved: &Resolved,
    recipe: &Recipe,
    data: &Data,
    context: Context,
) -> Result<Option<(Judged, Option<Judged>)>, Error> {
    let params = resolved.params;
    let Some(own) = Judged::new(data, params, context)? else { return Ok(None) };
    let pace_is_told =
        recipe.transform.hop.is_some() && (recipe.transform.sr.is_some() || recipe.sound.sample_rate.is_some());
    let closer = (!pace_is_told && params.hop > 1).then_some(CqtParams { hop: params.hop / 2, ..params });
    let one_of_two = Context { order: context.order - LN_2, ..context };
    let twice = closer.map(|closer| Judged::new(data, closer, one_of_two)).transpose()?.flatten();
    let twice = twice.filter(|twice| twice.score > own.score);
    Ok(Some((own, twice)))
}

/// How far a picture's magnitudes are from what sounds have under a level scale, in e-folds, and the likeness that they
/// have then as the usual reading; `None` where nothing tells.
pub(super) fn deviation(picture: &Picture, recipe: &Recipe, scale: LevelScale) -> Option<(f64, f64)> {
    let (resolved, data) = magnitudes_alone(of_one_channel(picture), recipe, scale)?;
    let context = Context { order: of_order(Some(picture)), ..Context::NONE };
    let (own, twice) = judged(&resolved, recipe, &data, context).ok()??;
    let judged = twice.as_ref().unwrap_or(&own);
    Some((judged.likeness.deviation, judged.score))
}

/// A picture whose rows are all of one channel.
pub(super) fn of_one_channel(picture: &Picture) -> (&Picture, Stack) {
    (picture, Stack::one(whole_shape(picture).0))
}

/// The magnitudes of a picture without its phase; `None` where what is known makes no transform at all.
fn magnitudes_alone(
    (picture, stack): (&Picture, Stack),
    recipe: &Recipe,
    scale: LevelScale,
) -> Option<(Resolved, Data)> {
    let (bins, frames) = whole_shape(picture);
    let resolved = recipe.resolve(Some(stack.rows)).ok()?;
    let ones = Plane::filled(bins, frames, Complex::new(1.0, 0.0));
    let data = from_levels(&Levels { picture, scale, reference: recipe.picture.reference }, &ones, None);
    Some((resolved, data))
}

/// Whether a picture alone can be that of a sound; `None` where what is known makes no transform at all.
pub(super) fn of_picture(
    (picture, stack): (&Picture, Stack),
    recipe: &Recipe,
    scale: LevelScale,
) -> Option<Finding<Kind>> {
    let (resolved, data) = magnitudes_alone((picture, stack), recipe, scale)?;
    let data = data.loudest(stack);
    if let Err(error) = check_bins(&resolved, recipe, data.coefficients.columns(), Some(&data)) {
        return Some(Finding::read(Kind::Other, cells_sure(picture), error.to_string()));
    }
    kind(&resolved, recipe, &data, Some(picture)).ok()
}

/// How likely data are of a sound, with what is known besides their octaves.
struct Judged {
    likeness: Likeness,
    /// How much likelier they are of a sound than of none.
    score: f64,
    shares: &'static Calibration,
}

impl Judged {
    /// `None` where no octave tells anything.
    fn new(data: &Data, params: CqtParams, context: Context) -> Result<Option<Self>, Error> {
        let magnitudes = data.coefficients.map(|value| value.norm());
        let noise = data.intervals.is_some().then_some(&data.noise);
        let Context { order, shares } = context;
        let found = Likeness::of(&params, &magnitudes, noise)?;
        Ok(found.map(|likeness| Self { likeness, score: likeness.log_odds + order, shares }))
    }

    /// Share of such pictures that are of a sound.
    fn sure(&self) -> f64 {
        self.shares.confidence(self.score)
    }

    fn words(&self, resolved: &Resolved) -> String {
        let hz = |told: f64| told * f64::from(resolved.sample_rate_hz) / resolved.params.sr;
        let worst = &self.likeness.worst;
        let (low, high) = (hz(worst.low_hz), hz(worst.high_hz));
        let ratio = worst.ratio.max(0.0);
        format!(
            "from {low:.0} to {high:.0} Hz levels change {ratio:.2} times as much as through filters of these bins \
             (sounds of all kinds: about 1)"
        )
    }
}

/// What else, of the parameters that were only assumed, would make a constant-Q picture of it.
fn other_grid(resolved: &Resolved, recipe: &Recipe, data: &Data) -> Option<String> {
    let is_likely = |params: &CqtParams| {
        let judged = Judged::new(data, *params, Context::NONE).ok().flatten();
        judged.is_some_and(|judged| judged.sure() >= LIKELY)
    };
    let told = &recipe.transform;
    let mut others = other_grids(&resolved.params, told.hop.is_none(), told.bins_per_octave.is_none());
    let CqtParams { hop, bins_per_octave, .. } = others.find(is_likely)?;
    Some(if hop == resolved.params.hop {
        format!("`bins-per-octave {bins_per_octave}`")
    } else {
        format!("`hop {hop}`")
    })
}
