//! What is unknown of a long recording, found on excerpts.

use std::ops::Range;

use photophone_spectrum::Finding;
use photophone_transform::identify::{Found, Knows, Open, OpenTuning, Searches, Settings, mixed};
use photophone_transform::invert::Data;
use photophone_transform::{TransformError, Watch};

use crate::Error;
use crate::read::Parts;

/// Excerpts of which the loudest is looked at.
const PLACES: usize = 8;

/// Resolves what is open and gives the number of samples: tuning, release and intervals on the loudest of some excerpts of so
/// many frames, the pad mode and the length on the two ends.
///
/// # Errors
/// As [`Settings::resolve`], and what cannot be read.
pub(super) fn resolve(
    settings: &mut Settings,
    (parts, excerpt): (&mut dyn Parts, usize),
    (searches, intervals): (Searches, bool),
    watch: &mut Watch<'_>,
) -> Result<usize, Error> {
    let ((_, frames), stack) = (parts.shape(), parts.stack());
    if frames <= 2 * excerpt {
        let data = parts.data(0..frames)?;
        let cells = mixed(&data.coefficients, stack);
        if intervals {
            settings.resolve_intervals(&cells, watch.stop())?;
        }
        return Ok(settings.resolve(&cells, knows(&data, searches), watch)?);
    }
    let loudest = loudest(parts, excerpt, watch)?;
    let mut inside = Settings { length: None, open: Open { pad_mode: false, ..settings.open }, ..settings.clone() };
    let cells = mixed(&loudest.coefficients, stack);
    if intervals {
        inside.resolve_intervals(&cells, watch.stop())?;
    }
    // An excerpt has no end of its own.
    let inside_searches = Searches { length: false, ..searches };
    inside.resolve(&cells, knows(&loudest, inside_searches), watch)?;
    let ends = joined(&parts.data(0..excerpt)?, &parts.data(frames - excerpt..frames)?);
    let skipped = (frames - 2 * excerpt) * settings.params.hop;
    let open = Open { pad_mode: settings.open.pad_mode, librosa: false, tuning: OpenTuning::Told };
    let length = settings.length.map(|length| length.saturating_sub(skipped));
    let mut outside = Settings { length, open, found: Found::default(), ..inside.clone() };
    let samples = outside.resolve(&mixed(&ends.coefficients, stack), knows(&ends, searches), watch);
    let samples = samples.map_err(|error| of_whole(error, skipped))?;
    let length = outside.found.length.map(|found| Finding { value: found.value + skipped, ..found });
    let found = Found { pad_mode: outside.found.pad_mode, length, ..inside.found };
    *settings = Settings { length: settings.length, open: settings.open, found, ..outside };
    Ok(samples + skipped)
}

/// An error about the length of two ends as one about the whole, which has so many samples more.
fn of_whole(error: TransformError, skipped: usize) -> TransformError {
    match error {
        TransformError::LengthOfOtherFrames { samples, shortest, longest, frames, hop } => {
            TransformError::LengthOfOtherFrames {
                samples: samples + skipped,
                shortest: shortest + skipped,
                longest: longest + skipped,
                frames: frames + skipped / hop.max(1),
                hop,
            }
        }
        other => other,
    }
}

/// What can be relied on in an excerpt.
fn knows(data: &Data, searches: Searches) -> Knows {
    Knows { phase: data.knows_phase(), exact: data.intervals.is_none(), searches }
}

/// The loudest of some excerpts, spread evenly.
fn loudest(parts: &mut dyn Parts, excerpt: usize, watch: &mut Watch<'_>) -> Result<Data, Error> {
    let (_, frames) = parts.shape();
    let mut best: Option<(f64, Data)> = None;
    for place in 0..PLACES {
        watch.check()?;
        let first = (frames - excerpt) * place / (PLACES - 1);
        let data = parts.data(first..first + excerpt)?;
        let power: f64 = data.coefficients.as_slice().iter().map(num_complex::Complex::norm_sqr).sum();
        if best.as_ref().is_none_or(|(most, _)| power > *most) {
            best = Some((power, data));
        }
    }
    match best {
        Some((_, data)) => Ok(data),
        None => parts.data(whole(parts)),
    }
}

fn whole(parts: &dyn Parts) -> Range<usize> {
    0..parts.shape().1
}

/// One recording's beginning and end as the frames of one recording: each end is looked at apart from the other.
fn joined(head: &Data, tail: &Data) -> Data {
    head.followed_by(tail)
}
