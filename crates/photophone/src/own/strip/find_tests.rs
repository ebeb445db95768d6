use std::path::Path;

use jpeg_encoder::{ColorType, Encoder};

use super::find::{Gray, Search, StripSearch};
use super::record::example;
use super::{COPY_PX, FoundStrip, HEIGHT_PX, StripRecord, find, painted};
use crate::files::{PictureReadOptions, decode_picture};

/// A picture of noisy bands with the strip of two copies and a half below it.
struct Shot {
    width: usize,
    samples: Vec<u8>,
}

const WIDTH: usize = 2 * COPY_PX + 500;
const ROWS: usize = 120;

fn shot() -> Shot {
    let mut state = 7u64;
    let mut noise = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 58) as i32
    };
    let mut samples: Vec<u8> = (0..WIDTH * ROWS)
        .map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            (40 + 30 * i32::from(y % 17 < 3) + 50 * i32::from(x % 97 < 40) + noise()).clamp(0, 255) as u8
        })
        .collect();
    samples.extend(painted(&record(), WIDTH));
    Shot { width: WIDTH, samples }
}

fn record() -> StripRecord {
    StripRecord { columns: WIDTH as u32, first_column: 0, own_column: 0, ..example() }
}

impl Shot {
    fn height(&self) -> usize {
        self.samples.len() / self.width
    }

    fn at(&self, x: i64, y: i64) -> u8 {
        let clamped = |at: i64, count: usize| at.clamp(0, count as i64 - 1) as usize;
        self.samples[clamped(y, self.height()) * self.width + clamped(x, self.width)]
    }

    /// A pixel of each of these is made of the ones around it.
    fn filtered(&self, pixel: impl Fn(i64, i64) -> u8) -> Self {
        let places = (0..self.samples.len()).map(|at| ((at % self.width) as i64, (at / self.width) as i64));
        Self { width: self.width, samples: places.map(|(x, y)| pixel(x, y)).collect() }
    }

    fn mapped(&self, level: impl Fn(f64) -> f64) -> Self {
        Self {
            width: self.width,
            samples: self.samples.iter().map(|&v| level(f64::from(v)).round().clamp(0.0, 255.0) as u8).collect(),
        }
    }

    fn cropped(&self, first: usize, columns: usize) -> Self {
        let lines = self.samples.chunks(self.width);
        Self { width: columns, samples: lines.flat_map(|line| line[first..first + columns].to_vec()).collect() }
    }

    /// Another size, each pixel the mean of what it covers.
    fn resized(&self, scale: (f64, f64)) -> Self {
        let (width, height) =
            ((self.width as f64 * scale.0).round() as usize, (self.height() as f64 * scale.1).round() as usize);
        let (step_x, step_y) = (self.width as f64 / width as f64, self.height() as f64 / height as f64);
        let fine = 6;
        let mut samples = Vec::new();
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let mut sum = 0.0;
            for (i, j) in (0..fine).flat_map(|i| (0..fine).map(move |j| (i, j))) {
                let place = |at: usize, part: usize, step: f64| (at as f64 + (part as f64 + 0.5) / fine as f64) * step;
                sum += f64::from(self.at(place(x, j, step_x) as i64, place(y, i, step_y) as i64));
            }
            samples.push((sum / f64::from(fine as u32 * fine as u32)).round() as u8);
        }
        Self { width, samples }
    }

    fn found(&self) -> StripSearch {
        let height = self.height();
        let first = height.saturating_sub(48) * self.width;
        find(Gray { width: self.width, samples: &self.samples[first..] }, Search::Thorough)
    }
}

/// The strip is found, of the whole width, where it lies.
fn check(name: &str, shot: &Shot, scale: (f64, f64), first: usize) {
    let StripSearch::Found(FoundStrip { record: found, left_px, scale: measured }) = shot.found() else {
        panic!("{name}: {:?}", shot.found());
    };
    assert_eq!(StripRecord { own_column: 0, ..found }, record(), "{name}");
    let place = f64::from(found.own_column) - left_px / measured.0;
    assert!((place - first as f64).abs() < 1.0, "{name}: at {place}, not {first}");
    assert!((measured.0 / scale.0 - 1.0).abs() < 0.002, "{name}: {measured:?}");
    assert!((measured.1 / scale.1 - 1.0).abs() < 0.1, "{name}: {measured:?}");
}

fn gaussian(shot: &Shot, deviation: f64) -> Shot {
    let weight = |at: i64| (-0.5 * (at as f64 / deviation).powi(2)).exp();
    let reach = (4.0 * deviation) as i64;
    let sum: f64 = (-reach..=reach).map(weight).sum();
    let mean = |value: &dyn Fn(i64) -> f64| (-reach..=reach).map(|at| weight(at) * value(at)).sum::<f64>() / sum;
    let along = shot.filtered(|x, y| mean(&|at| f64::from(shot.at(x + at, y))).round() as u8);
    along.filtered(|x, y| mean(&|at| f64::from(along.at(x, y + at))).round() as u8)
}

fn median(shot: &Shot, reach: i64) -> Shot {
    shot.filtered(|x, y| {
        let mut around: Vec<u8> = (-reach..=reach)
            .flat_map(|v| (-reach..=reach).map(move |u| (u, v)))
            .map(|(u, v)| shot.at(x + u, y + v))
            .collect();
        around.sort_unstable();
        around[around.len() / 2]
    })
}

fn jpeg(shot: &Shot, quality: u8) -> Shot {
    let mut bytes = Vec::new();
    let encoder = Encoder::new(&mut bytes, quality);
    encoder.encode(&shot.samples, shot.width as u16, shot.height() as u16, ColorType::Luma).unwrap();
    let picture = decode_picture(Path::new("a.jpg"), &bytes, PictureReadOptions::default()).unwrap();
    Shot { width: shot.width, samples: picture.rgba.iter().map(|pixel| pixel[0]).collect() }
}

#[test]
fn it_is_found_unaided_after_what_programs_do_to_pictures() {
    let shot = shot();
    let same = (1.0, 1.0);
    check("as drawn", &shot, same, 0);
    for quality in [90, 75, 50, 25] {
        check(&format!("JPEG {quality}"), &jpeg(&shot, quality), same, 0);
    }
    check("blur 1", &gaussian(&shot, 1.0), same, 0);
    check("median 3", &median(&shot, 1), same, 0);
    check("median 5", &median(&shot, 2), same, 0);
    check("16 colours", &shot.mapped(|v| (v / 17.0).round() * 17.0), same, 0);
    check("brightness", &shot.mapped(|v| 1.2 * v + 20.0), same, 0);
    check("contrast", &shot.mapped(|v| (v - 128.0) * 0.6 + 128.0), same, 0);
    check("gamma 2", &shot.mapped(|v| 255.0 * (v / 255.0).powf(0.5)), same, 0);
    check("gamma 1/2", &shot.mapped(|v| 255.0 * (v / 255.0).powi(2)), same, 0);
    check("negative of half", &shot.mapped(|v| 0.5 * v), same, 0);
}

#[test]
fn a_resize_is_measured_and_a_crop_located() {
    let shot = shot();
    for scale in [(0.5, 0.5), (0.73, 0.73), (1.5, 1.5), (2.0, 2.0), (0.8, 1.3)] {
        check(&format!("{scale:?}"), &shot.resized(scale), scale, 0);
    }
    check("50 % and JPEG 75", &jpeg(&shot.resized((0.5, 0.5)), 75), (0.5, 0.5), 0);
    for first in [1, 333, COPY_PX - 1, COPY_PX] {
        check(&format!("from {first}"), &shot.cropped(first, WIDTH - first), (1.0, 1.0), first);
    }
    check("cropped and resized", &shot.cropped(700, 1500).resized((0.6, 0.6)), (0.6, 0.6), 700);
}

#[test]
fn the_next_copy_serves_where_one_is_painted_over() {
    let mut shot = shot();
    let first = ROWS * WIDTH;
    for (at, sample) in shot.samples[first..].iter_mut().enumerate() {
        if (100..800).contains(&(at % WIDTH)) {
            *sample = 255;
        }
    }
    check("painted over", &shot, (1.0, 1.0), 0);
}

#[test]
fn pictures_without_it_have_none() {
    let shot = shot();
    let above = Shot { width: WIDTH, samples: shot.samples[..ROWS * WIDTH].to_vec() };
    assert_eq!(above.found(), StripSearch::None);
    // Too much is lost.
    assert_eq!(shot.mapped(|_| 9.0).found(), StripSearch::None);
    assert_eq!(shot.cropped(40, 1000).found(), StripSearch::None);
    for (width, height) in [(1, 1), (3, HEIGHT_PX), (COPY_PX, 1)] {
        let samples = shot.samples[..width * height].to_vec();
        assert_eq!(Shot { width, samples }.found(), StripSearch::None);
    }
    assert_eq!(find(Gray { width: 0, samples: &[] }, Search::First), StripSearch::None);
}
