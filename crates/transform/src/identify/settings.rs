//! The settings of a transform as far as they are known, and what was found of them.

use photophone_spectrum::Finding;

use crate::{Cqt, CqtParams, IntervalSet, LibrosaVersion, PadMode, StopFlag, Tempered, TransformError};

/// The settings of the transform that made coefficients, as far as they are known.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The transform. What is open has librosa's default until it is found.
    pub params: CqtParams,
    /// Ratios of the bins of an octave to its first, where they are not equally spaced (see [`Cqt::with_ratios`]).
    pub ratios: Option<Vec<f64>>,
    /// Samples, where their number is told.
    pub length: Option<usize>,
    /// What has to be found.
    pub open: Open,
    /// What was found, or assumed where nothing tells.
    pub found: Found,
}

/// What of a transform nobody has told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The release of librosa.
    pub librosa: bool,
    /// The tuning.
    pub tuning: OpenTuning,
    /// The pad mode.
    pub pad_mode: bool,
}

/// Whether a tuning has to be found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenTuning {
    /// It is told, or was found.
    #[default]
    Told,
    /// Nobody has told it: librosa's default of 0, unless another explains the coefficients better.
    Untold,
    /// librosa estimated it, so that 0 is no likelier than another.
    Estimated,
}

/// What was found of a transform; `None` of what was not looked for.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How the bins of an octave lie.
    pub intervals: Option<Finding<IntervalSet>>,
    /// The release of librosa.
    pub librosa: Option<Finding<LibrosaVersion>>,
    /// The tuning, in bins.
    pub tuning: Option<Finding<f64>>,
    /// What the transform put beyond the ends.
    pub pad_mode: Option<Finding<PadMode>>,
    /// Samples that the transform was given.
    pub length: Option<Finding<usize>>,
}

/// What can be relied on when settings are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Knows {
    /// Whether the coefficients have their phase.
    pub phase: bool,
    /// Whether no quantiser has touched the magnitudes.
    pub exact: bool,
    /// Which of the settings may be looked for.
    pub searches: Searches,
}

/// Which settings are looked for; the others are assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searches {
    /// The tuning.
    pub tuning: bool,
    /// The pad mode.
    pub pad_mode: bool,
    /// The length.
    pub length: bool,
}

impl Searches {
    /// All of them.
    pub const ALL: Self = Self { tuning: true, pad_mode: true, length: true };
}

/// Why something was not looked for.
const WITHOUT_PHASE: &str = "only a kept phase would tell";
const TOO_MUCH_WORK: &str = "looking for it would take more than the limit for so few cells; see `max-work`";

impl Knows {
    /// Why something is not looked for.
    pub(super) fn why_not(self) -> &'static str {
        if self.phase { TOO_MUCH_WORK } else { WITHOUT_PHASE }
    }
}

impl Settings {
    /// The transform with how its bins lie in an octave.
    pub fn tempered(&self) -> Tempered<'_> {
        Tempered { params: self.params, ratios: self.ratios.as_deref() }
    }

    /// Plans the transform of so many samples; planning ends early once `stop` is set.
    ///
    /// # Errors
    /// As [`Tempered::plan`].
    pub fn plan(&self, samples: usize, stop: &StopFlag) -> Result<Cqt, TransformError> {
        self.tempered().plan(samples, stop)
    }

    /// The same with another pad mode.
    pub(super) fn padded_by(&self, pad_mode: PadMode) -> Self {
        Self { params: CqtParams { pad_mode, ..self.params }, ..self.clone() }
    }
}
