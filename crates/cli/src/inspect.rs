//! `photophone inspect`: what a picture says.

use std::fmt::Write;

use photophone::files::ArrayToWrite;
use photophone::picture::{GivenAxes, PanelNumbers, Reading};
use photophone::{Inspected, ReadPicture, RecoverOptions, Report, looked_for};

use crate::args::InspectArguments;
use crate::commands::{lines, unnamed};
use crate::interrupt::stop_flag;
use crate::outputs::{CommandOutputs, json};
use crate::settings::reading;
use crate::streams;
use crate::talk::Talk;
use crate::wording::in_flags;

/// What `--json` prints: the reading, and the report of the cells where there are any.
#[derive(serde::Serialize)]
struct InspectedJson<'a> {
    reading: &'a Reading,
    #[serde(flatten)]
    report: Option<&'a Report>,
}

pub(crate) fn inspect(arguments: &InspectArguments, talk: Talk) -> anyhow::Result<()> {
    let mut outputs = CommandOutputs::new(arguments.outputs);
    outputs.take_stdout("what was read")?;
    let (picture, mut recipe) = (unnamed(arguments.picture.clone()), arguments.recipe.resolve()?);
    // Of a figure's axis, which is none of a constant-Q transform.
    let axes = GivenAxes { fmax_hz: recipe.transform.fmax.take(), ..arguments.axes.given() };
    outputs.protect(arguments.recipe.recipe.clone())?;
    outputs.protect(looked_for(&picture.path, &recipe))?;
    outputs.protect(arguments.phase.iter().map(|phase| phase.path.clone()))?;
    arguments.overlay.iter().try_for_each(|path| outputs.plan(path, "the overlay (--overlay)"))?;
    arguments.csv.iter().try_for_each(|path| outputs.plan(path, "the table (--csv)"))?;
    arguments.npy.iter().try_for_each(|path| outputs.plan(path, "the array (--npy)"))?;
    let options = RecoverOptions {
        input: streams::input(&picture)?,
        phase: arguments.phase.as_ref().map(streams::input).transpose()?,
        recipe,
        reading: reading(&arguments.reading),
        axes,
        max_pixels: arguments.reading.max_pixels,
        limits: arguments.limits.limits(),
        stop: stop_flag(),
        ..RecoverOptions::default()
    };
    let Inspected { reading, is_figure, raster, read, own, warning } = photophone::inspect(&options)?;
    if let Some(warning) = &warning {
        talk.say(&in_flags(warning));
    }
    let read = match read {
        Ok(read) => Some(ReadPicture { report: read.report.worded(in_flags), ..read }),
        // Data that are no constant-Q spectrogram's still have axes and colours.
        Err(_) if is_figure || own.is_some() || arguments.json => None,
        Err(error) => return Err(error.into()),
    };
    outputs.protect(read.as_ref().and_then(|read| read.phase_file.clone()))?;
    if let (Some(path), Some(raster)) = (&arguments.overlay, &raster) {
        let over = match &read {
            Some(read) if !is_figure => read.overlay(),
            _ => reading.overlay(raster),
        };
        outputs.write_raster(path, &over)?;
    }
    if let (Some(raster), true) = (&raster, arguments.csv.is_some() || arguments.npy.is_some()) {
        let Some(panel) = reading.panels.first() else { anyhow::bail!("no box of data was found: give --crop") };
        let numbers = panel.numbers(raster, &stop_flag())?;
        if let Some(path) = &arguments.csv {
            outputs.write_bytes(path, csv(&numbers).as_bytes())?;
        }
        if let Some(path) = &arguments.npy {
            let mut bytes = Vec::new();
            ArrayToWrite::Real(&numbers.values).write_to(&mut bytes)?;
            outputs.write_bytes(path, &bytes)?;
        }
    }
    let own = own.map(|report| report.worded(in_flags));
    let report = own.as_ref().or_else(|| read.as_ref().map(|read| &read.report));
    let text = match (arguments.json, report) {
        (true, report) => in_flags(&json(&InspectedJson { reading: &reading, report })?),
        // One account of one picture: a figure's by its axes, and of data without axes by its cells.
        (false, Some(report)) if own.is_some() => lines(report),
        (false, Some(report)) if !is_figure && reading.panels.iter().all(|panel| panel.frequency.value.is_none()) => {
            lines(report)
        }
        (false, _) => lines(&format!("{}\n{}", options.input.name().display(), in_flags(&reading.to_string()))),
    };
    outputs.print(text.into_bytes());
    outputs.commit()
}

/// A line a cell: its time and frequency, or their numbers where the axes do not tell them, its value, and the range that its
/// colour leaves.
fn csv(numbers: &PanelNumbers) -> String {
    let ([has_hz, has_secs], [_, are_frames]) = (numbers.axes, numbers.are_cells);
    let across = match (has_secs, are_frames) {
        (true, _) => "time_s",
        (false, true) => "frame",
        (false, false) => "column",
    };
    let up = if has_hz { "frequency_hz" } else { "row" };
    let mut text = format!("{across},{up},value,low,high\n");
    let number = |value: f64, is_known: bool, digits: usize| {
        if is_known { format!("{value:.digits$}") } else { format!("{value:.0}") }
    };
    for (row, &hz) in numbers.frequencies_hz.iter().enumerate() {
        let hz = number(hz, has_hz, 4);
        for (column, &secs) in numbers.times_s.iter().enumerate() {
            let at = (row, column);
            let (value, low, high) = (numbers.values[at], numbers.low[at], numbers.high[at]);
            let secs = number(secs, has_secs, 6);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{secs},{hz},{value:.4},{low:.4},{high:.4}");
        }
    }
    text
}
