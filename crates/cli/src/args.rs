//! What can be typed.
#![allow(clippy::doc_markdown, reason = "the comments on flags are the help texts, shown as they are")]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use photophone::picture::{Flip, PaletteName, PixelBox};
use photophone::transform::phase::PhaseMethod;
use photophone::{BitDepth, NamedFile};

use crate::parse;
use crate::recipe_args::RecipeArguments;

/// Sound back from its picture: recovers audio from spectrogram pictures, above all constant-Q ones.
#[derive(Parser, Debug)]
#[command(name = "photophone", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Picture or array to sound
    Recover(RecoverArguments),
    /// Sound to constant-Q picture, its recipe inside and its phase beside it
    Draw(DrawArguments),
    /// Tell what a picture is, with the evidence
    Inspect(InspectArguments),
    /// Compare a recovered sound with the truth
    Compare(CompareArguments),
    /// The whole story on an embedded clip: draw, edit, recover, compare
    Demo(DemoArguments),
}

/// What is known of the picture itself.
#[derive(Args, Debug)]
#[command(next_help_heading = "What is known of the picture itself (found if not given)")]
pub(crate) struct ReadingArguments {
    /// The data box, in pixels
    #[arg(long, value_name = "LEFT,TOP,WIDTH,HEIGHT", value_parser = parse::pixel_box)]
    pub(crate) crop: Option<PixelBox>,
    /// Visible cells
    #[arg(long, value_name = "ROWSxFRAMES", value_parser = parse::cells)]
    pub(crate) cells: Option<(usize, usize)>,
    /// Palette: a matplotlib name, NAME_r reversed, gray-of:NAME for gray made from it
    #[arg(long, value_name = "NAME")]
    pub(crate) palette: Option<PaletteName>,
    /// How the picture is turned: none, vertical, horizontal or both
    #[arg(long, value_name = "HOW", value_parser = parse::flip)]
    pub(crate) flip: Option<Flip>,
    /// Time runs up the picture and frequency to the right
    #[arg(long)]
    pub(crate) transposed: bool,
    /// Most pixels that a picture may have [default: 100 million]
    #[arg(long, value_name = "PIXELS", default_value_t = 0, hide_default_value = true)]
    pub(crate) max_pixels: usize,
}

#[derive(Args, Debug)]
pub(crate) struct RecoverArguments {
    /// Picture (PNG, JPEG) or array (.npy, .npz, .mat; FILE.npz:NAME) of magnitudes or complex CQT
    #[arg(value_name = "PICTURE|ARRAY", value_parser = parse::named_file)]
    pub(crate) input: NamedFile,
    /// The kept phase: unit complex, complex CQT or angles (.npy, .npz, .mat; FILE.npz:NAME)
    #[arg(long, value_name = "FILE", value_parser = parse::named_file)]
    pub(crate) phase: Option<NamedFile>,
    /// The picture as it was when the phase was kept: cells that changed since lose their phase, and what the edited one has lost (recipe, palette, cells, phase) is taken from it
    #[arg(long, value_name = "PICTURE")]
    pub(crate) original: Option<PathBuf>,
    /// Which cells were edited: white in a picture of the same size, or of one pixel a cell
    #[arg(long, value_name = "PICTURE", conflicts_with = "original")]
    pub(crate) mask: Option<PathBuf>,
    /// Take each level for the centre of its range instead of using the range (for comparison)
    #[arg(long)]
    pub(crate) centres: bool,
    /// How unknown phase is found: refined, heap or griffin-lim
    #[arg(long, value_name = "HOW", default_value = "refined")]
    pub(crate) phase_method: PhaseMethod,
    /// Where random phases start
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// The sound to write: .wav or .flac [default: beside the input, .wav]
    #[arg(short, long, value_name = "SOUND")]
    pub(crate) output: Option<PathBuf>,
    /// Samples in the file: 16, 24 or float [default: float in .wav, 24 in .flac]
    #[arg(long, value_name = "BITS")]
    pub(crate) bits: Option<String>,
    /// Gain in dB
    #[arg(long, value_name = "DB", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) gain: f64,
    /// Bring the peak to full scale
    #[arg(long)]
    pub(crate) normalise: bool,
    /// Most iterations of the inverse [default: 300], or rounds where phase has to be found [default: 25]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) iterations: usize,
    /// Write the report as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Draw what was read over the picture
    #[arg(long, value_name = "FILE.png")]
    pub(crate) overlay: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) recipe: RecipeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct DrawArguments {
    /// wav, flac, ogg or mp3
    pub(crate) sound: PathBuf,
    /// The picture to write [default: beside the sound, .png]
    #[arg(short, long, value_name = "PICTURE")]
    pub(crate) output: Option<PathBuf>,
    /// Palette, a matplotlib name [default: magma; gray with 16 bits]
    #[arg(long, value_name = "NAME")]
    pub(crate) palette: Option<PaletteName>,
    /// Pixels across a cell
    #[arg(long, value_name = "PX", default_value_t = 2)]
    pub(crate) cell_width: usize,
    /// Pixels up a cell
    #[arg(long, value_name = "PX", default_value_t = 4)]
    pub(crate) cell_height: usize,
    /// Bits of a sample: 8, or 16 in gray
    #[arg(long, value_name = "8|16", default_value = "8", value_parser = parse::bit_depth)]
    pub(crate) bits: BitDepth,
    #[command(flatten)]
    pub(crate) recipe: RecipeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct InspectArguments {
    /// Picture (PNG, JPEG)
    pub(crate) picture: PathBuf,
    /// The kept phase, if there is one
    #[arg(long, value_name = "FILE", value_parser = parse::named_file)]
    pub(crate) phase: Option<NamedFile>,
    /// Print JSON instead of lines
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw what was read over the picture
    #[arg(long, value_name = "FILE.png")]
    pub(crate) overlay: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) recipe: RecipeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct CompareArguments {
    /// The original sound
    pub(crate) truth: PathBuf,
    /// The recovered sound
    pub(crate) sound: PathBuf,
    /// Only this band, in Hz
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"])]
    pub(crate) band: Option<Vec<f64>>,
    /// Look for a shift of up to this many samples
    #[arg(long, value_name = "SAMPLES", default_value_t = 0)]
    pub(crate) lag: usize,
    /// Draw the two and their difference
    #[arg(long, value_name = "FILE.png")]
    pub(crate) plot: Option<PathBuf>,
    /// Print JSON instead of lines
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct DemoArguments {
    /// Folder for the pictures and sounds
    #[arg(default_value = "photophone-demo")]
    pub(crate) folder: PathBuf,
}
