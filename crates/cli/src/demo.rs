//! The whole story on a clip of the project's own.

use std::ops::ControlFlow;

use photophone::clip::demo_clip;
use photophone::compare::{CompareOptions, Mono, PlotOptions, compare, plot};
use photophone::files::Sound;
use photophone::picture::Raster;
use photophone::{DrawOptions, LoudnessOptions, Pitch, Recipe, RecoverOptions, TransformRecipe, Tuning, draw, recover};

use crate::args::DemoArguments;
use crate::demo_files::DemoFiles;
use crate::streams::print;
use crate::talk::Talk;

/// Sample rate of the clip, in Hz.
const RATE_HZ: u32 = 44_100;

/// Band that the example grid covers, in Hz.
const BAND_HZ: (f64, f64) = (30.0, 4100.0);

/// Samples between frames of the example grid.
const HOP: usize = 512;

/// Draws the clip on the example grid and on a denser one, edits the picture, recovers each and
/// compares: everything stays in the folder.
pub(crate) fn demo(arguments: &DemoArguments, talk: Talk) -> anyhow::Result<()> {
    let mut files = DemoFiles::open(&arguments.folder)?;
    let clip: Vec<f64> = demo_clip(RATE_HZ).into_iter().map(f64::from).collect();
    let sound = Sound::from_mono(RATE_HZ, &clip);
    files.sound("original.wav", &sound)?;
    talk.say("drawing original.wav on the example grid (84 bins, 12 an octave, hop 512): example.png");
    let example = Recipe::from(TransformRecipe { hop: Some(HOP), ..TransformRecipe::default() });
    let drawn = draw(&sound, &DrawOptions { recipe: example, ..DrawOptions::default() })?;
    let picture = files.path("example.png");
    files.write(|outputs| drawn.write_to(outputs, &picture))?;
    talk.say("painting its last third black, as an editor would, which forgets the recipe: edited.png");
    let (edited, samples) = silenced(&drawn.raster, DrawOptions::default().cell_width_px);
    files.raster("edited.png", &edited)?;
    talk.say("drawing original.wav on a denser grid (192 bins, 24 an octave, hop 64): dense.png");
    let dense = DrawOptions { recipe: dense_grid(), cell_width_px: 1, cell_height_px: 2, ..DrawOptions::default() };
    let (picture, drawn) = (files.path("dense.png"), draw(&sound, &dense)?);
    files.write(|outputs| drawn.write_to(outputs, &picture))?;
    print("picture      compared with                               SNR dB  SI-SDR dB  below 1.4 kHz dB")?;
    let with_original =
        RecoverOptions { original: Some(files.path("example.png").into()), ..RecoverOptions::default() };
    let silent_end = [&clip[..samples.min(clip.len())], &vec![0.0; clip.len().saturating_sub(samples)]].concat();
    let rows = [
        ("example.png", "the original; its phase was kept", RecoverOptions::default(), &clip),
        ("edited.png", "the original, silent where it was painted", with_original, &silent_end),
        ("dense.png", "the original; its phase was kept", RecoverOptions::default(), &clip),
    ];
    for (picture, what, told, truth) in rows {
        talk.say(&format!("recovering {picture}"));
        row(&mut files, picture, what, &told, truth)?;
    }
    talk.say("above 1448 Hz the frames of the example grid are too far apart: the sound is estimated there");
    print(&arguments.folder.display().to_string())
}

fn dense_grid() -> Recipe {
    Recipe::from(TransformRecipe {
        hop: Some(64),
        bins: Some(8 * 24),
        bins_per_octave: Some(24),
        fmin: Some(Pitch(32.70319566257483)),
        tuning: Some(Tuning::Bins(0.0)),
        ..TransformRecipe::default()
    })
}

/// Recovers one picture, compares it with the clip and prints its row.
fn row(files: &mut DemoFiles, picture: &str, what: &str, told: &RecoverOptions, truth: &[f64]) -> anyhow::Result<()> {
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
        Ok(compare(
            mono(truth),
            mono(&result),
            &CompareOptions { band_hz: Some(band_hz), ..CompareOptions::default() },
        )?)
    };
    let (all, low) = (within(BAND_HZ)?, within((BAND_HZ.0, 1400.0))?);
    let raster = plot(mono(truth), mono(&result), &PlotOptions::default())?;
    files.raster(&name("compared.png"), &raster)?;
    print(&format!("{picture:<12} {what:<42} {:>7.1} {:>10.1} {:>17.1}", all.snr_db, all.si_sdr_db, low.si_sdr_db))
}

/// The picture with its last third painted in its quietest colour, and the samples before that.
fn silenced(raster: &Raster, cell_width_px: usize) -> (Raster, usize) {
    let frame = raster.width() / cell_width_px * 2 / 3;
    let from = frame * cell_width_px;
    let quiet = *raster
        .pixels()
        .iter()
        .min_by_key(|pixel| pixel[..3].iter().map(|&c| u32::from(c)).sum::<u32>())
        .unwrap_or(&[0; 4]);
    let edited =
        Raster::from_fn(raster.width(), raster.height(), |x, y| if x < from { raster.pixel(x, y) } else { quiet });
    (edited.unwrap_or_else(|_| raster.clone()), frame * HOP)
}
