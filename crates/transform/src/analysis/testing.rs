//! What every analysis has to be, whatever it hears: one test, called from each of their files.

use num_complex::Complex;
use photophone_spectrum::Plane;

use super::{Analysis, Cells, Dual};
use crate::testing::{db_from_ratio, dot, noise};

/// How exactly the adjoint is the transpose and the transform linear, as a share.
const ROUNDING: f64 = 1e-12;

/// Makes the analysis of signals of so many samples.
type Make<'a> = &'a dyn Fn(usize) -> Box<dyn Analysis>;

/// Adjoint, linearity, channels, parts, dual, shapes that do not fit, and a shift by a hop, which sounds that stay
/// `margin` samples away from both ends take.
pub(crate) fn check_analysis(make: Make<'_>, margin: usize) {
    for samples in [1111, 9000] {
        let plan = make(samples);
        check_adjoint(&*plan);
        check_linear(&*plan);
        check_parts(&*plan);
        check_dual(&*plan);
        check_shapes(&*plan);
        check_channels(&*plan);
    }
    check_shift(make, margin);
    check_transfer(make, margin);
}

fn noisy_cells((rows, frames): (usize, usize), seed: u64) -> Cells {
    let parts = noise(2 * rows * frames, seed);
    Plane::from_fn(rows, frames, |k, t| {
        let at = 2 * (k * frames + t);
        Complex::new(parts[at], parts[at + 1])
    })
}

fn flat(cells: &[Complex<f64>]) -> Vec<f64> {
    cells.iter().flat_map(|value| [value.re, value.im]).collect()
}

fn check_adjoint(plan: &dyn Analysis) {
    let (x, c) = (noise(plan.samples(), 1), noisy_cells(plan.shape(), 2));
    let ax = flat(plan.forward(&x).unwrap().as_slice());
    let c_flat = flat(c.as_slice());
    let (left, right) = (dot(&ax, &c_flat), dot(&x, &plan.adjoint(&c).unwrap()));
    let size = (dot(&ax, &ax) * dot(&c_flat, &c_flat)).sqrt();
    assert!((left - right).abs() <= ROUNDING * size, "{plan:?}: {left} and {right}, size {size}");
}

fn check_linear(plan: &dyn Analysis) {
    let (x, y) = (noise(plan.samples(), 3), noise(plan.samples(), 4));
    let mixed: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x - 2.5 * y).collect();
    let [ax, ay, got] = [&x, &y, &mixed].map(|signal| flat(plan.forward(signal).unwrap().as_slice()));
    let want: Vec<f64> = ax.iter().zip(&ay).map(|(x, y)| x - 2.5 * y).collect();
    assert!(db_from_ratio(&got, &want) < 20.0 * ROUNDING.log10(), "{plan:?}");
}

/// A part's coefficients are those rows of the whole's, and its way back is its way there, transposed.
fn check_parts(plan: &dyn Analysis) {
    let (rows, _) = plan.shape();
    let x = noise(plan.samples(), 5);
    let whole = plan.forward(&x).unwrap();
    for asked in [0..rows, 0..rows / 3, rows / 2..rows, rows / 3..rows / 2] {
        let Some(part) = plan.part(asked.clone()) else { continue };
        let held = part.rows();
        assert!(held.start <= asked.start && held.end >= asked.end, "{plan:?}: {held:?} of {asked:?}");
        let restricted = part.restrict(&x);
        let cells = part.analysis().forward(&restricted).unwrap();
        assert_eq!(cells.shape(), (held.len(), whole.columns()), "{plan:?}");
        for (row, k) in held.clone().enumerate() {
            assert_eq!(cells.row(row), whole.row(k), "{plan:?}: row {k} of {held:?}");
            let (here, there) = (part.analysis().channels().rows[row], plan.channels().rows[k]);
            assert!((here.centre_hz / there.centre_hz - 1.0).abs() < ROUNDING && here.peak.is_finite(), "{plan:?}");
        }
        let y = noise(restricted.len(), 6);
        let (left, right) = (dot(&restricted, &y), dot(&x, &part.prolong(&y)));
        assert!((left - right).abs() <= ROUNDING * (dot(&x, &x) * dot(&y, &y)).sqrt(), "{plan:?}");
    }
}

fn check_dual(plan: &dyn Analysis) {
    let Some(mut dual) = plan.dual() else { return };
    let (x, mut back) = (noise(plan.samples(), 7), vec![0.0; plan.samples()]);
    dual.synthesise(&plan.forward(&x).unwrap(), &mut back).unwrap();
    assert!(db_from_ratio(&back, &x) < 20.0 * ROUNDING.log10(), "{plan:?}");
    check_resynthesis(plan, &mut *dual);
}

/// A gain of each cell, frame by frame, is that of all cells at a time.
fn check_resynthesis(plan: &dyn Analysis, dual: &mut dyn Dual) {
    let (x, mut whole, mut framed) = (noise(plan.samples(), 7), vec![0.0; plan.samples()], vec![0.0; plan.samples()]);
    let gain = |k: usize, t: usize| Complex::new((k * k + t) as f64, t as f64).sin();
    let cells = plan.forward(&x).unwrap();
    let (rows, frames) = cells.shape();
    dual.synthesise(&Plane::from_fn(rows, frames, |k, t| cells[(k, t)] * gain(k, t)), &mut whole).unwrap();
    let mut met = vec![0; frames];
    let mut change = |t: usize, frame: &mut [Complex<f64>]| {
        assert_eq!(frame.len(), rows, "{plan:?}");
        met[t] += 1;
        frame.iter_mut().enumerate().for_each(|(k, cell)| *cell *= gain(k, t));
    };
    dual.resynthesise(&x, &mut change, &mut framed).unwrap();
    assert!(met.iter().all(|count| *count == 1), "{plan:?}");
    let db = db_from_ratio(&framed, &whole);
    assert!(db < 20.0 * ROUNDING.log10(), "{plan:?}: {db} dB");
    assert!(dual.resynthesise(&x[1..], &mut |_, _| (), &mut whole).is_err());
    assert!(dual.resynthesise(&x, &mut |_, _| (), &mut whole[1..]).is_err());
}

fn check_shapes(plan: &dyn Analysis) {
    let (rows, frames) = plan.shape();
    assert!(plan.forward(&noise(plan.samples() + 1, 1)).is_err());
    assert!(plan.adjoint(&noisy_cells((rows, frames + 1), 1)).is_err());
}

fn check_channels(plan: &dyn Analysis) {
    let (rows, channels) = (plan.shape().0, plan.channels());
    assert_eq!(channels.rows.len(), rows);
    assert!(channels.rows.windows(2).all(|pair| pair[0].centre_hz < pair[1].centre_hz), "{plan:?}");
    for (row, channel) in channels.rows.iter().enumerate() {
        let heard = plan.response(row, channel.centre_hz);
        assert!((heard - channel.peak).abs() <= 1e-3 * channel.peak, "{plan:?}: row {row}");
        let off = channel.centre_hz + channels.sample_rate_hz / channel.length;
        assert!(plan.response(row, off) < heard, "{plan:?}: row {row}");
    }
}

/// Far from both ends a tone's coefficients are half of what [`Analysis::transfer`] says of its positive frequency; the
/// negative one is too far away from rows that hear it loudest.
fn check_transfer(make: Make<'_>, margin: usize) {
    let plan = make(2 * margin + 2000);
    let (rows, frames) = plan.shape();
    let (channels, t) = (plan.channels(), frames / 2);
    for row in [rows / 2, 3 * rows / 4] {
        let channel = channels.rows[row];
        let hz = channel.centre_hz + 0.4 * channels.sample_rate_hz / channel.length;
        let turns = |sample: usize| std::f64::consts::TAU * hz / channels.sample_rate_hz * sample as f64;
        let tone: Vec<f64> = (0..plan.samples()).map(|i| turns(i).cos()).collect();
        let found = plan.forward(&tone).unwrap()[(row, t)];
        let wanted = 0.5 * plan.transfer(row, hz) * Complex::from_polar(1.0, turns(t * channels.hop));
        assert!((found - wanted).norm() <= 2e-3 * channel.peak, "{plan:?}: row {row}: {found} and not {wanted}");
    }
}

/// A sound that starts one hop later has the same coefficients one frame later, when it keeps clear of both ends.
fn check_shift(make: Make<'_>, margin: usize) {
    let hop = make(9000).channels().hop;
    let (sound, margin) = (noise(2000, 8), margin + hop);
    let plan = make(2 * margin + sound.len());
    let [early, late] = [margin, margin + hop].map(|start| {
        let mut x = vec![0.0; plan.samples()];
        x[start..start + sound.len()].copy_from_slice(&sound);
        plan.forward(&x).unwrap()
    });
    let (rows, frames) = plan.shape();
    let but_one = |cells: &Cells, skip: usize| -> Vec<f64> {
        (0..rows).flat_map(|k| flat(&cells.row(k)[skip..skip + frames - 1])).collect()
    };
    let db = db_from_ratio(&but_one(&late, 1), &but_one(&early, 0));
    assert!(db < 20.0 * ROUNDING.log10(), "{plan:?}: {db} dB");
}
