//! Which librosa it was, where nobody has said.

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::identify::estimate_release;
use photophone_transform::{Cqt, CqtParams, LibrosaVersion, Tempered, TransformError};

use super::unknowns::Knows;
use crate::Error;
use crate::recipe::{Entry, Resolved};

/// Resolves the release: 0.11 unless 1.0, where that is another transform, is what the phase fits or what the number of
/// bins says.
pub(super) fn resolve_release(
    resolved: &mut Resolved,
    grid: &Plane<Complex<f64>>,
    knows: Knows<'_>,
) -> Result<(), Error> {
    let finding = release(resolved.tempered(), grid, knows)?;
    resolved.params.librosa = finding.value;
    resolved.entries.retain(|entry| entry.name != "librosa");
    resolved.entries.insert(0, Entry::new("recipe", "librosa", &finding));
    Ok(())
}

fn release(
    of: Tempered<'_>,
    grid: &Plane<Complex<f64>>,
    knows: Knows<'_>,
) -> Result<Finding<LibrosaVersion>, TransformError> {
    let [default, newer] = [LibrosaVersion::V0_11, LibrosaVersion::V1_0];
    let under = |librosa| of.with(CqtParams { librosa, ..of.params });
    if Cqt::is_alike(under(default), under(newer))? {
        return Ok(Finding::assumed(default, 0.5, "librosa 1.0 computes the same here"));
    }
    let estimate = if knows.phase { estimate_release(of, grid, knows.stop)? } else { None };
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

    use super::*;
    use photophone_transform::StopFlag;

    use crate::limits::Searches;

    fn found(librosa: LibrosaVersion, bins: usize, phase: bool) -> Finding<LibrosaVersion> {
        let params = CqtParams { bins, ..CqtParams::for_librosa(librosa) };
        let x: Vec<f64> = (0..40_000)
            .map(|i| (1..60).map(|k| (TAU * 61.0 * f64::from(k * i) / 22050.0).sin() / f64::from(k)).sum())
            .collect();
        let grid = Cqt::new(&params, x.len()).unwrap().forward(&x).unwrap();
        release(
            (&CqtParams { bins, ..CqtParams::default() }).into(),
            &grid,
            Knows { phase, exact: true, searches: Searches::ALL, stop: &StopFlag::default() },
        )
        .unwrap()
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
