//! Own pictures on which something was painted where there was nothing.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;
use std::ops::Range;

use photophone::edit::Edge;
use photophone::files::Sound;
use photophone::own::{Levels, OwnDrawn, OwnOptions, OwnRecovered, draw};
use photophone::transform::StopFlag;

const RATE: u32 = 22_050;

fn sound_of(sample: impl Fn(f64) -> f64) -> Sound {
    let frames = 3 * RATE as usize;
    let sample = |at: usize| (sample(at as f64 / f64::from(RATE)) * 32_768.0).round() as f32 / 32_768.0;
    Sound { sample_rate_hz: RATE, channels: vec![(0..frames).map(sample).collect()] }
}

/// A loud low tone for half a second, and silence.
fn beginning() -> Sound {
    sound_of(|secs| if secs < 0.5 { 0.3 * (TAU * 200.0 * secs).sin() * (TAU * secs).sin() } else { 0.0 })
}

/// Plucked partials and a glide.
fn played() -> Sound {
    sound_of(|secs| {
        let within = secs % 0.7;
        let plucked =
            |k: i32| (-4.0 * f64::from(k) * within).exp() / f64::from(k) * (TAU * 330.0 * f64::from(k) * secs).sin();
        0.15 * (1..8).map(plucked).sum::<f64>() + 0.05 * (TAU * (900.0 * secs + 150.0 * secs * secs)).sin()
    })
}

fn rows(drawn: &OwnDrawn, hz: (f64, f64)) -> Range<usize> {
    let bands = drawn.recipe.params().bands().unwrap();
    bands.partition_point(|band| band.centre_hz < hz.0)..bands.partition_point(|band| band.centre_hz < hz.1)
}

fn column(secs: f64) -> usize {
    (secs * f64::from(RATE) / 256.0) as usize
}

/// The picture's levels with those of a rectangle made others.
fn painted(drawn: &OwnDrawn, rows: Range<usize>, columns: Range<usize>, level: impl Fn(usize, usize) -> u16) -> Levels {
    let mut levels = drawn.levels.clone();
    for row in rows {
        for column in columns.clone() {
            levels.channels[0][(row, column)] = level(row, column);
        }
    }
    levels
}

fn sounded(drawn: &OwnDrawn, levels: Levels, edge: Edge) -> OwnRecovered {
    drawn.sound_with(levels, edge, &StopFlag::default()).unwrap()
}

/// The coefficient of a frequency around a time, under a Hann window of so many seconds: its amplitude and phase.
fn tone(samples: &[f32], hz: f64, secs: f64, length_secs: f64) -> (f64, f64) {
    let (half, middle) = ((0.5 * length_secs * f64::from(RATE)) as i64, (secs * f64::from(RATE)) as i64);
    let (mut re, mut im) = (0.0, 0.0);
    for at in -half..=half {
        let turn = TAU * hz * (middle + at) as f64 / f64::from(RATE);
        let weight = (0.5 + 0.5 * (TAU / 2.0 * at as f64 / half as f64).cos()) * 2.0 / half as f64;
        let sample = weight * f64::from(samples[(middle + at) as usize]);
        (re, im) = (re + sample * turn.cos(), im - sample * turn.sin());
    }
    (re.hypot(im), im.atan2(re))
}

#[test]
fn a_painted_line_is_a_tone_without_a_click() {
    let drawn = draw(&beginning(), &OwnOptions::default()).unwrap();
    let row = rows(&drawn, (0.0, 1000.0)).end;
    let hz = drawn.recipe.params().bands().unwrap()[row].centre_hz;
    // 20 dB below the loudest.
    let level = 255 - ((12.0 + 20.0) * 255.0 / 100.0) as u16;
    let amplitude = drawn.recipe.picture.reference
        * 10f64.powf(drawn.recipe.picture.range_db * (f64::from(level) / 255.0 - 1.0) / 20.0);
    for edge in [Edge::Inside, Edge::Outside] {
        let found = sounded(&drawn, painted(&drawn, row..row + 1, column(1.2)..column(2.2), |_, _| level), edge);
        let samples = &found.sound.channels[0];
        let (loud, first) = tone(samples, hz, 1.6, 0.2);
        let (_, second) = tone(samples, hz, 1.8, 0.2);
        let turn = (second - first + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0;
        let cents = 1200.0 * (1.0 + turn / TAU / 0.2 / hz).log2();
        let off_db = 20.0 * (loud / amplitude).log10();
        assert!(cents.abs() < 5.0, "{edge:?}: {cents} cents");
        // A line of one row is as loud as it was painted where what lies beside it hears it too.
        assert!(off_db.abs() < if edge == Edge::Inside { 2.0 } else { 8.0 }, "{edge:?}: {off_db} dB");
        // A click is heard at other frequencies: around both ends, and far from the tone.
        for secs in [1.2, 2.2] {
            for other in [3000.0, 6000.0] {
                let click_db = 20.0 * (tone(samples, other, secs, 0.02).0 / loud).log10();
                assert!(click_db < -60.0, "{edge:?}, {secs} s, {other} Hz: {click_db} dB");
            }
        }
        // Before it and after it, samples are as they were.
        let drawn_samples = &drawn.sound().channels[0];
        let (before, after) = ((0.9 * f64::from(RATE)) as usize, (2.5 * f64::from(RATE)) as usize);
        assert!(samples[..before] == drawn_samples[..before] && samples[after..] == drawn_samples[after..]);
        assert!(found.report.warnings.is_empty(), "{:?}", found.report.warnings);
        assert!(found.report.findings.iter().any(|entry| entry.text().contains("painted")), "{}", found.report);
    }
}

#[test]
fn levels_of_another_sound_painted_into_silence_come_out_as_they_were_painted() {
    let silent = draw(&beginning(), &OwnOptions::default()).unwrap();
    let options = OwnOptions { head_room_db: 12.0, ..OwnOptions::default() };
    let other = draw(&played(), &options).unwrap();
    // Another reference moves the levels by a constant.
    let shift_db = 20.0 * (other.recipe.picture.reference / silent.recipe.picture.reference).log10();
    let shift = shift_db / 100.0 * 255.0;
    let level = |row: usize, column: usize| {
        (f64::from(other.levels.channels[0][(row, column)]) + shift).round().clamp(0.0, 255.0) as u16
    };
    let (rows, columns) = (rows(&silent, (250.0, 3000.0)), column(1.0)..column(2.6));
    let found = sounded(&silent, painted(&silent, rows.clone(), columns.clone(), level), Edge::Inside);
    // Looked at by drawing it again: levels, where there is something to see.
    let again = draw(&found.sound, &OwnOptions::default()).unwrap();
    let magnitude = |drawn: &OwnDrawn, at: (usize, usize)| {
        let picture = &drawn.recipe.picture;
        let db = picture.range_db * (f64::from(drawn.levels.channels[0][at]) / 255.0 - 1.0);
        picture.reference * 10f64.powf(db / 20.0)
    };
    let (mut off, mut whole) = (0.0, 0.0);
    for row in rows.start + 4..rows.end - 4 {
        for column in columns.start + 12..columns.end - 12 {
            let (wanted, is) = (magnitude(&other, (row, column)), magnitude(&again, (row, column)));
            (off, whole) = (off + (is - wanted).powi(2), whole + wanted.powi(2));
        }
    }
    let convergence_db = 10.0 * (off / whole).log10();
    assert!(convergence_db < -15.0, "{convergence_db} dB");
}

#[test]
fn what_is_there_goes_on_into_what_was_painted() {
    // The middle of a tone is taken out of the sound, and painted again.
    let whole = sound_of(|secs| 0.3 * (TAU * 700.3 * secs).sin());
    let gap = |at: usize| (1.0..2.0).contains(&(at as f64 / f64::from(RATE)));
    let mut cut = whole.clone();
    for (at, sample) in cut.channels[0].iter_mut().enumerate().filter(|(at, _)| gap(*at)) {
        let secs = at as f64 / f64::from(RATE);
        // Faded over 50 ms.
        let edge = (secs - 1.0).min(2.0 - secs).clamp(0.0, 0.05) / 0.05;
        *sample *= (0.5 + 0.5 * (TAU / 2.0 * edge).cos()) as f32;
    }
    let (drawn, full) = (draw(&cut, &OwnOptions::default()).unwrap(), draw(&whole, &OwnOptions::default()).unwrap());
    let rows = rows(&drawn, (500.0, 1000.0));
    let levels =
        painted(&drawn, rows, column(0.95)..column(2.06), |row, column| full.levels.channels[0][(row, column)]);
    let found = sounded(&drawn, levels, Edge::Inside);
    // The phase at the far end has turned by 700 periods: a tenth of a radian is a part in 40 000.
    let turn = |secs: f64| {
        let (own, wanted) =
            (tone(&found.sound.channels[0], 700.3, secs, 0.1), tone(&whole.channels[0], 700.3, secs, 0.1));
        (own.0 / wanted.0, (own.1 - wanted.1 + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0)
    };
    let (near, far) = (turn(1.02), turn(1.2));
    assert!(near.1.abs() < 0.3 && far.1.abs() < 0.6, "{near:?}, {far:?}");
    for step in 0..=10 {
        let secs = 1.0 + 0.1 * f64::from(step);
        assert!((turn(secs).0 - 1.0).abs() < 0.3, "{secs} s: {:?}", turn(secs));
    }
}

#[test]
fn a_line_that_is_painted_in_parts_goes_on_from_one_to_the_next() {
    let silence = Sound { sample_rate_hz: RATE, channels: vec![vec![0.0; 16 * RATE as usize]] };
    let drawn = draw(&silence, &OwnOptions::default()).unwrap();
    let row = rows(&drawn, (0.0, 1000.0)).end;
    let hz = drawn.recipe.params().bands().unwrap()[row].centre_hz;
    let found = sounded(&drawn, painted(&drawn, row..row + 1, column(1.0)..column(15.0), |_, _| 200), Edge::Inside);
    let at = |secs: f64| tone(&found.sound.channels[0], hz, secs, 0.1);
    let (loud, phase) = at(2.0);
    // A part is 2^18 samples: 11.9 s.
    for step in 0..=60 {
        let (there, turn) = at(11.0 + 0.05 * f64::from(step));
        let off = (turn - phase + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0;
        assert!((20.0 * (there / loud).log10()).abs() < 0.5 && off.abs() < 0.1, "step {step}: {there}, {loud}, {off}");
    }
}
