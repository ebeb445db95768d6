//! Long recordings: block by block, in memory that does not grow with their length.

use std::ops::{ControlFlow, Range};
use std::path::PathBuf;

use photophone_transform::blocks::{BlockInverse, Layout};
use photophone_transform::identify::Settings;
use photophone_transform::invert::Inverse;
use photophone_transform::{Progress, Tempered, Watch};

use super::each_block::{blocks_entry, budget, with_share};
use super::resume::Resume;
use super::{RecoverOptions, account, excerpts};
use crate::files::{KeptWork, SampleSpool};
use crate::read::{Extended, Parts, parts};
use crate::recipe::{Entry, Resolved, TransformKind};
use crate::report::Report;
use crate::{Error, loudness};

/// An input that is recovered block by block.
pub struct LongInput {
    parts: Box<dyn Parts>,
    resolved: Resolved,
    /// Samples of a block.
    block: usize,
}

impl std::fmt::Debug for LongInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LongInput")
            .field("shape", &self.parts.shape())
            .field("block", &self.block)
            .finish_non_exhaustive()
    }
}

/// What a recovery block by block gives; the samples are in the spool.
#[derive(Debug)]
pub struct LongRecovered {
    /// The factor that every sample is to be multiplied with.
    pub scale: f64,
    /// Samples a second.
    pub sample_rate_hz: u32,
    /// The account.
    pub report: Report,
    /// The phase file that was read, if any.
    pub phase_file: Option<PathBuf>,
}

/// The input of `options` as one that is recovered block by block: where `block_secs` asks for it, or a recovery at once would
/// take more memory than every job may (see [`Limits`](crate::Limits)). `None` where it is recovered at once, as what cannot be
/// read in parts is.
///
/// # Errors
/// A file that cannot be read, or a recipe that does not fit it.
pub fn long_input(options: &RecoverOptions) -> Result<Option<LongInput>, Error> {
    if matches!(options.recipe.transform.kind, Some(TransformKind::Stft | TransformKind::Mel)) {
        return Ok(None);
    }
    let Some(parts) = parts(&options.inputs(), options.phase_method)? else { return Ok(None) };
    let (rows, frames) = parts.shape();
    let shape = (parts.stack().channels, frames);
    let Ok(resolved) = parts.recipe().resolve(Some(rows)) else { return Ok(None) };
    let Ok(block) = options.limits.block_samples(resolved.tempered(), shape, options.block_secs) else {
        return Ok(None);
    };
    // Tiles are never one picture, however few they are.
    let block = block.or_else(|| parts.cuts().map(|cuts| cuts.samples));
    Ok(block.map(|block| LongInput { parts, resolved, block }))
}

impl LongInput {
    /// Channels of the sound.
    pub fn channels(&self) -> usize {
        self.parts.stack().channels
    }

    /// Recovers the sound, block by block, into `spool`, and goes on where `kept` says that the same work was interrupted. As
    /// [`recover`](super::recover) otherwise; what is unknown of the transform is found on excerpts. Memory: that of a block.
    ///
    /// # Errors
    /// As [`recover`](super::recover).
    pub fn recover(
        self,
        options: &RecoverOptions,
        (spool, kept): (&mut SampleSpool, Option<&KeptWork>),
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<LongRecovered, Error> {
        options.loudness.check()?;
        let mut watch = Watch::new(&mut progress, &options.stop);
        self.recovered(options, (spool, kept), &mut watch).map_err(|error| error.about(options.input.name()))
    }

    fn recovered(
        self,
        options: &RecoverOptions,
        (spool, kept): (&mut SampleSpool, Option<&KeptWork>),
        watch: &mut Watch<'_>,
    ) -> Result<LongRecovered, Error> {
        let Self { mut parts, resolved, block } = self;
        let recipe = parts.recipe().clone();
        let mut report = begun(options, &*parts);
        let mut settings = resolved.settings(&recipe);
        let samples = samples_of(&mut settings, (parts.as_mut(), block), (options, &resolved), watch)?;
        let of = settings.tempered();
        let LaidOut { layout, mut parts, wanted } = laid_out(of, parts, samples, block)?;
        let stack = parts.stack();
        options.limits.check_recovery(of, (stack.channels, layout.block_samples() / of.params.hop + 1), None)?;
        let plan = of.plan(layout.block_samples(), watch.stop())?;
        report.carried = Some(account::carried_report(&plan, resolved.hz_from_told(), of.params.bins_per_octave));
        let inverse = Inverse::of(recipe.inverse.method, &plan);
        drop(plan);
        let found = format!("{of:?} {inverse:?} {wanted:?}");
        let resume = kept.map(|kept| Resume::new(kept, options, &layout, &found)).transpose()?;
        let left = resume.as_ref().map(|resume| resume.load(spool)).transpose()?.flatten();
        let (joint, mut account) = left.unwrap_or_default();
        if joint.next > 0 {
            report.notes.push(format!("went on after {} of {} blocks", joint.next, layout.count()));
        }
        let mut finished = joint.next.checked_sub(1).map_or(0, |last| layout.joint(last).start);
        let mut blocks = BlockInverse::new(of, &layout, options.solving(inverse.value), joint);
        while let Some(block) = blocks.next() {
            let channels = parts.data(block.frames.clone())?.divided(stack);
            let mut budget = budget(options, of, &block)?;
            let found = with_share(watch, (block.index, layout.count()), |watch| {
                Ok(blocks.solve(channels, &mut budget, watch)?)
            })?;
            for (data, solved) in found.data.iter().zip(&found.solved) {
                account.add((&layout, &block), found.plan, (data, solved))?;
            }
            spool.push(&part_of(&found.finished, finished, &wanted))?;
            finished = layout.joint(block.index).start;
            resume.iter().try_for_each(|resume| resume.save(blocks.joint(), &account, spool))?;
        }
        report.findings.extend(resolved.clone().entries_with(&settings.found));
        report.findings.push(Entry::new("recipe", "inverse", &inverse));
        report.findings.push(blocks_entry(&layout, of.params.sr));
        account.tell(parts.edits(), &mut report);
        let level = account::level(spool.peak(), account.absolute, &mut report);
        let loudness = loudness::fitted(level * spool.peak(), &options.loudness);
        report.loudness = Some(loudness.into());
        let (sample_rate_hz, phase_file) = (resolved.sample_rate_hz, parts.phase_file());
        Ok(LongRecovered { scale: level * loudness.scale, sample_rate_hz, report, phase_file })
    }
}

/// An account that says what was read.
fn begun(options: &RecoverOptions, parts: &dyn Parts) -> Report {
    let (report, read) = (account::begun(options, parts.recipe()), parts.report());
    Report {
        findings: [report.findings, read.findings].concat(),
        notes: [report.notes, read.notes].concat(),
        warnings: [report.warnings, read.warnings].concat(),
        ..report
    }
}

/// The number of samples, what is unknown of the transform being found on excerpts as long as a block.
fn samples_of(
    settings: &mut Settings,
    (parts, block): (&mut dyn Parts, usize),
    (options, resolved): (&RecoverOptions, &Resolved),
    watch: &mut Watch<'_>,
) -> Result<usize, Error> {
    if let Some(cuts) = parts.cuts() {
        // Tiles tell all of how they were drawn.
        return Ok(cuts.samples);
    }
    let excerpt = (block / settings.params.hop).max(1);
    let searches = options.limits.searches(resolved.tempered(), excerpt)?;
    let intervals = parts.recipe().transform.intervals.is_none();
    excerpts::resolve(settings, (parts, excerpt), (searches, intervals), watch)
}

/// Where blocks lie, what they are read of, and which samples are wanted.
struct LaidOut {
    layout: Layout,
    parts: Box<dyn Parts>,
    wanted: Range<usize>,
}

/// Where blocks lie, the parts with unknown frames where they were cut out of a longer whole, and which samples are wanted.
fn laid_out(of: Tempered<'_>, parts: Box<dyn Parts>, samples: usize, block: usize) -> Result<LaidOut, Error> {
    let layout = Layout::of_inverse(of, samples, block)?;
    let Some(cuts) = parts.cuts().filter(|cuts| cuts.head || cuts.tail) else {
        return Ok(LaidOut { layout, parts, wanted: 0..samples });
    };
    let beyond = layout.context_frames();
    let (head, tail) = (if cuts.head { beyond } else { 0 }, if cuts.tail { beyond } else { 0 });
    let first = head * of.params.hop;
    let layout = Layout::of_inverse(of, first + samples + tail * of.params.hop, block)?.cut_out(cuts.head, cuts.tail);
    let parts = Box::new(Extended { inner: parts, head, tail });
    Ok(LaidOut { layout, parts, wanted: first..first + samples })
}

/// The wanted ones of samples of which the first has this number.
fn part_of<'a>(channels: &'a [Vec<f64>], first: usize, wanted: &Range<usize>) -> Vec<&'a [f64]> {
    let place = |at: usize, length: usize| at.saturating_sub(first).min(length);
    channels
        .iter()
        .map(|samples| &samples[place(wanted.start, samples.len())..place(wanted.end, samples.len())])
        .collect()
}
