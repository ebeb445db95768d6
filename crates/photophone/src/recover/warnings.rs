//! What to say of data that are of no sound, or of no one sound.

use photophone_transform::inverse::Solution;
use photophone_transform::invert::{Data, UNTRUSTED_SHARE, unexplained, untrusted_share};
use photophone_transform::{Analysis, Cqt, Spacing};

use crate::read::Edits;
use crate::{Error, percent};

/// Share of the power that no sound explains, from which a result is said to explain next to nothing.
const HARDLY_SHARE: f64 = 0.5;

/// What to say when magnitudes and phase are not of one sound. `samples` is the sound that the cells with phase give.
pub(super) fn of_fit(plan: &dyn Analysis, data: &Data, samples: &[f64], edits: Edits) -> Result<Option<String>, Error> {
    let share = untrusted_share(plan, data, samples)?;
    Ok(share.map(|share| of_share(share, plan.channels().spacing, edits)))
}

/// The same of a share of the power that no sound explains.
pub(super) fn of_share(share: f64, spacing: Spacing, edits: Edits) -> String {
    let percent = 100.0 * share;
    let misfit = match edits {
        Edits::OfCoefficients => "the coefficients do not fit together",
        _ => "magnitudes and phase do not fit together",
    };
    let (settings, wrong_phase) = (settings_to_doubt(spacing), doubted_phase(edits));
    if share > HARDLY_SHARE && !matches!(edits, Edits::Told | Edits::Untold) {
        return format!(
            "WARNING: {misfit}: the result explains {:.0} % of the data's power, which is little better than silence. It is \
             not to be trusted. {wrong_phase}doubt {settings}",
            (100.0 - percent).max(0.0)
        );
    }
    let what =
        format!("WARNING: {misfit}: {percent:.0} % of the power cannot come from any sound, 1 % or less is usual");
    let cure = match edits {
        Edits::Untold => {
            "If the picture was edited after its phase was kept, give the picture before (`original`) or a mask of what \
             was edited (`mask`): the sound is better then. If it was not, doubt whether the phase belongs to it"
        }
        Edits::Told => &format!(
            "The result is not to be trusted. Doubt whether `original` or `mask` tells all that was edited, then {settings}"
        ),
        Edits::Unknown => &format!(
            "The result is not to be trusted. Doubt {settings} first, then what was read of the picture (see `overlay`): \
             `crop`, `cells`, `palette`, `levels`, `flip`; then whether the phase belongs to this picture. If it was \
             edited after its phase was kept, give `original` or `mask`"
        ),
        Edits::OfMagnitudes { .. } | Edits::OfCoefficients => {
            &format!("Unless they were edited, the result is not to be trusted: {wrong_phase}doubt {settings}")
        }
    };
    format!("{what}. {cure}")
}

/// What shapes the transform most, in the order in which it is most often wrong.
fn settings_to_doubt(spacing: Spacing) -> &'static str {
    match spacing {
        Spacing::Logarithmic => "`sr`, `hop`, `fmin`, `bins-per-octave` and `librosa`",
        Spacing::Linear => STFT_SETTINGS,
    }
}

/// The same of a short-time Fourier transform.
const STFT_SETTINGS: &str = "`hop`, `window`, `win-length` and `center`";

/// How to see whether the phase is the right one, before the settings are doubted.
fn doubted_phase(edits: Edits) -> &'static str {
    match edits {
        Edits::OfCoefficients => "",
        Edits::OfMagnitudes { phase_was_turned: true } => {
            "rows and columns of the phase were exchanged to fit the array: if it is the array that has a row for each frame, \
             give `transposed`; see whether the phase belongs to it, then "
        }
        Edits::OfMagnitudes { .. } => "see whether the phase belongs to this array, then ",
        _ => "See whether the phase belongs to this picture, then ",
    }
}

/// What to say of magnitudes that no sound was found for, of rows that follow each other so, whose `consistency_db` is
/// [`Retrieved`](crate::transform::retrieval::Retrieved)'s after refining in full.
///
/// Magnitudes of noise, tones and clicks end at -27 dB and below, those drawn at random at -8 to -12.
pub fn magnitudes_warning(spacing: Spacing, consistency_db: f64) -> Option<String> {
    let share = 10_f64.powf(consistency_db / 10.0).min(1.0);
    (share > UNTRUSTED_SHARE).then(|| {
        let (settings, transform) = match spacing {
            Spacing::Logarithmic => {
                ("`sr`, `hop`, `fmin`, `bins-per-octave`, `tuning` and `librosa`", "a constant-Q transform")
            }
            Spacing::Linear => (STFT_SETTINGS, "a short-time Fourier transform"),
        };
        format!(
            "{:.0} % of the power of these magnitudes cannot come from any sound; 1 % or less is usual. The result is not to \
             be trusted: doubt {settings}, whether the magnitudes are as they were computed (`levels`, `flip`), and whether \
             they are of {transform} at all",
            100.0 * share
        )
    })
}

/// What to say where coefficients that no picture has rounded fit no sound as well as librosa's own do. Worse ones than
/// [`UNTRUSTED_SHARE`] are spoken of elsewhere.
pub(super) fn of_coefficients(plan: &Cqt, data: &Data, solution: &Solution) -> Result<Option<String>, Error> {
    let found = unexplained(plan, data, solution)?.filter(|found| found.at_the_ends || found.share <= UNTRUSTED_SHARE);
    Ok(found.map(|found| {
        let (share, plain) = (percent(found.share), plan.tempered().ratios.is_none());
        if found.at_the_ends {
            return format!(
                "WARNING: {share} of the power near the ends cannot come from any sound of {} samples with pad mode {}; \
                 librosa's own leave less than 0.01 %. The sound is wrong there, and may be too quiet elsewhere: doubt \
                 `length` and `pad-mode`",
                plan.samples(),
                plan.params().pad_mode
            );
        }
        format!(
            "WARNING: {share} of the power of these coefficients cannot come from any sound {}; librosa's own leave less than \
             0.01 %. Where they were made with other intervals (pythagorean, ji3, ji5, ji7, or ratios), the sound comes back \
             worse than it is in them: give those (`intervals`). Else doubt `librosa`, `fmin`, `gamma` and `filter-scale`, \
             or they were changed since",
            if plain { "under equal temperament" } else { "under these intervals" }
        )
    }))
}
