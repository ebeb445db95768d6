//! An array that has been read, with the phase that belongs to it.

use num_complex::Complex;
use photophone_spectrum::{Finding, Plane};
use photophone_transform::inverse::Intervals;

use super::array_levels::{self, ArrayMagnitudes, magnitudes, turned};
use super::phase::{Phase, PhaseSource};
use super::stacked::check_channels;
use super::{Data, Inputs};
use crate::Error;
use crate::files::{ArrayFile, ValueKind};
use crate::recipe::{Entry, Recipe};
use crate::report::Report;

/// An array that has been read.
pub(crate) struct OpenedArray {
    pub(super) array: ArrayFile,
    /// What real numbers stand for.
    pub(super) magnitudes: Option<ArrayMagnitudes>,
    /// Why they may stand for something else.
    pub(super) doubt: Option<String>,
    pub(super) phase: Option<Phase>,
    pub(super) recipe: Recipe,
}

impl OpenedArray {
    pub(super) fn open(inputs: &Inputs<'_>) -> Result<Self, Error> {
        let name = inputs.input.name();
        let array = turned(inputs.input.array(inputs.limits)?.into_owned(), inputs.reading, name)?;
        let source = PhaseSource::find(inputs.input, inputs, &[])?;
        let digest = inputs.recipe.picture.phase_digest.as_deref();
        let shape = (array.stack.rows, array.values.columns());
        let phase = source.map(|source| {
            let phase = Phase::open(source, inputs.limits)?.held_against(digest)?;
            check_channels(&phase, array.stack.channels, "the array")?;
            phase.fitted_to(shape)
        });
        let phase = phase.transpose()?;
        let magnitudes = match (array.kind, inputs.recipe.picture.levels) {
            (ValueKind::Real, _) => Some(magnitudes(&array, inputs.recipe, name)?),
            (ValueKind::Complex, None) => None,
            (ValueKind::Complex, Some(levels)) => {
                let found = format!("`levels {levels}` for complex coefficients");
                let expected = "real numbers where it is given";
                return Err(Error::content(name, found, expected, "leave it out"));
            }
        };
        if let Some(other) = inputs.original.or(inputs.mask) {
            let found = "an original or a mask for an array";
            let next = "leave it out: which cells of an array changed cannot be told yet";
            return Err(Error::content(other.name(), found, "one for a picture", next));
        }
        let doubt = array_levels::doubt(&array, inputs.recipe);
        Ok(Self { array, magnitudes, doubt, phase, recipe: inputs.recipe.clone() })
    }

    /// Magnitudes and phase as coefficients.
    pub(super) fn data(&self, report: &mut Report) -> Data {
        let Self { array, magnitudes, doubt, phase, .. } = self;
        let kind = if magnitudes.is_some() { "magnitudes" } else { "coefficients" };
        let how = magnitudes.as_ref().map(|magnitudes| format!("; {}", magnitudes.how)).unwrap_or_default();
        let evidence = format!("{} {:?}{how}", array.dtype, array.stored_shape);
        report.findings.push(Entry::new("array", "holds", &Finding::read(kind, 1.0, evidence)));
        if array.stack.channels > 1 {
            let channels = Finding::read(array.stack.channels, 1.0, "the first of three axes");
            report.findings.push(Entry::new("array", "channels", &channels));
        }
        report.warnings.extend(doubt.clone());
        let (bins, frames) = array.shape();
        let magnitude =
            |k, t| magnitudes.as_ref().map_or_else(|| array.values[(k, t)].norm(), |found| found.values[(k, t)]);
        let coefficients = match (phase, magnitudes) {
            (Some(phase), _) => Plane::from_fn(bins, frames, |k, t| phase.array.phasors[(k, t)] * magnitude(k, t)),
            (None, Some(found)) => found.values.map(|&magnitude| Complex::new(magnitude, 0.0)),
            (None, None) => array.values.clone(),
        };
        let unknown = phase.is_none() && magnitudes.is_some();
        let phase_trust = unknown.then(|| coefficients.map(|_| 0.0));
        let data = Data { phase_trust, ..Data::exact(coefficients) };
        let Some(magnitudes) = magnitudes else { return data };
        let absolute = magnitudes.absolute;
        let Some((low, high)) = magnitudes.range.clone() else { return Data { absolute, ..data } };
        let noise = Plane::from_fn(bins, frames, |k, t| (high[(k, t)] - low[(k, t)]).powi(2) / 12.0);
        Data { noise, intervals: Some(Intervals { low, high }), absolute, ..data }
    }
}
