//! What a picture says of itself: box, axes, colour bar, palette.

use photophone_picture::{FigureOptions, GivenAxes, Raster, Reading, Verdict, read_figure};

use crate::files::PictureReadOptions;
use crate::{Error, ReadPicture, RecoverOptions, read_picture};

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
}

/// Looks at a picture: a figure with axes, or data without. What is given of its axes is not read.
///
/// # Errors
/// The input is no picture, cannot be read, or is too large; it is no figure and no spectrogram either.
pub fn inspect(options: &RecoverOptions, given: &GivenAxes) -> Result<Inspected, Error> {
    let path = options.input.name();
    options.input.check_kind()?;
    let (figure, raster, reading) = if options.input.is_array()? {
        (FigureOptions::default(), None, None)
    } else {
        let decoded = options.input.picture(PictureReadOptions { max_pixels: options.max_pixels })?.into_owned();
        let software = decoded.text.iter().find(|(keyword, _)| keyword == "Software").map(|(_, text)| text.clone());
        let given = with_recipe(given, options);
        let figure = FigureOptions { software, dpi: decoded.dpi, given };
        let raster = decoded.into_raster(path)?;
        let reading =
            read_figure(&raster, &figure, &options.stop).map_err(|stopped| Error::from(stopped).about(path))?;
        (figure, Some(raster), reading)
    };
    let is_figure = reading.is_some();
    let read = match reading.as_ref().filter(|_| options.phase.is_none()).and_then(other_kind) {
        Some(found) => {
            let next = "its axes, levels and numbers are read all the same";
            Err(Error::content(path, found, "one of constant-Q magnitudes, whose cells are counted", next))
        }
        None => read_picture(options),
    };
    let reading = match (reading, &raster, &read) {
        (Some(reading), ..) => reading,
        (None, _, Ok(read)) => Reading::of_picture(&read.raster, &read.picture, &read.levels, &figure),
        (None, Some(raster), Err(error)) if !matches!(error, Error::Interrupted) => {
            Reading::of_nothing(raster, &error.to_string(), &figure)
        }
        (None, ..) => return Err(read.err().unwrap_or(Error::Interrupted)),
    };
    Ok(Inspected { reading, is_figure, raster, read })
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

/// What is given of the axes, with what the options say for every picture: its lowest frequency, levels and palette.
fn with_recipe(given: &GivenAxes, options: &RecoverOptions) -> GivenAxes {
    let palette = options.reading.palette.as_ref().map(ToString::to_string);
    GivenAxes {
        fmin_hz: given.fmin_hz.or(options.recipe.transform.fmin.map(|fmin| fmin.0)),
        levels: given.levels.or(options.recipe.picture.levels),
        palette: given.palette.clone().or(palette),
        ..given.clone()
    }
}
