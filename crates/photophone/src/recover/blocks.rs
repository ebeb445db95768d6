//! Long recordings: block by block, in memory that does not grow with their length.

use std::ops::ControlFlow;
use std::path::PathBuf;

use photophone_spectrum::Finding;
use photophone_transform::blocks::{BlockInverse, Joint, Layout};
use photophone_transform::invert::Inverse;
use photophone_transform::{Budget, Course, Progress, Watch};

use super::block_account::BlockAccount;
use super::{RecoverOptions, account, excerpts};
use crate::files::SampleSpool;
use crate::read::{Edits, Parts, parts};
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
    let recipe = &options.recipe;
    if matches!(recipe.transform.kind, Some(TransformKind::Stft | TransformKind::Mel)) {
        return Ok(None);
    }
    let Some(parts) = parts(&options.inputs())? else { return Ok(None) };
    let (rows, frames) = parts.shape();
    let Ok(resolved) = recipe.resolve(Some(rows)) else { return Ok(None) };
    let Ok(block) =
        options.limits.block_samples(resolved.tempered(), (parts.stack().channels, frames), options.block_secs)
    else {
        return Ok(None);
    };
    Ok(block.map(|block| LongInput { parts, resolved, block }))
}

impl LongInput {
    /// Channels of the sound.
    pub fn channels(&self) -> usize {
        self.parts.stack().channels
    }

    /// Recovers the sound, block by block, into `spool`. As [`recover`](super::recover) otherwise; what is unknown of the transform is found on
    /// excerpts. Memory: that of a block.
    ///
    /// # Errors
    /// As [`recover`](super::recover).
    pub fn recover(
        mut self,
        options: &RecoverOptions,
        spool: &mut SampleSpool,
        mut progress: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<LongRecovered, Error> {
        options.loudness.check()?;
        let mut watch = Watch::new(&mut progress, &options.stop);
        self.recovered(options, spool, &mut watch).map_err(|error| error.about(options.input.name()))
    }

    fn recovered(
        &mut self,
        options: &RecoverOptions,
        spool: &mut SampleSpool,
        watch: &mut Watch<'_>,
    ) -> Result<LongRecovered, Error> {
        let Self { parts, resolved, block } = self;
        let recipe = &options.recipe;
        let mut report = account::begun(options, recipe);
        report.findings.extend(parts.findings());
        let stack = parts.stack();
        let mut settings = resolved.settings(recipe);
        let excerpt = (*block / settings.params.hop).max(1);
        let searches = options.limits.searches(resolved.tempered(), excerpt)?;
        let intervals = recipe.transform.intervals.is_none();
        let samples = excerpts::resolve(&mut settings, (parts.as_mut(), excerpt), (searches, intervals), watch)?;
        let of = settings.tempered();
        let layout = Layout::of_inverse(of, samples, *block)?;
        options.limits.check_recovery(of, (stack.channels, layout.block_samples() / settings.params.hop + 1), None)?;
        let plan = of.plan(layout.block_samples(), watch.stop())?;
        report.carried = Some(account::carried_report(&plan, resolved.hz_from_told(), resolved.params.bins_per_octave));
        let inverse = Inverse::of(recipe.inverse.method, &plan);
        drop(plan);
        let mut account = BlockAccount::default();
        let mut blocks = BlockInverse::new(of, &layout, options.solving(inverse.value), Joint::default());
        while let Some(block) = blocks.next() {
            let data = parts.data(block.frames.clone())?;
            let by_work = options.limits.most_iterations(of, block.frames.len(), block.samples.len())?;
            let mut budget = Budget::new(options.max_iterations, by_work);
            let channels = data.divided(stack);
            let (samples, plan, solved) = with_share(watch, (block.index, layout.count()), |watch| {
                Ok(blocks.solve(channels.clone(), &mut budget, watch)?)
            })?;
            for (data, solved) in channels.iter().zip(&solved) {
                account.add((&layout, &block), plan, (data, solved))?;
            }
            spool.push(&samples)?;
        }
        report.findings.extend(resolved.clone().entries_with(&settings.found));
        report.findings.push(Entry::new("recipe", "inverse", &inverse));
        report.findings.push(blocks_entry(&layout, settings.params.sr));
        account.tell(Edits::OfCoefficients, &mut report);
        let level = account::level(spool.peak(), account.absolute, &mut report);
        let loudness = loudness::fitted(level * spool.peak(), &options.loudness);
        report.loudness = Some(loudness.into());
        let sample_rate_hz = resolved.sample_rate_hz;
        Ok(LongRecovered { scale: level * loudness.scale, sample_rate_hz, report, phase_file: None })
    }
}

/// One of several parts of a work, each of the same share of the whole.
fn with_share<T>(
    watch: &mut Watch<'_>,
    (index, count): (usize, usize),
    work: impl FnOnce(&mut Watch<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let (mut course, stop) = (Course::default(), watch.stop().clone());
    let mut told = |now: Progress| {
        let now = course.of_the_whole(now);
        watch.tell(Progress { done: (index as f64 + now.done) / count as f64, ..now })
    };
    work(&mut Watch::new(&mut told, &stop))
}

/// The line of the report about blocks.
fn blocks_entry(layout: &Layout, rate_hz: f64) -> Entry {
    let secs = |samples: usize| samples as f64 / rate_hz;
    let text = format!("{} of {:.1} s", layout.count(), secs(layout.block_samples()));
    let evidence = format!("faded into each other over {:.2} s", secs(layout.fade_samples()));
    Entry::new("recipe", "blocks", &Finding::assumed(text, 1.0, evidence))
}
