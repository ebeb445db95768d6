//! What a picture says of itself: box, axes, colour bar, palette.

use photophone_picture::{FigureOptions, Reading, read_figure};

use crate::files::PictureReadOptions;
use crate::recover::{ReadPicture, read_picture};
use crate::{Error, RecoverOptions};

/// A picture that was looked at.
#[derive(Debug)]
pub struct Inspected {
    /// What it says, each statement with its source, confidence and evidence.
    pub reading: Reading,
    /// Its cells, as a spectrogram whose sound could be recovered; an error where it cannot be read as one.
    pub read: Result<ReadPicture, Error>,
}

/// Looks at a picture: a figure with axes, or data without.
///
/// # Errors
/// The input is no picture, cannot be read, or is too large; it is no figure and no spectrogram either.
pub fn inspect(options: &RecoverOptions) -> Result<Inspected, Error> {
    let path = options.input.name();
    options.input.check_kind()?;
    let (figure, raster, reading) = if options.input.is_array()? {
        (FigureOptions::default(), None, None)
    } else {
        let decoded = options.input.picture(PictureReadOptions { max_pixels: options.max_pixels })?.into_owned();
        let software = decoded.text.iter().find(|(keyword, _)| keyword == "Software").map(|(_, text)| text.clone());
        let figure = FigureOptions { software, dpi: decoded.dpi };
        let raster = decoded.into_raster(path)?;
        let reading =
            read_figure(&raster, &figure, &options.stop).map_err(|stopped| Error::from(stopped).about(path))?;
        (figure, Some(raster), reading)
    };
    let read = read_picture(options);
    let reading = match (reading, raster, &read) {
        (Some(reading), ..) => reading,
        (None, _, Ok(read)) => Reading::of_picture(&read.raster, &read.picture, &read.levels, &figure),
        (None, Some(raster), Err(error)) if !matches!(error, Error::Interrupted) => {
            Reading::of_nothing(&raster, &error.to_string(), &figure)
        }
        (None, ..) => return Err(read.err().unwrap_or(Error::Interrupted)),
    };
    Ok(Inspected { reading, read })
}
