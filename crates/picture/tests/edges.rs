//! Cells under a frame line, counted without being told how many there are.

mod painter;

use painter::{Geometry, Margin, Matrix, Random, draw, frame, hot, spectrogram};
use photophone_picture::{Picture, ReadOptions, read};

/// librosa's figure: an axes box with ticks at its left, its frame line 0.8 pt wide.
fn figure(random: &mut Random, shape: (usize, usize), line: f64) -> (Matrix, photophone_picture::Raster) {
    let (left, top) = (random.between(50.0, 90.0), random.between(30.0, 60.0));
    let (width, height) = (random.between(330.0, 540.0), random.between(220.0, 420.0));
    let geometry = Geometry {
        width: (left + width) as usize + 60,
        height: (top + height) as usize + 50,
        left,
        top,
        cell_width: width / shape.1 as f64,
        cell_height: height / shape.0 as f64,
        margin: Margin::White,
    };
    let matrix = spectrogram(random, shape.0, shape.1, 0.1);
    let raster = frame(&draw(&matrix, &geometry, hot), &geometry, shape, line, true);
    (matrix, raster)
}

fn whole_shape(picture: &Picture) -> (usize, usize) {
    let (missing, (rows, frames)) = (picture.missing.value, picture.levels.shape());
    (rows + missing.rows_below + missing.rows_above, frames + missing.frames_before + missing.frames_after)
}

#[test]
fn cells_under_a_frame_line_are_counted() {
    let mut random = Random(31);
    let (mut wrong, mut hidden, mut sure, mut sure_and_wrong) = (0, 0, 0, 0);
    for _ in 0..60 {
        let shape = (60 + random.below(40), 120 + random.below(110));
        let line = [0.8, 1.11, 1.11, 1.67][random.below(4)];
        let (_, raster) = figure(&mut random, shape, line);
        let picture = read(&raster, &ReadOptions::default()).unwrap();
        hidden += usize::from(picture.levels.shape() != shape);
        let is_wrong = whole_shape(&picture) != shape;
        wrong += usize::from(is_wrong);
        if picture.missing.confidence >= 0.95 {
            sure += 1;
            sure_and_wrong += usize::from(is_wrong);
        }
    }
    assert!(hidden >= 20 && 10 * wrong <= 60, "{wrong} wrong, {hidden} with hidden cells");
    // What is said to be sure is right 19 times of 20.
    assert!(sure >= 20 && 20 * sure_and_wrong <= sure, "{sure_and_wrong} wrong of {sure} that are sure");
}

#[test]
fn one_number_told_is_enough() {
    let mut random = Random(32);
    for _ in 0..20 {
        let shape = (60 + random.below(40), 200 + random.below(60));
        let (matrix, raster) = figure(&mut random, shape, 1.11);
        for (expected_rows, expected_frames) in [(Some(shape.0), None), (None, Some(shape.1))] {
            let told = ReadOptions { expected_rows, expected_frames, ..ReadOptions::default() };
            let picture = read(&raster, &told).unwrap();
            let found = whole_shape(&picture);
            assert!(expected_rows.is_none_or(|rows| rows == found.0), "{shape:?} {found:?}");
            assert!(expected_frames.is_none_or(|frames| frames == found.1), "{shape:?} {found:?}");
            let missing = picture.missing.value;
            if found == shape {
                let place = (f64::from(matrix[missing.rows_below + 1][missing.frames_before + 1]) + 0.5) / 256.0;
                assert!(picture.low[(1, 1)] <= place && place <= picture.high[(1, 1)], "{missing:?}");
            }
        }
    }
}
