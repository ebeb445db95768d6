//! A picture, read as a figure.

use photophone_picture::{FigureOptions, Raster, Reading, read_figure};

use super::Inputs;
use super::panel_settings::given_axes;
use crate::Error;
use crate::files::DecodedPicture;

/// A picture, and what it says of itself as a figure.
pub(crate) struct Surveyed {
    pub(crate) raster: Raster,
    pub(crate) figure: FigureOptions,
    /// `None` where it is no figure.
    pub(crate) reading: Option<Reading>,
}

/// Reads a picture as a figure. What the inputs say of it is not read.
///
/// # Errors
/// A picture of a size that none has, or reading was ended.
pub(crate) fn surveyed(inputs: &Inputs<'_>, decoded: DecodedPicture) -> Result<Surveyed, Error> {
    let path = inputs.input.name();
    let software = decoded.text.iter().find(|(keyword, _)| keyword == "Software").map(|(_, text)| text.clone());
    let figure = FigureOptions { software, dpi: decoded.dpi, given: given_axes(inputs) };
    let raster = decoded.into_raster(path)?;
    let reading = read_figure(&raster, &figure, inputs.stop).map_err(|stopped| Error::from(stopped).about(path))?;
    Ok(Surveyed { raster, figure, reading })
}
