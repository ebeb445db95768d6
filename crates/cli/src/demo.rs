//! The whole story on a clip of the project's own.

use std::ops::ControlFlow;

use photophone::clip::demo_clip;
use photophone::compare::{CompareOptions, Mono, PlotOptions, compare, plot};
use photophone::files::{LoudnessOptions, Sound};
use photophone::picture::Raster;
use photophone::{DrawOptions, Pitch, Recipe, RecoverOptions, Tuning, draw, recover};

use crate::args::DemoArguments;
use crate::demo_files::DemoFiles;
use crate::progress::say;
use crate::streams::print;

/// Sample rate of the clip, in Hz.
const RATE_HZ: u32 = 44_100;

/// Band that the asker's grid covers, in Hz.
const BAND_HZ: (f64, f64) = (30.0, 4100.0);

/// Draws the clip on the asker's grid and on a denser one, edits the picture, recovers each and
/// compares: everything stays in the folder.
pub(crate) fn demo(arguments: &DemoArguments) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    let mut files = DemoFiles::open(folder)?;
    let clip: Vec<f64> = demo_clip(RATE_HZ).into_iter().map(f64::from).collect();
    let sound = Sound::from_mono(RATE_HZ, &clip);
    files.sound("original.wav", &sound)?;
    say("drawing the clip as the asker did (84 bins, hop 512) and on a grid that carries more");
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
    let picture = files.path("asker.png");
    files.write(|outputs| drawn.write_to(outputs, &picture))?;
    files.bytes("edited.phase.npy", &std::fs::read(folder.join("asker.phase.npy"))?)?;
    files.raster("edited.png", &silenced(&drawn.raster))?;
    let dense = DrawOptions { recipe: dense, cell_width_px: 1, cell_height_px: 2, ..DrawOptions::default() };
    let (picture, drawn) = (files.path("dense.png"), draw(&sound, &dense)?);
    files.write(|outputs| drawn.write_to(outputs, &picture))?;
    print("picture      what                                        SNR dB  SI-SDR dB  below 1.4 kHz dB")?;
    let asker_told = RecoverOptions::default();
    row(&mut files, "asker.png", "84 x 260 cells, hop 512, phase kept", &asker_told, &clip)?;
    let edited_told = RecoverOptions {
        recipe: Recipe { sr: Some(f64::from(RATE_HZ)), hop: Some(512), ..Recipe::default() },
        phase: Some(folder.join("edited.phase.npy").into()),
        ..RecoverOptions::default()
    };
    row(&mut files, "edited.png", "the same, its last second painted black", &edited_told, &clip)?;
    row(&mut files, "dense.png", "192 bins, 24 an octave, hop 64", &RecoverOptions::default(), &clip)?;
    say(&format!("the grid of asker.png ends at 1448 Hz: see Limits in the README; files are in {}", folder.display()));
    print(&folder.display().to_string())
}

/// Recovers one picture, compares it with the clip and prints its row.
fn row(files: &mut DemoFiles, picture: &str, what: &str, told: &RecoverOptions, clip: &[f64]) -> anyhow::Result<()> {
    let options =
        RecoverOptions { input: files.path(picture).into(), loudness: LoudnessOptions::default(), ..told.clone() };
    let recovered = recover(&options, |_| ControlFlow::Continue(()))?;
    let name = |ending: &str| picture.replace("png", ending);
    files.sound(&name("wav"), &recovered.sound)?;
    if let Some(overlay) = &recovered.overlay {
        files.raster(&name("overlay.png"), overlay)?;
    }
    let result = recovered.sound.mixed_to_mono();
    let mono = |samples| Mono { samples, sample_rate_hz: RATE_HZ };
    let within = |band_hz| -> anyhow::Result<_> {
        Ok(compare(mono(clip), mono(&result), &CompareOptions { band_hz: Some(band_hz), ..CompareOptions::default() })?)
    };
    let (all, low) = (within(BAND_HZ)?, within((BAND_HZ.0, 1400.0))?);
    let raster = plot(mono(clip), mono(&result), &PlotOptions::default())?;
    files.raster(&name("compared.png"), &raster)?;
    print(&format!("{picture:<12} {what:<42} {:>7.1} {:>10.1} {:>17.1}", all.snr_db, all.si_sdr_db, low.si_sdr_db))
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
