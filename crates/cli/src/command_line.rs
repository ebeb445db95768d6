//! What can be typed: the commands.
#![allow(clippy::doc_markdown, reason = "the comments on flags are the help texts, shown as they are")]

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

#[cfg(feature = "studio")]
use crate::args::StudioArguments;
use crate::args::{CompareArguments, DemoArguments, DrawArguments, EditArguments, InspectArguments, RecoverArguments};
use crate::batch_args::BatchArguments;

/// What was typed.
#[derive(Parser, Debug)]
#[command(name = "photophone", version, about = ABOUT)]
pub(crate) struct Arguments {
    /// Say everything: each value with where it came from
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What `--help` begins with.
const ABOUT: &str = "\
Photophone turns spectrogram pictures back into sound, and draws pictures that can be edited in between.

  photophone draw song.wav           song.png, which holds its recipe, and song.phase.npy
  photophone recover song.png        song.recovered.wav
  photophone inspect picture.png     what the picture is, with the evidence
  photophone batch draw songs -o pictures    all sounds of a folder
  photophone studio picture.png      the same in the browser: see, correct, hear";

impl Arguments {
    /// What was typed, or clap's complaint about it.
    pub(crate) fn typed() -> Result<Self, clap::Error> {
        Self::from_arg_matches(&Self::definition().try_get_matches()?)
    }

    /// Commands and flags, with their help.
    pub(crate) fn definition() -> clap::Command {
        // One set of flags serves all commands, but what is not told is found only where there is a picture and its phase.
        Self::command()
            .mut_subcommand("draw", of_sounds)
            .mut_subcommand("batch", |batch| batch.mut_subcommand("draw", of_sounds))
    }
}

/// A command on sounds, of which nothing is found.
fn of_sounds(command: clap::Command) -> clap::Command {
    command
        .mut_arg("tuning", |tuning| {
            tuning.value_name("BINS").help("Offset of all bins as a fraction of a bin [default: 0]")
        })
        .mut_arg("levels", |levels| {
            levels.help("What levels mean: linear, power, db, ln, db:LOW:HIGH or ln:LOW:HIGH [default: db]")
        })
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Picture or array to sound
    Recover(RecoverArguments),
    /// Sound to constant-Q picture, its recipe inside and its phase beside it
    Draw(DrawArguments),
    /// Change parts of a sound's spectrogram, and leave the rest of the sound as it is
    Edit(EditArguments),
    /// Tell what a picture is, with the evidence
    Inspect(InspectArguments),
    /// Compare a recovered sound with the truth
    Compare(CompareArguments),
    /// Draw or recover many files
    Batch(BatchArguments),
    /// Show the page on which a picture or sound is seen, corrected and heard, in the browser
    #[cfg(feature = "studio")]
    Studio(StudioArguments),
    /// The whole story on an embedded clip: draw, edit, recover, compare
    Demo(DemoArguments),
}
