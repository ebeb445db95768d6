//! What `paint` drew is read back exactly where its recipe tells the cells, 8 and 16 bits, however little it shows.

mod painter;

use painter::{Random, spectrogram};
use photophone_picture::{
    BitDepth, DrawnCells, PaintOptions, PaletteName, Picture, PictureError, Raster, ReadOptions, paint, read,
};
use photophone_spectrum::{Plane, Source};

/// Shapes and cells: one bin, one frame, one cell, one pixel, whole multiples.
const SHAPES: [(usize, usize); 6] = [(1, 1), (1, 40), (30, 1), (2, 3), (24, 50), (84, 37)];
const CELLS_PX: [(usize, usize); 5] = [(1, 1), (1, 4), (3, 1), (2, 4), (5, 5)];

/// Levels of a sound, silence, one loud cell, one constant, rows that repeat, noise.
fn kinds(rows: usize, columns: usize) -> Vec<Plane<f64>> {
    let mut random = Random((rows * 1000 + columns) as u64);
    let mut one = Plane::filled(rows, columns, 0.0);
    one[(rows / 2, columns / 2)] = 1.0;
    vec![
        Plane::from_fn(rows, columns, |k, t| if k % 5 == 0 { (-0.1 * (t % 20) as f64).exp() } else { 0.0 }),
        Plane::filled(rows, columns, 0.0),
        one,
        Plane::filled(rows, columns, 0.37),
        Plane::filled(rows, columns, 1.0),
        Plane::from_fn(rows, columns, |k, _| (k / 3) as f64 / rows as f64),
        Plane::from_fn(rows, columns, |_, _| random.between(0.0, 1.0)),
    ]
}

fn painted(levels: &Plane<f64>, palette: &str, cell_px: (usize, usize), bits: BitDepth) -> (Raster, ReadOptions) {
    let palette: PaletteName = palette.parse().expect("a name");
    let (cell_width_px, cell_height_px) = cell_px;
    let options = PaintOptions { palette: palette.clone(), cell_width_px, cell_height_px, bits };
    let (rows, columns) = levels.shape();
    let drawn = Some(DrawnCells { rows, columns, cell_width_px, cell_height_px });
    let reading = ReadOptions { palette: Some(palette), drawn, ..ReadOptions::default() };
    (paint(levels, &options).expect("a size"), reading)
}

/// Every cell's level lies in the range read, which is one step wide (two where a palette has a colour twice, as viridis
/// has), and the middle is read.
fn assert_exact(picture: &Picture, levels: &Plane<f64>, entries: f64, what: &str) {
    assert_eq!(picture.levels.shape(), levels.shape(), "{what}");
    for (cell, level) in levels.as_slice().iter().enumerate() {
        let [low, high, middle] = [&picture.low, &picture.high, &picture.levels].map(|plane| plane.as_slice()[cell]);
        assert!(low <= *level && *level <= high && high - low < 2.01 / entries, "{what}: {low} {level} {high}");
        assert!((middle - level).abs() <= 1.0 / entries, "{what}: {middle} {level}");
    }
    assert_eq!(picture.exact_share(), 1.0, "{what}");
}

#[test]
fn every_cell_of_every_shape_is_read_exactly() {
    for shape in SHAPES {
        for (kind, levels) in kinds(shape.0, shape.1).iter().enumerate() {
            for cell_px in CELLS_PX {
                for (palette, bits, entries) in [
                    ("viridis", BitDepth::Eight, 256.0),
                    ("gray_r", BitDepth::Eight, 256.0),
                    ("gray", BitDepth::Sixteen, 65536.0),
                    ("gray_r", BitDepth::Sixteen, 65536.0),
                ] {
                    let what = format!("{shape:?}, kind {kind}, {cell_px:?} px, {palette} {bits:?}");
                    let (raster, reading) = painted(levels, palette, cell_px, bits);
                    let picture = read(&raster, &reading).unwrap_or_else(|error| panic!("{what}: {error}"));
                    assert_exact(&picture, levels, entries, &what);
                    assert_eq!((picture.lattice.source, picture.lattice.confidence), (Source::Read, 1.0));
                }
            }
        }
    }
}

#[test]
fn an_entry_is_read_as_itself_in_every_palette_that_tells_it() {
    let levels = Plane::from_fn(16, 16, |k, t| ((16 * k + t) as f64 + 0.5) / 256.0);
    for palette in ["magma", "gray-of:magma", "jet", "gray"] {
        let (raster, reading) = painted(&levels, palette, (1, 1), BitDepth::Eight);
        let picture = read(&raster, &reading).unwrap();
        let inside = levels.as_slice().iter().zip(picture.low.as_slice().iter().zip(picture.high.as_slice()));
        assert!(inside.into_iter().all(|(level, (low, high))| low <= level && level <= high), "{palette}");
    }
}

#[test]
fn a_gray_picture_of_a_coloured_palette_is_its_copy() {
    let levels = Plane::from_fn(16, 16, |k, t| ((16 * k + t) as f64 + 0.5) / 256.0);
    let (raster, copied) = painted(&levels, "gray-of:magma", (1, 1), BitDepth::Eight);
    let (_, told) = painted(&levels, "magma", (1, 1), BitDepth::Eight);
    let (copy, picture) = (read(&raster, &copied).unwrap(), read(&raster, &told).unwrap());
    assert_eq!(picture.palette.value.to_string(), "gray-of:magma");
    assert!(picture.palette.evidence.contains("gray"), "{}", picture.palette.evidence);
    assert_eq!(picture.levels, copy.levels);
    let (raster, told) = painted(&levels, "gray_r", (1, 1), BitDepth::Eight);
    assert_eq!(read(&raster, &told).unwrap().palette.value.to_string(), "gray_r");
}

#[test]
fn a_picture_that_was_resized_or_cropped_is_searched() {
    let sound = spectrogram(&mut Random(3), 40, 90, 0.4);
    let levels = Plane::from_fn(40, 90, |k, t| f64::from(sound[k][t]) / 255.0);
    for bits in [BitDepth::Eight, BitDepth::Sixteen] {
        let (raster, reading) = painted(&levels, "gray", (2, 4), bits);
        // Twice as wide, three times as high: cells of 4 x 12 px.
        let scaled = |x: usize, y: usize| (y / 3) * raster.width() + x / 2;
        let (width, height) = (2 * raster.width(), 3 * raster.height());
        let pixels = || (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let resized = Raster::from_fn(width, height, |x, y| raster.pixels()[scaled(x, y)]).unwrap();
        let resized = match raster.gray16() {
            Some(samples) => resized.with_gray16(pixels().map(|(x, y)| samples[scaled(x, y)]).collect()).unwrap(),
            None => resized,
        };
        let picture = read(&resized, &reading).unwrap();
        let entries = if bits == BitDepth::Eight { 256.0 } else { 65536.0 };
        assert_exact(&picture, &levels, entries, "resized");
        // The first 30 frames.
        let cut = Raster::from_fn(60, raster.height(), |x, y| raster.pixel(x, y)).unwrap();
        let picture = read(&cut, &reading).unwrap();
        assert_exact(&picture, &levels.columns_between(0, 30), 256.0, "cut");
    }
}

#[test]
fn a_cell_that_was_painted_over_does_not_spoil_the_others() {
    let sound = spectrogram(&mut Random(4), 40, 90, 0.4);
    let levels = Plane::from_fn(40, 90, |k, t| f64::from(sound[k][t]) / 255.0);
    let (raster, reading) = painted(&levels, "magma", (2, 4), BitDepth::Eight);
    // A white box across cell boundaries.
    let inside = |x: usize, y: usize| (21..40).contains(&x) && (30..61).contains(&y);
    let white = |x, y| if inside(x, y) { [255; 4] } else { raster.pixel(x, y) };
    let painted_over = Raster::from_fn(raster.width(), raster.height(), white).unwrap();
    let picture = read(&painted_over, &reading).unwrap();
    assert_eq!(picture.levels.shape(), (40, 90));
    let away = |k: usize, t: usize| !(9..=20).contains(&t) || !(24..=64).contains(&(4 * (39 - k)));
    for (k, t) in (0..40).flat_map(|k| (0..90).map(move |t| (k, t))).filter(|&(k, t)| away(k, t)) {
        assert!(picture.low[(k, t)] <= levels[(k, t)] && levels[(k, t)] <= picture.high[(k, t)], "{k} {t}");
    }
}

#[test]
fn sixteen_bits_are_read_without_a_recipe_and_eight_in_disguise_are_eight() {
    let sound = spectrogram(&mut Random(5), 60, 120, 0.3);
    let mut random = Random(6);
    let levels = Plane::from_fn(60, 120, |k, t| (f64::from(sound[k][t]) + random.between(0.0, 1.0)) / 256.0);
    let (raster, _) = painted(&levels, "gray", (2, 3), BitDepth::Sixteen);
    let picture = read(&raster, &ReadOptions::default()).unwrap();
    assert_eq!(picture.palette.value.to_string(), "gray");
    assert_exact(&picture, &levels, 65536.0, "16 bits");
    let (eight, _) = painted(&levels, "gray", (2, 3), BitDepth::Eight);
    let plain = read(&eight, &ReadOptions::default()).unwrap();
    for factor in [256, 257] {
        let samples = eight.pixels().iter().map(|pixel| u16::from(pixel[0]) * factor).collect();
        let disguised = eight.clone().with_gray16(samples).unwrap();
        assert_eq!(read(&disguised, &ReadOptions::default()).unwrap(), plain, "{factor}");
    }
}

#[test]
fn a_blurred_picture_keeps_more_than_8_bits() {
    let sound = spectrogram(&mut Random(7), 40, 80, 0.2);
    let mut random = Random(8);
    let levels = Plane::from_fn(40, 80, |k, t| (f64::from(sound[k][t]) + random.between(0.0, 1.0)) / 256.0);
    let (raster, reading) = painted(&levels, "gray", (4, 4), BitDepth::Sixteen);
    let samples = raster.gray16().expect("16 bits");
    let (width, height) = (raster.width(), raster.height());
    let at = |x: usize, y: usize| f64::from(samples[y * width + x]);
    // A 1-2-1 blur along both directions, mirrored at the edges as OpenCV does.
    let near = |i: usize, n: usize| [if i == 0 { 1 } else { i - 1 }, i, if i + 1 == n { n - 2 } else { i + 1 }];
    let weights = [0.25, 0.5, 0.25];
    let blurred = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| {
        let (xs, ys) = (near(x, width), near(y, height));
        let sum = |j: usize| (0..3).map(|i| weights[i] * at(xs[i], ys[j])).sum::<f64>();
        (0..3).map(|j| weights[j] * sum(j)).sum::<f64>().round() as u16
    });
    let blurred = raster.clone().with_gray16(blurred.collect()).unwrap();
    let error = |raster: &Raster| {
        let picture = read(raster, &reading).unwrap();
        let pairs = picture.levels.as_slice().iter().zip(levels.as_slice());
        (pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / (40.0 * 80.0)).sqrt()
    };
    let eight = Raster::from_pixels(width, height, blurred.pixels().to_vec()).unwrap();
    let (fine, coarse) = (error(&blurred), error(&eight));
    assert!(fine < 0.5 * coarse, "16 bits {fine}, 8 bits {coarse}");
}

#[test]
fn sixteen_bits_of_colour_are_refused_by_name() {
    let options = PaintOptions { bits: BitDepth::Sixteen, ..PaintOptions::default() };
    let error = paint(&Plane::filled(2, 2, 0.5), &options).unwrap_err();
    assert!(matches!(error, PictureError::PaintDepth { .. }) && error.to_string().contains("magma"), "{error}");
}
