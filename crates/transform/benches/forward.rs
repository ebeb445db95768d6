//! The forward and adjoint transforms of a minute at 44.1 kHz, the FFTs that frames one by one take, and grids of many bins
//! and of an odd hop.
//!
//! `cargo xtask bench` runs this on one thread beside librosa.

#[path = "../tests/common/noise.rs"]
mod noise;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use noise::noise;
use photophone_fft::{Fft, Planner};
use photophone_spectrum::Plane;
use photophone_transform::{Complex, Cqt, CqtParams, Scratch};

const SAMPLES: usize = 60 * 44100;

fn transforms(c: &mut Criterion) {
    let params = CqtParams { sr: 44100.0, ..CqtParams::default() };
    let plan = Cqt::new(&params, SAMPLES).expect("the default grid fits a minute");
    let samples = noise(SAMPLES, 1);
    let mut cells = plan.forward(&samples).expect("the length is the plan's");
    let mut back = vec![0.0; SAMPLES];
    let mut scratch = Scratch::default();
    let mut group = c.benchmark_group("minute");
    group.sample_size(20);
    group.bench_function("forward", |b| {
        b.iter(|| plan.forward_into(black_box(&samples), &mut cells, &mut scratch).expect("shapes fit"));
    });
    let singles: Vec<f32> = samples.iter().map(|&sample| sample as f32).collect();
    let mut single_cells = Plane::filled(cells.rows(), cells.columns(), Complex::<f32>::default());
    group.bench_function("single", |b| {
        b.iter(|| plan.forward_into(black_box(&singles), &mut single_cells, &mut scratch).expect("shapes fit"));
    });
    group.bench_function("adjoint", |b| {
        b.iter(|| plan.adjoint_into(black_box(&cells), &mut back, &mut scratch).expect("shapes fit"));
    });
    let frames = plan.shape().1;
    group.bench_function("fft floor", |b| {
        let mut floor = FftFloor::new(frames);
        b.iter(|| floor.run());
    });
    group.finish();
}

/// The FFTs alone, two real blocks or frames to a complex one: 4096 down and 2048 back for each
/// of 7 halvings (soxr's 481 taps), 256 for the frames of each octave.
struct FftFloor {
    frames: usize,
    planner: Planner<f64>,
}

impl FftFloor {
    const BLOCK: usize = 4096;
    const TAPS: usize = 481;
    const OCTAVES: usize = 7;
    const FRAME: usize = 256;

    fn new(frames: usize) -> Self {
        Self { frames, planner: Planner::default() }
    }

    fn run(&mut self) {
        for octave in 0..Self::OCTAVES {
            let blocks = (SAMPLES >> octave).div_ceil(Self::BLOCK - Self::TAPS);
            let (long, short) = (self.planner.forward(Self::BLOCK), self.planner.inverse(Self::BLOCK / 2));
            repeat(&*long, blocks.div_ceil(2));
            repeat(&*short, blocks.div_ceil(2));
            repeat(&*self.planner.forward(Self::FRAME), self.frames.div_ceil(2));
        }
    }
}

fn repeat(fft: &dyn Fft<f64>, times: usize) {
    let mut buffer = vec![Complex::default(); fft.len()];
    let mut scratch = vec![Complex::default(); fft.get_inplace_scratch_len()];
    for _ in 0..times {
        fft.process_with_scratch(black_box(&mut buffer), &mut scratch);
    }
}

/// Grids of which an octave's frames overlap much: their sample rate, seconds, hop, bins and bins of an octave.
const DENSE: [(&str, f64, usize, usize, usize, usize); 3] = [
    ("96 an octave", 16_000.0, 1, 256, 672, 96),
    ("120 an octave", 22_050.0, 4, 128, 600, 120),
    ("hop 441", 44_100.0, 4, 441, 84, 12),
];

fn dense(c: &mut Criterion) {
    let mut group = c.benchmark_group("dense");
    group.sample_size(20);
    for (name, sr, secs, hop, bins, bins_per_octave) in DENSE {
        let samples = sr as usize * secs;
        let params = CqtParams { sr, hop, bins, bins_per_octave, ..CqtParams::default() };
        let plan = Cqt::new(&params, samples).expect("the grid fits");
        let sound = noise(samples, 1);
        let mut cells = plan.forward(&sound).expect("the length is the plan's");
        let singles: Vec<f32> = sound.iter().map(|&sample| sample as f32).collect();
        let mut single_cells = Plane::filled(cells.rows(), cells.columns(), Complex::<f32>::default());
        let (mut back, mut scratch) = (vec![0.0; samples], Scratch::default());
        group.bench_function(format!("{name} forward"), |b| {
            b.iter(|| plan.forward_into(black_box(&sound), &mut cells, &mut scratch).expect("shapes fit"));
        });
        group.bench_function(format!("{name} single"), |b| {
            b.iter(|| plan.forward_into(black_box(&singles), &mut single_cells, &mut scratch).expect("shapes fit"));
        });
        group.bench_function(format!("{name} adjoint"), |b| {
            b.iter(|| plan.adjoint_into(black_box(&cells), &mut back, &mut scratch).expect("shapes fit"));
        });
    }
    group.finish();
}

criterion_group!(benches, transforms, dense);
criterion_main!(benches);
