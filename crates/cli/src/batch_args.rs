//! What can be typed to work on many files.
#![allow(clippy::doc_markdown, reason = "the comments on flags are the help texts, shown as they are")]

use std::path::PathBuf;

use clap::{Args, Subcommand};
use photophone::batch::{Again, Beside};
use photophone::files::SoundFormat;

use crate::args::{DrawSettings, RecoverSettings};
use crate::parse;
use crate::shard::Shard;

#[derive(Args, Debug)]
pub(crate) struct BatchArguments {
    #[command(subcommand)]
    pub(crate) work: BatchCommand,
}

#[derive(Subcommand, Debug)]
pub(crate) enum BatchCommand {
    /// Sounds to constant-Q pictures, recipe and phase beside each
    Draw(Box<BatchDrawArguments>),
    /// Pictures or arrays to sounds
    Recover(Box<BatchRecoverArguments>),
}

#[derive(Args, Debug)]
pub(crate) struct BatchDrawArguments {
    #[command(flatten)]
    pub(crate) many: ManyArguments,
    #[command(flatten)]
    pub(crate) settings: DrawSettings,
}

#[derive(Args, Debug)]
pub(crate) struct BatchRecoverArguments {
    #[command(flatten)]
    pub(crate) many: ManyArguments,
    /// Where each phase is: a path from the input's folder on, {} in place of the input's name without its ending [default: where the recipe says]
    #[arg(long, value_name = "PATTERN", value_parser = parse::beside)]
    pub(crate) phase: Option<Beside>,
    /// Where each picture is as it was when the phase was kept, as --phase
    #[arg(long, value_name = "PATTERN", value_parser = parse::beside)]
    pub(crate) original: Option<Beside>,
    /// Where each picture's mask is, as --phase
    #[arg(long, value_name = "PATTERN", value_parser = parse::beside, conflicts_with = "original")]
    pub(crate) mask: Option<Beside>,
    /// Format of the sounds: wav or flac
    #[arg(long, value_name = "FORMAT", default_value = "wav", value_parser = parse::sound_format)]
    pub(crate) format: SoundFormat,
    /// Draw what was read over each picture, beside the sound: NAME.overlay.png
    #[arg(long)]
    pub(crate) overlay: bool,
    #[command(flatten)]
    pub(crate) settings: RecoverSettings,
}

/// Which files, and where the outputs go.
#[derive(Args, Debug)]
pub(crate) struct ManyArguments {
    /// Files, folders with all below them, patterns in quotes ('songs/**/*.wav'), or - for a list on standard input, a file a line
    #[arg(required = true, value_name = "INPUTS")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The folder of the outputs; what lies in a folder below a folder or pattern does so here too
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: PathBuf,
    /// Keep the folders that files have below this one, where they are named one by one
    #[arg(long, value_name = "FOLDER")]
    pub(crate) base: Option<PathBuf>,
    /// Files at a time [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = parse::ordinal)]
    pub(crate) jobs: Option<usize>,
    /// Write a line of JSON for each file, - for standard output
    #[arg(long, value_name = "FILE.jsonl")]
    pub(crate) report: Option<PathBuf>,
    /// Only one part of the files, of N that have each file once: I from 1 to N
    #[arg(long, value_name = "I/N", value_parser = parse::shard)]
    pub(crate) shard: Option<Shard>,
    /// Skip what was made of the same input with the same flags; make again what was made of others
    #[arg(long)]
    pub(crate) resume: bool,
    /// Replace outputs that exist already
    #[arg(long)]
    pub(crate) force: bool,
}

impl ManyArguments {
    /// What becomes of outputs that exist.
    pub(crate) fn again(&self) -> Again {
        Again { resume: self.resume, force: self.force }
    }
}
