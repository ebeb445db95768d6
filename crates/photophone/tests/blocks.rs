//! Long recordings: block by block from arrays and tiles, the same sound as at once.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::{PI, TAU};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use photophone::files::{
    ArrayToWrite, Existing, KeptWork, Outputs, SampleSpool, Sound, SoundFormat, SoundReadOptions, Stage, read_sound,
    write_npy, write_sound,
};
use photophone::transform::{Cqt, CqtParams, PadMode, Progress};
use photophone::{
    DrawOptions, DrawnTiles, Error, Inverse, InverseRecipe, Recipe, RecoverOptions, TransformRecipe, draw, long_input,
    long_sound, recover, tiles_of,
};

const RATE_HZ: u32 = 8000;

/// Ten seconds, and some samples that fill no hop.
const SAMPLES: usize = 80_123;

/// Notes that begin and end, over some hiss.
fn music(root_hz: f64) -> Vec<f64> {
    let mut state = 1_u64;
    let mut hiss = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let sample = |i: usize| {
        let secs = i as f64 / f64::from(RATE_HZ);
        let hz = root_hz * ([0.0, 4.0, 7.0, 12.0, 9.0, 2.0][(i / 3000) % 6] / 12.0_f64).exp2();
        let fade = (PI * (i % 3000) as f64 / 3000.0).sin();
        0.2 * fade * (1..5).map(|h| (TAU * hz * f64::from(h) * secs).sin() / f64::from(h)).sum::<f64>() + 0.002 * hiss()
    };
    (0..SAMPLES).map(sample).collect()
}

fn params() -> CqtParams {
    let (sr, pad_mode) = (f64::from(RATE_HZ), PadMode::Reflect);
    CqtParams { sr, hop: 64, bins: 36, fmin_hz: 220.0, pad_mode, ..CqtParams::default() }
}

fn recipe() -> Recipe {
    let transform = TransformRecipe {
        sr: Some(f64::from(RATE_HZ)),
        hop: Some(64),
        bins: Some(36),
        fmin: Some("220".parse().unwrap()),
        ..TransformRecipe::default()
    };
    let inverse = InverseRecipe { method: Some(Inverse::Linear) };
    Recipe { transform, inverse, ..Recipe::default() }
}

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Recovers in blocks, and gives each channel.
fn in_blocks(options: &RecoverOptions, folder: &Path) -> (Vec<Vec<f32>>, photophone::Report) {
    let long = long_input(options).unwrap().unwrap();
    let path = folder.join("out.wav");
    let mut spool = SampleSpool::beside(&path, long.channels()).unwrap();
    let recovered = long.recover(options, (&mut spool, None), go).unwrap();
    photophone::files::write_beside_then_rename(&path, &[], |writer| {
        spool.encode(&path, (recovered.sample_rate_hz, recovered.scale), (SoundFormat::Wav, None), writer)
    })
    .unwrap();
    (read_sound(&path, SoundReadOptions::default()).unwrap().channels, recovered.report)
}

/// Power of what the grid hears of the difference over what it hears of what is expected, in dB: but near the ends, and in the
/// lowest row, half of which lies below the band that the grid carries.
fn off_db(found: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let plan = Cqt::new(&params(), found.len()).unwrap();
    let power = |samples: Vec<f64>| {
        let cells = plan.forward(&samples).unwrap();
        let inside = 30..cells.columns() - 30;
        (1..cells.rows()).flat_map(|k| &cells.row(k)[inside.clone()]).map(num_complex::Complex::norm_sqr).sum::<f64>()
    };
    let left = found.iter().zip(expected).map(|(a, b)| f64::from(a - b)).collect();
    10.0 * (power(left) / power(expected.iter().map(|&b| f64::from(b)).collect())).log10()
}

fn wav(folder: &Path, channels: &[Vec<f64>]) -> PathBuf {
    let path = folder.join("song.wav");
    write_sound(&path, &Sound::from_channels(RATE_HZ, channels), None, &[]).unwrap();
    path
}

fn tiles(folder: &Path, channels: &[Vec<f64>], tile_secs: f64) -> (PathBuf, DrawnTiles) {
    let options = DrawOptions { recipe: without_inverse(), tile_secs: Some(tile_secs), ..DrawOptions::default() };
    let picture = folder.join("song.png");
    let mut outputs = Outputs::new(Existing::Refuse, &Stage::default());
    let long = long_sound(&wav(folder, channels), &options).unwrap().unwrap();
    let drawn = long.draw(&picture, &options, &mut outputs, go).unwrap();
    outputs.commit().unwrap();
    (picture, drawn)
}

fn without_inverse() -> Recipe {
    Recipe { inverse: InverseRecipe::default(), ..recipe() }
}

fn of_tiles(paths: &[PathBuf], block_secs: Option<f64>) -> RecoverOptions {
    let mut inputs = paths.iter().cloned().map(photophone::Input::from);
    let recipe = Recipe { transform: TransformRecipe::default(), ..recipe() };
    RecoverOptions {
        input: inputs.next().unwrap(),
        more: inputs.collect(),
        recipe,
        block_secs,
        ..RecoverOptions::default()
    }
}

#[test]
fn an_array_gives_the_same_sound_in_blocks_and_its_settings_are_found_on_excerpts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.npy");
    let x = music(220.0);
    let made = CqtParams { tuning: 0.2, ..params() };
    let cells = Cqt::new(&made, SAMPLES).unwrap().forward(&x).unwrap();
    write_npy(&path, ArrayToWrite::Complex(&cells), &[]).unwrap();
    let options = RecoverOptions { input: path.into(), recipe: recipe(), ..RecoverOptions::default() };
    // So little is recovered at once where nobody asks for blocks.
    assert!(long_input(&options).unwrap().is_none());
    let whole = recover(&options, go).unwrap();
    let (found, report) = in_blocks(&RecoverOptions { block_secs: Some(2.0), ..options }, folder.path());
    let entry = |report: &photophone::Report, name: &str| {
        report.findings.iter().find(|entry| entry.name == name).map(|entry| entry.value.clone())
    };
    for name in ["tuning", "pad-mode", "length"] {
        assert_eq!(entry(&report, name), entry(&whole.report, name), "{name}");
    }
    assert_eq!(entry(&report, "length"), Some(SAMPLES.into()));
    assert!(entry(&report, "blocks").is_some());
    let db = off_db(&found[0], &whole.sound.channels[0]);
    assert!(db < -80.0, "{db:.1} dB");
    assert!(report.solve.unwrap().residual_db < -60.0);
}

#[test]
fn tiles_are_cut_out_of_the_whole_picture_and_give_its_sound() {
    let folder = tempfile::tempdir().unwrap();
    let channels = [music(220.0), music(277.2).iter().map(|x| 0.3 * x).collect()];
    let (picture, drawn) = tiles(folder.path(), &channels, 3.0);
    assert_eq!(tiles_of(&picture), drawn.pictures);
    assert_eq!(drawn.pictures.len(), 4);
    let whole = draw(
        &Sound::from_channels(RATE_HZ, &channels),
        &DrawOptions { recipe: without_inverse(), ..DrawOptions::default() },
    )
    .unwrap();
    // Pixels of the tiles, side by side, are those of the whole.
    let mut column = 0;
    for tile in &drawn.pictures {
        let pixels = photophone::files::read_picture(tile, photophone::files::PictureReadOptions::default()).unwrap();
        let raster = pixels.into_raster(tile).unwrap();
        let rows = raster.pixels().chunks(raster.width()).zip(whole.raster.pixels().chunks(whole.raster.width()));
        assert!(rows.into_iter().all(|(tile, whole)| tile == &whole[column..column + tile.len()]));
        column += raster.width();
    }
    assert_eq!(column, whole.raster.width());
    let options = RecoverOptions {
        input: whole.to_input().unwrap(),
        phase: whole.phase_input(),
        recipe: of_tiles(&drawn.pictures, None).recipe,
        ..RecoverOptions::default()
    };
    let at_once = recover(&options, go).unwrap();
    let (found, report) = in_blocks(&of_tiles(&drawn.pictures, Some(2.0)), folder.path());
    for (found, at_once) in found.iter().zip(&at_once.sound.channels) {
        // Rounded levels are fitted again in each block, to what its noise leaves open.
        let db = off_db(found, at_once);
        assert!(db < -50.0, "{db:.1} dB");
    }
    assert!(!report.solve.unwrap().is_poor && report.warnings.is_empty(), "{:?}", report.warnings);
}

#[test]
fn some_tiles_in_a_row_give_their_part_and_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let x = music(220.0);
    let (_, drawn) = tiles(folder.path(), std::slice::from_ref(&x), 2.0);
    let (whole, _) = in_blocks(&of_tiles(&drawn.pictures, None), folder.path());
    let (part, report) = in_blocks(&of_tiles(&drawn.pictures[1..3], None), folder.path());
    let (first, length) = (250 * 64, part[0].len());
    assert_eq!(length, (2 * 250 - 1) * 64);
    let db = off_db(&part[0], &whole[0][first..first + length]);
    assert!(db < -45.0, "{db:.1} dB");
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    // A tile alone is such a part.
    let (last, _) = in_blocks(&of_tiles(&drawn.pictures[5..], None), folder.path());
    assert_eq!(last[0].len(), SAMPLES - 5 * 250 * 64);
    let refused = |paths: &[PathBuf]| long_input(&of_tiles(paths, None)).map(|_| ()).unwrap_err().to_string();
    let [a, b, c] = [0, 1, 2].map(|index| drawn.pictures[index].clone());
    for paths in [[a.clone(), c.clone()], [b, a.clone()]] {
        let message = refused(&paths);
        assert!(message.contains("in their order") && message.contains("expected a tile with frame"), "{message}");
    }
    let other = folder.path().join("other.0001.png");
    let loud: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
    draw(&Sound::from_mono(RATE_HZ, &loud), &DrawOptions { recipe: without_inverse(), ..DrawOptions::default() })
        .unwrap()
        .write(&other, &[])
        .unwrap();
    assert!(refused(&[a, other.clone()]).contains("no tile"));
    // The name alone makes no tile.
    assert!(long_input(&of_tiles(&[other], None)).unwrap().is_none());
}

#[test]
fn tiles_without_their_phase_give_a_sound_of_one_piece() {
    let folder = tempfile::tempdir().unwrap();
    let (_, drawn) = tiles(folder.path(), &[music(220.0)], 4.0);
    for tile in &drawn.pictures {
        std::fs::remove_file(tile.with_extension("phase.npy")).unwrap();
    }
    let (found, report) = in_blocks(&of_tiles(&drawn.pictures, Some(3.0)), folder.path());
    assert!(report.solve.unwrap().of_magnitudes);
    let cells = Cqt::new(&params(), SAMPLES).unwrap().forward(&music(220.0)).unwrap();
    let samples: Vec<f64> = found[0].iter().map(|&sample| f64::from(sample)).collect();
    let made = Cqt::new(&params(), SAMPLES).unwrap().forward(&samples).unwrap();
    let (mut left, mut whole) = (0.0_f64, 0.0);
    for (made, wanted) in made.as_slice().iter().zip(cells.as_slice()) {
        left += (made.norm() - wanted.norm()).powi(2);
        whole += wanted.norm_sqr();
    }
    let db = 10.0 * (left / whole).log10();
    assert!(db < -20.0, "{db:.1} dB of the magnitudes");
}

#[test]
fn work_that_is_ended_early_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_, drawn) = tiles(folder.path(), &[music(220.0)], 4.0);
    let options = of_tiles(&drawn.pictures, Some(2.0));
    let before = std::fs::read_dir(folder.path()).unwrap().count();
    let long = long_input(&options).unwrap().unwrap();
    let mut spool = SampleSpool::beside(&folder.path().join("x.wav"), 1).unwrap();
    let mut last = 0.0;
    let ended = long.recover(&options, (&mut spool, None), |now| {
        assert!(now.done >= last, "{} after {last}", now.done);
        last = now.done;
        if now.done > 0.5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(ended, Err(Error::Interrupted)), "{ended:?}");
    drop(spool);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), before);
    let options = DrawOptions { recipe: without_inverse(), tile_secs: Some(1.0), ..DrawOptions::default() };
    let long = long_sound(&folder.path().join("song.wav"), &options).unwrap().unwrap();
    let mut outputs = Outputs::new(Existing::Refuse, &Stage::default());
    let ended = long.draw(&folder.path().join("y.png"), &options, &mut outputs, |_| ControlFlow::Break(()));
    assert!(matches!(ended, Err(Error::Interrupted)), "{ended:?}");
    drop(outputs);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), before);
}

#[test]
fn work_that_was_interrupted_goes_on_with_the_same_samples() {
    let folder = tempfile::tempdir().unwrap();
    let (_, drawn) = tiles(folder.path(), &[music(220.0)], 4.0);
    let options = of_tiles(&drawn.pictures, Some(2.0));
    let (at_once, whole) = in_blocks(&options, folder.path());
    let path = folder.path().join("resumed.wav");
    let run = |options: &RecoverOptions, until: f64| {
        let kept = KeptWork::beside(&path).unwrap();
        let long = long_input(options).unwrap().unwrap();
        let mut spool = kept.spool(1).unwrap();
        let recovered = long.recover(options, (&mut spool, Some(&kept)), |now| {
            if now.done > until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        recovered.map(|recovered| (recovered, spool, kept))
    };
    assert!(matches!(run(&options, 0.6), Err(Error::Interrupted)));
    let (recovered, mut spool, kept) = run(&options, 2.0).unwrap();
    assert!(recovered.report.notes.iter().any(|note| note.contains("went on after")), "{:?}", recovered.report.notes);
    photophone::files::write_beside_then_rename(&path, &[], |writer| {
        spool.encode(&path, (recovered.sample_rate_hz, recovered.scale), (SoundFormat::Wav, None), writer)
    })
    .unwrap();
    assert_eq!(read_sound(&path, SoundReadOptions::default()).unwrap().channels, at_once);
    assert_eq!(recovered.report.solve, whole.solve);
    // Other work begins anew.
    drop((spool, kept));
    assert!(matches!(run(&RecoverOptions { centres: true, ..options.clone() }, 0.6), Err(Error::Interrupted)));
    let (again, _spool, kept) = run(&options, 2.0).unwrap();
    assert!(!again.report.notes.iter().any(|note| note.contains("went on after")), "{:?}", again.report.notes);
    kept.remove().unwrap();
    assert!(!folder.path().join("resumed.wav.part").exists() && !folder.path().join("resumed.wav.resume").exists());
}

/// Data that are all in memory, as an array of magnitudes with its phase or a picture is, are solved block by block too.
#[test]
fn what_is_at_hand_is_solved_in_blocks_where_that_is_asked_for() {
    let x = music(220.0);
    let cells = Cqt::new(&params(), SAMPLES).unwrap().forward(&x).unwrap();
    let options = RecoverOptions {
        input: photophone::Input::complex("the coefficients", cells),
        recipe: recipe(),
        ..RecoverOptions::default()
    };
    assert!(long_input(&RecoverOptions { block_secs: Some(2.0), ..options.clone() }).unwrap().is_none());
    let whole = recover(&options, go).unwrap();
    let mut last = 0.0;
    let in_blocks = recover(&RecoverOptions { block_secs: Some(2.0), ..options }, |now| {
        assert!((last..=1.0).contains(&now.done), "{} after {last}", now.done);
        last = now.done;
        ControlFlow::Continue(())
    });
    let in_blocks = in_blocks.unwrap();
    let db = off_db(&in_blocks.sound.channels[0], &whole.sound.channels[0]);
    assert!(db < -80.0 && last > 0.9, "{db:.1} dB, {last} done");
    assert!(in_blocks.report.findings.iter().any(|entry| entry.name == "blocks"));
}
