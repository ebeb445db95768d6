//! What of a picture's reading is too doubtful to make a sound of.

use photophone_spectrum::{Finding, Source, Sureness};

use super::OpenedPicture;
use super::kind::{HALF, Kind, LIKELY, cells_sure};
use crate::recipe::Entry;
use crate::report::Report;

/// Puts it into the report, with a warning where no sound has such magnitudes.
///
/// What was drawn here may have been painted over since, which is meant. `of` is `picture` or `array`.
pub(crate) fn report_kind(opened: Option<&OpenedPicture>, of: &'static str, kind: &Finding<Kind>, report: &mut Report) {
    report.findings.push(Entry::new(of, "kind", kind));
    if opened.is_some_and(OpenedPicture::has_recipe) {
        return;
    }
    let evidence = &kind.evidence;
    let is_told = kind.score.is_some() || kind.value == Kind::Other;
    // No surer than its cells, it says nothing of its own.
    let rests_on = opened.map_or(1.0, |opened| cells_sure(&opened.picture));
    let warning = if rests_on < HALF || (rests_on < LIKELY && kind.confidence >= rests_on) {
        "WARNING: the box or the cells in it are doubtful (`crop`, `cells`), and with them what kind of picture it is"
            .to_owned()
    } else if opened.is_some() && !is_told && !opened.is_some_and(|opened| opened.picture.is_silent()) {
        format!("WARNING: whether this is a constant-Q spectrogram is not known: {evidence}")
    } else if kind.value == Kind::Other {
        format!("WARNING: this is no constant-Q spectrogram with these bins: {evidence}")
    } else if kind.score.is_some() && kind.confidence < LIKELY {
        format!("WARNING: this may be no constant-Q spectrogram with these bins: {evidence}")
    } else {
        return;
    };
    // What it is comes before how it was read.
    report.warnings.insert(0, warning);
}

/// What of a picture's reading is less than half sure, in words, each with the flag that answers it.
///
/// A picture with a recipe inside was drawn here and is read by that; its edits are meant.
pub(crate) fn picture_doubts(opened: &OpenedPicture, kind: Option<&Finding<Kind>>) -> Vec<String> {
    if opened.has_recipe() {
        return Vec::new();
    }
    let picture = &opened.picture;
    let (rows, frames) = picture.levels.shape();
    let doubtful = |source: Source, confidence: f64| source != Source::Given && confidence < HALF;
    let mut doubts = Vec::new();
    if doubtful(picture.data_box.source, picture.data_box.confidence) {
        doubts.push(format!(
            "the box {} is {} (`crop`)",
            picture.data_box.value,
            Sureness::of(picture.data_box.confidence)
        ));
    }
    if doubtful(picture.lattice.source, picture.lattice.confidence) {
        doubts.push(format!("{rows} x {frames} cells are {} (`cells`)", Sureness::of(picture.lattice.confidence)));
    }
    // With wrong cells it is none either, which says nothing of the picture.
    if let Some(kind) = kind.filter(|kind| kind.value == Kind::Other && doubts.is_empty()) {
        doubts.push(no_constant_q(kind, "picture"));
    }
    if doubtful(picture.palette.source, picture.palette.confidence) {
        doubts.push(format!(
            "the palette {} is {} (`palette`)",
            picture.palette.value,
            Sureness::of(picture.palette.confidence)
        ));
    }
    doubts
}

/// The same of a figure read by its axes: what of these is doubtful, or that its magnitudes are most likely of no sound.
pub(crate) fn panel_doubts(mut of_axes: Vec<String>, kind: &Finding<Kind>) -> Vec<String> {
    if kind.value == Kind::Other && of_axes.is_empty() {
        of_axes.push(no_constant_q(kind, "picture"));
    }
    of_axes
}

/// The same of an array: that its magnitudes are most likely of no sound. `levels` is why its numbers may be no magnitudes, if
/// they may not.
///
/// Nothing of an array had to be read, and what was done to it before, as by filters that part harmonics from drums, roughens
/// it: so it is doubted where a picture's reading would be replaced by another.
pub(crate) fn array_doubts(kind: &Finding<Kind>, levels: Option<&str>) -> Vec<String> {
    let is_other = kind.value == Kind::Other;
    let is_measured = kind.source == Source::Read;
    let is_doubtful = match levels {
        Some(_) => is_other || !is_measured,
        None => is_other && kind.confidence >= LIKELY,
    };
    if !is_doubtful {
        return Vec::new();
    }
    let kind = is_other.then(|| no_constant_q(kind, "array"));
    let levels = levels.map(|levels| levels.trim_start_matches("WARNING: ").to_owned());
    [kind, levels].into_iter().flatten().collect()
}

fn no_constant_q(kind: &Finding<Kind>, what: &str) -> String {
    let sure = Sureness::of(kind.confidence);
    format!("it is no constant-Q {what} with these bins ({sure}: {})", kind.evidence)
}
