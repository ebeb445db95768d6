//! The commands, each as its steps.

use std::path::{Path, PathBuf};

use photophone::compare::{CompareOptions, Mono, PlotOptions, compare_sounds, plot};
use photophone::files::{KeptWork, SampleFormat, SampleSpool, Sound, SoundFormat, encode_sound};
use photophone::own::{OwnOptions, plan_own};
use photophone::{
    DrawOptions, Input, LongInput, LongRecovered, LongSound, NamedFile, RecoverOptions, Recovered, looked_for,
    plan_drawing,
};

use crate::args::{CompareArguments, DrawArguments, RecoverArguments};
use crate::interrupt::stop_flag;
use crate::outputs::{CommandOutputs, json, or_beside};
use crate::progress::watch;
use crate::settings::{draw_options, own_options, recover_options, sample_format};
use crate::streams::{self, is_stream};
use crate::talk::Talk;
use crate::wording::in_flags;

pub(crate) fn recover(arguments: &RecoverArguments, talk: Talk) -> anyhow::Result<()> {
    let (input, tiles) = tiles(arguments);
    // Of several tiles the sound has the name that was drawn.
    let whole = if tiles.is_empty() { input.path.clone() } else { input.path.with_extension("").with_extension("png") };
    let output = match &arguments.output {
        None if !tiles.is_empty() => whole.with_extension("recovered.wav"),
        output => or_beside(output.as_ref(), &input.path, "recovered.wav")?,
    };
    let sound_format = if is_stream(&output) { SoundFormat::Wav } else { SoundFormat::from_path(&output)? };
    let sample_format = arguments.settings.bits.as_deref().map(sample_format).transpose()?;
    let options = recover_options(&arguments.settings)?;
    let mut outputs = CommandOutputs::new(arguments.outputs);
    let named = [&arguments.original, &arguments.mask, &arguments.settings.recipe.recipe];
    outputs.protect(named.into_iter().flatten().cloned())?;
    outputs.protect(tiles.iter().cloned())?;
    outputs.protect(looked_for(&input.path, &options.recipe))?;
    outputs.protect(arguments.phase.iter().map(|phase| phase.path.clone()))?;
    outputs.plan(&output, "the sound (-o)")?;
    arguments.overlay.iter().try_for_each(|path| outputs.plan(path, "the overlay (--overlay)"))?;
    let report = arguments.report.clone().or_else(|| arguments.json.then(|| "-".into()));
    report.iter().try_for_each(|path| outputs.plan(path, "the report (--report or --json)"))?;
    let optional = |file: Option<NamedFile>| file.as_ref().map(streams::input).transpose();
    let options = RecoverOptions {
        input: streams::input(&input)?,
        more: tiles.iter().cloned().map(Input::from).collect(),
        phase: optional(arguments.phase.clone())?,
        original: optional(arguments.original.clone().map(unnamed))?,
        mask: optional(arguments.mask.clone().map(unnamed))?,
        edge: arguments.edge,
        ..options
    };
    if arguments.overlay.is_some() && options.input.is_array()? {
        anyhow::bail!(
            "{}: --overlay is given for an array; expected a picture; leave it out",
            options.input.name().display()
        );
    }
    let written = Written {
        output: &output,
        report: report.as_deref(),
        format: (sound_format, sample_format),
        resume: arguments.resume,
    };
    if let Some(long) = photophone::long_input(&options)? {
        return recover_long(long, &options, (outputs, &written), talk);
    }
    if arguments.resume {
        talk.say("--resume has no effect on what is recovered at once");
    }
    let recovered = photophone::recover(&options, watch(talk))?;
    let recovered = Recovered { report: recovered.report.worded(in_flags), ..recovered };
    talk.account(&recovered.report);
    outputs.protect(recovered.phase_file)?;
    let sound = &recovered.sound;
    let sample_format = sample_format.or(recovered.sample_format);
    outputs.write(&output, |writer| encode_sound(&output, sound, sound_format, sample_format, writer))?;
    if let (Some(path), Some(overlay)) = (&arguments.overlay, &recovered.overlay) {
        outputs.write_raster(path, overlay)?;
    }
    if let Some(path) = &report {
        outputs.write_bytes(path, json(&recovered.report)?.as_bytes())?;
    }
    outputs.commit()?;
    let sound = &recovered.sound;
    say_sound(talk, &output, (sound.duration_secs(), sound.sample_rate_hz), sound.channels.len());
    Ok(())
}

/// The picture or array, and the tiles that follow it. A name that is no file's, of which there are tiles, stands for all of
/// them.
fn tiles(arguments: &RecoverArguments) -> (NamedFile, Vec<PathBuf>) {
    let RecoverArguments { input, tiles, .. } = arguments;
    if tiles.is_empty() && !is_stream(&input.path) && !input.path.exists() {
        let mut found = photophone::tiles_of(&input.path);
        if !found.is_empty() {
            let others = found.split_off(1);
            return (unnamed(found.remove(0)), others);
        }
    }
    (input.clone(), tiles.clone())
}

/// What a recovery writes, and how.
struct Written<'a> {
    output: &'a Path,
    report: Option<&'a Path>,
    format: (SoundFormat, Option<SampleFormat>),
    resume: bool,
}

/// The same block by block: the samples are kept in a file until their level is known.
fn recover_long(
    long: LongInput,
    options: &RecoverOptions,
    (mut outputs, written): (CommandOutputs, &Written<'_>),
    talk: Talk,
) -> anyhow::Result<()> {
    let Written { output, report, format, resume } = *written;
    let kept = if is_stream(output) { std::env::temp_dir().join("sound") } else { output.to_owned() };
    let begun = if resume && !is_stream(output) { Some(KeptWork::beside(output)?) } else { None };
    let mut spool = match &begun {
        Some(begun) => begun.spool(long.channels())?,
        None => SampleSpool::beside(&kept, long.channels())?,
    };
    let recovered = long.recover(options, (&mut spool, begun.as_ref()), watch(talk));
    if begun.is_some() && matches!(recovered, Err(photophone::Error::Interrupted)) {
        talk.say("what was done is kept: --resume goes on from there");
    }
    let recovered = recovered?;
    let recovered = LongRecovered { report: recovered.report.worded(in_flags), ..recovered };
    talk.account(&recovered.report);
    outputs.protect(recovered.phase_file)?;
    let level = (recovered.sample_rate_hz, recovered.scale);
    outputs.write(output, |writer| spool.encode(output, level, format, writer))?;
    if let Some(path) = report {
        outputs.write_bytes(path, json(&recovered.report)?.as_bytes())?;
    }
    outputs.commit()?;
    begun.map_or(Ok(()), KeptWork::remove)?;
    let rate_hz = recovered.sample_rate_hz;
    say_sound(talk, output, (spool.frames() as f64 / f64::from(rate_hz), rate_hz), spool.channels());
    Ok(())
}

/// Tells of a sound that was written.
pub(crate) fn say_sound(talk: Talk, output: &Path, (secs, rate_hz): (f64, u32), channels: usize) {
    if !is_stream(output) {
        let channels = if channels == 1 { String::new() } else { format!(", {channels} channels") };
        talk.say(&format!("wrote    {}: {secs:.2} s at {rate_hz} Hz{channels}", output.display()));
    }
}

pub(crate) fn draw(arguments: &DrawArguments, talk: Talk) -> anyhow::Result<()> {
    let output = or_beside(arguments.output.as_ref(), &arguments.sound, "png")?;
    let mut outputs = CommandOutputs::new(arguments.outputs);
    outputs.protect([Some(arguments.sound.clone()), arguments.settings.recipe.recipe.clone()].into_iter().flatten())?;
    if arguments.editable.editable {
        return draw_editable(arguments, (outputs, &output), talk);
    }
    let options = draw_options(&arguments.settings)?;
    if !is_stream(&output) && arguments.sound.is_file() {
        let about = |error: photophone::Error| error.about(&arguments.sound);
        if let Some(long) = photophone::long_sound(&arguments.sound, &options).map_err(about)? {
            return draw_tiles(&long, &options, (outputs, &output), talk);
        }
    }
    let sound = streams::sound(&arguments.sound)?;
    if is_stream(&output) {
        outputs.take_stdout("the picture")?;
    } else {
        plan_drawing(outputs.files(), &output)?;
    }
    let drawn = photophone::draw(&sound, &options).map_err(|error| error.about(&arguments.sound))?;
    let phase = if is_stream(&output) {
        outputs.print(drawn.to_png()?);
        talk.say("the phase is not kept: name a picture with -o, and it goes beside that");
        None
    } else {
        drawn.write_to(outputs.files(), &output)?
    };
    outputs.commit()?;
    for note in &drawn.report.notes {
        talk.say(&in_flags(note));
    }
    say_written(talk, &output, phase.as_deref());
    Ok(())
}

/// Draws a picture that carries its sound.
fn draw_editable(
    arguments: &DrawArguments,
    (mut outputs, output): (CommandOutputs, &Path),
    talk: Talk,
) -> anyhow::Result<()> {
    let options = own_options(arguments)?;
    let (sound, stored) = streams::stored_sound(&arguments.sound)?;
    if is_stream(output) {
        outputs.take_stdout("the picture")?;
    } else {
        plan_own(outputs.files(), output)?;
    }
    let options = OwnOptions { format: Some(stored.format()), ..options };
    let drawn = photophone::own::draw(&sound, &options).map_err(|error| error.about(&arguments.sound))?;
    for note in &drawn.notes {
        talk.say(note);
    }
    if !stored.is_read_exactly() {
        talk.say("the file's samples have more than 24 bits: what is kept of them is their single precision");
    }
    let beside = if is_stream(output) {
        outputs.print(drawn.to_png()?);
        None
    } else {
        drawn.write_to(outputs.files(), output)?
    };
    outputs.commit()?;
    say_written(talk, output, beside.as_deref());
    Ok(())
}

/// Draws a long sound as tiles.
fn draw_tiles(
    long: &LongSound,
    options: &DrawOptions,
    (mut outputs, picture): (CommandOutputs, &Path),
    talk: Talk,
) -> anyhow::Result<()> {
    let drawn = long.draw(picture, options, outputs.files(), watch(talk))?;
    outputs.commit()?;
    for note in &drawn.notes {
        talk.say(&in_flags(note));
    }
    if let [first, .., last] = &drawn.pictures[..] {
        talk.say(&format!("wrote {} to {}, each with its phase", first.display(), last.display()));
    }
    Ok(())
}

pub(crate) fn compare(arguments: &CompareArguments, talk: Talk) -> anyhow::Result<()> {
    let mut outputs = CommandOutputs::new(arguments.outputs);
    outputs.take_stdout("the figures")?;
    outputs.protect([arguments.truth.clone(), arguments.sound.clone()])?;
    arguments.plot.iter().try_for_each(|path| outputs.plan(path, "the picture (--plot)"))?;
    let (truth, sound) = (streams::sound(&arguments.truth)?, streams::sound(&arguments.sound)?);
    let band_hz = arguments.band.as_deref().map(|band| (band[0], band[1]));
    let options = CompareOptions { band_hz, max_lag_samples: arguments.lag, stop: stop_flag() };
    let comparison = compare_sounds(&truth, &sound, &options)?;
    if let Some(path) = &arguments.plot {
        let options = PlotOptions { lag: comparison.all.lag, ..PlotOptions::default() };
        let mixed = [&truth, &sound].map(Sound::mixed_to_mono);
        let mono = |sound: &Sound, samples| Mono { samples, sample_rate_hz: sound.sample_rate_hz };
        outputs.write_raster(path, &plot(mono(&truth, &mixed[0]), mono(&sound, &mixed[1]), &options)?)?;
        if truth.channels.len().max(sound.channels.len()) > 1 {
            talk.say("the picture (--plot) shows the channels mixed to one: their mean");
        }
    }
    let text = if arguments.json { json(&comparison)? } else { lines(&comparison) };
    outputs.print(text.into_bytes());
    outputs.commit()?;
    arguments.plot.iter().for_each(|path| say_written(talk, path, None));
    Ok(())
}

/// Text that ends with one line break.
pub(crate) fn lines(text: &impl ToString) -> String {
    format!("{}\n", text.to_string().trim_end())
}

/// Tells what was written; who sends an output on needs no word of it.
fn say_written(talk: Talk, path: &Path, beside: Option<&Path>) {
    if !is_stream(path) {
        let beside = beside.map(|beside| format!(" and {}", beside.display())).unwrap_or_default();
        talk.say(&format!("wrote {}{beside}", path.display()));
    }
}

/// A file that holds no arrays by name.
pub(crate) fn unnamed(path: PathBuf) -> NamedFile {
    NamedFile { path, name: None }
}
