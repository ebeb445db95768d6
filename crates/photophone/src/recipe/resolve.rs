//! From what is known to what is used: every value with where it came from.

use photophone_spectrum::{Finding, Number, Source};
use photophone_transform::{Cqt, CqtParams, Gamma, IntervalSet, LibrosaVersion, StopFlag, Tempered, TransformError};
use serde::Serialize;
use serde_json::Value;

use super::{Recipe, TransformKind, TransformRecipe, Tuning};
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
pub struct Resolved {
    /// The transform. `tuning` is 0 while [`Resolved::tuning_unknown`], `pad_mode` librosa's
    /// default while [`Resolved::pad_mode_unknown`].
    pub params: CqtParams,
    /// Ratios of the bins of an octave to its first, where they are not equally spaced (see [`Cqt::with_ratios`]).
    pub ratios: Option<Vec<f64>>,
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

impl Resolved {
    /// The transform with how its bins lie in an octave.
    pub fn tempered(&self) -> Tempered<'_> {
        Tempered { params: self.params, ratios: self.ratios.as_deref() }
    }

    /// Plans the transform; planning ends early once `stop` is set.
    pub(crate) fn plan(&self, samples: usize, stop: &StopFlag) -> Result<Cqt, TransformError> {
        self.tempered().plan(samples, stop)
    }
}

impl Recipe {
    /// Fills what is unknown with librosa's defaults.
    ///
    /// `bins` is the number of rows of the picture or array, if there is one.
    ///
    /// # Errors
    /// A value out of its range, or a number of bins that is not the picture's.
    pub fn resolve(&self, bins: Option<usize>) -> Result<Resolved, Error> {
        let told = &self.transform;
        let kind = self.constant_q()?;
        let mut entries = Vec::new();
        if told.kind.is_some() {
            take(&mut entries, "transform", told.kind, kind, "");
        }
        let librosa = take(&mut entries, "librosa", told.librosa, LibrosaVersion::default(), "the default");
        let base = CqtParams::for_librosa(librosa);
        let default = "librosa's default";
        let (sr, sample_rate_hz) = self.resolve_rates(&mut entries, base.sr)?;
        let params = CqtParams {
            sr,
            hop: take(&mut entries, "hop", told.hop, base.hop, default),
            bins: self.resolve_bins(&mut entries, bins, base.bins)?,
            bins_per_octave: match &told.intervals {
                // librosa takes as many as there are ratios.
                Some(IntervalSet::Ratios(ratios)) => take(
                    &mut entries,
                    "bins-per-octave",
                    told.bins_per_octave,
                    ratios.len(),
                    "one for each of the intervals",
                ),
                _ => take(&mut entries, "bins-per-octave", told.bins_per_octave, base.bins_per_octave, default),
            },
            fmin_hz: take(&mut entries, "fmin", told.fmin.map(|pitch| pitch.0), base.fmin_hz, "librosa's default, C1"),
            tuning: 0.0,
            gamma: match kind {
                TransformKind::Vqt => take(&mut entries, "gamma", told.gamma, Gamma::Erb, "that of librosa's vqt"),
                _ => take(&mut entries, "gamma", told.gamma, base.gamma, default),
            },
            filter_scale: take(&mut entries, "filter-scale", told.filter_scale, base.filter_scale, default),
            norm: take(&mut entries, "norm", told.norm, base.norm, default),
            sparsity: take(&mut entries, "sparsity", told.sparsity, base.sparsity, default),
            window: take(&mut entries, "window", told.window, base.window, default),
            scale: take(&mut entries, "scale", told.scale, base.scale, default),
            pad_mode: told.pad_mode.unwrap_or(base.pad_mode),
            res_type: take(&mut entries, "res-type", told.res_type, base.res_type, "that release's own"),
            librosa,
        };
        let (tuning, tuning_unknown) = match told.tuning {
            Some(Tuning::Bins(bins)) => (bins, false),
            Some(Tuning::Auto) | None => (0.0, true),
        };
        if !tuning_unknown {
            take(&mut entries, "tuning", Some(tuning), 0.0, "");
        }
        let pad_mode_unknown = told.pad_mode.is_none();
        if !pad_mode_unknown {
            take(&mut entries, "pad-mode", told.pad_mode, base.pad_mode, "");
        }
        let ratios = self.resolve_intervals(&mut entries, params.bins_per_octave)?;
        let params = CqtParams { tuning, ..params };
        params.validate()?;
        check_fmin(&params)?;
        let librosa_unknown = told.librosa.is_none();
        Ok(Resolved { params, ratios, sample_rate_hz, librosa_unknown, tuning_unknown, pad_mode_unknown, entries })
    }

    /// The ratios of the intervals, where they were given and are not equal.
    fn resolve_intervals(
        &self,
        entries: &mut Vec<Entry>,
        bins_per_octave: usize,
    ) -> Result<Option<Vec<f64>>, TransformError> {
        let Some(intervals) = &self.transform.intervals else { return Ok(None) };
        let given = Finding::given(intervals, "");
        entries.push(Entry::new("recipe", "intervals", &given));
        intervals.ratios(bins_per_octave)
    }

    /// Which constant-Q transform it is.
    fn constant_q(&self) -> Result<TransformKind, Error> {
        let TransformRecipe { kind, gamma, n_fft, win_length, center, .. } = &self.transform;
        let kind = kind.unwrap_or_default();
        if matches!(kind, TransformKind::Stft | TransformKind::Mel) {
            let expected = "cqt or vqt here: of an STFT or a mel spectrogram, arrays are recovered";
            return Err(Error::Value { name: "transform", found: kind.to_string(), expected });
        }
        if kind == TransformKind::Cqt
            && self.transform.kind.is_some()
            && let Some(gamma) = gamma.filter(|gamma| *gamma != Gamma::default())
        {
            let expected = "0 for `transform cqt`: a transform with another one is `transform vqt`";
            return Err(Error::Value { name: "gamma", found: gamma.to_string(), expected });
        }
        let of_stft = [("n-fft", n_fft.is_some()), ("win-length", win_length.is_some()), ("center", center.is_some())];
        refuse_given(&of_stft, "a constant-Q transform", "stft")?;
        refuse_given(&of_mel(&self.transform), "a constant-Q transform", "mel")?;
        Ok(kind)
    }

    /// The rate that the transform was told, and that of the samples.
    pub(super) fn resolve_rates(&self, entries: &mut Vec<Entry>, default_hz: f64) -> Result<(f64, u32), Error> {
        let told = match self.sound.sample_rate {
            Some(rate) => (f64::from(rate), "the samples' rate"),
            None => (default_hz, "librosa's default"),
        };
        let sr = take(entries, "sr", self.transform.sr, told.0, told.1);
        Ok((sr, self.rate_of_samples(entries, sr)?))
    }

    fn rate_of_samples(&self, entries: &mut Vec<Entry>, sr: f64) -> Result<u32, Error> {
        let rate =
            take(entries, "sample-rate", self.sound.sample_rate.map(f64::from), sr, "the rate the transform was told");
        if rate.fract() == 0.0 && (1.0..=1e7).contains(&rate) {
            Ok(rate as u32)
        } else {
            let (name, expected) = if self.sound.sample_rate.is_some() {
                ("sample-rate", "a whole number of Hz, 1 to 10 000 000")
            } else {
                ("sr", "a whole number of Hz, 1 to 10 000 000, or the rate of the samples besides (`sample-rate`)")
            };
            Err(Error::Value { name, found: Number(rate).to_string(), expected })
        }
    }

    fn resolve_bins(&self, entries: &mut Vec<Entry>, found: Option<usize>, default: usize) -> Result<usize, Error> {
        let Some(rows) = found else {
            return Ok(take(entries, "bins", self.transform.bins, default, "librosa's default"));
        };
        if let Some(bins) = self.transform.bins
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

/// Parameters that only a mel spectrogram has, and whether each was told.
pub(super) fn of_mel(told: &TransformRecipe) -> [(&'static str, bool); 5] {
    [
        ("n-mels", told.n_mels.is_some()),
        ("fmax", told.fmax.is_some()),
        ("mel-scale", told.mel_scale.is_some()),
        ("mel-norm", told.mel_norm.is_some()),
        ("power", told.power.is_some()),
    ]
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

/// Refuses the first of these settings that was given, which only the `other` transform has.
pub(super) fn refuse_given(
    settings: &[(&'static str, bool)],
    transform: &'static str,
    other: &'static str,
) -> Result<(), Error> {
    match settings.iter().find(|(_, is_given)| *is_given) {
        Some(&(name, _)) => Err(Error::OtherTransform { name, transform, other }),
        None => Ok(()),
    }
}

/// Takes a value that was given, else the default, and keeps its line.
pub(super) fn take<T: Clone + Serialize>(
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
