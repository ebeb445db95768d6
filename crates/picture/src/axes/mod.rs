//! Figures: axes with ticks and labels around the data, and colour bars.
//!
//! [`read_figure`] finds the boxes of data and the colour bars, reads ticks and labels, and says what they tell, each statement
//! with its source, confidence and evidence.

mod bare;
mod bars;
mod beneath;
mod boxes;
mod cells;
mod chances;
mod changes;
mod content;
mod cut;
mod display;
mod drawn_over;
mod ends;
mod figure;
mod fit;
mod frequency_axis;
mod given;
mod glyphs;
mod grays;
mod hertz_axis;
mod ink;
mod interpret;
mod label;
mod labels;
mod lattice;
mod layout;
mod numbers;
mod redraw;
mod rows;
mod shown;
mod skew;
mod spread;
mod statement;
mod text;
mod ticks;
mod time_axis;
mod transform_said;
mod turned;
mod verdict;
mod words;

use photophone_spectrum::{StopFlag, Stopped};

pub use given::GivenAxes;
pub use interpret::FigureOptions;
pub use numbers::PanelNumbers;
pub use shown::{Grid, ShownLevels};
pub use statement::{
    FrequencyEnds, LevelEnds, PanelReading, Reading, Statement, StatementSource, TimeEnds, Tool, TransformSaid, Verdict,
};

use crate::raster::Raster;

/// Reads a figure; `None` where the picture is none: data without axes around them, or a photograph, or where the box given is no
/// panel's.
///
/// Cost: about a fifth of a second for 1000 x 400 px.
///
/// # Errors
/// [`Stopped`].
pub fn read_figure(raster: &Raster, options: &FigureOptions, stop: &StopFlag) -> Result<Option<Reading>, Stopped> {
    let figure = figure::survey(raster, options.dpi, stop)?;
    let figure = match options.given.crop {
        Some(crop) => figure.and_then(|figure| figure.with_box(crop)),
        None => figure,
    };
    let is_read = |panel: &figure::Panel| panel.across.axis.is_some() || panel.up.axis.is_some();
    let is_read = figure.as_ref().is_some_and(|figure| figure.panels.iter().any(is_read));
    let skew = if is_read { None } else { ink::Ink::of(raster, stop)?.as_ref().and_then(skew::skew_degrees) };
    if let Some(degrees) = skew {
        let (by, way) = (degrees.abs(), if degrees > 0.0 { "counterclockwise" } else { "clockwise" });
        let said = format!("rotated by {by:.1} degrees {way}: rotate it back, and its axes can be read");
        let mut reading = Reading::of_nothing(raster, "it is rotated", options);
        reading.panels.iter_mut().for_each(|panel| {
            panel.damage =
                Statement::read(said.clone(), chances::TO_A_PIXEL, "the longest edge on its page lies that way");
        });
        return Ok(Some(reading));
    }
    let Some(figure) = figure else { return Ok(None) };
    let mut reading = interpret::interpret(raster, &figure, options);
    if let Some(turn) = turned::turn(raster, &figure, options.dpi, stop)? {
        for panel in &mut reading.panels {
            panel.damage = Statement::read(turn.said().to_owned(), chances::TO_A_PIXEL, "its labels are read that way");
        }
    }
    Ok(Some(reading))
}
