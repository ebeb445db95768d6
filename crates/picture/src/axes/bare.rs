//! What is said of a picture without axes.

use photophone_spectrum::{Finding, LevelScale};

use super::interpret::{FigureOptions, tool_of_file};
use super::statement::{LevelEnds, PanelReading, Reading, Statement, Verdict};
use crate::options::Flip;
use crate::picture::Picture;

impl Reading {
    /// The statements on a picture that was read without its axes: frequencies, times and the transform are not told.
    pub fn of_picture(picture: &Picture, levels: &Finding<LevelScale>, options: &FigureOptions) -> Self {
        let untold = "the picture has no axes: give `fmin`, `fmax`, `axis` and `duration`";
        let px = picture.data_box.value;
        let data_box = [px.x as f64, px.y as f64, px.width as f64, px.height as f64];
        let (rows, frames) = picture.levels.shape();
        let missing = picture.missing.value;
        let whole =
            [rows + missing.rows_below + missing.rows_above, frames + missing.frames_before + missing.frames_after];
        let orientation = match picture.flip.value {
            Flip::None => "upright",
            Flip::Vertical => "vertical",
            Flip::Horizontal => "horizontal",
            Flip::Both => "both",
        };
        let levels = match levels.value {
            LevelScale::Db { low, high } => {
                Statement::from(levels.clone().map(|_| LevelEnds { scale: "db", low, high, reference: None }))
            }
            _ => Statement::unknown("nothing tells what the levels are"),
        };
        let panel = PanelReading {
            data_box: Statement::from(picture.data_box.clone().map(|_| data_box)),
            cells: Statement::from(picture.missing.clone().map(|_| whole)),
            palette: Statement::from(picture.palette.clone().map(|name| name.to_string())),
            levels,
            frequency: Statement::unknown(untold),
            time: Statement::unknown(untold),
            orientation: Statement::from(picture.flip.clone().map(|_| orientation)),
            transform: Statement::unknown(untold),
            sample_rate: Statement::unknown(untold),
            damage: Statement::unknown(""),
            bin_of_row: Vec::new(),
            frame_of_column: Vec::new(),
        };
        let evidence = "no axes say that it shows frequencies over time";
        let spectrogram = Statement { value: Some(Verdict::Unknown), ..Statement::unknown(evidence) };
        Self { spectrogram, tool: tool_of_file(options.software.as_deref()), panels: vec![panel] }
    }
}
