//! What limits the result: how much each step between the sound and the picture has lost.

use photophone_spectrum::Plane;
use serde::Serialize;

use super::Data;
use crate::Analysis;
use crate::inverse::carried;

/// The power that a step has lost over the power there was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// `grid`, `levels`, `geometry` or `phase`.
    pub name: &'static str,
    /// 0 to 1.
    pub share: f64,
}

impl Loss {
    /// Every name that there is.
    pub const NAMES: [&str; 4] = ["grid", "levels", "geometry", "phase"];
}

/// The losses of a job, largest first. Each is the power that is not known over the power that is
/// there, from a model:
///
/// - grid: the band between two bins that the frames do not determine (`inverse::carried`), which is
///   what a linear inverse loses;
/// - levels: the width of each cell's range, evenly filled;
/// - geometry: what least squares could not explain beyond that, as after a blur, and cells that the
///   picture does not show;
/// - phase: the cells whose phase nobody kept.
pub fn losses(plan: &dyn Analysis, data: &Data, reading_noise: Option<&Plane<f64>>) -> Vec<Loss> {
    let power = data.coefficients.map(num_complex::Complex::norm_sqr);
    let whole: f64 = power.as_slice().iter().sum();
    let share = |lost: f64| if whole > 0.0 { lost / whole } else { 0.0 };
    let sum = |of: &dyn Fn(usize, usize) -> f64| -> f64 {
        (0..power.rows()).flat_map(|k| (0..power.columns()).map(move |t| (k, t))).map(|(k, t)| of(k, t)).sum()
    };
    let levels = share(sum(&|k, t| data.noise[(k, t)]));
    let excess = share(sum(&|k, t| reading_noise.map_or(0.0, |noise| (noise[(k, t)] - data.noise[(k, t)]).max(0.0))));
    let filled = share(sum(&|k, t| data.trust.as_ref().map_or(0.0, |trust| (1.0 - trust[(k, t)]) * power[(k, t)])));
    let phase =
        share(sum(&|k, t| data.phase_trust.as_ref().map_or(0.0, |trust| (1.0 - trust[(k, t)]) * power[(k, t)])));
    let named =
        [("grid", grid_share(plan, &power)), ("levels", levels), ("geometry", excess + filled), ("phase", phase)];
    let mut losses: Vec<Loss> = named
        .into_iter()
        .filter(|(_, share)| *share > 0.0)
        .map(|(name, share)| Loss { name, share: share.min(1.0) })
        .collect();
    losses.sort_by(|a, b| b.share.total_cmp(&a.share));
    losses
}

/// Share of the signal's power that the frames leave undetermined. A row's mean square over its
/// squared peak response is the signal's power in the row's own band, up to a common factor.
fn grid_share(plan: &dyn Analysis, power: &Plane<f64>) -> f64 {
    let (bins, peaks) = (carried(plan).bins, plan.channels().peaks());
    let (mut lost, mut whole) = (0.0, 0.0);
    for (k, (bin, peak)) in bins.iter().zip(&peaks).enumerate().filter(|(_, (_, peak))| **peak > 0.0) {
        let row = power.row(k).iter().sum::<f64>() / (peak * peak);
        lost += row * (1.0 - bin.carried);
        whole += row;
    }
    if whole > 0.0 { lost / whole } else { 0.0 }
}
