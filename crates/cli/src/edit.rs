//! The command `edit`: a sound with parts of its spectrogram changed.

use std::path::Path;

use photophone::edit::{EditAccount, EditOptions, Edits, apply, kept_format};
use photophone::files::{SoundFormat, encode_sound, read_bytes};

use crate::args::EditArguments;
use crate::commands::say_sound;
use crate::interrupt::stop_flag;
use crate::outputs::{CommandOutputs, json, or_beside};
use crate::settings::sample_format;
use crate::streams::{self, is_stream};
use crate::talk::Talk;

/// The largest file of edits, in bytes.
const MAX_BYTES: u64 = 1 << 26;

pub(crate) fn edit(arguments: &EditArguments, talk: Talk) -> anyhow::Result<()> {
    let output = or_beside(arguments.output.as_ref(), &arguments.sound, "edited.wav")?;
    let format = if is_stream(&output) { SoundFormat::Wav } else { SoundFormat::from_path(&output)? };
    let told = arguments.bits.as_deref().map(sample_format).transpose()?;
    let mut outputs = CommandOutputs::new(arguments.outputs);
    outputs.protect([arguments.sound.clone(), arguments.edits.clone()])?;
    outputs.plan(&output, "the sound (-o)")?;
    let report = arguments.report.clone().or_else(|| arguments.json.then(|| "-".into()));
    report.iter().try_for_each(|path| outputs.plan(path, "the report (--report or --json)"))?;
    let edits = edits(&arguments.edits)?;
    let sound = streams::sound(&arguments.sound)?;
    let options = EditOptions { edge: arguments.edge, stop: stop_flag(), ..EditOptions::default() };
    let edited = apply(&sound, &edits, &options)?;
    let bits = told.unwrap_or_else(|| kept_format(&sound, &edited.sound, format));
    outputs.write(&output, |writer| encode_sound(&output, &edited.sound, format, Some(bits), writer))?;
    if let Some(path) = &report {
        outputs.write_bytes(path, json(&edited.account)?.as_bytes())?;
    }
    outputs.commit()?;
    for line in lines(&edited.account) {
        talk.say(&line);
    }
    say_sound(talk, &output, (sound.duration_secs(), sound.sample_rate_hz), sound.channels.len());
    Ok(())
}

fn edits(path: &Path) -> anyhow::Result<Edits> {
    let bytes = read_bytes(path, "edits in JSON", MAX_BYTES, "give the file that holds the edits")?;
    let text =
        String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{}: expected edits in JSON, as text", path.display()))?;
    Edits::from_json(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

/// What was changed: a line for each region, and one for all.
fn lines(account: &EditAccount) -> Vec<String> {
    let region = |region: &photophone::edit::Region| {
        let ((from, to), (low, high)) = (region.secs, region.hz);
        let gain = match region.gain_db {
            _ if region.copied_from_secs.is_some() => {
                format!("copied from {:.3} s", region.copied_from_secs.unwrap_or_default())
            }
            (least, most) if least == most && least == f64::NEG_INFINITY => "erased".to_owned(),
            (least, most) if least == most => format!("{least:+.1} dB"),
            (least, most) => format!("{least:+.1} to {most:+.1} dB"),
        };
        format!("changed  {from:.3} to {to:.3} s, {low:.0} to {high:.0} Hz: {gain}, {:.1} cells", region.cells)
    };
    let mut lines: Vec<String> = account.regions.iter().map(region).collect();
    if account.difference_db > f64::NEG_INFINITY {
        lines.push(format!("the difference lies {:.1} dB below the sound", -account.difference_db));
    } else {
        lines.push("nothing was changed".to_owned());
    }
    lines
}
