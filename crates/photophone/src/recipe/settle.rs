//! From what is known to what is used: every value with where it came from.

use photophone_spectrum::{Finding, Number, Source};
use photophone_transform::{CqtParams, LibrosaVersion, TransformError};
use serde::Serialize;
use serde_json::Value;

use super::{Recipe, Tuning};
use crate::{Error, GIVEN};

/// What says how many bins there are.
pub(crate) const ROWS: &str = "the picture or array";

/// One line of a report: a value, where it came from, how sure it is and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// What it is about: `picture`, `phase`, `recipe`, ...
    pub section: &'static str,
    /// The value's name, as the command line spells it.
    pub name: &'static str,
    /// The value.
    pub value: Value,
    /// Read, given or assumed.
    pub source: Source,
    /// 0 to 1.
    pub confidence: f64,
    /// What the confidence was made of, if it is known how often such findings are right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Why.
    pub evidence: String,
}

impl Entry {
    /// Reports a finding.
    pub fn new<T: Serialize>(section: &'static str, name: &'static str, finding: &Finding<T>) -> Self {
        Self {
            section,
            name,
            value: serde_json::to_value(&finding.value).unwrap_or(Value::Null),
            source: finding.source,
            confidence: finding.confidence,
            score: finding.score,
            evidence: finding.evidence.clone(),
        }
    }
}

/// The parameters to use, and the line of each for the report.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The transform. `tuning` is 0 while [`Settled::tuning_unknown`], `pad_mode` librosa's
    /// default while [`Settled::pad_mode_unknown`].
    pub params: CqtParams,
    /// Sample rate of the samples, in Hz.
    pub sample_rate_hz: u32,
    /// The release is only the default.
    pub librosa_unknown: bool,
    /// The tuning has to be read from the phase.
    pub tuning_unknown: bool,
    /// The pad mode is only librosa's default.
    pub pad_mode_unknown: bool,
    /// One line a value.
    pub entries: Vec<Entry>,
}

impl Recipe {
    /// Fills what is unknown with librosa's defaults.
    ///
    /// `bins` is the number of rows of the picture or array, if there is one.
    ///
    /// # Errors
    /// A value out of its range, or a number of bins that is not the picture's.
    pub fn settle(&self, bins: Option<usize>) -> Result<Settled, Error> {
        let mut entries = Vec::new();
        let librosa = take(&mut entries, "librosa", self.librosa, LibrosaVersion::default(), "the default");
        let base = CqtParams::for_librosa(librosa);
        let told = match self.sample_rate {
            Some(rate) => (f64::from(rate), "the samples' rate"),
            None => (base.sr, "librosa's default"),
        };
        let default = "librosa's default";
        let sr = take(&mut entries, "sr", self.sr, told.0, told.1);
        let sample_rate_hz = self.rate_of_samples(&mut entries, sr)?;
        let params = CqtParams {
            sr,
            hop: take(&mut entries, "hop", self.hop, base.hop, default),
            bins: self.settle_bins(&mut entries, bins, base.bins)?,
            bins_per_octave: take(&mut entries, "bins-per-octave", self.bins_per_octave, base.bins_per_octave, default),
            fmin_hz: take(&mut entries, "fmin", self.fmin.map(|pitch| pitch.0), base.fmin_hz, "librosa's default, C1"),
            tuning: 0.0,
            gamma: take(&mut entries, "gamma", self.gamma, base.gamma, default),
            filter_scale: take(&mut entries, "filter-scale", self.filter_scale, base.filter_scale, default),
            norm: take(&mut entries, "norm", self.norm, base.norm, default),
            sparsity: take(&mut entries, "sparsity", self.sparsity, base.sparsity, default),
            window: take(&mut entries, "window", self.window, base.window, default),
            scale: take(&mut entries, "scale", self.scale, base.scale, default),
            pad_mode: self.pad_mode.unwrap_or(base.pad_mode),
            res_type: take(&mut entries, "res-type", self.res_type, base.res_type, "that release's own"),
            librosa,
        };
        let (tuning, tuning_unknown) = match self.tuning {
            Some(Tuning::Bins(bins)) => (bins, false),
            Some(Tuning::Auto) | None => (0.0, true),
        };
        if !tuning_unknown {
            take(&mut entries, "tuning", Some(tuning), 0.0, "");
        }
        let pad_mode_unknown = self.pad_mode.is_none();
        if !pad_mode_unknown {
            take(&mut entries, "pad-mode", self.pad_mode, base.pad_mode, "");
        }
        let params = CqtParams { tuning, ..params };
        params.validate()?;
        check_fmin(&params)?;
        let librosa_unknown = self.librosa.is_none();
        Ok(Settled { params, sample_rate_hz, librosa_unknown, tuning_unknown, pad_mode_unknown, entries })
    }

    fn rate_of_samples(&self, entries: &mut Vec<Entry>, sr: f64) -> Result<u32, Error> {
        let rate = take(entries, "sample-rate", self.sample_rate.map(f64::from), sr, "the rate the transform was told");
        if rate.fract() == 0.0 && (1.0..=1e7).contains(&rate) {
            Ok(rate as u32)
        } else {
            let (name, expected) = if self.sample_rate.is_some() {
                ("sample-rate", "a whole number of Hz, 1 to 10 000 000")
            } else {
                ("sr", "a whole number of Hz, 1 to 10 000 000, or the rate of the samples besides (`sample-rate`)")
            };
            Err(Error::Value { name, found: Number(rate).to_string(), expected })
        }
    }

    fn settle_bins(&self, entries: &mut Vec<Entry>, found: Option<usize>, default: usize) -> Result<usize, Error> {
        let Some(rows) = found else {
            return Ok(take(entries, "bins", self.bins, default, "librosa's default"));
        };
        if let Some(bins) = self.bins
            && bins != rows
        {
            let (given, stored) = (bins.to_string(), rows.to_string());
            let (here, there) = (GIVEN, ROWS);
            return Err(Error::Contradiction { name: "bins".to_owned(), here, given, there, stored });
        }
        entries.push(Entry::new("recipe", "bins", &Finding::read(rows, 1.0, "the number of rows")));
        Ok(rows)
    }
}

/// The transform's own message tells of the highest bin, which does not help where even the lowest is too high.
fn check_fmin(params: &CqtParams) -> Result<(), Error> {
    let nyquist_hz = params.sr / 2.0;
    if params.fmin_hz < nyquist_hz {
        return Ok(());
    }
    let expected = format!(
        "less than half the sample rate, {} Hz, so that a bin fits below it: give a lower `fmin`, or the \
         `sr` that it belongs to",
        Number(nyquist_hz)
    );
    Err(TransformError::Parameter { name: "fmin", found: format!("{} Hz", Number(params.fmin_hz)), expected }.into())
}

/// Takes a value that was given, else the default, and keeps its line.
fn take<T: Clone + Serialize>(
    entries: &mut Vec<Entry>,
    name: &'static str,
    given: Option<T>,
    default: T,
    why: &'static str,
) -> T {
    let finding = match given {
        Some(value) => Finding::given(value, ""),
        None => Finding::assumed(default, 0.5, why),
    };
    entries.push(Entry::new("recipe", name, &finding));
    finding.value
}
