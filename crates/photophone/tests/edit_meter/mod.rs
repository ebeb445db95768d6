//! A meter of edits: another transform than the one that made them, its bands on other frequencies.

use std::f64::consts::TAU;

use photophone::edit::Surface;
use photophone::gabor::{Gabor, GaborParams, RaggedCells};

/// A rectangle of a surface, in seconds and in Hz.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rectangle {
    pub(crate) secs: (f64, f64),
    pub(crate) hz: (f64, f64),
}

/// The energies that edits are judged by.
pub(crate) struct Meter<'a> {
    surface: &'a Surface,
    plan: Gabor<f64>,
    before: usize,
}

impl<'a> Meter<'a> {
    /// With bands of the surface's own width, or by `narrower` narrower, and nowhere where the surface's are.
    pub(crate) fn new(surface: &'a Surface, narrower: f64) -> Self {
        let own = surface.params();
        let sr = own.sr;
        let params = GaborParams {
            sr,
            bins_per_octave: ((own.bins_per_octave as f64) * narrower).round() as usize,
            knee_hz: own.knee_hz * 1.17,
            tuning_hz: own.tuning_hz * 0.6137,
            max_hop: Some(512),
            ..GaborParams::default()
        };
        let before = sr as usize;
        let plan = Gabor::new(&params, surface.samples() + 2 * before).expect("a plan");
        Self { surface, plan, before }
    }

    fn cells(&self, x: &[f64]) -> RaggedCells<f64> {
        let mut padded = vec![0.0; self.plan.samples()];
        padded[self.before..self.before + x.len()].copy_from_slice(x);
        self.plan.forward(&padded).expect("finite samples")
    }

    /// The energy within or beyond so many cells outside of the rectangle, the farther of both ways; below 0 inside, then
    /// from the border.
    fn energies<const N: usize>(&self, x: &[f64], rectangle: &Rectangle, wanted: [Side; N]) -> [f64; N] {
        let (cells, sr) = (self.cells(x), self.plan.params().sr);
        let (low, high) = (self.surface.row_from_hz(rectangle.hz.0), self.surface.row_from_hz(rectangle.hz.1));
        let mut sums = [0.0; N];
        for (k, band) in self.plan.bands().iter().enumerate() {
            let row = self.surface.row_from_hz(band.centre_hz);
            let beside = (low - row).max(row - high) / 2.0;
            let cell_hz = self.surface.cell_hz(row.round().max(0.0) as usize);
            for (n, value) in cells.row(k).iter().enumerate() {
                let secs = ((n * band.hop) as f64 - self.before as f64) / sr;
                let outside = beside.max((rectangle.secs.0 - secs).max(secs - rectangle.secs.1) * cell_hz);
                for (sum, side) in sums.iter_mut().zip(&wanted) {
                    if side.holds(outside) {
                        *sum += value.norm_sqr() * band.hop as f64;
                    }
                }
            }
        }
        sums
    }

    /// What is left in the rectangle, of what it held, in dB.
    pub(crate) fn inside_db(&self, x: &[f64], y: &[f64], rectangle: &Rectangle) -> f64 {
        let [held] = self.energies(x, rectangle, [Side::Within(0.0)]);
        let [left] = self.energies(y, rectangle, [Side::Within(0.0)]);
        10.0 * (left / held).log10()
    }

    /// What is left inside, all of it and half a cell from the border, and the difference one, two and three cells outside,
    /// of an erased rectangle.
    pub(crate) fn erased_db(&self, x: &[f64], y: &[f64], rectangle: &Rectangle) -> [f64; 5] {
        let inside = [Side::Within(0.0), Side::Within(-0.5)];
        let (held, left) = (self.energies(x, rectangle, inside), self.energies(y, rectangle, inside));
        let difference: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - x).collect();
        let out = self.energies(&difference, rectangle, [1.0, 2.0, 3.0].map(Side::Beyond));
        let db = |energy: f64, of: f64| 10.0 * (energy / of).log10();
        [db(left[0], held[0]), db(left[1], held[1]), db(out[0], held[0]), db(out[1], held[0]), db(out[2], held[0])]
    }

    /// Whether the rectangle, half a cell from its border, holds at least a fiftieth of what lies within three cells around
    /// it, of noise the smallest one holds a twentieth, and a hundred thousandth of all. Of less the meter would measure what it hears of its surroundings.
    pub(crate) fn holds(&self, x: &[f64], rectangle: &Rectangle) -> bool {
        let [inside, around, all] =
            self.energies(x, rectangle, [Side::Within(-0.5), Side::Within(3.0), Side::Within(f64::INFINITY)]);
        inside > 0.02 * around && inside > 1e-5 * all
    }
}

/// Which places count, by how many cells they lie outside.
#[derive(Clone, Copy)]
enum Side {
    Within(f64),
    Beyond(f64),
}

impl Side {
    fn holds(self, outside: f64) -> bool {
        match self {
            Self::Within(cells) => outside <= cells,
            Self::Beyond(cells) => outside > cells,
        }
    }
}

/// White noise, uniform in -0.5..0.5 (`SplitMix64`).
pub(crate) fn noise(samples: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    (0..samples).map(|_| next()).collect()
}

/// Three plucked chords, half a second each, of notes with ten partials.
pub(crate) fn chords(samples: usize, sr: f64) -> Vec<f64> {
    let chords = [[220.0, 277.2, 329.6], [246.9, 311.1, 370.0], [196.0, 246.9, 293.7]];
    let at = |n: usize| {
        let secs = n as f64 / sr;
        let (chord, since) = ((secs / 0.5) as usize, secs % 0.5);
        let rise = (since / 0.005).min(1.0);
        let note = |hz: &f64| {
            let partial = |k: u32| {
                let k = f64::from(k);
                (-4.0 * since * k.sqrt()).exp() / k * (TAU * hz * k * since).sin()
            };
            (1..=10).map(partial).sum::<f64>()
        };
        0.1 * rise * chords[chord % 3].iter().map(note).sum::<f64>()
    };
    (0..samples).map(at).collect()
}

/// A tone with five partials that glides up two octaves and down again, every two seconds.
pub(crate) fn glide(samples: usize, sr: f64) -> Vec<f64> {
    let mut turns = 0.0;
    let at = |n: usize| {
        let octaves = 1.0 - (TAU * n as f64 / sr / 2.0).cos();
        turns += 180.0 * octaves.exp2() / sr;
        0.2 * (1..=5).map(|k| (TAU * turns * f64::from(k)).sin() / f64::from(k)).sum::<f64>()
    };
    (0..samples).map(at).collect()
}
