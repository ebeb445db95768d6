//! Coefficients to samples, block by block.

use std::f64::consts::PI;

use photophone_spectrum::Plane;

use super::forward::planned;
use super::layout::{Block, Layout};
use crate::analysis::Cells;
use crate::inverse::{BELOW_AT_ALL, sound_below};
use crate::invert::{Cut, Data, SolveOptions, Solved, solve_channels};
use crate::watch::{Stop, Watch};
use crate::{Budget, Cqt, Tempered, TransformError};

/// The inverse of coefficients of which one block is there at a time.
///
/// Each block is solved as a recording of its own. A coefficient that hears what lies beyond a cut has no say, and what is
/// found near a cut is thrown away; what is kept is faded into the next block. Where the phase is not known, a block
/// begins with the phase that the one before ends with. Deterministic; the result does not depend on threads.
///
/// Memory: that of one block, and its samples.
#[derive(Debug)]
pub struct BlockInverse<'a> {
    of: Tempered<'a>,
    layout: &'a Layout,
    options: SolveOptions,
    plan: Option<Cqt>,
    joint: Joint,
}

/// What a block leaves for the next one: all that the work needs to go on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joint {
    /// The number of the next block.
    pub next: usize,
    /// Whether there is sound below the bins: the first block tells for all that have no end of their own.
    pub below: bool,
    /// The last block's samples, of each channel.
    pub channels: Vec<Vec<f64>>,
}

/// A block that was solved.
#[derive(Debug)]
pub struct SolvedBlock<'p> {
    /// The samples of each channel that follow the last block's.
    pub finished: Vec<Vec<f64>>,
    /// The transform of the whole block.
    pub plan: &'p Cqt,
    /// Its data as they counted.
    pub data: Vec<Data>,
    /// Their solutions.
    pub solved: Vec<Solved>,
}

impl<'a> BlockInverse<'a> {
    /// In blocks as [`Layout::of_inverse`] lays them, from the first one on, or from where `joint` says.
    pub fn new(of: Tempered<'a>, layout: &'a Layout, options: SolveOptions, joint: Joint) -> Self {
        Self { of, layout, options, plan: None, joint }
    }

    /// The next block; `None` after the last.
    pub fn next(&self) -> Option<Block> {
        (self.joint.next < self.layout.count()).then(|| self.layout.block(self.joint.next))
    }

    /// What the work can go on from.
    pub fn joint(&self) -> &Joint {
        &self.joint
    }

    /// Solves the next block of the data of its frames, of each channel. A solve that was cancelled is an error.
    ///
    /// # Errors
    /// As [`solve_channels`], or [`TransformError::Stopped`].
    pub fn solve(
        &mut self,
        channels: Vec<Data>,
        budget: &mut Budget,
        watch: &mut Watch<'_>,
    ) -> Result<SolvedBlock<'_>, TransformError> {
        let Self { of, layout, plan, joint, .. } = self;
        let block = layout.block(joint.next);
        let plan = planned(plan, *of, &block, watch.stop())?;
        let (head, tail) = block.context;
        let options = SolveOptions { cut: Cut { head, tail, below: joint.below }, ..self.options };
        let before = layout.block(block.index.saturating_sub(1));
        let ready = |(channel, data): (usize, Data)| {
            let data = within_block(plan, &block, data)?;
            match joint.channels.get(channel) {
                Some(last) if block.index > 0 => continued(*of, (&before, last), &block, data),
                _ => Ok(data),
            }
        };
        let channels: Vec<Data> = channels.into_iter().enumerate().map(ready).collect::<Result<_, TransformError>>()?;
        let solved = solve_channels(plan, &channels, &options, budget, watch)?;
        if solved.iter().any(|solved| solved.solution.stop == Stop::Cancelled) {
            return Err(TransformError::Stopped);
        }
        let samples = || solved.iter().map(|solved| &solved.solution.samples);
        if block.index == 0 {
            joint.below =
                samples().any(|samples| sound_below(plan, samples, |x| options.cut.inside(x, 1.0)) > BELOW_AT_ALL);
        }
        let last = |channel: usize| joint.channels.get(channel).map_or(&[][..], |last| &last[..]);
        let finished =
            samples().enumerate().map(|(channel, samples)| joined(layout, (&before, last(channel)), (&block, samples)));
        let finished = finished.collect();
        joint.channels = samples().cloned().collect();
        joint.next = block.index + 1;
        Ok(SolvedBlock { finished, plan, data: channels, solved })
    }
}

/// The data of a block; cells that hear what lies beyond a cut have no trust.
fn within_block(plan: &Cqt, block: &Block, data: Data) -> Result<Data, TransformError> {
    let (rows, frames) = plan.shape();
    plan.check_shape("the block's data", data.coefficients.shape())?;
    if block.open == (false, false) {
        return Ok(data);
    }
    let hears = hears_block_alone(plan, block);
    let trust = |k, t| if hears(k, t) { data.trust.as_ref().map_or(1.0, |trust| trust[(k, t)]) } else { 0.0 };
    Ok(Data { trust: Some(Plane::from_fn(rows, frames, trust)), ..data })
}

/// Whether all that a cell of a block hears lies in the block, or beyond an end of the whole.
fn hears_block_alone(plan: &Cqt, block: &Block) -> impl Fn(usize, usize) -> bool {
    let (reaches, hop, samples) = (plan.reaches(), plan.params().hop, plan.samples());
    let (head, tail) = block.open;
    move |k, t| (!head || t * hop >= reaches[k]) && (!tail || t * hop + reaches[k] < samples)
}

/// The data with the phase of what was found before, in cells that hear nothing else.
fn continued(
    of: Tempered<'_>,
    (before, samples): (&Block, &[f64]),
    block: &Block,
    data: Data,
) -> Result<Data, TransformError> {
    let Some(phase_trust) = &data.phase_trust else { return Ok(data) };
    let plan = of.plan(samples.len(), &crate::StopFlag::default())?;
    let made = plan.forward(samples)?;
    let (reaches, clean) = (plan.reaches(), before.samples.end - before.context.1);
    let hop = plan.params().hop;
    let skipped = block.frames.start - before.frames.start;
    // Where the phase was known it stays.
    let is_found = |k: usize, t: usize| {
        phase_trust[(k, t)] <= 0.0
            && (block.frames.start + t) * hop + reaches[k] < clean
            && made[(k, skipped + t)].norm() > 0.0
    };
    let (rows, frames) = data.coefficients.shape();
    let coefficients: Cells = Plane::from_fn(rows, frames, |k, t| {
        let (value, made) = (data.coefficients[(k, t)], || made[(k, skipped + t)]);
        if is_found(k, t) { made() * (value.norm() / made().norm()) } else { value }
    });
    let phase_trust = Plane::from_fn(rows, frames, |k, t| if is_found(k, t) { 1.0 } else { phase_trust[(k, t)] });
    Ok(Data { coefficients, phase_trust: Some(phase_trust), ..data })
}

/// What a block finishes: from where the last one began to fade to where this one does.
fn joined(layout: &Layout, (before, last): (&Block, &[f64]), (block, samples): (&Block, &[f64])) -> Vec<f64> {
    let faded = if block.index == 0 { 0..0 } else { layout.joint(before.index) };
    let end = layout.joint(block.index).start;
    let own = &samples[faded.end.max(block.samples.start) - block.samples.start..end - block.samples.start];
    let mixed = faded.clone().map(|at| {
        let share =
            0.5 - 0.5 * (PI * (at - faded.start) as f64 / faded.len() as f64 + 0.5 * PI / faded.len() as f64).cos();
        share * samples[at - block.samples.start] + (1.0 - share) * last[at - before.samples.start]
    });
    mixed.chain(own.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use num_complex::Complex;

    use super::*;
    use crate::inverse::carried;
    use crate::invert::{Inverse, solve_or_retrieve};
    use crate::testing::{db_from_ratio, noise};
    use crate::{CqtParams, PadMode, Threads};

    const RATE: f64 = 8000.0;

    fn params(hop: usize) -> CqtParams {
        CqtParams { sr: RATE, hop, bins: 36, fmin_hz: 200.0, pad_mode: PadMode::Reflect, ..CqtParams::default() }
    }

    /// Notes that begin and end, with hiss.
    fn music(samples: usize) -> Vec<f64> {
        let hiss = noise(samples, 7);
        let note = |i: usize| {
            let (secs, number) = (i as f64 / RATE, i / 3000);
            let hz = 220.0 * f64::from([0, 4, 7, 12, 9, 2][number % 6]).mul_add(1.0 / 12.0, 0.0).exp2();
            let fade = (PI * (i % 3000) as f64 / 3000.0).sin();
            fade * (1..5).map(|h| (TAU * hz * f64::from(h) * secs).sin() / f64::from(h)).sum::<f64>()
        };
        (0..samples).map(|i| note(i) + 0.01 * hiss[i]).collect()
    }

    fn in_blocks(params: &CqtParams, data: &Data, (samples, block): (usize, usize), inverse: Inverse) -> Vec<f64> {
        let of = Tempered::from(params);
        let layout = Layout::of_inverse(of, samples, block).unwrap();
        assert!(layout.count() > 2, "{layout:?}");
        let options = SolveOptions { inverse, ..SolveOptions::default() };
        let mut inverse = BlockInverse::new(of, &layout, options, Joint::default());
        let mut found = Vec::new();
        while let Some(block) = inverse.next() {
            let part = data.of_frames(block.frames);
            let budget = &mut Budget::new(0, 100_000);
            found.extend(inverse.solve(vec![part], budget, &mut Watch::default()).unwrap().finished.remove(0));
        }
        found
    }

    fn whole(plan: &Cqt, data: &Data, inverse: Inverse) -> Vec<f64> {
        let options = SolveOptions { inverse, ..SolveOptions::default() };
        let budget = &mut Budget::new(0, 100_000);
        solve_or_retrieve(plan, data, &options, budget, &mut Watch::default()).unwrap().solution.samples
    }

    fn between(x: &[f64], low_hz: f64, high_hz: f64) -> Vec<f64> {
        crate::inverse::filtered(x, |frequency| f64::from(u8::from((low_hz..high_hz).contains(&(frequency * RATE)))))
    }

    /// -80 dB of the whole in the band that the grid carries, by either inverse.
    #[test]
    fn seams_are_not_heard() {
        for (hop, inverse) in [(64, Inverse::Linear), (128, Inverse::Adaptive)] {
            let (params, x) = (params(hop), music(60_100));
            let plan = Cqt::new(&params, x.len()).unwrap();
            let data = Data::exact(plan.forward(&x).unwrap());
            let (all, found) = (whole(&plan, &data, inverse), in_blocks(&params, &data, (x.len(), 16_000), inverse));
            assert_eq!(found.len(), x.len());
            let high_hz = carried(&plan).limit_hz.min(plan.hz_from_bin()[35]);
            // The signal's own ends are of the first and the last block, which solve for them as for a whole recording's.
            let inside = |x: &[f64]| between(x, 200.0, high_hz)[2000..58_000].to_vec();
            let db = db_from_ratio(&inside(&found), &inside(&all));
            assert!(db < -80.0, "hop {hop}, {inverse}: {db:.1} dB up to {high_hz:.0} Hz");
        }
    }

    #[test]
    fn threads_change_nothing() {
        let (params, x) = (params(128), music(40_000));
        let data = Data::exact(Cqt::new(&params, x.len()).unwrap().forward(&x).unwrap());
        let found =
            |threads| Threads::start(threads).run(|| in_blocks(&params, &data, (x.len(), 12_000), Inverse::Adaptive));
        assert_eq!(found(1), found(2));
    }

    /// What a joint says is all that is needed: work goes on with the same samples.
    #[test]
    fn goes_on_from_a_joint() {
        let (params, x) = (params(64), music(40_000));
        let of = Tempered::from(&params);
        let data = Data::exact(Cqt::new(&params, x.len()).unwrap().forward(&x).unwrap());
        let layout = Layout::of_inverse(of, x.len(), 12_000).unwrap();
        let mut found = Vec::new();
        let mut joint = Joint::default();
        while joint.next < layout.count() {
            let mut inverse = BlockInverse::new(of, &layout, SolveOptions::default(), joint);
            let block = inverse.next().unwrap();
            let budget = &mut Budget::new(0, 100_000);
            found.extend(
                inverse
                    .solve(vec![data.of_frames(block.frames)], budget, &mut Watch::default())
                    .unwrap()
                    .finished
                    .remove(0),
            );
            joint = inverse.joint().clone();
        }
        assert_eq!(found, in_blocks(&params, &data, (x.len(), 12_000), Inverse::Linear));
    }

    /// Without phase each block begins with the phase that the last one ends with: no seam is a break.
    #[test]
    fn blocks_without_phase_agree_where_they_meet() {
        let (params, x) = (params(64), music(40_000));
        let plan = Cqt::new(&params, x.len()).unwrap();
        let magnitudes = plan.forward(&x).unwrap().map(|z| Complex::new(z.norm(), 0.0));
        let unknown = magnitudes.map(|_| 0.0);
        let data = Data { phase_trust: Some(unknown), ..Data::exact(magnitudes.clone()) };
        let found = in_blocks(&params, &data, (x.len(), 12_000), Inverse::Linear);
        let made = plan.forward(&found).unwrap();
        let layout = Layout::of_inverse(Tempered::from(&params), x.len(), 12_000).unwrap();
        let misfit_db = |frames: &dyn Fn(usize) -> bool| {
            let (mut left, mut all) = (0.0, 0.0);
            for k in 0..made.rows() {
                for t in (0..made.columns()).filter(|t| frames(*t)) {
                    left += (made[(k, t)].norm() - magnitudes[(k, t)].re).powi(2);
                    all += magnitudes[(k, t)].re.powi(2);
                }
            }
            10.0_f64 * (left / all).log10()
        };
        let at_seams = |t: usize| {
            (0..layout.count() - 1).any(|index| {
                let joint = layout.joint(index);
                (joint.start..joint.end).contains(&(t * 64))
            })
        };
        let (seams, others) = (misfit_db(&at_seams), misfit_db(&|t| !at_seams(t)));
        assert!(seams < others + 3.0, "{seams:.1} dB at seams, {others:.1} dB elsewhere");
    }
}
