//! The thresholds that are neither derived nor sourced, and what each is swept over.

/// A constant of one file.
#[derive(Debug)]
pub(super) struct Threshold {
    /// What the command calls it.
    pub(super) name: &'static str,
    /// Below `crates`.
    pub(super) file: &'static str,
    pub(super) constant: &'static str,
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
    Threshold { name, file, constant, group, values }
}

/// In the order of `docs/sweeps.md`.
pub(super) const THRESHOLDS: [Threshold; 24] = [
    threshold("low-row-tenth", (EVIDENCE, "A_TENTH"), "low", &["0.58", "1.15", "4.6", "9.2"]),
    threshold("low-explained", (SOLVE, "EXPLAINED_DB"), "low", &["-80", "-70", "-50", "-40"]),
    threshold("low-loud", ("transform/src/inverse/below.rs", "LOUD"), "low", &["10", "30", "300", "1000"]),
    threshold("usual-response", (LEAST_SQUARES, "USUAL_RESPONSE"), "low", &["1e-3", "3e-3", "3e-2", "1e-1"]),
    threshold("low-accuracy", (LEAST_SQUARES, "ACCURACY"), "low", &["1e-4", "3e-4", "3e-3", "1e-2"]),
    threshold("outside-heard", (OUTSIDE, "HEARD"), "low", &["2.5e-3", "5e-3", "2e-2", "4e-2"]),
    threshold("outside-sure", (OUTSIDE, "SURE"), "low", &["10", "30", "300", "1000"]),
    threshold(
        "gradient-over-noise",
        (LEAST_SQUARES, "GRADIENT_OVER_NOISE"),
        "exact",
        &["5e-3", "1e-2", "4e-2", "8e-2"],
    ),
    threshold("response-floor", (PRIOR, "RESPONSE_FLOOR"), "exact", &["2.5e-3", "5e-3", "2e-2", "4e-2"]),
    threshold("full-rate-share", (LEAST_SQUARES, "FULL_RATE_SHARE"), "exact", &["2", "4", "16", "32"]),
    threshold("prior-shape", (LEARNT, "SHAPE"), "adaptive", &["0.5", "0.6", "0.8", "0.9"]),
    threshold("prior-floor", (LEARNT, "FLOOR"), "adaptive", &["1e-5", "3e-5", "3e-4", "1e-3"]),
    threshold("determined", (CROSSOVER, "DETERMINED"), "adaptive", &["1", "1.5", "2.5", "3"]),
    threshold("crossover-matters", (CROSSOVER, "MATTERS"), "adaptive", &["1e-5", "3e-5", "3e-4", "1e-3"]),
    threshold("certain-errors", (TONALITY, "CERTAIN_ERRORS"), "adaptive", &["1.5", "2", "4", "6"]),
    threshold("least-certain", (TONALITY, "LEAST_CERTAIN"), "adaptive", &["0.03", "0.05", "0.2", "0.3"]),
    threshold("adaptive-residual", (ADAPTIVE, "RESIDUAL_OVER_NOISE"), "adaptive", &["0.02", "0.05", "0.2", "0.5"]),
    threshold("narrow", (SOLVE, "NARROW"), "pictures", &["0.0075", "0.015", "0.06", "0.12"]),
    threshold("noise-surprise", (SOLVE, "NOISE_SURPRISE"), "pictures", &["1.1", "1.25", "2", "3"]),
    threshold("least-of-row", (ADAPTIVE, "LEAST_OF_ROW"), "pictures", &["0.06", "0.12", "0.5", "1"]),
    threshold(
        "jpeg-misfit",
        ("picture/src/compressed/mod.rs", "MOST_MISFIT"),
        "pictures",
        &["1.05", "1.1", "1.25", "1.5"],
    ),
    threshold("pad-mode-lead", (PAD_MODE, "LEAST_LEAD_DB"), "found", &["1", "2", "5", "8"]),
    threshold("pad-mode-out", (PADDING, "CLEAR_DB"), "found", &["5", "10", "30", "40"]),
    threshold("pad-mode-poor", (PADDING, "POOR"), "found", &["1e-4", "3e-4", "3e-3", "1e-2"]),
];

const EVIDENCE: &str = "transform/src/inverse/evidence.rs";
const LEAST_SQUARES: &str = "transform/src/inverse/least_squares.rs";
const OUTSIDE: &str = "transform/src/inverse/outside.rs";
const PRIOR: &str = "transform/src/inverse/prior.rs";
const ADAPTIVE: &str = "transform/src/inverse/adaptive/mod.rs";
const LEARNT: &str = "transform/src/inverse/adaptive/prior.rs";
const CROSSOVER: &str = "transform/src/inverse/adaptive/crossover.rs";
const TONALITY: &str = "transform/src/inverse/adaptive/tonality.rs";
const PAD_MODE: &str = "transform/src/identify/pad_mode.rs";
const SOLVE: &str = "photophone/src/recover/solve.rs";
const PADDING: &str = "photophone/src/recover/padding.rs";

impl Threshold {
    /// The environment's variable that the rewritten constant reads.
    pub(super) fn variable(&self) -> String {
        format!("SWEEP_{}", self.name.to_uppercase().replace('-', "_"))
    }
}
