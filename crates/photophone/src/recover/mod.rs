//! Data to sound: the steps in their order, and the account of them.
//!
//! What is read is in `read`, what is computed in `transform`.
//!
//! | file | what |
//! |---|---|
//! | `options` | what a recovery is told, and what it gives |
//! | `constant_q` | the steps for a constant-Q transform |
//! | `stft` | the steps for a short-time Fourier transform |
//! | `mel` | the steps for a mel spectrogram |
//! | `blocks` | the steps for a long recording, block by block |
//! | `at_hand` | the same of data that are all there |
//! | `each_block` | what the blocks of both have in common |
//! | `excerpts` | what is unknown of it, found on excerpts |
//! | `block_account` | the account of blocks |
//! | `resume` | long work that goes on where it was interrupted |
//! | `account` | what was solved, in the report, and its level |
//! | `warnings` | what to say of data that are of no sound |
//! | `own_picture` | the program's own picture, whose sound is kept, and changed where that was edited |
//! | `idle` | settings that were given and change nothing |

mod account;
mod at_hand;
mod block_account;
mod blocks;
mod constant_q;
mod each_block;
mod excerpts;
mod idle;
mod mel;
mod options;
mod own_picture;
mod resume;
mod stft;
mod warnings;

use std::ops::ControlFlow;

use photophone_transform::{Cells, Course, CqtParams, Progress, Watch, invert as inversion};

pub use blocks::{LongInput, LongRecovered, long_input};
pub use options::{RecoverOptions, Recovered};
pub use photophone_transform::identify::likely_release;
pub use photophone_transform::invert::{InvertOptions, Inverted};
pub use warnings::magnitudes_warning;

use crate::Error;
use crate::read::{self, Job, OpenedPicture, ReadPicture, attributed};
use crate::recipe::TransformKind;

/// Recovers the sound of a picture or array.
///
/// `progress` is called once an iteration and between the steps before the first (with iteration 0), and can stop the
/// work. Its `done` is the share of the whole job.
///
/// # Errors
/// Anything wrong with a file, a value or their agreement; see [`Error`]. Nothing is written.
pub fn recover(
    options: &RecoverOptions,
    mut progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Recovered, Error> {
    options.loudness.check()?;
    let mut course = Course::default();
    let mut progress = |now| progress(course.of_the_whole(now));
    let mut watch = Watch::new(&mut progress, &options.stop);
    watch.check()?;
    if let Some(recovered) = own_picture::recovered(options)? {
        return Ok(recovered);
    }
    let inputs = options.inputs();
    let job = Job::open(&inputs)?;
    watch.check()?;
    let recovered = match job.recipe().transform.kind {
        Some(TransformKind::Stft) => stft::recovered(options, &job, &mut watch),
        Some(TransformKind::Mel) => mel::recovered(options, &job, &mut watch),
        _ => constant_q::recovered(options, &job, &mut watch),
    };
    let stored = job.picture().and_then(OpenedPicture::stored);
    recovered.map_err(|error| attributed(error, &inputs, stored).about(options.input.name()))
}

/// Reads a picture and tells what it is, with the evidence for each statement, without recovering a sound.
///
/// Of the options those count that tell of the picture and its phase, which is optional here.
///
/// # Errors
/// A file that cannot be read, or a picture that is no spectrogram.
pub fn read_picture(options: &RecoverOptions) -> Result<ReadPicture, Error> {
    read::inspected(&options.inputs())
}

/// The sound of constant-Q coefficients: `librosa.icqt` as it should be.
///
/// The same steps as [`recover`] of an array of coefficients, so the same samples. Cost: some 20 to 300 forward and adjoint
/// transforms; `progress` is called once an iteration and can stop the work.
///
/// # Errors
/// Parameters that make no transform, values that are not finite, or trust of another shape or out of its range.
pub fn invert(
    params: &CqtParams,
    coefficients: &Cells,
    options: &InvertOptions<'_>,
    progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Inverted, Error> {
    Ok(inversion::invert(params, coefficients, options, progress)?)
}

/// The same of several channels, at least one: what is unknown is found in all together, and each is solved for alone.
///
/// `progress` is told of the first channel; the others are solved for beside it.
///
/// # Errors
/// As [`invert`], or channels of several shapes.
pub fn invert_channels(
    params: &CqtParams,
    channels: &[Cells],
    options: &InvertOptions<'_>,
    progress: impl FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Inverted>, Error> {
    Ok(inversion::invert_channels(params, channels, options, progress)?)
}
