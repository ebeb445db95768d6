//! `photophone batch`: many files, each as if it were drawn or recovered alone.
//!
//! | file | what |
//! |---|---|
//! | `inputs` | which files are meant, and where below the folder of outputs each belongs |
//! | `tasks` | the outputs' names, checked against each other, and one shard of them |
//! | `jobs` | tasks side by side |
//! | `rows` | the report, a line a file |
//! | `tally` | what is done, how fast, and how long the rest takes |

mod inputs;
mod jobs;
mod rows;
mod tally;
mod tasks;

use photophone::batch::{Batch, DrawWork, RecoverWork, Row, Work};
use photophone::files::{FileGroup, SoundReadOptions, make_folder};
use photophone::{Error, shortened};

use crate::batch_args::{BatchArguments, BatchCommand, BatchDrawArguments, BatchRecoverArguments, ManyArguments};
use crate::interrupt::{stage, stopped};
use crate::settings::{draw_options, recover_options, sample_format};
use crate::stderr::say;
use crate::talk::Talk;
use crate::wording::in_flags;
use rows::Rows;
use tally::Tally;
use tasks::Plan;

/// Draws or recovers every file. A file that fails is told and does not end the others.
///
/// # Errors
/// Inputs and outputs that do not fit together, before anything is done, and files that failed, after all is done.
pub(crate) fn batch(arguments: &BatchArguments, talk: Talk) -> anyhow::Result<()> {
    match &arguments.work {
        BatchCommand::Draw(arguments) => run(&arguments.many, draw_work(arguments)?, &[FileGroup::Sound], talk),
        BatchCommand::Recover(arguments) => {
            run(&arguments.many, recover_work(arguments)?, &[FileGroup::Picture, FileGroup::Array], talk)
        }
    }
}

fn draw_work(arguments: &BatchDrawArguments) -> anyhow::Result<Work> {
    let options = draw_options(&arguments.settings)?;
    Ok(Work::Draw(Box::new(DrawWork { options, reading: SoundReadOptions::default() })))
}

fn recover_work(arguments: &BatchRecoverArguments) -> anyhow::Result<Work> {
    Ok(Work::Recover(Box::new(RecoverWork {
        options: recover_options(&arguments.settings)?,
        phase: arguments.phase.clone(),
        original: arguments.original.clone(),
        mask: arguments.mask.clone(),
        format: arguments.format,
        sample_format: arguments.settings.bits.as_deref().map(sample_format).transpose()?,
        overlay: arguments.overlay,
    })))
}

fn run(many: &ManyArguments, work: Work, groups: &[FileGroup], talk: Talk) -> anyhow::Result<()> {
    let found = inputs::found(&many.inputs, many.base.as_deref())?;
    let plan = Plan { folder: &many.output, ending: work.ending(), groups, shard: many.shard };
    let tasks = plan.tasks(found)?;
    let mut rows = Rows::open(many, &tasks)?;
    make_folder(&many.output)?;
    let batch = Batch::new(work, &many.output, many.again(), stage());
    let mut tally = Tally::new(tasks.len(), talk);
    jobs::run(&batch, &tasks, many.jobs, |row| {
        let Some(row) = row else { return tally.tick() };
        let row = row.worded(in_flags);
        rows.write(&row)?;
        tally.count(&row, || tell(&row, talk));
        Ok(())
    })?;
    anyhow::ensure!(!stopped(), Error::Interrupted);
    talk.say(&tally.summary());
    tally.check()
}

/// Says what became of a file: a failure always, all else only to who wants to hear everything.
fn tell(row: &Row, talk: Talk) {
    match &row.error {
        Some(error) if error.starts_with(&row.input) => say(&format!("error: {}", shortened(error))),
        Some(error) => say(&format!("error: {}: {}", row.input, shortened(error))),
        None if talk == Talk::All => say(&format!("{}: {} {}", row.input, row.status, row.output)),
        None => {}
    }
}
