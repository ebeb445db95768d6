//! The account of a recording that was solved block by block.

use photophone_transform::blocks::{Block, Layout};
use photophone_transform::invert::{Data, Loss, Solved, UNTRUSTED_SHARE, losses};
use photophone_transform::{Cqt, Spacing, Stop};

use super::{account, magnitudes_warning, warnings};
use crate::Error;
use crate::read::Edits;
use crate::report::{Report, Solve};

/// What blocks add up to.
#[derive(Debug)]
pub(super) struct BlockAccount {
    /// Power of the data, and of what no sound explains of them.
    whole: f64,
    left: f64,
    /// Power that each step has lost.
    lost: Vec<(&'static str, f64)>,
    iterations: usize,
    stop: Stop,
    of_magnitudes: bool,
    pub(super) absolute: bool,
}

impl Default for BlockAccount {
    fn default() -> Self {
        Self {
            whole: 0.0,
            left: 0.0,
            lost: Vec::new(),
            iterations: 0,
            stop: Stop::Converged,
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
            match self.lost.iter_mut().find(|(known, _)| *known == name) {
                Some((_, lost)) => *lost += share * power,
                None => self.lost.push((name, share * power)),
            }
        }
        (self.left, self.whole) = (self.left + left, self.whole + whole);
        self.iterations += solved.solution.iterations;
        if solved.solution.stop != Stop::Converged {
            self.stop = solved.solution.stop;
        }
        self.of_magnitudes |= !knows_phase;
        self.absolute &= data.absolute;
        Ok(())
    }

    /// Says in a report how the solves went, what limits the sound, and what speaks against it.
    pub(super) fn tell(&self, edits: Edits, report: &mut Report) {
        let share = if self.whole > 0.0 { self.left / self.whole } else { 0.0 };
        let residual_db = if self.whole > 0.0 { 10.0 * share.max(1e-40).log10() } else { 0.0 };
        let of = |lost: f64| if self.whole > 0.0 { (lost / self.whole).min(1.0) } else { 0.0 };
        report.losses = self.lost.iter().map(|&(name, lost)| Loss { name, share: of(lost) }).collect();
        report.losses.sort_by(|a, b| b.share.total_cmp(&a.share));
        let is_poor = !self.of_magnitudes && share > UNTRUSTED_SHARE;
        if self.of_magnitudes {
            report.notes.push(account::RETRIEVED.to_owned());
            let warning = magnitudes_warning(Spacing::Logarithmic, residual_db).filter(|_| self.whole > 0.0);
            report.warnings.extend(warning.map(|text| format!("WARNING: {text}")));
        } else if is_poor {
            report.warnings.push(warnings::of_share(share, Spacing::Logarithmic, edits));
        }
        let (iterations, stop, of_magnitudes) = (self.iterations, self.stop, self.of_magnitudes);
        report.solve = Some(Solve { iterations, residual_db, of_magnitudes, is_poor, stop });
    }
}
