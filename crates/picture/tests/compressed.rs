//! Pictures of sounds without silence, compressed as JPEG does, read without being told anything.

mod painter;

use painter::{Geometry, Margin, Matrix, Random, bone, draw, frame, hot};
use photophone_picture::{Raster, ReadOptions, read};

/// Luma and chroma tables of ITU-T T.81, annex K.
const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99,
];

/// One channel, row by row.
struct Channel {
    width: usize,
    height: usize,
    values: Vec<f64>,
}

impl Channel {
    fn at(&self, x: usize, y: usize) -> f64 {
        self.values[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    fn of(width: usize, height: usize, value: impl Fn(usize, usize) -> f64) -> Self {
        let values = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect();
        Self { width, height, values }
    }

    /// Its cosine coefficients in blocks of 8 x 8, rounded to multiples of the table's steps.
    fn quantised(&self, table: &[u8; 64], quality: u32) -> Self {
        // libjpeg's `jpeg_quality_scaling`.
        let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        let step = |i: usize| f64::from(((u32::from(table[i]) * scale + 50) / 100).clamp(1, 255));
        let cos: Vec<[f64; 8]> = (0..8)
            .map(|u| {
                let norm = if u == 0 { 0.125f64.sqrt() } else { 0.5 };
                [0, 1, 2, 3, 4, 5, 6, 7]
                    .map(|x| norm * (f64::from(2 * x + 1) * f64::from(u) * std::f64::consts::PI / 16.0).cos())
            })
            .collect();
        let mut made = Self { values: vec![0.0; self.values.len()], ..*self };
        for (top, left) in (0..self.height).step_by(8).flat_map(|y| (0..self.width).step_by(8).map(move |x| (y, x))) {
            let mut coefficients = [0.0; 64];
            for (i, coefficient) in coefficients.iter_mut().enumerate() {
                let (v, u) = (i / 8, i % 8);
                let sum: f64 =
                    (0..64).map(|k| cos[v][k / 8] * cos[u][k % 8] * (self.at(left + k % 8, top + k / 8) - 128.0)).sum();
                *coefficient = (sum / step(i)).round() * step(i);
            }
            for k in 0..64 {
                let (x, y) = (left + k % 8, top + k / 8);
                if x < self.width && y < self.height {
                    let sum: f64 = (0..64).map(|i| cos[i / 8][k / 8] * cos[i % 8][k % 8] * coefficients[i]).sum();
                    made.values[y * self.width + x] = sum + 128.0;
                }
            }
        }
        made
    }

    /// The mean of each two by two, spread over them again.
    fn shared(&self, table: &[u8; 64], quality: u32) -> Self {
        let half = Self::of(self.width.div_ceil(2), self.height.div_ceil(2), |x, y| {
            (0..4).map(|i| self.at(2 * x + i % 2, 2 * y + i / 2)).sum::<f64>() / 4.0
        });
        let half = half.quantised(table, quality);
        Self::of(self.width, self.height, |x, y| half.at(x / 2, y / 2))
    }
}

/// The picture as a JPEG leaves it; `shared` has one chroma for four pixels (4:2:0).
fn compressed(raster: &Raster, quality: u32, shared: bool) -> Raster {
    let (width, height) = (raster.width(), raster.height());
    let rgb = |x: usize, y: usize| {
        let [r, g, b, a] = raster.pixel(x, y);
        [r, g, b].map(|v| if a == 0 { 255.0 } else { f64::from(v) })
    };
    let channel = |weights: [f64; 3], offset: f64| {
        Channel::of(width, height, |x, y| rgb(x, y).iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() + offset)
    };
    // JFIF (ITU-T T.871).
    let luma = channel([0.299, 0.587, 0.114], 0.0).quantised(&LUMA, quality);
    let chroma = [[-0.168_736, -0.331_264, 0.5], [0.5, -0.418_688, -0.081_312]].map(|weights| {
        let full = channel(weights, 128.0);
        if shared { full.shared(&CHROMA, quality) } else { full.quantised(&CHROMA, quality) }
    });
    Raster::from_fn(width, height, |x, y| {
        let (l, b, r) = (luma.at(x, y), chroma[0].at(x, y) - 128.0, chroma[1].at(x, y) - 128.0);
        let [r, g, b] = [l + 1.402 * r, l - 0.344_136 * b - 0.714_136 * r, l + 1.772 * b];
        [r, g, b, 255.0].map(|v| v.round().clamp(0.0, 255.0) as u8)
    })
    .expect("a size")
}

/// Noise through filters whose bands grow with their row, over 60 dB of 80: nothing is silent, much is loud.
fn dense(random: &mut Random, rows: usize, columns: usize) -> Matrix {
    let level = |row: usize, random: &mut Random| {
        let band = 0.02 * (row as f64 / 12.0).exp2();
        let waves: Vec<(f64, f64)> = (0..10).map(|_| (band * (random.next() - 0.5), random.next())).collect();
        (0..columns)
            .map(|t| {
                let turns =
                    waves.iter().map(|(rate, start)| (std::f64::consts::TAU * (rate * t as f64 + start)).sin_cos());
                let (sin, cos) = turns.fold((0.0, 0.0), |(a, b), (sin, cos)| (a + sin, b + cos));
                let level = 0.85 + 10.0 * ((sin * sin + cos * cos) / 100.0).log10() / 80.0;
                (256.0 * level).clamp(40.0, 250.0) as u8
            })
            .collect::<Vec<u8>>()
    };
    (0..rows).map(|row| level(row, random)).collect()
}

fn geometry(left: f64, top: f64, (cell_width, cell_height): (f64, f64), margin: (usize, usize)) -> Geometry {
    let (width, height) = (left + 260.0 * cell_width, top + 84.0 * cell_height);
    let (width, height) = (width.ceil() as usize + margin.0, height.ceil() as usize + margin.1);
    Geometry { width, height, left, top, cell_width, cell_height, margin: Margin::White }
}

#[test]
fn dense_pictures_are_read_through_compression() {
    let mut random = Random(41);
    let places = [
        // The question's picture, whose first frame is clipped; its white margin was transparent.
        (geometry(3.5, 3.06, (334.8 / 260.0, 217.44 / 84.0), (2, 3)), (84, 259)),
        (geometry(0.0, 0.0, (496.0 / 260.0, 369.6 / 84.0), (0, 0)), (84, 260)),
        (geometry(0.0, 0.0, (700.0 / 260.0, 5.0), (0, 0)), (84, 260)),
    ];
    for (geometry, shape) in places {
        for (quality, shared) in [(90, true), (75, false)] {
            let matrix = dense(&mut random, 84, 260);
            let raster = compressed(&draw(&matrix, &geometry, hot), quality, shared);
            let picture = read(&raster, &ReadOptions::default()).unwrap();
            let what = format!("{quality} {shared} {geometry:?} {:?} {:?}", picture.lattice, picture.palette);
            assert_eq!(picture.levels.shape(), shape, "{what}");
            assert_eq!(picture.palette.value.to_string(), "hot", "{what}");
            assert_eq!(picture.missing.value.frames_before, 260 - shape.1, "{what}");
        }
    }
}

#[test]
fn a_figures_box_is_found_through_compression() {
    let mut random = Random(42);
    let geometry = geometry(66.2, 30.6, (2.4, 4.3), (60, 50));
    for quality in [60, 90] {
        let matrix = dense(&mut random, 84, 260);
        let drawn = frame(&draw(&matrix, &geometry, bone), &geometry, (84, 260), 1.11, true);
        let picture = read(&compressed(&drawn, quality, true), &ReadOptions::default()).unwrap();
        let (found, missing) = (picture.data_box.value, picture.missing.value);
        assert!(found.x.abs_diff(68) <= 2 && found.y.abs_diff(33) <= 2, "{:?}", picture.data_box);
        assert!(found.width.abs_diff(621) <= 3 && found.height.abs_diff(358) <= 4, "{:?}", picture.data_box);
        let (rows, frames) = picture.levels.shape();
        let whole =
            (rows + missing.rows_below + missing.rows_above, frames + missing.frames_before + missing.frames_after);
        assert_eq!(whole, (84, 260), "{:?} {:?}", picture.missing, picture.lattice);
    }
}
