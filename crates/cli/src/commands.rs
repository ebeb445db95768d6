//! The commands, each as its steps.

use std::path::{Path, PathBuf};

use anyhow::Context;
use photophone::compare::{CompareOptions, Mono, PlotOptions, compare as compare_sounds, plot};
use photophone::files::{
    LoudnessOptions, SampleFormat, SoundFormat, SoundReadOptions, read_sound, refuse_inputs, write_beside_then_rename,
    write_sound,
};
use photophone::picture::ReadOptions;
use photophone::{DrawOptions, Input, Recipe, RecoverOptions, write_raster};

use crate::args::{CompareArguments, DrawArguments, InspectArguments, ReadingArguments, RecoverArguments};
use crate::progress::{print, say, watch};

pub(crate) fn recover(arguments: &RecoverArguments) -> anyhow::Result<()> {
    let output = arguments.output.clone().unwrap_or_else(|| arguments.input.path.with_extension("wav"));
    SoundFormat::from_path(&output)?;
    let format = arguments.bits.as_deref().map(sample_format).transpose()?;
    let options = RecoverOptions {
        input: arguments.input.clone().into(),
        phase: arguments.phase.clone().map(Input::from),
        original: arguments.original.clone().map(Input::from),
        mask: arguments.mask.clone().map(Input::from),
        centres: arguments.centres,
        phase_method: arguments.phase_method,
        seed: arguments.seed,
        recipe: arguments.recipe.resolve()?,
        reading: reading(&arguments.reading),
        max_pixels: arguments.reading.max_pixels,
        max_iterations: arguments.iterations,
        loudness: LoudnessOptions { gain_db: arguments.gain, normalise: arguments.normalise },
    };
    if arguments.overlay.is_some() && options.input.is_array()? {
        anyhow::bail!(
            "{}: --overlay is given for an array; expected a picture; leave it out",
            options.input.name().display()
        );
    }
    let mut inputs = inputs(&options, arguments.recipe.recipe.as_deref());
    let named = [arguments.output.as_ref(), arguments.overlay.as_ref(), arguments.report.as_ref()];
    let named: Vec<&Path> = named.into_iter().flatten().map(PathBuf::as_path).collect();
    check_outputs(&named, &inputs)?;
    let recovered = photophone::recover(&options, watch())?;
    say(&recovered.report.to_string());
    inputs.extend(recovered.phase_file);
    check_outputs(&named, &inputs)?;
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    write_sound(&output, &recovered.sound, format, &inputs)?;
    if let (Some(path), Some(overlay)) = (&arguments.overlay, &recovered.overlay) {
        write_raster(path, overlay, &[], &inputs)?;
    }
    if let Some(path) = &arguments.report {
        write_json(path, &recovered.report, &inputs)?;
    }
    say(&format!("wrote {}", output.display()));
    Ok(())
}

pub(crate) fn draw(arguments: &DrawArguments) -> anyhow::Result<()> {
    let sound = read_sound(&arguments.sound, SoundReadOptions::default())?;
    let recipe = arguments.recipe.resolve()?;
    let palette = Recipe { palette: arguments.palette.as_ref().map(ToString::to_string), ..Recipe::default() };
    let recipe = palette.joined("--palette", recipe, "the recipe file")?;
    let options = DrawOptions {
        recipe,
        cell_width_px: arguments.cell_width,
        cell_height_px: arguments.cell_height,
        bits: arguments.bits,
    };
    let drawn = photophone::draw(&sound, &options).map_err(|error| error.about(&arguments.sound))?;
    let output = arguments.output.clone().unwrap_or_else(|| arguments.sound.with_extension("png"));
    let phase = drawn.write(&output, &[&arguments.sound])?;
    for note in &drawn.report.notes {
        say(note);
    }
    let phase = phase.map(|phase| format!(", {}", phase.display())).unwrap_or_default();
    let recipe = output.with_extension("recipe.toml");
    say(&format!("wrote {}{phase} and {}", output.display(), recipe.display()));
    Ok(())
}

pub(crate) fn inspect(arguments: &InspectArguments) -> anyhow::Result<()> {
    let options = RecoverOptions {
        input: arguments.picture.clone().into(),
        phase: arguments.phase.clone().map(Input::from),
        recipe: arguments.recipe.resolve()?,
        reading: reading(&arguments.reading),
        max_pixels: arguments.reading.max_pixels,
        ..RecoverOptions::default()
    };
    let mut inputs = inputs(&options, arguments.recipe.recipe.as_deref());
    check_outputs(&arguments.overlay.iter().map(PathBuf::as_path).collect::<Vec<_>>(), &inputs)?;
    let read = photophone::read_picture(&options)?;
    inputs.extend(read.phase_file.clone());
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    if let Some(path) = &arguments.overlay {
        write_raster(path, &read.overlay(), &[], &inputs)?;
    }
    if arguments.json {
        print(&serde_json::to_string_pretty(&read.report)?);
    } else {
        print(&read.report.to_string());
    }
    Ok(())
}

pub(crate) fn compare(arguments: &CompareArguments) -> anyhow::Result<()> {
    let (truth, sound) = (read(&arguments.truth)?, read(&arguments.sound)?);
    let band_hz = arguments.band.as_deref().map(|band| (band[0], band[1]));
    let options = CompareOptions { band_hz, max_lag_samples: arguments.lag };
    let comparison = compare_sounds(truth.mono(), sound.mono(), &options)?;
    if let Some(path) = &arguments.plot {
        let options = PlotOptions { lag: comparison.lag, ..PlotOptions::default() };
        let raster = plot(truth.mono(), sound.mono(), &options)?;
        write_raster(path, &raster, &[], &[&arguments.truth, &arguments.sound])?;
        say(&format!("wrote {}", path.display()));
    }
    if arguments.json {
        print(&serde_json::to_string_pretty(&comparison)?);
    } else {
        print(&comparison.to_string());
    }
    Ok(())
}

/// A sound mixed to one channel.
pub(crate) struct MonoSound {
    samples: Vec<f64>,
    sample_rate_hz: u32,
}

impl MonoSound {
    pub(crate) fn mono(&self) -> Mono<'_> {
        Mono { samples: &self.samples, sample_rate_hz: self.sample_rate_hz }
    }
}

pub(crate) fn read(path: &Path) -> anyhow::Result<MonoSound> {
    let sound = read_sound(path, SoundReadOptions::default())?;
    Ok(MonoSound { samples: sound.mixed_to_mono(), sample_rate_hz: sound.sample_rate_hz })
}

fn reading(arguments: &ReadingArguments) -> ReadOptions {
    ReadOptions {
        crop: arguments.crop,
        cells: arguments.cells,
        palette: arguments.palette.clone(),
        flip: arguments.flip,
        transposed: arguments.transposed,
        ..ReadOptions::default()
    }
}

fn sample_format(text: &str) -> anyhow::Result<SampleFormat> {
    match text {
        "16" => Ok(SampleFormat::Int16),
        "24" => Ok(SampleFormat::Int24),
        "32" | "float" => Ok(SampleFormat::Float32),
        _ => anyhow::bail!("bits is '{text}'; expected 16, 24 or float"),
    }
}

/// Refuses outputs that could not all be written, before the first one is.
fn check_outputs(outputs: &[&Path], inputs: &[PathBuf]) -> anyhow::Result<()> {
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    let mut seen = Vec::new();
    for &path in outputs {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::ensure!(
            folder.is_dir(),
            "{}: cannot be written: the folder does not exist; make it first",
            path.display()
        );
        let place = (folder.canonicalize()?, path.file_name());
        anyhow::ensure!(!seen.contains(&place), "{}: is named for two outputs; give each its own name", path.display());
        seen.push(place);
        refuse_inputs(path, &inputs)?;
    }
    Ok(())
}

/// Every file that an output must not overwrite.
fn inputs(options: &RecoverOptions, recipe: Option<&Path>) -> Vec<PathBuf> {
    let picture = options.input.path();
    let beside = picture.map(|picture| picture.with_extension("phase.npy"));
    let recipe_beside = picture.map(|picture| picture.with_extension("recipe.toml"));
    let told = options.recipe.phase.iter().filter_map(|name| picture.map(|picture| picture.with_file_name(name)));
    let others = [&options.phase, &options.original, &options.mask];
    let others = others.into_iter().flatten().filter_map(Input::path).map(Path::to_path_buf);
    let picture = picture.map(Path::to_path_buf);
    picture
        .into_iter()
        .chain(beside)
        .chain(recipe_beside)
        .chain(told)
        .chain(others)
        .chain(recipe.map(Path::to_path_buf))
        .collect()
}

fn write_json(path: &Path, report: &photophone::Report, inputs: &[&Path]) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report).context("the report cannot be written")?;
    write_beside_then_rename(path, inputs, |writer| {
        std::io::Write::write_all(writer, text.as_bytes())
            .map_err(|source| photophone::Error::Write { path: path.to_owned(), source })
    })?;
    Ok(())
}
