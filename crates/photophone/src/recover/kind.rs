//! Whether a picture can be that of a sound: what its magnitudes do, and how sure the rest of the reading is.

use photophone_spectrum::{Finding, Plane, Source};
use photophone_transform::{CqtParams, Roughness, bins_that_fit, roughness};
use serde::Serialize;

use super::calibration::KIND;
use super::opened::OpenedPicture;
use super::{Data, RecoverOptions, line};
use crate::Error;
use crate::recipe::{Recipe, Settled};
use crate::report::Report;

/// Confidence under which no sound is written unless that is asked for.
const HALF: f64 = 0.5;
/// Confidence from which another reading is offered.
const LIKELY: f64 = 0.75;
/// Other hops, as multiples of the one taken, and bins an octave under which a doubtful picture is looked at again.
const OTHER_HOPS: [(usize, usize); 6] = [(2, 1), (1, 2), (4, 1), (1, 4), (8, 1), (1, 8)];
const OTHER_BINS_PER_OCTAVE: [usize; 4] = [12, 24, 36, 48];

/// What a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Kind {
    /// Its cells can be the magnitudes of a sound.
    #[serde(rename = "constant-Q spectrogram")]
    ConstantQ,
    /// No sound has such magnitudes under these parameters.
    #[serde(rename = "no constant-Q spectrogram with these bins")]
    Other,
}

/// Refuses grids of which not all bins lie below half the sample rate.
///
/// # Errors
/// [`Error::NotThatManyBins`], where the rows of a picture or array are the bins.
pub(super) fn check_bins(settled: &Settled, is_picture: bool) -> Result<(), Error> {
    let CqtParams { bins, bins_per_octave, fmin_hz, sr, .. } = settled.params;
    let fit = bins_that_fit(&settled.params);
    if bins <= fit {
        return Ok(());
    }
    let what = if is_picture { "picture" } else { "array" };
    Err(Error::NotThatManyBins { what, rows: bins, fit, bins_per_octave, fmin_hz, nyquist_hz: 0.5 * sr })
}

/// Whether the magnitudes can be those of a sound, with what was seen.
pub(super) fn kind(settled: &Settled, recipe: &Recipe, data: &Data) -> Result<Finding<Kind>, Error> {
    let magnitudes = data.coefficients.map(|value| value.norm());
    let octaves = roughness(&settled.params, &magnitudes, &data.noise)?;
    let Some(worst) = worst(&octaves) else {
        let why = "no octave is loud enough above its quantiser's steps to tell";
        return Ok(Finding::assumed(Kind::ConstantQ, HALF, why));
    };
    let (score, seen) = (-worst.deviation(), words(&worst, settled));
    if KIND.confidence(score) >= HALF {
        return Ok(Finding::scored(Kind::ConstantQ, score, &KIND, seen));
    }
    let other = other_grid(settled, recipe, &magnitudes, &data.noise);
    let or = other.map_or("it may be an STFT or mel picture, or none of a sound".to_owned(), |other| {
        format!("with {other} it could be one")
    });
    let sure = 1.0 - KIND.confidence(score);
    Ok(Finding { score: Some(score), ..Finding::read(Kind::Other, sure, format!("{seen}; {or}")) })
}

/// The octave that is farthest from what sounds have.
fn worst(octaves: &[Roughness]) -> Option<Roughness> {
    octaves.iter().copied().max_by(|a, b| a.deviation().total_cmp(&b.deviation()))
}

fn words(octave: &Roughness, settled: &Settled) -> String {
    let hz = |told: f64| told * f64::from(settled.sample_rate_hz) / settled.params.sr;
    let (low, high) = (hz(octave.low_hz), hz(octave.high_hz));
    let ratio = octave.ratio.max(0.0);
    format!(
        "from {low:.0} to {high:.0} Hz levels change {ratio:.2} times as much as through filters of these bins (sounds \
         of all kinds: about 1)"
    )
}

/// What else, of the parameters that were only assumed, would make a constant-Q picture of it.
fn other_grid(settled: &Settled, recipe: &Recipe, magnitudes: &Plane<f64>, noise: &Plane<f64>) -> Option<String> {
    let likely = |params: CqtParams| {
        let octaves = roughness(&params, magnitudes, noise).unwrap_or_default();
        worst(&octaves).is_some_and(|worst| KIND.confidence(-worst.deviation()) >= LIKELY)
    };
    let CqtParams { hop, bins_per_octave, .. } = settled.params;
    if recipe.hop.is_none() {
        let hops = OTHER_HOPS.iter().filter(|(_, divisor)| hop % divisor == 0).map(|(factor, divisor)| hop * factor / divisor);
        for hop in hops {
            if likely(CqtParams { hop, ..settled.params }) {
                return Some(format!("--hop {hop}"));
            }
        }
    }
    if recipe.bins_per_octave.is_none() {
        for per_octave in OTHER_BINS_PER_OCTAVE.into_iter().filter(|other| *other != bins_per_octave) {
            if likely(CqtParams { bins_per_octave: per_octave, ..settled.params }) {
                return Some(format!("--bins-per-octave {per_octave}"));
            }
        }
    }
    None
}

/// Puts it into the report, with a warning where no sound has such magnitudes.
pub(super) fn report(kind: &Finding<Kind>, report: &mut Report) {
    report.findings.push(line("picture", "kind", kind));
    if kind.value == Kind::Other {
        report.warnings.push(format!("WARNING: this is no constant-Q spectrogram with these bins: {}", kind.evidence));
    }
}

/// What of a picture's reading is less than half sure, in words, each with the flag that settles it.
///
/// A picture with a recipe inside was drawn here and is read by that; its edits are meant.
pub(super) fn doubts(opened: &OpenedPicture, kind: Option<&Finding<Kind>>) -> Vec<String> {
    if opened.has_recipe {
        return Vec::new();
    }
    let picture = &opened.picture;
    let (rows, frames) = picture.levels.shape();
    let doubtful = |source: Source, confidence: f64| source != Source::Given && confidence < HALF;
    let percent = |confidence: f64| format!("{:.0} % sure", 100.0 * confidence);
    let mut doubts = Vec::new();
    if let Some(kind) = kind.filter(|kind| kind.value == Kind::Other) {
        doubts.push(format!("it is no constant-Q picture with these bins ({}: {})", percent(kind.confidence), kind.evidence));
    }
    if doubtful(picture.lattice.source, picture.lattice.confidence) {
        doubts.push(format!("{rows} x {frames} cells are {} (--cells)", percent(picture.lattice.confidence)));
    }
    if doubtful(picture.palette.source, picture.palette.confidence) {
        doubts.push(format!("the palette {} is {} (--palette)", picture.palette.value, percent(picture.palette.confidence)));
    }
    doubts
}

/// Refuses a picture of which something is less than half sure, unless that is asked for.
///
/// # Errors
/// [`Error::Doubtful`] with all that is doubted.
pub(super) fn refuse_doubtful(
    opened: &OpenedPicture,
    kind: Option<&Finding<Kind>>,
    options: &RecoverOptions,
) -> Result<(), Error> {
    let doubts = doubts(opened, kind);
    if options.despite_doubt || options.original.is_some() || doubts.is_empty() {
        return Ok(());
    }
    Err(Error::Doubtful { path: options.input.name().to_owned(), doubts: doubts.join("; ") })
}
