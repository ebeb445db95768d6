//! Properties that hold whatever the settings: adjointness, linearity, time shift.

#[path = "common/figures.rs"]
mod figures;
#[path = "common/noise.rs"]
mod noise;

use figures::{Cell, norm};
use noise::noise;
use photophone_spectrum::Plane;
use photophone_transform::{Complex, Cqt, CqtParams, Gamma, LibrosaVersion, Norm, PadMode, Window};
use proptest::prelude::*;

/// Octaves that the random grids may have; each halves the rate at most once.
const MAX_OCTAVES: usize = 4;

/// Settings that every release accepts: hops with enough twos, bins below half the rate.
fn settings() -> impl Strategy<Value = CqtParams> {
    let grid = (1usize..=MAX_OCTAVES * 12, prop::sample::select(vec![5usize, 12, 24]), 180.0f64..400.0);
    let time = (prop::sample::select(vec![64usize, 96, 256, 512]), prop::sample::select(vec![22050.0, 44100.0]));
    let filter = (
        prop::sample::select(Window::ALL.to_vec()),
        prop::sample::select(vec![Norm::None, Norm::L1, Norm::L2, Norm::Max, Norm::Count, Norm::P(3.0)]),
        prop::sample::select(vec![0.0, 0.01, 0.1]),
        0.5f64..1.5,
        -0.5f64..0.5,
    );
    let rest = (
        any::<bool>(),
        prop::sample::select(vec![Gamma::Hz(0.0), Gamma::Hz(30.0), Gamma::Erb]),
        prop::sample::select(PadMode::ALL.to_vec()),
        prop::sample::select(LibrosaVersion::ALL.to_vec()),
    );
    (grid, time, filter, rest).prop_map(|(grid, time, filter, rest)| CqtParams {
        bins: grid.0.min(MAX_OCTAVES * grid.1),
        bins_per_octave: grid.1,
        fmin_hz: grid.2,
        hop: time.0,
        sr: time.1,
        window: filter.0,
        norm: filter.1,
        sparsity: filter.2,
        filter_scale: filter.3,
        tuning: filter.4,
        scale: rest.0,
        gamma: if rest.3.is_modern() { rest.1 } else { Gamma::Hz(0.0) },
        pad_mode: rest.2,
        librosa: rest.3,
        ..CqtParams::default()
    })
}

fn noisy_cells((rows, columns): (usize, usize), seed: u64) -> Plane<Cell> {
    let parts = noise(2 * rows * columns, seed);
    Plane::from_fn(rows, columns, |row, column| {
        let at = 2 * (row * columns + column);
        Complex::new(parts[at], parts[at + 1])
    })
}

/// `Re sum(a conj(b))`.
fn inner(a: &[Cell], b: &[Cell]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a * b.conj()).re).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_adjoint_is_the_transpose(params in settings(), samples in 1usize..9000, seed in 1u64..1000) {
        let Ok(plan) = Cqt::new(&params, samples) else { return Err(TestCaseError::reject("outside librosa's rules")) };
        let (x, c) = (noise(samples, seed), noisy_cells(plan.shape(), seed + 1));
        let ax = plan.forward(&x).unwrap();
        let back = plan.adjoint(&c).unwrap();
        let (left, right) = (inner(ax.as_slice(), c.as_slice()), dot(&x, &back));
        let size = norm(ax.as_slice()) * norm(c.as_slice());
        // A filter much longer than the sound hears next to nothing of it: what is left are terms that cancel, each as large
        // as the filter's peak response makes it.
        let peak = plan.peak_responses().into_iter().fold(0.0, f64::max);
        let cancelled = f64::EPSILON * peak * dot(&x, &x).sqrt() * norm(c.as_slice());
        prop_assert!((left - right).abs() <= 1e-12 * size + cancelled, "{left} and {right}, size {size}");
    }

    #[test]
    fn the_transform_is_linear(params in settings(), samples in 200usize..6000, gain in -3.0f64..3.0) {
        let Ok(plan) = Cqt::new(&params, samples) else { return Err(TestCaseError::reject("outside librosa's rules")) };
        let (x, y) = (noise(samples, 1), noise(samples, 2));
        let mixed: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x + gain * y).collect();
        let [ax, ay, got] = [&x, &y, &mixed].map(|signal| plan.forward(signal).unwrap());
        let want: Vec<Cell> = ax.as_slice().iter().zip(ay.as_slice()).map(|(x, y)| x + y * gain).collect();
        prop_assert!(figures::relative_db(got.as_slice(), &want) < -240.0);
    }

    /// A sound that starts one hop later has the same coefficients one frame later, when it keeps
    /// clear of both ends (soxr and the frames alike cut what reaches beyond them).
    #[test]
    fn a_hop_later_is_a_frame_later(params in settings(), seed in 1u64..1000) {
        let params = CqtParams { pad_mode: PadMode::Constant, ..params };
        let margin = 24_000 + params.hop;
        let sound = noise(4000, seed);
        let samples = 2 * margin + sound.len();
        let Ok(plan) = Cqt::new(&params, samples) else { return Err(TestCaseError::reject("outside librosa's rules")) };
        let [early, late] = [margin, margin + params.hop].map(|start| {
            let mut x = vec![0.0; samples];
            x[start..start + sound.len()].copy_from_slice(&sound);
            plan.forward(&x).unwrap()
        });
        let (rows, frames) = plan.shape();
        let pairs = |cells: &Plane<Cell>, skip: usize| -> Vec<Cell> {
            (0..rows).flat_map(|row| cells.row(row)[skip..skip + frames - 1].to_vec()).collect()
        };
        let db = figures::relative_db(&pairs(&late, 1), &pairs(&early, 0));
        prop_assert!(db < -240.0, "{db:.1} dB");
    }
}

#[test]
fn wrong_lengths_are_errors() {
    let plan = Cqt::new(&CqtParams::default(), 4000).unwrap();
    assert!(plan.forward(&noise(3999, 1)).is_err());
    let (rows, frames) = plan.shape();
    assert!(plan.adjoint(&noisy_cells((rows, frames + 1), 1)).is_err());
    assert!(Cqt::new(&CqtParams::default(), 0).is_err());
}
