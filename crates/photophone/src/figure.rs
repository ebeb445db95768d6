//! What a picture says of itself: box, axes, colour bar, palette.

use std::path::Path;

use photophone_picture::{
    FigureOptions, Flip, GivenAxes, PanelReading, PictureError, Raster, Reading, StatementSource, Verdict,
};
use photophone_spectrum::Stack;

use crate::files::PictureReadOptions;
use crate::own::{self, InspectedOwn, OwnInput};
use crate::read::{Inputs, MOST_RESIDUAL, Surveyed, inspected, surveyed};
use crate::wording::listed;
use crate::{Error, ReadPicture, Recipe, RecoverOptions, Report};

/// Parameters of a recipe that stand in place of what a figure says.
const HONOURED: [&str; 7] = ["transform", "sr", "hop", "n-fft", "fmin", "levels", "palette"];

/// A picture that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// What it says, each statement with its source, confidence and evidence.
    pub reading: Reading,
    /// Whether it is a figure with axes around its data.
    pub is_figure: bool,
    /// The pixels; `None` where the input is an array.
    pub raster: Option<Raster>,
    /// Its cells, as a spectrogram whose sound could be recovered; an error where it cannot be read as one.
    pub read: Result<ReadPicture, Error>,
    /// The account of one of the program's own pictures, which has no other cells than its recipe tells; `read` is an error then.
    pub own: Option<Report>,
    /// Settings that were given and change nothing of what is said.
    pub warning: Option<String>,
}

/// Looks at a picture: a figure with axes, or data without. What is given of its axes is not read.
///
/// # Errors
/// The input is no picture, cannot be read, is of one colour everywhere, or is too large; it is no figure and no spectrogram
/// either; there is no such panel; the palette given is none that has the colours.
pub fn inspect(options: &RecoverOptions) -> Result<Inspected, Error> {
    let path = options.input.name();
    options.input.check_kind()?;
    if let Some(own) = inspected_own(options)? {
        return Ok(own);
    }
    let (figure, raster, reading) = if options.input.is_array()? {
        (FigureOptions::default(), None, None)
    } else {
        let decoded = options.input.picture(PictureReadOptions { max_pixels: options.max_pixels })?.into_owned();
        let Surveyed { raster, figure, reading } = surveyed(&options.inputs(), decoded)?;
        (figure, Some(raster), reading)
    };
    let is_figure = reading.is_some();
    if let Some(reading) = &reading {
        check_palette(reading).map_err(|error| error.about(path))?;
    }
    let warning = reading.as_ref().and_then(|reading| idle(reading, options));
    let read = match reading.as_ref().filter(|_| options.phase.is_none()).and_then(other_kind) {
        Some(found) => {
            let next = "its axes, levels and numbers are read all the same";
            Err(Error::content(path, found, "one of constant-Q magnitudes, whose cells are counted", next))
        }
        // What it says does not hang on the finest levels, which take seconds of a large JPEG.
        None => inspected(&Inputs { finest: false, ..options.inputs() }),
    };
    let reading = match (reading, &raster, &read) {
        (Some(reading), ..) => reading,
        (None, _, Ok(read)) => {
            let reading = Reading::of_picture(&read.raster, &read.picture, &read.levels, &figure);
            of_channels(reading, read, options.axes.panel)
        }
        (None, Some(raster), Err(error)) if !matches!(error, Error::Interrupted) && !is_blank(raster) => {
            Reading::of_nothing(raster, &error.to_string(), &figure)
        }
        (None, ..) => return Err(read.err().unwrap_or(Error::Interrupted)),
    };
    check_panel(&reading, &options.axes, path)?;
    Ok(Inspected { reading, is_figure, raster, read, own: None, warning })
}

/// One of the program's own pictures; `None` where it is none.
fn inspected_own(options: &RecoverOptions) -> Result<Option<Inspected>, Error> {
    let path = options.input.name();
    let asked = OwnInput {
        input: &options.input,
        original: options.original.as_ref(),
        max_pixels: options.max_pixels,
        stop: &options.stop,
    };
    let Some(InspectedOwn { mut reading, raster, report }) = own::inspected(&asked)? else { return Ok(None) };
    check_panel(&reading, &options.axes, path)?;
    if let Some(first) = options.axes.panel {
        reading.panels[..=first].rotate_right(1);
    }
    let next = "recover its sound; its levels are the exact transform's, and its numbers are read all the same";
    let read = Err(Error::content(path, "one of Photophone's own pictures", "a picture of librosa's transforms", next));
    let is_told = options.recipe != Recipe::default() || options.phase.is_some();
    let warning = is_told.then(|| {
        "WARNING: what was told of how the picture was made has no effect on one of Photophone's own".to_owned()
    });
    Ok(Some(Inspected { reading, is_figure: false, raster: Some(raster), read, own: Some(report), warning }))
}

/// The panels of a picture's channels, the one that is asked for first, in the place of the box that is all of them.
fn of_channels(reading: Reading, read: &ReadPicture, first: Option<usize>) -> Reading {
    let (Stack { channels, rows, gap }, picture) = (read.stack, &read.picture);
    let is_whole = picture.levels.rows() == read.stack.rows_in_all();
    let is_upright = !picture.transposed && picture.flip.value == Flip::None;
    let [whole] = &reading.panels[..] else { return reading };
    if channels == 1 || !is_whole || !is_upright {
        return reading;
    }
    let row_px = picture.lattice.value.y.cell_px;
    let panel = |channel: usize| {
        let (above, height) = (row_px * (channel * (rows + gap)) as f64, row_px * rows as f64);
        let mut panel = whole.clone();
        panel.data_box.value = whole.data_box.value.map(|[x, y, width, _]| [x, y + above, width, height]);
        panel.inside.y += above.round() as usize;
        panel.inside.height = height.round() as usize;
        panel.cells.value = whole.cells.value.map(|[_, frames]| [rows, frames]);
        panel.number = channel + 1;
        panel
    };
    let mut panels: Vec<PanelReading> = (0..channels).map(panel).collect();
    if let Some(first) = first.filter(|first| *first < channels) {
        panels[..=first].rotate_right(1);
    }
    Reading { panels, ..reading }
}

/// Whether a picture is of one colour: nothing can be said of it.
fn is_blank(raster: &Raster) -> bool {
    raster.pixels().windows(2).all(|pair| pair[0] == pair[1])
}

/// Refuses a panel that there is not.
fn check_panel(reading: &Reading, given: &GivenAxes, path: &Path) -> Result<(), Error> {
    let (count, panel) = (reading.panels.len(), given.panel.map_or(1, |panel| panel + 1));
    if panel <= count.max(1) {
        return Ok(());
    }
    let found = format!("{count} box{} of data and `panel {panel}`", if count == 1 { "" } else { "es" });
    let (expected, advice) = (format!("at least {panel}"), format!("give `panel` a number from 1 to {}", count.max(1)));
    Err(Error::content(path, found, expected, advice))
}

/// Refuses a palette that has other colours than the figure.
fn check_palette(reading: &Reading) -> Result<(), Error> {
    let panel = reading.panels.first().filter(|panel| panel.palette.source == StatementSource::Given);
    let Some((panel, residual)) = panel.and_then(|panel| Some((panel, panel.palette_residual?))) else { return Ok(()) };
    if residual <= MOST_RESIDUAL {
        return Ok(());
    }
    let nearest = panel.palette.value.clone().unwrap_or_default();
    Err(PictureError::UnknownColours { nearest, residual, limit: MOST_RESIDUAL }.into())
}

/// Names what is given and changes nothing of what a figure says.
fn idle(reading: &Reading, options: &RecoverOptions) -> Option<String> {
    let counts_cells = other_kind(reading).is_none();
    let no_job = options.phase.is_none();
    let of_reading = [
        ("`transposed`", options.reading.transposed),
        ("`max-memory`", no_job && options.limits.max_memory_mb.is_some()),
        ("`max-work`", no_job && options.limits.max_work.is_some()),
    ];
    let given = of_reading.into_iter().filter(|(_, is_idle)| *is_idle);
    let mut idle: Vec<String> = given.map(|(name, _)| name.to_owned()).collect();
    // Of a constant-Q figure the cells are counted, too, and the recipe tells of these.
    if !counts_cells {
        let told = options.recipe.by_name().into_iter().filter(|(name, _)| !HONOURED.contains(&name.as_str()));
        idle.extend(told.map(|(name, _)| format!("\u{60}{name}\u{60}")));
    }
    Some(format!("WARNING: {} no effect on what the axes of a figure say", listed(&idle)?))
}

/// What a figure shows, where its axes say that it is no constant-Q spectrogram: its cells lie as no such spectrogram's do.
fn other_kind(reading: &Reading) -> Option<String> {
    let kind = reading.panels.first().and_then(|panel| panel.transform.value.as_ref()).map(|said| said.kind);
    match (kind, reading.spectrogram.value) {
        (Some(kind @ ("stft" | "mel")), _) => Some(format!("a picture of {kind} magnitudes")),
        (_, Some(Verdict::No)) => Some(format!("no spectrogram: {}", reading.spectrogram.evidence)),
        _ => None,
    }
}
