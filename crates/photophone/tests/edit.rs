//! Edits do what was painted, and leave the rest.

mod edit_meter;

use std::f64::consts::TAU;

use edit_meter::{Meter, Rectangle, chords, glide, noise};
use photophone::edit::{
    Action, Edge, Edit, EditOptions, Edits, Shape, Surface, SurfaceOptions, apply, by_gains, edited, gained,
};
use photophone::files::Sound;
use photophone::spectrum::Plane;

const SR: f64 = 22_050.0;

fn surface(sr: f64, samples: usize) -> Surface {
    Surface::new(sr, samples, &SurfaceOptions::default()).expect("a surface")
}

/// A rectangle of so many cells, rows by columns, around a place.
fn rectangle(surface: &Surface, secs: f64, hz: f64, (rows, columns): (f64, f64)) -> Rectangle {
    let row = surface.row_from_hz(hz);
    let half = columns / surface.cell_hz(row as usize) / 2.0;
    Rectangle {
        secs: (secs - half, secs + half),
        hz: (surface.hz_from_row(row - rows), surface.hz_from_row(row + rows)),
    }
}

fn shape(rectangle: &Rectangle) -> Shape {
    Shape::Rectangle { secs: rectangle.secs, hz: rectangle.hz }
}

fn one(shape: Shape, action: Action) -> Edits {
    Edits::new(vec![Edit { shape, action, soft_cells: 0.0, channels: None }])
}

fn sounds(samples: usize) -> [(&'static str, Vec<f64>); 3] {
    [("noise", noise(samples, 1)), ("chords", chords(samples, SR)), ("glide", glide(samples, SR))]
}

/// The energy of the difference over that of the second, in dB.
fn off_db(found: &[f64], wanted: &[f64]) -> f64 {
    let off: f64 = found.iter().zip(wanted).map(|(a, b)| (a - b).powi(2)).sum();
    10.0 * (off / wanted.iter().map(|b| b * b).sum::<f64>()).log10()
}

#[test]
fn an_erased_rectangle_is_empty_and_its_surroundings_are_not() {
    let surface = surface(SR, 44_101);
    let meter = Meter::new(&surface, 1.0);
    let mut measured = 0;
    for (name, x) in sounds(surface.samples()) {
        for (hz, cells) in [(400.0, (3.0, 3.0)), (1000.0, (12.0, 3.0)), (4000.0, (3.0, 12.0))] {
            let rectangle = rectangle(&surface, 1.0, hz, cells);
            if !meter.holds(&x, &rectangle) {
                continue;
            }
            let erased = one(shape(&rectangle), Action::Erase);
            let y = edited(&surface, &x, &erased, 0, Edge::Inside).unwrap();
            let [inside, _, _, _, three_out] = meter.erased_db(&x, &y, &rectangle);
            assert!(
                inside <= -40.0 && three_out <= -80.0,
                "{name}, {hz} Hz, {cells:?}: {inside:.1}, {three_out:.1} dB"
            );
            let y = edited(&surface, &x, &erased, 0, Edge::Outside).unwrap();
            let two_out = meter.erased_db(&x, &y, &rectangle)[3];
            assert!(two_out <= -80.0, "{name}, {hz} Hz, {cells:?}, outside: {two_out:.1} dB");
            measured += 1;
        }
    }
    assert!(measured >= 5, "{measured}");
}

#[test]
fn samples_away_from_an_edit_are_what_they_were() {
    let surface = surface(SR, 66_150);
    for (name, x) in sounds(surface.samples()) {
        for hz in [350.0, 1000.0, 5000.0] {
            let rectangle = rectangle(&surface, 1.5, hz, (6.0, 4.0));
            let y = edited(&surface, &x, &one(shape(&rectangle), Action::Erase), 0, Edge::Inside).unwrap();
            let sixteen = |x: f64| (x * 32_768.0).round();
            let (mut differ, mut touched) = (0, 0);
            for (n, (x, y)) in x.iter().zip(&y).enumerate() {
                let secs = n as f64 / SR;
                let away = (rectangle.secs.0 - secs).max(secs - rectangle.secs.1);
                // The sound that is edited has 16 bits itself.
                let held = sixteen(*x) / 32_768.0;
                differ += usize::from(away >= 0.25 && sixteen(held + (y - x)) != sixteen(*x));
                let cell_secs = 1.0 / surface.cell_hz(surface.row_from_hz(rectangle.hz.0) as usize - 3);
                touched += usize::from(away >= 5.2 * cell_secs && x.to_bits() != y.to_bits());
            }
            assert_eq!((differ, touched), (0, 0), "{name}, {hz} Hz");
            assert!(x != y, "{name}, {hz} Hz");
        }
    }
}

#[test]
fn a_gain_in_a_rectangle_is_that_gain() {
    let surface = surface(SR, 44_101);
    let meter = Meter::new(&surface, 1.0);
    for (name, x) in sounds(surface.samples()) {
        for hz in [500.0, 2000.0] {
            let rectangle = rectangle(&surface, 1.0, hz, (6.0, 6.0));
            if !meter.holds(&x, &rectangle) {
                continue;
            }
            for db in [-12.0, 6.0] {
                let y = edited(&surface, &x, &one(shape(&rectangle), Action::GainDb(db)), 0, Edge::Inside).unwrap();
                let found = meter.inside_db(&x, &y, &rectangle);
                assert!((found - db).abs() <= 0.2, "{name}, {hz} Hz: {found:.2} dB");
            }
        }
    }
}

#[test]
fn one_gain_for_all_is_exact_at_any_rate_and_length() {
    for (sr, lengths) in [(8000.0, vec![1, 997, 30_011]), (44_100.0, vec![2, 9973]), (96_001.5, vec![1009])] {
        for samples in lengths {
            let surface = surface(sr, samples);
            let x = noise(samples, 3);
            let wanted: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
            for edge in [Edge::Inside, Edge::Outside] {
                let gains = Plane::filled(surface.rows(), surface.columns(), 2.0);
                let found = off_db(&gained(&surface, &x, &gains, edge).unwrap(), &wanted);
                assert!(found < -150.0, "{sr} Hz, {samples} samples: {found:.1} dB");
                let all = one(Shape::Time { secs: (0.0, 1e9) }, Action::GainDb(20.0 * 2f64.log10()));
                let found = off_db(&edited(&surface, &x, &all, 0, edge).unwrap(), &wanted);
                assert!(found < -150.0, "{sr} Hz, {samples} samples, by an edit: {found:.1} dB");
            }
            let ones = Plane::filled(surface.rows(), surface.columns(), 1.0);
            assert_eq!(gained(&surface, &x, &ones, Edge::Inside).unwrap(), x);
        }
    }
}

#[test]
fn pixels_and_shapes_that_are_the_same_change_the_same() {
    let surface = surface(SR, 30_011);
    let x = noise(surface.samples(), 4);
    let (rows, columns) = (150..170usize, 40..60usize);
    let secs = [columns.start, columns.end].map(|column| (column * 256) as f64 / SR);
    let hz = [rows.start, rows.end].map(|row| surface.hz_from_row(row as f64 - 0.5));
    let rectangle = Shape::Rectangle { secs: (secs[0], secs[1]), hz: (hz[0], hz[1]) };
    let corners = vec![(secs[0], hz[0]), (secs[1], hz[0]), (secs[1], hz[1]), (secs[0], hz[1])];
    let gains = Plane::from_fn(surface.rows(), surface.columns(), |row, column| {
        if rows.contains(&row) && columns.contains(&column) { 0.25 } else { 1.0 }
    });
    let action = Action::GainDb(20.0 * 0.25f64.log10());
    for edge in [Edge::Inside, Edge::Outside] {
        let by_pixels = gained(&surface, &x, &gains, edge).unwrap();
        let change: Vec<f64> = by_pixels.iter().zip(&x).map(|(y, x)| y - x).collect();
        for (shape, most) in [(rectangle.clone(), -25.0), (Shape::Lasso { points: corners.clone() }, -20.0)] {
            let by_shape = edited(&surface, &x, &one(shape.clone(), action), 0, edge).unwrap();
            let other: Vec<f64> = by_shape.iter().zip(&x).map(|(y, x)| y - x).collect();
            // A coefficient at a column's very end belongs to one and not to the other; an outline grows around corners.
            assert!(off_db(&change, &other) < most, "{edge:?}, {shape:?}: {:.1} dB", off_db(&change, &other));
        }
    }
}

#[test]
fn edits_are_applied_together_and_to_their_channels() {
    let samples = 30_011;
    let sound = Sound::from_channels(22_050, &[noise(samples, 5), noise(samples, 6), vec![0.0; samples]]);
    let band =
        |hz, db, channels| Edit { shape: Shape::Band { hz }, action: Action::GainDb(db), soft_cells: 1.0, channels };
    let both = Edits::new(vec![band((500.0, 900.0), -6.0, None), band((700.0, 1200.0), 3.0, Some(vec![1]))]);
    let found = apply(&sound, &both, &EditOptions::default()).unwrap();
    let alone = |edit: &Edit| apply(&sound, &Edits::new(vec![edit.clone()]), &EditOptions::default()).unwrap().sound;
    assert_eq!(found.sound.channels[0], alone(&both.edits[0]).channels[0]);
    assert_ne!(found.sound.channels[1], alone(&both.edits[0]).channels[1]);
    assert_eq!(alone(&both.edits[1]).channels[0], sound.channels[0]);
    assert_eq!(found.sound.channels[2], sound.channels[2]);
    // Where both are in full, their gains are multiplied.
    let surface = surface(SR, samples);
    let meter = Meter::new(&surface, 1.0);
    let place = Rectangle { secs: (0.3, 1.0), hz: (750.0, 850.0) };
    let [x, y] =
        [&sound, &found.sound].map(|sound| sound.channels[1].iter().map(|&x| f64::from(x)).collect::<Vec<_>>());
    let db = meter.inside_db(&x, &y, &place);
    assert!((db + 3.0).abs() < 0.2, "{db}");
    // What is told of them.
    let account = found.account;
    assert_eq!((account.regions.len(), account.regions_in_all, account.reached_secs.len()), (2, 2, 3));
    assert_eq!(account.regions[0].gain_db, (-6.0, -6.0));
    assert!((account.regions[0].hz.0 - 500.0).abs() < 1e-6 && account.reached_secs[2].is_empty());
    assert!(apply(&sound, &Edits::new(vec![band((1.0, 2.0), 1.0, Some(vec![3]))]), &EditOptions::default()).is_err());
}

#[test]
fn what_is_not_reached_keeps_its_bits() {
    let mut x = noise(120_000, 7).iter().map(|&x| x as f32).collect::<Vec<_>>();
    x[100] = -0.0;
    let sound = Sound { sample_rate_hz: 22_050, channels: vec![x] };
    let late = one(Shape::Rectangle { secs: (3.0, 3.2), hz: (1000.0, 2000.0) }, Action::Erase);
    let found = apply(&sound, &late, &EditOptions::default()).unwrap();
    let [(from, to)] = found.account.reached_secs[0][..] else { panic!("{:?}", found.account.reached_secs) };
    assert!((2.5..3.0).contains(&from) && (3.2..3.7).contains(&to), "{from} to {to}");
    for (n, (x, y)) in sound.channels[0].iter().zip(&found.sound.channels[0]).enumerate() {
        let secs = n as f64 / SR;
        assert!(x.to_bits() == y.to_bits() || (from..to).contains(&secs), "{n}");
    }
}

#[test]
fn a_copy_is_the_sound_itself_moved() {
    let surface = surface(SR, 66_150);
    // A burst that dies away on both sides, in silence and in noise above it.
    let burst = |centre: f64| {
        let at = move |n: usize| {
            let secs = n as f64 / SR - centre;
            0.3 * (-(secs / 0.08).powi(2)).exp()
                * ((TAU * 700.0 * secs).sin() + (TAU * 780.0 * secs + 40.0 * secs * secs).sin())
        };
        (0..66_150).map(at).collect::<Vec<f64>>()
    };
    let (here, there) = (burst(0.9), burst(2.2));
    let wanted: Vec<f64> = here.iter().zip(&there).map(|(a, b)| a + b).collect();
    let place = Shape::Rectangle { secs: (0.5, 1.3), hz: (600.0, 900.0) };
    for edge in [Edge::Inside, Edge::Outside] {
        let y = edited(&surface, &here, &one(place.clone(), Action::CopyLater(1.3)), 0, edge).unwrap();
        let off = off_db(&y, &wanted);
        assert!(off < -60.0, "{edge:?}: {off:.1} dB");
        // What was there makes room: of what is copied onto itself nothing changes.
        let y = edited(&surface, &wanted, &one(place.clone(), Action::CopyLater(1.3)), 0, edge).unwrap();
        assert!(off_db(&y, &wanted) < -60.0, "{edge:?}, onto itself: {:.1} dB", off_db(&y, &wanted));
    }
}

#[test]
fn gains_that_do_not_fit_are_refused() {
    let sound = Sound::from_mono(8000, &noise(5000, 9));
    let surface = surface(8000.0, 5000);
    let plane = |rows, columns, gain| Plane::filled(rows, columns, gain);
    let options = EditOptions::default();
    assert!(by_gains(&sound, &plane(surface.rows(), surface.columns(), 1.0), &options).is_ok());
    for gains in [
        plane(surface.rows() + 1, surface.columns(), 1.0),
        plane(surface.rows(), surface.columns() - 1, 1.0),
        plane(surface.rows(), surface.columns(), -0.1),
        plane(surface.rows(), surface.columns(), f32::NAN),
        plane(surface.rows(), surface.columns(), f32::INFINITY),
    ] {
        assert!(by_gains(&sound, &gains, &options).is_err());
    }
    assert!(gained(&surface, &vec![0.0; 4999], &plane(surface.rows(), surface.columns(), 1.0), Edge::Inside).is_err());
}
