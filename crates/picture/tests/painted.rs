//! Random matrices drawn by a painter of the tests' own, read back cell for cell.

mod painter;

use painter::{Geometry, Margin, Matrix, Random, bone, draw, gray, hot, spectrogram, visible_columns, winter};
use photophone_picture::{Picture, ReadOptions, read};

type Palette = fn(u8) -> [u8; 3];
const PALETTES: [(&str, Palette); 4] = [("hot", hot), ("bone", bone), ("gray", gray), ("winter", winter)];

fn random_geometry(random: &mut Random, rows: usize, columns: usize) -> Geometry {
    let cell_width = random.between(1.05, 6.0);
    let cell_height = random.between(1.6, 7.0);
    let margin = if random.below(2) == 0 { Margin::Transparent } else { Margin::White };
    // Lost alpha leaves a margin on all sides; a transparent one may be cut anywhere.
    let least = if margin == Margin::White { 3.0 } else { 0.0 };
    let (left, top) = (random.between(least, 9.0), random.between(least, 9.0));
    let slack = random.between(least, 9.0);
    Geometry {
        width: (left + columns as f64 * cell_width + slack) as usize,
        height: (top + rows as f64 * cell_height + slack) as usize,
        left,
        top,
        cell_width,
        cell_height,
        margin,
    }
}

/// Cells of the matrix's visible columns that were not read as drawn; `None` when the shape is wrong.
///
/// Silent rows at the top have no boundaries to count, so unless the shape was told one more or less is let pass.
fn wrong(picture: &Picture, matrix: &Matrix, columns: (usize, usize), told: bool) -> Option<usize> {
    let (first, last) = columns;
    let (rows, seen) = picture.levels.shape();
    if seen != last + 1 - first || rows.abs_diff(matrix.len()) > usize::from(!told) {
        return None;
    }
    let mut wrong = 0;
    for (r, row) in matrix.iter().enumerate().take(rows) {
        for (c, &entry) in row[first..=last].iter().enumerate() {
            let centre = (f64::from(entry) + 0.5) / 256.0;
            let cell = (r, c);
            wrong += usize::from(centre < picture.low[cell] || picture.high[cell] < centre);
        }
    }
    Some(wrong)
}

#[test]
fn hundreds_of_random_pictures_are_read_exactly() {
    let mut random = Random(1);
    for case in 0..400 {
        let (rows, columns) = (12 + random.below(100), 20 + random.below(200));
        let geometry = random_geometry(&mut random, rows, columns);
        let quiet = random.between(0.0, 0.8);
        let matrix = spectrogram(&mut random, rows, columns, quiet);
        let (name, palette) = PALETTES[random.below(PALETTES.len())];
        let raster = draw(&matrix, &geometry, palette);
        let shown = visible_columns(&geometry, columns);
        let told = case % 2 == 0;
        let options = ReadOptions { expected_shape: told.then_some((rows, columns)), ..ReadOptions::default() };
        let picture = match read(&raster, &options) {
            Ok(picture) => picture,
            Err(error) => panic!("case {case} {name} {rows}x{columns} {geometry:?} {shown:?}: {error}"),
        };
        assert_eq!(picture.palette.value.to_string(), name, "case {case}: {:?}", picture.palette);
        let wrong = wrong(&picture, &matrix, shown, told);
        assert_eq!(
            wrong,
            Some(0),
            "case {case} told {told} {name} {rows}x{columns} {shown:?} {geometry:?} {:?}",
            picture.lattice
        );
        if told {
            assert_eq!(picture.missing.value.frames_before, shown.0, "case {case} {geometry:?} {:?}", picture.missing);
        }
    }
}

#[test]
fn boundaries_on_whole_pixels_may_jitter() {
    // Cells of 1.25 px from 0.5 reach whole pixels at every second boundary; shifted by less than a float of
    // rounding they fall now before, now after.
    let mut random = Random(8);
    for case in 0..40 {
        let (rows, columns) = (40, 120);
        let matrix = spectrogram(&mut random, rows, columns, 0.3);
        let mut geometry = random_geometry(&mut random, rows, columns);
        geometry.left = 4.5 + random.between(-1e-12, 1e-12);
        geometry.cell_width = [1.25, 1.5, 2.5, 3.25][case % 4] + random.between(-1e-15, 1e-15);
        geometry.width = (geometry.left + columns as f64 * geometry.cell_width + 6.0) as usize;
        let raster = draw(&matrix, &geometry, hot);
        let shown = visible_columns(&geometry, columns);
        let options = ReadOptions { expected_shape: Some((rows, columns)), ..ReadOptions::default() };
        let picture = read(&raster, &options).unwrap();
        assert_eq!(wrong(&picture, &matrix, shown, true), Some(0), "case {case} {geometry:?} {:?}", picture.lattice);
    }
}
