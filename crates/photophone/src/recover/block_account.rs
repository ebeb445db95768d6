//! The account of a recording that was solved block by block.

use photophone_transform::blocks::{Block, Layout};
use photophone_transform::invert::{Data, Loss, Solved, UNTRUSTED_SHARE, losses};
use photophone_transform::{Cqt, Spacing, Stop};
use serde::{Deserialize, Serialize};

use super::{account, magnitudes_warning, warnings};
use crate::Error;
use crate::read::Edits;
use crate::report::{Report, Solve};

/// What blocks add up to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct BlockAccount {
    /// Power of the data, and of what no sound explains of them.
    whole: f64,
    left: f64,
    /// Power that each step has lost, in the order of [`Loss::NAMES`].
    lost: [f64; Loss::NAMES.len()],
    iterations: usize,
    /// Whether the iterations of a block ran out.
    is_limited: bool,
    of_magnitudes: bool,
    pub(super) absolute: bool,
}

impl Default for BlockAccount {
    fn default() -> Self {
        Self {
            whole: 0.0,
            left: 0.0,
            lost: [0.0; Loss::NAMES.len()],
            iterations: 0,
            is_limited: false,
            of_magnitudes: false,
            absolute: true,
        }
    }
}

impl BlockAccount {
    /// Adds a block: what it makes of the frames that no other block gives.
    ///
    /// # Errors
    /// Data of another shape than the block's.
    pub(super) fn add(
        &mut self,
        (layout, block): (&Layout, &Block),
        plan: &Cqt,
        (data, solved): (&Data, &Solved),
    ) -> Result<(), Error> {
        let own = layout.own_frames(block.index);
        let own = own.start - block.frames.start..own.end - block.frames.start;
        let made = plan.forward(solved.fit())?.columns_between(own.start, own.end);
        let part = data.of_frames(own.clone());
        let knows_phase = data.knows_phase();
        let nearest = part.intervals.as_ref().map(|intervals| intervals.nearest(&part.coefficients, &made));
        let wanted = nearest.as_ref().unwrap_or(&part.coefficients);
        let trust = part.trust_in_both().filter(|_| knows_phase);
        let (mut left, mut whole, mut power) = (0.0, 0.0, 0.0);
        for (cell, (made, wanted)) in made.as_slice().iter().zip(wanted.as_slice()).enumerate() {
            let trust = trust.as_ref().map_or(1.0, |trust| trust.as_slice()[cell]);
            let misfit = if knows_phase { (made - wanted).norm_sqr() } else { (made.norm() - wanted.norm()).powi(2) };
            left += trust * misfit;
            let value = part.coefficients.as_slice()[cell].norm_sqr();
            whole += trust * value;
            power += value;
        }
        let noise = solved.noise.as_ref().map(|noise| noise.columns_between(own.start, own.end));
        for Loss { name, share } in losses(plan, &part, noise.as_ref()) {
            let place = Loss::NAMES.iter().position(|known| *known == name);
            if let Some(place) = place {
                self.lost[place] += share * power;
            }
        }
        (self.left, self.whole) = (self.left + left, self.whole + whole);
        self.iterations += solved.solution.iterations;
        self.is_limited |= solved.solution.stop != Stop::Converged;
        self.of_magnitudes |= !knows_phase;
        self.absolute &= data.absolute;
        Ok(())
    }

    /// Says in a report how the solves went, what limits the sound, and what speaks against it.
    pub(super) fn tell(&self, edits: Edits, report: &mut Report) {
        let share = if self.whole > 0.0 { self.left / self.whole } else { 0.0 };
        let residual_db = if self.whole > 0.0 { 10.0 * share.max(1e-40).log10() } else { 0.0 };
        let of = |lost: f64| if self.whole > 0.0 { (lost / self.whole).min(1.0) } else { 0.0 };
        let losses = Loss::NAMES.iter().zip(self.lost).filter(|(_, lost)| *lost > 0.0);
        report.losses = losses.map(|(name, lost)| Loss { name, share: of(lost) }).collect();
        report.losses.sort_by(|a, b| b.share.total_cmp(&a.share));
        let is_poor = !self.of_magnitudes && share > UNTRUSTED_SHARE;
        if self.of_magnitudes {
            report.notes.push(account::RETRIEVED.to_owned());
            let warning = magnitudes_warning(Spacing::Logarithmic, residual_db).filter(|_| self.whole > 0.0);
            report.warnings.extend(warning.map(|text| format!("WARNING: {text}")));
        } else if is_poor {
            report.warnings.push(warnings::of_share(share, Spacing::Logarithmic, edits));
        }
        let stop = if self.is_limited { Stop::IterationLimit } else { Stop::Converged };
        let (iterations, of_magnitudes) = (self.iterations, self.of_magnitudes);
        report.solve = Some(Solve { iterations, residual_db, of_magnitudes, is_poor, stop });
    }
}
