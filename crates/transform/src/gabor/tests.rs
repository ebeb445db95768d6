//! The transform against direct sums, and what has to hold for every setting.

use std::f64::consts::TAU;

use num_complex::Complex;

use super::warp::Warp;
use super::{Gabor, GaborParams, RaggedCells, Taper};
use crate::Real;
use crate::testing::{db_from_ratio, noise};

const SETTINGS: [(f64, usize, f64, Taper); 6] = [
    (44_100.0, 48, 60.0, Taper::Nuttall),
    (44_100.0, 6, 60.0, Taper::Nuttall),
    (22_050.0, 24, 30.0, Taper::Hann),
    (8000.0, 12, 90.0, Taper::Hann),
    (96_000.0, 96, 60.0, Taper::Nuttall),
    (1000.0, 13, 20.0, Taper::Nuttall),
];

fn params((sr, bins_per_octave, knee_hz, taper): (f64, usize, f64, Taper)) -> GaborParams {
    GaborParams { sr, bins_per_octave, knee_hz, taper, ..GaborParams::default() }
}

/// The coefficients as the plan's documentation defines them, term by term.
fn naive(params: &GaborParams, period: usize, x: &[f64]) -> Vec<Vec<Complex<f64>>> {
    let turn =
        |numerator: i64| Complex::from_polar(1.0, TAU * numerator.rem_euclid(period as i64) as f64 / period as f64);
    let spectrum: Vec<Complex<f64>> = (0..period as i64)
        .map(|bin| x.iter().zip(0i64..).map(|(x, n)| turn(-bin * n) * x).sum::<Complex<f64>>() * (2.0 / period as f64))
        .collect();
    let warp = Warp::new(params).unwrap();
    let bands = super::bands::bands(params, &warp).unwrap();
    let half = period as i64 / 2;
    let row = |(k, band): (usize, &super::Band)| {
        (0..(period / band.hop) as i64)
            .map(|n| {
                let term = |bin: i64| {
                    let weight = params.taper.at(warp.band_from_hz(bin as f64 * params.sr / period as f64) - k as f64);
                    spectrum[bin.rem_euclid(period as i64) as usize] * weight * turn(bin * n * band.hop as i64)
                };
                (-half + 1..period as i64 + half).map(term).sum()
            })
            .collect()
    };
    bands.iter().enumerate().map(row).collect()
}

fn flat(cells: &[Complex<f64>]) -> Vec<f64> {
    cells.iter().flat_map(|value| [value.re, value.im]).collect()
}

#[test]
fn coefficients_are_the_direct_sums() {
    for (knee_hz, bins_per_octave, taper) in [(100.0, 6, Taper::Nuttall), (150.0, 9, Taper::Hann)] {
        let params = GaborParams { sr: 2000.0, bins_per_octave, knee_hz, taper, ..GaborParams::default() };
        for samples in [1, 31, 120] {
            let plan = Gabor::new(&params, samples).unwrap();
            let x = noise(samples, 1);
            let (cells, wanted) = (plan.forward(&x).unwrap(), naive(&params, plan.period(), &x));
            assert_eq!(cells.rows(), wanted.len());
            for (k, wanted) in wanted.iter().enumerate() {
                assert_eq!(cells.row(k).len(), wanted.len());
                let off: f64 = cells.row(k).iter().zip(wanted).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max);
                assert!(off < 1e-13, "{params:?}, {samples} samples, row {k}: {off}");
            }
        }
    }
}

/// Noise, a sweep, an impulse at either end and in the middle, one tone, and silence.
fn signals(samples: usize) -> Vec<Vec<f64>> {
    let impulse = |at: usize| {
        let mut x = vec![0.0; samples];
        x[at] = 1.0;
        x
    };
    let sweep = (0..samples).map(|n| (0.5 * TAU * (n as f64).powi(2) / (2.0 * samples as f64)).sin()).collect();
    let tone = (0..samples).map(|n| (0.1 * n as f64).cos()).collect();
    vec![
        noise(samples, 2),
        sweep,
        impulse(0),
        impulse(samples / 2),
        impulse(samples - 1),
        tone,
        vec![0.0; samples],
        vec![1.0; samples],
    ]
}

fn check_round_trip<T: Real>(params: &GaborParams, samples: usize, most: f64) {
    let plan = Gabor::<T>::new(params, samples).unwrap();
    for (which, x) in signals(samples).into_iter().enumerate() {
        let x: Vec<T> = x.into_iter().map(Real::nearest).collect();
        let back = plan.inverse(&plan.forward(&x).unwrap()).unwrap();
        let energy = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
        let size = energy(&mut x.iter().map(|x| x.to_f64()));
        let off = energy(&mut x.iter().zip(&back).map(|(x, y)| x.to_f64() - y.to_f64()));
        assert!(
            off.sqrt() <= most * size.sqrt(),
            "{params:?}, {samples} samples, signal {which}: {}",
            (off / size).sqrt()
        );
    }
}

#[test]
fn what_is_transformed_comes_back() {
    for setting in SETTINGS {
        for samples in [1, 2, 3, 7, 997, 4096, 20_011] {
            check_round_trip::<f64>(&params(setting), samples, 1e-14);
            check_round_trip::<f32>(&params(setting), samples, 5e-7);
        }
    }
}

#[test]
fn long_sounds_come_back_too() {
    check_round_trip::<f64>(&GaborParams::default(), 1_000_003, 1e-14);
    check_round_trip::<f32>(&GaborParams::default(), 1_000_003, 5e-7);
}

#[test]
fn the_frame_is_tight_whatever_the_settings() {
    for sr in [8000.0, 44_100.0, 48_000.0, 192_000.0] {
        for bins_per_octave in [6, 7, 12, 24, 48, 96] {
            for taper in [Taper::Hann, Taper::Nuttall] {
                for samples in [1, 50_021] {
                    let plan = Gabor::<f64>::new(&params((sr, bins_per_octave, 60.0, taper)), samples).unwrap();
                    let (least, greatest) = plan.bound();
                    assert!(10.0 * (greatest / least).log10() < 0.01, "{plan:?}: {least} to {greatest}");
                }
            }
        }
    }
}

#[test]
fn a_sinusoid_on_a_centre_has_its_amplitude() {
    for setting in SETTINGS {
        let params = params(setting);
        let plan = Gabor::<f64>::new(&params, 100_000).unwrap();
        let bands = plan.bands().len();
        for k in [bands / 3, bands / 2, 4 * bands / 5] {
            // The bin nearest to the centre, where the window is 1 but for the distance.
            let bin = (plan.bands()[k].centre_hz * plan.period() as f64 / params.sr).round();
            let plan = Gabor::<f64>::new(&params, plan.period()).unwrap();
            let x: Vec<f64> =
                (0..plan.samples()).map(|n| 0.7 * (TAU * bin * n as f64 / plan.period() as f64 + 0.3).cos()).collect();
            let cells = plan.forward(&x).unwrap();
            let off = (bin * params.sr / plan.period() as f64 - plan.bands()[k].centre_hz) / plan.bands()[k].width_hz;
            let wanted = 0.7 * params.taper.at(off);
            for value in cells.row(k) {
                assert!((value.norm() - wanted).abs() < 1e-3, "{params:?}: row {k}: {} and not {wanted}", value.norm());
            }
        }
    }
}

#[test]
fn a_sound_that_starts_a_longest_hop_later_has_the_same_coefficients_later() {
    let params = params(SETTINGS[2]);
    let plan = Gabor::<f64>::new(&params, 100_000).unwrap();
    let hop = plan.bands().iter().map(|band| band.hop).max().unwrap();
    let mut x = noise(plan.period(), 3);
    let plan = Gabor::<f64>::new(&params, x.len()).unwrap();
    let early = plan.forward(&x).unwrap();
    x.rotate_right(hop);
    let late = plan.forward(&x).unwrap();
    for (k, band) in plan.bands().iter().enumerate() {
        let mut shifted = early.row(k).to_vec();
        shifted.rotate_right(hop / band.hop);
        assert!(db_from_ratio(&flat(late.row(k)), &flat(&shifted)) < -250.0, "row {k}");
    }
}

#[test]
fn threads_change_no_bit() {
    for (setting, samples) in [(SETTINGS[0], 50_000), (SETTINGS[5], 1)] {
        let plan = Gabor::<f32>::new(&params(setting), samples).unwrap();
        let x: Vec<f32> = noise(samples, 8).into_iter().map(|value| value as f32).collect();
        let cells = plan.forward(&x).unwrap();
        let back = plan.inverse(&cells).unwrap();
        for threads in [2, 3] {
            crate::Threads::start(threads).run(|| {
                assert!(plan.forward(&x).unwrap() == cells);
                assert!(plan.inverse(&cells).unwrap() == back);
            });
        }
    }
}

#[test]
fn bands_do_not_depend_on_the_length() {
    for setting in SETTINGS {
        let [short, long] = [3, 300_007].map(|samples| Gabor::<f64>::new(&params(setting), samples).unwrap());
        assert_eq!(short.bands(), long.bands());
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let plan = Gabor::<f64>::new(&params(SETTINGS[3]), 5000).unwrap();
    let other = Gabor::<f64>::new(&params(SETTINGS[5]), 5000).unwrap();
    assert!(plan.forward(&noise(5001, 1)).is_err());
    assert!(plan.inverse(&other.make_cells()).is_err());
    let mut x = noise(5000, 1);
    x[17] = f64::NAN;
    assert!(matches!(plan.forward(&x), Err(crate::TransformError::NotFinite { index: 17, .. })));
    let default = GaborParams::default();
    for wrong in [
        GaborParams { sr: 0.0, ..default },
        GaborParams { sr: f64::NAN, ..default },
        GaborParams { bins_per_octave: 5, ..default },
        GaborParams { bins_per_octave: 97, ..default },
        GaborParams { knee_hz: 1e6, ..default },
        GaborParams { knee_hz: 1e-6, ..default },
        GaborParams { tuning_hz: -1.0, ..default },
        GaborParams { sr: 20.0, ..default },
    ] {
        assert!(matches!(Gabor::<f64>::new(&wrong, 100), Err(crate::TransformError::Parameter { .. })), "{wrong:?}");
    }
    assert!(Gabor::<f64>::new(&default, 0).is_err());
    let cells: RaggedCells<f64> = plan.make_cells();
    assert!(cells.row(cells.rows()).is_empty());
}
