//! Levels painted over a signal, as sound.

#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test's helper is a failed test with a line number")]

use std::f64::consts::TAU;

use photophone_spectrum::Plane;
use photophone_transform::Complex;
use photophone_transform::gabor::{Gabor, GaborParams, PaintOptions, PaintStart, Painted, Painting, Skirts};

const SR: f64 = 22_050.0;
const HOP: usize = 256;
const COLUMNS: usize = 180;

fn plan() -> Gabor<f64> {
    let params = GaborParams { sr: SR, max_hop: Some(HOP), ..GaborParams::default() };
    Gabor::new(&params, COLUMNS * HOP).unwrap()
}

/// Three partials that glide, with an onset in the middle of the window and a beat in loudness.
fn glide(samples: usize) -> Vec<f64> {
    let mut phase = 0.0;
    (0..samples)
        .map(|at| {
            let secs = at as f64 / SR;
            phase += TAU * (500.0 + 120.0 * secs + 10.0 * (TAU * 4.0 * secs).sin()) / SR;
            let loud = 0.2 * ((secs - 0.3) / 0.02).clamp(0.0, 1.0) * (1.0 + 0.3 * (TAU * 3.0 * secs).cos());
            loud * (phase.sin() + 0.5 * (2.0 * phase).sin() + 0.3 * (3.0 * phase).sin())
        })
        .collect()
}

/// The logarithm of the mean magnitude of a signal's coefficients on columns.
fn logs(plan: &Gabor<f64>, samples: &[f64]) -> Plane<f32> {
    let cells = plan.forward(samples).unwrap();
    Plane::from_fn(cells.rows(), COLUMNS, |row, column| {
        let count = HOP / plan.bands()[row].hop;
        let values = &cells.row(row)[column * count..];
        let powers: f64 = (0..=count)
            .filter_map(|at| Some((at, values.get(at)?)))
            .map(|(at, value)| value.norm_sqr() * if at == 0 || at == count { 0.5 } else { 1.0 })
            .sum();
        (0.5 * (powers / count as f64).max(1e-12).ln()) as f32
    })
}

/// A rectangle in Hz and columns of a plan.
fn rectangle(plan: &Gabor<f64>, hz: (f64, f64), columns: std::ops::Range<usize>) -> Plane<bool> {
    Plane::from_fn(plan.bands().len(), COLUMNS, |row, column| {
        (hz.0..hz.1).contains(&plan.bands()[row].centre_hz) && columns.contains(&column)
    })
}

fn painted(
    plan: &Gabor<f64>,
    base: &[f64],
    logs: &Plane<f32>,
    inside: &Plane<bool>,
    start: PaintStart<'_>,
    rounds: usize,
) -> Painted {
    let painting = Painting { logs, is_painted: inside, hop: HOP, skirts: Skirts::Cut };
    plan.paint(base, 0, &painting, &PaintOptions { rounds, start, ..PaintOptions::default() }).unwrap()
}

fn db(found: &Painted) -> f64 {
    10.0 * (found.off_power / found.painted_power).log10()
}

#[test]
fn painted_into_silence_it_converges_as_with_the_true_phase() {
    let plan = plan();
    let sound = glide(plan.samples());
    let (logs, inside) = (logs(&plan, &sound), rectangle(&plan, (300.0, 3000.0), 20..160));
    let silence = vec![0.0; plan.samples()];
    let of = |start, rounds| db(&painted(&plan, &silence, &logs, &inside, start, rounds));
    let (own, truth, random) =
        (of(PaintStart::Integrated, 20), of(PaintStart::Of(&sound), 20), of(PaintStart::Random(1), 20));
    assert!(own < truth + 3.0 && own < random - 3.0, "{own}, the true phase {truth}, random {random} dB");
    // Without rounds, it is the integration that makes the difference.
    let (own, truth) = (of(PaintStart::Integrated, 0), of(PaintStart::Of(&sound), 0));
    assert!(own < truth + 3.0, "{own}, the true phase {truth} dB");
}

#[test]
fn phase_goes_on_from_what_lies_beside_it() {
    // The sound is there before and after a gap that is painted: with the right phase it goes on through.
    let plan = plan();
    let sound: Vec<f64> = (0..plan.samples()).map(|at| 0.3 * (TAU * 700.3 * at as f64 / SR).sin()).collect();
    let logs = logs(&plan, &sound);
    let mut cells = plan.forward(&sound).unwrap();
    let inside = rectangle(&plan, (300.0, 2000.0), 80..90);
    for row in 0..cells.rows() {
        let hop = plan.bands()[row].hop;
        for (at, value) in cells.row_mut(row).iter_mut().enumerate() {
            if inside[(row, (at * hop / HOP).min(COLUMNS - 1))] {
                *value = Complex::default();
            }
        }
    }
    let base = plan.inverse(&cells).unwrap();
    let found = painted(&plan, &base, &logs, &inside, PaintStart::Integrated, 20);
    let (mut left, mut held) = (0.0, 0.0);
    for at in 80 * HOP..90 * HOP {
        left += (base[at] + found.difference[at] - sound[at]).powi(2);
        held += (base[at] - sound[at]).powi(2);
    }
    assert!(held > 0.0 && 10.0 * (left / held).log10() < -14.0, "{} dB", 10.0 * (left / held).log10());
}

#[test]
fn a_line_is_a_tone_at_its_row_as_loud_as_it_was_painted() {
    let plan = plan();
    let silence = vec![0.0; plan.samples()];
    let row = plan.bands().iter().position(|band| band.centre_hz > 1000.0).unwrap();
    for rows in [1, 2, 3] {
        let (level, floor) = (0.1f64.ln() as f32, -12.0);
        let inside = Plane::from_fn(plan.bands().len(), COLUMNS, |k, c| {
            (row..row + rows).contains(&k) && (30..150).contains(&c)
        });
        let logs = inside.map(|inside| if *inside { level } else { floor });
        let painting = Painting { logs: &logs, is_painted: &inside, hop: HOP, skirts: Skirts::Heard };
        let found = plan.paint(&silence, 0, &painting, &PaintOptions::default()).unwrap().difference;
        let wanted_hz = f64::midpoint(plan.bands()[row].centre_hz, plan.bands()[row + rows - 1].centre_hz);
        // How loud it is at that frequency, and by how much it is off it: the phase's advance under a Hann window.
        let at = |middle: usize| {
            let mut sum = Complex::new(0.0, 0.0);
            for n in 0..4096 {
                let weight = 0.5 - 0.5 * (TAU * n as f64 / 4096.0).cos();
                let turn = -TAU * wanted_hz * (middle + n) as f64 / SR;
                sum += Complex::from_polar(weight * found[middle + n] / 1024.0, turn);
            }
            sum
        };
        let (first, second) = (at(60 * HOP), at(60 * HOP + 64));
        let hz = wanted_hz + (second / first).arg() / TAU * SR / 64.0;
        let cents = 1200.0 * (hz / wanted_hz).log2();
        let loud = 20.0 * (first.norm() / 0.1).log10();
        assert!(cents.abs() < 5.0, "{rows} rows: {cents} cents");
        assert!(loud.abs() < 3.0, "{rows} rows: {loud} dB");
    }
}

#[test]
fn what_was_not_painted_is_not_touched_and_what_does_not_fit_is_refused() {
    let plan = plan();
    let base = glide(plan.samples());
    let logs = logs(&plan, &base);
    let nothing = Plane::filled(plan.bands().len(), COLUMNS, false);
    let found = painted(&plan, &base, &logs, &nothing, PaintStart::Integrated, 3);
    assert!(found.difference.iter().all(|value| *value == 0.0) && found.reached.is_empty());
    let painting = Painting { logs: &logs, is_painted: &nothing, hop: HOP, skirts: Skirts::Cut };
    let options = PaintOptions::default();
    assert!(plan.paint(&base[1..], 0, &painting, &options).is_err());
    assert!(plan.paint(&base, 1, &painting, &options).is_err());
    let other = Plane::filled(3, COLUMNS, false);
    assert!(plan.paint(&base, 0, &Painting { is_painted: &other, ..painting }, &options).is_err());
    let all = Plane::filled(plan.bands().len(), COLUMNS, true);
    let broken = logs.map(|_| f32::NAN);
    assert!(plan.paint(&base, 0, &Painting { logs: &broken, is_painted: &all, ..painting }, &options).is_err());
}
