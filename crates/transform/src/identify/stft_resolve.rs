//! Pad mode and length of a short-time Fourier transform, each with what told it, or why it was assumed.

use photophone_spectrum::Finding;

use super::resolve::{assumed_length, told_length};
use super::{Knows, StftEnds, estimate_stft_ends};
use crate::{Cells, PadMode, StftParams, TransformError};

/// What a frame may leave of itself under the right pad mode, in dB: ten times single precision's rounding.
const EXACT_DB: f64 = -120.0;

/// The pad mode that was told, else the one that the ends of coefficients with phase tell, else that of `params`; and the
/// number of samples, `lengths` being the least and the most that so many frames can be of.
///
/// # Errors
/// A length that so many frames cannot be of, or a parameter outside its range.
pub fn resolve_stft_ends(
    params: &StftParams,
    cells: &Cells,
    (told_mode, told_samples): (Option<PadMode>, Option<usize>),
    knows: Knows,
    lengths: (usize, usize),
) -> Result<(Finding<PadMode>, Finding<usize>), TransformError> {
    let ends = if knows.phase && knows.exact { estimate_stft_ends(params, cells, told_mode)? } else { None };
    let pad_mode = pad_mode(told_mode, params.pad_mode, ends.as_ref());
    let frames = cells.columns();
    let length = match (told_samples, ends) {
        (Some(samples), _) => told_length(samples, lengths, (frames, params.hop))?,
        (None, Some(ends)) if ends.pad_mode == pad_mode.value && ends.length_misfits_db.0 <= EXACT_DB => {
            let StftEnds { samples, shortest, length_misfits_db: (misfit_db, worst_db), .. } = ends;
            let evidence = format!(
                "{shortest} to {samples} fit the last frame best: {misfit_db:.1} dB unexplained, at worst {worst_db:.1} dB"
            );
            Finding::read(samples, 0.99, evidence)
        }
        _ if !params.center => {
            Finding::assumed(lengths.0, 0.5, format!("what lies beyond the last of {frames} frames, nothing tells"))
        }
        _ => assumed_length(lengths, frames, knows.phase),
    };
    Ok((pad_mode, length))
}

fn pad_mode(told: Option<PadMode>, default: PadMode, ends: Option<&StftEnds>) -> Finding<PadMode> {
    if let Some(told) = told {
        return Finding::given(told, "");
    }
    let why = match ends {
        Some(StftEnds { pad_mode, pad_mode_misfits_db: (misfit_db, next_db), .. }) => {
            let evidence =
                format!("leaves {misfit_db:.1} dB of the first frame unexplained, the next best {next_db:.1} dB");
            if *misfit_db <= EXACT_DB && *next_db > EXACT_DB {
                return Finding::read(*pad_mode, 0.99, evidence);
            }
            format!("that release's default; {pad_mode} {evidence}")
        }
        None => "that release's default".to_owned(),
    };
    Finding::assumed(default, 0.5, why)
}
