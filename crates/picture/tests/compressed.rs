//! Pictures of sounds without silence, compressed as JPEG does, read without being told anything.

mod encoder;
mod painter;

use encoder::{compressed, kept};
use painter::{Geometry, Margin, Matrix, Random, bone, draw, frame, gray, hot};
use photophone_picture::{Picture, Raster, ReadOptions, read, read_compressed};

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
        // A picture on the example grid, whose first frame is clipped; its white margin was transparent.
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

type Palette = fn(u8) -> [u8; 3];

/// How far levels are off, and how far they say they may be, both root mean square and in entries of the palette.
fn errors(picture: &Picture, matrix: &Matrix) -> (f64, f64) {
    let (rows, columns) = picture.levels.shape();
    let cells = || (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let mean = |squares: &mut dyn Iterator<Item = f64>| (squares.sum::<f64>() / (rows * columns) as f64).sqrt();
    let off = |(row, column)| (256.0 * picture.levels[(row, column)] - 0.5 - f64::from(matrix[row][column])).powi(2);
    // A uniform error of one entry is the palette's.
    let told = |cell| ((256.0 * (picture.high[cell] - picture.low[cell])).powi(2) - 1.0).max(0.0) / 12.0;
    (mean(&mut cells().map(off)), mean(&mut cells().map(told)))
}

#[test]
fn what_the_file_kept_is_nearer_than_the_pixels_and_says_how_near() {
    let mut random = Random(43);
    let palettes: [(&str, Palette); 3] = [("hot", hot), ("bone", bone), ("gray", gray)];
    for ((name, palette), (cell, quality, shared)) in
        palettes.into_iter().zip([((1.9f64, 4.4f64), 90, true), ((2.4, 3.1), 75, false), ((1.9, 4.4), 90, false)])
    {
        let matrix = dense(&mut random, 42, 130);
        let (width, height) = ((130.0 * cell.0).round() as usize, (42.0 * cell.1).round() as usize);
        let geometry = Geometry {
            width,
            height,
            left: 0.0,
            top: 0.0,
            cell_width: cell.0,
            cell_height: cell.1,
            margin: Margin::White,
        };
        let drawn = draw(&matrix, &geometry, palette);
        let (cells, name) = (Some((42, 130)), Some(name.parse().unwrap()));
        let options = ReadOptions { cells, palette: name, ..ReadOptions::default() };
        let seen = read(&compressed(&drawn, quality, shared), &options).unwrap();
        let again = read_compressed(&seen, &kept(&drawn, quality, shared), &|| false).expect("cells of one colour");
        let ((before, _), (after, told)) = (errors(&seen, &matrix), errors(&again, &matrix));
        let what = format!(
            "{cell:?} {quality}: off by {before:.2} of its pixels, {after:.2} of its file, which says {told:.2}"
        );
        assert!(after < 0.8 * before, "{what}");
        assert!((0.7..1.5).contains(&(told / after)), "{what}");
    }
}

#[test]
fn blurred_cells_and_a_stopped_reading_stay_as_they_were_read() {
    let mut random = Random(44);
    let matrix = dense(&mut random, 42, 130);
    let place = Geometry {
        width: 312,
        height: 168,
        left: 0.0,
        top: 0.0,
        cell_width: 2.4,
        cell_height: 4.0,
        margin: Margin::White,
    };
    let drawn = draw(&matrix, &place, hot);
    let blurred = Raster::from_fn(312, 168, |x, y| {
        let near = |by: usize| drawn.pixel((x + by).saturating_sub(1).min(311), y);
        let mixed = |i: usize| (1..4).zip([0, 1, 2]).map(|(_, by)| u32::from(near(by)[i])).sum::<u32>() / 3;
        [mixed(0) as u8, mixed(1) as u8, mixed(2) as u8, 255]
    })
    .unwrap();
    let options = ReadOptions { cells: Some((42, 130)), ..ReadOptions::default() };
    let again = |raster: &Raster, stopped: bool| {
        let seen = read(&compressed(raster, 90, false), &options).unwrap();
        read_compressed(&seen, &kept(raster, 90, false), &|| stopped)
    };
    assert!(again(&blurred, false).is_none());
    assert!(again(&drawn, true).is_none() && again(&drawn, false).is_some());
}

#[test]
fn shared_chroma_hides_no_palette() {
    let mut random = Random(45);
    // Neighbours that have nothing to do with each other: their mean chroma is that of no palette.
    let matrix: Matrix = (0..60).map(|_| (0..200).map(|_| random.below(256) as u8).collect()).collect();
    let place = Geometry {
        width: 300,
        height: 156,
        left: 0.0,
        top: 0.0,
        cell_width: 1.5,
        cell_height: 2.6,
        margin: Margin::White,
    };
    let drawn = draw(&matrix, &place, hot);
    let (raster, kept) = (compressed(&drawn, 90, true), kept(&drawn, 90, true));
    let options = ReadOptions { cells: Some((60, 200)), ..ReadOptions::default() };
    assert!(read(&raster, &options).is_err());
    let seen = read(&raster, &ReadOptions { shared_chroma: kept.shares_chroma(), ..options }).unwrap();
    assert!(seen.palette_residual > 14.0, "{:?}", seen.palette);
    let again = read_compressed(&seen, &kept, &|| false).expect("a palette");
    assert_eq!(again.palette.value.to_string(), "hot", "{:?} {:?}", again.palette, again.palette_alternatives);
}
