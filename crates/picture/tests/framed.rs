//! Random figures with a frame line over the edges of the data, drawn by the tests' own painter.

mod painter;

use painter::{Geometry, Margin, Matrix, Random, draw, frame, hot, spectrogram, winter};
use photophone_picture::{Picture, ReadOptions, read};

fn geometry(random: &mut Random, (rows, columns): (usize, usize), cells: (f64, f64), margin: Margin) -> Geometry {
    let (left, top) = (random.between(30.0, 50.0), random.between(20.0, 40.0));
    let (cell_width, cell_height) = cells;
    Geometry {
        width: (left + columns as f64 * cell_width) as usize + 30,
        height: (top + rows as f64 * cell_height) as usize + 30,
        left,
        top,
        cell_width,
        cell_height,
        margin,
    }
}

fn wrong_cells(picture: &Picture, matrix: &Matrix) -> usize {
    let missing = picture.missing.value;
    let (rows, columns) = picture.levels.shape();
    let cells = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
    cells
        .filter(|&cell| {
            let entry = matrix[cell.0 + missing.rows_below][cell.1 + missing.frames_before];
            let centre = (f64::from(entry) + 0.5) / 256.0;
            centre < picture.low[cell] || picture.high[cell] < centre
        })
        .count()
}

#[test]
fn frame_lines_of_any_width_and_place_are_left_out() {
    let mut random = Random(21);
    for case in 0..120 {
        let shape = (40 + random.below(40), 60 + random.below(80));
        let cells = (random.between(3.2, 6.0), random.between(4.5, 8.0));
        let margin = if case % 2 == 0 { Margin::White } else { Margin::Transparent };
        let geometry = geometry(&mut random, shape, cells, margin);
        let matrix = spectrogram(&mut random, shape.0, shape.1, 0.2);
        let line = random.between(0.8, 4.0);
        let palette = if case % 3 == 0 { winter } else { hot };
        let raster = frame(&draw(&matrix, &geometry, palette), &geometry, shape, line, case % 4 < 2);
        let options = ReadOptions { expected_shape: Some(shape), ..ReadOptions::default() };
        let picture = read(&raster, &options)
            .unwrap_or_else(|error| panic!("case {case} line {line} {shape:?} {geometry:?}: {error}"));
        let wrong = wrong_cells(&picture, &matrix);
        assert_eq!(
            wrong, 0,
            "case {case} line {line} {shape:?} {geometry:?} {:?} {:?} {:?}",
            picture.data_box, picture.missing, picture.lattice
        );
    }
}

#[test]
fn frames_hidden_under_the_line_are_counted_at_their_ends() {
    let mut random = Random(22);
    let mut several = 0;
    for case in 0..80 {
        let shape = (40 + random.below(20), 200 + random.below(150));
        let cells = (random.between(1.1, 1.6), random.between(4.5, 8.0));
        let geometry = geometry(&mut random, shape, cells, Margin::White);
        let matrix = spectrogram(&mut random, shape.0, shape.1, 0.1);
        let line = random.between(0.9, 2.4);
        let raster = frame(&draw(&matrix, &geometry, hot), &geometry, shape, line, true);
        let options = ReadOptions { expected_shape: Some(shape), ..ReadOptions::default() };
        let picture =
            read(&raster, &options).unwrap_or_else(|error| panic!("case {case} line {line} {geometry:?}: {error}"));
        let wrong = wrong_cells(&picture, &matrix);
        assert_eq!(wrong, 0, "case {case} line {line} {geometry:?} {:?} {:?}", picture.data_box, picture.missing);
        let missing = picture.missing.value;
        several += usize::from(missing.frames_before + missing.frames_after > 1);
    }
    assert!(several > 20, "{several}");
}
