//! The thresholds that are neither derived nor sourced, and what each is swept over.

/// A constant of one file.
#[derive(Debug)]
pub(super) struct Threshold {
    /// What the command calls it.
    pub(super) name: &'static str,
    /// Below `crates`.
    pub(super) file: &'static str,
    pub(super) constant: &'static str,
    /// Other files that name it.
    pub(super) users: &'static [&'static str],
    /// The sounds that it may matter for: a group of `crates/photophone/examples/sweep.rs`.
    pub(super) group: &'static str,
    /// What it is given besides its own value, rising.
    pub(super) values: &'static [&'static str],
}

/// Four values around a constant's own.
const fn threshold(
    name: &'static str,
    (file, constant): (&'static str, &'static str),
    group: &'static str,
    values: &'static [&'static str],
) -> Threshold {
    Threshold { name, file, constant, users: &[], group, values }
}

/// In the order of `docs/sweeps.md`.
pub(super) const THRESHOLDS: [Threshold; 30] = [
    threshold("low-anew", (BELOW, "ANEW_SHARE"), "low", &["1", "2", "5", "8"]),
    threshold("low-loud", (BELOW, "LOUD"), "low", &["10", "30", "300", "1000"]),
    threshold("usual-response", (LEAST_SQUARES, "USUAL_RESPONSE"), "low", &["1e-3", "3e-3", "3e-2", "1e-1"]),
    threshold("low-accuracy", (LEAST_SQUARES, "ACCURACY"), "low", &["1e-4", "3e-4", "3e-3", "1e-2"]),
    threshold("outside-sure", (OUTSIDE, "SURE"), "low", &["10", "30", "300", "1000"]),
    threshold(
        "gradient-over-noise",
        (LEAST_SQUARES, "GRADIENT_OVER_NOISE"),
        "exact",
        &["5e-3", "1e-2", "4e-2", "8e-2"],
    ),
    threshold("whitened-common", (PRECISION, "COMMON"), "exact", &["0.01", "0.03", "0.3", "1"]),
    threshold("whitened-least", (PRECISION, "LEAST"), "exact", &["1e-6", "1e-5", "1e-3", "1e-2"]),
    threshold("whitened-ends", (PRECISION, "LEAST_AT_ENDS"), "exact", &["1e-4", "3e-4", "3e-3", "1e-2"]),
    threshold("whitened-ramp", (PRECISION, "RAMP"), "exact", &["2", "4", "16", "32"]),
    Threshold {
        users: &[LINEAR, SOLVE],
        ..threshold("whitened-iterations", (BUDGET, "FOLDED_ITERATIONS"), "exact", &["6", "12", "18", "48"])
    },
    threshold("prior-shape", (LEARNT, "SHAPE"), "adaptive", &["0.5", "0.6", "0.8", "0.9"]),
    threshold("prior-left", (ROUNDS, "LEFT"), "adaptive", &["0.0125", "0.025", "0.1", "0.2"]),
    threshold("prior-last-left", (ROUNDS, "LAST_LEFT"), "adaptive", &["0.0025", "0.005", "0.02", "0.04"]),
    threshold("longer-window", (WINDOWS, "ADVANTAGE"), "adaptive", &["0.025", "0.05", "0.2", "0.4"]),
    threshold("determined", (CROSSOVER, "DETERMINED"), "adaptive", &["1", "1.5", "2.5", "3"]),
    threshold("narrow", (SOLVE, "NARROW"), "pictures", &["0.0075", "0.015", "0.06", "0.12"]),
    threshold("noise-surprise", (SOLVE, "NOISE_SURPRISE"), "pictures", &["1.1", "1.25", "2", "3"]),
    threshold(
        "jpeg-misfit",
        ("picture/src/compressed/mod.rs", "MOST_MISFIT"),
        "pictures",
        &["1.05", "1.1", "1.25", "1.5"],
    ),
    threshold("unchanged-share", (CELLS, "UNCHANGED_SHARE"), "pictures", &["0.7", "0.8", "0.95", "0.98"]),
    threshold("rounding-misfit", (CELLS, "ROUNDING_MISFIT"), "pictures", &["0.5", "0.7", "1.4", "2"]),
    threshold("length-kept", (LENGTH, "KEPT_WITHIN_DB"), "found", &["1.5", "2", "4.5", "6"]),
    threshold("pad-mode-lead", (PAD_MODE, "LEAST_LEAD_DB"), "found", &["1.5", "2", "4.5", "6"]),
    threshold("pad-mode-clear", (PAD_RACE, "CLEAR_DB"), "found", &["10", "15", "30", "40"]),
    threshold("pad-mode-doubtful", (PAD_SEARCH, "DOUBTFUL"), "found", &["3", "5", "20", "30"]),
    threshold("tuning-misfit", (TUNING, "WORST_MISFIT_DB"), "found", &["-12", "-9", "-4", "-3"]),
    threshold("probe-octaves", (CONSISTENCY, "OCTAVES"), "found", &["1", "2", "4", "6"]),
    threshold("probe-steps", (CONSISTENCY, "STEPS"), "found", &["3", "4", "9", "12"]),
    threshold("probe-tail-steps", (CONSISTENCY, "TAIL_STEPS"), "found", &["8", "11", "23", "32"]),
    threshold("close-steps", (CONSISTENCY, "CLOSE_STEPS"), "found", &["50", "70", "140", "200"]),
];

const ROUNDS: &str = "transform/src/inverse/adaptive/rounds.rs";
const WINDOWS: &str = "transform/src/inverse/adaptive/windows.rs";
const BELOW: &str = "transform/src/inverse/below.rs";
const LEAST_SQUARES: &str = "transform/src/inverse/least_squares.rs";
const PRECISION: &str = "transform/src/inverse/precision.rs";
const BUDGET: &str = "transform/src/budget.rs";
const LINEAR: &str = "transform/src/invert/linear.rs";
const OUTSIDE: &str = "transform/src/inverse/outside.rs";
const LEARNT: &str = "transform/src/inverse/adaptive/component.rs";
const CROSSOVER: &str = "transform/src/inverse/adaptive/crossover.rs";
const SOLVE: &str = "transform/src/invert/solve.rs";
const CELLS: &str = "picture/src/cells.rs";
const CONSISTENCY: &str = "transform/src/identify/consistency.rs";
const LENGTH: &str = "transform/src/identify/length.rs";
const PAD_MODE: &str = "transform/src/identify/pad_mode.rs";
const PAD_RACE: &str = "transform/src/identify/pad_race.rs";
const PAD_SEARCH: &str = "transform/src/identify/pad_search.rs";
const TUNING: &str = "transform/src/identify/tuning.rs";

/// What the command calls the thresholds of reading pictures, which are swept together, and their group.
pub(super) const READINGS: &str = "readings";

/// A threshold of reading.
pub(super) struct OfReading {
    pub(super) threshold: Threshold,
    /// Whether the factors are of what a share lacks of 1, not of the share.
    pub(super) is_of_rest: bool,
}

const fn itself(name: &'static str, (file, constant): (&'static str, &'static str)) -> OfReading {
    let threshold = Threshold { name, file, constant, users: &[], group: READINGS, values: &[] };
    OfReading { threshold, is_of_rest: false }
}

/// A share near 1.
const fn rest(name: &'static str, place: (&'static str, &'static str)) -> OfReading {
    OfReading { is_of_rest: true, ..itself(name, place) }
}

impl OfReading {
    const fn used_by(self, users: &'static [&'static str]) -> Self {
        Self { threshold: Threshold { users, ..self.threshold }, ..self }
    }
}

/// Those of the picture half, then those of the library that joins the halves.
pub(super) const OF_READING: [OfReading; 29] = [
    itself("margin-rare", ("picture/src/frame.rs", "RARE_SHARE")),
    rest("box-filled", (FIGURE, "FILLED_SHARE")),
    rest("box-bare", (FIGURE, "BARE_SHARE")),
    itself("line-alike", (FRAME_LINE, "LIKE_THE_LINE")),
    itself("line-depth", (FRAME_LINE, "FRAME_DEPTH")).used_by(&[
        FIGURE,
        "picture/src/unframed.rs",
        "picture/src/frame.rs",
    ]),
    itself("cells-holes", (CELLS, "MAX_HOLES")),
    itself("cells-fine", (CELLS, "FINE_CELL_PX")),
    itself("lattice-drift", (LATTICE, "DRIFT_CELLS")),
    itself("lattice-off", (ROBUST_FIT, "MAX_OFF_SHARE")),
    itself("lattice-off-rate", (ROBUST_FIT, "MAX_OFF_RATE")),
    rest("palette-exact", ("picture/src/palette/colours.rs", "EXACT_SHARE"))
        .used_by(&["picture/src/palette/recognise.rs"]),
    itself("direction-usual", (POLARITY, "FORWARD_PRIOR")),
    itself("direction-usual-gray", (POLARITY, "FORWARD_PRIOR_GRAY")),
    itself("direction-slope", (POLARITY, "SLOPE_WEIGHT")),
    itself("direction-quiet", (POLARITY, "QUIET_WEIGHT")),
    itself("direction-ends", (POLARITY, "END_ENTRIES")),
    itself("curves-bare", ("picture/src/axes/content.rs", "BARE_SHARE")),
    itself("edge-ticks", ("picture/src/axes/boxes.rs", "EDGE_SHARE")),
    itself("rows-seen", (ROWS, "SEEN")),
    rest("rows-explained", (ROWS, "EXPLAINED")),
    itself("rows-lead", (ROWS, "LEAD")),
    itself("label-unexplained", ("picture/src/axes/labels.rs", "MOST_UNEXPLAINED")),
    itself("text-unexplained", (TEXT, "MOST_UNEXPLAINED")),
    itself("text-glyph", (TEXT, "GLYPH_COST")),
    itself("edit-usual", ("photophone/src/read/edited.rs", "MOST_USUAL")),
    itself("recolour-kept", (RECOLOUR, "KEPT")),
    itself("recolour-most", (RECOLOUR, "MOST")),
    itself("recolour-follows", (RECOLOUR, "FOLLOWS")),
    itself("range-lead", ("photophone/src/read/range.rs", "LEAD")),
];

const FIGURE: &str = "picture/src/figure.rs";
const FRAME_LINE: &str = "picture/src/frame_line.rs";
const LATTICE: &str = "picture/src/lattice/fit.rs";
const ROBUST_FIT: &str = "picture/src/lattice/robust_fit.rs";
const POLARITY: &str = "picture/src/polarity.rs";
const ROWS: &str = "picture/src/axes/lattice.rs";
const TEXT: &str = "picture/src/axes/text.rs";
const RECOLOUR: &str = "photophone/src/read/recolour.rs";

impl Threshold {
    /// The environment's variable that the rewritten constant reads.
    pub(super) fn variable(&self) -> String {
        format!("SWEEP_{}", self.name.to_uppercase().replace('-', "_"))
    }
}
