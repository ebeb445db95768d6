//! The whole story on a clip of the project's own.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::Context;
use photophone::clip::demo_clip;
use photophone::compare::{CompareOptions, Mono, PlotOptions, compare, plot};
use photophone::files::{LoudnessOptions, Sound, write_sound};
use photophone::picture::Raster;
use photophone::{DrawOptions, Pitch, Recipe, RecoverOptions, Tuning, draw, recover, write_raster};

use crate::args::DemoArguments;
use crate::progress::{Talk, print};

/// Sample rate of the clip, in Hz.
const RATE_HZ: u32 = 44_100;

/// Band that the asker's grid covers, in Hz.
const BAND_HZ: (f64, f64) = (30.0, 4100.0);

/// Draws the clip on the asker's grid and on a denser one, edits the picture, recovers each and
/// compares: everything stays in the folder.
pub(crate) fn demo(arguments: &DemoArguments, talk: Talk) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let clip: Vec<f64> = demo_clip(RATE_HZ).into_iter().map(f64::from).collect();
    write_sound(&folder.join("original.wav"), &Sound::from_mono(RATE_HZ, &clip), None, &[])?;
    let sound = Sound::from_mono(RATE_HZ, &clip);
    talk.say("drawing the clip as the asker did (84 bins, hop 512) and on a grid that carries more");
    let asker = Recipe { hop: Some(512), ..Recipe::default() };
    let dense = Recipe {
        hop: Some(64),
        bins: Some(8 * 24),
        bins_per_octave: Some(24),
        fmin: Some(Pitch(32.70319566257483)),
        tuning: Some(Tuning::Bins(0.0)),
        ..Recipe::default()
    };
    let drawn = draw(&sound, &DrawOptions { recipe: asker, ..DrawOptions::default() })?;
    drawn.write(&folder.join("asker.png"), &[])?;
    let recipe_text = std::fs::read(folder.join("asker.phase.npy"))?;
    std::fs::write(folder.join("edited.phase.npy"), recipe_text)?;
    write_raster(&folder.join("edited.png"), &silenced(&drawn.raster), &[], &[])?;
    let dense = DrawOptions { recipe: dense, cell_width_px: 1, cell_height_px: 2, ..DrawOptions::default() };
    draw(&sound, &dense)?.write(&folder.join("dense.png"), &[])?;
    print("picture      what                                        SNR dB  SI-SDR dB  below 1.4 kHz dB");
    let asker_told = RecoverOptions::default();
    row(folder, "asker.png", "84 x 260 cells, hop 512, phase kept", &asker_told, &clip)?;
    let edited_told = RecoverOptions {
        recipe: Recipe { sr: Some(f64::from(RATE_HZ)), hop: Some(512), ..Recipe::default() },
        phase: Some(folder.join("edited.phase.npy").into()),
        ..RecoverOptions::default()
    };
    row(folder, "edited.png", "the same, its last second painted black", &edited_told, &clip)?;
    row(folder, "dense.png", "192 bins, 24 an octave, hop 64", &RecoverOptions::default(), &clip)?;
    talk.say(&format!(
        "the grid of asker.png ends at 1448 Hz: see Limits in the README; files are in {}",
        folder.display()
    ));
    print(&folder.display().to_string());
    Ok(())
}

/// Recovers one picture, compares it with the clip and prints its row.
fn row(folder: &Path, picture: &str, what: &str, told: &RecoverOptions, clip: &[f64]) -> anyhow::Result<()> {
    let path = folder.join(picture);
    let options = RecoverOptions { input: path.clone().into(), loudness: LoudnessOptions::default(), ..told.clone() };
    let recovered = recover(&options, |_| ControlFlow::Continue(()))?;
    write_sound(&path.with_extension("wav"), &recovered.sound, None, &[])?;
    if let Some(overlay) = &recovered.overlay {
        write_raster(&path.with_extension("overlay.png"), overlay, &[], &[])?;
    }
    let result = recovered.sound.mixed_to_mono();
    let mono = |samples| Mono { samples, sample_rate_hz: RATE_HZ };
    let within = |band_hz| -> anyhow::Result<_> {
        Ok(compare(mono(clip), mono(&result), &CompareOptions { band_hz: Some(band_hz), ..CompareOptions::default() })?)
    };
    let (all, low) = (within(BAND_HZ)?, within((BAND_HZ.0, 1400.0))?);
    let raster = plot(mono(clip), mono(&result), &PlotOptions::default())?;
    write_raster(&path.with_extension("compared.png"), &raster, &[], &[])?;
    print(&format!("{picture:<12} {what:<42} {:>7.1} {:>10.1} {:>17.1}", all.snr_db, all.si_sdr_db, low.si_sdr_db));
    Ok(())
}

/// The picture with its last third painted in its quietest colour.
fn silenced(raster: &Raster) -> Raster {
    let from = raster.width() * 2 / 3;
    let quiet = *raster
        .pixels()
        .iter()
        .min_by_key(|pixel| pixel[..3].iter().map(|&c| u32::from(c)).sum::<u32>())
        .unwrap_or(&[0; 4]);
    Raster::from_fn(raster.width(), raster.height(), |x, y| if x < from { raster.pixel(x, y) } else { quiet })
        .unwrap_or_else(|_| raster.clone())
}
