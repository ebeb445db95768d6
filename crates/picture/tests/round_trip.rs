//! `read(paint(x))`, for every palette, turn and gray copy.

mod painter;

use painter::{Matrix, Random, spectrogram};
use photophone_picture::{
    Clip, Flip, PaintOptions, PaletteName, PictureError, PixelBox, Raster, ReadOptions, overlay, paint, palette_names,
    read,
};
use photophone_spectrum::{LevelScale, Plane, Source};

fn levels(matrix: &Matrix) -> Plane<f64> {
    Plane::from_fn(matrix.len(), matrix[0].len(), |r, c| (f64::from(matrix[r][c]) + 0.5) / 256.0)
}

fn sound(rows: usize, columns: usize) -> Plane<f64> {
    levels(&spectrogram(&mut Random(5), rows, columns, 0.4))
}

fn painted(levels: &Plane<f64>, palette: &str) -> Raster {
    paint(levels, &PaintOptions { palette: palette.parse().expect("a name"), ..PaintOptions::default() })
        .expect("a size")
}

/// Cells whose level is not in the interval read.
fn outside(picture: &photophone_picture::Picture, levels: &Plane<f64>) -> usize {
    assert_eq!(picture.levels.shape(), levels.shape());
    let cells = picture.low.as_slice().iter().zip(picture.high.as_slice()).zip(levels.as_slice());
    cells.filter(|((low, high), level)| !(*low <= *level && *level <= *high)).count()
}

#[test]
fn every_palette_is_recognised_and_read_exactly() {
    let levels = sound(40, 90);
    for name in palette_names() {
        let picture = read(&painted(&levels, name), &ReadOptions::default()).unwrap();
        let found = picture.palette.value.to_string();
        // binary is gray backwards and twilight_shifted is twilight begun elsewhere, colour for colour.
        let same = [("binary", "gray_r"), ("twilight_shifted", "twilight")].contains(&(name, found.as_str()));
        assert!(found == name || same, "{name} read as {found}");
        if name == "twilight_shifted" {
            assert!(picture.palette.confidence < 0.6);
            continue;
        }
        assert_eq!(outside(&picture, &levels), 0, "{name}");
        assert_eq!(picture.exact_share(), 1.0);
        assert!(picture.indices.is_some());
    }
}

#[test]
fn reversed_palettes_are_told_by_what_silence_looks_like() {
    let levels = sound(40, 90);
    for name in ["magma_r", "viridis_r", "gray_r", "jet_r", "Blues_r"] {
        let picture = read(&painted(&levels, name), &ReadOptions::default()).unwrap();
        assert!([name, "binary"].contains(&picture.palette.value.to_string().as_str()), "{:?}", picture.palette);
        assert_eq!(outside(&picture, &levels), 0, "{name}");
    }
}

#[test]
fn gray_copies_leave_intervals_that_hold_the_level() {
    let levels = sound(60, 150);
    for name in ["magma", "viridis", "inferno", "plasma", "cividis"] {
        let gray = format!("gray-of:{name}");
        let raster = painted(&levels, &gray);
        let given = ReadOptions { palette: Some(gray.parse().unwrap()), ..ReadOptions::default() };
        let picture = read(&raster, &given).unwrap();
        assert_eq!(outside(&picture, &levels), 0, "{name}");
        assert_eq!(picture.palette.source, Source::Given);
        let alone = read(&raster, &ReadOptions::default()).unwrap();
        let named = alone.palette.value.to_string();
        let among = alone.palette_alternatives.iter().any(|other| other.to_string() == gray);
        assert!(named == gray || among, "{name}: {:?} {:?}", alone.palette, alone.palette_alternatives);
    }
}

#[test]
fn turned_pictures_are_turned_back() {
    let levels = sound(30, 50);
    let (rows, columns) = levels.shape();
    let flipped = |rows_too: bool, columns_too: bool| {
        Plane::from_fn(rows, columns, |r, c| {
            levels[(if rows_too { rows - 1 - r } else { r }, if columns_too { columns - 1 - c } else { c })]
        })
    };
    for (flip, drawn) in [
        (Flip::Vertical, flipped(true, false)),
        (Flip::Horizontal, flipped(false, true)),
        (Flip::Both, flipped(true, true)),
    ] {
        let options = ReadOptions { flip: Some(flip), palette: Some(PaletteName::MAGMA), ..ReadOptions::default() };
        assert_eq!(read(&painted(&drawn, "magma"), &options).unwrap().levels, levels, "{flip:?}");
    }
    let options = ReadOptions {
        transposed: true,
        palette: Some(PaletteName::MAGMA),
        expected_shape: Some((30, 50)),
        ..ReadOptions::default()
    };
    assert_eq!(read(&painted(&levels.transposed(), "magma"), &options).unwrap().levels, levels);
}

#[test]
fn one_pixel_a_cell_is_read_where_the_colours_are_a_palettes_own() {
    let levels = sound(64, 80);
    let options = PaintOptions { cell_width_px: 1, cell_height_px: 1, ..PaintOptions::default() };
    let picture = read(&paint(&levels, &options).unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!(outside(&picture, &levels), 0);
    assert_eq!(picture.lattice.source, Source::Assumed);
}

#[test]
fn what_is_given_is_not_searched_for() {
    let levels = sound(30, 50);
    let raster = painted(&levels, "viridis");
    let crop = PixelBox { x: 4, y: 8, width: 60, height: 80 };
    let scale = LevelScale::Db { low: -60.0, high: 0.0 };
    let options = ReadOptions {
        crop: Some(crop),
        cells: Some((20, 30)),
        palette: Some("viridis".parse().unwrap()),
        levels: Some(scale),
        ..ReadOptions::default()
    };
    let picture = read(&raster, &options).unwrap();
    assert_eq!((picture.data_box.value, picture.data_box.source), (crop, Source::Given));
    assert_eq!((picture.scale.value, picture.scale.source), (scale, Source::Given));
    assert_eq!(picture.lattice.source, Source::Given);
    assert_eq!(picture.levels.shape(), (20, 30));
    // 80 of 120 rows of pixels from the top, less the 8 above: rows 8..28 from the bottom.
    assert!(picture.low[(0, 0)] <= levels[(8, 2)] && levels[(8, 2)] <= picture.high[(0, 0)]);
}

#[test]
fn cells_at_the_ends_of_the_palette_are_flagged() {
    let mut levels = sound(30, 50);
    levels.row_mut(3)[7] = 1.0;
    levels.row_mut(4)[7] = 0.0;
    let picture = read(&painted(&levels, "magma"), &ReadOptions::default()).unwrap();
    assert_eq!((picture.clip[(3, 7)], picture.clip[(4, 7)]), (Clip::Ceiling, Clip::Floor));
    let (floor, ceiling) = picture.clipped_cells();
    assert!(floor > 100 && (1..=3).contains(&ceiling), "{floor} {ceiling}");
}

#[test]
fn a_missing_frame_is_drawn_in_the_overlay() {
    let levels = sound(30, 50);
    let raster = painted(&levels, "magma");
    let options = ReadOptions { expected_shape: Some((30, 51)), ..ReadOptions::default() };
    let picture = read(&raster, &options).unwrap();
    assert_eq!(picture.missing.value.frames_before + picture.missing.value.frames_after, 1);
    let marked = overlay(&raster, &picture);
    assert_eq!((marked.width(), marked.height()), (raster.width() + 24, raster.height() + 24));
    assert!((0..raster.width()).all(|x| marked.pixel(x + 12, 50) == raster.pixel(x, 38)));
    let red = marked.pixels().iter().filter(|pixel| **pixel == [255, 64, 64, 255]).count();
    assert_eq!(red, 3 * raster.height());
}

#[test]
fn noise_of_a_few_steps_costs_a_few_entries() {
    let levels = sound(60, 120);
    let clean = painted(&levels, "magma");
    let mut random = Random(9);
    let mut jitter = |v: u8| (f64::from(v) + random.between(-3.0, 3.0)).round().clamp(0.0, 255.0) as u8;
    let pixels = clean.pixels().iter().map(|&[r, g, b, a]| [jitter(r), jitter(g), jitter(b), a]).collect();
    let noisy = Raster::from_pixels(clean.width(), clean.height(), pixels).unwrap();
    let picture = read(&noisy, &ReadOptions { expected_shape: Some((60, 120)), ..ReadOptions::default() }).unwrap();
    let errors = picture.levels.as_slice().iter().zip(levels.as_slice()).map(|(a, b)| 256.0 * (a - b).abs());
    let mean = errors.sum::<f64>() / (60.0 * 120.0);
    assert!(mean < 1.0, "{mean}");
    assert!(picture.indices.is_none() && picture.exact_share() < 0.5);
}

#[test]
fn a_gray_copy_that_cannot_be_read_is_refused_by_name() {
    let raster = painted(&sound(60, 150), "gray-of:jet");
    for palette in ["gray-of:jet", "gray-of:hsv", "gray-of:coolwarm"] {
        let options = ReadOptions { palette: Some(palette.parse().unwrap()), ..ReadOptions::default() };
        assert!(matches!(read(&raster, &options), Err(PictureError::NotInvertible { .. })), "{palette}");
    }
}
