//! A meter of edits: another transform than the one that made them, its bands on other frequencies.

use std::f64::consts::TAU;

use photophone::edit::Surface;
use photophone::gabor::{Gabor, GaborParams, RaggedCells};

/// A rectangle of a surface, in seconds and in Hz.
#[derive(Clone, Copy, Debug)]
pub struct Rectangle {
    pub secs: (f64, f64),
    pub hz: (f64, f64),
}

impl Rectangle {
    /// How many cells a place lies outside, the farther of both ways; below 0 inside, then how many from the border.
    pub fn cells_outside(&self, surface: &Surface, secs: f64, hz: f64) -> f64 {
        let row = surface.row_from_hz(hz);
        let (low, high) = (surface.row_from_hz(self.hz.0), surface.row_from_hz(self.hz.1));
        let rows = (low - row).max(row - high) / 2.0;
        let cell_hz = surface.cell_hz(row.round().max(0.0) as usize);
        rows.max((self.secs.0 - secs).max(secs - self.secs.1) * cell_hz)
    }
}

/// The energies that edits are judged by.
pub struct Meter<'a> {
    surface: &'a Surface,
    plan: Gabor<f64>,
    before: usize,
}

impl<'a> Meter<'a> {
    /// With bands of the surface's own width, or by `narrower` narrower, and nowhere where the surface's are.
    pub fn new(surface: &'a Surface, narrower: f64) -> Self {
        let own = surface.params();
        let sr = own.sr;
        let params = GaborParams {
            sr,
            bins_per_octave: ((own.bins_per_octave as f64) * narrower).round() as usize,
            knee_hz: own.knee_hz * 1.17,
            tuning_hz: own.tuning_hz * 0.6137,
            max_hop: Some(64),
            ..GaborParams::default()
        };
        let before = (2.0 * sr) as usize;
        let plan = Gabor::new(&params, surface.samples() + 2 * before).unwrap();
        Self { surface, plan, before }
    }

    fn cells(&self, x: &[f64]) -> RaggedCells<f64> {
        let mut padded = vec![0.0; self.plan.samples()];
        padded[self.before..self.before + x.len()].copy_from_slice(x);
        self.plan.forward(&padded).unwrap()
    }

    /// The energy at the places that are asked for, by how many cells they lie outside of the rectangle.
    pub fn energy(&self, x: &[f64], rectangle: &Rectangle, mut wanted: impl FnMut(f64) -> bool) -> f64 {
        let (cells, sr) = (self.cells(x), self.plan.params().sr);
        let mut sum = 0.0;
        for (row, band) in self.plan.bands().iter().enumerate() {
            for (n, value) in cells.row(row).iter().enumerate() {
                let secs = ((n * band.hop) as f64 - self.before as f64) / sr;
                if wanted(rectangle.cells_outside(self.surface, secs, band.centre_hz)) {
                    sum += value.norm_sqr() * band.hop as f64;
                }
            }
        }
        sum
    }

    /// What is left in the rectangle, of what it held, in dB; `shrunk` cells away from its border.
    pub fn inside_db(&self, x: &[f64], y: &[f64], rectangle: &Rectangle, shrunk: f64) -> f64 {
        let energy = |x: &[f64]| self.energy(x, rectangle, |outside| outside <= -shrunk);
        10.0 * (energy(y) / energy(x)).log10()
    }

    /// The difference's energy more than `grown` cells outside of the rectangle, over what the rectangle held, in dB.
    pub fn outside_db(&self, x: &[f64], y: &[f64], rectangle: &Rectangle, grown: f64) -> f64 {
        let difference: Vec<f64> = x.iter().zip(y).map(|(x, y)| y - x).collect();
        let outside = self.energy(&difference, rectangle, |outside| outside > grown);
        10.0 * (outside / self.energy(x, rectangle, |outside| outside <= 0.0)).log10()
    }

    /// What is left inside, all of it and half a cell from the border, and the difference one, two and three cells outside,
    /// of an erased rectangle.
    pub fn erased_db(&self, x: &[f64], y: &[f64], rectangle: &Rectangle) -> [f64; 5] {
        [
            self.inside_db(x, y, rectangle, 0.0),
            self.inside_db(x, y, rectangle, 0.5),
            self.outside_db(x, y, rectangle, 1.0),
            self.outside_db(x, y, rectangle, 2.0),
            self.outside_db(x, y, rectangle, 3.0),
        ]
    }

    /// Whether the rectangle holds at least a hundredth of what lies within three cells around it.
    pub fn holds(&self, x: &[f64], rectangle: &Rectangle) -> bool {
        let inside = self.energy(x, rectangle, |outside| outside <= 0.0);
        inside > 0.01 * self.energy(x, rectangle, |outside| outside <= 3.0)
    }
}

/// White noise, uniform in -0.5..0.5 (`SplitMix64`).
pub fn noise(samples: usize, seed: u64) -> Vec<f64> {
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
pub fn chords(samples: usize, sr: f64) -> Vec<f64> {
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
pub fn glide(samples: usize, sr: f64) -> Vec<f64> {
    let mut turns = 0.0;
    let at = |n: usize| {
        let octaves = 1.0 - (TAU * n as f64 / sr / 2.0).cos();
        turns += 180.0 * octaves.exp2() / sr;
        0.2 * (1..=5).map(|k| (TAU * turns * f64::from(k)).sin() / f64::from(k)).sum::<f64>()
    };
    (0..samples).map(at).collect()
}
