//! How long reading takes: exact cells, a gray copy, a noisy picture.

use criterion::{Criterion, criterion_group, criterion_main};
use photophone_picture::{PaintOptions, Raster, ReadOptions, paint, read};
use photophone_spectrum::Plane;

/// 84 x 260 cells with a slope, tones and ripple: 520 x 336 px.
fn painted(palette: &str) -> Option<Raster> {
    let levels = Plane::from_fn(84, 260, |r, c| {
        let tone = if r % 12 < 2 { 0.4 } else { 0.0 };
        let ripple = ((r * 7919 + c * 104_729) % 251) as f64 / 251.0;
        tone + 0.3 * (1.0 - r as f64 / 84.0) + 0.29 * ripple
    });
    paint(&levels, &PaintOptions { palette: palette.parse().ok()?, ..PaintOptions::default() }).ok()
}

fn noisy(raster: &Raster) -> Option<Raster> {
    Raster::from_fn(raster.width(), raster.height(), |x, y| {
        let step = |v: u8, salt: usize| v.saturating_add(((x * 31 + y * 17 + salt) % 5) as u8);
        let [r, g, b, a] = raster.pixel(x, y);
        [step(r, 0), step(g, 1), step(b, 2), a]
    })
    .ok()
}

fn bench_read(criterion: &mut Criterion) {
    let exact = painted("magma");
    let cases =
        [("exact", exact.clone()), ("gray", painted("gray-of:magma")), ("noisy", exact.and_then(|e| noisy(&e)))];
    let options = ReadOptions { expected_shape: Some((84, 260)), ..ReadOptions::default() };
    for (name, raster) in cases {
        if let Some(raster) = raster {
            criterion.bench_function(&format!("read/{name}"), |bencher| bencher.iter(|| read(&raster, &options)));
        }
    }
}

criterion_group!(benches, bench_read);
criterion_main!(benches);
