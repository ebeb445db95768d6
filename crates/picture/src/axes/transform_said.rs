//! Which transform a panel shows.

use photophone_spectrum::FrequencyScale;

use super::cells::PanelCells;
use super::chances::{BY_AXIS, OF_TRANSFORM};
use super::figure::ReadSide;
use super::label::Unit;
use super::rows::{Kind, Wholeness};
use super::statement::{FrequencyEnds, Statement, TransformSaid};

/// The transform whose rows lie as these do, or as its axis tells; `hop` and `rate` where they are known.
pub(crate) fn transform(
    frequency: &Statement<FrequencyEnds>,
    side: &ReadSide,
    cells: &PanelCells,
    (hop, rate): (Option<usize>, Option<u32>),
) -> Statement<TransformSaid> {
    let Some(ends) = frequency.value else {
        return Statement::unknown("nothing tells the transform: give `transform`");
    };
    let said = TransformSaid { hop, ..TransformSaid::default() };
    let rows = cells.rows.as_ref().map(|rows| &rows.cells);
    // How many rows there are, and what follows from it, only the whole axis tells.
    let is_whole = cells.wholeness == Wholeness::Whole;
    match (rows.map(|rows| rows.kind), ends.scale) {
        (Some(Kind::Stft { n_fft, .. }), _) if n_fft.is_power_of_two() || n_fft % 100 == 0 => {
            let said = TransformSaid { kind: "stft", n_fft: is_whole.then_some(n_fft), ..said };
            Statement::read(said, OF_TRANSFORM, "the rows lie where an STFT's bins do")
        }
        (Some(Kind::Stft { .. }), _) => Statement::unknown("rows of no STFT are drawn on an STFT's axis"),
        (Some(Kind::StftPart { bin_hz }), _) => {
            let evidence = format!("the rows that are shown lie where the bins of an STFT {bin_hz:.3} Hz apart do");
            let n_fft = rate.map(|rate| (f64::from(rate) / bin_hz).round() as usize);
            Statement::read(TransformSaid { kind: "stft", n_fft, ..said }, OF_TRANSFORM, evidence)
        }
        (Some(Kind::Mel { bands, fmin, fmax, .. }), _) => {
            let whole = |value: f64| is_whole.then_some(value);
            let (fmin, fmax) = (whole(fmin), whole(fmax));
            let said = TransformSaid { kind: "mel", n_mels: is_whole.then_some(bands), fmin, fmax, ..said };
            Statement::read(said, OF_TRANSFORM, "the rows lie where mel bands do")
        }
        (Some(Kind::Cqt { bins_per_octave, fmin }), _) => {
            let bins_per_octave = Some(bins_per_octave);
            let said = TransformSaid { kind: "cqt", bins_per_octave, fmin: is_whole.then_some(fmin), ..said };
            Statement::read(said, 0.9, "the rows lie where constant-Q bins do")
        }
        (_, FrequencyScale::LIBROSA_MEL) => Statement::read(
            TransformSaid { kind: "mel", ..said },
            BY_AXIS,
            "librosa's axis of mel frequencies, which other rows may lie on",
        ),
        (_, FrequencyScale::LIBROSA_LOG) => {
            // Constant-Q bins lie on such ticks, too, but never at 0 Hz.
            let has_zero = side.fitting().any(|(_, hz)| hz == 0.0);
            let confidence = if ends.low_hz <= 0.0 && has_zero { 0.85 } else { BY_AXIS };
            let evidence = "librosa's logarithmic axis of an STFT";
            Statement::read(TransformSaid { kind: "stft", ..said }, confidence, evidence)
        }
        (_, FrequencyScale::Linear) => {
            Statement::read(TransformSaid { kind: "stft", ..said }, 0.9, "a linear axis of frequencies")
        }
        (_, FrequencyScale::Log) if side.unit == Some(Unit::Note) => {
            Statement::read(TransformSaid { kind: "cqt", ..said }, 0.9, "an axis of notes")
        }
        _ => Statement::unknown("the axis is no transform's own: give `transform`"),
    }
}
