//! `photophone inspect`: what a picture says.

use std::fmt::Write;

use photophone::files::ArrayToWrite;
use photophone::picture::{GivenAxes, PanelNumbers, Reading};
use photophone::{Inspected, ReadPicture, RecoverOptions, Report};

use crate::args::InspectArguments;
use crate::commands::{lines, looked_for, reading, unnamed};
use crate::interrupt::stop_flag;
use crate::outputs::{CommandOutputs, json};
use crate::streams;
use crate::wording::in_flags;

/// What `--json` prints: the reading, and the report of the cells where there are any.
#[derive(serde::Serialize)]
struct InspectedJson<'a> {
    reading: &'a Reading,
    #[serde(flatten)]
    report: Option<&'a Report>,
}

pub(crate) fn inspect(arguments: &InspectArguments) -> anyhow::Result<()> {
    let mut outputs = CommandOutputs::new(arguments.outputs);
    outputs.take_stdout("what was read")?;
    let (picture, recipe) = (unnamed(arguments.picture.clone()), arguments.recipe.resolve()?);
    outputs.protect(arguments.recipe.recipe.clone())?;
    outputs.protect(looked_for(&picture, arguments.phase.as_ref(), &recipe))?;
    arguments.overlay.iter().try_for_each(|path| outputs.plan(path, "the overlay (--overlay)"))?;
    arguments.figure.csv.iter().try_for_each(|path| outputs.plan(path, "the table (--csv)"))?;
    arguments.figure.npy.iter().try_for_each(|path| outputs.plan(path, "the array (--npy)"))?;
    let options = RecoverOptions {
        input: streams::input(&picture)?,
        phase: arguments.phase.as_ref().map(streams::input).transpose()?,
        recipe,
        reading: reading(&arguments.reading),
        max_pixels: arguments.reading.max_pixels,
        limits: arguments.limits.limits(),
        stop: stop_flag(),
        ..RecoverOptions::default()
    };
    let Inspected { reading, is_figure, raster, read } = photophone::inspect(&options, &given(arguments))?;
    let read = match read {
        Ok(read) => Some(ReadPicture { report: read.report.worded(in_flags), ..read }),
        // Data that are no constant-Q spectrogram's still have axes and colours.
        Err(_) if is_figure || arguments.json => None,
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
    if let (Some(raster), true) = (&raster, arguments.figure.csv.is_some() || arguments.figure.npy.is_some()) {
        let Some(panel) = reading.panels.first() else { anyhow::bail!("no box of data was found: give --crop") };
        let numbers = panel.numbers(raster, &stop_flag())?;
        if let Some(path) = &arguments.figure.csv {
            outputs.write_bytes(path, csv(&numbers).as_bytes())?;
        }
        if let Some(path) = &arguments.figure.npy {
            let mut bytes = Vec::new();
            ArrayToWrite::Real(&numbers.values).write_to(&mut bytes)?;
            outputs.write_bytes(path, &bytes)?;
        }
    }
    let report = read.as_ref().map(|read| &read.report);
    let text = match (arguments.json, report) {
        (true, report) => in_flags(&json(&InspectedJson { reading: &reading, report })?),
        (false, report) => {
            let said = format!("{}\n{}", options.input.name().display(), in_flags(&reading.to_string()));
            let has_axes = reading.panels.iter().any(|panel| panel.frequency.value.is_some());
            let said = if is_figure || has_axes || report.is_none() { lines(&said) } else { String::new() };
            said + &report.map(lines).unwrap_or_default()
        }
    };
    outputs.print(text.into_bytes());
    outputs.commit()
}

fn given(arguments: &InspectArguments) -> GivenAxes {
    let figure = &arguments.figure;
    GivenAxes {
        fmax_hz: figure.fmax,
        scale: figure.axis,
        duration_s: figure.duration,
        panel: figure.panel.map(|panel| panel - 1),
        ..GivenAxes::default()
    }
}

/// A line a cell: its time and frequency, its value, and the range that its colour leaves.
fn csv(numbers: &PanelNumbers) -> String {
    let mut text = String::from("time_s,frequency_hz,value,low,high\n");
    for (row, hz) in numbers.frequencies_hz.iter().enumerate() {
        for (column, secs) in numbers.times_s.iter().enumerate() {
            let at = (row, column);
            let (value, low, high) = (numbers.values[at], numbers.low[at], numbers.high[at]);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{secs:.6},{hz:.4},{value:.4},{low:.4},{high:.4}");
        }
    }
    text
}
