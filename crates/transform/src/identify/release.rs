//! Which release of librosa the coefficients are of, where that changes what they are.

use std::ops::Range;

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use serde::Serialize;

use super::consistency::busiest_frames;
use super::settings::Knows;
use crate::inverse::{LeastSquaresOptions, RowNoise, carried, least_squares};
use crate::parallel::try_map;
use crate::watch::Watch;
use crate::{Cqt, CqtParams, LibrosaVersion, StopFlag, Tempered, TransformError};

/// Releases that are told apart.
const RELEASES: [LibrosaVersion; 2] = [LibrosaVersion::V0_11, LibrosaVersion::V1_0];

/// The least lead, in dB, of the better release in some row: twice the power unexplained is no accident of a row's hundred
/// coefficients.
const LEAST_LEAD_DB: f64 = 3.0;

/// Octaves looked at: the highest that the grid determines, whose filters are the shortest. The top one of them does
/// not tell, for the signal is taken at its rate.
const OCTAVES: usize = 4;

/// Share of half the rate from which a resampler takes away: 1.0's own figure.
const ROLL_OFF: f64 = 0.8;

/// Steps of the solver, at a rate where they cost next to nothing: the rows that tell are few, and not the loudest.
const STEPS: usize = 40;

/// A release and the evidence for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ReleaseEstimate {
    /// The release.
    pub librosa: LibrosaVersion,
    /// What no signal explains under it, in dB, in the row that tells most.
    pub misfit_db: f64,
    /// The same under the other one.
    pub other_misfit_db: f64,
}

/// Estimates from coefficients with phase whether 0.11 or 1.0 made them; `params.librosa` is ignored.
///
/// Where 0.11 halves the rate in the middle of an octave, its resampler takes away from the octave's highest bins,
/// which then do not fit those beside them; 1.0 does not halve there. `None` where the two are the same transform
/// ([`Cqt::is_alike`]), where the grid determines too few octaves, and where neither fits clearly better. Cost: two
/// short solves of at most 512 frames.
///
/// # Errors
/// Parameters that make no transform, or values that are not numbers.
pub fn estimate_release<'a>(
    of: impl Into<Tempered<'a>>,
    coefficients: &Plane<Complex<f64>>,
    stop: &StopFlag,
) -> Result<Option<ReleaseEstimate>, TransformError> {
    let of = of.into();
    let [one, other] = RELEASES.map(|librosa| of.with(CqtParams { librosa, ..of.params }));
    if coefficients.columns() < 2 || Cqt::is_alike(one, other)? {
        return Ok(None);
    }
    let frames = busiest_frames(&coefficients.map(|value| value.norm()));
    let misfits = try_map(&[one, other], |of| row_misfits_db(*of, coefficients, frames.clone(), stop))?;
    let telling = telling_rows(one)?;
    let pairs = misfits[0].iter().zip(&misfits[1]).filter(|((row, _), _)| telling.contains(row));
    let pairs: Vec<[f64; 2]> = pairs.map(|((_, one), (_, other))| [*one, *other]).collect();
    // With noise of unknown strength in each row, the log likelihood is the sum of the rows' `-n ln(misfit)`.
    let lead: f64 = pairs.iter().map(|[one, other]| other - one).sum();
    let (best, other) = if lead >= 0.0 { (0, 1) } else { (1, 0) };
    let row_lead = |pair: &[f64; 2]| pair[other] - pair[best];
    let most = pairs.iter().max_by(|a, b| row_lead(a).total_cmp(&row_lead(b)));
    Ok(most.filter(|pair| row_lead(pair) >= LEAST_LEAD_DB).map(|pair| ReleaseEstimate {
        librosa: RELEASES[best],
        misfit_db: pair[best],
        other_misfit_db: pair[other],
    }))
}

/// The bins that 0.11's resampler takes away from.
fn telling_rows(of: Tempered<'_>) -> Result<Vec<usize>, TransformError> {
    let plan = of.plan(of.params.hop, &StopFlag::default())?;
    let rolled_off = |(bins, sr, _): (Range<usize>, f64, usize)| {
        bins.filter(|&bin| plan.hz_from_bin()[bin] > ROLL_OFF * sr / 2.0).collect::<Vec<_>>()
    };
    Ok(plan.octaves().flat_map(rolled_off).collect())
}

/// What no signal explains of each of the highest bins that the grid determines, over some of the frames, in dB. Not of
/// the bins of the highest octave, nor of those that are silent.
fn row_misfits_db(
    of: Tempered<'_>,
    grid: &Plane<Complex<f64>>,
    frames: Range<usize>,
    stop: &StopFlag,
) -> Result<Vec<(usize, f64)>, TransformError> {
    // How the signal was padded is not known yet, and frames at the ends are not held to the data.
    let of = of.with(CqtParams { pad_mode: of.params.librosa.default_pad_mode(), ..of.params });
    let whole = of.plan(of.samples_from_frames(frames.len())?.1, stop)?;
    let limit_hz = carried(&whole).limit_hz;
    let centres = whole.hz_from_bin();
    let undetermined = whole.octaves().take_while(|(bins, ..)| centres[bins.end - 1] >= limit_hz).count();
    let determined: Vec<Range<usize>> =
        whole.octaves().skip(undetermined).take(OCTAVES).map(|(bins, ..)| bins).collect();
    let [top, .., lowest] = &determined[..] else { return Ok(Vec::new()) };
    let plan = whole.lower_octaves(undetermined).upper_octaves(lowest.start);
    let (bins, columns) = plan.shape();
    let part = Plane::from_fn(bins, columns, |row, t| grid[(lowest.start + row, frames.start + t)]);
    let reach = plan.filter_lengths().first().map_or(0.0, |length| 0.5 * length / plan.params().hop as f64);
    let reach = (reach.ceil() as usize).min(columns / 4);
    let inner = reach..columns - reach;
    let trust = Plane::from_fn(bins, columns, |_, t| if inner.contains(&t) { 1.0 } else { 0.0 });
    let noise = Some(RowNoise::relative(&part, 1e-4));
    let options = LeastSquaresOptions {
        max_iterations: STEPS,
        noise,
        trust: Some(&trust),
        free_ends: false,
        ..LeastSquaresOptions::default()
    };
    let made = plan.forward(&least_squares(&plan, &part, &options, &mut Watch::default())?.samples)?;
    let misfit = |row: usize| {
        let cells = || part.row(row)[inner.clone()].iter().zip(&made.row(row)[inner.clone()]);
        let whole: f64 = cells().map(|(wanted, _)| wanted.norm_sqr()).sum();
        let left: f64 = cells().map(|(wanted, made)| (wanted - made).norm_sqr()).sum();
        (whole > 0.0).then(|| (lowest.start + row, 10.0 * (left / whole).max(f64::MIN_POSITIVE).log10()))
    };
    Ok((0..top.start - lowest.start).filter_map(misfit).collect())
}

/// The release: 0.11 unless 1.0, where that is another transform, is what the phase fits or what the number of bins says.
pub(super) fn release(
    of: Tempered<'_>,
    grid: &Plane<Complex<f64>>,
    knows: Knows,
    stop: &StopFlag,
) -> Result<Finding<LibrosaVersion>, TransformError> {
    let [default, newer] = RELEASES;
    let under = |librosa| of.with(CqtParams { librosa, ..of.params });
    if Cqt::is_alike(under(default), under(newer))? {
        return Ok(Finding::assumed(default, 0.5, "librosa 1.0 computes the same here"));
    }
    let estimate = if knows.phase { estimate_release(of, grid, stop)? } else { None };
    if let Some(found) = estimate {
        let (misfit, other) = (found.misfit_db, found.other_misfit_db);
        let evidence =
            format!("in the row that tells most {misfit:.1} dB are unexplained, with the other release {other:.1} dB");
        return Ok(Finding::read(found.librosa, (0.5 + (other - misfit) / 40.0).min(0.99), evidence));
    }
    Ok(match likely_release(&of.params, of.ratios) {
        LibrosaVersion::V1_0 => {
            let evidence = "as many bins as fit below half the sample rate, which is librosa 1.0's n_bins=None";
            Finding::assumed(newer, 0.6, evidence)
        }
        release => {
            let evidence = "librosa 1.0 differs here in the highest bins of each octave; the phase would tell";
            Finding::assumed(release, 0.5, evidence)
        }
    })
}

/// The release of a transform by its number of bins: 1.0 where they are as many as fit below half the sample rate, as
/// only its `n_bins=None` makes them by itself; else 0.11. The release of `params` does not count; `ratios` are those
/// of [`Cqt::with_ratios`], if any.
pub fn likely_release(params: &CqtParams, ratios: Option<&[f64]>) -> LibrosaVersion {
    let newer = LibrosaVersion::V1_0;
    let fit = Cqt::bins_that_fit(&CqtParams { librosa: newer, ..*params }, ratios);
    if fit == Ok(params.bins) { newer } else { LibrosaVersion::V0_11 }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use photophone_spectrum::Source;

    use super::super::Searches;
    use super::*;
    use crate::testing::noise;

    /// As many bins as fit at 22.05 kHz.
    fn grid(librosa: LibrosaVersion, hop: usize, level_steps: f64) -> (CqtParams, Plane<Complex<f64>>) {
        let params = CqtParams { bins: 101, hop, ..CqtParams::for_librosa(librosa) };
        let samples = 60_000;
        let tones = |i: usize| {
            let cycles = i as f64 / 22050.0;
            (1..40).map(|k| (97.0 * f64::from(k) * cycles * TAU).sin() / f64::from(k)).sum::<f64>()
        };
        let hiss = noise(samples, 5);
        let x: Vec<f64> = (0..samples).map(|i| tones(i) + 0.1 * hiss[i]).collect();
        let exact = Cqt::new(&params, samples).unwrap().forward(&x).unwrap();
        let rounded = |value: &Complex<f64>| {
            let level_db = 20.0 * value.norm().max(1e-9).log10();
            let step_db = level_steps;
            Complex::from_polar(10f64.powf((level_db / step_db).round() * step_db / 20.0), value.arg())
        };
        let cells = if level_steps > 0.0 { exact.map(rounded) } else { exact };
        (params, cells)
    }

    #[test]
    fn each_release_is_found_from_its_coefficients() {
        for librosa in RELEASES {
            for (hop, step_db) in [(256, 0.0), (512, 0.0), (512, 80.0 / 256.0)] {
                let (params, cells) = grid(librosa, hop, step_db);
                let found = estimate_release(&params, &cells, &StopFlag::default()).unwrap();
                assert_eq!(found.map(|found| found.librosa), Some(librosa), "hop {hop}, step {step_db} dB");
            }
        }
    }

    #[test]
    fn says_nothing_where_the_releases_are_alike() {
        let params = CqtParams::default();
        let cells = Plane::filled(84, 50, Complex::new(1.0, 0.0));
        assert_eq!(estimate_release(&params, &cells, &StopFlag::default()), Ok(None));
    }

    fn found(librosa: LibrosaVersion, bins: usize, phase: bool) -> Finding<LibrosaVersion> {
        let params = CqtParams { bins, ..CqtParams::for_librosa(librosa) };
        let x: Vec<f64> = (0..40_000)
            .map(|i| (1..60).map(|k| (TAU * 61.0 * f64::from(k * i) / 22050.0).sin() / f64::from(k)).sum())
            .collect();
        let grid = Cqt::new(&params, x.len()).unwrap().forward(&x).unwrap();
        let knows = Knows { phase, exact: true, searches: Searches::ALL };
        release((&CqtParams { bins, ..CqtParams::default() }).into(), &grid, knows, &StopFlag::default()).unwrap()
    }

    #[test]
    fn the_phase_tells_where_the_releases_differ() {
        for librosa in [LibrosaVersion::V0_11, LibrosaVersion::V1_0] {
            for bins in [99, 101] {
                let finding = found(librosa, bins, true);
                assert_eq!((finding.value, finding.source), (librosa, Source::Read), "{bins}: {}", finding.evidence);
            }
            let alike = found(librosa, 84, true);
            assert_eq!((alike.value, alike.source), (LibrosaVersion::V0_11, Source::Assumed));
        }
    }

    #[test]
    fn without_phase_the_number_of_bins_tells() {
        assert_eq!(found(LibrosaVersion::V1_0, 101, false).value, LibrosaVersion::V1_0);
        assert_eq!(found(LibrosaVersion::V1_0, 99, false).value, LibrosaVersion::V0_11);
    }
}
