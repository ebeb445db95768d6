//! A result is never worse than silence, whatever the data.

use num_complex::Complex;
use photophone_spectrum::Plane;
use photophone_transform::inverse::{
    AdaptiveOptions, Intervals, LeastSquaresOptions, RowNoise, adaptive, least_squares, least_squares_within,
};
use photophone_transform::retrieval::{Magnitudes, RetrieveOptions, retrieve};
use photophone_transform::{Cqt, CqtParams, PadMode, Watch};
use proptest::prelude::*;

const SAMPLES: usize = 6000;

/// Spread over 60 dB, so that levels and phases are of no sound.
fn cells(count: usize) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec(((-60.0..0.0f64).prop_map(|db| 10f64.powf(db / 20.0)), 0.0..std::f64::consts::TAU), count)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_inverse_leaves_more_than_silence(
        seed in cells(84 * 12),
        share in prop_oneof![Just(1e-5), Just(0.1), Just(1.0), Just(4.0)],
        ceiling in 0.05..1.0f64,
        reflect in any::<bool>(),
    ) {
        let pad_mode = if reflect { PadMode::Reflect } else { PadMode::Constant };
        let params = CqtParams { bins: 48, fmin_hz: 65.4, hop: 512, pad_mode, ..CqtParams::default() };
        let plan = Cqt::new(&params, SAMPLES).unwrap();
        let (rows, frames) = plan.shape();
        let at = |k: usize, t: usize| seed[(k * frames + t) % seed.len()];
        let data = Plane::from_fn(rows, frames, |k, t| Complex::from_polar(at(k, t).0.min(ceiling), at(k, t).1));
        let intervals = Intervals {
            low: data.map(|value| if value.norm() < 0.01 { 0.0 } else { 0.8 * value.norm() }),
            high: data.map(|value| if value.norm() >= ceiling { f64::INFINITY } else { 1.2 * value.norm() }),
        };
        // Noise of each cell, as a picture's or a misfit's, that leaves some rows far worse known than others.
        let noise = RowNoise((0..rows).map(|k| (share * data[(k, 0)].norm()).powi(2)).collect());
        let options = LeastSquaresOptions { max_iterations: 60, noise: Some(noise.clone()), ..Default::default() };
        let linear = least_squares(&plan, &data, &options, &mut Watch::default()).unwrap();
        let (within, _) = least_squares_within(&plan, &data, &intervals, &options, &mut Watch::default()).unwrap();
        let noise = noise.cells(frames);
        let adapting = AdaptiveOptions { noise: Some(&noise), intervals: Some(&intervals), rounds: 2, ..Default::default() };
        let adapted = adaptive(&plan, &data, &within, &adapting, &mut Watch::default()).unwrap();
        for (name, solution) in [("linear", &linear), ("ranges", &within), ("adaptive", &adapted)] {
            prop_assert!(solution.residual_db <= 1e-9, "{name}: {} dB", solution.residual_db);
        }
        let values = data.map(|value| value.norm());
        let options = RetrieveOptions { iterations: 3, adaptive: true, ..RetrieveOptions::default() };
        let found = retrieve(&plan, &Magnitudes { values: &values, intervals: Some(&intervals) }, None, &options, &mut Watch::default());
        let db = found.unwrap().consistency_db;
        prop_assert!(db <= 1e-9, "without phase: {db} dB");
    }
}
