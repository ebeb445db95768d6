//! Bad input gets an error that says what was found and what to do.

mod painter;

use painter::{Random, spectrogram};
use photophone_picture::{PaintOptions, PaletteName, PictureError, PixelBox, Raster, ReadOptions, paint, read};
use photophone_spectrum::Plane;

fn good() -> Raster {
    let matrix = spectrogram(&mut Random(3), 30, 60, 0.2);
    let levels = Plane::from_fn(30, 60, |r, c| (f64::from(matrix[r][c]) + 0.5) / 256.0);
    paint(&levels, &PaintOptions::default()).expect("a size")
}

fn refused(raster: &Raster, options: &ReadOptions) -> PictureError {
    read(raster, options).expect_err("bad input")
}

#[test]
fn pictures_without_anything_in_them() {
    let one = Raster::from_pixels(1, 1, vec![[9, 9, 9, 255]]).unwrap();
    assert!(matches!(refused(&one, &ReadOptions::default()), PictureError::TooSmall { .. }));
    let line = Raster::from_fn(50, 1, |x, _| [x as u8, 0, 0, 255]).unwrap();
    assert!(matches!(refused(&line, &ReadOptions::default()), PictureError::TooSmall { .. }));
    let blank = Raster::from_fn(50, 40, |_, _| [7, 8, 9, 255]).unwrap();
    assert!(matches!(refused(&blank, &ReadOptions::default()), PictureError::Uniform { colour: [7, 8, 9], .. }));
    let clear = Raster::from_fn(50, 40, |x, _| [x as u8, 8, 9, 0]).unwrap();
    assert!(matches!(refused(&clear, &ReadOptions::default()), PictureError::Transparent { .. }));
}

#[test]
fn a_photograph_is_no_spectrogram() {
    // Smooth patches of unrelated hues with grain, as a photograph has.
    let mut random = Random(4);
    let photograph = Raster::from_fn(300, 200, |x, y| {
        let (x, y) = (x as f64 / 300.0, y as f64 / 200.0);
        let mut wave = |a: f64, b: f64, c: f64| {
            let v = 0.5 + 0.5 * (a * x + b * y + c).sin();
            (255.0 * v + random.between(-12.0, 12.0)).clamp(0.0, 255.0) as u8
        };
        [wave(7.0, 3.0, 0.0), wave(-4.0, 8.0, 1.0), wave(3.0, -6.0, 2.0), 255]
    })
    .unwrap();
    let told = ReadOptions { cells: Some((84, 260)), ..ReadOptions::default() };
    let error = refused(&photograph, &told);
    assert!(matches!(error, PictureError::UnknownColours { .. }), "{error}");
    // Naming a palette overrules the doubt.
    let insisted = ReadOptions { palette: Some(PaletteName::MAGMA), ..told };
    assert!(read(&photograph, &insisted).unwrap().palette_residual > 20.0);
    // Nothing can be counted in it either, but that is not what is wrong with it.
    let error = refused(&photograph, &ReadOptions::default());
    assert!(matches!(error, PictureError::UnknownColours { .. }), "{error}");
}

#[test]
fn blurred_cells_of_a_known_palette_are_uncountable() {
    let mut random = Random(5);
    let levels = Plane::from_fn(60, 80, |r, _| r as f64 / 90.0 + random.between(0.0, 0.2));
    let sharp = paint(&levels, &PaintOptions { cell_width_px: 1, cell_height_px: 1, ..PaintOptions::default() });
    let sharp = sharp.expect("a size");
    let blurred = Raster::from_fn(76, 56, |x, y| {
        let mean = |channel: usize| {
            let around = (0..25).map(|i| u32::from(sharp.pixel(x + i % 5, y + i / 5)[channel]));
            (around.sum::<u32>() / 25) as u8
        };
        [mean(0), mean(1), mean(2), 255]
    });
    let error = refused(&blurred.expect("a size"), &ReadOptions::default());
    assert!(matches!(error, PictureError::UncountableCells { .. }), "{error}");
    assert!(["`cells ", "`phase`", "`crop`"].iter().all(|setting| error.to_string().contains(setting)), "{error}");
}

#[test]
fn one_colour_is_silence_where_cells_and_palette_are_told() {
    let silent = paint(&Plane::filled(6, 9, 0.0), &PaintOptions::default()).expect("a size");
    let told =
        ReadOptions { palette: Some(PaletteName::MAGMA), expected_shape: Some((6, 9)), ..ReadOptions::default() };
    let picture = read(&silent, &told).expect("silence");
    assert_eq!(picture.clipped_cells(), (6 * 9, 0));
    assert_eq!(picture.levels.shape(), (6, 9));
    for less in [ReadOptions { palette: None, ..told.clone() }, ReadOptions { expected_shape: None, ..told }] {
        assert!(matches!(refused(&silent, &less), PictureError::Uniform { .. }));
    }
}

#[test]
fn options_that_do_not_fit_the_picture() {
    let raster = good();
    let crop =
        |x, y, width, height| ReadOptions { crop: Some(PixelBox { x, y, width, height }), ..ReadOptions::default() };
    for (x, y, width, height) in [(0, 0, 0, 5), (0, 0, 121, 5), (100, 0, 30, 5), (0, 119, 5, 2), (usize::MAX, 0, 2, 2)]
    {
        let error = refused(&raster, &crop(x, y, width, height));
        assert!(matches!(error, PictureError::Crop { .. }) && error.to_string().contains("120 x 120"), "{error}");
    }
    for shape in [(0, 10), (10, 0)] {
        let cells = ReadOptions { cells: Some(shape), ..ReadOptions::default() };
        assert!(matches!(refused(&raster, &cells), PictureError::NoCells { .. }));
        let expected = ReadOptions { expected_shape: Some(shape), ..ReadOptions::default() };
        assert!(matches!(refused(&raster, &expected), PictureError::NoCells { .. }));
    }
    let crowded = ReadOptions { cells: Some((30, 481)), ..ReadOptions::default() };
    let error = refused(&raster, &crowded);
    assert!(matches!(error, PictureError::TooManyCells { cells: 481, pixels: 120, limit: 480, .. }), "{error}");
}

#[test]
fn a_shape_that_does_not_belong_to_the_picture_names_both() {
    let expect = |shape| ReadOptions { expected_shape: Some(shape), ..ReadOptions::default() };
    let error = refused(&good(), &expect((30, 75))).to_string();
    assert!(error.contains("30 x 60") && error.contains("30 x 75"), "{error}");
    let error = refused(&good(), &expect((60, 30))).to_string();
    assert!(error.contains("transposed"), "{error}");
}
