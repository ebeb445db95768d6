//! Samples to coefficients, block by block.

use photophone_spectrum::Plane;

use super::layout::{Block, Layout};
use crate::analysis::Cells;
use crate::{Cqt, Scratch, StopFlag, Tempered, TransformError};

/// The transform of a signal of which one block is there at a time. The coefficients are those of the whole to 1e-12: every
/// one that is kept hears the same samples, through the same filters.
#[derive(Debug)]
pub struct BlockTransform<'a> {
    of: Tempered<'a>,
    layout: &'a Layout,
    plan: Option<Cqt>,
    scratch: Scratch,
}

impl<'a> BlockTransform<'a> {
    /// In blocks as [`Layout::of_transform`] lays them.
    pub fn new(of: Tempered<'a>, layout: &'a Layout, stop: &StopFlag) -> Self {
        let mut scratch = Scratch::default();
        scratch.stop = stop.flag();
        Self { of, layout, plan: None, scratch }
    }

    /// The coefficients of [`Layout::own_frames`] from the block's samples.
    ///
    /// # Errors
    /// Another number of samples than the block's, or [`TransformError::Stopped`].
    pub fn transform(&mut self, block: &Block, samples: &[f64], stop: &StopFlag) -> Result<Cells, TransformError> {
        let plan = planned(&mut self.plan, self.of, block, stop)?;
        let (bins, frames) = plan.shape();
        let mut cells = Plane::filled(bins, frames, num_complex::Complex::default());
        plan.forward_into(samples, &mut cells, &mut self.scratch)?;
        stop.check()?;
        let own = self.layout.own_frames(block.index);
        let skipped = own.start - block.frames.start;
        Ok(Plane::from_fn(bins, own.len(), |k, t| cells[(k, skipped + t)]))
    }
}

/// The plan of a block, kept for the next one of the same length.
pub(super) fn planned<'p>(
    kept: &'p mut Option<Cqt>,
    of: Tempered<'_>,
    block: &Block,
    stop: &StopFlag,
) -> Result<&'p Cqt, TransformError> {
    let plan = match kept.take() {
        Some(plan) if plan.samples() == block.samples.len() => plan,
        _ => of.plan(block.samples.len(), stop)?,
    };
    plan.check_shape("the block's frames", (plan.shape().0, block.frames.len()))?;
    Ok(kept.insert(plan))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;
    use crate::{CqtParams, Gamma, LibrosaVersion, PadMode};

    #[test]
    fn gives_the_coefficients_of_the_whole() {
        let low = CqtParams { fmin_hz: 130.0, bins: 48, hop: 256, ..CqtParams::default() };
        for params in [
            low,
            CqtParams { sr: 44_100.0, hop: 512, pad_mode: PadMode::Reflect, ..low },
            CqtParams { hop: 441, pad_mode: PadMode::Edge, ..low },
            CqtParams { librosa: LibrosaVersion::V0_6, pad_mode: PadMode::Reflect, ..low },
            CqtParams { gamma: Gamma::Erb, librosa: LibrosaVersion::V1_0, ..low },
        ] {
            let x = noise(140_123, 5);
            let of = Tempered::from(&params);
            let whole = of.plan(x.len(), &StopFlag::default()).unwrap().forward(&x).unwrap();
            let layout = Layout::of_transform(of, x.len(), 30_000).unwrap();
            assert!(layout.count() > 3, "{layout:?}");
            let mut blocks = BlockTransform::new(of, &layout, &StopFlag::default());
            let loudest = whole.as_slice().iter().map(|z| z.norm()).fold(0.0, f64::max);
            let mut next = 0;
            for block in layout.blocks() {
                let cells = blocks.transform(&block, &x[block.samples.clone()], &StopFlag::default()).unwrap();
                for t in 0..cells.columns() {
                    for k in 0..params.bins {
                        let error = (cells[(k, t)] - whole[(k, next + t)]).norm();
                        assert!(error < 1e-12 * loudest, "{params:?}, bin {k}, frame {}: {error}", next + t);
                    }
                }
                next += cells.columns();
            }
            assert_eq!(next, whole.columns());
        }
    }
}
