//! Long work that goes on where it was interrupted.

use std::fmt::Write;

use photophone_transform::blocks::{Joint, Layout};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::RecoverOptions;
use super::block_account::BlockAccount;
use crate::Error;
use crate::files::{KeptWork, SampleSpool, file_stamp};

/// What is needed to go on; the samples of the last block follow it.
#[derive(Serialize, Deserialize)]
struct State {
    /// What the work is, as a digest: inputs, settings and options.
    work: String,
    next: usize,
    below: bool,
    /// Samples of each channel's last block.
    last: usize,
    channels: usize,
    frames: u64,
    peak: f64,
    account: BlockAccount,
}

/// A work that can be gone on with.
pub(super) struct Resume<'a> {
    kept: &'a KeptWork,
    work: String,
}

impl<'a> Resume<'a> {
    /// `settings` is what was found of the transform.
    ///
    /// # Errors
    /// An input that cannot be looked at.
    pub(super) fn new(
        kept: &'a KeptWork,
        options: &RecoverOptions,
        layout: &Layout,
        settings: &str,
    ) -> Result<Self, Error> {
        let mut digest = Sha256::new();
        digest.update(env!("CARGO_PKG_VERSION"));
        for input in std::iter::once(&options.input).chain(&options.more).chain(&options.phase) {
            let stamp = input.path().map(file_stamp).transpose()?;
            digest.update(format!("{} {stamp:?}", input.name().display()));
        }
        let RecoverOptions { centres, phase_method, seed, recipe, max_iterations, .. } = options;
        digest.update(format!("{layout:?} {settings} {centres} {phase_method:?} {seed} {recipe:?} {max_iterations}"));
        let mut work = String::new();
        for byte in digest.finalize() {
            // Writing to a String does not fail.
            let _ = write!(work, "{byte:02x}");
        }
        Ok(Self { kept, work })
    }

    /// Where the work was left, with its account; the spool has the samples until there. `None` where nothing is kept of it.
    ///
    /// # Errors
    /// Files that cannot be read.
    pub(super) fn load(&self, spool: &mut SampleSpool) -> Result<Option<(Joint, BlockAccount)>, Error> {
        let Some(bytes) = self.kept.load()? else { return Ok(None) };
        let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else { return Ok(None) };
        let Ok(state) = serde_json::from_slice::<State>(&bytes[..end]) else { return Ok(None) };
        let samples: Vec<f64> = bytes[end + 1..].as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect();
        let is_whole = state.channels.checked_mul(state.last) == Some(samples.len()) && state.last > 0;
        if state.work != self.work || !is_whole || state.channels != spool.channels() {
            return Ok(None);
        }
        if !spool.go_on(state.frames, state.peak)? {
            return Ok(None);
        }
        let channels = samples.chunks(state.last).map(<[f64]>::to_vec).collect();
        Ok(Some((Joint { next: state.next, below: state.below, channels }, state.account)))
    }

    /// Keeps how far the work has come.
    ///
    /// # Errors
    /// Files that cannot be written.
    pub(super) fn save(&self, joint: &Joint, account: &BlockAccount, spool: &mut SampleSpool) -> Result<(), Error> {
        let state = State {
            work: self.work.clone(),
            next: joint.next,
            below: joint.below,
            last: joint.channels.first().map_or(0, Vec::len),
            channels: joint.channels.len(),
            frames: spool.frames(),
            peak: spool.peak(),
            account: account.clone(),
        };
        let Ok(mut bytes) = serde_json::to_vec(&state) else { return Ok(()) };
        bytes.push(b'\n');
        bytes.extend(joint.channels.iter().flatten().flat_map(|sample| sample.to_le_bytes()));
        Ok(self.kept.save(spool, &bytes)?)
    }
}
