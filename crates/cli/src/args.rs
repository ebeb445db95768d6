//! What can be typed behind each command.
#![allow(clippy::doc_markdown, reason = "the comments on flags are the help texts, shown as they are")]

use std::path::PathBuf;

use clap::Args;
use photophone::edit::Edge;
use photophone::picture::{Flip, GivenAxes, PaletteName, PixelBox};
use photophone::spectrum::FrequencyScale;
use photophone::transform::retrieval::PhaseMethod;
use photophone::{BitDepth, Limits, NamedFile};

use crate::parse;
use crate::recipe_args::RecipeArguments;

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
    /// Most pixels that a picture may have [default: 8.4 million and 256 a byte of its file]
    #[arg(long, value_name = "PIXELS", default_value_t = 0, hide_default_value = true)]
    pub(crate) max_pixels: usize,
}

/// What becomes of files that exist.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct OutputArguments {
    /// Replace outputs that exist already, all of them or none
    #[arg(long)]
    pub(crate) force: bool,
}

/// How much a job may take.
#[derive(Args, Debug)]
#[command(next_help_heading = "How much it may take")]
pub(crate) struct LimitArguments {
    /// Most memory, in MB [default: 537 and 0.031 a cell]
    #[arg(long, value_name = "MB", value_parser = parse::amount)]
    pub(crate) max_memory: Option<f64>,
    /// Most work, in billions of operations: a core does 1 to 10 a second [default: 1.2 and 0.02 a cell]
    #[arg(long, value_name = "BILLIONS", value_parser = parse::amount)]
    pub(crate) max_work: Option<f64>,
}

impl LimitArguments {
    pub(crate) fn limits(&self) -> Limits {
        Limits { max_memory_mb: self.max_memory, max_work: self.max_work }
    }
}

#[derive(Args, Debug)]
pub(crate) struct RecoverArguments {
    /// Picture (PNG, JPEG) or array (.npy, .npz, .mat; FILE.npz:NAME) of magnitudes or complex CQT, or - for standard
    /// input
    #[arg(value_name = "PICTURE|ARRAY", value_parser = parse::named_file)]
    pub(crate) input: NamedFile,
    /// The tiles that follow, where a long picture was drawn as song.0001.png and on: all, or some in a row. The name that
    /// was drawn, song.png, stands for all of them
    #[arg(value_name = "TILES")]
    pub(crate) tiles: Vec<PathBuf>,
    /// The kept phase: unit complex, complex CQT or angles (.npy, .npz, .mat; FILE.npz:NAME)
    #[arg(long, value_name = "FILE", value_parser = parse::named_file)]
    pub(crate) phase: Option<NamedFile>,
    /// The picture as it was when the phase was kept: cells that changed since lose their phase, and what the edited one has lost (recipe, palette, cells, phase) is taken from it. Of a picture that was drawn with --editable, the sound that was drawn, where the picture has lost it
    #[arg(long, value_name = "PICTURE|SOUND")]
    pub(crate) original: Option<PathBuf>,
    /// Which cells were edited: white in a picture of the same size, or of one pixel a cell
    #[arg(long, value_name = "PICTURE", conflicts_with = "original")]
    pub(crate) mask: Option<PathBuf>,
    /// What the borders of edits are exact about, in a picture that was drawn with --editable: inside (all that was changed has
    /// its gain) or outside (what lies beside it is spared)
    #[arg(long, value_name = "SIDE", default_value = "inside")]
    pub(crate) edge: Edge,
    /// The sound to write: .wav or .flac, or - [default: beside the input, .recovered.wav]
    #[arg(short, long, value_name = "SOUND")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) outputs: OutputArguments,
    /// Write the report as JSON, - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long, conflicts_with = "report")]
    pub(crate) json: bool,
    /// Draw what was read over the picture
    #[arg(long, value_name = "FILE.png")]
    pub(crate) overlay: Option<PathBuf>,
    /// Keep what was done of a long recovery when it is interrupted, and go on from there
    #[arg(long)]
    pub(crate) resume: bool,
    #[command(flatten)]
    pub(crate) settings: RecoverSettings,
}

/// How a sound is recovered, whatever it is recovered from.
#[derive(Args, Debug)]
pub(crate) struct RecoverSettings {
    /// Take each level for the centre of its range instead of using the range (for comparison)
    #[arg(long)]
    pub(crate) centres: bool,
    /// How unknown phase is found: refined, heap or griffin-lim
    #[arg(long, value_name = "HOW", default_value = "refined")]
    pub(crate) phase_method: PhaseMethod,
    /// Where random phases start
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Samples in the file: 16, 24 or float [default: float in .wav, 24 in .flac]
    #[arg(long, value_name = "BITS")]
    pub(crate) bits: Option<String>,
    /// Make a sound even of a picture whose reading is less than half sure, or of magnitudes that are of none
    #[arg(long)]
    pub(crate) despite_doubt: bool,
    /// Gain in dB
    #[arg(long, value_name = "DB", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) gain: f64,
    /// Bring the peak to full scale
    #[arg(long)]
    pub(crate) normalise: bool,
    /// Most iterations in all: steps of a solver and rounds of phase retrieval [default: as many as each step needs]
    #[arg(long, value_name = "N", value_parser = parse::iterations)]
    pub(crate) iterations: Option<usize>,
    /// Recover in blocks of so many seconds that fade into each other [default: in blocks where all at once would take more
    /// than half a GB]
    #[arg(long, value_name = "SECONDS", value_parser = parse::amount)]
    pub(crate) block: Option<f64>,
    #[command(flatten)]
    pub(crate) axes: AxisArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) limits: LimitArguments,
    #[command(flatten)]
    pub(crate) recipe: RecipeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct DrawArguments {
    /// Sound (WAV, FLAC, Ogg Vorbis, MP3, AIFF, M4A, CAF), or - for standard input
    pub(crate) sound: PathBuf,
    /// The picture to write, or - [default: beside the sound, .png]
    #[arg(short, long, value_name = "PICTURE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) outputs: OutputArguments,
    #[command(flatten)]
    pub(crate) editable: EditableArguments,
    #[command(flatten)]
    pub(crate) settings: DrawSettings,
}

/// A picture that carries its sound.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct EditableArguments {
    /// Draw a picture that carries its sound: recover gives every sample of it back
    #[arg(long, conflicts_with_all = ["tile", "palette", "mono", "cell_width", "cell_height"])]
    pub(crate) editable: bool,
    /// With --editable: put the sound into a file beside the picture [default: above 256 MB only]
    #[arg(long, requires = "editable")]
    pub(crate) sound_beside: bool,
}

/// How a sound is drawn, whichever it is.
#[derive(Args, Debug)]
pub(crate) struct DrawSettings {
    /// Draw tiles of so many seconds, song.0001.png and on [default: where the picture would have more than 8.4 million pixels]
    #[arg(long, value_name = "SECONDS", value_parser = parse::amount)]
    pub(crate) tile: Option<f64>,
    /// Palette, a matplotlib name [default: magma; gray with 16 bits]
    #[arg(long, value_name = "NAME")]
    pub(crate) palette: Option<PaletteName>,
    /// Mix several channels to one, their mean, instead of drawing a panel for each
    #[arg(long)]
    pub(crate) mono: bool,
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
    pub(crate) limits: LimitArguments,
    #[command(flatten)]
    pub(crate) recipe: RecipeArguments,
}

#[derive(Args, Debug)]
pub(crate) struct EditArguments {
    /// Sound (WAV, FLAC, Ogg Vorbis, MP3, AIFF, M4A, CAF), or - for standard input
    pub(crate) sound: PathBuf,
    /// What is to be changed, as docs/edit.md describes it
    #[arg(long, value_name = "FILE.json")]
    pub(crate) edits: PathBuf,
    /// The sound to write: .wav or .flac, or - [default: beside the input, .edited.wav]
    #[arg(short, long, value_name = "SOUND")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) outputs: OutputArguments,
    /// What the borders are exact about: inside (all that was changed has its gain) or outside (what lies beside it is
    /// spared)
    #[arg(long, value_name = "SIDE", default_value = "inside")]
    pub(crate) edge: Edge,
    /// Samples in the file: 16, 24 or float [default: as in the input, where it has 16 or 24 bits]
    #[arg(long, value_name = "BITS")]
    pub(crate) bits: Option<String>,
    /// Write what was changed as JSON, - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Print what was changed as JSON
    #[arg(long, conflicts_with = "report")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct InspectArguments {
    /// Picture (PNG, JPEG), or - for standard input
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
    pub(crate) outputs: OutputArguments,
    #[command(flatten)]
    pub(crate) axes: AxisArguments,
    /// Write the picture as numbers, a line a cell: time, frequency, value, and the range that its colour leaves
    #[arg(long, value_name = "FILE.csv", value_parser = parse::csv_file)]
    pub(crate) csv: Option<PathBuf>,
    /// Write the values as an array, the lowest frequency first
    #[arg(long, value_name = "FILE.npy", value_parser = parse::npy_file)]
    pub(crate) npy: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) limits: LimitArguments,
    #[command(flatten)]
    pub(crate) recipe: RecipeArguments,
}

/// What is known of a figure's axes.
#[derive(Args, Debug)]
#[command(next_help_heading = "A figure's axes (read if not given)")]
pub(crate) struct AxisArguments {
    /// How frequencies are spread: linear, log (octaves), librosa-log (linear below 65 Hz) or mel (linear below 1 kHz)
    #[arg(long, value_name = "SCALE", value_parser = parse::frequency_scale)]
    pub(crate) axis: Option<FrequencyScale>,
    /// Time from the left edge of the data to the right one, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = parse::axis_secs)]
    pub(crate) duration: Option<f64>,
    /// Which of several boxes of data comes first, counted from 1
    #[arg(long, value_name = "NUMBER", value_parser = parse::ordinal)]
    pub(crate) panel: Option<usize>,
}

impl AxisArguments {
    /// The flags as what is given of the axes.
    pub(crate) fn given(&self) -> GivenAxes {
        GivenAxes {
            scale: self.axis,
            duration_s: self.duration,
            panel: self.panel.map(|panel| panel - 1),
            ..GivenAxes::default()
        }
    }
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
    #[command(flatten)]
    pub(crate) outputs: OutputArguments,
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

#[cfg(feature = "studio")]
#[derive(Args, Debug)]
pub(crate) struct StudioArguments {
    /// Sound or picture to open; others are opened on the page
    pub(crate) file: Option<PathBuf>,
    /// Port of this computer to listen on [default: any that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// Only print the link
    #[arg(long)]
    pub(crate) no_open: bool,
}
