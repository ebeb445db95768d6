//! JPEG's losses without its bits: what is left of a picture, and what its file keeps. Shares no code with the crate.
#![allow(dead_code, reason = "each test file uses its part")]

use photophone_picture::{Jpeg, JpegChannel, Raster};

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

/// A step of a table: libjpeg's `jpeg_quality_scaling`.
fn step_of(table: &[u8; 64], quality: u32, i: usize) -> u32 {
    let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    ((u32::from(table[i]) * scale + 50) / 100).clamp(1, 255)
}

/// One channel, row by row.
pub(crate) struct Channel {
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
        let step = |i: usize| f64::from(step_of(table, quality, i));
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

    /// The mean of each two by two.
    fn halved(&self) -> Self {
        Self::of(self.width.div_ceil(2), self.height.div_ceil(2), |x, y| {
            (0..4).map(|i| self.at(2 * x + i % 2, 2 * y + i / 2)).sum::<f64>() / 4.0
        })
    }

    /// A pixel where each sample stands for `per` pixels: three parts of the nearest sample, one of the next.
    fn spread(&self, x: usize, y: usize, per: usize) -> f64 {
        if per == 1 {
            return self.at(x, y);
        }
        let next = |at: usize| if at.is_multiple_of(2) { (at / 2).saturating_sub(1) } else { at / 2 + 1 };
        let line = |y: usize| 0.75 * self.at(x / 2, y) + 0.25 * self.at(next(x), y);
        0.75 * line(y / 2) + 0.25 * line(next(y))
    }
}

/// The channels of a picture as a JPEG leaves them; `shared` has one chroma for four pixels (4:2:0), which is to be spread
/// over them.
fn channels(raster: &Raster, quality: u32, shared: bool) -> [Channel; 3] {
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
    let [blue, red] = [[-0.168_736, -0.331_264, 0.5], [0.5, -0.418_688, -0.081_312]].map(|weights| {
        let full = channel(weights, 128.0);
        if shared { full.halved().quantised(&CHROMA, quality) } else { full.quantised(&CHROMA, quality) }
    });
    [luma, blue, red]
}

/// The picture as a JPEG leaves it, each sample of chroma spread over its pixels.
pub(crate) fn compressed(raster: &Raster, quality: u32, shared: bool) -> Raster {
    let [luma, blue, red] = channels(raster, quality, shared);
    let per = if shared { 2 } else { 1 };
    Raster::from_fn(raster.width(), raster.height(), |x, y| {
        let (l, b, r) = (luma.at(x, y), blue.at(x / per, y / per) - 128.0, red.at(x / per, y / per) - 128.0);
        let [r, g, b] = [l + 1.402 * r, l - 0.344_136 * b - 0.714_136 * r, l + 1.772 * b];
        [r, g, b, 255.0].map(|v| v.round().clamp(0.0, 255.0) as u8)
    })
    .expect("a size")
}

/// What the file of [`compressed`] keeps, as decoders give it: chroma spread by a triangle.
pub(crate) fn kept(raster: &Raster, quality: u32, shared: bool) -> Jpeg {
    let (width, height) = (raster.width(), raster.height());
    let per = if shared { 2 } else { 1 };
    let channel = |(index, channel): (usize, &Channel)| {
        let (per, table) = if index == 0 { (1, &LUMA) } else { (per, &CHROMA) };
        let samples =
            (0..width * height).map(|i| channel.spread(i % width, i / width, per).round().clamp(0.0, 255.0) as u8);
        let mut steps = [0; 64];
        steps.iter_mut().enumerate().for_each(|(i, step)| *step = step_of(table, quality, i) as u16);
        JpegChannel { samples: samples.collect(), steps, pixels_per_sample: (per, per) }
    };
    Jpeg { width, height, channels: channels(raster, quality, shared).iter().enumerate().map(channel).collect() }
}
